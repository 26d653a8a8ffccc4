/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/catalogue_file.h"

#include <string.h>

#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/catalogue.pb-c.h"
#include "proto/rules/bounds.h"
#include "proto/rules/cell.h"
#include "proto/rules/division.h"

enum {
    OCCUPATION_BYTES = 64,
};

/* ---- what the files may have ---- */

/* The columns that every one of them begins with. */
enum { FIELD_NUMBER, FIELD_OCCUPATION, FIELD_OCCUPATION_NAME, FIELD_LEVEL, FIELD_NOTE, FIELDS_SHARED };
#define SHARED_FIELDS                                                                                        \
    [FIELD_NUMBER] = {"number", "序号", "number", {"序号", "编号", "number", "no"}, FORM_NEEDED},            \
    [FIELD_OCCUPATION] = {"occupation_code",                                                                 \
                          "职业编码",                                                                        \
                          "occupation",                                                                      \
                          {"职业编码", "职业代码", "编码", "occupation", "occupationcode"},                  \
                          FORM_EITHER},                                                                      \
    [FIELD_OCCUPATION_NAME] = {"occupation_code",                                                            \
                               "职业",                                                                       \
                               "occupation",                                                                 \
                               {"职业", "职业名称", "工种", "职业工种", "培训职业", "occupationname"},       \
                               FORM_EITHER},                                                                 \
    [FIELD_LEVEL] = {"level", "等级", "level", {"等级", "技能等级", "培训等级", "level"}, FORM_NEEDED},      \
    [FIELD_NOTE] = {"note", "备注", "note", {"备注", "说明", "note"}, FORM_OPTIONAL}

enum {
    FIELD_CATEGORY = FIELDS_SHARED,
    FIELD_GRADE,
    FIELD_HOURS,
    FIELD_PRACTICE,
    FIELD_MODE,
    FIELD_TRAINING,
    FIELD_ASSESSMENT,
    FIELD_MARK,
};
static const struct form_field training_fields[] = {
    SHARED_FIELDS,
    [FIELD_CATEGORY] = {"category",
                        "产业或类别",
                        "category",
                        {"产业或类别", "产业", "类别", "行业", "产业类别", "category", "industry"},
                        FORM_NEEDED},
    [FIELD_GRADE] = {"demand_grade",
                     "需求程度",
                     "demand grade",
                     {"需求程度", "紧缺程度", "demandgrade", "demand"},
                     FORM_OPTIONAL},
    [FIELD_HOURS] = {"hours_least",
                     "课时下限",
                     "hours at least",
                     {"课时下限", "最低课时", "课时", "培训课时", "hoursatleast", "hours"},
                     FORM_OPTIONAL},
    [FIELD_PRACTICE] = {"practice_percent",
                        "实操占比",
                        "practice percent",
                        {"实操占比", "实操比例", "实操课时占比", "practicepercent", "practice"},
                        FORM_OPTIONAL},
    [FIELD_MODE] = {"mode", "培训方式", "mode", {"培训方式", "培训形式", "mode"}, FORM_OPTIONAL},
    [FIELD_TRAINING] = {"training_fen",
                        "培训补贴（元）",
                        "training subsidy (yuan)",
                        {"培训补贴", "培训补贴标准", "培训费标准", "trainingsubsidy", "training"},
                        FORM_OPTIONAL},
    [FIELD_ASSESSMENT] = {"assessment_fen",
                          "鉴定补贴（元）",
                          "assessment subsidy (yuan)",
                          {"鉴定补贴", "鉴定补贴标准", "其中鉴定费", "鉴定费", "assessmentsubsidy",
                           "assessment"},
                          FORM_OPTIONAL},
    [FIELD_MARK] = {"mark", "标记", "mark", {"标记", "标识", "mark"}, FORM_OPTIONAL},
};
const struct form catalogue_training_form = {
    .noun = "catalogue-training",
    .fields = training_fields,
    .n = sizeof(training_fields) / sizeof(*training_fields),
    .needed = {FIELD_NUMBER, FIELD_CATEGORY},
    .clashes = {{REASON_CONTRADICTS, 1, {FIELD_NUMBER}},
                {REASON_CATALOGUE_REPEATED,
                 5,
                 {FIELD_OCCUPATION, FIELD_OCCUPATION_NAME, FIELD_LEVEL, FIELD_CATEGORY, FIELD_MODE}}}};

