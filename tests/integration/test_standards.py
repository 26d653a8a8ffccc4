# SPDX-License-Identifier: Apache-2.0
"""Subsidy standards and policies, proposed by one approver and put in force by another; the calendar of working days."""

import itertools
import os
import threading

import pytest
from claims import decide_calendar
from test_requests import refusal
from test_training import DONE, REFUSED, UNCHANGED, verdicts

IN_FORCE, REJECTED = 1, 2
TRAINING, ASSESSMENT, LIVING = 1, 2, 3
OCCUPATION = "4-03-02-03"  # of no other file of tests; each test has a level and a kind of certificate of its own
# The third kind has no level, and the first two have one of the eight.
KEYS = itertools.chain(itertools.product(range(1, 9), (1, 2, 4, 5)), itertools.product((9,), (3, 4, 5)))


@pytest.fixture
def key():
    level, kind = next(KEYS)
    return {"level": level, "certificate_kind": kind, "occupation_code": OCCUPATION}


def standard(key, row=1, amount=170000, start="2026-01-01", **changes):
    return {"row": row, "line": TRAINING, "amount_fen": amount, "valid_from": start, "citation": "示例文〔2026〕1号"} | key | changes


def of(key, listed):
    return [s for s in listed if all(getattr(s, name) == value for name, value in key.items())]


def pending(connection, key):
    return of(key, connection.pages("standard.list", "standard", pending=True))


def decide(connection, ids, decision=IN_FORCE, noun="standard", **options):
    rows = [{"row": n + 1, "proposal_id": i} for n, i in enumerate(ids)]
    return connection.call(noun + ".decide", decision=decision, row=rows, **options)


def propose(connection, key, *rows, **changes):
    """Proposes; the ids, in order of the days they begin."""
    assert connection.call("standard.propose", row=list(rows) or [standard(key, **changes)]).refused == 0
    return [s.standard_id for s in sorted(pending(connection, key), key=lambda s: s.valid_from)]


def at_once(*calls):
    answers = [None] * len(calls)

    def run(n):
        answers[n] = calls[n]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# ---- standards ----


def test_b5_in_force_when_another_approver_says_so(wire, key):
    one, other = wire("approver"), wire("approver2")
    ids = propose(one, key, start="2026-01-01")
    assert of(key, one.pages("standard.list", "standard")) == []
    assert verdicts(decide(one, ids)) == [(REFUSED, "proposal-own", "proposal_id")]
    assert verdicts(decide(other, ids)) == [(DONE, None, None)]
    assert verdicts(decide(other, ids)) == [(REFUSED, "proposal-decided", "proposal_id")]
    assert pending(one, key) == []
    shown, = of(key, wire("institution2").pages("standard.list", "standard", page_rows=2))
    assert (shown.division, shown.line, shown.amount_fen, shown.valid_from, shown.valid_to, shown.citation) == (
        "370100", TRAINING, 170000, "2026-01-01", "", "示例文〔2026〕1号")


def test_proposal_may_be_rejected_by_its_proposer_too(wire, key):
    one, other = wire("approver"), wire("approver2")
    ids = propose(one, key)
    assert decide(one, ids, REJECTED).done == 1
    assert verdicts(decide(other, ids)) == [(REFUSED, "proposal-decided", "proposal_id")]
    ids = propose(one, key)  # and proposed again
    assert decide(other, ids, REJECTED).done == 1
    assert of(key, one.pages("standard.list", "standard")) == []


def test_unknown_proposal_spoils_nothing(wire, key):
    ids = propose(wire("approver"), key)
    assert verdicts(decide(wire("approver2"), [os.urandom(16), ids[0], ids[0]])) == [
        (REFUSED, "proposal-unknown", "proposal_id"), (DONE, None, None), (REFUSED, "proposal-decided", "proposal_id")]


def test_pending_is_the_bureau_s(wire, key):
    propose(wire("approver"), key)
    for profile, n in (("reviewer", 1), ("auditor", 1), ("institution", 0), ("institution2", 0)):
        assert len(pending(wire(profile), key)) == n, profile


def test_b5_newer_one_closes_the_older_and_past_days_keep_theirs(wire, key):
    one, other = wire("approver"), wire("approver2")
    assert decide(other, propose(one, key, amount=1000)).done == 1
    assert decide(other, propose(one, key, amount=2000, start="2026-07-01")).done == 1
    listed = of(key, one.pages("standard.list", "standard"))
    assert [(s.amount_fen, s.valid_to) for s in listed] == [(2000, ""), (1000, "2026-06-30")]
    for day, amounts in (("2025-12-31", []), ("2026-06-30", [1000]), ("2026-07-01", [2000])):
        shown = of(key, one.pages("standard.list", "standard", day=day, division="370100"))
        assert [s.amount_fen for s in shown] == amounts, day
        assert of(key, one.pages("standard.list", "standard", day=day, division="370200")) == []
    earlier = propose(one, key, amount=1500, start="2026-03-01")
    assert verdicts(decide(other, earlier)) == [(REFUSED, "proposal-later", "proposal_id")]
    assert decide(one, earlier, REJECTED).done == 1


