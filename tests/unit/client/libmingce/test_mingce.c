/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of libmingce: what is sent, answers in any order, what the server refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "tests/unit/client/fake.h"

static const uint8_t request_id[MINGCE_REQUEST_ID] = "0123456789abcdef";

static bool same_request_id(const Mingce__V1__Request *request)
{
    return request->has_request_id && request->request_id.len == sizeof(request_id) &&
           memcmp(request->request_id.data, request_id, sizeof(request_id)) == 0;
}

/* ---- what is sent ---- */

static void serve_read_and_write(void)
{
    SSL *ssl = greet();
    Mingce__V1__Request *request = need_request(ssl);
    NEED(strcmp(request->method, "class.show") == 0 && asked(request) == 7 && !request->has_request_id);
    put_answer(ssl, request);
    request = need_request(ssl);
    NEED(asked(request) == 8 && same_request_id(request));
    put_answer(ssl, request);
    need_end(ssl);
}

static void a_call_sends_method_body_and_request_id(void **state)
{
    (void) state;
    fake_serve(serve_read_and_write);
    struct mingce *mingce = open_good();
    expect_answer(mingce, ask(mingce, 7, NULL), 7);
    expect_answer(mingce, ask(mingce, 8, request_id), 8);
    mingce_close(mingce);
    fake_end();
}

static void request_ids_are_fresh(void **state)
{
    (void) state;
    uint8_t ids[100][MINGCE_REQUEST_ID];
    for (int i = 0; i < 100; i++) {
        mingce_request_id(ids[i]);
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(ids[i], ids[j], MINGCE_REQUEST_ID);
    }
}

static void serve_one(void)
{
    SSL *ssl = greet();
    put_answer(ssl, need_request(ssl));
    need_end(ssl);
}

/* A request as long as the server takes goes; one byte more is refused here, and the next call goes well. */
static void a_request_that_is_too_long_is_not_sent(void **state)
{
    (void) state;
    struct mingce_error error;
    Mingce__V1__RosterListRequest request = MINGCE__V1__ROSTER_LIST_REQUEST__INIT;
    uint8_t bytes[4096] = {0};
    fake.frame_bytes = 2000;
    fake_serve(serve_one);
    struct mingce *mingce = open_good();
    request.has_cursor = true;
    request.cursor = (ProtobufCBinaryData){sizeof(bytes), bytes};
    assert_null(mingce_begin(mingce, "roster.list", &request.base, NULL, &error));
    expect_error(&error, MINGCE_LOCAL, "request-too-long");
    expect_answer(mingce, ask(mingce, 1, NULL), 1);
    mingce_close(mingce);
    fake_end();
}

/* ---- many at once ---- */

enum { SEVERAL = 5 };

static void serve_backwards(void)
{
    SSL *ssl = greet();
    Mingce__V1__Request *requests[SEVERAL];
    for (int i = 0; i < SEVERAL; i++)
        requests[i] = need_request(ssl);
    for (int i = SEVERAL; i > 0; i--)
        put_answer(ssl, requests[i - 1]);
    need_end(ssl);
}

static void answers_come_in_any_order(void **state)
{
    (void) state;
    static const int orders[][SEVERAL] = {{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 4, 0, 3, 1}};
    for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
        struct mingce_call *calls[SEVERAL];
        fake_serve(serve_backwards);
        struct mingce *mingce = open_good();
        for (int j = 0; j < SEVERAL; j++)
            calls[j] = ask(mingce, (uint64_t) j + 1, NULL);
        for (int j = 0; j < SEVERAL; j++)
            expect_answer(mingce, calls[orders[i][j]], (uint64_t) orders[i][j] + 1);
        mingce_close(mingce);
        fake_end();
    }
}

enum { MANY = 50, WINDOW = 4 };

/* No more than the window before an answer: what is sent at once comes in one TLS record. */
static void serve_window(void)
{
    SSL *ssl = greet();
    Mingce__V1__Request *waiting[WINDOW];
    for (int taken = 0, n = 0; taken < MANY || n > 0;) {
        for (; n < WINDOW && taken < MANY; taken++)
            waiting[n++] = need_request(ssl);
        NEED(SSL_pending(ssl) == 0);
        while (n > 0)
            put_answer(ssl, waiting[--n]);
    }
    need_end(ssl);
}

static void no_more_are_in_flight_than_the_server_allows(void **state)
{
    (void) state;
    struct mingce_call *calls[MANY];
    fake.in_flight = WINDOW;
    fake_serve(serve_window);
    struct mingce *mingce = open_good();
    for (int i = 0; i < MANY; i++)
        calls[i] = ask(mingce, (uint64_t) i + 1, NULL);
    for (int i = 0; i < MANY; i++)
        expect_answer(mingce, calls[i], (uint64_t) i + 1);
    mingce_close(mingce);
    fake_end();
}

enum { LONG = 900000 /* bytes */, LONG_CALLS = 20 };

