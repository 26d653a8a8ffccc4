/* SPDX-License-Identifier: Apache-2.0 */
/* Everything held about a person (D5), masked or in clear. proto/person.proto, migrations/api/person.sql. */
#ifndef MINGCE_REGISTRY_PERSON_ACCOUNT_H
#define MINGCE_REGISTRY_PERSON_ACCOUNT_H

#include "daemon/rpc/method.h"

extern const struct statement person_show_statement, person_reveal_statement;

enum reason person_show_valid(struct call *);
void person_show_bind(struct call *, struct set *);
enum reason person_show_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason person_reveal_valid(struct call *);
void person_reveal_bind(struct call *, struct set *);
enum reason person_reveal_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
