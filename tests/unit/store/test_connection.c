/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that are refused, lost and made again, and what becomes of the requests meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/store/fixture.h"

static unsigned failures(void)
{
    return world.store->connections[0].failures;
}

static void expect_served(void)
{
    struct asked asked = {0};
    ask(&asked, "serve");
    expect_done(&asked, 1);
}

/* Told to somebody when it changes, and only then. */
static int changes;
static bool ready_told;

static void on_change(void *context, bool ready)
{
    assert_ptr_equal(context, &world);
    assert_int_equal(ready, store_ready(world.store));
    changes++;
    ready_told = ready;
}

static void watch_changes(void)
{
    changes = 0;
    store_on_change(world.store, on_change, &world);
}

/* ---- the first connection ---- */

static void asked_before_the_first_connection_is_served(void **state)
{
    (void) state;
    struct asked asked[2] = {0};
    store_make();
    assert_false(store_ready(world.store));
    ask(&asked[0], "early");
    ask(&asked[1], "early too");
    expect_done(&asked[0], 2);
    expect_done(&asked[1], 2);
}

static void ready_is_told_once(void **state)
{
    (void) state;
    world.settings.database_connections = 3;
    store_make();
    watch_changes();
    for (size_t i = 0; i < 3; i++)
        UNTIL(world.store->connections[i].state == CONNECTION_READY);
    assert_int_equal(changes, 1);
    assert_true(ready_told);
    for (size_t i = 0; i < 3; i++) /* an idle connection is not given up */
        assert_false(evtimer_pending(world.store->connections[i].timer, NULL));
}

/* A request that came early does not wait for ever: the first refusal tells it. */
static void asked_of_a_server_that_refuses_is_unavailable(void **state)
{
    (void) state;
    struct asked early = {0}, late = {0};
    run_named(world.admin, "ALTER ROLE %s NOLOGIN");
    store_make();
    ask(&early, "early");
    expect_outcome(&early, STORE_UNAVAILABLE);
    ask(&late, "late");
    expect_outcome(&late, STORE_UNAVAILABLE);
    assert_int_equal(late.binds, 0);
    assert_int_equal(written(), 0);
    run_named(world.admin, "ALTER ROLE %s LOGIN");
    UNTIL(store_ready(world.store));
    expect_served();
}

static void a_conninfo_that_cannot_be_read_is_unavailable(void **state)
{
    (void) state;
    struct asked asked = {0};
    world.settings.database = (char[]){"no such word=1"};
    store_make();
    ask(&asked, "asked");
    expect_outcome(&asked, STORE_UNAVAILABLE);
    assert_false(store_ready(world.store));
}

/* Each wait doubles; half of it is left to chance: 25 + 50 + 100 + 200 ms at least until the fifth failure. */
static void refused_connections_back_off(void **state)
{
    (void) state;
    run_named(world.admin, "ALTER ROLE %s NOLOGIN");
    store_make();
    watch_changes();
    UNTIL(failures() == 1);
    int64_t first = clock_monotonic_ms();
    UNTIL(failures() == 5);
    assert_true(clock_monotonic_ms() - first >= 350); /* the loop's clock is a coarse one */
    assert_int_equal(changes, 0);
    run_named(world.admin, "ALTER ROLE %s LOGIN");
    UNTIL(store_ready(world.store));
    assert_int_equal(failures(), 0);
}

/* Somebody accepts and then says nothing. */
static void a_silent_server_is_given_up(void **state)
{
    (void) state;
    char conninfo[128];
    struct asked asked = {0};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *) &address, n), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *) &address, &n), 0);
    snprintf(conninfo, sizeof(conninfo), "host=127.0.0.1 port=%d user=x dbname=x", ntohs(address.sin_port));
    world.settings.database = conninfo;
    int64_t begun = clock_monotonic_ms();
    store_make();
    ask(&asked, "asked");
    expect_outcome(&asked, STORE_UNAVAILABLE);
    assert_true(clock_monotonic_ms() - begun < 10000);
    assert_int_equal(world.store->connections[0].state, CONNECTION_WAITING);
    close(listener);
}

/* ---- another schema ---- */

