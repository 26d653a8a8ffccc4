/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/standard.h"
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/page.h"
#include "daemon/registry/proposal.h"
#include "proto/rules/bounds.h"
#include "proto/rules/codes.h"
#include "proto/standard.pb-c.h"

enum { CERTIFICATE_KINDS = 5, OCCUPATION_CODE_BYTES = 32 };
static const int64_t FEN_MOST = 99999999999; /* so that no product of it with hours and percent overflows */

#define PROPOSE_PARAMETERS(COLUMN)                                                                           \
    COLUMN(PROPOSE_IN_ROW_REQ, "row_req", INT4)                                                              \
    COLUMN(PROPOSE_IN_ROW, "row", INT4)                                                                      \
    COLUMN(PROPOSE_IN_ROW_HEAD, "row_head", BYTEA)                                                           \
    COLUMN(PROPOSE_IN_STANDARD, "standard", UUID)                                                            \
    COLUMN(PROPOSE_IN_SUBSIDY, "subsidy", INT2)                                                              \
    COLUMN(PROPOSE_IN_OCCUPATION, "occupation", TEXT)                                                        \
    COLUMN(PROPOSE_IN_LEVEL, "level", INT2)                                                                  \
    COLUMN(PROPOSE_IN_KIND, "kind", INT2)                                                                    \
    COLUMN(PROPOSE_IN_GROUP, "group", INT2)                                                                  \
    COLUMN(PROPOSE_IN_MODE, "mode", INT2)                                                                    \
    COLUMN(PROPOSE_IN_DEMAND_GRADE, "demand_grade", INT2)                                                    \
    COLUMN(PROPOSE_IN_RENEWAL, "renewal", BOOL)                                                              \
    COLUMN(PROPOSE_IN_BASIS, "basis", INT2)                                                                  \
    COLUMN(PROPOSE_IN_CAP, "cap", INT8)                                                                      \
    COLUMN(PROPOSE_IN_PERCENT, "percent", INT4)                                                              \
    COLUMN(PROPOSE_IN_AMOUNT, "amount", INT8)                                                                \
    COLUMN(PROPOSE_IN_FROM, "from", DATE)                                                                    \
    COLUMN(PROPOSE_IN_TO, "to", DATE)                                                                        \
    COLUMN(PROPOSE_IN_CITATION, "citation", TEXT)
