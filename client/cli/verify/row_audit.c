/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares the live rows, and the database's own objects, with what the log says of them. The client itself knows which columns are
 * covered and how they are read (proto/tlog/covered.c). Rows change while this reads them, so whatever a row was at any moment between
 * the first checkpoint and the last counts as right.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/frame/call.h"
#include "client/cli/verify/keys.h"
#include "client/cli/verify/log.h"
#include "client/cli/verify/row_audit.h"
#include "client/cli/verify/row_log.h"
#include "client/cli/verify/row_money.h"
#include "proto/log.pb-c.h"
#include "proto/tlog/covered.h"
#include "proto/tlog/sha256.h"
#include "proto/wire.pb-c.h"

enum { PAGE = 1000, SETTLE_MS = 10000, SETTLE_STEP_MS = 250, OBJECT_MOST = 127 };

/* ---- what the log says ---- */

static bool entry_take(void *context, uint64_t index, const ProtobufCBinaryData *body)
{
    struct comparison *all = context;
    if (row_log_take(&all->log, index, body))
        return true;
    log_broken(all->cli, "内存不足，位置", "out of memory, at", index);
    return false;
}

/* ---- what is there ---- */

/* NULL: out of memory. */
static const struct row *row_live(struct comparison *all, int table, const ProtobufCBinaryData *key,
                                  const void *bytes, size_t n)
{
    struct row *row = row_of(&all->set, table, key);
    if (row != NULL)
        sha256(bytes, n, row->live);
    return row;
}

/* Whether the database says that it read the columns that are known here. */
static bool known_columns(const struct covered *table, const Mingce__V1__LogRowsResponse *page)
{
    return page->n_row == 0 ||
           (page->key_columns != NULL && page->columns != NULL &&
            strcmp(page->key_columns, table->key) == 0 && strcmp(page->columns, table->columns) == 0);
}

static bool rows_live(struct comparison *all, const struct covered *table,
                      const Mingce__V1__LogRowsResponse *page)
{
    bool good = true;
    for (size_t i = 0; i < page->n_row && good; i++) {
        const ProtobufCBinaryData *key = &page->row[i]->key, *record = &page->row[i]->record;
        const struct row *row = row_live(all, (int) table->table, key, record->data, record->len);
        good = row != NULL && money_take(&all->money, table->table, (size_t) (row - all->set.rows), record);
    }
    return good;
}

static int page_take(struct comparison *all, const struct covered *table, Mingce__V1__LogRowsRequest *request,
                     struct pages_way *way)
{
    int status;
    Mingce__V1__LogRowsResponse *page =
        (Mingce__V1__LogRowsResponse *) cli_call(all->cli, "log.rows", &request->base, &status);
    if (page == NULL)
        return status;
    if (!known_columns(table, page))
        all->misread[table->table] = true;
    if (!rows_live(all, table, page))
        status = cli_fail(all->cli, CLI_FILE, "内存不足", "out of memory", NULL);
    all->read += page->n_row;
    if (status == CLI_OK)
        status = pages_go_on(all->cli, way, page->n_row,
                             page->has_next ? page->next : (ProtobufCBinaryData){0, way->bytes});
    request->has_cursor = way->cursor.len > 0;
    request->cursor = way->cursor;
    mingce__v1__log_rows_response__free_unpacked(page, NULL);
    return status;
}

static int table_read(struct comparison *all, const struct covered *table, struct cli_progress *progress,
                      size_t known)
{
    uint32_t most = mingce_hello(all->cli->server)->limits->page_rows;
    struct pages_way way = {.steps = 0};
    int status = CLI_OK;
    Mingce__V1__LogRowsRequest request = MINGCE__V1__LOG_ROWS_REQUEST__INIT;
    request.table = table->table;
    request.has_page_rows = true;
    request.page_rows = most < PAGE ? most : PAGE;
    do {
        status = page_take(all, table, &request, &way);
        cli_progress(all->cli, progress, all->read < known ? all->read : known, known + 1);
    } while (status == CLI_OK && request.has_cursor);
    return status;
}

