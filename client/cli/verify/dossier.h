/* SPDX-License-Identifier: Apache-2.0 */
/* Dossiers of claims: files that prove themselves (proto/dossier.proto). */
#ifndef MINGCE_CLI_DOSSIER_H
#define MINGCE_CLI_DOSSIER_H

#include "client/cli/verify/log.h"
#include "proto/dossier.pb-c.h"

enum { DOSSIER_FILE = 1 << 26 };

bool dossier_is(const char *bytes, size_t n);
/* A file somebody brings, scanned before it is unpacked; the caller's to free. NULL: it is no dossier. */
Mingce__V1__Dossier *dossier_read(const char *bytes, size_t n);
/* Offline, by the keys in `audit`: prints what it proves. Returns the exit status. */
int dossier_check(const struct cli *, struct audit *, const char *path, const char *bytes, size_t n);

#endif
