/* SPDX-License-Identifier: Apache-2.0 */
/* The special account against the bank's statement (F8): proto/bank.proto, migrations/api/reconcile_bank.sql. */
#include <string.h>

#include "daemon/registry/methods.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "daemon/registry/text.h"
#include "proto/bank.pb-c.h"
#include "proto/rules/bounds.h"

enum { MONTHS_MOST = 120, MONTHS_DEFAULT = 12 };
enum { NUMBER = 4, LIST_CURSOR = 2 * NUMBER /* the last one's month and version */ };

#define RECORD_PARAMETERS(COLUMN)                                                                            \
    COLUMN(RECORD_IN_MONTH, "month", DATE)                                                                   \
    COLUMN(RECORD_IN_TREASURY, "treasury", INT8)                                                             \
    COLUMN(RECORD_IN_EXPENDITURE, "expenditure", INT8)                                                       \
    COLUMN(RECORD_IN_CITATION, "citation", TEXT)
COLUMNS_AFTER(METHOD_WRITE, record_parameters, RECORD_PARAMETERS);
#define RECORD_RESULT(COLUMN) COLUMN(RECORD_VERSION, "version", INT4)
COLUMNS_AFTER(OUTCOME, record_result, RECORD_RESULT);
const struct statement bank_record_statement = {
    .name = "bank_record",
    .parameters = COLUMNS(record_parameters),
    .result = COLUMNS(record_result),
};

#define RECONCILE_PARAMETERS(COLUMN)                                                                         \
    COLUMN(RECONCILE_IN_DIVISION, "division", TEXT)                                                          \
    COLUMN(RECONCILE_IN_MONTHS, "months", INT4)
COLUMNS_AFTER(METHOD_READ, reconcile_parameters, RECONCILE_PARAMETERS);
#define RECONCILE_RESULT(COLUMN)                                                                             \
    COLUMN(RECONCILE_OUTCOME, "outcome", INT2)                                                               \
    COLUMN(RECONCILE_DIVISION, "division", TEXT)                                                             \
    COLUMN(RECONCILE_MONTH, "month", DATE)                                                                   \
    COLUMN(RECONCILE_ACCOUNT, "account", INT2)                                                               \
    COLUMN(RECONCILE_BOOK, "book_fen", INT8)                                                                 \
    COLUMN(RECONCILE_BANK, "bank_fen", INT8)                                                                 \
    COLUMN(RECONCILE_PAID, "paid_fen", INT8)                                                                 \
    COLUMN(RECONCILE_RETURNED, "returned_fen", INT8)                                                         \
    COLUMN(RECONCILE_VERSION, "version", INT4)                                                               \
    COLUMN(RECONCILE_CITATION, "citation", TEXT)
