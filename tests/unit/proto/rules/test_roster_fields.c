/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a roster row beside the identity: names, codes, contacts, texts (A4, A8, A9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/codes.h"
#include "proto/rules/roster.h"
#include "tests/unit/proto/invented_row.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* One finding, on this field. */
static void finds(struct check *check, enum reason reason, const char *field)
{
    assert_int_equal(check_row(check), !reason_refuses(reason));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, reason, field));
}

static void finds_nothing(struct check *check)
{
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 0);
}

static void a4_accepts_a_name_in_its_normal_form(void **state)
{
    struct check *check = *state;
    check->row.name = text("阿依某·买某提");
    finds_nothing(check);
    assert_string_equal(check->clean.name, "阿依某·买某提");
}

static void a4_a_mended_name_is_a_warning_for_each_mending(void **state)
{
    struct check *check = *state;
    check->row.name = text("阿依某 .买某提");
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 2);
    assert_true(found(check, REASON_NAME_DOT, "name"));
    assert_true(found(check, REASON_NAME_SPACE, "name"));
    assert_string_equal(check->clean.name, "阿依某·买某提");
}

static void a4_a_refused_name_is_not_said_to_be_mended(void **state)
{
    struct check *check = *state;
    check->row.name = text("阿依某 .买某提2");
    finds(check, REASON_NAME_DIGIT, "name");
}

static void a8_accepts_groups_of_the_table(void **state)
{
    struct check *check = *state;
    static const struct {
        const char *words;
        int code;
    } groups[] = {{"失业人员", 7},
                  {" 失业人员 ", 7},
                  {"失业 人员", 7},
                  {"农民工/农村转移劳动力", 8},
                  {"农民工／农村转移劳动力", 8},
                  {"两后生（劳动预备制）", 16},
                  {"两后生(劳动预备制)", 16},
                  {"高危行业（化工、矿山等）职工", 17}};
    for (size_t i = 0; i < COUNT(groups); i++) {
        check->row.trainee_group = text(groups[i].words);
        finds_nothing(check);
        assert_int_equal(check->clean.trainee_group, groups[i].code);
    }
}

static void a8_an_unknown_group_is_refused(void **state)
{
    struct check *check = *state;
    static const char *const words[] = {"学员", "8", "农民工2", "\xff", "无"};
    for (size_t i = 0; i < COUNT(words); i++) {
        check->row.trainee_group = text(words[i]);
        finds(check, REASON_GROUP_UNKNOWN, "trainee_group");
        assert_int_equal(check->clean.trainee_group, 0);
    }
}

static void a8_a_missing_group_is_refused(void **state)
{
    struct check *check = *state;
    check->row.trainee_group = text(" 　");
    finds(check, REASON_GROUP_MISSING, "trainee_group");
    check->row.trainee_group = NULL;
    finds(check, REASON_GROUP_MISSING, "trainee_group");
}

static void a8_accepts_ethnicities_and_education_of_the_tables(void **state)
{
    struct check *check = *state;
    check->row.ethnicity = text("维吾尔族");
    check->row.education = text("大专");
    finds_nothing(check);
    assert_string_equal(code_name(CODES_ETHNICITY, check->clean.ethnicity), "维吾尔族");
    assert_string_equal(code_name(CODES_EDUCATION, check->clean.education), "大学专科");
}

static void a8_an_unknown_ethnicity_or_education_is_a_warning(void **state)
{
    struct check *check = *state;
    check->row.ethnicity = text("外星族");
    finds(check, REASON_ETHNICITY_UNKNOWN, "ethnicity");
    assert_int_equal(check->clean.ethnicity, 0);
    check->row.ethnicity = NULL;
    check->row.education = text("很高");
    finds(check, REASON_EDUCATION_UNKNOWN, "education");
    assert_int_equal(check->clean.education, 0);
}

static void a8_accepts_divisions(void **state)
{
    struct check *check = *state;
    static const char *const cells[] = {"370102", " 370102 ", "３７０１０２", "'370102",
                                        "371202", "110101",   "650100"};
    for (size_t i = 0; i < COUNT(cells); i++) {
        check->row.division = text(cells[i]);
        finds_nothing(check);
        assert_int_equal(strlen(check->clean.division), 6);
    }
}

static void a8_an_unknown_division_is_a_warning(void **state)
{
    struct check *check = *state;
    static const char *const cells[] = {"370199", "山东省某市", "37010", "3701020",
                                        "37010x", "011010",     "3.7E+5"};
    for (size_t i = 0; i < COUNT(cells); i++) {
        check->row.division = text(cells[i]);
        finds(check, REASON_DIVISION_UNKNOWN, "division");
        assert_string_equal(check->clean.division, "");
    }
}

