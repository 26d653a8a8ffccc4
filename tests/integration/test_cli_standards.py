# SPDX-License-Identifier: Apache-2.0
"""Standards, policies and the calendar from the command line, from files as bureaus keep them."""

import json

import pytest


@pytest.fixture
def desk(stack, tmp_path):
    """desk(profile, *words): the rows printed. desk.file(*lines): a file."""

    def run(profile, *words, expect=0):
        done = stack.cli(profile, "--json", *words)
        assert done.returncode == expect, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def file(*lines, encoding="gb18030"):
        path = tmp_path / "in.csv"
        path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
        return path

    run.file = file
    return run


def judged(rows):
    return [(r["verdict"], [(why["code"], why["field"]) for why in r["reasons"]]) for r in rows]


def test_b5_b6_standards_from_a_file(desk, tmp_path):
    path = desk.file(
        "济南市补贴标准,,,,,,,,", "补贴项目,职业代码,技能等级,证书类别,人员类别,补贴标准（元）,起始日期,截止日期,文件依据",
        "职业培训补贴,4-03-02-01,五级,职业技能等级证书,全部,1700.00,2040/1/1,,示例文〔2040〕3号",
        "生活费补贴,,,,就业困难人员,30,2040-01-01,2040-12-31,示例文〔2040〕3号",
        "职业培训补贴,4-03-02-01,中级工,,,一千七,2040-01-01,,示例文", "餐费,,,,,1,2040-01-01,,示例文",
        "职业培训补贴,,九级,,,1,2040-01-01,,示例文", "职业培训补贴,,,驾照,,1,2040-01-01,,示例文",
        "职业培训补贴,,,,,1.005,2040-01-01,,示例文", "职业培训补贴,,,,,1,2040-01-01,2039-12-31,示例文",
        "职业培训补贴,,,,贵宾,1,2040-01-01,,示例文", "职业培训补贴,,,,,1,2040-01-01,,")
    answers = judged(desk("approver", "standard", "load", path, "--rejects", tmp_path / "rejects.csv", expect=1))
    assert answers == [
        ("accept", []), ("accept", []), ("reject", [("amount-format", "amount_fen")]), ("reject", [("line-unknown", "line")]),
        ("reject", [("level-unknown", "level")]), ("reject", [("certificate-kind-unknown", "certificate_kind")]),
        ("reject", [("amount-format", "amount_fen")]), ("reject", [("period-order", "valid_to")]),
        ("reject", [("group-unknown", "trainee_group")]), ("reject", [("citation-length", "citation")])]
    assert "an amount is in yuan" in (tmp_path / "rejects.csv").read_text(encoding="gb18030")
    assert [v for v, _ in judged(desk("approver", "standard", "load", path, expect=1))][:2] == ["duplicate", "duplicate"]

    mine = sorted((r for r in desk("approver2", "standard", "list", "--pending") if r["citation"] == "示例文〔2040〕3号"),
                  key=lambda r: r["line"])
    assert [(r["line"], r["occupation_code"], r["level"], r["certificate_kind"], r["trainee_group"], r["amount_fen"], r["valid_to"])
            for r in mine] == [("living", None, None, None, "就业困难人员", 3000, "2040-12-31"),
                               ("training", "4-03-02-01", "junior", "skill-level", None, 170000, None)]
    ids = ",".join(r["standard_id"] for r in mine)
    own = desk("approver", "standard", "decide", ids, "--decision", "in-force", expect=1)
    assert [r["refused"] for r in own] == ["proposal-own"] * 2
    assert [r["refused"] for r in desk("approver2", "standard", "decide", ids, "--decision", "生效")] == [None, None]
    shown = desk("institution", "standard", "list", "--day", "2040-06-01", "--division", "370100")
    assert {r["amount_fen"] for r in shown if r["citation"] == "示例文〔2040〕3号"} == {3000, 170000}