enum {
    FIELD_DIVISION = FIELDS_SHARED,
    FIELD_GROUP,
    FIELD_HEADS,
    FIELD_LISTED,
    FIELD_SOURCE,
    FIELD_WANTED,
    FIELD_PLACE,
    FIELD_UNTIL
};
static const struct form_field demand_fields[] = {
    SHARED_FIELDS,
    [FIELD_DIVISION] = {"division",
                        "区县",
                        "county",
                        {"区县", "县区", "县市区", "所在区县", "county", "division"},
                        FORM_NEEDED},
    [FIELD_GROUP] = {"trainee_group",
                     "群体",
                     "trainee group",
                     {"群体", "人员类别", "培训群体", "traineegroup", "group"},
                     FORM_OPTIONAL},
    [FIELD_HEADS] = {"heads", "需求人数", "heads", {"需求人数", "人数", "heads", "headswanted"}, FORM_NEEDED},
    [FIELD_LISTED] = {"listed", "已列单", "listed", {"已列单", "已列单人数", "listed"}, FORM_OPTIONAL},
    [FIELD_SOURCE] = {"source", "来源", "source", {"来源", "需求来源", "source"}, FORM_NEEDED},
    [FIELD_WANTED] = {"wanted_on",
                      "期望时间",
                      "wanted on",
                      {"期望时间", "期望日期", "期望培训时间", "wantedon", "wanted"},
                      FORM_OPTIONAL},
    [FIELD_PLACE] = {"place", "地点", "place", {"地点", "期望地点", "培训地点", "place"}, FORM_OPTIONAL},
    [FIELD_UNTIL] =
        {"until", "截至", "until", {"截至", "截至日期", "截止", "截止日期", "until"}, FORM_OPTIONAL},
};
const struct form catalogue_demand_form = {
    .noun = "catalogue-demand",
    .fields = demand_fields,
    .n = sizeof(demand_fields) / sizeof(*demand_fields),
    .needed = {FIELD_HEADS, FIELD_DIVISION},
    .clashes = {{REASON_CONTRADICTS, 1, {FIELD_NUMBER}},
                {REASON_CATALOGUE_REPEATED,
                 7,
                 {FIELD_OCCUPATION, FIELD_OCCUPATION_NAME, FIELD_LEVEL, FIELD_DIVISION, FIELD_GROUP,
                  FIELD_SOURCE, FIELD_PLACE}}}};

enum {
    FIELD_CODE = FIELDS_SHARED,
    FIELD_NAME,
    FIELD_LICENCE,
    FIELD_NATURE,
    FIELD_ADDRESS,
    FIELD_PHONE,
    FIELD_SITE,
    FIELD_CREDIT,
    FIELD_BATCH,
    FIELD_FROM,
    FIELD_TO,
};
static const struct form_field institution_fields[] = {
    SHARED_FIELDS,
    [FIELD_CODE] = {"code",
                    "统一社会信用代码",
                    "code",
                    {"统一社会信用代码", "信用代码", "机构代码", "code", "creditcode"},
                    FORM_NEEDED},
    [FIELD_NAME] = {"name", "机构名称", "name", {"机构名称", "培训机构", "机构", "name"}, FORM_NEEDED},
    [FIELD_LICENCE] =
        {"licence", "许可证号", "licence", {"许可证号", "办学许可证号", "licence"}, FORM_OPTIONAL},
    [FIELD_NATURE] = {"nature", "办学性质", "nature", {"办学性质", "性质", "nature"}, FORM_OPTIONAL},
    [FIELD_ADDRESS] = {"address", "地址", "address", {"地址", "机构地址", "address"}, FORM_OPTIONAL},
    [FIELD_PHONE] = {"phone", "电话", "phone", {"电话", "联系电话", "phone"}, FORM_OPTIONAL},
    [FIELD_SITE] = {"site", "教学点", "site", {"教学点", "教学地点", "site"}, FORM_OPTIONAL},
    [FIELD_CREDIT] =
        {"credit_grade", "信用等级", "credit grade", {"信用等级", "creditgrade", "credit"}, FORM_OPTIONAL},
    [FIELD_BATCH] = {"batch", "批次", "batch", {"批次", "batch"}, FORM_OPTIONAL},
    [FIELD_FROM] = {"valid_from",
                    "有效期起",
                    "valid from",
                    {"有效期起", "起始日期", "开始日期", "有效期自", "validfrom", "from"},
                    FORM_NEEDED},
    [FIELD_TO] = {"valid_to",
                  "有效期止",
                  "valid to",
                  {"有效期止", "截止日期", "结束日期", "有效期至", "validto", "to"},
                  FORM_OPTIONAL},
};
const struct form catalogue_institution_form = {
    .noun = "catalogue-institution",
    .fields = institution_fields,
    .n = sizeof(institution_fields) / sizeof(*institution_fields),
    .needed = {FIELD_NUMBER, FIELD_CODE},
    .clashes = {{REASON_CONTRADICTS, 1, {FIELD_NUMBER}},
                {REASON_CATALOGUE_REPEATED,
                 5,
                 {FIELD_OCCUPATION, FIELD_OCCUPATION_NAME, FIELD_LEVEL, FIELD_CODE, FIELD_SITE}}}};

