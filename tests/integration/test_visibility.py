# SPDX-License-Identifier: Apache-2.0
"""Who sees what: an institution its own, a city bureau its city, an auditor all."""

import people
import pytest
import samples
from conftest import CLASS
from wire import Refused

CODES = {name: row[0] for name, row in people.ORGANISATIONS.items()}


def reason(connection, method, **fields):
    try:
        connection.call(method, **fields)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("viewer, sees", [
    ("institution", {"institution"}),
    ("institution2", {"institution2"}),
    ("reviewer", {"institution", "bureau", "enterprise", "assessor"}),
    ("approver", {"institution", "bureau", "enterprise", "assessor"}),
    ("payer", {"institution", "bureau", "enterprise", "assessor"}),
    ("auditor", set(CODES)),
])
def test_organisations(wire, viewer, sees):
    connection = wire(viewer)
    listed = connection.pages("organisation.list", "organisation", page_rows=2)
    codes = [o.code for o in listed]
    assert codes == sorted(codes)
    assert {c for c in codes if c in CODES.values()} == {CODES[name] for name in sees}
    for name, code in CODES.items():
        assert reason(connection, "organisation.show", code=code) == (None if name in sees else "organisation-unknown")


def test_organisation_shows_its_scopes(wire):
    shown = wire().call("organisation.show", code=CODES["institution"])
    assert {(s.occupation_code, s.level) for s in shown.scope} == {
        (o, {"junior": 2, "intermediate": 3, "senior": 4}[level]) for who, o, level in people.SCOPES if who == "institution"}
    assert all(s.valid_from == people.SCOPE_FROM and not s.HasField("valid_to") and s.occupation_name for s in shown.scope)
    assert not shown.HasField("code_override")


@pytest.mark.parametrize("owner, viewer, sees", [
    ("institution", "institution", True),
    ("institution", "institution2", False),
    ("institution", "reviewer", True),
    ("institution", "auditor", True),
    ("institution2", "institution", False),
    ("institution2", "reviewer", False),
    ("institution2", "auditor", True),
])
def test_classes_and_rosters(wire, owner, viewer, sees):
    number = wire(owner).call("class.open", **CLASS).number
    wire(owner).call("roster.import", class_number=number, row=samples.trainees(2))
    connection = wire(viewer)
    assert (number in [c.number for c in connection.pages("class.list", "class")]) == sees
    assert reason(connection, "class.show", number=number) == (None if sees else "class-unknown")
    assert reason(connection, "roster.list", class_number=number) == (None if sees else "class-unknown")


def test_only_the_owner_imports(wire, open_class):
    number = open_class()
    assert reason(wire("institution2"), "roster.import", class_number=number, row=samples.trainees(1)) == "class-unknown"
    assert len(wire().call("roster.list", class_number=number).trainee) == 0


@pytest.mark.parametrize("number", [0, 1, 202600000, 2**63 - 1, 2**63, 2**64 - 1])
def test_classes_that_are_not(wire, number):
    connection = wire()
    assert reason(connection, "class.show", number=number) == "class-unknown"
    assert reason(connection, "roster.list", class_number=number) == "class-unknown"
    assert reason(connection, "roster.import", class_number=number, row=samples.trainees(1)) == "class-unknown"


@pytest.mark.parametrize("code", ["", "x", "9" * 18, "'; DROP TABLE registry.person; --", "长" * 1000])
def test_organisations_that_are_not(wire, code):
    assert reason(wire("auditor"), "organisation.show", code=code) is not None


def test_list_is_masked(wire, open_class):
    number = open_class()
    rows = [samples.trainee(1, name=samples.remember("欧阳明日"), phone=samples.remember("13812345678"))]
    wire().call("roster.import", class_number=number, row=rows)
    for viewer in ("institution", "reviewer", "auditor"):
        trainee, = wire(viewer).call("roster.list", class_number=number).trainee
        document = rows[0]["document_number"]
        assert trainee.name[0] == "欧" and set(trainee.name[1:]) == {"*"}
        assert trainee.document_number == document[:4] + "*" * 10 + document[-4:]
        assert trainee.phone == "138****5678"
        assert (trainee.seat, trainee.document_type, trainee.trainee_group) == (1, "居民身份证", "失业人员")
