/* SPDX-License-Identifier: Apache-2.0 */
/* Sets gather and go out, the guilty one fails alone, what is too much is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/store/fixture.h"

/* ---- gathering ---- */

static void an_idle_store_sends_one_at_once(void **state)
{
    (void) state;
    struct asked one = {0};
    store_make_ready();
    ask(&one, "one");
    assert_int_equal(world.store->pending, 1);
    expect_done(&one, 1);
    assert_int_equal(one.binds, 1);
    assert_int_equal(world.store->pending, 0);
}

static void of_one_turn_go_together(void **state)
{
    (void) state;
    struct asked asked[3] = {0};
    store_make_ready();
    ask(&asked[0], "a");
    ask(&asked[1], "b");
    ask(&asked[2], "c");
    for (int i = 0; i < 3; i++)
        expect_done(&asked[i], 3);
}

static void what_comes_while_busy_goes_out_together(void **state)
{
    (void) state;
    struct asked held = {0}, waiting[5] = {0};
    static const char *const words[] = {"a", "b", "c", "d", "e"};
    store_make_ready();
    ask_held(&held);
    for (int i = 0; i < 5; i++) {
        ask(&waiting[i], words[i]);
        turn();
    }
    assert_int_equal(world.store->pending, 6);
    assert_int_equal(written(), 0);
    release();
    expect_done(&held, 1);
    for (int i = 0; i < 5; i++)
        expect_done(&waiting[i], 5);
    assert_int_equal(written(), 6);
}

/* The set that has waited longest goes first, whichever statement it is of. */
static void statements_have_sets_of_their_own(void **state)
{
    (void) state;
    struct asked held = {0}, asked[4] = {0};
    store_make_ready();
    ask_held(&held);
    ask_of(&other, &asked[0], "other 1");
    ask_of(&act, &asked[1], "act 1");
    ask_of(&other, &asked[2], "other 2");
    ask_of(&act, &asked[3], "act 2");
    release();
    for (int i = 0; i < 4; i++)
        expect_done(&asked[i], 2);
    assert_int_equal(number("SELECT count(*) FROM api.written WHERE (id, word) IN"
                            " ((2, 'other 1'), (3, 'other 2'), (4, 'act 1'), (5, 'act 2'))"),
                     4);
}

static void a_set_has_at_most_set_rows(void **state)
{
    (void) state;
    struct asked held = {0}, asked[10] = {0};
    world.settings.set_rows = 4;
    store_make_ready();
    ask_held(&held);
    for (int i = 0; i < 10; i++)
        ask(&asked[i], "x");
    release();
    for (int i = 0; i < 10; i++)
        expect_done(&asked[i], i < 8 ? 4 : 2);
}

/* Lines count as requests do. */
static void bind_lines(struct store_request *request, struct set *set)
{
    (void) request;
    for (int i = 0; i < EVERY; i++)
        set_null(set, set->next);
    for (int line = 0; line < 3; line++) {
        set_row(set);
        for (int i = 0; i < EVERY; i++)
            set_null(set, set->next);
    }
}

static int lines_told;

static void count_lines(struct store_request *request, enum store_outcome outcome, const struct rows *rows)
{
    (void) request;
    assert_int_equal(outcome, STORE_DONE);
    assert_int_equal(rows_count(rows), 4);
    lines_told++;
}

static void lines_fill_a_set(void **state)
{
    (void) state;
    struct asked held = {0};
    struct store_request requests[3] = {0};
    world.settings.set_rows = 8;
    store_make_ready();
    ask_held(&held);
    for (int i = 0; i < 3; i++) {
        requests[i] = (struct store_request){.bind = bind_lines, .done = count_lines};
        store_submit(world.store, &every, &requests[i]);
    }
    assert_ptr_equal(requests[0].set, requests[1].set);
    assert_ptr_not_equal(requests[1].set, requests[2].set);
    lines_told = 0;
    release();
    UNTIL(lines_told == 3);
}

static void several_sets_may_be_in_flight(void **state)
{
    (void) state;
    struct asked asked[5] = {0};
    world.settings.database_pipeline = 3;
    world.settings.set_rows = 2;
    store_make_ready();
    ask_held(&asked[0]);
    for (int i = 1; i < 5; i++) {
        ask(&asked[i], "x");
        turn();
        assert_int_equal(world.store->connections[0].in_flight_n, 1 + i / 2); /* two fill a set */
    }
    release();
    expect_done(&asked[0], 1);
    for (int i = 1; i < 5; i++)
        expect_done(&asked[i], 2);
}

