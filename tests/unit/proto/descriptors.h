/* SPDX-License-Identifier: Apache-2.0 */
/* Every message of proto/ that C knows, as proto/gen_methods.py finds them. */
#ifndef MINGCE_TESTS_DESCRIPTORS_H
#define MINGCE_TESTS_DESCRIPTORS_H

#include <protobuf-c/protobuf-c.h>

#define MESSAGE(name) extern const ProtobufCMessageDescriptor mingce__v1__##name##__descriptor;
#include "proto/messages.def"

#define MESSAGE(name) &mingce__v1__##name##__descriptor,
static const ProtobufCMessageDescriptor *const message_descriptors[] = {
#include "proto/messages.def"
};
enum { MESSAGE_DESCRIPTORS = sizeof(message_descriptors) / sizeof(*message_descriptors) };

#endif
