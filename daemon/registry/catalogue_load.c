/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that are loaded into a draft of a catalogue. */
#include "daemon/registry/catalogue.h"
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/batch.h"
#include "daemon/registry/part.h"
#include "daemon/registry/proposal.h"
#include "daemon/registry/text.h"
#include "proto/rules/bounds.h"
#include "proto/rules/codes.h"
#include "proto/rules/credit_code.h"

enum {
    OCCUPATION_CODE_BYTES = 32,
    NOTE_CHARACTERS = 200,
    LONG_CHARACTERS = 100, /* of names, addresses, categories */
    MIDDLE_CHARACTERS = 50,
    PHONE_CHARACTERS = 30,
    SHORT_CHARACTERS = 20,
    GRADE_CHARACTERS = 10,
};

#define LOAD_PARAMETERS(COLUMN)                                                                              \
    COLUMN(LOAD_IN_CATALOGUE, "catalogue", UUID)                                                             \
    COLUMN(LOAD_IN_ROW_REQ, "row_req", INT4)                                                                 \
    COLUMN(LOAD_IN_ROW, "row", INT4)                                                                         \
    COLUMN(LOAD_IN_ROW_HEAD, "row_head", BYTEA)                                                              \
    COLUMN(LOAD_IN_NUMBER, "number", INT4)                                                                   \
    COLUMN(LOAD_IN_PART, "part", INT2)                                                                       \
    COLUMN(LOAD_IN_OCCUPATION, "occupation_code", TEXT)                                                      \
    COLUMN(LOAD_IN_LEVEL, "level", INT2)                                                                     \
    COLUMN(LOAD_IN_NOTE, "note", TEXT)                                                                       \
    COLUMN(LOAD_IN_CATEGORY, "category", TEXT)                                                               \
    COLUMN(LOAD_IN_DEMAND_GRADE, "demand_grade", INT2)                                                       \
    COLUMN(LOAD_IN_HOURS, "hours_least", INT4)                                                               \
    COLUMN(LOAD_IN_PRACTICE, "practice_percent", INT4)                                                       \
    COLUMN(LOAD_IN_MODE, "mode", INT2)                                                                       \
    COLUMN(LOAD_IN_TRAINING, "training_fen", INT8)                                                           \
    COLUMN(LOAD_IN_ASSESSMENT, "assessment_fen", INT8)                                                       \
    COLUMN(LOAD_IN_MARK, "mark", TEXT)                                                                       \
    COLUMN(LOAD_IN_DIVISION, "division", TEXT)                                                               \
    COLUMN(LOAD_IN_GROUP, "trainee_group", INT2)                                                             \
    COLUMN(LOAD_IN_HEADS, "heads", INT4)                                                                     \
    COLUMN(LOAD_IN_LISTED, "listed", INT4)                                                                   \
    COLUMN(LOAD_IN_SOURCE, "source", INT2)                                                                   \
    COLUMN(LOAD_IN_WANTED, "wanted_on", DATE)                                                                \
    COLUMN(LOAD_IN_PLACE, "place", TEXT)                                                                     \
    COLUMN(LOAD_IN_UNTIL, "until", DATE)                                                                     \
    COLUMN(LOAD_IN_CODE, "institution_code", TEXT)                                                           \
    COLUMN(LOAD_IN_NAME, "name", TEXT)                                                                       \
    COLUMN(LOAD_IN_LICENCE, "licence", TEXT)                                                                 \
    COLUMN(LOAD_IN_NATURE, "nature", TEXT)                                                                   \
    COLUMN(LOAD_IN_ADDRESS, "address", TEXT)                                                                 \
    COLUMN(LOAD_IN_PHONE, "phone", TEXT)                                                                     \
    COLUMN(LOAD_IN_SITE, "site", TEXT)                                                                       \
    COLUMN(LOAD_IN_CREDIT, "credit_grade", TEXT)                                                             \
    COLUMN(LOAD_IN_BATCH, "batch", TEXT)                                                                     \
    COLUMN(LOAD_IN_FROM, "valid_from", DATE)                                                                 \
    COLUMN(LOAD_IN_TO, "valid_to", DATE)                                                                     \
    COLUMN(LOAD_IN_DOUBTFUL, "code_doubtful", BOOL)
