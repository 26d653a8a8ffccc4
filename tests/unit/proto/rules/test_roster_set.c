/* SPDX-License-Identifier: Apache-2.0 */
/* The persons of one file (A6): told apart by document, found again by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "proto/rules/roster.h"

enum { UNTOUCHED = 77 };

static int new_set(void **state)
{
    *state = roster_set_new();
    return *state == NULL;
}

static int free_set(void **state)
{
    roster_set_free(*state);
    return 0;
}

static struct roster_clean person(enum document_type type, const char *country, const char *number,
                                  const char *name)
{
    struct roster_clean clean = {.document.type = type};
    snprintf(clean.document.issuing_country, sizeof(clean.document.issuing_country), "%s", country);
    snprintf(clean.document.number, sizeof(clean.document.number), "%s", number);
    snprintf(clean.name, sizeof(clean.name), "%s", name);
    return clean;
}

static struct roster_clean resident(const char *number, const char *name)
{
    return person(DOCUMENT_RESIDENT_ID, "", number, name);
}

/* The row it collides with, 0 for none; the reason must fit. */
static uint32_t add(struct roster_set *set, struct roster_clean clean, uint32_t row, enum reason expected)
{
    uint32_t first_row = UNTOUCHED;
    assert_int_equal(roster_set_add(set, &clean, row, &first_row), expected);
    if (expected == REASON_NONE)
        assert_int_equal(first_row, UNTOUCHED);
    return expected == REASON_NONE ? 0 : first_row;
}

static void a6_accepts_different_persons(void **state)
{
    add(*state, resident("1", "李某"), 1, REASON_NONE);
    add(*state, resident("2", "王某"), 2, REASON_NONE);
    add(*state, resident("12", "赵某"), 3, REASON_NONE);
}

/* Names are shared by many. */
static void a6_accepts_the_same_name_with_another_number(void **state)
{
    add(*state, resident("1", "李某"), 1, REASON_NONE);
    add(*state, resident("2", "李某"), 2, REASON_NONE);
}

static void a6_the_same_person_twice_is_refused(void **state)
{
    add(*state, resident("1", "李某"), 4, REASON_NONE);
    add(*state, resident("2", "王某"), 5, REASON_NONE);
    assert_int_equal(add(*state, resident("1", "李某"), 6, REASON_DUPLICATE_IN_FILE), 4);
    assert_int_equal(add(*state, resident("2", "王某"), 7, REASON_DUPLICATE_IN_FILE), 5);
}

/* Also the third time it is the first row that is named. */
static void a6_the_first_row_is_named_every_time(void **state)
{
    add(*state, resident("1", "李某"), 4, REASON_NONE);
    for (uint32_t row = 5; row < 10; row++)
        assert_int_equal(add(*state, resident("1", "李某"), row, REASON_DUPLICATE_IN_FILE), 4);
}

static void a6_the_same_number_with_another_name_is_refused(void **state)
{
    add(*state, resident("1", "李某"), 4, REASON_NONE);
    assert_int_equal(add(*state, resident("1", "王某"), 5, REASON_SAME_NUMBER_OTHER_NAME), 4);
    assert_int_equal(add(*state, resident("1", "李某"), 6, REASON_DUPLICATE_IN_FILE), 4);
}

static void a6_accepts_the_same_number_of_another_kind_of_document(void **state)
{
    add(*state, person(DOCUMENT_RESIDENT_ID, "", "12345", "李某"), 1, REASON_NONE);
    add(*state, person(DOCUMENT_RESIDENCE_PERMIT, "", "12345", "李某"), 2, REASON_NONE);
    add(*state, person(DOCUMENT_PASSPORT, "FRA", "12345", "李某"), 3, REASON_NONE);
}

static void a6_accepts_the_same_passport_number_of_another_country(void **state)
{
    add(*state, person(DOCUMENT_PASSPORT, "FRA", "X00000000", "Anna"), 1, REASON_NONE);
    add(*state, person(DOCUMENT_PASSPORT, "ITA", "X00000000", "Anna"), 2, REASON_NONE);
    assert_int_equal(
        add(*state, person(DOCUMENT_PASSPORT, "ITA", "X00000000", "Anna"), 3, REASON_DUPLICATE_IN_FILE), 2);
}

/* The set keeps copies: what it was shown may change or go. */
static void rows_are_copied(void **state)
{
    struct roster_clean clean = resident("1", "李某");
    uint32_t first_row = 0;
    assert_int_equal(roster_set_add(*state, &clean, 1, &first_row), REASON_NONE);
    memset(&clean, 0xff, sizeof(clean));
    assert_int_equal(add(*state, resident("1", "李某"), 2, REASON_DUPLICATE_IN_FILE), 1);
}

/* In ascending order, as files come: a tree that is not balanced would be a list. */
static void twenty_thousand_rows_are_told_apart(void **state)
{
    enum { ROWS = 20000 };
    for (uint32_t row = 1; row <= ROWS; row++) {
        char number[16];
        snprintf(number, sizeof(number), "%08u", row);
        add(*state, resident(number, "李某"), row, REASON_NONE);
    }
    for (uint32_t row = 1; row <= ROWS; row++) {
        char number[16];
        snprintf(number, sizeof(number), "%08u", row);
        assert_int_equal(add(*state, resident(number, "李某"), ROWS + row, REASON_DUPLICATE_IN_FILE), row);
    }
}

static void nothing_is_freed_without_a_crash(void **state)
{
    (void) state;
    roster_set_free(NULL);
    struct roster_set *set = roster_set_new();
    assert_non_null(set);
    roster_set_free(set);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, new_set, free_set)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a6_accepts_different_persons),
        TEST(a6_accepts_the_same_name_with_another_number),
        TEST(a6_the_same_person_twice_is_refused),
        TEST(a6_the_first_row_is_named_every_time),
        TEST(a6_the_same_number_with_another_name_is_refused),
        TEST(a6_accepts_the_same_number_of_another_kind_of_document),
        TEST(a6_accepts_the_same_passport_number_of_another_country),
        TEST(rows_are_copied),
        TEST(twenty_thousand_rows_are_told_apart),
        cmocka_unit_test(nothing_is_freed_without_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
