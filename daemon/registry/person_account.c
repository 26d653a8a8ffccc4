/* SPDX-License-Identifier: Apache-2.0 */
/* Everything held about a person (D5), masked or in clear. proto/person.proto, migrations/api/person.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/outcome.h"
#include "daemon/registry/part.h"
#include "daemon/registry/payee.h"
#include "daemon/registry/person.h"
#include "proto/account.pb-c.h"

/* Of person_show and person_reveal: each row is of one part of the account and has that part's columns. */
#define PART_RESULT(COLUMN)                                                                                  \
    COLUMN(PART_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(PART, "part", INT2)                                                                               \
    COLUMN(PERSON, "person_id", UUID)                                                                        \
    COLUMN(PERSON_RECORD, "record_id", UUID)                                                                 \
    COLUMN(PERSON_SEALED, "person_sealed", BYTEA)                                                            \
    COLUMN(PERSON_VERSION, "version", INT4)                                                                  \
    COLUMN(DOCUMENT_STATE, "document_state", INT2)                                                           \
    COLUMN(VERSION_KIND, "amend_kind", INT2)                                                                 \
    COLUMN(VERSION_CASE, "case_reference", TEXT)                                                             \
    COLUMN(VERSION_CHANGED_AT, "changed_at_ms", INT8)                                                        \
    COLUMN(FACT, "fact_id", UUID)                                                                            \
    COLUMN(FACT_SEALED, "evidence_sealed", BYTEA)                                                            \
    COLUMN(FACT_GROUP, "trainee_group", INT2)                                                                \
    COLUMN(FACT_GROUP_NAME, "group_name", TEXT)                                                              \
    COLUMN(FACT_FROM, "valid_from", DATE)                                                                    \
    COLUMN(FACT_TO, "valid_to", DATE)                                                                        \
    COLUMN(FACT_RECORDED_AT, "recorded_at_ms", INT8)                                                         \
    COLUMN(ENROLMENT, "enrolment_id", UUID)                                                                  \
    COLUMN(ENROLMENT_SEALED, "enrolment_sealed", BYTEA)                                                      \
    COLUMN(ENROLMENT_CLASS, "enrolment_class", INT8)                                                         \
    COLUMN(ENROLMENT_TITLE, "class_title", TEXT)                                                             \
    COLUMN(ENROLMENT_INSTITUTION, "institution_name", TEXT)                                                  \
    COLUMN(ENROLMENT_STARTS_ON, "starts_on", DATE)                                                           \
    COLUMN(ENROLMENT_GROUP, "enrolment_group", TEXT)                                                         \
    COLUMN(ENROLMENT_AT, "enrolled_at_ms", INT8)                                                             \
    COLUMN(ENROLMENT_RESULT, "result", INT2)                                                                 \
    COLUMN(ENROLMENT_REMOVED, "removed_reason", TEXT)                                                        \
    COLUMN(CERTIFICATE, "certificate_id", UUID)                                                              \
    COLUMN(CERTIFICATE_SEALED, "certificate_sealed", BYTEA)                                                  \
    COLUMN(CERTIFICATE_STATE, "certificate_state", INT2)                                                     \
    COLUMN(CERTIFICATE_KIND, "certificate_kind", INT2)                                                       \
    COLUMN(CERTIFICATE_ISSUER, "issuer_name", TEXT)                                                          \
    COLUMN(CERTIFICATE_CLASS, "certificate_class", INT8)                                                     \
    COLUMN(CERTIFICATE_OCCUPATION, "certificate_occupation", TEXT)                                           \
    COLUMN(CERTIFICATE_LEVEL, "certificate_level", INT2)                                                     \
    COLUMN(CERTIFICATE_ISSUED_ON, "issued_on", DATE)                                                         \
    COLUMN(CLAIM, "claim_id", UUID)                                                                          \
    COLUMN(CLAIM_STATE, "claim_state", INT2)                                                                 \
    COLUMN(CLAIM_SUBMITTER, "submitter_name", TEXT)                                                          \
    COLUMN(CLAIM_CLASS, "claim_class", INT8)                                                                 \
    COLUMN(CLAIM_OCCUPATION, "claim_occupation", TEXT)                                                       \
    COLUMN(CLAIM_LEVEL, "claim_level", INT2)                                                                 \
    COLUMN(CLAIM_AMOUNT, "amount_fen", INT8)                                                                 \
    COLUMN(CLAIM_CLAWED, "clawed_fen", INT8)                                                                 \
    COLUMN(CLAIM_SUBMITTED_AT, "submitted_at_ms", INT8)                                                      \
    COLUMN(TEACHER, "teacher_id", UUID)                                                                      \
    COLUMN(TEACHER_SCHOOL, "school_name", TEXT)                                                              \
    COLUMN(TEACHER_OCCUPATION, "teaching_occupation", TEXT)                                                  \
    COLUMN(TEACHER_LEVEL, "teaching_level", INT2)                                                            \
    COLUMN(TEACHER_QUALIFICATION, "qualification", TEXT)                                                     \
    COLUMN(TEACHER_FROM, "teaching_from", DATE)                                                              \
    COLUMN(TEACHER_TO, "teaching_to", DATE)                                                                  \
    COLUMN(TEACHER_LESSONS, "lessons", INT4)                                                                 \
    COLUMN(HEAD, "head_id", UUID)                                                                            \
    COLUMN(HEAD_PROJECT, "head_project", TEXT)                                                               \
    COLUMN(HEAD_SCHOOL, "head_school", TEXT)                                                                 \
    COLUMN(HEAD_CLASS, "head_class", INT8)                                                                   \
    COLUMN(HEAD_OCCUPATION, "head_occupation", TEXT)                                                         \
    COLUMN(HEAD_LEVEL, "head_level", INT2)                                                                   \
    COLUMN(HEAD_RESULT, "head_result", INT2)                                                                 \
    COLUMN(HEAD_COUNTED, "head_counted", BOOL)                                                               \
    COLUMN(HEAD_DEDUCTION, "head_deduction", INT2)                                                           \
    COLUMN(HEAD_REASON, "head_reason", TEXT)                                                                 \
    COLUMN(HEAD_SHARE, "share_fen", INT8)                                                                    \
    COLUMN(HEAD_FROZEN_ON, "frozen_on", DATE)                                                                \
    COLUMN(EMPLOYMENT, "employment_id", UUID)                                                                \
    COLUMN(EMPLOYMENT_PROJECT, "employment_project", TEXT)                                                   \
    COLUMN(EMPLOYMENT_KIND, "employment_kind", INT2)                                                         \
    COLUMN(EMPLOYMENT_EMPLOYER, "employer", TEXT)                                                            \
    COLUMN(EMPLOYMENT_ON, "event_on", DATE)                                                                  \
    COLUMN(EMPLOYMENT_MONTHS, "months", INT4)                                                                \
    COLUMN(EMPLOYMENT_SOURCE, "employment_source", TEXT)                                                     \
    COLUMN(EMPLOYMENT_AS_OF, "employment_as_of", DATE)                                                       \
    COLUMN(EMPLOYMENT_WITHDRAWN, "withdrawn_reason", TEXT)                                                   \
    COLUMN(EMPLOYMENT_AT, "employment_at_ms", INT8)                                                          \
    COLUMN(TRANCHE, "tranche_id", UUID)                                                                      \
    COLUMN(TRANCHE_PROJECT, "tranche_project", TEXT)                                                         \
    COLUMN(TRANCHE_KIND, "tranche_kind", INT2)                                                               \
    COLUMN(TRANCHE_STATE, "tranche_state", INT2)                                                             \
    COLUMN(TRANCHE_FEN, "tranche_fen", INT8)                                                                 \
    COLUMN(TRANCHE_RECOVERED, "recovered_fen", INT8)                                                         \
    COLUMN(TRANCHE_AT, "tranche_at_ms", INT8)                                                                \
    COLUMN(PAYMENT_KIND, "payment_kind", INT2)                                                               \
    COLUMN(PAYMENT_SUBJECT, "payment_subject", UUID)                                                         \
    COLUMN(PAYMENT_REFERENCE, "payment_reference", TEXT)                                                     \
    COLUMN(PAYMENT_FEN, "payment_fen", INT8)                                                                 \
    COLUMN(PAYMENT_STATE, "payment_state", INT2)                                                             \
    COLUMN(PAYMENT_BANK_REFERENCE, "bank_reference", TEXT)                                                   \
    COLUMN(PAYMENT_TRADED_ON, "traded_on", DATE)                                                             \
    COLUMN(PAYMENT_REASON, "bank_reason", TEXT)                                                              \
    COLUMN(PAYMENT_AT, "payment_at_ms", INT8)                                                                \
    COLUMN(PAYEE, "payee_id", UUID)                                                                          \
    COLUMN(PAYEE_SEALED, "payee_sealed", BYTEA)                                                              \
    COLUMN(PAYEE_VERSION, "payee_version", INT4)                                                             \
    COLUMN(PAYEE_AT, "payee_at_ms", INT8)                                                                    \
    COLUMN(PAYEE_CONFIRMED_AT, "payee_confirmed_at_ms", INT8)                                                \
    COLUMN(REGISTER_NAME, "register_name", TEXT)                                                             \
    COLUMN(REGISTER_DIVISION, "register_division", TEXT)                                                     \
    COLUMN(REGISTER_ISSUER, "register_issuer", TEXT)                                                         \
    COLUMN(REGISTER_AS_OF, "register_as_of", DATE)                                                           \
    COLUMN(REGISTER_FROM, "register_from", DATE)                                                             \
    COLUMN(REGISTER_TO, "register_to", DATE)                                                                 \
    COLUMN(REGISTER_UNIT, "register_unit", TEXT)
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
static const struct person_columns part_columns = {
    .person = PERSON, .record = PERSON_RECORD, .sealed = PERSON_SEALED, .version = PERSON_VERSION};

static void document_fill(struct call *call, Mingce__V1__PersonDocument *out, const struct rows *rows,
                          size_t row, bool clear)
{
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, PERSON_RECORD, PERSON_SEALED);
    if (record == NULL)
        return;
    mingce__v1__person_document__init(out);
    out->document_type = unconst(document_type_zh((enum document_type) record->document_type));
    out->document_number = person_shown_number(call, record->document_number, clear);
    out->issuing_country = record->issuing_country;
    out->state = (Mingce__V1__DocumentState) rows_int2(rows, row, DOCUMENT_STATE);
    out->name = person_shown_name(call, record->name, clear);
}

