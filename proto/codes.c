/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codes.h"

#include <stdlib.h>
#include <string.h>

struct code_row {
    enum code_table table;
    uint8_t code;
    const char *name;
};

#include "proto/codes_data.inc"

/* A few hundred short rows: a scan costs less than what surrounds it. */
static const struct code_row *row_named(const struct code_row *rows, size_t n, enum code_table table,
                                        const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].table == table && strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

bool code_named(enum code_table table, const char *name, uint8_t *code)
{
    const struct code_row *row = row_named(names, sizeof(names) / sizeof(*names), table, name);
    if (row == NULL)
        row = row_named(aliases, sizeof(aliases) / sizeof(*aliases), table, name);
    if (row == NULL)
        return false;
    *code = row->code;
    return true;
}

const char *code_name(enum code_table table, uint8_t code)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (names[i].table == table && names[i].code == code)
            return names[i].name;
    return NULL;
}

static int division_compare(const void *code, const void *row)
{
    return memcmp(code, row, 6);
}

bool division_known(const char code[6])
{
    return bsearch(code, divisions, sizeof(divisions) / sizeof(*divisions), sizeof(*divisions),
                   division_compare) != NULL;
}
