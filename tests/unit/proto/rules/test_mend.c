/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as mail and editors give them back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/rules/mend.h"

static void expect(const char *given, enum mend how, const char *mended)
{
    char text[256];
    size_t n = strlen(given);
    memcpy(text, given, n + 1);
    assert_int_equal(mend_text(text, n, how), strlen(mended));
    assert_string_equal(text, mended);
}

static void what_needs_nothing_is_left_alone(void **state)
{
    (void) state;
    static const char *const texts[] = {"", "a\n", "a\n\nb\n", "a \n \nb\n", "\xe4\xb8\x80\n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        expect(texts[i], MEND_LINES, texts[i]);
}

static void marks_and_ends_of_lines_are_mended(void **state)
{
    (void) state;
    expect("\xef\xbb\xbf"
           "a\r\n\r\nb\r\n",
           MEND_LINES, "a\n\nb\n");
    expect("a\n\n\n", MEND_LINES, "a\n");
    expect("a\n\r\n\r\n", MEND_LINES, "a\n");
    expect("a", MEND_LINES, "a\n");
    expect("\n\n", MEND_LINES, "");
    expect("\xef\xbb\xbf", MEND_LINES, "");
    expect("a\n\xef\xbb\xbf"
           "b\n\xef\xbb\xbf",
           MEND_LINES, "a\nb\n");                             /* a file behind another */
    expect("a\xef\xbb\xbf\n", MEND_LINES, "a\xef\xbb\xbf\n"); /* elsewhere it is a character */
    expect("a\rb\n", MEND_LINES, "a\rb\n");
}

static void blanks_behind_lines_only_where_asked_for(void **state)
{
    (void) state;
    expect("a \t\r\n\xe3\x80\x80\nb\xc2\xa0 \n", MEND_BLANKS, "a\n\nb\n");
    expect("a \n", MEND_LINES, "a \n");
    expect(" a\n", MEND_BLANKS, " a\n");
    expect("a\n  \n \t\n", MEND_BLANKS, "a\n");
}

static void bytes_that_are_no_text_are_counted(void **state)
{
    (void) state;
    char text[8] = "a\0b\r\n";
    assert_int_equal(mend_text(text, 5, MEND_LINES), 4);
    assert_memory_equal(text, "a\0b\n", 5);
}

static void utf16_is_known_by_its_mark(void **state)
{
    (void) state;
    char little[] = "\xff\xfe"
                    "a\0\n\0\x00\x4e",
         big[] = "\xfe\xff"
                 "\0a\0\n\x4e\x00",
         utf8[] = "\xef\xbb\xbf"
                  "a";
    assert_true(mend_is_utf16(little, sizeof(little) - 1) && mend_is_utf16(big, sizeof(big) - 1));
    assert_false(mend_is_utf16(utf8, sizeof(utf8) - 1) || mend_is_utf16(little, 1));
    assert_int_equal(mend_narrow(little, sizeof(little) - 1), 3);
    assert_memory_equal(little, "a\n?", 3);
    assert_int_equal(mend_narrow(big, sizeof(big) - 1), 3);
    assert_memory_equal(big, "a\n?", 3);
    assert_int_equal(mend_narrow(utf8, sizeof(utf8) - 1), sizeof(utf8) - 1);
}

static void a_line_is_cut_at_both_ends(void **state)
{
    (void) state;
    char line[] = "\xef\xbb\xbf \tkey = value \xe3\x80\x80\r\n", empty[] = "\xef\xbb\xbf\r\n", none[] = "";
    assert_string_equal(mend_line(line), "key = value");
    assert_string_equal(mend_line(empty), "");
    assert_string_equal(mend_line(none), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_nothing_is_left_alone),
        cmocka_unit_test(marks_and_ends_of_lines_are_mended),
        cmocka_unit_test(blanks_behind_lines_only_where_asked_for),
        cmocka_unit_test(bytes_that_are_no_text_are_counted),
        cmocka_unit_test(utf16_is_known_by_its_mark),
        cmocka_unit_test(a_line_is_cut_at_both_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
