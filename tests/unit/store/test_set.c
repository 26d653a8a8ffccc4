/* SPDX-License-Identifier: Apache-2.0 */
/* The binary arrays of a set, read back by the rules of PostgreSQL's array_recv(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "daemon/store/set_private.h"
#include "daemon/store/statement_private.h"
#include "tests/unit/store/columns.h"

/* ---- reading arrays ---- */

struct array {
    const uint8_t *at, *end;
    uint32_t dimensions, has_null, element, n;
};

static uint32_t word(struct array *array)
{
    const uint8_t *at = array->at;
    assert_true(array->end - at >= 4);
    array->at += 4;
    return (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
}

static struct array array_open(const char *value, int length)
{
    struct array array = {.at = (const uint8_t *) value, .end = (const uint8_t *) value + length};
    array.dimensions = word(&array);
    array.has_null = word(&array);
    array.element = word(&array);
    assert_true(array.dimensions <= 1);
    if (array.dimensions == 1) {
        array.n = word(&array);
        assert_int_equal(word(&array), 1); /* the lower bound */
    }
    return array;
}

static void expect_element(struct array *array, const void *bytes, size_t n)
{
    uint32_t length = word(array);
    if (bytes == NULL) {
        assert_int_equal(length, UINT32_MAX);
        return;
    }
    assert_int_equal(length, n);
    assert_true((size_t) (array->end - array->at) >= n);
    assert_memory_equal(array->at, bytes, n);
    array->at += n;
}

#define ELEMENT(array, bytes) expect_element(array, bytes, sizeof(bytes) - 1)

static void expect_end(const struct array *array)
{
    assert_ptr_equal(array->at, array->end);
}

/* ---- binding ---- */

struct asked {
    struct store_request request;
    void (*values)(struct set *);
    int rows;
};

static void bind_asked(struct store_request *request, struct set *set)
{
    const struct asked *asked = CONTAINER_OF(request, struct asked, request);
    asked->values(set);
    for (int i = 0; i < asked->rows; i++) {
        set_row(set);
        asked->values(set);
    }
}

static void some_values(struct set *set)
{
    set_bool(set, set->next, true);
    set_int2(set, set->next, -2);
    set_int4(set, set->next, 0x01020304);
    set_int8(set, set->next, -3);
    set_day(set, set->next, day_of(2000, 1, 2));
    set_uuid(set, set->next, (const uint8_t *) "0123456789abcdef");
    set_bytes(set, set->next, "a\0b", 3);
    set_text(set, set->next, "名册");
}

static void edge_values(struct set *set)
{
    set_bool(set, set->next, false);
    set_int2(set, set->next, INT16_MIN);
    set_int4(set, set->next, INT32_MIN);
    set_int8(set, set->next, INT64_MIN);
    set_day(set, set->next, day_of(1800, 1, 1));
    set_uuid(set, set->next, (const uint8_t[16]){0});
    set_bytes(set, set->next, NULL, 0);
    set_text(set, set->next, "");
}

static void nulls(struct set *set)
{
    for (int i = 0; i < EVERY; i++)
        set_null(set, set->next);
}

/* A day and a text say NULL in their own way. */
static void nulls_by_value(struct set *set)
{
    for (int i = 0; i < 4; i++)
        set_null(set, set->next);
    set_day(set, set->next, DAY_NONE);
    set_null(set, set->next);
    set_null(set, set->next);
    set_text(set, set->next, NULL);
}

static struct asked asked_of(void (*values)(struct set *), int rows)
{
    return (struct asked){.request.bind = bind_asked, .values = values, .rows = rows};
}

static struct set *set_of(const struct statement *statement, struct asked *asked, size_t n)
{
    struct set *set = set_new(statement, LANE_LIGHT);
    assert_non_null(set);
    for (size_t i = 0; i < n; i++) {
        assert_true(set_add(set, &asked[i].request));
        assert_ptr_equal(asked[i].request.set, set);
        assert_int_equal(asked[i].request.index, i);
    }
    return set;
}

static void finish(struct set *set, struct array arrays[STATEMENT_COLUMNS])
{
    const char *values[STATEMENT_COLUMNS];
    int lengths[STATEMENT_COLUMNS];
    set_finish(set, values, lengths);
    for (size_t i = 0; i < set->statement->parameters.n; i++) {
        arrays[i] = array_open(values[i], lengths[i]);
        assert_int_equal(arrays[i].element, column_oid(set->statement->parameters.each[i].type));
    }
}

static void expect_some_values(struct array *arrays)
{
    ELEMENT(&arrays[0], "\1");
    ELEMENT(&arrays[1], "\xff\xfe");
    ELEMENT(&arrays[2], "\1\2\3\4");
    ELEMENT(&arrays[3], "\xff\xff\xff\xff\xff\xff\xff\xfd");
    ELEMENT(&arrays[4], "\0\0\0\1");
    ELEMENT(&arrays[5], "0123456789abcdef");
    ELEMENT(&arrays[6], "a\0b");
    ELEMENT(&arrays[7], "名册");
}

static void expect_edge_values(struct array *arrays)
{
    static const uint8_t zeros[16];
    ELEMENT(&arrays[0], "\0");
    ELEMENT(&arrays[1], "\x80\0");
    ELEMENT(&arrays[2], "\x80\0\0\0");
    ELEMENT(&arrays[3], "\x80\0\0\0\0\0\0\0");
    ELEMENT(&arrays[4], "\xff\xfe\xe2\xa8"); /* 73,048 days before 2000-01-01 */
    expect_element(&arrays[5], zeros, 16);
    expect_element(&arrays[6], "", 0);
    expect_element(&arrays[7], "", 0);
}

static void expect_nulls(struct array *arrays)
{
    for (int i = 0; i < EVERY; i++)
        expect_element(&arrays[i], NULL, 0);
}

static void one_request(void **state)
{
    (void) state;
    struct asked asked = asked_of(some_values, 0);
    struct array arrays[STATEMENT_COLUMNS];
    struct set *set = set_of(&plain, &asked, 1);
    finish(set, arrays);
    for (int i = 0; i < EVERY; i++) {
        assert_int_equal(arrays[i].n, 1);
        assert_int_equal(arrays[i].has_null, 0);
    }
    expect_some_values(arrays);
    for (int i = 0; i < EVERY; i++)
        expect_end(&arrays[i]);
    set_free(set);
}

static void several_requests(void **state)
{
    (void) state;
    struct asked asked[] = {asked_of(some_values, 0), asked_of(edge_values, 0), asked_of(nulls, 0),
                            asked_of(nulls_by_value, 0), asked_of(some_values, 0)};
    struct array arrays[STATEMENT_COLUMNS];
    struct set *set = set_of(&plain, asked, ARRAY_SIZE(asked));
    finish(set, arrays);
    for (int i = 0; i < EVERY; i++) {
        assert_int_equal(arrays[i].n, ARRAY_SIZE(asked));
        assert_int_equal(arrays[i].has_null, 1);
    }
    expect_some_values(arrays);
    expect_edge_values(arrays);
    expect_nulls(arrays);
    expect_nulls(arrays);
    expect_some_values(arrays);
    for (int i = 0; i < EVERY; i++)
        expect_end(&arrays[i]);
    set_free(set);
}

/* Whether a column holds a NULL is the column's own matter. */
static void only_the_day_is_null(struct set *set)
{
    set_bool(set, set->next, true);
    set_int2(set, set->next, 0);
    set_int4(set, set->next, 0);
    set_int8(set, set->next, 0);
    set_day(set, set->next, DAY_NONE);
    set_uuid(set, set->next, (const uint8_t *) "0123456789abcdef");
    set_bytes(set, set->next, "", 0);
    set_text(set, set->next, "");
}

static void has_null_is_told_by_column(void **state)
{
    (void) state;
    struct asked asked = asked_of(only_the_day_is_null, 0);
    struct array arrays[STATEMENT_COLUMNS];
    struct set *set = set_of(&plain, &asked, 1);
    finish(set, arrays);
    for (int i = 0; i < EVERY; i++)
        assert_int_equal(arrays[i].has_null, i == 4);
    set_free(set);
}

/* 2 rows, none, 1 row: each row says whose it is. */
static void rows_belong_to_their_request(void **state)
{
    (void) state;
    struct asked asked[] = {asked_of(some_values, 2), asked_of(edge_values, 0), asked_of(nulls, 1)};
    struct array arrays[STATEMENT_COLUMNS];
    struct set *set = set_of(&every, asked, ARRAY_SIZE(asked));
    assert_int_equal(set->rows, 3);
    finish(set, arrays);
    for (int i = 0; i < EVERY; i++)
        assert_int_equal(arrays[i].n, 3);
    expect_some_values(arrays);
    expect_edge_values(arrays);
    expect_nulls(arrays);
    ELEMENT(&arrays[EVERY], "\0\0\0\1");
    ELEMENT(&arrays[EVERY], "\0\0\0\1");
    ELEMENT(&arrays[EVERY], "\0\0\0\3");
    expect_some_values(arrays + EVERY + 1);
    expect_some_values(arrays + EVERY + 1);
    expect_nulls(arrays + EVERY + 1);
    for (size_t i = 0; i < every.parameters.n; i++)
        expect_end(&arrays[i]);
    set_free(set);
}

static void no_rows_at_all(void **state)
{
    (void) state;
    struct asked asked = asked_of(some_values, 0);
    struct array arrays[STATEMENT_COLUMNS];
    struct set *set = set_of(&every, &asked, 1);
    finish(set, arrays);
    for (size_t i = EVERY; i < every.parameters.n; i++) {
        assert_int_equal(arrays[i].dimensions, 0);
        expect_end(&arrays[i]);
    }
    set_free(set);
}

/* The arrays grow in place, and the bytes held are counted. */
static void many_requests(void **state)
{
    (void) state;
    enum { MANY = 3000, EACH = 1 + 2 + 4 + 8 + 4 + 16 + 3 + 6 + EVERY * 4 };
    struct asked *asked = calloc(MANY, sizeof(*asked));
    struct array arrays[STATEMENT_COLUMNS];
    for (size_t i = 0; i < MANY; i++)
        asked[i] = asked_of(some_values, 0);
    struct set *set = set_of(&plain, asked, MANY);
    assert_int_equal(set->requests_n, MANY);
    assert_int_equal(set->bytes, MANY * EACH);
    finish(set, arrays);
    for (size_t i = 0; i < MANY; i++)
        expect_some_values(arrays);
    for (int i = 0; i < EVERY; i++)
        expect_end(&arrays[i]);
    set_free(set);
    free(asked);
}

static void long_value(struct set *set)
{
    static uint8_t bytes[200000];
    for (int i = 0; i < 6; i++)
        set_null(set, set->next);
    memset(bytes, 'l', sizeof(bytes));
    set_bytes(set, set->next, bytes, sizeof(bytes));
    set_null(set, set->next);
}

static void long_values_are_kept_whole(void **state)
{
    (void) state;
    struct asked asked[] = {asked_of(some_values, 0), asked_of(long_value, 0), asked_of(some_values, 0)};
    struct array arrays[STATEMENT_COLUMNS];
    struct set *set = set_of(&plain, asked, ARRAY_SIZE(asked));
    finish(set, arrays);
    ELEMENT(&arrays[6], "a\0b");
    assert_int_equal(word(&arrays[6]), 200000);
    for (int i = 0; i < 200000; i++)
        assert_int_equal(*arrays[6].at++, 'l');
    ELEMENT(&arrays[6], "a\0b");
    expect_end(&arrays[6]);
    set_free(set);
}

/* More than an array's element may be long: the set is spoilt, not the process. */
static void endless_value(struct set *set)
{
    for (int i = 0; i < 6; i++)
        set_null(set, set->next);
    set_bytes(set, set->next, "", (size_t) INT32_MAX + 1);
    set_null(set, set->next);
}

static void what_has_no_room_spoils_the_set(void **state)
{
    (void) state;
    struct asked good = asked_of(some_values, 0), endless = asked_of(endless_value, 0);
    struct set *set = set_of(&plain, &good, 1);
    assert_false(set_add(set, &endless.request));
    assert_null(endless.request.set);
    assert_int_equal(set->requests_n, 1);
    assert_false(set_add(set, &good.request)); /* only good for freeing */
    set_free(set);
}

static void freeing_nothing(void **state)
{
    (void) state;
    set_free(NULL);
}

/* ---- broken invariants end the process ---- */

static void wrong_type(struct set *set)
{
    set_text(set, set->next, "true");
}

static void one_too_many(struct set *set)
{
    some_values(set);
    set_null(set, set->next);
}

static void one_too_few(struct set *set)
{
    set_bool(set, set->next, true);
}

static void row_too_early(struct set *set)
{
    set_bool(set, set->next, true);
    set_row(set);
}

static void row_unfinished(struct set *set)
{
    some_values(set);
    set_row(set);
    set_bool(set, set->next, true);
}

static void row_too_long(struct set *set)
{
    some_values(set);
    set_row(set);
    some_values(set);
    set_null(set, set->next);
}

static void row_of_the_request_before(struct set *set)
{
    some_values(set);
    if (set->requests_n == 0) {
        set_row(set);
        some_values(set);
    } else {
        for (int i = 0; i <= EVERY; i++)
            set_null(set, set->next);
    }
}

static void row_where_there_is_none(struct set *set)
{
    some_values(set);
    set_row(set);
    some_values(set);
}

/* As many elements as there are parameters, each of a type that fits, in these places. */
static void nulls_at(struct set *set, const size_t places[EVERY])
{
    for (int i = 0; i < EVERY; i++)
        set_null(set, places[i]);
}

static void two_in_each_other_s_place(struct set *set)
{
    nulls_at(set,
             (const size_t[EVERY]){IN_FLAG, IN_NUMBER, IN_SMALL, IN_LARGE, IN_ON, IN_ID, IN_SEALED, IN_NAME});
}

static void one_twice(struct set *set)
{
    nulls_at(set,
             (const size_t[EVERY]){IN_FLAG, IN_FLAG, IN_NUMBER, IN_LARGE, IN_ON, IN_ID, IN_SEALED, IN_NAME});
}

/* What a row has is no parameter of the request, nor the reverse. */
static void of_a_row_before_it(struct set *set)
{
    nulls_at(set, (const size_t[EVERY]){IN_ROW_FLAG, IN_SMALL, IN_NUMBER, IN_LARGE, IN_ON, IN_ID, IN_SEALED,
                                        IN_NAME});
}

static void of_the_request_in_a_row(struct set *set)
{
    some_values(set);
    set_row(set);
    nulls_at(set,
             (const size_t[EVERY]){IN_FLAG, IN_SMALL, IN_NUMBER, IN_LARGE, IN_ON, IN_ID, IN_SEALED, IN_NAME});
}

static void expect_fatal(const struct statement *statement, void (*values)(struct set *))
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct asked asked[] = {asked_of(values, 0), asked_of(values, 0)};
        set_free(set_of(statement, asked, 2));
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
}

