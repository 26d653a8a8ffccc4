/* SPDX-License-Identifier: Apache-2.0 */
/* A class with its filings, what stands in their way, and the standards that will pay. */
#include "daemon/registry/batch.h"
#include "daemon/registry/class.h"
#include "daemon/registry/methods.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/part.h"
#include "proto/filing.pb-c.h"

enum { ID = 16 };

#define SHOW_PARAMETERS(COLUMN) COLUMN(SHOW_IN_NUMBER, "number", INT8)
COLUMNS_AFTER(METHOD_READ, show_parameters, SHOW_PARAMETERS);
/* Each row belongs to one part and has that part's columns. */
#define SHOW_RESULT(COLUMN)                                                                                  \
    COLUMN(SHOW_PART, "part", INT2)                                                                          \
    COLUMN(FILING_NUMBER, "filing_number", INT4)                                                             \
    COLUMN(FILING_AT, "filed_at_ms", INT8)                                                                   \
    COLUMN(FILING_BY, "filer_id", UUID)                                                                      \
    COLUMN(FILING_BY_SEALED, "filer_sealed", BYTEA)                                                          \
    COLUMN(FILING_DUE_ON, "filing_due_on", DATE)                                                             \
    COLUMN(FILING_MATERIALS, "materials", TEXT)                                                              \
    COLUMN(FILING_ASSESSMENT_PLAN, "assessment_plan", TEXT)                                                  \
    COLUMN(FILING_TRAINEES, "trainees", INT4)                                                                \
    COLUMN(FILING_HOURS, "filing_hours", INT4)                                                               \
    COLUMN(FILING_DAYS, "days", INT4)                                                                        \
    COLUMN(FILING_PRACTICE_HOURS, "practice_hours", INT4)                                                    \
    COLUMN(FILING_HOURS_LEAST, "hours_least", INT4)                                                          \
    COLUMN(FILING_PRACTICE_PERCENT, "practice_percent", INT4)                                                \
    COLUMN(FILING_CATALOGUE, "catalogue_id", UUID)                                                           \
    COLUMN(FILING_CATALOGUE_ROW, "catalogue_row", INT4)                                                      \
    COLUMN(FILING_LISTED, "institution_catalogue_id", UUID)                                                  \
    COLUMN(FILING_LISTED_ROW, "institution_catalogue_row", INT4)                                             \
    COLUMN(FILING_DEMAND_GRADE, "demand_grade", INT2)                                                        \
    COLUMN(FILING_DECISION, "decision", INT2)                                                                \
    COLUMN(FILING_DECIDED_AT, "decided_at_ms", INT8)                                                         \
    COLUMN(FILING_DECIDED_BY, "decider_id", UUID)                                                            \
    COLUMN(FILING_DECIDED_BY_SEALED, "decider_sealed", BYTEA)                                                \
    COLUMN(FILING_REASON, "reason", TEXT)                                                                    \
    COLUMN(FILING_WITHDRAWN_AT, "withdrawn_at_ms", INT8)                                                     \
    COLUMN(FILING_WITHDRAWN_BY, "withdrawer_id", UUID)                                                       \
    COLUMN(FILING_WITHDRAWN_BY_SEALED, "withdrawer_sealed", BYTEA)                                           \
    COLUMN(FILING_WITHDRAWN_REASON, "withdrawn_reason", TEXT)                                                \
    COLUMN(STANDARD, "standard_id", UUID)                                                                    \
    COLUMN(STANDARD_LINE, "line", INT2)                                                                      \
    COLUMN(STANDARD_AMOUNT, "amount_fen", INT8)                                                              \
    COLUMN(STANDARD_CITATION, "citation", TEXT)                                                              \
    COLUMN(STANDARD_KIND, "certificate_kind", INT2)                                                          \
    COLUMN(STANDARD_GROUP, "group_name", TEXT)                                                               \
    COLUMN(STANDARD_RENEWAL, "renewal", BOOL)                                                                \
    COLUMN(STANDARD_BASIS, "basis", INT2)                                                                    \
    COLUMN(STANDARD_PERCENT, "percent", INT4)                                                                \
    COLUMN(STANDARD_CAP, "cap_fen", INT8)                                                                    \
    COLUMN(OBSTACLE, "obstacle", INT2)
