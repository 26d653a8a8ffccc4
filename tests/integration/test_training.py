# SPDX-License-Identifier: Apache-2.0
"""A class from its plan to its completion: lessons, attendance, marks, results, corrections."""

import datetime
import threading

import pytest
import samples
from conftest import CLASS
from places import plan
from samples import resident_id
from test_requests import refusal
from wire import Refused, Wire, read_profile

DONE, UNCHANGED, REFUSED = 1, 2, 3
PRESENT, LEAVE, LATE, LEFT_EARLY, ABSENT = 1, 2, 3, 4, 5


def lesson(row=1, day="2026-03-02", starts=480, ends=660, hours=None, teacher=None, **changes):
    """Of as many class hours as there is time for, four at most."""
    hours = hours or max(1, min(4, (ends - starts) // 45))
    return {"row": row, "held_on": day, "starts_minute": starts, "ends_minute": ends, "hours": hours,
            "teacher_name": "沈教师", "teacher_document_number": teacher or resident_id()} | changes


def verdicts(answer):
    """[(verdict, reason or None, field or None)] of the rows."""
    return [(r.verdict, r.finding[0].reason if r.finding else None, r.finding[0].field if r.finding else None)
            for r in answer.result]


class Course:
    """A class with trainees and lessons, as its institution's clerk runs it."""

    def __init__(self, wire, trainees=3, lessons=5, **changes):
        self.clerk = wire()
        self.number = self.clerk.call("class.open", **(CLASS | changes)).number
        self.roster = samples.trainees(trainees)
        if trainees:
            self.clerk.call("roster.import", class_number=self.number, row=self.roster)
        if lessons:
            rows = [lesson(i + 1, f"2026-03-{i + 2:02d}") for i in range(lessons)]
            assert plan(self.clerk, self.number, rows).done == lessons

    @property
    def shown(self):
        return getattr(self.clerk.call("class.show", number=self.number), "class")

    def become(self, verb, **fields):
        return self.clerk.call("class." + verb, number=self.number, version=self.shown.version, **fields)

    def attend(self, *rows, connection=None, **fields):
        """Rows of (seat, lesson, state)."""
        lines = [{"row": i + 1, "seat": s, "lesson": n, "state": state} for i, (s, n, state) in enumerate(rows)]
        return (connection or self.clerk).call("attendance.import", class_number=self.number, row=lines, **fields)

    def mark(self, *rows, connection=None, **fields):
        """Rows of (seat, theory, practice) in tenths."""
        lines = [{"row": i + 1, "seat": s, "theory": t, "practice": p} for i, (s, t, p) in enumerate(rows)]
        return (connection or self.clerk).call("marks.import", class_number=self.number, row=lines, **fields)

    def records(self, connection=None):
        return (connection or self.clerk).pages("training.list", "record", class_number=self.number)


@pytest.fixture
def course(wire):
    return lambda **changes: Course(wire, **changes)


# ---- amending and states ----


def test_amended_before_the_start_only(course):
    made = course(lessons=0)
    assert made.become("amend", title="新名", capacity=20).version == 2
    shown = made.shown
    assert (shown.title, shown.capacity, shown.version) == ("新名", 20, 2)
    made.become("start")
    assert refusal(made.clerk, "class.amend", number=made.number, version=3, title="别名").reason == "class-state"


@pytest.mark.parametrize("changes, reason, field", [
    ({"capacity": 2}, "capacity-below-enrolled", "capacity"),
    ({"starts_on": "2026-02-28"}, "start-earlier", "starts_on"),
    ({"ends_on": "2026-02-01"}, "date-order", "ends_on"),
    ({"ends_on": "2026-03-03"}, "lesson-outside-class", "ends_on"),
    ({"title": ""}, "title-length", "title"), ({"title": "110101-19000101-0014"}, "text-number", "title"),
    ({"starts_on": "soon"}, "date-format", "starts_on"),
    ({"capacity": 0}, "capacity-range", "capacity"),
])
def test_amendment_that_is_refused(course, changes, reason, field):
    made = course()
    refused = refusal(made.clerk, "class.amend", number=made.number, version=1, **changes)
    assert (refused.reason, refused.fields) == (reason, [field])


def test_second_of_two_amendments_is_told_what_changed(course, wire):
    made = course(trainees=0, lessons=0)
    made.become("amend", title="新名", ends_on="2026-06-01")
    refused = refusal(wire(), "class.amend", number=made.number, version=1, capacity=7)
    assert (refused.reason, refused.fields) == ("version-differs", ["title", "ends_on"])


def test_others_do_not_amend(course, wire):
    made = course(trainees=0, lessons=0)
    assert refusal(wire("institution2"), "class.amend", number=made.number, version=1, capacity=7).reason == "class-unknown"


def test_not_before_its_day(course):
    tomorrow = (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))) + datetime.timedelta(days=1)).date()
    made = course(trainees=0, lessons=0, starts_on=str(tomorrow), ends_on=str(tomorrow))
    assert refusal(made.clerk, "class.start", number=made.number, version=1).reason == "too-early"
    today = tomorrow - datetime.timedelta(days=1)
    made = course(trainees=0, lessons=0, starts_on=str(today), ends_on=str(tomorrow))
    made.become("start")
    assert refusal(made.clerk, "class.complete", number=made.number, version=2).reason == "too-early"


