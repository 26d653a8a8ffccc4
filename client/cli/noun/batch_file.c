/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/batch_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/hex.h"
#include "client/cli/command/words.h"
#include "client/cli/sheet/encoding.h"
#include "proto/file/whole.h"
#include "proto/tlog/sha256.h"

enum { FEN = 100, PATH = 4096, NUMBER = 32, HEAD = 1024 };

struct text {
    char *bytes;
    size_t n, room;
    bool failed; /* out of memory */
};

struct batch_file {
    const char *path;
    bool gb18030;
    const Mingce__V1__BatchExportResponse *head;
    struct text lines;          /* of the part that is being made */
    struct whole_file **staged; /* the parts before it */
    uint32_t part, parts, added;
    uint32_t part_n;
    int64_t fen, part_fen;
};

/* ---- text ---- */

static void append(struct text *text, const char *bytes, size_t n)
{
    if (text->failed)
        return;
    if (text->n + n > text->room) {
        size_t room = 2 * (text->n + n);
        char *grown = realloc(text->bytes, room);
        if (grown == NULL) {
            text->failed = true;
            return;
        }
        text->bytes = grown;
        text->room = room;
    }
    memcpy(text->bytes + text->n, bytes, n);
    text->n += n;
}

/* A cell, in quotes where it must be. A bank's program reads it: nothing is put before a number for a spreadsheet's sake, as
 * client/cli/sheet does, and the digest is of the very bytes. */
