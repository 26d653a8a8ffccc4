/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rules/codes.h"

#include <stdlib.h>
#include <string.h>

#include "proto/rules/cell.h"

struct code_row {
    enum code_table table;
    uint8_t code;
    const char *name;
};

#include "proto/codes_data.inc"

/* A few hundred short rows: a scan costs less than what surrounds it. */
static int row_named(const struct code_row *rows, size_t n, enum code_table table, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].table == table && cell_same_word(name, rows[i].name))
            return rows[i].code;
    return 0;
}

static int code_known(const void *table, const char *clean)
{
    enum code_table of = *(const enum code_table *) table;
    int code = row_named(names, sizeof(names) / sizeof(*names), of, clean);
    return code != 0 ? code : row_named(aliases, sizeof(aliases) / sizeof(*aliases), of, clean);
}

bool code_of_cell(enum code_table table, const char *cell, uint8_t *code)
{
    int known = cell_word(cell, code_known, &table);
    if (known != 0)
        *code = (uint8_t) known;
    return known != 0;
}

const char *code_name(enum code_table table, uint8_t code)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (names[i].table == table && names[i].code == code)
            return names[i].name;
    return NULL;
}
