/* SPDX-License-Identifier: Apache-2.0 */
/* Submission of claims. */
#include "daemon/registry/claim.h"
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/certificate.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/text.h"

enum { ID = 16, REASONS_MOST = 16 /* against one row, more than there are */ };

#define SUBMIT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(SUBMIT_IN_ROUTE, "route", INT2)                                                                   \
    COLUMN(SUBMIT_IN_DRY_RUN, "dry_run", BOOL)                                                               \
    COLUMN(SUBMIT_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(SUBMIT_IN_ROW, "row", INT4)                                                                       \
    COLUMN(SUBMIT_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(SUBMIT_IN_NUMBER_INDEX, "number_index", BYTEA)                                                    \
    COLUMN(SUBMIT_IN_PROXY, "proxy", TEXT)                                                                   \
    COLUMN(SUBMIT_IN_NO_FEE, "no_fee", BOOL)                                                                 \
    COLUMN(SUBMIT_IN_ASKED, "asked", INT4)                                                                   \
    COLUMN(SUBMIT_IN_CLAIM, "claim", UUID)                                                                   \
    COLUMN(SUBMIT_IN_DOCUMENT_INDEX, "document_index", BYTEA)                                                \
    COLUMN(SUBMIT_IN_NAME_INDEX, "name_index", BYTEA)
COLUMNS_AFTER(METHOD_WRITE, submit_parameters, SUBMIT_PARAMETERS);
#define SUBMIT_RESULT(COLUMN)                                                                                \
    COLUMN(SUBMIT_ROW, "row_number", INT4)                                                                   \
    COLUMN(SUBMIT_OUTCOME, "outcome", INT2)                                                                  \
    COLUMN(SUBMIT_CLAIM, "claim_id", UUID)                                                                   \
    COLUMN(SUBMIT_AMOUNT, "amount_fen", INT8)
COLUMNS_AFTER(RESULT, submit_result, SUBMIT_RESULT);
const struct statement claim_submit_statement = {
    .name = "claim_submit",
    .parameters = COLUMNS(submit_parameters),
    .rows = SUBMIT_IN_ROW_REQ,
    .result = COLUMNS(submit_result),
};

static const Mingce__V1__ClaimSubmitRequest *submit_request(const struct call *call)
{
    return (const Mingce__V1__ClaimSubmitRequest *) call->request;
}

enum reason claim_submit_valid(struct call *call)
{
    const Mingce__V1__ClaimSubmitRequest *request = submit_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

void claim_submit_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClaimSubmitRequest *request = submit_request(call);
    set_int2(set, SUBMIT_IN_ROUTE, (int16_t) request->route);
    set_bool(set, SUBMIT_IN_DRY_RUN, request->has_dry_run && request->dry_run);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__ClaimRow *row = request->row[i];
        struct row_note *note = row_note(call, i);
        const struct row_said said = {.type = row->document_type,
                                      .number = row->document_number,
                                      .country = row->issuing_country,
                                      .name = row->name};
        struct row_trainee holder;
        uint8_t index[INDEX_BYTES], claim[ID];
        char number[CERTIFICATE_NUMBER_BYTES];
        int32_t asked = 0;
        if (!row_says(call, set, note, &said, &holder))
            continue;
        note->field = "certificate_number";
        if (row->proxy_reference != NULL && !text_case_reference(row->proxy_reference, day_at(call->at_ms))) {
            note->reason = REASON_CASE_REFERENCE;
            note->field = "proxy_reference";
            continue;
        }
        for (size_t n = 0; n < row->n_line; n++)
            asked |= 1 << (row->line[n] - 1);
        note->reason = certificate_number_parse(row->certificate_number, number);
        if (note->reason != REASON_NONE)
            continue;
        if (!certificate_index(call->keys, number, index)) {
            set_fail(set);
            break;
        }
        crypto_uuid(claim);
        row_bind(call, set, SUBMIT_IN_ROW, i);
        set_bytes(set, SUBMIT_IN_NUMBER_INDEX, index, sizeof(index));
        set_text(set, SUBMIT_IN_PROXY, row->proxy_reference);
        set_bool(set, SUBMIT_IN_NO_FEE, row->has_no_fee && row->no_fee);
        set_int4(set, SUBMIT_IN_ASKED, asked);
        set_uuid(set, SUBMIT_IN_CLAIM, claim);
        row_bind_document(set, SUBMIT_IN_DOCUMENT_INDEX, &holder);
        row_bind_name(set, SUBMIT_IN_NAME_INDEX, &holder);
    }
}

static const char *submit_field(enum reason reason)
{
    switch (reason) {
    case REASON_HOLDER_NAME:
        return "name";
    case REASON_HOLDER_DOCUMENT:
        return "document_number";
    case REASON_PROXY_MISSING:
        return "proxy_reference";
    case REASON_FEE_STATEMENT:
        return "no_fee";
    case REASON_STANDARD_MISSING:
    case REASON_LIVING_ALLOWANCE:
        return "line";
    default:
        return "certificate_number";
    }
}

/* The result of one row, from its lines: those from *line on that have its number. */
static enum reason result_fill(struct call *call, Mingce__V1__RowResult *result, const struct row_note *note,
                               const struct rows *rows, size_t *line)
{
    result->row = note->row;
    result->verdict = MINGCE__V1__ROW_VERDICT__ROW_REFUSED;
    if (note->reason != REASON_NONE) {
        RESULT_FIND(call, result, REASONS_MOST, note->reason, note->field);
        return REASON_NONE;
    }
    size_t first = *line;
    for (; *line < rows_count(rows) && rows_int4(rows, *line, SUBMIT_ROW) == (int32_t) note->row; (*line)++) {
        enum reason reason = outcome_reason(rows_int2(rows, *line, SUBMIT_OUTCOME));
        if (reason == REASON_STORE_FAILED || result->n_finding == REASONS_MOST)
            return REASON_STORE_FAILED;
        if (reason != REASON_NONE)
            RESULT_FIND(call, result, REASONS_MOST, reason, submit_field(reason));
        if (reason_refuses(reason))
            continue;
        result->verdict = outcome_verdict(reason);
        result->has_amount_fen = true;
        result->amount_fen = rows_int8(rows, *line, SUBMIT_AMOUNT);
        result->has_record_id = !rows_null(rows, *line, SUBMIT_CLAIM);
        if (result->has_record_id)
            call_bytes(call, &result->record_id, rows_uuid(rows, *line, SUBMIT_CLAIM), ID);
    }
    return *line > first ? REASON_NONE : REASON_STORE_FAILED;
}

enum reason claim_submit_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__ClaimSubmitRequest *request = submit_request(call);
    size_t line = 1; /* row 0 is about the request */
    enum reason whole =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, SUBMIT_OUTCOME));
    if (whole != REASON_NONE)
        return whole == REASON_NOT_ALLOWED ? call_refuse(call, "route", whole) : whole;
    Mingce__V1__RowsResponse *response = (Mingce__V1__RowsResponse *) out;
    size_t n = CALL_LIST(call, response, result, request->n_row);
    for (size_t i = 0; i < n; i++) {
        Mingce__V1__RowResult *result = response->result[i];
        mingce__v1__row_result__init(result);
        enum reason reason = result_fill(call, result, row_note(call, i), rows, &line);
        if (reason != REASON_NONE)
            return reason;
        verdict_count(result->verdict, &response->done, &response->unchanged, &response->refused);
    }
    return REASON_NONE;
}
