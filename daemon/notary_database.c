/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/notary_database.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/base/buffer.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/store/reach.h"
#include "proto/rules/pg_type.h"

enum { BINARY = 1, NUMBER = 24 };

/* The server, too, gives up a connection that carries nothing: a notary whose host is gone must not keep the turn. */
static const char session_options[] = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 "
                                      "-c tcp_keepalives_count=3 -c tcp_user_timeout=5000";

/* No statement of ours has another warning to give; see on_notice() of the workers' connections. */
static void on_notice(void *context, const PGresult *notice)
{
    bool *doubtful = context;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != NULL && strcmp(severity, "WARNING") == 0)
        *doubtful = true;
}

static struct host last_reached; /* the notary and the collector are processes of their own */

static struct reach_plan plan_of(const char *conninfo)
{
    return (struct reach_plan){
        .conninfo = conninfo, .options = session_options, .last = &last_reached, .level = LOG_LEVEL_INFO};
}

void notary_reached(PGconn *pg, const struct reach_failure *failure, bool *doubtful)
{
    char why[REACH_WHY];
    if (pg != NULL)
        PQsetNoticeReceiver(pg, on_notice, doubtful);
    else
        log_warn("notary-database-lost", "%s", reach_why(failure, why));
}

PGconn *notary_connect(const char *conninfo, bool *doubtful)
{
    const struct reach_plan plan = plan_of(conninfo);
    struct reach_failure failure;
    metrics_pause();
    PGconn *pg = reach_now(&plan, &failure);
    metrics_pulse();
    notary_reached(pg, &failure, doubtful);
    return pg;
}

struct reach *notary_reach(struct event_base *base, const char *conninfo, reach_done *done, void *context)
{
    const struct reach_plan plan = plan_of(conninfo);
    return reach_begin(base, &plan, done, context);
}

/* A notary cannot stay with a server that takes no writes: it ends the connection, and the next one finds another server. */
static void leave(PGconn *pg, const char *sqlstate)
{
    static const char read_only[] = "25006";
    if (sqlstate == NULL || strcmp(sqlstate, read_only) != 0)
        return;
    log_warn("notary-database-lost", "why=read-only");
    shutdown(PQsocket(pg), SHUT_RDWR);
    while (PQconsumeInput(pg) == 1 && PQstatus(pg) == CONNECTION_OK)
        ; /* what had come before the end */
}

/* One statement. NULL: it failed. */
static PGresult *run(PGconn *pg, const char *what, const char *sql, int n, const Oid *types,
                     const char *const *values, const int *lengths, const int *formats, int result_format)
{
    metrics_pause();
    PGresult *result = PQexecParams(pg, sql, n, types, values, lengths, formats, result_format);
    metrics_pulse();
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        return result;
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    log_warn("notary-statement-failed", "statement=%s sqlstate=%s", what,
             sqlstate == NULL ? "none" : sqlstate);
    leave(pg, sqlstate);
    PQclear(result);
    return NULL;
}

static PGresult *run_texts(PGconn *pg, const char *what, const char *sql, int n, const char *const *values)
{
    return run(pg, what, sql, n, NULL, values, NULL, NULL, BINARY);
}

static uint64_t number_at(const PGresult *result, int row, int column)
{
    uint64_t value = 0;
    if (PQgetlength(result, row, column) == sizeof(value))
        memcpy(&value, PQgetvalue(result, row, column), sizeof(value));
    return be64toh(value);
}

bool notary_turn(PGconn *pg, enum notary_turn kind, bool wanted, enum turn *turn)
{
    char number[NUMBER];
    const char *const values[] = {number, wanted ? "true" : "false"};
    snprintf(number, sizeof(number), "%d", kind);
    PGresult *result = run_texts(pg, "turn", "SELECT notary.turn($1, $2)", 2, values);
    const char *whose = result == NULL || PQntuples(result) != 1 ? "" : PQgetvalue(result, 0, 0);
    *turn = strcmp(whose, "mine") == 0 ? TURN_MINE : strcmp(whose, "free") == 0 ? TURN_FREE : TURN_ANOTHERS;
    PQclear(result);
    return result != NULL;
}