static void a8_accepts_a_mobile_number(void **state)
{
    struct check *check = *state;
    check->row.phone = text("+86 138-0000-0000");
    finds_nothing(check);
    assert_string_equal(check->clean.phone, "13800000000");
    check->row.phone = text("　");
    finds_nothing(check);
    assert_string_equal(check->clean.phone, "");
}

static void a8_another_telephone_number_is_refused(void **state)
{
    struct check *check = *state;
    check->row.phone = text("0531-0000000");
    finds(check, REASON_PHONE_FORMAT, "phone");
    check->row.phone = text("1380000000");
    finds(check, REASON_PHONE_FORMAT, "phone");
}

static void a8_accepts_a_bank_account(void **state)
{
    struct check *check = *state;
    check->row.account_number = text(" 7992 7398 713 ");
    check->row.account_name = text("李某");
    check->row.bank = text("某某银行");
    finds_nothing(check);
    assert_string_equal(check->clean.account_number, "79927398713");
    assert_string_equal(check->clean.account_name, "李某");
    assert_string_equal(check->clean.bank, "某某银行");
}

static void a8_a_card_that_fails_luhn_is_a_warning(void **state)
{
    struct check *check = *state;
    check->row.account_number = text("79927398710");
    finds(check, REASON_BANK_LUHN, "account_number");
    assert_string_equal(check->clean.account_number, "79927398710");
}

static void a9_numbers_in_scientific_notation_are_refused_in_every_field(void **state)
{
    struct check *check = *state;
    check->row.document_number = text("3.70102E+17");
    finds(check, REASON_ID_PRECISION_LOST, "document_number");
    good_row(state);
    check->row.phone = text("1.38E+10");
    finds(check, REASON_NUMBER_PRECISION_LOST, "phone");
    good_row(state);
    check->row.account_number = text("6.2E+18");
    finds(check, REASON_BANK_PRECISION_LOST, "account_number");
    good_row(state);
    check->row.unemployment_certificate = text("3.7E+15");
    finds(check, REASON_NUMBER_PRECISION_LOST, "unemployment_certificate");
}

static void a9_zeroed_tails_are_refused(void **state)
{
    struct check *check = *state;
    check->row.document_number = text("370102210002283000");
    finds(check, REASON_ID_TAIL_ZEROED, "document_number");
    good_row(state);
    check->row.account_number = text("6212345678901230000");
    finds(check, REASON_BANK_TAIL_ZEROED, "account_number");
}

static void a9_what_a_spreadsheet_added_is_mended_silently(void **state)
{
    struct check *check = *state;
    static const char *const around[] = {" ", "'", "　", "\t"};
    for (size_t i = 0; i < COUNT(around); i++) {
        char cell[64];
        invented_with_x(check->number);
        snprintf(cell, sizeof(cell), "%s３７０１０２ %.11sx", around[i], check->number + 6);
        check->row.document_number = cell;
        check->row.sex = NULL;
        finds_nothing(check);
        assert_string_equal(check->clean.document.number, check->number);
    }
    good_row(state);
    check->row.unemployment_certificate = text("'3701 0000 0000 0000");
    finds_nothing(check);
    assert_string_equal(check->clean.unemployment_certificate, "3701000000000000");
}

/* Longest text of a field, in characters. */
static const struct {
    size_t place; /* of the cell in the row */
    size_t clean; /* of the text in the clean row */
    size_t characters;
    const char *field;
} texts[] = {
    {offsetof(Mingce__V1__RosterRow, household), offsetof(struct roster_clean, household), 30, "household"},
    {offsetof(Mingce__V1__RosterRow, address), offsetof(struct roster_clean, address), 100, "address"},
    {offsetof(Mingce__V1__RosterRow, bank), offsetof(struct roster_clean, bank), 100, "bank"},
    {offsetof(Mingce__V1__RosterRow, account_name), offsetof(struct roster_clean, account_name), 50,
     "account_name"},
};

static void set_cell(struct check *check, size_t place, char *cell)
{
    memcpy((char *) &check->row + place, &cell, sizeof(cell));
}

/* Of four bytes each, with blanks around. */
static char *repeated(size_t n)
{
    static char cell[1024];
    size_t used = 2;
    memset(cell, ' ', sizeof(cell));
    for (size_t i = 0; i < n; i++, used += 4)
        memcpy(cell + used, "𠮷", 4);
    cell[used + 2] = '\0';
    return cell;
}

