/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy standards (B5, B6, B10). */
#include "client/cli/noun/standard.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/noun/proposal.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/bounds.h"
#include "proto/rules/cell.h"

enum {
    FIELD_AMOUNT,
    FIELD_FROM,
    FIELD_LINE,
    FIELD_OCCUPATION,
    FIELD_OCCUPATION_NAME,
    FIELD_LEVEL,
    FIELD_KIND,
    FIELD_GROUP,
    FIELD_MODE,
    FIELD_GRADE,
    FIELD_RENEWAL,
    FIELD_BASIS,
    FIELD_PERCENT,
    FIELD_CAP,
    FIELD_TO,
    FIELD_CITATION
};

static const struct form_field fields[] = {
    [FIELD_AMOUNT] = {"amount_fen",
                      "补贴标准（元）",
                      "amount (yuan)",
                      {"补贴标准", "标准", "金额", "amount", "amount_fen"},
                      FORM_NEEDED},
    [FIELD_FROM] =
        {"valid_from", "起始日期", "from", {"起始日期", "起始", "开始日期", "执行日期", "from"}, FORM_NEEDED},
    [FIELD_LINE] = {"line", "补贴项目", "line", {"补贴项目", "项目", "line"}, FORM_NEEDED},
    [FIELD_OCCUPATION] =
        {"occupation_code", "职业代码", "occupation", {"职业代码", "职业编码", "occupation"}, FORM_OPTIONAL},
    [FIELD_OCCUPATION_NAME] =
        {"occupation_code", "职业", "occupation", {"职业", "职业名称", "工种", "职业工种"}, FORM_OPTIONAL},
    [FIELD_LEVEL] = {"level", "技能等级", "level", {"技能等级", "等级", "level"}, FORM_OPTIONAL},
    [FIELD_KIND] = {"certificate_kind",
                    "证书类别",
                    "certificate",
                    {"证书类别", "证书种类", "certificate"},
                    FORM_OPTIONAL},
    [FIELD_GROUP] =
        {"trainee_group", "人员类别", "trainee group", {"人员类别", "traineegroup", "group"}, FORM_OPTIONAL},
    [FIELD_MODE] = {"mode", "培训方式", "mode", {"培训方式", "方式", "mode"}, FORM_OPTIONAL},
    [FIELD_GRADE] = {"demand_grade",
                     "需求程度",
                     "demand grade",
                     {"需求程度", "紧缺程度", "demandgrade", "grade"},
                     FORM_OPTIONAL},
    [FIELD_RENEWAL] = {"renewal",
                       "首次或复审",
                       "renewal",
                       {"首次或复审", "首次复审", "是否复审", "firstorrenewal", "renewal"},
                       FORM_OPTIONAL},
    [FIELD_BASIS] = {"basis", "计发单位", "basis", {"计发单位", "计发依据", "basis"}, FORM_OPTIONAL},
    [FIELD_PERCENT] = {"percent",
                       "计发比例（%）",
                       "percent",
                       {"计发比例", "计发比例（%）", "比例", "percent"},
                       FORM_OPTIONAL},
    [FIELD_CAP] = {"cap_fen",
                   "封顶金额（元）",
                   "cap (yuan)",
                   {"封顶金额", "封顶", "最高金额", "cap", "cap_fen"},
                   FORM_OPTIONAL},
    [FIELD_TO] = {"valid_to", "截止日期", "to", {"截止日期", "截止", "结束日期", "to"}, FORM_OPTIONAL},
    [FIELD_CITATION] =
        {"citation", "文件依据", "citation", {"文件依据", "依据", "文号", "citation"}, FORM_NEEDED},
};
const struct form standard_form = {
    .noun = "standard",
    .fields = fields,
    .n = sizeof(fields) / sizeof(*fields),
    .needed = {FIELD_AMOUNT, FIELD_FROM},
    .clashes = {{REASON_DRAFT_REPEATED,
                 9,
                 {FIELD_LINE, FIELD_OCCUPATION, FIELD_LEVEL, FIELD_KIND, FIELD_GROUP, FIELD_MODE, FIELD_GRADE,
                  FIELD_RENEWAL, FIELD_FROM}}}};

