# SPDX-License-Identifier: Apache-2.0
"""Catalogues from the command line, from files as bureaus keep them."""

import csv

import pytest
from claims import day
from test_cli_standards import desk, judged  # noqa: F401

CHINESE = {"LC_ALL": "zh_CN.UTF-8"}


@pytest.fixture
def made(desk):
    """Begins a catalogue of a kind; its id."""
    return lambda kind, profile="reviewer": desk(profile, "catalogue", "draft", "--kind", kind, "--title", "示例目录", "--citation",
                                                 "示例人社字〔2026〕8号")[0]["catalogue_id"]


def say(stack, profile, *words, env=None, expect=0):
    """What people are told: standard output and standard error."""
    done = stack.cli(profile, *words, env=stack.environment() | (env or {}))
    assert done.returncode == expect, done.stderr
    return done.stdout + done.stderr


TRAINING = ["济南市急需紧缺目录,,,,,,,,,,,", "序号,产业,职业（工种）,编码,等级,需求程度,课时下限,实操占比,培训方式,培训补贴（元）,鉴定补贴（元）,标记",
            "1,现代服务业,家政服务员,4-10-01-06,五级/初级工,A,80,60%,线下,1500.00,200,*", "2,现代服务业,家政服务员,,四级,紧缺,,,不限,,,",
            "3,现代服务业,,4-03-02-01,三级,3,120,40,混合,,,"]


def test_g1_training_catalogue_from_a_file_to_in_force(stack, desk, made, tmp_path):
    catalogue = made("急需紧缺")
    path = desk.file(*TRAINING, "4,,家政服务员,,五级,,,,,,,", "x,制造业,家政服务员,,五级,,,,,,,", "6,制造业,仙人,,五级,,,,,,,", "7,制造业,家政服务员,,九级,,,,,,,",
                     "8,制造业,家政服务员,,五级,D,,,,,,", "9,制造业,家政服务员,,五级,,零,,,,,", "10,制造业,家政服务员,,五级,,,101%,,,,",
                     "11,制造业,家政服务员,,五级,,,,函授,,,", "12,制造业,家政服务员,,五级,,,,,1.005,,", "13,制造业,家政服务员,,五级,,,,,,-1,", "合计,13,,,,,,,,,,")
    answers = judged(desk("reviewer", "catalogue", "load", catalogue, path, "--rejects", tmp_path / "rejects.csv", expect=1))
    assert answers == [("accept", [])] * 3 + [("reject", [finding]) for finding in (
        ("catalogue-text", "category"), ("catalogue-number", "number"), ("occupation-unknown", "occupation_code"), ("level-unknown", "level"),
        ("demand-grade-unknown", "demand_grade"), ("hours-least", "hours_least"), ("practice-percent", "practice_percent"), ("mode-unknown", "mode"),
        ("catalogue-amount", "training_fen"), ("catalogue-amount", "assessment_fen"))]
    assert "a training mode is offline, online or blended" in (tmp_path / "rejects.csv").read_text(encoding="gb18030")
    assert [v for v, _ in judged(desk("reviewer", "catalogue", "load", catalogue, desk.file(*TRAINING)))] == ["duplicate"] * 3

    head, *rows = desk("reviewer", "catalogue", "show", catalogue)
    assert (head["state"], head["kind"], head["rows"], head["document_digest"]) == ("draft", "急需紧缺", 3, None)
    assert [(r["number"], r["level"], r["demand_grade"], r["hours_least"], r["practice_percent"], r["mode"], r["training_fen"]) for r in rows] == [
        (1, "junior", "a", 80, 60, "offline", 150000), (2, "intermediate", "a", None, None, None, None), (3, "senior", "c", 120, 40, "blended", None)]
    fixed, = desk("reviewer", "catalogue", "consult", catalogue, "--consulted", "市财政局")
    assert fixed["state"] == "consulted" and len(fixed["document_digest"]) == 64
    assert "approved" in say(stack, "approver", "catalogue", "approve", catalogue)
    answer, = desk("approver", "catalogue", "publish", catalogue, "--from", day())
    assert answer == {"state": "published", "version": 1, "document_digest": fixed["document_digest"]}
    shown = desk("institution", "catalogue", "show", "--division", "370100", "--kind", "急需紧缺", "--day", day(30), "--occupation", "家政服务员")
    assert [r.get("number") for r in shown] == [None, 1, 2]
    listed, = desk("institution", "catalogue", "list", "--division", "370100", "--kind", "5", "--day", day())
    assert (listed["catalogue_id"], listed["version"], listed["valid_from"]) == (catalogue, 1, day())

    # the list that is written to a file is the next draft's
    out = tmp_path / "out.csv"
    say(stack, "institution", "catalogue", "show", catalogue, "-o", out)
    rows = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    rows[1][rows[0].index("课时下限")] = "100"
    del rows[3]
    newer = made("急需紧缺")
    path = desk.file(*(",".join(row) for row in rows), "9,制造业,4-03-02-01,,五级")
    assert {v for v, _ in judged(desk("approver2", "catalogue", "load", newer, path))} == {"accept"}
    counts, *changes = desk("approver2", "catalogue", "diff", newer)
    assert counts == {"added": 1, "removed": 1, "changed": 1, "with_id": catalogue}
    assert [(c["change"], c["number"], c["hours_least"]) for c in changes] == [
        ("was", 1, 80), ("now", 1, 100), ("removed", 3, 120), ("added", 9, None)]
    assert "新增1行，删去1行，改动1行" in say(stack, "approver2", "catalogue", "diff", newer, "--with", catalogue, env=CHINESE)
    assert "rows added: 1, removed: 1, changed: 1" in say(stack, "approver2", "catalogue", "diff", newer, "--limit", "1")
    assert "rows added: 0, removed: 0, changed: 0" in say(stack, "approver2", "catalogue", "diff", newer, "--with", newer)
    assert "已撤回" in say(stack, "approver2", "catalogue", "withdraw", newer, "--reason", "试拟", env=CHINESE)


