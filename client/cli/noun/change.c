/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of operators that wait for a second security administrator. */
#include <stdio.h>

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
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

static int change_list(struct cli *cli, struct given *given)
{
    Mingce__V1__ChangeListRequest request = MINGCE__V1__CHANGE_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "change.list", .show = &list, .request = &request.base};
    request.has_all = request.all = given_has(given, "all");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

static int change_decide(struct cli *cli, struct given *given)
{
    Mingce__V1__ChangeDecideRequest request = MINGCE__V1__CHANGE_DECIDE_REQUEST__INIT;
    request.change_id = given_id(given, "CHANGE");
    return cli_write(cli, given->command->method, &request.base);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "change",
     .verb = "list",
     .run = change_list,
     .method = "change.list",
     .zh = "待确认的变更",
     .en = "changes that wait for a second administrator",
     OPTIONS({"all", VALUE_FLAG, .zh = "也列出已决定的", .en = "those decided too"}, OPTIONS_LIST)},
    {.noun = "change",
     .verb = "confirm",
     .run = change_decide,
     .method = "change.confirm",
     .zh = "确认他人提出的变更",
     .en = "confirms somebody else's change",
     ARGUMENTS({"CHANGE", VALUE_ID, NEEDED, .zh = "变更编号，见 change list",
                .en = "the change's id, as change list shows it"})},
    {.noun = "change",
     .verb = "reject",
     .run = change_decide,
     .method = "change.reject",
     .zh = "驳回变更",
     .en = "rejects a change",
     ARGUMENTS({"CHANGE", VALUE_ID, NEEDED, .zh = "变更编号，见 change list",
                .en = "the change's id, as change list shows it"})},
};
const struct commands change_commands = {commands, sizeof(commands) / sizeof(*commands)};
