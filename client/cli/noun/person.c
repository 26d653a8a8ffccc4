/* SPDX-License-Identifier: Apache-2.0 */
/* Finds persons, and shows them masked or unmasked. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/noun/access.h"
#include "client/cli/verify/audit.h"
#include "proto/account.pb-c.h"

static const struct shown person_columns[] = {
    {"person_id", "人员标识", "person", .as = AS_ID},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"name", "姓名", "name", .as = AS_TEXT},
    {"document_type", "证件类型", "document", .as = AS_TEXT},
    {"document_number", "证件号码", "number", .as = AS_TEXT},
    {"issuing_country", "签发国家", "country", .as = AS_TEXT},
    {"birth_date", "出生日期", "born", .as = AS_TEXT},
};
static const struct shown document_columns[] = {
    {"document_type", "证件类型", "document", .as = AS_TEXT},
    {"document_number", "证件号码", "number", .as = AS_TEXT},
    {"issuing_country", "签发国家", "country", .as = AS_TEXT},
    {"name", "证件姓名", "name", .as = AS_TEXT},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_DOCUMENT_STATE},
};
static const struct shown version_columns[] = {
    {"version", "版本", "version", .as = AS_NUMBER},
    {"name", "姓名", "name", .as = AS_TEXT},
    {"document_number", "证件号码", "number", .as = AS_TEXT},
    {"kind", "变更", "change", .as = AS_WORD, .words = WORD_AMEND},
    {"case_reference", "案卷编号", "case", .as = AS_TEXT},
    {"changed_at", "变更时间", "changed", .as = AS_TIME},
};
static const struct shown group_columns[] = {
    {"fact_id", "记录编号", "fact", .as = AS_ID},
    {"group_name", "人员类别", "trainee group", .as = AS_TEXT},
    {"valid_from", "自", "from", .as = AS_TEXT},
    {"valid_to", "至", "to", .as = AS_TEXT},
    {"evidence", "证明材料", "evidence", .as = AS_TEXT},
};

/* Puts the unmasked text if the answer has it, otherwise the masked one. */
static void phone_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__PersonEnrolment *enrolment = (const Mingce__V1__PersonEnrolment *) message;
    (void) cli;
    table_text(table, enrolment->stated == NULL ? enrolment->phone : enrolment->stated->phone);
}

