/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: proto/class.proto, migrations/api/class.sql. */
#ifndef MINGCE_REGISTRY_CLASS_H
#define MINGCE_REGISTRY_CLASS_H

#include "daemon/rpc/method.h"

enum { CLASS_CAPACITY_MOST = 2000 };

extern const struct statement class_open_statement, class_list_statement, class_show_statement,
    class_amend_statement, roster_remove_statement;

enum reason class_open_valid(struct call *);
void class_open_bind(struct call *, struct set *);
enum reason class_open_render(struct call *, const struct rows *, ProtobufCMessage **);

/* Four methods, one statement. */
enum reason class_amend_valid(struct call *);
void class_amend_bind(struct call *, struct set *);
enum reason class_state_valid(struct call *);
enum reason class_cancel_valid(struct call *);
void class_start_bind(struct call *, struct set *);
void class_complete_bind(struct call *, struct set *);
void class_cancel_bind(struct call *, struct set *);
enum reason class_amend_render(struct call *, const struct rows *, ProtobufCMessage **);

/* Two methods, one statement. */
enum reason roster_remove_valid(struct call *);
void roster_remove_bind(struct call *, struct set *);
enum reason roster_restore_valid(struct call *);
void roster_restore_bind(struct call *, struct set *);
enum reason roster_remove_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason class_list_valid(struct call *);
void class_list_bind(struct call *, struct set *);
enum reason class_list_render(struct call *, const struct rows *, ProtobufCMessage **);

void class_show_bind(struct call *, struct set *);
enum reason class_show_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
