/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of a roster say of a file's rows. */
#ifndef MINGCE_CLI_ROSTER_JUDGE_H
#define MINGCE_CLI_ROSTER_JUDGE_H

#include "client/cli/command/judgement.h"
#include "client/cli/noun/roster_file.h"

/* Judges every row by the rules of proto/rules/roster.h. `starts_on` DAY_NONE: ages are not judged. CLI_OK or the exit
 * status after saying what is wrong. */
int judge_file(const struct cli *, const struct form_file *, int32_t starts_on, struct judgements *);

#endif
