/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: imported, listed, revoked, verified. A number may hold a resident's: it is asked for, not an argument. */
#include "proto/certificate.pb-c.h"

#include <stdio.h>

#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/holder.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/sheet/forms.h"
#include "proto/filing.pb-c.h"
#include "proto/rules/cell.h"

enum { OCCUPATION = 64 };

/* ---- import ---- */

enum {
    FIELD_CERTIFICATE = TRAINEE_FIELDS,
    FIELD_KIND,
    FIELD_ISSUED,
    FIELD_OCCUPATION,
    FIELD_OCCUPATION_NAME,
    FIELD_LEVEL,
    FIELD_RENEWAL
};

static const struct form_field fields[] = {
    TRAINEE_FORM_FIELDS,
    [FIELD_CERTIFICATE] = {"certificate_number",
                           "证书编号",
                           "certificate number",
                           {"证书编号", "证书号码", "证书号", "certificatenumber"},
                           FORM_NEEDED},
    [FIELD_KIND] = {"kind", "证书类别", "kind", {"证书类别", "证书类型", "证书种类", "kind"}, FORM_NEEDED},
    [FIELD_ISSUED] = {"issued_on",
                      "发证日期",
                      "day of issue",
                      {"发证日期", "颁发日期", "颁证日期", "签发日期", "发证时间", "日期", "issuedon",
                       "dayofissue"},
                      FORM_NEEDED},
    [FIELD_OCCUPATION] = {"occupation_code",
                          "职业代码",
                          "occupation",
                          {"职业代码", "职业编码", "occupationcode", "occupation"},
                          FORM_OPTIONAL},
    [FIELD_OCCUPATION_NAME] = {"occupation_code",
                               "职业",
                               "occupation",
                               {"职业", "职业名称", "工种", "职业工种", "occupationname"},
                               FORM_OPTIONAL},
    [FIELD_LEVEL] = {"level", "等级", "level", {"等级", "技能等级", "职业等级", "level"}, FORM_OPTIONAL},
    [FIELD_RENEWAL] = {"renewal",
                       "首次或复审",
                       "renewal",
                       {"首次或复审", "首次复审", "是否复审", "firstorrenewal", "renewal"},
                       FORM_OPTIONAL},
};
const struct form certificate_form = {.noun = "certificate",
                                      .fields = fields,
                                      .n = sizeof(fields) / sizeof(*fields),
                                      .needed = {FIELD_CERTIFICATE, FIELD_ISSUED}};

struct certificates {
    Mingce__V1__CertificateImportRequest request;
    ProtobufCMessage *class; /* of --class; rows without an occupation and a level get those of the class */
};
struct certificate_text {
    char issued_on[DAY_TEXT], occupation[OCCUPATION];
};

/* Returns the code in a cell, which may also have the name; NULL: the cell is blank. */
static char *read_occupation(const char *cell, char code[OCCUPATION])
{
    if (cell == NULL)
        return NULL;
    if (!cell_number(occupation_said(cell), code, OCCUPATION))
        snprintf(code, OCCUPATION, "?"); /* longer than any code */
    return code;
}

