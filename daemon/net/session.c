/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/net/session.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/log.h"
#include "daemon/net/internal.h"
#include "daemon/net/tls.h"
#include "proto/frame.h"

enum {
    READS = 4,        /* of SCRATCH bytes, before the others have their turn */
    FLUSH_MS = 60000, /* a peer that takes nothing for this long is dropped */
    LINGER_MS = 2000, /* for the peer's end of file, after ours */
};

void session_move(struct session *session, enum session_state state)
{
    struct listener *listener = session->listener;
    TAILQ_REMOVE(&listener->sessions[session->state], session, link);
    session->state = state;
    TAILQ_INSERT_TAIL(&listener->sessions[state], session, link);
    if (state != SESSION_GONE)
        return;
    event_del(&session->readable);
    event_del(&session->writable);
    event_del(&session->timer);
    event_active(listener->reap, EV_TIMEOUT, 0);
}

static void timer_set(struct session *session, uint32_t ms)
{
    struct timeval after = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    event_add(&session->timer, &after);
}

/* A peer that did not keep to the protocol, or was cut off; quiet ends are not logged. */
static void session_drop(struct session *session, const char *why)
{
    if (why != NULL && listener_may_complain(session->listener))
        log_info("dropped", "peer=%s why=\"%s\"", session->peer, why);
    if (session->state != SESSION_GONE)
        session_move(session, SESSION_GONE);
}

static bool may_deliver(const struct session *session)
{
    return session->state == SESSION_OPEN && session->ready && !session->paused && !session->choked;
}

/* Reading is wanted exactly while frames may be delivered. */
static void watch_input(struct session *session)
{
    if (may_deliver(session))
        event_add(&session->readable, NULL);
    else
        event_del(&session->readable);
}

/* What OpenSSL says it waits for. False: the stream has ended or failed, and the session with it. */
static bool wait_for(struct session *session, int result, const char *doing)
{
    switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        event_add(&session->readable, NULL);
        return true;
    case SSL_ERROR_WANT_WRITE:
        event_add(&session->writable, NULL);
        return true;
    case SSL_ERROR_ZERO_RETURN:
        session_drop(session, buffer_held(&session->in) > 0 ? "ended inside a frame" : NULL);
        return false;
    case SSL_ERROR_SYSCALL:
        ERR_clear_error();
        session_drop(session, buffer_held(&session->in) > 0 ? "cut inside a frame" : NULL);
        return false;
    default:
        if (listener_may_complain(session->listener))
            log_info("tls-failed", "peer=%s doing=%s why=\"%s\"", session->peer, doing, tls_error());
        ERR_clear_error();
        session_drop(session, NULL);
        return false;
    }
}

/* ---- output ---- */

void session_flush(struct session *session)
{
    while (buffer_held(&session->out) > 0 && session->state != SESSION_GONE) {
        size_t done = 0;
        ERR_clear_error();
        int result = SSL_write_ex(session->ssl, buffer_at(&session->out), buffer_held(&session->out), &done);
        if (result != 1) {
            if (wait_for(session, result, "write"))
                timer_set(session, FLUSH_MS);
            return;
        }
        buffer_consume(&session->out, done);
        if (session->choked && buffer_held(&session->out) < SESSION_OUT_LOW) {
            session->choked = false;
            watch_input(session);
            event_active(&session->readable, EV_READ, 0); /* what was read already may be delivered now */
        }
    }
    buffer_free(&session->out);
    event_del(&session->writable);
    if (!session->frame_begun && session->state == SESSION_OPEN && session->ready)
        event_del(&session->timer);
    if (session->state != SESSION_CLOSING || session->half_closed)
        return;
    session->half_closed = true;
    ERR_clear_error();
    SSL_shutdown(session->ssl);
    ERR_clear_error();
    shutdown(session->fd, SHUT_WR);
    event_add(&session->readable, NULL);
    timer_set(session, LINGER_MS);
}

