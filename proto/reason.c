/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/reason.h"

#include <string.h>

static const struct reason_text texts[REASON_COUNT] = {
    [REASON_NONE] = {"", MINGCE__V1__CODE__CODE_INTERNAL, MINGCE__V1__SEVERITY__SEVERITY_WARNING, "", "", ""},
#define REASON(symbol, name, code, severity, rule, zh, en)                                                   \
    [REASON_##symbol] = {                                                                                    \
        name, MINGCE__V1__CODE__CODE_##code, MINGCE__V1__SEVERITY__SEVERITY_##severity, rule, zh, en},
#include "proto/reason.def"
#undef REASON
};

const struct reason_text *reason_text(enum reason reason)
{
    return &texts[(unsigned) reason < REASON_COUNT ? reason : REASON_NONE];
}
