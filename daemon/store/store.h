/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database as one worker sees it: a few connections in pipeline mode, for each statement an open set,
 * and the requests that wait. Whenever a connection is free, the set that has waited longest is sent, but two sets of
 * one statement go side by side only when they are full; nobody waits on a timer. A set that fails is taken apart and each
 * of its requests is bound again and sent alone, so that only the guilty one fails. Of one owner's requests only so many are
 * in sets at a time that every connection has its fill: whoever asks little does not wait for the rest of them.
 */
#ifndef MINGCE_STORE_STORE_H
#define MINGCE_STORE_STORE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "daemon/base/compiler.h"
#include "daemon/base/settings.h"
#include "daemon/store/rows.h"
#include "daemon/store/set.h"
#include "daemon/store/statement.h"

struct store;
struct store_request;
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

/* The statements are borrowed for good. Connects by itself, and again with backoff for as long as it lives. */
struct store *store_new(struct event_base *, const struct settings *,
                        const struct statement *const *statements, size_t n) MUST_CHECK;
void store_free(struct store *);
void store_submit(struct store *, const struct statement *, struct store_request *);
/* The owner goes: `done` will not be called. What was sent stays sent, its answer is thrown away. */
void store_abandon(struct store *, struct store_request *);
/* True while at least one connection is ready. `changed` (may be NULL) is called when that changes. */
bool store_ready(const struct store *);
void store_on_change(struct store *, void (*changed)(void *context, bool ready), void *context);
/* What the database tells on `channel` (NOTIFY), an identifier borrowed for good. To be asked for before the event loop
 * runs. What is told while no connection stands is lost: a connection that became ready says nothing of it. */
void store_listen(struct store *, const char *channel, void (*told)(void *context, const char *payload),
                  void *context);
/* Sends `then` (one of the statements) behind each set of a statement that has all its parameters, with the same values and in
 * the same transaction. Its rows, of the whole set, are told before the set's requests are, and hold until they have been;
 * those of a request have its `index` + 1 in their first column. */
void store_follow(struct store *, const struct statement *then,
                  void (*followed)(void *context, const struct rows *), void *context);

#endif
