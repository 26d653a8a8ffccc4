/* SPDX-License-Identifier: Apache-2.0 */
/* Frames through a session: cut anywhere, too long, paused, unread, ended in every way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>

#include "tests/unit/net/fixture.h"

static const char hello[] = "hello";

static void greet(struct seen *seen)
{
    say(seen->session, hello, sizeof(hello));
}

static void test_server_speaks_first(void **state)
{
    (void) state;
    world.on_opened = greet;
    world.unready = true;
    world_listen();
    struct client client = client_open();
    expect_frame(&client, hello, sizeof(hello));
    client_close(&client);
}

static void test_one_byte_at_a_time(void **state)
{
    (void) state;
    world.echo = true;
    world_listen();
    struct client client = client_open();
    uint8_t *bytes = framed(300, 'x');
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < FRAME_HEADER + 300; i++) {
            assert_int_equal(last_seen()->frames, round);
            client_send(&client, bytes + i, 1);
            turn();
        }
        expect_frame(&client, bytes + FRAME_HEADER, 300);
    }
    free(bytes);
    client_close(&client);
}

/* Three frames in two pieces, cut at every boundary; the pieces are records of their own. */
static void test_cut_at_every_boundary(void **state)
{
    (void) state;
    world_listen();
    struct client client = client_open();
    static const uint8_t sizes[] = {1, 7, 20};
    uint8_t bytes[3 * FRAME_HEADER + 28];
    size_t n = 0;
    for (size_t i = 0; i < 3; i++) {
        frame_put_header(bytes + n, sizes[i]);
        memset(bytes + n + FRAME_HEADER, 'a' + (int) i, sizes[i]);
        n += FRAME_HEADER + sizes[i];
    }
    assert_int_equal(n, sizeof(bytes));
    for (size_t cut = 0; cut <= n; cut++) {
        last_seen()->frames = 0;
        last_seen()->bytes = 0;
        client_send(&client, bytes, cut);
        for (int i = 0; i < 3; i++)
            turn();
        client_send(&client, bytes + cut, n - cut);
        UNTIL(last_seen()->frames == 3);
        assert_int_equal(last_seen()->bytes, 28);
        assert_memory_equal(last_seen()->first, "cccccccccccccccccccc", 20);
    }
    client_close(&client);
}

static void test_longest_frame_and_one_byte_more(void **state)
{
    (void) state;
    world.settings.frame_bytes = 100000;
    world.echo = true;
    world_listen();
    struct client client = client_open();
    uint8_t *bytes = framed(100000, 'y');
    client_send(&client, bytes, FRAME_HEADER + 100000);
    expect_frame(&client, bytes + FRAME_HEADER, 100000);
    frame_put_header(bytes, 100001);
    client_send(&client, bytes, FRAME_HEADER);
    expect_frame(&client, "too long", 8);
    assert_int_equal(client_end(&client), SSL_ERROR_ZERO_RETURN);
    assert_int_equal(last_seen()->oversize, 1);
    assert_int_equal(last_seen()->frames, 1);
    free(bytes);
    client_close(&client);
    UNTIL(last_seen()->closed);
}

/* What follows an impossible header is not looked at, and the answer still arrives. */
static void test_oversize_with_more_behind(void **state)
{
    (void) state;
    world_listen();
    struct client client = client_open();
    uint8_t *bytes = calloc(1, 1 << 20);
    memset(bytes, 0xff, FRAME_HEADER);
    client_stuff(&client, bytes, 1 << 20);
    expect_frame(&client, "too long", 8);
    assert_int_equal(client_end(&client), SSL_ERROR_ZERO_RETURN);
    assert_int_equal(last_seen()->frames, 0);
    free(bytes);
    client_close(&client);
    UNTIL(last_seen()->closed);
}

static void test_empty_frame_is_impossible(void **state)
{
    (void) state;
    world_listen();
    struct client client = client_open();
    client_send(&client, "\0\0\0\0", 4);
    expect_frame(&client, "too long", 8);
    client_close(&client);
}

static void test_many_small_frames_all_arrive(void **state)
{
    (void) state;
    enum { FRAMES = 5000 };
    world_listen();
    struct client client = client_open();
    uint8_t *bytes = calloc(FRAMES, FRAME_HEADER + 1);
    for (int i = 0; i < FRAMES; i++)
        frame_put_header(bytes + (size_t) i * (FRAME_HEADER + 1), 1);
    client_send(&client, bytes, FRAMES * (FRAME_HEADER + 1));
    UNTIL(last_seen()->frames == FRAMES);
    free(bytes);
    client_close(&client);
}