uint8_t *session_frame(struct session *session, size_t n)
{
    struct listener *listener = session->listener;
    uint8_t *room = n > UINT32_MAX ? NULL : buffer_room(&session->out, FRAME_HEADER + n);
    if (room == NULL)
        return NULL;
    frame_put_header(room, (uint32_t) n);
    buffer_filled(&session->out, FRAME_HEADER + n);
    if (buffer_held(&session->out) > SESSION_OUT_HIGH && !session->choked) {
        session->choked = true;
        watch_input(session);
    }
    if (!session->is_dirty && session->state != SESSION_GONE) {
        session->is_dirty = true;
        STAILQ_INSERT_TAIL(&listener->dirty, session, dirty);
        event_active(listener->flush, EV_TIMEOUT, 0);
    }
    return room + FRAME_HEADER;
}

/* ---- input ---- */

/* Delivers the whole frames at the front of n bytes; returns how many bytes are done with. */
static size_t deliver(struct session *session, const uint8_t *bytes, size_t n)
{
    struct listener *listener = session->listener;
    size_t done = 0, length;
    while (may_deliver(session)) {
        enum frame_state state = frame_peek(bytes + done, n - done, listener->settings->frame_bytes, &length);
        if (state == FRAME_PARTIAL)
            break;
        if (state == FRAME_TOO_LONG) {
            session->ready = false;
            watch_input(session);
            listener->handlers->oversize(listener->context, session);
            return n;
        }
        listener->handlers->frame(listener->context, session, bytes + done + FRAME_HEADER, length);
        done += FRAME_HEADER + length;
    }
    return done;
}

/* A frame that has begun must be whole in time; the clock starts with its first byte. */
static void watch_frame(struct session *session)
{
    bool begun = buffer_held(&session->in) > 0 && may_deliver(session);
    if (begun && !session->frame_begun)
        timer_set(session, session->listener->settings->frame_ms);
    if (!begun && session->frame_begun && buffer_held(&session->out) == 0)
        event_del(&session->timer);
    session->frame_begun = begun;
}

static void take(struct session *session, const uint8_t *bytes, size_t n)
{
    bool begun = buffer_held(&session->in) > 0;
    size_t done = begun ? 0 : deliver(session, bytes, n);
    if (done < n && !buffer_add(&session->in, bytes + done, n - done)) {
        session_drop(session, "out of memory");
        return;
    }
    if (!begun)
        return;
    done = deliver(session, buffer_at(&session->in), buffer_held(&session->in));
    if (done > 0) { /* the next frame's time begins anew */
        buffer_consume(&session->in, done);
        session->frame_begun = false;
    }
}

static void session_read(struct session *session)
{
    if (buffer_held(&session->in) > 0 && may_deliver(session))
        buffer_consume(&session->in, deliver(session, buffer_at(&session->in), buffer_held(&session->in)));
    for (int i = 0; i < READS && may_deliver(session); i++) {
        size_t n = 0;
        ERR_clear_error();
        int result = SSL_read_ex(session->ssl, session->listener->scratch, SCRATCH, &n);
        if (result != 1) {
            if (wait_for(session, result, "read"))
                break;
            return;
        }
        take(session, session->listener->scratch, n);
    }
    if (session->state == SESSION_GONE)
        return;
    if (buffer_held(&session->in) == 0)
        buffer_free(&session->in);
    watch_frame(session);
    if (may_deliver(session) && SSL_pending(session->ssl) > 0)
        event_active(&session->readable, EV_READ, 0); /* epoll knows nothing of what OpenSSL holds */
}

/* ---- life ---- */

static void session_handshake(struct session *session)
{
    struct listener *listener = session->listener;
    uint8_t key_hash[SESSION_KEY_HASH];
    const unsigned char *alpn;
    unsigned alpn_n;
    event_del(&session->writable);
    ERR_clear_error();
    int result = SSL_accept(session->ssl);
    if (result != 1) {
        wait_for(session, result, "handshake");
        return;
    }
    SSL_get0_alpn_selected(session->ssl, &alpn, &alpn_n);
    if (alpn_n == 0 || !tls_peer_key_hash(session->ssl, key_hash)) {
        session_drop(session, alpn_n == 0 ? "no protocol named (ALPN)" : "no certificate");
        return;
    }
    event_del(&session->readable);
    session_move(session, SESSION_OPEN);
    session->told = true;
    listener->handlers->opened(listener->context, session, key_hash, session->crowded);
}

