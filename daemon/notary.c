/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notary: numbers the committed entries, grows the tree over them, signs it and publishes the checkpoint. It talks to
 * no stranger and is the only process that loads the log's signing key. Of several, on however many hosts, one works: the
 * others wait for its lock, and growing compares size and root, so that a second one could do no harm.
 *
 * Fails closed: what does not extend the last checkpoint that this host knows is an alarm and is not signed. Who waits keeps
 * the checkpoints that the other publishes, so that it knows as much when it takes over.
 */
#include <errno.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/audit/log_key.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/notary_database.h"
#include "daemon/notary_state.h"
#include "daemon/process.h"

enum {
    BATCH = 4096,
    IDLE_MS = 200,
    STANDBY_MS = 1000,
    RETRY_MS = 1000,
    ALARM_MS = 30000,
    TILES_MOST = BATCH / TILE_WIDTH + BATCH / TILE_WIDTH / TILE_WIDTH + 3 * TILE_LEVELS,
};

struct notary {
    const struct settings *settings;
    struct log_key key;
    PGconn *pg;
    struct tree tree;
    uint64_t signed_size; /* of the last checkpoint published */
    bool any;             /* there is one */
    struct tree_tile *tiles[TILES_MOST];
    size_t tiles_n;
    bool tiles_short; /* out of memory while they were kept */
    bool doubtful;    /* what was committed last may be on this server alone */
};

/* How a round ended, and so what comes next. */
enum round { ROUND_BUSY, ROUND_IDLE, ROUND_LOST, ROUND_ALARM };

/* Sleeps; true: SIGTERM came. SIGHUP has nothing to reload here. */
static bool rest(const sigset_t *stop, int64_t ms)
{
    int64_t until_ms = clock_monotonic_ms() + ms, left_ms = ms;
    int signal;
    do {
        int64_t part_ms = left_ms < METRICS_PULSE_MS ? left_ms : METRICS_PULSE_MS;
        const struct timespec time = {.tv_sec = part_ms / 1000, .tv_nsec = part_ms % 1000 * 1000000};
        metrics_pulse();
        signal = sigtimedwait(stop, NULL, &time);
        left_ms = until_ms - clock_monotonic_ms();
    } while (signal < 0 && left_ms > 0);
    return signal == SIGTERM;
}

static enum round alarm_because(const char *why, uint64_t size)
{
    log_error("log-alarm", "why=%s size=%llu", why, (unsigned long long) size);
    metrics_set(METRIC_LOG_ALARM, 1);
    return ROUND_ALARM;
}

/* ---- taking up ---- */

static bool read_tile(void *context, struct tree_tile *tile, unsigned n)
{
    struct notary *notary = context;
    return notary_tile(notary->pg, tile, n);
}

static void nothing_filled(void *context, const struct tree_tile *tile)
{
    (void) context, (void) tile;
}

/* Appends the stored bytes of leaves from the tree's size up to `size`, hashed anew. False: one is gone, or the database
 * is. */
static bool rehash(struct notary *notary, struct tree *tree, uint64_t size, bool *gone)
{
    *gone = false;
    while (tree->frontier.size < size && !*gone) {
        struct bodies bodies;
        uint64_t left = size - tree->frontier.size;
        if (!notary_bodies(notary->pg, tree->frontier.size, left < BATCH ? (int) left : BATCH, &bodies))
            return false;
        *gone = bodies.n == 0;
        for (size_t i = 0; i < bodies.n && !*gone; i++) {
            merkle_hash leaf;
            size_t n = 0;
            const uint8_t *body = bodies_at(&bodies, i, &n);
            *gone = body == NULL;
            if (*gone)
                break;
            merkle_leaf(body, n, leaf);
            tree_append(tree, leaf, nothing_filled, NULL);
        }
        bodies_free(&bodies);
    }
    return true;
}

