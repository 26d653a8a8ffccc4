/* SPDX-License-Identifier: Apache-2.0 */
/* A signing key as a line of text: PRIVATE+KEY+name+hex8(id)+base64(type || seed), as other note programs have it. */
#ifndef MINGCE_PROTO_NOTE_SECRET_H
#define MINGCE_PROTO_NOTE_SECRET_H

#include "proto/tlog/note.h"

enum { NOTE_SECRET = NOTE_NAME + 128 };

/* The public part is what the seed says; the id in the line must be its. False: not a key of that type. */
bool note_secret_parse(const char *line, enum note_key_type, struct note_key *, uint8_t seed[NOTE_SEED]);
/* Without an LF. The caller cleanses it. */
void note_secret_format(const struct note_key *, const uint8_t seed[NOTE_SEED], char line[NOTE_SECRET]);

#endif
