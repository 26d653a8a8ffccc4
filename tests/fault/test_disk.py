# SPDX-License-Identifier: Apache-2.0
"""The disk of PostgreSQL full: writes are refused clearly, nothing is falsely acknowledged, and with room again all goes on
by itself, once the server runs: without room for its log it stops whole."""

import pytest
from clerk import Office
from conftest import stack_in
from disk import small_disk
from postgres import Failed
from wire import read_profile
from waiting import until

pytestmark = pytest.mark.mounts
CLERKS = 4


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with stack_in(tmp_path_factory.mktemp("s")) as made:
        yield made


@pytest.fixture
def office(stack, chooser):
    return Office(stack, read_profile(stack.profiles / "institution"), chooser, CLERKS)


def refused_only(office):
    """Nothing is acknowledged any more, and the clerks are told why."""
    before = office.acknowledged(), office.refusals["store-unavailable"]
    try:
        office.progress(1)
        return False
    except TimeoutError:
        return office.refusals["store-unavailable"] > before[1]


def test_no_room_for_data(stack, office, tell):
    with small_disk(stack.postgres, "base", 200) as disk:
        office.open()
        office.progress(30)
        disk.fill()
        until(lambda: refused_only(office))
        assert stack.sql("SELECT 1") == "1"  # the server itself is up
        disk.empty()
        for _ in range(20):
            office.progress(30)
        office.close()
        tell(writes=office.audit(), refusals=dict(office.refusals))


def fill_log(stack):
    """Writes into PostgreSQL's log until it has stopped."""
    try:
        stack.sql("SELECT pg_logical_emit_message(false, 'filler', repeat('x', 4000000)), pg_switch_wal()")
        return False
    except Failed:
        return True


def test_no_room_for_the_log(stack, office, tell):
    with small_disk(stack.postgres, "pg_wal", 160) as disk:
        office.open()
        office.progress(30)
        disk.fill(left=2 * 2**20)
        until(lambda: fill_log(stack))
        until(lambda: refused_only(office))
        disk.empty()
        stack.postgres.start()  # as its service does, where it has not come back by itself
        for _ in range(20):
            office.progress(30)
        office.close()
        tell(writes=office.audit(), refusals=dict(office.refusals))
