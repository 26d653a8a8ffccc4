/* SPDX-License-Identifier: Apache-2.0 */
/* Months of the unemployment fund, and what it must keep (F12): proto/reserve.proto, migrations/api/reserve.sql. */
#include "daemon/registry/batch.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/proposal.h"
#include "daemon/registry/text.h"
#include "proto/reserve.pb-c.h"
#include "proto/rules/bounds.h"

enum { MONTHS_MOST = 120, MONTHS_DEFAULT = 24 };

#define MONTH_PARAMETERS(COLUMN)                                                                             \
    COLUMN(MONTH_IN_CITATION, "citation", TEXT)                                                              \
    COLUMN(MONTH_IN_ROW_REQ, "row_req", INT4)                                                                \
    COLUMN(MONTH_IN_ROW, "row", INT4)                                                                        \
    COLUMN(MONTH_IN_MONTH, "month", DATE)                                                                    \
    COLUMN(MONTH_IN_BALANCE, "balance", INT8)                                                                \
    COLUMN(MONTH_IN_UNEMPLOYMENT, "unemployment", INT8)                                                      \
    COLUMN(MONTH_IN_MEDICAL, "medical", INT8)                                                                \
    COLUMN(MONTH_IN_FUNERAL, "funeral", INT8)                                                                \
    COLUMN(MONTH_IN_TRAINING, "training", INT8)                                                              \
    COLUMN(MONTH_IN_OTHER, "other", INT8)
COLUMNS_AFTER(METHOD_WRITE, month_parameters, MONTH_PARAMETERS);
const struct statement fund_month_statement = {
    .name = "fund_month",
    .parameters = COLUMNS(month_parameters),
    .rows = MONTH_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define MONTHS_PARAMETERS(COLUMN)                                                                            \
    COLUMN(MONTHS_IN_DIVISION, "division", TEXT)                                                             \
    COLUMN(MONTHS_IN_DAY, "day", DATE)                                                                       \
    COLUMN(MONTHS_IN_WITHDRAW, "withdraw", INT8)                                                             \
    COLUMN(MONTHS_IN_MONTHS, "months", INT4)
COLUMNS_AFTER(METHOD_READ, months_parameters, MONTHS_PARAMETERS);
#define MONTHS_RESULT(COLUMN)                                                                                \
    COLUMN(MONTHS_OUTCOME, "outcome", INT2)                                                                  \
    COLUMN(MONTHS_MONTH, "month", DATE)                                                                      \
    COLUMN(MONTHS_VERSION, "version", INT4)                                                                  \
    COLUMN(MONTHS_BALANCE, "balance_fen", INT8)                                                              \
    COLUMN(MONTHS_UNEMPLOYMENT, "unemployment_fen", INT8)                                                    \
    COLUMN(MONTHS_MEDICAL, "medical_fen", INT8)                                                              \
    COLUMN(MONTHS_FUNERAL, "funeral_fen", INT8)                                                              \
    COLUMN(MONTHS_TRAINING, "training_fen", INT8)                                                            \
    COLUMN(MONTHS_OTHER, "other_fen", INT8)                                                                  \
    COLUMN(MONTHS_CITATION, "citation", TEXT)                                                                \
    COLUMN(RESERVE_MONTH, "base_month", DATE)                                                                \
    COLUMN(RESERVE_BALANCE, "base_fen", INT8)                                                                \
    COLUMN(RESERVE_BENEFIT, "benefit_fen", INT8)                                                             \
    COLUMN(RESERVE_KEPT, "kept_hundredths", INT8)                                                            \
    COLUMN(RESERVE_NEEDED, "needed_months", INT4)                                                            \
    COLUMN(RESERVE_MODE, "mode", INT2)                                                                       \
    COLUMN(RESERVE_JUDGED, "judged", INT2)                                                                   \
    COLUMN(RESERVE_ALLOWED, "allowed_fen", INT8)                                                             \
    COLUMN(RESERVE_SHORT, "short_fen", INT8)                                                                 \
    COLUMN(RESERVE_MONTHS, "base_months", INT4)
COLUMNS_AFTER(RESULT, months_result, MONTHS_RESULT);
const struct statement fund_months_statement = {
    .name = "fund_months",
    .parameters = COLUMNS(months_parameters),
    .result = COLUMNS(months_result),
};

/* ---- record ---- */

static const Mingce__V1__FundMonthRequest *month_request(const struct call *call)
{
    return (const Mingce__V1__FundMonthRequest *) call->request;
}

enum reason fund_month_valid(struct call *call)
{
    const Mingce__V1__FundMonthRequest *request = month_request(call);
    if (!text_fits(request->citation, PROPOSAL_CITATION_CHARACTERS))
        return call_refuse(call, "citation", REASON_CITATION_LENGTH);
    if (text_names(request->citation, day_at(call->at_ms)))
        return call_refuse(call, "citation", REASON_REASON_NUMBER);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

static bool refuse(struct row_note *note, enum reason reason, const char *field)
{
    note->reason = reason;
    note->field = field;
    return false;
}

static bool figures_fit(const Mingce__V1__FundMonthRow *row, struct row_note *note)
{
    const struct {
        int64_t fen;
        const char *field;
    } figures[] = {
        {row->balance_fen, "balance_fen"},   {row->unemployment_fen, "unemployment_fen"},
        {row->medical_fen, "medical_fen"},   {row->funeral_fen, "funeral_fen"},
        {row->training_fen, "training_fen"}, {row->other_fen, "other_fen"},
    };
    *note = (struct row_note){.row = row->row, .field = "month"};
    if (day_parse_month(row->month) == DAY_NONE)
        return refuse(note, REASON_MONTH_FORMAT, "month");
    for (size_t i = 0; i < ARRAY_SIZE(figures); i++)
        if (figures[i].fen < 0 || figures[i].fen > FUND_FEN_MOST)
            return refuse(note, REASON_FUND_FIGURE, figures[i].field);
    return true;
}

void fund_month_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundMonthRequest *request = month_request(call);
    set_text(set, MONTH_IN_CITATION, request->citation);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__FundMonthRow *row = request->row[i];
        if (!figures_fit(row, row_note(call, i)))
            continue;
        set_row(set);
        set_int4(set, MONTH_IN_ROW, (int32_t) row->row);
        set_day(set, MONTH_IN_MONTH, day_parse_month(row->month));
        set_int8(set, MONTH_IN_BALANCE, row->balance_fen);
        set_int8(set, MONTH_IN_UNEMPLOYMENT, row->unemployment_fen);
        set_int8(set, MONTH_IN_MEDICAL, row->medical_fen);
        set_int8(set, MONTH_IN_FUNERAL, row->funeral_fen);
        set_int8(set, MONTH_IN_TRAINING, row->training_fen);
        set_int8(set, MONTH_IN_OTHER, row->other_fen);
    }
}