def test_b6_lines_stand_beside_each_other(wire, key):
    ids = propose(wire("approver"), key, *(standard(key, line, 1000 * line, line=line) for line in (TRAINING, ASSESSMENT, LIVING)))
    assert decide(wire("approver2"), ids).done == 3
    listed = of(key, wire().pages("standard.list", "standard", day="2026-01-01"))
    assert {s.line: s.amount_fen for s in listed} == {TRAINING: 1000, ASSESSMENT: 2000, LIVING: 3000}


def test_same_again_adds_nothing(wire, key):
    one, rows = wire("approver"), [standard(key, 1, 1000), standard(key, 2, 1000, line=LIVING, trainee_group="就业困难人员")]
    request_id = os.urandom(16)
    for _ in range(2):
        assert one.call("standard.propose", row=rows, request_id=request_id).done == 2
    assert one.call("standard.propose", row=rows).unchanged == 2
    ids = [s.standard_id for s in pending(one, key)]
    assert len(ids) == 2
    assert refusal(one, "standard.propose", row=rows[:1], request_id=request_id).reason == "request-id-reused"
    decided_by = os.urandom(16)
    for _ in range(2):
        assert decide(wire("approver2"), ids, request_id=decided_by).done == 2
    assert one.call("standard.propose", row=rows).unchanged == 2


def test_decided_at_the_same_instant_once(wire, key):
    ids = propose(wire("approver"), key)
    connections = [wire("approver2") for _ in range(6)]
    answers = at_once(*(lambda c=c: decide(c, ids) for c in connections))
    assert sorted(verdicts(a)[0][1] or "" for a in answers) == [""] + ["proposal-decided"] * 5


def test_two_of_one_key_put_in_force_at_the_same_instant(wire, key):
    """One of them ends or refuses the other; never both on a day."""
    ids = propose(wire("approver"), key, standard(key, 1, 1000, "2026-01-01"), standard(key, 2, 2000, "2026-01-01", valid_to="2026-12-31"))
    connections = [wire("approver2") for _ in ids]
    answers = at_once(*(lambda c=c, i=i: decide(c, [i]) for c, i in zip(connections, ids)))
    assert sorted(verdicts(a)[0][1] or "" for a in answers) == ["", "proposal-later"]
    assert len(of(key, wire().pages("standard.list", "standard", day="2026-06-01"))) == 1


def test_b10_keys_stand_beside_each_other_and_are_shown(wire, key):
    """Of one key there is one; mode, grade of demand, first or renewal make another."""
    one, other = wire("approver"), wire("approver2")
    keys = [{}, {"mode": 3}, {"demand_grade": 1}, {"renewal": False}, {"renewal": True}, {"mode": 3, "demand_grade": 1, "renewal": True}]
    ids = propose(one, key, *(standard(key, i + 1, 1000 + i, basis=2, cap_fen=60000, percent=130, **k) for i, k in enumerate(keys)))
    assert decide(other, ids).done == len(keys)
    shown = of(key, one.pages("standard.list", "standard", day="2026-01-01"))
    assert sorted((s.amount_fen, s.mode if s.HasField("mode") else None, s.demand_grade if s.HasField("demand_grade") else None,
                   s.renewal if s.HasField("renewal") else None, s.basis, s.cap_fen, s.percent) for s in shown) == [
        (1000 + i, k.get("mode"), k.get("demand_grade"), k.get("renewal"), 2, 60000, 130) for i, k in enumerate(keys)]
    assert one.call("standard.propose", row=[standard(key, 1, 1001, basis=2, cap_fen=60000, percent=130, mode=3)]).unchanged == 1
    assert one.call("standard.propose", row=[standard(key, 1, 1001, basis=2, cap_fen=60000, percent=131, mode=3)]).done == 1
    [newer] = [s.standard_id for s in pending(one, key)]
    assert verdicts(decide(other, [newer])) == [(REFUSED, "proposal-later", "proposal_id")]  # of that key there is one from that day
    assert decide(one, [newer], REJECTED).done == 1


