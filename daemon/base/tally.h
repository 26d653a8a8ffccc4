/* SPDX-License-Identifier: Apache-2.0 */
/* Counts by key how many have come and not left again: the sessions of an address, or of an operator. */
#ifndef MINGCE_BASE_TALLY_H
#define MINGCE_BASE_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/base/compiler.h"

enum { TALLY_KEY = 17 };

/* Stands alone, or is the first member of a struct that is kept as long as its count is not 0. */
struct tally {
    uint8_t key[TALLY_KEY];
    size_t n; /* those that are there, the last one that came too */
};

/* Counts one more. The tallies are kept at `*tallies`, which is NULL at first. A new one has `size` bytes, zero behind the
 * tally. NULL when out of memory. */
struct tally *tally_enter(void **tallies, const uint8_t key[TALLY_KEY], size_t size) MUST_CHECK;
void tally_leave(void **tallies, struct tally *); /* NULL: nothing */

#endif
