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

/* Of operator_list; operator_show has more. */
#define OPERATOR_RESULT(COLUMN)                                                                              \
    COLUMN(OPERATOR_ID, "operator_id", UUID)                                                                 \
    COLUMN(OPERATOR_SEALED, "sealed", BYTEA)                                                                 \
    COLUMN(OPERATOR_ROLES, "role_mask", INT4)                                                                \
    COLUMN(OPERATOR_STATUS, "status", INT2)                                                                  \
    COLUMN(OPERATOR_CODE, "code", TEXT)                                                                      \
    COLUMN(OPERATOR_NAME, "name", TEXT)                                                                      \
    COLUMN(OPERATOR_HUMAN, "human_id", UUID)                                                                 \
    COLUMN(OPERATOR_HUMAN_SEALED, "human_sealed", BYTEA)                                                     \
    COLUMN(CERTIFICATE_KEY_HASH, "key_hash", BYTEA)                                                          \
    COLUMN(CERTIFICATE_ADDED, "added_at_ms", INT8)                                                           \
    COLUMN(CERTIFICATE_REVOKED, "revoked_at_ms", INT8)
COLUMNS_AFTER(RESULT, operator_result, OPERATOR_RESULT);

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_CODE, "code", TEXT)                                                                       \
    COLUMN(LIST_IN_AFTER, "after", UUID)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
const struct statement operator_list_statement = {
    .name = "operator_list",
    .parameters = COLUMNS(list_parameters),
    .result = {operator_result, CERTIFICATE_KEY_HASH},
};

#define SHOW_PARAMETERS(COLUMN) COLUMN(SHOW_IN_TARGET, "target", UUID)
COLUMNS_AFTER(METHOD_READ, show_parameters, SHOW_PARAMETERS);
const struct statement operator_show_statement = {
    .name = "operator_show",
    .parameters = COLUMNS(show_parameters),
    .result = COLUMNS(operator_result),
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
    if (masked != NULL && record != NULL)
        person_name_mask(((Mingce__V1__OperatorRecord *) (void *) record)->name, masked);
    return masked;
}

char *operator_document_masked(struct call *call, const struct rows *rows, size_t row, int human, int sealed)
{
    size_t n;
    const uint8_t *bytes = rows_bytes(rows, row, sealed, &n);
    if (bytes == NULL)
        return NULL;
    ProtobufCMessage *record =
        record_open(call->keys, &mingce__v1__human_record__descriptor, rows_uuid(rows, row, human), bytes, n,
                    arena_allocator(call->arena));
    char *masked = arena_alloc(call->arena, DOCUMENT_NUMBER_BYTES);
    if (masked != NULL && record != NULL)
        document_mask(((Mingce__V1__HumanRecord *) (void *) record)->document_number, masked);
    return masked;
}

void operator_role_list(struct call *call, int32_t mask, Mingce__V1__Role **roles, size_t *n)
{
    *n = 0;
    *roles = arena_array(call->arena, ROLES, sizeof(**roles));
    for (int role = MINGCE__V1__ROLE__ROLE_CLERK; *roles != NULL && role <= ROLES; role++)
        if ((mask & 1 << role) != 0)
            (*roles)[(*n)++] = (Mingce__V1__Role) role;
}

static void operator_fill(struct call *call, Mingce__V1__Operator *out, const struct rows *rows, size_t row)
{
    const uint8_t *id = rows_uuid(rows, row, OPERATOR_ID);
    mingce__v1__operator__init(out);
    call_bytes(call, &out->operator_id, id, ID);
    operator_role_list(call, rows_int4(rows, row, OPERATOR_ROLES), &out->role, &out->n_role);
    out->document_number = operator_document_masked(call, rows, row, OPERATOR_HUMAN, OPERATOR_HUMAN_SEALED);
    out->status = (Mingce__V1__OperatorStatus) rows_int2(rows, row, OPERATOR_STATUS);
    out->organisation_code = unconst(rows_text(rows, row, OPERATOR_CODE));
    out->organisation_name = unconst(rows_text(rows, row, OPERATOR_NAME));
    out->name = operator_name_masked(call, id, rows, row, OPERATOR_SEALED);
}

/* ---- list ---- */

static const Mingce__V1__OperatorListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__OperatorListRequest *) call->request;
}

enum reason operator_list_valid(struct call *call)
{
    const Mingce__V1__OperatorListRequest *request = list_request(call);
    return page_valid_id(call, PAGE(request));
}

void operator_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OperatorListRequest *request = list_request(call);
    set_text(set, LIST_IN_CODE, request->organisation_code);
    page_bind_id(set, LIST_IN_AFTER, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
}

enum reason operator_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__OperatorListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__OperatorListResponse *response = (Mingce__V1__OperatorListResponse *) out;
    size_t n = PAGE_LIST(call, response, operator_, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        operator_fill(call, response->operator_[i], rows, i);
    if (response->has_next)
        response->next = response->operator_[n - 1]->operator_id;
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
    set_uuid(set, SHOW_IN_TARGET, show_request(call)->operator_id.data);
}

static void certificate_fill(struct call *call, Mingce__V1__Certificate *certificate, const struct rows *rows,
                             size_t row)
{
    size_t n;
    const uint8_t *hash = rows_bytes(rows, row, CERTIFICATE_KEY_HASH, &n);
    mingce__v1__certificate__init(certificate);
    if (n != KEY_HASH)
        call_defect(call);
    call_bytes(call, &certificate->key_hash, hash, n);
    certificate->added_at_ms = rows_int8(rows, row, CERTIFICATE_ADDED);
    certificate->has_revoked_at_ms = !rows_null(rows, row, CERTIFICATE_REVOKED);
    if (certificate->has_revoked_at_ms)
        certificate->revoked_at_ms = rows_int8(rows, row, CERTIFICATE_REVOKED);
}

enum reason operator_show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    size_t n = rows_count(rows);
    if (n == 0)
        return call_refuse(call, "operator_id", REASON_OPERATOR_NOT_FOUND);
    Mingce__V1__OperatorShowResponse *response = (Mingce__V1__OperatorShowResponse *) out;
    while (n > 0 && rows_null(rows, n - 1, CERTIFICATE_KEY_HASH))
        n--; /* an operator without a certificate has one row */
    n = CALL_LIST(call, response, certificate, n);
    for (size_t i = 0; i < n; i++)
        certificate_fill(call, response->certificate[i], rows, i);
    response->operator_ = arena_alloc(call->arena, sizeof(*response->operator_));
    if (response->operator_ != NULL)
        operator_fill(call, response->operator_, rows, 0);
    return REASON_NONE;
}
