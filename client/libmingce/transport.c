/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client/libmingce/internal.h"
#include "proto/file/pem.h"

static const unsigned char alpn[] = "\x08mingce/1";

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

SSL_CTX *transport_context(const struct mingce_options *options, struct mingce_error *error)
{
    ERR_clear_error();
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    enum local_reason wrong = LOCAL_MEMORY;
    const char *file = NULL;
    if (tls == NULL || SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_alpn_protos(tls, alpn, sizeof(alpn) - 1) != 0)
        goto failed;
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    wrong = LOCAL_AUTHORITY;
    file = options->ca;
    if (file == NULL || !pem_trust(SSL_CTX_get_cert_store(tls), file))
        goto failed;
    wrong = LOCAL_CERTIFICATE;
    file = options->certificate;
    if (file == NULL || !pem_use_certificate(tls, file))
        goto failed;
    wrong = LOCAL_KEY;
    file = options->key;
    if (file == NULL || !pem_use_key(tls, file))
        goto failed;
    return tls;
failed:
    SSL_CTX_free(tls);
    error_local(error, wrong, file);
    return NULL;
}

/* Splits "host:port" or "[::1]:7443"; the brackets are removed. */
static bool address_split(const char *address, char host[HOST_BYTES], const char **port)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon == address || colon[1] == '\0')
        return false;
    size_t n = (size_t) (colon - address);
    if (address[0] == '[' && address[n - 1] == ']') {
        address++;
        n -= 2;
    }
    if (n == 0 || n >= HOST_BYTES)
        return false;
    memcpy(host, address, n);
    host[n] = '\0';
    *port = colon + 1;
    return true;
}

bool transport_wait(const struct transport *transport, short want, int64_t until_ms)
{
    struct pollfd poll_fd = {.fd = transport->fd, .events = want};
    for (;;) {
        int64_t left = until_ms - now_ms();
        int ready = poll(&poll_fd, transport->fd >= 0, left <= 0 ? 0 : left > 60000 ? 60000 : (int) left);
        if (ready > 0)
            return true;
        if ((ready < 0 && errno != EINTR) || now_ms() >= until_ms)
            return false;
    }
}

