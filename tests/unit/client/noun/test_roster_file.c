/* SPDX-License-Identifier: Apache-2.0 */
/* Rosters as clerks keep them: where the header is, which rows are trainees, and the file of refused rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/noun/roster_file.h"
#include "client/cli/sheet/forms.h"
#include "tests/unit/client/files.h"

#define HEADER "姓名,证件号码\n"

static struct form_file roster; /* of the test under way */
/* The form of rosters, but that no row needs a column besides the two by which a header is known. */
static struct form_field loose_fields[FORM_FIELDS];
static struct form loose;

static int make(void **state)
{
    roster = (struct form_file){0};
    loose = roster_form;
    loose.fields = loose_fields;
    for (int i = 0; i < loose.n; i++) {
        loose_fields[i] = roster_form.fields[i];
        loose_fields[i].need = FORM_OPTIONAL;
    }
    return files_make(state);
}

static int unmake(void **state)
{
    form_file_free(&roster);
    return files_unmake(state);
}

static void read_text(const char *text)
{
    int status;
    form_file_free(&roster);
    SAID(status, form_file_read(&files.en, file_text("roster.csv", text), &loose, &roster));
    if (status != CLI_OK)
        fail_msg("%d: %s", status, files.said);
}

static void expect_refused_by(const struct form *form, const char *text, const char *en, const char *zh)
{
    int status;
    const char *path = file_text("roster.csv", text);
    form_file_free(&roster);
    SAID(status, form_file_read(&files.en, path, form, &roster));
    assert_int_equal(status, CLI_FILE);
    expect_said(en);
    expect_said(path);
    assert_null(roster.rows);
    SAID(status, form_file_read(&files.zh, path, form, &roster));
    assert_int_equal(status, CLI_FILE);
    expect_said(zh);
}

static void expect_refused(const char *text, const char *en, const char *zh)
{
    expect_refused_by(&loose, text, en, zh);
}

/* Data row `i`: name and number; NULL is absent. */
static void expect_row(size_t i, const char *name, const char *number)
{
    Mingce__V1__RosterRow row;
    assert_true(i < roster.n);
    roster_file_row(&roster, i, &row);
    assert_int_equal(row.row, i + 1);
    if (name == NULL)
        assert_null(row.name);
    else
        assert_string_equal(row.name, name);
    if (number == NULL)
        assert_null(row.document_number);
    else
        assert_string_equal(row.document_number, number);
}

/* ---- the header ---- */

static void columns_stand_in_any_order(void **state)
{
    (void) state;
    Mingce__V1__RosterRow row;
    read_text("联系电话,证件号码,备注,姓名\nP,N,?,A\n");
    expect_row(0, "A", "N");
    roster_file_row(&roster, 0, &row);
    assert_string_equal(row.phone, "P");
    assert_null(row.sex);
    read_text(HEADER "A,N\n");
    expect_row(0, "A", "N");
}

static void titles_may_stand_above_the_header(void **state)
{
    (void) state;
    read_text("2026年第三期学员花名册,,\n单位：某校,,\n\n序号,姓名,证件号码\n1,A,N\n");
    assert_int_equal(roster.header, 3);
    assert_int_equal(roster.n, 1);
    expect_row(0, "A", "N");
    assert_int_equal(form_file_sheet_row(&roster, 0), 5);
}

/* A row that names one of the two columns is no header yet. */
static void a_title_may_hold_the_word_of_a_column(void **state)
{
    (void) state;
    read_text("姓名,\n姓名,姓名\n" HEADER "A,N\n");
    assert_int_equal(roster.header, 2);
    assert_int_equal(roster.n, 1);
}

static void expect_header(const char *name, const char *number)
{
    char text[512];
    snprintf(text, sizeof(text), "%s,%s\nA,N\n", name, number);
    read_text(text);
    expect_row(0, "A", "N");
}

