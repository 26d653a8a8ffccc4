# SPDX-License-Identifier: Apache-2.0
"""mingced as it is installed, under a systemd that boots: the units, the profile local.conf, the credentials."""

import os
import pathlib
import resource
import shutil
import signal
import subprocess
import threading
import time

import pytest
from conftest import BUILD, ROOT, stack_in
from host import Host
from integration import CLASS
from wire import Closed, Wire, read_profile
from waiting import until

pytestmark = pytest.mark.containers
UNIT = "mingced.service"
WATCHDOG_S = 2
KEYS = {"keys": "keys", "receipt.key": "receipt.key", "certificate.key": "certificate.key"}
FILES = {"ca/server.pem": "server.pem", "ca/server.key": "server-key.pem", "ca/ca.pem": "clients-ca.pem"}


def install(host):
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "-s", "install", f"DESTDIR={host.root}", "PREFIX=/opt/mingce", f"B={os.path.relpath(BUILD, ROOT)}"],
                          cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    library = host.root / "opt/mingce/lib"
    shutil.copytree(library / "systemd/system", host.root / "etc/systemd/system", dirs_exist_ok=True)
    for name in ("sysusers.d", "tmpfiles.d"):
        shutil.copytree(library / name, host.root / "etc" / name)
    profile = (host.root / "opt/mingce/share/doc/mingce/local.conf").read_text()
    host.write(f"etc/systemd/system/{UNIT}.d/local.conf", profile)


def settle(host, stack):
    """/etc/mingce, with looser modes than there should be, and what is this machine's."""
    settings = host.root / "etc/mingce"
    settings.mkdir()
    for name, copy in (KEYS | FILES).items():
        shutil.copy(stack.folder / name, settings / copy)
        (settings / copy).chmod(0o666)
    text = (host.root / "opt/mingce/share/doc/mingce/mingced.conf").read_text()
    host.write("etc/mingce/mingced.conf", text.replace("host=/run/postgresql", "host=/database"))
    host.write("etc/systemd/system/mingced.socket.d/port.conf", f"[Socket]\nListenStream=\nListenStream=127.0.0.1:{stack.port}\n")
    most = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65536)  # who may not raise it cannot have the unit's
    host.write(f"etc/systemd/system/{UNIT}.d/quick.conf",
               f"[Service]\nWatchdogSec={WATCHDOG_S}\nRestartSec=100ms\nLimitNOFILE={most}\n")


@pytest.fixture(scope="module")
def booted(tmp_path_factory):
    """(host, stack, profile): the stack's daemon is the host's, which is enabled and not started."""
    folder = tmp_path_factory.mktemp("s")
    with stack_in(folder / "stack", BUILD / "bin") as stack:
        stack.daemon_stop()
        stack.socket.close()
        stack.socket = None
        with open(stack.postgres.data / "postgresql.conf", "a") as file:
            file.write("unix_socket_permissions = 0777\n")
        stack.postgres.stop()
        stack.postgres.start()
        stack.postgres.home.chmod(0o755)
        host = Host(folder)
        install(host)
        settle(host, stack)
        try:
            host.boot(f"{stack.postgres.home}:/database")
            host.systemctl("enable", "--now", "mingced.socket")
            yield host, stack, read_profile(stack.profiles / "institution")
        finally:
            host.leave()


def main_process(host):
    """The process id of the supervisor as this machine has it; None: there is none."""
    group = host.show(UNIT, "ControlGroup")
    for path in host.cgroups:
        for procs in path.glob(f"**{group}/cgroup.procs"):
            pids = [int(pid) for pid in procs.read_text().split()]
            if pids:
                return min(pids)
    return None


def greeted(profile):
    """Whether a newcomer is; never is he turned away at the door."""
    try:
        Wire(profile).close()
        return True
    except Closed:
        return False


def test_start_waits_for_the_database(booted):
    """The socket alone is there; who comes starts the service, which is ready when the database is there."""
    host, stack, profile = booted
    stack.postgres.stop()
    assert host.show(UNIT, "ActiveState") == "inactive"
    with pytest.raises(Closed) as closed:
        Wire(profile)
    assert closed.value.reason == "store-unavailable"
    assert host.show(UNIT, "ActiveState") == "activating"
    stack.postgres.start()
    until(lambda: host.show(UNIT, "ActiveState") == "active")
    assert host.show(UNIT, "NRestarts") == "0"
    with Wire(profile) as wire:
        assert wire.hello.caller.name == "周办事"  # unsealed: the key ring came
        assert wire.call("class.open", **CLASS).number


def test_keys_are_credentials(booted):
    host, _, profile = booted
    until(lambda: greeted(profile))
    pid = main_process(host)
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    assert "CapEff:\t0000000000000000" in status and "Uid:\t0\t" not in status
    environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    assert b"MINGCED_KEY_RING=/run/credentials/mingced.service/keys" in environment
    for name in KEYS:
        kept = host.root / "etc/mingce" / name
        assert (kept.stat().st_uid, kept.stat().st_mode & 0o777) == (0, 0o600)  # as the tmpfiles entry has it
        assert kept.read_bytes() and not pathlib.Path(f"/proc/{pid}/root/etc/mingce/{name}").read_bytes()


def test_reload(booted):
    host, _, profile = booted
    with Wire(profile) as wire:
        pid = main_process(host)
        host.systemctl("reload", UNIT)
        assert host.show(UNIT, "ActiveState") == "active"
        assert wire.call("class.list") is not None
        assert main_process(host) == pid


def test_watchdog(booted):
    """A supervisor whose loop does not turn is ended and another started."""
    host, _, profile = booted
    until(lambda: greeted(profile))
    before, pid = int(host.show(UNIT, "NRestarts")), main_process(host)
    os.kill(pid, signal.SIGSTOP)
    until(lambda: int(host.show(UNIT, "NRestarts")) == before + 1)
    assert "Watchdog timeout" in host.inside("journalctl", "--no-pager", "-u", UNIT)
    until(lambda: host.show(UNIT, "ActiveState") == "active")
    assert main_process(host) != pid
    until(lambda: greeted(profile))


def test_restart_refuses_no_connection(booted, tell):
    host, _, profile = booted
    until(lambda: greeted(profile))
    served, failures, done = [], [], threading.Event()

    def newcomers():
        while not done.is_set():
            try:
                served.append(greeted(profile))
            except OSError as error:
                failures.append(error)
            time.sleep(0.005)

    coming = threading.Thread(target=newcomers)
    coming.start()
    try:
        for _ in range(3):
            pid = main_process(host)
            host.systemctl("restart", UNIT)
            assert main_process(host) != pid
    finally:
        done.set()
        coming.join()
    tell(newcomers=len(served), sent_away_by_who_was_leaving=served.count(False))
    assert not failures, failures
    assert served.count(True) > 3


def test_stop_is_orderly(booted):
    host, stack, profile = booted
    with Wire(profile) as wire:
        assert wire.call("class.list") is not None
        host.systemctl("stop", UNIT)
        assert host.show(UNIT, "Result") == "success"
        assert host.show(UNIT, "ExecMainStatus") == "0"
    until(lambda: greeted(profile))  # comes by the socket: it is started again
    assert host.show(UNIT, "ActiveState") == "active"
    assert stack.sql("SELECT count(*) FROM registry.class") != "0"
