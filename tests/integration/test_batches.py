# SPDX-License-Identifier: Apache-2.0
"""Claims go to the bank in batches and come back, over the wire and by the commands (C5, C6, F13, F14, F25)."""

import json
import threading

import bank_simulator
import batch_pb2 as b
import claim_pb2 as m
import fund_pb2
import project_pb2
import pytest
import reconcile_pb2
import samples
import snapshot_pb2
import wire_pb2
from claims import TODAY, certify, day, graduate, publicity_over, reasons, set_standards, step, submit
from conftest import CLASS, allow_looks, make_stack, taken_down
from postgres import Session
from test_cli_standards import desk, judged  # noqa: F401
from test_persons import document, enrol, refusal, reveal
from test_projects import CALL, decided, taken  # noqa: F401
from waiting import until
from wire import Refused, Wire, read_profile

INSTITUTION_ACCOUNT, BUREAU_ACCOUNT = samples.remember("370100098765432"), samples.remember("370100012345678")


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """Jinan keeps its special account here, and there is money in it."""
    with taken_down(make_stack(tmp_path_factory.mktemp("b"))) as made:
        made.up()
        allow_looks(made)
        made.sql("UPDATE registry.policy SET value = 1 WHERE division = '370100' AND name = 'special_account'")
        with Wire(read_profile(made.profiles / "approver")) as one, Wire(read_profile(made.profiles / "approver2")) as other, Wire(read_profile(made.profiles / "payer")) as payer:
            ledger = {"source": fund_pb2.SOURCE_UNEMPLOYMENT, "year": TODAY.year, "amount_fen": 100_000_000}
            move = one.call("fund.propose", kind=fund_pb2.MOVE_ALLOT, reason="示例文", **ledger).proposal_id
            assert reasons(other.call("fund.decide", decision=1, row=[{"row": 1, "proposal_id": move}])) == [""]
            for receipt in (fund_pb2.RECEIPT_MONEY, fund_pb2.RECEIPT_TO_EXPENDITURE):
                payer.call("fund.receive", receipt=receipt, **ledger)
        set_standards(made)
        for profile, account in (("institution", INSTITUTION_ACCOUNT), ("window", BUREAU_ACCOUNT)):
            with Wire(read_profile(made.profiles / profile)) as clerk, Wire(read_profile(made.profiles / "reviewer")) as reviewer:
                payee = clerk.call("payee.set", account={"account_number": account, "account_name": "示例单位", "bank": "中国农业银行"}).payee_id
                reviewer.call("payee.confirm", payee_id=payee, account_number=account)
        yield made


@pytest.fixture
def approved(stack, wire):
    """Approved claims of the institution, or of the bureau for the persons: their ids, and the roster's rows."""
    def make(n=1, route=m.ROUTE_INSTITUTION, **changes):
        number = wire().call("class.open", **CLASS).number
        rows = [samples.trainee(i + 1, **changes) for i in range(n)]
        assert set(enrol(wire(), number, *rows)) == {"enrolled"}
        graduate(stack, number)
        certificates, _ = certify(wire(), number, rows)
        claimant = wire("window" if route == m.ROUTE_PERSON else "institution")
        claims = [r.record_id for r in submit(claimant, *certificates, route=route).result]
        for claim in claims:
            assert [step(wire("reviewer"), action, claim, i + 1) for i, action in enumerate(("accept", "review", "publicise"))] == ["", "", ""]
            publicity_over(stack, claim)
            assert step(wire("approver"), "approve", claim, 4) == ""
        return claims, rows
    return make


def entries(connection, method, batch, claims, version=5):
    return reasons(connection.call(method, batch_id=batch, row=[{"row": i + 1, "subject_id": c, "version": version} for i, c in enumerate(claims)]))


@pytest.fixture
def sent(wire, approved):
    """A batch that is sent, of so many claims: its id, its reference, the claims in the order of its lines."""
    def make(n=1, **options):
        claims, _ = approved(n, **options)
        batch = wire("payer").call("batch.make", purpose="培训补贴")
        assert entries(wire("payer"), "batch.add", batch.batch_id, claims) == [""] * n
        [seen] = wire("payer2").call("batch.list", reference=batch.reference).batch
        wire("payer2").call("batch.send", batch_id=batch.batch_id, lines=seen.lines, amount_fen=seen.amount_fen)
        lines = wire("payer").call("batch.show", batch_id=batch.batch_id, page_rows=50).line
        return batch.batch_id, batch.reference, [line.subject_id for line in sorted(lines, key=lambda line: line.line)]
    return make


def exported(stack, batch, path, *options):
    done = stack.cli("payer", "batch", "export", batch.hex(), path, *options)
    assert done.returncode == 0, done.stderr
    return path


