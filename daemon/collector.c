/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector: shows every checkpoint that the notary has published to the witnesses and keeps their cosignatures with it.
 * It talks to strangers, so it is a process of its own, apart from the notary and its signing key: a witness that is away or
 * slow holds up neither signing nor publishing, and each is waited for alone. One that says that it has cosigned more than
 * the log has, or that the log does not extend what it has, is believed: the notary signs nothing until that is cleared up.
 * Of several collectors, on however many hosts, one works.
 */
#include <event2/buffer.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/http.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/audit/witnesses.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/exposition.h"
#include "daemon/notary_database.h"
#include "daemon/process.h"
#include "proto/tlog/witness.h"

enum {
    LOOK_MS = 500,     /* for a new checkpoint */
    ANSWER_MS = 10000, /* a witness has for its answer, all in all */
    SILENCE_S = 5,     /* of a connection */
    RETRY_MS = 1000,   /* after a failure, doubled each time */
    RETRY_MOST_MS = 60000,
    HEADERS_MOST = 8192,
    ANSWER_MOST = 8192,
    OK = 200,
    CONFLICT = 409,
    INCONSISTENT = 422,
};

/* A witness as it is being asked. */
struct asked {
    struct collector *collector;
    const struct witness *witness;
    size_t place;
    char path[WITNESS_URL + 32], host[WITNESS_URL];
    struct evhttp_connection *connection;
    struct evhttp_request *request; /* NULL: it is not being asked */
    int64_t until_ms;               /* for the answer, or, after a failure, to the next attempt */
    int64_t retry_ms;
    uint64_t size;     /* that it cosigned last, as far as is known */
    bool told;         /* by its last answer, which was a 409 */
    bool heard;        /* the notaries know that it has nothing against the log */
    bool any;          /* it has cosigned since we ask, and that was: */
    uint64_t cosigned; /* size of that checkpoint */
    char note[NOTE_MOST];
    size_t note_n, text_n;
    struct checkpoint checkpoint; /* that it is being asked about */
};

struct collector {
    const struct settings *settings;
    struct witnesses witnesses;
    struct asked asked[WITNESSES_MOST];
    struct event_base *base;
    struct evdns_base *names;
    struct event *look;
    struct reach *reach; /* NULL: the database is not being looked for */
    PGconn *pg;          /* NULL: it has not been reached */
    bool mine;
    bool doubtful;        /* not looked at: a cosignature that is lost is asked for again */
    uint64_t question_us; /* when a notary asked last what they have */
    char note[NOTE_MOST]; /* the newest checkpoint */
    size_t note_n, text_n;
    struct checkpoint checkpoint;
};

/* ---- saying what they have ---- */

/* To the notaries: how much of the log the witness has, or that ours does not extend it. */
static void tell(const struct asked *asked, uint64_t size, bool differs)
{
    char source[WITNESS_ID + sizeof("witness ")];
    snprintf(source, sizeof(source), "witness %s", asked->witness->id);
    const struct sighting said = {.size = size, .differs = differs, .source = source, .note = ""};
    if (!notary_present(asked->collector->pg, &said))
        log_warn("witness-unheard", "witness=%s", asked->witness->id); /* the next answer says it again */
}

/* ---- asking ---- */

static void put_off(struct asked *asked, const char *why)
{
    asked->retry_ms = asked->retry_ms == 0 ? RETRY_MS : asked->retry_ms * 2;
    if (asked->retry_ms > RETRY_MOST_MS)
        asked->retry_ms = RETRY_MOST_MS;
    asked->until_ms = clock_monotonic_ms() + asked->retry_ms;
    asked->told = false;
    log_warn("witness-failed", "witness=%s why=%s", asked->witness->id, why);
}

static bool fetch_tile(void *context, struct tree_tile *tile, unsigned n)
{
    struct collector *collector = context;
    return notary_tile(collector->pg, tile, n);
}

