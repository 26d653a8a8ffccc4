/* SPDX-License-Identifier: Apache-2.0 */
/* Identity documents (A1, A2, A3, A9, D2). */
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

static enum reason parse(enum document_type type, const char *number, const char *country)
{
    return document_parse(type, number, country, invented_today(), &document, &warning);
}

static enum reason resident(const char *number)
{
    return parse(DOCUMENT_RESIDENT_ID, number, NULL);
}

/* 17 digits, their check character put behind. */
static enum reason resident_of(const char *seventeen)
{
    char number[INVENTED_NUMBER];
    return resident(invented_number(number, seventeen));
}

static void a1_accepts_what_the_number_says_of_its_holder(void **state)
{
    (void) state;
    assert_int_equal(resident_of("37010221000228001"), REASON_NONE);
    assert_int_equal(warning, REASON_NONE);
    assert_int_equal(document.type, DOCUMENT_RESIDENT_ID);
    assert_int_equal(document.birth, day_of(2100, 2, 28));
    assert_int_equal(document.sex, 1);
    assert_string_equal(document.issuing_country, "");
    assert_int_equal(resident_of("37010221000228002"), REASON_NONE);
    assert_int_equal(document.sex, 2);
}

/* The example that GB 11643-1999 itself works out; its holder would have been born in 1880. */
static void a1_agrees_with_the_standard_s_own_example(void **state)
{
    (void) state;
    assert_int_equal(resident("440524188001010014"), REASON_ID_DATE);
    assert_int_equal(resident("440524188001010015"), REASON_ID_CHECKSUM);
}

/* Each of the eleven comes up. */
static void a1_accepts_every_check_character(void **state)
{
    (void) state;
    char seen[12] = "";
    for (int i = 0; i < 100; i++) {
        const char order[] = {'1', (char) ('0' + i / 10), (char) ('0' + i % 10), '\0'};
        char number[INVENTED_NUMBER];
        invented_resident(number, "21000228", order);
        assert_int_equal(resident(number), REASON_NONE);
        assert_string_equal(document.number, number);
        seen[number[17] == 'X' ? 10 : number[17] - '0'] = 1;
    }
    assert_int_equal(strlen(seen), 11);
}

static void a1_accepts_x_as_check_character(void **state)
{
    (void) state;
    char number[INVENTED_NUMBER];
    assert_int_equal(invented_with_x(number)[17], 'X');
    assert_int_equal(resident(number), REASON_NONE);
    assert_string_equal(document.number, number);
}

static void a1_check_character_wrong_is_refused(void **state)
{
    (void) state;
    for (int by = 1; by < 11; by++) {
        char number[INVENTED_NUMBER];
        invented_wrong_number(number, "37010221000228123", by);
        assert_int_equal(resident(number), REASON_ID_CHECKSUM);
    }
}

/* A digit mistyped, or two neighbours exchanged. */
static void a1_every_typing_error_is_refused(void **state)
{
    (void) state;
    char good[INVENTED_NUMBER], wrong[INVENTED_NUMBER];
    invented_resident(good, "21000228", "123");
    for (int i = 0; i < 17; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            memcpy(wrong, good, sizeof(wrong));
            wrong[i] = digit;
            assert_int_equal(resident(wrong), digit == good[i] ? REASON_NONE : REASON_ID_CHECKSUM);
        }
        memcpy(wrong, good, sizeof(wrong));
        wrong[i] = good[i + 1];
        wrong[i + 1] = good[i];
        assert_int_equal(resident(wrong), good[i] == good[i + 1] ? REASON_NONE : REASON_ID_CHECKSUM);
    }
}

static void a1_another_length_is_refused(void **state)
{
    (void) state;
    static const char *const numbers[] = {"1",
                                          "37010221000228",
                                          "3701022100022812",
                                          "37010221000228123",
                                          "3701022100022812345",
                                          "37010221000228123456789012345678901234567890"};
    for (size_t i = 0; i < COUNT(numbers); i++)
        assert_int_equal(resident(numbers[i]), REASON_ID_LENGTH);
}

static void a1_a_missing_number_is_refused(void **state)
{
    (void) state;
    static const char *const numbers[] = {NULL, "", "  ", "\t　"};
    for (size_t i = 0; i < COUNT(numbers); i++)
        for (int type = DOCUMENT_RESIDENT_ID; type <= DOCUMENT_PASSPORT; type++)
            assert_int_equal(parse((enum document_type) type, numbers[i], "FRA"), REASON_ID_MISSING);
}

