/* SPDX-License-Identifier: Apache-2.0 */
/* What a template says of each column besides its name. */
#ifndef MINGCE_CLI_TEMPLATE_FIELD_H
#define MINGCE_CLI_TEMPLATE_FIELD_H

#include "client/cli/sheet/form.h"
#include "client/cli/sheet/xlsx_write.h"

struct template_field {
    const char *example; /* empty: none */
    const char *how;     /* what is to be filled in, a sentence in Chinese without its full stop */
    struct xlsx_words words;
};

/* NULL: nothing is known of it. */
const struct template_field *template_field(const struct form *, const char *field);

#endif
