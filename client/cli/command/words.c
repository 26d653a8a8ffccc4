/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/words.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/command/word_table.h"
#include "proto/rules/cell.h"
#include "proto/wire/reason.h"

/* Indexed by the numbers of the enumerations in proto/. */
static const struct word kinds[] = {
    {0},
    {"institution", "培训机构", "institution"},
    {"enterprise", "企业", "enterprise"},
    {"assessment-body", "评价机构", "assessment body"},
    {"city-bureau", "市级主管部门", "city bureau"},
    {"county-bureau", "县级主管部门", "county bureau"},
    {"provincial-bureau", "省级主管部门", "provincial bureau"},
    {"department", "其他部门", "department"},
    {"auditor", "审计机关", "auditor"},
    {"verifying-agency", "核验机构", "verifying agency"},
};
static const struct word statuses[] = {
    {0}, {"active", "正常", "active"}, {"suspended", "暂停", "suspended"}, {"closed", "注销", "closed"}};
static const struct word roles[] = {
    {0},
    {"clerk", "经办", "clerk"},
    {"reviewer", "初审", "reviewer"},
    {"approver", "复核", "approver"},
    {"payer", "拨付", "payer"},
    {"auditor", "审计", "auditor"},
    {"sysadmin", "系统管理员", "system administrator"},
    {"secadmin", "安全管理员", "security administrator"},
    {"auditadmin", "审计管理员", "audit administrator"},
};
static const struct word levels[] = {
    {0},
    {"apprentice", "学徒工", "apprentice"},
    {"junior", "初级工", "junior"},
    {"intermediate", "中级工", "intermediate"},
    {"senior", "高级工", "senior"},
    {"technician", "技师", "technician"},
    {"senior-technician", "高级技师", "senior technician"},
    {"distinguished-technician", "特级技师", "distinguished technician"},
    {"chief-technician", "首席技师", "chief technician"},
    {"none", "无等级", "no level"},
};
static const struct word states[] = {{0},
                                     {"open", "招生中", "open"},
                                     {"started", "开课", "started"},
                                     {"completed", "结班", "completed"},
                                     {"cancelled", "已取消", "cancelled"}};
static const struct word outcomes[] = {
#define OUTCOME(number, symbol, reason, name, zh, en) [number] = {name, zh, en},
#include "proto/wire/reason.def"
};
static const struct word operator_statuses[] = {
    {0}, {"active", "正常", "active"}, {"suspended", "暂停", "suspended"}, {"revoked", "撤销", "revoked"}};
static const struct word changes[] = {
    {0},
    {"add", "新增操作员", "add"},
    {"bind", "绑定证书", "bind"},
    {"unbind", "停用证书", "unbind"},
    {"roles", "变更角色", "roles"},
    {"status", "变更状态", "status"},
};
static const struct word attendances[] = {
    {0},
    {"present", "出勤", "present"},
    {"leave", "请假", "leave"},
    {"late", "迟到", "late"},
    {"left-early", "早退", "left early"},
    {"absent", "缺勤", "absent"},
};
static const struct word results[] = {
    {0},
    {"completed", "结业", "completed"},
    {"too-few-hours", "课时不足", "too few hours"},
    {"marks", "成绩不合格", "marks"},
};
static const struct word decisions[] = {
    {0}, {"confirmed", "已确认", "confirmed"}, {"rejected", "已驳回", "rejected"}};

static const struct word purposes[] = {
    {0},
    {"enrolment", "报名登记", "enrolment"},
    {"verification", "核验审核", "verification"},
    {"correction", "信息更正", "correction"},
    {"payment", "资金拨付", "payment"},
    {"supervision", "监督检查", "supervision"},
    {"own-request", "本人申请", "own request"},
};
static const struct word document_states[] = {{0},
                                              {"in-use", "有效", "in use"},
                                              {"replaced", "已换发", "replaced"},
                                              {"withdrawn", "号码有误", "withdrawn"}};
static const struct word amendments[] = {
    {0},
    {"name", "更名", "name"},
    {"renewed", "换发证件", "renewed"},
    {"added", "新增证件", "added"},
    {"corrected", "更正号码", "corrected"},
    {"merged", "合并记录", "merged"},
    {"resolved", "姓名不一致处理", "resolved"},
    {"erased", "依法删除", "erased"},
};
static const struct word conflict_decisions[] = {{0},
                                                 {"registered", "登记姓名为准", "registered name stands"},
                                                 {"stated", "填报姓名为准", "stated name right"}};