static bool read_row(void *context, struct row *read)
{
    const struct certificates *certificates = context;
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__CertificateRow *row = read->message;
    struct certificate_text *text = read->text;
    size_t i = read->i;
    const Mingce__V1__Class *class =
        certificates->class == NULL ? NULL
                                    : ((const Mingce__V1__ClassShowResponse *) certificates->class)->class_;
    struct holder holder = {.has_seat = false};
    bool good = row_day(read, FIELD_ISSUED, true, text->issued_on, &row->issued_on);
    good = good && trainee_read(file, i, judgement, &holder);
    TRAINEE_FILL(row, &holder);
    row->certificate_number = form_file_cell(file, i, FIELD_CERTIFICATE);
    if (row->certificate_number == NULL)
        good = good && rows_refuse(judgement, REASON_CERTIFICATE_NUMBER, "certificate_number");
    row->kind =
        (Mingce__V1__CertificateKind) word_number(WORD_CERTIFICATE_KIND, form_file_cell(file, i, FIELD_KIND));
    if (row->kind == 0)
        good = good && rows_refuse(judgement, REASON_CERTIFICATE_KIND_UNKNOWN, "kind");
    const char *occupation = form_file_cell(file, i, FIELD_OCCUPATION);
    if (occupation == NULL)
        occupation = form_file_cell(file, i, FIELD_OCCUPATION_NAME);
    row->occupation_code = read_occupation(occupation, text->occupation);
    if (row->occupation_code == NULL && class != NULL)
        row->occupation_code = class->occupation_code;
    if (row->occupation_code == NULL)
        good = good && rows_refuse(judgement, REASON_OCCUPATION_UNKNOWN, "occupation_code");
    const char *level = form_file_cell(file, i, FIELD_LEVEL);
    row->level = level == NULL && class != NULL ? class->level : (uint32_t) word_number(WORD_LEVEL, level);
    if (row->level == 0)
        good = good && rows_refuse(judgement, REASON_LEVEL_UNKNOWN, "level");
    const char *said = form_file_cell(file, i, FIELD_RENEWAL);
    int renewal = word_number(WORD_RENEWAL, said);
    row->has_renewal = said != NULL;
    row->renewal = renewal == RENEWAL;
    if (row->has_renewal && renewal == 0)
        good = good && rows_refuse(judgement, REASON_RENEWAL_UNKNOWN, "renewal");
    return good;
}

static const struct row_form certificate_rows = {
    .form = &certificate_form, .text = sizeof(struct certificate_text), .read = read_row};

static int prepare(void *context, struct cli *cli)
{
    struct certificates *certificates = context;
    Mingce__V1__ClassShowRequest request = MINGCE__V1__CLASS_SHOW_REQUEST__INIT;
    int status = CLI_OK;
    request.number = certificates->request.class_number;
    if (certificates->request.has_class_number)
        certificates->class = cli_call(cli, "class.show", &request.base, &status);
    return status;
}

static int certificate_import(struct cli *cli, struct given *given)
{
    struct certificates certificates = {.request = MINGCE__V1__CERTIFICATE_IMPORT_REQUEST__INIT};
    const struct rows_import import = {.method = "certificate.import",
                                       .rows = &certificate_rows,
                                       .request = &certificates.request.base,
                                       .context = &certificates,
                                       .prepare = prepare};
    certificates.request.has_class_number = given_has(given, "class");
    certificates.request.class_number = given_number(given, "class");
    int status = rows_import(cli, &import, given);
    protobuf_c_message_free_unpacked(certificates.class, NULL);
    return status;
}

/* ---- list ---- */

/* Puts the first warning: its text for people, its name for programs. */
static void warning_cell(struct table *table, const struct cli *cli, size_t n, char *const *warning)
{
    table_cell(table, n == 0 ? NULL : warning_shown(cli, warning[0]),
               n == 0 || !cli->json ? NULL : json_object_new_string(warning[0]));
}

static void warned(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__IssuedCertificate *certificate = (const Mingce__V1__IssuedCertificate *) message;
    warning_cell(table, cli, certificate->n_warning, certificate->warning);
}

static void renewal_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    word_cell(table, cli, WORD_RENEWAL,
              ((const Mingce__V1__IssuedCertificate *) message)->renewal ? RENEWAL : FIRST);
}

static const struct shown columns[] = {
    {"certificate_number", "证书编号", "number", .as = AS_TEXT},
    {"kind", "类别", "kind", .as = AS_WORD, .words = WORD_CERTIFICATE_KIND},
    {"issuer", "发证机构", "issuer", .as = AS_TEXT, .field = "issuer_name"},
    {"occupation", "职业", "occupation", .as = AS_TEXT, .field = "occupation_name"},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"issued_on", "发证日期", "issued", .as = AS_TEXT},
    {"renewal", "首次或复审", "first or renewal", .as = AS_CELL, .cell = renewal_cell},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CERTIFICATE_STATE},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"warning", "待核对", "to be checked", .as = AS_CELL, .cell = warned},
};
static const struct show list = SHOW(columns);

