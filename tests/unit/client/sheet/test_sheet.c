/* SPDX-License-Identifier: Apache-2.0 */
/* Files of cells as spreadsheets save them: encodings, what is no text, rows and quotes, and writing them again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/client/files.h"
#include "tests/unit/client/sheet/sheet_read.h"

#define GB_NAME "\xd0\xd5\xc3\xfb" /* 姓名 in GB18030 */

static void read_text(const char *text, struct sheet *sheet)
{
    read_good(file_text("sheet.csv", text), sheet);
}

static void expect_text_cells(const char *text, const char *expected)
{
    struct sheet sheet;
    read_text(text, &sheet);
    expect_cells(&sheet, expected);
    sheet_free(&sheet);
}

/* ---- encodings ---- */

static void utf8_with_and_without_bom(void **state)
{
    (void) state;
    struct sheet sheet;
    read_text("姓名,b\n", &sheet);
    expect_cells(&sheet, "姓名|b");
    assert_false(sheet.gb18030);
    sheet_free(&sheet);
    read_text("\xef\xbb\xbf姓名,b\n", &sheet);
    expect_cells(&sheet, "姓名|b");
    assert_false(sheet.gb18030);
    sheet_free(&sheet);
}

static void gb18030_of_two_and_four_bytes(void **state)
{
    (void) state;
    struct sheet sheet;
    read_text(GB_NAME ",\x99\x32\xd6\x37,\xa3\xb1\n", &sheet); /* U+2C829, a full-width digit */
    expect_cells(&sheet, "姓名|\xf0\xac\xa0\xa9|１");
    assert_true(sheet.gb18030);
    sheet_free(&sheet);
}

/* Whatever it was, it is neither: told with the line where it begins. */
static void bytes_of_neither_encoding_are_refused(void **state)
{
    (void) state;
    static const char *const texts[] = {"a,b\n\xff\xff\xff\n", "a,b\n\x80\x20\xff\x20\x80\x20",
                                        "a\n\xed\xa0\x80\xff\xff\xff\n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        expect_refused(file_text("sheet.csv", texts[i]),
                       "from line 2 on it is neither in UTF-8 nor in GB18030", "第2行起既不是 UTF-8");
}

/* Half a character in one cell spoils that cell; the file stays what it says it is. */
static void half_a_character_spoils_its_cell_alone(void **state)
{
    (void) state;
    expect_text_cells("\xef\xbb\xbf"
                      "姓名,b\n王\xe6\x9f,c\n",
                      "姓名|b/王\xef\xbf\xbd|c");
    expect_text_cells("姓名,证件号码,民族\n王\xe6\x9f,c,d\n", "姓名|证件号码|民族/王\xef\xbf\xbd|c|d");
    expect_text_cells("\xd0\xd5\xc3\xfb,\xc3\xf1\xd7\xe5,\xd6\xa4\xbc\xfe\n\xcd\xf5\xc4,c,d\n",
                      "姓名|民族|证件/王\xef\xbf\xbd|c|d"); /* GB18030 */
}

static void the_mark_that_ended_files_once_is_no_row(void **state)
{
    (void) state;
    expect_text_cells("a,b\nc,d\n\x1a", "a|b/c|d");
    expect_text_cells("a,b\nc,d\n\x1a\r\n", "a|b/c|d");
    expect_text_cells("a,b\nc\v,d\n", "a|b/c\v|d");
}

static void the_file_may_say_what_separates_its_columns(void **state)
{
    (void) state;
    expect_text_cells("sep=;\r\na;b,c\r\n", "a|b,c");
    expect_text_cells("SEP=\t\na\tb\n", "a|b");
    expect_text_cells("sep=;x\na;b\n", "sep=;x/a;b"); /* no such line */
}

