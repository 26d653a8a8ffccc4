/* SPDX-License-Identifier: Apache-2.0 */
/* Projects by rows: heads are struck or counted again (E5), tranches are decided (E8). */
#include "daemon/registry/batch.h"
#include "daemon/registry/class.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/project.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"

#define HEADS_PARAMETERS(COLUMN)                                                                             \
    COLUMN(HEADS_IN_ACTION, "action", INT2)                                                                  \
    COLUMN(HEADS_IN_PROJECT, "project", UUID)                                                                \
    COLUMN(HEADS_IN_VERSION, "version", INT4)                                                                \
    COLUMN(HEADS_IN_DEDUCTION, "deduction", INT2)                                                            \
    COLUMN(HEADS_IN_REASON, "reason", TEXT)                                                                  \
    COLUMN(HEADS_IN_FRAUD, "fraud", BOOL)                                                                    \
    COLUMN(HEADS_IN_ROW_REQ, "row_req", INT4)                                                                \
    COLUMN(HEADS_IN_ROW, "row", INT4)                                                                        \
    COLUMN(HEADS_IN_ROW_HEAD, "row_head", BYTEA)                                                             \
    COLUMN(HEADS_IN_CLASS, "class", INT8)                                                                    \
    COLUMN(HEADS_IN_SEAT, "seat", INT4)
COLUMNS_AFTER(METHOD_WRITE, heads_parameters, HEADS_PARAMETERS);
const struct statement project_heads_statement = {
    .name = "project_heads",
    .parameters = COLUMNS(heads_parameters),
    .rows = HEADS_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define DECIDE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(DECIDE_IN_ACTION, "action", INT2)                                                                 \
    COLUMN(DECIDE_IN_REASON, "reason", TEXT)                                                                 \
    COLUMN(DECIDE_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(DECIDE_IN_ROW, "row", INT4)                                                                       \
    COLUMN(DECIDE_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(DECIDE_IN_TRANCHE, "tranche", UUID)                                                               \
    COLUMN(DECIDE_IN_VERSION, "version", INT4)
COLUMNS_AFTER(METHOD_WRITE, decide_parameters, DECIDE_PARAMETERS);
const struct statement tranche_decide_statement = {
    .name = "tranche_decide",
    .parameters = COLUMNS(decide_parameters),
    .rows = DECIDE_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

/* ---- heads ---- */

static const Mingce__V1__ProjectHeadsRequest *heads_request(const struct call *call)
{
    return (const Mingce__V1__ProjectHeadsRequest *) call->request;
}

enum reason project_heads_valid(struct call *call)
{
    const Mingce__V1__ProjectHeadsRequest *request = heads_request(call);
    enum reason reason = project_id_valid(call, "project_id", &request->project_id);
    if (reason != REASON_NONE)
        return reason;
    reason = text_reason(request->reason, day_at(call->at_ms));
    if (reason != REASON_NONE)
        return call_refuse(call, "reason", reason);
    reason = batch_begin_most(call, request->n_row, DECISIONS_MOST);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

void project_heads_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ProjectHeadsRequest *request = heads_request(call);
    set_int2(set, HEADS_IN_ACTION, call->method->argument);
    set_uuid(set, HEADS_IN_PROJECT, request->project_id.data);
    set_int4(set, HEADS_IN_VERSION, class_version_of(request->version));
    set_int2(set, HEADS_IN_DEDUCTION,
             (int16_t) (request->has_deduction ? request->deduction : MINGCE__V1__DEDUCTION__DEDUCT_OTHER));
    set_text(set, HEADS_IN_REASON, request->reason);
    set_bool(set, HEADS_IN_FRAUD, request->has_fraud && request->fraud);
    for (size_t i = 0; i < request->n_row; i++) {
        row_note(call, i)->field = "seat";
        row_bind(call, set, HEADS_IN_ROW, i);
        set_int8(set, HEADS_IN_CLASS, class_number_of(request->row[i]->class_number));
        set_int4(set, HEADS_IN_SEAT, class_version_of(request->row[i]->seat));
    }
}

static const char *no_field(enum reason reason)
{
    (void) reason;
    return NULL;
}

enum reason project_heads_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, heads_request(call)->n_row, rows, no_field, out);
}

/* ---- tranches ---- */

static const Mingce__V1__TrancheDecideRequest *decide_request(const struct call *call)
{
    return (const Mingce__V1__TrancheDecideRequest *) call->request;
}

enum reason tranche_decide_valid(struct call *call)
{
    const Mingce__V1__TrancheDecideRequest *request = decide_request(call);
    enum reason reason =
        request->reason == NULL ? REASON_NONE : text_reason(request->reason, day_at(call->at_ms));
    if (reason != REASON_NONE)
        return call_refuse(call, "reason", reason);
    reason = batch_begin_most(call, request->n_row, DECISIONS_MOST);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++) {
        reason = batch_number(call, i, request->row[i]->row);
        if (reason == REASON_NONE)
            reason = project_id_valid(call, "tranche_id", &request->row[i]->tranche_id);
    }
    return reason;
}

void tranche_decide_bind(struct call *call, struct set *set)
{
    const Mingce__V1__TrancheDecideRequest *request = decide_request(call);
    set_int2(set, DECIDE_IN_ACTION, call->method->argument);
    set_text(set, DECIDE_IN_REASON, request->reason);
    for (size_t i = 0; i < request->n_row; i++) {
        row_note(call, i)->field = "tranche_id";
        row_bind(call, set, DECIDE_IN_ROW, i);
        set_uuid(set, DECIDE_IN_TRANCHE, request->row[i]->tranche_id.data);
        set_int4(set, DECIDE_IN_VERSION, class_version_of(request->row[i]->version));
    }
}

static const char *decide_field(enum reason reason)
{
    return reason == REASON_VERSION_DIFFERS ? "version" : reason == REASON_REASON_NEEDED ? "reason" : NULL;
}

enum reason tranche_decide_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, decide_request(call)->n_row, rows, decide_field, out);
}
