# SPDX-License-Identifier: Apache-2.0
"""Receipts: every accepted write comes with a signed promise, which holds against the log or is seen to be broken. The
promise is read here by nothing but hashlib and openssl."""

import base64
import hashlib
import json
import os
import subprocess
import threading
from unittest.mock import ANY

import pytest
import samples
from conftest import CLASS
from test_log import TAMPER, covered, leaf_hash
from test_cli import class_words, write_roster
from wire import Refused, Wire, read_profile

DAY_S = 86400
CLASS_WORDS = class_words()


@pytest.fixture
def stack(own_stack):
    return own_stack()


def public_key(stack):
    name, _, key = (stack.folder / "receipt.vkey").read_text().strip().split("+", 2)
    assert name == "mingce.example/log/receipt"
    return base64.b64decode(key)[1:]


def verify(stack, receipt, tmp_path):
    """The leaf hashes that the receipt promises; checks everything it says."""
    text, _, signatures = receipt.note.decode().rpartition("\n\n")
    text += "\n"
    origin, root, at_ms, deadline = text.splitlines()
    assert origin == "mingce.example/log/receipt" and int(deadline) == DAY_S and int(at_ms) > 10**12
    (line,) = signatures.splitlines()
    dash, name, signature = line.split(" ")
    assert (dash, name) == ("\u2014", origin)
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + public_key(stack))
    (tmp_path / "signature").write_bytes(base64.b64decode(signature)[4:])
    (tmp_path / "text").write_text(text)
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "key.der", "-keyform", "DER", "-rawin",
                    "-in", tmp_path / "text", "-sigfile", tmp_path / "signature"], check=True, capture_output=True)
    r, f, s = leaf_hash(receipt.leaves), receipt.index, receipt.size - 1
    for c in receipt.path:
        assert s > 0
        if f % 2 == 1 or f == s:
            r = hashlib.sha256(b"\1" + c + r).digest()
            while f % 2 == 0 and f != 0:
                f, s = f // 2, s // 2
        else:
            r = hashlib.sha256(b"\1" + r + c).digest()
        f, s = f // 2, s // 2
    assert s == 0 and base64.b64encode(r).decode() == root
    leaves = [receipt.leaves[i:i + 32] for i in range(0, len(receipt.leaves), 32)]
    assert len(leaves) == len(receipt.entry_id) > 0
    return leaves


def entries(stack, request_id):
    rows = stack.sql(f"SELECT encode(body, 'hex') FROM audit.entry WHERE position('\\x{request_id.hex()}'::bytea IN body) > 0 ORDER BY id")
    return [bytes.fromhex(row) for row in rows.splitlines()]


def clerk(stack):
    return Wire(read_profile(stack.profiles / "institution"))


def test_a_write_has_a_receipt_for_its_entries(stack, tmp_path):
    with clerk(stack) as wire:
        request_id = os.urandom(16)
        number = wire.call("class.open", request_id=request_id, **CLASS).number
        assert verify(stack, wire.receipt, tmp_path) == [leaf_hash(e) for e in entries(stack, request_id)]
        request_id = os.urandom(16)
        rows = samples.trainees(300)
        assert wire.call("roster.import", request_id=request_id, class_number=number, row=rows).enrolled == 300
        leaves = verify(stack, wire.receipt, tmp_path)
        assert leaves == [leaf_hash(e) for e in entries(stack, request_id)] and len(leaves) >= 300
        wire.call("class.list")
        assert wire.receipt is None


def test_the_same_request_again_has_the_same_promise_anew(stack, tmp_path):
    with clerk(stack) as wire:
        request_id = os.urandom(16)
        wire.call("class.open", request_id=request_id, **CLASS)
        first = verify(stack, wire.receipt, tmp_path)
        wire.call("class.open", **CLASS)
        wire.call("class.open", request_id=request_id, **CLASS)
        assert verify(stack, wire.receipt, tmp_path) == first
        with pytest.raises(Refused, match="request-id-reused"):
            wire.call("class.open", request_id=request_id, **dict(CLASS, capacity=CLASS["capacity"] - 1))
        assert wire.receipt is None


