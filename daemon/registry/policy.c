/* SPDX-License-Identifier: Apache-2.0 */
/* Rules with a number in them: proto/policy.proto, migrations/api/policy.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "proto/policy.pb-c.h"

#define PROPOSE_PARAMETERS(COLUMN)                                                                           \
    COLUMN(PROPOSE_IN_PROPOSAL, "proposal", UUID)                                                            \
    COLUMN(PROPOSE_IN_NAME, "name", TEXT)                                                                    \
    COLUMN(PROPOSE_IN_VALUE, "value", INT8)                                                                  \
    COLUMN(PROPOSE_IN_FROM, "from", DATE)                                                                    \
    COLUMN(PROPOSE_IN_TO, "to", DATE)                                                                        \
    COLUMN(PROPOSE_IN_CITATION, "citation", TEXT)
COLUMNS_AFTER(METHOD_WRITE, propose_parameters, PROPOSE_PARAMETERS);
#define PROPOSE_RESULT(COLUMN) COLUMN(PROPOSE_PROPOSAL_ID, "proposal_id", UUID)
COLUMNS_AFTER(OUTCOME, propose_result, PROPOSE_RESULT);
const struct statement policy_propose_statement = {
    .name = "policy_propose",
    .parameters = COLUMNS(propose_parameters),
    .result = COLUMNS(propose_result),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_AFTER, "after", TEXT)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_PENDING, "pending", BOOL)                                                                 \
    COLUMN(LIST_IN_DAY, "day", DATE)                                                                         \
    COLUMN(LIST_IN_DIVISION, "division", TEXT)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_PLACE, "place", TEXT)                                                                        \
    COLUMN(LIST_PROPOSAL, "proposal_id", UUID)                                                               \
    COLUMN(LIST_DIVISION, "division", TEXT)                                                                  \
    COLUMN(LIST_NAME, "name", TEXT)                                                                          \
    COLUMN(LIST_VALUE, "value", INT8)                                                                        \
    COLUMN(LIST_FROM, "valid_from", DATE)                                                                    \
    COLUMN(LIST_TO, "valid_to", DATE)                                                                        \
    COLUMN(LIST_CITATION, "citation", TEXT)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement policy_list_statement = {
    .name = "policy_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- propose ---- */

static const Mingce__V1__PolicyProposeRequest *propose_request(const struct call *call)
{
    return (const Mingce__V1__PolicyProposeRequest *) call->request;
}

enum reason policy_propose_valid(struct call *call)
{
    const Mingce__V1__PolicyProposeRequest *request = propose_request(call);
    const char *field;
    enum reason reason = proposal_fits(request->valid_from, request->valid_to, request->citation, &field);
    return reason == REASON_NONE ? REASON_NONE : call_refuse(call, field, reason);
}

void policy_propose_bind(struct call *call, struct set *set)
{
    const Mingce__V1__PolicyProposeRequest *request = propose_request(call);
    uint8_t id[PROPOSAL_ID];
    crypto_uuid(id);
    set_uuid(set, PROPOSE_IN_PROPOSAL, id);
    set_text(set, PROPOSE_IN_NAME, request->name);
    set_int8(set, PROPOSE_IN_VALUE, request->value);
    set_day(set, PROPOSE_IN_FROM, day_parse(request->valid_from));
    set_day(set, PROPOSE_IN_TO, request->valid_to == NULL ? DAY_NONE : day_parse(request->valid_to));
    set_text(set, PROPOSE_IN_CITATION, request->citation);
}

enum reason policy_propose_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_POLICY_UNKNOWN)
        return call_refuse(call, "name", reason);
    if (reason == REASON_POLICY_VALUE)
        return call_refuse(call, "value", reason);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PolicyProposeResponse *response = (Mingce__V1__PolicyProposeResponse *) out;
    call_bytes(call, &response->proposal_id, rows_uuid(rows, 0, PROPOSE_PROPOSAL_ID), PROPOSAL_ID);
    return REASON_NONE;
}

/* ---- list ---- */

static const Mingce__V1__PolicyListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__PolicyListRequest *) call->request;
}

enum reason policy_list_valid(struct call *call)
{
    const Mingce__V1__PolicyListRequest *request = list_request(call);
    enum reason reason = page_valid_text(call, PAGE(request));
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, request->day, request->division);
}

void policy_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__PolicyListRequest *request = list_request(call);
    page_bind_text(set, LIST_IN_AFTER, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_bool(set, LIST_IN_PENDING, request->has_pending && request->pending);
    set_day(set, LIST_IN_DAY, request->day == NULL ? DAY_NONE : day_parse(request->day));
    set_text(set, LIST_IN_DIVISION, request->division);
}

static void policy_fill(struct call *call, Mingce__V1__Policy *policy, const struct rows *rows, size_t row)
{
    mingce__v1__policy__init(policy);
    policy->has_proposal_id = !rows_null(rows, row, LIST_PROPOSAL);
    if (policy->has_proposal_id)
        call_bytes(call, &policy->proposal_id, rows_uuid(rows, row, LIST_PROPOSAL), PROPOSAL_ID);
    policy->division = unconst(rows_text(rows, row, LIST_DIVISION));
    policy->name = unconst(rows_text(rows, row, LIST_NAME));
    policy->value = rows_int8(rows, row, LIST_VALUE);
    policy->citation = unconst(rows_text(rows, row, LIST_CITATION));
    policy->valid_from = call_day(call, rows_day(rows, row, LIST_FROM));
    policy->valid_to = call_day(call, rows_day(rows, row, LIST_TO));
}

enum reason policy_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__PolicyListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__PolicyListResponse *response = (Mingce__V1__PolicyListResponse *) out;
    size_t n = PAGE_LIST(call, response, policy, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        policy_fill(call, response->policy[i], rows, i);
    if (response->has_next)
        page_next_text(call, rows_text(rows, n - 1, LIST_PLACE), &response->next);
    return REASON_NONE;
}