static void headers_have_other_names(void **state)
{
    (void) state;
    static const char *const names[] = {"姓名", "学员姓名", "参训人员姓名", "name", "Name", "ｎａｍｅ"};
    static const char *const numbers[] = {"证件号码", "证件号",          "身份证号码",
                                          "身份证号", "公民身份号码",    "居民身份证号码",
                                          "身份证",   "document number", "DOCUMENTNUMBER"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        expect_header(names[i], "证件号码");
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        expect_header("姓名", numbers[i]);
}

static void blanks_brackets_and_stars_of_a_header_do_not_matter(void **state)
{
    (void) state;
    static const char *const names[] = {"姓 名", " 姓　名 ", "姓名（必填）", "姓名(必填)", "姓名[必填]",
                                        "姓名*", "*姓名",    "\"姓\n名\"",   "＊姓名"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        expect_header(names[i], "证件号码（18位）");
    expect_refused("姓名拼音,证件号码\nA,N\n", "no header", "找不到表头");
}

/* Each field of a row has its column, by the name that people are shown. */
static void expect_every_field(const struct cli *cli)
{
    const ProtobufCMessageDescriptor *descriptor = &mingce__v1__roster_row__descriptor;
    char header[2048] = "", cells[1024] = "", text[4096], wanted[16];
    Mingce__V1__RosterRow row;
    assert_int_equal(descriptor->n_fields, roster_form.n + 1);
    for (unsigned i = 1; i < descriptor->n_fields; i++) {
        size_t h = strlen(header), c = strlen(cells);
        snprintf(header + h, sizeof(header) - h, "%s,",
                 form_field_shown(cli, &roster_form, descriptor->fields[i].name));
        snprintf(cells + c, sizeof(cells) - c, "<%u>,", i);
    }
    snprintf(text, sizeof(text), "%s\n%s\n", header, cells);
    read_text(text);
    roster_file_row(&roster, 0, &row);
    for (unsigned i = 1; i < descriptor->n_fields; i++) {
        const char *const *cell = (const void *) ((const char *) &row + descriptor->fields[i].offset);
        snprintf(wanted, sizeof(wanted), "<%u>", i);
        assert_non_null(*cell);
        assert_string_equal(*cell, wanted);
    }
}

static void every_field_has_its_column(void **state)
{
    (void) state;
    expect_every_field(&files.zh);
    expect_every_field(&files.en);
    assert_string_equal(form_field_shown(&files.zh, &roster_form, "something"), "something");
}

static void a_file_without_header_is_refused(void **state)
{
    (void) state;
    expect_refused("A,N\nB,M\n", "no header: one of the first 30 rows", "找不到表头");
    expect_refused("", "no header", "找不到表头");
    expect_refused("姓名,性别\nA,男\n", "no header", "找不到表头");
}

/* The names of columns are in the reader's language, and all that a row needs are named. */
static void a_file_without_header_is_told_every_needed_column(void **state)
{
    (void) state;
    expect_refused_by(&roster_form, "A,N\nB,M\n", ": name, document number, trainee group)",
                      "：姓名、证件号码、人员类别)");
}

static void a_file_without_a_needed_column_is_refused_as_a_whole(void **state)
{
    (void) state;
    expect_refused_by(&roster_form, "姓名,证件号码,类别\nA,N,农民工\n",
                      "columns that every row needs are missing: trainee group (columns of which nothing is "
                      "known: 类别); an empty file: mingce template roster",
                      "缺少必填列：人员类别（表中未识别的列：类别）。空白表格：mingce template roster");
    expect_refused_by(&roster_form, "姓名,证件号码\nA,N\n", "missing: trainee group; an",
                      "缺少必填列：人员类别。空白");
}

/* Of a group one column is enough; what another column also says is not missed. */
static void a_column_that_another_stands_for_is_not_missed(void **state)
{
    (void) state;
    struct form_file file;
    char unused[64];
    int status;
    const char *times =
        "上课日期,起止时间,课时,上课地点,上课内容,教师姓名,教师证件号码,类型\n2026-03-02,08:30-11:30,4,"
        "301,安全,周某,N,实操\n";
    SAID(status, form_file_read(&files.zh, file_text("plan.csv", times), &lesson_form, &file));
    assert_int_equal(status, CLI_OK);
    form_file_unused(&file, &files.zh, unused, sizeof(unused));
    assert_string_equal(unused, ""); /* 类型 is whether it is theory or practice */
    form_file_free(&file);
    const char *marks = "理论成绩,实操成绩,座号\n80,90,1\n";
    SAID(status, form_file_read(&files.zh, file_text("marks.csv", marks), &marks_form, &file));
    assert_int_equal(status, CLI_OK);
    form_file_free(&file);
    expect_refused_by(&marks_form, "姓名,理论成绩,实操成绩\nA,80,90\n",
                      "missing: document number or seat; an",
                      "缺少必填列：证件号码或班内序号。空白表格：mingce template marks");
}

static void the_header_stands_in_the_first_thirty_rows(void **state)
{
    (void) state;
    char text[256];
    for (int i = 0; i < 30; i++)
        memcpy(text + 2 * i, "x\n", 2);
    snprintf(text + 60, sizeof(text) - 60, HEADER "A,N\n");
    read_text(text + 2);
    assert_int_equal(roster.header, 29);
    expect_refused(text, "no header", "找不到表头");
}

static void two_columns_that_mean_the_same_are_refused(void **state)
{
    (void) state;
    expect_refused("姓名,证件号码,身份证号\nA,N,M\n", "two columns of the header mean the same: delete one",
                   "有两列含义相同");
    expect_said("证件号码");
    expect_refused("手机,姓名,证件号码,电话\n1,A,N,2\n", "\"手机\", column 4 \"电话\"", "第4列“电话”");
    expect_refused("手机,电话,姓名,性别,证件号码,性别\n1,2,A,,N\n", "\"手机\", column 2 \"电话\"",
                   "第2列“电话”");
    read_text("姓名,证件号码,备注,备注\nA,N,x,y\n"); /* columns that mean nothing to us may repeat */
}

/* ---- rows ---- */

static void a_header_without_trainees_is_refused(void **state)
{
    (void) state;
    expect_refused(HEADER, "there are no rows below the header", "表头下面没有数据行");
    expect_refused(HEADER "\n,\n合计,\n" HEADER, "there are no rows", "表头下面没有数据行");
}

static void totals_are_no_trainees(void **state)
{
    (void) state;
    static const char *const totals[] = {"合计,",   ",合计：1人", "总计,",  "小计 1人,",      "共计1人,",
                                         "总人数,", "Total: 1,",  "合 计,", "\"\",\"\",合计", "　,,总计"};
    for (size_t i = 0; i < sizeof(totals) / sizeof(*totals); i++) {
        char text[256];
        snprintf(text, sizeof(text), "姓名,性别,备注,证件号码\nA,,,N\n%s\nB,,,M\n", totals[i]);
        read_text(text);
        assert_int_equal(roster.n, 2);
        expect_row(1, "B", "M");
    }
}

/* With a number it is somebody; a total below the first cell's words is none. */
static void who_has_a_number_is_no_total(void **state)
{
    (void) state;
    read_text("姓名,证件号码,备注\n合计,N,\nA,,合计\n");
    assert_int_equal(roster.n, 2);
    expect_row(0, "合计", "N");
    expect_row(1, "A", NULL);
}

static void a_header_on_every_printed_page_is_no_trainee(void **state)
{
    (void) state;
    read_text("姓名,证件号码\nA,N\n姓 名,证件号码\nB,M\n姓名,L\n");
    assert_int_equal(roster.n, 3);
    expect_row(1, "B", "M");
    expect_row(2, "姓名", "L"); /* half a header is somebody: the rules will say what of */
}

static void blank_rows_are_passed_over_and_counted(void **state)
{
    (void) state;
    read_text("title\n\n" HEADER "\nA,N\n,\n 　,\"\"\n\n\nB,M\n合计,\nC,L\n\n");
    assert_int_equal(roster.n, 3);
    expect_row(0, "A", "N");
    expect_row(1, "B", "M");
    expect_row(2, "C", "L");
    assert_int_equal(form_file_sheet_row(&roster, 0), 5);
    assert_int_equal(form_file_sheet_row(&roster, 1), 10);
    assert_int_equal(form_file_sheet_row(&roster, 2), 12);
}

static void short_rows_and_blank_cells_leave_fields_out(void **state)
{
    (void) state;
    read_text("姓名,证件号码,性别\nA\nB,M,　\n,N\nC,L,男,more\n");
    assert_int_equal(roster.n, 4);
    expect_row(0, "A", NULL);
    expect_row(1, "B", "M");
    expect_row(2, NULL, "N");
    Mingce__V1__RosterRow row;
    roster_file_row(&roster, 1, &row);
    assert_null(row.sex);
    roster_file_row(&roster, 3, &row);
    assert_string_equal(row.sex, "男");
}

/* ---- the refused rows ---- */

/* Writes rows `which` with the reason "R1", "R2"... by their number among the data rows. */
static const char *write_rejects(const char *name, const size_t *which, size_t n)
{
    const char *path = file_path(name);
    struct sheet_writer *writer = form_file_copy(&files.en, &roster, path, form_reasons);
    assert_non_null(writer);
    for (size_t i = 0; i < n; i++) {
        char why[32];
        snprintf(why, sizeof(why), "R%zu", which[i] + 1);
        form_file_copy_row(&roster, writer, which[i], form_reasons, why);
    }
    assert_int_equal(sheet_writer_close(writer), CLI_OK);
    return path;
}

static void read_again(const char *path)
{
    struct form_file again;
    assert_int_equal(form_file_read(&files.en, path, &loose, &again), CLI_OK);
    form_file_free(&roster);
    roster = again;
}

static void refused_rows_come_back_as_they_were(void **state)
{
    (void) state;
    read_text("title,,\n备注,证件号码（必填）,姓名\n\"x,y\",'N,A\n?,M,B\nw,L\n");
    expect_bytes(write_rejects("rejects.csv", (const size_t[]){0, 2}, 2),
                 "\xef\xbb\xbf备注,证件号码（必填）,姓名,退回原因\r\n\"x,y\",'N,A,R1\r\nw,L,,R3\r\n");
}

static void the_file_of_refused_rows_can_be_read_again(void **state)
{
    (void) state;
    read_text("备注,证件号码,姓名\nx,N,A\ny,M,B\n");
    read_again(write_rejects("rejects.csv", (const size_t[]){1}, 1));
    assert_int_equal(roster.n, 1);
    expect_row(0, "B", "M");
}

/* Mended and refused again: the column of the round before goes. */
static void an_old_reason_is_replaced(void **state)
{
    (void) state;
    read_text("姓名,退回原因,证件号码\nA,old,N\nB,old,M\n");
    const char *path = write_rejects("rejects.csv", (const size_t[]){1}, 1);
    expect_bytes(path, "\xef\xbb\xbf姓名,证件号码,退回原因\r\nB,M,R2\r\n");
    read_again(path);
    expect_bytes(write_rejects("again.csv", (const size_t[]){0}, 1),
                 "\xef\xbb\xbf姓名,证件号码,退回原因\r\nB,M,R1\r\n");
}

static void cells_beyond_the_header_are_kept(void **state)
{
    (void) state;
    read_text(HEADER "A,N,more,,and more\n");
    const char *path = write_rejects("rejects.csv", (const size_t[]){0}, 1);
    expect_bytes(path, "\xef\xbb\xbf姓名,证件号码,退回原因\r\nA,N,R1,more,,and more\r\n");
    read_again(path);
    expect_row(0, "A", "N");
}

static void refused_rows_keep_the_file_s_encoding(void **state)
{
    (void) state;
    read_text("\xd0\xd5\xc3\xfb,\xd6\xa4\xbc\xfe\xba\xc5\xc2\xeb\nA,N\n");
    assert_true(roster.sheet.gb18030);
    const char *path = write_rejects("rejects.csv", (const size_t[]){0}, 1);
    expect_bytes(
        path,
        "\xd0\xd5\xc3\xfb,\xd6\xa4\xbc\xfe\xba\xc5\xc2\xeb,\xcd\xcb\xbb\xd8\xd4\xad\xd2\xf2\r\nA,N,R1\r\n");
    read_again(path);
    assert_true(roster.sheet.gb18030);
    expect_row(0, "A", "N");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(columns_stand_in_any_order),
        TEST(titles_may_stand_above_the_header),
        TEST(a_title_may_hold_the_word_of_a_column),
        TEST(headers_have_other_names),
        TEST(blanks_brackets_and_stars_of_a_header_do_not_matter),
        TEST(every_field_has_its_column),
        TEST(a_file_without_header_is_refused),
        TEST(a_file_without_header_is_told_every_needed_column),
        TEST(a_file_without_a_needed_column_is_refused_as_a_whole),
        TEST(a_column_that_another_stands_for_is_not_missed),
        TEST(the_header_stands_in_the_first_thirty_rows),
        TEST(two_columns_that_mean_the_same_are_refused),
        TEST(a_header_without_trainees_is_refused),
        TEST(totals_are_no_trainees),
        TEST(who_has_a_number_is_no_total),
        TEST(a_header_on_every_printed_page_is_no_trainee),
        TEST(blank_rows_are_passed_over_and_counted),
        TEST(short_rows_and_blank_cells_leave_fields_out),
        TEST(refused_rows_come_back_as_they_were),
        TEST(the_file_of_refused_rows_can_be_read_again),
        TEST(an_old_reason_is_replaced),
        TEST(cells_beyond_the_header_are_kept),
        TEST(refused_rows_keep_the_file_s_encoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
