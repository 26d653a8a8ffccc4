/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a request, by its SQLSTATE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/compiler.h"
#include "daemon/store/sqlstate.h"

static void expect(const char *const *states, enum verdict verdict, bool ends)
{
    for (; *states != NULL; states++) {
        if (sqlstate_verdict(*states) != verdict || sqlstate_ends_connection(*states) != ends)
            print_error("%s\n", *states);
        assert_int_equal(sqlstate_verdict(*states), verdict);
        assert_int_equal(sqlstate_ends_connection(*states), ends);
    }
}

static void lost_races_are_tried_again(void **state)
{
    (void) state;
    expect((const char *const[]){"40001", "40P01", "23505", "23P01", "55P03", NULL}, VERDICT_AGAIN, false);
}

static void full_or_slow_server_is_nobodys_fault(void **state)
{
    (void) state;
    expect(
        (const char *const[]){"57014", "53000", "53100", "53200", "53300", "53400", "58000", "58030", NULL},
        VERDICT_UNAVAILABLE, false);
}

/* Executed surely not, but this connection serves no more: its statements or its server are others now. */
static void stale_connection_is_made_anew(void **state)
{
    (void) state;
    expect((const char *const[]){"0A000", "26000", "25006", NULL}, VERDICT_UNAVAILABLE, true);
}

static void server_that_went_leaves_the_outcome_unknown(void **state)
{
    (void) state;
    expect(
        (const char *const[]){"57P01", "57P02", "57P03", "57P05", "08000", "08003", "08006", "08P01", NULL},
        VERDICT_UNKNOWN, true);
}

/* The same again would fail again: constraints, bad values, missing rights, defects, and what nobody knows. */
static void everything_else_is_guilty(void **state)
{
    (void) state;
    expect((const char *const[]){"23514", "23502", "23503", "22012", "22P02", "25P02", "40002", "42501",
                                 "42883", "42P01", "57000", "P0001", "XX000", "0A", "5", "", NULL},
           VERDICT_GUILTY, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_races_are_tried_again),
        cmocka_unit_test(full_or_slow_server_is_nobodys_fault),
        cmocka_unit_test(stale_connection_is_made_anew),
        cmocka_unit_test(server_that_went_leaves_the_outcome_unknown),
        cmocka_unit_test(everything_else_is_guilty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
