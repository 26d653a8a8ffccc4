/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/net/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "proto/file/pem.h"
#include "proto/tlog/sha256.h"

enum {
    CHAIN_DEPTH = 4,         /* certificates above a client's own */
    CHAIN_BYTES = 32 * 1024, /* of certificates that a stranger may make us parse */
};

static const unsigned char alpn[] = "\x08mingce/1";

/* ---- the context ---- */

static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
                       unsigned in_n, void *context)
{
    (void) ssl, (void) context;
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, out_n, alpn, sizeof(alpn) - 1, in, in_n) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* choose_alpn() is not asked when a client offers nothing. */
static int require_alpn(SSL *ssl, int *alert, void *context)
{
    (void) context;
    const unsigned char *extension;
    size_t n;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &extension, &n) ==
        1)
        return SSL_CLIENT_HELLO_SUCCESS;
    *alert = SSL_AD_NO_APPLICATION_PROTOCOL;
    return SSL_CLIENT_HELLO_ERROR;
}

/* A key with a passphrase is an error; OpenSSL would ask the terminal. */
static int no_passphrase(char *out, int n, int writing, void *context)
{
    (void) out, (void) n, (void) writing, (void) context;
    return -1;
}

/* Of these authorities: each client is told of them when it is asked for its certificate. */
static bool trust_clients(SSL_CTX *context, const char *path)
{
    STACK_OF(X509) *authorities = pem_certificates(path);
    bool good = authorities != NULL && pem_trust(SSL_CTX_get_cert_store(context), path);
    for (int i = 0; good && i < sk_X509_num(authorities); i++)
        good = SSL_CTX_add_client_CA(context, sk_X509_value(authorities, i)) == 1;
    pem_free(authorities);
    return good;
}

/* The setting that is to blame, or NULL. */
static const char *load_files(SSL_CTX *context, const struct settings *settings)
{
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    if (!pem_use_certificate(context, settings->tls_certificate))
        return "tls_certificate";
    if (!pem_use_key(context, settings->tls_key))
        return "tls_key";
    return trust_clients(context, settings->tls_client_ca) ? NULL : "tls_client_ca";
}

static void set_rules(SSL_CTX *context)
{
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_verify_depth(context, CHAIN_DEPTH);
    SSL_CTX_set_max_cert_list(context, CHAIN_BYTES);
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
    SSL_CTX_set_client_hello_cb(context, require_alpn, NULL);
    /* A resumed session does not show its certificate again. */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    /* Frames say how long they are: a connection cut short is noticed without a close_notify. */
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    /* A peer that sends nothing but key updates must not keep tls_read() busy for as long as it likes. */
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_read_ahead(context, 1); /* header and body of a record in one system call */
}

static void note_end(SSL_CTX *context)
{
    struct tm end;
    const X509 *certificate = SSL_CTX_get0_certificate(context);
    if (certificate != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1)
        metrics_set(METRIC_CERTIFICATE_SECONDS, (uint64_t) timegm(&end));
}

/* A context with the files, without rules. NULL: the setting to blame, and why. */
static SSL_CTX *context_of_files(const struct settings *settings, const char **setting, const char **why)
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    *setting = "none";
    if (context != NULL && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1)
        *setting = load_files(context, settings);
    if (*setting == NULL)
        return context;
    unsigned long error = ERR_peek_last_error();
    *why = ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error)) : ERR_reason_error_string(error);
    *why = *why == NULL ? "cannot be used" : *why;
    SSL_CTX_free(context);
    ERR_clear_error();
    return NULL;
}

bool tls_files_good(const struct settings *settings, const char **setting, const char **why)
{
    SSL_CTX *context = context_of_files(settings, setting, why);
    SSL_CTX_free(context);
    return context != NULL;
}

SSL_CTX *tls_context_new(const struct settings *settings)
{
    const char *setting, *why;
    SSL_CTX *context = context_of_files(settings, &setting, &why);
    if (context == NULL) {
        log_error("tls-refused", "setting=%s why=\"%s\"", setting, why);
        return NULL;
    }
    set_rules(context);
    note_end(context);
    return context;
}

