/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/cli/command/given.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/table.h"
#include "client/cli/frame/call.h"
#include "client/cli/verify/file.h"
#include "client/cli/verify/keys.h"
#include "client/cli/verify/log.h"
#include "proto/file/whole.h"
#include "proto/log.pb-c.h"
#include "proto/tlog/receipt.h"

enum { PATH = 4096, RECEIPT_FILE = 2 << 20, LOCATE = 1000 };

enum state { STATE_SIGNED, STATE_INCLUDED, STATE_WAITING, STATE_BROKEN };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads a file's receipt and verifies its signature. Returns CLI_OK, or the exit status after saying what is wrong. */
static int receipt_load(const struct cli *cli, const char *path, const struct note_key *key,
                        struct receipt *receipt, struct promise *promise)
{
    size_t n;
    char *text = malloc(RECEIPT_FILE);
    if (text == NULL)
        return cli_fail(cli, CLI_FILE, "内存不足", "out of memory", NULL);
    bool read = file_text(cli, path, text, RECEIPT_FILE, &n);
    bool parsed = read && receipt_parse(text, n, receipt);
    bool one = read && file_begins(text, "mingce.receipt@v1"); /* of proto/tlog/receipt.c */
    free(text);
    if (!read)
        return CLI_FILE;
    if (!parsed)
        return one ? cli_fail(cli, CLI_ROWS_REFUSED, "回执已改动或不完整",
                              "the receipt was altered or cut short", path)
                   : cli_fail(cli, CLI_FILE, "不是回执文件", "not a receipt", path);
    if (receipt_open(receipt, key, promise))
        return CLI_OK;
    receipt_free(receipt);
    return cli_fail(cli, CLI_ROWS_REFUSED, "回执不是此公钥所签，或已被改动",
                    "the receipt is not signed by this key, or was altered", path);
}

static bool included(struct log_tiles *tiles, const struct checkpoint *checkpoint, uint64_t index,
                     const merkle_hash leaf)
{
    merkle_hash proof[MERKLE_PROOF];
    size_t n;
    return index < checkpoint->size &&
           merkle_inclusion(index, checkpoint->size, log_subtree_read, tiles, proof, &n) &&
           merkle_included(index, checkpoint->size, leaf, proof, n, checkpoint->root);
}

/* Counts the entries from `first` on, at most LOCATE, that are in the tree that was signed. -1: it failed, and the status says why. */
static int count_included(struct log_tiles *tiles, const struct checkpoint *checkpoint,
                          const struct receipt *receipt, size_t first)
{
    Mingce__V1__LogLocateRequest request = MINGCE__V1__LOG_LOCATE_REQUEST__INIT;
    uint64_t ids[LOCATE];
    size_t n = receipt->n - first < LOCATE ? receipt->n - first : LOCATE;
    for (size_t i = 0; i < n; i++)
        ids[i] = receipt->entries[first + i].id;
    request.n_entry_id = n;
    request.entry_id = ids;
    Mingce__V1__LogLocateResponse *answer =
        (Mingce__V1__LogLocateResponse *) cli_call(tiles->cli, "log.locate", &request.base, &tiles->status);
    if (answer == NULL)
        return -1;
    int found = 0;
    size_t at = 0; /* places come in the order asked for */
    for (size_t i = 0; i < n && at < answer->n_place; i++) {
        const Mingce__V1__LogPlace *place = answer->place[at];
        if (place->entry_id != ids[i])
            continue;
        at++;
        found += included(tiles, checkpoint, place->leaf_index, receipt->entries[first + i].leaf);
    }
    mingce__v1__log_locate_response__free_unpacked(answer, NULL);
    return tiles->status == CLI_OK ? found : -1;
}

