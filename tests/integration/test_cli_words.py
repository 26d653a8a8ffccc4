# SPDX-License-Identifier: Apache-2.0
"""What the program says to those who do not know it yet: usages, the words that may be used, empty files to begin with."""

import concurrent.futures
import csv
import json
import os
import re
import subprocess

import pytest
from conftest import ROOT
from samples import resident_id

OK, ROWS_REFUSED, USAGE, REFUSED, UNREACHABLE, FILE = range(6)
HAN = re.compile("[\u3001-\u9fff\uf900-\ufaff\uff01-\uff5e]")
OPEN = ["class", "open", "--title", "示例班", "--occupation", "4-10-01-06", "--level", "junior", "--kind", "就业技能培训",
        "--starts", "2026-03-01", "--ends", "2026-05-31", "--capacity", "100"]
# The commands that read a file, and what of the command's words is needed beside it.
READS = {"roster": ["roster", "import", "FILE", "--class", "CLASS"], "lesson": ["lesson", "import", "FILE", "--class", "CLASS"],
         "attendance": ["attendance", "import", "FILE", "--class", "CLASS"], "marks": ["marks", "import", "FILE", "--class", "CLASS"],
         "certificate": ["certificate", "import", "FILE"], "claim": ["claim", "submit", "FILE", "--dry-run"],
         "decision": ["claim", "decide", "accept", "FILE"], "employee": ["fact", "ask", "FILE"],
         "fact": ["fact", "answer", "FILE", "--source", "示例", "--as-of", "2026-06-01"], "standard": ["standard", "load", "FILE"],
         "policy": ["policy", "replay", "--draft", "FILE", "--year", "2026"], "calendar": ["calendar", "load", "FILE"],
         "venue": ["venue", "import", "FILE"], "teacher": ["teacher", "import", "FILE"]}
WHO = {"decision": "reviewer", "employee": "enterprise", "fact": "agency", "standard": "approver", "policy": "approver", "calendar": "reviewer"}


@pytest.fixture
def say(stack):
    def run(profile, *words, zh=False, expect=None, **environment):
        done = stack.cli(profile, *words, env=stack.environment(LC_ALL="zh_CN.UTF-8" if zh else "C.UTF-8", **environment))
        assert "Sanitizer" not in done.stderr, done.stderr
        assert expect is None or done.returncode == expect, (words, done.stdout, done.stderr)
        return done
    return run


@pytest.fixture
def commands(stack):
    """The names of all commands, as --help lists them."""
    listed = stack.cli("nobody", "--help", env=stack.environment(LC_ALL="C.UTF-8")).stdout
    listed = listed or stack.cli("nobody", env=stack.environment(LC_ALL="C.UTF-8")).stderr
    return [line[2:26].split() for line in listed.split("\n\n")[1].splitlines()]


def foreign(line, zh):
    """A line of a usage in the other language; what is typed is of neither."""
    if line.startswith(("  mingce ", "      ")) or not line:
        return False
    return not HAN.search(line) if zh else HAN.search(line) is not None


def test_every_usage_is_in_one_language(say, commands):
    """Below a wrong option in one language, asked for in the other, by turns; several commands at a time. Leaks are looked for once,
    at the end: doing so takes most of the time of a command that does nothing else."""
    def show(name, word, **options):
        return say("nobody", *name, word, ASAN_OPTIONS="detect_leaks=0", **options)

    def check(name, wrong_zh):
        said, below = show(name, "--no-such-option", zh=wrong_zh, expect=USAGE).stderr.split("\n", 1)
        assert "--no-such-option" in said and bool(HAN.search(said)) == wrong_zh
        for zh, text in ((wrong_zh, below), (not wrong_zh, show(name, "--help", zh=not wrong_zh, expect=OK).stdout)):
            first, *lines = text.splitlines()
            assert first.split("mingce", 1)[1].split()[:len(name)] == name
            assert not HAN.search(first.split("mingce", 1)[1])
            assert [line for line in lines if foreign(line, zh) or (not zh and HAN.search(line))] == [], text
        return below

    assert len(commands) > 100
    with concurrent.futures.ThreadPoolExecutor(2 * os.cpu_count()) as pool:
        below = list(pool.map(check, commands, (i % 2 == 0 for i in range(len(commands)))))
    assert say("nobody", *commands[0], "--help", zh=True, expect=OK).stdout == below[0]


