# SPDX-License-Identifier: Apache-2.0
"""Spreadsheets as Excel, WPS and other systems save them: read as CSV is, with the same verdicts, whatever the file is called."""

import csv
import datetime
import io
import json
import pathlib
import struct
import zipfile

import openpyxl
import pytest
import samples
from samples import resident_id

OK, ROWS_REFUSED, USAGE, REFUSED, UNREACHABLE, FILE = range(6)
HEADER = ["姓名", "证件号码", "人员类别"]
SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "samples"
MESSY = SAMPLES / "roster-messy.xlsx"
EXPECTED = json.loads((SAMPLES / "roster-expected.json").read_text())["roster-messy.xlsx"]


@pytest.fixture
def check(stack, tmp_path):
    """Checks a roster of these bytes, offline: (verdict, [(field, code)], sheet row) of every row, and what was said."""
    def run(data, *more, expect=None, zh=False, name="名册.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        done = stack.cli("nobody", "--json", "roster", "check", path, "--starts", "2026-03-01", *more,
                         env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8" if zh else "C.UTF-8"})
        assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
        assert expect is None or done.returncode == expect, done.stdout + done.stderr
        judged = [json.loads(line) for line in done.stdout.splitlines()]
        return [(row["verdict"], [(why["field"], why["code"]) for why in row["reasons"]], row["sheet_row"]) for row in judged], done.stderr
    return run


def row(name="李示例", number=None, group="失业人员"):
    return [name, number or resident_id(), group]


def book(sheets, change=lambda made: None):
    """The bytes of a file with sheets of rows: {title: rows}, in their order."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for cells in rows:
            sheet.append(cells)
    change(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def one(*rows, change=lambda sheet: None):
    return book({"花名册": [HEADER, *rows]}, change=lambda made: change(made.worksheets[0]))


def repacked(data, pack):
    """The same parts, written by `pack(name, bytes) -> None`."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            pack(name, file.read(name))


# ---- the same verdicts ----


def test_the_messy_sample_is_judged_as_it_deserves(stack, open_class):
    done = stack.cli("institution", "--json", "roster", "import", MESSY, "--class", open_class(starts_on="2026-03-01", ends_on="2026-05-31", capacity=100))
    assert done.returncode == ROWS_REFUSED, done.stderr
    judged = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["row"], one["verdict"]) for one in judged] == [(one["row"], one["verdict"]) for one in EXPECTED]
    rows = list(openpyxl.load_workbook(MESSY).worksheets[0].iter_rows(values_only=True))
    for found, wanted in zip(judged, EXPECTED):
        assert bool(found["reasons"]) == (wanted["verdict"] != "accept"), wanted
        assert rows[found["sheet_row"] - 1][0] == found["row"]
    assert "花名册" in done.stderr


def test_what_a_file_is_its_bytes_say(check, tmp_path):
    for name in "名册.xlsx", "名册.csv", "名册.xls", "名册":
        judged, said = check(one(row(), row("王示例")), expect=OK, name=name)
        assert [verdict for verdict, _, _ in judged] == ["accept"] * 2 and "sheet" not in said, said
        text = "\n".join([",".join(HEADER), ",".join(row())]).encode()
        assert check(text, expect=OK, name=name)[0][0][0] == "accept"


def test_rejects_are_csv_that_is_read_again(check, stack, tmp_path):
    rejects = tmp_path / "退回.csv"
    data = book({"花名册": [["2026年名册"], HEADER + ["入学日期", "备注"], row("王2伟") + [datetime.date(2026, 3, 1), 0.5], row() + [None, "好"]]})
    judged, _ = check(data, "--rejects", rejects, expect=ROWS_REFUSED)
    assert [(verdict, at) for verdict, _, at in judged] == [("reject", 3), ("accept", 4)]
    assert rejects.read_bytes().startswith(b"\xef\xbb\xbf")
    header, back = csv.reader(io.StringIO(rejects.read_text(encoding="utf-8-sig")))
    assert header == [*HEADER, "入学日期", "备注", "退回原因"]
    assert back[0] == "王2伟" and back[3:5] == ["2026-03-01", "0.5"] and back[5]
    again, _ = check(rejects.read_bytes().replace("王2伟".encode(), "王伟".encode()), expect=OK)
    assert again[0][0] == "accept"


# ---- numbers that a spreadsheet has shortened ----


