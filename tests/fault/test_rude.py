# SPDX-License-Identifier: Apache-2.0
"""Clients that misbehave, and one that does not: it goes on being served. How quickly is measured in `make soak`."""

import contextlib
import json
import os
import resource
import subprocess
import sys
import time

import pytest
from conftest import BUILD, HERE, SOAK, stack_in
from integration import CLASS
from rude import CONNECTS_S, NEVER_READ, SLOW
from wire import Wire, read_profile

PATIENCE_MS = 1500  # of handshakes and frames
DESCRIPTORS = 120
CALLS = 100
KINDS = ["drip_hello", "drip_frame", "never_read", "connects", "crowd", "greedy"]


def lengthen_lists(stack):
    """Of those that the rude ones ask for."""
    with Wire(read_profile(stack.profiles / "institution2")) as wire:
        for _ in range(200):
            wire.call("class.open", **CLASS | {"title": "示例" * 50})


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with stack_in(tmp_path_factory.mktemp("s"), handshake_ms=PATIENCE_MS, frame_ms=PATIENCE_MS) as made:
        lengthen_lists(made)
        yield made


class Rude:
    """A process of rude clients, with a certificate that is not the good one's."""

    def __init__(self, stack, kind):
        path = f"{BUILD / 'gen/python'}:{HERE.parent / 'integration'}"
        self.process = subprocess.Popen(
            [sys.executable, HERE / "rude.py", kind, stack.profiles / "institution2"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path})
        assert self.process.stdout.readline() == "going\n"

    def stop(self):
        """What it did."""
        return json.loads(self.process.communicate(timeout=120)[0])


@contextlib.contextmanager
def misbehaving(stack, kind):
    """Meanwhile; a dict that is filled with what they did."""
    rude, did = Rude(stack, kind), {}
    try:
        yield did
    finally:
        did |= rude.stop()


def was_rude(kind, did):
    """Whether it did what it is there for; how fast, is looked at where speed is (the soak)."""
    return {"drip_hello": lambda: did["bytes"] >= SLOW, "drip_frame": lambda: did["bytes"] >= SLOW,
            "never_read": lambda: did["full"] == NEVER_READ, "connects": lambda: did["connects"] >= CALLS and (not SOAK or did["a second"] >= 0.9 * CONNECTS_S),
            "crowd": lambda: did["operator-connections"] > 0,
            "greedy": lambda: did["in-flight-limit"] > 0 and did["answered"] > 0}[kind]()


def served(profile, wire):
    """Calls on a line that stands, and new lines."""
    for n in range(CALLS):
        assert wire.call("class.list") is not None
        if n % 20 == 0:
            with Wire(profile) as fresh:
                assert fresh.call("class.open", **CLASS).number


@pytest.mark.parametrize("kind", KINDS)
def test_well_behaved_client_is_served(stack, kind, tell):
    profile = read_profile(stack.profiles / "institution")
    workers = stack.workers()
    with Wire(profile) as wire:
        with misbehaving(stack, kind) as did:
            until_s = time.monotonic() + 2 * PATIENCE_MS / 1000
            while time.monotonic() < until_s:
                served(profile, wire)
    tell(**did)
    assert stack.workers() == workers
    assert was_rude(kind, did), did
    assert did["cut off"] > 0 if kind.startswith("drip") else True, did


def test_descriptors_exhausted(stack):
    """Who is in is served; who comes waits, and is served when there is room again."""
    profile = read_profile(stack.profiles / "institution")
    (worker,) = stack.workers()
    before = resource.prlimit(worker, resource.RLIMIT_NOFILE)
    resource.prlimit(worker, resource.RLIMIT_NOFILE, (DESCRIPTORS, before[1]))
    try:
        with Wire(profile) as wire:
            seen = stack.log_end()
            with misbehaving(stack, "hold") as did:
                stack.wait_log("msg=cannot-accept", seen)
                for _ in range(CALLS):
                    assert wire.call("class.list") is not None
            assert did["held"] > DESCRIPTORS
            with Wire(profile) as fresh:
                assert fresh.call("class.list") is not None
    finally:
        resource.prlimit(worker, resource.RLIMIT_NOFILE, before)
    assert stack.workers() == [worker]


SLICES, SLICE_S, PAUSE_S = 6, 4, 0.002


@pytest.fixture(scope="module")
def quick_stack(tmp_path_factory):
    """What is installed, not what is instrumented."""
    with stack_in(tmp_path_factory.mktemp("q"), BUILD / "bin") as made:
        lengthen_lists(made)
        yield made


def latencies(wire):
    """Milliseconds of each call of a slice."""
    found, end = [], time.monotonic() + SLICE_S
    while time.monotonic() < end:
        began = time.monotonic()
        wire.call("class.list")
        found.append((time.monotonic() - began) * 1000)
        time.sleep(PAUSE_S)
    return found


def percentile(values, percent):
    return sorted(values)[len(values) * percent // 100]


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_well_behaved_client_waits_at_most_twice_as_long(quick_stack, kind, tell):
    """The 99th percentile of its calls; slices with the rude ones and without take turns."""
    quiet, rude = [], []
    with Wire(read_profile(quick_stack.profiles / "institution")) as wire:
        wire.call("class.open", **CLASS)
        latencies(wire)  # warm
        for _ in range(SLICES):
            quiet += latencies(wire)
            with misbehaving(quick_stack, kind) as did:
                rude += latencies(wire)
            assert was_rude(kind, did), did
    tell(calls=len(quiet) + len(rude), p50_ms=[round(percentile(v, 50), 2) for v in (quiet, rude)],
         p99_ms=[round(percentile(v, 99), 2) for v in (quiet, rude)])
    assert percentile(rude, 99) <= 2 * percentile(quiet, 99)