static void version_fill(struct call *call, Mingce__V1__PersonVersion *out, const struct rows *rows,
                         size_t row, bool clear)
{
    const Mingce__V1__PersonRecord *record = person_open(call, rows, row, PERSON_RECORD, PERSON_SEALED);
    if (record == NULL)
        return;
    mingce__v1__person_version__init(out);
    out->version = (uint32_t) rows_int4(rows, row, PERSON_VERSION);
    out->name = person_shown_name(call, record->name, clear);
    out->document_number = person_shown_number(call, record->document_number, clear);
    out->kind = (Mingce__V1__AmendKind) rows_int2(rows, row, VERSION_KIND);
    out->case_reference = unconst(rows_text(rows, row, VERSION_CASE));
    out->changed_at_ms = rows_int8(rows, row, VERSION_CHANGED_AT);
}

static void group_fill(struct call *call, Mingce__V1__GroupFact *out, const struct rows *rows, size_t row,
                       bool clear)
{
    mingce__v1__group_fact__init(out);
    call_bytes(call, &out->fact_id, rows_uuid(rows, row, FACT), ID);
    out->trainee_group = (uint32_t) rows_int2(rows, row, FACT_GROUP);
    out->group_name = unconst(rows_text(rows, row, FACT_GROUP_NAME));
    out->valid_from = call_day(call, rows_day(rows, row, FACT_FROM));
    out->valid_to = call_day(call, rows_day(rows, row, FACT_TO));
    out->recorded_at_ms = rows_int8(rows, row, FACT_RECORDED_AT);
    if (!clear)
        return;
    const Mingce__V1__GroupRecord *record = (const Mingce__V1__GroupRecord *) sealed_open(
        call, &mingce__v1__group_record__descriptor, rows, row, FACT, FACT_SEALED);
    out->evidence = record == NULL ? NULL : record->evidence;
}

