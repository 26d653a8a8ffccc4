# SPDX-License-Identifier: Apache-2.0
"""Bad days at random moments. MINGCE_FAULT_SEED replays the choices (not the machine's timing). MINGCE_SOAK=1 takes the
long forms, as `make soak` does: a thousand kills, and the tests marked so; MINGCE_FAULT_ROUNDS is another number of kills.
Stacks are those of tests/integration."""

import contextlib
import importlib.util
import os
import pathlib
import random
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
_found = importlib.util.spec_from_file_location("integration", ROOT / "tests/integration/conftest.py")
integration = sys.modules["integration"] = importlib.util.module_from_spec(_found)
_found.loader.exec_module(integration)
from integration import BINARIES, BUILD, assert_sane
from postgres import Failed
from prepared import prepared
from stack import Stack

import disk
import host
import namespace

# In the environment, so that processes of pytest started beside this one choose likewise.
SEED = os.environ.setdefault("MINGCE_FAULT_SEED", str(random.SystemRandom().randrange(10**9)))
SOAK = os.environ.get("MINGCE_SOAK") == "1"
ROUNDS = int(os.environ.get("MINGCE_FAULT_ROUNDS") or (1000 if SOAK else 50))


def answers(postgres):
    """Whether a database server takes statements."""
    try:
        return postgres.sql("SELECT 1") == "1"
    except Failed:
        return False


@contextlib.contextmanager
def stack_in(folder, binaries=BINARIES, **settings):
    """A stack that is up, and taken down afterwards."""
    stack = Stack(folder, binaries, settings, prepared(binaries))
    try:
        yield stack.up()
    finally:
        stack.down()
        stack.postgres.remove()
    assert_sane(stack)


# What a test may need of the machine: whether it is there, and what is said when it is not.
NEEDS = {
    "soak": (lambda: SOAK, "what takes long is left to `make soak`"),
    "mounts": (disk.possible, "no disk was filled: this machine mounts nothing for us"),
    "namespaces": (namespace.possible, "no network was cut, this machine has no namespaces for us: a proxy stood in"),
    "containers": (host.possible, "no systemd was booted: this machine starts no containers for us"),
}
MISSING = [name for name, (there, _) in NEEDS.items() if not there()]


def pytest_configure(config):
    for name in NEEDS:
        config.addinivalue_line("markers", f"{name}: a need of the test's")


LEFT = {}  # need: names of the tests that were left out for it


def pytest_collection_modifyitems(config, items):
    for name in MISSING:
        left = [item for item in items if item.get_closest_marker(name)]
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)
        if left:
            LEFT[name] = list(dict.fromkeys(item.nodeid.split("/")[-1].split("[")[0] for item in left))
    if hasattr(config, "workeroutput"):  # one of several processes: who prints the summary has collected nothing
        config.workeroutput["left"] = LEFT


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    LEFT.update(getattr(node, "workeroutput", {}).get("left", {}))


def pytest_terminal_summary(terminalreporter):
    for done in terminalreporter.getreports("passed"):
        for name, text in done.user_properties if done.when == "call" else ():
            terminalreporter.write_line(f"{done.nodeid.split('::')[-1]} {name}: {text}")
    for name, left in LEFT.items():  # tests/check.py looks for these lines
        terminalreporter.write_line(f"NOT RUN: {len(left)} tests: {NEEDS[name][1]} ({', '.join(left)})")
    terminalreporter.write_line(f"MINGCE_FAULT_SEED={SEED} chooses the same again")


@pytest.fixture
def chooser(request):
    """The test's own choices: the same whichever tests run beside it."""
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture
def tell(record_property):
    """Says in the summary what a test saw: tell(kills=50)."""
    def say(**seen):
        for name, value in seen.items():
            record_property(name, value)
    return say
