/* SPDX-License-Identifier: Apache-2.0 */
/* What institutions may teach, and when (G3): proto/organisation.proto, migrations/api/organisation.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "proto/organisation.pb-c.h"

#define ADD_PARAMETERS(COLUMN)                                                                               \
    COLUMN(ADD_IN_CODE, "code", TEXT)                                                                        \
    COLUMN(ADD_IN_OCCUPATION, "occupation", TEXT)                                                            \
    COLUMN(ADD_IN_LEVEL, "level", INT2)                                                                      \
    COLUMN(ADD_IN_FROM, "from", DATE)                                                                        \
    COLUMN(ADD_IN_TO, "to", DATE)
COLUMNS_AFTER(METHOD_WRITE, add_parameters, ADD_PARAMETERS);
const struct statement scope_add_statement = {
    .name = "scope_add",
    .parameters = COLUMNS(add_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define END_PARAMETERS(COLUMN)                                                                               \
    COLUMN(END_IN_CODE, "code", TEXT)                                                                        \
    COLUMN(END_IN_OCCUPATION, "occupation", TEXT)                                                            \
    COLUMN(END_IN_LEVEL, "level", INT2)                                                                      \
    COLUMN(END_IN_TO, "to", DATE)
COLUMNS_AFTER(METHOD_WRITE, end_parameters, END_PARAMETERS);
const struct statement scope_end_statement = {
    .name = "scope_end",
    .parameters = COLUMNS(end_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

enum reason scope_add_valid(struct call *call)
{
    const Mingce__V1__ScopeAddRequest *request = (const Mingce__V1__ScopeAddRequest *) call->request;
    day from = day_parse(request->valid_from);
    day to = request->valid_to == NULL ? DAY_NONE : day_parse(request->valid_to);
    if (from == DAY_NONE)
        return call_refuse(call, "valid_from", REASON_DATE_FORMAT);
    if (request->valid_to != NULL && to == DAY_NONE)
        return call_refuse(call, "valid_to", REASON_DATE_FORMAT);
    if (to != DAY_NONE && to < from)
        return call_refuse(call, "valid_to", REASON_DATE_ORDER);
    return REASON_NONE;
}

void scope_add_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ScopeAddRequest *request = (const Mingce__V1__ScopeAddRequest *) call->request;
    set_text(set, ADD_IN_CODE, request->code);
    set_text(set, ADD_IN_OCCUPATION, request->occupation_code);
    set_int2(set, ADD_IN_LEVEL, (int16_t) request->level);
    set_day(set, ADD_IN_FROM, day_parse(request->valid_from));
    set_day(set, ADD_IN_TO, request->valid_to == NULL ? DAY_NONE : day_parse(request->valid_to));
}

enum reason scope_end_valid(struct call *call)
{
    const Mingce__V1__ScopeEndRequest *request = (const Mingce__V1__ScopeEndRequest *) call->request;
    return day_parse(request->valid_to) == DAY_NONE ? call_refuse(call, "valid_to", REASON_DATE_FORMAT)
                                                    : REASON_NONE;
}

void scope_end_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ScopeEndRequest *request = (const Mingce__V1__ScopeEndRequest *) call->request;
    set_text(set, END_IN_CODE, request->code);
    set_text(set, END_IN_OCCUPATION, request->occupation_code);
    set_int2(set, END_IN_LEVEL, (int16_t) request->level);
    set_day(set, END_IN_TO, day_parse(request->valid_to));
}

/* The answer of both. */
static enum reason scope_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_ORGANISATION_UNKNOWN)
        return call_refuse(call, "code", reason);
    if (reason == REASON_OCCUPATION_UNKNOWN)
        return call_refuse(call, "occupation_code", reason);
    (void) out;
    return reason;
}

enum reason scope_add_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return scope_render(call, rows, out);
}

enum reason scope_end_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return scope_render(call, rows, out);
}
