# SPDX-License-Identifier: Apache-2.0
"""Venues, rooms and teachers over the wire (G31): what is registered, what lessons may do with it, and many at once."""

import datetime
import itertools
import threading
import uuid

import people
import person_pb2
import pytest
import samples
from claims import day
from conftest import CLASS
from places import teacher_row, venue_row
from postgres import Session
from samples import resident_id
from test_persons import amend
from test_requests import refusal
from test_training import lesson, verdicts
from waiting import until
from wire import Wire, read_profile

DONE, UNCHANGED, REFUSED = 1, 2, 3
ONE, OTHER = "institution", "institution2"
_fresh = itertools.count(1)


def address():
    return f"示例街{uuid.uuid4().hex[:12]}号"


def venue(connection, *rooms, at=None, name=None, **changes):
    """Registers rooms of a venue, a new one unless it is said which; (its address, its name)."""
    at = at or address()
    name = name or f"场地{uuid.uuid4().hex[:12]}"
    answer = connection.call("venue.import", row=[venue_row(room, i + 1, address=at, venue=name, **changes) for i, room in enumerate(rooms)])
    assert answer.refused == 0, answer
    return at, name


def teacher(connection, document=None, **changes):
    document = document or resident_id()
    answer = connection.call("teacher.import", row=[teacher_row(document, **changes)])
    assert answer.refused == 0, answer
    return document


def add(connection, number, **changes):
    """What is said of one lesson: None, or (reason, field) after it was seen that both languages say it."""
    answer = connection.call("lesson.add", class_number=number, row=[lesson(**changes)])
    [result] = answer.result
    if not result.finding:
        return None
    [finding] = result.finding
    assert finding.zh and finding.en and finding.zh != finding.en
    return finding.reason, finding.field


def registered(connection, method, *rows):
    return [(reason, field) if reason else None for _, reason, field in verdicts(connection.call(method, row=list(rows)))]


# ---- what is registered ----


def test_G31_a_venue_is_listed_with_its_rooms(wire):
    clerk = wire()
    at, name = venue(clerk, "301", "302", capacity=40, tenure=2, until="2030-12-31", area_m2=800, longitude=117020359, latitude=36668530)
    rooms = [r for r in clerk.pages("venue.list", "room", page_rows=2) if r.venue == name]
    assert [(r.room, r.address, r.division, r.capacity, r.tenure, r.until, r.area_m2, r.longitude, r.latitude) for r in rooms] == [
        (room, at, "370102", 40, 2, "2030-12-31", 800, 117020359, 36668530) for room in ("301", "302")]
    assert rooms[0].organisation_code == people.ORGANISATIONS[ONE][0]
    assert any(r.venue == name for r in wire("reviewer").pages("venue.list", "room", organisation_code=people.ORGANISATIONS[ONE][0]))
    assert not any(r.venue == name for r in wire(OTHER).pages("venue.list", "room"))


@pytest.mark.parametrize("changes, reason, field", [
    ({"venue": ""}, "venue-length", "venue"), ({"venue": "东/西"}, "venue-length", "venue"), ({"room": "字" * 41}, "venue-length", "room"),
    ({"room": "（）"}, "venue-length", "room"), ({"room": "1／2"}, "venue-length", "room"), ({"address": ""}, "venue-address", "address"),
    ({"venue": "110101 19000101 0014"}, "text-number", "venue"), ({"room": "110101 19000101 0014"}, "text-number", "room"), ({"address": "示例路１１０１０１１９０００１０１００１４号"}, "text-number", "address"),
    ({"address": "济南市历下区"}, "venue-address", "address"), ({"division": "370100"}, "venue-division", "division"),
    ({"division": "没有这样的"}, "venue-division", "division"), ({"address": "济南市历城区示例路1号"}, "venue-division", "division"),
    ({"capacity": 0}, "room-capacity", "capacity"), ({"capacity": 2001}, "room-capacity", "capacity"), ({"tenure": 2}, "lease-day", "until"),
    ({"until": "明年"}, "date-format", "until"), ({"area_m2": 0}, "venue-area", "area_m2"), ({"longitude": 117020359}, "venue-point", "latitude"),
    ({"longitude": 181000000, "latitude": 1}, "venue-point", "latitude")])
