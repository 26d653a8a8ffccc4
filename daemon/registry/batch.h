/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of several rows, answered row by row: what their methods share. */
#ifndef MINGCE_REGISTRY_BATCH_H
#define MINGCE_REGISTRY_BATCH_H

#include "daemon/rpc/method.h"
#include "proto/rules/document.h"
#include "proto/rules/roster.h"

/* What is known of one row before the database sees it: REASON_NONE, or the reason why it is not sent. In call->notes. */
struct row_note {
    uint32_t row;
    enum reason reason;
    const char *field;   /* of the refusal, or of the trainee the row names */
    enum reason warning; /* of that field, where the row is done; REASON_NONE: none */
};

/* For valid functions: between 1 and the limit's rows, then each row's own number, ascending from 1. */
enum reason batch_begin(struct call *, size_t n);
enum reason batch_begin_most(struct call *, size_t n, size_t most);
enum reason batch_number(struct call *, size_t i, uint32_t row);
struct row_note *row_note(struct call *, size_t i);
/* For bind functions: begins a row that is good: its number, the parameter `row`, and the head of its entry,
 * `row_head`, which is the next one. */
void row_bind(struct call *, struct set *, size_t at, size_t i);
/* The person that a row is about: a seat of the class, a document, a name. NULL: not stated. */
struct row_said {
    bool has_seat;
    uint32_t seat;
    const char *type, *number, *country, *name;
};
struct row_trainee {
    bool has_seat, has_document, has_name;
    int32_t seat;
    uint8_t document[INDEX_BYTES], name[INDEX_BYTES];
};
/* False: a document or a name that cannot be right; the note says why. Where no key is to be had the set fails, or, of a
 * request that has none yet (NULL), the note says REASON_MEMORY. */
bool row_says(struct call *, struct set *, struct row_note *, const struct row_said *,
              struct row_trainee *) MUST_CHECK;
/* The same of a row that must say seat or document. */
bool row_trainee(struct call *, struct set *, struct row_note *, const struct row_said *,
                 struct row_trainee *) MUST_CHECK;
/* Who it is about, by these parameters. */
void row_bind_trainee(struct set *, size_t seat, size_t document_index, const struct row_trainee *);
void row_bind_document(struct set *, size_t document_index, const struct row_trainee *);
void row_bind_name(struct set *, size_t name_index, const struct row_trainee *);
/* What a result begins with that answers by rows. */
#define BATCH_FIRST(COLUMN)                                                                                  \
    COLUMN(BATCH_REQ, "req", INT4)                                                                           \
    COLUMN(BATCH_ROW, "row_number", INT4)                                                                    \
    COLUMN(BATCH_OUTCOME, "outcome", INT2)
enum { BATCH_FIRST(COLUMN_ENUMERATOR) BATCH_N };
/* The RowsResponse. `field` names the field of the row that a refusal by the database is about; NULL: the note's. */
enum reason batch_render(struct call *, size_t n, const struct rows *, const char *(*field)(enum reason),
                         ProtobufCMessage *);
/* One more finding of a row's result, which has at most `most` of them; `field` NULL: of no field. NULL: the arena is full. */
#define RESULT_FIND(call, result, most, reason, field)                                                       \
    finding_add((call), &(result)->finding, &(result)->n_finding, (most), (reason), (field))
Mingce__V1__Finding *finding_add(struct call *, Mingce__V1__Finding ***list, size_t *n, size_t most,
                                 enum reason, const char *field);
/* Counts a verdict of an answer. */
void verdict_count(Mingce__V1__RowVerdict, uint32_t *done, uint32_t *unchanged, uint32_t *refused);
/* A finding of one field; NULL: of none. */
void finding_fill(const struct call *, Mingce__V1__Finding *, enum reason, const char *field);

#endif
