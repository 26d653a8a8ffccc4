# SPDX-License-Identifier: Apache-2.0
"""The life of requests: numbers, request ids, limits, deadlines, roles."""

import os
import time

import people
import pytest
import samples
from conftest import CLASS, worker_bytes, written
from test_hello import METHODS, ROLES
from wire import REQUESTS, Closed, Refused, Wire, read_profile

NOBODY = {"operator_id": bytes(16)}
STATUS = {"code": "0" * 18, "version": 1, "reason": "示例"}
SCOPE = {"code": "0" * 18, "occupation_code": "4-10-01-06", "level": 2}
STATE = {"number": 1, "version": 1}
TEACHER = {"teacher_name": "示例", "teacher_document_number": "110101190001010010"}
DOCUMENT = {"document_number": "11010519491231002X"}
OTHER_DOCUMENT = {"document_number": "44052418800101001X"}
REASON = {"purpose": 2, "case_reference": "A-1"}
REVOKED = {"certificate_number": "A-1", "reason": "示例", "effective_on": "2026-01-01"}
STEP = {"row": [{"row": 1, "claim_id": bytes(16), "version": 1}], "reason": "A-1"}
MINIMAL = {  # of the writes, what changes nothing; a method that is not here is asked with nothing
    "access.list": {},
    "access.log": {"key": {"document": DOCUMENT}},
    "conflict.list": {},
    "conflict.resolve": {"conflict_id": bytes(16), "decision": 1, "case_reference": "A-1"},
    "group.add": {"key": {"document": DOCUMENT}, "trainee_group": "失业人员", "valid_from": "2026-01-01", "evidence": "示例"},
    "group.end": {"fact_id": bytes(16), "valid_to": "2026-01-01"},
    "log.checkpoint": {},
    "log.entries": {"first": 0},
    "log.locate": {"entry_id": [1]},
    "log.rows": {"table": 7},
    "log.tile": {"level": 0, "index": 0},
    "person.amend": {"known": DOCUMENT, "version": 1, "kind": 1, "document": DOCUMENT, "name": "示例", "case_reference": "A-1"},
    "person.find": {"document": DOCUMENT},
    "person.erase": {"key": {"document": DOCUMENT}, "version": 1, "case_reference": "A-1"},
    "person.merge": {"kept": DOCUMENT, "gone": OTHER_DOCUMENT, "case_reference": "A-1"},
    "person.reveal": {"key": {"document": DOCUMENT}, "reason": REASON},
    "person.search": {"name": "示例", "birth_date": "1990-01-01", "reason": REASON},
    "person.show": {"key": {"document": DOCUMENT}},
    "roster.export": {"class_number": 1, "reason": REASON},
    "attendance.import": {"class_number": 1, "row": [{"row": 1, "seat": 1, "lesson": 1, "state": 1}]},
    "calendar.decide": {"decision": 2, "row": [{"row": 1, "proposal_id": bytes(16)}]},
    "calendar.list": {"division": "370100"},
    "calendar.propose": {"row": [{"row": 1, "day": "never", "working": False, "citation": "示例"}]},
    "policy.decide": {"decision": 2, "row": [{"row": 1, "proposal_id": bytes(16)}]},
    "policy.list": {},
    "policy.propose": {"name": "示例", "value": 1, "valid_from": "2026-01-01", "citation": "示例"},
    "policy.replay": {"year": 2026, "policy": [{"row": 1, "name": "示例", "value": 1, "valid_from": "2026-01-01"}]},
    "standard.decide": {"decision": 2, "row": [{"row": 1, "proposal_id": bytes(16)}]},
    "standard.list": {},
    "standard.propose": {"row": [{"row": 1, "line": 1, "amount_fen": 0, "valid_from": "2026-01-01", "citation": "示例"}]},
    "certificate.amend": {"certificate_number": "A-1", "version": 1, "kind": 4, "issued_on": "2026-01-01", "occupation_code": "4-10-01-06", "level": 2,
                          "reason": "示例"},
    "certificate.export": {"certificate_number": "A-1", "document": DOCUMENT},
    "certificate.import": {"row": [{"row": 1, "certificate_number": "A-1", "kind": 4, "issued_on": "2026-01-01", "occupation_code": "4-10-01-06",
                                    "level": 2} | DOCUMENT]},
    "certificate.list": {},
    "certificate.reinstate": REVOKED,
    "certificate.revoke": REVOKED,
    "certificate.verify": {"certificate_number": "A-1", "name": "示例"},
    "claim.accept": STEP,
    "claim.approve": STEP,
    "claim.claw-back": STEP,
    "claim.object": STEP,
    "claim.pay": STEP,
    "claim.publicise": STEP,
    "claim.reject": STEP,
    "claim.resubmit": STEP,
    "claim.resume": STEP,
    "claim.return": STEP,
    "claim.review": STEP,
    "claim.suspend": STEP,
    "claim.withdraw": STEP,
    "claim.list": {},
    "claim.public": {"division": "370100"},
    "claim.queue": {"state": 1},
    "claim.dossier": {"claim_id": bytes(16)},
    "claim.show": {"claim_id": bytes(16)},
    "claim.submit": {"route": 3, "row": [{"row": 1, "certificate_number": "EXAMPLE-1"}]},
    "fact.answer": {"source": "示例", "as_of": "2026-01-01", "row": [{"row": 1, "claim_id": bytes(16), "fact": 1, "answer": 1}]},
    "fact.ask": {"row": [{"row": 1, "document_number": "x"}]},
    "fact.list": {"reason": REASON},
    "class.amend": STATE | {"title": "示例"},
    "class.approve": {"row": [{"row": 1, "number": 1, "version": 1}]},
    "class.file": STATE | {"materials": "示例", "assessment_plan": "示例"},
    "class.queue": {},
    "class.return": {"row": [{"row": 1, "number": 1, "version": 1}], "reason": "示例"},
    "class.cancel": STATE | {"reason": "示例"},
    "class.complete": STATE,
    "class.start": STATE,
    "lesson.add": {"class_number": 1, "row": [{"row": 1, "held_on": "2026-03-01", "starts_minute": 480, "ends_minute": 600,
                                               "hours": 2, "place": "示例"} | TEACHER]},
    "lesson.list": {"class_number": 1},
    "lesson.remove": {"class_number": 1, "lesson": 1},
    "marks.import": {"class_number": 1, "row": [{"row": 1, "seat": 1, "theory": 600}]},
    "roster.remove": {"class_number": 1, "seat": 1, "reason": "示例"},
    "roster.restore": {"class_number": 1, "seat": 1},
    "teacher.end": {"teacher_id": bytes(16), "valid_to": "2026-01-01"},
    "teacher.erase": {"teacher_id": bytes(16)},
    "teacher.import": {"row": [{"row": 1, "name": "示例", "occupation_code": "4-10-01-06", "level": 2, "qualification": "示例",
                                "valid_from": "2026-01-01"} | DOCUMENT]},
    "teacher.list": {},
    "training.list": {"class_number": 1},
    "venue.end": {"venue": "示例", "until": "2026-01-01"},
    "venue.import": {"row": [{"row": 1, "venue": "示例", "division": "370102", "address": "示例路1号", "room": "1", "capacity": 1, "tenure": 1}]},
    "venue.list": {},
    "audit.list": {},
    "change.confirm": {"change_id": bytes(16)},
    "change.list": {},
    "change.reject": {"change_id": bytes(16)},
    "class.list": {},
    "class.open": CLASS,
    "class.show": {"number": 1},
    "operator.add": {"organisation_code": "0" * 18, "name": "示例", "role": [1], "document": {"document_number": people.resident(1)}},
    "operator.bind": NOBODY | {"document": {"document_number": people.resident(1)}},
    "operator.list": {},
    "operator.roles": NOBODY | {"role": [1]},
    "operator.show": NOBODY,
    "operator.status": NOBODY | {"status": 2, "reason": "示例"},
    "operator.unbind": NOBODY | {"key_hash": bytes(32)},
    "organisation.amend": {"code": "0" * 18, "version": 1, "name": "示例"},
    "organisation.close": STATUS,
    "organisation.list": {},
    "organisation.reactivate": STATUS,
    "organisation.register": {"code": "0" * 18, "name": "示例", "kind": 1, "division": "370100"},
    "organisation.show": {"code": people.ORGANISATIONS["institution"][0]},
    "organisation.suspend": STATUS,
    "scope.add": SCOPE | {"valid_from": "2026-01-01"},
    "scope.end": SCOPE | {"valid_to": "2026-01-01"},
    "roster.import": {"class_number": 1, "row": [{"row": 1}]},
    "roster.list": {"class_number": 1},
}


