/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Masked looks at persons, gathered: what the answers of the last second have shown becomes one audit entry for each
 * operator (and one for each page of a class's list), the persons by commitment. A worker that is killed takes what it
 * gathered in its last second with it; what the database does not take is kept and sent again.
 */
#ifndef MINGCE_RPC_LOOK_H
#define MINGCE_RPC_LOOK_H

#include <event2/event.h>

#include "daemon/rpc/method.h"
#include "daemon/store/store.h"

struct looks;

struct looks *looks_new(struct event_base *, struct store *) MUST_CHECK;
void looks_free(struct looks *);
/* Sends what has gathered. True when nothing is left that the database does not have. */
bool looks_settle(struct looks *);

#endif
