/* SPDX-License-Identifier: Apache-2.0 */
/* Where institutions teach (G31): proto/venue.proto, migrations/api/venue.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"
#include "proto/rules/place.h"
#include "proto/venue.pb-c.h"

enum { ID = 16 };

#define IMPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(IMPORT_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(IMPORT_IN_ROW, "row", INT4)                                                                       \
    COLUMN(IMPORT_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(IMPORT_IN_VENUE, "venue_id", UUID)                                                                \
    COLUMN(IMPORT_IN_ROOM_ID, "room_id", UUID)                                                               \
    COLUMN(IMPORT_IN_NAME, "name", TEXT)                                                                     \
    COLUMN(IMPORT_IN_NAME_KEY, "name_key", TEXT)                                                             \
    COLUMN(IMPORT_IN_DIVISION, "division", TEXT)                                                             \
    COLUMN(IMPORT_IN_ADDRESS, "address", TEXT)                                                               \
    COLUMN(IMPORT_IN_ADDRESS_KEY, "address_key", TEXT)                                                       \
    COLUMN(IMPORT_IN_ROOM, "room", TEXT)                                                                     \
    COLUMN(IMPORT_IN_ROOM_KEY, "room_key", TEXT)                                                             \
    COLUMN(IMPORT_IN_CAPACITY, "capacity", INT4)                                                             \
    COLUMN(IMPORT_IN_TENURE, "tenure", INT2)                                                                 \
    COLUMN(IMPORT_IN_UNTIL, "until", DATE)                                                                   \
    COLUMN(IMPORT_IN_AREA, "area", INT4)                                                                     \
    COLUMN(IMPORT_IN_LONGITUDE, "longitude", INT4)                                                           \
    COLUMN(IMPORT_IN_LATITUDE, "latitude", INT4)
COLUMNS_AFTER(METHOD_WRITE, import_parameters, IMPORT_PARAMETERS);
const struct statement venue_import_statement = {
    .name = "venue_import",
    .parameters = COLUMNS(import_parameters),
    .rows = IMPORT_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define END_PARAMETERS(COLUMN)                                                                               \
    COLUMN(END_IN_VENUE_KEY, "venue_key", TEXT)                                                              \
    COLUMN(END_IN_UNTIL, "until", DATE)
COLUMNS_AFTER(METHOD_WRITE, end_parameters, END_PARAMETERS);
const struct statement venue_end_statement = {
    .name = "venue_end",
    .parameters = COLUMNS(end_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_AFTER, "after", TEXT)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_ORGANISATION, "organisation", TEXT)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_PLACE, "place", TEXT)                                                                        \
    COLUMN(LIST_ORGANISATION_CODE, "organisation_code", TEXT)                                                \
    COLUMN(LIST_ORGANISATION_NAME, "organisation_name", TEXT)                                                \
    COLUMN(LIST_VENUE, "venue", TEXT)                                                                        \
    COLUMN(LIST_DIVISION, "division", TEXT)                                                                  \
    COLUMN(LIST_ADDRESS, "address", TEXT)                                                                    \
    COLUMN(LIST_ROOM, "room", TEXT)                                                                          \
    COLUMN(LIST_CAPACITY, "capacity", INT4)                                                                  \
    COLUMN(LIST_TENURE, "tenure", INT2)                                                                      \
    COLUMN(LIST_UNTIL, "until", DATE)                                                                        \
    COLUMN(LIST_AREA, "area_m2", INT4)                                                                       \
    COLUMN(LIST_LONGITUDE, "longitude", INT4)                                                                \
    COLUMN(LIST_LATITUDE, "latitude", INT4)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement venue_list_statement = {
    .name = "venue_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- import ---- */

/* A row's names as they are compared. */
struct keys {
    char venue[PLACE_KEY_BYTES], address[PLACE_KEY_BYTES], room[PLACE_KEY_BYTES];
    char county[DIVISION_BYTES];
};

static const Mingce__V1__VenueImportRequest *import_request(const struct call *call)
{
    return (const Mingce__V1__VenueImportRequest *) call->request;
}

