/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate's signed file, which is fetched from the server, and which anyone to whom it is shown can check offline. */
#include "proto/tlog/certificate_file.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/verify/file.h"
#include "client/cli/verify/keys.h"
#include "proto/certificate.pb-c.h"
#include "proto/rules/mend.h"

/* ---- export ---- */

static int certificate_export(struct cli *cli, struct given *given)
{
    Mingce__V1__CertificateExportRequest request = MINGCE__V1__CERTIFICATE_EXPORT_REQUEST__INIT;
    const char *path = given_text(given, "output");
    struct ask_document document;
    char number[ASK_LINE];
    int status;
    if (!ask_line(cli, "证书编号", "certificate number", number) ||
        !ask_document_given(cli, given, "持证人证件号码", "holder's document number", &document))
        return CLI_USAGE;
    request.certificate_number = number;
    request.document = &document.message;
    Mingce__V1__CertificateExportResponse *answer = (Mingce__V1__CertificateExportResponse *) cli_answer(
        cli, "certificate.export", &request.base, &status);
    if (answer == NULL)
        return status;
    status = file_write(cli, path, answer->file.data, answer->file.len) ? CLI_OK : CLI_FILE;
    if (status == CLI_OK && !cli->json)
        printf("%s%s\n", cli_say(cli, "证书文件已写入 ", "the certificate's file is "), path);
    mingce__v1__certificate_export_response__free_unpacked(answer, NULL);
    return status;
}

/* ---- check ---- */

enum holder { HOLDER_UNASKED, HOLDER_MATCHES, HOLDER_DIFFERS };

/* Reads a file's certificate and verifies its signature. Returns CLI_OK, or the exit status after saying what is wrong. */
static int file_load(const struct cli *cli, const char *path, const struct note_key *key,
                     struct certificate_file *file)
{
    static char note[NOTE_MOST + 2];
    size_t n;
    if (!file_read(cli, path, note, sizeof(note) - 1, &n))
        return CLI_FILE;
    /* first with only its line ends mended, since a name may end in blanks; then without blanks at the ends of lines, which mail adds */
    n = mend_text(note, n, MEND_LINES);
    enum certificate_file_verdict verdict = certificate_file_open(note, n, key, file);
    if (verdict == CERTIFICATE_FILE_UNSIGNED) {
        n = mend_text(note, n, MEND_BLANKS);
        verdict = certificate_file_open(note, n, key, file);
    }
    switch (verdict) {
    case CERTIFICATE_FILE_GOOD:
        return CLI_OK;
    case CERTIFICATE_FILE_UNKNOWN:
        return cli_fail(cli, CLI_FILE, "签名有效，但不是本程序认识的证书文件：请使用更新的版本",
                        "signed, but no certificate that this program can read: use a newer one", path);
    case CERTIFICATE_FILE_UNSIGNED:
        break;
    }
    if (!file_begins(note, "mingce.certificate@v1")) /* of proto/tlog/certificate_file.c */
        return cli_fail(cli, CLI_FILE, "不是证书文件：certificate export 写出的才是",
                        "no certificate's file, as certificate export writes it", path);
    return cli_fail(cli, CLI_ROWS_REFUSED, "证书文件不是此公钥所签，或已被改动",
                    "the file is not signed by this key, or was altered", path);
}

/* Asks for a document, and checks that it is the holder's. Returns CLI_OK, or the exit status after saying what is wrong. */
static int holder_ask(const struct cli *cli, struct given *given, const struct certificate_file *file,
                      enum holder *holder)
{
    struct ask_document asked;
    struct document document;
    enum document_type type;
    enum reason warning, reason = REASON_DOCUMENT_TYPE_UNKNOWN;
    uint8_t digest[CERTIFICATE_FILE_HASH];
    if (!ask_document_given(cli, given, "持证人出示的证件号码", "number of the document that is shown",
                            &asked))
        return CLI_USAGE;
    if (document_type_of(asked.type == NULL ? "" : asked.type, &type))
        reason = document_parse(type, asked.number, asked.country, day_at((int64_t) time(NULL) * 1000),
                                &document, &warning);
    if (reason != REASON_NONE)
        return cli_fail(cli, CLI_USAGE, reason_text(reason)->zh, reason_text(reason)->en, NULL);
    certificate_file_holder(file->salt, &document, digest);
    *holder = CRYPTO_memcmp(digest, file->holder, sizeof(digest)) == 0 ? HOLDER_MATCHES : HOLDER_DIFFERS;
    OPENSSL_cleanse(&document, sizeof(document));
    return CLI_OK;
}

static const struct table_column columns[] = {
    {"certificate_number", "证书编号", "number", false},
    {"kind", "类别", "kind", false},
    {"occupation_code", "职业代码", "occupation code", false},
    {"occupation", "职业", "occupation", false},
    {"level", "等级", "level", false},
    {"issuer_code", "发证机构代码", "issuer's code", false},
    {"issuer", "发证机构", "issuer", false},
    {"issued_on", "发证日期", "issued", false},
    {"as_of", "截至", "as of", false},
    {"state", "状态", "state", false},
    {"since", "自", "since", false},
    {"holder", "证件", "document", false},
    {"log_index", "日志位置", "place in the log", true},
};

