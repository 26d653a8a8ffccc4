/* SPDX-License-Identifier: Apache-2.0 */
/* The special account as it is read: proto/fund.proto, migrations/api/fund_read.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/fund.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"

enum { POSTING_ID = 16 };

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_AFTER, "after", INT8)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(LIST_IN_YEAR, "year", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_LEDGER, "ledger_id", INT8)                                                                   \
    COLUMN(LIST_DIVISION, "division", TEXT)                                                                  \
    COLUMN(LIST_SOURCE, "source", INT2)                                                                      \
    COLUMN(LIST_YEAR, "year", INT4)                                                                          \
    COLUMN(LIST_AVAILABLE, "available", INT8)                                                                \
    COLUMN(LIST_COMMITTED, "committed", INT8)                                                                \
    COLUMN(LIST_SPENT, "spent", INT8)                                                                        \
    COLUMN(LIST_TREASURY, "treasury", INT8)                                                                  \
    COLUMN(LIST_EXPENDITURE, "expenditure", INT8)                                                            \
    COLUMN(LIST_HELD, "held", INT8)                                                                          \
    COLUMN(LIST_SENT, "sent", INT8)                                                                          \
    COLUMN(LIST_CLOSED, "closed_at_ms", INT8)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement fund_list_statement = {
    .name = "fund_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

#define SHOW_PARAMETERS(COLUMN)                                                                              \
    COLUMN(SHOW_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(SHOW_IN_SOURCE, "source", INT2)                                                                   \
    COLUMN(SHOW_IN_YEAR, "year", INT4)                                                                       \
    COLUMN(SHOW_IN_UNTIL, "until_ms", INT8)
COLUMNS_AFTER(METHOD_READ, show_parameters, SHOW_PARAMETERS);
#define SHOW_RESULT(COLUMN)                                                                                  \
    COLUMN(SHOW_ACCOUNT, "account", INT2)                                                                    \
    COLUMN(SHOW_DEBITS, "debits", INT8)                                                                      \
    COLUMN(SHOW_CREDITS, "credits", INT8)                                                                    \
    COLUMN(SHOW_BALANCE, "balance", INT8)
COLUMNS_AFTER(RESULT, show_result, SHOW_RESULT);
const struct statement fund_show_statement = {
    .name = "fund_show",
    .parameters = COLUMNS(show_parameters),
    .result = COLUMNS(show_result),
};

#define STATEMENT_PARAMETERS(COLUMN)                                                                         \
    COLUMN(STATEMENT_IN_AFTER, "after", INT8)                                                                \
    COLUMN(STATEMENT_IN_PAGE, "page", INT4)                                                                  \
    COLUMN(STATEMENT_IN_DIVISION, "division", TEXT)                                                          \
    COLUMN(STATEMENT_IN_SOURCE, "source", INT2)                                                              \
    COLUMN(STATEMENT_IN_YEAR, "year", INT4)                                                                  \
    COLUMN(STATEMENT_IN_UNTIL, "until_ms", INT8)
COLUMNS_AFTER(METHOD_READ, statement_parameters, STATEMENT_PARAMETERS);
#define STATEMENT_RESULT(COLUMN)                                                                             \
    COLUMN(STATEMENT_JOURNAL, "journal_id", INT8)                                                            \
    COLUMN(STATEMENT_POSTING, "posting_id", UUID)                                                            \
    COLUMN(STATEMENT_EVENT, "event", INT2)                                                                   \
    COLUMN(STATEMENT_DEBIT, "debit", INT2)                                                                   \
    COLUMN(STATEMENT_CREDIT, "credit", INT2)                                                                 \
    COLUMN(STATEMENT_AMOUNT, "amount_fen", INT8)                                                             \
    COLUMN(STATEMENT_SUBJECT_KIND, "subject_kind", INT2)                                                     \
    COLUMN(STATEMENT_SUBJECT, "subject_id", UUID)                                                            \
    COLUMN(STATEMENT_PART, "part", INT2)                                                                     \
    COLUMN(STATEMENT_MIRRORS, "mirrors", INT8)                                                               \
    COLUMN(STATEMENT_POSTED, "posted_at_ms", INT8)
COLUMNS_AFTER(RESULT, statement_result, STATEMENT_RESULT);
const struct statement fund_statement_statement = {
    .name = "fund_statement",
    .parameters = COLUMNS(statement_parameters),
    .result = COLUMNS(statement_result),
};

#define TRIAL_PARAMETERS(COLUMN)                                                                             \
    COLUMN(TRIAL_IN_DIVISION, "division", TEXT)                                                              \
    COLUMN(TRIAL_IN_SIZE, "log_size", INT8)
COLUMNS_AFTER(METHOD_READ, trial_parameters, TRIAL_PARAMETERS);
#define TRIAL_RESULT(COLUMN)                                                                                 \
    COLUMN(TRIAL_ACCOUNT, "account", INT2)                                                                   \
    COLUMN(TRIAL_LAYER, "layer", INT2)                                                                       \
    COLUMN(TRIAL_DEBITS, "debits", INT8)                                                                     \
    COLUMN(TRIAL_CREDITS, "credits", INT8)                                                                   \
    COLUMN(TRIAL_BALANCE, "balance", INT8)
COLUMNS_AFTER(RESULT, trial_result, TRIAL_RESULT);
const struct statement fund_trial_statement = {
    .name = "fund_trial",
    .parameters = COLUMNS(trial_parameters),
    .result = COLUMNS(trial_result),
};

/* ---- list ---- */

