/* SPDX-License-Identifier: Apache-2.0 */
/* Owners that go before they are told, and what they may do when they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/store/fixture.h"

/* ---- owners that go ---- */

static void abandoned_while_waiting_takes_its_place_along(void **state)
{
    (void) state;
    struct asked held = {0}, gone = {0}, stays = {0};
    store_make_ready();
    ask_held(&held);
    ask(&gone, "gone");
    ask(&stays, "stays");
    store_abandon(world.store, &gone.request);
    assert_int_equal(world.store->pending, 2);
    release();
    expect_done(&stays, 2); /* what is bound stays bound: rows answer by number */
    assert_int_equal(gone.told, 0);
    assert_int_equal(world.store->pending, 0);
}

static void abandoned_in_flight_stays_sent(void **state)
{
    (void) state;
    struct asked gone = {0}, after = {0};
    store_make_ready();
    ask_held(&gone);
    store_abandon(world.store, &gone.request);
    assert_int_equal(world.store->pending, 0);
    memset(&gone, 0xa5, sizeof(gone)); /* its owner has used the memory for something else */
    release();
    ask(&after, "after");
    expect_done(&after, 1);
    assert_int_equal(number("SELECT count(*) FROM api.written WHERE word = 'hold'"), 1);
}

static void abandoned_when_refused_is_not_told(void **state)
{
    (void) state;
    struct asked held = {0}, waits = {0}, refused[2] = {0};
    world.settings.queue_bytes = 1;
    store_make_ready();
    ask_held(&held);
    ask(&waits, "waits");
    ask(&refused[0], "a");
    ask(&refused[1], "b");
    store_abandon(world.store, &refused[0].request);
    expect_outcome(&refused[1], STORE_BUSY);
    assert_int_equal(refused[0].told, 0);
    assert_int_equal(world.store->pending, 2);
    release();
    expect_done(&waits, 1);
}

/* Its set fails: those who have gone are not sent again. */
static void abandoned_is_not_tried_again(void **state)
{
    (void) state;
    struct asked held = {0}, gone = {0}, stays = {0}, guilty = {0};
    store_make_ready();
    ask_held(&held);
    ask(&gone, "gone");
    ask(&guilty, "22012");
    ask(&stays, "stays");
    store_abandon(world.store, &gone.request);
    release();
    expect_outcome(&guilty, STORE_FAILED);
    expect_done(&stays, 1);
    assert_int_equal(gone.binds, 1);
    assert_int_equal(number("SELECT count(*) FROM api.written WHERE word = 'gone'"), 0);
}

static void abandoning_twice_or_after_the_answer_is_nothing(void **state)
{
    (void) state;
    struct asked one = {0}, never = {0};
    store_make_ready();
    ask(&one, "one");
    expect_done(&one, 1);
    store_abandon(world.store, &one.request);
    store_abandon(world.store, &never.request);
    ask(&one, "again");
    store_abandon(world.store, &one.request);
    store_abandon(world.store, &one.request);
    assert_int_equal(world.store->pending, 0);
}

/* ---- from within an answer ---- */

static struct asked siblings[2], child;

static void abandon_sibling(struct asked *asked)
{
    assert_ptr_equal(asked, &siblings[0]);
    store_abandon(world.store, &siblings[1].request);
}

static void an_answer_may_abandon_its_neighbour(void **state)
{
    (void) state;
    memset(siblings, 0, sizeof(siblings));
    siblings[0].then = abandon_sibling;
    store_make_ready();
    ask(&siblings[0], "first");
    ask(&siblings[1], "second");
    expect_done(&siblings[0], 2);
    for (int i = 0; i < 10; i++)
        turn();
    assert_int_equal(siblings[1].told, 0);
    assert_int_equal(world.store->pending, 0);
}

static void ask_child(struct asked *asked)
{
    (void) asked;
    ask(&child, "child");
}

static void an_answer_may_ask_again(void **state)
{
    (void) state;
    struct asked parent = {.then = ask_child};
    memset(&child, 0, sizeof(child));
    store_make_ready();
    ask(&parent, "parent");
    expect_done(&parent, 1);
    expect_done(&child, 1);
}

static void freed_with_requests_everywhere(void **state)
{
    (void) state;
    struct asked held = {0}, waits = {0}, refused = {0};
    world.settings.queue_bytes = 1;
    store_make_ready();
    ask_held(&held);
    ask(&waits, "waits");
    ask(&refused, "refused");
    store_free(world.store);
    world.store = NULL;
    assert_int_equal(held.told + waits.told + refused.told, 0);
    store_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(abandoned_while_waiting_takes_its_place_along),
        STORE_TEST(abandoned_in_flight_stays_sent),
        STORE_TEST(abandoned_when_refused_is_not_told),
        STORE_TEST(abandoned_is_not_tried_again),
        STORE_TEST(abandoning_twice_or_after_the_answer_is_nothing),
        STORE_TEST(an_answer_may_abandon_its_neighbour),
        STORE_TEST(an_answer_may_ask_again),
        STORE_TEST(freed_with_requests_everywhere),
    };
    return RUN_STORE_TESTS(tests);
}
