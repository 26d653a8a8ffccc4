/* SPDX-License-Identifier: Apache-2.0 */
/* The whole story of a claim. */
#include "daemon/registry/batch.h"
#include "daemon/registry/claim.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/part.h"
#include "daemon/registry/person.h"

enum { ID = 16 };

#define SHOW_PARAMETERS(COLUMN)                                                                              \
    COLUMN(SHOW_IN_CLAIM, "claim", UUID)                                                                     \
    COLUMN(SHOW_IN_PENDING, "pending", INT4)
COLUMNS_AFTER(METHOD_READ, show_parameters, SHOW_PARAMETERS);
/* Each row belongs to one part of the claim's story and has that part's columns. */
#define SHOW_RESULT(COLUMN)                                                                                  \
    COLUMN(SHOW_OUTCOME, "outcome", INT2)                                                                    \
    COLUMN(SHOW_PART, "part", INT2)                                                                          \
    COLUMN(SUBSIDY, "subsidy", INT2)                                                                         \
    COLUMN(SUBSIDY_AMOUNT, "subsidy_fen", INT8)                                                              \
    COLUMN(SUBSIDY_RATE, "rate_fen", INT8)                                                                   \
    COLUMN(SUBSIDY_CLAWED, "subsidy_clawed_fen", INT8)                                                       \
    COLUMN(SUBSIDY_DAYS, "days", INT4)                                                                       \
    COLUMN(SUBSIDY_STANDARD, "standard_id", UUID)                                                            \
    COLUMN(SUBSIDY_DIVISION, "division", TEXT)                                                               \
    COLUMN(SUBSIDY_CITATION, "citation", TEXT)                                                               \
    COLUMN(SUBSIDY_FROM, "valid_from", DATE)                                                                 \
    COLUMN(SUBSIDY_TO, "valid_to", DATE)                                                                     \
    COLUMN(SUBSIDY_HOURS, "hours", INT4)                                                                     \
    COLUMN(SUBSIDY_PERCENT, "percent", INT4)                                                                 \
    COLUMN(SUBSIDY_CAP, "cap_fen", INT8)                                                                     \
    COLUMN(SUBSIDY_LEDGER, "ledger_id", INT8)                                                                \
    COLUMN(SUBSIDY_LEDGER_DIVISION, "ledger_division", TEXT)                                                 \
    COLUMN(SUBSIDY_LEDGER_SOURCE, "ledger_source", INT2)                                                     \
    COLUMN(SUBSIDY_LEDGER_YEAR, "ledger_year", INT2)                                                         \
    COLUMN(STEP_VERSION, "step_version", INT4)                                                               \
    COLUMN(STEP_ACTION, "action", INT2)                                                                      \
    COLUMN(STEP_STATE, "step_state", INT2)                                                                   \
    COLUMN(STEP_OPERATOR, "operator_id", UUID)                                                               \
    COLUMN(STEP_OPERATOR_SEALED, "operator_sealed", BYTEA)                                                   \
    COLUMN(STEP_ORGANISATION, "operator_organisation", TEXT)                                                 \
    COLUMN(STEP_AT, "stepped_at_ms", INT8)                                                                   \
    COLUMN(STEP_REASON, "reason", TEXT)                                                                      \
    COLUMN(STEP_FRAUD, "fraud", BOOL)                                                                        \
    COLUMN(FACT, "fact", INT2)                                                                               \
    COLUMN(FACT_ANSWER, "answer", INT2)                                                                      \
    COLUMN(FACT_SOURCE, "source", TEXT)                                                                      \
    COLUMN(FACT_AS_OF, "as_of", DATE)                                                                        \
    COLUMN(FACT_ANSWERED_AT, "answered_at_ms", INT8)                                                         \
    COLUMN(FACT_ASKED_OF, "asked_of", DATE)                                                                  \
    COLUMN(FACT_SNAPSHOT, "snapshot_id", UUID)                                                               \
    COLUMN(OBSTACLE, "obstacle", INT2)                                                                       \
    COLUMN(RATED_ON, "rated_on", DATE)                                                                       \
    COLUMN(RATED_AS_APPROVED, "as_approved", BOOL)                                                           \
    COLUMN(RATED_MODE, "mode", INT2)                                                                         \
    COLUMN(RATED_DEMAND_GRADE, "demand_grade", INT2)                                                         \
    COLUMN(RATED_RENEWAL, "renewal", BOOL)
COLUMNS_AFTER(CLAIM, show_result, SHOW_RESULT);
const struct statement claim_show_statement = {
    .name = "claim_show",
    .parameters = COLUMNS(show_parameters),
    .result = COLUMNS(show_result),
};

static const Mingce__V1__ClaimShowRequest *show_request(const struct call *call)
{
    return (const Mingce__V1__ClaimShowRequest *) call->request;
}

