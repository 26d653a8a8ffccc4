/* SPDX-License-Identifier: Apache-2.0 */
/* What verifying agencies are asked, and answer (H4): proto/claim.proto, migrations/api/claim.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/batch.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/claim.pb-c.h"

enum { ID = 16, SOURCE_CHARACTERS = 100 };

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_PURPOSE, "purpose", INT2)                                                                 \
    COLUMN(LIST_IN_CASE, "case", TEXT)
COLUMNS_AFTER(METHOD_LOOK, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(LIST_CLAIM, "claim_id", UUID)                                                                     \
    COLUMN(LIST_FACT, "fact", INT2)                                                                          \
    COLUMN(LIST_RECORD, "record_id", UUID)                                                                   \
    COLUMN(LIST_SEALED, "sealed", BYTEA)                                                                     \
    COLUMN(LIST_ORGANISATION, "organisation_code", TEXT)                                                     \
    COLUMN(LIST_ASKED_AT, "asked_at_ms", INT8)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement fact_list_statement = {
    .name = "fact_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

#define ANSWER_PARAMETERS(COLUMN)                                                                            \
    COLUMN(ANSWER_IN_SOURCE, "source", TEXT)                                                                 \
    COLUMN(ANSWER_IN_AS_OF, "as_of", DATE)                                                                   \
    COLUMN(ANSWER_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(ANSWER_IN_ROW, "row", INT4)                                                                       \
    COLUMN(ANSWER_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(ANSWER_IN_CLAIM, "claim", UUID)                                                                   \
    COLUMN(ANSWER_IN_FACT, "fact", INT2)                                                                     \
    COLUMN(ANSWER_IN_ANSWER, "answer", INT2)
COLUMNS_AFTER(METHOD_WRITE, answer_parameters, ANSWER_PARAMETERS);
const struct statement fact_answer_statement = {
    .name = "fact_answer",
    .parameters = COLUMNS(answer_parameters),
    .rows = ANSWER_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define ASK_PARAMETERS(COLUMN)                                                                               \
    COLUMN(ASK_IN_ROW_REQ, "row_req", INT4)                                                                  \
    COLUMN(ASK_IN_ROW, "row", INT4)                                                                          \
    COLUMN(ASK_IN_ROW_HEAD, "row_head", BYTEA)                                                               \
    COLUMN(ASK_IN_DOCUMENT_INDEX, "document_index", BYTEA)                                                   \
    COLUMN(ASK_IN_QUESTION, "question", UUID)
COLUMNS_AFTER(METHOD_WRITE, ask_parameters, ASK_PARAMETERS);
const struct statement fact_ask_statement = {
    .name = "fact_ask",
    .parameters = COLUMNS(ask_parameters),
    .rows = ASK_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

/* ---- what employers ask ---- */

static const Mingce__V1__FactAskRequest *ask_request(const struct call *call)
{
    return (const Mingce__V1__FactAskRequest *) call->request;
}

enum reason fact_ask_valid(struct call *call)
{
    const Mingce__V1__FactAskRequest *request = ask_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

void fact_ask_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FactAskRequest *request = ask_request(call);
    for (size_t i = 0; i < request->n_row; i++) {
        struct row_trainee person;
        uint8_t question[ID];
        const struct row_said said = {.type = request->row[i]->document_type,
                                      .number = request->row[i]->document_number};
        if (!row_trainee(call, set, row_note(call, i), &said, &person))
            continue;
        crypto_uuid(question);
        row_bind(call, set, ASK_IN_ROW, i);
        set_bytes(set, ASK_IN_DOCUMENT_INDEX, person.document, sizeof(person.document));
        set_uuid(set, ASK_IN_QUESTION, question);
    }
}

static const char *note_field(enum reason reason)
{
    (void) reason;
    return NULL; /* the note's */
}

enum reason fact_ask_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, ask_request(call)->n_row, rows, note_field, out);
}

/* ---- the questions ---- */

static const Mingce__V1__FactListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__FactListRequest *) call->request;
}

enum reason fact_list_valid(struct call *call)
{
    const Mingce__V1__FactListRequest *request = list_request(call);
    enum reason reason = page_valid_rows(call, PAGE_FIRST(request));
    return reason == REASON_NONE ? person_reason_valid(call, request->reason) : reason;
}

void fact_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FactListRequest *request = list_request(call);
    page_bind(set, LIST_IN_PAGE, PAGE_FIRST(request));
    person_reason_bind(set, LIST_IN_PURPOSE, LIST_IN_CASE, request->reason);
}

static void question_fill(struct call *call, Mingce__V1__FactQuestion *out, const struct rows *rows,
                          size_t row)
{
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, LIST_RECORD, LIST_SEALED);
    if (record == NULL)
        return;
    mingce__v1__fact_question__init(out);
    out->fact = (Mingce__V1__Fact) rows_int2(rows, row, LIST_FACT);
    out->document_type = unconst(document_type_zh((enum document_type) record->document_type));
    out->document_number = person_shown_number(call, record->document_number, true);
    out->name = person_shown_name(call, record->name, true);
    out->organisation_code = unconst(rows_text(rows, row, LIST_ORGANISATION));
    out->asked_at_ms = rows_int8(rows, row, LIST_ASKED_AT);
    call_bytes(call, &out->claim_id, rows_uuid(rows, row, LIST_CLAIM), ID);
}

enum reason fact_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    Mingce__V1__FactListResponse *response = (Mingce__V1__FactListResponse *) out;
    size_t n = CALL_LIST(call, response, question, rows_count(rows) - 1); /* row 0 is about the request */
    for (size_t i = 0; i < n; i++)
        question_fill(call, response->question[i], rows, i + 1);
    return reason;
}

/* ---- the answers ---- */

static const Mingce__V1__FactAnswerRequest *answer_request(const struct call *call)
{
    return (const Mingce__V1__FactAnswerRequest *) call->request;
}

enum reason fact_answer_valid(struct call *call)
{
    const Mingce__V1__FactAnswerRequest *request = answer_request(call);
    if (!text_fits(request->source, SOURCE_CHARACTERS))
        return call_refuse(call, "source", REASON_EVIDENCE_LENGTH);
    enum reason reason = call_day_past(call, "as_of", day_parse(request->as_of));
    if (reason == REASON_NONE)
        reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++) {
        reason = batch_number(call, i, request->row[i]->row);
        if (reason == REASON_NONE && request->row[i]->claim_id.len != ID)
            reason = call_refuse(call, "claim_id", REASON_IDENTIFIER_LENGTH);
    }
    return reason;
}

void fact_answer_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FactAnswerRequest *request = answer_request(call);
    set_text(set, ANSWER_IN_SOURCE, request->source);
    set_day(set, ANSWER_IN_AS_OF, day_parse(request->as_of));
    for (size_t i = 0; i < request->n_row; i++) {
        row_note(call, i)->reason = REASON_NONE;
        row_note(call, i)->field = "claim_id";
        row_bind(call, set, ANSWER_IN_ROW, i);
        set_uuid(set, ANSWER_IN_CLAIM, request->row[i]->claim_id.data);
        set_int2(set, ANSWER_IN_FACT, (int16_t) request->row[i]->fact);
        set_int2(set, ANSWER_IN_ANSWER, (int16_t) request->row[i]->answer);
    }
}

enum reason fact_answer_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, answer_request(call)->n_row, rows, note_field, out);
}
