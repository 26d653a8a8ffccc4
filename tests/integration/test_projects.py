# SPDX-License-Identifier: Apache-2.0
"""A project from its call to its balance, from the command line and over the wire (E). The rules themselves are tested in sql/project.sql."""

import pytest
from claims import day
from test_claims import graduates, standards  # noqa: F401 (fixtures)
from test_cli_standards import desk, judged  # noqa: F401
from test_requests import refusal

CALL = ("--name", "家政服务示例项目", "--department", "示例部门", "--number", "示例征〔2026〕1号", "--occupation", "4-10-01-06", "--level", "初级工", "--heads", "50",
        "--hours", "40", "--unit", "1500.00", "--from", day(-100), "--to", day(-1), "--closes", day(200))


@pytest.fixture
def taken(desk):
    """Takes a step of a project at the version that it has; what it came to."""
    def take(profile, step, project, *words, expect=0):
        version = desk("auditor", "project", "show", project)[0]["version"]
        rows = desk(profile, "project", step, project, "--version", version, *words, expect=expect)
        return rows[0] if rows else None
    return take


@pytest.fixture
def decided(stack, desk, tmp_path):
    """Decides what waits of a project, by the list that the command before has written."""
    def decide(profile, step, project, state, *words):
        path = tmp_path / "tranches.csv"
        path.unlink(missing_ok=True)
        listed = stack.cli("auditor", "project", "tranches", "--project", project, "--state", state, "--output", path)
        assert listed.returncode == 0, listed.stderr
        return judged(desk(profile, "project", step, path, *words))
    return decide


def test_e1_e2_a_project_from_its_call_to_its_balance(stack, desk, taken, decided, graduates):  # noqa: F811
    number, _ = graduates(4)
    project = desk("reviewer", "project", "call", *CALL)[0]["project_id"]
    assert taken("approver", "publish", project)["state"] == "listed"
    assert taken("approver", "award", project, "--organisation", "52370100300000010X", "--contract", "示例合同1号")["state"] == "awarded"
    assert taken("institution", "accept", project)["state"] == "accepted"
    assert taken("institution", "attach", project, "--class", number)["state"] == "running"
    tomorrow = stack.cli("reviewer", "project", "inspect", project, "--version", "5", "--on", day(1), "--passed", "--reason", "现场")
    assert tomorrow.returncode == 3 and "date-future" in tomorrow.stderr and "day of inspection" in tomorrow.stderr, tomorrow.stderr
    assert taken("reviewer", "inspect", project, "--on", day(), "--passed", "--reason", "现场人数与名册一致")["state"] == "running"
    assert [(r["passed"], r["held_on"]) for r in desk("auditor", "project", "show", project) if r["part"] == "step" and r["action"] == "inspect"] == [(True, day())]
    assert taken("reviewer", "carry-out", project)["state"] == "carried-out"
    shown = desk("institution", "project", "show", project)
    assert (shown[0]["counted"], shown[0]["total_fen"]) == (4, 600000)
    assert [(r["metric"], r["threshold"], r["pay_percent"]) for r in shown if r["part"] == "tier"] == [("none", 0, 60), ("employment", 85, 100)]

    assert taken("institution", "apply", project)["fen"] == 360000
    assert decided("reviewer", "review", project, "submitted") == [("accept", [])]
    assert decided("approver", "approve", project, "reviewed") == [("accept", [])]
    assert decided("payer", "pay", project, "approved", "--reason", "FK-1") == [("accept", [])]

    evidence = desk.file("座号,凭证种类,单位代码,就业日期,月数,来源,数据日期", *(f"{n},执照,,{day(-10)},,市场监管,{day()}" for n in (1, 2, 3)),
                         f"4,合同,52370100300000010X,{day(-10)},6,合同备案,{day()}", f"4,介绍信,,{day(-10)},,示例,{day()}", f"9,执照,,{day(-10)},,示例,{day()}",
                         f"4,执照,,{day(1)},,示例,{day(2)}", f"4,执照,,{day(-2)},,示例,{day(-3)}")
    answers = judged(desk("institution", "evidence", "import", project, evidence, "--class", number, expect=1))
    assert answers == [("accept", [])] * 3 + [("warn", [("evidence-not-counted", "kind")])] + [("reject", [("evidence-kind", "kind")]), ("reject", [("head-unknown", "seat")]),
                                              ("reject", [("date-future", "as_of")]), ("reject", [("evidence-days", "as_of")])]
    heads = lambda: [(h["seat"], h["unmet"]) for h in desk("reviewer", "project", "heads", project)]  # noqa: E731
    run = taken("reviewer", "verify", project)
    assert (run["employed"], heads()) == (0, [(1, "unconfirmed"), (2, "unconfirmed"), (3, "unconfirmed"), (4, "kind")])  # E11: its word alone is none

    def licensed(*seats):
        file = desk.file("座号,凭证种类,就业日期,来源,数据日期", *(f"{n},执照,{day(-10)},市场监管,{day()}" for n in seats))
        assert judged(desk("reviewer2", "evidence", "import", project, file, "--class", number)) == [("accept", [])] * len(seats)

    licensed(1, 2, 3)
    run = taken("reviewer", "verify", project)
    assert (run["run"], run["fen"], run["state"]) == (2, 0, "verifying")  # 3 of 4: 300 < 340
    assert (run["employed"], run["measured"]) == (3, 4)
    assert heads() == [(1, None), (2, None), (3, None), (4, "kind")]
    licensed(4)
    assert taken("reviewer", "verify", project)["fen"] == 240000
    assert taken("institution", "apply", project)["fen"] == 240000
    decided("reviewer", "review", project, "submitted")
    decided("approver", "approve", project, "reviewed")
    decided("payer", "pay", project, "approved", "--reason", "FK-2")
    head = desk("auditor", "project", "show", project)[0]
    assert (head["state"], head["paid_fen"], head["total_fen"]) == ("settled", 600000, 600000)
    assert len(desk("auditor", "evidence", "list", project)) == 8
    assert taken("approver", "close", project)["state"] == "closed"
    listed, = desk("institution", "project", "list", "--limit", 1)
    assert (listed["project_id"], listed["state"]) == (project, "closed")


