/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows as PostgreSQL writes them and the log covers them: record_send() over the columns of their table. The log has no names for
 * the columns, so they are known here, and what a file calls them is compared.
 */
#ifndef MINGCE_CLI_DOSSIER_ROW_H
#define MINGCE_CLI_DOSSIER_ROW_H

#include "client/cli/command/table.h"
#include "client/cli/verify/row_record.h"
#include "proto/dossier.pb-c.h"

/* Begins to read a row. False: a table that a dossier does not have, other columns than it has, or not as many fields. */
bool dossier_row_open(struct row_record *, const Mingce__V1__DossierRow *);
/* The field of a column; false: no such column, or not that many bytes. */
bool dossier_row_find(const Mingce__V1__DossierRow *, const char *column, size_t n,
                      struct row_record_field *);

/* What a table is called; "" of one that is not known. */
const char *dossier_row_table(const struct cli *, Mingce__V1__RowTable);
/* Prints the rows of one table: of many columns a part for each row, else one list; with --json an object a row. They can
   be opened. */
void dossier_rows_print(const struct cli *, Mingce__V1__DossierRow *const *, size_t n);

#endif
