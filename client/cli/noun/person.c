/* SPDX-License-Identifier: Apache-2.0 */
/* Persons: found, shown masked or clear, amended, merged. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/ask.h"
#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/money.h"
#include "client/cli/command/part.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/done.h"
#include "client/cli/noun/access.h"
#include "client/cli/verify/audit.h"
#include "proto/account.pb-c.h"

static const struct table_column person_columns[] = {
    {"part", "", "", false},
    {"person_id", "人员标识", "person", false},
    {"version", "版本", "version", true},
    {"name", "姓名", "name", false},
    {"document_type", "证件类型", "document", false},
    {"document_number", "证件号码", "number", false},
    {"issuing_country", "签发国家", "country", false},
    {"birth_date", "出生日期", "born", false},
};
static const struct table_column document_columns[] = {
    {"part", "", "", false},
    {"document_type", "证件类型", "document", false},
    {"document_number", "证件号码", "number", false},
    {"issuing_country", "签发国家", "country", false},
    {"name", "证件姓名", "name", false},
    {"state", "状态", "state", false},
};
static const struct table_column version_columns[] = {
    {"part", "", "", false},
    {"version", "版本", "version", true},
    {"name", "姓名", "name", false},
    {"document_number", "证件号码", "number", false},
    {"kind", "变更", "change", false},
    {"case_reference", "案卷编号", "case", false},
    {"changed_at", "变更时间", "changed", false},
};
static const struct table_column group_columns[] = {
    {"part", "", "", false},
    {"fact_id", "记录编号", "fact", false},
    {"group_name", "人员类别", "trainee group", false},
    {"valid_from", "自", "from", false},
    {"valid_to", "至", "to", false},
    {"evidence", "证明材料", "evidence", false},
};
static const struct table_column enrolment_columns[] = {
    {"part", "", "", false},
    {"class_number", "班级", "class", true},
    {"title", "名称", "title", false},
    {"institution_name", "培训机构", "institution", false},
    {"starts_on", "开班日期", "starts", false},
    {"group_name", "人员类别", "trainee group", false},
    {"result", "结果", "result", false},
    {"removed_reason", "移出原因", "removed", false},
    {"phone", "联系电话", "phone", false},
    {"address", "家庭住址", "address", false},
    {"account_number", "银行账号", "account", false},
};
static const struct table_column certificate_columns[] = {
    {"part", "", "", false},
    {"certificate_number", "证书编号", "number", false},
    {"kind", "证书类别", "kind", false},
    {"occupation_name", "职业", "occupation", false},
    {"level", "等级", "level", false},
    {"issuer_name", "发证单位", "issuer", false},
    {"class_number", "班级", "class", true},
    {"issued_on", "发证日期", "issued", false},
    {"state", "状态", "state", false},
};
static const struct table_column claim_columns[] = {
    {"part", "", "", false},
    {"claim_id", "申领编号", "claim", false},
    {"state", "状态", "state", false},
    {"organisation_name", "申领单位", "of", false},
    {"class_number", "班级", "class", true},
    {"occupation_name", "职业", "occupation", false},
    {"level", "等级", "level", false},
    {"amount_fen", "金额（元）", "yuan", true},
    {"clawed_fen", "已追回（元）", "clawed back, yuan", true},
    {"submitted_at", "提交时间", "submitted", false},
};
#define COLUMNS(columns) columns, sizeof(columns) / sizeof(*(columns))

static void person_row(struct table *table, const struct cli *cli, const Mingce__V1__Person *person)
{
    part_row(table, cli, "person");
    hex_cell(table, person->person_id);
    table_number(table, person->version);
    table_text(table, person->name);
    table_text(table, person->document_type);
    table_text(table, person->document_number);
    table_text(table, person->issuing_country);
    table_text(table, person->birth_date);
    table_row(table);
}

static void persons_print(const struct cli *cli, Mingce__V1__Person *const *persons, size_t n)
{
    struct table *table = part_table(cli, COLUMNS(person_columns));
    for (size_t i = 0; i < n; i++)
        person_row(table, cli, persons[i]);
    table_end(table);
}

static void documents_print(const struct cli *cli, const Mingce__V1__PersonAccount *account)
{
    struct table *table = part_table(cli, COLUMNS(document_columns));
    for (size_t i = 0; i < account->n_document; i++) {
        const Mingce__V1__PersonDocument *document = account->document[i];
        part_row(table, cli, "document");
        table_text(table, document->document_type);
        table_text(table, document->document_number);
        table_text(table, document->issuing_country);
        table_text(table, document->name);
        word_cell(table, cli, WORD_DOCUMENT_STATE, (int) document->state);
        table_row(table);
    }
    part_title(cli, "证件", "documents");
    table_end(table);
}

static void versions_print(const struct cli *cli, const Mingce__V1__PersonAccount *account)
{
    struct table *table = part_table(cli, COLUMNS(version_columns));
    for (size_t i = 0; i < account->n_version; i++) {
        const Mingce__V1__PersonVersion *version = account->version[i];
        part_row(table, cli, "version");
        table_number(table, version->version);
        table_text(table, version->name);
        table_text(table, version->document_number);
        word_cell(table, cli, WORD_AMEND, (int) version->kind);
        table_text(table, version->case_reference);
        table_time(table, true, version->changed_at_ms);
        table_row(table);
    }
    part_title(cli, "变更前的记录", "what it was before changes");
    table_end(table);
}

static void groups_print(const struct cli *cli, const Mingce__V1__PersonAccount *account)
{
    struct table *table = part_table(cli, COLUMNS(group_columns));
    for (size_t i = 0; i < account->n_group; i++) {
        const Mingce__V1__GroupFact *fact = account->group[i];
        part_row(table, cli, "group");
        hex_cell(table, fact->fact_id);
        table_text(table, fact->group_name);
        table_text(table, fact->valid_from);
        table_text(table, fact->valid_to);
        table_text(table, fact->evidence);
        table_row(table);
    }
    part_title(cli, "人员类别", "trainee groups");
    table_end(table);
}

static void enrolments_print(const struct cli *cli, const Mingce__V1__PersonAccount *account)
{
    struct table *table = part_table(cli, COLUMNS(enrolment_columns));
    for (size_t i = 0; i < account->n_enrolment; i++) {
        const Mingce__V1__PersonEnrolment *enrolment = account->enrolment[i];
        const Mingce__V1__EnrolmentRecord *stated = enrolment->stated;
        part_row(table, cli, "enrolment");
        table_number(table, enrolment->class_number);
        table_text(table, enrolment->title);
        table_text(table, enrolment->institution_name);
        table_text(table, enrolment->starts_on);
        table_text(table, enrolment->group_name);
        word_optional(table, cli, WORD_RESULT, enrolment->has_result, (int) enrolment->result);
        table_text(table, enrolment->removed_reason);
        table_text(table, stated == NULL ? enrolment->phone : stated->phone);
        table_text(table, stated == NULL ? NULL : stated->address);
        table_text(table, stated == NULL ? NULL : stated->account_number);
        table_row(table);
    }
    part_title(cli, "参训记录", "enrolments");
    table_end(table);
}

static void certificates_print(const struct cli *cli, const Mingce__V1__PersonAccount *account)
{
    struct table *table = part_table(cli, COLUMNS(certificate_columns));
    for (size_t i = 0; i < account->n_certificate; i++) {
        const Mingce__V1__PersonCertificate *certificate = account->certificate[i];
        part_row(table, cli, "certificate");
        table_text(table, certificate->certificate_number);
        word_cell(table, cli, WORD_CERTIFICATE_KIND, (int) certificate->kind);
        table_text(table, certificate->occupation_name);
        word_cell(table, cli, WORD_LEVEL, (int) certificate->level);
        table_text(table, certificate->issuer_name);
        if (certificate->has_class_number)
            table_number(table, certificate->class_number);
        else
            table_text(table, NULL);
        table_text(table, certificate->issued_on);
        word_cell(table, cli, WORD_CERTIFICATE_STATE, (int) certificate->state);
        table_row(table);
    }
    part_title(cli, "证书", "certificates");
    table_end(table);
}

static void claims_print(const struct cli *cli, const Mingce__V1__PersonAccount *account)
{
    struct table *table = part_table(cli, COLUMNS(claim_columns));
    for (size_t i = 0; i < account->n_claim; i++) {
        const Mingce__V1__PersonClaim *claim = account->claim[i];
        part_row(table, cli, "claim");
        hex_cell(table, claim->claim_id);
        word_cell(table, cli, WORD_CLAIM_STATE, (int) claim->state);
        table_text(table, claim->organisation_name);
        table_number(table, claim->class_number);
        table_text(table, claim->occupation_name);
        word_cell(table, cli, WORD_LEVEL, (int) claim->level);
        money_cell(table, true, claim->amount_fen);
        money_cell(table, true, claim->clawed_fen);
        table_time(table, true, claim->submitted_at_ms);
        table_row(table);
    }
    part_title(cli, "补贴申领", "claims");
    table_end(table);
}

static void account_print(const struct cli *cli, const Mingce__V1__PersonAccount *account)
{
    persons_print(cli, &account->person, 1);
    documents_print(cli, account);
    if (account->n_version > 0)
        versions_print(cli, account);
    if (account->n_group > 0)
        groups_print(cli, account);
    if (account->n_enrolment > 0)
        enrolments_print(cli, account);
    if (account->n_certificate > 0)
        certificates_print(cli, account);
    if (account->n_claim > 0)
        claims_print(cli, account);
}

/* ---- finding ---- */

