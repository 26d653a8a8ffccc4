/* SPDX-License-Identifier: Apache-2.0 */
/* Projects (E): their call, their steps, their heads. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/rows.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/show.h"
#include "client/cli/command/words.h"
#include "proto/project.pb-c.h"

enum { TIERS_MOST = 20, PERCENT_MOST = 100 };

/* ---- call ---- */

static const struct shown called_columns[] = {{"project_id", "项目编号", "project", .as = AS_ID}};
static const struct show called = SHOW(called_columns);

/* Reads "none:60", or "employment:85:100". False: it is neither. */
static bool tier_read(char *text, Mingce__V1__ProjectTier *tier)
{
    char *rest = NULL, *metric = strtok_r(text, ":", &rest), *first = strtok_r(NULL, ":", &rest),
         *second = strtok_r(NULL, ":", &rest);
    int number = word_number(WORD_TIER, metric),
        threshold = rows_number(second == NULL ? "0" : first, PERCENT_MOST),
        percent = rows_number(second == NULL ? first : second, PERCENT_MOST);
    mingce__v1__project_tier__init(tier);
    if (number == 0 || threshold < 0 || percent < 0 || *rest != '\0')
        return false;
    tier->metric = (Mingce__V1__TierMetric) number;
    tier->threshold = (uint32_t) threshold;
    tier->pay_percent = (uint32_t) percent;
    return true;
}

/* Reads the tiers of an option. False: what is wrong has been printed. */
static bool tiers_read(const struct cli *cli, char *said, Mingce__V1__ProjectTier *tiers,
                       Mingce__V1__ProjectCallRequest *request)
{
    char *rest = NULL, which[16];
    for (char *one = said == NULL ? NULL : strtok_r(said, ",", &rest);
         one != NULL && request->n_tier <= TIERS_MOST; one = strtok_r(NULL, ",", &rest)) {
        request->tier[request->n_tier] = &tiers[request->n_tier];
        if (!tier_read(one, &tiers[request->n_tier++])) {
            snprintf(which, sizeof(which), "--tiers, %zu", request->n_tier);
            cli_fail(
                cli, CLI_USAGE,
                "该档写法不对：应写作 指标:门槛:拨付比例，指标为 none、employment 或 "
                "pass，门槛和比例为0至100的"
                "整数，如 none:60,employment:85:100",
                "this tier is not written as METRIC:THRESHOLD:PERCENT, the metric being none, employment or "
                "pass and the numbers 0 to 100, as in none:60,employment:85:100",
                which);
            return false;
        }
    }
    return true;
}

static int project_call(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectCallRequest request = MINGCE__V1__PROJECT_CALL_REQUEST__INIT;
    Mingce__V1__ProjectTier tiers[TIERS_MOST + 1], *list[TIERS_MOST + 1];
    request.department = given_text(given, "department");
    request.name = given_text(given, "name");
    request.occupation_code = given_text(given, "occupation");
    request.has_level = given_has(given, "level");
    request.level = (Mingce__V1__SkillLevel) given_word(given, "level");
    request.has_certificate_kind = given_has(given, "certificate");
    request.certificate_kind = (uint32_t) given_word(given, "certificate");
    request.mode = given_has(given, "mode") ? (Mingce__V1__TrainingMode) given_word(given, "mode")
                                            : MINGCE__V1__TRAINING_MODE__MODE_OFFLINE;
    request.pay_mode = given_has(given, "pay") ? (Mingce__V1__ProjectPayMode) given_word(given, "pay")
                                               : MINGCE__V1__PROJECT_PAY_MODE__PAY_BY_PROJECT;
    request.planned_heads = (uint32_t) given_number(given, "heads");
    request.hours = (uint32_t) given_number(given, "hours");
    request.unit_fen = given_fen(given, "unit");
    request.has_cap_fen = given_has(given, "cap");
    request.cap_fen = given_fen(given, "cap");
    request.call_number = given_text(given, "number");
    request.starts_on = given_text(given, "from");
    request.ends_on = given_text(given, "to");
    request.closes_on = given_text(given, "closes");
    request.tier = list;
    if (!tiers_read(cli, given_text(given, "tiers"), tiers, &request))
        return CLI_USAGE;
    return show_write(cli, "project.call", &request.base, &called);
}

/* ---- steps ---- */

