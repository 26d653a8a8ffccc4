/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a connection with libmingce: the Hello, who is trusted on both sides, what is wrong with files and addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/client/fake.h"

static void serve_one(void)
{
    SSL *ssl = greet();
    put_answer(ssl, need_request(ssl));
    need_end(ssl);
}

static void serve_hello(void)
{
    need_end(greet());
}

static void expect_good_call(void)
{
    fake_serve(serve_one);
    struct mingce *mingce = open_good();
    expect_answer(mingce, ask(mingce, 1, NULL), 1);
    mingce_close(mingce);
    fake_end();
}

/* ---- the Hello ---- */

static void hello_says_who_we_are_and_what_is_allowed(void **state)
{
    (void) state;
    fake.frame_bytes = 12345;
    fake.in_flight = 7;
    fake_serve(serve_hello);
    struct mingce *mingce = open_good();
    const Mingce__V1__Hello *hello = mingce_hello(mingce);
    assert_int_equal(hello->protocol, 1);
    assert_int_equal(hello->limits->frame_bytes, 12345);
    assert_int_equal(hello->limits->in_flight, 7);
    assert_string_equal(hello->caller->name, "周某");
    assert_string_equal(hello->caller->organisation->name, "某校");
    mingce_close(mingce);
    fake_end();
}

/* The server of the second connection takes fewer at a time. */
static void serve_other_limits(void)
{
    SSL *ssl = greet();
    need_request(ssl);
    drop(ssl, false);
    fake.in_flight = 1;
    serve_one();
}

static void the_last_hello_counts(void **state)
{
    (void) state;
    fake_serve(serve_other_limits);
    struct mingce *mingce = open_good();
    assert_int_equal(mingce_hello(mingce)->limits->in_flight, 64);
    expect_answer(mingce, ask(mingce, 1, NULL), 1);
    assert_int_equal(mingce_hello(mingce)->limits->in_flight, 1);
    mingce_close(mingce);
    fake_end();
}

static void another_protocol_is_refused(void **state)
{
    (void) state;
    fake.protocol = 2;
    fake_serve(serve_hello);
    open_refused(MINGCE_UNREACHABLE, "protocol");
    fake_end();
}

static void serve_goodbye(void)
{
    SSL *ssl = take_tls();
    NEED(ssl != NULL);
    put_error(ssl, 0, MINGCE__V1__CODE__CODE_UNAUTHENTICATED, "operator-unknown");
    drop(ssl, true);
}

static void a_goodbye_instead_of_hello_is_told(void **state)
{
    (void) state;
    fake_serve(serve_goodbye);
    open_refused(MINGCE_REFUSED, "operator-unknown");
    fake_end();
}

static void serve_crowded_twice(void)
{
    for (int i = 0; i < 2; i++) {
        SSL *ssl = take_tls();
        NEED(ssl != NULL);
        put_error(ssl, 0, MINGCE__V1__CODE__CODE_EXHAUSTED, "too-many-connections");
        drop(ssl, true);
    }
    serve_one();
}

static void a_server_that_is_full_is_asked_again(void **state)
{
    (void) state;
    fake_serve(serve_crowded_twice);
    struct mingce *mingce = open_good();
    expect_answer(mingce, ask(mingce, 1, NULL), 1);
    mingce_close(mingce);
    fake_end();
}

static void serve_always_crowded(void)
{
    for (SSL *ssl; (ssl = take_tls()) != NULL; drop(ssl, true))
        put_error(ssl, 0, MINGCE__V1__CODE__CODE_EXHAUSTED, "too-many-connections");
}

static void a_server_that_stays_full_is_told_after_the_patience(void **state)
{
    (void) state;
    fake.options.patience_ms = 400;
    fake_serve(serve_always_crowded);
    int64_t before = clock_monotonic_ms();
    struct mingce_error error;
    assert_null(mingce_open(&fake.options, &error));
    expect_error(&error, MINGCE_REFUSED, "too-many-connections"); /* its words, not that time has run out */
    assert_true(clock_monotonic_ms() - before >= 300 && clock_monotonic_ms() - before < PATIENCE);
}

static void serve_silence(void)
{
    char byte;
    int fd = take_tcp();
    while (read(fd, &byte, 1) > 0)
        ;
    close(fd);
}

/* Full once, then it says nothing any more. */
static void serve_crowded_then_silence(void)
{
    SSL *ssl = take_tls();
    NEED(ssl != NULL);
    put_error(ssl, 0, MINGCE__V1__CODE__CODE_EXHAUSTED, "too-many-connections");
    drop(ssl, true);
    serve_silence();
}

