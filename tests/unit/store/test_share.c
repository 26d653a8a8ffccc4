/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks much leaves room for who asks little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/store/fixture.h"

/* With sets of 4 on one connection a share is 8: what is above it waits. */
enum { SET = 4, SHARE = 2 * SET, MANY = 5 * SHARE };

static const uint8_t greedy_id[STORE_OWNER] = "greedy", modest_id[STORE_OWNER] = "modest";
static struct asked held, greedy[MANY], modest;
static int told; /* of the greedy one's */

static void count_told(struct asked *asked)
{
    (void) asked;
    told++;
}

static void ask_as(const uint8_t *owner, struct asked *asked, const char *word, size_t bytes)
{
    *asked = (struct asked){
        .request = {.bind = bind_asked, .done = done_asked, .owner = owner, .bytes = bytes},
        .word = word,
        .then = owner == greedy_id ? count_told : NULL,
    };
    store_submit(world.store, &act, &asked->request);
    assert_int_equal(asked->told, 0);
}

/* The greedy one's requests behind a connection that is busy. */
static void crowd(int n)
{
    memset(&held, 0, sizeof(held));
    told = 0;
    world.settings.set_rows = SET;
    store_make_ready();
    ask_held(&held);
    for (int i = 0; i < n; i++)
        ask_as(greedy_id, &greedy[i], "greedy", 1);
}

static int in_sets(int n)
{
    int found = 0;
    for (int i = 0; i < n; i++)
        found += greedy[i].request.set != NULL;
    return found;
}

static int told_when_modest;

static void note_told(struct asked *asked)
{
    (void) asked;
    told_when_modest = told;
}

static void who_asks_little_waits_for_little_more_than_a_share(void **state)
{
    (void) state;
    crowd(MANY);
    assert_int_equal(in_sets(MANY), SHARE);
    assert_int_equal(greedy[SHARE].binds, 0);
    ask_as(modest_id, &modest, "modest", 1);
    modest.then = note_told;
    assert_int_equal(world.store->pending, 1 + MANY + 1);
    release();
    expect_outcome(&modest, STORE_DONE);
    assert_true(told_when_modest <= SHARE + SET);
    UNTIL(told == MANY);
    assert_int_equal(written(), 1 + MANY + 1);
    assert_int_equal(world.store->pending, 0);
    assert_int_equal(world.store->waiting_bytes, 0);
    assert_null(world.store->shares.tree);
}

/* Six sets of the greedy one wait. One is in the lane of the modest one, and one of the others goes in each turn: he does not
 * wait for the last two. */
static void lanes_take_turns(void **state)
{
    (void) state;
    world.settings.database_pipeline = 3;
    crowd(6 * SET);
    assert_int_equal(in_sets(6 * SET), 6 * SET);
    ask_as(modest_id, &modest, "modest", 1);
    modest.then = note_told;
    assert_int_equal(greedy[0].request.set->lane, LANE_LIGHT);
    assert_int_equal(greedy[SET].request.set->lane, LANE_HEAVY);
    assert_int_equal(modest.request.set->lane, LANE_LIGHT);
    release();
    expect_outcome(&modest, STORE_DONE);
    assert_true(told_when_modest <= 4 * SET);
    UNTIL(told == 6 * SET);
}

/* Expected rows weigh as much as those that are brought. */
static void bind_page(struct store_request *request, struct set *set)
{
    bind_asked(request, set);
    set_expect(set, SET - 1);
}

static void expected_rows_fill_a_set(void **state)
{
    (void) state;
    struct asked pages[2] = {{.request = {.bind = bind_page, .done = done_asked}, .word = "page"},
                             {.request = {.bind = bind_page, .done = done_asked}, .word = "page"}};
    crowd(0);
    for (int i = 0; i < 2; i++)
        store_submit(world.store, &act, &pages[i].request);
    release();
    for (int i = 0; i < 2; i++)
        expect_done(&pages[i], 1);
}

static void abandoned_while_it_waits_for_its_share(void **state)
{
    (void) state;
    crowd(SHARE + 3);
    for (int i = SHARE; i < SHARE + 3; i++)
        store_abandon(world.store, &greedy[i].request);
    assert_int_equal(world.store->pending, 1 + SHARE);
    assert_true(TAILQ_EMPTY(&world.store->shares.crowded));
    release();
    UNTIL(told == SHARE);
    assert_int_equal(written(), 1 + SHARE);
    assert_null(world.store->shares.tree);
}

/* One owner's requests fill half of what is kept waiting; another's still find room. */
static void too_much_of_one_owner_is_busy(void **state)
{
    (void) state;
    world.settings.queue_bytes = 1000;
    crowd(SHARE);
    for (int i = SHARE; i < SHARE + 3; i++)
        ask_as(greedy_id, &greedy[i], "greedy", 250);
    expect_outcome(&greedy[SHARE + 2], STORE_BUSY);
    assert_int_equal(greedy[SHARE + 1].told, 0);
    ask_as(modest_id, &modest, "modest", 250);
    release();
    expect_outcome(&modest, STORE_DONE);
    UNTIL(told == SHARE + 3);
}

static void no_database_is_told_to_those_who_wait_for_their_share(void **state)
{
    (void) state;
    crowd(MANY);
    run_named(world.admin, "ALTER ROLE %s NOLOGIN");
    kill_all();
    UNTIL(told == MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(greedy[i].outcome, STORE_UNAVAILABLE);
    assert_null(world.store->shares.tree);
}

/* A set that is taken apart gives back what it held, and each of its requests holds its own. */
static void the_guilty_give_back_their_share(void **state)
{
    (void) state;
    crowd(0);
    for (int i = 0; i < MANY; i++)
        ask_as(greedy_id, &greedy[i], i % 3 == 0 ? "22012" : "good", 1);
    release();
    UNTIL(told == MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(greedy[i].outcome, i % 3 == 0 ? STORE_FAILED : STORE_DONE);
    assert_null(world.store->shares.tree);
}

static void freed_while_requests_wait_for_their_share(void **state)
{
    (void) state;
    crowd(MANY);
    store_free(world.store);
    world.store = NULL;
    assert_int_equal(told, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(who_asks_little_waits_for_little_more_than_a_share),
        STORE_TEST(lanes_take_turns),
        STORE_TEST(expected_rows_fill_a_set),
        STORE_TEST(abandoned_while_it_waits_for_its_share),
        STORE_TEST(too_much_of_one_owner_is_busy),
        STORE_TEST(no_database_is_told_to_those_who_wait_for_their_share),
        STORE_TEST(the_guilty_give_back_their_share),
        STORE_TEST(freed_while_requests_wait_for_their_share),
    };
    return RUN_STORE_TESTS(tests);
}
