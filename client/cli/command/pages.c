/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/frame/call.h"
#include "client/cli/frame/message.h"
#include "client/cli/frame/method.h"
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

/* Asks for a page. */
static ProtobufCMessage *page_ask(const struct cli *cli, const struct pages *pages,
                                  ProtobufCBinaryData cursor, uint32_t rows, int *status)
{
    const ProtobufCMessageDescriptor *type = pages->request->descriptor;
    if (message_field(type, "cursor") != NULL) {
        message_set_bytes(pages->request, "cursor", cursor);
        message_set_uint32(pages->request, "page_rows", rows);
    }
    ProtobufCMessage *answer = cli_call(cli, pages->method, pages->request, status);
    if (message_field(type, "cursor") != NULL)
        message_set_bytes(pages->request, "cursor", (ProtobufCBinaryData){0, NULL}); /* its bytes are ours */
    return answer;
}

/* The next cursor; length 0: that was the last page. */
static ProtobufCBinaryData page_next(const ProtobufCMessage *answer)
{
    const ProtobufCFieldDescriptor *next = message_field(answer->descriptor, "next");
    return next == NULL || !message_has(answer, next)
               ? (ProtobufCBinaryData){0, NULL}
               : *(const ProtobufCBinaryData *) message_value(answer, next);
}

/* The field of an answer that has its rows. */
static const ProtobufCFieldDescriptor *rows_field(const ProtobufCMessageDescriptor *answer)
{
    for (unsigned i = 0; i < answer->n_fields; i++)
        if (answer->fields[i].label == PROTOBUF_C_LABEL_REPEATED &&
            answer->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            return &answer->fields[i];
    abort();
}

/* Puts the page into the table; returns how many rows it has. */
static size_t page_show(struct table *table, const struct cli *cli, const struct pages *pages,
                        const ProtobufCMessage *answer)
{
    ProtobufCMessage *const *rows;
    size_t n = message_list(answer, rows_field(answer->descriptor)->name, &rows);
    for (size_t i = 0; i < n; i++) {
        if (pages->row != NULL)
            pages->row(table, cli, rows[i]);
        else
            show_cells(table, cli, pages->show, rows[i]);
        table_row(table);
    }
    return n;
}

uint64_t pages_limit(const struct cli *cli, struct given *given)
{
    return cli_cells(cli) && !given_has(given, "limit") ? 0 : given_number(given, "limit");
}

int pages_print(struct cli *cli, const struct pages *pages, uint64_t most)
{
    struct pages_way way = {.steps = 0};
    bool zh = cli->zh;
    struct table_column columns[SHOW_MOST];
    uint64_t shown = 0;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    if (pages->row == NULL)
        show_check(pages->show, rows_field(method_declared(pages->method)->response)->descriptor);
    show_columns(pages->show, columns);
    struct table *table = table_list(cli, columns, pages->show->n);
    if (table == NULL)
        return CLI_FILE;
    do {
        uint32_t page = mingce_hello(cli->server)->limits->page_rows;
        uint32_t rows = most > 0 && most - shown < page ? (uint32_t) (most - shown) : page;
        ProtobufCMessage *answer = page_ask(cli, pages, way.cursor, rows, &status);
        if (answer == NULL)
            break;
        cli->zh = zh || cli_cells(cli);
        size_t n = page_show(table, cli, pages, answer);
        cli->zh = zh; /* what the last page says besides is no cell of the file */
        if (pages->last != NULL && page_next(answer).len == 0)
            pages->last(cli, answer);
        shown += n;
        status = pages_go_on(cli, &way, n, page_next(answer));
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