static void what_is_no_text_is_refused_with_advice(void **state)
{
    (void) state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *en, *zh;
    } cases[] = {
        {"PK\003\004\024\0\0\0", 8, "the spreadsheet is not whole", "电子表格文件不完整"},
        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "this is an old spreadsheet (.xls, .et)",
         "这是旧版电子表格文件（.xls、.et）"},
        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 42,
         "the file has a password: remove it", "请在表格软件中去掉打开密码"},
        {"<html xmlns:x=\"urn:a\">", 22, "a web page or XML", "这是网页或 XML 文件"},
        {"\xef\xbb\xbf\r\n<?XML version=\"1.0\"?>", 26, "a web page or XML", "另存为 .xlsx"},
        {"<!DOCTYPE html>", 15, "a web page or XML", "这是网页或 XML 文件"},
        {"\xff\xfe\x61\0", 4, "UTF-16", "UTF-16"},
        {"\xfe\xff\0\x61", 4, "UTF-16", "UTF-16"},
        {"a\0,\0\x8e\x7f\n\0", 8, "UTF-16", "UTF-16"}, /* without the mark */
        {"\0a\0,\x7f\x8e\0\n", 8, "UTF-16", "“Unicode 文本”"},
        {"a\nb,\x01\x02\x03\x04\x05\x06\n", 11, "line 2 holds a control character", "第2行含有控制字符"},
        {"\x7f\x7f\x1f\x1f\x1f\x1f", 6, "line 1 holds a control character", "第1行含有控制字符"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        expect_refused(file_bytes("sheet.csv", cases[i].bytes, cases[i].n), cases[i].en, cases[i].zh);
    expect_text_cells("PK,\n", "PK|"); /* two letters are no spreadsheet */
}

static void missing_file_and_folder_are_refused(void **state)
{
    (void) state;
    expect_refused(file_path("not-there.csv"), "No such file", "：没有这个文件或目录");
    expect_refused(files.folder, "Is a directory", "：是目录，不是文件");
}

/* ---- rows ---- */

static void an_empty_file_has_no_rows(void **state)
{
    (void) state;
    expect_text_cells("", "");
    expect_text_cells("\xef\xbb\xbf", "");
}

static void quotes_hold_commas_line_ends_and_quotes(void **state)
{
    (void) state;
    expect_text_cells("\"a,b\",\"c\nd\",\"e\r\nf\",\"say \"\"hello\"\"\"\ng\n",
                      "a,b|c\nd|e\r\nf|say \"hello\"/g");
    expect_text_cells("\"\",a\n", "|a");
}

static void a_quote_that_swallows_rows_names_its_row(void **state)
{
    (void) state;
    char text[256];
    int n = snprintf(text, sizeof(text), "a,b\n\"c,d\n");
    for (int i = 0; i < 17; i++)
        n += snprintf(text + n, sizeof(text) - (size_t) n, "e,f\n");
    snprintf(text + n, sizeof(text) - (size_t) n, "\"g,h\n");
    expect_refused(file_text("sheet.csv", text), "row 2 has a quotation mark that is never closed",
                   "第2行的引号没有闭合");
    text[strlen(text) - strlen("g,h\n")] = '\0'; /* the file ends with that cell */
    expect_refused(file_text("sheet.csv", text), "row 2 has a quotation mark that is never closed",
                   "第2行的引号没有闭合");
    expect_text_cells("\"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\",a\n",
                      "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17|a");
}

static void an_unclosed_quote_names_its_row(void **state)
{
    (void) state;
    expect_refused(file_text("sheet.csv", "\"a\n"), "row 1 has a quotation mark that is never closed",
                   "第1行的引号没有闭合");
    expect_refused(file_text("sheet.csv", "a,b\r\n\r\nc,\"d\r\ne,f\r\n"), "row 3 has", "第3行");
    expect_refused(file_text("sheet.csv", "a,\"x\ny\"\nb,\"c,\n"), "row 2 has", "第2行");
    expect_text_cells("a\n\"b\"", "a/b");
}

static void every_line_end_ends_a_row(void **state)
{
    (void) state;
    expect_text_cells("a,b\nc\n", "a|b/c");
    expect_text_cells("a,b\rc\r", "a|b/c");
    expect_text_cells("a,b\r\nc\r\n", "a|b/c");
    expect_text_cells("a,b\r\nc", "a|b/c"); /* the last without one */
    expect_text_cells("a\nb\rc\r\nd", "a/b/c/d");
}

static void blank_rows_count(void **state)
{
    (void) state;
    expect_text_cells("a\n\n\nb\n", "a///b");
    expect_text_cells("a\r\r\rb\r", "a///b");
    expect_text_cells("a\r\n\r\n\r\nb\r\n", "a///b");
    expect_text_cells("\r\na\r\n", "/a");
    expect_text_cells("a\n  \nb\n", "a//b");
}

static void ragged_rows_keep_their_cells(void **state)
{
    (void) state;
    struct sheet sheet;
    read_text("a,b,c\nd\n,,,\ne,f,g,h\n", &sheet);
    expect_cells(&sheet, "a|b|c/d/|||/e|f|g|h");
    assert_int_equal(sheet.rows[1].n, 1);
    assert_int_equal(sheet.rows[2].n, 4);
    sheet_free(&sheet);
}

