/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A spreadsheet file as Excel, WPS and others save it (ECMA-376, also strict): what its sheets have in common. Of its parts only those
 * that lead to cells are read: relations, workbook, styles, shared strings; never what it says of its author.
 */
#ifndef MINGCE_CLI_XLSX_BOOK_H
#define MINGCE_CLI_XLSX_BOOK_H

#include "client/cli/sheet/archive.h"
#include "client/cli/sheet/markup.h"
#include "client/cli/sheet/number_format.h"

struct xlsx_tab {
    char *name, *part;
    bool hidden;
};

/* Text that grows. */
struct xlsx_text {
    char *bytes; /* not NUL-terminated */
    size_t n, room;
};

struct xlsx_book {
    struct archive *archive;
    struct xlsx_tab *tabs; /* the sheets in their order, of which there is one at least */
    size_t tabs_n;
    struct number_format *formats; /* by the number that a cell has */
    size_t formats_n;
    struct xlsx_text strings; /* the shared strings, one behind the other */
    uint32_t *ends;           /* where each of them ends */
    size_t strings_n;
    bool from_1904;
};

/* Takes the file's bytes, which malloc() has made. NULL: it is wrong. */
struct xlsx_book *xlsx_book_open(char *bytes, size_t n, struct xlsx_fault *);
void xlsx_book_close(struct xlsx_book *);

/* False: out of memory. */
bool xlsx_text_add(struct xlsx_text *, const char *bytes, size_t n);
/* Makes _x000D_ and its kind, from `from` on, the characters that they stand for. */
void xlsx_text_unescape(struct xlsx_text *, size_t from);

/* The namespaces of workbooks; ends with NULL. */
extern const char *const xlsx_spaces[];
/* Reads a part by its words. False: it is wrong, or `fault` was set by a handler, which then calls markup_stop(). */
bool xlsx_part_read(const struct archive *, const char *part, size_t most, const struct markup_words *,
                    const struct markup_handlers *, void *context, struct xlsx_fault *);
/* A number within bounds; -1: none. */
long xlsx_number(const char *text, long most);
/* "1" or "true". */
bool xlsx_true(const char *text);

#endif
