/* SPDX-License-Identifier: Apache-2.0 */
/* What was proposed of the special account, and what is earmarked: proto/fund.proto, migrations/api/fund_read.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/operator.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "proto/fund.pb-c.h"
#include "proto/rules/codes.h"

#define MOVES_PARAMETERS(COLUMN)                                                                             \
    COLUMN(MOVES_IN_BEFORE, "before", UUID)                                                                  \
    COLUMN(MOVES_IN_PAGE, "page", INT4)                                                                      \
    COLUMN(MOVES_IN_PENDING, "pending", BOOL)
COLUMNS_AFTER(METHOD_READ, moves_parameters, MOVES_PARAMETERS);
#define MOVES_RESULT(COLUMN)                                                                                 \
    COLUMN(MOVES_ID, "move_id", UUID)                                                                        \
    COLUMN(MOVES_KIND, "kind", INT2)                                                                         \
    COLUMN(MOVES_DIVISION, "division", TEXT)                                                                 \
    COLUMN(MOVES_SOURCE, "source", INT2)                                                                     \
    COLUMN(MOVES_YEAR, "year", INT4)                                                                         \
    COLUMN(MOVES_TO, "to_division", TEXT)                                                                    \
    COLUMN(MOVES_AMOUNT, "amount_fen", INT8)                                                                 \
    COLUMN(MOVES_MIRRORED, "mirrored", UUID)                                                                 \
    COLUMN(MOVES_REASON, "reason", TEXT)                                                                     \
    COLUMN(MOVES_PROPOSED, "proposed_at_ms", INT8)                                                           \
    COLUMN(MOVES_DECISION, "decision", INT2)                                                                 \
    COLUMN(MOVES_EVENT, "event", INT2)                                                                       \
    COLUMN(MOVES_PROPOSER, "proposer", UUID)                                                                 \
    COLUMN(MOVES_PROPOSER_SEALED, "proposer_sealed", BYTEA)                                                  \
    COLUMN(MOVES_DECIDER, "decider", UUID)                                                                   \
    COLUMN(MOVES_DECIDER_SEALED, "decider_sealed", BYTEA)                                                    \
    COLUMN(MOVES_DECIDED, "decided_at_ms", INT8)
COLUMNS_AFTER(RESULT, moves_result, MOVES_RESULT);
const struct statement fund_moves_statement = {
    .name = "fund_moves",
    .parameters = COLUMNS(moves_parameters),
    .result = COLUMNS(moves_result),
};

#define EARMARKS_PARAMETERS(COLUMN)                                                                          \
    COLUMN(EARMARKS_IN_BEFORE, "before", UUID)                                                               \
    COLUMN(EARMARKS_IN_PAGE, "page", INT4)                                                                   \
    COLUMN(EARMARKS_IN_PENDING, "pending", BOOL)                                                             \
    COLUMN(EARMARKS_IN_DAY, "day", DATE)                                                                     \
    COLUMN(EARMARKS_IN_DIVISION, "division", TEXT)
COLUMNS_AFTER(METHOD_READ, earmarks_parameters, EARMARKS_PARAMETERS);
#define EARMARKS_RESULT(COLUMN)                                                                              \
    COLUMN(EARMARKS_ID, "earmark_id", UUID)                                                                  \
    COLUMN(EARMARKS_DIVISION, "division", TEXT)                                                              \
    COLUMN(EARMARKS_SPENDING, "spending", INT2)                                                              \
    COLUMN(EARMARKS_GROUP, "trainee_group", INT2)                                                            \
    COLUMN(EARMARKS_KIND, "certificate_kind", INT2)                                                          \
    COLUMN(EARMARKS_SOURCES, "sources", TEXT)                                                                \
    COLUMN(EARMARKS_FROM, "valid_from", DATE)                                                                \
    COLUMN(EARMARKS_TO, "valid_to", DATE)                                                                    \
    COLUMN(EARMARKS_CITATION, "citation", TEXT)
COLUMNS_AFTER(RESULT, earmarks_result, EARMARKS_RESULT);
const struct statement fund_earmarks_statement = {
    .name = "fund_earmarks",
    .parameters = COLUMNS(earmarks_parameters),
    .result = COLUMNS(earmarks_result),
};

/* ---- moves ---- */

static const Mingce__V1__FundMovesRequest *moves_request(const struct call *call)
{
    return (const Mingce__V1__FundMovesRequest *) call->request;
}

enum reason fund_moves_valid(struct call *call)
{
    return page_valid_id(call, PAGE(moves_request(call)));
}

void fund_moves_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundMovesRequest *request = moves_request(call);
    page_bind_id(set, MOVES_IN_BEFORE, PAGE(request));
    page_bind(set, MOVES_IN_PAGE, PAGE(request));
    set_bool(set, MOVES_IN_PENDING, request->has_pending && request->pending);
}

/* Who has proposed a move, and who has decided it. */
static void people_fill(struct call *call, Mingce__V1__FundMove *move, const struct rows *rows, size_t row)
{
    move->proposed_by =
        operator_name_masked(call, rows_uuid(rows, row, MOVES_PROPOSER), rows, row, MOVES_PROPOSER_SEALED);
    move->proposed_at_ms = rows_int8(rows, row, MOVES_PROPOSED);
    move->has_decision = move->has_decided_at_ms = !rows_null(rows, row, MOVES_DECISION);
    if (move->has_decision) {
        move->decision = (uint32_t) rows_int2(rows, row, MOVES_DECISION);
        move->decided_by =
            operator_name_masked(call, rows_uuid(rows, row, MOVES_DECIDER), rows, row, MOVES_DECIDER_SEALED);
        move->decided_at_ms = rows_int8(rows, row, MOVES_DECIDED);
    }
}

