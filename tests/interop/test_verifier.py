# SPDX-License-Identifier: Apache-2.0
"""The log before a verifier in another language that shares no code with ours (verifier/, on Debian's golang.org/x/mod): what
mingce exports and proves it accepts, what it makes mingce accepts, and each tampering both refuse."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import time
import warnings

import pytest
from conftest import BUILD, ROOT

SOURCE = ROOT / "tests/interop/verifier"
VERIFIER = BUILD / "go/verifier"
ROSTER = ROOT / "tests/samples/roster-clean-500.csv"
VECTORS = pathlib.Path(os.environ.get("MINGCE_VECTORS", ROOT.parent / "shared/vectors"))
WAIT_S = 120


@pytest.fixture(scope="module")
def verifier():
    """Builds it, from Debian's packages alone; runs it."""
    env = os.environ | {"GOPATH": "/usr/share/gocode", "GO111MODULE": "off", "GOPROXY": "off", "GOFLAGS": "",
                        "GOCACHE": str((BUILD / "go/cache").absolute())}
    for words in (["go", "vet", "./tests/interop/verifier"],
                  ["go", "build", "-o", str(VERIFIER.absolute()), "./tests/interop/verifier"]):
        subprocess.run(words, cwd=ROOT, env=env, check=True)
    assert subprocess.run(["gofmt", "-l", SOURCE], capture_output=True, text=True, check=True).stdout == ""

    def run(*words):
        return subprocess.run([VERIFIER, *map(str, words)], capture_output=True, text=True, timeout=120, check=False)
    return run


def accepted(done):
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(done, why):
    assert done.returncode == 1 and why in done.stderr, (done.returncode, done.stdout, done.stderr)


# ---- our log before their verifier ----

class Log:
    """A signed log, exported twice: `older` before a roster came in, `copy` after it."""

    def __init__(self, stack, folder):
        self.stack, self.key = stack, stack.folder / "log.vkey"
        number = self.mingce("class", "open", "--title", "示例班", "--occupation", "4-10-01-06", "--level", "junior", "--kind",
                             "就业技能培训", "--starts", "2026-03-01", "--ends", "2026-05-31", "--capacity", "700",
                             profile="institution")["number"]
        self.older = self.export(folder / "older")
        self.mingce("roster", "import", ROSTER, "--class", number, profile="institution")
        self.copy = self.export(folder / "copy")

    def mingce(self, *words, profile="auditor"):
        done = self.stack.cli(profile, "--json", *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[0]) if done.stdout else None

    def export(self, folder):
        """Once a checkpoint covers all that there is now."""
        entries = int(self.stack.sql("SELECT count(*) FROM audit.entry"))
        until = time.monotonic() + WAIT_S
        while int(self.stack.sql("SELECT coalesce(max(size), 0) FROM audit.checkpoint")) < entries:
            assert time.monotonic() < until, "no checkpoint covers the entries"
            time.sleep(0.1)
        self.mingce("audit", "export", folder, "--key", self.key)
        return folder

    def prove(self, place, path):
        self.mingce("audit", "prove", place, "--output", path, "--key", self.key)
        return path.read_text()


@pytest.fixture(scope="module")
def log(stack, tmp_path_factory):
    return Log(stack, tmp_path_factory.mktemp("log"))


def size_of(copy):
    return int((copy / "checkpoint").read_text().split("\n")[1])


def test_a_copy_is_accepted(log, verifier):
    origin, size, root = (log.copy / "checkpoint").read_text().split("\n")[:3]
    assert int(size) > 512 and int(size) % 256 != 0  # whole tiles, and partial ones
    assert accepted(verifier("copy", log.copy, log.key)) == f"{origin} {size} {root}\n"
    assert (log.copy / "log.vkey").read_text() == log.key.read_text()


def test_a_copy_extends_an_older_checkpoint(log, verifier):
    assert 0 < size_of(log.older) < size_of(log.copy)
    accepted(verifier("copy", log.older, log.key))
    accepted(verifier("copy", log.copy, log.key, log.older / "checkpoint"))
    accepted(verifier("copy", log.copy, log.key, log.copy / "checkpoint"))
    refused(verifier("copy", log.older, log.key, log.copy / "checkpoint"), "older checkpoint")


