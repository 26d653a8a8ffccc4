# SPDX-License-Identifier: Apache-2.0
"""What mingce does on a terminal: the pager, the question before what cannot be taken back, progress; and what it does without one."""

import fcntl
import json
import os
import pty
import stat
import struct
import subprocess
import termios

import pytest
from test_claims import graduates  # noqa: F401 (a fixture)
from test_cli_claims import sheet

OK, USAGE, FILE = 0, 2, 5
LEVELS = ["code", "list", "levels"]  # a header and nine rows, offline
CLOSE = ["organisation", "close", "52370100300000010X", "--version", "1", "--reason", "x"]
FINAL = {"batch send", "claim claw-back", "claim pay", "class cancel", "fund carry", "organisation close", "project carry-out",
         "project close", "project pay", "project terminate", "teacher erase", "trainee erase", "trainee merge"}


def terminal(command, rows=24, answer="", **environment):
    """Runs it on a terminal of so many rows; its exit status, and what the terminal shows. An answer waits there from the beginning."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 80, 0, 0))
    os.write(master, answer.encode())
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "dumb", "LC_ALL": "C.UTF-8"} | environment
    run = subprocess.Popen([str(c) for c in command], stdin=slave, stdout=slave, stderr=slave, env={k: v for k, v in env.items() if v is not None},
                           start_new_session=True)
    os.close(slave)
    shown = b""
    try:
        while part := os.read(master, 65536):
            shown += part
    except OSError:  # the last of them has closed it
        pass
    os.close(master)
    return run.wait(timeout=120), shown.decode().replace("\r\n", "\n")


def shown(stack, *words, **options):
    return terminal([stack.mingce, *words], **options)


# ---- the pager ----

def test_a_pager_shows_what_is_longer_than_the_screen(stack):
    paged = {"MINGCE_PAGER": "sed s/^/P:/"}
    plain = shown(stack, *LEVELS, rows=24, **paged)
    assert plain[0] == OK and "P:" not in plain[1] and "apprentice" in plain[1]
    status, text = shown(stack, *LEVELS, rows=5, **paged)
    assert status == OK and {line[:2] for line in text.splitlines()} == {"P:"}
    assert text.replace("P:", "") == plain[1]
    assert shown(stack, "--no-pager", *LEVELS, rows=5, **paged) == shown(stack, *LEVELS, "--no-pager", rows=5, **paged) == plain


def test_which_pager(stack):
    plain = shown(stack, *LEVELS)
    assert "P:" in shown(stack, *LEVELS, rows=5, PAGER="sed s/^/P:/")[1]
    for silent in ({"MINGCE_PAGER": "", "PAGER": "sed s/^/P:/"}, {"MINGCE_PAGER": "cat"}, {"PAGER": ""}, {"MINGCE_PAGER": "/nonexistent/pager"}):
        status, text = shown(stack, *LEVELS, rows=5, **silent)
        assert status == OK and text.endswith(plain[1]), silent
    asked = "MINGCE_PAGER", "cat >/dev/null; echo $LESS $LESSCHARSET"
    assert shown(stack, *LEVELS, rows=5, **dict([asked]))[1] == "FRSXMK utf-8\n"
    assert shown(stack, *LEVELS, rows=5, LESS="X", **dict([asked]))[1] == "X utf-8\n"


def test_the_exit_status_is_the_commands(stack):
    assert shown(stack, *LEVELS, rows=5, MINGCE_PAGER="cat >/dev/null; exit 9") == (OK, "")
    assert shown(stack, *LEVELS, rows=5, MINGCE_PAGER="true") == (OK, "")  # it reads nothing
    assert shown(stack, "code", "list", "nothing", rows=5, MINGCE_PAGER="true")[0] == USAGE


def test_clear_data_is_shown_by_less_alone_and_securely(stack, graduates, tmp_path):
    _, [row] = graduates(1)
    fake = tmp_path / "less"
    fake.write_text("#!/bin/sh\necho less $LESSSECURE $LESSHISTFILE $LESSOPEN\nexec cat\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    environment = stack.environment() | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "TERM": "dumb", "LESSOPEN": "|true %s", "PAGER": "sed s/^/P:/"}
    status, text = terminal([stack.mingce, "--profile", "reviewer", "trainee", "reveal", "--purpose", "verification", "--case", "JN-1"], rows=4,
                            answer=row["document_number"] + "\n", **environment)
    assert status == OK and "less 1 -\n" in text and "P:" not in text and row["name"] in text


def test_a_reader_that_goes_is_not_told_of(stack):
    """`| head`: the status says that not all was written (test_cli.py), and stderr nothing."""
    run = subprocess.Popen([stack.mingce, "code", "list", "occupations"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    run.stdout.close()
    assert run.stderr.read() == "" and run.wait(timeout=120) == FILE


# ---- what cannot be taken back ----

def test_which_commands_ask(stack):
    table = json.loads(subprocess.run([stack.mingce, "--describe"], check=True, capture_output=True, text=True).stdout)["commands"]
    assert {f"{row['noun']} {row['verb']}" for row in table if row["final"]} == FINAL
    assert "[--yes]" in subprocess.run([stack.mingce, *CLOSE[:2], "--help"], capture_output=True, text=True).stdout


def test_it_asks_on_a_terminal_and_goes_on_without_one(stack):
    """Whoever means it gets as far as the profile, which is not there."""
    for answer in ("n\n", "\n", "\x04"):
        status, text = shown(stack, *CLOSE, answer=answer)
        assert status == USAGE and "cannot be undone" in text and "nothing was done" in text and "profile" not in text, text
    for options in ({"answer": "y\n"}, {}):
        words = CLOSE if options else [*CLOSE, "--yes"]
        status, text = shown(stack, *words, **options)
        assert status == USAGE and "profile" in text and ("cannot be undone" in text) == bool(options), text
    for words in (CLOSE, [*CLOSE, "--yes"]):
        done = subprocess.run([stack.mingce, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, env={"HOME": "/nonexistent", "LC_ALL": "C.UTF-8"})
        assert done.returncode == USAGE and "profile" in done.stderr and "undone" not in done.stderr, done.stderr
    assert "不能撤销" in shown(stack, *CLOSE, answer="n\n", LC_ALL="zh_CN.UTF-8")[1]
    assert subprocess.run([stack.mingce, *LEVELS, "--yes"], capture_output=True).returncode == USAGE  # there is nothing to be sure of


# ---- progress ----

def test_progress_for_programs(stack, tmp_path):
    rows = 3000
    path = sheet(tmp_path / "名册.csv", ("姓名", "证件号码", "人员类别"), *(("示例", "x", "7") for _ in range(rows)))
    check = [stack.mingce, "roster", "check", path]
    quiet = subprocess.run(check, capture_output=True, text=True)
    told = subprocess.run([*check, "--progress=json"], capture_output=True, text=True)
    before = subprocess.run([check[0], "--progress=json", *check[1:]], capture_output=True, text=True)
    assert "{" not in quiet.stderr and quiet.stdout == told.stdout and quiet.returncode == told.returncode == before.returncode
    for done in (told, before):
        lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        assert lines[0] == {"done": 0, "total": rows, "rows_per_s": 0, "seconds_left": 0}
        assert [line["done"] for line in lines] == sorted(line["done"] for line in lines)
        assert (lines[-1]["done"], lines[-1]["total"], lines[-1]["seconds_left"]) == (rows, rows, 0)
    assert subprocess.run([*check, "--progress=bar"], capture_output=True).returncode == USAGE
