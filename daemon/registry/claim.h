/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy claims: proto/claim.proto, migrations/api/claim.sql. */
#ifndef MINGCE_REGISTRY_CLAIM_H
#define MINGCE_REGISTRY_CLAIM_H

#include "daemon/rpc/method.h"
#include "proto/claim.pb-c.h"

/* What a result begins with that has rows of api.claim_part. */
#define CLAIM_LIST(COLUMN)                                                                                   \
    COLUMN(CLAIM_PART, "part", INT2)                                                                         \
    COLUMN(CLAIM_ID, "id", UUID)                                                                             \
    COLUMN(CLAIM_RECORD, "record_id", UUID)                                                                  \
    COLUMN(CLAIM_SEALED, "sealed", BYTEA)                                                                    \
    COLUMN(CLAIM_VERSION, "version", INT4)                                                                   \
    COLUMN(CLAIM_NUMBER, "number", INT8)                                                                     \
    COLUMN(CLAIM_CODE, "code", INT2)                                                                         \
    COLUMN(CLAIM_CODE2, "code2", INT2)                                                                       \
    COLUMN(CLAIM_FEN, "fen", INT8)                                                                           \
    COLUMN(CLAIM_FEN2, "fen2", INT8)                                                                         \
    COLUMN(CLAIM_FEN3, "fen3", INT8)                                                                         \
    COLUMN(CLAIM_COUNT, "count", INT4)                                                                       \
    COLUMN(CLAIM_DAY, "day", DATE)                                                                           \
    COLUMN(CLAIM_DAY2, "day2", DATE)                                                                         \
    COLUMN(CLAIM_AT, "at_ms", INT8)                                                                          \
    COLUMN(CLAIM_TITLE, "title", TEXT)                                                                       \
    COLUMN(CLAIM_WORDS, "words", TEXT)                                                                       \
    COLUMN(CLAIM_NAME, "name", TEXT)                                                                         \
    COLUMN(CLAIM_FLAG, "flag", BOOL)                                                                         \
    COLUMN(CLAIM_KNOWN, "known", DATE)                                                                       \
    COLUMN(CLAIM_HOLDER, "person", UUID)                                                                     \
    COLUMN(CLAIM_CERTIFICATE, "certificate", UUID)                                                           \
    COLUMN(CLAIM_CERTIFICATE_SEALED, "certificate_sealed", BYTEA)                                            \
    COLUMN(CLAIM_CERTIFICATE_KIND, "certificate_kind", INT2)
#define CLAIM_FIRST(COLUMN) RESULT_FIRST(COLUMN) CLAIM_LIST(COLUMN)
COLUMNS_BEGIN(CLAIM, RESULT, CLAIM_LIST);
/* A claim of part 0; `shown`: how much of the person, masked. */
enum claim_shown { CLAIM_NOBODY, CLAIM_BY_NAME, CLAIM_BY_NAME_AND_NUMBER };
void claim_fill(struct call *, Mingce__V1__Claim *, const struct rows *, size_t row, enum claim_shown);

#endif
