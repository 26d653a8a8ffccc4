/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/words.h"

#include <stdio.h>
#include <string.h>

#include "proto/rules/cell.h"
#include "proto/wire/reason.h"

struct word {
    const char *stable, *zh, *en;
};

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
/* The policies of helper.policy_bounds, with the values that they may have. */
static const struct word policies[] = {
    {0},
    {"minimum_age", "最低年龄，0至100周岁", "minimum age, 0 to 100 years"},
    {"late_days", "开班后仍可补报名的天数，0至366", "days for late enrolment, 0 to 366"},
    {"attendance_percent", "结业须达到的出勤百分比，0至100", "attendance needed, percent, 0 to 100"},
    {"pass_mark", "合格分数，0至100", "pass mark, 0 to 100"},
    {"masked_looks_hour", "每小时脱敏查看人数上限，0至1000000",
     "masked looks an hour, persons, 0 to 1000000"},
    {"clear_looks_hour", "每小时明文查看人数上限，0至1000000", "clear looks an hour, persons, 0 to 1000000"},
    {"claim_months", "自发证起的申领期限，1至120个月", "months to claim within, 1 to 120"},
    {"publicity_days", "公示工作日数，1至60", "working days of publicity, 1 to 60"},
    {"review_days", "办理期限的工作日数，1至60", "working days of a review, 1 to 60"},
    {"four_eyes", "办理一项申领的人数，2或3", "human beings of a claim, 2 or 3"},
    {"living_days", "生活费补贴的天数上限，0至366", "days of living allowance, 0 to 366"},
    {"fact_pension", "核准前须核验养老金，0或1", "whether pensions are asked about, 0 or 1"},
    {"fact_insured", "核准前须核验参保，0或1", "whether insurance is asked about, 0 or 1"},
};
static const struct word proposals[] = {
    {0}, {"in-force", "生效", "in force"}, {"rejected", "驳回", "rejected"}};
static const struct word moves[] = {
    {0}, {"publicity", "公示截止日", "end of publicity"}, {"due", "办理期限", "day it is due"}};

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
};
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
};
static const struct word facts[] = {{0},
                                    {"pension", "按月领取养老金", "draws a monthly pension"},
                                    {"insured", "由申领单位参保", "is insured by who claims"}};
static const struct word answers[] = {{0},
                                      {"match", "相符", "match"},
                                      {"mismatch", "不符", "mismatch"},
                                      {"not-available", "无法核验", "not available"}};

#define WORDS(table)                                                                                         \
    {                                                                                                        \
        table, sizeof(table) / sizeof(*(table))                                                              \
    }
static const struct {
    const struct word *words;
    size_t n;
} tables[] = {
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
    [WORD_CLAIM_ACTION] = WORDS(claim_actions),
    [WORD_FACT] = WORDS(facts),
    [WORD_ANSWER] = WORDS(answers),
    [WORD_CONFLICT] = WORDS(conflict_decisions),
    [WORD_SUBSIDY_LINE] = WORDS(subsidy_lines),
    [WORD_CERTIFICATE_KIND] = WORDS(certificate_kinds),
    [WORD_WORKING] = WORDS(workings),
    [WORD_PROPOSAL] = WORDS(proposals),
    [WORD_MOVED] = WORDS(moves),
    [WORD_YES] = WORDS(yes),
    [WORD_ALL] = WORDS(all),
    [WORD_POLICY] = WORDS(policies),
};

static const struct word *word(enum word_kind kind, int number)
{
    static const struct word unknown = {"?", "?", "?"};
    return number > 0 && (size_t) number < tables[kind].n && tables[kind].words[number].stable != NULL
               ? &tables[kind].words[number]
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
    {WORD_ALL, 1, "所有"},
    {WORD_ALL, 1, "不限"},
};

const char *word_zh(enum word_kind kind, int number)
{
    return number > 0 && (size_t) number < tables[kind].n ? tables[kind].words[number].zh : NULL;
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
    for (size_t i = 1; i < tables[kind].n; i++) {
        const struct word *each = &tables[kind].words[i];
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
    int number = word_number(kind, words), last = most > 0 ? most : (int) tables[kind].n - 1;
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
