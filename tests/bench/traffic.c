/* SPDX-License-Identifier: Apache-2.0 */
/* Connections and the loop over them. The TLS side is libmingce's own. */
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "client/libmingce/internal.h"
#include "load.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/frame.h"

enum {
    CONNECT_MS = 30000,
    EVENTS = 256,
    ANSWER_MOST = 1 << 20,      /* bytes of a frame */
    IN_ROOM = ANSWER_MOST + 64, /* of one connection; touched as far as answers are long */
};
static const int64_t second = 1000000000;
static const int64_t silence = 30 * second; /* nothing answered for so long: something hangs */

struct connection {
    struct transport transport;
    struct requests requests;
    int64_t *due; /* when each request was to be sent; 0 again: answered */
    size_t begun, answered, written /* bytes */;
    uint8_t *in;
    size_t in_n;
    bool wants_out; /* epoll is asked for EPOLLOUT too */
};

struct traffic {
    const struct plan *plan;
    struct result *result;
    struct connection *connections;
    int epoll;
    int64_t started, until, last_answer;
    uint64_t issued;
    size_t turn; /* of the connections, at a fixed rate */
};

static int64_t clock_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * second + now.tv_nsec;
}

/* ---- opening ---- */

static void expect_hello(struct transport *transport)
{
    uint8_t bytes[16384];
    size_t n = 0, length;
    short want;
    struct mingce_error error = {0};
    int64_t until_ms = now_ms() + CONNECT_MS;
    while (frame_peek(bytes, n, sizeof(bytes) - FRAME_HEADER, &length) == FRAME_PARTIAL) {
        int moved = transport_read(transport, bytes + n, sizeof(bytes) - n, &want, &error);
        if (moved < 0 || (moved == 0 && !transport_wait(transport, want, until_ms)))
            die("no Hello", error.reason);
        n += (size_t) moved;
    }
    Mingce__V1__Frame *frame = mingce__v1__frame__unpack(NULL, length, bytes + FRAME_HEADER);
    if (frame == NULL || frame->kind_case != MINGCE__V1__FRAME__KIND_HELLO)
        die("no Hello", frame != NULL && frame->kind_case == MINGCE__V1__FRAME__KIND_GOODBYE
                            ? frame->goodbye->error->reason
                            : "");
    mingce__v1__frame__free_unpacked(frame, NULL);
}

/* All of the plan's connections, greeted. */
static struct transport *open_all(const struct plan *plan)
{
    struct mingce_error error = {0};
    struct mingce_options options = {.server = plan->server,
                                     .server_name = "localhost",
                                     .ca = plan->ca,
                                     .certificate = plan->certificate,
                                     .key = plan->key};
    char host[HOST_BYTES];
    struct transport *transports = calloc(plan->connections, sizeof(*transports));
    SSL_CTX *tls = transport_context(&options, &error);
    if (tls == NULL || transports == NULL)
        die("cannot use the certificate", error.detail);
    struct addrinfo *addresses = transport_addresses(plan->server, host, &error);
    if (addresses == NULL)
        die("cannot find the server", error.detail);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(tls, 1); /* half the system calls of reading */
    for (uint64_t i = 0; i < plan->connections; i++) {
        if (!transport_open(&transports[i], tls, &options, host, addresses, now_ms() + CONNECT_MS, &error))
            die("cannot connect", error.detail[0] == '\0' ? error.reason : error.detail);
        expect_hello(&transports[i]);
    }
    freeaddrinfo(addresses);
    SSL_CTX_free(tls);
    return transports;
}

void traffic_hold(const struct plan *plan)
{
    char byte;
    struct transport *transports = open_all(plan);
    printf("ready\n");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    for (uint64_t i = 0; i < plan->connections; i++) {
        struct pollfd ended = {.fd = transports[i].fd, .events = POLLIN};
        if (poll(&ended, 1, 0) != 0)
            die("the server ended an idle connection", "");
        transport_close(&transports[i]);
    }
    free(transports);
}

/* ---- sending ---- */

static void watch(struct traffic *traffic, struct connection *connection, bool out)
{
    struct epoll_event event = {.events = out ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = connection};
    if (connection->wants_out != out &&
        epoll_ctl(traffic->epoll, EPOLL_CTL_MOD, connection->transport.fd, &event) != 0)
        die("epoll", "");
    connection->wants_out = out;
}

