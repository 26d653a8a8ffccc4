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
    return key == NULL ? REASON_MEMORY
                       : person_key_of_document(
                             call, ((const Mingce__V1__PersonFindRequest *) call->request)->document, key);
}

void person_find_bind(struct call *call, struct set *set)
{
    const struct person_key *key = call->notes;
    set_bytes(set, key->index, sizeof(key->index));
    set_int4(set, call_looks_pending(call, 1));
}

enum reason person_find_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    if (rows_count(rows) == 0)
        return REASON_NOT_ALLOWED;
    enum reason reason = outcome_reason(rows_int2(rows, 0, FOUND_OUTCOME));
    if (reason == REASON_PERSON_UNKNOWN)
        return call_look_missed(call, 1) ? call_refuse(call, "document_number", reason) : REASON_STORE_BUSY;
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    Mingce__V1__PersonFindResponse *response = (Mingce__V1__PersonFindResponse *) out;
    response->person = arena_alloc(call->arena, sizeof(*response->person));
    person_fill(call, response->person, rows, 0, &found_columns, false);
    return call_look(call, rows_uuid(rows, 0, FOUND_PERSON)) ? REASON_NONE : REASON_STORE_BUSY;
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
        return REASON_MEMORY;
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

enum reason person_search_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, FOUND_OUTCOME));
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PersonSearchResponse *response = (Mingce__V1__PersonSearchResponse *) out;
    size_t n = CALL_LIST(call, response, person, rows_count(rows) - 1); /* row 0 is about the request */
    for (size_t i = 0; i < n; i++)
        person_fill(call, response->person[i], rows, i + 1, &found_columns, false);
    return REASON_NONE;
}
