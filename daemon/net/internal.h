/* SPDX-License-Identifier: Apache-2.0 */
/* What listener.c and session.c know of each other. */
#ifndef MINGCE_NET_INTERNAL_H
#define MINGCE_NET_INTERNAL_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <openssl/ssl.h>
#include <sys/queue.h>

#include "daemon/base/buffer.h"
#include "daemon/base/settings.h"
#include "daemon/net/session.h"

enum session_state { SESSION_HANDSHAKE, SESSION_OPEN, SESSION_CLOSING, SESSION_GONE, SESSION_STATES };
enum { SCRATCH = 16 * 1024, PEER_TEXT = 64 };

TAILQ_HEAD(session_list, session);
STAILQ_HEAD(dirty_list, session);

struct listener {
    struct event_base *base;
    const struct settings *settings;
    const struct session_handlers *handlers;
    void *context;
    SSL_CTX *tls;
    struct event **accepts; /* one a socket */
    size_t accepts_n;
    struct event *resume; /* accepting again after descriptors ran out */
    struct event *flush;  /* writes what the loop turn has gathered */
    struct event *reap;   /* frees what is gone */
    struct session_list sessions[SESSION_STATES];
    size_t sessions_n; /* not freed yet */
    struct dirty_list dirty;
    bool stopped;
    int64_t complaints_at_ms; /* of the second in which complaints are counted */
    unsigned complaints;
    uint8_t scratch[SCRATCH]; /* what is being read; between calls it holds nothing */
};

struct session {
    struct listener *listener;
    SSL *ssl;
    int fd;
    enum session_state state;
    TAILQ_ENTRY(session) link;   /* listener->sessions[state] */
    STAILQ_ENTRY(session) dirty; /* listener->dirty, while is_dirty */
    struct event readable, writable, timer;
    struct buffer in; /* a frame that is not whole, or frames that may not be delivered yet */
    struct buffer out;
    void *owner;
    bool is_dirty, crowded, told; /* told: `opened` was called */
    bool ready, paused, choked;   /* choked: too much output waits */
    bool half_closed;             /* our close_notify is out */
    bool frame_begun;             /* the timer runs for it */
    char peer[PEER_TEXT];
};

/* Takes the descriptor. False: out of memory, the descriptor is closed. */
bool session_begin(struct listener *, int fd, const char *peer, bool crowded) MUST_CHECK;
/* The only mover between lists. */
void session_move(struct session *, enum session_state);
void session_flush(struct session *);
void session_free(struct session *);
/* False when this second has seen enough lines about bad peers. */
bool listener_may_complain(struct listener *);

#endif