COLUMNS_AFTER(METHOD_WRITE, propose_parameters, PROPOSE_PARAMETERS);
const struct statement standard_propose_statement = {
    .name = "standard_propose",
    .parameters = COLUMNS(propose_parameters),
    .rows = PROPOSE_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

#define LIST_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LIST_IN_BEFORE, "before", UUID)                                                                   \
    COLUMN(LIST_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(LIST_IN_PENDING, "pending", BOOL)                                                                 \
    COLUMN(LIST_IN_DAY, "day", DATE)                                                                         \
    COLUMN(LIST_IN_DIVISION, "division", TEXT)
COLUMNS_AFTER(METHOD_READ, list_parameters, LIST_PARAMETERS);
#define LIST_RESULT(COLUMN)                                                                                  \
    COLUMN(LIST_ID, "standard_id", UUID)                                                                     \
    COLUMN(LIST_DIVISION, "division", TEXT)                                                                  \
    COLUMN(LIST_LINE, "subsidy", INT2)                                                                       \
    COLUMN(LIST_OCCUPATION, "occupation_code", TEXT)                                                         \
    COLUMN(LIST_LEVEL, "level", INT2)                                                                        \
    COLUMN(LIST_KIND, "certificate_kind", INT2)                                                              \
    COLUMN(LIST_GROUP, "trainee_group", INT2)                                                                \
    COLUMN(LIST_MODE, "mode", INT2)                                                                          \
    COLUMN(LIST_DEMAND_GRADE, "demand_grade", INT2)                                                          \
    COLUMN(LIST_RENEWAL, "renewal", BOOL)                                                                    \
    COLUMN(LIST_BASIS, "basis", INT2)                                                                        \
    COLUMN(LIST_AMOUNT, "amount_fen", INT8)                                                                  \
    COLUMN(LIST_CAP, "cap_fen", INT8)                                                                        \
    COLUMN(LIST_PERCENT, "percent", INT4)                                                                    \
    COLUMN(LIST_FROM, "valid_from", DATE)                                                                    \
    COLUMN(LIST_TO, "valid_to", DATE)                                                                        \
    COLUMN(LIST_CITATION, "citation", TEXT)
COLUMNS_AFTER(RESULT, list_result, LIST_RESULT);
const struct statement standard_list_statement = {
    .name = "standard_list",
    .parameters = COLUMNS(list_parameters),
    .result = COLUMNS(list_result),
};

/* ---- propose ---- */

static const Mingce__V1__StandardProposeRequest *propose_request(const struct call *call)
{
    return (const Mingce__V1__StandardProposeRequest *) call->request;
}

enum reason standard_propose_valid(struct call *call)
{
    const Mingce__V1__StandardProposeRequest *request = propose_request(call);
    enum reason reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

static void bind_code(struct set *set, size_t parameter, bool there, int16_t code)
{
    if (there)
        set_int2(set, parameter, code);
    else
        set_null(set, parameter);
}

/* What its amount is paid for: as it says, or else as its subsidy is paid. */
static Mingce__V1__SubsidyBasis standard_basis(const Mingce__V1__StandardRow *row)
{
    if (row->has_basis)
        return row->basis;
    return row->line == MINGCE__V1__SUBSIDY_LINE__SUBSIDY_LIVING
               ? MINGCE__V1__SUBSIDY_BASIS__BASIS_DAY
               : MINGCE__V1__SUBSIDY_BASIS__BASIS_CERTIFICATE;
}

static bool basis_fits(const Mingce__V1__StandardRow *row)
{
    switch (row->line) {
    case MINGCE__V1__SUBSIDY_LINE__SUBSIDY_ASSESSMENT:
        return standard_basis(row) == MINGCE__V1__SUBSIDY_BASIS__BASIS_CERTIFICATE;
    case MINGCE__V1__SUBSIDY_LINE__SUBSIDY_LIVING:
        return standard_basis(row) == MINGCE__V1__SUBSIDY_BASIS__BASIS_DAY;
    default:
        return true;
    }
}

static enum reason fen_fits(int64_t fen)
{
    return fen <= 0 ? REASON_AMOUNT_FORMAT : fen > FEN_MOST ? REASON_AMOUNT_LARGE : REASON_NONE;
}

/* What it comes to: for what it is paid, percent and cap. False: the note says what is wrong. */
static bool amount_fits(const Mingce__V1__StandardRow *row, struct row_note *note)
{
    note->field = "amount_fen";
    note->reason = fen_fits(row->amount_fen);
    if (note->reason == REASON_NONE && row->has_cap_fen) {
        note->field = "cap_fen";
        note->reason = fen_fits(row->cap_fen);
    }
    if (note->reason == REASON_NONE && !basis_fits(row)) {
        note->field = "basis";
        note->reason = REASON_BASIS_LINE;
    }
    if (note->reason == REASON_NONE && row->has_percent) {
        note->field = "percent";
        note->reason = row->percent < 1 || row->percent > STANDARD_PERCENT_MOST ? REASON_PERCENT_RANGE
                       : row->amount_fen * row->percent < 100                   ? REASON_PERCENT_FEN
                                                                                : REASON_NONE;
    }
    return note->reason == REASON_NONE;
}

bool standard_row_fits(const Mingce__V1__StandardRow *row, struct row_note *note, uint8_t *group)
{
    *group = 0;
    note->reason = REASON_NONE;
    if (row->occupation_code != NULL && strlen(row->occupation_code) > OCCUPATION_CODE_BYTES) {
        note->field = "occupation_code";
        note->reason = REASON_OCCUPATION_UNKNOWN;
    } else if (row->has_certificate_kind &&
               (row->certificate_kind < 1 || row->certificate_kind > CERTIFICATE_KINDS)) {
        note->field = "certificate_kind";
        note->reason = REASON_CERTIFICATE_KIND_UNKNOWN;
    } else if (row->trainee_group != NULL && !code_of_cell(CODES_TRAINEE_GROUP, row->trainee_group, group)) {
        note->field = "trainee_group";
        note->reason = REASON_GROUP_UNKNOWN;
    } else if (row->has_demand_grade && (row->demand_grade < 1 || row->demand_grade > DEMAND_GRADES)) {
        note->field = "demand_grade";
        note->reason = REASON_DEMAND_GRADE_UNKNOWN;
    } else if (amount_fits(row, note)) {
        note->reason = proposal_fits(row->valid_from, row->valid_to, row->citation, &note->field);
    }
    return note->reason == REASON_NONE;
}

void standard_bind(struct set *set, const struct standard_parameters *to, const Mingce__V1__StandardRow *row,
                   uint8_t group)
{
    set_int2(set, to->subsidy, (int16_t) row->line);
    set_text(set, to->occupation, row->occupation_code);
    bind_code(set, to->level, row->has_level, (int16_t) row->level);
    bind_code(set, to->kind, row->has_certificate_kind, (int16_t) row->certificate_kind);
    bind_code(set, to->group, group != 0, group);
    bind_code(set, to->mode, row->has_mode, (int16_t) row->mode);
    bind_code(set, to->demand_grade, row->has_demand_grade, (int16_t) row->demand_grade);
    if (row->has_renewal)
        set_bool(set, to->renewal, row->renewal);
    else
        set_null(set, to->renewal);
    set_int2(set, to->basis, (int16_t) standard_basis(row));
    if (row->has_cap_fen)
        set_int8(set, to->cap, row->cap_fen);
    else
        set_null(set, to->cap);
    set_int4(set, to->percent, row->has_percent ? (int32_t) row->percent : 100);
}

static const struct standard_parameters standard_parameters = {.subsidy = PROPOSE_IN_SUBSIDY,
                                                               .occupation = PROPOSE_IN_OCCUPATION,
                                                               .level = PROPOSE_IN_LEVEL,
                                                               .kind = PROPOSE_IN_KIND,
                                                               .group = PROPOSE_IN_GROUP,
                                                               .mode = PROPOSE_IN_MODE,
                                                               .demand_grade = PROPOSE_IN_DEMAND_GRADE,
                                                               .renewal = PROPOSE_IN_RENEWAL,
                                                               .basis = PROPOSE_IN_BASIS,
                                                               .cap = PROPOSE_IN_CAP,
                                                               .percent = PROPOSE_IN_PERCENT};

void standard_propose_bind(struct call *call, struct set *set)
{
    const Mingce__V1__StandardProposeRequest *request = propose_request(call);
    uint8_t id[PROPOSAL_ID], group;
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__StandardRow *row = request->row[i];
        if (!standard_row_fits(row, row_note(call, i), &group))
            continue;
        crypto_uuid(id);
        row_bind(call, set, PROPOSE_IN_ROW, i);
        set_uuid(set, PROPOSE_IN_STANDARD, id);
        standard_bind(set, &standard_parameters, row, group);
        set_int8(set, PROPOSE_IN_AMOUNT, row->amount_fen);
        set_day(set, PROPOSE_IN_FROM, day_parse(row->valid_from));
        set_day(set, PROPOSE_IN_TO, row->valid_to == NULL ? DAY_NONE : day_parse(row->valid_to));
        set_text(set, PROPOSE_IN_CITATION, row->citation);
    }
}

static const char *propose_field(enum reason reason)
{
    return reason == REASON_OCCUPATION_UNKNOWN ? "occupation_code"
           : reason == REASON_UNCHANGED        ? "amount_fen"
           : reason == REASON_LEVEL_OF_KIND    ? "level"
                                               : NULL;
}

enum reason standard_propose_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    return batch_render(call, propose_request(call)->n_row, rows, propose_field, out);
}

/* ---- list ---- */

static const Mingce__V1__StandardListRequest *list_request(const struct call *call)
{
    return (const Mingce__V1__StandardListRequest *) call->request;
}

enum reason standard_list_valid(struct call *call)
{
    const Mingce__V1__StandardListRequest *request = list_request(call);
    enum reason reason = page_valid_id(call, PAGE(request));
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, request->day, request->division);
}

