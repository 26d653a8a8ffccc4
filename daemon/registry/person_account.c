/* SPDX-License-Identifier: Apache-2.0 */
/* Everything held about a person (D5), masked or in clear. proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/outcome.h"
#include "daemon/registry/part.h"
#include "daemon/registry/person.h"
#include "proto/account.pb-c.h"
#include "proto/rules/phone.h"

static const struct column show_columns[] = {
    METHOD_READ_COLUMNS, {"person", COLUMN_UUID}, {"document", COLUMN_BYTEA}, {"pending", COLUMN_INT4}};
const struct statement person_show_statement = {
    .name = "person_show",
    .request_columns = show_columns,
    .request_columns_n = ARRAY_SIZE(show_columns),
};

static const struct column reveal_columns[] = {METHOD_LOOK_COLUMNS,
                                               {"person", COLUMN_UUID},
                                               {"document", COLUMN_BYTEA},
                                               {"purpose", COLUMN_INT2},
                                               {"case", COLUMN_TEXT}};
const struct statement person_reveal_statement = {
    .name = "person_reveal",
    .request_columns = reveal_columns,
    .request_columns_n = ARRAY_SIZE(reveal_columns),
};

/* Result columns of both functions. */
enum {
    PART_OUTCOME = 1,
    PART,
    PART_PERSON,
    PART_RECORD,
    PART_SEALED,
    PART_VERSION,
    PART_NUMBER,
    PART_CODE,
    PART_TITLE,
    PART_WORDS,
    PART_FIRST,
    PART_LAST,
    PART_AT,
    PART_NOTE,
    PART_KIND,
    PART_LEVEL,
    PART_FEN,
    PART_FEN2,
};
enum { ID = 16 };
static const struct person_columns part_columns = {PART_PERSON, PART_RECORD, PART_SEALED, PART_VERSION};

static char *day_text(struct call *call, const struct rows *rows, size_t row, int column)
{
    char *text = arena_alloc(call->arena, DAY_TEXT);
    if (text != NULL)
        day_format(rows_day(rows, row, column), text);
    return text;
}

static bool document_fill(struct call *call, Mingce__V1__PersonDocument *out, const struct rows *rows,
                          size_t row, bool clear)
{
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, PART_RECORD, PART_SEALED);
    if (record == NULL)
        return false;
    mingce__v1__person_document__init(out);
    out->document_type = unconst(document_type_zh((enum document_type) record->document_type));
    out->document_number = person_shown_number(call, record->document_number, clear);
    out->issuing_country = record->issuing_country;
    out->state = (Mingce__V1__DocumentState) rows_int2(rows, row, PART_CODE);
    out->name = person_shown_name(call, record->name, clear);
    return out->document_number != NULL && out->name != NULL;
}

static bool version_fill(struct call *call, Mingce__V1__PersonVersion *out, const struct rows *rows,
                         size_t row, bool clear)
{
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, PART_RECORD, PART_SEALED);
    if (record == NULL)
        return false;
    mingce__v1__person_version__init(out);
    out->version = (uint32_t) rows_int4(rows, row, PART_VERSION);
    out->name = person_shown_name(call, record->name, clear);
    out->document_number = person_shown_number(call, record->document_number, clear);
    out->kind = (Mingce__V1__AmendKind) rows_int2(rows, row, PART_CODE);
    out->case_reference = unconst(rows_text(rows, row, PART_WORDS));
    out->changed_at_ms = rows_int8(rows, row, PART_AT);
    return out->document_number != NULL && out->name != NULL;
}

static ProtobufCMessage *part_open(struct call *call, const ProtobufCMessageDescriptor *descriptor,
                                   const struct rows *rows, size_t row)
{
    size_t n;
    const uint8_t *bytes = rows_bytes(rows, row, PART_SEALED, &n);
    return record_open(call->keys, descriptor, rows_uuid(rows, row, PART_RECORD), bytes, n,
                       arena_allocator(call->arena));
}

static bool group_fill(struct call *call, Mingce__V1__GroupFact *out, const struct rows *rows, size_t row,
                       bool clear)
{
    mingce__v1__group_fact__init(out);
    if (!call_bytes(call, &out->fact_id, rows_uuid(rows, row, PART_RECORD), ID))
        return false;
    out->trainee_group = (uint32_t) rows_int2(rows, row, PART_CODE);
    out->group_name = unconst(rows_text(rows, row, PART_TITLE));
    out->valid_from = day_text(call, rows, row, PART_FIRST);
    if (!rows_null(rows, row, PART_LAST) && (out->valid_to = day_text(call, rows, row, PART_LAST)) == NULL)
        return false;
    out->recorded_at_ms = rows_int8(rows, row, PART_AT);
    if (!clear)
        return out->valid_from != NULL;
    const Mingce__V1__GroupRecord *record =
        (const Mingce__V1__GroupRecord *) part_open(call, &mingce__v1__group_record__descriptor, rows, row);
    if (record == NULL)
        return false;
    out->evidence = record->evidence;
    return out->valid_from != NULL;
}

