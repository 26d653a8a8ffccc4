/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy claims: proto/claim.proto, migrations/api/claim.sql. */
#ifndef MINGCE_REGISTRY_CLAIM_H
#define MINGCE_REGISTRY_CLAIM_H

#include "daemon/rpc/method.h"
#include "proto/claim.pb-c.h"

/* What a result begins with that has claims: the columns of helper.claim_listed. */
#define CLAIM_LIST(COLUMN)                                                                                   \
    COLUMN(CLAIM_ID, "claim_id", UUID)                                                                       \
    COLUMN(CLAIM_RECORD, "record_id", UUID)                                                                  \
    COLUMN(CLAIM_PERSON_SEALED, "person_sealed", BYTEA)                                                      \
    COLUMN(CLAIM_VERSION, "version", INT4)                                                                   \
    COLUMN(CLAIM_CLASS, "class_number", INT8)                                                                \
    COLUMN(CLAIM_STATE, "state", INT2)                                                                       \
    COLUMN(CLAIM_ROUTE, "route", INT2)                                                                       \
    COLUMN(CLAIM_AMOUNT, "amount_fen", INT8)                                                                 \
    COLUMN(CLAIM_CLAWED, "clawed_fen", INT8)                                                                 \
    COLUMN(CLAIM_LEVEL, "level", INT2)                                                                       \
    COLUMN(CLAIM_DUE_ON, "due_on", DATE)                                                                     \
    COLUMN(CLAIM_PUBLICITY_UNTIL, "publicity_until", DATE)                                                   \
    COLUMN(CLAIM_SUBMITTED_AT, "submitted_at_ms", INT8)                                                      \
    COLUMN(CLAIM_ORGANISATION, "organisation_name", TEXT)                                                    \
    COLUMN(CLAIM_OCCUPATION, "occupation_name", TEXT)                                                        \
    COLUMN(CLAIM_GROUP, "group_name", TEXT)                                                                  \
    COLUMN(CLAIM_OVERDUE, "overdue", BOOL)                                                                   \
    COLUMN(CLAIM_KNOWN_UNTIL, "known_until", DATE)                                                           \
    COLUMN(CLAIM_PERSON, "person_id", UUID)                                                                  \
    COLUMN(CLAIM_CERTIFICATE, "certificate_id", UUID)                                                        \
    COLUMN(CLAIM_CERTIFICATE_SEALED, "certificate_sealed", BYTEA)                                            \
    COLUMN(CLAIM_CERTIFICATE_KIND, "certificate_kind", INT2)
#define CLAIM_FIRST(COLUMN) RESULT_FIRST(COLUMN) CLAIM_LIST(COLUMN)
COLUMNS_BEGIN(CLAIM, RESULT, CLAIM_LIST);
/* The claim of a row; `shown`: how much of the person, masked. */
enum claim_shown { CLAIM_NOBODY, CLAIM_BY_NAME, CLAIM_BY_NAME_AND_NUMBER };
void claim_fill(struct call *, Mingce__V1__Claim *, const struct rows *, size_t row, enum claim_shown);

#endif
