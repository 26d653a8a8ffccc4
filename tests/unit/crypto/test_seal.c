/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/crypto/ring.h"

enum { NONCE_AT = 1 + 4, TEXT_AT = NONCE_AT + 12, TAG = 16, LONGEST = 4096 };

static const uint8_t row[16] = {0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
                                0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf};
static const char person[] = "张三 110101199003070015";
static struct keyring *keys; /* RING */

static int keys_open(void **state)
{
    (void) state;
    keys = ring(RING);
    return 0;
}

static int keys_close(void **state)
{
    (void) state;
    keyring_free(keys);
    return 0;
}

/* ---- sealing ---- */

static void what_is_sealed_opens_at_every_length(void **state)
{
    (void) state;
    static uint8_t plain[LONGEST], sealed[LONGEST + SEAL_OVERHEAD], opened[LONGEST + 1];
    for (size_t i = 0; i < sizeof(plain); i++)
        plain[i] = (uint8_t) (i * 7);
    for (size_t n = 0; n <= LONGEST; n += n < 70 ? 1 : 671) {
        opened[n] = 0x5a;
        assert_true(seal(keys, "person", row, plain, n, sealed));
        assert_true(unseal(keys, "person", row, sealed, n + SEAL_OVERHEAD, opened));
        assert_memory_equal(opened, plain, n);
        assert_int_equal(opened[n], 0x5a); /* and not a byte more is written */
    }
}

/* Computed by another library: key, nonce and associated data `person` NUL row. */
static const struct {
    const char *hex, *text;
} golden[] = {
    {"0100000001c0c1c2c3c4c5c6c7c8c9cacb82d16c4d4acf14d4ee3fbc3682d09a57", ""},
    {"0100000001c0c1c2c3c4c5c6c7c8c9cacbe5f48783cff1b66fa9e9cc92039dd16f7c43d00f0bd22f8b1f86066b5d7dbedc2b5e"
     "181b18fb3d249d",
     person},
    {"0100000007c0c1c2c3c4c5c6c7c8c9cacbc22a0a3fd5361ed64225b38f560ae1d7", ""},
    {"0100000007c0c1c2c3c4c5c6c7c8c9cacb8f2f99153be66bda4b156f8b18ecfa35b17cb1e02b97665c4ce6742a5d3b82b63a7d"
     "d9fea1d892bf40",
     person},
};

static void bytes_sealed_elsewhere_open(void **state)
{
    (void) state;
    struct keyring *both = ring(RING_NEW);
    for (size_t i = 0; i < ARRAY_SIZE(golden); i++) {
        uint8_t sealed[128], opened[128];
        size_t n = from_hex(sealed, golden[i].hex);
        assert_int_equal(n, strlen(golden[i].text) + SEAL_OVERHEAD);
        assert_true(unseal(both, "person", row, sealed, n, opened));
        assert_memory_equal(opened, golden[i].text, n - SEAL_OVERHEAD);
    }
    keyring_free(both);
}

/* The text of `sealed`, opened with nothing but OpenSSL and the documented layout. */
static bool open_elsewhere(const uint8_t key[32], const uint8_t *sealed, size_t n, uint8_t *text)
{
    uint8_t identity[7 + 16] = "person", tag[TAG];
    int done;
    memcpy(identity + 7, row, 16);
    memcpy(tag, sealed + n - TAG, TAG);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool good = EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, sealed + NONCE_AT) == 1 &&
                EVP_DecryptUpdate(context, NULL, &done, identity, sizeof(identity)) == 1 &&
                EVP_DecryptUpdate(context, text, &done, sealed + TEXT_AT, (int) (n - SEAL_OVERHEAD)) == 1 &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1 &&
                EVP_DecryptFinal_ex(context, text + done, &done) == 1;
    EVP_CIPHER_CTX_free(context);
    return good;
}

static void sealed_bytes_are_what_the_header_says(void **state)
{
    (void) state;
    uint8_t key[32], sealed[sizeof(person) + SEAL_OVERHEAD], text[sizeof(person)];
    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (uint8_t) i;
    assert_true(seal(keys, "person", row, person, sizeof(person), sealed));
    assert_memory_equal(sealed, "\x01\0\0\0\x01", 5);
    assert_true(open_elsewhere(key, sealed, sizeof(sealed), text));
    assert_memory_equal(text, person, sizeof(person));
}

