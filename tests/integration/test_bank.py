# SPDX-License-Identifier: Apache-2.0
"""The special account against the bank's statement (F8), over the wire and from the command line."""

import datetime
import json

import fund_pb2
import pytest
from claims import TODAY
from test_fund import LEDGER
from test_requests import refusal

LAST = (TODAY.replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m")
STATEMENT = {"month": LAST, "treasury_fen": 120_000, "expenditure_fen": 0, "citation": "示例对账单"}


def test_f8_what_a_statement_cannot_say_is_refused_by_its_field(wire):
    reviewer = wire("reviewer")

    def refused(**said):
        answer = refusal(reviewer, "bank.record", **STATEMENT | said)
        return answer.reason, list(answer.fields)

    assert refused(month="2026-13") == ("month-format", ["month"])
    assert refused(month=TODAY.strftime("%Y-%m")) == ("month-future", ["month"])
    assert refused(treasury_fen=-1) == ("fund-figure", ["treasury_fen"])
    assert refused(expenditure_fen=10**15 + 1) == ("fund-figure", ["expenditure_fen"])
    assert refused(citation="") == ("citation-length", ["citation"])
    assert refused(citation="证件370102199003070016") == ("reason-number", ["citation"])  # D3
    assert refusal(wire("payer"), "bank.record", **STATEMENT).reason == "method-forbidden"  # who pays does not say what the bank has
    assert refusal(wire("institution"), "bank.reconcile").reason == "method-forbidden"
    assert refusal(reviewer, "bank.reconcile", months=121).reason == "months-range"
    assert refusal(reviewer, "bank.reconcile", division="37").fields == ["division"]


@pytest.fixture
def account(stack):
    """A city's ledger in which 1,000.00 came the month before last, and 400.00 went to the expenditure account last month; afterwards it is empty."""
    behind = "SET session_replication_role = replica;"
    first = datetime.date.fromisoformat(f"{LAST}-01")
    before = first - datetime.timedelta(days=3)
    ledger = stack.sql("SELECT (helper.ledger_open('371300', 1::int2, 2031)).ledger_id")
    post = ("INSERT INTO registry.journal (posting_id, ledger_id, share, event, layer, debit, credit, amount_fen, operator_id, request_id, posted_at)"
            f" VALUES (gen_random_uuid(), {ledger}, 0, {{}}, 2, {{}}, {{}}, {{}}, gen_random_uuid(), gen_random_uuid(), '{{}}T12:00:00+08:00');")
    stack.sql(behind + post.format(2, 1001, 4002, 100_000, before) + post.format(6, 1002, 1001, 40_000, first))
    yield "371300", before.strftime("%Y-%m")
    stack.sql(behind + f"DELETE FROM registry.bank_balance WHERE division = '371300'; DELETE FROM registry.journal WHERE ledger_id = {ledger}")


def says(stack, month, treasury, expenditure, version=1):
    stack.sql("SET session_replication_role = replica; INSERT INTO registry.bank_balance VALUES"
              f" ('371300', '{month}-01', {version}, {treasury}, {expenditure}, '示例对账单', gen_random_uuid(), now(), gen_random_uuid())")


def test_f8_the_table_says_where_the_bank_and_the_ledgers_differ(stack, account):
    division, before = account

    def table(status):
        done = stack.cli("auditor", "--json", "bank", "reconcile", "--division", division)
        assert done.returncode == status, done.stderr
        return [(r["month"], r["account"], r["book_fen"], r["bank_fen"], r["difference_fen"]) for r in map(json.loads, done.stdout.splitlines())]

    assert table(1) == [(LAST, "1001", 60_000, None, None), (LAST, "1002", 40_000, None, None),
                        (before, "1001", 100_000, None, None), (before, "1002", 0, None, None)]
    says(stack, before, 100_000, 0)
    says(stack, LAST, 60_000, 39_999)
    assert [row[-1] for row in table(1)] == [0, -1, 0, 0]
    shown = stack.cli("auditor", "bank", "reconcile", "--division", division, env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8"})
    assert "支出户存款" in shown.stdout and "-0.01" in shown.stdout and "有差额" in shown.stderr, shown.stdout + shown.stderr
    says(stack, LAST, 60_000, 40_000, version=2)
    assert [row[-1] for row in table(0)] == [0, 0, 0, 0]


def test_f8_a_reviewer_records_a_statement_and_corrects_it(stack, wire):
    wire("payer").call("fund.receive", receipt=fund_pb2.RECEIPT_MONEY, amount_fen=1, **LEDGER)
    said = ["bank", "record", "--month", LAST, "--expenditure", "0", "--citation"]
    if LAST[:4] < stack.sql("SELECT min(year) FROM registry.ledger WHERE division = '370100'"):  # January: the account began with this year
        assert "account-missing" in stack.cli("reviewer", *said, "示例对账单", "--treasury", "1200").stderr
        return
    for treasury, citation, version in (("1200.00", "示例对账单", 1), ("1200", "示例对账单", 1), ("1200.01", "示例对账单（更正）", 2)):
        done = stack.cli("reviewer", "--json", *said, citation, "--treasury", treasury)
        assert done.returncode == 0, done.stderr
        fen = 120_001 if version == 2 else 120_000
        assert json.loads(done.stdout) == {"month": LAST, "treasury_fen": fen, "expenditure_fen": 0, "version": version}
    assert stack.cli("reviewer", *said, "x", "--treasury", "1.005").returncode == 2
    listed = [json.loads(line) for line in stack.cli("auditor", "--json", "bank", "list", "--division", "370100", "--month", LAST).stdout.splitlines()]
    assert [(row["version"], row["treasury_fen"], row["citation"]) for row in listed] == [(2, 120_001, "示例对账单（更正）"), (1, 120_000, "示例对账单")]
    assert all("*" in row["recorded_by"] and row["recorded_at"] for row in listed), "D2: by whom, masked, and when"
    pages = wire("auditor").pages("bank.list", "statement", page_rows=1, division="370100")
    assert [(s.month, s.version) for s in pages][:2] == [(LAST, 2), (LAST, 1)]
    assert refusal(wire("reviewer"), "bank.list", cursor=b"1234").reason == "cursor-invalid"
    assert refusal(wire("reviewer"), "bank.list", month="2026").reason == "month-format"
    assert refusal(wire("reviewer"), "bank.list", division="370200").reason == "not-allowed"