static void enrolment_fill(struct call *call, Mingce__V1__PersonEnrolment *out, const struct rows *rows,
                           size_t row, bool clear)
{
    Mingce__V1__EnrolmentRecord *record = enrolment_open(call, rows, row, ENROLMENT, ENROLMENT_SEALED);
    mingce__v1__person_enrolment__init(out);
    out->class_number = (uint64_t) rows_int8(rows, row, ENROLMENT_CLASS);
    out->title = unconst(rows_text(rows, row, ENROLMENT_TITLE));
    out->institution_name = unconst(rows_text(rows, row, ENROLMENT_INSTITUTION));
    out->starts_on = call_day(call, rows_day(rows, row, ENROLMENT_STARTS_ON));
    out->group_name = unconst(rows_text(rows, row, ENROLMENT_GROUP));
    out->enrolled_at_ms = rows_int8(rows, row, ENROLMENT_AT);
    out->has_result = !rows_null(rows, row, ENROLMENT_RESULT);
    if (out->has_result)
        out->result = (uint32_t) rows_int2(rows, row, ENROLMENT_RESULT);
    out->removed_reason = unconst(rows_text(rows, row, ENROLMENT_REMOVED));
    if (clear)
        out->stated = record;
    else if (record != NULL)
        out->phone = person_shown_phone(call, record->phone);
}