def test_many_at_once_share_a_signature(stack, tmp_path):
    """Each gets its own place in the tree of those answered together."""
    found, profile = {}, read_profile(stack.profiles / "institution")

    def work(n):
        with Wire(profile) as wire:
            ids = [os.urandom(16) for _ in range(40)]
            for request_id in ids:
                wire.send(wire.request("class.open", request_id=request_id, **CLASS))
            answered = {}
            for _ in ids:
                number, _ = wire.answer("class.open")
                answered[number] = wire.receipt
            found[n] = list(zip(ids, [answered[number] for number in sorted(answered)]))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    receipts = [pair for n in found for pair in found[n]]
    assert len(receipts) == 160 and max(receipt.size for _, receipt in receipts) > 1
    assert len({receipt.note for _, receipt in receipts}) < 160
    for request_id, receipt in receipts[::10] + [max(receipts, key=lambda pair: pair[1].size)]:
        assert verify(stack, receipt, tmp_path) == [leaf_hash(e) for e in entries(stack, request_id)]


def test_without_a_key_there_are_none(own_stack):
    with clerk(own_stack(receipt_key="")) as wire:
        wire.call("class.open", **CLASS)
        assert wire.receipt is None


def test_a_key_that_could_sign_checkpoints_is_refused(own_stack, tmp_path):
    stack = own_stack()
    stack.daemon_stop()
    stack.settings["receipt_key"] = stack.folder / "log.key"
    stack.configure()
    seen = stack.log_end()
    stack.daemon_start(wait=False)
    assert "does not end with /receipt" in stack.wait_log("msg=receipt-key-refused", seen)


# ---- kept by the client ----

@pytest.fixture
def kept(stack, tmp_path):
    """A stack, `mingce` as the institution that opened a class, and the receipt it kept."""
    folder = tmp_path / "state/receipts"

    def run(*words, expect=0, **env):
        done = stack.cli("institution", "--json", *words, env=stack.environment(**{"MINGCE_RECEIPTS": str(folder)} | env))
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    run("class", "open", *CLASS_WORDS)
    (run.path,) = folder.glob("*.receipt")
    run.stack, run.folder = stack, folder
    run.key = ["--receipt-key", stack.folder / "receipt.vkey"]
    run.log = ["--key", stack.folder / "log.vkey"]
    return run


def told(done):
    (line,) = done.stdout.splitlines()
    return json.loads(line)


def signed_again(stack, text, tmp_path, days):
    """The receipt as it would be, had it been given so many days earlier."""
    head, _, note = text.partition("\n\n")
    origin, root, at_ms, deadline = note.split("\n")[:4]
    note = f"{origin}\n{root}\n{int(at_ms) - days * DAY_S * 1000}\n{deadline}\n"
    _, _, name, key_id, seed = (stack.folder / "receipt.key").read_text().strip().split("+", 4)
    (tmp_path / "private.der").write_bytes(bytes.fromhex("302e020100300506032b657004220420") + base64.b64decode(seed)[1:])
    (tmp_path / "note").write_text(note)
    signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", tmp_path / "private.der", "-keyform", "DER", "-rawin",
                                "-in", tmp_path / "note"], check=True, capture_output=True).stdout
    line = base64.b64encode(bytes.fromhex(key_id) + signature).decode()
    return f"{head}\n\n{note}\n\u2014 {name} {line}\n"


def test_kept_for_the_user_alone(kept):
    assert kept.path.stat().st_mode & 0o077 == 0 or kept.folder.stat().st_mode & 0o077 == 0
    assert told(kept("audit", "receipt", kept.path, *kept.key)) == {
        "request": kept.path.stem, "method": "class.open", "accepted": ANY, "entries": 1, "due": ANY, "state": "signed"}


def test_offline_without_a_profile(kept):
    kept.stack.down()
    assert told(kept("audit", "receipt", kept.path, *kept.key))["state"] == "signed"
    kept("audit", "receipt", kept.path, *kept.key, *kept.log, expect=4)


def test_included(kept):
    covered(kept.stack)
    assert told(kept("audit", "receipt", kept.path, *kept.key, *kept.log))["state"] == "included"


