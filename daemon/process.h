/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of process: a supervisor that forks and watches, workers that serve, one notary, one collector. */
#ifndef MINGCE_PROCESS_H
#define MINGCE_PROCESS_H

#include <stddef.h>

#include "daemon/base/settings.h"

enum { SOCKETS = 16 };

/* Everything that the settings ask for; or, where the log's key must be out of the workers' reach, only what the log needs:
 * the notary and the collector. */
enum supervised { SUPERVISE_ALL, SUPERVISE_LOG };
/* Runs until SIGTERM or SIGINT. Returns the exit status. `path` of the settings file, for reloads. */
int supervisor_run(const char *path, enum supervised);

/* In the child; never return. `sockets` are listening, and `metrics` (-1: none); `ready` is written one byte when the
 * worker serves. */
_Noreturn void worker_run(const char *path, const struct settings *, const int *sockets, size_t n,
                          int metrics, int ready);
/* Until SIGTERM. `ready` (-1: nobody asks) is written one byte when its next checkpoint can be signed: it has taken up the log, or
 * is in step with the one that has. */
_Noreturn void notary_run(const struct settings *, int ready);
/* Until SIGTERM; serves the metrics too, if it is given their socket (-1: it is not). */
_Noreturn void collector_run(const struct settings *, int metrics);

#endif
