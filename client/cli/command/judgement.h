/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an offline check or the server has found of a file's rows, and how it is printed. A verdict is the protocol's RowVerdict: done,
 * unchanged or refused; before a row is sent, it says that the row may be sent. A finding on a row that is not refused is a warning.
 */
#ifndef MINGCE_CLI_JUDGEMENT_H
#define MINGCE_CLI_JUDGEMENT_H

#include "client/cli/sheet/form.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/reason.h"

/* The texts are literals or the server's response. */
struct why {
    const char *code, *rule, *field, *zh, *en;
    uint32_t other_row; /* number of the row in the file that it collides with; 0: none */
};
enum { WHYS = 24 };

struct judgement {
    Mingce__V1__RowVerdict verdict;
    size_t whys_n;
    struct why *whys; /* owned */
};

struct judgements {
    struct judgement *rows; /* one a data row */
    size_t n;
    const char *done; /* the word for what was done, in the locale's language; NULL: as enum tell implies */
};

/* Makes judgements for `n` rows, without findings. False: out of memory. */
bool judgements_make(struct judgements *, size_t n);
void judgements_free(struct judgements *);
/* False: out of memory. */
bool judgement_add(struct judgement *, const struct why *);
/* Adds a finding to a row; some findings refuse it. False: out of memory. */
bool judgement_find(struct judgement *, enum reason, const char *field, uint32_t other_row);
/* Replaces the offline judgement of a row by the server's, which has checked the same rules and more. `findings` are messages of type
 * Finding. False: out of memory. */
bool judgement_take(struct judgement *, Mingce__V1__RowVerdict, ProtobufCMessage *const *findings, size_t n);

/* Which words stand for the verdicts: those for facts recorded, steps taken, trainees registered, trainees judged offline, what could
 * be claimed, or a draft. */
enum tell { TELL_RECORDED, TELL_STEPPED, TELL_REGISTERED, TELL_JUDGED, TELL_COULD, TELL_DRAFTED };

/* The word for a refused row. */
const char *refused_shown(const struct cli *, enum tell);

/* Prints every row (--json), or else those with findings, then the counts, and writes the refused rows to the file `rejects` (NULL:
 * none). Returns the exit status. */
int judgements_tell(const struct cli *, const struct form_file *, const struct judgements *, enum tell,
                    const char *rejects);

#endif