static void a1_other_characters_are_refused(void **state)
{
    (void) state;
    static const char *const others[] = {"O", "X", "l", "-", ".", "*", "_", "\x01"};
    for (size_t i = 0; i < COUNT(others); i++)
        for (int at = 0; at < 17; at++) {
            char number[INVENTED_NUMBER];
            invented_resident(number, "21000228", "123");
            number[at] = *others[i];
            assert_int_equal(resident(number), REASON_ID_CHARACTER);
        }
    assert_int_equal(resident("37010221000228123Y"), REASON_ID_CHARACTER);
    assert_int_equal(resident("三70102210002281X"), REASON_ID_CHARACTER); /* 18 bytes */
    assert_int_equal(resident("37010221000228\xff"
                              "1"),
                     REASON_ID_CHARACTER);
}

static void a1_accepts_the_leap_day_of_leap_years(void **state)
{
    (void) state;
    assert_int_equal(resident_of("37010221040229123"), REASON_NONE);
    assert_int_equal(document.birth, day_of(2104, 2, 29));
    assert_int_equal(resident_of("37010220960229123"), REASON_NONE);
}

static void a1_a_date_that_does_not_exist_is_refused(void **state)
{
    (void) state;
    static const char *const births[] = {"21000229", "21010229", "21000230", "21000431", "21001301",
                                         "21000001", "21000100", "21000132", "18991231", "00000101"};
    for (size_t i = 0; i < COUNT(births); i++) {
        char number[INVENTED_NUMBER];
        assert_int_equal(resident(invented_resident(number, births[i], "123")), REASON_ID_DATE);
    }
}

static void a1_accepts_a_birth_today_and_refuses_one_tomorrow(void **state)
{
    (void) state;
    assert_int_equal(resident_of("37010221260301123"), REASON_NONE);
    assert_int_equal(resident_of("37010221260302123"), REASON_BIRTH_IN_FUTURE);
}

static void a1_accepts_fifteen_digits_and_upgrades_them(void **state)
{
    (void) state;
    char number[INVENTED_NUMBER];
    assert_int_equal(resident("370102000101000"), REASON_NONE);
    assert_string_equal(document.number, invented_number(number, "37010219000101000"));
    assert_int_equal(document.birth, day_of(1900, 1, 1));
    assert_int_equal(document.sex, 2);
    assert_int_equal(resident("370102000101001"), REASON_NONE);
    assert_int_equal(document.sex, 1);
    assert_int_equal(resident("370102040229000"), REASON_NONE); /* 1904 was a leap year */
}

/* Both forms of one number are one person (A6). */
static void a1_both_lengths_of_a_number_have_one_normal_form(void **state)
{
    (void) state;
    char number[INVENTED_NUMBER];
    struct document shorter;
    assert_int_equal(resident("370102000101000"), REASON_NONE);
    shorter = document;
    assert_int_equal(resident(invented_number(number, "37010219000101000")), REASON_NONE);
    assert_string_equal(document.number, shorter.number);
    assert_int_equal(document.birth, shorter.birth);
    assert_int_equal(document.sex, shorter.sex);
}

static void a1_fifteen_digits_with_an_unreal_date_are_refused(void **state)
{
    (void) state;
    assert_int_equal(resident("370102000229000"), REASON_ID_DATE); /* 1900 was no leap year */
    assert_int_equal(resident("370102001301000"), REASON_ID_DATE);
    assert_int_equal(resident("370102000100000"), REASON_ID_DATE);
}

static void a1_fifteen_characters_with_another_one_are_refused(void **state)
{
    (void) state;
    assert_true(reason_refuses(resident("37010200010100X")));
    assert_true(reason_refuses(resident("37O102000101000")));
}

static void a2_accepts_former_divisions_without_a_warning(void **state)
{
    (void) state;
    assert_int_equal(resident_of("37120221000228123"), REASON_NONE); /* a district of Laiwu */
    assert_int_equal(warning, REASON_NONE);
}

static void a2_accepts_the_other_provinces(void **state)
{
    (void) state;
    /* the last two were given up before and after the holder's birth */
    static const char *const codes[] = {"110101", "150102", "230102", "310101", "360102", "410102",
                                        "460105", "500101", "540102", "610102", "110103", "310103"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        char seventeen[18] = "00000021000228123";
        memcpy(seventeen, codes[i], 6);
        assert_int_equal(resident_of(seventeen), REASON_NONE);
        assert_int_equal(warning, REASON_NONE);
    }
}