def replied(stack, path):
    """What the command says of the rows that were not taken, by row."""
    done = stack.cli("payer", "--json", "batch", "reply", path)
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def state(wire, claim):
    return wire("auditor").call("claim.show", claim_id=claim).claim.state


def test_C5_a_claim_goes_to_the_bank_and_comes_back_paid(stack, wire, approved, tmp_path):
    [claim], [row] = approved(1, m.ROUTE_PERSON)
    said = step(wire("payer"), "pay", claim, 5)
    assert said == "paid-by-bank"
    made = json.loads(stack.cli("payer", "--json", "batch", "make", "--purpose", "培训补贴").stdout)
    claims = tmp_path / "claims.csv"
    claims.write_text(f"申领编号,版本\n{claim.hex()},5\n")
    assert stack.cli("payer", "batch", "add", made["batch_id"], claims).returncode == 0
    assert state(wire, claim) == m.CLAIM_IN_BATCH
    own = stack.cli("payer", "batch", "send", made["batch_id"], "--lines", "1", "--amount", "1700.00")
    assert own.returncode == 3, "who made it does not send it"
    assert stack.cli("payer2", "batch", "send", made["batch_id"], "--lines", "1", "--amount", "1700.00").returncode == 0
    first = exported(stack, bytes.fromhex(made["batch_id"]), tmp_path / "first.csv").read_bytes()
    assert exported(stack, bytes.fromhex(made["batch_id"]), tmp_path / "second.csv").read_bytes() == first, "the same bytes"
    assert (tmp_path / "first.csv").stat().st_mode & 0o777 == 0o600
    bank = bank_simulator.Bank(lambda n: day(-n))
    head = bank.receive(tmp_path / "first.csv")
    assert (head["批次号"], head["付款账号"], head["总金额元"]) == (made["reference"], BUREAU_ACCOUNT, "1700.00")
    line = bank.lines[made["reference"], 1]
    assert (line["收款账号"], line["户名"], line["证件号码"], line["申领编号"]) == (row["account_number"], row["name"], row["document_number"], claim.hex())
    assert line["补贴类型"] == "职业培训补贴+职业技能鉴定补贴" and line["本行标志"] == "1"
    chinese = exported(stack, bytes.fromhex(made["batch_id"]), tmp_path / "gb.csv", "--gb")
    assert bank_simulator.Bank(day).receive(chinese, encoding="gb18030")["批次号"] == made["reference"]
    answer = bank.write(tmp_path / "answer.csv", [bank.answer(made["reference"], 1, bank_simulator.PAID)], "gb18030")
    replied(stack, answer)
    assert state(wire, claim) == m.CLAIM_PAID
    person = wire("auditor").call("access.log", key={"document": document(row)})
    dossier = [claim.hex(), "--output", tmp_path / "claim.dossier", "--key", stack.folder / "log.vkey"]
    until(lambda: stack.cli("auditor", "claim", "dossier", *dossier).returncode == 0)  # its steps are in the log, the bank's, too
    assert "batch.export" in {look.method for look in person.access}, "D2: who is paid was looked at, on record"


def test_F13_a_batch_is_exported_when_one_who_is_paid_was_erased_since(stack, sent, tmp_path):
    batch, _, claims = sent(2, route=m.ROUTE_PERSON)
    stack.sql(f"UPDATE registry.person SET sealed = '' WHERE person_id = (SELECT person_id FROM registry.claim WHERE claim_id = '{claims[0].hex()}')")
    lines = [line.split(",") for line in exported(stack, batch, tmp_path / "erased.csv").read_text().splitlines()[-2:]]
    assert lines[0][1:4] == ["已删除", "", ""] and lines[0][8:10] == ["已删除", "已删除"]
    assert lines[0][6] == lines[1][6] and lines[1][1] != "已删除" and lines[1][9] != "已删除"


