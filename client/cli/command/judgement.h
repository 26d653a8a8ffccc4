/* SPDX-License-Identifier: Apache-2.0 */
/* What was found about the rows of a file, by an offline check or by the server, and how it is told. */
#ifndef MINGCE_CLI_JUDGEMENT_H
#define MINGCE_CLI_JUDGEMENT_H

#include "client/cli/sheet/form.h"

enum verdict { VERDICT_ACCEPT, VERDICT_WARN, VERDICT_REJECT, VERDICT_DUPLICATE };

/* The texts are literals or the server's response. */
struct why {
    const char *code, *rule, *field, *zh, *en;
    uint32_t other_row; /* of the file, that it collides with; 0: none */
};
enum { WHYS = 24 };

struct judgement {
    enum verdict verdict;
    size_t whys_n;
    struct why *whys; /* owned */
};

struct judgements {
    struct judgement *rows; /* one a data row */
    size_t n;
    const char
        *done; /* what has become of the good ones, in the locale's language; NULL: as enum tell has it */
};

void judgements_free(struct judgements *);
/* False: out of memory. */
bool judgement_add(struct judgement *, const struct why *);

/* What the counts are called: rows only judged, trainees registered, facts recorded, steps taken, what could be claimed,
 * a draft. */
enum tell { TELL_JUDGED, TELL_REGISTERED, TELL_RECORDED, TELL_STEPPED, TELL_COULD, TELL_DRAFTED };

/* Prints each row (--json) or those with something to say, the refused ones to `rejects` (NULL: nowhere), then the
 * counts. Returns the exit status. */
int judgements_tell(const struct cli *, const struct form_file *, const struct judgements *, enum tell,
                    const char *rejects);

#endif
