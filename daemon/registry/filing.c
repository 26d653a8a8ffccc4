/* SPDX-License-Identifier: Apache-2.0 */
/* Filing and approval of classes (G0): proto/filing.proto, migrations/api/filing.sql. */
#include <endian.h>
#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/class.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/text.h"
#include "proto/filing.pb-c.h"

#define FILE_PARAMETERS(COLUMN)                                                                              \
    COLUMN(FILE_IN_CLASS, "class", INT8)                                                                     \
    COLUMN(FILE_IN_VERSION, "version", INT4)                                                                 \
    COLUMN(FILE_IN_MATERIALS, "materials", TEXT)                                                             \
    COLUMN(FILE_IN_ASSESSMENT_PLAN, "assessment_plan", TEXT)
COLUMNS_AFTER(METHOD_WRITE, file_parameters, FILE_PARAMETERS);
#define FILE_RESULT(COLUMN)                                                                                  \
    COLUMN(FILE_CHANGED, "changed", INT4)                                                                    \
    COLUMN(FILE_VERSION, "version", INT4)                                                                    \
    COLUMN(FILE_DUE_ON, "due_on", DATE)
COLUMNS_AFTER(OUTCOME, file_result, FILE_RESULT);
const struct statement class_file_statement = {
    .name = "class_file",
    .parameters = COLUMNS(file_parameters),
    .result = COLUMNS(file_result),
};

#define DECIDE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(DECIDE_IN_DECISION, "decision", INT2)                                                             \
    COLUMN(DECIDE_IN_REASON, "reason", TEXT)                                                                 \
    COLUMN(DECIDE_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(DECIDE_IN_ROW, "row", INT4)                                                                       \
    COLUMN(DECIDE_IN_ROW_HEAD, "row_head", BYTEA)                                                            \
    COLUMN(DECIDE_IN_CLASS, "class", INT8)                                                                   \
    COLUMN(DECIDE_IN_VERSION, "version", INT4)
COLUMNS_AFTER(METHOD_WRITE, decide_parameters, DECIDE_PARAMETERS);
const struct statement class_decide_statement = {
    .name = "class_decide",
    .parameters = COLUMNS(decide_parameters),
    .rows = DECIDE_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define QUEUE_PARAMETERS(COLUMN)                                                                             \
    COLUMN(QUEUE_IN_AFTER_DAY, "after_day", DATE)                                                            \
    COLUMN(QUEUE_IN_AFTER, "after", INT8)                                                                    \
    COLUMN(QUEUE_IN_PAGE, "page", INT4)                                                                      \
    COLUMN(QUEUE_IN_ORGANISATION, "organisation", TEXT)                                                      \
    COLUMN(QUEUE_IN_OVERDUE, "overdue", BOOL)
COLUMNS_AFTER(METHOD_READ, queue_parameters, QUEUE_PARAMETERS);
const struct statement class_queue_statement = {
    .name = "class_queue",
    .parameters = COLUMNS(queue_parameters),
    .result = COLUMNS_FIRST(CLASS),
};

/* ---- file ---- */

static const Mingce__V1__ClassFileRequest *file_request(const struct call *call)
{
    return (const Mingce__V1__ClassFileRequest *) call->request;
}

/* A text of a filing, which is kept in clear. */
static enum reason said_valid(struct call *call, const char *field, const char *text, enum reason length)
{
    if (!text_fits(text, TEXT_PLAN_CHARACTERS))
        return call_refuse(call, field, length);
    if (text_names(text, day_at(call->at_ms)))
        return call_refuse(call, field, REASON_TEXT_NUMBER);
    return REASON_NONE;
}

enum reason class_file_valid(struct call *call)
{
    const Mingce__V1__ClassFileRequest *request = file_request(call);
    enum reason reason = said_valid(call, "materials", request->materials, REASON_MATERIALS_LENGTH);
    return reason != REASON_NONE
               ? reason
               : said_valid(call, "assessment_plan", request->assessment_plan, REASON_ASSESSMENT_PLAN_LENGTH);
}

void class_file_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClassFileRequest *request = file_request(call);
    set_int8(set, FILE_IN_CLASS, class_number_of(request->number));
    set_int4(set, FILE_IN_VERSION, class_version_of(request->version));
    set_text(set, FILE_IN_MATERIALS, request->materials);
    set_text(set, FILE_IN_ASSESSMENT_PLAN, request->assessment_plan);
}

enum reason class_file_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_VERSION_DIFFERS)
        return class_refuse_changed(call, rows, FILE_CHANGED);
    if (reason == REASON_CLASS_UNKNOWN)
        return call_refuse(call, "number", reason);
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__ClassFileResponse *response = (Mingce__V1__ClassFileResponse *) out;
    response->version = (uint32_t) rows_int4(rows, 0, FILE_VERSION);
    response->due_on = call_day(call, rows_day(rows, 0, FILE_DUE_ON));
    return REASON_NONE;
}