def test_F14_whatever_the_bank_answers_each_line_is_in_one_state(stack, wire, sent, tmp_path):
    batch, reference, claims = sent(5)
    bank = bank_simulator.Bank(lambda n: day(-n))
    bank.receive(exported(stack, batch, tmp_path / "batch.csv"))
    paid, refused, unknown, wrong = (bank.answer(reference, 1, bank_simulator.PAID), bank.answer(reference, 2, bank_simulator.REFUSED),
                                     bank.answer(reference, 3, bank_simulator.UNKNOWN), bank.answer(reference, 4, bank_simulator.PAID, wrong=1))
    stranger = bank.answer(reference, 9, bank_simulator.PAID)
    words = [unknown | {"结果": "不明"}, paid | {"结果": "成功"}, stranger, wrong | {"结果": "success"}, refused | {"结果": "失败"}]
    replied(stack, bank.write(tmp_path / "partly.csv", words))
    assert [state(wire, c) for c in claims] == [m.CLAIM_PAID, m.CLAIM_APPROVED, m.CLAIM_SENT, m.CLAIM_SENT, m.CLAIM_SENT]
    before = stack.sql("SELECT count(*) FROM registry.claim_step")
    replied(stack, bank.write(tmp_path / "again.csv", [paid, refused, unknown]))
    assert stack.sql("SELECT count(*) FROM registry.claim_step") == before, "read twice changes nothing"
    returned = bank.answer(reference, 1, bank_simulator.RETURNED)
    replied(stack, bank.write(tmp_path / "late.csv", [returned, bank.answer(reference, 3, bank_simulator.PAID), paid, refused]))
    assert [state(wire, c) for c in claims[:3]] == [m.CLAIM_APPROVED, m.CLAIM_APPROVED, m.CLAIM_PAID]
    asked = wire("payer").call("batch.ask", page_rows=50).line
    assert {a.line for a in asked if a.reference == reference} == {4, 5}
    [shown] = wire("reviewer").call("batch.list", reference=reference).batch
    assert (shown.sent, shown.paid, shown.refused, shown.unknown, shown.returned) == (2, 1, 1, 0, 1)


def test_F14_an_answer_that_is_not_whole_or_otherwise_is_refused_by_row(wire, sent):
    batch, reference, claims = sent(1)
    payer = wire("payer")

    def said(**answer):
        result = payer.call("batch.reply", row=[{"row": 1, "reference": reference, "line": 1} | answer]).result[0]
        return [(f.reason, f.field) for f in result.finding]

    good = {"result": b.LINE_PAID, "bank_reference": "B-1", "traded_on": day()}
    assert said(**good | {"bank_reference": "B 1"}) == [("bank-reference", "bank_reference")]
    assert said(result=b.LINE_PAID, traded_on=day()) == [("bank-reference", "bank_reference")]
    assert said(result=b.LINE_PAID, bank_reference="B-1") == [("traded-on", "traded_on")]
    assert said(**good | {"traded_on": day(-1)}) == [("traded-on", "traded_on")]
    assert said(**good | {"traded_on": day(1)}) == [("date-future", "traded_on")]
    assert said(result=b.LINE_REFUSED) == [("bank-reason", "reason_code")]
    assert said(result=b.LINE_SENT) == [("bank-answer", "result")]
    assert said(**good, amount_fen=1) == [("amount-differs", "amount_fen")]
    assert said(**good | {"line": 2}) == [("never-sent", "line")]
    assert said(result=b.LINE_REFUSED, reason="卡号6222020000000000000有误") == []
    line = payer.call("batch.show", batch_id=batch).line[0]
    assert line.reason == "卡号*******************有误", "D3: what may be somebody's number is struck out"
    assert said(**good) == [("answer-differs", "result")]


