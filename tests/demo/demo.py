#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The main job from nothing: a private stack, a class, two rosters, who may see them, what the log says of it.
Shows each command and what it printed, and how long it took; stops everything again. The stack is in build/demo, or in the folder
that is named."""

import csv
import json
import os
import pathlib
import re
import shlex
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/stack"))
import people
from postgres import Failed
from stack import Stack

CLEAN = ROOT / "tests/samples/roster-clean-500.csv"
MESSY = ROOT / "tests/samples/roster-messy-gb18030.csv"
OPEN = ["class", "open", "--title", "家政服务员第三期", "--occupation", "4-10-01-06", "--level", "junior", "--kind", "就业技能培训", "--capacity", "700"]
AHEAD, BACK = 10, 40  # days from now to the class's first; by which it is moved back, for the demo to go on
MOST_LINES = 24
BINARIES = pathlib.Path(os.environ.get("MINGCE_BUILD", ROOT / "build")) / "bin"


def day(days=0):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600 + days * 86400))


def say(zh, en):
    print(f"\n== {zh} / {en}", flush=True)


class Demo:
    def __init__(self, stack):
        self.stack = stack

    def run(self, profile, *words, expect=0, json_output=False, table=True, lines=(), most=MOST_LINES):
        """Shows the command and its output. Returns (output, seconds); an exit status not expected ends the demo."""
        shown = [pathlib.Path(w).name if isinstance(w, pathlib.Path) else str(w) for w in words]
        print(f"$ mingce --profile {profile} {shlex.join(shown)}", flush=True)
        began = time.monotonic()
        done = self.stack.cli(profile, *(["--json"] if json_output else []), *words, input="".join(f"{x}\n" for x in lines))
        seconds = time.monotonic() - began
        if table and not json_output:
            self.show(done.stdout, most)
        self.show(done.stderr)
        if done.returncode != expect:
            raise Failed(f"mingce {' '.join(shown)}: exit {done.returncode}, expected {expect}\n{done.stderr}")
        return done.stdout, seconds

    @staticmethod
    def show(text, most=MOST_LINES):
        lines = text.strip("\n").split("\n") if text.strip() else []
        for line in lines[:most]:
            print(f"  {line}")
        if len(lines) > most:
            print(f"  … ({len(lines) - most})")


def perform(demo):
    say("我是谁", "who am I")
    demo.run("institution", "whoami")
    say("开班", "open a class")
    output, _ = demo.run("institution", *OPEN, "--starts", day(AHEAD), "--ends", day(AHEAD + 1), json_output=True)
    number = json.loads(output)["number"]
    print(f"  {number}")

    say("先离线检查一份有毛病的花名册（GB18030，有标题行、合计行）", "check a messy roster offline: GB18030, title row, total row")
    demo.run("institution", "roster", "check", MESSY, expect=1)
    say("导入 500 人", "import 500 trainees")
    _, clean_s = demo.run("institution", "roster", "import", CLEAN, "--class", number)
    say("导入有毛病的花名册：好的登记，坏的退回", "import the messy one: good rows are registered, bad ones come back")
    rejects = demo.stack.folder / "rejects.csv"
    demo.run("institution", "roster", "import", MESSY, "--class", number, "--rejects", rejects, expect=1, table=False)
    print("  " + rejects.read_bytes().decode("gb18030").split("\r\n")[1])
    say("再导入一次：什么也不增加", "once more: nothing is added")
    demo.run("institution", "roster", "import", CLEAN, "--class", number)

    standards(demo)
    catalogues(demo)
    approve(demo, number)
    complete(demo, number)
    approved = claim(demo, number)
    bank(demo)
    made = project(demo, number)

    say("主管部门看到的名册（脱敏）", "what the bureau sees: masked")
    demo.run("reviewer", "roster", "list", "--class", number, "--limit", "5")
    look(demo)
    say("外市机构看不到它，管理员不碰业务", "another city's institution does not see it; administrators keep off")
    demo.run("institution2", "roster", "list", "--class", number, expect=3)
    demo.run("sysadmin", "class", "list", expect=3)
    say("审计日志", "the audit log")
    demo.run("auditor", "audit", "log", "--limit", "5")
    say("核验整个日志：公钥由审计人自带", "verify the whole log, with a public key that the auditor brings along")
    signed(demo)
    key, proof = ["--key", demo.stack.folder / "log.vkey"], demo.stack.folder / "entry.tlog-proof"
    demo.run("auditor", "audit", "verify", *key)
    demo.run("auditor", "audit", "prove", "7", "--output", proof, *key, table=False)
    demo.run("auditor", "audit", "check", proof, *key)
    files(demo, number, approved)
    settlement(demo, made)
    return number, clean_s


def signed(demo):
    """Waits for a checkpoint: the notary signs within a second."""
    until = time.monotonic() + 20
    while demo.stack.sql("SELECT count(*) FROM audit.checkpoint") == "0" and time.monotonic() < until:
        time.sleep(0.05)


# An invented teacher's document number: a new-born's, of 1900.
PLAN = """上课日期,开始时间,结束时间,课时,上课地点,上课内容,课程类型,教师姓名,教师证件号码
{first},08:30,11:30,4,一号教室,职业道德,理论,沈教师,110101190001010014
{second},08:30,11:30,4,历下校区/一号教室,居家保洁,实操,沈教师,110101190001010014
"""
VENUES = """场地名称,所在区县,场地地址,教室,容纳人数,场地性质,租赁到期日
历下校区,山东省济南市历下区,示例路1号,一号教室,700,租赁,{until}
历下校区,山东省济南市历下区,示例路1号,301,40,租赁,{until}
"""
TEACHERS = """姓名,证件号码,职业代码,等级,资格,起始日期
沈教师,110101190001010014,4-10-01-06,高级工,高级技师,2020-01-01
"""
TRAINING = """序号,产业或类别,职业编码,等级,课时下限,实操占比,培训方式
1,居民服务,4-10-01-06,初级工,8,50%,线下
"""
INSTITUTIONS = """序号,统一社会信用代码,机构名称,职业编码,等级,有效期起
1,{code},{name},4-10-01-06,初级工,2026-01-01
"""


def catalogues(demo):
    """A training catalogue and one of institutions, from the draft to its publication."""
    folder = demo.stack.folder
    code, name, _, _ = people.ORGANISATIONS["institution"]
    say("目录：一人起草，征求意见后另一人审定、发布", "catalogues: one drafts, another approves and publishes after the consultation")
    for kind, title, text in (("一般性目录", "济南示例一般性目录", TRAINING), ("机构目录", "济南示例机构目录", INSTITUTIONS.format(code=code, name=name))):
        file = folder / f"{title}.csv"
        file.write_text(text)
        output, _ = demo.run("reviewer", "catalogue", "draft", "--kind", kind, "--title", title, "--citation", "济人社示例〔2026〕2号", json_output=True)
        catalogue = json.loads(output)["catalogue_id"]
        demo.run("reviewer", "catalogue", "load", catalogue, file)
        demo.run("reviewer", "catalogue", "consult", catalogue, "--consulted", "示例财政局，济财示例〔2026〕3号", table=False)
        demo.run("approver", "catalogue", "approve", catalogue, table=False)
        demo.run("approver", "catalogue", "publish", catalogue, "--from", "2026-01-01")


def approve(demo, number):
    """Rooms, teachers, the plan; what stands in the way; filed, seen in the queue, approved; then moved back, as if it were under way."""
    folder = demo.stack.folder
    texts = {"venues": VENUES.format(until=day(400)), "teachers": TEACHERS, "plan": PLAN.format(first=day(AHEAD), second=day(AHEAD + 1))}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    say("场地、教室、教师：先登记，后排课", "venues, rooms, teachers: registered before lessons are planned")
    demo.run("institution", "venue", "import", folder / "venues.csv")
    demo.run("institution", "teacher", "import", folder / "teachers.csv")
    demo.run("reviewer", "venue", "list")
    demo.run("reviewer", "teacher", "list")
    say("未经批准不能开课；没有教学计划不能备案", "a class that is not approved does not start; one without a plan is not filed")
    demo.run("institution", "class", "start", number, "--version", "1", expect=3)
    stated = ["--materials", "《家政服务员（初级）》", "--assessment-plan", "理论笔试60分钟，实操一对一"]
    demo.run("institution", "class", "file", number, "--version", "1", *stated, expect=3)
    say("教学计划、备案、批准", "plan, filing, approval")
    demo.run("institution", "lesson", "import", folder / "plan.csv", "--class", number)
    demo.run("institution", "class", "file", number, "--version", "1", *stated)
    demo.run("reviewer", "class", "queue")
    demo.run("approver", "class", "approve", number, "--version", "2")
    demo.run("institution", "class", "show", number, most=70)
    say("班级十天后才开课，演示不等：由数据库所有者把班级和课程提前四十天；日志也记下了", "the class begins in ten days, for which the demo does not wait: the "
        "database's owner moves it and its lessons forty days back; the log has this, too")
    demo.stack.sql(f"UPDATE registry.class SET starts_on = starts_on - {BACK}, ends_on = ends_on - {BACK} WHERE class_number = {number};"
                   f"UPDATE registry.lesson SET held_on = held_on - {BACK}, held = tsrange(lower(held) - interval '{BACK} days', upper(held) - interval '{BACK} days')"
                   f" WHERE class_number = {number}")


def project(demo, number):
    """A project that paid for the class: from the call to the balance; whose training a claim has paid for is not paid for again."""
    folder = demo.stack.folder
    say("项目制培训：发起、公布、确定机构、承接、列入班级、检查、确认实施", "a project: called for, listed, awarded, accepted, with its class, inspected, carried out")
    output, _ = demo.run("reviewer", "project", "call", "--name", "家政服务示例项目", "--department", "示例部门", "--number", "示例征〔2026〕1号", "--occupation", "4-10-01-06",
                         "--level", "初级工", "--heads", "610", "--hours", "8", "--unit", "15.00", "--from", day(-100), "--to", day(-1), "--closes", day(200), json_output=True)
    made = json.loads(output)["project_id"]

    def step(profile, word, *more, expect=0):
        shown, _ = demo.run("auditor", "project", "show", made, json_output=True)
        version = json.loads(shown.splitlines()[0])["version"]
        demo.run(profile, "project", word, made, "--version", version, *more, expect=expect)

    def decide(name):
        step("institution", "apply")
        for profile, word, state in (("reviewer", "review", "submitted"), ("approver2", "approve", "reviewed")):
            tranches = folder / f"{name}-{word}.csv"
            demo.run("auditor", "project", "tranches", "--project", made, "--state", state, "--output", tranches, table=False)
            demo.run(profile, "project", word, tranches)
        approved = folder / f"{name}-approved.csv"
        demo.run("payer", "project", "tranches", "--project", made, "--state", "approved", "--output", approved, table=False)
        output, _ = demo.run("payer", "batch", "make", "--purpose", "项目制培训补贴", json_output=True)
        batch = json.loads(output)
        demo.run("payer", "batch", "add", batch["batch_id"], approved, "--tranches")
        output, _ = demo.run("payer", "batch", "list", json_output=True)
        [seen] = [b for b in map(json.loads, output.splitlines()) if b["batch_id"] == batch["batch_id"]]
        demo.run("payer2", "batch", "send", batch["batch_id"], "--lines", seen["lines"], "--amount", f"{seen['amount_fen'] / 100:.2f}")
        answer = write(folder / f"{name}-answer.csv", "批次号,序号,结果,银行流水号,交易日期,原因码,原因", [(batch["reference"], 1, "已支付", f"P-{name}", day(), "", "")])
        demo.run("payer", "batch", "reply", answer)

    step("approver", "publish")
    step("approver", "award", "--organisation", people.ORGANISATIONS["institution"][0], "--contract", "示例合同1号")
    step("institution", "accept")
    step("institution", "attach", "--class", number)
    step("reviewer", "carry-out", expect=3)  # not inspected yet
    step("reviewer", "inspect", "--on", day(), "--passed", "--reason", "现场人数与名册一致")
    step("reviewer", "carry-out")
    say("预付款60%：一人初审，另一人核准，专账即有承付；银行按批次支付", "the advance, 60 percent: reviewed by one, approved by another, which commits the money; the bank pays by batches")
    decide("advance")
    say("就业凭证；就业率未到85%，余款不拨", "evidence of employment; below 85 percent the balance is not due")
    evidence = folder / "evidence.csv"
    for last in (400, 580):
        evidence.write_text("\n".join(["座号,凭证种类,就业日期,来源,数据日期", *(f"{seat},执照,{day()},市场监管,{day()}" for seat in range(11, last)), ""]))
        for who in ("institution", "reviewer2"):  # what an institution says counts once the bureau has seen it
            demo.run(who, "evidence", "import", made, evidence, "--class", number, most=3)
        step("reviewer", "verify")
        if last == 400:
            step("institution", "apply", expect=3)
    say("达到85%：余款，两者之和与补贴分文不差", "at 85 percent: the balance, so that both are the subsidy to the fen")
    decide("balance")
    demo.run("institution", "project", "show", made, most=60)
    return made


def complete(demo, number):
    """Attendance, marks; trainees 1 to 5 miss a lesson, 6 to 10 fail."""
    seats, first, second = range(1, 609), day(AHEAD - BACK), day(AHEAD + 1 - BACK)
    attendance = [f"{seat},{on},出勤" for seat in seats for on in (first, second) if seat > 5 or on == first]
    marks = [f"{seat},{59 if 5 < seat <= 10 else 85.5},90" for seat in seats]
    folder = demo.stack.folder
    files = {name: folder / f"{name}.csv" for name in ("attendance", "marks")}
    files["attendance"].write_text("\n".join(["班内序号,上课日期,状态", *attendance, ""]))
    files["marks"].write_text("\n".join(["班内序号,理论成绩,实操成绩", *marks, ""]))

    say("开课、考勤、成绩、结班", "start, attendance, marks, completion")
    demo.run("institution", "class", "start", number, "--version", "3")
    demo.run("institution", "attendance", "import", files["attendance"], "--class", number)
    demo.run("institution", "marks", "import", files["marks"], "--class", number)
    demo.run("institution", "class", "complete", number, "--version", "4")
    demo.run("reviewer", "training", "list", "--class", number, "--limit", "12")


STANDARDS = """补贴项目,补贴标准,起始日期,文件依据
职业培训补贴,1500.00,2026-01-01,济人社示例〔2026〕1号
职业技能鉴定补贴,200.00,2026-01-01,济人社示例〔2026〕1号
"""


def write(path, header, rows):
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows), ""]))
    return path


def standards(demo):
    """By two approvers."""
    folder = demo.stack.folder
    say("补贴标准：一人提出，另一人批准", "subsidy standards: one proposes, another puts in force")
    (folder / "standards.csv").write_text(STANDARDS)
    demo.run("approver", "standard", "load", folder / "standards.csv")
    output, _ = demo.run("approver", "standard", "list", "--pending", json_output=True)
    ids = ",".join(json.loads(line)["standard_id"] for line in output.splitlines())
    demo.run("approver", "standard", "decide", ids, "--decision", "in-force", expect=1)
    demo.run("approver2", "standard", "decide", ids, "--decision", "in-force")


def money(demo):
    """Two approvers allot it, a payer records what came."""
    ledger = ["--source", "unemployment", "--year", day()[:4]]
    output, _ = demo.run("approver", "fund", "allot", "100000", *ledger, "--reason", "示例财〔2026〕1号", json_output=True)
    demo.run("approver2", "fund", "decide", json.loads(output)["proposal_id"], "--decision", "in-force")
    demo.run("payer", "fund", "receive", "money", "80000", *ledger)
    demo.run("payer", "fund", "receive", "to-expenditure", "50000", *ledger)


def claim(demo, number):
    """Certificates of trainees 11 to 20; claims from submission to approval."""
    folder, today = demo.stack.folder, day()
    numbers = [f"PXHG-{number}-{seat:04d}" for seat in range(11, 21)]

    def claims(state):
        output, _ = demo.run("reviewer", "claim", "list", "--state", state, json_output=True)
        return [json.loads(line) for line in output.splitlines()]

    def decide(profile, step, state, *more, expect=0):
        file = write(folder / f"{step}.csv", "申领编号,版本", [(c["claim_id"], c["version"]) for c in claims(state)])
        demo.run(profile, "claim", "decide", step, file, *more, expect=expect, table=expect != 0)

    say("证书：导入；任何登录者凭编号和姓名可核验", "certificates: imported; any user verifies one by its number and the holder's name")
    demo.run("institution", "certificate", "import", "--class", number, write(
        folder / "certificates.csv", "班内序号,证书编号,证书类别,发证日期",
        [(seat, text, "培训合格证书", today) for seat, text in zip(range(11, 21), numbers)]))
    demo.run("enterprise", "certificate", "verify", lines=[numbers[0], names_on_roster()[11 - 1]])
    say("姓名不符即查不到：持有人是谁，不会告诉外人", "with another's name it is not found: strangers are not told who the holder is")
    demo.run("enterprise", "certificate", "verify", lines=[numbers[0], "示例他人"], expect=1)
    say("日历：一人提出，另一人批准", "the calendar: one proposes, another puts in force")
    holidays = write(folder / "holidays.csv", "日期,上班或休息,文件依据", [("2043-01-01", "休息", "示例文〔2042〕9号"), ("2043-01-03", "上班", "示例文〔2042〕9号")])
    demo.run("reviewer", "calendar", "load", holidays)
    output, _ = demo.run("approver", "calendar", "list", "--division", "370100", "--pending", json_output=True)
    demo.run("approver", "calendar", "decide", ",".join(json.loads(line)["proposal_id"] for line in output.splitlines()), "--decision", "in-force", table=False)
    say("申领：一行有误，其余照收；再交一次什么也不增加", "claims: one row is wrong, the others are taken; once more adds nothing")
    file = write(folder / "claims.csv", "证书编号,代领协议编号,未收费", [*((n, "DL-2026-3", "是") for n in numbers), ("PXHG-0", "DL-2026-3", "是")])
    demo.run("institution", "claim", "submit", file, "--dry-run", expect=1)
    demo.run("institution", "claim", "submit", file, expect=1, table=False)
    demo.run("institution", "claim", "submit", file, expect=1, table=False)
    say("受理、初审、公示；公示期未满不能核准", "accepted, reviewed, publicised; not approved before publicity is over")
    decide("reviewer", "accept", "submitted")
    decide("reviewer", "review", "accepted")
    decide("reviewer", "publicise", "reviewed")
    demo.run("institution2", "claim", "public", "--division", "370100", "--limit", "3")
    decide("approver", "approve", "publicised", expect=1)
    say("公示须满五个工作日，演示不等：由数据库所有者把公示的开始改到六十天前。所以下面的经过里，公示开始于提交之前；这一改动日志也记下了",
        "publicity lasts five working days, for which the demo does not wait: the database's owner moves its beginning sixty days back. This is why the "
        "story below has publicity that began, and was over, before the claim was made; the log has this change, too")
    demo.stack.sql("UPDATE registry.claim SET shown = (SELECT range_agg(daterange(lower(r) - 60, upper(r))) FROM unnest(shown) r)")
    say("没有资金不能核准；一人提出下达指标，另一人批准，拨付人员登记收款", "nothing is approved without money: one proposes an allotment, another puts it in force, a payer records what came")
    decide("approver", "approve", "publicised", expect=1)
    money(demo)
    decide("approver", "approve", "publicised")
    say("专账：余额、明细、试算", "the special account: its balances, its statement, the trial balance")
    demo.run("payer", "fund", "show", "unemployment", today[:4])
    demo.run("payer", "fund", "statement", "unemployment", today[:4], "--limit", "5")
    demo.run("auditor", "fund", "trial")
    say("一项申领的全部经过", "the whole story of a claim")
    approved = claims("approved")[0]["claim_id"]
    demo.run("auditor", "claim", "show", approved, most=50)
    say("如果标准是另一个样子：试算，什么也不写", "had the standard been another: replayed, and nothing is written")
    draft = write(folder / "draft.csv", "补贴项目,补贴标准,起始日期,文件依据", [("职业培训补贴", "1800.00", "2026-01-01", "示例草案")])
    demo.run("approver", "policy", "replay", "--draft", draft, "--year", today[:4])
    return approved


def bank(demo):
    """The approved claims go to the bank in a batch, and its answer comes back."""
    folder = demo.stack.folder

    def batches():
        output, _ = demo.run("payer", "batch", "list", json_output=True)
        return [json.loads(line) for line in output.splitlines()]

    say("收款账户：单位登记，主管部门照证明再填一遍账号予以确认；付款账户同样", "accounts: the institution states its own, a bureau confirms it by its number; likewise the one that is paid from")
    for profile, number in (("institution", "370100098765432"), ("window", "370100012345678")):
        output, _ = demo.run(profile, "payee", "set", lines=[number, "示例单位", "示例银行济南分行"], json_output=True)
        demo.run("reviewer", "payee", "confirm", json.loads(output)["payee_id"], lines=[number])
    say("支付批次：一人编制，另一人送银行；编制人自己不能送", "a batch: one payer makes it, another sends it; who made it cannot")
    demo.run("payer", "claim", "list", "--state", "approved", "--output", folder / "approved.csv", table=False)
    output, _ = demo.run("payer", "batch", "make", "--purpose", "职业培训补贴", json_output=True)
    made = json.loads(output)
    demo.run("payer", "batch", "add", made["batch_id"], folder / "approved.csv")
    [seen] = batches()
    seen = ["--lines", seen["lines"], "--amount", f"{seen['amount_fen'] / 100:.2f}"]
    demo.run("payer", "batch", "send", made["batch_id"], *seen, expect=3)
    demo.run("payer2", "batch", "send", made["batch_id"], *seen)
    demo.run("payer", "batch", "export", made["batch_id"], folder / "bank.csv")
    print("  " + (folder / "bank.csv").read_text(encoding="utf-8").split("\n")[1])
    say("银行回单：一笔已付，一笔拒付，一笔不明；不明的不会再送", "the bank answers: paid, refused, unknown; what is unknown is not sent again")
    first = [(made["reference"], 1, "已支付", "B-1", day(), "", ""), (made["reference"], 2, "银行拒付", "", "", "1403", "账号户名不符"),
             (made["reference"], 3, "结果不明", "", "", "", "")]
    titles = "批次号,序号,结果,银行流水号,交易日期,原因码,原因"
    demo.run("payer", "batch", "reply", write(folder / "answer.csv", titles, first))
    demo.run("payer", "batch", "ask", "--limit", "3")
    say("再读一次什么也不变；其余到账后，一笔退票", "read once more it changes nothing; the others are paid later, and one comes back")
    demo.run("payer", "batch", "reply", folder / "answer.csv")
    rest = [(made["reference"], line, "已支付", f"B-{line}", day(), "", "") for line in range(3, batches()[0]["lines"] + 1)]
    demo.run("payer", "batch", "reply", write(folder / "rest.csv", titles, [*rest, (made["reference"], 1, "退票", "R-1", day(), "1404", "账户已销户")]))
    demo.run("payer", "batch", "list")


def files(demo, number, claim_id):
    """What proves itself with no network: a holder's certificate, the whole of a claim."""
    folder, document = demo.stack.folder, numbers_on_roster()[11 - 1]
    certificate, dossier = folder / "certificate.txt", folder / "claim.dossier"
    say("证书文件：离线核对签名和持有人的证件号码", "a certificate's file: its signature and the holder's document number are checked offline")
    demo.run("institution", "certificate", "export", "--output", certificate, lines=[f"PXHG-{number}-0011", document], table=False)
    demo.run("institution", "certificate", "check", certificate, "--certificate-key", demo.stack.folder / "certificate.vkey",
             "--document", lines=[document])
    say("一项申领的卷宗：离线可证；改动一字即被指出", "a claim's dossier: proves itself offline; one altered character is named")
    key = ["--key", folder / "log.vkey"]
    demo.run("auditor", "claim", "dossier", claim_id, "--output", dossier, *key, table=False)
    output, _ = demo.run("auditor", "audit", "check", dossier, *key, most=12)
    demo.show("\n".join(line for line in output.splitlines() if line.startswith(("verified", "核验通过"))))
    altered = folder / "altered.dossier"
    altered.write_bytes(dossier.read_bytes().replace(b"DL-2026-3", b"DL-2026-4", 1))
    demo.run("auditor", "audit", "check", altered, *key, expect=1)


