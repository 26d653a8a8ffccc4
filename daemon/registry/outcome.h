/* SPDX-License-Identifier: Apache-2.0 */
/* Maps the outcomes that the database's functions decide to the reasons of the reason table. */
#ifndef MINGCE_REGISTRY_OUTCOME_H
#define MINGCE_REGISTRY_OUTCOME_H

#include <stdint.h>

#include "daemon/store/rows.h"
#include "daemon/store/statement.h"
#include "proto/audit.pb-c.h"
#include "proto/wire/reason.h"

/* REASON_NONE for OUTCOME_DONE; REASON_STORE_FAILED for a number this daemon does not know. */
enum reason outcome_reason(int16_t outcome);
/* The verdict of a row with that outcome: done or refused; an outcome that only warns means that there was nothing to do. */
Mingce__V1__RowVerdict outcome_verdict(enum reason);
/* Of an answer of one row that begins with OUTCOME_FIRST. */
enum reason outcome_of(const struct rows *);

/* What a result begins with that says one outcome. */
#define OUTCOME_FIRST(COLUMN)                                                                                \
    COLUMN(OUTCOME_REQ, "req", INT4)                                                                         \
    COLUMN(OUTCOME_COLUMN, "outcome", INT2)
enum { OUTCOME_FIRST(COLUMN_ENUMERATOR) OUTCOME_N };

#endif
