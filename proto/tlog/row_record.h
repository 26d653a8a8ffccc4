/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row as PostgreSQL's record_send() writes it: int32 number of fields; of each int32 type, int32 length (-1: NULL), bytes; all
 * big-endian. It has no names: those are the columns' that the row was covered by (proto/tlog/covered.h).
 */
#ifndef MINGCE_PROTO_ROW_RECORD_H
#define MINGCE_PROTO_ROW_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROW_RECORD_COLUMN = 96 };

struct row_record_field {
    char column[ROW_RECORD_COLUMN];
    uint32_t type;        /* PostgreSQL's number of it */
    const uint8_t *bytes; /* big-endian, the record's; NULL: none */
    size_t n;
};

struct row_record {
    const uint8_t *at; /* what is left to read */
    size_t left;
    const char *columns;
    uint32_t fields;
};

/* Begins to read. False: not as many fields as columns, or more or fewer bytes than they say. */
bool row_record_open(struct row_record *, const char *columns, const uint8_t *bytes, size_t n);
/* The next field; false: there is none. */
bool row_record_next(struct row_record *, struct row_record_field *);
/* The field of a column, in a record that can be opened; false: no such column, or not `n` bytes. */
bool row_record_find(struct row_record, const char *column, size_t n, struct row_record_field *);
/* A whole number of at most 8 bytes. */
int64_t row_record_number(const struct row_record_field *);

#endif