static void move_fill(struct call *call, Mingce__V1__FundMove *move, const struct rows *rows, size_t row)
{
    mingce__v1__fund_move__init(move);
    call_bytes(call, &move->proposal_id, rows_uuid(rows, row, MOVES_ID), PROPOSAL_ID);
    move->kind = (Mingce__V1__FundMoveKind) rows_int2(rows, row, MOVES_KIND);
    move->division = unconst(rows_text(rows, row, MOVES_DIVISION));
    move->has_source = move->has_year = !rows_null(rows, row, MOVES_SOURCE);
    if (move->has_source) {
        move->source = (Mingce__V1__FundSource) rows_int2(rows, row, MOVES_SOURCE);
        move->year = (uint32_t) rows_int4(rows, row, MOVES_YEAR);
    }
    move->to_division = unconst(rows_text(rows, row, MOVES_TO));
    move->has_amount_fen = !rows_null(rows, row, MOVES_AMOUNT);
    if (move->has_amount_fen)
        move->amount_fen = rows_int8(rows, row, MOVES_AMOUNT);
    move->has_posting_id = !rows_null(rows, row, MOVES_MIRRORED);
    if (move->has_posting_id)
        call_bytes(call, &move->posting_id, rows_uuid(rows, row, MOVES_MIRRORED), PROPOSAL_ID);
    move->reason = unconst(rows_text(rows, row, MOVES_REASON));
    move->has_mirrored = !rows_null(rows, row, MOVES_EVENT);
    if (move->has_mirrored)
        move->mirrored = (Mingce__V1__MoneyEvent) rows_int2(rows, row, MOVES_EVENT);
    people_fill(call, move, rows, row);
}

enum reason fund_moves_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundMovesResponse *response = (Mingce__V1__FundMovesResponse *) out;
    size_t n = PAGE_LIST(call, response, move, PAGE(moves_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        move_fill(call, response->move[i], rows, i);
    if (response->has_next)
        response->next = response->move[n - 1]->proposal_id;
    return REASON_NONE;
}

/* ---- earmarks ---- */

static const Mingce__V1__FundEarmarksRequest *earmarks_request(const struct call *call)
{
    return (const Mingce__V1__FundEarmarksRequest *) call->request;
}

enum reason fund_earmarks_valid(struct call *call)
{
    const Mingce__V1__FundEarmarksRequest *request = earmarks_request(call);
    enum reason reason = page_valid_id(call, PAGE(request));
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, request->day, request->division);
}

void fund_earmarks_bind(struct call *call, struct set *set)
{
    const Mingce__V1__FundEarmarksRequest *request = earmarks_request(call);
    page_bind_id(set, EARMARKS_IN_BEFORE, PAGE(request));
    page_bind(set, EARMARKS_IN_PAGE, PAGE(request));
    set_bool(set, EARMARKS_IN_PENDING, request->has_pending && request->pending);
    set_day(set, EARMARKS_IN_DAY, request->day == NULL ? DAY_NONE : day_parse(request->day));
    set_text(set, EARMARKS_IN_DIVISION, request->division);
}

/* "3,1": numbers of one digit, as registry.earmark bounds them. */
static void sources_fill(struct call *call, Mingce__V1__Earmark *earmark, const char *sources)
{
    size_t n = (strlen(sources) + 1) / 2;
    earmark->source = arena_array(call->arena, n, sizeof(*earmark->source));
    for (size_t i = 0; earmark->source != NULL && i < n; i++)
        earmark->source[earmark->n_source++] = (Mingce__V1__FundSource) (sources[2 * i] - '0');
}

static void earmark_fill(struct call *call, Mingce__V1__Earmark *earmark, const struct rows *rows, size_t row)
{
    mingce__v1__earmark__init(earmark);
    call_bytes(call, &earmark->proposal_id, rows_uuid(rows, row, EARMARKS_ID), PROPOSAL_ID);
    earmark->division = unconst(rows_text(rows, row, EARMARKS_DIVISION));
    earmark->spending = (Mingce__V1__SpendingKind) rows_int2(rows, row, EARMARKS_SPENDING);
    if (!rows_null(rows, row, EARMARKS_GROUP))
        earmark->trainee_group =
            unconst(code_name(CODES_TRAINEE_GROUP, (uint8_t) rows_int2(rows, row, EARMARKS_GROUP)));
    earmark->has_certificate_kind = !rows_null(rows, row, EARMARKS_KIND);
    if (earmark->has_certificate_kind)
        earmark->certificate_kind = (uint32_t) rows_int2(rows, row, EARMARKS_KIND);
    sources_fill(call, earmark, rows_text(rows, row, EARMARKS_SOURCES));
    earmark->valid_from = call_day(call, rows_day(rows, row, EARMARKS_FROM));
    earmark->valid_to = call_day(call, rows_day(rows, row, EARMARKS_TO));
    earmark->citation = unconst(rows_text(rows, row, EARMARKS_CITATION));
}

enum reason fund_earmarks_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__FundEarmarksResponse *response = (Mingce__V1__FundEarmarksResponse *) out;
    size_t n = PAGE_LIST(call, response, earmark, PAGE(earmarks_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        earmark_fill(call, response->earmark[i], rows, i);
    if (response->has_next)
        response->next = response->earmark[n - 1]->proposal_id;
    return REASON_NONE;
}