/* ---- reading a row ---- */

/* A row's message is made of these, and of texts. */
struct catalogue_text {
    Mingce__V1__CatalogueRow line;
    Mingce__V1__CatalogueTraining training;
    Mingce__V1__CatalogueDemand demand;
    Mingce__V1__CatalogueInstitution institution;
    char occupation[OCCUPATION_BYTES], division[DIVISION_BYTES], from[DAY_TEXT], to[DAY_TEXT];
};

static char *cell(const struct row *read, int field)
{
    return form_file_cell(read->file, read->i, field);
}

/* Refuses the row because of a column. False: out of memory. */
static bool refuse(const struct row *read, int field, enum reason reason)
{
    return rows_refuse(read->judgement, reason, read->file->form->fields[field].name);
}

/* A cell that may say that all are meant, as a blank one does: NULL then. */
static char *which(const struct row *read, int field)
{
    char *said = cell(read, field);
    return word_number(WORD_ALL, said) != 0 ? NULL : said;
}

/* Reads a whole number from `least` to `most`; a blank cell says none. False: out of memory. */
static bool read_whole(const struct row *read, int field, int least, int most, enum reason reason,
                       protobuf_c_boolean *has, uint32_t *number)
{
    const char *said = cell(read, field);
    int count = rows_number(said, most);
    *has = said != NULL;
    *number = count < 0 ? 0 : (uint32_t) count;
    return said == NULL || count >= least || refuse(read, field, reason);
}

/* Reads an amount in yuan; a blank cell says none. False: out of memory. */
static bool read_fen(const struct row *read, int field, protobuf_c_boolean *has, int64_t *fen)
{
    const char *said = cell(read, field);
    *fen = cell_fen(said);
    *has = said != NULL;
    return said == NULL || *fen >= 0 || refuse(read, field, REASON_CATALOGUE_AMOUNT);
}

/* Reads what every row says. False: out of memory. */
static bool read_shared(const struct row *read, struct catalogue_text *text)
{
    Mingce__V1__CatalogueRow *line = &text->line;
    protobuf_c_boolean has;
    const char *occupation = cell(read, FIELD_OCCUPATION) != NULL ? cell(read, FIELD_OCCUPATION)
                                                                  : cell(read, FIELD_OCCUPATION_NAME);
    bool good = read_whole(read, FIELD_NUMBER, 1, CATALOGUE_NUMBER_MOST, REASON_CATALOGUE_NUMBER, &has,
                           &line->number) &&
                (has || refuse(read, FIELD_NUMBER, REASON_CATALOGUE_NUMBER));
    line->occupation_code = text->occupation;
    if (occupation == NULL ||
        !cell_number(occupation_said(occupation), text->occupation, sizeof(text->occupation)))
        good = good && refuse(read, FIELD_OCCUPATION, REASON_OCCUPATION_UNKNOWN);
    int level = word_number(WORD_LEVEL, cell(read, FIELD_LEVEL));
    line->level = (Mingce__V1__SkillLevel) level;
    line->note = cell(read, FIELD_NOTE);
    return good && (level != 0 || refuse(read, FIELD_LEVEL, REASON_LEVEL_UNKNOWN));
}

/* Reads 60 or 60%. False: out of memory. */
static bool read_percent(const struct row *read, protobuf_c_boolean *has, uint32_t *percent)
{
    char clean[16];
    const char *said = cell(read, FIELD_PRACTICE);
    size_t n = said != NULL && cell_number(said, clean, sizeof(clean)) ? strlen(clean) : 0;
    if (n > 0 && clean[n - 1] == '%')
        clean[n - 1] = '\0';
    int count = n > 0 ? rows_number(clean, CATALOGUE_PERCENT_MOST) : -1;
    *has = said != NULL;
    *percent = count < 0 ? 0 : (uint32_t) count;
    return said == NULL || count >= 0 || refuse(read, FIELD_PRACTICE, REASON_PRACTICE_PERCENT);
}