static const char *month_field(enum reason reason)
{
    (void) reason;
    return NULL; /* the note's */
}

enum reason fund_month_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, month_request(call)->n_row, rows, month_field, out);
}

/* ---- read ---- */

static const Mingce__V1__FundMonthsRequest *months_request(const struct call *call)
{
    return (const Mingce__V1__FundMonthsRequest *) call->request;
}

enum reason fund_months_valid(struct call *call)
{
    const Mingce__V1__FundMonthsRequest *request = months_request(call);
    if (request->has_withdraw_fen && (request->withdraw_fen < 0 || request->withdraw_fen > FUND_FEN_MOST))
        return call_refuse(call, "withdraw_fen", REASON_FUND_FIGURE);
    if (request->has_months && request->months > MONTHS_MOST)
        return call_refuse(call, "months", REASON_MONTHS_RANGE);
    return proposal_filter_valid(call, request->day, request->division);
}

void fund_months_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundMonthsRequest *request = months_request(call);
    int32_t months = request->has_months ? (int32_t) request->months : MONTHS_DEFAULT;
    set_text(set, MONTHS_IN_DIVISION, request->division);
    set_day(set, MONTHS_IN_DAY, request->day == NULL ? DAY_NONE : day_parse(request->day));
    set_int8(set, MONTHS_IN_WITHDRAW, request->has_withdraw_fen ? request->withdraw_fen : 0);
    set_int4(set, MONTHS_IN_MONTHS, months);
    set_expect(set, (size_t) months + 1);
}

static void fen_fill(const struct rows *rows, size_t column, protobuf_c_boolean *has, int64_t *fen)
{
    *has = !rows_null(rows, 0, column);
    if (*has)
        *fen = rows_int8(rows, 0, column);
}

static void reserve_fill(struct call *call, Mingce__V1__Reserve *to, const struct rows *rows)
{
    mingce__v1__reserve__init(to);
    to->month = call_month(call, rows_day(rows, 0, RESERVE_MONTH));
    fen_fill(rows, RESERVE_BALANCE, &to->has_balance_fen, &to->balance_fen);
    fen_fill(rows, RESERVE_BENEFIT, &to->has_benefit_fen, &to->benefit_fen);
    fen_fill(rows, RESERVE_KEPT, &to->has_kept_hundredths, &to->kept_hundredths);
    fen_fill(rows, RESERVE_SHORT, &to->has_short_fen, &to->short_fen);
    to->needed_months = (uint32_t) rows_int4(rows, 0, RESERVE_NEEDED);
    to->mode = (Mingce__V1__ShortfallMode) rows_int2(rows, 0, RESERVE_MODE);
    to->allowed_fen = rows_int8(rows, 0, RESERVE_ALLOWED);
    to->has_months = to->month != NULL;
    to->months = (uint32_t) rows_int4(rows, 0, RESERVE_MONTHS);
}

static void month_fill(struct call *call, Mingce__V1__FundMonth *to, const struct rows *rows, size_t row)
{
    mingce__v1__fund_month__init(to);
    to->month = call_month(call, rows_day(rows, row, MONTHS_MONTH));
    to->version = (uint32_t) rows_int4(rows, row, MONTHS_VERSION);
    to->balance_fen = rows_int8(rows, row, MONTHS_BALANCE);
    to->unemployment_fen = rows_int8(rows, row, MONTHS_UNEMPLOYMENT);
    to->medical_fen = rows_int8(rows, row, MONTHS_MEDICAL);
    to->funeral_fen = rows_int8(rows, row, MONTHS_FUNERAL);
    to->training_fen = rows_int8(rows, row, MONTHS_TRAINING);
    to->other_fen = rows_int8(rows, row, MONTHS_OTHER);
    to->citation = unconst(rows_text(rows, row, MONTHS_CITATION));
}

enum reason fund_months_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundMonthsResponse *response = (Mingce__V1__FundMonthsResponse *) out;
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, MONTHS_OUTCOME));
    if (reason != REASON_NONE)
        return reason;
    response->reserve = arena_alloc(call->arena, sizeof(*response->reserve));
    if (response->reserve == NULL)
        return REASON_NONE; /* the arena remembers it */
    reserve_fill(call, response->reserve, rows);
    size_t n = CALL_LIST(call, response, month, rows_count(rows) - 1);
    for (size_t i = 0; i < n; i++)
        month_fill(call, response->month[i], rows, i + 1);
    return REASON_NONE;
}