/* ---- approve, return ---- */

static const Mingce__V1__ClassDecideRequest *decide_request(const struct call *call)
{
    return (const Mingce__V1__ClassDecideRequest *) call->request;
}

enum reason class_decide_valid(struct call *call)
{
    const Mingce__V1__ClassDecideRequest *request = decide_request(call);
    enum reason reason =
        request->reason == NULL ? REASON_NONE : text_reason(request->reason, day_at(call->at_ms));
    if (reason != REASON_NONE)
        return call_refuse(call, "reason", reason);
    reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

void class_decide_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClassDecideRequest *request = decide_request(call);
    set_int2(set, DECIDE_IN_DECISION, call->method->argument);
    set_text(set, DECIDE_IN_REASON, request->reason);
    for (size_t i = 0; i < request->n_row; i++) {
        row_note(call, i)->field = "number";
        row_bind(call, set, DECIDE_IN_ROW, i);
        set_int8(set, DECIDE_IN_CLASS, class_number_of(request->row[i]->number));
        set_int4(set, DECIDE_IN_VERSION, class_version_of(request->row[i]->version));
    }
}

static const char *decide_field(enum reason reason)
{
    return reason == REASON_VERSION_DIFFERS ? "version" : reason == REASON_REASON_NEEDED ? "reason" : NULL;
}

enum reason class_decide_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, decide_request(call)->n_row, rows, decide_field, out);
}

/* ---- what waits ---- */

static const Mingce__V1__ClassQueueRequest *queue_request(const struct call *call)
{
    return (const Mingce__V1__ClassQueueRequest *) call->request;
}

enum reason class_queue_valid(struct call *call)
{
    return page_valid_due(call, PAGE(queue_request(call)), sizeof(uint64_t));
}

void class_queue_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClassQueueRequest *request = queue_request(call);
    const uint8_t *after = page_bind_due(set, QUEUE_IN_AFTER_DAY, PAGE(request));
    uint64_t number = 0;
    if (after != NULL)
        memcpy(&number, after, sizeof(number));
    set_int8(set, QUEUE_IN_AFTER, class_number_of(be64toh(number)));
    page_bind(set, QUEUE_IN_PAGE, PAGE(request));
    set_text(set, QUEUE_IN_ORGANISATION, request->organisation_code);
    set_bool(set, QUEUE_IN_OVERDUE, request->has_overdue && request->overdue);
}

enum reason class_queue_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__ClassListResponse *response = (Mingce__V1__ClassListResponse *) out;
    size_t n = PAGE_LIST(call, response, class_, PAGE(queue_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        class_fill(call, response->class_[i], rows, i);
    if (response->has_next) {
        uint64_t number = htobe64(response->class_[n - 1]->number);
        page_next_due(call, rows_day(rows, n - 1, CLASS_DUE_ON), (const uint8_t *) &number, sizeof(number),
                      &response->next);
    }
    return REASON_NONE;
}
