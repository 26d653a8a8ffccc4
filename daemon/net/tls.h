/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TLS side of the wire: version 1.3 only, client certificates required, ALPN mingce/1, no tickets.
 * Every call into OpenSSL that does I/O is here, each with an error queue that was emptied first.
 */
#ifndef MINGCE_NET_TLS_H
#define MINGCE_NET_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/compiler.h"
#include "daemon/base/settings.h"

enum tls_result {
    TLS_DONE,
    TLS_WANT_READ,  /* again when the socket can be read */
    TLS_WANT_WRITE, /* again when it can be written */
    TLS_ENDED,      /* the peer's end, with or without a close_notify */
    TLS_FAILED,     /* ask tls_why() at once; then nothing more may be done with the SSL than free it */
};

/* NULL, logged with the setting to blame: the files cannot be used. */
SSL_CTX *tls_context_new(const struct settings *) MUST_CHECK;
/* Whether they could be used now; else the setting to blame, and why. */
bool tls_files_good(const struct settings *, const char **setting, const char **why) MUST_CHECK;
/* A server's end of a connection over the (non-blocking) socket. NULL when out of memory. */
SSL *tls_new(SSL_CTX *, int fd) MUST_CHECK;

enum tls_result tls_handshake(SSL *) MUST_CHECK;
/* At most one record, 16 KiB. */
enum tls_result tls_read(SSL *, void *, size_t n, size_t *done) MUST_CHECK;
/* One record of at most 16 KiB. After a WANT: again with the same bytes, perhaps more of them, wherever they are now. */
enum tls_result tls_write(SSL *, const void *, size_t n, size_t *done) MUST_CHECK;
/* Sends close_notify; does not wait for the peer's. */
enum tls_result tls_goodbye(SSL *) MUST_CHECK;
/* Bytes that were read from the socket and not yet by tls_read(): the kernel will not tell of them. */
bool tls_holds(const SSL *);

/* SHA-256 of the peer's SubjectPublicKeyInfo (DER). */
bool tls_key_hash(const SSL *, uint8_t hash[32]) MUST_CHECK;
/* Why it failed: one of a few stable words for the log, never anything that the peer chose. */
const char *tls_why(const SSL *);

#endif
