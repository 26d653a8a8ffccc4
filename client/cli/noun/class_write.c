/* SPDX-License-Identifier: Apache-2.0 */
/* Amending, starting, completing and cancelling classes; trainees who leave one, and come back. */

#include "client/cli/command/ask.h"
#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/frame/call.h"
#include "proto/class.pb-c.h"
#include "proto/training.pb-c.h"

static int class_amend(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassAmendRequest request = MINGCE__V1__CLASS_AMEND_REQUEST__INIT;
    request.number = given_number(given, "NUMBER");
    request.version = (uint32_t) given_number(given, "version");
    request.title = given_text(given, "title");
    request.starts_on = given_text(given, "starts");
    request.ends_on = given_text(given, "ends");
    request.has_capacity = given_has(given, "capacity");
    request.capacity = (uint32_t) given_number(given, "capacity");
    return cli_write(cli, "class.amend", &request.base);
}

static int class_state(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassStateRequest request = MINGCE__V1__CLASS_STATE_REQUEST__INIT;
    request.number = given_number(given, "NUMBER");
    request.version = (uint32_t) given_number(given, "version");
    return cli_write(cli, given->command->method, &request.base);
}

static int class_cancel(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassStateRequest request = MINGCE__V1__CLASS_STATE_REQUEST__INIT;
    request.number = given_number(given, "NUMBER");
    request.version = (uint32_t) given_number(given, "version");
    request.reason = given_text(given, "reason");
    return cli_write(cli, "class.cancel", &request.base);
}

/* Asks for the trainee's name, if it is to be compared. False: none was given, which has been printed. */
static bool name_ask(const struct cli *cli, struct given *given, char name[ASK_LINE], char **asked)
{
    *asked = given_has(given, "confirm") ? name : NULL;
    return *asked == NULL || ask_line(cli, "学员姓名", "the trainee's name", name);
}

static int roster_remove(struct cli *cli, struct given *given)
{
    Mingce__V1__RosterRemoveRequest request = MINGCE__V1__ROSTER_REMOVE_REQUEST__INIT;
    char name[ASK_LINE];
    if (!name_ask(cli, given, name, &request.name))
        return CLI_USAGE;
    request.class_number = given_number(given, "class");
    request.seat = (uint32_t) given_number(given, "seat");
    request.reason = given_text(given, "reason");
    return cli_write(cli, "roster.remove", &request.base);
}

static int roster_restore(struct cli *cli, struct given *given)
{
    Mingce__V1__RosterRestoreRequest request = MINGCE__V1__ROSTER_RESTORE_REQUEST__INIT;
    char name[ASK_LINE];
    if (!name_ask(cli, given, name, &request.name))
        return CLI_USAGE;
    request.class_number = given_number(given, "class");
    request.seat = (uint32_t) given_number(given, "seat");
    return cli_write(cli, "roster.restore", &request.base);
}

#define OPTION_SEAT                                                                                          \
    {                                                                                                        \
        "seat", VALUE_NUMBER, NEEDED, .least = 1, .most = UINT32_MAX, .zh = "班内序号，见 roster list",      \
                                      .en = "as roster list has it"                                          \
    }
#define OPTION_CONFIRM                                                                                       \
    {                                                                                                        \
        "confirm", VALUE_FLAG, .zh = "从标准输入读取学员姓名，须与该座号相符",                               \
                               .en = "the trainee's name is read from standard input and must be the seat's" \
    }

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "class",
     .verb = "amend",
     .run = class_amend,
     .method = "class.amend",
     .zh = "变更班级（开课前）",
     .en = "amends a class before its start",
     ARGUMENTS(ARGUMENT_CLASS),
     OPTIONS(OPTION_VERSION("class show"),
             {"title", VALUE_TEXT, .value = "TITLE", .zh = "班级名称", .en = "what the class is called"},
             {"starts", VALUE_DAY, .zh = "开班日期", .en = "its first day"},
             {"ends", VALUE_DAY, .zh = "结束日期", .en = "its last day"}, OPTION_CAPACITY(OPTIONAL))},
    {.noun = "class",
     .verb = "start",
     .run = class_state,
     .method = "class.start",
     .zh = "开课",
     .en = "starts a class",
     ARGUMENTS(ARGUMENT_CLASS),
     OPTIONS(OPTION_VERSION("class show"))},
    {.noun = "class",
     .verb = "complete",
     .run = class_state,
     .method = "class.complete",
     .zh = "结班，确定结业人员",
     .en = "completes a class: who has completed is decided",
     ARGUMENTS(ARGUMENT_CLASS),
     OPTIONS(OPTION_VERSION("class show"))},
    {.noun = "class",
     .verb = "cancel",
     .final = true,
     .run = class_cancel,
     .method = "class.cancel",
     .zh = "取消班级",
     .en = "cancels a class",
     ARGUMENTS(ARGUMENT_CLASS),
     OPTIONS(OPTION_VERSION("class show"), OPTION_REASON(DEMANDED))},
    {.noun = "roster",
     .verb = "remove",
     .run = roster_remove,
     .method = "roster.remove",
     .zh = "移出学员",
     .en = "removes a trainee from a class",
     OPTIONS(OPTION_CLASS(NEEDED), OPTION_SEAT, OPTION_REASON(NEEDED), OPTION_CONFIRM)},
    {.noun = "roster",
     .verb = "restore",
     .run = roster_restore,
     .method = "roster.restore",
     .zh = "恢复学员",
     .en = "takes a removed trainee back",
     OPTIONS(OPTION_CLASS(NEEDED), OPTION_SEAT, OPTION_CONFIRM)},
};
const struct commands class_write_commands = {commands, sizeof(commands) / sizeof(*commands)};
