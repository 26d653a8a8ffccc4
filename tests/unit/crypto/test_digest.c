/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/crypto/ring.h"

static void assert_digest(const uint8_t digest[32], const char *hex)
{
    uint8_t expected[32];
    assert_int_equal(from_hex(expected, hex), 32);
    assert_memory_equal(digest, expected, 32);
}

/* Computed by another library. */
static void commitment_is_what_proto_says(void **state)
{
    (void) state;
    uint8_t salt[SALT_BYTES], digest[COMMITMENT_BYTES];
    for (size_t i = 0; i < sizeof(salt); i++)
        salt[i] = (uint8_t) i;
    commitment("mingce.v1.PersonRecord", salt, "hello", 5, digest);
    assert_digest(digest, "4fca134b455a76c2b83280b603e6dc07bebe6b84e6dd2228d28ce2b5efc10881");
    commitment("mingce.v1.PersonRecord", salt, "", 0, digest);
    assert_digest(digest, "b754efddc89a937b17a49d86b406082c2a529f67cfe9500fda530ce0c38398a9");
}

static void length_is_four_bytes_big_endian(void **state)
{
    (void) state;
    static const size_t lengths[] = {1, 255, 256, 65535, 65536, 70000};
    static uint8_t joined[1 + SALT_BYTES + 4 + 70000] = "d"; /* domain, salt, length, data */
    uint8_t *length = joined + 1 + SALT_BYTES, *data = length + 4, digest[32], expected[32];
    for (size_t i = 0; i < 70000; i++)
        data[i] = (uint8_t) (i * 5);
    for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
        size_t n = lengths[i];
        for (int byte = 0; byte < 4; byte++)
            length[byte] = (uint8_t) (n >> (24 - 8 * byte));
        assert_int_equal(EVP_Digest(joined, 1 + SALT_BYTES + 4 + n, expected, NULL, EVP_sha256(), NULL), 1);
        commitment("d", joined + 1, data, n, digest);
        assert_memory_equal(digest, expected, 32);
    }
}

static void commitments_differ_by_domain_salt_and_data(void **state)
{
    (void) state;
    enum { N = 5 };
    uint8_t digest[N][COMMITMENT_BYTES], zero[SALT_BYTES] = {0}, one[SALT_BYTES] = {1};
    commitment("a", zero, "x", 1, digest[0]);
    commitment("b", zero, "x", 1, digest[1]);
    commitment("a", one, "x", 1, digest[2]);
    commitment("a", zero, "y", 1, digest[3]);
    commitment("a", zero, "x\0", 2, digest[4]);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(digest[i], digest[j], COMMITMENT_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commitment_is_what_proto_says),
        cmocka_unit_test(length_is_four_bytes_big_endian),
        cmocka_unit_test(commitments_differ_by_domain_salt_and_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
