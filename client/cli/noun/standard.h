/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a file of subsidy standards, as `standard load` and drafts have them. */
#ifndef MINGCE_CLI_STANDARD_H
#define MINGCE_CLI_STANDARD_H

#include "client/cli/noun/roster.h"
#include "client/cli/sheet/form.h"
#include "client/cli/sheet/forms.h"
#include "proto/standard.pb-c.h"

struct standard_rows {
    Mingce__V1__StandardRow *rows, **list; /* of each data row; room for as many of them */
    struct standard_text *texts;           /* what the rows point to */
};

/* False: out of memory. What there is is freed with the rest. */
bool standard_rows_room(struct standard_rows *, size_t n);
/* Reads data row `i` into its place; what cannot be read is noted. False: out of memory. */
bool standard_rows_read(struct standard_rows *, const struct form_file *, size_t i, struct judgement *);
void standard_rows_free(struct standard_rows *);

#endif