static const struct word subsidy_lines[] = {{0},
                                            {"training", "职业培训补贴", "training subsidy"},
                                            {"assessment", "职业技能鉴定补贴", "assessment subsidy"},
                                            {"living", "生活费补贴", "living allowance"}};
static const struct word certificate_kinds[] = {
    {0},
    {"qualification", "职业资格证书", "qualification"},
    {"skill-level", "职业技能等级证书", "skill level"},
    {"special-ability", "专项职业能力证书", "special ability"},
    {"training", "培训合格证书", "training"},
    {"special-operation", "特种作业操作证", "special operation"},
};
static const struct word workings[] = {{0}, {"working", "上班", "working"}, {"rest", "休息", "rest"}};
static const struct word yes[] = {{0}, {"yes", "是", "yes"}, {"no", "否", "no"}};
static const struct word all[] = {{0}, {"all", "全部", "all"}};
static const struct word bases[] = {
    {0}, {"certificate", "证书", "certificate"}, {"class-hour", "课时", "class hour"}, {"day", "天", "day"}};
static const struct word renewals[] = {{0}, {"first", "首次", "first"}, {"renewal", "复审", "renewal"}};
static const struct word modes[] = {
    {0}, {"offline", "线下", "offline"}, {"online", "线上", "online"}, {"blended", "混合", "blended"}};
static const struct word demand_grades[] = {
    {0}, {"a", "紧缺", "A"}, {"b", "较紧缺", "B"}, {"c", "一般", "C"}};
static const struct word demand_sources[] = {{0},
                                             {"person", "个人", "person"},
                                             {"enterprise", "企业", "enterprise"},
                                             {"department", "部门", "department"}};
static const struct word catalogue_states[] = {
    {0},
    {"draft", "草案", "draft"},
    {"consulted", "已征求意见", "consulted"},
    {"approved", "已审定", "approved"},
    {"published", "已发布", "published"},
    {"superseded", "已被替代", "superseded"},
    {"withdrawn", "已撤回", "withdrawn"},
};
static const struct word filings[] = {{0},
                                      {"filed", "备案待审", "filed"},
                                      {"approved", "已批准", "approved"},
                                      {"returned", "已退回", "returned"}};
static const struct word proposals[] = {
    {0}, {"in-force", "生效", "in force"}, {"rejected", "驳回", "rejected"}};
static const struct word moves[] = {
    {0},
    {"publicity", "公示截止日", "end of publicity"},
    {"due", "办理期限", "day it is due"},
    {"filing", "备案班级审定期限", "day a filed class is due"},
};

static const struct word certificate_states[] = {
    {0}, {"valid", "有效", "valid"}, {"revoked", "已撤销", "revoked"}};
static const struct word routes[] = {
    {0},
    {"person", "个人申领", "the person"},
    {"employer", "企业申领", "the employer"},
    {"institution", "机构代领", "the institution, by proxy"},
};
static const struct word claim_states[] = {
    {0},
    {"submitted", "已提交", "submitted"},
    {"accepted", "已受理", "accepted"},
    {"returned", "退回补正", "returned"},
    {"reviewed", "已初审", "reviewed"},
    {"publicised", "公示中", "publicised"},
    {"approved", "已核准", "approved"},
    {"paid", "已拨付", "paid"},
    {"rejected", "不予核准", "rejected"},
    {"withdrawn", "已撤回", "withdrawn"},
    {"suspended", "暂停", "suspended"},
    {"clawed-back", "已追回", "clawed back"},
    {"in-batch", "已列入批次", "in a batch"},
    {"sent", "已送银行", "sent to the bank"},
};
static const struct word batch_states[] = {{0}, {"open", "编制中", "open"}, {"sent", "已送银行", "sent"}};
static const struct word batch_lines[] = {
    {0},
    {"waiting", "待发送", "waiting"},
    {"sent", "已送银行", "sent"},
    {"paid", "已支付", "paid"},
    {"refused", "银行拒付", "refused"},
    {"unknown", "结果不明", "unknown"},
    {"returned", "退票", "returned"},
};
static const struct word batch_subjects[] = {
    {0}, {"claim", "申领", "claim"}, {"tranche", "项目款", "tranche"}};
