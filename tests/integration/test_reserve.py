# SPDX-License-Identifier: Apache-2.0
"""The unemployment fund, month by month, from a bureau's file (F12)."""

import reserve_pb2
from claims import day
from test_cli_standards import desk, judged  # noqa: F401


def test_F12_months_from_a_file_and_what_may_be_withdrawn(stack, wire, desk):
    header = "月份,月末结余,失业保险金,医疗保险费,丧葬抚恤,培训介绍补贴,其他"
    months = [f"2025-{n:02}" for n in range(3, 13)] + ["2026年1月", "2026/2"]
    rows = [f'{month},"300,000,000.00",11000000,500000.00,0,0,0' for month in months]
    wrong = ["2026-13,1,1,1,1,1,1", "2026-02,-1,1,1,1,1,1", "2026-02,1,1,1,1.005,1,1", "2999-01,1,1,1,1,1,1"]
    answers = judged(desk("reviewer", "fund", "month", desk.file("失业保险基金收支,,,,,,", header, *rows, *wrong), "--citation", "示例报表", expect=1))
    assert answers == [("accept", [])] * 12 + [("reject", [("month-format", "month")]), ("reject", [("fund-figure", "balance_fen")]),
                                               ("reject", [("fund-figure", "funeral_fen")]), ("reject", [("month-future", "month")])]
    assert [v for v, _ in judged(desk("reviewer", "fund", "month", desk.file(header, *rows), "--citation", "示例报表"))] == ["duplicate"] * 12

    reserve, *listed = desk("approver", "fund", "months", "--day", "2026-03-15", "--withdraw", "62000000")
    assert (reserve["month"], reserve["balance_fen"], reserve["benefit_fen"], reserve["kept"], reserve["needed_months"]) == (
        "2026-02", 30000000000, 13800000000, "20.69", 24)
    assert (reserve["mode"], reserve["allowed_fen"], reserve["short_fen"]) == ("support", 6200000000, 3800000000)
    assert reserve["months"] == 12
    assert desk("approver", "fund", "months", "--day", "2026-02-15")[0]["months"] == 11, "of the twelve, one is missing"
    done = stack.cli("approver", "fund", "withdraw", "1000000000.00", "--year", day()[:4], "--reason", "示例文", env=stack.environment(LC_ALL="zh_CN.UTF-8"))
    assert done.returncode == 0 and "须留足24个月" in done.stderr and "缺口" in done.stderr, done.stderr
    assert [row["month"] for row in listed] == ["2026-02", "2026-01"] + [f"2025-{n:02}" for n in range(12, 2, -1)]

    answer = wire("auditor").call("fund.months", division="370100", day="2026-03-15", withdraw_fen=6200000000, months=1)
    assert (answer.reserve.mode, answer.reserve.short_fen, len(answer.month)) == (reserve_pb2.SHORTFALL_SUPPORT, 3800000000, 1)
    done = stack.cli("approver", "fund", "month", desk.file(header, rows[0]), "--citation", "示例报表")
    assert done.returncode == 3, done.stderr  # an approver records none


def test_F2_the_records_of_money_agree_or_are_named(stack, wire):
    """From the records alone: what somebody changed behind the registry's back is found, by the fen."""
    division = "371600"
    ledger = stack.sql(f"SELECT (helper.ledger_open('{division}', 4::int2, 2031)).ledger_id")
    done = stack.cli("auditor", "fund", "reconcile", "--division", division)
    assert (done.returncode, "agrees to the fen" in done.stderr) == (0, True), done.stdout
    behind = "SET session_replication_role = replica; UPDATE registry.ledger_share SET available = {} WHERE ledger_id = {} AND share = 0"
    stack.sql(behind.format(7, ledger))
    try:
        done = stack.cli("auditor", "--json", "fund", "reconcile", "--division", division)
        assert done.returncode == 1 and '"kind":"budget"' in done.stdout.replace(" ", ""), done.stdout + done.stderr
        answer = wire("auditor").call("fund.reconcile", division=division)
        assert [(d.kind, d.ledger_id, d.expected, d.found) for d in answer.difference] == [(1, int(ledger), 0, 7)]
        done = stack.cli("auditor", "fund", "reconcile", "--division", division)
        assert "0.07" in done.stdout and "yuan" in done.stdout, done.stdout
    finally:
        stack.sql(behind.format(0, ledger))


def test_F16_the_monthly_table_of_an_account(stack, desk, tmp_path):
    done = stack.cli("auditor", "fund", "report", "--month", day()[:7], "--division", "371500", env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8"})
    assert done.returncode == 0 and "执行率" in done.stdout and "合计" in done.stdout, done.stderr
    path = tmp_path / "report.csv"
    done = stack.cli("auditor", "fund", "report", "--month", day()[:7], "--division", "371500", "--output", path)
    assert done.returncode == 0 and path.read_text(encoding="utf-8-sig").startswith("资金来源,项目,人次,"), done.stderr
    rows = desk("auditor", "fund", "report", "--month", day()[:7], "--division", "371500")
    assert {r["source"] for r in rows} <= {None, "employment", "startup", "unemployment", "training", "adjustment"} and rows[0]["item"] == "opening"
    done = stack.cli("auditor", "fund", "report", "--month", "2031-13", "--division", "371500")
    assert done.returncode == 3 and "2026-03" in done.stderr, done.stderr
    done = stack.cli("auditor", "fund", "report", "--month", "2931-03", "--division", "371500")
    assert done.returncode == 3 and "date-future" in done.stderr, done.stderr
