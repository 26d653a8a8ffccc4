/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The witness's HTTP server. Requests are answered one after the other, so that no two see the same state. Anybody may connect, so
 * the sizes of bodies and headers, the number of connections and the life of each are bounded.
 */
#include "client/witness/witness_serve.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "client/witness/witness_answer.h"
#include "proto/tlog/witness.h"

enum {
    HEADERS_MOST = 8192,
    CONNECTIONS = 256,
    SILENCE_S = 10,  /* of a connection */
    LIFE_MS = 60000, /* of a connection, requests or not */
    SWEEP_S = 1,
    GOODBYE_MS = 200, /* for answers that are being sent when SIGTERM comes */
    BACKLOG = 128,
};

/* evhttp does not tell when a connection ends. So each is also held by a reference of ours until it is seen to have no callbacks any
 * more; only then is its descriptor closed, so that no other connection can get the same number before. */
struct held {
    struct bufferevent *stream; /* NULL: the place is free */
    int64_t began_ms;
};

struct server {
    struct witness *witness;
    struct event_base *base;
    struct evhttp *http;
    struct held held[CONNECTIONS];
};

/* ---- connections ---- */

static bool ended(struct bufferevent *stream)
{
    bufferevent_data_cb reads, writes;
    bufferevent_event_cb events;
    void *context;
    bufferevent_getcb(stream, &reads, &writes, &events, &context);
    return reads == NULL && writes == NULL && events == NULL;
}

/* To evhttp this looks as if the peer had closed the connection. */
static void hang_up(const struct held *held)
{
    shutdown(bufferevent_getfd(held->stream), SHUT_RDWR);
}

static void sweep(struct server *server)
{
    int64_t now = cli_now_ms();
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct held *held = &server->held[i];
        if (held->stream == NULL)
            continue;
        if (ended(held->stream)) {
            bufferevent_decref(held->stream);
            held->stream = NULL;
        } else if (now - held->began_ms > LIFE_MS) {
            hang_up(held);
        }
    }
}

static void on_sweep(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    sweep(context);
}

/* Finds a place for one more connection; if there is none, the oldest connection is closed. */
static struct held *place(struct server *server)
{
    struct held *oldest = NULL;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct held *held = &server->held[i];
        if (held->stream == NULL)
            return held;
        if (oldest == NULL || held->began_ms < oldest->began_ms)
            oldest = held;
    }
    return oldest;
}

static struct bufferevent *on_connection(struct event_base *base, void *context)
{
    struct server *server = context;
    struct bufferevent *stream = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    struct held *held = place(server);
    if (stream == NULL)
        return NULL;
    if (held->stream != NULL)
        sweep(server);
    if (held->stream != NULL) {
        hang_up(held);
        bufferevent_decref(held->stream);
    }
    bufferevent_incref(stream);
    *held = (struct held){stream, cli_now_ms()};
    return stream;
}

/* ---- requests ---- */

static const char *phrase(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 409:
        return "Conflict";
    case 422:
        return "Unprocessable Entity";
    default:
        return "Internal Server Error";
    }
}

static void on_add_checkpoint(struct evhttp_request *request, void *context)
{
    struct server *server = context;
    struct evbuffer *in = evhttp_request_get_input_buffer(request), *out = evbuffer_new();
    size_t n = evbuffer_get_length(in);
    char answer[WITNESS_ANSWER];
    const char *body = n == 0 ? "" : (const char *) evbuffer_pullup(in, (ev_ssize_t) n);
    if (out == NULL || body == NULL) {
        evhttp_send_error(request, HTTP_INTERNAL, NULL);
        if (out != NULL)
            evbuffer_free(out);
        return;
    }
    int status = witness_answer(server->witness, body, n, answer);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      status == 409 ? "text/x.tlog.size" : "text/plain; charset=utf-8");
    if (evbuffer_add(out, answer, strlen(answer)) == 0)
        evhttp_send_reply(request, status, phrase(status), out);
    else
        evhttp_send_error(request, HTTP_INTERNAL, NULL);
    evbuffer_free(out);
}

/* ---- life ---- */

static void on_stop(evutil_socket_t signal, short what, void *context)
{
    const struct timeval goodbye = {.tv_usec = GOODBYE_MS * 1000};
    (void) signal, (void) what;
    event_base_loopexit(context, &goodbye);
}