static void what_the_server_said_is_told_though_its_last_word_was_silence(void **state)
{
    (void) state;
    fake.options.patience_ms = 400;
    fake_serve(serve_crowded_then_silence);
    open_refused(MINGCE_REFUSED, "too-many-connections");
    fake_end();
}

static void serve_garbage(void)
{
    SSL *ssl = take_tls();
    NEED(ssl != NULL);
    put_bytes(ssl, "\0\0\0\4\xff\xff\xff\xff", 8);
    need_end(ssl);
}

static void serve_answer_first(void)
{
    SSL *ssl = take_tls();
    NEED(ssl != NULL);
    put_bytes(ssl, "\0\0\0\6\x1a\4\x08\1\x12\0", 10);
    put_hello(ssl);
    need_end(ssl);
}

static void garbage_instead_of_hello_is_refused(void **state)
{
    (void) state;
    fake_serve(serve_garbage);
    open_refused(MINGCE_UNREACHABLE, "protocol");
    fake_end();
}

/* An answer before the greeting belongs to no call; it does no harm. */
static void an_answer_before_hello_is_passed_over(void **state)
{
    (void) state;
    fake_serve(serve_answer_first);
    struct mingce *mingce = open_good();
    mingce_close(mingce);
    fake_end();
}

/* ---- nobody there ---- */

static void serve_silence_after_tls(void)
{
    SSL *ssl = take_tls();
    NEED(ssl != NULL);
    need_end(ssl);
}

static void silence_is_told_after_the_patience(void **state)
{
    (void) state;
    static void (*const scripts[])(void) = {serve_silence, serve_silence_after_tls};
    fake.options.patience_ms = 300;
    for (int i = 0; i < 2; i++) {
        int64_t before = clock_monotonic_ms();
        fake_serve(scripts[i]);
        open_refused(MINGCE_UNREACHABLE, "no-answer");
        assert_true(clock_monotonic_ms() - before >= 300 && clock_monotonic_ms() - before < PATIENCE);
        fake_end();
    }
}

static void serve_plain_text(void)
{
    int fd = take_tcp();
    NEED(write(fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28) == 28);
    char byte;
    while (read(fd, &byte, 1) > 0)
        ;
    close(fd);
}

static void what_speaks_no_tls_is_refused(void **state)
{
    (void) state;
    fake_serve(serve_plain_text);
    open_refused(MINGCE_UNREACHABLE, "protocol");
    fake_end();
}

/* At once: a wrong address does not become right by waiting. */
static void nobody_listening_is_told_at_once(void **state)
{
    (void) state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(address);
    int bound = socket(AF_INET, SOCK_STREAM, 0); /* has the port, but does not listen */
    assert_int_equal(bind(bound, (struct sockaddr *) &address, n), 0);
    assert_int_equal(getsockname(bound, (struct sockaddr *) &address, &n), 0);
    snprintf(fake.address, sizeof(fake.address), "127.0.0.1:%u", ntohs(address.sin_port));
    struct mingce_error error;
    int64_t before = clock_monotonic_ms();
    assert_null(mingce_open(&fake.options, &error));
    expect_error(&error, MINGCE_UNREACHABLE, "unreachable");
    assert_non_null(strstr(error.detail, "127.0.0.1: Connection refused"));
    assert_true(clock_monotonic_ms() - before < 5000);
    close(bound);
}

/* ---- who is trusted ---- */

static void serve_handshake(void)
{
    NEED(take_tls() != NULL);
}

static void without_our_protocol_s_name_the_server_is_refused(void **state)
{
    (void) state;
    fake.alpn = ALPN_NONE;
    fake_serve(serve_handshake);
    open_refused(MINGCE_UNREACHABLE, "protocol");
    fake_end();
}

static void serve_refused_handshake(void)
{
    NEED(take_tls() == NULL);
}

static void a_server_of_other_protocols_is_refused(void **state)
{
    (void) state;
    fake.alpn = ALPN_REFUSED;
    fake_serve(serve_refused_handshake);
    open_refused(MINGCE_UNREACHABLE, "protocol");
    fake_end();
}