COLUMNS_AFTER(RESULT, reconcile_result, RECONCILE_RESULT);
const struct statement bank_reconcile_statement = {
    .name = "bank_reconcile",
    .parameters = COLUMNS(reconcile_parameters),
    .result = COLUMNS(reconcile_result),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE_MONTH, "before_month", DATE)                                                       \
    COLUMN(LIST_IN_BEFORE_VERSION, "before_version", INT4)                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(LIST_IN_MONTH, "month", DATE)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(LIST_MONTH, "month", DATE)                                                                        \
    COLUMN(LIST_VERSION, "version", INT4)                                                                    \
    COLUMN(LIST_TREASURY, "treasury_fen", INT8)                                                              \
    COLUMN(LIST_EXPENDITURE, "expenditure_fen", INT8)                                                        \
    COLUMN(LIST_CITATION, "citation", TEXT)                                                                  \
    COLUMN(LIST_RECORDER, "recorder_id", UUID)                                                               \
    COLUMN(LIST_RECORDER_SEALED, "recorder_sealed", BYTEA)                                                   \
    COLUMN(LIST_RECORDED_AT, "recorded_at_ms", INT8)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement bank_list_statement = {
    .name = "bank_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- record ---- */

static const Mingce__V1__BankRecordRequest *record_request(const struct call *call)
{
    return (const Mingce__V1__BankRecordRequest *) call->request;
}

enum reason bank_record_valid(struct call *call)
{
    const Mingce__V1__BankRecordRequest *request = record_request(call);
    if (day_parse_month(request->month) == DAY_NONE)
        return call_refuse(call, "month", REASON_MONTH_FORMAT);
    if (request->treasury_fen < 0 || request->treasury_fen > FUND_FEN_MOST)
        return call_refuse(call, "treasury_fen", REASON_FUND_FIGURE);
    if (request->expenditure_fen < 0 || request->expenditure_fen > FUND_FEN_MOST)
        return call_refuse(call, "expenditure_fen", REASON_FUND_FIGURE);
    if (!text_fits(request->citation, PROPOSAL_CITATION_CHARACTERS))
        return call_refuse(call, "citation", REASON_CITATION_LENGTH);
    if (text_names(request->citation, day_at(call->at_ms)))
        return call_refuse(call, "citation", REASON_REASON_NUMBER);
    return REASON_NONE;
}

void bank_record_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BankRecordRequest *request = record_request(call);
    set_day(set, RECORD_IN_MONTH, day_parse_month(request->month));
    set_int8(set, RECORD_IN_TREASURY, request->treasury_fen);
    set_int8(set, RECORD_IN_EXPENDITURE, request->expenditure_fen);
    set_text(set, RECORD_IN_CITATION, request->citation);
}

enum reason bank_record_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__BankRecordRequest *request = record_request(call);
    Mingce__V1__BankRecordResponse *response = (Mingce__V1__BankRecordResponse *) out;
    enum reason reason = outcome_of(rows);
    if (reason == REASON_NONE)
        response->version = (uint32_t) rows_int4(rows, 0, RECORD_VERSION);
    response->month = request->month;
    response->treasury_fen = request->treasury_fen;
    response->expenditure_fen = request->expenditure_fen;
    if (reason == REASON_MONTH_FUTURE || reason == REASON_ACCOUNT_MISSING)
        return call_refuse(call, "month", reason);
    return reason;
}

/* ---- reconcile ---- */

static const Mingce__V1__BankReconcileRequest *reconcile_request(const struct call *call)
{
    return (const Mingce__V1__BankReconcileRequest *) call->request;
}

static uint32_t months_asked(const struct call *call)
{
    return reconcile_request(call)->has_months ? reconcile_request(call)->months : MONTHS_DEFAULT;
}

enum reason bank_reconcile_valid(struct call *call)
{
    if (months_asked(call) < 1 || months_asked(call) > MONTHS_MOST)
        return call_refuse(call, "months", REASON_MONTHS_RANGE);
    return proposal_filter_valid(call, NULL, reconcile_request(call)->division);
}

void bank_reconcile_bind(struct call *call, struct set *set)
{
    set_text(set, RECONCILE_IN_DIVISION, reconcile_request(call)->division);
    set_int4(set, RECONCILE_IN_MONTHS, (int32_t) months_asked(call));
    set_expect(set, 2 * (size_t) months_asked(call) + 1);
}

static void month_fill(struct call *call, Mingce__V1__BankMonth *to, const struct rows *rows, size_t row)
{
    mingce__v1__bank_month__init(to);
    to->month = call_month(call, rows_day(rows, row, RECONCILE_MONTH));
    to->account = (Mingce__V1__LedgerAccount) rows_int2(rows, row, RECONCILE_ACCOUNT);
    to->book_fen = rows_int8(rows, row, RECONCILE_BOOK);
    to->paid_fen = rows_int8(rows, row, RECONCILE_PAID);
    to->returned_fen = rows_int8(rows, row, RECONCILE_RETURNED);
    to->has_bank_fen = to->has_difference_fen = to->has_version = !rows_null(rows, row, RECONCILE_BANK);
    if (!to->has_bank_fen)
        return;
    to->bank_fen = rows_int8(rows, row, RECONCILE_BANK);
    to->difference_fen = to->bank_fen + to->paid_fen - to->returned_fen - to->book_fen;
    to->version = (uint32_t) rows_int4(rows, row, RECONCILE_VERSION);
    to->citation = unconst(rows_text(rows, row, RECONCILE_CITATION));
}

