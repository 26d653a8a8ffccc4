/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/batch.h"

#include <openssl/crypto.h>
#include <string.h>

#include "daemon/crypto/identity.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "proto/rules/person_name.h"

enum reason batch_begin(struct call *call, size_t n)
{
    return batch_begin_most(call, n, call->settings->roster_rows);
}

enum reason batch_begin_most(struct call *call, size_t n, size_t most)
{
    if (n == 0)
        return call_refuse(call, "row", REASON_ROSTER_EMPTY);
    if (n > most)
        return call_refuse(call, "row", REASON_ROSTER_TOO_MANY);
    struct row_note *notes = arena_array(call->arena, n, sizeof(*notes));
    if (notes == NULL)
        return REASON_MEMORY;
    memset(notes, 0, n * sizeof(*notes));
    call->notes = notes;
    return REASON_NONE;
}

enum reason batch_number(struct call *call, size_t i, uint32_t row)
{
    if (row == 0 || row > INT32_MAX)
        return call_refuse(call, "row", REASON_ROW_NUMBER_ZERO);
    if (i > 0 && row <= row_note(call, i - 1)->row)
        return call_refuse(call, "row", REASON_ROW_NUMBER_REPEATED);
    row_note(call, i)->row = row;
    return REASON_NONE;
}

struct row_note *row_note(struct call *call, size_t i)
{
    return (struct row_note *) call->notes + i;
}

void row_bind(struct call *call, struct set *set, size_t at, size_t i)
{
    uint8_t head[CALL_ENTRY_HEAD];
    uint32_t row = row_note(call, i)->row;
    set_row(set);
    set_int4(set, at, (int32_t) row);
    set_bytes(set, at + 1, head, call_entry_head(call, row, head));
}

static bool keyless(struct set *set, struct row_note *note)
{
    if (set == NULL)
        note->reason = REASON_MEMORY;
    else
        set_fail(set);
    return set != NULL;
}

static bool says_name(struct call *call, struct set *set, struct row_note *note, const char *stated,
                      struct row_trainee *trainee)
{
    char name[PERSON_NAME_BYTES];
    enum reason dot, space, reason = person_name_parse(stated, name, &dot, &space);
    if (reason != REASON_NONE) {
        note->field = "name";
        note->reason = reason;
        return false;
    }
    bool good = person_name_index(call->keys, name, trainee->name) || keyless(set, note);
    OPENSSL_cleanse(name, sizeof(name));
    return good;
}

static bool says_document(struct call *call, struct set *set, struct row_note *note,
                          const struct row_said *said, struct row_trainee *trainee)
{
    struct document document;
    enum document_type kind;
    enum reason warning;
    if (!document_type_of(said->type, &kind)) {
        note->field = "document_type";
        note->reason = REASON_DOCUMENT_TYPE_UNKNOWN;
        return false;
    }
    note->reason =
        document_parse(kind, said->number, said->country, day_at(call->at_ms), &document, &warning);
    bool good = note->reason == REASON_NONE;
    if (!good)
        note->field = note->reason == REASON_COUNTRY_MISSING ? "issuing_country" : "document_number";
    else
        good = identity_index(call->keys, &document, trainee->document) || keyless(set, note);
    OPENSSL_cleanse(&document, sizeof(document));
    return good;
}

bool row_says(struct call *call, struct set *set, struct row_note *note, const struct row_said *said,
              struct row_trainee *trainee)
{
    *trainee = (struct row_trainee){.has_seat = said->has_seat,
                                    .has_document = said->number != NULL,
                                    .has_name = said->name != NULL,
                                    .seat = said->seat > INT32_MAX ? 0 : (int32_t) said->seat};
    note->reason = REASON_NONE;
    return (!trainee->has_document || says_document(call, set, note, said, trainee)) &&
           (!trainee->has_name || says_name(call, set, note, said->name, trainee));
}

bool row_trainee(struct call *call, struct set *set, struct row_note *note, const struct row_said *said,
                 struct row_trainee *trainee)
{
    note->field = said->has_seat ? "seat" : "document_number";
    if (said->has_seat || said->number != NULL)
        return row_says(call, set, note, said, trainee);
    note->reason = REASON_TRAINEE_UNNAMED;
    return false;
}

static void bind_index(struct set *set, size_t parameter, bool there, const uint8_t index[INDEX_BYTES])
{
    if (there)
        set_bytes(set, parameter, index, INDEX_BYTES);
    else
        set_null(set, parameter);
}

