# SPDX-License-Identifier: Apache-2.0
"""A process whose loop stands still is replaced; one that waits for its database is not."""

import os
import pathlib
import re
import signal
import time

import pytest
from clerk import Office
from conftest import answers, stack_in
from integration import CLASS
from wire import Wire, read_profile
from waiting import PATIENCE_S, until

CLERKS = 4
SILENCE_S, LOOK_S = 5, 1  # daemon/supervisor.c


@pytest.fixture
def stack(tmp_path):
    with stack_in(tmp_path, workers=2) as made:
        yield made


def notary(stack):
    """Its process id, as the log names it last."""
    return int(re.findall(r"proc=notary pid=(\d+) ", stack.log_text())[-1])


def processes(postgres):
    """Process ids of a database server, the postmaster's first."""
    postmaster = (postgres.data / "postmaster.pid").read_text().split()[0]
    children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [int(pid) for pid in (postmaster, *children)]


def hang(stack, kind, pid):
    """Stops the process for good; the line of its replacement's start. Who waits for the database at that very moment is left alone,
    and stopped again."""
    seen = stack.log_end()
    for _ in range(20):
        os.kill(pid, signal.SIGSTOP)
        time.sleep(SILENCE_S + 2 * LOOK_S)
        if "msg=hung" in stack.log_text(seen):
            break
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.05)
    try:
        stack.wait_log(f"msg=hung child={kind} child_pid={pid} ", seen)
        stack.wait_log(f"msg=ended child={kind} child_pid={pid} status=-1 signal=9", seen)
        return stack.wait_log(f"proc={kind} pid=(?!{pid} ).*msg=started", seen)
    except Exception:
        os.kill(pid, signal.SIGCONT)
        raise


def test_hung_worker_is_replaced_under_load(stack, chooser):
    office = Office(stack, read_profile(stack.profiles / "institution"), chooser, CLERKS)
    office.open()
    office.progress(PATIENCE_S)
    stopped, other = chooser.sample(stack.workers(), 2)
    hang(stack, "worker", stopped)
    office.progress(PATIENCE_S)
    office.close()
    assert office.audit()["acknowledged"] > 0
    assert other in stack.workers() and stopped not in stack.workers() and len(stack.workers()) == 2


def test_hung_notary_is_replaced(stack):
    stack.wait_log("msg=log-taken-up")
    workers = stack.workers()
    hang(stack, "notary", notary(stack))
    seen = stack.sql("SELECT max(size) FROM audit.checkpoint")
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        wire.call("class.open", **CLASS)
    until(lambda: stack.sql("SELECT max(size) FROM audit.checkpoint") != seen)
    assert stack.workers() == workers


def test_who_waits_for_the_database_is_left_alone(stack):
    stack.wait_log("msg=log-taken-up")
    before, seen = stack.workers() + [notary(stack)], stack.log_end()
    frozen = processes(stack.postgres)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(SILENCE_S + 3 * LOOK_S)  # what must not happen would have happened
    for pid in frozen:
        os.kill(pid, signal.SIGCONT)
    until(lambda: answers(stack.postgres))
    assert "msg=hung" not in stack.log_text(seen)
    assert stack.workers() + [notary(stack)] == before


def test_a_supervisor_that_slept_blames_nobody(stack):
    """As when a machine is suspended: the children have fallen silent because nothing ran."""
    asleep, seen = [*stack.workers(), notary(stack), stack.daemon.pid], stack.log_end()
    for pid in asleep:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(SILENCE_S + LOOK_S)
    for pid in reversed(asleep):  # the supervisor first
        os.kill(pid, signal.SIGCONT)
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        assert wire.call("class.list") is not None
    assert "msg=hung" not in stack.log_text(seen) and stack.workers() == asleep[:2]
