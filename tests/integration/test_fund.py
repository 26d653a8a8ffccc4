# SPDX-License-Identifier: Apache-2.0
"""The special account over the wire and from the command line: who moves its money, what is refused, what a statement says."""

import json

import fund_pb2
from claims import TODAY
from test_requests import refusal

IN_FORCE = 1
SOURCE, YEAR = fund_pb2.SOURCE_STARTUP, TODAY.year  # whose ledger of Jinan's no other file of tests has
LEDGER = {"source": SOURCE, "year": YEAR}


def decide(connection, proposal, decision=IN_FORCE):
    answer = connection.call("fund.decide", decision=decision, row=[{"row": 1, "proposal_id": proposal}])
    return [f.reason for f in answer.result[0].finding]


def propose(connection, kind, **said):
    return connection.call("fund.propose", kind=kind, reason="示例文", **said).proposal_id


def accounts(connection, **said):
    return {a.account: a.balance_fen for a in connection.call("fund.show", **LEDGER, **said).account}


def test_f2_f4_two_people_move_money_and_a_payer_records_it(wire):
    one, other, payer = wire("approver"), wire("approver2"), wire("payer")
    proposal = propose(one, fund_pb2.MOVE_ALLOT, amount_fen=1_000_000, **LEDGER)
    assert proposal in {m.proposal_id for m in one.pages("fund.moves", "move", pending=True)}
    assert decide(one, proposal) == ["proposal-own"]  # C1
    assert decide(other, proposal) == []
    assert decide(other, proposal) == ["proposal-decided"]
    was = accounts(payer)
    assert was[fund_pb2.ACCOUNT_AVAILABLE] >= 1_000_000
    posting = payer.call("fund.receive", receipt=fund_pb2.RECEIPT_MONEY, amount_fen=5000, **LEDGER).posting_id
    payer.call("fund.receive", receipt=fund_pb2.RECEIPT_TO_EXPENDITURE, amount_fen=2000, **LEDGER)
    assert refusal(payer, "fund.receive", receipt=fund_pb2.RECEIPT_TO_EXPENDITURE, amount_fen=10**12, **LEDGER).reason == "funds-short"  # F8
    assert refusal(one, "fund.receive", receipt=fund_pb2.RECEIPT_MONEY, amount_fen=1, **LEDGER).reason == "method-forbidden"
    now = accounts(payer)
    assert now[fund_pb2.ACCOUNT_TREASURY] - was[fund_pb2.ACCOUNT_TREASURY] == 3000
    assert now[fund_pb2.ACCOUNT_EXPENDITURE] - was[fund_pb2.ACCOUNT_EXPENDITURE] == 2000
    lines = [p for p in payer.pages("fund.statement", "posting", **LEDGER) if p.posting_id == posting]
    assert [(p.event, p.debit, p.credit, p.amount_fen) for p in lines] == [
        (fund_pb2.MONEY_RECEIVED, fund_pb2.ACCOUNT_TREASURY, fund_pb2.ACCOUNT_OTHER_INCOME, 5000)]  # F6
    assert accounts(payer, until_ms=lines[0].posted_at_ms) == was  # F2: as it was before
    (ledger,) = [r for r in payer.pages("fund.list", "ledger", division="370100", year=YEAR) if r.source == SOURCE]
    assert (ledger.expenditure_fen, ledger.sent_fen) == (now[fund_pb2.ACCOUNT_EXPENDITURE], 0)


