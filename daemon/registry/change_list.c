/* SPDX-License-Identifier: Apache-2.0 */
/* The changes that wait for a second security administrator, and those that were decided. */
#include <string.h>

#include "daemon/registry/methods.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/page.h"
#include "proto/operator.pb-c.h"

enum { ID = 16 };

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_ALL, "all", BOOL)                                                                         \
    COLUMN(LIST_IN_AFTER, "after", UUID)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_CHANGE, "change_id", UUID)                                                                   \
    COLUMN(LIST_KIND, "kind", INT2)                                                                          \
    COLUMN(LIST_TARGET, "target_id", UUID)                                                                   \
    COLUMN(LIST_TARGET_SEALED, "target_sealed", BYTEA)                                                       \
    COLUMN(LIST_CODE, "code", TEXT)                                                                          \
    COLUMN(LIST_NAME, "name", TEXT)                                                                          \
    COLUMN(LIST_ROLES, "role_mask", INT4)                                                                    \
    COLUMN(LIST_KEY_HASH, "key_hash", BYTEA)                                                                 \
    COLUMN(LIST_STATUS, "status", INT2)                                                                      \
    COLUMN(LIST_REASON, "reason", TEXT)                                                                      \
    COLUMN(LIST_PROPOSED_BY, "proposed_by", UUID)                                                            \
    COLUMN(LIST_PROPOSED_BY_SEALED, "proposed_by_sealed", BYTEA)                                             \
    COLUMN(LIST_PROPOSED_AT, "proposed_at_ms", INT8)                                                         \
    COLUMN(LIST_DECISION, "decision", INT2)                                                                  \
    COLUMN(LIST_DECIDED_BY, "decided_by", UUID)                                                              \
    COLUMN(LIST_DECIDED_BY_SEALED, "decided_by_sealed", BYTEA)                                               \
    COLUMN(LIST_DECIDED_AT, "decided_at_ms", INT8)                                                           \
    COLUMN(LIST_HUMAN, "human_id", UUID)                                                                     \
    COLUMN(LIST_DOCUMENT_SEALED, "document_sealed", BYTEA)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement change_list_statement = {
    .name = "change_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

static const Mingce__V1__ChangeListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__ChangeListRequest *) call->request;
}

enum reason change_list_valid(struct call *call)
{
    const Mingce__V1__ChangeListRequest *request = list_request(call);
    return page_valid_id(call, PAGE(request));
}

void change_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ChangeListRequest *request = list_request(call);
    set_bool(set, LIST_IN_ALL, request->has_all && request->all);
    page_bind_id(set, LIST_IN_AFTER, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
}

static void fill_what(struct call *call, Mingce__V1__Change *change, const struct rows *rows, size_t row)
{
    size_t n;
    const uint8_t *hash = rows_bytes(rows, row, LIST_KEY_HASH, &n);
    if (!rows_null(rows, row, LIST_ROLES))
        operator_role_list(call, rows_int4(rows, row, LIST_ROLES), &change->role, &change->n_role);
    change->has_key_hash = hash != NULL;
    if (hash != NULL)
        call_bytes(call, &change->key_hash, hash, n);
    change->has_status = !rows_null(rows, row, LIST_STATUS);
    if (change->has_status)
        change->status = (Mingce__V1__OperatorStatus) rows_int2(rows, row, LIST_STATUS);
    change->reason = unconst(rows_text(rows, row, LIST_REASON));
}

static void fill_decision(struct call *call, Mingce__V1__Change *change, const struct rows *rows, size_t row)
{
    change->has_decision = !rows_null(rows, row, LIST_DECISION);
    if (!change->has_decision)
        return;
    change->decision = (Mingce__V1__ChangeDecision) rows_int2(rows, row, LIST_DECISION);
    change->has_decided_at_ms = true;
    change->decided_at_ms = rows_int8(rows, row, LIST_DECIDED_AT);
    change->decided_by =
        operator_name_masked(call, rows_uuid(rows, row, LIST_DECIDED_BY), rows, row, LIST_DECIDED_BY_SEALED);
}

static void change_fill(struct call *call, Mingce__V1__Change *change, const struct rows *rows, size_t row)
{
    mingce__v1__change__init(change);
    change->kind = (Mingce__V1__ChangeKind) rows_int2(rows, row, LIST_KIND);
    change->organisation_code = unconst(rows_text(rows, row, LIST_CODE));
    change->organisation_name = unconst(rows_text(rows, row, LIST_NAME));
    change->proposed_at_ms = rows_int8(rows, row, LIST_PROPOSED_AT);
    call_bytes(call, &change->change_id, rows_uuid(rows, row, LIST_CHANGE), ID);
    call_bytes(call, &change->operator_id, rows_uuid(rows, row, LIST_TARGET), ID);
    change->operator_name =
        operator_name_masked(call, rows_uuid(rows, row, LIST_TARGET), rows, row, LIST_TARGET_SEALED);
    change->proposed_by = operator_name_masked(call, rows_uuid(rows, row, LIST_PROPOSED_BY), rows, row,
                                               LIST_PROPOSED_BY_SEALED);
    change->document_number = operator_document_masked(call, rows, row, LIST_HUMAN, LIST_DOCUMENT_SEALED);
    fill_what(call, change, rows, row);
    fill_decision(call, change, rows, row);
}

enum reason change_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__ChangeListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__ChangeListResponse *response = (Mingce__V1__ChangeListResponse *) out;
    size_t n = PAGE_LIST(call, response, change, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        change_fill(call, response->change[i], rows, i);
    if (response->has_next)
        response->next = response->change[n - 1]->change_id;
    return REASON_NONE;
}
