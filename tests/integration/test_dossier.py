# SPDX-License-Identifier: Apache-2.0
"""A claim's dossier: what it says is in the signed log, and whatever is altered in it is found without any network."""

import json
import os
import subprocess

import dossier_pb2
import pytest
import samples
from claims import certify, graduate, set_standards, step, submit
from conftest import CLASS
from test_claims import publicised, publicity_over
from test_log import TAMPER, covered, wait_for
from test_persons import enrol
from wire import Wire, read_profile

HEADER = b"mingce.v1.Dossier\n"
OK, BROKEN, USAGE, REFUSED, LATER = 0, 1, 2, 3, 4
CLAIM, STEP, STANDARD = 30, 32, 25


@pytest.fixture(scope="module")
def paid(stack):
    """A claim that was paid, and its trainee."""
    def wire(profile):
        return Wire(read_profile(stack.profiles / profile))
    set_standards(stack)
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
    wait_for(lambda: desk("auditor", "claim", "dossier", paid[0].hex(), "--output", file))
    return file


def parsed(file):
    return dossier_pb2.Dossier.FromString(file.read_bytes()[len(HEADER):])


def fields(shown, table):
    """The rows of one table, each as a mapping."""
    found = {}
    for line in shown:
        if line.get("part") == "row" and line["table"] == table:
            found.setdefault(line["row"], {})[line["field"]] = line.get("value")
    return list(found.values())


def test_it_tells_and_proves_the_whole_claim(dossier, offline, paid):
    claim, row, certificate = paid
    shown = offline(dossier)
    [head] = fields(shown, "claim")
    assert (head["claim_id"], head["state"], head["amount_fen"], head["version"]) == (claim.hex(), "paid", 170000, 6)
    assert [s["action"] for s in fields(shown, "claim_step")] == ["submit", "accept", "review", "publicise", "approve", "pay"]
    assert sorted(a["amount_fen"] for a in fields(shown, "claim_line")) == [20000, 150000]
    assert {s["standard_id"] for s in fields(shown, "standard")} == {a["standard_id"] for a in fields(shown, "claim_line")}
    assert all(s["citation"] for s in fields(shown, "standard"))
    assert len(fields(shown, "claim_place")) == len(fields(shown, "claim_once")) == len(fields(shown, "certificate")) == len(fields(shown, "enrolment")) == 1
    methods = [line["method"] for line in shown if line.get("part") == "entry"]
    for method in ("certificate.import", "standard.decide", "claim.submit", "claim.accept", "claim.review", "claim.publicise", "claim.approve", "claim.pay", "rows"):
        assert method in methods, method
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


@pytest.mark.parametrize("change, said", [
    (lambda d: flip_row(d, CLAIM), "its entries do not have"),
    (lambda d: flip_row(d, STANDARD), "its entries do not have"),
    (lambda d: setattr(d.entry[0], "body", flip(d.entry[0].body)), "not in the tree"),
    (lambda d: setattr(d.entry[-1], "leaf_index", d.entry[-1].leaf_index - 1), "not in the tree"),
    (lambda d: d.entry[0].hash.__setitem__(0, flip(d.entry[0].hash[0])), "not in the tree"),
    (lambda d: d.entry[0].hash.__setitem__(0, b"short"), "not in the tree"),
    (lambda d: setattr(d, "note", d.note.replace(b"\n", b"\n1", 1)), ""),
    (lambda d: d.row.remove(row_of(d, STEP)), "not every step"),
    (lambda d: d.row.remove(row_of(d, CLAIM)), "not every step"),
    (lambda d: d.row.append(row_of(d, CLAIM)), "not every step"),
    (lambda d: setattr(d, "claim_id", bytes(16)), "not every step"),
    (lambda d: setattr(row_of(d, CLAIM), "columns", "claim_id"), "cannot be understood"),
    (lambda d: setattr(row_of(d, CLAIM), "record", row_of(d, CLAIM).record[:40]), "cannot be understood"),
    (lambda d: setattr(row_of(d, CLAIM), "table", STEP), "its entries do not have"),
], ids=["row", "standard", "entry", "place", "hash", "short hash", "checkpoint", "a step gone", "the claim gone", "two claims", "another claim",
        "names", "cut row", "another table"])
def test_what_is_altered_is_found(dossier, offline, change, said):
    altered(dossier, change)
    assert said in offline(dossier, BROKEN)


def test_a_file_that_is_damaged_or_by_another_key(stack, dossier, offline, tmp_path):
    (tmp_path / "other.vkey").write_text(stack.command("log", "create-key", "mingce.example/log", tmp_path / "other"))
    offline(dossier, BROKEN, key=tmp_path / "other.vkey")
    whole = dossier.read_bytes()
    for n in (len(HEADER), len(HEADER) + 1, len(whole) // 2, len(whole) - 1):
        dossier.write_bytes(whole[:n])
        offline(dossier, BROKEN)


def test_a_row_edited_past_the_triggers_is_not_proven(stack, desk, paid, tmp_path):
    where = f"WHERE claim_id = '{paid[0].hex()}'"
    stack.sql(TAMPER.format(table="registry.claim", statement=f"UPDATE registry.claim SET amount_fen = amount_fen + 100 {where}"))
    try:
        said = desk("auditor", "claim", "dossier", paid[0].hex(), "--output", tmp_path / "edited", expect=BROKEN)
        assert "its entries do not have" in said
    finally:
        stack.sql(TAMPER.format(table="registry.claim", statement=f"UPDATE registry.claim SET amount_fen = amount_fen - 100 {where}"))


def test_who_may_have_one_and_of_what(desk, paid, tmp_path):
    assert "method-forbidden" in desk("reviewer", "claim", "dossier", paid[0].hex(), "--output", tmp_path / "x", expect=REFUSED)
    assert "claim-unknown" in desk("auditor", "claim", "dossier", bytes(16).hex(), "--output", tmp_path / "x", expect=REFUSED)
    desk("auditor", "claim", "dossier", "77", "--output", tmp_path / "x", expect=USAGE)
    assert not (tmp_path / "x").exists()
