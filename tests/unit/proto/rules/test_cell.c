/* SPDX-License-Identifier: Apache-2.0 */
/* What a spreadsheet does to a cell (A9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/cell.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Every blank that typing, pasting and exports leave behind. */
static const char *const blanks[] = {
    " ",
    "\t",
    "\n",
    "\v",
    "\f",
    "\r",
    "\xc2\xa0",     /* U+00A0 no-break */
    "\xe1\x9a\x80", /* U+1680 ogham */
    "\xe2\x80\x80", /* U+2000 */
    "\xe2\x80\x83", /* U+2003 em */
    "\xe2\x80\x89", /* U+2009 thin */
    "\xe2\x80\x8b", /* U+200B zero width */
    "\xe2\x80\x8d", /* U+200D joiner */
    "\xe2\x80\x8e", /* U+200E left-to-right mark */
    "\xe2\x80\x8f", /* U+200F right-to-left mark */
    "\xe2\x80\xaa", /* U+202A left-to-right embedding */
    "\xe2\x80\xad", /* U+202D left-to-right override */
    "\xe2\x80\xac", /* U+202C its end */
    "\xe2\x80\xaf", /* U+202F */
    "\xe2\x81\x9f", /* U+205F */
    "\xe2\x81\xa0", /* U+2060 word joiner */
    "\xe3\x80\x80", /* U+3000 ideographic */
    "\xef\xbb\xbf", /* U+FEFF byte order mark */
};

static void numbers(const char *cell, const char *expected)
{
    char clean[64];
    assert_true(cell_number(cell, clean, sizeof(clean)));
    assert_string_equal(clean, expected);
}

static void a9_full_width_characters_become_half_width(void **state)
{
    (void) state;
    numbers("０１２３４５６７８９", "0123456789");
    numbers("３７０１０２ｘＸ", "370102xX");
    numbers("！～", "!~");
    numbers("（１）", "(1)");
}

static void a9_blanks_go_wherever_they_are(void **state)
{
    (void) state;
    for (size_t i = 0; i < COUNT(blanks); i++) {
        char cell[32];
        snprintf(cell, sizeof(cell), "%s12%s%s3%s", blanks[i], blanks[i], blanks[i], blanks[i]);
        numbers(cell, "123");
        numbers(blanks[i], "");
    }
}

static void a9_a_leading_apostrophe_goes(void **state)
{
    (void) state;
    numbers("'123", "123");
    numbers(" '123", "123");
    numbers("＇123", "123");
    numbers("\xe2\x80\x98"
            "123", /* U+2018 */
            "123");
    numbers("\xe2\x80\x99"
            "123", /* U+2019 */
            "123");
    numbers("`123", "123");
    numbers("'' 123", "123");
}

static void a9_an_apostrophe_inside_stays(void **state)
{
    (void) state;
    numbers("12'3", "12'3");
    numbers("123'", "123'");
}

static void other_characters_of_a_number_stay(void **state)
{
    (void) state;
    numbers("十二", "十二");
    numbers("𠮷", "𠮷");
    numbers("1\x01", "1\x01");
    numbers("\xef\xbc\x80", "\xef\xbc\x80"); /* U+FF00, just below the full-width forms */
    numbers("｟", "｟");                     /* U+FF5F, just above */
}

static void byte_that_is_no_utf8_becomes_one_broken_character(void **state)
{
    (void) state;
    numbers("\xff", "\xef\xbf\xbd");
    numbers("1\x80"
            "2",
            "1\xef\xbf\xbd"
            "2");
    numbers("\xe5\xbc", "\xef\xbf\xbd\xef\xbf\xbd");
    numbers("\xd5\xc5", "\xef\xbf\xbd\xef\xbf\xbd"); /* 张 in GB 18030 */
}

static void number_that_fits_is_taken_one_byte_more_is_not(void **state)
{
    (void) state;
    char *clean = malloc(4); /* of just this size: a sanitizer sees a byte too many */
    assert_non_null(clean);
    assert_true(cell_number(" 1 2 3 ", clean, 4));
    assert_string_equal(clean, "123");
    assert_false(cell_number("1234", clean, 4));
    assert_true(cell_number("张", clean, 4));
    assert_false(cell_number("1张", clean, 4));
    assert_false(cell_number("𠮷", clean, 4));
    assert_true(cell_number("１２３", clean, 4));
    free(clean);
}

static void text_is_trimmed_and_else_kept(void **state)
{
    (void) state;
    char clean[64];
    bool control;
    for (size_t i = 0; i < COUNT(blanks); i++) {
        char cell[64];
        snprintf(cell, sizeof(cell), "%s%s某路1号 2单元%s%s", blanks[i], blanks[i], blanks[i], blanks[i]);
        assert_true(cell_text(cell, 10, clean, sizeof(clean), &control));
        assert_string_equal(clean, "某路1号 2单元");
        assert_false(control);
    }
    assert_true(cell_text("'１２ 3'", 10, clean, sizeof(clean), &control));
    assert_string_equal(clean, "'１２ 3'");
}

