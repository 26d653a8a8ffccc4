# SPDX-License-Identifier: Apache-2.0
"""What `make bench` tells, with invented results: no bench is run here. That the workloads work is test_bench.py's."""

import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests/bench"))
import bench
import report as reports
from postgres import Failed
from report import ROWS, Report
from stock import ATTEMPTS, MARGIN, Stocks

FIELDS = {"workload", "unit", "value", "baseline", "ratio", "target", "met", "note"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bench.json"


@pytest.fixture
def said():
    return []


@pytest.fixture
def report(path, said):
    return Report(path, said.append)


def stored(path):
    return {row["workload"]: row for row in json.loads(path.read_text())}


# ---- rows ----


@pytest.mark.parametrize("workload, figures, met", [
    ("one", {"value": 2700, "baseline": 1000, "ratio": 2.7}, True),  # the least ratio
    ("one", {"value": 2690, "baseline": 1000, "ratio": 2.69}, False),
    ("growth", {"value": 400, "baseline": 320, "ratio": 1.25}, True),  # the most
    ("growth", {"value": 401, "baseline": 320, "ratio": 1.253}, False),
    ("integrate", {"value": 10000}, True),  # the least value
    ("integrate", {"value": 9999}, False),
    ("idle", {"value": 40}, True),
    ("idle", {"value": 40.1}, False),
    ("audit-price", {"value": 9, "baseline": 8, "ratio": 0.9}, True),
    ("latency-lone", {"value": 2.9, "baseline": 2, "target": 3}, True),  # a target that the baseline makes
    ("latency-lone", {"value": 3.1, "baseline": 2, "target": 3}, False),
    ("clear", {"value": 1, "baseline": 2, "ratio": 0.5}, None),  # no target
])
def test_a_target_is_met_or_missed_and_a_missed_one_is_no_error(report, path, workload, figures, met):
    report.add(workload, note="invented", **figures)
    row = stored(path)[workload]
    assert set(row) == FIELDS
    assert row["met"] is met and (row["target"] is None) == (met is None)
    assert row["unit"] == ROWS[workload].unit and row["note"] == "invented"
    line = report.table().splitlines()[1]
    assert line.startswith(workload) and (("met" in line) == (met is True)) and (("MISSED by" in line) == (met is False))
    assert report.status == 0


def test_by_how_much_a_target_was_missed(report):
    report.add("one", 1350, 1000, 1.35)
    report.add("latency-lone", 3.3, 2, target=3)
    lines = report.table().splitlines()
    assert lines[0].split() == ["workload", "value", "unit", "baseline", "ratio", "target"]
    assert lines[1].split() == ["one", "1350", "records/s", "1000", "1.35", "2.70", "MISSED", "by", "50%"]
    assert lines[2].endswith("3.00  MISSED by 10%")


def test_what_could_not_be_measured_is_a_row_that_says_why(report, path, said):
    report.add("one", 2700, 1000, 2.7)
    report.unmeasured("roster", "the tool was lost")
    assert stored(path)["roster"] == {"workload": "roster", "unit": "records/s", "value": None, "baseline": None, "ratio": None,
                                      "target": 0.85, "met": None, "note": "the tool was lost"}
    assert report.table().splitlines()[2].endswith("0.85  NOT MEASURED: the tool was lost")
    assert any("roster" in line and "the tool was lost" in line for line in said)
    assert report.status == 1


def test_a_workload_has_one_row(report):
    report.add("one", 1, 1, 1)
    with pytest.raises(ValueError):
        report.add("one", 2, 1, 2)
    with pytest.raises(KeyError):
        report.add("of no table", 1)


# ---- what goes wrong ----


def test_an_error_spoils_its_own_rows_and_the_rest_goes_on(report, path):
    with report.measuring("latency-p50", "latency-p99", "latency-lone"):
        report.add("latency-p50", 3)
        raise Failed("the clock stood still")
    with report.measuring("growth"):
        report.add("growth", 400, 320, 1.25)
    rows = stored(path)
    assert list(rows) == ["latency-p50", "latency-p99", "latency-lone", "growth"]
    assert [row["value"] for row in rows.values()] == [3, None, None, 400]
    assert rows["latency-p99"]["note"] == rows["latency-lone"]["note"] == "the clock stood still"
    assert report.status == 1


@pytest.mark.parametrize("error", [KeyError("p50"), ZeroDivisionError("division by zero"), OSError(28, "No space left on device"),
                                   subprocess.TimeoutExpired("load", 300), json.JSONDecodeError("no JSON", "", 0)])
def test_an_error_that_nobody_foresaw_is_a_reason_too(report, path, said, error):
    with report.measuring("one"):
        raise error
    assert type(error).__name__ in stored(path)["one"]["note"]
    assert any("Traceback" in line for line in said)


def test_a_stop_is_no_error_of_the_workload(report):
    with pytest.raises(bench.Stopped):
        with report.measuring("one"):
            raise bench.Stopped
    assert report.rows == []


@pytest.mark.parametrize("error, told", [
    (Failed("/long/way/to/load claim.submit ca=/x: exit 1\nload: cannot connect: refused"), "load: cannot connect: refused"),
    (Failed("mingced ended with 1:\nfirst\n\n last \n"), "mingced ended with 1:; first; last"),
    (Failed(""), "Failed"),
    (ValueError(), "ValueError:"),
])
def test_a_reason_is_one_line_of_what_was_said(error, told):
    assert reports.reason(error) == told


def test_a_long_reason_is_cut_in_the_middle():
    told = reports.reason(Failed("begin " + "x" * 5000 + " end"))
    assert told.startswith("begin") and told.endswith("end") and len(told) < 310 and " … " in told


# ---- the file ----


def test_the_file_tells_of_this_run_and_grows_with_every_row(path):
    path.write_text('[{"workload": "of an earlier run"}]')
    report = Report(path, lambda _: None)
    assert stored(path) == {}
    for i, workload in enumerate(("one", "roster", "find"), 1):
        before = path.stat().st_ino
        report.unmeasured(workload, "why") if workload == "roster" else report.add(workload, i, i, 1)
        assert len(stored(path)) == i
        assert path.stat().st_ino != before, "a reader may see half of it"
    assert os.listdir(path.parent) == [path.name]


def test_a_run_that_is_killed_leaves_what_it_had(path):
    program = ("import os, signal, sys; sys.path[:0] = sys.argv[2:]\nfrom report import Report\n"
               "report = Report(sys.argv[1])\nreport.add('one', 5, 1, 5)\nreport.unmeasured('find', 'why')\n"
               "os.kill(os.getpid(), signal.SIGKILL)")
    done = subprocess.run([sys.executable, "-c", program, str(path), str(ROOT / "tests/bench"), str(ROOT / "tests/stack")], timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert list(stored(path)) == ["one", "find"]


def test_a_row_that_cannot_be_written_leaves_the_rows_before(report, path, monkeypatch):
    report.add("one", 5, 1, 5)

    def full(*_):
        raise OSError(28, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(OSError):
            report.add("roster", 5, 1, 5)
    assert list(stored(path)) == ["one"]
    assert os.listdir(path.parent) == [path.name]


# ---- a run ----


@pytest.fixture
def run(path, tmp_path, monkeypatch, capsys):
    """`make bench` whose steps are invented: {step: error, or figures}; (exit status, rows, what it printed)."""
    def go(steps, unprepared=None, only=()):
        def prepare(self):
            if unprepared is not None:
                raise unprepared

        def step(self, name):
            outcome = steps.get(name)
            if isinstance(outcome, BaseException):
                raise outcome
            for row in bench.STEPS[name]:
                self.report.add(row, 1, 1, 1, target=1 if row == "latency-lone" else None)
        for name, invented in (("prepare", prepare), ("step", step), ("stand_up", lambda self: None)):
            monkeypatch.setattr(bench.Bench, name, invented)
        monkeypatch.setattr(bench, "machine", lambda options: "an invented machine")
        monkeypatch.setattr(signal, "signal", lambda *_: None)
        monkeypatch.setattr(sys, "argv", ["bench.py", "--tiny", "--json", str(path), "--folder", str(tmp_path / "b"),
                                          *(word for name in only for word in ("--only", name))])
        with pytest.raises(SystemExit) as ended:
            bench.main()
        return ended.value.code, stored(path), capsys.readouterr().out
    return go


EVERY_ROW = [row for rows in bench.STEPS.values() for row in rows]


def test_every_row_of_a_step_has_its_unit_and_target():
    assert len(EVERY_ROW) == len(set(EVERY_ROW))
    assert set(ROWS) == set(EVERY_ROW) | {f"memory-{name}" for name, *_ in bench.WORKLOADS}


def test_a_run_that_measured_everything_ends_with_0(run):
    status, rows, printed = run({})
    assert status == 0 and list(rows) == EVERY_ROW
    assert all(name in printed for name in EVERY_ROW) and "seed 1" in printed
    assert rows["one"]["met"] is False  # which is no error


def test_a_run_in_which_a_workload_failed_measures_the_others_and_ends_with_1(run):
    status, rows, printed = run({"claims": Failed("28,000 requests were used up"), "find": KeyError("p50")})
    assert status == 1 and set(rows) == set(EVERY_ROW)
    assert {name for name, row in rows.items() if row["value"] is None} == {"find", *bench.STEPS["claims"]}
    assert rows["claim"]["note"] == "28,000 requests were used up"
    assert "NOT MEASURED: 28,000 requests were used up" in printed


def test_only_what_is_asked_for_has_rows(run):
    status, rows, _ = run({"find": Failed("why")}, only=("growth", "find"))
    assert status == 1 and list(rows) == ["find", "growth"]


def test_a_run_that_could_not_be_prepared_says_so_in_every_row(run):
    status, rows, _ = run({}, unprepared=Failed("no room for a database"))
    assert status == 1 and list(rows) == EVERY_ROW
    assert all(row["value"] is None and row["note"] == "no room for a database" for row in rows.values())


def test_a_run_that_is_stopped_says_what_it_had_not_come_to(run):
    status, rows, printed = run({"roster": bench.Stopped()})
    assert status == 1 and set(rows) == set(EVERY_ROW)
    assert [name for name, row in rows.items() if row["value"] is not None] == ["one", "one-4"]
    assert rows["growth"]["note"] == "the run was stopped"
    assert "NOT MEASURED: the run was stopped" in printed


def test_the_memory_of_a_workload_that_failed_is_not_measured_either(path, tmp_path):
    options = SimpleNamespace(tiny=True, seconds=None, folder=tmp_path, load="load", json=path)
    invented = bench.Bench(options)
    invented.main = SimpleNamespace(worker_memory=lambda: (2048, 3072))
    invented.memory = {"one": [1024, 2048]}
    invented.report.add("one", 1, 1, 1)
    invented.report.unmeasured("find", "why")
    invented.tell_memory()
    rows = stored(path)
    assert list(rows) == ["one", "find", "memory-one", "memory-find", "memory-peak"]
    assert (rows["memory-one"]["value"], rows["memory-peak"]["value"]) == (2, 3)
    assert rows["memory-find"]["value"] is None and "find" in rows["memory-find"]["note"]


# ---- how much is prepared ----


class Machine:
    """Does so many requests a second on each lane; remembers how many were prepared for each slice."""

    def __init__(self, *rates):
        self.rates, self.prepared = iter(rates), []

    def go(self, n, seconds):
        rate = next(self.rates)
        self.prepared.append(n)
        done = min(n, rate * seconds)
        return {"requests": done * 4, "seconds": done / rate, "ran_out": done == n}


def test_a_slice_is_prepared_by_the_rate_of_its_warm_up():
    stocks, machine = Stocks(warm=400), Machine(50, 50, 50)
    result = stocks.slice("work", 3, 4, machine.go)
    assert machine.prepared == [100, 50 * 3 * MARGIN + 1]
    assert not result["ran_out"] and result["requests"] == 50 * 3 * 4
    stocks.slice("work", 3, 4, machine.go)  # the same work again: no warm-up
    assert len(machine.prepared) == 3


def test_a_warm_up_that_uses_up_its_stock_tells_the_rate_all_the_same():
    stocks, machine = Stocks(warm=400), Machine(100000, 100000)
    assert not stocks.slice("work", 3, 4, machine.go)["ran_out"]
    assert machine.prepared == [100, 100000 * 3 * MARGIN + 1]


def test_rows_and_outstanding_requests_count_in_a_warm_up():
    stocks, machine = Stocks(warm=4000), Machine(50, 50, 50, 50)
    stocks.slice("sets", 3, 4, machine.go, rows=500)
    stocks.slice("deep", 3, 4, machine.go, depth=2000)
    assert machine.prepared[0] == 2 and machine.prepared[2] == 4000


def test_a_slice_that_ran_out_is_made_again_with_more():
    stocks, machine = Stocks(warm=400), Machine(50, 300, 300, 300)
    result = stocks.slice("work", 3, 4, machine.go)  # six times as fast as in its warm-up
    assert not result["ran_out"] and result["requests"] == 300 * 3 * 4
    assert machine.prepared[1:] == [301, 300 * 3 * MARGIN + 1]
    stocks.slice("work", 3, 4, machine.go)
    assert machine.prepared[-1] == 300 * 3 * MARGIN + 1


def test_a_machine_that_outruns_every_stock_is_told_of():
    stocks, machine = Stocks(warm=400), Machine(*(50 * 3**i for i in range(ATTEMPTS + 1)))
    with pytest.raises(Failed, match=r"\d+ requests prepared for each of 4 connections were used up in less than 3 s"):
        stocks.slice("work", 3, 4, machine.go)
    assert len(machine.prepared) == ATTEMPTS + 1
