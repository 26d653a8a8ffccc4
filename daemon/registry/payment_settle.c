/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of the bank that contradict, and what people made of them (F14): migrations/api/payment_dispute.sql. */
#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/text.h"
#include "proto/batch.pb-c.h"

enum { ID = 16, NUMBER = 4, DISPUTES_CURSOR = ID + 2 * NUMBER /* the last one's batch, line and number */ };

#define SETTLE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(SETTLE_IN_BATCH, "batch", UUID)                                                                   \
    COLUMN(SETTLE_IN_LINE, "line", INT4)                                                                     \
    COLUMN(SETTLE_IN_NOTE, "note", TEXT)                                                                     \
    COLUMN(SETTLE_IN_DISPUTE, "dispute", INT4)
COLUMNS_AFTER(METHOD_WRITE, settle_parameters, SETTLE_PARAMETERS);
const struct statement batch_settle_statement = {
    .name = "batch_settle",
    .parameters = COLUMNS(settle_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define DISPUTES_PARAMETERS(COLUMN)                                                                          \
    COLUMN(DISPUTES_IN_AFTER_BATCH, "after_batch", UUID)                                                     \
    COLUMN(DISPUTES_IN_AFTER_LINE, "after_line", INT4)                                                       \
    COLUMN(DISPUTES_IN_AFTER, "after_dispute", INT4)                                                         \
    COLUMN(DISPUTES_IN_PAGE, "page", INT4)                                                                   \
    COLUMN(DISPUTES_IN_BATCH, "batch", UUID)                                                                 \
    COLUMN(DISPUTES_IN_OPEN, "open", BOOL)
COLUMNS_AFTER(METHOD_READ, disputes_parameters, DISPUTES_PARAMETERS);
#define DISPUTES_RESULT(COLUMN)                                                                              \
    COLUMN(DISPUTES_OUTCOME, "outcome", INT2)                                                                \
    COLUMN(DISPUTES_BATCH, "batch_id", UUID)                                                                 \
    COLUMN(DISPUTES_REFERENCE, "reference", TEXT)                                                            \
    COLUMN(DISPUTES_LINE, "line", INT4)                                                                      \
    COLUMN(DISPUTES_DISPUTE, "dispute", INT4)                                                                \
    COLUMN(DISPUTES_WHY, "why", INT2)                                                                        \
    COLUMN(DISPUTES_STATE, "state", INT2)                                                                    \
    COLUMN(DISPUTES_AMOUNT, "amount_fen", INT8)                                                              \
    COLUMN(DISPUTES_RESULT_SAID, "result", INT2)                                                             \
    COLUMN(DISPUTES_BANK_REFERENCE, "bank_reference", TEXT)                                                  \
    COLUMN(DISPUTES_TRADED_ON, "traded_on", DATE)                                                            \
    COLUMN(DISPUTES_SAID_FEN, "said_fen", INT8)                                                              \
    COLUMN(DISPUTES_READER, "reader_id", UUID)                                                               \
    COLUMN(DISPUTES_READER_SEALED, "reader_sealed", BYTEA)                                                   \
    COLUMN(DISPUTES_READ_AT, "read_at_ms", INT8)                                                             \
    COLUMN(DISPUTES_SETTLER, "settler_id", UUID)                                                             \
    COLUMN(DISPUTES_SETTLER_SEALED, "settler_sealed", BYTEA)                                                 \
    COLUMN(DISPUTES_SETTLED_AT, "settled_at_ms", INT8)                                                       \
    COLUMN(DISPUTES_NOTE, "note", TEXT)
COLUMNS_AFTER(RESULT, disputes_result, DISPUTES_RESULT);
const struct statement batch_disputes_statement = {
    .name = "batch_disputes",
    .parameters = COLUMNS(disputes_parameters),
    .result = COLUMNS(disputes_result),
};

/* ---- settle ---- */

static const Mingce__V1__BatchSettleRequest *settle_request(const struct call *call)
{
    return (const Mingce__V1__BatchSettleRequest *) call->request;
}

enum reason batch_settle_valid(struct call *call)
{
    const Mingce__V1__BatchSettleRequest *request = settle_request(call);
    if (request->batch_id.len != ID)
        return call_refuse(call, "batch_id", REASON_IDENTIFIER_LENGTH);
    enum reason reason = text_reason(request->note, day_at(call->at_ms));
    return reason == REASON_NONE ? reason : call_refuse(call, "note", reason);
}

void batch_settle_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchSettleRequest *request = settle_request(call);
    set_uuid(set, SETTLE_IN_BATCH, request->batch_id.data);
    set_int4(set, SETTLE_IN_LINE, request->line > INT32_MAX ? 0 : (int32_t) request->line);
    set_text(set, SETTLE_IN_NOTE, request->note);
    set_int4(set, SETTLE_IN_DISPUTE, request->dispute > INT32_MAX ? 0 : (int32_t) request->dispute);
}

enum reason batch_settle_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    (void) out;
    if (reason == REASON_NOTHING_DISPUTED)
        return call_refuse(call, "line", reason);
    if (reason == REASON_VERSION_DIFFERS)
        return call_refuse(call, "dispute", reason);
    return reason == REASON_BATCH_UNKNOWN ? call_refuse(call, "batch_id", reason) : reason;
}

/* ---- disputes ---- */

static const Mingce__V1__BatchDisputesRequest *disputes_request(const struct call *call)
{
    return (const Mingce__V1__BatchDisputesRequest *) call->request;
}

