/* SPDX-License-Identifier: Apache-2.0 */
/* Persons: their sealed records, the keyed indexes they are found by, their masked appearance. */
#ifndef MINGCE_REGISTRY_PERSON_H
#define MINGCE_REGISTRY_PERSON_H

#include "daemon/crypto/record.h"
#include "daemon/rpc/method.h"
#include "proto/record.pb-c.h"
#include "proto/roster.h"

/* The identity of A6, document type and number (and a passport's country), as a keyed index. */
bool person_document_index(struct keyring *, const struct document *, uint8_t index[INDEX_BYTES]) MUST_CHECK;
bool person_name_index(struct keyring *, const char *name, uint8_t index[INDEX_BYTES]) MUST_CHECK;
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
enum reason person_mask(struct call *, const struct rows *, size_t row, int id, int sealed,
                        struct person_masked *);

#endif
