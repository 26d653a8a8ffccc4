/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of cells that come one after the other. */
#ifndef MINGCE_CLI_GATHER_H
#define MINGCE_CLI_GATHER_H

#include <stdbool.h>
#include <stddef.h>

struct sheet_row {
    char **cells; /* NUL-terminated, never NULL */
    size_t n;
};

struct gathered {
    struct sheet_row *rows;
    size_t n;
    /* owners of what the rows point to; all cells stand in one array, row after row */
    char **cells;
    char *bytes;
};

/* Begins as zeros. Cells are gathered one after the other in `text`, each with its NUL. Pointers to them are made at the end, when
 * `text` no longer moves. */
struct gathering {
    char *text;
    size_t text_n, text_room;
    size_t *counts; /* cells of each row */
    size_t rows_n, rows_room;
    size_t cells_n;
    size_t in_row;
    bool failed; /* out of memory */
};

/* Adds a cell to the row that is being gathered; its bytes have no NUL. */
void gather_cell(struct gathering *, const void *bytes, size_t n);
/* Ends the row, which may have no cells. */
void gather_row(struct gathering *);
/* Makes the rows, which the caller frees. False: out of memory, now or before. */
bool gather_end(struct gathering *, struct gathered *);
/* Frees what has not been handed over. */
void gather_drop(struct gathering *);
void gathered_free(struct gathered *);

#endif
