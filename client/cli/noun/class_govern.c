/* SPDX-License-Identifier: Apache-2.0 */
/* Amending, starting, completing and cancelling classes; trainees who leave one, and come back. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/ask.h"
#include "client/cli/command/command.h"
#include "proto/class.pb-c.h"
#include "proto/training.pb-c.h"

enum { TEXT = 1024, DAY = 32 };

static int class_amend(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ClassAmendRequest request = MINGCE__V1__CLASS_AMEND_REQUEST__INIT;
    const char *word, *given[5] = {NULL};
    char title[TEXT], starts[DAY], ends[DAY];
    uint64_t version, capacity = 0;
    const struct cli_option options[] = {{"version", &given[0], NULL},
                                         {"title", &given[1], NULL},
                                         {"starts", &given[2], NULL},
                                         {"ends", &given[3], NULL},
                                         {"capacity", &given[4], NULL}};
    if (!cli_options(cli, argc, argv, options, 5, &word, 1) || !cli_required(cli, options, 1) ||
        !cli_number(cli, "NUMBER", word, 1, INT64_MAX, &request.number) ||
        !cli_number(cli, "--version", given[0], 1, UINT32_MAX, &version) ||
        (given[4] != NULL && !cli_number(cli, "--capacity", given[4], 1, 2000, &capacity)))
        return CLI_USAGE;
    request.version = (uint32_t) version;
    request.title = cli_copy(title, sizeof(title), given[1]);
    request.starts_on = cli_copy(starts, sizeof(starts), given[2]);
    request.ends_on = cli_copy(ends, sizeof(ends), given[3]);
    request.has_capacity = given[4] != NULL;
    request.capacity = (uint32_t) capacity;
    return cli_write(cli, "class.amend", &request.base);
}

static int set_state(struct cli *cli, int argc, char **argv, const char *method)
{
    Mingce__V1__ClassStateRequest request = MINGCE__V1__CLASS_STATE_REQUEST__INIT;
    const char *word, *given[2] = {NULL};
    char reason[TEXT];
    uint64_t version;
    const struct cli_option options[] = {{"version", &given[0], NULL}, {"reason", &given[1], NULL}};
    if (!cli_options(cli, argc, argv, options, 2, &word, 1) || !cli_required(cli, options, 1) ||
        !cli_number(cli, "NUMBER", word, 1, INT64_MAX, &request.number) ||
        !cli_number(cli, "--version", given[0], 1, UINT32_MAX, &version))
        return CLI_USAGE;
    request.version = (uint32_t) version;
    request.reason = cli_copy(reason, sizeof(reason), given[1]);
    return cli_write(cli, method, &request.base);
}

static int class_start(struct cli *cli, int argc, char **argv)
{
    return set_state(cli, argc, argv, "class.start");
}

static int class_complete(struct cli *cli, int argc, char **argv)
{
    return set_state(cli, argc, argv, "class.complete");
}

static int class_cancel(struct cli *cli, int argc, char **argv)
{
    return set_state(cli, argc, argv, "class.cancel");
}

static int roster_remove(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__RosterRemoveRequest request = MINGCE__V1__ROSTER_REMOVE_REQUEST__INIT;
    const char *given[3] = {NULL};
    char reason[TEXT], name[ASK_LINE];
    bool confirm = false;
    uint64_t seat;
    const struct cli_option options[] = {{"class", &given[0], NULL},
                                         {"seat", &given[1], NULL},
                                         {"reason", &given[2], NULL},
                                         {"confirm", NULL, &confirm}};
    if (!cli_options(cli, argc, argv, options, 4, NULL, 0) || !cli_required(cli, options, 3) ||
        !cli_number(cli, "--class", given[0], 1, INT64_MAX, &request.class_number) ||
        !cli_number(cli, "--seat", given[1], 1, UINT32_MAX, &seat) ||
        (confirm && !ask_line(cli, "学员姓名", "the trainee's name", name)))
        return CLI_USAGE;
    request.name = confirm ? name : NULL;
    request.seat = (uint32_t) seat;
    request.reason = cli_copy(reason, sizeof(reason), given[2]);
    return cli_write(cli, "roster.remove", &request.base);
}

static int roster_restore(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__RosterRestoreRequest request = MINGCE__V1__ROSTER_RESTORE_REQUEST__INIT;
    const char *given[2] = {NULL};
    char name[ASK_LINE];
    bool confirm = false;
    uint64_t seat;
    const struct cli_option options[] = {
        {"class", &given[0], NULL}, {"seat", &given[1], NULL}, {"confirm", NULL, &confirm}};
    if (!cli_options(cli, argc, argv, options, 3, NULL, 0) || !cli_required(cli, options, 2) ||
        !cli_number(cli, "--class", given[0], 1, INT64_MAX, &request.class_number) ||
        !cli_number(cli, "--seat", given[1], 1, UINT32_MAX, &seat) ||
        (confirm && !ask_line(cli, "学员姓名", "the trainee's name", name)))
        return CLI_USAGE;
    request.name = confirm ? name : NULL;
    request.seat = (uint32_t) seat;
    return cli_write(cli, "roster.restore", &request.base);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"class",
     "amend",
     class_amend,
     "变更班级（开课前）",
     "amends a class before its start",
     "class amend NUMBER --version N [--title TITLE] [--starts DAY] [--ends DAY] [--capacity N]\n",
     "  --version  class show 所显示的版本\n",
     "  --version  as class show says\n",
     {NULL}},
    {"class",
     "start",
     class_start,
     "开课",
     "starts a class",
     "class start NUMBER --version N\n",
     NULL,
     NULL,
     {NULL}},
    {"class",
     "complete",
     class_complete,
     "结班，确定结业人员",
     "completes a class: who has completed is decided",
     "class complete NUMBER --version N\n",
     NULL,
     NULL,
     {NULL}},
    {"class",
     "cancel",
     class_cancel,
     "取消班级",
     "cancels a class",
     "class cancel NUMBER --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"roster",
     "remove",
     roster_remove,
     "移出学员",
     "removes a trainee from a class",
     "roster remove --class NUMBER --seat N --reason TEXT [--confirm]\n",
     CONFIRM_ZH,
     CONFIRM_EN,
     {NULL}},
    {"roster",
     "restore",
     roster_restore,
     "恢复学员",
     "takes a removed trainee back",
     "roster restore --class NUMBER --seat N [--confirm]\n",
     CONFIRM_ZH,
     CONFIRM_EN,
     {NULL}},
};
const struct commands class_govern_commands = {commands, sizeof(commands) / sizeof(*commands)};
