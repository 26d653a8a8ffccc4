/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rows of a file have said so far. The server compares the rows of one request; those of several in flight are answered in
 * whatever order, so a row that contradicts an earlier one of its file is found before it is sent.
 */
#ifndef MINGCE_CLI_SAID_H
#define MINGCE_CLI_SAID_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names of the fields of a row that say something: numbers or enumerations; NULL: no more. All its others but `row`, its number,
 * say of what. */
enum { SAID_FIELDS = 2 };

struct said {
    void *known; /* of tsearch */
};

void said_free(struct said *);
/* Notes what a row says; in a field that contradicts an earlier row nothing. `*field` becomes the first of those, and `*other` the
 * earlier row's number; NULL: it contradicts none. False: out of memory. */
bool said_note(struct said *, const ProtobufCMessage *row, const char *const says[SAID_FIELDS],
               const char **field, uint32_t *other);

#endif
