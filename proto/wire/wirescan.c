/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/wire/wirescan.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

enum wire_type { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES, WIRE_FIXED32 = 5 };

enum {
    FIELDS = 64, /* of one message: seen ones are a bit each */
    LONGEST_VARINT = 10,
    LONGEST_LENGTH = 5, /* bytes of a tag or a length: protobuf-c takes no more */
};

struct scan {
    const uint8_t *at, *end;
    size_t *elements; /* of repeated fields that the whole message may still have */
    unsigned depth;
    bool tolerant; /* what this descriptor does not know is passed over */
};

/* At most `bytes` of them; 10 make 64 bits. */
static bool take_varint(struct scan *scan, unsigned bytes, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 7 * bytes && scan->at < scan->end; shift += 7) {
        uint8_t byte = *scan->at++;
        if (shift == 63 && byte > 1)
            return false;
        *value |= (uint64_t) (byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

static bool take_bytes(struct scan *scan, uint64_t n, const uint8_t **bytes)
{
    if (n > (uint64_t) (scan->end - scan->at))
        return false;
    *bytes = scan->at;
    scan->at += n;
    return true;
}

static enum wire_type wire_type_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return WIRE_FIXED32;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return WIRE_FIXED64;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_BYTES;
    default:
        return WIRE_VARINT;
    }
}

static enum reason scan_text(const uint8_t *bytes, size_t n)
{
    utf8proc_int32_t point;
    for (size_t i = 0; i < n;) {
        utf8proc_ssize_t step = utf8proc_iterate(bytes + i, (utf8proc_ssize_t) (n - i), &point);
        if (step <= 0)
            return REASON_WIRE_UTF8;
        if (point == 0)
            return REASON_WIRE_NUL;
        i += (size_t) step;
    }
    return REASON_NONE;
}

static enum reason scan_varint(const ProtobufCFieldDescriptor *field, uint64_t value, bool tolerant)
{
    if (field->type == PROTOBUF_C_TYPE_BOOL)
        return value <= 1 ? REASON_NONE : REASON_WIRE_MALFORMED;
    if (field->type == PROTOBUF_C_TYPE_UINT32)
        return value <= UINT32_MAX ? REASON_NONE : REASON_WIRE_MALFORMED;
    if (field->type != PROTOBUF_C_TYPE_ENUM)
        return REASON_NONE;
    const ProtobufCEnumDescriptor *values = field->descriptor;
    bool known = value <= INT32_MAX && protobuf_c_enum_descriptor_get_value(values, (int) value) != NULL;
    return known || tolerant ? REASON_NONE : REASON_WIRE_UNKNOWN_ENUM;
}

static enum reason scan_message(const ProtobufCMessageDescriptor *, struct scan *);

static enum reason scan_delimited(const ProtobufCFieldDescriptor *field, const uint8_t *bytes, size_t n,
                                  const struct scan *outer)
{
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return scan_text(bytes, n);
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return REASON_NONE;
    struct scan inner = {bytes, bytes + n, outer->elements, outer->depth + 1, outer->tolerant};
    if (inner.depth > WIRESCAN_DEPTH)
        return REASON_WIRE_TOO_DEEP;
    return scan_message(field->descriptor, &inner);
}

static enum reason scan_value(const ProtobufCFieldDescriptor *field, enum wire_type type, struct scan *scan)
{
    uint64_t value;
    const uint8_t *bytes;
    if (type != wire_type_of(field->type)) /* packed fields are not used, and not accepted */
        return REASON_WIRE_MALFORMED;
    if (type == WIRE_FIXED32 || type == WIRE_FIXED64)
        return take_bytes(scan, type == WIRE_FIXED32 ? 4 : 8, &bytes) ? REASON_NONE : REASON_WIRE_MALFORMED;
    if (!take_varint(scan, type == WIRE_VARINT ? LONGEST_VARINT : LONGEST_LENGTH, &value))
        return REASON_WIRE_MALFORMED;
    if (type == WIRE_VARINT)
        return scan_varint(field, value, scan->tolerant);
    if (!take_bytes(scan, value, &bytes))
        return REASON_WIRE_MALFORMED;
    return scan_delimited(field, bytes, (size_t) value, scan);
}

