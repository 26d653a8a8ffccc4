/* SPDX-License-Identifier: Apache-2.0 */
/* Document numbers that a spreadsheet had between its fingers (A9), and how they are shown (D2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/rules/document.h"
#include "tests/unit/proto/invented.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct document document;
static enum reason warning;

static enum reason resident(const char *number)
{
    return document_parse(DOCUMENT_RESIDENT_ID, number, NULL, invented_today(), &document, &warning);
}

static void a9_lower_case_x_is_mended_silently(void **state)
{
    (void) state;
    char good[INVENTED_NUMBER], lower[INVENTED_NUMBER];
    memcpy(lower, invented_with_x(good), sizeof(lower));
    lower[17] = 'x';
    assert_int_equal(resident(lower), REASON_NONE);
    assert_string_equal(document.number, good);
    assert_int_equal(warning, REASON_NONE);
}

static void a9_full_width_digits_are_mended_silently(void **state)
{
    (void) state;
    char good[INVENTED_NUMBER], wide[3 * INVENTED_NUMBER];
    invented_with_x(good);
    for (size_t i = 0; i < 18; i++) {
        wide[3 * i] = '\xef';
        wide[3 * i + 1] = '\xbc';
        wide[3 * i + 2] = (char) (0x80 | (good[i] - 0x20));
    }
    wide[3 * 18] = '\0';
    assert_int_equal(resident(wide), REASON_NONE);
    assert_string_equal(document.number, good);
    assert_int_equal(warning, REASON_NONE);
}

static void a9_blanks_and_the_apostrophe_are_mended_silently(void **state)
{
    (void) state;
    static const char *const around[][3] = {{"'", "", ""},
                                            {" ", " ", " "},
                                            {"\t", "", "\r\n"},
                                            {"", "　", "\xc2\xa0"},
                                            {"\xef\xbb\xbf'", "\xe2\x80\x8b", ""},
                                            {"’", "", ""}};
    char good[INVENTED_NUMBER], cell[64];
    invented_resident(good, "21000228", "123");
    for (size_t i = 0; i < COUNT(around); i++) {
        snprintf(cell, sizeof(cell), "%s%.6s%s%.8s%s%s%s", around[i][0], good, around[i][1], good + 6,
                 around[i][1], good + 14, around[i][2]);
        assert_int_equal(resident(cell), REASON_NONE);
        assert_string_equal(document.number, good);
        assert_int_equal(warning, REASON_NONE);
    }
}

static void a9_scientific_notation_is_refused_as_such(void **state)
{
    (void) state;
    static const char *const cells[] = {"3.70102E+17",  "3.70102210002281E+17", "3.7E+17",       "4E+17",
                                        "3.70102e+17",  "3.70102E17",           " 3.70102E+17 ", "'3.7E+17",
                                        "３.７Ｅ＋１７"};
    for (size_t i = 0; i < COUNT(cells); i++)
        for (int type = DOCUMENT_RESIDENT_ID; type <= DOCUMENT_PASSPORT; type++)
            assert_int_equal(document_parse((enum document_type) type, cells[i], "FRA", invented_today(),
                                            &document, &warning),
                             REASON_ID_PRECISION_LOST);
}

/* Passports are numbered like that. */
static void a9_digits_with_a_letter_e_are_no_quantity(void **state)
{
    (void) state;
    assert_int_equal(
        document_parse(DOCUMENT_PASSPORT, "12E34567", "FRA", invented_today(), &document, &warning),
        REASON_NONE);
    assert_string_equal(document.number, "12E34567");
}

/* A spreadsheet keeps 15 digits and writes 000 for the rest. */
static void a9_a_zeroed_tail_is_refused_as_such(void **state)
{
    (void) state;
    int refused = 0;
    for (int order = 0; order < 10; order++) {
        char number[INVENTED_NUMBER], three[] = {(char) ('0' + order), '2', '3', '\0'};
        invented_resident(number, "21000228", three);
        memcpy(number + 15, "000", 3);
        enum reason reason = resident(number);
        if (invented_check(number) == '0')
            assert_int_equal(reason, REASON_NONE);
        else
            assert_int_equal(reason, REASON_ID_TAIL_ZEROED);
        refused += reason == REASON_ID_TAIL_ZEROED;
    }
    assert_true(refused > 0);
}

/* One number in eleven that ends in 00 has 0 as its check character. */
static void a9_a_number_that_truly_ends_in_zeros_is_accepted(void **state)
{
    (void) state;
    char number[INVENTED_NUMBER], order[] = "000";
    while (invented_resident(number, "21000228", order)[17] != '0')
        order[0]++;
    assert_true(order[0] <= '9');
    assert_string_equal(number + 15, "000");
    assert_int_equal(resident(number), REASON_NONE);
}

