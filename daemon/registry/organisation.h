/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations: proto/organisation.proto, migrations/api/organisation.sql. */
#ifndef MINGCE_REGISTRY_ORGANISATION_H
#define MINGCE_REGISTRY_ORGANISATION_H

#include "daemon/rpc/method.h"

extern const struct statement organisation_list_statement, organisation_show_statement,
    organisation_register_statement, organisation_amend_statement;

enum reason organisation_list_valid(struct call *);
void organisation_list_bind(struct call *, struct set *);
enum reason organisation_list_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason organisation_show_valid(struct call *);
void organisation_show_bind(struct call *, struct set *);
enum reason organisation_show_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason organisation_register_valid(struct call *);
void organisation_register_bind(struct call *, struct set *);
enum reason organisation_register_render(struct call *, const struct rows *, ProtobufCMessage **);

/* Four methods, one statement. */
enum reason organisation_amend_valid(struct call *);
void organisation_amend_bind(struct call *, struct set *);
enum reason organisation_status_valid(struct call *);
void organisation_suspend_bind(struct call *, struct set *);
void organisation_reactivate_bind(struct call *, struct set *);
void organisation_close_bind(struct call *, struct set *);
enum reason organisation_amend_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