void row_bind_trainee(struct set *set, size_t seat, size_t document_index, const struct row_trainee *trainee)
{
    if (trainee->has_seat)
        set_int4(set, seat, trainee->seat);
    else
        set_null(set, seat);
    row_bind_document(set, document_index, trainee);
}

void row_bind_document(struct set *set, size_t document_index, const struct row_trainee *trainee)
{
    bind_index(set, document_index, trainee->has_document, trainee->document);
}

void row_bind_name(struct set *set, size_t name_index, const struct row_trainee *trainee)
{
    bind_index(set, name_index, trainee->has_name, trainee->name);
}

/* The field that a refusal is about, of those refusals of a row's person that every method may give. */
static const char *holder_field(enum reason reason)
{
    return reason == REASON_HOLDER_NAME          ? "name"
           : reason == REASON_HOLDER_DOCUMENT    ? "document_number"
           : reason == REASON_HOLDER_CERTIFICATE ? "certificate_number"
                                                 : NULL;
}

void finding_fill(const struct call *call, Mingce__V1__Finding *finding, enum reason reason,
                  const char *field)
{
    const struct reason_text *text = reason_text(reason);
    struct reason_sentence sentence = reason_sentence(reason, call->method->name);
    mingce__v1__finding__init(finding);
    finding->severity = text->severity;
    finding->reason = unconst(text->name);
    finding->rule = *text->rule == '\0' ? NULL : unconst(text->rule);
    finding->field = field == NULL ? NULL : unconst(field);
    finding->zh = unconst(sentence.zh);
    finding->en = unconst(sentence.en);
}

Mingce__V1__Finding *finding_add(struct call *call, Mingce__V1__Finding ***list, size_t *n, size_t most,
                                 enum reason reason, const char *field)
{
    if (*list == NULL)
        *list = arena_array(call->arena, most, sizeof(**list));
    Mingce__V1__Finding *finding = arena_alloc(call->arena, sizeof(*finding));
    if (*list == NULL || finding == NULL || *n >= most)
        return NULL;
    finding_fill(call, finding, reason, field);
    (*list)[(*n)++] = finding;
    return finding;
}

void verdict_count(Mingce__V1__RowVerdict verdict, uint32_t *done, uint32_t *unchanged, uint32_t *refused)
{
    *done += verdict == MINGCE__V1__ROW_VERDICT__ROW_DONE;
    *unchanged += verdict == MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED;
    *refused += verdict == MINGCE__V1__ROW_VERDICT__ROW_REFUSED;
}

enum reason batch_render(struct call *call, size_t n, const struct rows *rows,
                         const char *(*field)(enum reason), ProtobufCMessage *out)
{
    size_t next = 1, found = rows_count(rows);
    enum reason whole = found == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, BATCH_OUTCOME));
    if (whole == REASON_CLASS_UNKNOWN)
        return call_refuse(call, "class_number", whole);
    if (whole == REASON_REASON_NEEDED)
        return call_refuse(call, "reason", whole);
    if (whole != REASON_NONE)
        return whole;
    Mingce__V1__RowsResponse *response = (Mingce__V1__RowsResponse *) out;
    n = CALL_LIST(call, response, result, n);
    for (size_t i = 0; i < n; i++) {
        Mingce__V1__RowResult *result = response->result[i];
        const struct row_note *note = row_note(call, i);
        enum reason reason = note->reason;
        const char *about = note->field;
        if (reason == REASON_NONE &&
            (next >= found || rows_int4(rows, next, BATCH_ROW) != (int32_t) note->row))
            return REASON_STORE_FAILED;
        if (reason == REASON_NONE) {
            reason = outcome_reason(rows_int2(rows, next++, BATCH_OUTCOME));
            const char *decided = holder_field(reason) != NULL ? holder_field(reason) : field(reason);
            about = decided == NULL ? about : decided;
        }
        mingce__v1__row_result__init(result);
        result->row = note->row;
        result->verdict = outcome_verdict(reason);
        if (reason == REASON_NONE)
            reason = note->warning;
        if (reason != REASON_NONE)
            RESULT_FIND(call, result, 1, reason, about);
        verdict_count(result->verdict, &response->done, &response->unchanged, &response->refused);
    }
    return REASON_NONE;
}