/* Reads nothing for a while, so that the client's writing has to wait; then long answers. */
static void serve_long(void)
{
    static uint8_t bytes[LONG];
    SSL *ssl = greet();
    poll(NULL, 0, 100);
    for (int i = 0; i < LONG_CALLS; i++) {
        Mingce__V1__RosterListResponse answer = MINGCE__V1__ROSTER_LIST_RESPONSE__INIT;
        Mingce__V1__Request *request = need_request(ssl);
        NEED(request->body.len > LONG);
        answer.has_next = true;
        answer.next = (ProtobufCBinaryData){sizeof(bytes), bytes};
        memset(bytes, i, sizeof(bytes));
        put_body(ssl, request->id, &answer.base);
    }
    need_end(ssl);
}

static void long_requests_and_answers_go_through(void **state)
{
    (void) state;
    static uint8_t bytes[LONG];
    struct mingce_call *calls[LONG_CALLS];
    struct mingce_error error;
    Mingce__V1__RosterListRequest request = MINGCE__V1__ROSTER_LIST_REQUEST__INIT;
    request.has_cursor = true;
    request.cursor = (ProtobufCBinaryData){sizeof(bytes), bytes};
    fake_serve(serve_long);
    struct mingce *mingce = open_good();
    for (int i = 0; i < LONG_CALLS; i++) {
        calls[i] = mingce_begin(mingce, "roster.list", &request.base, NULL, &error);
        assert_non_null(calls[i]);
    }
    for (int i = 0; i < LONG_CALLS; i++) {
        ProtobufCMessage *answer =
            mingce_wait(mingce, calls[i], &mingce__v1__roster_list_response__descriptor, &error);
        assert_non_null(answer);
        const ProtobufCBinaryData *next = &((const Mingce__V1__RosterListResponse *) answer)->next;
        assert_int_equal(next->len, LONG);
        assert_int_equal(next->data[LONG - 1], i);
        protobuf_c_message_free_unpacked(answer, NULL);
    }
    mingce_close(mingce);
    fake_end();
}

static void serve_second_late(void)
{
    enum { LATE_MS = 600 };
    SSL *ssl = greet();
    Mingce__V1__Request *first = need_request(ssl), *second = need_request(ssl);
    put_answer(ssl, first);
    poll(NULL, 0, LATE_MS);
    put_answer(ssl, second);
    need_end(ssl);
}

/* An answer that nobody has asked after yet keeps nobody busy. */
static void waiting_takes_no_processor_time(void **state)
{
    (void) state;
    fake_serve(serve_second_late);
    struct mingce *mingce = open_good();
    struct mingce_call *first = ask(mingce, 1, NULL), *second = ask(mingce, 2, NULL);
    clock_t before = clock();
    expect_answer(mingce, second, 2);
    assert_true(clock() - before < CLOCKS_PER_SEC / 10);
    expect_answer(mingce, first, 1);
    mingce_close(mingce);
    fake_end();
}

static void serve_unasked(void)
{
    SSL *ssl = greet();
    Mingce__V1__ClassOpenResponse answer = MINGCE__V1__CLASS_OPEN_RESPONSE__INIT;
    Mingce__V1__Request *request = need_request(ssl);
    answer.number = 99;
    put_body(ssl, request->id + 1000, &answer.base);
    put_error(ssl, request->id + 1000, MINGCE__V1__CODE__CODE_INVALID, "field-missing");
    put_answer(ssl, request);
    put_answer(ssl, request);
    request = need_request(ssl);
    put_answer(ssl, request);
    need_end(ssl);
}

static void answers_to_nobody_are_passed_over(void **state)
{
    (void) state;
    fake_serve(serve_unasked);
    struct mingce *mingce = open_good();
    expect_answer(mingce, ask(mingce, 1, NULL), 1);
    expect_answer(mingce, ask(mingce, 2, NULL), 2);
    mingce_close(mingce);
    fake_end();
}

static void serve_hello_only(void)
{
    SSL *ssl = greet();
    while (get_request(ssl) != NULL)
        ;
}

static void calls_that_nobody_waited_for_are_freed(void **state)
{
    (void) state;
    fake_serve(serve_hello_only);
    struct mingce *mingce = open_good();
    for (uint64_t i = 0; i < 10; i++)
        ask(mingce, i, NULL);
    mingce_close(mingce);
    mingce_close(NULL);
    fake_end();
}

/* ---- what the server says ---- */

static void serve_passing_errors(void)
{
    static const Mingce__V1__Code codes[] = {MINGCE__V1__CODE__CODE_UNAVAILABLE,
                                             MINGCE__V1__CODE__CODE_EXHAUSTED,
                                             MINGCE__V1__CODE__CODE_DEADLINE};
    SSL *ssl = greet();
    for (int i = 0; i < 3; i++) {
        Mingce__V1__Request *request = need_request(ssl);
        NEED(asked(request) == 5 && same_request_id(request));
        put_error(ssl, request->id, codes[i], "passing");
    }
    put_answer(ssl, need_request(ssl));
    need_end(ssl);
}

