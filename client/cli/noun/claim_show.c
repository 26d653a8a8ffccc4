/* SPDX-License-Identifier: Apache-2.0 */
/* Claims as they stand: lists, the queue, what is publicised, a claim's whole story. */
#include "client/cli/command/due.h"
#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/claim.pb-c.h"

static void due_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Claim *claim = (const Mingce__V1__Claim *) message;
    counted_cell(table, cli, claim->due_on, claim->known_until);
}

static void publicity_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Claim *claim = (const Mingce__V1__Claim *) message;
    counted_cell(table, cli, claim->publicity_until, claim->known_until);
}

static void overdue_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    late_cell(table, cli, ((const Mingce__V1__Claim *) message)->overdue);
}

static const struct shown columns[] = {
    {"claim_id", "申领编号", "claim", .as = AS_ID},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CLAIM_STATE},
    {"due_on", "应办日期", "due", .as = AS_CELL, .cell = due_cell},
    {"overdue", "超期", "overdue", .as = AS_CELL, .cell = overdue_cell},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"name", "姓名", "name", .as = AS_TEXT},
    {"certificate_number", "证书编号", "certificate number", .as = AS_TEXT},
    {"organisation", "申领单位", "claimed by", .as = AS_TEXT, .field = "organisation_name"},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"occupation", "职业", "occupation", .as = AS_TEXT, .field = "occupation_name"},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"submitted_at", "提交时间", "submitted", .as = AS_TIME},
};
static const struct show list = SHOW(columns);

/* ---- list ---- */

static int claim_list(struct cli *cli, struct given *given)
{
    Mingce__V1__ClaimListRequest request = MINGCE__V1__CLAIM_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "claim.list", .show = &list, .request = &request.base};
    request.organisation_code = given_text(given, "organisation");
    request.has_class_number = given_has(given, "class");
    request.class_number = given_number(given, "class");
    request.has_state = given_has(given, "state");
    request.state = (Mingce__V1__ClaimState) given_word(given, "state");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- queue ---- */

static int claim_queue(struct cli *cli, struct given *given)
{
    Mingce__V1__ClaimQueueRequest request = MINGCE__V1__CLAIM_QUEUE_REQUEST__INIT;
    const struct pages pages = {.method = "claim.queue", .show = &list, .request = &request.base};
    request.state = (Mingce__V1__ClaimState) given_word(given, "state");
    request.organisation_code = given_text(given, "organisation");
    request.has_class_number = given_has(given, "class");
    request.class_number = given_number(given, "class");
    request.has_least_fen = given_has(given, "least");
    request.least_fen = given_fen(given, "least");
    request.has_most_fen = given_has(given, "most");
    request.most_fen = given_fen(given, "most");
    request.has_overdue = request.overdue = given_has(given, "overdue");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- publicised ---- */

static const struct shown public_columns[] = {
    {"name", "姓名", "name", .as = AS_TEXT},
    {"organisation", "申领单位", "claimed by", .as = AS_TEXT, .field = "organisation_name"},
    {"occupation", "职业", "occupation", .as = AS_TEXT, .field = "occupation_name"},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"group", "人员类别", "group", .as = AS_TEXT, .field = "group_name"},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"publicity_until", "公示至", "until", .as = AS_CELL, .cell = publicity_cell},
    {"claim_id", "申领编号", "claim", .as = AS_ID},
};
static const struct show publicised = SHOW(public_columns);

static int claim_public(struct cli *cli, struct given *given)
{
    Mingce__V1__ClaimPublicRequest request = MINGCE__V1__CLAIM_PUBLIC_REQUEST__INIT;
    const struct pages pages = {.method = "claim.public", .show = &publicised, .request = &request.base};
    request.division = given_text(given, "division");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- the whole story ---- */

/* Why a claim is not paid yet, and who is to act. */
static const char *move_of(const struct cli *cli, Mingce__V1__ClaimState state)
{
    switch (state) {
    case MINGCE__V1__CLAIM_STATE__CLAIM_SUBMITTED:
        return cli_say(cli, "主管部门初审人受理", "a reviewer of the bureau accepts or returns it");
    case MINGCE__V1__CLAIM_STATE__CLAIM_ACCEPTED:
        return cli_say(cli, "主管部门初审人审核", "a reviewer of the bureau reviews it");
    case MINGCE__V1__CLAIM_STATE__CLAIM_RETURNED:
        return cli_say(cli, "申领单位补正后再提交", "who claims mends it and submits it again");
    case MINGCE__V1__CLAIM_STATE__CLAIM_REVIEWED:
        return cli_say(cli, "主管部门公示", "the bureau publicises it");
    case MINGCE__V1__CLAIM_STATE__CLAIM_PUBLICISED:
        return cli_say(cli, "公示期满后复核人核准", "an approver approves it when publicity is over");
    case MINGCE__V1__CLAIM_STATE__CLAIM_APPROVED:
        return cli_say(cli, "拨付人拨付，或列入支付批次", "a payer pays it, or puts it into a batch");
    case MINGCE__V1__CLAIM_STATE__CLAIM_IN_BATCH:
        return cli_say(cli, "另一拨付人把批次送银行", "another payer sends its batch to the bank");
    case MINGCE__V1__CLAIM_STATE__CLAIM_SENT:
        return cli_say(cli, "银行答复", "the bank answers");
    case MINGCE__V1__CLAIM_STATE__CLAIM_SUSPENDED:
        return cli_say(cli, "主管部门调查后恢复或不予核准",
                       "the bureau resumes or rejects it after the inquiry");
    default:
        return cli_say(cli, "已办结", "none: it is closed");
    }
}

static void move_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    table_text(table, move_of(cli, ((const Mingce__V1__Claim *) message)->state));
}

