/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts: fen in messages and JSON, yuan for people. */
#ifndef MINGCE_CLI_MONEY_H
#define MINGCE_CLI_MONEY_H

#include "client/cli/command/table.h"

/* Formats yuan with two decimals. */
enum { MONEY_TEXT = 32 };
void money_text(int64_t fen, char text[MONEY_TEXT]);
/* Puts a cell: "1700.00" for people, fen for programs; an empty one if the amount is not there. */
void money_cell(struct table *, bool there, int64_t fen);
/* Reads an option's amount in yuan, with at most two decimals. False: what is wrong has been printed. */
bool money_option(const struct cli *, const char *option, const char *text, int64_t *fen);

#endif
