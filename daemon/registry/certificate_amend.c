/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/crypto.h>

#include "daemon/crypto/identity.h"
#include "daemon/registry/certificate.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"
#include "daemon/registry/text.h"
#include "proto/certificate.pb-c.h"

#define AMEND_PARAMETERS(COLUMN)                                                                             \
    COLUMN(AMEND_IN_NUMBER_INDEX, "number_index", BYTEA)                                                     \
    COLUMN(AMEND_IN_VERSION, "version", INT4)                                                                \
    COLUMN(AMEND_IN_KIND, "kind", INT2)                                                                      \
    COLUMN(AMEND_IN_ISSUED_ON, "issued_on", DATE)                                                            \
    COLUMN(AMEND_IN_OCCUPATION, "occupation", TEXT)                                                          \
    COLUMN(AMEND_IN_LEVEL, "level", INT2)                                                                    \
    COLUMN(AMEND_IN_DOCUMENT, "document", BYTEA)                                                             \
    COLUMN(AMEND_IN_WARNINGS, "warnings", TEXT)                                                              \
    COLUMN(AMEND_IN_REASON, "reason", TEXT)                                                                  \
    COLUMN(AMEND_IN_RENEWAL, "renewal", BOOL)
COLUMNS_AFTER(METHOD_WRITE, amend_parameters, AMEND_PARAMETERS);
#define AMEND_RESULT(COLUMN) COLUMN(AMEND_VERSION, "version", INT4)
COLUMNS_AFTER(OUTCOME, amend_result, AMEND_RESULT);
const struct statement certificate_amend_statement = {
    .name = "certificate_amend",
    .parameters = COLUMNS(amend_parameters),
    .result = COLUMNS(amend_result),
};

/* What valid leaves for bind and render. */
struct amendment {
    uint8_t index[INDEX_BYTES];
    day issued_on;
    enum reason warning;
    bool holds_resident;
    uint8_t document[INDEX_BYTES]; /* of the resident's number that the certificate's holds */
};

static const Mingce__V1__CertificateAmendRequest *amend_request(const struct call *call)
{
    return (const Mingce__V1__CertificateAmendRequest *) call->request;
}

/* The rules of the number itself. The database judges whose the resident's number in it is. */
static enum reason number_fits(struct call *call, const char *number, struct amendment *amendment)
{
    const Mingce__V1__CertificateAmendRequest *request = amend_request(call);
    struct document resident = {.number = ""};
    amendment->holds_resident = certificate_number_resident(number, day_at(call->at_ms), &resident);
    bool made = !amendment->holds_resident || identity_index(call->keys, &resident, amendment->document);
    enum reason reason = certificate_number_fits(
        number, (enum certificate_kind) request->kind, amendment->issued_on, request->level,
        amendment->holds_resident ? resident.number : "", &amendment->warning);
    OPENSSL_cleanse(&resident, sizeof(resident));
    if (reason != REASON_NONE)
        return call_refuse(call, "certificate_number", reason);
    return made ? REASON_NONE : REASON_MEMORY;
}

enum reason certificate_amend_valid(struct call *call)
{
    const Mingce__V1__CertificateAmendRequest *request = amend_request(call);
    struct amendment *amendment = arena_alloc(call->arena, sizeof(*amendment));
    char number[CERTIFICATE_NUMBER_BYTES];
    call->notes = amendment;
    if (amendment == NULL)
        return REASON_MEMORY;
    amendment->issued_on = day_parse(request->issued_on);
    if (!text_fits(request->reason, TEXT_REASON_CHARACTERS))
        return call_refuse(call, "reason", REASON_REASON_LENGTH);
    if (amendment->issued_on == DAY_NONE)
        return call_refuse(call, "issued_on", REASON_DATE_FORMAT);
    if (amendment->issued_on > day_at(call->at_ms))
        return call_refuse(call, "issued_on", REASON_ISSUED_LATER);
    enum reason reason = certificate_stated(call, request->certificate_number, number, amendment->index);
    if (reason == REASON_NONE)
        reason = number_fits(call, number, amendment);
    OPENSSL_cleanse(number, sizeof(number));
    return reason;
}

void certificate_amend_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CertificateAmendRequest *request = amend_request(call);
    const struct amendment *amendment = call->notes;
    set_bytes(set, AMEND_IN_NUMBER_INDEX, amendment->index, INDEX_BYTES);
    set_int4(set, AMEND_IN_VERSION, request->version > INT32_MAX ? 0 : (int32_t) request->version);
    set_int2(set, AMEND_IN_KIND, (int16_t) request->kind);
    set_day(set, AMEND_IN_ISSUED_ON, amendment->issued_on);
    set_text(set, AMEND_IN_OCCUPATION, request->occupation_code);
    set_int2(set, AMEND_IN_LEVEL, request->level > INT16_MAX ? 0 : (int16_t) request->level);
    if (amendment->holds_resident)
        set_bytes(set, AMEND_IN_DOCUMENT, amendment->document, INDEX_BYTES);
    else
        set_null(set, AMEND_IN_DOCUMENT);
    set_text(set, AMEND_IN_WARNINGS,
             amendment->warning == REASON_NONE ? NULL : reason_text(amendment->warning)->name);
    set_text(set, AMEND_IN_REASON, request->reason);
    set_bool(set, AMEND_IN_RENEWAL, request->has_renewal && request->renewal);
}

static const char *amend_field(enum reason reason)
{
    switch (reason) {
    case REASON_VERSION_DIFFERS:
        return "version";
    case REASON_OUT_OF_SCOPE:
    case REASON_NOT_COMPLETED:
        return "occupation_code";
    case REASON_ISSUED_EARLY:
        return "issued_on";
    case REASON_LEVEL_OF_KIND:
        return "level";
    default:
        return "certificate_number";
    }
}

enum reason certificate_amend_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const struct amendment *amendment = call->notes;
    enum reason reason = outcome_of(rows);
    if (reason == REASON_NOT_ALLOWED || reason == REASON_REQUEST_ID_REUSED)
        return reason;
    if (reason != REASON_NONE && reason != REASON_UNCHANGED)
        return call_refuse(call, amend_field(reason), reason);
    Mingce__V1__CertificateAmendResponse *response = (Mingce__V1__CertificateAmendResponse *) out;
    response->version = (uint32_t) rows_int4(rows, 0, AMEND_VERSION);
    response->warning = arena_array(call->arena, 1, sizeof(*response->warning));
    if (response->warning != NULL && amendment->warning != REASON_NONE)
        response->warning[response->n_warning++] = unconst(reason_text(amendment->warning)->name);
    return REASON_NONE;
}
