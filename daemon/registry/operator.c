/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/operator.h"
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/crypto/record.h"
#include "daemon/registry/page.h"
#include "proto/operator.pb-c.h"
#include "proto/record.pb-c.h"
#include "proto/rules/document.h"
#include "proto/rules/person_name.h"

enum { ID = 16, KEY_HASH = 32, ROLES = MINGCE__V1__ROLE__ROLE_AUDITADMIN };

static const struct column list_columns[] = {
    METHOD_READ_COLUMNS, {"code", COLUMN_TEXT}, {"after", COLUMN_UUID}, {"page", COLUMN_INT4}};
const struct statement operator_list_statement = {
    .name = "operator_list",
    .request_columns = list_columns,
    .request_columns_n = ARRAY_SIZE(list_columns),
};

static const struct column show_columns[] = {METHOD_READ_COLUMNS, {"target", COLUMN_UUID}};
const struct statement operator_show_statement = {
    .name = "operator_show",
    .request_columns = show_columns,
    .request_columns_n = ARRAY_SIZE(show_columns),
};

/* Result columns of api.operator_list and the first ones of api.operator_show. */
enum {
    OPERATOR_ID = 1,
    OPERATOR_SEALED,
    OPERATOR_ROLES,
    OPERATOR_STATUS,
    OPERATOR_CODE,
    OPERATOR_NAME,
    OPERATOR_HUMAN,
    OPERATOR_HUMAN_SEALED,
    CERTIFICATE_KEY_HASH,
    CERTIFICATE_ADDED,
    CERTIFICATE_REVOKED,
};

char *operator_name_masked(struct call *call, const uint8_t id[16], const struct rows *rows, size_t row,
                           int sealed)
{
    size_t n;
    const uint8_t *bytes = rows_bytes(rows, row, sealed, &n);
    char *masked = arena_alloc(call->arena, PERSON_NAME_MASK_BYTES);
    ProtobufCMessage *record = bytes == NULL
                                   ? NULL
                                   : record_open(call->keys, &mingce__v1__operator_record__descriptor, id,
                                                 bytes, n, arena_allocator(call->arena));
    if (masked != NULL)
        masked[0] = '\0';
    if (masked != NULL && record != NULL)
        person_name_mask(((Mingce__V1__OperatorRecord *) (void *) record)->name, masked);
    return masked;
}

bool operator_document_masked(struct call *call, const struct rows *rows, size_t row, int human, int sealed,
                              char **masked)
{
    size_t n;
    const uint8_t *bytes = rows_bytes(rows, row, sealed, &n);
    *masked = NULL;
    if (bytes == NULL)
        return true;
    ProtobufCMessage *record =
        record_open(call->keys, &mingce__v1__human_record__descriptor, rows_uuid(rows, row, human), bytes, n,
                    arena_allocator(call->arena));
    *masked = arena_alloc(call->arena, DOCUMENT_NUMBER_BYTES);
    if (*masked == NULL)
        return false;
    (*masked)[0] = '\0';
    if (record != NULL)
        document_mask(((Mingce__V1__HumanRecord *) (void *) record)->document_number, *masked);
    return true;
}

bool operator_role_list(struct call *call, int32_t mask, Mingce__V1__Role **roles, size_t *n)
{
    *n = 0;
    *roles = arena_array(call->arena, ROLES, sizeof(**roles));
    for (int role = MINGCE__V1__ROLE__ROLE_CLERK; *roles != NULL && role <= ROLES; role++)
        if ((mask & 1 << role) != 0)
            (*roles)[(*n)++] = (Mingce__V1__Role) role;
    return *roles != NULL;
}

static enum reason operator_fill(struct call *call, Mingce__V1__Operator *operator, const struct rows * rows,
                                 size_t row)
{
    mingce__v1__operator__init(operator);
    operator->operator_id.len = ID;
    operator->operator_id.data = arena_alloc(call->arena, ID);
    if (operator->operator_id.data == NULL || !operator_role_list(call, rows_int4(rows, row, OPERATOR_ROLES),
                                                                  &operator->role, &operator->n_role))
        return REASON_REQUEST_TOO_LARGE;
    if (!operator_document_masked(call, rows, row, OPERATOR_HUMAN, OPERATOR_HUMAN_SEALED,
                                  &operator->document_number))
        return REASON_REQUEST_TOO_LARGE;
    memcpy(operator->operator_id.data, rows_uuid(rows, row, OPERATOR_ID), ID);
    operator->status =(Mingce__V1__OperatorStatus) rows_int2(rows, row, OPERATOR_STATUS);
    operator->organisation_code = unconst(rows_text(rows, row, OPERATOR_CODE));
    operator->organisation_name = unconst(rows_text(rows, row, OPERATOR_NAME));
    operator->name = operator_name_masked(call, operator->operator_id.data, rows, row, OPERATOR_SEALED);
    return operator->name == NULL ? REASON_REQUEST_TOO_LARGE : REASON_NONE;
}

