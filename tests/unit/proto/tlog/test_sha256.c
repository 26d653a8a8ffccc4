/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/tlog/sha256.h"

static void expect(const uint8_t digest[SHA256_BYTES], const char *hex)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        assert_int_equal(digest[i] >> 4, strchr(digits, hex[2 * i]) - digits);
        assert_int_equal(digest[i] & 15, strchr(digits, hex[2 * i + 1]) - digits);
    }
}

/* FIPS 180-4's examples. */
static void of_one_text(void **state)
{
    (void) state;
    uint8_t digest[SHA256_BYTES];
    sha256("abc", 3, digest);
    expect(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256(NULL, 0, digest);
    expect(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* Cut at every place. */
static void of_pieces_as_one_text(void **state)
{
    (void) state;
    static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    uint8_t digest[SHA256_BYTES];
    SHA256_CTX context;
    for (size_t cut = 0; cut < sizeof(text); cut++) {
        sha256_begin(&context);
        sha256_add(&context, text, cut);
        sha256_add(&context, text + cut, sizeof(text) - 1 - cut);
        sha256_end(&context, digest);
        expect(digest, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_one_text),
        cmocka_unit_test(of_pieces_as_one_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
