/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/receipt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/tlog/base64.h"
#include "proto/tlog/line.h"
#include "proto/wire/hex.h"

#define HEADER "mingce.receipt@v1"

enum { HASH_TEXT = BASE64_BYTES(MERKLE_HASH), HASH_CHARACTERS = HASH_TEXT - 1, LINE = 32 + HASH_TEXT };

bool receipt_take(const Mingce__V1__Receipt *message, const uint8_t request_id[16], const char *method,
                  struct receipt *receipt)
{
    *receipt = (struct receipt){.index = message->index, .size = message->size, .n = message->n_entry_id};
    if (message->n_entry_id == 0 || message->n_entry_id > RECEIPT_ENTRIES ||
        message->leaves.len != message->n_entry_id * MERKLE_HASH || message->n_path > MERKLE_LEVELS ||
        message->note.len > RECEIPT_NOTE || memchr(message->note.data, '\0', message->note.len) != NULL ||
        strlen(method) > RECEIPT_METHOD)
        return false;
    for (size_t i = 0; i < message->n_path; i++) {
        if (message->path[i].len != MERKLE_HASH)
            return false;
        memcpy(receipt->path[receipt->path_n++], message->path[i].data, MERKLE_HASH);
    }
    memcpy(receipt->request_id, request_id, sizeof(receipt->request_id));
    memcpy(receipt->method, method, strlen(method));
    memcpy(receipt->note, message->note.data, message->note.len);
    receipt->entries = calloc(receipt->n, sizeof(*receipt->entries));
    if (receipt->entries == NULL)
        return false;
    for (size_t i = 0; i < receipt->n; i++) {
        receipt->entries[i].id = message->entry_id[i];
        memcpy(receipt->entries[i].leaf, message->leaves.data + i * MERKLE_HASH, MERKLE_HASH);
    }
    return true;
}

char *receipt_format(const struct receipt *receipt)
{
    char hash[HASH_TEXT], request[2 * sizeof(receipt->request_id) + 1];
    size_t room = 256 + RECEIPT_METHOD + (receipt->n + receipt->path_n) * LINE + RECEIPT_NOTE;
    char *text = malloc(room), *at = text, *end = text + room;
    if (text == NULL)
        return NULL;
    hex_write(receipt->request_id, sizeof(receipt->request_id), request);
    at += snprintf(at, (size_t) (end - at),
                   HEADER "\nrequest %s\nmethod %s\nindex %" PRIu64 "\nsize %" PRIu64 "\n", request,
                   receipt->method, receipt->index, receipt->size);
    for (size_t i = 0; i < receipt->n; i++) {
        base64_encode(receipt->entries[i].leaf, MERKLE_HASH, hash);
        at += snprintf(at, (size_t) (end - at), "entry %" PRIu64 " %s\n", receipt->entries[i].id, hash);
    }
    for (size_t i = 0; i < receipt->path_n; i++) {
        base64_encode(receipt->path[i], MERKLE_HASH, hash);
        at += snprintf(at, (size_t) (end - at), "path %s\n", hash);
    }
    snprintf(at, (size_t) (end - at), "\n%s", receipt->note);
    return text;
}

/* ---- reading ---- */

struct reader {
    const char *at, *end;
    const char *line; /* the one being read, without its word; NULL: there was none */
    size_t n;
};

static void reader_next(struct reader *reader)
{
    reader->line = line_next(&reader->at, reader->end, &reader->n);
}

/* The line begins with the word and a blank: passes over them. */
static bool reader_word(struct reader *reader, const char *word)
{
    const char *after = reader->line == NULL ? NULL : line_after(reader->line, word, &reader->n);
    if (after != NULL)
        reader->line = after;
    return after != NULL;
}

/* As it is written, lower case, and in no other way. */
static bool request_read(const struct reader *reader, uint8_t id[16])
{
    char text[33] = "", again[33];
    if (reader->n != sizeof(text) - 1)
        return false;
    memcpy(text, reader->line, reader->n);
    if (!hex_read(text, id, 16))
        return false;
    hex_write(id, 16, again);
    return strcmp(text, again) == 0;
}

