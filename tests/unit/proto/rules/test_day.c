/* SPDX-License-Identifier: Apache-2.0 */
/* Civil days: the calendar, its text form, Shanghai's midnight, ages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "proto/rules/day.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void epoch_is_day_zero(void **state)
{
    (void) state;
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(1970, 1, 2), 1);
    assert_int_equal(day_of(1969, 12, 31), -1);
    assert_int_equal(day_of(2000, 3, 1), 11017);
}

/* The C library's calendar says the same of every day of the range. */
static void every_day_agrees_with_the_c_library(void **state)
{
    (void) state;
    day first = day_of(1800, 1, 1), last = day_of(9999, 12, 31);
    for (day on = first; on <= last; on += on < day_of(2200, 1, 1) ? 1 : 61) {
        time_t seconds = (time_t) on * 86400;
        struct tm tm;
        char text[DAY_TEXT], expected[DAY_TEXT];
        assert_non_null(gmtime_r(&seconds, &tm));
        assert_int_equal(day_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday), on);
        assert_int_equal(strftime(expected, sizeof(expected), "%Y-%m-%d", &tm), DAY_TEXT - 1);
        day_format(on, text);
        assert_string_equal(text, expected);
    }
}

static void leap_days_exist(void **state)
{
    (void) state;
    static const int years[] = {1804, 1904, 2000, 2024, 2400, 9996};
    for (size_t i = 0; i < COUNT(years); i++)
        assert_int_equal(day_of(years[i], 3, 1) - day_of(years[i], 2, 29), 1);
}

static void leap_days_of_other_years_do_not(void **state)
{
    (void) state;
    static const int years[] = {1800, 1900, 1999, 2023, 2100, 9999};
    for (size_t i = 0; i < COUNT(years); i++) {
        assert_int_equal(day_of(years[i], 2, 29), DAY_NONE);
        assert_int_equal(day_of(years[i], 3, 1) - day_of(years[i], 2, 28), 1);
    }
}

static void months_end_where_the_next_begins(void **state)
{
    (void) state;
    for (int month = 1; month <= 12; month++)
        for (int year = 2023; year <= 2024; year++) {
            day next = month < 12 ? day_of(year, month + 1, 1) : day_of(year + 1, 1, 1);
            int days = next - day_of(year, month, 1);
            assert_int_equal(day_of(year, month, days), next - 1);
            assert_int_equal(day_of(year, month, days + 1), DAY_NONE);
        }
}

static void dates_outside_the_calendar_are_none(void **state)
{
    (void) state;
    static const int dates[][3] = {{2026, 0, 1},
                                   {2026, 13, 1},
                                   {2026, 1, 0},
                                   {2026, 1, 32},
                                   {2026, 4, 31},
                                   {2026, 11, 31},
                                   {2026, -1, 1},
                                   {2026, 1, -1},
                                   {1799, 12, 31},
                                   {10000, 1, 1},
                                   {0, 1, 1},
                                   {-1, 1, 1},
                                   {INT32_MAX, INT32_MAX, INT32_MAX}};
    for (size_t i = 0; i < COUNT(dates); i++)
        assert_int_equal(day_of(dates[i][0], dates[i][1], dates[i][2]), DAY_NONE);
    assert_int_not_equal(day_of(1800, 1, 1), DAY_NONE);
    assert_int_not_equal(day_of(9999, 12, 31), DAY_NONE);
}

static void text_of_the_one_form_is_read(void **state)
{
    (void) state;
    assert_int_equal(day_parse("1970-01-01"), 0);
    assert_int_equal(day_parse("2024-02-29"), day_of(2024, 2, 29));
    assert_int_equal(day_parse("9999-12-31"), day_of(9999, 12, 31));
}

static void text_of_any_other_form_is_none(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "",           "2026",        "2026-1-1",   "2026-01-1",  "2026/01/01",  "20260101",   "2026-01-01 ",
        " 2026-01-1", "2026-01-011", "2026-02-30", "2023-02-29", "2026-00-01",  "2026-13-01", "2026-01-00",
        "-026-01-01", "+026-01-01",  "2026--1-01", "2026-01-0x", "2026-0１-01", "0000-01-01", "1799-12-31",
        "2026-01:01", "202６-01-1"};
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(day_parse(texts[i]), DAY_NONE);
}

static void a_month_is_its_first_day(void **state)
{
    (void) state;
    static const char *const none[] = {"",        "2026-3",     "2026-13", "2026-00",
                                       "2026/03", "2026-03-01", "202603",  "2026-0x"};
    assert_int_equal(day_parse_month("2026-03"), day_of(2026, 3, 1));
    assert_int_equal(day_parse_month("1970-01"), 0);
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(day_parse_month(none[i]), DAY_NONE);
}

static void day_begins_at_midnight_in_shanghai(void **state)
{
    (void) state;
    const int64_t hour = 3600 * 1000;
    assert_int_equal(day_at(0), 0); /* eight in the morning there */
    assert_int_equal(day_at(16 * hour - 1), 0);
    assert_int_equal(day_at(16 * hour), 1);
    assert_int_equal(day_at(-8 * hour), 0);
    assert_int_equal(day_at(-8 * hour - 1), -1);
    assert_int_equal(day_at(-32 * hour), -1);
    assert_int_equal(day_at(-32 * hour - 1), -2);
    /* 2026-02-28T16:00:00Z */
    assert_int_equal(day_at(INT64_C(1772294400000)), day_of(2026, 3, 1));
    assert_int_equal(day_at(INT64_C(1772294399999)), day_of(2026, 2, 28));
}

static void birthday_counts_on_the_day_itself(void **state)
{
    (void) state;
    day born = day_of(2110, 6, 15);
    assert_int_equal(day_age(born, born), 0);
    assert_int_equal(day_age(born, day_of(2126, 6, 14)), 15);
    assert_int_equal(day_age(born, day_of(2126, 6, 15)), 16);
    assert_int_equal(day_age(born, day_of(2126, 6, 16)), 16);
    assert_int_equal(day_age(day_of(2109, 12, 31), day_of(2110, 1, 1)), 0);
    assert_int_equal(day_age(day_of(1900, 1, 1), day_of(2026, 1, 1)), 126);
}

static void leap_day_s_birthday_is_the_first_of_march(void **state)
{
    (void) state;
    day born = day_of(2104, 2, 29);
    assert_int_equal(day_age(born, day_of(2121, 2, 28)), 16);
    assert_int_equal(day_age(born, day_of(2121, 3, 1)), 17);
    assert_int_equal(day_age(born, day_of(2120, 2, 28)), 15);
    assert_int_equal(day_age(born, day_of(2120, 2, 29)), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epoch_is_day_zero),
        cmocka_unit_test(every_day_agrees_with_the_c_library),
        cmocka_unit_test(leap_days_exist),
        cmocka_unit_test(leap_days_of_other_years_do_not),
        cmocka_unit_test(months_end_where_the_next_begins),
        cmocka_unit_test(dates_outside_the_calendar_are_none),
        cmocka_unit_test(text_of_the_one_form_is_read),
        cmocka_unit_test(text_of_any_other_form_is_none),
        cmocka_unit_test(a_month_is_its_first_day),
        cmocka_unit_test(day_begins_at_midnight_in_shanghai),
        cmocka_unit_test(birthday_counts_on_the_day_itself),
        cmocka_unit_test(leap_day_s_birthday_is_the_first_of_march),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
