/* SPDX-License-Identifier: Apache-2.0 */
/* Which covered tables the requests of a method may change: generated from the function by which the database judges it. */
#ifndef MINGCE_PROTO_CHANGES_H
#define MINGCE_PROTO_CHANGES_H

#include <stdbool.h>

/* Whether a request or command of that method may change rows of a table; "schema": the database's own objects. */
bool method_changes(const char *method, const char *table);

#endif