/* The checkpoint that everything must extend, and its note: the file's. Only a log that begins has none. */
static enum round base_of(struct notary *notary, struct checkpoint *base, char note[NOTE_MOST])
{
    memset(base, 0, sizeof(*base));
    notary->any = false;
    if (!state_load(notary->settings->log_state, note))
        return alarm_because("state-unreadable", 0);
    if (*note == '\0') {
        if (!notary_latest(notary->pg, note))
            return ROUND_LOST;
        /* what the database says of itself proves nothing: it may be an old one, restored */
        return *note == '\0' ? ROUND_BUSY : alarm_because("state-missing", 0);
    }
    if (!checkpoint_open(note, strlen(note), &notary->key.public, base))
        return alarm_because("checkpoint-not-ours", 0);
    notary->any = true;
    return ROUND_BUSY;
}

/* Whether everything read so far is on the synchronous standby, or waited for until it is: a signature over what a failover
 * loses is a fork. */
static bool settled(struct notary *notary)
{
    notary->doubtful = false;
    return notary_settle(notary->pg) && !notary->doubtful;
}

/* From the last checkpoint's tree, over the stored bytes, to what the database says it has. */
static enum round take_up(struct notary *notary)
{
    static char note[NOTE_MOST];
    struct checkpoint base;
    struct head head;
    merkle_hash root;
    bool gone;
    enum round round = base_of(notary, &base, note);
    if (round != ROUND_BUSY)
        return round;
    if (!notary_head(notary->pg, &head))
        return ROUND_LOST;
    if (head.size < base.size)
        return alarm_because("database-behind-checkpoint", head.size);
    if (!tree_load(&notary->tree, base.size, read_tile, notary))
        return PQstatus(notary->pg) == CONNECTION_OK ? alarm_because("tile-missing", base.size) : ROUND_LOST;
    merkle_root(&notary->tree.frontier, root);
    if (notary->any && memcmp(root, base.root, MERKLE_HASH) != 0)
        return alarm_because("tree-is-not-what-was-signed", base.size);
    if (!rehash(notary, &notary->tree, head.size, &gone))
        return ROUND_LOST;
    if (gone)
        return alarm_because("entry-missing", notary->tree.frontier.size);
    merkle_root(&notary->tree.frontier, root);
    if (memcmp(root, head.root, MERKLE_HASH) != 0)
        return alarm_because("entries-are-not-what-was-hashed", head.size);
    if (!settled(notary))
        return ROUND_LOST;
    if (notary->any &&
        !notary_publish(notary->pg, base.size, note)) /* it may have ended between signing and this */
        return ROUND_LOST;
    notary->signed_size = base.size;
    metrics_set(METRIC_LOG_SIZE, base.size);
    metrics_set(METRIC_LOG_SIGNED_SECONDS, state_seconds(notary->settings->log_state));
    log_info("log-taken-up", "size=%llu signed=%llu", (unsigned long long) head.size,
             (unsigned long long) base.size);
    metrics_set(METRIC_LOG_ALARM, 0);
    return ROUND_BUSY;
}

/* ---- growing ---- */

/* A tile as it is now, to be written. */
static void keep_tile(void *context, const struct tree_tile *tile)
{
    struct notary *notary = context;
    struct tree_tile *kept = notary->tiles_n == TILES_MOST ? NULL : malloc(sizeof(*kept));
    if (kept == NULL) {
        notary->tiles_short = true;
        return;
    }
    *kept = *tile;
    notary->tiles[notary->tiles_n++] = kept;
}

static void tiles_free(struct notary *notary)
{
    while (notary->tiles_n > 0)
        free(notary->tiles[--notary->tiles_n]);
    notary->tiles_short = false;
}

/* Appends the batch to the tree, keeping the tiles that it touches. */
static void append(struct notary *notary, const struct bodies *bodies)
{
    struct tree before = notary->tree;
    for (size_t i = 0; i < bodies->n; i++) {
        merkle_hash leaf;
        size_t n = 0;
        const uint8_t *body = bodies_at(bodies, i, &n);
        merkle_leaf(body, n, leaf);
        tree_append(&notary->tree, leaf, keep_tile, notary);
    }
    for (int level = 0; level < TILE_LEVELS; level++) {
        const struct tree_tile *tile = &notary->tree.last[level];
        if (tile->n > 0 && (tile->n != before.last[level].n || tile->index != before.last[level].index))
            keep_tile(notary, tile);
    }
}

