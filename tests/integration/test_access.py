# SPDX-License-Identifier: Apache-2.0
"""Organisations that bureaus register and amend, operators changed by two security administrators, and what becomes of open
connections."""

import pathlib
import re
import ssl
import subprocess
import threading
import time

import people
import pytest
from test_requests import refusal
from wire import Closed, Refused, Wire, read_profile

SCHOOL = people.ORGANISATIONS["institution"][0]
SUFFIX = iter(range(1, 1000))


def fresh_code(kind="91"):
    return people.credit_code(kind, "370100", f"{next(SUFFIX):08d}")


def register(connection, code, **changes):
    fields = {"code": code, "name": "示例企业", "kind": 2, "division": "370100"} | changes
    return connection.call("organisation.register", **fields)


def key_hash(certificate):
    der = subprocess.run(f"openssl x509 -in '{certificate}' -noout -pubkey | openssl pkey -pubin -outform DER", shell=True,
                         check=True, stdout=subprocess.PIPE).stdout
    return subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=der, check=True, stdout=subprocess.PIPE).stdout


def der(certificate):
    """The certificates of a PEM file, as operator.add and operator.bind take them."""
    blocks = re.findall("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", pathlib.Path(certificate).read_text(), re.S)
    return [ssl.PEM_cert_to_DER_cert(block) for block in blocks]


class Newcomer:
    """An operator proposed by one security administrator and confirmed by the other, with a profile to log in with."""

    def __init__(self, stack, wire, roles=(1,), organisation=SCHOOL, document=None):
        number = next(SUFFIX)
        self.name = f"newcomer{number}"
        self.document = {"document_number": document or people.resident(2000 + number)}
        self.stack, self.one, self.other = stack, wire("secadmin"), wire("secadmin2")
        self.certificate, key = stack.authority.issue(self.name)
        stack.write_profile(self.name, self.certificate, key)
        self.id = self.change("operator.add", organisation_code=organisation, name="孙新人", role=list(roles),
                              document=self.document, certificate=der(self.certificate)).operator_id

    def change(self, method, **fields):
        proposed = self.one.call(method, **fields)
        self.other.call("change.confirm", change_id=proposed.change_id)
        return proposed

    def connect(self, profile=None):
        return Wire(read_profile(self.stack.profiles / (profile or self.name)))


@pytest.fixture
def newcomer(stack, wire):
    return lambda **options: Newcomer(stack, wire, **options)


def closed_within(connection, seconds):
    """The goodbye's reason of a connection that the server closes within so many seconds."""
    began = time.monotonic()
    connection.socket.settimeout(seconds)
    with pytest.raises(Closed) as closed:
        connection.answer()
    assert time.monotonic() - began < seconds
    return str(closed.value)


# ---- organisations ----


@pytest.mark.parametrize("changes, reason, field", [
    ({"code": "91370100"}, "credit-code-length", "code"),
    ({"code": "9137010000000001IO"}, "credit-code-character", "code"),
    ({"code": "913701000000000000"}, "credit-code-checksum", "code"),
    ({"name": ""}, "organisation-name-length", "name"),
    ({"name": "企" * 101}, "organisation-name-length", "name"),
    ({"name": "a\tb"}, "organisation-name-length", "name"),
    ({"division": "3701"}, "division-format", "division"),
    ({"division": "37010a"}, "division-format", "division"),
    ({"code": "913701000000000000", "override_reason": ""}, "reason-length", "override_reason"),
])
def test_a5_organisation_that_cannot_be_registered(wire, changes, reason, field):
    refused = refusal(wire("approver"), "organisation.register",
                      **({"code": fresh_code(), "name": "示例", "kind": 2, "division": "370100"} | changes))
    assert (refused.reason, refused.fields) == (reason, [field])


def test_a5_registered_once(wire):
    code, approver = fresh_code(), wire("approver")
    assert register(approver, code).version == 1
    assert refusal(approver, "organisation.register", code=code, name="示例", kind=2,
                   division="370100").reason == "organisation-exists"
    shown = wire("reviewer").call("organisation.show", code=code)
    assert (shown.organisation.name, shown.organisation.kind, shown.version) == ("示例企业", 2, 1)


def test_a5_override_is_an_administrators_and_is_kept(wire):
    code = "913701000000000019"
    assert refusal(wire("approver"), "organisation.register", code=code, name="示例", kind=2, division="370100",
                   override_reason="营业执照如此").reason == "not-allowed"
    register(wire("sysadmin"), code, override_reason="营业执照如此")
    assert wire("reviewer").call("organisation.show", code=code).code_override == "营业执照如此"


