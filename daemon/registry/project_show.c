/* SPDX-License-Identifier: Apache-2.0 */
/* Projects are listed and shown (E). */
#include "daemon/registry/methods.h"
#include "daemon/registry/operator.h"
#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/part.h"
#include "daemon/registry/project.h"

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(LIST_IN_ORGANISATION, "organisation", TEXT)                                                       \
    COLUMN(LIST_IN_STATE, "state", INT2)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
const struct statement project_list_statement = {
    .name = "project_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS_FIRST(PROJECT),
};

#define SHOW_PARAMETERS(COLUMN)                                                                              \
    COLUMN(SHOW_IN_PROJECT, "project", UUID)                                                                 \
    COLUMN(SHOW_IN_BEFORE, "before", INT4)
COLUMNS_AFTER(METHOD_READ, show_parameters, SHOW_PARAMETERS);
/* Each row belongs to one part and has that part's columns. */
#define SHOW_RESULT(COLUMN)                                                                                  \
    COLUMN(SHOW_PART, "part", INT2)                                                                          \
    COLUMN(PART_NUMBER, "number", INT8)                                                                      \
    COLUMN(PART_WHAT, "what", INT2)                                                                          \
    COLUMN(PART_AMOUNT, "amount", INT8)                                                                      \
    COLUMN(PART_OF_AMOUNT, "of_amount", INT8)                                                                \
    COLUMN(PART_PERCENT, "percent", INT4)                                                                    \
    COLUMN(PART_FEN, "fen", INT8)                                                                            \
    COLUMN(PART_ON_DAY, "on_day", DATE)                                                                      \
    COLUMN(PART_AT, "at_ms", INT8)                                                                           \
    COLUMN(PART_STATE, "step_state", INT2)                                                                   \
    COLUMN(PART_OPERATOR, "operator_id", UUID)                                                               \
    COLUMN(PART_OPERATOR_SEALED, "operator_sealed", BYTEA)                                                   \
    COLUMN(PART_ORGANISATION, "operator_organisation", TEXT)                                                 \
    COLUMN(PART_REASON, "reason", TEXT)                                                                      \
    COLUMN(PART_SUBJECT, "subject", UUID)                                                                    \
    COLUMN(PART_FINE, "fine", BOOL)
COLUMNS_AFTER(PROJECT, show_result, SHOW_RESULT);
const struct statement project_show_statement = {
    .name = "project_show",
    .parameters = COLUMNS(show_parameters),
    .result = COLUMNS(show_result),
};

bool project_number(const struct rows *rows, size_t row, int column, uint32_t *to)
{
    bool has = !rows_null(rows, row, (size_t) column);
    if (has)
        *to = (uint32_t) rows_int4(rows, row, (size_t) column);
    return has;
}

bool project_fen(const struct rows *rows, size_t row, int column, int64_t *to)
{
    bool has = !rows_null(rows, row, (size_t) column);
    if (has)
        *to = rows_int8(rows, row, (size_t) column);
    return has;
}

/* What it is, of whom and when. */
static void terms_fill(struct call *call, Mingce__V1__Project *to, const struct rows *rows, size_t row)
{
    call_bytes(call, &to->project_id, rows_uuid(rows, row, PROJECT_PROJECT_ID), PROJECT_ID);
    to->division = unconst(rows_text(rows, row, PROJECT_DIVISION));
    to->department = unconst(rows_text(rows, row, PROJECT_DEPARTMENT));
    to->name = unconst(rows_text(rows, row, PROJECT_NAME));
    to->occupation_code = unconst(rows_text(rows, row, PROJECT_OCCUPATION));
    to->occupation_name = unconst(rows_text(rows, row, PROJECT_OCCUPATION_NAME));
    to->has_level = !rows_null(rows, row, PROJECT_LEVEL);
    if (to->has_level)
        to->level = (Mingce__V1__SkillLevel) rows_int2(rows, row, PROJECT_LEVEL);
    to->has_certificate_kind = !rows_null(rows, row, PROJECT_CERTIFICATE_KIND);
    if (to->has_certificate_kind)
        to->certificate_kind = (uint32_t) rows_int2(rows, row, PROJECT_CERTIFICATE_KIND);
    to->mode = (Mingce__V1__TrainingMode) rows_int2(rows, row, PROJECT_MODE);
    to->pay_mode = (Mingce__V1__ProjectPayMode) rows_int2(rows, row, PROJECT_PAY_MODE);
    to->planned_heads = (uint32_t) rows_int4(rows, row, PROJECT_PLANNED_HEADS);
    to->hours = (uint32_t) rows_int4(rows, row, PROJECT_HOURS);
    to->call_number = unconst(rows_text(rows, row, PROJECT_CALL_NUMBER));
    to->contract_number = unconst(rows_text(rows, row, PROJECT_CONTRACT));
    to->organisation_code = unconst(rows_text(rows, row, PROJECT_ORGANISATION_CODE));
    to->organisation_name = unconst(rows_text(rows, row, PROJECT_ORGANISATION_NAME));
    to->starts_on = call_day(call, rows_day(rows, row, PROJECT_STARTS_ON));
    to->ends_on = call_day(call, rows_day(rows, row, PROJECT_ENDS_ON));
    to->closes_on = call_day(call, rows_day(rows, row, PROJECT_CLOSES_ON));
}

