# SPDX-License-Identifier: Apache-2.0
"""Places of claims are a human's, whatever happens to the records at the same instant: merges, erasures, corrections, dry runs
(B1, B2, B3, D5)."""

import threading

import pytest
import samples
from claims import CASE, OCCUPATION, OTHER, certify, graduate, publicity_over, reasons, set_standards, step, submit
from conftest import CLASS
from test_persons import document, enrol, find
from waiting import until
from wire import Refused

KINDS = ((OCCUPATION, 2), (OCCUPATION, 3), (OTHER, 2), (OTHER, 3))


@pytest.fixture(scope="module")
def standards(stack):
    set_standards(stack)


@pytest.fixture
def certified(stack, wire, standards):
    """Rows' certificates of some occupations and levels: by kind, in the rows' order."""
    def make(rows, kinds=KINDS):
        made, clerk = {}, wire()
        for occupation, level in kinds:
            number = clerk.call("class.open", **(CLASS | {"level": level, "occupation_code": occupation})).number
            assert set(enrol(clerk, number, *rows)) == {"enrolled"}
            graduate(stack, number)
            made[occupation, level], said = certify(clerk, number, rows, level=level, occupation=occupation)
            assert set(said) == {""}
        return made
    return make


def at_once(**calls):
    """What each of these came to: its value, or the reason of its refusal."""
    said, ready = {}, threading.Barrier(len(calls))

    def run(name, call):
        ready.wait()
        try:
            said[name] = call()
        except Refused as refused:
            said[name] = refused.reason

    threads = [threading.Thread(target=run, args=item) for item in calls.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == len(calls), said
    return said


def approved(stack, wire, *claims):
    for claim in claims:
        reviewer = wire("reviewer")
        assert [step(reviewer, action, claim, i + 1) for i, action in enumerate(("accept", "review", "publicise"))] == ["", "", ""]
        publicity_over(stack, claim)
        assert step(wire("approver"), "approve", claim, 4) == ""


def erase(connection, row):
    return connection.call("person.erase", key={"document": document(row)}, version=1, case_reference=CASE).version


def merge(connection, kept, gone):
    return connection.call("person.merge", kept=document(kept), gone=document(gone), case_reference=CASE).version


def test_B3_a_merge_and_both_payments_at_the_same_instant(stack, wire, certified):
    """Claims of two records for one occupation and level: paid before the merge, or not at all."""
    rows = samples.trainees(8)
    claims = [r.record_id for r in submit(wire(), *certified(rows, KINDS[:1])[KINDS[0]]).result]
    approved(stack, wire, *claims)
    payers, reviewer = [wire("payer"), wire("payer")], wire("reviewer")
    for i in range(0, 8, 2):
        said = at_once(merge=lambda i=i: merge(reviewer, rows[i], rows[i + 1]),
                       one=lambda i=i: step(payers[0], "pay", claims[i], 5), other=lambda i=i: step(payers[1], "pay", claims[i + 1], 5))
        assert said["merge"] == 2
        late = stack.sql(f"""SELECT count(*) FROM registry.claim_step s JOIN registry.request r USING (request_id)
                              WHERE s.action = 10 AND s.claim_id IN ('{claims[i].hex()}', '{claims[i + 1].hex()}')
                                AND r.xid > (SELECT r.xid FROM registry.person_merge m JOIN registry.request r USING (request_id)
                                              JOIN registry.certificate c ON c.person_id = m.kept
                                              JOIN registry.claim k ON k.certificate_id = c.certificate_id
                                             WHERE k.claim_id = '{claims[i].hex()}')""")
        assert late == "0", said
        for name, claim in (("one", claims[i]), ("other", claims[i + 1])):
            shown = wire().call("claim.show", claim_id=claim)
            assert (shown.claim.state == 7) == (said[name] == "")
            if said[name] != "":
                assert shown.claim.state == 10 and "once-taken" in [f.reason for f in shown.obstacle], said


def test_B2_a_merge_while_both_records_claim(stack, wire, certified):
    """Whatever is submitted at the instant of the merge: of what stands beyond three nothing is paid, and nothing more is taken."""
    rows = samples.trainees(2)
    numbers = certified(rows)
    clerks, reviewer = [wire(), wire()], wire("reviewer")
    said = at_once(merge=lambda: merge(reviewer, *rows), one=lambda: submit(clerks[0], *[numbers[k][0] for k in KINDS]),
                   other=lambda: submit(clerks[1], *[numbers[k][1] for k in KINDS]))
    assert said["merge"] == 2
    claims = [r.record_id for name in ("one", "other") for r in said[name].result if r.HasField("record_id")]
    assert 3 <= len(claims) <= 6
    stories = [wire().call("claim.show", claim_id=c) for c in claims]
    if len(claims) > 3:
        assert all("year-full" in [f.reason for f in s.obstacle] for s in stories)
        assert {s.claim.state for s in stories} == {10}
    assert submit(wire(), *[n for k in KINDS for n in numbers[k]]).done == 0


def test_D5_an_erasure_and_a_claim_at_the_same_instant(stack, wire, certified):
    rows = samples.trainees(6)
    numbers = certified(rows, KINDS[:1])[KINDS[0]]
    clerk, approver = wire(), wire("approver")
    for row, number in zip(rows, numbers, strict=True):
        said = at_once(erase=lambda row=row: erase(approver, row), claim=lambda number=number: reasons(submit(clerk, number)))
        assert (said["erase"], said["claim"]) in ((2, ["erased"]), ("has-claimed", [""]))


def test_B2_B3_what_was_paid_outlives_an_erasure(stack, wire, certified):
    """Three connections claim at once for somebody whose earlier record was paid for and erased."""
    [row] = samples.trainees(1)
    [claim] = [r.record_id for r in submit(wire(), *certified([row], KINDS[:1])[KINDS[0]]).result]
    person_id = find(wire("reviewer"), row).person_id
    approved(stack, wire, claim)
    assert wire("approver").call("person.find", document=document(row)).person.version == 1
    with pytest.raises(Refused, match="has-claimed"):
        erase(wire("approver"), row)
    assert step(wire("payer"), "pay", claim, 5) == ""
    assert erase(wire("approver"), row) == 2
    again = row | {"row": 1}
    numbers = certified([again])
    assert find(wire("reviewer"), row).person_id != person_id
    assert reasons(submit(wire(), numbers[KINDS[0]][0])) == ["once-taken"]
    clerks = [wire() for _ in KINDS[1:]]
    said = at_once(**{str(i): lambda i=i: reasons(submit(clerks[i], numbers[KINDS[i + 1]][0])) for i in range(3)})
    assert sorted(said.values()) == [[""], [""], ["year-full"]]


def test_B1_a_correction_suspends_what_rests_on_it(stack, wire, certified):
    rows = samples.trainees(2)
    numbers = certified(rows, KINDS[:1])[KINDS[0]]
    claims = [r.record_id for r in submit(wire(), *numbers).result]
    approved(stack, wire, *claims)
    number = stack.sql(f"SELECT class_number FROM registry.claim WHERE claim_id = '{claims[0].hex()}'")

    def mark(*theory):
        answer = wire("reviewer").call("marks.import", class_number=int(number), reason="复核更正", row=[
            {"row": i + 1, "seat": i + 1, "theory": t, "practice": 900} for i, t in enumerate(theory)])
        assert reasons(answer) == ["", ""]

    mark(900, 100)
    assert step(wire("payer"), "pay", claims[0], 5) == ""
    shown = wire().call("claim.show", claim_id=claims[1])
    assert (shown.claim.state, [f.reason for f in shown.obstacle]) == (10, ["not-completed"])
    assert step(wire("approver"), "resume", claims[1], shown.claim.version) == ""
    assert step(wire("payer"), "pay", claims[1], shown.claim.version + 1) == "not-completed"
    mark(900, 900)
    assert step(wire("approver"), "resume", claims[1], shown.claim.version + 2) == ""
    assert step(wire("payer"), "pay", claims[1], shown.claim.version + 3) == ""


def test_B3_dry_runs_and_requests_at_the_same_instant(wire, certified):
    """A request is refused by nothing that was only asked."""
    rows = samples.trainees(12)
    numbers = certified(rows, KINDS[:1])[KINDS[0]]
    clerk, askers = wire(), [wire() for _ in range(3)]
    for number in numbers:
        said = at_once(real=lambda number=number: submit(clerk, number),
                       **{str(i): lambda i=i, number=number: submit(askers[i], number, dry_run=True) for i in range(3)})
        assert reasons(said["real"]) == [""] and said["real"].result[0].HasField("record_id")
        for i in range(3):
            assert reasons(said[str(i)]) == [""] and (said[str(i)].done, said[str(i)].unchanged) in ((1, 0), (0, 1))


def test_B2_B3_what_is_said_of_a_merged_holder_who_does_not_fit(stack, wire, certified, tmp_path):
    """Submitted, resumed, approved, paid, shown and proved: everybody who sees the claim is told which rule stands in its way, in both languages; an
    institution that has nothing to do with it is told as much as of no certificate at all."""
    rows = samples.trainees(2)
    numbers = certified(rows)
    clerk = wire()
    kept = [r.record_id for r in submit(clerk, *[numbers[k][0] for k in KINDS[:3]]).result]
    gone = [r.record_id for r in submit(clerk, numbers[KINDS[0]][1], numbers[KINDS[3]][1]).result]
    approved(stack, wire, kept[0], gone[0])
    assert step(wire("payer"), "pay", gone[0], 5) == ""
    assert merge(wire("reviewer"), *rows) == 2

    # whatever is not paid waits: five claims of three places, two of them for one occupation and level
    stands = {claim: wire("reviewer").call("claim.show", claim_id=claim) for claim in [*kept, *gone]}
    assert [s.claim.state for s in stands.values()] == [10, 10, 10, 7, 10]
    both, year = ["year-full", "once-taken"], ["year-full"]
    for claim, said in zip((*kept, gone[1]), (both, year, year, year), strict=True):
        for who in "institution", "reviewer", "approver", "payer", "auditor":
            shown = wire(who).call("claim.show", claim_id=claim)
            assert [f.reason for f in shown.obstacle] == said and all(f.zh and f.en for f in shown.obstacle), (who, shown.obstacle)
    assert not stands[gone[0]].obstacle

    # submitted: a dry run says the same, and whose certificates they are not, nothing
    for dry_run in True, False:
        assert reasons(submit(clerk, numbers[KINDS[3]][0], dry_run=dry_run)) == [" ".join(both)]
        assert reasons(submit(clerk, numbers[KINDS[0]][0], dry_run=dry_run)) == [""]  # the claim that stands
        assert reasons(submit(wire("institution2"), numbers[KINDS[3]][0], "0" * 20, dry_run=dry_run)) == ["claim-certificate"] * 2

    # decided: what is resumed gets past neither approval nor payment; a claim that is given up makes room
    approver, payer, reviewer = wire("approver"), wire("payer"), wire("reviewer")
    version = {claim: said.claim.version for claim, said in stands.items()}
    assert [step(approver, "resume", claim, version[claim]) for claim in kept] == ["", "", ""]
    assert step(payer, "pay", kept[0], version[kept[0]] + 1) == "year-full"
    assert [step(reviewer, action, kept[1], version[kept[1]] + 1 + i) for i, action in enumerate(("accept", "review", "publicise"))] == ["", "", ""]
    publicity_over(stack, kept[1])
    assert step(approver, "approve", kept[1], version[kept[1]] + 4) == "year-full"
    assert step(clerk, "withdraw", kept[2], version[kept[2]] + 1) == ""
    assert step(payer, "pay", kept[0], version[kept[0]] + 1) == "year-full"
    assert step(clerk, "withdraw", gone[1], version[gone[1]]) == "claim-state"  # it is suspended
    assert [step(reviewer, "resume", gone[1], version[gone[1]]), step(clerk, "withdraw", gone[1], version[gone[1]] + 1)] == ["", ""]
    assert step(payer, "pay", kept[0], version[kept[0]] + 1) == "once-taken"
    assert step(approver, "approve", kept[1], version[kept[1]] + 4) == ""
    assert step(payer, "pay", kept[1], version[kept[1]] + 5) == ""

    # proved: of a claim whose places went to another record, and of the one that is in its way
    key = stack.folder / "log.vkey"
    for claim in kept[0], gone[0], gone[1]:
        until(lambda claim=claim: stack.cli("auditor", "claim", "dossier", claim.hex(), "--output", tmp_path / "d", "--key", key).returncode == 0)
        done = stack.cli("auditor", "audit", "check", tmp_path / "d", "--key", key)
        assert done.returncode == 0, done.stdout + done.stderr
