# SPDX-License-Identifier: Apache-2.0
"""`mingce-witness`: what it cosigns, what it refuses, and that nothing makes it cosign two trees that are not one."""

import concurrent.futures
import itertools
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time

import pytest
from conftest import BUILD
from witnessing import DASH, Key, Log, Witness, leaves, verify_cosignature


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path)


@pytest.fixture
def witness(tmp_path, log):
    with Witness(tmp_path / "w", log.vkey) as one:
        yield one


def test_growth_is_cosigned(log, witness, tmp_path):
    old = 0
    for n in (1, 2, 3, 7, 8, 64, 100, 100, 257):
        before = time.time()
        status, kind, answer = witness.post(log.request(old, leaves(n)))
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        assert int(before) <= verify_cosignature(tmp_path, witness.vkey.read_text(), log.text(leaves(n)), answer) <= time.time()
        old = n


def test_who_does_not_know_the_size_is_told(log, witness):
    assert witness.post(log.request(0, leaves(5)))[0] == 200
    for old in (0, 3, 4, 6):
        assert witness.post(log.request(old, leaves(9))) == (409, "text/x.tlog.size", "5\n")
    assert witness.post(log.request(5, leaves(9)))[0] == 200


def test_the_empty_tree_is_cosigned_too(log, witness):
    assert witness.post(log.request(0, []))[0] == 200
    assert witness.post(log.request(0, leaves(2)))[0] == 200
    assert witness.post(log.request(0, [])) == (409, "text/x.tlog.size", "2\n")


def test_another_tree_of_the_same_key_is_not(log, witness):
    assert witness.post(log.request(0, leaves(20)))[0] == 200
    fork = leaves(30, "fork", common=10)
    assert witness.post(log.request(20, fork))[0] == 422
    assert witness.post(log.request(20, fork[:20])) == (409, "text/x.tlog.size", "20\n")
    assert witness.post(log.request(10, fork[:20])) == (409, "text/x.tlog.size", "20\n")
    assert witness.post(log.request(20, leaves(19)))[0] == 400
    assert witness.post(log.request(20, leaves(30), proof=[])) [0] == 422
    assert witness.post(log.request(20, leaves(20), proof=leaves(1)))[0] == 422
    assert (witness.folder / "errors").read_text().count("TWO TREES") == 1
    assert next(witness.state.glob("*.fork")).read_text() == log.note(fork[:20])
    assert witness.post(log.request(20, leaves(30)))[0] == 200


def changed(text, a, b):
    assert a in text
    return text.replace(a, b, 1)


def requests(log):
    """What it must refuse: {what: (status, body)}."""
    good = log.request(0, leaves(3))
    note = log.note(leaves(3))
    line = note.splitlines()[-1] + "\n"
    proved = log.request(2, leaves(3))
    return {
        "nothing": (400, ""),
        "no old size": (400, "\n" + note),
        "old size alone": (400, "old 0\n"),
        "no note": (400, "old 0\n\n"),
        "no empty line": (400, "old 0\n" + note),
        "leading zero": (400, changed(good, "old 0", "old 00")),
        "a sign": (400, changed(good, "old 0", "old +0")),
        "below zero": (400, changed(good, "old 0", "old -1")),
        "two blanks": (400, changed(good, "old 0", "old  0")),
        "hexadecimal": (400, changed(good, "old 0", "old 0x0")),
        "beyond numbers": (400, changed(good, "old 0", "old 99999999999999999999")),
        "CRLF": (400, good.replace("\n", "\r\n")),
        "a short hash": (400, changed(proved, proved.splitlines()[1], "AAAA")),
        "not base64": (400, changed(proved, proved.splitlines()[1], "*" * 44)),
        "a proof of 64 lines": (400, changed(good, "old 0\n", "old 0\n" + "A" * 43 + "=\n" * 1 + ("A" * 43 + "=\n") * 63)),
        "a proof where none may be": (422, changed(good, "old 0\n", "old 0\n" + "A" * 43 + "=\n")),
        "NUL": (400, changed(good, "log\n3\n", "log\0\n3\n")),
        "not UTF-8": (400, b"old 0\n\n\xff\n" + note.encode()),
        "note without signatures": (400, good[:-len(line)]),
        "the last line cut": (400, good[:-1]),
        "a size that is none": (400, changed(good, "log\n3\n", "log\nx\n")),
        "a root that is none": (400, changed(good, "log\n3\n", "log\n3\nAAAA\n")),
        "101 signatures": (403, good + line * 100),
        "another log": (404, changed(good, "mingce.example/log\n", "mingce.example/other\n")),
        "a changed size": (403, changed(good, "log\n3\n", "log\n4\n")),
        "a changed signature": (403, changed(good, line, line[:-10] + ("A" if line[-10] != "A" else "B") + line[-9:])),
        "another's signature": (403, changed(good, line, line.replace("log ", "other "))),
        "a text too long": (400, good + "x" * 66000),
    }


