/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/outcome.h"

#include <stdbool.h>

#include "daemon/base/compiler.h"

/* The numbers never change: proto/audit.proto has the same ones, for those who read the log. */
#define OUTCOME(number, symbol, reason, name, zh, en)                                                        \
    _Static_assert(MINGCE__V1__OUTCOME__OUTCOME_##symbol == (number), name);
#include "proto/wire/reason.def"

static const enum reason reasons[] = {
#define OUTCOME(number, symbol, reason, name, zh, en) [number] = REASON_##reason,
#include "proto/wire/reason.def"
};

enum reason outcome_reason(int16_t outcome)
{
    if (outcome < MINGCE__V1__OUTCOME__OUTCOME_DONE || (size_t) outcome >= ARRAY_SIZE(reasons))
        return REASON_STORE_FAILED;
    bool known = outcome == MINGCE__V1__OUTCOME__OUTCOME_DONE || reasons[outcome] != REASON_NONE;
    return known ? reasons[outcome] : REASON_STORE_FAILED;
}

Mingce__V1__RowVerdict outcome_verdict(enum reason reason)
{
    if (reason == REASON_NONE)
        return MINGCE__V1__ROW_VERDICT__ROW_DONE;
    return reason_refuses(reason) ? MINGCE__V1__ROW_VERDICT__ROW_REFUSED
                                  : MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED;
}

enum reason outcome_of(const struct rows *rows)
{
    return rows_count(rows) == 1 ? outcome_reason(rows_int2(rows, 0, OUTCOME_COLUMN)) : REASON_STORE_FAILED;
}