/* Compares the receipt with the log. Returns CLI_OK with the state, or the exit status after saying what is wrong. */
static int compare(struct cli *cli, const struct note_key *key, const struct receipt *receipt,
                   const struct promise *promise, enum state *state)
{
    static char note[NOTE_MOST];
    static struct log_tiles tiles;
    struct checkpoint checkpoint = {.size = 0};
    size_t found = 0;
    tiles.cli = cli;
    int status = log_checkpoint_fetch(cli, key, note, &checkpoint);
    for (size_t first = 0; status == CLI_OK && first < receipt->n; first += LOCATE) {
        int more = count_included(&tiles, &checkpoint, receipt, first);
        status = more < 0 ? tiles.status : CLI_OK;
        found += more < 0 ? 0 : (size_t) more;
    }
    bool late = now_ms() > promise->at_ms + promise->deadline_s * 1000;
    *state = found == receipt->n ? STATE_INCLUDED : late ? STATE_BROKEN : STATE_WAITING;
    return status;
}

static void print(const struct cli *cli, const struct receipt *receipt, const struct promise *promise,
                  enum state state)
{
    static const struct table_column columns[] = {
        {"request", "请求", "request", false},       {"method", "办理事项", "method", false},
        {"accepted", "受理时间", "accepted", false}, {"entries", "记录数", "entries", true},
        {"due", "入册期限", "due", false},           {"state", "状态", "state", false}};
    static const char *const states[][2] = {
        [STATE_SIGNED] = {"签名有效（未与日志比对）", "signed (not compared with the log)"},
        [STATE_INCLUDED] = {"已入日志", "included"},
        [STATE_WAITING] = {"尚未入日志", "not yet"},
        [STATE_BROKEN] = {"违背承诺", "broken promise"}};
    static const char *const words[] = {"signed", "included", "not-yet", "broken-promise"};
    struct table *table = table_new(cli, columns, 6);
    uint8_t id[sizeof(receipt->request_id)];
    memcpy(id, receipt->request_id, sizeof(id));
    hex_cell(table, (ProtobufCBinaryData){sizeof(id), id});
    table_text(table, receipt->method);
    table_time(table, true, promise->at_ms);
    table_number(table, receipt->n);
    table_time(table, true, promise->at_ms + promise->deadline_s * 1000);
    table_text(table, cli->json ? words[state] : cli_say(cli, states[state][0], states[state][1]));
    table_row(table);
    table_end_record(table);
}

static int audit_receipt(struct cli *cli, struct given *given)
{
    const char *log_path = given_text(given, "key"), *file = given_text(given, "FILE.receipt");
    struct note_key receipt_key, log_key;
    struct receipt receipt = {.n = 0};
    struct promise promise = {.at_ms = 0};
    enum state state = STATE_SIGNED;
    int status = key_read(cli, given_text(given, "receipt-key"), &receipt_key);
    if (status == CLI_OK && log_path != NULL)
        status = key_read(cli, log_path, &log_key);
    if (status == CLI_OK)
        status = receipt_load(cli, file, &receipt_key, &receipt, &promise);
    if (status != CLI_OK)
        return status;
    if (log_path != NULL)
        status = compare(cli, &log_key, &receipt, &promise, &state);
    if (status == CLI_OK)
        print(cli, &receipt, &promise, state);
    if (state == STATE_WAITING && status == CLI_OK)
        status = cli_fail(cli, CLI_UNREACHABLE, "尚未入日志，期限未到，请稍后再查",
                          "not in the log yet, and not due yet: ask again later", file);
    if (state == STATE_BROKEN && status == CLI_OK)
        status =
            cli_fail(cli, CLI_ROWS_REFUSED, "承诺的记录不在日志中：请保存回执并通知审计机关",
                     "what was promised is not in the log: keep the receipt and tell the auditors", file);
    receipt_free(&receipt);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "audit",
     .verb = "receipt",
     .run = audit_receipt,
     .zh = "核验回执：签名，及所承诺的记录是否已入日志",
     .en = "checks a receipt: its signature, and whether the log has what it promises",
     ARGUMENTS({"FILE.receipt", VALUE_FILE, NEEDED, .zh = "回执", .en = "the receipt"}),
     OPTIONS(
         {"receipt-key", VALUE_FILE, NEEDED, .zh = "回执公钥文件", .en = "file of the receipts' public key"},
         {"key", VALUE_FILE, .zh = "日志公钥文件；不给出则只离线核验签名",
          .en = "file of the log's public key; without it only the signature is checked, offline"})},
};
const struct commands receipt_commands = {commands, sizeof(commands) / sizeof(*commands)};