static const struct shown stepped_columns[] = {
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_PROJECT_STATE},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"run", "核验次数", "run", .as = AS_NUMBER},
    {"employed", "就业人数", "employed", .as = AS_NUMBER},
    {"measured", "核验人数", "of", .as = AS_NUMBER},
    {"tranches", "笔数", "tranches", .as = AS_NUMBER},
    {"fen", "金额（元）", "yuan", .as = AS_MONEY},
};
static const struct show stepped = SHOW(stepped_columns);

static int step_take(struct cli *cli, struct given *given, Mingce__V1__ProjectStepRequest *request)
{
    request->project_id = given_id(given, "PROJECT");
    request->version = (uint32_t) given_number(given, "version");
    return show_write(cli, given->command->method, &request->base, &stepped);
}

static int project_step(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectStepRequest request = MINGCE__V1__PROJECT_STEP_REQUEST__INIT;
    return step_take(cli, given, &request);
}

static int project_explain(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectStepRequest request = MINGCE__V1__PROJECT_STEP_REQUEST__INIT;
    request.reason = given_text(given, "reason");
    return step_take(cli, given, &request);
}

static int project_award(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectStepRequest request = MINGCE__V1__PROJECT_STEP_REQUEST__INIT;
    request.organisation_code = given_text(given, "organisation");
    request.contract_number = given_text(given, "contract");
    return step_take(cli, given, &request);
}

static int project_class(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectStepRequest request = MINGCE__V1__PROJECT_STEP_REQUEST__INIT;
    request.has_class_number = true;
    request.class_number = given_number(given, "class");
    return step_take(cli, given, &request);
}

static int project_inspect(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectStepRequest request = MINGCE__V1__PROJECT_STEP_REQUEST__INIT;
    request.inspected_on = given_text(given, "on");
    request.has_passed = request.passed = given_has(given, "passed");
    request.reason = given_text(given, "reason");
    return step_take(cli, given, &request);
}

static int project_terminate(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectStepRequest request = MINGCE__V1__PROJECT_STEP_REQUEST__INIT;
    request.reason = given_text(given, "reason");
    request.has_fraud = request.fraud = given_has(given, "fraud");
    return step_take(cli, given, &request);
}

static int project_recover(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectStepRequest request = MINGCE__V1__PROJECT_STEP_REQUEST__INIT;
    request.has_tranche_id = true;
    request.tranche_id = given_id(given, "tranche");
    request.has_fen = true;
    request.fen = given_fen(given, "amount");
    request.reason = given_text(given, "reason");
    return step_take(cli, given, &request);
}

static int head_adjust(struct cli *cli, struct given *given, Mingce__V1__ProjectHeadsRequest request)
{
    Mingce__V1__ProjectHeadRow row = MINGCE__V1__PROJECT_HEAD_ROW__INIT, *list[] = {&row};
    request.project_id = given_id(given, "PROJECT");
    request.version = (uint32_t) given_number(given, "version");
    request.reason = given_text(given, "reason");
    row.row = 1;
    row.class_number = given_number(given, "class");
    row.seat = (uint32_t) given_number(given, "seat");
    request.row = list;
    request.n_row = 1;
    return rows_one(cli, given->command->method, &request.base);
}

static int project_strike(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectHeadsRequest request = MINGCE__V1__PROJECT_HEADS_REQUEST__INIT;
    request.has_deduction = given_has(given, "deduction");
    request.deduction = (Mingce__V1__Deduction) given_word(given, "deduction");
    request.has_fraud = request.fraud = given_has(given, "fraud");
    return head_adjust(cli, given, request);
}

static int project_count(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectHeadsRequest request = MINGCE__V1__PROJECT_HEADS_REQUEST__INIT;
    return head_adjust(cli, given, request);
}

/* ---- commands ---- */

#define STEP(word, function, what_zh, what_en)                                                               \
    .noun = "project", .verb = (word), .run = (function), .method = "project." word, .zh = (what_zh),        \
    .en = (what_en), ARGUMENTS(ARGUMENT_PROJECT)
#define OPTION_SEAT                                                                                          \
    {                                                                                                        \
        "seat", VALUE_NUMBER, NEEDED, .least = 1, .most = 2000, .zh = "座号", .en = "the trainee's seat"     \
    }

