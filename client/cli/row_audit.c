/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live rows compared with what the log says of them. Each change of a row is in the log as its digests before and
 * after; taken together (XOR), those of a row leave the digest that it has now. Rows change while this reads: what a row
 * was at any moment between the first checkpoint and the last is right.
 */
#include <endian.h>
#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/cli/log.h"
#include "client/cli/table.h"
#include "proto/day.h"
#include "proto/log.pb-c.h"
#include "proto/wire.pb-c.h"

enum {
    ID = 16,
    DIGEST = 32,
    PAGE = 1000,
    KEY_TEXT = 512,
    SETTLE_MS = 10000,
    SETTLE_STEP_MS = 250,
    LISTED = 1000
};

/* A row by the log and as it is; all zeros: it is not there. */
struct row {
    uint8_t id[ID];                                    /* hash of table and key */
    uint8_t first[DIGEST], last[DIGEST], live[DIGEST]; /* at the first checkpoint, at the last, as read */
    uint8_t *key;                                      /* owned */
    uint32_t key_n;
    uint8_t table;
    uint32_t moment; /* the last of what it was in between, from 1; 0: it has not changed */
};

/* What a row was between the checkpoints. */
struct moment {
    uint8_t digest[DIGEST];
    uint32_t before; /* another one of the row; 0: none */
};

struct comparison {
    struct cli *cli;
    struct row *rows;
    size_t n, room;
    uint32_t *places; /* of rows, from 1, by their id; a power of two of them, at least twice `room` */
    struct moment *moments;
    size_t moments_n, moments_room;
    bool between; /* the first checkpoint has been passed */
};

static const uint8_t absent[DIGEST];

/* ---- the rows by key ---- */

static bool grow(struct comparison *all)
{
    size_t room = all->room == 0 ? 4096 : all->room * 2;
    struct row *rows = realloc(all->rows, room * sizeof(*rows));
    all->rows = rows == NULL ? all->rows : rows;
    uint32_t *places = rows == NULL || room > UINT32_MAX / 4 ? NULL : calloc(2 * room, sizeof(*places));
    if (places == NULL)
        return false;
    free(all->places);
    all->places = places;
    all->room = room;
    for (size_t i = 0; i < all->n; i++) {
        size_t at;
        memcpy(&at, all->rows[i].id, sizeof(at));
        for (at &= 2 * room - 1; places[at] != 0; at = (at + 1) & (2 * room - 1))
            ;
        places[at] = (uint32_t) i + 1;
    }
    return true;
}

/* The row of that key, made when it is new; NULL: out of memory. */
static struct row *row_of(struct comparison *all, int table, const ProtobufCBinaryData *key)
{
    uint8_t hash[SHA256_DIGEST_LENGTH], number = (uint8_t) table;
    size_t n = key->len + 1, at;
    uint8_t *named = malloc(n);
    if (named == NULL || (all->n == all->room && !grow(all))) {
        free(named);
        return NULL;
    }
    named[0] = number;
    memcpy(named + 1, key->data, key->len);
    SHA256(named, n, hash);
    memcpy(&at, hash, sizeof(at));
    for (at &= 2 * all->room - 1; all->places[at] != 0; at = (at + 1) & (2 * all->room - 1))
        if (memcmp(all->rows[all->places[at] - 1].id, hash, ID) == 0) {
            free(named);
            return &all->rows[all->places[at] - 1];
        }
    struct row *row = &all->rows[all->n++];
    *row = (struct row){.key = named, .key_n = (uint32_t) n, .table = number};
    memcpy(row->id, hash, ID);
    all->places[at] = (uint32_t) all->n;
    return row;
}

/* ---- what the log says ---- */

static bool moment_add(struct comparison *all, struct row *row, const ProtobufCBinaryData *now)
{
    if (all->moments_n == all->moments_room) {
        size_t room = all->moments_room == 0 ? 256 : all->moments_room * 2;
        struct moment *more = room > UINT32_MAX ? NULL : realloc(all->moments, room * sizeof(*more));
        if (more == NULL)
            return false;
        all->moments = more;
        all->moments_room = room;
    }
    struct moment *moment = &all->moments[all->moments_n++];
    *moment = (struct moment){.before = row->moment};
    if (now != NULL)
        memcpy(moment->digest, now->data, DIGEST);
    row->moment = (uint32_t) all->moments_n;
    return true;
}

static void combine(uint8_t digest[DIGEST], const ProtobufCBinaryData *other)
{
    for (size_t i = 0; i < DIGEST; i++)
        digest[i] ^= other->data[i];
}

static bool change_take(struct comparison *all, const Mingce__V1__RowChange *change)
{
    if ((change->has_was && change->was.len != DIGEST) || (change->has_now && change->now.len != DIGEST))
        return false;
    struct row *row = row_of(all, (int) change->table, &change->key);
    if (row == NULL)
        return false;
    if (change->has_was)
        combine(row->last, &change->was);
    if (change->has_now)
        combine(row->last, &change->now);
    if (!all->between)
        memcpy(row->first, row->last, DIGEST);
    return !all->between || moment_add(all, row, change->has_now ? &change->now : NULL);
}