void project_fill(struct call *call, Mingce__V1__Project *to, const struct rows *rows, size_t row)
{
    mingce__v1__project__init(to);
    terms_fill(call, to, rows, row);
    to->unit_fen = rows_int8(rows, row, PROJECT_UNIT);
    to->has_cap_fen = project_fen(rows, row, PROJECT_CAP, &to->cap_fen);
    to->state = (Mingce__V1__ProjectState) rows_int2(rows, row, PROJECT_STATE);
    to->version = (uint32_t) rows_int4(rows, row, PROJECT_VERSION);
    to->frozen_on = call_day(call, rows_day(rows, row, PROJECT_FROZEN_ON));
    to->has_enrolled = project_number(rows, row, PROJECT_ENROLLED, &to->enrolled);
    to->has_completed = project_number(rows, row, PROJECT_COMPLETED, &to->completed);
    to->has_counted = project_number(rows, row, PROJECT_COUNTED, &to->counted);
    to->has_total_fen = project_fen(rows, row, PROJECT_TOTAL, &to->total_fen);
    to->advance_percent = (uint32_t) rows_int4(rows, row, PROJECT_ADVANCE_PERCENT);
    to->has_entitled_percent = project_number(rows, row, PROJECT_ENTITLED_PERCENT, &to->entitled_percent);
    to->granted_fen = rows_int8(rows, row, PROJECT_GRANTED);
    to->paid_fen = rows_int8(rows, row, PROJECT_PAID);
    to->recover_fen = rows_int8(rows, row, PROJECT_RECOVER);
    to->recovered_fen = rows_int8(rows, row, PROJECT_RECOVERED);
}

/* ---- list ---- */

static const Mingce__V1__ProjectListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__ProjectListRequest *) call->request;
}

enum reason project_list_valid(struct call *call)
{
    return page_valid_id(call, PAGE(list_request(call)));
}

void project_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ProjectListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_text(set, LIST_IN_DIVISION, request->division);
    set_text(set, LIST_IN_ORGANISATION, request->organisation_code);
    if (request->has_state)
        set_int2(set, LIST_IN_STATE, (int16_t) request->state);
    else
        set_null(set, LIST_IN_STATE);
}

enum reason project_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__ProjectListResponse *response = (Mingce__V1__ProjectListResponse *) out;
    size_t n = PAGE_LIST(call, response, project, PAGE(list_request(call)), rows_count(rows));
    for (size_t i = 0; i < n; i++)
        project_fill(call, response->project[i], rows, i);
    if (response->has_next)
        response->next = response->project[n - 1]->project_id;
    return REASON_NONE;
}

/* ---- show ---- */

static const Mingce__V1__ProjectShowRequest *show_request(const struct call *call)
{
    return (const Mingce__V1__ProjectShowRequest *) call->request;
}

enum reason project_show_valid(struct call *call)
{
    return project_id_valid(call, "project_id", &show_request(call)->project_id);
}

