/* SPDX-License-Identifier: Apache-2.0 */
/* The schema: migrations forward only, each once in a transaction of its own; the schemas of
 * functions whole, whenever one of their files has changed. Two at once: the second waits, and says so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/setup_schema.h"
#include "daemon/store/schema.h"

enum { LOCK_POLL_MS = 200, LOCK_WAIT_S = 600, LOCK_KEY = 0x6d696e67 /* "ming" */ };

/* Several statements in one implicit transaction. */
static bool run_all(PGconn *pg, const char *doing, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!good)
        setup_fail_sql(doing, result);
    PQclear(result);
    return good;
}

/* The lock is polled, because a waiting request would block others and could not say that it waits. */
static bool lock(PGconn *pg)
{
    struct setup_answer got;
    char sql[64];
    snprintf(sql, sizeof(sql), "SELECT pg_try_advisory_lock(%d)", LOCK_KEY);
    for (int waited = 0; waited < LOCK_WAIT_S * 1000; waited += LOCK_POLL_MS) {
        if (!setup_query(pg, "lock", sql, NULL, 0, &got))
            return false;
        if (strcmp(got.text, "t") == 0)
            return true;
        if (waited == 0)
            fprintf(stderr, "mingced: another migration is running; waiting for it\n");
        usleep(LOCK_POLL_MS * 1000);
    }
    setup_fail("another migration has held the lock for %d s", LOCK_WAIT_S);
    return false;
}

static bool is_api(const struct schema_file *file)
{
    return strncmp(file->name, "api/", 4) == 0;
}

/* The statements of a migration, the mark that it was applied, and what the log is told of it, in one transaction. */
static bool apply(PGconn *pg, const struct schema_file *file, const uint8_t sha256[32])
{
    const struct setup_value mark[] = {{file->name, 0}, {sha256, 32}};
    bool told = false;
    bool good =
        run_all(pg, file->name, "BEGIN") && run_all(pg, file->name, file->text) &&
        setup_query(pg, file->name, "INSERT INTO registry.schema_migration (name, sha256) VALUES ($1, $2)",
                    mark, 2, NULL) &&
        schema_told(pg, &told) && (!told || schema_enter(pg, "migrate", file->name)) &&
        run_all(pg, file->name, "COMMIT");
    if (good)
        printf("applied %s\n", file->name);
    return good;
}

static bool migrate_one(PGconn *pg, const struct schema_file *file)
{
    uint8_t sha256[32];
    struct setup_answer known = {""};
    schema_file_sha256(file, sha256);
    const struct setup_value which[] = {{file->name, 0}, {sha256, 32}};
    if (!setup_query(pg, file->name,
                     "SELECT CASE WHEN sha256 = $2 THEN 'same' ELSE 'changed' END "
                     "FROM registry.schema_migration WHERE name = $1",
                     which, 2, &known))
        return false;
    if (strcmp(known.text, "changed") == 0) {
        setup_fail(
            "%s was applied to this database with other contents: this program and the database do not "
            "belong together",
            file->name);
        return false;
    }
    return known.text[0] != '\0' || apply(pg, file, sha256);
}

/* The names of this program's migrations as the text of an array; NULL: out of memory. The caller's to free. */
static char *known_migrations(void)
{
    char *names = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&names, &n);
    if (out == NULL)
        return NULL;
    fputc('{', out);
    for (uint32_t i = 0; i < schema_files_n && !is_api(&schema_files[i]); i++)
        fprintf(out, i == 0 ? "%s" : ",%s", schema_files[i].name);
    fputc('}', out);
    if (fclose(out) == 0)
        return names;
    free(names);
    return NULL;
}

/* Whether another program has migrated this database, or it could not be found out. */
static bool unknown_migrations(PGconn *pg)
{
    struct setup_answer newest;
    char *known = known_migrations();
    if (known == NULL)
        return setup_fail("out of memory") != SETUP_DONE;
    bool asked = setup_query(pg, "migrations",
                             "SELECT max(name) FROM registry.schema_migration WHERE name <> ALL ($1::text[])",
                             (const struct setup_value[]){{known, 0}}, 1, &newest);
    free(known);
    if (!asked)
        return true;
    if (newest.text[0] == '\0')
        return false;
    setup_fail("%s was applied by a newer mingced: use that one", newest.text);
    return true;
}

