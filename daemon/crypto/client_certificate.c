/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/crypto/client_certificate.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "proto/file/pem.h"
#include "proto/tlog/sha256.h"

enum { CHAIN_DEPTH = 4, STRENGTH = 2 }; /* certificates above the own; OpenSSL's level, as TLS has it */

static bool same_key(const X509 *one, const X509 *other)
{
    return EVP_PKEY_eq(X509_get0_pubkey(one), X509_get0_pubkey(other)) == 1;
}

static bool is_among(const X509 *own, X509_STORE *authorities)
{
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(authorities);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        const X509 *authority = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
        if (authority != NULL && same_key(own, authority))
            return true;
    }
    return false;
}

static bool is_servers(const X509 *own, const char *server)
{
    STACK_OF(X509) *chain = pem_certificates(server);
    bool found = chain != NULL && same_key(own, sk_X509_value(chain, 0));
    pem_free(chain);
    return found;
}

/* Behind the own only authorities: another person's in the same file is a mistake. */
static bool has_others(const STACK_OF(X509) * chain)
{
    for (int i = 1; i < sk_X509_num(chain); i++)
        if (X509_check_ca(sk_X509_value(chain, i)) == 0)
            return true;
    return false;
}

static enum reason reason_of(int error)
{
    switch (error) {
    case X509_V_OK:
        return REASON_NONE;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return REASON_CLIENT_CERTIFICATE_EXPIRED;
    case X509_V_ERR_INVALID_PURPOSE:
        return REASON_CLIENT_CERTIFICATE_PURPOSE;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return REASON_CLIENT_CERTIFICATE_SELF_SIGNED;
    default:
        return REASON_CLIENT_CERTIFICATE_UNTRUSTED;
    }
}

/* As TLS verifies a client, with the chain that came along. */
static enum reason verify(const STACK_OF(X509) * chain, X509_STORE *authorities)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) *others = sk_X509_dup(chain);
    enum reason reason = REASON_MEMORY;
    if (context != NULL && others != NULL &&
        X509_STORE_CTX_init(context, authorities, sk_X509_value(chain, 0), others) == 1) {
        X509_STORE_CTX_set_default(context, "ssl_client");
        X509_VERIFY_PARAM_set_depth(X509_STORE_CTX_get0_param(context), CHAIN_DEPTH);
        X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), STRENGTH);
        reason = X509_verify_cert(context) == 1 ? REASON_NONE : reason_of(X509_STORE_CTX_get_error(context));
    }
    X509_STORE_CTX_free(context);
    sk_X509_free(others);
    return reason;
}

/* That it says so: without an extended key usage a certificate is for nothing in particular. */
static bool for_clients(X509 *own)
{
    uint32_t usage = X509_get_extended_key_usage(own);
    return usage != UINT32_MAX && (usage & XKU_SSL_CLIENT) != 0;
}

static enum reason judge(const STACK_OF(X509) * chain, const struct settings *settings,
                         X509_STORE *authorities)
{
    X509 *own = sk_X509_value(chain, 0);
    if (!pem_trust(authorities, settings->tls_client_ca))
        return REASON_CLIENT_CERTIFICATE_UNCHECKED;
    if (is_among(own, authorities))
        return REASON_CLIENT_CERTIFICATE_AUTHORITY;
    if (X509_self_signed(own, 0) == 1)
        return REASON_CLIENT_CERTIFICATE_SELF_SIGNED;
    if (X509_check_ca(own) != 0)
        return REASON_CLIENT_CERTIFICATE_AUTHORITY;
    if (is_servers(own, settings->tls_certificate))
        return REASON_CLIENT_CERTIFICATE_SERVER;
    if (has_others(chain))
        return REASON_CLIENT_CERTIFICATE_SEVERAL;
    enum reason reason = verify(chain, authorities);
    return reason == REASON_NONE && !for_clients(own) ? REASON_CLIENT_CERTIFICATE_PURPOSE : reason;
}

enum reason client_certificate_judge(const STACK_OF(X509) * chain, const struct settings *settings,
                                     uint8_t key_hash[32])
{
    unsigned char *der = NULL;
    X509_STORE *authorities = X509_STORE_new();
    if (chain == NULL || sk_X509_num(chain) == 0 || sk_X509_num(chain) > CLIENT_CERTIFICATES) {
        X509_STORE_free(authorities);
        return REASON_CLIENT_CERTIFICATE_FORMAT;
    }
    enum reason reason = authorities == NULL ? REASON_MEMORY : judge(chain, settings, authorities);
    int n = reason != REASON_NONE ? 0 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(sk_X509_value(chain, 0)), &der);
    if (n > 0)
        sha256(der, (size_t) n, key_hash);
    else if (reason == REASON_NONE)
        reason = REASON_MEMORY;
    OPENSSL_free(der);
    X509_STORE_free(authorities);
    ERR_clear_error();
    return reason;
}
