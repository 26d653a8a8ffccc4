/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/certificate.h"
#include "daemon/registry/methods.h"

#include <openssl/crypto.h>
#include <string.h>

#include "daemon/crypto/record.h"
#include "daemon/registry/batch.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/certificate.pb-c.h"
#include "proto/record.pb-c.h"
#include "proto/rules/person_name.h"

enum { ID = 16 };

#define IMPORT_PARAMETERS(COLUMN)                                                                            \
    COLUMN(IMPORT_IN_CLASS, "class", INT8)                                                                   \
    COLUMN(IMPORT_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(IMPORT_IN_ROW, "row", INT4)                                                                       \
    COLUMN(IMPORT_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(IMPORT_IN_SEAT, "seat", INT4)                                                                     \
    COLUMN(IMPORT_IN_DOCUMENT_INDEX, "document_index", BYTEA)                                                \
    COLUMN(IMPORT_IN_NUMBER_INDEX, "number_index", BYTEA)                                                    \
    COLUMN(IMPORT_IN_KIND, "kind", INT2)                                                                     \
    COLUMN(IMPORT_IN_ISSUED_ON, "issued_on", DATE)                                                           \
    COLUMN(IMPORT_IN_OCCUPATION, "occupation", TEXT)                                                         \
    COLUMN(IMPORT_IN_LEVEL, "level", INT2)                                                                   \
    COLUMN(IMPORT_IN_CERTIFICATE, "certificate", UUID)                                                       \
    COLUMN(IMPORT_IN_SEALED, "sealed", BYTEA)                                                                \
    COLUMN(IMPORT_IN_COMMITMENT, "commitment", BYTEA)                                                        \
    COLUMN(IMPORT_IN_WARNINGS, "warnings", TEXT)                                                             \
    COLUMN(IMPORT_IN_NAME_INDEX, "name_index", BYTEA)                                                        \
    COLUMN(IMPORT_IN_RENEWAL, "renewal", BOOL)
COLUMNS_AFTER(METHOD_WRITE, import_parameters, IMPORT_PARAMETERS);
const struct statement certificate_import_statement = {
    .name = "certificate_import",
    .parameters = COLUMNS(import_parameters),
    .rows = IMPORT_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define STATE_PARAMETERS(COLUMN)                                                                             \
    COLUMN(STATE_IN_NUMBER_INDEX, "number_index", BYTEA)                                                     \
    COLUMN(STATE_IN_STATE, "state", INT2)                                                                    \
    COLUMN(STATE_IN_REASON, "reason", TEXT)                                                                  \
    COLUMN(STATE_IN_EFFECTIVE_ON, "effective_on", DATE)
COLUMNS_AFTER(METHOD_WRITE, state_parameters, STATE_PARAMETERS);
#define STATE_RESULT(COLUMN) COLUMN(STATE_VERSION, "version", INT4)
COLUMNS_AFTER(OUTCOME, state_result, STATE_RESULT);
const struct statement certificate_state_statement = {
    .name = "certificate_state",
    .parameters = COLUMNS(state_parameters),
    .result = COLUMNS(state_result),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_CLASS, "class", INT8)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_ID, "certificate_id", UUID)                                                                  \
    COLUMN(LIST_SEALED, "sealed", BYTEA)                                                                     \
    COLUMN(LIST_KIND, "kind", INT2)                                                                          \
    COLUMN(LIST_ISSUER, "issuer_name", TEXT)                                                                 \
    COLUMN(LIST_CLASS, "class_number", INT8)                                                                 \
    COLUMN(LIST_OCCUPATION, "occupation_code", TEXT)                                                         \
    COLUMN(LIST_OCCUPATION_NAME, "occupation_name", TEXT)                                                    \
    COLUMN(LIST_LEVEL, "level", INT2)                                                                        \
    COLUMN(LIST_ISSUED_ON, "issued_on", DATE)                                                                \
    COLUMN(LIST_STATE, "state", INT2)                                                                        \
    COLUMN(LIST_VERSION, "version", INT4)                                                                    \
    COLUMN(LIST_WARNINGS, "warnings", TEXT)                                                                  \
    COLUMN(LIST_RENEWAL, "renewal", BOOL)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement certificate_list_statement = {
    .name = "certificate_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

#define VERIFY_PARAMETERS(COLUMN)                                                                            \
    COLUMN(VERIFY_IN_NUMBER_INDEX, "number_index", BYTEA)                                                    \
    COLUMN(VERIFY_IN_NAME_INDEX, "name_index", BYTEA)                                                        \
    COLUMN(VERIFY_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, verify_parameters, VERIFY_PARAMETERS);
#define VERIFY_RESULT(COLUMN)                                                                                \
    COLUMN(VERIFY_PERSON_ID, "person_id", UUID)                                                              \
    COLUMN(VERIFY_STATE, "state", INT2)                                                                      \
    COLUMN(VERIFY_SINCE, "since", DATE)
COLUMNS_AFTER(OUTCOME, verify_result, VERIFY_RESULT);
const struct statement certificate_verify_statement = {
    .name = "certificate_verify",
    .parameters = COLUMNS(verify_parameters),
    .result = COLUMNS(verify_result),
};

bool certificate_index(struct keyring *keys, const char *number, uint8_t index[INDEX_BYTES])
{
    return keyed_index(keys, "certificate", number, strlen(number), index);
}

/* ---- import ---- */

static const Mingce__V1__CertificateImportRequest *import_request(const struct call *call)
{
    return (const Mingce__V1__CertificateImportRequest *) call->request;
}

enum reason certificate_import_valid(struct call *call)
{
    const Mingce__V1__CertificateImportRequest *request = import_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

/* The row's own rules. False: the note says which it breaks. */
static bool certificate_fits(struct call *call, const Mingce__V1__CertificateRow *row, struct row_note *note,
                             char number[CERTIFICATE_NUMBER_BYTES])
{
    struct document document = {.number = ""};
    enum document_type type;
    enum reason mended;
    day issued_on = day_parse(row->issued_on);
    note->field = "issued_on";
    note->reason = issued_on == DAY_NONE             ? REASON_DATE_FORMAT
                   : issued_on > day_at(call->at_ms) ? REASON_ISSUED_LATER
                                                     : REASON_NONE;
    if (note->reason != REASON_NONE)
        return false;
    if (row->document_number != NULL && document_type_of(row->document_type, &type))
        (void) document_parse(type, row->document_number, NULL, day_at(call->at_ms), &document, &mended);
    note->field = "certificate_number";
    note->reason = certificate_number_parse(row->certificate_number, number);
    if (note->reason == REASON_NONE)
        note->reason = certificate_number_fits(number, (enum certificate_kind) row->kind, issued_on,
                                               row->level, document.number, &note->warning);
    OPENSSL_cleanse(&document, sizeof(document));
    return note->reason == REASON_NONE;
}

static void bind_row(struct call *call, struct set *set, size_t i, const struct row_trainee *holder,
                     const char *number)
{
    const Mingce__V1__CertificateRow *row = import_request(call)->row[i];
    const enum reason warning = row_note(call, i)->warning;
    Mingce__V1__CertificateRecord record = MINGCE__V1__CERTIFICATE_RECORD__INIT;
    struct sealed_record sealed;
    uint8_t id[ID], index[INDEX_BYTES];
    crypto_uuid(id);
    record.number = unconst(number);
    if (!certificate_index(call->keys, number, index) ||
        !record_seal(call->keys, id, &record.base, &sealed)) {
        set_fail(set);
        return;
    }
    row_bind(call, set, IMPORT_IN_ROW, i);
    row_bind_trainee(set, IMPORT_IN_SEAT, IMPORT_IN_DOCUMENT_INDEX, holder);
    set_bytes(set, IMPORT_IN_NUMBER_INDEX, index, sizeof(index));
    set_int2(set, IMPORT_IN_KIND, (int16_t) row->kind);
    set_day(set, IMPORT_IN_ISSUED_ON, day_parse(row->issued_on));
    set_text(set, IMPORT_IN_OCCUPATION, row->occupation_code);
    set_int2(set, IMPORT_IN_LEVEL, row->level > INT16_MAX ? 0 : (int16_t) row->level);
    set_uuid(set, IMPORT_IN_CERTIFICATE, id);
    set_bytes(set, IMPORT_IN_SEALED, sealed.bytes, sealed.n);
    set_bytes(set, IMPORT_IN_COMMITMENT, sealed.commitment, sizeof(sealed.commitment));
    set_text(set, IMPORT_IN_WARNINGS, warning == REASON_NONE ? NULL : reason_text(warning)->name);
    row_bind_name(set, IMPORT_IN_NAME_INDEX, holder);
    set_bool(set, IMPORT_IN_RENEWAL, row->has_renewal && row->renewal);
}

void certificate_import_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CertificateImportRequest *request = import_request(call);
    struct row_trainee holder;
    char number[CERTIFICATE_NUMBER_BYTES];
    if (request->has_class_number)
        set_int8(set, IMPORT_IN_CLASS,
                 request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    else
        set_null(set, IMPORT_IN_CLASS);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__CertificateRow *row = request->row[i];
        struct row_note *note = row_note(call, i);
        const struct row_said said = {row->has_seat,        row->seat,
                                      row->document_type,   row->document_number,
                                      row->issuing_country, row->name};
        if (row_trainee(call, set, note, &said, &holder) && certificate_fits(call, row, note, number))
            bind_row(call, set, i, &holder, number);
    }
    OPENSSL_cleanse(number, sizeof(number));
}

static const char *import_field(enum reason reason)
{
    switch (reason) {
    case REASON_TRAINEE_UNKNOWN:
        return "document_number";
    case REASON_OUT_OF_SCOPE:
    case REASON_NOT_COMPLETED:
        return "occupation_code";
    case REASON_ISSUED_EARLY:
        return "issued_on";
    case REASON_LEVEL_OF_KIND:
        return "level";
    default:
        return NULL; /* the number */
    }
}

enum reason certificate_import_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, import_request(call)->n_row, rows, import_field, out);
}

/* ---- revoke and reinstate ---- */

static const Mingce__V1__CertificateStateRequest *state_request(const struct call *call)
{
    return (const Mingce__V1__CertificateStateRequest *) call->request;
}

enum reason certificate_stated(struct call *call, const char *stated, char number[CERTIFICATE_NUMBER_BYTES],
                               uint8_t index[INDEX_BYTES])
{
    enum reason reason = certificate_number_parse(stated, number);
    if (reason != REASON_NONE)
        return call_refuse(call, "certificate_number", reason);
    return certificate_index(call->keys, number, index) ? REASON_NONE : REASON_MEMORY;
}

/* The index of a stated number, into call->notes. */
static enum reason valid_number(struct call *call, const char *stated)
{
    char number[CERTIFICATE_NUMBER_BYTES];
    uint8_t *index = arena_alloc(call->arena, INDEX_BYTES);
    call->notes = index;
    if (index == NULL)
        return REASON_MEMORY;
    enum reason reason = certificate_stated(call, stated, number, index);
    OPENSSL_cleanse(number, sizeof(number));
    return reason;
}

enum reason certificate_state_valid(struct call *call)
{
    const Mingce__V1__CertificateStateRequest *request = state_request(call);
    enum reason reason = text_reason(request->reason, day_at(call->at_ms));
    if (reason != REASON_NONE)
        return call_refuse(call, "reason", reason);
    if (day_parse(request->effective_on) == DAY_NONE)
        return call_refuse(call, "effective_on", REASON_DATE_FORMAT);
    return valid_number(call, request->certificate_number);
}

void certificate_state_bind(struct call *call, struct set *set)
{
    set_bytes(set, STATE_IN_NUMBER_INDEX, call->notes, INDEX_BYTES);
    set_int2(set, STATE_IN_STATE, call->method->argument);
    set_text(set, STATE_IN_REASON, state_request(call)->reason);
    set_day(set, STATE_IN_EFFECTIVE_ON, day_parse(state_request(call)->effective_on));
}

enum reason certificate_state_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_NOT_ALLOWED || reason == REASON_REQUEST_ID_REUSED)
        return reason;
    if (reason != REASON_NONE)
        return call_refuse(call,
                           reason == REASON_DATE_ORDER || reason == REASON_EFFECTIVE_LATER
                               ? "effective_on"
                               : "certificate_number",
                           reason);
    Mingce__V1__CertificateStateResponse *response = (Mingce__V1__CertificateStateResponse *) out;
    response->version = (uint32_t) rows_int4(rows, 0, STATE_VERSION);
    return REASON_NONE;
}

