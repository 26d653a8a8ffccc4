/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set: the rows gathered for one statement, as PostgreSQL binary arrays that grow in place. A request
 * appends one element to each request column, in column order, and one element to each line column for
 * each of its lines. Dates are days since 1970-01-01 (proto/rules/day.h).
 */
#ifndef MINGCE_STORE_SET_H
#define MINGCE_STORE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/rules/day.h"

struct set;

/* Appends to the next column: request columns first, in order; after set_line() to that line's columns.
 * A wrong type or one element too many is a broken invariant. Out of memory is remembered and told when
 * the request ends. */
void set_bool(struct set *, bool);
void set_int2(struct set *, int16_t);
void set_int4(struct set *, int32_t);
void set_int8(struct set *, int64_t);
void set_day(struct set *, day); /* DAY_NONE: NULL */
void set_uuid(struct set *, const uint8_t uuid[16]);
void set_bytes(struct set *, const void *, size_t n);
void set_text(struct set *, const char *); /* NULL: NULL */
void set_null(struct set *);
/* So many rows may come back for this request, as the pages of lists do: they count as rows brought do. */
void set_expect(struct set *, size_t rows);
/* The request cannot be bound for want of memory (a cipher wants some too): of this set nothing is sent, and its requests
 * are told that there was no room. The columns begun must still be whole. */
void set_fail(struct set *);
/* Begins the next line of the current request; all request columns must have been given. */
void set_line(struct set *);

#endif
