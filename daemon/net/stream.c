/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a session: handshake, frames in, queued output, the end. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/metrics.h"
#include "daemon/net/internal.h"
#include "daemon/net/tls.h"
#include "proto/wire/frame.h"

enum {
    /* A session's share of a loop turn; then the others have theirs. */
    READS = 4,   /* records */
    FRAMES = 16, /* delivered */
    WRITES = 16, /* records */

    STALL_MS = 60000, /* a peer that takes nothing of what waits for this long is dropped */
};

/* ---- what epoll is asked for ---- */

static bool wants_input(const struct session *session)
{
    return session->state == SESSION_HANDSHAKE || session->state == SESSION_LINGER ||
           session_may_read(session);
}

static bool watch(struct event *event, bool wanted)
{
    return (wanted ? event_add(event, NULL) : event_del(event)) == 0;
}

static void settle(struct session *session)
{
    if (session->state == SESSION_GONE)
        return;
    int wanted = session->out_wait | (wants_input(session) ? session->in_wait : 0);
    bool good = watch(&session->readable, (wanted & EV_READ) != 0);
    if (!watch(&session->writable, (wanted & EV_WRITE) != 0) || !good)
        session_drop(session, "out-of-memory");
}

void stream_again(struct session *session)
{
    struct pool *pool = session->pool;
    if (session->is_again || !session_may_read(session))
        return;
    session->is_again = true;
    TAILQ_INSERT_TAIL(&pool->again, session, again_link);
    if (event_add(pool->next_turn, &(struct timeval){0}) != 0)
        event_active(pool->next_turn, EV_TIMEOUT, 0); /* out of memory: less fair, but it goes on */
}

/* ---- input ---- */

static void handshake(struct session *session)
{
    struct pool *pool = session->pool;
    uint8_t key_hash[SESSION_KEY_HASH];
    enum tls_result result = tls_handshake(session->ssl);
    session->in_wait = result == TLS_WANT_WRITE ? EV_WRITE : EV_READ;
    if (result == TLS_ENDED)
        session_drop(session, NULL);
    if (result == TLS_FAILED) {
        metrics_add(METRIC_TLS_FAILURES, 1);
        session_fail(session, "handshake-failed");
    }
    if (result != TLS_DONE)
        return;
    if (!tls_key_hash(session->ssl, key_hash)) {
        session_drop(session, "out-of-memory");
        return;
    }
    session_move(session, SESSION_OPEN);
    session->told = true;
    bool crowded = session->address_crowded || pool->sessions_n[SESSION_OPEN] > pool->limits.connections;
    pool->handlers->opened(pool->context, session, key_hash, crowded);
}

/* Hands out the whole frames at the front of n bytes; returns how many bytes are done with. */
static size_t deliver(struct session *session, const uint8_t *bytes, size_t n, int *share)
{
    const struct pool *pool = session->pool;
    size_t done = 0, length;
    while (*share > 0 && session_may_read(session)) {
        enum frame_state state = frame_peek(bytes + done, n - done, session->frame_bytes, &length);
        if (state == FRAME_PARTIAL)
            break;
        if (state == FRAME_TOO_LONG) {
            session->deaf = true;
            pool->handlers->oversize(pool->context, session);
            break;
        }
        (*share)--;
        session->frame_due = 0; /* the next one's time begins anew */
        pool->handlers->frame(pool->context, session, bytes + done + FRAME_HEADER, length);
        done += FRAME_HEADER + length;
    }
    return done;
}

static void deliver_held(struct session *session, int *share)
{
    if (buffer_held(&session->in) == 0)
        return;
    buffer_consume(&session->in, deliver(session, buffer_at(&session->in), buffer_held(&session->in), share));
    if (buffer_held(&session->in) == 0)
        buffer_free(&session->in);
}

/* One record: into the shared scratch, and only what is left of it into memory of the session's own; or behind
 * the part of a frame that is held already. */
static enum tls_result read_record(struct session *session, int *share, size_t *n)
{
    bool held = buffer_held(&session->in) > 0;
    uint8_t *room = held ? buffer_room(&session->in, RECORD) : session->pool->scratch;
    if (room == NULL) {
        session_drop(session, "out-of-memory");
        return TLS_WANT_READ;
    }
    enum tls_result result = tls_read(session->ssl, room, RECORD, n);
    if (result != TLS_DONE)
        return result;
    if (held) {
        buffer_filled(&session->in, *n);
        deliver_held(session, share);
        return result;
    }
    size_t done = deliver(session, room, *n, share);
    if (done < *n && session->state == SESSION_OPEN && !buffer_add(&session->in, room + done, *n - done))
        session_drop(session, "out-of-memory");
    return result;
}

