#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What systemd/debian says twice agrees with where it is said first. The packages themselves are `make deb`'s.

    deb.py VERSION FOLDER    the Makefile's version, and what `make install` has laid down as debian/rules asks for it

Build-Depends is the list `build` of tests/stack/packages without what every Debian build has; each file that is installed goes into
one package; every place that has the version has this one."""

import fnmatch
import pathlib
import re
import subprocess
import sys

DEBIAN = pathlib.Path("systemd/debian")
ESSENTIAL = {"gcc", "libc6-dev", "make"}  # build-essential's: control must not name them
OURS = {"debhelper-compat", "dh-sequence-installsysusers"}  # how packages are built, which `make` does not need


def fields(name):
    """The words of each field of this name in control, without versions."""
    found = re.findall(rf"^{name}:(.*(?:\n .*)*)", (DEBIAN / "control").read_text("utf-8"), re.MULTILINE)
    return [re.sub(r"\([^)]*\)|,", " ", text).split() for text in found]


def build_depends():
    listed = set(subprocess.run(["tests/stack/packages", "--list", "build"], stdout=subprocess.PIPE, text=True, check=True).stdout.split())
    [named] = fields("Build-Depends")
    for package in sorted(listed - ESSENTIAL - set(named)):
        yield f"control: Build-Depends lacks {package}, which tests/stack/packages has among `build`"
    for package in sorted(set(named) - OURS - listed):
        yield f"control: Build-Depends has {package}, which tests/stack/packages has not among `build`"


def patterns():
    """(file of debian/, pattern) of each line that takes something of what is installed, or leaves it out."""
    for path in sorted([*DEBIAN.glob("*.install"), DEBIAN / "not-installed"]):
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                yield path.name, line.split()[0]


def installed(folder):
    names = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file()]
    takers = {name: [] for name in names}
    for file, pattern in patterns():
        taken = [name for name in names if any(fnmatch.fnmatchcase(part, pattern) for part in (name, *map(str, pathlib.Path(name).parents)))]
        if not taken:
            yield f"{file}: nothing is installed as {pattern}"
        for name in taken:
            takers[name].append(file)
    for name, files in takers.items():
        if len(files) != 1:
            yield f"{name} is taken by {' and by '.join(files) or 'no *.install, nor left out by not-installed'}"


def stopped(folder):
    """Each unit is, by who removes its package: debhelper leaves that out where it is not to start any."""
    units = {path.name for path in (folder / "lib/systemd/system").iterdir()}
    named = {name for path in DEBIAN.glob("*.prerm") for name in re.findall(r"\bmingce[\w-]*\.(?:service|socket)\b", path.read_text("utf-8"))}
    for unit in sorted(units ^ named):
        yield f"{unit} is {'stopped by no *.prerm' if unit in units else 'no unit that is installed'}"


def versions(version):
    changelog = re.match(r"mingce \(([^)]+)\)", (DEBIAN / "changelog").read_text("utf-8"))
    if not changelog or changelog[1] != version:
        yield f"changelog: its first entry is not of {version}, the Makefile's VERSION"
    # Messages are added to the symbol version that there is: a program may want any of those that this version has.
    for name, least in re.findall(r"^ \(symver\)(\S+) (\S+)$", (DEBIAN / "libmingce0.symbols").read_text("utf-8"), re.MULTILINE):
        if least != version:
            yield f"libmingce0.symbols: {name} is of {least}; what is built with this version wants {version}"


def packages():
    named = {name for [name] in fields("Package")}
    for path in sorted(DEBIAN.iterdir()):
        package, _, kind = path.name.rpartition(".")
        if kind in {"install", "NEWS", "postinst", "prerm", "postrm", "preinst", "symbols"} and package not in named:
            yield f"{path.name}: control has no package {package}"
    for name in sorted(named - {path.stem for path in DEBIAN.glob("*.install")}):
        yield f"control: {name} has no *.install"


def main(version, folder):
    folder = pathlib.Path(folder)
    wrong = [*build_depends(), *packages(), *installed(folder), *stopped(folder), *versions(version)]
    print("\n".join(f"{DEBIAN}: {text}" for text in wrong) if wrong else f"deb: {len(fields('Package'))} packages, {len(list(patterns()))} patterns")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
