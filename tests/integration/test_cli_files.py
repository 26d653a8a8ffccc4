# SPDX-License-Identifier: Apache-2.0
"""Files as clerks have them: what Excel, WPS and other systems' exports do to a roster, and what is said and given back."""

import csv
import json

import pytest
import samples
from samples import resident_id

OK, ROWS_REFUSED, USAGE, REFUSED, UNREACHABLE, FILE = range(6)
OPEN = ["class", "open", "--title", "示例班", "--occupation", "4-10-01-06", "--level", "junior", "--kind", "就业技能培训",
        "--starts", "2026-03-01", "--ends", "2026-05-31", "--capacity", "100"]
HEADER = "姓名,证件号码,人员类别"


@pytest.fixture
def check(stack, tmp_path):
    """Checks a roster of these bytes, offline: the verdict and the codes of every row, and what was said."""
    def run(data, *more, expect=None, zh=False):
        path = tmp_path / "名册.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        done = stack.cli("institution", "--json", "roster", "check", path, *more,
                         env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8" if zh else "C.UTF-8"})
        assert "Sanitizer" not in done.stderr, done.stderr
        assert expect is None or done.returncode == expect, done.stdout + done.stderr
        judged = [json.loads(line) for line in done.stdout.splitlines()]
        return [(row["verdict"], [(why["field"], why["code"]) for why in row["reasons"]]) for row in judged], done.stderr
    return run


def row(name="李示例", number=None, group="失业人员"):
    return f"{name},{number or resident_id()},{group}"


def lines(*rows, header=HEADER):
    return "\n".join([header, *rows, ""])


def refused(judged):
    return [codes for verdict, codes in judged if verdict == "reject"]


def test_a_header_in_english_is_one_too(stack, tmp_path):
    for name, title in (("one", "ID number"), ("two", "Document Number")):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"Name,{title},Trainee group\n李示例,{resident_id()},失业人员\n", encoding="utf-8")
        assert stack.cli("nobody", "roster", "check", path).returncode == 0
    path.write_text(f"Name,Some number,Trainee group\n李示例,{resident_id()},失业人员\n", encoding="utf-8")
    assert "no header" in stack.cli("nobody", "roster", "check", path).stderr


def test_a9_a_number_in_a_formula_is_mended(check):
    judged, _ = check(lines(f'="李示例",="{resident_id()}",="失业人员"', '王示例,"=""' + resident_id() + '""",失业人员'), expect=OK)
    assert judged == [("accept", [])] * 2


