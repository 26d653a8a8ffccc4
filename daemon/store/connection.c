/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/connection.h"

#include <string.h>

#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/store/contract.h"
#include "daemon/store/schema.h"
#include "daemon/store/sqlstate.h"
#include "daemon/store/statement_private.h"

enum {
    PREPARE_MS = 5000,
    BACKOFF_MS = 50, /* doubled with each failure in a row */
    BACKOFF_MOST_MS = 2000,
    GRACE_MS = 5000, /* beyond statement_timeout, before the connection is given up */
};

static void timer_set(struct connection *connection, uint32_t ms)
{
    struct timeval after = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    event_add(connection->timer, &after);
}

static void events_free(struct connection *connection)
{
    if (connection->readable != NULL)
        event_free(connection->readable);
    if (connection->writable != NULL)
        event_free(connection->writable);
    connection->readable = connection->writable = NULL;
}

/* So that many workers do not knock at the same moment. */
static uint32_t jitter(uint32_t most)
{
    uint32_t any;
    evutil_secure_rng_get_bytes(&any, sizeof(any));
    return any % (most + 1);
}

static void changed(const struct connection *connection)
{
    connection->common->handlers->changed(connection->common->context);
}

/* Back to waiting; what was in flight has an unknown outcome. */
static void back_to_waiting(struct connection *connection)
{
    struct set *set;
    unsigned doublings = connection->failures < 6 ? connection->failures : 6;
    uint32_t wait = BACKOFF_MS << doublings;
    events_free(connection);
    PQfinish(connection->pg);
    connection->pg = NULL;
    if (connection->state == CONNECTION_READY)
        metrics_add(METRIC_DATABASE_LOST, 1);
    connection->state = CONNECTION_WAITING;
    connection->failures++;
    while ((set = TAILQ_FIRST(&connection->in_flight)) != NULL) {
        TAILQ_REMOVE(&connection->in_flight, set, link);
        connection->in_flight_n--;
        connection->common->handlers->lost(connection->common->context, set);
    }
    wait = wait > BACKOFF_MOST_MS ? BACKOFF_MOST_MS : wait;
    timer_set(connection, wait / 2 + jitter(wait / 2));
    changed(connection);
}

static enum log_level failure_level(const struct connection *connection)
{
    return connection->failures == 0 || connection->failures % 16 == 0 ? LOG_LEVEL_WARN : LOG_LEVEL_DEBUG;
}

static void connection_lost(struct connection *connection, const char *why)
{
    log_event(failure_level(connection), "database-lost", "why=%s in_flight=%zu failures=%u", why,
              connection->in_flight_n, connection->failures);
    back_to_waiting(connection);
}

/* Messages quote values, and values are personal data: of a notice only the severity is looked at. A cancelled wait
 * for a synchronous standby comes as a warning without a SQLSTATE of its own, beside a success that may yet be lost;
 * no statement of ours has another warning to give. */
static void on_notice(void *context, const PGresult *notice)
{
    struct connection *connection = context;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != NULL && strcmp(severity, "WARNING") == 0)
        connection->warned = true;
}

static void on_socket(evutil_socket_t, short, void *);

/* False: out of memory. The socket may be another one after each poll. */
static bool watch(struct connection *connection, bool read, bool write)
{
    struct event_base *base = connection->common->base;
    int fd = PQsocket(connection->pg);
    if (connection->readable == NULL || event_get_fd(connection->readable) != fd) {
        events_free(connection);
        connection->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_socket, connection);
        connection->writable = event_new(base, fd, EV_WRITE | EV_PERSIST, on_socket, connection);
        if (connection->readable == NULL || connection->writable == NULL)
            return false;
    }
    if (read)
        event_add(connection->readable, NULL);
    else
        event_del(connection->readable);
    if (write)
        event_add(connection->writable, NULL);
    else
        event_del(connection->writable);
    return true;
}

