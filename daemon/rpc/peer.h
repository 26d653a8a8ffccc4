/* SPDX-License-Identifier: Apache-2.0 */
/* A peer: the party at the other end of one session, from its certificate to its last answer. */
#ifndef MINGCE_RPC_PEER_H
#define MINGCE_RPC_PEER_H

#include <stdbool.h>

#include "daemon/rpc/crowd.h"
#include "daemon/rpc/internal.h"

struct peer {
    struct rpc *rpc;
    struct session *session;
    struct caller caller;
    uint8_t key_hash[SESSION_KEY_HASH];
    struct crowd_party *parties[CROWD_KINDS]; /* NULL: not counted (yet) */
    bool crowded;                             /* the server was full when it came */
    int64_t active_ms;                        /* monotonic: its last request, or greeting */
    bool greeted;                             /* Hello is out: requests are welcome */
    bool leaving;           /* Goodbye is out or the session is being closed: nothing more is said */
    struct call_list calls; /* without an answer yet */
    size_t calls_n;
    struct store_request lookup; /* who it is: before the greeting, and again when rights may have changed */
    bool looking_up;
    bool recheck;           /* look again when the look-up in flight is answered */
    TAILQ_ENTRY(peer) link; /* rpc->peers */
};

/* Tells the peer why and closes its session. */
void peer_dismiss(struct peer *, enum reason);
/* An answer went out: a draining peer with nothing left in flight is dismissed. */
void peer_answered(struct peer *);
/* It asks for something: the quietest no more. */
void peer_active(struct peer *);
/* The idle event's callback; the argument is the rpc. */
void peers_idle(evutil_socket_t, short, void *rpc);
/* Its rights may have changed: looks it up again, and dismisses it when they have. */
void peer_recheck(struct peer *);

#endif
