/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests of one worker: sessions become peers, frames become calls.
 *
 *   decode -> who -> may -> valid -> bind ... render -> reply
 */
#ifndef MINGCE_RPC_RPC_H
#define MINGCE_RPC_RPC_H

#include <event2/event.h>

#include "daemon/audit/log_key.h"
#include "daemon/base/compiler.h"
#include "daemon/net/session.h"
#include "daemon/rpc/method.h"
#include "daemon/store/store.h"

struct rpc;

/* The statement that finds out who a certificate belongs to; the store needs it beside the methods'. */
extern const struct statement rpc_caller_statement;
/* The statement that records masked looks; likewise. */
extern const struct statement rpc_look_statement;

/* The statement that finds what receipts promise; likewise. */
extern const struct statement rpc_receipt_statement;

/* What workers sign with; NULL: no receipts are given, no certificates signed. */
struct rpc_keys {
    const struct log_key *receipt, *certificate;
};
/* Everything is borrowed and outlives the rpc. NULL when out of memory. */
struct rpc *rpc_new(struct event_base *, const struct settings *, struct keyring *, struct store *,
                    const struct rpc_keys *, const struct method *methods, size_t n) MUST_CHECK;
/* For listener_new(), with the rpc as context. */
const struct session_handlers *rpc_session_handlers(void);
/* Refuses new requests from now on, answers what is in flight, then says goodbye to every peer. */
void rpc_drain(struct rpc *);
/* Whether everything that was shown is recorded; sends what is not. */
bool rpc_settled(struct rpc *);
/* An operator or an organisation (its id) may have lost rights: those of its peers that have are dismissed.
 * NULL: anybody may, after the database was away. */
void rpc_recheck(struct rpc *, const uint8_t id[16]);
/* After the listener is gone. */
void rpc_free(struct rpc *);

#endif
