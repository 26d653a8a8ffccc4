/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of a class. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/bounds.h"
#include "proto/rules/cell.h"
#include "proto/training.pb-c.h"

enum {
    FIELD_ON,
    FIELD_TEACHER_NUMBER,
    FIELD_FROM,
    FIELD_TO,
    FIELD_HOURS,
    FIELD_PLACE,
    FIELD_CONTENT,
    FIELD_TEACHER,
    FIELD_TEACHER_TYPE,
    FIELD_TIMES,
    FIELD_PRACTICE,
    FIELD_TEACHER_COUNTRY
};
enum { LESSON_THEORY = 1, LESSON_PRACTICE = 2 /* of WORD_LESSON_KIND */ };

static const struct form_field fields[] = {
    [FIELD_ON] = {"held_on", "上课日期", "date", {"上课日期", "授课日期", "日期", "date"}, FORM_NEEDED},
    [FIELD_TEACHER_NUMBER] = {"teacher_document_number",
                              "教师证件号码",
                              "teacher's document number",
                              {"教师证件号码", "教师身份证号", "教师身份证号码", "证件号码", "身份证号码",
                               "身份证号", "teacherdocumentnumber", "teacher'sdocumentnumber"},
                              FORM_NEEDED},
    [FIELD_FROM] =
        {"starts_minute", "开始时间", "from", {"开始时间", "上课时间", "开始", "起", "from"}, FORM_NEEDED},
    [FIELD_TO] = {"ends_minute", "结束时间", "to", {"结束时间", "下课时间", "结束", "止", "to"}, FORM_APART},
    [FIELD_HOURS] = {"hours", "课时", "hours", {"课时", "学时", "hours"}, FORM_NEEDED},
    [FIELD_PLACE] = {"place",
                     "上课地点",
                     "place",
                     {"上课地点", "授课地点", "培训地点", "地点", "教室", "place"},
                     FORM_NEEDED},
    [FIELD_CONTENT] = {"content",
                       "上课内容",
                       "content",
                       {"上课内容", "授课内容", "培训内容", "内容", "课程", "课程名称", "content"},
                       FORM_NEEDED},
    [FIELD_TEACHER] = {"teacher_name",
                       "教师姓名",
                       "teacher",
                       {"教师姓名", "教师", "任课教师", "授课教师", "授课老师", "teacher"},
                       FORM_NEEDED},
    [FIELD_TEACHER_TYPE] = {"teacher_document_type",
                            "教师证件类型",
                            "teacher's document",
                            {"教师证件类型", "teacherdocumenttype", "teacher'sdocument"},
                            FORM_OPTIONAL},
    [FIELD_TIMES] = {"starts_minute",
                     "起止时间",
                     "times",
                     {"起止时间", "上课起止时间", "上课时段", "授课时间", "时间段", "时段", "时间", "times",
                      "time"},
                     FORM_OPTIONAL},
    [FIELD_PRACTICE] = {"practice",
                        "课程类型",
                        "kind of lesson",
                        {"课程类型", "课程类别", "理论或实操", "理论实操", "授课类型", "类型",
                         "kindoflesson"},
                        FORM_OPTIONAL},
    [FIELD_TEACHER_COUNTRY] = {"teacher_issuing_country",
                               "教师证件签发国家",
                               "teacher's issuing country",
                               {"教师证件签发国家", "teacherissuingcountry", "teacher'sissuingcountry"},
                               FORM_OPTIONAL},
};
const struct form lesson_form = {.noun = "lesson",
                                 .fields = fields,
                                 .n = sizeof(fields) / sizeof(*fields),
                                 .needed = {FIELD_ON, FIELD_TEACHER_NUMBER}};

/* Reads a text that the row must have. */
static bool need(const struct form_file *file, size_t i, int field, enum reason missing, char **to,
                 struct judgement *judgement)
{
    *to = form_file_cell(file, i, field);
    return *to != NULL || rows_refuse(judgement, missing, fields[field].name);
}

