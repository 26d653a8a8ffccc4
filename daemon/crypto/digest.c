/* SPDX-License-Identifier: Apache-2.0 */
#include <endian.h>
#include <openssl/evp.h>
#include <string.h>

#include "daemon/base/log.h"
#include "daemon/crypto/seal.h"

struct piece {
    const void *bytes;
    size_t n;
};

/* One context for the life of the process: setting one up costs more than most of the digests taken with it. False: out of
 * memory, of which OpenSSL wants some for each digest. */
static bool sha256(uint8_t digest[32], const struct piece *pieces, size_t n)
{
    static EVP_MD_CTX *context;
    if (context == NULL)
        context = EVP_MD_CTX_new();
    bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; good && i < n; i++)
        good = EVP_DigestUpdate(context, pieces[i].bytes, pieces[i].n) == 1;
    return good && EVP_DigestFinal_ex(context, digest, NULL) == 1;
}

void crypto_sha256(uint8_t digest[32], const void *a, size_t a_n, const void *b, size_t b_n)
{
    enum { TRIES = 3 }; /* OpenSSL asks for memory at each beginning */
    for (int i = 0; i < TRIES; i++)
        if (sha256(digest, (const struct piece[]){{a, a_n}, {b, b_n}}, 2))
            return;
    fatal("no-sha256", NULL);
}

bool commitment(const char *domain, const uint8_t salt[SALT_BYTES], const void *data, size_t n,
                uint8_t digest[COMMITMENT_BYTES])
{
    uint32_t length = htobe32((uint32_t) n);
    return sha256(digest,
                  (const struct piece[]){
                      {domain, strlen(domain)}, {salt, SALT_BYTES}, {&length, sizeof(length)}, {data, n}},
                  4);
}
