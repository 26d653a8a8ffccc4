/* SPDX-License-Identifier: Apache-2.0 */
/* Mobile numbers (A8, A9, D2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/rules/phone.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void a8_accepts_mobile_numbers_from_13_to_19(void **state)
{
    (void) state;
    for (char second = '3'; second <= '9'; second++) {
        char cell[PHONE_BYTES], phone[PHONE_BYTES];
        memcpy(cell, "1?000000000", sizeof(cell));
        cell[1] = second;
        assert_int_equal(phone_parse(cell, phone), REASON_NONE);
        assert_string_equal(phone, cell);
    }
}

static void a8_other_beginnings_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"10000000000", "11000000000", "12000000000", "03000000000",
                                        "23000000000", "93000000000", "05310000000"};
    char phone[PHONE_BYTES];
    for (size_t i = 0; i < COUNT(cells); i++)
        assert_int_equal(phone_parse(cells[i], phone), REASON_PHONE_FORMAT);
}

static void a8_another_number_of_digits_is_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"",
                                        "1",
                                        "1380000000",
                                        "138000000000",
                                        "13800000000000000000000",
                                        "138000000001380000000013800000000138000000001380000000013800000000"};
    char phone[PHONE_BYTES];
    for (size_t i = 0; i < COUNT(cells); i++)
        assert_int_equal(phone_parse(cells[i], phone), REASON_PHONE_FORMAT);
}

static void a8_other_characters_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {"1380000000x",    "1380000000.",   "13800000000;13900000000",
                                        "+13800000000",   "(138)00000000", "十三八00000000",
                                        "138\3770000000", "1380000000O",   "+85213800000000",
                                        "13800000000/"};
    char phone[PHONE_BYTES];
    for (size_t i = 0; i < COUNT(cells); i++)
        assert_int_equal(phone_parse(cells[i], phone), REASON_PHONE_FORMAT);
}

static void a9_what_typing_and_spreadsheets_add_is_mended(void **state)
{
    (void) state;
    static const char *const cells[] = {" 13800000000 ",     "138 0000 0000",          "138-0000-0000",
                                        "'13800000000",      "１３８００００００００", "+8613800000000",
                                        "+86 138 0000 0000", "008613800000000",        "＋８６-13800000000",
                                        "13800000000\t",     "\342\200\25513800000000"};
    char phone[PHONE_BYTES];
    for (size_t i = 0; i < COUNT(cells); i++) {
        assert_int_equal(phone_parse(cells[i], phone), REASON_NONE);
        assert_string_equal(phone, "13800000000");
    }
}

/* Pasting from a telephone's address book puts U+202D and U+202C around a number. */
static void a9_marks_of_direction_are_mended(void **state)
{
    (void) state;
    char phone[PHONE_BYTES];
    assert_int_equal(phone_parse("\xe2\x80\xad"
                                 "13800000000"
                                 "\xe2\x80\xac",
                                 phone),
                     REASON_NONE);
    assert_string_equal(phone, "13800000000");
}

static void only_one_international_prefix_goes(void **state)
{
    (void) state;
    static const char *const cells[] = {"+86+8613800000000", "0086008613800000000", "8613800000000",
                                        "+008613800000000"};
    char phone[PHONE_BYTES];
    for (size_t i = 0; i < COUNT(cells); i++)
        assert_int_equal(phone_parse(cells[i], phone), REASON_PHONE_FORMAT);
}

static void a9_scientific_notation_is_refused_as_such(void **state)
{
    (void) state;
    static const char *const cells[] = {"1.38E+10", "1.38e+10", " 1.38E+10 ", "1.38E10", "１.３８Ｅ＋１０"};
    char phone[PHONE_BYTES];
    for (size_t i = 0; i < COUNT(cells); i++)
        assert_int_equal(phone_parse(cells[i], phone), REASON_NUMBER_PRECISION_LOST);
}

static void d2_the_middle_is_masked(void **state)
{
    (void) state;
    char masked[PHONE_MASK_BYTES];
    phone_mask("13800001234", masked);
    assert_string_equal(masked, "138****1234");
    phone_mask("", masked);
    assert_string_equal(masked, "");
    phone_mask("1380", masked);
    assert_string_equal(masked, "138*");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a8_accepts_mobile_numbers_from_13_to_19),
        cmocka_unit_test(a8_other_beginnings_are_refused),
        cmocka_unit_test(a8_another_number_of_digits_is_refused),
        cmocka_unit_test(a8_other_characters_are_refused),
        cmocka_unit_test(a9_what_typing_and_spreadsheets_add_is_mended),
        cmocka_unit_test(a9_marks_of_direction_are_mended),
        cmocka_unit_test(only_one_international_prefix_goes),
        cmocka_unit_test(a9_scientific_notation_is_refused_as_such),
        cmocka_unit_test(d2_the_middle_is_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
