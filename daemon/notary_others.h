/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What others have seen of the log: the notaries of other hosts, the witnesses, readers. They say it by way of the database,
 * each with the signed checkpoint that it has; a database that was put back, and the older checkpoint of the host that finds
 * it, agree with each other, and only the others know better.
 */
#ifndef MINGCE_NOTARY_OTHERS_H
#define MINGCE_NOTARY_OTHERS_H

#include "daemon/notary_database.h"

enum { OTHERS_NAME = 512 };

struct others {
    char self[OTHERS_NAME];   /* this host, as the others know it */
    size_t witnesses;         /* that the settings name */
    uint64_t nth;             /* the last sighting that was compared */
    uint64_t presented_us;    /* the question that was answered last */
    bool presented, asked;    /* on this connection */
    char source[OTHERS_NAME]; /* whose sighting stands against the log, and */
    uint64_t size;            /* how much it has seen */
};

enum others_found {
    OTHERS_AGREE,
    OTHERS_LOST,     /* the database is */
    OTHERS_SAW_MORE, /* another has a checkpoint, or a witness's word, beyond the log */
    OTHERS_DIFFER    /* or one that the log does not extend */
};

/* `state` is the file that tells one notary of a host from another. */
void others_new(struct others *, const char *state, size_t witnesses);
/* On a new connection nothing has been said. */
void others_connected(struct others *);
/* Tells the others what this host has, on each connection once and when somebody asks. False: the database is lost. */
bool others_tell(struct others *, PGconn *, uint64_t size, const char *note) MUST_CHECK;
/* Asks the others, once a connection, and says whether all have answered. False: the database is lost. */
bool others_ask(struct others *, PGconn *, bool *answered) MUST_CHECK;
/* Compares what was said since the last call with the tree of that size and root, as the database's tiles have it. */
enum others_found others_compare(struct others *, PGconn *, const struct note_key *, uint64_t size,
                                 const merkle_hash root) MUST_CHECK;

#endif
