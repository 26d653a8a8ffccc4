/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar of working days (C2, C3): proto/calendar.proto, migrations/api/calendar.sql. */
#ifndef MINGCE_REGISTRY_CALENDAR_H
#define MINGCE_REGISTRY_CALENDAR_H

#include "daemon/rpc/method.h"

extern const struct statement calendar_propose_statement, calendar_list_statement;

enum reason calendar_propose_valid(struct call *);
void calendar_propose_bind(struct call *, struct set *);
enum reason calendar_propose_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason calendar_list_valid(struct call *);
void calendar_list_bind(struct call *, struct set *);
enum reason calendar_list_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
