# SPDX-License-Identifier: Apache-2.0
"""The units as systemd sees them: whole, and how exposed."""

import pathlib
import re
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
    for program in ("usr/sbin/mingced", "usr/bin/mingce", "bin/kill"):
        (root / program).write_text("#!/bin/sh\n")
        (root / program).chmod(0o755)
    done = subprocess.run(["systemd-analyze", "verify", f"--root={root}", "--recursive-errors=no", "--man=no", "mingced.service",
                           "mingced.socket", "mingced-metrics.socket", "mingced-notary.service", "mingced-notary-metrics.socket", "mingce-witness.service"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    # about other units than ours a bare root has complaints
    assert not [line for line in done.stdout.splitlines() if "mingce" in line and "Failed to add dependency" not in line], done.stdout
