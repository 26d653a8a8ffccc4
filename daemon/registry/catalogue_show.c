/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of catalogues: one shown, two compared. */
#include "daemon/registry/catalogue.h"
#include "daemon/registry/methods.h"

#include <endian.h>
#include <string.h>

#include "daemon/registry/outcome.h"
#include "daemon/registry/page.h"
#include "daemon/registry/part.h"
#include "daemon/registry/proposal.h"
#include "proto/rules/codes.h"

enum { OCCUPATION_CODE_BYTES = 32 };

/* A row of a catalogue (helper.catalogue_line), behind the name of its occupation; `PREFIX` begins the enumerators. */
#define LINE_LIST(COLUMN, PREFIX)                                                                            \
    COLUMN(PREFIX##OCCUPATION_NAME, "occupation_name", TEXT)                                                 \
    COLUMN(PREFIX##OF, "of_catalogue", UUID)                                                                 \
    COLUMN(PREFIX##NUMBER, "number", INT4)                                                                   \
    COLUMN(PREFIX##PART, "part", INT2)                                                                       \
    COLUMN(PREFIX##OCCUPATION, "occupation_code", TEXT)                                                      \
    COLUMN(PREFIX##LEVEL, "level", INT2)                                                                     \
    COLUMN(PREFIX##NOTE, "note", TEXT)                                                                       \
    COLUMN(PREFIX##CATEGORY, "category", TEXT)                                                               \
    COLUMN(PREFIX##DEMAND_GRADE, "demand_grade", INT2)                                                       \
    COLUMN(PREFIX##HOURS, "hours_least", INT4)                                                               \
    COLUMN(PREFIX##PRACTICE, "practice_percent", INT4)                                                       \
    COLUMN(PREFIX##MODE, "mode", INT2)                                                                       \
    COLUMN(PREFIX##TRAINING, "training_fen", INT8)                                                           \
    COLUMN(PREFIX##ASSESSMENT, "assessment_fen", INT8)                                                       \
    COLUMN(PREFIX##MARK, "mark", TEXT)                                                                       \
    COLUMN(PREFIX##COUNTY, "county", TEXT)                                                                   \
    COLUMN(PREFIX##GROUP, "trainee_group", INT2)                                                             \
    COLUMN(PREFIX##HEADS, "heads", INT4)                                                                     \
    COLUMN(PREFIX##LISTED, "listed", INT4)                                                                   \
    COLUMN(PREFIX##SOURCE, "source", INT2)                                                                   \
    COLUMN(PREFIX##WANTED, "wanted_on", DATE)                                                                \
    COLUMN(PREFIX##PLACE, "place", TEXT)                                                                     \
    COLUMN(PREFIX##UNTIL, "until", DATE)                                                                     \
    COLUMN(PREFIX##CODE, "institution_code", TEXT)                                                           \
    COLUMN(PREFIX##NAME, "name", TEXT)                                                                       \
    COLUMN(PREFIX##LICENCE, "licence", TEXT)                                                                 \
    COLUMN(PREFIX##NATURE, "nature", TEXT)                                                                   \
    COLUMN(PREFIX##ADDRESS, "address", TEXT)                                                                 \
    COLUMN(PREFIX##PHONE, "phone", TEXT)                                                                     \
    COLUMN(PREFIX##SITE, "site", TEXT)                                                                       \
    COLUMN(PREFIX##CREDIT, "credit_grade", TEXT)                                                             \
    COLUMN(PREFIX##BATCH, "batch", TEXT)                                                                     \
    COLUMN(PREFIX##FROM, "valid_from", DATE)                                                                 \
    COLUMN(PREFIX##TO, "valid_to", DATE)
enum { LINE_LIST(COLUMN_ENUMERATOR, LINE_) }; /* its columns from its first one */

#define SHOW_PARAMETERS(COLUMN)                                                                              \
    COLUMN(SHOW_IN_AFTER, "after", INT4)                                                                     \
    COLUMN(SHOW_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(SHOW_IN_CATALOGUE, "catalogue", UUID)                                                             \
    COLUMN(SHOW_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(SHOW_IN_KIND, "kind", INT2)                                                                       \
    COLUMN(SHOW_IN_DAY, "day", DATE)                                                                         \
    COLUMN(SHOW_IN_OCCUPATION, "occupation", TEXT)
COLUMNS_AFTER(METHOD_READ, show_parameters, SHOW_PARAMETERS);
#define SHOW_RESULT(COLUMN) LINE_LIST(COLUMN, SHOW_LINE_)
COLUMNS_AFTER(CATALOGUE, show_result, SHOW_RESULT);
const struct statement catalogue_show_statement = {
    .name = "catalogue_show",
    .parameters = COLUMNS(show_parameters),
    .result = COLUMNS(show_result),
};

#define DIFF_PARAMETERS(COLUMN)                                                                              \
    COLUMN(DIFF_IN_AFTER, "after", INT8)                                                                     \
    COLUMN(DIFF_IN_PAGE, "page", INT4)                                                                       \
    COLUMN(DIFF_IN_CATALOGUE, "catalogue", UUID)                                                             \
    COLUMN(DIFF_IN_WITH, "with", UUID)
COLUMNS_AFTER(METHOD_READ, diff_parameters, DIFF_PARAMETERS);
#define DIFF_RESULT(COLUMN)                                                                                  \
    COLUMN(DIFF_DIFFERENCE, "difference", INT8)                                                              \
    COLUMN(DIFF_IS_NOW, "is_now", BOOL)                                                                      \
    COLUMN(DIFF_WITH, "with_id", UUID)                                                                       \
    COLUMN(DIFF_PLAN, "plan", INT2)                                                                          \
    COLUMN(DIFF_ADDED, "added", INT4)                                                                        \
    COLUMN(DIFF_REMOVED, "removed", INT4)                                                                    \
    COLUMN(DIFF_CHANGED, "changed", INT4)                                                                    \
    LINE_LIST(COLUMN, DIFF_LINE_)
COLUMNS_AFTER(OUTCOME, diff_result, DIFF_RESULT);
const struct statement catalogue_diff_statement = {
    .name = "catalogue_diff",
    .parameters = COLUMNS(diff_parameters),
    .result = COLUMNS(diff_result),
};

/* ---- rows as messages ---- */

/* A row of the result, whose columns of a catalogue's row begin at `first`. */
struct line {
    struct call *call;
    const struct rows *rows;
    size_t row;
    int first;
};

static char *line_text(const struct line *line, int column)
{
    return unconst(rows_text(line->rows, line->row, line->first + column));
}

static char *line_day(const struct line *line, int column)
{
    return call_day(line->call, rows_day(line->rows, line->row, line->first + column));
}

static bool line_has(const struct line *line, int column)
{
    return !rows_null(line->rows, line->row, line->first + column);
}

/* 0 where there is none. */
static uint32_t line_number(const struct line *line, int column)
{
    return line_has(line, column) ? (uint32_t) rows_int4(line->rows, line->row, line->first + column) : 0;
}

static int line_code(const struct line *line, int column)
{
    return line_has(line, column) ? rows_int2(line->rows, line->row, line->first + column) : 0;
}

static int64_t line_fen(const struct line *line, int column)
{
    return line_has(line, column) ? rows_int8(line->rows, line->row, line->first + column) : 0;
}

static Mingce__V1__CatalogueTraining *training_of(const struct line *line)
{
    Mingce__V1__CatalogueTraining *to = arena_alloc(line->call->arena, sizeof(*to));
    if (to == NULL)
        return NULL;
    mingce__v1__catalogue_training__init(to);
    to->category = line_text(line, LINE_CATEGORY);
    to->mark = line_text(line, LINE_MARK);
    to->has_demand_grade = line_has(line, LINE_DEMAND_GRADE);
    to->demand_grade = (uint32_t) line_code(line, LINE_DEMAND_GRADE);
    to->has_hours_least = line_has(line, LINE_HOURS);
    to->hours_least = line_number(line, LINE_HOURS);
    to->has_practice_percent = line_has(line, LINE_PRACTICE);
    to->practice_percent = line_number(line, LINE_PRACTICE);
    to->has_mode = line_has(line, LINE_MODE);
    if (to->has_mode)
        to->mode = (Mingce__V1__TrainingMode) line_code(line, LINE_MODE);
    to->has_training_fen = line_has(line, LINE_TRAINING);
    to->training_fen = line_fen(line, LINE_TRAINING);
    to->has_assessment_fen = line_has(line, LINE_ASSESSMENT);
    to->assessment_fen = line_fen(line, LINE_ASSESSMENT);
    return to;
}

static Mingce__V1__CatalogueDemand *demand_of(const struct line *line)
{
    Mingce__V1__CatalogueDemand *to = arena_alloc(line->call->arena, sizeof(*to));
    if (to == NULL)
        return NULL;
    mingce__v1__catalogue_demand__init(to);
    to->division = line_text(line, LINE_COUNTY);
    to->place = line_text(line, LINE_PLACE);
    if (line_has(line, LINE_GROUP))
        to->trainee_group = unconst(code_name(CODES_TRAINEE_GROUP, (uint8_t) line_code(line, LINE_GROUP)));
    to->heads = line_number(line, LINE_HEADS);
    to->has_listed = line_has(line, LINE_LISTED);
    to->listed = line_number(line, LINE_LISTED);
    to->source = (Mingce__V1__DemandSource) line_code(line, LINE_SOURCE);
    to->wanted_on = line_day(line, LINE_WANTED);
    to->until = line_day(line, LINE_UNTIL);
    return to;
}

static Mingce__V1__CatalogueInstitution *institution_of(const struct line *line)
{
    Mingce__V1__CatalogueInstitution *to = arena_alloc(line->call->arena, sizeof(*to));
    if (to == NULL)
        return NULL;
    mingce__v1__catalogue_institution__init(to);
    to->code = line_text(line, LINE_CODE);
    to->name = line_text(line, LINE_NAME);
    to->licence = line_text(line, LINE_LICENCE);
    to->nature = line_text(line, LINE_NATURE);
    to->address = line_text(line, LINE_ADDRESS);
    to->phone = line_text(line, LINE_PHONE);
    to->site = line_text(line, LINE_SITE);
    to->credit_grade = line_text(line, LINE_CREDIT);
    to->batch = line_text(line, LINE_BATCH);
    to->valid_from = line_day(line, LINE_FROM);
    to->valid_to = line_day(line, LINE_TO);
    return to;
}

static void row_fill(const struct line *line, Mingce__V1__CatalogueRow *to)
{
    mingce__v1__catalogue_row__init(to);
    to->number = line_number(line, LINE_NUMBER);
    to->occupation_code = line_text(line, LINE_OCCUPATION);
    to->occupation_name = line_text(line, LINE_OCCUPATION_NAME);
    to->level = (Mingce__V1__SkillLevel) line_code(line, LINE_LEVEL);
    to->note = line_text(line, LINE_NOTE);
    switch (line_code(line, LINE_PART)) {
    case CATALOGUE_PART_TRAINING:
        to->training = training_of(line);
        break;
    case CATALOGUE_PART_DEMAND:
        to->demand = demand_of(line);
        break;
    case CATALOGUE_PART_INSTITUTION:
        to->institution = institution_of(line);
        break;
    default:
        call_defect(line->call);
    }
}

/* ---- show ---- */

static const Mingce__V1__CatalogueShowRequest *show_request(const struct call *call)
{
    return (const Mingce__V1__CatalogueShowRequest *) call->request;
}

enum reason catalogue_show_valid(struct call *call)
{
    const Mingce__V1__CatalogueShowRequest *request = show_request(call);
    enum reason reason = page_valid_place(call, PAGE(request));
    if (reason != REASON_NONE)
        return reason;
    if (!request->has_catalogue_id && (request->division == NULL || !request->has_kind))
        return call_refuse(call, "catalogue_id", REASON_CATALOGUE_WHICH);
    if (request->has_catalogue_id)
        reason = catalogue_id_valid(call, "catalogue_id", &request->catalogue_id);
    else
        reason = catalogue_kind_valid(call, request->kind);
    if (reason == REASON_NONE && request->occupation_code != NULL &&
        strlen(request->occupation_code) > OCCUPATION_CODE_BYTES)
        return call_refuse(call, "occupation_code", REASON_OCCUPATION_UNKNOWN);
    return reason != REASON_NONE ? reason : proposal_filter_valid(call, request->day, request->division);
}

static void bind_id(struct set *set, size_t parameter, bool there, const ProtobufCBinaryData *id)
{
    if (there)
        set_uuid(set, parameter, id->data);
    else
        set_null(set, parameter);
}

void catalogue_show_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CatalogueShowRequest *request = show_request(call);
    set_int4(set, SHOW_IN_AFTER, (int32_t) page_number(PAGE(request), 0));
    page_bind(set, SHOW_IN_PAGE, PAGE(request));
    bind_id(set, SHOW_IN_CATALOGUE, request->has_catalogue_id, &request->catalogue_id);
    set_text(set, SHOW_IN_DIVISION, request->division);
    if (request->has_kind)
        set_int2(set, SHOW_IN_KIND, (int16_t) request->kind);
    else
        set_null(set, SHOW_IN_KIND);
    set_day(set, SHOW_IN_DAY, request->day == NULL ? DAY_NONE : day_parse(request->day));
    set_text(set, SHOW_IN_OCCUPATION, request->occupation_code);
}

enum reason catalogue_show_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__CatalogueShowRequest *request = show_request(call);
    Mingce__V1__CatalogueShowResponse *response = (Mingce__V1__CatalogueShowResponse *) out;
    size_t found = rows_count(rows);
    if (found == 0)
        return call_refuse(call, request->has_catalogue_id ? "catalogue_id" : "division",
                           REASON_CATALOGUE_UNKNOWN);
    response->catalogue = arena_alloc(call->arena, sizeof(*response->catalogue));
    if (response->catalogue != NULL)
        catalogue_fill(call, response->catalogue, rows, 0);
    size_t n = PAGE_LIST(call, response, row, PAGE(request), found - 1);
    for (size_t i = 0; i < n; i++)
        row_fill(&(struct line){call, rows, i + 1, SHOW_LINE_OCCUPATION_NAME}, response->row[i]);
    if (response->has_next)
        page_next_number(call, response->row[n - 1]->number, &response->next);
    return REASON_NONE;
}

/* ---- diff ---- */

static const Mingce__V1__CatalogueDiffRequest *diff_request(const struct call *call)
{
    return (const Mingce__V1__CatalogueDiffRequest *) call->request;
}

/* The cursor: the place of the page's last difference, and the counts of the first page, which a later one does not make
 * again. Big-endian, as place, added, removed, changed. */
struct diff_cursor {
    int64_t after;
    uint32_t added, removed, changed;
};
enum { DIFF_CURSOR = sizeof(int64_t) + 3 * sizeof(uint32_t) };

static struct diff_cursor diff_cursor(const Mingce__V1__CatalogueDiffRequest *request)
{
    struct diff_cursor cursor = {0};
    uint32_t counts[3];
    if (!request->has_cursor)
        return cursor;
    cursor.after = page_number(PAGE(request), 0);
    memcpy(counts, request->cursor.data + sizeof(int64_t), sizeof(counts));
    cursor.added = be32toh(counts[0]);
    cursor.removed = be32toh(counts[1]);
    cursor.changed = be32toh(counts[2]);
    return cursor;
}

static void diff_cursor_next(struct call *call, int64_t after, Mingce__V1__CatalogueDiffResponse *response)
{
    uint8_t bytes[DIFF_CURSOR];
    uint64_t place = htobe64((uint64_t) after);
    uint32_t counts[3] = {htobe32(response->added), htobe32(response->removed), htobe32(response->changed)};
    memcpy(bytes, &place, sizeof(place));
    memcpy(bytes + sizeof(place), counts, sizeof(counts));
    call_bytes(call, &response->next, bytes, sizeof(bytes));
}

enum reason catalogue_diff_valid(struct call *call)
{
    const Mingce__V1__CatalogueDiffRequest *request = diff_request(call);
    enum reason reason = page_valid_rows(call, PAGE(request));
    if (reason == REASON_NONE && request->has_cursor &&
        (request->cursor.len != DIFF_CURSOR || diff_cursor(request).after <= 0))
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    if (reason == REASON_NONE)
        reason = catalogue_id_valid(call, "catalogue_id", &request->catalogue_id);
    if (reason == REASON_NONE && request->has_with_id)
        reason = catalogue_id_valid(call, "with_id", &request->with_id);
    return reason;
}

void catalogue_diff_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CatalogueDiffRequest *request = diff_request(call);
    set_int8(set, DIFF_IN_AFTER, diff_cursor(request).after);
    page_bind(set, DIFF_IN_PAGE, PAGE(request));
    set_uuid(set, DIFF_IN_CATALOGUE, request->catalogue_id.data);
    bind_id(set, DIFF_IN_WITH, request->has_with_id, &request->with_id);
}

/* How many differences the rows from the second on are of: one or two of each. */
static size_t differences(const struct rows *rows)
{
    size_t n = 0;
    for (size_t i = 1; i < rows_count(rows); i++)
        n += i == 1 || rows_int8(rows, i, DIFF_DIFFERENCE) != rows_int8(rows, i - 1, DIFF_DIFFERENCE);
    return n;
}

/* Fills a difference from the rows that are of it; the first that is not is returned. */
static size_t change_fill(struct call *call, Mingce__V1__CatalogueChange *to, const struct rows *rows,
                          size_t row)
{
    int64_t place = rows_int8(rows, row, DIFF_DIFFERENCE);
    mingce__v1__catalogue_change__init(to);
    for (; row < rows_count(rows) && rows_int8(rows, row, DIFF_DIFFERENCE) == place; row++) {
        Mingce__V1__CatalogueRow *side = arena_alloc(call->arena, sizeof(*side));
        if (side == NULL)
            continue;
        row_fill(&(struct line){call, rows, row, DIFF_LINE_OCCUPATION_NAME}, side);
        *(rows_bool(rows, row, DIFF_IS_NOW) ? &to->now : &to->was) = side;
    }
    return row;
}

enum reason catalogue_diff_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    const Mingce__V1__CatalogueDiffRequest *request = diff_request(call);
    Mingce__V1__CatalogueDiffResponse *response = (Mingce__V1__CatalogueDiffResponse *) out;
    struct diff_cursor cursor = diff_cursor(request);
    enum reason reason =
        rows_count(rows) == 0 ? REASON_STORE_FAILED : outcome_reason(rows_int2(rows, 0, OUTCOME_COLUMN));
    if (reason == REASON_CATALOGUE_PLAN)
        return call_refuse(call, "with_id", REASON_CATALOGUE_DIFFERS);
    if (reason != REASON_NONE)
        return call_refuse(call, "catalogue_id", reason);
    response->plan = (Mingce__V1__CataloguePlan) rows_int2(rows, 0, DIFF_PLAN);
    bool counted = !rows_null(rows, 0, DIFF_ADDED);
    response->added = counted ? (uint32_t) rows_int4(rows, 0, DIFF_ADDED) : cursor.added;
    response->removed = counted ? (uint32_t) rows_int4(rows, 0, DIFF_REMOVED) : cursor.removed;
    response->changed = counted ? (uint32_t) rows_int4(rows, 0, DIFF_CHANGED) : cursor.changed;
    response->has_with_id = !rows_null(rows, 0, DIFF_WITH);
    if (response->has_with_id)
        call_bytes(call, &response->with_id, rows_uuid(rows, 0, DIFF_WITH), CATALOGUE_ID);
    size_t row = 1, last = 0, n = PAGE_LIST(call, response, change, PAGE(request), differences(rows));
    for (size_t i = 0; i < n; i++) {
        last = row;
        row = change_fill(call, response->change[i], rows, row);
    }
    if (response->has_next)
        diff_cursor_next(call, rows_int8(rows, last, DIFF_DIFFERENCE), response);
    return REASON_NONE;
}