def test_F14_an_answer_that_contradicts_is_kept_until_another_settles_it(stack, wire, sent):
    batch, reference, [claim] = sent(1)
    paid = {"row": 1, "reference": reference, "line": 1, "result": b.LINE_PAID, "bank_reference": "B-1", "traded_on": day()}
    assert reasons(wire("payer").call("batch.reply", row=[paid])) == [""]
    assert reasons(wire("payer").call("batch.reply", row=[{"row": 1, "reference": reference, "line": 1, "result": b.LINE_REFUSED, "reason_code": "E1"}])) == ["answer-differs"]
    [line] = wire("reviewer").call("batch.show", batch_id=batch).line
    dispute = line.dispute
    assert (line.state, dispute.result, dispute.finding.reason, dispute.open, dispute.dispute) == (b.LINE_PAID, b.LINE_REFUSED, "answer-differs", 1, 1)
    assert [a.line for a in wire("payer").call("batch.ask", page_rows=50).line if a.reference == reference] == [1]
    shown = stack.cli("payer", "--json", "batch", "show", batch.hex())
    assert '"answer-differs"' in shown.stdout and '"dispute_result":"refused","dispute_number":1' in shown.stdout.replace(" ", ""), shown.stdout + shown.stderr

    def differs():
        return [(d.kind, d.expected, d.found) for d in wire("auditor").call("fund.reconcile", division="370100").difference if d.subject_id == claim]

    assert differs() == [(reconcile_pb2.DIFFERENCE_DISPUTE, b.LINE_PAID, b.LINE_REFUSED)]
    done = stack.cli("auditor", "--json", "fund", "reconcile", "--division", "370100")
    [named] = [d for d in map(json.loads, done.stdout.splitlines()) if d.get("subject_id") == claim.hex()]
    assert (done.returncode, named["kind"], named["expected"], named["found"]) == (1, "dispute", "paid", "refused")
    assert (named["reference"], named["line"]) == (reference, 1)
    assert refusal(wire("payer2"), "batch.settle", batch_id=batch, line=1, dispute=1, note="示例").reason == "method-forbidden"
    assert refusal(wire("approver"), "batch.settle", batch_id=batch, line=2, dispute=1, note="示例").reason == "nothing-disputed"
    assert refusal(wire("approver"), "batch.settle", batch_id=batch, line=1, dispute=1, note="").reason == "reason-length"
    done = stack.cli("approver", "batch", "settle", batch.hex(), "--line", "1", "--dispute", "1", "--note", "银行书面更正")
    assert done.returncode == 0, done.stderr
    assert differs() == [] and not wire("payer").call("batch.show", batch_id=batch).line[0].HasField("dispute")
    again = wire("payer").call("batch.reply", row=[{"row": 1, "reference": reference, "line": 1, "result": b.LINE_REFUSED, "reason_code": "E1"}])
    [told] = again.result
    assert (told.verdict, [f.reason for f in told.finding]) == (wire_pb2.ROW_UNCHANGED, ["dispute-settled"]), "read again it is told as settled"
    done = stack.cli("approver", "--json", "batch", "disputes", "--batch", batch.hex())
    [listed] = map(json.loads, done.stdout.splitlines())
    assert (listed["reference"], listed["line"], listed["dispute"], listed["state"], listed["result"], listed["note"]) == (reference, 1, 1, "paid", "refused", "银行书面更正")
    assert "*" in listed["read_by"] and "*" in listed["settled_by"] and listed["settled_at"] >= listed["read_at"], "D2: by whom, masked, and when"
    assert stack.cli("approver", "--json", "batch", "disputes", "--batch", batch.hex(), "--open").stdout == ""
    assert refusal(wire("approver"), "batch.disputes", batch_id=bytes(16)).reason == "batch-unknown"
    assert refusal(wire("approver"), "batch.disputes", cursor=bytes(16)).reason == "cursor-invalid"
    assert refusal(wire("institution"), "batch.disputes").reason == "method-forbidden"
    shown = stack.cli("approver", "batch", "disputes", env=stack.environment(LC_ALL="zh_CN.UTF-8")).stdout
    assert "处理结果" in shown and "银行书面更正" in shown, shown


def test_F14_contradictions_come_by_batch_and_line_whatever_the_pages(wire, disputed):
    _, reference = disputed
    assert reasons(wire("payer").call("batch.reply", row=[contradicted(reference, b.LINE_RETURNED)])) == ["answer-differs"]
    whole = [(d.reference, d.line, d.dispute) for d in wire("approver").pages("batch.disputes", "dispute")]
    one_by_one = [(d.reference, d.line, d.dispute) for d in wire("approver").pages("batch.disputes", "dispute", page_rows=1)]
    assert one_by_one == whole == sorted(whole) and {(reference, 1, 1), (reference, 1, 2)} <= set(whole)


def contradicted(reference, state):
    """The bank's answer for the first line, which contradicts that it was refused."""
    return {"row": 1, "reference": reference, "line": 1, "result": state, "bank_reference": "C-1", "traded_on": day()}


@pytest.fixture
def disputed(wire, sent):
    """A batch whose only line the bank refused, and then said was paid: its id and reference."""
    batch, reference, _ = sent(1)
    refused = {"row": 1, "reference": reference, "line": 1, "result": b.LINE_REFUSED, "reason_code": "E1"}
    assert reasons(wire("payer").call("batch.reply", row=[refused])) == [""]
    assert reasons(wire("payer").call("batch.reply", row=[contradicted(reference, b.LINE_PAID)])) == ["answer-differs"]
    return batch, reference


def of_line(wire, batch):
    """The last answer of the bank that is not settled: its number, and how many there are."""
    [line] = wire("payer").call("batch.show", batch_id=batch).line
    return (line.dispute.dispute, line.dispute.open) if line.HasField("dispute") else None