def test_second_of_two_amendments_is_told_what_changed(wire):
    code, one, other = fresh_code(), wire("approver"), wire("approver")
    register(one, code)
    assert one.call("organisation.amend", code=code, version=1, name="新名").version == 2
    refused = refusal(other, "organisation.amend", code=code, version=1, division="370102")
    assert (refused.reason, refused.fields) == ("version-differs", ["name"])
    assert other.call("organisation.amend", code=code, version=2, division="370102").version == 3
    shown = wire("reviewer").call("organisation.show", code=code).organisation
    assert (shown.name, shown.division) == ("新名", "370102")


def test_amendments_at_once_are_one(wire):
    code = fresh_code()
    register(wire("approver"), code)
    connections, outcomes = [wire("approver") for _ in range(8)], []

    def amend(connection, name):
        try:
            outcomes.append(connection.call("organisation.amend", code=code, version=1, name=name).version)
        except Refused as refused:
            outcomes.append(refused.reason)

    threads = [threading.Thread(target=amend, args=(c, f"名{i}")) for i, c in enumerate(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["2"] + ["version-differs"] * 7


def test_nothing_to_change(wire):
    assert refusal(wire("approver"), "organisation.amend", code=SCHOOL, version=1).reason == "nothing-to-change"


def test_g4_suspended_organisation_is_out_until_it_is_taken_up_again(stack, wire, newcomer):
    code = fresh_code("52")
    register(wire("approver"), code, kind=1)
    clerk = newcomer(organisation=code)
    connection = clerk.connect()
    assert wire("approver").call("organisation.suspend", code=code, version=1, reason="检查").version == 2
    assert closed_within(connection, 1) == "operator-unknown"
    with pytest.raises(Closed, match="operator-unknown"):
        clerk.connect()
    assert wire("approver").call("organisation.reactivate", code=code, version=2, reason="检查完毕").version == 3
    clerk.connect().close()
    wire("approver").call("organisation.close", code=code, version=3, reason="退出")
    assert refusal(wire("approver"), "organisation.reactivate", code=code, version=4,
                   reason="再来").reason == "organisation-state"


def test_g3_scope_opens_and_ends(wire, newcomer):
    code, approver = fresh_code("52"), wire("approver")
    register(approver, code, kind=1)
    clerk = newcomer(organisation=code).connect()
    opened = {"title": "示例班", "occupation_code": "4-03-02-01", "level": 6, "training_kind": 3, "capacity": 10,
              "starts_on": "2026-03-01", "ends_on": "2026-03-02"}
    assert refusal(clerk, "class.open", **opened).reason == "out-of-scope"
    period = {"code": code, "occupation_code": "4-03-02-01", "level": 6}
    approver.call("scope.add", **period, valid_from="2026-01-01")
    assert refusal(approver, "scope.add", **period, valid_from="2030-01-01").reason == "scope-overlaps"
    assert clerk.call("class.open", **opened).number
    approver.call("scope.end", **period, valid_to="2026-02-28")
    assert refusal(clerk, "class.open", **opened).reason == "out-of-scope"
    assert refusal(approver, "scope.end", **period, valid_to="2026-03-01").reason == "out-of-scope"
    clerk.close()


# ---- operators ----


def test_change_takes_effect_when_a_second_administrator_confirms(stack, wire):
    certificate, key = stack.authority.issue("waiting")
    stack.write_profile("waiting", certificate, key)
    profile = read_profile(stack.profiles / "waiting")
    one, other = wire("secadmin"), wire("secadmin2")
    proposed = one.call("operator.add", organisation_code=SCHOOL, name="钱等候", role=[1],
                        document={"document_number": people.resident(902)}, certificate=der(certificate))
    with pytest.raises(Closed, match="operator-unknown"):
        Wire(profile)
    assert refusal(one, "change.confirm", change_id=proposed.change_id).reason == "change-own"
    pending, = [c for c in other.pages("change.list", "change") if c.change_id == proposed.change_id]
    assert (pending.operator_name, pending.kind, pending.role, pending.proposed_by) == ("钱**", 1, [1], "卫**")
    other.call("change.confirm", change_id=proposed.change_id)
    with Wire(profile) as connection:
        assert connection.hello.caller.name == "钱等候"
        assert connection.hello.caller.operator_id == proposed.operator_id
    assert refusal(other, "change.reject", change_id=proposed.change_id).reason == "change-decided"
    decided, = [c for c in other.pages("change.list", "change", all=True) if c.change_id == proposed.change_id]
    assert (decided.decision, decided.decided_by) == (1, "韩**")


def test_confirmed_by_two_at_once_is_confirmed_once(wire, newcomer):
    person = newcomer(organisation=people.ORGANISATIONS["bureau"][0])
    proposed = person.one.call("operator.roles", operator_id=person.id, role=[2])
    others, outcomes = [wire("secadmin2") for _ in range(6)], []

    def confirm(connection):
        try:
            connection.call("change.confirm", change_id=proposed.change_id)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.reason)

    threads = [threading.Thread(target=confirm, args=(c,)) for c in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["change-decided"] * 5 + ["done"]


def test_revocation_reaches_a_connection_that_is_busy_within_a_second(newcomer):
    person = newcomer()
    connection, stop, reason = person.connect(), threading.Event(), []

    def stream():
        try:
            while not stop.is_set():
                connection.call("class.list")
        except Closed as closed:
            reason.append((str(closed), time.monotonic()))

    thread = threading.Thread(target=stream)
    thread.start()
    person.change("operator.status", operator_id=person.id, status=3, reason="离职")
    revoked = time.monotonic()
    thread.join(5)
    stop.set()
    assert reason and reason[0][0] == "operator-unknown" and reason[0][1] - revoked < 1
    with pytest.raises(Closed, match="operator-unknown"):
        person.connect()


def test_other_roles_take_effect_on_open_connections(newcomer):
    person = newcomer(roles=(2,), organisation=people.ORGANISATIONS["bureau"][0])
    connection = person.connect()
    person.change("operator.roles", operator_id=person.id, role=[4])
    assert closed_within(connection, 1) == "rights-changed"
    with person.connect() as again:
        assert list(again.hello.caller.role) == [4]


def test_rotation_of_certificates_has_no_gap(stack, newcomer):
    person = newcomer()
    old = person.connect()
    certificate, key = stack.authority.issue(person.name + "b")
    stack.write_profile(person.name + "b", certificate, key)
    person.change("operator.bind", operator_id=person.id, document=person.document, certificate=der(certificate))
    with person.connect(person.name + "b") as fresh:
        assert fresh.hello.caller.operator_id == person.id
        assert old.call("class.list") is not None
        person.change("operator.unbind", operator_id=person.id, key_hash=key_hash(person.certificate))
        assert closed_within(old, 1) == "operator-unknown"
        assert fresh.call("class.list") is not None
    shown = person.one.call("operator.show", operator_id=person.id)
    assert [c.HasField("revoked_at_ms") for c in shown.certificate] == [True, False]


def test_rights_lost_while_the_database_was_away(own_stack):
    stack = own_stack()
    with Wire(read_profile(stack.profiles / "institution")) as connection, \
            Wire(read_profile(stack.profiles / "institution2")) as other:
        stack.sql("ALTER ROLE mingced NOLOGIN")
        stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mingced'")
        stack.sql(f"UPDATE registry.operator SET status = 2 WHERE organisation_id = "
                  f"(SELECT organisation_id FROM registry.organisation WHERE code = '{SCHOOL}')")
        stack.sql("ALTER ROLE mingced LOGIN")
        assert closed_within(connection, 20) == "operator-unknown"
        assert other.call("class.list") is not None


@pytest.mark.parametrize("fields, reason, field", [
    ({"role": [1, 7]}, "roles-exclusive", "role"),
    ({"role": []}, "role-missing", "role"),
    ({"role": [1, 1]}, "role-missing", "role"),
    ({"name": "孙2"}, "name-digit", "name"),
    ({"document": {"document_number": "370102196501011235"}}, "id-checksum", "document_number"),
    ({"document": {"document_number": "E12345678", "document_type": "护照", "issuing_country": "USA"}}, "operator-document",
     "document_type"),
    ({"certificate": []}, "client-certificate-format", "certificate"),
    ({"certificate": [b"0"]}, "client-certificate-format", "certificate"),
    ({"organisation_code": people.credit_code("52", "370100", "39999997")}, "organisation-unknown", "organisation_code"),
])
def test_operator_that_cannot_be_added(stack, wire, fields, reason, field):
    refused = refusal(wire("secadmin"), "operator.add",
                      **({"organisation_code": SCHOOL, "name": "孙新人", "role": [1],
                          "document": {"document_number": people.resident(903)},
                          "certificate": der(stack.authority.issue("never")[0])} | fields))
    assert (refused.reason, refused.fields) == (reason, [field])


def test_exclusive_administrators_are_the_tables_own_constraint(stack):
    for roles in ("{clerk,sysadmin}", "{secadmin,auditadmin}", "{auditadmin,auditor}", "{auditor,reviewer}"):
        with pytest.raises(Exception, match="operator_administrator_exclusive"):
            stack.sql(f"UPDATE registry.operator SET roles = '{roles}'")


def test_lists_of_operators_are_masked_and_paged(wire):
    listed = wire("secadmin").pages("operator.list", "operator", page_rows=3)
    assert len({o.operator_id for o in listed}) == len(listed) >= len(people.OPERATORS)
    assert all("*" in o.name for o in listed)
    school = wire("auditor").pages("operator.list", "operator", organisation_code=SCHOOL)
    assert school and all(o.organisation_code == SCHOOL for o in school)
