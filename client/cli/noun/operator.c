/* SPDX-License-Identifier: Apache-2.0 */
/* Operators as they are, and what a security administrator proposes to change. */
#include "client/cli/noun/operator.h"

#include <errno.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/file/pem.h"
#include "proto/operator.pb-c.h"
#include "proto/tlog/sha256.h"

enum { OPERATOR_ROLES_MOST = 8 };

static void roles_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Operator *shown = (const Mingce__V1__Operator *) message;
    operator_roles_cell(table, cli, shown->role, shown->n_role);
}

static void certificates_cell(struct table *, const struct cli *, const ProtobufCMessage *);

static const struct shown columns[] = {
    {"operator_id", "编号", "id", .as = AS_ID},
    {"name", "姓名", "name", .as = AS_TEXT},
    {"role", "角色", "roles", .as = AS_CELL, .cell = roles_cell},
    {"status", "状态", "status", .as = AS_WORD, .words = WORD_OPERATOR_STATUS},
    {"organisation_code", "机构信用代码", "code", .as = AS_TEXT},
    {"organisation_name", "机构", "organisation", .as = AS_TEXT},
    {"document_number", "证件号码", "document", .as = AS_TEXT},
    {"certificate", "证书公钥摘要", "certificates", .as = AS_CELL, .cell = certificates_cell},
};
enum { OF_OPERATOR = sizeof(columns) / sizeof(*columns) - 1 }; /* the last is of the answer that shows one */
static const struct show list = {columns, OF_OPERATOR}, rest = {columns + OF_OPERATOR, 1},
                         whole = SHOW(columns);

/* Reads the roles of --role. False: what is wrong has been printed. */
static bool roles_take(const struct cli *cli, struct given *given,
                       Mingce__V1__Role roles[OPERATOR_ROLES_MOST], size_t *n)
{
    const uint8_t *numbers;
    *n = given_words(given, "role", &numbers);
    for (size_t i = 0; i < *n && i < OPERATOR_ROLES_MOST; i++)
        roles[i] = (Mingce__V1__Role) numbers[i];
    if (*n <= OPERATOR_ROLES_MOST)
        return true;
    cli_fail(cli, CLI_USAGE, "应写一个或几个角色，以逗号分隔，每个一次（mingce code list roles）",
             "one or more roles with commas between them, each once (mingce code list roles)", "--role");
    return false;
}

void operator_roles_cell(struct table *table, const struct cli *cli, const Mingce__V1__Role *roles, size_t n)
{
    char shown[256] = "";
    struct json_object *stable = cli->json ? json_object_new_array() : NULL;
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(shown);
        snprintf(shown + used, sizeof(shown) - used, "%s%s", i > 0 ? ", " : "",
                 word_shown(cli, WORD_ROLE, (int) roles[i]));
        if (stable != NULL)
            json_object_array_add(stable, json_object_new_string(word_stable(WORD_ROLE, (int) roles[i])));
    }
    table_cell(table, shown, stable);
}

/* ---- list, show ---- */

static int operator_list(struct cli *cli, struct given *given)
{
    Mingce__V1__OperatorListRequest request = MINGCE__V1__OPERATOR_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "operator.list", .show = &list, .request = &request.base};
    request.organisation_code = given_text(given, "organisation");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* Prints each key hash with its times, and whether it is revoked. */
static void certificates_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__OperatorShowResponse *shown = (const Mingce__V1__OperatorShowResponse *) message;
    char text[4096] = "", hash[2 * HEX_KEY_HASH + 1], time[CLI_TIME];
    struct json_object *each = cli->json ? json_object_new_array() : NULL;
    for (size_t i = 0; i < shown->n_certificate; i++) {
        const Mingce__V1__Certificate *certificate = shown->certificate[i];
        size_t used = strlen(text);
        hex_format(certificate->key_hash, hash);
        snprintf(text + used, sizeof(text) - used, "%s%s%s", i > 0 ? ", " : "", hash,
                 certificate->has_revoked_at_ms ? cli_say(cli, "（已停用）", " (revoked)") : "");
        if (each == NULL)
            continue;
        struct json_object *one = json_object_new_object();
        json_object_object_add(one, "key_hash", json_object_new_string(hash));
        cli_time(certificate->added_at_ms, time);
        json_object_object_add(one, "added_at", json_object_new_string(time));
        cli_time(certificate->revoked_at_ms, time);
        json_object_object_add(one, "revoked_at",
                               certificate->has_revoked_at_ms ? json_object_new_string(time) : NULL);
        json_object_array_add(each, one);
    }
    table_cell(table, text, each);
}

