/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/cells.h"

#include <string.h>
#include <strings.h>

bool cells_named_xlsx(const char *path)
{
    static const char end[] = ".xlsx";
    size_t n = strlen(path), end_n = sizeof(end) - 1;
    return n > end_n && strcasecmp(path + n - end_n, end) == 0;
}

bool cells_open(struct cells *cells, const struct cli *cli, const char *path, bool xlsx, const char *sheet)
{
    *cells = (struct cells){NULL, NULL};
    if (xlsx)
        cells->xlsx = xlsx_writer_open(cli, path, sheet);
    else
        cells->csv = sheet_writer_open(cli, path, false);
    return cells->csv != NULL || cells->xlsx != NULL;
}

void cells_header(struct cells *cells, const struct xlsx_column *columns, size_t n)
{
    if (cells->xlsx != NULL) {
        xlsx_writer_header(cells->xlsx, columns, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        sheet_writer_cell(cells->csv, columns[i].title);
    sheet_writer_row(cells->csv);
}

void cells_put(struct cells *cells, const char *text)
{
    if (cells->xlsx != NULL)
        xlsx_writer_cell(cells->xlsx, text);
    else
        sheet_writer_cell(cells->csv, text);
}

void cells_row(struct cells *cells)
{
    if (cells->xlsx != NULL)
        xlsx_writer_row(cells->xlsx);
    else
        sheet_writer_row(cells->csv);
}

void cells_drop(struct cells *cells)
{
    if (cells->xlsx != NULL)
        xlsx_writer_drop(cells->xlsx);
    else
        sheet_writer_drop(cells->csv);
}

int cells_close(struct cells *cells)
{
    return cells->xlsx != NULL ? xlsx_writer_close(cells->xlsx) : sheet_writer_close(cells->csv);
}
