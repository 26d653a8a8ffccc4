/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of commands, in the language of the locale. */
#ifndef MINGCE_CLI_USAGE_H
#define MINGCE_CLI_USAGE_H

#include <stdio.h>

#include "client/cli/command/command.h"

/* How it is called, its arguments and options, the columns of the file that it reads, whose it is, what else there is to
 * know, an example. */
void command_usage(const struct cli *, const struct command *, FILE *out);
/* A line of a list of commands: its words and what it does. */
void command_line(const struct cli *, const struct command *, FILE *out);

#endif
