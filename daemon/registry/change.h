/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of operators, proposed by one security administrator and decided by another: proto/operator.proto,
 * migrations/api/operator.sql. */
#ifndef MINGCE_REGISTRY_CHANGE_H
#define MINGCE_REGISTRY_CHANGE_H

#include "daemon/rpc/method.h"

extern const struct statement change_propose_statement, change_decide_statement, change_list_statement;

/* Five methods that propose, one statement. */
enum reason operator_add_valid(struct call *);
void operator_add_bind(struct call *, struct set *);
enum reason operator_bind_valid(struct call *);
void operator_bind_bind(struct call *, struct set *);
enum reason operator_unbind_valid(struct call *);
void operator_unbind_bind(struct call *, struct set *);
enum reason operator_roles_valid(struct call *);
void operator_roles_bind(struct call *, struct set *);
enum reason operator_status_valid(struct call *);
void operator_status_bind(struct call *, struct set *);
enum reason change_propose_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason change_decide_valid(struct call *);
void change_confirm_bind(struct call *, struct set *);
void change_reject_bind(struct call *, struct set *);
enum reason change_decide_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason change_list_valid(struct call *);
void change_list_bind(struct call *, struct set *);
enum reason change_list_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
