# SPDX-License-Identifier: Apache-2.0
"""Processor time of a process and of everything it started, the ended ones included."""

import os
import pathlib
import resource

HERTZ = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None  # ended meanwhile: then it is its parent's
    return int(fields[1]), sum(int(f) for f in fields[11:15])  # parent; user, system, and those of ended children


def _tree(root):
    everything = {int(p.name): _stat(p.name) for p in pathlib.Path("/proc").iterdir() if p.name.isdigit()}
    everything = {pid: stat for pid, stat in everything.items() if stat is not None}
    total, wanted = 0, {root}
    while wanted:
        pid = wanted.pop()
        if pid in everything:
            total += everything[pid][1]
            wanted |= {child for child, (parent, _) in everything.items() if parent == pid}
    return total / HERTZ


def _ended_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Meter:
    """From its making to spent(): seconds of each {name: process id}; of None, what we started and has ended."""

    def __init__(self, roots):
        self.roots = roots
        self.before = self._now()

    def _now(self):
        return {name: _ended_children() if pid is None else _tree(pid) for name, pid in self.roots.items()}

    def spent(self):
        return {name: seconds - self.before[name] for name, seconds in self._now().items()}
