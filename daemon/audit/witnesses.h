/* SPDX-License-Identifier: Apache-2.0 */
/* The witnesses that cosign the log: a file with a line `URL KEY` for each; blank lines and those with '#' say nothing. */
#ifndef MINGCE_AUDIT_WITNESSES_H
#define MINGCE_AUDIT_WITNESSES_H

#include "daemon/base/compiler.h"
#include "proto/tlog/note.h"

enum { WITNESSES_MOST = 16, WITNESS_URL = 256, WITNESS_ID = NOTE_NAME + 16 };

struct witness {
    char url[WITNESS_URL]; /* http://HOST[:PORT][/PREFIX] */
    struct note_key key;
    char id[WITNESS_ID]; /* name+hex8(id) */
};

struct witnesses {
    struct witness each[WITNESSES_MOST];
    size_t n;
};

/* NULL: loaded; else why not. Path "": none. */
const char *witnesses_load(const char *path, struct witnesses *) MUST_CHECK;

#endif