def test_cancelled_with_a_reason_for_good(course):
    made = course()
    assert refusal(made.clerk, "class.cancel", number=made.number, version=1).fields == ["reason"]
    made.become("cancel", reason="人数不足")
    assert made.shown.state == 4
    for verb in ("start", "complete"):
        assert refusal(made.clerk, "class." + verb, number=made.number, version=2).reason == "class-state"
    assert refusal(made.clerk, "roster.import", class_number=made.number, row=samples.trainees(1)).reason == "class-state"


def test_late_additions_for_the_days_allowed(course):
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    for days, accepted in ((3, True), (4, False)):
        first = str(today - datetime.timedelta(days=days))
        made = course(trainees=0, lessons=0, starts_on=first, ends_on=str(today + datetime.timedelta(days=30)))
        made.become("start")
        if accepted:
            answer = made.clerk.call("roster.import", class_number=made.number, row=samples.trainees(1))
            assert answer.enrolled == 1
        else:
            assert refusal(made.clerk, "roster.import", class_number=made.number,
                           row=samples.trainees(1)).reason == "class-state"


# ---- trainees who leave ----


def test_removed_with_a_reason_and_restored(course):
    made = course(capacity=3)
    made.clerk.call("roster.remove", class_number=made.number, seat=2, reason="退学")
    assert made.shown.enrolled == 2
    assert [r.seat for r in made.clerk.pages("roster.list", "trainee", class_number=made.number)] == [1, 3]
    assert [r.removed_reason for r in made.records()] == ["", "退学", ""]
    answer = made.clerk.call("roster.import", class_number=made.number, row=[made.roster[1]])
    assert answer.result[0].finding[0].reason == "removed-before"
    answer = made.clerk.call("roster.import", class_number=made.number, row=samples.trainees(1))
    assert answer.enrolled == 1
    assert [r.seat for r in made.clerk.pages("roster.list", "trainee", class_number=made.number)] == [1, 3, 4]
    assert refusal(made.clerk, "roster.restore", class_number=made.number, seat=2).reason == "class-full"
    made.clerk.call("roster.remove", class_number=made.number, seat=4, reason="退学")
    made.clerk.call("roster.restore", class_number=made.number, seat=2)
    assert made.shown.enrolled == 3
    for seat in (2, 9):
        assert refusal(made.clerk, "roster.restore", class_number=made.number, seat=seat).fields == ["seat"]


