/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: proto/certificate.proto, migrations/api/certificate.sql. */
#ifndef MINGCE_REGISTRY_CERTIFICATE_H
#define MINGCE_REGISTRY_CERTIFICATE_H

#include "daemon/rpc/method.h"
#include "proto/certificate_number.h"

/* The keyed index of a number in its normal form. */
bool certificate_index(struct keyring *, const char *number, uint8_t index[INDEX_BYTES]) MUST_CHECK;
/* For valid functions: a stated number, its normal form and index. REASON_NONE, or call_refuse() about it. */
enum reason certificate_stated(struct call *, const char *stated, char number[CERTIFICATE_NUMBER_BYTES],
                               uint8_t index[INDEX_BYTES]);

#endif