static const Mingce__V1__FundListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__FundListRequest *) call->request;
}

enum reason fund_list_valid(struct call *call)
{
    const Mingce__V1__FundListRequest *request = list_request(call);
    enum reason reason = page_valid_number(call, PAGE(request));
    if (reason == REASON_NONE && request->has_year)
        reason = fund_year_fits(call, request->year);
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, NULL, request->division);
}

void fund_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundListRequest *request = list_request(call);
    set_int8(set, LIST_IN_AFTER, page_number(PAGE(request), 0));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_text(set, LIST_IN_DIVISION, request->division);
    if (request->has_year)
        set_int4(set, LIST_IN_YEAR, (int32_t) request->year);
    else
        set_null(set, LIST_IN_YEAR);
}

static void ledger_fill(Mingce__V1__Ledger *ledger, const struct rows *rows, size_t row)
{
    mingce__v1__ledger__init(ledger);
    ledger->division = unconst(rows_text(rows, row, LIST_DIVISION));
    ledger->source = (Mingce__V1__FundSource) rows_int2(rows, row, LIST_SOURCE);
    ledger->year = (uint32_t) rows_int4(rows, row, LIST_YEAR);
    ledger->available_fen = rows_int8(rows, row, LIST_AVAILABLE);
    ledger->committed_fen = rows_int8(rows, row, LIST_COMMITTED);
    ledger->spent_fen = rows_int8(rows, row, LIST_SPENT);
    ledger->treasury_fen = rows_int8(rows, row, LIST_TREASURY);
    ledger->expenditure_fen = rows_int8(rows, row, LIST_EXPENDITURE);
    ledger->held_fen = rows_int8(rows, row, LIST_HELD);
    ledger->sent_fen = rows_int8(rows, row, LIST_SENT);
    ledger->has_closed_at_ms = !rows_null(rows, row, LIST_CLOSED);
    if (ledger->has_closed_at_ms)
        ledger->closed_at_ms = rows_int8(rows, row, LIST_CLOSED);
}