static void a2_unknown_address_is_a_warning_not_a_refusal(void **state)
{
    (void) state;
    static const char *const codes[] = {"370199", "379999", "000000", "160101", "240000",
                                        "990101", "700000", "110199", "410999"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        char seventeen[18] = "00000021000228123";
        memcpy(seventeen, codes[i], 6);
        assert_int_equal(resident_of(seventeen), REASON_NONE);
        assert_int_equal(warning, REASON_ID_ADDRESS_UNKNOWN);
        assert_false(reason_refuses(warning));
    }
}

static void a2_a_warning_does_not_stay_for_the_next_number(void **state)
{
    (void) state;
    assert_int_equal(resident_of("37019921000228123"), REASON_NONE);
    assert_int_equal(warning, REASON_ID_ADDRESS_UNKNOWN);
    assert_int_equal(resident("1"), REASON_ID_LENGTH);
    assert_int_equal(warning, REASON_NONE);
}

static void a3_accepts_residence_permits(void **state)
{
    (void) state;
    static const char *const seventeen[] = {"81000021000228011", "82000021000228012", "83000021000228013"};
    for (size_t i = 0; i < COUNT(seventeen); i++) {
        char number[INVENTED_NUMBER];
        invented_number(number, seventeen[i]);
        assert_int_equal(parse(DOCUMENT_RESIDENCE_PERMIT, number, NULL), REASON_NONE);
        assert_int_equal(warning, REASON_NONE);
        assert_string_equal(document.number, number);
        assert_int_equal(document.birth, day_of(2100, 2, 28));
        assert_int_equal(document.sex, i % 2 == 0 ? 1 : 2);
    }
}

static void a3_a_permit_with_another_prefix_is_refused(void **state)
{
    (void) state;
    static const char *const prefixes[] = {"370102", "810001", "840000", "800000", "818000", "310000"};
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        char seventeen[18] = "00000021000228011", number[INVENTED_NUMBER];
        memcpy(seventeen, prefixes[i], 6);
        invented_number(number, seventeen);
        assert_int_equal(parse(DOCUMENT_RESIDENCE_PERMIT, number, NULL), REASON_DOCUMENT_PREFIX);
    }
}

static void a3_a_permit_s_check_character_wrong_is_refused(void **state)
{
    (void) state;
    char number[INVENTED_NUMBER];
    for (int by = 1; by < 11; by++) {
        invented_wrong_number(number, "81000021000228011", by);
        assert_true(reason_refuses(parse(DOCUMENT_RESIDENCE_PERMIT, number, NULL)));
    }
    assert_int_equal(parse(DOCUMENT_RESIDENCE_PERMIT, "810000000101000", NULL), REASON_ID_LENGTH);
    invented_number(number, "81000021000229011");
    assert_int_equal(parse(DOCUMENT_RESIDENCE_PERMIT, number, NULL), REASON_ID_DATE);
}

/* Else the same card would be two persons. */
static void a3_a_permit_s_number_is_no_resident_id(void **state)
{
    (void) state;
    assert_int_equal(resident_of("81000021000228011"), REASON_DOCUMENT_PREFIX);
    assert_int_equal(resident_of("82000021000228011"), REASON_DOCUMENT_PREFIX);
    assert_int_equal(resident_of("83000021000228011"), REASON_DOCUMENT_PREFIX);
}

static void a3_accepts_the_foreign_card_of_fifteen_characters(void **state)
{
    (void) state;
    assert_int_equal(parse(DOCUMENT_FOREIGN_PERMANENT, "XXA370000000228", NULL), REASON_NONE);
    assert_string_equal(document.number, "XXA370000000228");
    assert_int_equal(document.birth, DAY_NONE); /* it does not say the century */
    assert_int_equal(document.sex, 0);
    assert_int_equal(parse(DOCUMENT_FOREIGN_PERMANENT, " xxa 3700 0000 0228", NULL), REASON_NONE);
    assert_string_equal(document.number, "XXA370000000228");
}

static void a3_a_foreign_card_of_another_form_is_refused(void **state)
{
    (void) state;
    static const char *const numbers[] = {"XX9370000000228", "XXAA70000000228", "370000000000228",
                                          "XXA37000000022X", "XXA-70000000228", "1XA370000000228",
                                          "[XA370000000228"};
    for (size_t i = 0; i < COUNT(numbers); i++)
        assert_int_equal(parse(DOCUMENT_FOREIGN_PERMANENT, numbers[i], NULL), REASON_ID_CHARACTER);
    assert_int_equal(parse(DOCUMENT_FOREIGN_PERMANENT, "XXA37000000022", NULL), REASON_ID_LENGTH);
    assert_int_equal(parse(DOCUMENT_FOREIGN_PERMANENT, "XXA3700000002281", NULL), REASON_ID_LENGTH);
}