static int certificate_list(struct cli *cli, struct given *given)
{
    Mingce__V1__CertificateListRequest request = MINGCE__V1__CERTIFICATE_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "certificate.list", .show = &list, .request = &request.base};
    request.has_class_number = given_has(given, "class");
    request.class_number = given_number(given, "class");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- revoke and reinstate ---- */

static int change_state(struct cli *cli, struct given *given)
{
    Mingce__V1__CertificateStateRequest request = MINGCE__V1__CERTIFICATE_STATE_REQUEST__INIT;
    char number[ASK_LINE];
    if (!ask_line(cli, "证书编号", "certificate number", number))
        return CLI_USAGE;
    request.certificate_number = number;
    request.reason = given_text(given, "reason");
    request.effective_on = given_text(given, "on");
    return cli_write(cli, given->command->method, &request.base);
}

/* ---- amend ---- */

static void amend_warned(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__CertificateAmendResponse *answer =
        (const Mingce__V1__CertificateAmendResponse *) message;
    warning_cell(table, cli, answer->n_warning, answer->warning);
}

static const struct shown amended_columns[] = {
    {"version", "版本", "version", .as = AS_NUMBER},
    {"warning", "待核对", "to be checked", .as = AS_CELL, .cell = amend_warned},
};
static const struct show amended = SHOW(amended_columns);

static int certificate_amend(struct cli *cli, struct given *given)
{
    Mingce__V1__CertificateAmendRequest request = MINGCE__V1__CERTIFICATE_AMEND_REQUEST__INIT;
    char number[ASK_LINE];
    if (!ask_line(cli, "证书编号", "certificate number", number))
        return CLI_USAGE;
    request.certificate_number = number;
    request.kind = (Mingce__V1__CertificateKind) given_word(given, "kind");
    request.issued_on = given_text(given, "issued-on");
    request.occupation_code = given_text(given, "occupation");
    request.level = (uint32_t) given_word(given, "level");
    request.version = (uint32_t) given_number(given, "version");
    request.has_renewal = request.renewal = given_has(given, "renewal");
    request.reason = given_text(given, "reason");
    return show_write(cli, "certificate.amend", &request.base, &amended);
}

/* ---- verify ---- */

