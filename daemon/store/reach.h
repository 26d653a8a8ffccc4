/* SPDX-License-Identifier: Apache-2.0 */
/* How every process that serves or signs reaches PostgreSQL: of several hosts the one that takes writes, and a line that
 * carries nothing is given up after ten seconds. */
#ifndef MINGCE_STORE_REACH_H
#define MINGCE_STORE_REACH_H

enum { REACH_PARAMETERS = 12 };

/* As PQconnectdbParams() takes them, with dbname expanded. */
struct reach {
    const char *names[REACH_PARAMETERS], *values[REACH_PARAMETERS];
};

/* Borrows both texts. `options`: what the session sets; the connection string does not change it. */
void reach_fill(struct reach *, const char *conninfo, const char *options);

#endif
