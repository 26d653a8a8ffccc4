# SPDX-License-Identifier: Apache-2.0
"""Cosignatures of the audit log, end to end: collected behind the notary's back, demanded by clients, and what they are for:
a log that shows two histories is found out by who trusts only the witness."""

import base64
import json
import os
import re
import shutil
import signal
import socket
import threading
import time

import pytest
from test_log import covered, work
from test_metrics import value
from wire import Wire, read_profile
from witnessing import DASH, Key, Witness, verify_cosignature
from waiting import until


@pytest.fixture
def site(own_stack, tmp_path):
    """Makes stacks with witnesses of their log."""
    return lambda n=1, **settings: Site(own_stack(**settings), tmp_path, n)


class Site:
    def __init__(self, stack, folder, n):
        self.stack, self.folder = stack, folder
        self.vkey = stack.folder / "log.vkey"
        self.witnesses = []
        for i in range(n):
            self.witnesses.append(Witness(folder / f"witness{i}", self.vkey, name=f"witness.example/{i}"))
        self.vkeys = folder / "witnesses.vkeys"
        self.vkeys.write_text("".join(w.vkey.read_text() for w in self.witnesses))

    def __enter__(self):
        for witness in self.witnesses:
            witness.start()
        self.collect([w.line for w in self.witnesses])
        return self

    def __exit__(self, *_):
        for witness in self.witnesses:
            assert witness.stop() == 0, (witness.folder / "errors").read_text()

    def collect(self, lines):
        """The daemon started anew, with these witnesses."""
        collect(self.stack, lines)

    def note(self, k=0):
        with Wire(read_profile(self.stack.profiles / "auditor")) as wire:
            return wire.call("log.checkpoint", **({"cosignatures": k} if k else {})).note.decode()

    def cosigned(self, k=1):
        """Waits until the newest checkpoint covers every entry and has k cosignatures; the note."""
        entries = int(self.stack.sql("SELECT count(*) FROM audit.entry"))

        def found():
            rows = self.stack.sql(f"SELECT count(*) FROM audit.cosignature s WHERE s.size = (SELECT max(size) FROM audit.checkpoint) AND s.size >= {entries}")
            return int(rows) >= k
        assert until(found), self.stack.log_text()[-3000:]
        return self.note(k)

    def audit(self, *words, expect=0):
        done = self.stack.cli("auditor", "--json", "audit", *words)
        assert done.returncode == expect, (done.returncode, done.stderr)
        return done

    def demand(self, k=1):
        return ["--key", self.vkey, "--witness", self.vkeys, "--witnesses", k]


def collect(stack, lines):
    stack.daemon_stop()
    (stack.folder / "witnesses").write_text("# the witnesses of the tests\n" + "".join(lines))
    text = re.sub(r"(?m)^witnesses = .*\n", "", stack.configuration.read_text())
    stack.configuration.write_text(text + f"witnesses = {stack.folder / 'witnesses'}\n")
    stack.daemon_start()


def parts(note):
    text, _, signatures = note.partition("\n\n")
    return text + "\n", re.findall(f"{DASH}.*\n", signatures)


def test_checkpoints_are_cosigned_as_the_log_grows(site, tmp_path):
    with site(2) as here:
        sizes = []
        for rows in (5, 300, 20):
            work(here.stack, rows)
            text, lines = parts(here.cosigned(2))
            sizes.append(int(text.split("\n")[1]))
            assert len(lines) == 3 and lines[0].startswith(f"{DASH}mingce.example/log ")
            for witness in here.witnesses:
                line = next(line for line in lines if line.split(" ")[1] == witness.vkey.read_text().split("+")[0])
                assert abs(verify_cosignature(tmp_path, witness.vkey.read_text(), text, line) - time.time()) < 30
        assert sizes == sorted(sizes) and sizes[0] < sizes[-1]