static void expect_never_ready(void)
{
    struct asked asked = {0};
    store_make();
    watch_changes();
    ask(&asked, "asked");
    expect_outcome(&asked, STORE_UNAVAILABLE);
    UNTIL(failures() == 4);
    assert_false(store_ready(world.store));
    assert_int_equal(changes, 0);
    assert_int_equal(written(), 0);
}

static void another_digest_is_refused(void **state)
{
    (void) state;
    run(world.admin, "UPDATE api.digest SET digest = 'f' || substr(digest, 2, 62) || 'x'");
    expect_never_ready();
    digest_right(); /* mingced migrate has run */
    UNTIL(store_ready(world.store));
    expect_served();
}

/* The digest says what the functions were made from, not what has become of one since. */
static void a_function_that_was_replaced_is_refused(void **state)
{
    (void) state;
    static const char put_back[] =
        "DROP FUNCTION api.other; CREATE FUNCTION api.other(in_word text[])"
        " RETURNS TABLE (req int4, said text, set_n int4) LANGUAGE sql AS 'SELECT * FROM api.act(in_word)'";
    run(world.admin, "DROP FUNCTION api.other; CREATE FUNCTION api.other(in_word text[])"
                     " RETURNS TABLE (req int4, spoken text, set_n int4) LANGUAGE sql"
                     " AS 'SELECT * FROM api.act(in_word)'");
    expect_never_ready();
    run(world.admin, put_back);
    UNTIL(store_ready(world.store));
    expect_served();
}

static void no_digest_is_refused(void **state)
{
    (void) state;
    run(world.admin, "TRUNCATE api.digest");
    expect_never_ready();
}

static void a_missing_function_is_refused(void **state)
{
    (void) state;
    run(world.admin, "ALTER FUNCTION api.every RENAME TO all_of_them");
    expect_never_ready();
    run(world.admin, "ALTER FUNCTION api.all_of_them RENAME TO every");
    UNTIL(store_ready(world.store));
    expect_served();
}

/* A standby is up and answers, but takes no writes. */
static void a_read_only_server_is_refused(void **state)
{
    (void) state;
    run_named(world.admin, "ALTER ROLE %s SET default_transaction_read_only = on");
    expect_never_ready();
    run_named(world.admin, "ALTER ROLE %s RESET default_transaction_read_only");
    UNTIL(store_ready(world.store));
}

/* ---- lost ---- */

static void lost_in_flight_is_unknown(void **state)
{
    (void) state;
    struct asked held[2] = {0}, waiting = {0}, meanwhile = {0};
    world.settings.database_pipeline = 2;
    world.settings.set_rows = 1;
    store_make_ready();
    watch_changes();
    ask_held(&held[0]);
    ask(&held[1], "behind it");
    turn();
    ask(&waiting, "not sent");
    kill_held();
    expect_outcome(&held[0], STORE_UNKNOWN);
    expect_outcome(&held[1], STORE_UNKNOWN);
    expect_outcome(&waiting, STORE_UNAVAILABLE); /* surely not executed */
    assert_int_equal(changes, 1);
    assert_false(ready_told);
    ask(&meanwhile, "meanwhile");
    expect_outcome(&meanwhile, STORE_UNAVAILABLE);
    release();
    UNTIL(ready_told);
    assert_int_equal(changes, 2);
    expect_served();
    assert_int_equal(written(), 1);
    assert_int_equal(world.store->pending, 0);
}

static void lost_after_abandoning_tells_nobody(void **state)
{
    (void) state;
    struct asked gone = {0};
    store_make_ready();
    ask_held(&gone);
    store_abandon(world.store, &gone.request);
    kill_held();
    UNTIL(!store_ready(world.store));
    release();
    UNTIL(store_ready(world.store));
    assert_int_equal(gone.told, 0);
    assert_int_equal(world.store->pending, 0);
}

static void lost_when_idle_is_made_again(void **state)
{
    (void) state;
    store_make_ready();
    for (int i = 0; i < 3; i++) {
        kill_all();
        UNTIL(!store_ready(world.store));
        UNTIL(store_ready(world.store));
        expect_served();
    }
}

