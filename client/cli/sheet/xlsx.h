/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a sheet of a spreadsheet: texts as they are, numbers, days and times as they are shown. */
#ifndef MINGCE_CLI_XLSX_H
#define MINGCE_CLI_XLSX_H

#include "client/cli/sheet/gather.h"
#include "client/cli/sheet/xlsx_book.h"

struct xlsx_rows {
    struct gathered rows; /* up to the last that is not blank */
    size_t *
        lost; /* which cells of rows.cells are numbers with more digits than a spreadsheet keeps, in their order */
    size_t lost_n;
    size_t hidden_n, hidden_first; /* how many of the rows are hidden; the first of them, from 1 */
};

/* Reads a sheet of the book, from 0, and of it no more rows than `most` (0: all). False: it is wrong. Otherwise the caller frees the rows. */
bool xlsx_read(const struct xlsx_book *, size_t tab, size_t most, struct xlsx_rows *, struct xlsx_fault *);
void xlsx_rows_free(struct xlsx_rows *);

#endif
