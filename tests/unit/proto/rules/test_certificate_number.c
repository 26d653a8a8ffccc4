/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of certificates (B1): every form that is known, and what contradicts it. All invented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/rules/certificate_number.h"

enum { JUNIOR = 2, SENIOR = 4, DISTINGUISHED = 7 };
static const char resident[] = "11010519491231002X";

static enum reason parsed(const char *stated)
{
    char number[CERTIFICATE_NUMBER_BYTES];
    return certificate_number_parse(stated, number);
}

static void a_number_is_mended(void **state)
{
    (void) state;
    char number[CERTIFICATE_NUMBER_BYTES];
    assert_int_equal(certificate_number_parse(" s0００137 00-a ", number), REASON_NONE);
    assert_string_equal(number, "S00013700-A");
}

static void what_is_no_number_is_refused(void **state)
{
    (void) state;
    assert_int_equal(parsed(""), REASON_CERTIFICATE_NUMBER);
    assert_int_equal(parsed("证书1"), REASON_CERTIFICATE_NUMBER);
    assert_int_equal(parsed("A_1"), REASON_CERTIFICATE_NUMBER);
    assert_int_equal(parsed("A\xff"), REASON_CERTIFICATE_NUMBER);
    assert_int_equal(parsed("1.23457E+15"), REASON_NUMBER_PRECISION_LOST);
    char longest[CERTIFICATE_NUMBER_BYTES + 1];
    for (int i = 0; i < CERTIFICATE_NUMBER_BYTES; i++)
        longest[i] = '1';
    longest[CERTIFICATE_NUMBER_BYTES] = '\0';
    assert_int_equal(parsed(longest), REASON_CERTIFICATE_NUMBER);
    assert_int_equal(parsed(longest + 1), REASON_NONE);
}

static void check(const char *number, enum certificate_kind kind, uint32_t level, enum reason expected,
                  enum reason expected_warning)
{
    enum reason warning;
    assert_int_equal(
        certificate_number_fits(number, kind, day_parse("2026-05-31"), level, resident, &warning), expected);
    assert_int_equal(warning, expected_warning);
}

static void vocational_qualification_says_year_and_level(void **state)
{
    (void) state;
    check("2615003001500001", CERTIFICATE_QUALIFICATION, JUNIOR, REASON_NONE, REASON_NONE);
    check("2515003001500001", CERTIFICATE_QUALIFICATION, JUNIOR, REASON_CERTIFICATE_CONTRADICTS, REASON_NONE);
    check("2615003001400001", CERTIFICATE_QUALIFICATION, JUNIOR, REASON_CERTIFICATE_CONTRADICTS, REASON_NONE);
    check("2615003001300001", CERTIFICATE_QUALIFICATION, SENIOR, REASON_NONE, REASON_NONE);
    check("261500300150000", CERTIFICATE_QUALIFICATION, JUNIOR, REASON_NONE, REASON_CERTIFICATE_FORM);
}

static void skill_level_says_year_and_level(void **state)
{
    (void) state;
    check("S000137000001265000001", CERTIFICATE_SKILL_LEVEL, JUNIOR, REASON_NONE, REASON_NONE);
    check("Y000137000001265000001", CERTIFICATE_SKILL_LEVEL, JUNIOR, REASON_NONE, REASON_NONE);
    check("S000137000001255000001", CERTIFICATE_SKILL_LEVEL, JUNIOR, REASON_CERTIFICATE_CONTRADICTS,
          REASON_NONE);
    check("S000137000001261000001", CERTIFICATE_SKILL_LEVEL, JUNIOR, REASON_CERTIFICATE_CONTRADICTS,
          REASON_NONE);
    check("S000137000001265000001", CERTIFICATE_SKILL_LEVEL, DISTINGUISHED, REASON_CERTIFICATE_CONTRADICTS,
          REASON_NONE);
    check("SA00137000001265000001", CERTIFICATE_SKILL_LEVEL, DISTINGUISHED, REASON_NONE,
          REASON_CERTIFICATE_FORM);
    check("X000137000001265000001", CERTIFICATE_SKILL_LEVEL, JUNIOR, REASON_NONE, REASON_CERTIFICATE_FORM);
}

static void special_operation_holds_the_resident_number(void **state)
{
    (void) state;
    check("T11010519491231002X", CERTIFICATE_SPECIAL_OPERATION, JUNIOR, REASON_NONE, REASON_NONE);
    check("T44052418800101001X", CERTIFICATE_SPECIAL_OPERATION, JUNIOR, REASON_CERTIFICATE_CONTRADICTS,
          REASON_NONE);
    check("TS6ABCDE0001", CERTIFICATE_SPECIAL_OPERATION, JUNIOR, REASON_NONE, REASON_CERTIFICATE_FORM);
}

static void others_have_no_form(void **state)
{
    (void) state;
    check("A-1", CERTIFICATE_TRAINING, JUNIOR, REASON_NONE, REASON_NONE);
    check("A-1", CERTIFICATE_SPECIAL_ABILITY, JUNIOR, REASON_NONE, REASON_CERTIFICATE_FORM);
}

static void a_residents_number_is_found_in_it(void **state)
{
    (void) state;
    const day today = day_of(2026, 11, 24);
    struct document found;
    assert_true(certificate_number_resident("T11010519491231002X", today, &found));
    assert_string_equal(found.number, "11010519491231002X");
    assert_true(certificate_number_resident("11010519491231002X", today, &found));
    assert_true(certificate_number_resident("A-1-11010519491231002X-2026", today, &found));
    assert_string_equal(found.number, "11010519491231002X");
    assert_false(
        certificate_number_resident("T110105194912310021", today, &found)); /* another check character */
    assert_false(certificate_number_resident("T1101051949123100", today, &found));
    assert_false(certificate_number_resident("1101051949-1231002X", today, &found));
    assert_false(certificate_number_resident("", today, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_mended),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(vocational_qualification_says_year_and_level),
        cmocka_unit_test(skill_level_says_year_and_level),
        cmocka_unit_test(special_operation_holds_the_resident_number),
        cmocka_unit_test(others_have_no_form),
        cmocka_unit_test(a_residents_number_is_found_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