/* ---- list ---- */

static const Mingce__V1__CertificateListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__CertificateListRequest *) call->request;
}

enum reason certificate_list_valid(struct call *call)
{
    const Mingce__V1__CertificateListRequest *request = list_request(call);
    return page_valid_id(call, PAGE(request));
}

void certificate_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CertificateListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    if (request->has_class_number)
        set_int8(set, LIST_IN_CLASS, request->class_number > INT64_MAX ? 0 : (int64_t) request->class_number);
    else
        set_null(set, LIST_IN_CLASS);
}

char *certificate_shown(struct call *call, const struct rows *rows, size_t row,
                        const struct certificate_columns *columns)
{
    struct document resident;
    const Mingce__V1__CertificateRecord *record = (const Mingce__V1__CertificateRecord *) sealed_open(
        call, &mingce__v1__certificate_record__descriptor, rows, row, columns->id, columns->sealed);
    if (record == NULL)
        return NULL;
    bool clear = rows_int2(rows, row, columns->kind) != CERTIFICATE_SPECIAL_OPERATION &&
                 !certificate_number_resident(record->number, day_at(call->at_ms), &resident);
    return person_shown_number(call, record->number, clear);
}

static const struct certificate_columns listed = {.id = LIST_ID, .sealed = LIST_SEALED, .kind = LIST_KIND};