def test_clients_demand_k_of_n(site):
    with site(2) as here:
        work(here.stack, 5)
        here.cosigned(2)
        for k in (1, 2):
            seen = json.loads(here.audit("checkpoint", *here.demand(k)).stdout)
            assert seen["cosigned"] == 2 and seen["cosigned_at"]
        assert "cosigned" not in json.loads(here.audit("checkpoint", "--key", here.vkey).stdout)
        assert json.loads(here.audit("verify", *here.demand(2)).stdout)["size"] >= 5
        here.audit("prove", 3, "--output", here.folder / "p", *here.demand(2))
        here.audit("check", here.folder / "p", *here.demand(2))
        here.audit("checkpoint", *here.demand(3), expect=2)
        here.audit("checkpoint", "--key", here.vkey, "--witnesses", 1, expect=2)
        # a witness of ours that has not cosigned
        (here.folder / "more").write_text(here.vkeys.read_text() + Key(here.folder, "witness.example/3", 4).vkey + "\n")
        more = ["--key", here.vkey, "--witness", here.folder / "more"]
        here.audit("check", here.folder / "p", *more, "--witnesses", 2)
        assert "too few" in here.audit("check", here.folder / "p", *more, expect=1).stderr
        assert "log-unwitnessed" in here.audit("checkpoint", *more, expect=3).stderr


def test_who_has_cosigned_is_said_in_words(site):
    """How many of the witnesses asked for, after a verification that they are demanded of; of too few nothing is said to be verified."""
    with site(2) as here:
        work(here.stack, 5)
        here.cosigned(2)
        one, proof = here.folder / "one.vkeys", here.folder / "一条.tlog-proof"
        one.write_text(here.vkeys.read_text().splitlines()[0] + "\n")
        here.audit("prove", 3, "--output", proof, *here.demand(2))
        strangers = here.folder / "more"
        strangers.write_text(one.read_text() + Key(here.folder, "witness.example/9", 4).vkey + "\n")

        def say(zh, *words):
            done = here.stack.cli("auditor", "audit", *words, env=here.stack.environment() | {"LC_ALL": "zh_CN.UTF-8" if zh else "C.UTF-8"})
            return done.returncode, (done.stdout.splitlines() or [""])[0]

        for words in (("verify",), ("check", proof)):
            for keys, n in ((here.vkeys, 2), (one, 1)):
                key = ("--key", here.vkey, "--witness", keys)
                status, said = say(True, *words, *key)
                assert status == 0 and said.startswith("核验通过，") and said.endswith(f"，{n} 名见证者已联署"), said
                status, said = say(False, *words, *key)
                assert status == 0 and said.startswith("verified, ") and said.endswith(f"; cosigned by {n} witness{'es' if n > 1 else ''}"), said
        for zh in (True, False):
            status, said = say(zh, "check", proof, "--key", here.vkey, "--witness", strangers)
            assert (status, said) == (1, "")


def test_a_false_cosignature_of_a_known_witness_rejects(site):
    with site() as here:
        work(here.stack, 5)
        here.cosigned()
        path = here.folder / "p"
        here.audit("prove", 3, "--output", path, *here.demand())
        text = path.read_text()
        line = text.splitlines()[-1]
        assert line.split(" ")[1] == "witness.example/0"
        payload = bytearray(base64.b64decode(line.split(" ")[2]))
        payload[-1] ^= 1
        path.write_text(text.replace(line, f"{DASH}witness.example/0 {base64.b64encode(payload).decode()}"))
        assert "false" in here.audit("check", path, *here.demand(), expect=1).stderr
        here.audit("check", path, "--key", here.vkey)  # to who does not know the witness it says nothing
        path.write_text(text.replace(line + "\n", ""))
        assert "too few" in here.audit("check", path, *here.demand(), expect=1).stderr


def test_who_demands_is_given_an_older_one_that_has_them(site):
    with site() as here:
        work(here.stack, 5)
        size = int(here.cosigned().split("\n")[1])
        here.witnesses[0].stop()
        work(here.stack, 20)
        newest = covered(here.stack)
        assert newest > size
        assert until(lambda: json.loads(here.audit("checkpoint", "--key", here.vkey).stdout)["size"] >= newest)
        assert json.loads(here.audit("checkpoint", *here.demand()).stdout)["size"] == size
        since = here.folder / "since"
        assert json.loads(here.audit("verify", "--key", here.vkey, "--since", since).stdout)["size"] >= newest
        assert json.loads(here.audit("verify", *here.demand(), "--since", since).stdout)["size"] == size
        assert int(since.read_text().split("\n")[1]) >= newest
        here.witnesses[0].start()
        assert int(here.cosigned().split("\n")[1]) >= newest


