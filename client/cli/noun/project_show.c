/* SPDX-License-Identifier: Apache-2.0 */
/* Projects as they stand: lists, one with its story, its heads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/project.pb-c.h"

/* ---- list ---- */

static const struct shown columns[] = {
    {"project_id", "项目编号", "project", .as = AS_ID},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_PROJECT_STATE},
    {"name", "项目", "name", .as = AS_TEXT},
    {"organisation", "培训机构", "institution", .as = AS_TEXT, .field = "organisation_name"},
    {"counted", "核准人数", "heads that count", .as = AS_NUMBER},
    {"total_fen", "补贴（元）", "subsidy (yuan)", .as = AS_MONEY},
    {"paid_fen", "已拨（元）", "paid (yuan)", .as = AS_MONEY},
    {"recover_fen", "应退（元）", "to be given back (yuan)", .as = AS_MONEY},
    {"ends_on", "结束", "ends", .as = AS_TEXT},
    {"closes_on", "核验截止", "closes", .as = AS_TEXT},
    {"division", "区划", "division", .as = AS_TEXT},
};
static const struct show list = SHOW(columns);

static int project_list(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectListRequest request = MINGCE__V1__PROJECT_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "project.list", .show = &list, .request = &request.base};
    request.division = given_text(given, "division");
    request.organisation_code = given_text(given, "organisation");
    request.has_state = given_has(given, "state");
    request.state = (Mingce__V1__ProjectState) given_word(given, "state");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- show ---- */

static const struct shown head_columns[] = {
    {"project_id", "项目编号", "project", .as = AS_ID},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_PROJECT_STATE},
    {"name", "项目", "name", .as = AS_TEXT},
    {"department", "责任部门", "department", .as = AS_TEXT},
    {"occupation", "职业", "occupation", .as = AS_TEXT, .field = "occupation_name"},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"organisation", "培训机构", "institution", .as = AS_TEXT, .field = "organisation_name"},
    {"contract_number", "合同编号", "contract", .as = AS_TEXT},
    {"pay_mode", "拨付方式", "paid", .as = AS_WORD, .words = WORD_PAY_MODE},
    {"planned_heads", "计划人数", "planned heads", .as = AS_NUMBER},
    {"enrolled", "参训人数", "took part", .as = AS_NUMBER},
    {"completed", "结业人数", "completed", .as = AS_NUMBER},
    {"counted", "核准人数", "heads that count", .as = AS_NUMBER},
    {"unit_fen", "每人（元）", "a head (yuan)", .as = AS_MONEY},
    {"total_fen", "补贴（元）", "subsidy (yuan)", .as = AS_MONEY},
    {"entitled_percent", "可拨比例（%）", "reached (percent)", .as = AS_NUMBER},
    {"granted_fen", "已申请（元）", "asked for (yuan)", .as = AS_MONEY},
    {"paid_fen", "已拨（元）", "paid (yuan)", .as = AS_MONEY},
    {"recover_fen", "应退（元）", "to be given back (yuan)", .as = AS_MONEY},
    {"recovered_fen", "已退（元）", "came back (yuan)", .as = AS_MONEY},
    {"starts_on", "开始", "starts", .as = AS_TEXT},
    {"ends_on", "结束", "ends", .as = AS_TEXT},
    {"closes_on", "核验截止", "closes", .as = AS_TEXT},
};
static const struct shown tier_columns[] = {
    {"metric", "指标", "by", .as = AS_WORD, .words = WORD_TIER},
    {"threshold", "门槛（%）", "from (percent)", .as = AS_NUMBER},
    {"pay_percent", "拨付（%）", "pays (percent)", .as = AS_NUMBER},
};
static const struct shown class_columns[] = {
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_STATE},
    {"enrolled", "人数", "trainees", .as = AS_NUMBER},
    {"ends_on", "结束", "ends", .as = AS_TEXT},
};
static const struct shown deduction_columns[] = {
    {"deduction", "核减原因", "deduction", .as = AS_WORD, .words = WORD_DEDUCTION},
    {"heads", "人数", "heads", .as = AS_NUMBER},
};
static const struct shown run_columns[] = {
    {"run", "次", "run", .as = AS_NUMBER},
    {"as_of", "数据日期", "as of", .as = AS_TEXT},
    {"employed", "就业人数", "employed", .as = AS_NUMBER},
    {"measured", "分母", "of", .as = AS_NUMBER},
    {"pay_percent", "可拨比例（%）", "reaches (percent)", .as = AS_NUMBER},
    {"due_fen", "应拨（元）", "due (yuan)", .as = AS_MONEY},
    {"concentrated", "集中单位数", "concentrated employers", .as = AS_NUMBER},
    {"by", "核验人", "by", .as = AS_TEXT, .field = "operator_name"},
    {"at", "时间", "at", .as = AS_TIME},
};
static const struct shown ledger_columns[] = {
    {"kind", "款项", "tranche", .as = AS_WORD, .words = WORD_TRANCHE},
    {"division", "账本区划", "account of", .as = AS_TEXT},
    {"source", "资金来源", "source", .as = AS_WORD, .words = WORD_FUND_SOURCE},
    {"year", "账本年度", "year", .as = AS_NUMBER},
    {"fen", "金额（元）", "yuan", .as = AS_MONEY},
};
/* What an inspection has found. */
static void inspected_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__ProjectStep *step = (const Mingce__V1__ProjectStep *) message;
    if (step->has_fine && step->action == MINGCE__V1__PROJECT_ACTION__PROJECT_INSPECT)
        table_cell(table, step->fine ? cli_say(cli, "合格", "in order") : cli_say(cli, "不合格", "faulty"),
                   json_object_new_boolean(step->fine));
    else
        table_text(table, NULL);
}

