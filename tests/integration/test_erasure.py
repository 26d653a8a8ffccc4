# SPDX-License-Identifier: Apache-2.0
"""What is held about a person is erased on lawful request, and every proof still verifies (D5)."""

import os
import threading

import audit_pb2
import person_pb2
import pytest
import samples
from certificate_pb2 import KIND_TRAINING
from claims import OCCUPATION, day, fresh_number, graduate, reasons
from conftest import CLASS
from places import plan
from test_persons import CASE, amend, document, enrol, find, refusal, reveal
from waiting import until

SEALED = """
    SELECT count(*) FROM (
        SELECT sealed FROM registry.person WHERE person_id = ANY ({ids})
        UNION ALL SELECT sealed FROM registry.person_version WHERE person_id = ANY ({ids})
        UNION ALL SELECT sealed FROM registry.person_document WHERE person_id = ANY ({ids})
        UNION ALL SELECT sealed FROM registry.name_conflict WHERE person_id = ANY ({ids})
        UNION ALL SELECT sealed FROM registry.person_group WHERE person_id = ANY ({ids})
        UNION ALL SELECT sealed FROM registry.enrolment WHERE person_id = ANY ({ids})
        UNION ALL SELECT sealed FROM registry.certificate WHERE person_id = ANY ({ids})
        UNION ALL SELECT salt FROM registry.look WHERE person_id = ANY ({ids})
        UNION ALL SELECT document_index FROM registry.document WHERE person_id = ANY ({ids})) s
     WHERE s.sealed <> ''"""


def held(stack, person_id):
    return int(stack.sql(SEALED.format(ids=f"ARRAY['{person_id.hex()}']::uuid[]")))


def erase(connection, version=1, **options):
    return connection.call("person.erase", version=version, case_reference=CASE, **options).version


def refused(connection, version=1, **key):
    return refusal(connection, "person.erase", key=key, version=version, case_reference=CASE).reason


@pytest.fixture
def finished(wire, open_class):
    """Somebody whose class was cancelled: the roster row and the class."""
    def make(**changes):
        number, row = open_class(), samples.trainee(1, **changes)
        assert enrol(wire(), number, row) == ["enrolled"]
        wire().call("class.cancel", number=number, version=1, reason="示例")
        return row, number
    return make


def test_D5_nothing_sealed_is_left_and_the_rows_stay(stack, wire, finished):
    reviewer, approver, clerk = wire("reviewer"), wire("approver"), wire()
    row, number = finished()
    was = find(reviewer, row)
    amend(reviewer, row, person_pb2.AMEND_NAME, name=samples.name() + "乙")
    amend(reviewer, row, person_pb2.AMEND_ADDED, version=2, document_type="护照", document_number="E" + str(os.getpid()), issuing_country="KOR")
    reviewer.call("group.add", key={"person_id": was.person_id}, trainee_group="失业人员", valid_from="2026-01-01", evidence="示例证明")
    assert held(stack, was.person_id) > 6
    assert erase(approver, version=3, key={"document": document(row)}) == 4
    assert held(stack, was.person_id) == 0
    assert refusal(reviewer, "person.find", document=document(row)).reason == "person-unknown"
    shown = reviewer.call("person.show", key={"person_id": was.person_id}).account
    assert (shown.person.name, shown.person.document_number) == ("（已删除）", "")
    assert {v.kind for v in shown.version} == {person_pb2.AMEND_NAME, person_pb2.AMEND_ADDED, person_pb2.AMEND_ERASED}
    assert {v.name for v in shown.version} == {"（已删除）"}
    [listed] = clerk.pages("roster.list", "trainee", class_number=number)
    assert (listed.name, listed.phone) == ("（已删除）", "")
    # who comes again is somebody new
    again = samples.trainee(1) | {"document_number": row["document_number"], "name": row["name"]}
    open_number = clerk.call("class.open", title="示例班", occupation_code="4-10-01-06", level=2, training_kind=3,
                             starts_on="2026-03-01", ends_on="2026-05-31", capacity=10).number
    assert enrol(clerk, open_number, again) == ["enrolled"]
    assert find(reviewer, row).person_id != was.person_id


def test_D5_the_erasure_is_an_entry_and_no_entry_before_it_changes(stack, wire, finished):
    row, _ = finished()
    auditor, reviewer = wire("auditor"), wire("reviewer")
    person_id = reveal(reviewer, row).person.person_id
    before = stack.sql("SELECT md5(string_agg(body, '' ORDER BY id)), max(id) FROM audit.entry")
    digest, last = before.split("|")
    proof, key = stack.folder / "erased.tlog-proof", stack.folder / "log.vkey"

    def proved():
        place = stack.sql(f"SELECT leaf_index FROM audit.leaf WHERE entry_id = {last}")
        return place and stack.cli("auditor", "audit", "prove", place, "--key", key, "--output", proof).returncode == 0

    until(proved)
    erase(wire("approver"), key={"person_id": person_id})
    assert stack.cli("auditor", "audit", "check", proof, "--key", key).returncode == 0
    assert stack.sql(f"SELECT md5(string_agg(body, '' ORDER BY id)) FROM audit.entry WHERE id <= {last}") == digest
    [entry] = [r for r in auditor.pages("audit.list", "record", subject=person_id) if r.entry.method == "person.erase"]
    assert entry.entry.outcome == audit_pb2.OUTCOME_DONE
    # who looked in clear stays on record
    assert [r for r in reviewer.pages("access.log", "access", key={"person_id": person_id})]