def test_f2_a_correction_mirrors_a_posting_once(wire):
    one, other, payer = wire("approver"), wire("approver2"), wire("payer")
    posting = payer.call("fund.receive", receipt=fund_pb2.RECEIPT_MONEY, amount_fen=777, **LEDGER).posting_id
    was = accounts(payer)
    correction = propose(one, fund_pb2.MOVE_CORRECT, posting_id=posting)
    (move,) = [x for x in payer.pages("fund.moves", "move", pending=True) if x.proposal_id == correction]
    assert (move.posting_id, move.mirrored, move.amount_fen, move.source, move.year) == (posting, fund_pb2.MONEY_RECEIVED, 777, SOURCE, YEAR)
    assert move.proposed_by != "" and "*" in move.proposed_by and not move.HasField("decided_by")  # D2
    assert decide(other, correction) == []
    (move,) = [x for x in payer.pages("fund.moves", "move") if x.proposal_id == correction]
    assert "*" in move.decided_by and move.decided_at_ms >= move.proposed_at_ms
    assert was[fund_pb2.ACCOUNT_TREASURY] - accounts(payer)[fund_pb2.ACCOUNT_TREASURY] == 777
    assert decide(other, propose(one, fund_pb2.MOVE_CORRECT, posting_id=posting)) == ["posting-mirrored"]
    assert refusal(one, "fund.propose", kind=fund_pb2.MOVE_CORRECT, reason="x", posting_id=bytes(16)).reason == "posting-unknown"


def test_f1_f3_what_cannot_be_is_refused_by_its_field(wire):
    approver, payer = wire("approver"), wire("payer")

    def refused(connection, method, **said):
        answer = refusal(connection, method, **said)
        return answer.reason, answer.fields

    move = {"kind": fund_pb2.MOVE_ALLOT, "reason": "示例", "source": SOURCE, "year": YEAR, "amount_fen": 1}
    assert refused(approver, "fund.propose", **move | {"source": fund_pb2.SOURCE_ENTERPRISE}) == ("source-not-posted", ["source"])  # F7
    assert refused(approver, "fund.propose", **move | {"kind": fund_pb2.MOVE_WITHDRAW}) == ("source-kind", ["source"])
    assert refused(approver, "fund.propose", **move | {"amount_fen": 0}) == ("amount-format", ["amount_fen"])
    assert refused(approver, "fund.propose", **move | {"amount_fen": 10**15 + 1}) == ("amount-large", ["amount_fen"])
    assert refused(approver, "fund.propose", **move | {"year": YEAR - 1}) == ("fund-year", ["year"])
    assert refused(approver, "fund.propose", **move | {"kind": fund_pb2.MOVE_TRANSFER, "to_division": "370202"}) == ("fund-division", ["to_division"])
    assert refused(approver, "fund.propose", **move | {"kind": fund_pb2.MOVE_TRANSFER, "to_division": "x"}) == ("division-format", ["to_division"])
    assert refused(approver, "fund.propose", **move | {"reason": ""}) == ("citation-length", ["reason"])
    assert refused(approver, "fund.propose", **move | {"reason": "证件370102199003070016"}) == ("reason-number", ["reason"])  # D3
    earmark = {"spending": fund_pb2.SPENDING_CAPACITY, "valid_from": "2040-01-01", "citation": "示例文"}
    assert refused(approver, "fund.earmark", **earmark) == ("source-not-posted", ["source"])
    assert refused(approver, "fund.earmark", **earmark, source=[1, 1]) == ("source-not-posted", ["source"])
    assert refused(approver, "fund.earmark", **earmark | {"citation": "证件370102199003070016"}, source=[1]) == ("reason-number", ["citation"])  # D3
    assert refused(approver, "fund.earmark", **earmark, source=[1], trainee_group="贵宾") == ("group-unknown", ["trainee_group"])
    assert refused(payer, "fund.show", source=SOURCE, year=2019) == ("ledger-unknown", ["source"])
    assert refused(payer, "fund.recover", claim_id=bytes(16), line=1, amount_fen=1) == ("claim-unknown", ["claim_id"])
    assert refused(payer, "fund.recover", claim_id=bytes(16), line=4, amount_fen=1) == ("line-unknown", ["line"])


