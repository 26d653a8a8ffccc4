/* SPDX-License-Identifier: Apache-2.0 */
/* Judges a roster's rows offline. */
#ifndef MINGCE_CLI_ROSTER_JUDGE_H
#define MINGCE_CLI_ROSTER_JUDGE_H

#include "client/cli/command/judgement.h"
#include "client/cli/noun/roster_file.h"

/* Judges every row by the rules of proto/rules/roster.h. If `starts_on` is DAY_NONE, ages are not judged. Returns CLI_OK, or the exit
 * status after saying what is wrong. */
int judge_file(const struct cli *, const struct form_file *, int32_t starts_on, struct judgements *);

#endif