def test_a_witness_that_is_away_or_slow_or_hostile_holds_up_nothing(site):
    """One is away, one takes connections and says nothing, one answers rubbish; the good one cosigns."""
    with site() as here, socket.create_server(("127.0.0.1", 0)) as silent, socket.create_server(("127.0.0.1", 0)) as rude:
        away = socket.create_server(("127.0.0.1", 0))
        ports = [away.getsockname()[1], silent.getsockname()[1], rude.getsockname()[1]]
        away.close()
        answers = [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\n99\n",
                   b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 100000, b"\0" * 5000, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000]

        def serve():
            for n in range(1000):
                try:
                    connection, _ = rude.accept()
                    connection.recv(65536)
                    connection.sendall(answers[n % len(answers)])
                    connection.close()
                except OSError:
                    if rude.fileno() < 0:
                        return
        threading.Thread(target=serve, daemon=True).start()
        here.collect([here.witnesses[0].line] + [f"http://127.0.0.1:{port}/w/ {Key(here.folder, f'bad.example/{i}', 4).vkey}\n"
                                                  for i, port in enumerate(ports)])
        for rows in (5, 5, 5):
            work(here.stack, rows)
            began = time.monotonic()
            assert covered(here.stack)
            assert time.monotonic() - began < 15
            here.cosigned()
        here.stack.wait_log("msg=witness-failed witness=bad.example/0")
        here.stack.wait_log("msg=witness-failed witness=bad.example/2")
        assert here.stack.sql("SELECT string_agg(DISTINCT split_part(witness, '+', 1), ' ') FROM audit.cosignature") == "witness.example/0"


def test_a_killed_collector_goes_on(site):
    with site() as here:
        work(here.stack, 5)
        here.cosigned()
        pid = int(re.findall(r"proc=collector pid=(\d+)", here.stack.log_text())[-1])
        os.kill(pid, signal.SIGKILL)
        work(here.stack, 5)
        here.cosigned()


def test_the_age_of_cosignatures_is_told(site, tmp_path_factory):
    path = tmp_path_factory.mktemp("m") / "s"
    with site(metrics_listen=path) as here:
        work(here.stack, 5)
        here.cosigned()
        name, key_id = here.witnesses[0].vkey.read_text().split("+")[:2]
        assert until(lambda: abs(value(path, "mingce_witness_cosigned_timestamp_seconds", witness=f"{name}+{key_id}") - time.time()) < 30)
        here.witnesses[0].stop()
        here.stack.daemon_stop()
        here.stack.daemon_start()  # remembered by the database
        assert until(lambda: value(path, "mingce_witness_cosigned_timestamp_seconds", witness=f"{name}+{key_id}") > 0)


def test_a_file_of_witnesses_that_is_wrong_is_refused(own_stack, tmp_path):
    stack = own_stack()
    stack.daemon_stop()
    key, log = Key(tmp_path, "witness.example/1", 4).vkey, Key(tmp_path, "witness.example/1").vkey
    with open(stack.configuration, "a") as file:
        file.write(f"witnesses = {tmp_path / 'witnesses'}\n")
    for line in ("https://witness.example KEY", "http://witness.example", "http://witness.example KEY more", "KEY", "http://witness.example LOGKEY",
                 "http://witness.example KEY\nhttp://other.example KEY", None):
        if line is None:
            (tmp_path / "witnesses").unlink()
        else:
            (tmp_path / "witnesses").write_text(line.replace("LOGKEY", log).replace("KEY", key) + "\n")
        seen = stack.daemon_start(wait=False)
        assert stack.daemon.wait(30) == 1, line
        assert "msg=witnesses-refused" in stack.log_text(seen)
    stack.daemon = None


# ---- what it is for ----

