# SPDX-License-Identifier: Apache-2.0
"""An independent client of the wire: Python's ssl and protobuf, no code of ours."""

import os
import select
import socket
import ssl
import struct

import methods_pb2
import options_pb2
import wire_pb2
from google.protobuf import symbol_database


def messages(rpc):
    """The classes of a method's request and response."""
    return tuple(symbol_database.Default().GetSymbol(message.full_name) for message in (rpc.input_type, rpc.output_type))


METHODS = methods_pb2.DESCRIPTOR.services_by_name["Registry"].methods
OPTIONS = [rpc.GetOptions().Extensions[options_pb2.method] for rpc in METHODS]
REQUESTS = {options.name: messages(rpc) for rpc, options in zip(METHODS, OPTIONS)}
WRITES = {options.name for options in OPTIONS if options.effect == options_pb2.WRITES}
WAIT_S = 120


class Closed(Exception):
    """The server ended the connection; `reason` of its Goodbye, or None."""

    def __init__(self, reason=None):
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, error):
        super().__init__(error.reason)
        self.error = error
        self.reason = error.reason
        self.code = wire_pb2.Code.Name(error.code)
        self.fields = [finding.field for finding in error.finding]


def read_profile(path):
    with open(path, encoding="utf-8") as file:
        return dict(line.strip().split(" = ", 1) for line in file if " = " in line)


def tls(profile, certificate=True, alpn="mingce/1", version=ssl.TLSVersion.TLSv1_3):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = min(version, ssl.TLSVersion.TLSv1_3)
    context.maximum_version = version
    context.load_verify_locations(profile["ca"])
    if alpn:
        context.set_alpn_protocols([alpn])
    if certificate:
        context.load_cert_chain(profile["certificate"], profile["key"])
    return context


def connect(profile, **options):
    """A TLS connection, nothing read yet."""
    host, port = profile["server"].rsplit(":", 1)
    raw = socket.create_connection((host, int(port)), WAIT_S)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return tls(profile, **options).wrap_socket(raw, server_hostname=profile["server_name"])


def framed(message):
    return struct.pack(">I", len(message)) + message


class Wire:
    """A greeted connection. `hello` False: the greeting is left unread."""

    def __init__(self, profile, hello=True, **options):
        self.socket = connect(profile, **options)
        self.buffer = b""
        self.last_id = 0
        self.hello = None
        if hello:
            frame = self.read()
            if frame.WhichOneof("kind") != "hello":
                self.close()
                raise Closed(frame.goodbye.error.reason)
            self.hello = frame.hello

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    # ---- bytes and frames ----

    def send(self, data):
        self.socket.sendall(data)

    def read_exactly(self, n):
        while len(self.buffer) < n:
            try:
                more = self.socket.recv(65536)
            except (ConnectionError, ssl.SSLError) as error:
                raise Closed() from error
            if not more:
                raise Closed()
            self.buffer += more
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def read(self):
        """The next Frame."""
        length = struct.unpack(">I", self.read_exactly(4))[0]
        frame = wire_pb2.Frame()
        frame.ParseFromString(self.read_exactly(length))
        assert not frame.DiscardUnknownFields()
        return frame

    def readable(self, seconds):
        if self.buffer or self.socket.pending():
            return True
        return bool(select.select([self.socket], [], [], seconds)[0])

    def goodbye(self):
        """Reads until the server closes; the reason of its Goodbye, None without one."""
        reason = None
        try:
            while True:
                frame = self.read()
                if frame.WhichOneof("kind") == "goodbye":
                    reason = frame.goodbye.error.reason
                    assert frame.goodbye.error.zh and frame.goodbye.error.en
        except Closed:
            return reason

    # ---- requests ----

    def request(self, method, request_id=None, body=None, frame_number=None, deadline_ms=None, **fields):
        """The bytes of a request frame; its number is self.last_id. A write gets a fresh request id."""
        self.last_id = self.last_id + 1 if frame_number is None else frame_number
        frame = wire_pb2.Frame()
        frame.request.id = self.last_id
        frame.request.method = method
        frame.request.body = REQUESTS[method][0](**fields).SerializeToString() if body is None else body
        if request_id is None and method in WRITES:
            request_id = os.urandom(16)
        if request_id:
            frame.request.request_id = request_id
        if deadline_ms is not None:
            frame.request.deadline_ms = deadline_ms
        return framed(frame.SerializeToString())

    def answer(self, method=None):
        """(number, response message or Refused) of the next response."""
        frame = self.read()
        kind = frame.WhichOneof("kind")
        if kind == "goodbye":
            raise Closed(frame.goodbye.error.reason)
        assert kind == "response", kind
        response = frame.response
        self.receipt = response.receipt if response.HasField("receipt") else None
        if response.WhichOneof("outcome") == "error":
            return response.id, Refused(response.error)
        if method is None:
            return response.id, response.body
        return response.id, REQUESTS[method][1].FromString(response.body)

    def call(self, method, **options):
        self.send(self.request(method, **options))
        number, answer = self.answer(method)
        assert number == self.last_id
        if isinstance(answer, Refused):
            raise answer
        return answer

    def pages(self, method, rows, **fields):
        """All rows of a list, following its cursor."""
        found, cursor = [], None
        while True:
            page = self.call(method, **fields, **({"cursor": cursor} if cursor else {}))
            found += getattr(page, rows)
            if not page.HasField("next"):
                return found
            assert page.next != cursor
            cursor = page.next