def refusal(connection, method, **options):
    with pytest.raises(Refused) as refused:
        connection.call(method, **options)
    return refused.value


def code_and_reason(refused):
    return refused.code, refused.reason


MANY = 1_000_000  # more requests than any socket buffers

# ---- many at once ----


def test_pipelined_answers_carry_their_numbers(wire):
    connection = wire()
    connection.send(b"".join(connection.request("class.list", frame_number=1000 - n) for n in range(50)))
    assert {connection.answer("class.list")[0] for _ in range(50)} == {1000 - n for n in range(50)}


def test_an_answer_does_not_wait_for_an_earlier_request(stack, wire, locked):
    connection = wire()
    with locked(stack, "registry.class"):
        connection.send(connection.request("class.list", frame_number=1))
        assert refusal(connection, "class.open", **CLASS | {"capacity": 0}).reason == "capacity-range"
        assert not connection.readable(0.2)
    assert connection.answer("class.list")[0] == 1


def test_number_in_flight_twice(stack, wire, locked):
    connection = wire()
    with locked(stack, "registry.class"):
        connection.send(connection.request("class.list", frame_number=5) + connection.request("class.list", frame_number=5))
        assert connection.goodbye() == "request-number-in-use"


def test_number_may_be_used_again_after_its_answer(wire):
    connection = wire()
    for _ in range(2):
        connection.call("class.list", frame_number=5)


