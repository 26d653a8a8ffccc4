/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of rows as clerks keep them: perhaps a title above the header, a header of two rows, columns in any order and of which
 * nothing is known, blank rows, a header repeated on every printed page, totals and signatures at the end. A form says which
 * columns a kind of file may have.
 */
#ifndef MINGCE_CLI_FORM_H
#define MINGCE_CLI_FORM_H

#include "client/cli/sheet/sheet.h"

enum { FORM_FIELDS = 24, FORM_ALIASES = 14 };

/* Whether a row must have the column filled in; of each of the last two kinds one is enough. */
enum form_need { FORM_OPTIONAL, FORM_NEEDED, FORM_EITHER, FORM_OR };

struct form_field {
    const char *name;                  /* in the request's row message */
    const char *zh, *en;               /* how people call it: usages do, and headers in English may */
    const char *headers[FORM_ALIASES]; /* how headers call it besides: without blanks, before any bracket */
    enum form_need need;
};

struct form {
    const char *noun; /* of `mingce template` */
    const struct form_field *fields;
    int n; /* at most FORM_FIELDS */
    int needed
        [2]; /* columns that a header is known by and must have; the second tells a total row: it is blank there */
};

struct form_file {
    const struct form *form;
    struct sheet sheet;
    size_t header;              /* its row */
    bool two_rows;              /* the header's: the next one too */
    int column_of[FORM_FIELDS]; /* -1: the file has no such column */
    size_t *rows;               /* of the sheet: the data rows */
    size_t n;
};

/* CLI_OK, or the exit status after saying what is wrong; nothing to free then. */
int form_file_read(const struct cli *, const char *path, const struct form *, struct form_file *);
/* The same of the first form whose header the file has: file->form. */
int form_file_read_one_of(const struct cli *, const char *path, const struct form *const *forms, size_t n,
                          struct form_file *);
void form_file_free(struct form_file *);
/* The cell of data row `i`, from 0; NULL: blank, or no such column. It stays the file's. */
char *form_file_cell(const struct form_file *, size_t i, int field);
/* Likewise, but NULL for what our lists have masked (张*): it says nothing that could be compared. */
char *form_file_said(const struct form_file *, size_t i, int field);
/* The first field whose cell in data row `i` has half a character or a control character, NULL: none. Nobody can tell what stood there. */
const char *form_file_broken(const struct form_file *, size_t i);
/* The columns with something in them that the form does not know, as their headers call them, one after the other. Empty: none. */
void form_file_unused(const struct form_file *, const struct cli *, char *names, size_t size);
/* The row's number in the spreadsheet, from 1. */
size_t form_file_sheet_row(const struct form_file *, size_t i);
/* False: an earlier column of the form is for the same field, and this one only what files have. */
bool form_field_asked(const struct form *, int field);
/* What the column of a field is called: "姓名", "name". What it is called elsewhere when the form has none. */
const char *form_field_shown(const struct cli *, const struct form *, const char *field);

/* Some of the rows, as they were, with one more column called `title`. */
struct sheet_writer *form_file_copy(const struct cli *, const struct form_file *, const char *path,
                                    const char *title);
void form_file_copy_row(const struct form_file *, struct sheet_writer *, size_t i, const char *title,
                        const char *cell);
extern const char form_reasons[]; /* the title of what says why rows were refused */

#endif
