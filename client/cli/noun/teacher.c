/* SPDX-License-Identifier: Apache-2.0 */
/* Who teaches at an institution (G31). */
#include "proto/venue.pb-c.h"

#include "client/cli/command/given.h"
#include "client/cli/command/holder.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/cell.h"

enum { OCCUPATION = 64 };

/* ---- import ---- */

enum {
    FIELD_OCCUPATION = HOLDER_FIELDS,
    FIELD_OCCUPATION_NAME,
    FIELD_LEVEL,
    FIELD_QUALIFICATION,
    FIELD_FROM,
    FIELD_TO
};

static const struct form_field fields[] = {
    HOLDER_FORM_FIELDS(FORM_NEEDED, FORM_NEEDED),
    [FIELD_OCCUPATION] = {"occupation_code",
                          "职业代码",
                          "occupation",
                          {"职业代码", "职业编码", "任教职业代码", "occupationcode", "occupation"},
                          FORM_EITHER},
    [FIELD_OCCUPATION_NAME] = {"occupation_code",
                               "职业",
                               "occupation",
                               {"职业", "职业名称", "任教职业", "工种", "职业工种", "occupationname"},
                               FORM_EITHER},
    [FIELD_LEVEL] =
        {"level", "等级", "level", {"等级", "任教等级", "技能等级", "职业等级", "level"}, FORM_NEEDED},
    [FIELD_QUALIFICATION] = {"qualification",
                             "资格",
                             "qualification",
                             {"资格", "教师资格", "职称", "资格证书", "证书或职称", "qualification"},
                             FORM_NEEDED},
    [FIELD_FROM] = {"valid_from",
                    "起始日期",
                    "from",
                    {"起始日期", "开始日期", "聘用起始", "聘用日期", "聘期起", "起始", "from"},
                    FORM_NEEDED},
    [FIELD_TO] = {"valid_to",
                  "截止日期",
                  "to",
                  {"截止日期", "结束日期", "聘用截止", "聘期止", "聘期至", "截止", "to"},
                  FORM_OPTIONAL},
};
const struct form teacher_form = {
    .noun = "teacher",
    .fields = fields,
    .n = sizeof(fields) / sizeof(*fields),
    .needed = {HOLDER_NUMBER, FIELD_QUALIFICATION},
    .clashes = {{REASON_TEACHER_OVERLAPS, 3, {HOLDER_NUMBER, FIELD_OCCUPATION, FIELD_OCCUPATION_NAME}},
                {REASON_NAME_DIFFERS, 1, {HOLDER_NUMBER}}}};

struct teacher_text {
    char occupation[OCCUPATION], from[DAY_TEXT], to[DAY_TEXT];
};

static bool read_subject(struct row *read, Mingce__V1__TeacherRow *row)
{
    struct teacher_text *text = read->text;
    const char *occupation = form_file_cell(read->file, read->i, FIELD_OCCUPATION);
    if (occupation == NULL)
        occupation = form_file_cell(read->file, read->i, FIELD_OCCUPATION_NAME);
    row->occupation_code = text->occupation;
    if ((occupation == NULL || !cell_number(occupation_said(occupation), text->occupation, OCCUPATION)) &&
        !rows_refuse(read->judgement, REASON_OCCUPATION_UNKNOWN, "occupation_code"))
        return false;
    row->level = (uint32_t) word_number(WORD_LEVEL, form_file_cell(read->file, read->i, FIELD_LEVEL));
    return row->level != 0 || rows_refuse(read->judgement, REASON_LEVEL_UNKNOWN, "level");
}

static bool read_teacher(void *context, struct row *read)
{
    Mingce__V1__TeacherRow *row = read->message;
    struct teacher_text *text = read->text;
    struct judgement *judgement = read->judgement;
    struct holder holder;
    (void) context;
    holder_read(read->file, read->i, &holder);
    HOLDER_FILL(row, &holder);
    row->qualification = form_file_cell(read->file, read->i, FIELD_QUALIFICATION);
    bool good =
        (row->name != NULL || rows_refuse(judgement, REASON_NAME_MISSING, "name")) &&
        (row->document_number != NULL || rows_refuse(judgement, REASON_ID_MISSING, "document_number"));
    if (row->qualification == NULL)
        good = good && rows_refuse(judgement, REASON_QUALIFICATION_LENGTH, "qualification");
    return good && read_subject(read, row) && row_day(read, FIELD_FROM, true, text->from, &row->valid_from) &&
           row_day(read, FIELD_TO, false, text->to, &row->valid_to);
}