static int person_find(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__PersonFindRequest request = MINGCE__V1__PERSON_FIND_REQUEST__INIT;
    struct ask_document document = {.type = NULL};
    const struct cli_option options[] = {ASK_DOCUMENT_OPTIONS(document)};
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, options, 2, NULL, 0) ||
        !ask_document(cli, "证件号码", "document number", &document))
        return status;
    request.document = &document.message;
    Mingce__V1__PersonFindResponse *answer =
        (Mingce__V1__PersonFindResponse *) cli_answer(cli, "person.find", &request.base, &status);
    if (answer == NULL)
        return status;
    persons_print(cli, &answer->person, 1);
    mingce__v1__person_find_response__free_unpacked(answer, NULL);
    return CLI_OK;
}

static int person_search(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__PersonSearchRequest request = MINGCE__V1__PERSON_SEARCH_REQUEST__INIT;
    struct ask_reason reason = {.purpose = NULL};
    char name[ASK_LINE], born[ASK_LINE];
    const struct cli_option options[] = {{"purpose", &reason.purpose, NULL},
                                         {"case", &reason.reference, NULL}};
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, options, 2, NULL, 0) || !ask_reason(cli, &reason) ||
        !ask_line(cli, "姓名", "name", name) ||
        !ask_line(cli, "出生日期（YYYY-MM-DD）", "birth date (YYYY-MM-DD)", born))
        return status;
    request.name = name;
    request.birth_date = born;
    request.reason = &reason.message;
    Mingce__V1__PersonSearchResponse *answer =
        (Mingce__V1__PersonSearchResponse *) cli_answer(cli, "person.search", &request.base, &status);
    if (answer == NULL)
        return status;
    persons_print(cli, answer->person, answer->n_person);
    mingce__v1__person_search_response__free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- showing ---- */

