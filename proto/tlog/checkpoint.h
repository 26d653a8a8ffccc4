/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints (C2SP tlog-checkpoint): the text that a log signs; the places of its tiles (C2SP tlog-tiles). */
#ifndef MINGCE_PROTO_CHECKPOINT_H
#define MINGCE_PROTO_CHECKPOINT_H

#include "proto/tlog/merkle.h"
#include "proto/tlog/note.h"

enum { CHECKPOINT_TEXT = NOTE_NAME + 80, TILE_WIDTH = 256, TILE_LEVELS = 8, TILE_PATH = 64 };

struct checkpoint {
    char origin[NOTE_NAME]; /* the name of the key that signs it */
    uint64_t size;
    merkle_hash root;
};

/* origin LF size LF base64(root) LF. Returns its length. */
size_t checkpoint_format(const struct checkpoint *, char text[CHECKPOINT_TEXT]);
/* Lines behind the third are extensions and passed over. False: not that. */
bool checkpoint_parse(const char *text, size_t n, struct checkpoint *);
/* The log's own signature verified, the text parsed, the origin the key's name. */
bool checkpoint_open(const char *note, size_t n, const struct note_key *, struct checkpoint *);

/* tile/<level>/<N>[.p/<width>], or tile/entries/... for level -1; width 256: whole. */
void tile_path(int level, uint64_t index, unsigned width, char path[TILE_PATH]);

#endif
