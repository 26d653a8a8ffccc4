# SPDX-License-Identifier: Apache-2.0
"""Kills at random moments under load. Clerks write their request ids down before they send; afterwards what was
acknowledged is stored exactly once, what was not at most once, and a retry tells the truth."""

import contextlib
import collections
import os
import pathlib
import signal
import time

import pytest
from clerk import Office
from conftest import ROUNDS, answers, stack_in
from wire import read_profile
from waiting import PATIENCE_S, until

CLERKS = 6
BATCH = 50         # rounds between two looks at the books
DELAY_MOST_S = 0.3  # of a kill, after the last acknowledgement seen


def kill_one(chooser, living):
    """Of those that live, as soon as there are any; another one when it has ended by itself meanwhile."""
    while True:
        with contextlib.suppress(ProcessLookupError):
            return os.kill(chooser.choice(until(lambda: list(living()))), signal.SIGKILL)


def kill_worker(stack, chooser):
    kill_one(chooser, stack.workers)


def kill_supervisor(stack, _):
    """Who looks after the daemon starts another at once; the socket stayed open, as with systemd."""
    stack.signal(signal.SIGKILL)
    stack.daemon.wait()
    stack.daemon_start(wait=False)


def kill_backend(stack, chooser):
    kill_one(chooser, lambda: backends(stack))


def backends(stack):
    """Of the daemon's role, without asking the database."""
    postmaster = int((stack.postgres.data / "postmaster.pid").read_text().split()[0])
    for cmdline in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = cmdline.read_bytes()
            parent = int((cmdline.parent / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:  # gone meanwhile
            continue
        if b" mingced mingce " in words and parent == postmaster:
            yield int(cmdline.parent.name)


def restart_postgres(stack, _):
    stack.postgres.stop("immediate")
    stack.postgres.start()


KINDS = {kill_worker: 4, kill_supervisor: 2, kill_backend: 3, restart_postgres: 2}  # of eleven


@pytest.fixture
def stack(tmp_path):
    with stack_in(tmp_path, workers=3) as made:
        yield made


def test_kills(stack, chooser, tell):
    office = Office(stack, read_profile(stack.profiles / "institution"), chooser, CLERKS)
    for first in range(0, ROUNDS, BATCH):
        kinds = chooser.choices(list(KINDS), KINDS.values(), k=min(BATCH, ROUNDS - first))
        office.open()
        for kill in kinds:
            office.progress(PATIENCE_S)
            time.sleep(chooser.uniform(0, DELAY_MOST_S))
            kill(stack, chooser)
        office.progress(PATIENCE_S)
        office.close()
        until(lambda: answers(stack.postgres))
        told = office.audit()
        assert told["acknowledged"] > len(kinds)
        tell(kills=dict(collections.Counter(kill.__name__ for kill in kinds)), writes=told)