static void certificate_fill(struct call *call, Mingce__V1__IssuedCertificate *out, const struct rows *rows,
                             size_t row)
{
    const char *warning = rows_text(rows, row, LIST_WARNINGS);
    mingce__v1__issued_certificate__init(out);
    out->certificate_number = certificate_shown(call, rows, row, &listed);
    out->kind = (Mingce__V1__CertificateKind) rows_int2(rows, row, LIST_KIND);
    out->issuer_name = unconst(rows_text(rows, row, LIST_ISSUER));
    out->has_class_number = !rows_null(rows, row, LIST_CLASS);
    out->class_number = out->has_class_number ? (uint64_t) rows_int8(rows, row, LIST_CLASS) : 0;
    out->occupation_code = unconst(rows_text(rows, row, LIST_OCCUPATION));
    out->occupation_name =
        unconst(rows_null(rows, row, LIST_OCCUPATION_NAME) ? "" : rows_text(rows, row, LIST_OCCUPATION_NAME));
    out->level = (uint32_t) rows_int2(rows, row, LIST_LEVEL);
    out->state = (Mingce__V1__CertificateState) rows_int2(rows, row, LIST_STATE);
    out->version = (uint32_t) rows_int4(rows, row, LIST_VERSION);
    out->issued_on = call_day(call, rows_day(rows, row, LIST_ISSUED_ON));
    out->renewal = rows_bool(rows, row, LIST_RENEWAL);
    out->warning = arena_array(call->arena, 1, sizeof(*out->warning));
    if (out->warning != NULL && warning != NULL)
        out->warning[out->n_warning++] = unconst(warning);
    call_bytes(call, &out->certificate_id, rows_uuid(rows, row, LIST_ID), ID);
}

