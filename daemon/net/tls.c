/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/net/tls.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <string.h>

#include "daemon/base/log.h"

static const unsigned char alpn[] = "\x08mingce/1";

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

/* The setting that is to blame, or NULL. */
static const char *load_files(SSL_CTX *context, const struct settings *settings)
{
    if (SSL_CTX_use_certificate_chain_file(context, settings->tls_certificate) != 1)
        return "tls_certificate";
    if (SSL_CTX_use_PrivateKey_file(context, settings->tls_key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return "tls_key";
    STACK_OF(X509_NAME) *authorities = SSL_load_client_CA_file(settings->tls_client_ca);
    if (authorities == NULL || SSL_CTX_load_verify_file(context, settings->tls_client_ca) != 1) {
        sk_X509_NAME_pop_free(authorities, X509_NAME_free);
        return "tls_client_ca";
    }
    SSL_CTX_set_client_CA_list(context, authorities);
    return NULL;
}

SSL_CTX *tls_context_new(const struct settings *settings)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    const char *blame = "openssl";
    if (context != NULL && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1)
        blame = load_files(context, settings);
    if (blame != NULL) {
        log_error("tls-refused", "setting=%s why=\"%s\"", blame, tls_error());
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
    /* A resumed session does not show its certificate again. */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    return context;
}

bool tls_peer_key_hash(SSL *ssl, uint8_t hash[32])
{
    X509 *certificate = SSL_get0_peer_certificate(ssl);
    unsigned char *der = NULL;
    int n = certificate == NULL ? -1 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    bool good = n > 0 && EVP_Digest(der, (size_t) n, hash, NULL, EVP_sha256(), NULL) == 1;
    OPENSSL_free(der);
    return good;
}

const char *tls_error(void)
{
    const char *why = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return why == NULL ? "unknown" : why;
}
