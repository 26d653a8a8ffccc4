/* SPDX-License-Identifier: Apache-2.0 */
/* What a command prints on a terminal, page by page if it is more than a screen. */
#ifndef MINGCE_CLI_PAGER_H
#define MINGCE_CLI_PAGER_H

#include <stdbool.h>

/* Where standard output leads while it is gathered. */
struct pager {
    int terminal; /* -1: nothing is gathered */
    int gathered; /* a file in memory, which standard output is meanwhile */
};

/* Gathers what is printed from now on, if it would go to a terminal and MINGCE_PAGER, or PAGER, does not forbid it: empty, or
 * "cat". */
void pager_begin(struct pager *);
/* Standard output is the terminal again, and what was gathered is shown: by the pager if it is longer than the screen. `clear`: it
 * has personal data in clear, which no other pager than less may show, and less only in its secure mode, without a file of what
 * was looked for. A pager that cannot be run is done without; how it ends changes no exit status. */
void pager_end(struct pager *, bool clear);

#endif
