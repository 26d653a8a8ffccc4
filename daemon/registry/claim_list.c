/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of claims: newest first, what waits, what is publicised. */
#include <string.h>

#include "daemon/registry/certificate.h"
#include "daemon/registry/claim.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/page.h"
#include "daemon/registry/person.h"

enum { ID = 16, DIVISION = 6 };

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_ORGANISATION, "organisation", TEXT)                                                       \
    COLUMN(LIST_IN_CLASS, "class", INT8)                                                                     \
    COLUMN(LIST_IN_STATE, "state", INT2)                                                                     \
    COLUMN(LIST_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
const struct statement claim_list_statement = {
    .name = "claim_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS_FIRST(CLAIM),
};

#define QUEUE_PARAMETERS(COLUMN)                                                                             \
    COLUMN(QUEUE_IN_AFTER_DAY, "after_day", DATE)                                                            \
    COLUMN(QUEUE_IN_AFTER, "after", UUID)                                                                    \
    COLUMN(QUEUE_IN_PAGE, "page", INT4)                                                                      \
    COLUMN(QUEUE_IN_STATE, "state", INT2)                                                                    \
    COLUMN(QUEUE_IN_ORGANISATION, "organisation", TEXT)                                                      \
    COLUMN(QUEUE_IN_CLASS, "class", INT8)                                                                    \
    COLUMN(QUEUE_IN_LEAST, "least", INT8)                                                                    \
    COLUMN(QUEUE_IN_MOST, "most", INT8)                                                                      \
    COLUMN(QUEUE_IN_OVERDUE, "overdue", BOOL)                                                                \
    COLUMN(QUEUE_IN_PUBLIC, "public", TEXT)                                                                  \
    COLUMN(QUEUE_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, queue_parameters, QUEUE_PARAMETERS);
const struct statement claim_queue_statement = {
    .name = "claim_queue",
    .parameters = COLUMNS(queue_parameters),
    .result = COLUMNS_FIRST(CLAIM),
};

static const struct certificate_columns certificate_columns = {
    .id = CLAIM_CERTIFICATE, .sealed = CLAIM_CERTIFICATE_SEALED, .kind = CLAIM_CERTIFICATE_KIND};

void claim_fill(struct call *call, Mingce__V1__Claim *out, const struct rows *rows, size_t row,
                enum claim_shown shown)
{
    mingce__v1__claim__init(out);
    out->version = (uint32_t) rows_int4(rows, row, CLAIM_VERSION);
    out->state = (Mingce__V1__ClaimState) rows_int2(rows, row, CLAIM_STATE);
    out->route = (Mingce__V1__ClaimRoute) rows_int2(rows, row, CLAIM_ROUTE);
    out->organisation_name = unconst(rows_text(rows, row, CLAIM_ORGANISATION));
    out->class_number = (uint64_t) rows_int8(rows, row, CLAIM_CLASS);
    out->occupation_name = unconst(rows_text(rows, row, CLAIM_OCCUPATION));
    out->level = (uint32_t) rows_int2(rows, row, CLAIM_LEVEL);
    out->group_name = unconst(rows_text(rows, row, CLAIM_GROUP));
    out->amount_fen = rows_int8(rows, row, CLAIM_AMOUNT);
    out->clawed_fen = rows_int8(rows, row, CLAIM_CLAWED);
    out->submitted_at_ms = rows_int8(rows, row, CLAIM_SUBMITTED_AT);
    out->due_on = call_day(call, rows_day(rows, row, CLAIM_DUE_ON));
    out->overdue = !rows_null(rows, row, CLAIM_OVERDUE) && rows_bool(rows, row, CLAIM_OVERDUE);
    out->publicity_until = call_day(call, rows_day(rows, row, CLAIM_PUBLICITY_UNTIL));
    out->known_until = call_day(call, rows_day(rows, row, CLAIM_KNOWN_UNTIL));
    if (shown != CLAIM_NOBODY) {
        struct person_masked person;
        person_mask(call, rows, row, CLAIM_RECORD, CLAIM_PERSON_SEALED, &person);
        out->name = person.name;
        out->document_number = shown == CLAIM_BY_NAME ? NULL : person.document_number;
    }
    if (!rows_null(rows, row, CLAIM_CERTIFICATE))
        out->certificate_number = certificate_shown(call, rows, row, &certificate_columns);
    call_bytes(call, &out->claim_id, rows_uuid(rows, row, CLAIM_ID), ID);
}

/* The response of all three lists; `next` of the last claim shown. `looks`: showing a person is a look, as it is not in a
 * list that everybody may read. */
static enum reason list_render(struct call *call, const struct rows *rows, const struct page *page,
                               bool looks, Mingce__V1__ClaimListResponse *response)
{
    size_t n = PAGE_LIST(call, response, claim, page, rows_count(rows));
    for (size_t i = 0; i < n; i++) {
        claim_fill(call, response->claim[i], rows, i,
                   rows_null(rows, i, CLAIM_PERSON_SEALED) ? CLAIM_NOBODY : CLAIM_BY_NAME);
        if (looks && response->claim[i]->name != NULL && !call_look(call, rows_uuid(rows, i, CLAIM_PERSON)))
            return REASON_STORE_BUSY;
    }
    if (response->has_next)
        response->next = response->claim[n - 1]->claim_id;
    return REASON_NONE;
}

static void bind_text(struct set *set, size_t parameter, const char *text)
{
    set_text(set, parameter, text == NULL || *text == '\0' ? NULL : text);
}

static void bind_class(struct set *set, size_t parameter, bool has, uint64_t number)
{
    if (has)
        set_int8(set, parameter, number > INT64_MAX ? 0 : (int64_t) number);
    else
        set_null(set, parameter);
}

/* ---- newest first ---- */

static const Mingce__V1__ClaimListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__ClaimListRequest *) call->request;
}

