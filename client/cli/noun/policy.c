/* SPDX-License-Identifier: Apache-2.0 */
/* Policies: the parameters of rules, each with the days on which it is in force. */
#include <stdio.h>

#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/noun/proposal.h"
#include "proto/policy.pb-c.h"

static const struct shown proposed_columns[] = {{"proposal_id", "提议编号", "proposal", .as = AS_ID}};
static const struct show proposed = SHOW(proposed_columns);

static int policy_propose(struct cli *cli, struct given *given)
{
    Mingce__V1__PolicyProposeRequest request = MINGCE__V1__POLICY_PROPOSE_REQUEST__INIT;
    request.name = given_text(given, "NAME");
    request.value = (int64_t) given_number(given, "value");
    request.valid_from = given_text(given, "from");
    request.valid_to = given_text(given, "to");
    request.citation = given_text(given, "citation");
    return show_write(cli, "policy.propose", &request.base, &proposed);
}

/* ---- list ---- */

static const struct shown columns[] = {
    {"division", "区划", "division", .as = AS_TEXT},
    {"name", "名称", "name", .as = AS_TEXT},
    {"value", "数值", "value", .as = AS_NUMBER},
    {"valid_from", "起始", "from", .as = AS_TEXT},
    {"valid_to", "截止", "to", .as = AS_TEXT},
    {"citation", "文件依据", "citation", .as = AS_TEXT},
    {"proposal_id", "提议编号", "proposal", .as = AS_ID},
};
static const struct show list = SHOW(columns);

static int policy_list(struct cli *cli, struct given *given)
{
    Mingce__V1__PolicyListRequest request = MINGCE__V1__POLICY_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "policy.list", .show = &list, .request = &request.base};
    request.has_pending = request.pending = given_has(given, "pending");
    request.day = given_text(given, "day");
    request.division = given_text(given, "division");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "policy",
     .verb = "propose",
     .run = policy_propose,
     .method = "policy.propose",
     .zh = "提出政策参数",
     .en = "proposes a policy's value",
     ARGUMENTS({"NAME", VALUE_TEXT, NEEDED, .list = "policies", .zh = "政策参数的名称，范围见代码表",
                .en = "the policy; the list has the bounds, too"}),
     OPTIONS({"value", VALUE_NUMBER, NEEDED, .most = INT64_MAX, .zh = "数值", .en = "its value"},
             {"from", VALUE_DAY, NEEDED, .zh = "起始日期", .en = "from that day on"},
             {"citation", VALUE_TEXT, NEEDED, .zh = "文件依据", .en = "the document that it rests on"},
             {"to", VALUE_DAY, .zh = "截止日期", .en = "up to that day"}),
     .example_zh = "policy propose publicity_days --value 7 --from 2026-07-01 --citation 示例文〔2026〕1号",
     .example_en = "policy propose publicity_days --value 7 --from 2026-07-01 --citation \"Example 2026-1\""},
    {.noun = "policy",
     .verb = "list",
     .run = policy_list,
     .method = "policy.list",
     .zh = "政策参数",
     .en = "policies",
     OPTIONS(OPTIONS_PROPOSED, OPTIONS_LIST)},
    {.noun = "policy",
     .verb = "decide",
     .run = proposal_decide,
     .method = "policy.decide",
     .zh = "批准或驳回所提参数",
     .en = "decides proposed policies",
     ARGUMENTS(ARGUMENT_PROPOSALS("policy list --pending")),
     OPTIONS(OPTION_DECISION),
     .notes_zh = "提出人不能批准自己的提议",
     .notes_en = "who proposed does not put in force"},
};
const struct commands policy_commands = {commands, sizeof(commands) / sizeof(*commands)};
