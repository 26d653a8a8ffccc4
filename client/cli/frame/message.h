/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of a message by their names, for what serves messages of many types: rows that are sent, pages of lists. A field that the
 * message has not, or that is of another kind, is a defect of the program and ends it.
 */
#ifndef MINGCE_CLI_MESSAGE_H
#define MINGCE_CLI_MESSAGE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL: the message has no such field. */
const ProtobufCFieldDescriptor *message_field(const ProtobufCMessageDescriptor *, const char *field);

/* A field that is not repeated: whether it is there, and where its value is. */
bool message_has(const ProtobufCMessage *, const ProtobufCFieldDescriptor *);
const void *message_value(const ProtobufCMessage *, const ProtobufCFieldDescriptor *);
/* Of any type of whole number or enumeration; 0: it is not there. */
int64_t message_number(const ProtobufCMessage *, const ProtobufCFieldDescriptor *);

/* A repeated field of messages. */
size_t message_list(const ProtobufCMessage *, const char *field, ProtobufCMessage *const **list);
/* It borrows the list. */
void message_set_list(ProtobufCMessage *, const char *field, ProtobufCMessage **list, size_t n);
/* Of uint32, or of an enumeration. */
void message_set_uint32(ProtobufCMessage *, const char *field, uint32_t number);
/* It borrows the bytes; none: the field is not there. */
void message_set_bytes(ProtobufCMessage *, const char *field, ProtobufCBinaryData);

#endif
