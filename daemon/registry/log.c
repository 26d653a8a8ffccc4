/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log as a tree, for those who verify it. proto/log.proto, migrations/api/log.sql. */
#include "daemon/registry/methods.h"

#include <string.h>

#include "daemon/registry/page.h"
#include "proto/log.pb-c.h"
#include "proto/tlog/checkpoint.h"

#define CHECKPOINT_PARAMETERS(COLUMN)                                                                        \
    COLUMN(CHECKPOINT_IN_COSIGNATURES, "cosignatures", INT4)                                                 \
    COLUMN(CHECKPOINT_IN_SEEN, "seen", TEXT)
COLUMNS_AFTER(METHOD_READ, checkpoint_parameters, CHECKPOINT_PARAMETERS);
#define CHECKPOINT_RESULT(COLUMN)                                                                            \
    COLUMN(CHECKPOINT_NOTE, "note", TEXT)                                                                    \
    COLUMN(CHECKPOINT_SIGNED_AT_MS, "signed_at_ms", INT8)
COLUMNS_AFTER(RESULT, checkpoint_result, CHECKPOINT_RESULT);
const struct statement log_checkpoint_statement = {
    .name = "log_checkpoint",
    .parameters = COLUMNS(checkpoint_parameters),
    .result = COLUMNS(checkpoint_result),
};

#define TILE_PARAMETERS(COLUMN)                                                                              \
    COLUMN(TILE_IN_LEVEL, "level", INT2)                                                                     \
    COLUMN(TILE_IN_INDEX, "index", INT8)
COLUMNS_AFTER(METHOD_READ, tile_parameters, TILE_PARAMETERS);
#define TILE_RESULT(COLUMN) COLUMN(TILE_HASHES, "hashes", BYTEA)
COLUMNS_AFTER(RESULT, tile_result, TILE_RESULT);
const struct statement log_tile_statement = {
    .name = "log_tile",
    .parameters = COLUMNS(tile_parameters),
    .result = COLUMNS(tile_result),
};

#define LOCATE_PARAMETERS(COLUMN)                                                                            \
    COLUMN(LOCATE_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(LOCATE_IN_ENTRY_ID, "entry_id", INT8)
COLUMNS_AFTER(METHOD_READ, locate_parameters, LOCATE_PARAMETERS);
#define LOCATE_RESULT(COLUMN)                                                                                \
    COLUMN(LOCATE_ENTRY_ID, "entry_id", INT8)                                                                \
    COLUMN(LOCATE_LEAF_INDEX, "leaf_index", INT8)
COLUMNS_AFTER(RESULT, locate_result, LOCATE_RESULT);
const struct statement log_locate_statement = {
    .name = "log_locate",
    .parameters = COLUMNS(locate_parameters),
    .rows = LOCATE_IN_ROW_REQ,
    .result = COLUMNS(locate_result),
};

#define ROWS_PARAMETERS(COLUMN)                                                                              \
    COLUMN(ROWS_IN_TABLE, "table", INT2)                                                                     \
    COLUMN(ROWS_IN_CURSOR, "cursor", TEXT)                                                                   \
    COLUMN(ROWS_IN_PAGE, "page", INT4)
COLUMNS_AFTER(METHOD_READ, rows_parameters, ROWS_PARAMETERS);
#define ROWS_RESULT(COLUMN)                                                                                  \
    COLUMN(ROWS_KEY, "key", BYTEA)                                                                           \
    COLUMN(ROWS_RECORD, "record", BYTEA)                                                                     \
    COLUMN(ROWS_NEXT, "cursor", TEXT)                                                                        \
    COLUMN(ROWS_MORE, "more", BOOL)                                                                          \
    COLUMN(ROWS_KEY_COLUMNS, "key_columns", TEXT)                                                            \
    COLUMN(ROWS_COLUMNS, "columns", TEXT)
COLUMNS_AFTER(RESULT, rows_result, ROWS_RESULT);
const struct statement log_rows_statement = {
    .name = "log_rows",
    .parameters = COLUMNS(rows_parameters),
    .result = COLUMNS(rows_result),
};

#define ENTRIES_PARAMETERS(COLUMN)                                                                           \
    COLUMN(ENTRIES_IN_FIRST, "first", INT8)                                                                  \
    COLUMN(ENTRIES_IN_MOST, "most", INT4)
COLUMNS_AFTER(METHOD_READ, entries_parameters, ENTRIES_PARAMETERS);
#define ENTRIES_RESULT(COLUMN)                                                                               \
    COLUMN(ENTRIES_LEAF_INDEX, "leaf_index", INT8)                                                           \
    COLUMN(ENTRIES_ENTRY_ID, "entry_id", INT8)                                                               \
    COLUMN(ENTRIES_BODY, "body", BYTEA)
COLUMNS_AFTER(RESULT, entries_result, ENTRIES_RESULT);
const struct statement log_entries_statement = {
    .name = "log_entries",
    .parameters = COLUMNS(entries_parameters),
    .result = COLUMNS(entries_result),
};

/* ---- checkpoint ---- */

static const Mingce__V1__LogCheckpointRequest *checkpoint_request(const struct call *call)
{
    return (const Mingce__V1__LogCheckpointRequest *) call->request;
}

static uint32_t cosignatures_asked(const struct call *call)
{
    return checkpoint_request(call)->cosignatures;
}

enum reason log_checkpoint_valid(struct call *call)
{
    return cosignatures_asked(call) < NOTE_SIGNATURES
               ? REASON_NONE
               : call_refuse(call, "cosignatures", REASON_LOG_UNWITNESSED);
}

void log_checkpoint_bind(struct call *call, struct set *set)
{
    set_int4(set, CHECKPOINT_IN_COSIGNATURES, (int32_t) cosignatures_asked(call));
    set_text(set, CHECKPOINT_IN_SEEN, checkpoint_request(call)->seen);
}

enum reason log_checkpoint_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    if (rows_count(rows) != 1)
        return cosignatures_asked(call) == 0 ? REASON_LOG_EMPTY
                                             : call_refuse(call, "cosignatures", REASON_LOG_UNWITNESSED);
    Mingce__V1__LogCheckpointResponse *response = (Mingce__V1__LogCheckpointResponse *) out;
    const char *note = rows_text(rows, 0, CHECKPOINT_NOTE);
    response->signed_at_ms = rows_int8(rows, 0, CHECKPOINT_SIGNED_AT_MS);
    call_bytes(call, &response->note, (const uint8_t *) note, strlen(note));
    return REASON_NONE;
}

