/* SPDX-License-Identifier: Apache-2.0 */
/* An auditor who has the log's public key verifies the log offline: every leaf is hashed here, and the signature is
 * checked with that key. */
#include "client/cli/verify/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/cli/command/given.h"
#include "client/cli/command/table.h"
#include "client/cli/frame/call.h"
#include "client/cli/verify/trust.h"
#include "proto/log.pb-c.h"
#include "proto/tlog/base64.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/reason.h"

/* ---- what was found ---- */

int log_broken(const struct cli *cli, const char *zh, const char *en, uint64_t where)
{
    char detail[32];
    snprintf(detail, sizeof(detail), "%" PRIu64, where);
    return cli_fail(cli, CLI_ROWS_REFUSED, zh, en, detail);
}

int audit_trust(const struct cli *cli, struct given *given, struct audit *audit)
{
    return trust_read(cli, given_text(given, "key"), given_text(given, "witness"),
                      given_number(given, "witnesses"), &audit->trust);
}

int audit_fetch(struct cli *cli, const struct trust *trust, const char *seen, char note[NOTE_MOST],
                struct trusted *found)
{
    Mingce__V1__LogCheckpointRequest request = MINGCE__V1__LOG_CHECKPOINT_REQUEST__INIT;
    int status = cli->server == NULL ? cli_connect(cli) : CLI_OK;
    request.has_cosignatures = trust->least > 0;
    request.cosignatures = (uint32_t) trust->least;
    request.seen = (char *) (uintptr_t) seen; /* the message is only packed */
    Mingce__V1__LogCheckpointResponse *answer =
        status != CLI_OK
            ? NULL
            : (Mingce__V1__LogCheckpointResponse *) cli_call(cli, "log.checkpoint", &request.base, &status);
    if (answer == NULL)
        return status;
    size_t n = answer->note.len < NOTE_MOST ? answer->note.len : 0;
    int64_t signed_ms = answer->signed_at_ms;
    memcpy(note, answer->note.data, n);
    note[n] = '\0';
    mingce__v1__log_checkpoint_response__free_unpacked(answer, NULL);
    status = trust_open(cli, trust, note, n, NULL, found);
    found->signed_ms = signed_ms;
    return status;
}

uint64_t audit_age(const struct audit *audit)
{
    const struct trusted *found = &audit->found;
    int64_t now = (int64_t) time(NULL);
    int64_t then = found->time > 0 ? (int64_t) found->time : found->signed_ms / 1000;
    return now > then ? (uint64_t) (now - then) : 0;
}

int log_checkpoint_fetch(struct cli *cli, const struct note_key *key, char note[NOTE_MOST],
                         struct checkpoint *checkpoint)
{
    const struct trust trust = {.keys = {*key}, .n = 1};
    struct trusted found;
    int status = audit_fetch(cli, &trust, NULL, note, &found);
    if (status == CLI_OK)
        *checkpoint = found.checkpoint;
    return status;
}

int audit_print(const struct cli *cli, const struct audit *audit)
{
    static const struct table_column columns[] = {{"origin", "日志", "log", false},
                                                  {"size", "条数", "entries", true},
                                                  {"root", "树根", "root", false},
                                                  {"signed_at", "签名时间", "signed at", false},
                                                  {"age", "距今秒数", "seconds ago", true},
                                                  {"cosigned", "联署见证者", "witnesses", true},
                                                  {"cosigned_at", "联署时间", "cosigned at", false}};
    const struct trusted *found = &audit->found;
    char root[BASE64_BYTES(MERKLE_HASH)];
    struct table *table = table_new(cli, columns, audit->trust.least > 0 ? 7 : 5);
    base64_encode(found->checkpoint.root, MERKLE_HASH, root);
    table_text(table, found->checkpoint.origin);
    table_number(table, found->checkpoint.size);
    table_text(table, root);
    table_time(table, found->signed_ms > 0, found->signed_ms);
    if (found->signed_ms > 0 || found->time > 0)
        table_number(table, audit_age(audit));
    else
        table_text(table, NULL);
    if (audit->trust.least > 0) {
        table_number(table, found->cosigned);
        table_time(table, true, (int64_t) found->time * 1000);
    }
    table_row(table);
    table_end_record(table);
    return CLI_OK;
}