bool notary_settle(PGconn *pg)
{
    /* a commit waits for the standby only when it has written something of its own */
    PGresult *result = run_texts(pg, "settle", "SELECT pg_logical_emit_message(true, 'mingce', '')", 0, NULL);
    PQclear(result);
    return result != NULL;
}

bool notary_anchored(PGconn *pg, bool *anchored)
{
    PGresult *result = run_texts(pg, "anchored", "SELECT notary.anchored()", 0, NULL);
    *anchored = result != NULL && PQgetlength(result, 0, 0) == 1 && *PQgetvalue(result, 0, 0) == 1;
    PQclear(result);
    return result != NULL;
}

bool notary_head(PGconn *pg, struct head *head)
{
    PGresult *result = run_texts(pg, "head", "SELECT * FROM notary.head()", 0, NULL);
    bool good = result != NULL && PQntuples(result) == 1 && PQgetlength(result, 0, 1) == MERKLE_HASH;
    if (good) {
        head->size = number_at(result, 0, 0);
        memcpy(head->root, PQgetvalue(result, 0, 1), MERKLE_HASH);
    }
    PQclear(result);
    return good;
}

bool notary_tile(PGconn *pg, struct tree_tile *tile, unsigned n)
{
    char level[NUMBER], index[NUMBER];
    const char *const values[] = {level, index};
    snprintf(level, sizeof(level), "%d", tile->level);
    snprintf(index, sizeof(index), "%llu", (unsigned long long) tile->index);
    PGresult *result = run_texts(pg, "tile", "SELECT notary.tile($1, $2)", 2, values);
    size_t found =
        result == NULL || PQntuples(result) != 1 ? 0 : (size_t) PQgetlength(result, 0, 0) / MERKLE_HASH;
    if (found > TILE_WIDTH)
        found = 0;
    if (found > 0)
        memcpy(tile->hashes, PQgetvalue(result, 0, 0), found * MERKLE_HASH);
    tile->n = (unsigned) found;
    PQclear(result);
    return found >= n;
}

static bool take_bodies(PGresult *result, struct bodies *bodies)
{
    bodies->result = result;
    bodies->n = result == NULL ? 0 : (size_t) PQntuples(result);
    return result != NULL;
}

bool notary_pending(PGconn *pg, int most, struct bodies *bodies)
{
    char text[NUMBER];
    const char *const values[] = {text};
    snprintf(text, sizeof(text), "%d", most);
    return take_bodies(run_texts(pg, "pending", "SELECT id, xid, body FROM notary.pending($1)", 1, values),
                       bodies);
}

bool notary_stalled(PGconn *pg, struct blocker *blocker)
{
    enum { PID, ROLE, APPLICATION };
    PGresult *result =
        run_texts(pg, "stalled", "SELECT pid, role, application FROM notary.stalled()", 0, NULL);
    *blocker = (struct blocker){.pid = ""};
    if (result != NULL && PQntuples(result) == 1) {
        snprintf(blocker->pid, sizeof(blocker->pid), "%s", PQgetvalue(result, 0, PID));
        snprintf(blocker->role, sizeof(blocker->role), "%s", PQgetvalue(result, 0, ROLE));
        snprintf(blocker->application, sizeof(blocker->application), "%s",
                 PQgetvalue(result, 0, APPLICATION));
    }
    PQclear(result);
    return result != NULL;
}

bool notary_bodies(PGconn *pg, uint64_t first, int most, struct bodies *bodies)
{
    char from[NUMBER], text[NUMBER];
    const char *const values[] = {from, text};
    snprintf(from, sizeof(from), "%llu", (unsigned long long) first);
    snprintf(text, sizeof(text), "%d", most);
    return take_bodies(
        run_texts(pg, "bodies", "SELECT leaf_index, leaf_index, body FROM notary.bodies($1, $2)", 2, values),
        bodies);
}

const uint8_t *bodies_at(const struct bodies *bodies, size_t i, size_t *n)
{
    enum { BODY = 2 };
    if (PQgetisnull(bodies->result, (int) i, BODY))
        return NULL;
    *n = (size_t) PQgetlength(bodies->result, (int) i, BODY);
    return (const uint8_t *) PQgetvalue(bodies->result, (int) i, BODY);
}

