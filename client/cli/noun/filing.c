/* SPDX-License-Identifier: Apache-2.0 */
/* Filing and deciding classes (G0). */
#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/show.h"
#include "proto/filing.pb-c.h"

static const struct shown filed_columns[] = {
    {"version", "版本", "version", .as = AS_NUMBER},
    {"due_on", "应办日期", "due", .as = AS_TEXT},
};
static const struct show filed = SHOW(filed_columns);

static int class_file(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassFileRequest request = MINGCE__V1__CLASS_FILE_REQUEST__INIT;
    request.number = given_number(given, "NUMBER");
    request.version = (uint32_t) given_number(given, "version");
    request.materials = given_text(given, "materials");
    request.assessment_plan = given_text(given, "assessment-plan");
    return show_write(cli, "class.file", &request.base, &filed);
}

static int class_decide(struct cli *cli, struct given *given, char *reason)
{
    Mingce__V1__ClassDecideRequest request = MINGCE__V1__CLASS_DECIDE_REQUEST__INIT;
    Mingce__V1__ClassDecision row = MINGCE__V1__CLASS_DECISION__INIT, *list[] = {&row};
    row.row = 1;
    row.number = given_number(given, "NUMBER");
    row.version = (uint32_t) given_number(given, "version");
    request.row = list;
    request.n_row = 1;
    request.reason = reason;
    return rows_one(cli, given->command->method, &request.base);
}

static int class_approve(struct cli *cli, struct given *given)
{
    return class_decide(cli, given, NULL);
}

static int class_return(struct cli *cli, struct given *given)
{
    return class_decide(cli, given, given_text(given, "reason"));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "class",
     .verb = "file",
     .run = class_file,
     .method = "class.file",
     .zh = "班级备案，报主管部门审定",
     .en = "files a class with the bureau",
     ARGUMENTS(ARGUMENT_CLASS),
     OPTIONS(OPTION_VERSION("class show"),
             {"materials", VALUE_TEXT, NEEDED, "TEXT", .zh = "所用教材", .en = "the teaching materials"},
             {"assessment-plan", VALUE_TEXT, NEEDED, "TEXT", .zh = "考核方案",
              .en = "how the trainees will be assessed"}),
     .notes_zh = "须先登记名册和课程；审定前班级不能变更，只能增加学员",
     .notes_en = "the roster and the lessons come first; until the bureau decides only trainees may be added",
     .example_zh = "class file 202600001 --version 1 --materials 《家政服务员（初级）》 --assessment-plan "
                   "理论笔试60分钟，实操一对一",
     .example_en = "class file 202600001 --version 1 --materials \"Home care, junior\" --assessment-plan "
                   "\"written 60 minutes, practice one by one\""},
    {.noun = "class",
     .verb = "approve",
     .run = class_approve,
     .method = "class.approve",
     .zh = "批准备案的班级",
     .en = "approves a filed class",
     ARGUMENTS(ARGUMENT_CLASS),
     OPTIONS(OPTION_VERSION("class queue"))},
    {.noun = "class",
     .verb = "return",
     .run = class_return,
     .method = "class.return",
     .zh = "退回备案的班级，或撤回开课前的批准",
     .en = "returns a filed class, or takes its approval back before it starts",
     ARGUMENTS(ARGUMENT_CLASS),
     OPTIONS(OPTION_VERSION("class show"), OPTION_REASON(DEMANDED))},
};
const struct commands filing_commands = {commands, sizeof(commands) / sizeof(*commands)};
