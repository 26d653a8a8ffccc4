/* SPDX-License-Identifier: Apache-2.0 */
/* A statement as SQL text and parameter types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/store/internal.h"
#include "tests/unit/store/columns.h"

/* pg_type.dat */
static const Oid elements[] = {16, 21, 23, 20, 1082, 2950, 17, 25};
static const Oid arrays[] = {1000, 1005, 1007, 1016, 1182, 2951, 1001, 1009};

static void one_column(void **state)
{
    (void) state;
    static const struct statement one = {"caller", every_column, 1, NULL, 0, NULL};
    char sql[STATEMENT_SQL];
    statement_sql(&one, sql);
    assert_string_equal(sql, "SELECT * FROM api.caller($1)");
    assert_int_equal(statement_columns(&one), 1);
}

/* With lines there is a column more than the tables name: whose line it is. */
static void parameters_come_in_order(void **state)
{
    (void) state;
    char sql[STATEMENT_SQL];
    Oid types[STATEMENT_COLUMNS];
    statement_sql(&every, sql);
    assert_string_equal(
        sql, "SELECT * FROM api.every($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)");
    assert_int_equal(statement_columns(&every), 2 * EVERY + 1);
    statement_types(&every, types);
    assert_memory_equal(types, arrays, sizeof(arrays));
    assert_int_equal(statement_column_type(&every, EVERY), COLUMN_INT4);
    assert_int_equal(types[EVERY], 1007);
    assert_memory_equal(types + EVERY + 1, arrays, sizeof(arrays));
    for (size_t i = 0; i < EVERY; i++) {
        assert_int_equal(column_oid(statement_column_type(&every, i)), elements[i]);
        assert_int_equal(column_oid(statement_column_type(&every, EVERY + 1 + i)), elements[i]);
    }
}

static void without_lines_nothing_is_added(void **state)
{
    (void) state;
    char sql[STATEMENT_SQL];
    statement_sql(&plain, sql);
    assert_string_equal(sql, "SELECT * FROM api.plain($1,$2,$3,$4,$5,$6,$7,$8)");
    assert_int_equal(statement_columns(&plain), EVERY);
}

/* The longest there can be: as many columns as fit, a name as long as PostgreSQL's. */
static void longest_statement_fits(void **state)
{
    (void) state;
    struct column columns[STATEMENT_COLUMNS];
    char name[64], sql[STATEMENT_SQL];
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    for (size_t i = 0; i < STATEMENT_COLUMNS; i++)
        columns[i] = (struct column){"c", COLUMN_TEXT};
    const struct statement longest = {name, columns, STATEMENT_COLUMNS, NULL, 0, NULL};
    statement_sql(&longest, sql);
    size_t n = strlen(sql);
    assert_true(n + 1 < STATEMENT_SQL);
    assert_string_equal(sql + n - 8, "$31,$32)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_column),
        cmocka_unit_test(parameters_come_in_order),
        cmocka_unit_test(without_lines_nothing_is_added),
        cmocka_unit_test(longest_statement_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