static bool take_element(struct scan *scan)
{
    if (*scan->elements == 0)
        return false;
    --*scan->elements;
    return true;
}

static enum reason skip_value(enum wire_type type, struct scan *scan)
{
    uint64_t value = type == WIRE_FIXED32 ? 4 : 8;
    const uint8_t *bytes;
    if (!scan->tolerant)
        return REASON_WIRE_UNKNOWN_FIELD;
    if (!take_element(scan))
        return REASON_WIRE_TOO_MANY;
    if (type == WIRE_VARINT)
        return take_varint(scan, LONGEST_VARINT, &value) ? REASON_NONE : REASON_WIRE_MALFORMED;
    if (type == WIRE_BYTES && !take_varint(scan, LONGEST_LENGTH, &value))
        return REASON_WIRE_MALFORMED;
    bool whole = (type == WIRE_BYTES || type == WIRE_FIXED32 || type == WIRE_FIXED64) &&
                 take_bytes(scan, value, &bytes);
    return whole ? REASON_NONE : REASON_WIRE_MALFORMED;
}

/* A singular field, and a oneof, may be there once. `seen` has a bit per field of the descriptor; a oneof sets
 * those of all its members. */
static enum reason note_seen(const ProtobufCMessageDescriptor *descriptor,
                             const ProtobufCFieldDescriptor *field, uint64_t *seen, struct scan *scan)
{
    uint64_t bit = (uint64_t) 1 << (field - descriptor->fields);
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return take_element(scan) ? REASON_NONE : REASON_WIRE_TOO_MANY;
    if ((*seen & bit) != 0)
        return REASON_WIRE_REPEATED_FIELD;
    *seen |= bit;
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
        return REASON_NONE;
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        if ((descriptor->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
            descriptor->fields[i].quantifier_offset == field->quantifier_offset)
            *seen |= (uint64_t) 1 << i;
    return REASON_NONE;
}

static enum reason scan_message(const ProtobufCMessageDescriptor *descriptor, struct scan *scan)
{
    uint64_t seen = 0, tag;
    if (descriptor->n_fields > FIELDS)
        return REASON_WIRE_TOO_MANY;
    while (scan->at < scan->end) {
        if (!take_varint(scan, LONGEST_LENGTH, &tag) || tag >> 3 == 0 || tag > UINT32_MAX)
            return REASON_WIRE_MALFORMED;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(descriptor, (unsigned) (tag >> 3));
        enum wire_type type = (enum wire_type)(tag & 7);
        enum reason reason =
            field == NULL ? skip_value(type, scan) : note_seen(descriptor, field, &seen, scan);
        if (field != NULL && reason == REASON_NONE)
            reason = scan_value(field, type, scan);
        if (reason != REASON_NONE)
            return reason;
    }
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        if (descriptor->fields[i].label == PROTOBUF_C_LABEL_REQUIRED && (seen & (uint64_t) 1 << i) == 0)
            return REASON_WIRE_MISSING_FIELD;
    return REASON_NONE;
}

/* An empty body may have no bytes at all: NULL. */
static enum reason scan_whole(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t n,
                              size_t elements, bool answer)
{
    struct scan scan = {bytes, n == 0 ? bytes : bytes + n, &elements, 0, answer};
    return scan_message(descriptor, &scan);
}

enum reason wirescan(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t n)
{
    return scan_whole(descriptor, bytes, n, WIRESCAN_ELEMENTS, false);
}

enum reason wirescan_file(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t n,
                          size_t elements)
{
    return scan_whole(descriptor, bytes, n, elements, false);
}

enum reason wirescan_answer(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t n)
{
    return scan_whole(descriptor, bytes, n, WIRESCAN_ELEMENTS, true);
}
