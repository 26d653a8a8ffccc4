/* SPDX-License-Identifier: Apache-2.0 */
/* Tables for people, as wide as a terminal shows them, and JSON lines for programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/command/table.h"
#include "client/cli/frame/clean.h"
#include "tests/unit/client/files.h"

static const struct table_column columns[] = {
    {"name", "姓名", "name", false},
    {"seat", "序号", "seat", true},
    {"note", "备注", "note", false},
};
enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

static struct table *table_of(const struct cli *cli)
{
    return table_new(cli, columns, COLUMNS);
}

static void add_row(struct table *table, const char *name, uint64_t seat, const char *note)
{
    table_text(table, name);
    table_number(table, seat);
    table_text(table, note);
    table_row(table);
}

/* What the table prints when it ends by `end`. */
static const char *printed(struct table *table, void (*end)(struct table *))
{
    struct listening listening = listen_to(stdout);
    end(table);
    return listen_end(&listening);
}

/* Each line of a table stands in its columns: the same width up to each of them. */
static size_t width_before(const char *line, const char *part)
{
    char before[256];
    const char *at = strstr(line, part);
    assert_non_null(at);
    snprintf(before, sizeof(before), "%.*s", (int) (at - line), line);
    return text_width(before);
}

static void width_is_what_a_terminal_shows(void **state)
{
    (void) state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("姓名"), 4);
    assert_int_equal(text_width("ａ１（"), 6);            /* full-width forms */
    assert_int_equal(text_width("\xf0\xac\xa0\xa9"), 2);  /* U+2C829, beyond the first plane */
    assert_int_equal(text_width("é"), 1);                 /* one character */
    assert_int_equal(text_width("e\xcc\x81"), 1);         /* with a combining accent */
    assert_int_equal(text_width("か\xe3\x82\x99"), 2);    /* combining voiced mark */
    assert_int_equal(text_width("a\xe2\x80\x8b\x62"), 2); /* a space without width */
    assert_int_equal(text_width("古丽·阿依"), 9);         /* the dot of names */
    assert_int_equal(text_width("a\xff\xff"), 3);         /* no UTF-8: its bytes */
}

static void columns_of_chinese_stand_below_each_other(void **state)
{
    (void) state;
    struct table *table = table_of(&files.zh);
    add_row(table, "李某", 1, "x");
    add_row(table, "Anna", 20, "y");
    add_row(table, "阿卜杜拉·买买提", 300, "z");
    assert_string_equal(printed(table, table_end), "姓名             序号  备注\n"
                                                   "李某                1  x\n"
                                                   "Anna               20  y\n"
                                                   "阿卜杜拉·买买提   300  z\n");
}

static void a_table_without_rows_is_its_header(void **state)
{
    (void) state;
    assert_string_equal(printed(table_of(&files.en), table_end), "name  seat  note\n");
    assert_string_equal(printed(table_of(&files.json), table_end), "");
}

static void no_cell_is_an_empty_one(void **state)
{
    (void) state;
    struct table *table = table_of(&files.en);
    add_row(table, NULL, 1, NULL);
    assert_string_equal(printed(table, table_end), "name  seat  note\n         1  \n");
}

/* The widths of a long table are found anew from time to time; the header is printed once. */
static void long_tables_have_one_header(void **state)
{
    (void) state;
    struct table *table = table_of(&files.en);
    struct listening listening = listen_to(stdout);
    for (uint64_t i = 0; i < 2500; i++)
        add_row(table, "a", i, "z");
    table_end(table);
    const char *text = listen_end(&listening);
    size_t lines = 0, headers = 0;
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        headers += strncmp(line, "name", 4) == 0;
        assert_int_equal(width_before(line, strncmp(line, "name", 4) == 0 ? "note" : "z"), 12);
        lines++;
    }
    assert_int_equal(lines, 2501);
    assert_int_equal(headers, 1);
}

/* ---- what came from elsewhere ---- */

static void expect_shown(const char *text, const char *shown)
{
    char wanted[256];
    struct table *table = table_of(&files.en);
    add_row(table, "a", 1, text);
    snprintf(wanted, sizeof(wanted), "name  seat  note\na        1  %s\n", shown);
    assert_string_equal(printed(table, table_end), wanted);
    table = table_of(&files.en);
    add_row(table, "a", 1, text);
    snprintf(wanted, sizeof(wanted), "name  a\nseat  1\nnote  %s\n", shown);
    assert_string_equal(printed(table, table_end_record), wanted);
}

