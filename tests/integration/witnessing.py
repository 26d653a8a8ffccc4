# SPDX-License-Identifier: Apache-2.0
"""Logs and witnesses for tests: trees, proofs and signatures by hashlib and openssl, nothing of ours."""

import base64
import hashlib
import os
import re
import signal
import socket
import struct
import subprocess

from conftest import BINARIES

DASH = "— "


def sha256(data):
    return hashlib.sha256(data).digest()


def root_of(hashes):
    """RFC 6962 section 2.1, as it is written."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + root_of(hashes[:k]) + root_of(hashes[k:]))


def consistency(m, hashes, whole=True):
    """Section 2.1.2."""
    n = len(hashes)
    if m == n:
        return [] if whole else [root_of(hashes)]
    k = 1 << (n - 1).bit_length() - 1
    if m <= k:
        return consistency(m, hashes[:k], whole) + [root_of(hashes[k:])]
    return consistency(m - k, hashes[k:], False) + [root_of(hashes[:k])]


class Key:
    """An Ed25519 key of openssl's, as note programs name it."""

    def __init__(self, folder, name, kind=1):
        self.name, self.pem = name, folder / (name.replace("/", "-") + f"-{os.urandom(4).hex()}.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.pem], check=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.pem, "-pubout", "-outform", "DER"], check=True, stdout=subprocess.PIPE).stdout
        public = bytes([kind]) + der[-32:]
        self.id = sha256(name.encode() + b"\n" + public)[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(public).decode()}"

    def line(self, text):
        """A signature line over the text."""
        path = self.pem.with_suffix(".text")
        path.write_bytes(text.encode())
        made = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", self.pem, "-rawin", "-in", path], check=True, stdout=subprocess.PIPE)
        return f"{DASH}{self.name} {base64.b64encode(self.id + made.stdout).decode()}\n"


def verify_cosignature(folder, vkey, text, line):
    """Its time, in seconds, when openssl finds the cosignature good."""
    name, key_id, key = vkey.strip().split("+", 2)
    key = base64.b64decode(key)
    assert key[0] == 4 and sha256(name.encode() + b"\n" + key)[:4].hex() == key_id
    assert line.startswith(f"{DASH}{name} ") and line.endswith("\n")
    payload = base64.b64decode(line.rstrip("\n").rsplit(" ", 1)[1])
    assert payload[:4].hex() == key_id and len(payload) == 4 + 8 + 64
    seconds = struct.unpack(">Q", payload[4:12])[0]
    for file, data in (("key.der", bytes.fromhex("302a300506032b6570032100") + key[1:]), ("signature", payload[12:]),
                       ("text", f"cosignature/v1\ntime {seconds}\n{text}".encode())):
        (folder / file).write_bytes(data)
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder / "key.der", "-rawin", "-in",
                           folder / "text", "-sigfile", folder / "signature"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return seconds


class Log:
    """A log that signs whatever it is told to."""

    def __init__(self, folder, name="mingce.example/log"):
        self.key = Key(folder, name)
        self.vkey = folder / f"{os.urandom(4).hex()}.vkey"
        self.vkey.write_text(self.key.vkey + "\n")

    def text(self, leaves):
        return f"{self.key.name}\n{len(leaves)}\n{base64.b64encode(root_of(leaves)).decode()}\n"

    def note(self, leaves):
        return self.text(leaves) + "\n" + self.key.line(self.text(leaves))

    def request(self, old, leaves, proof=None):
        if proof is None:
            proof = consistency(old, leaves) if 0 < old <= len(leaves) else []
        return f"old {old}\n" + "".join(base64.b64encode(h).decode() + "\n" for h in proof) + "\n" + self.note(leaves)


def leaves(n, branch="", common=0):
    """Leaf hashes; those of a branch differ from others' from `common` on."""
    return [sha256(b"\0%d%s" % (i, branch.encode() if i >= common else b"")) for i in range(n)]


class Witness:
    """`mingce-witness` in a folder of its own."""

    def __init__(self, folder, *logs, name="witness.example/1", before=(), program=None):
        self.folder, self.program, self.before = folder, program or BINARIES / "mingce-witness", list(before)
        self.state, self.process, self.port = folder / "state", None, 0
        if not folder.exists():
            self.state.mkdir(parents=True)
            (folder / "vkey").write_text(self.command("create-key", name, folder / "key"))
            for log in logs:
                self.add_log(log)
        self.vkey = folder / "vkey"

    def run(self, *words):
        return subprocess.run([self.program, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)

    def command(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add_log(self, vkey):
        self.command("add-log", vkey, "--state", self.state)
        with open(self.folder / "logs", "a") as file:
            file.write(vkey.read_text())

    def words(self):
        return ["serve", "--listen", f"127.0.0.1:{self.port}", "--key", self.folder / "key", "--log", self.folder / "logs", "--state", self.state]

    def start(self):
        """The line it announces itself with, which is also what a log's `witnesses` file has."""
        self.errors = open(self.folder / "errors", "a")
        self.process = subprocess.Popen([*self.before, self.program, *map(str, self.words())], stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True, start_new_session=True)
        self.line = self.process.stdout.readline()
        self.port = int(re.match(r"http://(?:127\.0\.0\.1|\[::1\]):(\d+) ", self.line).group(1))
        return self

    def stop(self, number=signal.SIGTERM):
        if self.process is None:
            return 0
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        status = self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()
        self.process = None
        return status

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        status = self.stop()
        assert status == 0, (self.folder / "errors").read_text()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=120)

    def post(self, body, path="/add-checkpoint", method="POST"):
        """(status, content type, body); None: no answer came."""
        body = body.encode() if isinstance(body, str) else body
        try:
            with self.connect() as sock:
                sock.sendall(f"{method} {path} HTTP/1.1\r\nHost: w\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
                data = b""
                while part := sock.recv(65536):
                    data += part
        except OSError:
            return None
        head, _, rest = data.decode().partition("\r\n\r\n")
        if not head:
            return None
        kind = re.search(r"(?im)^content-type: (.*?)\r?$", head)
        return int(head.split(" ")[1]), kind and kind.group(1), rest
