/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogues as documents: drafting them, their steps, and listing them. */
#include "daemon/registry/catalogue.h"
#include "daemon/registry/methods.h"

#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "daemon/registry/text.h"
#include "proto/rules/codes.h"

#define DRAFT_PARAMETERS(COLUMN)                                                                             \
    COLUMN(DRAFT_IN_CATALOGUE, "catalogue", UUID)                                                            \
    COLUMN(DRAFT_IN_KIND, "kind", INT2)                                                                      \
    COLUMN(DRAFT_IN_TITLE, "title", TEXT)                                                                    \
    COLUMN(DRAFT_IN_CITATION, "citation", TEXT)
COLUMNS_AFTER(METHOD_WRITE, draft_parameters, DRAFT_PARAMETERS);
#define DRAFT_RESULT(COLUMN) COLUMN(DRAFT_ID, "catalogue_id", UUID)
COLUMNS_AFTER(OUTCOME, draft_result, DRAFT_RESULT);
const struct statement catalogue_draft_statement = {
    .name = "catalogue_draft",
    .parameters = COLUMNS(draft_parameters),
    .result = COLUMNS(draft_result),
};

#define STEP_PARAMETERS(COLUMN)                                                                              \
    COLUMN(STEP_IN_STATE, "state", INT2)                                                                     \
    COLUMN(STEP_IN_CATALOGUE, "catalogue", UUID)                                                             \
    COLUMN(STEP_IN_CONSULTED, "consulted", TEXT)                                                             \
    COLUMN(STEP_IN_FROM, "valid_from", DATE)                                                                 \
    COLUMN(STEP_IN_TO, "valid_to", DATE)                                                                     \
    COLUMN(STEP_IN_REASON, "reason", TEXT)
COLUMNS_AFTER(METHOD_WRITE, step_parameters, STEP_PARAMETERS);
#define STEP_RESULT(COLUMN)                                                                                  \
    COLUMN(STEP_DIGEST, "document_digest", BYTEA)                                                            \
    COLUMN(STEP_VERSION, "version", INT4)
COLUMNS_AFTER(OUTCOME, step_result, STEP_RESULT);
const struct statement catalogue_step_statement = {
    .name = "catalogue_step",
    .parameters = COLUMNS(step_parameters),
    .result = COLUMNS(step_result),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_PENDING, "pending", BOOL)                                                                 \
    COLUMN(LIST_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(LIST_IN_KIND, "kind", INT2)                                                                       \
    COLUMN(LIST_IN_DAY, "day", DATE)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
const struct statement catalogue_list_statement = {
    .name = "catalogue_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS_FIRST(CATALOGUE),
};

enum reason catalogue_id_valid(struct call *call, const char *field, const ProtobufCBinaryData *id)
{
    return id->len == CATALOGUE_ID ? REASON_NONE : call_refuse(call, field, REASON_IDENTIFIER_LENGTH);
}

enum reason catalogue_kind_valid(struct call *call, uint32_t kind)
{
    return kind <= UINT8_MAX && code_name(CODES_CATALOGUE_KIND, (uint8_t) kind) != NULL
               ? REASON_NONE
               : call_refuse(call, "kind", REASON_CATALOGUE_KIND_UNKNOWN);
}

/* ---- draft ---- */

static const Mingce__V1__CatalogueDraftRequest *draft_request(const struct call *call)
{
    return (const Mingce__V1__CatalogueDraftRequest *) call->request;
}

enum reason catalogue_draft_valid(struct call *call)
{
    const Mingce__V1__CatalogueDraftRequest *request = draft_request(call);
    if (!text_fits(request->title, TEXT_NAME_CHARACTERS))
        return call_refuse(call, "title", REASON_TITLE_LENGTH);
    if (!text_fits(request->citation, PROPOSAL_CITATION_CHARACTERS))
        return call_refuse(call, "citation", REASON_CITATION_LENGTH);
    if (text_names(request->title, day_at(call->at_ms)))
        return call_refuse(call, "title", REASON_REASON_NUMBER);
    if (text_names(request->citation, day_at(call->at_ms)))
        return call_refuse(call, "citation", REASON_REASON_NUMBER);
    return catalogue_kind_valid(call, request->kind);
}

void catalogue_draft_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CatalogueDraftRequest *request = draft_request(call);
    uint8_t id[CATALOGUE_ID];
    crypto_uuid(id);
    set_uuid(set, DRAFT_IN_CATALOGUE, id);
    set_int2(set, DRAFT_IN_KIND, (int16_t) request->kind);
    set_text(set, DRAFT_IN_TITLE, request->title);
    set_text(set, DRAFT_IN_CITATION, request->citation);
}

