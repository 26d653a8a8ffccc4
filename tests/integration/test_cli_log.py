# SPDX-License-Identifier: Apache-2.0
"""The log from the command line: verified, proved, exported, and each tampering named. What is exported is read here by
nothing but hashlib and openssl."""

import base64
import hashlib
import json
import subprocess

import pytest
from test_log import TAMPER, bodies, covered, leaf_hash, tree_root, work


@pytest.fixture
def log(own_stack):
    """A stack whose log is signed, and `mingce` on it as an auditor."""
    stack = own_stack()
    work(stack, 300)
    size = covered(stack)

    def run(*words, expect=0, profile="auditor"):
        done = stack.cli(profile, "--json", *words)
        assert done.returncode == expect, done.stderr
        return done

    run.stack, run.size, run.key = stack, size, ["--key", stack.folder / "log.vkey"]
    return run


def seen(done):
    return json.loads(done.stdout)


def test_checkpoint_is_signed_by_the_key_one_brings(log, tmp_path):
    assert seen(log("audit", "checkpoint", *log.key))["size"] >= log.size
    log("audit", "checkpoint", *log.key, profile="institution")
    other = log.stack.command("log", "create-key", "mingce.example/log", tmp_path / "other")
    (tmp_path / "other.vkey").write_text(other)
    assert "not signed by this key" in log("audit", "checkpoint", "--key", tmp_path / "other.vkey", expect=1).stderr
    log("audit", "checkpoint", "--key", tmp_path / "other", expect=2)


def test_the_whole_log_verifies_and_is_remembered(log, tmp_path):
    since = tmp_path / "seen"
    first = seen(log("audit", "verify", *log.key, "--since", since))
    assert since.read_text().split("\n")[1] == str(first["size"])
    work(log.stack, 20)
    covered(log.stack)
    assert seen(log("audit", "verify", *log.key, "--since", since))["size"] > first["size"]


def test_only_auditors_read_entries(log):
    done = log("audit", "verify", *log.key, expect=3, profile="institution")
    assert "method-forbidden" in done.stderr


@pytest.mark.parametrize("place", [0, 1, 255, 256, 299])
def test_a_proof_is_checked_offline(log, tmp_path, place):
    path = tmp_path / "one.tlog-proof"
    log("audit", "prove", place, "--output", path, *log.key)
    log.stack.daemon_stop()
    log("audit", "check", path, *log.key)
    text = path.read_text()
    lines = text.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1" and lines[2] == f"index {place}"
    entry = base64.b64decode(lines[1].removeprefix("extra "))
    changed = base64.b64encode(entry[:-1] + bytes([entry[-1] ^ 1])).decode()
    for wrong in (text.replace(lines[1], "extra " + changed), text.replace(f"index {place}\n", f"index {place + 1}\n"),
                  text.replace(lines[3], lines[4] if lines[4] != lines[3] else lines[5]), text[:-10], text[:3]):
        path.write_text(wrong)
        log("audit", "check", path, *log.key, expect=1)
    log.stack.daemon_start()


def test_a_place_that_is_not_covered_is_said(log, tmp_path):
    done = log("audit", "prove", 10**9, "--output", tmp_path / "x", *log.key, expect=1)
    assert not (tmp_path / "x").exists() and done.stderr


def test_a_file_that_is_no_proof_cannot_be_read(log, tmp_path):
    """audit check: status 1 says that something was altered, 5 that the file is not what it reads."""
    (tmp_path / "list.csv").write_text("a,b\n1,2\n")
    assert "neither a proof nor a dossier" in log("audit", "check", tmp_path / "list.csv", *log.key, expect=5).stderr


@pytest.mark.parametrize("chinese", [True, False], ids=["zh", "en"])
@pytest.mark.parametrize("nothing", [b"", b"\n \r\n", b"\xef\xbb\xbf\n"], ids=["no byte", "blanks", "a mark"])
def test_an_empty_file_is_said_to_be_empty(stack, tmp_path, nothing, chinese):
    """Of whatever kind it should be: status 5, not that it was altered (1), and not that it lacks a header."""
    empty, other = tmp_path / "空文件", tmp_path / "other"
    empty.write_bytes(nothing)
    key = ("--key", stack.folder / "log.vkey")
    own = tmp_path / "w.key"
    own.write_bytes(nothing)
    own.chmod(0o400)
    for words in (("audit", "check", empty, *key), ("audit", "check", other, "--key", empty), ("audit", "check", other, *key, "--witness", empty),
                  ("audit", "receipt", empty, "--receipt-key", stack.folder / "receipt.vkey"), ("audit", "receipt", other, "--receipt-key", empty),
                  ("certificate", "check", empty, "--certificate-key", stack.folder / "certificate.vkey"),
                  ("certificate", "check", other, "--certificate-key", empty), ("audit", "verify", *key, "--since", empty),
                  ("audit", "rows", "--key", empty), ("roster", "check", empty), ("add-log", empty, "--state", tmp_path / "state"),
                  ("serve", "--key", own, "--log", empty, "--state", tmp_path / "state", "--listen", "127.0.0.1:0")):
        program = [stack.binaries / "mingce-witness"] if words[0] in ("add-log", "serve") else [stack.mingce, "--profile", "auditor"]
        said = subprocess.run([*program, *words], env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8" if chinese else "C.UTF-8"},
                              capture_output=True, text=True, check=False)
        assert (said.returncode, said.stdout) == (5, ""), (words, said.stderr)
        assert said.stderr.count("\n") == 1 and ("文件是空的" if chinese else "the file is empty") in said.stderr and ("空文件" in said.stderr or "w.key" in said.stderr)


