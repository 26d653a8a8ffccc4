/* SPDX-License-Identifier: Apache-2.0 */
/* Projects (E): their call and their steps. */
#include "daemon/registry/project.h"

#include <string.h>

#include "daemon/registry/class.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/text.h"

enum { HEADS_MOST = 1000000, HOURS_MOST = 10000, TIERS_MOST = 20, PERCENT_MOST = 100, CERTIFICATE_KINDS = 5 };
static const int64_t UNIT_MOST = 1000000000000; /* fen: what registry.project bounds */
static const int64_t CAP_MOST = 1000000000000000;

#define CALL_PARAMETERS(COLUMN)                                                                              \
    COLUMN(CALL_IN_PROJECT, "project", UUID)                                                                 \
    COLUMN(CALL_IN_DEPARTMENT, "department", TEXT)                                                           \
    COLUMN(CALL_IN_NAME, "name", TEXT)                                                                       \
    COLUMN(CALL_IN_OCCUPATION, "occupation", TEXT)                                                           \
    COLUMN(CALL_IN_LEVEL, "level", INT2)                                                                     \
    COLUMN(CALL_IN_CERTIFICATE_KIND, "certificate_kind", INT2)                                               \
    COLUMN(CALL_IN_MODE, "mode", INT2)                                                                       \
    COLUMN(CALL_IN_PAY_MODE, "pay_mode", INT2)                                                               \
    COLUMN(CALL_IN_PLANNED_HEADS, "planned_heads", INT4)                                                     \
    COLUMN(CALL_IN_HOURS, "hours", INT4)                                                                     \
    COLUMN(CALL_IN_UNIT, "unit", INT8)                                                                       \
    COLUMN(CALL_IN_CAP, "cap", INT8)                                                                         \
    COLUMN(CALL_IN_NUMBER, "call_number", TEXT)                                                              \
    COLUMN(CALL_IN_STARTS_ON, "starts_on", DATE)                                                             \
    COLUMN(CALL_IN_ENDS_ON, "ends_on", DATE)                                                                 \
    COLUMN(CALL_IN_CLOSES_ON, "closes_on", DATE)                                                             \
    COLUMN(CALL_IN_ROW_REQ, "row_req", INT4)                                                                 \
    COLUMN(CALL_IN_METRIC, "metric", INT2)                                                                   \
    COLUMN(CALL_IN_THRESHOLD, "threshold", INT4)                                                             \
    COLUMN(CALL_IN_PAY_PERCENT, "pay_percent", INT4)
COLUMNS_AFTER(METHOD_WRITE, call_parameters, CALL_PARAMETERS);
#define CALL_RESULT(COLUMN) COLUMN(CALL_ID, "project_id", UUID)
COLUMNS_AFTER(OUTCOME, call_result, CALL_RESULT);
const struct statement project_call_statement = {
    .name = "project_call",
    .parameters = COLUMNS(call_parameters),
    .rows = CALL_IN_ROW_REQ,
    .result = COLUMNS(call_result),
};

#define STEP_PARAMETERS(COLUMN)                                                                              \
    COLUMN(STEP_IN_ACTION, "action", INT2)                                                                   \
    COLUMN(STEP_IN_PROJECT, "project", UUID)                                                                 \
    COLUMN(STEP_IN_VERSION, "version", INT4)                                                                 \
    COLUMN(STEP_IN_REASON, "reason", TEXT)                                                                   \
    COLUMN(STEP_IN_ORGANISATION, "organisation", TEXT)                                                       \
    COLUMN(STEP_IN_CONTRACT, "contract", TEXT)                                                               \
    COLUMN(STEP_IN_CLASS, "class", INT8)                                                                     \
    COLUMN(STEP_IN_HELD_ON, "held_on", DATE)                                                                 \
    COLUMN(STEP_IN_PASSED, "passed", BOOL)                                                                   \
    COLUMN(STEP_IN_FRAUD, "fraud", BOOL)                                                                     \
    COLUMN(STEP_IN_TRANCHE, "tranche", UUID)                                                                 \
    COLUMN(STEP_IN_FEN, "fen", INT8)
