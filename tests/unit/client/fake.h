/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that does what a test tells it: a process of its own, TLS with the certificates of tests/unit/net/fixture.h
 * and hand-made frames. What it expects in vain ends it, and the test fails in fake_end(). Include after cmocka.h.
 */
#ifndef MINGCE_TESTS_CLIENT_FAKE_H
#define MINGCE_TESTS_CLIENT_FAKE_H

#include <poll.h>
#include <sys/wait.h>

#include "client/libmingce/mingce.h"
#include "proto/filing.pb-c.h"
#include "proto/roster.pb-c.h"
#include "proto/wire.pb-c.h"
#include "tests/unit/client/files.h"
#include "tests/unit/net/fixture.h"

enum { FAKE_S = 30 /* a server that waits for longer has failed */, ALPN_NONE = 0, ALPN_REFUSED, ALPN_OURS };

static struct {
    /* change before fake_serve() */
    const struct identity *identity, *client_authority; /* NULL: no certificate is asked for */
    int alpn;
    uint32_t protocol, frame_bytes, in_flight;
    struct mingce_options options; /* the client's */

    char address[32], certificate[FILES_PATH], key[FILES_PATH];
    int socket;
    pid_t pid;
    SSL_CTX *tls;
} fake;

/* In the server. */
#define NEED(condition)                                                                                      \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            dprintf(STDERR_FILENO, "fake server, line %d: %s\n", __LINE__, #condition);                      \
            _exit(1);                                                                                        \
        }                                                                                                    \
    } while (0)

/* ---- making ---- */

static UNUSED int fake_make(void **state)
{
    uint16_t port;
    int status = files_make(state);
    memset(&fake, 0, sizeof(fake));
    fake.socket = listen_loopback(&port);
    fcntl(fake.socket, F_SETFL, 0); /* the server's accept() waits */
    fake.identity = &world.server;
    fake.client_authority = &world.authority;
    fake.alpn = ALPN_OURS;
    fake.protocol = 1;
    fake.frame_bytes = 1 << 20;
    fake.in_flight = 64;
    snprintf(fake.address, sizeof(fake.address), "127.0.0.1:%u", port);
    snprintf(fake.certificate, sizeof(fake.certificate), "%s", file_path("clerk.pem"));
    snprintf(fake.key, sizeof(fake.key), "%s", file_path("clerk.key"));
    write_pem(fake.certificate, world.clerk.certificate, NULL);
    write_pem(fake.key, NULL, world.clerk.key);
    fake.options = (struct mingce_options){.server = fake.address,
                                           .server_name = "localhost",
                                           .ca = world.ca,
                                           .certificate = fake.certificate,
                                           .key = fake.key,
                                           .patience_ms = 20000};
    return status;
}

static UNUSED int fake_unmake(void **state)
{
    if (fake.pid > 0) { /* the test has failed before fake_end() */
        kill(fake.pid, SIGKILL);
        waitpid(fake.pid, NULL, 0);
    }
    if (fake.socket >= 0)
        close(fake.socket);
    return files_unmake(state);
}

