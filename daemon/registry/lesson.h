/* SPDX-License-Identifier: Apache-2.0 */
/* The plan of a class: proto/training.proto, migrations/api/training.sql. */
#ifndef MINGCE_REGISTRY_LESSON_H
#define MINGCE_REGISTRY_LESSON_H

#include "daemon/rpc/method.h"

extern const struct statement lesson_add_statement, lesson_remove_statement, lesson_list_statement;

enum reason lesson_add_valid(struct call *);
void lesson_add_bind(struct call *, struct set *);
enum reason lesson_add_render(struct call *, const struct rows *, ProtobufCMessage **);

void lesson_remove_bind(struct call *, struct set *);
enum reason lesson_remove_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason lesson_list_valid(struct call *);
void lesson_list_bind(struct call *, struct set *);
enum reason lesson_list_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