# ---- lessons ----


@pytest.mark.parametrize("changes, reason, field", [
    ({"held_on": "2026-02-28"}, "lesson-outside-class", "held_on"),
    ({"held_on": "2026-06-01"}, "lesson-outside-class", "held_on"),
    ({"held_on": "01/03/2026"}, "date-format", "held_on"),
    ({"starts_minute": 1440}, "time-format", "starts_minute"),
    ({"ends_minute": 480}, "time-format", "ends_minute"),
    ({"ends_minute": 1441}, "time-format", "ends_minute"),
    ({"hours": 0}, "hours-range", "hours"),
    ({"hours": 17}, "hours-range", "hours"),
    ({"place": ""}, "place-length", "place"),
    ({"content": "a\nb"}, "content-length", "content"), ({"content": "110101190001010014"}, "text-number", "content"),
    ({"teacher_name": "沈2"}, "name-digit", "teacher_name"),
    ({"teacher_document_number": "370102199001012221"}, "id-checksum", "teacher_document_number"),
    ({"teacher_document_type": "校牌"}, "document-type-unknown", "teacher_document_type"),
])
def test_lesson_that_is_refused_does_not_spoil_the_others(course, changes, reason, field):
    made = course(trainees=0, lessons=0)
    rows = [lesson(1, "2026-03-02"), lesson(2, "2026-03-03") | changes, lesson(3, "2026-03-04")]
    answer = plan(made.clerk, made.number, rows)
    assert verdicts(answer) == [(DONE, None, None), (REFUSED, reason, field), (DONE, None, None)]
    assert made.shown.hours == 8


def test_plan_added_twice_adds_nothing(course):
    made = course(trainees=0, lessons=0)
    rows = [lesson(1, "2026-03-02"), lesson(2, "2026-03-03")]
    assert plan(made.clerk, made.number, rows).done == 2
    answer = plan(made.clerk, made.number, rows)
    assert (answer.done, answer.unchanged, answer.refused) == (0, 2, 0)
    assert made.shown.hours == 8


def test_two_lessons_of_a_class_do_not_overlap(course):
    made = course(trainees=0, lessons=0)
    rows = [lesson(1, starts=480, ends=600), lesson(2, starts=599, ends=700), lesson(3, starts=600, ends=700)]
    assert [v for v, *_ in verdicts(plan(made.clerk, made.number, rows))] == [
        DONE, REFUSED, DONE]


def test_teacher_in_two_places_at_once_is_refused(course):
    teacher = resident_id()
    one, other = course(trainees=0, lessons=0), course(trainees=0, lessons=0)
    assert plan(one.clerk, one.number, [lesson(teacher=teacher)]).done == 1
    answer = plan(other.clerk, other.number, [
        lesson(1, teacher=teacher, starts=600, ends=700), lesson(2, teacher=teacher, starts=660, ends=720)])
    assert verdicts(answer) == [(REFUSED, "teacher-busy", "teacher_document_number"), (DONE, None, None)]