enum reason fund_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundListResponse *response = (Mingce__V1__FundListResponse *) out;
    size_t n = PAGE_LIST(call, response, ledger, PAGE(list_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        ledger_fill(response->ledger[i], rows, i);
    if (response->has_next)
        page_next_number(call, rows_int8(rows, n - 1, LIST_LEDGER), &response->next);
    return REASON_NONE;
}

/* ---- show ---- */

static const Mingce__V1__FundShowRequest *show_request(const struct call *call)
{
    return (const Mingce__V1__FundShowRequest *) call->request;
}

/* The ledger that a request names. */
static enum reason ledger_valid(struct call *call, const char *division, Mingce__V1__FundSource source,
                                uint32_t year)
{
    enum reason reason = proposal_filter_valid(call, NULL, division);
    if (reason == REASON_NONE)
        reason = fund_source_fits(call, source);
    return reason != REASON_NONE ? reason : fund_year_fits(call, year);
}

static void bind_until(struct set *set, size_t parameter, bool there, int64_t ms)
{
    if (there)
        set_int8(set, parameter, ms);
    else
        set_null(set, parameter);
}

enum reason fund_show_valid(struct call *call)
{
    const Mingce__V1__FundShowRequest *request = show_request(call);
    return ledger_valid(call, request->division, request->source, request->year);
}

void fund_show_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundShowRequest *request = show_request(call);
    set_text(set, SHOW_IN_DIVISION, request->division);
    set_int2(set, SHOW_IN_SOURCE, (int16_t) request->source);
    set_int4(set, SHOW_IN_YEAR, (int32_t) request->year);
    bind_until(set, SHOW_IN_UNTIL, request->has_until_ms, request->until_ms);
}

enum reason fund_show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundShowResponse *response = (Mingce__V1__FundShowResponse *) out;
    size_t n = CALL_LIST(call, response, account, rows_count(rows));
    for (size_t i = 0; i < n; i++) {
        Mingce__V1__AccountBalance *account = response->account[i];
        mingce__v1__account_balance__init(account);
        account->account = (Mingce__V1__LedgerAccount) rows_int2(rows, i, SHOW_ACCOUNT);
        account->debit_fen = rows_int8(rows, i, SHOW_DEBITS);
        account->credit_fen = rows_int8(rows, i, SHOW_CREDITS);
        account->balance_fen = rows_int8(rows, i, SHOW_BALANCE);
    }
    return rows_count(rows) == 0 ? call_refuse(call, "source", REASON_LEDGER_UNKNOWN) : REASON_NONE;
}

/* ---- statement ---- */

static const Mingce__V1__FundStatementRequest *statement_request(const struct call *call)
{
    return (const Mingce__V1__FundStatementRequest *) call->request;
}

enum reason fund_statement_valid(struct call *call)
{
    const Mingce__V1__FundStatementRequest *request = statement_request(call);
    enum reason reason = page_valid_number(call, PAGE(request));
    return reason != REASON_NONE ? reason
                                 : ledger_valid(call, request->division, request->source, request->year);
}

void fund_statement_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundStatementRequest *request = statement_request(call);
    set_int8(set, STATEMENT_IN_AFTER, page_number(PAGE(request), 0));
    page_bind(set, STATEMENT_IN_PAGE, PAGE(request));
    set_text(set, STATEMENT_IN_DIVISION, request->division);
    set_int2(set, STATEMENT_IN_SOURCE, (int16_t) request->source);
    set_int4(set, STATEMENT_IN_YEAR, (int32_t) request->year);
    bind_until(set, STATEMENT_IN_UNTIL, request->has_until_ms, request->until_ms);
}

