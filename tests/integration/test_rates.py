# SPDX-License-Identifier: Apache-2.0
"""Whose standards pay for a claim (B9), what they are kept for and how they are paid (B10), and the limits that a city may set (B11), over
the wire. How a class is approved is test_filing.py's."""

import itertools
import json

import certificate_pb2 as certificate
import class_pb2
import pytest
import samples
import standard_pb2 as standard
from claims import CASE, OCCUPATION, certify, day, graduate, publicity_over, reasons, step, submit
from conftest import CLASS, allow_looks, make_stack, taken_down
from test_persons import document, enrol
from test_places import at_once

LEVELS = (1, 2, 3, 4, 5, 6)
TRAINING, ASSESSMENT = standard.SUBSIDY_TRAINING, standard.SUBSIDY_ASSESSMENT
OCCUPATIONS = ("4-10-01-06", "4-03-02-01")


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with taken_down(make_stack(tmp_path_factory.mktemp("r"))) as made:
        made.up()
        allow_looks(made)
        # every occupation and level of these tests is in the institution's scope
        made.sql("""INSERT INTO registry.organisation_scope (organisation_id, occupation_code, level, valid_from)
                    SELECT DISTINCT s.organisation_id, s.occupation_code, l, date '2020-01-01'
                      FROM registry.organisation_scope s, generate_series(1, 8) l ON CONFLICT DO NOTHING""")
        yield made


@pytest.fixture
def cleared(stack):
    """No standard is in force but the test's own, and no policy but the province's, and that money is kept elsewhere."""
    stack.sql("""ALTER TABLE registry.standard DISABLE TRIGGER standard_keep;
                 UPDATE registry.standard SET decision = 2 WHERE decision IS DISTINCT FROM 2;
                 ALTER TABLE registry.standard ENABLE TRIGGER standard_keep;
                 DELETE FROM registry.policy WHERE division <> '370000' AND name <> 'special_account'""")


@pytest.fixture
def pays(wire, cleared):
    """Puts standards in force: their ids, in the order of the rows."""
    count = itertools.count()

    def make(*rows):
        one, other = wire("approver"), wire("approver2")
        asked = [{"row": i + 1, "line": TRAINING, "valid_from": "2020-01-01", "citation": f"示例文{next(count)}"} | row for i, row in enumerate(rows)]
        assert one.call("standard.propose", row=asked).done == len(rows)
        ids = {s.citation: s.standard_id for s in one.pages("standard.list", "standard", pending=True)}
        for row in asked:  # one after the other: each ends the one before it
            assert other.call("standard.decide", decision=1, row=[{"row": 1, "proposal_id": ids[row["citation"]]}]).done == 1
        return [ids[row["citation"]] for row in asked]
    return make


def policy(stack, name, value, start="2020-01-01"):
    stack.sql(f"INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', '{name}', {value}, '{start}', '示例')")


@pytest.fixture
def graduates(stack, wire):
    """Opens a class, enrols and completes it, as if in this mode, approved on that day in this city, by a catalogue's row of this grade,
    keeping the standards in force then (not `filed`: as if it had been open when approval was brought in); its number and the
    roster's rows."""
    def make(n=1, group=None, level=2, occupation=OCCUPATION, rows=None, mode=1, approved=None, filed=True, grade=None, city="370100"):
        clerk = wire()
        number = clerk.call("class.open", **(CLASS | {"level": level, "occupation_code": occupation})).number
        rows = rows or [samples.trainee(i + 1, **({"trainee_group": group} if group else {})) for i in range(n)]
        assert set(enrol(clerk, number, *rows)) == {"enrolled"}
        graduate(stack, number)
        stack.sql(f"UPDATE registry.class SET mode = {mode} WHERE class_number = {number}")
        if approved:
            stack.sql(f"UPDATE registry.class SET filing = 2, approved_on = '{approved}' WHERE class_number = {number}")
        if approved and filed:
            stack.sql(f"""
                INSERT INTO registry.class_filing (class_number, filing, filed_by, request_id, due_on, answered_due, materials, assessment_plan, trainees, hours, days,
                    practice_hours, hours_least, practice_percent, catalogue_id, catalogue_row, institution_catalogue_id,
                    institution_catalogue_row, demand_grade, decision, decided_at, decided_by, decided_request)
                SELECT {number}, 1, gen_random_uuid(), gen_random_uuid(), '{approved}', '{approved}', '教材', '考核', 1, 40, 5, 16, 40, 40, gen_random_uuid(), 1,
                    gen_random_uuid(), 1, {grade or 'NULL'}, 2, now(), operator_id, gen_random_uuid()
                  FROM registry.operator JOIN registry.organisation USING (organisation_id) WHERE division = '{city}' LIMIT 1;
                INSERT INTO registry.class_standard (class_number, standard_id)
                SELECT {number}, s FROM helper.standards_that_pay('{city}', '{occupation}', {level}::int2, {mode}::int2,
                                                                  {grade or 'NULL'}::int2, '{approved}') s""")
        return number, rows
    return make