void project_show_bind(struct call *call, struct set *set)
{
    const Mingce__V1__ProjectShowRequest *request = show_request(call);
    set_uuid(set, SHOW_IN_PROJECT, request->project_id.data);
    if (request->has_before)
        set_int4(set, SHOW_IN_BEFORE, request->before < INT32_MAX ? (int32_t) request->before : INT32_MAX);
    else
        set_null(set, SHOW_IN_BEFORE);
}

static void tier_fill(struct call *call, Mingce__V1__ProjectTier *out, const struct rows *rows, size_t row)
{
    (void) call;
    mingce__v1__project_tier__init(out);
    out->metric = (Mingce__V1__TierMetric) rows_int2(rows, row, PART_WHAT);
    out->threshold = (uint32_t) rows_int8(rows, row, PART_AMOUNT);
    out->pay_percent = (uint32_t) rows_int4(rows, row, PART_PERCENT);
}

static void class_fill_part(struct call *call, Mingce__V1__ProjectClass *out, const struct rows *rows,
                            size_t row)
{
    mingce__v1__project_class__init(out);
    out->class_number = (uint64_t) rows_int8(rows, row, PART_NUMBER);
    out->state = (Mingce__V1__ClassState) rows_int2(rows, row, PART_WHAT);
    out->enrolled = (uint32_t) rows_int8(rows, row, PART_AMOUNT);
    out->ends_on = call_day(call, rows_day(rows, row, PART_ON_DAY));
}

static void deduction_fill(struct call *call, Mingce__V1__ProjectDeduction *out, const struct rows *rows,
                           size_t row)
{
    (void) call;
    mingce__v1__project_deduction__init(out);
    out->deduction = (Mingce__V1__Deduction) rows_int2(rows, row, PART_WHAT);
    out->heads = (uint32_t) rows_int8(rows, row, PART_AMOUNT);
}

static void run_fill(struct call *call, Mingce__V1__ProjectRun *out, const struct rows *rows, size_t row)
{
    mingce__v1__project_run__init(out);
    out->run = (uint32_t) rows_int8(rows, row, PART_NUMBER);
    out->as_of = call_day(call, rows_day(rows, row, PART_ON_DAY));
    out->employed = (uint32_t) rows_int8(rows, row, PART_AMOUNT);
    out->measured = (uint32_t) rows_int8(rows, row, PART_OF_AMOUNT);
    out->pay_percent = (uint32_t) rows_int4(rows, row, PART_PERCENT);
    out->due_fen = rows_int8(rows, row, PART_FEN);
    out->has_concentrated = !rows_null(rows, row, PART_WHAT);
    if (out->has_concentrated)
        out->concentrated = (uint32_t) rows_int2(rows, row, PART_WHAT);
    out->at_ms = rows_int8(rows, row, PART_AT);
    out->operator_name =
        operator_name_masked(call, rows_uuid(rows, row, PART_OPERATOR), rows, row, PART_OPERATOR_SEALED);
}

static void step_fill(struct call *call, Mingce__V1__ProjectStep *out, const struct rows *rows, size_t row)
{
    mingce__v1__project_step__init(out);
    out->version = (uint32_t) rows_int8(rows, row, PART_NUMBER);
    out->action = (Mingce__V1__ProjectAction) rows_int2(rows, row, PART_WHAT);
    out->operator_name =
        operator_name_masked(call, rows_uuid(rows, row, PART_OPERATOR), rows, row, PART_OPERATOR_SEALED);
    out->organisation_name = unconst(rows_text(rows, row, PART_ORGANISATION));
    out->at_ms = rows_int8(rows, row, PART_AT);
    out->reason = unconst(rows_text(rows, row, PART_REASON));
    out->has_tranche_id = !rows_null(rows, row, PART_SUBJECT);
    if (out->has_tranche_id)
        call_bytes(call, &out->tranche_id, rows_uuid(rows, row, PART_SUBJECT), PROJECT_ID);
    out->has_fen = project_fen(rows, row, PART_FEN, &out->fen);
    out->held_on = call_day(call, rows_day(rows, row, PART_ON_DAY));
    out->has_fine = !rows_null(rows, row, PART_FINE);
    out->fine = out->has_fine && rows_bool(rows, row, PART_FINE);
}