def test_a_fork_by_the_logs_own_key_is_caught(own_stack, site):
    """The log's keeper runs a second database with the same key, and shows it to somebody. It is in order in itself; only the
    witness has seen another log of that name."""
    with site() as here:
        work(here.stack, 20)
        here.cosigned()
        other = own_stack()
        for name in ("log.key", "log.vkey"):
            shutil.copy(here.stack.folder / name, other.folder / name)
        other.daemon_stop()
        (other.folder / "log.checkpoint").unlink()
        other.begin(other.folder / "log.checkpoint")
        other.sql("ALTER TABLE audit.checkpoint DISABLE TRIGGER ALL; DELETE FROM audit.checkpoint; ALTER TABLE audit.checkpoint ENABLE TRIGGER ALL")
        other.daemon_start()
        work(other, 60)
        assert covered(other)
        collect(other, [here.witnesses[0].line])
        assert other.cli("auditor", "audit", "verify", "--key", here.vkey).returncode == 0
        other.wait_log("msg=witness-(disagrees|ahead|failed)")
        refused = other.cli("auditor", "audit", "checkpoint", *here.demand())
        assert refused.returncode == 3 and "log-unwitnessed" in refused.stderr
        assert other.sql("SELECT count(*) FROM audit.cosignature") == "0"
        # nor does it help to say that there is one
        note = other.sql("SELECT note FROM audit.checkpoint ORDER BY size DESC LIMIT 1")
        other.sql(f"INSERT INTO audit.cosignature (size, witness, nth, line) SELECT {note.splitlines()[1]}, witness, nth, line FROM (VALUES ('x', 1::int2, "
                  f"E'{parts(here.note(1))[1][1].strip()}\\n')) v(witness, nth, line)")
        refused = other.cli("auditor", "audit", "checkpoint", *here.demand())
        assert refused.returncode == 1 and "is false" in refused.stderr
        work(here.stack, 5)
        here.cosigned()


def test_a_log_restored_from_a_backup_is_not_cosigned(site):
    """All of the log's host is put back, its own memory included: the witness alone knows, and is asked before anything is signed."""
    with site() as here:
        stack = here.stack
        work(stack, 5)
        before = covered(stack)
        stack.daemon_stop()
        head = stack.sql("SELECT size || ' ' || encode(root, 'hex') || ' ' || last_xid || ' ' || last_id FROM audit.log_head").split()
        state = (stack.folder / "log.checkpoint").read_text()
        tiles = stack.sql("SELECT string_agg(format('(%s, %s, %L)', level, tile_index, hashes), ', ') FROM audit.tile")
        stack.daemon_start()
        work(stack, 300)
        here.cosigned()
        stack.daemon_stop()
        (stack.folder / "log.checkpoint").write_text(state)
        for table in ("audit.leaf", "audit.checkpoint", "audit.cosignature", "audit.entry"):
            stack.sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        stack.sql(f"DELETE FROM audit.cosignature WHERE size > {head[0]}; DELETE FROM audit.checkpoint WHERE size > {head[0]};"
                  f"DELETE FROM audit.entry e USING audit.leaf l WHERE l.entry_id = e.id AND l.leaf_index >= {head[0]}; DELETE FROM audit.leaf WHERE leaf_index >= {head[0]};"
                  f"DELETE FROM audit.tile; INSERT INTO audit.tile VALUES {tiles};"
                  f"UPDATE audit.log_head SET size = {head[0]}, root = '\\x{head[1]}', last_xid = '{head[2]}', last_id = {head[3]}")
        for table in ("audit.leaf", "audit.checkpoint", "audit.cosignature", "audit.entry"):
            stack.sql(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        stack.sql("DELETE FROM audit.sighting")
        seen = stack.log_end()
        stack.daemon_start()
        work(stack, 10)
        stack.wait_log("msg=witness-ahead", seen)
        stack.wait_log("msg=log-seen-elsewhere source=\"witness witness.example/0", seen)
        stack.wait_log("msg=log-alarm why=another-has-seen-more", seen)
        assert int(stack.sql("SELECT max(size) FROM audit.checkpoint")) <= before


def test_a_witness_at_an_ipv6_address_is_reached(own_stack, tmp_path):
    """Its URL has brackets, what is connected to has none."""
    try:
        with socket.socket(socket.AF_INET6) as six:
            six.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 on this host")
    stack = own_stack()
    witness = Witness(tmp_path / "witness", stack.folder / "log.vkey")
    witness.words = lambda: ["serve", "--listen", "[::1]:0", "--key", witness.folder / "key", "--log", witness.folder / "logs", "--state", witness.state]
    witness.start()
    assert witness.line.startswith("http://[::1]:")
    collect(stack, ["\ufeff" + witness.line.rstrip("\n") + " \t\r\n"])  # as an editor leaves the line
    work(stack, 5)
    size = covered(stack)
    until(lambda: int(stack.sql("SELECT coalesce(max(size), 0) FROM audit.cosignature")) >= size)
    assert witness.stop() == 0