@pytest.fixture
def claimed(wire, graduates):
    """What a claim for a fresh graduate comes to: (the answer's story) or the reasons."""
    def make(issued_on=None, named=True, certificates=None, line=(), **options):
        clerk, (number, rows) = wire(), graduates(**options)
        numbers, said = certify(clerk, number if named else None, rows, level=options.get("level", 2), issued_on=issued_on,
                                occupation=options.get("occupation", OCCUPATION), **(certificates or {}))
        assert set(said) == {""}, said
        answer = submit(clerk, *numbers, **({"line": list(line)} if line else {}))
        if answer.refused:
            return reasons(answer)
        return clerk.call("claim.show", claim_id=answer.result[0].record_id)
    return make


def fen(story):
    return [a.amount_fen for a in story.amount]


# ---- B9 ----


def test_B9_the_class_s_approval_says_whose_standards_pay(stack, wire, pays, claimed):
    """A class approved under the first version and claimed under the fourth is paid by the first."""
    pays({"amount_fen": 10000}, {"amount_fen": 11000, "valid_from": day(-92)}, {"amount_fen": 12000, "valid_from": day(-60)},
         {"amount_fen": 13000, "valid_from": day(-10)})
    kept = claimed(approved=day(-95))
    assert fen(kept) == [10000]
    assert (kept.rating.rated_on, kept.rating.as_approved, kept.rating.mode, kept.rating.renewal) == (day(-95), True, class_pb2.MODE_OFFLINE, False)
    by_day = claimed(approved=day(-95), filed=False)  # open when approval was brought in
    assert fen(by_day) == [10000] and (by_day.rating.rated_on, by_day.rating.as_approved) == (day(-95), False)
    needed_none = claimed()
    assert fen(needed_none) == [11000] and needed_none.rating.rated_on == day(-90)  # its first day
    unnamed = claimed(named=False)
    assert fen(unnamed) == [12000] and unnamed.rating.rated_on == day(-20)  # its day of issue
    assert fen(claimed(approved=day(-95), named=False)) == [10000]  # the class it rests on was approved


@pytest.mark.parametrize("value, amount, on", [(1, 10000, -95), (2, 12000, -20), (3, 13000, 0)])
def test_B9_a_city_chooses_the_day(stack, pays, claimed, value, amount, on):
    pays({"amount_fen": 10000}, {"amount_fen": 12000, "valid_from": day(-60)}, {"amount_fen": 13000, "valid_from": day(-10)})
    policy(stack, "rate_day", value)
    story = claimed(approved=day(-95))
    assert fen(story) == [amount] and (story.rating.rated_on, story.rating.as_approved) == (day(on), value == 1)


def test_B9_what_was_not_in_force_at_the_approval_does_not_pay(wire, pays, graduates):
    pays({"amount_fen": 13000, "valid_from": day(-10)})
    clerk, (number, rows) = wire(), graduates(approved=day(-95))
    [result] = submit(clerk, *certify(clerk, number, rows)[0]).result
    [finding] = result.finding
    assert (finding.reason, finding.rule) == ("standard-missing", "B5")
    assert "rate_day" in finding.zh and "rate_day" in finding.en
    pays({"amount_fen": 99000, "valid_from": day(-120), "valid_to": day(-11)})  # nor what is put in force for that day afterwards
    assert reasons(submit(clerk, *certify(clerk, number, rows)[0])) == ["standard-missing"]


