/* SPDX-License-Identifier: Apache-2.0 */
/* The country's administrative divisions (GB/T 2260), today's and former ones: generated from proto/divisions.csv and the migrations. */
#ifndef MINGCE_PROTO_DIVISION_H
#define MINGCE_PROTO_DIVISION_H

#include <stdbool.h>

enum { DIVISION_BYTES = 6 + 1 };

/* A code that is or was one. */
bool division_known(const char code[6]);
struct division {
    char code[DIVISION_BYTES];
    const char *name;
    bool current; /* not a former one */
};
/* The row of that place, from 0, by code. False: behind the last. */
bool division_at_place(unsigned long place, struct division *);
/* The division that a cell says, by its code or by its names, full or short: 370602, 山东省烟台市芝罘区, 烟台芝罘, 芝罘区. False: none,
 * or several that nothing tells apart. */
bool division_of_cell(const char *cell, char code[DIVISION_BYTES]);

#endif
