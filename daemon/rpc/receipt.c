/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rpc/receipt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "proto/tlog/base64.h"
#include "proto/tlog/merkle.h"

#define RECEIPT_PARAMETERS(COLUMN)                                                                           \
    COLUMN(RECEIPT_IN_REQUEST_ID, "request_id", UUID)                                                        \
    COLUMN(RECEIPT_IN_OPERATOR, "operator", UUID)
COLUMNS_OF(receipt_parameters, RECEIPT_PARAMETERS);
#define RECEIPT_RESULT(COLUMN)                                                                               \
    COLUMN(RECEIPT_REQ, "req", INT4)                                                                         \
    COLUMN(RECEIPT_ENTRY, "entry_id", INT8)                                                                  \
    COLUMN(RECEIPT_LEAF, "leaf", BYTEA)
COLUMNS_OF(receipt_result, RECEIPT_RESULT);
const struct statement rpc_receipt_statement = {
    .name = "receipt",
    .parameters = COLUMNS(receipt_parameters),
    .result = COLUMNS(receipt_result),
};

/* What one request wrote: its rows among the batch's, its leaf in the tree. */
struct written {
    int32_t request; /* from 1 */
    size_t first, n;
};

struct receipts {
    const struct log_key *key;
    const struct rows *rows; /* of the batch being told; they go with it */
    struct written *written;
    size_t n, room;
    merkle_hash *nodes; /* complete subtrees, level upon level: n of level 0, n / 2 of level 1, ... */
    uint8_t *leaves;    /* of one request */
    size_t leaves_room;
    char note[NOTE_NAME + NOTE_VKEY + 256];
    size_t note_n; /* 0: not signed */
};

/* ---- the tree of a batch ---- */

static size_t level_begin(size_t n, unsigned level)
{
    size_t begin = 0;
    for (unsigned i = 0; i < level; i++)
        begin += n >> i;
    return begin;
}

static bool node_read(void *context, unsigned level, uint64_t index, merkle_hash out)
{
    const struct receipts *receipts = context;
    memcpy(out, receipts->nodes[level_begin(receipts->n, level) + index], MERKLE_HASH);
    return true;
}

static void nodes_fill(struct receipts *receipts)
{
    for (unsigned level = 1; receipts->n >> level > 0; level++) {
        merkle_hash *below = receipts->nodes + level_begin(receipts->n, level - 1);
        merkle_hash *nodes = receipts->nodes + level_begin(receipts->n, level);
        for (size_t i = 0; i < receipts->n >> level; i++)
            merkle_node(below[2 * i], below[2 * i + 1], nodes[i]);
    }
}

/* Room for so many requests and for the leaves of all rows. */
static bool reserve(struct receipts *receipts, size_t rows)
{
    if (rows <= receipts->room)
        return true;
    struct written *written = realloc(receipts->written, rows * sizeof(*written));
    receipts->written = written == NULL ? receipts->written : written;
    merkle_hash *nodes = realloc(receipts->nodes, 2 * rows * sizeof(*nodes));
    receipts->nodes = nodes == NULL ? receipts->nodes : nodes;
    uint8_t *leaves = realloc(receipts->leaves, rows * MERKLE_HASH);
    receipts->leaves = leaves == NULL ? receipts->leaves : leaves;
    if (written == NULL || nodes == NULL || leaves == NULL)
        return false;
    receipts->room = rows;
    return true;
}

/* Rows come by request: each stretch of them is a leaf. */
static void leaves_take(struct receipts *receipts, const struct rows *rows)
{
    size_t n = rows_count(rows);
    receipts->n = 0;
    for (size_t i = 0; i < n;) {
        struct written *written = &receipts->written[receipts->n];
        *written = (struct written){.request = rows_int4(rows, i, RECEIPT_REQ), .first = i};
        for (; i < n && rows_int4(rows, i, RECEIPT_REQ) == written->request; i++) {
            size_t bytes;
            const uint8_t *leaf = rows_bytes(rows, i, RECEIPT_LEAF, &bytes);
            if (bytes != MERKLE_HASH)
                fatal("receipt-leaf", "bytes=%zu", bytes);
            memcpy(receipts->leaves + written->n++ * MERKLE_HASH, leaf, MERKLE_HASH);
        }
        merkle_leaf(receipts->leaves, written->n * MERKLE_HASH, receipts->nodes[receipts->n++]);
    }
}

