# SPDX-License-Identifier: Apache-2.0
"""Runs a command and listens to it."""

import contextlib
import os
import pty
import select
import signal
import subprocess
import time

import progress


def stacks(pid):
    """Of every thread of a process that hangs."""
    try:
        done = subprocess.run(["eu-stack", "-p", str(pid)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        return done.stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"no stacks: {error}\n"


def run(command, folder, env, hear=None, pass_fds=(), stuck=None):
    """(exit status, output). With `hear` it runs on a terminal of its own, so that each line comes when it is written and is
    passed on; when no line has come for as long as a test may take it hangs, and is ended. `stuck` is asked once in a
    while, and says why a command is to be ended."""
    # A descriptor that make gave us is left open for a make below us.
    keep = {"pass_fds": pass_fds} if pass_fds else {"close_fds": False}
    if hear is None:
        reading, writing = os.pipe()
    else:
        reading, writing = pty.openpty()
    process = subprocess.Popen([str(c) for c in command], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing,
                               start_new_session=True, **keep)
    os.close(writing)
    output, line, heard = bytearray(), bytearray(), time.monotonic()
    try:
        while True:
            if select.select([reading], [], [], 1)[0]:
                data = read(reading)
                if not data:
                    break
                data = data.replace(b"\r\n", b"\n") if hear else data
                output += data
                heard = time.monotonic()
                if hear:
                    *lines, line = (line + data).split(b"\n")
                    for one in lines:
                        hear(one.decode("utf-8", "replace"))
            why = stuck() if stuck else hear and time.monotonic() - heard > progress.TEST_S and f"nothing said for {progress.TEST_S:.0f} s"
            if why:
                output += f"\n{why}\n{stacks(process.pid)}".encode()
                process.kill()
                break
            if process.poll() is not None and not select.select([reading], [], [], 0)[0]:
                break  # something that it left running holds its output
    finally:
        os.close(reading)
        end(process)
    return process.wait(), output.decode("utf-8", "replace")


def read(reading):
    try:
        return os.read(reading, 65536)
    except OSError:  # nobody holds the terminal any more
        return b""


def end(process):
    """It has closed its output, or is not wanted any more; what it left running goes too."""
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
