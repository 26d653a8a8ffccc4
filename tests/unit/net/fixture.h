/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listener with an owner that remembers what it was told, and OpenSSL clients beside it, all in one thread: every
 * wait turns the server's loop. Certificates are made here. Include after cmocka.h.
 */
#ifndef MINGCE_TESTS_NET_FIXTURE_H
#define MINGCE_TESTS_NET_FIXTURE_H

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/compiler.h"
#include "daemon/net/listener.h"
#include "proto/wire/frame.h"

#define UNUSED   __attribute__((unused))
#define PATIENCE 10000 /* ms */
/* Turns the server until it is so. */
#define UNTIL(condition)                                                                                     \
    for (int64_t until_ = clock_monotonic_ms() + PATIENCE; !(condition); turn())                             \
    assert_true(clock_monotonic_ms() < until_)

/* ---- certificates ---- */

struct identity {
    EVP_PKEY *key;
    X509 *certificate;
};

static void extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context = {0};
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *made = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(made);
    assert_int_equal(X509_add_ext(certificate, made, -1), 1);
    X509_EXTENSION_free(made);
}

/* `by` NULL: an authority of its own. Valid from now minus a day to `seconds` from now. */
static UNUSED struct identity identity_new(const char *name, const char *usage, const struct identity *by,
                                           long seconds)
{
    static long serial;
    struct identity made = {EVP_EC_gen("P-256"), X509_new()};
    assert_non_null(made.key);
    X509_set_version(made.certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made.certificate), -86400);
    X509_gmtime_adj(X509_getm_notAfter(made.certificate), seconds);
    X509_NAME *subject = X509_get_subject_name(made.certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *) name, -1, -1, 0);
    X509_set_issuer_name(made.certificate, by == NULL ? subject : X509_get_subject_name(by->certificate));
    X509_set_pubkey(made.certificate, made.key);
    extension(made.certificate, NID_basic_constraints, by == NULL ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (usage != NULL)
        extension(made.certificate, NID_ext_key_usage, usage);
    assert_true(X509_sign(made.certificate, by == NULL ? made.key : by->key, EVP_sha256()) > 0);
    return made;
}

static UNUSED void identity_free(struct identity *identity)
{
    EVP_PKEY_free(identity->key);
    X509_free(identity->certificate);
}

/* ---- the server ---- */

struct seen {
    struct session *session; /* NULL once closed */
    uint8_t key_hash[SESSION_KEY_HASH];
    bool crowded, closed;
    int oversize, starved, flooded, frames;
    size_t bytes;
    uint8_t first[64]; /* bytes of the last frame */
    size_t last_n;
};

enum { SEEN = 256 };

static struct {
    char folder[64], certificate[96], key[96], ca[96];
    struct identity authority, server, clerk;
    struct settings settings;
    struct event_base *base;
    struct listener *listener;
    int socket;
    uint16_t port;
    struct seen seen[SEEN];
    int seen_n, open_n;
    bool unready;                     /* leaves out session_ready() */
    bool echo;                        /* answers each frame with itself */
    void (*on_frame)(struct seen *);  /* after it was noted */
    void (*on_opened)(struct seen *); /* before session_ready() */
} world;

static void turn(void)
{
    event_base_loop(world.base, EVLOOP_NONBLOCK);
    usleep(100);
}

static void say(struct session *session, const void *bytes, size_t n)
{
    uint8_t *room = session_frame(session, n);
    assert_non_null(room);
    memcpy(room, bytes, n);
}

static void on_opened(void *context, struct session *session, const uint8_t *key_hash, bool crowded)
{
    assert_ptr_equal(context, &world);
    assert_true(world.seen_n < SEEN);
    struct seen *seen = &world.seen[world.seen_n++];
    *seen = (struct seen){.session = session, .crowded = crowded};
    memcpy(seen->key_hash, key_hash, sizeof(seen->key_hash));
    session_set_owner(session, seen);
    world.open_n++;
    if (world.on_opened != NULL)
        world.on_opened(seen);
    if (!world.unready)
        session_ready(session);
}

static void on_frame(void *context, struct session *session, const uint8_t *bytes, size_t n)
{
    assert_ptr_equal(context, &world);
    struct seen *seen = session_owner(session);
    seen->frames++;
    seen->bytes += n;
    seen->last_n = n;
    memcpy(seen->first, bytes, n < sizeof(seen->first) ? n : sizeof(seen->first));
    if (world.echo)
        say(session, bytes, n);
    if (world.on_frame != NULL)
        world.on_frame(seen);
}

