# SPDX-License-Identifier: Apache-2.0
"""Between mingced and PostgreSQL: answers lost after the commit, a line that carries nothing any more. A line is really
cut where the machine has network namespaces for us; everywhere a proxy that stops forwarding stands in for it."""

import contextlib
import os
import shutil
import subprocess
import time

import pytest
from conftest import stack_in
from integration import CLASS
from namespace import Namespace
from proxy import FREEZE, PASS, SWALLOW, Proxy
from wire import Closed, Refused, Wire, read_profile
from waiting import until

DEADLINE_MS = 1000
GIVEN_UP_S = DEADLINE_MS / 1000 + 5 + 15  # the store's grace, and some for a slow machine


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    """(stack, the proxy before its database, profile)"""
    with stack_in(tmp_path_factory.mktemp("s"), deadline_ms=DEADLINE_MS) as stack:
        proxy = Proxy(stack.postgres)
        through(stack, proxy.conninfo())
        yield stack, proxy, read_profile(stack.profiles / "institution")
        proxy.close()


def through(stack, conninfo):
    stack.daemon_stop()
    stack.settings["database"] = conninfo
    stack.configure()
    stack.daemon_start()


def stored(stack, request_id):
    return int(stack.sql(f"SELECT count(*) FROM registry.class_version WHERE request_id = '{request_id.hex()}'"))


def greeted(profile):
    try:
        return Wire(profile)
    except Closed as closed:
        assert closed.reason == "store-unavailable"
        return None


def opened(wire, request_id):
    """The number of the class, None while nothing sure is answered."""
    try:
        return wire.call("class.open", request_id=request_id, **CLASS).number
    except Refused as refused:
        assert refused.code in ("CODE_UNAVAILABLE", "CODE_DEADLINE")
        return None


def test_answer_lost_after_the_commit(behind):
    stack, proxy, profile = behind
    for _ in range(5):
        wire, request_id = until(lambda: greeted(profile)), os.urandom(16)
        proxy.mode, proxy.swallowed = SWALLOW, 0
        wire.send(wire.request("class.open", request_id=request_id, **CLASS))
        until(lambda: proxy.swallowed and stored(stack, request_id))
        proxy.mode = PASS
        proxy.cut()
        _, refused = wire.answer()
        assert (refused.code, refused.reason) == ("CODE_UNAVAILABLE", "outcome-unknown")
        assert until(lambda: opened(wire, request_id)) == opened(wire, request_id)
        assert stored(stack, request_id) == 1
        wire.close()


def test_line_that_carries_nothing(behind):
    """The caller is told at its deadline; the connection is given up soon after and made anew."""
    stack, proxy, profile = behind
    wire, request_id = until(lambda: greeted(profile)), os.urandom(16)
    assert wire.call("class.list") is not None
    before = len(proxy.pairs)
    proxy.mode = FREEZE
    began = time.monotonic()
    wire.send(wire.request("class.open", request_id=request_id, **CLASS))
    _, refused = wire.answer()
    assert refused.code == "CODE_DEADLINE"
    assert time.monotonic() - began < GIVEN_UP_S
    seen = stack.log_end()
    stack.wait_log("msg=database-lost", seen, GIVEN_UP_S)
    proxy.mode = PASS  # of what was sent meanwhile something may arrive after all
    until(lambda: opened(wire, request_id))
    until(lambda: len(proxy.pairs) > before)
    assert stored(stack, request_id) == 1


def signed(stack):
    return int(stack.sql("SELECT coalesce(max(size), 0) FROM audit.checkpoint"))


def entries(stack):
    return int(stack.sql("SELECT count(*) FROM audit.entry"))


@contextlib.contextmanager
def notary(stack, mingced, conninfo, folder, state=None):
    """A notary with a state of its own, `state` copied there; its log."""
    folder.mkdir()
    if state:
        shutil.copy(state, folder / "state")
    else:
        stack.begin(folder / "state")
    env = stack.environment(MINGCED_LOG_KEY=str(stack.folder / "log.key"), MINGCED_LOG_STATE=str(folder / "state"),
                            MINGCED_NOTARY_DATABASE=conninfo)
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([mingced, "-c", stack.configuration, "notary"], env=env, stdout=log, stderr=log)
    try:
        yield folder / "log"
    finally:
        process.terminate()
        process.wait(120)


@pytest.mark.namespaces
def test_a_notarys_network_cut(tmp_path):
    """PostgreSQL gives up the session of a notary that is silent, and with it the lock: the other works."""
    with stack_in(tmp_path / "stack", log_key="", log_state="") as stack, Namespace() as namespace:
        here = stack.mingced
        namespace.offer(stack.postgres)
        namespace.move(stack)
        away = namespace.conninfo().replace("user=mingced ", "user=mingced_notary ")
        with notary(stack, stack.mingced, away, tmp_path / "away"):
            until(lambda: signed(stack) >= entries(stack) > 0)
            with notary(stack, here, stack.postgres.conninfo("mingced_notary", "mingce"), tmp_path / "here", tmp_path / "away/state") as log:
                until(lambda: "msg=started" in log.read_text())
                namespace.cut()
                stack.sql("INSERT INTO audit.entry (operator_id, body) VALUES ('00000000-0000-0000-0000-000000000000', '\\x0801')")
                until(lambda: signed(stack) >= entries(stack))
                assert "msg=log-taken-up" in log.read_text()
                namespace.mend()


@pytest.mark.namespaces
def test_network_cut(tmp_path):
    """Packets vanish: nobody says that the line is gone. TCP_USER_TIMEOUT ends the wait long before the deadline."""
    with stack_in(tmp_path, database_connections=1) as stack, Namespace() as namespace:
        namespace.offer(stack.postgres)
        namespace.move(stack)
        through(stack, namespace.conninfo())
        profile = read_profile(stack.profiles / "institution")
        wire, request_id = Wire(profile), os.urandom(16)
        assert wire.hello.limits.deadline_ms == 30000
        assert wire.call("class.list") is not None
        namespace.cut()
        began = time.monotonic()
        wire.send(wire.request("class.open", request_id=request_id, **CLASS))
        _, refused = wire.answer()
        assert (refused.code, refused.reason) == ("CODE_UNAVAILABLE", "outcome-unknown")
        assert 5 < time.monotonic() - began < 28  # the deadline is 30
        with pytest.raises(Refused) as refused:
            wire.call("class.list")
        assert refused.value.reason == "store-unavailable"
        namespace.mend()
        until(lambda: opened(wire, request_id))
        assert stored(stack, request_id) == 1
