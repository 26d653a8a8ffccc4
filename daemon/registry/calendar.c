/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/calendar.h"

#include "daemon/registry/lines.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "proto/calendar.pb-c.h"

static const struct column set_columns[] = {METHOD_WRITE_COLUMNS};
static const struct column set_lines[] = {
    {"line", COLUMN_INT4},    {"line_head", COLUMN_BYTEA}, {"day", COLUMN_DATE},
    {"working", COLUMN_BOOL}, {"citation", COLUMN_TEXT},
};
const struct statement calendar_set_statement = {
    .name = "calendar_set",
    .request_columns = set_columns,
    .request_columns_n = ARRAY_SIZE(set_columns),
    .line_columns = set_lines,
    .line_columns_n = ARRAY_SIZE(set_lines),
};

static const struct column list_columns[] = {
    METHOD_READ_COLUMNS, {"after", COLUMN_INT4}, {"page", COLUMN_INT4}, {"division", COLUMN_TEXT}};
const struct statement calendar_list_statement = {
    .name = "calendar_list",
    .request_columns = list_columns,
    .request_columns_n = ARRAY_SIZE(list_columns),
};

/* ---- set ---- */

static const Mingce__V1__CalendarSetRequest *set_request(const struct call *call)
{
    return (const Mingce__V1__CalendarSetRequest *) call->request;
}

enum reason calendar_set_valid(struct call *call)
{
    const Mingce__V1__CalendarSetRequest *request = set_request(call);
    enum reason reason = lines_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = lines_number(call, i, request->row[i]->row);
    return reason;
}

void calendar_set_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CalendarSetRequest *request = set_request(call);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__CalendarRow *row = request->row[i];
        struct line_note *note = line_note(call, i);
        note->reason = proposal_fits(row->day, NULL, row->citation, &note->field);
        if (note->reason == REASON_DATE_FORMAT)
            note->field = "day";
        if (note->reason != REASON_NONE)
            continue;
        line_bind(call, set, i);
        set_day(set, day_parse(row->day));
        set_bool(set, row->working);
        set_text(set, row->citation);
    }
}

static const char *set_field(enum reason reason)
{
    return reason == REASON_UNCHANGED ? "day" : NULL;
}

enum reason calendar_set_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    return lines_render(call, set_request(call)->n_row, rows, set_field, out);
}

/* ---- list ---- */

/* Result columns of api.calendar_list. */
enum { LIST_DAY = 1, LIST_WORKING, LIST_CITATION };

static const Mingce__V1__CalendarListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__CalendarListRequest *) call->request;
}

enum reason calendar_list_valid(struct call *call)
{
    const Mingce__V1__CalendarListRequest *request = list_request(call);
    enum reason reason = page_valid_place(call, request->has_page_rows, request->page_rows,
                                          request->has_cursor, &request->cursor);
    if (reason == REASON_NONE && request->from != NULL && day_parse(request->from) == DAY_NONE)
        reason = call_refuse(call, "from", REASON_DATE_FORMAT);
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, NULL, request->division);
}

void calendar_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CalendarListRequest *request = list_request(call);
    day before = request->from == NULL ? day_of(1900, 1, 1) : day_parse(request->from) - 1;
    set_int4(set, (int32_t) page_number(request->has_cursor, &request->cursor, before));
    page_bind(set, request->has_page_rows, request->page_rows);
    set_text(set, request->division);
}

enum reason calendar_list_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    const Mingce__V1__CalendarListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    size_t n = page_shown(found, request->has_page_rows, request->page_rows);
    Mingce__V1__CalendarListResponse *response = arena_alloc(call->arena, sizeof(*response));
    Mingce__V1__CalendarDay *each = arena_array(call->arena, n, sizeof(*each));
    Mingce__V1__CalendarDay **list = arena_array(call->arena, n, sizeof(*list));
    if (response == NULL || each == NULL || list == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__calendar_list_response__init(response);
    for (size_t i = 0; i < n; i++) {
        list[i] = &each[i];
        mingce__v1__calendar_day__init(list[i]);
        list[i]->working = rows_bool(rows, i, LIST_WORKING);
        list[i]->citation = unconst(rows_text(rows, i, LIST_CITATION));
        if (!proposal_day(call, rows, i, LIST_DAY, &list[i]->day))
            return REASON_REQUEST_TOO_LARGE;
    }
    response->n_day = n;
    response->day = list;
    response->has_next = found > n;
    if (found > n && !page_next_number(call, rows_day(rows, n - 1, LIST_DAY), &response->next))
        return REASON_REQUEST_TOO_LARGE;
    *out = &response->base;
    return REASON_NONE;
}
