/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of a class: proto/training.proto, migrations/api/training.sql. */
#include "daemon/registry/methods.h"

#include <openssl/crypto.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "daemon/registry/teacher.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"
#include "proto/rules/place.h"
#include "proto/training.pb-c.h"

enum { DAY_MINUTES = 24 * 60 };

#define ADD_PARAMETERS(COLUMN)                                                                               \
    COLUMN(ADD_IN_CLASS, "class", INT8)                                                                      \
    COLUMN(ADD_IN_ROW_REQ, "row_req", INT4)                                                                  \
    COLUMN(ADD_IN_ROW, "row", INT4)                                                                          \
    COLUMN(ADD_IN_ROW_HEAD, "row_head", BYTEA)                                                               \
    COLUMN(ADD_IN_ON, "on", DATE)                                                                            \
    COLUMN(ADD_IN_FROM, "from", INT4)                                                                        \
    COLUMN(ADD_IN_TO, "to", INT4)                                                                            \
    COLUMN(ADD_IN_HOURS, "hours", INT4)                                                                      \
    COLUMN(ADD_IN_PLACE, "place", TEXT)                                                                      \
    COLUMN(ADD_IN_CONTENT, "content", TEXT)                                                                  \
    COLUMN(ADD_IN_PRACTICE, "practice", BOOL)                                                                \
    COLUMN(ADD_IN_VENUE_KEY, "venue_key", TEXT)                                                              \
    COLUMN(ADD_IN_ROOM_KEY, "room_key", TEXT)                                                                \
    COLUMN(ADD_IN_LESSON_ID, "lesson_id", UUID)                                                              \
    COLUMN(ADD_IN_TEACHER_INDEX, "teacher_index", BYTEA)                                                     \
    COLUMN(ADD_IN_TEACHER_SEALED, "teacher_sealed", BYTEA)                                                   \
    COLUMN(ADD_IN_TEACHER_COMMITMENT, "teacher_commitment", BYTEA)                                           \
    COLUMN(ADD_IN_NAME_INDEX, "name_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, add_parameters, ADD_PARAMETERS);
const struct statement lesson_add_statement = {
    .name = "lesson_add",
    .parameters = COLUMNS(add_parameters),
    .rows = ADD_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define REMOVE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(REMOVE_IN_CLASS, "class", INT8)                                                                   \
    COLUMN(REMOVE_IN_LESSON, "lesson", INT4)
COLUMNS_AFTER(METHOD_WRITE, remove_parameters, REMOVE_PARAMETERS);
const struct statement lesson_remove_statement = {
    .name = "lesson_remove",
    .parameters = COLUMNS(remove_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_CLASS, "class", INT8)                                                                     \
    COLUMN(LIST_IN_AFTER, "after", INT4)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_LESSON, "lesson", INT4)                                                                      \
    COLUMN(LIST_HELD_ON, "held_on", DATE)                                                                    \
    COLUMN(LIST_FROM, "from_minute", INT4)                                                                   \
    COLUMN(LIST_TO, "to_minute", INT4)                                                                       \
    COLUMN(LIST_HOURS, "hours", INT4)                                                                        \
    COLUMN(LIST_PLACE, "place", TEXT)                                                                        \
    COLUMN(LIST_CONTENT, "content", TEXT)                                                                    \
    COLUMN(LIST_ID, "lesson_id", UUID)                                                                       \
    COLUMN(LIST_TEACHER, "teacher_sealed", BYTEA)                                                            \
    COLUMN(LIST_PRACTICE, "practice", BOOL)                                                                  \
    COLUMN(LIST_ADDRESS, "address", TEXT)                                                                    \
    COLUMN(LIST_ROOM, "room", TEXT)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement lesson_list_statement = {
    .name = "lesson_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- add ---- */

static const Mingce__V1__LessonAddRequest *add_request(const struct call *call)
{
    return (const Mingce__V1__LessonAddRequest *) call->request;
}

/* The row as it is compared. */
struct plan {
    char venue[PLACE_KEY_BYTES], room[PLACE_KEY_BYTES];
    struct roster_clean teacher;
};

static bool refuse(struct row_note *note, enum reason reason, const char *field)
{
    note->reason = reason;
    note->field = field;
    return false;
}

/* Everything of a row but its teacher. */
static bool plan_fits(const struct call *call, const Mingce__V1__LessonRow *row, struct row_note *note,
                      struct plan *plan)
{
    if (day_parse(row->held_on) == DAY_NONE)
        return refuse(note, REASON_DATE_FORMAT, "held_on");
    if (row->starts_minute >= DAY_MINUTES)
        return refuse(note, REASON_TIME_FORMAT, "starts_minute");
    if (row->ends_minute <= row->starts_minute || row->ends_minute > DAY_MINUTES)
        return refuse(note, REASON_TIME_FORMAT, "ends_minute");
    if (row->hours < 1 || row->hours > LESSON_HOURS_MOST)
        return refuse(note, REASON_HOURS_RANGE, "hours");
    if (!text_fits(row->place, PLACE_CHARACTERS))
        return refuse(note, REASON_PLACE_LENGTH, "place");
    if (!place_split(row->place, plan->venue, plan->room))
        return refuse(note, REASON_ROOM_UNKNOWN, "place");
    if (row->content != NULL && !text_fits(row->content, TEXT_NAME_CHARACTERS))
        return refuse(note, REASON_CONTENT_LENGTH, "content");
    if (row->content != NULL && text_names(row->content, day_at(call->at_ms)))
        return refuse(note, REASON_TEXT_NUMBER, "content");
    return true;
}

enum reason lesson_add_valid(struct call *call)
{
    const Mingce__V1__LessonAddRequest *request = add_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

static void bind_plan(struct set *set, const Mingce__V1__LessonRow *row, const struct plan *plan)
{
    set_day(set, ADD_IN_ON, day_parse(row->held_on));
    set_int4(set, ADD_IN_FROM, (int32_t) row->starts_minute);
    set_int4(set, ADD_IN_TO, (int32_t) row->ends_minute);
    set_int4(set, ADD_IN_HOURS, (int32_t) row->hours);
    set_text(set, ADD_IN_PLACE, row->place);
    set_text(set, ADD_IN_CONTENT, row->content);
    set_bool(set, ADD_IN_PRACTICE, row->has_practice && row->practice);
    set_text(set, ADD_IN_VENUE_KEY, *plan->venue == '\0' ? NULL : plan->venue);
    set_text(set, ADD_IN_ROOM_KEY, plan->room);
}

static void bind_lesson(struct call *call, struct set *set, const Mingce__V1__LessonRow *row, size_t i,
                        const struct plan *plan)
{
    struct teacher_sealed sealed;
    if (!teacher_seal(call->keys, &plan->teacher, &sealed)) {
        set_fail(set);
        return;
    }
    row_bind(call, set, ADD_IN_ROW, i);
    bind_plan(set, row, plan);
    set_uuid(set, ADD_IN_LESSON_ID, sealed.id);
    set_bytes(set, ADD_IN_TEACHER_INDEX, sealed.index, sizeof(sealed.index));
    set_bytes(set, ADD_IN_TEACHER_SEALED, sealed.record.bytes, sealed.record.n);
    set_bytes(set, ADD_IN_TEACHER_COMMITMENT, sealed.record.commitment, sizeof(sealed.record.commitment));
    set_bytes(set, ADD_IN_NAME_INDEX, sealed.name_index, sizeof(sealed.name_index));
}

static void bind_row(struct call *call, struct set *set, const Mingce__V1__LessonRow *row, size_t i)
{
    struct row_note *note = row_note(call, i);
    const struct teacher_said said = {.name = row->teacher_name,
                                      .name_field = "teacher_name",
                                      .type = row->teacher_document_type,
                                      .type_field = "teacher_document_type",
                                      .number = row->teacher_document_number,
                                      .number_field = "teacher_document_number",
                                      .country = row->teacher_issuing_country,
                                      .country_field = "teacher_issuing_country"};
    struct plan plan;
    *note = (struct row_note){.row = row->row};
    if (!plan_fits(call, row, note, &plan))
        return;
    if (teacher_fits(call, &said, note, &plan.teacher))
        bind_lesson(call, set, row, i, &plan);
    OPENSSL_cleanse(&plan, sizeof(plan));
}

void lesson_add_bind(struct call *call, struct set *set)
{
    const Mingce__V1__LessonAddRequest *request = add_request(call);
    set_int8(set, ADD_IN_CLASS, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    for (size_t i = 0; i < request->n_row; i++)
        bind_row(call, set, request->row[i], i);
}

static const char *add_field(enum reason reason)
{
    switch (reason) {
    case REASON_LESSON_OUTSIDE:
        return "held_on";
    case REASON_LESSON_OVERLAPS:
        return "starts_minute";
    case REASON_TEACHER_BUSY:
    case REASON_TEACHER_UNKNOWN:
    case REASON_TEACHER_LEVEL:
        return "teacher_document_number";
    case REASON_TEACHER_NAME:
        return "teacher_name";
    case REASON_ROOM_UNKNOWN:
    case REASON_ROOM_AMBIGUOUS:
    case REASON_VENUE_AMBIGUOUS:
    case REASON_ROOM_BUSY:
    case REASON_ROOM_TOO_SMALL:
    case REASON_ROOM_LEASE:
    case REASON_SITE_ELSEWHERE:
        return "place";
    default:
        return NULL;
    }
}

enum reason lesson_add_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, add_request(call)->n_row, rows, add_field, out);
}

/* ---- remove ---- */

enum reason lesson_remove_valid(struct call *call)
{
    (void) call; /* any number may be a lesson's */
    return REASON_NONE;
}

void lesson_remove_bind(struct call *call, struct set *set)
{
    const Mingce__V1__LessonRemoveRequest *request = (const Mingce__V1__LessonRemoveRequest *) call->request;
    set_int8(set, REMOVE_IN_CLASS, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    set_int4(set, REMOVE_IN_LESSON, request->lesson > INT32_MAX ? 0 : (int32_t) request->lesson);
}

enum reason lesson_remove_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_CLASS_UNKNOWN)
        return call_refuse(call, "class_number", reason);
    if (reason == REASON_LESSON_UNKNOWN || reason == REASON_LESSON_ATTENDED)
        return call_refuse(call, "lesson", reason);
    (void) out;
    return reason;
}

/* ---- list ---- */

static const Mingce__V1__LessonListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__LessonListRequest *) call->request;
}