/* What a row's texts are written into. */
struct standard_text {
    char occupation[64], from[DAY_TEXT], to[DAY_TEXT];
};

/* Reads a cell that restricts the standard; NULL: the cell is blank or says "all". */
static char *which(const struct form_file *file, size_t i, int field)
{
    char *cell = form_file_cell(file, i, field);
    return word_number(WORD_ALL, cell) != 0 ? NULL : cell;
}

static bool read_key(const struct form_file *file, size_t i, Mingce__V1__StandardRow *row,
                     struct standard_text *text, struct judgement *judgement)
{
    const char *cell = form_file_cell(file, i, FIELD_LINE);
    row->line = (Mingce__V1__SubsidyLine) word_number(WORD_SUBSIDY_LINE, cell);
    bool good = row->line != 0 || rows_refuse(judgement, REASON_LINE_UNKNOWN, "line");
    cell = which(file, i, FIELD_OCCUPATION);
    if (cell == NULL)
        cell = which(file, i, FIELD_OCCUPATION_NAME);
    row->occupation_code = cell == NULL ? NULL : text->occupation;
    if (cell != NULL && !cell_number(occupation_said(cell), text->occupation, sizeof(text->occupation)))
        good = good && rows_refuse(judgement, REASON_OCCUPATION_UNKNOWN, "occupation_code");
    cell = which(file, i, FIELD_LEVEL);
    row->has_level = cell != NULL;
    row->level = (Mingce__V1__SkillLevel) word_number(WORD_LEVEL, cell);
    if (row->has_level && row->level == 0)
        good = good && rows_refuse(judgement, REASON_LEVEL_UNKNOWN, "level");
    cell = which(file, i, FIELD_KIND);
    row->has_certificate_kind = cell != NULL;
    row->certificate_kind = (uint32_t) word_number(WORD_CERTIFICATE_KIND, cell);
    if (row->has_certificate_kind && row->certificate_kind == 0)
        good = good && rows_refuse(judgement, REASON_CERTIFICATE_KIND_UNKNOWN, "certificate_kind");
    row->trainee_group = which(file, i, FIELD_GROUP);
    return good;
}

/* The rest of the key (B10). */
static bool read_case(const struct form_file *file, size_t i, Mingce__V1__StandardRow *row,
                      struct judgement *judgement)
{
    bool good = true;
    const char *cell = which(file, i, FIELD_MODE);
    row->has_mode = cell != NULL;
    row->mode = (Mingce__V1__TrainingMode) word_number(WORD_MODE, cell);
    if (row->has_mode && row->mode == 0)
        good = rows_refuse(judgement, REASON_MODE_UNKNOWN, "mode");
    cell = which(file, i, FIELD_GRADE);
    row->has_demand_grade = cell != NULL;
    int grade = word_number(WORD_DEMAND_GRADE, cell), count = rows_number(cell, DEMAND_GRADES);
    row->demand_grade = (uint32_t) (grade != 0 ? grade : count > 0 ? count : 0);
    if (row->has_demand_grade && row->demand_grade == 0)
        good = good && rows_refuse(judgement, REASON_DEMAND_GRADE_UNKNOWN, "demand_grade");
    cell = which(file, i, FIELD_RENEWAL);
    row->has_renewal = cell != NULL;
    int renewal = word_number(WORD_RENEWAL, cell);
    row->renewal = renewal == RENEWAL;
    if (row->has_renewal && renewal == 0)
        good = good && rows_refuse(judgement, REASON_RENEWAL_UNKNOWN, "renewal");
    return good;
}

/* A whole number, behind which a percent sign may stand; 0: none. */
static uint32_t read_percent(const char *cell)
{
    char digits[8];
    size_t n = strspn(cell, "0123456789");
    if (n == 0 || n >= sizeof(digits) ||
        (cell[n] != '\0' && strcmp(cell + n, "%") != 0 && strcmp(cell + n, "％") != 0))
        return 0;
    memcpy(digits, cell, n);
    digits[n] = '\0';
    int percent = cell_count(digits, STANDARD_PERCENT_MOST);
    return percent < 0 ? 0 : (uint32_t) percent;
}

