/* SPDX-License-Identifier: Apache-2.0 */
/* The store as store.c and its tests know it. */
#ifndef MINGCE_STORE_STORE_PRIVATE_H
#define MINGCE_STORE_STORE_PRIVATE_H

#include "daemon/store/connection.h"
#include "daemon/store/share.h"
#include "daemon/store/store.h"

/* One statement's. */
struct queue {
    struct set *open[LANES];                  /* takes requests, and waits; or NULL */
    size_t in_flight[LANES];                  /* sets */
    bool followed;                            /* by store->follow: */
    size_t follow_columns[STATEMENT_COLUMNS]; /* where its parameters are among the statement's */
};

struct store {
    const struct settings *settings;
    struct connections common; /* of the connections; the statements are there */
    struct queue *queues;      /* by statement */
    struct set_list waiting[LANES];
    enum lane turn; /* whose it is to send when both wait */
    size_t waiting_bytes;
    size_t pending; /* requests waiting or sent */
    struct connection *connections;
    size_t connections_n;
    struct event *send, *refuse;
    struct request_list refused;
    struct shares shares;
    bool was_ready;
    void (*changed)(void *, bool);
    void *changed_context;
    const struct statement *follow; /* NULL: none */
    void (*followed)(void *, const struct rows *);
    void *followed_context;
    void (*told)(void *, const char *);
    void *told_context;
};

#endif
