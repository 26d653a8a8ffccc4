/* SPDX-License-Identifier: Apache-2.0 */
/* mingce-witness: cosigns the logs of others (C2SP tlog-witness). It calls no server and needs no profile. */
#include "client/cli/command/program.h"
#include "client/witness/witness_command.h"

int main(int argc, char **argv)
{
    static const struct commands *const tables[] = {&witness_commands};
    const struct program program = {.name = "mingce-witness", .tables = tables, .n = 1};
    return program_main(&program, argc, argv);
}