def test_g1_demand_and_institutions_from_files(stack, desk, made, tmp_path):
    demand, institutions = made("劳动者培训需求目录"), made("机构目录")
    path = desk.file("序号,区县,职业,等级,群体,需求人数,已列单,来源,期望时间,地点,截至", "1,历下区,家政服务员,五级,失业人员,30,10,企业,2026年9月1日,历下区,2026-12-31",
                     "2,370105,家政服务员,五级,,5,,个人,,,", "3,东京都,家政服务员,五级,,5,,个人,,,", "4,历下区,家政服务员,四级,,5,6,个人,,,",
                     "5,历下区,家政服务员,四级,,5,,天上,,,", "6,市南区,家政服务员,四级,,5,,部门,,,", "合计,,,,,50,,,,,")
    assert judged(desk("reviewer", "catalogue", "load", demand, path, expect=1)) == [
        ("accept", []), ("accept", []), ("reject", [("division-format", "division")]), ("reject", [("demand-heads", "listed")]),
        ("reject", [("demand-source-unknown", "source")]), ("reject", [("catalogue-elsewhere", "division")])]
    _, first, second = desk("reviewer", "catalogue", "show", demand)
    assert (first["division"], first["trainee_group"], first["heads"], first["listed"], first["source"], first["wanted_on"], first["until"]) == (
        "370102", "失业人员", 30, 10, "enterprise", "2026-09-01", "2026-12-31")
    assert (second["division"], second["trainee_group"], second["source"]) == ("370105", None, "person")

    header = "序号,机构名称,统一社会信用代码,许可证号,办学性质,地址,电话,职业,等级,教学点,信用等级,批次,有效期起,有效期止"
    path = desk.file(header, "1,示例学校,52370100300000010X,许1号,民办,示例路1号,0531-0,家政服务员,五级,北校区,A,第一批,2026/1/1,2026.12.31",
                     "2,示例学校,5237010030000001OX,,,,,家政服务员,五级,,,,2026-01-01,", "3,示例学校,52370100300000010X,,,,,家政服务员,五级,,,,,")
    assert judged(desk("reviewer", "catalogue", "load", institutions, path, expect=1)) == [
        ("accept", []), ("reject", [("credit-code-character", "code")]), ("reject", [("date-format", "valid_from")])]
    _, row = desk("reviewer", "catalogue", "show", institutions)
    assert (row["code"], row["site"], row["credit_grade"], row["valid_from"], row["valid_to"]) == (
        "52370100300000010X", "北校区", "A", "2026-01-01", "2026-12-31")
    # its columns are the plan's, also where no row is
    for words in (("show", institutions, "--occupation", "4-03-02-01"), ("diff", institutions, "--with", institutions)):
        say(stack, "reviewer", "catalogue", *words, "-o", tmp_path / f"{words[0]}.csv")
        header = (tmp_path / f"{words[0]}.csv").read_text(encoding="utf-8-sig")
        assert "信用等级" in header and "需求程度" not in header, header
    # a file of another kind of catalogue
    assert judged(desk("reviewer", "catalogue", "load", demand, path, expect=1))[0] == ("reject", [("catalogue-plan", "line")])
    assert "栏目不属于这一类目录" in say(stack, "reviewer", "catalogue", "load", demand, path, env=CHINESE, expect=1)


