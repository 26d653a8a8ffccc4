/* SPDX-License-Identifier: Apache-2.0 */
/* The special account against the bank's statement (F8). */
#include <stdio.h>

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/part.h"
#include "client/cli/command/shared.h"
#include "client/cli/frame/call.h"
#include "client/cli/noun/fund_account.h"
#include "proto/bank.pb-c.h"

static const struct shown recorded_columns[] = {
    {"month", "月份", "month", .as = AS_TEXT},
    {"treasury_fen", "财政专户余额", "treasury account", .as = AS_MONEY},
    {"expenditure_fen", "支出户余额", "expenditure account", .as = AS_MONEY},
    {"version", "版本", "version", .as = AS_NUMBER},
};
static const struct show recorded = SHOW(recorded_columns);

static int bank_record(struct cli *cli, struct given *given)
{
    Mingce__V1__BankRecordRequest request = MINGCE__V1__BANK_RECORD_REQUEST__INIT;
    request.month = given_text(given, "month");
    request.treasury_fen = given_fen(given, "treasury");
    request.expenditure_fen = given_fen(given, "expenditure");
    request.citation = given_text(given, "citation");
    return show_write(cli, "bank.record", &request.base, &recorded);
}

static void account_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    account_put(table, cli, ((const Mingce__V1__BankMonth *) message)->account);
}

static const struct shown month_columns[] = {
    {"month", "月份", "month", .as = AS_TEXT},
    {"account", "账户", "account", .as = AS_CELL, .cell = account_cell},
    {"bank_fen", "银行对账单余额", "by the bank", .as = AS_MONEY},
    {"paid_fen", "加：银行已付未入账", "paid, not posted then", .as = AS_MONEY},
    {"returned_fen", "减：银行已退未入账", "returned, not posted then", .as = AS_MONEY},
    {"book_fen", "账面余额", "by the ledgers", .as = AS_MONEY},
    {"difference_fen", "差额", "difference", .as = AS_MONEY},
    {"citation", "依据", "citation", .as = AS_TEXT},
    {"version", "版本", "version", .as = AS_NUMBER},
};
static const struct part months_part = {"month",       "month", NULL, NULL, .show = SHOW(month_columns),
                                        .always = true};

static int bank_reconcile(struct cli *cli, struct given *given)
{
    Mingce__V1__BankReconcileRequest request = MINGCE__V1__BANK_RECONCILE_REQUEST__INIT;
    int status;
    size_t missing = 0, different = 0;
    request.division = given_text(given, "division");
    request.has_months = given_has(given, "months");
    request.months = (uint32_t) given_number(given, "months");
    Mingce__V1__BankReconcileResponse *answer =
        (Mingce__V1__BankReconcileResponse *) cli_answer(cli, "bank.reconcile", &request.base, &status);
    if (answer == NULL)
        return status;
    status = part_list(cli, &months_part, (ProtobufCMessage *const *) answer->month, answer->n_month);
    for (size_t i = 0; i < answer->n_month; i++) {
        missing += !answer->month[i]->has_bank_fen;
        different += answer->month[i]->has_bank_fen && answer->month[i]->difference_fen != 0;
    }
    if (different > 0)
        fputs(cli_say(cli, "有差额：请将收款、划拨与银行对账单逐笔核对\n",
                      "something differs: check receipts and transfers against the statement\n"),
              stderr);
    if (missing > 0)
        fputs(cli_say(cli, "有的月份尚未录入银行余额：mingce bank record\n",
                      "of some months the bank's balance is not recorded: mingce bank record\n"),
              stderr);
    if (answer->n_month == 0)
        fputs(cli_say(cli, "尚无可核对的月份：既无入账，也未录入银行余额\n",
                      "there is no month to compare: nothing is posted, and no bank's balance recorded\n"),
              stderr);
    else if (different + missing == 0)
        fputs(cli_say(cli, "账面与银行全部相符\n", "the ledgers and the bank agree\n"), stderr);
    mingce__v1__bank_reconcile_response__free_unpacked(answer, NULL);
    return status != CLI_OK || different + missing == 0 ? status : CLI_ROWS_REFUSED;
}

