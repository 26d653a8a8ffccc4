/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the rows of a catalogue's file, whose header says which of the plan's columns it has. */
#ifndef MINGCE_CLI_CATALOGUE_FILE_H
#define MINGCE_CLI_CATALOGUE_FILE_H

#include "client/cli/command/rows.h"

enum { CATALOGUE_FILES = 3 };
extern const struct row_form catalogue_rows[CATALOGUE_FILES]; /* messages CatalogueLoadRow */

#endif