COMPLETE = """source {script}
shopt -u progcomp
complete_line() {{  # its words, the last of them unfinished
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    _mingce
    printf '%s\\n' "${{COMPREPLY[*]}}"
}}
while IFS= read -r line; do eval "complete_line $line"; done
"""


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """What bash offers at the end of each of several lines."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "clerk").touch()
    (folder / "名册.csv").touch()
    profiles = tmp_path_factory.mktemp("profiles")
    (profiles / "reviewer").touch()

    def run(*lines):
        script = COMPLETE.format(script=ROOT / "build" / "completion" / "mingce")
        done = subprocess.run(["bash", "-c", script], input="".join(line + "\n" for line in lines), cwd=folder, check=True,
                              capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", "MINGCE_PROFILES": str(profiles)})
        assert done.stderr == ""
        return [set(line.split()) for line in done.stdout.splitlines()]
    return run


def test_completion_knows_every_command_and_option(stack, complete):
    """Nouns, verbs, options, the words and files that are their values."""
    table = json.loads(subprocess.run([stack.mingce, "--describe"], check=True, capture_output=True, text=True).stdout)["commands"]
    named = [(row["noun"], row.get("verb"), {"--" + option["name"] for option in row["options"]} | ({"--yes"} if row["final"] else set())) for row in table]
    assert len(named) > 100
    nouns, *offered = complete("mingce ''", *(f"mingce --profile x {noun} {verb or ''} --" for noun, verb, _ in named))
    assert nouns >= {noun for noun, _, _ in named}
    for (noun, verb, options), offer in zip(named, offered):
        assert offer == options | {"--help", "--profile", "--format", "--json", "--no-pager", "--progress=json"}, (noun, verb)
    assert complete("mingce class o", "mingce class ''", "mingce --pro") == [{"open"}, {row["verb"] for row in table if row["noun"] == "class"} | {"--help"},
                                                                          {"--profile", "--progress=json"}]
    assert complete("mingce claim list --format ''", "mingce claim show --format ''", "mingce --format ''", "mingce --format csv claim li") == [
        {"table", "json", "csv", "xlsx"}, {"table", "json"}, {"table", "json", "csv", "xlsx"}, {"list"}]
    for row in table:
        for option in row["options"]:
            words = {word["word"] for word in option["words"]}
            if words:
                assert complete(f"mingce {row['noun']} {row.get('verb', '')} --{option['name']} ''") == [words]
    assert complete("mingce code list occ", "mingce template ''")[0] == {"occupations"}
    assert complete("mingce roster import 名", "mingce roster import x --rejects ''", "mingce class list --profile rev",
                    "mingce whoami --profile ''", "mingce --profile ''") == [
        {"名册.csv"}, {"名册.csv", "clerk"}, {"reviewer"}, {"reviewer"}, {"reviewer"}]


@pytest.mark.parametrize("noun", READS)
def test_the_columns_of_every_import_are_named(say, tmp_path, noun):
    """Needed and optional ones, as the template has them; in English by headers that are read as well."""
    command = [w for w in READS[noun][:3] if w not in ("FILE", "accept", "--draft")]
    path = tmp_path / "空白.csv"
    say("nobody", "template", noun, "--output", path, expect=OK)
    with open(path, encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    zh, en = say("nobody", *command, "--help", zh=True, expect=OK).stdout, say("nobody", *command, "--help", expect=OK).stdout
    assert f"mingce template {noun}" in zh and "必填" in zh and "needed" in en
    for column in header:
        assert column in zh, (column, zh)
    named = re.findall(r"^    (?:needed|optional)  +(.*(?:\n {14}.*)*)", en.split(f"template {noun} ")[1].split("columns of the file")[0], re.M)
    english = [re.sub(r"\s+", " ", column) for column in re.split(r",\s+|\sor\s", ", ".join(named))]
    assert len(english) == len(header)
    path.write_text(",".join(english) + "\n" + ",".join("1" for _ in english) + "\n")
    words = [str(path) if w == "FILE" else "202699999" if w == "CLASS" else w for w in READS[noun]]
    done = say(WHO.get(noun, "institution"), *words)
    assert "no header" not in done.stderr and "not used" not in done.stdout + done.stderr, done.stdout + done.stderr


def test_digits_of_an_id_may_have_dashes_between_them(say):
    dashed = say("nobody", "standard", "decide", "-".join("0" * 32), "--decision", "in-force")
    assert dashed.returncode > 0 and "hexadecimal" not in dashed.stderr, dashed.stderr


def filled_in(path):
    """A template's example as if a clerk had written it."""
    path.write_text(path.read_text(encoding="utf-8-sig").replace("{{", "").replace("}}", ""))