static void ledger_fill(struct call *call, Mingce__V1__ProjectLedger *out, const struct rows *rows,
                        size_t row)
{
    (void) call;
    mingce__v1__project_ledger__init(out);
    out->kind = (Mingce__V1__TrancheKind) rows_int2(rows, row, PART_WHAT);
    out->division = unconst(rows_text(rows, row, PART_REASON));
    out->source = (Mingce__V1__FundSource) rows_int8(rows, row, PART_AMOUNT);
    out->year = (uint32_t) rows_int8(rows, row, PART_NUMBER);
    out->fen = rows_int8(rows, row, PART_FEN);
}

/* Room for as many of each part as the result has. False: the arena is full. */
static bool parts_room(struct call *call, Mingce__V1__ProjectShowResponse *to, const struct rows *rows)
{
    size_t n[PROJECT_PARTS] = {0};
    for (size_t i = 0; i < rows_count(rows); i++) {
        int16_t part = rows_int2(rows, i, SHOW_PART);
        if (part < 0 || part >= PROJECT_PARTS) {
            call_defect(call);
            return false;
        }
        n[part]++;
    }
    to->tier = arena_array(call->arena, n[PROJECT_PART_TIER], sizeof(*to->tier));
    to->class_ = arena_array(call->arena, n[PROJECT_PART_CLASS], sizeof(*to->class_));
    to->deduction = arena_array(call->arena, n[PROJECT_PART_DEDUCTION], sizeof(*to->deduction));
    to->run = arena_array(call->arena, n[PROJECT_PART_RUN], sizeof(*to->run));
    to->step = arena_array(call->arena, n[PROJECT_PART_STEP], sizeof(*to->step));
    to->ledger = arena_array(call->arena, n[PROJECT_PART_LEDGER], sizeof(*to->ledger));
    return to->tier != NULL && to->class_ != NULL && to->deduction != NULL && to->run != NULL &&
           to->step != NULL && to->ledger != NULL;
}

/* Appends one part: `field` is its list of the response. */
#define APPEND(field, fill)                                                                                  \
    do {                                                                                                     \
        size_t at = to->n_##field++;                                                                         \
        to->field[at] = arena_alloc(call->arena, sizeof(**to->field));                                       \
        if (to->field[at] != NULL)                                                                           \
            fill(call, to->field[at], rows, row);                                                            \
    } while (0)

static void parts_fill(struct call *call, Mingce__V1__ProjectShowResponse *to, const struct rows *rows)
{
    for (size_t row = 0; row < rows_count(rows); row++) {
        switch ((enum project_part) rows_int2(rows, row, SHOW_PART)) {
        case PROJECT_PART_PROJECT:
            to->project = arena_alloc(call->arena, sizeof(*to->project));
            if (to->project != NULL)
                project_fill(call, to->project, rows, row);
            to->remark = unconst(rows_text(rows, row, PART_REASON));
            break;
        case PROJECT_PART_TIER:
            APPEND(tier, tier_fill);
            break;
        case PROJECT_PART_CLASS:
            APPEND(class_, class_fill_part);
            break;
        case PROJECT_PART_DEDUCTION:
            APPEND(deduction, deduction_fill);
            break;
        case PROJECT_PART_RUN:
            APPEND(run, run_fill);
            break;
        case PROJECT_PART_STEP:
            APPEND(step, step_fill);
            break;
        case PROJECT_PART_LEDGER:
            APPEND(ledger, ledger_fill);
            break;
        case PROJECT_PARTS:
            call_defect(call);
            break;
        }
    }
    if (to->project == NULL)
        call_defect(call);
}
#undef APPEND

enum reason project_show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    if (rows_count(rows) == 0)
        return call_refuse(call, "project_id", REASON_PROJECT_UNKNOWN);
    Mingce__V1__ProjectShowResponse *response = (Mingce__V1__ProjectShowResponse *) out;
    if (parts_room(call, response, rows))
        parts_fill(call, response, rows);
    response->has_next = response->n_step > PROJECT_STEPS_SHOWN;
    if (response->has_next) {
        response->n_step = PROJECT_STEPS_SHOWN;
        response->next = response->step[PROJECT_STEPS_SHOWN - 1]->version;
    }
    return REASON_NONE;
}
