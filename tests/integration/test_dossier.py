# SPDX-License-Identifier: Apache-2.0
"""A claim's dossier: what it says is in the signed log, and whatever is altered in it is found without any network."""

import json
import os
import subprocess

import audit_pb2
import dossier_pb2
import pytest
import samples
from claims import certify, day, graduate, publicity_over, set_calendar, set_standards, step, submit
from conftest import CLASS
from test_claims import publicised
from test_log import TAMPER, covered
from test_persons import enrol
from wire import Wire, read_profile
from waiting import until

HEADER = b"mingce.v1.Dossier\n"
OK, BROKEN, USAGE, REFUSED, LATER = 0, 1, 2, 3, 4
CLAIM, LINE, STEP, CERTIFICATE, STANDARD = 30, 31, 32, 22, 25
PLACE, ONCE, KLASS, ENROLMENT = 33, 34, 7, 12
IN_FORCE = 1


def rules(wire):
    """A policy and a day of the calendar of the city's own."""
    proposed = wire("approver").call("policy.propose", name="living_days", value=30, valid_from=day(), valid_to=day(), citation="示例文〔2026〕3号")
    decided = wire("approver2").call("policy.decide", decision=IN_FORCE, row=[{"row": 1, "proposal_id": proposed.proposal_id}])
    assert decided.done == 1
    set_calendar(wire("reviewer"), wire("approver"), [(day(), False)], citation="示例文〔2026〕4号")


@pytest.fixture(scope="module")
def paid(stack):
    """A claim that was paid, and its trainee."""
    def wire(profile):
        return Wire(read_profile(stack.profiles / profile))
    set_standards(stack)
    rules(wire)
    number = wire("institution").call("class.open", **CLASS).number
    row = samples.trainee(1)
    assert enrol(wire("institution"), number, row) == ["enrolled"]
    graduate(stack, number)
    certificates, _ = certify(wire("institution"), number, [row])
    [result] = submit(wire("institution"), *certificates).result
    claim = result.record_id
    publicised(stack, wire, claim)
    publicity_over(stack, claim)
    assert [step(wire("approver"), "approve", claim, 4), step(wire("payer"), "pay", claim, 5)] == ["", ""]
    covered(stack)
    return claim, row, certificates[0]


@pytest.fixture
def desk(stack):
    def run(profile, *words, expect=OK):
        done = stack.cli(profile, "--json", *words, "--key", stack.folder / "log.vkey")
        assert done.returncode == expect, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()] if expect == OK else done.stderr
    return run


@pytest.fixture
def offline(stack):
    """`audit check` by somebody who has the file and the key, and nothing else."""
    def check(file, expect=OK, key=None):
        done = subprocess.run([stack.mingce, "--json", "audit", "check", file, "--key", key or stack.folder / "log.vkey"],
                              capture_output=True, text=True, env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]})
        assert done.returncode == expect, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()] if expect == OK else done.stderr
    return check


@pytest.fixture
def dossier(desk, paid, tmp_path):
    file = tmp_path / "claim.dossier"
    until(lambda: desk("auditor", "claim", "dossier", paid[0].hex(), "--output", file))
    return file


def parsed(file):
    return dossier_pb2.Dossier.FromString(file.read_bytes()[len(HEADER):])


def fields(shown, table):
    """The rows of one table."""
    return [line for line in shown if line.get("part") == "row" and line["table"] == table]


