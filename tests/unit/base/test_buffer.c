/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/buffer.h"

enum { KEPT = 16 * 1024 };

static void fill(struct buffer *buffer, size_t n, char byte)
{
    uint8_t *room = buffer_room(buffer, n);
    assert_non_null(room);
    memset(room, byte, n); /* the sanitizer says when the room is short */
    buffer_filled(buffer, n);
}

static void empty_one_holds_nothing_and_may_be_freed(void **state)
{
    (void) state;
    struct buffer buffer = {0};
    assert_int_equal(buffer_held(&buffer), 0);
    assert_null(buffer_at(&buffer));
    buffer_clear(&buffer);
    buffer_consume(&buffer, 0);
    buffer_free(&buffer);
    buffer_free(&buffer);
}

static void bytes_come_out_as_they_went_in(void **state)
{
    (void) state;
    struct buffer buffer = {0};
    assert_true(buffer_add(&buffer, "abc", 3));
    assert_true(buffer_add(&buffer, NULL, 0));
    assert_true(buffer_add(&buffer, "def", 3));
    assert_int_equal(buffer_held(&buffer), 6);
    assert_memory_equal(buffer_at(&buffer), "abcdef", 6);
    buffer_consume(&buffer, 2);
    assert_int_equal(buffer_held(&buffer), 4);
    assert_memory_equal(buffer_at(&buffer), "cdef", 4);
    buffer_free(&buffer);
}

static void room_is_room_whatever_was_held_and_consumed(void **state)
{
    (void) state;
    for (size_t held = 0; held < 1500; held += 97)
        for (size_t consumed = 0; consumed <= held; consumed += 53)
            for (size_t n = 0; n < 1500; n += 211) {
                struct buffer buffer = {0};
                fill(&buffer, held, 'a');
                buffer_consume(&buffer, consumed);
                fill(&buffer, n, 'b');
                assert_int_equal(buffer_held(&buffer), held - consumed + n);
                for (size_t i = 0; i < held - consumed + n; i++)
                    assert_int_equal(buffer_at(&buffer)[i], i < held - consumed ? 'a' : 'b');
                buffer_free(&buffer);
            }
}

static void queue_keeps_its_order_over_many_turns(void **state)
{
    (void) state;
    struct buffer buffer = {0};
    uint32_t in = 0, out = 0, read;
    for (size_t turn = 0; turn < 3000; turn++) {
        for (size_t i = 0; i < turn % 7 + 1; i++, in++)
            assert_true(buffer_add(&buffer, &in, sizeof(in)));
        for (size_t i = 0; i < turn % 5 + 1 && out < in; i++, out++) {
            memcpy(&read, buffer_at(&buffer), sizeof(read));
            assert_int_equal(read, out);
            buffer_consume(&buffer, sizeof(read));
        }
    }
    assert_int_equal(buffer_held(&buffer), (in - out) * sizeof(in));
    buffer_free(&buffer);
}

/* A queue that never empties must not grow with what has passed through it. */
static void steady_queue_stays_small(void **state)
{
    (void) state;
    struct buffer buffer = {0};
    fill(&buffer, 300, 'x');
    for (size_t turn = 0; turn < 100000; turn++) {
        fill(&buffer, 100, 'x');
        buffer_consume(&buffer, 100);
    }
    assert_int_equal(buffer_held(&buffer), 300);
    assert_true(buffer.size <= 2048);
    buffer_free(&buffer);
}

static void growth_doubles_so_that_many_small_adds_are_cheap(void **state)
{
    (void) state;
    struct buffer buffer = {0};
    size_t moves = 0, size = 0;
    for (size_t i = 0; i < 1 << 20; i++) {
        assert_true(buffer_add(&buffer, "x", 1));
        moves += buffer.size != size;
        size = buffer.size;
    }
    assert_true(moves <= 12); /* 512 to 1 MiB */
    buffer_free(&buffer);
}

static void clear_keeps_a_small_allocation_and_frees_a_large_one(void **state)
{
    (void) state;
    struct buffer buffer = {0};
    fill(&buffer, KEPT, 'x');
    buffer_clear(&buffer);
    assert_int_equal(buffer_held(&buffer), 0);
    assert_int_equal(buffer.size, KEPT);
    fill(&buffer, KEPT + 1, 'x');
    buffer_clear(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_null(buffer.data);
    buffer_free(&buffer);
}

static void consuming_all_is_clearing(void **state)
{
    (void) state;
    struct buffer buffer = {0};
    fill(&buffer, 100, 'x');
    buffer_consume(&buffer, 100);
    assert_int_equal(buffer.head, 0);
    assert_int_equal(buffer.tail, 0);
    fill(&buffer, KEPT * 2, 'x');
    buffer_consume(&buffer, KEPT * 2);
    assert_int_equal(buffer.size, 0);
}

static void room_that_cannot_be_is_refused_and_nothing_is_lost(void **state)
{
    (void) state;
    struct buffer buffer = {0};
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 5, SIZE_MAX / 2, SIZE_MAX / 4 + 1};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        assert_null(buffer_room(&buffer, sizes[i]));
        assert_false(buffer_add(&buffer, "x", sizes[i]));
    }
    assert_int_equal(buffer_held(&buffer), 0);
    assert_true(buffer_add(&buffer, "kept", 4));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
        assert_null(buffer_room(&buffer, sizes[i]));
    assert_int_equal(buffer_held(&buffer), 4);
    assert_memory_equal(buffer_at(&buffer), "kept", 4);
    buffer_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_one_holds_nothing_and_may_be_freed),
        cmocka_unit_test(bytes_come_out_as_they_went_in),
        cmocka_unit_test(room_is_room_whatever_was_held_and_consumed),
        cmocka_unit_test(queue_keeps_its_order_over_many_turns),
        cmocka_unit_test(steady_queue_stays_small),
        cmocka_unit_test(growth_doubles_so_that_many_small_adds_are_cheap),
        cmocka_unit_test(clear_keeps_a_small_allocation_and_frees_a_large_one),
        cmocka_unit_test(consuming_all_is_clearing),
        cmocka_unit_test(room_that_cannot_be_is_refused_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
