/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows for people and for programs: an aligned table that knows how wide Chinese characters are, or with --json one
 * object a row. Control characters that came from elsewhere are not printed.
 */
#ifndef MINGCE_CLI_TABLE_H
#define MINGCE_CLI_TABLE_H

#include <json-c/json.h>

#include "client/cli/frame/cli.h"
#include "client/cli/sheet/sheet.h"

struct table_column {
    const char *key; /* in JSON */
    const char *zh, *en;
    bool right; /* aligned; numbers */
};

struct table;

/* Ends the program when out of memory, as do the following. */
struct table *table_new(const struct cli *, const struct table_column *, size_t n);
/* Of a list, which `--output` writes to a file that the next command reads: in Chinese whatever the locale, since those are the
 * words of the forms that clerks fill in. The caller puts such words into the cells (cli->zh). NULL: it has been said why. */
struct table *table_list(const struct cli *, const struct table_column *, size_t n);
/* Ends a list of so many rows. With another status than CLI_OK no file is made, and nothing is printed when there is no row. Returns
 * the exit status. */
int table_list_end(struct table *, int status, uint64_t rows);
/* The next cell of the row; NULL: none. */
void table_text(struct table *, const char *text);
void table_number(struct table *, uint64_t number);
/* For people `text`, for programs `value`, which is taken over. */
void table_cell(struct table *, const char *text, struct json_object *value);
/* For programs one more member of the row, which people see under another column. The value is taken over. */
void table_member(struct table *, const char *key, struct json_object *value);
/* A time in Asia/Shanghai, of milliseconds since 1970; an empty cell when it is not there. */
void table_time(struct table *, bool there, int64_t ms);
void table_row(struct table *); /* the row is complete */
/* Prints what is not printed yet and frees. Of no row at all it is said, on stderr, that there is none. */
void table_end(struct table *);
/* Frees without printing. */
void table_drop(struct table *);
/* The same for a single row: for people a line per column. */
void table_end_record(struct table *);
/* Cells of a terminal that the text takes. */
size_t table_width(const char *text);

#endif
