/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of who a person is (A3, A6). proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/rules/person_name.h"

static const struct column amend_columns[] = {
    METHOD_WRITE_COLUMNS,         {"document", COLUMN_BYTEA},      {"version", COLUMN_INT4},
    {"kind", COLUMN_INT2},        {"next_document", COLUMN_BYTEA}, {"next_type", COLUMN_INT2},
    {"name_index", COLUMN_BYTEA}, {"search_key", COLUMN_INT8},     {"record_id", COLUMN_UUID},
    {"sealed", COLUMN_BYTEA},     {"commitment", COLUMN_BYTEA},    {"case", COLUMN_TEXT},
};
const struct statement person_amend_statement = {
    .name = "person_amend",
    .request_columns = amend_columns,
    .request_columns_n = ARRAY_SIZE(amend_columns),
};

static const struct column merge_columns[] = {
    METHOD_WRITE_COLUMNS,
    {"kept", COLUMN_BYTEA},
    {"gone", COLUMN_BYTEA},
    {"case", COLUMN_TEXT},
};
const struct statement person_merge_statement = {
    .name = "person_merge",
    .request_columns = merge_columns,
    .request_columns_n = ARRAY_SIZE(merge_columns),
};

static const struct column erase_columns[] = {
    METHOD_WRITE_COLUMNS,     {"person", COLUMN_UUID}, {"document", COLUMN_BYTEA},
    {"version", COLUMN_INT4}, {"case", COLUMN_TEXT},
};
const struct statement person_erase_statement = {
    .name = "person_erase",
    .request_columns = erase_columns,
    .request_columns_n = ARRAY_SIZE(erase_columns),
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
    set_bytes(set, amendment->known.index, INDEX_BYTES);
    set_int4(set, request->version > INT32_MAX ? 0 : (int32_t) request->version);
    set_int2(set, (int16_t) request->kind);
    set_bytes(set, amendment->next.index, INDEX_BYTES);
    set_int2(set, (int16_t) amendment->clean.document.type);
    set_bytes(set, amendment->name_index, INDEX_BYTES);
    if (amendment->has_search_key)
        set_int8(set, amendment->search_key);
    else
        set_null(set);
    set_uuid(set, amendment->record_id);
    set_bytes(set, amendment->sealed.bytes, amendment->sealed.n);
    set_bytes(set, amendment->sealed.commitment, COMMITMENT_BYTES);
    set_text(set, request->case_reference);
}

enum { ANSWER_VERSION = 2, ANSWER_CHANGED };

/* What somebody else has changed, by the bits of api.person_amend. */
static enum reason refuse_changed(struct call *call, int32_t changed)
{
    static const char *const fields[] = {"name", "document"};
    (void) call_refuse(call, "version", REASON_VERSION_DIFFERS);
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
        if ((changed & 1 << i) != 0)
            (void) call_refuse(call, fields[i], REASON_VERSION_DIFFERS);
    return REASON_VERSION_DIFFERS;
}

enum reason person_amend_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_VERSION_DIFFERS)
        return refuse_changed(call,
                              rows_null(rows, 0, ANSWER_CHANGED) ? 0 : rows_int4(rows, 0, ANSWER_CHANGED));
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
    set_bytes(set, merging->kept.index, INDEX_BYTES);
    set_bytes(set, merging->gone.index, INDEX_BYTES);
    set_text(set, merge_request(call)->case_reference);
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
    person_key_bind(set, call->notes);
    set_int4(set, (int32_t) erase_request(call)->version);
    set_text(set, erase_request(call)->case_reference);
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