static void on_oversize(void *context, struct session *session)
{
    assert_ptr_equal(context, &world);
    struct seen *seen = session_owner(session);
    seen->oversize++;
    say(session, "too long", 8);
    session_close(session);
}

static void on_starved(void *context, struct session *session)
{
    assert_ptr_equal(context, &world);
    struct seen *seen = session_owner(session);
    seen->starved++;
    say(session, "too much", 8);
    session_close(session);
}

static void on_closed(void *context, struct session *session)
{
    assert_ptr_equal(context, &world);
    struct seen *seen = session_owner(session);
    assert_false(seen->closed);
    seen->closed = true;
    seen->session = NULL;
    world.open_n--;
}

static void on_flooded(void *context, struct session *session)
{
    (void) context;
    struct seen *seen = session_owner(session);
    seen->flooded++;
}

static const struct session_handlers handlers = {on_opened,  on_frame,   on_oversize,
                                                 on_starved, on_flooded, on_closed};

static UNUSED void write_pem(const char *path, X509 *certificate, EVP_PKEY *key)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    if (certificate != NULL)
        assert_int_equal(PEM_write_X509(file, certificate), 1);
    if (key != NULL)
        assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(file);
}

/* Once a program: files and identities. */
static UNUSED int world_make(void **state)
{
    (void) state;
    signal(SIGPIPE, SIG_IGN);
    snprintf(world.folder, sizeof(world.folder), P_tmpdir "/mingce-net-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    snprintf(world.certificate, sizeof(world.certificate), "%s/server.pem", world.folder);
    snprintf(world.key, sizeof(world.key), "%s/server.key", world.folder);
    snprintf(world.ca, sizeof(world.ca), "%s/ca.pem", world.folder);
    world.authority = identity_new("authority", NULL, NULL, 86400);
    world.server = identity_new("localhost", "serverAuth", &world.authority, 86400);
    world.clerk = identity_new("clerk", "clientAuth", &world.authority, 86400);
    write_pem(world.certificate, world.server.certificate, NULL);
    write_pem(world.key, NULL, world.server.key);
    write_pem(world.ca, world.authority.certificate, NULL);
    return 0;
}

static UNUSED int world_unmake(void **state)
{
    (void) state;
    unlink(world.certificate);
    unlink(world.key);
    unlink(world.ca);
    rmdir(world.folder);
    identity_free(&world.authority);
    identity_free(&world.server);
    identity_free(&world.clerk);
    return 0;
}

static UNUSED int listen_loopback(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *) &address, n), 0);
    assert_int_equal(listen(fd, 256), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *) &address, &n), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* Before each test: a server with patient limits. Change world.settings, then world_listen(). */
static UNUSED int world_open(void **state)
{
    (void) state;
    world.settings = (struct settings){
        .tls_certificate = world.certificate,
        .tls_key = world.key,
        .tls_client_ca = world.ca,
        .connections = 100,
        .frame_bytes = 1 << 20,
        .handshake_ms = PATIENCE,
        .frame_ms = PATIENCE,
    };
    world.unready = world.echo = false;
    world.on_frame = world.on_opened = NULL;
    world.seen_n = world.open_n = 0;
    world.base = event_base_new();
    assert_non_null(world.base);
    world.socket = listen_loopback(&world.port);
    world.listener = NULL;
    return 0;
}

static UNUSED void world_listen(void)
{
    world.listener = listener_new(world.base, &world.socket, 1, &world.settings, &handlers, &world);
    assert_non_null(world.listener);
}

static UNUSED int world_close(void **state)
{
    (void) state;
    listener_free(world.listener);
    for (int i = 0; i < world.seen_n; i++)
        assert_true(world.seen[i].closed);
    assert_int_equal(world.open_n, 0);
    event_base_free(world.base);
    close(world.socket);
    return 0;
}

/* ---- a client ---- */

struct client {
    SSL_CTX *context;
    SSL *ssl;
    int fd;
};

