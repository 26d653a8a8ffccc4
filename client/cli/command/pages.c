/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/wire.pb-c.h"

static bool same(const uint8_t *bytes, size_t n, ProtobufCBinaryData cursor)
{
    return n == cursor.len && memcmp(bytes, cursor.data, n) == 0;
}

int pages_go_on(const struct cli *cli, struct pages_way *way, size_t rows, ProtobufCBinaryData next)
{
    way->empty = rows == 0 ? way->empty + 1 : 0;
    if (next.len > 0 && (way->empty > PAGES_EMPTY || next.len > PAGES_CURSOR ||
                         (way->cursor.len > 0 && same(way->bytes, way->cursor.len, next)) ||
                         (way->marked_n > 0 && same(way->marked, way->marked_n, next)))) {
        way->cursor.len = 0;
        return cli_fail(cli, CLI_UNREACHABLE, "服务器给出的列表没有进展：同一页重复出现",
                        "the list that the server gives does not go on: a page came again", NULL);
    }
    way->cursor = (ProtobufCBinaryData){next.len, way->bytes};
    if (next.len == 0)
        return CLI_OK; /* that was the last page */
    memcpy(way->bytes, next.data, next.len);
    if (way->steps++ < way->turn)
        return CLI_OK;
    way->turn = 2 * way->steps;
    way->marked_n = next.len;
    memcpy(way->marked, next.data, next.len);
    return CLI_OK;
}

int pages_print(struct cli *cli, const struct pages *pages, const char *limit, uint64_t fallback)
{
    struct pages_way way = {.steps = 0};
    bool zh = cli->zh;
    ProtobufCBinaryData next;
    uint64_t most = cli->output == NULL ? fallback : 0, shown = 0;
    if (limit != NULL && !cli_number(cli, "--limit", limit, 0, UINT32_MAX, &most))
        return CLI_USAGE;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    struct table *table = table_list(cli, pages->columns, pages->columns_n);
    if (table == NULL)
        return CLI_FILE;
    do {
        uint32_t page = mingce_hello(cli->server)->limits->page_rows;
        uint32_t rows = most > 0 && most - shown < page ? (uint32_t) (most - shown) : page;
        ProtobufCMessage *answer =
            cli_call(cli, pages->method, pages->request(pages->context, way.cursor, rows), &status);
        if (answer == NULL)
            break;
        next = (ProtobufCBinaryData){0, way.bytes};
        cli->zh = zh || cli->output != NULL;
        size_t n = pages->show(table, cli, answer, &next);
        cli->zh = zh;
        shown += n;
        status = pages_go_on(cli, &way, n, next);
        protobuf_c_message_free_unpacked(answer, NULL);
    } while (way.cursor.len > 0 && (most == 0 || shown < most));
    status = table_list_end(table, status, shown);
    fflush(stdout);
    if (status == CLI_OK && way.cursor.len > 0)
        fprintf(stderr,
                cli->zh ? "只列出前 %llu 条；用 --limit 0 列出全部\n"
                        : "the first %llu; --limit 0 lists all\n",
                (unsigned long long) shown);
    return status;
}
