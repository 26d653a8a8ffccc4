/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the store know of each other. */
#ifndef MINGCE_STORE_INTERNAL_H
#define MINGCE_STORE_INTERNAL_H

#include <event2/event.h>
#include <libpq-fe.h>

#include "daemon/base/buffer.h"
#include "daemon/store/reach.h"
#include "daemon/store/store.h"

/* ---- sets (set.c) ---- */

TAILQ_HEAD(set_list, set);

struct column_data {
    struct buffer bytes; /* room for the array's header, then the elements */
    int32_t elements;
    bool has_null;
};

/* Who has much in the store already waits in line with his like; the lines send in turn. */
enum lane { LANE_LIGHT, LANE_HEAVY, LANES };

/* A request's place in a set. */
struct part {
    struct store_request *request; /* NULL: abandoned */
    struct share *share;           /* its owner's; NULL: not counted */
    size_t weight;                 /* rows, its own among them, that it brings or expects */
};

struct set {
    const struct statement *statement;
    enum lane lane;
    struct column_data columns[STATEMENT_COLUMNS];
    size_t next; /* parameter that the next element belongs to */
    int32_t lines;
    struct part *parts;
    size_t requests_n, requests_room;
    size_t weight;         /* of its requests */
    size_t bytes;          /* held in the columns */
    bool failed;           /* set_fail(), or out of memory while binding */
    unsigned attempts;     /* how often its one request was sent alone; 0: not alone */
    PGresult *result;      /* once sent */
    PGresult *followed;    /* of the statement sent behind it; NULL: none */
    char sqlstate[6];      /* "": no error */
    bool doubtful;         /* committed with a warning that says it may be lost */
    TAILQ_ENTRY(set) link; /* waiting, or in flight on a connection */
};

struct set *set_new(const struct statement *, enum lane) MUST_CHECK;
void set_free(struct set *);
/* Binds one more request. False: out of memory, the set is spoilt and only good for freeing. */
bool set_add(struct set *, struct store_request *) MUST_CHECK;
/* The array headers are filled in; `values` and `lengths` have room for STATEMENT_COLUMNS. */
void set_finish(struct set *, const char **values, int *lengths);

/* ---- shares (share.c) ---- */

TAILQ_HEAD(request_list, store_request);
TAILQ_HEAD(share_list, share);

/* The part counts as its owner's from now on, until it is given back. */
void share_hold(struct store *, struct part *);
void share_give_back(const struct part *);
/* The owner's requests that wait here are too much already. */
bool share_glutted(struct store *, const struct store_request *) MUST_CHECK;
/* True: the owner's share is taken up, and the request waits here. */
bool share_wait(struct store *, struct store_request *) MUST_CHECK;
/* Where this owner's next request goes. */
enum lane share_lane(struct store *, const uint8_t *owner);
/* A request that waits here does so no more. */
void share_leave(struct store_request *);
/* One whose turn has come, taken from those that wait here; NULL: none. */
struct store_request *share_next(struct store *) MUST_CHECK;
void shares_free(struct store *); /* once no set is left */

/* ---- statements (statement.c) ---- */

enum { STATEMENT_SQL = 4096, OID_NAME = 24 };
void statement_sql(const struct statement *, char sql[STATEMENT_SQL]);
void statement_types(const struct statement *, Oid types[STATEMENT_COLUMNS]);
/* How many of its parameters, from the first on, have an element per request. */
size_t statement_request_parameters(const struct statement *);
Oid column_oid(enum column_type);
Oid column_array_oid(enum column_type);
/* "int4[]", or the number of one that no column has. */
void oid_name(Oid, char name[OID_NAME]);

/* ---- rows (rows.c) ---- */

struct rows {
    const struct columns *columns; /* that the statement declares */
    const PGresult *result;
    int first, n;
};

/* ---- errors (sqlstate.c) ---- */

enum verdict {
    VERDICT_GUILTY,      /* a defect, or this request's own doing */
    VERDICT_AGAIN,       /* lost a race: the same again may succeed */
    VERDICT_UNAVAILABLE, /* surely not committed, and not this request's fault */
    VERDICT_UNKNOWN,     /* the server went away at an unknown moment */
};
enum verdict sqlstate_verdict(const char *sqlstate);
/* The connection is of no use after this. */
bool sqlstate_ends_connection(const char *sqlstate);

/* ---- connections (connection.c) ---- */

enum connection_state { CONNECTION_WAITING, CONNECTION_CONNECTING, CONNECTION_PREPARING, CONNECTION_READY };

struct connection {
    struct store *store;
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

bool connection_open(struct connection *, struct store *) MUST_CHECK;
void connection_close(struct connection *);
bool connection_free_for_set(const struct connection *);
/* Takes the set over. */
void connection_send(struct connection *, struct set *);

/* ---- the store (store.c), as its connections see it ---- */

/* One statement's. */
struct queue {
    struct set *open[LANES];                  /* takes requests, and waits; or NULL */
    size_t in_flight[LANES];                  /* sets */
    bool followed;                            /* by store->follow: */
    size_t follow_columns[STATEMENT_COLUMNS]; /* where its parameters are among the statement's */
};

struct store {
    struct event_base *base;
    const struct settings *settings;
    const struct statement *const *statements;
    size_t statements_n;
    struct queue *queues; /* by statement */
    struct set_list waiting[LANES];
    enum lane turn; /* whose it is to send when both wait */
    size_t waiting_bytes;
    size_t pending; /* requests waiting or sent */
    struct connection *connections;
    size_t connections_n;
    struct host reached; /* where one of them was last */
    struct event *send, *refuse;
    struct request_list refused;
    void *shares;              /* a tree, by owner */
    struct share_list crowded; /* shares that requests wait for */
    bool was_ready;
    void (*changed)(void *, bool);
    void *changed_context;
    const char *channel;            /* NULL: none */
    const struct statement *follow; /* NULL: none */
    void (*followed)(void *, const struct rows *);
    void *followed_context;
    void (*told)(void *, const char *);
    void *told_context;
};

/* Bytes that wait for the database. */
void store_count_bytes(struct store *, size_t more, size_t less);
/* The statement's queue. */
struct queue *queue_of(struct store *, const struct statement *);
/* An answer is complete: hands each request its rows, or takes the set apart. Frees the set. */
void store_answered(struct store *, struct set *);
/* The connection went away with this set in flight. Frees the set. */
void store_lost(struct store *, struct set *);
/* A connection became ready, free, or was lost. */
void store_look(struct store *);

#endif