static int flood_frames;

static void note_flood(struct seen *seen)
{
    if (seen == &world.seen[1])
        flood_frames = world.seen[0].frames;
}

/* A flood has its share of a loop turn, and the next peer its own. */
static void test_flood_does_not_starve(void **state)
{
    (void) state;
    enum { FRAMES = 3000, SIZE = FRAMES * (FRAME_HEADER + 1) };
    world.on_frame = note_flood;
    world_listen();
    struct client flood = client_open(), other = client_open();
    uint8_t *bytes = calloc(FRAMES, FRAME_HEADER + 1);
    for (int i = 0; i < FRAMES; i++)
        frame_put_header(bytes + (size_t) i * (FRAME_HEADER + 1), 1);
    assert_int_equal(client_stuff(&flood, bytes, SIZE), SIZE);
    assert_int_equal(client_stuff(&other, bytes, FRAME_HEADER + 1), FRAME_HEADER + 1);
    usleep(50000); /* so that both are there when the server looks */
    UNTIL(world.seen[0].frames == FRAMES && world.seen[1].frames == 1);
    assert_true(flood_frames <= 200);
    free(bytes);
    client_close(&flood);
    client_close(&other);
}

/* What came before the owner was ready is kept. */
static void test_hasty_peer(void **state)
{
    (void) state;
    world.unready = true;
    world_listen();
    struct client client = client_prepare(&world.clerk, "\x08mingce/1");
    assert_true(client_handshake(&client));
    client_send(&client, "\0\0\0\1x", 5);
    UNTIL(world.seen_n == 1);
    for (int i = 0; i < 20; i++)
        turn();
    assert_int_equal(last_seen()->frames, 0);
    session_ready(last_seen()->session);
    UNTIL(last_seen()->frames == 1);
    client_close(&client);
}

static void answer_long(struct seen *seen)
{
    memset(session_frame(seen->session, 20000), 'a', 20000);
}

/* A peer that asks and never reads: no more than the mark waits for it, and nothing more is read. Then it reads. */
static void test_reader_that_never_reads(void **state)
{
    (void) state;
    enum { ASKED = 5000 };
    world.on_frame = answer_long;
    world_listen();
    struct client client = client_open();
    uint8_t *bytes = calloc(ASKED, FRAME_HEADER + 1);
    for (int i = 0; i < ASKED; i++)
        frame_put_header(bytes + (size_t) i * (FRAME_HEADER + 1), 1);
    client_send(&client, bytes, ASKED * (FRAME_HEADER + 1));
    int before = -1;
    for (int quiet = 0; quiet < 50; turn()) {
        quiet = last_seen()->frames == before ? quiet + 1 : 0;
        before = last_seen()->frames;
    }
    assert_true(before < ASKED);
    uint8_t *got = malloc(FRAME_HEADER + 20000);
    int why;
    for (int i = 0; i < ASKED; i++)
        assert_true(client_receive(&client, got, FRAME_HEADER + 20000, &why));
    assert_int_equal(last_seen()->frames, ASKED);
    free(got);
    free(bytes);
    client_close(&client);
}

/* All together have a bound, too: who leaves most unread goes, whoever reads is served. */
static void test_unread_output_of_all_is_bounded(void **state)
{
    (void) state;
    enum { ANSWER = 64 * 1024, ANSWERS = 640 };
    static uint8_t answer[ANSWER];
    world.settings.frame_bytes = ANSWER;
    world.settings.frames_bytes = 1 << 20;
    world_listen();
    struct client reads = client_open(), leaves = client_open();
    struct seen *reader = &world.seen[0], *deaf = &world.seen[1];
    say(reader->session, answer, ANSWER);
    for (int i = 0; i < ANSWERS && !deaf->closed; i++) { /* the kernel takes a few MiB of these */
        say(deaf->session, answer, ANSWER);
        turn();
    }
    assert_true(deaf->closed);
    assert_int_equal(deaf->flooded, 1);
    expect_frame(&reads, answer, ANSWER);
    assert_int_equal(reader->flooded, 0);
    assert_non_null(reader->session);
    client_close(&reads);
    client_close(&leaves);
}