COLUMNS_AFTER(METHOD_WRITE, load_parameters, LOAD_PARAMETERS);
const struct statement catalogue_load_statement = {
    .name = "catalogue_load",
    .parameters = COLUMNS(load_parameters),
    .rows = LOAD_IN_ROW_REQ,
    .result = COLUMNS_FIRST(BATCH),
};

static const Mingce__V1__CatalogueLoadRequest *load_request(const struct call *call)
{
    return (const Mingce__V1__CatalogueLoadRequest *) call->request;
}

enum reason catalogue_load_valid(struct call *call)
{
    const Mingce__V1__CatalogueLoadRequest *request = load_request(call);
    enum reason reason = catalogue_id_valid(call, "catalogue_id", &request->catalogue_id);
    if (reason == REASON_NONE)
        reason = batch_begin(call, request->n_row);
    for (size_t i = 0; reason == REASON_NONE && i < request->n_row; i++)
        reason = batch_number(call, i, request->row[i]->row);
    return reason;
}

/* ---- what a row must be ---- */

/* The row that is judged. */
struct judged {
    struct row_note *note;
    day today;
};

/* For those below: notes what is wrong with a field, and is false. */
static bool wrong(const struct judged *judged, const char *field, enum reason reason)
{
    judged->note->field = field;
    judged->note->reason = reason;
    return false;
}

/* A column of text: of 1 to `most` characters, or, where it need not be filled in, NULL. Everybody reads it, for good. */
struct text_column {
    const char *field, *text;
    size_t most;
    bool needed;
};

static bool texts_fit(const struct text_column *columns, size_t n, const struct judged *judged)
{
    for (size_t i = 0; i < n; i++) {
        if (columns[i].text == NULL ? columns[i].needed : !text_fits(columns[i].text, columns[i].most))
            return wrong(judged, columns[i].field, REASON_CATALOGUE_TEXT);
        if (columns[i].text != NULL && text_names(columns[i].text, judged->today))
            return wrong(judged, columns[i].field, REASON_REASON_NUMBER);
    }
    return true;
}

static bool training_fits(const Mingce__V1__CatalogueTraining *training, const struct judged *judged)
{
    const struct text_column texts[] = {{"category", training->category, LONG_CHARACTERS, true},
                                        {"mark", training->mark, SHORT_CHARACTERS, false}};
    if (training->has_demand_grade && (training->demand_grade < 1 || training->demand_grade > DEMAND_GRADES))
        return wrong(judged, "demand_grade", REASON_DEMAND_GRADE_UNKNOWN);
    if (training->has_hours_least &&
        (training->hours_least < 1 || training->hours_least > CATALOGUE_HOURS_MOST))
        return wrong(judged, "hours_least", REASON_HOURS_LEAST);
    if (training->has_practice_percent && training->practice_percent > CATALOGUE_PERCENT_MOST)
        return wrong(judged, "practice_percent", REASON_PRACTICE_PERCENT);
    if (training->has_training_fen && training->training_fen < 0)
        return wrong(judged, "training_fen", REASON_CATALOGUE_AMOUNT);
    if (training->has_assessment_fen && training->assessment_fen < 0)
        return wrong(judged, "assessment_fen", REASON_CATALOGUE_AMOUNT);
    return texts_fit(texts, ARRAY_SIZE(texts), judged);
}

static bool demand_fits(const Mingce__V1__CatalogueDemand *demand, const struct judged *judged)
{
    enum { DIVISION = 6 };
    const struct text_column texts[] = {{"place", demand->place, LONG_CHARACTERS, false}};
    uint8_t group;
    if (strlen(demand->division) != DIVISION || strspn(demand->division, "0123456789") != DIVISION)
        return wrong(judged, "division", REASON_DIVISION_FORMAT);
    if (demand->trainee_group != NULL && !code_of_cell(CODES_TRAINEE_GROUP, demand->trainee_group, &group))
        return wrong(judged, "trainee_group", REASON_GROUP_UNKNOWN);
    if (demand->heads < 1 || demand->heads > CATALOGUE_HEADS_MOST)
        return wrong(judged, "heads", REASON_DEMAND_HEADS);
    if (demand->has_listed && demand->listed > demand->heads)
        return wrong(judged, "listed", REASON_DEMAND_HEADS);
    if (demand->wanted_on != NULL && day_parse(demand->wanted_on) == DAY_NONE)
        return wrong(judged, "wanted_on", REASON_DATE_FORMAT);
    if (demand->until != NULL && day_parse(demand->until) == DAY_NONE)
        return wrong(judged, "until", REASON_DATE_FORMAT);
    return texts_fit(texts, ARRAY_SIZE(texts), judged);
}