static const struct shown enrolment_columns[] = {
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"title", "名称", "title", .as = AS_TEXT},
    {"institution_name", "培训机构", "institution", .as = AS_TEXT},
    {"starts_on", "开班日期", "starts", .as = AS_TEXT},
    {"group_name", "人员类别", "trainee group", .as = AS_TEXT},
    {"result", "结果", "result", .as = AS_WORD, .words = WORD_RESULT},
    {"removed_reason", "移出原因", "removed", .as = AS_TEXT},
    {"phone", "联系电话", "phone", .as = AS_CELL, .cell = phone_cell},
    {"address", "家庭住址", "address", .as = AS_TEXT, .field = "stated.address"},
    {"account_number", "银行账号", "account", .as = AS_TEXT, .field = "stated.account_number"},
};
static const struct shown certificate_columns[] = {
    {"certificate_number", "证书编号", "number", .as = AS_TEXT},
    {"kind", "证书类别", "kind", .as = AS_WORD, .words = WORD_CERTIFICATE_KIND},
    {"occupation_name", "职业", "occupation", .as = AS_TEXT},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"issuer_name", "发证单位", "issuer", .as = AS_TEXT},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"issued_on", "发证日期", "issued", .as = AS_TEXT},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CERTIFICATE_STATE},
};
static const struct shown claim_columns[] = {
    {"claim_id", "申领编号", "claim", .as = AS_ID},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CLAIM_STATE},
    {"organisation_name", "申领单位", "of", .as = AS_TEXT},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"occupation_name", "职业", "occupation", .as = AS_TEXT},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"clawed_fen", "已追回（元）", "clawed back, yuan", .as = AS_MONEY},
    {"submitted_at", "提交时间", "submitted", .as = AS_TIME},
};
static const struct shown teaching_columns[] = {
    {"teacher_id", "登记编号", "registration", .as = AS_ID},
    {"institution_name", "培训机构", "institution", .as = AS_TEXT},
    {"occupation_name", "职业", "occupation", .as = AS_TEXT},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"qualification", "资格", "qualification", .as = AS_TEXT},
    {"valid_from", "起始", "from", .as = AS_TEXT},
    {"valid_to", "截止", "to", .as = AS_TEXT},
    {"lessons", "课次数", "lessons", .as = AS_NUMBER},
};
static const struct shown head_columns[] = {
    {"project_name", "项目", "project", .as = AS_TEXT},
    {"institution_name", "培训机构", "institution", .as = AS_TEXT},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"occupation_name", "职业", "occupation", .as = AS_TEXT},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"result", "结果", "result", .as = AS_WORD, .words = WORD_RESULT},
    {"deduction", "不计入原因", "why it does not count", .as = AS_WORD, .words = WORD_DEDUCTION},
    {"reason", "说明", "reason", .as = AS_TEXT},
    {"share_fen", "所占补贴（元）", "share, yuan", .as = AS_MONEY},
    {"frozen_on", "核定日期", "frozen", .as = AS_TEXT},
};
static const struct shown evidence_columns[] = {
    {"evidence_id", "凭证编号", "evidence", .as = AS_ID},
    {"project_name", "项目", "project", .as = AS_TEXT},
    {"kind", "凭证种类", "kind", .as = AS_WORD, .words = WORD_EVIDENCE},
    {"employer", "用人单位代码", "employer", .as = AS_TEXT},
    {"event_on", "就业日期", "employed since", .as = AS_TEXT},
    {"months", "月数", "months", .as = AS_NUMBER},
    {"source", "来源", "source", .as = AS_TEXT},
    {"as_of", "数据日期", "as of", .as = AS_TEXT},
    {"withdrawn_reason", "撤回理由", "why it was withdrawn", .as = AS_TEXT},
    {"recorded_at", "登记时间", "recorded", .as = AS_TIME},
};
static const struct shown tranche_columns[] = {
    {"tranche_id", "款项编号", "tranche", .as = AS_ID},
    {"project_name", "项目", "project", .as = AS_TEXT},
    {"kind", "款项", "kind", .as = AS_WORD, .words = WORD_TRANCHE},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CLAIM_STATE},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"recovered_fen", "已追回（元）", "recovered, yuan", .as = AS_MONEY},
    {"submitted_at", "提交时间", "submitted", .as = AS_TIME},
};
static const struct shown payment_columns[] = {
    {"reference", "批次号", "batch", .as = AS_TEXT},
    {"subject_kind", "款项", "kind", .as = AS_WORD, .words = WORD_BATCH_SUBJECT},
    {"subject_id", "申领编号", "claim", .as = AS_ID},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_BATCH_LINE},
    {"bank_reference", "银行流水号", "bank reference", .as = AS_TEXT},
    {"traded_on", "交易日期", "day", .as = AS_TEXT},
    {"reason", "原因", "reason", .as = AS_TEXT},
    {"made_at", "列入时间", "batch begun", .as = AS_TIME},
};
static const struct shown payee_columns[] = {
    {"payee_id", "账户编号", "account", .as = AS_ID},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"account_number", "账号", "account number", .as = AS_TEXT, .field = "account.account_number"},
    {"account_name", "户名", "account name", .as = AS_TEXT, .field = "account.account_name"},
    {"bank", "开户银行", "bank", .as = AS_TEXT, .field = "account.bank"},
    {"set_at", "登记时间", "stated", .as = AS_TIME},
    {"confirmed_at", "确认时间", "confirmed", .as = AS_TIME},
};
static const struct shown register_columns[] = {
    {"source_name", "来源", "register", .as = AS_TEXT},
    {"division", "地区", "division", .as = AS_TEXT},
    {"issuer", "出具单位", "issuer", .as = AS_TEXT},
    {"as_of", "数据日期", "as of", .as = AS_TEXT},
    {"from_on", "自", "from", .as = AS_TEXT},
    {"to_on", "至", "to", .as = AS_TEXT},
    {"unit", "单位", "unit", .as = AS_TEXT},
};
static const struct part person_part = {"person",      "person", NULL, NULL, .show = SHOW(person_columns),
                                        .always = true};
static const struct part account_parts[] = {
    {"person", "person", NULL, NULL, .show = SHOW(person_columns), .always = true},
    {"document", "document", "证件", "documents", .show = SHOW(document_columns), .always = true},
    {"version", "version", "变更前的记录", "what it was before changes", .show = SHOW(version_columns)},
    {"group", "group", "人员类别", "trainee groups", .show = SHOW(group_columns)},
    {"enrolment", "enrolment", "参训记录", "enrolments", .show = SHOW(enrolment_columns)},
    {"certificate", "certificate", "证书", "certificates", .show = SHOW(certificate_columns)},
    {"claim", "claim", "补贴申领", "claims", .show = SHOW(claim_columns)},
    {"teaching", "teaching", "任教登记", "teaching", .show = SHOW(teaching_columns)},
    {"head", "head", "项目学员", "heads of projects", .show = SHOW(head_columns)},
    {"evidence", "evidence", "就业凭证", "evidence of employment", .show = SHOW(evidence_columns)},
    {"tranche", "tranche", "个人项目款项", "tranches of projects", .show = SHOW(tranche_columns)},
    {"payment", "payment", "银行付款", "payments by the bank", .show = SHOW(payment_columns)},
    {"payee", "payee", "收款账户", "accounts", .show = SHOW(payee_columns)},
    {"register", "register", "部门数据", "registers of others", .show = SHOW(register_columns)},
};

