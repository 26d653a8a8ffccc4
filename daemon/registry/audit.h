/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the audit log: proto/audit.proto, migrations/api/audit.sql. */
#ifndef MINGCE_REGISTRY_AUDIT_H
#define MINGCE_REGISTRY_AUDIT_H

#include "daemon/rpc/method.h"

extern const struct statement audit_list_statement;

enum reason audit_list_valid(struct call *);
void audit_list_bind(struct call *, struct set *);
enum reason audit_list_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
