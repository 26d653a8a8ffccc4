# SPDX-License-Identifier: Apache-2.0
"""Persons over the wire: found, shown, revealed, amended, merged (A3, A6, A8, D1, D2, D5)."""

import os
import threading

import audit_pb2
import person_pb2
import pytest
import samples
from conftest import allow_looks
from places import plan
from wire import Refused, Wire, read_profile

REASON = {"purpose": person_pb2.PURPOSE_VERIFICATION, "case_reference": "JN-2026-17"}
CASE = "JN-2026-17"
NAME, RENEWED, ADDED, CORRECTED, MERGED, RESOLVED = 1, 2, 3, 4, 5, 6


def document(row, **changes):
    keys = ("document_type", "document_number", "issuing_country")
    return {key: row[key] for key in keys if key in row} | changes


def enrol(connection, number, *rows):
    answer = connection.call("roster.import", class_number=number, row=[r | {"row": i + 1} for i, r in enumerate(rows)])
    return [[f.reason for f in result.finding] or "enrolled" for result in answer.result]


@pytest.fixture
def person(wire, open_class):
    """Enrols somebody new; the roster row."""
    def make(number=None, **changes):
        row = samples.trainee(1, **changes)
        assert enrol(wire(), number or open_class(), row) == ["enrolled"]
        return row
    return make


def find(connection, row, **changes):
    return connection.call("person.find", document=document(row, **changes)).person


def reveal(connection, row):
    return connection.call("person.reveal", key={"document": document(row)}, reason=REASON).account


def refusal(connection, method, **fields):
    with pytest.raises(Refused) as refused:
        connection.call(method, **fields)
    return refused.value


def amend(connection, row, kind, version=1, **now):
    """`now`: what the papers say that `row` does not."""
    new = row | now
    return connection.call("person.amend", known=document(row), version=version, kind=kind, document=document(new),
                           name=new["name"], case_reference=CASE, **({"birth_date": new["birth_date"]} if "birth_date" in new else {}))


# ---- found ----

def test_D2_found_by_number_and_masked(wire, person):
    row = person()
    found = find(wire(), row)
    number = row["document_number"]
    assert found.document_number == number[:4] + "*" * 10 + number[-4:]
    assert found.name == row["name"][0] + "*" * (len(row["name"]) - 1)
    assert (found.document_type, found.version, len(found.person_id)) == ("居民身份证", 1, 16)
    assert not found.HasField("birth_date") and not found.HasField("sex")


def test_A9_found_by_a_number_as_people_type_it(wire, person):
    row = person()
    spaced = " ".join(row["document_number"][i:i + 6] for i in (0, 6, 12)).lower()
    assert find(wire(), row, document_number=spaced).person_id == find(wire(), row).person_id


def test_who_is_not_there_and_who_may_not_be_seen_are_answered_alike(wire, person):
    row, nobody = person(), samples.trainee(1)
    answers = [refusal(wire("institution2"), "person.find", document=document(r)) for r in (row, nobody)]
    assert [(a.code, a.reason, a.fields) for a in answers] == [("CODE_NOT_FOUND", "person-unknown", ["document_number"])] * 2


@pytest.mark.parametrize("method", ["person.find", "person.show", "person.reveal", "access.log"])
@pytest.mark.parametrize("name, sees", [("institution", True), ("institution2", False), ("reviewer", True), ("approver", True),
                                        ("auditor", True)])
def test_row_scope_of_a_person(wire, person, method, name, sees):
    row = person()
    fields = {"document": document(row)} if method == "person.find" else {"key": {"document": document(row)}}
    if method == "person.reveal":
        fields["reason"] = REASON
    connection = wire(name)
    if method not in connection.hello.caller.method:
        assert refusal(connection, method, **fields).reason == "method-forbidden"
    elif sees:
        connection.call(method, **fields)
    else:
        assert refusal(connection, method, **fields).reason == "person-unknown"


@pytest.mark.parametrize("changes, reason, field", [
    ({"document_number": "11010519491231002"}, "id-length", "document_number"),
    ({"document_number": "110105194912310021"}, "id-checksum", "document_number"),
    ({"document_type": "借书证"}, "document-type-unknown", "document_type"),
    ({"document_type": "护照", "document_number": "E12345678"}, "country-missing", "issuing_country"),
])
def test_a_number_that_cannot_be_right_is_refused_by_field(wire, changes, reason, field):
    refused = refusal(wire(), "person.find", document={"document_number": "11010519491231002X"} | changes)
    assert (refused.code, refused.reason, refused.fields) == ("CODE_INVALID", reason, [field])