enum reason claim_show_valid(struct call *call)
{
    return show_request(call)->claim_id.len == ID ? REASON_NONE
                                                  : call_refuse(call, "claim_id", REASON_IDENTIFIER_LENGTH);
}

void claim_show_bind(struct call *call, struct set *set)
{
    set_uuid(set, SHOW_IN_CLAIM, show_request(call)->claim_id.data);
    set_int4(set, SHOW_IN_PENDING, call_looks_pending(call, 1));
}

static void amount_fill(struct call *call, Mingce__V1__ClaimAmount *out, const struct rows *rows, size_t row)
{
    mingce__v1__claim_amount__init(out);
    out->line = (Mingce__V1__SubsidyLine) rows_int2(rows, row, SUBSIDY);
    out->amount_fen = rows_int8(rows, row, SUBSIDY_AMOUNT);
    out->rate_fen = rows_int8(rows, row, SUBSIDY_RATE);
    out->clawed_fen = rows_int8(rows, row, SUBSIDY_CLAWED);
    out->has_days = !rows_null(rows, row, SUBSIDY_DAYS);
    out->days = out->has_days ? (uint32_t) rows_int4(rows, row, SUBSIDY_DAYS) : 0;
    out->has_hours = !rows_null(rows, row, SUBSIDY_HOURS);
    out->hours = out->has_hours ? (uint32_t) rows_int4(rows, row, SUBSIDY_HOURS) : 0;
    out->percent = (uint32_t) rows_int4(rows, row, SUBSIDY_PERCENT);
    out->has_cap_fen = !rows_null(rows, row, SUBSIDY_CAP);
    out->cap_fen = out->has_cap_fen ? rows_int8(rows, row, SUBSIDY_CAP) : 0;
    out->division = unconst(rows_text(rows, row, SUBSIDY_DIVISION));
    out->citation = unconst(rows_text(rows, row, SUBSIDY_CITATION));
    out->valid_from = call_day(call, rows_day(rows, row, SUBSIDY_FROM));
    out->valid_to = call_day(call, rows_day(rows, row, SUBSIDY_TO));
    call_bytes(call, &out->standard_id, rows_uuid(rows, row, SUBSIDY_STANDARD), ID);
    out->has_ledger_id = out->has_ledger_source = out->has_ledger_year =
        !rows_null(rows, row, SUBSIDY_LEDGER);
    if (!out->has_ledger_id)
        return;
    out->ledger_id = (uint64_t) rows_int8(rows, row, SUBSIDY_LEDGER);
    out->ledger_division = unconst(rows_text(rows, row, SUBSIDY_LEDGER_DIVISION));
    out->ledger_source = (Mingce__V1__FundSource) rows_int2(rows, row, SUBSIDY_LEDGER_SOURCE);
    out->ledger_year = (uint32_t) rows_int2(rows, row, SUBSIDY_LEDGER_YEAR);
}

/* Nothing of a claim that was submitted before its standards were chosen so. */
static void rating_fill(struct call *call, Mingce__V1__ClaimShowResponse *story, const struct rows *rows,
                        size_t row)
{
    if (rows_null(rows, row, RATED_ON))
        return;
    Mingce__V1__ClaimRating *out = story->rating = arena_alloc(call->arena, sizeof(*out));
    if (out == NULL)
        return;
    mingce__v1__claim_rating__init(out);
    out->rated_on = call_day(call, rows_day(rows, row, RATED_ON));
    out->as_approved = rows_bool(rows, row, RATED_AS_APPROVED);
    out->mode = (Mingce__V1__TrainingMode) rows_int2(rows, row, RATED_MODE);
    out->has_demand_grade = !rows_null(rows, row, RATED_DEMAND_GRADE);
    if (out->has_demand_grade)
        out->demand_grade = (uint32_t) rows_int2(rows, row, RATED_DEMAND_GRADE);
    out->renewal = rows_bool(rows, row, RATED_RENEWAL);
}

static void step_fill(struct call *call, Mingce__V1__ClaimStep *out, const struct rows *rows, size_t row)
{
    mingce__v1__claim_step__init(out);
    out->version = (uint32_t) rows_int4(rows, row, STEP_VERSION);
    out->action = (Mingce__V1__ClaimAction) rows_int2(rows, row, STEP_ACTION);
    out->state = (Mingce__V1__ClaimState) rows_int2(rows, row, STEP_STATE);
    out->operator_name =
        operator_name_masked(call, rows_uuid(rows, row, STEP_OPERATOR), rows, row, STEP_OPERATOR_SEALED);
    out->organisation_name = unconst(rows_text(rows, row, STEP_ORGANISATION));
    out->at_ms = rows_int8(rows, row, STEP_AT);
    out->reason = unconst(rows_text(rows, row, STEP_REASON));
    out->has_fraud = !rows_null(rows, row, STEP_FRAUD);
    out->fraud = out->has_fraud && rows_bool(rows, row, STEP_FRAUD);
}

