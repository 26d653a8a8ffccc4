/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of operators that wait for a second security administrator. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/words.h"
#include "client/cli/noun/operator.h"
#include "proto/operator.pb-c.h"

static void roles_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Change *change = (const Mingce__V1__Change *) message;
    operator_roles_cell(table, cli, change->role, change->n_role);
}

static const struct shown columns[] = {
    {"change_id", "变更编号", "change", .as = AS_ID},
    {"kind", "变更", "kind", .as = AS_WORD, .words = WORD_CHANGE},
    {"operator_id", "操作员编号", "operator", .as = AS_ID},
    {"operator_name", "姓名", "name", .as = AS_TEXT},
    {"document_number", "证件号码", "document", .as = AS_TEXT},
    {"organisation_name", "机构", "organisation", .as = AS_TEXT},
    {"role", "角色", "roles", .as = AS_CELL, .cell = roles_cell},
    {"key_hash", "证书公钥摘要", "key hash", .as = AS_ID},
    {"status", "状态", "status", .as = AS_WORD, .words = WORD_OPERATOR_STATUS},
    {"reason", "理由", "reason", .as = AS_TEXT},
    {"proposed_by", "提出人", "proposed by", .as = AS_TEXT},
    {"proposed_at", "提出时间", "proposed", .as = AS_TIME},
    {"decision", "决定", "decision", .as = AS_WORD, .words = WORD_DECISION},
    {"decided_by", "决定人", "decided by", .as = AS_TEXT},
    {"decided_at", "决定时间", "decided", .as = AS_TIME},
};
static const struct show list = SHOW(columns);

static int change_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ChangeListRequest request = MINGCE__V1__CHANGE_LIST_REQUEST__INIT;
    const char *limit = NULL;
    bool all = false;
    const struct cli_option options[] = {{"limit", &limit, NULL}, {"all", NULL, &all}};
    const struct pages pages = {.method = "change.list", .show = &list, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, 2, NULL, 0))
        return CLI_USAGE;
    request.has_all = all;
    request.all = all;
    return pages_print(cli, &pages, limit, 0);
}

static int decide(struct cli *cli, int argc, char **argv, const char *method)
{
    Mingce__V1__ChangeDecideRequest request = MINGCE__V1__CHANGE_DECIDE_REQUEST__INIT;
    const char *text;
    uint8_t id[HEX_ID];
    if (!cli_options(cli, argc, argv, NULL, 0, &text, 1) || !hex_parse(cli, "CHANGE", text, id, sizeof(id)))
        return CLI_USAGE;
    request.change_id = (ProtobufCBinaryData){sizeof(id), id};
    return cli_write(cli, method, &request.base);
}

static int change_confirm(struct cli *cli, int argc, char **argv)
{
    return decide(cli, argc, argv, "change.confirm");
}

static int change_reject(struct cli *cli, int argc, char **argv)
{
    return decide(cli, argc, argv, "change.reject");
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"change",
     "list",
     change_list,
     "待确认的变更",
     "changes that wait for a second administrator",
     "change list [--all] [--limit N]\n",
     "  --all  也列出已决定的\n",
     "  --all  those decided too\n",
     {NULL}},
    {"change",
     "confirm",
     change_confirm,
     "确认他人提出的变更",
     "confirms somebody else's change",
     "change confirm CHANGE\n",
     NULL,
     NULL,
     {NULL}},
    {"change",
     "reject",
     change_reject,
     "驳回变更",
     "rejects a change",
     "change reject CHANGE\n",
     NULL,
     NULL,
     {NULL}},
};
const struct commands change_commands = {commands, sizeof(commands) / sizeof(*commands)};
