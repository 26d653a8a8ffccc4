/* SPDX-License-Identifier: Apache-2.0 */
/* What a draft would have made of the claims of a year: proto/policy.proto, migrations/api/replay.sql. */
#ifndef MINGCE_REGISTRY_REPLAY_H
#define MINGCE_REGISTRY_REPLAY_H

#include "daemon/rpc/method.h"

extern const struct statement policy_replay_statement;

enum reason policy_replay_valid(struct call *);
void policy_replay_bind(struct call *, struct set *);
enum reason policy_replay_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