def test_a_file_of_zeros_is_no_proof(stack, tmp_path):
    (tmp_path / "zeros").write_bytes(bytes(100))
    said = stack.cli("auditor", "audit", "check", tmp_path / "zeros", "--key", stack.folder / "log.vkey")
    assert said.returncode == 5 and "neither a proof nor a dossier" in said.stderr


@pytest.mark.parametrize("number", ["2026-1", "2026年1班", "-1", "99999999999999999999"])
def test_a_class_number_that_is_none_is_told_in_words(stack, number):
    done = stack.cli("institution", "roster", "list", f"--class={number}")
    assert done.returncode == 2 and "18446744073709551615" not in done.stderr, done.stderr
    assert ("digits only" in done.stderr or "too large" in done.stderr) and "(--class)" in done.stderr


def verify_note(folder):
    """(size, root) of the exported checkpoint; openssl verifies the signature."""
    name, key_id, key = (folder / "log.vkey").read_text().strip().split("+", 2)
    key = base64.b64decode(key)
    assert key[0] == 1 and hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() == key_id
    text, signatures = (folder / "checkpoint").read_bytes().split(b"\n\n")
    text += b"\n"
    dash, signer, signature = signatures.decode().strip().split(" ")
    signature = base64.b64decode(signature)
    assert (dash, signer, signature[:4].hex()) == ("—", name, key_id)
    der = bytes.fromhex("302a300506032b6570032100") + key[1:]
    for file, data in (("key.der", der), ("text", text), ("signature", signature[4:])):
        (folder.parent / file).write_bytes(data)
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder.parent / "key.der", "-rawin",
                           "-in", folder.parent / "text", "-sigfile", folder.parent / "signature"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    origin, size, root = text.decode().split("\n")[:3]
    assert origin == name
    return int(size), base64.b64decode(root)


def tile_name(n):
    groups = [f"{n % 1000:03d}"]
    while n >= 1000:
        n //= 1000
        groups.insert(0, f"x{n % 1000:03d}")
    return "/".join(groups)


