/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One database connection. It is reached (reach.h), checks the schema, prepares every statement and compares it with what
 * the database has (contract.h), then stays in pipeline mode for good. Each set is a group of its own: one statement, one
 * sync.
 *
 *   waiting -> connecting -> preparing -> ready -> (lost) waiting
 */
#ifndef MINGCE_STORE_CONNECTION_H
#define MINGCE_STORE_CONNECTION_H

#include <event2/event.h>
#include <libpq-fe.h>

#include "daemon/base/settings.h"
#include "daemon/store/reach.h"
#include "daemon/store/set_private.h"

/* What a connection tells its owner. A set that it gives back is the owner's again. */
struct connection_handlers {
    void (*answered)(void *context, struct set *); /* its answer is complete */
    void (*lost)(void *context, struct set *);     /* the connection went away with it in flight */
    void (*changed)(void *context); /* a connection became ready, free for a set, or was lost */
    void (*told)(void *context, const char *payload); /* NOTIFY */
};

/* What the connections of one owner have in common; lasts as they do. */
struct connections {
    struct event_base *base;
    const struct settings *settings;
    const struct statement *const *statements; /* to be prepared */
    size_t statements_n;
    const char *channel; /* to be listened to; NULL: none */
    struct host reached; /* where one of them was last */
    const struct connection_handlers *handlers;
    void *context;
};

enum connection_state { CONNECTION_WAITING, CONNECTION_CONNECTING, CONNECTION_PREPARING, CONNECTION_READY };

struct connection {
    struct connections *common; /* NULL: never opened */
    enum connection_state state;
    struct reach *reach; /* while connecting */
    PGconn *pg;
    struct event *readable, *writable, *timer;
    struct set_list in_flight;
    size_t in_flight_n;
    size_t answered;   /* of the preparing results */
    unsigned failures; /* in a row, for the backoff */
    bool warned;       /* a warning came: the set being answered is doubtful */
};

/* What goes behind a set in its transaction: a statement whose parameters are among the set's. */
struct connection_behind {
    const struct statement *then;
    const size_t *parameters; /* where each of them is among the set's */
};

bool connection_open(struct connection *, struct connections *) MUST_CHECK;
void connection_close(struct connection *);
bool connection_free_for_set(const struct connection *);
/* Takes the set over; `behind` may be NULL. */
void connection_send(struct connection *, struct set *, const struct connection_behind *);

#endif
