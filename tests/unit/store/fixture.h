/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store against a real PostgreSQL: a database and a role of the program's own, functions that do what a request's word
 * says, an advisory lock that holds a connection busy, and requests that remember what they were told. Every wait turns
 * the store's loop. Include after cmocka.h.
 */
#ifndef MINGCE_TEST_STORE_FIXTURE_H
#define MINGCE_TEST_STORE_FIXTURE_H

#include <event2/event.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/compiler.h"
#include "daemon/base/log.h"
#include "daemon/store/schema.h"
#include "daemon/store/store_private.h"
#include "tests/unit/store/columns.h"

#define UNUSED __attribute__((unused))
enum { PATIENCE = 20000 /* ms */ };
/* Turns the store until it is so. */
#define UNTIL(condition)                                                                                     \
    for (int64_t until_ = clock_monotonic_ms() + PATIENCE; !(condition); turn())                             \
    assert_true(clock_monotonic_ms() < until_)

/* ---- the functions: what a word does ---- */

/*
 *   hold        waits until nobody holds advisory lock 1
 *   race N      40001 while it is tried for the Nth time or earlier
 *   warn STATE  a warning with this SQLSTATE
 *   STATE       an error with this SQLSTATE
 *   silent      no rows
 *   twice       two rows
 *   tell ...    NOTIFY on channel `news`
 */
static const char functions[] =
    "CREATE SCHEMA api;"
    "CREATE TABLE api.digest (digest text);"
    "CREATE TABLE api.written (id int4 GENERATED ALWAYS AS IDENTITY, word text);"
    "CREATE SEQUENCE api.tries;"
    "CREATE FUNCTION api.schema_digest() RETURNS text LANGUAGE sql AS 'SELECT digest FROM api.digest';"
    "CREATE PROCEDURE api.obey(word text) LANGUAGE plpgsql AS $$ BEGIN"
    "    IF word = 'hold' THEN PERFORM pg_advisory_xact_lock_shared(1);"
    "    ELSIF word ~ '^race ' AND nextval('api.tries') <= substr(word, 6)::int8 THEN"
    "        RAISE serialization_failure;"
    "    ELSIF word ~ '^warn ' THEN RAISE WARNING USING ERRCODE = substr(word, 6);"
    "    ELSIF word ~ '^[0-9A-Z]{5}$' THEN RAISE EXCEPTION USING ERRCODE = word;"
    "    ELSIF word ~ '^tell ' THEN PERFORM pg_notify('news', substr(word, 6));"
    "    END IF;"
    "    INSERT INTO api.written (word) VALUES (word);"
    "END $$;"
    "CREATE FUNCTION api.act(in_word text[]) RETURNS TABLE (req int4, said text, set_n int4)"
    "    LANGUAGE plpgsql AS $$ BEGIN"
    "    FOR i IN 1..cardinality(in_word) LOOP CALL api.obey(in_word[i]); END LOOP;"
    "    RETURN QUERY SELECT w.i::int4, w.word, cardinality($1) FROM unnest($1) WITH ORDINALITY w(word, i)"
    "      CROSS JOIN generate_series(1, CASE w.word WHEN 'silent' THEN 0 WHEN 'twice' THEN 2 ELSE 1 END)"
    "      ORDER BY w.i;"
    "END $$;"
    /* another statement, another set */
    "CREATE FUNCTION api.other(in_word text[]) RETURNS TABLE (req int4, said text, set_n int4) LANGUAGE sql "
    "AS"
    "    'SELECT * FROM api.act(in_word)';"
    /* answers with the req column it is told, for instance '{2,1}' */
    "CREATE FUNCTION api.answer(in_word text[]) RETURNS TABLE (req int4, said text, set_n int4) LANGUAGE sql "
    "AS"
    "    'SELECT unnest(in_word[1]::int4[]), in_word[1], 1';"
    "CREATE FUNCTION api.every(in_flag bool[], in_small int2[], in_number int4[], in_large int8[],"
    "    in_on_day date[], in_id uuid[], in_sealed bytea[], in_name text[], in_row_req int4[],"
    "    in_row_flag bool[], in_row_small int2[], in_row_number int4[], in_row_large int8[],"
    "    in_row_on_day date[], in_row_id uuid[], in_row_sealed bytea[], in_row_name text[])"
    "    RETURNS TABLE (req int4, a bool, b int2, c int4, d int8, e date, f uuid, g bytea, h text)"
    "    LANGUAGE sql AS $$"
    "    SELECT req, a, b, c, d, e, f, g, h FROM ("
    "        SELECT i::int4 AS req, 0 AS row_number, a, b, c, d, e, f, g, h"
    "          FROM unnest(in_flag, in_small, in_number, in_large, in_on_day, in_id, in_sealed, in_name)"
    "               WITH ORDINALITY r(a, b, c, d, e, f, g, h, i)"
    "        UNION ALL"
    "        SELECT req, i, a, b, c, d, e, f, g, h"
    "          FROM unnest(in_row_req, in_row_flag, in_row_small, in_row_number, in_row_large,"
    "                      in_row_on_day, in_row_id, in_row_sealed, in_row_name)"
    "               WITH ORDINALITY l(req, a, b, c, d, e, f, g, h, i)) x"
    "    ORDER BY req, row_number $$;";

