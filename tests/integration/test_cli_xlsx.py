# SPDX-License-Identifier: Apache-2.0
"""Spreadsheets that the program writes, as another program reads them: text cells, drop-downs, and nothing else that is left."""

import csv
import io
import os
import re
import signal
import stat
import subprocess
import zipfile

import openpyxl
import pytest
from conftest import BINARIES

OK, ROWS_REFUSED, USAGE, REFUSED, UNREACHABLE, FILE = range(6)
NOUNS = ["roster", "lesson", "attendance", "marks", "certificate", "claim", "decision", "employee", "fact", "standard", "policy", "calendar",
         "catalogue-training", "catalogue-demand", "catalogue-institution", "venue", "teacher", "snapshot", "batch", "reply", "fund-month",
         "evidence", "tranche"]
LISTED = {"人员类别": "groups", "民族": "ethnicities", "文化程度": "educations", "证件类型": "documents", "状态": "attendance", "证书类别": "certificates",
          "补贴项目": "lines", "技能等级": "levels", "场地性质": "tenures", "课程类型": "lessons", "上班或休息": "working", "培训方式": "modes"}


@pytest.fixture
def say(stack, tmp_path):
    """Runs it with a $TMPDIR in which nothing may ever be."""
    shared, known = tmp_path / "tmpdir", tmp_path / "leaks"
    shared.mkdir()
    known.write_text("leak:lxw_strdup\n")  # libxlsxwriter 1.1.4 forgets the range of each drop-down

    def run(profile, *words, expect=OK, zh=True, **environment):
        done = stack.cli(profile, *words, env=stack.environment(LC_ALL="zh_CN.UTF-8" if zh else "C.UTF-8", TMPDIR=str(shared),
                                                           LSAN_OPTIONS=f"suppressions={known}:print_suppressions=0", **environment))
        assert "Sanitizer" not in done.stderr, done.stderr
        assert done.returncode == expect, (words, done.stdout, done.stderr)
        assert list(shared.iterdir()) == []
        return done
    return run


def texts(sheet):
    return [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()]


def book_of(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as parts:
        assert parts.testzip() is None
        assert not any("<f>" in parts.read(part).decode() for part in parts.namelist() if "worksheets" in part)
    with open(path, "rb") as file:
        book = openpyxl.load_workbook(file)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.value is None or (cell.data_type, cell.number_format) == ("s", "@"), (cell.coordinate, cell.value)
    return book


def words_of(book, validation):
    """The words that a drop-down offers."""
    name, first, last = re.fullmatch(r"'(.*)'!\$([A-Z]+\$\d+):\$([A-Z]+\$\d+)", validation.formula1).groups()
    return [cell.value for [cell] in book[name][f"{first.replace('$', '')}:{last.replace('$', '')}"]]


def test_every_kind_of_file_has_a_template(say):
    described = say("nobody", "template", "--help", zh=False).stdout
    assert set(NOUNS) == set(re.findall(r"[a-z-]+", described.split("NOUN ")[-1].split("--output")[0])) - {""}, described


@pytest.mark.parametrize("noun", NOUNS)
def test_a_template_is_a_spreadsheet(say, tmp_path, noun):
    path, plain = tmp_path / "空白.xlsx", tmp_path / "空白.csv"
    say("nobody", "template", noun, "--output", path)
    say("nobody", "template", noun, "--output", plain)
    book = book_of(path)
    with open(plain, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    written = texts(book.worksheets[0])
    assert [row[:len(expected)] for row, expected in zip(written, rows, strict=True)] == rows  # the same as in CSV, marks and all
    header = 2 if noun == "snapshot" else 1
    sheet, guide = book.worksheets[0], book["填写说明"]
    assert sheet.freeze_panes == f"A{header + 1}" and all(cell.font.b for cell in sheet[header] if cell.value)
    assert not any(cell.font.b for cell in sheet[header + 1])
    assert [row[0] for row in texts(guide)[1:]] == rows[header - 1]  # every column has its sentence
    assert all(need and how.endswith("。") and how[:-1] != name for name, need, how, _ in texts(guide)[1:])
    titles = {cell.column_letter: cell.value for cell in sheet[header]}
    for validation in sheet.data_validations.dataValidation:
        [area] = validation.sqref.ranges
        title, offered = titles[area.coord.split(":")[0].rstrip("0123456789")], words_of(book, validation)
        assert area.min_row == header + 1 and validation.type == "list" and validation.errorStyle == "warning"
        assert offered and len(set(offered)) == len(offered)
        if title in LISTED:
            assert offered == [row[1] for row in csv.reader(io.StringIO(say("nobody", "code", "list", LISTED[title], "--format", "csv").stdout))][1:]
    for title in titles.values():
        letter = next(letter for letter, name in titles.items() if name == title)
        assert sheet.column_dimensions[letter].width >= 2 * len(title.split("（")[0])  # Chinese characters take two places


def test_a_roster_has_its_lists_and_keeps_numbers(say, tmp_path):
    path = tmp_path / "花名册.xlsx"
    say("nobody", "template", "roster", "--output", path)
    with zipfile.ZipFile(path) as parts:
        sheet, styles = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    formats = [int(n) for n in re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])]
    columns = re.findall(r'<col min="(\d+)" max="\1" [^>]*style="(\d+)"', sheet)
    assert len(columns) == 17 and {formats[int(style)] for _, style in columns} == {49}  # "@": what is typed below stays text as well
    book = book_of(path)
    offered = {validation.sqref.ranges[0].coord.split("2:")[0]: words_of(book, validation) for validation in book["花名册"].data_validations.dataValidation}
    assert offered["E"] == ["男", "女"] and "失业人员" in offered["I"] and len(offered["G"]) == 56


