/* SPDX-License-Identifier: Apache-2.0 */
/* Dossiers of claims: files that prove themselves (proto/dossier.proto). */
#ifndef MINGCE_CLI_DOSSIER_H
#define MINGCE_CLI_DOSSIER_H

#include "client/cli/verify/log.h"
#include "proto/tlog/dossier.h"

/* Checks a dossier offline with the keys in `audit`, and prints what it proves. Returns the exit status. */
int dossier_check(const struct cli *, struct audit *, const char *path, const char *bytes, size_t n);

#endif
