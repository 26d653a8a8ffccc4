/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands about operators and about their changes share. */
#ifndef MINGCE_CLI_OPERATOR_H
#define MINGCE_CLI_OPERATOR_H

#include "client/cli/command/table.h"
#include "proto/wire.pb-c.h"

enum { OPERATOR_ROLES_MOST = 8 };

/* "clerk,reviewer", stable or Chinese words. False: it has been said what is wrong. */
bool operator_roles_parse(const struct cli *, const char *text, Mingce__V1__Role roles[OPERATOR_ROLES_MOST],
                          size_t *n);
/* For people their words, for programs an array of the stable ones. */
void operator_roles_cell(struct table *, const struct cli *, const Mingce__V1__Role *, size_t n);

#endif
