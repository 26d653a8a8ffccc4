/* SPDX-License-Identifier: Apache-2.0 */
/* Rules with a number in them: proto/policy.proto, migrations/api/policy.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "proto/policy.pb-c.h"

static const struct column propose_columns[] = {
    METHOD_WRITE_COLUMNS,  {"proposal", COLUMN_UUID}, {"name", COLUMN_TEXT},     {"value", COLUMN_INT8},
    {"from", COLUMN_DATE}, {"to", COLUMN_DATE},       {"citation", COLUMN_TEXT},
};
const struct statement policy_propose_statement = {
    .name = "policy_propose",
    .request_columns = propose_columns,
    .request_columns_n = ARRAY_SIZE(propose_columns),
};

static const struct column list_columns[] = {
    METHOD_READ_COLUMNS,      {"after", COLUMN_TEXT}, {"page", COLUMN_INT4},
    {"pending", COLUMN_BOOL}, {"day", COLUMN_DATE},   {"division", COLUMN_TEXT},
};
const struct statement policy_list_statement = {
    .name = "policy_list",
    .request_columns = list_columns,
    .request_columns_n = ARRAY_SIZE(list_columns),
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
    set_uuid(set, id);
    set_text(set, request->name);
    set_int8(set, request->value);
    set_day(set, day_parse(request->valid_from));
    set_day(set, request->valid_to == NULL ? DAY_NONE : day_parse(request->valid_to));
    set_text(set, request->citation);
}

enum reason policy_propose_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum { PROPOSED = 2 };
    enum reason reason = outcome_of(rows);
    if (reason == REASON_POLICY_UNKNOWN)
        return call_refuse(call, "name", reason);
    if (reason == REASON_POLICY_VALUE)
        return call_refuse(call, "value", reason);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PolicyProposeResponse *response = (Mingce__V1__PolicyProposeResponse *) out;
    call_bytes(call, &response->proposal_id, rows_uuid(rows, 0, PROPOSED), PROPOSAL_ID);
    return REASON_NONE;
}

/* ---- list ---- */

/* Result columns of api.policy_list. */
enum {
    LIST_PLACE = 1,
    LIST_PROPOSAL,
    LIST_DIVISION,
    LIST_NAME,
    LIST_VALUE,
    LIST_FROM,
    LIST_TO,
    LIST_CITATION,
};

static const Mingce__V1__PolicyListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__PolicyListRequest *) call->request;
}

enum reason policy_list_valid(struct call *call)
{
    const Mingce__V1__PolicyListRequest *request = list_request(call);
    enum reason reason = page_valid_text(call, request->has_page_rows, request->page_rows,
                                         request->has_cursor, &request->cursor);
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, request->day, request->division);
}

void policy_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__PolicyListRequest *request = list_request(call);
    page_bind_text(set, request->has_cursor, &request->cursor);
    page_bind(set, request->has_page_rows, request->page_rows);
    set_bool(set, request->has_pending && request->pending);
    set_day(set, request->day == NULL ? DAY_NONE : day_parse(request->day));
    set_text(set, request->division);
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
    size_t n =
        CALL_LIST(call, response, policy, page_shown(found, request->has_page_rows, request->page_rows));
    for (size_t i = 0; i < n; i++)
        policy_fill(call, response->policy[i], rows, i);
    response->has_next = n > 0 && found > n;
    if (response->has_next)
        page_next_text(call, rows_text(rows, n - 1, LIST_PLACE), &response->next);
    return REASON_NONE;
}
