/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shares: what one owner's requests may take of the store while others want it too. Requests beyond it wait here, in order,
 * and take no place in a set, so that an owner who asks little waits behind few others. A share exists while its owner has
 * anything in the store.
 */
#ifndef MINGCE_STORE_SHARE_H
#define MINGCE_STORE_SHARE_H

#include "daemon/base/settings.h"
#include "daemon/store/set_private.h"

TAILQ_HEAD(share_list, share);

struct share_handlers {
    void (*turn)(void *context); /* a request that waits here may have its turn: shares_next() */
    void (*count)(void *context, size_t more,
                  size_t less); /* bytes that begin to wait here, and that do so no more */
};

struct shares {
    const struct settings *settings;
    size_t connections;        /* that the shares are shares of */
    void *tree;                /* by owner */
    struct share_list crowded; /* those that requests wait for */
    const struct share_handlers *handlers;
    void *context;
};

void shares_init(struct shares *, const struct settings *, size_t connections, const struct share_handlers *,
                 void *context);
void shares_free(struct shares *); /* once no set is left */
/* The part counts as its owner's from now on, until its set is given back. */
void shares_hold(struct shares *, struct part *);
void shares_give_back(const struct set *);
/* The owner's requests that wait here are too much already. */
bool shares_glutted(const struct shares *, const struct store_request *) MUST_CHECK;
/* True: the owner's share is taken up, and the request waits here. */
bool shares_wait(struct shares *, struct store_request *) MUST_CHECK;
/* Where this owner's next request goes. */
enum lane shares_lane(const struct shares *, const uint8_t *owner);
/* A request that waits here does so no more. */
void share_leave(struct store_request *);
/* One whose turn has come, taken from those that wait here; NULL: none. */
struct store_request *shares_next(struct shares *) MUST_CHECK;

#endif
