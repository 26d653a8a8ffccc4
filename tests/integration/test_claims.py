# SPDX-License-Identifier: Apache-2.0
"""Certificates, standards and claims over the wire: B1 to B8, C1 to C4, D4, H4, with what is refused."""

import os
import threading

import certificate_pb2 as c
import claim_pb2 as m
import pytest
import samples
import standard_pb2 as standard
import wire_pb2
from claims import CASE, OCCUPATION, OTHER, certify, claim_rows, day, fresh_number, graduate, publicity_over, reasons, set_calendar, set_standards, step, submit
from conftest import CLASS, ROOT, written
from test_persons import document, enrol, refusal
from wire import Refused, Wire, read_profile

@pytest.fixture
def graduates(stack, wire):
    """Opens a class, enrols and completes it; its number and the roster's rows."""
    def make(n=1, profile="institution", level=2, occupation=OCCUPATION, group=None):
        number = wire(profile).call("class.open", **(CLASS | {"level": level, "occupation_code": occupation})).number
        rows = [samples.trainee(i + 1, **({"trainee_group": group} if group else {})) for i in range(n)]
        assert set(enrol(wire(profile), number, *rows)) == {"enrolled"}
        graduate(stack, number)
        return number, rows
    return make


@pytest.fixture(scope="module")
def standards(stack):
    set_standards(stack)


@pytest.fixture
def claimed(wire, graduates, standards):
    """One submitted claim: its id, the certificate's number, the person's row."""
    def make(**options):
        number, rows = graduates(1, **options)
        certificates, said = certify(wire(options.get("profile", "institution")), number, rows, level=options.get("level", 2))
        assert said == [""]
        [result] = submit(wire(options.get("profile", "institution")), *certificates).result
        return result.record_id, certificates[0], rows[0]
    return make


def publicised(stack, wire, claim):
    reviewer = wire("reviewer")
    assert [step(reviewer, action, claim, i + 1) for i, action in enumerate(("accept", "review", "publicise"))] == ["", "", ""]


# ---- certificates ----

def test_B1_certificates_are_recorded_once(wire, graduates):
    number, rows = graduates(3)
    clerk = wire()
    numbers, said = certify(clerk, number, rows)
    assert said == ["", "", ""]
    assert certify(clerk, number, rows, numbers=numbers)[1] == ["", "", ""]  # the same again: unchanged
    assert certify(clerk, number, rows[:1], numbers=numbers[1:2])[1] == ["certificate-exists"]
    listed = list(clerk.pages("certificate.list", "certificate", class_number=number))
    assert {x.certificate_number for x in listed} == set(numbers)
    assert {x.state for x in listed} == {c.CERTIFICATE_VALID}


def test_B1_only_who_completed_the_class_and_only_by_who_may(wire, stack, graduates, open_class):
    clerk, running, row = wire(), open_class(), samples.trainee(1)
    assert enrol(clerk, running, row) == ["enrolled"]
    assert certify(clerk, running, [row])[1] == ["not-completed"]
    number, rows = graduates(1)
    assert certify(clerk, number, rows, issued_on=day(-60))[1] == ["issued-early"]
    assert certify(clerk, number, rows, issued_on=day(1))[1] == ["issued-later"]
    assert certify(clerk, number, rows, level=3)[1] == ["not-completed"]
    assert certify(clerk, number, rows, level=6)[1] == ["out-of-scope"]
    assert certify(clerk, number, [samples.trainee(9)])[1] == ["trainee-unknown"]
    with pytest.raises(Refused, match="class-unknown"):
        certify(wire("institution2"), number, rows)
    with pytest.raises(Refused, match="not-allowed"):
        certify(wire("enterprise"), None, rows)
    assert certify(wire("assessor"), None, rows, kind=c.KIND_QUALIFICATION)[1] == [""]


def test_B1_a_number_that_contradicts_is_refused_and_one_unknown_is_noted(wire, graduates):
    number, rows = graduates(2)
    clerk, year = wire(), day(-20)[2:4]
    good = f"S000137000001{year}5{int(fresh_number()[1:5], 16):06d}"
    assert certify(clerk, number, rows[:1], kind=c.KIND_SKILL_LEVEL, numbers=[good.replace(year + "5", year + "1")])[1] == ["certificate-contradicts"]
    assert certify(clerk, number, rows[:1], kind=c.KIND_SKILL_LEVEL, numbers=[good])[1] == [""]
    unknown = fresh_number()
    answer = clerk.call("certificate.import", class_number=number, row=[
        {"row": 1, "certificate_number": unknown, "kind": c.KIND_SKILL_LEVEL, "issued_on": day(-20), "occupation_code": OCCUPATION, "level": 2,
         "document_number": rows[1]["document_number"]}])
    assert [(f.reason, f.severity) for f in answer.result[0].finding] == [("certificate-form", 1)]
    assert [x.warning for x in clerk.call("certificate.list", class_number=number).certificate if x.certificate_number == unknown] == [["certificate-form"]]


