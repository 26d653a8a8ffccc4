/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a roster, whole: identity, ages, what is declared against the number (A1, A2, A3, A7), what the
 * finding points at. The other fields: test_roster_fields.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/rules/roster.h"
#include "tests/unit/proto/invented.h"
#include "tests/unit/proto/invented_row.h"

static void a_good_row_earns_no_finding(void **state)
{
    struct check *check = *state;
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 0);
    assert_string_equal(check->clean.name, "李某");
    assert_int_equal(check->clean.document.type, DOCUMENT_RESIDENT_ID);
    assert_string_equal(check->clean.document.number, check->number);
    assert_int_equal(check->clean.sex, 1);
    assert_int_equal(check->clean.birth, day_of(2100, 2, 28));
    assert_int_equal(check->clean.declared_sex, 0);
    assert_int_equal(check->clean.declared_birth, DAY_NONE);
    assert_int_equal(check->clean.trainee_group, 8);
}

static void a_row_of_only_what_is_required_earns_no_finding(void **state)
{
    struct check *check = *state;
    Mingce__V1__RosterRow row = MINGCE__V1__ROSTER_ROW__INIT;
    row.row = 1;
    row.name = check->row.name;
    row.document_number = check->row.document_number;
    row.trainee_group = check->row.trainee_group;
    check->row = row;
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 0);
    assert_int_equal(check->clean.ethnicity, 0);
    assert_string_equal(check->clean.phone, "");
    assert_string_equal(check->clean.division, "");
}

static void a_row_of_nothing_says_all_that_is_missing(void **state)
{
    struct check *check = *state;
    mingce__v1__roster_row__init(&check->row);
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 3);
    assert_true(found(check, REASON_NAME_MISSING, "name"));
    assert_true(found(check, REASON_ID_MISSING, "document_number"));
    assert_true(found(check, REASON_GROUP_MISSING, "trainee_group"));
}

static void every_field_wrong_says_all_of_it_once(void **state)
{
    struct check *check = *state;
    check->row.name = check->row.household = check->row.address = check->row.bank = text("\x01");
    check->row.account_name = check->row.unemployment_certificate = text("\x01");
    check->row.document_type = check->row.document_number = check->row.sex = text("?");
    check->row.birth_date = check->row.ethnicity = check->row.education = text("?");
    check->row.trainee_group = check->row.division = check->row.phone = check->row.account_number = text("?");
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 15); /* the number is not judged where the type is not known */
    for (size_t i = 0; i < check->findings.n; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(check->findings.at[i].field, check->findings.at[j].field);
}

/* So that a finding can be shown in the column it speaks of. */
static void every_finding_s_field_is_one_of_the_row_s(void **state)
{
    struct check *check = *state;
    check->row.name = check->row.phone = check->row.trainee_group = check->row.account_number = text("?");
    check->row.sex = check->row.birth_date = check->row.education = check->row.division = text("?");
    assert_false(check_row(check));
    assert_true(check->findings.n >= 8);
    for (size_t i = 0; i < check->findings.n; i++)
        assert_non_null(protobuf_c_message_descriptor_get_field_by_name(&mingce__v1__roster_row__descriptor,
                                                                        check->findings.at[i].field));
}

static void warnings_alone_do_not_refuse_a_row(void **state)
{
    struct check *check = *state;
    check->row.name = text("李 某");
    check->row.sex = text("女");
    check->row.birth_date = text("2100-03-01");
    check->row.account_number = text("79927398710");
    check->row.ethnicity = check->row.education = check->row.division = text("?");
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 7);
    for (size_t i = 0; i < check->findings.n; i++)
        assert_false(reason_refuses(check->findings.at[i].reason));
}

static void what_was_found_before_does_not_stay(void **state)
{
    struct check *check = *state;
    memset(&check->clean, 0xff, sizeof(check->clean));
    memset(&check->findings, 0xff, sizeof(check->findings));
    a_good_row_earns_no_finding(state);
    assert_string_equal(check->clean.household, "");
}

/* The class begins on the sixteenth birthday, the day before it, the day after. */
static void a1_accepts_the_minimum_age_on_the_birthday(void **state)
{
    struct check *check = *state;
    check->row.document_number = invented(check, "21100401", "123");
    check->starts_on = day_of(2126, 4, 1);
    assert_true(check_row(check));
    check->starts_on = day_of(2126, 4, 2);
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 0);
}

static void a1_under_age_on_the_day_before_is_refused(void **state)
{
    struct check *check = *state;
    check->row.document_number = invented(check, "21100401", "123");
    check->starts_on = day_of(2126, 3, 31);
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_UNDER_AGE, "document_number"));
}

static void a1_born_on_a_leap_day_comes_of_age_on_the_first_of_march(void **state)
{
    struct check *check = *state;
    check->row.document_number = invented(check, "21080229", "123");
    check->starts_on = day_of(2124, 2, 28);
    assert_false(check_row(check));
    assert_true(found(check, REASON_UNDER_AGE, "document_number"));
    check->starts_on = day_of(2124, 2, 29);
    assert_true(check_row(check));
    check->row.document_number = invented(check, "21080301", "123");
    check->starts_on = day_of(2124, 2, 29);
    assert_false(check_row(check));
}

