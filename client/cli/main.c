/* SPDX-License-Identifier: Apache-2.0 */
/* mingce: the command line. Its commands are in the tables of the nouns. */
#include "client/cli/command/program.h"

#define COMMANDS(name) extern const struct commands name;
#include "client/cli/commands.def"
#define COMMANDS(name) &(name),
static const struct commands *const tables[] = {
#include "client/cli/commands.def"
};

int main(int argc, char **argv)
{
    const struct program program = {.name = "mingce",
                                    .profiles = true,
                                    .also = {"person", "trainee"},
                                    .tables = tables,
                                    .n = sizeof(tables) / sizeof(*tables)};
    return program_main(&program, argc, argv);
}
