/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access to the fields of a message by their names, for code that handles messages of many types, such as rows that are sent and
 * pages of lists. A field that the message lacks, or that has another type, is a defect of the program and ends it.
 */
#ifndef MINGCE_CLI_MESSAGE_H
#define MINGCE_CLI_MESSAGE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL: the message has no such field. */
const ProtobufCFieldDescriptor *message_field(const ProtobufCMessageDescriptor *, const char *field);

/* For a field that is not repeated: whether it is present, and where its value is. */
bool message_has(const ProtobufCMessage *, const ProtobufCFieldDescriptor *);
const void *message_value(const ProtobufCMessage *, const ProtobufCFieldDescriptor *);
/* The value of a field of any integer or enumeration type; 0: the field is absent. */
int64_t message_number(const ProtobufCMessage *, const ProtobufCFieldDescriptor *);

/* Finds a repeated field of messages, and returns how many it has. */
size_t message_list(const ProtobufCMessage *, const char *field, ProtobufCMessage *const **list);
/* The message borrows the list. */
void message_set_list(ProtobufCMessage *, const char *field, ProtobufCMessage **list, size_t n);
/* Sets a field of type uint32 or of an enumeration. */
void message_set_uint32(ProtobufCMessage *, const char *field, uint32_t number);
/* The message borrows the bytes; with no bytes the field is absent. */
void message_set_bytes(ProtobufCMessage *, const char *field, ProtobufCBinaryData);

#endif
