#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every source says its licence within its first three lines."""

import pathlib
import sys

LINE = "SPDX-License-Identifier: Apache-2.0"
ROOMS = [".ci", "client", "daemon", "file", "migrations", "proto", "systemd", "tests"]
SUFFIXES = {".c", ".h", ".go", ".def", ".S", ".sql", ".proto", ".awk", ".py", ".sh", ".map", ".in", ".service", ".socket", ".1", ".5", ".8"}


def is_source(path):
    return path.is_file() and (path.suffix in SUFFIXES or (path.suffix == "" and path.read_bytes()[:2] == b"#!"))


sources = [pathlib.Path("Makefile")] + sorted(p for room in ROOMS for p in pathlib.Path(room).rglob("*") if is_source(p))
wrong = [path for path in sources if LINE not in "\n".join(path.read_text("utf-8").split("\n")[:3])]
print("\n".join(f"{path}:1: no `{LINE}`" for path in wrong) if wrong else f"spdx: {len(sources)} files")
sys.exit(1 if wrong else 0)
