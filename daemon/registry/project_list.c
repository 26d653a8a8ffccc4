/* SPDX-License-Identifier: Apache-2.0 */
/* Heads and tranches of projects are listed (E5, E8, E14). */
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/project.h"

#define HEADS_PARAMETERS(COLUMN)                                                                             \
    COLUMN(HEADS_IN_AFTER, "after", INT8)                                                                    \
    COLUMN(HEADS_IN_PAGE, "page", INT4)                                                                      \
    COLUMN(HEADS_IN_PROJECT, "project", UUID)                                                                \
    COLUMN(HEADS_IN_COUNTED, "counted", BOOL)
COLUMNS_AFTER(METHOD_READ, heads_parameters, HEADS_PARAMETERS);
#define HEADS_RESULT(COLUMN)                                                                                 \
    COLUMN(HEADS_OUTCOME, "outcome", INT2)                                                                   \
    COLUMN(HEAD_PLACE, "place", INT8)                                                                        \
    COLUMN(HEAD_CLASS, "class_number", INT8)                                                                 \
    COLUMN(HEAD_SEAT, "seat", INT4)                                                                          \
    COLUMN(HEAD_RESULT, "result", INT2)                                                                      \
    COLUMN(HEAD_COUNTED, "counted", BOOL)                                                                    \
    COLUMN(HEAD_DEDUCTION, "deduction", INT2)                                                                \
    COLUMN(HEAD_REASON, "reason", TEXT)                                                                      \
    COLUMN(HEAD_FRAUD, "fraud", BOOL)                                                                        \
    COLUMN(HEAD_SHARE, "share_fen", INT8)                                                                    \
    COLUMN(HEAD_RUN, "run", INT4)                                                                            \
    COLUMN(HEAD_EMPLOYED, "employed", BOOL)                                                                  \
    COLUMN(HEAD_UNMET, "unmet", INT2)                                                                        \
    COLUMN(HEAD_EVENT_ON, "event_on", DATE)
COLUMNS_AFTER(RESULT, heads_result, HEADS_RESULT);
const struct statement project_head_list_statement = {
    .name = "project_head_list",
    .parameters = COLUMNS(heads_parameters),
    .result = COLUMNS(heads_result),
};

#define TRANCHES_PARAMETERS(COLUMN)                                                                          \
    COLUMN(TRANCHES_IN_BEFORE, "before", UUID)                                                               \
    COLUMN(TRANCHES_IN_PAGE, "page", INT4)                                                                   \
    COLUMN(TRANCHES_IN_PROJECT, "project", UUID)                                                             \
    COLUMN(TRANCHES_IN_STATE, "state", INT2)
COLUMNS_AFTER(METHOD_READ, tranches_parameters, TRANCHES_PARAMETERS);
#define TRANCHES_RESULT(COLUMN)                                                                              \
    COLUMN(TRANCHE_ID, "tranche_id", UUID)                                                                   \
    COLUMN(TRANCHE_PROJECT, "project_id", UUID)                                                              \
    COLUMN(TRANCHE_PROJECT_NAME, "project_name", TEXT)                                                       \
    COLUMN(TRANCHE_KIND, "kind", INT2)                                                                       \
    COLUMN(TRANCHE_CLASS, "class_number", INT8)                                                              \
    COLUMN(TRANCHE_SEAT, "seat", INT4)                                                                       \
    COLUMN(TRANCHE_RUN, "run", INT4)                                                                         \
    COLUMN(TRANCHE_ORGANISATION, "organisation_name", TEXT)                                                  \
    COLUMN(TRANCHE_AMOUNT, "amount_fen", INT8)                                                               \
    COLUMN(TRANCHE_RECOVERED, "recovered_fen", INT8)                                                         \
    COLUMN(TRANCHE_STATE, "state", INT2)                                                                     \
    COLUMN(TRANCHE_VERSION, "version", INT4)                                                                 \
    COLUMN(TRANCHE_SUBMITTED, "submitted_at_ms", INT8)
COLUMNS_AFTER(RESULT, tranches_result, TRANCHES_RESULT);
const struct statement tranche_list_statement = {
    .name = "tranche_list",
    .parameters = COLUMNS(tranches_parameters),
    .result = COLUMNS(tranches_result),
};

/* ---- heads ---- */

static const Mingce__V1__ProjectHeadListRequest *heads_request(const struct call *call)
{
    return (const Mingce__V1__ProjectHeadListRequest *) call->request;
}

enum reason project_head_list_valid(struct call *call)
{
    enum reason reason = page_valid_number(call, PAGE(heads_request(call)));
    return reason != REASON_NONE ? reason
                                 : project_id_valid(call, "project_id", &heads_request(call)->project_id);
}

void project_head_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ProjectHeadListRequest *request = heads_request(call);
    set_int8(set, HEADS_IN_AFTER, page_number(PAGE(request), 0));
    page_bind(set, HEADS_IN_PAGE, PAGE(request));
    set_uuid(set, HEADS_IN_PROJECT, request->project_id.data);
    if (request->has_counted)
        set_bool(set, HEADS_IN_COUNTED, request->counted);
    else
        set_null(set, HEADS_IN_COUNTED);
}

