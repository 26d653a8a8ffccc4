/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/wire/hex.h"

static void every_byte_comes_back(void **state)
{
    (void) state;
    uint8_t bytes[256], read[256];
    char text[2 * 256 + 1];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t) i;
    hex_write(bytes, sizeof(bytes), text);
    assert_int_equal(strlen(text), 512);
    assert_memory_equal(text + 2 * 0x9a, "9a9b", 4);
    assert_true(hex_read(text, read, sizeof(read)));
    assert_memory_equal(read, bytes, sizeof(bytes));
    hex_write(bytes, 0, text);
    assert_string_equal(text, "");
}

static void either_case_and_hyphens_are_read(void **state)
{
    (void) state;
    uint8_t read[4];
    assert_true(hex_read("aB-cD-0199", read, 4));
    assert_memory_equal(read, "\xab\xcd\x01\x99", 4);
}

static void what_is_not_so_many_digits_is_refused(void **state)
{
    (void) state;
    uint8_t read[2];
    static const char *const wrong[] = {NULL, "", "abc", "abcd0", "abcg", " abcd", "abcd ", "ab:cd", "abcd-"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_false(hex_read(wrong[i], read, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(either_case_and_hyphens_are_read),
        cmocka_unit_test(what_is_not_so_many_digits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