/* For what the amount is paid, and what of it. */
static bool read_payment(const struct form_file *file, size_t i, Mingce__V1__StandardRow *row,
                         struct judgement *judgement)
{
    bool good = true;
    const char *cell = form_file_cell(file, i, FIELD_BASIS);
    row->has_basis = cell != NULL;
    row->basis = (Mingce__V1__SubsidyBasis) word_number(WORD_BASIS, cell);
    if (row->has_basis && row->basis == 0)
        good = rows_refuse(judgement, REASON_BASIS_UNKNOWN, "basis");
    cell = form_file_cell(file, i, FIELD_PERCENT);
    row->has_percent = cell != NULL;
    row->percent = cell == NULL ? 0 : read_percent(cell);
    if (row->has_percent && row->percent == 0)
        good = good && rows_refuse(judgement, REASON_PERCENT_RANGE, "percent");
    cell = form_file_cell(file, i, FIELD_CAP);
    row->has_cap_fen = cell != NULL;
    row->cap_fen = cell == NULL ? 0 : cell_fen(cell);
    if (row->has_cap_fen && row->cap_fen <= 0)
        good = good && rows_refuse(judgement, REASON_AMOUNT_FORMAT, "cap_fen");
    return good;
}

static bool read_standard(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__StandardRow *row = read->message;
    struct standard_text *text = read->text;
    size_t i = read->i;
    (void) context;
    row->amount_fen = cell_fen(form_file_cell(file, i, FIELD_AMOUNT));
    row->citation = form_file_cell(file, i, FIELD_CITATION);
    bool good = read_key(file, i, row, text, judgement);
    good = good && read_case(file, i, row, judgement) && read_payment(file, i, row, judgement);
    if (row->amount_fen <= 0)
        good = good && rows_refuse(judgement, REASON_AMOUNT_FORMAT, "amount_fen");
    good = good && row_day(read, FIELD_FROM, true, text->from, &row->valid_from) &&
           row_day(read, FIELD_TO, false, text->to, &row->valid_to);
    if (row->citation == NULL)
        good = good && rows_refuse(judgement, REASON_CITATION_LENGTH, "citation");
    return good;
}

const struct row_form standard_rows = {
    .form = &standard_form, .text = sizeof(struct standard_text), .read = read_standard};

/* ---- load ---- */

static int standard_load(struct cli *cli, struct given *given)
{
    Mingce__V1__StandardProposeRequest request = MINGCE__V1__STANDARD_PROPOSE_REQUEST__INIT;
    const struct rows_import import = {
        .method = "standard.propose", .rows = &standard_rows, .request = &request.base};
    return rows_import(cli, &import, given);
}

/* ---- list ---- */

/* Also as it is called everywhere else. */
static void id_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Standard *standard = (const Mingce__V1__Standard *) message;
    char id[2 * HEX_KEY_HASH + 1];
    (void) cli;
    hex_cell(table, standard->standard_id);
    hex_format(standard->standard_id, id);
    table_member(table, "proposal_id", json_object_new_string(id));
}

static void renewal_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Standard *standard = (const Mingce__V1__Standard *) message;
    if (standard->has_renewal)
        word_cell(table, cli, WORD_RENEWAL, standard->renewal ? RENEWAL : FIRST);
    else
        table_text(table, cli->json ? NULL : cli_say(cli, "全部", "all"));
}

