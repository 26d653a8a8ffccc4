/* SPDX-License-Identifier: Apache-2.0 */
/* The questions to a verifying agency, and its answers (H4). */
#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/claim.pb-c.h"
#include "proto/rules/day.h"

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

static int fact_ask(struct cli *cli, struct given *given)
{
    Mingce__V1__FactAskRequest request = MINGCE__V1__FACT_ASK_REQUEST__INIT;
    const struct rows_import import = {.method = "fact.ask", .rows = &ask_rows, .request = &request.base};
    return rows_import(cli, &import, given);
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

static int fact_list(struct cli *cli, struct given *given)
{
    Mingce__V1__FactListRequest request = MINGCE__V1__FACT_LIST_REQUEST__INIT;
    Mingce__V1__Reason reason;
    const struct pages pages = {.method = "fact.list", .show = &list, .request = &request.base};
    ask_reason(given, &reason);
    request.reason = &reason;
    return pages_print(cli, &pages, 0);
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

static const struct row_form answer_rows = {
    .form = &fact_form, .text = HEX_ID, .read = read_row, .says = {"answer"}};

static int fact_answer(struct cli *cli, struct given *given)
{
    Mingce__V1__FactAnswerRequest request = MINGCE__V1__FACT_ANSWER_REQUEST__INIT;
    const struct rows_import import = {
        .method = "fact.answer", .rows = &answer_rows, .request = &request.base};
    request.source = given_text(given, "source");
    request.as_of = given_text(given, "as-of");
    return rows_import(cli, &import, given);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "fact",
     .verb = "list",
     .run = fact_list,
     .method = "fact.list",
     .zh = "待核验事项（核验机构）",
     .en = "what is asked of a verifying agency",
     OPTIONS(OPTIONS_PURPOSE(NEEDED, NULL, NULL), OPTION_OUTPUT_LIST)},
    {.noun = "fact",
     .verb = "ask",
     .run = fact_ask,
     .method = "fact.ask",
     .zh = "询问员工是否参保（企业）",
     .en = "asks whether employees are insured",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_REJECTS),
     .notes_zh =
         "证件类型：默认居民身份证（mingce code list documents）\n核验机构答复相符后，企业方可为其申领",
     .notes_en = "document: by default a resident ID (mingce code list documents)\nonce a verifying agency "
                 "has answered that they are, the enterprise claims for them",
     .reads = {&ask_form}},
    {.noun = "fact",
     .verb = "answer",
     .run = fact_answer,
     .method = "fact.answer",
     .zh = "答复核验事项",
     .en = "answers what was asked",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS({"source", VALUE_TEXT, NEEDED, .zh = "答复所依据的来源", .en = "where the answers are from"},
             {"as-of", VALUE_DAY, NEEDED, .zh = "答复截至哪一天", .en = "the day that they are of"},
             OPTION_REJECTS),
     .notes_zh = "核验事项：mingce code list facts；核验结果：相符 不符 无法核验",
     .notes_en = "asked: mingce code list facts; answer: match mismatch not-available",
     .reads = {&fact_form}},
};
const struct commands fact_commands = {commands, sizeof(commands) / sizeof(*commands)};