enum reason claim_list_valid(struct call *call)
{
    const Mingce__V1__ClaimListRequest *request = list_request(call);
    return page_valid_id(call, PAGE(request));
}

void claim_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClaimListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    uint32_t most = page_bind(set, LIST_IN_PAGE, PAGE(request));
    bind_text(set, LIST_IN_ORGANISATION, request->organisation_code);
    bind_class(set, LIST_IN_CLASS, request->has_class_number, request->class_number);
    if (request->has_state)
        set_int2(set, LIST_IN_STATE, (int16_t) request->state);
    else
        set_null(set, LIST_IN_STATE);
    set_int4(set, LIST_IN_PENDING, call_looks_pending(call, most));
}

enum reason claim_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__ClaimListRequest *request = list_request(call);
    return list_render(call, rows, PAGE(request), true, (Mingce__V1__ClaimListResponse *) out);
}

/* ---- by the day on which they are due ---- */

/* What render needs of either request, in call->notes. */
struct queue_page {
    struct page page;
    bool looks;
};

static enum reason queue_page_valid(struct call *call, const struct page *page, bool looks)
{
    struct queue_page *kept = arena_alloc(call->arena, sizeof(*kept));
    call->notes = kept;
    if (kept == NULL)
        return REASON_MEMORY;
    *kept = (struct queue_page){*page, looks};
    return page_valid_due(call, page, ID);
}

static void cursor_bind(struct set *set, const struct page *page)
{
    const uint8_t *after = page_bind_due(set, QUEUE_IN_AFTER_DAY, page);
    if (after == NULL)
        set_null(set, QUEUE_IN_AFTER);
    else
        set_uuid(set, QUEUE_IN_AFTER, after);
}

static const Mingce__V1__ClaimQueueRequest *queue_request(const struct call *call)
{
    return (const Mingce__V1__ClaimQueueRequest *) call->request;
}

