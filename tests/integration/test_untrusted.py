# SPDX-License-Identifier: Apache-2.0
"""The command line against a server that lies: it ends, and prints nothing that steers a terminal."""

import contextlib
import json
import socket
import ssl
import struct
import threading

import class_pb2
import pytest
import wire_pb2
from authority import SERVER
from wire import Wire, read_profile


class Liar:
    """Greets as the real server does, with changes, and answers each request by what `answer` makes of it."""

    def __init__(self, stack, answer=None, **limits):
        certificate, key = stack.authority.issue("server", SERVER)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.context.set_alpn_protocols(["mingce/1"])
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.context.load_verify_locations(stack.authority.certificate)
        with Wire(read_profile(stack.profiles / "reviewer")) as wire:
            self.hello = wire.hello
        for name, value in limits.items():
            setattr(self.hello.limits, name, value)
        self.answer, self.asked, self.socket = answer, 0, socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()
        self.profile = stack.profiles / f"liar{self.socket.getsockname()[1]}"
        self.profile.write_text((stack.profiles / "reviewer").read_text().replace(f":{stack.port}\n", f":{self.socket.getsockname()[1]}\n"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.profile.unlink()
        self.socket.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with contextlib.suppress(OSError, EOFError):
                self.talk(self.context.wrap_socket(connection, server_side=True))

    def talk(self, stream):
        def send(**frame):
            data = wire_pb2.Frame(**frame).SerializeToString()
            stream.sendall(struct.pack(">I", len(data)) + data)

        def read(n):
            data = b""
            while len(data) < n:
                data += (more := stream.recv(n - len(data)))
                if not more:
                    raise EOFError
            return data

        send(hello=self.hello)
        while True:
            frame = wire_pb2.Frame.FromString(read(struct.unpack(">I", read(4))[0]))
            self.asked += 1
            send(response=self.answer(frame.request, self.asked))


def page(request, cursor):
    """No class, and where it goes on; an empty cursor: nowhere."""
    body = class_pb2.ClassListResponse(next=cursor) if cursor else class_pb2.ClassListResponse()
    return wire_pb2.Response(id=request.id, body=body.SerializeToString())


@pytest.mark.parametrize("cursors", [[b"x"], [b"x", b"y"], [b"x" * 5000]], ids=["the same", "two in turn", "too long"])
@pytest.mark.parametrize("limit", ["0", "50"])
def test_a_list_that_does_not_go_on_ends(stack, cursors, limit):
    with Liar(stack, lambda request, n: page(request, cursors[n % len(cursors)])) as liar:
        done = stack.cli(str(liar.profile), "class", "list", "--limit", limit, timeout=30)
        assert done.returncode == 4 and liar.asked < 10, (done.returncode, done.stderr)


def test_an_empty_page_may_have_a_next_one(stack):
    """A list that looks at a bounded number of entries for a page finds nothing in some."""
    with Liar(stack, lambda request, n: page(request, b"%d" % n if n < 5 else b"")) as liar:
        done = stack.cli(str(liar.profile), "class", "list", "--limit", "0", timeout=30)
        assert done.returncode == 0 and liar.asked == 5, done.stderr


def test_a_list_that_ends_is_whole(stack):
    with Liar(stack, lambda request, n: page(request, b"")) as liar:
        done = stack.cli(str(liar.profile), "class", "list", "--limit", "0", timeout=30)
        assert done.returncode == 0 and liar.asked == 1, done.stderr


@pytest.mark.parametrize("limits", [{"page_rows": 0}, {"in_flight": 0}, {"roster_rows": 0}, {"frame_bytes": 0}, {"deadline_ms": 0}], ids=lambda limits: next(iter(limits)))
def test_limits_of_nothing_are_refused(stack, limits):
    """With them one would wait, or ask, for ever."""
    with Liar(stack, **limits) as liar:
        done = stack.cli(str(liar.profile), "whoami", timeout=60)
        assert done.returncode in (4, 5) and liar.asked == 0, (done.returncode, done.stderr)


NASTY = "a\x1b[2J\x1b]0;owned\x07b\x9bc\x7f\u202egnp\u200bx\r\nmingce: done"


@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN.UTF-8"])
def test_a_servers_sentence_steers_no_terminal(stack, locale):
    def refuse(request, _):
        error = wire_pb2.Error(code=wire_pb2.CODE_FORBIDDEN if hasattr(wire_pb2, "CODE_FORBIDDEN") else 3, reason=NASTY, zh=NASTY, en=NASTY)
        error.finding.add(severity=1, reason=NASTY, field=NASTY, zh=NASTY, en=NASTY)
        return wire_pb2.Response(id=request.id, error=error)

    with Liar(stack, refuse) as liar:
        done = stack.cli(str(liar.profile), "class", "list", timeout=30, env=stack.environment(LANG=locale, LC_ALL=locale))
        assert done.returncode in (3, 4, 5) and "?[2J" in done.stderr, (done.returncode, done.stderr)
        for bad in "\x1b\x07\x9b\x7f\u202e\u200b\r":
            assert bad not in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_what_is_shown_steers_no_terminal_either(stack):
    """As a table a '?' stands for it; as JSON it is escaped, and is what was sent."""
    with Wire(read_profile(stack.profiles / "reviewer")) as wire:
        hello = wire.hello
    with Liar(stack, lambda request, n: page(request, b"")) as liar:
        liar.hello = wire_pb2.Hello.FromString(hello.SerializeToString())
        liar.hello.caller.name = NASTY
        done = stack.cli(str(liar.profile), "whoami", timeout=30)
        assert done.returncode == 0 and "?[2J" in done.stdout and not set("\x1b\x07\x9b\x7f\u202e\r") & set(done.stdout)
        done = stack.cli(str(liar.profile), "--json", "whoami", timeout=30)
        assert done.returncode == 0 and not set("\x1b\x07\x9b\x7f\r") & set(done.stdout) and json.loads(done.stdout)["name"] == NASTY
