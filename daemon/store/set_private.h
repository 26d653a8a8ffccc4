/* SPDX-License-Identifier: Apache-2.0 */
/* A set as it is gathered, sent and answered: for the files of the store only. */
#ifndef MINGCE_STORE_SET_PRIVATE_H
#define MINGCE_STORE_SET_PRIVATE_H

#include <libpq-fe.h>
#include <sys/queue.h>

#include "daemon/base/buffer.h"
#include "daemon/base/compiler.h"
#include "daemon/store/request.h"
#include "daemon/store/set.h"

TAILQ_HEAD(set_list, set);

struct column_data {
    struct buffer bytes; /* room for the array's header, then the elements */
    int32_t elements;
    bool has_null;
};

/* Requests of owners who have much in the store already wait in a lane of their own; the lanes send in turn. */
enum lane { LANE_LIGHT, LANE_HEAVY, LANES };

/* A request's place in a set. */
struct part {
    struct store_request *request; /* NULL: abandoned */
    struct share *share;           /* its owner's (share.h); NULL: not counted */
    size_t weight;                 /* rows, its own among them, that it brings or expects */
};

struct set {
    const struct statement *statement;
    enum lane lane;
    struct column_data columns[STATEMENT_COLUMNS];
    size_t next; /* parameter that the next element belongs to */
    int32_t rows;
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

#endif
