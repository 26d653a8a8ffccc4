/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/row_record.h"

#include <endian.h>
#include <string.h>

static bool read_u32(struct row_record *record, uint32_t *number)
{
    if (record->left < sizeof(*number))
        return false;
    memcpy(number, record->at, sizeof(*number));
    *number = be32toh(*number);
    record->at += sizeof(*number);
    record->left -= sizeof(*number);
    return true;
}

/* The next of "a, b, c". */
static bool read_column(struct row_record *record, char column[ROW_RECORD_COLUMN])
{
    size_t n = strcspn(record->columns, ",");
    if (n == 0 || n >= ROW_RECORD_COLUMN)
        return false;
    memcpy(column, record->columns, n);
    column[n] = '\0';
    record->columns += n;
    record->columns += strspn(record->columns, ", ");
    return true;
}

bool row_record_next(struct row_record *record, struct row_record_field *field)
{
    uint32_t n;
    if (record->fields == 0 || !read_column(record, field->column) || !read_u32(record, &field->type) ||
        !read_u32(record, &n))
        return false;
    field->bytes = n == UINT32_MAX ? NULL : record->at;
    field->n = n == UINT32_MAX ? 0 : n;
    if (field->n > record->left)
        return false;
    record->at += field->n;
    record->left -= field->n;
    record->fields--;
    return true;
}

bool row_record_open(struct row_record *record, const char *columns, const uint8_t *bytes, size_t n)
{
    struct row_record_field field;
    *record = (struct row_record){bytes, n, columns, 0};
    if (!read_u32(record, &record->fields))
        return false;
    struct row_record whole = *record;
    while (row_record_next(&whole, &field))
        ;
    return whole.left == 0 && whole.fields == 0 && *whole.columns == '\0';
}

bool row_record_find(struct row_record record, const char *column, size_t n, struct row_record_field *field)
{
    while (row_record_next(&record, field))
        if (strcmp(field->column, column) == 0)
            return field->bytes != NULL && field->n == n;
    return false;
}

int64_t row_record_number(const struct row_record_field *field)
{
    uint64_t number = field->n > 0 && (field->bytes[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < field->n; i++)
        number = number << 8 | field->bytes[i];
    return (int64_t) number;
}
