/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts: fen in messages and JSON, yuan for people. */
#ifndef MINGCE_CLI_MONEY_H
#define MINGCE_CLI_MONEY_H

#include "client/cli/command/table.h"

/* A cell: "1700.00" for people, fen for programs; an empty one when it is not there. */
void money_cell(struct table *, bool there, int64_t fen);
/* The option's amount in yuan, at most two decimals. False: it has been said what is wrong. */
bool money_option(const struct cli *, const char *option, const char *text, int64_t *fen);

#endif