static void flush(struct traffic *traffic, struct connection *connection)
{
    size_t end = connection->begun == 0 ? 0 : connection->requests.ends[connection->begun - 1];
    struct mingce_error error = {0};
    short want = 0;
    while (connection->written < end) {
        int moved = transport_write(&connection->transport, connection->requests.bytes + connection->written,
                                    end - connection->written, &want, &error);
        traffic->result->write_calls++;
        if (moved < 0)
            die("connection lost", error.reason);
        if (moved == 0)
            break;
        connection->written += (size_t) moved;
    }
    watch(traffic, connection, connection->written < end && want == POLLOUT);
}

/* Room for one more, and one more to send. */
static bool may_begin(struct traffic *traffic, const struct connection *connection)
{
    if (connection->begun - connection->answered >= traffic->plan->depth)
        return false;
    if (connection->begun < connection->requests.n)
        return true;
    traffic->result->ran_out = true;
    return false;
}

/* As fast as answers come. */
static void fill(struct traffic *traffic, struct connection *connection, int64_t now)
{
    size_t before = connection->begun;
    while (now < traffic->until && may_begin(traffic, connection))
        connection->due[connection->begun++] = now;
    if (connection->begun > before)
        flush(traffic, connection);
}

/* At a fixed rate, those that are due: to each connection in turn, past those that have no room. */
static void begin_due(struct traffic *traffic, int64_t now)
{
    const struct plan *plan = traffic->plan;
    for (;;) {
        int64_t due = traffic->started + (int64_t) (traffic->issued * (uint64_t) second / plan->rate);
        if (due > now || due >= traffic->until)
            return;
        struct connection *free_one = NULL;
        for (uint64_t i = 0; i < plan->connections && free_one == NULL; i++) {
            struct connection *connection = &traffic->connections[traffic->turn++ % plan->connections];
            free_one = may_begin(traffic, connection) ? connection : NULL;
        }
        if (free_one == NULL)
            return;
        free_one->due[free_one->begun++] = due;
        traffic->issued++;
        flush(traffic, free_one);
    }
}

/* ---- answers ---- */

static void take_answer(struct traffic *traffic, struct connection *connection, const uint8_t *bytes,
                        size_t n, int64_t now)
{
    struct result *result = traffic->result;
    Mingce__V1__Frame *frame = mingce__v1__frame__unpack(NULL, n, bytes);
    if (frame == NULL || frame->kind_case != MINGCE__V1__FRAME__KIND_RESPONSE)
        die("not an answer", "");
    const Mingce__V1__Response *response = frame->response;
    if (response->id >= connection->begun || connection->due[response->id] == 0)
        die("an answer to nothing that was asked", "");
    result->latencies[result->answered++] = now - connection->due[response->id];
    connection->due[response->id] = 0;
    connection->answered++;
    if (response->outcome_case == MINGCE__V1__RESPONSE__OUTCOME_BODY)
        result->records += requests_records(traffic->plan, response->body.data, response->body.len);
    else if (result->errors++ == 0)
        snprintf(result->reason, sizeof(result->reason), "%s",
                 response->error == NULL ? "no outcome" : response->error->reason);
    mingce__v1__frame__free_unpacked(frame, NULL);
}

static void take_frames(struct traffic *traffic, struct connection *connection, int64_t now)
{
    size_t done = 0, length;
    enum frame_state state;
    while ((state = frame_peek(connection->in + done, connection->in_n - done, ANSWER_MOST, &length)) ==
           FRAME_WHOLE) {
        take_answer(traffic, connection, connection->in + done + FRAME_HEADER, length, now);
        done += FRAME_HEADER + length;
    }
    if (state == FRAME_TOO_LONG)
        die("a frame is too long", "");
    connection->in_n -= done;
    if (done > 0 && connection->in_n > 0)
        memmove(connection->in, connection->in + done, connection->in_n);
}

