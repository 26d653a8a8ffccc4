/* SPDX-License-Identifier: Apache-2.0 */
/* The TLS side of the wire: version 1.3 only, client certificates required, ALPN mingce/1, no tickets. */
#ifndef MINGCE_NET_TLS_H
#define MINGCE_NET_TLS_H

#include <openssl/ssl.h>

#include "daemon/base/compiler.h"
#include "daemon/base/settings.h"

/* NULL, logged: the files cannot be used. */
SSL_CTX *tls_context_new(const struct settings *) MUST_CHECK;
/* SHA-256 of the peer's SubjectPublicKeyInfo (DER). False: there is no certificate. */
bool tls_peer_key_hash(SSL *, uint8_t hash[32]) MUST_CHECK;
/* A stable word for the last error, for logs; empties the error queue. */
const char *tls_error(void);

#endif