/* The lines that are there once. */
static bool head_read(struct reader *reader, struct receipt *receipt)
{
    reader_next(reader);
    if (reader->line == NULL || reader->n != strlen(HEADER) || memcmp(reader->line, HEADER, reader->n) != 0)
        return false;
    reader_next(reader);
    if (!reader_word(reader, "request") || !request_read(reader, receipt->request_id))
        return false;
    reader_next(reader);
    if (!reader_word(reader, "method") || reader->n > RECEIPT_METHOD ||
        memchr(reader->line, '\0', reader->n) != NULL)
        return false;
    memcpy(receipt->method, reader->line, reader->n);
    reader_next(reader);
    if (!reader_word(reader, "index") || !line_decimal(reader->line, reader->n, &receipt->index))
        return false;
    reader_next(reader);
    return reader_word(reader, "size") && line_decimal(reader->line, reader->n, &receipt->size);
}

static bool entry_read(const struct reader *reader, struct receipt_entry *entry)
{
    const char *blank = memchr(reader->line, ' ', reader->n);
    size_t digits = blank == NULL ? 0 : (size_t) (blank - reader->line);
    return blank != NULL && line_decimal(reader->line, digits, &entry->id) &&
           line_hash(blank + 1, reader->n - digits - 1, entry->leaf);
}

static bool entries_read(struct reader *reader, struct receipt *receipt)
{
    size_t room = 0;
    for (reader_next(reader); reader_word(reader, "entry"); reader_next(reader)) {
        if (receipt->n == room) {
            room = room == 0 ? 16 : room * 2;
            struct receipt_entry *more = realloc(receipt->entries, room * sizeof(*more));
            if (more == NULL)
                return false;
            receipt->entries = more;
        }
        if (receipt->n == RECEIPT_ENTRIES || !entry_read(reader, &receipt->entries[receipt->n]))
            return false;
        receipt->n++;
    }
    return receipt->n > 0;
}

static bool path_read(struct reader *reader, struct receipt *receipt)
{
    for (; reader_word(reader, "path"); reader_next(reader))
        if (receipt->path_n == MERKLE_LEVELS ||
            !line_hash(reader->line, reader->n, receipt->path[receipt->path_n++]))
            return false;
    return reader->line != NULL && reader->n == 0;
}

bool receipt_parse(const char *text, size_t n, struct receipt *receipt)
{
    struct reader reader = {.at = text, .end = text + n};
    *receipt = (struct receipt){.n = 0};
    bool good = head_read(&reader, receipt) && entries_read(&reader, receipt) && path_read(&reader, receipt);
    size_t note_n = (size_t) (reader.end - reader.at);
    if (!good || note_n > RECEIPT_NOTE || memchr(reader.at, '\0', note_n) != NULL) {
        receipt_free(receipt);
        return false;
    }
    memcpy(receipt->note, reader.at, note_n);
    return true;
}

/* ---- checking ---- */

static bool promise_parse(const char *text, size_t n, const char *name, merkle_hash root,
                          struct promise *promise)
{
    struct reader reader = {.at = text, .end = text + n};
    uint64_t at_ms = 0, deadline_s = 0;
    reader_next(&reader);
    bool good = reader.line != NULL && reader.n == strlen(name) && memcmp(reader.line, name, reader.n) == 0;
    reader_next(&reader);
    good = good && reader.line != NULL && line_hash(reader.line, reader.n, root);
    reader_next(&reader);
    good = good && reader.line != NULL && line_decimal(reader.line, reader.n, &at_ms);
    reader_next(&reader);
    good = good && reader.line != NULL && line_decimal(reader.line, reader.n, &deadline_s) &&
           reader.at == reader.end;
    *promise = (struct promise){(int64_t) at_ms, (int64_t) deadline_s};
    return good && deadline_s <= INT32_MAX;
}

bool receipt_open(const struct receipt *receipt, const struct note_key *key, struct promise *promise)
{
    size_t text_n;
    merkle_hash root, leaf;
    if (note_open(receipt->note, strlen(receipt->note), key, 1, &text_n, NULL, NULL) != NOTE_GOOD ||
        !promise_parse(receipt->note, text_n, key->name, root, promise))
        return false;
    uint8_t *leaves = malloc(receipt->n * MERKLE_HASH);
    if (leaves == NULL)
        return false;
    for (size_t i = 0; i < receipt->n; i++)
        memcpy(leaves + i * MERKLE_HASH, receipt->entries[i].leaf, MERKLE_HASH);
    merkle_leaf(leaves, receipt->n * MERKLE_HASH, leaf);
    free(leaves);
    return merkle_included(receipt->index, receipt->size, leaf, receipt->path, receipt->path_n, root);
}

void receipt_free(struct receipt *receipt)
{
    free(receipt->entries);
    receipt->entries = NULL;
    receipt->n = 0;
}
