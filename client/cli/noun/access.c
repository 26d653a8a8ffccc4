/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/access.h"

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
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

int access_log_print(struct cli *cli, Mingce__V1__PersonKey *key, uint64_t most)
{
    Mingce__V1__AccessLogRequest request = MINGCE__V1__ACCESS_LOG_REQUEST__INIT;
    const struct pages pages = {.method = "access.log", .show = &looks, .request = &request.base};
    request.key = key;
    return pages_print(cli, &pages, most);
}

static int access_list(struct cli *cli, struct given *given)
{
    Mingce__V1__AccessListRequest request = MINGCE__V1__ACCESS_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "access.list", .show = &hours, .request = &request.base};
    request.has_refused = request.refused = given_has(given, "refused");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "access",
     .verb = "list",
     .run = access_list,
     .method = "access.list",
     .zh = "各操作员每小时查看人数",
     .en = "how many persons each operator looked at, by the hour",
     OPTIONS({"refused", VALUE_FLAG, .zh = "只列超限被拒的", .en = "only hours with looks over the limit"},
             OPTIONS_LIST_BUT("50"))},
};
const struct commands access_commands = {commands, sizeof(commands) / sizeof(*commands)};