static void test_unread_output_is_bounded(void **state)
{
    (void) state;
    world.on_frame = answer_long;
    world_listen();
    struct client client = client_open();
    int small = 1 << 12;
    setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    uint8_t *bytes = calloc(4000, FRAME_HEADER + 1);
    for (int i = 0; i < 4000; i++)
        frame_put_header(bytes + (size_t) i * (FRAME_HEADER + 1), 1);
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    client_stuff(&client, bytes, 4000 * (FRAME_HEADER + 1));
    for (int i = 0; i < 300; i++)
        turn();
    size_t after = mallinfo2().uordblks + mallinfo2().hblkhd; /* both 0 under AddressSanitizer */
    assert_true(after < before + 2 * 1024 * 1024);
    assert_true(last_seen()->frames < 4000);
    free(bytes);
    client_close(&client);
}

/* ---- ends ---- */

static void test_quiet_end_on_a_boundary(void **state)
{
    (void) state;
    world.echo = true;
    world_listen();
    for (int notify = 0; notify < 2; notify++) {
        struct client client = client_open();
        client_send(&client, "\0\0\0\1x", 5);
        expect_frame(&client, "x", 1);
        if (notify)
            SSL_shutdown(client.ssl);
        shutdown(client.fd, SHUT_WR);
        assert_int_equal(client_end(&client), SSL_ERROR_ZERO_RETURN);
        UNTIL(last_seen()->closed);
        client_close(&client);
    }
}

static void say_much(struct seen *seen)
{
    for (int i = 0; i < 16; i++)
        memset(session_frame(seen->session, 65536 - FRAME_HEADER), 'm', 65536 - FRAME_HEADER);
}

/* The peer closes its half with a megabyte still queued for it: it gets all of it. */
static void test_half_close_still_receives(void **state)
{
    (void) state;
    world.on_frame = say_much;
    world_listen();
    for (int notify = 0; notify < 2; notify++) {
        struct client client = client_open();
        uint8_t *got = malloc(1 << 20);
        int why;
        client_send(&client, "\0\0\0\1x", 5);
        if (notify)
            SSL_shutdown(client.ssl);
        shutdown(client.fd, SHUT_WR);
        assert_true(client_receive(&client, got, 1 << 20, &why));
        assert_int_equal(client_end(&client), SSL_ERROR_ZERO_RETURN);
        UNTIL(last_seen()->closed);
        free(got);
        client_close(&client);
    }
}

static void test_end_inside_a_frame(void **state)
{
    (void) state;
    world_listen();
    struct client client = client_open();
    client_send(&client, "\0\0\0\5ab", 6);
    shutdown(client.fd, SHUT_WR);
    UNTIL(last_seen()->closed);
    assert_int_equal(last_seen()->frames, 0);
    client_close(&client);
}

static void test_reset(void **state)
{
    (void) state;
    world_listen();
    struct client client = client_open();
    struct linger at_once = {.l_onoff = 1};
    setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    client_close(&client);
    UNTIL(last_seen()->closed);
    assert_int_equal(listener_sessions(world.listener), 0);
}

