/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that give a known document number another name: they are held until a bureau resolves them (A6).
 * proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"

enum { ID = 16 };

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_ALL, "all", BOOL)                                                                         \
    COLUMN(LIST_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(LIST_CONFLICT, "conflict_id", UUID)                                                               \
    COLUMN(LIST_RECORD, "record_id", UUID)                                                                   \
    COLUMN(LIST_REGISTERED, "sealed", BYTEA)                                                                 \
    COLUMN(LIST_STATED, "stated", BYTEA)                                                                     \
    COLUMN(LIST_CLASS, "class_number", INT8)                                                                 \
    COLUMN(LIST_INSTITUTION, "institution_name", TEXT)                                                       \
    COLUMN(LIST_REPORTED_AT, "reported_at_ms", INT8)                                                         \
    COLUMN(LIST_DECISION, "decision", INT2)                                                                  \
    COLUMN(LIST_PERSON, "person_id", UUID)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement conflict_list_statement = {
    .name = "conflict_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

#define RESOLVE_PARAMETERS(COLUMN)                                                                           \
    COLUMN(RESOLVE_IN_CONFLICT, "conflict", UUID)                                                            \
    COLUMN(RESOLVE_IN_DECISION, "decision", INT2)                                                            \
    COLUMN(RESOLVE_IN_CASE, "case", TEXT)
COLUMNS_AFTER(METHOD_WRITE, resolve_parameters, RESOLVE_PARAMETERS);
const struct statement conflict_resolve_statement = {
    .name = "conflict_resolve",
    .parameters = COLUMNS(resolve_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

static const Mingce__V1__ConflictListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__ConflictListRequest *) call->request;
}

enum reason conflict_list_valid(struct call *call)
{
    const Mingce__V1__ConflictListRequest *request = list_request(call);
    return page_valid_id(call, PAGE(request));
}

void conflict_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ConflictListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    uint32_t most = page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_bool(set, LIST_IN_ALL, request->all);
    set_int4(set, LIST_IN_PENDING, call_looks_pending(call, most));
}

static enum reason conflict_fill(struct call *call, Mingce__V1__Conflict *out, const struct rows *rows,
                                 size_t row)
{
    struct person_masked registered, stated;
    person_mask(call, rows, row, LIST_RECORD, LIST_REGISTERED, &registered);
    person_mask(call, rows, row, LIST_CONFLICT, LIST_STATED, &stated);
    mingce__v1__conflict__init(out);
    out->registered_name = registered.name;
    out->stated_name = stated.name;
    out->document_number = stated.document_number;
    out->class_number = (uint64_t) rows_int8(rows, row, LIST_CLASS);
    out->institution_name = unconst(rows_text(rows, row, LIST_INSTITUTION));
    out->reported_at_ms = rows_int8(rows, row, LIST_REPORTED_AT);
    out->has_decision = !rows_null(rows, row, LIST_DECISION);
    if (out->has_decision)
        out->decision = (Mingce__V1__ConflictDecision) rows_int2(rows, row, LIST_DECISION);
    if (!call_look(call, rows_uuid(rows, row, LIST_PERSON)))
        return REASON_STORE_BUSY;
    call_bytes(call, &out->conflict_id, rows_uuid(rows, row, LIST_CONFLICT), ID);
    return REASON_NONE;
}

enum reason conflict_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__ConflictListRequest *request = list_request(call);
    enum reason refused =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (refused != REASON_NONE)
        return person_look_refused(call, refused);
    size_t found = rows_count(rows) - 1; /* row 0 is about the request */
    Mingce__V1__ConflictListResponse *response = (Mingce__V1__ConflictListResponse *) out;
    size_t n = PAGE_LIST(call, response, conflict, PAGE(request), found);
    for (size_t i = 0; i < n; i++) {
        enum reason reason = conflict_fill(call, response->conflict[i], rows, i + 1);
        if (reason != REASON_NONE)
            return reason;
    }
    if (response->has_next)
        response->next = response->conflict[n - 1]->conflict_id;
    return REASON_NONE;
}

static const Mingce__V1__ConflictResolveRequest *resolve_request(const struct call *call)
{
    return (const Mingce__V1__ConflictResolveRequest *) call->request;
}

enum reason conflict_resolve_valid(struct call *call)
{
    const Mingce__V1__ConflictResolveRequest *request = resolve_request(call);
    if (request->conflict_id.len != ID)
        return call_refuse(call, "conflict_id", REASON_IDENTIFIER_LENGTH);
    return text_case_reference(request->case_reference, day_at(call->at_ms))
               ? REASON_NONE
               : call_refuse(call, "case_reference", REASON_CASE_REFERENCE);
}

void conflict_resolve_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ConflictResolveRequest *request = resolve_request(call);
    set_uuid(set, RESOLVE_IN_CONFLICT, request->conflict_id.data);
    set_int2(set, RESOLVE_IN_DECISION, (int16_t) request->decision);
    set_text(set, RESOLVE_IN_CASE, request->case_reference);
}

enum reason conflict_resolve_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return call_refuse(call, "conflict_id", reason);
    (void) out;
    return REASON_NONE;
}
