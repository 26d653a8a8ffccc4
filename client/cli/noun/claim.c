/* SPDX-License-Identifier: Apache-2.0 */
/* Claims: submitted, decided one by one or from a file. */
#include "proto/claim.pb-c.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/holder.h"
#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/cell.h"

enum { YES = 1, REASON_TEXT = 1024, VERSION_MOST = 100000000, METHOD = 32, DECISIONS_MOST = 2000 };

#define CERTIFICATE_HEADERS "证书编号", "证书号码", "证书号", "certificatenumber"

/* ---- submit ---- */

enum { FIELD_NUMBER = HOLDER_FIELDS, FIELD_PROXY, FIELD_NO_FEE, FIELD_LINES };

static const struct form_field submit_fields[] = {
    HOLDER_FORM_FIELDS(FORM_OPTIONAL),
    [FIELD_NUMBER] =
        {"certificate_number", "证书编号", "certificate number", {CERTIFICATE_HEADERS}, FORM_NEEDED},
    [FIELD_PROXY] = {"proxy_reference",
                     "代领协议编号",
                     "proxy agreement",
                     {"代领协议编号", "代领协议", "协议编号", "proxyreference", "proxyagreement"},
                     FORM_OPTIONAL},
    [FIELD_NO_FEE] =
        {"no_fee", "未收取费用", "no fee", {"未收取费用", "未收费", "未收费声明", "nofee"}, FORM_OPTIONAL},
    [FIELD_LINES] =
        {"line", "补贴项目", "subsidies", {"补贴项目", "申领项目", "line", "subsidies"}, FORM_OPTIONAL},
};
const struct form claim_form = {.noun = "claim",
                                .fields = submit_fields,
                                .n = sizeof(submit_fields) / sizeof(*submit_fields),
                                .needed = {FIELD_NUMBER, FIELD_NUMBER}};

static bool submit_read(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__ClaimRow *row = read->message;
    size_t i = read->i;
    const char *line = form_file_cell(file, i, FIELD_LINES), *no_fee = form_file_cell(file, i, FIELD_NO_FEE);
    int fee = word_number(WORD_YES, no_fee);
    struct holder holder;
    (void) context;
    row->certificate_number = form_file_cell(file, i, FIELD_NUMBER);
    bool good = row->certificate_number != NULL ||
                rows_refuse(judgement, REASON_CERTIFICATE_NUMBER, "certificate_number");
    holder_read(file, i, &holder);
    HOLDER_FILL(row, &holder);
    row->proxy_reference = form_file_cell(file, i, FIELD_PROXY);
    row->has_no_fee = true;
    row->no_fee = fee == YES;
    if (no_fee != NULL && fee == 0)
        good = good && rows_refuse(judgement, REASON_YES_CELL, "no_fee");
    row->line = read->text;
    if (line != NULL) {
        row->line[row->n_line++] = (Mingce__V1__SubsidyLine) word_number(WORD_SUBSIDY_LINE, line);
        good = good && (row->line[0] != 0 || rows_refuse(judgement, REASON_LINE_UNKNOWN, "line"));
    }
    return good;
}

static const struct row_form claim_rows = {&claim_form, sizeof(Mingce__V1__SubsidyLine), submit_read};

static int claim_submit(struct cli *cli, int argc, char **argv)
{
    const char *path, *route = NULL, *rejects = NULL;
    bool dry_run = false;
    Mingce__V1__ClaimSubmitRequest request = MINGCE__V1__CLAIM_SUBMIT_REQUEST__INIT;
    const struct cli_option options[] = {
        {"route", &route, NULL}, {"rejects", &rejects, NULL}, {"dry-run", NULL, &dry_run}};
    struct rows_import import = {.method = "claim.submit", .rows = &claim_rows, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, 3, &path, 1) || cli_same_file(cli, path, rejects))
        return CLI_USAGE;
    int number = route == NULL ? MINGCE__V1__CLAIM_ROUTE__ROUTE_INSTITUTION
                               : word_option(cli, "--route", WORD_ROUTE, 1, 0, route);
    if (number == 0)
        return CLI_USAGE;
    request.route = (Mingce__V1__ClaimRoute) number;
    request.has_dry_run = dry_run;
    request.dry_run = import.dry_run = dry_run;
    import.tell = dry_run ? TELL_COULD : TELL_RECORDED;
    return rows_import(cli, &import, path, rejects);
}

