# SPDX-License-Identifier: Apache-2.0
"""Bad days at random moments. MINGCE_FAULT_SEED replays the choices (not the machine's timing), MINGCE_FAULT_ROUNDS is
how many kills, MINGCE_SOAK=1 adds what takes long. Stacks are those of tests/integration."""

import importlib.util
import os
import pathlib
import random
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
_found = importlib.util.spec_from_file_location("integration", ROOT / "tests/integration/conftest.py")
integration = sys.modules["integration"] = importlib.util.module_from_spec(_found)
_found.loader.exec_module(integration)
from integration import own_stack  # a fixture
from postgres import Failed

SEED = int(os.environ.get("MINGCE_FAULT_SEED") or random.SystemRandom().randrange(10**9))
ROUNDS = int(os.environ.get("MINGCE_FAULT_ROUNDS") or 50)
SOAK = os.environ.get("MINGCE_SOAK") == "1"
RECOVERY_S = 30


def until(condition, seconds=RECOVERY_S):
    """Waits for something that is to happen by itself; what it is."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.01)
    return result


def answers(postgres):
    """Whether a database server takes statements."""
    try:
        return postgres.sql("SELECT 1") == "1"
    except Failed:
        return False


def pytest_configure(config):
    config.addinivalue_line("markers", "soak: takes long; run with MINGCE_SOAK=1")


def pytest_collection_modifyitems(config, items):
    left = [item for item in items if not SOAK and item.get_closest_marker("soak")]
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=left)


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"seed {SEED}: MINGCE_FAULT_SEED={SEED} chooses the same again")


@pytest.fixture
def chooser(request):
    """The test's own choices: the same whichever tests run beside it."""
    return random.Random(f"{SEED} {request.node.name}")