static void certificate_fill(struct call *call, Mingce__V1__PersonCertificate *out, const struct rows *rows,
                             size_t row, bool clear)
{
    const Mingce__V1__CertificateRecord *record = (const Mingce__V1__CertificateRecord *) sealed_open(
        call, &mingce__v1__certificate_record__descriptor, rows, row, CERTIFICATE, CERTIFICATE_SEALED);
    if (record == NULL)
        return;
    mingce__v1__person_certificate__init(out);
    out->certificate_number = person_shown_number(call, record->number, clear);
    out->kind = (Mingce__V1__CertificateKind) rows_int2(rows, row, CERTIFICATE_KIND);
    out->issuer_name = unconst(rows_text(rows, row, CERTIFICATE_ISSUER));
    out->has_class_number = !rows_null(rows, row, CERTIFICATE_CLASS);
    if (out->has_class_number)
        out->class_number = (uint64_t) rows_int8(rows, row, CERTIFICATE_CLASS);
    out->occupation_name = unconst(rows_text(rows, row, CERTIFICATE_OCCUPATION));
    out->level = (uint32_t) rows_int2(rows, row, CERTIFICATE_LEVEL);
    out->issued_on = call_day(call, rows_day(rows, row, CERTIFICATE_ISSUED_ON));
    out->state = (Mingce__V1__CertificateState) rows_int2(rows, row, CERTIFICATE_STATE);
}

