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
    ProtobufCMessage *request; /* all of it but the cursor and how many rows are wanted */
    /* Puts a row of which the columns alone cannot be made; NULL: they can. */
    void (*row)(struct table *, const struct cli *, const ProtobufCMessage *);
    /* Says what the last page says besides; NULL: nothing. */
    void (*last)(const struct cli *, const ProtobufCMessage *answer);
};

/* The way through the pages of a list, whoever gives them out. */
enum { PAGES_CURSOR = 1024, PAGES_EMPTY = 1 << 16 };
struct pages_way {
    uint8_t bytes[PAGES_CURSOR];
    ProtobufCBinaryData cursor; /* of the next page, in `bytes`; length 0: there is none */
    uint8_t marked[PAGES_CURSOR];
    size_t marked_n, steps, turn; /* a cursor passed before, which moves on ever more rarely */
    size_t empty;                 /* pages without a row, one after the other */
};
/* After a page of so many rows with that next cursor (length 0: it was the last). Returns CLI_OK, or the exit status after saying
 * that the list does not go on: a cursor that came before, or nothing but empty pages. Some may be empty, of a list that looks at a
 * bounded number of rows for each. */
int pages_go_on(const struct cli *, struct pages_way *, size_t rows, ProtobufCBinaryData next);

/* Connects, prints up to `most` rows (0 is all), says on stderr when there are more. Returns the exit status. */
int pages_print(struct cli *, const struct pages *, uint64_t most);
/* The value of `--limit`; a list that goes into a file is whole unless it was given. */
uint64_t pages_limit(const struct cli *, struct given *);

#endif