void standard_list_bind(struct call *call, struct set *set)
{
    const Mingce__V1__StandardListRequest *request = list_request(call);
    page_bind_id(set, LIST_IN_BEFORE, PAGE(request));
    page_bind(set, LIST_IN_PAGE, PAGE(request));
    set_bool(set, LIST_IN_PENDING, request->has_pending && request->pending);
    set_day(set, LIST_IN_DAY, request->day == NULL ? DAY_NONE : day_parse(request->day));
    set_text(set, LIST_IN_DIVISION, request->division);
}

static void standard_fill(struct call *call, Mingce__V1__Standard *standard, const struct rows *rows,
                          size_t row)
{
    mingce__v1__standard__init(standard);
    standard->division = unconst(rows_text(rows, row, LIST_DIVISION));
    standard->line = (Mingce__V1__SubsidyLine) rows_int2(rows, row, LIST_LINE);
    standard->occupation_code = unconst(rows_text(rows, row, LIST_OCCUPATION));
    standard->has_level = !rows_null(rows, row, LIST_LEVEL);
    if (standard->has_level)
        standard->level = (Mingce__V1__SkillLevel) rows_int2(rows, row, LIST_LEVEL);
    standard->has_certificate_kind = !rows_null(rows, row, LIST_KIND);
    if (standard->has_certificate_kind)
        standard->certificate_kind = (uint32_t) rows_int2(rows, row, LIST_KIND);
    if (!rows_null(rows, row, LIST_GROUP))
        standard->trainee_group =
            unconst(code_name(CODES_TRAINEE_GROUP, (uint8_t) rows_int2(rows, row, LIST_GROUP)));
    standard->has_mode = !rows_null(rows, row, LIST_MODE);
    if (standard->has_mode)
        standard->mode = (Mingce__V1__TrainingMode) rows_int2(rows, row, LIST_MODE);
    standard->has_demand_grade = !rows_null(rows, row, LIST_DEMAND_GRADE);
    if (standard->has_demand_grade)
        standard->demand_grade = (uint32_t) rows_int2(rows, row, LIST_DEMAND_GRADE);
    standard->has_renewal = !rows_null(rows, row, LIST_RENEWAL);
    standard->renewal = standard->has_renewal && rows_bool(rows, row, LIST_RENEWAL);
    standard->basis = (Mingce__V1__SubsidyBasis) rows_int2(rows, row, LIST_BASIS);
    standard->amount_fen = rows_int8(rows, row, LIST_AMOUNT);
    standard->has_cap_fen = !rows_null(rows, row, LIST_CAP);
    standard->cap_fen = standard->has_cap_fen ? rows_int8(rows, row, LIST_CAP) : 0;
    standard->percent = (uint32_t) rows_int4(rows, row, LIST_PERCENT);
    standard->citation = unconst(rows_text(rows, row, LIST_CITATION));
    call_bytes(call, &standard->standard_id, rows_uuid(rows, row, LIST_ID), PROPOSAL_ID);
    standard->valid_from = call_day(call, rows_day(rows, row, LIST_FROM));
    standard->valid_to = call_day(call, rows_day(rows, row, LIST_TO));
}

enum reason standard_list_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__StandardListRequest *request = list_request(call);
    size_t found = rows_count(rows);
    Mingce__V1__StandardListResponse *response = (Mingce__V1__StandardListResponse *) out;
    size_t n = PAGE_LIST(call, response, standard, PAGE(request), found);
    for (size_t i = 0; i < n; i++)
        standard_fill(call, response->standard[i], rows, i);
    if (response->has_next)
        response->next = response->standard[n - 1]->standard_id;
    return REASON_NONE;
}
