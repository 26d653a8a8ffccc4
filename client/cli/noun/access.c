/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/access.h"

#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/words.h"

static const struct shown log_columns[] = {
    {"at", "时间", "at", .as = AS_TIME},
    {"operator_name", "操作员", "operator", .as = AS_TEXT},
    {"organisation_name", "机构", "organisation", .as = AS_TEXT},
    {"method", "方式", "method", .as = AS_TEXT},
    {"purpose", "用途", "purpose", .as = AS_WORD, .words = WORD_PURPOSE},
    {"case_reference", "案卷编号", "case", .as = AS_TEXT},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"entry_id", "日志序号", "entry", .as = AS_NUMBER},
};
static const struct shown hour_columns[] = {
    {"hour", "时段", "hour", .as = AS_TIME},
    {"operator_id", "操作员编号", "operator", .as = AS_ID},
    {"operator_name", "操作员", "name", .as = AS_TEXT},
    {"organisation_name", "机构", "organisation", .as = AS_TEXT},
    {"masked", "脱敏人数", "masked", .as = AS_NUMBER},
    {"clear", "明文人数", "clear", .as = AS_NUMBER},
    {"refused", "超限被拒", "refused", .as = AS_NUMBER},
};
static const struct show looks = SHOW(log_columns), hours = SHOW(hour_columns);

int access_log_print(struct cli *cli, Mingce__V1__PersonKey *key, const char *limit)
{
    Mingce__V1__AccessLogRequest request = MINGCE__V1__ACCESS_LOG_REQUEST__INIT;
    const struct pages pages = {.method = "access.log", .show = &looks, .request = &request.base};
    request.key = key;
    return pages_print(cli, &pages, limit, 0);
}

static int access_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__AccessListRequest request = MINGCE__V1__ACCESS_LIST_REQUEST__INIT;
    const char *limit = NULL;
    bool refused = false;
    const struct cli_option options[] = {{"limit", &limit, NULL}, {"refused", NULL, &refused}};
    const struct pages pages = {.method = "access.list", .show = &hours, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, 2, NULL, 0))
        return CLI_USAGE;
    request.has_refused = refused;
    request.refused = refused;
    return pages_print(cli, &pages, limit, 50);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"access",
     "list",
     access_list,
     "各操作员每小时查看人数",
     "how many persons each operator looked at, by the hour",
     "access list [--refused] [--limit N]\n",
     "  --refused  只列超限被拒的\n",
     "  --refused  only hours with looks over the limit\n",
     {NULL}},
};
const struct commands access_commands = {commands, sizeof(commands) / sizeof(*commands)};
