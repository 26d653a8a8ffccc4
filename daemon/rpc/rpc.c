/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rpc/rpc.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/rpc/call.h"

enum { IDLE_LOOK_MS = 500 };

struct rpc *rpc_new(struct event_base *base, const struct settings *settings, struct keyring *keys,
                    struct store *store, const struct rpc_keys *signing, const struct method *methods,
                    size_t n)
{
    struct rpc *rpc = calloc(1, sizeof(*rpc));
    if (rpc == NULL)
        return NULL;
    *rpc = (struct rpc){
        .base = base,
        .settings = settings,
        .keys = keys,
        .store = store,
        .looks = looks_new(base, store),
        .receipts = signing->receipt == NULL ? NULL : receipts_new(store, signing->receipt),
        .certificate_key = signing->certificate,
        .methods = methods,
        .methods_n = n,
        .sweep = evtimer_new(base, calls_sweep, rpc),
        .idle = event_new(base, -1, EV_PERSIST, peers_idle, rpc),
    };
    TAILQ_INIT(&rpc->peers);
    TAILQ_INIT(&rpc->calls);
    if (rpc->sweep == NULL || rpc->idle == NULL ||
        event_add(rpc->idle, &(struct timeval){.tv_usec = IDLE_LOOK_MS * 1000}) != 0 || rpc->looks == NULL ||
        (signing->receipt != NULL && rpc->receipts == NULL)) {
        rpc_free(rpc);
        return NULL;
    }
    return rpc;
}

void rpc_drain(struct rpc *rpc)
{
    rpc->draining = true;
    for (struct peer *peer = TAILQ_FIRST(&rpc->peers), *next; peer != NULL; peer = next) {
        next = TAILQ_NEXT(peer, link);
        peer_answered(peer);
    }
}

void rpc_recheck(struct rpc *rpc, const uint8_t id[16])
{
    for (struct peer *peer = TAILQ_FIRST(&rpc->peers), *next; peer != NULL; peer = next) {
        next = TAILQ_NEXT(peer, link);
        if (id == NULL || !peer->greeted || memcmp(peer->caller.operator_id, id, 16) == 0 ||
            memcmp(peer->caller.organisation_id, id, 16) == 0)
            peer_recheck(peer);
    }
}

void rpc_free(struct rpc *rpc)
{
    if (rpc == NULL)
        return;
    looks_free(rpc->looks);
    receipts_free(rpc->receipts);
    if (rpc->sweep != NULL)
        event_free(rpc->sweep);
    if (rpc->idle != NULL)
        event_free(rpc->idle);
    free(rpc);
}

bool rpc_settled(struct rpc *rpc)
{
    return looks_settle(rpc->looks);
}
