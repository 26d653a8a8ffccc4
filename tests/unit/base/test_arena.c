/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "proto/record.pb-c.h"

enum { ALIGN = 16, LARGE = 256 * 1024 };

/* Stands in for the C library's, under its fortified name too: counts what is wiped. */
void __explicit_bzero_chk(void *at, size_t n, size_t most);
static size_t wiped;

void explicit_bzero(void *at, size_t n)
{
    wiped += n;
    memset(at, 0, n);
}

void __explicit_bzero_chk(void *at, size_t n, size_t most)
{
    assert_true(n <= most);
    explicit_bzero(at, n);
}

static bool all_zero(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void pieces_of_every_size_are_zeroed_aligned_and_apart(void **state)
{
    (void) state;
    enum { PIECES = 600 };
    uint8_t *pieces[PIECES];
    struct arena *arena = arena_new(1 << 20);
    assert_non_null(arena);
    for (size_t n = 0; n < PIECES; n++) {
        pieces[n] = arena_alloc(arena, n);
        assert_non_null(pieces[n]);
        assert_int_equal((uintptr_t) pieces[n] % ALIGN, 0);
        assert_true(all_zero(pieces[n], n));
        memset(pieces[n], (int) (n % 251 + 1), n);
    }
    for (size_t n = 0; n < PIECES; n++) /* nobody wrote over another */
        for (size_t i = 0; i < n; i++)
            assert_int_equal(pieces[n][i], n % 251 + 1);
    arena_free(arena);
}

static void nothing_is_still_a_piece_of_its_own(void **state)
{
    (void) state;
    struct arena *arena = arena_new(2 * ALIGN);
    char *first = arena_alloc(arena, 0), *second = arena_alloc(arena, 0);
    assert_non_null(first);
    assert_non_null(second);
    assert_ptr_not_equal(first, second);
    assert_null(arena_alloc(arena, 0)); /* and counts */
    arena_free(arena);
}

static void cap_holds_to_the_byte_with_rounding_counted(void **state)
{
    (void) state;
    for (size_t cap = 0; cap <= 20 * ALIGN; cap++) {
        struct arena *arena = arena_new(cap);
        size_t pieces = 0;
        while (arena_alloc(arena, 1) != NULL)
            pieces++;
        assert_int_equal(pieces, cap / ALIGN);
        arena_free(arena);
    }
}

static void one_piece_may_be_the_whole_cap_and_no_more(void **state)
{
    (void) state;
    for (size_t cap = ALIGN; cap <= 8 * LARGE; cap *= 2) {
        struct arena *arena = arena_new(cap);
        assert_null(arena_alloc(arena, cap + 1));
        uint8_t *all = arena_alloc(arena, cap); /* a refusal costs nothing */
        assert_non_null(all);
        memset(all, 0xa5, cap);
        assert_null(arena_alloc(arena, 1));
        arena_free(arena);
    }
}

/* So that it need be asked only once, by whoever looks at what was made. */
static void a_refusal_is_remembered_whatever_fits_afterwards(void **state)
{
    (void) state;
    for (int how = 0; how < 4; how++) {
        struct arena *arena = arena_new(4 * ALIGN);
        assert_non_null(arena_alloc(arena, ALIGN));
        assert_false(arena_failed(arena));
        assert_null(how == 0   ? arena_alloc(arena, 4 * ALIGN)
                    : how == 1 ? arena_alloc(arena, SIZE_MAX)
                    : how == 2 ? arena_array(arena, SIZE_MAX, 2)
                               : arena_printf(arena, "%*d", 99, 1));
        assert_non_null(arena_alloc(arena, ALIGN));
        assert_true(arena_failed(arena));
        assert_false(arena_starved(arena)); /* the cap is to blame, not the system */
        arena_free(arena);
    }
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void) state;
    struct arena *arena = arena_new(SIZE_MAX);
    for (size_t less = 0; less < 2 * ALIGN; less++)
        assert_null(arena_alloc(arena, SIZE_MAX - less));
    assert_null(arena_array(arena, SIZE_MAX, 2));
    assert_null(arena_array(arena, 2, SIZE_MAX / 2 + 1));
    assert_null(arena_array(arena, SIZE_MAX / 16 + 2, 16));
    assert_null(arena_array(arena, (size_t) 1 << 33, (size_t) 1 << 33));
    assert_non_null(arena_array(arena, 3, 7));
    assert_non_null(arena_array(arena, SIZE_MAX, 0));
    assert_non_null(arena_array(arena, 0, SIZE_MAX));
    arena_free(arena);
}

static void array_counts_against_the_cap(void **state)
{
    (void) state;
    struct arena *arena = arena_new(1024);
    assert_null(arena_array(arena, 1025, 1));
    assert_null(arena_array(arena, 65, 16));
    assert_non_null(arena_array(arena, 64, 16));
    assert_null(arena_array(arena, 1, 1));
    arena_free(arena);
}

