/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of several tables, as an account or a story is: for people each has a title, for programs each row says its part. */
#ifndef MINGCE_CLI_PART_H
#define MINGCE_CLI_PART_H

#include "client/cli/command/table.h"

/* The first column is the part's name, which only programs see. */
struct table *part_table(const struct cli *, const struct table_column *, size_t n);
void part_row(struct table *, const struct cli *, const char *part);
void part_title(const struct cli *, const char *zh, const char *en);

#endif
