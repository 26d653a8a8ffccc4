/* SPDX-License-Identifier: Apache-2.0 */
/* After a rotation: what was sealed by an older key is opened and sealed by the present one, batch by batch, while
 * mingced serves. A row that somebody else has changed meanwhile is left as it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/crypto/seal.h"
#include "daemon/setup_internal.h"

enum { BATCH = 500, SQL = 512, PROGRESS_MS = 1000, SEALED_MOST = 65536, PASSES_MOST = 20 };

/* Every sealed column: its table, the id it is sealed under, the message it holds. */
static const struct sealed_column {
    const char *table, *id, *column, *domain;
} columns[] = {
    {"registry.person", "coalesce(record_id, person_id)", "sealed", "mingce.v1.PersonRecord"},
    {"registry.person_version", "record_id", "sealed", "mingce.v1.PersonRecord"},
    {"registry.person_document", "record_id", "sealed", "mingce.v1.PersonRecord"},
    {"registry.name_conflict", "conflict_id", "sealed", "mingce.v1.PersonRecord"},
    {"registry.person_group", "fact_id", "sealed", "mingce.v1.GroupRecord"},
    {"registry.enrolment", "enrolment_id", "sealed", "mingce.v1.EnrolmentRecord"},
    {"registry.certificate", "certificate_id", "sealed", "mingce.v1.CertificateRecord"},
    {"registry.operator", "operator_id", "sealed", "mingce.v1.OperatorRecord"},
    {"registry.change", "operator_id", "sealed", "mingce.v1.OperatorRecord"},
    {"registry.change", "human_id", "document_sealed", "mingce.v1.HumanRecord"},
    {"registry.human", "human_id", "sealed", "mingce.v1.HumanRecord"},
    {"registry.lesson", "lesson_id", "teacher_sealed", "mingce.v1.PersonRecord"},
    {"registry.teacher", "teacher_id", "sealed", "mingce.v1.PersonRecord"},
    {"registry.snapshot_row", "record_id", "sealed", "mingce.v1.SnapshotRecord"},
    {"registry.payee", "payee_id", "sealed", "mingce.v1.PayeeRecord"},
};

struct reseal {
    PGconn *pg;
    struct keyring *keys;
    uint32_t current;
    size_t done;
    char place[32]; /* ctid of the last row that was looked at: the next batch of a pass begins behind it */
    bool waits;     /* for rows that others hold, and holds one at a time: nobody waits in a circle */
    int64_t shown_ms;
};

static void progress(struct reseal *reseal, const char *table)
{
    int64_t now = clock_monotonic_ms();
    if (!isatty(STDERR_FILENO) || now - reseal->shown_ms < PROGRESS_MS)
        return;
    reseal->shown_ms = now;
    fprintf(stderr, "\r\033[K%s: %zu", table, reseal->done);
}

/* Opens and seals the row, writes it if it is still the same. False: it has been said why not. */
static bool reseal_row(struct reseal *reseal, const struct sealed_column *column, const PGresult *rows,
                       int row)
{
    static uint8_t plain[SEALED_MOST], fresh[SEALED_MOST];
    const uint8_t *sealed = (const uint8_t *) PQgetvalue(rows, row, 2);
    size_t n = (size_t) PQgetlength(rows, row, 2);
    const uint8_t *id = (const uint8_t *) PQgetvalue(rows, row, 1);
    char sql[SQL];
    if (n > SEALED_MOST || n < SEAL_OVERHEAD || !unseal(reseal->keys, column->domain, id, sealed, n, plain) ||
        !seal(reseal->keys, column->domain, id, plain, n - SEAL_OVERHEAD, fresh)) {
        setup_fail("%s: a row cannot be opened with this key ring", column->table);
        return false;
    }
    snprintf(sql, sizeof(sql), "UPDATE %s SET %s = $1 WHERE ctid = $2::tid AND %s = $3", column->table,
             column->column, column->column);
    const struct setup_value values[] = {{fresh, (int) n}, {PQgetvalue(rows, row, 0), 0}, {sealed, (int) n}};
    reseal->done++;
    return setup_query(reseal->pg, column->table, sql, values, 3, NULL);
}

