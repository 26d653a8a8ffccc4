# SPDX-License-Identifier: Apache-2.0
"""The nth allocation and the nth system call fail, for every n: in one whole request from the connection to the answer, and
in the commands that need no server. What is left is an honest answer or none, a process that goes on, and no descriptor
more than before. OpenSSL allocates thousands of times in a handshake: `make check` takes every STRIDE-th of those."""

import collections
import os
import re
import subprocess
import time

import pytest
import samples
from conftest import BUILD, ROOT, SOAK, stack_in
from failing import ALLOCATIONS, SYSTEM_CALLS, Failing, descriptors
from integration import CLASS
from wire import Closed, Refused, Wire, read_profile
from waiting import until

STRIDE = 1 if SOAK else 16
# What was asked of the database is given up so long after its deadline: libpq says nothing of some of its own failures.
DEADLINE_MS, GRACE_S = 1000, 5
CONNECTIONS = 2  # of a worker to the database, as it is by default
SILENCE_S = DEADLINE_MS / 1000 + GRACE_S + 20
HONEST = {"store-unavailable", "store-busy", "outcome-unknown", "memory", "deadline-passed"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(stack, failing, profile, how many descriptors the worker has when nobody is there); not the sanitized daemon, which has
    allocations of its own."""
    folder = tmp_path_factory.mktemp("s")
    failing = Failing(folder)
    with stack_in(folder / "stack", BUILD / "bin", deadline_ms=DEADLINE_MS) as stack:
        failing.wrap(stack)
        stack.daemon_stop()
        seen = stack.log_end()
        stack.daemon_start()
        until(lambda: stack.log_text(seen).count("msg=database-ready") == CONNECTIONS)
        yield stack, failing, read_profile(stack.profiles / "institution"), len(descriptors(*stack.workers()))


class Desk:
    """Sends rosters of one good trainee and one bad, each over a connection of its own."""

    def __init__(self, profile):
        self.profile = profile
        self.sent = 0
        self.number = None

    def roster(self):
        """Fields of the next one; a class takes its share of them."""
        if self.sent % 1000 == 0:
            with Wire(self.profile) as wire:
                self.number = wire.call("class.open", **CLASS).number
        self.sent += 1
        return {"class_number": self.number, "row": [samples.trainee(1), samples.trainee(2, phone="123")]}

    def hand_in(self, request_id, fields):
        """The answer; None when the server hung up or refused honestly."""
        wire = None
        try:
            wire = Wire(self.profile)
            wire.socket.settimeout(SILENCE_S)
            return wire.call("roster.import", request_id=request_id, **fields)
        except Refused as refused:
            assert refused.reason in HONEST, refused.reason
        except Closed as closed:
            assert closed.reason is None or closed.reason in HONEST, closed.reason
        except TimeoutError:
            raise AssertionError(f"no answer and no end within {SILENCE_S} s") from None
        except OSError:  # in the handshake
            pass
        finally:
            if wire is not None:
                wire.close()
        return None

    def ordinals(self, failing, kind, pid):
        """Every n of a request's: sparse in the handshake, all of them after it."""
        for _ in range(3):  # as it is when all is warm
            fields = self.roster()
            failing.arm(kind, 0, pid)
            wire = Wire(self.profile)
            greeted = failing.count()
            wire.call("roster.import", **fields)
            wire.close()
            time.sleep(0.1)
            count, _ = failing.disarm()
        early = max(1, greeted - 100)
        return [*range(1, early, STRIDE if kind == ALLOCATIONS else 1), *range(early, count + 1)]


@pytest.mark.parametrize("kind", [ALLOCATIONS, SYSTEM_CALLS], ids=["allocations", "system-calls"])
def test_one_whole_request(site, kind, tell):
    stack, failing, profile, before = site
    (worker,) = stack.workers()
    desk, told, seen, failed = Desk(profile), {}, stack.log_end(), 0
    for nth in desk.ordinals(failing, kind, worker):
        request_id, fields = os.urandom(16), desk.roster()
        failing.arm(kind, nth, worker)
        told[request_id] = desk.hand_in(request_id, fields)
        _, what = failing.disarm()
        failed += what != ""
        again = until(lambda: desk.hand_in(request_id, fields))
        assert told[request_id] in (None, again), f"{nth} {what}: another answer the second time"
        assert (again.enrolled, again.refused) == (1, 1), f"{nth} {what}"
        assert stack.workers() == [worker], f"{nth} {what}: the worker has ended\n{stack.log_text(seen)[-2000:]}"
        seen = stack.log_end()
    stored = stack.sql("SELECT count(*), count(DISTINCT request_id) FROM registry.enrolment "
                       f"WHERE request_id = ANY ('{{{','.join(key.hex() for key in told)}}}')")
    assert stored == f"{len(told)}|{len(told)}"
    try:
        until(lambda: len(descriptors(worker)) <= before)
    except AssertionError:
        raise AssertionError(f"{before} descriptors before, now {descriptors(worker)}") from None
    tell(tried=len(told), failed=failed, answered_all_the_same=sum(answer is not None for answer in told.values()))
    assert failed > len(told) / 2


ROSTER = ROOT / "tests/samples/roster-messy-gb18030.csv"
COMMANDS = {  # what they do without a server, and the statuses with which they say that they could not
    "mingced --check-config": (["mingced", "--check-config"], {1}),
    "mingce roster check": (["mingce", "roster", "check", ROSTER], {2, 4, 5}),
    "mingce roster check of XLSX": (["mingce", "roster", "check", ROSTER.with_name("roster-messy.xlsx")], {2, 4, 5}),
}


class Command:
    """Says what it says when all goes well, or has failed, with a word where it can still speak."""

    def __init__(self, name, folder):
        words, self.failures = COMMANDS[name]
        self.words = [BUILD / "bin" / words[0], *words[1:]]
        self.folder = folder
        self.good = self.run()
        assert self.good.stdout and self.good.returncode not in self.failures

    def run(self, before=(), **env):
        return subprocess.run([*before, *self.words], capture_output=True, timeout=120, check=False, cwd=self.folder,
                              env=os.environ | env)

    def judge(self, done, mute=False):
        same = (done.returncode, done.stdout) == (self.good.returncode, self.good.stdout)
        assert same or (done.returncode in self.failures and (done.stderr or mute)), done


@pytest.mark.parametrize("name", COMMANDS)
def test_allocations_of_a_command(tmp_path, name, tell):
    command, failing = Command(name, tmp_path), Failing(tmp_path)
    failing.arm(ALLOCATIONS, 0)
    command.run(**failing.environment())
    count, _ = failing.disarm()
    assert count > 0
    for nth in range(1, count + 1):
        failing.arm(ALLOCATIONS, nth)
        done = command.run(**failing.environment())
        assert failing.disarm()[1] != ""
        command.judge(done)
    tell(failed=count)


def system_calls(command, log):
    """(name, how many of this name have been) of each from the end of the loader's work on. Those that ask for memory have
    the test above, and a futex does not fail."""
    command.run(["strace", "-f", "-qq", "-o", log])
    names = re.findall(r"^\d+ +(\w+)\(", log.read_text(encoding="utf-8", errors="replace"), re.M)
    seen, calls, loaded = collections.Counter(), [], False
    for name in names:
        seen[name] += 1
        if loaded and name not in ("brk", "mmap", "munmap", "mprotect", "futex", "exit_group"):
            calls.append((name, seen[name]))
        loaded = loaded or name == "munmap"  # of ld.so.cache
    return calls


@pytest.mark.parametrize("name", COMMANDS)
def test_system_calls_of_a_command(tmp_path, name, tell):
    command = Command(name, tmp_path)
    calls = system_calls(command, tmp_path / "calls")
    assert ("write", 1) in calls
    for call, nth in calls:
        done = command.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                            "-e", f"inject={call}:error=EIO:when={nth}"])
        command.judge(done, mute=call in ("write", "fcntl"))  # fcntl: is standard error open?
    tell(failed=len(calls))
