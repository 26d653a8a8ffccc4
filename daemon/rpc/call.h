/* SPDX-License-Identifier: Apache-2.0 */
/* A live call: one request between its frame and its answer. */
#ifndef MINGCE_RPC_CALL_H
#define MINGCE_RPC_CALL_H

#include "daemon/rpc/peer.h"

struct live_call {
    struct call call;
    struct peer *peer;
    uint64_t id;                  /* the client's */
    int64_t deadline_ms;          /* monotonic */
    int64_t began_us;             /* likewise */
    Mingce__V1__Receipt *receipt; /* NULL: none */
    struct store_request stored;
    TAILQ_ENTRY(live_call) of_peer, of_rpc;
};

/* One message of a peer that has been greeted. Answers, begins a call, or dismisses the peer. */
void call_frame(struct peer *, const uint8_t *bytes, size_t n);
/* The peer has gone: its calls are dropped without an answer. */
void calls_drop(struct peer *);
/* The sweep's event callback; the argument is the rpc. */
void calls_sweep(evutil_socket_t, short, void *rpc);

#endif
