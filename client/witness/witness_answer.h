/* SPDX-License-Identifier: Apache-2.0 */
/* What a witness answers. */
#ifndef MINGCE_WITNESS_ANSWER_H
#define MINGCE_WITNESS_ANSWER_H

#include "client/witness/witness.h"

enum { WITNESS_ANSWER = 512 };

/* Cosigns the checkpoint of an add-checkpoint request if it extends the last one of its log. Returns the HTTP status. `answer` is the
 * body: lines of cosignatures (200), the size that the witness knows (409), or the reason. When this returns 200, the disk has what was
 * cosigned. */
int witness_answer(struct witness *, const char *body, size_t n, char answer[WITNESS_ANSWER]);

#endif