static void posting_fill(struct call *call, Mingce__V1__Posting *posting, const struct rows *rows, size_t row)
{
    mingce__v1__posting__init(posting);
    posting->journal_id = (uint64_t) rows_int8(rows, row, STATEMENT_JOURNAL);
    call_bytes(call, &posting->posting_id, rows_uuid(rows, row, STATEMENT_POSTING), POSTING_ID);
    posting->event = (Mingce__V1__MoneyEvent) rows_int2(rows, row, STATEMENT_EVENT);
    posting->debit = (Mingce__V1__LedgerAccount) rows_int2(rows, row, STATEMENT_DEBIT);
    posting->credit = (Mingce__V1__LedgerAccount) rows_int2(rows, row, STATEMENT_CREDIT);
    posting->amount_fen = rows_int8(rows, row, STATEMENT_AMOUNT);
    posting->has_subject_kind = posting->has_subject_id = posting->has_part =
        !rows_null(rows, row, STATEMENT_SUBJECT_KIND);
    if (posting->has_subject_kind) {
        posting->subject_kind = (Mingce__V1__MoneySubject) rows_int2(rows, row, STATEMENT_SUBJECT_KIND);
        call_bytes(call, &posting->subject_id, rows_uuid(rows, row, STATEMENT_SUBJECT), POSTING_ID);
        posting->part = (uint32_t) rows_int2(rows, row, STATEMENT_PART);
    }
    posting->has_mirrors = !rows_null(rows, row, STATEMENT_MIRRORS);
    if (posting->has_mirrors)
        posting->mirrors = (uint64_t) rows_int8(rows, row, STATEMENT_MIRRORS);
    posting->posted_at_ms = rows_int8(rows, row, STATEMENT_POSTED);
}

/* The first row has no posting: it says that there is such a ledger. */
enum reason fund_statement_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundStatementResponse *response = (Mingce__V1__FundStatementResponse *) out;
    if (rows_count(rows) == 0)
        return call_refuse(call, "source", REASON_LEDGER_UNKNOWN);
    size_t n = PAGE_LIST(call, response, posting, PAGE(statement_request(call)), rows_count(rows) - 1);
    for (size_t i = 0; i < n; i++)
        posting_fill(call, response->posting[i], rows, i + 1);
    if (response->has_next)
        page_next_number(call, rows_int8(rows, n, STATEMENT_JOURNAL), &response->next);
    return REASON_NONE;
}

/* ---- trial ---- */

static const Mingce__V1__FundTrialRequest *trial_request(const struct call *call)
{
    return (const Mingce__V1__FundTrialRequest *) call->request;
}

enum reason fund_trial_valid(struct call *call)
{
    const Mingce__V1__FundTrialRequest *request = trial_request(call);
    if (request->has_log_size && (request->log_size == 0 || request->log_size > INT64_MAX))
        return call_refuse(call, "log_size", REASON_ENTRIES_RANGE);
    return proposal_filter_valid(call, NULL, request->division);
}

void fund_trial_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundTrialRequest *request = trial_request(call);
    set_text(set, TRIAL_IN_DIVISION, request->division);
    bind_until(set, TRIAL_IN_SIZE, request->has_log_size, (int64_t) request->log_size);
}

enum reason fund_trial_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundTrialResponse *response = (Mingce__V1__FundTrialResponse *) out;
    size_t n = CALL_LIST(call, response, account, rows_count(rows));
    for (size_t i = 0; i < n; i++) {
        Mingce__V1__AccountBalance *account = response->account[i];
        mingce__v1__account_balance__init(account);
        account->account = (Mingce__V1__LedgerAccount) rows_int2(rows, i, TRIAL_ACCOUNT);
        account->debit_fen = rows_int8(rows, i, TRIAL_DEBITS);
        account->credit_fen = rows_int8(rows, i, TRIAL_CREDITS);
        account->balance_fen = rows_int8(rows, i, TRIAL_BALANCE);
        int64_t *layer = rows_int2(rows, i, TRIAL_LAYER) == MINGCE__V1__LEDGER_LAYER__LAYER_BUDGET
                             ? &response->budget_fen
                             : &response->cash_fen;
        *layer += account->debit_fen - account->credit_fen;
    }
    return rows_count(rows) == 0 ? call_refuse(call, "log_size", REASON_LOG_SHORTER) : REASON_NONE;
}
