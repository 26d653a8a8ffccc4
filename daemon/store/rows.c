/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/store/rows.h"

#include <endian.h>
#include <string.h>

#include "daemon/base/log.h"
#include "daemon/store/internal.h"

enum { EPOCH_SHIFT = 10957 /* days from 1970-01-01 to 2000-01-01 */ };

size_t rows_count(const struct rows *rows)
{
    return (size_t) rows->n;
}

bool rows_null(const struct rows *rows, size_t row, int column)
{
    return PQgetisnull(rows->result, rows->first + (int) row, column) == 1;
}

/* The value of a column that has a width and is not NULL. */
static const char *fixed(const struct rows *rows, size_t row, int column, int width)
{
    int at = rows->first + (int) row;
    if (row >= (size_t) rows->n || PQgetisnull(rows->result, at, column) ||
        PQgetlength(rows->result, at, column) != width)
        fatal("render-out-of-step", "row=%zu column=%d width=%d", row, column, width);
    return PQgetvalue(rows->result, at, column);
}

bool rows_bool(const struct rows *rows, size_t row, int column)
{
    return *fixed(rows, row, column, 1) != 0;
}

int16_t rows_int2(const struct rows *rows, size_t row, int column)
{
    uint16_t value;
    memcpy(&value, fixed(rows, row, column, sizeof(value)), sizeof(value));
    return (int16_t) be16toh(value);
}

int32_t rows_int4(const struct rows *rows, size_t row, int column)
{
    uint32_t value;
    memcpy(&value, fixed(rows, row, column, sizeof(value)), sizeof(value));
    return (int32_t) be32toh(value);
}

int64_t rows_int8(const struct rows *rows, size_t row, int column)
{
    uint64_t value;
    memcpy(&value, fixed(rows, row, column, sizeof(value)), sizeof(value));
    return (int64_t) be64toh(value);
}

day rows_day(const struct rows *rows, size_t row, int column)
{
    return rows_null(rows, row, column) ? DAY_NONE : rows_int4(rows, row, column) + EPOCH_SHIFT;
}

const char *rows_text(const struct rows *rows, size_t row, int column)
{
    return rows_null(rows, row, column) ? NULL : PQgetvalue(rows->result, rows->first + (int) row, column);
}

const uint8_t *rows_bytes(const struct rows *rows, size_t row, int column, size_t *n)
{
    bool null = rows_null(rows, row, column);
    *n = null ? 0 : (size_t) PQgetlength(rows->result, rows->first + (int) row, column);
    return null ? NULL : (const uint8_t *) PQgetvalue(rows->result, rows->first + (int) row, column);
}

const uint8_t *rows_uuid(const struct rows *rows, size_t row, int column)
{
    return rows_null(rows, row, column) ? NULL : (const uint8_t *) fixed(rows, row, column, 16);
}