static void account_print(const struct cli *cli, const Mingce__V1__PersonAccount *account)
{
    parts_print(cli, account_parts, sizeof(account_parts) / sizeof(*account_parts), &account->base);
}

/* ---- finding ---- */

static int person_find(struct cli *cli, struct given *given)
{
    Mingce__V1__PersonFindRequest request = MINGCE__V1__PERSON_FIND_REQUEST__INIT;
    struct ask_document document;
    int status = CLI_USAGE;
    if (!ask_document_given(cli, given, "证件号码", "document number", &document))
        return status;
    request.document = &document.message;
    Mingce__V1__PersonFindResponse *answer =
        (Mingce__V1__PersonFindResponse *) cli_answer(cli, "person.find", &request.base, &status);
    if (answer == NULL)
        return status;
    parts_print(cli, &person_part, 1, &answer->base);
    mingce__v1__person_find_response__free_unpacked(answer, NULL);
    return CLI_OK;
}

static int person_search(struct cli *cli, struct given *given)
{
    Mingce__V1__PersonSearchRequest request = MINGCE__V1__PERSON_SEARCH_REQUEST__INIT;
    Mingce__V1__Reason reason;
    char name[ASK_LINE], born[ASK_LINE];
    int status = CLI_USAGE;
    ask_reason(given, &reason);
    if (!ask_line(cli, "姓名", "name", name) ||
        !ask_line(cli, "出生日期（YYYY-MM-DD）", "birth date (YYYY-MM-DD)", born))
        return status;
    request.name = name;
    request.birth_date = born;
    request.reason = &reason;
    Mingce__V1__PersonSearchResponse *answer =
        (Mingce__V1__PersonSearchResponse *) cli_answer(cli, "person.search", &request.base, &status);
    if (answer == NULL)
        return status;
    parts_print(cli, &person_part, 1, &answer->base);
    mingce__v1__person_search_response__free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- showing ---- */

static int person_show(struct cli *cli, struct given *given)
{
    Mingce__V1__PersonShowRequest request = MINGCE__V1__PERSON_SHOW_REQUEST__INIT;
    struct ask_person named;
    int status = CLI_USAGE;
    if (!ask_person(cli, given, &named))
        return status;
    request.key = &named.message;
    Mingce__V1__PersonShowResponse *answer =
        (Mingce__V1__PersonShowResponse *) cli_answer(cli, "person.show", &request.base, &status);
    if (answer == NULL)
        return status;
    account_print(cli, answer->account);
    mingce__v1__person_show_response__free_unpacked(answer, NULL);
    return CLI_OK;
}

static int person_reveal(struct cli *cli, struct given *given)
{
    Mingce__V1__PersonRevealRequest request = MINGCE__V1__PERSON_REVEAL_REQUEST__INIT;
    struct ask_person named;
    Mingce__V1__Reason reason;
    int status = CLI_USAGE;
    ask_reason(given, &reason);
    if (!ask_person(cli, given, &named))
        return status;
    request.key = &named.message;
    request.reason = &reason;
    Mingce__V1__PersonRevealResponse *answer =
        (Mingce__V1__PersonRevealResponse *) cli_answer(cli, "person.reveal", &request.base, &status);
    if (answer == NULL)
        return status;
    account_print(cli, answer->account);
    mingce__v1__person_reveal_response__free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- D5: everything held about a person, who looked, and what was done ---- */

static void heading(const struct cli *cli, const char *zh, const char *en)
{
    if (!cli->json)
        printf("\n%s\n", cli_say(cli, zh, en));
}

/* The account, in clear if there is a reason, else masked. NULL: it has been said why not. The answer that holds it is to be
 * freed by its own function. */
static const Mingce__V1__PersonAccount *account_fetch(struct cli *cli, Mingce__V1__PersonKey *key,
                                                      Mingce__V1__Reason *reason, ProtobufCMessage **answer,
                                                      int *status)
{
    Mingce__V1__PersonShowRequest masked = MINGCE__V1__PERSON_SHOW_REQUEST__INIT;
    Mingce__V1__PersonRevealRequest clear = MINGCE__V1__PERSON_REVEAL_REQUEST__INIT;
    masked.key = clear.key = key;
    clear.reason = reason;
    if (reason == NULL) {
        *answer = cli_answer(cli, "person.show", &masked.base, status);
        return *answer == NULL ? NULL : ((Mingce__V1__PersonShowResponse *) *answer)->account;
    }
    *answer = cli_answer(cli, "person.reveal", &clear.base, status);
    return *answer == NULL ? NULL : ((Mingce__V1__PersonRevealResponse *) *answer)->account;
}

static int audit_person(struct cli *cli, struct given *given)
{
    struct ask_person named;
    Mingce__V1__Reason reason;
    int status = CLI_USAGE;
    uint8_t id[HEX_ID];
    ProtobufCMessage *answer = NULL;
    ask_reason(given, &reason);
    if (!ask_person(cli, given, &named))
        return status;
    const Mingce__V1__PersonAccount *account =
        account_fetch(cli, &named.message, given_has(given, "purpose") ? &reason : NULL, &answer, &status);
    if (account == NULL)
        return status;
    bool good = account->person->person_id.len == sizeof(id);
    if (good)
        memcpy(id, account->person->person_id.data, sizeof(id));
    account_print(cli, account);
    protobuf_c_message_free_unpacked(answer, NULL);
    heading(cli, "谁查看过", "who looked");
    status = good ? access_log_print(cli, &named.message, 0) : CLI_REFUSED;
    if (status != CLI_OK)
        return status;
    heading(cli, "审计记录", "audit entries");
    return audit_about(cli, (ProtobufCBinaryData){sizeof(id), id});
}

/* ---- who looked ---- */

static int person_access_log(struct cli *cli, struct given *given)
{
    struct ask_person named;
    if (!ask_person(cli, given, &named))
        return CLI_USAGE;
    return access_log_print(cli, &named.message, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "audit",
     .verb = "person",
     .run = audit_person,
     .zh = "关于一人的全部：登记、谁查看过、审计记录",
     .en = "all about a person: what is held, who looked, the entries",
     OPTIONS(OPTIONS_PERSON, OPTIONS_PURPOSE(OPTIONAL, "case", "purpose")),
     .notes_zh = NOTES_DOCUMENT_ZH "\n写明用途和案卷编号则显示明文，并记入日志",
     .notes_en = NOTES_DOCUMENT_EN "\nwith a purpose and a case it is shown in clear, on record"},
    {.noun = "trainee",
     .verb = "find",
     .run = person_find,
     .method = "person.find",
     .zh = "按证件号码查人（脱敏）",
     .en = "finds a person by document number, masked",
     OPTIONS(OPTIONS_DOCUMENT),
     .notes_zh = NOTES_DOCUMENT_ZH,
     .notes_en = NOTES_DOCUMENT_EN,
     .example_zh = "trainee find < 号码.txt",
     .example_en = "trainee find < number.txt"},
    {.noun = "trainee",
     .verb = "search",
     .run = person_search,
     .method = "person.search",
     .zh = "按姓名和出生日期查人（留痕）",
     .en = "finds persons by name and birth date, on record",
     OPTIONS(OPTIONS_PURPOSE(NEEDED, NULL, NULL)),
     .notes_zh = "从标准输入读取两行：姓名、出生日期",
     .notes_en = "two lines on standard input: the name, the birth date"},
    {.noun = "trainee",
     .verb = "show",
     .run = person_show,
     .method = "person.show",
     .zh = "一人的全部记录（脱敏）",
     .en = "everything held about a person, masked",
     OPTIONS(OPTIONS_PERSON),
     .notes_zh = NOTES_DOCUMENT_ZH,
     .notes_en = NOTES_DOCUMENT_EN},
    {.noun = "trainee",
     .verb = "reveal",
     .run = person_reveal,
     .method = "person.reveal",
     .zh = "一人的全部记录（明文，留痕）",
     .en = "the same in clear, on record",
     OPTIONS(OPTIONS_PURPOSE(NEEDED, NULL, NULL), OPTIONS_PERSON),
     .notes_zh = NOTES_DOCUMENT_ZH,
     .notes_en = NOTES_DOCUMENT_EN,
     .example_zh = "trainee reveal --purpose 本人申请 --case JN-2026-17",
     .example_en = "trainee reveal --purpose own-request --case JN-2026-17"},
    {.noun = "trainee",
     .verb = "access-log",
     .run = person_access_log,
     .method = "access.log",
     .zh = "谁查看过此人",
     .en = "who looked at a person",
     OPTIONS(OPTIONS_PERSON, OPTIONS_LIST),
     .notes_zh = NOTES_DOCUMENT_ZH,
     .notes_en = NOTES_DOCUMENT_EN},
};
const struct commands person_commands = {commands, sizeof(commands) / sizeof(*commands)};
