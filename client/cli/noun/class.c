/* SPDX-License-Identifier: Apache-2.0 */
/* Classes as they stand, and their opening. */
#include "client/cli/command/due.h"
#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/filing.pb-c.h"
#include "proto/rules/codes.h"
#include "proto/rules/day.h"

static void due_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Class *class = (const Mingce__V1__Class *) message;
    counted_cell(table, cli, class->due_on, class->known_until);
}

static const struct shown columns[] = {
    {"number", "开班编号", "class", .as = AS_NUMBER},
    {"title", "班级名称", "title", .as = AS_TEXT},
    {"institution", "培训机构", "institution", .as = AS_TEXT, .field = "institution_name"},
    {"occupation_code", "职业", "occupation", .as = AS_TEXT},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"starts_on", "开班", "starts", .as = AS_TEXT},
    {"ends_on", "结束", "ends", .as = AS_TEXT},
    {"enrolled", "人数", "enrolled", .as = AS_NUMBER},
    {"capacity", "名额", "capacity", .as = AS_NUMBER},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_STATE},
    {"filing", "备案", "filing", .as = AS_WORD, .words = WORD_FILING},
    {"institution_code", "机构信用代码", "institution's code", .as = AS_TEXT},
    {"occupation_name", "职业名称", "occupation's name", .as = AS_TEXT},
    {"training_kind", "培训类型", "training kind", .as = AS_TEXT, .field = "training_kind_name"},
    {"hours", "计划课时", "planned hours", .as = AS_NUMBER},
    {"mode", "培训方式", "mode", .as = AS_WORD, .words = WORD_MODE},
    {"approved_on", "批准日期", "approved on", .as = AS_TEXT},
    {"due_on", "应办日期", "due", .as = AS_CELL, .cell = due_cell},
    {"version", "版本", "version", .as = AS_NUMBER},
};
static const struct show list = {columns, 11};

static int class_list(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassListRequest request = MINGCE__V1__CLASS_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "class.list", .show = &list, .request = &request.base};
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- one class ---- */

static const struct shown filing_columns[] = {
    {"filing", "备案序号", "filing", .as = AS_NUMBER},
    {"filed_at", "备案时间", "filed", .as = AS_TIME},
    {"filed_by", "备案人", "by", .as = AS_TEXT},
    {"due_on", "应办日期", "due", .as = AS_TEXT},
    {"trainees", "人数", "trainees", .as = AS_NUMBER},
    {"hours", "课时", "hours", .as = AS_NUMBER},
    {"days", "上课天数", "days", .as = AS_NUMBER},
    {"practice_hours", "其中实操", "of practice", .as = AS_NUMBER},
    {"hours_least", "最低课时", "hours at least", .as = AS_NUMBER},
    {"practice_percent", "实操占比下限（%）", "practice at least, percent", .as = AS_NUMBER},
    {"demand_grade", "需求程度", "grade of demand", .as = AS_WORD, .words = WORD_DEMAND_GRADE},
    {"materials", "教材", "materials", .as = AS_TEXT},
    {"assessment_plan", "考核方案", "assessment plan", .as = AS_TEXT},
    {"catalogue_id", "目录", "catalogue", .as = AS_ID},
    {"catalogue_row", "行", "row", .as = AS_NUMBER},
    {"institution_catalogue_id", "机构目录", "institutions' catalogue", .as = AS_ID},
    {"institution_catalogue_row", "行", "row", .as = AS_NUMBER},
    {"decision", "审定", "decision", .as = AS_WORD, .words = WORD_FILING},
    {"decided_at", "审定时间", "decided", .as = AS_TIME},
    {"decided_by", "审定人", "by", .as = AS_TEXT},
    {"reason", "理由", "why", .as = AS_TEXT},
    {"withdrawn_at", "撤回时间", "taken back", .as = AS_TIME},
    {"withdrawn_by", "撤回人", "by", .as = AS_TEXT},
    {"withdrawn_reason", "撤回理由", "why", .as = AS_TEXT},
};

static void renewal_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__PayingStandard *standard = (const Mingce__V1__PayingStandard *) message;
    if (standard->has_renewal)
        word_cell(table, cli, WORD_RENEWAL, standard->renewal ? RENEWAL : FIRST);
    else
        table_text(table, cli->json ? NULL : cli_say(cli, "全部", "all"));
}

static const struct shown standard_columns[] = {
    {"line", "补贴项目", "subsidy", .as = AS_WORD, .words = WORD_SUBSIDY_LINE},
    {"amount_fen", "标准（元）", "rate, yuan", .as = AS_MONEY},
    {"basis", "计发单位", "for each", .as = AS_WORD, .words = WORD_BASIS},
    {"percent", "计发比例（%）", "percent", .as = AS_NUMBER},
    {"cap_fen", "封顶（元）", "cap, yuan", .as = AS_MONEY},
    {"renewal", "首次或复审", "first or renewal", .as = AS_CELL, .cell = renewal_cell},
    {"certificate_kind", "证书类别", "certificate", .as = AS_WORD, .words = WORD_CERTIFICATE_KIND,
     .all = true},
    {"group", "人员类别", "group", .as = AS_TEXT, .field = "group_name", .all = true},
    {"citation", "文件依据", "citation", .as = AS_TEXT},
    {"standard_id", "标准编号", "standard", .as = AS_ID},
};
static const struct shown obstacle_columns[] = OBSTACLE_COLUMNS("说明", "why");

