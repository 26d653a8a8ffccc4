/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing tree of a log: the frontier, and of each level the last tile, which grows. What an append
 * has changed is asked for as whole tiles.
 */
#ifndef MINGCE_PROTO_TREE_H
#define MINGCE_PROTO_TREE_H

#include "proto/tlog/checkpoint.h"

struct tree_tile {
    int level;
    uint64_t index;
    unsigned n; /* hashes */
    merkle_hash hashes[TILE_WIDTH];
};

struct tree {
    struct merkle_frontier frontier;
    struct tree_tile last[TILE_LEVELS]; /* of each level; n 0: it is whole, the next begins */
};

/* An empty tree. */
void tree_new(struct tree *);
/* A tree of that size from its last tiles, which `read` fetches: at least `n` hashes are wanted. False: one lacks. */
bool tree_load(struct tree *, uint64_t size, bool (*read)(void *context, struct tree_tile *, unsigned n),
               void *context);
/* Appends; `filled` is told each tile that became whole. */
void tree_append(struct tree *, const merkle_hash leaf,
                 void (*filled)(void *context, const struct tree_tile *), void *context);

/* Complete subtrees from tiles that are fetched as they are wanted: a merkle_read. Starts zeroed but for its first two. */
struct tree_reader {
    bool (*fetch)(void *context, struct tree_tile *, unsigned n); /* at least n hashes */
    void *context;
    struct tree_tile kept[TILE_LEVELS]; /* the last fetched of each level */
};
bool tree_read(void *reader, unsigned level, uint64_t index, merkle_hash);

#endif