def test_malformed_requests(log, witness):
    for what, (status, body) in requests(log).items():
        assert (what, (witness.post(body) or [None])[0]) == (what, status)
    assert witness.post(log.request(0, leaves(3)))[0] == 200


@pytest.mark.parametrize("method, path, status", [("GET", "/add-checkpoint", 501), ("PUT", "/add-checkpoint", 501), ("POST", "/", 404),
                                                  ("POST", "/add-checkpoint/../x", 404), ("POST", "/add-entries", 404)])
def test_nothing_else_is_answered(witness, method, path, status):
    assert witness.post("", path, method)[0] == status


def test_a_body_without_end_is_refused(witness):
    assert witness.post(b"x" * 100000)[0] == 413


def test_other_signatures_are_no_matter_but_a_false_one_of_ours_is(log, witness, tmp_path):
    note = log.request(0, leaves(3))
    other = Key(tmp_path, "other.example").line(log.text(leaves(3)))
    answer = witness.post(note + other)
    assert answer[0] == 200
    assert witness.post(log.request(3, leaves(3)) + answer[2])[0] == 200
    assert witness.post(log.request(3, leaves(4)) + answer[2])[0] == 400
    assert witness.post(log.request(3, leaves(4)))[0] == 200


def test_two_keys_of_one_name_are_two_logs_keys(witness, tmp_path):
    stranger = Log(tmp_path)
    assert witness.post(stranger.request(0, leaves(3)))[0] == 403


def test_logs_are_apart(tmp_path, log):
    second = Log(tmp_path, "other.example/log")
    with Witness(tmp_path / "two", log.vkey, second.vkey) as witness:
        assert witness.post(log.request(0, leaves(3)))[0] == 200
        assert witness.post(second.request(0, leaves(9)))[0] == 200
        assert witness.post(log.request(0, leaves(4)))[2] == "3\n"


# ---- the state ----

def state_file(witness):
    return next(witness.state.glob("*.checkpoint"))


def test_what_was_cosigned_is_remembered(tmp_path, log):
    witness = Witness(tmp_path / "w", log.vkey)
    with witness:
        assert witness.post(log.request(0, leaves(3)))[0] == 200
    with witness:
        assert witness.post(log.request(0, leaves(4))) == (409, "text/x.tlog.size", "3\n")
        assert witness.post(log.request(3, leaves(4)))[0] == 200
    assert state_file(witness).read_text().startswith(log.note(leaves(4)) + f"{DASH}witness.example/1 ")


def lost(path, earlier):
    path.unlink()


def restored(path, earlier):
    path.write_text(earlier)


def emptied(path, earlier):
    path.write_text("")


def damaged(path, earlier):
    path.write_text(path.read_text().replace("\n5\n", "\n4\n"))


@pytest.mark.parametrize("harm", [lost, restored, emptied, damaged])
def test_without_its_state_nothing_is_cosigned(tmp_path, log, harm):
    witness = Witness(tmp_path / "w", log.vkey)
    with witness:
        assert witness.post(log.request(0, leaves(3)))[0] == 200
        earlier = state_file(witness).read_text()
        assert witness.post(log.request(3, leaves(5)))[0] == 200
        harm(state_file(witness), earlier)
        for old in (0, 3, 5):
            assert witness.post(log.request(old, leaves(9)))[0] == 500
    if harm is not restored:  # which a process that did not see it cannot know
        done = witness.run(*witness.words())
        assert done.returncode == 5 and "no state of this log" in done.stderr


