/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealing: AES-256-GCM with a random nonce under the key ring's current seal key; the row's identity is the
 * associated data. Sealed bytes: algorithm id (1) || key id (4, big-endian) || nonce (12) || text || tag (16).
 * Equality: HMAC-SHA-256 under the index key. One small interface, so that a second suite can stand behind it.
 */
#ifndef MINGCE_CRYPTO_SEAL_H
#define MINGCE_CRYPTO_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/compiler.h"

enum { SEAL_OVERHEAD = 1 + 4 + 12 + 16, INDEX_BYTES = 32, COMMITMENT_BYTES = 32, SALT_BYTES = 32 };

struct keyring; /* keys and their warmed-up contexts; one per process */

/* NULL: `why` says what is wrong with the file (never with its contents). A file that others than the service
 * may read is refused. Forbidding core dumps is the process's affair. */
struct keyring *keyring_load(const char *path, const char **why) MUST_CHECK;
void keyring_free(struct keyring *);
/* A new ring file with one seal key and one index key, mode 0600; never overwrites. False: errno tells. */
bool keyring_create(const char *path) MUST_CHECK;

/* Rotation, in two steps so that no process ever meets a key it does not know: a new key that only opens; then, when
 * every process has loaded that, it seals. The file is replaced whole, its owner and mode kept; of two at once one is
 * refused. NULL: done; else why not. */
const char *keyring_add(const char *path) MUST_CHECK;
const char *keyring_use(const char *path) MUST_CHECK;
/* Whether `fresh` opens all that `old` does, and finds by the same index. */
bool keyring_extends(struct keyring *fresh, struct keyring *old) MUST_CHECK;
/* The rings change contents: who holds a pointer to one goes on with the other's keys. */
void keyring_swap(struct keyring *, struct keyring *);
/* The id of the key that seals now. */
uint32_t keyring_current(const struct keyring *);

/* Random bytes, drawn from the kernel's generator in bulk. Safe after fork. */
void crypto_random(void *, size_t n);
/* A time-ordered random identifier (UUID version 7). */
void crypto_uuid(uint8_t uuid[16]);

/* `out` has room for n + SEAL_OVERHEAD. `domain` names the kind of row (a literal of at most 64
 * characters), `id` the row. */
bool seal(struct keyring *, const char *domain, const uint8_t id[16], const void *plain, size_t n,
          uint8_t *out) MUST_CHECK;
/* `out` has room for n - SEAL_OVERHEAD. False: unknown key or algorithm, or not what was sealed for this row;
 * nothing of the text is left in `out` then. */
bool unseal(struct keyring *, const char *domain, const uint8_t id[16], const uint8_t *sealed, size_t n,
            uint8_t *out) MUST_CHECK;
/* HMAC-SHA-256 over domain || NUL || data. */
bool keyed_index(struct keyring *, const char *domain, const void *data, size_t n,
                 uint8_t index[INDEX_BYTES]) MUST_CHECK;
/* SHA-256(domain || salt || u32 length || data): proto/record.proto. */
void commitment(const char *domain, const uint8_t salt[SALT_BYTES], const void *data, size_t n,
                uint8_t digest[COMMITMENT_BYTES]);

#endif
