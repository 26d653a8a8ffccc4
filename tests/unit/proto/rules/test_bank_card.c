/* SPDX-License-Identifier: Apache-2.0 */
/* Bank accounts (A8, A9). The numbers are made up; 79927398713 is the check's textbook example. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/rules/bank_card.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void judge(const char *cell, const char *expected, enum reason warned)
{
    char account[BANK_CARD_BYTES];
    enum reason warning = REASON_MEMORY;
    assert_int_equal(bank_card_parse(cell, account, &warning), REASON_NONE);
    assert_string_equal(account, expected);
    assert_int_equal(warning, warned);
}

static void refuse(const char *cell, enum reason reason)
{
    char account[BANK_CARD_BYTES];
    enum reason warning = REASON_MEMORY;
    assert_int_equal(bank_card_parse(cell, account, &warning), reason);
    assert_int_equal(warning, REASON_NONE);
}

static void a8_accepts_cards_that_pass_luhn(void **state)
{
    (void) state;
    static const char *const cards[] = {"79927398713", "6200000000000000000", "6200000000000000018",
                                        "620000000000000005", "0"};
    for (size_t i = 0; i < COUNT(cards); i++)
        judge(cards[i], cards[i], REASON_NONE);
}

/* Exactly one check digit passes. */
static void a8_card_that_fails_luhn_is_a_warning(void **state)
{
    (void) state;
    for (char digit = '0'; digit <= '9'; digit++) {
        char card[] = "7992739871?";
        card[10] = digit;
        judge(card, card, digit == '3' ? REASON_NONE : REASON_BANK_LUHN);
    }
}

/* Every second digit from the right counts double, its tens among its units. */
static void a8_accepts_the_check_digit_of_every_digit(void **state)
{
    (void) state;
    static const int doubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    for (int digit = 0; digit <= 9; digit++)
        for (int check = 0; check <= 9; check++) {
            const char card[] = {(char) ('0' + digit), (char) ('0' + check), '\0'};
            judge(card, card, (doubled[digit] + check) % 10 == 0 ? REASON_NONE : REASON_BANK_LUHN);
        }
}

static void a8_every_wrong_digit_is_noticed(void **state)
{
    (void) state;
    static const char good[] = "79927398713";
    for (size_t i = 0; i + 1 < sizeof(good); i++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char card[sizeof(good)];
            memcpy(card, good, sizeof(card));
            card[i] = digit;
            judge(card, card, digit == good[i] ? REASON_NONE : REASON_BANK_LUHN);
        }
}

static void a8_other_characters_are_refused(void **state)
{
    (void) state;
    static const char *const cells[] = {
        "7992739871X", "7992739871.", "账号79927398713", "79927398713/2", "", "   ",
        "-",           "'",           "7992739871\xff"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuse(cells[i], REASON_BANK_CHARACTER);
}

static void a8_an_account_of_39_digits_fits_and_40_do_not(void **state)
{
    (void) state;
    char cell[BANK_CARD_BYTES + 1];
    memset(cell, '0', sizeof(cell));
    cell[BANK_CARD_BYTES - 1] = '\0';
    judge(cell, cell, REASON_NONE);
    cell[BANK_CARD_BYTES - 1] = '0';
    cell[BANK_CARD_BYTES] = '\0';
    refuse(cell, REASON_BANK_CHARACTER);
}

static void a9_what_typing_and_spreadsheets_add_is_mended(void **state)
{
    (void) state;
    static const char *const cells[] = {"'79927398713",           " 7992 7398 713 ", "7992-7398-713",
                                        "７９９２７３９８７１３", "79927398713\t",   "＇79927398713　"};
    for (size_t i = 0; i < COUNT(cells); i++)
        judge(cells[i], "79927398713", REASON_NONE);
}

static void a9_scientific_notation_is_refused_as_such(void **state)
{
    (void) state;
    static const char *const cells[] = {"6.2E+18", "6.22848E+18", "6.22848e+18", " 6.2 E+18",
                                        "６.２Ｅ＋１８"};
    for (size_t i = 0; i < COUNT(cells); i++)
        refuse(cells[i], REASON_BANK_PRECISION_LOST);
}

static void a9_card_whose_tail_is_zeroed_is_refused(void **state)
{
    (void) state;
    refuse("6212345678901230000", REASON_BANK_TAIL_ZEROED); /* 19 digits */
    refuse("621234567890123000", REASON_BANK_TAIL_ZEROED);  /* 18 digits */
    refuse(" 6212 3456 7890 1230 000 ", REASON_BANK_TAIL_ZEROED);
}

/* A spreadsheet keeps 15 digits; a zero fewer is not its doing. */
static void a9_card_that_ends_in_fewer_zeros_is_a_warning(void **state)
{
    (void) state;
    judge("6212345678901231000", "6212345678901231000", REASON_BANK_LUHN);
    judge("621234567890123100", "621234567890123100", REASON_BANK_LUHN);
}

static void a9_card_that_ends_in_zeros_and_passes_luhn_is_accepted(void **state)
{
    (void) state;
    judge("6212345678901280000", "6212345678901280000", REASON_NONE);
}

/* Corporate accounts have no check digit and may well end in zeros. */
static void a8_corporate_account_that_ends_in_zeros_is_a_warning(void **state)
{
    (void) state;
    static const char *const accounts[] = {"37050161000000000", "1602345678901230000", "62123456789012300000",
                                           "62123456789012300"};
    for (size_t i = 0; i < COUNT(accounts); i++)
        judge(accounts[i], accounts[i], REASON_BANK_LUHN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a8_accepts_cards_that_pass_luhn),
        cmocka_unit_test(a8_card_that_fails_luhn_is_a_warning),
        cmocka_unit_test(a8_accepts_the_check_digit_of_every_digit),
        cmocka_unit_test(a8_every_wrong_digit_is_noticed),
        cmocka_unit_test(a8_other_characters_are_refused),
        cmocka_unit_test(a8_an_account_of_39_digits_fits_and_40_do_not),
        cmocka_unit_test(a9_what_typing_and_spreadsheets_add_is_mended),
        cmocka_unit_test(a9_scientific_notation_is_refused_as_such),
        cmocka_unit_test(a9_card_whose_tail_is_zeroed_is_refused),
        cmocka_unit_test(a9_card_that_ends_in_fewer_zeros_is_a_warning),
        cmocka_unit_test(a9_card_that_ends_in_zeros_and_passes_luhn_is_accepted),
        cmocka_unit_test(a8_corporate_account_that_ends_in_zeros_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
