/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/net/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/net/internal.h"
#include "daemon/net/tls.h"

enum {
    ACCEPTS = 64,        /* a wake-up */
    CROWD = 64,          /* connections over the limit that are still told so */
    FULL_PAUSE_MS = 100, /* when descriptors or memory ran out */
    COMPLAINTS = 20,     /* lines a second about bad peers */
};

bool listener_may_complain(struct listener *listener)
{
    int64_t now = clock_monotonic_ms();
    if (now - listener->complaints_at_ms >= 1000) {
        if (listener->complaints > COMPLAINTS)
            log_info("more-like-it", "n=%u", listener->complaints - COMPLAINTS);
        listener->complaints_at_ms = now;
        listener->complaints = 0;
    }
    return ++listener->complaints <= COMPLAINTS;
}

static void peer_text(const struct sockaddr_storage *address, char text[PEER_TEXT])
{
    char host[INET6_ADDRSTRLEN] = "local";
    unsigned port = 0;
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *) address;
        evutil_inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
        port = ntohs(in->sin_port);
    } else if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *) address;
        evutil_inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof(host));
        port = ntohs(in->sin6_port);
    }
    evutil_snprintf(text, PEER_TEXT, "%s:%u", host, port);
}

static void accepts_switch(struct listener *listener, bool on)
{
    for (size_t i = 0; i < listener->accepts_n; i++) {
        if (on)
            event_add(listener->accepts[i], NULL);
        else
            event_del(listener->accepts[i]);
    }
}

static void on_resume(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct listener *listener = context;
    if (!listener->stopped)
        accepts_switch(listener, true);
}

static void admit(struct listener *listener, int fd, const struct sockaddr_storage *address)
{
    char peer[PEER_TEXT];
    int one = 1;
    size_t limit = listener->settings->connections;
    if (listener->sessions_n >= limit + CROWD) {
        if (listener_may_complain(listener))
            log_warn("connection-limit", "n=%zu", listener->sessions_n);
        close(fd);
        return;
    }
    peer_text(address, peer);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)); /* a unix socket refuses, and needs it not */
    if (!session_begin(listener, fd, peer, listener->sessions_n >= limit))
        log_error("out-of-memory", "peer=%s", peer);
}

static void on_accept(evutil_socket_t socket, short what, void *context)
{
    (void) what;
    struct listener *listener = context;
    for (int i = 0; i < ACCEPTS; i++) {
        struct sockaddr_storage address = {0};
        socklen_t n = sizeof(address);
        int fd = accept4(socket, (struct sockaddr *) &address, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            admit(listener, fd, &address);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            log_error("cannot-accept", "errno=%d sessions=%zu", errno, listener->sessions_n);
            accepts_switch(listener, false);
            event_add(listener->resume, &(struct timeval){.tv_usec = FULL_PAUSE_MS * 1000});
        }
        return; /* nobody left, or a connection that failed before it was accepted */
    }
}

static void on_flush(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct listener *listener = context;
    struct session *session;
    while ((session = STAILQ_FIRST(&listener->dirty)) != NULL) {
        STAILQ_REMOVE_HEAD(&listener->dirty, dirty);
        session->is_dirty = false;
        session_flush(session);
    }
}

static void on_reap(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct listener *listener = context;
    struct session *session;
    while ((session = TAILQ_FIRST(&listener->sessions[SESSION_GONE])) != NULL) {
        if (session->told)
            listener->handlers->closed(listener->context, session);
        session_free(session);
    }
}

static bool accepts_new(struct listener *listener, const int *sockets, size_t n)
{
    listener->accepts = calloc(n, sizeof(struct event *));
    if (listener->accepts == NULL)
        return false;
    for (; listener->accepts_n < n; listener->accepts_n++) {
        struct event *accepts = event_new(listener->base, sockets[listener->accepts_n], EV_READ | EV_PERSIST,
                                          on_accept, listener);
        if (accepts == NULL)
            return false;
        listener->accepts[listener->accepts_n] = accepts;
    }
    return true;
}

struct listener *listener_new(struct event_base *base, const int *sockets, size_t n,
                              const struct settings *settings, const struct session_handlers *handlers,
                              void *context)
{
    struct listener *listener = calloc(1, sizeof(*listener));
    if (listener == NULL)
        return NULL;
    listener->base = base;
    listener->settings = settings;
    listener->handlers = handlers;
    listener->context = context;
    for (int state = 0; state < SESSION_STATES; state++)
        TAILQ_INIT(&listener->sessions[state]);
    STAILQ_INIT(&listener->dirty);
    listener->tls = tls_context_new(settings);
    listener->resume = evtimer_new(base, on_resume, listener);
    listener->flush = event_new(base, -1, 0, on_flush, listener);
    listener->reap = event_new(base, -1, 0, on_reap, listener);
    if (listener->tls == NULL || listener->resume == NULL || listener->flush == NULL ||
        listener->reap == NULL || !accepts_new(listener, sockets, n)) {
        listener_free(listener);
        return NULL;
    }
    accepts_switch(listener, true);
    return listener;
}

bool listener_reload(struct listener *listener, const struct settings *settings)
{
    SSL_CTX *fresh = tls_context_new(settings);
    if (fresh == NULL)
        return false;
    SSL_CTX_free(listener->tls); /* sessions that use it hold it */
    listener->tls = fresh;
    return true;
}

void listener_stop(struct listener *listener)
{
    listener->stopped = true;
    accepts_switch(listener, false);
}

size_t listener_sessions(const struct listener *listener)
{
    return listener->sessions_n;
}

void listener_free(struct listener *listener)
{
    if (listener == NULL)
        return;
    for (int state = 0; state < SESSION_GONE; state++)
        while (!TAILQ_EMPTY(&listener->sessions[state]))
            session_move(TAILQ_FIRST(&listener->sessions[state]), SESSION_GONE);
    if (listener->reap != NULL)
        on_reap(-1, 0, listener);
    struct event *events[] = {listener->resume, listener->flush, listener->reap};
    for (size_t i = 0; i < ARRAY_SIZE(events); i++)
        if (events[i] != NULL)
            event_free(events[i]);
    for (size_t i = 0; i < listener->accepts_n; i++)
        event_free(listener->accepts[i]);
    free(listener->accepts);
    SSL_CTX_free(listener->tls);
    free(listener);
}
