/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/registry/outcome.h"

#include "daemon/base/compiler.h"

#define OUTCOME(name) MINGCE__V1__OUTCOME__OUTCOME_##name

static const enum reason reasons[] = {
    [OUTCOME(DONE)] = REASON_NONE,
    [OUTCOME(DUPLICATE)] = REASON_DUPLICATE_IN_CLASS,
    [OUTCOME(CLASS_UNKNOWN)] = REASON_CLASS_UNKNOWN,
    [OUTCOME(CLASS_FULL)] = REASON_CLASS_FULL,
    [OUTCOME(CLASS_STATE)] = REASON_CLASS_STATE,
    [OUTCOME(UNDER_AGE)] = REASON_UNDER_AGE,
    [OUTCOME(BORN_AFTER_START)] = REASON_BIRTH_AFTER_START,
    [OUTCOME(NAME_DIFFERS)] = REASON_NAME_DIFFERS,
    [OUTCOME(OUT_OF_SCOPE)] = REASON_OUT_OF_SCOPE,
    [OUTCOME(OCCUPATION_UNKNOWN)] = REASON_OCCUPATION_UNKNOWN,
    [OUTCOME(REQUEST_ID_REUSED)] = REASON_REQUEST_ID_REUSED,
    [OUTCOME(NOT_ALLOWED)] = REASON_NOT_ALLOWED,
};

enum reason outcome_reason(int16_t outcome)
{
    if (outcome < OUTCOME(DONE) || (size_t) outcome >= ARRAY_SIZE(reasons))
        return REASON_STORE_FAILED;
    return reasons[outcome];
}