static int person_show(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__PersonShowRequest request = MINGCE__V1__PERSON_SHOW_REQUEST__INIT;
    struct ask_person named = {.id = NULL};
    const struct cli_option options[] = {ASK_PERSON_OPTIONS(named)};
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, options, ASK_PERSON_N, NULL, 0) || !ask_person(cli, &named))
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

static int person_reveal(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__PersonRevealRequest request = MINGCE__V1__PERSON_REVEAL_REQUEST__INIT;
    struct ask_person named = {.id = NULL};
    struct ask_reason reason = {.purpose = NULL};
    const struct cli_option options[] = {
        ASK_PERSON_OPTIONS(named), {"purpose", &reason.purpose, NULL}, {"case", &reason.reference, NULL}};
    int status = CLI_USAGE;
    if (!cli_options(cli, argc, argv, options, ASK_PERSON_N + 2, NULL, 0) || !ask_reason(cli, &reason) ||
        !ask_person(cli, &named))
        return status;
    request.key = &named.message;
    request.reason = &reason.message;
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

static int audit_person(struct cli *cli, int argc, char **argv)
{
    struct ask_person named = {.id = NULL};
    struct ask_reason reason = {.purpose = NULL};
    const struct cli_option options[] = {
        ASK_PERSON_OPTIONS(named), {"purpose", &reason.purpose, NULL}, {"case", &reason.reference, NULL}};
    int status = CLI_USAGE;
    uint8_t id[HEX_ID];
    ProtobufCMessage *answer = NULL;
    if (!cli_options(cli, argc, argv, options, ASK_PERSON_N + 2, NULL, 0))
        return status;
    bool clear = reason.purpose != NULL || reason.reference != NULL;
    if ((clear && !ask_reason(cli, &reason)) || !ask_person(cli, &named))
        return status;
    const Mingce__V1__PersonAccount *account =
        account_fetch(cli, &named.message, clear ? &reason.message : NULL, &answer, &status);
    if (account == NULL)
        return status;
    bool good = account->person->person_id.len == sizeof(id);
    if (good)
        memcpy(id, account->person->person_id.data, sizeof(id));
    account_print(cli, account);
    protobuf_c_message_free_unpacked(answer, NULL);
    heading(cli, "谁查看过", "who looked");
    status = good ? access_log_print(cli, &named.message, "0") : CLI_REFUSED;
    if (status != CLI_OK)
        return status;
    heading(cli, "审计记录", "audit entries");
    return audit_about(cli, (ProtobufCBinaryData){sizeof(id), id});
}

/* ---- who looked ---- */

static int person_access_log(struct cli *cli, int argc, char **argv)
{
    struct ask_person named = {.id = NULL};
    const char *limit = NULL;
    const struct cli_option options[] = {ASK_PERSON_OPTIONS(named), {"limit", &limit, NULL}};
    if (!cli_options(cli, argc, argv, options, ASK_PERSON_N + 1, NULL, 0) || !ask_person(cli, &named))
        return CLI_USAGE;
    return access_log_print(cli, &named.message, limit);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"audit",
     "person",
     audit_person,
     "关于一人的全部：登记、谁查看过、审计记录",
     "all about a person: what is held, who looked, the entries",
     "audit person [--id ID | --type TYPE [--country CODE]] [--purpose PURPOSE --case REFERENCE]\n",
     "  证件号码从标准输入读入\n"
     "  --purpose, --case  给出则显示明文，并记入日志（mingce code list purposes）\n",
     "  the document number is read from standard input\n"
     "  --purpose, --case  given: in clear, on record (mingce code list purposes)\n",
     {NULL}},
    {"trainee",
     "find",
     person_find,
     "按证件号码查人（脱敏）",
     "finds a person by document number, masked",
     "trainee find [--type WORDS] [--country CODE]\n",
     DOCUMENT_ZH "\n"
                 "  mingce trainee find < 号码.txt\n",
     DOCUMENT_EN "\n"
                 "  mingce trainee find < number.txt\n",
     {NULL}},
    {"trainee",
     "search",
     person_search,
     "按姓名和出生日期查人（留痕）",
     "finds persons by name and birth date, on record",
     "trainee search --purpose PURPOSE --case REFERENCE\n",
     "  姓名、出生日期各一行，从标准输入读取\n" PURPOSES_ZH,
     "  the name and the birth date, a line each on standard input\n" PURPOSES_EN,
     {NULL}},
    {"trainee",
     "show",
     person_show,
     "一人的全部记录（脱敏）",
     "everything held about a person, masked",
     "trainee show [--id ID] [--type WORDS] [--country CODE]\n",
     DOCUMENT_ZH,
     DOCUMENT_EN,
     {NULL}},
    {"trainee",
     "reveal",
     person_reveal,
     "一人的全部记录（明文，留痕）",
     "the same in clear, on record",
     "trainee reveal --purpose PURPOSE --case REFERENCE [--id ID] [--type WORDS] [--country CODE]\n",
     DOCUMENT_ZH PURPOSES_ZH "\n"
                             "  mingce trainee reveal --purpose 本人申请 --case JN-2026-17\n",
     DOCUMENT_EN PURPOSES_EN "\n"
                             "  mingce trainee reveal --purpose own-request --case JN-2026-17\n",
     {NULL}},
    {"trainee",
     "access-log",
     person_access_log,
     "谁查看过此人",
     "who looked at a person",
     "trainee access-log [--id ID] [--limit N] [--type WORDS] [--country CODE]\n",
     DOCUMENT_ZH,
     DOCUMENT_EN,
     {NULL}},
};
const struct commands person_commands = {commands, sizeof(commands) / sizeof(*commands)};