/* More than any of the first rooms holds. */
static void large_files_are_read_whole(void **state)
{
    (void) state;
    struct sheet sheet;
    const char *path = file_path("large.csv");
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 100000; i++)
        fprintf(file, "%d,姓名\r\n", i);
    fclose(file);
    read_good(path, &sheet);
    assert_int_equal(sheet.n, 100000);
    for (size_t i = 0; i < sheet.n; i++) {
        assert_int_equal(strtoul(sheet.rows[i].cells[0], NULL, 10), i);
        assert_string_equal(sheet.rows[i].cells[1], "姓名");
    }
    sheet_free(&sheet);
}

/* ---- writing ---- */

static const char *const cells[] = {"姓名", "a,b",  "say \"x\"", "two\nlines", "cr\r\nlf", "\xf0\xac\xa0\xa9",
                                    "",     "'3701"};
enum { CELLS = sizeof(cells) / sizeof(*cells) };

static void write_cells(struct sheet_writer *writer)
{
    assert_non_null(writer);
    for (int i = 0; i < CELLS; i++)
        sheet_writer_cell(writer, cells[i]);
    sheet_writer_row(writer);
    sheet_writer_cell(writer, "second");
    sheet_writer_row(writer);
}

static void round_trip(bool gb18030)
{
    struct sheet sheet;
    const char *path = file_path("out.csv");
    struct sheet_writer *writer = sheet_writer_open(&files.en, path, gb18030);
    write_cells(writer);
    assert_int_equal(sheet_writer_close(writer), CLI_OK);
    read_good(path, &sheet);
    assert_true(sheet.gb18030 == gb18030);
    assert_int_equal(sheet.n, 2);
    assert_int_equal(sheet.rows[0].n, CELLS);
    for (int i = 0; i < CELLS; i++)
        assert_string_equal(sheet.rows[0].cells[i], cells[i]);
    assert_string_equal(sheet.rows[1].cells[0], "second");
    sheet_free(&sheet);
    assert_int_equal(files_count(false), 1);
}

static void round_trip_in_utf8(void **state)
{
    (void) state;
    round_trip(false);
}

static void round_trip_in_gb18030(void **state)
{
    (void) state;
    round_trip(true);
}

/* So that a spreadsheet opens it well: UTF-8 by its mark, GB18030 without, rows with CR LF. */
static void the_bytes_are_a_spreadsheet_s(void **state)
{
    (void) state;
    for (int gb18030 = 0; gb18030 < 2; gb18030++) {
        const char *path = file_path("out.csv");
        struct sheet_writer *writer = sheet_writer_open(&files.en, path, gb18030 == 1);
        sheet_writer_cell(writer, "姓名");
        sheet_writer_cell(writer, "b,");
        sheet_writer_row(writer);
        assert_int_equal(sheet_writer_close(writer), CLI_OK);
        expect_bytes(path, gb18030 == 1 ? GB_NAME ",\"b,\"\r\n" : "\xef\xbb\xbf姓名,\"b,\"\r\n");
    }
}

/* Blanks at the ends of a quoted cell belong to it. */
static void blanks_at_the_ends_round_trip(void **state)
{
    (void) state;
    struct sheet sheet;
    const char *path = file_path("out.csv");
    struct sheet_writer *writer = sheet_writer_open(&files.en, path, false);
    sheet_writer_cell(writer, " a");
    sheet_writer_cell(writer, "b\t");
    sheet_writer_cell(writer, "c d");
    sheet_writer_row(writer);
    assert_int_equal(sheet_writer_close(writer), CLI_OK);
    read_good(path, &sheet);
    expect_cells(&sheet, " a|b\t|c d");
    sheet_free(&sheet);
}

static void only_the_owner_may_read_it(void **state)
{
    (void) state;
    struct stat found;
    const char *path = file_text("out.csv", "old");
    assert_int_equal(chmod(path, 0644), 0);
    mode_t mask = umask(0);
    struct sheet_writer *writer = sheet_writer_open(&files.en, path, false);
    write_cells(writer);
    assert_int_equal(sheet_writer_close(writer), CLI_OK);
    umask(mask);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
}

static void the_old_file_stays_until_the_new_one_is_whole(void **state)
{
    (void) state;
    const char *path = file_text("out.csv", "old");
    struct sheet_writer *writer = sheet_writer_open(&files.en, path, false);
    write_cells(writer);
    expect_bytes(path, "old");
    assert_int_equal(sheet_writer_close(writer), CLI_OK);
    assert_int_equal(files_count(false), 1);
}

