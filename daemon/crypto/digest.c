/* SPDX-License-Identifier: Apache-2.0 */
#include <endian.h>
#include <string.h>

#include "daemon/crypto/seal.h"
#include "proto/tlog/sha256.h"

void commitment(const char *domain, const uint8_t salt[SALT_BYTES], const void *data, size_t n,
                uint8_t digest[COMMITMENT_BYTES])
{
    SHA256_CTX context;
    uint32_t length = htobe32((uint32_t) n);
    sha256_begin(&context);
    sha256_add(&context, domain, strlen(domain));
    sha256_add(&context, salt, SALT_BYTES);
    sha256_add(&context, &length, sizeof(length));
    sha256_add(&context, data, n);
    sha256_end(&context, digest);
}
