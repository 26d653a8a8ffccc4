/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of payments (C5, F13): proto/batch.proto, migrations/api/payment_batch.sql. */
#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/text.h"
#include "proto/batch.pb-c.h"
#include "proto/rules/cell.h"

enum { ID = 16, LINES_MOST = 2000, PURPOSE_CHARACTERS = 60, REFERENCE_BYTES = 60 };

#define MAKE_PARAMETERS(COLUMN)                                                                              \
    COLUMN(MAKE_IN_BATCH, "batch", UUID)                                                                     \
    COLUMN(MAKE_IN_PURPOSE, "purpose", TEXT)
COLUMNS_AFTER(METHOD_WRITE, make_parameters, MAKE_PARAMETERS);
#define MAKE_RESULT(COLUMN)                                                                                  \
    COLUMN(MAKE_BATCH, "batch_id", UUID)                                                                     \
    COLUMN(MAKE_REFERENCE, "reference", TEXT)
COLUMNS_AFTER(OUTCOME, make_result, MAKE_RESULT);
const struct statement batch_make_statement = {
    .name = "batch_make",
    .parameters = COLUMNS(make_parameters),
    .result = COLUMNS(make_result),
};

#define ENTRY_PARAMETERS(COLUMN)                                                                             \
    COLUMN(ENTRY_IN_BATCH, "batch", UUID)                                                                    \
    COLUMN(ENTRY_IN_ROW_REQ, "row_req", INT4)                                                                \
    COLUMN(ENTRY_IN_ROW, "row", INT4)                                                                        \
    COLUMN(ENTRY_IN_ROW_HEAD, "row_head", BYTEA)                                                             \
    COLUMN(ENTRY_IN_KIND, "kind", INT2)                                                                      \
    COLUMN(ENTRY_IN_SUBJECT, "subject", UUID)                                                                \
    COLUMN(ENTRY_IN_VERSION, "version", INT4)
COLUMNS_AFTER(METHOD_WRITE, entry_parameters, ENTRY_PARAMETERS);
const struct statement batch_add_statement = {
    .name = "batch_add",
    .parameters = COLUMNS(entry_parameters),
    .rows = ENTRY_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};
