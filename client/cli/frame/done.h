/* SPDX-License-Identifier: Apache-2.0 */
/* The word for what a successful write has done: a claim is accepted, a class has started. */
#ifndef MINGCE_CLI_DONE_H
#define MINGCE_CLI_DONE_H

#include "client/cli/frame/cli.h"

/* Returns the word for a method, in the locale's language. */
const char *done_word(const struct cli *, const char *method);
/* Prints the word on a line of its own; programs get {"done":true}. */
void done_print(const struct cli *, const char *method);
/* Prints the word above the table of an answer; programs get the table alone. */
void done_head(const struct cli *, const char *method);

#endif
