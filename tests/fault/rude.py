#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Clients that misbehave, in a process of their own: rude.py KIND PROFILE. Says `going`, goes on until its standard input
ends, then says what it has done as JSON."""

import collections
import itertools
import json
import os
import select
import socket
import ssl
import struct
import sys
import time

from wire import Closed, Refused, Wire, read_profile

SLOW, NEVER_READ, CONNECTS_S, HELD, BURST = 150, 30, 1000, 200, 500

did = collections.Counter()


def asked_to_stop(seconds=0.0):
    return bool(select.select([sys.stdin], [], [], seconds)[0])


def address(profile):
    host, port = profile["server"].rsplit(":", 1)
    return host, int(port)


def going():
    print("going", flush=True)


# ---- a byte a second ----


def client_hello(profile):
    """The first bytes of an honest handshake."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    hello = context.wrap_bio(incoming, outgoing, server_hostname=profile["server_name"])
    try:
        hello.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


class Dripper:
    """One connection that says one byte at each tick, and begins anew when it is cut off."""

    def __init__(self, begin, text):
        self.begin = begin
        self.text = text
        self.line, self.at = begin(), 0

    def tick(self):
        try:
            if select.select([self.line], [], [], 0)[0]:
                self.line.recv(4096)  # a Goodbye or the end
                raise OSError
            self.line.send(self.text[self.at:self.at + 1])
            self.at += 1
            did["bytes"] += 1
        except OSError:
            did["cut off"] += 1
            self.line.close()
            try:
                self.line, self.at = self.begin(), 0
            except (OSError, Closed):
                did["not let in"] += 1


def drip(begin, text):
    drippers = [Dripper(begin, text) for _ in range(SLOW)]
    going()
    due = time.monotonic()
    while not asked_to_stop(max(0.0, due - time.monotonic())):
        due += 1
        for dripper in drippers:
            dripper.tick()


def drip_hello(profile):
    drip(lambda: socket.create_connection(address(profile)), client_hello(profile))


def drip_frame(profile):
    drip(lambda: Wire(profile).socket, struct.pack(">I", 60000) + bytes(60000))


# ---- takes no answers ----


def burst(wire):
    return b"".join(wire.request("class.list", page_rows=200) for _ in range(BURST))


def never_read(profile):
    """Requests whose answers are long, as many as each line takes; going when none takes any more."""
    wires, full = [Wire(profile) for _ in range(NEVER_READ)], []
    for wire in wires:
        wire.socket.settimeout(0)
    bursts = itertools.cycle([burst(wires[0]) for _ in range(20)])  # no number comes again while it is in flight
    while wires:
        requests = next(bursts)
        for wire in list(wires):
            try:
                wire.send(requests)
                did["requests"] += BURST
            except OSError:  # TLS would have to send the same again: this line has said its last word
                did["full"] += 1
                wires.remove(wire)
                full.append(wire)
        time.sleep(0.05)
    going()
    while not asked_to_stop(1):
        pass


# ---- too many ----


def connects(profile):
    """So many a second; each leaves at once."""
    where = address(profile)
    going()
    began = time.monotonic()
    while not asked_to_stop():
        while did["connects"] < (time.monotonic() - began) * CONNECTS_S:
            with socket.socket() as line:
                line.connect(where)
            did["connects"] += 1
        time.sleep(0.005)
    did["a second"] = round(did["connects"] / (time.monotonic() - began))


def hold(profile):
    """Connections that stay and say nothing."""
    held = [socket.create_connection(address(profile)) for _ in range(HELD)]
    did["held"] = len(held)
    going()
    while not asked_to_stop(1):
        pass


def crowd(profile):
    """As many logins as there are to be had, and then one more after the other; going when there are no more."""
    wires = []
    while not did["operator-connections"]:
        log_in(profile, wires)
    going()
    while not asked_to_stop():
        log_in(profile, wires)


def log_in(profile, wires):
    try:
        wires.append(Wire(profile))
    except Closed as closed:
        did[closed.reason] += 1
    except OSError:
        did["cut off"] += 1


def greedy(profile):
    """More requests at once than the greeting allows."""
    wire = Wire(profile)
    going()
    while not asked_to_stop():
        wire.send(b"".join(wire.request("class.list", frame_number=number) for number in range(BURST)))
        for _ in range(BURST):
            _, answer = wire.answer()
            did[answer.reason if isinstance(answer, Refused) else "answered"] += 1


if __name__ == "__main__":
    {"drip_hello": drip_hello, "drip_frame": drip_frame, "never_read": never_read, "connects": connects, "hold": hold,
     "crowd": crowd, "greedy": greedy}[sys.argv[1]](read_profile(sys.argv[2]))
    print(json.dumps(did), flush=True)
    os._exit(0)  # without the courtesy of closing
