/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan before unpacking: walks the bytes of a message along its descriptor and refuses what protobuf-c
 * would take silently or pay dearly for. Allocates nothing; depth is bounded by the descriptors.
 */
#ifndef MINGCE_PROTO_WIRESCAN_H
#define MINGCE_PROTO_WIRESCAN_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/wire/reason.h"

/* REASON_NONE: well-formed; every string valid UTF-8 without NUL; no unknown field; no unknown enum value;
 * no singular field and no oneof twice; every required field there; field numbers, wire types and varints
 * sane; at most WIRESCAN_ELEMENTS elements of repeated fields in all; nesting at most WIRESCAN_DEPTH.
 * Otherwise the reason, one of REASON_WIRE_*. */
enum { WIRESCAN_DEPTH = 8, WIRESCAN_ELEMENTS = 65536 };
enum reason wirescan(const ProtobufCMessageDescriptor *, const uint8_t *bytes, size_t n);
/* The same for a file, with at most so many elements. */
enum reason wirescan_file(const ProtobufCMessageDescriptor *, const uint8_t *bytes, size_t n,
                          size_t elements);
/* The same for what a server says, which may be newer than its client: fields and enum values that are not known are
 * passed over. */
enum reason wirescan_answer(const ProtobufCMessageDescriptor *, const uint8_t *bytes, size_t n);

#endif
