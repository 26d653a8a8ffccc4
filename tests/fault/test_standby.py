# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL with a streaming standby: the standby gone, the primary lost. Nothing is acknowledged that a synchronous
standby has not got, whichever way the wait for it ends."""

import os
import time

import pytest
from clerk import Office
from cluster import Standby
from conftest import stack_in
from integration import CLASS
from wire import Refused, Wire, read_profile
from waiting import until

WAITING = "FROM pg_stat_activity WHERE usename = 'mingced' AND wait_event = 'SyncRep'"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """(stack, synchronous standby, profile); the daemon knows both servers, the standby first."""
    folder = tmp_path_factory.mktemp("s")
    with stack_in(folder / "stack", database_connections=2) as stack:
        primary, standby = stack.postgres, Standby(folder / "standby", stack.postgres)
        standby.make_synchronous()
        stack.daemon_stop()
        for setting, user in ("database", "mingced"), ("notary_database", "mingced_notary"):
            stack.settings[setting] = f"host={standby.home},{primary.home} user={user} dbname=mingce target_session_attrs=any"
        stack.configure()
        stack.daemon_start()
        yield stack, standby, read_profile(stack.profiles / "institution")
        primary.remove()  # at once: an orderly stop would wait for the standby
        standby.remove()


def outcome(wire, request_id, deadline_ms=None):
    """What a class.open is answered: its number, or the code of the refusal."""
    try:
        return wire.call("class.open", request_id=request_id, deadline_ms=deadline_ms, **CLASS).number
    except Refused as refused:
        return refused.code


def reads(wire):
    try:
        return wire.call("class.list") is not None
    except Refused as refused:
        assert refused.reason == "store-unavailable"
        return False


def settled(wire, request_id):
    answer = outcome(wire, request_id)
    return None if isinstance(answer, str) else answer


def signed(stack, entry):
    return stack.sql(f"SELECT 1 FROM audit.leaf l JOIN audit.checkpoint c ON c.size > l.leaf_index WHERE l.entry_id = {entry} LIMIT 1") == "1"


def add_entry(stack):
    """On the primary, whether or not the standby is there."""
    return int(stack.sql("SET synchronous_commit = local; INSERT INTO audit.entry (operator_id, body) "
                         "VALUES ('00000000-0000-0000-0000-000000000000', '\\x0801') RETURNING id"))


def test_the_notary_finds_the_primary(pair):
    stack, _, _ = pair
    entry = add_entry(stack)
    until(lambda: signed(stack, entry))


def test_standby_gone(pair):
    """A write waits, and is not called done; who only reads is served. It is done when the standby is back."""
    stack, standby, profile = pair
    wire, request_id = Wire(profile), os.urandom(16)
    standby.stop("immediate")
    assert outcome(wire, request_id, deadline_ms=500) == "CODE_DEADLINE"
    assert reads(wire)
    standby.start()
    number = until(lambda: settled(wire, request_id))
    assert standby.sql(f"SELECT count(*) FROM registry.class WHERE class_number = {number}", database="mingce") == "1"


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
def test_wait_for_the_standby_ended(pair, end):
    """PostgreSQL says success with a warning, or hangs up: the transaction is on the primary alone."""
    stack, standby, profile = pair
    wire, request_id = Wire(profile), os.urandom(16)
    standby.stop("immediate")
    wire.send(wire.request("class.open", request_id=request_id, **CLASS))
    until(lambda: stack.sql(f"SELECT count(*) {WAITING}") == "1")
    assert not wire.readable(0.3)
    stack.sql(f"SELECT {end}(pid) {WAITING}")
    _, refused = wire.answer()
    assert isinstance(refused, Refused), "acknowledged, and not on the standby"
    assert (refused.code, refused.reason) == ("CODE_UNAVAILABLE", "outcome-unknown")
    # The retry finds it on the primary: still it may not say so before the standby has it.
    until(lambda: reads(wire))
    assert outcome(wire, request_id, deadline_ms=500) == "CODE_DEADLINE"
    standby.start()
    number = until(lambda: settled(wire, request_id))
    assert standby.sql(f"SELECT count(*) FROM registry.class WHERE class_number = {number}", database="mingce") == "1"


def test_the_notary_does_not_sign_what_the_standby_has_not(pair):
    stack, standby, _ = pair
    waiting = WAITING.replace("'mingced'", "'mingced_notary' AND query LIKE '%notary.grow%'")
    state = stack.folder / "log.checkpoint"
    standby.stop("immediate")
    entry = add_entry(stack)
    until(lambda: stack.sql(f"SELECT count(*) {waiting}") == "1")
    kept = state.read_text()
    stack.sql(f"SELECT pg_cancel_backend(pid) {waiting}")
    until(lambda: stack.sql(f"SELECT count(*) {WAITING}".replace("'mingced'", "'mingced_notary'")) == "1" and
          stack.sql(f"SELECT count(*) {waiting}") == "0")
    assert state.read_text() == kept and not signed(stack, entry), "signed, and not on the standby"
    standby.start()
    until(lambda: signed(stack, entry))


def test_primary_lost(pair, chooser, tell):
    """The last test here: the standby is the primary afterwards."""
    stack, standby, profile = pair
    office = Office(stack, profile, chooser, 4)
    office.open()
    for _ in range(20):
        office.progress(30)
    time.sleep(chooser.uniform(0, 0.3))
    stack.postgres.stop("immediate")
    standby.promote()
    stack.postgres = standby
    for _ in range(20):
        office.progress(30)
    office.close()
    tell(writes=office.audit())
