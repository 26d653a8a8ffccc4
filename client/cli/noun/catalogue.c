/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogues (G1, G7 to G9): drafting and loading them, their steps, and listing them. */
#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/noun/catalogue_file.h"
#include "client/cli/sheet/forms.h"
#include "proto/catalogue.pb-c.h"
#include "proto/rules/codes.h"

/* ---- draft, load ---- */

static const struct shown drafted_columns[] = {{"catalogue_id", "目录编号", "catalogue", .as = AS_ID}};
static const struct show drafted = SHOW(drafted_columns);

static int catalogue_draft(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueDraftRequest request = MINGCE__V1__CATALOGUE_DRAFT_REQUEST__INIT;
    request.kind = (uint32_t) given_number(given, "kind");
    request.title = given_text(given, "title");
    request.citation = given_text(given, "citation");
    return show_write(cli, "catalogue.draft", &request.base, &drafted);
}

static int catalogue_load(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueLoadRequest request = MINGCE__V1__CATALOGUE_LOAD_REQUEST__INIT;
    const struct rows_import import = {.method = "catalogue.load",
                                       .rows = catalogue_rows,
                                       .rows_n = CATALOGUE_FILES,
                                       .request = &request.base};
    request.catalogue_id = given_id(given, "CATALOGUE");
    return rows_import(cli, &import, given);
}

/* ---- steps ---- */

static const struct shown stepped_columns[] = {
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CATALOGUE_STATE},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"document_digest", "全文校验值（SHA-256）", "digest", .as = AS_ID},
};
static const struct show stepped = SHOW(stepped_columns);

static int catalogue_consult(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueStepRequest request = MINGCE__V1__CATALOGUE_STEP_REQUEST__INIT;
    request.catalogue_id = given_id(given, "CATALOGUE");
    request.consulted = given_text(given, "consulted");
    return show_write(cli, "catalogue.consult", &request.base, &stepped);
}

static int catalogue_approve(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueStepRequest request = MINGCE__V1__CATALOGUE_STEP_REQUEST__INIT;
    request.catalogue_id = given_id(given, "CATALOGUE");
    return show_write(cli, "catalogue.approve", &request.base, &stepped);
}

static int catalogue_publish(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueStepRequest request = MINGCE__V1__CATALOGUE_STEP_REQUEST__INIT;
    request.catalogue_id = given_id(given, "CATALOGUE");
    request.valid_from = given_text(given, "from");
    request.valid_to = given_text(given, "to");
    return show_write(cli, "catalogue.publish", &request.base, &stepped);
}

static int catalogue_withdraw(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueStepRequest request = MINGCE__V1__CATALOGUE_STEP_REQUEST__INIT;
    request.catalogue_id = given_id(given, "CATALOGUE");
    request.reason = given_text(given, "reason");
    return show_write(cli, "catalogue.withdraw", &request.base, &stepped);
}

/* ---- list ---- */

static const struct shown columns[] = {
    {"catalogue_id", "目录编号", "catalogue", .as = AS_ID},
    {"division", "区划", "division", .as = AS_TEXT},
    {"kind", "类别", "kind", .as = AS_TEXT, .field = "kind_name"},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CATALOGUE_STATE},
    {"valid_from", "起始", "from", .as = AS_TEXT},
    {"valid_to", "截止", "to", .as = AS_TEXT},
    {"rows", "行数", "rows", .as = AS_NUMBER},
    {"title", "名称", "title", .as = AS_TEXT},
    {"citation", "文件依据", "citation", .as = AS_TEXT},
};
static const struct show list = SHOW(columns);

static int catalogue_list(struct cli *cli, struct given *given)
{
    Mingce__V1__CatalogueListRequest request = MINGCE__V1__CATALOGUE_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "catalogue.list", .show = &list, .request = &request.base};
    request.has_pending = request.pending = given_has(given, "pending");
    request.division = given_text(given, "division");
    request.has_kind = given_has(given, "kind");
    request.kind = (uint32_t) given_number(given, "kind");
    request.day = given_text(given, "day");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

#define ARGUMENT_CATALOGUE                                                                                   \
    {                                                                                                        \
        "CATALOGUE", VALUE_ID, NEEDED, .zh = "目录编号，见 catalogue list",                                  \
                                       .en = "the catalogue's id, as catalogue list has it"                  \
    }
#define OPTION_KIND(need, what_zh, what_en)                                                                  \
    {                                                                                                        \
        "kind", VALUE_CODE, need, "KIND", .table = CODES_CATALOGUE_KIND, .list = "catalogues",               \
                                          .zh = (what_zh), .en = (what_en)                                   \
    }

