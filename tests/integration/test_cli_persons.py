# SPDX-License-Identifier: Apache-2.0
"""Persons from the command line: numbers are asked for, never arguments; tables, JSON, files."""

import csv
import json
import stat

import openpyxl
import pytest
import samples
from test_persons import enrol, find, person  # noqa: F401 (a fixture)

REASON = ["--purpose", "supervision", "--case", "JN-2026-19"]


@pytest.fixture
def desk(stack):
    def run(*words, profile="reviewer", lines=(), expect=0, chinese=True):
        done = stack.cli(profile, *words, input="".join(line + "\n" for line in lines),
                         env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8" if chinese else "C.UTF-8"})
        assert done.returncode == expect, done.stderr
        return done
    return run


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_found_by_a_number_on_standard_input(desk, person):
    row = person()
    [found] = rows(desk("--json", "trainee", "find", lines=[row["document_number"]]))
    assert (found["part"], found["version"], len(found["person_id"])) == ("person", 1, 32)
    assert row["document_number"] not in str(found) and row["name"] not in str(found)
    table = desk("person", "find", lines=[row["document_number"]]).stdout
    assert "居民身份证" in table and found["document_number"] in table


def test_no_number_no_answer(desk):
    done = desk("trainee", "find", expect=2)
    assert "证件号码" in done.stderr and done.stdout == ""
    english = desk("trainee", "find", expect=2, chinese=False)
    assert "document number" in english.stderr


def test_who_is_not_there_exits_three(desk):
    done = desk("trainee", "find", lines=[samples.resident_id()], expect=3)
    assert "未找到" in done.stderr


def test_shown_masked_revealed_in_clear(desk, person):
    row = person()
    masked = desk("trainee", "show", lines=[row["document_number"]]).stdout
    assert "参训记录" in masked and row["phone"] not in masked and row["name"] not in masked
    clear = desk("trainee", "reveal", *REASON, lines=[row["document_number"]]).stdout
    for key in ("name", "document_number", "phone", "address", "account_number"):
        assert row[key] in clear
    parts = [line["part"] for line in rows(desk("--json", "trainee", "show", lines=[row["document_number"]]))]
    assert parts == ["person", "document", "enrolment"]


@pytest.mark.parametrize("words, what", [
    (["trainee", "reveal"], "--purpose"),
    (["trainee", "reveal", "--purpose", "supervision"], "--case"),
    (["trainee", "reveal", "--purpose", "curiosity", "--case", "A-1"], "--purpose"),
    (["trainee", "show", "--id", "12"], "--id"),
    (["trainee", "amend", "--kind", "other", "--version", "1", "--case", "A-1"], "--kind"),
    (["trainee", "merge"], "--case"),
    (["trainee", "erase", "--case", "A-1"], "--version"),
    (["conflict", "resolve", "0" * 32, "--decision", "both", "--case", "A-1"], "--decision"),
    (["group", "add", "--from", "2026-01-01"], "--group"),
])
def test_wrong_usage_says_which_option(desk, words, what):
    done = desk(*words, lines=["11010519491231002X"], expect=2)
    assert what in done.stderr


def test_search_by_name_and_birth_date(desk, person):
    row = person()
    n = row["document_number"]
    found = rows(desk("--json", "trainee", "search", *REASON, lines=[row["name"], f"{n[6:10]}-{n[10:12]}-{n[12:14]}"]))
    assert len(found) >= 1


def test_amend_merge_and_groups(desk, person, wire):
    row, other = person(), person()
    number = row["document_number"]
    assert rows(desk("--json", "trainee", "amend", "--kind", "name", "--version", "1", "--case", "A-1",
                     lines=[number, samples.remember("新姓名")])) == [{"version": 2}]
    renewed = samples.resident_id()
    assert rows(desk("--json", "trainee", "amend", "--kind", "更正号码", "--version", "2", "--case", "A-2",
                     lines=[number, renewed, "新姓名"])) == [{"version": 3}]
    assert rows(desk("--json", "trainee", "merge", "--case", "A-3", lines=[renewed, other["document_number"]])) == [{"version": 4}]
    [fact] = rows(desk("--json", "group", "add", "--group", "就业困难人员", "--from", "2026-01-01", lines=[renewed, "示例认定书"]))
    desk("group", "end", fact["fact_id"], "--to", "2026-06-30")
    shown = desk("trainee", "reveal", *REASON, lines=[renewed]).stdout
    for words in ("更名", "更正号码", "合并记录", "A-3", "号码有误", "就业困难人员", "2026-06-30", "示例认定书"):
        assert words in shown


def test_conflicts_and_who_looked(desk, person, wire, open_class):
    row = person()
    assert enrol(wire(), open_class(), row | {"name": samples.remember("别名甲")}) == [["name-differs"]]
    number = row["document_number"]
    [held] = [c for c in rows(desk("--json", "conflict", "list")) if c["document_number"][-4:] == number[-4:] and c["stated_name"] == "别**"]
    desk("conflict", "resolve", held["conflict_id"], "--decision", "stated", "--case", "A-4")
    desk("trainee", "reveal", *REASON, lines=[number])
    log = rows(desk("--json", "trainee", "access-log", lines=[number]))
    assert [(a["method"], a["purpose"], a["case_reference"], a["operator_name"]) for a in log if a["method"] != "look"] == [
        ("person.reveal", "supervision", "JN-2026-19", "郑**")]
    assert any(h["operator_name"] == "郑**" and h["clear"] >= 1 for h in rows(desk("--json", "access", "list")))
    assert "明文人数" in desk("access", "list").stdout


def test_an_export_is_the_owners_alone_and_imports_again(desk, wire, open_class, tmp_path):
    number, rows_ = open_class(), samples.trainees(3)
    rows_[0]["address"] = samples.remember("=示例路1号")
    wire().call("roster.import", class_number=number, row=rows_)
    path = tmp_path / "导出.csv"
    assert rows(desk("--json", "roster", "export", path, "--class", number, *REASON)) == [{"exported": 3}]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8-sig")
    assert "'" + rows_[0]["document_number"] in text and "'=示例路1号" in text and ",=" not in text
    again = desk("--json", "roster", "import", path, "--class", open_class(), profile="institution")
    assert [r["verdict"] for r in rows(again)] == ["accept"] * 3


def test_an_export_as_a_spreadsheet_has_the_same_cells(desk, wire, open_class, tmp_path):
    """What looks like a formula is text there, without the apostrophe that CSV needs."""
    number, rows_ = open_class(), samples.trainees(2)
    rows_[0]["address"], rows_[1]["address"] = samples.remember("=1+1"), samples.remember("+86示例路1号")
    wire().call("roster.import", class_number=number, row=rows_)
    plain, path = tmp_path / "导出.csv", tmp_path / "导出.xlsx"
    for file in plain, path:
        desk("roster", "export", file, "--class", number, *REASON)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["导出.csv", "导出.xlsx"] and stat.S_IMODE(path.stat().st_mode) == 0o600
    written = [[cell.value or "" for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows()]
    with open(plain, encoding="utf-8-sig", newline="") as file:
        assert written == [[cell.removeprefix("'") for cell in row] for row in csv.reader(file)]
    assert {row[13] for row in written[1:]} == {"=1+1", "+86示例路1号"} and written[1][3] in {row["document_number"] for row in rows_}
    assert {cell.data_type for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize("name", ["导出.csv", "导出.xlsx"])
def test_a_refused_export_leaves_no_file(desk, tmp_path, name):
    desk("roster", "export", tmp_path / name, "--class", "299900001", *REASON, expect=3)
    assert list(tmp_path.iterdir()) == []


def test_erase(desk, person, open_class, wire):
    number = open_class()
    row = person(number)
    wire().call("class.cancel", number=number, version=1, reason="示例")
    erase = ["--json", "trainee", "erase", "--version", "1", "--case", "A-9"]
    assert rows(desk(*erase, profile="approver", lines=[row["document_number"]])) == [{"version": 2}]
    assert "未找到" in desk("trainee", "show", lines=[row["document_number"]], expect=3).stderr
