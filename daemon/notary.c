/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notary: numbers the committed entries, grows the tree over them, signs it and publishes the checkpoint. It talks to
 * no stranger and is the only process that loads the log's signing key. Of several, on however many hosts, one works: the
 * others wait for their turn, and growing compares size and root, so that a second one could do no harm.
 *
 * Fails closed: what does not extend the last checkpoint that this host knows, or that any other host, witness or reader says it
 * has seen, is an alarm and is not signed. Who waits keeps the checkpoints that the other publishes, so that it knows as much
 * when it takes over; who was away and finds nobody working cannot tell a database that went on without it from one that was
 * put back, and does not sign either.
 */
#include <errno.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/audit/log_key.h"
#include "daemon/audit/log_state.h"
#include "daemon/audit/witnesses.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/notary_database.h"
#include "daemon/notary_others.h"
#include "daemon/notary_stall.h"
#include "daemon/process.h"

enum {
    BATCH = 4096,
    IDLE_MS = 200,
    STANDBY_MS = 1000,
    RETRY_MS = 1000,
    ALARM_MS = 30000,
    OTHERS_MS =
        2000, /* that the others have to say what they have seen, before the first signature of a turn */
    ASK_MS = 100,
    TILES_MOST = BATCH / TILE_WIDTH + BATCH / TILE_WIDTH / TILE_WIDTH + 3 * TILE_LEVELS,
};

struct notary {
    const struct settings *settings;
    struct log_key key;
    PGconn *pg;
    struct tree tree;
    struct others others;
    struct stall stall;
    uint64_t signed_size; /* of the last checkpoint published */
    int ready;            /* pipe to the supervisor; -1: told, or nobody asks */
    bool in_step; /* this process has seen every published checkpoint since it had one: it has missed none */
    struct tree_tile *tiles[TILES_MOST];
    size_t tiles_n;
    bool tiles_short; /* out of memory while they were kept */
    bool doubtful;    /* what was committed last may be on this server alone */
};

/* How a round ended, and so what comes next. */
enum round { ROUND_BUSY, ROUND_IDLE, ROUND_LOST, ROUND_ALARM, ROUND_STOP };

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

/* The checkpoint that everything must extend, and its note: the file's. A log that begins has one too: what the database says
 * of itself proves nothing, it may be an old one, put back, or an empty one. */
static enum round base_of(struct notary *notary, struct checkpoint *base, char note[NOTE_MOST])
{
    switch (log_state_load(notary->settings->log_state, &notary->key.public, note, base)) {
    case LOG_STATE_GOOD:
        return ROUND_BUSY;
    case LOG_STATE_MISSING:
        return alarm_because("state-missing", 0);
    case LOG_STATE_UNREADABLE:
        return alarm_because("state-unreadable", 0);
    case LOG_STATE_NOT_OURS:
    default:
        return alarm_because("checkpoint-not-ours", 0);
    }
}

/* Whether everything read so far is on the synchronous standby, or waited for until it is: a signature over what a failover
 * loses is a fork. */
static bool settled(struct notary *notary)
{
    notary->doubtful = false;
    return notary_settle(notary->pg) && !notary->doubtful;
}

/* Whether anybody has seen what the tree, as the database has it, does not extend. */
static enum round compare(struct notary *notary)
{
    char source[2 * OTHERS_NAME];
    merkle_hash root;
    merkle_root(&notary->tree.frontier, root);
    enum others_found found =
        others_compare(&notary->others, notary->pg, &notary->key.public, notary->tree.frontier.size, root);
    if (found == OTHERS_AGREE)
        return ROUND_BUSY;
    if (found == OTHERS_LOST)
        return ROUND_LOST;
    log_error("log-seen-elsewhere", "source=%s size=%llu",
              log_quote(source, sizeof(source), notary->others.source),
              (unsigned long long) notary->others.size);
    return alarm_because(found == OTHERS_SAW_MORE ? "another-has-seen-more" : "another-has-seen-otherwise",
                         notary->tree.frontier.size);
}

/* Before the first signature of a turn: what the others have. One that does not answer in time holds nothing up. */
static enum round hear_others(struct notary *notary, const sigset_t *stop)
{
    int64_t until_ms = clock_monotonic_ms() + OTHERS_MS;
    bool asked = notary->others.asked, answered = false;
    while (!asked && !answered) {
        if (!others_ask(&notary->others, notary->pg, &answered))
            return ROUND_LOST;
        if (answered)
            break;
        if (clock_monotonic_ms() >= until_ms) {
            log_warn("log-others-silent", "witnesses=%zu", notary->others.witnesses);
            break;
        }
        if (rest(stop, ASK_MS))
            return ROUND_STOP;
    }
    return compare(notary);
}

