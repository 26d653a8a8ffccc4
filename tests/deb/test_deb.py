# SPDX-License-Identifier: Apache-2.0
"""The packages of `make deb` on a Debian of their own, which boots: installed as systemd/README.md says, "Installing from packages",
upgraded while they serve, removed and purged. `make deb-check` runs this, as root: Debian's archive is reached for the root."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/stack"), str(ROOT / "tests/fault")]
from host import Host
from people import resident
from postgres import run
from runbook import blocks
from waiting import until

BUILD = pathlib.Path(os.environ.get("MINGCE_BUILD", ROOT / "build")).resolve()
PACKAGES = BUILD / "deb"
UNITS = ["mingced.socket", "mingced-metrics.socket", "mingced-notary-metrics.socket", "mingced.service", "mingced-notary.service"]
KEPT = ["etc/mingce/keys", "etc/mingce/log.key", "etc/mingce/server-key.pem", "var/lib/mingced-notary/checkpoint"]


def debian():
    """A root of Debian 12 with what the packages depend on, made once."""
    made = BUILD / "deb-root.tar"
    if not made.exists():
        wanted = run([ROOT / "tests/stack/packages", "--list", "run"]).split()
        new = made.with_suffix(".new.tar")
        run(["mmdebstrap", "-q", "--variant=minbase", f"--include={','.join(['systemd-sysv', 'dbus', *wanted])}", "bookworm", new])
        new.rename(made)
    return made


class Machine(Host):
    """That root, booted, without a network."""
    BINDS = []

    def lay(self):
        self.root.mkdir()
        run(["tar", "--extract", "--numeric-owner", f"--directory={self.root}", f"--file={debian()}"])
        self.allow_files("mingced.service")

    def pid(self):
        return self.show("mingced.service", "MainPID")

    def install(self):
        """As the page says; there are no new lists of packages without a network."""
        [block] = [text for text in blocks("Installing from packages") if "apt-get install" in text]
        return self.type(block.replace("apt-get update\n", ""), "y\n", "/root/packages")

    def whoami(self):
        return self.type("mingce --profile clerk whoami")


def older(package, folder):
    """The same package as of a version before."""
    tree = folder / "tree"
    run(["dpkg-deb", "-R", package, tree])
    control = tree / "DEBIAN/control"
    version = re.search(r"^Version: (.*)$", control.read_text("utf-8"), re.MULTILINE)[1]
    control.write_text(control.read_text("utf-8").replace(version, "0.0.1"), "utf-8")
    run(["dpkg-deb", "-b", tree, folder / f"{package.name.split('_')[0]}_0.0.1.deb"])
    shutil.rmtree(tree)


def steps():
    """"Installing", with what the section about packages has in place of some of its steps."""
    instead = [text for text in blocks("Installing from packages") if "local.conf" in text]
    for block in blocks("Installing"):
        if "apt-get" in block or "make install" in block or "mingce-witness" in block:
            continue
        yield instead.pop() if "local.conf" in block else block


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A site on which the older version serves."""
    folder = tmp_path_factory.mktemp("d")
    host = Machine(folder)
    try:
        host.boot(options=["--private-network"])
        packages = host.root / "root/packages"
        packages.mkdir()
        for name in "mingced", "mingce":
            older(*PACKAGES.glob(f"{name}_*.deb"), packages)
        host.install()
        for unit in UNITS:
            assert host.show(unit, "ActiveState") == "inactive" and host.systemctl("is-enabled", unit, check=False).strip() == "disabled", unit
        people = iter(map(resident, (9001, 9002, 9003)))
        for block in steps():
            host.type(block, f"{next(people)}\n" if "operator --organisation" in block else "")
        yield host
    finally:
        host.leave()


def test_the_steps_end_with_a_clerk(machine):
    assert "丙办事" in machine.whoami()
    for unit in UNITS:
        assert machine.show(unit, "ActiveState") == "active" and machine.systemctl("is-enabled", unit).strip() == "enabled", unit


def test_an_upgrade_goes_on_serving(machine):
    """Until somebody migrates and restarts; what is at the site is not touched, and whoever upgrades is told."""
    conf = machine.root / "etc/mingce/mingced.conf"
    conf.write_text(conf.read_text() + "log_level = info\n")
    pid, settings = machine.pid(), conf.read_text()
    packages = machine.root / "root/packages"
    for path in packages.iterdir():
        path.unlink()
    for name in "mingced", "mingce":
        shutil.copy(*PACKAGES.glob(f"{name}_*.deb"), packages)
    said = machine.install()
    assert "run 'mingced migrate'" in said
    assert machine.pid() == pid and conf.read_text() == settings
    assert machine.inside("stat", "-c", "%U:%G %a", "/etc/mingce/mingced.conf").strip() == "root:mingced 640"
    assert machine.show("mingced.service", "NeedDaemonReload") == "no"
    assert "丙办事" in machine.whoami()
    [upgraded] = [text for text in blocks("Installing from packages") if " migrate\n" in text]
    machine.type(upgraded)
    assert machine.pid() != pid
    for unit in UNITS:
        assert machine.show(unit, "ActiveState") == "active" and machine.systemctl("is-enabled", unit).strip() == "enabled", unit
    until(lambda: "丙办事" in machine.whoami())


def test_removing_stops_it_and_purging_keeps_the_keys(machine):
    """The last of this file."""
    before = {name: (machine.root / name).read_bytes() for name in KEPT[:3]}
    machine.type("apt-get remove -y mingced")
    for unit in UNITS:
        assert machine.show(unit, "ActiveState") == "inactive", unit
    assert (machine.root / "etc/mingce/mingced.conf").exists()
    machine.type("apt-get purge -y mingced")
    assert not (machine.root / "etc/mingce/mingced.conf").exists()
    assert {name: (machine.root / name).read_bytes() for name in before} == before
    assert (machine.root / KEPT[3]).read_bytes()
    assert "mingced" in machine.inside("getent", "passwd", "mingced")


def test_autopkgtest(tmp_path):
    """systemd/debian/tests, on a root that does not boot."""
    root = tmp_path / "root"
    root.mkdir()
    run(["tar", "--extract", "--numeric-owner", f"--directory={root}", f"--file={debian()}"])
    [tree] = [path for path in PACKAGES.glob("mingce-*") if path.is_dir()]
    command = ["autopkgtest", "-B", "--setup-commands=apt-get update", tree, *PACKAGES.glob("*.deb"), "--", "chroot", root]
    done = subprocess.run(["unshare", "--mount", "sh", "-ec", f'mount -t proc proc {root}/proc; exec "$@"', "sh", *command],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