const struct statement batch_remove_statement = {
    .name = "batch_remove",
    .parameters = COLUMNS(entry_parameters),
    .rows = ENTRY_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define SEND_PARAMETERS(COLUMN)                                                                              \
    COLUMN(SEND_IN_BATCH, "batch", UUID)                                                                     \
    COLUMN(SEND_IN_LINES, "lines", INT4)                                                                     \
    COLUMN(SEND_IN_AMOUNT, "amount", INT8)
COLUMNS_AFTER(METHOD_WRITE, send_parameters, SEND_PARAMETERS);
const struct statement batch_send_statement = {
    .name = "batch_send",
    .parameters = COLUMNS(send_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_STATE, "state", INT2)                                                                     \
    COLUMN(LIST_IN_REFERENCE, "reference", TEXT)                                                             \
    COLUMN(LIST_IN_BATCH, "batch", UUID)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(LIST_BATCH, "batch_id", UUID)                                                                     \
    COLUMN(LIST_REFERENCE, "reference", TEXT)                                                                \
    COLUMN(LIST_DIVISION, "division", TEXT)                                                                  \
    COLUMN(LIST_PURPOSE, "purpose", TEXT)                                                                    \
    COLUMN(LIST_STATE, "state", INT2)                                                                        \
    COLUMN(LIST_MADE_AT, "made_at_ms", INT8)                                                                 \
    COLUMN(LIST_SENT_AT, "sent_at_ms", INT8)                                                                 \
    COLUMN(LIST_LINES, "lines", INT4)                                                                        \
    COLUMN(LIST_AMOUNT, "amount_fen", INT8)                                                                  \
    COLUMN(LIST_WAITING, "waiting", INT4)                                                                    \
    COLUMN(LIST_SENT, "sent", INT4)                                                                          \
    COLUMN(LIST_PAID, "paid", INT4)                                                                          \
    COLUMN(LIST_REFUSED, "refused", INT4)                                                                    \
    COLUMN(LIST_UNKNOWN, "unknown", INT4)                                                                    \
    COLUMN(LIST_RETURNED, "returned", INT4)                                                                  \
    COLUMN(LIST_PAID_FEN, "paid_fen", INT8)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement batch_list_statement = {
    .name = "batch_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

#define LINES_PARAMETERS(COLUMN)                                                                             \
    COLUMN(LINES_IN_BATCH, "batch", UUID)                                                                    \
    COLUMN(LINES_IN_AFTER_BATCH, "after_batch", UUID)                                                        \
    COLUMN(LINES_IN_AFTER_KIND, "after_kind", INT2)                                                          \
    COLUMN(LINES_IN_AFTER, "after", UUID)                                                                    \
    COLUMN(LINES_IN_PAGE, "page", INT4)                                                                      \
    COLUMN(LINES_IN_STATE, "state", INT2)
COLUMNS_AFTER(METHOD_READ, lines_parameters, LINES_PARAMETERS);
#define LINES_RESULT(COLUMN)                                                                                 \
    COLUMN(LINES_OUTCOME, "outcome", INT2)                                                                   \
    COLUMN(LINES_BATCH, "batch_id", UUID)                                                                    \
    COLUMN(LINES_REFERENCE, "reference", TEXT)                                                               \
    COLUMN(LINES_LINE, "line", INT4)                                                                         \
    COLUMN(LINES_KIND, "subject_kind", INT2)                                                                 \
    COLUMN(LINES_SUBJECT, "subject_id", UUID)                                                                \
    COLUMN(LINES_VERSION, "version", INT4)                                                                   \
    COLUMN(LINES_AMOUNT, "amount_fen", INT8)                                                                 \
    COLUMN(LINES_STATE, "state", INT2)                                                                       \
    COLUMN(LINES_BANK_REFERENCE, "bank_reference", TEXT)                                                     \
    COLUMN(LINES_TRADED_ON, "traded_on", DATE)                                                               \
    COLUMN(LINES_REASON_CODE, "reason_code", TEXT)                                                           \
    COLUMN(LINES_REASON, "reason", TEXT)                                                                     \
    COLUMN(LINES_ORGANISATION, "organisation_name", TEXT)                                                    \
    COLUMN(LINES_DISPUTE_WHY, "dispute_why", INT2)                                                           \
    COLUMN(LINES_DISPUTE_RESULT, "dispute_result", INT2)                                                     \
    COLUMN(LINES_DISPUTE_REFERENCE, "dispute_reference", TEXT)                                               \
    COLUMN(LINES_DISPUTE_ON, "dispute_on", DATE)                                                             \
    COLUMN(LINES_DISPUTE_FEN, "dispute_fen", INT8)                                                           \
    COLUMN(LINES_DISPUTE_AT, "dispute_at_ms", INT8)                                                          \
    COLUMN(LINES_DISPUTES, "disputes", INT4)                                                                 \
    COLUMN(LINES_DISPUTE, "dispute", INT4)
COLUMNS_AFTER(RESULT, lines_result, LINES_RESULT);
const struct statement batch_lines_statement = {
    .name = "batch_lines",
    .parameters = COLUMNS(lines_parameters),
    .result = COLUMNS(lines_result),
};

/* ---- make ---- */

static const Mingce__V1__BatchMakeRequest *make_request(const struct call *call)
{
    return (const Mingce__V1__BatchMakeRequest *) call->request;
}

enum reason batch_make_valid(struct call *call)
{
    const char *purpose = make_request(call)->purpose;
    if (!text_fits(purpose, PURPOSE_CHARACTERS) || strpbrk(purpose, ",\"") != NULL || cell_spoilt(purpose))
        return call_refuse(call, "purpose", REASON_BATCH_PURPOSE);
    enum reason reason = text_reason(purpose, day_at(call->at_ms));
    return reason == REASON_NONE ? reason : call_refuse(call, "purpose", reason);
}

void batch_make_bind(struct call *call, struct set *set)
{
    uint8_t id[ID];
    crypto_uuid(id);
    set_uuid(set, MAKE_IN_BATCH, id);
    set_text(set, MAKE_IN_PURPOSE, make_request(call)->purpose);
}

enum reason batch_make_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__BatchMakeResponse *response = (Mingce__V1__BatchMakeResponse *) out;
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return reason;
    call_bytes(call, &response->batch_id, rows_uuid(rows, 0, MAKE_BATCH), ID);
    response->reference = unconst(rows_text(rows, 0, MAKE_REFERENCE));
    return REASON_NONE;
}

/* ---- add, remove ---- */

static const Mingce__V1__BatchEntriesRequest *entries_request(const struct call *call)
{
    return (const Mingce__V1__BatchEntriesRequest *) call->request;
}

enum reason batch_entries_valid(struct call *call)
{
    const Mingce__V1__BatchEntriesRequest *request = entries_request(call);
    if (request->batch_id.len != ID)
        return call_refuse(call, "batch_id", REASON_IDENTIFIER_LENGTH);
    enum reason reason = batch_begin_most(call, request->n_row, LINES_MOST);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++) {
        reason = batch_number(call, i, request->row[i]->row);
        if (reason == REASON_NONE && request->row[i]->subject_id.len != ID)
            reason = call_refuse(call, "subject_id", REASON_IDENTIFIER_LENGTH);
    }
    return reason;
}

void batch_entries_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchEntriesRequest *request = entries_request(call);
    set_uuid(set, ENTRY_IN_BATCH, request->batch_id.data);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__BatchEntry *row = request->row[i];
        row_note(call, i)->field = "subject_id";
        row_bind(call, set, ENTRY_IN_ROW, i);
        set_int2(
            set, ENTRY_IN_KIND,
            (int16_t) (row->has_subject_kind ? row->subject_kind : MINGCE__V1__MONEY_SUBJECT__MONEY_CLAIM));
        set_uuid(set, ENTRY_IN_SUBJECT, row->subject_id.data);
        set_int4(set, ENTRY_IN_VERSION, row->version > INT32_MAX ? 0 : (int32_t) row->version);
    }
}

