/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the audit log: proto/audit.proto, migrations/api/audit.sql. */
#include "daemon/registry/methods.h"

#include "daemon/crypto/record.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/page.h"
#include "proto/audit.pb-c.h"
#include "proto/record.pb-c.h"
#include "proto/rules/person_name.h"
#include "proto/wire/wirescan.h"

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", INT8)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_ACTOR, "actor", UUID)                                                                     \
    COLUMN(LIST_IN_ORGANISATION, "organisation", TEXT)                                                       \
    COLUMN(LIST_IN_METHOD, "method", TEXT)                                                                   \
    COLUMN(LIST_IN_SUBJECT, "subject", UUID)                                                                 \
    COLUMN(LIST_IN_CLASS, "class", INT8)                                                                     \
    COLUMN(LIST_IN_FROM, "from", INT8)                                                                       \
    COLUMN(LIST_IN_UNTIL, "until", INT8)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_ID, "id", INT8)                                                                              \
    COLUMN(LIST_BODY, "body", BYTEA)                                                                         \
    COLUMN(LIST_OPERATOR, "operator_id", UUID)                                                               \
    COLUMN(LIST_OPERATOR_SEALED, "operator_sealed", BYTEA)                                                   \
    COLUMN(LIST_ORGANISATION_NAME, "organisation_name", TEXT)                                                \
    COLUMN(LIST_LEAF, "leaf_index", INT8)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement audit_list_statement = {
    .name = "audit_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

static const Mingce__V1__AuditListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__AuditListRequest *) call->request;
}

/* Between 1970 and the year 5138: what the arithmetic of the database can take. */
static bool moment(int64_t ms)
{
    return ms >= 0 && ms < INT64_C(100000000000000);
}

enum reason audit_list_valid(struct call *call)
{
    const Mingce__V1__AuditListRequest *request = list_request(call);
    if (request->has_operator_id && request->operator_id.len != 16)
        return call_refuse(call, "operator_id", REASON_IDENTIFIER_LENGTH);
    if (request->has_subject && request->subject.len != 16)
        return call_refuse(call, "subject", REASON_IDENTIFIER_LENGTH);
    if (request->has_class_number && request->class_number > INT64_MAX)
        return call_refuse(call, "class_number", REASON_CLASS_UNKNOWN);
    if ((request->has_from_ms && !moment(request->from_ms)) ||
        (request->has_until_ms && !moment(request->until_ms)))
        return call_refuse(call, request->has_from_ms && !moment(request->from_ms) ? "from_ms" : "until_ms",
                           REASON_DATE_FORMAT);
    return page_valid_number(call, PAGE(request));
}

static void bind_id(struct set *set, size_t parameter, bool there, const ProtobufCBinaryData *id)
{
    if (there)
        set_uuid(set, parameter, id->data);
    else
        set_null(set, parameter);
}

static void bind_number(struct set *set, size_t parameter, bool there, int64_t number)
{
    if (there)
        set_int8(set, parameter, number);
    else
        set_null(set, parameter);
}

void audit_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__AuditListRequest *request = list_request(call);
    set_int8(set, LIST_IN_BEFORE, page_number(PAGE(request), INT64_MAX));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    bind_id(set, LIST_IN_ACTOR, request->has_operator_id, &request->operator_id);
    set_text(set, LIST_IN_ORGANISATION, request->organisation_code);
    set_text(set, LIST_IN_METHOD, request->method);
    bind_id(set, LIST_IN_SUBJECT, request->has_subject, &request->subject);
    bind_number(set, LIST_IN_CLASS, request->has_class_number, (int64_t) request->class_number);
    bind_number(set, LIST_IN_FROM, request->has_from_ms, request->from_ms);
    bind_number(set, LIST_IN_UNTIL, request->has_until_ms, request->until_ms);
}

/* Stands for an entry that cannot be understood, so that readers can go on with the next one. */
static Mingce__V1__AuditEntry *entry_unreadable(struct call *call)
{
    Mingce__V1__AuditEntry *entry = arena_alloc(call->arena, sizeof(*entry));
    if (entry == NULL)
        return NULL;
    mingce__v1__audit_entry__init(entry);
    entry->method = unconst("");
    return entry;
}

static void record_fill(struct call *call, Mingce__V1__AuditRecord *record, const struct rows *rows,
                        size_t row)
{
    size_t n;
    const uint8_t *body = rows_bytes(rows, row, LIST_BODY, &n);
    mingce__v1__audit_record__init(record);
    record->id = (uint64_t) rows_int8(rows, row, LIST_ID);
    record->has_unreadable = record->unreadable =
        wirescan_answer(&mingce__v1__audit_entry__descriptor, body, n) != REASON_NONE;
    record->entry = record->unreadable
                        ? entry_unreadable(call)
                        : mingce__v1__audit_entry__unpack(arena_allocator(call->arena), n, body);
    record->has_leaf_index = !rows_null(rows, row, LIST_LEAF);
    record->leaf_index = record->has_leaf_index ? (uint64_t) rows_int8(rows, row, LIST_LEAF) : 0;
    record->operator_name =
        operator_name_masked(call, rows_uuid(rows, row, LIST_OPERATOR), rows, row, LIST_OPERATOR_SEALED);
    record->organisation_name = unconst(rows_text(rows, row, LIST_ORGANISATION_NAME));
    if (record->organisation_name == NULL)
        record->organisation_name = unconst("");
}

enum reason audit_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__AuditListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    bool goes_on = found > 0 && rows_null(rows, found - 1, LIST_BODY); /* the last row is no entry */
    size_t shown = goes_on ? found - 1 : page_shown(found, PAGE(request));
    Mingce__V1__AuditListResponse *response = (Mingce__V1__AuditListResponse *) out;
    size_t n = CALL_LIST(call, response, record, shown);
    for (size_t i = 0; i < n; i++)
        record_fill(call, response->record[i], rows, i);
    response->has_next = found > shown;
    if (response->has_next)
        page_next_number(call, rows_int8(rows, goes_on ? found - 1 : shown - 1, LIST_ID), &response->next);
    return REASON_NONE;
}
