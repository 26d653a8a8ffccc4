/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/part.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/cli/frame/message.h"

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
        fprintf(cli_cells(cli) ? stderr : stdout, "\n%s\n", cli_say(cli, zh, en));
}

void part_print(const struct cli *cli, const struct part *part, ProtobufCMessage *const *rows, size_t n)
{
    struct table_column columns[1 + SHOW_MOST] = {{"part", "", "", false}};
    if (n == 0 && !part->always)
        return;
    show_columns(&part->show, columns + 1);
    struct table *table = part_table(cli, columns, 1 + part->show.n);
    for (size_t i = 0; i < n; i++) {
        part_row(table, cli, part->name);
        show_cells(table, cli, &part->show, rows[i]);
        table_row(table);
    }
    if (part->zh != NULL)
        part_title(cli, part->zh, part->en);
    (part->record ? table_end_record : table_end)(table);
}

int part_list(const struct cli *cli, const struct part *part, ProtobufCMessage *const *rows, size_t n)
{
    struct table_column columns[SHOW_MOST];
    struct cli chinese = *cli;
    if (!cli_cells(cli)) {
        part_print(cli, part, rows, n);
        return CLI_OK;
    }
    chinese.zh = true;
    show_columns(&part->show, columns);
    struct table *table = table_list(cli, columns, part->show.n);
    if (table == NULL)
        return CLI_FILE;
    for (size_t i = 0; i < n; i++) {
        show_cells(table, &chinese, &part->show, rows[i]);
        table_row(table);
    }
    return table_list_end(table, CLI_OK, n);
}

void parts_print(const struct cli *cli, const struct part *parts, size_t n, const ProtobufCMessage *answer)
{
    for (size_t i = 0; i < n; i++) {
        const ProtobufCFieldDescriptor *field = message_field(answer->descriptor, parts[i].field);
        ProtobufCMessage *const *rows;
        if (field == NULL || field->type != PROTOBUF_C_TYPE_MESSAGE)
            abort();
        show_check(&parts[i].show, field->descriptor);
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t rows_n = message_list(answer, field->name, &rows);
            part_print(cli, &parts[i], rows, rows_n);
        } else {
            rows = message_value(answer, field);
            part_print(cli, &parts[i], rows, *rows != NULL);
        }
    }
}