/* One that is not full goes beside those of other statements only. */
static void a_set_grows_while_another_of_its_statement_is_in_flight(void **state)
{
    (void) state;
    struct asked held = {0}, elsewhere = {0}, full[4] = {0}, last = {0};
    world.settings.database_connections = 2;
    world.settings.set_rows = 4;
    store_make();
    UNTIL(world.store->connections[0].state == CONNECTION_READY &&
          world.store->connections[1].state == CONNECTION_READY);
    ask_held(&held);
    for (int i = 0; i < 3; i++) {
        ask(&full[i], "x");
        turn();
    }
    ask_of(&other, &elsewhere, "y");
    expect_done(&elsewhere, 1);
    assert_int_equal(full[0].told, 0);
    ask(&full[3], "x");
    for (int i = 0; i < 4; i++)
        expect_done(&full[i], 4);
    ask(&last, "z");
    turn();
    assert_int_equal(world.store->connections[0].in_flight_n + world.store->connections[1].in_flight_n, 1);
    release();
    expect_done(&held, 1);
    expect_done(&last, 1);
}

/* What has gathered before there was a connection goes out as far as the pipeline goes, not one by one. */
static void all_that_fits_is_sent_at_once(void **state)
{
    (void) state;
    struct asked asked[4] = {0};
    world.settings.database_pipeline = 3;
    world.settings.set_rows = 1;
    hold();
    store_make();
    for (int i = 0; i < 4; i++)
        ask(&asked[i], "hold");
    UNTIL(held_now() == 1);
    assert_int_equal(world.store->connections[0].in_flight_n, 3);
    release();
    for (int i = 0; i < 4; i++)
        expect_done(&asked[i], 1);
}

static void other_connections_go_on(void **state)
{
    (void) state;
    struct asked held = {0}, asked[2] = {0};
    world.settings.database_connections = 2;
    world.settings.set_rows = 1;
    store_make();
    UNTIL(world.store->connections[0].state == CONNECTION_READY &&
          world.store->connections[1].state == CONNECTION_READY);
    ask_held(&held);
    for (int i = 0; i < 2; i++) {
        ask(&asked[i], "x");
        expect_done(&asked[i], 1);
    }
    assert_int_equal(held.told, 0);
    release();
    expect_done(&held, 1);
}

static void rows_of_each_request_are_its_own(void **state)
{
    (void) state;
    struct asked asked[4] = {0};
    store_make_ready();
    ask(&asked[0], "silent");
    ask(&asked[1], "twice");
    ask(&asked[2], "once");
    ask(&asked[3], "silent");
    expect_done(&asked[2], 4);
    expect_outcome(&asked[0], STORE_DONE);
    assert_int_equal(asked[0].rows, 0);
    expect_outcome(&asked[1], STORE_DONE);
    assert_int_equal(asked[1].rows, 2);
    assert_string_equal(asked[1].said, "twice");
    expect_outcome(&asked[3], STORE_DONE);
    assert_int_equal(asked[3].rows, 0);
}

/* ---- failing ---- */

static void the_guilty_one_fails_alone(void **state)
{
    (void) state;
    struct asked asked[4] = {0};
    store_make_ready();
    ask(&asked[0], "a");
    ask(&asked[1], "22012");
    ask(&asked[2], "b");
    ask(&asked[3], "c");
    expect_outcome(&asked[1], STORE_FAILED);
    for (int i = 0; i < 4; i++) {
        if (i != 1)
            expect_done(&asked[i], 1);
        assert_int_equal(asked[i].binds, 2);
    }
    assert_int_equal(written(), 3);
    assert_true(store_ready(world.store));
}

/* Alone from the first: it is not tried again. */
static void guilty_and_alone_is_told_at_once(void **state)
{
    (void) state;
    struct asked guilty = {0}, after = {0};
    store_make_ready();
    ask(&guilty, "P0001");
    expect_outcome(&guilty, STORE_FAILED);
    assert_int_equal(guilty.binds, 1);
    ask(&after, "after");
    expect_done(&after, 1);
}

