/* SPDX-License-Identifier: Apache-2.0 */
/* Registering, amending, suspending and closing organisations (A5, G4). */
#include <string.h>

#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/text.h"
#include "proto/organisation.pb-c.h"
#include "proto/rules/credit_code.h"

enum { DIVISION_DIGITS = 6 };

#define REGISTER_PARAMETERS(COLUMN)                                                                          \
    COLUMN(REGISTER_IN_ID, "id", UUID)                                                                       \
    COLUMN(REGISTER_IN_CODE, "code", TEXT)                                                                   \
    COLUMN(REGISTER_IN_NAME, "name", TEXT)                                                                   \
    COLUMN(REGISTER_IN_KIND, "kind", INT2)                                                                   \
    COLUMN(REGISTER_IN_DIVISION, "division", TEXT)                                                           \
    COLUMN(REGISTER_IN_OVERRIDE, "override", TEXT)
COLUMNS_AFTER(METHOD_WRITE, register_parameters, REGISTER_PARAMETERS);
const struct statement organisation_register_statement = {
    .name = "organisation_register",
    .parameters = COLUMNS(register_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define AMEND_PARAMETERS(COLUMN)                                                                             \
    COLUMN(AMEND_IN_CODE, "code", TEXT)                                                                      \
    COLUMN(AMEND_IN_VERSION, "version", INT4)                                                                \
    COLUMN(AMEND_IN_NAME, "name", TEXT)                                                                      \
    COLUMN(AMEND_IN_DIVISION, "division", TEXT)                                                              \
    COLUMN(AMEND_IN_STATUS, "status", INT2)                                                                  \
    COLUMN(AMEND_IN_REASON, "reason", TEXT)
COLUMNS_AFTER(METHOD_WRITE, amend_parameters, AMEND_PARAMETERS);
#define AMEND_RESULT(COLUMN)                                                                                 \
    COLUMN(AMEND_CHANGED, "changed", INT4)                                                                   \
    COLUMN(AMEND_VERSION, "version", INT4)
COLUMNS_AFTER(OUTCOME, amend_result, AMEND_RESULT);
const struct statement organisation_amend_statement = {
    .name = "organisation_amend",
    .parameters = COLUMNS(amend_parameters),
    .result = COLUMNS(amend_result),
};

static bool division_fits(const char *code)
{
    return strlen(code) == DIVISION_DIGITS && strspn(code, "0123456789") == DIVISION_DIGITS;
}

/* ---- register ---- */

static const Mingce__V1__OrganisationRegisterRequest *register_request(const struct call *call)
{
    return (const Mingce__V1__OrganisationRegisterRequest *) call->request;
}

enum reason organisation_register_valid(struct call *call)
{
    const Mingce__V1__OrganisationRegisterRequest *request = register_request(call);
    char code[CREDIT_CODE_BYTES];
    enum reason reason = credit_code_parse(request->code, code);
    bool overridden = reason == REASON_CREDIT_CODE_CHECKSUM && request->override_reason != NULL;
    if (reason != REASON_NONE && !overridden)
        return call_refuse(call, "code", reason);
    if (!text_fits(request->name, TEXT_NAME_CHARACTERS))
        return call_refuse(call, "name", REASON_ORGANISATION_NAME_LENGTH);
    if (!division_fits(request->division))
        return call_refuse(call, "division", REASON_DIVISION_FORMAT);
    if (overridden && !text_fits(request->override_reason, TEXT_REASON_CHARACTERS))
        return call_refuse(call, "override_reason", REASON_REASON_LENGTH);
    return REASON_NONE;
}

void organisation_register_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OrganisationRegisterRequest *request = register_request(call);
    char code[CREDIT_CODE_BYTES];
    uint8_t id[16];
    bool overridden = credit_code_parse(request->code, code) != REASON_NONE;
    crypto_uuid(id);
    set_uuid(set, REGISTER_IN_ID, id);
    set_text(set, REGISTER_IN_CODE, code);
    set_text(set, REGISTER_IN_NAME, request->name);
    set_int2(set, REGISTER_IN_KIND, (int16_t) request->kind);
    set_text(set, REGISTER_IN_DIVISION, request->division);
    set_text(set, REGISTER_IN_OVERRIDE, overridden ? request->override_reason : NULL);
}

enum reason organisation_register_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_ORGANISATION_EXISTS)
        return call_refuse(call, "code", reason);
    if (reason == REASON_KIND_DIVISION)
        return call_refuse(call, "division", reason);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__OrganisationRegisterResponse *response = (Mingce__V1__OrganisationRegisterResponse *) out;
    response->version = 1;
    return REASON_NONE;
}

/* ---- amend, suspend, reactivate, close ---- */

/* A version beyond the column's range is none. */
static int32_t version_of(uint32_t version)
{
    return version > INT32_MAX ? 0 : (int32_t) version;
}

enum reason organisation_amend_valid(struct call *call)
{
    const Mingce__V1__OrganisationAmendRequest *request =
        (const Mingce__V1__OrganisationAmendRequest *) call->request;
    if (request->name == NULL && request->division == NULL)
        return REASON_NOTHING_TO_CHANGE;
    if (request->name != NULL && !text_fits(request->name, TEXT_NAME_CHARACTERS))
        return call_refuse(call, "name", REASON_ORGANISATION_NAME_LENGTH);
    if (request->division != NULL && !division_fits(request->division))
        return call_refuse(call, "division", REASON_DIVISION_FORMAT);
    return REASON_NONE;
}

void organisation_amend_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OrganisationAmendRequest *request =
        (const Mingce__V1__OrganisationAmendRequest *) call->request;
    set_text(set, AMEND_IN_CODE, request->code);
    set_int4(set, AMEND_IN_VERSION, version_of(request->version));
    set_text(set, AMEND_IN_NAME, request->name);
    set_text(set, AMEND_IN_DIVISION, request->division);
    set_null(set, AMEND_IN_STATUS);
    set_null(set, AMEND_IN_REASON);
}

static const Mingce__V1__OrganisationStatusRequest *status_request(const struct call *call)
{
    return (const Mingce__V1__OrganisationStatusRequest *) call->request;
}

enum reason organisation_status_valid(struct call *call)
{
    if (!text_fits(status_request(call)->reason, TEXT_REASON_CHARACTERS))
        return call_refuse(call, "reason", REASON_REASON_LENGTH);
    return REASON_NONE;
}

void organisation_status_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OrganisationStatusRequest *request = status_request(call);
    set_text(set, AMEND_IN_CODE, request->code);
    set_int4(set, AMEND_IN_VERSION, version_of(request->version));
    set_null(set, AMEND_IN_NAME);
    set_null(set, AMEND_IN_DIVISION);
    set_int2(set, AMEND_IN_STATUS, call->method->argument);
    set_text(set, AMEND_IN_REASON, request->reason);
}

/* By their bits in api.organisation_amend. */
static const char *const amended[] = {"name", "division", "status"};

enum reason organisation_amend_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_VERSION_DIFFERS)
        return call_refuse_changed(call, rows, AMEND_CHANGED, amended, ARRAY_SIZE(amended));
    if (reason == REASON_ORGANISATION_UNKNOWN)
        return call_refuse(call, "code", reason);
    if (reason == REASON_KIND_DIVISION)
        return call_refuse(call, "division", reason);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__OrganisationAmendResponse *response = (Mingce__V1__OrganisationAmendResponse *) out;
    response->version = (uint32_t) rows_int4(rows, 0, AMEND_VERSION);
    return REASON_NONE;
}
