/* SPDX-License-Identifier: Apache-2.0 */
/* A transaction that somebody left open holds up the order of the log: what has committed since is not numbered. */
#ifndef MINGCE_NOTARY_STALL_H
#define MINGCE_NOTARY_STALL_H

#include "daemon/notary_database.h"

struct stall {
    struct blocker blocker; /* that held entries up at the last look; all empty: nobody */
    int64_t since_ms, looked_ms, named_ms;
};

/* When nothing is to be numbered, at most once a second: who holds it up goes to the metrics and, when it lasts, to the log, with
 * the session or the prepared transaction by name. False: the database is lost. */
bool stall_look(struct stall *, PGconn *) MUST_CHECK;

#endif