def test_a_copy_over_an_older_one_is_accepted(log, verifier, tmp_path):
    shutil.copytree(log.older, tmp_path / "copy")
    shutil.copytree(log.copy, tmp_path / "copy", dirs_exist_ok=True)
    accepted(verifier("copy", tmp_path / "copy", log.key, log.older / "checkpoint"))


def changed(path, at, value=1):
    data = bytearray(path.read_bytes())
    data[at] ^= value
    path.write_bytes(data)


def bundle(path):
    data, found = path.read_bytes(), []
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        found.append(data[:end])
        data = data[end:]
    return found


def rebundle(path, change):
    entries = bundle(path)
    change(entries)
    path.write_bytes(b"".join(entries))


def moved(entries):
    """A byte from the end of one entry to the beginning of the next: all bytes are there, in their order."""
    one, two = entries[3][2:], entries[4][2:]
    one, two = one[:-1], one[-1:] + two
    entries[3:5] = [len(e).to_bytes(2, "big") + e for e in (one, two)]


def line(path, n, change):
    lines = path.read_text().split("\n")
    lines[n] = change(lines[n])
    path.write_text("\n".join(lines))


def other_digit(text):
    """base64 with one digit of its middle changed."""
    at = len(text) // 2
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:]


def partial(copy, folder):
    """The partial file of a level, which is one."""
    found = list((copy / "tile" / folder).glob("**/*.p/*"))
    assert len(found) == 1
    return found[0]