def test_B9_another_city_s_approval_keeps_none_of_this_city_s(pays, claimed):
    """A class that was approved in another city: of the city that pays, the standards in force on that day."""
    pays({"amount_fen": 10000}, {"amount_fen": 11000, "valid_from": day(-92)})
    story = claimed(approved=day(-95), city="370200")
    assert fen(story) == [10000] and (story.rating.rated_on, story.rating.as_approved) == (day(-95), False)


def test_B9_a_standard_that_was_kept_pays_although_another_took_its_days(stack, wire, pays, graduates):
    """What begins earlier than the approval, put in force after it, does not touch the class."""
    [first] = pays({"amount_fen": 10000})
    clerk, (number, rows) = wire(), graduates(2, approved=day(-95))
    pays({"amount_fen": 99000, "valid_from": day(-120)})
    certificates, _ = certify(clerk, number, rows)
    story = clerk.call("claim.show", claim_id=submit(clerk, certificates[0]).result[0].record_id)
    assert [(a.amount_fen, a.standard_id) for a in story.amount] == [(10000, first)]
    policy(stack, "rate_day", 3)
    again = clerk.call("claim.show", claim_id=submit(clerk, certificates[0]).result[0].record_id)
    assert fen(again) == [10000]  # claimed before: it keeps what it was given
    assert fen(clerk.call("claim.show", claim_id=submit(clerk, certificates[1]).result[0].record_id)) == [99000]


# ---- B10: keys ----


def test_B10_mode_and_grade_of_demand(pays, claimed):
    """Blended training at 70 percent, what is short at 130: the fraction of a fen is left out."""
    pays({"amount_fen": 150001}, {"amount_fen": 150001, "percent": 70, "mode": class_pb2.MODE_BLENDED},
         {"amount_fen": 99999, "percent": 130, "demand_grade": 1},
         {"amount_fen": 80000, "mode": class_pb2.MODE_BLENDED, "demand_grade": 1})
    assert fen(claimed(mode=1)) == [150001]
    blended = claimed(mode=3)
    assert fen(blended) == [105000] and blended.rating.mode == class_pb2.MODE_BLENDED  # 105000.7
    assert [(a.rate_fen, a.percent, a.HasField("cap_fen"), a.HasField("days"), a.HasField("hours")) for a in blended.amount] == [
        (150001, 70, False, False, False)]
    short = claimed(approved=day(-95), grade=1)
    assert fen(short) == [129998] and short.rating.demand_grade == 1  # 129998.7
    assert fen(claimed(approved=day(-95), grade=2)) == [150001]
    assert fen(claimed(approved=day(-95), mode=3, grade=1)) == [80000]


def test_B10_a_standard_of_another_mode_is_none(pays, claimed):
    pays({"amount_fen": 100, "mode": class_pb2.MODE_ONLINE})
    assert claimed(mode=1) == ["standard-missing"]
    assert fen(claimed(mode=2)) == [100]


def test_B10_first_or_renewal(wire, pays, claimed, graduates):
    """Eight hundred for a first certificate, three hundred for a renewal; an earlier one makes it a renewal, whatever is said."""
    pays({"amount_fen": 80000, "renewal": False}, {"amount_fen": 30000, "renewal": True})
    assert fen(claimed()) == [80000]
    clerk, (number, rows) = wire(), graduates(3)
    row = {"row": 1, "certificate_number": "HB-1", "kind": certificate.KIND_TRAINING, "issued_on": day(-20), "occupation_code": OCCUPATION,
           "level": 2, "seat": 1, "renewal": True}
    assert clerk.call("certificate.import", class_number=number, row=[row]).done == 1
    assert clerk.call("certificate.import", class_number=number, row=[row]).unchanged == 1
    assert reasons(clerk.call("certificate.import", class_number=number, row=[row | {"renewal": False}])) == ["certificate-exists"]
    assert [(c.certificate_number, c.renewal) for c in clerk.pages("certificate.list", "certificate", class_number=number)] == [("HB-1", True)]
    said = clerk.call("claim.show", claim_id=submit(clerk, "HB-1").result[0].record_id)
    assert fen(said) == [30000] and said.rating.renewal
    earlier, _ = certify(clerk, number, rows[1:], issued_on=day(-25))
    later, _ = certify(clerk, number, rows[1:], issued_on=day(-20))
    unsaid = clerk.call("claim.show", claim_id=submit(clerk, later[0]).result[0].record_id)
    assert fen(unsaid) == [30000] and unsaid.rating.renewal
    assert clerk.call("certificate.revoke", certificate_number=earlier[1], reason=CASE, effective_on=day(-1)).version == 2
    assert fen(clerk.call("claim.show", claim_id=submit(clerk, later[1]).result[0].record_id)) == [30000]  # it was valid when the later one was issued


