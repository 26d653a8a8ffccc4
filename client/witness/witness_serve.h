/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP server of a witness. */
#ifndef MINGCE_WITNESS_SERVE_H
#define MINGCE_WITNESS_SERVE_H

#include "client/cli/frame/cli.h"
#include "client/witness/witness.h"

/* Serves on the address until SIGTERM or SIGINT. Returns the exit status. */
int witness_serve(const struct cli *, struct witness *, const char *listen_on);

#endif
