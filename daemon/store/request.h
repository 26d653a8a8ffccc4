/* SPDX-License-Identifier: Apache-2.0 */
/* A request to the database: what its owner embeds in its own, and the store links. */
#ifndef MINGCE_STORE_REQUEST_H
#define MINGCE_STORE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "daemon/store/rows.h"
#include "daemon/store/statement.h"

struct set;
struct share;

enum { STORE_OWNER = 16 };

enum store_outcome {
    STORE_DONE,        /* committed; the rows are the answer */
    STORE_UNAVAILABLE, /* surely not executed: no connection, or refused before it ran */
    STORE_UNKNOWN,     /* sent, and the connection was lost before the answer: it may have committed */
    STORE_BUSY,        /* too much waits already (queue_bytes) */
    STORE_FAILED,      /* failed alone: a defect; its SQLSTATE has been logged */
};

/* What the owner embeds in its request. The store links it; the owner keeps it alive until `done` was called or
 * store_abandon() returned. */
struct store_request {
    /* Appends the request's rows to the set; may be called more than once. Fails for want of memory
     * only (set_fail): what can be wrong with a request was found before. */
    void (*bind)(struct store_request *, struct set *);
    /* Called once, never from within store_submit(). `rows` is NULL unless STORE_DONE. */
    void (*done)(struct store_request *, enum store_outcome, const struct rows *rows);
    /* Whose it is: nobody has more than a share of the store. Lasts as the request does; NULL: the daemon's, without bound. */
    const uint8_t *owner; /* STORE_OWNER bytes */
    size_t bytes;         /* that its owner holds for it while it waits */
    /* the store's own */
    const struct statement *statement;
    struct share *share; /* what it waits for; NULL: it does not */
    struct set *set;     /* where it waits or was sent; NULL: nowhere */
    size_t index;        /* in that set */
    bool refused;        /* on the list of those to be told `outcome` */
    enum store_outcome outcome;
    TAILQ_ENTRY(store_request) link;
};

TAILQ_HEAD(request_list, store_request);

#endif