#define WORD_PARAMETERS(COLUMN) COLUMN(IN_WORD, "word", TEXT)
COLUMNS_OF(word_parameters, WORD_PARAMETERS);
#define SAID_RESULT(COLUMN)                                                                                  \
    COLUMN(SAID, "said", TEXT)                                                                               \
    COLUMN(SET_N, "set_n", INT4)
COLUMNS_AFTER(RESULT, said_result, SAID_RESULT);
#define OF_A_WORD(function)                                                                                  \
    {                                                                                                        \
        .name = (function), .parameters = COLUMNS(word_parameters), .result = COLUMNS(said_result)           \
    }
static const struct statement act = OF_A_WORD("act");
static const struct statement other = OF_A_WORD("other");
static const struct statement answer = OF_A_WORD("answer");
static const struct statement *const statements[] = {&act, &other, &answer, &every};

/* ---- the world ---- */

static struct {
    PGconn *server; /* database postgres */
    PGconn *admin;  /* the program's own database */
    char name[64];  /* of that database and of the role */
    char conninfo[1024];
    struct settings settings;
    struct event_base *base;
    struct store *store;
    bool held;
} world;

static UNUSED void turn(void)
{
    event_base_loop(world.base, EVLOOP_NONBLOCK);
    usleep(100);
}

static UNUSED void run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    PQclear(result);
}