static const char *entry_field(enum reason reason)
{
    return reason == REASON_VERSION_DIFFERS ? "version" : NULL;
}

static enum reason entries_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = batch_render(call, entries_request(call)->n_row, rows, entry_field, out);
    return reason == REASON_BATCH_UNKNOWN || reason == REASON_BATCH_SENT
               ? call_refuse(call, "batch_id", reason)
               : reason;
}

enum reason batch_add_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return entries_render(call, rows, out);
}

enum reason batch_remove_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return entries_render(call, rows, out);
}

/* ---- send ---- */

static const Mingce__V1__BatchSendRequest *send_request(const struct call *call)
{
    return (const Mingce__V1__BatchSendRequest *) call->request;
}

enum reason batch_send_valid(struct call *call)
{
    return send_request(call)->batch_id.len == ID ? REASON_NONE
                                                  : call_refuse(call, "batch_id", REASON_IDENTIFIER_LENGTH);
}

void batch_send_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchSendRequest *request = send_request(call);
    set_uuid(set, SEND_IN_BATCH, request->batch_id.data);
    set_int4(set, SEND_IN_LINES, request->lines > INT32_MAX ? 0 : (int32_t) request->lines);
    set_int8(set, SEND_IN_AMOUNT, request->amount_fen);
}

enum reason batch_send_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    (void) out;
    if (reason == REASON_BATCH_TOTALS)
        return call_refuse(call, "lines", reason);
    return reason == REASON_NONE || reason == REASON_NOT_ALLOWED ? reason
                                                                 : call_refuse(call, "batch_id", reason);
}

/* ---- list ---- */

static const Mingce__V1__BatchListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__BatchListRequest *) call->request;
}

enum reason batch_list_valid(struct call *call)
{
    const char *reference = list_request(call)->reference;
    if (reference != NULL && strlen(reference) > REFERENCE_BYTES)
        return call_refuse(call, "reference", REASON_BATCH_UNKNOWN);
    if (list_request(call)->has_batch_id && list_request(call)->batch_id.len != ID)
        return call_refuse(call, "batch_id", REASON_IDENTIFIER_LENGTH);
    return page_valid_id(call, PAGE(list_request(call)));
}

void batch_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    if (request->has_state)
        set_int2(set, LIST_IN_STATE, (int16_t) request->state);
    else
        set_null(set, LIST_IN_STATE);
    set_text(set, LIST_IN_REFERENCE, request->reference);
    if (request->has_batch_id)
        set_uuid(set, LIST_IN_BATCH, request->batch_id.data);
    else
        set_null(set, LIST_IN_BATCH);
}

