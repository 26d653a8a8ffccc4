/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that come in pages. */
#ifndef MINGCE_CLI_PAGES_H
#define MINGCE_CLI_PAGES_H

#include "client/cli/command/table.h"

/* How a list is asked for and shown, page after page. */
struct pages {
    const char *method;
    const struct table_column *columns;
    size_t columns_n;
    /* Asks for a page: puts the cursor (length 0: the first) and the rows wanted into the request. */
    ProtobufCMessage *(*request)(void *context, ProtobufCBinaryData cursor, uint32_t rows);
    /* Adds the page's rows to the table; returns how many, and the next cursor (length 0: the last page). */
    size_t (*show)(struct table *, const struct cli *, const ProtobufCMessage *response,
                   ProtobufCBinaryData *next);
    void *context;
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

/* Defines `ask`, the `request` of a message that has a cursor and the number of rows wanted. */
#define PAGES_ASK(type)                                                                                      \
    static ProtobufCMessage *ask(void *context, ProtobufCBinaryData cursor, uint32_t rows)                   \
    {                                                                                                        \
        type *request = context;                                                                             \
        request->has_cursor = cursor.len > 0;                                                                \
        request->cursor = cursor;                                                                            \
        request->has_page_rows = true;                                                                       \
        request->page_rows = rows;                                                                           \
        return &request->base;                                                                               \
    }

/* Connects, prints up to `limit` rows (NULL: `fallback`; 0 is all), says on stderr when there are more. Returns the
 * exit status. */
int pages_print(struct cli *, const struct pages *, const char *limit, uint64_t fallback);

#endif