/* ---- steps ---- */

/* The options of every step. False: it has been said what is wrong. */
struct step {
    Mingce__V1__ClaimDecideRequest request;
    char reason[REASON_TEXT];
    Mingce__V1__SubsidyLine line;
};

static bool step_read(const struct cli *cli, struct step *step, const char *reason, const char *line,
                      bool fraud)
{
    step->request = (Mingce__V1__ClaimDecideRequest) MINGCE__V1__CLAIM_DECIDE_REQUEST__INIT;
    step->request.reason = cli_copy(step->reason, sizeof(step->reason), reason);
    step->request.has_fraud = fraud;
    step->request.fraud = fraud;
    if (line == NULL)
        return true;
    step->line = (Mingce__V1__SubsidyLine) word_option(cli, "--line", WORD_SUBSIDY_LINE, 1, 0, line);
    step->request.line = &step->line;
    step->request.n_line = 1;
    return step->line != 0;
}

/* argv[0] is the step, the method's last word. */
static int claim_step(struct cli *cli, int argc, char **argv)
{
    const char *text, *version = NULL, *reason = NULL, *line = NULL;
    bool fraud = false;
    char method[METHOD];
    uint8_t id[HEX_ID];
    uint64_t number;
    struct step step;
    Mingce__V1__ClaimDecision row = MINGCE__V1__CLAIM_DECISION__INIT, *list[] = {&row};
    const struct cli_option options[] = {{"version", &version, NULL},
                                         {"reason", &reason, NULL},
                                         {"line", &line, NULL},
                                         {"fraud", NULL, &fraud}};
    snprintf(method, sizeof(method), "claim.%s", argv[0]);
    if (!cli_options(cli, argc, argv, options, 4, &text, 1) || !cli_required(cli, options, 1) ||
        !hex_parse(cli, "CLAIM", text, id, sizeof(id)) ||
        !cli_number(cli, "--version", version, 1, INT32_MAX, &number) ||
        !step_read(cli, &step, reason, line, fraud))
        return CLI_USAGE;
    row.row = 1;
    row.claim_id = (ProtobufCBinaryData){sizeof(id), id};
    row.version = (uint32_t) number;
    step.request.row = list;
    step.request.n_row = 1;
    return rows_one(cli, method, &step.request.base);
}

enum { FIELD_CLAIM, FIELD_VERSION, FIELD_CERTIFICATE, FIELD_NAME };
static const struct form_field decide_fields[] = {
    [FIELD_CLAIM] = {"claim_id", "申领编号", "claim", {"申领编号", "claimid", "claim"}, FORM_NEEDED},
    [FIELD_VERSION] = {"version", "版本", "version", {"版本", "version"}, FORM_NEEDED},
    [FIELD_CERTIFICATE] =
        {"certificate_number", "证书编号", "certificate number", {CERTIFICATE_HEADERS}, FORM_OPTIONAL},
    [FIELD_NAME] =
        {"name", "姓名", "name", {"姓名", "学员姓名", "持证人姓名", "持证人", "name"}, FORM_OPTIONAL},
};
const struct form decision_form = {.noun = "decision",
                                   .fields = decide_fields,
                                   .n = sizeof(decide_fields) / sizeof(*decide_fields),
                                   .needed = {FIELD_CLAIM, FIELD_VERSION}};

static bool decide_read(void *context, struct row *read)
{
    Mingce__V1__ClaimDecision *row = read->message;
    (void) context;
    row->claim_id = (ProtobufCBinaryData){HEX_ID, read->text};
    row->certificate_number = form_file_said(read->file, read->i, FIELD_CERTIFICATE);
    row->name = form_file_said(read->file, read->i, FIELD_NAME);
    return rows_id(read->file, read->i, FIELD_CLAIM, read->text, read->judgement) &&
           rows_whole(read->file, read->i, FIELD_VERSION, VERSION_MOST, &row->version, read->judgement);
}

static const struct row_form decision_rows = {&decision_form, HEX_ID, decide_read};

