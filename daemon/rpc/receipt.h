/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipts: the server's signed promise that the log will have the entries of a write. One signature for all requests
 * that were answered together; how it is made is said at message Receipt of proto/wire.proto.
 */
#ifndef MINGCE_RPC_RECEIPT_H
#define MINGCE_RPC_RECEIPT_H

#include "daemon/audit/log_key.h"
#include "daemon/base/arena.h"
#include "daemon/store/store.h"
#include "proto/wire.pb-c.h"

/* A promise counts as broken one day after it was given, because a notary may be down for a night. */
enum { RECEIPT_DEADLINE_S = 86400 };

struct receipts;

/* From now on the store sends the statement that receipts are made from behind each write. The key is borrowed. */
struct receipts *receipts_new(struct store *, const struct log_key *) MUST_CHECK;
void receipts_free(struct receipts *);
/* The receipt of a request being told by the store, in the arena. False: out of memory. `*out` NULL: it has none, since
 * it wrote nothing or the signature failed. */
bool receipt_of(struct receipts *, const struct store_request *, struct arena *,
                Mingce__V1__Receipt **out) MUST_CHECK;

#endif
