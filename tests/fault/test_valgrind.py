# SPDX-License-Identifier: Apache-2.0
"""A day's work under valgrind: writes, reads, a reload, rude clients, a worker killed, an orderly stop. It has nothing to
say of any process that ended by itself."""

import os
import signal

import pytest
from clerk import Office
from conftest import BUILD, stack_in
from integration import allow_looks
from test_rude import misbehaving
from wire import Wire, read_profile

pytestmark = pytest.mark.soak
CHECKS = ["valgrind", "-q", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect",
          "--track-fds=no", "--trace-children=yes", "--child-silent-after-fork=no"]


def test_nothing_to_say(tmp_path, chooser, tell):
    with stack_in(tmp_path, BUILD / "bin", workers=2, handshake_ms=60000, frame_ms=60000) as stack:
        allow_looks(stack)
        wrapper = stack.folder / "mingced-under-valgrind"
        wrapper.write_text(f'#!/bin/sh\nexec {" ".join(CHECKS)} --log-file={stack.folder}/valgrind.%p {stack.mingced} "$@"\n')
        wrapper.chmod(0o755)
        stack.mingced = wrapper
        stack.daemon_stop()
        stack.daemon_start()
        profile = read_profile(stack.profiles / "institution")
        office = Office(stack, profile, chooser, 4)
        office.open()
        for _ in range(300):
            office.progress(60)
        for kind in ("greedy", "never_read", "drip_frame"):
            with misbehaving(stack, kind):
                for _ in range(50):
                    office.progress(60)
        with Wire(profile) as wire:
            for number in wire.pages("class.list", "class"):
                wire.pages("roster.list", "trainee", class_number=number.number)
        seen = stack.log_end()
        stack.signal(signal.SIGHUP)
        stack.wait_log("proc=worker .*msg=reloaded", seen)
        os.kill(stack.workers()[0], signal.SIGKILL)
        office.progress(60)
        office.close()
        told = office.audit()
        assert stack.daemon_stop() == 0
        said = {path.name: path.read_text() for path in stack.folder.glob("valgrind.*")}
        tell(writes=told, processes=len(said))
        assert len(said) >= 4
        assert not any(said.values()), said
