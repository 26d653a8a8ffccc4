/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what `audit rows` has found, for people and for programs. */
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/cli/command/table.h"
#include "client/cli/verify/row_audit.h"
#include "proto/rules/day.h"
#include "proto/rules/pg_type.h"
#include "proto/tlog/covered.h"
#include "proto/wire/hex.h"

enum { KEY_TEXT = 512, LISTED = 1000 };

/* One column of record_send(), as people read it. */
static size_t value_text(uint32_t type, const uint8_t *bytes, size_t n, char *text, size_t room)
{
    int64_t number = 0;
    char date[DAY_TEXT];
    if (type == PG_TEXT)
        return (size_t) snprintf(text, room, "%.*s", (int) n, (const char *) bytes);
    for (size_t i = 0; i < n && i < sizeof(number); i++)
        number = i == 0 ? (int8_t) bytes[0] : (int64_t) ((uint64_t) number << 8 | bytes[i]);
    if (type == PG_DATE && n == 4) {
        day_format((int32_t) number + PG_EPOCH_DAYS, date);
        return (size_t) snprintf(text, room, "%s", date);
    }
    if (type == PG_INT8 || type == PG_INT2 || type == PG_INT4)
        return (size_t) snprintf(text, room, "%" PRId64, number);
    size_t fits = room > 3 ? (room - 2) / 2 : 0;
    hex_write(bytes, n < fits ? n : fits, text);
    return 2 * (n < fits ? n : fits);
}

static uint32_t be32_at(const uint8_t *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof(value));
    return be32toh(value);
}

/* Writes the columns of a row's key with slashes between them. */
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
    const struct covered *known = covered_find((Mingce__V1__RowTable) number);
    snprintf(word, room, "%s", known != NULL ? known->name : "schema");
}

static const struct words {
    const char *zh, *en, *json;
} row_words[] = {[ROW_RIGHT] = {"", "", ""},
                 [ROW_NO_ENTRY] = {"日志中没有", "row without an entry", "no-entry"},
                 [ROW_NO_ROW] = {"日志中有，行已不在", "entry without a row", "no-row"},
                 [ROW_DIFFERS] = {"与日志不同", "differs from the log", "differs"},
                 [ROW_CONTRADICTS] = {"日志中的变更互不衔接",
                                      "its changes in the log do not follow from each other", "contradicts"},
                 [ROW_UNEXPLAINED] = {"变更不属于任何可作此变更的请求",
                                      "changed by no request that may change it", "unexplained"},
                 [ROW_RATE] = {"标准与补贴标准不符", "a rate that is not its standard's", "rate"},
                 [ROW_AMOUNT] = {"金额不是标准乘以天数，或不是各项之和",
                                 "an amount that is not its rate times the days, or not the sum of its lines",
                                 "amount"}},
  entry_words[] =
      {[ENTRY_UNREADABLE] = {"无法理解的记录", "an entry that cannot be understood", "unreadable"},
       [ENTRY_ROWS_ELSEWHERE] = {"不应有行变更的记录",
                                 "an entry that cannot have changes of rows has them, or is called so",
                                 "rows-elsewhere"}},
  columns_words = {"数据库改用了别的列", "the database covers it by other columns than this version knows",
                   "columns"};

static void finding_row(struct table *table, const struct cli *cli, const char *word, const char *key,
                        const struct words *words)
{
    table_text(table, word);
    table_text(table, key);
    table_text(table, cli->json ? words->json : cli_say(cli, words->zh, words->en));
    table_row(table);
}

/* `key`: by the log, the place of the change. */
static void row_name(const struct row *row, enum row_finding finding, char key[KEY_TEXT])
{
    key_text(row, key);
    if (finding == ROW_UNEXPLAINED) {
        size_t n = strlen(key);
        snprintf(key + n, KEY_TEXT - n, " @%" PRIu64, row->unexplained - 1);
    }
}

void comparison_print(const struct comparison *all)
{
    static const struct table_column columns[] = {
        {"table", "表", "table", false}, {"row", "行", "row", false}, {"finding", "不符", "finding", false}};
    struct table *table = table_new(all->cli, columns, 3);
    char key[KEY_TEXT], word[64];
    size_t listed = 0;
    for (size_t i = 0; i < all->log.n && listed < LISTED; i++, listed++) {
        snprintf(key, sizeof(key), "%" PRIu64, all->log.findings[i].index);
        finding_row(table, all->cli, "entry", key, &entry_words[all->log.findings[i].finding]);
    }
    for (int i = 0; i < COMPARISON_TABLES; i++)
        if (all->misread[i]) {
            table_word(i, word, sizeof(word));
            finding_row(table, all->cli, word, "", &columns_words);
        }
    for (size_t i = 0; i < all->set.n && listed < LISTED; i++) {
        enum row_finding finding = row_judge(&all->set, &all->set.rows[i]);
        if (finding == ROW_RIGHT)
            continue;
        listed++;
        row_name(&all->set.rows[i], finding, key);
        table_word(all->set.rows[i].table, word, sizeof(word));
        finding_row(table, all->cli, word, key, &row_words[finding]);
    }
    table_end(table);
}