static void a9_a_tail_of_two_zeros_is_a_typing_error(void **state)
{
    (void) state;
    assert_int_not_equal(invented_check("37010221000228120"), '0');
    assert_int_equal(resident("370102210002281200"), REASON_ID_CHECKSUM);
}

static void a9_a_permit_s_zeroed_tail_is_refused_as_such(void **state)
{
    (void) state;
    assert_int_not_equal(invented_check("81000021000228100"), '0');
    assert_int_equal(document_parse(DOCUMENT_RESIDENCE_PERMIT, "810000210002281000", NULL, invented_today(),
                                    &document, &warning),
                     REASON_ID_TAIL_ZEROED);
}

static void a_cell_longer_than_any_number_is_refused(void **state)
{
    (void) state;
    static char cell[4096];
    memset(cell, '1', sizeof(cell) - 1);
    for (int type = DOCUMENT_RESIDENT_ID; type <= DOCUMENT_PASSPORT; type++)
        assert_int_equal(
            document_parse((enum document_type) type, cell, "FRA", invented_today(), &document, &warning),
            REASON_ID_LENGTH);
}

static void normal_form_parses_to_itself(void **state)
{
    (void) state;
    static const char *const cells[] = {"370102000101000", "xxa370000000228", "x0000 0000"};
    static const enum document_type types[] = {DOCUMENT_RESIDENT_ID, DOCUMENT_FOREIGN_PERMANENT,
                                               DOCUMENT_PASSPORT};
    for (size_t i = 0; i < COUNT(cells); i++) {
        struct document again;
        assert_int_equal(document_parse(types[i], cells[i], "fra", invented_today(), &document, &warning),
                         REASON_NONE);
        assert_int_equal(document_parse(types[i], document.number, document.issuing_country, invented_today(),
                                        &again, &warning),
                         REASON_NONE);
        assert_memory_equal(&again, &document, sizeof(again));
    }
}

static void d2_a_number_is_shown_masked(void **state)
{
    (void) state;
    static const char *const shown[][2] = {{"37010221000228123X", "3701**********123X"},
                                           {"XXA370000000228", "XXA*********228"},
                                           {"X00000001", "X0*****01"},
                                           {"E0001", "E***1"},
                                           {"123", "***"},
                                           {"", ""}};
    for (size_t i = 0; i < COUNT(shown); i++) {
        char masked[DOCUMENT_NUMBER_BYTES];
        document_mask(shown[i][0], masked);
        assert_string_equal(masked, shown[i][1]);
    }
}

/* Of a number of any length at least half is hidden, and the birth date of a resident ID wholly. */
static void d2_half_of_every_number_is_hidden(void **state)
{
    (void) state;
    for (size_t n = 1; n < DOCUMENT_NUMBER_BYTES; n++) {
        char number[DOCUMENT_NUMBER_BYTES] = "", masked[DOCUMENT_NUMBER_BYTES];
        size_t hidden = 0;
        memset(number, '7', n);
        document_mask(number, masked);
        assert_int_equal(strlen(masked), n);
        for (size_t i = 0; i < n; i++)
            hidden += masked[i] == '*';
        assert_true(2 * hidden >= n);
    }
}

static void d2_a_text_longer_than_any_number_is_cut(void **state)
{
    (void) state;
    char masked[DOCUMENT_NUMBER_BYTES];
    document_mask("1111222233334444555566667777888899990000", masked);
    assert_int_equal(strlen(masked), DOCUMENT_NUMBER_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a9_lower_case_x_is_mended_silently),
        cmocka_unit_test(a9_full_width_digits_are_mended_silently),
        cmocka_unit_test(a9_blanks_and_the_apostrophe_are_mended_silently),
        cmocka_unit_test(a9_scientific_notation_is_refused_as_such),
        cmocka_unit_test(a9_digits_with_a_letter_e_are_no_quantity),
        cmocka_unit_test(a9_a_zeroed_tail_is_refused_as_such),
        cmocka_unit_test(a9_a_number_that_truly_ends_in_zeros_is_accepted),
        cmocka_unit_test(a9_a_tail_of_two_zeros_is_a_typing_error),
        cmocka_unit_test(a9_a_permit_s_zeroed_tail_is_refused_as_such),
        cmocka_unit_test(a_cell_longer_than_any_number_is_refused),
        cmocka_unit_test(normal_form_parses_to_itself),
        cmocka_unit_test(d2_a_number_is_shown_masked),
        cmocka_unit_test(d2_half_of_every_number_is_hidden),
        cmocka_unit_test(d2_a_text_longer_than_any_number_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