static const struct part parts[] = {
    {"class", "class", NULL, NULL, .show = SHOW(columns), .record = true},
    {"filing", "filing", "备案及审定", "filings, and what was decided", .show = SHOW(filing_columns)},
    {"standard", "standard", "将适用的补贴标准", "standards that will pay", .show = SHOW(standard_columns)},
    {"obstacle", "obstacle", "备案、批准或开课前须解决的问题",
     "to be mended before filing, approval or start", .show = SHOW(obstacle_columns)},
};

static int class_show(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassShowRequest request = MINGCE__V1__CLASS_SHOW_REQUEST__INIT;
    int status;
    request.number = given_number(given, "NUMBER");
    ProtobufCMessage *answer = cli_answer(cli, "class.show", &request.base, &status);
    if (answer == NULL)
        return status;
    parts_print(cli, parts, sizeof(parts) / sizeof(*parts), answer);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- what waits for the bureau ---- */

static void overdue_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    late_cell(table, cli, ((const Mingce__V1__Class *) message)->overdue);
}

static const struct shown queue_columns[] = {
    {"number", "开班编号", "class", .as = AS_NUMBER},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"due_on", "应办日期", "due", .as = AS_CELL, .cell = due_cell},
    {"overdue", "超期", "overdue", .as = AS_CELL, .cell = overdue_cell},
    {"title", "班级名称", "title", .as = AS_TEXT},
    {"institution", "培训机构", "institution", .as = AS_TEXT, .field = "institution_name"},
    {"occupation", "职业", "occupation", .as = AS_TEXT, .field = "occupation_name"},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"starts_on", "开班", "starts", .as = AS_TEXT},
    {"ends_on", "结束", "ends", .as = AS_TEXT},
    {"enrolled", "人数", "enrolled", .as = AS_NUMBER},
    {"hours", "计划课时", "planned hours", .as = AS_NUMBER},
};
static const struct show queue = SHOW(queue_columns);

static int class_queue(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassQueueRequest request = MINGCE__V1__CLASS_QUEUE_REQUEST__INIT;
    const struct pages pages = {.method = "class.queue", .show = &queue, .request = &request.base};
    request.organisation_code = given_text(given, "organisation");
    request.has_overdue = request.overdue = given_has(given, "overdue");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- opening ---- */

static const struct show opened = {columns, 1}; /* its number */

static int class_open(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassOpenRequest request = MINGCE__V1__CLASS_OPEN_REQUEST__INIT;
    request.title = given_text(given, "title");
    request.occupation_code = given_text(given, "occupation");
    request.level = (Mingce__V1__SkillLevel) given_word(given, "level");
    request.training_kind = (uint32_t) given_number(given, "kind");
    request.starts_on = given_text(given, "starts");
    request.ends_on = given_text(given, "ends");
    request.capacity = (uint32_t) given_number(given, "capacity");
    request.has_mode = true;
    request.mode = (Mingce__V1__TrainingMode) given_word(given, "mode");
    return show_write(cli, "class.open", &request.base, &opened);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "class",
     .verb = "open",
     .run = class_open,
     .method = "class.open",
     .zh = "开班",
     .en = "opens a class",
     OPTIONS({"title", VALUE_TEXT, NEEDED, "TITLE", .zh = "班级名称", .en = "what the class is called"},
             OPTION_OCCUPATION, OPTION_LEVEL,
             {"kind", VALUE_CODE, NEEDED, "KIND", .table = CODES_TRAINING_KIND, .list = "kinds",
              .zh = "培训类型的名称或代码", .en = "the training kind's code or name"},
             {"starts", VALUE_DAY, NEEDED, .zh = "开班日期", .en = "its first day"},
             {"ends", VALUE_DAY, NEEDED, .zh = "结束日期", .en = "its last day"}, OPTION_CAPACITY(NEEDED),
             {"mode", VALUE_WORD, .value = "MODE", .table = WORD_MODE, .list = "modes",
              .otherwise = "offline", .zh = "培训方式", .en = "how it is taught"}),
     .example_zh = "class open --title 家政服务员第三期 --occupation 4-10-01-06 --level 初级工 --kind "
                   "就业技能培训 --starts 2026-03-01 --ends 2026-05-31 --capacity 50",
     .example_en = "class open --title \"Home care 3\" --occupation 4-10-01-06 --level junior --kind 3 "
                   "--starts 2026-03-01 --ends 2026-05-31 --capacity 50"},
    {.noun = "class",
     .verb = "list",
     .run = class_list,
     .method = "class.list",
     .zh = "班级一览，新的在前",
     .en = "classes, newest first",
     OPTIONS(OPTIONS_LIST)},
    {.noun = "class",
     .verb = "show",
     .run = class_show,
     .method = "class.show",
     .zh = "一个班级，及其备案、审定和障碍",
     .en = "one class, with its filings and what stands in their way",
     ARGUMENTS(ARGUMENT_CLASS)},
    {.noun = "class",
     .verb = "queue",
     .run = class_queue,
     .method = "class.queue",
     .zh = "待审的备案班级，最急的在前",
     .en = "filed classes that wait, earliest due day first",
     OPTIONS(OPTION_OVERDUE, OPTION_ORGANISATION, OPTIONS_LIST)},
};
const struct commands class_commands = {commands, sizeof(commands) / sizeof(*commands)};
