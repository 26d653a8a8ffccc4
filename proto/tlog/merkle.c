/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/merkle.h"

#include <string.h>

#include "proto/tlog/sha256.h"

static void prefixed(uint8_t prefix, const void *a, size_t a_n, const void *b, size_t b_n, merkle_hash out)
{
    SHA256_CTX context;
    sha256_begin(&context);
    sha256_add(&context, &prefix, 1);
    sha256_add(&context, a, a_n);
    sha256_add(&context, b, b_n);
    sha256_end(&context, out);
}

void merkle_leaf(const void *data, size_t n, merkle_hash out)
{
    prefixed(0, data, n, NULL, 0, out);
}

void merkle_node(const merkle_hash left, const merkle_hash right, merkle_hash out)
{
    prefixed(1, left, MERKLE_HASH, right, MERKLE_HASH, out);
}

static void empty_root(merkle_hash out)
{
    sha256("", 0, out);
}

void merkle_append_marking(struct merkle_frontier *tree, const merkle_hash leaf,
                           merkle_hash eighths[MERKLE_EIGHTHS])
{
    merkle_hash hash;
    unsigned level = 0;
    memcpy(hash, leaf, MERKLE_HASH);
    for (; (tree->size >> level & 1) != 0; level++) {
        merkle_node(tree->stack[level], hash, hash);
        if (level % 8 == 7)
            memcpy(eighths[level / 8], hash, MERKLE_HASH);
    }
    memcpy(tree->stack[level], hash, MERKLE_HASH);
    tree->size++;
}

void merkle_append(struct merkle_frontier *tree, const merkle_hash leaf)
{
    merkle_hash eighths[MERKLE_EIGHTHS];
    merkle_append_marking(tree, leaf, eighths);
}

void merkle_root(const struct merkle_frontier *tree, merkle_hash out)
{
    bool begun = false;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if ((tree->size >> level & 1) == 0)
            continue;
        if (begun)
            merkle_node(tree->stack[level], out, out);
        else
            memcpy(out, tree->stack[level], MERKLE_HASH);
        begun = true;
    }
    if (!begun)
        empty_root(out);
}

/* ---- proofs made ---- */

static uint64_t split(uint64_t n) /* the largest power of two below n > 1 */
{
    uint64_t k = 1;
    while (k << 1 < n && k << 1 != 0)
        k <<= 1;
    return k;
}

/* The root of leaves [start, end): read where it is a complete subtree, else of its two parts. */
static bool range_root(uint64_t start, uint64_t end, merkle_read *read, void *context, merkle_hash out)
{
    merkle_hash parts[MERKLE_LEVELS];
    size_t n = 0;
    /* the parts are complete subtrees of falling size */
    while (start < end) {
        unsigned level = 0;
        while (level + 1 < MERKLE_LEVELS && (uint64_t) 2 << level <= end - start)
            level++;
        if (start % ((uint64_t) 1 << level) != 0 || !read(context, level, start >> level, parts[n++]))
            return false;
        start += (uint64_t) 1 << level;
    }
    if (n == 0)
        return false;
    memcpy(out, parts[--n], MERKLE_HASH);
    while (n > 0)
        merkle_node(parts[--n], out, out);
    return true;
}

bool merkle_root_of(uint64_t size, merkle_read *read, void *context, merkle_hash out)
{
    if (size > 0)
        return range_root(0, size, read, context, out);
    empty_root(out);
    return true;
}

static void reverse(merkle_hash *proof, size_t n)
{
    merkle_hash kept;
    for (size_t i = 0; i < n / 2; i++) {
        memcpy(kept, proof[i], MERKLE_HASH);
        memcpy(proof[i], proof[n - 1 - i], MERKLE_HASH);
        memcpy(proof[n - 1 - i], kept, MERKLE_HASH);
    }
}

/* PATH of RFC 6962, walked from the root down. */
bool merkle_inclusion(uint64_t index, uint64_t size, merkle_read *read, void *context, merkle_hash *proof,
                      size_t *n)
{
    uint64_t start = 0, end = size;
    *n = 0;
    if (index >= size)
        return false;
    while (end - start > 1) {
        uint64_t middle = start + split(end - start);
        bool left = index < middle;
        if (!range_root(left ? middle : start, left ? end : middle, read, context, proof[(*n)++]))
            return false;
        if (left)
            end = middle;
        else
            start = middle;
    }
    reverse(proof, *n);
    return true;
}

/* SUBPROOF of RFC 6962, walked from the root down; `whole`: the part is still all of the first tree. */
bool merkle_consistency(uint64_t first, uint64_t second, merkle_read *read, void *context, merkle_hash *proof,
                        size_t *n)
{
    uint64_t start = 0, end = second;
    bool whole = true;
    *n = 0;
    if (first == 0 || first > second)
        return false;
    while (end != first) {
        uint64_t middle = start + split(end - start);
        bool left = first <= middle;
        if (!range_root(left ? middle : start, left ? end : middle, read, context, proof[(*n)++]))
            return false;
        if (left) {
            end = middle;
        } else {
            start = middle;
            whole = false;
        }
    }
    if (!whole && !range_root(start, end, read, context, proof[(*n)++]))
        return false;
    reverse(proof, *n);
    return true;
}

/* ---- proofs verified ---- */

bool merkle_included(uint64_t index, uint64_t size, const merkle_hash leaf, const merkle_hash *proof,
                     size_t n, const merkle_hash root)
{
    merkle_hash hash;
    if (index >= size)
        return false;
    uint64_t first = index, second = size - 1;
    memcpy(hash, leaf, MERKLE_HASH);
    for (size_t i = 0; i < n; i++) {
        if (second == 0)
            return false;
        if (first % 2 == 1 || first == second) {
            merkle_node(proof[i], hash, hash);
            for (; first != 0 && first % 2 == 0; second >>= 1)
                first >>= 1;
        } else {
            merkle_node(hash, proof[i], hash);
        }
        first >>= 1;
        second >>= 1;
    }
    return second == 0 && memcmp(hash, root, MERKLE_HASH) == 0;
}

bool merkle_consistent(uint64_t size1, uint64_t size2, const merkle_hash root1, const merkle_hash root2,
                       const merkle_hash *proof, size_t n)
{
    merkle_hash old, grown;
    if (size1 == size2)
        return n == 0 && memcmp(root1, root2, MERKLE_HASH) == 0;
    if (size1 == 0 || size1 > size2 || n == 0)
        return false;
    uint64_t first = size1 - 1, second = size2 - 1;
    bool power = (size1 & (size1 - 1)) == 0;
    for (; first % 2 == 1; second >>= 1)
        first >>= 1;
    memcpy(old, power ? root1 : proof[0], MERKLE_HASH);
    memcpy(grown, old, MERKLE_HASH);
    for (size_t i = power ? 0 : 1; i < n; i++) {
        if (second == 0)
            return false;
        if (first % 2 == 1 || first == second) {
            merkle_node(proof[i], old, old);
            merkle_node(proof[i], grown, grown);
            for (; first != 0 && first % 2 == 0; second >>= 1)
                first >>= 1;
        } else {
            merkle_node(grown, proof[i], grown);
        }
        first >>= 1;
        second >>= 1;
    }
    return second == 0 && memcmp(old, root1, MERKLE_HASH) == 0 && memcmp(grown, root2, MERKLE_HASH) == 0;
}