def settlement(demo, made):
    """The settlement pack of the project, to its last payment."""
    pack, key = demo.stack.folder / "project.dossier", ["--key", demo.stack.folder / "log.vkey"]
    say("项目的结算卷宗：人员、考勤、凭证、核验、款项，离线可证，人数与金额相符（E15）",
        "a project's settlement pack: heads, attendance, evidence, verifications and payments, proven offline and added up")
    demo.run("auditor", "project", "pack", made, "--output", pack, *key, table=False)
    output, _ = demo.run("auditor", "audit", "check", pack, *key, table=False)
    demo.show("\n".join(line for line in output.splitlines() if line.startswith(("verified", "核验通过"))))


def numbers_on_roster():
    """The document numbers of the clean roster, of invented persons, in the order of their seats."""
    with open(CLEAN, encoding="utf-8-sig", newline="") as file:
        return [row["证件号码"] for row in csv.DictReader(file)]


def names_on_roster():
    with open(CLEAN, encoding="utf-8-sig", newline="") as file:
        return [row["姓名"] for row in csv.DictReader(file)]


def look(demo):
    """The first of the clean roster looked at."""
    number = numbers_on_roster()[0]
    say("查一个人：证件号码从标准输入读取，查看留痕", "look at a person: the number on standard input, the look on record")
    demo.run("reviewer", "trainee", "show", lines=[number])
    demo.run("reviewer", "trainee", "reveal", "--purpose", "verification", "--case", "JN-2026-17", lines=[number], table=False)
    demo.run("auditor", "trainee", "access-log", "--limit", "3", lines=[number])