static void text_of_nothing_but_blanks_is_empty(void **state)
{
    (void) state;
    char clean[8];
    bool control;
    for (size_t i = 0; i < COUNT(blanks); i++) {
        assert_true(cell_text(blanks[i], 0, clean, sizeof(clean), &control));
        assert_string_equal(clean, "");
    }
}

static void text_is_counted_in_characters(void **state)
{
    (void) state;
    char clean[64];
    bool control;
    assert_true(cell_text("名𠮷a b", 5, clean, sizeof(clean), &control));
    assert_false(cell_text("名𠮷a bc", 5, clean, sizeof(clean), &control));
    assert_true(cell_text("  名𠮷a b  ", 5, clean, sizeof(clean), &control));
}

static void text_that_fits_is_taken_one_byte_more_is_not(void **state)
{
    (void) state;
    char *clean = malloc(5);
    bool control;
    assert_non_null(clean);
    assert_true(cell_text("𠮷", 9, clean, 5, &control));
    assert_true(cell_text(" 张a ", 9, clean, 5, &control));
    assert_string_equal(clean, "张a");
    assert_false(cell_text("𠮷a", 9, clean, 5, &control));
    assert_false(cell_text("abcde", 9, clean, 5, &control));
    free(clean);
}

/* Columns of fixed width are filled up with blanks. */
static void blanks_at_the_end_take_no_room(void **state)
{
    (void) state;
    char cell[400], clean[5];
    bool control;
    memset(cell, ' ', sizeof(cell));
    memcpy(cell + 100, "abcd", 4);
    cell[sizeof(cell) - 1] = '\0';
    assert_true(cell_text(cell, 4, clean, sizeof(clean), &control));
    assert_string_equal(clean, "abcd");
}

static void control_characters_and_broken_ones_are_told(void **state)
{
    (void) state;
    static const char *const texts[] = {"a\x01",     "\037a", "a\x7f",    "a\xc2\x85", /* U+0085 */
                                        "a\xc2\x9f", "a\xff", "\xe5\xbc", "a\xef\xbf\xbd", "\x08"};
    char clean[64];
    for (size_t i = 0; i < COUNT(texts); i++) {
        bool control = false;
        assert_true(cell_text(texts[i], 10, clean, sizeof(clean), &control));
        assert_true(control);
    }
}

/* Text that wraps within its cell has a line end there. */
static void tabs_and_line_ends_inside_are_blanks(void **state)
{
    (void) state;
    char clean[64];
    bool control = true;
    assert_true(cell_text("某路\r\n1号\t东", 10, clean, sizeof(clean), &control));
    assert_false(control);
}

static void a9_what_is_left_of_a_quantity_is_recognised(void **state)
{
    (void) state;
    static const char *const texts[] = {"3.70102E+17", "3.70102e+17", "3.7E17", "4E+17",
                                        "1e-5",        "0.E1",        ".5E1",   "6.2E+018"};
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_true(cell_scientific(texts[i]));
}

static void a9_other_numbers_are_no_quantity(void **state)
{
    (void) state;
    static const char *const texts[] = {"",        "E",        "E12345678", "4E17",    "12345E67",
                                        "3.70102", "3.7E",     "3.7E+",     "3.7E+x",  "3.7E+17x",
                                        "3.7F+17", "+3.7E+17", "370102",    "3.7E+1.7"};
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_false(cell_scientific(texts[i]));
}

static void cell_without_anything_is_empty(void **state)
{
    (void) state;
    assert_true(cell_empty(NULL));
    assert_true(cell_empty(""));
    assert_true(cell_empty(" \t\r\n　\xc2\xa0\xef\xbb\xbf"));
    for (size_t i = 0; i < COUNT(blanks); i++)
        assert_true(cell_empty(blanks[i]));
}

static void cell_with_anything_is_not_empty(void **state)
{
    (void) state;
    static const char *const cells[] = {"0", " 0 ", "'", "\x01", "\xff", "·", "-", "　无　"};
    for (size_t i = 0; i < COUNT(cells); i++)
        assert_false(cell_empty(cells[i]));
}

static void digits_and_letters_are_those_of_ascii(void **state)
{
    (void) state;
    for (int c = -128; c < 128; c++) {
        assert_int_equal(cell_digit((char) c), c >= '0' && c <= '9');
        assert_int_equal(cell_upper((char) c), c >= 'a' && c <= 'z' ? c - 32 : c);
    }
}

static void texts(const char *cell, const char *expected)
{
    char clean[64];
    bool control;
    assert_true(cell_text(cell, 60, clean, sizeof(clean), &control));
    assert_string_equal(clean, expected);
}

static void a9_the_formula_that_protects_a_number_goes(void **state)
{
    (void) state;
    numbers("=\"370102199103070013\"", "370102199103070013");
    numbers(" =\" 3701 \" ", "3701");
    numbers("'=\"3701\"", "3701");
    texts("=\"张三\"", "张三");
    texts("=\"0531\"", "0531");
    numbers("=3701", "=3701");
    numbers("=\"3701", "=\"3701");
    texts("=\"", "=\"");
    assert_true(cell_empty("=\"\""));
    assert_true(cell_empty(" =\"　\""));
    assert_false(cell_empty("=\"0\""));
}

