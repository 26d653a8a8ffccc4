/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads files of rows as clerks keep them. There may be a title above the header, a header of two rows, columns in any order and
 * unknown ones among them, blank rows, a header repeated on every printed page, and totals and signatures at the end. A form says
 * which columns a kind of file may have.
 */
#ifndef MINGCE_CLI_FORM_H
#define MINGCE_CLI_FORM_H

#include "client/cli/sheet/sheet.h"
#include "proto/wire/reason.h"

enum { FORM_FIELDS = 24, FORM_ALIASES = 14, FORM_CLASHES = 2, FORM_CLASH_FIELDS = 9 };

/* A cell that begins or ends so is a template's example, in whatever language: nobody's text has two braces there. */
#define FORM_EXAMPLE_BEGIN "{{"
#define FORM_EXAMPLE_END   "}}"

/* Whether a row must have the column filled in. FORM_APART: what it says may also stand in another column's cell. Of all columns that
 * are FORM_EITHER one is enough, and so it is of FORM_OR. */
enum form_need { FORM_OPTIONAL, FORM_APART, FORM_NEEDED, FORM_EITHER, FORM_OR };

struct form_field {
    const char *name;    /* in the request's row message */
    const char *zh, *en; /* what people call it: in usages, and perhaps in an English header */
    const char *headers
        [FORM_ALIASES]; /* other names in headers, without blanks and without what follows in brackets */
    enum form_need need;
};

/* What a row has in common with an earlier one because of which the server refuses it. */
struct form_clash {
    enum reason reason;
    int n, fields[FORM_CLASH_FIELDS];
};

struct form {
    const char *noun; /* of `mingce template` */
    const struct form_field *fields;
    int n; /* at most FORM_FIELDS */
    int needed
        [2]; /* columns that a header is known by and must have; the second tells a total row: it is blank there */
    struct form_clash clashes[FORM_CLASHES];
};

struct form_file {
    const struct form *form;
    struct sheet sheet;
    size_t header;              /* its row */
    bool two_rows;              /* the next row belongs to the header, too */
    int column_of[FORM_FIELDS]; /* -1: the file has no such column */
    size_t *rows;               /* numbers of the sheet's rows that are data rows */
    size_t n;
};

/* Reads the file's rows by the form. A file without a column that every row needs is refused as a whole. Returns CLI_OK, or the exit status after saying what is wrong; then nothing is to be freed. */
int form_file_read(const struct cli *, const char *path, const struct form *, struct form_file *);
/* Does the same by the first of the forms whose header the file has, which becomes file->form. */
int form_file_read_one_of(const struct cli *, const char *path, const struct form *const *forms, size_t n,
                          struct form_file *);
void form_file_free(struct form_file *);
/* Returns the cell of data row `i`, from 0, which the file owns. NULL: the cell is blank, or there is no such column. */
char *form_file_cell(const struct form_file *, size_t i, int field);
/* Does the same, but returns NULL for a text that our own lists have masked (张*), since it cannot be compared with anything. */
char *form_file_said(const struct form_file *, size_t i, int field);
/* Why data row `i` says nothing, and at which field first: a cell with a broken or a control character, whose text is lost, one that
 * still has a template's example, or a number whose last digits a spreadsheet has lost. REASON_NONE: it can be read. */
enum reason form_file_unfit(const struct form_file *, size_t i, const char **field);
/* Whether two data rows have the same cells in the columns of a clash. */
bool form_file_clash(const struct form_file *, size_t i, size_t j, const struct form_clash *);
/* Lists the headers of columns that are not blank and that the form does not know. Empty: there are none. */
void form_file_unused(const struct form_file *, const struct cli *, char *names, size_t size);
/* The row's number in the spreadsheet, from 1. */
size_t form_file_sheet_row(const struct form_file *, size_t i);
/* Whether clerks are asked for this column. False: an earlier column of the form is for the same field, and this one is only accepted. */
bool form_field_asked(const struct form *, int field);
/* The name of a field's column: "姓名", "name". When the form has no such column, the name that the field has elsewhere. */
const char *form_field_shown(const struct cli *, const struct form *, const char *field);

/* Writes some of the rows as they were read, with one more column that is called `title`. */
struct sheet_writer *form_file_copy(const struct cli *, const struct form_file *, const char *path,
                                    const char *title);
void form_file_copy_row(const struct form_file *, struct sheet_writer *, size_t i, const char *title,
                        const char *cell);
extern const char form_reasons[]; /* the title of the column that says why rows were refused */

#endif
