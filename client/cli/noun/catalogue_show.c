/* SPDX-License-Identifier: Apache-2.0 */
/* One catalogue with its rows; two compared. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/catalogue.pb-c.h"
#include "proto/rules/codes.h"

/* ---- the rows of each plan, by the columns of the file that they are loaded from ---- */

#define COLUMN_NUMBER                                                                                        \
    {                                                                                                        \
        "number", "序号", "number", .as = AS_NUMBER                                                          \
    }
#define COLUMNS_OCCUPATION                                                                                   \
    {"occupation_code", "职业编码", "occupation", .as = AS_TEXT},                                            \
        {"occupation_name", "职业", "occupation's name", .as = AS_TEXT},                                     \
    {                                                                                                        \
        "level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL                                         \
    }
#define COLUMN_NOTE                                                                                          \
    {                                                                                                        \
        "note", "备注", "note", .as = AS_TEXT                                                                \
    }
#define TRAINING_COLUMNS                                                                                     \
    COLUMN_NUMBER, {"category", "产业或类别", "category", .as = AS_TEXT, .field = "training.category"},      \
        COLUMNS_OCCUPATION,                                                                                  \
        {"demand_grade",                                                                                     \
         "需求程度",                                                                                         \
         "demand grade",                                                                                     \
         .as = AS_WORD,                                                                                      \
         .field = "training.demand_grade",                                                                   \
         .words = WORD_DEMAND_GRADE},                                                                        \
        {"hours_least", "课时下限", "hours at least", .as = AS_NUMBER, .field = "training.hours_least"},     \
        {"practice_percent", "实操占比", "practice percent", .as = AS_NUMBER,                                \
         .field = "training.practice_percent"},                                                              \
        {"mode", "培训方式", "mode", .as = AS_WORD, .field = "training.mode", .words = WORD_MODE},           \
        {"training_fen", "培训补贴（元）", "training subsidy (yuan)", .as = AS_MONEY,                        \
         .field = "training.training_fen"},                                                                  \
        {"assessment_fen", "鉴定补贴（元）", "assessment subsidy (yuan)", .as = AS_MONEY,                    \
         .field = "training.assessment_fen"},                                                                \
        {"mark", "标记", "mark", .as = AS_TEXT, .field = "training.mark"}, COLUMN_NOTE
#define DEMAND_COLUMNS                                                                                       \
    COLUMN_NUMBER, {"division", "区县", "county", .as = AS_TEXT, .field = "demand.division"},                \
        COLUMNS_OCCUPATION,                                                                                  \
        {"trainee_group", "群体", "trainee group", .as = AS_TEXT, .field = "demand.trainee_group"},          \
        {"heads", "需求人数", "heads", .as = AS_NUMBER, .field = "demand.heads"},                            \
        {"listed", "已列单", "listed", .as = AS_NUMBER, .field = "demand.listed"},                           \
        {"source", "来源", "source", .as = AS_WORD, .field = "demand.source", .words = WORD_DEMAND_SOURCE},  \
        {"wanted_on", "期望时间", "wanted on", .as = AS_TEXT, .field = "demand.wanted_on"},                  \
        {"place", "地点", "place", .as = AS_TEXT, .field = "demand.place"},                                  \
        {"until", "截至", "until", .as = AS_TEXT, .field = "demand.until"}, COLUMN_NOTE
#define INSTITUTION_COLUMNS                                                                                  \
    COLUMN_NUMBER, {"code", "统一社会信用代码", "code", .as = AS_TEXT, .field = "institution.code"},         \
        {"name", "机构名称", "name", .as = AS_TEXT, .field = "institution.name"},                            \
        {"licence", "许可证号", "licence", .as = AS_TEXT, .field = "institution.licence"},                   \
        {"nature", "办学性质", "nature", .as = AS_TEXT, .field = "institution.nature"},                      \
        {"address", "地址", "address", .as = AS_TEXT, .field = "institution.address"},                       \
        {"phone", "电话", "phone", .as = AS_TEXT, .field = "institution.phone"}, COLUMNS_OCCUPATION,         \
        {"site", "教学点", "site", .as = AS_TEXT, .field = "institution.site"},                              \
        {"credit_grade", "信用等级", "credit grade", .as = AS_TEXT, .field = "institution.credit_grade"},    \
        {"batch", "批次", "batch", .as = AS_TEXT, .field = "institution.batch"},                             \
        {"valid_from", "有效期起", "valid from", .as = AS_TEXT, .field = "institution.valid_from"},          \
        {"valid_to", "有效期止", "valid to", .as = AS_TEXT, .field = "institution.valid_to"}, COLUMN_NOTE

/* What a row of a comparison is; its cells are put by hand. */
#define COLUMN_CHANGE                                                                                        \
    {                                                                                                        \
        "change", "变动", "change", .as = AS_CELL                                                            \
    }

enum { OF_TRAINING, OF_DEMAND, OF_INSTITUTION, OF_PLANS };
static const struct shown training_columns[] = {TRAINING_COLUMNS}, demand_columns[] = {DEMAND_COLUMNS},
                          institution_columns[] = {INSTITUTION_COLUMNS};
static const struct shown training_changes[] = {COLUMN_CHANGE, TRAINING_COLUMNS},
                          demand_changes[] = {COLUMN_CHANGE, DEMAND_COLUMNS},
                          institution_changes[] = {COLUMN_CHANGE, INSTITUTION_COLUMNS};
static const struct show rows_of[OF_PLANS] = {SHOW(training_columns), SHOW(demand_columns),
                                              SHOW(institution_columns)},
                         changes_of[OF_PLANS] = {SHOW(training_changes), SHOW(demand_changes),
                                                 SHOW(institution_changes)};

static int columns_of(Mingce__V1__CataloguePlan plan)
{
    switch (plan) {
    case MINGCE__V1__CATALOGUE_PLAN__PLAN_DEMAND:
        return OF_DEMAND;
    case MINGCE__V1__CATALOGUE_PLAN__PLAN_INSTITUTION:
        return OF_INSTITUTION;
    default:
        return OF_TRAINING;
    }
}

/* ---- show ---- */

static const struct shown columns[] = {
    {"catalogue_id", "目录编号", "catalogue", .as = AS_ID},
    {"division", "区划", "division", .as = AS_TEXT},
    {"kind", "类别", "kind", .as = AS_TEXT, .field = "kind_name"},
    {"title", "名称", "title", .as = AS_TEXT},
    {"citation", "文件依据", "citation", .as = AS_TEXT},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CATALOGUE_STATE},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"valid_from", "起始", "from", .as = AS_TEXT},
    {"valid_to", "截止", "to", .as = AS_TEXT},
    {"rows", "行数", "rows", .as = AS_NUMBER},
    {"document_digest", "全文校验值（SHA-256）", "digest", .as = AS_ID},
    {"drafted", "拟稿", "drafted", .as = AS_TIME},
    {"consulted_at", "征求意见", "consulted", .as = AS_TIME, .field = "consulted_ms"},
    {"consulted", "征求了谁", "who was consulted", .as = AS_TEXT},
    {"approved", "审定", "approved", .as = AS_TIME},
    {"published", "发布", "published", .as = AS_TIME},
    {"withdrawn", "撤回", "withdrawn", .as = AS_TIME},
    {"reason", "撤回理由", "why it was withdrawn", .as = AS_TEXT},
};
static const struct show head = SHOW(columns);

