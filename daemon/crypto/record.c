/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/crypto/record.h"

#include <openssl/crypto.h>

bool record_seal(struct keyring *keys, const uint8_t id[16], const ProtobufCMessage *message,
                 struct sealed_record *out)
{
    uint8_t plain[SALT_BYTES + RECORD_BYTES];
    const char *domain = message->descriptor->name;
    size_t n = protobuf_c_message_get_packed_size(message);
    if (n > RECORD_BYTES)
        return false;
    crypto_random(plain, SALT_BYTES);
    protobuf_c_message_pack(message, plain + SALT_BYTES);
    out->n = SEAL_OVERHEAD + SALT_BYTES + n;
    commitment(domain, plain, plain + SALT_BYTES, n, out->commitment);
    bool sealed = seal(keys, domain, id, plain, SALT_BYTES + n, out->bytes);
    OPENSSL_cleanse(plain, SALT_BYTES + n);
    return sealed;
}

static ProtobufCMessage *erased(const ProtobufCMessageDescriptor *descriptor, ProtobufCAllocator *allocator)
{
    uint8_t bytes[32];
    size_t n = 0;
    for (unsigned i = 0; i < descriptor->n_fields && n < sizeof(bytes); i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (field->label != PROTOBUF_C_LABEL_REQUIRED)
            continue;
        bytes[n++] = (uint8_t) (field->id << 3 | (field->type == PROTOBUF_C_TYPE_STRING ? 2 : 0));
        bytes[n++] = 0; /* no length, or the number 0 */
    }
    return protobuf_c_message_unpack(descriptor, allocator, n, bytes);
}

ProtobufCMessage *record_open(struct keyring *keys, const ProtobufCMessageDescriptor *descriptor,
                              const uint8_t id[16], const uint8_t *sealed, size_t n,
                              ProtobufCAllocator *allocator)
{
    uint8_t plain[SALT_BYTES + RECORD_BYTES];
    if (sealed != NULL && n == 0)
        return erased(descriptor, allocator);
    if (n < SEAL_OVERHEAD + SALT_BYTES || n > SEAL_OVERHEAD + sizeof(plain) ||
        !unseal(keys, descriptor->name, id, sealed, n, plain))
        return NULL;
    n -= SEAL_OVERHEAD;
    ProtobufCMessage *message =
        protobuf_c_message_unpack(descriptor, allocator, n - SALT_BYTES, plain + SALT_BYTES);
    OPENSSL_cleanse(plain, n);
    return message;
}