def test_b10_standards_by_mode_grade_renewal_hour_percent_and_cap_from_a_file(desk, stack):
    path = desk.file(
        "补贴项目,职业代码,技能等级,培训方式,需求程度,首次或复审,补贴标准（元）,计发单位,计发比例（%）,封顶金额（元）,起始日期,文件依据",
        "职业培训补贴,4-03-02-01,五级,混合,紧缺,复审,10.00,课时,70%,600,2043-01-01,示例文〔2043〕1号",
        "职业培训补贴,4-03-02-01,五级,全部,,,10,,,,2043-01-01,示例文〔2043〕1号",
        "职业培训补贴,,,函授,,,10,,,,2043-01-01,示例文", "职业培训补贴,,,,很缺,,10,,,,2043-01-01,示例文",
        "职业培训补贴,,,,,续,10,,,,2043-01-01,示例文", "职业培训补贴,,,,,,10,按月,,,2043-01-01,示例文",
        "职业技能鉴定补贴,,,,,,10,课时,,,2043-01-01,示例文", "职业培训补贴,,,,,,10,,0.7,,2043-01-01,示例文",
        "职业培训补贴,,,,,,10,,1001,,2043-01-01,示例文", "职业培训补贴,,,,,,0.01,,50,,2043-01-01,示例文",
        "职业培训补贴,,,,,,10,,,六百,2043-01-01,示例文")
    assert judged(desk("approver", "standard", "load", path, expect=1)) == [("accept", [])] * 2 + [("reject", [(code, field)]) for code, field in (
        ("mode-unknown", "mode"), ("demand-grade-unknown", "demand_grade"), ("renewal-unknown", "renewal"), ("basis-unknown", "basis"),
        ("basis-line", "basis"), ("percent-range", "percent"), ("percent-range", "percent"), ("percent-fen", "percent"), ("amount-format", "cap_fen"))]
    mine = [r for r in desk("approver", "standard", "list", "--pending") if r["citation"] == "示例文〔2043〕1号"]
    assert sorted((r["mode"], r["demand_grade"], r["renewal"], r["amount_fen"], r["basis"], r["percent"], r["cap_fen"]) for r in mine if r["mode"]) == [
        ("blended", "a", "renewal", 1000, "class-hour", 70, 60000)]
    assert [(r["mode"], r["demand_grade"], r["renewal"], r["basis"], r["percent"], r["cap_fen"]) for r in mine if not r["mode"]] == [
        (None, None, None, "certificate", 100, None)]
    for language, said in (("zh_CN.UTF-8", "计发比例应为1至1000"), ("C.UTF-8", "a percentage is a whole number from 1 to 1000")):
        done = stack.cli("approver", "standard", "load", path, env=stack.environment(LC_ALL=language))
        assert done.returncode == 1 and said in done.stdout + done.stderr, done.stdout + done.stderr


def test_standards_are_shown_in_yuan(desk, stack):
    path = desk.file("line,amount,from,citation", "assessment,0.05,2041-01-01,Example 7", encoding="utf-8")
    assert judged(desk("approver", "standard", "load", path)) == [("accept", [])]
    shown = stack.cli("approver", "standard", "list", "--pending").stdout
    assert "0.05" in next(line for line in shown.splitlines() if "Example 7" in line)


def test_c2_policy_proposed_and_decided(desk):
    words = ["--value", "6", "--from", "2042-01-01", "--citation", "示例文"]
    made = desk("approver", "policy", "propose", "living_days", *words)[0]["proposal_id"]
    assert made in [r["proposal_id"] for r in desk("approver2", "policy", "list", "--pending")]
    assert desk("approver2", "policy", "decide", made, "--decision", "in-force")[0]["refused"] is None
    shown = desk("institution", "policy", "list", "--day", "2042-01-01", "--division", "370100")
    assert [(r["value"], r["valid_from"]) for r in shown if r["name"] == "living_days"] == [(6, "2042-01-01")]
    desk("approver", "policy", "propose", "maximum_age", *words, expect=3)


def test_c2_calendar_from_a_file(desk):
    path = desk.file("日期,安排,文件依据", "2043年1月1日,休息,示例文", "2043/1/3,上班,示例文", "2043-01-04,也许,示例文")
    assert judged(desk("reviewer", "calendar", "load", path, expect=1)) == [
        ("accept", []), ("accept", []), ("reject", [("working-unknown", "working")])]
    assert [v for v, _ in judged(desk("reviewer", "calendar", "load", path, expect=1))] == ["duplicate", "duplicate", "reject"]
    assert desk("institution", "calendar", "list", "--division", "370100", "--from", "2043-01-01") == []
    proposed = desk("approver2", "calendar", "list", "--division", "370100", "--pending", "--from", "2043-01-01")
    assert [(r["day"], r["working"]) for r in proposed] == [("2043-01-01", "rest"), ("2043-01-03", "working")]
    decided = desk("approver", "calendar", "decide", ",".join(r["proposal_id"] for r in proposed), "--decision", "in-force")
    assert [r["refused"] for r in decided] == [None, None]
    shown = desk("institution", "calendar", "list", "--division", "370100", "--from", "2043-01-01")
    assert [(r["day"], r["working"]) for r in shown] == [("2043-01-01", "rest"), ("2043-01-03", "working")]


@pytest.mark.parametrize("words", [
    ("standard", "decide", "x", "--decision", "in-force"), ("standard", "decide", "0" * 32, "--decision", "maybe"),
    ("standard", "decide", "0" * 32), ("policy", "propose", "four_eyes", "--value", "two", "--from", "2026-01-01", "--citation", "x"),
    ("calendar", "list"), ("calendar", "decide", "x", "--decision", "in-force"), ("standard", "decide", ",".join(["0" * 32] * 201), "--decision", "rejected"),
])
def test_words_that_say_nothing(desk, words):
    desk("approver", *words, expect=2)
