/* SPDX-License-Identifier: Apache-2.0 */
/* What a spreadsheet does to a cell, and its mending (POLICY A9). */
#ifndef MINGCE_PROTO_CELL_H
#define MINGCE_PROTO_CELL_H

#include <stdbool.h>
#include <stddef.h>

/* A number or code as typed: full-width characters become half-width, every blank and a leading apostrophe go.
 * False: it does not fit into `size` bytes with its NUL. Characters beyond ASCII that are no mended form stay. */
bool cell_number(const char *cell, char *clean, size_t size);
/* A text: blanks at both ends go. False: longer than `characters`, or it does not fit. `*control` is set when a
 * control character is inside. */
bool cell_text(const char *cell, size_t characters, char *clean, size_t size, bool *control);
/* 3.70102E+17 and its kind: what is left of a long number that a spreadsheet took for a quantity. */
bool cell_scientific(const char *clean);
/* NULL or nothing but blanks. */
bool cell_empty(const char *cell);

#endif
