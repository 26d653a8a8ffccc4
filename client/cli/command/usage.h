/* SPDX-License-Identifier: Apache-2.0 */
/* Prints how commands are used, in the locale's language. */
#ifndef MINGCE_CLI_USAGE_H
#define MINGCE_CLI_USAGE_H

#include <stdio.h>

#include "client/cli/command/command.h"

/* Prints a command's synopsis, its arguments and options, the columns of the file that it reads, the roles that may use it, its
 * notes and an example. */
void command_usage(const struct cli *, const struct command *, FILE *out);
/* Prints a command's line in a list of commands: its words and what it does. */
void command_line(const struct cli *, const struct command *, FILE *out);

#endif