static void a8_accepts_texts_up_to_their_length(void **state)
{
    struct check *check = *state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        good_row(state);
        set_cell(check, texts[i].place, repeated(texts[i].characters));
        finds_nothing(check);
        assert_int_equal(strlen((char *) &check->clean + texts[i].clean), 4 * texts[i].characters);
    }
}

static void a8_texts_that_are_longer_are_refused(void **state)
{
    struct check *check = *state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        good_row(state);
        set_cell(check, texts[i].place, repeated(texts[i].characters + 1));
        finds(check, REASON_TEXT_LENGTH, texts[i].field);
        char *narrow = repeated(0);
        memset(narrow, 'a', texts[i].characters + 1);
        narrow[texts[i].characters + 1] = '\0';
        set_cell(check, texts[i].place, narrow);
        finds(check, REASON_TEXT_LENGTH, texts[i].field);
        narrow[texts[i].characters] = '\0';
        finds_nothing(check);
    }
}

static void a8_texts_with_control_characters_are_refused(void **state)
{
    struct check *check = *state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        good_row(state);
        set_cell(check, texts[i].place, text("某\x01某"));
        finds(check, REASON_TEXT_CHARACTER, texts[i].field);
        set_cell(check, texts[i].place, text("某\xff"));
        finds(check, REASON_TEXT_CHARACTER, texts[i].field);
    }
}

static void a8_accepts_certificate_numbers_of_any_form(void **state)
{
    struct check *check = *state;
    static const char *const cells[] = {"3701000000000000", "鲁370100字第0001号",
                                        "000000000000000000000000000000000000000"};
    for (size_t i = 0; i < COUNT(cells); i++) {
        check->row.unemployment_certificate = text(cells[i]);
        finds_nothing(check);
        assert_string_equal(check->clean.unemployment_certificate, cells[i]);
    }
}

static void a8_a_certificate_number_without_end_is_refused(void **state)
{
    struct check *check = *state;
    check->row.unemployment_certificate = text("0000000000000000000000000000000000000000");
    finds(check, REASON_TEXT_LENGTH, "unemployment_certificate");
    check->row.unemployment_certificate = text("37\x01");
    finds(check, REASON_TEXT_CHARACTER, "unemployment_certificate");
}

static void cells_of_a_megabyte_are_refused(void **state)
{
    struct check *check = *state;
    size_t n = 1 << 20;
    char *cell = malloc(n);
    assert_non_null(cell);
    memset(cell, '9', n);
    cell[n - 1] = '\0';
    check->row.name = check->row.document_type = check->row.document_number = check->row.sex = cell;
    check->row.birth_date = check->row.trainee_group = check->row.division = check->row.phone = cell;
    check->row.address = check->row.account_number = check->row.unemployment_certificate = cell;
    assert_false(check_row(check));
    assert_true(check->findings.n >= 10);
    free(cell);
}

#define TEST(function) cmocka_unit_test_setup(function, good_row)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a4_accepts_a_name_in_its_normal_form),
        TEST(a4_a_mended_name_is_a_warning_for_each_mending),
        TEST(a4_a_refused_name_is_not_said_to_be_mended),
        TEST(a8_accepts_groups_of_the_table),
        TEST(a8_an_unknown_group_is_refused),
        TEST(a8_a_missing_group_is_refused),
        TEST(a8_accepts_ethnicities_and_education_of_the_tables),
        TEST(a8_an_unknown_ethnicity_or_education_is_a_warning),
        TEST(a8_accepts_divisions),
        TEST(a8_an_unknown_division_is_a_warning),
        TEST(a8_accepts_a_mobile_number),
        TEST(a8_another_telephone_number_is_refused),
        TEST(a8_accepts_a_bank_account),
        TEST(a8_a_card_that_fails_luhn_is_a_warning),
        TEST(a9_numbers_in_scientific_notation_are_refused_in_every_field),
        TEST(a9_zeroed_tails_are_refused),
        TEST(a9_what_a_spreadsheet_added_is_mended_silently),
        TEST(a8_accepts_texts_up_to_their_length),
        TEST(a8_texts_that_are_longer_are_refused),
        TEST(a8_texts_with_control_characters_are_refused),
        TEST(a8_accepts_certificate_numbers_of_any_form),
        TEST(a8_a_certificate_number_without_end_is_refused),
        TEST(cells_of_a_megabyte_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
