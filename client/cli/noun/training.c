/* SPDX-License-Identifier: Apache-2.0 */
/* Attendance, marks, and how the trainees of a class stand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/holder.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/bounds.h"
#include "proto/rules/cell.h"
#include "proto/training.pb-c.h"

enum { LESSON_MOST = 100000000 };

enum { FIELD_FIRST = TRAINEE_FIELDS, FIELD_SECOND, FIELD_DAY };

/* ---- attendance ---- */

static const struct form_field attendance_fields[] = {
    TRAINEE_FORM_FIELDS,
    {"lesson", "课次", "lesson", {"课次", "lesson"}, FORM_OR},
    {"state",
     "状态",
     "state",
     {"状态", "考勤", "出勤情况", "考勤情况", "到课情况", "考勤状态", "出勤状态", "签到", "state"},
     FORM_NEEDED},
    {"held_on", "上课日期", "date", {"上课日期", "日期", "date"}, FORM_OR},
};
const struct form attendance_form = {.noun = "attendance",
                                     .fields = attendance_fields,
                                     .n = sizeof(attendance_fields) / sizeof(*attendance_fields),
                                     .needed = {FIELD_SECOND, FIELD_SECOND}};

/* A lesson of the plan. */
struct planned {
    day on;
    uint32_t lesson;
};

struct attendance {
    Mingce__V1__AttendanceImportRequest request;
    struct planned *plan; /* of the class; by it days become lesson numbers */
    size_t plan_n;
};

/* The number of the only lesson on a day; 0: there is none, or more than one. */
static uint32_t lesson_on(const struct attendance *attendance, day on)
{
    uint32_t lesson = 0;
    for (size_t i = 0; on != DAY_NONE && i < attendance->plan_n; i++) {
        if (attendance->plan[i].on != on)
            continue;
        if (lesson != 0)
            return 0;
        lesson = attendance->plan[i].lesson;
    }
    return lesson;
}

/* Whether a lesson is held on a day. True also for a lesson that the plan lacks, since the server reports that. */
static bool lesson_held(const struct attendance *attendance, uint32_t lesson, day on)
{
    for (size_t i = 0; i < attendance->plan_n; i++)
        if (attendance->plan[i].lesson == lesson)
            return attendance->plan[i].on == on;
    return true;
}

static bool plan_add(struct attendance *attendance, const Mingce__V1__LessonListResponse *page)
{
    size_t n = attendance->plan_n + page->n_lesson;
    struct planned *more = realloc(attendance->plan, (n + 1) * sizeof(*more));
    if (more == NULL)
        return false;
    attendance->plan = more;
    for (size_t i = 0; i < page->n_lesson; i++)
        more[attendance->plan_n++] =
            (struct planned){day_parse(page->lesson[i]->held_on), page->lesson[i]->lesson};
    return true;
}

static bool attendance_read(void *context, struct row *read)
{
    const struct attendance *attendance = context;
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__AttendanceRow *row = read->message;
    size_t i = read->i;
    struct holder holder;
    bool numbered = form_file_cell(file, i, FIELD_FIRST) != NULL;
    bool good = trainee_read(file, i, judgement, &holder);
    TRAINEE_FILL(row, &holder);
    const char *stated = form_file_cell(file, i, FIELD_DAY);
    day on = cell_day(stated);
    if (numbered)
        good = good && rows_whole(file, i, FIELD_FIRST, LESSON_MOST, &row->lesson, judgement);
    else
        row->lesson = lesson_on(attendance, on);
    if (stated != NULL && on == DAY_NONE)
        good = good && rows_refuse(judgement, REASON_DATE_FORMAT, "held_on");
    else if (!numbered && row->lesson == 0)
        good = good && rows_refuse(judgement, REASON_LESSON_UNKNOWN, "lesson");
    else if (stated != NULL && !lesson_held(attendance, row->lesson, on))
        good = good && rows_refuse(judgement, REASON_LESSON_DAY, "held_on");
    row->state =
        (Mingce__V1__AttendanceState) word_number(WORD_ATTENDANCE, form_file_cell(file, i, FIELD_SECOND));
    if (row->state == 0)
        good = good && rows_refuse(judgement, REASON_STATE_UNKNOWN, "state");
    return good;
}

static const struct row_form attendance_rows = {
    .form = &attendance_form, .read = attendance_read, .says = {"state"}};

/* Fetches the whole plan, page after page. */
static int attendance_prepare(void *context, struct cli *cli)
{
    struct attendance *attendance = context;
    Mingce__V1__LessonListRequest request = MINGCE__V1__LESSON_LIST_REQUEST__INIT;
    struct pages_way way = {.steps = 0};
    int status = CLI_OK;
    request.class_number = attendance->request.class_number;
    request.has_page_rows = true;
    request.page_rows = mingce_hello(cli->server)->limits->page_rows;
    do {
        Mingce__V1__LessonListResponse *page =
            (Mingce__V1__LessonListResponse *) cli_call(cli, "lesson.list", &request.base, &status);
        if (page == NULL)
            return status;
        status = plan_add(attendance, page)
                     ? pages_go_on(cli, &way, page->n_lesson,
                                   page->has_next ? page->next : (ProtobufCBinaryData){0, way.bytes})
                     : cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
        request.has_cursor = way.cursor.len > 0;
        request.cursor = way.cursor;
        mingce__v1__lesson_list_response__free_unpacked(page, NULL);
    } while (status == CLI_OK && request.has_cursor);
    return status;
}

