/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/word_table.h"

static const struct word fund_sources[] = {
    {0},
    {"employment", "就业补助资金", "employment subsidies"},
    {"startup", "创业带动就业扶持资金", "start-up support"},
    {"unemployment", "失业保险基金结余计提", "unemployment fund"},
    {"training", "专项培训资金", "special training money"},
    {"enterprise", "职工教育经费", "enterprise's own"},
    {"adjustment", "省级调剂金", "provincial adjustment"},
};
const struct word_table word_fund_sources = {fund_sources, sizeof(fund_sources) / sizeof(*fund_sources)};

static const struct word spendings[] = {
    {0},
    {"training", "培训补贴", "training"},
    {"assessment", "鉴定补贴", "assessment"},
    {"living", "生活费补贴", "living allowance"},
    {"project", "项目制", "project"},
    {"apprentice", "新型学徒", "apprenticeship"},
    {"startup", "创业培训", "start-up training"},
    {"gold-collar", "金蓝领", "gold collar"},
    {"work-training", "以工代训", "training by work"},
    {"capacity", "能力建设", "capacity building"},
    {"passed-down", "补助下级", "passed down"},
};
const struct word_table word_spendings = {spendings, sizeof(spendings) / sizeof(*spendings)};

static const struct word money_events[] = {
    {0},
    {"allotted", "下达指标", "allotted"},
    {"received", "资金转入", "received"},
    {"withdrawn", "计提", "withdrawn"},
    {"adjusted-in", "调剂收入", "adjustment received"},
    {"adjusted-out", "调剂支出", "adjustment given"},
    {"to-expenditure", "拨入支出户", "to expenditure account"},
    {"passed-down", "补助下级", "passed down"},
    {"passed-in", "上级补助", "passed in"},
    {"committed", "核准", "committed"},
    {"released", "核准后不予拨付", "released"},
    {"sent", "已送银行", "sent"},
    {"refused", "银行拒付", "refused"},
    {"paid", "支付", "paid"},
    {"returned", "退票", "returned"},
    {"paid-again", "退票后再付", "paid again"},
    {"right-lost", "退票后不再付", "right lost"},
    {"recovered", "收回本年", "recovered"},
    {"recovered-earlier", "收回以前年度", "recovered, earlier year"},
    {"interest", "利息", "interest"},
    {"swept", "缴回财政专户", "swept"},
    {"carried-out", "年末结转", "carried out"},
    {"carried-in", "上年结转", "carried in"},
    {"returned-earlier", "以前年度退票", "returned, earlier year"},
};
const struct word_table word_money_events = {money_events, sizeof(money_events) / sizeof(*money_events)};

static const struct word fund_moves[] = {
    {0},
    {"allot", "下达指标", "allotment"},
    {"transfer", "划转", "transfer"},
    {"withdraw", "计提", "withdrawal"},
    {"carry", "年末结转", "carrying forward"},
    {"correct", "冲销", "correction"},
};
const struct word_table word_fund_moves = {fund_moves, sizeof(fund_moves) / sizeof(*fund_moves)};

static const struct word receipts[] = {
    {0},
    {"money", "资金转入财政专户", "money received"},
    {"to-expenditure", "财政专户拨入支出户", "to the expenditure account"},
    {"interest", "支出户利息", "interest"},
    {"swept", "支出户缴回财政专户", "back to the treasury account"},
};
const struct word_table word_receipts = {receipts, sizeof(receipts) / sizeof(*receipts)};