def test_what_comes_back_survives_a_spreadsheet(check, tmp_path):
    """A bare number of 18 digits would lose its end: it is marked as text, as are leading zeros, exponents, dates, formulas."""
    header = "姓名,证件号码,人员类别,家庭住址,就业失业登记证号码,备注"
    values = ["李2", resident_id(), "失业人员", "3-1-2", "1234E56", "＝1+1"]
    judged, _ = check(lines(",".join(values), header=header), "--rejects", tmp_path / "退回.csv", expect=ROWS_REFUSED)
    with open(tmp_path / "退回.csv", encoding="utf-8-sig", newline="") as file:
        header_back, back = list(csv.reader(file))
    assert back[:6] == ["李2", "'" + values[1], "失业人员", "'3-1-2", "'1234E56", "'＝1+1"]
    mended = (tmp_path / "退回.csv").read_text(encoding="utf-8-sig").replace("李2", "李示例")
    again, _ = check(mended, "--rejects", tmp_path / "又退回.csv", expect=OK)
    assert again == [("accept", [])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_half_a_character_sends_back_its_row_alone(check, encoding):
    cut = {"utf-8": 1, "utf-8-sig": 1, "gb18030": 1}[encoding]
    good, bad = row("王示例"), row("李某")
    data = (lines(good, "@@", row("赵示例"))).encode(encoding)
    broken = bad.encode("gb18030" if encoding == "gb18030" else "utf-8")
    whole = "某".encode("gb18030" if encoding == "gb18030" else "utf-8")
    judged, _ = check(data.replace(b"@@", broken.replace(whole, whole[:cut])), expect=ROWS_REFUSED)
    assert judged == [("accept", []), ("reject", [("name", "text-character")]), ("accept", [])]


def test_a_control_character_sends_back_its_row_alone(check):
    judged, _ = check((lines(row("李\v某"), row())).encode() + b"\x1a", expect=ROWS_REFUSED)
    assert judged == [("reject", [("name", "text-character")]), ("accept", [])]
    judged, _ = check((lines(row() + "\v", row())).encode(), expect=ROWS_REFUSED)
    assert judged == [("reject", [("trainee_group", "text-character")]), ("accept", [])]


def test_what_is_no_text_names_its_line(check):
    _, said = check(lines(row()).encode() + b"\xff\xfe\xff\x80\xff\xff\xff\xff" * 20, expect=FILE)
    assert "line 3" in said


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_read(check, separator, tmp_path):
    data = lines(row(), row("李2")).replace(",", separator)
    judged, _ = check(data, "--rejects", tmp_path / "退回.csv", expect=ROWS_REFUSED)
    assert [verdict for verdict, _ in judged] == ["accept", "reject"]
    assert (tmp_path / "退回.csv").read_text(encoding="utf-8-sig").startswith(separator.join(HEADER.split(",")))
    assert check("sep=" + separator + "\r\n" + data, expect=ROWS_REFUSED)[0] == judged


def test_a_separator_that_is_not_known_is_told(check):
    assert "not separated" in check(lines(row()).replace(",", "，"), expect=FILE)[1]
    assert "no header" in check("名字,号码\n李,1\n", expect=FILE)[1]


def test_columns_that_nothing_knows_are_named(check):
    header = "序号,姓名,身份证件号码,人员类别,联系手机,银行卡账号,空列,"
    judged, said = check(lines(f"1,李示例,{resident_id()},失业人员,13800001234,62220000,,x", header=header), zh=True, expect=OK)
    assert "联系手机、银行卡账号、第8列" in said and "空列" not in said and "序号" not in said
    assert "未采用" not in check(lines(row()), zh=True, expect=OK)[1]


def test_two_rows_of_header_and_signatures_are_no_trainees(check):
    data = "\n".join(["某校花名册,,,", "姓名,身份信息,,人员类别", ",证件类型,证件号码,", f"李示例,居民身份证,{resident_id()},失业人员",
                      "合计,1,,", "填表人：周某,,审核人：吴某,", "培训单位（公章）：,,,", ",,,2026年3月"])
    judged, _ = check(data)
    assert judged[0] == ("accept", []) and len(judged) <= 2  # a line of nothing but a date may come back
    judged, _ = check(lines(row(), "填表人：周某　审核人：吴某", "培训单位（公章）：", "填表：周某"), expect=OK)
    assert judged == [("accept", [])]
    judged, _ = check(lines(row(), "周示例,,失业人员"), expect=ROWS_REFUSED)  # a trainee without a number is one
    assert refused(judged) == [[("document_number", "id-missing")]]


@pytest.mark.parametrize("words", ["居民身份证（户口簿）", "居民身份证 ", "身份证　"])
def test_documents_as_the_forms_print_them(check, words):
    judged, _ = check(lines(row() + "," + words, header=HEADER + ",证件类型"), expect=OK)
    assert judged == [("accept", [])]


def test_a_passport_as_the_forms_print_it(check):
    judged, _ = check(lines("Anna Li,E12345678,失业人员,护照（外国国籍）,FRA", header=HEADER + ",证件类型,国籍"), expect=OK)
    assert judged == [("accept", [])]
    judged, _ = check(lines(row() + ",港澳居民来往内地通行证（回乡证）", header=HEADER + ",证件类型"), expect=ROWS_REFUSED)
    assert refused(judged) == [[("document_type", "document-type-unknown")]]


def test_a9_the_odd_one_out_of_a_zeroed_column_comes_back(check):
    """Two ends of 000 do not fit; the third does by chance, and is somebody else's."""
    def zeroed(fits):
        while True:
            number = resident_id()[:15] + "000"
            if samples.check_character(number[:17]) == "0" if fits else samples.check_character(number[:17]) != "0":
                return number
    judged, _ = check(lines(row(number=zeroed(False)), row(number=zeroed(False)), row(number=zeroed(True)), row()), expect=ROWS_REFUSED)
    assert [codes[0][1] if codes else None for _, codes in judged] == ["id-tail-zeroed", "id-tail-zeroed", "id-column-zeroed", None]
    assert check(lines(row(number=zeroed(True)), row()), expect=OK)[0] == [("accept", [])] * 2


def test_a4_what_is_not_seen_or_no_letter_makes_no_name(check):
    judged, _ = check(lines(*[row(name) for name in ("\u3164", "李\ufe00某", "⻢超", "阿\u318d买提", "阿\ua78f买提")]), expect=ROWS_REFUSED)
    assert [codes[0][1] for _, codes in judged] == ["name-invisible", "name-invisible", "name-radical", "name-dot", "name-dot"]


def test_the_file_comes_back_with_seats(stack, wire, tmp_path):
    """Row 2 is refused, so row 3 has seat 2: the file that comes back says so, and marks by it are the right one's."""
    def cli(*words, expect=OK):
        done = stack.cli("institution", *words)
        assert done.returncode == expect, done.stdout + done.stderr
        return done
    number = json.loads(cli("--json", *OPEN).stdout)["number"]
    names, numbers = ["孙示例", "周2", "吴示例"], [resident_id() for _ in range(3)]
    path, seats = tmp_path / "名册.csv", tmp_path / "座号.csv"
    path.write_text("序号,姓名,证件号码,人员类别\n" + "".join(f"{i + 1},{names[i]},{numbers[i]},失业人员\n" for i in range(3)))
    for _ in range(2):  # the same again
        cli("roster", "import", path, "--class", number, "--output", seats, expect=ROWS_REFUSED)
        with open(seats, encoding="utf-8-sig", newline="") as file:
            back = list(csv.DictReader(file))
        assert [(r["姓名"], r["班内序号"], r["证件号码"]) for r in back] == [("孙示例", "1", "'" + numbers[0]), ("吴示例", "2", "'" + numbers[2])]
    cli("class", "start", number, "--version", "1")
    marks = tmp_path / "成绩.csv"
    marks.write_text("序号,姓名,理论成绩,实操成绩\n2,周示例,68,90\n3,吴示例,68,90\n")
    cli("marks", "import", marks, "--class", number, expect=ROWS_REFUSED)
    listed = [json.loads(line) for line in cli("--json", "training", "list", "--class", number).stdout.splitlines()]
    assert [r["theory"] for r in listed] == [None, None]
    marks.write_text("班内序号,姓名,理论成绩,实作\n2,吴示例,85.00,90\n")
    cli("marks", "import", marks, "--class", number)
    cli("roster", "import", path, "--class", number, "--output", path, expect=USAGE)
    cli("roster", "import", path, "--class", number, "--output", seats, "--dry-run", expect=USAGE)


def test_words_and_occupations_can_be_found(stack):
    def listed(*words, expect=OK):
        done = stack.cli("nobody", "--json", "code", "list", *words)
        assert done.returncode == expect, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]
    assert listed("occupations", "家政") == [{"code": "4-10-01-06", "name": "家政服务员", "also": None}]
    assert ("4-10-01-03", "保育师") in [(o["code"], o["name"]) for o in listed("occupations", "保育员")]
    assert len(listed("occupations")) >= 1639 and len(listed("groups")) == 21
    assert "junior" in [level["code"] for level in listed("levels", "五级")]
    assert listed("divisions", "芝罘区")[0]["code"] == "370602"
    listed("occupations", "没有这样的", expect=ROWS_REFUSED)
    listed("nothing", expect=USAGE)