static int attendance_import(struct cli *cli, struct given *given)
{
    struct attendance attendance = {.request = MINGCE__V1__ATTENDANCE_IMPORT_REQUEST__INIT};
    const struct rows_import import = {.method = "attendance.import",
                                       .rows = &attendance_rows,
                                       .request = &attendance.request.base,
                                       .context = &attendance,
                                       .prepare = attendance_prepare};
    attendance.request.class_number = given_number(given, "class");
    attendance.request.reason = given_text(given, "reason");
    int status = rows_import(cli, &import, given);
    free(attendance.plan);
    return status;
}

/* ---- marks ---- */

static const struct form_field marks_fields[] = {
    TRAINEE_FORM_FIELDS,
    {"theory",
     "理论成绩",
     "theory",
     {"理论成绩", "理论", "理论知识", "理论知识成绩", "理论考试成绩", "理论考核成绩", "theory"},
     FORM_OR},
    {"practice",
     "实操成绩",
     "practice",
     {"实操成绩", "实操", "技能成绩", "实作", "实作成绩", "实践", "实践成绩", "操作技能", "操作技能成绩",
      "操作成绩", "技能考核成绩", "实操考核成绩", "practice"},
     FORM_OR},
};
const struct form marks_form = {.noun = "marks",
                                .fields = marks_fields,
                                .n = sizeof(marks_fields) / sizeof(*marks_fields),
                                .needed = {FIELD_FIRST, FIELD_SECOND}};

/* Reads a mark; a blank cell means that there is none. False: out of memory. */
static bool read_mark(const char *cell, const char *field, struct judgement *judgement,
                      protobuf_c_boolean *there, uint32_t *tenths)
{
    *there = cell != NULL;
    if (cell == NULL)
        return true;
    int value = cell_tenths(cell, MARK_MOST);
    *tenths = value < 0 ? 0 : (uint32_t) value;
    return value >= 0 || rows_refuse(judgement, REASON_MARK_RANGE, field);
}

static bool marks_read(void *context, struct row *read)
{
    const struct form_file *file = read->file;
    struct judgement *judgement = read->judgement;
    Mingce__V1__MarkRow *row = read->message;
    size_t i = read->i;
    (void) context;
    struct holder holder;
    bool good = trainee_read(file, i, judgement, &holder) &&
                read_mark(form_file_cell(file, i, FIELD_FIRST), "theory", judgement, &row->has_theory,
                          &row->theory) &&
                read_mark(form_file_cell(file, i, FIELD_SECOND), "practice", judgement, &row->has_practice,
                          &row->practice);
    TRAINEE_FILL(row, &holder);
    if (!row->has_theory && !row->has_practice)
        good = good && rows_refuse(judgement, REASON_MARK_MISSING, "theory");
    return good;
}

static const struct row_form marks_rows = {
    .form = &marks_form, .read = marks_read, .says = {"theory", "practice"}};

static int marks_import(struct cli *cli, struct given *given)
{
    Mingce__V1__MarksImportRequest request = MINGCE__V1__MARKS_IMPORT_REQUEST__INIT;
    const struct rows_import import = {
        .method = "marks.import", .rows = &marks_rows, .request = &request.base};
    request.class_number = given_number(given, "class");
    request.reason = given_text(given, "reason");
    return rows_import(cli, &import, given);
}

/* ---- list ---- */

static const struct shown columns[] = {
    {"seat", "班内序号", "seat", .as = AS_NUMBER},
    {"name", "姓名", "name", .as = AS_TEXT},
    {"attended", "出勤课时", "attended", .as = AS_NUMBER},
    {"planned", "计划课时", "planned", .as = AS_NUMBER},
    {"theory", "理论", "theory", .as = AS_MARK},
    {"practice", "实操", "practice", .as = AS_MARK},
    {"result", "结果", "result", .as = AS_WORD, .words = WORD_RESULT},
    {"overlaps", "时间冲突", "overlaps", .as = AS_NUMBER},
    {"removed_reason", "移出理由", "removed", .as = AS_TEXT},
};
static const struct show list = SHOW(columns);

static int training_list(struct cli *cli, struct given *given)
{
    Mingce__V1__TrainingListRequest request = MINGCE__V1__TRAINING_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "training.list", .show = &list, .request = &request.base};
    request.class_number = given_number(given, "class");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "attendance",
     .verb = "import",
     .run = attendance_import,
     .method = "attendance.import",
     .zh = "导入考勤",
     .en = "imports attendance",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_CLASS(NEEDED),
             {"reason", VALUE_TEXT, .zh = "结班后由主管部门更正的理由",
              .en = "why a bureau corrects a completed class"},
             OPTION_REJECTS),
     .notes_zh = "状态：出勤 请假 迟到 早退 缺勤（mingce code list attendance）；姓名有则须与登记的相符",
     .notes_en =
         "state: present leave late left-early absent (mingce code list attendance); a name must agree",
     .reads = {&attendance_form}},
    {.noun = "marks",
     .verb = "import",
     .run = marks_import,
     .method = "marks.import",
     .zh = "导入成绩",
     .en = "imports marks",
     ARGUMENTS(ARGUMENT_ROWS),
     OPTIONS(OPTION_CLASS(NEEDED),
             {"reason", VALUE_TEXT, .zh = "结班后由主管部门更正的理由",
              .en = "why a bureau corrects a completed class"},
             OPTION_REJECTS),
     .notes_zh = "成绩为0至100，至多一位小数；姓名有则须与登记的相符",
     .notes_en = "a mark is 0 to 100 with one decimal at most; a name must agree",
     .reads = {&marks_form}},
    {.noun = "training",
     .verb = "list",
     .run = training_list,
     .method = "training.list",
     .zh = "学员的课时、成绩、结果",
     .en = "hours, marks and results of the trainees",
     OPTIONS(OPTION_CLASS(NEEDED), OPTIONS_LIST)},
};
const struct commands training_commands = {commands, sizeof(commands) / sizeof(*commands)};