COLUMNS_AFTER(CLASS, show_result, SHOW_RESULT);
const struct statement class_show_statement = {
    .name = "class_show",
    .parameters = COLUMNS(show_parameters),
    .result = COLUMNS(show_result),
};

enum reason class_show_valid(struct call *call)
{
    (void) call; /* any number may be a class's */
    return REASON_NONE;
}

void class_show_bind(struct call *call, struct set *set)
{
    set_int8(set, SHOW_IN_NUMBER,
             class_number_of(((const Mingce__V1__ClassShowRequest *) call->request)->number));
}

static void decision_fill(struct call *call, Mingce__V1__Filing *out, const struct rows *rows, size_t row)
{
    out->has_decision = out->has_decided_at_ms = !rows_null(rows, row, FILING_DECISION);
    if (out->has_decision) {
        out->decision = (Mingce__V1__ClassFiling) rows_int2(rows, row, FILING_DECISION);
        out->decided_at_ms = rows_int8(rows, row, FILING_DECIDED_AT);
        out->decided_by = operator_name_masked(call, rows_uuid(rows, row, FILING_DECIDED_BY), rows, row,
                                               FILING_DECIDED_BY_SEALED);
        out->reason = unconst(rows_text(rows, row, FILING_REASON));
    }
    out->has_withdrawn_at_ms = !rows_null(rows, row, FILING_WITHDRAWN_AT);
    if (out->has_withdrawn_at_ms) {
        out->withdrawn_at_ms = rows_int8(rows, row, FILING_WITHDRAWN_AT);
        out->withdrawn_by = operator_name_masked(call, rows_uuid(rows, row, FILING_WITHDRAWN_BY), rows, row,
                                                 FILING_WITHDRAWN_BY_SEALED);
        out->withdrawn_reason = unconst(rows_text(rows, row, FILING_WITHDRAWN_REASON));
    }
}

static void filing_fill(struct call *call, Mingce__V1__Filing *out, const struct rows *rows, size_t row)
{
    mingce__v1__filing__init(out);
    out->filing = (uint32_t) rows_int4(rows, row, FILING_NUMBER);
    out->filed_at_ms = rows_int8(rows, row, FILING_AT);
    out->filed_by = operator_name_masked(call, rows_uuid(rows, row, FILING_BY), rows, row, FILING_BY_SEALED);
    out->due_on = call_day(call, rows_day(rows, row, FILING_DUE_ON));
    out->materials = unconst(rows_text(rows, row, FILING_MATERIALS));
    out->assessment_plan = unconst(rows_text(rows, row, FILING_ASSESSMENT_PLAN));
    out->trainees = (uint32_t) rows_int4(rows, row, FILING_TRAINEES);
    out->hours = (uint32_t) rows_int4(rows, row, FILING_HOURS);
    out->days = (uint32_t) rows_int4(rows, row, FILING_DAYS);
    out->practice_hours = (uint32_t) rows_int4(rows, row, FILING_PRACTICE_HOURS);
    out->hours_least = (uint32_t) rows_int4(rows, row, FILING_HOURS_LEAST);
    out->practice_percent = (uint32_t) rows_int4(rows, row, FILING_PRACTICE_PERCENT);
    out->catalogue_row = (uint32_t) rows_int4(rows, row, FILING_CATALOGUE_ROW);
    out->institution_catalogue_row = (uint32_t) rows_int4(rows, row, FILING_LISTED_ROW);
    out->has_demand_grade = !rows_null(rows, row, FILING_DEMAND_GRADE);
    if (out->has_demand_grade)
        out->demand_grade = (uint32_t) rows_int2(rows, row, FILING_DEMAND_GRADE);
    decision_fill(call, out, rows, row);
    call_bytes(call, &out->catalogue_id, rows_uuid(rows, row, FILING_CATALOGUE), ID);
    call_bytes(call, &out->institution_catalogue_id, rows_uuid(rows, row, FILING_LISTED), ID);
}

