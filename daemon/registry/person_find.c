/* SPDX-License-Identifier: Apache-2.0 */
/* Finding persons, masked: by document, by name and birth date. proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "proto/rules/person_name.h"

/* Of both. */
#define FOUND_RESULT(COLUMN)                                                                                 \
    COLUMN(FOUND_OUTCOME, "outcome", INT2)                                                                   \
    COLUMN(FOUND_PERSON, "person_id", UUID)                                                                  \
    COLUMN(FOUND_RECORD, "record_id", UUID)                                                                  \
    COLUMN(FOUND_SEALED, "sealed", BYTEA)                                                                    \
    COLUMN(FOUND_VERSION, "version", INT4)
COLUMNS_AFTER(RESULT, found_result, FOUND_RESULT);

#define FIND_PARAMETERS(COLUMN)                                                                              \
    COLUMN(FIND_IN_DOCUMENT, "document", BYTEA)                                                              \
    COLUMN(FIND_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, find_parameters, FIND_PARAMETERS);
const struct statement person_find_statement = {
    .name = "person_find",
    .parameters = COLUMNS(find_parameters),
    .result = COLUMNS(found_result),
};

#define SEARCH_PARAMETERS(COLUMN)                                                                            \
    COLUMN(SEARCH_IN_SEARCH_KEY, "search_key", INT8)                                                         \
    COLUMN(SEARCH_IN_PURPOSE, "purpose", INT2)                                                               \
    COLUMN(SEARCH_IN_CASE, "case", TEXT)
COLUMNS_AFTER(METHOD_LOOK, search_parameters, SEARCH_PARAMETERS);
const struct statement person_search_statement = {
    .name = "person_search",
    .parameters = COLUMNS(search_parameters),
    .result = COLUMNS(found_result),
};

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
    set_bytes(set, FIND_IN_DOCUMENT, key->index, sizeof(key->index));
    set_int4(set, FIND_IN_PENDING, call_looks_pending(call, 1));
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
    set_int8(set, SEARCH_IN_SEARCH_KEY, *(const int64_t *) call->notes);
    person_reason_bind(set, SEARCH_IN_PURPOSE, SEARCH_IN_CASE, search_request(call)->reason);
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