static bool enrolment_fill(struct call *call, Mingce__V1__PersonEnrolment *out, const struct rows *rows,
                           size_t row, bool clear)
{
    const char *note = rows_text(rows, row, PART_NOTE);
    size_t group = strcspn(note, "\n");
    Mingce__V1__EnrolmentRecord *record =
        (Mingce__V1__EnrolmentRecord *) part_open(call, &mingce__v1__enrolment_record__descriptor, rows, row);
    mingce__v1__person_enrolment__init(out);
    out->class_number = (uint64_t) rows_int8(rows, row, PART_NUMBER);
    out->title = unconst(rows_text(rows, row, PART_TITLE));
    out->institution_name = unconst(rows_text(rows, row, PART_WORDS));
    out->starts_on = day_text(call, rows, row, PART_FIRST);
    out->group_name = arena_strndup(call->arena, note, group);
    out->enrolled_at_ms = rows_int8(rows, row, PART_AT);
    out->has_result = !rows_null(rows, row, PART_CODE);
    if (out->has_result)
        out->result = (uint32_t) rows_int2(rows, row, PART_CODE);
    if (note[group] == '\n')
        out->removed_reason = unconst(note + group + 1);
    if (record == NULL || out->starts_on == NULL || out->group_name == NULL)
        return false;
    if (clear) {
        out->stated = record;
    } else if (record->phone != NULL) {
        out->phone = arena_alloc(call->arena, PHONE_MASK_BYTES);
        if (out->phone == NULL)
            return false;
        phone_mask(record->phone, out->phone);
    }
    return true;
}

static bool certificate_fill(struct call *call, Mingce__V1__PersonCertificate *out, const struct rows *rows,
                             size_t row, bool clear)
{
    const Mingce__V1__CertificateRecord *record = (const Mingce__V1__CertificateRecord *) part_open(
        call, &mingce__v1__certificate_record__descriptor, rows, row);
    if (record == NULL)
        return false;
    mingce__v1__person_certificate__init(out);
    out->certificate_number = person_shown_number(call, record->number, clear);
    out->kind = (Mingce__V1__CertificateKind) rows_int2(rows, row, PART_KIND);
    out->issuer_name = unconst(rows_text(rows, row, PART_WORDS));
    out->has_class_number = !rows_null(rows, row, PART_NUMBER);
    if (out->has_class_number)
        out->class_number = (uint64_t) rows_int8(rows, row, PART_NUMBER);
    out->occupation_name = unconst(rows_text(rows, row, PART_TITLE));
    out->level = (uint32_t) rows_int2(rows, row, PART_LEVEL);
    out->issued_on = day_text(call, rows, row, PART_FIRST);
    out->state = (Mingce__V1__CertificateState) rows_int2(rows, row, PART_CODE);
    return out->certificate_number != NULL && out->issued_on != NULL;
}

static bool claim_fill(struct call *call, Mingce__V1__PersonClaim *out, const struct rows *rows, size_t row)
{
    mingce__v1__person_claim__init(out);
    out->state = (Mingce__V1__ClaimState) rows_int2(rows, row, PART_CODE);
    out->organisation_name = unconst(rows_text(rows, row, PART_WORDS));
    out->class_number = (uint64_t) rows_int8(rows, row, PART_NUMBER);
    out->occupation_name = unconst(rows_text(rows, row, PART_TITLE));
    out->level = (uint32_t) rows_int2(rows, row, PART_LEVEL);
    out->amount_fen = rows_int8(rows, row, PART_FEN);
    out->clawed_fen = rows_int8(rows, row, PART_FEN2);
    out->submitted_at_ms = rows_int8(rows, row, PART_AT);
    return call_bytes(call, &out->claim_id, rows_uuid(rows, row, PART_RECORD), ID);
}

/* A person whose documents were never changed: the record says the one there is. */
static bool only_document(struct call *call, Mingce__V1__PersonAccount *account)
{
    Mingce__V1__PersonDocument *document = arena_alloc(call->arena, sizeof(*document));
    account->document = arena_array(call->arena, 1, sizeof(*account->document));
    if (document == NULL || account->document == NULL)
        return false;
    mingce__v1__person_document__init(document);
    document->document_type = account->person->document_type;
    document->document_number = account->person->document_number;
    document->issuing_country = account->person->issuing_country;
    document->state = MINGCE__V1__DOCUMENT_STATE__DOCUMENT_IN_USE;
    account->document[account->n_document++] = document;
    return true;
}

