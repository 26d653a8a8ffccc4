/* SPDX-License-Identifier: Apache-2.0 */
/* How the rows of a dossier are shown. */
#ifndef MINGCE_CLI_DOSSIER_PRINT_H
#define MINGCE_CLI_DOSSIER_PRINT_H

#include "client/cli/command/table.h"
#include "proto/tlog/dossier.h"

/* What a table is called; "" of one that is not known. */
const char *dossier_table_name(const struct cli *, Mingce__V1__RowTable);
/* Prints the rows of one table: of many columns a part for each row, else one list; with --json an object a row. They can
   be opened. */
void dossier_rows_print(const struct cli *, Mingce__V1__DossierRow *const *, size_t n);

#endif