/* Reads claims, then their subsidies, then the rest with the standards, as money_judge() needs it. */
static int tables_read(struct comparison *all)
{
    static const Mingce__V1__RowTable before[] = {MINGCE__V1__ROW_TABLE__ROWS_CLAIM,
                                                  MINGCE__V1__ROW_TABLE__ROWS_CLAIM_LINE};
    struct cli_progress progress = {.began_ms = cli_now_ms()};
    const struct covered *table;
    size_t known = all->set.n;
    int status = CLI_OK;
    for (size_t i = 0; i < 2 && status == CLI_OK; i++)
        status = table_read(all, covered_find(before[i]), &progress, known);
    for (size_t i = 0; (table = covered_at(i)) != NULL && status == CLI_OK; i++)
        if (table->table != before[0] && table->table != before[1])
            status = table_read(all, table, &progress, known);
    cli_progress(all->cli, &progress, 1, 1);
    return status;
}

/* record_send(ROW(object)): how ROWS_SCHEMA names it. */
static size_t object_key(const char *object, uint8_t key[OBJECT_MOST + 12])
{
    static const uint8_t head[] = {0, 0, 0, 1, 0, 0, 0, 25 /* text */, 0, 0, 0};
    size_t n = strnlen(object, OBJECT_MOST + 1);
    if (n > OBJECT_MOST)
        return 0;
    memcpy(key, head, sizeof(head));
    key[sizeof(head)] = (uint8_t) n;
    memcpy(key + sizeof(head) + 1, object, n);
    return sizeof(head) + 1 + n;
}

/* Reads a page of the database's objects. `after` becomes the name of the last one, or "" when there are no more. */
static int objects_take(struct comparison *all, char after[OBJECT_MOST + 1])
{
    int status;
    Mingce__V1__LogSchemaRequest request = MINGCE__V1__LOG_SCHEMA_REQUEST__INIT;
    request.after = *after == '\0' ? NULL : after;
    Mingce__V1__LogSchemaResponse *page =
        (Mingce__V1__LogSchemaResponse *) cli_call(all->cli, "log.schema", &request.base, &status);
    if (page == NULL)
        return status;
    uint8_t key[OBJECT_MOST + 12];
    char last[OBJECT_MOST + 1] = "";
    for (size_t i = 0; i < page->n_object && status == CLI_OK; i++) {
        const Mingce__V1__LogSchemaObject *object = page->object[i];
        ProtobufCBinaryData named = {object_key(object->object, key), key};
        if (named.len == 0 || strcmp(object->object, *last == '\0' ? after : last) <= 0)
            status = cli_fail(all->cli, CLI_ROWS_REFUSED, "数据库对象的清单不成序",
                              "the list of the database's objects is out of order", NULL);
        else if (!row_live(all, MINGCE__V1__ROW_TABLE__ROWS_SCHEMA, &named, object->definition,
                           strlen(object->definition)))
            status = cli_fail(all->cli, CLI_FILE, "内存不足", "out of memory", NULL);
        else
            snprintf(last, sizeof(last), "%s", object->object);
    }
    memcpy(after, last, sizeof(last));
    mingce__v1__log_schema_response__free_unpacked(page, NULL);
    return status;
}

static int objects_read(struct comparison *all)
{
    char after[OBJECT_MOST + 1] = "";
    int status;
    do
        status = objects_take(all, after);
    while (status == CLI_OK && *after != '\0');
    return status;
}

/* ---- the comparison ---- */

static size_t findings(const struct comparison *all)
{
    size_t n = row_findings(&all->set) + all->log.n;
    for (size_t i = 0; i < COMPARISON_TABLES; i++)
        n += all->misread[i];
    return n;
}

