/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and keys in PEM form, as mail and editors give them back: with byte order marks, CR LF or blanks behind lines, or
 * in UTF-16, which OpenSSL does not read. For both programs. */
#ifndef MINGCE_FILE_PEM_H
#define MINGCE_FILE_PEM_H

#include <openssl/ssl.h>
#include <stdbool.h>

/* All certificates of the file in its order, at least one: the caller's to free. NULL: there is none, or what one is written
 * as is none; errno is 0, or tells why the file cannot be read. OpenSSL's errors say more, here and below. */
STACK_OF(X509) * pem_certificates(const char *path) __attribute__((warn_unused_result));
void pem_free(STACK_OF(X509) *); /* NULL: nothing */

/* All of the file are authorities that the other side's certificate may chain to. */
bool pem_trust(X509_STORE *, const char *path) __attribute__((warn_unused_result));
/* The own certificate, and behind it those that lead to an authority. */
bool pem_use_certificate(SSL_CTX *, const char *path) __attribute__((warn_unused_result));
/* Its key. A passphrase is asked of the context's callback. */
bool pem_use_key(SSL_CTX *, const char *path) __attribute__((warn_unused_result));

#endif
