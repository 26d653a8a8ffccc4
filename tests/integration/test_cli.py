# SPDX-License-Identifier: Apache-2.0
"""The program `mingce` against the daemon: every command, its exit status, its tables and JSON lines, the roster's way
from a clerk's file into the class and back."""

import csv
import io
import json
import os
import pathlib
import re
import socket
import subprocess
import unicodedata

import people
import pytest
import samples
from authority import Authority

OK, ROWS_REFUSED, USAGE, REFUSED, UNREACHABLE, FILE = range(6)
SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "samples"
MESSY, CLEAN = SAMPLES / "roster-messy-gb18030.csv", SAMPLES / "roster-clean-500.csv"
COLUMNS = {"name": "姓名", "document_type": "证件类型", "document_number": "证件号码", "ethnicity": "民族", "education": "文化程度",
           "trainee_group": "人员类别", "household": "户口性质", "division": "户口所在地", "phone": "联系电话", "address": "家庭住址",
           "bank": "开户银行", "account_number": "银行账号"}
CLASS = {"title": "示例班", "occupation": "4-10-01-06", "level": "junior", "kind": "就业技能培训", "starts": "2026-03-01",
         "ends": "2026-05-31", "capacity": "1000"}


def class_words(**changes):
    return [word for name, value in (CLASS | changes).items() for word in (f"--{name}", value)]


@pytest.fixture
def mingce(stack):
    """Runs the program: mingce(profile, words...), in English unless zh=True."""
    def run(profile, *words, zh=False, **options):
        env = stack.environment(LC_ALL="zh_CN.UTF-8" if zh else "C.UTF-8")
        done = stack.cli(profile, *words, **({"env": env} | options))
        assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
        return done

    return run


@pytest.fixture
def expect(mingce):
    """The same, with the exit status it must have; the program's output."""
    def run(status, profile, *words, **options):
        done = mingce(profile, *words, **options)
        assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
        return done

    return run


@pytest.fixture
def number(expect):
    """A class of the institution's."""
    return json.loads(expect(OK, "institution", "--json", "class", "open", *class_words()).stdout)["number"]


def objects(done):
    """One JSON object a line."""
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(isinstance(one, dict) for one in found)
    return found


def write_roster(path, rows, encoding="utf-8"):
    with open(path, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS.values())
        writer.writerows([row.get(field, "") for field in COLUMNS] for row in rows)
    return path


def read_cells(path, encoding):
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def enrolled(expect, number):
    return objects(expect(OK, "institution", "--json", "roster", "list", "--class", number))