/* Asks for the catalogue itself. NULL: it failed, which has been said. */
static Mingce__V1__CatalogueShowResponse *ask_head(struct cli *cli, Mingce__V1__CatalogueShowRequest *request,
                                                   int *status)
{
    *status = cli_connect(cli);
    if (*status != CLI_OK)
        return NULL;
    request->has_page_rows = request->page_rows = 1;
    return (Mingce__V1__CatalogueShowResponse *) cli_call(cli, "catalogue.show", &request->base, status);
}

static int catalogue_show(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueShowRequest request = MINGCE__V1__CATALOGUE_SHOW_REQUEST__INIT;
    int status;
    request.has_catalogue_id = given_has(given, "CATALOGUE");
    if (request.has_catalogue_id)
        request.catalogue_id = given_id(given, "CATALOGUE");
    request.division = given_text(given, "division");
    request.has_kind = given_has(given, "kind");
    request.kind = (uint32_t) given_number(given, "kind");
    request.day = given_text(given, "day");
    request.occupation_code = given_text(given, "occupation");
    Mingce__V1__CatalogueShowResponse *first = ask_head(cli, &request, &status);
    if (first == NULL)
        return status;
    if (!cli_cells(cli))
        show_record(cli, &head, &first->catalogue->base);
    const struct pages pages = {.method = "catalogue.show",
                                .show = &rows_of[columns_of(first->catalogue->plan)],
                                .request = &request.base};
    uint8_t id[HEX_ID]; /* so that it is this one, whatever is published meanwhile */
    memcpy(id, first->catalogue->catalogue_id.data, sizeof(id));
    request.has_catalogue_id = true;
    request.catalogue_id = (ProtobufCBinaryData){sizeof(id), id};
    mingce__v1__catalogue_show_response__free_unpacked(first, NULL);
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- diff ---- */

static int columns_of_row(const Mingce__V1__CatalogueRow *row)
{
    return row->demand != NULL ? OF_DEMAND : row->institution != NULL ? OF_INSTITUTION : OF_TRAINING;
}

/* Puts a row of a comparison. */
static void side_cells(struct table *table, const struct cli *cli, const char *stable, const char *zh,
                       const Mingce__V1__CatalogueRow *row)
{
    table_cell(table, cli_say(cli, zh, stable), cli->json ? json_object_new_string(stable) : NULL);
    show_cells(table, cli, &rows_of[columns_of_row(row)], &row->base);
}

/* A row that was changed is two of the table. */
static void change_cells(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__CatalogueChange *change = (const Mingce__V1__CatalogueChange *) message;
    if (change->was != NULL)
        side_cells(table, cli, change->now == NULL ? "removed" : "was", change->now == NULL ? "删去" : "原为",
                   change->was);
    if (change->was != NULL && change->now != NULL)
        table_row(table);
    if (change->now != NULL)
        side_cells(table, cli, change->was == NULL ? "added" : "now", change->was == NULL ? "新增" : "现为",
                   change->now);
}

static const struct shown count_columns[] = {
    {"added", "新增", "added", .as = AS_NUMBER},
    {"removed", "删去", "removed", .as = AS_NUMBER},
    {"changed", "改动", "changed", .as = AS_NUMBER},
    {"with_id", "与何目录比较", "compared with", .as = AS_ID},
};
static const struct show counts = SHOW(count_columns);

/* Programs get it as the record before the rows; people beside them. */
static void tell_counts(const struct cli *cli, const Mingce__V1__CatalogueDiffResponse *response)
{
    if (cli->json)
        show_record(cli, &counts, &response->base);
    else
        fprintf(stderr,
                cli->zh ? "新增%u行，删去%u行，改动%u行\n" : "rows added: %u, removed: %u, changed: %u\n",
                response->added, response->removed, response->changed);
}

static int catalogue_diff(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueDiffRequest request = MINGCE__V1__CATALOGUE_DIFF_REQUEST__INIT;
    int status = cli_connect(cli);
    request.catalogue_id = given_id(given, "CATALOGUE");
    request.has_with_id = given_has(given, "with");
    if (request.has_with_id)
        request.with_id = given_id(given, "with");
    if (status != CLI_OK)
        return status;
    request.has_page_rows = request.page_rows = 1; /* how many differ, and in which columns */
    Mingce__V1__CatalogueDiffResponse *first =
        (Mingce__V1__CatalogueDiffResponse *) cli_call(cli, "catalogue.diff", &request.base, &status);
    if (first == NULL)
        return status;
    tell_counts(cli, first);
    const struct pages pages = {.method = "catalogue.diff",
                                .show = &changes_of[columns_of(first->plan)],
                                .request = &request.base,
                                .row = change_cells};
    mingce__v1__catalogue_diff_response__free_unpacked(first, NULL);
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "catalogue",
     .verb = "show",
     .run = catalogue_show,
     .method = "catalogue.show",
     .zh = "一份目录及其各行",
     .en = "one catalogue with its rows",
     ARGUMENTS({"CATALOGUE", VALUE_ID, .zh = "目录编号；不写则由区划、类别和日期决定",
                .en = "the catalogue's id; without it a division, a kind and a day say which"}),
     OPTIONS(
         OPTION_DIVISION(OPTIONAL, "行政区划的6位代码", "a code of 6 digits"),
         {"kind", VALUE_CODE, .value = "KIND", .table = CODES_CATALOGUE_KIND, .list = "catalogues",
          .zh = "目录类别的名称或代码", .en = "the kind's name or code"},
         {"day", VALUE_DAY, .zh = "哪一天执行的，默认今天", .en = "in force on that day, by default today"},
         {"occupation", VALUE_OCCUPATION, .list = "occupations", .zh = "只列此职业的行",
          .en = "only the rows of this occupation"},
         OPTIONS_LIST),
     .notes_zh = "写入文件的列表可改好后用 catalogue load 导入另一份草案",
     .notes_en = "a list that is written to a file can be changed and loaded into another draft",
     .example_zh = "catalogue show --division 370100 --kind 一般性目录 --day 2026-03-01",
     .example_en = "catalogue show --division 370100 --kind 2 --day 2026-03-01"},
    {.noun = "catalogue",
     .verb = "diff",
     .run = catalogue_diff,
     .method = "catalogue.diff",
     .zh = "两份目录的不同之处",
     .en = "shows how two catalogues differ",
     ARGUMENTS({"CATALOGUE", VALUE_ID, NEEDED, .zh = "目录编号，见 catalogue list",
                .en = "the catalogue's id, as catalogue list has it"}),
     OPTIONS({"with", VALUE_ID, .value = "CATALOGUE", .zh = "与哪一份比较，默认今天执行的那一版",
              .en = "what it is compared with, by default what is in force today"},
             OPTIONS_LIST),
     .notes_zh = "序号不同而内容相同的行不算不同；用 --json 时第一条是各类行数",
     .notes_en =
         "a row that only has another number is the same; with --json the first object has the counts"},
};
const struct commands catalogue_show_commands = {commands, sizeof(commands) / sizeof(*commands)};