int audit_print_verified(const struct cli *cli, const struct audit *audit, const char *zh, const char *en)
{
    const struct trusted *found = &audit->found;
    uint64_t entries = found->checkpoint.size;
    int64_t until_ms = found->signed_ms > 0 ? found->signed_ms : (int64_t) found->time * 1000;
    char at[CLI_TIME] = "", until[CLI_TIME + 32] = "", cosigned[96];
    if (until_ms > 0) {
        cli_time(until_ms, at);
        snprintf(until, sizeof(until), cli->zh ? "，截至 %s" : ", up to %s", at);
    }
    if (audit->trust.least == 0)
        snprintf(cosigned, sizeof(cosigned), "%s",
                 cli_say(cli, "，未要求见证者联署", "; no witness was asked for"));
    else
        snprintf(cosigned, sizeof(cosigned), cli->zh ? "，%zu 名见证者已联署" : "; cosigned by %zu witness%s",
                 (size_t) found->cosigned, found->cosigned == 1 ? "" : "es");
    if (!cli->json && cli->zh)
        printf("%s：日志 %" PRIu64 " 条记录%s%s\n", zh, entries, until, cosigned);
    else if (!cli->json)
        printf("%s: a log of %" PRIu64 " %s%s%s\n", en, entries, entries == 1 ? "entry" : "entries", until,
               cosigned);
    return audit_print(cli, audit);
}

/* ---- walking all entries ---- */

/* Whether the tree has reached the checkpoint's size with another root. */
static bool astray(const struct log_walk *walk, const struct checkpoint *point)
{
    merkle_hash root;
    if (walk->tree.frontier.size != point->size)
        return false;
    merkle_root(&walk->tree.frontier, root);
    return memcmp(root, point->root, MERKLE_HASH) != 0;
}

static void ignore_tile(void *context, const struct tree_tile *tile)
{
    (void) context, (void) tile;
}

/* Asks for pages until enough requests are in flight. */
static int pages_ask(struct cli *cli, struct log_walk *walk, uint64_t size)
{
    uint32_t most = mingce_hello(cli->server)->limits->page_rows;
    if (walk->ahead_n == 0)
        walk->ahead_next = walk->tree.frontier.size;
    while (walk->ahead_n < LOG_AHEAD && walk->ahead_next < size) {
        Mingce__V1__LogEntriesRequest request = MINGCE__V1__LOG_ENTRIES_REQUEST__INIT;
        struct mingce_error error;
        uint64_t left = size - walk->ahead_next;
        request.first = walk->ahead_next;
        request.has_page_rows = true;
        request.page_rows = left < most ? (uint32_t) left : most;
        struct mingce_call *call = mingce_begin(cli->server, "log.entries", &request.base, NULL, &error);
        if (call == NULL)
            return cli_fail_call(cli, &error);
        walk->ahead[(walk->ahead_first + walk->ahead_n++) % LOG_AHEAD] =
            (struct log_page){.call = call, .rows = request.page_rows};
        walk->ahead_next += request.page_rows;
    }
    return CLI_OK;
}

/* Waits for the oldest page that was asked for. NULL: the reason has been printed, and `*status` is the exit status. */
static Mingce__V1__LogEntriesResponse *page_wait(const struct cli *cli, struct log_walk *walk, uint32_t *rows,
                                                 int *status)
{
    struct mingce_error error;
    struct log_page page = walk->ahead[walk->ahead_first];
    walk->ahead_first = (walk->ahead_first + 1) % LOG_AHEAD;
    walk->ahead_n--;
    *rows = page.rows;
    Mingce__V1__LogEntriesResponse *answer = (Mingce__V1__LogEntriesResponse *) mingce_wait(
        cli->server, page.call, &mingce__v1__log_entries_response__descriptor, &error);
    *status = answer == NULL ? cli_fail_call(cli, &error) : CLI_OK;
    return answer;
}

/* Drops the pages in flight, which begin at the wrong entries after a page that was shorter than asked for. */
static int pages_drop(const struct cli *cli, struct log_walk *walk)
{
    int status = CLI_OK;
    uint32_t rows;
    while (walk->ahead_n > 0 && status == CLI_OK) {
        Mingce__V1__LogEntriesResponse *page = page_wait(cli, walk, &rows, &status);
        if (page != NULL)
            mingce__v1__log_entries_response__free_unpacked(page, NULL);
    }
    return status;
}

static int entry_take(struct cli *cli, struct log_walk *walk, const Mingce__V1__LogEntry *entry)
{
    uint64_t index = walk->tree.frontier.size;
    merkle_hash leaf;
    if (entry->leaf_index != index)
        return log_broken(cli, "日志缺少一条记录，位置", "the log lacks an entry, at", index);
    merkle_leaf(entry->body.data, entry->body.len, leaf);
    tree_append(&walk->tree, leaf, walk->filled == NULL ? ignore_tile : walk->filled, walk->context);
    if (walk->entry != NULL && !walk->entry(walk->context, index, &entry->body))
        return CLI_FILE;
    if (astray(walk, &walk->seen) || astray(walk, &walk->cosigned))
        return log_broken(cli, "与先前的检查点不一致：历史被改写，条数",
                          "not what an earlier checkpoint covered: history was rewritten, entries",
                          index + 1);
    return CLI_OK;
}

