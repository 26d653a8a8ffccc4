/* SPDX-License-Identifier: Apache-2.0 */
/* What institutions may teach, and when (G3): proto/organisation.proto, migrations/api/organisation.sql. */
#ifndef MINGCE_REGISTRY_SCOPE_H
#define MINGCE_REGISTRY_SCOPE_H

#include "daemon/rpc/method.h"

extern const struct statement scope_add_statement, scope_end_statement;

enum reason scope_add_valid(struct call *);
void scope_add_bind(struct call *, struct set *);

enum reason scope_end_valid(struct call *);
void scope_end_bind(struct call *, struct set *);

enum reason scope_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
