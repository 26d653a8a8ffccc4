/* SPDX-License-Identifier: Apache-2.0 */
/* The sessions of one worker: their lists, and the end of each loop turn. */
#include <openssl/ssl.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/net/internal.h"
#include "daemon/net/listener.h"

enum {
    COMPLAINTS = 20,       /* lines a second */
    HANDSHAKE_FAIR = 1000, /* ms; a handshake that takes longer may lose its place to a newcomer */
};

static void reap(struct pool *pool)
{
    struct session *session;
    while ((session = TAILQ_FIRST(&pool->sessions[SESSION_GONE])) != NULL) {
        if (session->told)
            pool->handlers->closed(pool->context, session);
        session_free(session);
    }
}

/* Whether one is to go before the other: of the account that has more of it, or has more of it itself. */
static bool floods_more(const struct session *one, const struct session *other)
{
    size_t ones = one->account == NULL ? one->out_counted : one->account->unread;
    size_t others = other->account == NULL ? other->out_counted : other->account->unread;
    return ones != others ? ones > others : one->out_counted > other->out_counted;
}

static struct session *most_flooding(struct pool *pool)
{
    static const enum session_state states[] = {SESSION_OPEN, SESSION_CLOSING};
    struct session *session, *found = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(states); i++)
        TAILQ_FOREACH (session, &pool->sessions[states[i]], link)
            if (session->out_counted > 0 && (found == NULL || floods_more(session, found)))
                found = session;
    return found;
}

/* Whatever could be sent has been sent: a peer whose answers still fill the memory is not reading them. */
static void mind_unread(struct pool *pool)
{
    struct session *session;
    while (pool->limits.frames_bytes > 0 && pool->unread_bytes > pool->limits.frames_bytes &&
           (session = most_flooding(pool)) != NULL) {
        buffer_free(&session->out);
        session_count(session);
        if (session->told)
            pool->handlers->flooded(pool->context, session);
        session_drop(session, NULL);
    }
}

/* Runs behind all events of a loop turn: whatever their callbacks queued for a peer leaves in one go. A session
 * that turns dirty meanwhile activates this event anew. */
static void on_turn_end(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct pool *pool = context;
    struct session_list dirty = TAILQ_HEAD_INITIALIZER(dirty);
    struct session *session;
    TAILQ_CONCAT(&dirty, &pool->dirty, dirty_link);
    while ((session = TAILQ_FIRST(&dirty)) != NULL) {
        TAILQ_REMOVE(&dirty, session, dirty_link);
        session->is_dirty = false;
        stream_output(session);
    }
    mind_unread(pool);
    reap(pool);
}

/* A timer of zero seconds: epoll is asked before it fires, so the other sessions have their turn. */
static void on_next_turn(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    struct pool *pool = context;
    struct session_list again = TAILQ_HEAD_INITIALIZER(again);
    struct session *session;
    TAILQ_CONCAT(&again, &pool->again, again_link);
    while ((session = TAILQ_FIRST(&again)) != NULL) {
        TAILQ_REMOVE(&again, session, again_link);
        session->is_again = false;
        stream_input(session);
    }
}

bool pool_open(struct pool *pool, struct event_base *base, const struct session_handlers *handlers,
               void *context)
{
    pool->base = base;
    pool->handlers = handlers;
    pool->context = context;
    for (int state = 0; state < SESSION_STATES; state++)
        TAILQ_INIT(&pool->sessions[state]);
    TAILQ_INIT(&pool->dirty);
    TAILQ_INIT(&pool->again);
    pool->turn_end = event_new(base, -1, 0, on_turn_end, pool);
    pool->next_turn = evtimer_new(base, on_next_turn, pool);
    return pool->turn_end != NULL && pool->next_turn != NULL;
}

void pool_close(struct pool *pool)
{
    for (int state = 0; state < SESSION_GONE; state++)
        while (!TAILQ_EMPTY(&pool->sessions[state]))
            session_move(TAILQ_FIRST(&pool->sessions[state]), SESSION_GONE);
    reap(pool);
    if (pool->turn_end != NULL)
        event_free(pool->turn_end);
    if (pool->next_turn != NULL)
        event_free(pool->next_turn);
    SSL_CTX_free(pool->tls);
}

size_t pool_count(const struct pool *pool)
{
    size_t n = 0;
    for (int state = 0; state < SESSION_STATES; state++)
        n += pool->sessions_n[state];
    return n;
}

bool pool_room(struct pool *pool)
{
    size_t live = pool_count(pool) - pool->sessions_n[SESSION_GONE];
    if (live < (size_t) pool->limits.connections + LISTENER_CROWD)
        return true;
    struct session *session = TAILQ_FIRST(&pool->sessions[SESSION_LINGER]);
    if (session == NULL) {
        session = TAILQ_FIRST(&pool->sessions[SESSION_HANDSHAKE]);
        int64_t since = session == NULL ? 0 : session->state_due - pool->limits.handshake_ms;
        if (session == NULL || clock_monotonic_ms() - since < HANDSHAKE_FAIR)
            return false;
    }
    session_drop(session, session->state == SESSION_HANDSHAKE ? "handshake-gave-way" : NULL);
    return true;
}

void pool_complain(struct pool *pool, const char *msg, const char *peer, const char *why)
{
    uint32_t left_out;
    if (!log_allowed(&pool->complaints, COMPLAINTS, &left_out))
        return;
    if (left_out > 0)
        log_info(msg, "peer=%s reason=%s left_out=%u", peer, why, left_out);
    else
        log_info(msg, "peer=%s reason=%s", peer, why);
}