static void flush(struct connection *connection)
{
    int left = PQflush(connection->pg);
    if (left < 0 || !watch(connection, true, left == 1))
        connection_lost(connection, "write");
}

static bool begin_listening(const struct connection *connection)
{
    char sql[STATEMENT_SQL];
    if (connection->common->channel == NULL)
        return true;
    snprintf(sql, sizeof(sql), "LISTEN %s", connection->common->channel);
    return PQsendQueryParams(connection->pg, sql, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

/* The first group, in one round trip: the schema's digest, what the functions' parameters are, every statement and what its
 * result is, what to listen to. */
static bool prepare(struct connection *connection)
{
    const struct connections *common = connection->common;
    PGconn *pg = connection->pg;
    if (PQsetnonblocking(pg, 1) != 0 || PQenterPipelineMode(pg) != 1)
        return false;
    if (PQsendQueryParams(pg, "SELECT api.schema_digest()", 0, NULL, NULL, NULL, NULL, 0) != 1 ||
        PQsendQueryParams(pg, contract_sql, 0, NULL, NULL, NULL, NULL, 0) != 1)
        return false;
    for (size_t i = 0; i < common->statements_n; i++) {
        const struct statement *statement = common->statements[i];
        char sql[STATEMENT_SQL];
        Oid types[STATEMENT_COLUMNS];
        statement_sql(statement, sql);
        statement_types(statement, types);
        if (PQsendPrepare(pg, statement->name, statement->query != NULL ? statement->query : sql,
                          (int) statement->parameters.n, types) != 1 ||
            PQsendDescribePrepared(pg, statement->name) != 1)
            return false;
    }
    return begin_listening(connection) && PQpipelineSync(pg) == 1;
}

static void on_reached(void *context, PGconn *pg, const struct reach_failure *failure)
{
    struct connection *connection = context;
    char why[REACH_WHY];
    reach_end(connection->reach);
    connection->reach = NULL;
    if (pg == NULL) {
        log_event(failure_level(connection), "database-lost", "%s in_flight=0 failures=%u",
                  reach_why(failure, why), connection->failures);
        back_to_waiting(connection);
        return;
    }
    connection->pg = pg;
    PQsetNoticeReceiver(pg, on_notice, connection);
    connection->state = CONNECTION_PREPARING;
    connection->answered = 0;
    connection->warned = false; /* of the one before */
    timer_set(connection, PREPARE_MS);
    if (prepare(connection))
        flush(connection);
    else
        connection_lost(connection, "prepare");
}

static void begin_connect(struct connection *connection)
{
    struct connections *common = connection->common;
    char options[64];
    snprintf(options, sizeof(options), "-c statement_timeout=%u -c lock_timeout=%u",
             common->settings->deadline_ms, common->settings->deadline_ms);
    const struct reach_plan plan = {.conninfo = common->settings->database,
                                    .options = options,
                                    .last = &common->reached,
                                    .level = failure_level(connection)};
    connection->state = CONNECTION_CONNECTING;
    connection->reach = reach_begin(common->base, &plan, on_reached, connection);
    if (connection->reach == NULL)
        connection_lost(connection, "memory");
}

/* The results of the first group: the digest, the parameters, two of each statement, and LISTEN's. */
enum { OF_DIGEST, OF_PARAMETERS, OF_STATEMENTS };

/* The statement that the result being looked at is about; NULL: it is about none. */
static const struct statement *prepared_statement(const struct connection *connection)
{
    const struct connections *common = connection->common;
    size_t at = connection->answered;
    return at < OF_STATEMENTS || at >= OF_STATEMENTS + 2 * common->statements_n
               ? NULL
               : common->statements[(at - OF_STATEMENTS) / 2];
}

static bool digest_right(const PGresult *result)
{
    char digest[SCHEMA_DIGEST];
    schema_digest(digest);
    if (PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), digest) == 0)
        return true;
    log_error("schema-unknown", "do=\"mingced migrate\"");
    return false;
}