COLUMNS_AFTER(METHOD_WRITE, step_parameters, STEP_PARAMETERS);
#define STEP_RESULT(COLUMN)                                                                                  \
    COLUMN(STEP_STATE, "state", INT2)                                                                        \
    COLUMN(STEP_VERSION, "version", INT4)                                                                    \
    COLUMN(STEP_RUN, "run", INT4)                                                                            \
    COLUMN(STEP_TRANCHES, "tranches", INT4)                                                                  \
    COLUMN(STEP_FEN, "fen", INT8)                                                                            \
    COLUMN(STEP_EMPLOYED, "employed", INT4)                                                                  \
    COLUMN(STEP_MEASURED, "measured", INT4)
COLUMNS_AFTER(OUTCOME, step_result, STEP_RESULT);
const struct statement project_step_statement = {
    .name = "project_step",
    .parameters = COLUMNS(step_parameters),
    .result = COLUMNS(step_result),
};

enum reason project_id_valid(struct call *call, const char *field, const ProtobufCBinaryData *id)
{
    return id->len == PROJECT_ID ? REASON_NONE : call_refuse(call, field, REASON_IDENTIFIER_LENGTH);
}

enum reason project_text_valid(struct call *call, const char *field, const char *text, size_t most)
{
    return text != NULL && text_fits(text, most) && !text_names(text, day_at(call->at_ms))
               ? REASON_NONE
               : call_refuse(call, field, REASON_PROJECT_TEXT);
}

/* ---- call ---- */

static const Mingce__V1__ProjectCallRequest *call_request(const struct call *call)
{
    return (const Mingce__V1__ProjectCallRequest *) call->request;
}

static enum reason texts_valid(struct call *call, const Mingce__V1__ProjectCallRequest *request)
{
    enum reason reason = project_text_valid(call, "department", request->department, TEXT_NAME_CHARACTERS);
    if (reason == REASON_NONE)
        reason = project_text_valid(call, "name", request->name, TEXT_NAME_CHARACTERS);
    return reason != REASON_NONE
               ? reason
               : project_text_valid(call, "call_number", request->call_number, PROJECT_NUMBER_CHARACTERS);
}

static enum reason days_valid(struct call *call, const Mingce__V1__ProjectCallRequest *request)
{
    day starts = day_parse(request->starts_on), ends = day_parse(request->ends_on),
        closes = day_parse(request->closes_on);
    if (starts == DAY_NONE)
        return call_refuse(call, "starts_on", REASON_DATE_FORMAT);
    if (ends == DAY_NONE)
        return call_refuse(call, "ends_on", REASON_DATE_FORMAT);
    if (closes == DAY_NONE)
        return call_refuse(call, "closes_on", REASON_DATE_FORMAT);
    return starts <= ends && ends < closes ? REASON_NONE
                                           : call_refuse(call, "closes_on", REASON_PROJECT_DAYS);
}

static enum reason figures_valid(struct call *call, const Mingce__V1__ProjectCallRequest *request)
{
    if ((request->occupation_code == NULL) == (request->has_level != 0) ||
        (request->occupation_code == NULL && !request->has_certificate_kind) ||
        (request->has_certificate_kind &&
         (request->certificate_kind < 1 || request->certificate_kind > CERTIFICATE_KINDS)))
        return call_refuse(call, "occupation_code", REASON_PROJECT_SUBJECT);
    if (request->planned_heads < 1 || request->planned_heads > HEADS_MOST)
        return call_refuse(call, "planned_heads", REASON_PROJECT_RANGE);
    if (request->hours < 1 || request->hours > HOURS_MOST)
        return call_refuse(call, "hours", REASON_PROJECT_RANGE);
    if (request->unit_fen < 1 || request->unit_fen > UNIT_MOST)
        return call_refuse(call, "unit_fen", REASON_PROJECT_AMOUNT);
    if (request->has_cap_fen && (request->cap_fen < 1 || request->cap_fen > CAP_MOST))
        return call_refuse(call, "cap_fen", REASON_PROJECT_AMOUNT);
    return REASON_NONE;
}

static bool tier_fits(const Mingce__V1__ProjectTier *tier)
{
    return tier->threshold <= PERCENT_MOST && tier->pay_percent <= PERCENT_MOST &&
           (tier->metric != MINGCE__V1__TIER_METRIC__TIER_NONE || tier->threshold == 0);
}

static enum reason tiers_valid(struct call *call, const Mingce__V1__ProjectCallRequest *request)
{
    bool fits = request->n_tier <= TIERS_MOST;
    for (size_t i = 0; fits && i < request->n_tier; i++) {
        fits = tier_fits(request->tier[i]);
        for (size_t j = 0; fits && j < i; j++)
            fits = request->tier[j]->metric != request->tier[i]->metric ||
                   request->tier[j]->threshold != request->tier[i]->threshold;
    }
    return fits ? REASON_NONE : call_refuse(call, "tier", REASON_PROJECT_TIERS);
}