static int certificate_verify(struct cli *cli, struct given *given)
{
    static const struct table_column answers[] = {{"state", "核验结果", "state", false},
                                                  {"since", "自", "since", false}};
    Mingce__V1__CertificateVerifyRequest request = MINGCE__V1__CERTIFICATE_VERIFY_REQUEST__INIT;
    char number[ASK_LINE], name[ASK_LINE];
    int status = CLI_USAGE;
    (void) given;
    if (!ask_line(cli, "证书编号", "certificate number", number) ||
        !ask_line(cli, "持证人姓名", "holder's name", name))
        return status;
    request.certificate_number = number;
    request.name = name;
    Mingce__V1__CertificateVerifyResponse *answer = (Mingce__V1__CertificateVerifyResponse *) cli_answer(
        cli, "certificate.verify", &request.base, &status);
    if (answer == NULL)
        return status;
    struct table *table = table_new(cli, answers, 2);
    if (answer->has_state)
        word_cell(table, cli, WORD_CERTIFICATE_STATE, (int) answer->state);
    else
        table_cell(table, cli_say(cli, "未找到", "not found"), json_object_new_string("not-found"));
    table_text(table, answer->since);
    table_row(table);
    table_end_record(table);
    bool valid = answer->has_state && answer->state == MINGCE__V1__CERTIFICATE_STATE__CERTIFICATE_VALID;
    mingce__v1__certificate_verify_response__free_unpacked(answer, NULL);
    return valid ? CLI_OK : CLI_ROWS_REFUSED;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "certificate",
     .verb = "import",
     .run = certificate_import,
     .method = "certificate.import",
     .zh = "导入证书",
     .en = "imports certificates",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_CLASS(OPTIONAL), OPTION_REJECTS),
     .notes_zh = "证书类别：mingce code list certificates；等级：mingce code list "
                 "levels；首次或复审空白为首次；姓名有则须与登记的相符\n有 "
                 "--class 时，职业代码、等级可省；没有时须填，人用证件号码指明",
     .notes_en =
         "kind: mingce code list certificates; level: mingce code list levels; first or renewal: blank "
         "for a first one; a name must agree\nwith --class occupation and level may be left out; without it "
         "they are needed, and "
         "so is the document number",
     .reads = {&certificate_form}},
    {.noun = "certificate",
     .verb = "list",
     .run = certificate_list,
     .method = "certificate.list",
     .zh = "证书列表",
     .en = "lists certificates",
     OPTIONS(OPTION_CLASS(OPTIONAL), OPTIONS_LIST)},
    {.noun = "certificate",
     .verb = "amend",
     .run = certificate_amend,
     .method = "certificate.amend",
     .zh = "更正尚未用于申领的证书",
     .en = "amends a certificate that no claim rests on",
     OPTIONS({"kind", VALUE_WORD, NEEDED, "KIND", .table = WORD_CERTIFICATE_KIND, .list = "certificates",
              .zh = "证书类别", .en = "the kind of certificate"},
             {"issued-on", VALUE_DAY, NEEDED, .zh = "发证日期", .en = "the day of issue"}, OPTION_OCCUPATION,
             OPTION_LEVEL,
             {"renewal", VALUE_FLAG, .zh = "复审（换证），否则为首次", .en = "a renewal, else a first one"},
             OPTION_VERSION("certificate list"), OPTION_REASON(NEEDED)),
     .notes_zh = "从标准输入读取一行：证书编号；写明更正后的全部内容",
     .notes_en =
         "a line on standard input: the certificate's number; the options are all that it says from now on",
     .example_zh = "certificate amend --kind 培训合格证书 --issued-on 2026-06-10 --occupation 4-10-01-06 "
                   "--level 初级工 --version 1 --reason 录入有误",
     .example_en = "certificate amend --kind training --issued-on 2026-06-10 --occupation 4-10-01-06 --level "
                   "junior --version 1 --reason \"a slip of the pen\""},
    {.noun = "certificate",
     .verb = "revoke",
     .run = change_state,
     .method = "certificate.revoke",
     .zh = "撤销证书",
     .en = "revokes a certificate",
     OPTIONS(OPTION_REASON(NEEDED),
             {"on", VALUE_DAY, NEEDED, .zh = "自哪一天起撤销", .en = "the day from which it is revoked"}),
     .notes_zh = "从标准输入读取一行：证书编号",
     .notes_en = "a line on standard input: the certificate's number"},
    {.noun = "certificate",
     .verb = "reinstate",
     .run = change_state,
     .method = "certificate.reinstate",
     .zh = "恢复证书（主管部门）",
     .en = "makes it valid again (bureaus)",
     OPTIONS(OPTION_REASON(NEEDED),
             {"on", VALUE_DAY, NEEDED, .zh = "自哪一天起恢复", .en = "the day from which it is valid again"}),
     .notes_zh = "从标准输入读取一行：证书编号",
     .notes_en = "a line on standard input: the certificate's number"},
    {.noun = "certificate",
     .verb = "verify",
     .run = certificate_verify,
     .method = "certificate.verify",
     .zh = "核验证书",
     .en = "verifies a certificate",
     .notes_zh = "从标准输入读取两行：证书编号、持证人姓名；有效则退出码为0，否则为1",
     .notes_en = "two lines on standard input: the number, the holder's name; exit status 0: valid, 1: not"},
};
const struct commands certificate_commands = {commands, sizeof(commands) / sizeof(*commands)};
