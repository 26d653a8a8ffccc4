/* SPDX-License-Identifier: Apache-2.0 */
/* Reads files with public keys. */
#ifndef MINGCE_CLI_KEYS_H
#define MINGCE_CLI_KEYS_H

#include "client/cli/frame/cli.h"
#include "proto/tlog/note.h"

/* Reads public keys of that type, one on each line; blank lines and those that begin with '#' are skipped. There must be at least one
 * and at most `most`, all different. Returns CLI_OK, or the exit status after saying what is wrong. */
int keys_read(const struct cli *, const char *path, enum note_key_type, struct note_key *, size_t most,
              size_t *n);
/* Reads the log's public key from a file of one line, as `mingced log create-key` printed it. Returns likewise. */
int key_read(const struct cli *, const char *path, struct note_key *);

#endif
