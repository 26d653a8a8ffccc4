/* SPDX-License-Identifier: Apache-2.0 */
/* The Merkle tree of RFC 6962 section 2.1: hashes, growth by a frontier, proofs made and verified. */
#ifndef MINGCE_PROTO_MERKLE_H
#define MINGCE_PROTO_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MERKLE_HASH = 32, MERKLE_LEVELS = 64, MERKLE_PROOF = 2 * MERKLE_LEVELS };
typedef uint8_t merkle_hash[MERKLE_HASH];

void merkle_leaf(const void *data, size_t n, merkle_hash);
void merkle_node(const merkle_hash left, const merkle_hash right, merkle_hash);

/* A tree as far as it matters for growing: the complete subtrees from its left edge, largest first. */
struct merkle_frontier {
    uint64_t size;
    merkle_hash stack[MERKLE_LEVELS]; /* by level; those at the ones of `size` hold */
};
void merkle_append(struct merkle_frontier *, const merkle_hash leaf);
/* The same; of the complete subtrees that end with this leaf those of 2^8, 2^16, ... leaves are put into `eighths`. */
enum { MERKLE_EIGHTHS = MERKLE_LEVELS / 8 };
void merkle_append_marking(struct merkle_frontier *, const merkle_hash leaf,
                           merkle_hash eighths[MERKLE_EIGHTHS]);
void merkle_root(const struct merkle_frontier *, merkle_hash);

/* The root of the complete subtree of 2^level leaves from leaf index * 2^level on. False: it is not known. */
typedef bool merkle_read(void *context, unsigned level, uint64_t index, merkle_hash);
/* The root over the first `size` leaves, and proofs leaf to root; `*n` of at most MERKLE_PROOF. False: index or sizes out
 * of order, or a subtree is not known. */
bool merkle_root_of(uint64_t size, merkle_read *read, void *context, merkle_hash);
bool merkle_inclusion(uint64_t index, uint64_t size, merkle_read *read, void *context, merkle_hash *proof,
                      size_t *n);
bool merkle_consistency(uint64_t first, uint64_t second, merkle_read *read, void *context, merkle_hash *proof,
                        size_t *n);

bool merkle_included(uint64_t index, uint64_t size, const merkle_hash leaf, const merkle_hash *proof,
                     size_t n, const merkle_hash root);
bool merkle_consistent(uint64_t first, uint64_t second, const merkle_hash root1, const merkle_hash root2,
                       const merkle_hash *proof, size_t n);

#endif
