/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of libmingce when something breaks: lost connections, silence, answers that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/client/fake.h"

static const uint8_t request_id[MINGCE_REQUEST_ID] = "0123456789abcdef";

static bool same_request_id(const Mingce__V1__Request *request)
{
    return request->has_request_id && request->request_id.len == sizeof(request_id) &&
           memcmp(request->request_id.data, request_id, sizeof(request_id)) == 0;
}

static void serve_hello_only(void)
{
    SSL *ssl = greet();
    while (get_request(ssl) != NULL)
        ;
}

/* ---- the connection is lost ---- */

/* Two connections are lost under the request, rudely and politely; in the third it is answered. */
static void serve_lost_twice(void)
{
    for (int i = 0; i < 3; i++) {
        SSL *ssl = greet();
        Mingce__V1__Request *request = need_request(ssl);
        NEED(asked(request) == 5 && same_request_id(request));
        if (i < 2) {
            drop(ssl, i == 1);
            continue;
        }
        put_answer(ssl, request);
        need_end(ssl);
    }
}

static void a_lost_call_is_repeated_under_its_request_id(void **state)
{
    (void) state;
    fake.in_flight = 1; /* what was lost takes no place among those in flight */
    fake_serve(serve_lost_twice);
    struct mingce *mingce = open_good();
    expect_answer(mingce, ask(mingce, 5, request_id), 5);
    mingce_close(mingce);
    fake_end();
}

/* Of three the second is answered; in the middle of the next answer the connection ends. */
static void serve_cut_answer(void)
{
    static const uint8_t half[] = {0, 0, 0, 100, 1, 2, 3};
    SSL *ssl = greet();
    Mingce__V1__Request *requests[3];
    for (int i = 0; i < 3; i++)
        requests[i] = need_request(ssl);
    put_answer(ssl, requests[1]);
    put_bytes(ssl, half, sizeof(half));
    drop(ssl, false);
    ssl = greet();
    for (int i = 0; i < 3; i += 2) {
        Mingce__V1__Request *request = need_request(ssl);
        NEED(asked(request) == asked(requests[i]));
        put_answer(ssl, request);
    }
    need_end(ssl);
}

static void only_what_has_no_answer_is_repeated(void **state)
{
    (void) state;
    struct mingce_call *calls[3];
    fake_serve(serve_cut_answer);
    struct mingce *mingce = open_good();
    for (int i = 0; i < 3; i++)
        calls[i] = ask(mingce, (uint64_t) i, NULL);
    for (int i = 0; i < 3; i++)
        expect_answer(mingce, calls[i], (uint64_t) i);
    mingce_close(mingce);
    fake_end();
}

static void serve_then_vanish(void)
{
    SSL *ssl = greet();
    need_request(ssl);
    close(fake.socket);
    drop(ssl, false);
}

static void a_server_that_stays_away_is_told_after_the_patience(void **state)
{
    (void) state;
    fake.options.patience_ms = 500;
    fake_serve(serve_then_vanish);
    struct mingce *mingce = open_good();
    close(fake.socket); /* the server holds the only one */
    fake.socket = -1;
    struct mingce_error error;
    int64_t before = clock_monotonic_ms();
    assert_null(
        mingce_wait(mingce, ask(mingce, 1, NULL), &mingce__v1__class_open_response__descriptor, &error));
    assert_int_equal(error.status, MINGCE_UNREACHABLE);
    assert_true(clock_monotonic_ms() - before >= 500 && clock_monotonic_ms() - before < PATIENCE);
    mingce_close(mingce);
    fake_end();
}

static void a_server_that_never_answers_is_told_after_the_patience(void **state)
{
    (void) state;
    fake.options.patience_ms = 300;
    fake_serve(serve_hello_only);
    struct mingce *mingce = open_good();
    int64_t before = clock_monotonic_ms();
    expect_no_answer(mingce, ask(mingce, 1, NULL), MINGCE_UNREACHABLE, "no-answer");
    assert_true(clock_monotonic_ms() - before >= 300 && clock_monotonic_ms() - before < PATIENCE);
    mingce_close(mingce);
    fake_end();
}

/* ---- answers that are none ---- */

static const uint8_t *nonsense;
static size_t nonsense_n;

static void serve_nonsense(void)
{
    SSL *ssl = greet();
    need_request(ssl);
    put_bytes(ssl, nonsense, nonsense_n);
    need_end(ssl);
}

