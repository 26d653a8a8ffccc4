/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/reach.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/dns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/store/hosts.h"

enum { ADDRESSES_MOST = 16, SHARE_LEAST_MS = 1000, OPTIONS = 512 };

/* A question about a name lasts until it is answered, whether somebody waits for it or not: to cancel it and free its base
 * is more than libevent can bear. */
struct query {
    struct reach *reach; /* NULL: nobody waits any more */
};

struct reach {
    struct event_base *base;
    reach_done *done;
    void *context;
    struct host *last;
    enum log_level level;
    struct hosts hosts;
    size_t next_host;
    const struct host *host; /* being tried */
    char addresses[ADDRESSES_MOST][HOST_ADDRESS];
    size_t addresses_n, next_address; /* of that host */
    struct host place;                /* being tried: the host with one of its addresses */
    char options[OPTIONS];
    PGconn *pg;
    bool agreeing; /* connected, and asked for the terms */
    struct event *socket, *step;
    struct evdns_base *names;
    struct query *query; /* NULL: no name is being resolved */
    int64_t until_ms;    /* monotonic: for all of it */
    struct reach_failure failure;
};

const char *reach_why(const struct reach_failure *failure, char text[REACH_WHY])
{
    const struct terms_broken *broken = &failure->broken;
    int n = snprintf(text, REACH_WHY, "why=%s", cause_word(failure->cause));
    if (*broken->setting != '\0')
        snprintf(text + n, REACH_WHY - (size_t) n, " setting=%s is=\"%s\" must_be=\"%s\"", broken->setting,
                 broken->is, broken->must_be);
    return text;
}

/* ---- what happens next ---- */

static void event_drop(struct event **event)
{
    if (*event != NULL)
        event_free(*event);
    *event = NULL;
}

static void put_down(struct reach *reach)
{
    event_drop(&reach->socket);
    PQfinish(reach->pg);
    reach->pg = NULL;
    reach->agreeing = false;
    if (reach->query != NULL)
        reach->query->reach = NULL;
    reach->query = NULL;
}

/* On to the next place, from the loop. */
static void go_on(struct reach *reach)
{
    event_del(reach->step);
    event_active(reach->step, EV_TIMEOUT, 0);
}

static void failed(struct reach *reach, enum cause cause, const struct terms_broken *broken)
{
    char why[REACH_WHY];
    reach->failure = (struct reach_failure){.cause = cause};
    if (broken != NULL)
        reach->failure.broken = *broken;
    metrics_unreached(cause);
    if (reach->hosts.n > 1 || reach->addresses_n > 1)
        log_event(reach->level, "database-host-failed", "host=%s address=%s %s", reach->place.name,
                  reach->place.address, reach_why(&reach->failure, why));
    put_down(reach);
    go_on(reach);
}

/* What is left is shared by the addresses and hosts whose turn is still to come, this one's too. */
static bool time_share(struct reach *reach, size_t later)
{
    int64_t ms = (reach->until_ms - clock_monotonic_ms()) / (int64_t) (later + 1);
    if (ms < SHARE_LEAST_MS)
        ms = SHARE_LEAST_MS;
    return event_add(reach->step, &(struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}) == 0;
}

static size_t hosts_later(const struct reach *reach)
{
    return reach->hosts.n - reach->next_host;
}

/* `done` may end it. */
static void tell(const struct reach *reach, PGconn *pg)
{
    const struct reach_failure failure = reach->failure;
    reach->done(reach->context, pg, pg == NULL ? &failure : NULL);
}

static void reached(struct reach *reach)
{
    PGconn *pg = reach->pg;
    reach->pg = NULL;
    put_down(reach);
    event_del(reach->step);
    *reach->last = reach->place;
    if (PQsetnonblocking(pg, 0) != 0) {
        PQfinish(pg);
        pg = NULL;
        reach->failure = (struct reach_failure){.cause = CAUSE_LOST};
    }
    tell(reach, pg);
}

/* ---- connecting ---- */

