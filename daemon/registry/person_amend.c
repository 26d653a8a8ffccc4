/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of who a person is (A3, A6). proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/rules/person_name.h"

/* Of all three; person_amend has more. */
#define ANSWER_RESULT(COLUMN)                                                                                \
    COLUMN(ANSWER_VERSION, "version", INT4)                                                                  \
    COLUMN(ANSWER_CHANGED, "changed", INT4)
COLUMNS_AFTER(OUTCOME, answer_result, ANSWER_RESULT);

#define AMEND_PARAMETERS(COLUMN)                                                                             \
    COLUMN(AMEND_IN_DOCUMENT, "document", BYTEA)                                                             \
    COLUMN(AMEND_IN_VERSION, "version", INT4)                                                                \
    COLUMN(AMEND_IN_KIND, "kind", INT2)                                                                      \
    COLUMN(AMEND_IN_NEXT_DOCUMENT, "next_document", BYTEA)                                                   \
    COLUMN(AMEND_IN_NEXT_TYPE, "next_type", INT2)                                                            \
    COLUMN(AMEND_IN_NAME_INDEX, "name_index", BYTEA)                                                         \
    COLUMN(AMEND_IN_SEARCH_KEY, "search_key", INT8)                                                          \
    COLUMN(AMEND_IN_RECORD_ID, "record_id", UUID)                                                            \
    COLUMN(AMEND_IN_SEALED, "sealed", BYTEA)                                                                 \
    COLUMN(AMEND_IN_COMMITMENT, "commitment", BYTEA)                                                         \
    COLUMN(AMEND_IN_CASE, "case", TEXT)
COLUMNS_AFTER(METHOD_WRITE, amend_parameters, AMEND_PARAMETERS);
const struct statement person_amend_statement = {
    .name = "person_amend",
    .parameters = COLUMNS(amend_parameters),
    .result = COLUMNS(answer_result),
};

#define MERGE_PARAMETERS(COLUMN)                                                                             \
    COLUMN(MERGE_IN_KEPT, "kept", BYTEA)                                                                     \
    COLUMN(MERGE_IN_GONE, "gone", BYTEA)                                                                     \
    COLUMN(MERGE_IN_CASE, "case", TEXT)
COLUMNS_AFTER(METHOD_WRITE, merge_parameters, MERGE_PARAMETERS);
const struct statement person_merge_statement = {
    .name = "person_merge",
    .parameters = COLUMNS(merge_parameters),
    .result = {answer_result, ANSWER_CHANGED},
};

#define ERASE_PARAMETERS(COLUMN)                                                                             \
    COLUMN(ERASE_IN_PERSON, "person", UUID)                                                                  \
    COLUMN(ERASE_IN_DOCUMENT, "document", BYTEA)                                                             \
    COLUMN(ERASE_IN_VERSION, "version", INT4)                                                                \
    COLUMN(ERASE_IN_CASE, "case", TEXT)
COLUMNS_AFTER(METHOD_WRITE, erase_parameters, ERASE_PARAMETERS);
const struct statement person_erase_statement = {
    .name = "person_erase",
    .parameters = COLUMNS(erase_parameters),
    .result = {answer_result, ANSWER_CHANGED},
};

static enum reason valid_case(struct call *call, const char *reference)
{
    return text_case_reference(reference, day_at(call->at_ms))
               ? REASON_NONE
               : call_refuse(call, "case_reference", REASON_CASE_REFERENCE);
}

/* ---- amend ---- */

/* What valid leaves for bind: the person as the papers say, sealed. */
struct amendment {
    struct person_key known, next;
    struct roster_clean clean;
    uint8_t name_index[INDEX_BYTES], record_id[16];
    bool has_search_key;
    int64_t search_key;
    struct sealed_record sealed;
};

static const Mingce__V1__PersonAmendRequest *amend_request(const struct call *call)
{
    return (const Mingce__V1__PersonAmendRequest *) call->request;
}

/* The identity, judged by the rules of a roster row. */
static enum reason identity_of(struct call *call, const Mingce__V1__PersonAmendRequest *request,
                               struct amendment *out)
{
    enum reason dot, space, reason = person_name_parse(request->name, out->clean.name, &dot, &space);
    if (reason != REASON_NONE)
        return call_refuse(call, "name", reason);
    out->clean.document = out->next.document;
    out->clean.sex = out->next.document.sex;
    out->clean.birth = out->next.document.birth;
    if (out->clean.birth != DAY_NONE || request->birth_date == NULL)
        return REASON_NONE;
    out->clean.birth = day_parse(request->birth_date);
    return out->clean.birth == DAY_NONE ? call_refuse(call, "birth_date", REASON_DATE_FORMAT) : REASON_NONE;
}

static bool amendment_seal(struct call *call, struct amendment *out)
{
    const struct roster_clean *clean = &out->clean;
    out->has_search_key = clean->birth != DAY_NONE;
    return person_name_index(call->keys, clean->name, out->name_index) &&
           (!out->has_search_key ||
            person_search_key(call->keys, clean->name, clean->birth, &out->search_key)) &&
           person_seal(call->keys, clean, out->record_id, &out->sealed);
}

