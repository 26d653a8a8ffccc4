/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the rows of a dossier. */
#ifndef MINGCE_CLI_DOSSIER_PRINT_H
#define MINGCE_CLI_DOSSIER_PRINT_H

#include "client/cli/command/table.h"
#include "proto/tlog/dossier.h"

/* The name of a table for people; "" for an unknown one. */
const char *dossier_table_name(const struct cli *, Mingce__V1__RowTable);
/* Prints the rows of one table: a part for each row if it has many columns, otherwise one list; with --json an object for each row.
 * dossier_row_open() must be able to open them. */
void dossier_rows_print(const struct cli *, Mingce__V1__DossierRow *const *, size_t n);

#endif