/* The body of add-checkpoint from what the witness has to the newest checkpoint. 0: the proof cannot be made now. */
static size_t body_make(struct asked *asked, char body[WITNESS_REQUEST])
{
    static struct tree_reader reader;
    static struct witness_request request;
    memset(&reader, 0, sizeof(reader));
    reader.fetch = fetch_tile;
    reader.context = asked->collector;
    request = (struct witness_request){.old = asked->size, .note = asked->note, .note_n = asked->note_n};
    if (asked->size > 0 && !merkle_consistency(asked->size, asked->checkpoint.size, tree_read, &reader,
                                               request.proof, &request.proof_n))
        return 0;
    return witness_request_format(&request, body, WITNESS_REQUEST);
}

static void on_answer(struct evhttp_request *request, void *context);

static void ask(struct asked *asked)
{
    static char body[WITNESS_REQUEST];
    const struct collector *collector = asked->collector;
    memcpy(asked->note, collector->note, collector->note_n);
    asked->note_n = collector->note_n;
    asked->text_n = collector->text_n;
    asked->checkpoint = collector->checkpoint;
    size_t n = body_make(asked, body);
    if (n == 0)
        return; /* the next look tries again */
    struct evhttp_request *request = evhttp_request_new(on_answer, asked);
    if (request == NULL)
        return;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    if (evhttp_add_header(headers, "Host", asked->host) != 0 ||
        evhttp_add_header(headers, "Content-Type", "text/plain; charset=utf-8") != 0 ||
        evbuffer_add(evhttp_request_get_output_buffer(request), body, n) != 0) {
        evhttp_request_free(request);
        return;
    }
    asked->until_ms = clock_monotonic_ms() + ANSWER_MS;
    asked->request = request;
    if (evhttp_make_request(asked->connection, request, EVHTTP_REQ_POST, asked->path) != 0) {
        asked->request = NULL; /* it has been freed */
        put_off(asked, "connect");
    }
}

/* Asks the witness if there is something to ask. */
static void consider(struct asked *asked, int64_t now)
{
    const struct collector *collector = asked->collector;
    if (asked->request != NULL && now >= asked->until_ms) {
        struct evhttp_request *late = asked->request;
        asked->request = NULL;
        evhttp_cancel_request(late); /* and its connection is closed */
        put_off(asked, "late");
    }
    bool done = asked->any && asked->cosigned == collector->checkpoint.size;
    if (asked->request == NULL && !done && now >= asked->until_ms && collector->note_n > 0 &&
        asked->size <= collector->checkpoint.size)
        ask(asked);
}

/* ---- answers ---- */

static void on_cosigned(struct asked *asked, const char *body, size_t n)
{
    struct collector *collector = asked->collector;
    char line[ANSWER_MOST + 1];
    const char *found;
    size_t line_n;
    uint64_t time;
    if (!witness_cosigned(asked->note, asked->text_n, body, n, &asked->witness->key, &found, &line_n,
                          &time)) {
        put_off(asked, "no-cosignature");
        return;
    }
    snprintf(line, sizeof(line), "%.*s", (int) line_n, found);
    asked->size = asked->checkpoint.size;
    asked->until_ms = 0;
    if (!notary_cosign(collector->pg, asked->checkpoint.size, asked->witness->id, line))
        return; /* asked again: the witness says the same once more */
    asked->any = true;
    asked->cosigned = asked->checkpoint.size;
    asked->retry_ms = 0;
    asked->told = false;
    if (!asked->heard)
        tell(asked, asked->size, false);
    asked->heard = true;
    metrics_cosigned(asked->place, (uint64_t) (clock_wall_ms() / 1000));
}

/* The witness has another size than we thought, so the next proof begins there; or it has a tree that this log never
 * signed. */
static void on_conflict(struct asked *asked, const char *body, size_t n)
{
    uint64_t size;
    if (!witness_conflict(body, n, &size)) {
        put_off(asked, "no-size");
    } else if (size > asked->checkpoint.size) {
        log_error("witness-ahead", "witness=%s size=%llu checkpoint=%llu", asked->witness->id,
                  (unsigned long long) size, (unsigned long long) asked->checkpoint.size);
        tell(asked, size, false);
        asked->heard = false;
        put_off(asked, "ahead");
    } else if (size == asked->size || asked->told) {
        log_error("witness-disagrees", "witness=%s size=%llu", asked->witness->id, (unsigned long long) size);
        put_off(asked, "disagrees");
    } else {
        asked->size = size;
        asked->told = true;
        asked->until_ms = 0;
        event_active(asked->collector->look, EV_TIMEOUT, 0);
    }
}

