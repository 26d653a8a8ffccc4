/* SPDX-License-Identifier: Apache-2.0 */
/* The name by which people know a field of a request: that of its column or its option. */
#ifndef MINGCE_CLI_FIELD_H
#define MINGCE_CLI_FIELD_H

#include <stddef.h>

#include "client/cli/frame/cli.h"

/* Returns that name in the locale's language. Programs (--json) get the field's own name, as does a field that has no other. */
const char *field_shown(const struct cli *, const char *field);
/* Does the same for the fields that a refusal names, "a, b". A name that does not fit whole is left out. */
void field_list(const struct cli *, const char *fields, char *shown, size_t size);

#endif
