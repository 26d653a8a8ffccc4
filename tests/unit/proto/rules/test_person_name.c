/* SPDX-License-Identifier: Apache-2.0 */
/* Names of persons (A4, A8, A9, D2). All are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "proto/rules/person_name.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Accepted as `expected`, with these warnings, and the normal form then without any. */
static void warns(const char *cell, const char *expected, enum reason dot, enum reason space)
{
    char name[PERSON_NAME_BYTES], again[PERSON_NAME_BYTES];
    enum reason dot_told, space_told;
    assert_int_equal(person_name_parse(cell, name, &dot_told, &space_told), REASON_NONE);
    assert_string_equal(name, expected);
    assert_int_equal(dot_told, dot);
    assert_int_equal(space_told, space);
    assert_int_equal(person_name_parse(name, again, &dot_told, &space_told), REASON_NONE);
    assert_string_equal(again, name);
    assert_int_equal(dot_told, REASON_NONE);
    assert_int_equal(space_told, REASON_NONE);
}

static void accepts(const char *cell, const char *expected)
{
    warns(cell, expected, REASON_NONE, REASON_NONE);
}

static void refuses(const char *cell, enum reason reason)
{
    char name[PERSON_NAME_BYTES];
    enum reason dot, space;
    assert_int_equal(person_name_parse(cell, name, &dot, &space), reason);
}

/* `n` times `unit`. */
static const char *times(char cell[], size_t size, const char *unit, size_t n)
{
    size_t length = strlen(unit);
    assert_true(n * length < size);
    for (size_t i = 0; i < n; i++)
        memcpy(cell + i * length, unit, length);
    cell[n * length] = '\0';
    return cell;
}

static void a4_accepts_han_names(void **state)
{
    (void) state;
    static const char *const names[] = {"张", "张伟", "欧阳某某", "〇一", "㐀㐁", "龥龦", "丁〇"};
    for (size_t i = 0; i < COUNT(names); i++)
        accepts(names[i], names[i]);
}

static void a4_accepts_characters_of_four_bytes(void **state)
{
    (void) state;
    /* of the extensions B, B, C, F, G and H; the last was not in Unicode yet when some libraries were made */
    static const char *const names[] = {
        "𠮷某", "王𡐓", "李𪻐", "陈\xf0\xac\xba\xb0", "刘\xf0\xb0\x80\x80", "周\xf0\xb1\x8d\x90"};
    for (size_t i = 0; i < COUNT(names); i++)
        accepts(names[i], names[i]);
}

/* That a character is taken for Han shows in the blanks that go. */
static void a4_accepts_every_block_of_han_to_its_ends(void **state)
{
    (void) state;
    static const char *const characters[] = {
        "\xe3\x90\x80",     "\xe4\xb6\xbf",     /* U+3400, U+4DBF */
        "\xe4\xb8\x80",     "\xe9\xbf\xbf",     /* U+4E00, U+9FFF */
        "\xf0\xa0\x80\x80", "\xf0\xaf\xbf\xbd", /* U+20000, U+2FFFD */
        "\xf0\xb0\x80\x80", "\xf0\xbf\xbf\xbd", /* U+30000, U+3FFFD */
        "\xe3\x80\x87",                         /* U+3007 */
    };
    for (size_t i = 0; i < COUNT(characters); i++) {
        char cell[32], name[32];
        snprintf(cell, sizeof(cell), "%sa %s", characters[i], characters[i]);
        snprintf(name, sizeof(name), "%sa%s", characters[i], characters[i]);
        warns(cell, name, REASON_NONE, REASON_NAME_SPACE);
    }
    warns("a \xef\xa4\x80", "a豈", REASON_NONE, REASON_NAME_SPACE); /* U+F900 */
    warns("a \xef\xab\x99", "a龎", REASON_NONE, REASON_NAME_SPACE); /* U+FAD9 */
    refuses("张\xf1\x80\x80\x80", REASON_NAME_CHARACTER);           /* U+40000 */
}

static void a4_accepts_names_of_other_scripts(void **state)
{
    (void) state;
    static const char *const names[] = {"Anna Invented", "O'Invented", "Anna-Marie", "Ægir Þór",
                                        "ئەختەر",        "ᠪᠠᠲᠤ",       "김가상",     "Иван"};
    for (size_t i = 0; i < COUNT(names); i++)
        accepts(names[i], names[i]);
}

static void a4_accepts_the_separator(void **state)
{
    (void) state;
    accepts("阿依某·买某提", "阿依某·买某提");
    accepts("甲·乙·丙", "甲·乙·丙");
}