static void on_answer(struct evhttp_request *request, void *context)
{
    struct asked *asked = context;
    char body[ANSWER_MOST], why[32];
    asked->request = NULL;
    int status = request == NULL ? 0 : evhttp_request_get_response_code(request);
    struct evbuffer *in = request == NULL ? NULL : evhttp_request_get_input_buffer(request);
    ev_ssize_t n = in == NULL ? -1 : evbuffer_copyout(in, body, sizeof(body));
    if (n >= 0 && status == OK)
        on_cosigned(asked, body, (size_t) n);
    else if (n >= 0 && status == CONFLICT)
        on_conflict(asked, body, (size_t) n);
    else {
        if (status == INCONSISTENT) {
            tell(asked, asked->size, true);
            asked->heard = false;
        }
        snprintf(why, sizeof(why), "%d", status);
        put_off(asked, status == 0 ? "no-answer" : why);
    }
}

/* ---- looking ---- */

static void disconnect(struct collector *collector)
{
    PQfinish(collector->pg);
    collector->pg = NULL;
    collector->mine = false;
    collector->note_n = 0;
}

/* With the connection, and as the only collector, reads what the database knows of each witness. */
static bool take_up(struct collector *collector)
{
    uint64_t seconds;
    for (size_t i = 0; i < collector->witnesses.n; i++) {
        if (!notary_cosigned_at(collector->pg, collector->witnesses.each[i].id, &seconds))
            return false;
        metrics_cosigned(i, seconds);
    }
    log_info("collecting", "witnesses=%zu", collector->witnesses.n);
    return true;
}

static bool newest_read(struct collector *collector)
{
    collector->note_n = 0;
    if (!notary_latest(collector->pg, collector->note))
        return false;
    size_t n = strlen(collector->note);
    if (n > 0 && note_open(collector->note, n, NULL, 0, &collector->text_n, NULL, NULL) != NOTE_MALFORMED &&
        checkpoint_parse(collector->note, collector->text_n, &collector->checkpoint))
        collector->note_n = n;
    return true;
}

/* When a notary asks what the witnesses have, each is shown the newest checkpoint once more. */
static bool question_read(struct collector *collector)
{
    uint64_t asked_us;
    if (!notary_asked_at(collector->pg, &asked_us))
        return false;
    for (size_t i = 0; asked_us > collector->question_us && i < collector->witnesses.n; i++) {
        struct asked *asked = &collector->asked[i];
        asked->any = asked->heard = false;
        if (asked->request == NULL)
            asked->until_ms = 0;
    }
    collector->question_us = asked_us;
    return true;
}

/* The connection to the database; NULL: there is none, and the next look tries again. */
static void on_reached(void *context, PGconn *pg, const struct reach_failure *failure)
{
    struct collector *collector = context;
    reach_end(collector->reach);
    collector->reach = NULL;
    collector->pg = pg;
    notary_reached(pg, failure, &collector->doubtful);
}

static void on_look(evutil_socket_t fd, short what, void *context)
{
    struct collector *collector = context;
    (void) fd, (void) what;
    metrics_pulse();
    if (collector->pg == NULL && collector->reach == NULL)
        collector->reach =
            notary_reach(collector->base, collector->settings->notary_database, on_reached, collector);
    if (collector->pg == NULL)
        return;
    enum turn turn = TURN_MINE;
    if (!collector->mine && notary_turn(collector->pg, NOTARY_COLLECTS, true, &turn))
        collector->mine = turn == TURN_MINE && take_up(collector);
    if (collector->mine && newest_read(collector) && question_read(collector))
        for (size_t i = 0; i < collector->witnesses.n; i++)
            consider(&collector->asked[i], clock_monotonic_ms());
    if (PQstatus(collector->pg) != CONNECTION_OK)
        disconnect(collector);
}

/* ---- life ---- */

