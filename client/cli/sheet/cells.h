/* SPDX-License-Identifier: Apache-2.0 */
/* Writes rows of cells to a file, as CSV or as a workbook. */
#ifndef MINGCE_CLI_CELLS_H
#define MINGCE_CLI_CELLS_H

#include "client/cli/sheet/sheet.h"
#include "client/cli/sheet/xlsx_write.h"

struct cells {
    /* one of these */
    struct sheet_writer *csv;
    struct xlsx_writer *xlsx;
};

/* Whether a file of this name is a workbook. */
bool cells_named_xlsx(const char *path);
/* `sheet` is the name of the workbook's first sheet. CSV without a path goes to standard output, when it is whole. False: it has been said why. */
bool cells_open(struct cells *, const struct cli *, const char *path, bool xlsx, const char *sheet);
/* Writes the titles of columns as the next row. */
void cells_header(struct cells *, const struct xlsx_column *, size_t n);
void cells_put(struct cells *, const char *text);
void cells_row(struct cells *);
/* Leaves the file as it was. */
void cells_drop(struct cells *);
/* Returns CLI_OK, or CLI_FILE after saying why; then the file is as it was. */
int cells_close(struct cells *);

#endif
