/* SPDX-License-Identifier: Apache-2.0 */
/* Finding persons, masked: by document, by name and birth date. proto/person.proto, migrations/api/person.sql. */
#ifndef MINGCE_REGISTRY_PERSON_FIND_H
#define MINGCE_REGISTRY_PERSON_FIND_H

#include "daemon/rpc/method.h"

extern const struct statement person_find_statement, person_search_statement;

enum reason person_find_valid(struct call *);
void person_find_bind(struct call *, struct set *);
enum reason person_find_render(struct call *, const struct rows *, ProtobufCMessage **);

enum reason person_search_valid(struct call *);
void person_search_bind(struct call *, struct set *);
enum reason person_search_render(struct call *, const struct rows *, ProtobufCMessage **);

#endif
