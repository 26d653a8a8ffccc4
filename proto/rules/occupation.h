/* SPDX-License-Identifier: Apache-2.0 */
/* The state's classification of occupations (G3), edition of 2022: generated from the migrations. */
#ifndef MINGCE_PROTO_OCCUPATION_H
#define MINGCE_PROTO_OCCUPATION_H

#include <stddef.h>

struct occupation {
    const char *code, *name;
    const char *former; /* what the edition before called it; NULL: the same, or not known */
};

/* The row of that place, from 0; NULL: behind the last. */
const struct occupation *occupation_at(size_t place);
/* The occupation that a cell says, by its code, or by its name of today or before; NULL: none. */
const struct occupation *occupation_of_cell(const char *cell);

#endif
