/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: proto/certificate.proto, migrations/api/certificate.sql. */
#ifndef MINGCE_REGISTRY_CERTIFICATE_H
#define MINGCE_REGISTRY_CERTIFICATE_H

#include "daemon/rpc/method.h"
#include "proto/rules/certificate_number.h"

/* Where a result has a certificate. */
struct certificate_columns {
    int id, sealed, kind;
};
/* Its number as it is shown, in the arena: one that holds a resident's is masked (D2); empty: erased. NULL: it cannot be opened, or
 * the arena is full. */
char *certificate_shown(struct call *, const struct rows *, size_t row, const struct certificate_columns *);

/* The keyed index of a number in its normal form. */
bool certificate_index(struct keyring *, const char *number, uint8_t index[INDEX_BYTES]) MUST_CHECK;
/* For valid functions: a stated number, its normal form and index. REASON_NONE, or call_refuse() about it. */
enum reason certificate_stated(struct call *, const char *stated, char number[CERTIFICATE_NUMBER_BYTES],
                               uint8_t index[INDEX_BYTES]);

#endif
