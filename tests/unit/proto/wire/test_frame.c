/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: whole, cut off at every byte, empty, longer than the cap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/wire/frame.h"

enum { CAP = 1 << 20 };

static void header_is_big_endian(void **state)
{
    (void) state;
    static const uint8_t expected[FRAME_HEADER] = {0x01, 0x02, 0x03, 0x04};
    uint8_t header[FRAME_HEADER];
    frame_put_header(header, 0x01020304);
    assert_memory_equal(header, expected, sizeof(header));
}

static void header_round_trips(void **state)
{
    (void) state;
    static const uint32_t lengths[] = {1, 255, 256, 65535, 65536, CAP - 1, CAP};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        uint8_t header[FRAME_HEADER];
        size_t length;
        frame_put_header(header, lengths[i]);
        assert_int_equal(frame_peek(header, sizeof(header), CAP, &length), FRAME_PARTIAL);
        assert_int_equal(length, lengths[i]);
    }
}

static void frame_cut_off_at_every_byte_is_partial(void **state)
{
    (void) state;
    uint8_t bytes[FRAME_HEADER + 300] = {0};
    frame_put_header(bytes, 300);
    for (size_t n = 0; n < sizeof(bytes); n++) {
        size_t length = 77;
        assert_int_equal(frame_peek(bytes, n, CAP, &length), FRAME_PARTIAL);
        assert_int_equal(length, n < FRAME_HEADER ? 0 : 300);
    }
}

static void whole_frame_is_seen_with_its_last_byte(void **state)
{
    (void) state;
    uint8_t bytes[FRAME_HEADER + 300] = {0};
    size_t length;
    frame_put_header(bytes, 300);
    assert_int_equal(frame_peek(bytes, sizeof(bytes), CAP, &length), FRAME_WHOLE);
    assert_int_equal(length, 300);
}

static void what_follows_a_whole_frame_does_not_matter(void **state)
{
    (void) state;
    uint8_t bytes[FRAME_HEADER + 1 + 9];
    size_t length;
    memset(bytes, 0xff, sizeof(bytes));
    frame_put_header(bytes, 1);
    for (size_t n = FRAME_HEADER + 1; n <= sizeof(bytes); n++) {
        assert_int_equal(frame_peek(bytes, n, CAP, &length), FRAME_WHOLE);
        assert_int_equal(length, 1);
    }
}

static void frame_of_the_cap_is_taken_and_one_byte_more_refused(void **state)
{
    (void) state;
    static const size_t caps[] = {1, 2, 65535, CAP};
    for (size_t i = 0; i < sizeof(caps) / sizeof(*caps); i++) {
        uint8_t header[FRAME_HEADER];
        size_t length;
        frame_put_header(header, (uint32_t) caps[i]);
        assert_int_equal(frame_peek(header, sizeof(header), caps[i], &length), FRAME_PARTIAL);
        assert_int_equal(length, caps[i]);
        frame_put_header(header, (uint32_t) caps[i] + 1);
        assert_int_equal(frame_peek(header, sizeof(header), caps[i], &length), FRAME_TOO_LONG);
        assert_int_equal(length, 0);
    }
}

/* Refused by the header alone, before anything of the body has come. */
static void longest_length_is_refused_not_negative(void **state)
{
    (void) state;
    static const uint32_t lengths[] = {0x7fffffff, 0x80000000, 0xfffffffb, 0xffffffff};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        uint8_t header[FRAME_HEADER];
        size_t length = 77;
        frame_put_header(header, lengths[i]);
        assert_int_equal(frame_peek(header, sizeof(header), CAP, &length), FRAME_TOO_LONG);
        assert_int_equal(length, 0);
    }
}

static void empty_frame_is_refused(void **state)
{
    (void) state;
    static const uint8_t bytes[FRAME_HEADER + 4] = {0};
    size_t length = 77;
    assert_int_equal(frame_peek(bytes, FRAME_HEADER, CAP, &length), FRAME_TOO_LONG);
    assert_int_equal(frame_peek(bytes, sizeof(bytes), CAP, &length), FRAME_TOO_LONG);
    assert_int_equal(length, 0);
}

static void no_bytes_are_no_frame_yet(void **state)
{
    (void) state;
    size_t length = 77;
    assert_int_equal(frame_peek((const uint8_t *) "", 0, CAP, &length), FRAME_PARTIAL);
    assert_int_equal(length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_is_big_endian),
        cmocka_unit_test(header_round_trips),
        cmocka_unit_test(frame_cut_off_at_every_byte_is_partial),
        cmocka_unit_test(whole_frame_is_seen_with_its_last_byte),
        cmocka_unit_test(what_follows_a_whole_frame_does_not_matter),
        cmocka_unit_test(frame_of_the_cap_is_taken_and_one_byte_more_refused),
        cmocka_unit_test(longest_length_is_refused_not_negative),
        cmocka_unit_test(empty_frame_is_refused),
        cmocka_unit_test(no_bytes_are_no_frame_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