def test_B10_an_earlier_certificate_that_is_registered_after_the_claim(stack, wire, pays, graduates):
    """The claim for the later one, as for a first, is not approved; claimed anew, it is paid as a renewal."""
    pays({"amount_fen": 80000}, {"amount_fen": 30000, "renewal": True})
    clerk, reviewer, (number, rows) = wire(), wire("reviewer"), graduates()
    later, _ = certify(clerk, number, rows, issued_on=day(-20))
    [claim] = submit(clerk, *later).result
    assert claim.amount_fen == 80000
    certify(clerk, None, rows, issued_on=day(-300))
    assert [step(reviewer, a, claim.record_id, n + 1) for n, a in enumerate(("accept", "review", "publicise"))] == [""] * 3
    publicity_over(stack, claim.record_id)
    assert step(wire("approver"), "approve", claim.record_id, 4) == "renewal-found"
    [obstacle] = reviewer.call("claim.show", claim_id=claim.record_id).obstacle
    assert (obstacle.reason, obstacle.rule) == ("renewal-found", "B10")
    assert "撤回" in obstacle.zh and "withdraw" in obstacle.en
    assert step(clerk, "withdraw", claim.record_id, 4) == ""
    assert [r.amount_fen for r in submit(clerk, *later).result] == [30000]


def test_B10_a_certificate_is_amended_to_a_renewal_before_it_is_claimed(wire, pays, graduates):
    pays({"amount_fen": 80000, "renewal": False}, {"amount_fen": 30000, "renewal": True})
    clerk, (number, rows) = wire(), graduates()
    [mine], _ = certify(clerk, number, rows)
    says = {"certificate_number": mine, "kind": certificate.KIND_TRAINING, "issued_on": day(-20), "occupation_code": OCCUPATION, "level": 2, "reason": CASE}
    assert clerk.call("certificate.amend", version=1, **says).version == 1  # a first one, as before
    assert clerk.call("certificate.amend", version=1, renewal=True, **says).version == 2
    assert fen(clerk.call("claim.show", claim_id=submit(clerk, mine).result[0].record_id)) == [30000]


def test_B10_on_the_command_line(stack, wire, pays, graduates, tmp_path):
    """A file says first or renewal; an amendment does; a claim tells whose standards paid, and how, in both languages."""
    pays({"amount_fen": 80000, "renewal": False}, {"amount_fen": 30001, "renewal": True, "percent": 50, "cap_fen": 20000})
    number, rows = graduates(4)
    path = tmp_path / "证书.csv"
    path.write_text("证件号码,证书编号,证书类别,发证日期,首次或复审\n" + "".join(
        f"{row['document_number']},CL-{number}-{i},培训合格证书,{day(-20)},{said}\n" for i, (row, said) in enumerate(zip(rows, ("首次", "换证", "", "也许"), strict=True))))

    def run(profile, *words, zh=False, **options):
        return stack.cli(profile, *words, env=stack.environment(LC_ALL="zh_CN.UTF-8" if zh else "C.UTF-8"), **options)

    done = run("institution", "certificate", "import", path, "--class", number)
    assert done.returncode == 1 and "write first or renewal" in done.stdout
    assert "应填首次或复审" in run("institution", "certificate", "import", path, "--class", number, zh=True).stdout
    listed = [json.loads(line) for line in run("institution", "--json", "certificate", "list", "--class", number).stdout.splitlines()]
    assert sorted((c["certificate_number"][-1], c["renewal"]) for c in listed) == [("0", "first"), ("1", "renewal"), ("2", "first")]
    amended = run("institution", "certificate", "amend", "--kind", "training", "--issued-on", day(-20), "--occupation", OCCUPATION, "--level", "junior",
                  "--renewal", "--version", "1", "--reason", CASE, input=f"CL-{number}-2\n")
    assert amended.returncode == 0, amended.stderr
    claims = [r.record_id.hex() for r in submit(wire(), *(f"CL-{number}-{i}" for i in range(3))).result]
    first, *renewed = [run("institution", "claim", "show", c).stdout for c in claims]
    assert "800.00" in first and "how the standards were chosen" in first and "those in force on the day" in first
    for story in renewed:
        assert "150.00" in story and "renewal" in story and "200.00" in story and "50" in story
    assert "标准的确定" in run("institution", "claim", "show", claims[1], zh=True).stdout and "复审" in run("institution", "claim", "show", claims[1], zh=True).stdout