static bool institution_fits(const Mingce__V1__CatalogueInstitution *institution, const struct judged *judged)
{
    const struct text_column texts[] = {
        {"name", institution->name, LONG_CHARACTERS, true},
        {"licence", institution->licence, MIDDLE_CHARACTERS, false},
        {"nature", institution->nature, SHORT_CHARACTERS, false},
        {"address", institution->address, LONG_CHARACTERS, false},
        {"phone", institution->phone, PHONE_CHARACTERS, false},
        {"site", institution->site, LONG_CHARACTERS, false},
        {"credit_grade", institution->credit_grade, GRADE_CHARACTERS, false},
        {"batch", institution->batch, MIDDLE_CHARACTERS, false},
    };
    char code[CREDIT_CODE_BYTES];
    enum reason reason = credit_code_parse(institution->code, code);
    if (reason != REASON_NONE && reason != REASON_CREDIT_CODE_CHECKSUM) /* that the database judges */
        return wrong(judged, "code", reason);
    judged->note->reason =
        proposal_period_fits(institution->valid_from, institution->valid_to, &judged->note->field);
    return judged->note->reason == REASON_NONE && texts_fit(texts, ARRAY_SIZE(texts), judged);
}

static bool line_fits(const Mingce__V1__CatalogueRow *line, const struct judged *judged)
{
    const struct text_column texts[] = {{"note", line->note, NOTE_CHARACTERS, false}};
    bool training = line->training != NULL, demand = line->demand != NULL,
         institution = line->institution != NULL;
    judged->note->reason = REASON_NONE;
    if (line->number < 1 || line->number > CATALOGUE_NUMBER_MOST)
        return wrong(judged, "number", REASON_CATALOGUE_NUMBER);
    if (strlen(line->occupation_code) > OCCUPATION_CODE_BYTES)
        return wrong(judged, "occupation_code", REASON_OCCUPATION_UNKNOWN);
    if (training + demand + institution != 1)
        return wrong(judged, "line", REASON_CATALOGUE_PLAN);
    return texts_fit(texts, ARRAY_SIZE(texts), judged) &&
           (!training || training_fits(line->training, judged)) &&
           (!demand || demand_fits(line->demand, judged)) &&
           (!institution || institution_fits(line->institution, judged));
}

/* ---- binding ---- */

static void bind_number(struct set *set, size_t parameter, bool there, uint32_t number)
{
    if (there)
        set_int4(set, parameter, (int32_t) number);
    else
        set_null(set, parameter);
}

static void bind_code(struct set *set, size_t parameter, bool there, int code)
{
    if (there)
        set_int2(set, parameter, (int16_t) code);
    else
        set_null(set, parameter);
}

static void bind_fen(struct set *set, size_t parameter, bool there, int64_t fen)
{
    if (there)
        set_int8(set, parameter, fen);
    else
        set_null(set, parameter);
}

static void bind_day(struct set *set, size_t parameter, const char *text)
{
    set_day(set, parameter, text == NULL ? DAY_NONE : day_parse(text));
}

/* The columns of the parts that a row does not have are NULL: those of a message that is empty. */
static void bind_training(struct set *set, const Mingce__V1__CatalogueTraining *training)
{
    static const Mingce__V1__CatalogueTraining none = MINGCE__V1__CATALOGUE_TRAINING__INIT;
    const Mingce__V1__CatalogueTraining *of = training == NULL ? &none : training;
    set_text(set, LOAD_IN_CATEGORY, of->category);
    bind_code(set, LOAD_IN_DEMAND_GRADE, of->has_demand_grade, (int) of->demand_grade);
    bind_number(set, LOAD_IN_HOURS, of->has_hours_least, of->hours_least);
    bind_number(set, LOAD_IN_PRACTICE, of->has_practice_percent, of->practice_percent);
    bind_code(set, LOAD_IN_MODE, of->has_mode, (int) of->mode);
    bind_fen(set, LOAD_IN_TRAINING, of->has_training_fen, of->training_fen);
    bind_fen(set, LOAD_IN_ASSESSMENT, of->has_assessment_fen, of->assessment_fen);
    set_text(set, LOAD_IN_MARK, of->mark);
}