static const struct word claim_actions[] = {
    {0},
    {"submit", "提交", "submitted"},
    {"accept", "受理", "accepted"},
    {"return", "退回", "returned"},
    {"resubmit", "再提交", "submitted again"},
    {"review", "初审", "reviewed"},
    {"publicise", "公示", "publicised"},
    {"object", "异议", "objected to"},
    {"approve", "核准", "approved"},
    {"reject", "不予核准", "rejected"},
    {"pay", "拨付", "paid"},
    {"withdraw", "撤回", "withdrawn"},
    {"suspend", "暂停", "suspended"},
    {"resume", "恢复", "resumed"},
    {"claw-back", "追回", "clawed back"},
    {"batch", "列入批次", "put in a batch"},
    {"send", "送银行", "sent to the bank"},
    {"bank-refuse", "银行拒付", "refused by the bank"},
    {"bank-return", "退票", "returned by the bank"},
    {"unbatch", "移出批次", "taken out of the batch"},
    {"recheck", "财政复核", "re-checked by finance"},
};
static const struct word facts[] = {{0},
                                    {"pension", "按月领取养老金", "draws a monthly pension"},
                                    {"insured", "由申领单位参保", "is insured by who claims"},
                                    {"student", "全日制在校", "is a full-time student"},
                                    {"payroll", "财政供养", "is paid by a public budget"},
                                    {"death", "已死亡", "has died"},
                                    {"identity", "姓名与证件号码相符", "number and name agree"},
                                    {"custody", "在押", "is in custody"}};
static const struct word differences[] = {
    {0},
    {"budget", "指标余额与记账不符", "the budget is not what was posted"},
    {"cash", "存款余额与记账不符", "the cash is not what was posted"},
    {"layers", "预算层与现金层不符", "the two layers differ"},
    {"committed", "已核准未付与款项不符", "other sums are committed than wait"},
    {"sent", "已送银行金额不符", "other sums are sent than wait for the bank"},
    {"charge", "款项与记账不符", "other sums were posted than its state says"},
    {"amount", "款项与金额不符", "it comes to something else"},
    {"state", "状态与款项不符", "its state is not that of its money"},
    {"line", "批次明细金额不符", "its line is of another amount"},
    {"line-state", "状态与批次明细不符", "its state is not that of its line"},
    {"answer", "明细与银行回单不符", "its line is not as the bank answered"},
    {"batch", "批次合计不符", "the batch has other totals"},
    {"posting", "记账没有相应的决定或收款登记", "posted otherwise than people decided or recorded"},
    {"step", "记账没有相应的办理步骤", "posted without a step of it"},
    {"dispute", "银行答复矛盾，待处理", "the bank contradicts, not settled"},
    {"bank-amount", "银行所称金额不符，待处理", "the bank names another amount, not settled"},
};
static const struct word report_items[] = {
    {0},
    {"opening", "年初结余", "opening"},
    {"withdrawn", "收入：筹集转入", "in: unemployment fund"},
    {"from-above", "收入：上级补助", "in: from above"},
    {"other-income", "收入：其他资金", "in: other money"},
    {"interest", "收入：利息", "in: interest"},
    {"recovered", "收入：收回以前年度", "in: recovered, earlier years"},
    {"income", "收入合计", "income"},
    {"employees", "支出：企业职工培训", "out: employees' training"},
    {"free-training", "支出：免费培训", "out: free training"},
    {"project", "支出：项目制", "out: projects"},
    {"apprentice", "支出：新型学徒", "out: apprenticeship"},
    {"work-training", "支出：以工代训", "out: training by work"},
    {"assessment", "支出：鉴定补贴", "out: assessment"},
    {"living", "支出：生活费补贴", "out: living allowance"},
    {"passed-down", "支出：补助下级", "out: passed down"},
    {"other-spent", "支出：其他", "out: other"},
    {"spent", "支出合计", "spending"},
    {"treasury", "月末结余：财政专户", "treasury account"},
    {"expenditure", "月末结余：支出户", "expenditure account"},
    {"held", "月末结余：暂收款", "money held"},
    {"committed", "已核准未付", "committed"},
    {"available", "可用指标", "available"},
    {"execution", "执行率", "execution"},
};
static const struct word shortfalls[] = {{0},
                                         {"support", "省级调剂金支持", "support"},
                                         {"reduce", "减少计提", "reduce"},
                                         {"refuse", "不予计提", "refuse"}};
