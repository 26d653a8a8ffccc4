/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/proposal.h"
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/text.h"
#include "proto/standard.pb-c.h"

#define DECIDE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(DECIDE_IN_KIND, "kind", INT2)                                                                     \
    COLUMN(DECIDE_IN_DECISION, "decision", INT2)                                                             \
    COLUMN(DECIDE_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(DECIDE_IN_ROW, "row", INT4)                                                                       \
    COLUMN(DECIDE_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(DECIDE_IN_PROPOSAL, "proposal", UUID)
COLUMNS_AFTER(METHOD_WRITE, decide_parameters, DECIDE_PARAMETERS);
const struct statement proposal_decide_statement = {
    .name = "proposal_decide",
    .parameters = COLUMNS(decide_parameters),
    .rows = DECIDE_IN_ROW_REQ,
    .result = COLUMNS_FIRST(MOVED),
};

enum reason proposal_period_fits(const char *from, const char *to, const char **field)
{
    day first = day_parse(from), last = to == NULL ? DAY_NONE : day_parse(to);
    *field = first == DAY_NONE ? "valid_from" : "valid_to";
    if (first == DAY_NONE || (to != NULL && last == DAY_NONE))
        return REASON_DATE_FORMAT;
    return to != NULL && last < first ? REASON_PERIOD_ORDER : REASON_NONE;
}

enum reason proposal_fits(const char *from, const char *to, const char *citation, const char **field)
{
    enum reason reason = proposal_period_fits(from, to, field);
    if (reason != REASON_NONE)
        return reason;
    *field = "citation";
    return text_fits(citation, PROPOSAL_CITATION_CHARACTERS) ? REASON_NONE : REASON_CITATION_LENGTH;
}

/* ---- decide ---- */

static const Mingce__V1__ProposalDecideRequest *decide_request(const struct call *call)
{
    return (const Mingce__V1__ProposalDecideRequest *) call->request;
}

enum reason proposal_decide_valid(struct call *call)
{
    const Mingce__V1__ProposalDecideRequest *request = decide_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++) {
        reason = batch_number(call, i, request->row[i]->row);
        if (reason == REASON_NONE && request->row[i]->proposal_id.len != PROPOSAL_ID)
            reason = call_refuse(call, "proposal_id", REASON_IDENTIFIER_LENGTH);
    }
    return reason;
}

void proposal_decide_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ProposalDecideRequest *request = decide_request(call);
    set_int2(set, DECIDE_IN_KIND, call->method->argument);
    set_int2(set, DECIDE_IN_DECISION, (int16_t) request->decision);
    for (size_t i = 0; i < request->n_row; i++) {
        row_bind(call, set, DECIDE_IN_ROW, i);
        set_uuid(set, DECIDE_IN_PROPOSAL, request->row[i]->proposal_id.data);
    }
}

static const char *decide_field(enum reason reason)
{
    return reason == REASON_NONE ? NULL : "proposal_id";
}

enum reason proposal_decide_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = batch_render(call, decide_request(call)->n_row, rows, decide_field, out);
    if (reason == REASON_NONE)
        proposal_moved_render(call, rows, (Mingce__V1__RowsResponse *) out);
    return reason;
}

static void moved_fill(struct call *call, Mingce__V1__Moved *moved, const struct rows *rows, size_t row)
{
    size_t n;
    const uint8_t *ids = rows_bytes(rows, row, MOVED_CLAIM_IDS, &n);
    mingce__v1__moved__init(moved);
    moved->what = (Mingce__V1__MovedDay) rows_int2(rows, row, MOVED_WHAT);
    moved->claims = (uint32_t) rows_int4(rows, row, MOVED_CLAIMS);
    moved->claim_id = arena_array(call->arena, n / PROPOSAL_ID, sizeof(*moved->claim_id));
    for (size_t i = 0; moved->claim_id != NULL && i < n / PROPOSAL_ID; i++)
        call_bytes(call, &moved->claim_id[moved->n_claim_id++], ids + i * PROPOSAL_ID, PROPOSAL_ID);
    moved->was = call_day(call, rows_day(rows, row, MOVED_WAS));
    moved->becomes = call_day(call, rows_day(rows, row, MOVED_BECOMES));
}

void proposal_moved_render(struct call *call, const struct rows *rows, Mingce__V1__RowsResponse *response)
{
    size_t first = rows_count(rows);
    while (first > 0 && !rows_null(rows, first - 1, MOVED_WHAT))
        first--;
    size_t n = CALL_LIST(call, response, moved, rows_count(rows) - first);
    for (size_t i = 0; i < n; i++)
        moved_fill(call, response->moved[i], rows, first + i);
}

/* ---- for lists ---- */

enum reason proposal_filter_valid(struct call *call, const char *day_text, const char *division)
{
    enum { DIVISION = 6 };
    if (day_text != NULL && day_parse(day_text) == DAY_NONE)
        return call_refuse(call, "day", REASON_DATE_FORMAT);
    if (division != NULL && (strlen(division) != DIVISION || strspn(division, "0123456789") != DIVISION))
        return call_refuse(call, "division", REASON_DIVISION_FORMAT);
    return REASON_NONE;
}