void bodies_free(struct bodies *bodies)
{
    PQclear(bodies->result);
    bodies->result = NULL;
}

/* ---- growing ---- */

static bool put32(struct buffer *out, uint32_t value)
{
    value = htobe32(value);
    return buffer_add(out, &value, sizeof(value));
}

/* The head of a one-dimensional array. */
static bool array_begin(struct buffer *out, uint32_t type, size_t n)
{
    return put32(out, 1) && put32(out, 0) && put32(out, type) && put32(out, (uint32_t) n) && put32(out, 1);
}

static bool put_element(struct buffer *out, const void *bytes, size_t n)
{
    return put32(out, (uint32_t) n) && buffer_add(out, bytes, n);
}

static bool put_tiles(const struct growth *growth, struct buffer *levels, struct buffer *indexes,
                      struct buffer *hashes)
{
    bool good = array_begin(levels, PG_INT2, growth->tiles_n) &&
                array_begin(indexes, PG_INT8, growth->tiles_n) &&
                array_begin(hashes, PG_BYTEA, growth->tiles_n);
    for (size_t i = 0; good && i < growth->tiles_n; i++) {
        const struct tree_tile *tile = growth->tiles[i];
        uint16_t level = htobe16((uint16_t) tile->level);
        uint64_t index = htobe64(tile->index);
        good = put_element(levels, &level, sizeof(level)) && put_element(indexes, &index, sizeof(index)) &&
               put_element(hashes, tile->hashes, tile->n * MERKLE_HASH);
    }
    return good;
}

static bool put_ids(const struct growth *growth, struct buffer *ids)
{
    bool good = array_begin(ids, PG_INT8, growth->entries->n);
    for (size_t i = 0; good && i < growth->entries->n; i++)
        good = put_element(ids, PQgetvalue(growth->entries->result, (int) i, 0), sizeof(uint64_t));
    return good;
}

enum grown notary_grow(PGconn *pg, const struct growth *growth)
{
    enum { SIZE, ROOT, NEW_ROOT, IDS, XID, LEVELS, INDEXES, HASHES, N };
    static const Oid types[N] = {PG_INT8, PG_BYTEA,      PG_BYTEA,      PG_INT8_ARRAY,
                                 PG_XID8, PG_INT2_ARRAY, PG_INT8_ARRAY, PG_BYTEA_ARRAY};
    static const int formats[N] = {1, 1, 1, 1, 1, 1, 1, 1};
    struct buffer ids = {0}, levels = {0}, indexes = {0}, hashes = {0};
    uint64_t size = htobe64(growth->from.size);
    bool good = put_ids(growth, &ids) && put_tiles(growth, &levels, &indexes, &hashes);
    const char *const values[N] = {(const char *) &size,
                                   (const char *) growth->from.root,
                                   (const char *) growth->root,
                                   (const char *) buffer_at(&ids),
                                   PQgetvalue(growth->entries->result, (int) growth->entries->n - 1, 1),
                                   (const char *) buffer_at(&levels),
                                   (const char *) buffer_at(&indexes),
                                   (const char *) buffer_at(&hashes)};
    const int lengths[N] = {sizeof(size),
                            MERKLE_HASH,
                            MERKLE_HASH,
                            (int) buffer_held(&ids),
                            sizeof(uint64_t),
                            (int) buffer_held(&levels),
                            (int) buffer_held(&indexes),
                            (int) buffer_held(&hashes)};
    PGresult *result = good ? run(pg, "grow", "SELECT notary.grow($1, $2, $3, $4, $5, $6, $7, $8)", N, types,
                                  values, lengths, formats, BINARY)
                            : NULL;
    enum grown grown = result == NULL                   ? GROWN_UNKNOWN
                       : *PQgetvalue(result, 0, 0) == 1 ? GROWN
                                                        : GROWN_BY_ANOTHER;
    PQclear(result);
    buffer_free(&ids);
    buffer_free(&levels);
    buffer_free(&indexes);
    buffer_free(&hashes);
    return grown;
}

/* ---- checkpoints ---- */

