/* SPDX-License-Identifier: Apache-2.0 */
/* Why a spreadsheet cannot be read, and how that is said. */
#ifndef MINGCE_CLI_XLSX_FAULT_H
#define MINGCE_CLI_XLSX_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "client/cli/frame/cli.h"

enum xlsx_wrong {
    XLSX_GOOD,
    XLSX_MEMORY,
    XLSX_DAMAGED, /* no whole archive */
    XLSX_ENTRIES, /* too many parts */
    XLSX_PACKED,  /* by a method other than deflate */
    XLSX_LOCKED,  /* encrypted */
    XLSX_UNFOLDS, /* a part is too large */
    XLSX_BOMB,    /* or unfolds to too many times its size */
    XLSX_MISSING, /* a part is not there */
    XLSX_TWICE,   /* or there twice */
    XLSX_MARKUP,  /* a part is no XML, or not of a spreadsheet */
    XLSX_DOCTYPE, /* XML with a document type */
    XLSX_DEEP,    /* or too many elements inside each other */
    XLSX_MUCH,    /* or too long a word */
    XLSX_STYLES,  /* too many formats */
    XLSX_OTHER,   /* a document of another kind */
    XLSX_BINARY,  /* .xlsb */
    XLSX_OPEN,    /* .ods */
    XLSX_NO_SHEETS,
    XLSX_SHEETS, /* too many */
    XLSX_ROWS,   /* too many */
    XLSX_COLUMNS,
    XLSX_CELLS,
    XLSX_TEXT,  /* too much text */
    XLSX_ORDER, /* rows or cells that are there twice, or not in their order */
    XLSX_WRONG
};

enum { XLSX_PART = 256 /* the name of a part, with its NUL; longer ones are none of ours */ };

struct xlsx_fault {
    enum xlsx_wrong wrong;
    char part[XLSX_PART]; /* empty: of the file as a whole */
    size_t row;           /* where it is known; 0: not */
};

/* Notes what is wrong, unless something is already. `part` may be NULL. Returns false. */
bool xlsx_fail(struct xlsx_fault *, enum xlsx_wrong, const char *part);
/* Says it, in the language of the locale. */
void xlsx_fault_say(const struct cli *, const struct xlsx_fault *, char *why, size_t size);

#endif