@pytest.mark.parametrize("field, title, value", [
    ("document_number", "证件号码", 370303197011028967), ("account_number", "银行账号", 6228485747496640278),
    ("unemployment_certificate", "就业失业登记证号码", 3701135586638497)])
def test_a9_a_number_of_more_than_15_digits_sends_its_row_back(check, field, title, value):
    header = ["姓名", "证件号码", "人员类别", "银行账号", "就业失业登记证号码"]

    def rows(value):
        bad = dict(zip(header, row())) | {title: value}
        return book({"花名册": [header, [bad.get(column) for column in header], row("王示例")]})
    judged, _ = check(rows(value), expect=ROWS_REFUSED)
    assert judged == [("reject", [(field, "number-cell")], 2), ("accept", [], 3)]
    judged, _ = check(rows(float(value)), expect=ROWS_REFUSED)
    assert judged[0][1] == [(field, "number-cell")]
    judged, _ = check(rows(str(value)), expect=None)
    assert (field, "number-cell") not in judged[0][1]


def test_a9_its_reason_is_told_in_both_languages(check, stack, tmp_path):
    path = tmp_path / "r.xlsx"
    path.write_bytes(one(row(number=370303197011028967)))
    for locale, words in ("zh_CN.UTF-8", "证件号码：该列须为文本格式：此格是数值，超过15位的末几位已丢失"), ("C.UTF-8", "the column must be text"):
        done = stack.cli("nobody", "roster", "check", path, env=stack.environment() | {"LC_ALL": locale})
        assert done.returncode == ROWS_REFUSED and words in done.stdout, done.stdout


# ---- sheets and what is hidden ----


def test_the_visible_sheet_with_the_header_is_read(check):
    data = book({"说明": [["先看这里"]], "很宽": [list(range(90))], "名单": [["标题"], HEADER, row()]})
    judged, said = check(data, expect=OK)
    assert [at for _, _, at in judged] == [3] and said.startswith('the sheet "名单" is read\n'), said
    assert "读取的是工作表“名单”" in check(data, expect=OK, zh=True)[1]


def test_several_sheets_with_the_header_are_refused_by_name(check):
    data = book({"一班": [HEADER, row()], "说明": [["x"]], "二班": [HEADER, row()]})
    judged, said = check(data, expect=FILE)
    assert judged == [] and '"一班", "二班"' in said and "a file of its own" in said
    assert "：“一班”、“二班”" in check(data, expect=FILE, zh=True)[1]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_when_none_that_is_seen_fits(check, state):
    def change(made):
        made["名单"].sheet_state = state
    data = book({"说明": [["x"]], "名单": [HEADER, row()]}, change=change)
    judged, said = check(data, expect=OK)
    assert len(judged) == 1 and 'the sheet "名单" is hidden, and read all the same' in said
    assert "工作表“名单”是隐藏的，已照常读取" in check(data, expect=OK, zh=True)[1]
    data = book({"名单": [HEADER, row()], "新名单": [HEADER, row()]}, change=change)
    judged, said = check(data, expect=OK)
    assert 'the sheet "新名单" is read' in said and 'not read: "名单"' in said
    assert "隐藏的工作表“名单”也有表头，没有读取" in check(data, expect=OK, zh=True)[1]


def test_a_sheet_that_cannot_be_read_is_not_passed_over(check):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        repacked(book({"一班": [HEADER, row()], "二班": [HEADER, row()]}),
                 lambda part, content: file.writestr(part, content[:100] if part.endswith("sheet1.xml") else content))
    judged, said = check(out.getvalue(), expect=FILE)
    assert judged == [] and "is not understood" in said and "(xl/worksheets/sheet1.xml" in said, said


def test_hidden_rows_are_read_and_told(check):
    def change(sheet):
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    data = one(row(), row("王示例"), row("赵示例"), change=change)
    judged, said = check(data, expect=OK)
    assert len(judged) == 3 and "2 rows of it are hidden, and read all the same; the first is row 3" in said
    assert "其中2行是隐藏的，已照常读取；最前面的是第3行" in check(data, expect=OK, zh=True)[1]


def test_a_sheet_without_the_header_is_told_so(check):
    for data in book({"a": [["x"]], "b": [["y"]]}), book({"a": [["姓名 证件号码 人员类别"]]}):
        _, said = check(data, expect=FILE)
        assert "no header" in said and "commas" not in said
    assert "the file is empty" in check(book({"a": []}), expect=FILE)[1]