static void bind_demand(struct set *set, const Mingce__V1__CatalogueDemand *demand)
{
    static const Mingce__V1__CatalogueDemand none = MINGCE__V1__CATALOGUE_DEMAND__INIT;
    const Mingce__V1__CatalogueDemand *of = demand == NULL ? &none : demand;
    uint8_t group = 0;
    bool grouped = of->trainee_group != NULL && code_of_cell(CODES_TRAINEE_GROUP, of->trainee_group, &group);
    set_text(set, LOAD_IN_DIVISION, of->division);
    bind_code(set, LOAD_IN_GROUP, grouped, group);
    bind_number(set, LOAD_IN_HEADS, demand != NULL, of->heads);
    bind_number(set, LOAD_IN_LISTED, of->has_listed, of->listed);
    bind_code(set, LOAD_IN_SOURCE, demand != NULL, (int) of->source);
    bind_day(set, LOAD_IN_WANTED, of->wanted_on);
    set_text(set, LOAD_IN_PLACE, of->place);
    bind_day(set, LOAD_IN_UNTIL, of->until);
}

static void bind_institution(struct set *set, const Mingce__V1__CatalogueInstitution *institution)
{
    static const Mingce__V1__CatalogueInstitution none = MINGCE__V1__CATALOGUE_INSTITUTION__INIT;
    const Mingce__V1__CatalogueInstitution *of = institution == NULL ? &none : institution;
    char code[CREDIT_CODE_BYTES] = "";
    bool doubtful = institution != NULL && credit_code_parse(of->code, code) != REASON_NONE;
    set_text(set, LOAD_IN_CODE, institution == NULL ? NULL : code);
    set_text(set, LOAD_IN_NAME, of->name);
    set_text(set, LOAD_IN_LICENCE, of->licence);
    set_text(set, LOAD_IN_NATURE, of->nature);
    set_text(set, LOAD_IN_ADDRESS, of->address);
    set_text(set, LOAD_IN_PHONE, of->phone);
    set_text(set, LOAD_IN_SITE, of->site);
    set_text(set, LOAD_IN_CREDIT, of->credit_grade);
    set_text(set, LOAD_IN_BATCH, of->batch);
    bind_day(set, LOAD_IN_FROM, of->valid_from);
    bind_day(set, LOAD_IN_TO, of->valid_to);
    set_bool(set, LOAD_IN_DOUBTFUL, doubtful);
}

void catalogue_load_bind(struct call *call, struct set *set)
{
    const Mingce__V1__CatalogueLoadRequest *request = load_request(call);
    set_uuid(set, LOAD_IN_CATALOGUE, request->catalogue_id.data);
    for (size_t i = 0; i < request->n_row; i++) {
        const Mingce__V1__CatalogueRow *line = request->row[i]->line;
        if (!line_fits(line, &(struct judged){row_note(call, i), day_at(call->at_ms)}))
            continue;
        row_bind(call, set, LOAD_IN_ROW, i);
        set_int4(set, LOAD_IN_NUMBER, (int32_t) line->number);
        set_int2(set, LOAD_IN_PART,
                 line->training != NULL ? CATALOGUE_PART_TRAINING
                 : line->demand != NULL ? CATALOGUE_PART_DEMAND
                                        : CATALOGUE_PART_INSTITUTION);
        set_text(set, LOAD_IN_OCCUPATION, line->occupation_code);
        set_int2(set, LOAD_IN_LEVEL, (int16_t) line->level);
        set_text(set, LOAD_IN_NOTE, line->note);
        bind_training(set, line->training);
        bind_demand(set, line->demand);
        bind_institution(set, line->institution);
    }
}

static const char *load_field(enum reason reason)
{
    switch (reason) {
    case REASON_OCCUPATION_UNKNOWN:
    case REASON_CATALOGUE_OF_CITY:
    case REASON_CATALOGUE_REPEATED:
        return "occupation_code";
    case REASON_CATALOGUE_ELSEWHERE:
        return "division";
    case REASON_CREDIT_CODE_CHECKSUM:
        return "code";
    case REASON_CATALOGUE_PLAN:
        return "line";
    case REASON_CONTRADICTS:
    case REASON_UNCHANGED:
        return "number";
    default:
        return NULL;
    }
}

enum reason catalogue_load_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    enum reason reason = batch_render(call, load_request(call)->n_row, rows, load_field, out);
    return reason == REASON_CATALOGUE_UNKNOWN ? call_refuse(call, "catalogue_id", reason) : reason;
}