bool notary_publish(PGconn *pg, uint64_t size, const char *note)
{
    char text[NUMBER];
    const char *const values[] = {text, note};
    snprintf(text, sizeof(text), "%llu", (unsigned long long) size);
    PGresult *result = run_texts(pg, "publish", "SELECT notary.publish($1, $2)", 2, values);
    PQclear(result);
    return result != NULL;
}

bool notary_latest(PGconn *pg, char note[NOTE_MOST])
{
    PGresult *result = run_texts(pg, "latest", "SELECT coalesce(notary.latest(), '')", 0, NULL);
    bool good = result != NULL && PQntuples(result) == 1 && PQgetlength(result, 0, 0) < NOTE_MOST;
    if (good)
        snprintf(note, NOTE_MOST, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return good;
}

bool notary_cosign(PGconn *pg, uint64_t size, const char *witness, const char *line)
{
    char text[NUMBER];
    const char *const values[] = {text, witness, line};
    snprintf(text, sizeof(text), "%llu", (unsigned long long) size);
    PGresult *result = run_texts(pg, "cosign", "SELECT notary.cosign($1, $2, $3)", 3, values);
    PQclear(result);
    return result != NULL;
}

bool notary_cosigned_at(PGconn *pg, const char *witness, uint64_t *seconds)
{
    PGresult *result = run_texts(pg, "cosigned_at", "SELECT notary.cosigned_at($1)", 1, &witness);
    *seconds = result != NULL && PQntuples(result) == 1 ? number_at(result, 0, 0) : 0;
    PQclear(result);
    return result != NULL;
}

/* ---- what others have seen ---- */

bool notary_ask(PGconn *pg)
{
    PGresult *result = run_texts(pg, "ask", "SELECT notary.ask()", 0, NULL);
    PQclear(result);
    return result != NULL;
}

bool notary_asked_at(PGconn *pg, uint64_t *us)
{
    PGresult *result = run_texts(pg, "asked_at", "SELECT notary.asked_at()", 0, NULL);
    *us = result != NULL && PQntuples(result) == 1 ? number_at(result, 0, 0) : 0;
    PQclear(result);
    return result != NULL;
}

bool notary_answered(PGconn *pg, const char *self, size_t witnesses, bool *all)
{
    char number[NUMBER];
    const char *const values[] = {self, number};
    snprintf(number, sizeof(number), "%zu", witnesses);
    PGresult *result = run_texts(pg, "answered", "SELECT notary.answered($1, $2)", 2, values);
    *all = result != NULL && PQntuples(result) == 1 && *PQgetvalue(result, 0, 0) == 1;
    PQclear(result);
    return result != NULL;
}

bool notary_present(PGconn *pg, const struct sighting *sighting)
{
    char size[NUMBER];
    const char *const values[] = {sighting->source, size, sighting->note,
                                  sighting->differs ? "true" : "false"};
    snprintf(size, sizeof(size), "%llu", (unsigned long long) sighting->size);
    PGresult *result = run_texts(pg, "present", "SELECT notary.present($1, $2, $3, $4)", 4, values);
    PQclear(result);
    return result != NULL;
}

bool notary_sightings(PGconn *pg, const char *self, uint64_t nth, struct sightings *sightings)
{
    char number[NUMBER];
    const char *const values[] = {self, number};
    snprintf(number, sizeof(number), "%llu", (unsigned long long) nth);
    sightings->result = run_texts(
        pg, "sightings", "SELECT nth, size, differs, source, note FROM notary.sightings($1, $2)", 2, values);
    sightings->n = sightings->result == NULL ? 0 : (size_t) PQntuples(sightings->result);
    return sightings->result != NULL;
}

void sightings_at(const struct sightings *sightings, size_t i, struct sighting *sighting)
{
    enum { NTH, SIZE, DIFFERS, SOURCE, NOTE };
    const PGresult *result = sightings->result;
    int row = (int) i;
    *sighting = (struct sighting){
        .nth = number_at(result, row, NTH),
        .size = number_at(result, row, SIZE),
        .differs = *PQgetvalue(result, row, DIFFERS) == 1,
        .source = PQgetvalue(result, row, SOURCE),
        .note = PQgetvalue(result, row, NOTE),
    };
}

void sightings_free(struct sightings *sightings)
{
    PQclear(sightings->result);
    sightings->result = NULL;
}
