/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/done.h"

#include <stdio.h>
#include <string.h>

/* Sorted by method. The commands of all other writes print an answer that shows what was done. */
static const struct {
    const char *method, *zh, *en;
} words[] = {
    {"attendance.import", "已登记", "recorded"},
    {"batch.add", "已列入批次", "put into the batch"},
    {"batch.remove", "已移出批次", "taken out of the batch"},
    {"batch.reply", "已读入银行答复", "the bank's answer taken in"},
    {"batch.send", "已送银行，请导出银行文件", "sent: export the bank's file"},
    {"batch.settle", "已登记处理结果", "settled"},
    {"calendar.propose", "已提出", "proposed"},
    {"catalogue.approve", "已审定", "approved"},
    {"catalogue.consult", "已登记征求意见", "consultation noted"},
    {"catalogue.draft", "已拟草案", "drafted"},
    {"catalogue.load", "已导入", "loaded"},
    {"catalogue.publish", "已发布", "published"},
    {"catalogue.withdraw", "已撤回", "withdrawn"},
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
    {"claim.recheck", "已财政复核", "re-checked"},
    {"claim.reject", "不予核准", "rejected"},
    {"claim.resubmit", "已再次提交", "submitted again"},
    {"claim.resume", "已恢复办理", "resumed"},
    {"claim.return", "已退回补正", "returned to be mended"},
    {"claim.review", "已初审", "reviewed"},
    {"claim.submit", "已提交", "submitted"},
    {"claim.suspend", "已暂停", "suspended"},
    {"claim.withdraw", "已撤回", "withdrawn"},
    {"class.amend", "已变更", "amended"},
    {"class.approve", "已批准", "approved"},
    {"class.cancel", "已取消", "cancelled"},
    {"class.complete", "已结班", "completed"},
    {"class.file", "已备案，待主管部门审定", "filed, for the bureau to decide"},
    {"class.open", "已开班，招生中", "opened"},
    {"class.return", "已退回", "returned"},
    {"class.start", "已开课", "started"},
    {"conflict.resolve", "已处理", "resolved"},
    {"evidence.import", "已登记", "recorded"},
    {"evidence.withdraw", "已撤回", "withdrawn"},
    {"fact.answer", "已答复", "answered"},
    {"fact.ask", "已询问", "asked"},
    {"fund.month", "已登记", "recorded"},
    {"group.add", "已登记", "recorded"},
    {"group.end", "已终止", "ended"},
    {"lesson.add", "已登记", "recorded"},
    {"lesson.remove", "已删除", "taken out of the plan"},
    {"marks.import", "已登记", "recorded"},
    {"material.withdraw", "已撤回", "withdrawn"},
    {"organisation.amend", "已变更", "amended"},
    {"organisation.close", "已注销", "closed"},
    {"organisation.reactivate", "已恢复", "active again"},
    {"organisation.register", "已登记", "registered"},
    {"organisation.suspend", "已暂停", "suspended"},
    {"payee.confirm", "已确认", "confirmed"},
    {"person.amend", "已变更", "amended"},
    {"person.erase", "已删除", "erased"},
    {"person.merge", "已合并", "merged"},
    {"policy.propose", "已提出，待另一名复核人批准", "proposed, for another approver to decide"},
    {"project.accept", "已承接", "accepted"},
    {"project.apply", "已申请", "asked for"},
    {"project.approve", "已核准", "approved"},
    {"project.attach", "班级已列入项目", "attached"},
    {"project.award", "已确定机构", "awarded"},
    {"project.call", "已发起，待另一人公布", "called for, for somebody else to list"},
    {"project.carry-out", "已确认实施，人员已锁定", "carried out, its heads are frozen"},
    {"project.close", "已办结", "closed"},
    {"project.count", "已恢复计入", "counted again"},
    {"project.detach", "班级已移出项目", "detached"},
    {"project.inspect", "已登记", "recorded"},
    {"project.pay", "已拨付", "paid"},
    {"project.recheck", "已财政复核", "re-checked"},
    {"project.publish", "已公布", "listed"},
    {"project.recover", "已登记", "recorded"},
    {"project.reject", "不予核准", "rejected"},
    {"project.resume", "已恢复", "goes on"},
    {"project.review", "已初审", "reviewed"},
    {"project.strike", "已核减", "struck"},
    {"project.suspend", "已暂停", "suspended"},
    {"project.terminate", "已终止", "terminated"},
    {"project.verify", "已核验", "verified"},
    {"roster.import", "登记", "registered"},
    {"roster.remove", "已移出", "removed"},
    {"roster.restore", "已恢复在班", "in the class again"},
    {"scope.add", "已增加", "added"},
    {"scope.end", "已终止", "ended"},
    {"snapshot.load", "已导入", "loaded"},
    {"standard.propose", "已提出", "proposed"},
    {"teacher.end", "已改为登记至该日", "registered until that day"},
    {"teacher.erase", "已删除", "erased"},
    {"teacher.import", "已登记", "registered"},
    {"venue.end", "已改为使用至该日", "used until that day"},
    {"venue.import", "已登记", "registered"},
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
