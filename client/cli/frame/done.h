/* SPDX-License-Identifier: Apache-2.0 */
/* What is so once a write went well, in the field's own word: a claim is accepted, a class has started. */
#ifndef MINGCE_CLI_DONE_H
#define MINGCE_CLI_DONE_H

#include "client/cli/frame/cli.h"

/* The word for what a method did, in the language of the locale. */
const char *done_word(const struct cli *, const char *method);
/* The same as a line on stdout; to programs {"done":true}. */
void done_print(const struct cli *, const char *method);
/* A line ahead of an answer's table, which is all that programs are given. */
void done_head(const struct cli *, const char *method);

#endif