def test_a_roster_of_several_requests(kept, tmp_path):
    number = kept.stack.sql("SELECT class_number FROM registry.class")
    path = write_roster(tmp_path / "roster.csv", samples.trainees(1000))
    kept("roster", "import", path, "--class", number)
    covered(kept.stack)
    paths = sorted(set(kept.folder.glob("*.receipt")) - {kept.path})
    assert len(paths) >= 2
    found = [told(kept("audit", "receipt", path, *kept.key, *kept.log)) for path in paths]
    assert sum(one["entries"] for one in found) >= 1000 and {one["state"] for one in found} == {"included"}


@pytest.mark.parametrize("change", [
    lambda lines: lines[:5] + [lines[5][:-6] + ("A" if lines[5][-6] != "A" else "B") + lines[5][-5:]] + lines[6:],
    lambda lines: lines[:3] + ["index 1"] + lines[4:],
    lambda lines: lines[:4] + ["size 2"] + lines[5:],
    lambda lines: lines[:5] + [lines[5], lines[5]] + lines[6:],
    lambda lines: lines[:-4] + [str(int(lines[-4]) + 1)] + lines[-3:],
    lambda lines: lines[:-1],
    lambda lines: lines[1:],
    lambda lines: lines[:1],
])
def test_altered_is_refused(kept, change):
    text = kept.path.read_text()
    lines = text.rstrip("\n").split("\n")
    changed = change(lines)
    kept.path.write_text("\n".join(changed) + "\n")
    another = not changed or changed[0] != lines[0]  # no receipt at all
    kept("audit", "receipt", kept.path, *kept.key, expect=5 if another else 1)
    kept.path.write_text(text)
    kept("audit", "receipt", kept.path, *kept.key)


def test_another_key_did_not_sign_it(kept, tmp_path):
    (tmp_path / "other.vkey").write_text(kept.stack.command("log", "create-key", "mingce.example/log/receipt", tmp_path / "other"))
    assert "not signed by this key" in kept("audit", "receipt", kept.path, "--receipt-key", tmp_path / "other.vkey", expect=1).stderr


def test_an_entry_deleted_before_it_was_numbered_is_a_broken_promise(kept, tmp_path):
    """Nothing in the log shows that it was there: the receipt alone proves it."""
    stack = kept.stack
    covered(stack)
    pending = stack.sql("SELECT pg_get_functiondef('notary.pending'::regproc)")
    stack.sql("CREATE OR REPLACE FUNCTION notary.pending(in_most int4) RETURNS TABLE (id int8, xid xid8, body bytea) "
              "LANGUAGE sql AS 'SELECT 1::int8, null::xid8, null::bytea WHERE false'")  # holds the notary up
    kept("class", "open", *CLASS_WORDS)
    (path,) = set(kept.folder.glob("*.receipt")) - {kept.path}
    stack.sql(TAMPER.format(table="audit.entry", statement="DELETE FROM audit.entry WHERE id = (SELECT max(id) FROM audit.entry WHERE substring(body FROM 50 FOR 10) = 'class.open')"))
    stack.sql(pending)
    kept("class", "open", *CLASS_WORDS)
    covered(stack)
    assert told(kept("audit", "receipt", path, *kept.key, *kept.log, expect=4))["state"] == "not-yet"
    path.write_text(signed_again(stack, path.read_text(), tmp_path, 2))
    done = kept("audit", "receipt", path, *kept.key, *kept.log, expect=1)
    assert told(done)["state"] == "broken-promise" and "tell the auditors" in done.stderr
    kept.path.write_text(signed_again(stack, kept.path.read_text(), tmp_path, 2))
    assert told(kept("audit", "receipt", kept.path, *kept.key, *kept.log))["state"] == "included"


def test_what_cannot_be_kept_is_said_and_done(kept, tmp_path):
    (tmp_path / "file").write_text("")
    done = kept("class", "open", *CLASS_WORDS, MINGCE_RECEIPTS=str(tmp_path / "file"))
    assert "cannot be kept" in done.stderr and told(done)["number"]
