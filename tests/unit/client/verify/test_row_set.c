/* SPDX-License-Identifier: Apache-2.0 */
/* What a row is by its changes in the log: in whatever order two transactions stand there, each state is made once and taken away
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "client/cli/verify/row_set.h"

/* Digests that read. */
static const uint8_t *d(char name)
{
    static uint8_t digests[128][ROW_DIGEST];
    memset(digests[(int) name], name, ROW_DIGEST);
    return name == '-' ? NULL : digests[(int) name];
}

/* "-a ab": made, then changed; what is live, judged. */
static enum row_finding judged(const char *changes, char live)
{
    struct row_set set = {.n = 0};
    ProtobufCBinaryData key = {3, (uint8_t *) "key"};
    struct row *row = row_of(&set, 30, &key);
    assert_non_null(row);
    for (const char *at = changes; *at != '\0'; at += at[2] == '\0' ? 2 : 3)
        assert_true(row_change(&set, row, d(at[0]), d(at[1])));
    row_set_passed(&set);
    if (live != '-')
        memcpy(row->live, d(live), ROW_DIGEST);
    enum row_finding finding = row_judge(&set, row);
    row_set_free(&set);
    return finding;
}

static void a_row_is_what_its_changes_lead_to(void **state)
{
    (void) state;
    assert_int_equal(judged("-a", 'a'), ROW_RIGHT);
    assert_int_equal(judged("-a ab bc", 'c'), ROW_RIGHT);
    assert_int_equal(judged("-a ab ba", 'a'), ROW_RIGHT);
    assert_int_equal(judged("-a a-", '-'), ROW_RIGHT);
    assert_int_equal(judged("-a a- -b", 'b'), ROW_RIGHT);
    assert_int_equal(judged("", '-'), ROW_RIGHT);
}

static void order_in_the_log_does_not_matter(void **state)
{
    (void) state;
    assert_int_equal(judged("bc -a ab", 'c'), ROW_RIGHT);
    assert_int_equal(judged("ab -a", 'b'), ROW_RIGHT);
    assert_int_equal(judged("cd ab bc -a", 'd'), ROW_RIGHT);
    assert_int_equal(judged("a- -a", '-'), ROW_RIGHT);
}

static void what_is_not_there_as_it_became_is_named(void **state)
{
    (void) state;
    assert_int_equal(judged("-a", 'b'), ROW_DIFFERS);
    assert_int_equal(judged("-a", '-'), ROW_NO_ROW);
    assert_int_equal(judged("", 'a'), ROW_NO_ENTRY);
    assert_int_equal(judged("-a a-", 'a'), ROW_NO_ENTRY);
}

/* What cancels where only the sum of all is looked at. */
static void changes_that_do_not_follow_from_each_other_are_named(void **state)
{
    (void) state;
    assert_int_equal(judged("-a ab ab", 'b'), ROW_CONTRADICTS);
    assert_int_equal(judged("-a xy xy", 'a'), ROW_CONTRADICTS);
    assert_int_equal(judged("-a xy", 'a'), ROW_CONTRADICTS);
    assert_int_equal(judged("-a -a", 'a'), ROW_CONTRADICTS);
    assert_int_equal(judged("-a -b", 'a'), ROW_CONTRADICTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_what_its_changes_lead_to),
        cmocka_unit_test(order_in_the_log_does_not_matter),
        cmocka_unit_test(what_is_not_there_as_it_became_is_named),
        cmocka_unit_test(changes_that_do_not_follow_from_each_other_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