static const struct command commands[] = {
    {.noun = "catalogue",
     .verb = "draft",
     .run = catalogue_draft,
     .method = "catalogue.draft",
     .zh = "拟一份目录草案",
     .en = "begins a catalogue",
     OPTIONS(OPTION_KIND(NEEDED, "目录类别的名称或代码", "the kind's name or code"),
             {"title", VALUE_TEXT, NEEDED, .zh = "目录名称", .en = "what it is called"},
             {"citation", VALUE_TEXT, NEEDED, .zh = "文件依据", .en = "the document that it rests on"}),
     .notes_zh = "市级主管部门拟本市目录；县级主管部门只拟对市目录的增补，不超过市目录行数的 "
                 "county_extra_percent\n此后依次：catalogue load 导入各行，consult 征求意见，approve "
                 "审定，publish 发布",
     .notes_en = "a city's bureau drafts its city's; a county's adds to it, county_extra_percent of its rows "
                 "at most\nthen catalogue load, consult, approve and publish, in this order",
     .example_zh = "catalogue draft --kind 一般性目录 --title 2026年一般性职业技能培训目录 --citation "
                   "示例人社字〔2026〕8号",
     .example_en =
         "catalogue draft --kind 2 --title \"General catalogue 2026\" --citation \"Example 2026-8\""},
    {.noun = "catalogue",
     .verb = "load",
     .run = catalogue_load,
     .method = "catalogue.load",
     .zh = "把表格的各行导入目录草案",
     .en = "loads the rows of a file into a draft",
     ARGUMENTS(ARGUMENT_CATALOGUE, ARGUMENT_ROWS),
     OPTIONS(OPTION_REJECTS),
     .notes_zh = "表头决定是哪一类目录的栏目；每行的序号在本目录中不重复，同一序号再次导入即替换该行\n"
                 "需求程度填 A、B、C（或1至3），培训方式填 线下、线上、混合，空白为不限；补贴以元计",
     .notes_en =
         "the header says which kind of catalogue's columns they are; a row is known by its number: "
         "loaded again, it replaces the one before\ndemand grade: A, B, C (or 1 to 3); mode: offline, "
         "online, blended, blank for any; subsidies in yuan",
     .example_zh = "catalogue load 0123456789abcdef0123456789abcdef 目录.csv --rejects 退回.csv",
     .example_en = "catalogue load 0123456789abcdef0123456789abcdef catalogue.csv --rejects rejects.csv",
     .reads = {&catalogue_training_form, &catalogue_demand_form, &catalogue_institution_form}},
    {.noun = "catalogue",
     .verb = "consult",
     .run = catalogue_consult,
     .method = "catalogue.consult",
     .zh = "登记已征求意见，各行从此不再改动",
     .en = "notes who was consulted; from then on its rows stay",
     ARGUMENTS(ARGUMENT_CATALOGUE),
     OPTIONS({"consulted", VALUE_TEXT, NEEDED, .zh = "征求了谁的意见，依据哪份文件",
              .en = "who was consulted, and by which document"}),
     .notes_zh = "给出全文的 SHA-256 摘要，并记入日志",
     .notes_en = "gives the SHA-256 of the whole document, which is in the log",
     .example_zh = "catalogue consult 0123456789abcdef0123456789abcdef --consulted 市财政局、市工信局",
     .example_en = "catalogue consult 0123456789abcdef0123456789abcdef --consulted \"finance, industry\""},
    {.noun = "catalogue",
     .verb = "approve",
     .run = catalogue_approve,
     .method = "catalogue.approve",
     .zh = "审定目录",
     .en = "approves a catalogue",
     ARGUMENTS(ARGUMENT_CATALOGUE),
     .notes_zh = "拟订和导入的人不能审定",
     .notes_en = "who drafted it or loaded its rows does not approve it"},
    {.noun = "catalogue",
     .verb = "publish",
     .run = catalogue_publish,
     .method = "catalogue.publish",
     .zh = "发布目录，自某日起执行",
     .en = "publishes a catalogue from a day on",
     ARGUMENTS(ARGUMENT_CATALOGUE),
     OPTIONS({"from", VALUE_DAY, NEEDED, .zh = "起始日期", .en = "its first day"},
             {"to", VALUE_DAY, .zh = "截止日期", .en = "its last day"}),
     .notes_zh = "同类的上一版在前一日截止；起始日期不早于今天，首次发布的除外",
     .notes_en = "the version before it ends on the day before; the first day is not over, unless it is the "
                 "first of its kind"},
    {.noun = "catalogue",
     .verb = "withdraw",
     .run = catalogue_withdraw,
     .method = "catalogue.withdraw",
     .zh = "撤回目录",
     .en = "withdraws a catalogue",
     ARGUMENTS(ARGUMENT_CATALOGUE),
     OPTIONS(OPTION_REASON(NEEDED)),
     .notes_zh = "已发布的由复核人撤回：执行中的到今天为止，尚未执行的不再执行；被它替代的上一版不恢复",
     .notes_en = "what was published an approver withdraws: it ends today, or never comes into force; the "
                 "version that it superseded does not come back"},
    {.noun = "catalogue",
     .verb = "list",
     .run = catalogue_list,
     .method = "catalogue.list",
     .zh = "目录一览，新的在前",
     .en = "catalogues, newest first",
     OPTIONS({"day", VALUE_DAY, .zh = "某日执行的", .en = "those in force on a day"},
             OPTION_DIVISION(OPTIONAL, "某区划的，6位代码", "those of a division, a code of 6 digits"),
             OPTION_KIND(OPTIONAL, "某一类别的", "those of a kind"),
             {"pending", VALUE_FLAG, .zh = "只列尚未发布的", .en = "only those that are not published"},
             OPTIONS_LIST),
     .example_zh = "catalogue list --division 370100 --day 2026-03-01",
     .example_en = "catalogue list --division 370100 --day 2026-03-01"},
};
const struct commands catalogue_commands = {commands, sizeof(commands) / sizeof(*commands)};