static const struct shown columns[] = {
    {"standard_id", "提议编号", "proposal", .as = AS_CELL, .cell = id_cell},
    {"division", "区划", "division", .as = AS_TEXT},
    {"line", "补贴项目", "line", .as = AS_WORD, .words = WORD_SUBSIDY_LINE},
    {"occupation_code", "职业", "occupation", .as = AS_TEXT, .all = true},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL, .all = true},
    {"certificate_kind", "证书类别", "certificate", .as = AS_WORD, .words = WORD_CERTIFICATE_KIND,
     .all = true},
    {"trainee_group", "人员类别", "trainee group", .as = AS_TEXT, .all = true},
    {"mode", "培训方式", "mode", .as = AS_WORD, .words = WORD_MODE, .all = true},
    {"demand_grade", "需求程度", "demand grade", .as = AS_WORD, .words = WORD_DEMAND_GRADE, .all = true},
    {"renewal", "首次或复审", "first or renewal", .as = AS_CELL, .cell = renewal_cell},
    {"amount_fen", "标准（元）", "yuan", .as = AS_MONEY},
    {"basis", "计发单位", "basis", .as = AS_WORD, .words = WORD_BASIS},
    {"percent", "计发比例（%）", "percent", .as = AS_NUMBER},
    {"cap_fen", "封顶（元）", "cap, yuan", .as = AS_MONEY},
    {"valid_from", "起始", "from", .as = AS_TEXT},
    {"valid_to", "截止", "to", .as = AS_TEXT},
    {"citation", "文件依据", "citation", .as = AS_TEXT},
};
static const struct show list = SHOW(columns);

static int standard_list(struct cli *cli, struct given *given)
{
    Mingce__V1__StandardListRequest request = MINGCE__V1__STANDARD_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "standard.list", .show = &list, .request = &request.base};
    request.has_pending = request.pending = given_has(given, "pending");
    request.day = given_text(given, "day");
    request.division = given_text(given, "division");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "standard",
     .verb = "load",
     .run = standard_load,
     .method = "standard.propose",
     .zh = "提出补贴标准",
     .en = "proposes subsidy standards",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_REJECTS),
     .notes_zh =
         "补贴项目：职业培训补贴 职业技能鉴定补贴 生活费补贴（mingce code list "
         "lines）；补贴标准以元计，至多两位小数；职业、等级、证书类别、人员类别、培训方式、需求程度、首次"
         "或复审空白或“全部”：不限\n计发单位：证书 课时 天，空白时生活费按天、其他按证书；实发为标准×出"
         "勤课时或天数×计发比例，不足一分舍去，且不超过封顶金额\n由另一名复核人批准后生效",
     .notes_en =
         "line: training assessment living; amount: in yuan with two decimals at most; occupation, "
         "level, certificate, trainee group, mode, demand grade, first or renewal: blank or \"all\" for "
         "every one\nbasis: certificate class-hour day, if blank day for living and else certificate; "
         "what is paid is the amount for all attended hours or days, times the percentage, fractions of "
         "a fen left out, and never more than the cap\nin force when another approver says so",
     .example_zh = "standard load 补贴标准.csv --rejects 退回.csv",
     .example_en = "standard load standards.csv --rejects rejects.csv",
     .reads = {&standard_form}},
    {.noun = "standard",
     .verb = "list",
     .run = standard_list,
     .method = "standard.list",
     .zh = "补贴标准，新的在前",
     .en = "subsidy standards, newest first",
     OPTIONS(OPTIONS_PROPOSED, OPTIONS_LIST),
     .notes_zh = "屏幕上以元显示；--json 的 amount_fen 为分",
     .notes_en = "shown in yuan; amount_fen of --json is in fen, 100 of them a yuan",
     .example_zh = "standard list --day 2026-03-01 --division 370100",
     .example_en = "standard list --day 2026-03-01 --division 370100"},
    {.noun = "standard",
     .verb = "decide",
     .run = proposal_decide,
     .method = "standard.decide",
     .zh = "批准或驳回所提标准",
     .en = "decides proposed standards",
     ARGUMENTS(ARGUMENT_PROPOSALS("standard list --pending")),
     OPTIONS(OPTION_DECISION),
     .notes_zh = "提出人不能批准自己的提议",
     .notes_en = "who proposed does not put in force"},
};
const struct commands standard_commands = {commands, sizeof(commands) / sizeof(*commands)};