static const struct word sources[] = {{0},
                                      {"identity", "公安身份", "identity"},
                                      {"insurance", "社保参保", "insurance"},
                                      {"pension", "养老待遇", "pension"},
                                      {"employment", "就业登记", "employment"},
                                      {"payroll", "财政供养", "payroll"},
                                      {"business", "市场监管", "business"},
                                      {"school", "教育学籍", "school"},
                                      {"poverty", "扶贫", "poverty"},
                                      {"allowance", "民政低保", "allowance"},
                                      {"disability", "残联", "disability"},
                                      {"veteran", "退役军人", "veteran"},
                                      {"custody", "司法监所", "custody"},
                                      {"certificate", "评价证书", "certificate"},
                                      {"card", "社保卡", "card"},
                                      {"death", "公安死亡", "death"}};
static const struct word answers[] = {{0},
                                      {"match", "相符", "match"},
                                      {"mismatch", "不符", "mismatch"},
                                      {"not-available", "无法核验", "not available"}};
static const struct word tenures[] = {{0}, {"owned", "自有", "owned"}, {"leased", "租赁", "leased"}};
static const struct word lesson_kinds[] = {
    {0}, {"theory", "理论", "theory"}, {"practice", "实操", "practice"}};

static const struct word_table *const tables[] = {
    [WORD_KIND] = WORDS(kinds),
    [WORD_STATUS] = WORDS(statuses),
    [WORD_ROLE] = WORDS(roles),
    [WORD_LEVEL] = WORDS(levels),
    [WORD_STATE] = WORDS(states),
    [WORD_OUTCOME] = WORDS(outcomes),
    [WORD_OPERATOR_STATUS] = WORDS(operator_statuses),
    [WORD_CHANGE] = WORDS(changes),
    [WORD_DECISION] = WORDS(decisions),
    [WORD_ATTENDANCE] = WORDS(attendances),
    [WORD_RESULT] = WORDS(results),
    [WORD_PURPOSE] = WORDS(purposes),
    [WORD_DOCUMENT_STATE] = WORDS(document_states),
    [WORD_AMEND] = WORDS(amendments),
    [WORD_CERTIFICATE_STATE] = WORDS(certificate_states),
    [WORD_ROUTE] = WORDS(routes),
    [WORD_CLAIM_STATE] = WORDS(claim_states),
    [WORD_BATCH_STATE] = WORDS(batch_states),
    [WORD_BATCH_LINE] = WORDS(batch_lines),
    [WORD_BATCH_SUBJECT] = WORDS(batch_subjects),
    [WORD_CLAIM_ACTION] = WORDS(claim_actions),
    [WORD_FACT] = WORDS(facts),
    [WORD_SOURCE] = WORDS(sources),
    [WORD_SHORTFALL] = WORDS(shortfalls),
    [WORD_REPORT_ITEM] = WORDS(report_items),
    [WORD_DIFFERENCE] = WORDS(differences),
    [WORD_ANSWER] = WORDS(answers),
    [WORD_CONFLICT] = WORDS(conflict_decisions),
    [WORD_SUBSIDY_LINE] = WORDS(subsidy_lines),
    [WORD_CERTIFICATE_KIND] = WORDS(certificate_kinds),
    [WORD_WORKING] = WORDS(workings),
    [WORD_PROPOSAL] = WORDS(proposals),
    [WORD_MOVED] = WORDS(moves),
    [WORD_YES] = WORDS(yes),
    [WORD_ALL] = WORDS(all),
    [WORD_POLICY] = &word_policies,
    [WORD_TENURE] = WORDS(tenures),
    [WORD_LESSON_KIND] = WORDS(lesson_kinds),
    [WORD_MODE] = WORDS(modes),
    [WORD_DEMAND_GRADE] = WORDS(demand_grades),
    [WORD_DEMAND_SOURCE] = WORDS(demand_sources),
    [WORD_CATALOGUE_STATE] = WORDS(catalogue_states),
    [WORD_FILING] = WORDS(filings),
    [WORD_BASIS] = WORDS(bases),
    [WORD_PROJECT_STATE] = &word_project_states,
    [WORD_PROJECT_ACTION] = &word_project_actions,
    [WORD_PAY_MODE] = &word_pay_modes,
    [WORD_TIER] = &word_tier_metrics,
    [WORD_DEDUCTION] = &word_deductions,
    [WORD_EVIDENCE] = &word_evidence_kinds,
    [WORD_UNMET] = &word_unmet,
    [WORD_TRANCHE] = &word_tranche_kinds,
    [WORD_MATERIAL] = &word_material_kinds,
    [WORD_RENEWAL] = WORDS(renewals),
    [WORD_FUND_SOURCE] = &word_fund_sources,
    [WORD_SPENDING] = &word_spendings,
    [WORD_MONEY_EVENT] = &word_money_events,
    [WORD_FUND_MOVE] = &word_fund_moves,
    [WORD_RECEIPT] = &word_receipts,
};