static bool entry_take(void *context, uint64_t index, const ProtobufCBinaryData *body)
{
    struct comparison *all = context;
    Mingce__V1__AuditEntry *entry = mingce__v1__audit_entry__unpack(NULL, body->len, body->data);
    bool good = entry != NULL;
    for (size_t i = 0; good && i < entry->n_row; i++)
        good = change_take(all, entry->row[i]);
    if (entry != NULL)
        mingce__v1__audit_entry__free_unpacked(entry, NULL);
    if (!good)
        log_broken(all->cli, "记录无法理解，或内存不足，位置",
                   "an entry that cannot be understood, or no memory, at", index);
    return good;
}

/* ---- what is there ---- */

static int page_take(struct comparison *all, Mingce__V1__LogRowsRequest *request, bool *more, char *cursor,
                     size_t room)
{
    int status;
    Mingce__V1__LogRowsResponse *page = (Mingce__V1__LogRowsResponse *) cli_call(
        all->cli, "log.rows", &request->base, false, &mingce__v1__log_rows_response__descriptor, &status);
    if (page == NULL)
        return status;
    for (size_t i = 0; i < page->n_row && status == CLI_OK; i++) {
        struct row *row =
            page->row[i]->digest.len == DIGEST ? row_of(all, (int) request->table, &page->row[i]->key) : NULL;
        if (row == NULL)
            status = cli_fail(all->cli, CLI_FILE, "内存不足", "out of memory", NULL);
        else
            memcpy(row->live, page->row[i]->digest.data, DIGEST);
    }
    *more = status == CLI_OK && page->has_next && page->next.len <= room;
    if (*more) {
        memcpy(cursor, page->next.data, page->next.len);
        request->has_cursor = true;
        request->cursor = (ProtobufCBinaryData){page->next.len, (uint8_t *) cursor};
    }
    mingce__v1__log_rows_response__free_unpacked(page, NULL);
    return status;
}

static int tables_read(struct comparison *all)
{
    const ProtobufCEnumDescriptor *tables = &mingce__v1__row_table__descriptor;
    struct cli_progress progress = {.began_ms = cli_now_ms()};
    uint32_t most = mingce_hello(all->cli->server)->limits->page_rows;
    char cursor[1024];
    int status = CLI_OK;
    size_t read = 0, known = all->n;
    for (unsigned i = 0; i < tables->n_values && status == CLI_OK; i++) {
        Mingce__V1__LogRowsRequest request = MINGCE__V1__LOG_ROWS_REQUEST__INIT;
        request.table = (Mingce__V1__RowTable) tables->values[i].value;
        request.has_page_rows = true;
        request.page_rows = most < PAGE ? most : PAGE;
        for (bool more = true; more && status == CLI_OK; read += request.page_rows) {
            status = page_take(all, &request, &more, cursor, sizeof(cursor));
            cli_progress(all->cli, &progress, read < known ? read : known, known + 1);
        }
    }
    cli_progress(all->cli, &progress, 1, 1);
    return status;
}

/* ---- the verdict ---- */

enum finding { FINDING_NONE, FINDING_NO_ENTRY, FINDING_NO_ROW, FINDING_DIFFERS };

static enum finding judge(const struct comparison *all, const struct row *row)
{
    bool right = memcmp(row->live, row->last, DIGEST) == 0 || memcmp(row->live, row->first, DIGEST) == 0;
    for (uint32_t i = row->moment; i != 0 && !right; i = all->moments[i - 1].before)
        right = memcmp(row->live, all->moments[i - 1].digest, DIGEST) == 0;
    if (right)
        return FINDING_NONE;
    if (memcmp(row->live, absent, DIGEST) == 0)
        return FINDING_NO_ROW;
    return memcmp(row->last, absent, DIGEST) == 0 ? FINDING_NO_ENTRY : FINDING_DIFFERS;
}

static size_t findings(const struct comparison *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += judge(all, &all->rows[i]) != FINDING_NONE;
    return n;
}

/* One column of record_send(), as people read it. */
static size_t value_text(uint32_t type, const uint8_t *bytes, size_t n, char *text, size_t room)
{
    enum { BYTEA = 17, INT8 = 20, INT2 = 21, INT4 = 23, TEXT = 25, DATE = 1082, EPOCH_SHIFT = 10957 };
    int64_t number = 0;
    char date[DAY_TEXT];
    size_t at = 0;
    if (type == TEXT)
        return (size_t) snprintf(text, room, "%.*s", (int) n, (const char *) bytes);
    for (size_t i = 0; i < n && i < sizeof(number); i++)
        number = i == 0 ? (int8_t) bytes[0] : (int64_t) ((uint64_t) number << 8 | bytes[i]);
    if (type == DATE && n == 4) {
        day_format((int32_t) number + EPOCH_SHIFT, date);
        return (size_t) snprintf(text, room, "%s", date);
    }
    if (type == INT8 || type == INT2 || type == INT4)
        return (size_t) snprintf(text, room, "%" PRId64, number);
    for (size_t i = 0; i < n && at + 3 < room; i++)
        at += (size_t) snprintf(text + at, room - at, "%02x", bytes[i]);
    return at;
}