def test_teacher_sent_to_many_places_at_the_same_instant_goes_to_one(course, wire):
    teacher, courses, outcomes = resident_id(), [course(trainees=0, lessons=0) for _ in range(8)], []

    def send(made):
        answer = plan(made.clerk, made.number, [lesson(teacher=teacher)])
        outcomes.append(verdicts(answer)[0][:2])

    threads = [threading.Thread(target=send, args=(made,)) for made in courses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [(DONE, None)] + [(REFUSED, "teacher-busy")] * 7


def test_lessons_are_listed_masked_and_removed_before_anybody_attended(course):
    made = course(trainees=1, lessons=2)
    listed = made.clerk.pages("lesson.list", "lesson", class_number=made.number, page_rows=1)
    assert [(x.lesson, x.held_on, x.starts_minute, x.ends_minute, x.hours) for x in listed] == [
        (1, "2026-03-02", 480, 660, 4), (2, "2026-03-03", 480, 660, 4)]
    assert all(x.teacher_name == "沈**" and "****" in x.teacher_document_number for x in listed)
    made.clerk.call("lesson.remove", class_number=made.number, lesson=2)
    assert made.shown.hours == 4
    assert refusal(made.clerk, "lesson.remove", class_number=made.number, lesson=2).reason == "lesson-unknown"
    made.become("start")
    made.attend((1, 1, PRESENT))
    assert refusal(made.clerk, "lesson.remove", class_number=made.number, lesson=1).reason == "lesson-attended"


def test_person_in_two_classes_at_the_same_time_is_flagged(course):
    one = course(lessons=0)
    other = course(trainees=0, lessons=0)
    other.clerk.call("roster.import", class_number=other.number, row=[one.roster[0]])
    plan(one.clerk, one.number, [lesson(1), lesson(2, "2026-03-03")])
    plan(other.clerk, other.number, [lesson(1, starts=600, ends=700)])
    assert [r.overlaps for r in one.records()] == [1, 0, 0]
    assert [r.overlaps for r in other.records()] == [1]


# ---- attendance and marks ----


def test_attendance_counts_hours_once(course):
    made = course()
    assert refusal(made.clerk, "attendance.import", class_number=made.number,
                   row=[{"row": 1, "seat": 1, "lesson": 1, "state": 1}]).reason == "class-state"
    made.become("start")
    rows = [(1, 1, PRESENT), (1, 2, LATE), (1, 3, LEFT_EARLY), (1, 4, LEAVE), (1, 5, ABSENT), (2, 1, PRESENT)]
    assert made.attend(*rows).done == 6
    again = made.attend(*rows)
    assert (again.done, again.unchanged, again.refused) == (0, 6, 0)
    assert [(r.attended, r.planned) for r in made.records()] == [(12, 20), (4, 20), (0, 20)]
    assert made.attend((1, 5, PRESENT)).done == 1  # corrected while the class runs
    assert made.records()[0].attended == 16


def test_attendance_by_document_number(course):
    made = course()
    made.become("start")
    rows = [{"row": 1, "document_number": made.roster[2]["document_number"], "lesson": 1, "state": PRESENT},
            {"row": 2, "document_number": resident_id(), "lesson": 1, "state": PRESENT},
            {"row": 3, "document_number": "37010219900101", "lesson": 1, "state": PRESENT}]
    answer = made.clerk.call("attendance.import", class_number=made.number, row=rows)
    assert verdicts(answer) == [(DONE, None, None), (REFUSED, "trainee-unknown", "document_number"),
                                (REFUSED, "id-length", "document_number")]
    assert [r.attended for r in made.records()] == [0, 0, 4]


def test_attendance_that_is_refused_row_by_row(course):
    made = course()
    made.become("start")
    rows = [{"row": 1, "seat": 9, "lesson": 1, "state": 1}, {"row": 2, "seat": 1, "lesson": 9, "state": 1},
            {"row": 3, "lesson": 1, "state": 1}, {"row": 4, "seat": 1, "document_number": "x", "lesson": 1, "state": 1},
            {"row": 5, "seat": 1, "lesson": 1, "state": 1}, {"row": 6, "seat": 1, "lesson": 1, "state": 1},
            {"row": 7, "seat": 1, "lesson": 1, "state": 5}]
    answer = made.clerk.call("attendance.import", class_number=made.number, row=rows)
    assert verdicts(answer) == [
        (REFUSED, "trainee-unknown", "seat"), (REFUSED, "lesson-unknown", "lesson"),
        (REFUSED, "trainee-unnamed", "document_number"), (REFUSED, "id-length", "document_number"), (DONE, None, None),
        (UNCHANGED, "unchanged", "state"), (REFUSED, "contradicts-earlier-row", "state")]


def test_nobody_attends_a_lesson_before_it_begins(course):
    today = (datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))).date()
    made = course(lessons=0, starts_on=str(today - datetime.timedelta(days=1)), ends_on=str(today + datetime.timedelta(days=1)))
    rows = [lesson(1, str(today), 0, 45), lesson(2, str(today + datetime.timedelta(days=1)), 0, 45)]
    assert plan(made.clerk, made.number, rows).done == 2
    made.become("start")
    answer = made.attend((1, 1, PRESENT), (1, 2, PRESENT), (2, 2, LEAVE))
    assert verdicts(answer) == [(DONE, None, None), (REFUSED, "lesson-ahead", "lesson"), (REFUSED, "lesson-ahead", "lesson")]
    finding = answer.result[1].finding[0]
    assert "尚未开始" in finding.zh and "not begun" in finding.en


