/* SPDX-License-Identifier: Apache-2.0 */
/* Everything held about a person (D5), masked or in clear. proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/outcome.h"
#include "daemon/registry/part.h"
#include "daemon/registry/person.h"
#include "proto/account.pb-c.h"

/* Of person_show and person_reveal. */
#define PART_RESULT(COLUMN)                                                                                  \
    COLUMN(PART_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(PART, "part", INT2)                                                                               \
    COLUMN(PART_PERSON, "person_id", UUID)                                                                   \
    COLUMN(PART_RECORD, "record_id", UUID)                                                                   \
    COLUMN(PART_SEALED, "sealed", BYTEA)                                                                     \
    COLUMN(PART_VERSION, "version", INT4)                                                                    \
    COLUMN(PART_NUMBER, "number", INT8)                                                                      \
    COLUMN(PART_CODE, "code", INT2)                                                                          \
    COLUMN(PART_TITLE, "title", TEXT)                                                                        \
    COLUMN(PART_WORDS, "words", TEXT)                                                                        \
    COLUMN(PART_FIRST, "first_day", DATE)                                                                    \
    COLUMN(PART_LAST, "last_day", DATE)                                                                      \
    COLUMN(PART_AT, "at_ms", INT8)                                                                           \
    COLUMN(PART_NOTE, "note", TEXT)                                                                          \
    COLUMN(PART_KIND, "kind", INT2)                                                                          \
    COLUMN(PART_LEVEL, "level", INT2)                                                                        \
    COLUMN(PART_FEN, "fen", INT8)                                                                            \
    COLUMN(PART_FEN2, "fen2", INT8)
COLUMNS_AFTER(RESULT, part_result, PART_RESULT);

#define SHOW_PARAMETERS(COLUMN)                                                                              \
    COLUMN(SHOW_IN_PERSON, "person", UUID)                                                                   \
    COLUMN(SHOW_IN_DOCUMENT, "document", BYTEA)                                                              \
    COLUMN(SHOW_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, show_parameters, SHOW_PARAMETERS);
const struct statement person_show_statement = {
    .name = "person_show",
    .parameters = COLUMNS(show_parameters),
    .result = COLUMNS(part_result),
};

#define REVEAL_PARAMETERS(COLUMN)                                                                            \
    COLUMN(REVEAL_IN_PERSON, "person", UUID)                                                                 \
    COLUMN(REVEAL_IN_DOCUMENT, "document", BYTEA)                                                            \
    COLUMN(REVEAL_IN_PURPOSE, "purpose", INT2)                                                               \
    COLUMN(REVEAL_IN_CASE, "case", TEXT)
COLUMNS_AFTER(METHOD_LOOK, reveal_parameters, REVEAL_PARAMETERS);
const struct statement person_reveal_statement = {
    .name = "person_reveal",
    .parameters = COLUMNS(reveal_parameters),
    .result = COLUMNS(part_result),
};

enum { ID = 16 };
static const struct person_columns part_columns = {PART_PERSON, PART_RECORD, PART_SEALED, PART_VERSION};

static void document_fill(struct call *call, Mingce__V1__PersonDocument *out, const struct rows *rows,
                          size_t row, bool clear)
{
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, PART_RECORD, PART_SEALED);
    if (record == NULL)
        return;
    mingce__v1__person_document__init(out);
    out->document_type = unconst(document_type_zh((enum document_type) record->document_type));
    out->document_number = person_shown_number(call, record->document_number, clear);
    out->issuing_country = record->issuing_country;
    out->state = (Mingce__V1__DocumentState) rows_int2(rows, row, PART_CODE);
    out->name = person_shown_name(call, record->name, clear);
}

static void version_fill(struct call *call, Mingce__V1__PersonVersion *out, const struct rows *rows,
                         size_t row, bool clear)
{
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, PART_RECORD, PART_SEALED);
    if (record == NULL)
        return;
    mingce__v1__person_version__init(out);
    out->version = (uint32_t) rows_int4(rows, row, PART_VERSION);
    out->name = person_shown_name(call, record->name, clear);
    out->document_number = person_shown_number(call, record->document_number, clear);
    out->kind = (Mingce__V1__AmendKind) rows_int2(rows, row, PART_CODE);
    out->case_reference = unconst(rows_text(rows, row, PART_WORDS));
    out->changed_at_ms = rows_int8(rows, row, PART_AT);
}

static ProtobufCMessage *part_open(struct call *call, const ProtobufCMessageDescriptor *descriptor,
                                   const struct rows *rows, size_t row)
{
    return sealed_open(call, descriptor, rows, row, PART_RECORD, PART_SEALED);
}

static void group_fill(struct call *call, Mingce__V1__GroupFact *out, const struct rows *rows, size_t row,
                       bool clear)
{
    mingce__v1__group_fact__init(out);
    call_bytes(call, &out->fact_id, rows_uuid(rows, row, PART_RECORD), ID);
    out->trainee_group = (uint32_t) rows_int2(rows, row, PART_CODE);
    out->group_name = unconst(rows_text(rows, row, PART_TITLE));
    out->valid_from = call_day(call, rows_day(rows, row, PART_FIRST));
    out->valid_to = call_day(call, rows_day(rows, row, PART_LAST));
    out->recorded_at_ms = rows_int8(rows, row, PART_AT);
    if (!clear)
        return;
    const Mingce__V1__GroupRecord *record =
        (const Mingce__V1__GroupRecord *) part_open(call, &mingce__v1__group_record__descriptor, rows, row);
    out->evidence = record == NULL ? NULL : record->evidence;
}