/* What waits is sent by the connection that is left. */
static void another_connection_takes_over(void **state)
{
    (void) state;
    struct asked held[2] = {0}, waiting = {0};
    world.settings.database_connections = 2;
    world.settings.set_rows = 1;
    store_make();
    UNTIL(world.store->connections[0].state == CONNECTION_READY &&
          world.store->connections[1].state == CONNECTION_READY);
    watch_changes();
    ask_held(&held[0]);
    ask_held(&held[1]);
    ask(&waiting, "waits");
    assert_int_equal(number("SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
                            " WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1) one"),
                     1);
    UNTIL(held[0].told + held[1].told == 1);
    assert_int_equal(held[held[0].told == 0].outcome, STORE_UNKNOWN);
    release();
    expect_done(&held[held[0].told != 0], 1);
    expect_done(&waiting, 1);
    assert_int_equal(changes, 0);
}

/* The answer may come and the connection go at once: what was answered is not unknown. */
static void a_stale_plan_makes_the_connection_anew(void **state)
{
    (void) state;
    struct asked asked = {0};
    store_make_ready();
    watch_changes();
    ask(&asked, "0A000");
    expect_outcome(&asked, STORE_UNAVAILABLE);
    assert_int_equal(changes, 1);
    UNTIL(ready_told);
    expect_served();
}

/* The server says goodbye within a statement, and whether it committed is not to be told from the word. */
static void a_shutdown_within_a_statement_is_unknown(void **state)
{
    (void) state;
    struct asked asked = {0};
    store_make_ready();
    ask(&asked, "57P01");
    expect_outcome(&asked, STORE_UNKNOWN);
    UNTIL(!store_ready(world.store));
    UNTIL(store_ready(world.store));
    expect_served();
}

static struct asked again;

static void ask_again(struct asked *asked)
{
    (void) asked;
    ask(&again, "again");
}

/* Who asks again from within the bad news is told off the stack of it. */
static void asking_again_when_lost(void **state)
{
    (void) state;
    struct asked held = {.then = ask_again};
    memset(&again, 0, sizeof(again));
    store_make_ready();
    hold();
    ask(&held, "hold");
    UNTIL(held_now() == 1);
    kill_held();
    expect_outcome(&held, STORE_UNKNOWN);
    expect_outcome(&again, STORE_UNAVAILABLE);
}

/* ---- much of it ---- */

static void bind_large(struct store_request *request, struct set *set)
{
    static char large[1 << 20];
    (void) request;
    memset(large, 'l', sizeof(large) - 1);
    set_text(set, IN_WORD, large);
}

/* More than the sockets hold, both ways at once: nobody waits for the other for ever. */
static void large_sets_go_out_and_come_back(void **state)
{
    (void) state;
    enum { SETS = 24 };
    struct asked asked[SETS] = {0};
    world.settings.queue_bytes = 1 << 28;
    world.settings.database_pipeline = 4;
    world.settings.set_rows = 4;
    store_make_ready();
    for (int i = 0; i < SETS; i++) {
        asked[i] = (struct asked){.request = {.bind = bind_large, .done = done_asked}, .word = ""};
        store_submit(world.store, &act, &asked[i].request);
    }
    for (int i = 0; i < SETS; i++) {
        expect_outcome(&asked[i], STORE_DONE);
        assert_int_equal(asked[i].set_n, 4);
    }
}

/* ---- every type, there and back ---- */

static void bind_every(struct store_request *request, struct set *set)
{
    (void) request;
    for (int line = 0; line < 2; line++) {
        if (line == 1)
            set_row(set);
        set_bool(set, set->next, line == 1);
        set_int2(set, set->next, INT16_MIN);
        set_int4(set, set->next, INT32_MAX - line);
        set_int8(set, set->next, INT64_MIN + line);
        set_day(set, set->next, day_of(1900, 2, 28) + line);
        set_uuid(set, set->next, (const uint8_t *) "0123456789abcdef");
        set_bytes(set, set->next, "a\0b", line == 0 ? 3 : 0);
        set_text(set, set->next, line == 0 ? "名册" : "");
    }
    set_row(set);
    for (int i = 0; i < EVERY; i++)
        set_null(set, set->next);
}

