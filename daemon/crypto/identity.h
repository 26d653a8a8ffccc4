/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who somebody is, for good: a document, found by a keyed index (A6). Operators are identified by it (C1), as trainees are;
 * of their documents only residents', of which a human being has one.
 */
#ifndef MINGCE_CRYPTO_IDENTITY_H
#define MINGCE_CRYPTO_IDENTITY_H

#include "daemon/crypto/record.h"
#include "proto/rules/document.h"

/* Of type and number, and a passport's country. */
bool identity_index(struct keyring *, const struct document *, uint8_t index[INDEX_BYTES]) MUST_CHECK;

/* An operator's document as stated; `type` in words, "" is a resident ID. Otherwise why it is refused. */
enum reason identity_parse(const char *type, const char *number, day today, struct document *) MUST_CHECK;

/* What registering an operator keeps of the document: index, and a HumanRecord sealed under a fresh id. */
struct identity {
    uint8_t human_id[16];
    uint8_t index[INDEX_BYTES];
    struct sealed_record sealed;
};
bool identity_seal(struct keyring *, const struct document *, struct identity *) MUST_CHECK;

#endif
