# SPDX-License-Identifier: Apache-2.0
"""A class is filed by its institution and approved by the bureau of its place before it starts: G0, G3, G10, G11."""

import json
import os
import threading

import filing
import people
import pytest
import samples
from claims import certify, day, decide_calendar, graduate, submit
from conftest import CLASS, allow_looks, make_stack, taken_down
from postgres import Session
from test_requests import refusal
from waiting import until
from wire import Refused

FILED, APPROVED, RETURNED = 1, 2, 3
STATED = {"materials": "《家政服务员（初级）》", "assessment_plan": "理论笔试，实操一对一"}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Qingdao, where what the province says of approval holds, with its bureau and catalogues."""
    with taken_down(make_stack(tmp_path_factory.mktemp("f"))) as stack:
        stack.up()
        allow_looks(stack)
        filing.add_bureau(stack)
        stack.catalogues = filing.publish_both(stack, until=day(60))
        yield stack


@pytest.fixture
def at(city):
    """Connections of the city's people: at("approver3")."""
    made = []

    def connect(profile):
        made.append(filing.open_wire(city, profile))
        return made[-1]

    yield connect
    for one in made:
        one.close()


@pytest.fixture
def clerk(at):
    return at("institution2")


@pytest.fixture
def planned(clerk):
    """Opens a class from ten days on, with trainees and lessons of (day, class hours, practice, minutes); its number."""

    def plan(lessons=((0, 8, False, 360), (1, 8, True, 360)), trainees=1, **changes):
        opened = CLASS | {"starts_on": day(10), "ends_on": day(40), "occupation_code": filing.OCCUPATION, "level": filing.LEVEL} | changes
        number = clerk.call("class.open", **opened).number
        if trainees:
            clerk.call("roster.import", class_number=number, row=samples.trainees(trainees))
        if lessons:
            filing.plan(clerk, number, opened, lessons)
        return number

    return plan


def shown(connection, number):
    return connection.call("class.show", number=number)


def version(connection, number):
    return getattr(shown(connection, number), "class").version


def file(clerk, number, **options):
    return clerk.call("class.file", number=number, version=version(clerk, number), **STATED, **options)


def decide(connection, verb, *numbers, **options):
    rows = [{"row": i + 1, "number": n, "version": version(connection, n)} for i, n in enumerate(numbers)]
    return connection.call("class." + verb, row=rows, **options)


def found(answer):
    return [(r.verdict, [(f.reason, f.rule, f.field) for f in r.finding]) for r in answer.result]


def assert_told(finding, reason, rule):
    """In both languages, by its rule, with what to do."""
    assert (finding.reason, finding.rule) == (reason, rule)
    assert any("\u4e00" <= c <= "\u9fff" for c in finding.zh) and finding.en.isascii()


def test_a_class_is_filed_approved_and_starts(city, at, clerk, planned):
    """G0: the bureau sees it by the day on which it is due; G10: what was checked is kept."""
    number = planned(trainees=2)
    assert refusal(clerk, "class.start", number=number, version=1).reason == "class-not-approved"
    answer = file(clerk, number)
    approver = at("approver3")
    [waiting] = [c for c in approver.pages("class.queue", "class", page_rows=1) if c.number == number]
    assert (waiting.filing, waiting.due_on, waiting.overdue, waiting.version) == (FILED, answer.due_on, False, answer.version)
    assert number in [c.number for c in at("reviewer3").pages("class.queue", "class")]
    assert number not in [c.number for c in at("reviewer").pages("class.queue", "class")]
    assert found(decide(approver, "approve", number)) == [(1, [])]
    told = shown(clerk, number)
    assert (getattr(told, "class").filing, getattr(told, "class").approved_on, len(told.obstacle)) == (APPROVED, day(), 0)
    [kept] = told.filing
    general, institutions = city.catalogues
    assert (kept.catalogue_id, kept.institution_catalogue_id, kept.hours_least, kept.practice_percent) == (general, institutions, 16, 50)
    assert (kept.trainees, kept.hours, kept.practice_hours, kept.decision, kept.materials) == (2, 16, 8, APPROVED, STATED["materials"])
    assert "*" in kept.filed_by and "*" in kept.decided_by  # masked (D2)
    assert number not in [c.number for c in approver.pages("class.queue", "class")]
    assert refusal(clerk, "class.start", number=number, version=3).reason == "too-early"
    city.sql(f"UPDATE registry.class SET starts_on = '{day()}' WHERE class_number = {number}")
    [*_, last] = clerk.pages("lesson.list", "lesson", class_number=number)
    clerk.call("lesson.remove", class_number=number, lesson=last.lesson)
    [obstacle] = shown(clerk, number).obstacle  # what it was approved with is gone
    assert obstacle.reason == "hours-short" and refusal(clerk, "class.start", number=number, version=3).reason == "hours-short"
    [row] = clerk.call("lesson.add", class_number=number, row=[{
        "row": 1, "held_on": last.held_on, "starts_minute": last.starts_minute, "ends_minute": last.ends_minute, "hours": last.hours, "place": last.place,
        "practice": last.practice, "teacher_name": "沈教师", "teacher_document_number": people.resident(2000 + number % 100000)}]).result
    assert not row.finding
    assert clerk.call("class.start", number=number, version=3).version == 4
    assert found(decide(approver, "return", number, reason="示例")) == [(3, [("class-state", "", "number")])]


