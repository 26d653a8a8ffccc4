/* SPDX-License-Identifier: Apache-2.0 */
/* Tranches of projects (E8, E9, E14): deciding and listing them. */
#include "client/cli/command/given.h"
#include "client/cli/command/import.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/project.pb-c.h"
#include "proto/rules/bounds.h"

enum { VERSION_MOST = 100000000 };

/* ---- decisions ---- */

enum { FIELD_TRANCHE, FIELD_VERSION };
static const struct form_field fields[] = {
    [FIELD_TRANCHE] =
        {"tranche_id", "项目款编号", "tranche", {"项目款编号", "trancheid", "tranche"}, FORM_NEEDED},
    [FIELD_VERSION] = {"version", "版本", "version", {"版本", "version"}, FORM_NEEDED},
};
const struct form tranche_form = {.noun = "tranche",
                                  .fields = fields,
                                  .n = sizeof(fields) / sizeof(*fields),
                                  .needed = {FIELD_TRANCHE, FIELD_VERSION}};

static bool decision_read(void *context, struct row *read)
{
    Mingce__V1__TrancheDecision *row = read->message;
    (void) context;
    row->tranche_id = (ProtobufCBinaryData){HEX_ID, read->text};
    return rows_id(read->file, read->i, FIELD_TRANCHE, read->text, read->judgement) &&
           rows_whole(read->file, read->i, FIELD_VERSION, VERSION_MOST, &row->version, read->judgement);
}
static const struct row_form decision_rows = {.form = &tranche_form, .text = HEX_ID, .read = decision_read};

static int decide(struct cli *cli, struct given *given, char *reason)
{
    Mingce__V1__TrancheDecideRequest request = MINGCE__V1__TRANCHE_DECIDE_REQUEST__INIT;
    const struct rows_import import = {.method = given->command->method,
                                       .rows = &decision_rows,
                                       .request = &request.base,
                                       .tell = TELL_STEPPED,
                                       .most = DECISIONS_MOST};
    request.reason = reason;
    return rows_import(cli, &import, given);
}

static int tranche_decide(struct cli *cli, struct given *given)
{
    return decide(cli, given, NULL);
}

static int tranche_explain(struct cli *cli, struct given *given)
{
    return decide(cli, given, given_text(given, "reason"));
}

/* ---- list ---- */

static const struct shown columns[] = {
    {"tranche_id", "项目款编号", "tranche", .as = AS_ID},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"kind", "类别", "kind", .as = AS_WORD, .words = WORD_TRANCHE},
    {"state", "状态", "state", .as = AS_WORD, .words = WORD_CLAIM_STATE},
    {"amount_fen", "金额（元）", "yuan", .as = AS_MONEY},
    {"recovered_fen", "已退回（元）", "came back (yuan)", .as = AS_MONEY},
    {"run", "核验次数", "run", .as = AS_NUMBER},
    {"class_number", "班级", "class", .as = AS_NUMBER},
    {"seat", "座号", "seat", .as = AS_NUMBER},
    {"organisation", "培训机构", "institution", .as = AS_TEXT, .field = "organisation_name"},
    {"project", "项目", "project", .as = AS_TEXT, .field = "project_name"},
    {"submitted_at", "申请时间", "submitted", .as = AS_TIME},
};
static const struct show list = SHOW(columns);

static int tranche_list(struct cli *cli, struct given *given)
{
    Mingce__V1__TrancheListRequest request = MINGCE__V1__TRANCHE_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "project.tranches", .show = &list, .request = &request.base};
    request.has_project_id = given_has(given, "project");
    if (request.has_project_id)
        request.project_id = given_id(given, "project");
    request.has_state = given_has(given, "state");
    request.state = (Mingce__V1__ClaimState) given_word(given, "state");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

#define DECIDE(word, function, what_zh, what_en)                                                             \
    .noun = "project", .verb = (word), .run = (function), .method = "project." word, .zh = (what_zh),        \
    .en = (what_en), ARGUMENTS(ARGUMENT_ROWS), .reads = {&tranche_form}

static const struct command commands[] = {
    {.noun = "project",
     .verb = "tranches",
     .run = tranche_list,
     .method = "project.tranches",
     .zh = "项目款一览",
     .en = "tranches of projects",
     OPTIONS({"project", VALUE_ID, .zh = "某一项目的", .en = "those of a project"},
             {"state", VALUE_WORD, .value = "STATE", .table = WORD_CLAIM_STATE, .list = "states",
              .zh = "某一状态的", .en = "those in a state"},
             OPTIONS_LIST),
     .notes_zh = "写入文件的列表由 project review、approve、recheck、reject 和 pay 读取",
     .notes_en = "project review, approve, recheck, reject and pay read a list that is written to a file"},
    {DECIDE("review", tranche_decide, "初审列表中的项目款", "reviews the tranches of a list"),
     OPTIONS(OPTION_REJECTS), .example_zh = "project review 项目款.csv",
     .example_en = "project review tranches.csv"},
    {DECIDE("approve", tranche_decide, "核准列表中的项目款", "approves the tranches of a list"),
     OPTIONS(OPTION_REJECTS), .notes_zh = "初审的人，以及检查、锁定、核减或核验过该项目的人不能核准",
     .notes_en = "who reviewed it, or inspected, froze, struck or verified the project's heads, does not "
                 "approve it"},
    {DECIDE("reject", tranche_explain, "不予核准列表中的项目款", "rejects the tranches of a list"),
     OPTIONS(OPTION_REASON(DEMANDED), OPTION_REJECTS)},
    {DECIDE("recheck", tranche_decide, "财政复核列表中已核准的项目款",
            "re-checks the approved tranches of a list"),
     OPTIONS(OPTION_REJECTS), .notes_zh = "finance_recheck 为1时，复核后方可列入批次；核准的人不能复核",
     .notes_en = "where finance_recheck is 1 they enter a batch only then; who approved does not re-check"},
    {DECIDE("pay", tranche_explain, "登记列表中的项目款已拨付",
            "records that the tranches of a list were paid"),
     .final = true,
     OPTIONS({"reason", VALUE_TEXT, DEMANDED, .zh = "支付凭证号", .en = "the payment's reference"},
             OPTION_REJECTS),
     .notes_zh = "仅用于专账不在本系统核算的城市；在本系统核算的，经批次由银行支付",
     .notes_en = "where the city keeps its account elsewhere; where it is kept here a batch pays"},
};
const struct commands tranche_commands = {commands, sizeof(commands) / sizeof(*commands)};
