/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has become of the rows of a file, by an offline check or by the server, and how it is told. A verdict is the protocol's
 * (RowVerdict): done, unchanged, refused; before a row is sent, that it may be. What is found of a row that is not refused warns.
 */
#ifndef MINGCE_CLI_JUDGEMENT_H
#define MINGCE_CLI_JUDGEMENT_H

#include "client/cli/sheet/form.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/reason.h"

/* The texts are literals or the server's response. */
struct why {
    const char *code, *rule, *field, *zh, *en;
    uint32_t other_row; /* of the file, that it collides with; 0: none */
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
    const char
        *done; /* what has become of the good ones, in the locale's language; NULL: as enum tell has it */
};

/* Of `n` rows of which nothing is found yet. False: out of memory. */
bool judgements_make(struct judgements *, size_t n);
void judgements_free(struct judgements *);
/* False: out of memory. */
bool judgement_add(struct judgement *, const struct why *);
/* Notes what a rule says of a row, which it may refuse. False: out of memory. */
bool judgement_find(struct judgement *, enum reason, const char *field, uint32_t other_row);
/* The server's word on a row takes the place of the offline one: it has judged the same and more. `findings` are messages Finding.
 * False: out of memory. */
bool judgement_take(struct judgement *, Mingce__V1__RowVerdict, ProtobufCMessage *const *findings, size_t n);

/* What verdicts are called: of facts recorded, steps taken, trainees registered or only judged, what could be claimed, a draft. */
enum tell { TELL_RECORDED, TELL_STEPPED, TELL_REGISTERED, TELL_JUDGED, TELL_COULD, TELL_DRAFTED };

/* What a refused row is called. */
const char *refused_shown(const struct cli *, enum tell);

/* Prints each row (--json) or those with something to say, the refused ones to `rejects` (NULL: nowhere), then the
 * counts. Returns the exit status. */
int judgements_tell(const struct cli *, const struct form_file *, const struct judgements *, enum tell,
                    const char *rejects);

#endif
