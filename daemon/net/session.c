/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a session and its owner's side; stream.c moves the bytes. */
#include "daemon/net/session.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/metrics.h"
#include "daemon/net/internal.h"
#include "daemon/net/tls.h"
#include "proto/wire/frame.h"

enum {
    CLOSE_MS = 30000, /* to take what was queued when the session was closed */
    LINGER_MS = 2000, /* for the peer's end of file, after ours */
};

/* ---- life ---- */

static int64_t state_deadline(const struct session *session, enum session_state state)
{
    switch (state) {
    case SESSION_HANDSHAKE:
        return clock_monotonic_ms() + session->pool->limits.handshake_ms;
    case SESSION_CLOSING:
        return clock_monotonic_ms() + CLOSE_MS;
    case SESSION_LINGER:
        return clock_monotonic_ms() + LINGER_MS;
    default:
        return 0;
    }
}

static void count(struct session *session, enum session_state state, int more)
{
    struct pool *pool = session->pool;
    pool->sessions_n[state] += (size_t) more;
    metrics_set(METRIC_CONNECTIONS, pool_count(pool));
}

void session_move(struct session *session, enum session_state state)
{
    struct pool *pool = session->pool;
    TAILQ_REMOVE(&pool->sessions[session->state], session, link);
    count(session, session->state, -1);
    TAILQ_INSERT_TAIL(&pool->sessions[state], session, link);
    count(session, state, 1);
    session->state = state;
    session->state_due = state_deadline(session, state);
    session->frame_due = session->stall_due = 0;
    if (state == SESSION_GONE) {
        event_del(&session->readable);
        event_del(&session->writable);
        event_del(&session->timer);
        event_active(pool->turn_end, EV_TIMEOUT, 0);
        return;
    }
    session_schedule(session);
    session_touch(session);
}

void session_drop(struct session *session, const char *why)
{
    if (session->state == SESSION_GONE)
        return;
    if (why != NULL)
        pool_complain(session->pool, "dropped", session->peer, why);
    session_move(session, SESSION_GONE);
}

void session_fail(struct session *session, const char *doing)
{
    const char *why = tls_why(session->ssl);
    bool lost = strcmp(why, "connection-lost") == 0;
    if (!lost || session->state == SESSION_HANDSHAKE || buffer_held(&session->in) > 0)
        pool_complain(session->pool, doing, session->peer, why);
    if (lost) {
        session_drop(session, NULL);
        return;
    }
    /* An alert is on its way. If we closed with bytes unread, the kernel would reset the connection and the alert would be lost. */
    shutdown(session->fd, SHUT_WR);
    session->in_wait = EV_READ;
    session->out_wait = 0;
    session_move(session, SESSION_LINGER);
}

static void overdue(struct session *session)
{
    switch (session->state) {
    case SESSION_HANDSHAKE:
        session_drop(session, "handshake-late");
        break;
    case SESSION_OPEN:
        if (session->frame_due == 0 || (session->stall_due != 0 && session->stall_due < session->frame_due)) {
            session_drop(session, "takes-no-answers");
            break;
        }
        pool_complain(session->pool, "dropped", session->peer, "frame-late");
        session_close(session);
        break;
    case SESSION_CLOSING:
        session_drop(session, "takes-no-answers");
        break;
    default:
        session_drop(session, NULL);
    }
}

static int64_t first_due(const struct session *session)
{
    const int64_t due[] = {session->state_due, session->frame_due, session->stall_due};
    int64_t first = 0;
    for (size_t i = 0; i < ARRAY_SIZE(due); i++)
        if (due[i] != 0 && (first == 0 || due[i] < first))
            first = due[i];
    return first;
}

/* Deadlines come and go with every frame; the timer moves only when one comes before it, and finds out for itself
 * that one has gone. */