# ---- B10: what it is paid for ----


def attend(stack, number, hours, days):
    """As if each trainee had attended lessons of so many class hours on each of so many days."""
    stack.sql(f"""INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed,
                                               teacher_commitment, request_id)
                  SELECT {number}, n, date '{day(-80)}' + n, tsrange(date '{day(-80)}' + n + time '08:00', date '{day(-80)}' + n + time '17:00'),
                         {hours}, '一教室', gen_random_uuid(), sha256(n::text::bytea || '{number}'), '', sha256('x'), gen_random_uuid()
                    FROM generate_series(1, {days}) n;
                  INSERT INTO registry.attendance SELECT {number}, person_id, n, CASE WHEN n % 3 = 1 THEN 1 WHEN n % 3 = 2 THEN 3 ELSE 4 END
                    FROM registry.enrolment, generate_series(1, {days}) n WHERE class_number = {number}""")


@pytest.mark.parametrize("days, hours, amount", [(5, 40, 40000), (7, 56, 56000), (8, 64, 60000)])
def test_B10_by_class_hour_up_to_a_cap(stack, wire, pays, graduates, days, hours, amount):
    """Ten yuan a class hour, six hundred at most."""
    pays({"amount_fen": 1000, "basis": standard.BASIS_CLASS_HOUR, "cap_fen": 60000})
    clerk, (number, rows) = wire(), graduates()
    attend(stack, number, 8, days)
    answer = submit(clerk, *certify(clerk, number, rows)[0])
    [said] = clerk.call("claim.show", claim_id=answer.result[0].record_id).amount
    assert (said.amount_fen, said.hours, said.rate_fen, said.cap_fen, said.percent, said.HasField("days")) == (amount, hours, 1000, 60000, 100, False)
    assert answer.result[0].amount_fen == amount


def test_B10_by_attended_day(stack, wire, pays, graduates):
    pays({"amount_fen": 3333, "basis": standard.BASIS_DAY, "percent": 90})
    clerk, (number, rows) = wire(), graduates()
    attend(stack, number, 8, 5)
    [said] = clerk.call("claim.show", claim_id=submit(clerk, *certify(clerk, number, rows)[0]).result[0].record_id).amount
    assert (said.amount_fen, said.days) == (14998, 5)  # 14998.5, of all days


def test_B10_nothing_was_attended(wire, pays, claimed):
    pays({"amount_fen": 1000, "basis": standard.BASIS_CLASS_HOUR}, {"line": ASSESSMENT, "amount_fen": 20000})
    assert claimed() == ["attended-less"]
    assert claimed(line=[TRAINING]) == ["attended-less"]
    assert fen(claimed(line=[ASSESSMENT])) == [20000]


