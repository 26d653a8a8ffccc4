/* SPDX-License-Identifier: Apache-2.0 */
/* The monthly table of the special account (F16). */
#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "proto/report.pb-c.h"

static void source_cell(struct table *table, const struct cli *cli, const ProtobufCMessage *message)
{
    const Mingce__V1__ReportRow *row = (const Mingce__V1__ReportRow *) message;
    if (row->has_source)
        word_cell(table, cli, WORD_FUND_SOURCE, (int) row->source);
    else
        table_cell(table, cli_say(cli, "合计", "all"), NULL);
}

static const struct shown columns[] = {
    {"source", "资金来源", "source", .as = AS_CELL, .cell = source_cell},
    {"item", "项目", "item", .as = AS_WORD, .words = WORD_REPORT_ITEM},
    {"times", "人次", "paid", .as = AS_NUMBER},
    {"month_fen", "本月（元；执行率为%）", "month, yuan; execution in percent", .as = AS_MONEY},
    {"year_fen", "本年累计（元；执行率为%）", "year, yuan; execution in percent", .as = AS_MONEY},
};
static const struct show report = SHOW(columns);

static int fund_report(struct cli *cli, struct given *given)
{
    Mingce__V1__FundReportRequest request = MINGCE__V1__FUND_REPORT_REQUEST__INIT;
    const struct pages pages = {.method = "fund.report", .show = &report, .request = &request.base};
    request.division = given_text(given, "division");
    request.month = given_text(given, "month");
    return pages_print(cli, &pages, 0);
}

static const struct command commands[] = {
    {.noun = "fund",
     .verb = "report",
     .run = fund_report,
     .method = "fund.report",
     .zh = "专账资金收支月报",
     .en = "the monthly table of the special account",
     OPTIONS({"month", VALUE_TEXT, NEEDED, "YYYY-MM", .zh = "月份，如2026-03", .en = "the month, as 2026-03"},
             OPTION_DIVISION(OPTIONAL, "某区划，6位代码", "of a division, a code of 6 digits"),
             OPTION_OUTPUT_LIST),
     .notes_zh = "执行率为本年累计支出占年初结余与本年累计收入之和的百分比\n年初结余＋本年累计收入－本年累计"
                 "支出＝财政专户＋支出户－暂收款",
     .notes_en = "the execution is spending of the year in percent of opening and income\nopening + income - "
                 "spending = treasury account + expenditure account - money held",
     .example_zh = "fund report --month 2026-03",
     .example_en = "fund report --month 2026-03"},
};
const struct commands fund_report_commands = {commands, sizeof(commands) / sizeof(*commands)};
