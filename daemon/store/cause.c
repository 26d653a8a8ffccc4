/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/cause.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "daemon/base/compiler.h"

static const struct {
    const char *word, *sentence;
} texts[] = {
    [CAUSE_REFUSED] = {"refused", "nobody listens there: is PostgreSQL running, are host and port right?"},
    [CAUSE_TIMED_OUT] = {"timed-out",
                         "it did not answer in time: is the host up, does a firewall drop packets?"},
    [CAUSE_UNREACHABLE] = {"unreachable", "there is no way to that host or socket: check network and path"},
    [CAUSE_NAME] = {"name", "the host's name has no address: check its spelling and the name server"},
    [CAUSE_AUTHENTICATION] = {"authentication",
                              "the server does not accept this role or its password: check both, "
                              "and pg_hba.conf"},
    [CAUSE_TLS] = {"tls", "TLS did not come about: check sslmode, sslrootcert and the server's "
                          "certificate"},
    [CAUSE_DATABASE] = {"database", "there is no such database, or it takes no connections: check dbname"},
    [CAUSE_PERMISSION] = {"permission", "the role may not connect to this database: grant it CONNECT"},
    [CAUSE_FULL] = {"too-many-connections",
                    "the server has no connection left for this role: raise max_connections, or end others"},
    [CAUSE_STARTING] = {"starting-or-stopping", "the server is starting, stopping or recovering: wait"},
    [CAUSE_READ_ONLY] = {"not-writable",
                         "the server takes no writes: it is a standby, or default_transaction_read_only is "
                         "on"},
    [CAUSE_SETTINGS] = {"settings", "a setting of the server, the database or the role must not be as it is"},
    [CAUSE_CONNINFO] = {"connection-string", "not a libpq connection string that can be used"},
    [CAUSE_RESOURCES] = {"resources", "disk space or memory has run out"},
    [CAUSE_LOST] = {"lost", "the connection broke off while it was made: see the server's log"},
};
_Static_assert(ARRAY_SIZE(texts) == CAUSES, "a text for each");

const char *cause_word(enum cause cause)
{
    return texts[cause].word;
}

const char *cause_sentence(enum cause cause)
{
    return texts[cause].sentence;
}

enum cause cause_of_errno(int number)
{
    switch (number) {
    case ECONNREFUSED:
    case ENOENT: /* no socket of that name */
        return CAUSE_REFUSED;
    case ETIMEDOUT:
        return CAUSE_TIMED_OUT;
    case ENOMEM:
    case ENOBUFS:
    case EMFILE:
    case ENFILE:
        return CAUSE_RESOURCES;
    case 0:
    case ECONNRESET:
    case EPIPE:
        return CAUSE_LOST;
    default:
        return CAUSE_UNREACHABLE;
    }
}

/* A prefix stands for its class; the first match counts. */
static const struct {
    const char *prefix;
    enum cause cause;
} states[] = {
    {"28", CAUSE_AUTHENTICATION}, /* invalid authorization */
    {"3D000", CAUSE_DATABASE},    /* invalid_catalog_name */
    {"55000", CAUSE_DATABASE},    /* it is not currently accepting connections */
    {"42501", CAUSE_PERMISSION},  /* insufficient_privilege */
    {"53300", CAUSE_FULL},        /* too_many_connections, of the server, the database or the role */
    {"53", CAUSE_RESOURCES},      /* disk_full, out_of_memory */
    {"58", CAUSE_RESOURCES},      /* system errors */
    {"57P", CAUSE_STARTING},      /* cannot_connect_now, shutdowns */
    {"25006", CAUSE_READ_ONLY},   /* read_only_sql_transaction */
    {"22", CAUSE_SETTINGS},       /* a value that a setting cannot have */
    {"42704", CAUSE_SETTINGS},    /* a setting that there is none of */
    {"0A000", CAUSE_SETTINGS},    /* a conversion of encodings that there is none of */
};

enum cause cause_of_sqlstate(const char *sqlstate)
{
    for (size_t i = 0; i < ARRAY_SIZE(states); i++)
        if (strncmp(states[i].prefix, sqlstate, strlen(states[i].prefix)) == 0)
            return states[i].cause;
    return CAUSE_LOST;
}
