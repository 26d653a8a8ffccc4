/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/occupation.h"

#include <string.h>

#include "proto/rules/cell.h"

#include "proto/occupations_data.inc"

enum { OCCUPATIONS = sizeof(occupations) / sizeof(*occupations) };

const struct occupation *occupation_at(size_t place)
{
    return place < OCCUPATIONS ? &occupations[place] : NULL;
}

const struct occupation *occupation_of_cell(const char *cell)
{
    char clean[128];
    const struct occupation *found = NULL;
    if (cell == NULL || !cell_number(cell, clean, sizeof(clean)))
        return NULL;
    for (size_t i = 0; i < OCCUPATIONS; i++) {
        const struct occupation *each = &occupations[i];
        if (strcmp(each->code, clean) == 0 || strcmp(each->name, clean) == 0)
            return each;
        if (each->former != NULL && strcmp(each->former, clean) == 0)
            found = each; /* another may be called so today */
    }
    return found;
}
