/* SPDX-License-Identifier: Apache-2.0 */
/* A statement as SQL text and parameter types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/store/statement_private.h"
#include "tests/unit/store/columns.h"

/* pg_type.dat */
static const Oid elements[] = {16, 21, 23, 20, 1082, 2950, 17, 25};
static const Oid arrays[] = {1000, 1005, 1007, 1016, 1182, 2951, 1001, 1009};

static void one_parameter(void **state)
{
    (void) state;
    static const struct statement one = {.name = "caller", .parameters = {plain_parameters, 1}};
    char sql[STATEMENT_SQL];
    statement_sql(&one, sql);
    assert_string_equal(sql, "SELECT * FROM api.caller(in_flag => $1)");
    assert_int_equal(statement_request_parameters(&one), 1);
}

/* By their names, so that a function that has others is not called. */
static void parameters_are_named(void **state)
{
    (void) state;
    char sql[STATEMENT_SQL];
    statement_sql(&plain, sql);
    assert_string_equal(sql, "SELECT * FROM api.plain(in_flag => $1, in_small => $2, in_number => $3, "
                             "in_large => $4, in_on_day => $5, in_id => $6, in_sealed => $7, in_name => $8)");
    statement_sql(&every, sql);
    assert_non_null(strstr(sql, "in_name => $8, in_row_req => $9, in_row_flag => $10, "));
    assert_string_equal(sql + strlen(sql) - strlen("in_row_name => $17)"), "in_row_name => $17)");
}

static void types_are_arrays(void **state)
{
    (void) state;
    Oid types[STATEMENT_COLUMNS];
    statement_types(&every, types);
    assert_memory_equal(types, arrays, sizeof(arrays));
    assert_int_equal(types[IN_ROW_REQ], 1007);
    assert_memory_equal(types + IN_ROW_FLAG, arrays, sizeof(arrays));
    for (size_t i = 0; i < EVERY; i++)
        assert_int_equal(column_oid(plain_parameters[i].type), elements[i]);
}

/* Those before row_req have an element per request; without rows all of them have. */
static void rows_begin_at_row_req(void **state)
{
    (void) state;
    assert_int_equal(statement_request_parameters(&every), EVERY);
    assert_int_equal(statement_request_parameters(&plain), EVERY);
}

static void types_are_told_by_name(void **state)
{
    (void) state;
    char name[OID_NAME];
    oid_name(2950, name);
    assert_string_equal(name, "uuid");
    oid_name(1016, name);
    assert_string_equal(name, "int8[]");
    oid_name(4294967295U, name);
    assert_string_equal(name, "oid 4294967295");
}

/* The longest there can be: as many parameters as fit, names as long as PostgreSQL's. */
static void longest_statement_fits(void **state)
{
    (void) state;
    struct column columns[STATEMENT_COLUMNS];
    char name[64], sql[STATEMENT_SQL];
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    for (size_t i = 0; i < STATEMENT_COLUMNS; i++)
        columns[i] = (struct column){name + 3, COLUMN_TEXT};
    const struct statement longest = {.name = name, .parameters = COLUMNS(columns)};
    statement_sql(&longest, sql);
    size_t n = strlen(sql);
    assert_true(n + 1 < STATEMENT_SQL);
    char last[16];
    int last_n = snprintf(last, sizeof(last), " => $%d)", STATEMENT_COLUMNS);
    assert_string_equal(sql + n - (size_t) last_n, last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_parameter),          cmocka_unit_test(parameters_are_named),
        cmocka_unit_test(types_are_arrays),       cmocka_unit_test(rows_begin_at_row_req),
        cmocka_unit_test(types_are_told_by_name), cmocka_unit_test(longest_statement_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
