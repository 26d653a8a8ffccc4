# SPDX-License-Identifier: Apache-2.0
"""What strangers send: every malformed frame ends in a clear answer or a close, and never in a dead worker."""

import os
import socket
import struct

import pytest
import roster_pb2
import samples
import wire_pb2
from wire import Refused, Wire, framed, read_profile


@pytest.fixture(autouse=True)
def worker_survives(stack, wire):
    before = stack.workers()
    yield
    assert wire().call("class.list") is not None
    assert stack.workers() == before


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, payload):
    """A length-delimited field."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def request_bytes(method=b"class.list", body=b"", number=1, more=b""):
    """A Request message by hand, so that it may be wrong."""
    return field(2, b"\x08" + varint(number) + field(2, method) + field(5, body) + more)


def dismissal(wire, message):
    """The reason of the Goodbye that `message` earns."""
    wire.send(framed(message))
    return wire.goodbye()


def test_frame_truncated_at_every_byte(profile):
    whole = Wire(profile("institution"))
    data = whole.request("organisation.list", page_rows=3)
    whole.close()
    for n in range(len(data)):
        wire = Wire(profile("institution"))
        wire.send(data[:n])
        wire.socket.shutdown(socket.SHUT_WR)
        assert wire.goodbye() is None, n
        wire.close()


def test_frame_in_two_pieces_at_every_byte(wire):
    connection = wire()
    for n in range(len(connection.request("organisation.list", page_rows=3))):
        data = connection.request("organisation.list", page_rows=3)
        connection.send(data[:n])
        connection.send(data[n:])
        number, answer = connection.answer("organisation.list")
        assert number == connection.last_id and len(answer.organisation) == 1


def test_message_truncated_at_every_byte(profile):
    """The header is honest, the message is cut: it is malformed or lacks a field."""
    message = request_bytes(body=b"\x10\x05", more=b"\x18\x64")
    for n in range(1, len(message)):
        with Wire(profile("institution")) as wire:
            reason = dismissal(wire, message[:n])
            assert reason in ("wire-malformed", "wire-missing-field"), (n, reason)


def test_body_truncated_at_every_byte(wire):
    connection = wire()
    body = roster_pb2.RosterImportRequest(class_number=1, row=[samples.trainee()]).SerializeToString()
    for n in range(len(body)):
        with pytest.raises(Refused) as refused:
            connection.call("roster.import", body=body[:n])
        assert refused.value.reason in ("wire-malformed", "wire-missing-field", "roster-empty"), n


def test_oversized_frame_is_refused_before_it_is_sent(wire):
    connection = wire()
    connection.send(struct.pack(">I", connection.hello.limits.frame_bytes + 1))
    assert connection.goodbye() == "frame-too-long"


def test_four_gigabytes(wire):
    connection = wire()
    connection.send(b"\xff\xff\xff\xff")
    assert connection.goodbye() == "frame-too-long"


def test_empty_frame(wire):
    connection = wire()
    connection.send(struct.pack(">I", 0))
    assert connection.goodbye() == "frame-too-long"


def test_longest_frame_is_taken(wire):
    connection = wire()
    room = connection.hello.limits.frame_bytes
    overhead = len(connection.request("class.open", body=b"")) - 4 + 6
    connection.send(connection.request("class.open", body=field(1, b"a" * (room - overhead - 4))))
    number, answer = connection.answer()
    assert number == connection.last_id and isinstance(answer, Refused)


def test_unknown_method(wire):
    connection = wire()
    connection.send(framed(request_bytes(b"class.burn")))
    number, refused = connection.answer()
    assert number == 1
    assert (refused.code, refused.reason, refused.fields) == ("CODE_INVALID", "method-unknown", ["method"])


def test_wrong_message_in_the_body(wire):
    connection = wire()
    with pytest.raises(Refused) as refused:
        connection.call("class.open", body=roster_pb2.RosterListRequest(class_number=1).SerializeToString())
    assert refused.value.code == "CODE_INVALID" and refused.value.reason.startswith("wire-")
    assert connection.call("class.list") is not None  # the connection goes on


@pytest.mark.parametrize("kind", ["hello", "response", "goodbye"])
def test_client_sends_what_only_a_server_may(wire, kind):
    frame = wire_pb2.Frame()
    error = wire_pb2.Error(code=1, reason="x", zh="x", en="x")
    if kind == "response":
        frame.response.id = 1
        frame.response.body = b""
    elif kind == "goodbye":
        frame.goodbye.error.CopyFrom(error)
    else:
        frame.hello.CopyFrom(wire().hello)
    assert dismissal(wire(), frame.SerializeToString()) == "frame-kind"


def test_frame_without_a_kind(wire):
    assert dismissal(wire(), field(15, b"")) == "wire-unknown-field"


def test_two_kinds_in_one_frame(wire):
    error = field(5, field(1, b"\x08\x01" + field(2, b"x") + field(3, b"x") + field(4, b"x")))
    assert dismissal(wire(), request_bytes() + error) in ("wire-repeated-field", "wire-malformed")


@pytest.mark.parametrize("depth", [20, 1000, 29000])
def test_nested(wire, depth):
    message = b""
    for _ in range(depth):
        message = field(2, message)
        if len(message) > 60000:
            break
    reason = dismissal(wire(), message)
    assert reason is not None and reason.startswith("wire-")


def test_nul_in_a_text(wire):
    connection = wire()
    with pytest.raises(Refused) as refused:
        connection.call("organisation.show", code="91370100\x00")
    assert refused.value.reason == "wire-nul"
    assert dismissal(connection, request_bytes(b"class\x00list")) == "wire-nul"


@pytest.mark.parametrize("text", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe4\xb8", b"\xf5\x80\x80\x80", b"\x80"],
                         ids=["ff", "overlong", "surrogate", "cut", "beyond", "continuation"])
def test_invalid_utf8(wire, text):
    connection = wire()
    with pytest.raises(Refused) as refused:
        connection.call("organisation.show", body=field(1, text))
    assert refused.value.reason == "wire-utf8"
    assert dismissal(connection, request_bytes(text)) == "wire-utf8"


def test_thousand_unknown_fields(wire):
    unknown = b"".join(varint(number << 3) + b"\x01" for number in range(100, 1100))
    connection = wire()
    with pytest.raises(Refused) as refused:
        connection.call("class.list", body=unknown)
    assert refused.value.reason == "wire-unknown-field"
    assert dismissal(connection, request_bytes(more=unknown)) == "wire-unknown-field"


def test_thousand_fields_of_one_number(wire):
    connection = wire()
    with pytest.raises(Refused) as refused:
        connection.call("class.list", body=b"\x10\x05" * 1000)
    assert refused.value.reason == "wire-repeated-field"


def test_unknown_enum_value(wire):
    connection = wire()
    with pytest.raises(Refused) as refused:
        connection.call("class.open", body=b"\x18\x63" + field(1, b"x"))
    assert refused.value.reason == "wire-unknown-enum"


@pytest.mark.parametrize("body, reason", [
    (b"\x13\x14", "wire-malformed"),                                     # groups
    (b"\x10" + b"\xff" * 10 + b"\x01", "wire-malformed"),                # a varint of eleven bytes
    (b"\x00\x01", "wire-malformed"),                                     # field number zero
    (field(1, b"x")[:-1] + b"", "wire-malformed"),                       # cut inside a text
    (b"\x0a\xff\xff\xff\xff\x0f", "wire-malformed"),                     # four gigabytes of text
    (b"\x0d\x01\x02\x03\x04", "wire-malformed"),                         # a text as fixed32
], ids=["groups", "long-varint", "field-zero", "cut", "huge", "wrong-type"])
def test_malformed_body(wire, body, reason):
    connection = wire()
    with pytest.raises(Refused) as refused:
        connection.call("class.list", body=body)
    assert refused.value.reason == reason


def test_million_empty_rows(wire):
    """They would unpack into far more than they weigh."""
    connection = wire()
    rows = b"\x12\x00" * 300000
    with pytest.raises(Refused) as refused:
        connection.call("roster.import", body=b"\x08\x01" + rows)
    assert refused.value.reason in ("wire-too-many", "wire-missing-field", "request-too-large")


def test_random_bytes(profile):
    for _ in range(50):
        with Wire(profile("institution")) as wire:
            wire.send(framed(os.urandom(200)))
            assert wire.goodbye() is not None


def test_plain_text_instead_of_tls(stack):
    with socket.create_connection(("127.0.0.1", stack.port)) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\n\r\n")
        raw.settimeout(120)
        try:
            while raw.recv(4096):
                pass
        except ConnectionError:
            pass


def test_disconnect_in_the_handshake(stack):
    for data in (b"", b"\x16", b"\x16\x03\x01\x02\x00\x01"):
        with socket.create_connection(("127.0.0.1", stack.port)) as raw:
            raw.sendall(data)


def test_handshake_that_never_ends_is_cut(own_stack):
    stack = own_stack(handshake_ms=300)
    with socket.create_connection(("127.0.0.1", stack.port)) as raw:
        raw.settimeout(120)
        try:
            assert raw.recv(100) == b""
        except ConnectionResetError:
            pass


def test_frame_that_never_ends_is_cut(own_stack):
    stack = own_stack(frame_ms=300)
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        wire.socket.settimeout(120)
        wire.send(b"\x00\x00")
        wire.goodbye()  # returns: the connection was closed
