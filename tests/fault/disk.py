# SPDX-License-Identifier: Apache-2.0
"""A small disk of its own for a part of PostgreSQL's data."""

import contextlib
import errno
import os
import shutil
import subprocess
import tempfile

from postgres import run


def possible():
    """Whether we may mount a file system."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            mount = subprocess.run(["mount", "-t", "tmpfs", "none", folder], stderr=subprocess.DEVNULL, check=False)
        except FileNotFoundError:
            return False
        return mount.returncode == 0 and subprocess.run(["umount", folder], check=False).returncode == 0


class Disk:
    def __init__(self, place):
        self.place = place
        self.ballast = place / "ballast"

    def fill(self, left=0):
        """Until no more than so many bytes are free."""
        try:
            with open(self.ballast, "wb", buffering=0) as file:
                while (space := self.free() - left) > 0:
                    file.write(bytes(min(space, 2**20)))
        except OSError as full:
            if full.errno != errno.ENOSPC:
                raise

    def free(self):
        space = os.statvfs(self.place)
        return space.f_bavail * space.f_frsize

    def empty(self):
        self.ballast.unlink()


@contextlib.contextmanager
def small_disk(postgres, part, mebibytes):
    """A Disk that holds `part` (base, pg_wal) of the server's data for a while; afterwards the server is stopped."""
    place, home = postgres.home / f"disk-{part}", postgres.data / part
    place.mkdir()
    run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=700", "none", place])
    try:
        run(["chown", "--reference", postgres.data, place])
        postgres.stop()
        run(["cp", "-a", home, place / part])
        shutil.rmtree(home)
        home.symlink_to(place / part)
        postgres.start()
        yield Disk(place)
        postgres.stop()
        home.unlink()
        run(["cp", "-a", place / part, home])
    finally:
        postgres.stop("immediate")
        run(["umount", place])