# ---- how the file is packed ----


def streamed(data):
    """Written to a pipe: what follows each part says how long it is."""
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.got = b""

        def writable(self):
            return True

        def write(self, bytes_):
            self.got += bytes(bytes_)
            return len(bytes_)
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        repacked(data, file.writestr)
    assert b"PK\7\x08" in pipe.got
    return pipe.got


def in_zip64(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        def pack(name, content):
            with file.open(name, "w", force_zip64=True) as part:
                part.write(content)
        repacked(data, pack)
    got = out.getvalue()
    # and the long form of the end, which zipfile writes for what needs it
    end = got.rindex(b"PK\5\6")
    n, = struct.unpack_from("<H", got, end + 10)
    size, at = struct.unpack_from("<II", got, end + 12)
    long_end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, n, n, size, at)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    return got[:end] + long_end + locator + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xffff, 0xffff, 0xffffffff, 0xffffffff, 0)


def with_backslashes(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        repacked(data, lambda name, content: file.writestr(name.replace("/", "\\"), content))
    return out.getvalue()


@pytest.mark.parametrize("pack", [streamed, in_zip64, with_backslashes])
def test_archives_of_every_kind_are_read(check, pack):
    judged, _ = check(pack(one(row())), expect=OK)
    assert [verdict for verdict, _, _ in judged] == ["accept"]


def many_entries(n, in_long_form):
    """An end that says there are n entries, of which there are none."""
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, min(n, 0xffff), min(n, 0xffff), 0, 4, 0)
    if in_long_form:
        end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, n, n, 0, 4) + struct.pack("<4sIQI", b"PK\6\7", 0, 4, 1) + end
    return b"PK\3\4" + end


def test_hostile_archives_are_refused(check):
    def packed(method, name="xl/worksheets/sheet1.xml"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            repacked(one(row()), lambda part, content: file.writestr(part, content, method if part == name else None))
        return out.getvalue()

    def locked(data):
        """The flag of encryption set on every part; what is behind it does not matter."""
        data, at = bytearray(data), 0
        while (at := data.find(b"PK\1\2", at)) >= 0:
            data[at + 8] |= 1
            at += 1
        return bytes(data)
    for data, words in [(many_entries(4097, False), "more than 4096 parts"), (many_entries(60000, False), "more than 4096 parts"),
                        (many_entries(1 << 40, True), "more than 4096 parts"), (many_entries(1 << 63, True), "more than 4096 parts"),
                        (packed(zipfile.ZIP_BZIP2), "packed in an unknown way"), (packed(zipfile.ZIP_LZMA), "packed in an unknown way"),
                        (locked(one(row())), "has a password")]:
        judged, said = check(data, expect=FILE)
        assert judged == [] and words in said, (words, said)


def test_a_part_that_lies_of_its_size_is_counted(check):
    """The directory says a few bytes; what unfolds is more than a sheet may have."""
    name = "xl/worksheets/sheet1.xml"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        repacked(one(row()), lambda part, content: file.writestr(part, content + b" " * (300 << 20) if part == name else content))
    data = bytearray(out.getvalue())
    at = data.rindex(name.encode()) - 46
    assert data[at:at + 4] == b"PK\1\2"
    struct.pack_into("<I", data, at + 24, 100)
    judged, said = check(bytes(data), expect=FILE)
    assert judged == [] and "(xl/worksheets/sheet1.xml)" in said, said


# ---- every command ----


def test_other_commands_read_them_too(stack, tmp_path):
    path = tmp_path / "场地.csv"
    path.write_bytes(book({"场地": [["场地名称", "场地地址", "所在区县", "教室", "容纳人数", "场地性质"],
                                  [f"校区{samples.resident_id()[-6:]}", "示例路1号", 370102, 301, 50, "自有"]]}))
    done = stack.cli("institution", "--json", "venue", "import", path)
    assert done.returncode == OK and json.loads(done.stdout.splitlines()[0])["verdict"] == "accept", done.stdout + done.stderr


def test_a_snapshot_is_no_spreadsheet(stack, tmp_path):
    path = tmp_path / "s.csv"
    path.write_bytes(one(row()))
    done = stack.cli("officer", "snapshot", "load", path)
    assert done.returncode == FILE and "a snapshot is the CSV file" in done.stderr, done.stderr