/* 锟 followed by 絖 is, in GB18030, the character that UTF-8 puts for what is broken, and more of such. */
static void what_gb18030_would_make_look_like_utf8_is_written_as_utf8(void **state)
{
    (void) state;
    struct sheet sheet;
    const char *path = file_path("out.csv");
    struct sheet_writer *writer = sheet_writer_open(&files.en, path, true);
    sheet_writer_cell(writer, "锟斤拷");
    sheet_writer_row(writer);
    assert_int_equal(sheet_writer_close(writer), CLI_OK);
    assert_int_equal(sheet_read(&files.en, path, &sheet), CLI_OK);
    assert_string_equal(sheet.rows[0].cells[0], "锟斤拷");
    sheet_free(&sheet);
}

static void expect_not_written(const char *path, bool gb18030, const char *cell)
{
    int status;
    struct sheet_writer *writer = sheet_writer_open(&files.en, path, gb18030);
    assert_non_null(writer);
    sheet_writer_cell(writer, cell);
    sheet_writer_row(writer);
    SAID(status, sheet_writer_close(writer));
    assert_int_equal(status, CLI_FILE);
    expect_said("the file cannot be written");
    expect_said(path);
}

/* What has no form in the file's encoding: here a byte that is no UTF-8. */
static void the_old_file_stays_when_writing_fails(void **state)
{
    (void) state;
    const char *path = file_text("out.csv", "old");
    expect_not_written(path, true, "\xff");
    expect_bytes(path, "old");
    assert_int_equal(files_count(false), 1);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void) state;
    expect_not_written(file_path("none/out.csv"), false, "a");
    assert_int_equal(files_count(false), 0);
}

static void a_new_file_that_finds_no_place_goes(void **state)
{
    (void) state;
    int status;
    const char *path = file_path("out.csv");
    struct sheet_writer *writer = sheet_writer_open(&files.en, path, false);
    write_cells(writer);
    assert_int_equal(mkdir(path, 0700), 0);
    SAID(status, sheet_writer_close(writer));
    assert_int_equal(status, CLI_FILE);
    assert_int_equal(files_count(false), 1);
}

/* A pipe or a device stays what it is: taking its place would break it for everybody. */
static void what_is_no_file_is_not_replaced(void **state)
{
    (void) state;
    struct stat found;
    struct sheet_writer *writer;
    const char *path = file_path("pipe"), *const paths[] = {path, files.folder};
    assert_int_equal(mkfifo(path, 0600), 0);
    for (size_t i = 0; i < 2; i++) {
        SAID(writer, sheet_writer_open(&files.en, paths[i], false));
        assert_null(writer);
        expect_said("it is no regular file");
        expect_said(paths[i]);
    }
    assert_int_equal(stat(path, &found), 0);
    assert_true(S_ISFIFO(found.st_mode));
    assert_int_equal(files_count(false), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, files_make, files_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(utf8_with_and_without_bom),
        TEST(gb18030_of_two_and_four_bytes),
        TEST(bytes_of_neither_encoding_are_refused),
        TEST(half_a_character_spoils_its_cell_alone),
        TEST(the_mark_that_ended_files_once_is_no_row),
        TEST(the_file_may_say_what_separates_its_columns),
        TEST(what_is_no_text_is_refused_with_advice),
        TEST(missing_file_and_folder_are_refused),
        TEST(an_empty_file_has_no_rows),
        TEST(quotes_hold_commas_line_ends_and_quotes),
        TEST(a_quote_that_swallows_rows_names_its_row),
        TEST(an_unclosed_quote_names_its_row),
        TEST(every_line_end_ends_a_row),
        TEST(blank_rows_count),
        TEST(ragged_rows_keep_their_cells),
        TEST(large_files_are_read_whole),
        TEST(round_trip_in_utf8),
        TEST(round_trip_in_gb18030),
        TEST(the_bytes_are_a_spreadsheet_s),
        TEST(blanks_at_the_ends_round_trip),
        TEST(only_the_owner_may_read_it),
        TEST(what_gb18030_would_make_look_like_utf8_is_written_as_utf8),
        TEST(the_old_file_stays_until_the_new_one_is_whole),
        TEST(the_old_file_stays_when_writing_fails),
        TEST(a_folder_that_is_not_there_is_told),
        TEST(a_new_file_that_finds_no_place_goes),
        TEST(what_is_no_file_is_not_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