/* Reads a time of the day. Seconds, which spreadsheets write, must be zero. */
static int minute_read(const char *cell)
{
    char clean[16];
    int minute = cell_minute(cell);
    if (minute >= 0 || cell == NULL || !cell_number(cell, clean, sizeof(clean)))
        return minute;
    size_t n = strlen(clean);
    if (n < 3 || strcmp(clean + n - 3, ":00") != 0)
        return -1;
    clean[n - 3] = '\0';
    return cell_minute(clean);
}

/* Finds what separates two times in one cell; NULL: the cell does not have two. */
static const char *between(const char *cell, size_t *n)
{
    static const char *const words[] = {"-", "－", "–", "—", "~", "～", "〜", "至", "到"};
    const char *first = NULL;
    for (size_t i = 0; cell != NULL && i < sizeof(words) / sizeof(*words); i++) {
        const char *at = strstr(cell, words[i]);
        if (at == NULL || (first != NULL && at > first))
            continue;
        first = at;
        *n = strlen(words[i]);
    }
    return first;
}

/* Reads the times of a lesson from two columns, or from one as 08:30-11:30; -1: the time cannot be read. */
static void times_read(const struct form_file *file, size_t i, int *from, int *to)
{
    const char *begins = form_file_cell(file, i, FIELD_FROM), *ends = form_file_cell(file, i, FIELD_TO);
    char first[32];
    size_t n = 0;
    if (begins == NULL)
        begins = form_file_cell(file, i, FIELD_TIMES);
    const char *at = ends == NULL ? between(begins, &n) : NULL;
    if (at != NULL) {
        snprintf(first, sizeof(first), "%.*s", (int) (at - begins), begins);
        begins = first;
        ends = at + n;
    }
    *from = minute_read(begins);
    *to = minute_read(ends);
}

static bool read_lesson(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__LessonRow *row = read->message;
    size_t i = read->i;
    (void) context;
    int from, to;
    times_read(file, i, &from, &to);
    int hours = rows_number(form_file_cell(file, i, FIELD_HOURS), LESSON_HOURS_MOST);
    bool good = row_day(read, FIELD_ON, true, read->text, &row->held_on);
    good = good && (from >= 0 || rows_refuse(judgement, REASON_TIME_FORMAT, "starts_minute"));
    good = good && (to > from || rows_refuse(judgement, REASON_TIME_FORMAT, "ends_minute"));
    good = good && (hours >= 1 || rows_refuse(judgement, REASON_HOURS_RANGE, "hours"));
    good = good && need(file, i, FIELD_PLACE, REASON_PLACE_LENGTH, &row->place, judgement) &&
           need(file, i, FIELD_TEACHER, REASON_NAME_MISSING, &row->teacher_name, judgement) &&
           need(file, i, FIELD_TEACHER_NUMBER, REASON_ID_MISSING, &row->teacher_document_number, judgement);
    row->content = form_file_cell(file, i, FIELD_CONTENT);
    row->teacher_document_type = form_file_cell(file, i, FIELD_TEACHER_TYPE);
    row->teacher_issuing_country = form_file_cell(file, i, FIELD_TEACHER_COUNTRY);
    const char *kind = form_file_cell(file, i, FIELD_PRACTICE);
    int number = word_number(WORD_LESSON_KIND, kind);
    row->has_practice = kind != NULL;
    row->practice = number == LESSON_PRACTICE;
    if (kind != NULL && number == 0)
        good = good && rows_refuse(judgement, REASON_PRACTICE_WORD, "practice");
    row->starts_minute = (uint32_t) (from < 0 ? 0 : from);
    row->ends_minute = (uint32_t) (to < 0 ? 0 : to);
    row->hours = (uint32_t) (hours < 0 ? 0 : hours);
    return good;
}

static const struct row_form lesson_rows = {.form = &lesson_form, .text = DAY_TEXT, .read = read_lesson};

