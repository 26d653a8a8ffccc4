/* SPDX-License-Identifier: Apache-2.0 */
/* Operators as they are: proto/operator.proto, migrations/api/operator.sql. */
#ifndef MINGCE_REGISTRY_OPERATOR_H
#define MINGCE_REGISTRY_OPERATOR_H

#include "daemon/rpc/method.h"
#include "proto/wire.pb-c.h"

/* For everything that shows operators: the masked name of a sealed record, in the arena; "" for the installation
 * commands (the column is NULL) and for what cannot be opened. */
char *operator_name_masked(struct call *, const uint8_t id[16], const struct rows *, size_t row, int sealed);
/* Likewise the number of a sealed HumanRecord; NULL where the column is. */
char *operator_document_masked(struct call *, const struct rows *, size_t row, int human, int sealed);
/* The roles of a mask, in the arena. */
void operator_role_list(struct call *, int32_t mask, Mingce__V1__Role **roles, size_t *n);

#endif