/* Reads one page, from the tree's size on. */
static int page_take(struct cli *cli, struct log_walk *walk, uint64_t size)
{
    uint32_t rows;
    int status = pages_ask(cli, walk, size);
    Mingce__V1__LogEntriesResponse *page = status == CLI_OK ? page_wait(cli, walk, &rows, &status) : NULL;
    if (page == NULL)
        return status;
    size_t n = page->n_entry;
    for (size_t i = 0; i < n && status == CLI_OK; i++)
        status = entry_take(cli, walk, page->entry[i]);
    if (n == 0 && status == CLI_OK)
        status = log_broken(cli, "日志在检查点之前中断，位置", "the log ends before its checkpoint, at",
                            walk->tree.frontier.size);
    mingce__v1__log_entries_response__free_unpacked(page, NULL);
    return status == CLI_OK && n < rows ? pages_drop(cli, walk) : status;
}

int log_walk_to(struct cli *cli, struct log_walk *walk, const struct checkpoint *checkpoint)
{
    struct cli_progress progress = {.began_ms = cli_now_ms()};
    merkle_hash root;
    int status = CLI_OK;
    if (walk->seen.size > checkpoint->size)
        return log_broken(cli, "检查点比先前的小：日志被截短，先前条数",
                          "the checkpoint is smaller than an earlier one: the log was cut, entries before",
                          walk->seen.size);
    while (walk->tree.frontier.size < checkpoint->size) {
        status = page_take(cli, walk, checkpoint->size);
        if (status != CLI_OK)
            return status;
        cli_progress(cli, &progress, walk->tree.frontier.size, checkpoint->size);
    }
    merkle_root(&walk->tree.frontier, root);
    return memcmp(root, checkpoint->root, MERKLE_HASH) == 0
               ? CLI_OK
               : log_broken(cli, "记录与签名的树根不符，条数", "the entries are not what was signed, entries",
                            checkpoint->size);
}

/* ---- proofs ---- */

bool log_tile_fetch(void *context, struct tree_tile *tile, unsigned n)
{
    struct log_tiles *tiles = context;
    Mingce__V1__LogTileRequest request = MINGCE__V1__LOG_TILE_REQUEST__INIT;
    request.level = (uint32_t) tile->level;
    request.index = tile->index;
    struct mingce_error error;
    Mingce__V1__LogTileResponse *answer =
        (Mingce__V1__LogTileResponse *) mingce_call(tiles->cli->server, "log.tile", &request.base, NULL,
                                                    &mingce__v1__log_tile_response__descriptor, &error);
    if (answer == NULL) {
        /* that a log lacks a tile is found, not a call that failed: the caller says what it was needed for */
        bool lacking = strcmp(error.reason, reason_text(REASON_TILE_UNKNOWN)->name) == 0;
        tiles->status = lacking ? CLI_OK : cli_fail_call(tiles->cli, &error);
        return false;
    }
    tiles->status = CLI_OK;
    tile->n = answer->hashes.len > sizeof(tile->hashes) ? 0 : (unsigned) (answer->hashes.len / MERKLE_HASH);
    memcpy(tile->hashes, answer->hashes.data, (size_t) tile->n * MERKLE_HASH);
    mingce__v1__log_tile_response__free_unpacked(answer, NULL);
    return tile->n >= n;
}

bool log_subtree_read(void *context, unsigned level, uint64_t index, merkle_hash out)
{
    struct log_tiles *tiles = context;
    tiles->reader.fetch = log_tile_fetch;
    tiles->reader.context = tiles;
    return tree_read(&tiles->reader, level, index, out);
}

Mingce__V1__LogEntriesResponse *log_entry_fetch(struct cli *cli, uint64_t index, int *status)
{
    Mingce__V1__LogEntriesRequest request = MINGCE__V1__LOG_ENTRIES_REQUEST__INIT;
    request.first = index;
    request.has_page_rows = true;
    request.page_rows = 1;
    Mingce__V1__LogEntriesResponse *answer =
        (Mingce__V1__LogEntriesResponse *) cli_call(cli, "log.entries", &request.base, status);
    if (answer != NULL && answer->n_entry == 1 && answer->entry[0]->leaf_index == index &&
        answer->entry[0]->body.len <= UINT16_MAX)
        return answer;
    if (answer != NULL)
        *status = log_broken(cli, "日志缺少一条记录，位置", "the log lacks an entry, at", index);
    mingce__v1__log_entries_response__free_unpacked(answer, NULL);
    return NULL;
}

int log_prove(struct cli *cli, const struct checkpoint *checkpoint, uint64_t index,
              const ProtobufCBinaryData *body, merkle_hash proof[MERKLE_PROOF], size_t *n)
{
    static struct log_tiles tiles;
    merkle_hash leaf;
    tiles.cli = cli;
    merkle_leaf(body->data, body->len, leaf);
    bool good = merkle_inclusion(index, checkpoint->size, log_subtree_read, &tiles, proof, n);
    if (good && merkle_included(index, checkpoint->size, leaf, proof, *n, checkpoint->root))
        return CLI_OK;
    return good || tiles.status == CLI_OK
               ? log_broken(cli, "该记录不在签名的树中，位置",
                            "the entry is not in the tree that was signed, at", index)
               : tiles.status;
}