static uint32_t be32_at(const uint8_t *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof(value));
    return be32toh(value);
}

/* The key's columns with slashes between them. */
static void key_text(const struct row *row, char text[KEY_TEXT])
{
    enum { COLUMN = 8 };
    const uint8_t *at = row->key + 1, *end = row->key + row->key_n;
    size_t n = 0;
    text[0] = '\0';
    uint32_t columns = end - at < 4 ? 0 : be32_at(at);
    at += 4;
    for (uint32_t i = 0; i < columns && at <= end && end - at >= COLUMN && n < KEY_TEXT - 4; i++) {
        uint32_t type = be32_at(at), length = be32_at(at + 4);
        at += COLUMN;
        if (length > (size_t) (end - at))
            return;
        n += (size_t) snprintf(text + n, KEY_TEXT - n, "%s", i == 0 ? "" : "/");
        n += value_text(type, at, length, text + n, KEY_TEXT - n);
        at += length;
    }
}

static void table_word(int number, char *word, size_t room)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&mingce__v1__row_table__descriptor, number);
    static const char prefix[] = "ROWS_";
    snprintf(word, room, "%s", value == NULL ? "?" : value->name + sizeof(prefix) - 1);
    for (char *at = word; *at != '\0'; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char) (*at - 'A' + 'a') : *at;
}

static void print(const struct comparison *all)
{
    static const struct table_column columns[] = {
        {"table", "表", "table", false}, {"row", "行", "row", false}, {"finding", "不符", "finding", false}};
    static const char *const words[][3] = {
        [FINDING_NONE] = {"", "", ""},
        [FINDING_NO_ENTRY] = {"日志中没有", "row without an entry", "no-entry"},
        [FINDING_NO_ROW] = {"日志中有，行已不在", "entry without a row", "no-row"},
        [FINDING_DIFFERS] = {"与日志不同", "differs from the log", "differs"}};
    struct table *table = table_new(all->cli, columns, 3);
    char key[KEY_TEXT], word[64];
    size_t listed = 0;
    for (size_t i = 0; i < all->n && listed < LISTED; i++) {
        enum finding finding = judge(all, &all->rows[i]);
        if (finding == FINDING_NONE)
            continue;
        listed++;
        key_text(&all->rows[i], key);
        table_word(all->rows[i].table, word, sizeof(word));
        table_text(table, word);
        table_text(table, key);
        table_text(table, all->cli->json ? words[finding][2]
                                         : cli_say(all->cli, words[finding][0], words[finding][1]));
        table_row(table);
    }
    table_end(table);
}

/* ---- the comparison ---- */

/* Changes just made may not be in the log yet: on until nothing differs, or for ten seconds. */
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
        if (status != CLI_OK || findings(all) == 0 || cli_now_ms() >= until_ms)
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
    all->between = true;
    if (status == CLI_OK)
        status = tables_read(all);
    return status == CLI_OK ? settle(all, &walk, key, checkpoint) : status;
}

static void comparison_free(struct comparison *all)
{
    for (size_t i = 0; i < all->n; i++)
        free(all->rows[i].key);
    free(all->rows);
    free(all->places);
    free(all->moments);
}

int audit_rows(struct cli *cli, int argc, char **argv)
{
    struct comparison all = {.cli = cli};
    struct checkpoint checkpoint = {.size = 0};
    struct note_key key;
    const char *path = NULL;
    char counted[96];
    const struct cli_option options[] = {{"key", &path, NULL}};
    if (!cli_options(cli, argc, argv, options, 1, NULL, 0) || !cli_required(cli, options, 1) ||
        !log_key_read(cli, path, &key))
        return CLI_USAGE;
    int status = compare(&all, &key, &checkpoint);
    size_t found = status == CLI_OK ? findings(&all) : 0;
    if (found > 0) {
        print(&all);
        snprintf(counted, sizeof(counted), "%zu / %zu", found, all.n);
        status =
            cli_fail(cli, CLI_ROWS_REFUSED, "有的行与日志不符", "rows are not what the log says", counted);
    } else if (status == CLI_OK) {
        printf(cli->json ? "{\"rows\":%zu,\"entries\":%" PRIu64 "}\n"
               : cli->zh ? "%zu 行都与日志相符（%" PRIu64 " 条记录）\n"
                         : "%zu rows are what the log says (%" PRIu64 " entries)\n",
               all.n, checkpoint.size);
    }
    comparison_free(&all);
    return status;
}
