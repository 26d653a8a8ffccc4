/* SPDX-License-Identifier: Apache-2.0 */
/* Bank accounts (POLICY A8, A9). */
#ifndef MINGCE_PROTO_BANK_CARD_H
#define MINGCE_PROTO_BANK_CARD_H

#include "proto/wire/reason.h"

enum { BANK_CARD_BYTES = 40 };

/* REASON_NONE: `account` holds the mended number and `*warning` REASON_NONE or REASON_BANK_LUHN. Otherwise one of
 * REASON_BANK_*. */
enum reason bank_card_parse(const char *cell, char account[BANK_CARD_BYTES], enum reason *warning);

#endif
