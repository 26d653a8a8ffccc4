/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the key ring is the one this database was sealed with: asked before anybody is served. */
#ifndef MINGCE_REGISTRY_KEY_CHECK_H
#define MINGCE_REGISTRY_KEY_CHECK_H

#include "daemon/crypto/seal.h"
#include "daemon/store/rows.h"
#include "daemon/store/set.h"
#include "daemon/store/statement.h"

extern const struct statement key_check_statement;

void key_check_bind(struct set *);
/* What is wrong with the ring; NULL: it opens a record of every key that has sealed one, and its index key is the one. */
const char *key_check(struct keyring *, const struct rows *);

#endif