def test_it_tells_and_proves_the_whole_claim(dossier, offline, paid):
    claim, row, certificate = paid
    shown = offline(dossier)
    [head] = fields(shown, "claim")
    assert (head["claim_id"], head["state"], head["version"]) == (claim.hex(), "paid", 6)
    assert [s["action"] for s in fields(shown, "claim_step")] == ["submit", "accept", "review", "publicise", "approve", "pay"]
    amounts = [a["amount_fen"] for a in fields(shown, "claim_line")]  # of whatever standards are in force
    assert amounts and min(amounts) > 0 and sum(amounts) == head["amount_fen"]
    assert {s["standard_id"] for s in fields(shown, "standard")} == {a["standard_id"] for a in fields(shown, "claim_line")}
    assert all(s["citation"] for s in fields(shown, "standard"))
    assert len(fields(shown, "claim_place")) == len(fields(shown, "claim_once")) == len(fields(shown, "certificate")) == len(fields(shown, "enrolment")) == 1
    methods = [line["method"] for line in shown if line.get("part") == "entry"]
    for method in ("certificate.import", "standard.decide", "claim.submit", "claim.accept", "claim.review", "claim.publicise", "claim.approve", "claim.pay", "rows"):
        assert method in methods, method
    assert {p["name"]: p["value"] for p in fields(shown, "policy") if p["division"] == "370000"} == {
        "claim_months": 12, "publicity_days": 5, "review_days": 10, "four_eyes": 3, "living_days": 30, "fact_pension": 0, "fact_insured": 0,
        "rate_day": 1, "no_lower_after_higher": 0, "year_cap_students": 3, "year_cap_others": 3, "life_cap": 0}
    [proposal] = [p for p in fields(shown, "policy_proposal") if p["name"] == "living_days"]
    assert (proposal["decision"], proposal["value"], proposal["citation"]) == ("in-force", 30, "示例文〔2026〕3号")
    assert [(d["day"], d["working"]) for d in fields(shown, "calendar_day")] == [(day(), False)]
    [proposal] = fields(shown, "calendar_proposal")
    assert (proposal["day"], proposal["working"], proposal["decision"], proposal["citation"]) == (day(), False, "in-force", "示例文〔2026〕4号")
    assert {"policy.decide", "calendar.decide"} <= set(methods)
    secrets = (row["name"], row["document_number"], row["phone"], certificate)
    assert not any(secret.encode() in dossier.read_bytes() for secret in secrets)


def altered(dossier, change):
    message = parsed(dossier)
    change(message)
    dossier.write_bytes(HEADER + message.SerializeToString())


def flip(text):
    return text[:-1] + bytes([text[-1] ^ 1])


def row_of(message, table):
    return next(r for r in message.row if r.table == table)


def flip_row(message, table):
    row_of(message, table).record = flip(row_of(message, table).record)


def entries_without(message, method):
    """All but the entries of that method; of that of row changes, all of them."""
    kept = [e for e in message.entry if audit_pb2.AuditEntry.FromString(e.body).method != method]
    assert len(kept) < len(message.entry)
    del message.entry[:]
    message.entry.extend(kept)


def field_of(record, nth):
    """The bytes of record_send()'s field: (begin, length)."""
    at = 4
    for _ in range(nth):
        n = int.from_bytes(record[at + 4:at + 8], "big", signed=True)
        at += 8 + max(n, 0)
    return at + 8, int.from_bytes(record[at + 4:at + 8], "big", signed=True)


def exchange(message, table, one, other):
    """Two fields of a row change places."""
    row = row_of(message, table)
    columns = row.columns.split(", ")
    (a, n), (b, m) = sorted(field_of(row.record, columns.index(c)) for c in (one, other))
    assert n == m > 0
    r = row.record
    row.record = r[:a] + r[b:b + n] + r[a + n:b] + r[a:a + n] + r[b + n:]


def twice(message, table):
    message.row.append(row_of(message, table))


def nth_row(message, table, n):
    return [r for r in message.row if r.table == table][n]


