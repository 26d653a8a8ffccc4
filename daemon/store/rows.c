/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/rows.h"

#include <endian.h>
#include <string.h>

#include "daemon/base/log.h"
#include "daemon/store/rows_private.h"
#include "proto/rules/pg_type.h"

size_t rows_count(const struct rows *rows)
{
    return (size_t) rows->n;
}

/* Where the row is in the result; the column is of this type, or `type` is NULL. */
static int place(const struct rows *rows, size_t row, int column, const enum column_type *type)
{
    bool declared = column >= 0 && (size_t) column < rows->columns->n &&
                    (type == NULL || rows->columns->each[column].type == *type);
    if (row >= (size_t) rows->n || !declared)
        fatal("render-out-of-step", "row=%zu column=%d", row, column);
    return rows->first + (int) row;
}

bool rows_null(const struct rows *rows, size_t row, int column)
{
    return PQgetisnull(rows->result, place(rows, row, column, NULL), column) == 1;
}

/* NULL: it is NULL. */
static const char *value(const struct rows *rows, size_t row, int column, enum column_type type)
{
    int at = place(rows, row, column, &type);
    return PQgetisnull(rows->result, at, column) ? NULL : PQgetvalue(rows->result, at, column);
}

/* Of a column that is not NULL. */
static const char *given(const struct rows *rows, size_t row, int column, enum column_type type)
{
    const char *bytes = value(rows, row, column, type);
    if (bytes == NULL)
        fatal("render-null", "row=%zu column=%s", row, rows->columns->each[column].name);
    return bytes;
}

bool rows_bool(const struct rows *rows, size_t row, int column)
{
    return *given(rows, row, column, COLUMN_BOOL) != 0;
}

int16_t rows_int2(const struct rows *rows, size_t row, int column)
{
    uint16_t value;
    memcpy(&value, given(rows, row, column, COLUMN_INT2), sizeof(value));
    return (int16_t) be16toh(value);
}

int32_t rows_int4(const struct rows *rows, size_t row, int column)
{
    uint32_t value;
    memcpy(&value, given(rows, row, column, COLUMN_INT4), sizeof(value));
    return (int32_t) be32toh(value);
}

int64_t rows_int8(const struct rows *rows, size_t row, int column)
{
    uint64_t value;
    memcpy(&value, given(rows, row, column, COLUMN_INT8), sizeof(value));
    return (int64_t) be64toh(value);
}

day rows_day(const struct rows *rows, size_t row, int column)
{
    uint32_t days;
    const char *bytes = value(rows, row, column, COLUMN_DATE);
    if (bytes == NULL)
        return DAY_NONE;
    memcpy(&days, bytes, sizeof(days));
    return (int32_t) be32toh(days) + PG_EPOCH_DAYS;
}

const char *rows_text(const struct rows *rows, size_t row, int column)
{
    return value(rows, row, column, COLUMN_TEXT);
}

const uint8_t *rows_bytes(const struct rows *rows, size_t row, int column, size_t *n)
{
    const char *bytes = value(rows, row, column, COLUMN_BYTEA);
    *n = bytes == NULL ? 0 : (size_t) PQgetlength(rows->result, rows->first + (int) row, column);
    return (const uint8_t *) bytes;
}

const uint8_t *rows_uuid(const struct rows *rows, size_t row, int column)
{
    return (const uint8_t *) value(rows, row, column, COLUMN_UUID);
}
