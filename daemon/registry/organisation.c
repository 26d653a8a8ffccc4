/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations: proto/organisation.proto, migrations/api/organisation.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/page.h"
#include "proto/organisation.pb-c.h"

/* Of organisation_list; organisation_show has more. */
#define ORGANISATION_RESULT(COLUMN)                                                                          \
    COLUMN(ORGANISATION_CODE, "code", TEXT)                                                                  \
    COLUMN(ORGANISATION_NAME, "name", TEXT)                                                                  \
    COLUMN(ORGANISATION_KIND, "kind", INT2)                                                                  \
    COLUMN(ORGANISATION_DIVISION, "division", TEXT)                                                          \
    COLUMN(ORGANISATION_STATUS, "status", INT2)                                                              \
    COLUMN(ORGANISATION_OVERRIDE, "code_override", TEXT)                                                     \
    COLUMN(ORGANISATION_VERSION, "version", INT4)                                                            \
    COLUMN(ORGANISATION_OCCUPATION, "occupation_code", TEXT)                                                 \
    COLUMN(ORGANISATION_OCCUPATION_NAME, "occupation_name", TEXT)                                            \
    COLUMN(ORGANISATION_LEVEL, "level", INT2)                                                                \
    COLUMN(ORGANISATION_FROM, "valid_from", DATE)                                                            \
    COLUMN(ORGANISATION_TO, "valid_to", DATE)
COLUMNS_AFTER(RESULT, organisation_result, ORGANISATION_RESULT);

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_AFTER, "after", TEXT)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
const struct statement organisation_list_statement = {
    .name = "organisation_list",
    .parameters = COLUMNS(list_parameters),
    .result = {organisation_result, ORGANISATION_OVERRIDE},
};

#define SHOW_PARAMETERS(COLUMN) COLUMN(SHOW_IN_CODE, "code", TEXT)
COLUMNS_AFTER(METHOD_READ, show_parameters, SHOW_PARAMETERS);
const struct statement organisation_show_statement = {
    .name = "organisation_show",
    .parameters = COLUMNS(show_parameters),
    .result = COLUMNS(organisation_result),
};

/* The texts stay in the result, which outlives the packing of the response. */
static void organisation_fill(Mingce__V1__Organisation *organisation, const struct rows *rows, size_t row)
{
    mingce__v1__organisation__init(organisation);
    organisation->code = unconst(rows_text(rows, row, ORGANISATION_CODE));
    organisation->name = unconst(rows_text(rows, row, ORGANISATION_NAME));
    organisation->kind = (Mingce__V1__OrganisationKind) rows_int2(rows, row, ORGANISATION_KIND);
    organisation->division = unconst(rows_text(rows, row, ORGANISATION_DIVISION));
    organisation->status = (Mingce__V1__OrganisationStatus) rows_int2(rows, row, ORGANISATION_STATUS);
}

static const Mingce__V1__OrganisationListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__OrganisationListRequest *) call->request;
}

enum reason organisation_list_valid(struct call *call)
{
    const Mingce__V1__OrganisationListRequest *request = list_request(call);
    return page_valid_text(call, PAGE(request));
}

void organisation_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__OrganisationListRequest *request = list_request(call);
    page_bind_text(set, LIST_IN_AFTER, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
}

enum reason organisation_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__OrganisationListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__OrganisationListResponse *response = (Mingce__V1__OrganisationListResponse *) out;
    size_t n = PAGE_LIST(call, response, organisation, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        organisation_fill(response->organisation[i], rows, i);
    if (response->has_next)
        page_next_text(call, response->organisation[n - 1]->code, &response->next);
    return REASON_NONE;
}

static const Mingce__V1__OrganisationShowRequest *show_request(const struct call *call)
{
    return (const Mingce__V1__OrganisationShowRequest *) call->request;
}

enum reason organisation_show_valid(struct call *call)
{
    return strlen(show_request(call)->code) == 18 ? REASON_NONE
                                                  : call_refuse(call, "code", REASON_CREDIT_CODE_LENGTH);
}

void organisation_show_bind(struct call *call, struct set *set)
{
    set_text(set, SHOW_IN_CODE, show_request(call)->code);
}

static void scope_fill(struct call *call, Mingce__V1__Scope *scope, const struct rows *rows, size_t row)
{
    mingce__v1__scope__init(scope);
    scope->occupation_code = unconst(rows_text(rows, row, ORGANISATION_OCCUPATION));
    scope->occupation_name = unconst(rows_text(rows, row, ORGANISATION_OCCUPATION_NAME));
    scope->level = (Mingce__V1__SkillLevel) rows_int2(rows, row, ORGANISATION_LEVEL);
    scope->valid_from = call_day(call, rows_day(rows, row, ORGANISATION_FROM));
    scope->valid_to = call_day(call, rows_day(rows, row, ORGANISATION_TO));
}

enum reason organisation_show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    size_t n = rows_count(rows);
    if (n == 0)
        return call_refuse(call, "code", REASON_ORGANISATION_UNKNOWN);
    Mingce__V1__OrganisationShowResponse *response = (Mingce__V1__OrganisationShowResponse *) out;
    response->organisation = arena_alloc(call->arena, sizeof(*response->organisation));
    if (response->organisation != NULL)
        organisation_fill(response->organisation, rows, 0);
    response->code_override = unconst(rows_text(rows, 0, ORGANISATION_OVERRIDE));
    response->version = (uint32_t) rows_int4(rows, 0, ORGANISATION_VERSION);
    while (n > 0 && rows_null(rows, n - 1, ORGANISATION_OCCUPATION))
        n--; /* an organisation without scope has one row */
    n = CALL_LIST(call, response, scope, n);
    for (size_t i = 0; i < n; i++)
        scope_fill(call, response->scope[i], rows, i);
    return REASON_NONE;
}
