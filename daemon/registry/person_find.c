/* SPDX-License-Identifier: Apache-2.0 */
/* Finding persons, masked: by document, by name and birth date. proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "proto/rules/person_name.h"

static const struct column find_columns[] = {
    METHOD_READ_COLUMNS, {"document", COLUMN_BYTEA}, {"pending", COLUMN_INT4}};
const struct statement person_find_statement = {
    .name = "person_find",
    .request_columns = find_columns,
    .request_columns_n = ARRAY_SIZE(find_columns),
};

static const struct column search_columns[] = {
    METHOD_LOOK_COLUMNS, {"search_key", COLUMN_INT8}, {"purpose", COLUMN_INT2}, {"case", COLUMN_TEXT}};
const struct statement person_search_statement = {
    .name = "person_search",
    .request_columns = search_columns,
    .request_columns_n = ARRAY_SIZE(search_columns),
};

/* Result columns of both functions. */
enum { FOUND_OUTCOME = 1, FOUND_PERSON, FOUND_RECORD, FOUND_SEALED, FOUND_VERSION };
static const struct person_columns found_columns = {FOUND_PERSON, FOUND_RECORD, FOUND_SEALED, FOUND_VERSION};

/* ---- by document ---- */

enum reason person_find_valid(struct call *call)
{
    struct person_key *key = arena_alloc(call->arena, sizeof(*key));
    call->notes = key;
    return key == NULL ? REASON_REQUEST_TOO_LARGE
                       : person_key_of_document(
                             call, ((const Mingce__V1__PersonFindRequest *) call->request)->document, key);
}

void person_find_bind(struct call *call, struct set *set)
{
    const struct person_key *key = call->notes;
    set_bytes(set, key->index, sizeof(key->index));
    set_int4(set, call_looks_pending(call, 1));
}

enum reason person_find_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    if (rows_count(rows) == 0)
        return REASON_NOT_ALLOWED;
    enum reason reason = outcome_reason(rows_int2(rows, 0, FOUND_OUTCOME));
    if (reason == REASON_PERSON_UNKNOWN)
        return call_look_missed(call, 1) ? call_refuse(call, "document_number", reason) : REASON_STORE_BUSY;
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    Mingce__V1__PersonFindResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__Person *person = arena_alloc(call->arena, sizeof(*person));
    if (response == NULL || person == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__person_find_response__init(response);
    response->person = person;
    reason = person_fill(call, person, rows, 0, &found_columns, false);
    if (reason == REASON_NONE && !call_look(call, rows_uuid(rows, 0, FOUND_PERSON)))
        reason = REASON_STORE_BUSY;
    *out = &response->base;
    return reason;
}

/* ---- by name and birth date ---- */

static const Mingce__V1__PersonSearchRequest *search_request(const struct call *call)
{
    return (const Mingce__V1__PersonSearchRequest *) call->request;
}

enum reason person_search_valid(struct call *call)
{
    const Mingce__V1__PersonSearchRequest *request = search_request(call);
    char name[PERSON_NAME_BYTES];
    enum reason dot, space, reason = person_name_parse(request->name, name, &dot, &space);
    day birth = day_parse(request->birth_date);
    int64_t *key = arena_alloc(call->arena, sizeof(*key));
    call->notes = key;
    if (key == NULL)
        return REASON_REQUEST_TOO_LARGE;
    if (reason != REASON_NONE)
        return call_refuse(call, "name", reason);
    if (birth == DAY_NONE)
        return call_refuse(call, "birth_date", REASON_DATE_FORMAT);
    reason = person_reason_valid(call, request->reason);
    if (reason != REASON_NONE)
        return reason;
    return person_search_key(call->keys, name, birth, key) ? REASON_NONE : REASON_MEMORY;
}

void person_search_bind(struct call *call, struct set *set)
{
    set_int8(set, *(const int64_t *) call->notes);
    person_reason_bind(set, search_request(call)->reason);
}

enum reason person_search_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, FOUND_OUTCOME));
    if (reason != REASON_NONE)
        return reason;
    size_t n = rows_count(rows) - 1; /* row 0 is about the request */
    Mingce__V1__PersonSearchResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__Person *each = arena_array(call->arena, n, sizeof(*each));
    Mingce__V1__Person **list = arena_array(call->arena, n, sizeof(*list));
    if (response == NULL || each == NULL || list == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__person_search_response__init(response);
    for (size_t i = 0; i < n; i++) {
        reason = person_fill(call, list[i] = &each[i], rows, i + 1, &found_columns, false);
        if (reason != REASON_NONE)
            return reason;
    }
    response->n_person = n;
    response->person = list;
    *out = &response->base;
    return REASON_NONE;
}