static void a9_what_a_spreadsheet_spoils_is_known(void **state)
{
    (void) state;
    static const char *const spoilt[] = {"370102199103070013",
                                         "37010219910307001X",
                                         "013800001234",
                                         "007",
                                         "1234E56",
                                         "1.5e+10",
                                         "3-1-2",
                                         "3-1",
                                         "3/1",
                                         "1/2/2026",
                                         "=1+1",
                                         "+86",
                                         "-1",
                                         "@x",
                                         "＝1",
                                         "＋1",
                                         "－",
                                         "＠x",
                                         " 3-1",
                                         "００７"};
    static const char *const kept[] = {
        "",        "13800001234", "0",    "85.00", "2026-03-01", "2026/3/1", "E12345678", "1E",
        "3-1号楼", "山东省3-1-2", "张三", "'007",  "3-1-2-1",    "12:30",    "E5",        "20260301"};
    for (size_t i = 0; i < COUNT(spoilt); i++)
        assert_true(cell_spoilt(spoilt[i]));
    for (size_t i = 0; i < COUNT(kept); i++)
        assert_false(cell_spoilt(kept[i]));
    texts("'3-1-2", "3-1-2"); /* as we write it */
    texts("'＝1", "＝1");
    texts("'三号'", "'三号'");
}

static void what_is_not_seen_is_told(void **state)
{
    (void) state;
    static const char *const unseen[] = {"a\xe2\x80\x8b"
                                         "b",
                                         "\xe2\x80\xae"
                                         "a",
                                         "a\xe2\x81\xa6",
                                         "\xef\xbb\xbf",
                                         "a\xe3\x85\xa4",
                                         "a\xef\xb8\x8f",
                                         "a\xc2\xad"};
    for (size_t i = 0; i < COUNT(unseen); i++)
        assert_true(cell_invisible(unseen[i]));
    assert_false(cell_invisible("某路1号　2单元\t\n é"));
}

/* 1: 五级 初级工, 2: 四级 中级工, 3: with a stroke and brackets of its own. */
static int known_here(const void *context, const char *clean)
{
    (void) context;
    if (cell_same_word(clean, "五级") || cell_same_word(clean, "初级工") ||
        cell_same_word(clean, "left early"))
        return 1;
    if (cell_same_word(clean, "四级"))
        return 2;
    return cell_same_word(clean, "甲/乙(丙、丁)") ? 3 : 0;
}

static void a_word_may_be_said_twice(void **state)
{
    (void) state;
    static const char *const one[] = {"五级",        "五级/初级工", "初级工（五级）", "五级（初级工）",
                                      "初级工 五级", "五级　",      "\xc2\xa0初级工", "五级（新）",
                                      "Left-Early",  "=\"五级\""};
    static const char *const none[] = {"",          "　",       "六级", "五级/四级", "初级工（四级）",
                                       "五级/六级", "（五级）", "/",    "五级四级"};
    for (size_t i = 0; i < COUNT(one); i++)
        assert_int_equal(cell_word(one[i], known_here, NULL), 1);
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(cell_word(none[i], known_here, NULL), 0);
    assert_int_equal(cell_word("甲/乙（丙、丁）", known_here, NULL), 3);
    assert_int_equal(cell_word(NULL, known_here, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a9_the_formula_that_protects_a_number_goes),
        cmocka_unit_test(a9_what_a_spreadsheet_spoils_is_known),
        cmocka_unit_test(what_is_not_seen_is_told),
        cmocka_unit_test(a_word_may_be_said_twice),
        cmocka_unit_test(a9_full_width_characters_become_half_width),
        cmocka_unit_test(a9_blanks_go_wherever_they_are),
        cmocka_unit_test(a9_a_leading_apostrophe_goes),
        cmocka_unit_test(a9_an_apostrophe_inside_stays),
        cmocka_unit_test(other_characters_of_a_number_stay),
        cmocka_unit_test(byte_that_is_no_utf8_becomes_one_broken_character),
        cmocka_unit_test(number_that_fits_is_taken_one_byte_more_is_not),
        cmocka_unit_test(text_is_trimmed_and_else_kept),
        cmocka_unit_test(text_of_nothing_but_blanks_is_empty),
        cmocka_unit_test(text_is_counted_in_characters),
        cmocka_unit_test(text_that_fits_is_taken_one_byte_more_is_not),
        cmocka_unit_test(blanks_at_the_end_take_no_room),
        cmocka_unit_test(control_characters_and_broken_ones_are_told),
        cmocka_unit_test(tabs_and_line_ends_inside_are_blanks),
        cmocka_unit_test(a9_what_is_left_of_a_quantity_is_recognised),
        cmocka_unit_test(a9_other_numbers_are_no_quantity),
        cmocka_unit_test(cell_without_anything_is_empty),
        cmocka_unit_test(cell_with_anything_is_not_empty),
        cmocka_unit_test(digits_and_letters_are_those_of_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