@pytest.mark.parametrize("noun", READS)
def test_every_template_is_a_file_that_its_command_reads(say, tmp_path, noun):
    path = tmp_path / "空白.csv"
    say("nobody", "template", noun, "--output", path, expect=OK)
    number = json.loads(say("institution", "--json", *OPEN, expect=OK).stdout)["number"]
    if noun in ("attendance", "marks"):
        say("institution", "class", "start", number, "--version", "1", expect=OK)
    if noun == "lesson":
        for needed in ("venue", "teacher"):
            say("institution", "template", needed, "--output", tmp_path / needed, expect=OK)
            filled_in(tmp_path / needed)
            say("institution", needed, "import", tmp_path / needed, expect=OK)
    words = [str(path) if w == "FILE" else number if w == "CLASS" else w for w in READS[noun]]
    for zh, told in ((True, "本行仍是空白表格的示例"), (False, "still the example of the empty file")):
        untouched = say(WHO.get(noun, "institution"), *words, zh=zh)
        assert untouched.returncode == ROWS_REFUSED and told in untouched.stdout + untouched.stderr, untouched.stdout + untouched.stderr
    filled_in(path)
    done = say(WHO.get(noun, "institution"), *words)
    assert done.returncode in (OK, ROWS_REFUSED), done.stdout + done.stderr
    assert "no header" not in done.stderr and "not used" not in done.stdout + done.stderr
    if noun in ("roster", "lesson", "standard", "policy", "calendar", "venue", "teacher"):
        assert done.returncode == OK or "known already" in done.stdout + done.stderr, done.stdout + done.stderr


@pytest.mark.parametrize("words", [
    ["claim", "list", "--state", "X"], ["claim", "queue", "--state", "X"], ["claim", "decide", "X", "f.csv"],
    ["claim", "submit", "f.csv", "--route", "X"], ["claim", "claw-back", "0" * 32, "--version", "1", "--line", "X"],
    ["conflict", "resolve", "0" * 32, "--decision", "X", "--case", "1"], ["standard", "decide", "0" * 32, "--decision", "X"],
    ["trainee", "amend", "--kind", "X", "--version", "1", "--case", "1"], ["trainee", "reveal", "--purpose", "X", "--case", "1"],
    ["operator", "roles", "0" * 32, "--role", "X"], ["scope", "add", "0", "--occupation", "0", "--level", "X", "--from", "2026-01-01"],
    ["organisation", "register", "--code", "0", "--name", "0", "--kind", "X", "--division", "370100"],
    ["certificate", "amend", "--kind", "X", "--issued-on", "2026-01-01", "--occupation", "0", "--level", "junior", "--version", "1", "--reason", "r"],
    ["certificate", "amend", "--kind", "training", "--issued-on", "2026-01-01", "--occupation", "0", "--level", "X", "--version", "1", "--reason", "r"],
    [w if w != "junior" else "X" for w in OPEN]])
def test_a_wrong_word_is_told_which_there_are(say, words):
    """Each of the words that it names may be said: none of them is refused in the same way."""
    said = say("nobody", *words, expect=USAGE).stderr
    allowed = re.search(r"one of ([a-z, -]+) \(", said).group(1).split(", ")
    assert len(allowed) > 1 and not HAN.search(said)
    zh = say("nobody", *words, zh=True, expect=USAGE).stderr
    assert all(f"（{word}）" in zh for word in allowed)
    for word in allowed:
        again = say("nobody", *[word if w == "X" else w for w in words]).stderr
        assert "one of" not in again, again


