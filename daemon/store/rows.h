/* SPDX-License-Identifier: Apache-2.0 */
/* The result rows of one request: a slice of a set's result. Borrowed, valid during the callback. A column is its place in
 * the table that the statement declares (statement.h); to read it as another type is a broken invariant. */
#ifndef MINGCE_STORE_ROWS_H
#define MINGCE_STORE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/rules/day.h"

struct rows;

size_t rows_count(const struct rows *);
bool rows_null(const struct rows *, size_t row, int column);
bool rows_bool(const struct rows *, size_t row, int column);
int16_t rows_int2(const struct rows *, size_t row, int column);
int32_t rows_int4(const struct rows *, size_t row, int column);
int64_t rows_int8(const struct rows *, size_t row, int column);
day rows_day(const struct rows *, size_t row, int column);          /* NULL: DAY_NONE */
const char *rows_text(const struct rows *, size_t row, int column); /* NUL-terminated; NULL: NULL */
const uint8_t *rows_bytes(const struct rows *, size_t row, int column, size_t *n); /* NULL: NULL, 0 */
const uint8_t *rows_uuid(const struct rows *, size_t row, int column);             /* 16 bytes; NULL: NULL */

#endif