def counts(stack, number):
    """What the database holds now: trainees of the class, entries of the log."""
    return [int(n) for n in stack.sql(f"SELECT (SELECT count(*) FROM registry.enrolment WHERE class_number = {number}), "
                                      "(SELECT count(*) FROM audit.entry)").split("|")]


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/demo"
    Stack(folder).down()
    Stack(folder).remove()
    stack = Stack(folder, BINARIES)
    began = time.monotonic()
    try:
        say("启动：私有 PostgreSQL、数据库结构、开发用 CA、操作员、mingced", "start: private PostgreSQL, schema, development CA, operators, mingced")
        stack.up()
        up_s = time.monotonic() - began
        print(f"  {up_s:.1f} s")
        number, clean_s = perform(Demo(stack))
        enrolled, entries = counts(stack, number)
        personal = re.findall(r"[1-9]\d{16}[\dX]", stack.log_text())
        say("做了什么", "what it did")
        print(f"  {enrolled} 名学员登记在册，{entries} 条审计记录；日志中的证件号码：{len(personal)} 个\n"
              f"  {enrolled} trainees registered, {entries} audit entries; document numbers in the log: {len(personal)}\n"
              f"  500 行导入用时 / 500 rows took {clean_s * 1000:.0f} ms ({500 / clean_s:.0f} 行/秒 rows/s，含连接 with connecting)")
        if (enrolled, len(personal)) != (608, 0):
            raise Failed(f"expected 608 trainees and no number in the log, found {enrolled} and {len(personal)}")
    except Failed as failed:
        sys.exit(f"demo: {failed}")
    finally:
        stack.down()
        stack.remove()
    say(f"已停止，共 {time.monotonic() - began:.1f} 秒", f"stopped; {time.monotonic() - began:.1f} s in all")
    print("\n下一步 / next: make up; . build/env; mingce --profile institution whoami; mingce --help")


if __name__ == "__main__":
    main()
