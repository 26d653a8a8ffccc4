/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/audit.h"

#include "daemon/crypto/record.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/page.h"
#include "proto/audit.pb-c.h"
#include "proto/person_name.h"
#include "proto/record.pb-c.h"

static const struct column list_columns[] = {
    METHOD_READ_COLUMNS, {"before", COLUMN_INT8}, {"page", COLUMN_INT4}};
const struct statement audit_list_statement = {
    .name = "audit_list",
    .request_columns = list_columns,
    .request_columns_n = ARRAY_SIZE(list_columns),
};

/* Result columns of api.audit_list. */
enum { LIST_ID = 1, LIST_BODY, LIST_OPERATOR, LIST_OPERATOR_SEALED, LIST_ORGANISATION_NAME };

static const Mingce__V1__AuditListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__AuditListRequest *) call->request;
}

enum reason audit_list_valid(struct call *call)
{
    const Mingce__V1__AuditListRequest *request = list_request(call);
    return page_valid_number(call, request->has_page_rows, request->page_rows, request->has_cursor,
                             &request->cursor);
}

void audit_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__AuditListRequest *request = list_request(call);
    set_int8(set, page_number(request->has_cursor, &request->cursor, INT64_MAX));
    page_bind(set, request->has_page_rows, request->page_rows);
}

static bool record_fill(struct call *call, Mingce__V1__AuditRecord *record, const struct rows *rows,
                        size_t row)
{
    size_t n;
    const uint8_t *body = rows_bytes(rows, row, LIST_BODY, &n);
    mingce__v1__audit_record__init(record);
    record->id = (uint64_t) rows_int8(rows, row, LIST_ID);
    record->entry = mingce__v1__audit_entry__unpack(arena_allocator(call->arena), n, body);
    record->operator_name =
        operator_name_masked(call, rows_uuid(rows, row, LIST_OPERATOR), rows, row, LIST_OPERATOR_SEALED);
    record->organisation_name = unconst(rows_text(rows, row, LIST_ORGANISATION_NAME));
    if (record->organisation_name == NULL)
        record->organisation_name = unconst("");
    return record->entry != NULL && record->operator_name != NULL;
}

enum reason audit_list_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    const Mingce__V1__AuditListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    size_t n = page_shown(found, request->has_page_rows, request->page_rows);
    Mingce__V1__AuditListResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__AuditRecord *each = arena_array(call->arena, n, sizeof(*each));
    Mingce__V1__AuditRecord **list = arena_array(call->arena, n, sizeof(*list));
    if (response == NULL || each == NULL || list == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__audit_list_response__init(response);
    for (size_t i = 0; i < n; i++)
        if (!record_fill(call, list[i] = &each[i], rows, i))
            return REASON_REQUEST_TOO_LARGE;
    response->n_record = n;
    response->record = list;
    response->has_next = found > n;
    if (found > n && !page_next_number(call, (int64_t) list[n - 1]->id, &response->next))
        return REASON_REQUEST_TOO_LARGE;
    *out = &response->base;
    return REASON_NONE;
}
