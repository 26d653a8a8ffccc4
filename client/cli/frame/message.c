/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/message.h"

#include <stdlib.h>
#include <string.h>

const ProtobufCFieldDescriptor *message_field(const ProtobufCMessageDescriptor *descriptor, const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(descriptor, name);
}

static const ProtobufCFieldDescriptor *needed(const ProtobufCMessage *message, const char *name,
                                              ProtobufCType type)
{
    const ProtobufCFieldDescriptor *field = message_field(message->descriptor, name);
    if (field == NULL || field->type != type)
        abort();
    return field;
}

static uint8_t *at(ProtobufCMessage *message, unsigned offset)
{
    return (uint8_t *) message + offset;
}

const void *message_value(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (const uint8_t *) message + field->offset;
}

bool message_has(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *value = message_value(message, field);
    if (field->label == PROTOBUF_C_LABEL_REQUIRED)
        return true;
    if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE)
        return *(const void *const *) value != NULL;
    return *(const protobuf_c_boolean *) ((const uint8_t *) message + field->quantifier_offset);
}

int64_t message_number(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *value = message_value(message, field);
    if (!message_has(message, field))
        return 0;
    switch (field->type) {
    case PROTOBUF_C_TYPE_UINT32:
        return *(const uint32_t *) value;
    case PROTOBUF_C_TYPE_UINT64:
        return (int64_t) * (const uint64_t *) value;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
        return *(const int64_t *) value;
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *) value;
    case PROTOBUF_C_TYPE_ENUM:
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
        return *(const int32_t *) value;
    default:
        abort();
    }
}

size_t message_list(const ProtobufCMessage *message, const char *name, ProtobufCMessage *const **list)
{
    const ProtobufCFieldDescriptor *field = needed(message, name, PROTOBUF_C_TYPE_MESSAGE);
    size_t n;
    memcpy(list, message_value(message, field), sizeof(*list));
    memcpy(&n, (const uint8_t *) message + field->quantifier_offset, sizeof(n));
    return n;
}

void message_set_list(ProtobufCMessage *message, const char *name, ProtobufCMessage **list, size_t n)
{
    const ProtobufCFieldDescriptor *field = needed(message, name, PROTOBUF_C_TYPE_MESSAGE);
    memcpy(at(message, field->offset), &list, sizeof(list));
    memcpy(at(message, field->quantifier_offset), &n, sizeof(n));
}

static void set(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const void *value, size_t n,
                bool there)
{
    protobuf_c_boolean has = there;
    memcpy(at(message, field->offset), value, n);
    if (field->label == PROTOBUF_C_LABEL_OPTIONAL)
        memcpy(at(message, field->quantifier_offset), &has, sizeof(has));
}

void message_set_uint32(ProtobufCMessage *message, const char *name, uint32_t number)
{
    const ProtobufCFieldDescriptor *field = message_field(message->descriptor, name);
    bool enumeration = field != NULL && field->type == PROTOBUF_C_TYPE_ENUM;
    set(message, enumeration ? field : needed(message, name, PROTOBUF_C_TYPE_UINT32), &number, sizeof(number),
        true);
}

void message_set_bytes(ProtobufCMessage *message, const char *name, ProtobufCBinaryData bytes)
{
    set(message, needed(message, name, PROTOBUF_C_TYPE_BYTES), &bytes, sizeof(bytes), bytes.len > 0);
}