/* The peer has ended its side of the stream; what is queued for it is still sent. */
static void peer_ended(struct session *session)
{
    session->ended = true;
    if (buffer_held(&session->in) > 0 || tls_holds(session->ssl))
        pool_complain(session->pool, "dropped", session->peer, "frame-cut-off");
    session_close(session);
}

/* A frame that has begun must be complete in time, even while TLS still waits for the rest of a record. */
static void time_frame(struct session *session)
{
    bool begun = session_may_read(session) && !session->is_again &&
                 (buffer_held(&session->in) > 0 || tls_holds(session->ssl));
    if (!begun)
        session->frame_due = 0;
    else if (session->frame_due == 0)
        session->frame_due = clock_monotonic_ms() + session->pool->limits.frame_ms;
    session_schedule(session);
}

/* The peer wants more than its share of the memory, or than there is: it is told so and dropped. */
static void mind_memory(struct session *session)
{
    const struct pool *pool = session->pool;
    session_count(session);
    bool over = (pool->limits.frames_bytes > 0 && pool->frames_bytes > pool->limits.frames_bytes) ||
                (pool->limits.share_bytes > 0 && session->account != NULL &&
                 session->account->frames > pool->limits.share_bytes);
    if (!over || session->in.size == 0 || session->state != SESSION_OPEN || session->deaf)
        return;
    buffer_free(&session->in);
    session_count(session);
    session->deaf = true;
    pool->handlers->starved(pool->context, session);
}

static void read_frames(struct session *session)
{
    int share = FRAMES, reads = 0;
    bool more = true;
    deliver_held(session, &share);
    while (more && reads++ < READS && share > 0 && session_may_read(session)) {
        size_t n = 0;
        enum tls_result result = read_record(session, &share, &n);
        session->in_wait = result == TLS_WANT_WRITE ? EV_WRITE : EV_READ;
        if (result == TLS_ENDED)
            peer_ended(session);
        else if (result == TLS_FAILED)
            session_fail(session, "stream-failed");
        more = result == TLS_DONE && (n == RECORD || tls_holds(session->ssl));
    }
    mind_memory(session);
    if (session->state != SESSION_OPEN)
        return;
    if (more || share == 0)
        stream_again(session);
    time_frame(session);
}

static void linger(struct session *session)
{
    for (int i = 0; i < READS; i++) {
        ssize_t n = read(session->fd, session->pool->scratch, RECORD);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n <= 0) {
            session_drop(session, NULL);
            return;
        }
    }
}

void stream_input(struct session *session)
{
    if (session->state == SESSION_HANDSHAKE)
        handshake(session);
    else if (session->state == SESSION_OPEN)
        read_frames(session);
    else if (session->state == SESSION_LINGER)
        linger(session);
    settle(session);
}

/* ---- output ---- */

static void write_queued(struct session *session)
{
    for (int i = 0; session->out_wait == 0 && buffer_held(&session->out) > 0; i++) {
        size_t held = buffer_held(&session->out), done = 0;
        enum tls_result result =
            tls_write(session->ssl, buffer_at(&session->out), held < RECORD ? held : RECORD, &done);
        if (result == TLS_FAILED || result == TLS_ENDED) {
            session_fail(session, "stream-failed");
            return;
        }
        buffer_consume(&session->out, done);
        if (result == TLS_DONE)
            session->stall_due = 0;
        if (result != TLS_DONE || i + 1 == WRITES)
            session->out_wait = result == TLS_WANT_READ ? EV_READ : EV_WRITE;
    }
    if (buffer_held(&session->out) == 0)
        buffer_free(&session->out);
    else if (session->stall_due == 0)
        session->stall_due = clock_monotonic_ms() + STALL_MS;
    session_count(session);
}

/* Everything is sent: our end of the stream, then the socket's. */
static void write_end(struct session *session)
{
    if (tls_goodbye(session->ssl) == TLS_WANT_WRITE) {
        session->out_wait = EV_WRITE;
        return;
    }
    shutdown(session->fd, SHUT_WR);
    session_move(session, session->ended ? SESSION_GONE : SESSION_LINGER);
}

void stream_output(struct session *session)
{
    if (session->state == SESSION_OPEN || session->state == SESSION_CLOSING)
        write_queued(session);
    if (session->state == SESSION_CLOSING && buffer_held(&session->out) == 0 && session->out_wait == 0)
        write_end(session);
    if (session->choked && buffer_held(&session->out) < SESSION_OUT_LOW) {
        session->choked = false;
        stream_again(session);
    }
    if (!session_may_read(session))
        session->frame_due = 0; /* the delay is ours */
    session_schedule(session);
    settle(session);
}