@pytest.mark.parametrize("change, said", [
    (lambda d: flip_row(d, CLAIM), "its entries do not have"),
    (lambda d: flip_row(d, STANDARD), "its entries do not have"),
    (lambda d: setattr(d.entry[0], "body", flip(d.entry[0].body)), "not in the tree"),
    (lambda d: setattr(d.entry[-1], "leaf_index", d.entry[-1].leaf_index - 1), "not in the tree"),
    (lambda d: d.entry[0].hash.__setitem__(0, flip(d.entry[0].hash[0])), "not in the tree"),
    (lambda d: d.entry[0].hash.__setitem__(0, b"short"), "not in the tree"),
    (lambda d: setattr(d, "note", d.note.replace(b"\n", b"\n1", 1)), ""),
    (lambda d: d.row.remove(row_of(d, STEP)), "not every step"),
    (lambda d: d.row.remove(nth_row(d, STEP, 3)), "not every step"),
    (lambda d: d.row.remove(nth_row(d, STEP, -1)), "not every step"),
    (lambda d: d.row.remove(row_of(d, CLAIM)), "not every step"),
    (lambda d: twice(d, CLAIM), "there twice (claim 2)"),
    (lambda d: twice(d, STEP), "there twice (steps 7)"),
    (lambda d: twice(d, LINE), "there twice (amounts 3)"),
    (lambda d: twice(d, CERTIFICATE), "there twice (certificate 2)"),
    (lambda d: twice(d, STANDARD), "there twice (standard 3)"),
    (lambda d: d.row.remove(row_of(d, LINE)), "is not this claim's (standard"),  # which no line is by
    (lambda d: d.row.remove(row_of(d, STANDARD)), "do not come to"),
    (lambda d: d.row.remove(row_of(d, CERTIFICATE)), "must have, or has one too many (certificate)"),
    (lambda d: d.row.remove(row_of(d, PLACE)), "must have, or has one too many (place of the year)"),
    (lambda d: d.row.remove(row_of(d, ONCE)), "must have, or has one too many (place of the occupation and level)"),
    (lambda d: d.row.remove(row_of(d, KLASS)), "must have, or has one too many (class)"),
    (lambda d: d.row.remove(row_of(d, ENROLMENT)), "must have, or has one too many (enrolment)"),
    (lambda d: entries_without(d, "claim.approve"), "without the entry of its decision (steps 5)"),
    (lambda d: entries_without(d, "claim.submit"), "without the entry of its decision (steps 1)"),
    (lambda d: entries_without(d, "rows"), "its entries do not have (claim 1)"),
    (lambda d: exchange(d, CLAIM, "reviewed_by", "approved_by"), "its entries do not have (claim 1)"),
    (lambda d: exchange(d, LINE, "rate_fen", "clawed_fen"), "its entries do not have (amounts 1)"),
    (lambda d: exchange(d, LINE, "amount_fen", "clawed_fen"), "its entries do not have (amounts 1)"),
    (lambda d: setattr(d, "claim_id", bytes(16)), "is not this claim's (claim 1)"),
    (lambda d: setattr(row_of(d, CLAIM), "columns", "claim_id"), "cannot be understood"),
    (lambda d: setattr(row_of(d, CLAIM), "columns", row_of(d, CLAIM).columns.replace("reviewed_by, approved_by", "approved_by, reviewed_by")), "cannot be understood"),
    (lambda d: setattr(row_of(d, LINE), "columns", row_of(d, LINE).columns.replace("amount_fen, clawed_fen", "clawed_fen, amount_fen")), "cannot be understood"),
    (lambda d: setattr(row_of(d, STANDARD), "columns", row_of(d, STANDARD).columns.replace("valid_from, valid_to", "valid_to, valid_from")), "cannot be understood"),
    (lambda d: setattr(row_of(d, CLAIM), "record", row_of(d, CLAIM).record[:40]), "cannot be understood"),
    (lambda d: setattr(row_of(d, CLAIM), "table", STEP), "cannot be understood"),
], ids=["row", "standard", "entry", "place", "hash", "short hash", "checkpoint", "the first step gone", "a step gone", "the last step gone", "the claim gone",
        "the claim twice", "a step twice", "a line twice", "the certificate twice", "a standard twice", "a line gone", "a standard gone", "the certificate gone",
        "the place gone", "the once gone", "the class gone", "the enrolment gone", "a decision's entry gone", "the submission's entry gone",
        "the entries of rows gone", "deciders exchanged", "rate and clawed exchanged", "amount and clawed exchanged", "another claim", "names",
        "deciders' names exchanged", "amounts' names exchanged", "two names exchanged", "cut row", "another table"])
def test_what_is_altered_is_found(dossier, offline, change, said):
    altered(dossier, change)
    assert said in offline(dossier, BROKEN)


