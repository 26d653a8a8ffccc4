/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: proto/class.proto, migrations/api/class.sql. */
#ifndef MINGCE_REGISTRY_CLASS_H
#define MINGCE_REGISTRY_CLASS_H

#include "daemon/rpc/method.h"

extern const struct statement class_open_statement, class_list_statement, class_show_statement;

enum reason class_open_valid(struct call *);
void class_open_bind(struct call *, struct set *);
enum reason class_open_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason class_list_valid(struct call *);
void class_list_bind(struct call *, struct set *);
enum reason class_list_render(struct call *, const struct rows *, ProtobufCMessage **);

void class_show_bind(struct call *, struct set *);
enum reason class_show_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
