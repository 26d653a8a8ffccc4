# SPDX-License-Identifier: Apache-2.0
"""The first day of a site: the commands of systemd/README.md, "Installing", as they stand there, on a root that has nothing of ours,
made from this machine's own /usr. Only apt-get is left out, which would need the network: the packages are this machine's."""

import os
import re
import shutil

import pytest
from conftest import BUILD, ROOT
from host import Host
from people import resident
from runbook import blocks
from waiting import until

pytestmark = pytest.mark.containers
# Of this machine's /etc what its packages have put there.
PACKAGED = ["alternatives", "pam.d", "security", "ssl", "ld.so.conf.d", "postgresql-common"]
UNITS = sorted(path.name for path in (ROOT / "systemd").iterdir() if path.suffix in (".service", ".socket"))


class NewHost(Host):
    """With Debian's PostgreSQL as its package leaves it, and the sources."""

    def __init__(self, folder):
        super().__init__(folder)
        local = folder / "local"
        local.mkdir()
        for name in PACKAGED:
            if os.path.isdir(f"/etc/{name}"):
                shutil.copytree(f"/etc/{name}", self.root / "etc" / name, symlinks=True, ignore=shutil.ignore_patterns("private"))
        for name in ("ld.so.conf", "nsswitch.conf", "shadow", "gshadow"):
            if os.path.exists(f"/etc/{name}"):
                shutil.copy(f"/etc/{name}", self.root / "etc" / name)
        self.write("etc/hosts", "127.0.0.1 localhost\n")
        self.allow_files("mingced.service")
        # --private-network: the ports are the documentation's
        self.boot(f"{local}:/usr/local", f"{ROOT}:{ROOT}", options=["--private-network", "--bind-ro=/var/lib/dpkg"])
        self.type("mkdir -p /var/lib/postgresql /var/log/postgresql /etc/postgresql /run/postgresql\n"
                  "chown postgres:postgres /var/lib/postgresql /var/log/postgresql /etc/postgresql /run/postgresql\n"
                  "pg_createcluster 15 main\nsystemctl start postgresql@15-main")

    def type(self, text, answer="", folder=ROOT):
        return super().type(text, answer, folder, MAKEFLAGS=f"B={os.path.relpath(BUILD, ROOT)}")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(host, what the clerk's whoami printed): every step done, the witness's too."""
    host = None
    folder = tmp_path_factory.mktemp("s")
    try:
        host = NewHost(folder)
        people, said = iter(map(resident, (9001, 9002, 9003))), ""
        for block in blocks("Installing"):
            if "apt-get" in block:
                continue
            if "mingce-witness/key" in block:
                host.type("cp /etc/mingce/log.vkey /root")  # it is another host, to which the key was brought
                block = f"cd /root\n{block}"
            answer = f"{next(people)}\n" if "operator --organisation" in block else ""
            printed = host.type(block, answer)
            said = printed if "whoami" in block else said
        yield host, said
    finally:
        if host is not None:
            host.leave()


def test_a_clerk_is_known_at_the_end_of_the_steps(site):
    assert "丙办事" in site[1] and "济南示例职业培训学校" in site[1]


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_that_is_shipped_runs(site, unit):
    """From what the steps have made, and nothing else."""
    host, _ = site
    assert host.show(unit, "ActiveState") == "active", host.inside("journalctl", "--no-pager", "-u", unit)
    assert host.show(unit, "NRestarts") in ("0", "")
    assert host.systemctl("is-enabled", unit).strip() == "enabled"


def test_what_is_written_is_signed(site):
    """The notary: the steps' own entries are below a checkpoint, which it keeps, too."""
    host, _ = site
    until(lambda: int((host.root / "var/lib/mingced-notary/checkpoint").read_text().split("\n")[1]) > 0)
    for port in 9469, 9470:
        ask = f"import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:{port}/health').read().decode())"
        assert host.inside("python3", "-c", ask).strip() == "ok"


def test_it_reloads(site):
    host, _ = site
    host.systemctl("reload", "mingced.service")
    assert host.show("mingced.service", "ActiveState") == "active"


def test_a_notary_without_its_database_is_no_running_one(site):
    """systemd sees it: the setting is what its unit lacks then."""
    host, _ = site
    conf = host.root / "etc/mingce/mingced.conf"
    before = conf.read_text()
    try:
        conf.write_text(re.sub(r"^notary_database = .*$", "notary_database =", before, flags=re.MULTILINE))
        assert "notary_database: " in host.inside("sh", "-c", "/usr/local/sbin/mingced -c /etc/mingce/mingced.conf --check-config 2>&1 >/dev/null || true")
        host.systemctl("restart", "--no-block", "mingced-notary.service")
        until(lambda: int(host.show("mingced-notary.service", "NRestarts")) > 0)
        assert "log_key needs log_state and notary_database" in host.inside("journalctl", "--no-pager", "-u", "mingced-notary.service")
    finally:
        conf.write_text(before)
    until(lambda: host.show("mingced-notary.service", "ActiveState") == "active")