def test_F14_what_the_bank_says_after_it_was_looked_at_is_not_settled_unseen(stack, wire, disputed):
    batch, reference = disputed
    assert reasons(wire("payer").call("batch.reply", row=[contradicted(reference, b.LINE_RETURNED)])) == ["answer-differs"]
    for number in 1, 3, 2**32 - 1:  # older than the last, or not said yet
        refused = refusal(wire("approver"), "batch.settle", batch_id=batch, line=1, dispute=number, note="示例")
        assert (refused.reason, refused.fields) == ("version-differs", ["dispute"])
    done = stack.cli("approver", "--json", "batch", "settle", batch.hex(), "--line", "1", "--dispute", "1", "--note", "示例")
    assert done.returncode != 0 and "(version-differs, dispute)" in done.stderr, done.stderr
    assert of_line(wire, batch) == (2, 2)
    done = stack.cli("approver", "batch", "settle", batch.hex(), "--line", "1", "--dispute", "2", "--note", "示例")
    assert (done.returncode, of_line(wire, batch)) == (0, None), done.stderr


def test_F14_what_the_bank_says_while_it_is_settled_is_not_settled_unseen(stack, wire, disputed):
    batch, reference = disputed
    said, payer, approver = {}, wire("payer"), wire("approver")

    def reply():
        said["reply"] = reasons(payer.call("batch.reply", row=[contradicted(reference, b.LINE_RETURNED)]))

    def settle():
        said["settle"] = refusal(approver, "batch.settle", batch_id=batch, line=1, dispute=1, note="示例").reason

    threads = [threading.Thread(target=reply), threading.Thread(target=settle)]
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'mingced' AND wait_event_type = 'Lock'"
    with Session(stack.postgres) as held:
        held.sql("BEGIN; LOCK TABLE registry.batch_dispute IN SHARE MODE")  # it may be read, and not written
        for n, thread in enumerate(threads):
            thread.start()
            until(lambda n=n: stack.sql(waiting) == str(n + 1))
        held.sql("ROLLBACK")
    for thread in threads:
        thread.join()
    assert said == {"reply": ["answer-differs"], "settle": "version-differs"}
    assert of_line(wire, batch) == (2, 2)


@pytest.mark.parametrize("number", ["６２２２０２０００００００００００００", "6222 0200 0000 0000 000", "6222-0200-0000-0000-000", "6222　0200　0000　0000　000"])
def test_D3_a_number_in_the_bank_s_words_is_struck_out_however_it_is_written(wire, sent, number):
    batch, reference, _ = sent(1)
    answer = {"row": 1, "reference": reference, "line": 1, "result": b.LINE_REFUSED, "reason": f"卡号 {number} 有误，第12行"}
    assert [list(r.finding) for r in wire("payer").call("batch.reply", row=[answer]).result] == [[]]
    reason = wire("payer").call("batch.show", batch_id=batch).line[0].reason
    assert reason.startswith("卡号 ****") and reason.endswith("有误，第12行") and set(reason[3:-7].strip()) == {"*"}