static const struct word *word(enum word_kind kind, int number)
{
    static const struct word unknown = {"?", "?", "?"};
    return number > 0 && (size_t) number < tables[kind]->n && tables[kind]->words[number].stable != NULL
               ? &tables[kind]->words[number]
               : &unknown;
}

const char *word_shown(const struct cli *cli, enum word_kind kind, int number)
{
    return cli_say(cli, word(kind, number)->zh, word(kind, number)->en);
}

const char *word_stable(enum word_kind kind, int number)
{
    return word(kind, number)->stable;
}

/* Other words that are in use and accepted, but not shown. */
static const struct alias {
    enum word_kind kind;
    int number;
    const char *word;
} aliases[] = {
    {WORD_ATTENDANCE, 1, "到"},
    {WORD_ATTENDANCE, 1, "到课"},
    {WORD_ATTENDANCE, 1, "已到"},
    {WORD_ATTENDANCE, 1, "√"},
    {WORD_ATTENDANCE, 2, "事假"},
    {WORD_ATTENDANCE, 2, "病假"},
    {WORD_ATTENDANCE, 5, "旷课"},
    {WORD_ATTENDANCE, 5, "缺课"},
    {WORD_ATTENDANCE, 5, "未到"},
    {WORD_ATTENDANCE, 5, "×"},
    {WORD_LEVEL, 2, "五级"},
    {WORD_LEVEL, 3, "四级"},
    {WORD_LEVEL, 4, "三级"},
    {WORD_LEVEL, 5, "二级"},
    {WORD_LEVEL, 6, "一级"},
    {WORD_LEVEL, 2, "初级"},
    {WORD_LEVEL, 3, "中级"},
    {WORD_LEVEL, 4, "高级"},
    {WORD_LEVEL, 9, "专项"},
    {WORD_LEVEL, 9, "专项职业能力"},
    {WORD_LEVEL, 2, "国家职业资格五级"},
    {WORD_LEVEL, 3, "国家职业资格四级"},
    {WORD_LEVEL, 4, "国家职业资格三级"},
    {WORD_LEVEL, 5, "国家职业资格二级"},
    {WORD_LEVEL, 6, "国家职业资格一级"},
    {WORD_SUBSIDY_LINE, 1, "培训补贴"},
    {WORD_SUBSIDY_LINE, 2, "鉴定补贴"},
    {WORD_SUBSIDY_LINE, 2, "职业技能评价补贴"},
    {WORD_SUBSIDY_LINE, 2, "评价补贴"},
    {WORD_SUBSIDY_LINE, 3, "生活费"},
    {WORD_CERTIFICATE_KIND, 1, "国家职业资格证书"},
    {WORD_CERTIFICATE_KIND, 2, "技能等级证书"},
    {WORD_CERTIFICATE_KIND, 3, "专项能力证书"},
    {WORD_CERTIFICATE_KIND, 4, "培训合格证"},
    {WORD_CERTIFICATE_KIND, 4, "培训证书"},
    {WORD_CERTIFICATE_KIND, 5, "特种作业证"},
    {WORD_WORKING, 1, "工作日"},
    {WORD_WORKING, 1, "班"},
    {WORD_WORKING, 2, "放假"},
    {WORD_WORKING, 2, "节假日"},
    {WORD_WORKING, 2, "休"},
    {WORD_YES, 1, "是的"},
    {WORD_YES, 1, "Y"},
    {WORD_YES, 1, "1"},
    {WORD_YES, 1, "true"},
    {WORD_YES, 1, "√"},
    {WORD_YES, 1, "✓"},
    {WORD_YES, 1, "✔"},
    {WORD_YES, 1, "未收"},
    {WORD_YES, 1, "未收取"},
    {WORD_YES, 2, "N"},
    {WORD_YES, 2, "0"},
    {WORD_YES, 2, "false"},
    {WORD_YES, 2, "×"},
    {WORD_BASIS, 1, "人次"},
    {WORD_BASIS, 1, "按证书"},
    {WORD_BASIS, 2, "学时"},
    {WORD_BASIS, 2, "按课时"},
    {WORD_BASIS, 3, "天数"},
    {WORD_BASIS, 3, "按天"},
    {WORD_RENEWAL, 1, "初次"},
    {WORD_RENEWAL, 1, "初领"},
    {WORD_RENEWAL, 1, "新发"},
    {WORD_RENEWAL, 2, "换证"},
    {WORD_RENEWAL, 2, "复训"},
    {WORD_RENEWAL, 2, "延期"},
    {WORD_ALL, 1, "所有"},
    {WORD_ALL, 1, "不限"},
    {WORD_PROPOSAL, 1, "批准"},
    {WORD_PROPOSAL, 1, "通过"},
    {WORD_MODE, 1, "面授"},
    {WORD_TENURE, 1, "自有产权"},
    {WORD_TENURE, 1, "自有场地"},
    {WORD_TENURE, 2, "租用"},
    {WORD_TENURE, 2, "租借"},
    {WORD_TENURE, 2, "租赁场地"},
    {WORD_BATCH_LINE, 3, "成功"},
    {WORD_BATCH_LINE, 3, "支付成功"},
    {WORD_BATCH_LINE, 3, "success"},
    {WORD_BATCH_LINE, 4, "失败"},
    {WORD_BATCH_LINE, 4, "支付失败"},
    {WORD_BATCH_LINE, 4, "拒付"},
    {WORD_BATCH_LINE, 4, "failed"},
    {WORD_BATCH_LINE, 5, "不明"},
    {WORD_BATCH_LINE, 6, "退汇"},
    {WORD_LESSON_KIND, 1, "理论课"},
    {WORD_LESSON_KIND, 2, "实训"},
    {WORD_LESSON_KIND, 2, "实操课"},
    {WORD_LESSON_KIND, 2, "实际操作"},
    {WORD_LESSON_KIND, 2, "实践"},
};

