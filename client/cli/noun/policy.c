/* SPDX-License-Identifier: Apache-2.0 */
/* Rules with a number in them. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/command.h"
#include "client/cli/frame/done.h"
#include "client/cli/noun/proposal.h"
#include "proto/policy.pb-c.h"

static int policy_propose(struct cli *cli, int argc, char **argv)
{
    static const struct table_column columns[] = {{"proposal_id", "提议编号", "proposal", false}};
    Mingce__V1__PolicyProposeRequest request = MINGCE__V1__POLICY_PROPOSE_REQUEST__INIT;
    const char *name, *value = NULL, *from = NULL, *citation = NULL, *to = NULL;
    char name_text[64], from_text[16], to_text[16], citation_text[PROPOSAL_TEXT];
    uint64_t number;
    int status;
    const struct cli_option options[] = {
        {"value", &value, NULL}, {"from", &from, NULL}, {"citation", &citation, NULL}, {"to", &to, NULL}};
    if (!cli_options(cli, argc, argv, options, 4, &name, 1) || !cli_required(cli, options, 3) ||
        !cli_number(cli, "--value", value, 0, INT64_MAX, &number))
        return CLI_USAGE;
    request.name = cli_copy(name_text, sizeof(name_text), name);
    request.value = (int64_t) number;
    request.valid_from = cli_copy(from_text, sizeof(from_text), from);
    request.valid_to = cli_copy(to_text, sizeof(to_text), to);
    request.citation = cli_copy(citation_text, sizeof(citation_text), citation);
    Mingce__V1__PolicyProposeResponse *answer =
        (Mingce__V1__PolicyProposeResponse *) cli_answer(cli, "policy.propose", &request.base, &status);
    if (answer == NULL)
        return status;
    done_head(cli, "policy.propose");
    struct table *table = table_new(cli, columns, 1);
    hex_cell(table, answer->proposal_id);
    table_row(table);
    table_end(table);
    mingce__v1__policy_propose_response__free_unpacked(answer, NULL);
    return CLI_OK;
}

static int policy_decide(struct cli *cli, int argc, char **argv)
{
    return proposal_decide(cli, argc, argv, "policy.decide");
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

static int policy_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__PolicyListRequest request = MINGCE__V1__POLICY_LIST_REQUEST__INIT;
    struct proposal_filter filter = {.day = NULL};
    const struct cli_option options[] = {PROPOSAL_FILTER_OPTIONS(filter)};
    const struct pages pages = {.method = "policy.list", .show = &list, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, PROPOSAL_FILTERS, NULL, 0))
        return CLI_USAGE;
    request.has_pending = request.pending = filter.pending;
    request.day = cli_copy(filter.day_text, sizeof(filter.day_text), filter.day);
    request.division = cli_copy(filter.division_text, sizeof(filter.division_text), filter.division);
    return pages_print(cli, &pages, filter.limit, 0);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"policy",
     "propose",
     policy_propose,
     "提出政策参数",
     "proposes a policy's value",
     "policy propose NAME --value N --from YYYY-MM-DD --citation TEXT [--to YYYY-MM-DD]\n",
     "  NAME  政策参数的名称及范围：mingce code list policies\n"
     "\n"
     "  mingce policy propose publicity_days --value 7 --from 2026-07-01 --citation 示例文〔2026〕1号\n",
     "  NAME  the policies and their bounds: mingce code list policies\n"
     "\n"
     "  mingce policy propose publicity_days --value 7 --from 2026-07-01 --citation \"Example 2026-1\"\n",
     {NULL}},
    {"policy",
     "list",
     policy_list,
     "政策参数",
     "policies",
     "policy list [--day YYYY-MM-DD] [--division CODE] [--pending] [--limit N]\n",
     FILTER_ZH,
     FILTER_EN,
     {NULL}},
    {"policy",
     "decide",
     policy_decide,
     "批准或驳回所提参数",
     "decides proposed policies",
     "policy decide ID[,ID...] --decision in-force|rejected\n",
     "  --decision  生效或驳回；编号见 policy list --pending\n"
     "  提出人不能批准自己的提议\n",
     "  ID  as policy list --pending has it\n"
     "  who proposed does not put in force\n",
     {NULL}},
};
const struct commands policy_commands = {commands, sizeof(commands) / sizeof(*commands)};