static void who_loses_a_race_is_tried_again(void **state)
{
    (void) state;
    struct asked racing = {0};
    store_make_ready();
    ask(&racing, "race 3");
    expect_done(&racing, 1);
    assert_int_equal(racing.binds, 4);
    assert_int_equal(written(), 1);
}

/* The others of its set are not held up by its bad luck. */
static void who_loses_a_race_is_tried_again_alone(void **state)
{
    (void) state;
    struct asked asked[3] = {0};
    store_make_ready();
    ask(&asked[0], "a");
    ask(&asked[1], "race 3");
    ask(&asked[2], "b");
    for (int i = 0; i < 3; i++)
        expect_done(&asked[i], 1);
    assert_int_equal(asked[0].binds, 2);
    assert_int_equal(asked[1].binds, 4);
    assert_int_equal(asked[2].binds, 2);
    assert_int_equal(written(), 3);
}

/* Once in a set and five times alone, or six times alone. */
static void races_are_not_run_for_ever(void **state)
{
    (void) state;
    struct asked last = {0}, never = {0};
    store_make_ready();
    ask(&last, "race 5");
    expect_done(&last, 1);
    assert_int_equal(last.binds, 6);
    run(world.admin, "ALTER SEQUENCE api.tries RESTART");
    ask(&never, "race 6");
    expect_outcome(&never, STORE_UNAVAILABLE);
    assert_int_equal(never.binds, 6);
    assert_int_equal(written(), 1);
}

/* Not this set's fault and surely not committed: all are told so, and nothing is tried again. */
static void unavailable_is_told_to_all(void **state)
{
    (void) state;
    struct asked asked[2] = {0};
    store_make_ready();
    ask(&asked[0], "a");
    ask(&asked[1], "53100");
    expect_outcome(&asked[0], STORE_UNAVAILABLE);
    expect_outcome(&asked[1], STORE_UNAVAILABLE);
    assert_int_equal(asked[0].binds, 1);
    assert_int_equal(written(), 0);
    assert_true(store_ready(world.store));
}

static void statement_timeout_is_unavailable(void **state)
{
    (void) state;
    struct asked held = {0}, after = {0};
    world.settings.deadline_ms = 1000; /* that of `after`, too, which has to come back in it */
    store_make_ready();
    ask_held(&held);
    expect_outcome(&held, STORE_UNAVAILABLE);
    release();
    ask(&after, "after");
    expect_done(&after, 1);
}

static void a_failed_set_spoils_no_other_in_flight(void **state)
{
    (void) state;
    struct asked asked[3] = {0};
    world.settings.database_pipeline = 3;
    world.settings.set_rows = 1;
    store_make_ready();
    ask_held(&asked[0]);
    ask(&asked[1], "22012");
    turn();
    ask(&asked[2], "after");
    turn();
    assert_int_equal(world.store->connections[0].in_flight_n, 3);
    release();
    expect_done(&asked[0], 1);
    expect_outcome(&asked[1], STORE_FAILED);
    expect_done(&asked[2], 1);
}

/* A cancelled wait for a synchronous standby looks like a success with this warning. */
static void committed_with_a_warning_is_unknown(void **state)
{
    (void) state;
    struct asked asked[2] = {0}, after = {0};
    store_make_ready();
    ask(&asked[0], "warn 01000"); /* what PostgreSQL gives it */
    ask(&asked[1], "beside it");
    expect_outcome(&asked[0], STORE_UNKNOWN);
    expect_outcome(&asked[1], STORE_UNKNOWN);
    assert_int_equal(written(), 2);
    ask(&after, "after");
    expect_done(&after, 1);
}

/* Rows that belong to nobody, or to somebody before: whose answer they are can no longer be told. */
static void answers_in_wrong_order_are_refused(void **state)
{
    (void) state;
    static const char *const wrong[] = {"{2,1}", "{0}", "{-1}", "{3}", "{NULL}", "{1,2,1}", "{1,NULL,2}"};
    store_make_ready();
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        struct asked asked[2] = {0};
        ask_of(&answer, &asked[0], wrong[i]);
        ask_of(&answer, &asked[1], "beside it");
        expect_outcome(&asked[0], STORE_FAILED);
        expect_outcome(&asked[1], STORE_FAILED);
    }
    struct asked good[2] = {0};
    ask_of(&answer, &good[0], "{1,1,2}");
    ask_of(&answer, &good[1], "beside it");
    expect_outcome(&good[0], STORE_DONE);
    expect_outcome(&good[1], STORE_DONE);
    assert_int_equal(good[0].rows, 2);
    assert_int_equal(good[1].rows, 1);
}