TAMPERED = {
    "a byte of an entry": (lambda c: changed(c / "tile/entries/001", 700), "hash to the root"),
    "the last byte of the last entry": (lambda c: changed(partial(c, "entries"), -1), "hash to the root"),
    "two entries swapped": (lambda c: rebundle(c / "tile/entries/000", lambda e: e.insert(3, e.pop(9))), "hash to the root"),
    "a byte over a boundary": (lambda c: rebundle(c / "tile/entries/000", moved), "hash to the root"),
    "an entry removed": (lambda c: rebundle(c / "tile/entries/000", lambda e: e.pop(9)), "the bundle lacks"),
    "the last entry removed": (lambda c: rebundle(partial(c, "entries"), lambda e: e.pop()), "the bundle lacks"),
    "an entry added": (lambda c: rebundle(c / "tile/entries/000", lambda e: e.append(e[7])), "behind the entries"),
    "an entry in place of another": (lambda c: rebundle(c / "tile/entries/000", lambda e: e.__setitem__(8, e[7])), "hash to the root"),
    "a bundle cut": (lambda c: os.truncate(c / "tile/entries/001", 999), "the bundle lacks"),
    "a bundle gone": (lambda c: (c / "tile/entries/001").unlink(), "no such file"),
    "a length": (lambda c: changed(c / "tile/entries/000", 0, 0x40), "bundle"),
    "a leaf hash": (lambda c: changed(c / "tile/0/000", 32 * 7), "not what the entries hash to"),
    "a leaf hash of the partial tile": (lambda c: changed(partial(c, "0"), -1), "not what the entries hash to"),
    "a hash one level up": (lambda c: changed(partial(c, "1"), 5), "not what the entries hash to"),
    "a tile cut": (lambda c: os.truncate(c / "tile/0/001", 255 * 32), "not what the entries hash to"),
    "a tile gone": (lambda c: (c / "tile/0/000").unlink(), "no such file"),
    "a partial tile gone": (lambda c: partial(c, "1").unlink(), "no such file"),
    "a partial tile of an older tree, wrong": (lambda c: ((c / "tile/0/000.p").mkdir(), (c / "tile/0/000.p/2").write_bytes(bytes(64))), "not what the entries hash to"),
    "a tile beyond the tree": (lambda c: (c / "tile/0/900").write_bytes(bytes(8192)), "not what the entries hash to"),
    "a file that is no tile": (lambda c: (c / "tile/0/00").write_bytes(b""), "not a tile's place"),
    "the size": (lambda c: line(c / "checkpoint", 1, lambda t: str(int(t) - 1)), "invalid signature"),
    "the root": (lambda c: line(c / "checkpoint", 2, other_digit), "invalid signature"),
    "the origin": (lambda c: line(c / "checkpoint", 0, lambda t: t + "2"), "invalid signature"),
    "the signature": (lambda c: line(c / "checkpoint", 4, other_digit), "invalid signature"),
    "no signature": (lambda c: (c / "checkpoint").write_text((c / "checkpoint").read_text().split("\n\n")[0] + "\n"), "malformed note"),
    "no checkpoint": (lambda c: (c / "checkpoint").unlink(), "no such file"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_copy_is_refused(log, verifier, tmp_path, name):
    tamper, why = TAMPERED[name]
    copy = shutil.copytree(log.copy, tmp_path / "copy")
    tamper(copy)
    refused(verifier("copy", copy, log.key), why)


def test_a_tampered_older_checkpoint_is_refused_by_both(log, verifier, tmp_path):
    for n, change in ((1, lambda t: str(int(t) - 1)), (2, other_digit), (4, other_digit)):
        older = tmp_path / "older"
        shutil.copy(log.older / "checkpoint", older)
        log.mingce("audit", "verify", "--key", log.key, "--since", older)
        shutil.copy(log.older / "checkpoint", older)
        line(older, n, change)
        refused(verifier("copy", log.copy, log.key, older), "invalid signature")
        done = log.stack.cli("auditor", "audit", "verify", "--key", log.key, "--since", older)
        assert done.returncode == 5 and "not a checkpoint of this log" in done.stderr


def test_another_log_of_the_same_name_is_refused(log, verifier, tmp_path):
    """Whole and signed, but not by the key that one brought along."""
    origin = log.key.read_text().split("+")[0]
    accepted(verifier("make", tmp_path, origin, 5, "forged"))
    accepted(verifier("copy", tmp_path, tmp_path / "log.vkey"))
    refused(verifier("copy", tmp_path, log.key), "no verifiable signatures")


# ---- proofs, both ways ----

def proof_places(size):
    return [0, 1, 255, 256, 511, size - 2, size - 1]


def flip(text):
    data = bytearray(base64.b64decode(text))
    data[len(data) // 2] ^= 1
    return base64.b64encode(data).decode()


def tampered_proofs(text):
    """(what, text) of each tampering. Lines: header, extra, index, hashes, empty, checkpoint."""
    head, note = text.split("\n\n", 1)
    lines = head.split("\n")
    hashes = range(3, len(lines))

    def put(n, new):
        return "\n".join([*lines[:n], *new, *lines[n + 1:]]) + "\n\n" + note

    index = int(lines[2].split(" ")[1])
    yield "entry", put(1, ["extra " + flip(lines[1].split(" ")[1])])
    yield "no entry", put(1, [])
    for other in (index + 1, index ^ 2, index + 10**6):
        yield f"index {other}", put(2, [f"index {other}"])
    for n in hashes:
        yield f"hash {n}", put(n, [flip(lines[n])])
        yield f"hash {n} gone", put(n, [])
        yield f"hash {n} twice", put(n, [lines[n]] * 2)
    yield "hashes reversed", "\n".join([*lines[:3], *reversed(lines[3:])]) + "\n\n" + note
    signed = note.split("\n")
    yield "size", text.replace(f"\n{signed[1]}\n", f"\n{int(signed[1]) + 1}\n")
    yield "root", text.replace(signed[2], flip(signed[2]))
    yield "signature", text.replace(signed[4].split(" ")[2], flip(signed[4].split(" ")[2]))
    yield "cut", text[:-5]
    yield "header", text.replace("@v1", "@v2", 1)


def refused_by_both(log, verifier, path, key, text):
    seen = 0
    for what, wrong in tampered_proofs(text):
        path.write_text(wrong)
        ours = log.stack.cli("auditor", "audit", "check", path, "--key", key)
        assert (ours.returncode, verifier("proof", path, key).returncode) == (5 if what == "header" else 1, 1), what
        seen += 1
    return seen


def test_our_proofs_are_accepted_and_tampered_ones_refused_by_both(log, verifier, tmp_path):
    size, path = size_of(log.copy), tmp_path / "one.tlog-proof"
    for place in proof_places(size):
        text = log.prove(place, path)
        assert int(accepted(verifier("proof", path, log.key)).split(" ")[1]) >= size
        entry = bundle(log.copy / f"tile/entries/{place // 256:03d}" if place < size // 256 * 256 else partial(log.copy, "entries"))[place % 256]
        assert text.split("\n")[1] == "extra " + base64.b64encode(entry[2:]).decode()
    assert refused_by_both(log, verifier, path, log.key, text) >= 15


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 600])
def test_their_proofs_are_accepted_here(log, verifier, tmp_path, size):
    accepted(verifier("make", tmp_path, "invented.example/theirs", size, "entry"))
    origin, count, root = (tmp_path / "checkpoint").read_text().split("\n")[:3]
    places = sorted({0, size // 2, size - 1, *(n for n in (1, 254, 255, 256, 511, 512) if n < size)})
    for place in places:
        done = log.mingce("audit", "check", tmp_path / f"{place}.tlog-proof", "--key", tmp_path / "log.vkey")
        assert (done["origin"], done["size"], done["root"]) == (origin, int(count), root)
    done = log.stack.cli("auditor", "audit", "check", tmp_path / "0.tlog-proof", "--key", log.key)
    assert done.returncode == 1 and "not signed by this key" in done.stderr


def test_their_tampered_proofs_are_refused_by_both(log, verifier, tmp_path):
    accepted(verifier("make", tmp_path, "invented.example/theirs", 300, "entry"))
    text = (tmp_path / "277.tlog-proof").read_text()
    assert refused_by_both(log, verifier, tmp_path / "wrong", tmp_path / "log.vkey", text) >= 15


def test_a_fork_is_found(verifier, tmp_path):
    """Two trees signed by one key."""
    for folder, size, word in (("early", 300, "one"), ("late", 600, "one"), ("fork", 600, "other")):
        accepted(verifier("make", tmp_path / folder, "invented.example/log", size, word))
        accepted(verifier("copy", tmp_path / folder, tmp_path / "early/log.vkey"))
    accepted(verifier("copy", tmp_path / "late", tmp_path / "early/log.vkey", tmp_path / "early/checkpoint"))
    for older in ("early", "late"):
        refused(verifier("copy", tmp_path / "fork", tmp_path / "early/log.vkey", tmp_path / older / "checkpoint"), "older checkpoint")


def test_others_proof_files_are_read_as_theirs(log, verifier, tmp_path):
    """Their checkpoints are no notes: what is read as a proof file gets as far as that. A proof without its entry is none here."""
    if not VECTORS.is_dir():
        warnings.warn(f"NOT RUN: others' test vectors: {VECTORS} is not there (set MINGCE_VECTORS)", stacklevel=1)
        return
    vectors = json.loads((VECTORS / "formats.json").read_text())["tlog_proof"]
    assert [v["ok"] for v in vectors].count(True) == 3 and len(vectors) == 10
    path = tmp_path / "one.tlog-proof"
    for vector in vectors:
        for text in {vector["text"], vector["text"].replace("@v1\nindex", "@v1\nextra ZW50cnk=\nindex")}:
            path.write_text(text)
            done = log.stack.cli("auditor", "audit", "check", path, "--key", log.key)
            read = vector["ok"] and "\nextra " in text
            why = "not signed by this key" if read else "altered or cut short" if text.startswith("c2sp.org/tlog-proof@v1") else "neither a proof"
            assert done.returncode == (5 if why == "neither a proof" else 1) and why in done.stderr, vector["desc"]
            theirs = verifier("proof", path, log.key)
            assert theirs.returncode == 1 and ("malformed note" in theirs.stderr) == read, vector["desc"]
