/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that come in pages. */
#ifndef MINGCE_CLI_PAGES_H
#define MINGCE_CLI_PAGES_H

#include "client/cli/command/given.h"
#include "client/cli/command/show.h"

/* A list: a method whose request may have `cursor` and `page_rows`, and whose answer has one repeated field of messages, its rows,
 * and `next`. */
struct pages {
    const char *method;
    const struct show *show;
    ProtobufCMessage *request; /* complete but for the cursor and the number of rows */
    /* Puts the cells of a row where the description of columns cannot; NULL: it can. */
    void (*row)(struct table *, const struct cli *, const ProtobufCMessage *);
    /* Prints what the last page says besides its rows; NULL: nothing. */
    void (*last)(const struct cli *, const ProtobufCMessage *answer);
};

/* How far a client has come through the pages of a list. The server that sends them need not be trusted to end it. */
enum { PAGES_CURSOR = 1024, PAGES_EMPTY = 1 << 16 };
struct pages_way {
    uint8_t bytes[PAGES_CURSOR];
    ProtobufCBinaryData cursor; /* of the next page, in `bytes`; length 0: there is none */
    /* a cursor that was passed before; it is replaced ever more rarely, so that a list that goes in a circle is found out */
    uint8_t marked[PAGES_CURSOR];
    size_t marked_n, steps, turn;
    size_t empty; /* pages without a row, one after the other */
};
/* Notes a page of so many rows and its next cursor (length 0: it was the last page). Returns CLI_OK, or the exit status after saying
 * that the list does not end: a cursor came again, or too many pages in a row were empty. Some pages may be empty, since a server
 * looks at a bounded number of rows for each. */
int pages_go_on(const struct cli *, struct pages_way *, size_t rows, ProtobufCBinaryData next);

/* Connects, prints up to `most` rows (0: all of them), and says on stderr if there are more. Returns the exit status. */
int pages_print(struct cli *, const struct pages *, uint64_t most);
/* The value of `--limit`. Without it a list that is written as cells is not limited. */
uint64_t pages_limit(const struct cli *, struct given *);

#endif
