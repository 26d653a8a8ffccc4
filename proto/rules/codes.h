/* SPDX-License-Identifier: Apache-2.0 */
/* Code tables (A2, A8), the same rows that the migrations load: generated from them. */
#ifndef MINGCE_PROTO_CODES_H
#define MINGCE_PROTO_CODES_H

#include <stdbool.h>
#include <stdint.h>

enum code_table {
    CODES_SKILL_LEVEL,
    CODES_TRAINEE_GROUP,
    CODES_TRAINING_KIND,
    CODES_ETHNICITY,
    CODES_EDUCATION,
    CODES_CATALOGUE_KIND
};

/* The code of a cell's words (proto/rules/cell.h): a name, or another word in use for it. False: not in the table. */
bool code_of_cell(enum code_table, const char *cell, uint8_t *code);
/* NULL: no such code. */
const char *code_name(enum code_table, uint8_t code);

#endif
