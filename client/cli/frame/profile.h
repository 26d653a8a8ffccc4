/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles: how to reach a server and as whom. A file of `name = value` lines (`#` begins a comment), named
 * $MINGCE_PROFILES/NAME or ~/.config/mingce/NAME: server, server_name, ca, certificate, key. Paths of files may be
 * relative to the profile's own folder.
 */
#ifndef MINGCE_CLI_PROFILE_H
#define MINGCE_CLI_PROFILE_H

#include "client/cli/frame/cli.h"

enum { PROFILE_TEXTS = 5 };

struct profile {
    struct mingce_options options;
    char *texts[PROFILE_TEXTS]; /* the options point into these */
};

/* Reads the profile that `cli->profile` names. Returns CLI_OK, or the exit status after saying what is wrong; then nothing is to be
 * freed. */
int profile_read(const struct cli *, struct profile *);
void profile_free(struct profile *);

#endif
