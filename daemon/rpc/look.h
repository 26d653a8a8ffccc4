/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is gathered for the audit log: masked looks at persons, logins, and calls that a role forbids. What the answers of
 * the last second have shown becomes one audit entry for each operator (and one for each page of a class's list), the
 * persons by commitment; logins and forbidden calls of a second are one for each operator and method. A worker that is killed takes what it
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

/* The call is over, or will be bound again: what it might have shown (call_looks_pending) counts no more. */
void looks_release(struct call *);
/* Whether a call that the limit refused is to be sent again, because calls beside it may have shown less than they were
 * counted for. */
bool looks_again(const struct call *) MUST_CHECK;

/* Somebody has logged in; nobody is known by a key; a caller's roles forbid a method. False: it cannot be recorded. */
bool looks_login(struct looks *, const struct caller *) MUST_CHECK;
bool looks_stranger(struct looks *, const uint8_t *key_hash /* its first 16 bytes count */) MUST_CHECK;
bool looks_forbidden(struct looks *, const struct caller *, const struct method *) MUST_CHECK;

#endif