def test_B10_a_paid_claim_whose_attendance_is_corrected_away(stack, wire, pays, graduates):
    """It stays paid, and is shown to be clawed back, as far as it was not."""
    pays({"amount_fen": 1000, "basis": standard.BASIS_CLASS_HOUR})
    clerk, reviewer, approver, (number, rows) = wire(), wire("reviewer"), wire("approver"), graduates()
    attend(stack, number, 8, 1)
    claim = submit(clerk, *certify(clerk, number, rows)[0]).result[0].record_id
    assert [step(reviewer, a, claim, n + 1) for n, a in enumerate(("accept", "review", "publicise"))] == [""] * 3
    publicity_over(stack, claim)
    assert [step(approver, "approve", claim, 4), step(wire("payer"), "pay", claim, 5)] == ["", ""]
    assert len(reviewer.call("claim.show", claim_id=claim).obstacle) == 0
    assert reviewer.call("attendance.import", class_number=number, reason=CASE, row=[{"row": 1, "seat": 1, "lesson": 1, "state": 5}]).done == 1
    paid = reviewer.call("claim.show", claim_id=claim)
    assert (paid.claim.state, [f.reason for f in paid.obstacle]) == (7, ["attended-less"])
    assert step(wire("approver2"), "claw-back", claim, 6) == ""
    assert len(reviewer.call("claim.show", claim_id=claim).obstacle) == 0


def test_B10_two_classes_at_once_are_paid_once(stack, wire, pays, graduates):
    """A trainee is present in two classes on the same two days; the second class has a third day."""
    pays({"amount_fen": 1000, "basis": standard.BASIS_CLASS_HOUR})
    clerk, (number, rows) = wire(), graduates()
    other, _ = graduates(occupation=OCCUPATIONS[1], rows=rows)
    attend(stack, number, 8, 2)
    attend(stack, other, 8, 3)
    one, _ = certify(clerk, number, rows)
    two, _ = certify(clerk, other, rows, occupation=OCCUPATIONS[1])
    assert [r.amount_fen for r in submit(clerk, *one, *two, dry_run=True).result] == [16000, 8000]
    first = submit(clerk, *one)
    assert [r.amount_fen for r in (*first.result, *submit(clerk, *two).result)] == [16000, 8000]
    assert step(clerk, "withdraw", first.result[0].record_id, 1) == ""
    assert reasons(submit(clerk, *one)) == ["attended-less"]


def test_B10_a_correction_of_attendance_suspends_the_claim(stack, wire, pays, graduates):
    pays({"amount_fen": 1000, "basis": standard.BASIS_CLASS_HOUR})
    clerk, reviewer, (number, rows) = wire(), wire("reviewer"), graduates(2)
    attend(stack, number, 8, 5)
    stack.sql(f"""UPDATE registry.class SET hours = 40 WHERE class_number = {number};
                  INSERT INTO registry.mark (class_number, person_id, theory, practice)
                  SELECT class_number, person_id, 900, 900 FROM registry.enrolment WHERE class_number = {number}""")
    claims = [r.record_id for r in submit(clerk, *certify(clerk, number, rows)[0]).result]
    corrected = reviewer.call("attendance.import", class_number=number, reason=CASE, row=[{"row": 1, "seat": 1, "lesson": 5, "state": 5}])
    assert corrected.done == 1
    one, other = (reviewer.call("claim.show", claim_id=c) for c in claims)
    assert (one.claim.state, [f.reason for f in one.obstacle]) == (10, ["attended-less"])
    assert (other.claim.state, len(other.obstacle)) == (1, 0)
    assert "出勤" in one.obstacle[0].zh and "attended" in one.obstacle[0].en and one.obstacle[0].rule == "B10"


# ---- B11 ----


@pytest.fixture
def trainee(wire, graduates):
    """One person's certificates of several occupations and levels, in their order."""
    def make(kinds, group=None, row=None):
        row = row or samples.trainee(1, **({"trainee_group": group} if group else {}))
        numbers = []
        for occupation, level in kinds:
            number, rows = graduates(occupation=occupation, level=level, rows=[row])
            numbers += certify(wire(), number, rows, level=level, occupation=occupation)[0]
        return row, numbers
    return make


KINDS = [(o, level) for level in (2, 3) for o in OCCUPATIONS]


def test_B11_no_limit_is_set_by_default(wire, pays, trainee):
    pays({"amount_fen": 1000})
    _, numbers = trainee([(OCCUPATION, 4), (OCCUPATION, 3), (OCCUPATION, 2)], "在校大学生")
    assert [reasons(submit(wire(), n)) for n in numbers] == [[""]] * 3


