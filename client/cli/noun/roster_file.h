/* SPDX-License-Identifier: Apache-2.0 */
/* Rosters as files. */
#ifndef MINGCE_CLI_ROSTER_FILE_H
#define MINGCE_CLI_ROSTER_FILE_H

#include "client/cli/sheet/forms.h"
#include "proto/roster.pb-c.h"

/* Data row `i`, from 0, as it is sent: its number is i + 1. The texts stay the file's; blank cells are absent. */
void roster_file_row(const struct form_file *, size_t i, Mingce__V1__RosterRow *);

#endif
