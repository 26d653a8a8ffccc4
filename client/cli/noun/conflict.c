/* SPDX-License-Identifier: Apache-2.0 */
/* Conflicts: a number that was given with two names (A6), until a bureau resolves it. */
#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/person.pb-c.h"

static const struct shown columns[] = {
    {"conflict_id", "记录编号", "conflict", .as = AS_ID},
    {"document_number", "证件号码", "number", .as = AS_TEXT},
    {"registered_name", "登记姓名", "registered name", .as = AS_TEXT},
    {"stated_name", "填报姓名", "stated name", .as = AS_TEXT},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"institution_name", "培训机构", "institution", .as = AS_TEXT},
    {"reported_at", "发现时间", "reported", .as = AS_TIME},
    {"decision", "决定", "decision", .as = AS_WORD, .words = WORD_CONFLICT},
};
static const struct show list = SHOW(columns);

static int conflict_list(struct cli *cli, struct given *given)
{
    Mingce__V1__ConflictListRequest request = MINGCE__V1__CONFLICT_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "conflict.list", .show = &list, .request = &request.base};
    request.has_all = request.all = given_has(given, "all");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

static int conflict_resolve(struct cli *cli, struct given *given)
{
    Mingce__V1__ConflictResolveRequest request = MINGCE__V1__CONFLICT_RESOLVE_REQUEST__INIT;
    request.conflict_id = given_id(given, "CONFLICT");
    request.decision = (Mingce__V1__ConflictDecision) given_word(given, "decision");
    request.case_reference = given_text(given, "case");
    return cli_write(cli, "conflict.resolve", &request.base);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "conflict",
     .verb = "list",
     .run = conflict_list,
     .method = "conflict.list",
     .zh = "同号不同名，待处理的",
     .en = "the same number with another name, to be resolved",
     OPTIONS({"all", VALUE_FLAG, .zh = "也列出已处理的", .en = "those resolved too"}, OPTIONS_LIST)},
    {.noun = "conflict",
     .verb = "resolve",
     .run = conflict_resolve,
     .method = "conflict.resolve",
     .zh = "处理同号不同名",
     .en = "resolves one",
     ARGUMENTS({"CONFLICT", VALUE_ID, NEEDED, .zh = "记录编号，见 conflict list",
                .en = "its id, as conflict list shows it"}),
     OPTIONS({"decision", VALUE_WORD, NEEDED, .table = WORD_CONFLICT, .zh = "处理结果",
              .en = "which name is right"},
             OPTION_CASE(NEEDED, NULL)),
     .notes_zh = "registered：登记姓名为准；stated：填报姓名为准，原名留存",
     .notes_en = "registered: the registered name stands; stated: the stated name is right, the other is "
                 "kept in the history"},
};
const struct commands conflict_commands = {commands, sizeof(commands) / sizeof(*commands)};