static UNUSED int dial(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(world.port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *) &address, sizeof(address)), 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static UNUSED struct client client_prepare(const struct identity *identity, const char *alpn)
{
    struct client client = {.context = SSL_CTX_new(TLS_client_method()), .fd = dial()};
    if (identity != NULL) {
        assert_int_equal(SSL_CTX_use_certificate(client.context, identity->certificate), 1);
        assert_int_equal(SSL_CTX_use_PrivateKey(client.context, identity->key), 1);
    }
    assert_int_equal(X509_STORE_add_cert(SSL_CTX_get_cert_store(client.context), world.authority.certificate),
                     1);
    SSL_CTX_set_verify(client.context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(client.context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    client.ssl = SSL_new(client.context);
    assert_non_null(client.ssl);
    if (alpn != NULL)
        SSL_set_alpn_protos(client.ssl, (const unsigned char *) alpn, (unsigned) strlen(alpn));
    SSL_set_fd(client.ssl, client.fd);
    SSL_set_connect_state(client.ssl);
    return client;
}

static UNUSED void client_close(struct client *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    close(client->fd);
    *client = (struct client){.fd = -1};
}

/* 1, or what SSL_get_error() says when it is not to be tried again. */
static UNUSED int client_done(const struct client *client, int result)
{
    if (result == 1)
        return 1;
    int error = SSL_get_error(client->ssl, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -error;
}

static UNUSED bool client_handshake(struct client *client)
{
    int done = 0;
    ERR_clear_error();
    UNTIL((done = client_done(client, SSL_do_handshake(client->ssl))) != 0);
    return done == 1;
}

/* A clerk's connection that the server has opened. */
static UNUSED struct client client_open(void)
{
    int before = world.seen_n;
    struct client client = client_prepare(&world.clerk, "\x08mingce/1");
    assert_true(client_handshake(&client));
    UNTIL(world.seen_n > before);
    return client;
}

static UNUSED struct seen *last_seen(void)
{
    assert_true(world.seen_n > 0);
    return &world.seen[world.seen_n - 1];
}

static UNUSED void client_send(struct client *client, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;
    int64_t end = clock_monotonic_ms() + PATIENCE;
    while (n > 0) {
        size_t done = 0;
        ERR_clear_error();
        assert_true(client_done(client, SSL_write_ex(client->ssl, at, n, &done)) >= 0);
        at += done;
        n -= done;
        if (done == 0)
            turn();
        assert_true(clock_monotonic_ms() < end);
    }
}

/* As much as goes out without the server's taking any; returns how much. */
static UNUSED size_t client_stuff(struct client *client, const uint8_t *bytes, size_t n)
{
    size_t sent = 0, done = 0;
    while (sent < n && SSL_write_ex(client->ssl, bytes + sent, n - sent, &done) == 1)
        sent += done;
    return sent;
}

/* Exactly n bytes; false when the connection ended before. `*why`: 0, or the SSL_get_error() of the end. */
static UNUSED bool client_receive(struct client *client, void *bytes, size_t n, int *why)
{
    uint8_t *at = bytes;
    int64_t end = clock_monotonic_ms() + PATIENCE;
    *why = 0;
    while (n > 0) {
        size_t done = 0;
        ERR_clear_error();
        int result = client_done(client, SSL_read_ex(client->ssl, at, n, &done));
        if (result < 0) {
            *why = -result;
            return false;
        }
        at += done;
        n -= done;
        if (done == 0)
            turn();
        assert_true(clock_monotonic_ms() < end);
    }
    return true;
}

/* How the connection ends: SSL_ERROR_ZERO_RETURN is a close_notify. Whatever comes before is thrown away. */
static UNUSED int client_end(struct client *client)
{
    static uint8_t waste[16384];
    int done = 0;
    for (int64_t end = clock_monotonic_ms() + PATIENCE; done >= 0;) {
        size_t n = 0;
        ERR_clear_error();
        done = client_done(client, SSL_read_ex(client->ssl, waste, sizeof(waste), &n));
        if (done == 0)
            turn();
        assert_true(clock_monotonic_ms() < end);
    }
    return -done;
}

/* Header and n bytes of `fill`; to be freed. */
static UNUSED uint8_t *framed(size_t n, int fill)
{
    uint8_t *bytes = malloc(FRAME_HEADER + n);
    assert_non_null(bytes);
    frame_put_header(bytes, (uint32_t) n);
    memset(bytes + FRAME_HEADER, fill, n);
    return bytes;
}

static UNUSED void expect_frame(struct client *client, const void *bytes, size_t n)
{
    uint8_t header[FRAME_HEADER], wanted[FRAME_HEADER], *got = malloc(n);
    int why;
    frame_put_header(wanted, (uint32_t) n);
    assert_true(client_receive(client, header, sizeof(header), &why));
    assert_memory_equal(header, wanted, sizeof(header));
    assert_true(client_receive(client, got, n, &why));
    assert_memory_equal(got, bytes, n);
    free(got);
}

#endif
