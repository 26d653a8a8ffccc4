# SPDX-License-Identifier: Apache-2.0
"""Rosters over the wire: verdicts by row, the same person twice, capacity, races, the audit entries."""

import hashlib
import os
import threading

import audit_pb2
import class_pb2
import pytest
import samples
from conftest import CLASS, written
from wire import Refused, Wire

ENROLLED, DUPLICATE, REFUSED = 1, 2, 3


def verdicts(answer):
    return [result.verdict for result in answer.result]


def reasons(answer):
    return [[finding.reason for finding in result.finding] for result in answer.result]


def import_rows(connection, number, rows, **fields):
    return connection.call("roster.import", class_number=number, row=rows, **fields)


def roster(connection, number):
    return connection.pages("roster.list", "trainee", class_number=number, page_rows=200)


def test_one_bad_row_never_blocks_the_good_ones(wire, open_class):
    connection, number = wire(), open_class()
    rows = samples.trainees(5)
    rows[1]["phone"] = "12345678901"
    rows[3]["trainee_group"] = "没有的类别"
    answer = import_rows(connection, number, rows)
    assert [r.row for r in answer.result] == [1, 2, 3, 4, 5]
    assert verdicts(answer) == [ENROLLED, REFUSED, ENROLLED, REFUSED, ENROLLED]
    assert reasons(answer) == [[], ["phone-format"], [], ["group-unknown"], []]
    assert (answer.enrolled, answer.duplicate, answer.refused) == (3, 0, 2)
    assert [t.seat for t in roster(connection, number)] == [1, 2, 3]


def test_second_import_adds_nothing(wire, open_class):
    connection, number = wire(), open_class()
    rows = samples.trainees(40)
    assert import_rows(connection, number, rows).enrolled == 40
    again = import_rows(connection, number, rows)
    assert (again.enrolled, again.duplicate, again.refused) == (0, 40, 0)
    assert set(map(tuple, reasons(again))) == {("duplicate-in-class",)}
    assert len(roster(connection, number)) == 40


def test_same_person_twice_in_one_request(wire, open_class):
    connection, number = wire(), open_class()
    row = samples.trainee(1)
    answer = import_rows(connection, number, [row, row | {"row": 2}, row | {"row": 3, "name": samples.name()}])
    assert verdicts(answer) == [ENROLLED, DUPLICATE, REFUSED]
    assert reasons(answer)[2] == ["name-differs"]
    assert len(roster(connection, number)) == 1


def test_same_person_in_two_classes_is_one_person(stack, wire, open_class):
    connection, row = wire(), samples.trainee(1)
    persons = stack.sql("SELECT count(*) FROM registry.person")
    for _ in range(2):
        assert verdicts(import_rows(connection, open_class(), [row])) == [ENROLLED]
    assert int(stack.sql("SELECT count(*) FROM registry.person")) == int(persons) + 1


def test_dry_run_writes_nothing(stack, wire, open_class):
    connection, number = wire(), open_class()
    rows = samples.trainees(3) + [samples.trainee(4, name="")]
    count = "SELECT (SELECT count(*) FROM registry.person), (SELECT count(*) FROM registry.enrolment), " \
            "(SELECT count(*) FROM registry.request)"
    before = written(stack), stack.sql(count)
    answer = import_rows(connection, number, rows, dry_run=True)
    assert verdicts(answer) == [ENROLLED, ENROLLED, ENROLLED, REFUSED]
    assert (written(stack), stack.sql(count)) == before
    done = import_rows(connection, number, rows)
    assert [r.seat for r in done.result] == [1, 2, 3, 0]  # which a dry run does not give
    for result in done.result:
        result.ClearField("seat")
    assert done.result == answer.result


def test_capacity_is_exact(wire, open_class):
    connection, number = wire(), open_class(capacity=3)
    answer = import_rows(connection, number, samples.trainees(5))
    assert verdicts(answer) == [ENROLLED] * 3 + [REFUSED] * 2
    assert reasons(answer)[3:] == [["class-full"]] * 2
    assert getattr(connection.call("class.show", number=number), "class").enrolled == 3


def test_capacity_under_concurrency(stack, profile, open_class):
    number = open_class(capacity=50)
    answers = in_parallel(profile, [(number, samples.trainees(20)) for _ in range(8)])
    assert sum(a.enrolled for a in answers) == 50
    assert sum(a.refused for a in answers) == 110
    assert stack.sql(f"SELECT count(*), max(seat) FROM registry.enrolment WHERE class_number = {number}") == "50|50"