def test_B9_a_class_approved_under_the_first_version_is_paid_by_it(city, at, clerk, planned):
    """Two versions later; and one of a grade of demand that the catalogue's row does not have is not kept (B10)."""

    def version_of(n, fen, start, grade="NULL"):
        city.sql(f"""INSERT INTO registry.standard (standard_id, division, line, demand_grade, amount_fen, valid_from, citation, proposed_by, decision,
                                                    decided_by, decided_at, request_id)
                     VALUES ('{n:032x}', '370200', 1, {grade}, {fen}, '{start}', '示例文', gen_random_uuid(), 1, gen_random_uuid(), now(), gen_random_uuid())""")

    def supersede(n, by, last):
        city.sql(f"UPDATE registry.standard SET valid_to = '{last}', superseded_by = '{by:032x}' WHERE standard_id = '{n:032x}'")

    version_of(901, 120000, "2020-01-01")
    version_of(904, 999999, "2020-01-01", grade=3)
    number = planned(trainees=0)
    row = samples.trainee(1)
    clerk.call("roster.import", class_number=number, row=[row])
    file(clerk, number)
    assert found(decide(at("approver3"), "approve", number)) == [(1, [])]
    [paying] = shown(clerk, number).standard
    assert (paying.standard_id.hex(), paying.amount_fen, paying.basis, paying.percent) == (f"{901:032x}", 120000, 1, 100)
    assert not (paying.HasField("cap_fen") or paying.HasField("renewal"))
    supersede(901, 902, day(-41))  # the second begins before the approval, and is put in force after it
    version_of(902, 70000, day(-40))
    supersede(902, 903, day(-1))
    version_of(903, 50000, day())
    graduate(city, number)
    [certificate], said = certify(clerk, number, [row], level=filing.LEVEL, occupation=filing.OCCUPATION)
    assert said == [""]
    [claim] = submit(clerk, certificate).result
    story = clerk.call("claim.show", claim_id=claim.record_id)
    assert [(x.amount_fen, x.standard_id.hex()) for x in story.amount] == [(120000, f"{901:032x}")]
    assert (story.rating.rated_on, story.rating.as_approved) == (day(), True)


