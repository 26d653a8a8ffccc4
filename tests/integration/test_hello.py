# SPDX-License-Identifier: Apache-2.0
"""Who gets in: TLS, the certificate, the greeting."""

import ssl
import time

import people
import pytest
import wire_pb2
from authority import SERVER, Authority
from wire import OPTIONS, Closed, Wire, connect, read_profile

ROLES = {profile: role for profile, (_, _, role) in people.OPERATORS.items()}
METHODS = {role: {options.name for options in OPTIONS if getattr(wire_pb2, "ROLE_" + role.upper()) in options.role} for role in ROLES.values()}


@pytest.mark.parametrize("name", people.OPERATORS)
def test_hello_says_who_you_are(wire, name):
    organisation, person, role = people.OPERATORS[name]
    code, organisation_name, kind, division = people.ORGANISATIONS[organisation]
    hello = wire(name).hello
    assert hello.protocol == 1
    assert abs(hello.server_time_ms - time.time() * 1000) < 5000
    assert len(hello.caller.operator_id) == 16
    assert hello.caller.name == person
    assert hello.caller.organisation.code == code
    assert hello.caller.organisation.name == organisation_name
    assert hello.caller.organisation.division == division
    assert wire_pb2.OrganisationKind.Name(hello.caller.organisation.kind) == "KIND_" + kind.upper().replace("-", "_")
    assert hello.caller.organisation.status == wire_pb2.STATUS_ACTIVE
    assert [wire_pb2.Role.Name(r) for r in hello.caller.role] == ["ROLE_" + role.upper()]
    assert set(hello.caller.method) == METHODS[role]


def test_hello_states_the_limits(own_stack):
    stack = own_stack(frame_bytes=20000, in_flight=7, deadline_ms=1234, roster_rows=11, page_rows=13)
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        limits = wire.hello.limits
        assert (limits.frame_bytes, limits.in_flight, limits.deadline_ms) == (20000, 7, 1234)
        assert (limits.roster_rows, limits.page_rows) == (11, 13)


def test_server_speaks_first_and_only_hello(wire):
    assert not wire().readable(0.3)


def refused(profile, **options):
    """The handshake fails, or the first read does: a TLS 1.3 server learns of the certificate last."""
    try:
        connection = connect(profile, **options)
    except (ssl.SSLError, ConnectionError):
        return True
    connection.close()
    try:
        Wire(profile, **options)
    except Closed as closed:
        return closed.reason is None
    except (ssl.SSLError, ConnectionError):
        return True
    return False


def test_no_certificate(profile):
    assert refused(profile("institution"), certificate=False)


def test_expired_certificate(stack, profile):
    certificate, key = stack.authority.issue("expired", days=-1)
    assert refused(profile("institution") | {"certificate": certificate, "key": key})


def test_certificate_of_another_authority(stack, profile, tmp_path):
    certificate, key = Authority(tmp_path / "other").issue("institution")
    assert refused(profile("institution") | {"certificate": certificate, "key": key})


def test_server_certificate_is_no_client_certificate(stack, profile):
    certificate, key = stack.authority.issue("a-server", SERVER)
    assert refused(profile("institution") | {"certificate": certificate, "key": key})


def test_certificate_unknown_to_the_registry_is_told_so(stack, profile):
    certificate, key = stack.authority.issue("stranger")
    with pytest.raises(Closed) as closed:
        Wire(profile("institution") | {"certificate": certificate, "key": key})
    assert closed.value.reason == "operator-unknown"


def test_revoked_certificate(stack, profile):
    certificate, key = stack.authority.issue("revoked")
    stack.command("operator", "--organisation", people.ORGANISATIONS["institution"][0], "--name", "孙已停", "--role",
                  "clerk", "--certificate", certificate, document=people.resident(901))
    mine = profile("institution") | {"certificate": certificate, "key": key}
    Wire(mine).close()
    stack.sql("UPDATE registry.operator_certificate SET revoked_at = now() WHERE added_at = "
              "(SELECT max(added_at) FROM registry.operator_certificate)")
    with pytest.raises(Closed) as closed:
        Wire(mine)
    assert closed.value.reason == "operator-unknown"


def test_suspended_organisation(stack, profile):
    code = people.ORGANISATIONS["institution2"][0]
    stack.sql(f"UPDATE registry.organisation SET status = 2 WHERE code = '{code}'")
    try:
        with pytest.raises(Closed) as closed:
            Wire(profile("institution2"))
        assert closed.value.reason == "operator-unknown"
    finally:
        stack.sql(f"UPDATE registry.organisation SET status = 1 WHERE code = '{code}'")


def test_tls_1_2_is_refused(profile):
    assert refused(profile("institution"), version=ssl.TLSVersion.TLSv1_2)


@pytest.mark.parametrize("alpn", [None, "http/1.1", "mingce/2"])
def test_other_protocol_is_refused(profile, alpn):
    assert refused(profile("institution"), alpn=alpn)


def test_no_session_ticket(profile):
    """A resumed session would not show its certificate again."""
    with Wire(profile("institution")) as wire:
        wire.call("class.list")
        assert wire.socket.session is None or not wire.socket.session.has_ticket