/* ---- list ---- */

static const Mingce__V1__OperatorListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__OperatorListRequest *) call->request;
}

enum reason operator_list_valid(struct call *call)
{
    const Mingce__V1__OperatorListRequest *request = list_request(call);
    return page_valid_id(call, request->has_page_rows, request->page_rows, request->has_cursor,
                         &request->cursor);
}

void operator_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OperatorListRequest *request = list_request(call);
    set_text(set, request->organisation_code);
    if (request->has_cursor)
        set_uuid(set, request->cursor.data);
    else
        set_null(set);
    page_bind(set, request->has_page_rows, request->page_rows);
}

enum reason operator_list_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    const Mingce__V1__OperatorListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    size_t n = page_shown(found, request->has_page_rows, request->page_rows);
    Mingce__V1__OperatorListResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__Operator *each = arena_array(call->arena, n, sizeof(*each));
    Mingce__V1__Operator **list = arena_array(call->arena, n, sizeof(*list));
    if (response == NULL || each == NULL || list == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__operator_list_response__init(response);
    for (size_t i = 0; i < n; i++) {
        enum reason reason = operator_fill(call, list[i] = &each[i], rows, i);
        if (reason != REASON_NONE)
            return reason;
    }
    response->n_operator_ = n;
    response->operator_ = list;
    response->has_next = found > n;
    if (found > n)
        response->next = list[n - 1]->operator_id;
    *out = &response->base;
    return REASON_NONE;
}

/* ---- show ---- */

static const Mingce__V1__OperatorShowRequest *show_request(const struct call *call)
{
    return (const Mingce__V1__OperatorShowRequest *) call->request;
}

enum reason operator_show_valid(struct call *call)
{
    return show_request(call)->operator_id.len == ID
               ? REASON_NONE
               : call_refuse(call, "operator_id", REASON_IDENTIFIER_LENGTH);
}

void operator_show_bind(struct call *call, struct set *set)
{
    set_uuid(set, show_request(call)->operator_id.data);
}

static bool certificate_fill(struct call *call, Mingce__V1__Certificate *certificate, const struct rows *rows,
                             size_t row)
{
    size_t n;
    const uint8_t *hash = rows_bytes(rows, row, CERTIFICATE_KEY_HASH, &n);
    mingce__v1__certificate__init(certificate);
    certificate->key_hash.data = arena_alloc(call->arena, KEY_HASH);
    if (certificate->key_hash.data == NULL || n != KEY_HASH)
        return false;
    memcpy(certificate->key_hash.data, hash, KEY_HASH);
    certificate->key_hash.len = KEY_HASH;
    certificate->added_at_ms = rows_int8(rows, row, CERTIFICATE_ADDED);
    certificate->has_revoked_at_ms = !rows_null(rows, row, CERTIFICATE_REVOKED);
    if (certificate->has_revoked_at_ms)
        certificate->revoked_at_ms = rows_int8(rows, row, CERTIFICATE_REVOKED);
    return true;
}

enum reason operator_show_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    size_t n = rows_count(rows);
    if (n == 0)
        return call_refuse(call, "operator_id", REASON_OPERATOR_NOT_FOUND);
    Mingce__V1__OperatorShowResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__Operator *operator= arena_alloc(call->arena, sizeof(*operator));
    Mingce__V1__Certificate *each = arena_array(call->arena, n, sizeof(*each));
    Mingce__V1__Certificate **list = arena_array(call->arena, n, sizeof(*list));
    if (response == NULL || operator== NULL || each == NULL || list == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__operator_show_response__init(response);
    enum reason reason = operator_fill(call, operator, rows, 0);
    for (size_t i = 0; reason == REASON_NONE && i < n && !rows_null(rows, i, CERTIFICATE_KEY_HASH); i++) {
        if (!certificate_fill(call, list[i] = &each[i], rows, i))
            reason = REASON_REQUEST_TOO_LARGE;
        response->n_certificate++;
    }
    response->operator_ = operator;
    response->certificate = list;
    *out = &response->base;
    return reason;
}