static void claim_fill(struct call *call, Mingce__V1__PersonClaim *out, const struct rows *rows, size_t row)
{
    mingce__v1__person_claim__init(out);
    out->state = (Mingce__V1__ClaimState) rows_int2(rows, row, CLAIM_STATE);
    out->organisation_name = unconst(rows_text(rows, row, CLAIM_SUBMITTER));
    out->class_number = (uint64_t) rows_int8(rows, row, CLAIM_CLASS);
    out->occupation_name = unconst(rows_text(rows, row, CLAIM_OCCUPATION));
    out->level = (uint32_t) rows_int2(rows, row, CLAIM_LEVEL);
    out->amount_fen = rows_int8(rows, row, CLAIM_AMOUNT);
    out->clawed_fen = rows_int8(rows, row, CLAIM_CLAWED);
    out->submitted_at_ms = rows_int8(rows, row, CLAIM_SUBMITTED_AT);
    call_bytes(call, &out->claim_id, rows_uuid(rows, row, CLAIM), ID);
}

static void teaching_fill(struct call *call, Mingce__V1__PersonTeaching *out, const struct rows *rows,
                          size_t row)
{
    mingce__v1__person_teaching__init(out);
    out->institution_name = unconst(rows_text(rows, row, TEACHER_SCHOOL));
    out->occupation_name = unconst(rows_text(rows, row, TEACHER_OCCUPATION));
    out->level = (uint32_t) rows_int2(rows, row, TEACHER_LEVEL);
    out->qualification = unconst(rows_text(rows, row, TEACHER_QUALIFICATION));
    out->valid_from = call_day(call, rows_day(rows, row, TEACHER_FROM));
    out->valid_to = call_day(call, rows_day(rows, row, TEACHER_TO));
    out->lessons = (uint32_t) rows_int4(rows, row, TEACHER_LESSONS);
    call_bytes(call, &out->teacher_id, rows_uuid(rows, row, TEACHER), ID);
}

static void head_fill(struct call *call, Mingce__V1__PersonHead *out, const struct rows *rows, size_t row)
{
    mingce__v1__person_head__init(out);
    out->project_name = unconst(rows_text(rows, row, HEAD_PROJECT));
    out->institution_name = unconst(rows_text(rows, row, HEAD_SCHOOL));
    out->class_number = (uint64_t) rows_int8(rows, row, HEAD_CLASS);
    out->occupation_name = unconst(rows_text(rows, row, HEAD_OCCUPATION));
    out->level = (uint32_t) rows_int2(rows, row, HEAD_LEVEL);
    out->result = (Mingce__V1__TrainingResult) rows_int2(rows, row, HEAD_RESULT);
    out->counted = rows_bool(rows, row, HEAD_COUNTED);
    out->has_deduction = !rows_null(rows, row, HEAD_DEDUCTION);
    if (out->has_deduction)
        out->deduction = (Mingce__V1__Deduction) rows_int2(rows, row, HEAD_DEDUCTION);
    out->reason = unconst(rows_text(rows, row, HEAD_REASON));
    out->share_fen = rows_int8(rows, row, HEAD_SHARE);
    out->frozen_on = call_day(call, rows_day(rows, row, HEAD_FROZEN_ON));
}

static void employment_fill(struct call *call, Mingce__V1__PersonEvidence *out, const struct rows *rows,
                            size_t row)
{
    mingce__v1__person_evidence__init(out);
    call_bytes(call, &out->evidence_id, rows_uuid(rows, row, EMPLOYMENT), ID);
    out->project_name = unconst(rows_text(rows, row, EMPLOYMENT_PROJECT));
    out->kind = (Mingce__V1__EvidenceKind) rows_int2(rows, row, EMPLOYMENT_KIND);
    out->employer = unconst(rows_text(rows, row, EMPLOYMENT_EMPLOYER));
    out->event_on = call_day(call, rows_day(rows, row, EMPLOYMENT_ON));
    out->has_months = !rows_null(rows, row, EMPLOYMENT_MONTHS);
    if (out->has_months)
        out->months = (uint32_t) rows_int4(rows, row, EMPLOYMENT_MONTHS);
    out->source = unconst(rows_text(rows, row, EMPLOYMENT_SOURCE));
    out->as_of = call_day(call, rows_day(rows, row, EMPLOYMENT_AS_OF));
    out->withdrawn_reason = unconst(rows_text(rows, row, EMPLOYMENT_WITHDRAWN));
    out->recorded_at_ms = rows_int8(rows, row, EMPLOYMENT_AT);
}