/* Whether the tree that was grown from `before` is that of the bytes as they are stored, read back. */
static enum round stored(struct notary *notary, struct tree *before)
{
    merkle_hash grown, found;
    bool gone;
    if (!rehash(notary, before, notary->tree.frontier.size, &gone))
        return ROUND_LOST;
    merkle_root(&notary->tree.frontier, grown);
    merkle_root(&before->frontier, found);
    if (gone || memcmp(grown, found, MERKLE_HASH) != 0)
        return alarm_because("entries-are-not-what-was-hashed", notary->tree.frontier.size);
    return ROUND_BUSY;
}

static enum round grow(struct notary *notary, const struct bodies *bodies)
{
    static struct tree before;
    struct growth growth = {.from.size = notary->tree.frontier.size, .entries = bodies};
    merkle_root(&notary->tree.frontier, growth.from.root);
    before = notary->tree;
    append(notary, bodies);
    merkle_root(&notary->tree.frontier, growth.root);
    growth.tiles = notary->tiles;
    growth.tiles_n = notary->tiles_n;
    notary->doubtful = false;
    enum grown grown = notary->tiles_short ? GROWN_UNKNOWN : notary_grow(notary->pg, &growth);
    tiles_free(notary);
    if (notary->doubtful)
        grown = GROWN_UNKNOWN;
    if (grown == GROWN_BY_ANOTHER)
        log_warn("log-grown-by-another", "size=%llu", (unsigned long long) growth.from.size);
    return grown == GROWN ? stored(notary, &before)
                          : ROUND_LOST; /* what is the case, taking up anew will tell */
}

/* Signs the tree as it is: on this host's disk first, then for everybody. */
static enum round sign(struct notary *notary)
{
    static char note[NOTE_MOST];
    struct checkpoint checkpoint = {.size = notary->tree.frontier.size};
    size_t n, line;
    memcpy(checkpoint.origin, notary->key.public.name, sizeof(checkpoint.origin));
    merkle_root(&notary->tree.frontier, checkpoint.root);
    n = checkpoint_format(&checkpoint, note);
    note[n] = '\n';
    if (!note_sign(note, n, &notary->key.public, notary->key.seed, 0, note + n + 1, NOTE_MOST - n - 1, &line))
        return alarm_because("cannot-sign", checkpoint.size);
    if (!state_store(notary->settings->log_state, note))
        return alarm_because("state-unwritable", checkpoint.size);
    if (!notary_publish(notary->pg, checkpoint.size, note))
        return ROUND_LOST;
    notary->signed_size = checkpoint.size;
    notary->any = true;
    metrics_set(METRIC_LOG_SIZE, checkpoint.size);
    metrics_set(METRIC_LOG_SIGNED_SECONDS, (uint64_t) (clock_wall_ms() / 1000));
    return ROUND_BUSY;
}

static enum round work(struct notary *notary)
{
    struct bodies bodies;
    if (!notary_pending(notary->pg, BATCH, &bodies))
        return ROUND_LOST;
    size_t found = bodies.n;
    enum round round = found == 0 ? ROUND_BUSY : grow(notary, &bodies);
    bodies_free(&bodies);
    if (round == ROUND_BUSY && (!notary->any || notary->signed_size != notary->tree.frontier.size))
        round = sign(notary);
    return round == ROUND_BUSY && found < BATCH ? ROUND_IDLE : round;
}

/* ---- life ---- */

