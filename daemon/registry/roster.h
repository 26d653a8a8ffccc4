/* SPDX-License-Identifier: Apache-2.0 */
/* Rosters: proto/roster.proto, migrations/api/roster.sql. */
#ifndef MINGCE_REGISTRY_ROSTER_H
#define MINGCE_REGISTRY_ROSTER_H

#include "daemon/rpc/method.h"

extern const struct statement roster_import_statement, roster_list_statement, roster_export_statement;

enum reason roster_import_valid(struct call *);
void roster_import_bind(struct call *, struct set *);
enum reason roster_import_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason roster_list_valid(struct call *);
void roster_list_bind(struct call *, struct set *);
enum reason roster_list_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason roster_export_valid(struct call *);
void roster_export_bind(struct call *, struct set *);
enum reason roster_export_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