def test_e13_a_long_story_is_shown_whole(stack, desk, wire):
    project = desk("reviewer", "project", "call", *CALL)[0]["project_id"]
    stack.sql("INSERT INTO registry.project_step (project_id, version, action, state, operator_id, reason, request_id)"
              " SELECT s.project_id, n, s.action, s.state, s.operator_id, '示例', s.request_id"
              f" FROM registry.project_step s CROSS JOIN generate_series(2, 450) n WHERE s.project_id = '{project}'")
    shown = desk("auditor", "project", "show", project)
    assert [r["version"] for r in shown if r["part"] == "step"] == list(range(450, 0, -1))
    assert sum(r["part"] == "tier" for r in shown) == 2
    page = wire("auditor").call("project.show", project_id=bytes.fromhex(project), before=451 - 200)
    assert ([s.version for s in page.step], page.next) == (list(range(250, 50, -1)), 51)


def test_e5_a_call_says_what_is_wrong_with_it(desk, stack, wire):
    def said(*words):
        done = stack.cli("reviewer", "--json", "project", "call", *CALL, *words)
        assert done.returncode == 3, done.stdout + done.stderr
        return done.stdout + done.stderr
    assert "project-tiers" in said("--tiers", "employment:85:100,employment:85:90")
    for tiers, which in (("employment:85:100:1", 1), ("none:0,hope:85:100", 2), ("none:0,pass:85:100,employment:101:100", 3), ("none:x", 1)):
        done = stack.cli("reviewer", "project", "call", *CALL, "--tiers", tiers)
        assert done.returncode == 2 and f"--tiers, {which}" in done.stderr and "METRIC:THRESHOLD:PERCENT" in done.stderr, done.stderr
    template = desk.file("")
    template.unlink()
    assert stack.cli("reviewer", "template", "evidence", "--output", template).returncode == 0
    assert "{{91370100MA0000000W}}" in template.read_text(encoding="utf-8-sig"), "a code that is one"
    project = desk("reviewer", "project", "call", *CALL, "--tiers", "none:0,employment:50:60,pass:95:100")[0]["project_id"]
    # not listed yet, and not its own
    assert refusal(wire("institution"), "project.accept", project_id=bytes.fromhex(project), version=1).reason == "project-unknown"
