# SPDX-License-Identifier: Apache-2.0
"""Nobody takes every connection, nor the memory of frames that never become whole: caps by operator, organisation and address, a
place for whoever has less when the server is full, an end to idle connections. Who is refused is told."""

import contextlib
import struct
import time

import pytest
from conftest import make_stack, taken_down, worker_bytes
from test_metrics import value
from waiting import until
from wire import Closed, Wire, read_profile

FULL = 20


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """Four connections an operator, six an organisation, twelve an address."""
    made = make_stack(tmp_path_factory.mktemp("c"), metrics_listen=tmp_path_factory.mktemp("m") / "s", operator_connections=4,
                      organisation_connections=6, address_connections=12, frames_bytes=4 << 20, frame_bytes=256 << 10)
    with taken_down(made):
        made.up()
        yield made


def profile(stack, name):
    return read_profile(stack.profiles / name)


def ended(stack, reason):
    return value(stack.settings["metrics_listen"], "mingce_connections_ended_total", reason=reason) or 0


@contextlib.contextmanager
def holding(stack, **names):
    """holding(stack, institution=3): so many open connections of it, once the worker has forgotten those before."""
    until(lambda: value(stack.settings["metrics_listen"], "mingce_connections") == 0)
    held = [Wire(profile(stack, name)) for name, n in names.items() for _ in range(n)]
    try:
        yield held
    finally:
        for wire in held:
            wire.close()


def refused(stack, name):
    with pytest.raises(Closed) as closed:
        Wire(profile(stack, name))
    return closed.value.reason


def test_an_operator_has_its_connections_and_no_more(crowded):
    before = ended(crowded, "operator-connections")
    with holding(crowded, institution=4) as held:
        assert refused(crowded, "institution") == "operator-connections"
        assert ended(crowded, "operator-connections") == before + 1
        with Wire(profile(crowded, "institution2")) as other:
            assert other.call("class.list") is not None
        assert all(wire.call("class.list") is not None for wire in held)
        held.pop().close()
        until(lambda: served(crowded, "institution"))


def served(stack, name):
    try:
        Wire(profile(stack, name)).close()
        return True
    except Closed:
        return False


def test_an_organisation_has_its_connections_and_no_more(crowded):
    with holding(crowded, reviewer=3, approver=3):
        assert refused(crowded, "payer") == "organisation-connections"
        with Wire(profile(crowded, "institution")) as other:
            assert other.call("class.list") is not None


def test_an_address_has_its_connections_and_no_more(crowded):
    with holding(crowded, institution=4, institution2=4, reviewer=4) as held:
        assert refused(crowded, "auditor") == "address-connections"
        held.pop().close()
        until(lambda: served(crowded, "auditor"))


@pytest.mark.parametrize("language, sentence", [("zh_CN.UTF-8", "您的连接数已达上限"), ("C.UTF-8", "as many connections as an operator may")])
def test_the_clerk_is_told_with_a_sentence_and_a_status(crowded, language, sentence):
    with holding(crowded, institution=4):
        done = crowded.cli("institution", "whoami", env=crowded.environment(LC_ALL=language, LANGUAGE=""))
        assert (done.returncode, sentence in done.stderr) == (3, True), done.stderr


def test_a_full_server_is_told_in_its_own_words(own_stack):
    stack = own_stack(connections=3)
    wires = [Wire(profile(stack, "institution")) for _ in range(3)]
    done = stack.cli("institution", "whoami", env=stack.environment(LC_ALL="C.UTF-8"))
    assert (done.returncode, "no room for more connections" in done.stderr) == (3, True), done.stderr
    for wire in wires:
        wire.close()


# ---- a full server ----


def test_who_holds_most_gives_way_when_the_server_is_full(own_stack):
    """One certificate has every connection; whoever else comes has one, at once."""
    stack = own_stack(connections=FULL)
    held = [Wire(profile(stack, "institution")) for _ in range(FULL)]
    with Wire(profile(stack, "reviewer")) as other, Wire(profile(stack, "institution2")) as another:
        for wire in (other, another):
            assert wire.call("class.list") is not None
        assert refused(stack, "institution") == "connection-limit"  # it would only take from itself
        assert [wire.goodbye() for wire in held[:2]] == ["gave-way"] * 2  # the quietest
        assert all(wire.call("class.list") is not None for wire in held[2:])
    done = stack.cli("reviewer", "whoami", timeout=20)
    assert done.returncode == 0, done.stderr
    for wire in held:
        wire.close()


def test_who_holds_one_gives_way_to_nobody(own_stack):
    stack = own_stack(connections=2)
    with Wire(profile(stack, "institution")) as one, Wire(profile(stack, "institution2")) as two:
        assert refused(stack, "reviewer") == "connection-limit"
        for wire in (one, two):
            assert wire.call("class.list") is not None


# ---- idle ones ----


def test_idle_connections_end_and_busy_ones_do_not(own_stack, locked):
    stack = own_stack(idle_ms=1500)
    with Wire(profile(stack, "institution")) as idle, Wire(profile(stack, "reviewer")) as busy, \
            Wire(profile(stack, "institution2")) as waiting:
        with locked(stack, "registry.class"):
            waiting.send(waiting.request("class.list", frame_number=1))
            end = time.monotonic() + 3
            while time.monotonic() < end:
                assert busy.call("calendar.list", division="370100") is not None
                time.sleep(0.1)
        assert waiting.answer("class.list")[0] == 1
        assert idle.goodbye() == "idle"


# ---- frames that never become whole ----


def partial(wire, n):
    """All of a frame but its last byte."""
    wire.send(struct.pack(">I", n) + bytes(n - 1))


def test_unfinished_frames_have_a_bound_all_together(lean_stack):
    stack = lean_stack(frames_bytes=8 << 20)
    longest = 1 << 20
    names = ["institution", "institution2", "reviewer", "approver"]
    before = worker_bytes(stack)
    with contextlib.ExitStack() as wires:
        held = [wires.enter_context(Wire(profile(stack, name))) for name in names for _ in range(20)]
        for wire in held:
            with contextlib.suppress(OSError):
                partial(wire, longest)
        until(lambda: any(wire.readable(0) for wire in held))
        told = [wire.goodbye() for wire in held if wire.readable(0)]
        assert set(told) == {"frames-bytes"}
        assert worker_bytes(stack) - before < 40 << 20  # 80 MiB of frames were sent
        with Wire(profile(stack, "auditor")) as other:
            assert other.call("organisation.list") is not None


def test_one_certificate_has_its_share_of_that_memory_and_leaves_the_rest(crowded):
    longest = 256 << 10
    with holding(crowded, institution=4, institution2=1) as held:
        for wire in held[:4]:
            with contextlib.suppress(OSError):
                partial(wire, longest)
        until(lambda: any(wire.readable(0) for wire in held[:4]))
        assert {wire.goodbye() for wire in held[:4] if wire.readable(0)} == {"frames-bytes"}
        partial(held[4], longest)
        assert not held[4].readable(0.3)
        assert value(crowded.settings["metrics_listen"], "mingce_frames_bytes") > 0
    until(lambda: value(crowded.settings["metrics_listen"], "mingce_frames_bytes") == 0)


def test_a_frame_of_the_longest_is_taken(crowded):
    """Its own share is enough for that, byte by byte or at once."""
    with holding(crowded, institution=1) as (wire,):
        partial(wire, 256 << 10)
        assert not wire.readable(0.2)
        wire.send(b"\0")
        assert wire.goodbye() == "wire-malformed"