static void the_server_s_name_must_be_in_its_certificate(void **state)
{
    (void) state;
    static const char *const names[] = {"elsewhere", "127.0.0.1", NULL /* the host: 127.0.0.1 */};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        fake.options.server_name = names[i];
        fake_serve(serve_refused_handshake);
        open_refused(MINGCE_UNREACHABLE, "server-not-trusted");
        fake_end();
    }
    fake.options.server_name = "localhost";
    expect_good_call();
    snprintf(fake.address, sizeof(fake.address), "localhost:%s", strrchr(fake.options.server, ':') + 1);
    fake.options.server_name = NULL;
    expect_good_call();
}

static void a_server_of_another_authority_is_refused(void **state)
{
    (void) state;
    struct identity authority = identity_new("authority", NULL, NULL, 86400);
    struct identity servers[] = {identity_new("localhost", "serverAuth", &authority, 86400),
                                 identity_new("localhost", "serverAuth", &world.authority, -60), /* expired */
                                 identity_new("localhost", "clientAuth", &world.authority, 86400)};
    for (int i = 0; i < 3; i++) {
        fake.identity = &servers[i];
        fake_serve(serve_refused_handshake);
        open_refused(MINGCE_UNREACHABLE, "server-not-trusted");
        fake_end();
        identity_free(&servers[i]);
    }
    identity_free(&authority);
}

/* The alert comes when the handshake seems done on this side. */
static void expect_clerk_refused(const struct identity *authority)
{
    fake.client_authority = authority;
    fake_serve(serve_refused_handshake);
    open_refused(MINGCE_REFUSED, "certificate-refused");
    fake_end();
}

static void a_certificate_that_the_server_refuses_is_told(void **state)
{
    (void) state;
    struct identity other = identity_new("another authority", NULL, NULL, 86400);
    struct identity namesake = identity_new("authority", NULL, NULL, 86400);
    struct identity expired = identity_new("clerk", "clientAuth", &world.authority, -60);
    expect_clerk_refused(&other);
    expect_clerk_refused(&namesake);
    write_pem(fake.certificate, expired.certificate, NULL);
    write_pem(fake.key, NULL, expired.key);
    expect_clerk_refused(&world.authority);
    identity_free(&other);
    identity_free(&namesake);
    identity_free(&expired);
}

/* ---- what is wrong here ---- */

static void addresses_are_host_and_port(void **state)
{
    (void) state;
    static const char *const wrong[] = {"", "host", ":1", "host:", "[]:1", NULL};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        fake.options.server = wrong[i];
        open_refused(MINGCE_LOCAL, "server-address");
    }
    fake.options.server = "name.invalid:1";
    open_refused(MINGCE_UNREACHABLE, "unreachable");
}

static void expect_file_refused(const char **file, const char *wrong, const char *reason)
{
    struct mingce_error error;
    const char *good = *file;
    *file = wrong;
    assert_null(mingce_open(&fake.options, &error));
    expect_error(&error, MINGCE_LOCAL, reason);
    assert_string_equal(error.detail, wrong == NULL ? "" : wrong);
    *file = good;
}

static void a_file_that_is_not_right_is_named(void **state)
{
    (void) state;
    const char *wrong[] = {NULL, file_path("none"), file_text("text", "no PEM\n")};
    for (size_t i = 0; i < 3; i++) {
        expect_file_refused(&fake.options.ca, wrong[i], "authority-file");
        expect_file_refused(&fake.options.certificate, wrong[i], "certificate-file");
        expect_file_refused(&fake.options.key, wrong[i], "key-file");
    }
    expect_file_refused(&fake.options.key, world.key, "key-file"); /* of another certificate */
    expect_good_call();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_make, fake_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hello_says_who_we_are_and_what_is_allowed),
        TEST(the_last_hello_counts),
        TEST(another_protocol_is_refused),
        TEST(a_goodbye_instead_of_hello_is_told),
        TEST(a_server_that_is_full_is_asked_again),
        TEST(a_server_that_stays_full_is_told_after_the_patience),
        TEST(what_the_server_said_is_told_though_its_last_word_was_silence),
        TEST(garbage_instead_of_hello_is_refused),
        TEST(an_answer_before_hello_is_passed_over),
        TEST(silence_is_told_after_the_patience),
        TEST(what_speaks_no_tls_is_refused),
        TEST(nobody_listening_is_told_at_once),
        TEST(without_our_protocol_s_name_the_server_is_refused),
        TEST(a_server_of_other_protocols_is_refused),
        TEST(the_server_s_name_must_be_in_its_certificate),
        TEST(a_server_of_another_authority_is_refused),
        TEST(a_certificate_that_the_server_refuses_is_told),
        TEST(addresses_are_host_and_port),
        TEST(a_file_that_is_not_right_is_named),
    };
    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