static void print(const struct cli *cli, const struct certificate_file *file, enum holder holder)
{
    static const char *const holders[][3] = {[HOLDER_UNASKED] = {NULL, NULL, NULL},
                                             [HOLDER_MATCHES] = {"相符", "matches", "matches"},
                                             [HOLDER_DIFFERS] = {"不符", "does not match", "differs"}};
    struct table *table = table_new(cli, columns, sizeof(columns) / sizeof(*columns));
    char issued_on[DAY_TEXT], as_of[DAY_TEXT], since[DAY_TEXT];
    const char *const *said = holders[holder];
    day_format(file->issued_on, issued_on);
    day_format(file->as_of, as_of);
    table_text(table, file->number);
    word_cell(table, cli, WORD_CERTIFICATE_KIND, (int) file->kind);
    table_text(table, file->occupation_code);
    table_text(table, file->occupation_name);
    word_cell(table, cli, WORD_LEVEL, (int) file->level);
    table_text(table, file->issuer_code);
    table_text(table, file->issuer_name);
    table_text(table, issued_on);
    table_text(table, as_of);
    word_cell(table, cli, WORD_CERTIFICATE_STATE,
              file->revoked ? (int) MINGCE__V1__CERTIFICATE_STATE__CERTIFICATE_REVOKED
                            : (int) MINGCE__V1__CERTIFICATE_STATE__CERTIFICATE_VALID);
    if (file->revoked)
        day_format(file->since, since);
    table_text(table, file->revoked ? since : NULL);
    table_text(table, cli->json ? said[2] : cli_say(cli, said[0], said[1]));
    table_member(table, "log_entry", cli->json ? json_object_new_uint64(file->log_entry) : NULL);
    if (file->has_log_index)
        table_number(table, file->log_index);
    else
        table_text(table, NULL);
    table_row(table);
    table_end_record(table);
}

static int certificate_check(struct cli *cli, struct given *given)
{
    struct note_key key;
    struct certificate_file file;
    enum holder holder = HOLDER_UNASKED;
    int status = key_read(cli, given_text(given, "certificate-key"), &key);
    if (status == CLI_OK)
        status = file_load(cli, given_text(given, "FILE"), &key, &file);
    if (status == CLI_OK && given_has(given, "document"))
        status = holder_ask(cli, given, &file, &holder);
    if (status != CLI_OK)
        return status;
    if (!cli->json && !file.revoked && holder != HOLDER_DIFFERS)
        puts(holder == HOLDER_MATCHES ? cli_say(cli, "核验通过：签名有效，证件相符",
                                                "verified: signed, and the document is the holder's")
                                      : cli_say(cli, "核验通过：签名有效（未核对证件）",
                                                "verified: signed (no document was compared)"));
    print(cli, &file, holder);
    if (file.revoked)
        status = cli_fail(cli, CLI_ROWS_REFUSED, "证书已被撤销", "the certificate has been revoked", NULL);
    if (holder == HOLDER_DIFFERS)
        status =
            cli_fail(cli, CLI_ROWS_REFUSED, "该证件不是持证人的", "the document is not the holder's", NULL);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "certificate",
     .verb = "export",
     .run = certificate_export,
     .method = "certificate.export",
     .zh = "证书的签名文件，交持证人",
     .en = "a certificate as a signed file, for its holder",
     OPTIONS({"output", VALUE_NEW_FILE, NEEDED, .zh = "写入的文件", .en = "the file that is written"},
             OPTIONS_DOCUMENT),
     .notes_zh = "从标准输入读取两行：证书编号、持证人证件号码",
     .notes_en = "two lines on standard input: the number, the holder's document number"},
    {.noun = "certificate",
     .verb = "check",
     .run = certificate_check,
     .zh = "离线核验证书的签名文件",
     .en = "checks a certificate's signed file, offline",
     ARGUMENTS({"FILE", VALUE_FILE, NEEDED, .zh = "签名文件", .en = "the signed file"}),
     OPTIONS({"certificate-key", VALUE_FILE, NEEDED, .zh = "证书公钥文件，由登记机关公布",
              .en = "file of the public key, as the registry publishes it"},
             {"document", VALUE_FLAG, .zh = "核对持证人出示的证件，号码从标准输入读取",
              .en = "compares the document that the holder shows, whose number is read from standard input"},
             OPTIONS_DOCUMENT),
     .notes_zh = "退出码0：签名有效，截至文件日期未撤销；1：签名不符、已撤销或证件不符；5：不是证书文件",
     .notes_en = "exit status 0: signed, and not revoked as of the file's day; 1: not signed, revoked, or "
                 "another's document; 5: no certificate's file"},
};
const struct commands certificate_file_commands = {commands, sizeof(commands) / sizeof(*commands)};