enum reason bank_reconcile_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__BankReconcileResponse *response = (Mingce__V1__BankReconcileResponse *) out;
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, RECONCILE_OUTCOME));
    if (reason != REASON_NONE)
        return reason;
    response->division = unconst(rows_text(rows, 0, RECONCILE_DIVISION));
    size_t n = CALL_LIST(call, response, month, rows_count(rows) - 1);
    for (size_t i = 0; i < n; i++)
        month_fill(call, response->month[i], rows, i + 1);
    return REASON_NONE;
}

/* ---- list ---- */

static const Mingce__V1__BankListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__BankListRequest *) call->request;
}

enum reason bank_list_valid(struct call *call)
{
    const Mingce__V1__BankListRequest *request = list_request(call);
    if (request->month != NULL && day_parse_month(request->month) == DAY_NONE)
        return call_refuse(call, "month", REASON_MONTH_FORMAT);
    if (request->has_cursor && request->cursor.len != LIST_CURSOR)
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    enum reason reason = page_valid_rows(call, PAGE(request));
    return reason == REASON_NONE ? proposal_filter_valid(call, NULL, request->division) : reason;
}

/* What a cursor holds: a month's first day, or a version. */
static int32_t cursor_number(const uint8_t *at)
{
    int32_t number;
    memcpy(&number, at, sizeof(number));
    return number;
}

void bank_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__BankListRequest *request = list_request(call);
    if (request->has_cursor) {
        set_day(set, LIST_IN_BEFORE_MONTH, cursor_number(request->cursor.data));
        set_int4(set, LIST_IN_BEFORE_VERSION, cursor_number(request->cursor.data + NUMBER));
    } else {
        set_null(set, LIST_IN_BEFORE_MONTH);
        set_null(set, LIST_IN_BEFORE_VERSION);
    }
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_text(set, LIST_IN_DIVISION, request->division);
    if (request->month != NULL)
        set_day(set, LIST_IN_MONTH, day_parse_month(request->month));
    else
        set_null(set, LIST_IN_MONTH);
}

static void statement_fill(struct call *call, Mingce__V1__BankStatement *to, const struct rows *rows,
                           size_t row)
{
    mingce__v1__bank_statement__init(to);
    to->month = call_month(call, rows_day(rows, row, LIST_MONTH));
    to->version = (uint32_t) rows_int4(rows, row, LIST_VERSION);
    to->treasury_fen = rows_int8(rows, row, LIST_TREASURY);
    to->expenditure_fen = rows_int8(rows, row, LIST_EXPENDITURE);
    to->citation = unconst(rows_text(rows, row, LIST_CITATION));
    to->recorded_by =
        operator_name_masked(call, rows_uuid(rows, row, LIST_RECORDER), rows, row, LIST_RECORDER_SEALED);
    to->recorded_at_ms = rows_int8(rows, row, LIST_RECORDED_AT);
}

enum reason bank_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__BankListResponse *response = (Mingce__V1__BankListResponse *) out;
    uint8_t cursor[LIST_CURSOR];
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (reason != REASON_NONE)
        return reason;
    size_t n = PAGE_LIST(call, response, statement, PAGE(list_request(call)), rows_count(rows) - 1);
    for (size_t i = 0; i < n; i++)
        statement_fill(call, response->statement[i], rows, i + 1);
    if (response->has_next) {
        int32_t month = rows_day(rows, n, LIST_MONTH), version = rows_int4(rows, n, LIST_VERSION);
        memcpy(cursor, &month, NUMBER);
        memcpy(cursor + NUMBER, &version, NUMBER);
        call_bytes(call, &response->next, cursor, sizeof(cursor));
    }
    return REASON_NONE;
}
