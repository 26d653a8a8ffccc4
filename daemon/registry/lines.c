/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/lines.h"

#include <string.h>

#include "daemon/crypto/identity.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/person.h"

/* Result columns of the functions that answer by lines. */
enum { LINE_NUMBER = 1, LINE_OUTCOME };

enum reason lines_begin(struct call *call, size_t n)
{
    return lines_begin_most(call, n, call->settings->roster_rows);
}

enum reason lines_begin_most(struct call *call, size_t n, size_t most)
{
    if (n == 0)
        return call_refuse(call, "row", REASON_ROSTER_EMPTY);
    if (n > most)
        return call_refuse(call, "row", REASON_ROSTER_TOO_MANY);
    struct line_note *notes = arena_array(call->arena, n, sizeof(*notes));
    if (notes == NULL)
        return REASON_REQUEST_TOO_LARGE;
    memset(notes, 0, n * sizeof(*notes));
    call->notes = notes;
    return REASON_NONE;
}

enum reason lines_number(struct call *call, size_t i, uint32_t row)
{
    if (row == 0 || row > INT32_MAX)
        return call_refuse(call, "row", REASON_ROW_NUMBER_ZERO);
    if (i > 0 && row <= line_note(call, i - 1)->row)
        return call_refuse(call, "row", REASON_ROW_NUMBER_REPEATED);
    line_note(call, i)->row = row;
    return REASON_NONE;
}

struct line_note *line_note(struct call *call, size_t i)
{
    return (struct line_note *) call->notes + i;
}

void line_bind(struct call *call, struct set *set, size_t i)
{
    uint8_t head[CALL_ENTRY_HEAD];
    uint32_t row = line_note(call, i)->row;
    set_line(set);
    set_int4(set, (int32_t) row);
    set_bytes(set, head, call_entry_head(call, row, head));
}

bool line_trainee(struct call *call, struct set *set, struct line_note *note, bool has_seat, uint32_t seat,
                  const char *type, const char *number, struct line_trainee *trainee)
{
    struct document document;
    enum document_type kind;
    enum reason warning;
    note->field = has_seat ? "seat" : "document_number";
    note->reason = REASON_NONE;
    if (has_seat == (number != NULL)) {
        note->reason = REASON_TRAINEE_UNNAMED;
        return false;
    }
    *trainee = (struct line_trainee){.by_seat = has_seat, .seat = seat > INT32_MAX ? 0 : (int32_t) seat};
    if (has_seat)
        return true;
    if (!document_type_of(type, &kind)) {
        note->field = "document_type";
        note->reason = REASON_DOCUMENT_TYPE_UNKNOWN;
        return false;
    }
    note->reason = document_parse(kind, number, NULL, day_at(call->at_ms), &document, &warning);
    if (note->reason == REASON_NONE && !identity_index(call->keys, &document, trainee->document))
        set_fail(set);
    return note->reason == REASON_NONE;
}

void line_bind_trainee(struct set *set, const struct line_trainee *trainee)
{
    if (trainee->by_seat) {
        set_int4(set, trainee->seat);
        set_null(set);
    } else {
        set_null(set);
        set_bytes(set, trainee->document, sizeof(trainee->document));
    }
}

void finding_fill(Mingce__V1__Finding *finding, enum reason reason, const char *field)
{
    const struct reason_text *text = reason_text(reason);
    mingce__v1__finding__init(finding);
    finding->severity = text->severity;
    finding->reason = unconst(text->name);
    finding->rule = *text->rule == '\0' ? NULL : unconst(text->rule);
    finding->field = field == NULL ? NULL : unconst(field);
    finding->zh = unconst(text->zh);
    finding->en = unconst(text->en);
}

/* Space for one result with its one finding. */
struct line_result {
    Mingce__V1__RowResult result;
    Mingce__V1__Finding finding;
    Mingce__V1__Finding *findings[1];
};

static void result_fill(struct line_result *each, uint32_t row, enum reason reason, enum reason warning,
                        const char *field)
{
    mingce__v1__row_result__init(&each->result);
    each->result.row = row;
    each->result.verdict = reason == REASON_NONE        ? MINGCE__V1__ROW_VERDICT__ROW_DONE
                           : reason == REASON_UNCHANGED ? MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED
                                                        : MINGCE__V1__ROW_VERDICT__ROW_REFUSED;
    if (reason == REASON_NONE)
        reason = warning;
    if (reason == REASON_NONE)
        return;
    finding_fill(&each->finding, reason, field);
    each->findings[0] = &each->finding;
    each->result.finding = each->findings;
    each->result.n_finding = 1;
}

enum reason lines_render(struct call *call, size_t n, const struct rows *rows,
                         const char *(*field)(enum reason), ProtobufCMessage **out)
{
    size_t line = 1, found = rows_count(rows);
    enum reason whole = found == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, LINE_OUTCOME));
    if (whole == REASON_CLASS_UNKNOWN)
        return call_refuse(call, "class_number", whole);
    if (whole == REASON_REASON_NEEDED)
        return call_refuse(call, "reason", whole);
    if (whole != REASON_NONE)
        return whole;
    Mingce__V1__RowsResponse *response = arena_alloc(call->arena, sizeof(*response));
    struct line_result *each = arena_array(call->arena, n, sizeof(*each));
    Mingce__V1__RowResult **list = arena_array(call->arena, n, sizeof(*list));
    if (response == NULL || each == NULL || list == NULL)
        return REASON_REQUEST_TOO_LARGE;
    mingce__v1__rows_response__init(response);
    for (size_t i = 0; i < n; i++) {
        const struct line_note *note = line_note(call, i);
        enum reason reason = note->reason;
        const char *about = note->field;
        if (reason == REASON_NONE &&
            (line >= found || rows_int4(rows, line, LINE_NUMBER) != (int32_t) note->row))
            return REASON_STORE_FAILED;
        if (reason == REASON_NONE) {
            reason = outcome_reason(rows_int2(rows, line++, LINE_OUTCOME));
            about = field(reason) == NULL ? about : field(reason);
        }
        result_fill(&each[i], note->row, reason, note->warning, about);
        list[i] = &each[i].result;
        response->done += reason == REASON_NONE;
        response->unchanged += reason == REASON_UNCHANGED;
        response->refused += reason != REASON_NONE && reason != REASON_UNCHANGED;
    }
    response->n_result = n;
    response->result = list;
    *out = &response->base;
    return REASON_NONE;
}
