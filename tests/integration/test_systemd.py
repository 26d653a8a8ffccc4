# SPDX-License-Identifier: Apache-2.0
"""What the service manager is told: ready when it serves, alive, reloading, stopping."""

import signal
import socket
import time

import pytest


class Manager:
    """The socket that a service manager reads notifications from."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(120)

    def next(self, leaving_out=("WATCHDOG=1",)):
        while True:
            said = self.socket.recv(4096).decode()
            if said not in leaving_out:
                return said


@pytest.fixture
def manager(tmp_path, monkeypatch):
    path = tmp_path / "notify"
    monkeypatch.setenv("NOTIFY_SOCKET", str(path))
    monkeypatch.setenv("WATCHDOG_USEC", "1000000")
    return Manager(path)


def test_life_is_told(manager, own_stack):
    stack = own_stack()
    assert manager.next() == "READY=1"
    stack.signal(signal.SIGHUP)
    assert [manager.next(), manager.next()] == ["RELOADING=1", "READY=1"]
    stack.signal(signal.SIGTERM)
    assert manager.next() == "STOPPING=1"


def test_watchdog_hears_twice_an_interval(manager, own_stack):
    own_stack()
    assert manager.next() == "READY=1"
    began = time.monotonic()
    for _ in range(4):
        assert manager.next(leaving_out=()) == "WATCHDOG=1"
    assert time.monotonic() - began < 4


def test_not_ready_without_the_database(manager, own_stack):
    stack = own_stack()
    assert manager.next() == "READY=1"
    stack.daemon_stop()
    assert manager.next() == "STOPPING=1"
    stack.postgres.stop()
    stack.daemon_start(wait=False)
    stack.wait_log("msg=database-lost", stack.log_end())
    stack.signal(signal.SIGHUP)
    assert manager.next() == "RELOADING=1"
    stack.postgres.start()
    assert manager.next() == "READY=1"
