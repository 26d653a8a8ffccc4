/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar of working days (C2, C3): proto/calendar.proto, migrations/api/calendar.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/lines.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "proto/calendar.pb-c.h"

static const struct column propose_columns[] = {METHOD_WRITE_COLUMNS};
static const struct column propose_lines[] = {
    {"line", COLUMN_INT4}, {"line_head", COLUMN_BYTEA}, {"proposal", COLUMN_UUID},
    {"day", COLUMN_DATE},  {"working", COLUMN_BOOL},    {"citation", COLUMN_TEXT},
};
const struct statement calendar_propose_statement = {
    .name = "calendar_propose",
    .request_columns = propose_columns,
    .request_columns_n = ARRAY_SIZE(propose_columns),
    .line_columns = propose_lines,
    .line_columns_n = ARRAY_SIZE(propose_lines),
};

static const struct column list_columns[] = {
    METHOD_READ_COLUMNS,   {"after", COLUMN_TEXT},   {"page", COLUMN_INT4},  {"division", COLUMN_TEXT},
    {"from", COLUMN_DATE}, {"pending", COLUMN_BOOL}, {"state", COLUMN_BOOL},
};
const struct statement calendar_list_statement = {
    .name = "calendar_list",
    .request_columns = list_columns,
    .request_columns_n = ARRAY_SIZE(list_columns),
};

/* ---- propose ---- */

static const Mingce__V1__CalendarProposeRequest *propose_request(const struct call *call)
{
    return (const Mingce__V1__CalendarProposeRequest *) call->request;
}

enum reason calendar_propose_valid(struct call *call)
{
    const Mingce__V1__CalendarProposeRequest *request = propose_request(call);
    enum reason reason = lines_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = lines_number(call, i, request->row[i]->row);
    return reason;
}

void calendar_propose_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CalendarProposeRequest *request = propose_request(call);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__CalendarRow *row = request->row[i];
        struct line_note *note = line_note(call, i);
        uint8_t id[PROPOSAL_ID];
        note->reason = proposal_fits(row->day, NULL, row->citation, &note->field);
        if (note->reason == REASON_DATE_FORMAT)
            note->field = "day";
        if (note->reason != REASON_NONE)
            continue;
        crypto_uuid(id);
        line_bind(call, set, i);
        set_uuid(set, id);
        set_day(set, day_parse(row->day));
        set_bool(set, row->working);
        set_text(set, row->citation);
    }
}

static const char *propose_field(enum reason reason)
{
    return reason == REASON_UNCHANGED ? "day" : NULL;
}

enum reason calendar_propose_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = lines_render(call, propose_request(call)->n_row, rows, propose_field, out);
    if (reason == REASON_NONE)
        proposal_moved_render(call, rows, (Mingce__V1__RowsResponse *) out);
    return reason;
}

/* ---- list ---- */

/* Result columns of api.calendar_list. */
enum { LIST_PLACE = 1, LIST_PROPOSAL, LIST_DAY, LIST_WORKING, LIST_CITATION, LIST_KNOWN };

static const Mingce__V1__CalendarListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__CalendarListRequest *) call->request;
}

enum reason calendar_list_valid(struct call *call)
{
    const Mingce__V1__CalendarListRequest *request = list_request(call);
    enum reason reason = page_valid_text(call, request->has_page_rows, request->page_rows,
                                         request->has_cursor, &request->cursor);
    if (reason == REASON_NONE && request->from != NULL && day_parse(request->from) == DAY_NONE)
        reason = call_refuse(call, "from", REASON_DATE_FORMAT);
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, NULL, request->division);
}

void calendar_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CalendarListRequest *request = list_request(call);
    page_bind_text(set, request->has_cursor, &request->cursor);
    page_bind(set, request->has_page_rows, request->page_rows);
    set_text(set, request->division);
    set_day(set, request->from == NULL ? DAY_NONE : day_parse(request->from));
    set_bool(set, request->has_pending && request->pending);
    set_bool(set, request->has_state && request->state);
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
    size_t n = CALL_LIST(call, response, day, page_shown(found, request->has_page_rows, request->page_rows));
    for (size_t i = 0; i < n; i++)
        day_fill(call, response->day[i], rows, i);
    if (found > 0)
        response->known_until = call_day(call, rows_day(rows, 0, LIST_KNOWN));
    response->has_next = n > 0 && found > n;
    if (response->has_next)
        page_next_text(call, rows_text(rows, n - 1, LIST_PLACE), &response->next);
    return REASON_NONE;
}