static void asked_open(struct collector *collector, size_t place)
{
    struct asked *asked = &collector->asked[place];
    *asked =
        (struct asked){.collector = collector, .witness = &collector->witnesses.each[place], .place = place};
    struct evhttp_uri *uri = evhttp_uri_parse(asked->witness->url);
    const char *host = uri == NULL ? NULL : evhttp_uri_get_host(uri);
    host = host == NULL ? "" : host;
    if (*host == '\0')
        fatal("witnesses-refused", "why=\"not an address: %s\"", asked->witness->url);
    int port = evhttp_uri_get_port(uri);
    char address[WITNESS_URL]; /* an IPv6 address stands in brackets in a URL and in Host, and nowhere else */
    size_t bare = host[0] == '[' ? 1 : 0, length = strlen(host) - 2 * bare;
    snprintf(address, sizeof(address), "%.*s", (int) length, host + bare);
    const char *prefix = evhttp_uri_get_path(uri);
    size_t n = strlen(prefix);
    snprintf(asked->path, sizeof(asked->path), "%.*s/add-checkpoint",
             (int) (n > 0 && prefix[n - 1] == '/' ? n - 1 : n), prefix);
    if (port < 0)
        snprintf(asked->host, sizeof(asked->host), "%s", host);
    else
        snprintf(asked->host, sizeof(asked->host), "%s:%d", host, port);
    asked->connection = evhttp_connection_base_new(collector->base, collector->names, address,
                                                   (uint16_t) (port < 0 ? 80 : port));
    if (asked->connection == NULL)
        fatal("out-of-memory", NULL);
    evhttp_connection_set_timeout(asked->connection, SILENCE_S);
    evhttp_connection_set_max_headers_size(asked->connection, HEADERS_MOST);
    evhttp_connection_set_max_body_size(asked->connection, ANSWER_MOST - 1);
    evhttp_uri_free(uri);
}

static void on_term(evutil_socket_t signal, short what, void *context)
{
    (void) signal, (void) what;
    event_base_loopbreak(context);
}

_Noreturn void collector_run(const struct settings *settings, int metrics)
{
    static struct collector collector;
    const struct timeval interval = {.tv_usec = LOOK_MS * 1000};
    const char *why = witnesses_load(settings->witnesses, &collector.witnesses);
    if (why != NULL)
        fatal("witnesses-refused", "why=\"%s\"", why);
    signal(SIGHUP, SIG_IGN); /* nothing to reload here */
    collector.settings = settings;
    collector.base = event_base_new();
    collector.names =
        collector.base == NULL ? NULL : evdns_base_new(collector.base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    if (collector.names != NULL) /* a host without a name server has witnesses by address, or none */
        evdns_base_resolv_conf_parse(collector.names, DNS_OPTIONS_ALL, "/etc/resolv.conf");
    struct event *term =
        collector.base == NULL ? NULL : evsignal_new(collector.base, SIGTERM, on_term, collector.base);
    collector.look = term == NULL ? NULL : event_new(collector.base, -1, EV_PERSIST, on_look, &collector);
    if (collector.look == NULL || collector.names == NULL || event_add(term, NULL) != 0 ||
        (collector.witnesses.n > 0 && event_add(collector.look, &interval) != 0))
        fatal("no-event-base", NULL);
    struct exposition *exposition =
        metrics < 0 ? NULL : exposition_new(collector.base, metrics, EXPOSED_LOG, "", &collector.witnesses);
    if (metrics >= 0 && exposition == NULL)
        fatal("out-of-memory", NULL);
    for (size_t i = 0; i < collector.witnesses.n; i++)
        asked_open(&collector, i);
    log_info("started", "witnesses=%zu", collector.witnesses.n);
    event_base_dispatch(collector.base);
    for (size_t i = 0; i < collector.witnesses.n; i++)
        evhttp_connection_free(collector.asked[i].connection);
    exposition_free(exposition);
    reach_end(collector.reach);
    PQfinish(collector.pg);
    event_free(collector.look);
    event_free(term);
    evdns_base_free(collector.names, 0);
    event_base_loop(collector.base, EVLOOP_NONBLOCK); /* names that were being looked up for the database */
    event_base_free(collector.base);
    log_info("stopped", NULL);
    exit(0);
}
