# SPDX-License-Identifier: Apache-2.0
"""The notary as a service of its own: what serves has no signing key, and of several notaries another takes over."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

import pytest
from conftest import CLASS
from test_log import wait_for
from wire import Wire, read_profile

TAKES_OVER_S = 10


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Notary:
    """`mingced notary` with a state of its own, as on another host."""

    def __init__(self, stack, folder):
        folder.mkdir()
        self.stack, self.port, self.log = stack, free_port(), folder / "log"
        env = stack.environment(MINGCED_LOG_KEY=str(stack.folder / "log.key"), MINGCED_LOG_STATE=str(folder / "checkpoint"),
                                MINGCED_METRICS_LISTEN=f"127.0.0.1:{self.port}")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([stack.mingced, "-c", stack.configuration, "notary"], stdout=log, stderr=log, env=env)
        assert wait_for(lambda: "msg=ready" in self.log.read_text()), self.log.read_text()

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            found = re.search(rf"^{name} (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found.group(1))

    def children(self):
        return list(map(int, pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()))

    def kill(self):
        """As when its host is gone."""
        children = self.children()
        for pid in [self.process.pid] + children:
            os.kill(pid, signal.SIGSTOP)
        for pid in children + [self.process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)


@pytest.fixture
def site(own_stack, tmp_path):
    """A stack that signs nothing, and notaries beside it."""
    stack = own_stack(log_key="", log_state="")
    made = []

    def notary():
        made.append(Notary(stack, tmp_path / f"notary{len(made)}"))
        return made[-1]

    notary.stack = stack
    yield notary
    for one in made:
        if one.process.poll() is None:
            assert one.stop() == 0
        assert "ERROR" not in one.log.read_text() and "runtime error" not in one.log.read_text()


def work(stack, n=5):
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        for _ in range(n):
            wire.call("class.open", **CLASS)


def signed(stack):
    return int(stack.sql("SELECT coalesce(max(size), 0) FROM audit.checkpoint"))


def entries(stack):
    return int(stack.sql("SELECT count(*) FROM audit.entry"))


def test_signs_what_another_process_serves(site):
    stack = site.stack
    work(stack)
    assert signed(stack) == 0 and len(stack.workers()) >= 1
    notary = site()
    assert wait_for(lambda: signed(stack) >= entries(stack))
    assert notary.metric("mingce_log_entries") == signed(stack) and notary.metric("mingce_log_alarm") == 0
    assert notary.stop() == 0


def test_a_killed_child_is_replaced(site):
    notary = site()
    assert wait_for(lambda: signed(site.stack) > 0)
    for pid in notary.children():
        os.kill(pid, signal.SIGKILL)
    work(site.stack)
    assert wait_for(lambda: signed(site.stack) >= entries(site.stack))


def test_another_takes_over_within_ten_seconds(site):
    stack, first = site.stack, site()
    assert wait_for(lambda: signed(stack) > 0)
    second = site()
    work(stack)
    assert wait_for(lambda: signed(stack) >= entries(stack))
    first.kill()
    work(stack)
    began = time.monotonic()
    assert wait_for(lambda: signed(stack) >= entries(stack), TAKES_OVER_S)
    assert time.monotonic() - began < TAKES_OVER_S
    assert second.metric("mingce_log_entries") >= signed(stack)


def test_without_a_key_it_says_so(own_stack):
    stack = own_stack(log_key="", log_state="")
    done = subprocess.run([stack.mingced, "-c", stack.configuration, "notary"], env=stack.environment(), stderr=subprocess.PIPE,
                          text=True, check=False, timeout=60)
    assert done.returncode == 1 and "there is no log_key" in done.stderr