static void a3_accepts_the_foreign_card_of_eighteen_digits(void **state)
{
    (void) state;
    char number[INVENTED_NUMBER];
    invented_number(number, "93700021000228011");
    assert_int_equal(parse(DOCUMENT_FOREIGN_PERMANENT, number, NULL), REASON_NONE);
    assert_int_equal(warning, REASON_NONE);
    assert_int_equal(document.birth, day_of(2100, 2, 28));
    assert_int_equal(document.sex, 1);
}

static void a3_a_foreign_card_of_eighteen_digits_is_checked(void **state)
{
    (void) state;
    char number[INVENTED_NUMBER];
    for (int by = 1; by < 11; by++) {
        invented_wrong_number(number, "93700021000228011", by);
        assert_true(reason_refuses(parse(DOCUMENT_FOREIGN_PERMANENT, number, NULL)));
    }
    invented_number(number, "37010221000228011");
    assert_int_equal(parse(DOCUMENT_FOREIGN_PERMANENT, number, NULL), REASON_DOCUMENT_PREFIX);
    invented_number(number, "93700021000229011");
    assert_int_equal(parse(DOCUMENT_FOREIGN_PERMANENT, number, NULL), REASON_ID_DATE);
}

static void a3_accepts_passports_as_they_are(void **state)
{
    (void) state;
    static const char *const numbers[] = {"E0000",     "X00000000", "AZ00000AZ",
                                          "1E1234567", "000000000", "ABCDEFGHIJKLMNOPQRST"};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        assert_int_equal(parse(DOCUMENT_PASSPORT, numbers[i], "FRA"), REASON_NONE);
        assert_string_equal(document.number, numbers[i]);
        assert_string_equal(document.issuing_country, "FRA");
        assert_int_equal(document.birth, DAY_NONE);
        assert_int_equal(document.sex, 0);
    }
    assert_int_equal(parse(DOCUMENT_PASSPORT, " x0000 0000", " fra "), REASON_NONE);
    assert_string_equal(document.number, "X00000000");
    assert_string_equal(document.issuing_country, "FRA");
}

static void a3_a_passport_of_another_form_is_refused(void **state)
{
    (void) state;
    assert_int_equal(parse(DOCUMENT_PASSPORT, "E000", "FRA"), REASON_ID_LENGTH);
    assert_int_equal(parse(DOCUMENT_PASSPORT, "ABCDEFGHIJKLMNOPQRSTU", "FRA"), REASON_ID_LENGTH);
    assert_int_equal(parse(DOCUMENT_PASSPORT, "E-0000000", "FRA"), REASON_ID_CHARACTER);
    assert_int_equal(parse(DOCUMENT_PASSPORT, "-E0000000", "FRA"), REASON_ID_CHARACTER);
    assert_int_equal(parse(DOCUMENT_PASSPORT, "E[0000000", "FRA"), REASON_ID_CHARACTER);
    assert_int_equal(parse(DOCUMENT_PASSPORT, "护照00000", "FRA"), REASON_ID_CHARACTER);
}

static void a3_a_passport_without_its_country_is_refused(void **state)
{
    (void) state;
    static const char *const countries[] = {NULL, "", " ", "FR", "FRAN", "法国", "F1A", "250", "法"};
    for (size_t i = 0; i < COUNT(countries); i++)
        assert_int_equal(parse(DOCUMENT_PASSPORT, "X00000000", countries[i]), REASON_COUNTRY_MISSING);
}

static void a3_accepts_the_words_in_use_for_each_type(void **state)
{
    (void) state;
    static const struct {
        const char *words;
        enum document_type type;
    } known[] = {{NULL, DOCUMENT_RESIDENT_ID},
                 {"", DOCUMENT_RESIDENT_ID},
                 {" ", DOCUMENT_RESIDENT_ID},
                 {"身份证", DOCUMENT_RESIDENT_ID},
                 {" 居民身份证 ", DOCUMENT_RESIDENT_ID},
                 {"Resident id", DOCUMENT_RESIDENT_ID},
                 {"港澳台居民居住证", DOCUMENT_RESIDENCE_PERMIT},
                 {"台湾居民居住证", DOCUMENT_RESIDENCE_PERMIT},
                 {"外国人永久居留身份证", DOCUMENT_FOREIGN_PERMANENT},
                 {"护照", DOCUMENT_PASSPORT},
                 {"PASSPORT", DOCUMENT_PASSPORT}};
    for (size_t i = 0; i < COUNT(known); i++) {
        enum document_type type;
        assert_true(document_type_of(known[i].words, &type));
        assert_int_equal(type, known[i].type);
    }
}

