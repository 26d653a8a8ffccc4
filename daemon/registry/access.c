/* SPDX-License-Identifier: Apache-2.0 */
/* Who looked at whom, and how often (D2, D5). proto/person.proto, migrations/api/look.sql. */
#include "daemon/registry/methods.h"

#include <endian.h>
#include <string.h>

#include "daemon/registry/operator.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "proto/audit.pb-c.h"
#include "proto/wire/wirescan.h"

enum { ID = 16 };

#define LOG_PARAMETERS(COLUMN)                                                                               \
    COLUMN(LOG_IN_PERSON, "person", UUID)                                                                    \
    COLUMN(LOG_IN_DOCUMENT, "document", BYTEA)                                                               \
    COLUMN(LOG_IN_PENDING, "pending", INT4)                                                                  \
    COLUMN(LOG_IN_BEFORE, "before", INT8)                                                                    \
    COLUMN(LOG_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_READ, log_parameters, LOG_PARAMETERS);
#define LOG_RESULT(COLUMN)                                                                                   \
    COLUMN(LOG_OUTCOME, "outcome", INT2)                                                                     \
    COLUMN(LOG_PERSON, "person_id", UUID)                                                                    \
    COLUMN(LOG_ENTRY, "entry_id", INT8)                                                                      \
    COLUMN(LOG_BODY, "body", BYTEA)                                                                          \
    COLUMN(LOG_OPERATOR, "operator_id", UUID)                                                                \
    COLUMN(LOG_OPERATOR_SEALED, "operator_sealed", BYTEA)                                                    \
    COLUMN(LOG_ORGANISATION, "organisation_name", TEXT)
COLUMNS_AFTER(RESULT, log_result, LOG_RESULT);
const struct statement access_log_statement = {
    .name = "access_log",
    .parameters = COLUMNS(log_parameters),
    .result = COLUMNS(log_result),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", INT8)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_REFUSED, "refused", BOOL)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_PLACE, "place", INT8)                                                                        \
    COLUMN(LIST_HOUR, "hour_ms", INT8)                                                                       \
    COLUMN(LIST_OPERATOR, "operator_id", UUID)                                                               \
    COLUMN(LIST_OPERATOR_SEALED, "operator_sealed", BYTEA)                                                   \
    COLUMN(LIST_ORGANISATION, "organisation_name", TEXT)                                                     \
    COLUMN(LIST_MASKED, "masked", INT4)                                                                      \
    COLUMN(LIST_CLEAR, "clear", INT4)                                                                        \
    COLUMN(LIST_REFUSED, "refused", INT4)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement access_list_statement = {
    .name = "access_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- of a person ---- */

static const Mingce__V1__AccessLogRequest *log_request(const struct call *call)
{
    return (const Mingce__V1__AccessLogRequest *) call->request;
}

enum reason access_log_valid(struct call *call)
{
    const Mingce__V1__AccessLogRequest *request = log_request(call);
    struct person_key *key = arena_alloc(call->arena, sizeof(*key));
    call->notes = key;
    if (key == NULL)
        return REASON_MEMORY;
    enum reason reason = page_valid_number(call, PAGE(request));
    return reason == REASON_NONE ? person_key_of(call, request->key, key) : reason;
}

void access_log_bind(struct call *call, struct set *set)
{
    const Mingce__V1__AccessLogRequest *request = log_request(call);
    person_key_bind(set, LOG_IN_PERSON, LOG_IN_DOCUMENT, call->notes);
    set_int4(set, LOG_IN_PENDING, call_looks_pending(call, 1));
    set_int8(set, LOG_IN_BEFORE, page_number(PAGE(request), INT64_MAX));
    page_bind(set, LOG_IN_PAGE, PAGE(request));
}

static void access_fill(struct call *call, Mingce__V1__Access *out, const struct rows *rows, size_t row)
{
    size_t n;
    const uint8_t *body = rows_bytes(rows, row, LOG_BODY, &n);
    static const Mingce__V1__AuditEntry unreadable = MINGCE__V1__AUDIT_ENTRY__INIT; /* says nothing */
    bool good = wirescan_answer(&mingce__v1__audit_entry__descriptor, body, n) == REASON_NONE;
    const Mingce__V1__AuditEntry *entry =
        good ? mingce__v1__audit_entry__unpack(arena_allocator(call->arena), n, body) : &unreadable;
    mingce__v1__access__init(out);
    if (entry == NULL)
        return;
    out->entry_id = (uint64_t) rows_int8(rows, row, LOG_ENTRY);
    out->at_ms = (int64_t) entry->at_ms;
    out->method = entry->method != NULL ? entry->method : unconst("");
    out->operator_name =
        operator_name_masked(call, rows_uuid(rows, row, LOG_OPERATOR), rows, row, LOG_OPERATOR_SEALED);
    out->organisation_name = unconst(rows_text(rows, row, LOG_ORGANISATION));
    out->has_purpose = entry->has_purpose;
    out->purpose = (Mingce__V1__Purpose) entry->purpose;
    out->case_reference = entry->case_reference;
    out->has_class_number = entry->has_record && entry->record.len == sizeof(uint64_t);
    if (out->has_class_number) {
        uint64_t number;
        memcpy(&number, entry->record.data, sizeof(number));
        out->class_number = be64toh(number);
    }
}

enum reason access_log_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__AccessLogRequest *request = log_request(call);
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LOG_OUTCOME));
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    size_t found = rows_count(rows) - 1; /* row 0 is about the request */
    Mingce__V1__AccessLogResponse *response = (Mingce__V1__AccessLogResponse *) out;
    size_t n = PAGE_LIST(call, response, access, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        access_fill(call, response->access[i], rows, i + 1);
    if (response->has_next)
        page_next_number(call, (int64_t) response->access[n - 1]->entry_id, &response->next);
    return call_look(call, rows_uuid(rows, 0, LOG_PERSON)) ? REASON_NONE : REASON_STORE_BUSY;
}

