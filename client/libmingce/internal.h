/* SPDX-License-Identifier: Apache-2.0 */
/* What the library's files share. */
#ifndef MINGCE_LIBMINGCE_INTERNAL_H
#define MINGCE_LIBMINGCE_INTERNAL_H

#include <netdb.h>
#include <openssl/ssl.h>
#include <stdbool.h>

#include "client/libmingce/mingce.h"
#include "proto/wire.pb-c.h"

#define MUST_CHECK __attribute__((warn_unused_result))

/* ---- errors (error.c) ---- */

enum local_reason {
    LOCAL_MEMORY,
    LOCAL_ADDRESS,
    LOCAL_AUTHORITY,
    LOCAL_CERTIFICATE,
    LOCAL_KEY,
    LOCAL_REQUEST_TOO_LONG,
    LOCAL_CONNECT,
    LOCAL_SERVER_NAME,
    LOCAL_CERTIFICATE_REFUSED,
    LOCAL_PROTOCOL,
    LOCAL_LOST,
    LOCAL_NO_ANSWER,
};
/* Always false, for `return fail(…)`. `detail` may be NULL. */
bool error_local(struct mingce_error *, enum local_reason, const char *detail);
/* Takes over what the server says. */
void error_server(struct mingce_error *, const Mingce__V1__Error *);
/* Whether the same call may succeed when it is repeated. */
bool error_passes(const struct mingce_error *);

/* ---- time (transport.c) ---- */

int64_t now_ms(void); /* monotonic */

/* ---- one TLS connection (transport.c) ---- */

struct transport {
    int fd; /* -1: none */
    SSL *ssl;
};

/* Makes a context for TLS 1.3 with the operator's certificate. NULL: `error` says which file is wrong. */
SSL_CTX *transport_context(const struct mingce_options *, struct mingce_error *) MUST_CHECK;
enum { HOST_BYTES = 256 };
/* Looks up the addresses of "host:port", and copies the host. The caller calls freeaddrinfo(). NULL: `error` says why there are none. */
struct addrinfo *transport_addresses(const char *server, char host[HOST_BYTES],
                                     struct mingce_error *) MUST_CHECK;
/* Connects to one of these addresses. */
bool transport_open(struct transport *, SSL_CTX *, const struct mingce_options *, const char *host,
                    const struct addrinfo *, int64_t until_ms, struct mingce_error *) MUST_CHECK;
void transport_close(struct transport *);
/* Return how many bytes were moved. 0: the call would block, and `*want` is what to poll for; -1: the connection is over, and `error` says
 * why. */
int transport_read(struct transport *, void *, size_t, short *want, struct mingce_error *) MUST_CHECK;
int transport_write(struct transport *, const void *, size_t, short *want, struct mingce_error *) MUST_CHECK;
/* Waits. False: `until_ms` has come. */
bool transport_wait(const struct transport *, short want, int64_t until_ms);

#endif
