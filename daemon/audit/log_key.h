/* SPDX-License-Identifier: Apache-2.0 */
/* The log's signing key: a file of one line, PRIVATE+KEY+name+hex8(id)+base64(1 || seed), as other note programs have it. */
#ifndef MINGCE_AUDIT_LOG_KEY_H
#define MINGCE_AUDIT_LOG_KEY_H

#include "daemon/base/compiler.h"
#include "proto/tlog/note.h"

struct log_key {
    struct note_key public;
    uint8_t seed[NOTE_SEED];
};

/* NULL: loaded; else why not. A file that others than the service may read is refused. */
const char *log_key_load(const char *path, struct log_key *) MUST_CHECK;
/* The same of a key that signs one kind of thing: `word` is receipt or certificate,
 * and its name ends in /WORD, so that what it signs is never taken for a checkpoint. */
const char *log_key_load_for(const char *path, const char *word, struct log_key *) MUST_CHECK;
/* A fresh key of that name in a new file of mode 0600. NULL: made; else why not. */
const char *log_key_create(const char *path, const char *name, struct log_key *) MUST_CHECK;

#endif