static uint32_t count_of(const struct rows *rows, size_t row, int column)
{
    return (uint32_t) rows_int4(rows, row, column);
}

static void batch_fill(struct call *call, Mingce__V1__Batch *batch, const struct rows *rows, size_t row)
{
    mingce__v1__batch__init(batch);
    call_bytes(call, &batch->batch_id, rows_uuid(rows, row, LIST_BATCH), ID);
    batch->reference = unconst(rows_text(rows, row, LIST_REFERENCE));
    batch->division = unconst(rows_text(rows, row, LIST_DIVISION));
    batch->purpose = unconst(rows_text(rows, row, LIST_PURPOSE));
    batch->state = (Mingce__V1__BatchState) rows_int2(rows, row, LIST_STATE);
    batch->made_at_ms = rows_int8(rows, row, LIST_MADE_AT);
    batch->has_sent_at_ms = !rows_null(rows, row, LIST_SENT_AT);
    batch->sent_at_ms = batch->has_sent_at_ms ? rows_int8(rows, row, LIST_SENT_AT) : 0;
    batch->lines = count_of(rows, row, LIST_LINES);
    batch->amount_fen = rows_int8(rows, row, LIST_AMOUNT);
    batch->waiting = count_of(rows, row, LIST_WAITING);
    batch->sent = count_of(rows, row, LIST_SENT);
    batch->paid = count_of(rows, row, LIST_PAID);
    batch->refused = count_of(rows, row, LIST_REFUSED);
    batch->unknown = count_of(rows, row, LIST_UNKNOWN);
    batch->returned = count_of(rows, row, LIST_RETURNED);
    batch->paid_fen = rows_int8(rows, row, LIST_PAID_FEN);
}

enum reason batch_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__BatchListResponse *response = (Mingce__V1__BatchListResponse *) out;
    size_t n = PAGE_LIST(call, response, batch, PAGE(list_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        batch_fill(call, response->batch[i], rows, i);
    if (response->has_next)
        call_bytes(call, &response->next, rows_uuid(rows, n - 1, LIST_BATCH), ID);
    return REASON_NONE;
}

/* ---- show, ask ---- */

enum { LINES_CURSOR = ID + 1 + ID /* the last line's batch, kind of subject, and subject */ };

static const Mingce__V1__BatchShowRequest *show_request(const struct call *call)
{
    return (const Mingce__V1__BatchShowRequest *) call->request;
}

enum reason batch_show_valid(struct call *call)
{
    const Mingce__V1__BatchShowRequest *request = show_request(call);
    bool one = strcmp(call->method->name, "batch.show") == 0;
    if (request->has_batch_id != one || (one && request->batch_id.len != ID))
        return call_refuse(call, "batch_id", REASON_IDENTIFIER_LENGTH);
    if (request->has_cursor && request->cursor.len != LINES_CURSOR)
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    return page_valid_rows(call, PAGE(request));
}

static void after_bind(struct set *set, const uint8_t *cursor)
{
    if (cursor == NULL) {
        set_null(set, LINES_IN_AFTER_BATCH);
        set_null(set, LINES_IN_AFTER_KIND);
        set_null(set, LINES_IN_AFTER);
    } else {
        set_uuid(set, LINES_IN_AFTER_BATCH, cursor);
        set_int2(set, LINES_IN_AFTER_KIND, cursor[ID]);
        set_uuid(set, LINES_IN_AFTER, cursor + ID + 1);
    }
}

void batch_show_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BatchShowRequest *request = show_request(call);
    if (request->has_batch_id)
        set_uuid(set, LINES_IN_BATCH, request->batch_id.data);
    else
        set_null(set, LINES_IN_BATCH);
    after_bind(set, request->has_cursor ? request->cursor.data : NULL);
    page_bind(set, LINES_IN_PAGE, PAGE(request));
    if (request->has_state)
        set_int2(set, LINES_IN_STATE, (int16_t) request->state);
    else
        set_null(set, LINES_IN_STATE);
}

static Mingce__V1__Finding *obstacle_of(struct call *call, const struct rows *rows, size_t row)
{
    enum reason reason = outcome_reason(rows_int2(rows, row, LINES_OUTCOME));
    Mingce__V1__Finding *finding = reason == REASON_NONE ? NULL : arena_alloc(call->arena, sizeof(*finding));
    if (finding != NULL)
        finding_fill(call, finding, reason, NULL);
    return finding;
}