static void a3_other_words_for_a_type_are_refused(void **state)
{
    (void) state;
    static const char *const words[] = {
        "军官证",     "身份",
        "身份证号",   "passports",
        "1",          "\xff",
        "身份证\x01", "身份证 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"};
    enum document_type type;
    for (size_t i = 0; i < COUNT(words); i++)
        assert_false(document_type_of(words[i], &type));
}

static void every_type_has_its_names_and_they_lead_back(void **state)
{
    (void) state;
    for (int i = DOCUMENT_RESIDENT_ID; i <= DOCUMENT_PASSPORT; i++) {
        enum document_type type;
        assert_true(document_type_of(document_type_zh((enum document_type) i), &type));
        assert_int_equal(type, i);
        assert_true(document_type_of(document_type_en((enum document_type) i), &type));
        assert_int_equal(type, i);
    }
    assert_string_equal(document_type_zh((enum document_type) 5), "");
    assert_string_equal(document_type_en((enum document_type) 77), "");
}

static void an_unknown_type_is_refused(void **state)
{
    (void) state;
    assert_int_equal(parse((enum document_type) 0, "X00000000", "FRA"), REASON_DOCUMENT_TYPE_UNKNOWN);
    assert_int_equal(parse((enum document_type) 5, "X00000000", "FRA"), REASON_DOCUMENT_TYPE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a1_accepts_what_the_number_says_of_its_holder),
        cmocka_unit_test(a1_agrees_with_the_standard_s_own_example),
        cmocka_unit_test(a1_accepts_every_check_character),
        cmocka_unit_test(a1_accepts_x_as_check_character),
        cmocka_unit_test(a1_check_character_wrong_is_refused),
        cmocka_unit_test(a1_every_typing_error_is_refused),
        cmocka_unit_test(a1_another_length_is_refused),
        cmocka_unit_test(a1_a_missing_number_is_refused),
        cmocka_unit_test(a1_other_characters_are_refused),
        cmocka_unit_test(a1_accepts_the_leap_day_of_leap_years),
        cmocka_unit_test(a1_a_date_that_does_not_exist_is_refused),
        cmocka_unit_test(a1_accepts_a_birth_today_and_refuses_one_tomorrow),
        cmocka_unit_test(a1_accepts_fifteen_digits_and_upgrades_them),
        cmocka_unit_test(a1_both_lengths_of_a_number_have_one_normal_form),
        cmocka_unit_test(a1_fifteen_digits_with_an_unreal_date_are_refused),
        cmocka_unit_test(a1_fifteen_characters_with_another_one_are_refused),
        cmocka_unit_test(a2_accepts_former_divisions_without_a_warning),
        cmocka_unit_test(a2_accepts_the_other_provinces),
        cmocka_unit_test(a2_unknown_address_is_a_warning_not_a_refusal),
        cmocka_unit_test(a2_a_warning_does_not_stay_for_the_next_number),
        cmocka_unit_test(a3_accepts_residence_permits),
        cmocka_unit_test(a3_a_permit_with_another_prefix_is_refused),
        cmocka_unit_test(a3_a_permit_s_check_character_wrong_is_refused),
        cmocka_unit_test(a3_a_permit_s_number_is_no_resident_id),
        cmocka_unit_test(a3_accepts_the_foreign_card_of_fifteen_characters),
        cmocka_unit_test(a3_a_foreign_card_of_another_form_is_refused),
        cmocka_unit_test(a3_accepts_the_foreign_card_of_eighteen_digits),
        cmocka_unit_test(a3_a_foreign_card_of_eighteen_digits_is_checked),
        cmocka_unit_test(a3_accepts_passports_as_they_are),
        cmocka_unit_test(a3_a_passport_of_another_form_is_refused),
        cmocka_unit_test(a3_a_passport_without_its_country_is_refused),
        cmocka_unit_test(a3_accepts_the_words_in_use_for_each_type),
        cmocka_unit_test(a3_other_words_for_a_type_are_refused),
        cmocka_unit_test(every_type_has_its_names_and_they_lead_back),
        cmocka_unit_test(an_unknown_type_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