SSL *tls_new(SSL_CTX *context, int fd)
{
    ERR_clear_error();
    SSL *ssl = SSL_new(context);
    if (ssl == NULL || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        return NULL;
    }
    SSL_set_accept_state(ssl);
    return ssl;
}

/* ---- I/O ---- */

static enum tls_result result_of(const SSL *ssl, int returned)
{
    switch (SSL_get_error(ssl, returned)) {
    case SSL_ERROR_NONE:
        return TLS_DONE;
    case SSL_ERROR_WANT_READ:
        return TLS_WANT_READ;
    case SSL_ERROR_WANT_WRITE:
        return TLS_WANT_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return TLS_ENDED;
    case SSL_ERROR_SYSCALL:
        return errno == 0 ? TLS_ENDED : TLS_FAILED;
    default:
        return TLS_FAILED;
    }
}

static void begin(void)
{
    ERR_clear_error();
    errno = 0;
}

enum tls_result tls_handshake(SSL *ssl)
{
    begin();
    return result_of(ssl, SSL_do_handshake(ssl));
}

enum tls_result tls_read(SSL *ssl, void *bytes, size_t n, size_t *done)
{
    *done = 0;
    begin();
    return result_of(ssl, SSL_read_ex(ssl, bytes, n, done));
}

enum tls_result tls_write(SSL *ssl, const void *bytes, size_t n, size_t *done)
{
    *done = 0;
    begin();
    return result_of(ssl, SSL_write_ex(ssl, bytes, n, done));
}

enum tls_result tls_goodbye(SSL *ssl)
{
    begin();
    int returned = SSL_shutdown(ssl);
    return returned >= 0 ? TLS_DONE : result_of(ssl, returned); /* 0: ours is out, the peer's not in */
}

bool tls_holds(const SSL *ssl)
{
    return SSL_has_pending(ssl) == 1;
}

/* ---- the peer ---- */

bool tls_key_hash(const SSL *ssl, uint8_t hash[32])
{
    const X509 *certificate = SSL_get0_peer_certificate(ssl);
    unsigned char *der = NULL;
    int n = certificate == NULL ? -1 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (n > 0)
        sha256(der, (size_t) n, hash);
    OPENSSL_free(der);
    return n > 0;
}

struct word {
    long code;
    const char *word;
};

static const struct word verify_words[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, "certificate-expired"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "certificate-not-yet-valid"},
    {X509_V_ERR_INVALID_PURPOSE, "certificate-purpose"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "certificate-unknown-authority"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "certificate-unknown-authority"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "certificate-unknown-authority"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "certificate-unknown-authority"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "certificate-unknown-authority"},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, "certificate-forged"},
};

static const struct word reason_words[] = {
    {SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, "certificate-missing"},
    {SSL_R_UNSUPPORTED_PROTOCOL, "tls-version"},
    {SSL_R_NO_APPLICATION_PROTOCOL, "no-common-protocol"},
    {SSL_R_CALLBACK_FAILED, "no-common-protocol"}, /* require_alpn() */
    {SSL_R_NO_SHARED_CIPHER, "no-common-cipher"},
    {SSL_R_WRONG_VERSION_NUMBER, "not-tls"},
    {SSL_R_HTTP_REQUEST, "not-tls"},
    {SSL_R_HTTPS_PROXY_REQUEST, "not-tls"},
    {SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, "record-forged"},
    {ERR_R_MALLOC_FAILURE, "out-of-memory"},
};

static const char *word_for(const struct word *words, size_t n, long code, const char *otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (words[i].code == code)
            return words[i].word;
    return otherwise;
}

const char *tls_why(const SSL *ssl)
{
    unsigned long error = ERR_peek_error();
    long verified = SSL_get_verify_result(ssl);
    int reason = ERR_GET_REASON(error);
    if (error == 0 || ERR_GET_LIB(error) == ERR_LIB_SYS)
        return "connection-lost";
    if (verified != X509_V_OK)
        return word_for(verify_words, ARRAY_SIZE(verify_words), verified, "certificate-refused");
    if (reason >= SSL_AD_REASON_OFFSET && reason <= SSL_AD_REASON_OFFSET + UINT8_MAX)
        return "peer-alert";
    return word_for(reason_words, ARRAY_SIZE(reason_words), reason, "protocol-error");
}