static void texts_are_copied_up_to_n_or_their_end(void **state)
{
    (void) state;
    struct arena *arena = arena_new(4096);
    const char unterminated[] = {'a', 'b', 'c'};
    assert_string_equal(arena_strndup(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(arena, "abc", 99), "abc");
    assert_string_equal(arena_strndup(arena, "abc", SIZE_MAX), "abc");
    assert_string_equal(arena_strndup(arena, "abc", 0), "");
    assert_string_equal(arena_strndup(arena, "", 5), "");
    assert_string_equal(arena_strndup(arena, unterminated, sizeof(unterminated)), "abc");
    arena_free(arena);
}

static void text_past_the_cap_is_refused_whole(void **state)
{
    (void) state;
    struct arena *arena = arena_new(ALIGN);
    assert_null(arena_strndup(arena, "0123456789abcdef", 99)); /* 16 and a NUL */
    assert_null(arena_printf(arena, "%s", "0123456789abcdef"));
    assert_string_equal(arena_printf(arena, "%s", "0123456789abcde"), "0123456789abcde");
    assert_null(arena_strndup(arena, "", 0));
    arena_free(arena);
}

static void printf_takes_any_length(void **state)
{
    (void) state;
    struct arena *arena = arena_new(1 << 20);
    for (int width = 1; width < 9000; width = width * 2 + 1) {
        const char *text = arena_printf(arena, "%*d|%s", width, 7, "x");
        assert_non_null(text);
        assert_int_equal(strlen(text), (size_t) width + 2);
        assert_string_equal(text + width - 1, "7|x");
    }
    arena_free(arena);
}

/* What was handed out: the pieces, rounded up. */
static void all_that_was_handed_out_is_wiped_at_the_end(void **state)
{
    (void) state;
    struct arena *arena = arena_new(8 * LARGE);
    size_t handed_out = 0;
    for (size_t n = 1; n < LARGE * 2; n = n * 3 + 1) {
        uint8_t *piece = arena_alloc(arena, n);
        assert_non_null(piece);
        memset(piece, 0x5a, n);
        handed_out += (n + ALIGN - 1) / ALIGN * ALIGN;
    }
    wiped = 0;
    arena_free(arena);
    assert_int_equal(wiped, handed_out);
    arena_free(NULL);
}

static void protobuf_unpacks_into_the_arena_and_frees_nothing(void **state)
{
    (void) state;
    Mingce__V1__OperatorRecord record = MINGCE__V1__OPERATOR_RECORD__INIT;
    record.name = (char[]){"abcdefghijklmnopqrstuvwxyz"};
    uint8_t packed[64];
    size_t n = mingce__v1__operator_record__pack(&record, packed);
    struct arena *arena = arena_new(4096);
    ProtobufCAllocator *allocator = arena_allocator(arena);
    Mingce__V1__OperatorRecord *read = mingce__v1__operator_record__unpack(allocator, n, packed);
    assert_non_null(read);
    mingce__v1__operator_record__free_unpacked(read, allocator);
    assert_string_equal(read->name, record.name); /* still there */
    arena_free(arena);
}

static void protobuf_fails_cleanly_at_every_cap(void **state)
{
    (void) state;
    Mingce__V1__OperatorRecord record = MINGCE__V1__OPERATOR_RECORD__INIT;
    record.name = (char[]){"abcdefghijklmnopqrstuvwxyz"};
    uint8_t packed[64];
    size_t n = mingce__v1__operator_record__pack(&record, packed), refused = 0, taken = 0;
    for (size_t cap = 0; cap <= 512; cap += ALIGN) {
        struct arena *arena = arena_new(cap);
        if (mingce__v1__operator_record__unpack(arena_allocator(arena), n, packed) == NULL)
            refused++;
        else
            taken++;
        arena_free(arena);
    }
    assert_true(refused > 1);
    assert_true(taken > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_every_size_are_zeroed_aligned_and_apart),
        cmocka_unit_test(nothing_is_still_a_piece_of_its_own),
        cmocka_unit_test(cap_holds_to_the_byte_with_rounding_counted),
        cmocka_unit_test(one_piece_may_be_the_whole_cap_and_no_more),
        cmocka_unit_test(a_refusal_is_remembered_whatever_fits_afterwards),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(array_counts_against_the_cap),
        cmocka_unit_test(texts_are_copied_up_to_n_or_their_end),
        cmocka_unit_test(text_past_the_cap_is_refused_whole),
        cmocka_unit_test(printf_takes_any_length),
        cmocka_unit_test(all_that_was_handed_out_is_wiped_at_the_end),
        cmocka_unit_test(protobuf_unpacks_into_the_arena_and_frees_nothing),
        cmocka_unit_test(protobuf_fails_cleanly_at_every_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
