/* SPDX-License-Identifier: Apache-2.0 */
/* Public keys that were brought along, in files. */
#ifndef MINGCE_CLI_KEYS_H
#define MINGCE_CLI_KEYS_H

#include "client/cli/frame/cli.h"
#include "proto/tlog/note.h"

/* Public keys of that type, a line each (blank lines and those that begin with '#' say nothing), at least one and at most
 * `most`, no two alike. Returns CLI_OK, or the exit status after saying what is wrong. */
int keys_read(const struct cli *, const char *path, enum note_key_type, struct note_key *, size_t most,
              size_t *n);
/* A public key: a file of one line, as `mingced log create-key` printed it. CLI_OK, or the exit status after saying why not. */
int key_read(const struct cli *, const char *path, struct note_key *);

#endif
