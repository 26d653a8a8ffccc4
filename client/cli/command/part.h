/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of several tables, as an account or a story is: for people each has a title, for programs each row says its part. */
#ifndef MINGCE_CLI_PART_H
#define MINGCE_CLI_PART_H

#include "client/cli/command/show.h"

/* The first column is the part's name, which only programs see. */
struct table *part_table(const struct cli *, const struct table_column *, size_t n);
void part_row(struct table *, const struct cli *, const char *part);
void part_title(const struct cli *, const char *zh, const char *en);

/* A part whose rows are messages. */
struct part {
    const char *name;    /* of each row, as programs get it */
    const char *field;   /* of the answer: a message, or several */
    const char *zh, *en; /* the title; NULL: it has none */
    struct show show;
    bool record; /* its one row is shown as a line for each column */
    bool always; /* also where it has no row */
};
void parts_print(const struct cli *, const struct part *, size_t n, const ProtobufCMessage *answer);

#endif
