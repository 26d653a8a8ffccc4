/* SPDX-License-Identifier: Apache-2.0 */
/* Rules with a number in them: proto/policy.proto, migrations/api/policy.sql. */
#ifndef MINGCE_REGISTRY_POLICY_H
#define MINGCE_REGISTRY_POLICY_H

#include "daemon/rpc/method.h"

extern const struct statement policy_propose_statement, policy_list_statement;

enum reason policy_propose_valid(struct call *);
void policy_propose_bind(struct call *, struct set *);
enum reason policy_propose_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason policy_list_valid(struct call *);
void policy_list_bind(struct call *, struct set *);
enum reason policy_list_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