def test_b10_what_nothing_is_said_of(wire, key):
    """A certificate, of the living allowance a day; a hundred percent; no cap."""
    ids = propose(wire("approver"), key, standard(key, 1), standard(key, 2, line=LIVING), standard(key, 3, line=ASSESSMENT, basis=1))
    shown = {s.line: s for s in pending(wire("approver"), key)}
    assert {n: s.basis for n, s in shown.items()} == {TRAINING: 1, ASSESSMENT: 1, LIVING: 3}
    assert all(s.percent == 100 and not s.HasField("cap_fen") for s in shown.values())
    assert decide(wire("approver"), ids, REJECTED).done == 3


@pytest.mark.parametrize("changes, reason, field", [
    ({"amount_fen": 0}, "amount-format", "amount_fen"),
    ({"amount_fen": -1}, "amount-format", "amount_fen"),
    ({"occupation_code": "9-99-99-99"}, "occupation-unknown", "occupation_code"),
    ({"occupation_code": "9" * 33}, "occupation-unknown", "occupation_code"),
    ({"certificate_kind": 0}, "certificate-kind-unknown", "certificate_kind"),
    ({"certificate_kind": 6}, "certificate-kind-unknown", "certificate_kind"),
    ({"trainee_group": "贵宾"}, "group-unknown", "trainee_group"),
    ({"amount_fen": 10**11}, "amount-large", "amount_fen"),
    ({"amount_fen": 2**63 - 1}, "amount-large", "amount_fen"),
    ({"cap_fen": 0}, "amount-format", "cap_fen"),
    ({"cap_fen": 10**11}, "amount-large", "cap_fen"),
    ({"percent": 0}, "percent-range", "percent"),
    ({"percent": 1001}, "percent-range", "percent"),
    ({"amount_fen": 9, "percent": 11}, "percent-fen", "percent"),
    ({"demand_grade": 0}, "demand-grade-unknown", "demand_grade"),
    ({"demand_grade": 4}, "demand-grade-unknown", "demand_grade"),
    ({"basis": 3}, "basis-line", "basis"),
    ({"basis": 2}, "basis-line", "basis"),
    ({"line": LIVING, "basis": 1}, "basis-line", "basis"),
    ({"valid_from": "2026-02-30"}, "date-format", "valid_from"),
    ({"valid_to": "soon"}, "date-format", "valid_to"),
    ({"valid_to": "2025-12-31"}, "period-order", "valid_to"),
    ({"citation": ""}, "citation-length", "citation"),
    ({"citation": "文" * 101}, "citation-length", "citation"),
])
def test_bad_row_does_not_spoil_the_good_ones(wire, key, changes, reason, field):
    rows = [standard(key, 1), standard(key, 2, line=ASSESSMENT) | changes, standard(key, 3, line=LIVING)]
    answer = wire("approver").call("standard.propose", row=rows)
    assert verdicts(answer) == [(DONE, None, None), (REFUSED, reason, field), (DONE, None, None)]
    assert decide(wire("approver"), [s.standard_id for s in pending(wire("approver"), key)], REJECTED).done == 2


@pytest.mark.parametrize("method, changes, field", [
    ("standard.list", {"day": "x"}, "day"), ("standard.list", {"division": "3701"}, "division"),
    ("standard.list", {"cursor": b"x"}, "cursor"), ("policy.list", {"day": "x"}, "day"),
    ("policy.list", {"cursor": b"x y"}, "cursor"), ("calendar.list", {"division": "济南济南"}, "division"),
    ("calendar.list", {"division": "370100", "from": "x"}, "from"), ("standard.propose", {}, "row"),
    ("standard.decide", {"decision": 1, "row": [{"row": 1, "proposal_id": b"x"}]}, "proposal_id"),
    ("calendar.propose", {}, "row"), ("calendar.decide", {"decision": 1, "row": [{"row": 1, "proposal_id": b"x"}]}, "proposal_id"),
    ("calendar.list", {"division": "370100", "cursor": b"x y"}, "cursor"),
])
def test_request_that_cannot_be(wire, method, changes, field):
    assert refusal(wire("approver"), method, **changes).fields == [field]


# ---- policies ----


def policy(connection, name="publicity_days", value=7, start="2026-01-01", **changes):
    fields = {"name": name, "value": value, "valid_from": start, "citation": "示例文〔2026〕2号"} | changes
    return connection.call("policy.propose", **fields).proposal_id


def values(connection, name, day, division="370100"):
    return [p.value for p in connection.pages("policy.list", "policy", day=day, division=division, page_rows=3) if p.name == name]


