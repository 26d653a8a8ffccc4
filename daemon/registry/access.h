/* SPDX-License-Identifier: Apache-2.0 */
/* Who looked at whom, and how often (D2, D5). proto/person.proto, migrations/api/look.sql. */
#ifndef MINGCE_REGISTRY_ACCESS_H
#define MINGCE_REGISTRY_ACCESS_H

#include "daemon/rpc/method.h"

extern const struct statement access_log_statement, access_list_statement;

enum reason access_log_valid(struct call *);
void access_log_bind(struct call *, struct set *);
enum reason access_log_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason access_list_valid(struct call *);
void access_list_bind(struct call *, struct set *);
enum reason access_list_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
