/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/proposal.h"

#include <string.h>

#include "daemon/registry/lines.h"
#include "daemon/registry/text.h"
#include "proto/standard.pb-c.h"

/* As in the view api.proposal. */
enum { KIND_STANDARD = 1, KIND_POLICY = 2 };

static const struct column decide_columns[] = {
    METHOD_WRITE_COLUMNS, {"kind", COLUMN_INT2}, {"decision", COLUMN_INT2}};
static const struct column decide_lines[] = {
    {"line", COLUMN_INT4}, {"line_head", COLUMN_BYTEA}, {"proposal", COLUMN_UUID}};
const struct statement proposal_decide_statement = {
    .name = "proposal_decide",
    .request_columns = decide_columns,
    .request_columns_n = ARRAY_SIZE(decide_columns),
    .line_columns = decide_lines,
    .line_columns_n = ARRAY_SIZE(decide_lines),
};

enum reason proposal_period_fits(const char *from, const char *to, const char **field)
{
    day first = day_parse(from), last = to == NULL ? DAY_NONE : day_parse(to);
    *field = first == DAY_NONE ? "valid_from" : "valid_to";
    if (first == DAY_NONE || (to != NULL && last == DAY_NONE))
        return REASON_DATE_FORMAT;
    return to != NULL && last < first ? REASON_PERIOD_ORDER : REASON_NONE;
}

enum reason proposal_fits(const char *from, const char *to, const char *citation, const char **field)
{
    enum reason reason = proposal_period_fits(from, to, field);
    if (reason != REASON_NONE)
        return reason;
    *field = "citation";
    return text_fits(citation, PROPOSAL_CITATION_CHARACTERS) ? REASON_NONE : REASON_CITATION_LENGTH;
}

/* ---- decide ---- */

static const Mingce__V1__ProposalDecideRequest *decide_request(const struct call *call)
{
    return (const Mingce__V1__ProposalDecideRequest *) call->request;
}

enum reason proposal_decide_valid(struct call *call)
{
    const Mingce__V1__ProposalDecideRequest *request = decide_request(call);
    enum reason reason = lines_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++) {
        reason = lines_number(call, i, request->row[i]->row);
        if (reason == REASON_NONE && request->row[i]->proposal_id.len != PROPOSAL_ID)
            reason = call_refuse(call, "proposal_id", REASON_IDENTIFIER_LENGTH);
    }
    return reason;
}

static void decide_bind(struct call *call, struct set *set, int16_t kind)
{
    const Mingce__V1__ProposalDecideRequest *request = decide_request(call);
    set_int2(set, kind);
    set_int2(set, (int16_t) request->decision);
    for (size_t i = 0; i < request->n_row; i++) {
        line_bind(call, set, i);
        set_uuid(set, request->row[i]->proposal_id.data);
    }
}

void standard_decide_bind(struct call *call, struct set *set)
{
    decide_bind(call, set, KIND_STANDARD);
}

void policy_decide_bind(struct call *call, struct set *set)
{
    decide_bind(call, set, KIND_POLICY);
}

static const char *decide_field(enum reason reason)
{
    return reason == REASON_NONE ? NULL : "proposal_id";
}

enum reason proposal_decide_render(struct call *call, const struct rows *rows, ProtobufCMessage **out)
{
    return lines_render(call, decide_request(call)->n_row, rows, decide_field, out);
}

/* ---- for lists ---- */

enum reason proposal_filter_valid(struct call *call, const char *day_text, const char *division)
{
    enum { DIVISION = 6 };
    if (day_text != NULL && day_parse(day_text) == DAY_NONE)
        return call_refuse(call, "day", REASON_DATE_FORMAT);
    if (division != NULL && (strlen(division) != DIVISION || strspn(division, "0123456789") != DIVISION))
        return call_refuse(call, "division", REASON_DIVISION_FORMAT);
    return REASON_NONE;
}

bool proposal_day(struct call *call, const struct rows *rows, size_t row, int column, char **text)
{
    day value = rows_day(rows, row, column);
    *text = value == DAY_NONE ? NULL : arena_alloc(call->arena, DAY_TEXT);
    if (*text != NULL)
        day_format(value, *text);
    return value == DAY_NONE || *text != NULL;
}
