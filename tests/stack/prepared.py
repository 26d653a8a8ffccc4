# SPDX-License-Identifier: Apache-2.0
"""The state of a stack before its daemon starts (database cluster, schema, organisations, operators, keys, certificate authority),
made once for a run of tests and copied by each stack that wants it. The processes of a run share it: the first to ask makes it."""

import atexit
import fcntl
import functools
import os
import pathlib
import shutil
import tempfile

from postgres import Postgres
from stack import Stack

FOLDER = "MINGCE_PREPARED"  # environment: where it is; whoever sets it removes it


def share():
    """Decides the folder, for this process and those that it starts."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="mingce-", dir="/var/tmp")
        atexit.register(remove, os.getpid(), pathlib.Path(os.environ[FOLDER]))


def remove(owner, folder):
    """At the end of the process that made the folder, not of one that was forked from it."""
    if os.getpid() == owner:
        Postgres(folder / "stack/pg").remove()  # whose data may lie elsewhere
        shutil.rmtree(folder, ignore_errors=True)


@functools.lru_cache
def prepared(binaries):
    """The stack to copy. It is complete, and its database server is stopped."""
    share()
    folder = pathlib.Path(os.environ[FOLDER])
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stack = Stack(folder / "stack", binaries)
        if not (folder / "done").exists():
            stack.prepare()
            stack.postgres.stop()
            (folder / "done").touch()
    return stack