/* ---- tile ---- */

static const Mingce__V1__LogTileRequest *tile_request(const struct call *call)
{
    return (const Mingce__V1__LogTileRequest *) call->request;
}

enum reason log_tile_valid(struct call *call)
{
    if (tile_request(call)->level >= TILE_LEVELS)
        return call_refuse(call, "level", REASON_TILE_UNKNOWN);
    return tile_request(call)->index > INT64_MAX ? call_refuse(call, "index", REASON_TILE_UNKNOWN)
                                                 : REASON_NONE;
}

void log_tile_bind(struct call *call, struct set *set)
{
    set_int2(set, TILE_IN_LEVEL, (int16_t) tile_request(call)->level);
    set_int8(set, TILE_IN_INDEX, (int64_t) tile_request(call)->index);
}

enum reason log_tile_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    size_t n;
    if (rows_count(rows) != 1)
        return call_refuse(call, "index", REASON_TILE_UNKNOWN);
    Mingce__V1__LogTileResponse *response = (Mingce__V1__LogTileResponse *) out;
    const uint8_t *hashes = rows_bytes(rows, 0, TILE_HASHES, &n);
    call_bytes(call, &response->hashes, hashes, n);
    return REASON_NONE;
}

/* ---- places ---- */

static const Mingce__V1__LogLocateRequest *locate_request(const struct call *call)
{
    return (const Mingce__V1__LogLocateRequest *) call->request;
}

enum reason log_locate_valid(struct call *call)
{
    enum { ENTRIES = 1000 };
    const Mingce__V1__LogLocateRequest *request = locate_request(call);
    bool good = request->n_entry_id > 0 && request->n_entry_id <= ENTRIES;
    for (size_t i = 0; good && i < request->n_entry_id; i++)
        good = request->entry_id[i] > 0 && request->entry_id[i] <= INT64_MAX;
    return good ? REASON_NONE : call_refuse(call, "entry_id", REASON_ENTRIES_RANGE);
}

void log_locate_bind(struct call *call, struct set *set)
{
    const Mingce__V1__LogLocateRequest *request = locate_request(call);
    for (size_t i = 0; i < request->n_entry_id; i++) {
        set_row(set);
        set_int8(set, LOCATE_IN_ENTRY_ID, (int64_t) request->entry_id[i]);
    }
}

enum reason log_locate_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__LogLocateResponse *response = (Mingce__V1__LogLocateResponse *) out;
    size_t n = CALL_LIST(call, response, place, rows_count(rows));
    for (size_t i = 0; i < n; i++) {
        mingce__v1__log_place__init(response->place[i]);
        response->place[i]->entry_id = (uint64_t) rows_int8(rows, i, LOCATE_ENTRY_ID);
        response->place[i]->leaf_index = (uint64_t) rows_int8(rows, i, LOCATE_LEAF_INDEX);
    }
    return REASON_NONE;
}

