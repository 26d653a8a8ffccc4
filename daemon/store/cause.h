/* SPDX-License-Identifier: Apache-2.0 */
/* Why PostgreSQL could not be reached: one table of classes, for the log, the metric and who installs. libpq's own text is
 * never passed on: it quotes what the server says, and that quotes values. */
#ifndef MINGCE_STORE_CAUSE_H
#define MINGCE_STORE_CAUSE_H

enum cause {
    CAUSE_REFUSED,     /* nobody listens there */
    CAUSE_TIMED_OUT,   /* no answer in its share of the time */
    CAUSE_UNREACHABLE, /* no way there, or a socket that may not be opened */
    CAUSE_NAME,        /* the host's name has no address */
    CAUSE_AUTHENTICATION,
    CAUSE_TLS,
    CAUSE_DATABASE,   /* there is none of that name, or it takes no connections */
    CAUSE_PERMISSION, /* the role may not connect to it */
    CAUSE_FULL,       /* too many connections */
    CAUSE_STARTING,   /* starting, stopping or recovering */
    CAUSE_READ_ONLY,  /* a standby, or told to take no writes */
    CAUSE_SETTINGS,   /* what the server or the role sets makes records unsafe or ambiguous */
    CAUSE_CONNINFO,   /* the connection string cannot be read */
    CAUSE_RESOURCES,  /* disk or memory, here or there */
    CAUSE_LOST,       /* it broke off without a word */
    CAUSES,
};

/* For the log and the metric. */
const char *cause_word(enum cause);
/* For people: what it is and what to do. */
const char *cause_sentence(enum cause);

enum cause cause_of_errno(int);
/* CAUSE_LOST for one that is none of a failed connection's. */
enum cause cause_of_sqlstate(const char *sqlstate);

#endif