def test_a_static_copy_is_whole_and_others_read_it(log, tmp_path):
    folder = tmp_path / "copy"
    log("audit", "export", folder, *log.key)
    size, root = verify_note(folder)
    entries = []
    for n in range((size + 255) // 256):
        width = min(256, size - n * 256)
        name = tile_name(n) + (f".p/{width}" if width < 256 else "")
        data = (folder / "tile/entries" / name).read_bytes()
        while data:
            length = int.from_bytes(data[:2], "big")
            entries.append(data[2:2 + length])
            data = data[2 + length:]
        assert (folder / "tile/0" / name).read_bytes() == b"".join(leaf_hash(e) for e in entries[n * 256:])
    assert len(entries) == size and tree_root([leaf_hash(e) for e in entries]) == root
    whole = size // 256
    assert (folder / "tile/1/000.p" / str(whole)).read_bytes() == b"".join(
        tree_root([leaf_hash(e) for e in entries[n * 256:(n + 1) * 256]]) for n in range(whole))


@pytest.mark.parametrize("table, statement, where", [
    ("audit.entry", "UPDATE audit.entry SET body = set_byte(body, 3, get_byte(body, 3) # 1) WHERE id = (SELECT entry_id FROM audit.leaf WHERE leaf_index = 100)", None),
    ("audit.entry", "DELETE FROM audit.entry WHERE id = (SELECT entry_id FROM audit.leaf WHERE leaf_index = 123)", "123"),
    ("audit.leaf", "DELETE FROM audit.leaf WHERE leaf_index = 77", "77"),
    ("audit.entry", "UPDATE audit.entry e SET body = o.body FROM audit.entry o, audit.leaf a, audit.leaf b WHERE a.leaf_index = 5 AND b.leaf_index = 60 "
     "AND (e.id, o.id) IN ((a.entry_id, b.entry_id), (b.entry_id, a.entry_id))", None),
    ("audit.leaf", "DELETE FROM audit.leaf WHERE leaf_index >= 200", "200"),
])
def test_each_tampering_is_found(log, table, statement, where):
    log.stack.sql(TAMPER.format(table=table, statement=statement))
    done = log("audit", "verify", *log.key, expect=1)
    assert where is None or f"({where})" in done.stderr, done.stderr


@pytest.mark.parametrize("tile, path", [("level = 0 AND tile_index = 0", "tile/0/000"), ("level = 1", "tile/1/000"),
                                        ("level = 0 AND tile_index = 1", "tile/0/001")])
def test_a_tile_that_is_not_the_entries_is_named(log, tile, path):
    """The entries are right, and the root; only who fetches proofs would be misled."""
    log.stack.sql(f"UPDATE audit.tile SET hashes = set_byte(hashes, 7, get_byte(hashes, 7) # 1) WHERE {tile}")
    done = log("audit", "verify", *log.key, expect=1)
    assert f"a tile is not what the entries make ({path})" in done.stderr


def test_from_where_it_was(log, tmp_path):
    """What was verified before is not read again; its root must be the one that was seen."""
    since = tmp_path / "seen"
    size = seen(log("audit", "verify", *log.key, "--since", since))["size"]
    work(log.stack, 300)
    covered(log.stack)
    change = "UPDATE audit.entry SET body = set_byte(body, 3, get_byte(body, 3) # 1) WHERE id = (SELECT entry_id FROM audit.leaf WHERE leaf_index = {})"
    log.stack.sql(TAMPER.format(table="audit.entry", statement=change.format(100)))
    assert seen(log("audit", "verify", *log.key, "--since", since))["size"] > size
    log("audit", "verify", *log.key, expect=1)
    work(log.stack, 20)
    newest = covered(log.stack)
    log.stack.sql(TAMPER.format(table="audit.entry", statement=change.format(newest - 1)))
    log("audit", "verify", *log.key, "--since", since, expect=1)


def test_a_run_that_was_broken_off_goes_on(log, tmp_path):
    since, part = tmp_path / "seen", tmp_path / "seen.part"
    root = base64.b64encode(tree_root([leaf_hash(body) for body in bodies(log.stack)[:200]])).decode()
    log.stack.sql(TAMPER.format(table="audit.entry", statement="UPDATE audit.entry SET body = set_byte(body, 3, get_byte(body, 3) # 1) "
                                "WHERE id = (SELECT entry_id FROM audit.leaf WHERE leaf_index = 100)"))
    log("audit", "verify", *log.key, "--since", since, expect=1)
    part.write_text(f"200\n{root}\n")
    log("audit", "verify", *log.key, "--since", since)
    assert since.exists() and not part.exists()
    since.unlink()
    part.write_text(f"201\n{root}\n")
    assert "history was rewritten" in log("audit", "verify", *log.key, "--since", since, expect=1).stderr
    part.write_text("nonsense")
    log("audit", "verify", *log.key, "--since", since, expect=1)  # from the beginning, where an entry was changed


def test_a_log_cut_after_a_checkpoint_is_found(log, tmp_path):
    since = tmp_path / "seen"
    earlier = log.stack.sql("SELECT note FROM audit.checkpoint ORDER BY size LIMIT 1")
    log("audit", "verify", *log.key, "--since", since)
    log.stack.daemon_stop()
    log.stack.sql("ALTER TABLE audit.checkpoint DISABLE TRIGGER ALL; DELETE FROM audit.checkpoint WHERE size > " + earlier.split("\n")[1])
    # the database's owner also stops the notary, which has kept it, from publishing it again
    log.stack.sql("CREATE OR REPLACE FUNCTION notary.publish(in_size int8, in_note text) RETURNS void LANGUAGE sql AS ''")
    log.stack.daemon_start()
    done = log("audit", "verify", *log.key, "--since", since, expect=1)
    assert "was cut" in done.stderr


def test_how_old_the_checkpoint_is_decides_when_asked(log):
    """While nothing is published a verification of what there is says how old it is; --max-age makes that a failure."""
    found = seen(log("audit", "verify", *log.key, "--max-age", 3600))
    assert found["age"] < 3600 and found["signed_at"]
    log.stack.sql("ALTER TABLE audit.checkpoint DISABLE TRIGGER ALL; UPDATE audit.checkpoint SET signed_at = signed_at - interval '2 hours';"
                  "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA notary FROM mingced_notary", user="postgres")
    assert seen(log("audit", "verify", *log.key))["age"] >= 7200
    done = log("audit", "verify", *log.key, "--max-age", 3600, expect=1)
    assert "older than --max-age" in done.stderr and not done.stdout
    assert seen(log("audit", "verify", *log.key, "--max-age", 100000))["age"] >= 7200
    for wrong in "0", "-1", "1h", "":
        log("audit", "verify", *log.key, "--max-age", wrong, expect=2)


def test_a_quiet_log_is_not_an_old_one(log):
    """The newest checkpoint may be of last night: the verifier's own login is an entry, which is signed meanwhile."""
    log.stack.sql("ALTER TABLE audit.checkpoint DISABLE TRIGGER ALL; UPDATE audit.checkpoint SET signed_at = signed_at - interval '2 hours'", user="postgres")
    assert seen(log("audit", "verify", *log.key, "--max-age", 60))["age"] < 60