def test_G31_a_venue_that_is_refused_does_not_spoil_the_others(wire, changes, reason, field):
    at, rooms = address(), [uuid.uuid4().hex[:12] for _ in range(3)]
    rows = [venue_row(room, i + 1) | {"address": at, "venue": at} | (changes if i == 1 else {}) for i, room in enumerate(rooms)]
    assert registered(wire(), "venue.import", *rows) == [None, (reason, field), None]


def test_G31_a_room_said_again_is_changed_and_never_twice_in_a_file(wire):
    clerk = wire()
    at, name = venue(clerk, "1")
    row = venue_row("1", address=at, venue=name)
    assert registered(clerk, "venue.import", row) == [("unchanged", "room")]
    assert registered(clerk, "venue.import", row | {"capacity": 10}) == [None]
    assert registered(clerk, "venue.import", row | {"capacity": 11}, row | {"row": 2, "capacity": 12}) == [None, ("contradicts-earlier-row", "venue")]
    assert registered(clerk, "venue.import", row | {"address": address()}) == [("venue-name", "venue")]


def test_G31_a_teacher_is_registered_and_listed_masked(wire):
    clerk, document = wire(), resident_id()
    row = teacher_row(document, level=3, valid_from="2026-01-01", valid_to="2026-12-31")
    assert registered(clerk, "teacher.import", row) == [None]
    assert registered(clerk, "teacher.import", row) == [("unchanged", "document_number")]
    assert registered(clerk, "teacher.import", row | {"level": 4}) == [("teacher-overlaps", "document_number")]
    mine = [t for t in clerk.pages("teacher.list", "teacher", page_rows=200) if (t.level, t.valid_to) == (3, "2026-12-31") and
            t.document_number == document[:4] + "*" * 10 + document[-4:]]
    assert mine and {t.name for t in mine} == {"沈**"}
    assert any(t.teacher_id == mine[0].teacher_id for t in wire("reviewer").pages("teacher.list", "teacher", page_rows=200))
    assert not any(t.teacher_id == mine[0].teacher_id for t in wire(OTHER).pages("teacher.list", "teacher", page_rows=200))


@pytest.mark.parametrize("changes, reason, field", [
    ({"name": "沈2"}, "name-digit", "name"), ({"document_number": "370102199001012221"}, "id-checksum", "document_number"),
    ({"document_type": "校牌"}, "document-type-unknown", "document_type"), ({"document_type": "护照", "document_number": "E12345678"}, "country-missing", "issuing_country"),
    ({"occupation_code": "9-99-99-99"}, "occupation-unknown", "occupation_code"), ({"level": 10}, "level-unknown", "level"),
    ({"qualification": ""}, "qualification-length", "qualification"), ({"qualification": "教师资格证20261234567890123"}, "qualification-number", "qualification"),
    ({"qualification": "证 3701 0219"}, "qualification-number", "qualification"), ({"valid_from": "x"}, "date-format", "valid_from"),
    ({"valid_to": "1999-12-31"}, "period-order", "valid_to")])
def test_G31_a_teacher_who_is_refused_does_not_spoil_the_others(wire, changes, reason, field):
    rows = [teacher_row(resident_id(), row=i + 1) | (changes if i == 1 else {}) for i in range(3)]
    assert registered(wire(), "teacher.import", *rows) == [None, (reason, field), None]


# ---- lessons ----


@pytest.fixture
def planned(wire, open_class):
    """A class with a lesson on 2 March from 8 to 11, in room 301 and by a teacher; and the clerk."""
    clerk = wire()
    at, name = venue(clerk, "301", "302", capacity=1000)
    who = teacher(clerk)
    number = open_class()
    assert add(clerk, number, place=f"{name}/301", teacher=who) is None
    return {"clerk": clerk, "number": number, "name": name, "at": at, "teacher": who}


def test_G31_a_lesson_names_its_room(planned):
    clerk = planned["clerk"]
    [listed] = clerk.call("lesson.list", class_number=planned["number"]).lesson
    assert (listed.address, listed.room, listed.practice) == (planned["at"], "301", False)
    assert add(clerk, planned["number"], place=f"{planned['name']}/302", day="2026-03-03", teacher=planned["teacher"], practice=True) is None
    assert [x.practice for x in clerk.call("lesson.list", class_number=planned["number"]).lesson] == [False, True]


