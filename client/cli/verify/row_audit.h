/* SPDX-License-Identifier: Apache-2.0 */
/* `mingce audit rows`: what was found, and its printing. */
#ifndef MINGCE_CLI_ROW_AUDIT_H
#define MINGCE_CLI_ROW_AUDIT_H

#include "client/cli/frame/cli.h"
#include "client/cli/verify/row_log.h"
#include "client/cli/verify/row_money.h"

enum { COMPARISON_TABLES = ROW_TABLES };

struct comparison {
    struct cli *cli;
    struct row_set set;
    struct row_log log;
    struct money money;
    size_t read; /* rows */
    bool misread
        [COMPARISON_TABLES]; /* tables, by their numbers, that the database covers by other columns than are known here */
};

/* A table of what was found, the first so many. */
void comparison_print(const struct comparison *);

#endif
