/* SPDX-License-Identifier: Apache-2.0 */
/* The keys in memory, for the files of this floor only. */
#ifndef MINGCE_CRYPTO_KEYRING_H
#define MINGCE_CRYPTO_KEYRING_H

#include <openssl/evp.h>

#include "daemon/crypto/seal.h"

enum { KEY_BYTES = 32, KEYS = 64 };

/* One sealing key with its warmed-up contexts: setting only the nonce costs a third of a new context. */
struct seal_key {
    uint32_t id;
    EVP_CIPHER_CTX *lock, *open;
};

struct keyring {
    struct seal_key seals[KEYS]; /* the one with the highest id is current */
    size_t seals_n;
    struct seal_key *current;
    EVP_MAC_CTX *index; /* HMAC-SHA-256, its key set for good */
};

#endif
