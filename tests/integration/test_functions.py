# SPDX-License-Identifier: Apache-2.0
"""How functions of the database are written: names become numbers and comments COMMENT ON when the program is built, and a lint finds
what has no name. No daemon is needed."""

import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HEAD = "/* What it does: somebody's. */\nCREATE FUNCTION api.f(in_kind int2) RETURNS int2 LANGUAGE plpgsql AS $$\nBEGIN\n"
TAIL = "END $$;\n"


def made(tmp_path, text):
    """(exit status, what PostgreSQL would get, what was said)."""
    (tmp_path / "f.sql").write_text(text)
    enums = [*sorted((ROOT / "proto").glob("*.proto")), ROOT / "daemon/registry/part.h"]
    ended = subprocess.run(["awk", "-f", ROOT / "migrations/gen_api.awk", *enums, tmp_path / "f.sql"], capture_output=True, text=True)
    return ended.returncode, ended.stdout, ended.stderr


def lint(tmp_path, body):
    (tmp_path / "f.sql").write_text(HEAD + body + TAIL)
    return subprocess.run([sys.executable, ROOT / "tests/lint/sql.py", tmp_path / "f.sql"], capture_output=True, text=True)


def test_names_become_numbers_and_lines_stay(tmp_path):
    body = "    IF in_kind = KIND_CITY_BUREAU THEN /* KIND_AUDITOR */\n        RETURN OUTCOME_CLAIM_UNKNOWN; -- KIND_AUDITOR\n    END IF;\n    x := 'KIND_AUDITOR';\n"
    status, text, _ = made(tmp_path, HEAD + body + TAIL)
    assert status == 0
    assert "in_kind = 4 /* KIND_CITY_BUREAU */ THEN /* KIND_AUDITOR */\n" in text
    assert "RETURN 126 /* OUTCOME_CLAIM_UNKNOWN */; -- KIND_AUDITOR\n" in text
    assert "x := 'KIND_AUDITOR';\n" in text
    lines = (HEAD + body + TAIL).count("\n")
    assert text.split("\n")[lines] == "COMMENT ON FUNCTION api.f IS 'What it does: somebody''s.';"


@pytest.mark.parametrize("text, said", [
    (HEAD + "    RETURN OUTCOME_NO_SUCH;\n" + TAIL, "f.sql:4: OUTCOME_NO_SUCH is no value of an enum"),
    (HEAD.split("\n", 1)[1] + TAIL, "f.sql:1: api.f has no comment right before it"),
])
def test_build_refuses(tmp_path, text, said):
    status, _, error = made(tmp_path, text)
    assert status != 0
    assert said in error


@pytest.mark.parametrize("body", [
    "    RETURN OUTCOME_DONE;\n", "    n := n + 1;\n", "    IF in_kind IN (KIND_AUDITOR) AND places > 3 THEN\n", "    x := CASE WHEN a THEN 0 ELSE n END;\n",
])
def test_lint_accepts(tmp_path, body):
    ended = lint(tmp_path, body)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("body, what", [
    ("    RETURN 126;\n", "`RETURN 126`"), ("    IF in_kind IN (4, 5) THEN\n", "`in_kind IN (4`"), ("    IF c.state <> 3 THEN\n", "`state <> 3`"),
    ("    outcomes[n] := 1;\n", "`outcomes[n] := 1`"), ("    x := CASE WHEN a THEN 12 END;\n", "`THEN 12`"), ("    x := f('{4,5}');\n", "`'{4,5}'`"),
    ("    x := '" + "y" * 120 + "';\n", "characters (most 120)"), ("    n := n;\n" * 100, "has 102 lines (most 100)"),
])
def test_lint_refuses(tmp_path, body, what):
    ended = lint(tmp_path, body)
    assert ended.returncode == 1
    assert what in ended.stdout