enum reason project_call_valid(struct call *call)
{
    const Mingce__V1__ProjectCallRequest *request = call_request(call);
    enum reason reason = texts_valid(call, request);
    if (reason == REASON_NONE)
        reason = days_valid(call, request);
    if (reason == REASON_NONE)
        reason = figures_valid(call, request);
    return reason != REASON_NONE ? reason : tiers_valid(call, request);
}

static void int2_or_null(struct set *set, size_t parameter, bool has, uint32_t value)
{
    if (has)
        set_int2(set, parameter, (int16_t) value);
    else
        set_null(set, parameter);
}

static void int8_or_null(struct set *set, size_t parameter, bool has, int64_t value)
{
    if (has)
        set_int8(set, parameter, value);
    else
        set_null(set, parameter);
}

static void bool_or_null(struct set *set, size_t parameter, bool has, bool value)
{
    if (has)
        set_bool(set, parameter, value);
    else
        set_null(set, parameter);
}

void project_call_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ProjectCallRequest *request = call_request(call);
    uint8_t id[PROJECT_ID];
    crypto_uuid(id);
    set_uuid(set, CALL_IN_PROJECT, id);
    set_text(set, CALL_IN_DEPARTMENT, request->department);
    set_text(set, CALL_IN_NAME, request->name);
    set_text(set, CALL_IN_OCCUPATION, request->occupation_code);
    int2_or_null(set, CALL_IN_LEVEL, request->has_level, request->level);
    int2_or_null(set, CALL_IN_CERTIFICATE_KIND, request->has_certificate_kind, request->certificate_kind);
    set_int2(set, CALL_IN_MODE, (int16_t) request->mode);
    set_int2(set, CALL_IN_PAY_MODE, (int16_t) request->pay_mode);
    set_int4(set, CALL_IN_PLANNED_HEADS, (int32_t) request->planned_heads);
    set_int4(set, CALL_IN_HOURS, (int32_t) request->hours);
    set_int8(set, CALL_IN_UNIT, request->unit_fen);
    int8_or_null(set, CALL_IN_CAP, request->has_cap_fen, request->cap_fen);
    set_text(set, CALL_IN_NUMBER, request->call_number);
    set_day(set, CALL_IN_STARTS_ON, day_parse(request->starts_on));
    set_day(set, CALL_IN_ENDS_ON, day_parse(request->ends_on));
    set_day(set, CALL_IN_CLOSES_ON, day_parse(request->closes_on));
    for (size_t i = 0; i < request->n_tier; i++) {
        set_row(set);
        set_int2(set, CALL_IN_METRIC, (int16_t) request->tier[i]->metric);
        set_int4(set, CALL_IN_THRESHOLD, (int32_t) request->tier[i]->threshold);
        set_int4(set, CALL_IN_PAY_PERCENT, (int32_t) request->tier[i]->pay_percent);
    }
}

enum reason project_call_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_OCCUPATION_UNKNOWN)
        return call_refuse(call, "occupation_code", reason);
    if (reason == REASON_LEVEL_OF_KIND)
        return call_refuse(call, "level", reason);
    if (reason == REASON_NONE)
        call_bytes(call, &((Mingce__V1__ProjectCallResponse *) out)->project_id, rows_uuid(rows, 0, CALL_ID),
                   PROJECT_ID);
    return reason;
}

/* ---- steps ---- */

static const Mingce__V1__ProjectStepRequest *step_request(const struct call *call)
{
    return (const Mingce__V1__ProjectStepRequest *) call->request;
}

static enum reason inspect_valid(struct call *call, const Mingce__V1__ProjectStepRequest *request)
{
    day held = request->inspected_on == NULL ? DAY_NONE : day_parse(request->inspected_on);
    return call_day_past(call, "inspected_on", held);
}

static enum reason award_valid(struct call *call, const Mingce__V1__ProjectStepRequest *request)
{
    return project_text_valid(call, "contract_number", request->contract_number, PROJECT_NUMBER_CHARACTERS);
}