def test_G31_a_room_is_named_with_its_venue_where_several_have_one(planned, wire, open_class):
    clerk, number, room = planned["clerk"], planned["number"], uuid.uuid4().hex[:12]
    (_, name), _ = venue(clerk, room, capacity=1000), venue(clerk, room)
    assert add(clerk, number, place="没有这样的教室", day="2026-03-04", teacher=planned["teacher"]) == ("room-unknown", "place")
    assert add(clerk, number, place=room, day="2026-03-04", teacher=planned["teacher"]) == ("room-ambiguous", "place")
    assert add(clerk, number, place=f"{name}/{room}室", day="2026-03-04", teacher=planned["teacher"]) is None


def test_G31_a_venue_is_named_by_its_whole_address(planned):
    """An address that ends in another one is another's; one that two counties have names no venue."""
    clerk, at, place = planned["clerk"], address(), {"day": "2026-03-05", "teacher": planned["teacher"]}
    short, east = venue(clerk, "1", at=at, capacity=1000), venue(clerk, "1", at=f"东{at}", capacity=1000)
    for written in (east[0], f"济南市历下区{east[0]}", f"山东省济南市{east[0]}"):
        assert refusal(clerk, "venue.end", venue=f"西{written}", until="2030-12-31").reason == "venue-unknown"
        clerk.call("venue.end", venue=written, until="2030-12-31")
    ends = {r.venue: r.until for r in clerk.pages("venue.list", "room", page_rows=200)}
    assert (ends[short[1]], ends[east[1]]) == ("", "2030-12-31")
    _, elsewhere = venue(clerk, "1", at=at, division="370103", capacity=1000)
    refused = refusal(clerk, "venue.end", venue=at, until="2030-12-31")
    assert (refused.reason, refused.fields) == ("venue-ambiguous", ["venue"])
    assert add(clerk, planned["number"], place=f"{at}/1", **place) == ("venue-ambiguous", "place")
    assert add(clerk, planned["number"], place=f"{elsewhere}/1", **place) is None
    assert add(clerk, planned["number"], place=f"济南市历下区{at}/1", **place, starts=700, ends=760) is None
    clerk.call("venue.end", venue=f"历下区{at}", until="2030-12-31")
    ends = {r.venue: r.until for r in clerk.pages("venue.list", "room", page_rows=200)}
    assert (ends[short[1]], ends[elsewhere]) == ("2030-12-31", "")


def test_G31_a_room_has_one_class_however_two_institutions_write_its_address(planned, wire):
    other = wire(OTHER)
    venue(other, "301室", at=f"山东省济南市历下区 {planned['at']}", name="租用", capacity=1000)
    number = other.call("class.open", **CLASS).number
    who = teacher(other)
    assert add(other, number, place="租用/３０１教室", teacher=who, starts=600, ends=700) == ("room-busy", "place")
    assert add(other, number, place="租用/301", teacher=who, starts=660, ends=720) is None


def test_G31_how_many_a_room_holds_says_who_registered_it(stack, wire):
    clerk, other = wire(), wire(OTHER)
    at, _ = venue(clerk, "1", capacity=30)
    theirs = venue_row("1", address=at, venue=f"租用{at}")
    assert registered(other, "venue.import", theirs | {"capacity": 60}, theirs | {"row": 2, "room": "2", "capacity": 60}) == [("room-stated", "capacity"), None]
    assert registered(other, "venue.import", theirs | {"capacity": 30}) == [("unchanged", "room")]
    held = {(r.organisation_code, r.room): r.capacity for r in wire("auditor").pages("venue.list", "room", page_rows=200) if r.address == at}
    assert sorted(held.values()) == [30, 30, 60, 60]
    clerk.call("venue.end", venue=at, until="2026-01-01")
    assert registered(other, "venue.import", theirs | {"capacity": 60}) == [None]


def test_A6_a_teacher_has_one_name_whichever_institutions_register(wire):
    clerk, other = wire(), wire(OTHER)
    document = teacher(clerk)
    assert registered(other, "teacher.import", teacher_row(document, name="示例他人")) == [("name-differs", "name")]
    assert registered(other, "teacher.import", teacher_row(document)) == [None]


def test_G31_a_teacher_is_in_one_place_whichever_institutions_plan(planned, wire):
    other = wire(OTHER)
    _, name = venue(other, "1", capacity=1000)
    number = other.call("class.open", **CLASS).number
    teacher(other, planned["teacher"])
    assert add(other, number, place=f"{name}/1", teacher=planned["teacher"], starts=600, ends=700) == ("teacher-busy", "teacher_document_number")
    assert add(other, number, place=f"{name}/1", teacher=planned["teacher"], starts=660, ends=720) is None