def unused_address():
    """A port that is taken, but on which nobody listens, and the socket that holds it."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    return holder, f"127.0.0.1:{holder.getsockname()[1]}"


def changed_profile(stack, path, **changes):
    values = dict(line.split(" = ") for line in (stack.profiles / "institution").read_text().splitlines()) | changes
    path.write_text("".join(f"{name} = {value}\n" for name, value in values.items()))
    return path


# ---- who and where ----


def test_whoami(expect):
    said = objects(expect(OK, "institution", "--json", "whoami"))
    assert len(said) == 1
    assert (said[0]["name"], said[0]["role"], said[0]["kind"]) == ("周办事", ["clerk"], "institution")
    assert said[0]["code"] == people.ORGANISATIONS["institution"][0]
    assert "roster.import" in said[0]["method"] and re.fullmatch("[0-9a-f]{32}", said[0]["operator_id"])
    assert re.search(r"^roles +clerk$", expect(OK, "institution", "whoami").stdout, re.M)
    assert re.search(r"^角色 +经办$", expect(OK, "institution", "whoami", zh=True).stdout, re.M)


def test_language_is_the_locales(stack, mingce):
    for names, zh in (({"LC_ALL": "zh_CN.UTF-8"}, True), ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
                      ({"LANG": "zh_CN.UTF-8"}, True), ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "C"}, True), ({}, False)):
        env = {k: v for k, v in stack.environment().items() if not k.startswith(("LC_", "LANG"))} | names
        assert ("机构" in mingce("institution", "whoami", env=env).stdout.split("\n")[3]) == zh, names


def test_profile_and_json_stand_anywhere(stack, expect):
    def run(*words, **env):
        return subprocess.run([stack.mingce, *words], env=stack.environment(**env), capture_output=True, text=True, timeout=120)

    wanted = objects(expect(OK, "institution", "--json", "class", "list", "--limit", "1"))
    for words in (["class", "list", "--limit", "1", "--json", "--profile", "institution"],
                  ["--json", "--profile=institution", "class", "list", "--limit=1"],
                  ["class", "list", "--profile", stack.profiles / "institution", "--limit", "1", "--json"]):
        assert objects(run(*words)) == wanted
    assert objects(run("--json", "class", "list", "--limit", "1", MINGCE_PROFILE="institution")) == wanted


# ---- organisations, classes ----


def test_organisations(expect):
    codes = {one["code"]: one for one in objects(expect(OK, "auditor", "--json", "organisation", "list"))}
    assert {code for code, *_ in people.ORGANISATIONS.values()} <= codes.keys()
    code, name, kind, division = people.ORGANISATIONS["institution"]
    assert (codes[code]["name"], codes[code]["kind"], codes[code]["division"]) == (name, kind, division)
    shown = objects(expect(OK, "institution", "--json", "organisation", "show", code))
    assert len(shown) == 1 and shown[0]["name"] == name
    assert ("4-10-01-06", "junior") in [(one["occupation_code"], one["level"]) for one in shown[0]["scope"]]
    text = expect(OK, "institution", "organisation", "show", code, zh=True).stdout
    assert name in text and "培训范围" in text and "初级工" in text


def test_an_organisation_that_is_not_there(expect):
    for zh, sentence, field in ((False, "no such organisation", "code"), (True, "机构", "统一社会信用代码")):
        said = expect(REFUSED, "auditor", "organisation", "show", "91370100MA3XXXXX00", zh=zh)
        assert sentence in said.stderr and f"(organisation-unknown, {field})" in said.stderr and said.stdout == ""


def test_a_class_is_opened_shown_and_listed(expect):
    said = objects(expect(OK, "institution", "--json", "class", "open", *class_words(title="花艺 第一期", level="中级工", kind="3")))
    number = said[0]["number"]
    shown = objects(expect(OK, "institution", "--json", "class", "show", number))
    assert len(shown) == 1
    assert (shown[0]["number"], shown[0]["title"], shown[0]["level"], shown[0]["capacity"], shown[0]["enrolled"]) == (
        number, "花艺 第一期", "intermediate", 1000, 0)
    assert [one["number"] for one in objects(expect(OK, "institution", "--json", "class", "list", "--limit", "1"))] == [number]
    listed = expect(OK, "institution", "class", "list", "--limit", "1", zh=True)
    assert "花艺 第一期" in listed.stdout and "中级工" in listed.stdout
    assert re.search(rf"^开班编号 +{number}$", expect(OK, "institution", "class", "show", number, zh=True).stdout, re.M)


def test_a_list_cut_short_says_so(expect, number):
    expect(OK, "institution", "class", "open", *class_words())
    said = expect(OK, "institution", "class", "list", "--limit", "1")
    assert "--limit 0 lists all" in said.stderr
    assert "--limit" not in expect(OK, "institution", "class", "list").stderr


@pytest.mark.parametrize("changes", [{"level": "king"}, {"kind": "不存在"}, {"starts": "2026-02-30"}, {"ends": "31.5.2026"},
                                     {"capacity": "0"}, {"capacity": "many"}, {"capacity": "-1"}])
def test_class_options_are_judged_before_anything_is_sent(expect, changes):
    assert expect(USAGE, "nobody", "class", "open", *class_words(**changes)).stdout == ""


@pytest.mark.parametrize("missing", sorted(CLASS))
def test_every_option_of_class_open_is_required(expect, missing):
    words = class_words()
    at = words.index(f"--{missing}")
    assert f"--{missing}" in expect(USAGE, "institution", "class", "open", *words[:at], *words[at + 2:]).stderr


def test_what_the_server_refuses(expect, number):
    expect(REFUSED, "institution", "class", "open", *class_words(level="technician"))  # not in its scope
    expect(REFUSED, "reviewer", "class", "open", *class_words())
    expect(REFUSED, "sysadmin", "class", "list")
    expect(REFUSED, "institution2", "roster", "list", "--class", number)
    expect(REFUSED, "institution", "class", "show", 1)


# ---- check ----


@pytest.fixture(scope="module")
def judged(stack):
    """What the offline check says of each row of the messy sample."""
    done = stack.cli("nobody", "--json", "roster", "check", MESSY, "--starts", "2026-03-01")
    assert done.returncode == ROWS_REFUSED
    return [json.loads(line) for line in done.stdout.splitlines()]


EXPECTED = json.loads((SAMPLES / "roster-expected.json").read_text())["roster-messy-gb18030.csv"]


def test_check_says_what_each_row_deserves(judged):
    assert [(one["row"], one["verdict"]) for one in judged] == [(one["row"], one["verdict"]) for one in EXPECTED]
    for found, wanted in zip(judged, EXPECTED):
        assert bool(found["reasons"]) == (wanted["verdict"] != "accept"), wanted
        for reason in found["reasons"]:
            assert reason["zh"] and reason["en"] and re.fullmatch("[a-z0-9-]+", reason["code"])


def test_check_names_the_row_of_the_spreadsheet(judged):
    cells = read_cells(MESSY, "gb18030")
    for one in judged:
        assert cells[one["sheet_row"] - 1][0] == str(one["row"])


def test_check_of_a_good_file(expect):
    said = expect(OK, "nobody", "--json", "roster", "check", CLEAN)
    assert {one["verdict"] for one in objects(said)} == {"accept"} and len(objects(said)) == 500
    said = expect(OK, "nobody", "roster", "check", CLEAN, zh=True)
    assert said.stdout == "" and said.stderr == "共500行：合格500行（有提示0行），退回0行，已在班0行\n"


def test_check_of_a_class_in_the_past(expect, tmp_path):
    path = write_roster(tmp_path / "r.csv", [samples.trainee(document_number=samples.resident_id(born="20091231"))])
    expect(ROWS_REFUSED, "nobody", "roster", "check", path, "--starts", "2025-12-30")
    expect(OK, "nobody", "roster", "check", path, "--starts", "2025-12-31")


# ---- import ----


def test_import_then_again_adds_nothing(expect, number, tmp_path):
    path = write_roster(tmp_path / "r.csv", samples.trainees(130))
    said = expect(OK, "institution", "roster", "import", path, "--class", number)
    assert said.stderr == "130 rows: registered 130 (0 with a warning), rejected 0, in the class already 0\n"
    again = expect(OK, "institution", "roster", "import", path, "--class", number)
    assert "registered 0" in again.stderr and "already 130" in again.stderr and "nothing was added" in again.stderr
    assert "没有新增" in expect(OK, "institution", "roster", "import", path, "--class", number, zh=True).stderr
    assert {one["verdict"] for one in objects(expect(OK, "institution", "--json", "roster", "import", path, "--class", number))} \
        == {"duplicate"}
    assert [one["seat"] for one in enrolled(expect, number)] == list(range(1, 131))


def test_import_of_the_messy_sample(expect, number, judged):
    said = objects(expect(ROWS_REFUSED, "institution", "--json", "roster", "import", MESSY, "--class", number))
    assert [(one["row"], one["verdict"]) for one in said] == [(one["row"], one["verdict"]) for one in judged]
    assert len(enrolled(expect, number)) == sum(one["verdict"] != "reject" for one in said)


def test_rows_are_listed_masked(expect, number, tmp_path):
    row = samples.trainee()
    expect(OK, "institution", "roster", "import", write_roster(tmp_path / "r.csv", [row]), "--class", number)
    listed = enrolled(expect, number)
    assert len(listed) == 1 and listed[0]["name"][0] == row["name"][0]
    text = json.dumps(listed, ensure_ascii=False) + expect(OK, "reviewer", "roster", "list", "--class", number).stdout
    for field in ("name", "document_number", "phone", "account_number", "address"):
        assert row[field] not in text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_rejects_are_mended_and_imported(expect, number, tmp_path, encoding):
    good, rejects = samples.trainees(6), tmp_path / "退回.csv"
    good[4]["name"] = "李\U0002C829"  # four bytes in both encodings
    rows = [dict(row) for row in good]
    rows[1]["phone"], rows[2]["trainee_group"], rows[4]["document_number"] = "123", "没有的类别", "12"
    rows[4]["bank"] = "银行,\"分行\""
    path = write_roster(tmp_path / "r.csv", rows, encoding)
    said = expect(ROWS_REFUSED, "institution", "roster", "import", path, "--class", number, "--rejects", rejects, zh=True)
    assert "registered" not in said.stderr and "登记3" in said.stderr and str(rejects) in said.stderr
    assert rejects.stat().st_mode & 0o777 == 0o600
    cells = read_cells(rejects, encoding)
    assert cells[0] == [*COLUMNS.values(), "退回原因"] and len(cells) == 4
    for cell, row in zip(cells[1:], (rows[1], rows[2], rows[4])):
        # marked as text where a spreadsheet would spoil it
        assert [c.removeprefix("'") for c in cell[:-1]] == [row.get(field, "") for field in COLUMNS] and cell[-1]
    fixed = {"联系电话": good[1]["phone"], "人员类别": good[2]["trainee_group"], "证件号码": good[4]["document_number"]}
    for cell, column in zip(cells[1:], fixed):
        cell[cells[0].index(column)] = fixed[column]
    with open(rejects, "w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(cells)
    assert "registered 3" in expect(OK, "institution", "roster", "import", rejects, "--class", number).stderr
    assert len(enrolled(expect, number)) == 6


def test_rejects_of_the_check_are_those_of_the_import(expect, number, tmp_path):
    offline, online = tmp_path / "check.csv", tmp_path / "import.csv"
    expect(ROWS_REFUSED, "nobody", "roster", "check", MESSY, "--starts", "2026-03-01", "--rejects", offline)
    expect(ROWS_REFUSED, "institution", "roster", "import", MESSY, "--class", number, "--rejects", online)
    cells = read_cells(offline, "gb18030")
    assert [row[:-1] for row in cells] == [row[:-1] for row in read_cells(online, "gb18030")]
    assert len(cells) == 1 + sum(one["verdict"] == "reject" for one in EXPECTED)


def test_dry_run_writes_nothing(stack, expect, number, tmp_path):
    count = "SELECT (SELECT count(*) FROM registry.person), (SELECT count(*) FROM registry.enrolment)"
    before = stack.sql(count)
    path = write_roster(tmp_path / "r.csv", samples.trainees(20) + [samples.trainee(21, phone="1")])
    said = expect(ROWS_REFUSED, "institution", "roster", "import", path, "--class", number, "--dry-run")
    assert "nothing was written" in said.stderr and "good 20" in said.stderr and "registered" not in said.stderr
    assert stack.sql(count) == before
    expect(ROWS_REFUSED, "institution", "roster", "import", path, "--class", number)
    assert len(enrolled(expect, number)) == 20


def test_two_imports_at_once_bring_each_person_in_once(stack, expect, number, tmp_path):
    path = write_roster(tmp_path / "r.csv", samples.trainees(400))
    command = [stack.mingce, "--profile", "institution", "--json", "roster", "import", path, "--class", str(number)]
    both = [subprocess.Popen(command, env=stack.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(2)]
    verdicts = []
    for one in both:
        output, said = one.communicate(timeout=120)
        assert one.returncode == OK, said
        verdicts.append([json.loads(line)["verdict"] for line in output.splitlines()])
    assert len(verdicts[0]) == len(verdicts[1]) == 400
    assert all(sorted(pair) == ["accept", "duplicate"] for pair in zip(*verdicts))
    assert sorted(one["seat"] for one in enrolled(expect, number)) == list(range(1, 401))


def test_the_audit_log_tells_of_an_import(expect, number, tmp_path):
    path = write_roster(tmp_path / "r.csv", samples.trainees(3))
    expect(OK, "institution", "roster", "import", path, "--class", number)
    entries = [one for one in objects(expect(OK, "auditor", "--json", "audit", "log", "--limit", "20"))
               if one["method"] == "roster.import" and one["record"] == number]
    assert sorted(one["line"] for one in entries if one["line"]) == [1, 2, 3]
    assert {one["operator"][0] for one in entries} == {"周"} and {one["outcome"] for one in entries} == {"done"}
    assert "roster.import" in expect(OK, "auditor", "audit", "log", "--limit", "5", zh=True).stdout
    expect(REFUSED, "institution", "audit", "log")


# ---- tables ----


def width(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def spans(line):
    """Where the cells of a line begin and end on a terminal; cells stand at least two blanks apart."""
    return [(width(line[:cell.start()]), width(line[:cell.end()])) for cell in re.finditer(r"\S+(?: \S+)*", line)]


@pytest.mark.parametrize("zh", [False, True])
@pytest.mark.parametrize("profile, words", [("auditor", ["organisation", "list"]), ("institution", ["class", "list"]),
                                            ("reviewer", ["roster", "list", "--class", "NUMBER"]),
                                            ("auditor", ["audit", "log", "--limit", "100"]),
                                            ("institution", ["roster", "check", MESSY])])
def test_columns_stand_below_their_titles(mingce, expect, number, profile, words, zh):
    expect(ROWS_REFUSED, "institution", "roster", "import", MESSY, "--class", number)
    lines = mingce(profile, *[number if word == "NUMBER" else word for word in words], zh=zh).stdout.splitlines()
    titles = spans(lines[0])
    assert len(lines) > 2 and len(titles) >= 4
    for line in lines[1:]:
        for begin, end in spans(line):
            assert any(begin == title[0] or end == title[1] for title in titles), line
    assert not zh or any(width(line) != len(line) for line in lines)


# ---- what is wrong with the command ----


@pytest.mark.parametrize("words", [[], ["frobnicate"], ["class"], ["class", "frobnicate"], ["whoami", "--frobnicate"],
                                   ["--frobnicate", "whoami"], ["whoami", "extra"], ["organisation", "show"],
                                   ["roster", "import", MESSY], ["roster", "import", "--class", "1"],
                                   ["roster", "import", MESSY, "--class"], ["roster", "import", MESSY, "--class", "x"],
                                   ["class", "list", "--limit", "-1"], ["roster", "check", MESSY, "--starts", "soon"],
                                   ["class", "show", "99999999999999999999"], ["roster", "check", MESSY, MESSY]])
def test_wrong_usage(expect, words):
    said = expect(USAGE, "institution", *words)
    assert said.stdout == "" and said.stderr


def test_help_and_version(stack, expect):
    for words in (["--help"], ["-h"], ["--version"]):
        done = subprocess.run([stack.mingce, *words], env=stack.environment(LC_ALL="C.UTF-8"), capture_output=True, text=True)
        assert done.returncode == OK and done.stdout.startswith(("usage:", "mingce 0")) and done.stderr == ""
    for words in (["class", "open"], ["roster", "import"], ["whoami"], ["audit", "log"]):
        said = expect(OK, "nobody", *words, "--help")
        assert said.stdout.startswith(f"usage: mingce {' '.join(words)}")
    assert "用法" in expect(OK, "nobody", "roster", "check", "--help", zh=True).stdout


# ---- what is wrong with a file ----


BAD_FILES = {
    "missing": (None, "No such file"), "spreadsheet": (b"PK\x03\x04rest", "spreadsheet"), "utf16": (b"\xff\xfea\0", "UTF-16"),
    "bytes": (b"\x80 \xff", "neither in UTF-8"), "nul": (b"a\0b", "line 1 holds a control character"), "empty": (b"", "no header"),
    "header only": ("姓名,证件号码\n".encode(), "below the header"), "open quote": ("姓名,证件号码\n\"".encode(), "row 2")}


@pytest.mark.parametrize("content, said", BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_cannot_be_read(expect, number, tmp_path, content, said):
    path = tmp_path / "r.csv"
    if content is not None:
        path.write_bytes(content)
    for words in (["roster", "check", path], ["roster", "import", path, "--class", number]):
        done = expect(FILE, "institution", *words)
        assert said in done.stderr and str(path) in done.stderr and done.stdout == ""
    assert enrolled(expect, number) == []


def test_rejects_that_cannot_be_written(expect, tmp_path):
    for rejects in (tmp_path / "none/rejects.csv", tmp_path):
        said = expect(FILE, "nobody", "roster", "check", MESSY, "--rejects", rejects)
        assert "cannot be written" in said.stderr and str(rejects) in said.stderr


def test_rejects_do_not_take_the_rosters_place(expect, number, tmp_path):
    path, link = tmp_path / "r.csv", tmp_path / "link.csv"
    path.write_bytes(MESSY.read_bytes())
    link.symlink_to(path)
    for rejects in (path, link):
        expect(USAGE, "nobody", "roster", "check", path, "--rejects", rejects)
        expect(USAGE, "institution", "roster", "import", path, "--class", number, "--rejects", rejects)
    assert path.read_bytes() == MESSY.read_bytes() and enrolled(expect, number) == []


def test_what_is_said_holds_no_value_of_the_file(stack, mingce, number, tmp_path):
    rows = samples.trainees(4)
    rows[1]["phone"], rows[2]["name"] = "13012", samples.remember("李9某")
    rows[3]["document_number"] = "37010219"
    path, holder = write_roster(tmp_path / "r.csv", rows), unused_address()
    torn = tmp_path / "torn.csv"
    torn.write_text(path.read_text() + '"')
    twice = tmp_path / "twice.csv"
    twice.write_text(path.read_text().replace("联系电话", "姓名"))
    nobody = changed_profile(stack, tmp_path / "profile", server=holder[1])
    outputs = [mingce(profile, *words, zh=zh) for zh in (False, True) for profile, *words in (
        ("nobody", "roster", "check", path), ("nobody", "--json", "roster", "check", path), ("nobody", "roster", "check", torn),
        ("nobody", "roster", "check", twice), (nobody, "roster", "import", path, "--class", number),
        ("institution", "roster", "import", path, "--class", 1), ("institution2", "roster", "import", path, "--class", number),
        ("reviewer", "roster", "import", path, "--class", number), ("institution", "roster", "import", path, "--class", number))]
    holder[0].close()
    assert sorted(done.returncode for done in outputs) == sorted(2 * [1, 1, 5, 5, 4, 3, 3, 3, 1])
    personal = {row[field] for row in rows for field in ("name", "document_number", "phone", "address", "account_number")}
    for done in outputs:
        for value in personal:
            assert value not in done.stdout + done.stderr


# ---- profiles, servers ----


def test_who_calls_must_be_said(stack):
    done = subprocess.run([stack.mingce, "whoami"], env=stack.environment(LC_ALL="C"), capture_output=True, text=True)
    assert done.returncode == USAGE and "--profile" in done.stderr


def test_profiles_that_are_not_right(stack, expect, tmp_path):
    assert str(stack.profiles / "nobody") in expect(FILE, "nobody", "whoami").stderr
    wrong = changed_profile(stack, tmp_path / "wrong", colour="red")
    assert f"{wrong}:6" in expect(USAGE, wrong, "whoami").stderr
    short = tmp_path / "short"
    short.write_text("server = localhost:1\n")
    assert "lacks" in expect(USAGE, short, "whoami").stderr
    keyless = changed_profile(stack, tmp_path / "keyless", key="none.key")
    assert str(tmp_path / "none.key") in expect(FILE, keyless, "whoami").stderr


def test_no_server(stack, expect, number, tmp_path):
    holder, address = unused_address()
    profile = changed_profile(stack, tmp_path / "profile", server=address)
    path = write_roster(tmp_path / "r.csv", samples.trainees(2))
    for words in (["whoami"], ["class", "list"], ["roster", "import", path, "--class", number]):
        said = expect(UNREACHABLE, profile, "--json", *words)
        assert said.stdout == "" and "unreachable" in said.stderr
    assert "连接不上" in expect(UNREACHABLE, profile, "whoami", zh=True).stderr
    holder.close()
    assert enrolled(expect, number) == []


def test_trust_is_mutual(stack, expect, tmp_path):
    other = Authority(tmp_path / "ca")
    certificate, key = other.issue("institution")
    refused = changed_profile(stack, tmp_path / "refused", certificate=certificate, key=key)
    assert "certificate-refused" in expect(REFUSED, refused, "whoami").stderr
    doubted = changed_profile(stack, tmp_path / "doubted", ca=other.certificate)
    assert "server-not-trusted" in expect(UNREACHABLE, doubted, "whoami").stderr
    elsewhere = changed_profile(stack, tmp_path / "elsewhere", server_name="elsewhere.example")
    assert "server-not-trusted" in expect(UNREACHABLE, elsewhere, "whoami").stderr
    unknown, key = stack.authority.issue("stranger")
    stranger = changed_profile(stack, tmp_path / "stranger", certificate=unknown, key=key)
    assert "operator-unknown" in expect(REFUSED, stranger, "whoami").stderr


# ---- where the output goes ----


def run_raw(stack, words, **options):
    return subprocess.run([stack.mingce, *map(str, words)], timeout=120,
                          env=stack.environment(LC_ALL="C.UTF-8", MINGCE_PROFILE="institution"), **options)


def closed_pipe():
    end, other = os.pipe()
    os.close(end)
    return os.fdopen(other, "w")


@pytest.mark.parametrize("words", [["whoami"], ["--json", "roster", "check", CLEAN], ["roster", "check", MESSY], ["--help"],
                                   ["--version"], ["class", "open", "--help"]])
def test_an_output_that_takes_nothing_is_told(stack, words):
    for made in (lambda: open("/dev/full", "w", encoding="utf-8"), closed_pipe):
        with made() as output:
            assert run_raw(stack, words, stdout=output, stderr=subprocess.DEVNULL).returncode == FILE
    assert run_raw(stack, words, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.close(1)).returncode == FILE
    assert run_raw(stack, words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).returncode in (OK, ROWS_REFUSED)


@pytest.mark.parametrize("closed", [[0], [1], [2], [0, 1, 2]])
def test_closed_streams_harm_neither_files_nor_the_connection(stack, expect, number, tmp_path, closed):
    """What opens next must not get the number of a stream that is written to."""
    rows, rejects = samples.trainees(300), tmp_path / "rejects.csv"
    for row in rows[::2]:
        row["phone"] = "1"
    path = write_roster(tmp_path / "r.csv", rows)
    before = path.read_bytes()
    done = run_raw(stack, ["--json", "roster", "import", path, "--class", number, "--rejects", rejects],
                   preexec_fn=lambda: [os.close(fd) for fd in closed],
                   **({} if 1 in closed else {"stdout": subprocess.PIPE}), **({} if 2 in closed else {"stderr": subprocess.PIPE}))
    assert done.returncode == (FILE if 1 in closed else ROWS_REFUSED)
    assert path.read_bytes() == before and len(read_cells(rejects, "utf-8")) == 151
    assert len(enrolled(expect, number)) == 150


def test_row_that_no_request_can_hold_does_not_spoil_the_file(expect, number, tmp_path):
    """A cell that only earns a warning may be of any length; its row comes back, the others are registered."""
    rows = samples.trainees(3)
    rows[1]["education"] = "学" * 700_000
    path = tmp_path / "roster.csv"
    write_roster(path, rows)
    done = expect(ROWS_REFUSED, "institution", "--json", "roster", "import", path, "--class", number)
    assert [(r["verdict"], [why["code"] for why in r["reasons"]][-1:]) for r in objects(done)] == [
        ("accept", []), ("reject", ["text-length"]), ("accept", [])]
    assert len(enrolled(expect, number)) == 2
