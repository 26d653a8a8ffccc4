/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/crypto/seal.h"

#include <endian.h>
#include <openssl/crypto.h>
#include <string.h>

#include "daemon/crypto/keyring.h"

enum { AES_256_GCM = 1, NONCE = 12, TAG = 16, HEADER = 1 + 4, NAME_MOST = 64 };

/* The associated data: what kind of row this is, and which one. */
static bool feed_identity(EVP_CIPHER_CTX *context, const char *domain, const uint8_t id[16])
{
    uint8_t identity[NAME_MOST + 1 + 16];
    int done;
    size_t n = strlen(domain);
    if (n > NAME_MOST)
        return false; /* cut, two domains could be one */
    memcpy(identity, domain, n);
    identity[n] = '\0';
    memcpy(identity + n + 1, id, 16);
    return EVP_CipherUpdate(context, NULL, &done, identity, (int) n + 1 + 16) == 1;
}

bool seal(struct keyring *keys, const char *domain, const uint8_t id[16], const void *plain, size_t n,
          uint8_t *out)
{
    uint32_t key_id = htobe32(keys->current->id);
    EVP_CIPHER_CTX *context = keys->current->lock;
    uint8_t *nonce = out + HEADER, *text = nonce + NONCE;
    int done, rest;
    if (n > INT32_MAX - SEAL_OVERHEAD)
        return false;
    out[0] = AES_256_GCM;
    memcpy(out + 1, &key_id, sizeof(key_id));
    crypto_random(nonce, NONCE);
    return EVP_CipherInit_ex(context, NULL, NULL, NULL, nonce, 1) == 1 &&
           feed_identity(context, domain, id) &&
           EVP_CipherUpdate(context, text, &done, plain, (int) n) == 1 &&
           EVP_CipherFinal_ex(context, text + done, &rest) == 1 && (size_t) done + (size_t) rest == n &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG, text + n) == 1;
}

static struct seal_key *key_of(struct keyring *keys, const uint8_t *sealed, size_t n)
{
    uint32_t id;
    if (n < SEAL_OVERHEAD || n > INT32_MAX || sealed[0] != AES_256_GCM)
        return NULL;
    memcpy(&id, sealed + 1, sizeof(id));
    for (size_t i = 0; i < keys->seals_n; i++)
        if (keys->seals[i].id == be32toh(id))
            return &keys->seals[i];
    return NULL;
}

bool unseal(struct keyring *keys, const char *domain, const uint8_t id[16], const uint8_t *sealed, size_t n,
            uint8_t *out)
{
    struct seal_key *key = key_of(keys, sealed, n);
    uint8_t tag[TAG];
    int done, rest;
    if (key == NULL)
        return false;
    size_t length = n - SEAL_OVERHEAD;
    const uint8_t *nonce = sealed + HEADER, *text = nonce + NONCE;
    memcpy(tag, text + length, TAG);
    bool opened = EVP_CipherInit_ex(key->open, NULL, NULL, NULL, nonce, 0) == 1 &&
                  feed_identity(key->open, domain, id) &&
                  EVP_CipherUpdate(key->open, out, &done, text, (int) length) == 1 &&
                  EVP_CIPHER_CTX_ctrl(key->open, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1 &&
                  EVP_CipherFinal_ex(key->open, out + done, &rest) == 1;
    if (!opened)
        OPENSSL_cleanse(out, length); /* the text is decrypted before its tag is looked at */
    return opened;
}

bool keyed_index(struct keyring *keys, const char *domain, const void *data, size_t n,
                 uint8_t index[INDEX_BYTES])
{
    size_t done;
    return EVP_MAC_init(keys->index, NULL, 0, NULL) == 1 &&
           EVP_MAC_update(keys->index, (const unsigned char *) domain, strlen(domain) + 1) == 1 &&
           EVP_MAC_update(keys->index, data, n) == 1 &&
           EVP_MAC_final(keys->index, index, &done, INDEX_BYTES) == 1 && done == INDEX_BYTES;
}

uint32_t keyring_current(const struct keyring *keys)
{
    return keys->current->id;
}

static bool knows(const struct keyring *keys, uint32_t id)
{
    for (size_t i = 0; i < keys->seals_n; i++)
        if (keys->seals[i].id == id)
            return true;
    return false;
}

bool keyring_extends(struct keyring *fresh, struct keyring *old)
{
    static const uint8_t id[16];
    uint8_t sealed[SEAL_OVERHEAD + 1], plain[1], one[INDEX_BYTES], other[INDEX_BYTES];
    for (size_t i = 0; i < old->seals_n; i++)
        if (!knows(fresh, old->seals[i].id))
            return false;
    return seal(old, "ring", id, "x", 1, sealed) &&
           unseal(fresh, "ring", id, sealed, sizeof(sealed), plain) &&
           keyed_index(old, "ring", "x", 1, one) && keyed_index(fresh, "ring", "x", 1, other) &&
           CRYPTO_memcmp(one, other, sizeof(one)) == 0;
}
