/* SPDX-License-Identifier: Apache-2.0 */
/* The same number with another name, held until a bureau resolves it (A6). proto/person.proto, migrations/api/person.sql. */
#ifndef MINGCE_REGISTRY_CONFLICT_H
#define MINGCE_REGISTRY_CONFLICT_H

#include "daemon/rpc/method.h"

extern const struct statement conflict_list_statement, conflict_resolve_statement;

enum reason conflict_list_valid(struct call *);
void conflict_list_bind(struct call *, struct set *);
enum reason conflict_list_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason conflict_resolve_valid(struct call *);
void conflict_resolve_bind(struct call *, struct set *);
enum reason conflict_resolve_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
