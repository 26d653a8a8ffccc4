/* SPDX-License-Identifier: Apache-2.0 */
/* Whether claims, batches, the bank's answers and the ledgers agree. */
#include <stdio.h>

#include "client/cli/command/given.h"
#include "client/cli/command/money.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/reconcile.pb-c.h"

/* Whose it is: a claim, a tranche, or, without a kind of subject, a posting or a batch. */
static void subject_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Difference *difference = (const Mingce__V1__Difference *) message;
    const char *what = !difference->has_subject_id ? NULL
                       : difference->kind == MINGCE__V1__DIFFERENCE_KIND__DIFFERENCE_POSTING
                           ? cli_say(cli, "记账", "posting")
                       : !difference->has_subject_kind ? cli_say(cli, "批次", "batch")
                       : difference->subject_kind == MINGCE__V1__MONEY_SUBJECT__MONEY_CLAIM
                           ? cli_say(cli, "申领", "claim")
                           : cli_say(cli, "项目款", "tranche");
    table_text(table, what);
}

/* An amount, or a state: that of a line, or of what it pays. */
static void side_cell(struct table *table, const struct cli *cli, Mingce__V1__DifferenceKind kind,
                      int64_t side, bool expected)
{
    if (kind == MINGCE__V1__DIFFERENCE_KIND__DIFFERENCE_LINE_STATE && expected)
        word_cell(table, cli, WORD_CLAIM_STATE, (int) side);
    else if (kind == MINGCE__V1__DIFFERENCE_KIND__DIFFERENCE_LINE_STATE && side == 0)
        table_cell(table, cli_say(cli, "不在批次中", "in no batch"), NULL);
    else if (kind == MINGCE__V1__DIFFERENCE_KIND__DIFFERENCE_LINE_STATE ||
             kind == MINGCE__V1__DIFFERENCE_KIND__DIFFERENCE_ANSWER ||
             kind == MINGCE__V1__DIFFERENCE_KIND__DIFFERENCE_DISPUTE)
        word_cell(table, cli, WORD_BATCH_LINE, (int) side);
    else
        money_cell(table, true, side);
}

static void expected_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Difference *difference = (const Mingce__V1__Difference *) message;
    side_cell(table, cli, difference->kind, difference->expected, true);
}

static void found_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__Difference *difference = (const Mingce__V1__Difference *) message;
    side_cell(table, cli, difference->kind, difference->found, false);
}

static const struct shown totals_columns[] = {
    {"ledgers", "账本", "ledgers", .as = AS_NUMBER},
    {"charges", "已核准的款项", "amounts charged", .as = AS_NUMBER},
    {"lines", "批次明细", "lines of batches", .as = AS_NUMBER},
    {"answers", "银行回单", "answers of the bank", .as = AS_NUMBER},
};
static const struct shown difference_columns[] = {
    {"kind", "不符事项", "what differs", .as = AS_WORD, .words = WORD_DIFFERENCE},
    {"division", "区划", "division", .as = AS_TEXT},
    {"ledger_id", "账本编号", "ledger", .as = AS_NUMBER},
    {"subject", "对象", "of", .as = AS_CELL, .cell = subject_cell},
    {"subject_id", "编号", "id", .as = AS_ID},
    {"reference", "批次号", "batch", .as = AS_TEXT},
    {"line", "序号", "line", .as = AS_NUMBER},
    {"expected", "应为（元，或状态）", "expected, yuan or state", .as = AS_CELL, .cell = expected_cell},
    {"found", "实为（元，或状态）", "found, yuan or state", .as = AS_CELL, .cell = found_cell},
};

static const struct part parts[] = {
    {"totals", NULL, "已核对", "held against each other", .show = SHOW(totals_columns), .record = true},
    {"difference", NULL, "不符", "what does not agree", .show = SHOW(difference_columns)},
};

static int fund_reconcile(struct cli *cli, struct given *given)
{
    Mingce__V1__FundReconcileRequest request = MINGCE__V1__FUND_RECONCILE_REQUEST__INIT;
    int status;
    request.division = given_text(given, "division");
    Mingce__V1__FundReconcileResponse *answer =
        (Mingce__V1__FundReconcileResponse *) cli_answer(cli, "fund.reconcile", &request.base, &status);
    if (answer == NULL)
        return status;
    ProtobufCMessage *totals[] = {&answer->base};
    part_print(cli, &parts[0], totals, 1);
    status = part_list(cli, &parts[1], (ProtobufCMessage *const *) answer->difference, answer->n_difference);
    if (answer->more)
        fputs(cli_say(cli, "还有更多不符，未列出\n", "there are more than these\n"), stderr);
    if (answer->n_difference == 0)
        fputs(cli_say(cli, "全部相符，分毫不差\n", "all agrees to the fen\n"), stderr);
    status = status != CLI_OK || answer->n_difference == 0 ? status : CLI_ROWS_REFUSED;
    mingce__v1__fund_reconcile_response__free_unpacked(answer, NULL);
    return status;
}

static const struct command commands[] = {
    {.noun = "fund",
     .verb = "reconcile",
     .run = fund_reconcile,
     .method = "fund.reconcile",
     .zh = "核对申领、批次、银行回单和账本",
     .en = "holds claims, batches, answers and ledgers against each other",
     OPTIONS(OPTION_DIVISION(OPTIONAL, "某区划，6位代码", "of a division, a code of 6 digits"),
             OPTION_OUTPUT_LIST),
     .notes_zh = "只看记录本身，逐分核对；有不符时逐项列出，退出码为1",
     .notes_en = "from the records alone, to the fen; what does not agree is named, and the exit status is 1",
     .example_zh = "fund reconcile --division 370100",
     .example_en = "fund reconcile --division 370100"},
};
const struct commands fund_reconcile_commands = {commands, sizeof(commands) / sizeof(*commands)};
