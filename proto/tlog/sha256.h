/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 that needs no memory and so cannot fail: OpenSSL's EVP asks for some at every digest (and takes 1.7 times as long
 * for two hashes), its old functions do not. Everything that takes a digest takes it here. */
#ifndef MINGCE_PROTO_SHA256_H
#define MINGCE_PROTO_SHA256_H

#include <openssl/sha.h>
#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32 };

void sha256(const void *bytes, size_t n, uint8_t digest[SHA256_BYTES]);

/* Of what is added between the two, as one text. */
void sha256_begin(SHA256_CTX *);
void sha256_add(SHA256_CTX *, const void *bytes, size_t n);
void sha256_end(SHA256_CTX *, uint8_t digest[SHA256_BYTES]);

#endif