static void a4_look_alike_dots_are_a_warning(void **state)
{
    (void) state;
    static const char *const dots[] = {"•",        "‧",  "・",           "･", ".", "．",
                                       "\xce\x87", "ㆍ", "\xea\x9e\x8f", "∙", "⋅"};
    for (size_t i = 0; i < COUNT(dots); i++) {
        char cell[64];
        snprintf(cell, sizeof(cell), "阿依某%s买某提", dots[i]);
        warns(cell, "阿依某·买某提", REASON_NAME_DOT, REASON_NONE);
        snprintf(cell, sizeof(cell), "Anna%sMarie", dots[i]);
        warns(cell, "Anna·Marie", REASON_NAME_DOT, REASON_NONE);
    }
}

static void a4_several_dots_become_one(void **state)
{
    (void) state;
    warns("阿依某··买某提", "阿依某·买某提", REASON_NAME_DOT, REASON_NONE);
    warns("阿依某...买某提", "阿依某·买某提", REASON_NAME_DOT, REASON_NONE);
    warns("阿依某·•.買某提", "阿依某·買某提", REASON_NAME_DOT, REASON_NONE);
}

static void a4_a_separator_at_an_end_is_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"·张伟", "张伟·", "张伟.", ".张伟", "张伟 ·", "·", "...", "• •"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_CHARACTER);
}

static void a4_other_separators_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"张、伟", "张,伟",      "张;伟",     "张/伟",  "张_伟",
                                        "张-伟",  "张'伟",      "张—伟",     "张－伟", "张(伟)",
                                        "张＊",   "Anna/Marie", "Anna_Marie"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_CHARACTER);
}

static void a4_digits_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"张2伟", "2",   "张２", "张伟1", "Anna 2",
                                        "张²",   "张①", "张Ⅱ",  "张٣",   "１２"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_DIGIT);
}

static void a4_control_and_invisible_characters_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {
        "张\x01伟",          "张\x7f",           "张\n伟", /* two persons in one cell would become one */
        "张\xc2\x85伟",      "张\xe2\x80\xae伟",           /* U+202E right-to-left override */
        "张\xe2\x80\xa8伟",                                /* U+2028 */
        "Anna\xe2\x80\x8eZ",                               /* U+200E left-to-right mark */
        "张\xc2\xad伟"};                                   /* U+00AD soft hyphen */
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_CHARACTER);
}

static void a4_private_use_and_no_characters_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"张\xee\x80\x80",     /* U+E000 */
                                        "张\xef\xa3\xbf",     /* U+F8FF */
                                        "张\xf3\xb0\x80\x80", /* U+F0000 */
                                        "张\xf4\x8f\xbf\xbd", /* U+10FFFD */
                                        "张\xef\xbf\xbe",     /* U+FFFE */
                                        "张\xf0\xaf\xbf\xbf", /* U+2FFFF */
                                        "张\xf0\xbf\xbf\xbe", /* U+3FFFE */
                                        "张\xcd\xb8"};        /* U+0378, not assigned */
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_CHARACTER);
}

static void a4_symbols_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"张😀", "张★", "张?", "张？", "张伟（大）",
                                        "张$", "□□",  "-",   "'",    "--'"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_CHARACTER);
}

static void a4_what_is_not_seen_makes_no_name(void **state)
{
    (void) state;
    static const char *const cells[] = {
        "\xe3\x85\xa4",                           /* U+3164 Hangul filler, alone */
        "张\xe3\x85\xa4",     "张\xe1\x85\x9f",   /* U+115F */
        "张\xe1\x85\xa0",     "张\xef\xbe\xa0",   /* U+1160, U+FFA0 */
        "张\xef\xb8\x80伟",   "张伟\xef\xb8\x8f", /* U+FE00, U+FE0F variation selectors */
        "葛\xf3\xa0\x84\x80",                     /* U+E0100 */
        "张\xcd\x8f伟",                           /* U+034F grapheme joiner */
        "张\xe1\xa0\x8b伟"};                      /* U+180B */
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_INVISIBLE);
}

static void a4_radicals_are_called_what_they_are(void **state)
{
    (void) state;
    static const char *const cells[] = {"⻢超", "张⼤", "⺠", "㇏"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_RADICAL);
}

static void a4_broken_bytes_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"\xd5\xc5\xce\xb0", /* 张伟 in GB 18030 */
                                        "张\xff",           "张\xe4\xbc",    "\xc0\x80",
                                        "\xed\xa0\x80",     "张\xef\xbf\xbd"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_CHARACTER);
}

static void a4_a_missing_name_is_refused(void **state)
{
    (void) state;
    refuses(NULL, REASON_NAME_MISSING);
    refuses("", REASON_NAME_MISSING);
    refuses(" 　\t\xc2\xa0", REASON_NAME_MISSING);
}

