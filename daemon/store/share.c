/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/share.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILLINGS = 2, /* of every connection with full sets: one is under way, one waits behind it */
    GLUTS = 2,    /* owners that may fill what is kept waiting (queue_bytes) between them */
};

struct share {
    uint8_t owner[STORE_OWNER]; /* the key: first */
    struct shares *shares;
    size_t held; /* weight of its requests in sets, waiting or sent */
    struct request_list waiting;
    size_t waiting_bytes;
    TAILQ_ENTRY(share) link; /* shares->crowded, while requests wait */
};

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, STORE_OWNER);
}

static struct share *share_of(const struct shares *shares, const uint8_t *owner)
{
    void **found = owner == NULL ? NULL : tfind(owner, &shares->tree, compare);
    return found == NULL ? NULL : *found;
}

static struct share *share_new(struct shares *shares, const uint8_t *owner)
{
    struct share *share = calloc(1, sizeof(*share));
    if (share == NULL)
        return NULL;
    share->shares = shares;
    memcpy(share->owner, owner, sizeof(share->owner));
    TAILQ_INIT(&share->waiting);
    if (tsearch(share, &shares->tree, compare) != NULL)
        return share;
    free(share);
    return NULL;
}

static bool taken_up(const struct share *share)
{
    const struct settings *settings = share->shares->settings;
    size_t sets = FILLINGS * share->shares->connections * settings->database_pipeline;
    return share->held >= sets * settings->set_rows;
}

/* The share has become smaller: requests that wait for it may have their turn, or nothing of it is left. */
static void settle(struct share *share)
{
    struct shares *shares = share->shares;
    if (!TAILQ_EMPTY(&share->waiting)) {
        shares->handlers->turn(shares->context);
    } else if (share->held == 0) {
        tdelete(share, &shares->tree, compare);
        free(share);
    }
}

enum lane shares_lane(const struct shares *shares, const uint8_t *owner)
{
    const struct share *share = share_of(shares, owner);
    return share == NULL || share->held < shares->settings->set_rows ? LANE_LIGHT : LANE_HEAVY;
}

void shares_hold(struct shares *shares, struct part *part)
{
    const uint8_t *owner = part->request->owner;
    part->share = share_of(shares, owner);
    if (part->share == NULL && owner != NULL)
        part->share = share_new(shares, owner); /* out of memory: it is not counted */
    if (part->share != NULL)
        part->share->held += part->weight;
}

void shares_give_back(const struct set *set)
{
    for (size_t i = 0; i < set->requests_n; i++) {
        struct share *share = set->parts[i].share;
        if (share == NULL)
            continue;
        share->held -= set->parts[i].weight;
        settle(share);
    }
}

bool shares_glutted(const struct shares *shares, const struct store_request *request)
{
    const struct share *share = share_of(shares, request->owner);
    return share != NULL && share->waiting_bytes >= shares->settings->queue_bytes / GLUTS;
}

bool shares_wait(struct shares *shares, struct store_request *request)
{
    struct share *share = share_of(shares, request->owner);
    if (share == NULL || (TAILQ_EMPTY(&share->waiting) && !taken_up(share)))
        return false;
    if (TAILQ_EMPTY(&share->waiting))
        TAILQ_INSERT_TAIL(&shares->crowded, share, link);
    TAILQ_INSERT_TAIL(&share->waiting, request, link);
    share->waiting_bytes += request->bytes;
    shares->handlers->count(shares->context, request->bytes, 0);
    request->share = share;
    return true;
}

void share_leave(struct store_request *request)
{
    struct share *share = request->share;
    request->share = NULL;
    TAILQ_REMOVE(&share->waiting, request, link);
    share->waiting_bytes -= request->bytes;
    share->shares->handlers->count(share->shares->context, 0, request->bytes);
    if (TAILQ_EMPTY(&share->waiting))
        TAILQ_REMOVE(&share->shares->crowded, share, link);
    settle(share);
}

struct store_request *shares_next(struct shares *shares)
{
    struct share *share;
    TAILQ_FOREACH (share, &shares->crowded, link)
        if (!taken_up(share))
            break;
    struct store_request *request = share == NULL ? NULL : TAILQ_FIRST(&share->waiting);
    if (request != NULL)
        share_leave(request);
    return request;
}

void shares_init(struct shares *shares, const struct settings *settings, size_t connections,
                 const struct share_handlers *handlers, void *context)
{
    *shares = (struct shares){
        .settings = settings, .connections = connections, .handlers = handlers, .context = context};
    TAILQ_INIT(&shares->crowded);
}

void shares_free(struct shares *shares)
{
    tdestroy(shares->tree, free);
    shares->tree = NULL;
}