def test_the_format_says_more_than_the_name(say, tmp_path):
    say("nobody", "template", "marks", "--format", "xlsx", "--output", tmp_path / "a.csv")
    book_of(tmp_path / "a.csv")
    say("nobody", "--format=csv", "template", "marks", "--output", tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_text(encoding="utf-8-sig").startswith("姓名,")
    for words in ("--format", "pdf"), ("--json",), ("--format", "table"):
        say("nobody", "template", "marks", *words, "--output", tmp_path / "b", expect=USAGE)
    assert not (tmp_path / "b").exists()


def test_a_template_of_either_kind_replaces_no_file(say, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("filled in\n")
    say("nobody", "template", "venue", "--output", path, expect=FILE)
    assert path.read_text() == "filled in\n"


# ---- whole or not at all ----

PROGRAM = [BINARIES / "mingce", "template", "roster", "--output"]


def signals_restored():
    """Whoever runs the tests in the background, or under nohup, has some ignored."""
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT:
        signal.signal(number, signal.SIG_DFL)


def traced(tmp_path, *inject, **environment):
    """What becomes of a template while the kernel refuses something, or of a program that is stopped."""
    folder = tmp_path / "beside"
    folder.mkdir(exist_ok=True)
    (folder / "a.xlsx").unlink(missing_ok=True)
    done = subprocess.run(["strace", "-f", "-o", tmp_path / "trace", *inject, *PROGRAM, folder / "a.xlsx"], capture_output=True, text=True, timeout=120,
                          preexec_fn=signals_restored, env=os.environ | {"LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0", "TMPDIR": str(tmp_path)} | environment)
    assert "ptrace" not in done.stderr, done.stderr
    return done, folder


@pytest.mark.parametrize("for_how_long", [1, 4, 1000])
def test_a_part_that_cannot_be_written_is_found_out(tmp_path, for_how_long):
    """libxlsxwriter does not say. At each of its writes a full disk, for a while or from then on."""
    seen = set()
    for n in range(1, 200):
        done, folder = traced(tmp_path, "-e", "trace=write", "-e", f"inject=write:error=ENOSPC:when={n}..{n + for_how_long - 1}")
        if "INJECTED" not in (tmp_path / "trace").read_text():
            break
        there = [path.name for path in folder.iterdir()]
        assert there in ([], ["a.xlsx"]) and done.returncode == (OK if there and done.stdout else FILE), (n, done)
        if there:  # it was tried again, or only the line that says so could not be written
            book_of(folder / "a.xlsx")
        seen.add(bool(there))
    else:
        pytest.fail("it writes on and on")
    assert seen == {False, True} and n > 20
    assert done.returncode == OK
    book_of(folder / "a.xlsx")


@pytest.mark.parametrize("call", ["fsync", "renameat", "fallocate", "memfd_create", "mkdir"])
def test_what_the_kernel_refuses_leaves_nothing(tmp_path, call):
    done, folder = traced(tmp_path, "-e", f"trace={call}", "-e", f"inject={call}:error=ENOSPC:when=1+")
    assert "INJECTED" in (tmp_path / "trace").read_text()
    assert done.returncode == FILE and "a.xlsx" in done.stderr, done.stderr
    assert list(folder.iterdir()) == []


def test_a_limit_of_file_sizes_leaves_nothing(tmp_path):
    for kib in 1, 4, 16:
        done = subprocess.run(["bash", "-c", f'ulimit -f {kib}; exec "$@"', "bash", *PROGRAM, tmp_path / "a.xlsx"], capture_output=True, text=True, timeout=60,
                              env=os.environ | {"LC_ALL": "C.UTF-8"})
        assert done.returncode == FILE and "File too large" in done.stderr, done.stderr
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_waits_until_nothing_is_left(tmp_path, number):
    """It comes as soon as the folder is made."""
    done, folder = traced(tmp_path, "-e", "trace=mkdir", "-e", f"inject=mkdir:signal={number.name}:when=1")
    assert "INJECTED" not in done.stderr and f"--- {number.name}" in (tmp_path / "trace").read_text()
    assert done.returncode == -number and [path.name for path in folder.iterdir()] == ["a.xlsx"], done
    book_of(folder / "a.xlsx")


def opened(tmp_path):
    """Where temporary files were made."""
    made = re.findall(r'openat?\((?:AT_FDCWD, )?"([^"]*)/tmp\.[^"/]*", O_RDWR\|O_CREAT\|O_EXCL, 0600\)', (tmp_path / "trace").read_text())
    return {os.path.dirname(path) for path in made}


def test_the_parts_are_put_together_where_nobody_else_reads(tmp_path):
    """In memory of the user's own; if there is none, beside the file, and never in $TMPDIR."""
    own, others = "/dev/shm/mingce-test-" + os.urandom(4).hex(), tmp_path / "run"
    os.mkdir(own, 0o700)
    others.mkdir(mode=0o700)
    trace = ["-e", "trace=%file"]
    try:
        done, folder = traced(tmp_path, *trace, XDG_RUNTIME_DIR=own)
        assert done.returncode == OK and opened(tmp_path) == {own} and os.listdir(own) == []
        os.chmod(own, 0o750)
        done, folder = traced(tmp_path, *trace, XDG_RUNTIME_DIR=own)
        assert done.returncode == OK and opened(tmp_path) == {str(folder)}
    finally:
        os.rmdir(own)
    for runtime in str(others), own, "run", "":  # no memory; not there; no absolute path
        done, folder = traced(tmp_path, *trace, XDG_RUNTIME_DIR=runtime)
        assert done.returncode == OK and opened(tmp_path) == {str(folder)}
        assert {path.name for path in folder.iterdir()} == {"a.xlsx"} and list(others.iterdir()) == []