def test_rows_of_another_claim_are_named(stack, desk, offline, paid, tmp_path):
    """Genuine rows, with their proofs, that do not belong here."""
    def wire(profile):
        return Wire(read_profile(stack.profiles / profile))
    number, row = wire("institution").call("class.open", **CLASS).number, samples.trainee(2)
    enrol(wire("institution"), number, row)
    graduate(stack, number)
    [certificate], _ = certify(wire("institution"), number, [row])
    [result] = submit(wire("institution"), certificate).result
    covered(stack)
    files = tmp_path / "mine", tmp_path / "other"

    def of_one_checkpoint():
        with stack.checkpoint_held():
            return all(stack.cli("auditor", "claim", "dossier", claim.hex(), "--output", file, "--key", stack.folder / "log.vkey").returncode == 0
                       for file, claim in zip(files, (paid[0], result.record_id)))
    until(of_one_checkpoint)  # not every entry may be covered yet
    assert parsed(files[0]).note == parsed(files[1]).note
    other, mine = parsed(files[1]), files[0].read_bytes()
    for table, said in ((LINE, "is not this claim's (amounts 3)"), (CERTIFICATE, "is not this claim's (certificate 2)")):
        def change(message, table=table):
            message.row.append(row_of(other, table))
            message.entry.extend(other.entry)
        files[0].write_bytes(mine)
        altered(files[0], change)
        assert said in offline(files[0], BROKEN)


def test_of_any_length(stack, desk, offline, paid, tmp_path):
    """One reviewer alone can make a claim's story as long as it likes."""
    def wire(profile):
        return Wire(read_profile(stack.profiles / profile))
    number, row = wire("institution").call("class.open", **CLASS).number, samples.trainee(103)
    enrol(wire("institution"), number, row)
    graduate(stack, number)
    [certificate], _ = certify(wire("institution"), number, [row])
    answer = submit(wire("institution"), certificate)
    [result] = answer.result
    assert result.record_id, answer
    reviewer = wire("reviewer")
    for version in range(1, 71):
        assert step(reviewer, "suspend" if version % 2 else "resume", result.record_id, version) == ""
    covered(stack)
    file = tmp_path / "long.dossier"
    until(lambda: desk("auditor", "claim", "dossier", result.record_id.hex(), "--output", file))
    assert len(fields(offline(file), "claim_step")) == 71
    altered(file, lambda d: d.row.remove(nth_row(d, STEP, 65)))
    assert "not every step" in offline(file, BROKEN)


def test_a_file_that_is_damaged_or_by_another_key(stack, dossier, offline, tmp_path):
    (tmp_path / "other.vkey").write_text(stack.command("log", "create-key", "mingce.example/log", tmp_path / "other"))
    offline(dossier, BROKEN, key=tmp_path / "other.vkey")
    whole = dossier.read_bytes()
    for n in (len(HEADER), len(HEADER) + 1, len(whole) // 2, len(whole) - 1):
        dossier.write_bytes(whole[:n])
        offline(dossier, BROKEN)


def test_a_row_edited_past_the_triggers_is_not_proven(stack, desk, paid, tmp_path):
    """And nothing is written that its recipient would not find good: an older dossier stays what it was."""
    (tmp_path / "older").write_text("older")
    where = f"WHERE claim_id = '{paid[0].hex()}'"
    stack.sql(TAMPER.format(table="registry.claim", statement=f"UPDATE registry.claim SET amount_fen = amount_fen + 100 {where}"))
    try:
        said = desk("auditor", "claim", "dossier", paid[0].hex(), "--output", tmp_path / "edited", expect=BROKEN)
        assert "its entries do not have" in said
        assert "its entries do not have" in desk("auditor", "claim", "dossier", paid[0].hex(), "--output", tmp_path / "older", expect=BROKEN)
        assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("older", "older")]
    finally:
        stack.sql(TAMPER.format(table="registry.claim", statement=f"UPDATE registry.claim SET amount_fen = amount_fen - 100 {where}"))


def test_who_may_have_one_and_of_what(desk, paid, tmp_path):
    assert "method-forbidden" in desk("reviewer", "claim", "dossier", paid[0].hex(), "--output", tmp_path / "x", expect=REFUSED)
    assert "claim-unknown" in desk("auditor", "claim", "dossier", bytes(16).hex(), "--output", tmp_path / "x", expect=REFUSED)
    desk("auditor", "claim", "dossier", "77", "--output", tmp_path / "x", expect=USAGE)
    assert not (tmp_path / "x").exists()