def test_a_class_without_trainees_is_cancelled_and_not_completed(course):
    made = course(trainees=2)
    made.become("start")
    for seat in (1, 2):
        made.clerk.call("roster.remove", class_number=made.number, seat=seat, reason="退学")
    refused = refusal(made.clerk, "class.complete", number=made.number, version=made.shown.version)
    assert refused.reason == "class-empty"
    assert made.become("cancel", reason="学员全部退学").version > 0


def test_removed_trainee_attends_nothing(course):
    made = course()
    made.become("start")
    made.clerk.call("roster.remove", class_number=made.number, seat=1, reason="退学")
    assert verdicts(made.attend((1, 1, PRESENT))) == [(REFUSED, "trainee-unknown", "seat")]


def test_marks(course):
    made = course()
    made.become("start")
    assert made.mark((1, 1000, 0), (2, 605, None)).done == 2
    assert made.mark((1, 1000, 0), (2, 605, None)).unchanged == 2
    assert made.mark((2, None, 700)).done == 1
    assert [(r.theory, r.practice) for r in made.records()[:2]] == [(1000, 0), (605, 700)]
    rows = [{"row": 1, "seat": 1, "theory": 1001}, {"row": 2, "seat": 1, "practice": 2**32 - 1}, {"row": 3, "seat": 1}]
    answer = made.clerk.call("marks.import", class_number=made.number, row=rows)
    assert [r for _, r, _ in verdicts(answer)] == ["mark-range", "mark-range", "mark-missing"]


# ---- completion ----


def completed(made):
    """Three trainees: one who completes, one with too few hours, one with a mark too low."""
    made.become("start")
    made.attend(*[(seat, n, PRESENT) for seat in (1, 3) for n in range(1, 5)], (2, 1, PRESENT))
    made.mark((1, 600, 600), (2, 900, 900), (3, 599, 1000))
    made.become("complete")
    return made


def test_thresholds_bar_from_completion(course):
    made = completed(course())  # 16 of 20 hours are 80 per cent
    assert [r.result for r in made.records()] == [1, 2, 3]


def test_marks_that_are_missing_bar_from_completion(course):
    made = course(trainees=1)
    made.become("start")
    made.attend(*[(1, n, PRESENT) for n in range(1, 6)])
    made.mark((1, 900, None))
    made.become("complete")
    assert [r.result for r in made.records()] == [3]


def test_thresholds_are_the_citys_policy(own_stack):
    stack = own_stack()
    stack.sql("INSERT INTO registry.policy VALUES ('370100', 'attendance_percent', 81, '2026-01-01', NULL, '示例')")
    made = completed(Course(lambda name="institution": Wire(read_profile(stack.profiles / name))))
    assert [r.result for r in made.records()] == [2, 2, 2]
    made.clerk.close()


