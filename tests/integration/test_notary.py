# SPDX-License-Identifier: Apache-2.0
"""The notary as a service of its own: what serves has no signing key, and of several notaries another takes over."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

import pytest
from conftest import CLASS
from wire import Wire, read_profile
from waiting import until
from witnessing import Witness



MISSING = object()  # no file


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Notary:
    """`mingced notary` with a state of its own, as on another host; `state`: what was copied there beforehand. Not given, its
    is the log's beginning."""

    def __init__(self, stack, folder, state=None):
        folder.mkdir()
        self.stack, self.port, self.log, self.state = stack, free_port(), folder / "log", folder / "checkpoint"
        if state is None:
            state = (stack.folder / "log.checkpoint").read_text()
        if state is not MISSING:
            self.state.write_text(state)
        self.start()

    def alarm(self, why):
        """Waits until it refuses to sign for that reason."""
        assert until(lambda: f"log-alarm why={why} " in self.log.read_text()), self.log.read_text()
        assert until(lambda: self.metric("mingce_log_alarm") == 1)

    def start(self, **more):
        env = self.stack.environment(**more, MINGCED_LOG_KEY=str(self.stack.folder / "log.key"), MINGCED_LOG_STATE=str(self.state),
                                     MINGCED_METRICS_LISTEN=f"127.0.0.1:{self.port}")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([self.stack.mingced, "-c", self.stack.configuration, "notary"], stdout=log, stderr=log, env=env)
        assert until(lambda: "proc=notary" in self.log.read_text()), self.log.read_text()

    def ready(self):
        """Whether it has said that it can sign."""
        return "msg=ready" in self.log.read_text()

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


class Backup:
    """The log as it is now, to which the database is put back later."""

    def __init__(self, stack):
        self.stack = stack
        head = stack.sql("SELECT size || ' ' || encode(root, 'hex') || ' ' || last_xid || ' ' || last_id FROM audit.log_head").split()
        self.size, self.root, self.xid, self.id = int(head[0]), head[1], head[2], head[3]
        self.sightings = stack.sql("SELECT coalesce(max(nth), 0) FROM audit.sighting")

    def restore(self):
        """With all that was noted since, and entries that never were in the log before."""
        self.stack.sql(
            "ALTER TABLE audit.leaf DISABLE TRIGGER ALL; ALTER TABLE audit.checkpoint DISABLE TRIGGER ALL; ALTER TABLE audit.entry DISABLE TRIGGER ALL;"
            "ALTER TABLE audit.cosignature DISABLE TRIGGER ALL;"
            f"DELETE FROM audit.entry WHERE id IN (SELECT entry_id FROM audit.leaf WHERE leaf_index >= {self.size});"
            f"DELETE FROM audit.leaf WHERE leaf_index >= {self.size}; DELETE FROM audit.cosignature WHERE size > {self.size};"
            f"DELETE FROM audit.checkpoint WHERE size > {self.size}; DELETE FROM audit.sighting WHERE nth > {self.sightings};"
            f"UPDATE audit.log_head SET size = {self.size}, root = '\\x{self.root}', last_xid = '{self.xid}', last_id = {self.id};"
            f"UPDATE audit.tile t SET hashes = substring(hashes FROM 1 FOR 32 * least(256, {self.size} - tile_index * 256)::int)"
            f" WHERE level = 0 AND tile_index = {self.size} / 256 AND {self.size} % 256 > 0;"
            f"DELETE FROM audit.tile WHERE level = 0 AND tile_index > ({self.size} - 1) / 256;"
            "ALTER TABLE audit.entry ENABLE TRIGGER ALL")


def logins(stack):
    return int(stack.sql("SELECT count(*) FROM audit.entry WHERE helper.entry_method(body) = 'login'"))


