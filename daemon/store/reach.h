/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every program reaches PostgreSQL: of the hosts that the connection string names, and of the addresses of each, the
 * first one that takes writes and keeps the terms (terms.h). Where it was reached last is tried first; each address has its
 * share of what is left of connect_timeout (5 s), a second at least, so that none is kept from its turn by one that says
 * nothing. Names are resolved without blocking. A line that carries nothing is given up after ten seconds.
 *
 *   resolving -> connecting -> agreeing on terms -> done
 *       ^______________|______________|  the next address, the next host
 */
#ifndef MINGCE_STORE_REACH_H
#define MINGCE_STORE_REACH_H

#include <event2/event.h>
#include <libpq-fe.h>

#include "daemon/base/log.h"
#include "daemon/store/cause.h"
#include "daemon/store/hosts.h"
#include "daemon/store/terms.h"

struct reach_plan {
    const char *conninfo;
    const char *options;  /* "-c name=value …" of this program's sessions; "": none */
    struct host *last;    /* where it was reached last, zeroed at first: the caller's, for the next time */
    enum log_level level; /* of a line about one of several places that failed */
};

/* Why nothing was reached: of the last place tried. */
struct reach_failure {
    enum cause cause;
    struct terms_broken broken;
};
enum { REACH_WHY = 192 };
/* As `key=value` pairs for the log. */
const char *reach_why(const struct reach_failure *, char text[REACH_WHY]);

struct reach;
/* `pg` is the callee's, in blocking mode; NULL: nothing was reached. */
typedef void reach_done(void *context, PGconn *pg, const struct reach_failure *);

/* Of the plan only `last` is kept. `done` is called once, from the event loop; what the call returned is still the caller's to
 * end. NULL when out of memory. */
struct reach *reach_begin(struct event_base *, const struct reach_plan *, reach_done *,
                          void *context) MUST_CHECK;
void reach_end(struct reach *); /* at any time, also from within `done` */
/* Waits for it. */
PGconn *reach_now(const struct reach_plan *, struct reach_failure *) MUST_CHECK;

#endif