/* After our end: whatever still comes is thrown away, until the peer's end. */
static void session_linger(struct session *session)
{
    ssize_t n;
    for (int i = 0; i < READS; i++) {
        n = read(session->fd, session->listener->scratch, SCRATCH);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
            session_move(session, SESSION_GONE);
            return;
        }
        if (n < 0)
            return;
    }
}

static void on_event(evutil_socket_t fd, short what, void *context)
{
    (void) fd;
    struct session *session = context;
    if (session->state == SESSION_HANDSHAKE) {
        session_handshake(session);
        return;
    }
    if (session->state == SESSION_CLOSING && session->half_closed) {
        session_linger(session);
        return;
    }
    if (buffer_held(&session->out) > 0)
        session_flush(session);
    else if ((what & EV_WRITE) != 0)
        event_del(&session->writable);
    if (session->state == SESSION_OPEN)
        session_read(session);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct session *session = context;
    if (session->state == SESSION_HANDSHAKE || (session->state == SESSION_OPEN && !session->ready))
        session_drop(session, "handshake too slow");
    else if (session->state == SESSION_CLOSING)
        session_drop(session, session->half_closed ? NULL : "takes no answers");
    else
        session_drop(session, session->frame_begun ? "frame too slow" : "takes no answers");
}

bool session_begin(struct listener *listener, int fd, const char *peer, bool crowded)
{
    struct session *session = calloc(1, sizeof(*session));
    SSL *ssl = session == NULL ? NULL : SSL_new(listener->tls);
    if (ssl == NULL || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        free(session);
        close(fd);
        return false;
    }
    session->listener = listener;
    session->ssl = ssl;
    session->fd = fd;
    session->crowded = crowded;
    memcpy(session->peer, peer, strnlen(peer, sizeof(session->peer) - 1));
    event_assign(&session->readable, listener->base, fd, EV_READ | EV_PERSIST, on_event, session);
    event_assign(&session->writable, listener->base, fd, EV_WRITE | EV_PERSIST, on_event, session);
    evtimer_assign(&session->timer, listener->base, on_timer, session);
    TAILQ_INSERT_TAIL(&listener->sessions[SESSION_HANDSHAKE], session, link);
    listener->sessions_n++;
    event_add(&session->readable, NULL);
    timer_set(session, listener->settings->handshake_ms);
    return true;
}

void session_free(struct session *session)
{
    struct listener *listener = session->listener;
    event_del(&session->readable);
    event_del(&session->writable);
    event_del(&session->timer);
    if (session->is_dirty)
        STAILQ_REMOVE(&listener->dirty, session, session, dirty);
    TAILQ_REMOVE(&listener->sessions[session->state], session, link);
    listener->sessions_n--;
    SSL_free(session->ssl);
    ERR_clear_error();
    close(session->fd);
    buffer_free(&session->in);
    buffer_free(&session->out);
    free(session);
}

/* ---- the owner's side ---- */

void session_set_owner(struct session *session, void *owner)
{
    session->owner = owner;
}

void *session_owner(const struct session *session)
{
    return session->owner;
}

void session_ready(struct session *session)
{
    if (session->state != SESSION_OPEN)
        return;
    session->ready = true;
    event_del(&session->timer);
    watch_input(session);
    event_active(&session->readable, EV_READ, 0); /* a hasty peer's bytes may be inside OpenSSL already */
}

void session_pause(struct session *session)
{
    session->paused = true;
    watch_input(session);
}

void session_resume(struct session *session)
{
    session->paused = false;
    if (!may_deliver(session))
        return;
    watch_input(session);
    event_active(&session->readable, EV_READ, 0);
}

void session_close(struct session *session)
{
    if (session->state != SESSION_OPEN)
        return;
    session_move(session, SESSION_CLOSING);
    event_del(&session->readable);
    timer_set(session, LINGER_MS);
    if (!session->is_dirty) {
        session->is_dirty = true;
        STAILQ_INSERT_TAIL(&session->listener->dirty, session, dirty);
        event_active(session->listener->flush, EV_TIMEOUT, 0);
    }
}

const char *session_peer(const struct session *session)
{
    return session->peer;
}