@pytest.mark.parametrize("group, most", [("在校大学生", 1), ("失业人员", 2)])
def test_B11_a_year_s_cap_by_group(stack, wire, pays, trainee, group, most):
    pays({"amount_fen": 1000})
    policy(stack, "year_cap_students", 1)
    policy(stack, "year_cap_others", 2)
    _, numbers = trainee(KINDS[:3], group)
    clerk = wire()
    dry = submit(clerk, *numbers, dry_run=True)  # of one request: those before count
    assert reasons(dry) == [""] * most + ["year-cap"] * (3 - most)
    said = [submit(clerk, n).result[0] for n in numbers[:most + 1]]
    assert [r.HasField("record_id") for r in said] == [True] * most + [False]
    [finding] = said[-1].finding
    assert (finding.reason, finding.rule) == ("year-cap", "B11") and "年度" in finding.zh and "this year" in finding.en
    assert clerk.call("claim.withdraw", row=[{"row": 1, "claim_id": said[0].record_id, "version": 1}], reason=CASE).done == 1
    assert reasons(submit(clerk, numbers[most])) == [""]  # its place is free again


def test_B11_a_life_s_cap(stack, wire, pays, trainee):
    pays({"amount_fen": 1000})
    policy(stack, "life_cap", 2)
    row, numbers = trainee(KINDS[:3])
    clerk = wire()
    claims = [submit(clerk, n).result[0].record_id for n in numbers[:2]]
    stack.sql(f"UPDATE registry.claim_place SET year = year - 1 WHERE claim_id = '{claims[0].hex()}'")
    [finding] = submit(clerk, numbers[2]).result[0].finding
    assert (finding.reason, finding.rule) == ("life-cap", "B11") and "终身" in finding.zh and "all years" in finding.en


def test_B11_no_lower_level_after_a_higher_one(stack, wire, pays, trainee):
    pays({"amount_fen": 1000})
    policy(stack, "no_lower_after_higher", 1)
    clerk = wire()
    _, [high, low, other] = trainee([(OCCUPATION, 4), (OCCUPATION, 3), (OCCUPATIONS[1], 2)])
    assert reasons(submit(clerk, high, low, other, dry_run=True)) == ["", "lower-after-higher", ""]
    assert reasons(submit(clerk, low, high, dry_run=True)) == ["", ""]  # upwards one may go
    assert reasons(submit(clerk, high)) == [""]
    [finding] = submit(clerk, low).result[0].finding
    assert (finding.reason, finding.rule) == ("lower-after-higher", "B11") and "更高等级" in finding.zh and "higher level" in finding.en
    assert reasons(submit(clerk, other)) == [""]


def test_B11_a_lower_level_claimed_before_a_higher_one_is_approved(stack, wire, pays, graduates):
    """Of one request, whatever the claims' ids; and of two, whichever began first."""
    pays({"amount_fen": 1000})
    policy(stack, "no_lower_after_higher", 1)
    clerk, reviewer = wire(), wire("reviewer")
    rows = graduates(5, level=5)[1]
    low, high = (certify(clerk, graduates(level=level, rows=rows)[0], rows, level=level)[0] for level in (3, 4))
    said = submit(clerk, *low[:4], *high[:4]), submit(clerk, low[4]), submit(clerk, high[4])
    assert [reasons(answer) for answer in said] == [[""] * 8, [""], [""]]
    claims = [r.record_id for answer in said for r in answer.result]
    stack.sql(f"UPDATE registry.claim SET submitted_at = submitted_at - interval '1 minute' WHERE claim_id = '{claims[9].hex()}'")  # as if it had waited
    assert [[f.reason for f in clerk.call("claim.show", claim_id=c).obstacle] for c in claims] == [[]] * 10
    for claim in claims[0], claims[8]:
        assert [step(reviewer, action, claim, i + 1) for i, action in enumerate(("accept", "review", "publicise"))] == ["", "", ""]
        publicity_over(stack, claim)
        assert step(wire("approver"), "approve", claim, 4) == ""