/* Not repeated: whoever talks like that will not do better the next time. */
static void nonsense_ends_the_call(void **state)
{
    (void) state;
    static const struct {
        uint8_t bytes[24];
        size_t n;
    } cases[] = {
        {{0x7f, 0xff, 0xff, 0xff}, 4},                 /* two gigabytes */
        {{0x04, 0x00, 0x00, 0x01}, 4},                 /* one byte more than is taken */
        {{0, 0, 0, 0}, 4},                             /* nothing */
        {{0, 0, 0, 4, 0xff, 0xff, 0xff, 0xff}, 8},     /* no protobuf */
        {{'H', 'T', 'T', 'P', '/', '1', '.', '1'}, 8}, /* another protocol: a gigabyte to come */
        {{0, 0, 0, 4, 0x1a, 0x02, 0x08, 0x01}, 8},     /* a response without outcome */
        {{0, 0, 0, 2, 0x12, 0x00}, 6},                 /* a request without its fields */
        {{0, 0, 0, 17, 0x1a, 15, 0x08, 1, 0x1a, 11, 0x08, 1, 0x12, 1, 'x', 0x1a, 1, 0xff, 0x22, 1, 'x'},
         21},                                /* a sentence that is no UTF-8 */
        {{0, 0, 0, 3, 0xa8, 0x06, 0x01}, 7}, /* a frame of a kind not known */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        nonsense = cases[i].bytes;
        nonsense_n = cases[i].n;
        fake_serve(serve_nonsense);
        struct mingce *mingce = open_good();
        expect_no_answer(mingce, ask(mingce, 1, NULL), MINGCE_UNREACHABLE, "protocol");
        mingce_close(mingce);
        fake_end();
    }
}

static void serve_second_hello(void)
{
    SSL *ssl = greet();
    need_request(ssl);
    put_hello(ssl);
    need_end(ssl);
}

static void a_second_hello_ends_the_call(void **state)
{
    (void) state;
    fake_serve(serve_second_hello);
    struct mingce *mingce = open_good();
    expect_no_answer(mingce, ask(mingce, 1, NULL), MINGCE_UNREACHABLE, "protocol");
    mingce_close(mingce);
    fake_end();
}

static void serve_wrong_body(void)
{
    SSL *ssl = greet();
    Mingce__V1__ClassListResponse empty = MINGCE__V1__CLASS_LIST_RESPONSE__INIT;
    Mingce__V1__Request *first = need_request(ssl), *second = need_request(ssl);
    put_body(ssl, first->id, &empty.base); /* the number is missing */
    put_answer(ssl, second);
    need_end(ssl);
}

static void a_body_of_another_message_ends_its_call_alone(void **state)
{
    (void) state;
    fake_serve(serve_wrong_body);
    struct mingce *mingce = open_good();
    struct mingce_call *first = ask(mingce, 1, NULL), *second = ask(mingce, 2, NULL);
    expect_no_answer(mingce, first, MINGCE_UNREACHABLE, "protocol");
    expect_answer(mingce, second, 2);
    mingce_close(mingce);
    fake_end();
}

/* A newer server's fields are passed over; an answer may come in pieces. */
static void serve_newer_in_pieces(void)
{
    SSL *ssl = greet();
    uint8_t bytes[] = {0, 0, 0, 13, 0x1a, 11, 0x08, 0, 0x12, 5, 0x08, 42, 0xa0, 0x06, 7, 0x50, 1};
    bytes[7] = (uint8_t) need_request(ssl)->id;
    for (size_t i = 0; i < sizeof(bytes); i++)
        put_bytes(ssl, bytes + i, 1);
    need_end(ssl);
}

static void fields_that_are_not_known_are_passed_over(void **state)
{
    (void) state;
    fake_serve(serve_newer_in_pieces);
    struct mingce *mingce = open_good();
    expect_answer(mingce, ask(mingce, 1, NULL), 42);
    mingce_close(mingce);
    fake_end();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_make, fake_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lost_call_is_repeated_under_its_request_id),
        TEST(only_what_has_no_answer_is_repeated),
        TEST(a_server_that_stays_away_is_told_after_the_patience),
        TEST(a_server_that_never_answers_is_told_after_the_patience),
        TEST(nonsense_ends_the_call),
        TEST(a_second_hello_ends_the_call),
        TEST(a_body_of_another_message_ends_its_call_alone),
        TEST(fields_that_are_not_known_are_passed_over),
    };
    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
