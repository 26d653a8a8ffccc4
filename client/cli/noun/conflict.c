/* SPDX-License-Identifier: Apache-2.0 */
/* The same number with another name (A6), until a bureau resolves it. */
#include "client/cli/command/command.h"
#include "client/cli/command/hex.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/words.h"
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

static int conflict_list(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ConflictListRequest request = MINGCE__V1__CONFLICT_LIST_REQUEST__INIT;
    const char *limit = NULL;
    bool all = false;
    const struct cli_option options[] = {{"limit", &limit, NULL}, {"all", NULL, &all}};
    const struct pages pages = {.method = "conflict.list", .show = &list, .request = &request.base};
    if (!cli_options(cli, argc, argv, options, 2, NULL, 0))
        return CLI_USAGE;
    request.has_all = all;
    request.all = all;
    return pages_print(cli, &pages, limit, 0);
}

static int conflict_resolve(struct cli *cli, int argc, char **argv)
{
    Mingce__V1__ConflictResolveRequest request = MINGCE__V1__CONFLICT_RESOLVE_REQUEST__INIT;
    const char *text, *decision = NULL, *reference = NULL;
    char reference_text[64];
    uint8_t id[HEX_ID];
    const struct cli_option options[] = {{"decision", &decision, NULL}, {"case", &reference, NULL}};
    if (!cli_options(cli, argc, argv, options, 2, &text, 1) || !cli_required(cli, options, 2) ||
        !hex_parse(cli, "CONFLICT", text, id, sizeof(id)))
        return CLI_USAGE;
    int number = word_option(cli, "--decision", WORD_CONFLICT, 1, 0, decision);
    if (number == 0)
        return CLI_USAGE;
    request.conflict_id = (ProtobufCBinaryData){sizeof(id), id};
    request.decision = (Mingce__V1__ConflictDecision) number;
    request.case_reference = cli_copy(reference_text, sizeof(reference_text), reference);
    return cli_write(cli, "conflict.resolve", &request.base);
}

/* ---- commands ---- */

static const struct command commands[] = {
    {"conflict",
     "list",
     conflict_list,
     "同号不同名，待处理的",
     "the same number with another name, to be resolved",
     "conflict list [--all] [--limit N]\n",
     "  --all  也列出已处理的\n",
     "  --all  those resolved too\n",
     {NULL}},
    {"conflict",
     "resolve",
     conflict_resolve,
     "处理同号不同名",
     "resolves one",
     "conflict resolve CONFLICT --decision registered|stated --case REFERENCE\n",
     "  --decision  registered：登记姓名为准；stated：填报姓名为准，原名留存\n"
     "  --case      案卷编号\n",
     "  --decision  registered: the registered name stands; stated: the stated name is right, the other is "
     "kept\n"
     "              in the history\n"
     "  --case      the file's reference\n",
     {NULL}},
};
const struct commands conflict_commands = {commands, sizeof(commands) / sizeof(*commands)};