@pytest.mark.parametrize("number", [0, 2**64 - 1])
def test_extreme_numbers(wire, number):
    assert wire().call("class.list", frame_number=number) is not None


def test_in_flight_limit(stack, wire, locked):
    connection = wire()
    most = connection.hello.limits.in_flight
    with locked(stack, "registry.class"):
        connection.send(b"".join(connection.request("class.list", frame_number=n) for n in range(1, most + 2)))
        number, answer = connection.answer()
        assert number == most + 1
        assert code_and_reason(answer) == ("CODE_EXHAUSTED", "in-flight-limit")
    assert {connection.answer("class.list")[0] for _ in range(most)} == set(range(1, most + 1))


def test_connection_limit(own_stack):
    stack = own_stack(connections=3)
    profile = read_profile(stack.profiles / "institution")
    three = [Wire(profile) for _ in range(3)]
    with pytest.raises(Closed) as closed:
        Wire(profile)
    assert closed.value.reason == "connection-limit"
    assert three[0].call("class.list") is not None
    three[1].close()
    for _ in range(100):
        try:
            fourth = Wire(profile)
            break
        except Closed:
            time.sleep(0.05)
    for wire in (three[0], three[2], fourth):
        assert wire.call("class.list") is not None
        wire.close()


def test_client_that_does_not_read_is_not_read(lean_stack):
    """Backpressure: its answers do not pile up in the daemon, and others are served meanwhile."""
    stack = lean_stack(in_flight=4096)
    profile = read_profile(stack.profiles / "auditor")
    greedy = Wire(profile)
    greedy.socket.settimeout(1)
    sent = 0
    try:
        while sent < MANY:
            greedy.send(b"".join(greedy.request("audit.list", page_rows=200) for _ in range(1000)))
            sent += 1000
    except (TimeoutError, OSError):
        pass
    assert sent < MANY
    assert worker_bytes(stack) < 128 << 20
    with Wire(profile) as other:
        assert other.call("organisation.list") is not None
    greedy.close()


# ---- deadlines ----


def test_deadline(stack, wire, locked):
    connection = wire()
    with locked(stack, "registry.class"):
        began = time.monotonic()
        refused = refusal(connection, "class.list", deadline_ms=300)
        assert code_and_reason(refused) == ("CODE_DEADLINE", "deadline-passed")
        assert 0.25 < time.monotonic() - began < 15
    assert connection.call("class.list") is not None