static void a4_accepts_fifty_characters_and_refuses_one_more(void **state)
{
    (void) state;
    static const char *const units[] = {"a", "é", "张", "𠮷"};
    char cell[1024];
    for (size_t i = 0; i < COUNT(units); i++) {
        accepts(times(cell, sizeof(cell), units[i], 50), cell);
        refuses(times(cell, sizeof(cell), units[i], 51), REASON_NAME_LENGTH);
        refuses(times(cell, sizeof(cell), units[i], 250), REASON_NAME_LENGTH);
    }
}

/* U+1F82 decomposes to four characters, more than any other does. */
static void a4_the_longest_decomposition_is_refused_by_its_length(void **state)
{
    (void) state;
    char cell[1024];
    accepts(times(cell, sizeof(cell), "\xe1\xbe\x82", 50), cell);
    refuses(times(cell, sizeof(cell), "\xe1\xbe\x82", 200), REASON_NAME_LENGTH);
}

/* Of the normal form: what was typed may be longer. */
static void a4_characters_are_counted_in_the_normal_form(void **state)
{
    (void) state;
    char cell[1024], composed[1024];
    warns(times(cell, sizeof(cell), "张 ", 50), times(composed, sizeof(composed), "张", 50), REASON_NONE,
          REASON_NAME_SPACE);
    accepts(times(cell, sizeof(cell), "e\xcc\x81", 50), times(composed, sizeof(composed), "é", 50));
    refuses(times(cell, sizeof(cell), "e\xcc\x81", 51), REASON_NAME_LENGTH);
}

static void a4_accepts_a_padded_cell(void **state)
{
    (void) state;
    char cell[600];
    memset(cell, ' ', sizeof(cell));
    memcpy(cell, "Anna", 4);
    cell[sizeof(cell) - 1] = '\0';
    accepts(cell, "Anna");
}

static void a4_names_become_nfc(void **state)
{
    (void) state;
    accepts("Ame\xcc\x81lie", "Amélie");
    accepts("\xe2\x84\xab"
            "sa",
            "Åsa");                        /* U+212B */
    accepts("\xef\xa4\x80伟", "豈伟");     /* U+F900, one of the compatibility ideographs */
    accepts("\xf0\xaf\xa0\x80伟", "丽伟"); /* U+2F800 */
    accepts("\xe1\x84\x80\xe1\x85\xb5\xe1\x86\xb7", "김");
    accepts("a\xcc\xa3\xcc\x81", "ạ́");
    accepts("a\xcc\x81\xcc\xa3", "ạ́");
}

/* What mending brings together is composed too: one person has one name. */
static void a4_names_are_nfc_after_mending(void **state)
{
    (void) state;
    accepts("Ａ\xcc\x81", "\xc3\x81");
    accepts("Ａme\xcc\x81lie", "Amélie");
    warns("张e \xcc\x81", "张\xc3\xa9", REASON_NONE, REASON_NAME_SPACE);
}

static void a8_white_space_inside_a_han_name_is_a_warning(void **state)
{
    (void) state;
    static const char *const blanks[] = {" ",        "   ",          "　",           "\t",
                                         "\xc2\xa0", "\xe2\x80\x83", "\xe2\x80\x8b", "\xef\xbb\xbf"};
    for (size_t i = 0; i < COUNT(blanks); i++) {
        char cell[64];
        snprintf(cell, sizeof(cell), "张%s伟", blanks[i]);
        warns(cell, "张伟", REASON_NONE, REASON_NAME_SPACE);
        snprintf(cell, sizeof(cell), "阿依某 ·%s买某提", blanks[i]);
        warns(cell, "阿依某·买某提", REASON_NONE, REASON_NAME_SPACE);
        snprintf(cell, sizeof(cell), "阿依某.%s.买某提", blanks[i]);
        warns(cell, "阿依某·买某提", REASON_NAME_DOT, REASON_NAME_SPACE);
    }
}

static void a8_accepts_white_space_around_a_name(void **state)
{
    (void) state;
    accepts(" 张伟 ", "张伟");
    accepts("　张伟\t", "张伟");
    accepts("\xef\xbb\xbf张伟\r\n", "张伟");
    accepts("\xe1\x9a\x80"
            "Anna\xe1\x9a\x80",
            "Anna"); /* U+1680 */
}

static void a8_accepts_white_space_between_the_words_of_other_names(void **state)
{
    (void) state;
    accepts("Anna Invented", "Anna Invented");
    accepts("Anna  　 Invented", "Anna Invented");
    accepts("Anna\tInvented", "Anna Invented");
}