static void cell(struct text *text, const char *value, const char *end)
{
    value = value == NULL ? "" : value;
    if (strpbrk(value, ",\"\r\n") == NULL) {
        append(text, value, strlen(value));
    } else {
        append(text, "\"", 1);
        for (const char *at = value; *at != '\0'; at++)
            append(text, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
        append(text, "\"", 1);
    }
    append(text, end, strlen(end));
}

static void cell_number(struct text *text, int64_t number)
{
    char digits[NUMBER];
    snprintf(digits, sizeof(digits), "%" PRId64, number);
    cell(text, digits, ",");
}

/* An amount in yuan, and again in fen. */
static void cell_amount(struct text *text, int64_t fen)
{
    char yuan[NUMBER];
    snprintf(yuan, sizeof(yuan), "%" PRId64 ".%02d", fen / FEN, (int) (fen % FEN));
    cell(text, yuan, ",");
    cell_number(text, fen);
}

/* ---- a part ---- */

static const char header[] =
    "序号,收款账号,户名,开户行名称,行号,本行标志,金额元,金额分,证件类型,证件号码,补贴类型,申领编号,附言\r\n";

static void line_append(struct text *text, const Mingce__V1__BatchPayment *payment, const char *purpose)
{
    char id[2 * HEX_KEY_HASH + 1];
    const Mingce__V1__Account *account = payment->account;
    cell_number(text, payment->line);
    cell(text, account->account_number, ",");
    cell(text, account->account_name, ",");
    cell(text, account->bank, ",");
    cell(text, account->bank_number, ",");
    cell(text, payment->own_bank ? "1" : "0", ",");
    cell_amount(text, payment->amount_fen);
    cell(text, payment->document_type, ",");
    cell(text, payment->document_number, ",");
    for (size_t i = 0; i < payment->n_subsidy; i++)
        cell(text, word_zh(WORD_SUBSIDY_LINE, (int) payment->subsidy[i]),
             i + 1 < payment->n_subsidy ? "+" : "");
    if (payment->n_subsidy == 0)
        cell(text, word_zh(WORD_BATCH_SUBJECT, (int) payment->subject_kind), "");
    append(text, ",", 1);
    hex_format(payment->subject_id, id);
    cell(text, id, ",");
    cell(text, purpose, "\r\n");
}

/* The first two lines: what the whole comes to, what this part does, and the digest of the bytes that follow them. */
static void head_append(struct text *text, const struct batch_file *file, const char *digest)
{
    const Mingce__V1__BatchExportResponse *head = file->head;
    static const char titles[] =
        "批次号,付款账号,总笔数,总金额元,总金额分,段号,段数,段笔数,段金额分,用途,SHA256\r\n";
    append(text, titles, sizeof(titles) - 1);
    cell(text, head->reference, ",");
    cell(text, head->payer->account_number, ",");
    cell_number(text, head->lines);
    cell_amount(text, head->amount_fen);
    cell_number(text, file->part + 1);
    cell_number(text, file->parts);
    cell_number(text, file->part_n);
    cell_number(text, file->part_fen);
    cell(text, head->purpose, ",");
    cell(text, digest, "\r\n");
}

/* Puts a text into the file's encoding. False: it cannot be. */
static bool encode(const struct batch_file *file, struct text *text)
{
    if (text->failed || !file->gb18030)
        return !text->failed;
    size_t n;
    char *converted = encoding_convert("GB18030", "UTF-8", text->bytes, text->n, &n);
    if (converted == NULL)
        return false;
    free(text->bytes);
    *text = (struct text){.bytes = converted, .n = n, .room = n};
    return true;
}

static void part_path(const struct batch_file *file, uint32_t part, char path[PATH])
{
    const char *slash = strrchr(file->path, '/');
    const char *dot = strrchr(slash == NULL ? file->path : slash, '.');
    int stem = (int) (dot == NULL ? strlen(file->path) : (size_t) (dot - file->path));
    if (file->parts == 1)
        snprintf(path, PATH, "%s", file->path);
    else
        snprintf(path, PATH, "%.*s-%" PRIu32 "%s", stem, file->path, part + 1, dot == NULL ? "" : dot);
}

static int part_fail(const struct cli *cli, const struct batch_file *file, uint32_t part)
{
    int why = errno;
    char path[PATH];
    part_path(file, part, path);
    fprintf(stderr, "%s: %s: %s\n", cli->program, path, cli_cause(cli, why));
    return CLI_FILE;
}

static int part_stage(const struct cli *cli, struct batch_file *file)
{
    uint8_t digest[SHA256_BYTES];
    char hex[2 * HEX_KEY_HASH + 1], path[PATH];
    struct text whole = {0};
    bool good = encode(file, &file->lines);
    if (good) {
        sha256(file->lines.bytes, file->lines.n, digest);
        hex_format((ProtobufCBinaryData){sizeof(digest), digest}, hex);
        head_append(&whole, file, hex);
        good = encode(file, &whole);
    }
    if (good) {
        append(&whole, file->lines.bytes, file->lines.n);
        good = !whole.failed;
    }
    part_path(file, file->part, path);
    errno = ENOMEM;
    if (good) {
        file->staged[file->part] = whole_stage(AT_FDCWD, path, whole.bytes, whole.n, WHOLE_PRIVATE);
        good = file->staged[file->part] != NULL;
    }
    int status = good ? CLI_OK : part_fail(cli, file, file->part);
    free(whole.bytes);
    free(file->lines.bytes);
    file->lines = (struct text){0};
    file->part_n = 0;
    file->part_fen = 0;
    if (good)
        file->part++;
    return status;
}

/* ---- the whole ---- */

struct batch_file *batch_file_begin(const char *path, bool gb18030,
                                    const Mingce__V1__BatchExportResponse *head)
{
    struct batch_file *file = calloc(1, sizeof(*file));
    if (file == NULL)
        return NULL;
    file->path = path;
    file->gb18030 = gb18030;
    file->head = head;
    file->parts = head->part_lines == 0 || head->lines == 0 ? 1 : (head->lines - 1) / head->part_lines + 1;
    file->staged = calloc(file->parts, sizeof(struct whole_file *));
    if (file->staged != NULL)
        return file;
    free(file);
    return NULL;
}

int batch_file_add(const struct cli *cli, struct batch_file *file, Mingce__V1__BatchPayment *const *payments,
                   size_t n)
{
    int status = CLI_OK;
    for (size_t i = 0; status == CLI_OK && i < n; i++) {
        file->added++;
        if (file->part == file->parts)
            continue; /* more than the batch has: it is not whole */
        if (file->part_n == 0)
            append(&file->lines, header, sizeof(header) - 1);
        line_append(&file->lines, payments[i], file->head->purpose);
        file->part_n++;
        file->part_fen += payments[i]->amount_fen;
        file->fen += payments[i]->amount_fen;
        if (file->part_n == file->head->part_lines || file->added == file->head->lines)
            status = part_stage(cli, file);
    }
    return status;
}

bool batch_file_whole(const struct batch_file *file)
{
    return file->added == file->head->lines && file->fen == file->head->amount_fen &&
           file->part == file->parts;
}

int batch_file_end(const struct cli *cli, struct batch_file *file)
{
    for (uint32_t part = 0; part < file->parts; part++)
        if (!whole_place(file->staged[part]))
            return part_fail(cli, file, part);
    return CLI_OK;
}

void batch_file_free(struct batch_file *file)
{
    if (file == NULL)
        return;
    for (uint32_t part = 0; part < file->parts; part++)
        whole_free(file->staged[part]);
    free(file->staged);
    free(file->lines.bytes);
    free(file);
}