static const struct row_form teacher_rows = {
    .form = &teacher_form, .text = sizeof(struct teacher_text), .read = read_teacher};

static int teacher_import(struct cli *cli, struct given *given)
{
    Mingce__V1__TeacherImportRequest request = MINGCE__V1__TEACHER_IMPORT_REQUEST__INIT;
    const struct rows_import import = {
        .method = "teacher.import", .rows = &teacher_rows, .request = &request.base};
    return rows_import(cli, &import, given);
}

static int teacher_end(struct cli *cli, struct given *given)
{
    Mingce__V1__TeacherEndRequest request = MINGCE__V1__TEACHER_END_REQUEST__INIT;
    request.teacher_id = given_id(given, "TEACHER");
    request.valid_to = given_text(given, "on");
    return cli_write(cli, "teacher.end", &request.base);
}

static int teacher_erase(struct cli *cli, struct given *given)
{
    Mingce__V1__TeacherEraseRequest request = MINGCE__V1__TEACHER_ERASE_REQUEST__INIT;
    request.teacher_id = given_id(given, "TEACHER");
    return cli_write(cli, "teacher.erase", &request.base);
}

/* ---- list ---- */

static const struct shown columns[] = {
    {"teacher_id", "登记编号", "id", .as = AS_ID},
    {"organisation_code", "机构代码", "institution", .as = AS_TEXT},
    {"organisation_name", "机构", "name", .as = AS_TEXT},
    {"name", "姓名", "teacher", .as = AS_TEXT},
    {"document_number", "证件号码", "document number", .as = AS_TEXT},
    {"occupation", "职业", "occupation", .as = AS_TEXT, .field = "occupation_name"},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"qualification", "资格", "qualification", .as = AS_TEXT},
    {"valid_from", "起始", "from", .as = AS_TEXT},
    {"valid_to", "截止", "to", .as = AS_TEXT},
};
static const struct show list = SHOW(columns);

static int teacher_list(struct cli *cli, struct given *given)
{
    Mingce__V1__TeacherListRequest request = MINGCE__V1__TEACHER_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "teacher.list", .show = &list, .request = &request.base};
    request.organisation_code = given_text(given, "organisation");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

#define ARGUMENT_TEACHER                                                                                     \
    {                                                                                                        \
        "TEACHER", VALUE_ID, NEEDED, .zh = "登记编号，见 teacher list",                                      \
                                     .en = "the registration's id, as teacher list shows it"                 \
    }

static const struct command commands[] = {
    {.noun = "teacher",
     .verb = "import",
     .run = teacher_import,
     .method = "teacher.import",
     .zh = "登记教师",
     .en = "registers teachers",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_REJECTS),
     .notes_zh = "等级：可任教此等级及以下的班级；资格写证书或职称的名称，不写号码；截止日期空白：长期",
     .notes_en = "level: of classes of this level and below; qualification: the certificate's or the title's "
                 "name without its number; to: blank for no end",
     .example_zh = "teacher import 教师.csv --rejects 退回.csv",
     .example_en = "teacher import teachers.csv --rejects rejects.csv",
     .reads = {&teacher_form}},
    {.noun = "teacher",
     .verb = "list",
     .run = teacher_list,
     .method = "teacher.list",
     .zh = "教师一览",
     .en = "lists teachers",
     OPTIONS(OPTION_ORGANISATION, OPTIONS_LIST)},
    {.noun = "teacher",
     .verb = "end",
     .run = teacher_end,
     .method = "teacher.end",
     .zh = "终止教师登记，或改变其截止日期",
     .en = "ends a teacher's registration, or changes its last day",
     ARGUMENTS(ARGUMENT_TEACHER),
     OPTIONS({"on", VALUE_DAY, NEEDED, .zh = "最后一天", .en = "the last day"})},
    {.noun = "teacher",
     .verb = "erase",
     .final = true,
     .run = teacher_erase,
     .method = "teacher.erase",
     .zh = "依法删除一名教师的资料，不可恢复（主管部门）",
     .en = "erases what is held about a teacher, for good (bureaus)",
     ARGUMENTS(ARGUMENT_TEACHER),
     .notes_zh = "该教师也曾参训的，用 trainee erase",
     .notes_en = "trainee erase is for a teacher who was a trainee, too"},
};
const struct commands teacher_commands = {commands, sizeof(commands) / sizeof(*commands)};
