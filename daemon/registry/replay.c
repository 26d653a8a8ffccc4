/* SPDX-License-Identifier: Apache-2.0 */
/* What a draft would have made of the claims of a year: proto/policy.proto, migrations/api/replay.sql. */
#include "daemon/registry/methods.h"

#include "daemon/registry/batch.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/part.h"
#include "daemon/registry/proposal.h"
#include "daemon/registry/standard.h"
#include "proto/policy.pb-c.h"
#include "proto/rules/bounds.h"

enum { PAGE_CLAIMS = 2000, PERSON_ID = 16 };

#define REPLAY_PARAMETERS(COLUMN)                                                                            \
    COLUMN(REPLAY_IN_YEAR, "year", INT2)                                                                     \
    COLUMN(REPLAY_IN_DIVISION, "division", TEXT)                                                             \
    COLUMN(REPLAY_IN_AFTER, "after", UUID)                                                                   \
    COLUMN(REPLAY_IN_PAGE, "page", INT4)                                                                     \
    COLUMN(REPLAY_IN_RUN, "run", BOOL)                                                                       \
    COLUMN(REPLAY_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(REPLAY_IN_ROW, "row", INT4)                                                                       \
    COLUMN(REPLAY_IN_NAME, "name", TEXT)                                                                     \
    COLUMN(REPLAY_IN_AMOUNT, "amount", INT8)                                                                 \
    COLUMN(REPLAY_IN_SUBSIDY, "subsidy", INT2)                                                               \
    COLUMN(REPLAY_IN_OCCUPATION, "occupation", TEXT)                                                         \
    COLUMN(REPLAY_IN_LEVEL, "level", INT2)                                                                   \
    COLUMN(REPLAY_IN_KIND, "kind", INT2)                                                                     \
    COLUMN(REPLAY_IN_GROUP, "group", INT2)                                                                   \
    COLUMN(REPLAY_IN_MODE, "mode", INT2)                                                                     \
    COLUMN(REPLAY_IN_DEMAND_GRADE, "demand_grade", INT2)                                                     \
    COLUMN(REPLAY_IN_RENEWAL, "renewal", BOOL)                                                               \
    COLUMN(REPLAY_IN_BASIS, "basis", INT2)                                                                   \
    COLUMN(REPLAY_IN_CAP, "cap", INT8)                                                                       \
    COLUMN(REPLAY_IN_PERCENT, "percent", INT4)                                                               \
    COLUMN(REPLAY_IN_FROM, "from", DATE)                                                                     \
    COLUMN(REPLAY_IN_TO, "to", DATE)
COLUMNS_AFTER(METHOD_READ, replay_parameters, REPLAY_PARAMETERS);
#define REPLAY_RESULT(COLUMN)                                                                                \
    COLUMN(REPLAY_PART, "part", INT2)                                                                        \
    COLUMN(REPLAY_OUTCOME, "outcome", INT2)                                                                  \
    COLUMN(REPLAY_ROW, "row_number", INT4)                                                                   \
    COLUMN(REPLAY_SUBSIDY, "subsidy", INT2)                                                                  \
    COLUMN(REPLAY_OCCUPATION, "occupation_code", TEXT)                                                       \
    COLUMN(REPLAY_OCCUPATION_NAME, "occupation_name", TEXT)                                                  \
    COLUMN(REPLAY_YEAR_CLAIMS, "year_claims", INT8)                                                          \
    COLUMN(REPLAY_CLAIMS, "claims", INT8)                                                                    \
    COLUMN(REPLAY_CHANGED, "changed", INT8)                                                                  \
    COLUMN(REPLAY_PERSONS, "persons", INT8)                                                                  \
    COLUMN(REPLAY_REFUSED, "refused", INT8)                                                                  \
    COLUMN(REPLAY_CHEAPER, "cheaper", INT8)                                                                  \
    COLUMN(REPLAY_DEARER, "dearer", INT8)                                                                    \
    COLUMN(REPLAY_BEFORE, "before_fen", INT8)                                                                \
    COLUMN(REPLAY_AFTER, "after_fen", INT8)                                                                  \
    COLUMN(REPLAY_NEXT, "next", UUID)
COLUMNS_AFTER(RESULT, replay_result, REPLAY_RESULT);
const struct statement policy_replay_statement = {
    .name = "policy_replay",
    .parameters = COLUMNS(replay_parameters),
    .rows = REPLAY_IN_ROW_REQ,
    .result = COLUMNS(replay_result),
};

static const Mingce__V1__PolicyReplayRequest *replay_request(const struct call *call)
{
    return (const Mingce__V1__PolicyReplayRequest *) call->request;
}

/* One of the two lists is empty. */
static size_t draft_rows(const Mingce__V1__PolicyReplayRequest *request)
{
    return request->n_standard + request->n_policy;
}

static enum reason draft_valid(struct call *call, const Mingce__V1__PolicyReplayRequest *request)
{
    if ((request->n_standard == 0) == (request->n_policy == 0))
        return call_refuse(call, request->n_standard == 0 ? "standard" : "policy", REASON_DRAFT_KIND);
    if (draft_rows(request) > call->settings->roster_rows)
        return call_refuse(call, request->n_standard > 0 ? "standard" : "policy", REASON_DRAFT_TOO_LONG);
    enum reason reason = batch_begin(call, draft_rows(request));
    for (size_t i = 0; reason == REASON_NONE && i < draft_rows(request); i++)
        reason = batch_number(call, i,
                              request->n_standard > 0 ? request->standard[i]->row : request->policy[i]->row);
    return reason;
}

enum reason policy_replay_valid(struct call *call)
{
    const Mingce__V1__PolicyReplayRequest *request = replay_request(call);
    if (request->year < REPLAY_YEAR_FIRST || request->year > REPLAY_YEAR_LAST)
        return call_refuse(call, "year", REASON_YEAR_RANGE);
    if (request->has_page_rows && (request->page_rows == 0 || request->page_rows > PAGE_CLAIMS))
        return call_refuse(call, "page_rows", REASON_PAGE_ROWS_RANGE);
    enum reason reason = page_valid_id(
        call, &(const struct page){.has_cursor = request->has_cursor, .cursor = &request->cursor});
    if (reason == REASON_NONE)
        reason = proposal_filter_valid(call, NULL, request->division);
    return reason != REASON_NONE ? reason : draft_valid(call, request);
}

/* Judges a row by its own rules; the note says which it breaks. `*group`: of a standard. */
static bool row_fits(const Mingce__V1__PolicyReplayRequest *request, size_t i, struct row_note *note,
                     uint8_t *group)
{
    *group = 0;
    if (request->n_standard > 0)
        return standard_row_fits(request->standard[i], note, group);
    note->reason =
        proposal_period_fits(request->policy[i]->valid_from, request->policy[i]->valid_to, &note->field);
    return note->reason == REASON_NONE;
}

static bool draft_fits(struct call *call, const Mingce__V1__PolicyReplayRequest *request)
{
    bool good = true;
    uint8_t group;
    for (size_t i = 0; i < draft_rows(request); i++)
        good = row_fits(request, i, row_note(call, i), &group) && good;
    return good;
}

static void bind_period(struct set *set, const char *from, const char *to)
{
    set_day(set, REPLAY_IN_FROM, day_parse(from));
    set_day(set, REPLAY_IN_TO, to == NULL ? DAY_NONE : day_parse(to));
}

static const struct standard_parameters standard_parameters = {.subsidy = REPLAY_IN_SUBSIDY,
                                                               .occupation = REPLAY_IN_OCCUPATION,
                                                               .level = REPLAY_IN_LEVEL,
                                                               .kind = REPLAY_IN_KIND,
                                                               .group = REPLAY_IN_GROUP,
                                                               .mode = REPLAY_IN_MODE,
                                                               .demand_grade = REPLAY_IN_DEMAND_GRADE,
                                                               .renewal = REPLAY_IN_RENEWAL,
                                                               .basis = REPLAY_IN_BASIS,
                                                               .cap = REPLAY_IN_CAP,
                                                               .percent = REPLAY_IN_PERCENT};

static void bind_standard(struct set *set, const Mingce__V1__StandardRow *row, uint8_t group)
{
    set_null(set, REPLAY_IN_NAME);
    set_int8(set, REPLAY_IN_AMOUNT, row->amount_fen);
    standard_bind(set, &standard_parameters, row, group);
    bind_period(set, row->valid_from, row->valid_to);
}

static void bind_policy(struct set *set, const Mingce__V1__PolicyRow *row)
{
    set_text(set, REPLAY_IN_NAME, row->name);
    set_int8(set, REPLAY_IN_AMOUNT, row->value);
    set_null(set, REPLAY_IN_SUBSIDY);
    set_null(set, REPLAY_IN_OCCUPATION);
    set_null(set, REPLAY_IN_LEVEL);
    set_null(set, REPLAY_IN_KIND);
    set_null(set, REPLAY_IN_GROUP);
    set_null(set, REPLAY_IN_MODE);
    set_null(set, REPLAY_IN_DEMAND_GRADE);
    set_null(set, REPLAY_IN_RENEWAL);
    set_null(set, REPLAY_IN_BASIS);
    set_null(set, REPLAY_IN_CAP);
    set_null(set, REPLAY_IN_PERCENT);
    bind_period(set, row->valid_from, row->valid_to);
}

void policy_replay_bind(struct call *call, struct set *set)
{
    const Mingce__V1__PolicyReplayRequest *request = replay_request(call);
    uint32_t page = request->has_page_rows ? request->page_rows : PAGE_CLAIMS;
    bool good = draft_fits(call, request);
    uint8_t group;
    set_int2(set, REPLAY_IN_YEAR, (int16_t) request->year);
    set_text(set, REPLAY_IN_DIVISION, request->division);
    page_bind_id(set, REPLAY_IN_AFTER, PAGE(request));
    set_int4(set, REPLAY_IN_PAGE, (int32_t) page);
    set_expect(set, page);
    set_bool(set, REPLAY_IN_RUN, good && !(request->has_check_only && request->check_only));
    for (size_t i = 0; i < draft_rows(request); i++) {
        if (!row_fits(request, i, row_note(call, i), &group))
            continue;
        set_row(set);
        set_int4(set, REPLAY_IN_ROW, (int32_t) row_note(call, i)->row);
        if (request->n_standard > 0)
            bind_standard(set, request->standard[i], group);
        else
            bind_policy(set, request->policy[i]);
    }
}

/* ---- the answer ---- */

static size_t part_rows(const struct rows *rows, int16_t part, size_t *first)
{
    size_t n = 0;
    for (size_t i = rows_count(rows); i-- > 0;)
        if (rows_int2(rows, i, REPLAY_PART) == part) {
            *first = i;
            n++;
        }
    return n;
}

static uint64_t count_of(const struct rows *rows, size_t row, int column)
{
    return (uint64_t) rows_int8(rows, row, column);
}

static void count_fill(Mingce__V1__ReplayCount *count, const struct rows *rows, size_t row)
{
    mingce__v1__replay_count__init(count);
    count->has_subsidy = !rows_null(rows, row, REPLAY_SUBSIDY);
    if (count->has_subsidy)
        count->subsidy = (Mingce__V1__SubsidyLine) rows_int2(rows, row, REPLAY_SUBSIDY);
    count->occupation_code = unconst(rows_text(rows, row, REPLAY_OCCUPATION));
    count->occupation_name = unconst(rows_text(rows, row, REPLAY_OCCUPATION_NAME));
    count->claims = count_of(rows, row, REPLAY_CLAIMS);
    count->changed = count_of(rows, row, REPLAY_CHANGED);
    count->persons = count_of(rows, row, REPLAY_PERSONS);
    count->refused = count_of(rows, row, REPLAY_REFUSED);
    count->cheaper = count_of(rows, row, REPLAY_CHEAPER);
    count->dearer = count_of(rows, row, REPLAY_DEARER);
    count->before_fen = rows_int8(rows, row, REPLAY_BEFORE);
    count->after_fen = rows_int8(rows, row, REPLAY_AFTER);
}

/* The counts of a part, and how many there are of them. */
static void counts_fill(struct call *call, const struct rows *rows, int16_t part, size_t *n,
                        Mingce__V1__ReplayCount ***out)
{
    size_t first = 0, found = part_rows(rows, part, &first);
    *out = call_list(call, found, sizeof(***out), n);
    for (size_t i = 0; i < *n; i++)
        count_fill((*out)[i], rows, first + i);
}

/* Of the counts by reason, the reasons. */
static void reasons_fill(struct call *call, const struct rows *rows, Mingce__V1__ReplayCount **counts,
                         size_t n)
{
    size_t first = 0;
    Mingce__V1__Finding *findings = arena_array(call->arena, n, sizeof(*findings));
    (void) part_rows(rows, REPLAY_PART_REASON, &first);
    for (size_t i = 0; findings != NULL && i < n; i++) {
        counts[i]->finding = &findings[i];
        finding_fill(call, &findings[i], outcome_reason(rows_int2(rows, first + i, REPLAY_OUTCOME)), NULL);
    }
}

static const char *row_field(enum reason reason, bool standard)
{
    return reason == REASON_OCCUPATION_UNKNOWN ? "occupation_code"
           : reason == REASON_DRAFT_REPEATED   ? "valid_from"
           : reason == REASON_POLICY_VALUE     ? "value"
           : standard                          ? "amount_fen"
                                               : "name";
}

/* What the database says of rows joins what was known before. */
static void rows_judge(struct call *call, const struct rows *rows)
{
    const Mingce__V1__PolicyReplayRequest *request = replay_request(call);
    size_t first = 0, n = part_rows(rows, REPLAY_PART_ROW, &first);
    for (size_t i = 0, said = first; i < draft_rows(request) && said < first + n; i++) {
        struct row_note *note = row_note(call, i);
        if (rows_int4(rows, said, REPLAY_ROW) != (int32_t) note->row)
            continue;
        note->reason = outcome_reason(rows_int2(rows, said++, REPLAY_OUTCOME));
        note->field = row_field(note->reason, request->n_standard > 0);
    }
}

static void rows_refused(struct call *call, Mingce__V1__PolicyReplayResponse *out)
{
    size_t n = CALL_LIST(call, out, refused, draft_rows(replay_request(call)));
    out->n_refused = 0;
    for (size_t i = 0; i < n; i++) {
        const struct row_note *note = row_note(call, i);
        if (note->reason == REASON_NONE)
            continue;
        Mingce__V1__RowResult *result = out->refused[out->n_refused++];
        mingce__v1__row_result__init(result);
        result->row = note->row;
        result->verdict = MINGCE__V1__ROW_VERDICT__ROW_REFUSED;
        RESULT_FIND(call, result, 1, note->reason, note->field);
    }
}

enum reason policy_replay_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, REPLAY_OUTCOME));
    if (reason != REASON_NONE)
        return reason;
    Mingce__V1__PolicyReplayResponse *response = (Mingce__V1__PolicyReplayResponse *) out;
    rows_judge(call, rows);
    Mingce__V1__ReplayCount **whole;
    size_t whole_n;
    rows_refused(call, response);
    counts_fill(call, rows, REPLAY_PART_WHOLE, &whole_n, &whole);
    counts_fill(call, rows, REPLAY_PART_LINE, &response->n_line, &response->line);
    counts_fill(call, rows, REPLAY_PART_OCCUPATION, &response->n_occupation, &response->occupation);
    counts_fill(call, rows, REPLAY_PART_REASON, &response->n_reason, &response->reason);
    reasons_fill(call, rows, response->reason, response->n_reason);
    response->whole = whole_n > 0 ? whole[0] : NULL;
    response->has_claims = !rows_null(rows, 0, REPLAY_YEAR_CLAIMS);
    if (response->has_claims)
        response->claims = count_of(rows, 0, REPLAY_YEAR_CLAIMS);
    response->has_next = !rows_null(rows, 0, REPLAY_NEXT);
    if (response->has_next)
        call_bytes(call, &response->next, rows_uuid(rows, 0, REPLAY_NEXT), PERSON_ID);
    return REASON_NONE;
}
