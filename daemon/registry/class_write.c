/* SPDX-License-Identifier: Apache-2.0 */
/* Amending, starting, completing and cancelling classes. */
#include "daemon/registry/class.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"

#define AMEND_PARAMETERS(COLUMN)                                                                             \
    COLUMN(AMEND_IN_CLASS, "class", INT8)                                                                    \
    COLUMN(AMEND_IN_VERSION, "version", INT4)                                                                \
    COLUMN(AMEND_IN_TITLE, "title", TEXT)                                                                    \
    COLUMN(AMEND_IN_STARTS_ON, "starts_on", DATE)                                                            \
    COLUMN(AMEND_IN_ENDS_ON, "ends_on", DATE)                                                                \
    COLUMN(AMEND_IN_CAPACITY, "capacity", INT4)                                                              \
    COLUMN(AMEND_IN_STATE, "state", INT2)                                                                    \
    COLUMN(AMEND_IN_REASON, "reason", TEXT)
COLUMNS_AFTER(METHOD_WRITE, amend_parameters, AMEND_PARAMETERS);
#define AMEND_RESULT(COLUMN)                                                                                 \
    COLUMN(AMEND_CHANGED, "changed", INT4)                                                                   \
    COLUMN(AMEND_VERSION, "version", INT4)
COLUMNS_AFTER(OUTCOME, amend_result, AMEND_RESULT);
const struct statement class_amend_statement = {
    .name = "class_amend",
    .parameters = COLUMNS(amend_parameters),
    .result = COLUMNS(amend_result),
};

int64_t class_number_of(uint64_t number)
{
    return number > INT64_MAX ? 0 : (int64_t) number;
}

int32_t class_version_of(uint32_t version)
{
    return version > INT32_MAX ? 0 : (int32_t) version;
}

/* ---- amend ---- */

static const Mingce__V1__ClassAmendRequest *amend_request(const struct call *call)
{
    return (const Mingce__V1__ClassAmendRequest *) call->request;
}

enum reason class_amend_valid(struct call *call)
{
    const Mingce__V1__ClassAmendRequest *request = amend_request(call);
    if (request->title == NULL && request->starts_on == NULL && request->ends_on == NULL &&
        !request->has_capacity)
        return REASON_NOTHING_TO_CHANGE;
    if (request->title != NULL && !text_fits(request->title, TEXT_NAME_CHARACTERS))
        return call_refuse(call, "title", REASON_TITLE_LENGTH);
    if (request->title != NULL && text_names(request->title, day_at(call->at_ms)))
        return call_refuse(call, "title", REASON_TEXT_NUMBER);
    if (request->starts_on != NULL && day_parse(request->starts_on) == DAY_NONE)
        return call_refuse(call, "starts_on", REASON_DATE_FORMAT);
    if (request->ends_on != NULL && day_parse(request->ends_on) == DAY_NONE)
        return call_refuse(call, "ends_on", REASON_DATE_FORMAT);
    if (request->has_capacity && (request->capacity < 1 || request->capacity > CLASS_CAPACITY_MOST))
        return call_refuse(call, "capacity", REASON_CAPACITY_RANGE);
    return REASON_NONE;
}

void class_amend_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClassAmendRequest *request = amend_request(call);
    set_int8(set, AMEND_IN_CLASS, class_number_of(request->number));
    set_int4(set, AMEND_IN_VERSION, class_version_of(request->version));
    set_text(set, AMEND_IN_TITLE, request->title);
    set_day(set, AMEND_IN_STARTS_ON, request->starts_on == NULL ? DAY_NONE : day_parse(request->starts_on));
    set_day(set, AMEND_IN_ENDS_ON, request->ends_on == NULL ? DAY_NONE : day_parse(request->ends_on));
    if (request->has_capacity)
        set_int4(set, AMEND_IN_CAPACITY, (int32_t) request->capacity);
    else
        set_null(set, AMEND_IN_CAPACITY);
    set_null(set, AMEND_IN_STATE);
    set_null(set, AMEND_IN_REASON);
}

/* ---- start, complete, cancel ---- */

static const Mingce__V1__ClassStateRequest *state_request(const struct call *call)
{
    return (const Mingce__V1__ClassStateRequest *) call->request;
}

/* A cancellation has a reason; else one may be given. */
enum reason class_state_valid(struct call *call)
{
    const char *reason = state_request(call)->reason;
    bool needed = call->method->argument == MINGCE__V1__CLASS_STATE__CLASS_CANCELLED;
    if (reason == NULL ? needed : !text_fits(reason, TEXT_REASON_CHARACTERS))
        return call_refuse(call, "reason", REASON_REASON_LENGTH);
    return REASON_NONE;
}

void class_state_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClassStateRequest *request = state_request(call);
    set_int8(set, AMEND_IN_CLASS, class_number_of(request->number));
    set_int4(set, AMEND_IN_VERSION, class_version_of(request->version));
    set_null(set, AMEND_IN_TITLE);
    set_null(set, AMEND_IN_STARTS_ON);
    set_null(set, AMEND_IN_ENDS_ON);
    set_null(set, AMEND_IN_CAPACITY);
    set_int2(set, AMEND_IN_STATE, call->method->argument);
    set_text(set, AMEND_IN_REASON, request->reason);
}

/* Which field of the request a refusal is about; NULL: none. */
static const char *amend_field(enum reason reason)
{
    switch (reason) {
    case REASON_CLASS_UNKNOWN:
        return "number";
    case REASON_DATE_ORDER:
    case REASON_LESSON_OUTSIDE:
    case REASON_ROOM_LEASE:
        return "ends_on";
    case REASON_START_EARLIER:
    case REASON_OUT_OF_SCOPE:
        return "starts_on";
    case REASON_CAPACITY_BELOW:
    case REASON_ROOM_TOO_SMALL:
        return "capacity";
    default:
        return NULL;
    }
}

/* By their bits in helper.class_changed(). */
static const char *const changeable[] = {"title", "starts_on", "ends_on", "capacity", "state", "filing"};

enum reason class_refuse_changed(struct call *call, const struct rows *rows, size_t column)
{
    return call_refuse_changed(call, rows, column, changeable, ARRAY_SIZE(changeable));
}

enum reason class_amend_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_VERSION_DIFFERS)
        return class_refuse_changed(call, rows, AMEND_CHANGED);
    if (reason != REASON_NONE)
        return amend_field(reason) == NULL ? reason : call_refuse(call, amend_field(reason), reason);
    Mingce__V1__ClassAmendResponse *response = (Mingce__V1__ClassAmendResponse *) out;
    response->version = (uint32_t) rows_int4(rows, 0, AMEND_VERSION);
    return REASON_NONE;
}