static void fault_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__ClaimStep *step = (const Mingce__V1__ClaimStep *) message;
    if (step->has_fraud)
        table_cell(table, step->fraud ? cli_say(cli, "骗取", "fraud") : cli_say(cli, "差错", "error"),
                   json_object_new_string(step->fraud ? "fraud" : "error"));
    else
        table_text(table, NULL);
}

static const struct shown claim_columns[] = {
    {"claim_id", "申领编号", "claim", .as = AS_ID},
    {"name", "姓名", "name", .as = AS_TEXT},
    {"document_number", "证件号码", "document number", .as = AS_TEXT},
    {"certificate_number", "证书编号", "certificate number", .as = AS_TEXT},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CLAIM_STATE},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"organisation", "申领单位", "claimed by", .as = AS_TEXT, .field = "organisation_name"},
    {"route", "途径", "route", .as = AS_WORD, .words = WORD_ROUTE},
    {"occupation", "职业", "occupation", .as = AS_TEXT, .field = "occupation_name"},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"group", "人员类别", "group", .as = AS_TEXT, .field = "group_name"},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"clawed_fen", "已追回（元）", "clawed back, yuan", .as = AS_MONEY},
    {"submitted_at", "提交时间", "submitted", .as = AS_TIME},
    {"publicity_until", "公示至", "publicity until", .as = AS_CELL, .cell = publicity_cell},
    {"due_on", "应办日期", "due", .as = AS_CELL, .cell = due_cell},
    {"move", "下一步", "whose move", .as = AS_CELL, .cell = move_cell},
};
static void chosen_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    bool kept = ((const Mingce__V1__ClaimRating *) message)->as_approved;
    table_cell(table,
               kept ? cli_say(cli, "班级批准时留存的", "those that the class kept when it was approved")
                    : cli_say(cli, "当日有效的", "those in force on the day"),
               json_object_new_boolean(kept));
}

static void renewal_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    word_cell(table, cli, WORD_RENEWAL,
              ((const Mingce__V1__ClaimRating *) message)->renewal ? RENEWAL : FIRST);
}

static const struct shown rating_columns[] = {
    {"rated_on", "标准适用日期", "standards of", .as = AS_TEXT},
    {"as_approved", "标准范围", "chosen among", .as = AS_CELL, .cell = chosen_cell},
    {"mode", "培训方式", "mode", .as = AS_WORD, .words = WORD_MODE},
    {"demand_grade", "需求程度", "demand grade", .as = AS_WORD, .words = WORD_DEMAND_GRADE},
    {"renewal", "首次或复审", "first or renewal", .as = AS_CELL, .cell = renewal_cell},
};
static const struct shown amount_columns[] = {
    {"line", "补贴项目", "subsidy", .as = AS_WORD, .words = WORD_SUBSIDY_LINE},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"rate_fen", "标准（元）", "rate, yuan", .as = AS_MONEY},
    {"days", "天数", "days", .as = AS_NUMBER},
    {"hours", "课时", "class hours", .as = AS_NUMBER},
    {"percent", "计发比例（%）", "percent", .as = AS_NUMBER},
    {"cap_fen", "封顶（元）", "cap, yuan", .as = AS_MONEY},
    {"clawed_fen", "已追回（元）", "clawed back, yuan", .as = AS_MONEY},
    {"citation", "文件依据", "citation", .as = AS_TEXT},
    {"division", "地区", "division", .as = AS_TEXT},
    {"valid_from", "生效", "from", .as = AS_TEXT},
    {"standard_id", "标准编号", "standard", .as = AS_ID},
    {"ledger_id", "列支账本", "ledger", .as = AS_NUMBER},
    {"ledger_division", "账本区划", "of", .as = AS_TEXT},
    {"ledger_source", "资金来源", "source", .as = AS_WORD, .words = WORD_FUND_SOURCE},
    {"ledger_year", "账本年度", "year", .as = AS_NUMBER},
};
static const struct shown step_columns[] = {
    {"at", "时间", "when", .as = AS_TIME},
    {"action", "步骤", "step", .as = AS_WORD, .words = WORD_CLAIM_ACTION},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CLAIM_STATE},
    {"operator", "经办人", "who", .as = AS_TEXT, .field = "operator_name"},
    {"organisation", "单位", "of", .as = AS_TEXT, .field = "organisation_name"},
    {"reason", "理由", "why", .as = AS_TEXT},
    {"fault", "追回原因", "fault", .as = AS_CELL, .cell = fault_cell},
};
static const struct shown fact_columns[] = {
    {"fact", "核验事项", "asked", .as = AS_WORD, .words = WORD_FACT},
    {"answer", "答复", "answer", .as = AS_WORD, .words = WORD_ANSWER},
    {"source", "来源", "source", .as = AS_TEXT},
    {"as_of", "截至", "as of", .as = AS_TEXT},
    {"asked_of", "计算日", "asked of", .as = AS_TEXT},
};
static const struct shown obstacle_columns[] = OBSTACLE_COLUMNS("原因", "why");

