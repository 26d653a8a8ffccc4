# SPDX-License-Identifier: Apache-2.0
"""A worker that is killed while a catalogue is loaded (G8), and claims that race under a city's limits (B11)."""

import os
import signal
import threading

import pytest
import samples
from catalogues import OCCUPATIONS, URGENT, Bureau, training
from claims import certify, graduate, reasons, set_standards, submit
from conftest import stack_in
from integration import CLASS, Locked
from wire import Closed, Wire, read_profile
from waiting import until

CITY, PARTS, ROWS = "370600", 6, 200
RACES = 6


@pytest.fixture
def stack(tmp_path):
    with stack_in(tmp_path, workers=2) as made:
        yield made


def part(n):
    """Rows of one of the requests of a file."""
    return [{"row": i + 1, "line": training(n * ROWS + i + 1, OCCUPATIONS[i % len(OCCUPATIONS)], level=1 + i % 8, category=f"产业{n}-{i}")} for i in range(ROWS)]


def test_G8_a_catalogue_is_loaded_once_though_workers_die_meanwhile(stack, tell):
    bureau = Bureau(stack, CITY)
    wire = bureau.wire()
    made = wire.call("catalogue.draft", kind=URGENT, title="示例目录", citation="示例文").catalogue_id
    requests = [(os.urandom(16), part(n)) for n in range(PARTS)]
    answers = {}
    with Locked(stack, "registry.catalogue_row"):  # the rows are on their way into the table
        for request_id, rows in requests:
            wire.send(wire.request("catalogue.load", request_id=request_id, catalogue_id=made, row=rows))
        until(lambda: stack.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%catalogue_load%'") != "0")
        killed = stack.workers()
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        with pytest.raises((Closed, OSError)):
            wire.answer("catalogue.load")
    for request_id, rows in requests:
        def again(request_id=request_id, rows=rows):
            try:
                return bureau.wire().call("catalogue.load", request_id=request_id, catalogue_id=made, row=rows)
            except (Closed, OSError):
                return None
        answers[request_id] = until(again)
        assert (answers[request_id].done, answers[request_id].refused) == (ROWS, 0)
    for request_id, rows in requests:
        assert bureau.wire().call("catalogue.load", request_id=request_id, catalogue_id=made, row=rows) == answers[request_id]
    shown = bureau.wire().pages("catalogue.show", "row", catalogue_id=made)
    assert sorted(r.number for r in shown) == list(range(1, PARTS * ROWS + 1))
    assert stack.sql(f"SELECT rows FROM registry.catalogue WHERE catalogue_id = '{made.hex()}'") == str(PARTS * ROWS)
    assert stack.sql(f"SELECT count(*) || ' ' || count(DISTINCT request_id) FROM registry.request WHERE request_id IN ({', '.join(repr(r.hex()) for r, _ in requests)})") == f"{PARTS} {PARTS}"
    bureau.close()
    tell(killed=len(killed))


def test_B11_of_two_that_race_none_is_a_lower_level_after_a_higher_one(stack, tell):
    """A claim for a lower level and one for a higher, each by a connection of its own, at the same instant."""
    set_standards(stack)
    stack.sql("INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'no_lower_after_higher', 1, '2020-01-01', '示例')")
    profile, rows, numbers, said = read_profile(stack.profiles / "institution"), samples.trainees(RACES), {}, {}
    with Wire(profile) as one, Wire(profile) as other:
        for level in (3, 4):
            number = one.call("class.open", **(CLASS | {"level": level})).number
            one.call("roster.import", class_number=number, row=rows)
            graduate(stack, number)
            numbers[level], told = certify(one, number, rows, level=level)
            assert set(told) == {""}
        for race in range(RACES):
            gate = threading.Barrier(2)

            def claim(wire, level, race=race, gate=gate):
                gate.wait()
                said[race, level] = reasons(submit(wire, numbers[level][race]))[0]
            racers = [threading.Thread(target=claim, args=(wire, level)) for wire, level in ((one, 3), (other, 4))]
            for racer in racers:
                racer.start()
            for racer in racers:
                racer.join()
            assert (said[race, 3], said[race, 4]) in (("", ""), ("lower-after-higher", "")), said
    assert stack.sql("""SELECT count(*) FROM registry.claim high JOIN registry.claim low USING (person_id, occupation_code)
                         WHERE low.level < high.level AND low.ordinal > high.ordinal""") == "0"
    tell(races=RACES, refused=sum(bool(v) for v in said.values()))
