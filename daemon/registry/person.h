/* SPDX-License-Identifier: Apache-2.0 */
/* Persons: their sealed records, the keyed indexes they are found by, their masked appearance. */
#ifndef MINGCE_REGISTRY_PERSON_H
#define MINGCE_REGISTRY_PERSON_H

#include "daemon/crypto/record.h"
#include "daemon/rpc/method.h"
#include "proto/person.pb-c.h"
#include "proto/record.pb-c.h"
#include "proto/rules/roster.h"

bool person_name_index(struct keyring *, const char *name, uint8_t index[INDEX_BYTES]) MUST_CHECK;
/* What a search by name and birth date finds a person by. */
bool person_search_key(struct keyring *, const char *name, day birth, int64_t *key) MUST_CHECK;
/* A new person's record, sealed under a fresh id. */
bool person_seal(struct keyring *, const struct roster_clean *, uint8_t person_id[16],
                 struct sealed_record *) MUST_CHECK;
/* What the roster stated beside the identity, sealed under a fresh enrolment id. */
bool enrolment_seal(struct keyring *, const struct roster_clean *, uint8_t enrolment_id[16],
                    struct sealed_record *) MUST_CHECK;

/* How a sealed PersonRecord is shown (D2), in the arena. */
struct person_masked {
    char *name, *document_number;
};
void person_mask(struct call *, const struct rows *, size_t row, int id, int sealed, struct person_masked *);

/* A record of this type that was sealed under the id in column `id`, opened into the arena. NULL: it is not one, which is a
 * defect, or the arena is full. */
ProtobufCMessage *sealed_open(struct call *, const ProtobufCMessageDescriptor *, const struct rows *,
                              size_t row, int id, int sealed);
const Mingce__V1__PersonRecord *person_open(struct call *, const struct rows *, size_t row, int record,
                                            int sealed);

/* Likewise what a roster stated of a trainee. */
Mingce__V1__EnrolmentRecord *enrolment_open(struct call *, const struct rows *, size_t row, int id,
                                            int sealed);

/* Who a request is about: a person's id, or a document. */
struct person_key {
    bool by_id;
    uint8_t id[16];
    struct document document;
    uint8_t index[INDEX_BYTES]; /* of the document */
};
/* For valid functions: REASON_NONE, or call_refuse() about `field` or the document's field. */
enum reason person_key_of_document(struct call *, const Mingce__V1__DocumentKey *, struct person_key *);
enum reason person_key_of(struct call *, const Mingce__V1__PersonKey *, struct person_key *);
/* By these parameters, of which the other is NULL. */
void person_key_bind(struct set *, size_t person, size_t document, const struct person_key *);
/* Why somebody looks. */
enum reason person_reason_valid(struct call *, const Mingce__V1__Reason *);
void person_reason_bind(struct set *, size_t purpose, size_t case_reference, const Mingce__V1__Reason *);

/* Where a result has a person. */
struct person_columns {
    int person, record, sealed, version;
};
/* A person as an answer has it, in the arena; masked unless clear (D2). NULL: there was no room for it. */
void person_fill(struct call *, Mingce__V1__Person *, const struct rows *, size_t row,
                 const struct person_columns *, bool clear);
/* What a look answers that the database refused; a refusal because of the limit is gathered. */
enum reason person_look_refused(struct call *, enum reason);

/* Shown clear or masked, in the arena; NULL: the arena is full. */
char *person_shown_name(struct call *, const char *name, bool clear);
char *person_shown_number(struct call *, const char *number, bool clear);
/* Masked; NULL where there is none. */
char *person_shown_phone(struct call *, const char *phone);

#endif