def test_found_by_name_and_birth_date(wire, person):
    row = person()
    born = row["document_number"][6:14]
    born = f"{born[:4]}-{born[4:6]}-{born[6:]}"
    found = wire().call("person.search", name=row["name"], birth_date=born, reason=REASON).person
    assert find(wire(), row).person_id in [p.person_id for p in found]
    assert all("*" in p.name and "*" in p.document_number for p in found)
    assert len(wire().call("person.search", name=row["name"], birth_date="1960-02-29", reason=REASON).person) == 0
    assert len(wire("institution2").call("person.search", name=row["name"], birth_date=born, reason=REASON).person) == 0


# ---- shown ----

def test_D5_the_account_masked_and_clear(wire, person, open_class):
    number = open_class(title="甲班")
    row = person(number)
    masked = wire().call("person.show", key={"document": document(row)}).account
    clear = reveal(wire("reviewer"), row)
    assert clear.person.name == row["name"] and clear.person.document_number == row["document_number"]
    assert clear.person.birth_date.replace("-", "") == row["document_number"][6:14]
    assert [(e.class_number, e.title, e.group_name) for e in clear.enrolment] == [(number, "甲班", "失业人员")]
    stated = clear.enrolment[0].stated
    assert (stated.phone, stated.address, stated.account_number) == (row["phone"], row["address"], row["account_number"])
    assert masked.enrolment[0].phone == row["phone"][:3] + "****" + row["phone"][-4:]
    everything = str(masked)
    for key in ("name", "document_number", "phone", "address", "account_number"):
        assert row[key] not in everything
    assert [d.state for d in masked.document] == [person_pb2.DOCUMENT_IN_USE]


def test_shown_by_id_too(wire, person):
    row = person()
    found = find(wire(), row)
    shown = wire().call("person.show", key={"person_id": found.person_id}).account
    assert shown.person == found


@pytest.mark.parametrize("key", [{}, {"person_id": b"short"}, {"person_id": bytes(16), "document": {"document_number": "11010519491231002X"}}])
def test_a_key_names_the_person_one_way(wire, key):
    refused = refusal(wire(), "person.show", key=key)
    assert (refused.reason, refused.fields) == ("person-key", ["key"])


@pytest.mark.parametrize("reference", ["", "a b", "x" * 41, "案卷1", "11010519491231002X", "440524188001010014"])
def test_a_case_reference_is_no_sentence_and_no_number(wire, person, reference):
    refused = refusal(wire(), "person.reveal", key={"document": document(person())},
                      reason={"purpose": 1, "case_reference": reference})
    assert (refused.reason, refused.fields) == ("case-reference", ["case_reference"])


# ---- amended ----

def test_A6_change_of_name_keeps_its_history(wire, person, open_class):
    row = person()
    new = samples.name() + "甲"
    samples.remember(new)
    reviewer = wire("reviewer")
    assert amend(reviewer, row, NAME, name=new).version == 2
    account = reveal(reviewer, row)
    assert account.person.name == new
    assert [(v.version, v.name, v.kind, v.case_reference) for v in account.version] == [(1, row["name"], NAME, CASE)]
    assert enrol(wire(), open_class(), row | {"name": new}) == ["enrolled"]
    assert enrol(wire(), open_class(), row) == [["name-differs"]]


def test_A3_a_renewed_document_finds_the_person_as_the_old_one_did(wire, person, open_class):
    row = person(document_type="护照", issuing_country="KOR", document_number=samples.remember("M" + os.urandom(4).hex().upper()),
                 birth_date="1990-01-01")
    reviewer = wire("reviewer")
    renewed = samples.remember("M" + os.urandom(4).hex().upper())
    assert amend(reviewer, row, RENEWED, document_number=renewed).version == 2
    assert find(reviewer, row).person_id == find(reviewer, row, document_number=renewed).person_id
    account = reveal(reviewer, row)
    assert {(d.document_number, d.state) for d in account.document} == {
        (row["document_number"], person_pb2.DOCUMENT_REPLACED), (renewed, person_pb2.DOCUMENT_IN_USE)}
    assert account.person.document_number == renewed
    number = open_class()
    assert enrol(wire(), number, row | {"document_number": renewed}) == ["enrolled"]
    assert enrol(wire(), number, row) == [["duplicate-in-class"]]


