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
import urllib.error
import urllib.request

import pytest
from conftest import CLASS
from wire import Wire, read_profile
from waiting import until

TAKES_OVER_S = 10


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Notary:
    """`mingced notary` with a state of its own, as on another host; `state`: what was copied there beforehand."""

    def __init__(self, stack, folder, state=None):
        folder.mkdir()
        self.stack, self.port, self.log, self.state = stack, free_port(), folder / "log", folder / "checkpoint"
        if state is not None:
            self.state.write_text(state)
        self.start()

    def start(self):
        env = self.stack.environment(MINGCED_LOG_KEY=str(self.stack.folder / "log.key"), MINGCED_LOG_STATE=str(self.state),
                                     MINGCED_METRICS_LISTEN=f"127.0.0.1:{self.port}")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([self.stack.mingced, "-c", self.stack.configuration, "notary"], stdout=log, stderr=log, env=env)
        assert until(lambda: "msg=ready" in self.log.read_text()), self.log.read_text()

    def kept(self):
        """The size of the checkpoint that its host keeps."""
        return int(self.state.read_text().split("\n")[1]) if self.state.exists() and self.state.read_text() else 0

    def metric(self, name):
        return float(re.search(rf"^{name} (\S+)$", self.ask("metrics")[1], re.MULTILINE).group(1))

    def ask(self, what):
        """(status, body)"""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{what}", timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

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

    def notary(state=None):
        made.append(Notary(stack, tmp_path / f"notary{len(made)}", state))
        return made[-1]

    notary.stack = stack
    yield notary
    for one in made:
        if one.process.poll() is None:
            assert one.stop() == 0
        lines = one.log.read_text().splitlines()
        assert not [line for line in lines if "runtime error" in line or "ERROR" in line and "msg=log-alarm" not in line]


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
    assert until(lambda: signed(stack) >= entries(stack))
    assert notary.metric("mingce_log_entries") == signed(stack) and notary.metric("mingce_log_alarm") == 0
    assert notary.stop() == 0


def test_tells_only_of_the_log(site):
    """A gauge that nobody here sets would be 0, and 0 workers or a certificate that ended in 1970 are alerts."""
    notary = site()
    assert until(lambda: signed(site.stack) > 0)
    told = set(re.findall(r"^(mingce_\w+)", notary.ask("metrics")[1], re.MULTILINE))
    assert told == {"mingce_build_info", "mingce_log_entries", "mingce_log_checkpoint_timestamp_seconds", "mingce_log_alarm",
                    "mingce_notary_ready"}


def test_healthy_while_it_has_its_database(site):
    notary = site()
    assert until(lambda: notary.ask("health") == (200, "ok\n"))
    site.stack.postgres.stop("immediate")
    assert until(lambda: notary.ask("health") == (503, "the notary has not its database\n"))
    assert notary.metric("mingce_notary_ready") == 0
    site.stack.postgres.start()
    assert until(lambda: notary.ask("health") == (200, "ok\n"))


def test_a_killed_child_is_replaced(site):
    notary = site()
    assert until(lambda: signed(site.stack) > 0)
    for pid in notary.children():
        os.kill(pid, signal.SIGKILL)
    work(site.stack)
    assert until(lambda: signed(site.stack) >= entries(site.stack))


def test_another_takes_over_within_ten_seconds(site):
    stack, first = site.stack, site()
    assert until(lambda: signed(stack) > 0)
    second = site(first.state.read_text())
    work(stack)
    assert until(lambda: signed(stack) >= entries(stack))
    first.kill()
    work(stack)
    began = time.monotonic()
    assert until(lambda: signed(stack) >= entries(stack), TAKES_OVER_S)
    assert time.monotonic() - began < TAKES_OVER_S
    assert second.metric("mingce_log_entries") >= signed(stack)
    assert second.metric("mingce_log_alarm") == 0


def test_who_waits_keeps_what_is_published(site):
    """So that a restored database is not signed over by whoever takes over."""
    stack, first = site.stack, site()
    assert until(lambda: signed(stack) >= entries(stack))
    second = site(first.state.read_text())
    head = stack.sql("SELECT size || ' ' || encode(root, 'hex') || ' ' || last_xid || ' ' || last_id FROM audit.log_head").split()
    work(stack)
    assert until(lambda: signed(stack) >= entries(stack) and second.kept() == signed(stack))
    assert second.state.read_text().strip() == first.state.read_text().strip()
    assert second.stop() == 0
    first.kill()
    stack.sql("ALTER TABLE audit.leaf DISABLE TRIGGER ALL; ALTER TABLE audit.checkpoint DISABLE TRIGGER ALL;"
              f"DELETE FROM audit.leaf WHERE leaf_index >= {head[0]}; DELETE FROM audit.checkpoint WHERE size > {head[0]};"
              f"UPDATE audit.log_head SET size = {head[0]}, root = '\\x{head[1]}', last_xid = '{head[2]}', last_id = {head[3]}")
    second.start()
    assert until(lambda: "log-alarm why=database-behind-checkpoint" in second.log.read_text())
    assert signed(stack) == int(head[0])


def test_who_waits_keeps_nothing_that_does_not_extend_what_it_has(site):
    stack, first = site.stack, site()
    assert until(lambda: signed(stack) >= entries(stack))
    before = first.state.read_text()
    second = site(before)
    second.stop()
    work(stack)
    assert until(lambda: signed(stack) >= entries(stack))
    # what is published last is in order in itself; beneath, a hash that both cover is another one
    stack.sql("ALTER TABLE audit.tile DISABLE TRIGGER ALL; UPDATE audit.tile SET hashes = set_byte(hashes, 7, get_byte(hashes, 7) # 1)"
              " WHERE level = 0 AND tile_index = 0", user="postgres")
    second.start()
    assert until(lambda: "log-alarm why=tree-is-not-what-was-signed" in second.log.read_text())
    assert second.state.read_text() == before and second.ask("health")[0] == 503


@pytest.mark.parametrize("state", [None, ""])
def test_without_its_checkpoint_it_does_not_sign_a_log_that_has_one(site, state):
    """Nor does it keep the lock from one that has."""
    stack, first = site.stack, site()
    assert until(lambda: signed(stack) >= entries(stack))
    first.kill()
    second = site(state)
    work(stack)
    assert until(lambda: "log-alarm why=state-missing" in second.log.read_text())
    assert second.metric("mingce_log_alarm") == 1 and second.ask("health")[0] == 503 and second.kept() == 0
    assert signed(stack) < entries(stack)
    first.start()
    assert until(lambda: signed(stack) >= entries(stack))


def test_without_a_key_it_says_so(own_stack):
    stack = own_stack(log_key="", log_state="")
    done = subprocess.run([stack.mingced, "-c", stack.configuration, "notary"], env=stack.environment(), stderr=subprocess.PIPE,
                          text=True, check=False, timeout=120)
    assert done.returncode == 1 and "there is no log_key" in done.stderr
