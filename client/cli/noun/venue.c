/* SPDX-License-Identifier: Apache-2.0 */
/* Where institutions teach: venues and their rooms (G31). */
#include "proto/rules/bounds.h"
#include "proto/venue.pb-c.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/cell.h"

/* ---- import ---- */

enum {
    FIELD_ADDRESS,
    FIELD_ROOM,
    FIELD_VENUE,
    FIELD_DIVISION,
    FIELD_CAPACITY,
    FIELD_TENURE,
    FIELD_UNTIL,
    FIELD_AREA,
    FIELD_LONGITUDE,
    FIELD_LATITUDE
};
enum { DECIMALS = 6 /* of a degree */ };

static const struct form_field fields[] = {
    [FIELD_ADDRESS] = {"address",
                       "场地地址",
                       "address",
                       {"场地地址", "详细地址", "地址", "培训地址", "address"},
                       FORM_NEEDED},
    [FIELD_ROOM] =
        {"room", "教室", "room", {"教室", "教室名称", "教室编号", "房间", "场所", "room"}, FORM_NEEDED},
    [FIELD_VENUE] = {"venue",
                     "场地名称",
                     "venue",
                     {"场地名称", "场地", "教学点", "教学点名称", "校区", "venue"},
                     FORM_NEEDED},
    [FIELD_DIVISION] = {"division",
                        "所在区县",
                        "county",
                        {"所在区县", "区县", "所在县区", "县区", "行政区划", "所在地", "county", "division"},
                        FORM_NEEDED},
    [FIELD_CAPACITY] = {"capacity",
                        "容纳人数",
                        "capacity",
                        {"容纳人数", "可容纳人数", "座位数", "工位数", "capacity"},
                        FORM_NEEDED},
    [FIELD_TENURE] = {"tenure",
                      "场地性质",
                      "tenure",
                      {"场地性质", "自有或租赁", "自有租赁", "权属", "tenure"},
                      FORM_NEEDED},
    [FIELD_UNTIL] = {"until",
                     "租赁到期日",
                     "until",
                     {"租赁到期日", "到期日", "租期至", "租赁期至", "使用期至", "until"},
                     FORM_OPTIONAL},
    [FIELD_AREA] = {"area_m2",
                    "面积（平方米）",
                    "area (m2)",
                    {"面积", "建筑面积", "使用面积", "场地面积", "area"},
                    FORM_OPTIONAL},
    [FIELD_LONGITUDE] = {"longitude", "经度", "longitude", {"经度", "longitude"}, FORM_OPTIONAL},
    [FIELD_LATITUDE] = {"latitude", "纬度", "latitude", {"纬度", "latitude"}, FORM_OPTIONAL},
};
const struct form venue_form = {
    .noun = "venue",
    .fields = fields,
    .n = sizeof(fields) / sizeof(*fields),
    .needed = {FIELD_ADDRESS, FIELD_ROOM},
    .clashes = {{REASON_CONTRADICTS, 1, {FIELD_ADDRESS}}, {REASON_VENUE_NAME, 1, {FIELD_VENUE}}}};

/* Reads degrees as millionths of one, cutting off what is smaller. False: the cell has none. */
static bool degrees_read(const char *cell, int32_t *millionths)
{
    static const char digits[] = "0123456789";
    char clean[32];
    int32_t value = 0;
    if (!cell_number(cell, clean, sizeof(clean)))
        return false;
    const char *at = *clean == '-' ? clean + 1 : clean;
    size_t whole = strspn(at, digits), part = at[whole] == '.' ? strspn(at + whole + 1, digits) : 0;
    if (whole < 1 || whole > 3 || at[whole + (part > 0 ? part + 1 : 0)] != '\0')
        return false;
    for (size_t i = 0; i < whole + DECIMALS; i++) {
        int digit = i >= whole + part ? 0 : at[i < whole ? i : i + 1] - '0';
        value = value * 10 + digit;
    }
    *millionths = *clean == '-' ? -value : value;
    return true;
}

