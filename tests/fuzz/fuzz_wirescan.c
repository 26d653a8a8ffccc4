/* SPDX-License-Identifier: Apache-2.0 */
/* The scan before unpacking: what it accepts, protobuf-c unpacks, and packs again into what the scan accepts and
 * what stays the same from then on. A line with the message's name, then its bytes; of what begins otherwise, two bytes pick the
 * message. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/wire/wirescan.h"
#include "tests/unit/proto/descriptors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

/* The message unpacked and packed; NULL when it is not accepted. */
static uint8_t *repack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t n,
                       size_t *packed_n)
{
    if (wirescan(descriptor, bytes, n) != REASON_NONE)
        return NULL;
    ProtobufCMessage *message = protobuf_c_message_unpack(descriptor, NULL, n, bytes);
    require(message != NULL && message->n_unknown_fields == 0);
    require(protobuf_c_message_check(message));
    *packed_n = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = malloc(*packed_n + 1);
    require(packed != NULL);
    require(protobuf_c_message_pack(message, packed) == *packed_n);
    protobuf_c_message_free_unpacked(message, NULL);
    return packed;
}

/* The message that the beginning of the data picks; `*begins`: where its bytes begin. */
static const ProtobufCMessageDescriptor *picked(const uint8_t *data, size_t size, size_t *begins)
{
    const uint8_t *end = memchr(data, '\n', size);
    *begins = end == NULL ? 0 : (size_t) (end + 1 - data);
    for (size_t i = 0; end != NULL && i < MESSAGE_DESCRIPTORS; i++)
        if (strlen(message_descriptors[i]->short_name) == *begins - 1 &&
            memcmp(message_descriptors[i]->short_name, data, *begins - 1) == 0)
            return message_descriptors[i];
    *begins = 2;
    return message_descriptors[(data[0] | data[1] << 8) % MESSAGE_DESCRIPTORS];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t begins, once_n, twice_n;
    const ProtobufCMessageDescriptor *descriptor = picked(data, size, &begins);
    uint8_t *once = repack(descriptor, data + begins, size - begins, &once_n);
    if (once == NULL)
        return 0;
    require(once_n <= size - begins); /* protobuf-c writes every number as short as it can */
    uint8_t *twice = repack(descriptor, once, once_n, &twice_n);
    require(twice != NULL && twice_n == once_n && memcmp(once, twice, once_n) == 0);
    free(once);
    free(twice);
    return 0;
}
