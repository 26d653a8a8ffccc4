/* SPDX-License-Identifier: Apache-2.0 */
/* Signed notes (C2SP signed-note): a text and the signatures below it, Ed25519 and witnesses' cosignatures. */
#ifndef MINGCE_PROTO_NOTE_H
#define MINGCE_PROTO_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NOTE_NAME = 128,   /* characters of a key's name, with its NUL */
    NOTE_MOST = 65536, /* bytes of a note */
    NOTE_SIGNATURES = 100,
    NOTE_KEY = 32,
    NOTE_SEED = 32,
    NOTE_VKEY = NOTE_NAME + 64,
};

enum note_key_type { NOTE_ED25519 = 1, NOTE_COSIGNATURE = 4 };

struct note_key {
    char name[NOTE_NAME];
    enum note_key_type type;
    uint8_t id[4];
    uint8_t key[NOTE_KEY]; /* public */
};

/* `name+hex8(id)+base64(type || key)`. False: not that, another type, or an id that does not fit. */
bool note_key_parse(const char *vkey, struct note_key *);
void note_key_format(const struct note_key *, char vkey[NOTE_VKEY]);
/* The key of a seed; names have no blank and no '+'. False: a name that cannot be. */
bool note_key_make(const char *name, enum note_key_type, const uint8_t seed[NOTE_SEED], struct note_key *);

enum note_verdict {
    NOTE_GOOD,
    NOTE_MALFORMED,
    NOTE_BAD_SIGNATURE, /* of a known key */
    NOTE_UNVERIFIED     /* none of a known key */
};
/* Verifies a note by these keys. `*text_n`: length of its text, with the final LF. `verified` (keys_n, may be NULL) and
 * `times` (likewise: of cosignatures, seconds since 1970) say by which. */
enum note_verdict note_open(const char *note, size_t n, const struct note_key *keys, size_t keys_n,
                            size_t *text_n, bool *verified, uint64_t *times);

/* Appends a signature line over `text` (which ends in LF) to `line`; a cosignature states its time. False: no room, or the
 * cipher failed. Returns its length in `*n`. */
bool note_sign(const char *text, size_t text_n, const struct note_key *, const uint8_t seed[NOTE_SEED],
               uint64_t time, char *line, size_t room, size_t *n);

/* Verifies the bytes that follow the id in a signature line of the key's. `*time`: what a cosignature of the right length
 * states, be it good or not; else 0. */
bool note_verify(const char *text, size_t text_n, const struct note_key *, const uint8_t *bytes, size_t n,
                 uint64_t *time);

#endif