def test_every_word_is_listed_offline(say, stack):
    usage = say("nobody", "code", "list", "--help", expect=OK).stdout
    tables = re.search(r"TABLE(.*?)WORD", usage.split("\n", 1)[1], re.S).group(1).split()
    assert {"groups", "levels", "kinds", "documents", "divisions", "occupations", "policies", "facts"} <= set(tables)
    for table in tables:
        rows = [json.loads(line) for line in say("nobody", "--json", "code", "list", table, expect=OK).stdout.splitlines()]
        assert rows and all(row["code"] and row["name"] for row in rows), table
    assert "mingce code list" in say("nobody", "code", "list", "nothing", expect=USAGE).stderr
    policies = [json.loads(line) for line in say("nobody", "--json", "code", "list", "policies", expect=OK).stdout.splitlines()]
    for policy in policies:
        least, most = stack.sql(f"SELECT least_value, most_value FROM helper.policy_bounds('{policy['code']}')").split("|")
        assert re.search(rf"\b{least}[至或]{most}(?!\d)", policy["name"]), policy
    body = stack.sql("SELECT prosrc FROM pg_proc WHERE proname = 'policy_bounds'")
    assert set(re.findall(r"\('(\w+)', \d", body)) == {policy["code"] for policy in policies}
    said = say("approver", "policy", "propose", "no_such", "--value", "1", "--from", "2026-07-01", "--citation", "示例文", expect=REFUSED).stderr
    assert "mingce code list policies" in said


@pytest.mark.parametrize("words", [
    ["class", "show", "2026-1"], ["class", "show", "18446744073709551615"], ["class", "show", "99999999999999999999999"], ["class", "show", "0"],
    ["roster", "list", "--class", "18446744073709551615"], ["lesson", "list", "--class", "2026-1"], ["claim", "list", "--class", "-1"],
    ["marks", "import", "f.csv", "--class", "9223372036854775808"], ["certificate", "list", "--class", "0x1"], ["audit", "show", "2026-1"],
    ["trainee", "amend", "--kind", "name", "--version", "x", "--case", "1"], ["audit", "log", "--limit", "5000000000"], ["claim", "list", "--limit", "x"],
    ["roster", "remove", "--class", "202600001", "--reason", "示例", "--seat", "x"], ["claim", "accept", "00" * 16, "--version", "第一版"]])
def test_a_number_that_is_none_is_refused_by_its_option(say, words):
    for zh in (False, True):
        said = say("institution", *words, zh=zh, expect=USAGE).stderr.splitlines()[0]
        option = next((w for w in reversed(words) if w.startswith("--") and w not in ("--kind", "--case")), "N")
        assert option in said and bool(HAN.search(said)) == zh and not re.search(r"\d{10}", said)  # no bound that tells nobody anything


REFUSED_FIELDS = [
    ("institution", [*OPEN[:2], "--title", "　", *OPEN[4:]], "title-length", "班级名称", "title", "title"),
    ("institution", [*OPEN[:13], "2026-02-01", *OPEN[14:]], "date-order", "结束日期", "last day", "ends_on"),
    ("institution", [*OPEN[:4], "--occupation", "9-99-99-99", *OPEN[6:]], "occupation-unknown", "职业", "occupation", "occupation_code"),
    ("institution", ["class", "start", "209900001", "--version", "1"], "class-unknown", "班级", "class", "number"),
    ("auditor", ["organisation", "show", "91370100MA3XXXXX00"], "organisation-unknown", "统一社会信用代码", "code", "code"),
    ("reviewer", ["claim", "accept", "00" * 16, "--version", "1"], "claim-unknown", "申领编号", "claim", "claim_id"),
    ("approver", ["policy", "propose", "claim_months", "--value", "9999", "--from", "2058-01-01", "--citation", "示例"], "policy-value", "数值", "value", "value"),
    ("approver", ["policy", "propose", "claim_months", "--value", "9", "--from", "2058-01-01", "--citation", "　"], "citation-length", "文件依据", "citation", "citation")]


@pytest.mark.parametrize("who, words, reason, chinese, english, field", REFUSED_FIELDS, ids=[row[2] for row in REFUSED_FIELDS])
def test_a_refusal_names_a_field_as_the_columns_do(say, who, words, reason, chinese, english, field):
    """In each language; programs are told the field itself."""
    for zh, shown in ((True, chinese), (False, english)):
        said = say(who, *words, zh=zh, expect=REFUSED).stderr
        assert f"({reason}, {shown})" in said and not re.search(r", [a-z]+_[a-z_]+\)", said)
    assert f"({reason}, {field})" in say(who, "--json", *words, expect=REFUSED).stderr