static enum reason recover_valid(struct call *call, const Mingce__V1__ProjectStepRequest *request)
{
    if (!request->has_tranche_id || request->tranche_id.len != PROJECT_ID)
        return call_refuse(call, "tranche_id", REASON_IDENTIFIER_LENGTH);
    return request->has_fen && request->fen >= 1 && request->fen <= CAP_MOST
               ? REASON_NONE
               : call_refuse(call, "fen", REASON_PROJECT_AMOUNT);
}

enum reason project_step_valid(struct call *call)
{
    const Mingce__V1__ProjectStepRequest *request = step_request(call);
    enum reason reason = project_id_valid(call, "project_id", &request->project_id);
    if (reason == REASON_NONE && request->reason != NULL) {
        reason = text_reason(request->reason, day_at(call->at_ms));
        if (reason != REASON_NONE)
            return call_refuse(call, "reason", reason);
    }
    if (reason != REASON_NONE)
        return reason;
    switch (call->method->argument) {
    case MINGCE__V1__PROJECT_ACTION__PROJECT_INSPECT:
        return inspect_valid(call, request);
    case MINGCE__V1__PROJECT_ACTION__PROJECT_AWARD:
        return award_valid(call, request);
    case MINGCE__V1__PROJECT_ACTION__PROJECT_RECOVER:
        return recover_valid(call, request);
    default:
        return REASON_NONE;
    }
}

void project_step_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ProjectStepRequest *request = step_request(call);
    const int action = call->method->argument;
    set_int2(set, STEP_IN_ACTION, call->method->argument);
    set_uuid(set, STEP_IN_PROJECT, request->project_id.data);
    set_int4(set, STEP_IN_VERSION, class_version_of(request->version));
    set_text(set, STEP_IN_REASON, request->reason);
    set_text(set, STEP_IN_ORGANISATION, request->organisation_code);
    set_text(set, STEP_IN_CONTRACT, request->contract_number);
    int8_or_null(set, STEP_IN_CLASS, request->has_class_number, class_number_of(request->class_number));
    set_day(set, STEP_IN_HELD_ON,
            action == MINGCE__V1__PROJECT_ACTION__PROJECT_INSPECT ? day_parse(request->inspected_on)
                                                                  : DAY_NONE);
    bool_or_null(set, STEP_IN_PASSED, action == MINGCE__V1__PROJECT_ACTION__PROJECT_INSPECT,
                 request->has_passed && request->passed);
    bool_or_null(set, STEP_IN_FRAUD, action == MINGCE__V1__PROJECT_ACTION__PROJECT_TERMINATE,
                 request->has_fraud && request->fraud);
    if (action == MINGCE__V1__PROJECT_ACTION__PROJECT_RECOVER)
        set_uuid(set, STEP_IN_TRANCHE, request->tranche_id.data);
    else
        set_null(set, STEP_IN_TRANCHE);
    int8_or_null(set, STEP_IN_FEN, action == MINGCE__V1__PROJECT_ACTION__PROJECT_RECOVER, request->fen);
}

static const char *step_field(enum reason reason)
{
    switch (reason) {
    case REASON_PROJECT_UNKNOWN:
        return "project_id";
    case REASON_VERSION_DIFFERS:
        return "version";
    case REASON_REASON_NEEDED:
        return "reason";
    case REASON_PROJECT_INSTITUTION:
        return "organisation_code";
    case REASON_PROJECT_CLASS:
    case REASON_PROJECT_CLASS_TAKEN:
        return "class_number";
    case REASON_TRANCHE_UNKNOWN:
    case REASON_TRANCHE_STATE:
        return "tranche_id";
    case REASON_PROJECT_RECOVERED:
        return "fen";
    default:
        return NULL;
    }
}

enum reason project_step_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return step_field(reason) == NULL ? reason : call_refuse(call, step_field(reason), reason);
    Mingce__V1__ProjectStepResponse *response = (Mingce__V1__ProjectStepResponse *) out;
    response->state = (Mingce__V1__ProjectState) rows_int2(rows, 0, STEP_STATE);
    response->version = (uint32_t) rows_int4(rows, 0, STEP_VERSION);
    response->has_run = project_number(rows, 0, STEP_RUN, &response->run);
    response->has_tranches = project_number(rows, 0, STEP_TRANCHES, &response->tranches);
    response->has_fen = project_fen(rows, 0, STEP_FEN, &response->fen);
    response->has_employed = project_number(rows, 0, STEP_EMPLOYED, &response->employed);
    response->has_measured = project_number(rows, 0, STEP_MEASURED, &response->measured);
    return REASON_NONE;
}
