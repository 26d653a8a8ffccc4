#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A whole client of mingced, to read: opens a class, enrols trainees, reads the masked roster, and is refused.

    client.py PROFILE      a profile as the mingce command uses it: server, server_name, ca, certificate, key

The modules *_pb2 are made by protoc from proto/*.proto."""

import os
import socket
import ssl
import struct
import sys

import class_pb2
import roster_pb2
import wire_pb2

RETRIES = 5


class Refused(Exception):
    """The server answered with an Error: a code to act on, a stable reason, a sentence in Chinese and in English."""

    def __init__(self, error):
        super().__init__(f"{wire_pb2.Code.Name(error.code)} {error.reason}: {error.zh} / {error.en}")
        self.code = error.code
        self.reason = error.reason


class Client:
    def __init__(self, profile):
        self.profile = profile
        self.stream = None
        self.hello = None
        self.last_id = 0

    # ---- TLS: version 1.3, our certificate, the protocol's name ----

    def connect(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(self.profile["ca"])
        context.load_cert_chain(self.profile["certificate"], self.profile["key"])
        context.set_alpn_protocols(["mingce/1"])
        host, port = self.profile["server"].rsplit(":", 1)
        plain = socket.create_connection((host, int(port)), timeout=120)
        self.stream = context.wrap_socket(plain, server_hostname=self.profile["server_name"])
        # The server speaks first. A certificate that it refuses shows here, at the first read.
        frame = self.read_frame()
        if frame.WhichOneof("kind") == "goodbye":
            raise Refused(frame.goodbye.error)
        self.hello = frame.hello

    def close(self):
        if self.stream is not None:
            self.stream.close()
            self.stream = None

    # ---- frames: four bytes of length, then one Frame ----

    def write_frame(self, frame):
        message = frame.SerializeToString()
        if len(message) > self.hello.limits.frame_bytes:
            raise ValueError("longer than the server takes: split the request")
        self.stream.sendall(struct.pack(">I", len(message)) + message)

    def read_frame(self):
        (length,) = struct.unpack(">I", self.read_exactly(4))
        return wire_pb2.Frame.FromString(self.read_exactly(length))

    def read_exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.stream.recv(n - len(data))
            if not more:
                raise ConnectionError("the server closed the connection")
            data += more
        return data

    # ---- one request at a time; a client may have Limits.in_flight of them under way, answers come in any order ----

    def read(self, method, request, response):
        """A method that changes nothing has no request id."""
        return response.FromString(self.exchange(method, request, None))

    def write(self, method, request, response, request_id=None):
        """A write may be repeated with its request id until it is answered: it happens once."""
        request_id = request_id or os.urandom(16)
        for attempt in range(RETRIES):
            try:
                return response.FromString(self.exchange(method, request, request_id))
            except Refused as refused:
                if refused.code not in (wire_pb2.CODE_UNAVAILABLE, wire_pb2.CODE_DEADLINE) or attempt == RETRIES - 1:
                    raise
            except OSError:
                self.close()
                if attempt == RETRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def exchange(self, method, request, request_id):
        if self.stream is None:
            self.connect()
        self.last_id += 1
        frame = wire_pb2.Frame()
        frame.request.id = self.last_id
        frame.request.method = method
        frame.request.body = request.SerializeToString()
        if request_id is not None:
            frame.request.request_id = request_id
        self.write_frame(frame)
        answer = self.read_frame()
        if answer.WhichOneof("kind") == "goodbye":
            self.close()
            raise Refused(answer.goodbye.error)
        if answer.response.id != self.last_id:
            raise ValueError("an answer to something else")
        if answer.response.WhichOneof("outcome") == "error":
            raise Refused(answer.response.error)
        return answer.response.body


# ---- a clerk's morning ----

# Invented people: numbers that pass GB 11643 and belong to nobody.
TRAINEES = [
    {"name": "示例甲", "document_number": "110101190001010030", "phone": "13800000001"},
    {"name": "示例乙", "document_number": "110101190001010057", "phone": "13800000002"},
    {"name": "示例3", "document_number": "110101190001010014", "phone": "123"},  # to be refused, without harm to the others
]


def open_class(client):
    request = class_pb2.ClassOpenRequest(title="互通示例班", occupation_code="4-10-01-06", level=2, training_kind=3,
                                         starts_on="2026-03-01", ends_on="2026-05-31", capacity=30)
    return client.write("class.open", request, class_pb2.ClassOpenResponse).number


def roster(class_number, trainees):
    request = roster_pb2.RosterImportRequest(class_number=class_number)
    for row, trainee in enumerate(trainees, 1):
        request.row.add(row=row, ethnicity="汉族", education="大学专科", trainee_group="失业人员", household="非农业",
                        division="370102", address="示例路1号", bank="中国农业银行", account_number="6228480402564890018",
                        **trainee)
    return request


def morning(client):
    client.connect()
    caller = client.hello.caller
    print(f"hello: {caller.organisation.name}, {[wire_pb2.Role.Name(role) for role in caller.role]}, "
          f"{client.hello.limits.roster_rows} rows a request")
    number = open_class(client)
    print(f"class {number}")

    request, request_id = roster(number, TRAINEES), os.urandom(16)
    first = client.write("roster.import", request, roster_pb2.RosterImportResponse, request_id)
    print(f"enrolled {first.enrolled}, in it before {first.duplicate}, refused {first.refused}")
    for result in first.result:
        for finding in result.finding:
            print(f"  row {result.row} {finding.field}: {finding.zh} / {finding.en}")
    again = client.write("roster.import", request, roster_pb2.RosterImportResponse, request_id)
    print("repeated with its request id:", "the first answer" if again == first else "ANOTHER ANSWER")

    page = client.read("roster.list", roster_pb2.RosterListRequest(class_number=number), roster_pb2.RosterListResponse)
    for trainee in page.trainee:
        print(f"  {trainee.seat} {trainee.name} {trainee.document_number} {trainee.phone}")
    try:
        client.write("roster.import", roster(299900001, TRAINEES), roster_pb2.RosterImportResponse)
    except Refused as refused:
        print(f"refused: {refused}")
    client.close()
    return number


def read_profile(path):
    with open(path, encoding="utf-8") as file:
        return dict(line.strip().split(" = ", 1) for line in file if " = " in line)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        morning(Client(read_profile(sys.argv[1])))
    except (Refused, OSError) as trouble:
        sys.exit(f"{trouble}")
