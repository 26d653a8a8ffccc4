/* SPDX-License-Identifier: Apache-2.0 */
/* Claims: submitted, decided one by one or from a file. */
#include "proto/claim.pb-c.h"

#include <stdio.h>

#include "client/cli/command/given.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/holder.h"
#include "client/cli/command/import.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/bounds.h"
#include "proto/rules/cell.h"

enum { YES = 1, VERSION_MOST = 100000000, METHOD = 32 };

#define CERTIFICATE_HEADERS "证书编号", "证书号码", "证书号", "certificatenumber"

/* ---- submit ---- */

enum { FIELD_NUMBER = HOLDER_FIELDS, FIELD_PROXY, FIELD_NO_FEE, FIELD_LINES };

static const struct form_field submit_fields[] = {
    HOLDER_FORM_FIELDS(FORM_OPTIONAL, FORM_OPTIONAL),
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

static const struct row_form claim_rows = {
    .form = &claim_form, .text = sizeof(Mingce__V1__SubsidyLine), .read = submit_read};

static int claim_submit(struct cli *cli, struct given *given)
{
    bool dry_run = given_has(given, "dry-run");
    Mingce__V1__ClaimSubmitRequest request = MINGCE__V1__CLAIM_SUBMIT_REQUEST__INIT;
    const struct rows_import import = {.method = "claim.submit",
                                       .rows = &claim_rows,
                                       .request = &request.base,
                                       .dry_run = dry_run,
                                       .tell = dry_run ? TELL_COULD : TELL_RECORDED};
    request.route = (Mingce__V1__ClaimRoute) given_word(given, "route");
    request.has_dry_run = request.dry_run = dry_run;
    return rows_import(cli, &import, given);
}

/* ---- steps ---- */

struct step {
    Mingce__V1__ClaimDecideRequest request;
    Mingce__V1__SubsidyLine line;
    Mingce__V1__ClaimDecision row, *list[1]; /* what the request points to */
};

static void step_read(struct step *step, struct given *given)
{
    step->request = (Mingce__V1__ClaimDecideRequest) MINGCE__V1__CLAIM_DECIDE_REQUEST__INIT;
    step->request.reason = given_text(given, "reason");
}

/* The options of a claw-back alone. */
static void claw_back_read(struct step *step, struct given *given)
{
    step->request.has_fraud = step->request.fraud = given_has(given, "fraud");
    step->line = (Mingce__V1__SubsidyLine) given_word(given, "line");
    step->request.line = &step->line;
    step->request.n_line = given_has(given, "line");
}

static int step_take(struct cli *cli, struct given *given, struct step *step)
{
    step->row = (Mingce__V1__ClaimDecision) MINGCE__V1__CLAIM_DECISION__INIT;
    step->row.row = 1;
    step->row.claim_id = given_id(given, "CLAIM");
    step->row.version = (uint32_t) given_number(given, "version");
    step->list[0] = &step->row;
    step->request.row = step->list;
    step->request.n_row = 1;
    return rows_one(cli, given->command->method, &step->request.base);
}

static int claim_step(struct cli *cli, struct given *given)
{
    struct step step;
    step_read(&step, given);
    return step_take(cli, given, &step);
}

static int claim_claw_back(struct cli *cli, struct given *given)
{
    struct step step;
    step_read(&step, given);
    claw_back_read(&step, given);
    return step_take(cli, given, &step);
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

static const struct row_form decision_rows = {.form = &decision_form, .text = HEX_ID, .read = decide_read};

static int claim_decide(struct cli *cli, struct given *given)
{
    char method[METHOD];
    struct step step;
    const struct rows_import import = {.method = method,
                                       .rows = &decision_rows,
                                       .request = &step.request.base,
                                       .tell = TELL_STEPPED,
                                       .most = DECISIONS_MOST};
    step_read(&step, given);
    claw_back_read(&step, given);
    snprintf(method, sizeof(method), "claim.%s", word_stable(WORD_CLAIM_ACTION, given_word(given, "STEP")));
    return rows_import(cli, &import, given);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "claim",
     .verb = "submit",
     .run = claim_submit,
     .method = "claim.submit",
     .zh = "提交补贴申领",
     .en = "submits subsidy claims",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS({"route", VALUE_WORD, .value = "ROUTE", .table = WORD_ROUTE, .list = "routes",
              .otherwise = "institution", .zh = "申领途径", .en = "who claims"},
             {"dry-run", VALUE_FLAG, .zh = "只列出全部问题，不提交；每行计为一次查看",
              .en = "only says every reason, submits nothing; each row is a look"},
             OPTION_REJECTS),
     .notes_zh = "代领协议编号、未收取费用（填“是”）：机构代领时须填；补贴项目空白为全部适用（mingce code "
                 "list lines）",
     .notes_en = "proxy agreement and no fee (yes): needed where an institution claims; subsidies: blank for "
                 "all that apply",
     .reads = {&claim_form}},
    {.noun = "claim",
     .verb = "decide",
     .run = claim_decide,
     .zh = "按文件办理多项申领",
     .en = "takes a step with every claim of a file",
     ARGUMENTS({"STEP", VALUE_WORD, NEEDED, .least = MINGCE__V1__CLAIM_ACTION__CLAIM_SUBMIT + 1,
                .table = WORD_CLAIM_ACTION, .list = "steps", .zh = "申领环节", .en = "the step"},
               ARGUMENT_ROWS),
     OPTIONS(OPTION_REASON(OPTIONAL),
             {"line", VALUE_WORD, .value = "LINE", .table = WORD_SUBSIDY_LINE, .list = "lines",
              .zh = "只追回此项补贴", .en = "the one subsidy that is clawed back"},
             {"fraud", VALUE_FLAG, .zh = "因造假追回，所占名额不退还",
              .en = "for fraud: the person's places are not given back"},
             OPTION_REJECTS),
     .notes_zh = "证书编号、姓名有则须与申领相符",
     .notes_en = "a certificate number or a name must agree with the claim",
     .example_zh = "claim decide 受理 办理.csv --rejects 退回.csv",
     .example_en = "claim decide accept decisions.csv --rejects rejects.csv",
     .reads = {&decision_form}},
    {.noun = "claim",
     .verb = "accept",
     .run = claim_step,
     .method = "claim.accept",
     .zh = "受理一项申领",
     .en = "accepts a claim",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(OPTIONAL))},
    {.noun = "claim",
     .verb = "return",
     .run = claim_step,
     .method = "claim.return",
     .zh = "退回补正",
     .en = "returns it to be mended",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(DEMANDED))},
    {.noun = "claim",
     .verb = "resubmit",
     .run = claim_step,
     .method = "claim.resubmit",
     .zh = "补正后再提交",
     .en = "submits it again",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(OPTIONAL))},
    {.noun = "claim",
     .verb = "review",
     .run = claim_step,
     .method = "claim.review",
     .zh = "初审",
     .en = "reviews it",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(OPTIONAL))},
    {.noun = "claim",
     .verb = "publicise",
     .run = claim_step,
     .method = "claim.publicise",
     .zh = "公示",
     .en = "publicises it",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(OPTIONAL))},
    {.noun = "claim",
     .verb = "object",
     .run = claim_step,
     .method = "claim.object",
     .zh = "登记异议",
     .en = "enters an objection, which suspends it",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(DEMANDED))},
    {.noun = "claim",
     .verb = "approve",
     .run = claim_step,
     .method = "claim.approve",
     .zh = "核准",
     .en = "approves it",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(OPTIONAL))},
    {.noun = "claim",
     .verb = "reject",
     .run = claim_step,
     .method = "claim.reject",
     .zh = "不予核准",
     .en = "rejects it",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(DEMANDED))},
    {.noun = "claim",
     .verb = "recheck",
     .run = claim_step,
     .method = "claim.recheck",
     .zh = "财政复核",
     .en = "re-checks it for the finance department",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(OPTIONAL))},
    {.noun = "claim",
     .verb = "pay",
     .final = true,
     .run = claim_step,
     .method = "claim.pay",
     .zh = "拨付，--reason 为支付凭证号",
     .en = "pays it; --reason is the payment's reference",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"),
             {"reason", VALUE_TEXT, DEMANDED, .zh = "支付凭证号", .en = "the payment's reference"})},
    {.noun = "claim",
     .verb = "withdraw",
     .run = claim_step,
     .method = "claim.withdraw",
     .zh = "撤回",
     .en = "withdraws it",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(DEMANDED))},
    {.noun = "claim",
     .verb = "suspend",
     .run = claim_step,
     .method = "claim.suspend",
     .zh = "暂停调查",
     .en = "suspends it for an inquiry",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(DEMANDED))},
    {.noun = "claim",
     .verb = "resume",
     .run = claim_step,
     .method = "claim.resume",
     .zh = "恢复办理",
     .en = "resumes it",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(DEMANDED))},
    {.noun = "claim",
     .verb = "claw-back",
     .final = true,
     .run = claim_claw_back,
     .method = "claim.claw-back",
     .zh = "追回已拨付的补贴",
     .en = "claws back what was paid",
     ARGUMENTS(ARGUMENT_CLAIM),
     OPTIONS(OPTION_VERSION("claim show"), OPTION_REASON(DEMANDED),
             {"line", VALUE_WORD, .value = "LINE", .table = WORD_SUBSIDY_LINE, .list = "lines",
              .zh = "只追回此项补贴", .en = "the one subsidy that is clawed back"},
             {"fraud", VALUE_FLAG, .zh = "因造假追回，所占名额不退还",
              .en = "for fraud: the person's places are not given back"})},
};
const struct commands claim_commands = {commands, sizeof(commands) / sizeof(*commands)};
