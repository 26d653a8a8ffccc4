/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/crypto/seal.h"

/* Stands in for the C library's, so that the time of an identifier is known. */
static struct timespec now = {.tv_sec = 1700000000, .tv_nsec = 123000000};

int clock_gettime(clockid_t clock, struct timespec *time)
{
    (void) clock;
    *time = now;
    return 0;
}

static void draws_of_every_length_fill_just_what_was_asked(void **state)
{
    (void) state;
    static uint8_t bytes[10001];
    static const uint8_t zeros[16];
    for (size_t n = 0; n < sizeof(bytes); n += n < 40 ? 1 : 997) {
        memset(bytes, 0, sizeof(bytes));
        crypto_random(bytes, n);
        assert_int_equal(bytes[n], 0);
        for (size_t at = 0; at + 16 <= n; at += 16) /* across the draws of 4096 too */
            assert_memory_not_equal(bytes + at, zeros, 16);
    }
}

static void nothing_is_handed_out_twice(void **state)
{
    (void) state;
    enum { N = 2000, BYTES = 12 };
    static uint8_t drawn[N][BYTES];
    for (size_t i = 0; i < N; i++)
        crypto_random(drawn[i], BYTES);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(drawn[i], drawn[j], BYTES);
}

/* 4096 draws of a byte are expected to hold each value 16 times; 60 is 11 standard deviations off. */
static void every_byte_comes_about_as_often(void **state)
{
    (void) state;
    static uint8_t bytes[4096];
    unsigned seen[256] = {0};
    crypto_random(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        seen[bytes[i]]++;
    for (size_t i = 0; i < 256; i++)
        assert_true(seen[i] < 60);
}

static void draw_in_a_child(uint8_t drawn[16])
{
    int pipes[2], status = -1;
    assert_int_equal(pipe(pipes), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        crypto_random(drawn, 16);
        _exit(write(pipes[1], drawn, 16) != 16);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(read(pipes[0], drawn, 16), 16);
    close(pipes[0]);
    close(pipes[1]);
}

static void forked_children_draw_their_own(void **state)
{
    (void) state;
    enum { BEFORE, FIRST, SECOND, AFTER, N };
    uint8_t drawn[N][16];
    static const uint8_t zeros[16];
    crypto_random(drawn[BEFORE], 16); /* so that there is a pool to share */
    draw_in_a_child(drawn[FIRST]);
    draw_in_a_child(drawn[SECOND]);
    crypto_random(drawn[AFTER], 16);
    for (size_t i = 0; i < N; i++) {
        assert_memory_not_equal(drawn[i], zeros, 16);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(drawn[i], drawn[j], 16);
    }
}

static void identifiers_are_version_7(void **state)
{
    (void) state;
    uint8_t uuid[16];
    for (int i = 0; i < 1000; i++) {
        crypto_uuid(uuid);
        assert_int_equal(uuid[6] >> 4, 7);
        assert_int_equal(uuid[8] >> 6, 2);
    }
}

static void identifiers_begin_with_the_time_in_milliseconds(void **state)
{
    (void) state;
    uint8_t uuid[16], later[16];
    crypto_uuid(uuid);
    assert_memory_equal(uuid, "\x01\x8b\xcf\xe5\x68\x7b", 6); /* 1700000000123 */
    now.tv_nsec += 1000000;
    crypto_uuid(later);
    assert_memory_equal(later, "\x01\x8b\xcf\xe5\x68\x7c", 6);
    assert_true(memcmp(uuid, later, sizeof(uuid)) < 0);
}

static void identifiers_of_one_moment_differ(void **state)
{
    (void) state;
    enum { N = 2000 };
    static uint8_t uuids[N][16];
    for (size_t i = 0; i < N; i++)
        crypto_uuid(uuids[i]);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(uuids[i], uuids[j], 16);
    unsigned seen = 0; /* every free bit is used */
    uint8_t ones[16] = {0};
    for (size_t i = 0; i < N; i++)
        for (size_t at = 6; at < 16; at++)
            ones[at] |= uuids[i][at];
    for (size_t at = 6; at < 16; at++)
        seen += (unsigned) __builtin_popcount(ones[at]);
    assert_int_equal(seen, 10 * 8 - 1 - 1); /* version 0111, variant 10 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_of_every_length_fill_just_what_was_asked),
        cmocka_unit_test(nothing_is_handed_out_twice),
        cmocka_unit_test(every_byte_comes_about_as_often),
        cmocka_unit_test(forked_children_draw_their_own),
        cmocka_unit_test(identifiers_are_version_7),
        cmocka_unit_test(identifiers_begin_with_the_time_in_milliseconds),
        cmocka_unit_test(identifiers_of_one_moment_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