def test_a_row_that_meets_another_of_its_file_says_which(stack, desk, made, tmp_path):
    path, header = tmp_path / "目录.csv", "序号,产业,职业编码,等级,培训方式,课时下限"
    path.write_text("\n".join(["济南市示例目录", header, "1,现代服务业,4-10-01-06,初级工,线下,80", "2,现代服务业,4-10-01-06,中级工,线下,80",
                               "1,现代服务业,4-10-01-06,高级工,线下,80", "4,现代服务业,4-10-01-06,中级工,线下,60"]))
    rows = desk("reviewer", "catalogue", "load", made("特色"), path, expect=1)
    assert [[(w["code"], w["other_row"]) for w in r["reasons"]] for r in rows if "reasons" in r] == [[], [], [("contradicts-earlier-row", 1)], [("catalogue-repeated", 2)]]
    said = say(stack, "reviewer", "catalogue", "load", made("特色"), path, env=CHINESE, expect=1)
    assert "（见表格第3行）" in said and "（见表格第4行）" in said, said


@pytest.mark.parametrize("noun, kind", [("catalogue-training", "特色"), ("catalogue-demand", "劳动者培训需求目录"), ("catalogue-institution", "机构目录")])
def test_a_template_can_be_loaded_when_it_is_filled_in(stack, desk, made, tmp_path, noun, kind):
    path = tmp_path / "template.csv"
    say(stack, "reviewer", "template", noun, "--output", path)
    assert judged(desk("reviewer", "catalogue", "load", made(kind), path, expect=1))[0][0] == "reject"
    path.write_text(path.read_text(encoding="utf-8-sig").replace("{{", "").replace("}}", ""))
    assert judged(desk("reviewer", "catalogue", "load", made(kind), path)) == [("accept", [])]


def test_g8_what_is_refused_says_what_to_do_in_both_languages(stack, made):
    catalogue = made("创业")
    for words, zh, en in (
            (("approver", "catalogue", "approve", catalogue), "依次为导入各行、征求意见、审定、发布", "rows are loaded, then it is consulted about, approved, published"),
            (("reviewer", "catalogue", "consult", catalogue, "--consulted", "各方"), "请先用 catalogue load 导入", "load them first (catalogue load)"),
            (("reviewer", "catalogue", "show", "--kind", "创业"), "请写明目录编号，或区划和目录类别", "say which catalogue: its id, or a division and a kind"),
            (("reviewer", "catalogue", "show", "0" * 32), "没有这份目录", "there is no such catalogue")):
        assert zh in say(stack, *words, env=CHINESE, expect=3)
        assert en in say(stack, *words, expect=3)


def test_g7_kinds_are_a_code_table(desk):
    kinds = {r["name"]: r["code"] for r in desk("reviewer", "code", "list", "catalogues")}
    assert kinds == {"重点产业指导目录": "1", "一般性目录": "2", "劳动者培训需求目录": "3", "机构目录": "4", "急需紧缺": "5", "制造业": "6", "短期": "7", "特色": "8",
                     "创业": "9"}