static bool connect_one(struct transport *transport, const struct addrinfo *address, int64_t until_ms)
{
    int problem = 0, one = 1;
    socklen_t n = sizeof(problem);
    transport->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (transport->fd < 0)
        return false;
    setsockopt(transport->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (connect(transport->fd, address->ai_addr, address->ai_addrlen) == 0)
        return true;
    problem = errno;
    if (problem == EINPROGRESS && !transport_wait(transport, POLLOUT, until_ms))
        problem = ETIMEDOUT;
    else if (problem == EINPROGRESS && getsockopt(transport->fd, SOL_SOCKET, SO_ERROR, &problem, &n) != 0)
        problem = errno;
    if (problem == 0)
        return true;
    close(transport->fd);
    transport->fd = -1;
    errno = problem;
    return false;
}

struct addrinfo *transport_addresses(const char *server, char host[HOST_BYTES], struct mingce_error *error)
{
    static const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    const char *port;
    char detail[HOST_BYTES + 128];
    if (server == NULL || !address_split(server, host, &port)) {
        error_local(error, LOCAL_ADDRESS, server);
        return NULL;
    }
    int problem = getaddrinfo(host, port, &wanted, &found);
    if (problem == 0)
        return found;
    snprintf(detail, sizeof(detail), "%s: %s", host, gai_strerror(problem));
    error_local(error, LOCAL_CONNECT, detail);
    return NULL;
}

/* Makes an error of what the TLS library says. A server that refuses our certificate sends an alert, which arrives with the first
 * read. */
static bool tls_failed(const struct transport *transport, struct mingce_error *error)
{
    char detail[256];
    unsigned long code = ERR_peek_error();
    long verified = SSL_get_verify_result(transport->ssl);
    if (verified != X509_V_OK)
        return error_local(error, LOCAL_SERVER_NAME, X509_verify_cert_error_string(verified));
    int reason = ERR_GET_REASON(code);
    if (ERR_GET_LIB(code) != ERR_LIB_SSL || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return error_local(error, LOCAL_LOST, NULL);
    ERR_error_string_n(code, detail, sizeof(detail));
    switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR: /* there is an authority of the same name with another key */
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
        return error_local(error, LOCAL_CERTIFICATE_REFUSED, detail);
    default:
        return error_local(error, LOCAL_PROTOCOL, detail);
    }
}

/* Finds what an OpenSSL call that moved nothing waits for. False: the connection is over. */
static bool wants(struct transport *transport, int result, short *want, struct mingce_error *error)
{
    switch (SSL_get_error(transport->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        *want = POLLIN;
        return true;
    case SSL_ERROR_WANT_WRITE:
        *want = POLLOUT;
        return true;
    case SSL_ERROR_SSL:
        return tls_failed(transport, error);
    default:
        return error_local(error, LOCAL_LOST, NULL);
    }
}

static bool handshake(struct transport *transport, int64_t until_ms, struct mingce_error *error)
{
    const unsigned char *chosen = NULL;
    unsigned chosen_n = 0;
    for (;;) {
        short want = POLLIN;
        ERR_clear_error();
        int result = SSL_connect(transport->ssl);
        if (result == 1)
            break;
        if (!wants(transport, result, &want, error))
            return false;
        if (!transport_wait(transport, want, until_ms))
            return error_local(error, LOCAL_NO_ANSWER, NULL);
    }
    SSL_get0_alpn_selected(transport->ssl, &chosen, &chosen_n);
    if (chosen_n != sizeof(alpn) - 2 || memcmp(chosen, alpn + 1, chosen_n) != 0)
        return error_local(error, LOCAL_PROTOCOL, NULL);
    return true;
}

/* The certificate must have the name or the address in it. A name is also sent as SNI. */
static bool expect_name(SSL *ssl, const char *name)
{
    char host[HOST_BYTES]; /* OpenSSL's macro takes the const away */
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1)
        return true;
    int n = snprintf(host, sizeof(host), "%s", name);
    return n >= 0 && n < HOST_BYTES && SSL_set1_host(ssl, host) == 1 &&
           SSL_set_tlsext_host_name(ssl, host) == 1;
}

bool transport_open(struct transport *transport, SSL_CTX *tls, const struct mingce_options *options,
                    const char *host, const struct addrinfo *address, int64_t until_ms,
                    struct mingce_error *error)
{
    char detail[HOST_BYTES + 128];
    *transport = (struct transport){.fd = -1};
    if (!connect_one(transport, address, until_ms)) {
        snprintf(detail, sizeof(detail), "%s: %s", host, strerror(errno));
        return error_local(error, LOCAL_CONNECT, detail);
    }
    transport->ssl = SSL_new(tls);
    bool good = transport->ssl != NULL && SSL_set_fd(transport->ssl, transport->fd) == 1 &&
                expect_name(transport->ssl, options->server_name == NULL ? host : options->server_name);
    if (!good)
        error_local(error, LOCAL_MEMORY, NULL);
    if (good && handshake(transport, until_ms, error))
        return true;
    transport_close(transport);
    return false;
}

void transport_close(struct transport *transport)
{
    if (transport->ssl != NULL && SSL_is_init_finished(transport->ssl)) {
        ERR_clear_error();
        SSL_shutdown(transport->ssl);
    }
    SSL_free(transport->ssl);
    if (transport->fd >= 0)
        close(transport->fd);
    *transport = (struct transport){.fd = -1};
}

int transport_read(struct transport *transport, void *bytes, size_t n, short *want,
                   struct mingce_error *error)
{
    ERR_clear_error();
    int moved = SSL_read(transport->ssl, bytes, n > INT32_MAX ? INT32_MAX : (int) n);
    return moved > 0 ? moved : wants(transport, moved, want, error) ? 0 : -1;
}

int transport_write(struct transport *transport, const void *bytes, size_t n, short *want,
                    struct mingce_error *error)
{
    ERR_clear_error();
    int moved = SSL_write(transport->ssl, bytes, n > INT32_MAX ? INT32_MAX : (int) n);
    return moved > 0 ? moved : wants(transport, moved, want, error) ? 0 : -1;
}