static int operator_show(struct cli *cli, struct given *given)
{
    Mingce__V1__OperatorShowRequest request = MINGCE__V1__OPERATOR_SHOW_REQUEST__INIT;
    request.operator_id = given_id(given, "ID");
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    ProtobufCMessage *answer = cli_call(cli, "operator.show", &request.base, &status);
    if (answer == NULL)
        return status;
    const Mingce__V1__OperatorShowResponse *response = (const Mingce__V1__OperatorShowResponse *) answer;
    struct table *table = show_table(cli, &whole);
    show_cells(table, cli, &list, &response->operator_->base);
    show_cells(table, cli, &rest, answer);
    table_row(table);
    table_end_record(table);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- proposals ---- */

static const struct shown proposed_columns[] = {{"change_id", "变更编号", "change", .as = AS_ID},
                                                {"operator_id", "操作员编号", "operator", .as = AS_ID}};
static const struct show proposed = SHOW(proposed_columns);

/* Sends a proposal; prints the change's id and the operator's. */
static int propose(struct cli *cli, const char *method, const ProtobufCMessage *request)
{
    int status;
    ProtobufCMessage *answer = cli_answer(cli, method, request, &status);
    if (answer == NULL)
        return status;
    show_record(cli, &proposed, answer);
    if (!cli->json)
        fputs(cli_say(cli, "已提出，须由另一名安全管理员确认后生效：mingce change confirm 变更编号\n",
                      "proposed: takes effect when another security administrator confirms it: mingce change "
                      "confirm CHANGE\n"),
              stderr);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}

enum { CERTIFICATES = 6 };

/* Reads the certificates of a PEM file as DER. Anything else in the file, such as a private key, is not sent. */
struct certificates {
    ProtobufCBinaryData der[CERTIFICATES];
    size_t n;
};

static void certificates_free(struct certificates *certificates)
{
    for (size_t i = 0; i < certificates->n; i++)
        OPENSSL_free(certificates->der[i].data);
}

static bool certificate_put(struct certificates *certificates, const X509 *certificate)
{
    unsigned char *der = NULL;
    int n = certificates->n == CERTIFICATES ? -1 : i2d_X509(certificate, &der);
    if (n > 0)
        certificates->der[certificates->n++] = (ProtobufCBinaryData){(size_t) n, der};
    return n > 0;
}

/* False: the reason has been printed. The caller frees the certificates in any case. */
static bool certificates_read(const struct cli *cli, const char *path, struct certificates *certificates)
{
    char why[4200];
    STACK_OF(X509) *read = pem_certificates(path);
    snprintf(why, sizeof(why), "%s: %s", path, read == NULL && errno != 0 ? cli_cause(cli, errno) : "PEM");
    bool good = read != NULL;
    for (int i = 0; good && i < sk_X509_num(read); i++)
        good = certificate_put(certificates, sk_X509_value(read, i));
    pem_free(read);
    if (!good)
        cli_fail(cli, CLI_FILE, "无法读取证书文件：应为PEM格式的证书，不超过6张",
                 "the certificate file cannot be read: it holds one to six certificates in PEM form", why);
    return good;
}

/* Reads a key from its file, and asks for the document of the person whose key it is. */
static int key_asked(const struct cli *cli, struct given *given, struct certificates *certificates,
                     struct ask_document *document)
{
    if (!certificates_read(cli, given_text(given, "certificate"), certificates))
        return CLI_FILE;
    document->type = given_text(given, "type");
    document->country = NULL;
    return ask_document(cli, "操作员本人的证件号码", "the person's document number", document) ? CLI_OK
                                                                                               : CLI_USAGE;
}

static int operator_add(struct cli *cli, struct given *given)
{
    Mingce__V1__OperatorAddRequest request = MINGCE__V1__OPERATOR_ADD_REQUEST__INIT;
    struct ask_document document;
    struct certificates certificates = {.n = 0};
    Mingce__V1__Role roles[OPERATOR_ROLES_MOST];
    if (!roles_take(cli, given, roles, &request.n_role))
        return CLI_USAGE;
    request.organisation_code = given_text(given, "organisation");
    request.name = given_text(given, "name");
    request.role = roles;
    request.document = &document.message;
    request.certificate = certificates.der;
    int status = key_asked(cli, given, &certificates, &document);
    request.n_certificate = certificates.n;
    if (status == CLI_OK)
        status = propose(cli, "operator.add", &request.base);
    certificates_free(&certificates);
    return status;
}

static int operator_bind(struct cli *cli, struct given *given)
{
    Mingce__V1__OperatorBindRequest request = MINGCE__V1__OPERATOR_BIND_REQUEST__INIT;
    struct ask_document document;
    struct certificates certificates = {.n = 0};
    request.operator_id = given_id(given, "ID");
    request.document = &document.message;
    request.certificate = certificates.der;
    int status = key_asked(cli, given, &certificates, &document);
    request.n_certificate = certificates.n;
    if (status == CLI_OK)
        status = propose(cli, "operator.bind", &request.base);
    certificates_free(&certificates);
    return status;
}

/* Computes the SHA-256 of the first certificate's public key. */
static bool key_hash(const struct certificates *certificates, uint8_t hash[HEX_KEY_HASH])
{
    const unsigned char *at = certificates->der[0].data;
    unsigned char *der = NULL;
    X509 *certificate = d2i_X509(NULL, &at, (long) certificates->der[0].len);
    int n = certificate == NULL ? -1 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (n > 0)
        sha256(der, (size_t) n, hash);
    OPENSSL_free(der);
    X509_free(certificate);
    return n > 0;
}

static int operator_unbind(struct cli *cli, struct given *given)
{
    Mingce__V1__OperatorUnbindRequest request = MINGCE__V1__OPERATOR_UNBIND_REQUEST__INIT;
    uint8_t hash[HEX_KEY_HASH];
    struct certificates certificates = {.n = 0};
    const char *path = given_text(given, "certificate");
    bool good =
        path == NULL || (certificates_read(cli, path, &certificates) && key_hash(&certificates, hash));
    certificates_free(&certificates);
    if (!good)
        return CLI_FILE;
    request.operator_id = given_id(given, "ID");
    request.key_hash =
        path == NULL ? given_key_hash(given, "key-hash") : (ProtobufCBinaryData){sizeof(hash), hash};
    return propose(cli, "operator.unbind", &request.base);
}

static int operator_roles(struct cli *cli, struct given *given)
{
    Mingce__V1__OperatorRolesRequest request = MINGCE__V1__OPERATOR_ROLES_REQUEST__INIT;
    Mingce__V1__Role roles[OPERATOR_ROLES_MOST];
    if (!roles_take(cli, given, roles, &request.n_role))
        return CLI_USAGE;
    request.operator_id = given_id(given, "ID");
    request.role = roles;
    return propose(cli, "operator.roles", &request.base);
}

static int status_change(struct cli *cli, struct given *given, Mingce__V1__OperatorStatus status)
{
    Mingce__V1__OperatorStatusRequest request = MINGCE__V1__OPERATOR_STATUS_REQUEST__INIT;
    request.operator_id = given_id(given, "ID");
    request.status = status;
    request.reason = given_text(given, "reason");
    return propose(cli, "operator.status", &request.base);
}

static int operator_suspend(struct cli *cli, struct given *given)
{
    return status_change(cli, given, MINGCE__V1__OPERATOR_STATUS__OPERATOR_SUSPENDED);
}

static int operator_activate(struct cli *cli, struct given *given)
{
    return status_change(cli, given, MINGCE__V1__OPERATOR_STATUS__OPERATOR_ACTIVE);
}

static int operator_revoke(struct cli *cli, struct given *given)
{
    return status_change(cli, given, MINGCE__V1__OPERATOR_STATUS__OPERATOR_REVOKED);
}

/* ---- commands ---- */

#define ARGUMENT_OPERATOR                                                                                    \
    {                                                                                                        \
        "ID", VALUE_ID, NEEDED, .zh = "操作员编号，见 operator list",                                        \
                                .en = "the operator's id, as operator list shows it"                         \
    }

static const struct command commands[] = {
    {.noun = "operator",
     .verb = "list",
     .run = operator_list,
     .method = "operator.list",
     .zh = "操作员一览（脱敏）",
     .en = "operators, masked",
     OPTIONS(OPTION_ORGANISATION, OPTIONS_LIST)},
    {.noun = "operator",
     .verb = "show",
     .run = operator_show,
     .method = "operator.show",
     .zh = "一个操作员及其证书",
     .en = "one operator and the certificates",
     ARGUMENTS(ARGUMENT_OPERATOR)},
    {.noun = "operator",
     .verb = "add",
     .run = operator_add,
     .method = "operator.add",
     .zh = "提出新增操作员",
     .en = "proposes a new operator",
     OPTIONS({"organisation", VALUE_TEXT, NEEDED, "CODE", .zh = "机构的统一社会信用代码",
              .en = "the organisation's unified social credit code"},
             {"name", VALUE_TEXT, NEEDED, "NAME", .zh = "姓名", .en = "the person's name"},
             {"role", VALUE_WORDS, NEEDED, "ROLE[,ROLE...]", .table = WORD_ROLE, .list = "roles",
              .zh = "角色，多个以逗号分隔", .en = "one or several with commas between them"},
             {"certificate", VALUE_FILE, NEEDED, "FILE.pem", .zh = "证书文件（PEM）",
              .en = "the file of the certificate in PEM form"},
             {"type", VALUE_TEXT, .value = "WORDS", .list = "documents", .zh = "证件类型，默认居民身份证",
              .en = "the kind of document, by default a resident ID"}),
     .notes_zh = "从标准输入读取一行：证件号码\n由另一名安全管理员确认后生效",
     .notes_en = "a line on standard input: the document number, which is no argument\ntakes effect when "
                 "another security administrator confirms"},
    {.noun = "operator",
     .verb = "bind",
     .run = operator_bind,
     .method = "operator.bind",
     .zh = "提出绑定证书",
     .en = "proposes one more certificate",
     ARGUMENTS(ARGUMENT_OPERATOR),
     OPTIONS({"certificate", VALUE_FILE, NEEDED, "FILE.pem", .zh = "证书文件（PEM）",
              .en = "the file of the certificate in PEM form"},
             {"type", VALUE_TEXT, .value = "WORDS", .list = "documents", .zh = "证件类型，默认居民身份证",
              .en = "the kind of document, by default a resident ID"}),
     .notes_zh = "从标准输入读取一行：证件号码，须为本人",
     .notes_en = "a line on standard input: the document number, of the same human being"},
    {.noun = "operator",
     .verb = "unbind",
     .run = operator_unbind,
     .method = "operator.unbind",
     .zh = "提出停用证书",
     .en = "proposes one certificate less",
     ARGUMENTS(ARGUMENT_OPERATOR),
     OPTIONS({"certificate", VALUE_FILE, EITHER, "FILE.pem", .zh = "证书文件（PEM）",
              .en = "the file of the certificate in PEM form"},
             {"key-hash", VALUE_KEY_HASH, EITHER, .zh = "证书公钥摘要，见 operator show",
              .en = "the hash of its public key, as operator show has it"})},
    {.noun = "operator",
     .verb = "roles",
     .run = operator_roles,
     .method = "operator.roles",
     .zh = "提出变更角色",
     .en = "proposes other roles",
     ARGUMENTS(ARGUMENT_OPERATOR),
     OPTIONS({"role", VALUE_WORDS, NEEDED, "ROLE[,ROLE...]", .table = WORD_ROLE, .list = "roles",
              .zh = "角色，多个以逗号分隔", .en = "one or several with commas between them"})},
    {.noun = "operator",
     .verb = "suspend",
     .run = operator_suspend,
     .method = "operator.status",
     .zh = "提出暂停操作员",
     .en = "proposes to suspend an operator",
     ARGUMENTS(ARGUMENT_OPERATOR),
     OPTIONS(OPTION_REASON(NEEDED))},
    {.noun = "operator",
     .verb = "activate",
     .run = operator_activate,
     .method = "operator.status",
     .zh = "提出恢复操作员",
     .en = "proposes to take an operator up again",
     ARGUMENTS(ARGUMENT_OPERATOR),
     OPTIONS(OPTION_REASON(NEEDED))},
    {.noun = "operator",
     .verb = "revoke",
     .run = operator_revoke,
     .method = "operator.status",
     .zh = "提出撤销操作员",
     .en = "proposes to revoke an operator for good",
     ARGUMENTS(ARGUMENT_OPERATOR),
     OPTIONS(OPTION_REASON(NEEDED))},
};
const struct commands operator_commands = {commands, sizeof(commands) / sizeof(*commands)};