static void sign(struct receipts *receipts)
{
    merkle_hash root;
    char text[BASE64_BYTES(MERKLE_HASH)];
    size_t n;
    if (!merkle_root_of(receipts->n, node_read, receipts, root))
        return;
    base64_encode(root, MERKLE_HASH, text);
    int length = snprintf(receipts->note, sizeof(receipts->note), "%s\n%s\n%" PRId64 "\n%d\n\n",
                          receipts->key->public.name, text, clock_wall_ms(), RECEIPT_DEADLINE_S);
    if (length > 0 && (size_t) length < sizeof(receipts->note) &&
        note_sign(receipts->note, (size_t) length - 1, &receipts->key->public, receipts->key->seed, 0,
                  receipts->note + length, sizeof(receipts->note) - (size_t) length, &n))
        receipts->note_n = (size_t) length + n;
}

static void followed(void *context, const struct rows *rows)
{
    struct receipts *receipts = context;
    receipts->rows = rows;
    receipts->n = receipts->note_n = 0;
    if (rows_count(rows) == 0)
        return;
    if (reserve(receipts, rows_count(rows))) {
        leaves_take(receipts, rows);
        nodes_fill(receipts);
        sign(receipts);
    }
    if (receipts->note_n == 0)
        log_error("receipt-unsigned", "requests=%zu", receipts->n);
}

/* ---- one receipt ---- */

static const struct written *written_by(const struct receipts *receipts, int32_t request)
{
    size_t low = 0, high = receipts->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (receipts->written[middle].request < request)
            low = middle + 1;
        else
            high = middle;
    }
    return low < receipts->n && receipts->written[low].request == request ? &receipts->written[low] : NULL;
}

struct message {
    Mingce__V1__Receipt receipt;
    merkle_hash proof[MERKLE_LEVELS];
    ProtobufCBinaryData path[MERKLE_LEVELS];
};

bool receipt_of(struct receipts *receipts, const struct store_request *request, struct arena *arena,
                Mingce__V1__Receipt **out)
{
    const struct written *written = written_by(receipts, (int32_t) request->index + 1);
    merkle_hash proof[MERKLE_PROOF];
    size_t n;
    *out = NULL;
    if (written == NULL || receipts->note_n == 0)
        return true;
    struct message *message = arena_alloc(arena, sizeof(*message));
    uint64_t *ids = arena_array(arena, written->n, sizeof(*ids));
    uint8_t *leaves = arena_array(arena, written->n, MERKLE_HASH);
    if (message == NULL || ids == NULL || leaves == NULL)
        return false;
    mingce__v1__receipt__init(&message->receipt);
    message->receipt.index = (uint64_t) (written - receipts->written);
    message->receipt.size = receipts->n;
    /* the note is copied into the answer before the next batch is told */
    message->receipt.note = (ProtobufCBinaryData){receipts->note_n, (uint8_t *) receipts->note};
    if (!merkle_inclusion(message->receipt.index, receipts->n, node_read, receipts, proof, &n))
        return false;
    memcpy(message->proof, proof, n * MERKLE_HASH);
    for (size_t i = 0; i < n; i++)
        message->path[i] = (ProtobufCBinaryData){MERKLE_HASH, message->proof[i]};
    message->receipt.n_path = n;
    message->receipt.path = message->path;
    for (size_t i = 0; i < written->n; i++) {
        size_t bytes;
        ids[i] = (uint64_t) rows_int8(receipts->rows, written->first + i, RECEIPT_ENTRY);
        memcpy(leaves + i * MERKLE_HASH, rows_bytes(receipts->rows, written->first + i, RECEIPT_LEAF, &bytes),
               MERKLE_HASH);
    }
    message->receipt.n_entry_id = written->n;
    message->receipt.entry_id = ids;
    message->receipt.leaves = (ProtobufCBinaryData){written->n * MERKLE_HASH, leaves};
    *out = &message->receipt;
    return true;
}

/* ---- life ---- */

struct receipts *receipts_new(struct store *store, const struct log_key *key)
{
    struct receipts *receipts = calloc(1, sizeof(*receipts));
    if (receipts == NULL)
        return NULL;
    receipts->key = key;
    store_follow(store, &rpc_receipt_statement, followed, receipts);
    return receipts;
}

void receipts_free(struct receipts *receipts)
{
    if (receipts == NULL)
        return;
    free(receipts->written);
    free(receipts->nodes);
    free(receipts->leaves);
    free(receipts);
}