/* The schemas of functions are made anew, so that nothing of an older version stays callable. */
static bool replace_functions(PGconn *pg, const char *digest)
{
    const struct setup_value value[] = {{digest, 0}};
    bool good = run_all(pg, "functions",
                        "BEGIN; SET LOCAL check_function_bodies = off; " /* the files refer to each other */
                        "DROP SCHEMA IF EXISTS api, helper, admin, notary CASCADE; CREATE SCHEMA api; "
                        "CREATE SCHEMA helper; CREATE SCHEMA admin; CREATE SCHEMA notary; "
                        "DELETE FROM registry.schema_api");
    for (uint32_t i = 0; good && i < schema_files_n; i++)
        if (is_api(&schema_files[i]))
            good = run_all(pg, schema_files[i].name, schema_files[i].text);
    good = good &&
           setup_query(pg, "functions", "INSERT INTO registry.schema_api (digest) VALUES ($1)", value, 1,
                       NULL) &&
           setup_close_rights(pg) && schema_enter(pg, "migrate", "functions") &&
           run_all(pg, "functions", "COMMIT");
    if (good)
        printf("replaced the functions\n");
    return good;
}

/* Objects that somebody changed by hand are named, and stop it, unless they are to stay; what is made whole in any case is made anew
 * (`*remake`). */
static bool unchanged(PGconn *pg, const char *digest, bool accept, bool *remake)
{
    struct setup_answer kept = {""}, remade = {""};
    bool told;
    *remake = false;
    if (!schema_told(pg, &told) || (told && !schema_changed(pg, &kept, &remade)))
        return false;
    *remake = remade.text[0] != '\0';
    if (*remake)
        fprintf(stderr, "mingced: changed by hand since the last migration, and made anew: %s\n",
                remade.text);
    if (kept.text[0] == '\0')
        return true;
    fprintf(stderr, "mingced: changed by hand since the last migration: %s\n", kept.text);
    if (accept)
        return run_all(pg, "objects", "BEGIN") && schema_enter(pg, "schema.accept", digest) &&
               run_all(pg, "objects", "COMMIT");
    setup_fail(
        "put back what was changed, then migrate again; or, if it is to stay, `mingced migrate --accept` "
        "enters it in the log");
    return false;
}

static bool migrate(PGconn *pg, bool accept)
{
    char digest[SCHEMA_DIGEST];
    struct setup_answer stored;
    bool remake;
    schema_digest(digest);
    if (!run_all(pg, "schema", "CREATE SCHEMA IF NOT EXISTS registry") ||
        !run_all(pg, "schema",
                 "CREATE TABLE IF NOT EXISTS registry.schema_migration (name text PRIMARY KEY, "
                 "sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()); "
                 "CREATE TABLE IF NOT EXISTS registry.schema_api (digest text NOT NULL)") ||
        unknown_migrations(pg) || !unchanged(pg, digest, accept, &remake))
        return false;
    for (uint32_t i = 0; i < schema_files_n; i++)
        if (!is_api(&schema_files[i]) && !migrate_one(pg, &schema_files[i]))
            return false;
    if (!setup_query(pg, "functions", "SELECT digest FROM registry.schema_api", NULL, 0, &stored))
        return false;
    return (strcmp(stored.text, digest) == 0 && !remake) || replace_functions(pg, digest);
}

int setup_migrate(const struct settings *settings, int argc, char **argv)
{
    bool accept = argc == 2 && strcmp(argv[1], "--accept") == 0;
    if (argc != 1 && !accept)
        return SETUP_USAGE;
    PGconn *pg = setup_connect(settings);
    if (pg == NULL)
        return SETUP_FAILED;
    /* before the objects are compared: what somebody was given meanwhile is taken back, not found */
    bool good = lock(pg) && setup_close_rights(pg) && migrate(pg, accept);
    PQfinish(pg); /* the lock goes with it */
    if (good)
        printf("the schema is up to date\n");
    return good ? SETUP_DONE : SETUP_FAILED;
}
