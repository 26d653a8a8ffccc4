/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of proto/record.proto at rest: sealed as salt (32) || packed message, under the message's full name
 * and the row's id; committed to under the same name and salt.
 */
#ifndef MINGCE_CRYPTO_RECORD_H
#define MINGCE_CRYPTO_RECORD_H

#include <protobuf-c/protobuf-c.h>

#include "daemon/crypto/seal.h"

enum { RECORD_BYTES = 2048 }; /* the longest packed record; the rules of its fields keep it below */

struct sealed_record {
    size_t n;
    uint8_t bytes[SEAL_OVERHEAD + SALT_BYTES + RECORD_BYTES];
    uint8_t commitment[COMMITMENT_BYTES];
};

/* False: longer than RECORD_BYTES, or out of memory. */
bool record_seal(struct keyring *, const uint8_t id[16], const ProtobufCMessage *,
                 struct sealed_record *) MUST_CHECK;
/* The message, allocated by `allocator` (NULL: malloc); NULL when it cannot be opened. Of a record that was erased, whose
 * sealed bytes are none: one of zeros and empty strings. */
ProtobufCMessage *record_open(struct keyring *, const ProtobufCMessageDescriptor *, const uint8_t id[16],
                              const uint8_t *sealed, size_t n, ProtobufCAllocator *allocator) MUST_CHECK;

#endif
