/* SPDX-License-Identifier: Apache-2.0 */
/* Who looked at whom, and how often. */
#ifndef MINGCE_CLI_ACCESS_H
#define MINGCE_CLI_ACCESS_H

#include "client/cli/frame/cli.h"
#include "proto/person.pb-c.h"

/* Connects and prints who looked at a person, up to `most` looks (0: all). Returns the exit status. */
int access_log_print(struct cli *, Mingce__V1__PersonKey *, uint64_t most);

#endif
