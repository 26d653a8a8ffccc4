/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/money.h"

#include <inttypes.h>
#include <stdio.h>

#include "proto/rules/cell.h"

void money_text(int64_t fen, char text[MONEY_TEXT])
{
    enum { YUAN = 100 };
    uint64_t size = fen < 0 ? -(uint64_t) fen : (uint64_t) fen;
    snprintf(text, MONEY_TEXT, "%s%" PRIu64 ".%02" PRIu64, fen < 0 ? "-" : "", size / YUAN, size % YUAN);
}

void money_cell(struct table *table, bool there, int64_t fen)
{
    char text[MONEY_TEXT] = "";
    if (there)
        money_text(fen, text);
    table_cell(table, text, there ? json_object_new_int64(fen) : NULL);
}

bool money_option(const struct cli *cli, const char *option, const char *text, int64_t *fen)
{
    *fen = cell_fen(text);
    if (*fen >= 0)
        return true;
    cli_fail(cli, CLI_USAGE, "金额应为元，至多两位小数", "an amount in yuan with at most two decimals",
             option);
    return false;
}
