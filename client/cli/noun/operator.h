/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands about operators and about their changes share. */
#ifndef MINGCE_CLI_OPERATOR_H
#define MINGCE_CLI_OPERATOR_H

#include "client/cli/command/table.h"
#include "proto/wire.pb-c.h"

/* Puts a cell with the roles: their words for people, an array of the stable words for programs. */
void operator_roles_cell(struct table *, const struct cli *, const Mingce__V1__Role *, size_t n);

#endif
