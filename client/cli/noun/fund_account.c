/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/fund_account.h"

#include <stdio.h>

static const struct {
    Mingce__V1__LedgerAccount account;
    const char *code, *zh, *en;
} chart[] = {
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_ALLOTTED, "X0", "指标来源", "allotted"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_AVAILABLE, "X1", "可用指标", "available"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_COMMITTED, "X2", "已核准未付", "committed"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_SPENT, "X3", "已付指标", "spent"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_TREASURY, "1001", "财政专户存款", "treasury account"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_EXPENDITURE, "1002", "支出户存款", "expenditure account"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_HELD, "2001", "暂收款", "money held"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_BALANCE, "3001", "结余", "balance"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_WITHDRAWN, "4001", "失业保险基金筹集转入",
     "from the unemployment fund"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_OTHER_INCOME, "4002", "其他资金转入", "other money in"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_INTEREST, "4101", "利息收入", "interest"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_FROM_ABOVE, "4201", "上级补助收入", "from above"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_RECOVERED, "4901", "收回以前年度", "recovered, earlier years"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_EMPLOYEES, "5001", "企业职工培训支出", "employees' training"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_FREE_TRAINING, "5002", "免费职业技能培训行动支出", "free training"},
    {MINGCE__V1__LEDGER_ACCOUNT__ACCOUNT_PASSED_DOWN, "5101", "补助下级支出", "passed down"},
};

void account_put(struct table *table, const struct cli *cli, Mingce__V1__LedgerAccount account)
{
    char shown[96];
    for (size_t i = 0; i < sizeof(chart) / sizeof(*chart); i++)
        if (chart[i].account == account) {
            snprintf(shown, sizeof(shown), "%s %s", chart[i].code, cli_say(cli, chart[i].zh, chart[i].en));
            table_cell(table, shown, cli->json ? json_object_new_string(chart[i].code) : NULL);
            return;
        }
    table_text(table, NULL);
}
