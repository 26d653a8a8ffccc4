/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "proto/tlog/sha256.h"

void sha256_begin(SHA256_CTX *context)
{
    (void) SHA256_Init(context); /* these three always return 1 */
}

void sha256_add(SHA256_CTX *context, const void *bytes, size_t n)
{
    if (n > 0)
        (void) SHA256_Update(context, bytes, n);
}

void sha256_end(SHA256_CTX *context, uint8_t digest[SHA256_BYTES])
{
    (void) SHA256_Final(digest, context);
}

void sha256(const void *bytes, size_t n, uint8_t digest[SHA256_BYTES])
{
    SHA256_CTX context;
    sha256_begin(&context);
    sha256_add(&context, bytes, n);
    sha256_end(&context, digest);
}
