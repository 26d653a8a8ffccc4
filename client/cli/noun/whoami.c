/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "client/cli/noun/operator.h"
#include "proto/wire.pb-c.h"

static void methods_cell(struct table *table, const Mingce__V1__Caller *caller)
{
    char shown[4096] = "";
    struct json_object *names = json_object_new_array();
    for (size_t i = 0; i < caller->n_method; i++) {
        size_t n = strlen(shown);
        snprintf(shown + n, sizeof(shown) - n, "%s%s", i > 0 ? ", " : "", caller->method[i]);
        json_object_array_add(names, json_object_new_string(caller->method[i]));
    }
    table_cell(table, shown, names);
}

static int whoami(struct cli *cli, struct given *given)
{
    static const struct table_column columns[] = {
        {"operator_id", "编号", "id", false},
        {"name", "姓名", "name", false},
        {"role", "角色", "roles", false},
        {"organisation", "机构", "organisation", false},
        {"code", "统一社会信用代码", "code", false},
        {"kind", "机构类型", "kind", false},
        {"division", "行政区划", "division", false},
        {"method", "可用方法", "methods", false},
        {"server_time", "服务端时间", "server time", false},
    };
    char id[2 * HEX_KEY_HASH + 1] = "", time[CLI_TIME];
    (void) given;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    const Mingce__V1__Hello *hello = mingce_hello(cli->server);
    const Mingce__V1__Caller *caller = hello->caller;
    hex_format(caller->operator_id, id);
    cli_time(hello->server_time_ms, time);
    struct table *table = table_new(cli, columns, sizeof(columns) / sizeof(*columns));
    table_text(table, id);
    table_text(table, caller->name);
    operator_roles_cell(table, cli, caller->role, caller->n_role);
    table_text(table, caller->organisation->name);
    table_text(table, caller->organisation->code);
    word_cell(table, cli, WORD_KIND, (int) caller->organisation->kind);
    table_text(table, caller->organisation->division);
    methods_cell(table, caller);
    table_text(table, time);
    table_row(table);
    table_end_record(table);
    return CLI_OK;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "whoami",
     .run = whoami,
     .zh = "我是谁、可以做什么",
     .en = "who the server takes me for, and what I may do"},
};
const struct commands whoami_commands = {commands, sizeof(commands) / sizeof(*commands)};