/* What the bank said that contradicts. NULL: nothing, or out of memory. */
static Mingce__V1__BatchDispute *dispute_of(struct call *call, const struct rows *rows, size_t row)
{
    if (rows_null(rows, row, LINES_DISPUTE_WHY))
        return NULL;
    Mingce__V1__BatchDispute *dispute = arena_alloc(call->arena, sizeof(*dispute));
    Mingce__V1__Finding *finding = arena_alloc(call->arena, sizeof(*finding));
    if (dispute == NULL || finding == NULL)
        return NULL;
    mingce__v1__batch_dispute__init(dispute);
    finding_fill(call, finding, outcome_reason(rows_int2(rows, row, LINES_DISPUTE_WHY)), NULL);
    dispute->finding = finding;
    dispute->result = (Mingce__V1__BatchLineState) rows_int2(rows, row, LINES_DISPUTE_RESULT);
    dispute->bank_reference = unconst(rows_text(rows, row, LINES_DISPUTE_REFERENCE));
    dispute->traded_on = call_day(call, rows_day(rows, row, LINES_DISPUTE_ON));
    dispute->has_amount_fen = !rows_null(rows, row, LINES_DISPUTE_FEN);
    dispute->amount_fen = dispute->has_amount_fen ? rows_int8(rows, row, LINES_DISPUTE_FEN) : 0;
    dispute->answered_at_ms = rows_int8(rows, row, LINES_DISPUTE_AT);
    dispute->open = count_of(rows, row, LINES_DISPUTES);
    dispute->dispute = count_of(rows, row, LINES_DISPUTE);
    return dispute;
}

static void line_fill(struct call *call, Mingce__V1__BatchLine *line, const struct rows *rows, size_t row)
{
    mingce__v1__batch_line__init(line);
    call_bytes(call, &line->batch_id, rows_uuid(rows, row, LINES_BATCH), ID);
    line->reference = unconst(rows_text(rows, row, LINES_REFERENCE));
    line->has_line = !rows_null(rows, row, LINES_LINE);
    line->line = line->has_line ? count_of(rows, row, LINES_LINE) : 0;
    line->subject_kind = (Mingce__V1__MoneySubject) rows_int2(rows, row, LINES_KIND);
    call_bytes(call, &line->subject_id, rows_uuid(rows, row, LINES_SUBJECT), ID);
    line->version = count_of(rows, row, LINES_VERSION);
    line->amount_fen = rows_int8(rows, row, LINES_AMOUNT);
    line->state = (Mingce__V1__BatchLineState) rows_int2(rows, row, LINES_STATE);
    line->bank_reference = unconst(rows_text(rows, row, LINES_BANK_REFERENCE));
    line->traded_on = call_day(call, rows_day(rows, row, LINES_TRADED_ON));
    line->reason_code = unconst(rows_text(rows, row, LINES_REASON_CODE));
    line->reason = unconst(rows_text(rows, row, LINES_REASON));
    line->organisation_name = unconst(rows_text(rows, row, LINES_ORGANISATION));
    line->obstacle = obstacle_of(call, rows, row);
    line->dispute = dispute_of(call, rows, row);
}

static void next_fill(struct call *call, ProtobufCBinaryData *next, const struct rows *rows, size_t row)
{
    uint8_t cursor[LINES_CURSOR];
    memcpy(cursor, rows_uuid(rows, row, LINES_BATCH), ID);
    cursor[ID] = (uint8_t) rows_int2(rows, row, LINES_KIND);
    memcpy(cursor + ID + 1, rows_uuid(rows, row, LINES_SUBJECT), ID);
    call_bytes(call, next, cursor, sizeof(cursor));
}

enum reason batch_lines_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__BatchLinesResponse *response = (Mingce__V1__BatchLinesResponse *) out;
    if (rows_count(rows) > 0 && outcome_reason(rows_int2(rows, 0, LINES_OUTCOME)) == REASON_BATCH_UNKNOWN)
        return call_refuse(call, "batch_id", REASON_BATCH_UNKNOWN);
    size_t n = PAGE_LIST(call, response, line, PAGE(show_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        line_fill(call, response->line[i], rows, i);
    if (response->has_next)
        next_fill(call, &response->next, rows, n - 1);
    return REASON_NONE;
}
