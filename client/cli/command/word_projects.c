/* SPDX-License-Identifier: Apache-2.0 */
/* Words of projects (proto/project.proto). */
#include "client/cli/command/word_table.h"

static const struct word project_states[] = {
    {0},
    {"called", "征集", "called"},
    {"listed", "已公布", "listed"},
    {"awarded", "已确定机构", "awarded"},
    {"accepted", "机构已承接", "accepted"},
    {"running", "培训中", "running"},
    {"carried-out", "已实施", "carried out"},
    {"advance-paid", "已拨预付款", "advance paid"},
    {"verifying", "核验就业中", "verifying"},
    {"settled", "已结算", "settled"},
    {"closed", "已办结", "closed"},
    {"suspended", "暂停", "suspended"},
    {"terminated", "已终止", "terminated"},
    {"recovering", "追回中", "recovering"},
};
const struct word_table word_project_states = {project_states,
                                               sizeof(project_states) / sizeof(*project_states)};

static const struct word project_actions[] = {
    {0},
    {"call", "征集", "called for"},
    {"publish", "公布", "listed"},
    {"award", "确定机构", "awarded"},
    {"accept", "承接", "accepted"},
    {"attach", "列入班级", "class attached"},
    {"detach", "移出班级", "class detached"},
    {"inspect", "检查", "inspected"},
    {"carry-out", "确认实施", "carried out"},
    {"strike", "核减", "head struck"},
    {"count", "恢复计入", "head counted again"},
    {"verify", "核验就业", "verified"},
    {"close", "办结", "closed"},
    {"suspend", "暂停", "suspended"},
    {"resume", "恢复", "resumed"},
    {"terminate", "终止", "terminated"},
    {"recover", "收回款项", "money came back"},
    {"apply", "申请拨款", "asked for money"},
    {"review", "初审", "reviewed"},
    {"approve", "核准", "approved"},
    {"reject", "不予核准", "rejected"},
    {"pay", "拨付", "paid"},
    {"batch", "列入批次", "put in a batch"},
    {"unbatch", "移出批次", "taken out of the batch"},
    {"send", "送银行", "sent to the bank"},
    {"bank-refuse", "银行拒付", "refused by the bank"},
    {"bank-return", "退票", "returned by the bank"},
    {"recheck", "财政复核", "re-checked by finance"},
};
const struct word_table word_project_actions = {project_actions,
                                                sizeof(project_actions) / sizeof(*project_actions)};

static const struct word pay_modes[] = {
    {0}, {"project", "按项目拨付", "by the project"}, {"person", "按人拨付", "by the person"}};
const struct word_table word_pay_modes = {pay_modes, sizeof(pay_modes) / sizeof(*pay_modes)};

static const struct word tier_metrics[] = {
    {0}, {"none", "无须核验", "none"}, {"employment", "就业率", "employment"}, {"pass", "合格率", "pass"}};
const struct word_table word_tier_metrics = {tier_metrics, sizeof(tier_metrics) / sizeof(*tier_metrics)};

static const struct word deductions[] = {
    {0},
    {"not-completed", "未结业", "not completed"},
    {"failed", "考核不合格", "failed"},
    {"pension", "领取养老金", "draws a pension"},
    {"student", "在校生", "student"},
    {"payroll", "财政供养", "on the public payroll"},
    {"had", "已享受", "has had it"},
    {"identity", "身份不符", "identity differs"},
    {"other", "其他", "other"},
};
const struct word_table word_deductions = {deductions, sizeof(deductions) / sizeof(*deductions)};

static const struct word evidence_kinds[] = {
    {0},
    {"insured", "参保", "insured"},
    {"registered", "就业登记", "registered"},
    {"contract", "合同", "contract"},
    {"licence", "执照", "licence"},
    {"flexible", "灵活就业", "flexible"},
};
const struct word_table word_evidence_kinds = {evidence_kinds,
                                               sizeof(evidence_kinds) / sizeof(*evidence_kinds)};

static const struct word unmet[] = {
    {0},
    {"none", "无凭证", "no evidence"},
    {"kind", "凭证种类不认可", "kind not accepted"},
    {"early", "早于结业", "before the end of the class"},
    {"late", "超过期限", "too late"},
    {"short", "期限不足", "too few months"},
    {"same-employer", "原单位", "same employer as before"},
    {"institution", "培训机构自身", "the institution itself"},
    {"unconfirmed", "未经核实", "not confirmed"},
    {"contradicted", "与名册不符", "not in the register"},
};
const struct word_table word_unmet = {unmet, sizeof(unmet) / sizeof(*unmet)};

static const struct word tranche_kinds[] = {
    {0},
    {"advance", "预付款", "advance"},
    {"balance", "余款", "balance"},
    {"person-first", "个人首付", "a person's first part"},
    {"person-second", "个人尾付", "a person's second part"},
};
const struct word_table word_tranche_kinds = {tranche_kinds, sizeof(tranche_kinds) / sizeof(*tranche_kinds)};

static const struct word material_kinds[] = {
    {0},
    {"sign-sheet", "签到表", "sign sheet"},
    {"insurance", "参保证明", "proof of insurance"},
    {"account-book", "资金台账", "account book"},
    {"video-index", "教学视频目录", "index of videos"},
    {"other", "其他", "other"},
};
const struct word_table word_material_kinds = {material_kinds,
                                               sizeof(material_kinds) / sizeof(*material_kinds)};
