/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/row_log.h"

#include <stdlib.h>
#include <string.h>

#include "proto/tlog/covered.h"
#include "proto/wire/changes.h"
#include "proto/wire/wirescan.h"

/* Makes room for one more element. False: out of memory. */
static bool more(void **array, size_t n, size_t *room, size_t size)
{
    size_t wanted = *room == 0 ? 256 : *room * 2;
    if (n < *room)
        return true;
    void *larger = realloc(*array, wanted * size);
    if (larger == NULL)
        return false;
    *array = larger;
    *room = wanted;
    return true;
}

static bool found(struct row_log *log, uint64_t index, enum entry_finding finding)
{
    void *array = log->findings;
    if (!more(&array, log->n, &log->room, sizeof(*log->findings)))
        return false;
    log->findings = array;
    log->findings[log->n].index = index;
    log->findings[log->n++].finding = finding;
    return true;
}

/* ---- transactions ---- */

/* Marks the transaction's rows from the given one on as unexplained, or removes that mark once an entry explains them. A mark that an
 * earlier transaction has left stays. */
static void run_mark(struct row_log *log, size_t from)
{
    for (size_t i = from; i < log->run.n; i++) {
        struct row *row = &log->set->rows[log->run.rows[i]];
        bool explained = log->run.explained[row->table];
        if (!explained && row->unexplained == 0)
            row->unexplained = log->run.at + 1;
        else if (explained && row->unexplained == log->run.at + 1)
            row->unexplained = 0;
    }
}

static void run_begin(struct row_log *log, const Mingce__V1__AuditEntry *entry)
{
    log->run.any = true;
    memset(log->run.explained, 0, sizeof(log->run.explained));
    log->run.n = 0;
    memset(log->run.id, 0, ROW_TRANSACTION); /* without a transaction the entry stands alone */
    if (entry->has_transaction)
        memcpy(log->run.id, entry->transaction.data, ROW_TRANSACTION);
}

static bool run_goes_on(const struct row_log *log, const Mingce__V1__AuditEntry *entry)
{
    return log->run.any && entry->has_transaction &&
           memcmp(log->run.id, entry->transaction.data, ROW_TRANSACTION) == 0;
}

/* Marks the tables whose changes this entry explains; a refused request explains none. True: a table is among them that was not
 * explained before. */
static bool explains(struct row_log *log, const Mingce__V1__AuditEntry *entry)
{
    bool more = false, schema = method_changes(entry->method, "schema");
    const struct covered *table;
    if (entry->outcome == MINGCE__V1__OUTCOME__OUTCOME_NOT_ALLOWED)
        return false;
    for (size_t i = 0; (table = covered_at(i)) != NULL; i++)
        if (!log->run.explained[table->table] && method_changes(entry->method, table->name))
            more = log->run.explained[table->table] = true;
    if (schema && !log->run.explained[MINGCE__V1__ROW_TABLE__ROWS_SCHEMA])
        more = log->run.explained[MINGCE__V1__ROW_TABLE__ROWS_SCHEMA] = true;
    return more;
}

/* ---- entries ---- */

static bool zeros(const ProtobufCBinaryData *bytes)
{
    size_t n = 0;
    while (n < bytes->len && bytes->data[n] == 0)
        n++;
    return n == bytes->len;
}

/* Whether an entry may report changes of rows: it names neither an operator nor a request. */
static bool is_rows(const Mingce__V1__AuditEntry *entry)
{
    return strcmp(entry->method, "rows") == 0 && zeros(&entry->operator_id) &&
           zeros(&entry->organisation_id) && zeros(&entry->request_id) && zeros(&entry->request_digest);
}

static bool readable(const Mingce__V1__RowChange *change)
{
    return (change->table == MINGCE__V1__ROW_TABLE__ROWS_SCHEMA || covered_find(change->table) != NULL) &&
           (!change->has_was || change->was.len == ROW_DIGEST) &&
           (!change->has_now || change->now.len == ROW_DIGEST);
}

static bool change_take(struct row_log *log, const Mingce__V1__RowChange *change)
{
    struct row *row = row_of(log->set, (int) change->table, &change->key);
    if (row == NULL || !row_change(log->set, row, change->has_was ? change->was.data : NULL,
                                   change->has_now ? change->now.data : NULL))
        return false;
    void *array = log->run.rows;
    if (!more(&array, log->run.n, &log->run.room, sizeof(*log->run.rows)))
        return false;
    log->run.rows = array;
    log->run.rows[log->run.n++] = (size_t) (row - log->set->rows);
    return true;
}

static bool changes_take(struct row_log *log, uint64_t index, const Mingce__V1__AuditEntry *entry)
{
    bool good = true, all = true;
    size_t before = log->run.n;
    if (before == 0)
        log->run.at = index;
    for (size_t i = 0; good && i < entry->n_row; i++) {
        if (readable(entry->row[i]))
            good = change_take(log, entry->row[i]);
        else
            all = false;
    }
    if (log->told)
        run_mark(log, before);
    return good && (all || found(log, index, ENTRY_UNREADABLE));
}

static bool understood(struct row_log *log, uint64_t index, const Mingce__V1__AuditEntry *entry)
{
    bool rows = is_rows(entry);
    if (entry->has_transaction && entry->transaction.len != ROW_TRANSACTION)
        return found(log, index, ENTRY_UNREADABLE);
    log->told |= entry->has_transaction != 0;
    if (!run_goes_on(log, entry))
        run_begin(log, entry);
    log->hands += strcmp(entry->method, "schema.accept") == 0;
    if (rows)
        return changes_take(log, index, entry);
    if (explains(log, entry))
        run_mark(log, 0);
    return (entry->n_row == 0 && strcmp(entry->method, "rows") != 0) ||
           found(log, index, ENTRY_ROWS_ELSEWHERE);
}

bool row_log_take(struct row_log *log, uint64_t index, const ProtobufCBinaryData *body)
{
    const ProtobufCMessageDescriptor *descriptor = &mingce__v1__audit_entry__descriptor;
    if (wirescan_answer(descriptor, body->data, body->len) != REASON_NONE)
        return found(log, index, ENTRY_UNREADABLE);
    Mingce__V1__AuditEntry *entry = mingce__v1__audit_entry__unpack(NULL, body->len, body->data);
    bool good = entry != NULL && understood(log, index, entry);
    mingce__v1__audit_entry__free_unpacked(entry, NULL);
    return good;
}

void row_log_free(struct row_log *log)
{
    free(log->run.rows);
    free(log->findings);
}
