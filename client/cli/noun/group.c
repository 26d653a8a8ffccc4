/* SPDX-License-Identifier: Apache-2.0 */
/* Trainee groups as dated facts with their evidence. */
#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/show.h"
#include "client/cli/frame/call.h"

static const struct shown columns[] = {{"fact_id", "记录编号", "fact", .as = AS_ID}};
static const struct show added = SHOW(columns);

static int group_add(struct cli *cli, struct given *given)
{
    Mingce__V1__GroupAddRequest request = MINGCE__V1__GROUP_ADD_REQUEST__INIT;
    struct ask_person named;
    char evidence[ASK_LINE];
    if (!ask_person(cli, given, &named) || !ask_line(cli, "证明材料", "evidence", evidence))
        return CLI_USAGE;
    request.key = &named.message;
    request.trainee_group = given_text(given, "group");
    request.valid_from = given_text(given, "from");
    request.valid_to = given_text(given, "to");
    request.evidence = evidence;
    return show_write(cli, "group.add", &request.base, &added);
}

static int group_end(struct cli *cli, struct given *given)
{
    Mingce__V1__GroupEndRequest request = MINGCE__V1__GROUP_END_REQUEST__INIT;
    request.fact_id = given_id(given, "FACT");
    request.valid_to = given_text(given, "to");
    return cli_write(cli, "group.end", &request.base);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "group",
     .verb = "add",
     .run = group_add,
     .method = "group.add",
     .zh = "登记人员类别及其证明",
     .en = "records a trainee group with its evidence",
     OPTIONS({"group", VALUE_TEXT, NEEDED, "WORDS", .list = "groups", .zh = "人员类别",
              .en = "the trainee group"},
             {"from", VALUE_DAY, NEEDED, .zh = "起始日期", .en = "from that day on"},
             {"to", VALUE_DAY, .zh = "截止日期", .en = "up to that day"}, OPTIONS_PERSON),
     .notes_zh = NOTES_DOCUMENT_ZH "\n最后一行为证明材料",
     .notes_en = NOTES_DOCUMENT_EN "\nthen a line with the evidence"},
    {.noun = "group",
     .verb = "end",
     .run = group_end,
     .method = "group.end",
     .zh = "终止人员类别",
     .en = "ends it",
     ARGUMENTS({"FACT", VALUE_ID, NEEDED, .zh = "记录编号，见 trainee show",
                .en = "the record's id, as trainee show has it"}),
     OPTIONS({"to", VALUE_DAY, NEEDED, .zh = "截止日期", .en = "up to that day"})},
};
const struct commands group_commands = {commands, sizeof(commands) / sizeof(*commands)};
