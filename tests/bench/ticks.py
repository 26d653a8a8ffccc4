# SPDX-License-Identifier: Apache-2.0
"""Processor time of a process and of everything it started, the ended ones included."""

import os
import pathlib

HERTZ = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None  # ended meanwhile: then it is its parent's
    return int(fields[1]), [int(f) for f in fields[11:15]]  # parent; user, system, and those of ended children


def tree_seconds(root):
    everything = {int(p.name): _stat(p.name) for p in pathlib.Path("/proc").iterdir() if p.name.isdigit()}
    everything = {pid: stat for pid, stat in everything.items() if stat is not None}
    total, wanted = 0, {root}
    while wanted:
        pid = wanted.pop()
        if pid in everything:
            total += sum(everything[pid][1])
            wanted |= {child for child, (parent, _) in everything.items() if parent == pid}
    return total / HERTZ
