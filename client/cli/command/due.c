/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/due.h"

#include <stdio.h>
#include <string.h>

#include "proto/wire.pb-c.h"

void counted_cell(struct table *table, const struct cli *cli, const char *on, const char *known_until)
{
    char text[64];
    if (on == NULL || known_until == NULL || strcmp(on, known_until) <= 0) {
        table_text(table, on);
        return;
    }
    snprintf(text, sizeof(text), cli->zh ? "%s（暂定）" : "%s (provisional)", on);
    table_cell(table, text, cli->json ? json_object_new_string(on) : NULL);
}

void late_cell(struct table *table, const struct cli *cli, bool overdue)
{
    table_cell(table, overdue ? cli_say(cli, "超期", "overdue") : "", json_object_new_boolean(overdue));
}

void sentence_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *finding)
{
    const Mingce__V1__Finding *found = (const Mingce__V1__Finding *) finding;
    table_text(table, cli_say(cli, found->zh, found->en));
}
