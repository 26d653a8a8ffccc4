/* SPDX-License-Identifier: Apache-2.0 */
/* Days, times, counts and marks as clerks type them (A9: full-width digits, blanks, apostrophes are mended). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/rules/cell.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void a9_days_of_every_habit_are_read(void **state)
{
    (void) state;
    static const char *const same[] = {
        "2026-03-02",       "2026/3/2",    "2026.3.2",        "2026年3月2日",      "20260302",
        " ２０２６-03-02 ", "'2026-03-02", "=\"2026-03-02\"", "2026 年 3 月 2 日", "2026年3月2"};
    for (size_t i = 0; i < COUNT(same); i++)
        assert_int_equal(cell_day(same[i]), day_of(2026, 3, 2));
}

static void a9_the_time_that_a_spreadsheet_adds_is_of_that_day(void **state)
{
    (void) state;
    static const char *const same[] = {"2026-05-20 00:00:00",
                                       "2026/5/20 0:00",
                                       "2026-05-20T00:00:00",
                                       "2026/5/20　0:00",
                                       "2026年5月20日 0:00",
                                       "2026-05-20 08:30",
                                       "20260520 00:00:00",
                                       "2026-05-20 00:00:00.000",
                                       ("2026/5/20\xc2\xa0"
                                        "0:00")};
    for (size_t i = 0; i < COUNT(same); i++)
        assert_int_equal(cell_day(same[i]), day_of(2026, 5, 20));
}

/* 8 o'clock of the 1st is no 18th. */
static void what_follows_a_day_and_is_no_time_makes_it_none(void **state)
{
    (void) state;
    static const char *const none[] = {
        "2026-3-1 8时", "2026/11/1 0时", "2026-3-1 8",      "2026-3-1 24:00",    "2026-3-1 8:60",
        "2026-3-1x",    "2026-3-18:00",  "2026-3-1 8:00 9", "2026-3-1 8:00:00Z", "2026-3-1-8",
        "2026-3/1",     "2026年3-1",     "2026-3-1 上午",   "20260301 8",        "2026-3-100:00",
        "2026 3 1",     "2026-3-1 - 8"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(cell_day(none[i]), DAY_NONE);
}

static void what_is_no_day_is_none(void **state)
{
    (void) state;
    static const char *const none[] = {"",        "soon",         "2026-02-30",  "2026-13-01",
                                       "2026-03", "02/03/2026/1", "3.70102E+17", "46083"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(cell_day(none[i]), DAY_NONE);
    assert_int_equal(cell_day(NULL), DAY_NONE);
}

static void a9_times_are_read(void **state)
{
    (void) state;
    static const struct {
        const char *cell;
        int minute;
    } cases[] = {{"08:30", 510}, {"8:30", 510}, {"８：３０", 510}, {" 08:30 ", 510},
                 {"00:00", 0},   {"0:00", 0},   {"23:59", 1439},   {"24:00", 1440}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(cell_minute(cases[i].cell), cases[i].minute);
}

static void what_is_no_time_is_none(void **state)
{
    (void) state;
    static const char *const none[] = {
        "",    "8",        "8:3",  "8:300", "24:01",  "25:00", "8:60",
        ":30", "08:30:00", "8.30", "-1:00", "123:00", "8:3x",  "00000000000000008:30"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(cell_minute(none[i]), -1);
    assert_int_equal(cell_minute(NULL), -1);
}

static void a9_counts_are_read_up_to_their_bound(void **state)
{
    (void) state;
    assert_int_equal(cell_count("0", 16), 0);
    assert_int_equal(cell_count(" １６ ", 16), 16);
    assert_int_equal(cell_count("'7", 16), 7);
    assert_int_equal(cell_count("007", 16), 7);
    assert_int_equal(cell_count("17", 16), -1);
    static const char *const none[] = {"",    "-1", "+1",          "1.0",
                                       "1e1", "x",  "99999999999", "999999999999999999999"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(cell_count(none[i], INT32_MAX), -1);
    assert_int_equal(cell_count(NULL, 16), -1);
}

static void a9_marks_have_one_decimal_at_most(void **state)
{
    (void) state;
    static const struct {
        const char *cell;
        int tenths;
    } cases[] = {{"60", 600},     {"60.5", 605},     {"0", 0},       {"0.1", 1},     {"100", 1000},
                 {"100.0", 1000}, {"８０．５", 805}, {"85.00", 850}, {"85.50", 855}, {"100.000", 1000}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(cell_tenths(cases[i].cell, 1000), cases[i].tenths);
    static const char *const none[] = {"",   "100.1", "101",  "60.55", "60.",        ".5",
                                       "-1", "优",    "60,5", "6e1",   "99999999999"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(cell_tenths(none[i], 1000), -1);
    assert_int_equal(cell_tenths(NULL, 1000), -1);
}

static void b5_amounts_are_whole_fen(void **state)
{
    (void) state;
    static const struct {
        const char *cell;
        int64_t fen;
    } cases[] = {{"1700", 170000},
                 {"1700.00", 170000},
                 {"1700.5", 170050},
                 {"0.01", 1},
                 {"0", 0},
                 {"0.29", 29},
                 {"1.15", 115},
                 {"０１．１０", 110},
                 {"1,700", 170000},
                 {"1，700.50", 170050},
                 {"999,999,999.99", 99999999999},
                 {"999999999.99", 99999999999},
                 {"1,000,000,000", 100000000000},
                 {"999999999999.99", 99999999999999}};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(cell_fen(cases[i].cell), cases[i].fen);
    static const char *const none[] = {"",
                                       "1.",
                                       ".5",
                                       "1.005",
                                       "-1",
                                       "+1",
                                       "1e3",
                                       "x",
                                       "1.2.3",
                                       "1,70",
                                       "1000000000000",
                                       "1700元",
                                       ",700",
                                       "1700,000",
                                       "1,7000",
                                       "1,700,",
                                       "1,,700",
                                       "1,000,000,000,000",
                                       "1.000,5"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(cell_fen(none[i]), -1);
    assert_int_equal(cell_fen(NULL), -1);
}

/* F12, H20: months as registers and statements have them. */
static void f12_months(void **state)
{
    (void) state;
    static const char *const good[] = {"2026-03", "2026/3", "2026.3", "2026年3月", "202603", "２０２６-03"};
    for (size_t i = 0; i < COUNT(good); i++)
        assert_int_equal(cell_month(good[i]), day_of(2026, 3, 1));
    static const char *const none[] = {"",           "2026",     "2026-13", "2026-00",
                                       "2026-03-05", "20260305", "x",       "202613"};
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(cell_month(none[i]), DAY_NONE);
    assert_int_equal(cell_month(NULL), DAY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a9_days_of_every_habit_are_read),
        cmocka_unit_test(a9_the_time_that_a_spreadsheet_adds_is_of_that_day),
        cmocka_unit_test(what_follows_a_day_and_is_no_time_makes_it_none),
        cmocka_unit_test(what_is_no_day_is_none),
        cmocka_unit_test(a9_times_are_read),
        cmocka_unit_test(what_is_no_time_is_none),
        cmocka_unit_test(a9_counts_are_read_up_to_their_bound),
        cmocka_unit_test(a9_marks_have_one_decimal_at_most),
        cmocka_unit_test(b5_amounts_are_whole_fen),
        cmocka_unit_test(f12_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