/* Whether the claims of a state wait for a bureau, and so have a day by which they are due (C3). */
static bool waits(Mingce__V1__ClaimState state)
{
    switch (state) {
    case MINGCE__V1__CLAIM_STATE__CLAIM_SUBMITTED:
    case MINGCE__V1__CLAIM_STATE__CLAIM_ACCEPTED:
    case MINGCE__V1__CLAIM_STATE__CLAIM_REVIEWED:
    case MINGCE__V1__CLAIM_STATE__CLAIM_PUBLICISED:
    case MINGCE__V1__CLAIM_STATE__CLAIM_APPROVED:
    case MINGCE__V1__CLAIM_STATE__CLAIM_SUSPENDED:
        return true;
    default:
        return false;
    }
}

enum reason claim_queue_valid(struct call *call)
{
    const Mingce__V1__ClaimQueueRequest *request = queue_request(call);
    if (!waits(request->state))
        return call_refuse(call, "state", REASON_STATE_NOT_WAITING);
    return queue_page_valid(call, PAGE(request), true);
}

static void bind_fen(struct set *set, size_t parameter, bool has, int64_t fen)
{
    if (has)
        set_int8(set, parameter, fen);
    else
        set_null(set, parameter);
}

void claim_queue_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClaimQueueRequest *request = queue_request(call);
    cursor_bind(set, PAGE(request));
    uint32_t most = page_bind(set, QUEUE_IN_PAGE, PAGE(request));
    set_int2(set, QUEUE_IN_STATE, (int16_t) request->state);
    bind_text(set, QUEUE_IN_ORGANISATION, request->organisation_code);
    bind_class(set, QUEUE_IN_CLASS, request->has_class_number, request->class_number);
    bind_fen(set, QUEUE_IN_LEAST, request->has_least_fen, request->least_fen);
    bind_fen(set, QUEUE_IN_MOST, request->has_most_fen, request->most_fen);
    set_bool(set, QUEUE_IN_OVERDUE, request->has_overdue && request->overdue);
    set_null(set, QUEUE_IN_PUBLIC);
    set_int4(set, QUEUE_IN_PENDING, call_looks_pending(call, most));
}

/* ---- publicised ---- */

static const Mingce__V1__ClaimPublicRequest *public_request(const struct call *call)
{
    return (const Mingce__V1__ClaimPublicRequest *) call->request;
}

enum reason claim_public_valid(struct call *call)
{
    const Mingce__V1__ClaimPublicRequest *request = public_request(call);
    if (strlen(request->division) != DIVISION || strspn(request->division, "0123456789") != DIVISION)
        return call_refuse(call, "division", REASON_DIVISION_UNKNOWN);
    return queue_page_valid(call, PAGE(request), false);
}

void claim_public_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ClaimPublicRequest *request = public_request(call);
    cursor_bind(set, PAGE(request));
    page_bind(set, QUEUE_IN_PAGE, PAGE(request));
    set_int2(set, QUEUE_IN_STATE, MINGCE__V1__CLAIM_STATE__CLAIM_PUBLICISED);
    set_null(set, QUEUE_IN_ORGANISATION);
    set_null(set, QUEUE_IN_CLASS);
    set_null(set, QUEUE_IN_LEAST);
    set_null(set, QUEUE_IN_MOST);
    set_bool(set, QUEUE_IN_OVERDUE, false);
    set_text(set, QUEUE_IN_PUBLIC, request->division);
    set_null(set, QUEUE_IN_PENDING);
}

/* ---- the answer of both ---- */

enum reason claim_queue_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const struct queue_page *page = call->notes;
    Mingce__V1__ClaimListResponse *response = (Mingce__V1__ClaimListResponse *) out;
    enum reason reason = list_render(call, rows, &page->page, page->looks, response);
    if (reason != REASON_NONE || !response->has_next)
        return reason;
    size_t last = response->n_claim - 1;
    page_next_due(call, rows_day(rows, last, CLAIM_DUE_ON), rows_uuid(rows, last, CLAIM_ID), ID,
                  &response->next);
    return REASON_NONE;
}