static bool read_point(const struct form_file *file, size_t i, Mingce__V1__VenueRow *row,
                       struct judgement *judgement)
{
    const char *longitude = form_file_cell(file, i, FIELD_LONGITUDE),
               *latitude = form_file_cell(file, i, FIELD_LATITUDE);
    row->has_longitude = longitude != NULL;
    row->has_latitude = latitude != NULL;
    if (longitude != NULL && !degrees_read(longitude, &row->longitude))
        return rows_refuse(judgement, REASON_VENUE_POINT, "longitude");
    if (latitude != NULL && !degrees_read(latitude, &row->latitude))
        return rows_refuse(judgement, REASON_VENUE_POINT, "latitude");
    return row->has_longitude == row->has_latitude ||
           rows_refuse(judgement, REASON_VENUE_POINT, row->has_longitude ? "latitude" : "longitude");
}

/* Reads a text that the row must have. */
static bool need(const struct form_file *file, size_t i, int field, enum reason missing, char **to,
                 struct judgement *judgement)
{
    *to = form_file_cell(file, i, field);
    return *to != NULL || rows_refuse(judgement, missing, fields[field].name);
}

static bool read_tenure(struct row *read, Mingce__V1__VenueRow *row)
{
    row->tenure =
        (Mingce__V1__VenueTenure) word_number(WORD_TENURE, form_file_cell(read->file, read->i, FIELD_TENURE));
    if (row->tenure == 0 && !rows_refuse(read->judgement, REASON_TENURE_UNKNOWN, "tenure"))
        return false;
    if (!row_day(read, FIELD_UNTIL, false, read->text, &row->until))
        return false;
    return row->tenure != MINGCE__V1__VENUE_TENURE__VENUE_LEASED || row->until != NULL ||
           rows_refuse(read->judgement, REASON_LEASE_DAY, "until");
}

static bool read_venue(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__VenueRow *row = read->message;
    size_t i = read->i;
    (void) context;
    bool good = need(file, i, FIELD_VENUE, REASON_VENUE_LENGTH, &row->venue, judgement) &&
                need(file, i, FIELD_DIVISION, REASON_VENUE_DIVISION, &row->division, judgement) &&
                need(file, i, FIELD_ADDRESS, REASON_VENUE_ADDRESS, &row->address, judgement) &&
                need(file, i, FIELD_ROOM, REASON_VENUE_LENGTH, &row->room, judgement);
    int capacity = rows_number(form_file_cell(file, i, FIELD_CAPACITY), ROOM_CAPACITY_MOST);
    row->capacity = (uint32_t) (capacity < 0 ? 0 : capacity);
    good = good && (capacity >= 1 || rows_refuse(judgement, REASON_ROOM_CAPACITY, "capacity"));
    row->has_area_m2 = form_file_cell(file, i, FIELD_AREA) != NULL;
    int area = rows_number(form_file_cell(file, i, FIELD_AREA), VENUE_AREA_MOST);
    row->area_m2 = (uint32_t) (area < 0 ? 0 : area);
    if (row->has_area_m2 && area < 1)
        good = good && rows_refuse(judgement, REASON_VENUE_AREA, "area_m2");
    return good && read_tenure(read, row) && read_point(file, i, row, judgement);
}

static const struct row_form venue_rows = {
    .form = &venue_form, .text = DAY_TEXT, .read = read_venue, .says = {"capacity", "tenure"}};

static int venue_import(struct cli *cli, struct given *given)
{
    Mingce__V1__VenueImportRequest request = MINGCE__V1__VENUE_IMPORT_REQUEST__INIT;
    const struct rows_import import = {
        .method = "venue.import", .rows = &venue_rows, .request = &request.base};
    return rows_import(cli, &import, given);
}

static int venue_end(struct cli *cli, struct given *given)
{
    Mingce__V1__VenueEndRequest request = MINGCE__V1__VENUE_END_REQUEST__INIT;
    request.venue = given_text(given, "VENUE");
    request.until = given_text(given, "on");
    return cli_write(cli, "venue.end", &request.base);
}

