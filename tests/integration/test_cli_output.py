# SPDX-License-Identifier: Apache-2.0
"""Lists are written to files, which the next command reads as they are."""

import csv
import io
import stat

import openpyxl
import pytest
from claims import certify
from test_claims import claimed, graduates, standards  # noqa: F401 (fixtures)
from test_cli_claims import FILE, OK, ROWS_REFUSED, USAGE, desk, rows, sheet  # noqa: F401 (a fixture)


def cells(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("chinese", [True, False], ids=["zh", "en"])
def test_claims_that_wait_are_listed_written_and_decided(desk, graduates, standards, wire, claimed, tmp_path, chinese):
    number, people = graduates(2)
    numbers, _ = certify(wire(), number, people)
    certificates = tmp_path / "certificates.csv"
    desk("institution", "certificate", "list", "--class", number, "--output", certificates, chinese=chinese)
    assert stat.S_IMODE(certificates.stat().st_mode) == 0o600
    text = certificates.read_text(encoding="utf-8-sig").splitlines()  # and the clerk adds what only the clerk knows
    certificates.write_text("\n".join([text[0] + ",未收费,代领协议编号", *(line + ",是,DL-1" for line in text[1:])]))
    desk("institution", "claim", "submit", certificates, chinese=chinese)
    batch = tmp_path / "办理.csv"
    said = desk("reviewer", "claim", "queue", "--class", number, "-o", batch, chinese=chinese).stdout
    assert str(batch) in said and "2" in said
    listed = cells(batch)
    assert {row["姓名"][1:] for row in listed} <= {"*" * n for n in range(1, 9)}
    assert not any(p["document_number"] in batch.read_text() for p in people)
    assert [row["证书编号"] for row in listed] == numbers or [row["证书编号"] for row in listed] == numbers[::-1]
    swapped = tmp_path / "错位.csv"
    swapped.write_text(batch.read_text().replace(numbers[0], "?").replace(numbers[1], numbers[0]).replace("?", numbers[1]))
    said = rows(desk("reviewer", "--json", "claim", "decide", "accept", swapped, expect=ROWS_REFUSED, chinese=chinese))
    assert [why["code"] for row in said for why in row["reasons"]] == ["holder-certificate"] * 2
    printed = desk("reviewer", "claim", "list", "--class", number, chinese=chinese).stdout.splitlines()
    assert ("证书编号" if chinese else "certificate number") in printed[0] and any(numbers[0] in line for line in printed[1:])
    shown = desk("reviewer", "claim", "show", listed[0]["申领编号"], chinese=chinese).stdout
    assert listed[0]["证书编号"] in shown
    done = desk("reviewer", "claim", "decide", "accept", batch, chinese=chinese).stderr
    assert ("本命令不用，或名称无法识别" if chinese else "not needed here or of which nothing is known") in done  # the list's own columns are not strange
    states = rows(desk("reviewer", "--json", "claim", "list", "--class", number))
    assert {c["state"] for c in states} == {"accepted"} and len(states) == 2
    desk("reviewer", "claim", "decide", "accept", batch, expect=ROWS_REFUSED, chinese=chinese)  # what is written is of its moment


@pytest.mark.parametrize("chinese", [True, False], ids=["zh", "en"])
def test_standards_and_days_are_written_and_read(desk, standards, tmp_path, chinese):
    """What it says stands already: nothing is new, and every column that says something is known."""
    file, days = tmp_path / "list.csv", tmp_path / "days.csv"
    desk("approver", "standard", "list", "--division", "370100", "--output", file, chinese=chinese)
    assert cells(file)
    again = rows(desk("approver", "--json", "standard", "load", file, chinese=chinese))
    assert {(row["verdict"], *(reason["code"] for reason in row["reasons"])) for row in again} == {("duplicate", "unchanged")}
    days.write_text("日期,上班或休息,文件依据\n2041-05-01,休息,示例\n")
    desk("reviewer", "calendar", "load", days)
    listed = desk("approver", "calendar", "list", "--division", "370100", "--pending", "--output", file, chinese=chinese)
    assert ("日历已知至" if chinese else "the calendar is known") in listed.stderr  # the cells alone are always in Chinese
    assert [row["安排"] for row in cells(file)][:1] == ["休息"]
    desk("reviewer", "calendar", "load", file, chinese=chinese)


def test_questions_are_written_for_their_answers(desk, tmp_path):
    file = tmp_path / "核验.csv"
    desk("agency", "fact", "list", "--purpose", "verification", "--case", "JN-2026-1", "--output", file)
    assert file.read_text(encoding="utf-8-sig").startswith("申领编号,核验事项,")


def test_a_masked_number_of_a_list_states_nothing(desk, graduates, standards, wire, tmp_path):
    """D2: a number that holds a resident's is masked in the file, which the next command reads all the same."""
    number, people = graduates(1)
    certify(wire(), number, people, numbers=[people[0]["document_number"]])
    batch = tmp_path / "办理.csv"
    desk("institution", "claim", "submit", sheet(tmp_path / "申领.csv", ("证书编号", "未收费", "代领协议编号"), (people[0]["document_number"], "是", "DL-1")))
    desk("reviewer", "claim", "queue", "--class", number, "--output", batch)
    [row] = cells(batch)
    assert row["证书编号"] == people[0]["document_number"][:4] + "*" * 10 + people[0]["document_number"][-4:]
    desk("reviewer", "claim", "decide", "accept", batch)


EMPTY = [("reviewer", "claim list --class 209900001"), ("reviewer", "claim queue --class 209900001"), ("institution2", "claim public --division 371702"),
         ("institution", "certificate list --class 209900001"), ("approver", "standard list --day 1999-01-01"), ("approver", "policy list --day 1899-01-01"),
         ("approver", "calendar list --division 370100 --from 2090-01-01"), ("auditor", "audit log --class 209900001"), ("institution", "lesson list --class CLASS"),
         ("institution", "training list --class CLASS"), ("institution", "roster list --class CLASS"), ("institution2", "claim list")]


@pytest.mark.parametrize("who, words", EMPTY, ids=[words.split(" -")[0] + " " + who for who, words in EMPTY])
def test_an_empty_list_says_that_there_is_nothing(desk, open_class, tmp_path, who, words):
    """In words, on stderr, so that what is piped on is the list; not to programs, and not where a file says how many rows it has."""
    words = words.replace("CLASS", str(open_class())).split()
    for chinese, sentence in ((True, "没有符合条件的记录"), (False, "nothing to list")):
        said = desk(who, *words, chinese=chinese)
        assert sentence in said.stderr and len(said.stdout.splitlines()) == 1
    programs = desk(who, "--json", *words)
    assert (programs.stdout, programs.stderr) == ("", "")
    file = tmp_path / "list.csv"
    written = desk(who, *words, "--output", file)
    assert "0" in written.stdout and written.stderr == "" and cells(file) == []


def test_a_list_that_has_something_says_no_such_thing(desk):
    assert desk("auditor", "organisation", "list").stderr == "" == desk("auditor", "organisation", "list", chinese=False).stderr


def test_no_file_where_there_is_no_list(desk, tmp_path):
    file = tmp_path / "list.csv"
    desk("reviewer", "--json", "claim", "list", "--output", file, expect=USAGE)
    desk("institution", "claim", "show", "00" * 16, "--output", file, expect=USAGE)
    assert desk("institution", "audit", "log", "--output", file, expect=3) and not file.exists()
    desk("reviewer", "claim", "list", "--output", tmp_path / "no" / "such", expect=FILE)


def spreadsheet(path):
    """The cells of a workbook, which are all text."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with open(path, "rb") as file:
        [sheet] = openpyxl.load_workbook(file)
    cells_ = [cell for row in sheet.iter_rows() for cell in row]
    assert {(cell.data_type, cell.number_format) for cell in cells_ if cell.value is not None} == {("s", "@")} and sheet.freeze_panes == "A2"
    return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("chinese", [True, False], ids=["zh", "en"])
def test_a_list_is_the_same_in_every_format(desk, graduates, standards, wire, claimed, tmp_path, chinese):
    """The cells of the Chinese table: masked as there, amounts in yuan, numbers and ids as text."""
    number, people = graduates(2)
    numbers, _ = certify(wire(), number, people)
    desk("institution", "claim", "submit", sheet(tmp_path / "申领.csv", ("证书编号", "未收费", "代领协议编号"), *((each, "是", "DL-1") for each in numbers)))
    words = "reviewer", "claim", "list", "--class", number
    written, plain = tmp_path / "列表.xlsx", tmp_path / "列表.csv"
    said = desk(*words, "--output", written, chinese=chinese).stdout
    assert str(written) in said and "2" in said
    desk(*words, "-o", plain, chinese=chinese)
    printed = desk(*words, "--format", "csv", chinese=chinese)
    assert printed.stdout == plain.read_bytes().decode().replace("\r\n", "\n") and printed.stderr == ""
    rows_ = [[cell.removeprefix("'") for cell in row] for row in csv.reader(io.StringIO(printed.stdout.removeprefix("\ufeff")))]
    assert spreadsheet(written) == rows_ and len(rows_) == 3
    table = desk(*words, chinese=True).stdout
    assert all(title in table.splitlines()[0] for title in rows_[0])
    assert all(cell in table for row in rows_ for cell in row)
    amounts = {row[i] for row in rows_[1:] for i, title in enumerate(rows_[0]) if "元" in title} - {""}
    assert amounts and all(amount.endswith(".00") for amount in amounts)
    shown = "\n".join(map("\t".join, rows_))
    assert not any(person[key] in shown for person in people for key in ("document_number", "name"))
    forced = tmp_path / "按格式"
    desk(*words, "--format", "xlsx", "--output", forced)
    assert spreadsheet(forced) == rows_


@pytest.mark.parametrize("words", ["claim list --class 209900001", "fund list --year 2019", "code list levels"])
def test_a_list_of_cells_without_rows_has_its_titles(desk, tmp_path, words):
    printed = desk("reviewer", *words.split(), "--format", "csv")
    desk("reviewer", *words.split(), "--output", tmp_path / "a.xlsx")
    assert printed.stderr == "" and spreadsheet(tmp_path / "a.xlsx")[0] == printed.stdout.removeprefix("\ufeff").splitlines()[0].split(",")


@pytest.mark.parametrize("chinese", [True, False], ids=["zh", "en"])
@pytest.mark.parametrize("who, words, titles", [
    ("auditor", "fund trial", "科目,借方（元）,贷方（元）,余额（元）"), ("approver", "fund months", "月份,版本,月末结余,失业保险金,医疗保险费,丧葬抚恤,培训介绍补贴,其他,依据"),
    ("auditor", "bank reconcile --months 1", "月份,账户,银行对账单余额,加：银行已付未入账,减：银行已退未入账,账面余额,差额,依据,版本"),
    ("auditor", "fund reconcile", "不符事项,区划,账本编号,对象,编号,批次号,序号,应为（元，或状态）,实为（元，或状态）")])
def test_a_report_has_its_rows_as_cells(stack, standards, tmp_path, who, words, titles, chinese):
    """Its sums are said besides, where they do not get into the cells."""
    def report(*more):
        done = stack.cli(who, *words.split(), *more, env=stack.environment(LC_ALL="zh_CN.UTF-8" if chinese else "C.UTF-8"))
        assert done.returncode in (OK, ROWS_REFUSED) and "Sanitizer" not in done.stderr, done.stderr
        return done
    printed, written = report("--format", "csv").stdout, tmp_path / "a.xlsx"
    assert printed.startswith("\ufeff" + titles + "\n")
    report("--output", written)
    assert spreadsheet(written)[0] == titles.split(",")
    rows_ = list(csv.reader(io.StringIO(printed)))
    assert {len(row) for row in rows_} == {len(titles.split(","))}


def test_what_is_no_list_is_not_written_as_cells(desk, tmp_path):
    for words in ("claim", "show", "00" * 16), ("whoami",), ("trainee", "search", "--purpose", "verification", "--case", "JN-1"):
        for how in ("--format", "csv"), ("--format", "xlsx"):
            said = desk("reviewer", *words, *how, expect=USAGE, chinese=False)
            assert "no single list" in said.stderr and said.stdout == ""
    assert "--output" in desk("reviewer", "claim", "list", "--format", "xlsx", expect=USAGE).stderr
    refused = desk("institution", "audit", "log", "--format", "csv", expect=3)
    assert refused.stdout == ""
    desk("institution", "audit", "log", "--output", tmp_path / "a.xlsx", expect=3)
    assert list(tmp_path.iterdir()) == []