def test_completion_freezes_and_a_bureau_corrects_with_a_reason(course, wire):
    made = completed(course())
    number = made.number
    for method, fields in (("roster.remove", {"seat": 1, "reason": "退学"}), ("lesson.remove", {"lesson": 5}),
                           ("lesson.add", {"row": [lesson(place="示例")]}),
                           ("attendance.import", {"row": [{"row": 1, "seat": 2, "lesson": 2, "state": 1}]}),
                           ("marks.import", {"row": [{"row": 1, "seat": 3, "theory": 600}]})):
        assert refusal(made.clerk, method, class_number=number, **fields).reason == "class-state"
    reviewer = wire("reviewer")
    refused = refusal(reviewer, "marks.import", class_number=number, row=[{"row": 1, "seat": 3, "theory": 600}])
    assert (refused.reason, refused.fields) == ("reason-needed", ["reason"])
    assert made.mark((3, 600, None), connection=reviewer, reason="阅卷差错").done == 1
    assert [r.result for r in made.records()] == [1, 2, 1]
    assert made.attend(*[(2, n, PRESENT) for n in (2, 3, 4)], connection=reviewer, reason="考勤机故障").done == 3
    assert [r.result for r in made.records()] == [1, 1, 1]


def test_reviewer_does_not_write_into_a_class_that_runs(course, wire):
    made = course()
    made.become("start")
    assert refusal(wire("reviewer"), "marks.import", class_number=made.number, reason="示例",
                   row=[{"row": 1, "seat": 1, "theory": 600}]).reason == "class-state"


def test_same_request_again_gets_the_first_answer(course):
    made = course()
    made.become("start")
    rows = [{"row": 1, "seat": 1, "lesson": 1, "state": PRESENT}, {"row": 2, "seat": 9, "lesson": 1, "state": PRESENT}]
    request_id = b"a" * 15 + bytes([made.number % 256])
    fields = {"class_number": made.number, "row": rows, "request_id": request_id}
    first = made.clerk.call("attendance.import", **fields)
    assert made.clerk.call("attendance.import", **fields) == first
    with pytest.raises(Refused, match="request-id-reused"):
        made.clerk.call("attendance.import", **(fields | {"row": rows[:1]}))


def test_every_row_leaves_its_entry(course, wire):
    made = course(trainees=1, lessons=1)
    made.become("start")
    made.attend((1, 1, PRESENT), (9, 1, PRESENT))
    made.mark((1, 700, 800))
    auditor = wire("auditor")
    found = [(r.entry.method, r.entry.line, r.entry.outcome, len(r.entry.person_id), len(r.entry.commitment))
             for r in auditor.pages("audit.list", "record", class_number=made.number) if r.entry.method != "look"][:4]
    # D1: no commitment to a mark or a state, of which few are possible; the changes of rows have it with random bytes
    assert found == [("marks.import", 1, 1, 16, 0), ("attendance.import", 2, 45, 0, 0),
                         ("attendance.import", 1, 1, 16, 0), ("class.start", 0, 1, 0, 0)]


def test_hundred_thousand_rows_imported_twice_add_up_once(course):
    """2000 trainees at 50 lessons, 500 rows a request, many requests in flight."""
    made = course(trainees=0, lessons=0, capacity=2000)
    clerk = made.clerk
    for first in range(0, 2000, 500):
        assert clerk.call("roster.import", class_number=made.number, row=samples.trainees(500)).enrolled == 500
    teacher = resident_id()
    plan(clerk, made.number, [
        lesson(i + 1, str(datetime.date(2026, 3, 1) + datetime.timedelta(days=i)), teacher=teacher, hours=2) for i in range(50)])
    made.become("start")
    for done, unchanged in ((100_000, 0), (0, 100_000)):
        sums = [0, 0]
        for number in range(1, 51):
            for first in range(1, 2001, 500):
                answer = made.attend(*[(seat, number, PRESENT) for seat in range(first, first + 500)])
                sums = [sums[0] + answer.done, sums[1] + answer.unchanged]
        assert sums == [done, unchanged]
    records = made.records()
    assert len(records) == 2000 and {r.attended for r in records} == {100}
