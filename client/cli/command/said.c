/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/said.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/frame/message.h"
#include "proto/tlog/sha256.h"

struct fact {
    uint8_t key[SHA256_BYTES]; /* digest of what the row is about, changed by the field's place */
    int64_t value;
    uint32_t row;
};

static int compare(const void *one, const void *other)
{
    return memcmp(one, other, SHA256_BYTES);
}

void said_free(struct said *said)
{
    tdestroy(said->known, free);
    said->known = NULL;
}

/* Computes the digest of what the row is about: all its fields but its number and its statements. False: out of memory. */
static bool digest(const ProtobufCMessage *row, const char *const says[SAID_FIELDS],
                   uint8_t key[SHA256_BYTES])
{
    const ProtobufCMessageDescriptor *type = row->descriptor;
    ProtobufCMessage *bare = malloc(type->sizeof_message);
    if (bare == NULL)
        return false;
    memcpy(bare, row, type->sizeof_message);
    message_set_uint32(bare, "row", 0);
    for (size_t i = 0; i < SAID_FIELDS && says[i] != NULL; i++)
        message_set_uint32(bare, says[i], 0);
    size_t n = protobuf_c_message_get_packed_size(bare);
    uint8_t *packed = malloc(n + 1);
    if (packed != NULL)
        sha256(packed, protobuf_c_message_pack(bare, packed), key);
    free(bare);
    free(packed);
    return packed != NULL;
}

/* Returns the fact that has this key: an earlier one, or else a copy of this one, which the set then owns. NULL: out of memory. */
static const struct fact *known(struct said *said, const struct fact *fact)
{
    struct fact *copy = malloc(sizeof(*copy));
    if (copy == NULL)
        return NULL;
    *copy = *fact;
    struct fact **found = tsearch(copy, &said->known, compare);
    if (found == NULL || *found != copy)
        free(copy);
    return found == NULL ? NULL : *found;
}

bool said_note(struct said *said, const ProtobufCMessage *row, const char *const says[SAID_FIELDS],
               const char **field, uint32_t *other)
{
    uint8_t of[SHA256_BYTES];
    const ProtobufCMessageDescriptor *type = row->descriptor;
    *field = NULL;
    if (!digest(row, says, of))
        return false;
    for (size_t i = 0; i < SAID_FIELDS && says[i] != NULL; i++) {
        const ProtobufCFieldDescriptor *saying = message_field(type, says[i]);
        if (!message_has(row, saying))
            continue;
        struct fact fact = {.value = message_number(row, saying),
                            .row = (uint32_t) message_number(row, message_field(type, "row"))};
        memcpy(fact.key, of, sizeof(fact.key));
        fact.key[0] ^= (uint8_t) i;
        const struct fact *first = known(said, &fact);
        if (first == NULL)
            return false;
        if (first->value != fact.value && *field == NULL) {
            *field = says[i];
            *other = first->row;
        }
    }
    return true;
}
