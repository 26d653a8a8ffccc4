/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/file/pem.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#include "proto/rules/mend.h"

enum { MOST = 1 << 20, MENDING = 2 /* bytes that mend_text() may add */ };

/* The file's text, mended, of `*n` bytes: for OPENSSL_clear_free() with MOST + MENDING. NULL: errno tells. */
static char *text_read(const char *path, size_t *n)
{
    FILE *file = fopen(path, "re");
    char *text = file == NULL ? NULL : OPENSSL_malloc(MOST + MENDING);
    bool good = text != NULL;
    int why = file == NULL ? errno : ENOMEM;
    if (good) {
        setvbuf(file, NULL, _IONBF, 0); /* no copy of a key stays in a stream's buffer */
        *n = fread(text, 1, MOST, file);
        why = ferror(file) ? errno : EFBIG;
        good = feof(file) != 0 && !ferror(file);
    }
    if (file != NULL)
        fclose(file);
    if (!good) {
        OPENSSL_clear_free(text, MOST + MENDING);
        ERR_raise_data(ERR_LIB_SYS, why, "%s", path);
        errno = why;
        return NULL;
    }
    *n = mend_text(text, mend_narrow(text, *n), MEND_BLANKS);
    return text;
}

/* Its text as OpenSSL reads it. `*text`, `*n`: for text_close(). */
static BIO *text_open(const char *path, char **text, size_t *n)
{
    *text = text_read(path, n);
    return *text == NULL ? NULL : BIO_new_mem_buf(*text, (int) *n);
}

static void text_close(BIO *bio, char *text)
{
    BIO_free(bio);
    OPENSSL_clear_free(text, MOST + MENDING);
}

void pem_free(STACK_OF(X509) * certificates)
{
    sk_X509_pop_free(certificates, X509_free);
}

/* Until there is no other one. */
static bool certificates_read(BIO *bio, STACK_OF(X509) * certificates)
{
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)) != NULL)
        if (sk_X509_push(certificates, certificate) == 0) {
            X509_free(certificate);
            return false;
        }
    bool whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (whole && sk_X509_num(certificates) > 0)
        ERR_clear_error();
    return whole && sk_X509_num(certificates) > 0;
}

STACK_OF(X509) * pem_certificates(const char *path)
{
    char *text;
    size_t n;
    ERR_clear_error();
    BIO *bio = text_open(path, &text, &n);
    STACK_OF(X509) *certificates = bio == NULL ? NULL : sk_X509_new_null();
    int why = text == NULL ? errno : bio == NULL ? ENOMEM : 0;
    if (certificates != NULL && !certificates_read(bio, certificates)) {
        pem_free(certificates);
        certificates = NULL;
    }
    text_close(bio, text);
    errno = why;
    return certificates;
}

bool pem_trust(X509_STORE *authorities, const char *path)
{
    STACK_OF(X509) *certificates = pem_certificates(path);
    bool good = certificates != NULL;
    for (int i = 0; good && i < sk_X509_num(certificates); i++)
        good = X509_STORE_add_cert(authorities, sk_X509_value(certificates, i)) == 1;
    pem_free(certificates);
    return good;
}

bool pem_use_certificate(SSL_CTX *tls, const char *path)
{
    STACK_OF(X509) *certificates = pem_certificates(path);
    bool good = certificates != NULL && SSL_CTX_use_certificate(tls, sk_X509_value(certificates, 0)) == 1;
    for (int i = 1; good && i < sk_X509_num(certificates); i++)
        good = SSL_CTX_add1_chain_cert(tls, sk_X509_value(certificates, i)) == 1;
    pem_free(certificates);
    return good;
}

bool pem_use_key(SSL_CTX *tls, const char *path)
{
    char *text;
    size_t n;
    ERR_clear_error();
    BIO *bio = text_open(path, &text, &n);
    EVP_PKEY *key = bio == NULL ? NULL
                                : PEM_read_bio_PrivateKey(bio, NULL, SSL_CTX_get_default_passwd_cb(tls),
                                                          SSL_CTX_get_default_passwd_cb_userdata(tls));
    bool good = key != NULL && SSL_CTX_use_PrivateKey(tls, key) == 1 && SSL_CTX_check_private_key(tls) == 1;
    EVP_PKEY_free(key);
    text_close(bio, text);
    return good;
}
