/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/done.h"

#include <stdio.h>
#include <string.h>

/* Sorted by method. The commands of all other writes print an answer that shows what was done. */
static const struct {
    const char *method, *zh, *en;
} words[] = {
    {"attendance.import", "已登记", "recorded"},
    {"calendar.propose", "已提出", "proposed"},
    {"certificate.amend", "已更正", "amended"},
    {"certificate.import", "已登记", "registered"},
    {"certificate.reinstate", "已恢复有效", "valid again"},
    {"certificate.revoke", "已撤销", "revoked"},
    {"change.confirm", "已确认，现已生效", "confirmed, and in force"},
    {"change.reject", "已驳回", "rejected"},
    {"claim.accept", "已受理", "accepted"},
    {"claim.approve", "已核准", "approved"},
    {"claim.claw-back", "已追回", "clawed back"},
    {"claim.object", "已登记异议，暂停办理", "objection entered, suspended"},
    {"claim.pay", "已拨付", "paid"},
    {"claim.publicise", "已公示", "publicised"},
    {"claim.reject", "不予核准", "rejected"},
    {"claim.resubmit", "已再次提交", "submitted again"},
    {"claim.resume", "已恢复办理", "resumed"},
    {"claim.return", "已退回补正", "returned to be mended"},
    {"claim.review", "已初审", "reviewed"},
    {"claim.submit", "已提交", "submitted"},
    {"claim.suspend", "已暂停", "suspended"},
    {"claim.withdraw", "已撤回", "withdrawn"},
    {"class.amend", "已变更", "amended"},
    {"class.cancel", "已取消", "cancelled"},
    {"class.complete", "已结班", "completed"},
    {"class.open", "已开班，招生中", "opened"},
    {"class.start", "已开课", "started"},
    {"conflict.resolve", "已处理", "resolved"},
    {"fact.answer", "已答复", "answered"},
    {"fact.ask", "已询问", "asked"},
    {"group.add", "已登记", "recorded"},
    {"group.end", "已终止", "ended"},
    {"lesson.add", "已登记", "recorded"},
    {"lesson.remove", "已删除", "taken out of the plan"},
    {"marks.import", "已登记", "recorded"},
    {"organisation.amend", "已变更", "amended"},
    {"organisation.close", "已注销", "closed"},
    {"organisation.reactivate", "已恢复", "active again"},
    {"organisation.register", "已登记", "registered"},
    {"organisation.suspend", "已暂停", "suspended"},
    {"person.amend", "已变更", "amended"},
    {"person.erase", "已删除", "erased"},
    {"person.merge", "已合并", "merged"},
    {"policy.propose", "已提出，待另一名复核人批准", "proposed, for another approver to decide"},
    {"roster.import", "登记", "registered"},
    {"roster.remove", "已移出", "removed"},
    {"roster.restore", "已恢复在班", "in the class again"},
    {"scope.add", "已增加", "added"},
    {"scope.end", "已终止", "ended"},
    {"standard.propose", "已提出", "proposed"},
};

const char *done_word(const struct cli *cli, const char *method)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (strcmp(words[i].method, method) == 0)
            return cli_say(cli, words[i].zh, words[i].en);
    return cli_say(cli, "已办理", "done");
}

void done_print(const struct cli *cli, const char *method)
{
    puts(cli->json ? "{\"done\":true}" : done_word(cli, method));
}

void done_head(const struct cli *cli, const char *method)
{
    if (!cli->json)
        puts(done_word(cli, method));
}