enum reason person_amend_valid(struct call *call)
{
    const Mingce__V1__PersonAmendRequest *request = amend_request(call);
    struct amendment *amendment = arena_alloc(call->arena, sizeof(*amendment));
    call->notes = amendment;
    if (amendment == NULL)
        return REASON_MEMORY;
    if (request->kind > MINGCE__V1__AMEND_KIND__AMEND_CORRECTED)
        return call_refuse(call, "kind", REASON_AMEND_KIND);
    enum reason reason = person_key_of_document(call, request->known, &amendment->known);
    if (reason == REASON_NONE)
        reason = person_key_of_document(call, request->document, &amendment->next);
    if (reason == REASON_NONE)
        reason = identity_of(call, request, amendment);
    if (reason == REASON_NONE)
        reason = valid_case(call, request->case_reference);
    if (reason != REASON_NONE)
        return reason;
    bool same = memcmp(amendment->known.index, amendment->next.index, INDEX_BYTES) == 0;
    if (same != (request->kind == MINGCE__V1__AMEND_KIND__AMEND_NAME))
        return call_refuse(call, "document", REASON_DOCUMENT_SAME);
    return amendment_seal(call, amendment) ? REASON_NONE : REASON_MEMORY;
}

void person_amend_bind(struct call *call, struct set *set)
{
    const Mingce__V1__PersonAmendRequest *request = amend_request(call);
    const struct amendment *amendment = call->notes;
    set_bytes(set, AMEND_IN_DOCUMENT, amendment->known.index, INDEX_BYTES);
    set_int4(set, AMEND_IN_VERSION, request->version > INT32_MAX ? 0 : (int32_t) request->version);
    set_int2(set, AMEND_IN_KIND, (int16_t) request->kind);
    set_bytes(set, AMEND_IN_NEXT_DOCUMENT, amendment->next.index, INDEX_BYTES);
    set_int2(set, AMEND_IN_NEXT_TYPE, (int16_t) amendment->clean.document.type);
    set_bytes(set, AMEND_IN_NAME_INDEX, amendment->name_index, INDEX_BYTES);
    if (amendment->has_search_key)
        set_int8(set, AMEND_IN_SEARCH_KEY, amendment->search_key);
    else
        set_null(set, AMEND_IN_SEARCH_KEY);
    set_uuid(set, AMEND_IN_RECORD_ID, amendment->record_id);
    set_bytes(set, AMEND_IN_SEALED, amendment->sealed.bytes, amendment->sealed.n);
    set_bytes(set, AMEND_IN_COMMITMENT, amendment->sealed.commitment, COMMITMENT_BYTES);
    set_text(set, AMEND_IN_CASE, request->case_reference);
}

/* By their bits in api.person_amend. */
static const char *const amended[] = {"name", "document"};

enum reason person_amend_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_VERSION_DIFFERS) {
        (void) call_refuse(call, "version", reason);
        return call_refuse_changed(call, rows, ANSWER_CHANGED, amended, ARRAY_SIZE(amended));
    }
    if (reason != REASON_NONE)
        return call_refuse(call, reason == REASON_PERSON_UNKNOWN ? "known" : "document", reason);
    Mingce__V1__PersonAmendResponse *response = (Mingce__V1__PersonAmendResponse *) out;
    response->version = (uint32_t) rows_int4(rows, 0, ANSWER_VERSION);
    return REASON_NONE;
}

/* ---- merge ---- */

struct merging {
    struct person_key kept, gone;
};

static const Mingce__V1__PersonMergeRequest *merge_request(const struct call *call)
{
    return (const Mingce__V1__PersonMergeRequest *) call->request;
}

enum reason person_merge_valid(struct call *call)
{
    const Mingce__V1__PersonMergeRequest *request = merge_request(call);
    struct merging *merging = arena_alloc(call->arena, sizeof(*merging));
    call->notes = merging;
    if (merging == NULL)
        return REASON_MEMORY;
    enum reason reason = person_key_of_document(call, request->kept, &merging->kept);
    if (reason == REASON_NONE)
        reason = person_key_of_document(call, request->gone, &merging->gone);
    return reason == REASON_NONE ? valid_case(call, request->case_reference) : reason;
}

void person_merge_bind(struct call *call, struct set *set)
{
    const struct merging *merging = call->notes;
    set_bytes(set, MERGE_IN_KEPT, merging->kept.index, INDEX_BYTES);
    set_bytes(set, MERGE_IN_GONE, merging->gone.index, INDEX_BYTES);
    set_text(set, MERGE_IN_CASE, merge_request(call)->case_reference);
}

enum reason person_merge_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    (void) call;
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PersonMergeResponse *response = (Mingce__V1__PersonMergeResponse *) out;
    response->version = (uint32_t) rows_int4(rows, 0, ANSWER_VERSION);
    return REASON_NONE;
}

/* ---- erase ---- */

static const Mingce__V1__PersonEraseRequest *erase_request(const struct call *call)
{
    return (const Mingce__V1__PersonEraseRequest *) call->request;
}

enum reason person_erase_valid(struct call *call)
{
    struct person_key *key = arena_alloc(call->arena, sizeof(*key));
    call->notes = key;
    if (key == NULL)
        return REASON_MEMORY;
    enum reason reason = person_key_of(call, erase_request(call)->key, key);
    return reason == REASON_NONE ? valid_case(call, erase_request(call)->case_reference) : reason;
}

void person_erase_bind(struct call *call, struct set *set)
{
    person_key_bind(set, ERASE_IN_PERSON, ERASE_IN_DOCUMENT, call->notes);
    set_int4(set, ERASE_IN_VERSION, (int32_t) erase_request(call)->version);
    set_text(set, ERASE_IN_CASE, erase_request(call)->case_reference);
}

enum reason person_erase_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return call_refuse(call, reason == REASON_VERSION_DIFFERS ? "version" : "key", reason);
    Mingce__V1__PersonEraseResponse *response = (Mingce__V1__PersonEraseResponse *) out;
    response->version = (uint32_t) rows_int4(rows, 0, ANSWER_VERSION);
    return REASON_NONE;
}
