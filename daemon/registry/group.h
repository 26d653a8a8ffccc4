/* SPDX-License-Identifier: Apache-2.0 */
/* Trainee groups as dated facts with their evidence (A8). proto/person.proto, migrations/api/person.sql. */
#ifndef MINGCE_REGISTRY_GROUP_H
#define MINGCE_REGISTRY_GROUP_H

#include "daemon/rpc/method.h"

extern const struct statement group_add_statement, group_end_statement;

enum reason group_add_valid(struct call *);
void group_add_bind(struct call *, struct set *);
enum reason group_add_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason group_end_valid(struct call *);
void group_end_bind(struct call *, struct set *);
enum reason group_end_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