static void binding_out_of_step_is_fatal(void **state)
{
    (void) state;
    expect_fatal(&plain, wrong_type);
    expect_fatal(&plain, one_too_many);
    expect_fatal(&plain, one_too_few);
    expect_fatal(&every, one_too_few);
    expect_fatal(&every, row_too_early);
    expect_fatal(&every, row_unfinished);
    expect_fatal(&every, row_too_long);
    expect_fatal(&every, row_of_the_request_before);
    expect_fatal(&plain, row_where_there_is_none);
}

static void binding_in_another_place_is_fatal(void **state)
{
    (void) state;
    expect_fatal(&plain, two_in_each_other_s_place);
    expect_fatal(&plain, one_twice);
    expect_fatal(&every, of_a_row_before_it);
    expect_fatal(&every, of_the_request_in_a_row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_request),
        cmocka_unit_test(several_requests),
        cmocka_unit_test(has_null_is_told_by_column),
        cmocka_unit_test(rows_belong_to_their_request),
        cmocka_unit_test(no_rows_at_all),
        cmocka_unit_test(many_requests),
        cmocka_unit_test(long_values_are_kept_whole),
        cmocka_unit_test(what_has_no_room_spoils_the_set),
        cmocka_unit_test(freeing_nothing),
        cmocka_unit_test(binding_out_of_step_is_fatal),
        cmocka_unit_test(binding_in_another_place_is_fatal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
