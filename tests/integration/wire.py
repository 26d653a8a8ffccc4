# SPDX-License-Identifier: Apache-2.0
"""An independent client of the wire: Python's ssl and protobuf, no code of ours."""

import os
import select
import socket
import ssl
import struct

import account_pb2
import audit_pb2
import calendar_pb2
import certificate_pb2
import claim_pb2
import class_pb2
import dossier_pb2
import log_pb2
import operator_pb2
import organisation_pb2
import person_pb2
import policy_pb2
import roster_pb2
import standard_pb2
import training_pb2
import wire_pb2

def pair(module, request, response=None):
    """The messages of a method whose names begin like that."""
    return getattr(module, request + "Request"), getattr(module, (response or request) + "Response")


def rows(module, request):
    """Of a method that is answered row by row."""
    return getattr(module, request + "Request"), wire_pb2.RowsResponse


REQUESTS = {
    "access.list": pair(person_pb2, "AccessList"),
    "access.log": pair(person_pb2, "AccessLog"),
    "attendance.import": rows(training_pb2, "AttendanceImport"),
    "audit.list": pair(audit_pb2, "AuditList"),
    "calendar.decide": rows(standard_pb2, "ProposalDecide"),
    "calendar.list": pair(calendar_pb2, "CalendarList"),
    "calendar.propose": rows(calendar_pb2, "CalendarPropose"),
    "certificate.amend": pair(certificate_pb2, "CertificateAmend"),
    "certificate.export": pair(certificate_pb2, "CertificateExport"),
    "certificate.import": rows(certificate_pb2, "CertificateImport"),
    "certificate.list": pair(certificate_pb2, "CertificateList"),
    "certificate.reinstate": pair(certificate_pb2, "CertificateState"),
    "certificate.revoke": pair(certificate_pb2, "CertificateState"),
    "certificate.verify": pair(certificate_pb2, "CertificateVerify"),
    "change.confirm": pair(operator_pb2, "ChangeDecide"),
    "change.list": pair(operator_pb2, "ChangeList"),
    "change.reject": pair(operator_pb2, "ChangeDecide"),
    "claim.accept": rows(claim_pb2, "ClaimDecide"),
    "claim.approve": rows(claim_pb2, "ClaimDecide"),
    "claim.claw-back": rows(claim_pb2, "ClaimDecide"),
    "claim.object": rows(claim_pb2, "ClaimDecide"),
    "claim.pay": rows(claim_pb2, "ClaimDecide"),
    "claim.publicise": rows(claim_pb2, "ClaimDecide"),
    "claim.reject": rows(claim_pb2, "ClaimDecide"),
    "claim.resubmit": rows(claim_pb2, "ClaimDecide"),
    "claim.resume": rows(claim_pb2, "ClaimDecide"),
    "claim.return": rows(claim_pb2, "ClaimDecide"),
    "claim.review": rows(claim_pb2, "ClaimDecide"),
    "claim.suspend": rows(claim_pb2, "ClaimDecide"),
    "claim.withdraw": rows(claim_pb2, "ClaimDecide"),
    "claim.dossier": pair(dossier_pb2, "ClaimDossier"),
    "claim.list": pair(claim_pb2, "ClaimList"),
    "claim.public": pair(claim_pb2, "ClaimPublic", "ClaimList"),
    "claim.queue": pair(claim_pb2, "ClaimQueue", "ClaimList"),
    "claim.show": pair(claim_pb2, "ClaimShow"),
    "claim.submit": rows(claim_pb2, "ClaimSubmit"),
    "fact.answer": rows(claim_pb2, "FactAnswer"),
    "fact.ask": rows(claim_pb2, "FactAsk"),
    "fact.list": pair(claim_pb2, "FactList"),
    "class.amend": pair(class_pb2, "ClassAmend"),
    "class.cancel": pair(class_pb2, "ClassState", "ClassAmend"),
    "class.complete": pair(class_pb2, "ClassState", "ClassAmend"),
    "class.start": pair(class_pb2, "ClassState", "ClassAmend"),
    "class.list": pair(class_pb2, "ClassList"),
    "class.open": pair(class_pb2, "ClassOpen"),
    "class.show": pair(class_pb2, "ClassShow"),
    "conflict.list": pair(person_pb2, "ConflictList"),
    "conflict.resolve": pair(person_pb2, "ConflictResolve"),
    "group.add": pair(person_pb2, "GroupAdd"),
    "group.end": pair(person_pb2, "GroupEnd"),
    "lesson.add": rows(training_pb2, "LessonAdd"),
    "lesson.list": pair(training_pb2, "LessonList"),
    "lesson.remove": pair(training_pb2, "LessonRemove"),
    "log.checkpoint": pair(log_pb2, "LogCheckpoint"),
    "log.entries": pair(log_pb2, "LogEntries"),
    "log.locate": pair(log_pb2, "LogLocate"),
    "log.rows": pair(log_pb2, "LogRows"),
    "log.tile": pair(log_pb2, "LogTile"),
    "marks.import": rows(training_pb2, "MarksImport"),
    "operator.add": pair(operator_pb2, "OperatorAdd", "ChangeProposed"),
    "operator.bind": pair(operator_pb2, "OperatorBind", "ChangeProposed"),
    "operator.list": pair(operator_pb2, "OperatorList"),
    "operator.roles": pair(operator_pb2, "OperatorRoles", "ChangeProposed"),
    "operator.show": pair(operator_pb2, "OperatorShow"),
    "operator.status": pair(operator_pb2, "OperatorStatus", "ChangeProposed"),
    "operator.unbind": pair(operator_pb2, "OperatorUnbind", "ChangeProposed"),
    "organisation.amend": pair(organisation_pb2, "OrganisationAmend"),
    "organisation.close": pair(organisation_pb2, "OrganisationStatus", "OrganisationAmend"),
    "organisation.list": pair(organisation_pb2, "OrganisationList"),
    "organisation.reactivate": pair(organisation_pb2, "OrganisationStatus", "OrganisationAmend"),
    "organisation.register": pair(organisation_pb2, "OrganisationRegister"),
    "organisation.show": pair(organisation_pb2, "OrganisationShow"),
    "organisation.suspend": pair(organisation_pb2, "OrganisationStatus", "OrganisationAmend"),
    "person.amend": pair(person_pb2, "PersonAmend"),
    "person.erase": pair(person_pb2, "PersonErase"),
    "person.find": pair(person_pb2, "PersonFind"),
    "person.merge": pair(person_pb2, "PersonMerge"),
    "person.reveal": pair(account_pb2, "PersonReveal"),
    "person.search": pair(person_pb2, "PersonSearch"),
    "person.show": pair(account_pb2, "PersonShow"),
    "policy.decide": rows(standard_pb2, "ProposalDecide"),
    "policy.list": pair(policy_pb2, "PolicyList"),
    "policy.propose": pair(policy_pb2, "PolicyPropose"),
    "policy.replay": pair(policy_pb2, "PolicyReplay"),
    "roster.export": pair(person_pb2, "RosterExport"),
    "roster.import": pair(roster_pb2, "RosterImport"),
    "roster.list": pair(roster_pb2, "RosterList"),
    "roster.remove": pair(training_pb2, "RosterRemove"),
    "roster.restore": pair(training_pb2, "RosterRestore", "RosterRemove"),
    "scope.add": pair(organisation_pb2, "ScopeAdd", "Scope"),
    "scope.end": pair(organisation_pb2, "ScopeEnd", "Scope"),
    "standard.decide": rows(standard_pb2, "ProposalDecide"),
    "standard.list": pair(standard_pb2, "StandardList"),
    "standard.propose": rows(standard_pb2, "StandardPropose"),
    "training.list": pair(training_pb2, "TrainingList"),
}
READS = {name for name in REQUESTS if name.endswith((".list", ".show", ".log", ".find", ".reveal", ".search", ".export", ".checkpoint", ".entries", ".locate", ".rows", ".tile", ".public", ".queue", ".replay", ".verify"))}
WRITES = set(REQUESTS) - READS
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