/* ---- list ---- */

/* Millionths of a degree as degrees. */
static void degrees_cell(struct table *table, bool has, int32_t millionths)
{
    char text[24];
    int32_t size = millionths < 0 ? -millionths : millionths;
    snprintf(text, sizeof(text), "%s%d.%06d", millionths < 0 ? "-" : "", size / DEGREE, size % DEGREE);
    table_text(table, has ? text : NULL);
}

static void longitude_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Room *room = (const Mingce__V1__Room *) message;
    (void) cli;
    degrees_cell(table, room->has_longitude, room->longitude);
}

static void latitude_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Room *room = (const Mingce__V1__Room *) message;
    (void) cli;
    degrees_cell(table, room->has_latitude, room->latitude);
}

static const struct shown columns[] = {
    {"organisation_code", "机构代码", "institution", .as = AS_TEXT},
    {"organisation_name", "机构", "name", .as = AS_TEXT},
    {"venue", "场地名称", "venue", .as = AS_TEXT},
    {"division", "所在区县", "county", .as = AS_TEXT},
    {"address", "场地地址", "address", .as = AS_TEXT},
    {"room", "教室", "room", .as = AS_TEXT},
    {"capacity", "容纳人数", "capacity", .as = AS_NUMBER},
    {"tenure", "场地性质", "tenure", .as = AS_WORD, .words = WORD_TENURE},
    {"until", "租赁到期日", "until", .as = AS_TEXT},
    {"area_m2", "面积（平方米）", "area (m2)", .as = AS_NUMBER},
    {"longitude", "经度", "longitude", .as = AS_CELL, .cell = longitude_cell},
    {"latitude", "纬度", "latitude", .as = AS_CELL, .cell = latitude_cell},
};
static const struct show list = SHOW(columns);

static int venue_list(struct cli *cli, struct given *given)
{
    Mingce__V1__VenueListRequest request = MINGCE__V1__VENUE_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "venue.list", .show = &list, .request = &request.base};
    request.organisation_code = given_text(given, "organisation");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "venue",
     .verb = "import",
     .run = venue_import,
     .method = "venue.import",
     .zh = "登记场地和教室",
     .en = "registers venues and their rooms",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_REJECTS),
     .notes_zh = "一行一间教室；同一地址、同一教室无论由哪个机构登记都是同一间\n场地性质：自有 租赁，租赁须写"
                 "到期日；再次登记同一教室即更改，写新的到期日即续租",
     .notes_en =
         "a row is a room; one address, and one room of it, are the same whichever institution registers "
         "them\ntenure: owned leased; of a lease the last day is needed; a room registered again is changed, "
         "and "
         "a later day renews the lease",
     .example_zh = "venue import 场地.csv --rejects 退回.csv",
     .example_en = "venue import venues.csv --rejects rejects.csv",
     .reads = {&venue_form}},
    {.noun = "venue",
     .verb = "list",
     .run = venue_list,
     .method = "venue.list",
     .zh = "场地和教室一览",
     .en = "lists venues and their rooms",
     OPTIONS(OPTION_ORGANISATION, OPTIONS_LIST)},
    {.noun = "venue",
     .verb = "end",
     .run = venue_end,
     .method = "venue.end",
     .zh = "终止使用一处场地",
     .en = "ends the use of a venue",
     ARGUMENTS(
         {"VENUE", VALUE_TEXT, NEEDED, .zh = "场地名称或地址", .en = "what it is called, or its address"}),
     OPTIONS({"on", VALUE_DAY, NEEDED, .zh = "使用的最后一天", .en = "the last day of its use"}),
     .example_zh = "venue end 历下校区 --on 2026-12-31",
     .example_en = "venue end \"Lixia campus\" --on 2026-12-31"},
};
const struct commands venue_commands = {commands, sizeof(commands) / sizeof(*commands)};