static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_n, const unsigned char *in,
                       unsigned in_n, void *context)
{
    static const unsigned char ours[] = "mingce/1";
    (void) ssl;
    (void) context;
    NEED(in_n == sizeof(ours) && in[0] == sizeof(ours) - 1 && memcmp(in + 1, ours, sizeof(ours) - 1) == 0);
    if (fake.alpn == ALPN_REFUSED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = ours;
    *out_n = sizeof(ours) - 1;
    return fake.alpn == ALPN_NONE ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_OK;
}

static void fake_tls(void)
{
    fake.tls = SSL_CTX_new(TLS_server_method());
    NEED(fake.tls != NULL);
    NEED(SSL_CTX_use_certificate(fake.tls, fake.identity->certificate) == 1);
    NEED(SSL_CTX_use_PrivateKey(fake.tls, fake.identity->key) == 1);
    SSL_CTX_set_alpn_select_cb(fake.tls, choose_alpn, NULL);
    if (fake.client_authority == NULL)
        return;
    SSL_CTX_set_verify(fake.tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(fake.tls), fake.client_authority->certificate);
}

/* Starts the server, which does `script` and ends. */
static UNUSED void fake_serve(void (*script)(void))
{
    fflush(NULL);
    fake.pid = fork();
    assert_true(fake.pid >= 0);
    if (fake.pid > 0)
        return;
    alarm(FAKE_S);
    fake_tls();
    script();
    _exit(0);
}

/* The server has done all of its script, and nothing failed in it. */
static UNUSED void fake_end(void)
{
    int status = -1;
    pid_t pid = fake.pid;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    fake.pid = 0;
    assert_int_equal(status, 0);
}

/* ---- in the server: connections and frames ---- */

static UNUSED int take_tcp(void)
{
    int fd = accept(fake.socket, NULL, NULL);
    NEED(fd >= 0);
    return fd;
}

/* The next connection; NULL: the handshake fails. */
static UNUSED SSL *take_tls(void)
{
    SSL *ssl = SSL_new(fake.tls);
    NEED(ssl != NULL && SSL_set_fd(ssl, take_tcp()) == 1);
    if (SSL_accept(ssl) == 1)
        return ssl;
    close(SSL_get_fd(ssl));
    SSL_free(ssl);
    return NULL;
}

static UNUSED void put_bytes(SSL *ssl, const void *bytes, size_t n)
{
    size_t done;
    NEED(SSL_write_ex(ssl, bytes, n, &done) == 1 && done == n);
}

static UNUSED void put_message(SSL *ssl, const ProtobufCMessage *message)
{
    size_t n = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(FRAME_HEADER + n);
    NEED(bytes != NULL);
    frame_put_header(bytes, (uint32_t) n);
    protobuf_c_message_pack(message, bytes + FRAME_HEADER);
    put_bytes(ssl, bytes, FRAME_HEADER + n);
    free(bytes);
}

static UNUSED void put_hello(SSL *ssl)
{
    static uint8_t id[16] = {1};
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    Mingce__V1__Hello hello = MINGCE__V1__HELLO__INIT;
    Mingce__V1__Limits limits = MINGCE__V1__LIMITS__INIT;
    Mingce__V1__Caller caller = MINGCE__V1__CALLER__INIT;
    Mingce__V1__Organisation organisation = MINGCE__V1__ORGANISATION__INIT;
    frame.kind_case = MINGCE__V1__FRAME__KIND_HELLO;
    frame.hello = &hello;
    hello.protocol = fake.protocol;
    hello.limits = &limits;
    limits.frame_bytes = fake.frame_bytes;
    limits.in_flight = fake.in_flight;
    limits.deadline_ms = 30000;
    limits.roster_rows = limits.page_rows = 100;
    hello.caller = &caller;
    caller.operator_id = (ProtobufCBinaryData){sizeof(id), id};
    caller.name = (char[]){"周某"};
    caller.organisation = &organisation;
    organisation.code = organisation.division = (char[]){"0"};
    organisation.name = (char[]){"某校"};
    organisation.kind = MINGCE__V1__ORGANISATION_KIND__KIND_INSTITUTION;
    organisation.status = MINGCE__V1__ORGANISATION_STATUS__STATUS_ACTIVE;
    put_message(ssl, &frame.base);
}

static UNUSED SSL *greet(void)
{
    SSL *ssl = take_tls();
    NEED(ssl != NULL);
    put_hello(ssl);
    return ssl;
}

/* False: the connection ends before the first byte. */
static UNUSED bool get_bytes(SSL *ssl, void *bytes, size_t n)
{
    uint8_t *at = bytes;
    size_t done = 0;
    for (size_t left = n; left > 0; at += done, left -= done)
        if (SSL_read_ex(ssl, at, left, &done) != 1) {
            NEED(left == n);
            return false;
        }
    return true;
}

/* The next frame's request; NULL: the client is gone. */
static UNUSED Mingce__V1__Frame *get_request(SSL *ssl)
{
    uint8_t header[FRAME_HEADER];
    if (!get_bytes(ssl, header, sizeof(header)))
        return NULL;
    size_t n = (size_t) header[0] << 24 | (size_t) header[1] << 16 | (size_t) header[2] << 8 | header[3];
    uint8_t *bytes = malloc(n);
    NEED(bytes != NULL && get_bytes(ssl, bytes, n));
    Mingce__V1__Frame *frame = mingce__v1__frame__unpack(NULL, n, bytes);
    NEED(frame != NULL && frame->kind_case == MINGCE__V1__FRAME__KIND_REQUEST);
    free(bytes);
    return frame;
}

static UNUSED Mingce__V1__Request *need_request(SSL *ssl)
{
    Mingce__V1__Frame *frame = get_request(ssl);
    NEED(frame != NULL);
    return frame->request;
}

/* The number that ask() has sent. */
static UNUSED uint64_t asked(const Mingce__V1__Request *request)
{
    Mingce__V1__ClassShowRequest *show =
        mingce__v1__class_show_request__unpack(NULL, request->body.len, request->body.data);
    NEED(show != NULL);
    uint64_t number = show->number;
    mingce__v1__class_show_request__free_unpacked(show, NULL);
    return number;
}

static UNUSED void put_body(SSL *ssl, uint64_t id, const ProtobufCMessage *message)
{
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    Mingce__V1__Response response = MINGCE__V1__RESPONSE__INIT;
    frame.kind_case = MINGCE__V1__FRAME__KIND_RESPONSE;
    frame.response = &response;
    response.id = id;
    response.outcome_case = MINGCE__V1__RESPONSE__OUTCOME_BODY;
    response.body.len = protobuf_c_message_get_packed_size(message);
    response.body.data = malloc(response.body.len + 1);
    NEED(response.body.data != NULL);
    protobuf_c_message_pack(message, response.body.data);
    put_message(ssl, &frame.base);
    free(response.body.data);
}

/* Answers with the number that was asked for. */
static UNUSED void put_answer(SSL *ssl, const Mingce__V1__Request *request)
{
    Mingce__V1__ClassOpenResponse answer = MINGCE__V1__CLASS_OPEN_RESPONSE__INIT;
    answer.number = asked(request);
    put_body(ssl, request->id, &answer.base);
}

/* An error about the fields "title" and "capacity" as a response; `id` 0: as a goodbye. */
static UNUSED void put_error(SSL *ssl, uint64_t id, Mingce__V1__Code code, const char *reason)
{
    char text[64];
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    Mingce__V1__Response response = MINGCE__V1__RESPONSE__INIT;
    Mingce__V1__Goodbye goodbye = MINGCE__V1__GOODBYE__INIT;
    Mingce__V1__Error error = MINGCE__V1__ERROR__INIT;
    Mingce__V1__Finding one = MINGCE__V1__FINDING__INIT, other = MINGCE__V1__FINDING__INIT;
    Mingce__V1__Finding *findings[] = {&one, &other};
    snprintf(text, sizeof(text), "%s", reason);
    error.code = code;
    error.reason = error.en = one.reason = one.en = other.reason = other.en = text;
    error.zh = one.zh = other.zh = (char[]){"请改正"};
    error.n_finding = 2;
    error.finding = findings;
    one.severity = other.severity = MINGCE__V1__SEVERITY__SEVERITY_REFUSAL;
    one.field = (char[]){"title"};
    other.field = (char[]){"capacity"};
    frame.kind_case = id == 0 ? MINGCE__V1__FRAME__KIND_GOODBYE : MINGCE__V1__FRAME__KIND_RESPONSE;
    response.id = id;
    response.outcome_case = MINGCE__V1__RESPONSE__OUTCOME_ERROR;
    response.error = goodbye.error = &error;
    if (id == 0)
        frame.goodbye = &goodbye;
    else
        frame.response = &response;
    put_message(ssl, &frame.base);
}

/* The connection ends, with or without TLS's goodbye. */
static UNUSED void drop(SSL *ssl, bool politely)
{
    if (politely)
        SSL_shutdown(ssl);
    close(SSL_get_fd(ssl));
    SSL_free(ssl);
}

/* Nothing more comes until the client closes. */
static UNUSED void need_end(SSL *ssl)
{
    NEED(get_request(ssl) == NULL);
    drop(ssl, true);
}

/* ---- in the client ---- */

static UNUSED struct mingce *open_good(void)
{
    struct mingce_error error;
    struct mingce *mingce = mingce_open(&fake.options, &error);
    if (mingce == NULL)
        fail_msg("%s (%s)", error.en, error.detail);
    return mingce;
}

static UNUSED void expect_error(const struct mingce_error *error, enum mingce_status status,
                                const char *reason)
{
    assert_string_equal(error->reason, reason);
    assert_int_equal(error->status, status);
    assert_true(error->zh[0] != '\0' && error->en[0] != '\0');
}

static UNUSED void open_refused(enum mingce_status status, const char *reason)
{
    struct mingce_error error;
    assert_null(mingce_open(&fake.options, &error));
    expect_error(&error, status, reason);
}

static UNUSED struct mingce_call *ask(struct mingce *mingce, uint64_t number, const uint8_t *request_id)
{
    Mingce__V1__ClassShowRequest request = MINGCE__V1__CLASS_SHOW_REQUEST__INIT;
    struct mingce_error error;
    request.number = number;
    struct mingce_call *call = mingce_begin(mingce, "class.show", &request.base, request_id, &error);
    assert_non_null(call);
    return call;
}

static UNUSED void expect_answer(struct mingce *mingce, struct mingce_call *call, uint64_t number)
{
    struct mingce_error error;
    ProtobufCMessage *answer =
        mingce_wait(mingce, call, &mingce__v1__class_open_response__descriptor, &error);
    if (answer == NULL)
        fail_msg("%s: %s (%s)", error.reason, error.en, error.detail);
    assert_int_equal(error.status, MINGCE_OK);
    assert_int_equal(((const Mingce__V1__ClassOpenResponse *) answer)->number, number);
    protobuf_c_message_free_unpacked(answer, NULL);
}

static UNUSED void expect_no_answer(struct mingce *mingce, struct mingce_call *call,
                                    enum mingce_status status, const char *reason)
{
    struct mingce_error error;
    assert_null(mingce_wait(mingce, call, &mingce__v1__class_open_response__descriptor, &error));
    expect_error(&error, status, reason);
}

#endif