static void fact_fill(struct call *call, Mingce__V1__ClaimFact *out, const struct rows *rows, size_t row)
{
    mingce__v1__claim_fact__init(out);
    out->fact = (Mingce__V1__Fact) rows_int2(rows, row, FACT);
    out->has_answer = !rows_null(rows, row, FACT_ANSWER);
    if (!out->has_answer)
        return;
    out->answer = (Mingce__V1__FactAnswer) rows_int2(rows, row, FACT_ANSWER);
    out->source = unconst(rows_text(rows, row, FACT_SOURCE));
    out->as_of = call_day(call, rows_day(rows, row, FACT_AS_OF));
    out->has_at_ms = !rows_null(rows, row, FACT_ANSWERED_AT);
    if (out->has_at_ms)
        out->at_ms = rows_int8(rows, row, FACT_ANSWERED_AT);
    out->asked_of = call_day(call, rows_day(rows, row, FACT_ASKED_OF));
    out->has_snapshot_id = !rows_null(rows, row, FACT_SNAPSHOT);
    if (out->has_snapshot_id)
        call_bytes(call, &out->snapshot_id, rows_uuid(rows, row, FACT_SNAPSHOT), ID);
}

/* Room for as many of each part as the result has. False: the arena is full. */
static bool story_room(struct call *call, Mingce__V1__ClaimShowResponse *story, const struct rows *rows)
{
    size_t n[CLAIM_PARTS] = {0};
    for (size_t i = 0; i < rows_count(rows); i++) {
        int16_t part = rows_int2(rows, i, SHOW_PART);
        if (part < 0 || part >= CLAIM_PARTS) {
            call_defect(call);
            return false;
        }
        n[part]++;
    }
    story->amount = arena_array(call->arena, n[CLAIM_PART_AMOUNT], sizeof(*story->amount));
    story->step = arena_array(call->arena, n[CLAIM_PART_STEP], sizeof(*story->step));
    story->fact = arena_array(call->arena, n[CLAIM_PART_FACT], sizeof(*story->fact));
    story->obstacle = arena_array(call->arena, n[CLAIM_PART_OBSTACLE], sizeof(*story->obstacle));
    return story->amount != NULL && story->step != NULL && story->fact != NULL && story->obstacle != NULL;
}

/* Appends one part: `field` is its list of the story. */
#define APPEND(field, fill)                                                                                  \
    do {                                                                                                     \
        size_t at = story->n_##field++;                                                                      \
        story->field[at] = arena_alloc(call->arena, sizeof(**story->field));                                 \
        if (story->field[at] != NULL)                                                                        \
            fill(call, story->field[at], rows, row);                                                         \
    } while (0)

static void obstacle_fill(struct call *call, Mingce__V1__Finding *out, const struct rows *rows, size_t row)
{
    finding_fill(call, out, outcome_reason(rows_int2(rows, row, OBSTACLE)), NULL);
}

static void story_fill(struct call *call, Mingce__V1__ClaimShowResponse *story, const struct rows *rows)
{
    for (size_t row = 0; row < rows_count(rows); row++) {
        switch ((enum claim_part) rows_int2(rows, row, SHOW_PART)) {
        case CLAIM_PART_CLAIM:
            story->claim = arena_alloc(call->arena, sizeof(*story->claim));
            if (story->claim != NULL)
                claim_fill(call, story->claim, rows, row, CLAIM_BY_NAME_AND_NUMBER);
            rating_fill(call, story, rows, row);
            break;
        case CLAIM_PART_AMOUNT:
            APPEND(amount, amount_fill);
            break;
        case CLAIM_PART_STEP:
            APPEND(step, step_fill);
            break;
        case CLAIM_PART_FACT:
            APPEND(fact, fact_fill);
            break;
        case CLAIM_PART_OBSTACLE:
            APPEND(obstacle, obstacle_fill);
            break;
        case CLAIM_PARTS:
            call_defect(call);
            break;
        }
    }
    if (story->claim == NULL)
        call_defect(call);
}
#undef APPEND

enum reason claim_show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, SHOW_OUTCOME));
    if (reason == REASON_CLAIM_UNKNOWN)
        return call_look_missed(call, 1) ? call_refuse(call, "claim_id", reason) : REASON_STORE_BUSY;
    if (reason != REASON_NONE)
        return person_look_refused(call, reason);
    Mingce__V1__ClaimShowResponse *story = (Mingce__V1__ClaimShowResponse *) out;
    if (story_room(call, story, rows))
        story_fill(call, story, rows);
    return call_look(call, rows_uuid(rows, 0, CLAIM_PERSON)) ? REASON_NONE : REASON_STORE_BUSY;
}
