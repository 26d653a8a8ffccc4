/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows as PostgreSQL writes them and the log covers them: record_send() over the columns of their table. The log has no names for
 * the columns, so they are known here, and what a file calls them is compared.
 */
#ifndef MINGCE_CLI_DOSSIER_ROW_H
#define MINGCE_CLI_DOSSIER_ROW_H

#include "client/cli/table.h"
#include "proto/dossier.pb-c.h"

enum { DOSSIER_ROW_COLUMN = 64 };

struct dossier_row_field {
    char column[DOSSIER_ROW_COLUMN];
    uint32_t type;        /* PostgreSQL's number of it */
    const uint8_t *bytes; /* big-endian, the row's; NULL: none */
    size_t n;
};

struct dossier_row {
    const uint8_t *at; /* what is left to read */
    size_t left;
    const char *columns;
    uint32_t fields;
};

/* Begins to read a row. False: a table that a dossier does not have, other columns than it has, or not as many fields. */
bool dossier_row_open(struct dossier_row *, const Mingce__V1__DossierRow *);
/* The next field; false: there is none. */
bool dossier_row_next(struct dossier_row *, struct dossier_row_field *);
/* The field of a column; false: no such column, or not that many bytes. */
bool dossier_row_find(const Mingce__V1__DossierRow *, const char *column, size_t n,
                      struct dossier_row_field *);
/* A whole number of at most 8 bytes. */
int64_t dossier_row_number(const struct dossier_row_field *);

/* What a table is called; "" of one that is not known. */
const char *dossier_row_table(const struct cli *, Mingce__V1__RowTable);
/* Prints the rows of one table: of many columns a part for each row, else one list; with --json an object a row. They can
   be opened. */
void dossier_rows_print(const struct cli *, Mingce__V1__DossierRow *const *, size_t n);

#endif