static void head_fill(struct call *call, Mingce__V1__ProjectHead *to, const struct rows *rows, size_t row)
{
    mingce__v1__project_head__init(to);
    to->class_number = (uint64_t) rows_int8(rows, row, HEAD_CLASS);
    to->seat = (uint32_t) rows_int4(rows, row, HEAD_SEAT);
    to->result = (Mingce__V1__TrainingResult) rows_int2(rows, row, HEAD_RESULT);
    to->counted = rows_bool(rows, row, HEAD_COUNTED);
    to->has_deduction = !rows_null(rows, row, HEAD_DEDUCTION);
    if (to->has_deduction)
        to->deduction = (Mingce__V1__Deduction) rows_int2(rows, row, HEAD_DEDUCTION);
    to->reason = unconst(rows_text(rows, row, HEAD_REASON));
    to->has_fraud = !rows_null(rows, row, HEAD_FRAUD);
    to->fraud = to->has_fraud && rows_bool(rows, row, HEAD_FRAUD);
    to->share_fen = rows_int8(rows, row, HEAD_SHARE);
    to->has_run = project_number(rows, row, HEAD_RUN, &to->run);
    to->employed = rows_bool(rows, row, HEAD_EMPLOYED);
    to->has_unmet = !rows_null(rows, row, HEAD_UNMET);
    if (to->has_unmet)
        to->unmet = (Mingce__V1__EvidenceUnmet) rows_int2(rows, row, HEAD_UNMET);
    to->event_on = call_day(call, rows_day(rows, row, HEAD_EVENT_ON));
}

enum reason project_head_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__ProjectHeadListResponse *response = (Mingce__V1__ProjectHeadListResponse *) out;
    enum reason reason =
        rows_count(rows) == 0 ? REASON_NONE : outcome_reason(rows_int2(rows, 0, HEADS_OUTCOME));
    if (reason != REASON_NONE)
        return call_refuse(call, "project_id", reason);
    size_t n = PAGE_LIST(call, response, head, PAGE(heads_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        head_fill(call, response->head[i], rows, i);
    if (response->has_next)
        page_next_number(call, rows_int8(rows, n - 1, HEAD_PLACE), &response->next);
    return REASON_NONE;
}

/* ---- tranches ---- */

static const Mingce__V1__TrancheListRequest *tranches_request(const struct call *call)
{
    return (const Mingce__V1__TrancheListRequest *) call->request;
}

enum reason tranche_list_valid(struct call *call)
{
    const Mingce__V1__TrancheListRequest *request = tranches_request(call);
    enum reason reason = page_valid_id(call, PAGE(request));
    if (reason == REASON_NONE && request->has_project_id)
        reason = project_id_valid(call, "project_id", &request->project_id);
    return reason;
}

void tranche_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__TrancheListRequest *request = tranches_request(call);
    page_bind_id(set, TRANCHES_IN_BEFORE, PAGE(request));
    page_bind(set, TRANCHES_IN_PAGE, PAGE(request));
    if (request->has_project_id)
        set_uuid(set, TRANCHES_IN_PROJECT, request->project_id.data);
    else
        set_null(set, TRANCHES_IN_PROJECT);
    if (request->has_state)
        set_int2(set, TRANCHES_IN_STATE, (int16_t) request->state);
    else
        set_null(set, TRANCHES_IN_STATE);
}

static void tranche_fill(struct call *call, Mingce__V1__Tranche *to, const struct rows *rows, size_t row)
{
    mingce__v1__tranche__init(to);
    call_bytes(call, &to->tranche_id, rows_uuid(rows, row, TRANCHE_ID), PROJECT_ID);
    call_bytes(call, &to->project_id, rows_uuid(rows, row, TRANCHE_PROJECT), PROJECT_ID);
    to->project_name = unconst(rows_text(rows, row, TRANCHE_PROJECT_NAME));
    to->kind = (Mingce__V1__TrancheKind) rows_int2(rows, row, TRANCHE_KIND);
    to->has_class_number = !rows_null(rows, row, TRANCHE_CLASS);
    if (to->has_class_number)
        to->class_number = (uint64_t) rows_int8(rows, row, TRANCHE_CLASS);
    to->has_seat = project_number(rows, row, TRANCHE_SEAT, &to->seat);
    to->has_run = project_number(rows, row, TRANCHE_RUN, &to->run);
    to->organisation_name = unconst(rows_text(rows, row, TRANCHE_ORGANISATION));
    to->amount_fen = rows_int8(rows, row, TRANCHE_AMOUNT);
    to->recovered_fen = rows_int8(rows, row, TRANCHE_RECOVERED);
    to->state = (Mingce__V1__ClaimState) rows_int2(rows, row, TRANCHE_STATE);
    to->version = (uint32_t) rows_int4(rows, row, TRANCHE_VERSION);
    to->submitted_at_ms = rows_int8(rows, row, TRANCHE_SUBMITTED);
}

enum reason tranche_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__TrancheListResponse *response = (Mingce__V1__TrancheListResponse *) out;
    size_t n = PAGE_LIST(call, response, tranche, PAGE(tranches_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        tranche_fill(call, response->tranche[i], rows, i);
    if (response->has_next)
        response->next = response->tranche[n - 1]->tranche_id;
    return REASON_NONE;
}