static UNUSED long number(const char *sql)
{
    PGresult *result = PQexec(world.admin, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
        fail_msg("%s: %s", sql, PQerrorMessage(world.admin));
    long value = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return value;
}

/* `sql` with the role's (and database's) name for each %s. */
static UNUSED void run_named(PGconn *pg, const char *sql)
{
    char named[2048];
    int n = 0;
    for (const char *at; (at = strstr(sql, "%s")) != NULL && n < 1024; sql = at + 2)
        n += snprintf(named + n, sizeof(named) - (size_t) n, "%.*s%s", (int) (at - sql), sql, world.name);
    snprintf(named + n, sizeof(named) - (size_t) n, "%s", sql);
    run(pg, named);
}

static PGconn *connect_to(const char *more)
{
    char conninfo[1024];
    assert_non_null(getenv("MINGCE_TEST_DATABASE"));
    snprintf(conninfo, sizeof(conninfo), "%s %s", getenv("MINGCE_TEST_DATABASE"), more);
    PGconn *pg = PQconnectdb(conninfo);
    if (PQstatus(pg) != CONNECTION_OK)
        fail_msg("MINGCE_TEST_DATABASE: %s", PQerrorMessage(pg));
    return pg;
}

/* Once a program. */
static UNUSED int world_make(void **state)
{
    (void) state;
    char more[128];
    snprintf(world.name, sizeof(world.name), "mingce_store_%d", (int) getpid());
    world.server = connect_to("");
    run_named(world.server, "CREATE ROLE %s LOGIN");
    run_named(world.server, "CREATE DATABASE %s");
    snprintf(more, sizeof(more), "dbname=%s", world.name);
    world.admin = connect_to(more);
    snprintf(world.conninfo, sizeof(world.conninfo), "%s dbname=%s user=%s", getenv("MINGCE_TEST_DATABASE"),
             world.name, world.name);
    run(world.admin, functions);
    run_named(world.admin, "GRANT USAGE ON SCHEMA api TO %s; GRANT ALL ON ALL TABLES IN SCHEMA api TO %s;"
                           "GRANT ALL ON ALL SEQUENCES IN SCHEMA api TO %s");
    log_start("test", LOG_LEVEL_ERROR);
    return 0;
}

static UNUSED int world_unmake(void **state)
{
    (void) state;
    PQfinish(world.admin);
    run_named(world.server, "DROP DATABASE %s WITH (FORCE)");
    run_named(world.server, "DROP ROLE %s");
    PQfinish(world.server);
    return 0;
}

static UNUSED void digest_right(void)
{
    char digest[SCHEMA_DIGEST], sql[128];
    schema_digest(digest);
    snprintf(sql, sizeof(sql), "TRUNCATE api.digest; INSERT INTO api.digest VALUES ('%s')", digest);
    run(world.admin, sql);
}

/* Before each test: nothing written, nothing tried, one connection of depth one; the store itself is the test's to make. */
static UNUSED int store_prepare(void **state)
{
    (void) state;
    digest_right();
    run(world.admin, "TRUNCATE api.written RESTART IDENTITY; ALTER SEQUENCE api.tries RESTART");
    run_named(world.admin, "ALTER ROLE %s LOGIN");
    world.settings = (struct settings){.database = world.conninfo,
                                       .database_connections = 1,
                                       .database_pipeline = 1,
                                       .set_rows = 512,
                                       .queue_bytes = 1 << 20,
                                       .deadline_ms = 30000};
    world.base = event_base_new();
    assert_non_null(world.base);
    return 0;
}

static UNUSED int store_remove(void **state)
{
    (void) state;
    store_free(world.store);
    world.store = NULL;
    event_base_free(world.base);
    run(world.admin, "SELECT pg_advisory_unlock_all()");
    world.held = false;
    return 0;
}

static UNUSED void store_make(void)
{
    world.store = store_new(world.base, &world.settings, statements, ARRAY_SIZE(statements));
    assert_non_null(world.store);
}

static UNUSED void store_make_ready(void)
{
    store_make();
    UNTIL(store_ready(world.store));
}

/* ---- requests ---- */

struct asked {
    struct store_request request;
    const char *word;
    int binds, told;
    enum store_outcome outcome;
    size_t rows;
    char said[64];                /* of its first row */
    int32_t set_n;                /* requests of the set it was answered in */
    void (*then)(struct asked *); /* once told; NULL: nothing */
};

static void bind_asked(struct store_request *request, struct set *set)
{
    struct asked *asked = CONTAINER_OF(request, struct asked, request);
    asked->binds++;
    set_text(set, IN_WORD, asked->word);
}

static void done_asked(struct store_request *request, enum store_outcome outcome, const struct rows *rows)
{
    struct asked *asked = CONTAINER_OF(request, struct asked, request);
    assert_int_equal(rows != NULL, outcome == STORE_DONE);
    asked->told++;
    asked->outcome = outcome;
    asked->rows = rows == NULL ? 0 : rows_count(rows);
    if (asked->rows > 0) {
        snprintf(asked->said, sizeof(asked->said), "%s", rows_text(rows, 0, SAID));
        asked->set_n = rows_int4(rows, 0, SET_N);
    }
    if (asked->then != NULL)
        asked->then(asked);
}

static UNUSED void ask_of(const struct statement *statement, struct asked *asked, const char *word)
{
    void (*then)(struct asked *) = asked->then;
    *asked = (struct asked){.request = {.bind = bind_asked, .done = done_asked}, .word = word, .then = then};
    store_submit(world.store, statement, &asked->request);
    assert_int_equal(asked->told, 0);
}

static UNUSED void ask(struct asked *asked, const char *word)
{
    ask_of(&act, asked, word);
}

static UNUSED void expect_outcome(const struct asked *asked, enum store_outcome outcome)
{
    UNTIL(asked->told > 0);
    assert_int_equal(asked->told, 1);
    assert_int_equal(asked->outcome, outcome);
}

/* Its own word came back, in a set of so many. */
static UNUSED void expect_done(const struct asked *asked, int32_t set_n)
{
    expect_outcome(asked, STORE_DONE);
    assert_int_equal(asked->rows, 1);
    assert_string_equal(asked->said, asked->word);
    assert_int_equal(asked->set_n, set_n);
}

/* ---- holding a connection busy ---- */

static UNUSED void hold(void)
{
    run(world.admin, "SELECT pg_advisory_lock(1)");
    world.held = true;
}

static UNUSED void release(void)
{
    run(world.admin, "SELECT pg_advisory_unlock(1)");
    world.held = false;
}

static UNUSED long held_now(void)
{
    return number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                  " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
}

/* Asks for something that stays unanswered until release(). */
static UNUSED void ask_held(struct asked *asked)
{
    long before = held_now();
    if (!world.held)
        hold();
    ask(asked, "hold");
    UNTIL(held_now() == before + 1);
}

/* Ends connections of the store: those that wait for the lock, or all. */
static UNUSED void kill_held(void)
{
    assert_true(number("SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' "
                       "AND NOT granted"
                       " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") >
                0);
}

static UNUSED void kill_all(void)
{
    assert_true(number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                       " WHERE usename = current_database()") > 0);
}

static UNUSED long written(void)
{
    return number("SELECT count(*) FROM api.written");
}

/* Where the database may be missing, it is said that nothing was tested. */
static UNUSED bool world_wanted(void)
{
    if (getenv("MINGCE_TEST_DATABASE") != NULL || getenv("MINGCE_TEST_REQUIRED") != NULL)
        return true;
    print_error("MINGCE_TEST_DATABASE is not set: nothing is tested here\n");
    return false;
}

#define RUN_STORE_TESTS(tests)                                                                               \
    (world_wanted() ? cmocka_run_group_tests(tests, world_make, world_unmake) : EXIT_SUCCESS)
#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, store_prepare, store_remove)

#endif
