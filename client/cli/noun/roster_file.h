/* SPDX-License-Identifier: Apache-2.0 */
/* Reads rosters from files. */
#ifndef MINGCE_CLI_ROSTER_FILE_H
#define MINGCE_CLI_ROSTER_FILE_H

#include "client/cli/sheet/forms.h"
#include "proto/roster.pb-c.h"

/* Reads data row `i`, from 0, into the message that is sent, whose number is i + 1. The file owns the texts. Blank cells become absent
 * fields. */
void roster_file_row(const struct form_file *, size_t i, Mingce__V1__RosterRow *);

#endif
