/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/class.pb-c.h"

#include <stdio.h>

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/rules/codes.h"
#include "proto/rules/day.h"

static const struct shown columns[] = {
    {"number", "开班编号", "class", .as = AS_NUMBER},
    {"title", "班级名称", "title", .as = AS_TEXT},
    {"institution", "培训机构", "institution", .as = AS_TEXT, .field = "institution_name"},
    {"occupation_code", "职业", "occupation", .as = AS_TEXT},
    {"level", "等级", "level", .as = AS_WORD, .words = WORD_LEVEL},
    {"starts_on", "开班", "starts", .as = AS_TEXT},
    {"ends_on", "结束", "ends", .as = AS_TEXT},
    {"enrolled", "人数", "enrolled", .as = AS_NUMBER},
    {"capacity", "名额", "capacity", .as = AS_NUMBER},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_STATE},
    {"institution_code", "机构信用代码", "institution's code", .as = AS_TEXT},
    {"occupation_name", "职业名称", "occupation's name", .as = AS_TEXT},
    {"training_kind", "培训类型", "training kind", .as = AS_TEXT, .field = "training_kind_name"},
    {"hours", "计划课时", "planned hours", .as = AS_NUMBER},
    {"version", "版本", "version", .as = AS_NUMBER},
};
static const struct show list = {columns, 10}, whole = SHOW(columns);

static int class_list(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassListRequest request = MINGCE__V1__CLASS_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "class.list", .show = &list, .request = &request.base};
    return pages_print(cli, &pages, pages_limit(cli, given));
}

static int class_show(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassShowRequest request = MINGCE__V1__CLASS_SHOW_REQUEST__INIT;
    request.number = given_number(given, "NUMBER");
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    ProtobufCMessage *answer = cli_call(cli, "class.show", &request.base, &status);
    if (answer == NULL)
        return status;
    show_record(cli, &whole, &((const Mingce__V1__ClassShowResponse *) answer)->class_->base);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}

static const struct show opened = {columns, 1}; /* its number */

static int class_open(struct cli *cli, struct given *given)
{
    Mingce__V1__ClassOpenRequest request = MINGCE__V1__CLASS_OPEN_REQUEST__INIT;
    request.title = given_text(given, "title");
    request.occupation_code = given_text(given, "occupation");
    request.level = (Mingce__V1__SkillLevel) given_word(given, "level");
    request.training_kind = (uint32_t) given_number(given, "kind");
    request.starts_on = given_text(given, "starts");
    request.ends_on = given_text(given, "ends");
    request.capacity = (uint32_t) given_number(given, "capacity");
    return show_write(cli, "class.open", &request.base, &opened);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "class",
     .verb = "open",
     .run = class_open,
     .method = "class.open",
     .zh = "开班",
     .en = "opens a class",
     OPTIONS({"title", VALUE_TEXT, NEEDED, "TITLE", .zh = "班级名称", .en = "what the class is called"},
             OPTION_OCCUPATION, OPTION_LEVEL,
             {"kind", VALUE_CODE, NEEDED, "KIND", .table = CODES_TRAINING_KIND, .list = "kinds",
              .zh = "培训类型的名称或代码", .en = "the training kind's code or name"},
             {"starts", VALUE_DAY, NEEDED, .zh = "开班日期", .en = "its first day"},
             {"ends", VALUE_DAY, NEEDED, .zh = "结束日期", .en = "its last day"}, OPTION_CAPACITY(NEEDED)),
     .example_zh = "class open --title 家政服务员第三期 --occupation 4-10-01-06 --level 初级工 --kind "
                   "就业技能培训 --starts 2026-03-01 --ends 2026-05-31 --capacity 50",
     .example_en = "class open --title \"Home care 3\" --occupation 4-10-01-06 --level junior --kind 3 "
                   "--starts 2026-03-01 --ends 2026-05-31 --capacity 50"},
    {.noun = "class",
     .verb = "list",
     .run = class_list,
     .method = "class.list",
     .zh = "班级一览，新的在前",
     .en = "classes, newest first",
     OPTIONS(OPTIONS_LIST)},
    {.noun = "class",
     .verb = "show",
     .run = class_show,
     .method = "class.show",
     .zh = "一个班级",
     .en = "one class",
     ARGUMENTS(ARGUMENT_CLASS)},
};
const struct commands class_commands = {commands, sizeof(commands) / sizeof(*commands)};
