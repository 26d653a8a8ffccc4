# SPDX-License-Identifier: Apache-2.0
"""The machine's clock set back and forward while mingced serves. What it times it times by the monotonic clock, which
nobody sets: no deadline comes early or late, no line is dropped. Certificates are judged by the day that is shown."""

import pathlib
import time

import pytest
from conftest import BUILD, stack_in
from integration import CLASS, Locked
from wire import Closed, Refused, Wire, read_profile

HOUR_S, DAY_S = 3600, 24 * 3600
YEAR_S = 365 * DAY_S
PRESENT_S = 400 * DAY_S  # the daemon's, ahead of ours: the certificates, made just now, are valid a year back and forward
EXPIRED_S = 900 * DAY_S
SHIFTS = {"hour back": -HOUR_S, "hour forward": HOUR_S, "year back": -YEAR_S, "year forward": YEAR_S}


class Clock:
    """The daemon's idea of the time of day, by libfaketime."""

    def __init__(self, stack):
        self.file = stack.folder / "clock"
        self.set(0)
        (library,) = pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
        wrapper = stack.folder / "mingced-with-a-clock"
        wrapper.write_text(f"""#!/bin/sh
export LD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE={self.file} FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
exec {stack.mingced} "$@"
""")
        wrapper.chmod(0o755)
        stack.mingced = wrapper

    def set(self, seconds):
        """So far from its present."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{PRESENT_S + seconds:+d}\n")
        fresh.rename(self.file)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(stack, clock, profile); not the sanitized daemon, whose runtime wants to be the first library."""
    with stack_in(tmp_path_factory.mktemp("s"), BUILD / "bin") as stack:
        clock = Clock(stack)
        stack.daemon_stop()
        stack.daemon_start()
        yield stack, clock, read_profile(stack.profiles / "institution")


def shown(wire):
    """How far the clock is from the daemon's present, as its greeting has it."""
    return wire.hello.server_time_ms / 1000 - time.time() - PRESENT_S


@pytest.mark.parametrize("shift", SHIFTS.values(), ids=SHIFTS)
def test_clock_set(site, shift):
    stack, clock, profile = site
    workers = stack.workers()
    with Wire(profile) as wire, Wire(profile) as idle:
        assert abs(shown(wire)) < 60
        with Locked(stack, "registry.class"):
            wire.send(wire.request("class.open", **CLASS))  # under way when the clock is set
            assert not wire.readable(0.3)
            clock.set(shift)
            assert not wire.readable(0.5), "answered early"
        assert not isinstance(wire.answer()[1], Refused)
        began = time.monotonic()
        with Locked(stack, "registry.class"), pytest.raises(Refused) as refused:
            wire.call("class.open", deadline_ms=500, **CLASS)
        assert refused.value.code == "CODE_DEADLINE"
        assert 0.4 < time.monotonic() - began < 5
        with Wire(profile) as fresh:
            assert abs(shown(fresh) - shift) < 60
            assert fresh.call("class.list") is not None
        clock.set(0)
        for one in (wire, idle):
            assert one.call("class.list") is not None
    assert stack.workers() == workers


def test_certificate_of_another_day(site):
    _, clock, profile = site
    with Wire(profile) as wire:
        clock.set(EXPIRED_S)
        with pytest.raises(Closed):
            Wire(profile)
        assert wire.call("class.list") is not None  # was let in when it was valid
        clock.set(0)
        Wire(profile).close()