def test_G31_a_room_holds_the_class(planned, open_class):
    clerk, name = planned["clerk"], planned["name"]
    venue(clerk, "小", at=planned["at"], name=name, capacity=30)
    fits, big = open_class(capacity=30), open_class(capacity=31)
    place = {"place": f"{name}/小", "teacher": planned["teacher"], "day": "2026-03-09"}
    assert add(clerk, big, **place) == ("room-too-small", "place")
    assert add(clerk, fits, **place) is None
    refused = refusal(clerk, "class.amend", number=fits, version=1, capacity=31)
    assert (refused.reason, refused.fields) == ("room-too-small", ["capacity"])
    row = venue_row("小", address=planned["at"], venue=name)
    assert registered(clerk, "venue.import", row | {"capacity": 29}) == [("room-too-small", "capacity")]
    assert registered(clerk, "venue.import", row | {"capacity": 31}) == [None]
    assert clerk.call("class.amend", number=fits, version=1, capacity=31).version == 2


def test_G31_a_lease_lasts_until_the_class_is_over(planned, open_class):
    clerk = planned["clerk"]
    at, name = venue(clerk, "1", capacity=1000, tenure=2, until="2026-05-30")
    number = open_class()
    place = {"place": f"{name}/1", "teacher": planned["teacher"], "day": "2026-03-10"}
    assert add(clerk, number, **place) == ("room-lease", "place")
    venue(clerk, "1", at=at, name=name, capacity=1000, tenure=2, until="2026-05-31")
    assert add(clerk, number, **place) is None
    refused = refusal(clerk, "class.amend", number=number, version=1, ends_on="2026-06-01")
    assert (refused.reason, refused.fields) == ("room-lease", ["ends_on"])
    early = refusal(clerk, "venue.end", venue=name, until="2026-05-30")
    assert (early.reason, early.fields) == ("venue-planned", ["until"])
    row = venue_row("1", address=at, venue=name, capacity=1000, tenure=2, until="2026-05-30")
    assert registered(clerk, "venue.import", row) == [("venue-planned", "until")]
    clerk.call("venue.end", venue=f"济南市历下区{at}", until="2026-05-31")
    assert refusal(clerk, "venue.end", venue="没有这样的场地", until="2026-05-31").reason == "venue-unknown"


def test_G31_a_teacher_is_registered_for_the_class(planned, open_class):
    clerk, number = planned["clerk"], planned["number"]
    place = {"place": f"{planned['name']}/302", "day": "2026-03-11"}
    assert add(clerk, number, **place) == ("teacher-unknown", "teacher_document_number")
    assert add(clerk, number, **place, teacher=teacher(clerk, level=1)) == ("teacher-level", "teacher_document_number")
    assert add(clerk, number, **place, teacher=teacher(clerk, occupation_code="4-03-02-01")) == ("teacher-unknown", "teacher_document_number")
    assert add(clerk, number, **place, teacher=teacher(clerk, valid_to="2026-03-10")) == ("teacher-unknown", "teacher_document_number")
    assert add(clerk, number, **place, teacher=planned["teacher"], teacher_name="示例他人") == ("teacher-name", "teacher_name")
    assert add(clerk, number, **place, teacher=teacher(clerk, level=2, valid_from="2026-03-11", valid_to="2026-03-11")) is None


def test_G31_a_teacher_with_lessons_to_come_stays_registered(planned, stack):
    clerk = planned["clerk"]
    found = stack.sql(f"SELECT encode(uuid_send(teacher_id), 'hex') FROM registry.lesson WHERE class_number = {planned['number']}")
    mine = bytes.fromhex(found)
    refused = refusal(clerk, "teacher.end", teacher_id=mine, valid_to="2026-03-01")
    assert (refused.reason, refused.fields) == ("teacher-planned", ["valid_to"])
    clerk.call("teacher.end", teacher_id=mine, valid_to="2026-03-02")
    assert add(clerk, planned["number"], place=f"{planned['name']}/302", day="2026-03-03", teacher=planned["teacher"])[0] == "teacher-unknown"
    assert refusal(clerk, "teacher.end", teacher_id=bytes(16), valid_to="2026-03-02").reason == "teacher-id-unknown"
    assert refusal(clerk, "teacher.end", teacher_id=b"short", valid_to="2026-03-02").reason == "teacher-id-unknown"