/* ---- too much ---- */

static void too_much_waiting_is_busy(void **state)
{
    (void) state;
    static char kilobyte[1025];
    struct asked held = {0}, fits[4] = {0}, late = {0}, after = {0};
    memset(kilobyte, 'k', sizeof(kilobyte) - 1);
    world.settings.queue_bytes = 4096;
    store_make_ready();
    ask_held(&held);
    for (int i = 0; i < 4; i++)
        ask(&fits[i], kilobyte);
    ask(&late, "late");
    expect_outcome(&late, STORE_BUSY);
    assert_int_equal(late.binds, 0);
    assert_int_equal(fits[0].told, 0);
    release();
    for (int i = 0; i < 4; i++)
        expect_outcome(&fits[i], STORE_DONE);
    assert_int_equal(world.store->waiting_bytes, 0);
    ask(&after, "after");
    expect_done(&after, 1);
}

/* What is sent no longer waits; what is taken apart waits again and is let in whatever it takes. */
static void waiting_bytes_are_counted_back(void **state)
{
    (void) state;
    struct asked asked[2] = {0};
    store_make_ready();
    ask(&asked[0], "22012");
    ask(&asked[1], "b");
    assert_int_equal(world.store->waiting_bytes, 4 + 5 + 4 + 1);
    expect_outcome(&asked[0], STORE_FAILED);
    expect_done(&asked[1], 1);
    assert_int_equal(world.store->waiting_bytes, 0);
}

static void bind_endless(struct store_request *request, struct set *set)
{
    (void) request;
    set_fail(set);
    set_text(set, IN_WORD, "endless");
}

/* Who has no room takes the set along; all are told to come again, and the store goes on. */
static void a_spoilt_set_is_busy(void **state)
{
    (void) state;
    struct asked held = {0}, beside[2] = {0}, after = {0};
    struct asked endless = {.request = {.bind = bind_endless, .done = done_asked}};
    store_make_ready();
    ask_held(&held);
    ask(&beside[0], "beside it");
    ask(&beside[1], "gone before");
    store_abandon(world.store, &beside[1].request);
    store_submit(world.store, &act, &endless.request);
    assert_int_equal(beside[0].told + endless.told, 0);
    expect_outcome(&endless, STORE_BUSY);
    expect_outcome(&beside[0], STORE_BUSY);
    assert_int_equal(beside[1].told, 0);
    ask(&after, "after");
    assert_int_equal(world.store->waiting_bytes, 4 + 5);
    release();
    expect_done(&held, 1);
    expect_done(&after, 1);
    assert_int_equal(world.store->pending, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(an_idle_store_sends_one_at_once),
        STORE_TEST(of_one_turn_go_together),
        STORE_TEST(what_comes_while_busy_goes_out_together),
        STORE_TEST(statements_have_sets_of_their_own),
        STORE_TEST(a_set_has_at_most_set_rows),
        STORE_TEST(lines_fill_a_set),
        STORE_TEST(several_sets_may_be_in_flight),
        STORE_TEST(a_set_grows_while_another_of_its_statement_is_in_flight),
        STORE_TEST(all_that_fits_is_sent_at_once),
        STORE_TEST(other_connections_go_on),
        STORE_TEST(rows_of_each_request_are_its_own),
        STORE_TEST(the_guilty_one_fails_alone),
        STORE_TEST(guilty_and_alone_is_told_at_once),
        STORE_TEST(who_loses_a_race_is_tried_again),
        STORE_TEST(who_loses_a_race_is_tried_again_alone),
        STORE_TEST(races_are_not_run_for_ever),
        STORE_TEST(unavailable_is_told_to_all),
        STORE_TEST(statement_timeout_is_unavailable),
        STORE_TEST(a_failed_set_spoils_no_other_in_flight),
        STORE_TEST(committed_with_a_warning_is_unknown),
        STORE_TEST(answers_in_wrong_order_are_refused),
        STORE_TEST(too_much_waiting_is_busy),
        STORE_TEST(waiting_bytes_are_counted_back),
        STORE_TEST(a_spoilt_set_is_busy),
    };
    return RUN_STORE_TESTS(tests);
}
