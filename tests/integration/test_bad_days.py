# SPDX-License-Identifier: Apache-2.0
"""Bad days: the database gone, a worker killed, certificates renewed, the daemon told to stop."""

import os
import signal
import socket
import subprocess
import threading
import time

import pytest
import samples
from authority import SERVER
from conftest import CLASS, ROOT
from wire import Closed, Refused, Wire, read_profile
from waiting import until



def greeted(profile):
    try:
        return Wire(profile)
    except (Closed, OSError):
        return None


@pytest.fixture
def mine(own_stack):
    """(stack, profile of the institution)"""
    stack = own_stack()
    return stack, read_profile(stack.profiles / "institution")


# ---- PostgreSQL ----


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_database_gone_and_back(mine, mode):
    stack, profile = mine
    wire = Wire(profile)
    number = wire.call("class.open", **CLASS).number
    workers = stack.workers()
    stack.postgres.stop(mode)
    began = time.monotonic()
    for method, fields in (("class.list", {}), ("class.open", CLASS)):
        with pytest.raises(Refused) as refused:
            wire.call(method, **fields)
        assert refused.value.code == "CODE_UNAVAILABLE"
        assert refused.value.reason in ("store-unavailable", "outcome-unknown")
    with pytest.raises(Closed) as closed:
        Wire(profile)
    assert closed.value.reason == "store-unavailable"
    assert time.monotonic() - began < 15
    stack.postgres.start()
    until(lambda: greeted(profile))
    shown = getattr(wire.call("class.show", number=number), "class")  # the old connection too
    assert shown.number == number
    assert stack.workers() == workers


def test_database_gone_with_requests_in_flight(mine, locked):
    """What was sent and not answered may have happened: the answer says so, and the request id settles it."""
    stack, profile = mine
    wire, request_id = Wire(profile), os.urandom(16)
    with locked(stack, "registry.class"):
        wire.send(wire.request("class.open", request_id=request_id, **CLASS))
        assert not wire.readable(0.3)
        stack.postgres.stop("immediate")
        _, refused = wire.answer()
    assert (refused.code, refused.reason) == ("CODE_UNAVAILABLE", "outcome-unknown")
    stack.postgres.start()
    until(lambda: greeted(profile))
    first = wire.call("class.open", request_id=request_id, **CLASS)
    assert wire.call("class.open", request_id=request_id, **CLASS) == first
    assert stack.sql("SELECT count(*) FROM registry.class") == "1"


def test_database_connection_cut(mine):
    stack, profile = mine
    wire = Wire(profile)
    wire.call("class.list")
    stack.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mingced'")

    def again():
        try:
            return wire.call("class.list") is not None
        except Refused as refused:
            assert refused.code == "CODE_UNAVAILABLE"
            return False
    until(again)


def test_daemon_starts_before_its_database(mine):
    stack, profile = mine
    stack.daemon_stop()
    stack.postgres.stop()
    seen = stack.daemon_start(wait=False)
    time.sleep(1)
    stack.postgres.start()
    stack.wait_log("msg=ready", seen)
    Wire(profile).close()


