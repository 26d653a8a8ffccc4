#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The private stack: PostgreSQL, a development CA, invented operators and mingced, all in one folder.

    stack.py up      in the background; prints how to reach it, leaves build/env to source
    stack.py down    drains and stops it; the data stay until `make clean`
    stack.py run     in the foreground until Ctrl-C

Tests import Stack: many stacks can stand side by side, each in its own folder. No fixed port, path or user."""

import argparse
import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import people
from authority import SERVER, Authority
from postgres import Failed, Postgres, run

ROOT = HERE.parent.parent
TEST_S = float(os.environ.get("MINGCE_TEST_S", 600))  # the clock of a single test, as tests/README.md has it
START_S = 120
DRAIN_S = 120

# Puts the listening socket where systemd would: descriptor 3, and the process's own id in LISTEN_PID.
AS_SYSTEMD = 'exec 3<&"$1" && shift && LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'

LOG = "mingce.example/log"  # the audit log's name
# File of a signing key -> the key's name.
KEYS = {"log": LOG, "receipt": f"{LOG}/receipt", "certificate": f"{LOG}/certificate"}


standing = []  # the stacks of this process that are up


class Stack:
    def __init__(self, folder, binaries=ROOT / "build/bin", settings=None, prepared=None):
        """`prepared`: another stack, whose state this one begins with."""
        self.folder = pathlib.Path(folder).absolute()
        self.binaries = pathlib.Path(binaries)
        self.mingced, self.mingce = self.binaries / "mingced", self.binaries / "mingce"
        self.settings = settings or {}
        self.prepared = prepared
        self.folder.mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres(self.folder / "pg")
        self.authority = Authority(self.folder / "ca")
        self.configuration = self.folder / "mingced.conf"
        self.profiles = self.folder / "profiles"
        self.log = self.folder / "mingced.log"
        self.state = self.folder / "state.json"
        self.socket = None
        self.port = 0
        self.daemon = None  # Popen; None: not started by this object

    # ---- bringing up ----

    def up(self):
        if self.prepared is not None and not self.postgres.exists():
            self.copy()
        else:
            self.prepare()
        standing.append(self)
        self.daemon_start()
        return self

    def prepare(self):
        """Everything that comes before the daemon, from nothing."""
        self.postgres.start()
        self.postgres.create_database()
        self.configure()
        self.register()

    def copy(self):
        """Everything that comes before the daemon, as another stack has it."""
        self.postgres.copy(self.prepared.postgres.data)
        for name in ("ca", "keys", *(f"{key}.{end}" for key in KEYS for end in ("key", "vkey"))):
            run(["cp", "-a", self.prepared.folder / name, "-t", self.folder])
        self.postgres.start()
        self.configure()

    def configure(self):
        certificate, key = self.authority.issue("server", SERVER)
        values = {
            "tls_certificate": certificate,
            "tls_key": key,
            "tls_client_ca": self.authority.certificate,
            "database": self.postgres.conninfo("mingced", "mingce"),
            "owner_database": self.postgres.conninfo("mingce_owner", "mingce"),
            "key_ring": self.folder / "keys",
            "notary_database": self.postgres.conninfo("mingced_notary", "mingce"),
            "log_key": self.folder / "log.key",
            "receipt_key": self.folder / "receipt.key",
            "certificate_key": self.folder / "certificate.key",
            "log_state": self.folder / "log.checkpoint",
        } | self.settings
        self.configuration.write_text("".join(f"{name} = {value}\n" for name, value in values.items()))
        if not (self.folder / "keys").exists():
            self.command("keys", "create", self.folder / "keys")
        for key, name in KEYS.items():
            if not (self.folder / f"{key}.key").exists():
                public = self.command("log", "create-key", name, self.folder / f"{key}.key")
                (self.folder / f"{key}.vkey").write_text(public)
        self.begin(pathlib.Path(values["log_state"] or self.folder / "log.checkpoint"))

    def begin(self, state):
        """The log's first checkpoint, of nothing: without one a notary signs nothing. Kept where it is."""
        if not state.exists():
            self.command("log", "begin", self.folder / "log.key", state)

    def command(self, *words, mingced=None, document=""):
        """An installation command of mingced, which may ask for a document's number; its standard output."""
        return run([mingced or self.mingced, "-c", self.configuration, *words], env=self.environment(), input=f"{document}\n")

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MINGCE", "LISTEN_"))}
        return kept | {"MINGCE_PROFILES": str(self.profiles), "MINGCE_RECEIPTS": str(self.folder / "receipts")} | more

    def register(self):
        """Before the daemon is there; by a build without sanitizers, which takes a fifth of the time."""
        swift = ROOT / "build/bin/mingced"
        command = functools.partial(self.command, mingced=swift if swift.exists() else None)
        command("migrate")
        for code, name, kind, division in people.ORGANISATIONS.values():
            command("organisation", "--code", code, "--name", name, "--kind", kind, "--division", division)
        for organisation, occupation, level in people.SCOPES:
            command("scope", "--organisation", people.ORGANISATIONS[organisation][0], "--occupation", occupation,
                         "--level", level, "--from", people.SCOPE_FROM)
        for profile in people.OPERATORS:
            self.operator(profile, command)

    def operator(self, profile, command=None):
        organisation, name, role = people.OPERATORS[profile]
        certificate, _ = self.authority.issue(profile)
        return (command or self.command)("operator", "--organisation", people.ORGANISATIONS[organisation][0], "--name", name,
                            "--role", role, "--certificate", certificate, document=people.DOCUMENTS[profile]).strip()

    # ---- the daemon ----

    def listen(self):
        if self.socket is None:
            before = json.loads(self.state.read_text())["port"] if self.state.exists() else 0
            self.socket = socket.socket()
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                self.socket.bind(("127.0.0.1", before))
            except OSError:
                self.socket.bind(("127.0.0.1", 0))
            self.socket.listen(4096)
        self.port = self.socket.getsockname()[1]
        return self.socket.fileno()

    def daemon_start(self, wait=True):
        listener = self.listen()
        self.profiles.mkdir(exist_ok=True)
        for profile in people.OPERATORS:
            self.write_profile(profile, *self.authority.issue(profile))
        with open(self.log, "ab") as log:
            seen = log.tell()
            self.daemon = subprocess.Popen(
                ["bash", "-c", AS_SYSTEMD, "bash", str(listener), str(self.mingced), "-c", str(self.configuration)],
                pass_fds=(listener,), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env=self.environment())
        self.state.write_text(json.dumps({"port": self.port, "pid": self.daemon.pid}))
        if wait:
            self.wait_log("msg=ready", seen)
        return seen

    def write_profile(self, name, certificate, key, ca=None):
        (self.profiles / name).write_text(
            f"server = 127.0.0.1:{self.port}\nserver_name = localhost\nca = {ca or self.authority.certificate}\n"
            f"certificate = {certificate}\nkey = {key}\n")

    def log_text(self, seen=0):
        with open(self.log, "rb") as file:
            file.seek(seen)
            return file.read().decode("utf-8", "replace")

    def log_end(self):
        return self.log.stat().st_size if self.log.exists() else 0

    def wait_log(self, pattern, seen=0, seconds=START_S):
        """Waits until the log has a line like `pattern` after byte `seen`; returns the line."""
        until = time.monotonic() + seconds
        while True:
            text = self.log_text(seen)
            found = re.search(rf"^.*{pattern}.*$", text, re.M)
            if found:
                return found.group(0)
            if self.daemon is not None and self.daemon.poll() is not None:
                raise Failed(f"mingced ended with {self.daemon.returncode}:\n{text[-3000:]}")
            if time.monotonic() > until:
                raise Failed(f"no `{pattern}` in {self.log} within {seconds} s:\n{text[-3000:]}")
            time.sleep(0.02)

    def workers(self):
        """Process ids of the daemon's workers, as its log names them last."""
        children = pathlib.Path(f"/proc/{self.daemon.pid}/task/{self.daemon.pid}/children").read_text().split()
        text = self.log_text()
        return [int(pid) for pid in children if re.search(rf"proc=worker pid={pid} ", text)]

    def notary(self):
        """The notary's process: the child of the supervisor that is no worker. None: there is none just now."""
        children = pathlib.Path(f"/proc/{self.daemon.pid}/task/{self.daemon.pid}/children").read_text().split()
        others = set(map(int, children)) - set(self.workers())
        return max(others) if others else None

    @contextlib.contextmanager
    def checkpoint_held(self):
        """Until the end of the block the log has the checkpoint that it has now: what is asked for twice is of the same."""
        notary = self.notary()
        os.kill(notary, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(notary, signal.SIGCONT)

    def signal(self, number):
        os.kill(self.daemon.pid, number)

    def daemon_stop(self):
        """SIGTERM, and waits for the drain. Returns the exit status."""
        if self.daemon is None:
            return 0
        if self.daemon.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            status = self.daemon.wait(DRAIN_S)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            self.daemon.wait()
            raise Failed(f"mingced was not gone {DRAIN_S} s after SIGTERM") from None
        self.daemon = None
        return status

    # ---- using it, and taking it down ----

    def cli(self, profile, *words, **options):
        """Runs mingce; the CompletedProcess with text output, whatever the exit status."""
        options = {"env": self.environment(), "timeout": TEST_S} | options
        return subprocess.run([str(self.mingce), "--profile", profile, *map(str, words)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, **options)

    def sql(self, text, user="postgres"):
        return self.postgres.sql(text, user, "mingce")

    def down(self):
        if self in standing:
            standing.remove(self)
        status = self.daemon_stop()
        if self.socket is not None:
            self.socket.close()
            self.socket = None
        self.postgres.stop()
        return status

    def remove(self):
        self.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)


# ---- the command line: one stack in build/stack ----


def alive(pid):
    try:
        return b"mingced" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def background_pid(stack):
    """Of a daemon that `up` left running; None: there is none."""
    if not stack.state.exists():
        return None
    pid = json.loads(stack.state.read_text())["pid"]
    return pid if alive(pid) else None


def write_env(stack):
    env = ROOT / "build/env"
    env.write_text(f"export MINGCE_PROFILES='{stack.profiles}'\nexport PATH='{stack.binaries}':\"$PATH\"\n")
    return env


def explain(stack, env):
    print(f"mingced 在运行 / is running: 127.0.0.1:{stack.port}\n"
          f"  日志 / log        {stack.log}\n"
          f"  设置 / settings   {stack.configuration}\n"
          f"  数据库 / database {stack.postgres.conninfo('mingce_owner', 'mingce')}\n"
          f"  身份 / profiles   {' '.join(people.OPERATORS)}\n"
          f"试试 / try:\n"
          f"  . {os.path.relpath(env)}\n"
          f"  mingce --profile institution whoami", flush=True)


def up(stack):
    pid = background_pid(stack)
    if pid is not None:
        stack.port = json.loads(stack.state.read_text())["port"]
    else:
        stack.up()
    explain(stack, write_env(stack))


def down(stack):
    pid = background_pid(stack)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + DRAIN_S
        while alive(pid) and time.monotonic() < until:
            time.sleep(0.05)
        if alive(pid):
            raise Failed(f"mingced ({pid}) was not gone {DRAIN_S} s after SIGTERM")
    stack.postgres.stop()
    print("已停止 / stopped")


def run_foreground(stack):
    if background_pid(stack) is not None:
        raise Failed("the stack is up already: `make down` first")
    asked = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.append(1))
    try:
        stack.up()
        explain(stack, write_env(stack))
        print("Ctrl-C 停止 / stops", flush=True)
        while not asked and stack.daemon.poll() is None:
            time.sleep(0.2)
        if not asked:
            raise Failed(f"mingced ended with {stack.daemon.returncode}; see {stack.log}")
    finally:
        stack.down()
    print("已停止 / stopped")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=("up", "down", "run"))
    command = {"up": up, "down": down, "run": run_foreground}[parser.parse_args().command]
    try:
        command(Stack(ROOT / "build/stack"))
    except Failed as failed:
        sys.exit(f"stack: {failed}")


if __name__ == "__main__":
    main()
