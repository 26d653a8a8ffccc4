/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons: the one table of everything a caller can be told, in Chinese and English (reason.def). */
#ifndef MINGCE_PROTO_REASON_H
#define MINGCE_PROTO_REASON_H

#include <stdbool.h>

#include "proto/wire.pb-c.h"

enum reason {
    REASON_NONE,
#define REASON(symbol, name, code, severity, rule, zh, en) REASON_##symbol,
#include "proto/wire/reason.def"
    REASON_COUNT
};

struct reason_text {
    const char *name; /* stable, lower-case-with-hyphens */
    Mingce__V1__Code code;
    Mingce__V1__Severity severity;
    const char *rule; /* id of POLICY, "" for none */
    const char *zh, *en;
};

/* Never NULL. */
const struct reason_text *reason_text(enum reason);
/* The sentence for a refusal of `method` (NULL: none): the method's own words, where it has some
 * (sentence.def). */
struct reason_sentence {
    const char *zh, *en;
};
struct reason_sentence reason_sentence(enum reason, const char *method);
static inline bool reason_refuses(enum reason r)
{
    return r != REASON_NONE && reason_text(r)->severity == MINGCE__V1__SEVERITY__SEVERITY_REFUSAL;
}

#endif