/* ---- entries ---- */

static const Mingce__V1__LogEntriesRequest *entries_request(const struct call *call)
{
    return (const Mingce__V1__LogEntriesRequest *) call->request;
}

enum reason log_entries_valid(struct call *call)
{
    const Mingce__V1__LogEntriesRequest *request = entries_request(call);
    if (request->first > INT64_MAX / 2)
        return call_refuse(call, "first", REASON_CURSOR_INVALID);
    return page_valid_rows(call, PAGE_FIRST(request));
}

void log_entries_bind(struct call *call, struct set *set)
{
    const Mingce__V1__LogEntriesRequest *request = entries_request(call);
    set_int8(set, ENTRIES_IN_FIRST, (int64_t) request->first);
    page_bind(set, ENTRIES_IN_MOST, PAGE_FIRST(request));
}

enum reason log_entries_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__LogEntriesResponse *response = (Mingce__V1__LogEntriesResponse *) out;
    size_t n = CALL_LIST(call, response, entry, rows_count(rows));
    for (size_t i = 0; i < n; i++) {
        size_t bytes;
        const uint8_t *body = rows_bytes(rows, i, ENTRIES_BODY, &bytes);
        mingce__v1__log_entry__init(response->entry[i]);
        response->entry[i]->leaf_index = (uint64_t) rows_int8(rows, i, ENTRIES_LEAF_INDEX);
        response->entry[i]->entry_id = (uint64_t) rows_int8(rows, i, ENTRIES_ENTRY_ID);
        call_bytes(call, &response->entry[i]->body, body, bytes);
    }
    return REASON_NONE;
}

/* ---- live rows ---- */

enum { ROWS_CURSOR = 1024 };
static const Mingce__V1__LogRowsRequest *rows_request(const struct call *call)
{
    return (const Mingce__V1__LogRowsRequest *) call->request;
}

/* Whether the cursor's bytes can be one that the database gave: an array of texts. */
enum reason log_rows_valid(struct call *call)
{
    const Mingce__V1__LogRowsRequest *request = rows_request(call);
    bool good = !request->has_cursor || (request->cursor.len > 0 && request->cursor.len <= ROWS_CURSOR);
    for (size_t i = 0; good && request->has_cursor && i < request->cursor.len; i++)
        good = request->cursor.data[i] >= ' ' && request->cursor.data[i] < 0x7f;
    return good ? page_valid_rows(call, PAGE_FIRST(request))
                : call_refuse(call, "cursor", REASON_CURSOR_INVALID);
}

void log_rows_bind(struct call *call, struct set *set)
{
    const Mingce__V1__LogRowsRequest *request = rows_request(call);
    char cursor[ROWS_CURSOR + 1] = "";
    if (request->has_cursor)
        memcpy(cursor, request->cursor.data, request->cursor.len);
    set_int2(set, ROWS_IN_TABLE, (int16_t) request->table);
    set_text(set, ROWS_IN_CURSOR, request->has_cursor ? cursor : NULL);
    page_bind(set, ROWS_IN_PAGE, PAGE_FIRST(request));
}

static void row_fill(struct call *call, const struct rows *rows, size_t row, Mingce__V1__LogRow *out)
{
    size_t key_n, record_n;
    const uint8_t *key = rows_bytes(rows, row, ROWS_KEY, &key_n),
                  *record = rows_bytes(rows, row, ROWS_RECORD, &record_n);
    mingce__v1__log_row__init(out);
    call_bytes(call, &out->key, key, key_n);
    call_bytes(call, &out->record, record, record_n);
}

enum reason log_rows_render(struct call *call, const struct rows *rows, ProtobufCMessage *out)
{
    Mingce__V1__LogRowsResponse *response = (Mingce__V1__LogRowsResponse *) out;
    size_t n = CALL_LIST(call, response, row, rows_count(rows));
    if (n > 0 && rows_null(rows, 0, ROWS_KEY))
        return call_refuse(call, "cursor", REASON_CURSOR_INVALID);
    for (size_t i = 0; i < n; i++)
        row_fill(call, rows, i, response->row[i]);
    if (n == 0)
        return REASON_NONE;
    response->key_columns = unconst(rows_text(rows, 0, ROWS_KEY_COLUMNS));
    response->columns = unconst(rows_text(rows, 0, ROWS_COLUMNS));
    response->has_next = rows_bool(rows, n - 1, ROWS_MORE);
    if (!response->has_next)
        return REASON_NONE;
    const char *cursor = rows_text(rows, n - 1, ROWS_NEXT);
    call_bytes(call, &response->next, (const uint8_t *) cursor, strlen(cursor));
    return REASON_NONE;
}