@pytest.mark.parametrize("reason, rule, changes", [
    ("trainees-missing", "G0", {"trainees": 0}),
    ("plan-missing", "G0", {"lessons": ()}),
    ("filed-late", "G0", {"starts_on": day(6)}),
    ("catalogue-missing", "G10", {"occupation_code": filing.UNLISTED}),
    ("catalogue-mode", "G10", {"mode": 2}),
    ("institution-unlisted", "G10", {"ends_on": day(61)}),
    ("hours-short", "G11", {"lessons": ((0, 7, False, 315), (1, 8, True, 360))}),
    ("practice-short", "G10", {"lessons": ((0, 8, False, 360), (1, 7, True, 315), (2, 1, False, 45))}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_stands_in_the_way(clerk, planned, reason, rule, changes):
    """G0, G10, G11: it is told before, and refuses the filing, in both languages."""
    number = planned(**changes)
    [obstacle] = shown(clerk, number).obstacle
    assert_told(obstacle, reason, rule)
    with pytest.raises(Refused) as refused:
        file(clerk, number)
    assert refused.value.reason == reason
    assert not shown(clerk, number).filing


def test_it_is_checked_once_more_when_it_is_approved(city, at, clerk, planned):
    """G3: a scope that was ended meanwhile; the others with it, in one answer (C4)."""
    one, other = planned(occupation_code=filing.OCCUPATION), planned(occupation_code=filing.OCCUPATION, ends_on=day(39))
    file(clerk, one), file(clerk, other)
    scope = f"UPDATE registry.organisation_scope SET valid_to = %s WHERE occupation_code = '{filing.OCCUPATION}' AND level = {filing.LEVEL}"
    city.sql(scope % f"'{day(39)}'")
    try:
        answer = decide(at("approver3"), "approve", one, other)
        assert [r.verdict for r in answer.result] == [3, 1]
        assert_told(answer.result[0].finding[0], "scope-short", "G3")
        assert [o.reason for o in shown(at("approver3"), one).obstacle] == ["scope-short"]
    finally:
        city.sql(scope % "NULL")


def test_an_approved_class_keeps_within_what_was_approved(at, clerk, planned):
    """G11: its lessons may be replaced, and no day has more class hours than it may, no class hour less than 45 minutes;
    what is paid by hours and by days is what was approved (B6, B10)."""
    number = planned(lessons=((0, 8, False, 360), (1, 8, True, 360), (2, 4, True, 180)))
    row = filing.lesson_rows(number, day(10), ((1, 1, True, 45), (4, 4, True, 179), (3, 3, True, 135), (4, 1, True, 45), (3, 2, True, 90)))
    for late in (row[0], row[4]):
        late |= {"starts_minute": 900, "ends_minute": 900 + 45 * late["hours"]}
    answer = clerk.call("lesson.add", class_number=number, row=row[:2])  # as of any class, filed or not
    assert [f.reason for r in answer.result for f in r.finding] == ["day-hours", "lesson-short"]
    file(clerk, number)
    assert refusal(clerk, "lesson.add", class_number=number, row=row).reason == "class-filed"
    assert found(decide(at("approver3"), "approve", number)) == [(1, [])]
    clerk.call("lesson.remove", class_number=number, lesson=3)
    answer = clerk.call("lesson.add", class_number=number, row=row)
    assert [(r.verdict, [f.reason for f in r.finding]) for r in answer.result] == [
        (3, ["day-hours"]), (3, ["lesson-short"]), (1, []), (3, ["plan-exceeded"]), (3, ["plan-exceeded"])]
    for n, reason, rule in ((0, "day-hours", "G11"), (1, "lesson-short", "G11"), (3, "plan-exceeded", "G0"), (4, "plan-exceeded", "G0")):
        assert_told(answer.result[n].finding[0], reason, rule)


def test_a_lesson_that_is_put_in_after_approval_is_at_a_teaching_site_of_the_catalogue(city, at, clerk, planned):
    """G10: of the catalogue by which the class was approved."""
    number = planned(lessons=((0, 8, False, 360), (1, 8, True, 360)))
    file(clerk, number)
    assert found(decide(at("approver3"), "approve", number)) == [(1, [])]
    clerk.call("lesson.remove", class_number=number, lesson=2)
    row = filing.lesson_rows(number, day(10), ((1, 8, True, 360),))
    was = city.sql("SELECT count(*) FROM registry.catalogue_institution WHERE site IS NOT NULL")
    assert was == "0"
    city.sql("SET session_replication_role = replica; UPDATE registry.catalogue_institution SET site = '另一校区（示例）'")
    try:
        answer = clerk.call("lesson.add", class_number=number, row=row)
        assert [(f.reason, f.field) for r in answer.result for f in r.finding] == [("site-elsewhere", "place")]
    finally:
        city.sql("SET session_replication_role = replica; UPDATE registry.catalogue_institution SET site = NULL")
    assert not [f for r in clerk.call("lesson.add", class_number=number, row=row).result for f in r.finding]


def test_a_filed_class_is_frozen(at, clerk, planned):
    """G0: only its roster may grow; a returned one is mended and filed again."""
    number = planned()
    file(clerk, number)
    lessons = clerk.call("lesson.list", class_number=number).lesson
    assert refusal(clerk, "class.amend", number=number, version=2, title="新名").reason == "class-filed"
    assert refusal(clerk, "lesson.remove", class_number=number, lesson=lessons[0].lesson).reason == "class-filed"
    assert refusal(clerk, "roster.remove", class_number=number, seat=1, reason="示例").reason == "class-filed"
    assert refusal(clerk, "class.start", number=number, version=2).reason == "class-filed"
    with pytest.raises(Refused) as refused:
        file(clerk, number)
    assert refused.value.reason == "class-filed"
    clerk.call("roster.import", class_number=number, row=samples.trainees(1))
    assert getattr(shown(clerk, number), "class").enrolled == 2
    reviewer = at("reviewer3")
    assert found(decide(reviewer, "return", number)) == [(3, [("reason-needed", "", "reason")])]
    assert found(decide(reviewer, "return", number, reason="教材版本过旧")) == [(1, [])]
    assert shown(clerk, number).filing[0].reason == "教材版本过旧"
    assert clerk.call("class.amend", number=number, version=3, ends_on=day(41)).version == 4
    file(clerk, number)
    assert found(decide(at("approver3"), "approve", number)) == [(1, [])]
    assert refusal(clerk, "class.amend", number=number, version=6, ends_on=day(42)).reason == "class-approved"
    assert found(decide(reviewer, "return", number, reason="停电")) == [(1, [])]
    assert [(f.decision, f.withdrawn_reason) for f in shown(clerk, number).filing] == [(RETURNED, ""), (APPROVED, "停电")]


@pytest.mark.parametrize("field, text, reason", [
    ("materials", "", "materials-length"), ("materials", "长" * 501, "materials-length"), ("materials", "\x07", "materials-length"),
    ("assessment_plan", " ", "assessment-plan-length"), ("assessment_plan", "长" * 501, "assessment-plan-length"),
    ("materials", "同" + people.resident(7), "text-number"),
], ids=["none", "long", "control", "blank", "long plan", "number"])
def test_texts(clerk, planned, field, text, reason):
    """G0, D1: what is stated is kept in clear, and so holds no document number."""
    refused = refusal(clerk, "class.file", number=1, version=1, **(STATED | {field: text}))
    assert (refused.reason, [f.field for f in refused.error.finding]) == (reason, [field])


def test_who_decides(at, clerk, planned):
    """G0, C1: an approver approves; neither the institution nor another city's bureau does."""
    number = planned()
    file(clerk, number)
    for profile in ("institution2", "reviewer3", "payer", "auditor"):
        assert refusal(at(profile), "class.approve", row=[{"row": 1, "number": number, "version": 2}]).reason == "method-forbidden", profile
    assert found(at("approver").call("class.approve", row=[{"row": 1, "number": number, "version": 2}])) == [(3, [("class-unknown", "", "number")])]
    assert found(at("approver3").call("class.approve", row=[{"row": 1, "number": number, "version": 1}])) == [(3, [("version-differs", "", "version")])]


def together(*calls):
    """What each of several calls at once was answered, or refused with."""
    answers, ready = [None] * len(calls), threading.Barrier(len(calls))

    def run(i):
        ready.wait()
        try:
            answers[i] = calls[i]()
        except Refused as refused:
            answers[i] = refused

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_at_once(at, clerk, planned):
    """G0: of two who file, and of two who decide, one does; the same request twice is one."""
    number, other = planned(), at("institution2")
    answers = together(*(lambda c=c: c.call("class.file", number=number, version=1, **STATED) for c in (clerk, other)))
    assert sorted(getattr(a, "reason", "") for a in answers) == ["", "version-differs"]
    row = [{"row": 1, "number": number, "version": 2}]
    one, two, three = at("approver3"), at("approver4"), at("reviewer3")
    answers = together(lambda: one.call("class.approve", row=row), lambda: two.call("class.approve", row=row),
                       lambda: three.call("class.return", row=row, reason="示例"))
    assert sorted(found(a)[0][0] for a in answers) == [1, 3, 3]
    assert len(shown(clerk, number).filing) == 1
    number, request_id = planned(), os.urandom(16)
    answers = together(*(lambda c=c: c.call("class.file", number=number, version=1, request_id=request_id, **STATED) for c in (clerk, other)))
    assert answers[0] == answers[1] and answers[0].version == 2
    assert len(shown(clerk, number).filing) == 1


def test_the_calendar_changes_while_classes_are_decided(city, at, clerk, planned):
    """C2, G0: the change waits for who decides, whatever the order of the rows, and moves nothing that is decided by then."""
    numbers = [planned() for _ in range(3)]
    due = [file(clerk, n).due_on for n in numbers][0]
    assert at("reviewer3").call("calendar.propose", row=[{"row": 1, "day": due, "working": False, "citation": "示例"}]).done == 1
    one, other = at("approver3"), at("approver4")
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'mingced' AND wait_event_type = 'Lock'"
    with Session(city.postgres) as held:
        held.sql(f"BEGIN; SELECT FROM registry.class_filing WHERE class_number = {numbers[1]} FOR UPDATE")
        answers = {}
        threads = [threading.Thread(target=lambda: answers.update(approved=decide(one, "approve", numbers[2], numbers[1]))),
                   threading.Thread(target=lambda: answers.update(moved=decide_calendar(other, [due], people.QINGDAO)))]
        for n, thread in enumerate(threads, 1):
            thread.start()
            until(lambda n=n: city.sql(waiting) == str(n))
        held.sql("ROLLBACK")
        for thread in threads:
            thread.join()
    assert answers["approved"].done == 2 and answers["moved"].done == 1
    assert [shown(clerk, n).filing[0].due_on == due for n in numbers] == [False, True, True]


def test_the_command_line(city, clerk, planned):
    """G0: filed, seen in the queue, returned, filed again, approved; for people in both languages, for programs."""
    number = planned()

    def run(profile, *words, zh=False):
        return city.cli(profile, *words, env=city.environment(LC_ALL="zh_CN.UTF-8" if zh else "C.UTF-8"))

    words = ["class", "file", number, "--materials", "教材", "--assessment-plan", "笔试"]
    assert "filed" in run("institution2", *words, "--version", 1).stdout
    late = run("institution2", *words, "--version", 2, zh=True)
    assert late.returncode == 3 and "已备案待审" in late.stderr
    rows = [json.loads(line) for line in run("reviewer3", "--json", "class", "queue").stdout.splitlines()]
    assert [(r["version"], r["overdue"]) for r in rows if r["number"] == number] == [(2, False)]
    city.sql(f"UPDATE registry.class_filing SET due_on = '{day(-1)}' WHERE class_number = {number}")
    assert str(number) in run("reviewer3", "class", "queue", "--overdue").stdout
    assert "超期" in run("reviewer3", "class", "queue", zh=True).stdout
    assert run("reviewer3", "class", "return", number, "--version", 2, "--reason", "教材过旧").returncode == 0
    told = run("institution2", "class", "show", number, zh=True).stdout
    assert "教材过旧" in told and "已退回" in told
    assert run("institution2", *words, "--version", 3).returncode == 0
    assert "approved" in run("approver3", "class", "approve", number, "--version", 4).stdout
    refused = run("approver4", "class", "approve", number, "--version", 4)
    assert refused.returncode == 3 and "somebody has changed it" in refused.stdout + refused.stderr
    refused = run("approver4", "class", "approve", number, "--version", 5)
    assert refused.returncode == 3 and "no filing of this class waits" in refused.stdout + refused.stderr