def test_every_field_that_is_refused_has_a_word():
    """What the daemon names in a refusal is in the program's table."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "daemon").rglob("*.c")]
    said = [text for source in sources for text in (
        *re.findall(r"call_refuse\(call,[^;]*;", source), *re.findall(r"field = [^;]*;", source), *re.findall(r"^static const char \*\w*field\([^}]*(?:\}[^}]+)?^\}", source, re.M),
        *re.findall(r"const fields\[\] = \{[^}]*\}", source))]
    fields = {field for text in said for field in re.findall(r'"([a-z][a-z_]+)"', text)}
    known = set(re.findall(r'^    \{"([a-z_]+)", "', (ROOT / "client/cli/frame/field.c").read_text(encoding="utf-8"), re.M))
    assert len(fields) > 50 and not fields - known


def test_b5_amounts_of_a_file_are_in_yuan(say, tmp_path):
    """A column that says fen is refused with the sentence of it, whatever stands in it; a value with three decimals, too."""
    path = tmp_path / "标准.csv"
    for title in ("amount_fen", "补贴标准（分）", "金额(分)"):
        path.write_text(f"补贴项目,{title},起始日期,文件依据\n职业培训补贴,1500.00,2026-01-01,示例文\n")
        said = say("approver", "standard", "load", path, expect=FILE).stderr
        assert title in said and "yuan" in said and "1500.00" in said
        assert "元" in say("approver", "standard", "load", path, zh=True, expect=FILE).stderr
    path.write_text("补贴项目,补贴标准（元）,起始日期,文件依据\n职业培训补贴,1500.001,2026-01-01,示例文\n")
    assert "not in fen" in say("approver", "standard", "load", path, expect=ROWS_REFUSED).stdout


def test_columns_that_mean_the_same_are_named(say, tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text("姓名,证件号码,身份证号,人员类别\n示例,1,1,失业人员\n")
    said = say("nobody", "roster", "check", path, expect=FILE).stderr
    assert 'column 2 "证件号码", column 3 "身份证号"' in said


def test_a_proposal_is_called_one_thing(say, tmp_path):
    path = tmp_path / "标准.csv"
    path.write_text("补贴项目,补贴标准,起始日期,文件依据,职业代码\n职业培训补贴,1500.00,2037-01-01,示例文,6-20-01-01\n")
    say("approver", "standard", "load", path, expect=OK)
    listed = [json.loads(line) for line in say("approver", "--json", "standard", "list", "--pending", expect=OK).stdout.splitlines()]
    [mine] = [s for s in listed if s["valid_from"] == "2037-01-01" and s["occupation_code"] == "6-20-01-01"]
    assert mine["proposal_id"] == mine["standard_id"] and mine["amount_fen"] == 150000
    table = say("approver", "standard", "list", "--pending", expect=OK).stdout
    assert table.split()[0] == "proposal" and "1500.00" in table
    decided = say("approver2", "--json", "standard", "decide", mine["proposal_id"], "--decision", "rejected", expect=OK).stdout
    assert mine["proposal_id"] in decided


def test_a_warning_is_a_sentence_in_a_table(say, tmp_path):
    path = tmp_path / "名册.csv"
    number = json.loads(say("institution", "--json", *OPEN, expect=OK).stdout)["number"]
    path.write_text(f"姓名,证件号码,人员类别\n李 示例,{resident_id()},失业人员\n")
    say("institution", "roster", "import", path, "--class", number, expect=OK)
    [row] = [json.loads(line) for line in say("institution", "--json", "roster", "list", "--class", number, expect=OK).stdout.splitlines()]
    assert "name-space" in row["warnings"]
    assert "name-space" not in (text := say("institution", "roster", "list", "--class", number, expect=OK).stdout) and "white space inside" in text


@pytest.mark.parametrize("words, head", [(["audit", "check", "FILE", "--key", "log"], "c2sp.org/tlog-proof@v1"),
                                         (["audit", "receipt", "FILE", "--receipt-key", "receipt"], "mingce.receipt@v1"),
                                         (["certificate", "check", "FILE", "--certificate-key", "certificate"], "mingce.certificate@v1")])
def test_a_file_of_another_kind_is_not_an_altered_one(say, stack, tmp_path, words, head):
    """Status 1 says that somebody altered what proved itself; of a file that never did it is 5."""
    path = tmp_path / "文件"
    words = [*(path if w == "FILE" else w for w in words[:-1]), stack.folder / f"{words[-1]}.vkey"]
    for text in ("姓名,证件号码\n", "{}\n", "-----BEGIN CERTIFICATE-----\n"):
        path.write_text(text)
        say("nobody", *words, expect=FILE)
    path.write_text(f"{head}\nanything\n")
    said = say("nobody", *words, expect=ROWS_REFUSED).stderr
    assert "altered" in said