enum reason lesson_list_valid(struct call *call)
{
    const Mingce__V1__LessonListRequest *request = list_request(call);
    return page_valid_place(call, PAGE(request));
}

void lesson_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__LessonListRequest *request = list_request(call);
    set_int8(set, LIST_IN_CLASS, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    set_int4(set, LIST_IN_AFTER, (int32_t) page_number(PAGE(request), 0));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
}

static void lesson_fill(struct call *call, Mingce__V1__Lesson *lesson, const struct rows *rows, size_t row)
{
    struct person_masked teacher;
    person_mask(call, rows, row, LIST_ID, LIST_TEACHER, &teacher);
    mingce__v1__lesson__init(lesson);
    lesson->lesson = (uint32_t) rows_int4(rows, row, LIST_LESSON);
    lesson->starts_minute = (uint32_t) rows_int4(rows, row, LIST_FROM);
    lesson->ends_minute = (uint32_t) rows_int4(rows, row, LIST_TO);
    lesson->hours = (uint32_t) rows_int4(rows, row, LIST_HOURS);
    lesson->place = unconst(rows_text(rows, row, LIST_PLACE));
    lesson->content = unconst(rows_text(rows, row, LIST_CONTENT));
    lesson->practice = rows_bool(rows, row, LIST_PRACTICE);
    lesson->address = unconst(rows_text(rows, row, LIST_ADDRESS));
    lesson->room = unconst(rows_text(rows, row, LIST_ROOM));
    lesson->teacher_name = teacher.name;
    lesson->teacher_document_number = teacher.document_number;
    lesson->held_on = call_day(call, rows_day(rows, row, LIST_HELD_ON));
}

enum reason lesson_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__LessonListRequest *request = list_request(call);
    if (rows_count(rows) == 0)
        return call_refuse(call, "class_number", REASON_CLASS_UNKNOWN);
    size_t found = rows_count(rows) - 1; /* row 0 only says that the class may be seen */
    Mingce__V1__LessonListResponse *response = (Mingce__V1__LessonListResponse *) out;
    size_t n = PAGE_LIST(call, response, lesson, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        lesson_fill(call, response->lesson[i], rows, i + 1);
    if (response->has_next)
        page_next_number(call, response->lesson[n - 1]->lesson, &response->next);
    return REASON_NONE;
}