const char *word_zh(enum word_kind kind, int number)
{
    return number > 0 && (size_t) number < tables[kind]->n ? tables[kind]->words[number].zh : NULL;
}

const char *word_also(enum word_kind kind, int number)
{
    for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
        if (aliases[i].kind == kind && aliases[i].number == number)
            return aliases[i].word;
    return NULL;
}

static int known(const void *context, const char *clean)
{
    const enum word_kind kind = *(const enum word_kind *) context;
    for (size_t i = 1; i < tables[kind]->n; i++) {
        const struct word *each = &tables[kind]->words[i];
        if (each->stable != NULL && (cell_same_word(clean, each->stable) || cell_same_word(clean, each->zh)))
            return (int) i;
    }
    for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
        if (aliases[i].kind == kind && cell_same_word(clean, aliases[i].word))
            return aliases[i].number;
    return 0;
}

int word_number(enum word_kind kind, const char *text)
{
    return cell_word(text, known, &kind);
}

int word_option(const struct cli *cli, const char *option, enum word_kind kind, int least, int most,
                const char *words)
{
    int number = word_number(kind, words), last = most > 0 ? most : (int) tables[kind]->n - 1;
    char zh[1024] = "应为其中之一：", en[1024] = "no such word: it is one of";
    if (number >= least && number <= last && number > 0)
        return number;
    for (int i = least; i <= last; i++) {
        size_t zh_n = strlen(zh), en_n = strlen(en);
        snprintf(zh + zh_n, sizeof(zh) - zh_n, "%s%s（%s）", i == least ? "" : "、", word(kind, i)->zh,
                 word(kind, i)->stable);
        snprintf(en + en_n, sizeof(en) - en_n, "%s %s", i == least ? "" : ",", word(kind, i)->stable);
    }
    cli_fail(cli, CLI_USAGE, zh, en, option);
    return 0;
}

const char *occupation_said(const char *words)
{
    const struct occupation *occupation = occupation_of_cell(words);
    return occupation == NULL ? words : occupation->code;
}

void word_cell(struct table *table, const struct cli *cli, enum word_kind kind, int number)
{
    table_cell(table, word_shown(cli, kind, number),
               cli->json ? json_object_new_string(word_stable(kind, number)) : NULL);
}

const char *warning_shown(const struct cli *cli, const char *name)
{
    for (int i = REASON_NONE + 1; i < REASON_COUNT; i++) {
        const struct reason_text *text = reason_text((enum reason) i);
        if (strcmp(text->name, name) == 0)
            return cli_say(cli, text->zh, text->en);
    }
    return name;
}

void word_optional(struct table *table, const struct cli *cli, enum word_kind kind, bool there, int number)
{
    if (there)
        word_cell(table, cli, kind, number);
    else
        table_text(table, NULL);
}
