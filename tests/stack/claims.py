# SPDX-License-Identifier: Apache-2.0
"""What leads to claims, over the wire: standards, graduates, certificates; submitting and deciding."""

import datetime
import uuid

import certificate_pb2
import claim_pb2
import standard_pb2
from wire import Wire, read_profile

TODAY = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=8)).date()
OCCUPATION, OTHER = "4-10-01-06", "4-03-02-01"
CASE = "JN-2026-17"


def day(days=0):
    return (TODAY + datetime.timedelta(days=days)).isoformat()


def reasons(answer):
    """What was said of each row: '' or the reasons."""
    return [" ".join(f.reason for f in result.finding if f.severity == 2) for result in answer.result]


def fresh_number():
    """A certificate's number that no spreadsheet would change (one of digits alone, or with a zero in front, is guarded)."""
    return "S" + uuid.uuid4().hex.upper()


def graduate(stack, number):
    """As if the class were over and everybody had passed: what leads there is test_training.py's."""
    stack.sql(f"UPDATE registry.class SET state = 3, starts_on = '{day(-90)}', ends_on = '{day(-30)}' WHERE class_number = {number};"
              f"UPDATE registry.enrolment SET result = 1 WHERE class_number = {number}")


def certify(connection, number, rows, kind=certificate_pb2.KIND_TRAINING, issued_on=None, level=2, occupation=OCCUPATION, numbers=None):
    """The certificates' numbers, and what was said of each."""
    numbers = numbers or [fresh_number() for _ in rows]
    said = connection.call("certificate.import", **({"class_number": number} if number else {}), row=[
        {"row": i + 1, "certificate_number": numbers[i], "kind": kind, "issued_on": issued_on or day(-20), "occupation_code": occupation,
         "level": level} | {"document_type": row["document_type"], "document_number": row["document_number"]} for i, row in enumerate(rows)])
    return numbers, reasons(said)


def set_standards(stack):
    """What Jinan pays; put in force as the bureau's two approvers would."""
    with Wire(read_profile(stack.profiles / "approver")) as one, Wire(read_profile(stack.profiles / "approver2")) as other:
        one.call("standard.propose", row=[
            {"row": 1, "line": standard_pb2.SUBSIDY_TRAINING, "amount_fen": 150000, "valid_from": "2026-01-01", "citation": "济人社示例〔2026〕1号"},
            {"row": 2, "line": standard_pb2.SUBSIDY_ASSESSMENT, "amount_fen": 20000, "valid_from": "2026-01-01", "citation": "济人社示例〔2026〕1号"},
            {"row": 3, "line": standard_pb2.SUBSIDY_LIVING, "amount_fen": 3000, "valid_from": "2026-01-01", "citation": "济人社示例〔2026〕2号"}])
        pending = [s for s in one.pages("standard.list", "standard", pending=True) if s.citation.startswith("济人社示例")]
        if pending:  # not proposed and put in force before
            other.call("standard.decide", decision=standard_pb2.PROPOSAL_IN_FORCE, row=[{"row": i + 1, "proposal_id": s.standard_id} for i, s in enumerate(pending)])


def set_calendar(one, other, days, citation="示例"):
    """Days worked or not, proposed by one of a bureau and put in force by an approver: what the answer says was moved."""
    proposed = one.call("calendar.propose", row=[{"row": i + 1, "day": d, "working": working, "citation": citation} for i, (d, working) in enumerate(days)])
    assert proposed.done == len(days), proposed
    return decide_calendar(other, {d for d, _ in days})


def decide_calendar(other, days, division="370100"):
    pending = [d for d in other.pages("calendar.list", "day", division=division, pending=True) if d.day in days]
    decided = other.call("calendar.decide", decision=standard_pb2.PROPOSAL_IN_FORCE,
                         row=[{"row": i + 1, "proposal_id": d.proposal_id} for i, d in enumerate(pending)])
    assert decided.refused == 0, decided
    return decided


def publicity_over(stack, claim):
    """As if all days on which the claim was shown had been two months earlier."""
    stack.sql(f"""UPDATE registry.claim
                     SET shown = (SELECT range_agg(daterange(lower(r) - 60, upper(r) - 60)) FROM unnest(shown) r)
                   WHERE claim_id = '{claim.hex()}'""")
    stack.sql(f"""UPDATE registry.claim SET publicity_until = helper.publicity_end(division, publicity_days, shown)
                   WHERE claim_id = '{claim.hex()}' AND publicity_until IS NOT NULL""")


def claim_rows(numbers, **more):
    return [{"row": i + 1, "certificate_number": n, "proxy_reference": "DL-1", "no_fee": True} | more for i, n in enumerate(numbers)]


def submit(connection, *numbers, route=claim_pb2.ROUTE_INSTITUTION, dry_run=False, request_id=None, **more):
    return connection.call("claim.submit", route=route, dry_run=dry_run, request_id=request_id, row=claim_rows(numbers, **more))


def step(connection, action, claim, version, reason=CASE, **more):
    """'' or why not."""
    return reasons(connection.call("claim." + action, row=[{"row": 1, "claim_id": claim, "version": version}], reason=reason, **more))[0]
