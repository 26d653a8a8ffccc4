# SPDX-License-Identifier: Apache-2.0
"""Cosignatures of the audit log, end to end: collected behind the notary's back, demanded by clients, and what they are for:
a log that shows two histories is found out by who trusts only the witness."""

import base64
import json
import pathlib
import re
import shutil
import signal
import socket
import threading
import time

import pytest
from test_log import TAMPER, covered, work
from test_metrics import value
from wire import Refused, Wire, read_profile
from witnessing import DASH, Key, Log, Witness, verify_cosignature, wait_for


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
        assert wait_for(found), self.stack.log_text()[-3000:]
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
