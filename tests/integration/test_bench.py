# SPDX-License-Identifier: Apache-2.0
"""The tools of `make bench` count right, and each of its workloads works. Nothing here looks at a speed; what the report says of
its results is test_bench_report.py's."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import BINARIES, BUILD, ROOT
from postgres import Failed

sys.path.insert(0, str(ROOT / "tests/bench"))
from baseline import NEXT, pgbench
from report import ROWS

LOAD = BUILD / "bench/load"  # `make bench-tool`


def load(stack, method, profile="institution", **words):
    certificate, key = stack.authority.issue(profile)
    words = {"server": f"127.0.0.1:{stack.port}", "ca": stack.authority.certificate, "certificate": certificate,
             "key": key} | words
    done = subprocess.run([str(LOAD), method, *(f"{k}={v}" for k, v in words.items())], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def class_pair(open_class):
    """Two classes with numbers that follow one another."""
    first, second = open_class(capacity=2000), open_class(capacity=2000)
    assert second == first + 1
    return first


def enrolled(stack, first):
    return stack.sql(f"SELECT string_agg(enrolled::text, ' ' ORDER BY class_number) FROM registry.class "
                     f"WHERE class_number IN ({first}, {first + 1})")


def test_every_record_is_counted_once(stack, class_pair):
    words = {"rows": 10, "class": class_pair, "connections": 2, "depth": 3, "requests": 5, "milliseconds": 20000, "first": 10**7}
    result = load(stack, "roster.import", **words)
    assert (result["requests"], result["records"], result["errors"]) == (10, 100, 0)
    assert result["ran_out"]
    assert enrolled(stack, class_pair) == "50 50"
    assert 0 < result["p50_ms"] <= result["p99_ms"] <= result["max_ms"] <= result["seconds"] * 1000
    # The same request ids again: the first answers once more, and nothing stored.
    again = load(stack, "roster.import", **words)
    assert (again["requests"], again["records"], again["errors"]) == (10, 100, 0)
    assert enrolled(stack, class_pair) == "50 50"


def test_what_is_refused_is_an_error(stack):
    result = load(stack, "roster.import", rows=1, **{"class": 202699999}, requests=3, milliseconds=20000)
    assert (result["requests"], result["records"], result["errors"]) == (3, 0, 3)
    assert result["reason"] == "class-unknown"


def test_look_ups_are_counted(stack, class_pair):
    load(stack, "roster.import", rows=20, **{"class": class_pair}, requests=1, milliseconds=20000, first=2 * 10**7)
    words = {"connections": 2, "requests": 4, "milliseconds": 20000, "first": 2 * 10**7}
    found = load(stack, "person.find", "reviewer", persons=20, **words)
    assert (found["requests"], found["records"], found["errors"]) == (8, 8, 0)
    shown = load(stack, "person.reveal", "reviewer", persons=20, **words)
    assert (shown["requests"], shown["records"], shown["errors"]) == (8, 8, 0)
    unknown = load(stack, "person.find", "reviewer", persons=1, **words | {"first": 3 * 10**7})
    assert (unknown["records"], unknown["errors"], unknown["reason"]) == (0, 8, "person-unknown")


def test_a_fixed_rate_is_kept_to(stack, class_pair):
    result = load(stack, "roster.import", rows=1, **{"class": class_pair}, connections=2, depth=8, requests=60, rate=50,
                  milliseconds=1000, first=4 * 10**7)
    assert result["requests"] == result["records"] == 50
    assert result["seconds"] >= 0.95


def test_a_client_of_pgbench_that_uses_up_what_was_prepared_for_it_says_so(stack, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text(NEXT + "SELECT 1;\n")
    ground = SimpleNamespace(postgres=stack.postgres, database="mingce")
    result = pgbench(ground, script, 2, 1, {"stretch": 5}, user="postgres")
    assert (result["ran_out"], result["requests"], result["records"]) == (True, 10, 10)
    result = pgbench(ground, script, 2, 0.05, {"stretch": 5}, rows=3, user="postgres")  # a slice that its stretch bounds
    assert (result["ran_out"], result["requests"], result["records"]) == (False, 10, 30)
    script.write_text(NEXT + "SELECT 1 / 0;\n")
    with pytest.raises(Failed):
        pgbench(ground, script, 2, 1, {"stretch": 5}, user="postgres")


# The whole bench with tiny stocks and slices, on the binaries that it measures; one workload is made to fail, and mingced with it.
SPOIL = """#!/bin/sh
case "$*" in "certificate.verify "*" depth=1 "*)
    pid=$(sed 's/.*"pid": *\\([0-9]*\\).*/\\1/' {state})
    kill -9 "$pid"
    while grep -q '^State:.[^Z]' "/proc/$pid/status"; do :; done
    echo "load: spoilt by a test" >&2
    exit 1
esac
exec {load} "$@"
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """(exit status, what was printed, rows, its folder)."""
    folder = tmp_path_factory.mktemp("bench")
    tool = folder / "load"
    tool.write_text(SPOIL.format(load=LOAD, state=folder / "b/m/state.json"))
    tool.chmod(0o755)
    release = BUILD / "bin"
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/bench/bench.py"), "--tiny", "--rounds", "1", "--build", str(BUILD),
         "--binaries", str(release if (release / "mingced").exists() else BINARIES), "--load", str(tool),
         "--folder", str(folder / "b"), "--json", str(folder / "bench.json")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=500)
    return done.returncode, done.stdout, {row["workload"]: row for row in json.loads((folder / "bench.json").read_text())}, folder


def test_every_workload_of_the_bench_works(tiny):
    _, printed, rows, folder = tiny
    assert set(rows) == set(ROWS), printed
    for name, row in rows.items():
        if name != "verify":
            assert row["value"] is not None and (row["value"] > 0 or name == "idle"), f"{row}\n{printed}"
    for name in ("batch-send", "batch-export", "batch-reply", "project-verify"):
        assert rows[name]["baseline"] > 0 and "pgbench" in rows[name]["note"], "what pgbench does of the same calls stands beside it"
    assert "seed 1" in printed and "PostgreSQL" in printed
    assert not (folder / "b").exists()


def test_a_workload_whose_tool_fails_is_a_row_with_its_reason(tiny):
    status, printed, rows, _ = tiny
    assert rows["verify"]["value"] is None and rows["verify"]["note"] == "load: spoilt by a test"
    assert "NOT MEASURED: load: spoilt by a test" in printed
    assert printed.count("mingced is not running: it is started again") == 1
    assert status == 1