def test_G31_nobody_is_erased_while_a_registration_is_changed(planned, stack):
    found = stack.sql(f"SELECT encode(uuid_send(teacher_id), 'hex') FROM registry.lesson WHERE class_number = {planned['number']}")
    ended = threading.Thread(target=planned["clerk"].call, args=("teacher.end",), kwargs={"teacher_id": bytes.fromhex(found), "valid_to": "2030-12-31"})
    with Session(stack.postgres) as session:
        session.sql("BEGIN; SELECT pg_advisory_xact_lock(helper.documents_key())")
        ended.start()
        until(lambda: stack.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND query LIKE '%teacher_end%' AND query NOT LIKE '%pg_stat%'") != "0")
        session.sql("COMMIT")
    ended.join()


def test_G31_a_cancelled_class_frees_its_room_and_teacher(wire, open_class):
    clerk, days = wire(), {"starts_on": day(), "ends_on": day(30)}
    _, name = venue(clerk, "1", capacity=1000)
    who = {"place": f"{name}/1", "teacher": teacher(clerk), "day": day(1)}
    one, other = open_class(**days), open_class(**days)
    assert add(clerk, one, **who) is None
    assert add(clerk, other, **who) == ("teacher-busy", "teacher_document_number")
    clerk.call("class.cancel", number=one, version=1, reason="示例")
    assert add(clerk, other, **who) is None
    assert not clerk.call("lesson.list", class_number=one).lesson


# ---- many at once ----


def test_G31_sixty_four_connections_never_put_two_classes_into_a_room_or_a_teacher_into_two(stack):
    """Half the times are of one room, half of one teacher. Each connection has a class of its own and sends everything at once."""
    clerks = [Wire(read_profile(stack.profiles / (ONE if i % 2 else OTHER))) for i in range(64)]
    at, who = address(), resident_id()
    for first in clerks[:2]:
        venue(first, "共", *(f"各{i}" for i in range(64)), at=at, name=at, capacity=1000)
        teacher(first, who)
    jobs, outcomes, lock = [], {}, threading.Lock()
    for i, clerk in enumerate(clerks):
        own = teacher(clerk)
        number = clerk.call("class.open", **CLASS).number
        times = [{"day": f"2026-03-{1 + n // 8:02d}", "starts": 480 + n % 8 * 60, "ends": 540 + n % 8 * 60} for n in range(40)]
        rows = [time | {"place": f"{at}/共", "teacher": own} for time in times[:20]] + [time | {"place": f"{at}/各{i}", "teacher": who} for time in times[20:]]
        jobs.append((clerk, number, rows[i % 40:] + rows[:i % 40]))
    barrier = threading.Barrier(len(jobs))

    def send(clerk, number, rows):
        frames = b"".join(clerk.request("lesson.add", class_number=number, row=[lesson(**row)]) for row in rows)
        first = clerk.last_id - len(rows) + 1
        barrier.wait()
        clerk.send(frames)
        for _ in rows:
            told, answer = clerk.answer("lesson.add")
            row, [(verdict, reason, _)] = rows[told - first], verdicts(answer)
            with lock:
                outcomes.setdefault((row["day"], row["starts"]), []).append(reason if verdict == REFUSED else None)

    threads = [threading.Thread(target=send, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for clerk in clerks:
        clerk.close()
    assert len(outcomes) == 40 and all(len(told) == 64 and told.count(None) == 1 for told in outcomes.values()), outcomes
    assert {reason for told in outcomes.values() for reason in told} == {None, "room-busy", "teacher-busy"}


def test_G31_a_venue_registered_by_many_at_once_is_one(stack):
    at, found = address(), []

    def register(i):
        with Wire(read_profile(stack.profiles / (ONE if i % 2 else OTHER))) as clerk:
            rows = [venue_row(str(room), n + 1, address=at, venue=at) for n, room in enumerate(range(20) if i % 4 < 2 else reversed(range(20)))]
            found.append(clerk.call("venue.import", row=rows))

    threads = [threading.Thread(target=register, args=(i,)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(answer.refused for answer in found) == 0 and len(found) == 16
    assert stack.sql(f"SELECT count(DISTINCT v.venue_id) || ' ' || count(*) FROM registry.venue v JOIN registry.room USING (venue_id) WHERE address = '{at}'") == "1 20"


# ---- persons ----


def test_D2_D5_a_teacher_who_is_a_person_of_the_registry_is_looked_at_and_told(stack, wire, open_class):
    clerk, reviewer, row = wire(), wire("reviewer"), samples.trainee(1)
    clerk.call("roster.import", class_number=open_class(), row=[row])
    key = {"document": {"document_number": row["document_number"]}}
    who = reviewer.call("person.find", **key).person.person_id
    assert registered(clerk, "teacher.import", teacher_row(row["document_number"], name="示例他人")) == [("name-differs", "name")]
    assert registered(clerk, "teacher.import", teacher_row(row["document_number"], name=row["name"])) == [None]
    [taught] = reviewer.call("person.show", **{"key": key}).account.teaching
    assert (taught.institution_name, taught.level, taught.qualification, taught.lessons) == (people.ORGANISATIONS[ONE][1], 8, "示例讲师", 0)
    payer = wire("payer")
    payer.pages("teacher.list", "teacher", page_rows=200)
    until(lambda: any(a.method == "look" and a.operator_name == "冯**" for a in reviewer.pages("access.log", "access", key={"person_id": who})))


def test_D5_an_erased_person_is_no_teacher_any_more(stack, wire, open_class):
    clerk, approver, row = wire(), wire("approver"), samples.trainee(1)
    number = open_class()
    clerk.call("roster.import", class_number=number, row=[row])
    assert registered(clerk, "teacher.import", teacher_row(row["document_number"], name=row["name"])) == [None]
    known = {t.teacher_id for t in clerk.pages("teacher.list", "teacher", page_rows=200) if t.name == "（已删除）"}
    clerk.call("class.cancel", number=number, version=1, reason="示例")
    key = {"document": {"document_number": row["document_number"]}}
    approver.call("person.erase", key=key, version=1, case_reference="JN-2026-19")
    [gone] = [t for t in clerk.pages("teacher.list", "teacher", page_rows=200) if t.name == "（已删除）" and t.teacher_id not in known]
    assert gone.valid_to == day()
    assert row["document_number"][-4:] not in gone.document_number
    _, name = venue(clerk, "1", capacity=1000)
    assert add(clerk, open_class(), place=f"{name}/1", teacher=row["document_number"], teacher_name=row["name"]) == ("teacher-unknown", "teacher_document_number")
    assert refusal(clerk, "teacher.end", teacher_id=gone.teacher_id, valid_to="2030-01-01").reason == "teacher-id-unknown"
    assert registered(clerk, "teacher.import", teacher_row(row["document_number"], name=row["name"])) == [None]


def test_D5_who_was_enrolled_under_a_teacher_s_number_by_mistake_is_erased_alone(stack, wire, open_class):
    clerk, approver, reviewer, row = wire(), wire("approver"), wire("reviewer"), samples.trainee(1)
    number = open_class()
    clerk.call("roster.import", class_number=number, row=[row])
    right = samples.trainee(2)["document_number"]
    corrected = amend(reviewer, row, person_pb2.AMEND_CORRECTED, document_number=right)
    assert registered(clerk, "teacher.import", teacher_row(row["document_number"], name="屈教师")) == [None]
    clerk.call("class.cancel", number=number, version=1, reason="示例")
    approver.call("person.erase", key={"document": {"document_number": right}}, version=corrected.version, case_reference="JN-2026-19")
    _, name = venue(clerk, "1", capacity=1000)
    assert add(clerk, open_class(), place=f"{name}/1", teacher=row["document_number"], teacher_name="屈教师") is None


def test_D5_a_teacher_who_never_was_a_trainee_is_erased(planned, stack, wire):
    clerk, approver = planned["clerk"], wire("approver")
    mine = bytes.fromhex(stack.sql(f"SELECT encode(uuid_send(teacher_id), 'hex') FROM registry.lesson WHERE class_number = {planned['number']}"))
    assert refusal(clerk, "teacher.erase", teacher_id=mine).reason == "method-forbidden"
    refused = refusal(approver, "teacher.erase", teacher_id=mine)
    assert (refused.reason, refused.fields) == ("in-class", ["teacher_id"])
    clerk.call("class.cancel", number=planned["number"], version=1, reason="示例")
    approver.call("teacher.erase", teacher_id=mine)
    assert refusal(approver, "teacher.erase", teacher_id=mine).reason == "erased"
    [listed] = clerk.call("lesson.list", class_number=planned["number"]).lesson
    assert listed.teacher_name == "（已删除）"
    assert refusal(approver, "teacher.erase", teacher_id=bytes(16)).reason == "teacher-id-unknown"
