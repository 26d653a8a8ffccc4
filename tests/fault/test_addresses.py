# SPDX-License-Identifier: Apache-2.0
"""Names of several addresses, and several hosts, of which the first says nothing: packets to it vanish. Each has its share of
the time, for mingced on its way to PostgreSQL and for mingce on its way to mingced."""

import contextlib
import pathlib
import shutil
import subprocess
import threading
import time

import pytest
from conftest import stack_in
from namespace import Namespace
from test_network import notary
from waiting import until
from wire import Wire, read_profile

DEAD = "10.214.0.{}"  # routed to our end of the line, which passes nothing on
LIVE = DEAD.format(9)  # but has this one: no nearer than the dead ones, so that it is not sorted before them
pytestmark = pytest.mark.namespaces


@pytest.fixture
def away():
    """A namespace from which DEAD is reached by way of us."""
    with Namespace() as namespace, etc(namespace) as folder:
        namespace._ip("-n", namespace.name, "route", "add", "10.214.0.0/24", "via", namespace.here)
        namespace._ip("-n", namespace.name, "link", "set", "lo", "up")
        namespace._ip("address", "add", f"{LIVE}/32", "dev", namespace.line)
        forwarding = pathlib.Path(f"/proc/sys/net/ipv4/conf/{namespace.line}/forwarding")
        forwarding.write_text("0")
        namespace.hosts = folder / "hosts"
        namespace.hosts.write_text("127.0.0.1 localhost\n")
        (folder / "resolv.conf").write_text(f"nameserver {DEAD.format(53)}\n")
        yield namespace


@contextlib.contextmanager
def etc(namespace):
    """What `ip netns exec` puts in place of files of /etc."""
    folder = pathlib.Path("/etc/netns") / namespace.name
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def drop(namespace):
    """What is not to be passed on is not refused either."""
    namespace._ip("route", "add", "blackhole", "10.214.0.0/24")


@pytest.fixture
def dead(away):
    drop(away)
    yield away
    away._ip("route", "del", "blackhole", "10.214.0.0/24")


def several(namespace, how, user):
    """A connection string of which the first host, address or name is dead."""
    namespace.hosts.write_text(f"127.0.0.1 localhost\n{DEAD.format(1)} database.example\n{LIVE} database.example\n")
    hosts = {"hosts": f"{DEAD.format(1)},{DEAD.format(2)},{namespace.here}", "addresses": "database.example",
             "name": f"unknown.example,{namespace.here}"}[how]
    return f"host={hosts} user={user} dbname=mingce"


@pytest.mark.parametrize("how", ["hosts", "addresses", "name"])
def test_a_dead_first_one_keeps_mingced_from_none(tmp_path, dead, how):
    with stack_in(tmp_path / "stack", log_key="", log_state="", database_connections=1) as stack:
        here = stack.mingced
        dead.offer(stack.postgres, "*")
        dead.move(stack)
        stack.daemon_stop()
        stack.settings["database"] = several(dead, how, "mingced")
        stack.configure()
        stack.daemon_start()
        with Wire(read_profile(stack.profiles / "institution")) as wire:
            assert wire.call("class.list") is not None
        with notary(stack, stack.mingced, several(dead, how, "mingced_notary"), tmp_path / "away"):
            until(lambda: stack.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'mingced_notary'") != "0")
        seen = stack.log_end()
        stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mingced'")
        stack.wait_log("msg=database-ready", seen)
        assert "msg=database-host-failed" not in stack.log_text(seen)  # the last good one is tried first
        command = subprocess.run([stack.mingced, "-c", stack.configuration, "migrate"], stdout=subprocess.PIPE, text=True, check=False,
                                 env=stack.environment(MINGCED_OWNER_DATABASE=several(dead, how, "mingce_owner")), timeout=30)
        assert (command.returncode, command.stdout) == (0, "the schema is up to date\n")
        stack.mingced = here


def test_names_are_looked_up_while_others_are_served(tmp_path, dead):
    """A name server that says nothing holds up nobody's handshake."""
    with stack_in(tmp_path / "stack", log_key="", log_state="", database_connections=2) as stack:
        dead.offer(stack.postgres, "*")
        dead.move(stack)
        stack.daemon_stop()
        stack.settings["database"] = several(dead, "name", "mingced")
        stack.configure()
        stack.daemon_start()
        profile = read_profile(stack.profiles / "institution")
        for _ in range(3):
            stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mingced'")
            began = time.monotonic()
            with contextlib.suppress(Exception):
                Wire(profile).close()
            assert time.monotonic() - began < 8  # a blocked loop waits for ten and more


@contextlib.contextmanager
def forwarded(stack, address):
    """The daemon's port at our end of the line."""
    import socket
    listener = socket.create_server((address, stack.port))

    def pump(a, b):
        with contextlib.suppress(OSError):
            while data := a.recv(65536):
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                other = socket.create_connection(("127.0.0.1", stack.port))
                for ends in (line, other), (other, line):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_a_dead_first_address_keeps_mingce_from_none(tmp_path, dead):
    with stack_in(tmp_path / "stack") as stack, forwarded(stack, LIVE):
        dead.hosts.write_text(f"{DEAD.format(1)} mingced.example\n{DEAD.format(2)} mingced.example\n{LIVE} mingced.example\n")
        profile = stack.profiles / "institution"
        profile.write_text(profile.read_text().replace("127.0.0.1", "mingced.example"))
        done = subprocess.run(["ip", "netns", "exec", dead.name, stack.mingce, "--profile", "institution", "whoami"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=stack.environment(), timeout=60, check=False)
        assert done.returncode == 0, done.stderr
