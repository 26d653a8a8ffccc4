/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/store.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/store/rows_private.h"
#include "daemon/store/sqlstate.h"
#include "daemon/store/statement_private.h"
#include "daemon/store/store_private.h"

enum { ATTEMPTS = 5 /* of a request alone that keeps losing races */ };

static void count_requests(struct store *store, int more)
{
    store->pending += (size_t) more;
    metrics_set(METRIC_QUEUE_REQUESTS, store->pending);
}

static void count_bytes(struct store *store, size_t more, size_t less)
{
    store->waiting_bytes += more - less;
    metrics_set(METRIC_QUEUE_BYTES, store->waiting_bytes);
}

/* Of a set that the store is done with: its requests' owners have their shares back. */
static void drop(struct set *set)
{
    if (set != NULL)
        shares_give_back(set);
    set_free(set);
}

/* ---- telling ---- */

static void tell(struct store *store, struct store_request *request, enum store_outcome outcome,
                 const struct rows *rows)
{
    request->set = NULL;
    count_requests(store, -1);
    request->done(request, outcome, rows);
}

/* Each request that still has an owner, with this outcome; frees the set. */
static void tell_all(struct store *store, struct set *set, enum store_outcome outcome)
{
    for (size_t i = 0; i < set->requests_n; i++)
        if (set->parts[i].request != NULL)
            tell(store, set->parts[i].request, outcome, NULL);
    drop(set);
}

/* Told from the event loop, never from within store_submit(). */
static void refuse_later(struct store *store, struct store_request *request, enum store_outcome outcome)
{
    request->set = NULL;
    request->refused = true;
    request->outcome = outcome;
    TAILQ_INSERT_TAIL(&store->refused, request, link);
    event_active(store->refuse, EV_TIMEOUT, 0);
}

static void on_refuse(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct store *store = context;
    struct store_request *request;
    while ((request = TAILQ_FIRST(&store->refused)) != NULL) {
        TAILQ_REMOVE(&store->refused, request, link);
        request->refused = false;
        tell(store, request, request->outcome, NULL);
    }
}

/* ---- gathering ---- */

/* A connection is ready, or has not failed yet: clients may ask before the first connection of a new worker stands. */
static bool store_hopeful(const struct store *store)
{
    for (size_t i = 0; i < store->connections_n; i++)
        if (store->connections[i].state == CONNECTION_READY || store->connections[i].failures == 0)
            return true;
    return false;
}

static struct queue *queue_of(struct store *store, const struct statement *statement)
{
    for (size_t i = 0; i < store->common.statements_n; i++)
        if (store->common.statements[i] == statement)
            return &store->queues[i];
    fatal("statement-unknown", "statement=%s", statement->name);
}

/* The set takes no more requests, whether it waits or is sent. */
static void close_set(struct store *store, struct set *set)
{
    struct queue *queue = queue_of(store, set->statement);
    if (queue->open[set->lane] == set)
        queue->open[set->lane] = NULL;
}

static void waiting_remove(struct store *store, struct set *set)
{
    TAILQ_REMOVE(&store->waiting[set->lane], set, link);
    count_bytes(store, 0, set->bytes);
    close_set(store, set);
}

static void waiting_add(struct store *store, struct set *set)
{
    TAILQ_INSERT_TAIL(&store->waiting[set->lane], set, link);
    event_active(store->send, EV_TIMEOUT, 0);
}

/* A set that could not be bound: this request and those that are in it already are told that there was no room. */
static void spoilt(struct store *store, struct set *set, struct store_request *last)
{
    for (size_t i = 0; i < set->requests_n; i++)
        if (set->parts[i].request != NULL)
            refuse_later(store, set->parts[i].request, STORE_BUSY);
    refuse_later(store, last, STORE_BUSY);
    drop(set);
}

