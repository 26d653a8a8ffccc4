/* SPDX-License-Identifier: Apache-2.0 */
/* Subsidy standards (B5, B6): proto/standard.proto, migrations/api/standard.sql. */
#ifndef MINGCE_REGISTRY_STANDARD_H
#define MINGCE_REGISTRY_STANDARD_H

#include "daemon/rpc/method.h"

extern const struct statement standard_propose_statement, standard_list_statement;

enum reason standard_propose_valid(struct call *);
void standard_propose_bind(struct call *, struct set *);
enum reason standard_propose_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason standard_list_valid(struct call *);
void standard_list_bind(struct call *, struct set *);
enum reason standard_list_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