def test_import_survives_a_database_that_stops_and_starts(own_stack):
    """Every row is in, once, and each has exactly one entry that says it was enrolled."""
    stack = own_stack(roster_rows=5)
    profile = read_profile(stack.profiles / "institution")
    number = Wire(profile).call("class.open", **CLASS).number
    roster = ROOT / "tests/samples/roster-clean-500.csv"
    count = f"SELECT count(*) FROM registry.enrolment WHERE class_number = {number}"
    client = subprocess.Popen([stack.mingce, "--profile", "institution", "roster", "import", roster, "--class", str(number)],
                              env=stack.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for mode in ("immediate", "fast"):
        before = int(stack.sql(count))
        until(lambda: int(stack.sql(count)) > before or client.poll() is not None)
        stack.postgres.stop(mode)
        time.sleep(1)
        stack.postgres.start()
    output, _ = client.communicate(timeout=120)
    assert client.returncode == 0, output
    assert stack.sql(f"SELECT count(*), count(DISTINCT person_id), max(seat) FROM registry.enrolment "
                     f"WHERE class_number = {number}") == "500|500|500"
    assert stack.sql("SELECT count(*) FROM registry.person") == "500"
    assert stack.sql(f"SELECT count(*), count(DISTINCT person_id) FROM audit.entry "
                     f"WHERE person_id IN (SELECT person_id FROM registry.enrolment)") == "500|500"


# ---- processes ----


def test_killed_worker_is_replaced(mine):
    stack, profile = mine
    (worker,) = stack.workers()
    old = Wire(profile)
    os.kill(worker, signal.SIGKILL)
    assert old.goodbye() is None
    until(lambda: greeted(profile))
    assert stack.workers() != [worker]
    os.kill(stack.workers()[0], signal.SIGKILL)
    until(lambda: greeted(profile))


def test_killed_notary_is_replaced(mine):
    stack, profile = mine
    seen = stack.log_end()
    children = open(f"/proc/{stack.daemon.pid}/task/{stack.daemon.pid}/children", encoding="ascii").read().split()
    (notary,) = [int(c) for c in children if int(c) not in stack.workers()]
    os.kill(notary, signal.SIGKILL)
    stack.wait_log("proc=notary .*msg=started", seen)
    Wire(profile).close()


def test_several_workers(own_stack):
    stack = own_stack(workers=3)
    profile = read_profile(stack.profiles / "institution")
    assert len(stack.workers()) == 3
    wires = [Wire(profile) for _ in range(30)]
    numbers = {wire.call("class.open", **CLASS).number for wire in wires}
    assert len(numbers) == 30
    for wire in wires:
        wire.close()


def test_no_worker_outlives_its_supervisor(mine):
    stack, _ = mine
    workers = stack.workers()
    stack.signal(signal.SIGKILL)
    stack.daemon.wait()
    until(lambda: not any(os.path.exists(f"/proc/{pid}") and "Z" not in open(f"/proc/{pid}/stat").read().split()[2]
                          for pid in workers), 10)
    stack.daemon = None
    stack.daemon_start()


# ---- SIGHUP ----


def test_reload_takes_new_certificates_and_keeps_clients(mine):
    stack, profile = mine
    wire = Wire(profile)
    before = wire.socket.getpeercert(binary_form=True)
    stack.authority.issue("server", SERVER, again=True)
    stack.settings = {"page_rows": 17}
    stack.configure()
    seen = stack.log_end()
    stack.signal(signal.SIGHUP)
    stack.wait_log("proc=worker .*msg=reloaded", seen)
    assert wire.call("class.list") is not None
    with Wire(profile) as fresh:
        assert fresh.socket.getpeercert(binary_form=True) != before
        assert fresh.hello.limits.page_rows == 17
        assert fresh.call("class.list") is not None
    assert wire.call("class.list") is not None


@pytest.mark.parametrize("damage", ["setting", "certificate"])
def test_reload_of_something_broken_changes_nothing(mine, damage):
    stack, profile = mine
    wire = Wire(profile)
    before = wire.socket.getpeercert(binary_form=True)
    if damage == "setting":
        stack.configuration.write_text(stack.configuration.read_text() + "no_such_setting = 1\n")
    else:
        (stack.folder / "ca/server.pem").write_text("not a certificate\n")
    seen = stack.log_end()
    stack.signal(signal.SIGHUP)
    stack.wait_log("level=error", seen)
    assert wire.call("class.list") is not None
    with Wire(profile) as fresh:
        assert fresh.socket.getpeercert(binary_form=True) == before
    stack.authority.issue("server", SERVER, again=True)
    stack.configure()


# ---- SIGTERM ----


def test_stop_answers_what_is_in_flight(mine, locked):
    stack, profile = mine
    wire, idle = Wire(profile), Wire(profile)
    with locked(stack, "registry.class"):
        wire.send(wire.request("class.open", frame_number=1, **CLASS))
        assert not wire.readable(0.3)
        seen = stack.log_end()
        stack.signal(signal.SIGTERM)
        stack.wait_log("msg=draining", seen)
        assert idle.goodbye() == "draining"
        wire.send(wire.request("class.list", frame_number=2))
        number, refused = wire.answer()
        assert (number, refused.code, refused.reason) == (2, "CODE_UNAVAILABLE", "draining")
    number, answer = wire.answer("class.open")
    assert number == 1 and answer.number
    assert wire.goodbye() == "draining"
    assert stack.daemon.wait(120) == 0
    assert stack.sql("SELECT count(*) FROM registry.class") == "1"


def test_stop_is_quick_when_idle(mine):
    stack, profile = mine
    wires = [Wire(profile) for _ in range(20)]
    began = time.monotonic()
    assert stack.daemon_stop() == 0
    assert time.monotonic() - began < 15
    assert {wire.goodbye() for wire in wires} == {"draining"}


def test_stop_ends_by_its_deadline(own_stack, locked):
    stack = own_stack(drain_ms=500)
    wire = Wire(read_profile(stack.profiles / "institution"))
    with locked(stack, "registry.class"):
        wire.send(wire.request("class.list"))
        assert not wire.readable(0.3)
        began = time.monotonic()
        stack.signal(signal.SIGTERM)
        stack.daemon.wait(120)
        assert 0.4 < time.monotonic() - began < 30


def test_second_stop_is_at_once(own_stack, locked):
    stack = own_stack(drain_ms=60000)
    wire = Wire(read_profile(stack.profiles / "institution"))
    with locked(stack, "registry.class"):
        wire.send(wire.request("class.list"))
        assert not wire.readable(0.3)
        seen = stack.log_end()
        stack.signal(signal.SIGTERM)
        stack.wait_log("msg=draining", seen)
        stack.signal(signal.SIGTERM)
        stack.daemon.wait(120)


def test_socket_outlives_a_restart(mine):
    """As with systemd: who connects while no daemon is there waits in the accept queue."""
    stack, profile = mine
    stack.daemon_stop()
    made = []
    waiting = threading.Thread(target=lambda: made.append(Wire(profile)))
    waiting.start()
    time.sleep(0.3)
    assert not made
    stack.daemon_start()
    waiting.join(20)
    assert made[0].hello.protocol == 1


def test_listens_by_itself_without_systemd(mine):
    stack, profile = mine
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stack.daemon_stop()
    daemon = subprocess.Popen([stack.mingced, "-c", stack.configuration], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env=stack.environment(MINGCED_LISTEN=f"127.0.0.1:{port}"))
    try:
        until(lambda: greeted(profile | {"server": f"127.0.0.1:{port}"}))
    finally:
        daemon.terminate()
        assert daemon.wait(20) == 0


def test_rosters_before_and_after_a_restart(mine):
    """A daemon holds nothing: the next one answers a retried request as the first did."""
    stack, profile = mine
    request_id = os.urandom(16)
    with Wire(profile) as wire:
        number = wire.call("class.open", **CLASS).number
        rows = samples.trainees(20)
        first = wire.call("roster.import", request_id=request_id, class_number=number, row=rows)
    stack.daemon_stop()
    stack.daemon_start()
    with Wire(profile) as wire:
        assert wire.call("roster.import", request_id=request_id, class_number=number, row=rows) == first
    assert stack.sql("SELECT count(*) FROM registry.enrolment") == "20"