/* Room for n parts of each kind, as the result has them. */
static bool account_room(struct call *call, Mingce__V1__PersonAccount *account, const struct rows *rows)
{
    size_t n[PERSON_PARTS] = {0};
    for (size_t i = 0; i < rows_count(rows); i++)
        n[rows_int2(rows, i, PART)]++;
    account->document = arena_array(call->arena, n[PERSON_PART_DOCUMENT], sizeof(*account->document));
    account->version = arena_array(call->arena, n[PERSON_PART_VERSION], sizeof(*account->version));
    account->group = arena_array(call->arena, n[PERSON_PART_GROUP], sizeof(*account->group));
    account->enrolment = arena_array(call->arena, n[PERSON_PART_ENROLMENT], sizeof(*account->enrolment));
    account->certificate =
        arena_array(call->arena, n[PERSON_PART_CERTIFICATE], sizeof(*account->certificate));
    account->claim = arena_array(call->arena, n[PERSON_PART_CLAIM], sizeof(*account->claim));
    return account->document != NULL && account->version != NULL && account->group != NULL &&
           account->enrolment != NULL && account->certificate != NULL && account->claim != NULL;
}

/* Appends one part: `field` is its list of the account. */
#define APPEND(field, fill, ...)                                                                             \
    do {                                                                                                     \
        size_t at = account->n_##field++;                                                                    \
        account->field[at] = arena_alloc(call->arena, sizeof(**account->field));                             \
        filled = account->field[at] != NULL && fill(call, account->field[at], __VA_ARGS__);                  \
    } while (0)

static enum reason account_fill(struct call *call, Mingce__V1__PersonAccount *account,
                                const struct rows *rows, bool clear)
{
    mingce__v1__person_account__init(account);
    if (!account_room(call, account, rows))
        return REASON_REQUEST_TOO_LARGE;
    for (size_t row = 0; row < rows_count(rows); row++) {
        bool filled = false;
        switch ((enum person_part) rows_int2(rows, row, PART)) {
        case PERSON_PART_PERSON:
            account->person = arena_alloc(call->arena, sizeof(*account->person));
            filled = account->person != NULL &&
                     person_fill(call, account->person, rows, row, &part_columns, clear) == REASON_NONE;
            break;
        case PERSON_PART_DOCUMENT:
            APPEND(document, document_fill, rows, row, clear);
            break;
        case PERSON_PART_VERSION:
            APPEND(version, version_fill, rows, row, clear);
            break;
        case PERSON_PART_GROUP:
            APPEND(group, group_fill, rows, row, clear);
            break;
        case PERSON_PART_ENROLMENT:
            APPEND(enrolment, enrolment_fill, rows, row, clear);
            break;
        case PERSON_PART_CERTIFICATE:
            APPEND(certificate, certificate_fill, rows, row, clear);
            break;
        case PERSON_PART_CLAIM:
            APPEND(claim, claim_fill, rows, row);
            break;
        case PERSON_PARTS:
            break;
        }
        if (!filled)
            return REASON_STORE_FAILED;
    }
    if (account->person == NULL)
        return REASON_STORE_FAILED;
    return account->n_document > 0 || only_document(call, account) ? REASON_NONE : REASON_REQUEST_TOO_LARGE;
}
#undef APPEND

static enum reason valid_key(struct call *call, const Mingce__V1__PersonKey *stated)
{
    struct person_key *key = arena_alloc(call->arena, sizeof(*key));
    call->notes = key;
    return key == NULL ? REASON_REQUEST_TOO_LARGE : person_key_of(call, stated, key);
}

static enum reason refused(struct call *call, const struct rows *rows)
{
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, PART_OUTCOME));
    return reason == REASON_NONE ? REASON_NONE : person_look_refused(call, reason);
}

/* ---- masked ---- */

enum reason person_show_valid(struct call *call)
{
    return valid_key(call, ((const Mingce__V1__PersonShowRequest *) call->request)->key);
}

void person_show_bind(struct call *call, struct set *set)
{
    person_key_bind(set, call->notes);
    set_int4(set, call_looks_pending(call, 1));
}

enum reason person_show_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    enum reason reason = refused(call, rows);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PersonShowResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__PersonAccount *account = arena_alloc(call->arena, sizeof(*account));
    if (response == NULL || account == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__person_show_response__init(response);
    response->account = account;
    *out = &response->base;
    reason = account_fill(call, account, rows, false);
    if (reason == REASON_NONE && !call_look(call, account->person->person_id.data))
        reason = REASON_STORE_BUSY;
    return reason;
}

/* ---- clear ---- */

enum reason person_reveal_valid(struct call *call)
{
    const Mingce__V1__PersonRevealRequest *request = (const Mingce__V1__PersonRevealRequest *) call->request;
    enum reason reason = valid_key(call, request->key);
    return reason == REASON_NONE ? person_reason_valid(call, request->reason) : reason;
}

void person_reveal_bind(struct call *call, struct set *set)
{
    person_key_bind(set, call->notes);
    person_reason_bind(set, ((const Mingce__V1__PersonRevealRequest *) call->request)->reason);
}

enum reason person_reveal_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    enum reason reason = refused(call, rows);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PersonRevealResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__PersonAccount *account = arena_alloc(call->arena, sizeof(*account));
    if (response == NULL || account == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__person_reveal_response__init(response);
    response->account = account;
    *out = &response->base;
    return account_fill(call, account, rows, true);
}