static void test_forged_record(void **state)
{
    (void) state;
    world_listen();
    struct client client = client_open();
    static const uint8_t forged[] = {23, 3,  3,  0,  20, 1,  2,  3,  4,  5,  6,  7, 8,
                                     9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    assert_int_equal(write(client.fd, forged, sizeof(forged)), sizeof(forged));
    assert_int_equal(client_end(&client), SSL_ERROR_SSL); /* the alert arrives */
    client_close(&client);
    UNTIL(last_seen()->closed);
}

static void close_at_once(struct seen *seen)
{
    say_much(seen);
    session_close(seen->session);
    say(seen->session, "lost", 4); /* nobody hears this */
}

static void test_close_flushes_a_megabyte(void **state)
{
    (void) state;
    world.on_frame = close_at_once;
    world_listen();
    struct client client = client_open();
    uint8_t *got = malloc(1 << 20);
    int why;
    client_send(&client, "\0\0\0\1x\0\0\0\1y", 10);
    UNTIL(last_seen()->frames == 1);
    for (int i = 0; i < 50; i++)
        turn();
    assert_true(client_receive(&client, got, 1 << 20, &why));
    assert_false(client_receive(&client, got, 1, &why));
    assert_int_equal(why, SSL_ERROR_ZERO_RETURN);
    assert_int_equal(last_seen()->frames, 1); /* none after the close */
    assert_false(last_seen()->closed);        /* it lingers */
    client_close(&client);
    UNTIL(last_seen()->closed);
    free(got);
}

static void test_close_in_opened(void **state)
{
    (void) state;
    world.on_opened = close_at_once;
    world.unready = true;
    world_listen();
    struct client client = client_open();
    uint8_t *got = malloc(1 << 20);
    int why;
    assert_true(client_receive(&client, got, 1 << 20, &why));
    assert_int_equal(client_end(&client), SSL_ERROR_ZERO_RETURN);
    client_close(&client);
    UNTIL(last_seen()->closed);
    free(got);
}

/* A peer that does not end its half is let go of. */
static void test_lingering_ends(void **state)
{
    (void) state;
    world.on_frame = close_at_once;
    world_listen();
    struct client client = client_open();
    client_send(&client, "\0\0\0\1x", 5);
    assert_int_equal(client_end(&client), SSL_ERROR_ZERO_RETURN);
    assert_false(last_seen()->closed);
    int64_t began = clock_monotonic_ms();
    while (!last_seen()->closed) {
        client_stuff(&client, (const uint8_t *) "z", 1);
        turn();
        assert_true(clock_monotonic_ms() - began < 4000);
    }
    client_close(&client);
}

/* ---- deadlines ---- */

static void test_slow_frame(void **state)
{
    (void) state;
    world.settings.frame_ms = 200;
    world_listen();
    struct client client = client_open(), idle = client_open();
    int64_t began = clock_monotonic_ms();
    client_send(&client, "\0\0\1\0", 4);
    while (!world.seen[0].closed && clock_monotonic_ms() - began < 2000) { /* a drip does not help */
        if (client_stuff(&client, (const uint8_t *) "z", 1) == 0)
            break;
        for (int i = 0; i < 20; i++)
            turn();
        size_t n = 0;
        uint8_t byte;
        if (SSL_read_ex(client.ssl, &byte, 1, &n) != 1 &&
            SSL_get_error(client.ssl, 0) == SSL_ERROR_ZERO_RETURN)
            break;
    }
    assert_true(clock_monotonic_ms() - began >= 200);
    assert_true(clock_monotonic_ms() - began < 1000);
    assert_false(world.seen[1].closed); /* who sends nothing may stay */
    client_close(&client);
    UNTIL(world.seen[0].closed);
    client_close(&idle);
}

/* The rest of a TLS record that never comes is a late frame too. */
static void test_slow_record(void **state)
{
    (void) state;
    world.settings.frame_ms = 200;
    world_listen();
    struct client client = client_open();
    assert_int_equal(write(client.fd, "\x17\x03\x03\x40\x00 and so on", 15), 15);
    int64_t began = clock_monotonic_ms();
    client_end(&client);
    assert_true(clock_monotonic_ms() - began < 1000);
    client_close(&client);
    UNTIL(last_seen()->closed);
}

/* Many frames, none of which takes long. */
static void test_each_frame_has_its_own_time(void **state)
{
    (void) state;
    world.settings.frame_ms = 150;
    world_listen();
    struct client client = client_open();
    client_send(&client, "\0", 1);
    for (int i = 0; i < 8; i++) { /* always inside a frame, never for long */
        for (int64_t end = clock_monotonic_ms() + 60; clock_monotonic_ms() < end;)
            turn();
        client_send(&client, "\0\0\1x\0", 5);
    }
    UNTIL(last_seen()->frames == 8);
    assert_non_null(last_seen()->session);
    client_close(&client);
}

/* ---- TLS below the frames ---- */

static void test_key_updates(void **state)
{
    (void) state;
    world.echo = true;
    world_listen();
    struct client client = client_open();
    for (int i = 0; i < 40; i++) {
        assert_int_equal(SSL_key_update(client.ssl, SSL_KEY_UPDATE_REQUESTED), 1);
        client_send(&client, "\0\0\0\1k", 5);
        expect_frame(&client, "k", 1);
    }
    client_close(&client);
}

#define test(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(test_server_speaks_first),
        test(test_one_byte_at_a_time),
        test(test_cut_at_every_boundary),
        test(test_longest_frame_and_one_byte_more),
        test(test_oversize_with_more_behind),
        test(test_empty_frame_is_impossible),
        test(test_many_small_frames_all_arrive),
        test(test_flood_does_not_starve),
        test(test_hasty_peer),
        test(test_reader_that_never_reads),
        test(test_unread_output_is_bounded),
        test(test_unread_output_of_all_is_bounded),
        test(test_quiet_end_on_a_boundary),
        test(test_half_close_still_receives),
        test(test_end_inside_a_frame),
        test(test_reset),
        test(test_forged_record),
        test(test_close_flushes_a_megabyte),
        test(test_close_in_opened),
        test(test_lingering_ends),
        test(test_slow_frame),
        test(test_slow_record),
        test(test_each_frame_has_its_own_time),
        test(test_key_updates),
    };
    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
