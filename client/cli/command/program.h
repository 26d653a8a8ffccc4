/* SPDX-License-Identifier: Apache-2.0 */
/* A program that is made of tables of commands: `mingce`, `mingce-witness`. */
#ifndef MINGCE_CLI_PROGRAM_H
#define MINGCE_CLI_PROGRAM_H

#include "client/cli/command/command.h"

struct program {
    const char *name;
    bool profiles;       /* the program calls a server, which a profile names */
    const char *also[2]; /* a second name of a noun, and the noun; NULL: there is none */
    const struct commands *const *tables;
    size_t n;
};

/* Does all that main() has to do. Returns the exit status. */
int program_main(const struct program *, int argc, char **argv);

/* The whole table as JSON: manual pages, completion and tests are made from it. */
void program_describe(const struct program *, const struct command *const *rows, size_t n);

#endif