def test_write_past_its_deadline_is_done_once(stack, wire, locked):
    """Its outcome was unknown to the caller; the same request id says what became of it."""
    connection, request_id = wire(), os.urandom(16)
    title = f"迟到班{request_id.hex()}"
    with locked(stack, "registry.class"):
        refused = refusal(connection, "class.open", request_id=request_id, deadline_ms=200, **CLASS | {"title": title})
        assert refused.reason == "deadline-passed"
    number = connection.call("class.open", request_id=request_id, **CLASS | {"title": title}).number
    assert stack.sql(f"SELECT class_number FROM registry.class WHERE title = '{title}'") == str(number)


def test_client_that_leaves_before_its_answer(stack, profile, locked, wire):
    with locked(stack, "registry.class"):
        with Wire(profile("institution")) as leaver:
            leaver.send(leaver.request("class.list"))
        time.sleep(0.2)
    assert wire().call("class.list") is not None


# ---- request ids ----


def test_write_without_request_id(wire):
    refused = refusal(wire(), "class.open", request_id=b"", **CLASS)
    assert code_and_reason(refused) == ("CODE_INVALID", "request-id-missing")


@pytest.mark.parametrize("length", [1, 15, 17, 1000])
def test_request_id_length(wire, length):
    assert refusal(wire(), "class.open", request_id=b"x" * length, **CLASS).reason == "request-id-length"


def test_read_with_request_id(wire):
    assert refusal(wire(), "class.list", request_id=os.urandom(16)).reason == "request-id-unexpected"


def test_same_id_and_content_is_the_same_answer(wire):
    request_id = os.urandom(16)
    first = wire().call("class.open", request_id=request_id, **CLASS)
    assert wire().call("class.open", request_id=request_id, **CLASS) == first


def test_same_id_twice_in_one_write(stack, wire):
    """Both are in one set, or race in two."""
    connection, request_id = wire(), os.urandom(16)
    title = f"重复班{request_id.hex()}"
    fields = CLASS | {"title": title}
    connection.send(b"".join(connection.request("class.open", request_id=request_id, frame_number=n, **fields)
                             for n in range(1, 9)))
    numbers = {connection.answer("class.open")[1].number for _ in range(8)}
    assert len(numbers) == 1
    assert stack.sql(f"SELECT count(*) FROM registry.class WHERE title = '{title}'") == "1"


def test_same_id_other_content(wire):
    request_id = os.urandom(16)
    wire().call("class.open", request_id=request_id, **CLASS)
    refused = refusal(wire(), "class.open", request_id=request_id, **CLASS | {"capacity": 999})
    assert code_and_reason(refused) == ("CODE_CONFLICT", "request-id-reused")


def test_same_id_other_method(wire, open_class):
    request_id, number = os.urandom(16), open_class()
    wire().call("class.open", request_id=request_id, **CLASS)
    refused = refusal(wire(), "roster.import", request_id=request_id, class_number=number, row=[samples.trainee()])
    assert refused.reason == "request-id-reused"


def test_same_id_other_operator(wire):
    request_id = os.urandom(16)
    wire("institution").call("class.open", request_id=request_id, **CLASS)
    refused = refusal(wire("institution2"), "class.open", request_id=request_id, **CLASS)
    assert refused.reason == "request-id-reused"


def test_roster_replay_writes_nothing(stack, wire, open_class):
    request_id, number = os.urandom(16), open_class()
    rows = samples.trainees(3) + [samples.trainee(4, phone="123")]
    first = wire().call("roster.import", request_id=request_id, class_number=number, row=rows)
    assert (first.enrolled, first.duplicate, first.refused) == (3, 0, 1)
    before = written(stack)
    again = wire().call("roster.import", request_id=request_id, class_number=number, row=rows)
    assert again == first
    assert written(stack) == before


# ---- who may ----


@pytest.mark.parametrize("profile_name", people.OPERATORS)
@pytest.mark.parametrize("method", REQUESTS)
def test_roles(wire, profile_name, method):
    connection = wire(profile_name)
    try:
        connection.call(method, body=REQUESTS[method][0](**MINIMAL.get(method, {})).SerializePartialToString())
        answer = None
    except Refused as refused:
        answer = code_and_reason(refused)
    forbidden = answer == ("CODE_FORBIDDEN", "method-forbidden")
    assert forbidden == (method not in METHODS[ROLES[profile_name]]), answer


# ---- the fields of a class ----


