# SPDX-License-Identifier: Apache-2.0
"""What `make check` says of suites that go wrong: they are counted as far as they came, and what hung is named."""

import os
import pathlib
import sys

import pytest
from conftest import ROOT
from waiting import until

sys.path.insert(0, str(ROOT / "tests/runner"))
import progress
import running

PASSES = "def test_passes(): pass\n"
HANGS = "import time\ndef test_hangs():\n    time.sleep(600)\n"
DIES = "import os\ndef test_dies():\n    os._exit(3)\n"
FAILS = "def test_fails():\n    assert [] == ['why']\n"
SKIPS = "import pytest\n@pytest.mark.skip\ndef test_skips(): pass\n"


@pytest.fixture
def suite(tmp_path):
    """Runs files of tests as tests/check.py does: (how many passed, failures)."""
    def run(*texts, timeout=60):
        for i, text in enumerate(texts):
            (tmp_path / f"test_{i}.py").write_text(text)
        told = progress.Progress("invented")
        counted = progress.Counted(told)
        reading, writing = os.pipe()
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "MINGCE"))}
        env |= {"MINGCE_REPORT_TO": str(writing), "PYTHONPATH": str(ROOT / "tests/runner")}
        status, text = running.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "reporting", f"--timeout={timeout}",
                                    "--timeout-method=signal", "--rootdir", tmp_path, tmp_path], tmp_path, env, pass_fds=[writing])
        os.close(writing)
        with open(reading) as pipe:
            counted.hear(pipe)
        return counted.result("invented", status, text)
    return run


def test_what_passes_is_counted(suite):
    assert suite(PASSES, PASSES) == (2, [])


def test_a_failure_says_why(suite):
    passed, [failure] = suite(PASSES, FAILS)
    assert passed == 1 and "test_fails: call failed" in failure and "'why'" in failure


def test_what_is_skipped_did_not_pass(suite):
    passed, [failure] = suite(PASSES, SKIPS)
    assert passed == 1 and "test_skips: setup skipped" in failure


def test_a_test_that_hangs_is_ended_and_the_others_run(suite):
    passed, [failure] = suite(PASSES, HANGS, PASSES, timeout=1)
    assert passed == 2 and "test_hangs: call failed" in failure and "Timeout" in failure and "time.sleep" in failure


def test_a_suite_that_dies_has_counted_and_names_what_it_was_at(suite):
    passed, failures = suite(PASSES + "#" * len(DIES), DIES, PASSES)  # the longest first
    assert passed == 1 and len(failures) == 2
    assert "test_dies: began and did not end" in failures[0] and "1 tests were not run" in failures[1]


def test_a_file_that_cannot_be_read_is_a_failure(suite):
    passed, failures = suite("this is no Python\n")
    assert passed == 0 and "SyntaxError" in failures[0]


def test_a_program_that_says_nothing_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(progress, "TEST_S", 1)
    heard = []
    status, text = running.run(["sh", "-c", "echo begun; exec sleep 600"], tmp_path, os.environ, heard.append)
    assert status != 0 and heard == ["begun"] and "nothing said for 1 s" in text


def test_the_status_and_each_line_are_heard(tmp_path):
    heard = []
    assert running.run(["sh", "-c", "echo one; echo two >&2; exit 7"], tmp_path, os.environ, heard.append) == (7, "one\ntwo\n")
    assert heard == ["one", "two"]
    assert running.run(["sh", "-c", "printf no-newline"], tmp_path, os.environ) == (0, "no-newline")


def test_what_a_command_leaves_running_is_ended(tmp_path):
    status, text = running.run(["sh", "-c", "sleep 600 & echo $!"], tmp_path, os.environ)
    assert status == 0
    until(lambda: not pathlib.Path(f"/proc/{int(text)}").exists())