enum reason catalogue_draft_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason == REASON_CATALOGUE_COUNTY)
        return call_refuse(call, "kind", reason);
    if (reason == REASON_NONE)
        call_bytes(call, &((Mingce__V1__CatalogueDraftResponse *) out)->catalogue_id,
                   rows_uuid(rows, 0, DRAFT_ID), CATALOGUE_ID);
    return reason;
}

/* ---- consult, approve, publish, withdraw ---- */

static const Mingce__V1__CatalogueStepRequest *step_request(const struct call *call)
{
    return (const Mingce__V1__CatalogueStepRequest *) call->request;
}

static enum reason said_valid(struct call *call, const char *field, const char *said)
{
    enum reason reason = said == NULL ? REASON_REASON_LENGTH : text_reason(said, day_at(call->at_ms));
    return reason == REASON_NONE ? REASON_NONE : call_refuse(call, field, reason);
}

static enum reason period_valid(struct call *call, const char *from, const char *to)
{
    const char *field;
    enum reason reason = proposal_period_fits(from == NULL ? "" : from, to, &field);
    return reason == REASON_NONE ? REASON_NONE : call_refuse(call, field, reason);
}

enum reason catalogue_step_valid(struct call *call)
{
    const Mingce__V1__CatalogueStepRequest *request = step_request(call);
    enum reason reason = catalogue_id_valid(call, "catalogue_id", &request->catalogue_id);
    if (reason != REASON_NONE)
        return reason;
    switch (call->method->argument) {
    case MINGCE__V1__CATALOGUE_STATE__CATALOGUE_CONSULTED:
        return said_valid(call, "consulted", request->consulted);
    case MINGCE__V1__CATALOGUE_STATE__CATALOGUE_PUBLISHED:
        return period_valid(call, request->valid_from, request->valid_to);
    case MINGCE__V1__CATALOGUE_STATE__CATALOGUE_WITHDRAWN:
        return said_valid(call, "reason", request->reason);
    default:
        return REASON_NONE;
    }
}

/* A day that another step may have been given is not looked at: it may be none. */
static day day_said(const char *text)
{
    return text == NULL ? DAY_NONE : day_parse(text);
}

void catalogue_step_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CatalogueStepRequest *request = step_request(call);
    set_int2(set, STEP_IN_STATE, call->method->argument);
    set_uuid(set, STEP_IN_CATALOGUE, request->catalogue_id.data);
    set_text(set, STEP_IN_CONSULTED, request->consulted);
    set_day(set, STEP_IN_FROM, day_said(request->valid_from));
    set_day(set, STEP_IN_TO, day_said(request->valid_to));
    set_text(set, STEP_IN_REASON, request->reason);
}

static const char *step_field(enum reason reason)
{
    switch (reason) {
    case REASON_CATALOGUE_LATER:
    case REASON_CATALOGUE_PAST:
        return "valid_from";
    case REASON_CATALOGUE_UNKNOWN:
        return "catalogue_id";
    default:
        return NULL;
    }
}

enum reason catalogue_step_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = outcome_of(rows);
    if (reason != REASON_NONE)
        return step_field(reason) == NULL ? reason : call_refuse(call, step_field(reason), reason);
    Mingce__V1__CatalogueStepResponse *response = (Mingce__V1__CatalogueStepResponse *) out;
    response->state = (Mingce__V1__CatalogueState) call->method->argument;
    response->has_document_digest = !rows_null(rows, 0, STEP_DIGEST);
    if (response->has_document_digest) {
        size_t n;
        const uint8_t *digest = rows_bytes(rows, 0, STEP_DIGEST, &n);
        call_bytes(call, &response->document_digest, digest, n);
    }
    response->has_version = !rows_null(rows, 0, STEP_VERSION);
    if (response->has_version)
        response->version = (uint32_t) rows_int4(rows, 0, STEP_VERSION);
    return REASON_NONE;
}

