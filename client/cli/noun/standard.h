/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the rows of a file of subsidy standards, for `standard load` and for drafts. */
#ifndef MINGCE_CLI_STANDARD_H
#define MINGCE_CLI_STANDARD_H

#include "client/cli/command/rows.h"
#include "proto/standard.pb-c.h"

extern const struct row_form standard_rows; /* messages StandardRow */

#endif
