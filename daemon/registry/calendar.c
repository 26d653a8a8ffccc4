/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar of working days (C2, C3): proto/calendar.proto, migrations/api/calendar.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/batch.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "proto/calendar.pb-c.h"

#define PROPOSE_PARAMETERS(COLUMN)                                                                           \
    COLUMN(PROPOSE_IN_ROW_REQ, "row_req", INT4)                                                              \
    COLUMN(PROPOSE_IN_ROW, "row", INT4)                                                                      \
    COLUMN(PROPOSE_IN_ROW_HEAD, "row_head", BYTEA)                                                           \
    COLUMN(PROPOSE_IN_PROPOSAL, "proposal", UUID)                                                            \
    COLUMN(PROPOSE_IN_DAY, "day", DATE)                                                                      \
    COLUMN(PROPOSE_IN_WORKING, "working", BOOL)                                                              \
    COLUMN(PROPOSE_IN_CITATION, "citation", TEXT)
COLUMNS_AFTER(METHOD_WRITE, propose_parameters, PROPOSE_PARAMETERS);
const struct statement calendar_propose_statement = {
    .name = "calendar_propose",
    .parameters = COLUMNS(propose_parameters),
    .rows = PROPOSE_IN_ROW_REQ,
    .result = COLUMNS_FIRST(MOVED),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_AFTER, "after", TEXT)                                                                     \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(LIST_IN_FROM, "from", DATE)                                                                       \
    COLUMN(LIST_IN_PENDING, "pending", BOOL)                                                                 \
    COLUMN(LIST_IN_STATE, "state", BOOL)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_PLACE, "place", TEXT)                                                                        \
    COLUMN(LIST_PROPOSAL, "proposal_id", UUID)                                                               \
    COLUMN(LIST_DAY, "day", DATE)                                                                            \
    COLUMN(LIST_WORKING, "working", BOOL)                                                                    \
    COLUMN(LIST_CITATION, "citation", TEXT)                                                                  \
    COLUMN(LIST_KNOWN, "known", DATE)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement calendar_list_statement = {
    .name = "calendar_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- propose ---- */

static const Mingce__V1__CalendarProposeRequest *propose_request(const struct call *call)
{
    return (const Mingce__V1__CalendarProposeRequest *) call->request;
}

enum reason calendar_propose_valid(struct call *call)
{
    const Mingce__V1__CalendarProposeRequest *request = propose_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

void calendar_propose_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CalendarProposeRequest *request = propose_request(call);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__CalendarRow *row = request->row[i];
        struct row_note *note = row_note(call, i);
        uint8_t id[PROPOSAL_ID];
        note->reason = proposal_fits(row->day, NULL, row->citation, &note->field);
        if (note->reason == REASON_DATE_FORMAT)
            note->field = "day";
        if (note->reason != REASON_NONE)
            continue;
        crypto_uuid(id);
        row_bind(call, set, PROPOSE_IN_ROW, i);
        set_uuid(set, PROPOSE_IN_PROPOSAL, id);
        set_day(set, PROPOSE_IN_DAY, day_parse(row->day));
        set_bool(set, PROPOSE_IN_WORKING, row->working);
        set_text(set, PROPOSE_IN_CITATION, row->citation);
    }
}

static const char *propose_field(enum reason reason)
{
    return reason == REASON_UNCHANGED ? "day" : NULL;
}

enum reason calendar_propose_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = batch_render(call, propose_request(call)->n_row, rows, propose_field, out);
    if (reason == REASON_NONE)
        proposal_moved_render(call, rows, (Mingce__V1__RowsResponse *) out);
    return reason;
}

/* ---- list ---- */

static const Mingce__V1__CalendarListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__CalendarListRequest *) call->request;
}

enum reason calendar_list_valid(struct call *call)
{
    const Mingce__V1__CalendarListRequest *request = list_request(call);
    enum reason reason = page_valid_text(call, PAGE(request));
    if (reason == REASON_NONE && request->from != NULL && day_parse(request->from) == DAY_NONE)
        reason = call_refuse(call, "from", REASON_DATE_FORMAT);
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, NULL, request->division);
}

void calendar_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CalendarListRequest *request = list_request(call);
    page_bind_text(set, LIST_IN_AFTER, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_text(set, LIST_IN_DIVISION, request->division);
    set_day(set, LIST_IN_FROM, request->from == NULL ? DAY_NONE : day_parse(request->from));
    set_bool(set, LIST_IN_PENDING, request->has_pending && request->pending);
    set_bool(set, LIST_IN_STATE, request->has_state && request->state);
}

static void day_fill(struct call *call, Mingce__V1__CalendarDay *of, const struct rows *rows, size_t row)
{
    mingce__v1__calendar_day__init(of);
    of->working = rows_bool(rows, row, LIST_WORKING);
    of->citation = unconst(rows_text(rows, row, LIST_CITATION));
    of->has_proposal_id = !rows_null(rows, row, LIST_PROPOSAL);
    if (of->has_proposal_id)
        call_bytes(call, &of->proposal_id, rows_uuid(rows, row, LIST_PROPOSAL), PROPOSAL_ID);
    of->day = call_day(call, rows_day(rows, row, LIST_DAY));
}

enum reason calendar_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__CalendarListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__CalendarListResponse *response = (Mingce__V1__CalendarListResponse *) out;
    size_t n = PAGE_LIST(call, response, day, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        day_fill(call, response->day[i], rows, i);
    if (found > 0)
        response->known_until = call_day(call, rows_day(rows, 0, LIST_KNOWN));
    if (response->has_next)
        page_next_text(call, rows_text(rows, n - 1, LIST_PLACE), &response->next);
    return REASON_NONE;
}
