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

/* Names of the fields in which a row states something, which are numbers or enumerations; NULL: no more. The other fields, without
 * `row`, say what the statement is about. */
enum { SAID_FIELDS = 2 };

struct said {
    void *known; /* of tsearch */
};

void said_free(struct said *);
/* Notes what the row says. A field that contradicts an earlier row is not noted: `*field` becomes the first such field and `*other`
 * the number of the earlier row; NULL: there is no contradiction. Rows are compared only if they name their subject in the same way;
 * those that name it differently are left to the server. False: out of memory. */
bool said_note(struct said *, const ProtobufCMessage *row, const char *const says[SAID_FIELDS],
               const char **field, uint32_t *other);

#endif