static void a9_full_width_letters_are_mended_silently(void **state)
{
    (void) state;
    accepts("Ａｎｎａ　Ｉｎｖｅｎｔｅｄ", "Anna Invented");
    accepts("ＡＺａｚ", "AZaz");
}

static void a9_a_leading_apostrophe_is_mended_silently_in_a_han_name(void **state)
{
    (void) state;
    accepts("'张伟", "张伟");
    accepts("’张伟", "张伟");
    accepts("＇张伟", "张伟");
    accepts("'t Invented", "'t Invented");
}

static void a8_a_name_begins_with_a_letter(void **state)
{
    (void) state;
    static const char *const cells[] = {"' -Anna", "'-Anna", "-Anna", "''Anna", "\xcc\x81 Anna", "'·Anna"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuses(cells[i], REASON_NAME_CHARACTER);
    accepts("O'Invented-Anna", "O'Invented-Anna");
}

static void d2_a_name_is_shown_masked(void **state)
{
    (void) state;
    static const char *const shown[][2] = {{"张伟", "张*"},        {"欧阳某某", "欧***"},
                                           {"𠮷某", "𠮷*"},        {"阿依某·买某提", "阿**·***"},
                                           {"Anna Bo", "A******"}, {"", ""}};
    for (size_t i = 0; i < COUNT(shown); i++) {
        char masked[PERSON_NAME_MASK_BYTES];
        person_name_mask(shown[i][0], masked);
        assert_string_equal(masked, shown[i][1]);
    }
}

static void d2_the_longest_name_is_shown_masked(void **state)
{
    (void) state;
    char name[PERSON_NAME_BYTES], masked[PERSON_NAME_MASK_BYTES];
    person_name_mask(times(name, sizeof(name), "𠮷", 50), masked);
    assert_int_equal(strlen(masked), 4 + 49);
    person_name_mask("\xff", masked);
    assert_string_equal(masked, "");
}

static void d2_a_text_longer_than_any_name_is_cut(void **state)
{
    (void) state;
    static const char *const units[] = {"a", "·", "𠮷"};
    char cell[2048], masked[PERSON_NAME_MASK_BYTES];
    for (size_t i = 0; i < COUNT(units); i++) {
        person_name_mask(times(cell, sizeof(cell), units[i], 500), masked);
        assert_in_range(strlen(masked), PERSON_NAME_MASK_BYTES - 5, PERSON_NAME_MASK_BYTES - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a4_accepts_han_names),
        cmocka_unit_test(a4_accepts_characters_of_four_bytes),
        cmocka_unit_test(a4_accepts_every_block_of_han_to_its_ends),
        cmocka_unit_test(a4_accepts_names_of_other_scripts),
        cmocka_unit_test(a4_accepts_the_separator),
        cmocka_unit_test(a4_look_alike_dots_are_a_warning),
        cmocka_unit_test(a4_several_dots_become_one),
        cmocka_unit_test(a4_a_separator_at_an_end_is_refused),
        cmocka_unit_test(a4_other_separators_are_refused),
        cmocka_unit_test(a4_digits_are_refused),
        cmocka_unit_test(a4_control_and_invisible_characters_are_refused),
        cmocka_unit_test(a4_private_use_and_no_characters_are_refused),
        cmocka_unit_test(a4_symbols_are_refused),
        cmocka_unit_test(a4_what_is_not_seen_makes_no_name),
        cmocka_unit_test(a4_radicals_are_called_what_they_are),
        cmocka_unit_test(a4_broken_bytes_are_refused),
        cmocka_unit_test(a4_a_missing_name_is_refused),
        cmocka_unit_test(a4_accepts_fifty_characters_and_refuses_one_more),
        cmocka_unit_test(a4_the_longest_decomposition_is_refused_by_its_length),
        cmocka_unit_test(a4_characters_are_counted_in_the_normal_form),
        cmocka_unit_test(a4_accepts_a_padded_cell),
        cmocka_unit_test(a4_names_become_nfc),
        cmocka_unit_test(a4_names_are_nfc_after_mending),
        cmocka_unit_test(a8_white_space_inside_a_han_name_is_a_warning),
        cmocka_unit_test(a8_accepts_white_space_around_a_name),
        cmocka_unit_test(a8_accepts_white_space_between_the_words_of_other_names),
        cmocka_unit_test(a9_full_width_letters_are_mended_silently),
        cmocka_unit_test(a8_a_name_begins_with_a_letter),
        cmocka_unit_test(a9_a_leading_apostrophe_is_mended_silently_in_a_han_name),
        cmocka_unit_test(d2_a_name_is_shown_masked),
        cmocka_unit_test(d2_the_longest_name_is_shown_masked),
        cmocka_unit_test(d2_a_text_longer_than_any_name_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
