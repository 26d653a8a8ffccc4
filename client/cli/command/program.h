/* SPDX-License-Identifier: Apache-2.0 */
/* A program that is made of tables of commands: `mingce`, `mingce-witness`. */
#ifndef MINGCE_CLI_PROGRAM_H
#define MINGCE_CLI_PROGRAM_H

#include "client/cli/command/command.h"

struct program {
    const char *name;
    bool profiles;       /* it calls a server, as a profile says */
    const char *also[2]; /* a noun as it is called too, and by its row; NULL: none */
    const struct commands *const *tables;
    size_t n;
};

/* All that main does. Returns the exit status. */
int program_main(const struct program *, int argc, char **argv);

/* The whole table as JSON: manual pages, completion and tests are made from it. */
void program_describe(const struct program *, const struct command *const *rows, size_t n);

#endif
