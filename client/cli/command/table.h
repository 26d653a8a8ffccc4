/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints rows: for people in an aligned table, which knows how wide Chinese characters are; for programs as one JSON object for each
 * row; a list also as cells of CSV or of a workbook, which are the very cells of the table.
 * Control characters in the texts are not printed.
 */
#ifndef MINGCE_CLI_TABLE_H
#define MINGCE_CLI_TABLE_H

#include <json-c/json.h>

#include "client/cli/frame/cli.h"
#include "client/cli/sheet/cells.h"

struct table_column {
    const char *key; /* in JSON */
    const char *zh, *en;
    bool right; /* aligned to the right, as numbers are */
};

struct table;

/* Running out of memory ends the program, here and in the functions below. */
struct table *table_new(const struct cli *, const struct table_column *, size_t n);
/* Makes the table of a list. As cells (cli_cells) it is for the next command to read: in Chinese whatever the locale, since the forms
 * that clerks fill in are Chinese; the caller must then put Chinese words into the cells (cli->zh). NULL: the reason has been printed. */
struct table *table_list(const struct cli *, const struct table_column *, size_t n);
/* Ends a list of so many rows. If the status is not CLI_OK, no file is made, no cell is printed, and a list without rows prints nothing. Returns the exit
 * status. */
int table_list_end(struct table *, int status, uint64_t rows);
/* Puts the next cell of the row; NULL: an empty one. */
void table_text(struct table *, const char *text);
void table_number(struct table *, uint64_t number);
/* Puts `text` for people and `value` for programs; the table owns `value` from then on. */
void table_cell(struct table *, const char *text, struct json_object *value);
/* Adds one more member to the row for programs, which people see in another column. The table owns the value from then on. */
void table_member(struct table *, const char *key, struct json_object *value);
/* Puts a time, which is in milliseconds since 1970, as Asia/Shanghai has it; an empty cell if it is absent. */
void table_time(struct table *, bool there, int64_t ms);
void table_row(struct table *); /* the row is complete */
/* Prints what has not been printed and frees the table. If it has no rows, says so on stderr. */
void table_end(struct table *);
/* Frees without printing. */
void table_drop(struct table *);
/* Does the same for a table of a single row, which people see as one line for each column; on stderr if a list goes where only cells
 * go (cli_cells). */
void table_end_record(struct table *);

#endif
