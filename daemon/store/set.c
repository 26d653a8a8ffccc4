/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/set.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/log.h"
#include "daemon/store/set_private.h"
#include "daemon/store/statement_private.h"
#include "proto/rules/pg_type.h"

/*
 * A PostgreSQL array in binary: dimensions, has-null flag, element type, length, lower bound; then for each
 * element its length (-1: NULL) and its bytes. No dimension: an empty array.
 */
enum { ARRAY_HEADER = 20, EMPTY_HEADER = 12 };

struct set *set_new(const struct statement *statement, enum lane lane)
{
    struct set *set = calloc(1, sizeof(*set));
    if (set == NULL)
        return NULL;
    set->statement = statement;
    set->lane = lane;
    for (size_t i = 0; i < statement->parameters.n; i++) {
        if (buffer_room(&set->columns[i].bytes, ARRAY_HEADER) == NULL) {
            set_free(set);
            return NULL;
        }
        buffer_filled(&set->columns[i].bytes, ARRAY_HEADER);
    }
    return set;
}

void set_free(struct set *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->statement->parameters.n; i++)
        buffer_free(&set->columns[i].bytes);
    free(set->parts);
    PQclear(set->result);
    PQclear(set->followed);
    free(set);
}

/* The one way an element gets in; `bytes` NULL: a NULL. */
static void put(struct set *set, size_t column, const void *bytes, size_t n)
{
    struct column_data *data = &set->columns[column];
    uint32_t length = htobe32(bytes == NULL ? UINT32_MAX : (uint32_t) n);
    uint8_t *room = n > INT32_MAX ? NULL : buffer_room(&data->bytes, sizeof(length) + n);
    if (room == NULL) {
        set->failed = true;
        return;
    }
    memcpy(room, &length, sizeof(length));
    if (n > 0)
        memcpy(room + sizeof(length), bytes, n);
    buffer_filled(&data->bytes, sizeof(length) + n);
    data->elements++;
    data->has_null = data->has_null || bytes == NULL;
    set->bytes += sizeof(length) + n;
}

/* Takes the next parameter, which must be this one and of this type; `type` NULL: a NULL, which any type has. */
static void take_parameter(struct set *set, size_t parameter, const enum column_type *type)
{
    const struct statement *statement = set->statement;
    size_t end = set->next > statement_request_parameters(statement)
                     ? statement->parameters.n
                     : statement_request_parameters(statement);
    if (parameter != set->next || parameter >= end ||
        (type != NULL && statement->parameters.each[parameter].type != *type))
        fatal("bind-out-of-step", "statement=%s parameter=%zu next=%zu", statement->name, parameter,
              set->next);
    set->next++;
}

static void put_typed(struct set *set, size_t parameter, enum column_type type, const void *bytes, size_t n)
{
    take_parameter(set, parameter, &type);
    put(set, parameter, bytes, n);
}

void set_bool(struct set *set, size_t parameter, bool value)
{
    uint8_t byte = value;
    put_typed(set, parameter, COLUMN_BOOL, &byte, 1);
}

void set_int2(struct set *set, size_t parameter, int16_t value)
{
    uint16_t bytes = htobe16((uint16_t) value);
    put_typed(set, parameter, COLUMN_INT2, &bytes, sizeof(bytes));
}

void set_int4(struct set *set, size_t parameter, int32_t value)
{
    uint32_t bytes = htobe32((uint32_t) value);
    put_typed(set, parameter, COLUMN_INT4, &bytes, sizeof(bytes));
}

void set_int8(struct set *set, size_t parameter, int64_t value)
{
    uint64_t bytes = htobe64((uint64_t) value);
    put_typed(set, parameter, COLUMN_INT8, &bytes, sizeof(bytes));
}

void set_day(struct set *set, size_t parameter, day value)
{
    if (value == DAY_NONE) {
        put_typed(set, parameter, COLUMN_DATE, NULL, 0);
        return;
    }
    uint32_t bytes = htobe32((uint32_t) (value - PG_EPOCH_DAYS));
    put_typed(set, parameter, COLUMN_DATE, &bytes, sizeof(bytes));
}

void set_uuid(struct set *set, size_t parameter, const uint8_t uuid[16])
{
    put_typed(set, parameter, COLUMN_UUID, uuid, 16);
}

void set_bytes(struct set *set, size_t parameter, const void *bytes, size_t n)
{
    put_typed(set, parameter, COLUMN_BYTEA, n == 0 ? "" : bytes, n);
}

void set_text(struct set *set, size_t parameter, const char *text)
{
    put_typed(set, parameter, COLUMN_TEXT, text, text == NULL ? 0 : strlen(text));
}

void set_null(struct set *set, size_t parameter)
{
    take_parameter(set, parameter, NULL);
    put(set, parameter, NULL, 0);
}

void set_fail(struct set *set)
{
    set->failed = true;
}

/* The request being bound, or the row of it, has given everything. */
static void check_step(const struct set *set)
{
    const struct statement *statement = set->statement;
    bool whole = set->next == statement_request_parameters(statement) || set->next == statement->parameters.n;
    if (!whole)
        fatal("bind-incomplete", "statement=%s parameter=%zu", statement->name, set->next);
}

void set_row(struct set *set)
{
    uint32_t request = htobe32((uint32_t) set->requests_n + 1);
    check_step(set);
    if (set->statement->rows == 0)
        fatal("bind-without-rows", "statement=%s", set->statement->name);
    set->next = set->statement->rows;
    put(set, set->next++, &request, sizeof(request));
    set->rows++;
    set->weight++;
}

void set_expect(struct set *set, size_t rows)
{
    set->weight += rows;
}

bool set_add(struct set *set, struct store_request *request)
{
    if (set->requests_n == set->requests_room) {
        size_t room = set->requests_room == 0 ? 8 : set->requests_room * 2;
        struct part *parts = realloc(set->parts, room * sizeof(*parts));
        if (parts == NULL)
            return false;
        set->parts = parts;
        set->requests_room = room;
    }
    size_t before = set->weight;
    set->next = 0;
    set->weight++;
    request->bind(request, set);
    check_step(set);
    if (set->failed)
        return false;
    request->set = set;
    request->index = set->requests_n;
    set->parts[set->requests_n++] = (struct part){.request = request, .weight = set->weight - before};
    return true;
}

static void put_header(uint8_t *at, const uint32_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t word = htobe32(words[i]);
        memcpy(at + i * sizeof(word), &word, sizeof(word));
    }
}

void set_finish(struct set *set, const char **values, int *lengths)
{
    for (size_t i = 0; i < set->statement->parameters.n; i++) {
        struct column_data *data = &set->columns[i];
        uint32_t oid = column_oid(set->statement->parameters.each[i].type);
        uint32_t words[] = {data->elements > 0, data->has_null, oid, (uint32_t) data->elements, 1};
        put_header(buffer_at(&data->bytes), words, data->elements > 0 ? 5 : 3);
        values[i] = (const char *) buffer_at(&data->bytes);
        lengths[i] = data->elements > 0 ? (int) buffer_held(&data->bytes) : EMPTY_HEADER;
    }
}
