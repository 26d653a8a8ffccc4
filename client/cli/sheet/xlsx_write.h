/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a workbook (XLSX) whose cells are all text, whatever they look like: no spreadsheet computes, rounds or redates them.
 *
 * libxlsxwriter puts every part of a workbook into a temporary file, in clear. These files are unlinked as soon as they are open,
 * and stand in a folder of mode 0700 that is made for them: in $XDG_RUNTIME_DIR if that is the caller's own and is memory (tmpfs),
 * so that nothing reaches a disk; else beside the target, where the same text is about to be kept anyway. $TMPDIR, which others
 * may share, is never chosen. The folder is there only while xlsx_writer_close() runs, which lets no signal end the program
 * before it has gone; kill -9 may leave it, empty.
 *
 * libxlsxwriter takes no notice of a part that could not be written. So the room for the parts is made sure of first, and each
 * part is read back (xlsx_whole.h) before the workbook, which is gathered in memory, is put in place.
 */
#ifndef MINGCE_CLI_XLSX_WRITE_H
#define MINGCE_CLI_XLSX_WRITE_H

#include "client/cli/frame/cli.h"

/* Words of which a cell is to have one; a spreadsheet offers them, and accepts others after a question. */
struct xlsx_words {
    const char *(*at)(int table, size_t i); /* word `i`, from 0, of the table; NULL: there are no more */
    int table;
};

struct xlsx_column {
    const char *title;
    bool right;              /* aligned to the right, as numbers are */
    struct xlsx_words words; /* `at` NULL: any text */
};
enum { XLSX_WRITTEN_COLUMNS = 64 };

struct xlsx_writer;
/* Its first sheet has this name. The file is made by xlsx_writer_close(). NULL: it has been said why. */
struct xlsx_writer *xlsx_writer_open(const struct cli *, const char *path, const char *sheet);
/* Goes on with the second and last sheet. */
void xlsx_writer_sheet(struct xlsx_writer *, const char *sheet);
/* Writes the titles as the next row, in bold; it stays in sight when the rows below it move. A sheet has one such row. */
void xlsx_writer_header(struct xlsx_writer *, const struct xlsx_column *, size_t n);
void xlsx_writer_cell(struct xlsx_writer *, const char *text);
void xlsx_writer_row(struct xlsx_writer *);
/* Frees the writer and leaves `path` as it was. */
void xlsx_writer_drop(struct xlsx_writer *);
/* Makes the file, 0600, whole or not at all, and frees the writer. Returns CLI_OK, or CLI_FILE after saying why; then `path` is as it
 * was. */
int xlsx_writer_close(struct xlsx_writer *);

#endif
