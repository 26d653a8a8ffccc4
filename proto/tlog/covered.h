/* SPDX-License-Identifier: Apache-2.0 */
/* The tables whose rows the log covers, and by which columns: what a verifier knows, and does not take from the database. */
#ifndef MINGCE_PROTO_COVERED_H
#define MINGCE_PROTO_COVERED_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/audit.pb-c.h"

struct covered {
    Mingce__V1__RowTable table;
    const char *name;
    const char *key, *columns; /* SQL expressions over a row, ", " between them: as in audit.covered */
};

/* NULL: no table that this version knows. */
const struct covered *covered_find(Mingce__V1__RowTable);
/* Whether the table's rows are covered by these columns, or were before a migration added to them: a proof that was made until
 * then is verified for good. */
bool covered_by(const struct covered *, const char *columns);
/* In order of their numbers; NULL behind the last. */
const struct covered *covered_at(size_t i);

#endif
