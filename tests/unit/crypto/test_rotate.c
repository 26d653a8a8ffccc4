/* SPDX-License-Identifier: Apache-2.0 */
/* Rotation: a key that only opens first, seals when every process knows it; rings that extend others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ring.h"

#define NEXT_7 "next 7 aes-256-gcm " KEY_B "\n"

static const uint8_t id[16] = {1};

static uint32_t seals_with(struct keyring *keys)
{
    uint8_t sealed[SEAL_OVERHEAD + 1];
    assert_true(seal(keys, "row", id, "x", 1, sealed));
    return (uint32_t) sealed[1] << 24 | (uint32_t) sealed[2] << 16 | (uint32_t) sealed[3] << 8 | sealed[4];
}

static void a_next_key_opens_and_does_not_seal(void **state)
{
    (void) state;
    uint8_t sealed[SEAL_OVERHEAD + 1], plain[1];
    struct keyring *waiting = ring(NEXT_7 RING), *sealing = ring(RING_NEW);
    assert_int_equal(keyring_current(waiting), 1);
    assert_int_equal(seals_with(waiting), 1);
    assert_int_equal(seals_with(sealing), 7);
    assert_true(seal(sealing, "row", id, "x", 1, sealed));
    assert_true(unseal(waiting, "row", id, sealed, sizeof(sealed), plain));
    keyring_free(waiting);
    keyring_free(sealing);
}

static void a_ring_of_next_keys_only_is_refused(void **state)
{
    (void) state;
    const char *why;
    assert_null(ring_bytes(NEXT_7 INDEX_1, strlen(NEXT_7 INDEX_1), S_IRUSR | S_IWUSR, &why));
    assert_string_equal(why, "no sealing key");
}

static void rings_change_contents_and_keep_their_current_key(void **state)
{
    (void) state;
    struct keyring *one = ring(RING), *other = ring(RING_NEW);
    keyring_swap(one, other);
    assert_int_equal(seals_with(one), 7);
    assert_int_equal(seals_with(other), 1);
    keyring_swap(one, other);
    assert_int_equal(seals_with(one), 1);
    keyring_free(one);
    keyring_free(other);
}

static void a_ring_extends_what_it_has_all_of(void **state)
{
    (void) state;
    struct keyring *old = ring(RING), *grown = ring(RING_NEW), *waiting = ring(NEXT_7 RING);
    struct keyring *other_seal = ring("seal 1 aes-256-gcm " KEY_B "\n" INDEX_1);
    struct keyring *other_index = ring(SEAL_1 "index 1 hmac-sha-256 " KEY_A "\n");
    assert_true(keyring_extends(old, old));
    assert_true(keyring_extends(grown, old));
    assert_true(keyring_extends(waiting, old));
    assert_true(keyring_extends(grown, waiting));
    assert_false(keyring_extends(old, grown));
    assert_false(keyring_extends(old, waiting));
    assert_false(keyring_extends(other_seal, old));
    assert_false(keyring_extends(other_index, old));
    keyring_free(old);
    keyring_free(grown);
    keyring_free(waiting);
    keyring_free(other_seal);
    keyring_free(other_index);
}

static void the_file_goes_through_both_steps(void **state)
{
    (void) state;
    char path[] = P_tmpdir "/mingce-ring-XXXXXX", fresh[sizeof(path) + 4];
    const char *why = NULL;
    struct stat before, after;
    close(mkstemp(path));
    unlink(path);
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    assert_true(keyring_create(path));
    assert_int_equal(stat(path, &before), 0);
    assert_non_null(keyring_use(path)); /* nothing to use yet */
    assert_null(keyring_add(path));
    assert_non_null(keyring_add(path)); /* one at a time */
    struct keyring *keys = keyring_load(path, &why);
    assert_int_equal(keyring_current(keys), 1);
    keyring_free(keys);
    assert_null(keyring_use(path));
    keys = keyring_load(path, &why);
    assert_int_equal(keyring_current(keys), 2);
    keyring_free(keys);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_mode, before.st_mode);
    assert_int_equal(access(fresh, F_OK), -1);
    assert_non_null(keyring_add("/nowhere/keys"));
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_next_key_opens_and_does_not_seal),
        cmocka_unit_test(a_ring_of_next_keys_only_is_refused),
        cmocka_unit_test(rings_change_contents_and_keep_their_current_key),
        cmocka_unit_test(a_ring_extends_what_it_has_all_of),
        cmocka_unit_test(the_file_goes_through_both_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
