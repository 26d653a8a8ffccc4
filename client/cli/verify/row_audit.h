/* SPDX-License-Identifier: Apache-2.0 */
/* What `mingce audit rows` has found, and how it is printed. */
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
        [COMPARISON_TABLES]; /* by the table's number: the database covers other columns of it than are known here */
};

/* Prints a table of the findings, up to a bound. */
void comparison_print(const struct comparison *);

#endif