def test_A3_an_added_document_has_a_name_of_its_own(wire, person, open_class):
    row = person()
    passport = {"document_type": "护照", "issuing_country": "CAN", "document_number": samples.remember("P" + os.urandom(4).hex().upper()),
                "name": "Zhang San Invented"}
    reviewer = wire("reviewer")
    assert amend(reviewer, row, ADDED, **passport).version == 2
    assert reveal(reviewer, row).person.name == row["name"]
    number = open_class()
    assert enrol(wire(), number, row | passport | {"birth_date": "1990-01-01"}) == ["enrolled"]
    assert enrol(wire(), number, row) == [["duplicate-in-class"]]
    assert enrol(wire(), open_class(), row | passport | {"name": row["name"], "birth_date": "1990-01-01"}) == [["name-differs"]]


def test_A6_a_wrong_number_is_corrected_and_free_again(wire, person, open_class):
    row = person()
    right = samples.resident_id()
    reviewer = wire("reviewer")
    assert amend(reviewer, row, CORRECTED, document_number=right).version == 2
    assert refusal(reviewer, "person.find", document=document(row)).reason == "person-unknown"
    account = reveal(reviewer, row | {"document_number": right})
    assert {(d.document_number, d.state) for d in account.document} == {
        (row["document_number"], person_pb2.DOCUMENT_WITHDRAWN), (right, person_pb2.DOCUMENT_IN_USE)}
    other = row | {"name": samples.name() + "乙"}
    assert enrol(wire(), open_class(), other) == ["enrolled"]
    assert find(reviewer, other).person_id != account.person.person_id


@pytest.mark.parametrize("kind, changes, reason, fields", [
    (NAME, {"document_number": True}, "document-same", ["document"]),
    (RENEWED, {}, "document-same", ["document"]),
    (MERGED, {}, "amend-kind", ["kind"]),
    (NAME, {"name": "3个字"}, "name-digit", ["name"]),
    (NAME, {"version": 7}, "version-differs", ["version"]),
])
def test_an_amendment_that_cannot_be(wire, person, kind, changes, reason, fields):
    row = person()
    if changes.get("document_number"):
        changes = changes | {"document_number": samples.resident_id()}
    with pytest.raises(Refused) as refused:
        amend(wire("reviewer"), row, kind, **changes)
    assert (refused.value.reason, refused.value.fields) == (reason, fields)


def test_A6_a_document_of_another_person_is_not_added(wire, person):
    row, other = person(), person()
    with pytest.raises(Refused) as refused:
        amend(wire("reviewer"), row, RENEWED, document_number=other["document_number"])
    assert refused.value.reason == "document-taken"


def test_the_same_amendment_twice_is_one(stack, wire, person):
    row, request_id = person(), os.urandom(16)
    fields = {"known": document(row), "version": 1, "kind": NAME, "document": document(row), "name": "示例新名", "case_reference": CASE}
    for _ in range(2):
        assert wire("reviewer").call("person.amend", request_id=request_id, **fields).version == 2
    assert refusal(wire("reviewer"), "person.amend", **fields).reason == "version-differs"