def test_a_state_that_cannot_be_written_is_no_answer(log, witness):
    assert witness.post(log.request(0, leaves(3)))[0] == 200
    before = state_file(witness).read_bytes()
    resource.prlimit(witness.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))  # as a full disk
    assert witness.post(log.request(3, leaves(5)))[0] == 500
    resource.prlimit(witness.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert state_file(witness).read_bytes() == before and len(list(state_file(witness).parent.iterdir())) == 1
    assert witness.post(log.request(3, leaves(5, "other", 3)))[0] == 200


def test_one_process_has_the_state(log, witness):
    done = witness.run(*witness.words())
    assert done.returncode == 5 and "another witness" in done.stderr
    done = witness.run("add-log", log.vkey, "--state", witness.state)
    assert done.returncode == 5


def test_a_log_is_added_once(tmp_path, log):
    witness = Witness(tmp_path / "w", log.vkey)
    with witness:
        assert witness.post(log.request(0, leaves(3)))[0] == 200
    before = state_file(witness).read_text()
    done = witness.run("add-log", log.vkey, "--state", witness.state)
    assert done.returncode == 3 and "added before" in done.stderr
    assert state_file(witness).read_text() == before


@pytest.mark.parametrize("locale, added, again", [("zh_CN.UTF-8", "已登记日志 ", "该日志早已登记"), ("C.UTF-8", "added the log ", "this log was added before")],
                         ids=["zh", "en"])
def test_a_log_that_is_added_is_named(tmp_path, log, locale, added, again):
    witness, name = Witness(tmp_path / "w"), log.vkey.read_text().split("+")[0]

    def add(*options):
        return subprocess.run([witness.program, *options, "add-log", log.vkey, "--state", witness.state], capture_output=True, text=True,
                              env=os.environ | {"LC_ALL": locale}, check=False)

    done = add()
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{added}{name}\n", "")
    done = add()
    assert (done.returncode, done.stdout) == (3, "") and again in done.stderr and name in done.stderr
    other = Witness(tmp_path / "other")
    witness.state = other.state
    assert add("--json").stdout == '{"done":true}\n'


def test_another_witnesss_state_is_not_taken(tmp_path, log):
    first, second = Witness(tmp_path / "1", log.vkey), Witness(tmp_path / "2", log.vkey)
    with first:
        assert first.post(log.request(0, leaves(3)))[0] == 200
    shutil.copy(state_file(first), state_file(second))
    assert second.run(*second.words()).returncode == 5


# ---- its commands ----

def test_a_key_is_made_once_and_for_its_keeper_alone(tmp_path, log):
    witness = Witness(tmp_path / "w", log.vkey)
    key = witness.folder / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().startswith("PRIVATE+KEY+witness.example/1+")
    before = key.read_text()
    assert witness.run("create-key", "witness.example/1", key).returncode == 5 and key.read_text() == before
    assert witness.run("create-key", "a name", tmp_path / "x").returncode == 2 and not (tmp_path / "x").exists()
    key.chmod(0o644)
    done = witness.run(*witness.words())
    assert done.returncode == 5 and "chmod 0400" in done.stderr
    key.unlink()
    key.mkdir(mode=0o700)  # it can be opened, and not read
    done = witness.run(*witness.words())
    assert done.returncode == 5 and "Is a directory" in done.stderr, done.stderr


@pytest.mark.parametrize("listen", ["", "127.0.0.1", "localhost:0", "127.0.0.1:x", "127.0.0.1:99999", ":0", "[]:0"])
def test_addresses_are_digits(tmp_path, log, listen):
    witness = Witness(tmp_path / "w", log.vkey)
    assert witness.run(*witness.words()[2:], "--listen", listen).returncode in (2, 5)


def test_a_log_with_two_keys_is_refused(tmp_path, log):
    witness = Witness(tmp_path / "w", log.vkey)
    with open(witness.folder / "logs", "a") as file:
        file.write(Log(tmp_path).vkey.read_text())
    assert witness.run(*witness.words()).returncode == 2


# ---- many at once, slow ones, ended at any time ----

def test_of_two_trees_at_once_one_is_cosigned(tmp_path, log):
    bodies = [log.request(0, leaves(8, str(i))) for i in range(8)]
    for round_ in range(5):
        with Witness(tmp_path / str(round_), log.vkey) as witness, concurrent.futures.ThreadPoolExecutor(8) as pool:
            statuses = [answer[0] for answer in pool.map(witness.post, bodies)]
        assert sorted(statuses) == [200] + [409] * 7


def test_slow_senders_hold_up_nobody(log, witness):
    """More of them than connections are kept: the oldest go; then the silent ones."""
    slow = [witness.connect() for _ in range(300)]
    for i, sock in enumerate(slow):
        sock.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\nold" if i % 2 else b"POST /add-ch")
    began = time.monotonic()
    assert witness.post(log.request(0, leaves(3)))[0] == 200
    assert time.monotonic() - began < 15
    for sock in slow:
        sock.settimeout(120)
        try:
            while sock.recv(4096):
                pass
        except ConnectionError:
            pass
        sock.close()
    assert time.monotonic() - began < 60
    assert witness.post(log.request(3, leaves(4)))[0] == 200


def test_the_last_word_is_said_on_sigterm(tmp_path, log):
    for _ in range(5):
        witness = Witness(tmp_path / str(_), log.vkey).start()
        body = log.request(0, leaves(3)).encode()
        with witness.connect() as sock:
            sock.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            began = time.monotonic()
            assert sock.recv(12) == b"HTTP/1.1 200"
            assert witness.stop() == 0
        assert time.monotonic() - began < 15



CALLS = "openat,read,write,fsync,renameat,close,writev,sendmsg"


def traced(tmp_path, log, *words, name="traced"):
    """A witness below strace; without sanitizers, which make another number of system calls every time."""
    return Witness(tmp_path / name, log.vkey, before=["strace", "-qq", "-o", tmp_path / "trace", *words], program=BUILD / "bin/mingce-witness")


def steps_of_a_request(tmp_path, log):
    """Each system call from the first request to its answer: (name, which of that name since the start)."""
    witness = traced(tmp_path, log, "-e", f"trace={CALLS}", name="steps").start()
    assert witness.post(log.request(0, leaves(8)))[0] == 200
    witness.stop()
    counts, steps, begun = {}, [], False
    for line in (tmp_path / "trace").read_text().splitlines():
        call = re.match(r"(\w+)\(", line)
        if call is None:
            continue
        counts[call[1]] = counts.get(call[1], 0) + 1
        begun = begun or len(steps) == 0 and call[1] == "openat" and "listening" in counts
        if call[1] == "write" and "http://" in line:
            counts["listening"] = 1
        if begun:
            steps.append((call[1], counts[call[1]]))
        if begun and call[1] in ("writev", "sendmsg"):
            return steps
    return None


def test_killed_at_any_step_it_never_cosigns_two_trees(tmp_path, log):
    steps = steps_of_a_request(tmp_path, log)
    assert {"openat", "write", "fsync", "renameat"} <= {call for call, _ in steps}
    one, other = log.request(0, leaves(8)), log.request(0, leaves(9, "fork", 3))
    ended = []
    for number, (call, which) in enumerate(steps):
        witness = traced(tmp_path, log, "-e", f"inject={call}:signal=KILL:when={which}", name=str(number)).start()
        first = witness.post(one)
        assert witness.stop(signal.SIGKILL) != 0
        witness.before = []
        with witness:
            second = witness.post(other)
            assert second[0] in (200, 409)
            assert first is None or second[0] == 409
            if second[0] == 409:
                assert second[2] == "8\n" and witness.post(log.request(8, leaves(8)))[0] == 200
            else:
                assert witness.post(log.request(9, leaves(12)))[0] == 422
        ended.append(second[0])
    assert {200, 409} == set(ended) and ended == sorted(ended)  # before the state was on the disk, and after


def test_killed_at_random_one_branch_is_cosigned(tmp_path, log):
    """Two logs of one key, each asking for its own tree as fast as it can, the witness killed under them."""
    witness, cosigned = Witness(tmp_path / "w", log.vkey), set()
    trees = {branch: [leaves(n, branch) for n in range(40)] for branch in ("a", "b")}
    requests_of = {branch: [None] + [log.request(n - 1, trees[branch][n]) for n in range(1, 40)] for branch in trees}

    def grow(branch):
        size = 0
        while size < 39:
            answer = witness.post(requests_of[branch][size + 1])
            if answer is None:
                return
            if answer[0] == 200:
                cosigned.add((branch, size + 1))
            if answer[0] == 422:
                return
            size = int(answer[2]) if answer[0] == 409 else size + 1

    for round_ in itertools.count():  # as many as it takes until something was cosigned
        if round_ >= 10 and cosigned:
            break
        witness.start()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            growing = [pool.submit(grow, branch) for branch in ("ab" if round_ % 2 else "ba")]
            time.sleep(random.uniform(0, 0.006) * (round_ + 1))
            witness.stop(signal.SIGKILL)
            for one in growing:
                one.result()
    with witness:
        told = int(witness.post(log.request(0, leaves(1, "c")))[2])
    assert len({branch for branch, _ in cosigned}) == 1
    assert told >= max(size for _, size in cosigned)