static void a1_birth_after_the_start_is_refused(void **state)
{
    struct check *check = *state;
    check->row.document_number = invented(check, "21250601", "123");
    check->starts_on = day_of(2125, 5, 31);
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_BIRTH_AFTER_START, "document_number"));
    check->starts_on = day_of(2125, 6, 1);
    assert_false(check_row(check));
    assert_true(found(check, REASON_UNDER_AGE, "document_number"));
}

static void a1_accepts_any_age_where_the_start_is_not_known(void **state)
{
    struct check *check = *state;
    check->row.document_number = invented(check, "21260301", "123");
    check->starts_on = DAY_NONE;
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 0);
}

/* B4: there is no upper age limit. */
static void a1_accepts_the_very_old(void **state)
{
    struct check *check = *state;
    check->row.document_number = text("370102000101000");
    assert_true(check_row(check));
    assert_int_equal(check->clean.birth, day_of(1900, 1, 1));
}

static void a1_check_character_wrong_is_refused(void **state)
{
    struct check *check = *state;
    invented_wrong_number(check->number, "37010221000228123", 1);
    assert_false(check_row(check));
    assert_true(found(check, REASON_ID_CHECKSUM, "document_number"));
}

static void a1_birth_in_the_future_is_one_refusal(void **state)
{
    struct check *check = *state;
    check->row.document_number = invented(check, "21270101", "124");
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_BIRTH_IN_FUTURE, "document_number"));
}

static void a2_unknown_address_is_a_warning(void **state)
{
    struct check *check = *state;
    invented_number(check->number, "37019921000228123");
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_ID_ADDRESS_UNKNOWN, "document_number"));
}

static void set_passport(struct check *check)
{
    check->row.document_type = text("护照");
    check->row.document_number = text("X00000000");
    check->row.issuing_country = text("FRA");
    check->row.sex = text("女");
    check->row.birth_date = text("2100-02-28");
}

static void a3_accepts_a_passport_and_what_is_declared_with_it(void **state)
{
    struct check *check = *state;
    set_passport(check);
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 0);
    assert_int_equal(check->clean.document.type, DOCUMENT_PASSPORT);
    assert_int_equal(check->clean.sex, 2);
    assert_int_equal(check->clean.birth, day_of(2100, 2, 28));
    assert_int_equal(check->clean.declared_sex, 0);
    assert_int_equal(check->clean.declared_birth, DAY_NONE);
}

static void a3_a_passport_without_its_country_is_refused(void **state)
{
    struct check *check = *state;
    set_passport(check);
    check->row.issuing_country = NULL;
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_COUNTRY_MISSING, "issuing_country"));
}

static void a3_an_unknown_type_is_refused_and_the_number_not_judged(void **state)
{
    struct check *check = *state;
    check->row.document_type = text("军官证");
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_DOCUMENT_TYPE_UNKNOWN, "document_type"));
}

/* The number says nothing of age: what is declared decides, and the finding points at it. */
static void a1_ages_of_passports_go_by_the_declared_birth(void **state)
{
    struct check *check = *state;
    set_passport(check);
    check->starts_on = day_of(2126, 4, 1);
    check->row.birth_date = text("2110-04-01");
    assert_true(check_row(check));
    check->row.birth_date = text("2110-04-02");
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_UNDER_AGE, "birth_date"));
    check->row.birth_date = NULL;
    assert_true(check_row(check));
    assert_int_equal(check->clean.birth, DAY_NONE);
}

static void a1_a_declared_birth_in_the_future_is_refused(void **state)
{
    struct check *check = *state;
    set_passport(check);
    check->starts_on = DAY_NONE;
    check->row.birth_date = text("2126-03-02");
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_BIRTH_IN_FUTURE, "birth_date"));
    check->row.birth_date = text("2126-03-01");
    assert_true(check_row(check));
}

static void a7_accepts_what_agrees_with_the_number(void **state)
{
    struct check *check = *state;
    static const char *const words[] = {"男", " 男 ", "男性", "Male", "m", "1", "１", "未说明", "未知"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        check->row.sex = text(words[i]);
        assert_true(check_row(check));
        assert_int_equal(check->findings.n, 0);
        assert_int_equal(check->clean.sex, 1);
        assert_int_equal(check->clean.declared_sex, 0);
    }
}

static void a7_another_sex_is_a_warning_and_recorded(void **state)
{
    struct check *check = *state;
    static const char *const words[] = {"女", "女性", "FEMALE", "F", "2"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        check->row.sex = text(words[i]);
        assert_true(check_row(check));
        assert_int_equal(check->findings.n, 1);
        assert_true(found(check, REASON_SEX_DIFFERS, "sex"));
        assert_int_equal(check->clean.sex, 1);
        assert_int_equal(check->clean.declared_sex, 2);
    }
}

