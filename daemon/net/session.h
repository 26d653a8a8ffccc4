/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session: one peer's TLS connection as a sequence of frames. Owns socket, SSL and buffers.
 *
 *   handshake -> open -> closing (flush, close_notify, half-close, linger) -> gone
 *
 * State is the list a session sits on; session_move() alone moves it. Nothing is freed inside its own
 * callback: what is gone is freed after the loop turn. Output is gathered and written once per loop turn.
 * While more than SESSION_OUT_HIGH bytes wait for the peer, nothing is read.
 */
#ifndef MINGCE_NET_SESSION_H
#define MINGCE_NET_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/compiler.h"

struct session;

enum { SESSION_KEY_HASH = 32, SESSION_OUT_HIGH = 256 * 1024, SESSION_OUT_LOW = 64 * 1024 };

struct session_handlers {
    /* The handshake is done. `key_hash` is the SHA-256 of the peer's SubjectPublicKeyInfo (DER). `crowded`: there are
     * more connections than are to be served, or than its address may have (session_address_crowded): one has to go, this
     * one or another, and to be told. No frame is read before session_ready(). */
    void (*opened)(void *context, struct session *, const uint8_t key_hash[SESSION_KEY_HASH], bool crowded);
    /* One whole message, without its length header; valid during the call. */
    void (*frame)(void *context, struct session *, const uint8_t *bytes, size_t n);
    /* A frame over the cap (or empty) was announced; nothing more will be read. */
    void (*oversize)(void *context, struct session *);
    /* Its unfinished frame is more than there is memory for (frames_bytes), and has been dropped; nothing more will be
     * read. */
    void (*starved)(void *context, struct session *);
    /* More answers than there is memory for (frames_bytes again) wait for their peers, and this one has most; it cannot be told,
     * since what it does not read is in the way, and is dropped. */
    void (*flooded)(void *context, struct session *);
    /* The last call for this session, after `opened`, exactly once, whoever closed it. */
    void (*closed)(void *context, struct session *);
};

void session_set_owner(struct session *, void *);
void *session_owner(const struct session *);
bool session_address_crowded(const struct session *);
/* What its unfinished frame and its unread answers hold, in bytes, is counted there too, which lasts until another or NULL is
 * given: of frames_bytes no account has more than its share. */
struct session_account {
    size_t frames, unread;
};
void session_account(struct session *, struct session_account *);
/* The owner is ready for frames (the greeting has been queued). */
void session_ready(struct session *);
/* Room for one outgoing message of exactly n bytes, its header already written; to be filled at once.
 * NULL when out of memory: close the session. */
uint8_t *session_frame(struct session *, size_t n) MUST_CHECK;
/* Sends what is queued, says goodbye to TLS, lingers briefly. No more frames are delivered. */
void session_close(struct session *);
/* For logs: the peer's address. */
const char *session_peer(const struct session *);

#endif
