/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of net know of each other: the pool of one worker's sessions, and a session's inside. */
#ifndef MINGCE_NET_INTERNAL_H
#define MINGCE_NET_INTERNAL_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <openssl/ssl.h>
#include <sys/queue.h>

#include "daemon/base/buffer.h"
#include "daemon/base/log.h"
#include "daemon/base/settings.h"
#include "daemon/net/address.h"
#include "daemon/net/session.h"

enum session_state {
    SESSION_HANDSHAKE,
    SESSION_OPEN,
    SESSION_CLOSING, /* what is queued is sent, then close_notify */
    SESSION_LINGER,  /* our end is closed; what still comes is thrown away until the peer's end */
    SESSION_GONE,    /* freed after the loop turn */
    SESSION_STATES,
};

enum {
    RECORD = 16 * 1024, /* the most that one TLS record carries */
    PEER_TEXT = 56,
};

TAILQ_HEAD(session_list, session);

struct pool_limits {
    uint32_t connections, frame_bytes, handshake_ms, frame_ms;
    uint32_t address_connections; /* 0: no limit */
    size_t frames_bytes,
        share_bytes; /* that unfinished frames may hold: all of them, those of one account; 0: no limit. Unread answers may
                        hold `frames_bytes` again */
};

struct pool {
    struct event_base *base;
    const struct session_handlers *handlers;
    void *context;
    SSL_CTX *tls; /* of new sessions */
    struct pool_limits limits;
    void *addresses;                   /* address.h */
    size_t frames_bytes, unread_bytes; /* that unfinished frames hold, and answers that were not read */
    struct session_list sessions[SESSION_STATES]; /* the oldest in a state first */
    size_t sessions_n[SESSION_STATES];
    struct session_list dirty; /* have output to send or interests to settle when this loop turn ends */
    struct session_list again; /* have input that epoll will not tell of, to be read in the next loop turn */
    struct event *turn_end, *next_turn;
    struct log_limit complaints;
    uint8_t scratch[RECORD]; /* what is being read; holds nothing between calls */
};

struct session {
    struct pool *pool;
    void *owner;
    SSL *ssl;
    int fd;
    enum session_state state;
    bool told;   /* `opened` was called: `closed` is owed */
    bool ready;  /* the owner wants frames */
    bool choked; /* more than SESSION_OUT_HIGH bytes wait, not yet less than SESSION_OUT_LOW */
    bool deaf;   /* the peer announced an impossible frame */
    bool address_crowded;
    bool ended; /* the peer's end of file has been seen */
    bool is_dirty, is_again;
    short in_wait; /* EV_READ, or EV_WRITE when OpenSSL must write before it can read on */
    short
        out_wait; /* 0: output may be tried; EV_WRITE, or EV_READ when OpenSSL must read before it can write on */
    uint32_t frame_bytes;                    /* cap of this connection, as its Hello said */
    int64_t state_due, frame_due, stall_due; /* monotonic ms; 0: none */
    int64_t timer_at;                        /* when `timer` fires: never later than the first of these */
    struct buffer in;                        /* the front of a frame, or frames not yet wanted */
    size_t in_counted, out_counted;          /* the buffers' bytes, as pool and account have them */
    struct session_account *account;         /* the owner's; NULL: none */
    struct tally *address;                   /* NULL: not counted */
    struct buffer out;
    struct event readable, writable, timer;
    TAILQ_ENTRY(session) link;       /* pool->sessions[state] */
    TAILQ_ENTRY(session) dirty_link; /* pool->dirty, while is_dirty */
    TAILQ_ENTRY(session) again_link; /* pool->again, while is_again */
    char peer[PEER_TEXT];
};

/* pool.c */
bool pool_open(struct pool *, struct event_base *, const struct session_handlers *, void *context) MUST_CHECK;
void pool_close(struct pool *); /* with every session in it */
size_t pool_count(const struct pool *);
/* Room for one more session, made if need be. */
bool pool_room(struct pool *) MUST_CHECK;
/* Logs a line about what a peer did. Only so many lines a second are written; the others are counted. */
void pool_complain(struct pool *, const char *msg, const char *peer, const char *why);

/* session.c: takes the descriptor and the address. False: out of memory, and the descriptor is closed. */
bool session_begin(struct pool *, int fd, const char *peer, struct tally *) MUST_CHECK;
void session_move(struct session *, enum session_state); /* the only mover between lists */
void session_drop(struct session *, const char *why);    /* gone, no ceremony; NULL: nothing worth a line */
void session_fail(struct session *, const char *doing);  /* after TLS_FAILED */
void session_touch(struct session *);                    /* dirty */
void session_schedule(struct session *);                 /* the timer, after a deadline was set */
bool session_may_read(const struct session *);
void session_count(struct session *); /* the buffers may have grown or gone */
void session_free(struct session *);

/* stream.c */
void stream_input(struct session *);  /* handshake, frames, lingering: what the state asks for */
void stream_output(struct session *); /* sends what is queued and what follows; settles interests */
void stream_again(struct session *);  /* input in the next turn, whatever epoll says */

#endif