static void enrolment_fill(struct call *call, Mingce__V1__PersonEnrolment *out, const struct rows *rows,
                           size_t row, bool clear)
{
    const char *note = rows_text(rows, row, PART_NOTE);
    size_t group = strcspn(note, "\n");
    Mingce__V1__EnrolmentRecord *record = enrolment_open(call, rows, row, PART_RECORD, PART_SEALED);
    mingce__v1__person_enrolment__init(out);
    out->class_number = (uint64_t) rows_int8(rows, row, PART_NUMBER);
    out->title = unconst(rows_text(rows, row, PART_TITLE));
    out->institution_name = unconst(rows_text(rows, row, PART_WORDS));
    out->starts_on = call_day(call, rows_day(rows, row, PART_FIRST));
    out->group_name = arena_strndup(call->arena, note, group);
    out->enrolled_at_ms = rows_int8(rows, row, PART_AT);
    out->has_result = !rows_null(rows, row, PART_CODE);
    if (out->has_result)
        out->result = (uint32_t) rows_int2(rows, row, PART_CODE);
    if (note[group] == '\n')
        out->removed_reason = unconst(note + group + 1);
    if (clear)
        out->stated = record;
    else if (record != NULL)
        out->phone = person_shown_phone(call, record->phone);
}

static void certificate_fill(struct call *call, Mingce__V1__PersonCertificate *out, const struct rows *rows,
                             size_t row, bool clear)
{
    const Mingce__V1__CertificateRecord *record = (const Mingce__V1__CertificateRecord *) part_open(
        call, &mingce__v1__certificate_record__descriptor, rows, row);
    if (record == NULL)
        return;
    mingce__v1__person_certificate__init(out);
    out->certificate_number = person_shown_number(call, record->number, clear);
    out->kind = (Mingce__V1__CertificateKind) rows_int2(rows, row, PART_KIND);
    out->issuer_name = unconst(rows_text(rows, row, PART_WORDS));
    out->has_class_number = !rows_null(rows, row, PART_NUMBER);
    if (out->has_class_number)
        out->class_number = (uint64_t) rows_int8(rows, row, PART_NUMBER);
    out->occupation_name = unconst(rows_text(rows, row, PART_TITLE));
    out->level = (uint32_t) rows_int2(rows, row, PART_LEVEL);
    out->issued_on = call_day(call, rows_day(rows, row, PART_FIRST));
    out->state = (Mingce__V1__CertificateState) rows_int2(rows, row, PART_CODE);
}

static void claim_fill(struct call *call, Mingce__V1__PersonClaim *out, const struct rows *rows, size_t row)
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
    call_bytes(call, &out->claim_id, rows_uuid(rows, row, PART_RECORD), ID);
}

/* A person whose documents were never changed: the record says the one there is. */
static void only_document(struct call *call, Mingce__V1__PersonAccount *account)
{
    if (CALL_LIST(call, account, document, 1) == 0)
        return;
    Mingce__V1__PersonDocument *document = account->document[0];
    mingce__v1__person_document__init(document);
    document->document_type = account->person->document_type;
    document->document_number = account->person->document_number;
    document->issuing_country = account->person->issuing_country;
    document->state = MINGCE__V1__DOCUMENT_STATE__DOCUMENT_IN_USE;
}

/* Room for n parts of each kind, as the result has them. False: the arena is full. */
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
        if (account->field[at] != NULL)                                                                      \
            fill(call, account->field[at], __VA_ARGS__);                                                     \
    } while (0)

/* NULL: there was no room for it, or no person in it. */
static Mingce__V1__PersonAccount *account_of(struct call *call, const struct rows *rows, bool clear)
{
    Mingce__V1__PersonAccount *account = arena_alloc(call->arena, sizeof(*account));
    if (account == NULL)
        return NULL;
    mingce__v1__person_account__init(account);
    if (!account_room(call, account, rows))
        return NULL;
    for (size_t row = 0; row < rows_count(rows); row++) {
        switch ((enum person_part) rows_int2(rows, row, PART)) {
        case PERSON_PART_PERSON:
            account->person = arena_alloc(call->arena, sizeof(*account->person));
            person_fill(call, account->person, rows, row, &part_columns, clear);
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
            call_defect(call);
            break;
        }
    }
    if (account->person == NULL) {
        call_defect(call);
        return NULL;
    }
    if (account->n_document == 0)
        only_document(call, account);
    return account;
}
#undef APPEND

static enum reason valid_key(struct call *call, const Mingce__V1__PersonKey *stated)
{
    struct person_key *key = arena_alloc(call->arena, sizeof(*key));
    call->notes = key;
    return key == NULL ? REASON_MEMORY : person_key_of(call, stated, key);
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
    person_key_bind(set, SHOW_IN_PERSON, SHOW_IN_DOCUMENT, call->notes);
    set_int4(set, SHOW_IN_PENDING, call_looks_pending(call, 1));
}

enum reason person_show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = refused(call, rows);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PersonShowResponse *response = (Mingce__V1__PersonShowResponse *) out;
    response->account = account_of(call, rows, false);
    if (call_failed(call))
        return REASON_NONE;
    return call_look(call, response->account->person->person_id.data) ? REASON_NONE : REASON_STORE_BUSY;
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
    person_key_bind(set, REVEAL_IN_PERSON, REVEAL_IN_DOCUMENT, call->notes);
    person_reason_bind(set, REVEAL_IN_PURPOSE, REVEAL_IN_CASE,
                       ((const Mingce__V1__PersonRevealRequest *) call->request)->reason);
}

enum reason person_reveal_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = refused(call, rows);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PersonRevealResponse *response = (Mingce__V1__PersonRevealResponse *) out;
    response->account = account_of(call, rows, true);
    return REASON_NONE;
}