def test_C5_two_batches_for_one_claim_at_the_same_instant(wire, approved):
    claims, _ = approved(3)
    batches = [wire(p).call("batch.make", purpose="培训补贴").batch_id for p in ("payer", "payer2")]
    connections, said, ready = [wire("payer"), wire("payer2")], {}, threading.Barrier(2)

    def add(i):
        ready.wait()
        said[i] = entries(connections[i], "batch.add", batches[i], claims if i == 0 else claims[::-1])

    threads = [threading.Thread(target=add, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = said[0], said[1][::-1]
    assert all(sorted(pair) in (["", "claim-state"], ["", "version-differs"]) for pair in zip(first, second)), said


def test_F14_one_reference_for_two_lines_at_the_same_instant(stack, wire, sent):
    batch, reference, _ = sent(2)
    connections, said = [wire("payer"), wire("payer2")], {}

    def reply(i):
        # with so many of lines that were never sent, each is a set of its own: small ones follow one another
        rows = [{"row": n + 1, "reference": reference, "line": 1000 + n if n else i + 1, "result": b.LINE_PAID, "bank_reference": f"SAME-{n}", "traded_on": day()}
                for n in range(600)]
        said[i] = reasons(connections[i].call("batch.reply", row=rows))[0]

    threads = [threading.Thread(target=reply, args=(i,)) for i in range(2)]
    with Session(stack.postgres) as held:
        held.sql("BEGIN; LOCK TABLE registry.batch_answer IN SHARE MODE")  # the first answer is judged, and not written
        threads[0].start()
        until(lambda: stack.sql("SELECT count(*) FROM pg_locks WHERE relation = 'registry.batch_answer'::regclass AND NOT granted") == "1")
        threads[1].start()
        until(lambda: stack.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") != "0")
        held.sql("ROLLBACK")
    for thread in threads:
        thread.join()
    assert said == {0: "", 1: "reference-taken"}
    assert {(line.line, line.state) for line in wire("payer").call("batch.show", batch_id=batch, page_rows=50).line} == {(1, b.LINE_PAID), (2, b.LINE_SENT)}


def test_F25_an_account_that_changed_needs_a_second_look(stack, wire, approved):
    [claim], [row] = approved(1, m.ROUTE_PERSON)
    account, other = samples.card(), samples.card()
    payee = wire("window").call("payee.set", person=document(row), account={"account_number": account, "account_name": row["name"], "bank": "中国银行"}).payee_id
    assert refusal(wire("reviewer"), "payee.confirm", payee_id=payee, account_number=other).reason == "account-differs"
    assert refusal(wire("payer"), "payee.confirm", payee_id=payee, account_number=account).reason == "method-forbidden"
    wire("reviewer").call("payee.confirm", payee_id=payee, account_number=account)
    assert refusal(wire("reviewer"), "payee.confirm", payee_id=payee, account_number=account).reason == "four-eyes"
    batch = wire("payer").call("batch.make", purpose="培训补贴").batch_id
    assert entries(wire("payer"), "batch.add", batch, [claim]) == ["payee-changed"]
    wire("approver").call("payee.confirm", payee_id=payee, account_number=account)
    assert entries(wire("payer"), "batch.add", batch, [claim]) == [""]
    shown = [p for p in wire("reviewer").pages("payee.list", "payee") if p.payee_id == payee]
    assert [(p.account.account_number, p.current, p.looked) for p in shown] == [("*" * (len(account) - 4) + account[-4:], True, True)]
    masked = row["name"][0] + "*" * (len(row["name"]) - 1)
    assert [(p.name, p.account.account_name) for p in shown] == [(masked, masked)], "F13, D2: whose it is"
    assert shown[0].document_number.endswith(row["document_number"][-4:]) and "*" in shown[0].document_number
    listed = stack.cli("reviewer", "payee", "list", env=stack.environment(LC_ALL="zh_CN.UTF-8")).stdout
    [line] = [line for line in listed.splitlines() if payee.hex() in line]
    assert masked in line and line.split()[-2:] == ["是", "是"]
    assert stack.sql(f"SELECT count(*) FROM registry.payee WHERE position('{account}'::bytea IN sealed) > 0") == "0", "D1: sealed"


def test_F25_an_account_that_is_confirmed_while_a_line_enters_a_batch(stack, wire, approved):
    [claim], [row] = approved(1, m.ROUTE_PERSON)
    account = samples.card()
    payee = wire("window").call("payee.set", person=document(row), account={"account_number": account, "account_name": row["name"], "bank": "中国银行"}).payee_id
    batch = wire("payer").call("batch.make", purpose="培训补贴").batch_id
    adds, confirms, said = wire("payer"), wire("reviewer"), {}
    adding = threading.Thread(target=lambda: said.update(added=entries(adds, "batch.add", batch, [claim])))
    confirming = threading.Thread(target=lambda: said.update(confirmed=confirms.call("payee.confirm", payee_id=payee, account_number=account)))
    with Session(stack.postgres) as held:
        held.sql("BEGIN; LOCK TABLE registry.batch_line IN SHARE MODE")  # the line is judged, and not written
        adding.start()
        until(lambda: stack.sql("SELECT count(*) FROM pg_locks WHERE relation = 'registry.batch_line'::regclass AND NOT granted") == "1")
        confirming.start()
        until(lambda: "confirmed" in said or stack.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") != "0")
        held.sql("ROLLBACK")
    adding.join()
    confirming.join()
    assert said["added"] == [""] and "confirmed" in said
    assert stack.sql(f"SELECT count(*) FROM registry.batch_line WHERE subject_id = '{claim.hex()}'") == "0", "it does not wait for the account before"
    assert state(wire, claim) == m.CLAIM_APPROVED


def test_F13_a_person_without_an_account_is_not_paid_and_the_row_says_so(wire, approved):
    [claim], _ = approved(1, m.ROUTE_PERSON, account_number=None, bank=None)
    batch = wire("payer").call("batch.make", purpose="培训补贴").batch_id
    assert entries(wire("payer"), "batch.add", batch, [claim]) == ["payee-unknown"]
    assert refusal(wire("payer"), "batch.make", purpose="培训,补贴").reason == "batch-purpose"
    assert refusal(wire("payer"), "batch.make", purpose="=1+1").reason == "batch-purpose", "no cell is a spreadsheet's formula"
    with pytest.raises(Refused, match="batch-not-sent"):
        wire("payer").call("batch.export", batch_id=batch)


def test_C5_the_same_request_again_sends_once(stack, wire, approved):
    claims, _ = approved(2)
    batch = wire("payer").call("batch.make", purpose="培训补贴")
    entries(wire("payer"), "batch.add", batch.batch_id, claims)
    [seen] = wire("payer2").call("batch.list", reference=batch.reference).batch
    request = dict(batch_id=batch.batch_id, lines=seen.lines, amount_fen=seen.amount_fen, request_id=b"16 bytes of a ID")
    wire("payer2").call("batch.send", **request)
    wire("payer2").call("batch.send", **request)
    story = wire("auditor").call("claim.show", claim_id=claims[0])
    assert {s.action for s in story.step} >= {m.CLAIM_BATCH, m.CLAIM_SEND}
    assert {(a.ledger_division, a.ledger_source, a.ledger_year) for a in story.amount} == {("370100", fund_pb2.SOURCE_UNEMPLOYMENT, TODAY.year)}  # F3
    shown = stack.cli("auditor", "claim", "show", claims[0].hex(), env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8"}).stdout
    assert "失业保险基金结余计提" in shown and "银行答复" in shown, shown
    assert refusal(wire("payer2"), "batch.send", batch_id=batch.batch_id, lines=seen.lines, amount_fen=seen.amount_fen).reason == "batch-sent"


def test_C5_a_batch_that_is_not_sent_says_what_it_has_and_what_is_in_the_way(stack, wire, approved):
    claims, _ = approved(2)
    batch = wire("payer").call("batch.make", purpose="培训补贴").batch_id
    assert entries(wire("payer"), "batch.add", batch, claims) == [""] * 2
    wrong = stack.cli("payer2", "batch", "send", batch.hex(), "--lines", "3", "--amount", "1.00", env=stack.environment(LC_ALL="zh_CN.UTF-8"))
    assert wrong.returncode == 3 and "batch-totals" in wrong.stderr and "批次现有2笔，共3400.00元" in wrong.stderr
    again = stack.cli("payer", "batch", "send", batch.hex(), "--lines", "2", "--amount", "3400.00")
    assert again.returncode == 3 and "3400.00" not in again.stderr, "the totals are not what is in the way"
    stack.sql("UPDATE registry.organisation SET status = 2 WHERE organisation_id IN (SELECT organisation_id FROM registry.claim "
              f"WHERE claim_id = '{claims[0].hex()}')")
    try:
        shown = [json.loads(line) for line in stack.cli("payer", "--json", "batch", "show", batch.hex()).stdout.splitlines()]
        assert {line["obstacle"] for line in shown} == {"organisation-state"}
    finally:
        stack.sql("UPDATE registry.organisation SET status = 1 WHERE status = 2")
    assert entries(wire("payer"), "batch.remove", batch, claims, version=6) == [""] * 2


def test_a_batch_that_nobody_made_is_not_found(stack):
    for words in (("batch", "show"), ("project", "show"), ("project", "heads"), ("evidence", "list")):
        done = stack.cli("payer", *words, "0" * 32)
        assert done.returncode == 3 and f"{words[0].replace('evidence', 'project')}-unknown" in done.stderr, (words, done.stderr)


def test_F14_what_the_bank_is_asked_about_comes_by_batch_and_line_whatever_the_pages(wire, sent):
    references = [sent(2)[1] for _ in range(3)]
    whole = [(line.reference, line.line) for line in wire("payer").pages("batch.ask", "line")]
    one_by_one = [(line.reference, line.line) for line in wire("payer").pages("batch.ask", "line", page_rows=1)]
    assert one_by_one == whole == sorted(whole)
    assert {(r, n) for r in references for n in (1, 2)} <= set(whole)
    assert refusal(wire("payer"), "batch.ask", cursor=bytes(16)).reason == "cursor-invalid"


def test_F2_states_that_do_not_agree_are_told_in_words(stack, sent):
    batch, _, [claim] = sent(1)
    behind = f"SET session_replication_role = replica; UPDATE registry.batch_line SET state = {{}} WHERE batch_id = '{batch.hex()}'"
    stack.sql(behind.format(b.LINE_REFUSED))
    try:
        told = stack.cli("auditor", "fund", "reconcile", "--division", "370100", env=stack.environment(LC_ALL="zh_CN.UTF-8"))
        assert told.returncode == 1
        lines = [line for line in told.stdout.splitlines() if claim.hex() in line]
        assert [line.split()[-2:] for line in lines if "明细与银行回单不符" in line] == [["已送银行", "银行拒付"]], told.stdout
        assert [line.split()[-2:] for line in lines if "状态与批次明细不符" in line] == [["已送银行", "不在批次中"]], told.stdout
        rows = [json.loads(line) for line in stack.cli("auditor", "--json", "fund", "reconcile", "--division", "370100").stdout.splitlines()]
        assert [(r["expected"], r["found"]) for r in rows if r.get("subject_id") == claim.hex() and r["kind"] == "answer"] == [("sent", "refused")]
    finally:
        stack.sql(behind.format(b.LINE_SENT))


def test_D5_a_person_is_told_of_heads_of_payments_and_of_registers(stack, wire, desk, taken, decided):  # noqa: F811
    number, row, other = wire().call("class.open", **CLASS).number, samples.trainee(1), samples.trainee(2)
    assert set(enrol(wire(), number, row, other)) == {"enrolled"}
    graduate(stack, number)
    project = desk("reviewer", "project", "call", *CALL, "--pay", "person")[0]["project_id"]
    for profile, action, *words in (("approver", "publish"), ("approver", "award", "--organisation", "52370100300000010X", "--contract", "示例合同5号"), ("institution", "accept"),
                                    ("institution", "attach", "--class", number), ("reviewer", "inspect", "--on", day(), "--passed", "--reason", "现场人数与名册一致"),
                                    ("reviewer", "carry-out")):
        taken(profile, action, project, *words)
    evidence = desk.file("座号,凭证种类,就业日期,来源,数据日期", f"1,执照,{day(-3)},市场监管,{day()}")
    assert judged(desk("institution", "evidence", "import", project, evidence, "--class", number)) == [("accept", [])]
    assert taken("institution", "apply", project)["tranches"] == 2
    decided("reviewer", "review", project, "submitted")
    assert "ledger" not in {part["part"] for part in desk("auditor", "project", "show", project)}
    decided("approver", "approve", project, "reviewed")
    [pays] = [part for part in desk("auditor", "project", "show", project) if part["part"] == "ledger"]
    assert (pays["kind"], pays["division"], pays["source"], pays["year"], pays["fen"]) == ("person-first", "370100", "unemployment", TODAY.year, 2 * 90000), "F3"
    account = samples.card()
    payee = wire("window").call("payee.set", person=document(row), account={"account_number": account, "account_name": row["name"], "bank": "中国银行"}).payee_id
    for profile in ("reviewer", "approver"):
        wire(profile).call("payee.confirm", payee_id=payee, account_number=account)
    batch = wire("payer").call("batch.make", purpose="项目制")
    [tranche] = reveal(wire("reviewer"), row).tranche
    assert reasons(wire("payer").call("batch.add", batch_id=batch.batch_id, row=[{"row": 1, "subject_kind": fund_pb2.MONEY_TRANCHE, "subject_id": tranche.tranche_id, "version": 3}])) == [""]
    agency = wire("agency")
    snapshot = agency.call("snapshot.open", source=snapshot_pb2.REGISTER_SCHOOL, division="370100", as_of=day(), complete=False, rows=1, file_digest=bytes(31) + b"D", issuer="示例签发").snapshot_id
    assert agency.call("snapshot.load", snapshot_id=snapshot, row=[{"row": 1, "name": row["name"], "document_number": row["document_number"], "from": "2025-09-01"}]).done == 1

    clear = reveal(wire("reviewer"), row)
    [head], [shown], [due], [paid], [stated], [register] = clear.head, clear.evidence, clear.tranche, clear.payment, clear.payee, clear.register
    assert (head.project_name, head.class_number, head.counted, head.share_fen, head.frozen_on) == ("家政服务示例项目", number, True, 150000, day())
    assert (shown.kind, shown.source, shown.event_on) == (project_pb2.EVIDENCE_LICENCE, "市场监管", day(-3))
    assert (due.kind, due.state, due.amount_fen) == (project_pb2.TRANCHE_PERSON_FIRST, m.CLAIM_IN_BATCH, 90000)
    assert (paid.reference, paid.subject_id, paid.amount_fen, paid.state) == (batch.reference, tranche.tranche_id, 90000, b.LINE_WAITING)
    assert (stated.payee_id, stated.account.account_number, stated.account.account_name) == (payee, account, row["name"])
    assert (register.source_name, register.division, register.from_on) == ("教育学籍", "370100", "2025-09-01")
    masked = wire("reviewer").call("person.show", key={"document": document(row)}).account
    assert [len(part) for part in (masked.head, masked.evidence, masked.tranche, masked.payment, masked.payee, masked.register)] == [1] * 6
    assert masked.payee[0].account.account_number == "*" * (len(account) - 4) + account[-4:]
    assert not any(value in str(masked) for value in (account, row["name"], row["document_number"]))
    own = wire().call("person.show", key={"document": document(row)}).account
    assert [len(part) for part in (own.head, own.evidence, own.tranche, own.payment, own.payee, own.register)] == [1, 1, 1, 0, 0, 0], "an institution is not told of the bank, nor of registers"
    [struck] = reveal(wire("reviewer"), other).head
    assert struck.counted and not reveal(wire("reviewer"), other).evidence, "and nobody of another's"
