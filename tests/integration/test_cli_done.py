# SPDX-License-Identifier: Apache-2.0
"""Success is said in a word of what is so now, in either language; counts are in the singular and the plural."""

import json
import re

import pytest
from claims import certify, day, fresh_number, publicity_over
from conftest import ROOT
from samples import resident_id, trainees
from wire import REQUESTS
from test_claims import claimed, graduates, standards  # noqa: F401 (fixtures)

OK, ROWS_REFUSED, REFUSED = 0, 1, 3


@pytest.fixture
def say(stack):
    def run(profile, *words, zh=True, lines=(), expect=OK):
        done = stack.cli(profile, *words, input="".join(line + "\n" for line in lines),
                         env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8" if zh else "C.UTF-8"})
        assert done.returncode == expect, (words, done.stdout, done.stderr)
        return done
    return run


STEPS = [
    [("reviewer", "accept", "已受理", "accepted"), ("reviewer", "return", "已退回补正", "returned to be mended"),
     ("institution", "resubmit", "已再次提交", "submitted again"), ("reviewer", "accept", "已受理", "accepted"),
     ("reviewer", "review", "已初审", "reviewed"), ("reviewer", "publicise", "已公示", "publicised"),
     ("reviewer", "object", "已登记异议，暂停办理", "objection entered, suspended"), ("approver", "resume", "已恢复办理", "resumed"),
     ("approver", "approve", "已核准", "approved"), ("payer", "pay", "已拨付", "paid"), ("approver2", "claw-back", "已追回", "clawed back")],
    [("reviewer", "accept", "已受理", "accepted"), ("reviewer", "suspend", "已暂停", "suspended"), ("approver", "resume", "已恢复办理", "resumed"),
     ("reviewer", "review", "已初审", "reviewed"), ("reviewer", "publicise", "已公示", "publicised"), ("approver", "reject", "不予核准", "rejected")],
    [("institution", "withdraw", "已撤回", "withdrawn")]]


@pytest.mark.parametrize("steps", STEPS)
def test_each_step_of_a_claim_has_its_own_word(say, stack, claimed, steps):
    claim = claimed()[0]
    for i, (who, step, chinese, english) in enumerate(steps):
        if step == "approve":
            publicity_over(stack, claim)
        words = [who, "claim", step, claim.hex(), "--version", str(i + 1), "--reason", "示例理由"]
        assert say(*words, zh=i % 2 == 0).stdout == f"{chinese if i % 2 == 0 else english}\n"
        again = say(*words, zh=False, expect=REFUSED)
        assert again.stdout == "" and again.stderr.startswith("mingce: ")


def test_a_file_of_steps_is_counted_by_its_step(say, claimed, tmp_path):
    path, claim = tmp_path / "办理.csv", claimed()[0].hex()
    path.write_text(f"申领编号,版本\n{claim},1\n")
    assert say("reviewer", "claim", "decide", "accept", path).stderr == "共1行：已受理1行（有提示0行），未办理0行，此前已办理0行\n"
    path.write_text(f"申领编号,版本\n{claim},2\n{claim[::-1]},1\n")
    said = say("reviewer", "claim", "decide", "return", path, "--reason", "缺材料", zh=False, expect=ROWS_REFUSED).stderr
    assert said == "2 rows: returned to be mended 1 (0 with a warning), not done 1, done before 0\n"
    for zh, word, step in ((True, "未办理", "退回"), (False, "not done", "reject")):
        shown = say("reviewer", "claim", "decide", "return", path, "--reason", "缺材料", zh=zh, expect=ROWS_REFUSED).stdout
        assert all(word in line and step not in line for line in shown.splitlines()[1:]) and len(shown.splitlines()) == 3


@pytest.mark.parametrize("noun, propose, decided_by", [
    ("standard", ["approver", "standard", "load", "FILE"], "approver2"), ("calendar", ["reviewer", "calendar", "load", "FILE"], "approver"),
    ("policy", ["approver", "policy", "propose", "claim_months", "--value", "9", "--from", "2058-01-01", "--to", "2058-02-01", "--citation", "示例文"], "approver2")])
def test_a_proposal_that_is_decided_is_in_force_or_rejected(say, tmp_path, noun, propose, decided_by):
    """Of what went well there is no column of reasons why not; of a refusal there is."""
    path = tmp_path / "提议.csv"
    path.write_text({"standard": "补贴项目,补贴标准,起始日期,文件依据,职业代码\n职业培训补贴,1500.00,2058-01-01,示例文,6-20-01-01\n",
                     "calendar": "日期,上班或休息,文件依据\n2058-03-05,休息,示例文\n"}.get(noun, ""))
    proposed = say(*(path if w == "FILE" else w for w in propose))
    assert "已提出" in proposed.stdout + proposed.stderr
    pending = [json.loads(line) for line in say("approver", "--json", noun, "list", "--pending", *(["--division", "370100"] if noun == "calendar" else [])).stdout.splitlines()]
    [mine] = [p["proposal_id"] for p in pending if (p.get("valid_from") or p.get("day"))[:4] == "2058"]
    words = [noun, "decide", mine, "--decision"]
    own = say(propose[0], *words, "in-force", expect=ROWS_REFUSED if noun != "calendar" else REFUSED)
    assert "已生效" not in own.stdout and (noun == "calendar" or ("未办理" in own.stdout and "原因" in own.stdout))
    done = say(decided_by, *words, "rejected" if noun == "calendar" else "in-force").stdout
    assert ("已驳回" if noun == "calendar" else "已生效") in done and "原因" not in done and mine in done
    [told] = [json.loads(line) for line in say(decided_by, "--json", *words, "rejected", zh=False, expect=ROWS_REFUSED).stdout.splitlines()]
    assert (told["proposal_id"], told["result"], told["refused"]) == (mine, "not-done", "proposal-decided")


def test_what_becomes_of_a_class_is_said(say, wire):
    def opened():
        return say("institution", "class", "open", "--title", "示例班", "--occupation", "4-10-01-06", "--level", "junior", "--kind", "就业技能培训",
                   "--starts", "2026-03-01", "--ends", "2026-05-31", "--capacity", "100").stdout

    said = opened()
    assert said.startswith("已开班")
    number = re.search(r"\d{9}", said).group()
    assert say("institution", "class", "amend", number, "--version", "1", "--capacity", "90", zh=False).stdout == "amended\n"
    wire().call("roster.import", class_number=int(number), row=trainees(1))
    assert say("institution", "class", "start", number, "--version", "2").stdout == "已开课\n"
    assert say("institution", "class", "complete", number, "--version", "3", zh=False).stdout == "completed\n"
    other = re.search(r"\d{9}", opened()).group()
    assert say("institution", "class", "cancel", other, "--version", "1", "--reason", "人数不足").stdout == "已取消\n"
    assert say("institution", "class", "cancel", other, "--version", "2", "--reason", "再次", expect=REFUSED).stdout == ""
    assert json.loads(say("institution", "--json", "class", "start", re.search(r"\d{9}", opened()).group(), "--version", "1").stdout) == {"done": True}


def test_what_becomes_of_a_certificate_is_said(say, wire, graduates, tmp_path):
    number, people = graduates(1)
    path, certificate = tmp_path / "证书.csv", fresh_number()
    path.write_text(f"班内序号,证书编号,证书类别,发证日期\n1,{certificate},培训合格证书,{day(-20)}\n")
    assert say("institution", "certificate", "import", path, "--class", number, zh=False).stderr.startswith("1 row: registered 1 (")
    file = tmp_path / "证书.txt"
    assert str(file) in say("institution", "certificate", "export", "--output", file, lines=[certificate, people[0]["document_number"]]).stdout
    for verb, word in (("revoke", "已撤销"), ("reinstate", "已恢复有效")):
        assert say("reviewer" if verb == "reinstate" else "institution", "certificate", verb, "--reason", "示例", "--on", day(), lines=[certificate]).stdout == f"{word}\n"


def test_a_count_is_singular_or_plural(say, tmp_path):
    path = tmp_path / "名册.csv"
    for n in (1, 2):
        path.write_text("姓名,证件号码,人员类别\n" + "".join(f"李示例,{resident_id()},失业人员\n" for _ in range(n)))
        assert say("nobody", "roster", "check", path, zh=False).stderr.startswith(f"{n} row{'s' if n > 1 else ''}: good {n} (")


def test_what_was_verified_is_said(say, stack, claimed, tmp_path):
    """Not what a checkpoint prints: that all entries were verified, up to when, and cosigned by whom."""
    key, proof = ["--key", stack.folder / "log.vkey"], tmp_path / "一条.tlog-proof"
    checkpoint = say("auditor", "audit", "checkpoint", *key).stdout
    assert "核验通过" not in checkpoint and "未要求" not in checkpoint
    first, rest = say("auditor", "audit", "verify", *key).stdout.split("\n", 1)
    assert re.fullmatch(r"核验通过，每条记录都与签名相符：日志 \d+ 条记录，截至 [\d-]{10} [\d:]{8}，未要求见证者联署", first) and "树根" in rest
    assert say("auditor", "audit", "verify", *key, zh=False).stdout.startswith("verified, every entry is what was signed: a log of ")
    assert str(proof) in say("auditor", "audit", "prove", "0", "--output", proof, *key).stdout
    assert say("nobody", "audit", "check", proof, *key).stdout.startswith("核验通过，该记录在签名的日志中")
    proof.write_text(proof.read_text().replace("\nindex 0\n", "\nindex 1\n"))
    assert "核验通过" not in say("nobody", "audit", "check", proof, *key, expect=ROWS_REFUSED).stdout


def test_what_was_exported_is_said(say, stack, tmp_path):
    """That every entry of the copy was verified, in either language; nothing of a copy that was not made."""
    key = ["--key", stack.folder / "log.vkey"]
    for zh, sentence in ((True, r"已导出，每条记录都与签名相符：日志 \d+ 条记录，截至 [\d-]{10} [\d:]{8}，未要求见证者联署"),
                         (False, r"exported, every entry is what was signed: a log of \d+ entries, up to [\d-]{10} [\d:]{8}; no witness was asked for")):
        first = say("auditor", "audit", "export", tmp_path / f"copy{zh}", *key, zh=zh).stdout.split("\n")[0]
        assert re.fullmatch(sentence, first), first
        assert (tmp_path / f"copy{zh}/checkpoint").exists()
        none = say("auditor", "audit", "export", tmp_path / f"none{zh}", "--key", stack.folder / "receipt.vkey", zh=zh, expect=ROWS_REFUSED)
        assert none.stdout == "" and not (tmp_path / f"none{zh}/checkpoint").exists()
    assert "已导出" not in say("auditor", "--json", "audit", "export", tmp_path / "programs", *key).stdout


def test_words_are_those_of_methods():
    """The table names methods that there are; others than these print an answer that says it."""
    named = re.findall(r'^    \{"([a-z.-]+)", "', (ROOT / "client/cli/frame/done.c").read_text(encoding="utf-8"), re.M)
    assert len(named) > 40 and set(named) <= set(REQUESTS)