static void no_two_nonces_are_alike(void **state)
{
    (void) state;
    enum { TIMES = 2000 };
    static uint8_t sealed[TIMES][SEAL_OVERHEAD + 4];
    for (size_t i = 0; i < TIMES; i++)
        assert_true(seal(keys, "person", row, "same", 4, sealed[i]));
    for (size_t i = 0; i < TIMES; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(sealed[i] + NONCE_AT, sealed[j] + NONCE_AT, 12);
    assert_memory_not_equal(sealed[0] + TEXT_AT, sealed[1] + TEXT_AT, 4 + TAG);
}

/* ---- what must not open ---- */

static uint8_t good[sizeof(person) + SEAL_OVERHEAD];

static void assert_shut(struct keyring *ring_used, const char *domain, const uint8_t id[16],
                        const uint8_t *sealed, size_t n)
{
    uint8_t out[sizeof(good)];
    memset(out, 0x5a, sizeof(out));
    assert_false(unseal(ring_used, domain, id, sealed, n, out));
    for (size_t i = 0; i + 4 <= sizeof(person); i++) /* nor is the text left behind */
        assert_memory_not_equal(out + i, person + i, 4);
}

static int seal_one(void **state)
{
    (void) state;
    uint8_t out[sizeof(person)];
    return seal(keys, "person", row, person, sizeof(person), good) &&
                   unseal(keys, "person", row, good, sizeof(good), out)
               ? 0
               : -1;
}

static void flipped_bit_anywhere_does_not_open(void **state)
{
    (void) state;
    for (size_t bit = 0; bit < sizeof(good) * 8; bit++) {
        uint8_t sealed[sizeof(good)];
        memcpy(sealed, good, sizeof(good));
        sealed[bit / 8] ^= (uint8_t) (1 << bit % 8);
        assert_shut(keys, "person", row, sealed, sizeof(sealed));
    }
}

static void cut_or_lengthened_does_not_open(void **state)
{
    (void) state;
    for (size_t n = 0; n < sizeof(good); n++) {
        uint8_t *sealed = malloc(n + 1); /* just as long, for the sanitizer */
        assert_non_null(sealed);
        memcpy(sealed, good, n);
        assert_shut(keys, "person", row, sealed, n);
        free(sealed);
    }
    for (size_t n = 1; n < sizeof(good); n++) /* its beginning lost */
        assert_shut(keys, "person", row, good + n, sizeof(good) - n);
    uint8_t longer[sizeof(good) + 1] = {0};
    memcpy(longer, good, sizeof(good));
    uint8_t out[sizeof(longer)];
    assert_false(unseal(keys, "person", row, longer, sizeof(longer), out));
}

static void another_rows_identity_does_not_open(void **state)
{
    (void) state;
    for (size_t bit = 0; bit < 16 * 8; bit++) {
        uint8_t other[16];
        memcpy(other, row, 16);
        other[bit / 8] ^= (uint8_t) (1 << bit % 8);
        assert_shut(keys, "person", other, good, sizeof(good));
    }
}

static void another_domain_does_not_open(void **state)
{
    (void) state;
    static const char *const others[] = {"", "perso", "persons", "Person", "enrolment"};
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_shut(keys, others[i], row, good, sizeof(good));
}

/* domain || NUL || id: what moves from one to the other must not go unnoticed. */
static void domain_and_row_do_not_run_together(void **state)
{
    (void) state;
    uint8_t sealed[sizeof(person) + SEAL_OVERHEAD], out[sizeof(person)];
    uint8_t shifted[16] = {0};
    static const uint8_t first[16] = {'x', 0};
    assert_true(seal(keys, "personx", shifted, person, sizeof(person), sealed));
    assert_false(unseal(keys, "person", first, sealed, sizeof(sealed), out));
}

static void domain_is_never_cut(void **state)
{
    (void) state;
    char longest[66], longer[66];
    uint8_t out[sizeof(good)];
    memset(longest, 'd', 64);
    longest[64] = '\0';
    memset(longer, 'd', 65);
    longer[65] = '\0';
    assert_true(seal(keys, longest, row, person, sizeof(person), out));
    assert_shut(keys, longer, row, out, sizeof(out));
    assert_false(seal(keys, longer, row, person, sizeof(person), out));
}

static void length_beyond_the_ciphers_is_refused(void **state)
{
    (void) state;
    uint8_t out[SEAL_OVERHEAD];
    assert_false(seal(keys, "person", row, person, (size_t) INT32_MAX - SEAL_OVERHEAD + 1, out));
    assert_false(seal(keys, "person", row, person, (size_t) INT32_MAX + 1, out));
    assert_false(seal(keys, "person", row, person, SIZE_MAX, out));
    assert_false(unseal(keys, "person", row, good, (size_t) INT32_MAX + 1, out));
    assert_false(unseal(keys, "person", row, good, SIZE_MAX, out));
}

/* ---- rotation ---- */

static void newest_key_seals_and_the_older_ones_open(void **state)
{
    (void) state;
    static const char *const rings[] = {RING_NEW, SEAL_1 SEAL_7 INDEX_1}; /* in either order */
    struct keyring *newest_only = ring(SEAL_7 INDEX_1);
    uint8_t sealed[sizeof(good)], out[sizeof(person)];
    for (size_t i = 0; i < ARRAY_SIZE(rings); i++) {
        struct keyring *newer = ring(rings[i]);
        assert_true(unseal(newer, "person", row, good, sizeof(good), out));
        assert_memory_equal(out, person, sizeof(person));
        assert_true(seal(newer, "person", row, person, sizeof(person), sealed));
        assert_memory_equal(sealed, "\x01\0\0\0\x07", 5);
        assert_true(unseal(newest_only, "person", row, sealed, sizeof(sealed), out));
        assert_shut(newest_only, "person", row, good, sizeof(good)); /* its key is gone */
        assert_shut(keys, "person", row, sealed, sizeof(sealed));    /* its key is not there yet */
        keyring_free(newer);
    }
    keyring_free(newest_only);
}

static void same_id_with_another_key_does_not_open(void **state)
{
    (void) state;
    struct keyring *other = ring("seal 1 aes-256-gcm " KEY_B "\n" INDEX_1);
    assert_shut(other, "person", row, good, sizeof(good));
    keyring_free(other);
}

/* A refusal leaves nothing behind in the contexts, which are used again. */
static void refusals_do_not_spoil_what_follows(void **state)
{
    (void) state;
    uint8_t sealed[sizeof(good)], out[sizeof(person)];
    for (int i = 0; i < 3; i++) {
        assert_shut(keys, "enrolment", row, good, sizeof(good));
        assert_true(unseal(keys, "person", row, good, sizeof(good), out));
        assert_true(seal(keys, "person", row, person, sizeof(person), sealed));
        assert_true(unseal(keys, "person", row, sealed, sizeof(sealed), out));
        assert_memory_equal(out, person, sizeof(person));
    }
}

/* ---- equality ---- */

static void indexes_are_what_the_header_says(void **state)
{
    (void) state;
    uint8_t index[INDEX_BYTES], expected[INDEX_BYTES];
    from_hex(expected, "01304781cdc25ec3e3764236832736a12692343620e6e3879e6b9613d180608f");
    assert_true(keyed_index(keys, "document", "110101199003070015", 18, index));
    assert_memory_equal(index, expected, INDEX_BYTES);
    from_hex(expected, "b237ad0ce19e9964d8daa00cd93d8a59850d039fcfafd295211eb9643668d5d7");
    assert_true(keyed_index(keys, "document", "", 0, index));
    assert_memory_equal(index, expected, INDEX_BYTES);
}

static void equal_values_have_equal_indexes_whatever_seals(void **state)
{
    (void) state;
    struct keyring *newer = ring(RING_NEW);
    uint8_t first[INDEX_BYTES], again[INDEX_BYTES], rotated[INDEX_BYTES];
    assert_true(keyed_index(keys, "name", "x", 1, first));
    assert_true(keyed_index(keys, "name", "another", 7, again));
    assert_true(keyed_index(keys, "name", "x", 1, again));
    assert_true(keyed_index(newer, "name", "x", 1, rotated));
    assert_memory_equal(first, again, INDEX_BYTES);
    assert_memory_equal(first, rotated, INDEX_BYTES);
    keyring_free(newer);
}

static void different_values_domains_and_keys_have_different_indexes(void **state)
{
    (void) state;
    struct keyring *other = ring(SEAL_1 "index 1 hmac-sha-256 " KEY_B "\n");
    enum { N = 6 };
    uint8_t index[N][INDEX_BYTES];
    assert_true(keyed_index(keys, "name", "ab", 2, index[0]));
    assert_true(keyed_index(keys, "name", "a", 1, index[1]));
    assert_true(keyed_index(keys, "namea", "b", 1, index[2]));
    assert_true(keyed_index(keys, "document", "ab", 2, index[3]));
    assert_true(keyed_index(keys, "", "name\0ab", 7, index[4]));
    assert_true(keyed_index(other, "name", "ab", 2, index[5]));
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(index[i], index[j], INDEX_BYTES);
    keyring_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens_at_every_length),
        cmocka_unit_test(bytes_sealed_elsewhere_open),
        cmocka_unit_test(sealed_bytes_are_what_the_header_says),
        cmocka_unit_test(no_two_nonces_are_alike),
        cmocka_unit_test_setup(flipped_bit_anywhere_does_not_open, seal_one),
        cmocka_unit_test_setup(cut_or_lengthened_does_not_open, seal_one),
        cmocka_unit_test_setup(another_rows_identity_does_not_open, seal_one),
        cmocka_unit_test_setup(another_domain_does_not_open, seal_one),
        cmocka_unit_test(domain_and_row_do_not_run_together),
        cmocka_unit_test(domain_is_never_cut),
        cmocka_unit_test_setup(length_beyond_the_ciphers_is_refused, seal_one),
        cmocka_unit_test_setup(newest_key_seals_and_the_older_ones_open, seal_one),
        cmocka_unit_test_setup(same_id_with_another_key_does_not_open, seal_one),
        cmocka_unit_test_setup(refusals_do_not_spoil_what_follows, seal_one),
        cmocka_unit_test(indexes_are_what_the_header_says),
        cmocka_unit_test(equal_values_have_equal_indexes_whatever_seals),
        cmocka_unit_test(different_values_domains_and_keys_have_different_indexes),
    };
    return cmocka_run_group_tests(tests, keys_open, keys_close);
}
