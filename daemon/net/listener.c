/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/net/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/metrics.h"
#include "daemon/net/internal.h"
#include "daemon/net/tls.h"

enum {
    ACCEPTS = 16,             /* a wake-up */
    FULL_PAUSE_MS = 100,      /* when descriptors or memory ran out */
    ADDRESS_CROWD = 16,       /* connections of an address over its limit, to be told so */
    SHARES = 8,               /* of frames_bytes */
    STOP_HANDSHAKE_MS = 1000, /* for handshakes under way when accepting ends */
    /* A peer whose machine is gone: noticed after 120 s of silence and 4 unanswered probes 15 s apart. */
    KEEP_IDLE_S = 120,
    KEEP_INTERVAL_S = 15,
    KEEP_PROBES = 4,
};

struct listener {
    struct pool pool;
    struct event **accepts; /* one a socket */
    size_t accepts_n;
    struct event *resume; /* accepting again after descriptors ran out */
};

/* ---- one connection ---- */

static void peer_text(const struct sockaddr_storage *address, char text[PEER_TEXT])
{
    char host[INET6_ADDRSTRLEN] = "local";
    uint16_t port = 0;
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *) address;
        evutil_inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
        port = ntohs(in->sin_port);
    } else if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *) address;
        evutil_inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof(host));
        port = ntohs(in->sin6_port);
    }
    evutil_snprintf(text, PEER_TEXT, address->ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host, port);
}

/* Output is gathered by us, not by the kernel. A unix socket refuses these, and needs none of them. */
static void socket_options(int fd)
{
    static const struct {
        int level, name, value;
    } options[] = {
        {IPPROTO_TCP, TCP_NODELAY, 1},
        {SOL_SOCKET, SO_KEEPALIVE, 1},
        {IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S},
        {IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL_S},
        {IPPROTO_TCP, TCP_KEEPCNT, KEEP_PROBES},
    };
    for (size_t i = 0; i < ARRAY_SIZE(options); i++)
        if (setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof(int)) != 0)
            return;
}

static void admit(struct listener *listener, int fd, const struct sockaddr_storage *from)
{
    struct pool *pool = &listener->pool;
    char peer[PEER_TEXT];
    peer_text(from, peer);
    metrics_add(METRIC_CONNECTIONS_ACCEPTED, 1);
    struct tally *address = address_enter(&pool->addresses, from);
    bool crowd = address != NULL && pool->limits.address_connections > 0 &&
                 address->n > (size_t) pool->limits.address_connections + ADDRESS_CROWD;
    if (crowd || !pool_room(pool)) {
        metrics_add(METRIC_CONNECTIONS_TURNED_AWAY, 1);
        pool_complain(pool, "turned-away", peer, crowd ? "address-connections" : "connection-limit");
        tally_leave(&pool->addresses, address);
        close(fd);
        return;
    }
    socket_options(fd);
    if (!session_begin(pool, fd, peer, address))
        pool_complain(pool, "turned-away", peer, "out-of-memory");
}

/* ---- accepting ---- */

static void accepts_pause(struct listener *listener)
{
    for (size_t i = 0; i < listener->accepts_n; i++)
        event_del(listener->accepts[i]);
    event_add(listener->resume, &(struct timeval){.tv_usec = FULL_PAUSE_MS * 1000});
}

static bool accepts_resume(struct listener *listener)
{
    bool good = true;
    for (size_t i = 0; i < listener->accepts_n; i++)
        good = event_add(listener->accepts[i], NULL) == 0 && good;
    return good;
}

static void on_resume(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct listener *listener = context;
    if (!accepts_resume(listener))
        accepts_pause(listener);
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
            log_error("cannot-accept", "errno=%d sessions=%zu pause_ms=%d", errno,
                      pool_count(&listener->pool), FULL_PAUSE_MS);
            accepts_pause(listener);
            return;
        }
        if (errno == EAGAIN)
            return;
        /* else: this one failed before it was accepted */
    }
}

static bool accepts_new(struct listener *listener, const int *sockets, size_t n)
{
    listener->accepts = calloc(n, sizeof(struct event *));
    if (listener->accepts == NULL)
        return false;
    for (; listener->accepts_n < n; listener->accepts_n++) {
        struct event *accepts = event_new(listener->pool.base, sockets[listener->accepts_n],
                                          EV_READ | EV_PERSIST, on_accept, listener);
        if (accepts == NULL)
            return false;
        listener->accepts[listener->accepts_n] = accepts;
    }
    return true;
}

/* ---- the whole ---- */

/* A share has room for one frame of the longest, as a buffer that doubles holds it. */
static struct pool_limits limits_of(const struct settings *settings)
{
    size_t frame = 2 * (size_t) settings->frame_bytes + 2 * (size_t) RECORD, all = settings->frames_bytes;
    size_t share = all / SHARES > frame ? all / SHARES : frame;
    return (struct pool_limits){
        .connections = settings->connections,
        .frame_bytes = settings->frame_bytes,
        .handshake_ms = settings->handshake_ms,
        .frame_ms = settings->frame_ms,
        .address_connections = settings->address_connections,
        .frames_bytes = all == 0 || all > frame ? all : frame,
        .share_bytes = all == 0 ? 0 : share,
    };
}

struct listener *listener_new(struct event_base *base, const int *sockets, size_t n,
                              const struct settings *settings, const struct session_handlers *handlers,
                              void *context)
{
    struct listener *listener = calloc(1, sizeof(*listener));
    if (listener == NULL)
        return NULL;
    bool good = pool_open(&listener->pool, base, handlers, context);
    listener->resume = evtimer_new(base, on_resume, listener);
    if (!good || listener->resume == NULL || !accepts_new(listener, sockets, n) ||
        !listener_reload(listener, settings) || !accepts_resume(listener)) {
        listener_free(listener);
        return NULL;
    }
    return listener;
}

bool listener_reload(struct listener *listener, const struct settings *settings)
{
    SSL_CTX *fresh = tls_context_new(settings);
    if (fresh == NULL)
        return false;
    SSL_CTX_free(listener->pool.tls); /* sessions that use it hold it */
    listener->pool.tls = fresh;
    listener->pool.limits = limits_of(settings);
    return true;
}

void listener_stop(struct listener *listener)
{
    int64_t due = clock_monotonic_ms() + STOP_HANDSHAKE_MS;
    struct session *session;
    accepts_pause(listener);
    event_del(listener->resume);
    TAILQ_FOREACH (session, &listener->pool.sessions[SESSION_HANDSHAKE], link) {
        if (session->state_due > due)
            session->state_due = due;
        session_schedule(session);
    }
}

size_t listener_sessions(const struct listener *listener)
{
    return pool_count(&listener->pool);
}

void listener_free(struct listener *listener)
{
    if (listener == NULL)
        return;
    pool_close(&listener->pool);
    if (listener->resume != NULL)
        event_free(listener->resume);
    for (size_t i = 0; i < listener->accepts_n; i++)
        event_free(listener->accepts[i]);
    free(listener->accepts);
    free(listener);
}
