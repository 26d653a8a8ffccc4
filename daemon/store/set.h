/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set: the rows gathered for one statement, as PostgreSQL binary arrays that grow in place. A request appends one element
 * to each parameter, in the order of the statement's table, up to row_req; and for each of its rows one element to each
 * parameter behind it. Dates are days since 1970-01-01 (proto/rules/day.h).
 */
#ifndef MINGCE_STORE_SET_H
#define MINGCE_STORE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/rules/day.h"

struct set;

/* Appends to this parameter, which must be the next one: those of the request first, in order; after set_row() those of the
 * row. Another, or another type, is a broken invariant, so two of one type cannot change places. Out of memory is
 * remembered and told when the request ends. */
void set_bool(struct set *, size_t parameter, bool);
void set_int2(struct set *, size_t parameter, int16_t);
void set_int4(struct set *, size_t parameter, int32_t);
void set_int8(struct set *, size_t parameter, int64_t);
void set_day(struct set *, size_t parameter, day); /* DAY_NONE: NULL */
void set_uuid(struct set *, size_t parameter, const uint8_t uuid[16]);
void set_bytes(struct set *, size_t parameter, const void *, size_t n);
void set_text(struct set *, size_t parameter, const char *); /* NULL: NULL */
void set_null(struct set *, size_t parameter);
/* So many rows may come back for this request, as the pages of lists do: they count as rows brought do. */
void set_expect(struct set *, size_t rows);
/* The request cannot be bound for want of memory (a cipher wants some too): of this set nothing is sent, and its requests
 * are told that there was no room. What was begun must still be whole. */
void set_fail(struct set *);
/* Begins the next row of the current request; all parameters of the request must have been given. */
void set_row(struct set *);

#endif