enum reason certificate_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__CertificateListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__CertificateListResponse *response = (Mingce__V1__CertificateListResponse *) out;
    size_t n = PAGE_LIST(call, response, certificate, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        certificate_fill(call, response->certificate[i], rows, i);
    if (response->has_next)
        response->next = response->certificate[n - 1]->certificate_id;
    return REASON_NONE;
}

/* ---- verify ---- */

struct verification {
    uint8_t number[INDEX_BYTES], name[INDEX_BYTES];
};

enum reason certificate_verify_valid(struct call *call)
{
    const Mingce__V1__CertificateVerifyRequest *request =
        (const Mingce__V1__CertificateVerifyRequest *) call->request;
    struct verification *verification = arena_alloc(call->arena, sizeof(*verification));
    char name[PERSON_NAME_BYTES];
    enum reason dot, space;
    if (verification == NULL)
        return REASON_MEMORY;
    enum reason reason = person_name_parse(request->name, name, &dot, &space);
    if (reason != REASON_NONE)
        return call_refuse(call, "name", reason);
    bool made = person_name_index(call->keys, name, verification->name);
    OPENSSL_cleanse(name, sizeof(name));
    if (!made)
        return REASON_MEMORY;
    reason = valid_number(call, request->certificate_number);
    if (reason == REASON_NONE)
        memcpy(verification->number, call->notes, INDEX_BYTES);
    call->notes = verification;
    return reason;
}

void certificate_verify_bind(struct call *call, struct set *set)
{
    const struct verification *verification = call->notes;
    set_bytes(set, VERIFY_IN_NUMBER_INDEX, verification->number, INDEX_BYTES);
    set_bytes(set, VERIFY_IN_NAME_INDEX, verification->name, INDEX_BYTES);
    set_int4(set, VERIFY_IN_PENDING, call_looks_pending(call, 1));
}

enum reason certificate_verify_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    Mingce__V1__CertificateVerifyResponse *response = (Mingce__V1__CertificateVerifyResponse *) out;
    response->has_state = !rows_null(rows, 0, VERIFY_STATE);
    if (response->has_state)
        response->state = (Mingce__V1__CertificateState) rows_int2(rows, 0, VERIFY_STATE);
    response->since = call_day(call, rows_day(rows, 0, VERIFY_SINCE));
    bool recorded = rows_null(rows, 0, VERIFY_PERSON_ID)
                        ? call_look_missed(call, 1)
                        : call_look(call, rows_uuid(rows, 0, VERIFY_PERSON_ID));
    return recorded ? REASON_NONE : REASON_STORE_BUSY;
}