enum reason venue_import_valid(struct call *call)
{
    const Mingce__V1__VenueImportRequest *request = import_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

static bool refuse(struct row_note *note, enum reason reason, const char *field)
{
    note->reason = reason;
    note->field = field;
    return false;
}

/* What places are called. A slash stands between a venue and its room. */
static bool names_fit(const struct call *call, const Mingce__V1__VenueRow *row, struct row_note *note,
                      struct keys *keys)
{
    const struct {
        const char *text, *field;
    } said[] = {{row->venue, "venue"}, {row->room, "room"}, {row->address, "address"}};
    if (!text_fits(row->venue, PLACE_NAME_CHARACTERS) || !place_key(row->venue, keys->venue) ||
        strchr(keys->venue, '/') != NULL)
        return refuse(note, REASON_VENUE_LENGTH, "venue");
    if (!text_fits(row->room, PLACE_NAME_CHARACTERS) || !room_key(row->room, keys->room) ||
        strchr(keys->room, '/') != NULL)
        return refuse(note, REASON_VENUE_LENGTH, "room");
    if (!text_fits(row->address, PLACE_CHARACTERS))
        return refuse(note, REASON_VENUE_ADDRESS, "address");
    for (size_t i = 0; i < ARRAY_SIZE(said); i++)
        if (text_names(said[i].text, day_at(call->at_ms)))
            return refuse(note, REASON_TEXT_NUMBER, said[i].field);
    enum reason reason = address_key(row->division, row->address, keys->county, keys->address);
    return reason == REASON_NONE ||
           refuse(note, reason, reason == REASON_VENUE_ADDRESS ? "address" : "division");
}

static bool within(int32_t number, int32_t most)
{
    return number >= -most && number <= most;
}

static bool numbers_fit(const Mingce__V1__VenueRow *row, struct row_note *note)
{
    bool leased = row->tenure == MINGCE__V1__VENUE_TENURE__VENUE_LEASED;
    if (row->capacity < 1 || row->capacity > ROOM_CAPACITY_MOST)
        return refuse(note, REASON_ROOM_CAPACITY, "capacity");
    if (row->until != NULL && day_parse(row->until) == DAY_NONE)
        return refuse(note, REASON_DATE_FORMAT, "until");
    if (leased && row->until == NULL)
        return refuse(note, REASON_LEASE_DAY, "until");
    if (row->has_area_m2 && (row->area_m2 < 1 || row->area_m2 > VENUE_AREA_MOST))
        return refuse(note, REASON_VENUE_AREA, "area_m2");
    if (row->has_longitude != row->has_latitude || !within(row->longitude, LONGITUDE_MOST) ||
        !within(row->latitude, LATITUDE_MOST))
        return refuse(note, REASON_VENUE_POINT, row->has_longitude ? "latitude" : "longitude");
    return true;
}

static void bind_optional(struct set *set, size_t parameter, bool has, int32_t number)
{
    if (has)
        set_int4(set, parameter, number);
    else
        set_null(set, parameter);
}

static void bind_row(struct call *call, struct set *set, const Mingce__V1__VenueRow *row, size_t i)
{
    struct row_note *note = row_note(call, i);
    struct keys keys;
    uint8_t venue[ID], room[ID];
    *note = (struct row_note){.row = row->row};
    if (!names_fit(call, row, note, &keys) || !numbers_fit(row, note))
        return;
    crypto_uuid(venue);
    crypto_uuid(room);
    row_bind(call, set, IMPORT_IN_ROW, i);
    set_uuid(set, IMPORT_IN_VENUE, venue);
    set_uuid(set, IMPORT_IN_ROOM_ID, room);
    set_text(set, IMPORT_IN_NAME, row->venue);
    set_text(set, IMPORT_IN_NAME_KEY, keys.venue);
    set_text(set, IMPORT_IN_DIVISION, keys.county);
    set_text(set, IMPORT_IN_ADDRESS, row->address);
    set_text(set, IMPORT_IN_ADDRESS_KEY, keys.address);
    set_text(set, IMPORT_IN_ROOM, row->room);
    set_text(set, IMPORT_IN_ROOM_KEY, keys.room);
    set_int4(set, IMPORT_IN_CAPACITY, (int32_t) row->capacity);
    set_int2(set, IMPORT_IN_TENURE, (int16_t) row->tenure);
    set_day(set, IMPORT_IN_UNTIL, row->until == NULL ? DAY_NONE : day_parse(row->until));
    bind_optional(set, IMPORT_IN_AREA, row->has_area_m2, (int32_t) row->area_m2);
    bind_optional(set, IMPORT_IN_LONGITUDE, row->has_longitude, row->longitude);
    bind_optional(set, IMPORT_IN_LATITUDE, row->has_latitude, row->latitude);
}

void venue_import_bind(struct call *call, struct set *set)
{
    const Mingce__V1__VenueImportRequest *request = import_request(call);
    for (size_t i = 0; i < request->n_row; i++)
        bind_row(call, set, request->row[i], i);
}

static const char *import_field(enum reason reason)
{
    switch (reason) {
    case REASON_VENUE_PLANNED:
        return "until";
    case REASON_ROOM_TOO_SMALL:
    case REASON_ROOM_STATED:
        return "capacity";
    case REASON_UNCHANGED:
        return "room";
    default:
        return "venue";
    }
}

enum reason venue_import_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, import_request(call)->n_row, rows, import_field, out);
}

