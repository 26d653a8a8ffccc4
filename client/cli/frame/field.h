/* SPDX-License-Identifier: Apache-2.0 */
/* What a request's field is called where people read it: as the column or the option is. */
#ifndef MINGCE_CLI_FIELD_H
#define MINGCE_CLI_FIELD_H

#include <stddef.h>

#include "client/cli/frame/cli.h"

/* The field's own name for programs (--json), and where it has no other. */
const char *field_shown(const struct cli *, const char *field);
/* The same of several, "a, b" as a refusal names them. What does not fit whole is left out. */
void field_list(const struct cli *, const char *fields, char *shown, size_t size);

#endif
