/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of process: a supervisor that forks and watches, workers that serve, one notary, one collector. */
#ifndef MINGCE_PROCESS_H
#define MINGCE_PROCESS_H

#include <stddef.h>

#include "daemon/base/settings.h"

enum { SOCKETS = 16 };

/* Runs until SIGTERM or SIGINT. Returns the exit status. `path` of the settings file, for reloads. */
int supervisor_run(const char *path);

/* In the child; never return. `sockets` are listening, and `metrics` (-1: none); `ready` is written one byte when the
 * worker serves. */
_Noreturn void worker_run(const char *path, const struct settings *, const int *sockets, size_t n,
                          int metrics, int ready);
/* Until SIGTERM; without a log_key it only waits for that. */
_Noreturn void notary_run(const struct settings *);
/* Until SIGTERM. */
_Noreturn void collector_run(const struct settings *);

#endif