static const struct part story[] = {
    {"claim", "claim", NULL, NULL, .show = SHOW(claim_columns), .record = true},
    {"amount", "amount", "金额及其依据", "amounts, and what gave them", .show = SHOW(amount_columns),
     .always = true},
    {"rating", "rating", "标准的确定", "how the standards were chosen", .show = SHOW(rating_columns),
     .record = true},
    {"step", "step", "经过", "what happened", .show = SHOW(step_columns), .always = true},
    {"fact", "fact", "联网核查", "asked of others", .show = SHOW(fact_columns)},
    {"obstacle", "obstacle", "尚不能核准的原因；已支付的，应追回的原因",
     "in the way of approval; once paid, why to claw back", .show = SHOW(obstacle_columns)},
};

static int claim_show(struct cli *cli, struct given *given)
{
    Mingce__V1__ClaimShowRequest request = MINGCE__V1__CLAIM_SHOW_REQUEST__INIT;
    int status;
    request.claim_id = given_id(given, "CLAIM");
    ProtobufCMessage *answer = cli_answer(cli, "claim.show", &request.base, &status);
    if (answer == NULL)
        return status;
    parts_print(cli, story, sizeof(story) / sizeof(*story), answer);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "claim",
     .verb = "list",
     .run = claim_list,
     .method = "claim.list",
     .zh = "申领列表，新的在前",
     .en = "lists claims, newest first",
     OPTIONS({"state", VALUE_WORD, .value = "STATE", .table = WORD_CLAIM_STATE, .list = "states",
              .zh = "申领状态", .en = "those in a state"},
             OPTION_ORGANISATION, OPTION_CLASS(OPTIONAL), OPTIONS_LIST)},
    {.noun = "claim",
     .verb = "queue",
     .run = claim_queue,
     .method = "claim.queue",
     .zh = "待办申领，最急的在前",
     .en = "what waits, the longest due first",
     OPTIONS({"state", VALUE_WORD, .value = "STATE", .table = WORD_CLAIM_STATE, .list = "states",
              .otherwise = "submitted", .zh = "申领状态", .en = "the state in which they wait"},
             OPTION_OVERDUE, OPTION_ORGANISATION, OPTION_CLASS(OPTIONAL),
             {"least", VALUE_YUAN, .zh = "金额不少于，以元计", .en = "of at least that amount, in yuan"},
             {"most", VALUE_YUAN, .zh = "金额不多于，以元计", .en = "of at most that amount, in yuan"},
             OPTIONS_LIST),
     .example_zh = "claim queue --state 已受理 --output 办理.csv",
     .example_en = "claim queue --state accepted --output decisions.csv"},
    {.noun = "claim",
     .verb = "public",
     .run = claim_public,
     .method = "claim.public",
     .zh = "公示名单（脱敏）",
     .en = "what is publicised, masked",
     OPTIONS(OPTION_DIVISION(NEEDED, "行政区划的6位代码", "a code of 6 digits"), OPTIONS_LIST)},
    {.noun = "claim",
     .verb = "show",
     .run = claim_show,
     .method = "claim.show",
     .zh = "一项申领的全部经过",
     .en = "the whole story of a claim",
     ARGUMENTS(ARGUMENT_CLAIM)},
};
const struct commands claim_show_commands = {commands, sizeof(commands) / sizeof(*commands)};