static void receive(struct traffic *traffic, struct connection *connection)
{
    struct mingce_error error = {0};
    short want;
    int moved;
    do {
        moved = transport_read(&connection->transport, connection->in + connection->in_n,
                               IN_ROOM - connection->in_n, &want, &error);
        traffic->result->read_calls++;
        if (moved < 0)
            die("connection lost", error.reason);
        connection->in_n += (size_t) moved;
        traffic->last_answer = clock_of(CLOCK_MONOTONIC);
        take_frames(traffic, connection, traffic->last_answer);
    } while (moved > 0 && SSL_has_pending(connection->transport.ssl) == 1);
}

/* ---- the loop ---- */

static bool outstanding(const struct traffic *traffic)
{
    for (uint64_t i = 0; i < traffic->plan->connections; i++)
        if (traffic->connections[i].begun > traffic->connections[i].answered)
            return true;
    return false;
}

static struct timespec patience(const struct traffic *traffic, int64_t now)
{
    int64_t wait = silence;
    if (traffic->plan->rate > 0 && now < traffic->until) {
        wait = traffic->started + (int64_t) (traffic->issued * (uint64_t) second / traffic->plan->rate) - now;
        wait = wait < 0 ? 50000 : wait; /* all are busy: an answer comes first */
    }
    return (struct timespec){.tv_sec = wait / second, .tv_nsec = wait % second};
}

static void loop(struct traffic *traffic)
{
    const struct plan *plan = traffic->plan;
    struct epoll_event events[EVENTS];
    int64_t now = clock_of(CLOCK_MONOTONIC);
    for (uint64_t i = 0; plan->rate == 0 && i < plan->connections; i++)
        fill(traffic, &traffic->connections[i], now);
    while (now < traffic->until ? plan->rate > 0 || outstanding(traffic) : outstanding(traffic)) {
        struct timespec wait = patience(traffic, now);
        int n = epoll_pwait2(traffic->epoll, events, EVENTS, &wait, NULL);
        if (n < 0 || (n == 0 && wait.tv_sec >= silence / second))
            die("no answers", "");
        for (int i = 0; i < n; i++) {
            struct connection *connection = events[i].data.ptr;
            receive(traffic, connection);
            if (plan->rate == 0)
                fill(traffic, connection, traffic->last_answer);
            if (connection->wants_out)
                flush(traffic, connection);
        }
        now = clock_of(CLOCK_MONOTONIC);
        if (plan->rate > 0)
            begin_due(traffic, now);
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;
    return (x > y) - (x < y);
}

static void connection_prepare(struct traffic *traffic, uint64_t lane, const struct transport *transport)
{
    struct connection *connection = &traffic->connections[lane];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    connection->transport = *transport;
    requests_make(traffic->plan, lane, &connection->requests);
    connection->due = calloc(traffic->plan->requests, sizeof(*connection->due));
    connection->in = malloc(IN_ROOM);
    if (connection->due == NULL || connection->in == NULL)
        die("out of memory", "");
    if (epoll_ctl(traffic->epoll, EPOLL_CTL_ADD, transport->fd, &event) != 0)
        die("epoll", "");
}

void traffic_run(const struct plan *plan, struct result *result)
{
    struct traffic traffic = {.plan = plan, .result = result, .epoll = epoll_create1(EPOLL_CLOEXEC)};
    struct transport *transports = open_all(plan);
    traffic.connections = calloc(plan->connections, sizeof(*traffic.connections));
    result->latencies = calloc(plan->connections * plan->requests, sizeof(*result->latencies));
    if (traffic.epoll < 0 || traffic.connections == NULL || result->latencies == NULL)
        die("out of memory", "");
    for (uint64_t i = 0; i < plan->connections; i++)
        connection_prepare(&traffic, i, &transports[i]);
    int64_t cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
    traffic.started = traffic.last_answer = clock_of(CLOCK_MONOTONIC);
    traffic.until = traffic.started + (int64_t) plan->milliseconds * 1000000;
    loop(&traffic);
    result->cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    result->elapsed = traffic.last_answer - traffic.started;
    qsort(result->latencies, result->answered, sizeof(*result->latencies), compare);
    for (uint64_t i = 0; i < plan->connections; i++) {
        transport_close(&traffic.connections[i].transport);
        requests_free(&traffic.connections[i].requests);
        free(traffic.connections[i].due);
        free(traffic.connections[i].in);
    }
    free(traffic.connections);
    free(transports);
    close(traffic.epoll);
}