def test_two_amendments_at_once_are_one_after_the_other(wire, person):
    row, answers = person(), []

    def run(connection, name):
        try:
            answers.append(amend(connection, row, NAME, name=name).version)
        except Refused as refused:
            answers.append(refused.reason)

    threads = [threading.Thread(target=run, args=(wire("reviewer"), name)) for name in ("示例甲", "示例乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == ["2", "version-differs"]


def test_who_amends_after_another_is_told_what_has_changed(wire, person):
    row, request_id = person(), os.urandom(16)
    one, other = wire("reviewer"), wire("reviewer")
    amend(one, row, NAME, name="示例甲")
    fields = {"known": document(row), "version": 1, "kind": NAME, "document": document(row), "name": "示例乙", "case_reference": CASE}
    assert refusal(other, "person.amend", request_id=request_id, **fields).fields == ["version", "name"]
    amend(one, row, ADDED, version=2, document_type="护照", document_number=samples.remember("E" + os.urandom(4).hex().upper()), issuing_country="KOR")
    assert refusal(other, "person.amend", request_id=request_id, **fields).fields == ["version", "name"]  # the first answer again
    assert refusal(other, "person.amend", **fields).fields == ["version", "name", "document"]


# ---- the same number with another name ----

def conflicts(connection, **fields):
    return connection.pages("conflict.list", "conflict", page_rows=50, **fields)


def conflict_of(connection, row):
    number = row["document_number"]
    masked = number[:4] + "*" * 10 + number[-4:]
    return [c for c in conflicts(connection, all=True) if c.document_number == masked]


def test_A6_held_until_a_bureau_resolves_it(wire, person, open_class):
    row, number = person(), open_class()
    other = row | {"name": samples.name() + "丙"}
    assert enrol(wire(), number, other) == [["name-differs"]]
    assert enrol(wire(), number, other) == [["name-differs"]]
    reviewer = wire("reviewer")
    [held] = conflict_of(reviewer, row)
    assert not held.HasField("decision") and held.class_number == number
    assert held.registered_name[0] == row["name"][0] and held.stated_name[0] == other["name"][0]
    reviewer.call("conflict.resolve", conflict_id=held.conflict_id, decision=person_pb2.CONFLICT_STATED_RIGHT, case_reference=CASE)
    assert enrol(wire(), number, other) == ["enrolled"]
    account = reveal(reviewer, row)
    assert account.person.name == other["name"]
    assert [(v.name, v.kind) for v in account.version] == [(row["name"], RESOLVED)]
    assert held.conflict_id not in [c.conflict_id for c in conflicts(reviewer)]
    again = refusal(reviewer, "conflict.resolve", conflict_id=held.conflict_id, decision=1, case_reference=CASE)
    assert (again.code, again.reason) == ("CODE_CONFLICT", "conflict-decided")


def test_A6_the_registered_name_may_stand(wire, person, open_class):
    row = person()
    other = row | {"name": samples.name() + "丁"}
    number = open_class()
    assert enrol(wire(), number, other) == [["name-differs"]]
    reviewer = wire("reviewer")
    [held] = conflict_of(reviewer, row)
    reviewer.call("conflict.resolve", conflict_id=held.conflict_id, decision=person_pb2.CONFLICT_REGISTERED_STANDS, case_reference=CASE)
    assert enrol(wire(), number, other) == [["name-differs"]]
    [decided] = conflict_of(reviewer, row)
    assert decided.decision == person_pb2.CONFLICT_REGISTERED_STANDS
    assert reveal(reviewer, row).person.name == row["name"]


def test_A6_a_dry_run_holds_nothing(wire, person, open_class):
    row = person()
    wire().call("roster.import", class_number=open_class(), row=[row | {"name": "示例他人"}], dry_run=True)
    assert conflict_of(wire("reviewer"), row) == []


# ---- merged ----

def merge(connection, kept, gone):
    return connection.call("person.merge", kept=document(kept), gone=document(gone), case_reference=CASE)


def test_A3_two_records_of_one_person_become_one_and_nothing_is_lost(stack, wire, open_class):
    clerk, reviewer = wire(), wire("reviewer")
    both, only = open_class(title="甲班"), open_class(title="乙班")
    kept = samples.trainee(1)
    gone = samples.trainee(1, name=samples.name())
    assert enrol(clerk, both, kept, gone) == ["enrolled", "enrolled"]
    assert enrol(clerk, only, gone) == ["enrolled"]
    clerk.call("class.start", number=both, version=1)
    before = stack.sql("SELECT (SELECT count(*) FROM registry.enrolment), (SELECT count(*) FROM registry.person)")
    gone_id = find(reviewer, gone).person_id
    assert merge(reviewer, kept, gone).version == 2
    assert stack.sql("SELECT (SELECT count(*) FROM registry.enrolment), (SELECT count(*) FROM registry.person)") == before
    account = reveal(reviewer, gone)
    assert account.person.person_id == find(reviewer, kept).person_id
    assert {d.document_number for d in account.document} == {kept["document_number"], gone["document_number"]}
    assert sorted(e.title for e in account.enrolment) == ["乙班", "甲班", "甲班"]
    assert sorted(e.removed_reason for e in account.enrolment) == ["", "", "merged"]
    assert int(stack.sql(f"SELECT enrolled FROM registry.class WHERE class_number = {both}")) == 1
    # the seat that was given up is not given back
    seat = next(r.seat for r in clerk.pages("training.list", "record", class_number=both) if r.removed_reason == "merged")
    assert refusal(clerk, "roster.restore", class_number=both, seat=seat).reason == "trainee-unknown"
    # each document with the name it has
    third = open_class()
    assert enrol(clerk, third, gone) == ["enrolled"]
    assert enrol(clerk, third, kept) == [["duplicate-in-class"]]
    # who asks for the record that is gone gets the one that stands
    assert reviewer.call("person.show", key={"person_id": gone_id}).account.person.person_id == account.person.person_id
    again = refusal(reviewer, "person.merge", kept=document(kept), gone=document(gone), case_reference=CASE)
    assert (again.code, again.reason) == ("CODE_CONFLICT", "same-person")


def test_merge_moves_attendance_and_marks(stack, wire, open_class):
    clerk, reviewer, number = wire(), wire("reviewer"), open_class()
    kept, gone = samples.trainee(1), samples.trainee(1)
    enrol(clerk, number, gone)
    plan(clerk, number, [{
        "row": 1, "held_on": "2026-03-02", "starts_minute": 480, "ends_minute": 600, "hours": 2,
        "teacher_name": "示例师", "teacher_document_number": samples.resident_id()}])
    clerk.call("class.start", number=number, version=1)
    clerk.call("attendance.import", class_number=number, row=[{"row": 1, "seat": 1, "lesson": 1, "state": 1}])
    clerk.call("marks.import", class_number=number, row=[{"row": 1, "seat": 1, "theory": 900, "practice": 800}])
    enrol(clerk, open_class(), kept)
    merge(reviewer, kept, gone)
    [record] = clerk.pages("training.list", "record", class_number=number)
    assert (record.attended, record.theory, record.practice) == (2, 900, 800)


def test_merge_while_rosters_arrive(wire, person, open_class):
    """Whatever comes first: afterwards one person, in each class once."""
    clerk, reviewer = wire(), wire("reviewer")
    for _ in range(5):
        kept, gone = person(), person()
        numbers, stop = [open_class() for _ in range(12)], []

        def run(connection, row, numbers=numbers):
            for number in numbers:
                stop.append(enrol(connection, number, row))

        threads = [threading.Thread(target=run, args=(wire(), row)) for row in (kept, gone)]
        for thread in threads:
            thread.start()
        merge(reviewer, kept, gone)
        for thread in threads:
            thread.join()
        for number in numbers:
            enrol(clerk, number, gone)
        account = reveal(reviewer, kept)
        mine = sorted(e.class_number for e in account.enrolment if not e.removed_reason)
        assert len(mine) == len(set(mine)) == len(numbers) + 2
        assert set(numbers) <= set(mine)


def test_a_clerk_neither_merges_nor_amends(wire, person):
    assert refusal(wire(), "person.merge", kept=document(person()), gone=document(person()), case_reference=CASE).reason == "method-forbidden"


# ---- trainee groups ----

def test_A8_a_group_is_a_dated_fact_with_its_evidence(wire, person):
    row, reviewer = person(), wire("reviewer")
    fields = {"key": {"document": document(row)}, "trainee_group": "就业困难人员", "evidence": "示例认定书"}
    fact = reviewer.call("group.add", valid_from="2026-01-01", **fields).fact_id
    overlap = refusal(reviewer, "group.add", valid_from="2026-06-01", **fields)
    assert (overlap.code, overlap.reason) == ("CODE_CONFLICT", "group-overlaps")
    assert refusal(reviewer, "group.end", fact_id=fact, valid_to="2025-12-31").reason == "date-order"
    reviewer.call("group.end", fact_id=fact, valid_to="2026-05-31")
    assert refusal(reviewer, "group.end", fact_id=fact, valid_to="2026-05-31").reason == "group-fact-unknown"
    reviewer.call("group.add", valid_from="2026-06-01", **fields)
    facts = reveal(reviewer, row).group
    assert [(f.group_name, f.valid_from, f.valid_to, f.evidence) for f in facts] == [
        ("就业困难人员", "2026-01-01", "2026-05-31", "示例认定书"), ("就业困难人员", "2026-06-01", "", "示例认定书")]
    assert "示例认定书" not in str(wire().call("person.show", key={"document": document(row)}))


@pytest.mark.parametrize("changes, reason, field", [
    ({"trainee_group": "没有的类别"}, "group-unknown", "trainee_group"),
    ({"valid_from": "2026-02-30"}, "date-format", "valid_from"),
    ({"valid_to": "soon"}, "date-format", "valid_to"),
    ({"valid_to": "2025-01-01"}, "date-order", "valid_to"),
    ({"evidence": ""}, "evidence-length", "evidence"),
])
def test_a_group_fact_that_cannot_be(wire, person, changes, reason, field):
    fields = {"key": {"document": document(person())}, "trainee_group": "失业人员", "valid_from": "2026-01-01", "evidence": "示例"}
    refused = refusal(wire("reviewer"), "group.add", **fields | changes)
    assert (refused.reason, refused.fields) == (reason, [field])