def in_parallel(profile, imports):
    """The answers of imports sent at once, each on its own connection."""
    answers, gate = [None] * len(imports), threading.Barrier(len(imports))

    def one(i, number, rows):
        with Wire(profile("institution")) as connection:
            gate.wait()
            answers[i] = import_rows(connection, number, rows)

    threads = [threading.Thread(target=one, args=(i, *each)) for i, each in enumerate(imports)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert None not in answers
    return answers


def test_two_imports_of_the_same_roster_at_once(stack, profile, open_class):
    number, rows = open_class(), samples.trainees(300)
    back = [row | {"row": n} for n, row in enumerate(reversed(rows), 1)]
    one, other = in_parallel(profile, [(number, rows), (number, back)])
    assert one.enrolled + other.enrolled == 300
    assert one.duplicate + other.duplicate == 300
    assert stack.sql(f"SELECT count(*), count(DISTINCT person_id), max(seat) FROM registry.enrolment "
                     f"WHERE class_number = {number}") == "300|300|300"


def test_same_new_persons_into_many_classes_at_once(stack, profile, open_class):
    rows = samples.trainees(50)
    before = int(stack.sql("SELECT count(*) FROM registry.person"))
    answers = in_parallel(profile, [(open_class(), rows if n % 2 else [r | {"row": i} for i, r in enumerate(rows[::-1], 1)])
                                    for n in range(6)])
    assert all(a.enrolled == 50 for a in answers)
    assert int(stack.sql("SELECT count(*) FROM registry.person")) == before + 50


@pytest.mark.parametrize("rows, reason", [
    ([], "roster-empty"),
    ([{"row": 0}], "row-number-zero"),
    ([{"row": 2**31}], "row-number-zero"),
    ([{"row": 2}, {"row": 2}], "row-number-repeated"),
    ([{"row": 3}, {"row": 2}], "row-number-repeated"),
    ([{"row": n} for n in range(1, 502)], "roster-too-many"),
])
def test_rosters_refused_whole(wire, open_class, rows, reason):
    with pytest.raises(Refused) as refused:
        import_rows(wire(), open_class(), rows)
    assert refused.value.reason == reason


def test_five_hundred_rows(wire, open_class):
    connection, number = wire(), open_class()
    assert import_rows(connection, number, samples.trainees(500)).enrolled == 500
    assert [t.seat for t in roster(connection, number)] == list(range(1, 501))


def test_a_roster_of_nothing_but_refusals(wire, open_class):
    answer = import_rows(wire(), open_class(), [{"row": 1}, {"row": 2}])
    assert verdicts(answer) == [REFUSED, REFUSED]
    assert {"name-missing", "id-missing"} <= set(reasons(answer)[0])


def entries(connection, method, number):
    """The entries of a method about a class, oldest first."""
    found = connection.pages("audit.list", "record", class_number=number, page_rows=200)
    return [r for r in found[::-1] if r.entry.method == method and r.entry.record == number.to_bytes(8, "big")]


def test_every_write_leaves_its_entry(wire, open_class):
    clerk, auditor, request_id = wire(), wire("auditor"), os.urandom(16)
    number = clerk.call("class.open", request_id=request_id, **CLASS).number
    opened, = entries(auditor, "class.open", number)
    entry = opened.entry
    assert (entry.version, entry.request_id, entry.outcome) == (1, request_id, audit_pb2.OUTCOME_DONE)
    assert entry.operator_id == clerk.hello.caller.operator_id and len(entry.organisation_id) == 16
    body = class_pb2.ClassOpenRequest(**CLASS).SerializeToString()
    plain = (hashlib.sha256(b"class.open\0" + body).digest(), hashlib.sha256(body).digest())
    assert len(entry.request_digest) == 32 and entry.request_digest not in plain
    assert not entry.HasField("line") and not entry.HasField("person_id")
    assert opened.operator_name.startswith("周") and "*" in opened.operator_name
    assert opened.organisation_name == clerk.hello.caller.organisation.name

    row = samples.trainee(7)
    import_rows(clerk, number, [row, row | {"row": 9}, samples.trainee(11, name=samples.name(),
                                                                     document_number=row["document_number"])])
    lines = entries(auditor, "roster.import", number)
    assert [(e.entry.line, e.entry.outcome) for e in lines] == [
        (7, audit_pb2.OUTCOME_DONE), (9, audit_pb2.OUTCOME_DUPLICATE), (11, audit_pb2.OUTCOME_NAME_DIFFERS)]
    done = lines[0].entry
    assert len(done.person_id) == 16
    assert [len(c) for c in done.commitment] == [32, 32]
    assert lines[1].entry.person_id in (b"", done.person_id)
    assert len(lines[1].entry.commitment) == 0


def test_entries_are_canonical_bytes(stack, wire, open_class):
    """What is stored is what protobuf writes: fields ascending, each once."""
    import_rows(wire(), open_class(), samples.trainees(3))
    for line in stack.sql("SELECT encode(body, 'hex') FROM audit.entry ORDER BY id DESC LIMIT 50").split():
        body = bytes.fromhex(line)
        assert audit_pb2.AuditEntry.FromString(body).SerializeToString(deterministic=True) == body


def test_refused_request_leaves_an_entry_too(stack, wire, open_class):
    number = open_class()
    with pytest.raises(Refused):
        import_rows(wire("institution2"), number, samples.trainees(2))
    entry = audit_pb2.AuditEntry.FromString(
        bytes.fromhex(stack.sql("SELECT encode(body, 'hex') FROM audit.entry WHERE substring(body FROM 50 FOR 13) = 'roster.import' ORDER BY id DESC LIMIT 1")))
    assert (entry.method, entry.outcome) == ("roster.import", audit_pb2.OUTCOME_CLASS_UNKNOWN)
