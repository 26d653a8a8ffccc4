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

static const struct table_column columns[] = {
    {"change_id", "变更编号", "change", false},
    {"kind", "变更", "kind", false},
    {"operator_id", "操作员编号", "operator", false},
    {"operator_name", "姓名", "name", false},
    {"document_number", "证件号码", "document", false},
    {"organisation_name", "机构", "organisation", false},
    {"role", "角色", "roles", false},
    {"key_hash", "证书公钥摘要", "key hash", false},
    {"status", "状态", "status", false},
    {"reason", "理由", "reason", false},
    {"proposed_by", "提出人", "proposed by", false},
    {"proposed_at", "提出时间", "proposed", false},
    {"decision", "决定", "decision", false},
    {"decided_by", "决定人", "decided by", false},
    {"decided_at", "决定时间", "decided", false},
};

static void change_row(struct table *table, const struct cli *cli, const Mingce__V1__Change *change)
{
    hex_cell(table, change->change_id);
    word_cell(table, cli, WORD_CHANGE, (int) change->kind);
    hex_cell(table, change->operator_id);
    table_text(table, change->operator_name);
    table_text(table, change->document_number);
    table_text(table, change->organisation_name);
    operator_roles_cell(table, cli, change->role, change->n_role);
    hex_cell(table, change->has_key_hash ? change->key_hash : (ProtobufCBinaryData){0, NULL});
    word_optional(table, cli, WORD_OPERATOR_STATUS, change->has_status, (int) change->status);
    table_text(table, change->reason);
    table_text(table, change->proposed_by);
    table_time(table, true, change->proposed_at_ms);
    word_optional(table, cli, WORD_DECISION, change->has_decision, (int) change->decision);
    table_text(table, change->decided_by);
    table_time(table, change->has_decided_at_ms, change->decided_at_ms);
    table_row(table);
}

PAGES_ASK(Mingce__V1__ChangeListRequest)

static size_t show(struct table *table, const struct cli *cli, const ProtobufCMessage *answer,
                   ProtobufCBinaryData *next)
{
    const Mingce__V1__ChangeListResponse *response = (const Mingce__V1__ChangeListResponse *) answer;
    for (size_t i = 0; i < response->n_change; i++)
        change_row(table, cli, response->change[i]);
    if (response->has_next)
        *next = response->next;
    return response->n_change;
}

static int change_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ChangeListRequest request = MINGCE__V1__CHANGE_LIST_REQUEST__INIT;
    const char *limit = NULL;
    bool all = false;
    const struct cli_option options[] = {{"limit", &limit, NULL}, {"all", NULL, &all}};
    const struct pages pages = {.method = "change.list",
                                .columns = columns,
                                .columns_n = sizeof(columns) / sizeof(*columns),
                                .request = ask,
                                .show = show,
                                .context = &request};
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