/* Into the open set of its statement. */
static void gather(struct store *store, struct store_request *request)
{
    enum lane lane = shares_lane(&store->shares, request->owner);
    struct set **open = &queue_of(store, request->statement)->open[lane];
    if (*open == NULL) {
        *open = set_new(request->statement, lane);
        if (*open == NULL) {
            refuse_later(store, request, STORE_BUSY);
            return;
        }
        waiting_add(store, *open);
    }
    struct set *set = *open;
    size_t before = set->bytes;
    bool added = set_add(set, request);
    count_bytes(store, set->bytes, before);
    if (!added) {
        waiting_remove(store, set);
        spoilt(store, set, request);
        return;
    }
    shares_hold(&store->shares, &set->parts[request->index]);
    if (set->weight >= store->settings->set_rows) {
        close_set(store, set);
        event_active(store->send, EV_TIMEOUT, 0);
    }
}

void store_submit(struct store *store, const struct statement *statement, struct store_request *request)
{
    request->statement = statement;
    request->set = NULL;
    request->share = NULL;
    request->refused = false;
    count_requests(store, 1);
    if (!store_hopeful(store))
        refuse_later(store, request, STORE_UNAVAILABLE);
    else if (store->waiting_bytes >= store->settings->queue_bytes || shares_glutted(&store->shares, request))
        refuse_later(store, request, STORE_BUSY);
    else if (!shares_wait(&store->shares, request))
        gather(store, request);
}

/* Those whose turn has come. */
static void gather_more(struct store *store)
{
    struct store_request *request;
    while ((request = shares_next(&store->shares)) != NULL) {
        if (store_hopeful(store))
            gather(store, request);
        else
            refuse_later(store, request, STORE_UNAVAILABLE);
    }
}

void store_abandon(struct store *store, struct store_request *request)
{
    if (request->refused) {
        TAILQ_REMOVE(&store->refused, request, link);
        request->refused = false;
    } else if (request->share != NULL) {
        share_leave(request);
    } else if (request->set != NULL) {
        request->set->parts[request->index].request = NULL;
        request->set = NULL;
    } else {
        return; /* never submitted, or told already */
    }
    count_requests(store, -1);
}

static struct set *first_waiting(const struct store *store)
{
    struct set *light = TAILQ_FIRST(&store->waiting[LANE_LIGHT]);
    return light == NULL ? TAILQ_FIRST(&store->waiting[LANE_HEAVY]) : light;
}

/* The longest-waiting set that may go. One that still takes requests goes when no other of its statement is in flight:
 * a large set costs little more than a small one, so it is better to let it grow than to send it beside the other. */
static struct set *next_of_lane(struct store *store, enum lane lane)
{
    struct set *set;
    TAILQ_FOREACH (set, &store->waiting[lane], link) {
        const struct queue *queue = queue_of(store, set->statement);
        if (queue->open[lane] != set || queue->in_flight[lane] == 0)
            break;
    }
    return set;
}

static struct set *next_set(struct store *store)
{
    enum lane turn = store->turn, other = turn == LANE_LIGHT ? LANE_HEAVY : LANE_LIGHT;
    struct set *set = next_of_lane(store, turn);
    if (set == NULL)
        return next_of_lane(store, other);
    store->turn = other;
    return set;
}

static struct connection *free_connection(struct store *store)
{
    for (size_t i = 0; i < store->connections_n; i++)
        if (connection_free_for_set(&store->connections[i]))
            return &store->connections[i];
    return NULL;
}

static void on_send(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct store *store = context;
    struct connection *connection;
    struct set *set;
    gather_more(store);
    while ((connection = free_connection(store)) != NULL && (set = next_set(store)) != NULL) {
        waiting_remove(store, set);
        struct queue *queue = queue_of(store, set->statement);
        const struct connection_behind behind = {store->follow, queue->follow_columns};
        queue->in_flight[set->lane]++;
        connection_send(connection, set, queue->followed ? &behind : NULL);
    }
}

/* ---- answers ---- */

static int32_t request_of(const PGresult *result, int row)
{
    uint32_t request;
    if (PQgetisnull(result, row, 0) || PQgetlength(result, row, 0) != sizeof(request))
        return -1;
    memcpy(&request, PQgetvalue(result, row, 0), sizeof(request));
    return (int32_t) be32toh(request);
}

/* Whether the rows come in the order of the requests, and each belongs to a request of this set. */
static bool in_order(const struct set *set, const PGresult *result)
{
    int32_t last = 1;
    for (int row = 0; row < PQntuples(result); row++) {
        int32_t request = request_of(result, row);
        if (request < last || (size_t) request > set->requests_n)
            return false;
        last = request;
    }
    return true;
}