def work(stack, n=5):
    """Until the login is recorded too, which the worker does when it gets to it: no entry comes afterwards."""
    before = logins(stack)
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        for _ in range(n):
            wire.call("class.open", **CLASS)
    until(lambda: logins(stack) > before)


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
    assert told == {"mingce_build_info", "mingce_log_entries", "mingce_log_checkpoint_timestamp_seconds", "mingce_log_alarm", "mingce_log_stalled_seconds",
                    "mingce_database_connect_failures_total",
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


def test_another_takes_over(site):
    stack, first = site.stack, site()
    assert until(lambda: signed(stack) > 0)
    second = site(first.state.read_text())
    work(stack)
    assert until(lambda: signed(stack) >= entries(stack))
    first.kill()
    work(stack)
    assert until(lambda: signed(stack) >= entries(stack))
    assert second.metric("mingce_log_entries") >= signed(stack)
    assert second.metric("mingce_log_alarm") == 0


def test_who_waits_keeps_what_is_published(site):
    """So that a restored database is not signed over by whoever takes over."""
    stack, first = site.stack, site()
    assert until(lambda: signed(stack) >= entries(stack))
    second = site(first.state.read_text())
    backup = Backup(stack)
    work(stack)
    assert until(lambda: signed(stack) >= entries(stack) and second.kept() == signed(stack))
    assert second.state.read_text().strip() == first.state.read_text().strip()
    assert second.stop() == 0
    first.kill()
    backup.restore()
    second.start()
    second.alarm("database-behind-checkpoint")
    assert signed(stack) == backup.size


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


@pytest.mark.parametrize("state", [MISSING, ""])
def test_without_its_checkpoint_it_does_not_sign_a_log_that_has_one(site, state):
    """Nor does it keep the turn from one that has."""
    stack, first = site.stack, site()
    assert until(lambda: signed(stack) >= entries(stack))
    first.kill()
    second = site(state)
    work(stack)
    second.alarm("state-missing")
    assert second.ask("health")[0] == 503 and second.kept() == 0
    assert signed(stack) < entries(stack)
    first.start()
    assert until(lambda: signed(stack) >= entries(stack))


@pytest.mark.parametrize("left_out", ["NOTARY_DATABASE", "LOG_STATE"])
def test_without_what_it_needs_it_says_so_and_ends(stack, tmp_path, left_out):
    """`mingced notary` that can sign nothing is not one that runs."""
    env = {"MINGCED_LOG_KEY": str(stack.folder / "log.key"), "MINGCED_LOG_STATE": str(tmp_path / "state"), f"MINGCED_{left_out}": ""}
    done = subprocess.run([stack.mingced, "-c", stack.configuration, "notary"], env=stack.environment(**env), stderr=subprocess.PIPE,
                          text=True, check=False, timeout=120)
    assert done.returncode == 1 and "log_key needs log_state and notary_database" in done.stderr
    assert "msg=ready" not in done.stderr


@pytest.mark.parametrize("key", ["/nonexistent", "/dev/null"])
def test_with_a_key_that_is_none_it_says_so_and_ends(stack, tmp_path, key):
    env = stack.environment(MINGCED_LOG_KEY=key, MINGCED_LOG_STATE=str(tmp_path / "state"))
    done = subprocess.run([stack.mingced, "-c", stack.configuration, "notary"], env=env, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 1 and "msg=log-key-refused" in done.stderr and "msg=ready" not in done.stderr


def test_ready_means_that_the_first_checkpoint_can_be_signed(site):
    """Not before its database is there, nor without its own checkpoint; who waits for its turn is ready when it is in step."""
    stack = site.stack
    lost = site(MISSING)
    lost.alarm("state-missing")
    assert not lost.ready()
    stack.postgres.stop()
    first = site()
    assert until(lambda: "msg=notary-database-lost" in first.log.read_text())
    assert not first.ready()
    stack.postgres.start()
    assert until(first.ready)
    assert until(lambda: signed(stack) >= entries(stack))
    second = site(first.state.read_text())
    assert until(second.ready)
    assert first.process.poll() is None and not lost.ready()


def test_without_a_key_it_says_so(own_stack):
    stack = own_stack(log_key="", log_state="")
    done = subprocess.run([stack.mingced, "-c", stack.configuration, "notary"], env=stack.environment(), stderr=subprocess.PIPE,
                          text=True, check=False, timeout=120)
    assert done.returncode == 1 and "there is no log_key" in done.stderr


# ---- a database that was put back, and who finds out ----


def caught_up(stack):
    assert until(lambda: signed(stack) >= entries(stack))


@pytest.mark.parametrize("state", [MISSING, "", "not a note\n", "another's"])
def test_a_log_begins_by_command_only(site, state):
    """An empty log, too, is not begun by a host that has lost what it knew: the database may have been emptied."""
    stack = site.stack
    if state == "another's":
        stack.command("log", "create-key", "mingce.example/log", stack.folder / "other.key")
        stack.command("log", "begin", stack.folder / "other.key", stack.folder / "other")
        state = (stack.folder / "other").read_text()
    notary = site(state)
    work(stack)
    notary.alarm("state-missing" if state in (MISSING, "") else "checkpoint-not-ours")
    assert signed(stack) == 0 and stack.sql("SELECT count(*) FROM audit.checkpoint") == "0"
    notary.stop()
    notary.state.unlink(missing_ok=True)
    stack.command("log", "begin", stack.folder / "log.key", notary.state)
    assert notary.state.stat().st_mode & 0o777 == 0o600
    notary.start()
    caught_up(stack)


def test_to_begin_replaces_nothing(stack, tmp_path):
    from stack import Failed
    stack.command("log", "begin", stack.folder / "log.key", tmp_path / "state")
    before = (tmp_path / "state").read_text()
    with pytest.raises(Failed, match="it is there"):
        stack.command("log", "begin", stack.folder / "log.key", tmp_path / "state")
    assert (tmp_path / "state").read_text() == before and [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_host_adopts_only_what_is_newer_and_of_its_log(stack, tmp_path):
    from stack import Failed
    key, state, first, second, other = stack.folder / "log.key", *(tmp_path / name for name in ("state", "first", "second", "other"))
    caught_up(stack)
    notes = [note + "\n" for note in stack.sql("SELECT string_agg(note, '|') FROM (SELECT note FROM audit.checkpoint ORDER BY size DESC LIMIT 2) n").split("\n|")]
    second.write_text(notes[0])
    first.write_text(notes[1].rstrip("\n") + "\n")
    stack.command("log", "create-key", "mingce.example/log", tmp_path / "other.key")
    stack.command("log", "begin", tmp_path / "other.key", other)
    stack.command("log", "adopt", key, state, first)
    stack.command("log", "adopt", key, state, second)
    assert state.read_text().rstrip("\n") == second.read_text().rstrip("\n")
    for path, why in (first, "that one is older"), (other, "no checkpoint that this key has signed"), (tmp_path / "none", "cannot be read"):
        with pytest.raises(Failed, match=why):
            stack.command("log", "adopt", key, state, path)
    assert state.read_text().rstrip("\n") == second.read_text().rstrip("\n")


def test_who_was_away_and_finds_nobody_working_does_not_sign(site):
    """Its checkpoint is older than the database's: it cannot tell that from a backup of the time between."""
    stack, first = site.stack, site()
    caught_up(stack)
    older = first.state.read_text()
    work(stack)
    caught_up(stack)
    backup = Backup(stack)
    work(stack)
    caught_up(stack)
    newest = first.state.read_text()
    first.kill()
    backup.restore()
    second = site(older)
    work(stack)
    second.alarm("state-behind")
    assert signed(stack) == backup.size and second.state.read_text() == older
    second.stop()
    # with what the other host had it knows that the database is not the one it was
    (stack.folder / "kept").write_text(newest)
    stack.command("log", "adopt", stack.folder / "log.key", second.state, stack.folder / "kept")
    second.start()
    second.alarm("database-behind-checkpoint")
    assert signed(stack) == backup.size


def test_who_was_away_follows_one_that_works_and_may_take_over_then(site):
    stack, first = site.stack, site()
    caught_up(stack)
    older = first.state.read_text()
    work(stack)
    caught_up(stack)
    second = site(older)
    assert until(lambda: second.kept() == signed(stack)) and second.metric("mingce_log_alarm") == 0
    first.kill()
    work(stack)
    caught_up(stack)


def test_hosts_compare_what_they_have(site):
    """The one that finds the restored database first has just what that has; the other, which has more, need not be asked twice."""
    stack, first = site.stack, site()
    caught_up(stack)
    second = site(first.state.read_text())
    assert until(lambda: stack.sql("SELECT count(*) FROM audit.sighting WHERE source LIKE 'host %'") == "2")
    second.stop()
    backup = Backup(stack)
    second.state.write_text(first.state.read_text())
    work(stack)
    caught_up(stack)
    first.stop()
    backup.restore()
    work(stack)
    second.start(MINGCED_LOG_LEVEL="info")
    first.start()
    assert until(lambda: "log-alarm why=another-has-seen-more" in second.log.read_text()
                    or "log-alarm why=database-behind-checkpoint" in first.log.read_text())
    second.alarm("another-has-seen-more")
    assert signed(stack) == backup.size


def test_what_a_reader_has_seen_is_not_signed_over(site, tmp_path):
    """An auditor who remembers more than the restored database has is the one who knows; from then on nothing is signed."""
    stack, first = site.stack, site()
    work(stack)
    caught_up(stack)
    backup, state = Backup(stack), first.state.read_text()
    work(stack)
    caught_up(stack)
    verify = ["audit", "verify", "--key", stack.folder / "log.vkey", "--since", tmp_path / "seen"]
    done = stack.cli("auditor", *verify)
    assert done.returncode == 0, done.stderr
    first.stop()
    backup.restore()
    second = site(state)
    caught_up(stack)
    before = stack.cli("auditor", *verify)
    assert before.returncode == 1, (before.stdout, before.stderr)
    work(stack)
    # more than there is, or something else, by when it was shown
    until(lambda: re.search("log-alarm why=another-has-seen-(more|otherwise) ", second.log.read_text()))
    assert re.search(r'log-seen-elsewhere source="operator [0-9a-f-]{36}"', second.log.read_text())
    caught = signed(stack)
    work(stack)
    assert stack.sql("SELECT count(*) FROM audit.checkpoint WHERE size > " + str(caught)) == "0"


def test_what_a_reader_invents_stops_nobody(site, tmp_path):
    stack, _ = site.stack, site()
    work(stack)
    caught_up(stack)
    with Wire(read_profile(stack.profiles / "auditor")) as wire:
        for text in ("mingce.example/log\n999999\nAAAA\n\n\u2014 mingce.example/log AAAA\n", "x", "\n", "mingce.example/log\n99999999999999999999\nA\n"):
            wire.call("log.checkpoint", seen=text)
    work(stack)
    caught_up(stack)


def test_a_witness_that_has_more_is_believed(site, tmp_path):
    """It was asked before the first signature over a database that was put back."""
    stack = site.stack
    witness = Witness(tmp_path / "witness", stack.folder / "log.vkey")
    witness.start()
    (stack.folder / "witnesses").write_text(witness.line)
    stack.configuration.write_text(stack.configuration.read_text() + f"witnesses = {stack.folder / 'witnesses'}\n")
    first = site()
    work(stack)
    caught_up(stack)
    backup, state = Backup(stack), first.state.read_text()
    work(stack)
    caught_up(stack)
    assert until(lambda: stack.sql("SELECT max(size) FROM audit.cosignature") == str(signed(stack)))
    first.stop()
    backup.restore()
    work(stack)
    second = site(state)
    second.alarm("another-has-seen-more")
    assert 'source="witness witness.example' in second.log.read_text() and signed(stack) == backup.size
    assert witness.stop() == 0


def test_a_witness_that_is_away_holds_up_nothing(site, tmp_path):
    stack = site.stack
    witness = Witness(tmp_path / "witness", stack.folder / "log.vkey")
    witness.start()
    (stack.folder / "witnesses").write_text(witness.line)
    assert witness.stop() == 0
    stack.configuration.write_text(stack.configuration.read_text() + f"witnesses = {stack.folder / 'witnesses'}\n")
    notary = site()
    work(stack)
    caught_up(stack)
    assert "log-others-silent" in notary.log.read_text()