static int lesson_import(struct cli *cli, struct given *given)
{
    Mingce__V1__LessonAddRequest request = MINGCE__V1__LESSON_ADD_REQUEST__INIT;
    const struct rows_import import = {
        .method = "lesson.add", .rows = &lesson_rows, .request = &request.base};
    request.class_number = given_number(given, "class");
    return rows_import(cli, &import, given);
}

static int lesson_remove(struct cli *cli, struct given *given)
{
    Mingce__V1__LessonRemoveRequest request = MINGCE__V1__LESSON_REMOVE_REQUEST__INIT;
    request.class_number = given_number(given, "class");
    request.lesson = (uint32_t) given_number(given, "lesson");
    return cli_write(cli, "lesson.remove", &request.base);
}

/* ---- list ---- */

static void kind_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Lesson *lesson = (const Mingce__V1__Lesson *) message;
    word_cell(table, cli, WORD_LESSON_KIND, lesson->practice ? LESSON_PRACTICE : LESSON_THEORY);
}

static const struct shown columns[] = {
    {"lesson", "课次", "lesson", .as = AS_NUMBER},
    {"held_on", "上课日期", "date", .as = AS_TEXT},
    {"from", "开始", "from", .as = AS_MINUTE, .field = "starts_minute"},
    {"to", "结束", "to", .as = AS_MINUTE, .field = "ends_minute"},
    {"hours", "课时", "hours", .as = AS_NUMBER},
    {"practice", "课程类型", "kind", .as = AS_CELL, .cell = kind_cell},
    {"place", "地点", "place", .as = AS_TEXT},
    {"address", "场地地址", "address", .as = AS_TEXT},
    {"room", "教室", "room", .as = AS_TEXT},
    {"content", "内容", "content", .as = AS_TEXT},
    {"teacher_name", "教师", "teacher", .as = AS_TEXT},
    {"teacher_document_number", "教师证件号码", "teacher's number", .as = AS_TEXT},
};
static const struct show list = SHOW(columns);

static int lesson_list(struct cli *cli, struct given *given)
{
    Mingce__V1__LessonListRequest request = MINGCE__V1__LESSON_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "lesson.list", .show = &list, .request = &request.base};
    request.class_number = given_number(given, "class");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "lesson",
     .verb = "import",
     .run = lesson_import,
     .method = "lesson.add",
     .zh = "导入教学计划",
     .en = "imports the plan of a class",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_CLASS(NEEDED), OPTION_REJECTS),
     .notes_zh =
         "开始时间和结束时间各占一列，或合写在“起止时间”一列：08:30-11:30\n上课地点是本机构登记的教室：“场地/"
         "教室”，教室名称不重复的可只写教室；教师须先登记\n课程类型：理论 实操，空白为理论",
     .notes_en =
         "the times of a lesson stand in two columns or in one, \"times\": 08:30-11:30\nplace: a room "
         "that is registered, as venue/room, or the room alone where only one is called so; teachers are "
         "registered before\nkind of lesson: theory practice, blank is theory",
     .reads = {&lesson_form}},
    {.noun = "lesson",
     .verb = "list",
     .run = lesson_list,
     .method = "lesson.list",
     .zh = "教学计划",
     .en = "the plan of a class",
     OPTIONS(OPTION_CLASS(NEEDED), OPTIONS_LIST)},
    {.noun = "lesson",
     .verb = "remove",
     .run = lesson_remove,
     .method = "lesson.remove",
     .zh = "删除一次课",
     .en = "takes a lesson out of the plan",
     OPTIONS(OPTION_CLASS(NEEDED),
             {"lesson", VALUE_NUMBER, NEEDED, .least = 1, .most = UINT32_MAX, .zh = "课次，见 lesson list",
              .en = "its number, as lesson list has it"})},
};
const struct commands lesson_commands = {commands, sizeof(commands) / sizeof(*commands)};