@pytest.mark.parametrize("noun", ["roster", "lesson", "attendance", "marks", "certificate", "claim", "decision", "fact", "standard", "policy", "calendar", "venue", "teacher"])
def test_a_template_is_a_file_that_is_read(stack, tmp_path, noun):
    path = tmp_path / "空白.csv"
    assert stack.cli("nobody", "template", noun, "--output", path).returncode == OK
    header, example = path.read_text(encoding="utf-8-sig").splitlines()
    assert "序号" not in header.split(",") and any(example.split(","))
    assert all(not cell or cell.startswith("{{") and cell.endswith("}}") for cell in example.split(","))
    if noun == "roster":
        assert "template-example" in stack.cli("nobody", "--json", "roster", "check", path).stdout
        path.write_text(f"{header}\n{example}".replace("{{", "").replace("}}", ""))
        assert stack.cli("nobody", "roster", "check", path).returncode == OK
        # a clerk who leaves one of its cells is told which
        path.write_text(f"{header}\n{example}".replace("{{", "").replace("}}", "").replace("王示例", "{{王示例}}"))
        assert [(r["verdict"], r["reasons"][0]["code"], r["reasons"][0]["field"]) for r in map(json.loads, stack.cli("nobody", "--json", "roster", "check", path).stdout.splitlines()) if "verdict" in r] == [
            ("reject", "template-example", "name")]
    assert stack.cli("nobody", "template", "nothing").returncode == USAGE


