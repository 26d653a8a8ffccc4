# SPDX-License-Identifier: Apache-2.0
"""The units as systemd sees them: whole, and how exposed. What is installed beside them is read by the tools that a host reads it with."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def host(tmp_path):
    """A host's root with the units and one profile."""
    def make(profile):
        units = tmp_path / "etc/systemd/system"
        (units / "mingced.service.d").mkdir(parents=True)
        for path in (ROOT / "systemd").glob("*.s[eo]*"):
            (units / path.name).write_text(path.read_text().replace("@PREFIX@", "/usr"))
        (units / "mingced.service.d" / profile).write_text((ROOT / "systemd" / profile).read_text())
        return tmp_path
    return make


@pytest.mark.parametrize("profile, most", [("local.conf", 0.5), ("cluster.conf", 1.0)])
def test_exposure(host, profile, most):
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--root={host(profile)}", "mingced.service"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    exposure = re.search(r"Overall exposure level for mingced.service: ([0-9.]+)", done.stdout)
    assert exposure and float(exposure.group(1)) <= most, done.stdout[-2000:]


def test_exposure_of_the_witness(host):
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--root={host('local.conf')}", "mingce-witness.service"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    exposure = re.search(r"Overall exposure level for mingce-witness.service: ([0-9.]+)", done.stdout)
    assert exposure and float(exposure.group(1)) <= 1.0, done.stdout[-2000:]


def test_exposure_of_the_notary(host):
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", f"--root={host('local.conf')}", "mingced-notary.service"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    exposure = re.search(r"Overall exposure level for mingced-notary.service: ([0-9.]+)", done.stdout)
    assert exposure and float(exposure.group(1)) <= 1.0, done.stdout[-2000:]


def test_the_signing_key_is_the_notarys_alone():
    units = {path.name: path.read_text() for path in (ROOT / "systemd").glob("*.service")}
    assert "LoadCredential=log:/etc/mingce/log.key" in units["mingced-notary.service"]
    assert "LoadCredential=log:" not in units["mingced.service"] and "-/etc/mingce/log.key" in units["mingced.service"]
    users = {name: re.search(r"^User=(.*)$", text, re.MULTILINE).group(1) for name, text in units.items()}
    assert len(set(users.values())) == len(users), users


@pytest.mark.parametrize("profile", ["local.conf", "cluster.conf"])
def test_units_are_understood(host, profile):
    root = host(profile)
    (root / "usr/sbin").mkdir(parents=True)
    for folder in ("bin", "usr/bin"):
        (root / folder).mkdir()
    for program in ("usr/sbin/mingced", "usr/bin/mingce", "usr/bin/mingce-witness", "bin/sh"):
        (root / program).write_text("#!/bin/sh\n")
        (root / program).chmod(0o755)
    done = subprocess.run(["systemd-analyze", "verify", f"--root={root}", "--recursive-errors=no", "--man=no", "mingced.service",
                           "mingced.socket", "mingced-metrics.socket", "mingced-notary.service", "mingced-notary-metrics.socket", "mingce-witness.service"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    # about other units than ours a bare root has complaints
    assert not [line for line in done.stdout.splitlines() if "mingce" in line and "Failed to add dependency" not in line], done.stdout


# ---- users, folders, rules: as `make install` lays them down, read by systemd's and Prometheus's own programs ----


def tool(*command, **options):
    """What the program said; it must not have complained, for systemd-sysusers leaves out what it cannot read and has status 0."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    tool("make", "install", f"DESTDIR={root}", "PREFIX=/usr", f"B={os.environ.get('MINGCE_BUILD', 'build')}", cwd=ROOT, env=env)
    (root / "etc").mkdir()
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\n")
    return root


@pytest.fixture(scope="module")
def users(installed):
    """The names that systemd-sysusers makes of what is installed, with their numbers."""
    said = tool("systemd-sysusers", f"--root={installed}")
    assert not [line for line in said.splitlines() if not line.startswith("Creating ")], said
    return {line.split(":")[0]: int(line.split(":")[2]) for line in (installed / "etc/passwd").read_text().splitlines()}


def directives(path, name):
    return re.findall(rf"^{name}=(.*)$", path.read_text(), re.MULTILINE)


def test_every_unit_has_its_user(installed, users):
    """sysusers: a line that it refuses is left out with status 0, and the unit fails at every start."""
    units = sorted((installed / "usr/lib/systemd/system").iterdir())
    assert {path.name for path in units} == {path.name for path in (ROOT / "systemd").iterdir() if path.suffix in (".service", ".socket")}
    for path in units:
        named = directives(path, "User")
        assert set(named + directives(path, "Group") + directives(path, "SocketUser")) <= users.keys(), path.name
        assert len(named) == (path.suffix == ".service"), path.name


def test_a_line_that_sysusers_refuses_is_noticed(tmp_path):
    """The program that finds it for us: a colon in a description."""
    (tmp_path / "usr/lib/sysusers.d").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "usr/lib/sysusers.d/wrong.conf").write_text('u somebody - "one: two"\n')
    said = tool("systemd-sysusers", f"--root={tmp_path}")
    assert "not a valid GECOS field" in said and "Creating user" not in said


@pytest.mark.skipif(os.geteuid() != 0, reason="who is not root gives no file to another user")
def test_every_folder_that_tmpfiles_makes(installed, users):
    for name in "mingced.conf", "keys", "log.key", "server-key.pem":
        path = installed / "etc/mingce" / name
        path.parent.mkdir(exist_ok=True)
        path.touch(0o666)
    said = tool("systemd-tmpfiles", f"--root={installed}", "--create", "--prefix=/etc/mingce", "--prefix=/etc/mingce-witness", "--prefix=/var/lib")
    assert said == ""
    modes = {"etc/mingce": ("root", "mingced", 0o750), "etc/mingce/mingced.conf": ("root", "mingced", 0o640),
             "etc/mingce/server-key.pem": ("root", "mingced", 0o640), "etc/mingce/keys": ("root", "root", 0o600),
             "etc/mingce/log.key": ("root", "root", 0o600), "etc/mingce/witnesses": ("root", "root", 0o644),
             "var/lib/mingced-notary": ("mingced_notary", "mingced_notary", 0o700), "etc/mingce-witness": ("root", "root", 0o755),
             "var/lib/mingce-witness": ("mingce-witness", "mingce-witness", 0o700)}
    for name, (user, group, mode) in modes.items():
        found = (installed / name).stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (users[user], users[group], mode), name


def test_every_file_that_a_unit_reads_is_made_or_told(installed):
    """What a unit is handed is made by tmpfiles or named in the installation's steps."""
    steps = (ROOT / "systemd/README.md").read_text()
    made = "".join(path.read_text() for path in (installed / "usr/lib/tmpfiles.d").iterdir())
    for path in (installed / "usr/lib/systemd/system").glob("*.service"):
        for credential in directives(path, "LoadCredential"):
            file = credential.split(":")[1]
            assert file in steps or re.search(rf"^f {file} ", made, re.MULTILINE), (path.name, file)


def test_the_alert_rules_are_read(installed):
    if shutil.which("promtool") is None:
        pytest.fail("promtool reads the rules: install prometheus")
    assert "SUCCESS" in tool("promtool", "check", "rules", installed / "usr/share/doc/mingce/mingced.rules.yml")
