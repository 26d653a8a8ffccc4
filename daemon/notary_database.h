/* SPDX-License-Identifier: Apache-2.0 */
/* What the notary asks of the database, one statement at a time: schema notary of migrations/api/log.sql. */
#ifndef MINGCE_NOTARY_DATABASE_H
#define MINGCE_NOTARY_DATABASE_H

#include <libpq-fe.h>

#include "daemon/base/compiler.h"
#include "daemon/store/reach.h"
#include "proto/tlog/tree.h"

struct head {
    uint64_t size;
    merkle_hash root;
};

/* Entries to be taken up, or leaves' bytes: borrowed until freed. */
struct bodies {
    PGresult *result;
    size_t n;
};

/* What a batch writes: the entries of its leaves, and tiles as they are from now on. */
struct growth {
    struct head from;
    merkle_hash root;
    const struct bodies *entries;
    struct tree_tile **tiles;
    size_t tiles_n;
};

enum grown { GROWN, GROWN_BY_ANOTHER, GROWN_UNKNOWN };

/* NULL: it cannot be reached, which has been logged. `*doubtful`, which lives as long as the connection, becomes true when a
 * statement succeeded with a warning: its wait for a synchronous standby was cancelled, and it may yet be lost. */
PGconn *notary_connect(const char *conninfo, bool *doubtful) MUST_CHECK;
/* The same from a loop that goes on meanwhile: as reach_begin(); `done` calls notary_reached() first. */
struct reach *notary_reach(struct event_base *, const char *conninfo, reach_done *, void *context) MUST_CHECK;
void notary_reached(PGconn *, const struct reach_failure *, bool *doubtful);

/* Of all that follow, false: the statement failed, which has been logged with its SQLSTATE; the connection may be broken. */

/* One notary writes, and one collector collects, for as long as its connection lives: whose turn it is. Who does not want it
 * is told whether it is anybody's. No other role of the database can take it or keep it from the notary's. */
enum notary_turn { NOTARY_WRITES = 2, NOTARY_COLLECTS = 3 };
enum turn { TURN_MINE, TURN_ANOTHERS, TURN_FREE };
bool notary_turn(PGconn *, enum notary_turn, bool wanted, enum turn *) MUST_CHECK;
/* Waits until all that has been committed before is on the synchronous standby too, if there is to be one. */
bool notary_settle(PGconn *) MUST_CHECK;
/* Whether the log's order is that of the transactions of the cluster that is there now. */
bool notary_anchored(PGconn *, bool *anchored) MUST_CHECK;
bool notary_head(PGconn *, struct head *) MUST_CHECK;
/* At least n hashes of the tile of that level and index; false also when there are fewer. */
bool notary_tile(PGconn *, struct tree_tile *, unsigned n) MUST_CHECK;
bool notary_pending(PGconn *, int most, struct bodies *) MUST_CHECK;
/* Who holds up entries that have committed: a transaction that is still open. All empty: nobody. */
enum { BLOCKER_TEXT = 256 };
struct blocker {
    char pid[16]; /* of a session */
    char role[BLOCKER_TEXT], application[BLOCKER_TEXT];
};
bool notary_stalled(PGconn *, struct blocker *) MUST_CHECK;
bool notary_bodies(PGconn *, uint64_t first, int most, struct bodies *) MUST_CHECK;
/* The bytes of row i; NULL: a leaf whose entry is gone. */
const uint8_t *bodies_at(const struct bodies *, size_t i, size_t *n);
void bodies_free(struct bodies *);
enum grown notary_grow(PGconn *, const struct growth *) MUST_CHECK;
bool notary_publish(PGconn *, uint64_t size, const char *note) MUST_CHECK;
/* The last checkpoint, "" when there is none. */
bool notary_latest(PGconn *, char note[NOTE_MOST]) MUST_CHECK;
/* `witness`: its key as name+hex8(id). */
bool notary_cosign(PGconn *, uint64_t size, const char *witness, const char *line) MUST_CHECK;
/* When its last cosignature came, seconds since 1970; 0: none did. */
bool notary_cosigned_at(PGconn *, const char *witness, uint64_t *seconds) MUST_CHECK;

/* What others have seen of the log: hosts, witnesses, readers. `source` is who; the note is empty where it is a witness's word. */
struct sighting {
    uint64_t nth, size;
    bool differs; /* a witness says that ours does not extend what it has */
    const char *source, *note;
};
struct sightings {
    PGresult *result;
    size_t n;
};
/* Asks the others to say it again; when that was last, microseconds since 1970 (0: never). */
bool notary_ask(PGconn *) MUST_CHECK;
bool notary_asked_at(PGconn *, uint64_t *us) MUST_CHECK;
/* Whether all the other hosts that are known, and so many witnesses, have answered since. */
bool notary_answered(PGconn *, const char *self, size_t witnesses, bool *all) MUST_CHECK;
bool notary_present(PGconn *, const struct sighting *) MUST_CHECK;
/* Others' that came after the nth, in that order; borrowed until freed. */
bool notary_sightings(PGconn *, const char *self, uint64_t nth, struct sightings *) MUST_CHECK;
void sightings_at(const struct sightings *, size_t i, struct sighting *);
void sightings_free(struct sightings *);

#endif