def test_D5_not_while_a_class_is_running(wire, finished, open_class):
    approver, clerk, (row, _), number = wire("approver"), wire(), finished(), open_class()
    assert enrol(clerk, number, row) == ["enrolled"]
    assert refused(approver, document=document(row)) == "in-class"
    clerk.call("roster.remove", class_number=number, seat=1, reason="示例")
    assert erase(approver, key={"document": document(row)}) == 2


def test_D5_a_teacher_is_erased_from_the_plans_that_are_over(stack, wire, finished, open_class):
    approver, clerk, number = wire("approver"), wire(), open_class()
    row, _ = finished()
    plan(clerk, number, [{
        "row": 1, "held_on": "2026-03-02", "starts_minute": 480, "ends_minute": 600, "hours": 2,
        "teacher_name": row["name"], "teacher_document_number": row["document_number"]}])
    assert refused(approver, document=document(row)) == "in-class"
    clerk.call("class.cancel", number=number, version=1, reason="示例")
    erase(approver, key={"document": document(row)})
    assert stack.sql(f"SELECT octet_length(teacher_sealed) FROM registry.lesson WHERE class_number = {number}") == "0"
    [lesson] = clerk.call("lesson.list", class_number=number).lesson
    assert lesson.teacher_name == "（已删除）"


def test_D5_who_may_and_which_version(wire, finished):
    row, _ = finished()
    key = {"document": document(row)}
    assert refusal(wire("reviewer"), "person.erase", key=key, version=1, case_reference=CASE).reason == "method-forbidden"
    assert refused(wire("approver"), version=2, **key) == "version-differs"
    assert refused(wire("approver"), document=document(samples.trainee(1))) == "person-unknown"


def test_D5_the_same_request_again_and_another_one(wire, finished):
    row, _ = finished()
    approver, request_id = wire("approver"), os.urandom(16)
    person_id = find(wire("reviewer"), row).person_id
    for _ in range(2):
        assert erase(approver, request_id=request_id, key={"document": document(row)}) == 2
    assert refused(approver, version=2, person_id=person_id) == "erased"


def test_D5_two_at_once_and_rosters_between(stack, wire, finished):
    """Whatever comes first: the record is erased once, and a later enrolment is of somebody new."""
    for _ in range(5):
        row, _ = finished()
        person_id = find(wire("reviewer"), row).person_id
        clerk, connections, said = wire(), [wire("approver"), wire("approver")], []
        number = clerk.call("class.open", title="示例班", occupation_code="4-10-01-06", level=2, training_kind=3,
                            starts_on="2026-03-01", ends_on="2026-05-31", capacity=10).number

        def run(connection, key=person_id, said=said):
            try:
                said.append(erase(connection, key={"person_id": key}))
            except Exception as refused:  # noqa: BLE001
                said.append(refused.reason)

        threads = [threading.Thread(target=run, args=(c,)) for c in connections]
        for thread in threads:
            thread.start()
        assert enrol(clerk, number, row) == ["enrolled"]
        for thread in threads:
            thread.join()
        assert sorted(map(str, said)) in (["2", "erased"], ["in-class", "in-class"])
        assert (held(stack, person_id) == 0) == (2 in said)
        assert find(wire("reviewer"), row).person_id != person_id or 2 not in said


def test_D5_a_look_that_is_recorded_after_the_erasure_leaves_nothing(stack, wire, finished):
    reviewer, (row, _), (other, _) = wire("reviewer"), finished(), finished()
    person_id, witness = find(reviewer, row).person_id, find(reviewer, other).person_id  # one entry of both, within a second
    erase(wire("approver"), key={"person_id": person_id})
    until(lambda: stack.sql(f"SELECT count(*) FROM registry.look WHERE person_id = '{witness.hex()}'") == "1")
    assert held(stack, person_id) == 0


def test_D5_whatever_is_added_at_the_same_instant(stack, wire, finished):
    """A group with its evidence, a certificate by seat, an erasure: in whatever order, nothing sealed is at an erased record."""
    for _ in range(5):
        row, _ = finished()
        clerk, reviewer, approver, said = wire(), wire("reviewer"), wire("approver"), {}
        number = clerk.call("class.open", **CLASS).number
        assert enrol(clerk, number, row) == ["enrolled"]
        graduate(stack, number)
        person_id = find(reviewer, row).person_id

        def run(name, call, said=said):
            try:
                said[name] = call()
            except Exception as refused:  # noqa: BLE001
                said[name] = refused.reason

        calls = {
            "erase": lambda: erase(approver, key={"person_id": person_id}),
            "group": lambda: reviewer.call("group.add", key={"person_id": person_id}, trainee_group="失业人员", valid_from="2026-01-01", evidence="示例证明"),
            "certificate": lambda: reasons(clerk.call("certificate.import", class_number=number, row=[
                {"row": 1, "seat": 1, "certificate_number": fresh_number(), "kind": KIND_TRAINING, "issued_on": day(-20),
                 "occupation_code": OCCUPATION, "level": 2}]))}
        threads = [threading.Thread(target=run, args=item) for item in calls.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said["erase"] == 2 and said["certificate"] in ([""], ["erased"]), said
        assert held(stack, person_id) == 0, said


def test_resealing_passes_over_what_was_erased(stack, wire, finished):
    row, _ = finished()
    erase(wire("approver"), key={"document": document(row)})
    assert "sealed anew" in stack.command("reseal")
