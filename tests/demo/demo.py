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
from postgres import Failed
from stack import Stack

CLEAN = ROOT / "tests/samples/roster-clean-500.csv"
MESSY = ROOT / "tests/samples/roster-messy-gb18030.csv"
OPEN = ["class", "open", "--title", "家政服务员第三期", "--occupation", "4-10-01-06", "--level", "junior", "--kind", "就业技能培训",
        "--starts", "2026-03-01", "--ends", "2026-05-31", "--capacity", "700"]
MOST_LINES = 24
BINARIES = pathlib.Path(os.environ.get("MINGCE_BUILD", ROOT / "build")) / "bin"


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
    output, _ = demo.run("institution", *OPEN, json_output=True)
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

    complete(demo, number)
    paid = claim(demo, number)

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
    files(demo, number, paid)
    return number, clean_s


def signed(demo):
    """Waits for a checkpoint: the notary signs within a second."""
    until = time.monotonic() + 20
    while demo.stack.sql("SELECT count(*) FROM audit.checkpoint") == "0" and time.monotonic() < until:
        time.sleep(0.05)


# An invented teacher's document number: a new-born's, of 1900.
PLAN = """上课日期,开始时间,结束时间,课时,上课地点,上课内容,教师姓名,教师证件号码
2026-03-02,08:30,11:30,4,一号教室,职业道德,沈教师,110101190001010014
2026-03-03,08:30,11:30,4,一号教室,实操,沈教师,110101190001010014
"""


def complete(demo, number):
    """The plan, attendance, marks; trainees 1 to 5 miss a lesson, 6 to 10 fail."""
    seats = range(1, 609)
    attendance = [f"{seat},{day},出勤" for seat in seats for day in ("2026-03-02", "2026-03-03") if seat > 5 or day.endswith("2")]
    marks = [f"{seat},{59 if 5 < seat <= 10 else 85.5},90" for seat in seats]
    folder = demo.stack.folder
    files = {name: folder / f"{name}.csv" for name in ("plan", "attendance", "marks")}
    files["plan"].write_text(PLAN)
    files["attendance"].write_text("\n".join(["班内序号,上课日期,状态", *attendance, ""]))
    files["marks"].write_text("\n".join(["班内序号,理论成绩,实操成绩", *marks, ""]))

    say("教学计划、开课、考勤、成绩、结班", "plan, start, attendance, marks, completion")
    demo.run("institution", "lesson", "import", files["plan"], "--class", number)
    demo.run("institution", "class", "start", number, "--version", "1")
    demo.run("institution", "attendance", "import", files["attendance"], "--class", number)
    demo.run("institution", "marks", "import", files["marks"], "--class", number)
    demo.run("institution", "class", "complete", number, "--version", "2")
    demo.run("reviewer", "training", "list", "--class", number, "--limit", "12")


STANDARDS = """补贴项目,补贴标准,起始日期,文件依据
职业培训补贴,1500.00,2026-01-01,济人社示例〔2026〕1号
职业技能鉴定补贴,200.00,2026-01-01,济人社示例〔2026〕1号
"""


def write(path, header, rows):
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows), ""]))
    return path


def claim(demo, number):
    """Certificates of trainees 11 to 20; standards by two approvers; claims from submission to payment."""
    folder, today = demo.stack.folder, time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
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
    say("补贴标准：一人提出，另一人批准", "subsidy standards: one proposes, another puts in force")
    (folder / "standards.csv").write_text(STANDARDS)
    demo.run("approver", "standard", "load", folder / "standards.csv")
    output, _ = demo.run("approver", "standard", "list", "--pending", json_output=True)
    ids = ",".join(json.loads(line)["standard_id"] for line in output.splitlines())
    demo.run("approver", "standard", "decide", ids, "--decision", "in-force", expect=1)
    demo.run("approver2", "standard", "decide", ids, "--decision", "in-force")
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
    decide("approver", "approve", "publicised")
    decide("payer", "pay", "approved", "--reason", "ZF-2026-0001")
    say("一项申领的全部经过", "the whole story of a claim")
    paid = claims("paid")[0]["claim_id"]
    demo.run("auditor", "claim", "show", paid, most=50)
    say("如果标准是另一个样子：试算，什么也不写", "had the standard been another: replayed, and nothing is written")
    draft = write(folder / "draft.csv", "补贴项目,补贴标准,起始日期,文件依据", [("职业培训补贴", "1800.00", "2026-01-01", "示例草案")])
    demo.run("approver", "policy", "replay", "--draft", draft, "--year", today[:4])
    return paid


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
