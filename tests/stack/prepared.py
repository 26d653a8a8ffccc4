# SPDX-License-Identifier: Apache-2.0
"""Where the stacks of a run of tests live, and the state before the daemon (database cluster, schema, organisations, operators, keys,
certificate authority), which is made once for a run and copied by each stack that wants it. The processes of a run share both."""

import atexit
import fcntl
import functools
import os
import pathlib
import shutil
import tempfile

from postgres import DATABASES, Postgres
from stack import Stack

# In memory where there is room: a copy takes a quarter of the time there. Killed processes lose nothing by it.
MEMORY, ROOM = pathlib.Path("/dev/shm"), 4 << 30  # bytes
DISK = pathlib.Path("/var/tmp")


def share():
    """Decides the folder, for this process and those that it starts; whoever decides it removes it."""
    if DATABASES in os.environ:
        return
    for place in (MEMORY, DISK):
        sweep(place)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mingce-run-", dir=MEMORY if roomy(MEMORY) else DISK))
    folder.chmod(0o711)  # PostgreSQL may be another user
    os.environ[DATABASES] = str(folder)
    hold(folder)
    atexit.register(remove, os.getpid(), folder)


def roomy(place):
    try:
        found = os.statvfs(place)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize > ROOM


def hold(folder):
    """Says as long as this process lives that the folder is in use. False: somebody else does."""
    alive = os.open(folder / "alive", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(alive)
        return False
    return True


def sweep(place):
    """What runs that were killed have left."""
    for folder in place.glob("mingce-run-*"):
        if (folder / "alive").exists() and hold(folder):
            for pid in folder.glob("*/data/postmaster.pid"):
                Postgres(pid.parent.parent).remove()
            shutil.rmtree(folder, ignore_errors=True)


def remove(owner, folder):
    """At the end of the process that made the folder, not of one that was forked from it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


# Jinan's classes start without approval, and its special account is kept elsewhere, as a city may have it; elsewhere what the province
# says holds (G0, F4). The log has it as it has what a migration does: no request explains the rows otherwise.
FREE = r"""WITH free AS (INSERT INTO registry.policy (division, name, value, valid_from, citation)
                         VALUES ('370100', 'class_approval', 0, '1949-10-01', 'tests'),
                                ('370100', 'special_account', 0, '1949-10-01', 'tests'))
           SELECT admin.entry(substring(h FROM 1 FOR 47) || '\x2a07'::bytea || 'migrate' || substring(h FROM 54 FOR 52)) FROM audit.rows_head() h"""


@functools.lru_cache
def prepared(binaries):
    """The stack to copy. It is complete, and its database server is stopped."""
    share()
    folder = pathlib.Path(os.environ[DATABASES])
    with open(folder / "prepared.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stack = Stack(folder / "prepared", binaries)
        if not (folder / "done").exists():
            stack.prepare()
            stack.sql(FREE)
            stack.postgres.stop()
            (folder / "done").touch()
    return stack