static bool every_told;

static void expect_values(const struct rows *rows, size_t row)
{
    size_t n;
    const uint8_t *bytes = rows_bytes(rows, row, SEALED, &n);
    assert_int_equal(n, row == 0 ? 3 : 0);
    assert_memory_equal(bytes, "a\0b", n);
    assert_int_equal(rows_bool(rows, row, FLAG), row == 1);
    assert_int_equal(rows_int2(rows, row, SMALL), INT16_MIN);
    assert_int_equal(rows_int4(rows, row, NUMBER), INT32_MAX - (int) row);
    assert_true(rows_int8(rows, row, LARGE) == INT64_MIN + (int) row);
    assert_int_equal(rows_day(rows, row, ON), row == 0 ? day_of(1900, 2, 28) : day_of(1900, 3, 1));
    assert_memory_equal(rows_uuid(rows, row, ID), "0123456789abcdef", 16);
    assert_string_equal(rows_text(rows, row, NAME), row == 0 ? "名册" : "");
}

static void look_at_every(struct store_request *request, enum store_outcome outcome, const struct rows *rows)
{
    (void) request;
    assert_int_equal(outcome, STORE_DONE);
    assert_int_equal(rows_count(rows), 3);
    expect_values(rows, 0);
    expect_values(rows, 1);
    for (int column = FLAG; column <= NAME; column++)
        assert_true(rows_null(rows, 2, column));
    assert_int_equal(rows_day(rows, 2, ON), DAY_NONE);
    every_told = true;
}

static void every_type_comes_back(void **state)
{
    (void) state;
    struct store_request request = {.bind = bind_every, .done = look_at_every};
    every_told = false;
    store_make_ready();
    store_submit(world.store, &every, &request);
    UNTIL(every_told);
}

/* ---- being told ---- */

static char news[64];

static void on_news(void *context, const char *payload)
{
    assert_ptr_equal(context, &world);
    snprintf(news, sizeof(news), "%s", payload);
}

static void what_the_database_tells_is_heard(void **state)
{
    (void) state;
    struct asked asked = {0};
    store_make();
    store_listen(world.store, "news", on_news, &world);
    UNTIL(store_ready(world.store));
    run(world.admin, "NOTIFY news, 'of another'");
    UNTIL(strcmp(news, "of another") == 0);
    ask(&asked, "tell of its own");
    expect_done(&asked, 1);
    UNTIL(strcmp(news, "of its own") == 0);
    kill_all();
    UNTIL(!store_ready(world.store));
    UNTIL(store_ready(world.store));
    run(world.admin, "NOTIFY news, 'after a loss'; NOTIFY rumours, 'not listened to'");
    UNTIL(strcmp(news, "after a loss") == 0);
    expect_served();
    assert_string_equal(news, "after a loss");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(asked_before_the_first_connection_is_served),
        STORE_TEST(ready_is_told_once),
        STORE_TEST(asked_of_a_server_that_refuses_is_unavailable),
        STORE_TEST(a_conninfo_that_cannot_be_read_is_unavailable),
        STORE_TEST(refused_connections_back_off),
        STORE_TEST(a_silent_server_is_given_up),
        STORE_TEST(another_digest_is_refused),
        STORE_TEST(a_function_that_was_replaced_is_refused),
        STORE_TEST(no_digest_is_refused),
        STORE_TEST(a_missing_function_is_refused),
        STORE_TEST(a_read_only_server_is_refused),
        STORE_TEST(lost_in_flight_is_unknown),
        STORE_TEST(lost_after_abandoning_tells_nobody),
        STORE_TEST(lost_when_idle_is_made_again),
        STORE_TEST(another_connection_takes_over),
        STORE_TEST(a_stale_plan_makes_the_connection_anew),
        STORE_TEST(a_shutdown_within_a_statement_is_unknown),
        STORE_TEST(asking_again_when_lost),
        STORE_TEST(large_sets_go_out_and_come_back),
        STORE_TEST(every_type_comes_back),
        STORE_TEST(what_the_database_tells_is_heard),
    };
    return RUN_STORE_TESTS(tests);
}
