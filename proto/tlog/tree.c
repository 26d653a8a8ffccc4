/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/tree.h"

#include <string.h>

enum { TILE_BITS = 8 };

static void tile_begin(struct tree_tile *tile, int level, uint64_t index)
{
    tile->level = level;
    tile->index = index;
    tile->n = 0;
}

void tree_new(struct tree *tree)
{
    memset(tree, 0, sizeof(*tree));
    for (int level = 0; level < TILE_LEVELS; level++)
        tile_begin(&tree->last[level], level, 0);
}

/* The complete subtrees that the frontier has at a tile's level, from the tile's hashes. */
static void frontier_of(struct merkle_frontier *frontier, const struct tree_tile *tile)
{
    struct merkle_frontier part = {.size = 0};
    for (unsigned i = 0; i < tile->n; i++)
        merkle_append(&part, tile->hashes[i]);
    memcpy(frontier->stack[tile->level * TILE_BITS], part.stack, TILE_BITS * sizeof(merkle_hash));
}

bool tree_load(struct tree *tree, uint64_t size, bool (*read)(void *, struct tree_tile *, unsigned),
               void *context)
{
    tree_new(tree);
    for (int level = 0; level < TILE_LEVELS; level++) {
        struct tree_tile *tile = &tree->last[level];
        uint64_t hashes = size >> (level * TILE_BITS);
        unsigned n = (unsigned) (hashes % TILE_WIDTH);
        tile_begin(tile, level, hashes / TILE_WIDTH);
        if (n > 0 && !read(context, tile, n))
            return false;
        tile->n = n; /* what was fetched may have grown meanwhile */
        frontier_of(&tree->frontier, tile);
    }
    tree->frontier.size = size;
    return true;
}

void tree_append(struct tree *tree, const merkle_hash leaf, void (*filled)(void *, const struct tree_tile *),
                 void *context)
{
    merkle_hash hash, eighths[MERKLE_EIGHTHS];
    merkle_append_marking(&tree->frontier, leaf, eighths);
    memcpy(hash, leaf, MERKLE_HASH);
    for (int level = 0; level < TILE_LEVELS; level++) {
        struct tree_tile *tile = &tree->last[level];
        memcpy(tile->hashes[tile->n++], hash, MERKLE_HASH);
        if (tile->n < TILE_WIDTH)
            return;
        filled(context, tile);
        memcpy(hash, eighths[level], MERKLE_HASH); /* a whole tile is a complete subtree */
        tile_begin(tile, level, tile->index + 1);
    }
}

/* A complete subtree of 2^level leaves lies within one tile of level / 8. */
bool tree_read(void *context, unsigned level, uint64_t index, merkle_hash out)
{
    struct tree_reader *reader = context;
    struct merkle_frontier part = {.size = 0};
    unsigned tile_level = level / 8, hashes = 1U << level % 8;
    uint64_t first = index << level % 8;
    unsigned wanted = (unsigned) (first % TILE_WIDTH) + hashes;
    if (tile_level >= TILE_LEVELS)
        return false;
    struct tree_tile *tile = &reader->kept[tile_level];
    if (tile->n < wanted || tile->index != first / TILE_WIDTH) {
        tile->level = (int) tile_level;
        tile->index = first / TILE_WIDTH;
        tile->n = 0;
        if (!reader->fetch(reader->context, tile, wanted) || tile->n < wanted)
            return false;
    }
    for (unsigned i = 0; i < hashes; i++)
        merkle_append(&part, tile->hashes[first % TILE_WIDTH + i]);
    merkle_root(&part, out);
    return true;
}