def test_f3_f10_an_earmark_is_in_force_when_another_says_so(wire):
    one, other = wire("approver"), wire("approver2")
    said = {"spending": fund_pb2.SPENDING_CAPACITY, "trainee_group": "退役军人", "valid_from": "2041-01-01"}
    proposal = one.call("fund.earmark", **said, source=[4, 1], citation="示例文〔2041〕1号").proposal_id
    assert proposal in {e.proposal_id for e in other.pages("fund.earmarks", "earmark", pending=True)}
    assert decide(one, proposal) == ["proposal-own"]
    assert decide(other, proposal) == []
    (found,) = [e for e in one.pages("fund.earmarks", "earmark", day="2041-06-01", division="370100") if e.proposal_id == proposal]
    assert (list(found.source), found.trainee_group) == ([4, 1], "退役军人")


def test_f2_the_trial_balance_is_zero_at_every_size_of_the_log(wire, stack):
    payer = wire("payer")
    payer.call("fund.receive", receipt=fund_pb2.RECEIPT_INTEREST, amount_fen=11, **LEDGER)
    size = int(stack.sql("SELECT count(*) FROM audit.leaf"))
    for at in range(max(1, size - 12), size + 1):
        trial = payer.call("fund.trial", log_size=at)
        assert (trial.budget_fen, trial.cash_fen) == (0, 0)
    trial = payer.call("fund.trial")
    assert (trial.budget_fen, trial.cash_fen) == (0, 0)
    assert refusal(payer, "fund.trial", log_size=10**12).reason == "log-shorter"


def test_fund_from_the_command_line(stack, tmp_path):
    def run(profile, *words, expect=0):
        done = stack.cli(profile, "--json", *words)
        assert done.returncode == expect, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    (proposed,) = run("approver", "fund", "allot", "12.34", "--source", "startup", "--year", str(YEAR), "--reason", "示例文")
    run("approver2", "fund", "decide", proposed["proposal_id"], "--decision", "in-force")
    (received,) = run("payer", "fund", "receive", "money", "5", "--source", "startup", "--year", str(YEAR))
    lines = run("payer", "fund", "statement", "startup", str(YEAR), "--limit", "0")
    assert [(r["event"], r["debit"], r["amount_fen"]) for r in lines if r["posting_id"] == received["posting_id"]] == [("received", "1001", 500)]
    assert run("payer", "fund", "statement", "startup", str(YEAR), "--at", "2020-01-01") == []
    assert {r["balance_fen"] for r in run("payer", "fund", "show", "startup", str(YEAR), "--at", "2020-01-01 08:30")} == {0}
    run("payer", "fund", "show", "startup", str(YEAR), "--at", "2020-13-01", expect=2)
    run("payer", "fund", "show", "startup", str(YEAR), "--at", "2020-01-01 24:30", expect=2)
    shown = {r["account"]: r["balance_fen"] for r in run("payer", "fund", "show", "startup", str(YEAR))}
    assert shown["X1"] + shown["X2"] + shown["X3"] == shown["X0"] and shown["1001"] >= 500
    done = stack.cli("payer", "fund", "show", "startup", str(YEAR), "--output", tmp_path / "accounts.csv")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "accounts.csv").read_text(encoding="utf-8-sig").splitlines()[0] == "科目,借方（元）,贷方（元）,余额（元）"
    trial = run("payer", "fund", "trial")
    assert trial[-1]["budget_fen"] == trial[-1]["cash_fen"] == 0
    run("approver", "fund", "earmark", "training", "--sources", "unemployment,employment", "--group", "企业在职职工", "--from", "2042-01-01", "--citation", "示例文")
    assert any(r["sources"] == ["unemployment", "employment"] for r in run("approver", "fund", "earmarks", "--pending"))
    assert any(r["kind"] == "allot" and r["decision"] == "in-force" for r in run("auditor", "fund", "moves"))
    assert "startup" in {r["source"] for r in run("auditor", "fund", "list", "--division", "370100")}