void session_schedule(struct session *session)
{
    int64_t due = first_due(session);
    if (due == 0 || (session->timer_at != 0 && session->timer_at <= due))
        return;
    int64_t left = due - clock_monotonic_ms();
    struct timeval after = {0};
    if (left > 0)
        after = (struct timeval){.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
    if (event_add(&session->timer, &after) == 0)
        session->timer_at = due;
    else
        session_drop(session, "out-of-memory");
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct session *session = context;
    int64_t due = first_due(session);
    session->timer_at = 0;
    if (due != 0 && due <= clock_monotonic_ms())
        overdue(session);
    else
        session_schedule(session);
}

static void on_socket(evutil_socket_t fd, short what, void *context)
{
    (void) fd;
    struct session *session = context;
    if ((what & session->out_wait) != 0) {
        session->out_wait = 0;
        session_touch(session);
    }
    if ((what & session->in_wait) != 0)
        stream_input(session);
}

void session_touch(struct session *session)
{
    struct pool *pool = session->pool;
    if (session->is_dirty || session->state == SESSION_GONE)
        return;
    session->is_dirty = true;
    TAILQ_INSERT_TAIL(&pool->dirty, session, dirty_link);
    event_active(pool->turn_end, EV_TIMEOUT, 0);
}

void session_count(struct session *session)
{
    struct pool *pool = session->pool;
    size_t in = session->in.size - session->in_counted, out = session->out.size - session->out_counted;
    pool->frames_bytes += in; /* modulo the size of a size_t, as all of these: they may shrink */
    pool->unread_bytes += out;
    if (session->account != NULL) {
        session->account->frames += in;
        session->account->unread += out;
    }
    session->in_counted = session->in.size;
    session->out_counted = session->out.size;
    metrics_set(METRIC_FRAMES_BYTES, pool->frames_bytes);
    metrics_set(METRIC_UNREAD_BYTES, pool->unread_bytes);
}

void session_account(struct session *session, struct session_account *account)
{
    if (session->account != NULL) {
        session->account->frames -= session->in_counted;
        session->account->unread -= session->out_counted;
    }
    session->account = account;
    if (account != NULL) {
        account->frames += session->in_counted;
        account->unread += session->out_counted;
    }
}

bool session_begin(struct pool *pool, int fd, const char *peer, struct tally *address)
{
    struct session *session = calloc(1, sizeof(*session));
    SSL *ssl = session == NULL ? NULL : tls_new(pool->tls, fd);
    if (ssl == NULL) {
        tally_leave(&pool->addresses, address);
        free(session);
        close(fd);
        return false;
    }
    session->pool = pool;
    session->ssl = ssl;
    session->fd = fd;
    session->in_wait = EV_READ;
    session->address = address;
    session->address_crowded = address != NULL && pool->limits.address_connections > 0 &&
                               address->n > pool->limits.address_connections;
    memcpy(session->peer, peer, strnlen(peer, sizeof(session->peer) - 1));
    event_assign(&session->readable, pool->base, fd, EV_READ | EV_PERSIST, on_socket, session);
    event_assign(&session->writable, pool->base, fd, EV_WRITE | EV_PERSIST, on_socket, session);
    evtimer_assign(&session->timer, pool->base, on_timer, session);
    TAILQ_INSERT_TAIL(&pool->sessions[SESSION_HANDSHAKE], session, link);
    count(session, SESSION_HANDSHAKE, 1);
    session_move(session, SESSION_HANDSHAKE);
    return true;
}

void session_free(struct session *session)
{
    struct pool *pool = session->pool;
    event_del(&session->readable);
    event_del(&session->writable);
    event_del(&session->timer);
    if (session->is_dirty)
        TAILQ_REMOVE(&pool->dirty, session, dirty_link);
    if (session->is_again)
        TAILQ_REMOVE(&pool->again, session, again_link);
    TAILQ_REMOVE(&pool->sessions[session->state], session, link);
    count(session, session->state, -1);
    SSL_free(session->ssl);
    close(session->fd);
    buffer_free(&session->in);
    buffer_free(&session->out);
    session_count(session);
    tally_leave(&pool->addresses, session->address);
    free(session);
}

/* ---- the owner's side ---- */

bool session_may_read(const struct session *session)
{
    return session->state == SESSION_OPEN && session->ready && !session->choked && !session->deaf;
}

void session_set_owner(struct session *session, void *owner)
{
    session->owner = owner;
}

bool session_address_crowded(const struct session *session)
{
    return session->address_crowded;
}

void *session_owner(const struct session *session)
{
    return session->owner;
}

void session_ready(struct session *session)
{
    session->ready = true;
    session->frame_bytes = session->pool->limits.frame_bytes;
    if (tls_holds(session->ssl))
        stream_again(session); /* a hasty peer */
    session_touch(session);
}

uint8_t *session_frame(struct session *session, size_t n)
{
    uint8_t *room = n == 0 || n > UINT32_MAX ? NULL : buffer_room(&session->out, FRAME_HEADER + n);
    if (room == NULL)
        return NULL;
    frame_put_header(room, (uint32_t) n);
    if (session->state == SESSION_OPEN) {
        buffer_filled(&session->out, FRAME_HEADER + n);
        session->choked = session->choked || buffer_held(&session->out) > SESSION_OUT_HIGH;
        session_count(session);
        session_touch(session);
    }
    return room + FRAME_HEADER;
}

void session_close(struct session *session)
{
    if (session->state == SESSION_HANDSHAKE)
        session_drop(session, NULL);
    else if (session->state == SESSION_OPEN)
        session_move(session, SESSION_CLOSING);
}

const char *session_peer(const struct session *session)
{
    return session->peer;
}
