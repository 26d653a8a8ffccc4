# SPDX-License-Identifier: Apache-2.0
"""Has the nth allocation or system call of a process fail, by failing.c."""

import mmap
import os
import pathlib
import struct
import subprocess

ALLOCATIONS, SYSTEM_CALLS = 1, 2
LAYOUT = struct.Struct("=iiqq32s")  # struct control of failing.c
HERE = pathlib.Path(__file__).resolve().parent


class Failing:
    def __init__(self, folder):
        self.library = folder / "failing.so"
        subprocess.run(["gcc", "-std=gnu17", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
                        "-fno-builtin", "-o", self.library, HERE / "failing.c"], check=True)
        self.file = folder / "failing"
        self.file.write_bytes(bytes(mmap.PAGESIZE))
        with open(self.file, "r+b") as file:
            self.shared = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    def arm(self, kind, nth, pid=0):
        """nth from 1; 0: all go well and are counted. `pid` 0: of any process."""
        self.shared[:LAYOUT.size] = LAYOUT.pack(pid, kind, nth, 0, b"")

    def count(self):
        return LAYOUT.unpack(self.shared[:LAYOUT.size])[3]

    def disarm(self):
        """(how many there were, what failed or "")."""
        _, _, _, count, failed = LAYOUT.unpack(self.shared[:LAYOUT.size])
        self.shared[:LAYOUT.size] = bytes(LAYOUT.size)
        return count, failed.rstrip(b"\0").decode()

    def environment(self):
        return {"LD_PRELOAD": str(self.library), "MINGCE_FAILING": str(self.file)}

    def wrap(self, stack):
        """The stack's next daemon can be made to fail."""
        wrapper = stack.folder / "mingced-that-fails"
        settings = " ".join(f"{name}={value}" for name, value in self.environment().items())
        wrapper.write_text(f'#!/bin/sh\nexport {settings}\nexec {stack.mingced} "$@"\n')
        wrapper.chmod(0o755)
        stack.mingced = wrapper


def descriptors(pid):
    """What each is, of a process that still runs."""
    what = []
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            what.append(os.readlink(fd))
        except FileNotFoundError:  # closed meanwhile
            pass
    return what
