# SPDX-License-Identifier: Apache-2.0
"""The machine's clock set back and forward while mingced serves. What it times it times by the monotonic clock, which
nobody sets: no deadline comes early or late, no line is dropped. Certificates are judged by the day that is shown. And
PostgreSQL's clock, by which a claim belongs to a year."""

import contextlib
import datetime
import os
import pathlib
import tempfile
import time

import pytest
import samples
from claims import OCCUPATION, OTHER, certify, graduate, reasons, set_standards, step, submit
from conftest import BUILD, stack_in
from integration import CLASS, Locked
from stack import Stack
from wire import Closed, Refused, Wire, read_profile

HOUR_S, DAY_S = 3600, 24 * 3600
YEAR_S = 365 * DAY_S
PRESENT_S = 400 * DAY_S  # the daemon's, ahead of ours: the certificates, made just now, are valid a year back and forward
EXPIRED_S = 900 * DAY_S
SHIFTS = {"hour back": -HOUR_S, "hour forward": HOUR_S, "year back": -YEAR_S, "year forward": YEAR_S}


def environment(file):
    (library,) = pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    return {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class Clock:
    """The daemon's idea of the time of day, by libfaketime."""

    def __init__(self, stack):
        self.file = stack.folder / "clock"
        self.set(0)
        wrapper = stack.folder / "mingced-with-a-clock"
        wrapper.write_text("#!/bin/sh\n" + "".join(f"export {name}={value}\n" for name, value in environment(self.file).items()) +
                           f'exec {stack.mingced} "$@"\n')
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


# ---- the year of a claim (B2) ----

@pytest.fixture
def shanghai(tmp_path):
    """(stack, set): a registry whose PostgreSQL has a clock of its own."""
    with tempfile.TemporaryDirectory() as shared, contextlib.ExitStack() as after:
        os.chmod(shared, 0o755)  # PostgreSQL is another user
        file = pathlib.Path(shared) / "clock"

        def set_clock(moment):
            """A moment of Shanghai; None: ours."""
            seconds = 0
            if moment is not None:
                zone = datetime.timezone(datetime.timedelta(hours=8))
                seconds = datetime.datetime.fromisoformat(moment).replace(tzinfo=zone).timestamp() - time.time()
            fresh = file.with_suffix(".new")
            fresh.write_text(f"{seconds:+.0f}\n")
            fresh.chmod(0o644)
            fresh.rename(file)
        set_clock(None)
        stack = Stack(tmp_path, BUILD / "bin")
        after.callback(stack.down)
        before = dict(os.environ)
        os.environ.update(environment(file))
        try:
            stack.postgres.start()
        finally:
            os.environ.clear()
            os.environ.update(before)
        yield stack.up(), set_clock


def test_B2_the_year_ends_at_midnight_in_shanghai_and_a_clock_set_back_gives_no_place(shanghai):
    stack, set_clock = shanghai
    set_standards(stack)
    with Wire(read_profile(stack.profiles / "institution")) as clerk, Wire(read_profile(stack.profiles / "reviewer")) as reviewer:
        people = [samples.trainee(1), samples.trainee(2)]
        numbers = {0: [], 1: []}
        for occupation, level in ((OCCUPATION, 2), (OCCUPATION, 3), (OTHER, 2), (OTHER, 3)):
            number = clerk.call("class.open", **(CLASS | {"level": level, "occupation_code": occupation})).number
            assert clerk.call("roster.import", class_number=number, row=[p | {"row": i + 1} for i, p in enumerate(people)]).enrolled == 2
            graduate(stack, number)
            made, said = certify(clerk, number, people, level=level, occupation=occupation)
            assert said == ["", ""]
            for i in (0, 1):
                numbers[i].append(made[i])
        set_clock("2026-12-31T23:58:00")
        first = submit(clerk, *numbers[0])
        assert reasons(first) == ["", "", "", "year-full"]
        set_clock("2027-01-01T00:00:30")
        fourth = submit(clerk, numbers[0][3])
        assert reasons(fourth) == [""]
        set_clock("2026-12-31T23:00:30")  # an hour back: it is last year again
        assert submit(clerk, *numbers[0]).unchanged == 4
        assert reasons(submit(clerk, *numbers[1])) == ["", "", "", "year-full"]
        assert step(reviewer, "accept", fourth.result[0].record_id, 1) == ""
        assert step(clerk, "withdraw", first.result[0].record_id, 1) == ""
        set_clock("2027-01-01T00:00:30")
        assert reasons(submit(clerk, numbers[1][3])) == [""]
    held = stack.sql("SELECT string_agg(n || ' of ' || year, ', ' ORDER BY year, n) FROM "
                     "(SELECT year, person_id, count(*) AS n FROM registry.claim_place GROUP BY 1, 2) p")
    assert held == "2 of 2026, 3 of 2026, 1 of 2027, 1 of 2027"