static void hand_out(struct store *store, struct set *set)
{
    int row = 0, end = PQntuples(set->result);
    struct rows behind = {.result = set->followed, .n = PQntuples(set->followed)}; /* none of NULL */
    if (set->followed != NULL) {
        behind.columns = &store->follow->result;
        store->followed(store->followed_context, &behind);
    }
    for (size_t i = 0; i < set->requests_n; i++) {
        struct rows rows = {.columns = &set->statement->result, .result = set->result, .first = row};
        while (row < end && request_of(set->result, row) == (int32_t) i + 1)
            row++;
        rows.n = row - rows.first;
        if (set->parts[i].request != NULL)
            tell(store, set->parts[i].request, STORE_DONE, &rows);
    }
    drop(set);
}

/* Sends a request of a failed set again, alone, so that only the guilty one fails. */
static void send_alone(struct store *store, struct store_request *request, unsigned attempts)
{
    struct set *alone = set_new(request->set->statement, request->set->lane);
    if (alone != NULL)
        alone->attempts = attempts;
    if (alone == NULL || !set_add(alone, request)) {
        drop(alone);
        refuse_later(store, request, STORE_BUSY);
        return;
    }
    shares_hold(&store->shares, &alone->parts[0]);
    count_bytes(store, alone->bytes, 0);
    waiting_add(store, alone);
}

static void take_apart(struct store *store, struct set *set)
{
    unsigned attempts = set->attempts + 1;
    metrics_add(METRIC_SETS_TAKEN_APART, 1);
    for (size_t i = 0; i < set->requests_n; i++)
        if (set->parts[i].request != NULL)
            send_alone(store, set->parts[i].request, attempts);
    drop(set);
}

static void failed(struct store *store, struct set *set)
{
    enum verdict verdict = sqlstate_verdict(set->sqlstate);
    bool alone = set->requests_n == 1;
    log_event(verdict == VERDICT_GUILTY && alone ? LOG_LEVEL_ERROR : LOG_LEVEL_DEBUG, "set-failed",
              "statement=%s sqlstate=%s requests=%zu attempts=%u", set->statement->name, set->sqlstate,
              set->requests_n, set->attempts);
    if (verdict == VERDICT_UNKNOWN)
        tell_all(store, set, STORE_UNKNOWN);
    else if (verdict == VERDICT_UNAVAILABLE)
        tell_all(store, set, STORE_UNAVAILABLE);
    else if (!alone || (verdict == VERDICT_AGAIN && set->attempts < ATTEMPTS))
        take_apart(store, set);
    else
        tell_all(store, set, verdict == VERDICT_AGAIN ? STORE_UNAVAILABLE : STORE_FAILED);
}

static void on_answered(void *context, struct set *set)
{
    struct store *store = context;
    struct queue *queue = queue_of(store, set->statement);
    queue->in_flight[set->lane]--;
    if (*set->sqlstate != '\0') {
        failed(store, set);
    } else if (set->doubtful) {
        tell_all(store, set, STORE_UNKNOWN);
    } else if (set->result == NULL || !in_order(set, set->result) ||
               queue->followed != (set->followed != NULL) ||
               (set->followed != NULL && !in_order(set, set->followed))) {
        log_error("result-misordered", "statement=%s", set->statement->name);
        tell_all(store, set, STORE_FAILED);
    } else {
        hand_out(store, set);
    }
}

static void on_lost(void *context, struct set *set)
{
    struct store *store = context;
    queue_of(store, set->statement)->in_flight[set->lane]--;
    tell_all(store, set, STORE_UNKNOWN);
}

static void on_changed(void *context)
{
    struct store *store = context;
    bool ready = store_ready(store), hopeful = store_hopeful(store);
    struct set *set;
    size_t connections = 0;
    for (size_t i = 0; i < store->connections_n; i++)
        connections += store->connections[i].state == CONNECTION_READY;
    metrics_set(METRIC_DATABASE_READY, connections);
    if (ready && first_waiting(store) != NULL)
        event_active(store->send, EV_TIMEOUT, 0);
    while (!hopeful && (set = first_waiting(store)) != NULL) {
        waiting_remove(store, set);
        tell_all(store, set, STORE_UNAVAILABLE);
    }
    if (ready == store->was_ready)
        return;
    store->was_ready = ready;
    if (store->changed != NULL)
        store->changed(store->changed_context, ready);
}

