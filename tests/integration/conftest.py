# SPDX-License-Identifier: Apache-2.0
"""One stack for the session, on the sanitized daemon where it has been built."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("MINGCE_BUILD", ROOT / "build"))
GENERATED = BUILD / "gen/python"
GENERATED.mkdir(parents=True, exist_ok=True)
# Once, by the process that starts the others: they would read what another of them is just writing.
if "PYTEST_XDIST_WORKER" not in os.environ:
    subprocess.run(["protoc", f"--proto_path={ROOT / 'proto'}", f"--python_out={GENERATED}",
                    *map(str, sorted((ROOT / "proto").glob("*.proto")))], check=True)
sys.path[:0] = [str(GENERATED), str(ROOT / "tests/stack"), str(ROOT / "tests/integration")]

import samples
from prepared import prepared, share
from stack import Stack
from waiting import until
from wire import Wire, read_profile

BINARIES = BUILD / ("asan/bin" if (BUILD / "asan/bin/mingced").exists() else "bin")


share()


def make_stack(folder, **settings):
    return Stack(folder, BINARIES, settings, prepared(BINARIES))


def allow_looks(stack, masked=10**8, clear=10**8):
    """How many persons an operator may look at in an hour: a session of tests looks at more than a clerk."""
    stack.sql(f"""INSERT INTO registry.policy AS p (division, name, value, valid_from, citation)
                  VALUES ('370000', 'masked_looks_hour', {masked}, '1950-01-01', 'tests'),
                         ('370000', 'clear_looks_hour', {clear}, '1950-01-01', 'tests')
                  ON CONFLICT (division, name, valid_from) DO UPDATE SET value = excluded.value""")


@contextlib.contextmanager
def taken_down(stack):
    """Afterwards; it has ended in order, and nothing is amiss in its log."""
    try:
        yield stack
    finally:
        status = stack.down()
        stack.postgres.remove()
    assert status == 0
    assert_sane(stack)


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    # The path is short: it holds a socket, whose name has at most 107 bytes.
    with taken_down(make_stack(tmp_path_factory.mktemp("s"))) as made:
        made.up()
        allow_looks(made)
        yield made
        assert_rows(made)


def assert_rows(stack):
    """The live rows are what the log says. What the tests changed by SQL no request explains."""
    done = stack.cli("auditor", "--json", "audit", "rows", "--key", stack.folder / "log.vkey")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = [line for line in found if line.get("finding", "unexplained") != "unexplained"]
    assert done.returncode in (0, 1) and found and not wrong, f"after all these tests: {wrong[:20]}{done.stderr}"


@pytest.fixture
def own_stack(tmp_path):
    """Makes stacks of the test's own, with the settings it asks for; each is taken down afterwards."""
    made = []

    def make(**settings):
        made.append(make_stack(tmp_path / str(len(made)), **settings))
        made[-1].up()
        allow_looks(made[-1])
        return made[-1]

    yield make
    for one in made:
        one.down()
        one.postgres.remove()
        assert_sane(one)


@pytest.fixture
def lean_stack(tmp_path):
    """Makes a stack without sanitizers, which keep what was freed: where memory is measured."""
    with contextlib.ExitStack() as made:
        yield lambda **settings: made.enter_context(taken_down(Stack(tmp_path / "s", BUILD / "bin", settings))).up()


def worker_bytes(stack):
    """Of the only worker, in memory."""
    (worker,) = stack.workers()
    status = pathlib.Path(f"/proc/{worker}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024


def assert_sane(stack):
    """Nothing the sanitizers had to say, nothing personal in the log."""
    log = stack.log_text()
    for trouble in ("AddressSanitizer", "LeakSanitizer", "runtime error:"):
        assert trouble not in log, log[log.index(trouble):][:3000]
    assert not samples.finder(samples.used)(log), "a personal value is in the log"


@pytest.fixture
def profile(stack):
    return lambda name: read_profile(stack.profiles / name)


@pytest.fixture
def wire(profile):
    """Opens connections: wire("institution")."""
    made = []

    def open_wire(name="institution", **options):
        made.append(Wire(profile(name), **options))
        return made[-1]

    yield open_wire
    for one in made:
        one.close()


CLASS = {"title": "示例班", "occupation_code": "4-10-01-06", "level": 2, "training_kind": 3, "starts_on": "2026-03-01",
         "ends_on": "2026-05-31", "capacity": 1000}


@pytest.fixture
def open_class(wire):
    """Opens a class of the institution's; its number."""
    return lambda **changes: wire().call("class.open", **(CLASS | changes)).number


METHOD = "convert_from(substring(body FROM 50 FOR get_byte(body, 48)), 'UTF8')"  # of an entry


def written(stack):
    """How many entries there are, but for logins and masked looks. Those are gathered for a moment, and so are calls that a role
    forbids: what earlier tests left is waited for; it is written no later than the login of somebody who comes after it."""
    logins = f"SELECT count(*) FROM audit.entry WHERE {METHOD} = 'login'"
    before = stack.sql(logins)
    Wire(read_profile(stack.profiles / "institution")).close()
    until(lambda: stack.sql(logins) != before)
    return stack.sql(f"SELECT count(*) FROM audit.entry WHERE {METHOD} NOT IN ('login', 'look')")


class Locked:
    """Holds a table of the registry, so that whatever needs it stays unanswered for as long as we like."""

    def __init__(self, stack, table):
        self.session = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t", "-d", stack.postgres.conninfo("postgres", "mingce")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.session.stdin.write(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT 'held';\n")
        self.session.stdin.flush()
        assert self.session.stdout.readline() == "held\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.release()

    def release(self):
        if self.session.poll() is None:
            self.session.communicate("ROLLBACK;\n", timeout=120)


@pytest.fixture
def locked():
    return Locked