static const struct shown step_columns[] = {
    {"version", "版本", "version", .as = AS_NUMBER},
    {"action", "环节", "step", .as = AS_WORD, .words = WORD_PROJECT_ACTION},
    {"by", "办理人", "by", .as = AS_TEXT, .field = "operator_name"},
    {"organisation", "单位", "of", .as = AS_TEXT, .field = "organisation_name"},
    {"at", "时间", "at", .as = AS_TIME},
    {"held_on", "检查日期", "inspected", .as = AS_TEXT},
    {"passed", "检查结果", "found", .as = AS_CELL, .cell = inspected_cell},
    {"reason", "理由", "why", .as = AS_TEXT},
    {"fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"tranche_id", "项目款编号", "tranche", .as = AS_ID},
};
static const struct part parts[] = {
    {"project", "project", NULL, NULL, SHOW(head_columns), .record = true},
    {"tier", "tier", "拨付档次", "tiers", SHOW(tier_columns), .record = false},
    {"class", "class", "班级", "classes", SHOW(class_columns), .record = false},
    {"deduction", "deduction", "核减", "deductions", SHOW(deduction_columns), .record = false},
    {"run", "run", "就业核验", "verifications", SHOW(run_columns), .record = false},
    {"ledger", "ledger", "列支账户", "ledgers that pay", SHOW(ledger_columns), .record = false},
    {"step", "step", "办理过程", "steps", SHOW(step_columns), .record = false},
};

/* Adds the earlier steps, a page after the other, to those that came first. */
static int steps_gather(const struct cli *cli, Mingce__V1__ProjectShowRequest *request,
                        Mingce__V1__ProjectShowResponse *response)
{
    int status = CLI_OK;
    while (status == CLI_OK && response->has_next) {
        request->has_before = true;
        request->before = response->next;
        Mingce__V1__ProjectShowResponse *more =
            (Mingce__V1__ProjectShowResponse *) cli_call(cli, "project.show", &request->base, &status);
        if (more == NULL)
            return status;
        void *room = realloc(response->step, (response->n_step + more->n_step) * sizeof(*response->step));
        if (room == NULL) {
            status = cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
        } else {
            response->step = room;
            memcpy(response->step + response->n_step, more->step, more->n_step * sizeof(*more->step));
            response->n_step += more->n_step;
            more->n_step = 0; /* they are the first response's now */
            response->has_next = more->has_next;
            response->next = more->next;
        }
        mingce__v1__project_show_response__free_unpacked(more, NULL);
    }
    return status;
}

static int project_show(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectShowRequest request = MINGCE__V1__PROJECT_SHOW_REQUEST__INIT;
    int status = cli_connect(cli);
    request.project_id = given_id(given, "PROJECT");
    if (status != CLI_OK)
        return status;
    Mingce__V1__ProjectShowResponse *response =
        (Mingce__V1__ProjectShowResponse *) cli_call(cli, "project.show", &request.base, &status);
    if (response == NULL)
        return status;
    status = steps_gather(cli, &request, response);
    if (status == CLI_OK) {
        parts_print(cli, parts, sizeof(parts) / sizeof(*parts), &response->base);
        if (response->remark != NULL && !cli->json)
            puts(response->remark);
    }
    mingce__v1__project_show_response__free_unpacked(response, NULL);
    return status;
}

/* ---- heads ---- */

static const struct shown heads_columns[] = {
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"seat", "座号", "seat", .as = AS_NUMBER},
    {"result", "结果", "result", .as = AS_WORD, .words = WORD_RESULT},
    {"deduction", "核减原因", "deduction", .as = AS_WORD, .words = WORD_DEDUCTION},
    {"reason", "说明", "why", .as = AS_TEXT},
    {"share_fen", "补贴（元）", "share (yuan)", .as = AS_MONEY},
    {"run", "核验次数", "run", .as = AS_NUMBER},
    {"event_on", "就业日期", "employed since", .as = AS_TEXT},
    {"unmet", "未计就业的原因", "why not employed", .as = AS_WORD, .words = WORD_UNMET},
};
static const struct show heads = SHOW(heads_columns);

static int project_heads(struct cli *cli, struct given *given)
{
    Mingce__V1__ProjectHeadListRequest request = MINGCE__V1__PROJECT_HEAD_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "project.heads", .show = &heads, .request = &request.base};
    request.project_id = given_id(given, "PROJECT");
    request.has_counted = given_has(given, "deducted");
    request.counted = false;
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "project",
     .verb = "list",
     .run = project_list,
     .method = "project.list",
     .zh = "项目一览，新的在前",
     .en = "projects, newest first",
     OPTIONS(OPTION_DIVISION(OPTIONAL, "某区划的，6位代码", "those of a division, a code of 6 digits"),
             OPTION_ORGANISATION,
             {"state", VALUE_WORD, .value = "STATE", .table = WORD_PROJECT_STATE, .zh = "某一状态的",
              .en = "those in a state"},
             OPTIONS_LIST)},
    {.noun = "project",
     .verb = "show",
     .run = project_show,
     .method = "project.show",
     .zh = "一个项目的全部情况",
     .en = "one project with its story",
     ARGUMENTS(ARGUMENT_PROJECT)},
    {.noun = "project",
     .verb = "heads",
     .run = project_heads,
     .method = "project.heads",
     .zh = "项目人员，按班级和座号",
     .en = "the heads of a project, by class and seat",
     ARGUMENTS(ARGUMENT_PROJECT),
     OPTIONS({"deducted", VALUE_FLAG, .zh = "只列核减的", .en = "only those that do not count"},
             OPTIONS_LIST)},
};
const struct commands project_show_commands = {commands, sizeof(commands) / sizeof(*commands)};