static void a7_an_unknown_sex_is_a_warning_and_left_out(void **state)
{
    struct check *check = *state;
    check->row.sex = text("男女");
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_SEX_UNKNOWN, "sex"));
    assert_int_equal(check->clean.sex, 1);
    assert_int_equal(check->clean.declared_sex, 0);
}

static void a7_accepts_a_birth_date_in_every_form_in_use(void **state)
{
    struct check *check = *state;
    static const char *const dates[] = {"2100-02-28",    "2100/2/28",      "2100.2.28",
                                        "2100年2月28日", "21000228",       "2100年02月28日",
                                        " 2100-2-28",    "２１００-02-28", "'2100-02-28"};
    for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
        check->row.birth_date = text(dates[i]);
        assert_true(check_row(check));
        assert_int_equal(check->findings.n, 0);
        assert_int_equal(check->clean.declared_birth, DAY_NONE);
    }
}

static void a7_another_birth_date_is_a_warning_and_recorded(void **state)
{
    struct check *check = *state;
    check->row.birth_date = text("2100/3/1");
    assert_true(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_BIRTH_DIFFERS, "birth_date"));
    assert_int_equal(check->clean.birth, day_of(2100, 2, 28));
    assert_int_equal(check->clean.declared_birth, day_of(2100, 3, 1));
}

static void a7_a_birth_date_that_cannot_be_read_is_a_warning(void **state)
{
    struct check *check = *state;
    static const char *const dates[] = {"2100-02-29",
                                        "2100-13-01",
                                        "00-2-28",
                                        "28.2.2100",
                                        "73108",
                                        "2100022",
                                        "二月",
                                        "2100-02",
                                        "2100-2-28 0时",
                                        "-2100-2-28",
                                        "99999999999-1-1",
                                        "2100-2-28-1",
                                        "21000229",
                                        "2100-2-280000000000000000000000000"};
    for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
        check->row.birth_date = text(dates[i]);
        assert_true(check_row(check));
        assert_int_equal(check->findings.n, 1);
        assert_true(found(check, REASON_BIRTH_FORMAT, "birth_date"));
        assert_int_equal(check->clean.birth, day_of(2100, 2, 28));
        assert_int_equal(check->clean.declared_birth, DAY_NONE);
    }
}

/* A refused number says nothing that could be compared. */
static void a7_nothing_is_compared_with_a_refused_number(void **state)
{
    struct check *check = *state;
    invented_wrong_number(check->number, "37010221000228123", 1);
    check->row.sex = text("女");
    check->row.birth_date = text("2100-03-01");
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_ID_CHECKSUM, "document_number"));
    check->row.document_number = invented(check, "18991231", "123");
    check->row.birth_date = text("1999-12-31");
    assert_false(check_row(check));
    assert_int_equal(check->findings.n, 1);
    assert_true(found(check, REASON_ID_DATE, "document_number"));
}

#define TEST(function) cmocka_unit_test_setup(function, good_row)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_row_earns_no_finding),
        TEST(a_row_of_only_what_is_required_earns_no_finding),
        TEST(a_row_of_nothing_says_all_that_is_missing),
        TEST(every_field_wrong_says_all_of_it_once),
        TEST(every_finding_s_field_is_one_of_the_row_s),
        TEST(warnings_alone_do_not_refuse_a_row),
        TEST(what_was_found_before_does_not_stay),
        TEST(a1_accepts_the_minimum_age_on_the_birthday),
        TEST(a1_under_age_on_the_day_before_is_refused),
        TEST(a1_born_on_a_leap_day_comes_of_age_on_the_first_of_march),
        TEST(a1_birth_after_the_start_is_refused),
        TEST(a1_accepts_any_age_where_the_start_is_not_known),
        TEST(a1_accepts_the_very_old),
        TEST(a1_check_character_wrong_is_refused),
        TEST(a1_birth_in_the_future_is_one_refusal),
        TEST(a2_unknown_address_is_a_warning),
        TEST(a3_accepts_a_passport_and_what_is_declared_with_it),
        TEST(a3_a_passport_without_its_country_is_refused),
        TEST(a3_an_unknown_type_is_refused_and_the_number_not_judged),
        TEST(a1_ages_of_passports_go_by_the_declared_birth),
        TEST(a1_a_declared_birth_in_the_future_is_refused),
        TEST(a7_accepts_what_agrees_with_the_number),
        TEST(a7_another_sex_is_a_warning_and_recorded),
        TEST(a7_an_unknown_sex_is_a_warning_and_left_out),
        TEST(a7_accepts_a_birth_date_in_every_form_in_use),
        TEST(a7_another_birth_date_is_a_warning_and_recorded),
        TEST(a7_a_birth_date_that_cannot_be_read_is_a_warning),
        TEST(a7_nothing_is_compared_with_a_refused_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
