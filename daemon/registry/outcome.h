/* SPDX-License-Identifier: Apache-2.0 */
/* What the database functions decide, in the words of the reason table. */
#ifndef MINGCE_REGISTRY_OUTCOME_H
#define MINGCE_REGISTRY_OUTCOME_H

#include <stdint.h>

#include "daemon/store/rows.h"
#include "proto/audit.pb-c.h"
#include "proto/wire/reason.h"

/* REASON_NONE for OUTCOME_DONE; REASON_STORE_FAILED for a number this daemon does not know. */
enum reason outcome_reason(int16_t outcome);
/* Of an answer of one row whose second column is the outcome. */
enum reason outcome_of(const struct rows *);

#endif