/* ---- end ---- */

static const Mingce__V1__VenueEndRequest *end_request(const struct call *call)
{
    return (const Mingce__V1__VenueEndRequest *) call->request;
}

enum reason venue_end_valid(struct call *call)
{
    char *key = arena_alloc(call->arena, PLACE_KEY_BYTES);
    call->notes = key;
    if (key == NULL)
        return REASON_MEMORY;
    if (!text_fits(end_request(call)->venue, PLACE_CHARACTERS) || !place_key(end_request(call)->venue, key))
        return call_refuse(call, "venue", REASON_VENUE_UNKNOWN);
    return day_parse(end_request(call)->until) == DAY_NONE ? call_refuse(call, "until", REASON_DATE_FORMAT)
                                                           : REASON_NONE;
}

void venue_end_bind(struct call *call, struct set *set)
{
    set_text(set, END_IN_VENUE_KEY, call->notes);
    set_day(set, END_IN_UNTIL, day_parse(end_request(call)->until));
}

enum reason venue_end_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    (void) out;
    if (reason == REASON_VENUE_UNKNOWN || reason == REASON_VENUE_AMBIGUOUS)
        return call_refuse(call, "venue", reason);
    return reason == REASON_VENUE_PLANNED ? call_refuse(call, "until", reason) : reason;
}

/* ---- list ---- */

static const Mingce__V1__VenueListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__VenueListRequest *) call->request;
}

enum reason venue_list_valid(struct call *call)
{
    const Mingce__V1__VenueListRequest *request = list_request(call);
    return page_valid_text(call, PAGE(request));
}

void venue_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__VenueListRequest *request = list_request(call);
    page_bind_text(set, LIST_IN_AFTER, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_text(set, LIST_IN_ORGANISATION, request->organisation_code);
}

static void room_fill(struct call *call, Mingce__V1__Room *room, const struct rows *rows, size_t row)
{
    mingce__v1__room__init(room);
    room->organisation_code = unconst(rows_text(rows, row, LIST_ORGANISATION_CODE));
    room->organisation_name = unconst(rows_text(rows, row, LIST_ORGANISATION_NAME));
    room->venue = unconst(rows_text(rows, row, LIST_VENUE));
    room->division = unconst(rows_text(rows, row, LIST_DIVISION));
    room->address = unconst(rows_text(rows, row, LIST_ADDRESS));
    room->room = unconst(rows_text(rows, row, LIST_ROOM));
    room->capacity = (uint32_t) rows_int4(rows, row, LIST_CAPACITY);
    room->tenure = (Mingce__V1__VenueTenure) rows_int2(rows, row, LIST_TENURE);
    room->until = call_day(call, rows_day(rows, row, LIST_UNTIL));
    room->has_area_m2 = !rows_null(rows, row, LIST_AREA);
    room->area_m2 = room->has_area_m2 ? (uint32_t) rows_int4(rows, row, LIST_AREA) : 0;
    room->has_longitude = room->has_latitude = !rows_null(rows, row, LIST_LATITUDE);
    room->longitude = room->has_longitude ? rows_int4(rows, row, LIST_LONGITUDE) : 0;
    room->latitude = room->has_latitude ? rows_int4(rows, row, LIST_LATITUDE) : 0;
}

enum reason venue_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__VenueListRequest *request = list_request(call);
    Mingce__V1__VenueListResponse *response = (Mingce__V1__VenueListResponse *) out;
    size_t n = PAGE_LIST(call, response, room, PAGE(request), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        room_fill(call, response->room[i], rows, i);
    if (response->has_next)
        page_next_text(call, rows_text(rows, n - 1, LIST_PLACE), &response->next);
    return REASON_NONE;
}
