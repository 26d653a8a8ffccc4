/* SPDX-License-Identifier: Apache-2.0 */
/* The papers and videos of projects' settlements, by their digests (E15): proto/material.proto,
 * migrations/api/project_material.sql. */
#include "daemon/registry/methods.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/project.h"
#include "daemon/registry/text.h"
#include "proto/material.pb-c.h"

enum { FILE_DIGEST = 32, TITLE_CHARACTERS = 60 };
#define FILE_BYTES_MOST (UINT64_C(1) << 40)

#define ADD_PARAMETERS(COLUMN)                                                                               \
    COLUMN(ADD_IN_MATERIAL, "material", UUID)                                                                \
    COLUMN(ADD_IN_PROJECT, "project", UUID)                                                                  \
    COLUMN(ADD_IN_KIND, "kind", INT2)                                                                        \
    COLUMN(ADD_IN_FILE_DIGEST, "file_digest", BYTEA)                                                         \
    COLUMN(ADD_IN_FILE_BYTES, "file_bytes", INT8)                                                            \
    COLUMN(ADD_IN_TITLE, "title", TEXT)
COLUMNS_AFTER(METHOD_WRITE, add_parameters, ADD_PARAMETERS);
#define ADD_RESULT(COLUMN)                                                                                   \
    COLUMN(ADD_MATERIAL, "material_id", UUID)                                                                \
    COLUMN(ADD_KEEP_UNTIL, "keep_until", DATE)
COLUMNS_AFTER(OUTCOME, add_result, ADD_RESULT);
const struct statement material_add_statement = {
    .name = "material_add",
    .parameters = COLUMNS(add_parameters),
    .result = COLUMNS(add_result),
};

#define WITHDRAW_PARAMETERS(COLUMN)                                                                          \
    COLUMN(WITHDRAW_IN_MATERIAL, "material", UUID)                                                           \
    COLUMN(WITHDRAW_IN_REASON, "reason", TEXT)
COLUMNS_AFTER(METHOD_WRITE, withdraw_parameters, WITHDRAW_PARAMETERS);
const struct statement material_withdraw_statement = {
    .name = "material_withdraw",
    .parameters = COLUMNS(withdraw_parameters),
    .result = COLUMNS_FIRST(OUTCOME),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_PROJECT, "project", UUID)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(LIST_ID, "material_id", UUID)                                                                     \
    COLUMN(LIST_KIND, "kind", INT2)                                                                          \
    COLUMN(LIST_FILE_DIGEST, "file_digest", BYTEA)                                                           \
    COLUMN(LIST_FILE_BYTES, "file_bytes", INT8)                                                              \
    COLUMN(LIST_TITLE, "title", TEXT)                                                                        \
    COLUMN(LIST_KEEP_UNTIL, "keep_until", DATE)                                                              \
    COLUMN(LIST_RECORDED, "recorded_at_ms", INT8)                                                            \
    COLUMN(LIST_WITHDRAWN, "withdrawn_reason", TEXT)                                                         \
    COLUMN(LIST_RECORDER, "recorder_id", UUID)                                                               \
    COLUMN(LIST_RECORDER_SEALED, "recorder_sealed", BYTEA)                                                   \
    COLUMN(LIST_ORGANISATION, "organisation_name", TEXT)                                                     \
    COLUMN(LIST_WITHDRAWER, "withdrawer_id", UUID)                                                           \
    COLUMN(LIST_WITHDRAWER_SEALED, "withdrawer_sealed", BYTEA)                                               \
    COLUMN(LIST_WITHDRAWN_AT, "withdrawn_at_ms", INT8)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement material_list_statement = {
    .name = "material_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- add ---- */

static const Mingce__V1__MaterialAddRequest *add_request(const struct call *call)
{
    return (const Mingce__V1__MaterialAddRequest *) call->request;
}

enum reason material_add_valid(struct call *call)
{
    const Mingce__V1__MaterialAddRequest *request = add_request(call);
    enum reason reason = project_id_valid(call, "project_id", &request->project_id);
    if (reason != REASON_NONE)
        return reason;
    if (request->file_digest.len != FILE_DIGEST)
        return call_refuse(call, "file_digest", REASON_IDENTIFIER_LENGTH);
    if (request->file_bytes < 1 || request->file_bytes > FILE_BYTES_MOST)
        return call_refuse(call, "file_bytes", REASON_MATERIAL_BYTES);
    if (!text_fits(request->title, TITLE_CHARACTERS) || text_names(request->title, day_at(call->at_ms)))
        return call_refuse(call, "material_title", REASON_MATERIAL_TITLE);
    return REASON_NONE;
}

void material_add_bind(struct call *call, struct set *set)
{
    const Mingce__V1__MaterialAddRequest *request = add_request(call);
    uint8_t id[PROJECT_ID];
    crypto_uuid(id);
    set_uuid(set, ADD_IN_MATERIAL, id);
    set_uuid(set, ADD_IN_PROJECT, request->project_id.data);
    set_int2(set, ADD_IN_KIND, (int16_t) request->kind);
    set_bytes(set, ADD_IN_FILE_DIGEST, request->file_digest.data, request->file_digest.len);
    set_int8(set, ADD_IN_FILE_BYTES, (int64_t) request->file_bytes);
    set_text(set, ADD_IN_TITLE, request->title);
}

enum reason material_add_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__MaterialAddResponse *response = (Mingce__V1__MaterialAddResponse *) out;
    enum reason reason = outcome_of(rows);
    if (reason == REASON_PROJECT_UNKNOWN)
        return call_refuse(call, "project_id", reason);
    if (reason != REASON_NONE)
        return reason;
    call_bytes(call, &response->material_id, rows_uuid(rows, 0, ADD_MATERIAL), PROJECT_ID);
    response->keep_until = call_day(call, rows_day(rows, 0, ADD_KEEP_UNTIL));
    return REASON_NONE;
}