/* Whether the published checkpoint is what a log that has `base` can have become. */
static enum round extends(struct notary *notary, const struct checkpoint *base,
                          const struct checkpoint *published)
{
    static struct tree_reader reader;
    merkle_hash proof[MERKLE_PROOF];
    size_t n = 0;
    reader = (struct tree_reader){.fetch = read_tile, .context = notary};
    if (notary->any && !merkle_consistency(base->size, published->size, tree_read, &reader, proof, &n))
        return PQstatus(notary->pg) == CONNECTION_OK ? alarm_because("tile-missing", published->size)
                                                     : ROUND_LOST;
    if (notary->any && !merkle_consistent(base->size, published->size, base->root, published->root, proof, n))
        return alarm_because("tree-is-not-what-was-signed", published->size);
    return ROUND_IDLE;
}

/* While another works: keeps what it publishes, if that extends what is kept. */
static enum round follow(struct notary *notary, const struct checkpoint *base)
{
    static char note[NOTE_MOST];
    struct checkpoint published;
    if (!notary_latest(notary->pg, note))
        return ROUND_LOST;
    if (*note != '\0' && !checkpoint_open(note, strlen(note), &notary->key.public, &published))
        return alarm_because("checkpoint-not-ours", 0);
    if (*note != '\0' && (!notary->any || published.size > base->size)) {
        enum round round = extends(notary, base, &published);
        if (round != ROUND_IDLE)
            return round;
        if (!state_store(notary->settings->log_state, note))
            return alarm_because("state-unwritable", published.size);
        metrics_set(METRIC_LOG_SIZE, published.size);
        metrics_set(METRIC_LOG_SIGNED_SECONDS, (uint64_t) (clock_wall_ms() / 1000));
    }
    metrics_set(METRIC_LOG_ALARM, 0);
    return ROUND_IDLE;
}

/* Takes the lock if it is free, or follows. Who has no checkpoint to start from does not try: it would only keep the lock
 * from one that has. */
static enum round await_turn(struct notary *notary, bool *mine)
{
    static char note[NOTE_MOST];
    struct checkpoint base;
    enum round round = base_of(notary, &base, note);
    if (round != ROUND_BUSY)
        return round;
    if (!notary_alone(notary->pg, NOTARY_WRITES, mine))
        return ROUND_LOST;
    return *mine ? take_up(notary) : follow(notary, &base);
}

/* With a connection: waits for the lock, takes up, works. Returns when the connection is lost or SIGTERM came. */
static bool serve(struct notary *notary, const sigset_t *stop)
{
    bool mine = false;
    enum round round = ROUND_LOST;
    metrics_set(METRIC_NOTARY_READY, 1);
    while (PQstatus(notary->pg) == CONNECTION_OK) {
        if (!mine)
            round = await_turn(notary, &mine);
        else
            round = round == ROUND_LOST || round == ROUND_ALARM ? take_up(notary) : work(notary);
        int64_t pause = round == ROUND_BUSY    ? 0
                        : round == ROUND_IDLE  ? mine ? IDLE_MS : STANDBY_MS
                        : round == ROUND_ALARM ? ALARM_MS
                                               : RETRY_MS;
        if (rest(stop, pause))
            return true;
    }
    return false;
}

_Noreturn void notary_run(const struct settings *settings)
{
    static struct notary notary;
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    notary.settings = settings;
    const char *why = log_key_load(settings->log_key, &notary.key);
    if (why != NULL)
        fatal("log-key-refused", "why=\"%s\"", why);
    if (*settings->log_state == '\0' || *settings->notary_database == '\0')
        fatal("log-settings", "why=\"log_key needs log_state and notary_database\"");
    log_info("started", "log=%s", notary.key.public.name);
    for (bool stopped = false; !stopped;) {
        metrics_set(METRIC_NOTARY_READY, 0);
        notary.pg = notary_connect(settings->notary_database, &notary.doubtful);
        stopped = notary.pg == NULL ? rest(&stop, RETRY_MS) : serve(&notary, &stop);
        PQfinish(notary.pg);
    }
    OPENSSL_cleanse(&notary.key, sizeof(notary.key));
    log_info("stopped", NULL);
    exit(0);
}
