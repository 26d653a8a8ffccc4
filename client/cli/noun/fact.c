/* SPDX-License-Identifier: Apache-2.0 */
/* What a verifying agency is asked, and answers (H4). */
#include "client/cli/command/ask.h"
#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/rows.h"
#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/claim.pb-c.h"
#include "proto/rules/day.h"

enum { SOURCE = 512 };

/* ---- what an employer asks ---- */

enum { ASK_NUMBER, ASK_TYPE };
static const struct form_field ask_fields[] = {
    [ASK_NUMBER] = {"document_number",
                    "证件号码",
                    "number",
                    {"证件号码", "身份证号码", "身份证号", "number"},
                    FORM_NEEDED},
    [ASK_TYPE] = {"document_type", "证件类型", "document", {"证件类型", "document"}, FORM_OPTIONAL},
};
const struct form ask_form = {.noun = "employee",
                              .fields = ask_fields,
                              .n = sizeof(ask_fields) / sizeof(*ask_fields),
                              .needed = {ASK_NUMBER, ASK_NUMBER}};

static bool ask_read(void *context, struct row *read)
{
    Mingce__V1__FactAskRow *row = read->message;
    (void) context;
    row->document_number = form_file_cell(read->file, read->i, ASK_NUMBER);
    row->document_type = form_file_cell(read->file, read->i, ASK_TYPE);
    return row->document_number != NULL || rows_refuse(read->judgement, REASON_ID_MISSING, "document_number");
}

static const struct row_form ask_rows = {.form = &ask_form, .read = ask_read};

static int fact_ask(struct cli *cli, int argc, char **argv)
{
    const char *path, *rejects = NULL;
    Mingce__V1__FactAskRequest request = MINGCE__V1__FACT_ASK_REQUEST__INIT;
    const struct cli_option options[] = {{"rejects", &rejects, NULL}};
    const struct rows_import import = {.method = "fact.ask", .rows = &ask_rows, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, 1, &path, 1) || cli_same_file(cli, path, rejects))
        return CLI_USAGE;
    return rows_import(cli, &import, path, rejects);
}

/* ---- the questions ---- */

static const struct shown columns[] = {
    {"claim_id", "申领编号", "claim", .as = AS_ID},
    {"fact", "核验事项", "asked", .as = AS_WORD, .words = WORD_FACT},
    {"document_type", "证件类型", "document", .as = AS_TEXT},
    {"document_number", "证件号码", "number", .as = AS_TEXT},
    {"name", "姓名", "name", .as = AS_TEXT},
    {"organisation_code", "申领单位", "claimed by", .as = AS_TEXT},
    {"asked_at", "提出时间", "asked at", .as = AS_TIME},
};
static const struct show list = SHOW(columns);

static int fact_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__FactListRequest request = MINGCE__V1__FACT_LIST_REQUEST__INIT;
    struct ask_reason reason = {.purpose = NULL};
    const struct cli_option options[] = {{"purpose", &reason.purpose, NULL},
                                         {"case", &reason.reference, NULL},
                                         {"output", &cli->output, NULL}};
    const struct pages pages = {.method = "fact.list", .show = &list, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, 3, NULL, 0) || !ask_reason(cli, &reason))
        return CLI_USAGE;
    request.reason = &reason.message;
    return pages_print(cli, &pages, NULL, 0);
}

/* ---- the answers ---- */

enum { FIELD_CLAIM, FIELD_ANSWER, FIELD_FACT };
static const struct form_field fields[] = {
    [FIELD_CLAIM] = {"claim_id", "申领编号", "claim", {"申领编号", "claimid", "claim"}, FORM_NEEDED},
    [FIELD_ANSWER] = {"answer", "核验结果", "answer", {"核验结果", "答复", "结果", "answer"}, FORM_NEEDED},
    [FIELD_FACT] = {"fact", "核验事项", "asked", {"核验事项", "事项", "fact", "asked"}, FORM_NEEDED},
};
const struct form fact_form = {.noun = "fact",
                               .fields = fields,
                               .n = sizeof(fields) / sizeof(*fields),
                               .needed = {FIELD_CLAIM, FIELD_ANSWER}};

static bool read_row(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__FactAnswerRow *row = read->message;
    size_t i = read->i;
    (void) context;
    row->claim_id = (ProtobufCBinaryData){HEX_ID, read->text};
    row->fact = (Mingce__V1__Fact) word_number(WORD_FACT, form_file_cell(file, i, FIELD_FACT));
    row->answer = (Mingce__V1__FactAnswer) word_number(WORD_ANSWER, form_file_cell(file, i, FIELD_ANSWER));
    bool good = rows_id(file, i, FIELD_CLAIM, row->claim_id.data, judgement);
    good = good && (row->fact != 0 || rows_refuse(judgement, REASON_FACT_CELL, "fact"));
    return good && (row->answer != 0 || rows_refuse(judgement, REASON_ANSWER_UNKNOWN, "answer"));
}

static const struct row_form answer_rows = {&fact_form, HEX_ID, read_row};

static int fact_answer(struct cli *cli, int argc, char **argv)
{
    const char *path, *source = NULL, *as_of = NULL, *rejects = NULL;
    char source_text[SOURCE], as_of_text[DAY_TEXT + 1];
    Mingce__V1__FactAnswerRequest request = MINGCE__V1__FACT_ANSWER_REQUEST__INIT;
    const struct cli_option options[] = {
        {"source", &source, NULL}, {"as-of", &as_of, NULL}, {"rejects", &rejects, NULL}};
    const struct rows_import import = {
        .method = "fact.answer", .rows = &answer_rows, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, 3, &path, 1) || !cli_required(cli, options, 2) ||
        cli_same_file(cli, path, rejects))
        return CLI_USAGE;
    request.source = cli_copy(source_text, sizeof(source_text), source);
    request.as_of = cli_copy(as_of_text, sizeof(as_of_text), as_of);
    return rows_import(cli, &import, path, rejects);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"fact",
     "list",
     fact_list,
     "待核验事项（核验机构）",
     "what is asked of a verifying agency",
     "fact list --purpose PURPOSE --case REFERENCE\n",
     PURPOSES_ZH,
     PURPOSES_EN,
     {NULL}},
    {"fact",
     "ask",
     fact_ask,
     "询问员工是否参保（企业）",
     "asks whether employees are insured",
     "fact ask FILE.csv [--rejects FILE]\n",
     "  证件类型：默认居民身份证（mingce code list documents）\n"
     "  核验机构答复相符后，企业方可为其申领\n" REJECTS_ZH,
     "  document: by default a resident ID (mingce code list documents)\n"
     "  once a verifying agency has answered that they are, the enterprise claims for them\n" REJECTS_EN,
     {&ask_form}},
    {"fact",
     "answer",
     fact_answer,
     "答复核验事项",
     "answers what was asked",
     "fact answer FILE.csv --source TEXT --as-of YYYY-MM-DD [--rejects FILE]\n",
     "  核验事项：mingce code list facts；核验结果：相符 不符 无法核验\n" REJECTS_ZH,
     "  asked: mingce code list facts; answer: match mismatch not-available\n" REJECTS_EN,
     {&fact_form}},
};
const struct commands fact_commands = {commands, sizeof(commands) / sizeof(*commands)};
