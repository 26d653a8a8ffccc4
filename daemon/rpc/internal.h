/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of rpc know of each other: peers have calls, calls have a peer, and the rpc has them all. */
#ifndef MINGCE_RPC_INTERNAL_H
#define MINGCE_RPC_INTERNAL_H

#include <stdbool.h>
#include <sys/queue.h>

#include "daemon/rpc/look.h"
#include "daemon/rpc/receipt.h"
#include "daemon/rpc/rpc.h"

TAILQ_HEAD(call_list, live_call); /* call.h */
TAILQ_HEAD(peer_list, peer);      /* peer.h */

struct rpc {
    struct event_base *base;
    const struct settings *settings;
    struct keyring *keys;
    struct store *store;
    struct looks *looks;
    struct receipts *receipts; /* NULL: none are given */
    const struct log_key *certificate_key;
    const struct method *methods;
    size_t methods_n;
    struct peer_list peers; /* who has been quiet longest comes first */
    void *crowd;            /* crowd.h */
    struct call_list calls; /* all calls of all peers, oldest first */
    struct event *idle;     /* looks for peers that have been quiet too long */
    struct event *sweep;    /* ends calls past their deadline; armed while there are calls */
    bool draining;
};

#endif