static bool read_training(void *context, struct row *read)
{
    struct catalogue_text *text = read->text;
    Mingce__V1__CatalogueTraining *to = &text->training;
    (void) context;
    mingce__v1__catalogue_row__init(&text->line);
    mingce__v1__catalogue_training__init(to);
    ((Mingce__V1__CatalogueLoadRow *) read->message)->line = &text->line;
    text->line.training = to;
    to->category = cell(read, FIELD_CATEGORY);
    to->mark = cell(read, FIELD_MARK);
    const char *grade = which(read, FIELD_GRADE), *mode = which(read, FIELD_MODE);
    int word = word_number(WORD_DEMAND_GRADE, grade), count = rows_number(grade, DEMAND_GRADES);
    to->has_demand_grade = grade != NULL;
    to->demand_grade = (uint32_t) (word != 0 ? word : count > 0 ? count : 0);
    to->has_mode = mode != NULL;
    to->mode = (Mingce__V1__TrainingMode) word_number(WORD_MODE, mode);
    return read_shared(read, text) &&
           (to->category != NULL || refuse(read, FIELD_CATEGORY, REASON_CATALOGUE_TEXT)) &&
           (grade == NULL || to->demand_grade != 0 ||
            refuse(read, FIELD_GRADE, REASON_DEMAND_GRADE_UNKNOWN)) &&
           (mode == NULL || to->mode != 0 || refuse(read, FIELD_MODE, REASON_MODE_UNKNOWN)) &&
           read_whole(read, FIELD_HOURS, 1, CATALOGUE_HOURS_MOST, REASON_HOURS_LEAST, &to->has_hours_least,
                      &to->hours_least) &&
           read_percent(read, &to->has_practice_percent, &to->practice_percent) &&
           read_fen(read, FIELD_TRAINING, &to->has_training_fen, &to->training_fen) &&
           read_fen(read, FIELD_ASSESSMENT, &to->has_assessment_fen, &to->assessment_fen);
}

static bool read_demand(void *context, struct row *read)
{
    struct catalogue_text *text = read->text;
    Mingce__V1__CatalogueDemand *to = &text->demand;
    protobuf_c_boolean has;
    (void) context;
    mingce__v1__catalogue_row__init(&text->line);
    mingce__v1__catalogue_demand__init(to);
    ((Mingce__V1__CatalogueLoadRow *) read->message)->line = &text->line;
    text->line.demand = to;
    to->division = text->division;
    to->trainee_group = which(read, FIELD_GROUP);
    to->place = cell(read, FIELD_PLACE);
    to->source = (Mingce__V1__DemandSource) word_number(WORD_DEMAND_SOURCE, cell(read, FIELD_SOURCE));
    return read_shared(read, text) &&
           (division_of_cell(cell(read, FIELD_DIVISION), text->division) ||
            refuse(read, FIELD_DIVISION, REASON_DIVISION_FORMAT)) &&
           read_whole(read, FIELD_HEADS, 1, CATALOGUE_HEADS_MOST, REASON_DEMAND_HEADS, &has, &to->heads) &&
           (has || refuse(read, FIELD_HEADS, REASON_DEMAND_HEADS)) &&
           read_whole(read, FIELD_LISTED, 0, CATALOGUE_HEADS_MOST, REASON_DEMAND_HEADS, &to->has_listed,
                      &to->listed) &&
           (to->source != 0 || refuse(read, FIELD_SOURCE, REASON_DEMAND_SOURCE_UNKNOWN)) &&
           row_day(read, FIELD_WANTED, false, text->from, &to->wanted_on) &&
           row_day(read, FIELD_UNTIL, false, text->to, &to->until);
}

static bool read_institution(void *context, struct row *read)
{
    struct catalogue_text *text = read->text;
    Mingce__V1__CatalogueInstitution *to = &text->institution;
    (void) context;
    mingce__v1__catalogue_row__init(&text->line);
    mingce__v1__catalogue_institution__init(to);
    ((Mingce__V1__CatalogueLoadRow *) read->message)->line = &text->line;
    text->line.institution = to;
    to->code = cell(read, FIELD_CODE);
    to->name = cell(read, FIELD_NAME);
    to->licence = cell(read, FIELD_LICENCE);
    to->nature = cell(read, FIELD_NATURE);
    to->address = cell(read, FIELD_ADDRESS);
    to->phone = cell(read, FIELD_PHONE);
    to->site = cell(read, FIELD_SITE);
    to->credit_grade = cell(read, FIELD_CREDIT);
    to->batch = cell(read, FIELD_BATCH);
    return read_shared(read, text) &&
           (to->code != NULL || refuse(read, FIELD_CODE, REASON_CREDIT_CODE_LENGTH)) &&
           (to->name != NULL || refuse(read, FIELD_NAME, REASON_CATALOGUE_TEXT)) &&
           row_day(read, FIELD_FROM, true, text->from, &to->valid_from) &&
           row_day(read, FIELD_TO, false, text->to, &to->valid_to);
}

const struct row_form catalogue_rows[CATALOGUE_FILES] = {
    {.form = &catalogue_training_form, .text = sizeof(struct catalogue_text), .read = read_training},
    {.form = &catalogue_demand_form, .text = sizeof(struct catalogue_text), .read = read_demand},
    {.form = &catalogue_institution_form, .text = sizeof(struct catalogue_text), .read = read_institution},
};