static void errors_that_pass_are_repeated_on_the_same_connection(void **state)
{
    (void) state;
    fake_serve(serve_passing_errors);
    struct mingce *mingce = open_good();
    expect_answer(mingce, ask(mingce, 5, request_id), 5);
    mingce_close(mingce);
    fake_end();
}

static void serve_never_available(void)
{
    SSL *ssl = greet();
    for (Mingce__V1__Frame *frame; (frame = get_request(ssl)) != NULL;)
        put_error(ssl, frame->request->id, MINGCE__V1__CODE__CODE_UNAVAILABLE, "database-unavailable");
}

static void an_error_that_does_not_pass_in_time_is_told(void **state)
{
    (void) state;
    fake.options.patience_ms = 500;
    fake_serve(serve_never_available);
    struct mingce *mingce = open_good();
    expect_no_answer(mingce, ask(mingce, 1, NULL), MINGCE_REFUSED, "database-unavailable");
    mingce_close(mingce);
    fake_end();
}

static void serve_refusals(void)
{
    static const Mingce__V1__Code codes[] = {
        MINGCE__V1__CODE__CODE_INVALID,   MINGCE__V1__CODE__CODE_UNAUTHENTICATED,
        MINGCE__V1__CODE__CODE_FORBIDDEN, MINGCE__V1__CODE__CODE_NOT_FOUND,
        MINGCE__V1__CODE__CODE_CONFLICT,  MINGCE__V1__CODE__CODE_INTERNAL};
    SSL *ssl = greet();
    for (int i = 0; i < 6; i++)
        put_error(ssl, need_request(ssl)->id, codes[i], "refused-for-good");
    put_answer(ssl, need_request(ssl));
    need_end(ssl);
}

static void refusals_are_told_at_once_with_their_fields(void **state)
{
    (void) state;
    static const int codes[] = {1, 2, 3, 4, 5, 9};
    fake_serve(serve_refusals);
    struct mingce *mingce = open_good();
    for (int i = 0; i < 6; i++) {
        struct mingce_error error;
        assert_null(mingce_wait(mingce, ask(mingce, 1, request_id),
                                &mingce__v1__class_open_response__descriptor, &error));
        expect_error(&error, MINGCE_REFUSED, "refused-for-good");
        assert_int_equal(error.code, codes[i]);
        assert_string_equal(error.field, "title, capacity");
        assert_string_equal(error.zh, "请改正");
        assert_string_equal(error.detail, "");
    }
    expect_answer(mingce, ask(mingce, 1, NULL), 1);
    mingce_close(mingce);
    fake_end();
}

/* A server that goes down says so; the next one answers. */
static void serve_goodbye_then_again(void)
{
    SSL *ssl = greet();
    need_request(ssl);
    put_error(ssl, 0, MINGCE__V1__CODE__CODE_UNAVAILABLE, "shutting-down");
    drop(ssl, true);
    serve_one();
}

static void a_call_outlives_a_goodbye_that_passes(void **state)
{
    (void) state;
    fake_serve(serve_goodbye_then_again);
    struct mingce *mingce = open_good();
    expect_answer(mingce, ask(mingce, 3, request_id), 3);
    mingce_close(mingce);
    fake_end();
}

static void serve_goodbye_for_good(void)
{
    SSL *ssl = greet();
    need_request(ssl);
    put_error(ssl, 0, MINGCE__V1__CODE__CODE_FORBIDDEN, "operator-suspended");
    drop(ssl, true);
}

static void a_goodbye_for_good_ends_all_calls(void **state)
{
    (void) state;
    fake_serve(serve_goodbye_for_good);
    struct mingce *mingce = open_good();
    struct mingce_call *first = ask(mingce, 1, NULL), *second = ask(mingce, 2, NULL);
    expect_no_answer(mingce, first, MINGCE_REFUSED, "operator-suspended");
    expect_no_answer(mingce, second, MINGCE_REFUSED, "operator-suspended");
    mingce_close(mingce);
    fake_end();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_make, fake_unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_sends_method_body_and_request_id),
        TEST(request_ids_are_fresh),
        TEST(a_request_that_is_too_long_is_not_sent),
        TEST(answers_come_in_any_order),
        TEST(no_more_are_in_flight_than_the_server_allows),
        TEST(long_requests_and_answers_go_through),
        TEST(waiting_takes_no_processor_time),
        TEST(answers_to_nobody_are_passed_over),
        TEST(calls_that_nobody_waited_for_are_freed),
        TEST(errors_that_pass_are_repeated_on_the_same_connection),
        TEST(an_error_that_does_not_pass_in_time_is_told),
        TEST(refusals_are_told_at_once_with_their_fields),
        TEST(a_call_outlives_a_goodbye_that_passes),
        TEST(a_goodbye_for_good_ends_all_calls),
    };
    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