static void on_told(void *context, const char *payload)
{
    const struct store *store = context;
    if (store->told != NULL)
        store->told(store->told_context, payload);
}

/* ---- shares ---- */

static void on_turn(void *context)
{
    event_active(((struct store *) context)->send, EV_TIMEOUT, 0);
}

static void on_count(void *context, size_t more, size_t less)
{
    count_bytes(context, more, less);
}

/* ---- life ---- */

struct store *store_new(struct event_base *base, const struct settings *settings,
                        const struct statement *const *statements, size_t n)
{
    static const struct connection_handlers of_connections = {on_answered, on_lost, on_changed, on_told};
    static const struct share_handlers of_shares = {on_turn, on_count};
    struct store *store = calloc(1, sizeof(*store));
    if (store == NULL)
        return NULL;
    store->settings = settings;
    store->common = (struct connections){.base = base,
                                         .settings = settings,
                                         .statements = statements,
                                         .statements_n = n,
                                         .handlers = &of_connections,
                                         .context = store};
    shares_init(&store->shares, settings, settings->database_connections, &of_shares, store);
    for (int lane = 0; lane < LANES; lane++)
        TAILQ_INIT(&store->waiting[lane]);
    TAILQ_INIT(&store->refused);
    store->queues = calloc(n, sizeof(*store->queues));
    store->connections = calloc(settings->database_connections, sizeof(*store->connections));
    store->send = event_new(base, -1, 0, on_send, store);
    store->refuse = event_new(base, -1, 0, on_refuse, store);
    bool good =
        store->queues != NULL && store->connections != NULL && store->send != NULL && store->refuse != NULL;
    for (size_t i = 0; good && i < settings->database_connections; i++) {
        store->connections_n++;
        good = connection_open(&store->connections[i], &store->common);
    }
    if (good)
        return store;
    store_free(store);
    return NULL;
}

void store_free(struct store *store)
{
    struct set *set;
    if (store == NULL)
        return;
    for (size_t i = 0; i < store->connections_n; i++)
        connection_close(&store->connections[i]);
    while ((set = first_waiting(store)) != NULL) {
        TAILQ_REMOVE(&store->waiting[set->lane], set, link);
        set_free(set);
    }
    shares_free(&store->shares);
    if (store->send != NULL)
        event_free(store->send);
    if (store->refuse != NULL)
        event_free(store->refuse);
    free(store->queues);
    free(store->connections);
    free(store);
}

bool store_ready(const struct store *store)
{
    for (size_t i = 0; i < store->connections_n; i++)
        if (store->connections[i].state == CONNECTION_READY)
            return true;
    return false;
}

void store_on_change(struct store *store, void (*changed)(void *, bool), void *context)
{
    store->changed = changed;
    store->changed_context = context;
}

void store_listen(struct store *store, const char *channel, void (*told)(void *, const char *), void *context)
{
    store->common.channel = channel;
    store->told = told;
    store->told_context = context;
}

/* The statement's parameter of that name among those of a request; their number: there is none. */
static size_t parameter_of(const struct statement *statement, const char *name)
{
    size_t i = 0, n = statement_request_parameters(statement);
    while (i < n && strcmp(statement->parameters.each[i].name, name) != 0)
        i++;
    return i;
}

void store_follow(struct store *store, const struct statement *then,
                  void (*followed)(void *, const struct rows *), void *context)
{
    store->follow = then;
    store->followed = followed;
    store->followed_context = context;
    for (size_t i = 0; i < store->common.statements_n; i++) {
        const struct statement *statement = store->common.statements[i];
        struct queue *queue = &store->queues[i];
        queue->followed = statement != then;
        for (size_t j = 0; j < then->parameters.n; j++) {
            queue->follow_columns[j] = parameter_of(statement, then->parameters.each[j].name);
            queue->followed =
                queue->followed && queue->follow_columns[j] < statement_request_parameters(statement);
        }
    }
}
