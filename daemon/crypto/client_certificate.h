/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether somebody can log in with a certificate: a person's own, for client use, that chains to `tls_client_ca`. Asked before a
 * key is registered, so that nobody is registered with a key that opens nothing, or opens to a machine or an authority.
 */
#ifndef MINGCE_CRYPTO_CLIENT_CERTIFICATE_H
#define MINGCE_CRYPTO_CLIENT_CERTIFICATE_H

#include <openssl/x509.h>

#include "daemon/base/settings.h"
#include "proto/wire/reason.h"

enum { CLIENT_CERTIFICATES = 6, CLIENT_CERTIFICATE_BYTES = 16384 }; /* with what it chains through; of one */

/* `chain` has the person's own first, behind it only what it chains through. REASON_NONE: `key_hash` is SHA-256 of its public
 * key (SubjectPublicKeyInfo), what a login is recognised by. */
enum reason client_certificate_judge(const STACK_OF(X509) * chain, const struct settings *,
                                     uint8_t key_hash[32]) MUST_CHECK;

#endif
