/* SPDX-License-Identifier: Apache-2.0 */
/* The terms of every database session of every program: what it sets for itself, so that neither the environment nor ALTER
 * ROLE, ALTER DATABASE or postgresql.conf changes what a statement means, and what it demands, because it cannot set it, or
 * because a site that set it otherwise meant to: the encoding, and that what is committed is durable. */
#ifndef MINGCE_STORE_TERMS_H
#define MINGCE_STORE_TERMS_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "daemon/base/compiler.h"
#include "daemon/store/cause.h"

/* Of the startup packet: what must hold before terms_sql is parsed, and no limit of time but the caller's, which follow. */
#define TERMS_OPTIONS                                                                                        \
    "-c search_path=pg_catalog,pg_temp -c client_min_messages=warning -c statement_timeout=0 "               \
    "-c lock_timeout=0 "

/* One statement: sets everything; a row for each setting that is not as it must be. */
extern const char terms_sql[];

/* What is wrong, when something is. */
struct terms_broken {
    char setting[40], is[40], must_be[40]; /* "": nothing is */
};

/* Whether the session of this result of terms_sql is to be used. */
bool terms_kept(const PGresult *, enum cause *, struct terms_broken *) MUST_CHECK;

/* Variables of the environment that libpq would take settings of a session from are unset. */
void terms_clear_environment(void);

#endif