/* ---- list ---- */

static const struct shown list_columns[] = {
    {"month", "月份", "month", .as = AS_TEXT},
    {"version", "版本", "version", .as = AS_NUMBER},
    {"treasury_fen", "财政专户余额", "treasury account", .as = AS_MONEY},
    {"expenditure_fen", "支出户余额", "expenditure account", .as = AS_MONEY},
    {"citation", "依据", "citation", .as = AS_TEXT},
    {"recorded_by", "录入人", "recorded by", .as = AS_TEXT},
    {"recorded_at", "录入时间", "recorded", .as = AS_TIME},
};
static const struct show list = SHOW(list_columns);

static int bank_list(struct cli *cli, struct given *given)
{
    Mingce__V1__BankListRequest request = MINGCE__V1__BANK_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "bank.list", .show = &list, .request = &request.base};
    request.division = given_text(given, "division");
    request.month = given_text(given, "month");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "bank",
     .verb = "reconcile",
     .run = bank_reconcile,
     .method = "bank.reconcile",
     .zh = "银行存款余额调节表：逐月核对账面与银行余额",
     .en = "holds the ledgers against the bank's statements, month by month",
     OPTIONS(OPTION_DIVISION(OPTIONAL, "某区划，6位代码", "of a division, a code of 6 digits"),
             {"months", VALUE_NUMBER, .least = 1, .most = 120, .zh = "最近几个月，默认12",
              .en = "of so many months; 12 if not said"},
             OPTION_OUTPUT_LIST),
     .notes_zh =
         "差额＝银行对账单余额＋银行已付未入账－银行已退未入账－账面余额；有差额或有月份未录入时退出码为1",
     .notes_en = "difference = by the bank + paid and not posted then - returned and not posted then - by "
                 "the ledgers; the exit status is 1 where something differs or is not recorded",
     .example_zh = "bank reconcile --months 3",
     .example_en = "bank reconcile --months 3"},
    {.noun = "bank",
     .verb = "record",
     .run = bank_record,
     .method = "bank.record",
     .zh = "录入银行对账单的月末余额",
     .en = "records what the bank's statement says at the end of a month",
     OPTIONS(
         {"month", VALUE_TEXT, NEEDED, "YYYY-MM", .zh = "已结束的月份，如2026-03",
          .en = "a month that is over, as 2026-03"},
         {"treasury", VALUE_YUAN, NEEDED, .zh = "财政专户余额，元", .en = "in the treasury account, in yuan"},
         {"expenditure", VALUE_YUAN, NEEDED, .zh = "支出户余额，元",
          .en = "in the expenditure account, in yuan"},
         {"citation", VALUE_TEXT, NEEDED, .zh = "依据的对账单", .en = "the statement that says so"}),
     .notes_zh = "同一月份再次录入的为更正，此前的保留（bank list）；余额为0的也录入",
     .notes_en = "a month that is recorded already is corrected, and what was before is kept (bank list); a "
                 "balance of 0 "
                 "is recorded as well",
     .example_zh =
         "bank record --month 2026-03 --treasury 1200000 --expenditure 35000 --citation 2026年3月对账单",
     .example_en = "bank record --month 2026-03 --treasury 1200000 --expenditure 35000 --citation "
                   "\"Statement of 2026-03\""},
    {.noun = "bank",
     .verb = "list",
     .run = bank_list,
     .method = "bank.list",
     .zh = "已录入的银行月末余额，含更正前的各版",
     .en = "lists what was recorded of the bank's statements, with the versions before a correction",
     OPTIONS(OPTION_DIVISION(OPTIONAL, "某区划，6位代码", "of a division, a code of 6 digits"),
             {"month", VALUE_TEXT, .value = "YYYY-MM", .zh = "只列此月份的，如2026-03",
              .en = "of one month, as 2026-03"},
             OPTIONS_LIST)},
};
const struct commands bank_commands = {commands, sizeof(commands) / sizeof(*commands)};