static void tranche_fill(struct call *call, Mingce__V1__PersonTranche *out, const struct rows *rows,
                         size_t row)
{
    mingce__v1__person_tranche__init(out);
    call_bytes(call, &out->tranche_id, rows_uuid(rows, row, TRANCHE), ID);
    out->project_name = unconst(rows_text(rows, row, TRANCHE_PROJECT));
    out->kind = (Mingce__V1__TrancheKind) rows_int2(rows, row, TRANCHE_KIND);
    out->state = (Mingce__V1__ClaimState) rows_int2(rows, row, TRANCHE_STATE);
    out->amount_fen = rows_int8(rows, row, TRANCHE_FEN);
    out->recovered_fen = rows_int8(rows, row, TRANCHE_RECOVERED);
    out->submitted_at_ms = rows_int8(rows, row, TRANCHE_AT);
}

static void payment_fill(struct call *call, Mingce__V1__PersonPayment *out, const struct rows *rows,
                         size_t row)
{
    mingce__v1__person_payment__init(out);
    out->reference = unconst(rows_text(rows, row, PAYMENT_REFERENCE));
    out->subject_kind = (Mingce__V1__MoneySubject) rows_int2(rows, row, PAYMENT_KIND);
    call_bytes(call, &out->subject_id, rows_uuid(rows, row, PAYMENT_SUBJECT), ID);
    out->amount_fen = rows_int8(rows, row, PAYMENT_FEN);
    out->state = (Mingce__V1__BatchLineState) rows_int2(rows, row, PAYMENT_STATE);
    out->bank_reference = unconst(rows_text(rows, row, PAYMENT_BANK_REFERENCE));
    out->traded_on = call_day(call, rows_day(rows, row, PAYMENT_TRADED_ON));
    out->reason = unconst(rows_text(rows, row, PAYMENT_REASON));
    out->made_at_ms = rows_int8(rows, row, PAYMENT_AT);
}

static void payee_fill(struct call *call, Mingce__V1__PersonPayee *out, const struct rows *rows, size_t row,
                       bool clear)
{
    mingce__v1__person_payee__init(out);
    call_bytes(call, &out->payee_id, rows_uuid(rows, row, PAYEE), ID);
    out->version = (uint32_t) rows_int4(rows, row, PAYEE_VERSION);
    out->account = payee_open(call, rows, row, PAYEE, PAYEE_SEALED);
    if (out->account != NULL && !clear) {
        payee_mask(out->account);
        out->account->account_name = person_shown_name(call, out->account->account_name, false);
    }
    out->set_at_ms = rows_int8(rows, row, PAYEE_AT);
    out->has_confirmed_at_ms = !rows_null(rows, row, PAYEE_CONFIRMED_AT);
    if (out->has_confirmed_at_ms)
        out->confirmed_at_ms = rows_int8(rows, row, PAYEE_CONFIRMED_AT);
}

