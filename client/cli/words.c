/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/words.h"

#include <string.h>

struct word {
    const char *stable, *zh, *en;
};

/* Indexed by the number of proto/wire.proto, organisation.proto, class.proto, audit.proto. */
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
static const struct word states[] = {{0}, {"open", "招生中", "open"}};
static const struct word outcomes[] = {
    {0},
    {"done", "完成", "done"},
    {"duplicate", "已在班", "duplicate"},
    {"class-unknown", "无此班级", "class unknown"},
    {"class-full", "名额已满", "class full"},
    {"class-state", "班级状态不符", "class state"},
    {"under-age", "未满年龄", "under age"},
    {"born-after-start", "出生晚于开班", "born after start"},
    {"name-differs", "姓名不一致", "name differs"},
    {"out-of-scope", "超出培训范围", "out of scope"},
    {"occupation-unknown", "无此职业", "occupation unknown"},
    {"request-id-reused", "请求编号重用", "request id reused"},
    {"not-allowed", "无权办理", "not allowed"},
};

#define WORDS(table)                                                                                         \
    {                                                                                                        \
        table, sizeof(table) / sizeof(*(table))                                                              \
    }
static const struct {
    const struct word *words;
    size_t n;
} tables[] = {
    [WORD_KIND] = WORDS(kinds),   [WORD_STATUS] = WORDS(statuses), [WORD_ROLE] = WORDS(roles),
    [WORD_LEVEL] = WORDS(levels), [WORD_STATE] = WORDS(states),    [WORD_OUTCOME] = WORDS(outcomes),
};

static const struct word *word(enum word_kind kind, int number)
{
    static const struct word unknown = {"?", "?", "?"};
    return number > 0 && (size_t) number < tables[kind].n ? &tables[kind].words[number] : &unknown;
}

const char *word_shown(const struct cli *cli, enum word_kind kind, int number)
{
    return cli_say(cli, word(kind, number)->zh, word(kind, number)->en);
}

const char *word_stable(enum word_kind kind, int number)
{
    return word(kind, number)->stable;
}

int word_number(enum word_kind kind, const char *text)
{
    for (size_t i = 1; i < tables[kind].n; i++)
        if (strcmp(tables[kind].words[i].stable, text) == 0 || strcmp(tables[kind].words[i].zh, text) == 0)
            return (int) i;
    return 0;
}

void word_cell(struct table *table, const struct cli *cli, enum word_kind kind, int number)
{
    table_cell(table, word_shown(cli, kind, number),
               cli->json ? json_object_new_string(word_stable(kind, number)) : NULL);
}
