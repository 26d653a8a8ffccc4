/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of who a person is (A3, A6). proto/person.proto, migrations/api/person.sql. */
#ifndef MINGCE_REGISTRY_PERSON_AMEND_H
#define MINGCE_REGISTRY_PERSON_AMEND_H

#include "daemon/rpc/method.h"

extern const struct statement person_amend_statement, person_merge_statement, person_erase_statement;

enum reason person_amend_valid(struct call *);
void person_amend_bind(struct call *, struct set *);
enum reason person_amend_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason person_merge_valid(struct call *);
void person_merge_bind(struct call *, struct set *);
enum reason person_merge_render(struct call *, const struct rows *, ProtobufCMessage **);
enum reason person_erase_valid(struct call *);
void person_erase_bind(struct call *, struct set *);
enum reason person_erase_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