static void register_fill(struct call *call, Mingce__V1__PersonRegister *out, const struct rows *rows,
                          size_t row)
{
    mingce__v1__person_register__init(out);
    out->source_name = unconst(rows_text(rows, row, REGISTER_NAME));
    out->division = unconst(rows_text(rows, row, REGISTER_DIVISION));
    out->issuer = unconst(rows_text(rows, row, REGISTER_ISSUER));
    out->as_of = call_day(call, rows_day(rows, row, REGISTER_AS_OF));
    out->from_on = call_day(call, rows_day(rows, row, REGISTER_FROM));
    out->to_on = call_day(call, rows_day(rows, row, REGISTER_TO));
    out->unit = unconst(rows_text(rows, row, REGISTER_UNIT));
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
    for (size_t i = 0; i < rows_count(rows); i++) {
        int16_t part = rows_int2(rows, i, PART);
        if (part < 0 || part >= PERSON_PARTS) {
            call_defect(call);
            return false;
        }
        n[part]++;
    }
#define ROOM(part, field)                                                                                    \
    if ((account->field = arena_array(call->arena, n[part], sizeof(*account->field))) == NULL)               \
        return false;
    ROOM(PERSON_PART_DOCUMENT, document)
    ROOM(PERSON_PART_VERSION, version)
    ROOM(PERSON_PART_GROUP, group)
    ROOM(PERSON_PART_ENROLMENT, enrolment)
    ROOM(PERSON_PART_CERTIFICATE, certificate)
    ROOM(PERSON_PART_CLAIM, claim)
    ROOM(PERSON_PART_TEACHING, teaching)
    ROOM(PERSON_PART_HEAD, head)
    ROOM(PERSON_PART_EVIDENCE, evidence)
    ROOM(PERSON_PART_TRANCHE, tranche)
    ROOM(PERSON_PART_PAYMENT, payment)
    ROOM(PERSON_PART_PAYEE, payee)
    ROOM(PERSON_PART_REGISTER, register_)
#undef ROOM
    return true;
}

/* Appends one part: `field` is its list of the account. */
#define APPEND(field, fill, ...)                                                                             \
    do {                                                                                                     \
        size_t at = account->n_##field++;                                                                    \
        account->field[at] = arena_alloc(call->arena, sizeof(**account->field));                             \
        if (account->field[at] != NULL)                                                                      \
            fill(call, account->field[at], __VA_ARGS__);                                                     \
    } while (0)

/* Appends a part that projects, the bank or others' registers hold. */
static void outer_part(struct call *call, Mingce__V1__PersonAccount *account, const struct rows *rows,
                       size_t row, bool clear)
{
    switch (rows_int2(rows, row, PART)) {
    case PERSON_PART_HEAD:
        APPEND(head, head_fill, rows, row);
        break;
    case PERSON_PART_EVIDENCE:
        APPEND(evidence, employment_fill, rows, row);
        break;
    case PERSON_PART_TRANCHE:
        APPEND(tranche, tranche_fill, rows, row);
        break;
    case PERSON_PART_PAYMENT:
        APPEND(payment, payment_fill, rows, row);
        break;
    case PERSON_PART_PAYEE:
        APPEND(payee, payee_fill, rows, row, clear);
        break;
    case PERSON_PART_REGISTER:
        APPEND(register_, register_fill, rows, row);
        break;
    default:
        call_defect(call);
    }
}

static void account_part(struct call *call, Mingce__V1__PersonAccount *account, const struct rows *rows,
                         size_t row, bool clear)
{
    switch (rows_int2(rows, row, PART)) {
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
    case PERSON_PART_TEACHING:
        APPEND(teaching, teaching_fill, rows, row);
        break;
    default:
        outer_part(call, account, rows, row, clear);
    }
}
#undef APPEND

/* NULL: there was no room for it, or no person in it. */
static Mingce__V1__PersonAccount *account_of(struct call *call, const struct rows *rows, bool clear)
{
    Mingce__V1__PersonAccount *account = arena_alloc(call->arena, sizeof(*account));
    if (account == NULL)
        return NULL;
    mingce__v1__person_account__init(account);
    if (!account_room(call, account, rows))
        return NULL;
    for (size_t row = 0; row < rows_count(rows); row++)
        account_part(call, account, rows, row, clear);
    if (account->person == NULL) {
        call_defect(call);
        return NULL;
    }
    if (account->n_document == 0)
        only_document(call, account);
    return account;
}

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
