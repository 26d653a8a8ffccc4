/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy claims: proto/claim.proto, migrations/api/claim.sql. */
#ifndef MINGCE_REGISTRY_CLAIM_H
#define MINGCE_REGISTRY_CLAIM_H

#include "daemon/rpc/method.h"
#include "proto/claim.pb-c.h"

/* Columns of api.claim_part, as result columns. */
enum claim_column {
    CLAIM_PART = 1,
    CLAIM_ID,
    CLAIM_RECORD,
    CLAIM_SEALED,
    CLAIM_VERSION,
    CLAIM_NUMBER,
    CLAIM_CODE,
    CLAIM_CODE2,
    CLAIM_FEN,
    CLAIM_FEN2,
    CLAIM_FEN3,
    CLAIM_COUNT,
    CLAIM_DAY,
    CLAIM_DAY2,
    CLAIM_AT,
    CLAIM_TITLE,
    CLAIM_WORDS,
    CLAIM_NAME,
    CLAIM_FLAG,
    CLAIM_KNOWN,
    CLAIM_HOLDER, /* whose it is, where that is shown */
    CLAIM_CERTIFICATE,
    CLAIM_CERTIFICATE_SEALED,
    CLAIM_CERTIFICATE_KIND,
    CLAIM_OUTCOME, /* of claim_show alone */
    CLAIM_PERSON,
};
/* A claim of part 0; `shown`: how much of the person, masked. */
enum claim_shown { CLAIM_NOBODY, CLAIM_BY_NAME, CLAIM_BY_NAME_AND_NUMBER };
void claim_fill(struct call *, Mingce__V1__Claim *, const struct rows *, size_t row, enum claim_shown);

#endif
