# SPDX-License-Identifier: Apache-2.0
"""The lists of Debian packages, and what installing them leaves on a host. apt-get, dpkg-query and id are the test's own here."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "tests/stack/packages"


def listed(*names):
    return subprocess.run([PACKAGES, "--list", *names], stdout=subprocess.PIPE, text=True, check=True).stdout.split()


class Machine:
    """A Debian that has only what it is told to have."""

    def __init__(self, folder):
        self.folder, self.said, self.conf = folder, folder / "said", folder / "createcluster.conf"
        (folder / "bin").mkdir()
        self.conf.write_text("#create_main_cluster = true\n")
        self.program("apt-get", f'echo "apt-get $*" >>{self.said}; echo "conf $(cat {self.conf} | tail -n 1)" >>{self.said}')

    def program(self, name, text):
        (self.folder / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
        (self.folder / "bin" / name).chmod(0o755)

    def packages(self, *words, user=0, have=()):
        self.program("id", f"echo {user}")
        self.program("dpkg-query", "printf '%s' '" + "".join(f"installed={name} " for name in have) + "'")
        self.said.write_text("")
        env = os.environ | {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "CREATECLUSTER_CONF": str(self.conf)}
        done = subprocess.run([PACKAGES, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, check=False)
        return done, self.said.read_text()


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_lists_that_have_nothing_in_common():
    """Without one that is named there are three of them: what `make deb` wants is of no use to the others."""
    lists = [set(listed(name)) for name in ("build", "run", "test", "deb")]
    assert all(lists) and sum(map(len, lists)) == len(set.union(*lists))
    assert set(listed("build", "run", "test")) == set(listed()) == set.union(*lists[:3])
    assert not {"postgresql-15", "clang", "valgrind", "golang-go", "prometheus", "systemd-container"} & lists[0]


def test_building_is_content_with_its_own_list(machine):
    assert machine.packages("build", have=listed("build"))[0].returncode == 0
    done, said = machine.packages("build", user=1000, have=listed("build")[1:])
    assert done.returncode == 1 and listed("build")[0] in done.stderr and said == ""
    assert machine.packages("all-of-them")[0].returncode == 2


def made(*words):
    """What make would do. Lines that begin with a + are run all the same: the programs that they start in Python do nothing here."""
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", "-n", "PYTHON=:", *words], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout


def exported(goal):
    """What make exports to the script of packages, from its own list of variables."""
    shell = subprocess.run(["make", "-n", "--print-data-base", "PYTHON=:", goal], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
                           env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PACKAGES_ONLY_NAMED")})
    return [line.replace(" := ", "=").strip() for line in shell.stdout.splitlines() if line.startswith("PACKAGES_ONLY_NAMED")]


@pytest.mark.parametrize("goal, lists", [("all", "build"), ("demo", "build run"), ("check", "build run test")])
def test_what_make_asks_for(goal, lists):
    """`make` needs no more than the compiler and the libraries."""
    assert [line.split()[1:] for line in made(goal).splitlines() if line.startswith("tests/stack/packages")][0] == lists.split()


def test_who_builds_packages_asks_for_none():
    """debian/rules: Build-Depends has been seen to. And a warning of their compiler is not an error."""
    shown = made("all", "B=build/nothing-there", "Q=")
    assert "tests/stack/packages" in shown and "-Werror" in shown
    shown = made("all", "B=build/nothing-there", "Q=", "PACKAGES=", "WERROR=")
    assert "tests/stack/packages" not in shown and "-Werror" not in shown and "-Wall" in shown


@pytest.mark.parametrize("words, told", [((), True), (("DESTDIR=/nowhere",), False)])
def test_the_loader_is_told_of_the_library(words, told):
    """make install: ldconfig, unless a package is made; nor does it need more than building."""
    shown = made("install", *words)
    assert ("/sbin/ldconfig" in shown) == told and "tests/stack/packages  build \n" in shown


def test_who_is_not_root_is_given_a_line_that_works(machine):
    """On a machine whose lists of packages are old or not there."""
    done, said = machine.packages("build", "run", user=1000)
    assert done.returncode == 1 and said == ""
    assert "sudo apt-get update && sudo apt-get install --no-install-recommends gcc" in done.stderr
    assert "sudo tests/stack/packages build run" in done.stderr  # without a cluster that nobody asked for
    assert "15/main" not in machine.packages("build", user=1000)[0].stderr


def test_only_the_first_commands_install_for_root(machine, monkeypatch):
    """`make`, `make lint` and the rest name what is missing, to root as to others."""
    for goal in ("all", "lint", "install", "up"):
        assert "PACKAGES_ONLY_NAMED=yes" in exported(goal), goal
    for goal in ("demo", "check", "packages"):
        assert "PACKAGES_ONLY_NAMED=" in exported(goal), goal
    monkeypatch.setenv("PACKAGES_ONLY_NAMED", "yes")
    done, said = machine.packages("build")
    assert done.returncode == 1 and said == "" and "--no-install-recommends gcc" in done.stderr
    assert machine.packages("build", have=listed("build"))[0].returncode == 0


def test_no_cluster_of_debians_is_left_to_start_at_boot(machine):
    before = machine.conf.read_text()
    done, said = machine.packages("build", "run")
    assert done.returncode == 0, done.stderr
    lines = said.splitlines()
    assert lines[0] == "apt-get update -q"
    assert lines[-2].startswith("apt-get install") and " postgresql-15 " in lines[-2] and lines[-1] == "conf create_main_cluster = false"
    assert machine.conf.read_text() == before and not list(machine.folder.glob("*.kept"))


def test_an_installation_that_fails_puts_the_hosts_file_back(machine):
    before = machine.conf.read_text()
    machine.program("apt-get", 'case "$*" in *postgresql-15*) exit 100;; esac')
    assert machine.packages("run")[0].returncode == 100
    assert machine.conf.read_text() == before


def test_where_postgresql_is_there_nothing_is_changed(machine):
    machine.conf.unlink()
    done, said = machine.packages("run", have=[name for name in listed("run") if name != "openssl"])
    assert done.returncode == 0 and "openssl" in said, done.stderr
