/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/wire/reason.h"

#include <string.h>

static const struct reason_text texts[REASON_COUNT] = {
    [REASON_NONE] = {"", MINGCE__V1__CODE__CODE_INTERNAL, MINGCE__V1__SEVERITY__SEVERITY_WARNING, "", "", ""},
#define REASON(symbol, name, code, severity, rule, zh, en)                                                   \
    [REASON_##symbol] = {                                                                                    \
        name, MINGCE__V1__CODE__CODE_##code, MINGCE__V1__SEVERITY__SEVERITY_##severity, rule, zh, en},
#include "proto/wire/reason.def"
};

const struct reason_text *reason_text(enum reason reason)
{
    return &texts[(unsigned) reason < REASON_COUNT ? reason : REASON_NONE];
}

static const struct own {
    const char *method;
    enum reason reason;
    struct reason_sentence sentence;
} owns[] = {
#define SENTENCE(method, symbol, zh, en) {method, REASON_##symbol, {zh, en}},
#include "proto/wire/sentence.def"
#undef SENTENCE
};

struct reason_sentence reason_sentence(enum reason reason, const char *method)
{
    for (size_t i = 0; method != NULL && i < sizeof(owns) / sizeof(*owns); i++)
        if (owns[i].reason == reason && strcmp(owns[i].method, method) == 0)
            return owns[i].sentence;
    const struct reason_text *text = reason_text(reason);
    return (struct reason_sentence){text->zh, text->en};
}