/* The tree of the base, as the database has it, and on over the stored bytes to what it says it has. */
static enum round regrow(struct notary *notary, const struct checkpoint *base)
{
    struct head head;
    merkle_hash root;
    bool gone;
    if (!notary_head(notary->pg, &head))
        return ROUND_LOST;
    if (head.size < base->size)
        return alarm_because("database-behind-checkpoint", head.size);
    if (!tree_load(&notary->tree, base->size, read_tile, notary))
        return PQstatus(notary->pg) == CONNECTION_OK ? alarm_because("tile-missing", base->size) : ROUND_LOST;
    merkle_root(&notary->tree.frontier, root);
    if (memcmp(root, base->root, MERKLE_HASH) != 0)
        return alarm_because("tree-is-not-what-was-signed", base->size);
    if (!rehash(notary, &notary->tree, head.size, &gone))
        return ROUND_LOST;
    if (gone)
        return alarm_because("entry-missing", notary->tree.frontier.size);
    merkle_root(&notary->tree.frontier, root);
    return memcmp(root, head.root, MERKLE_HASH) == 0
               ? ROUND_BUSY
               : alarm_because("entries-are-not-what-was-hashed", head.size);
}

/* A dump that was loaded into another cluster is ordered by ids that begin anew there: what is written since would never
 * come after what was. */
static enum round anchored(struct notary *notary)
{
    bool good = false;
    if (!notary_anchored(notary->pg, &good))
        return ROUND_LOST;
    if (!good)
        log_error("log-not-anchored", "do=\"mingced log anchor\"");
    return good ? ROUND_BUSY : alarm_because("database-loaded-elsewhere", 0);
}