static void control_characters_are_not_printed(void **state)
{
    (void) state;
    expect_shown("\033[31mred\033]0;t\a", "?[31mred?]0;t?");
    expect_shown("a\nb\rc\td\x7f\x1f", "a?b?c?d??");
    expect_shown("a\xc2\x9b\x31mb\xc2\x80", "a?1mb?"); /* the same in one character of two bytes */
    expect_shown("a\xc2\xa0\x62é", "a\xc2\xa0\x62é");  /* what follows them is text */
    expect_shown("阿依\xc2\xb7古丽", "阿依·古丽");
}

static void json_escapes_them(void **state)
{
    (void) state;
    struct table *table = table_of(&files.json);
    struct listening listening = listen_to(stdout);
    add_row(table, "\033[31m", 1, "a\nb\"\\/");
    table_end(table);
    assert_string_equal(listen_end(&listening),
                        "{\"name\":\"\\u001b[31m\",\"seat\":1,\"note\":\"a\\nb\\\"\\\\/\"}\n");
}

/* ---- JSON ---- */

static void json_is_an_object_a_row_by_key(void **state)
{
    (void) state;
    struct cli cli = {.program = "mingce", .json = true, .zh = true};
    struct table *table = table_of(&cli);
    struct listening listening = listen_to(stdout);
    add_row(table, "李某", UINT64_MAX, NULL);
    add_row(table, "", 0, "x");
    table_end(table);
    assert_string_equal(listen_end(&listening),
                        "{\"name\":\"李某\",\"seat\":18446744073709551615,\"note\":null}\n"
                        "{\"name\":\"\",\"seat\":0,\"note\":\"x\"}\n");
}

static void a_cell_has_a_text_for_people_and_a_value_for_programs(void **state)
{
    (void) state;
    for (int json = 0; json < 2; json++) {
        struct table *table = table_new(json == 1 ? &files.json : &files.en, columns, 1);
        struct listening listening = listen_to(stdout);
        table_cell(table, "shown", json_object_new_string("stable"));
        table_row(table);
        table_end(table);
        assert_string_equal(listen_end(&listening), json == 1 ? "{\"name\":\"stable\"}\n" : "name\nshown\n");
    }
}

/* ---- records ---- */

static void a_record_has_a_line_per_column(void **state)
{
    (void) state;
    static const struct table_column wide[] = {
        {"a", "统一社会信用代码", "code", false}, {"b", "名称", "name", false}, {"c", "备注", "note", false}};
    struct table *table = table_new(&files.zh, wide, 3);
    table_text(table, "X");
    table_text(table, "某校");
    table_text(table, NULL); /* left out */
    table_row(table);
    assert_string_equal(printed(table, table_end_record), "统一社会信用代码  X\n名称              某校\n");
}

static void a_record_in_json_is_one_object(void **state)
{
    (void) state;
    struct table *table = table_of(&files.json);
    struct listening listening = listen_to(stdout);
    add_row(table, "a", 1, "b");
    table_end_record(table);
    assert_string_equal(listen_end(&listening), "{\"name\":\"a\",\"seat\":1,\"note\":\"b\"}\n");
}

static void a_dropped_table_prints_nothing(void **state)
{
    (void) state;
    struct table *table = table_of(&files.en);
    add_row(table, "a", 1, "b");
    assert_string_equal(printed(table, table_drop), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, files_make, files_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(width_is_what_a_terminal_shows),
        TEST(columns_of_chinese_stand_below_each_other),
        TEST(a_table_without_rows_is_its_header),
        TEST(no_cell_is_an_empty_one),
        TEST(long_tables_have_one_header),
        TEST(control_characters_are_not_printed),
        TEST(json_escapes_them),
        TEST(json_is_an_object_a_row_by_key),
        TEST(a_cell_has_a_text_for_people_and_a_value_for_programs),
        TEST(a_record_has_a_line_per_column),
        TEST(a_record_in_json_is_one_object),
        TEST(a_dropped_table_prints_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