enum reason batch_disputes_valid(struct call *call)
{
    const Mingce__V1__BatchDisputesRequest *request = disputes_request(call);
    if (request->has_batch_id && request->batch_id.len != ID)
        return call_refuse(call, "batch_id", REASON_IDENTIFIER_LENGTH);
    if (request->has_cursor && request->cursor.len != DISPUTES_CURSOR)
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    return page_valid_rows(call, PAGE(request));
}

/* A number of a cursor, as it was written there. */
static int32_t cursor_number(const uint8_t *at)
{
    int32_t number;
    memcpy(&number, at, sizeof(number));
    return number;
}

void batch_disputes_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchDisputesRequest *request = disputes_request(call);
    if (request->has_cursor) {
        set_uuid(set, DISPUTES_IN_AFTER_BATCH, request->cursor.data);
        set_int4(set, DISPUTES_IN_AFTER_LINE, cursor_number(request->cursor.data + ID));
        set_int4(set, DISPUTES_IN_AFTER, cursor_number(request->cursor.data + ID + NUMBER));
    } else {
        set_null(set, DISPUTES_IN_AFTER_BATCH);
        set_null(set, DISPUTES_IN_AFTER_LINE);
        set_null(set, DISPUTES_IN_AFTER);
    }
    page_bind(set, DISPUTES_IN_PAGE, PAGE(request));
    if (request->has_batch_id)
        set_uuid(set, DISPUTES_IN_BATCH, request->batch_id.data);
    else
        set_null(set, DISPUTES_IN_BATCH);
    set_bool(set, DISPUTES_IN_OPEN, request->has_open && request->open);
}

static void settled_fill(struct call *call, Mingce__V1__BatchDisputed *to, const struct rows *rows,
                         size_t row)
{
    to->has_settled_at_ms = !rows_null(rows, row, DISPUTES_SETTLED_AT);
    if (!to->has_settled_at_ms)
        return;
    to->settled_at_ms = rows_int8(rows, row, DISPUTES_SETTLED_AT);
    to->settled_by = operator_name_masked(call, rows_uuid(rows, row, DISPUTES_SETTLER), rows, row,
                                          DISPUTES_SETTLER_SEALED);
    to->note = unconst(rows_text(rows, row, DISPUTES_NOTE));
}

static void disputed_fill(struct call *call, Mingce__V1__BatchDisputed *to, const struct rows *rows,
                          size_t row)
{
    mingce__v1__batch_disputed__init(to);
    call_bytes(call, &to->batch_id, rows_uuid(rows, row, DISPUTES_BATCH), ID);
    to->reference = unconst(rows_text(rows, row, DISPUTES_REFERENCE));
    to->line = (uint32_t) rows_int4(rows, row, DISPUTES_LINE);
    to->dispute = (uint32_t) rows_int4(rows, row, DISPUTES_DISPUTE);
    to->finding = arena_alloc(call->arena, sizeof(*to->finding));
    if (to->finding != NULL)
        finding_fill(call, to->finding, outcome_reason(rows_int2(rows, row, DISPUTES_WHY)), NULL);
    to->state = (Mingce__V1__BatchLineState) rows_int2(rows, row, DISPUTES_STATE);
    to->amount_fen = rows_int8(rows, row, DISPUTES_AMOUNT);
    to->result = (Mingce__V1__BatchLineState) rows_int2(rows, row, DISPUTES_RESULT_SAID);
    to->bank_reference = unconst(rows_text(rows, row, DISPUTES_BANK_REFERENCE));
    to->traded_on = call_day(call, rows_day(rows, row, DISPUTES_TRADED_ON));
    to->has_said_fen = !rows_null(rows, row, DISPUTES_SAID_FEN);
    to->said_fen = to->has_said_fen ? rows_int8(rows, row, DISPUTES_SAID_FEN) : 0;
    to->read_by =
        operator_name_masked(call, rows_uuid(rows, row, DISPUTES_READER), rows, row, DISPUTES_READER_SEALED);
    to->read_at_ms = rows_int8(rows, row, DISPUTES_READ_AT);
    settled_fill(call, to, rows, row);
}

static void next_fill(struct call *call, ProtobufCBinaryData *next, const struct rows *rows, size_t row)
{
    uint8_t cursor[DISPUTES_CURSOR];
    int32_t line = rows_int4(rows, row, DISPUTES_LINE), dispute = rows_int4(rows, row, DISPUTES_DISPUTE);
    memcpy(cursor, rows_uuid(rows, row, DISPUTES_BATCH), ID);
    memcpy(cursor + ID, &line, NUMBER);
    memcpy(cursor + ID + NUMBER, &dispute, NUMBER);
    call_bytes(call, next, cursor, sizeof(cursor));
}

enum reason batch_disputes_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__BatchDisputesResponse *response = (Mingce__V1__BatchDisputesResponse *) out;
    if (rows_count(rows) > 0 && outcome_reason(rows_int2(rows, 0, DISPUTES_OUTCOME)) == REASON_BATCH_UNKNOWN)
        return call_refuse(call, "batch_id", REASON_BATCH_UNKNOWN);
    size_t n = PAGE_LIST(call, response, dispute, PAGE(disputes_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        disputed_fill(call, response->dispute[i], rows, i);
    if (response->has_next)
        next_fill(call, &response->next, rows, n - 1);
    return REASON_NONE;
}
