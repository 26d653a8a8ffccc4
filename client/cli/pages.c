/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/wire.pb-c.h"

enum { CURSOR_BYTES = 256 };

int pages_print(struct cli *cli, const struct pages *pages, const char *limit, uint64_t fallback)
{
    uint8_t bytes[CURSOR_BYTES];
    ProtobufCBinaryData cursor = {0, bytes}, next;
    uint64_t most = fallback, shown = 0;
    if (limit != NULL && !cli_number(cli, "--limit", limit, 0, UINT32_MAX, &most))
        return CLI_USAGE;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    struct table *table = table_new(cli, pages->columns, pages->columns_n);
    do {
        uint32_t page = mingce_hello(cli->server)->limits->page_rows;
        uint32_t rows = most > 0 && most - shown < page ? (uint32_t) (most - shown) : page;
        ProtobufCMessage *answer = cli_call(cli, pages->method, pages->request(pages->context, cursor, rows),
                                            false, pages->response, &status);
        if (answer == NULL)
            break;
        next = (ProtobufCBinaryData){0, NULL};
        shown += pages->show(table, cli, answer, &next);
        cursor.len = next.len <= sizeof(bytes) ? next.len : 0;
        if (cursor.len > 0)
            memcpy(bytes, next.data, cursor.len);
        protobuf_c_message_free_unpacked(answer, NULL);
    } while (cursor.len > 0 && (most == 0 || shown < most));
    (status == CLI_OK || shown > 0 ? table_end : table_drop)(table);
    if (status == CLI_OK && cursor.len > 0)
        fprintf(stderr,
                cli->zh ? "只列出前 %llu 条；用 --limit 0 列出全部\n"
                        : "the first %llu; --limit 0 lists all\n",
                (unsigned long long) shown);
    return status;
}