static void standard_fill(struct call *call, Mingce__V1__PayingStandard *out, const struct rows *rows,
                          size_t row)
{
    mingce__v1__paying_standard__init(out);
    out->line = (Mingce__V1__SubsidyLine) rows_int2(rows, row, STANDARD_LINE);
    out->amount_fen = rows_int8(rows, row, STANDARD_AMOUNT);
    out->citation = unconst(rows_text(rows, row, STANDARD_CITATION));
    out->has_certificate_kind = !rows_null(rows, row, STANDARD_KIND);
    if (out->has_certificate_kind)
        out->certificate_kind = (uint32_t) rows_int2(rows, row, STANDARD_KIND);
    out->group_name = unconst(rows_text(rows, row, STANDARD_GROUP));
    out->has_renewal = !rows_null(rows, row, STANDARD_RENEWAL);
    if (out->has_renewal)
        out->renewal = rows_bool(rows, row, STANDARD_RENEWAL);
    out->basis = (Mingce__V1__SubsidyBasis) rows_int2(rows, row, STANDARD_BASIS);
    out->percent = (uint32_t) rows_int4(rows, row, STANDARD_PERCENT);
    out->has_cap_fen = !rows_null(rows, row, STANDARD_CAP);
    if (out->has_cap_fen)
        out->cap_fen = rows_int8(rows, row, STANDARD_CAP);
    call_bytes(call, &out->standard_id, rows_uuid(rows, row, STANDARD), ID);
}

static void obstacle_fill(struct call *call, Mingce__V1__Finding *out, const struct rows *rows, size_t row)
{
    finding_fill(call, out, outcome_reason(rows_int2(rows, row, OBSTACLE)), NULL);
}

/* Room for as many of each part as the result has. False: the arena is full. */
static bool parts_room(struct call *call, Mingce__V1__ClassShowResponse *response, const struct rows *rows)
{
    size_t n[CLASS_PARTS] = {0};
    for (size_t i = 0; i < rows_count(rows); i++) {
        int16_t part = rows_int2(rows, i, SHOW_PART);
        if (part < 0 || part >= CLASS_PARTS) {
            call_defect(call);
            return false;
        }
        n[part]++;
    }
    response->filing = arena_array(call->arena, n[CLASS_PART_FILING], sizeof(*response->filing));
    response->standard = arena_array(call->arena, n[CLASS_PART_STANDARD], sizeof(*response->standard));
    response->obstacle = arena_array(call->arena, n[CLASS_PART_OBSTACLE], sizeof(*response->obstacle));
    return response->filing != NULL && response->standard != NULL && response->obstacle != NULL;
}

/* Appends one part: `field` is its list of the response. */
#define APPEND(field, fill)                                                                                  \
    do {                                                                                                     \
        size_t at = response->n_##field++;                                                                   \
        response->field[at] = arena_alloc(call->arena, sizeof(**response->field));                           \
        if (response->field[at] != NULL)                                                                     \
            fill(call, response->field[at], rows, row);                                                      \
    } while (0)

static void parts_fill(struct call *call, Mingce__V1__ClassShowResponse *response, const struct rows *rows)
{
    for (size_t row = 0; row < rows_count(rows); row++) {
        switch ((enum class_part) rows_int2(rows, row, SHOW_PART)) {
        case CLASS_PART_CLASS:
            response->class_ = arena_alloc(call->arena, sizeof(*response->class_));
            if (response->class_ != NULL)
                class_fill(call, response->class_, rows, row);
            break;
        case CLASS_PART_FILING:
            APPEND(filing, filing_fill);
            break;
        case CLASS_PART_STANDARD:
            APPEND(standard, standard_fill);
            break;
        case CLASS_PART_OBSTACLE:
            APPEND(obstacle, obstacle_fill);
            break;
        case CLASS_PARTS:
            call_defect(call);
            break;
        }
    }
    if (response->class_ == NULL)
        call_defect(call);
}
#undef APPEND

enum reason class_show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__ClassShowResponse *response = (Mingce__V1__ClassShowResponse *) out;
    if (rows_count(rows) == 0)
        return call_refuse(call, "number", REASON_CLASS_UNKNOWN);
    if (parts_room(call, response, rows))
        parts_fill(call, response, rows);
    return REASON_NONE;
}
