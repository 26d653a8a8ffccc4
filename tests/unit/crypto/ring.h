/* SPDX-License-Identifier: Apache-2.0 */
/* Key rings of known keys, written to a file for as long as loading takes. After <cmocka.h>. */
#ifndef MINGCE_TEST_CRYPTO_RING_H
#define MINGCE_TEST_CRYPTO_RING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/crypto/seal.h"

/* The bytes 0..31, 32..63 and 64..95. */
#define KEY_A    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_B    "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
#define KEY_C    "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="
#define SEAL_1   "seal 1 aes-256-gcm " KEY_A "\n"
#define SEAL_7   "seal 7 aes-256-gcm " KEY_B "\n"
#define INDEX_1  "index 1 hmac-sha-256 " KEY_C "\n"
#define RING     SEAL_1 INDEX_1
#define RING_NEW SEAL_7 SEAL_1 INDEX_1 /* key 1 still opens */

static inline struct keyring *ring_bytes(const void *text, size_t n, mode_t mode, const char **why)
{
    char path[] = P_tmpdir "/mingce-ring-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), (ssize_t) n);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    struct keyring *keys = keyring_load(path, why);
    unlink(path);
    return keys;
}

static inline struct keyring *ring(const char *text)
{
    const char *why;
    struct keyring *keys = ring_bytes(text, strlen(text), S_IRUSR | S_IWUSR, &why);
    assert_non_null(keys);
    return keys;
}

static inline size_t from_hex(uint8_t *out, const char *hex)
{
    size_t n = strlen(hex) / 2;
    for (size_t i = 0; i < n; i++) {
        const char byte[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        out[i] = (uint8_t) strtoul(byte, NULL, 16);
    }
    return n;
}

#endif
