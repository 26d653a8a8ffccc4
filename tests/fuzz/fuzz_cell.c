/* SPDX-License-Identifier: Apache-2.0 */
/* A cell of any file: what it is read as is in normal form, and is read as the same again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/cell.h"
#include "proto/rules/codes.h"
#include "proto/rules/division.h"
#include "proto/rules/document.h"
#include "proto/rules/occupation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CELL = 512 };

static void require(int holds)
{
    if (!holds)
        abort();
}

static void days(const char *cell)
{
    char text[DAY_TEXT];
    day on = cell_day(cell);
    if (on == DAY_NONE)
        return;
    day_format(on, text);
    require(cell_day(text) == on);
}

/* The mark before what a spreadsheet would spoil falls away again. */
static void marks(const char *cell)
{
    char marked[CELL + 2], bare[CELL * 2], again[CELL * 2];
    bool control;
    if (!cell_spoilt(cell) || !cell_text(cell, CELL, bare, sizeof(bare), &control))
        return;
    snprintf(marked, sizeof(marked), "'%s", cell);
    require(cell_text(marked, CELL, again, sizeof(again), &control));
    char trimmed[CELL * 2];
    require(cell_text(again, CELL, trimmed, sizeof(trimmed), &control));
    require(strcmp(trimmed, bare) == 0 || strcmp(again, bare) == 0);
}

static void words(const char *cell)
{
    char code[DIVISION_BYTES];
    uint8_t group;
    enum document_type type;
    const struct occupation *occupation = occupation_of_cell(cell);
    if (division_of_cell(cell, code))
        require(division_known(code));
    if (code_of_cell(CODES_TRAINEE_GROUP, cell, &group))
        require(code_name(CODES_TRAINEE_GROUP, group) != NULL);
    if (document_type_of(cell, &type))
        require(*document_type_zh(type) != '\0');
    if (occupation != NULL)
        require(occupation_of_cell(occupation->code) == occupation);
    (void) cell_invisible(cell);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char cell[CELL];
    size_t n = size < sizeof(cell) - 1 ? size : sizeof(cell) - 1;
    memcpy(cell, data, n);
    cell[n] = '\0';
    days(cell);
    marks(cell);
    words(cell);
    require(cell_tenths(cell, 1000) <= 1000);
    return 0;
}
