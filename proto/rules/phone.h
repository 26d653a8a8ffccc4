/* SPDX-License-Identifier: Apache-2.0 */
/* Mainland mobile numbers (POLICY A8, D2). */
#ifndef MINGCE_PROTO_PHONE_H
#define MINGCE_PROTO_PHONE_H

#include "proto/wire/reason.h"

enum { PHONE_BYTES = 12, PHONE_MASK_BYTES = PHONE_BYTES };

/* REASON_NONE: `phone` holds the 11 digits. An international prefix (+86, 0086) and hyphens are mended. Otherwise
 * REASON_PHONE_FORMAT or REASON_NUMBER_PRECISION_LOST. */
enum reason phone_parse(const char *cell, char phone[PHONE_BYTES]);
/* 138****1234 */
void phone_mask(const char *phone, char masked[PHONE_MASK_BYTES]);

#endif