/* From the last checkpoint's tree to what the database says it has. */
static enum round take_up(struct notary *notary, const sigset_t *stop)
{
    static char note[NOTE_MOST];
    struct checkpoint base;
    enum round round = base_of(notary, &base, note);
    if (round == ROUND_BUSY)
        round = anchored(notary);
    if (round == ROUND_BUSY)
        round = regrow(notary, &base);
    if (round == ROUND_BUSY && !settled(notary))
        round = ROUND_LOST;
    if (round == ROUND_BUSY && !notary_publish(notary->pg, base.size, note))
        round = ROUND_LOST; /* it may have ended between signing and this */
    if (round == ROUND_BUSY)
        round = hear_others(notary, stop);
    if (round != ROUND_BUSY)
        return round;
    notary->signed_size = base.size;
    metrics_set(METRIC_LOG_SIZE, base.size);
    metrics_set(METRIC_LOG_SIGNED_SECONDS, log_state_seconds(notary->settings->log_state));
    log_info("log-taken-up", "size=%llu signed=%llu", (unsigned long long) notary->tree.frontier.size,
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
    enum round round = compare(notary);
    if (round != ROUND_BUSY)
        return round;
    memcpy(checkpoint.origin, notary->key.public.name, sizeof(checkpoint.origin));
    merkle_root(&notary->tree.frontier, checkpoint.root);
    if (!log_state_sign(&checkpoint, &notary->key, note))
        return alarm_because("cannot-sign", checkpoint.size);
    if (!log_state_store(notary->settings->log_state, note))
        return alarm_because("state-unwritable", checkpoint.size);
    if (!notary_publish(notary->pg, checkpoint.size, note))
        return ROUND_LOST;
    notary->signed_size = checkpoint.size;
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
    enum round round = found > 0                                ? grow(notary, &bodies)
                       : stall_look(&notary->stall, notary->pg) ? ROUND_BUSY
                                                                : ROUND_LOST;
    bodies_free(&bodies);
    if (round == ROUND_BUSY && notary->signed_size != notary->tree.frontier.size)
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
    if (base->size == 0)
        return ROUND_IDLE;
    reader = (struct tree_reader){.fetch = read_tile, .context = notary};
    if (!merkle_consistency(base->size, published->size, tree_read, &reader, proof, &n))
        return PQstatus(notary->pg) == CONNECTION_OK ? alarm_because("tile-missing", published->size)
                                                     : ROUND_LOST;
    if (!merkle_consistent(base->size, published->size, base->root, published->root, proof, n))
        return alarm_because("tree-is-not-what-was-signed", published->size);
    return ROUND_IDLE;
}

/* While another notary works: keeps the checkpoints that it publishes, if they extend what is kept. */
static enum round follow(struct notary *notary, const struct checkpoint *base,
                         const struct checkpoint *published, const char *note)
{
    if (published->size > base->size) {
        enum round round = extends(notary, base, published);
        if (round != ROUND_IDLE)
            return round;
        if (!log_state_store(notary->settings->log_state, note))
            return alarm_because("state-unwritable", published->size);
        metrics_set(METRIC_LOG_SIZE, published->size);
        metrics_set(METRIC_LOG_SIGNED_SECONDS, (uint64_t) (clock_wall_ms() / 1000));
    }
    notary->in_step = true;
    metrics_set(METRIC_LOG_ALARM, 0);
    return ROUND_IDLE;
}

/* The newest checkpoint in the database; of size 0 when there is none. */
static enum round published_of(struct notary *notary, struct checkpoint *published, char note[NOTE_MOST])
{
    memset(published, 0, sizeof(*published));
    if (!notary_latest(notary->pg, note))
        return ROUND_LOST;
    return *note == '\0' || checkpoint_open(note, strlen(note), &notary->key.public, published)
               ? ROUND_BUSY
               : alarm_because("checkpoint-not-ours", 0);
}

/* Takes the turn if it is nobody's, or follows. A notary that has no checkpoint to start from, or may have missed some,
 * does not take it, because it would only keep the turn from one that has them. */
static enum round await_turn(struct notary *notary, const sigset_t *stop, bool *mine)
{
    static char note[NOTE_MOST], latest[NOTE_MOST];
    struct checkpoint base, published;
    enum turn turn;
    enum round round = base_of(notary, &base, note);
    if (round == ROUND_BUSY)
        round = published_of(notary, &published, latest);
    if (round != ROUND_BUSY)
        return round;
    notary->in_step = notary->in_step || published.size <= base.size;
    if (!others_tell(&notary->others, notary->pg, base.size, note) ||
        !notary_turn(notary->pg, NOTARY_WRITES, notary->in_step, &turn))
        return ROUND_LOST;
    *mine = turn == TURN_MINE;
    if (turn == TURN_FREE)
        return alarm_because("state-behind", base.size);
    return *mine ? take_up(notary, stop) : follow(notary, &base, &published, latest);
}

static int64_t pause_ms(enum round round, bool mine)
{
    switch (round) {
    case ROUND_BUSY:
        return 0;
    case ROUND_IDLE:
        return mine ? IDLE_MS : STANDBY_MS;
    case ROUND_ALARM:
        return ALARM_MS;
    case ROUND_LOST:
    case ROUND_STOP:
    default:
        return RETRY_MS;
    }
}

/* It has found out everything that it must know before it signs. */
static void tell_ready(struct notary *notary)
{
    if (notary->ready < 0)
        return;
    if (write(notary->ready, "", 1) != 1)
        log_warn("ready-untold", NULL);
    close(notary->ready);
    notary->ready = -1;
}

/* With a connection: waits for its turn, takes up, works. Returns when the connection is lost (false) or SIGTERM came. */
static bool serve(struct notary *notary, const sigset_t *stop)
{
    bool mine = false;
    enum round round = ROUND_LOST;
    others_connected(&notary->others);
    metrics_set(METRIC_NOTARY_READY, 1);
    while (PQstatus(notary->pg) == CONNECTION_OK) {
        if (!mine)
            round = await_turn(notary, stop, &mine);
        else
            round = round == ROUND_LOST || round == ROUND_ALARM ? take_up(notary, stop) : work(notary);
        if (round == ROUND_BUSY || round == ROUND_IDLE)
            tell_ready(notary);
        if (round == ROUND_STOP || rest(stop, pause_ms(round, mine)))
            return true;
    }
    return false;
}

_Noreturn void notary_run(const struct settings *settings, int ready)
{
    static struct notary notary;
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    notary.settings = settings;
    notary.ready = ready;
    const char *why = log_key_load(settings->log_key, &notary.key);
    if (why != NULL)
        fatal("log-key-refused", "why=\"%s\"", why);
    static struct witnesses witnesses;
    why = witnesses_load(settings->witnesses, &witnesses);
    if (why != NULL)
        fatal("witnesses-refused", "why=\"%s\"", why);
    others_new(&notary.others, settings->log_state, witnesses.n);
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
