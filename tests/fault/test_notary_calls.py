# SPDX-License-Identifier: Apache-2.0
"""The notary is killed at each of its system calls that write, one after the other: whatever it has published stays
consistent with what it publishes next. And it signs nothing that it cannot keep."""

import base64
import contextlib
import pathlib
import re
import shutil
import signal
import subprocess

import pytest
from conftest import BUILD, stack_in
from merkle import bodies, leaf_hash, tree_root
from waiting import until

CALLS = ("sendto", "write", "fsync", "renameat")
MOST = 40


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """Signs nothing by itself: the notary is the test's."""
    with stack_in(tmp_path_factory.mktemp("n"), BUILD / "bin", log_key="", log_state="") as made:
        yield made


@contextlib.contextmanager
def notary_of(stack, state):
    env = stack.environment(MINGCED_LOG_KEY=str(stack.folder / "log.key"), MINGCED_LOG_STATE=str(state))
    with open(stack.folder / "notary.log", "ab") as log:
        process = subprocess.Popen([stack.mingced, "-c", stack.configuration, "notary"], env=env, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(30) == 0


def signer(stack):
    """The process that signs, once it is at work; None before."""
    started = re.findall(r"proc=notary pid=(\d+) msg=log-taken-up", (stack.folder / "notary.log").read_text())
    return int(started[-1]) if started and not gone(int(started[-1])) else None


def add_entry(stack):
    return int(stack.sql("INSERT INTO audit.entry (operator_id, body) VALUES ('00000000-0000-0000-0000-000000000000', '\\x0801') RETURNING id"))


def covered(stack, entry):
    return stack.sql(f"SELECT 1 FROM audit.leaf l JOIN audit.checkpoint c ON c.size > l.leaf_index WHERE l.entry_id = {entry} LIMIT 1") == "1"


def gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def killed_at(stack, call, nth):
    """Kills the notary at its nth such call from now on, while it takes up an entry; False: it had no need of so many."""
    pid = until(lambda: signer(stack))
    tracer = subprocess.Popen(["strace", "-p", str(pid), "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={nth}"],
                              stderr=subprocess.PIPE, text=True)
    assert "attached" in tracer.stderr.readline()
    entry = add_entry(stack)
    until(lambda: gone(pid) or covered(stack, entry))
    dead = gone(pid)
    if not dead:
        tracer.send_signal(signal.SIGINT)
    tracer.communicate(timeout=120)
    until(lambda: covered(stack, entry))
    return dead


def check_all(stack):
    """Every checkpoint ever published covers a beginning of the log as it is."""
    found = stack.sql("SELECT size || ' ' || split_part(note, E'\\n', 3) FROM audit.checkpoint ORDER BY size").splitlines()
    hashes = [leaf_hash(body) for body in bodies(stack)]
    for line in found:
        size, root = line.split()
        assert tree_root(hashes[:int(size)]) == base64.b64decode(root)
    return len(found)


def test_killed_at_every_call_that_writes(stack, tmp_path, tell):
    kills = {}
    stack.begin(tmp_path / "state")
    with notary_of(stack, tmp_path / "state"):
        entry = add_entry(stack)
        until(lambda: covered(stack, entry))
        for call in CALLS:
            for nth in range(1, MOST):
                if not killed_at(stack, call, nth):
                    break
                kills[call] = nth
    checkpoints = check_all(stack)
    tell(kills=kills, checkpoints=checkpoints)
    assert set(kills) == set(CALLS) and kills["sendto"] >= 3, kills


def test_what_cannot_be_kept_is_not_signed(stack, tmp_path):
    """The state's folder is gone, as when its disk is: the alarm is raised, nothing is published; back, it goes on."""
    folder = tmp_path / "disk"
    folder.mkdir()
    note = stack.sql("SELECT note FROM audit.checkpoint ORDER BY size DESC LIMIT 1")
    if note:
        (folder / "state").write_text(note + "\n")
    else:
        stack.begin(folder / "state")
    with notary_of(stack, folder / "state"):
        entry = add_entry(stack)
        until(lambda: covered(stack, entry))
        kept = (folder / "state").read_text()
        shutil.rmtree(folder)
        before = stack.sql("SELECT max(size) FROM audit.checkpoint")
        log = stack.folder / "notary.log"
        seen = log.stat().st_size
        entry = add_entry(stack)
        until(lambda: "log-alarm why=state-unwritable" in log.read_text()[seen:])
        assert not covered(stack, entry) and stack.sql("SELECT max(size) FROM audit.checkpoint") == before
    folder.mkdir()
    (folder / "state").write_text(kept)
    with notary_of(stack, folder / "state"):
        until(lambda: covered(stack, entry))
    check_all(stack)
