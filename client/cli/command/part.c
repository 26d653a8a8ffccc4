/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/part.h"

#include <stdio.h>

struct table *part_table(const struct cli *cli, const struct table_column *columns, size_t n)
{
    return cli->json ? table_new(cli, columns, n) : table_new(cli, columns + 1, n - 1);
}

void part_row(struct table *table, const struct cli *cli, const char *part)
{
    if (cli->json)
        table_text(table, part);
}

void part_title(const struct cli *cli, const char *zh, const char *en)
{
    if (!cli->json)
        printf("\n%s\n", cli_say(cli, zh, en));
}