@pytest.mark.parametrize("start", [day(1), "2020-01-01"])
def test_B11_what_was_claimed_before_the_limits_is_kept(stack, wire, pays, trainee, start):
    """Limits from tomorrow, and from a day that has passed."""
    pays({"amount_fen": 1000})
    clerk = wire()
    _, numbers = trainee([(OCCUPATION, 4), (OCCUPATION, 3)])
    claims = [r.record_id for r in submit(clerk, *numbers).result]
    for name in ("year_cap_others", "life_cap", "no_lower_after_higher"):
        policy(stack, name, 1, start)
    assert [list(clerk.call("claim.show", claim_id=c).obstacle) for c in claims] == [[], []]


def test_B11_at_the_same_instant(stack, wire, pays, trainee):
    """One of several certificates of one person, each submitted by a connection of its own."""
    pays({"amount_fen": 1000})
    policy(stack, "year_cap_others", 1)
    for _ in range(3):
        _, numbers = trainee(KINDS)
        clerks = [wire() for _ in numbers]
        said = at_once(**{str(i): lambda i=i: reasons(submit(clerks[i], numbers[i]))[0] for i in range(len(numbers))})
        assert sorted(said.values()) == ["", "year-cap", "year-cap", "year-cap"]


@pytest.mark.parametrize("name, reason", [("year_cap_others", "year-cap"), ("life_cap", "life-cap")])
def test_B11_a_merge_suspends_what_came_later(stack, wire, pays, trainee, name, reason):
    """Two records of one human have claimed: the earlier claim is paid, the later is looked into."""
    pays({"amount_fen": 1000})
    policy(stack, name, 1)
    clerk, reviewer = wire(), wire("reviewer")
    (kept, [first]), (gone, [second]) = trainee(KINDS[:1]), trainee(KINDS[1:2])
    claims = [submit(clerk, n).result[0].record_id for n in (first, second)]
    assert reviewer.call("person.merge", kept=document(kept), gone=document(gone), case_reference=CASE).version == 2
    one, other = (clerk.call("claim.show", claim_id=c) for c in claims)
    assert (one.claim.state, len(one.obstacle)) == (1, 0)
    assert (other.claim.state, [f.reason for f in other.obstacle]) == (10, [reason])
    assert step(wire("approver"), "reject", claims[1], other.claim.version) == ""


def test_B11_a_merge_of_a_lower_level_after_a_higher_one(stack, wire, pays, trainee):
    pays({"amount_fen": 1000})
    policy(stack, "no_lower_after_higher", 1)
    clerk, reviewer = wire(), wire("reviewer")
    (kept, [high]), (gone, [low]) = trainee([(OCCUPATION, 4)]), trainee([(OCCUPATION, 3)])
    claims = [submit(clerk, n).result[0].record_id for n in (high, low)]
    assert reviewer.call("person.merge", kept=document(kept), gone=document(gone), case_reference=CASE).version == 2
    assert [(s.claim.state, [f.reason for f in s.obstacle]) for s in (clerk.call("claim.show", claim_id=c) for c in claims)] == [
        (1, []), (10, ["lower-after-higher"])]


@pytest.mark.parametrize("fraud", [False, True])
def test_B11_paid_clawed_back_and_erased_counts_as_a_place_does(stack, wire, pays, trainee, fraud):
    """What was clawed back for error is free again; what was for fraud counts, also for who comes again after an erasure."""
    pays({"amount_fen": 1000})
    policy(stack, "life_cap", 1)
    clerk, reviewer = wire(), wire("reviewer")
    row, [number] = trainee(KINDS[:1])
    claim = submit(clerk, number).result[0].record_id
    assert [step(reviewer, action, claim, i + 1) for i, action in enumerate(("accept", "review", "publicise"))] == ["", "", ""]
    publicity_over(stack, claim)
    assert step(wire("approver"), "approve", claim, 4) == "" and step(wire("payer"), "pay", claim, 5) == ""
    assert step(wire("approver2"), "claw-back", claim, 6, fraud=fraud) == ""
    assert wire("approver").call("person.erase", key={"document": document(row)}, version=1, case_reference=CASE).version == 2
    _, [again] = trainee(KINDS[1:2], row=row | {"row": 1})
    assert reasons(submit(clerk, again)) == (["life-cap"] if fraud else [""])
