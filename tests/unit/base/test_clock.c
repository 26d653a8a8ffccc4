/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "daemon/base/clock.h"

/* Stands in for the C library's: each clock says what the test wants it to say. */
static struct timespec wall, monotonic;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    *now = clock == CLOCK_REALTIME ? wall : monotonic;
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ? 0 : -1;
}

struct reading {
    struct timespec time;
    int64_t ms;
};

static const struct reading readings[] = {
    {{0, 0}, 0},
    {{0, 999999}, 0},
    {{0, 1000000}, 1},
    {{0, 999999999}, 999},
    {{1, 0}, 1000},
    {{1700000000, 123456789}, 1700000000123},
    {{2147483648, 0}, 2147483648000},             /* past 2038 */
    {{253402300799, 999999999}, 253402300799999}, /* the last of the year 9999 */
};

static void each_clock_is_read_in_milliseconds(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(readings) / sizeof(*readings); i++) {
        wall = readings[i].time;
        monotonic = (struct timespec){.tv_sec = 77};
        assert_true(clock_wall_ms() == readings[i].ms);
        assert_true(clock_monotonic_ms() == 77000);
        monotonic = wall;
        wall = (struct timespec){.tv_sec = 88};
        assert_true(clock_monotonic_ms() == readings[i].ms);
        assert_true(clock_wall_ms() == 88000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_clock_is_read_in_milliseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