def test_B1_two_at_once_bring_one_number(wire, graduates):
    for _ in range(5):
        number, rows = graduates(2)
        shared, said = fresh_number(), []
        connections = [wire(), wire()]
        threads = [threading.Thread(target=lambda i=i: said.append(certify(connections[i], number, rows[i:i + 1], numbers=[shared])[1][0]))
                   for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(said) == ["", "certificate-exists"]


def test_a_certificate_is_verified_by_anybody_and_says_no_more_than_was_asked(wire, graduates):
    number, rows = graduates(1)
    [certificate], _ = certify(wire(), number, rows)
    for profile in ("institution2", "payer", "sysadmin", "enterprise"):
        asked = wire(profile)
        answer = asked.call("certificate.verify", certificate_number=certificate, name=rows[0]["name"])
        assert answer.state == c.CERTIFICATE_VALID
        unknown = asked.call("certificate.verify", certificate_number=fresh_number(), name=rows[0]["name"])
        other = asked.call("certificate.verify", certificate_number=certificate, name="示例他人")
        assert unknown.SerializeToString() == other.SerializeToString() == b""
    tomorrow = refusal(wire(), "certificate.revoke", certificate_number=certificate, reason="成绩作废", effective_on=day(1))
    assert (tomorrow.reason, tomorrow.fields) == ("effective-later", ["effective_on"])
    wire().call("certificate.revoke", certificate_number=certificate, reason="成绩作废", effective_on=day(-1))
    answer = wire("auditor").call("certificate.verify", certificate_number=certificate, name=rows[0]["name"])
    assert (answer.state, answer.since) == (c.CERTIFICATE_REVOKED, day(-1))
    again = refusal(wire(), "certificate.revoke", certificate_number=certificate, reason="成绩作废", effective_on=day())
    assert again.reason == "certificate-state"
    assert refusal(wire(), "certificate.reinstate", certificate_number=certificate, reason="复核", effective_on=day()).reason == "method-forbidden"
    assert refusal(wire("institution2"), "certificate.revoke", certificate_number=certificate, reason="x", effective_on=day()).reason == "certificate-unknown"
    wire("reviewer").call("certificate.reinstate", certificate_number=certificate, reason="复核", effective_on=day())
    assert wire("payer").call("certificate.verify", certificate_number=certificate, name=rows[0]["name"]).state == c.CERTIFICATE_VALID


def counted(stack, policy):
    """The day by which as many working days will have passed as a policy says."""
    return stack.sql(f"SELECT helper.working_day('370100', '{day()}', helper.policy_value('{policy}', '370100', '{day()}')::int4)")


# ---- standards ----

def test_C2_C3_two_people_change_the_calendar_and_it_moves_what_runs(stack, wire, claimed):
    waiting, _, _ = claimed()
    claim, _, _ = claimed()
    publicised(stack, wire, claim)
    reviewer, approver = wire("reviewer"), wire("approver")
    rest = [(stack.sql(f"SELECT helper.working_day('370100', '{day()}', {n})"), False) for n in (2, 3)]

    def days():
        shown = [wire().call("claim.show", claim_id=c).claim for c in (claim, waiting)]
        return shown[0].publicity_until, shown[0].due_on, shown[1].due_on

    before, rows = days(), [{"row": i + 1, "day": d, "working": w, "citation": "示例"} for i, (d, w) in enumerate(rest)]
    request_id = os.urandom(16)
    said = reviewer.call("calendar.propose", row=rows, request_id=request_id)
    assert said.done == 2 and reviewer.call("calendar.propose", row=rows, request_id=request_id) == said
    assert reviewer.call("calendar.propose", row=rows).unchanged == 2 and days() == before
    pending = {d.day: d.proposal_id for d in approver.pages("calendar.list", "day", division="370100", pending=True)}
    ids = [{"row": i + 1, "proposal_id": pending[d]} for i, (d, _) in enumerate(rest)]
    assert refusal(reviewer, "calendar.decide", decision=1, row=ids).reason == "method-forbidden"
    moved = approver.call("calendar.decide", decision=1, row=ids)
    assert moved.done == 2 and moved.moved == said.moved
    after = days()
    assert all(a > b for a, b in zip(after, before))
    of = {(x.what, x.was, x.becomes): x for x in moved.moved}
    for what, i, mine in ((wire_pb2.MOVED_PUBLICITY, 0, claim), (wire_pb2.MOVED_DUE, 1, claim), (wire_pb2.MOVED_DUE, 2, waiting)):
        group = of[what, before[i], after[i]]
        assert mine in group.claim_id or group.claims > len(group.claim_id) == 20
    own = approver.call("calendar.propose", row=[rows[0] | {"working": True}])
    assert own.done == 1
    [proposed] = [d for d in approver.pages("calendar.list", "day", division="370100", pending=True) if d.day == rest[0][0]]
    assert reasons(approver.call("calendar.decide", decision=1, row=[{"row": 1, "proposal_id": proposed.proposal_id}])) == ["proposal-own"]
    assert wire("approver2").call("calendar.decide", decision=1, row=[{"row": 1, "proposal_id": proposed.proposal_id}]).done == 1
    set_calendar(reviewer, approver, [(rest[1][0], True)])
    assert days() == before


def test_C2_a_day_that_was_none_after_all_is_taken_from_publicity(stack, wire, claimed):
    claim, _, _ = claimed()
    publicised(stack, wire, claim)
    publicity_over(stack, claim)

    def until():
        return wire().call("claim.show", claim_id=claim).claim.publicity_until

    over = until()
    set_calendar(wire("reviewer"), wire("approver"), [(over, False)])
    assert over < until() < day()
    set_calendar(wire("reviewer"), wire("approver"), [(over, True)], citation="示例二")
    assert until() == over  # it was worked when it ended
    rest = stack.sql(f"""SELECT min(d::date) FROM registry.claim, generate_series(lower(shown), publicity_until, '1 day') d
                          WHERE claim_id = '{claim.hex()}' AND NOT helper.worked(division, d::date, true)""")
    set_calendar(wire("reviewer"), wire("approver"), [(rest, True)])
    assert until() == over  # and that one was not
    assert step(wire("approver"), "approve", claim, 4) == ""


def test_C2_days_on_which_a_claim_is_not_shown_do_not_count(stack, wire, claimed):
    def public():
        return claim in {x.claim_id for x in wire("institution2").pages("claim.public", "claim", division="370100")}

    claim, _, _ = claimed()
    publicised(stack, wire, claim)
    assert public()
    assert step(wire("reviewer"), "suspend", claim, 4) == ""
    shown = wire().call("claim.show", claim_id=claim)
    assert not public() and not shown.claim.publicity_until and [o.reason for o in shown.obstacle] == ["publicity"]
    publicity_over(stack, claim)  # two months of suspension
    assert step(wire("approver"), "resume", claim, 5) == ""
    assert public() and step(wire("approver"), "approve", claim, 6) == "publicity"
    assert wire().call("claim.show", claim_id=claim).claim.publicity_until == counted(stack, "publicity_days")
    publicity_over(stack, claim)
    assert step(wire("approver"), "approve", claim, 6) == ""


def test_D4_what_is_published_is_masked(stack, wire, claimed):
    claim, certificate, row = claimed()
    publicised(stack, wire, claim)
    shown, = [x for x in wire("institution2").pages("claim.public", "claim", division="370100") if x.claim_id == claim]
    assert shown.name == row["name"][0] + "*" * (len(row["name"]) - 1) and not shown.HasField("document_number")
    assert not shown.HasField("certificate_number")
    said = str(shown).encode() + shown.SerializeToString()
    assert not [value for value in (row["name"], row["document_number"], certificate) if value.encode() in said]


# ---- submission ----

def test_D2_claims_are_listed_with_their_certificate_and_no_residents_number(wire, graduates, standards):
    """Also when nobody may be looked at any more: the number of a certificate is no person's name."""
    number, people = graduates(3)
    numbers = [fresh_number(), "T" + people[1]["document_number"], people[2]["document_number"]]
    for i, kind in enumerate((c.KIND_TRAINING, c.KIND_SPECIAL_OPERATION, c.KIND_TRAINING)):
        assert certify(wire(), number, people[i:i + 1], kind=kind, numbers=numbers[i:i + 1])[1] == [""]
    claims = {result.record_id: n for result, n in zip(submit(wire(), *numbers).result, numbers)}

    def masked(n):
        return n if n == numbers[0] else n[:4] + "*" * (len(n) - 8) + n[-4:]

    for who, method, asked in (("institution", "claim.list", {}), ("reviewer", "claim.list", {}), ("reviewer", "claim.queue", {"state": m.CLAIM_SUBMITTED})):
        listed = {x.claim_id: x.certificate_number for x in wire(who).pages(method, "claim", class_number=number, **asked)}
        assert listed == {claim: masked(n) for claim, n in claims.items()}, (who, method)
    shown = [wire("auditor").call("claim.show", claim_id=claim).claim.certificate_number for claim in claims]
    assert shown == [masked(n) for n in claims.values()]


def test_D5_a_claim_of_an_erased_person_is_listed_without_a_number(wire, claimed):
    claim, _, row = claimed()
    assert step(wire(), "withdraw", claim, 1) == ""
    wire("approver").call("person.erase", key={"document": document(row)}, version=1, case_reference=CASE)
    [listed] = [x for x in wire().pages("claim.list", "claim") if x.claim_id == claim]
    assert listed.HasField("certificate_number") and listed.certificate_number == ""


def test_B5_B6_amounts_are_the_standards_of_the_day(wire, claimed):
    claim, _, _ = claimed()
    story = wire().call("claim.show", claim_id=claim)
    assert [(a.line, a.amount_fen, a.citation) for a in story.amount] == [
        (standard.SUBSIDY_TRAINING, 150000, "济人社示例〔2026〕1号"), (standard.SUBSIDY_ASSESSMENT, 20000, "济人社示例〔2026〕1号")]
    assert (story.claim.amount_fen, story.claim.state, story.claim.overdue) == (170000, m.CLAIM_SUBMITTED, False)
    assert story.claim.name.endswith("*") and "*" in story.claim.document_number


def test_B5_no_standard_is_said(wire, graduates):
    number, rows = graduates(1, profile="institution2")  # Qingdao has set none
    numbers, _ = certify(wire("institution2"), number, rows)
    assert reasons(submit(wire("institution2"), *numbers)) == ["standard-missing"]


def test_B6_a_living_allowance_is_by_attended_days(stack, wire, graduates, standards):
    clerk, [(number, [row]), (other, [none])] = wire(), [graduates(1, group="贫困劳动力"), graduates(1, group="贫困劳动力")]
    stack.sql(f"""INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed,
                                               teacher_commitment, request_id)
                  SELECT {number}, n, date '{day(-80)}' + n, tsrange(date '{day(-80)}' + n + time '08:00', date '{day(-80)}' + n + time '10:00'), 2,
                         '一教室', gen_random_uuid(), sha256('x'), '', sha256('x'), gen_random_uuid() FROM generate_series(1, 4) n;
                  INSERT INTO registry.attendance SELECT {number}, person_id, n, CASE n WHEN 4 THEN 5 ELSE 1 END
                    FROM registry.enrolment, generate_series(1, 4) n WHERE class_number = {number}""")
    numbers = [certify(clerk, n, [r])[0][0] for n, r in ((number, row), (other, none))]
    answer = submit(clerk, *numbers, line=[standard.SUBSIDY_LIVING])
    assert reasons(answer) == ["", "living-allowance"]
    [amount] = clerk.call("claim.show", claim_id=answer.result[0].record_id).amount
    assert (amount.line, amount.days, amount.rate_fen, amount.amount_fen) == (standard.SUBSIDY_LIVING, 3, 3000, 9000)


def test_B7_within_twelve_months_of_the_issue(stack, wire, graduates, standards):
    clerk, (number, rows) = wire(), graduates(2)
    numbers, _ = certify(clerk, number, rows)
    last = stack.sql("SELECT (helper.today() - interval '12 months')::date")
    stack.sql(f"""UPDATE registry.certificate c SET issued_on = date '{last}' - (SELECT count(*) FROM registry.certificate d
                   WHERE d.class_number = {number} AND d.certificate_id < c.certificate_id)::int WHERE class_number = {number}""")
    days = {x.certificate_number: x.issued_on for x in clerk.pages("certificate.list", "certificate", class_number=number)}
    assert reasons(submit(clerk, *numbers)) == ["" if days[n] == last else "claim-too-late" for n in numbers]
    assert sorted(days.values())[1] == last  # the day before it is too late


def test_a_dry_run_says_every_reason_and_takes_no_place(wire, graduates, standards):
    number, rows = graduates(2)
    numbers, _ = certify(wire(), number, rows)
    answer = submit(wire(), *numbers, "NO-SUCH", dry_run=True)
    assert (answer.done, answer.refused, [r.amount_fen for r in answer.result]) == (2, 1, [170000, 170000, 0])
    assert reasons(answer) == ["", "", "claim-certificate"] and not any(r.HasField("record_id") for r in answer.result)
    assert reasons(submit(wire(), *numbers, no_fee=False, proxy_reference=None, line=[standard.SUBSIDY_LIVING])) == [
        "proxy-missing fee-statement living-allowance"] * 2
    assert reasons(submit(wire(), *numbers)) == ["", ""]


def test_B3_once_and_B2_three_a_year(stack, wire, standards):
    clerk, row = wire(), samples.trainee(1)
    numbers = []
    for occupation, level in ((OCCUPATION, 2), (OCCUPATION, 3), (OTHER, 2), (OTHER, 3)):
        number = clerk.call("class.open", **(CLASS | {"level": level, "occupation_code": occupation})).number
        assert enrol(clerk, number, row) == ["enrolled"]
        graduate(stack, number)
        [made], said = certify(clerk, number, [row], level=level, occupation=occupation)
        assert said == [""]
        numbers.append(made)
    answer = submit(clerk, *numbers)
    assert reasons(answer) == ["", "", "", "year-full"]
    assert submit(clerk, numbers[0]).unchanged == 1  # this very claim
    second = clerk.call("class.open", **CLASS).number
    assert enrol(clerk, second, row) == ["enrolled"]
    graduate(stack, second)
    [again], _ = certify(clerk, second, [row])
    assert reasons(submit(clerk, again)) == ["year-full once-taken"]
    assert step(clerk, "withdraw", answer.result[1].record_id, 1) == ""
    assert reasons(submit(clerk, numbers[3])) == [""]


def test_B2_whatever_is_submitted_at_the_same_instant(own_stack):
    """Many connections to several workers, persons with four certificates each, withdrawals between: never more than three,
    never twice."""
    stack = own_stack(workers=4, database_connections=4)
    set_standards(stack)

    def wire():
        return Wire(read_profile(stack.profiles / "institution"))

    clerk, rows, numbers = wire(), samples.trainees(6), {}
    for occupation, level in ((OCCUPATION, 2), (OCCUPATION, 3), (OTHER, 2), (OTHER, 3)):
        number = clerk.call("class.open", **(CLASS | {"level": level, "occupation_code": occupation})).number
        assert set(enrol(clerk, number, *rows)) == {"enrolled"}
        graduate(stack, number)
        made, said = certify(clerk, number, rows, level=level, occupation=occupation)
        assert set(said) == {""}
        numbers[occupation, level] = made
    everything = [n for made in numbers.values() for n in made]

    failures = []

    def run(seed):
        order = sorted(everything, key=lambda n: hash((seed, n)))
        try:
            mine = wire()
            for _ in range(4):
                for result in submit(mine, *order).result:
                    if result.HasField("record_id") and result.row % 3 == seed % 3:
                        assert step(mine, "withdraw", result.record_id, 1) in ("", "version-differs")
        except Exception as failure:  # noqa: BLE001
            failures.append(repr(failure))

    threads = [threading.Thread(target=run, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    most, twice, astray = stack.sql("""
        SELECT (SELECT max(n) FROM (SELECT count(*) n FROM registry.claim WHERE state NOT IN (8, 9) GROUP BY person_id, year) x),
               (SELECT count(*) FROM (SELECT 1 FROM registry.claim WHERE state NOT IN (8, 9, 11) GROUP BY person_id, occupation_code, level
                                      HAVING count(*) > 1) x),
               (SELECT count(*) FROM registry.claim c FULL JOIN registry.claim_place p ON p.claim_id = c.claim_id
                 WHERE (c.state NOT IN (8, 9)) IS DISTINCT FROM (p.claim_id IS NOT NULL) AND coalesce(c.state, 0) <> 11)""").split("|")
    assert int(most) <= 3 and int(twice) == 0 and int(astray) == 0


def test_the_same_submission_again_is_the_same_answer(wire, graduates, standards):
    number, rows = graduates(2)
    numbers, _ = certify(wire(), number, rows)
    request_id = os.urandom(16)
    first = submit(wire(), *numbers, "NO-SUCH", request_id=request_id)
    again = submit(wire(), *numbers, "NO-SUCH", request_id=request_id)
    assert first == again and first.done == 2


def test_B8_who_claims(wire, graduates, standards):
    number, rows = graduates(3)
    numbers, _ = certify(wire(), number, rows)
    assert refusal(wire(), "claim.submit", route=m.ROUTE_EMPLOYER, row=claim_rows(numbers[:1])).reason == "not-allowed"
    assert refusal(wire("enterprise"), "claim.submit", route=m.ROUTE_INSTITUTION, row=claim_rows(numbers[:1])).reason == "not-allowed"
    employed(wire, rows[0])
    assert reasons(submit(wire("enterprise"), numbers[0], route=m.ROUTE_EMPLOYER)) == [""]
    assert reasons(submit(wire("window"), numbers[1], route=m.ROUTE_PERSON)) == [""]
    assert reasons(submit(wire("institution2"), numbers[2])) == ["claim-certificate"]


def employed(wire, row, answer=m.ANSWER_MATCH):
    """The enterprise asks whether a person is insured by it, and the agency answers."""
    assert wire("enterprise").call("fact.ask", row=[{"row": 1, "document_number": row["document_number"]}]).done == 1
    agency = wire("agency")
    [asked] = [q for q in agency.call("fact.list", reason={"purpose": 2, "case_reference": CASE}).question
               if (q.document_number, q.fact) == (row["document_number"], m.FACT_INSURED)]
    assert asked.organisation_code and reasons(agency.call("fact.answer", source="山东社保示例库", as_of=day(), row=[
        {"row": 1, "claim_id": asked.claim_id, "fact": asked.fact, "answer": answer}])) == [""]


def test_B8_an_employer_claims_for_its_people_and_learns_of_no_other(wire, graduates, standards):
    number, rows = graduates(2)
    numbers, _ = certify(wire(), number, rows)
    enterprise = wire("enterprise")

    def said(**more):
        return reasons(submit(enterprise, *numbers, fresh_number(), route=m.ROUTE_EMPLOYER, **more))

    wire().call("certificate.revoke", certificate_number=numbers[1], reason="成绩作废", effective_on=day())
    assert said(dry_run=True) == said() == ["claim-certificate"] * 3
    strangers = [{"row": i + 1, "document_number": r["document_number"]} for i, r in enumerate((rows[0], samples.trainee(9)))]
    assert reasons(enterprise.call("fact.ask", row=strangers + [{"row": 3, "document_number": "1"}])) == ["", "", "id-length"]
    assert said(dry_run=True) == ["claim-certificate"] * 3
    employed(wire, rows[0])
    employed(wire, rows[1], m.ANSWER_MISMATCH)
    assert said(dry_run=True) == ["", "claim-certificate", "claim-certificate"]
    assert said() == ["", "claim-certificate", "claim-certificate"]
    assert refusal(wire(), "fact.ask", row=strangers).reason == "not-allowed"


def test_D5_a_dry_run_and_a_refusal_are_looks(stack, wire, graduates, standards):
    number, rows = graduates(2)
    numbers, _ = certify(wire(), number, rows)
    me = wire().hello.caller.operator_id.hex()

    def looks():
        return int(stack.sql(f"SELECT coalesce(sum(masked), 0) FROM registry.look_hour WHERE operator_id = '{me}'"))

    def seen(row):
        return [a.method for a in wire("reviewer").call("access.log", key={"document": document(row)}).access if a.method == "claim.submit"]

    written(stack)  # what others gathered for the same operator
    before = looks()
    assert reasons(submit(wire(), *numbers, fresh_number(), dry_run=True)) == ["", "", "claim-certificate"]
    assert looks() == before + 3
    assert seen(rows[0]) == seen(rows[1]) == ["claim.submit"]
    wire().call("certificate.revoke", certificate_number=numbers[1], reason="成绩作废", effective_on=day())
    assert reasons(submit(wire(), *numbers)) == ["", "certificate-revoked"]
    assert looks() == before + 4
    assert seen(rows[0]) == ["claim.submit"] and seen(rows[1]) == ["claim.submit"] * 2


# ---- the way to the money ----

def test_D1_a_reason_holds_no_document_number(wire, claimed):
    claim, certificate, row = claimed()
    words = f"持{row['document_number']}者，不符合条件"
    refused = refusal(wire("reviewer"), "claim.reject", reason=words, row=[{"row": 1, "claim_id": claim, "version": 1}])
    assert (refused.reason, refused.fields) == ("reason-number", ["reason"])
    refused = refusal(wire(), "certificate.revoke", certificate_number=certificate, reason=words, effective_on=day())
    assert (refused.reason, refused.fields) == ("reason-number", ["reason"])


def test_C_a_claim_is_paid_and_tells_its_story(stack, wire, claimed):
    claim, _, _ = claimed()
    publicised(stack, wire, claim)
    assert step(wire("approver"), "approve", claim, 4) == "publicity"
    [shown] = [x for x in wire("institution2").pages("claim.public", "claim", division="370100") if x.claim_id == claim]
    assert shown.name.endswith("*") and not shown.document_number
    publicity_over(stack, claim)
    assert step(wire("approver"), "approve", claim, 3) == "version-differs"
    assert step(wire("approver"), "approve", claim, 4) == ""
    assert step(wire("payer"), "pay", claim, 5, reason=None) == "reason-needed"
    assert step(wire("payer"), "pay", claim, 5, reason="ZF-2026-1") == ""
    story = wire("auditor").call("claim.show", claim_id=claim)
    assert [s.action for s in story.step] == [m.CLAIM_SUBMIT, m.CLAIM_ACCEPT, m.CLAIM_REVIEW, m.CLAIM_PUBLICISE, m.CLAIM_APPROVE, m.CLAIM_PAY]
    assert story.step[-1].reason == "ZF-2026-1" and all(s.operator_name for s in story.step)


def test_B2_a_claw_back_for_fraud_keeps_the_places(stack, wire, claimed):
    claim, certificate, _ = claimed()
    publicised(stack, wire, claim)
    publicity_over(stack, claim)
    assert [step(wire("approver"), "approve", claim, 4), step(wire("payer"), "pay", claim, 5)] == ["", ""]
    other = wire("approver2")
    assert step(other, "claw-back", claim, 6, fraud=True, line=[standard.SUBSIDY_ASSESSMENT]) == ""
    again = other.call("claim.claw-back", row=[{"row": 1, "claim_id": claim, "version": 7}], reason=CASE, line=[standard.SUBSIDY_ASSESSMENT])
    assert (again.done, again.unchanged) == (0, 1)
    assert [a.clawed_fen for a in wire().call("claim.show", claim_id=claim).amount] == [0, 20000]
    assert step(other, "claw-back", claim, 7) == ""  # the rest, for error
    story = wire().call("claim.show", claim_id=claim)
    assert story.claim.state == m.CLAIM_CLAWED_BACK
    assert [s.fraud for s in story.step if s.HasField("fraud")] == [True, False]
    assert reasons(submit(wire(), certificate)) == ["once-taken"]


def test_C1_four_eyes(stack, wire, claimed):
    """One human with three roles, whatever it did first; every pair is tests/sql/four_eyes.sql's."""
    claims = [claimed()[0] for _ in range(3)]
    reviewer, reviewers = wire("reviewer"), stack.sql("SELECT string_agg(quote_literal(operator_id), ',') FROM registry.operator WHERE roles = '{reviewer}'")
    stack.sql("UPDATE registry.operator SET roles = '{reviewer,approver,payer}' WHERE roles = '{approver}'")
    try:
        everything, other = wire("approver"), wire("approver2")
        paths = {"accept": (everything, reviewer, reviewer), "review": (reviewer, everything, reviewer), "publicise": (reviewer, reviewer, everything)}
        for claim, first in zip(claims, paths):
            assert [step(who, action, claim, i + 1) for i, (who, action) in enumerate(zip(paths[first], paths))] == ["", "", ""]
            publicity_over(stack, claim)
            assert step(everything, "approve", claim, 4) == "four-eyes", first
            assert step(other, "approve", claim, 4) == ""
            assert step(everything, "pay", claim, 5, reason="ZF-1") == "four-eyes", first
            assert step(other, "pay", claim, 5, reason="ZF-1") == "four-eyes"
            assert step(wire("payer"), "pay", claim, 5, reason="ZF-1") == ""
            assert step(other, "claw-back", claim, 6) == step(everything, "claw-back", claim, 6) == "four-eyes"
    finally:
        stack.sql(f"UPDATE registry.operator SET roles = '{{approver}}' WHERE roles = '{{reviewer,approver,payer}}' AND operator_id NOT IN ({reviewers})")


def test_C1_the_table_that_people_read_is_the_one_that_counts(stack):
    actions = {name.removeprefix("CLAIM_").lower().replace("_", "-"): number for name, number in m.ClaimAction.items()}
    rules = (ROOT / "proto/RULES.md").read_text()
    table = rules[rules.index("| took | never takes"):].split("\n\n")[0].splitlines()[2:]
    said = set()
    for line in table:
        took, never, three = ([actions[word] for word in cell.replace(",", " ").split()] for cell in line.strip("|").split("|"))
        said |= {(a, b, eyes) for a in took for eyes, later in ((2, never), (3, three)) for b in later}
    pairs = {tuple(map(int, row.split("|"))) for row in stack.sql("SELECT earlier, later, eyes FROM helper.claim_apart").split("\n")}
    assert said == pairs


def test_B1_revoked_between_submission_and_approval(stack, wire, claimed):
    claim, certificate, _ = claimed()
    publicised(stack, wire, claim)
    publicity_over(stack, claim)
    wire().call("certificate.revoke", certificate_number=certificate, reason="成绩作废", effective_on=day())
    assert [f.reason for f in wire().call("claim.show", claim_id=claim).obstacle] == ["certificate-revoked"]
    assert step(wire("approver"), "approve", claim, 4) == "certificate-revoked"
    assert wire().call("claim.show", claim_id=claim).claim.state == m.CLAIM_SUSPENDED
    assert step(wire("approver"), "reject", claim, 5) == ""


def test_B1_revoked_between_approval_and_payment(stack, wire, claimed):
    claim, certificate, _ = claimed()
    publicised(stack, wire, claim)
    publicity_over(stack, claim)
    assert step(wire("approver"), "approve", claim, 4) == ""
    wire().call("certificate.revoke", certificate_number=certificate, reason="成绩作废", effective_on=day())
    assert step(wire("payer"), "pay", claim, 5, reason="ZF-9") == "certificate-revoked"
    assert wire().call("claim.show", claim_id=claim).claim.state == m.CLAIM_SUSPENDED


def test_C2_an_objection_suspends_and_C_a_return_comes_back(stack, wire, claimed):
    claim, _, _ = claimed()
    assert step(wire("reviewer"), "return", claim, 1) == ""
    assert step(wire("reviewer"), "accept", claim, 2) == "claim-state"
    assert step(wire(), "resubmit", claim, 2) == ""
    reviewer = wire("reviewer")
    assert [step(reviewer, a, claim, 3 + i) for i, a in enumerate(("accept", "review", "publicise", "object"))] == [""] * 4
    assert step(wire("approver"), "approve", claim, 7) == "claim-state"
    assert step(wire("approver"), "resume", claim, 7) == ""
    assert wire().call("claim.show", claim_id=claim).claim.state == m.CLAIM_PUBLICISED


def test_C4_one_bad_row_never_blocks_the_good_ones(wire, claimed):
    first, _, _ = claimed()
    second, _, _ = claimed()
    answer = wire("reviewer").call("claim.accept", row=[{"row": 1, "claim_id": first, "version": 1}, {"row": 2, "claim_id": os.urandom(16), "version": 1},
                                                        {"row": 3, "claim_id": second, "version": 1}])
    assert reasons(answer) == ["", "claim-unknown", ""]


def test_C4_the_same_claim_again_in_one_call_is_moved_once(wire, claimed):
    claim, _, _ = claimed()
    row = {"claim_id": claim, "version": 1}
    answer = wire("reviewer").call("claim.accept", row=[{**row, "row": 1, "version": 7}, {**row, "row": 2}, {**row, "row": 3}, {**row, "row": 4, "version": 2}])
    assert [[f.reason for f in r.finding] for r in answer.result] == [["version-differs"], [], ["unchanged"], ["version-differs"]]
    assert (answer.done, answer.unchanged, answer.refused) == (1, 1, 2)
    shown = wire().call("claim.show", claim_id=claim)
    assert (shown.claim.version, [s.action for s in shown.step]) == (2, [m.CLAIM_SUBMIT, m.CLAIM_ACCEPT])


def test_C4_two_thousand_in_one_call_and_no_more(wire, claimed):
    claim, _, _ = claimed()
    rows = [{"row": i + 1, "claim_id": os.urandom(16), "version": 1} for i in range(1999)] + [{"row": 2000, "claim_id": claim, "version": 1}]
    answer = wire("reviewer").call("claim.accept", row=rows)
    assert (answer.done, answer.refused) == (1, 1999)
    over = refusal(wire("reviewer"), "claim.accept", row=rows + [{"row": 2001, "claim_id": claim, "version": 2}])
    assert (over.reason, over.fields) == ("roster-too-many", ["row"])


def test_two_decide_at_once_and_the_second_is_told(wire, claimed):
    for _ in range(5):
        claim, _, _ = claimed()
        connections, said = [wire("reviewer"), wire("reviewer")], []
        threads = [threading.Thread(target=lambda i=i: said.append(step(connections[i], ("accept", "return")[i], claim, 1))) for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(said) == ["", "version-differs"]


def test_who_may_not(wire, claimed):
    claim, _, _ = claimed()
    assert step(wire("institution2"), "withdraw", claim, 1) == "claim-unknown"
    assert refusal(wire("payer"), "claim.accept", row=[{"row": 1, "claim_id": claim, "version": 1}]).reason == "method-forbidden"
    assert refusal(wire("institution2"), "claim.show", claim_id=claim).reason == "claim-unknown"


# ---- verification ----

def test_H4_B4_an_answer_that_the_policy_asks_for(stack, wire, claimed):
    stack.sql("INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'fact_pension', 1, '2026-01-01', '示例')")
    try:
        claim, _, row = claimed()
    finally:
        stack.sql("DELETE FROM registry.policy WHERE division = '370100' AND name = 'fact_pension'")
    agency = wire("agency")
    reason = {"purpose": 2, "case_reference": CASE}
    [asked] = [q for q in agency.call("fact.list", reason=reason).question if q.claim_id == claim]
    assert (asked.fact, asked.document_number, asked.name) == (m.FACT_PENSION, row["document_number"], row["name"])
    assert refusal(wire(), "fact.list", reason=reason).reason == "not-allowed"
    publicised(stack, wire, claim)
    publicity_over(stack, claim)

    def answer(said, connection=agency, fact=m.FACT_PENSION):
        return reasons(connection.call("fact.answer", source="山东社保示例库", as_of=day(-1),
                                       row=[{"row": 1, "claim_id": claim, "fact": fact, "answer": said}]))[0]

    assert step(wire("approver"), "approve", claim, 4) == "fact-missing"
    assert answer(m.ANSWER_MATCH) == "" and answer(m.ANSWER_MATCH, fact=m.FACT_INSURED) == "fact-not-asked"
    assert step(wire("approver"), "approve", claim, 4) == "draws-pension"
    assert answer(m.ANSWER_MISMATCH) == ""
    assert [(f.answer, f.source) for f in wire().call("claim.show", claim_id=claim).fact] == [(m.ANSWER_MISMATCH, "山东社保示例库")]
    assert step(wire("approver"), "approve", claim, 4) == ""
    assert answer(m.ANSWER_MATCH) == "claim-state"


# ---- lists ----

def test_C3_what_is_overdue_is_named(stack, wire, claimed):
    claim, _, _ = claimed()
    due = counted(stack, "review_days")
    shown = wire().call("claim.show", claim_id=claim).claim
    assert (shown.due_on, shown.overdue) == (due, False)
    stack.sql(f"UPDATE registry.claim SET due_on = '{day(-1)}' WHERE claim_id = '{claim.hex()}'")
    assert wire().call("claim.show", claim_id=claim).claim.overdue
    assert step(wire("reviewer"), "suspend", claim, 1) == ""
    [held] = [q for q in wire("reviewer").pages("claim.queue", "claim", state=m.CLAIM_SUSPENDED) if q.claim_id == claim]
    assert (held.due_on, held.overdue) == (due, False)  # the review of what is suspended has its days too
    said = refusal(wire("reviewer"), "claim.queue", state=m.CLAIM_PAID)
    assert (said.reason, said.fields) == ("state-not-waiting", ["state"])


def test_the_queue_is_by_due_day_and_in_pages(stack, wire, claimed):
    mine = [claimed()[0] for _ in range(5)]
    stack.sql(f"UPDATE registry.claim SET due_on = '{day(-3)}' WHERE claim_id = '{mine[2].hex()}'")
    reviewer = wire("reviewer")
    queue = list(reviewer.pages("claim.queue", "claim", state=m.CLAIM_SUBMITTED, page_rows=2))
    assert queue[0].claim_id == mine[2] and queue[0].overdue
    assert [q.due_on for q in queue] == sorted(q.due_on for q in queue)
    assert len({q.claim_id for q in queue}) == len(queue) and set(mine) <= {q.claim_id for q in queue}
    assert {q.claim_id for q in reviewer.pages("claim.queue", "claim", state=m.CLAIM_SUBMITTED, overdue=True)} == {mine[2]}
    assert not list(reviewer.pages("claim.queue", "claim", state=m.CLAIM_SUBMITTED, least_fen=10**9))
    newest = [x.claim_id for x in wire().pages("claim.list", "claim", page_rows=3)]
    assert newest[:5] == mine[::-1]
    assert not list(wire("institution2").pages("claim.list", "claim"))
    stack.sql(f"UPDATE registry.claim SET due_on = '{day(9)}' WHERE claim_id = '{mine[2].hex()}'")


# ---- the person ----

def test_D5_the_account_has_certificates_and_claims(wire, claimed):
    claim, certificate, row = claimed()
    shown = wire().call("person.show", key={"document": document(row)}).account
    [held], [asked] = shown.certificate, shown.claim
    assert "*" in held.certificate_number and held.certificate_number != certificate
    assert (held.kind, held.level, held.issued_on, held.state) == (c.KIND_TRAINING, 2, day(-20), c.CERTIFICATE_VALID)
    assert (asked.claim_id, asked.state, asked.amount_fen, asked.clawed_fen) == (claim, m.CLAIM_SUBMITTED, 170000, 0)
    clear = wire("reviewer").call("person.reveal", key={"document": document(row)}, reason={"purpose": 1, "case_reference": CASE}).account
    assert [x.certificate_number for x in clear.certificate] == [certificate] and [x.claim_id for x in clear.claim] == [claim]


def test_D5_who_has_claimed_is_kept(wire, claimed):
    claim, _, row = claimed()
    assert refusal(wire("approver"), "person.erase", key={"document": document(row)}, version=1, case_reference=CASE).reason == "has-claimed"
    assert step(wire(), "withdraw", claim, 1) == ""
    assert wire("approver").call("person.erase", key={"document": document(row)}, version=1, case_reference=CASE).version == 2
