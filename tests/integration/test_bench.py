# SPDX-License-Identifier: Apache-2.0
"""The tools of `make bench` count right and say it in the agreed form. Nothing here looks at a speed."""

import json
import subprocess
import sys

import pytest
from conftest import BINARIES, BUILD, ROOT

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


def test_the_bench_says_everything_in_the_agreed_form(tmp_path):
    path = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/bench/bench.py"), "--tiny", "--rounds", "1", "--seconds", "1",
         "--binaries", str(BINARIES), "--load", str(LOAD), "--folder", str(tmp_path / "b"), "--json", str(path)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    assert done.returncode == 0, done.stdout
    listed = json.loads(path.read_text())
    rows = {row["workload"]: row for row in listed}
    assert len(rows) == len(listed), [row["workload"] for row in listed]
    assert {"one", "one-4", "roster", "roster-copy", "find", "find-4", "clear", "growth", "idle", "idle-cost", "latency-p50",
            "latency-p99", "latency-lone", "memory-one", "memory-peak", "integrate", "audit-price", "covered-p50", "covered-p99",
            "verify", "audit-verify"} <= set(rows)
    for name, row in rows.items():
        assert {"workload", "unit", "value", "baseline", "ratio", "target", "met"} <= set(row), name
        assert (row["value"] > 0 or name == "idle") and row["unit"], row
        assert (row["target"] is None) == (row["met"] is None), row
        assert name in done.stdout
    assert rows["one"]["met"] == (rows["one"]["ratio"] >= rows["one"]["target"])
    assert "seed 1" in done.stdout and "PostgreSQL" in done.stdout
    assert not (tmp_path / "b").exists()
