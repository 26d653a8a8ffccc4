/* SPDX-License-Identifier: Apache-2.0 */
/* A statement compared with the function that a real PostgreSQL has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/store/contract.h"
#include "tests/unit/store/fixture.h"

#define CLASS_PARAMETERS(COLUMN)                                                                             \
    COLUMN(CLASS_IN_NUMBER, "number", INT8)                                                                  \
    COLUMN(CLASS_IN_LEVEL, "level", INT2)                                                                    \
    COLUMN(CLASS_IN_KIND, "kind", INT2)
COLUMNS_OF(class_parameters, CLASS_PARAMETERS);
#define CLASS_RESULT(COLUMN)                                                                                 \
    COLUMN(CLASS_OUTCOME, "outcome", INT2)                                                                   \
    COLUMN(CLASS_TITLE, "title", TEXT)                                                                       \
    COLUMN(CLASS_NOTE, "note", TEXT)
COLUMNS_AFTER(RESULT, class_result, CLASS_RESULT);
static const struct statement class_statement = {
    .name = "class", .parameters = COLUMNS(class_parameters), .result = COLUMNS(class_result)};

static const char parameters_declared[] = "in_number int8[], in_level int2[], in_kind int2[]";
static const char result_declared[] = "req int4, outcome int2, title text, note text";

/* The function, within a transaction that is never committed; NULL: there is none. */
static void function_is(const char *parameters, const char *result)
{
    char sql[512];
    run(world.admin, "BEGIN");
    if (parameters == NULL)
        return;
    snprintf(sql, sizeof(sql),
             "CREATE FUNCTION api.class(%s) RETURNS TABLE (%s) LANGUAGE sql AS 'SELECT NULL, NULL, NULL, NULL"
             " LIMIT 0'",
             parameters, result);
    run(world.admin, "SET LOCAL check_function_bodies = off");
    run(world.admin, sql);
}

static bool parameters_kept(struct contract_broken *broken)
{
    PGresult *catalog = PQexec(world.admin, contract_sql);
    assert_int_equal(PQresultStatus(catalog), PGRES_TUPLES_OK);
    bool kept = contract_parameters(&class_statement, catalog, broken);
    PQclear(catalog);
    return kept;
}

static bool result_kept(struct contract_broken *broken)
{
    char sql[STATEMENT_SQL];
    Oid types[STATEMENT_COLUMNS];
    statement_sql(&class_statement, sql);
    statement_types(&class_statement, types);
    PGresult *prepared = PQprepare(world.admin, "class", sql, (int) class_statement.parameters.n, types);
    assert_int_equal(PQresultStatus(prepared), PGRES_COMMAND_OK);
    PQclear(prepared);
    PGresult *described = PQdescribePrepared(world.admin, "class");
    assert_int_equal(PQresultStatus(described), PGRES_COMMAND_OK);
    bool kept = contract_result(&class_statement, described, broken);
    PQclear(described);
    run(world.admin, "DEALLOCATE class");
    return kept;
}

static void expect_parameter(const char *parameters, size_t place, const char *must_be, const char *is)
{
    struct contract_broken broken;
    function_is(parameters, result_declared);
    assert_false(parameters_kept(&broken));
    assert_string_equal(broken.part, "parameter");
    assert_int_equal(broken.place, place);
    assert_string_equal(broken.must_be, must_be);
    assert_string_equal(broken.is, is);
    run(world.admin, "ROLLBACK");
}

static void expect_column(const char *result, size_t place, const char *must_be, const char *is)
{
    struct contract_broken broken;
    function_is(parameters_declared, result);
    assert_false(result_kept(&broken));
    assert_string_equal(broken.part, "column");
    assert_int_equal(broken.place, place);
    assert_string_equal(broken.must_be, must_be);
    assert_string_equal(broken.is, is);
    run(world.admin, "ROLLBACK");
}

static void what_is_declared_is_kept(void **state)
{
    (void) state;
    struct contract_broken broken;
    function_is(parameters_declared, result_declared);
    assert_true(parameters_kept(&broken));
    assert_true(result_kept(&broken));
    run(world.admin, "ROLLBACK");
}

static void parameters_that_differ_are_told(void **state)
{
    (void) state;
    expect_parameter("in_number int8[], in_grade int2[], in_kind int2[]", 2, "in_level int2[]",
                     "in_grade int2[]");
    /* two of one type in each other's place */
    expect_parameter("in_number int8[], in_kind int2[], in_level int2[]", 2, "in_level int2[]",
                     "in_kind int2[]");
    expect_parameter("in_number int4[], in_level int2[], in_kind int2[]", 1, "in_number int8[]",
                     "in_number int4[]");
    expect_parameter("in_number int8[], in_level int2, in_kind int2[]", 2, "in_level int2[]",
                     "in_level int2");
    expect_parameter("in_number int8[], in_level int2[], in_kind point[]", 3, "in_kind int2[]",
                     "in_kind oid 1017");
    expect_parameter("in_number int8[], in_level int2[]", 3, "in_kind int2[]", "");
    expect_parameter("in_number int8[], in_level int2[], in_kind int2[], in_more text[]", 4, "",
                     "in_more text[]");
    expect_parameter("int8[], int2[], int2[]", 1, "in_number int8[]", " int8[]");
    expect_parameter(NULL, 1, "in_number int8[]", "");
}

static void columns_that_differ_are_told(void **state)
{
    (void) state;
    expect_column("req int4, outcome int2, name text, note text", 3, "title text", "name text");
    /* two of one type in each other's place */
    expect_column("req int4, outcome int2, note text, title text", 3, "title text", "note text");
    expect_column("req int4, outcome int4, title text, note text", 2, "outcome int2", "outcome int4");
    expect_column("req int4, outcome int2, title varchar, note text", 3, "title text", "title oid 1043");
    expect_column("req int4, outcome int2, title text", 4, "note text", "");
    expect_column("req int4, outcome int2, title text, note text, more int8", 5, "", "more int8");
}

/* One that the session may not call is as if it were not there, and another beside it of the same name is one too many. */
static void what_may_not_be_called_is_not_there(void **state)
{
    (void) state;
    struct contract_broken broken;
    function_is(parameters_declared, result_declared);
    run(world.admin, "REVOKE EXECUTE ON FUNCTION api.class FROM PUBLIC");
    run_named(world.admin, "SET LOCAL ROLE %s");
    assert_false(parameters_kept(&broken));
    assert_string_equal(broken.is, "");
    run(world.admin, "ROLLBACK");
    function_is(parameters_declared, result_declared);
    run(world.admin, "CREATE FUNCTION api.class(in_other text[]) RETURNS int4 LANGUAGE sql AS 'SELECT 1'");
    assert_false(parameters_kept(&broken));
    assert_int_equal(broken.place, 4);
    assert_string_equal(broken.is, "in_other text[]");
    run(world.admin, "ROLLBACK");
}

/* A text of its own calls no function of that name. */
static void own_text_has_no_parameters_to_compare(void **state)
{
    (void) state;
    struct contract_broken broken;
    struct statement own = class_statement;
    own.query = "SELECT 1";
    PGresult *catalog = PQexec(world.admin, contract_sql);
    assert_true(contract_parameters(&own, catalog, &broken));
    PQclear(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_declared_is_kept),
        cmocka_unit_test(parameters_that_differ_are_told),
        cmocka_unit_test(columns_that_differ_are_told),
        cmocka_unit_test(what_may_not_be_called_is_not_there),
        cmocka_unit_test(own_text_has_no_parameters_to_compare),
    };
    return RUN_STORE_TESTS(tests);
}