/* ---- withdraw ---- */

static const Mingce__V1__MaterialWithdrawRequest *withdraw_request(const struct call *call)
{
    return (const Mingce__V1__MaterialWithdrawRequest *) call->request;
}

enum reason material_withdraw_valid(struct call *call)
{
    const Mingce__V1__MaterialWithdrawRequest *request = withdraw_request(call);
    enum reason reason = project_id_valid(call, "material_id", &request->material_id);
    if (reason != REASON_NONE)
        return reason;
    reason = text_reason(request->reason, day_at(call->at_ms));
    return reason == REASON_NONE ? REASON_NONE : call_refuse(call, "reason", reason);
}

void material_withdraw_bind(struct call *call, struct set *set)
{
    set_uuid(set, WITHDRAW_IN_MATERIAL, withdraw_request(call)->material_id.data);
    set_text(set, WITHDRAW_IN_REASON, withdraw_request(call)->reason);
}

enum reason material_withdraw_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    (void) out;
    enum reason reason = outcome_of(rows);
    return reason == REASON_MATERIAL_UNKNOWN ? call_refuse(call, "material_id", reason) : reason;
}

/* ---- list ---- */

static const Mingce__V1__MaterialListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__MaterialListRequest *) call->request;
}

enum reason material_list_valid(struct call *call)
{
    enum reason reason = page_valid_id(call, PAGE(list_request(call)));
    return reason != REASON_NONE ? reason
                                 : project_id_valid(call, "project_id", &list_request(call)->project_id);
}

void material_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__MaterialListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_uuid(set, LIST_IN_PROJECT, request->project_id.data);
}

static void material_fill(struct call *call, Mingce__V1__Material *to, const struct rows *rows, size_t row)
{
    size_t n;
    mingce__v1__material__init(to);
    call_bytes(call, &to->material_id, rows_uuid(rows, row, LIST_ID), PROJECT_ID);
    to->kind = (Mingce__V1__MaterialKind) rows_int2(rows, row, LIST_KIND);
    const uint8_t *digest = rows_bytes(rows, row, LIST_FILE_DIGEST, &n);
    call_bytes(call, &to->file_digest, digest, n);
    to->file_bytes = (uint64_t) rows_int8(rows, row, LIST_FILE_BYTES);
    to->title = unconst(rows_text(rows, row, LIST_TITLE));
    to->keep_until = call_day(call, rows_day(rows, row, LIST_KEEP_UNTIL));
    to->recorded_at_ms = rows_int8(rows, row, LIST_RECORDED);
    to->recorded_by =
        operator_name_masked(call, rows_uuid(rows, row, LIST_RECORDER), rows, row, LIST_RECORDER_SEALED);
    to->organisation_name = unconst(rows_text(rows, row, LIST_ORGANISATION));
    to->withdrawn_reason = unconst(rows_text(rows, row, LIST_WITHDRAWN));
    to->has_withdrawn_at_ms = !rows_null(rows, row, LIST_WITHDRAWN_AT);
    if (!to->has_withdrawn_at_ms)
        return;
    to->withdrawn_at_ms = rows_int8(rows, row, LIST_WITHDRAWN_AT);
    to->withdrawn_by =
        operator_name_masked(call, rows_uuid(rows, row, LIST_WITHDRAWER), rows, row, LIST_WITHDRAWER_SEALED);
}

enum reason material_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__MaterialListResponse *response = (Mingce__V1__MaterialListResponse *) out;
    enum reason reason =
        rows_count(rows) == 0 ? REASON_NONE : outcome_reason(rows_int2(rows, 0, LIST_OUTCOME));
    if (reason != REASON_NONE)
        return call_refuse(call, "project_id", reason);
    size_t n = PAGE_LIST(call, response, material, PAGE(list_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        material_fill(call, response->material[i], rows, i);
    if (response->has_next)
        response->next = response->material[n - 1]->material_id;
    return REASON_NONE;
}