/* The entry that explains a batch's changes, in its transaction. */
static bool explain(struct reseal *reseal, const char *table)
{
    struct setup_head head;
    setup_head(&head, "reseal", table);
    const struct setup_value value[] = {{head.bytes, (int) head.n}};
    return setup_query(reseal->pg, table, "CALL audit.enter_command($1, NULL)", value, 1, NULL);
}

static int batch_rows(const struct reseal *reseal)
{
    return reseal->waits ? 1 : BATCH;
}

/* The next batch of rows that another key has sealed, in the order in which they lie. Rows handled; -1: it has been
 * said what failed. */
static int reseal_batch(struct reseal *reseal, const struct sealed_column *column)
{
    char sql[SQL];
    snprintf(sql, sizeof(sql),
             "SELECT textsend(ctid::text), uuid_send(%s), %s FROM %s WHERE ctid > '%s' AND %s <> '' "
             "AND substring(%s FROM 2 FOR 4) <> int4send(%u) LIMIT %d FOR NO KEY UPDATE%s",
             column->id, column->column, column->table, reseal->place, column->column, column->column,
             reseal->current, batch_rows(reseal), reseal->waits ? "" : " SKIP LOCKED");
    if (!setup_query(reseal->pg, column->table, "BEGIN", NULL, 0, NULL))
        return -1;
    PGresult *rows = PQexecParams(reseal->pg, sql, 0, NULL, NULL, NULL, NULL, 1);
    int n = PQresultStatus(rows) == PGRES_TUPLES_OK ? PQntuples(rows) : -1;
    if (n < 0)
        setup_fail_sql(column->table, rows);
    bool good = n >= 0;
    if (n > 0)
        good = explain(reseal, column->table);
    for (int row = 0; good && row < n; row++)
        good = reseal_row(reseal, column, rows, row);
    if (good && n > 0)
        snprintf(reseal->place, sizeof(reseal->place), "%s", PQgetvalue(rows, n - 1, 0));
    PQclear(rows);
    good = good && setup_query(reseal->pg, column->table, "COMMIT", NULL, 0, NULL);
    progress(reseal, column->table);
    return good ? n : -1;
}

/* Goes through a column from its table's beginning. Rows handled; -1: it has been said what failed. */
static int reseal_pass(struct reseal *reseal, const struct sealed_column *column)
{
    int n, all = 0;
    snprintf(reseal->place, sizeof(reseal->place), "(0,0)");
    do {
        n = reseal_batch(reseal, column);
        all += n;
    } while (n == batch_rows(reseal));
    return n < 0 ? -1 : all;
}

/* Goes through a column until nothing is left: what was held by others in the first pass is waited for in the next, and what
 * they changed meanwhile may lie where a pass has been already. False: it has been said what failed. */
static bool reseal_column(struct reseal *reseal, const struct sealed_column *column)
{
    for (int pass = 0; pass < PASSES_MOST; pass++) {
        reseal->waits = pass > 0;
        int n = reseal_pass(reseal, column);
        if (n < 0 || (n == 0 && reseal->waits))
            return n == 0;
    }
    setup_fail(
        "%s: rows go on being sealed with an older key: make every mingced load the new key ring first",
        column->table);
    return false;
}

int setup_reseal(const struct settings *settings, int argc, char **argv)
{
    (void) argv;
    const char *why = NULL;
    if (argc != 1)
        return SETUP_USAGE;
    struct reseal reseal = {.keys = keyring_load(settings->key_ring, &why)};
    if (reseal.keys == NULL)
        return setup_fail("key_ring %s: %s", settings->key_ring, why);
    reseal.current = keyring_current(reseal.keys);
    reseal.pg = setup_connect(settings);
    /* tables are read from their beginning, and on from where the last batch ended */
    bool good = reseal.pg != NULL &&
                setup_query(reseal.pg, "reseal", "SET synchronize_seqscans = off", NULL, 0, NULL);
    for (size_t i = 0; good && i < ARRAY_SIZE(columns); i++)
        good = reseal_column(&reseal, &columns[i]);
    PQfinish(reseal.pg);
    keyring_free(reseal.keys);
    if (!good)
        return SETUP_FAILED;
    printf("%zu records sealed anew with key %u\n", reseal.done, reseal.current);
    return SETUP_DONE;
}
