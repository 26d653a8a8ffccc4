/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts that are paid to, and from. */
#ifndef MINGCE_REGISTRY_PAYEE_H
#define MINGCE_REGISTRY_PAYEE_H

#include "daemon/rpc/method.h"
#include "proto/batch.pb-c.h"
#include "proto/record.pb-c.h"

/* By which two accounts are the same one, whoever's; `number` as bank_card_parse() leaves it. */
bool account_index(struct keyring *, const char *number, uint8_t index[INDEX_BYTES]) MUST_CHECK;
/* A sealed PayeeRecord in clear, in the arena. NULL: it cannot be had. */
Mingce__V1__Account *payee_open(struct call *, const struct rows *, size_t row, int id, int sealed);
/* Leaves the last digits of its number (D2). */
void payee_mask(Mingce__V1__Account *);

#endif
