/* SPDX-License-Identifier: Apache-2.0 */
/* Unified social credit codes (A5). The codes are made up, but for the example that GB 32100-2015 itself works
 * out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/rules/credit_code.h"

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* The seventeen characters with the check character that makes the weighted sum a multiple of 31: tried out, not
 * computed as the code does. */
static const char *with_check(char code[CREDIT_CODE_BYTES], const char *seventeen)
{
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (int) (strchr(alphabet, seventeen[i]) - alphabet) * weights[i];
    memcpy(code, seventeen, 17);
    for (int check = 0; check < 31; check++)
        if ((sum + check) % 31 == 0)
            code[17] = alphabet[check];
    code[18] = '\0';
    return code;
}

static void a5_accepts_the_standard_s_own_example(void **state)
{
    (void) state;
    char code[CREDIT_CODE_BYTES];
    assert_int_equal(credit_code_parse("91350100M000100Y43", code), REASON_NONE);
    assert_string_equal(code, "91350100M000100Y43");
}

/* Each of the 31 check characters comes up. */
static void a5_accepts_every_check_character(void **state)
{
    (void) state;
    char seen[sizeof(alphabet)] = {0};
    for (int i = 0; i < 31; i++) {
        char seventeen[] = "52370100MJE000000", made[CREDIT_CODE_BYTES], code[CREDIT_CODE_BYTES];
        seventeen[16] = alphabet[i];
        assert_int_equal(credit_code_parse(with_check(made, seventeen), code), REASON_NONE);
        assert_string_equal(code, made);
        seen[strchr(alphabet, code[17]) - alphabet] = 1;
    }
    assert_int_equal(strlen(seen), 31);
}

static void a5_check_character_wrong_is_refused(void **state)
{
    (void) state;
    char good[CREDIT_CODE_BYTES], wrong[CREDIT_CODE_BYTES], code[CREDIT_CODE_BYTES];
    with_check(good, "52370100MJE00001K");
    for (int i = 0; i < 31; i++) {
        memcpy(wrong, good, sizeof(wrong));
        wrong[17] = alphabet[i];
        if (wrong[17] == good[17])
            continue;
        assert_int_equal(credit_code_parse(wrong, code), REASON_CREDIT_CODE_CHECKSUM);
        assert_string_equal(code, wrong); /* it may be real: the normal form is there to register it */
    }
}

static void a5_two_characters_exchanged_are_refused(void **state)
{
    (void) state;
    char good[CREDIT_CODE_BYTES], wrong[CREDIT_CODE_BYTES], code[CREDIT_CODE_BYTES];
    with_check(good, "52370100MJE12345K");
    for (int i = 0; i < 17; i++) {
        memcpy(wrong, good, sizeof(wrong));
        wrong[i] = good[i + 1];
        wrong[i + 1] = good[i];
        assert_int_equal(credit_code_parse(wrong, code),
                         wrong[i] == good[i] ? REASON_NONE : REASON_CREDIT_CODE_CHECKSUM);
    }
}

static void a5_letters_outside_the_alphabet_are_refused(void **state)
{
    (void) state;
    static const char *const others[] = {"I", "O", "Z", "S", "V", "i", "s", "-", "*", "_"};
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        for (int at = 0; at < 18; at++) {
            char wrong[CREDIT_CODE_BYTES], code[CREDIT_CODE_BYTES];
            with_check(wrong, "52370100MJE00001K");
            wrong[at] = *others[i];
            assert_int_equal(credit_code_parse(wrong, code), REASON_CREDIT_CODE_CHARACTER);
        }
}

static void a5_a_character_beyond_ascii_is_refused(void **state)
{
    (void) state;
    char code[CREDIT_CODE_BYTES];
    assert_int_equal(credit_code_parse("52370100MJE0000中", code), REASON_CREDIT_CODE_CHARACTER);
    assert_int_equal(credit_code_parse("52370100MJE00001\xff", code), REASON_CREDIT_CODE_LENGTH);
}

static void a5_another_length_is_refused(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "",
        "9",
        "   ",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100M000100Y4391350100M000100Y4391350100M000100Y4391350100M000100Y43"};
    char code[CREDIT_CODE_BYTES];
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        assert_int_equal(credit_code_parse(texts[i], code), REASON_CREDIT_CODE_LENGTH);
}

static void a9_a_spreadsheet_s_doings_are_mended_in_a_code(void **state)
{
    (void) state;
    static const char *const texts[] = {"91350100m000100y43", "'91350100M000100Y43", " 91350100 M000100Y 43 ",
                                        "９１３５０１００Ｍ０００１００Ｙ４３", "\t91350100M000100Y43　"};
    char code[CREDIT_CODE_BYTES];
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        assert_int_equal(credit_code_parse(texts[i], code), REASON_NONE);
        assert_string_equal(code, "91350100M000100Y43");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a5_accepts_the_standard_s_own_example),
        cmocka_unit_test(a5_accepts_every_check_character),
        cmocka_unit_test(a5_check_character_wrong_is_refused),
        cmocka_unit_test(a5_two_characters_exchanged_are_refused),
        cmocka_unit_test(a5_letters_outside_the_alphabet_are_refused),
        cmocka_unit_test(a5_a_character_beyond_ascii_is_refused),
        cmocka_unit_test(a5_another_length_is_refused),
        cmocka_unit_test(a9_a_spreadsheet_s_doings_are_mended_in_a_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
