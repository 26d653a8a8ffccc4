/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shares: what one owner's requests may take of the store while others want it too. What is over it waits here, in order,
 * and takes no place in a set: whoever asks little finds only so much before him. A share is there while its owner has
 * anything in the store.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/internal.h"

enum {
    FILLINGS = 2, /* of every connection with full sets: one is under way, one waits behind it */
    GLUTS = 2,    /* owners that may fill what is kept waiting (queue_bytes) between them */
};

struct share {
    uint8_t owner[STORE_OWNER]; /* the key: first */
    struct store *store;
    size_t held; /* weight of its requests in sets, waiting or sent */
    struct request_list waiting;
    size_t waiting_bytes;
    TAILQ_ENTRY(share) link; /* store->crowded, while requests wait */
};

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, STORE_OWNER);
}

static struct share *share_of(struct store *store, const uint8_t *owner)
{
    void **found = owner == NULL ? NULL : tfind(owner, &store->shares, compare);
    return found == NULL ? NULL : *found;
}

static struct share *share_new(struct store *store, const uint8_t *owner)
{
    struct share *share = calloc(1, sizeof(*share));
    if (share == NULL)
        return NULL;
    share->store = store;
    memcpy(share->owner, owner, sizeof(share->owner));
    TAILQ_INIT(&share->waiting);
    if (tsearch(share, &store->shares, compare) != NULL)
        return share;
    free(share);
    return NULL;
}

static bool taken_up(const struct share *share)
{
    const struct settings *settings = share->store->settings;
    size_t sets = FILLINGS * share->store->connections_n * settings->database_pipeline;
    return share->held >= sets * settings->set_rows;
}

/* Something has gone: the next have their turn, or it was the last. */
static void settle(struct share *share)
{
    struct store *store = share->store;
    if (!TAILQ_EMPTY(&share->waiting)) {
        event_active(store->send, EV_TIMEOUT, 0);
    } else if (share->held == 0) {
        tdelete(share, &store->shares, compare);
        free(share);
    }
}

enum lane share_lane(struct store *store, const uint8_t *owner)
{
    const struct share *share = share_of(store, owner);
    return share == NULL || share->held < store->settings->set_rows ? LANE_LIGHT : LANE_HEAVY;
}

void share_hold(struct store *store, struct part *part)
{
    const uint8_t *owner = part->request->owner;
    part->share = share_of(store, owner);
    if (part->share == NULL && owner != NULL)
        part->share = share_new(store, owner); /* out of memory: it is not counted */
    if (part->share != NULL)
        part->share->held += part->weight;
}

void share_give_back(const struct part *part)
{
    if (part->share == NULL)
        return;
    part->share->held -= part->weight;
    settle(part->share);
}

bool share_glutted(struct store *store, const struct store_request *request)
{
    const struct share *share = share_of(store, request->owner);
    return share != NULL && share->waiting_bytes >= store->settings->queue_bytes / GLUTS;
}

bool share_wait(struct store *store, struct store_request *request)
{
    struct share *share = share_of(store, request->owner);
    if (share == NULL || (TAILQ_EMPTY(&share->waiting) && !taken_up(share)))
        return false;
    if (TAILQ_EMPTY(&share->waiting))
        TAILQ_INSERT_TAIL(&store->crowded, share, link);
    TAILQ_INSERT_TAIL(&share->waiting, request, link);
    share->waiting_bytes += request->bytes;
    store_count_bytes(store, request->bytes, 0);
    request->share = share;
    return true;
}

void share_leave(struct store_request *request)
{
    struct share *share = request->share;
    request->share = NULL;
    TAILQ_REMOVE(&share->waiting, request, link);
    share->waiting_bytes -= request->bytes;
    store_count_bytes(share->store, 0, request->bytes);
    if (TAILQ_EMPTY(&share->waiting))
        TAILQ_REMOVE(&share->store->crowded, share, link);
    settle(share);
}

struct store_request *share_next(struct store *store)
{
    struct share *share;
    TAILQ_FOREACH (share, &store->crowded, link)
        if (!taken_up(share))
            break;
    struct store_request *request = share == NULL ? NULL : TAILQ_FIRST(&share->waiting);
    if (request != NULL)
        share_leave(request);
    return request;
}

void shares_free(struct store *store)
{
    tdestroy(store->shares, free);
    store->shares = NULL;
}