static void differs(const struct statement *statement, const struct contract_broken *broken)
{
    log_error("statement-differs", "statement=%s %s=%zu must_be=\"%s\" is=\"%s\"", statement->name,
              broken->part, broken->place, broken->must_be, broken->is);
}

static bool parameters_right(const struct connections *common, const PGresult *result)
{
    struct contract_broken broken;
    for (size_t i = 0; i < common->statements_n; i++)
        if (!contract_parameters(common->statements[i], result, &broken)) {
            differs(common->statements[i], &broken);
            return false;
        }
    return true;
}

static bool result_right(const struct statement *statement, const PGresult *described)
{
    struct contract_broken broken;
    if (contract_result(statement, described, &broken))
        return true;
    differs(statement, &broken);
    return false;
}

static bool prepared_well(struct connection *connection, const PGresult *result)
{
    const struct statement *statement = prepared_statement(connection);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    ExecStatusType status = PQresultStatus(result);
    size_t at = connection->answered++;
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        log_error("schema-refused", "sqlstate=%s what=%s", sqlstate == NULL ? "none" : sqlstate,
                  statement != NULL     ? statement->name
                  : at == OF_DIGEST     ? "schema_digest"
                  : at == OF_PARAMETERS ? "parameters"
                                        : "listen");
        return false;
    }
    if (at == OF_DIGEST)
        return digest_right(result);
    if (at == OF_PARAMETERS)
        return parameters_right(connection->common, result);
    bool described = statement != NULL && (at - OF_STATEMENTS) % 2 == 1;
    return !described || result_right(statement, result);
}

static void became_ready(struct connection *connection)
{
    connection->state = CONNECTION_READY;
    connection->failures = 0;
    event_del(connection->timer);
    log_info("database-ready", NULL);
    changed(connection);
}

/* One result of the set at the head of the line. An error without a SQLSTATE is libpq's own (out of memory, out of step):
 * what the server did is not known, as when the connection is lost. */
static void take_result(struct set *set, PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    PGresult **place = set->result == NULL ? &set->result : &set->followed;
    if (PQresultStatus(result) == PGRES_TUPLES_OK && *place == NULL) {
        *place = result;
        return;
    }
    if (*set->sqlstate == '\0')
        snprintf(set->sqlstate, sizeof(set->sqlstate), "%s", sqlstate == NULL ? "08000" : sqlstate);
    PQclear(result);
}

/* The sync behind a set: it is answered. */
static void set_complete(struct connection *connection)
{
    struct set *set = TAILQ_FIRST(&connection->in_flight);
    TAILQ_REMOVE(&connection->in_flight, set, link);
    connection->in_flight_n--;
    if (connection->in_flight_n == 0)
        event_del(connection->timer);
    else
        timer_set(connection, connection->common->settings->deadline_ms + GRACE_MS);
    set->doubtful = connection->warned;
    connection->warned = false;
    bool ends = sqlstate_ends_connection(set->sqlstate);
    connection->common->handlers->answered(connection->common->context, set);
    if (ends)
        connection_lost(connection, "sqlstate");
    else
        changed(connection);
}

/* False: the connection is gone. */
static bool handle(struct connection *connection, PGresult *result)
{
    bool sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    struct set *set = TAILQ_FIRST(&connection->in_flight);
    if (connection->state == CONNECTION_PREPARING) {
        bool good = sync || prepared_well(connection, result);
        PQclear(result);
        if (!good)
            connection_lost(connection, "prepare");
        else if (sync)
            became_ready(connection);
        return good;
    }
    if (set == NULL) { /* nobody asked: a proxy's word, or the server's last one */
        PQclear(result);
        connection_lost(connection, "unexpected");
        return false;
    }
    if (!sync) {
        take_result(set, result);
        return true;
    }
    PQclear(result);
    set_complete(connection);
    return connection->state == CONNECTION_READY;
}