/* ---- list ---- */

static const Mingce__V1__CatalogueListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__CatalogueListRequest *) call->request;
}

enum reason catalogue_list_valid(struct call *call)
{
    const Mingce__V1__CatalogueListRequest *request = list_request(call);
    enum reason reason = page_valid_id(call, PAGE(request));
    if (reason == REASON_NONE && request->has_kind)
        reason = catalogue_kind_valid(call, request->kind);
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, request->day, request->division);
}

void catalogue_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CatalogueListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    if (request->has_pending)
        set_bool(set, LIST_IN_PENDING, request->pending);
    else
        set_null(set, LIST_IN_PENDING);
    set_text(set, LIST_IN_DIVISION, request->division);
    if (request->has_kind)
        set_int2(set, LIST_IN_KIND, (int16_t) request->kind);
    else
        set_null(set, LIST_IN_KIND);
    set_day(set, LIST_IN_DAY, day_said(request->day));
}

static void ms_fill(const struct rows *rows, size_t row, size_t column, protobuf_c_boolean *has, int64_t *ms)
{
    *has = !rows_null(rows, row, column);
    if (*has)
        *ms = rows_int8(rows, row, column);
}

void catalogue_fill(struct call *call, Mingce__V1__Catalogue *to, const struct rows *rows, size_t row)
{
    size_t n;
    mingce__v1__catalogue__init(to);
    call_bytes(call, &to->catalogue_id, rows_uuid(rows, row, CATALOGUE_CATALOGUE_ID), CATALOGUE_ID);
    to->division = unconst(rows_text(rows, row, CATALOGUE_DIVISION));
    to->kind = (uint32_t) rows_int2(rows, row, CATALOGUE_KIND);
    to->kind_name = unconst(rows_text(rows, row, CATALOGUE_KIND_NAME));
    to->plan = (Mingce__V1__CataloguePlan) rows_int2(rows, row, CATALOGUE_PLAN);
    to->title = unconst(rows_text(rows, row, CATALOGUE_TITLE));
    to->citation = unconst(rows_text(rows, row, CATALOGUE_CITATION));
    to->state = (Mingce__V1__CatalogueState) rows_int2(rows, row, CATALOGUE_STATE);
    to->rows = (uint32_t) rows_int4(rows, row, CATALOGUE_ROWS);
    to->has_document_digest = !rows_null(rows, row, CATALOGUE_DIGEST);
    if (to->has_document_digest) {
        const uint8_t *digest = rows_bytes(rows, row, CATALOGUE_DIGEST, &n);
        call_bytes(call, &to->document_digest, digest, n);
    }
    to->has_version = !rows_null(rows, row, CATALOGUE_VERSION);
    if (to->has_version)
        to->version = (uint32_t) rows_int4(rows, row, CATALOGUE_VERSION);
    to->valid_from = call_day(call, rows_day(rows, row, CATALOGUE_FROM));
    to->valid_to = call_day(call, rows_day(rows, row, CATALOGUE_TO));
    to->drafted_ms = rows_int8(rows, row, CATALOGUE_DRAFTED);
    to->consulted = unconst(rows_text(rows, row, CATALOGUE_CONSULTED));
    to->reason = unconst(rows_text(rows, row, CATALOGUE_REASON));
    ms_fill(rows, row, CATALOGUE_CONSULTED_MS, &to->has_consulted_ms, &to->consulted_ms);
    ms_fill(rows, row, CATALOGUE_APPROVED_MS, &to->has_approved_ms, &to->approved_ms);
    ms_fill(rows, row, CATALOGUE_PUBLISHED_MS, &to->has_published_ms, &to->published_ms);
    ms_fill(rows, row, CATALOGUE_WITHDRAWN_MS, &to->has_withdrawn_ms, &to->withdrawn_ms);
}

enum reason catalogue_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__CatalogueListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__CatalogueListResponse *response = (Mingce__V1__CatalogueListResponse *) out;
    size_t n = PAGE_LIST(call, response, catalogue, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        catalogue_fill(call, response->catalogue[i], rows, i);
    if (response->has_next)
        response->next = response->catalogue[n - 1]->catalogue_id;
    return REASON_NONE;
}