/* Prints the line that the operator of a log adds to the setting `witnesses`. */
static bool announce(const struct witness *witness, evutil_socket_t fd)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof(address);
    char host[64], port[16], vkey[NOTE_VKEY];
    if (getsockname(fd, (struct sockaddr *) &address, &length) != 0 ||
        getnameinfo((struct sockaddr *) &address, length, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return false;
    bool six = strchr(host, ':') != NULL;
    note_key_format(&witness->key, vkey);
    printf("http://%s%s%s:%s %s\n", six ? "[" : "", host, six ? "]" : "", port, vkey);
    return fflush(stdout) == 0;
}

/* Parses ADDRESS:PORT or [ADDRESS]:PORT, in digits. NULL: it is neither, which has been printed. */
static struct addrinfo *address_parse(const struct cli *cli, const char *listen_on)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    const char *port = strrchr(listen_on, ':');
    char host[64];
    uint64_t number;
    size_t n = port == NULL ? 0 : (size_t) (port - listen_on);
    bool bracketed = n >= 2 && listen_on[0] == '[' && listen_on[n - 1] == ']';
    snprintf(host, sizeof(host), "%.*s", (int) (bracketed ? n - 2 : n), listen_on + bracketed);
    if (n > 0 && !cli_number(cli, "--listen", port + 1, 0, UINT16_MAX, &number))
        return NULL;
    if (n == 0 || getaddrinfo(host, port + 1, &hints, &found) != 0) {
        cli_fail(cli, CLI_USAGE, "监听地址应写成 地址:端口", "an address is written ADDRESS:PORT", listen_on);
        return NULL;
    }
    return found;
}

static int serve_on(const struct cli *cli, struct server *server, const char *listen_on)
{
    struct addrinfo *address = address_parse(cli, listen_on);
    if (address == NULL)
        return CLI_USAGE;
    struct evconnlistener *listener = evconnlistener_new_bind(
        server->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, BACKLOG,
        address->ai_addr, (int) address->ai_addrlen);
    freeaddrinfo(address);
    if (listener == NULL)
        return cli_fail(cli, CLI_FILE, "无法监听该地址", "cannot listen there", listen_on);
    if (evhttp_bind_listener(server->http, listener) == NULL) {
        evconnlistener_free(listener);
        return cli_fail(cli, CLI_FILE, "无法监听该地址", "cannot listen there", listen_on);
    }
    if (!announce(server->witness, evconnlistener_get_fd(listener)))
        return cli_fail(cli, CLI_FILE, "输出无法写出", "the output could not be written", NULL);
    return event_base_dispatch(server->base) == 0 ? CLI_OK : CLI_FILE;
}

static bool http_set_up(struct server *server)
{
    server->http = evhttp_new(server->base);
    if (server->http == NULL ||
        evhttp_set_cb(server->http, "/add-checkpoint", on_add_checkpoint, server) != 0)
        return false;
    evhttp_set_bevcb(server->http, on_connection, server);
    evhttp_set_allowed_methods(server->http, EVHTTP_REQ_POST);
    evhttp_set_max_headers_size(server->http, HEADERS_MOST);
    evhttp_set_max_body_size(server->http, WITNESS_REQUEST);
    evhttp_set_timeout(server->http, SILENCE_S);
    return true;
}

int witness_serve(const struct cli *cli, struct witness *witness, const char *listen_on)
{
    static struct server server;
    static const int signals[] = {SIGTERM, SIGINT};
    struct event *events[3] = {NULL};
    const struct timeval second = {.tv_sec = SWEEP_S};
    int status = CLI_FILE;
    server.witness = witness;
    server.base = event_base_new();
    bool good = server.base != NULL && http_set_up(&server);
    for (size_t i = 0; good && i < 2; i++) {
        events[i] = evsignal_new(server.base, signals[i], on_stop, server.base);
        good = events[i] != NULL && event_add(events[i], NULL) == 0;
    }
    events[2] = good ? event_new(server.base, -1, EV_PERSIST, on_sweep, &server) : NULL;
    if (events[2] != NULL && event_add(events[2], &second) == 0)
        status = serve_on(cli, &server, listen_on);
    else
        cli_fail(cli, status, "内存不足", "out of memory", NULL);
    for (size_t i = 0; i < 3; i++)
        if (events[i] != NULL)
            event_free(events[i]);
    if (server.http != NULL)
        evhttp_free(server.http);
    sweep(&server);
    if (server.base != NULL)
        event_base_free(server.base);
    return status;
}