static void read_notifications(struct connection *connection)
{
    const struct connections *common = connection->common;
    PGnotify *notification;
    while ((notification = PQnotifies(connection->pg)) != NULL) {
        common->handlers->told(common->context, notification->extra);
        PQfreemem(notification);
    }
}

static void read_results(struct connection *connection)
{
    unsigned nulls = 0; /* one NULL ends each statement; two in a row: nothing more is expected */
    if (PQconsumeInput(connection->pg) != 1) {
        connection_lost(connection, "read");
        return;
    }
    while (nulls < 2 && !PQisBusy(connection->pg)) {
        PGresult *result = PQgetResult(connection->pg);
        nulls = result == NULL ? nulls + 1 : 0;
        if (result != NULL && !handle(connection, result))
            return;
    }
    read_notifications(connection);
    if (PQstatus(connection->pg) == CONNECTION_BAD)
        connection_lost(connection, "read");
    else
        flush(connection);
}

static void on_socket(evutil_socket_t fd, short what, void *context)
{
    (void) fd;
    struct connection *connection = context;
    if ((what & EV_READ) != 0)
        read_results(connection);
    else
        flush(connection);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct connection *connection = context;
    if (connection->state == CONNECTION_WAITING)
        begin_connect(connection);
    else
        connection_lost(connection, "timeout");
}

bool connection_open(struct connection *connection, struct connections *common)
{
    connection->common = common;
    TAILQ_INIT(&connection->in_flight);
    connection->timer = evtimer_new(common->base, on_timer, connection);
    if (connection->timer == NULL)
        return false;
    timer_set(connection, 0);
    return true;
}

void connection_close(struct connection *connection)
{
    struct set *set;
    reach_end(connection->reach);
    connection->reach = NULL;
    events_free(connection);
    if (connection->timer != NULL)
        event_free(connection->timer);
    PQfinish(connection->pg);
    if (connection->common == NULL)
        return; /* never opened */
    while ((set = TAILQ_FIRST(&connection->in_flight)) != NULL) {
        TAILQ_REMOVE(&connection->in_flight, set, link);
        set_free(set);
    }
}

bool connection_free_for_set(const struct connection *connection)
{
    return connection->state == CONNECTION_READY &&
           connection->in_flight_n < connection->common->settings->database_pipeline;
}

/* False: it could not be sent. */
static bool send_behind(struct connection *connection, const struct connection_behind *behind,
                        const char *const *values, const int *lengths)
{
    const char *its_values[STATEMENT_COLUMNS];
    int its_lengths[STATEMENT_COLUMNS], formats[STATEMENT_COLUMNS];
    if (behind == NULL)
        return true;
    size_t n = behind->then->parameters.n;
    for (size_t i = 0; i < n; i++) {
        its_values[i] = values[behind->parameters[i]];
        its_lengths[i] = lengths[behind->parameters[i]];
        formats[i] = 1;
    }
    return PQsendQueryPrepared(connection->pg, behind->then->name, (int) n, its_values, its_lengths, formats,
                               1) == 1;
}

void connection_send(struct connection *connection, struct set *set, const struct connection_behind *behind)
{
    const char *values[STATEMENT_COLUMNS];
    int lengths[STATEMENT_COLUMNS], formats[STATEMENT_COLUMNS];
    int n = (int) set->statement->parameters.n;
    for (int i = 0; i < n; i++)
        formats[i] = 1;
    set_finish(set, values, lengths);
    if (connection->in_flight_n == 0)
        timer_set(connection, connection->common->settings->deadline_ms + GRACE_MS);
    metrics_sent(set->requests_n);
    TAILQ_INSERT_TAIL(&connection->in_flight, set, link);
    connection->in_flight_n++;
    if (PQsendQueryPrepared(connection->pg, set->statement->name, n, values, lengths, formats, 1) != 1 ||
        !send_behind(connection, behind, values, lengths) || PQpipelineSync(connection->pg) != 1)
        connection_lost(connection, "send");
    else
        flush(connection);
}
