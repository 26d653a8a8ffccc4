/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of cells as a clerk's spreadsheet saves it: XLSX, or CSV in UTF-8 or GB18030, separated by commas or by what a first line
 * "sep=;" says. Which of them it is, its first bytes say, and not its name. Cells are always UTF-8; bytes that are no character become
 * U+FFFD.
 */
#ifndef MINGCE_CLI_SHEET_H
#define MINGCE_CLI_SHEET_H

#include "client/cli/frame/cli.h"
#include "client/cli/sheet/gather.h"
#include "client/cli/sheet/xlsx.h"

struct sheet {
    struct sheet_row *rows; /* blank ones, too: a spreadsheet numbers row i as i + 1 */
    size_t n;
    bool gb18030; /* what the file was in; else UTF-8 */
    char delimiter;
    bool delimiter_said; /* by the file */
    /* owners of what the rows point to */
    char *bytes;
    char **cells;
    char *text; /* the whole file, decoded */
    size_t text_n;
    size_t broken_line,
        control_line; /* of the first character that is none, and of the first control character; 0: none */
    /* of XLSX: */
    struct xlsx_book *book; /* NULL: the file is CSV */
    size_t tab;             /* which of its sheets has been read, from 0 */
    size_t *lost, lost_n;   /* as in struct xlsx_rows */
    size_t hidden_n, hidden_first;
};

/* Reads a file. Of XLSX with several sheets no rows are read until sheet_turn(). Returns CLI_OK, or the exit status after saying what is
 * wrong; then nothing is to be freed. */
int sheet_read(const struct cli *, const char *path, struct sheet *);
/* Reads one of the sheets of XLSX. Returns likewise. */
int sheet_turn(const struct cli *, const char *path, struct sheet *, size_t tab);
/* Does the same, of no more rows than `most` (0: all), and says nothing. False: it is wrong. */
bool sheet_rows_read(struct sheet *, size_t tab, size_t most, struct xlsx_fault *);
/* Frees the rows, and neither text nor book. */
void sheet_rows_free(struct sheet *);
/* Says why the file cannot be read and frees the sheet. Returns CLI_FILE. */
int sheet_fail(const struct cli *, const char *path, struct sheet *, const struct xlsx_fault *);
/* Whether a cell of the row is a number whose last digits the spreadsheet has lost. */
bool sheet_digits_lost(const struct sheet *, const struct sheet_row *, size_t column);
/* Splits the same text into rows again, by another delimiter. Returns likewise. */
int sheet_split(const struct cli *, const char *path, struct sheet *, char delimiter);
void sheet_free(struct sheet *);
/* For a sheet in which no header is found: if the file is not text, says so. CLI_OK: it is text. */
int sheet_no_text(const struct cli *, const char *path, const struct sheet *);

/* Whether a new file may take the path's place: a pipe or a device must not be replaced. False: that has been printed. */
bool sheet_replaceable(const struct cli *, const char *path);

/* Writes rows of cells in the file's own encoding, to a new file that takes the path's place when it is whole; only
 * its owner may read it. */
struct sheet_writer;
/* `path` NULL: the rows go to standard output, when all are there. NULL: it has been said why. */
struct sheet_writer *sheet_writer_open(const struct cli *, const char *path, bool gb18030);
/* Sets the delimiter, before the first cell is written; otherwise it is a comma. */
void sheet_writer_separate(struct sheet_writer *, char delimiter);
/* Writes a cell. A text that a spreadsheet would change (cell_spoilt) gets an apostrophe, which is dropped when the file is read. */
void sheet_writer_cell(struct sheet_writer *, const char *text);
void sheet_writer_row(struct sheet_writer *);
/* Frees the writer and leaves `path` as it was. */
void sheet_writer_drop(struct sheet_writer *);
/* Puts the new file in place and frees the writer. Returns CLI_OK, or CLI_FILE after saying why; then `path` is as it was. */
int sheet_writer_close(struct sheet_writer *);

#endif
