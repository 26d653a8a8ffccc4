/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a dossier's rows are those of its claim: all of them, each once, as they became last, each step with its entry. */
#ifndef MINGCE_CLI_DOSSIER_WHOLE_H
#define MINGCE_CLI_DOSSIER_WHOLE_H

#include "client/cli/frame/cli.h"
#include "proto/dossier.pb-c.h"

/* Entries as they were unpacked, in the dossier's order. Returns the exit status, after saying what is wrong. */
int dossier_whole(const struct cli *, const Mingce__V1__Dossier *, Mingce__V1__AuditEntry *const *entries);

#endif
