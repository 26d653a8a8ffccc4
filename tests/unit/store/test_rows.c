/* SPDX-License-Identifier: Apache-2.0 */
/* Values out of a binary result: a slice of it, every type, NULLs, and what is out of step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "daemon/store/rows_private.h"
#include "daemon/store/statement_private.h"
#include "tests/unit/store/columns.h"

enum { REQ = RESULT_REQ, COLUMNS_N = ARRAY_SIZE(every_result) };
static const struct columns declared = COLUMNS(every_result);

static PGresult *result;

static void put(int row, int column, const char *bytes, int n)
{
    char copy[64];
    assert_true(n <= (int) sizeof(copy));
    if (bytes != NULL)
        memcpy(copy, bytes, (size_t) n);
    assert_int_equal(PQsetvalue(result, row, column, bytes == NULL ? NULL : copy, bytes == NULL ? -1 : n), 1);
}

#define PUT(row, column, bytes) put(row, column, bytes, sizeof(bytes) - 1)

/* Three rows: somebody else's, the smallest values, NULLs. */
static int result_make(void **state)
{
    (void) state;
    PGresAttDesc columns[COLUMNS_N] = {{.name = (char[]){"req"}, .format = 1, .typid = 23}};
    char name[] = "column";
    for (int i = 0; i < EVERY; i++)
        columns[i + 1] =
            (PGresAttDesc){.name = name, .format = 1, .typid = column_oid(every_result[i + 1].type)};
    result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    assert_int_equal(PQsetResultAttrs(result, COLUMNS_N, columns), 1);
    PUT(0, REQ, "\0\0\0\1");
    PUT(0, FLAG, "\0");
    PUT(0, SMALL, "\0\1");
    PUT(0, NUMBER, "\0\0\0\2");
    PUT(0, LARGE, "\0\0\0\0\0\0\0\3");
    PUT(0, ON, "\0\0\0\0");
    PUT(0, ID, "0123456789abcdef");
    PUT(0, SEALED, "other");
    PUT(0, NAME, "other");
    PUT(1, REQ, "\0\0\0\2");
    PUT(1, FLAG, "\1");
    PUT(1, SMALL, "\x80\0");
    PUT(1, NUMBER, "\x80\0\0\0");
    PUT(1, LARGE, "\x80\0\0\0\0\0\0\0");
    PUT(1, ON, "\xff\xff\xd5\x33"); /* 10957 days before 2000-01-01 */
    PUT(1, ID, "fedcba9876543210");
    PUT(1, SEALED, "a\0b");
    PUT(1, NAME, "示例");
    PUT(2, REQ, "\0\0\0\2");
    for (int column = FLAG; column < COLUMNS_N; column++)
        put(2, column, NULL, -1);
    return 0;
}

static int result_free(void **state)
{
    (void) state;
    PQclear(result);
    return 0;
}

static void values_of_every_type(void **state)
{
    (void) state;
    const struct rows rows = {&declared, result, 0, 3};
    size_t n;
    assert_int_equal(rows_count(&rows), 3);
    assert_false(rows_bool(&rows, 0, FLAG));
    assert_int_equal(rows_int2(&rows, 0, SMALL), 1);
    assert_int_equal(rows_int4(&rows, 0, NUMBER), 2);
    assert_int_equal(rows_int8(&rows, 0, LARGE), 3);
    assert_int_equal(rows_day(&rows, 0, ON), day_of(2000, 1, 1));
    assert_memory_equal(rows_uuid(&rows, 0, ID), "0123456789abcdef", 16);
    assert_memory_equal(rows_bytes(&rows, 0, SEALED, &n), "other", 5);
    assert_int_equal(n, 5);
    assert_string_equal(rows_text(&rows, 0, NAME), "other");
}

static void slice_begins_at_its_own_first_row(void **state)
{
    (void) state;
    const struct rows rows = {&declared, result, 1, 2};
    size_t n;
    assert_int_equal(rows_count(&rows), 2);
    assert_int_equal(rows_int4(&rows, 0, REQ), 2);
    assert_true(rows_bool(&rows, 0, FLAG));
    assert_int_equal(rows_int2(&rows, 0, SMALL), INT16_MIN);
    assert_int_equal(rows_int4(&rows, 0, NUMBER), INT32_MIN);
    assert_true(rows_int8(&rows, 0, LARGE) == INT64_MIN);
    assert_int_equal(rows_day(&rows, 0, ON), 0);
    assert_memory_equal(rows_uuid(&rows, 0, ID), "fedcba9876543210", 16);
    assert_memory_equal(rows_bytes(&rows, 0, SEALED, &n), "a\0b", 3);
    assert_int_equal(n, 3);
    assert_string_equal(rows_text(&rows, 0, NAME), "示例");
}

static void null_is_told(void **state)
{
    (void) state;
    const struct rows rows = {&declared, result, 1, 2};
    size_t n = 7;
    for (int column = FLAG; column < COLUMNS_N; column++) {
        assert_false(rows_null(&rows, 0, column));
        assert_true(rows_null(&rows, 1, column));
    }
    assert_int_equal(rows_day(&rows, 1, ON), DAY_NONE);
    assert_null(rows_text(&rows, 1, NAME));
    assert_null(rows_uuid(&rows, 1, ID));
    assert_null(rows_bytes(&rows, 1, SEALED, &n));
    assert_int_equal(n, 0);
}

static void no_rows(void **state)
{
    (void) state;
    const struct rows rows = {&declared, result, 3, 0};
    assert_int_equal(rows_count(&rows), 0);
}

/* ---- broken invariants end the process ---- */

static const struct rows last_two = {&declared, NULL, 1, 2};

static void null_as_number(const struct rows *rows)
{
    (void) rows_int4(rows, 1, NUMBER);
}

static void wrong_width(const struct rows *rows)
{
    (void) rows_int4(rows, 0, LARGE);
}

static void row_of_the_next_request(const struct rows *rows)
{
    const struct rows first = {&declared, rows->result, 0, 1};
    (void) rows_int4(&first, 1, REQ);
}

static void text_as_uuid(const struct rows *rows)
{
    (void) rows_uuid(rows, 0, NAME);
}

static void bytes_as_text(const struct rows *rows)
{
    (void) rows_text(rows, 0, SEALED);
}

static void number_as_day(const struct rows *rows)
{
    (void) rows_day(rows, 0, NUMBER);
}

static void column_that_nobody_declared(const struct rows *rows)
{
    (void) rows_null(rows, 0, COLUMNS_N);
}

static void out_of_step_is_fatal(void **state)
{
    (void) state;
    static void (*const wrong[])(const struct rows *) = {
        null_as_number, wrong_width,   row_of_the_next_request,    text_as_uuid,
        bytes_as_text,  number_as_day, column_that_nobody_declared};
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        struct rows rows = last_two;
        int status;
        rows.result = result;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            wrong[i](&rows);
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_type), cmocka_unit_test(slice_begins_at_its_own_first_row),
        cmocka_unit_test(null_is_told),         cmocka_unit_test(no_rows),
        cmocka_unit_test(out_of_step_is_fatal),
    };
    return cmocka_run_group_tests(tests, result_make, result_free);
}
