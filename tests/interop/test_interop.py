# SPDX-License-Identifier: Apache-2.0
"""The independent client against a server of its own."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLIENT = ROOT / "tests/interop/client.py"


@pytest.fixture(scope="module")
def morning(stack, tmp_path_factory):
    """Runs the client as a profile; the finished process."""
    messages = tmp_path_factory.mktemp("pb")
    subprocess.run(["protoc", f"--proto_path={ROOT / 'proto'}", f"--python_out={messages}",
                    *sorted((ROOT / "proto").glob("*.proto"))], check=True)

    def run(profile):
        return subprocess.run([sys.executable, CLIENT, profile], env=os.environ | {"PYTHONPATH": str(messages)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    return run


def test_enrols_reads_and_is_refused(stack, morning):
    done = morning(stack.profiles / "institution")
    assert done.returncode == 0, done.stdout
    assert "hello: 济南示例职业培训学校, ['ROLE_CLERK'], 500 rows a request\n" in done.stdout
    assert "enrolled 2, in it before 0, refused 1\n" in done.stdout
    assert re.search(r"^  row 3 name: .+ / .+$", done.stdout, re.M)
    assert re.search(r"^  row 3 phone: .+ / .+$", done.stdout, re.M)
    assert "repeated with its request id: the first answer\n" in done.stdout
    assert "  1 示** 1101**********0030 138****0001\n  2 示** 1101**********0057 138****0002\n" in done.stdout
    assert "refused: CODE_NOT_FOUND class-unknown: " in done.stdout
    # What it enrolled is what our own client sees.
    number = re.search(r"^class (\d+)$", done.stdout, re.M).group(1)
    listed = stack.cli("institution", "roster", "list", "--class", number, "--json")
    assert listed.returncode == 0, listed.stderr
    assert [line.count('"1101**********00') for line in listed.stdout.splitlines()] == [1, 1]
    assert stack.sql("SELECT count(*) FROM registry.enrolment") == "2"


def test_role_that_may_not(stack, morning):
    done = morning(stack.profiles / "auditor")
    assert done.returncode == 1
    assert "CODE_FORBIDDEN method-forbidden: " in done.stdout


def test_stranger_is_turned_away(stack, morning, tmp_path):
    """A certificate of the right authority that is nobody's."""
    certificate, key = stack.authority.issue("nobody")
    profile = tmp_path / "nobody"
    profile.write_text((stack.profiles / "institution").read_text()
                       .replace(str(stack.authority.folder / "institution.pem"), str(certificate))
                       .replace(str(stack.authority.folder / "institution.key"), str(key)))
    done = morning(profile)
    assert done.returncode == 1
    assert "CODE_UNAUTHENTICATED operator-unknown: " in done.stdout