def test_c2_c3_policies_in_force_when_another_approver_says_so(wire):
    one, other = wire("approver"), wire("approver2")
    ids = [policy(one, "publicity_days", 7), policy(one, "review_days", 12)]
    proposed = one.pages("policy.list", "policy", pending=True)
    assert {(p.name, p.value, p.proposal_id) for p in proposed} >= {("publicity_days", 7, ids[0]), ("review_days", 12, ids[1])}
    assert verdicts(decide(one, ids, noun="policy")) == [(REFUSED, "proposal-own", "proposal_id")] * 2
    assert decide(other, ids, noun="policy").done == 2
    assert verdicts(decide(other, ids[:1], noun="policy")) == [(REFUSED, "proposal-decided", "proposal_id")]
    newer = policy(one, "publicity_days", 6, "2026-07-01")
    assert decide(other, [newer], noun="policy").done == 1
    for day, value in (("2025-12-31", []), ("2026-06-30", [7]), ("2026-07-01", [6])):
        assert values(wire(), "publicity_days", day) == value, day
    assert values(wire(), "publicity_days", "2026-07-01", "370000") == [5]
    same_day = policy(one, "publicity_days", 8, "2026-07-01")
    assert verdicts(decide(other, [same_day], noun="policy")) == [(REFUSED, "proposal-later", "proposal_id")]
    assert decide(one, [same_day], REJECTED, "policy").done == 1


@pytest.mark.parametrize("changes, reason, field", [
    ({"name": "maximum_age"}, "policy-unknown", "name"),
    ({"name": "four_eyes", "value": 1}, "policy-value", "value"),
    ({"name": "fact_pension", "value": 2}, "policy-value", "value"),
    ({"name": "rate_day", "value": 0}, "policy-value", "value"),
    ({"name": "rate_day", "value": 4}, "policy-value", "value"),
    ({"name": "year_cap_students", "value": 4}, "policy-value", "value"),
    ({"name": "year_cap_others", "value": 0}, "policy-value", "value"),
    ({"name": "no_lower_after_higher", "value": 2}, "policy-value", "value"),
    ({"value": -1}, "policy-value", "value"),
    ({"start": "x"}, "date-format", "valid_from"),
    ({"valid_to": "2025-12-31"}, "period-order", "valid_to"),
    ({"citation": ""}, "citation-length", "citation"),
])
def test_policy_that_cannot_be(wire, changes, reason, field):
    with pytest.raises(Exception) as refused:
        policy(wire("approver"), **changes)
    assert (refused.value.reason, refused.value.fields) == (reason, [field])


# ---- working days ----


def test_c2_calendar_is_two_of_the_bureau_s_to_edit(wire, stack):
    day = {"row": 1, "day": "2031-01-01", "working": False, "citation": "示例文"}
    rows = [day, day | {"row": 2, "day": "2031-01-04", "working": True}, day | {"row": 3, "day": "31/12"}]
    reviewer, approver = wire("reviewer"), wire("approver")
    assert verdicts(reviewer.call("calendar.propose", row=rows)) == [(DONE, None, None), (DONE, None, None), (REFUSED, "date-format", "day")]
    again = approver.call("calendar.propose", row=[rows[0], rows[1] | {"working": False}])
    assert [v[0] for v in verdicts(again)] == [UNCHANGED, DONE]
    ours = {"division": "370100", "from": "2031-01-01"}
    assert [d for d in wire().pages("calendar.list", "day", **ours) if d.day < "2032"] == []
    pending = [d for d in approver.pages("calendar.list", "day", pending=True, page_rows=1, **ours) if d.day < "2032"]
    assert sorted((d.day, d.working) for d in pending) == [("2031-01-01", False), ("2031-01-04", False), ("2031-01-04", True)]
    wanted = [{"row": 1, "proposal_id": d.proposal_id} for d in pending if (d.day, d.working) == ("2031-01-04", False)]
    assert verdicts(approver.call("calendar.decide", decision=1, row=wanted)) == [(REFUSED, "proposal-own", "proposal_id")]
    assert approver.call("calendar.decide", decision=2, row=wanted).done == 1  # who proposed may take it back
    decide_calendar(approver, {"2031-01-01", "2031-01-04"})
    shown = wire().pages("calendar.list", "day", page_rows=1, **ours)
    assert [(d.day, d.working) for d in shown if d.day < "2032"] == [("2031-01-01", False), ("2031-01-04", True)]
    assert wire().pages("calendar.list", "day", division="370200") == []
    # New Year's Day is off, Saturday the 4th is worked
    assert stack.sql("SELECT helper.working_day('370102', '2030-12-31', 3)").strip() == "2031-01-04"
    assert stack.sql("SELECT helper.working_day('370202', '2030-12-31', 3)").strip() == "2031-01-03"