/* Changes that were just made may not be in the log yet. Reads on until no row waits for an entry, for at most ten seconds. */
static int settle(struct comparison *all, struct log_walk *walk, const struct note_key *key,
                  struct checkpoint *checkpoint)
{
    static char note[NOTE_MOST];
    int64_t until_ms = cli_now_ms() + SETTLE_MS;
    const struct timespec step = {.tv_nsec = SETTLE_STEP_MS * 1000000};
    for (;;) {
        int status = log_checkpoint_fetch(all->cli, key, note, checkpoint);
        if (status == CLI_OK)
            status = log_walk_to(all->cli, walk, checkpoint);
        if (status != CLI_OK || row_unsettled(&all->set, all->log.run.at) == 0 || cli_now_ms() >= until_ms)
            return status;
        nanosleep(&step, NULL);
    }
}

static int compare(struct comparison *all, const struct note_key *key, struct checkpoint *checkpoint)
{
    static char note[NOTE_MOST];
    static struct log_walk walk;
    walk = (struct log_walk){.entry = entry_take, .context = all};
    tree_new(&walk.tree);
    int status = log_checkpoint_fetch(all->cli, key, note, checkpoint);
    if (status == CLI_OK)
        status = log_walk_to(all->cli, &walk, checkpoint);
    row_set_passed(&all->set);
    if (status == CLI_OK)
        status = tables_read(all);
    if (status == CLI_OK)
        status = objects_read(all);
    money_judge(&all->money, &all->set);
    return status == CLI_OK ? settle(all, &walk, key, checkpoint) : status;
}

static void tell_right(const struct cli *cli, size_t rows, uint64_t entries)
{
    if (cli->json)
        printf("{\"rows\":%zu,\"entries\":%" PRIu64 "}\n", rows, entries);
    else if (cli->zh)
        printf("核验通过：%zu 行都与日志相符（%" PRIu64 " 条记录）\n", rows, entries);
    else
        printf("verified: %zu row%s %s what the log says (%" PRIu64 " %s)\n", rows, cli_s(rows),
               rows == 1 ? "is" : "are", entries, entries == 1 ? "entry" : "entries");
}

static int audit_rows(struct cli *cli, struct given *given)
{
    static struct comparison all;
    struct checkpoint checkpoint = {.size = 0};
    struct note_key key;
    char counted[96];
    int status = key_read(cli, given_text(given, "key"), &key);
    all = (struct comparison){.cli = cli, .log = {.set = &all.set}};
    if (status == CLI_OK)
        status = compare(&all, &key, &checkpoint);
    size_t found = status == CLI_OK ? findings(&all) : 0;
    if (status == CLI_OK && all.log.hands > 0 && !cli->json)
        fprintf(stderr,
                cli->zh ? "数据库对象曾被人改动并予认可 %" PRIu64 " 次：audit log --method schema.accept\n"
                        : "times that objects of the database were changed by hand and accepted: %" PRIu64
                          " (audit log --method schema.accept)\n",
                all.log.hands);
    if (found > 0) {
        comparison_print(&all);
        snprintf(counted, sizeof(counted), "%zu / %zu", found, all.set.n);
        status =
            cli_fail(cli, CLI_ROWS_REFUSED, "有的行与日志不符", "rows are not what the log says", counted);
    } else if (status == CLI_OK) {
        tell_right(cli, all.set.n, checkpoint.size);
    }
    row_log_free(&all.log);
    money_free(&all.money);
    row_set_free(&all.set);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "audit",
     .verb = "rows",
     .run = audit_rows,
     .method = "log.rows",
     .zh = "现有的每一行与日志比对",
     .en = "compares every live row with the log",
     OPTIONS({"key", VALUE_FILE, NEEDED, .zh = "日志公钥的文件，由保管签名密钥者交付",
              .en = "a file with the log's public key, brought along"}),
     .notes_zh = "退出码1：列出日志中没有的行、日志中有而已不在的行、与日志不同的行",
     .notes_en =
         "exit status 1: rows without an entry, entries without a row, and rows that differ are listed"},
};
const struct commands row_audit_commands = {commands, sizeof(commands) / sizeof(*commands)};