@pytest.mark.parametrize("changes, code, reason, field", [
    ({"title": ""}, "CODE_INVALID", "title-length", "title"),
    ({"title": "班" * 101}, "CODE_INVALID", "title-length", "title"),
    ({"title": "a\nb"}, "CODE_INVALID", "title-length", "title"),
    ({"title": "110101190001010014"}, "CODE_INVALID", "text-number", "title"),
    ({"occupation_code": "9-99-99-99"}, "CODE_INVALID", "occupation-unknown", "occupation_code"),
    ({"occupation_code": "4-07-05-01"}, "CODE_FORBIDDEN", "out-of-scope", "occupation_code"),
    ({"level": 6}, "CODE_FORBIDDEN", "out-of-scope", "occupation_code"),
    ({"starts_on": "2019-12-31", "ends_on": "2020-02-01"}, "CODE_FORBIDDEN", "out-of-scope", "occupation_code"),
    ({"training_kind": 200}, "CODE_INVALID", "training-kind-unknown", "training_kind"),
    ({"training_kind": 2**32 - 1}, "CODE_INVALID", "training-kind-unknown", "training_kind"),
    ({"starts_on": "2026-02-30"}, "CODE_INVALID", "date-format", "starts_on"),
    ({"starts_on": "20260301"}, "CODE_INVALID", "date-format", "starts_on"),
    ({"ends_on": "soon"}, "CODE_INVALID", "date-format", "ends_on"),
    ({"ends_on": "2026-02-28"}, "CODE_INVALID", "date-order", "ends_on"),
    ({"ends_on": "2030-03-01"}, "CODE_INVALID", "class-too-long", "ends_on"),
    ({"capacity": 0}, "CODE_INVALID", "capacity-range", "capacity"),
    ({"capacity": 2001}, "CODE_INVALID", "capacity-range", "capacity"),
    ({"capacity": 2**32 - 1}, "CODE_INVALID", "capacity-range", "capacity"),
])
def test_class_that_cannot_be_opened(wire, changes, code, reason, field):
    refused = refusal(wire(), "class.open", **CLASS | changes)
    assert (refused.code, refused.reason) == (code, reason)
    assert refused.fields == [field]


@pytest.mark.parametrize("changes", [
    {"title": "班"}, {"title": "𠮷" * 100}, {"starts_on": "2020-01-01", "ends_on": "2020-01-01"}, {"capacity": 1},
    {"capacity": 2000}, {"level": 4}, {"starts_on": "2024-02-29", "ends_on": "2024-02-29"},
])
def test_class_that_can(wire, changes):
    connection, fields = wire(), CLASS | changes
    number = connection.call("class.open", **fields).number
    shown = getattr(connection.call("class.show", number=number), "class")
    assert {k: getattr(shown, k) for k in fields} == fields
    assert (shown.enrolled, shown.state) == (0, 1)
    assert (shown.occupation_name, shown.training_kind_name) == ("家政服务员", "就业技能培训")
    assert shown.institution_code == people.ORGANISATIONS["institution"][0]


def test_class_numbers_are_of_the_year_and_ascend(open_class):
    numbers = [open_class() for _ in range(3)]
    assert numbers == sorted(numbers) and len(set(numbers)) == 3
    assert all(n // 100000 >= 2026 for n in numbers)


# ---- lists ----


def test_list_pages(wire, open_class):
    made = [open_class() for _ in range(7)]
    listed = [getattr(c, "number") for c in wire().pages("class.list", "class", page_rows=3)]
    assert listed[:7] == made[::-1]
    assert listed == sorted(set(listed), reverse=True)


@pytest.mark.parametrize("method", ["class.list", "organisation.list", "audit.list", "roster.list"])
def test_page_rows_and_cursors_of_strangers(wire, open_class, method):
    connection = wire("auditor")
    fields = {"class_number": open_class()} if method == "roster.list" else {}
    assert refusal(connection, method, page_rows=0, **fields).reason == "page-rows-range"
    over = connection.hello.limits.page_rows + 1
    assert refusal(connection, method, page_rows=over, **fields).reason == "page-rows-range"
    for cursor in (b"", b"x", b"\xff" * 8, b"\x00" * 100):
        try:
            connection.call(method, cursor=cursor, **fields)
        except Refused as refused:
            assert refused.reason == "cursor-invalid"
    assert refusal(connection, method, cursor=b"\xff" * 100, **fields).reason == "cursor-invalid"
