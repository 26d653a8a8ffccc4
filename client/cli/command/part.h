/* SPDX-License-Identifier: Apache-2.0 */
/* Prints answers that consist of several tables, such as a person's account or a claim's story. For people each table has a title;
 * for programs each row says to which part it belongs. */
#ifndef MINGCE_CLI_PART_H
#define MINGCE_CLI_PART_H

#include "client/cli/command/show.h"

/* The first column holds the part's name, and only programs get it. */
struct table *part_table(const struct cli *, const struct table_column *, size_t n);
void part_row(struct table *, const struct cli *, const char *part);
void part_title(const struct cli *, const char *zh, const char *en);

/* A part whose rows are messages. */
struct part {
    const char *name;    /* that each row has for programs */
    const char *field;   /* of the answer: a message, or several; only parts_print() needs it */
    const char *zh, *en; /* the title; NULL: it has none */
    struct show show;
    bool record; /* its one row is shown as a line for each column */
    bool always; /* it is printed even without rows */
};
/* Prints a part whose rows are these, whatever field they come from. */
void part_print(const struct cli *, const struct part *, ProtobufCMessage *const *rows, size_t n);
/* Does the same, where it is the list that `--format` and `--output` are for; what is printed besides goes to stderr then. Returns
 * CLI_OK, or CLI_FILE after saying why the file could not be written. */
int part_list(const struct cli *, const struct part *, ProtobufCMessage *const *rows, size_t n);
/* Prints the parts of an answer in their order. */
void parts_print(const struct cli *, const struct part *, size_t n, const ProtobufCMessage *answer);

#endif