static const struct command commands[] = {
    {.noun = "project",
     .verb = "call",
     .run = project_call,
     .method = "project.call",
     .zh = "发起一个项目制培训项目",
     .en = "calls for a project of training",
     OPTIONS({"name", VALUE_TEXT, NEEDED, .zh = "项目名称", .en = "what it is called"},
             {"department", VALUE_TEXT, NEEDED, .zh = "责任部门", .en = "the responsible department"},
             {"number", VALUE_TEXT, NEEDED, .zh = "征集文号", .en = "the number of the call"},
             {"occupation", VALUE_OCCUPATION, .list = "occupations", .zh = "职业代码或名称",
              .en = "what is trained, by its code or name"},
             {"level", VALUE_WORD, .value = "LEVEL", .table = WORD_LEVEL, .list = "levels", .zh = "技能等级",
              .en = "the skill level"},
             {"certificate", VALUE_WORD, .value = "KIND", .table = WORD_CERTIFICATE_KIND,
              .list = "certificates", .zh = "证书类别，未写职业时须写",
              .en = "the kind of certificate, needed without an occupation"},
             {"mode", VALUE_WORD, .value = "MODE", .table = WORD_MODE, .list = "modes",
              .zh = "培训方式，默认线下", .en = "the mode, by default offline"},
             {"pay", VALUE_WORD, .value = "WAY", .table = WORD_PAY_MODE, .zh = "拨付方式，默认按项目",
              .en = "project or person: who is paid, by default the project"},
             {"heads", VALUE_NUMBER, NEEDED, .least = 1, .most = 1000000, .zh = "计划人数",
              .en = "heads at most"},
             {"hours", VALUE_NUMBER, NEEDED, .least = 1, .most = 10000, .zh = "课时", .en = "class hours"},
             {"unit", VALUE_YUAN, NEEDED, .zh = "每人补贴（元）", .en = "yuan for each head that counts"},
             {"cap", VALUE_YUAN, .zh = "项目补贴上限（元）", .en = "yuan for the project at most"},
             {"from", VALUE_DAY, NEEDED, .zh = "开始日期", .en = "its first day"},
             {"to", VALUE_DAY, NEEDED, .zh = "结束日期", .en = "its last day of training"},
             {"closes", VALUE_DAY, NEEDED, .zh = "就业核验截止日期",
              .en = "the last day on which employment is verified"},
             {"tiers", VALUE_TEXT, .value = "LIST",
              .zh = "拨付档次，如 none:60,employment:85:100；默认按本市政策",
              .en = "when how much is paid, as none:60,employment:85:100; by default the city's policies"}),
     .notes_zh =
         "此后依次：project publish 公布，award 确定机构，accept 承接，attach 列入班级，inspect 检查，"
         "carry-out 确认实施，apply 申请拨款，verify 核验就业",
     .notes_en = "then project publish, award, accept, attach, inspect, carry-out, apply and verify, in this "
                 "order",
     .example_zh = "project call --name 家政服务示例项目 --department 示例部门 --number 示例征〔2026〕1号 "
                   "--occupation 4-10-01-06 --level 初级工 --heads 50 --hours 40 --unit 1500.00 --from "
                   "2026-03-01 --to 2026-06-30 --closes 2026-12-31",
     .example_en = "project call --name \"Home care\" --department Civil --number 2026-1 --occupation "
                   "4-10-01-06 --level junior --heads 50 --hours 40 --unit 1500.00 --from 2026-03-01 --to "
                   "2026-06-30 --closes 2026-12-31"},
    {STEP("publish", project_step, "公布项目", "lists a project"), OPTIONS(OPTION_VERSION("project show")),
     .notes_zh = "发起人不能公布", .notes_en = "who called for it does not list it"},
    {STEP("award", project_award, "确定承担项目的机构", "awards a project to an institution"),
     OPTIONS(OPTION_VERSION("project show"),
             {"organisation", VALUE_TEXT, NEEDED, "CODE", .zh = "机构的统一社会信用代码",
              .en = "the institution's unified social credit code"},
             {"contract", VALUE_TEXT, NEEDED, .zh = "合同编号", .en = "the contract's number"})},
    {STEP("accept", project_step, "机构承接项目", "accepts a project for the institution"),
     OPTIONS(OPTION_VERSION("project show"))},
    {STEP("attach", project_class, "把本机构的班级列入项目",
          "makes a class of the institution the project's"),
     OPTIONS(OPTION_VERSION("project show"), OPTION_CLASS(NEEDED)),
     .notes_zh = "班级的职业、等级和日期须与项目一致；一个班级只属于一个项目",
     .notes_en = "it trains what the project does, within its days, and is of no other project"},
    {STEP("detach", project_class, "把班级移出项目", "takes a class out of a project"),
     OPTIONS(OPTION_VERSION("project show"), OPTION_CLASS(NEEDED))},
    {STEP("inspect", project_inspect, "登记对项目的检查", "records an inspection of a project"),
     OPTIONS(OPTION_VERSION("project show"), {"on", VALUE_DAY, NEEDED, .zh = "检查日期", .en = "its day"},
             {"passed", VALUE_FLAG, .zh = "检查合格", .en = "all was in order"},
             {"reason", VALUE_TEXT, DEMANDED, .zh = "检查情况", .en = "what was found"})},
    {STEP("carry-out", project_step, "确认项目已实施，锁定人员",
          "says that a project was carried out, and freezes its heads"),
     .final = true, OPTIONS(OPTION_VERSION("project show")),
     .notes_zh = "班级须全部结业，最近一次检查须合格；计入的每人占用当年一次补贴名额和该职业等级的名额",
     .notes_en = "all its classes are completed and its last inspection found all in order; each head that "
                 "counts takes a place of the year, and that of its occupation and level"},
    {STEP("apply", project_step, "机构申请应拨的款项", "asks for what is due"),
     OPTIONS(OPTION_VERSION("project show")),
     .notes_zh = "预付款一次；达到更高档次后为余款；按人拨付的为各人应得部分",
     .notes_en =
         "the advance once; the balance once a verification has reached a higher tier; or the parts of "
         "persons"},
    {STEP("verify", project_step, "核验项目的就业情况", "verifies the employment of a project's heads"),
     OPTIONS(OPTION_VERSION("project show")),
     .notes_zh = "按已登记的凭证和已导入的核验数据；每次核验编号保存，不再改动；截止日前可重复",
     .notes_en = "by the evidence that is recorded and the snapshots that are loaded; each run is kept as it "
                 "is; until the closing day there may be others"},
    {STEP("close", project_step, "办结项目", "closes a project"), .final = true,
     OPTIONS(OPTION_VERSION("project show"))},
    {STEP("suspend", project_explain, "暂停项目", "suspends a project"),
     OPTIONS(OPTION_VERSION("project show"), OPTION_REASON(DEMANDED))},
    {STEP("resume", project_explain, "恢复项目", "lets a suspended project go on"),
     OPTIONS(OPTION_VERSION("project show"), OPTION_REASON(DEMANDED))},
    {STEP("terminate", project_terminate, "终止项目", "ends a project for good"), .final = true,
     OPTIONS(OPTION_VERSION("project show"), OPTION_REASON(DEMANDED),
             {"fraud", VALUE_FLAG, .zh = "因造假，所占名额不退还", .en = "for fraud: places stay taken"}),
     .notes_zh = "已拨付的须退回", .notes_en = "what was paid is to be given back"},
    {STEP("recover", project_recover, "登记退回的项目款", "records money that came back"),
     OPTIONS(OPTION_VERSION("project show"),
             {"tranche", VALUE_ID, NEEDED, .zh = "项目款编号，见 project tranches",
              .en = "the tranche's id, as project tranches has it"},
             {"amount", VALUE_YUAN, NEEDED, .zh = "金额（元）", .en = "yuan"}, OPTION_REASON(DEMANDED))},
    {.noun = "project",
     .verb = "strike",
     .run = project_strike,
     .method = "project.strike",
     .zh = "核减一名人员",
     .en = "takes a head out of those that count",
     ARGUMENTS(ARGUMENT_PROJECT),
     OPTIONS(OPTION_VERSION("project show"), OPTION_CLASS(NEEDED), OPTION_SEAT, OPTION_REASON(NEEDED),
             {"deduction", VALUE_WORD, .value = "WHY", .table = WORD_DEDUCTION, .zh = "核减原因，默认其他",
              .en = "the kind of deduction, by default other"},
             {"fraud", VALUE_FLAG, .zh = "因造假，所占名额不退还", .en = "for fraud: its places stay taken"}),
     .notes_zh = "结算后由复核人办理；为其拨付的须退回",
     .notes_en = "once the project is settled an approver does; what was paid for it is to be given back"},
    {.noun = "project",
     .verb = "count",
     .run = project_count,
     .method = "project.count",
     .zh = "恢复计入一名被核减的人员",
     .en = "counts a head again",
     ARGUMENTS(ARGUMENT_PROJECT),
     OPTIONS(OPTION_VERSION("project show"), OPTION_CLASS(NEEDED), OPTION_SEAT, OPTION_REASON(NEEDED))},
};
const struct commands project_commands = {commands, sizeof(commands) / sizeof(*commands)};