def test_a_template_replaces_no_file(stack, tmp_path):
    path = tmp_path / "venue.csv"
    for words in ("template", "venue"), ("template", "venue", "--output", path):
        path.write_text("filled in\n")
        done = stack.cli("nobody", *words, cwd=tmp_path)
        assert done.returncode == FILE and "exists already" in done.stderr and "--output" in done.stderr, done.stderr
        assert path.read_text() == "filled in\n"


@pytest.mark.parametrize("noun, lines, missing, unused", [
    ("venue", ["场地名称,场地地址,所在区县,教室,可容纳,场地性质", "历下校区,示例路1号,370102,301,50,自有"], "容纳人数", "可容纳"),
    ("teacher", ["姓名,证件号码,职业,等级,资格,入职", "周示例,1,家政服务员,初级工,技师,2026-01-01"], "起始日期", "入职"),
    ("teacher", ["证件号码,等级,资格,开始日期", "1,初级工,技师,2026-01-01"], "姓名、职业代码", ""),
])
def test_a_file_without_a_needed_column_is_refused_before_anything_is_sent(stack, tmp_path, noun, lines, missing, unused):
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    done = stack.cli("institution", noun, "import", path, "--rejects", tmp_path / "rejects.csv",
                     env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8"})
    unknown = f"（表中未识别的列：{unused}）" if unused else ""
    assert done.returncode == FILE and done.stdout == "" and not (tmp_path / "rejects.csv").exists()
    assert f"缺少必填列：{missing}{unknown}。空白表格：mingce template {noun}" in done.stderr, done.stderr


def test_a_mistyped_command_is_answered_in_two_lines(stack):
    for words, near, where in (["venu", "import", "x"], "did you mean venue?", "mingce --help"), (["venue", "imprt", "x"], "did you mean import?", "mingce venue --help"):
        done = stack.cli("nobody", *words)
        assert done.returncode == USAGE and done.stdout == "", done.stderr
        said = done.stderr.splitlines()
        assert len(said) == 2 and near in said[0] and said[1].endswith(where), said


def test_a_class_is_opened_by_the_names_of_things(stack):
    words = [w if w not in ("4-10-01-06", "junior") else {"4-10-01-06": "家政服务员", "junior": "五级/初级工"}[w] for w in OPEN]
    done = stack.cli("institution", "--json", *words)
    assert done.returncode == OK, done.stderr
    [shown] = [json.loads(line) for line in stack.cli("institution", "--json", "class", "show", json.loads(done.stdout)["number"]).stdout.splitlines()]
    assert "家政服务员" in json.dumps(shown, ensure_ascii=False)
