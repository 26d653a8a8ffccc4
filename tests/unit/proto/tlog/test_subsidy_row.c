/* SPDX-License-Identifier: Apache-2.0 */
/* What a subsidy comes to (B6, B10). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/tlog/subsidy_row.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void b10_the_whole_fen_of_rate_units_and_percent_up_to_the_cap(void **state)
{
    (void) state;
    static const struct {
        struct subsidy_terms terms;
        int64_t units, fen;
    } cases[] = {
        {{150000, 100, 0}, 1, 150000},
        {{3000, 100, 0}, 30, 90000},
        {{1000, 100, 60000}, 59, 59000}, /* ten yuan an hour, 600 at most */
        {{1000, 100, 60000}, 60, 60000},
        {{1000, 100, 60000}, 105, 60000},
        {{150001, 70, 0}, 1, 105000},    /* 105000.7 */
        {{99999, 130, 0}, 1, 129998},    /* 129998.7 */
        {{33, 50, 0}, 3, 49},            /* 49.5: of all units, not 3 times 16 */
        {{1000, 130, 60000}, 50, 60000}, /* 65000: the cap is the last word */
        {{99999999999, 1000, 0}, 500000, 499999999995000000},
        {{1, 99, 0}, 1, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t fen = -1;
        assert_true(subsidy_due(&cases[i].terms, cases[i].units, &fen));
        assert_int_equal(fen, cases[i].fen);
    }
}

static void b10_what_is_too_large_or_negative_is_no_amount(void **state)
{
    (void) state;
    static const struct {
        struct subsidy_terms terms;
        int64_t units;
    } cases[] = {{{INT64_MAX, 100, 0}, 2},
                 {{INT64_MAX, 101, 0}, 1},
                 {{-1, 100, 0}, 1},
                 {{1, -1, 0}, 1},
                 {{1, 100, 0}, -1}};
    int64_t fen;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_false(subsidy_due(&cases[i].terms, cases[i].units, &fen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(b10_the_whole_fen_of_rate_units_and_percent_up_to_the_cap),
        cmocka_unit_test(b10_what_is_too_large_or_negative_is_no_amount),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