static int claim_decide(struct cli *cli, int argc, char **argv)
{
    const char *words[2], *reason = NULL, *line = NULL, *rejects = NULL;
    bool fraud = false;
    char method[METHOD];
    struct step step;
    const struct cli_option options[] = {{"reason", &reason, NULL},
                                         {"line", &line, NULL},
                                         {"rejects", &rejects, NULL},
                                         {"fraud", NULL, &fraud}};
    const struct rows_import import = {.method = method,
                                       .rows = &decision_rows,
                                       .request = &step.request.base,
                                       .tell = TELL_STEPPED,
                                       .most = DECISIONS_MOST};
    if (!cli_options(cli, argc, argv, options, 4, words, 2) || cli_same_file(cli, words[1], rejects) ||
        !step_read(cli, &step, reason, line, fraud))
        return CLI_USAGE;
    int action =
        word_option(cli, "STEP", WORD_CLAIM_ACTION, MINGCE__V1__CLAIM_ACTION__CLAIM_SUBMIT + 1, 0, words[0]);
    if (action == 0)
        return CLI_USAGE;
    snprintf(method, sizeof(method), "claim.%s", word_stable(WORD_CLAIM_ACTION, action));
    return rows_import(cli, &import, words[1], rejects);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"claim",
     "submit",
     claim_submit,
     "提交补贴申领",
     "submits subsidy claims",
     "claim submit FILE.csv [--route institution|employer|person] [--dry-run] [--rejects FILE]\n",
     "  代领协议编号、未收取费用（填“是”）：机构代领时须填；补贴项目空白为全部适用（mingce code list "
     "lines）\n"
     "  --route    institution 机构代领（默认），employer 企业申领，person 个人申领\n"
     "  --dry-run  只列出全部问题，不提交；每行计为一次查看\n" REJECTS_ZH,
     "  proxy agreement and no fee (yes): needed where an institution claims; subsidies: blank for all that "
     "apply\n"
     "  --route    by default institution\n"
     "  --dry-run  only says every reason, submits nothing; each row is a look\n" REJECTS_EN,
     {&claim_form}},
    {"claim",
     "decide",
     claim_decide,
     "按文件办理多项申领",
     "takes a step with every claim of a file",
     "claim decide STEP FILE.csv [--reason TEXT] [--line training|assessment|living] [--fraud] [--rejects "
     "FILE]\n",
     "  STEP  受理 退回 再提交 初审 公示 异议 核准 不予核准 拨付 撤回 暂停 恢复 追回，或 accept 等（mingce "
     "code list steps）\n"
     "  证书编号、姓名有则须与申领相符\n" REJECTS_ZH,
     "  STEP  accept return resubmit review publicise object approve reject pay withdraw suspend resume "
     "claw-back\n"
     "  a certificate number or a name must agree with the claim\n" REJECTS_EN,
     {&decision_form}},
    {"claim",
     "accept",
     claim_step,
     "受理一项申领",
     "accepts a claim",
     "claim accept CLAIM --version N [--reason TEXT]\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "return",
     claim_step,
     "退回补正",
     "returns it to be mended",
     "claim return CLAIM --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "resubmit",
     claim_step,
     "补正后再提交",
     "submits it again",
     "claim resubmit CLAIM --version N [--reason TEXT]\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "review",
     claim_step,
     "初审",
     "reviews it",
     "claim review CLAIM --version N [--reason TEXT]\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "publicise",
     claim_step,
     "公示",
     "publicises it",
     "claim publicise CLAIM --version N [--reason TEXT]\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "object",
     claim_step,
     "登记异议",
     "enters an objection, which suspends it",
     "claim object CLAIM --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "approve",
     claim_step,
     "核准",
     "approves it",
     "claim approve CLAIM --version N [--reason TEXT]\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "reject",
     claim_step,
     "不予核准",
     "rejects it",
     "claim reject CLAIM --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "pay",
     claim_step,
     "拨付，--reason 为支付凭证号",
     "pays it; --reason is the payment's reference",
     "claim pay CLAIM --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "withdraw",
     claim_step,
     "撤回",
     "withdraws it",
     "claim withdraw CLAIM --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "suspend",
     claim_step,
     "暂停调查",
     "suspends it for an inquiry",
     "claim suspend CLAIM --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "resume",
     claim_step,
     "恢复办理",
     "resumes it",
     "claim resume CLAIM --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"claim",
     "claw-back",
     claim_step,
     "追回已拨付的补贴",
     "claws back what was paid",
     "claim claw-back CLAIM --version N --reason TEXT [--line training|assessment|living] [--fraud]\n",
     NULL,
     NULL,
     {NULL}},
};
const struct commands claim_commands = {commands, sizeof(commands) / sizeof(*commands)};