static void on_socket(evutil_socket_t, short, void *);

static void wait_for(struct reach *reach, short what)
{
    event_drop(&reach->socket); /* it may be another socket after each step */
    reach->socket = event_new(reach->base, PQsocket(reach->pg), what, on_socket, reach);
    if (reach->socket == NULL || event_add(reach->socket, NULL) != 0)
        failed(reach, CAUSE_RESOURCES, NULL);
}

/* The SQLSTATE that the server gave; NULL: it gave none. The message has nothing behind it (PQERRORS_SQLSTATE), and before it
 * the severity, in the language of the server's messages: "FATAL:  28P01" elsewhere begins with another word. */
static const char *sqlstate_given(const PGconn *pg, char state[6])
{
    static const char behind_severity[] = ":  ";
    const char *at = NULL;
    for (const char *next = PQerrorMessage(pg); (next = strstr(next, behind_severity)) != NULL;) {
        next += sizeof(behind_severity) - 1;
        at = next;
    }
    if (at == NULL || strspn(at, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5 ||
        (at[5] != '\n' && at[5] != '\0'))
        return NULL;
    memcpy(state, at, 5);
    state[5] = '\0';
    return state;
}

/* Why libpq has given up, having been in this state. */
static enum cause cause_of(const PGconn *pg, ConnStatusType before, int number)
{
    char state[6];
    if (sqlstate_given(pg, state) != NULL)
        return cause_of_sqlstate(state);
    if (PQconnectionNeedsPassword(pg) == 1)
        return CAUSE_AUTHENTICATION;
    if (before == CONNECTION_SSL_STARTUP || before == CONNECTION_GSS_STARTUP)
        return CAUSE_TLS;
    return before == CONNECTION_STARTED || before == CONNECTION_NEEDED ? cause_of_errno(number) : CAUSE_LOST;
}

static void agree(struct reach *reach)
{
    reach->agreeing = true;
    if (PQsetnonblocking(reach->pg, 1) != 0 ||
        PQsendQueryParams(reach->pg, terms_sql, 0, NULL, NULL, NULL, NULL, 0) != 1 || PQflush(reach->pg) < 0)
        failed(reach, CAUSE_LOST, NULL);
    else
        wait_for(reach, EV_READ | EV_WRITE);
}

/* The socket tells what became of the connection attempt before libpq looks at it. */
static int socket_error(const PGconn *pg)
{
    int number = 0;
    socklen_t n = sizeof(number);
    return getsockopt(PQsocket(pg), SOL_SOCKET, SO_ERROR, &number, &n) == 0 ? number : errno;
}

static void poll_connect(struct reach *reach)
{
    ConnStatusType before = PQstatus(reach->pg);
    int number = before == CONNECTION_STARTED ? socket_error(reach->pg) : 0;
    if (number != 0) {
        failed(reach, cause_of_errno(number), NULL);
        return;
    }
    PostgresPollingStatusType status = PQconnectPoll(reach->pg);
    if (status == PGRES_POLLING_OK)
        agree(reach);
    else if (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING)
        wait_for(reach, status == PGRES_POLLING_READING ? EV_READ : EV_WRITE);
    else
        failed(reach, cause_of(reach->pg, before, 0), NULL);
}

/* The answer to the terms, and the end of it. */
static void read_terms(struct reach *reach)
{
    struct terms_broken broken = {.setting = ""};
    enum cause cause = CAUSE_LOST;
    bool kept = false;
    int flushed = PQflush(reach->pg);
    if (flushed < 0 || PQconsumeInput(reach->pg) != 1) {
        failed(reach, CAUSE_LOST, NULL);
        return;
    }
    if (PQisBusy(reach->pg)) {
        wait_for(reach, (short) (EV_READ | (flushed == 1 ? EV_WRITE : 0)));
        return;
    }
    for (PGresult *result; (result = PQgetResult(reach->pg)) != NULL; PQclear(result))
        kept = terms_kept(result, &cause, &broken);
    if (kept)
        reached(reach);
    else
        failed(reach, cause, &broken);
}

static void on_socket(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct reach *reach = context;
    if (reach->agreeing)
        read_terms(reach);
    else
        poll_connect(reach);
}

/* `reach->place`, now; with an address in it, so that libpq looks nothing up. */
static void try_place(struct reach *reach)
{
    struct hosts_parameters parameters;
    hosts_parameters(&reach->hosts, &reach->place, reach->options, &parameters);
    errno = 0;
    reach->pg = PQconnectStartParams(parameters.names, parameters.values, 0);
    int number = errno; /* of a connection that failed at once */
    if (reach->pg == NULL) {
        failed(reach, CAUSE_RESOURCES, NULL);
        return;
    }
    PQsetErrorVerbosity(reach->pg, PQERRORS_SQLSTATE);
    if (PQstatus(reach->pg) == CONNECTION_BAD)
        failed(reach, cause_of_errno(number), NULL);
    else
        wait_for(reach, EV_WRITE);
}

/* ---- finding addresses ---- */

static void take_address(struct reach *reach, const struct sockaddr *address)
{
    const void *bytes = address->sa_family == AF_INET
                            ? (const void *) &((const struct sockaddr_in *) (const void *) address)->sin_addr
                            : &((const struct sockaddr_in6 *) (const void *) address)->sin6_addr;
    char *text = reach->addresses[reach->addresses_n];
    if ((address->sa_family != AF_INET && address->sa_family != AF_INET6) ||
        inet_ntop(address->sa_family, bytes, text, HOST_ADDRESS) == NULL)
        return;
    reach->addresses_n++;
    if (strcmp(text, reach->last->address) != 0)
        return;
    memmove(reach->addresses[1], reach->addresses[0], (reach->addresses_n - 1) * HOST_ADDRESS);
    memcpy(reach->addresses[0], reach->last->address, HOST_ADDRESS);
}

static void on_addresses(int error, struct evutil_addrinfo *found, void *context)
{
    struct query *query = context;
    struct reach *reach = query->reach;
    free(query);
    if (reach != NULL) {
        reach->query = NULL;
        for (const struct evutil_addrinfo *at = found; at != NULL && reach->addresses_n < ADDRESSES_MOST;
             at = at->ai_next)
            take_address(reach, at->ai_addr);
        if (reach->addresses_n == 0)
            failed(reach, error == EVUTIL_EAI_MEMORY ? CAUSE_RESOURCES : CAUSE_NAME, NULL);
        else
            go_on(reach);
    }
    if (found != NULL)
        evutil_freeaddrinfo(found);
}

/* With the hosts file and the name servers as they are now; where there are none, localhost is asked. */
static bool names_open(struct reach *reach)
{
    if (reach->names != NULL)
        return true;
    reach->names = evdns_base_new(reach->base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    if (reach->names != NULL)
        evdns_base_resolv_conf_parse(reach->names, DNS_OPTIONS_ALL, "/etc/resolv.conf");
    return reach->names != NULL;
}

static void resolve(struct reach *reach)
{
    static const struct evutil_addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct query *query = malloc(sizeof(*query));
    if (query == NULL || !names_open(reach) || !time_share(reach, hosts_later(reach))) {
        free(query);
        failed(reach, CAUSE_RESOURCES, NULL);
        return;
    }
    query->reach = reach;
    reach->query = query;
    evdns_getaddrinfo(reach->names, reach->host->name, NULL, &wanted, on_addresses, query);
}

/* A socket's directory or abstract name, an address, or none at all, which is libpq's own socket. */
static bool needs_no_look_up(const struct host *host)
{
    uint8_t address[sizeof(struct in6_addr)];
    return *host->address != '\0' || *host->name == '\0' || *host->name == '/' || *host->name == '@' ||
           inet_pton(AF_INET, host->name, address) == 1 || inet_pton(AF_INET6, host->name, address) == 1;
}

/* ---- the order of things ---- */

static void next_place(struct reach *reach)
{
    size_t later = hosts_later(reach);
    if (reach->next_address < reach->addresses_n) {
        memcpy(reach->place.address, reach->addresses[reach->next_address++], HOST_ADDRESS);
        later += reach->addresses_n - reach->next_address;
    } else {
        reach->host = &reach->hosts.each[reach->next_host++];
        reach->place = *reach->host;
        reach->addresses_n = reach->next_address = 0;
        later--;
        if (!needs_no_look_up(reach->host)) {
            resolve(reach);
            return;
        }
    }
    if (time_share(reach, later))
        try_place(reach);
    else
        failed(reach, CAUSE_RESOURCES, NULL);
}

static void on_step(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct reach *reach = context;
    if (reach->pg != NULL)
        failed(reach, CAUSE_TIMED_OUT, NULL);
    else if (reach->query != NULL)
        failed(reach, CAUSE_NAME, NULL);
    else if (reach->next_address < reach->addresses_n || reach->next_host < reach->hosts.n)
        next_place(reach);
    else
        tell(reach, NULL);
}

/* Where it was reached last comes first, the others keep their order. */
static void last_first(struct hosts *hosts, const struct host *last)
{
    for (size_t i = 1; i < hosts->n; i++) {
        struct host good = hosts->each[i];
        if (strcmp(good.name, last->name) != 0 || strcmp(good.port, last->port) != 0 ||
            (*good.address != '\0' && strcmp(good.address, last->address) != 0))
            continue;
        memmove(&hosts->each[1], &hosts->each[0], i * sizeof(good));
        hosts->each[0] = good;
        return;
    }
}

struct reach *reach_begin(struct event_base *base, const struct reach_plan *plan, reach_done *done,
                          void *context)
{
    struct reach *reach = calloc(1, sizeof(*reach));
    if (reach == NULL)
        return NULL;
    reach->base = base;
    reach->done = done;
    reach->context = context;
    reach->last = plan->last;
    reach->level = plan->level;
    reach->step = evtimer_new(base, on_step, reach);
    if (reach->step == NULL) {
        reach_end(reach);
        return NULL;
    }
    snprintf(reach->options, sizeof(reach->options), TERMS_OPTIONS "%s", plan->options);
    terms_clear_environment();
    if (hosts_read(&reach->hosts, plan->conninfo)) {
        last_first(&reach->hosts, reach->last);
        reach->until_ms = clock_monotonic_ms() + reach->hosts.connect_ms;
        go_on(reach);
    } else {
        reach->hosts.n = 0;
        failed(reach, CAUSE_CONNINFO, NULL);
    }
    return reach;
}

void reach_end(struct reach *reach)
{
    if (reach == NULL)
        return;
    put_down(reach);
    if (reach->names != NULL)
        evdns_base_free(reach->names, 1);
    event_drop(&reach->step);
    hosts_free(&reach->hosts);
    free(reach);
}

/* ---- waiting for it ---- */

struct waited {
    struct event_base *base;
    PGconn *pg;
    struct reach_failure *failure;
};

static void on_waited(void *context, PGconn *pg, const struct reach_failure *failure)
{
    struct waited *waited = context;
    waited->pg = pg;
    if (pg == NULL)
        *waited->failure = *failure;
    event_base_loopbreak(waited->base);
}

PGconn *reach_now(const struct reach_plan *plan, struct reach_failure *failure)
{
    struct waited waited = {.base = event_base_new(), .failure = failure};
    *failure = (struct reach_failure){.cause = CAUSE_RESOURCES};
    if (waited.base == NULL)
        return NULL;
    struct reach *reach = reach_begin(waited.base, plan, on_waited, &waited);
    if (reach != NULL)
        event_base_dispatch(waited.base);
    reach_end(reach);
    event_base_loop(waited.base, EVLOOP_NONBLOCK); /* questions that nobody waits for any more */
    event_base_free(waited.base);
    return waited.pg;
}