/* ---- per operator and hour ---- */

static const Mingce__V1__AccessListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__AccessListRequest *) call->request;
}

enum reason access_list_valid(struct call *call)
{
    const Mingce__V1__AccessListRequest *request = list_request(call);
    return page_valid_number(call, PAGE(request));
}

void access_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__AccessListRequest *request = list_request(call);
    set_int8(set, LIST_IN_BEFORE, page_number(PAGE(request), INT64_MAX));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_bool(set, LIST_IN_REFUSED, request->refused);
}

static void hour_fill(struct call *call, Mingce__V1__AccessHour *out, const struct rows *rows, size_t row)
{
    mingce__v1__access_hour__init(out);
    out->hour_ms = rows_int8(rows, row, LIST_HOUR);
    out->operator_name =
        operator_name_masked(call, rows_uuid(rows, row, LIST_OPERATOR), rows, row, LIST_OPERATOR_SEALED);
    out->organisation_name = unconst(rows_text(rows, row, LIST_ORGANISATION));
    out->masked = (uint32_t) rows_int4(rows, row, LIST_MASKED);
    out->clear = (uint32_t) rows_int4(rows, row, LIST_CLEAR);
    out->refused = (uint32_t) rows_int4(rows, row, LIST_REFUSED);
    call_bytes(call, &out->operator_id, rows_uuid(rows, row, LIST_OPERATOR), ID);
}

enum reason access_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__AccessListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__AccessListResponse *response = (Mingce__V1__AccessListResponse *) out;
    size_t n = PAGE_LIST(call, response, hour, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        hour_fill(call, response->hour[i], rows, i);
    if (response->has_next)
        page_next_number(call, rows_int8(rows, n - 1, LIST_PLACE), &response->next);
    return REASON_NONE;
}
