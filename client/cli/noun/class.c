/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/class.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/command/command.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/done.h"
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

static int class_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ClassListRequest request = MINGCE__V1__CLASS_LIST_REQUEST__INIT;
    const char *limit = NULL;
    const struct cli_option options[] = {{"limit", &limit, NULL}};
    const struct pages pages = {.method = "class.list", .show = &list, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, 1, NULL, 0))
        return CLI_USAGE;
    return pages_print(cli, &pages, limit, 0);
}

static int class_show(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ClassShowRequest request = MINGCE__V1__CLASS_SHOW_REQUEST__INIT;
    const char *number;
    if (!cli_options(cli, argc, argv, NULL, 0, &number, 1) ||
        !cli_number(cli, "NUMBER", number, 1, INT64_MAX, &request.number))
        return CLI_USAGE;
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

/* A name or a code of the training kind table. */
static bool training_kind(const struct cli *cli, const char *text, uint32_t *kind)
{
    uint8_t code;
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (code_of_cell(CODES_TRAINING_KIND, text, &code)) {
        *kind = code;
        return true;
    }
    if (*text != '\0' && *end == '\0' && number <= UINT8_MAX &&
        code_name(CODES_TRAINING_KIND, (uint8_t) number) != NULL) {
        *kind = (uint32_t) number;
        return true;
    }
    cli_fail(cli, CLI_USAGE, "--kind 应为下列培训类型之一：", "--kind is one of these training kinds:", NULL);
    for (uint8_t i = 1; code_name(CODES_TRAINING_KIND, i) != NULL; i++)
        fprintf(stderr, "  %u %s\n", i, code_name(CODES_TRAINING_KIND, i));
    return false;
}

struct opening {
    const char *title, *occupation, *level, *kind, *starts, *ends, *capacity;
};

static bool opening_read(struct cli *cli, int argc, char **argv, struct opening *opening)
{
    const struct cli_option options[] = {
        {"title", &opening->title, NULL},      {"occupation", &opening->occupation, NULL},
        {"level", &opening->level, NULL},      {"kind", &opening->kind, NULL},
        {"starts", &opening->starts, NULL},    {"ends", &opening->ends, NULL},
        {"capacity", &opening->capacity, NULL}};
    if (!cli_options(cli, argc, argv, options, sizeof(options) / sizeof(*options), NULL, 0))
        return false;
    return cli_required(cli, options, sizeof(options) / sizeof(*options));
}

static int class_open(struct cli *cli, int argc, char **argv)
{
    static const struct table_column answer_columns[] = {{"number", "开班编号", "class", false}};
    Mingce__V1__ClassOpenRequest request = MINGCE__V1__CLASS_OPEN_REQUEST__INIT;
    struct opening opening = {0};
    uint64_t capacity;
    int32_t starts, ends;
    char title[1024], occupation[64], starts_on[DAY_TEXT], ends_on[DAY_TEXT];
    if (!opening_read(cli, argc, argv, &opening) ||
        !training_kind(cli, opening.kind, &request.training_kind) ||
        !cli_day(cli, "--starts", opening.starts, &starts) || !cli_day(cli, "--ends", opening.ends, &ends) ||
        !cli_number(cli, "--capacity", opening.capacity, 1, 2000, &capacity))
        return CLI_USAGE;
    request.level = (Mingce__V1__SkillLevel) word_option(cli, "--level", WORD_LEVEL, 1, 0, opening.level);
    if (request.level == 0)
        return CLI_USAGE;
    snprintf(title, sizeof(title), "%s", opening.title);
    snprintf(occupation, sizeof(occupation), "%s", occupation_said(opening.occupation));
    day_format(starts, starts_on);
    day_format(ends, ends_on);
    request.title = title;
    request.occupation_code = occupation;
    request.starts_on = starts_on;
    request.ends_on = ends_on;
    request.capacity = (uint32_t) capacity;
    int status = cli_connect(cli);
    if (status != CLI_OK)
        return status;
    ProtobufCMessage *answer = cli_call(cli, "class.open", &request.base, &status);
    if (answer == NULL)
        return status;
    done_head(cli, "class.open");
    struct table *table = table_new(cli, answer_columns, 1);
    table_number(table, ((const Mingce__V1__ClassOpenResponse *) answer)->number);
    table_row(table);
    table_end_record(table);
    protobuf_c_message_free_unpacked(answer, NULL);
    return CLI_OK;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"class",
     "open",
     class_open,
     "开班",
     "opens a class",
     "class open --title TITLE --occupation CODE --level LEVEL --kind KIND\n"
     "                  --starts YYYY-MM-DD --ends YYYY-MM-DD --capacity N\n",
     "  --occupation  职业代码或名称（mingce code list occupations 家政）\n"
     "  --level       学徒工 初级工 中级工 高级工 技师 高级技师 特级技师 首席技师，或 junior 等（mingce code "
     "list levels）\n"
     "  --kind        培训类型的名称或代码（mingce code list kinds）\n"
     "\n"
     "  mingce class open --title 家政服务员第三期 --occupation 4-10-01-06 --level 初级工 \\\n"
     "      --kind 就业技能培训 --starts 2026-03-01 --ends 2026-05-31 --capacity 50\n",
     "  --occupation  its code or name (mingce code list occupations)\n"
     "  --level       apprentice junior intermediate senior technician senior-technician\n"
     "                distinguished-technician chief-technician\n"
     "  --kind        the training kind's code or name (mingce code list kinds)\n"
     "\n"
     "  mingce class open --title \"Home care 3\" --occupation 4-10-01-06 --level junior \\\n"
     "      --kind 3 --starts 2026-03-01 --ends 2026-05-31 --capacity 50\n",
     {NULL}},
    {"class",
     "list",
     class_list,
     "班级一览，新的在前",
     "classes, newest first",
     "class list [--limit N]\n",
     NULL,
     NULL,
     {NULL}},
    {"class", "show", class_show, "一个班级", "one class", "class show NUMBER\n", NULL, NULL, {NULL}},
};
const struct commands class_commands = {commands, sizeof(commands) / sizeof(*commands)};
