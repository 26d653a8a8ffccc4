/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/show.h"
#include "client/cli/frame/call.h"
#include "client/cli/noun/operator.h"
#include "proto/wire.pb-c.h"

static void roles_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *hello)
{
    const Mingce__V1__Caller *caller = ((const Mingce__V1__Hello *) hello)->caller;
    operator_roles_cell(table, cli, caller->role, caller->n_role);
}

static void methods_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *hello)
{
    const Mingce__V1__Caller *caller = ((const Mingce__V1__Hello *) hello)->caller;
    char shown[4096] = "";
    struct json_object *names = json_object_new_array();
    (void) cli;
    for (size_t i = 0; i < caller->n_method; i++) {
        size_t n = strlen(shown);
        snprintf(shown + n, sizeof(shown) - n, "%s%s", i > 0 ? ", " : "", caller->method[i]);
        json_object_array_add(names, json_object_new_string(caller->method[i]));
    }
    table_cell(table, shown, names);
}

static const struct shown columns[] = {
    {"operator_id", "编号", "id", .as = AS_ID, .field = "caller.operator_id"},
    {"name", "姓名", "name", .as = AS_TEXT, .field = "caller.name"},
    {"role", "角色", "roles", .as = AS_CELL, .cell = roles_cell},
    {"organisation", "机构", "organisation", .as = AS_TEXT, .field = "caller.organisation.name"},
    {"code", "统一社会信用代码", "code", .as = AS_TEXT, .field = "caller.organisation.code"},
    {"kind", "机构类型", "kind", .as = AS_WORD, .field = "caller.organisation.kind", .words = WORD_KIND},
    {"division", "行政区划", "division", .as = AS_TEXT, .field = "caller.organisation.division"},
    {"method", "可用方法", "methods", .as = AS_CELL, .cell = methods_cell},
    {"server_time", "服务端时间", "server time", .as = AS_TIME},
};
static const struct show record = SHOW(columns);

static int whoami(struct cli *cli, struct given *given)
{
    (void) given;
    int status = cli_connect(cli);
    if (status == CLI_OK)
        show_record(cli, &record, &mingce_hello(cli->server)->base);
    return status;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "whoami",
     .run = whoami,
     .zh = "我是谁、可以做什么",
     .en = "who the server takes me for, and what I may do"},
};
const struct commands whoami_commands = {commands, sizeof(commands) / sizeof(*commands)};
