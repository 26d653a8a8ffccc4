# SPDX-License-Identifier: Apache-2.0
"""From a certificate to a paid claim on the command line: files in, tables and JSON out, exit statuses that mean something."""

import base64
import json
import subprocess

import pytest
import samples
from claims import OCCUPATION, certify, day, fresh_number, publicity_over
from test_claims import claimed, graduates, standards  # noqa: F401 (fixtures)

OK, ROWS_REFUSED, USAGE, REFUSED, FILE = 0, 1, 2, 3, 5


@pytest.fixture
def desk(stack):
    def run(profile, *words, lines=(), expect=OK, chinese=True):
        done = stack.cli(profile, *words, input="".join(line + "\n" for line in lines),
                         env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8" if chinese else "C.UTF-8"})
        assert done.returncode == expect, done.stdout + done.stderr
        return done
    return run


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def sheet(path, *lines):
    path.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")
    return path


def test_a_certificate_from_a_file_and_back(desk, graduates, tmp_path):
    number, people = graduates(2)
    good, bad = fresh_number(), fresh_number()
    file = sheet(tmp_path / "证书.csv", ("班内序号", "证书编号", "证书类别", "发证日期"), ("1", good, "培训合格证书", day(-20)),
                 ("2", bad, "培训合格证书", day(-80)), ("2", fresh_number(), "没有的类别", day(-20)))
    rejects = tmp_path / "退回.csv"
    said = desk("institution", "certificate", "import", file, "--class", number, "--rejects", rejects, expect=ROWS_REFUSED).stdout
    assert "发证日期早于班级结束日期" in said and "证书类别" in said
    assert bad in rejects.read_text(encoding="utf-8-sig") and good not in rejects.read_text(encoding="utf-8-sig")
    [listed] = rows(desk("institution", "--json", "certificate", "list", "--class", number))
    assert (listed["certificate_number"], listed["kind"], listed["state"]) == (good, "training", "valid")
    assert "有效" in desk("payer", "certificate", "verify", lines=[good, people[0]["name"]]).stdout
    assert rows(desk("payer", "--json", "certificate", "verify", lines=[good, "示例他人"], expect=ROWS_REFUSED))[0]["state"] == "not-found"
    desk("institution", "certificate", "revoke", "--reason", "成绩作废", "--on", day(), lines=[good])
    assert "已撤销" in desk("payer", "certificate", "verify", lines=[good, people[0]["name"]], expect=ROWS_REFUSED).stdout
    assert "已是此状态" in desk("institution", "certificate", "revoke", "--reason", "再次", "--on", day(), lines=[good], expect=REFUSED).stderr
    desk("reviewer", "certificate", "reinstate", "--reason", "复核", "--on", day(), lines=[good])


def test_a6_a_certificate_is_who_the_row_names(desk, graduates, tmp_path):
    """By seat or by document: a row that names another comes back, one that names the holder is recorded."""
    number, people = graduates(2)
    one, two = people
    header = ("班内序号", "姓名", "证件号码", "证书编号", "证书类别", "发证日期")
    right, again = fresh_number(), fresh_number()
    file = sheet(tmp_path / "证书.csv", header, ("1", two["name"], "", fresh_number(), "培训合格证书", day(-20)),
                 ("1", "", two["document_number"], fresh_number(), "培训合格证书", day(-20)),
                 ("", one["name"], two["document_number"], fresh_number(), "培训合格证书", day(-20)),
                 ("1", one["name"], one["document_number"], right, "培训合格证书", day(-20)),
                 ("", two["name"], two["document_number"], again, " 培训合格证书　", day(-20) + " 00:00:00"))
    said = rows(desk("institution", "--json", "certificate", "import", file, "--class", number, expect=ROWS_REFUSED))
    assert [[why["code"] for why in row["reasons"]] for row in said] == [["holder-name"], ["holder-document"], ["holder-name"], [], []]
    assert {c["certificate_number"] for c in rows(desk("institution", "--json", "certificate", "list", "--class", number))} == {right, again}
    plain = sheet(tmp_path / "流水.csv", ("序号", "证书编号", "证书类别", "发证日期"), ("1", fresh_number(), "培训合格证书", day(-20)))
    assert "流水号" in desk("institution", "certificate", "import", plain, "--class", number, expect=ROWS_REFUSED).stdout


def test_a6_a_claim_is_whose_certificate_the_row_names(desk, graduates, standards, wire, tmp_path):
    number, people = graduates(2)
    [mine, other], _ = certify(wire(), number, people)
    header = ("证书编号", "姓名", "证件号码", "代领协议编号", "未收费")
    file = sheet(tmp_path / "申领.csv", header, (mine, people[1]["name"], "", "DL-1", "是"), (mine, "", people[1]["document_number"], "DL-1", "是"),
                 (f" {mine.lower()}", people[0]["name"], people[0]["document_number"], "DL-1", " 是　"),
                 ("".join(chr(ord(c) + 0xfee0) for c in other), people[1]["name"], "", "DL-1", "√"))
    said = rows(desk("institution", "--json", "claim", "submit", file, expect=ROWS_REFUSED))
    assert [[why["code"] for why in row["reasons"]] for row in said] == [["holder-name"], ["holder-document"], [], []]
    claims = rows(desk("institution", "--json", "claim", "list", "--class", number))
    assert len(claims) == 2
    by_name = {rows(desk("auditor", "--json", "claim", "show", c["claim_id"]))[0]["claim_id"]: c for c in claims}
    first, second = list(by_name)
    numbers = {c: mine if any(str(r.get("document_number")).endswith(people[0]["document_number"][-4:]) for r in rows(desk("auditor", "--json", "claim", "show", c))) else other
               for c in by_name}
    batch = sheet(tmp_path / "办理.csv", ("申领编号", "版本", "证书编号", "姓名"), (first, "1", numbers[second], ""),
                  (second, "1", numbers[second], "李*"))
    said = rows(desk("reviewer", "--json", "claim", "decide", "accept", batch, expect=ROWS_REFUSED))
    assert [[why["code"] for why in row["reasons"]] for row in said] == [["holder-certificate"], []]
    holder = {mine: people[0]["name"], other: people[1]["name"]}
    batch = sheet(tmp_path / "办理.csv", ("申领编号", "版本", "姓名"), (first, "1", holder[numbers[second]]))
    said = rows(desk("reviewer", "--json", "claim", "decide", "accept", batch, expect=ROWS_REFUSED))
    assert [why["code"] for why in said[0]["reasons"]] == ["holder-name"]
    batch = sheet(tmp_path / "办理.csv", ("申领编号", "版本", "姓名"), (first, "1", holder[numbers[first]]))
    desk("reviewer", "claim", "decide", "accept", batch)


@pytest.mark.parametrize("chinese", [True, False], ids=["zh", "en"])
def test_a_refusal_speaks_of_what_was_asked_for(desk, claimed, tmp_path, chinese):
    """The same reason of another method is of something else: a payment's is its reference, a certificate's trainee its holder."""
    claim = claimed()[0].hex()

    def say(profile, *words, expect=REFUSED):
        done = desk(profile, *words, chinese=chinese, expect=expect)
        return done.stdout + done.stderr

    reference = "付款凭证号" if chinese else "a payment's reference"
    for reason in ("　", "长" * 201, f"收款人{samples.resident_id()}"):
        assert reference in say("payer", "claim", "pay", claim, "--version", "1", "--reason", reason)
        assert reference not in say("reviewer", "claim", "reject", claim, "--version", "1", "--reason", reason)
    file = sheet(tmp_path / "证书.csv", ("证件号码", "证书编号", "证书类别", "发证日期", "职业", "等级"),
                 (samples.resident_id(), fresh_number(), "培训合格证书", day(-20), OCCUPATION, "初级工"))
    said = say("institution", "certificate", "import", file, expect=ROWS_REFUSED)
    assert ("须已登记在册" if chinese else "in the registry") in said and ("本班" if chinese else "takes part in the class") not in said


@pytest.mark.parametrize("chinese", [True, False], ids=["zh", "en"])
def test_c4_a_cell_that_cannot_be_read_is_told_before_anything_is_sent(desk, claimed, tmp_path, chinese):
    """An id, a version, a yes: with row and column, and neither as somebody's change nor as an unknown claim."""
    claim = claimed()[0].hex()
    batch = sheet(tmp_path / "办理.csv", ("申领编号", "版本"), (claim, "一"), (claim, ""), (claim[:-1], "1"), ("", "1"), ("1.2E+31", "x"), (claim, "1.5"),
                  ("00" * 16, "1"), (f" {claim.upper()}", "９"))
    said = rows(desk("reviewer", "--json", "claim", "decide", "accept", batch, expect=ROWS_REFUSED, chinese=chinese))
    assert [[(why["field"], why["code"]) for why in row["reasons"]] for row in said] == [
        [("version", "count-cell")], [("version", "count-cell")], [("claim_id", "identifier-cell")], [("claim_id", "identifier-cell")],
        [("claim_id", "identifier-cell"), ("version", "count-cell")], [("version", "count-cell")], [("claim_id", "claim-unknown")],
        [("version", "version-differs")]]
    desk("reviewer", "claim", "decide", "accept", sheet(tmp_path / "好.csv", ("申领编号", "版本"), (f"'{claim}", "1")), chinese=chinese)
    told = desk("reviewer", "claim", "decide", "accept", sheet(tmp_path / "坏.csv", ("申领编号", "版本"), ("没有", "1")), expect=ROWS_REFUSED, chinese=chinese).stdout
    assert ("申领编号：此格为空或无法识别" if chinese else "claim: the cell is empty or cannot be read") in told and "没有" not in told
    answers = sheet(tmp_path / "答复.csv", ("申领编号", "核验事项", "核验结果"), ("没有", "由申领单位参保", "相符"), (claim, "婚姻", "相符"))
    said = rows(desk("agency", "--json", "fact", "answer", answers, "--source", "示例库", "--as-of", day(), expect=ROWS_REFUSED, chinese=chinese))
    assert [row["reasons"][0]["code"] for row in said] == ["identifier-cell", "fact-cell"]
    submitted = sheet(tmp_path / "申领.csv", ("证书编号", "代领协议编号", "未收费"), ("A1", "DL-1", "好的"), ("A1", "DL-1", "否"))
    said = rows(desk("institution", "--json", "claim", "submit", submitted, expect=ROWS_REFUSED, chinese=chinese))
    assert [row["reasons"][0]["code"] for row in said] == ["yes-cell", "claim-certificate"]


def test_the_occupation_is_a_code_or_a_name_in_columns_of_their_own(desk, graduates, standards, tmp_path):
    """A file may have both; one of names alone is read as well."""
    number, people = graduates(3)
    header = ("证件号码", "证书编号", "证书类别", "发证日期", "等级")
    rest = [(p["document_number"], fresh_number(), "培训合格证书", day(-20), "初级工") for p in people]
    for names, cells, expect, codes in ((("职业代码", "职业"), (OCCUPATION, "家政服务员"), OK, []), (("职业（工种）",), ("家政服务员",), OK, []),
                                        (("职业名称",), ("没有的职业",), ROWS_REFUSED, ["out-of-scope"])):
        file = sheet(tmp_path / "证书.csv", header + names, rest.pop() + cells)
        said = desk("institution", "--json", "certificate", "import", file, "--class", number, expect=expect)
        assert [why["code"] for row in rows(said) for why in row["reasons"] if why["code"] != "certificate-form"] == codes and "未采用的列" not in said.stderr
    load = sheet(tmp_path / "标准.csv", ("补贴项目", "补贴标准", "起始日期", "文件依据", "职业代码", "职业名称"),
                 ("职业培训补贴", "1700", "2061-01-01", "示例文", OCCUPATION, "家政服务员"), ("职业培训补贴", "1700", "2062-01-01", "示例文", "", "家政服务员"))
    desk("approver", "standard", "load", load)
    assert {s["occupation_code"] for s in rows(desk("approver", "--json", "standard", "list", "--pending")) if s["valid_from"] > "2061"} == {OCCUPATION}


def test_a_certificate_is_amended(desk, wire, graduates):
    number, people = graduates(1)
    [certificate], _ = certify(wire(), number, people)

    def amend(*changes, version=1, expect=OK):
        words = {"--kind": "training", "--issued-on": day(-20), "--occupation": OCCUPATION, "--level": "junior", "--version": version, "--reason": "录入有误"}
        words |= dict(zip(changes[::2], changes[1::2]))
        return desk("institution", "--json", "certificate", "amend", *(str(w) for pair in words.items() for w in pair), lines=[certificate], expect=expect)

    assert rows(amend("--issued-on", day(-10)))[0] == {"version": 2, "warning": None}
    assert rows(amend("--kind", "职业资格证书", "--level", "初级工", version=2))[0] == {"version": 3, "warning": "certificate-form"}
    [listed] = rows(desk("institution", "--json", "certificate", "list", "--class", number))
    assert (listed["kind"], listed["issued_on"], listed["version"]) == ("qualification", day(-20), 3)
    assert "version-differs" in amend(expect=REFUSED).stderr
    assert "--kind" in amend("--kind", "没有的", expect=USAGE).stderr
    assert "--level" in amend("--level", "没有的", expect=USAGE).stderr
    assert "--issued-on" in amend("--issued-on", "昨天", expect=USAGE).stderr
    assert "--reason" in desk("institution", "certificate", "amend", "--kind", "training", "--issued-on", day(), "--occupation", OCCUPATION, "--level", "junior",
                              "--version", "1", lines=[certificate], expect=USAGE).stderr


@pytest.fixture
def carried(stack, desk, wire, graduates, tmp_path):
    """A certificate's file as its holder has it, and `certificate check` of it without a server."""
    number, people = graduates(2)
    [certificate, _], _ = certify(wire(), number, people)

    def check(*words, expect=OK, key="certificate", path=None, **more):
        return desk("nobody", "--json", "certificate", "check", path or check.path, "--certificate-key", stack.folder / f"{key}.vkey", *words, expect=expect, **more)

    def export(**options):
        return desk("institution", "certificate", "export", "-o", check.path, lines=[certificate, people[0]["document_number"]], **options)

    check.path, check.export, check.number, check.people = tmp_path / "证书.txt", export, certificate, people
    export()
    return check


def test_a_certificates_file_is_checked_offline(desk, carried):
    said = rows(carried())[0]
    assert (said["certificate_number"], said["kind"], said["level"], said["state"], said["since"], said["holder"], said["as_of"]) == (
        carried.number, "training", "junior", "valid", None, None, day())
    mine, other = (row["document_number"] for row in carried.people)
    assert rows(carried("--document", lines=[mine]))[0]["holder"] == "matches"
    differs = carried("--document", lines=[other], expect=ROWS_REFUSED)
    assert rows(differs)[0]["holder"] == "differs" and "不是持证人的" in differs.stderr
    assert rows(carried("--document", "--type", "港澳台居民居住证", lines=["810000199408230021"], expect=ROWS_REFUSED))[0]["holder"] == "differs"
    assert "位数" in carried("--document", lines=["123"], expect=USAGE).stderr
    assert "缺少一行" in carried("--document", expect=USAGE).stderr
    assert "证件类型" in carried("--document", "--type", "没有的", lines=[mine], expect=USAGE).stderr
    assert "--certificate-key" in desk("nobody", "certificate", "check", carried.path, expect=USAGE).stderr
    assert "cannot be read" in carried(path=carried.path.parent / "absent", expect=FILE, chinese=False).stderr


def test_a_false_certificate_is_told_from_one_that_cannot_be_read(stack, carried):
    note = carried.path.read_text()
    for old, new in (("level: 2 初级工", "level: 4 高级工"), ("status: valid", "status: vslid"), ("\n\n", "\n"), (note, note[:9]), ("as-of: ", "as-of:  ")):
        carried.path.write_text(note.replace(old, new))
        false = carried(expect=ROWS_REFUSED)
        assert "已被改动" in false.stderr and not false.stdout
    carried.path.write_text(note)
    assert "不是此公钥所签" in carried(key="receipt", expect=ROWS_REFUSED).stderr
    _, _, name, key_id, seed = (stack.folder / "certificate.key").read_text().strip().split("+", 4)
    newer = note.partition("\n\n")[0].replace("@v1", "@v2") + "\n"
    carried.path.write_text(newer + "\n" + signature(carried.path.parent, newer, name, key_id, seed))
    assert "使用更新的版本" in carried(expect=FILE).stderr


def signature(folder, text, name, key_id, seed):
    (folder / "private.der").write_bytes(bytes.fromhex("302e020100300506032b657004220420") + base64.b64decode(seed)[1:])
    (folder / "text").write_text(text)
    made = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", folder / "private.der", "-keyform", "DER", "-rawin", "-in", folder / "text"],
                          check=True, capture_output=True).stdout
    return f"\u2014 {name} {base64.b64encode(bytes.fromhex(key_id) + made).decode()}\n"


def test_a_revoked_certificate_is_told_by_its_next_file(desk, carried):
    desk("institution", "certificate", "revoke", "--reason", "成绩作废", "--on", day(-1), lines=[carried.number])
    assert rows(carried())[0]["state"] == "valid"  # as of its day, when it was made
    carried.export()
    revoked = carried("--document", lines=[carried.people[1]["document_number"]], expect=ROWS_REFUSED)
    assert (rows(revoked)[0]["state"], rows(revoked)[0]["since"]) == ("revoked", day(-1))
    assert "已被撤销" in revoked.stderr and "不是持证人的" in revoked.stderr
    unknown = desk("institution", "certificate", "export", "--output", carried.path.parent / "none", lines=[carried.number, carried.people[1]["document_number"]], expect=REFUSED)
    assert "certificate-holder" in unknown.stderr and not (carried.path.parent / "none").exists()
    assert "--output" in desk("institution", "certificate", "export", expect=USAGE).stderr
    desk("institution", "certificate", "revoke", "-o", "1", expect=USAGE)
    desk("institution", "certificate", "export", "-o", carried.path.parent / "no/such", lines=[carried.number, carried.people[0]["document_number"]], expect=FILE)


def test_claims_from_a_file_to_the_payment(stack, desk, graduates, standards, wire, tmp_path):
    number, people = graduates(3)
    numbers, _ = certify(wire(), number, people)
    file = sheet(tmp_path / "申领.csv", ("证书编号", "代领协议编号", "未收费"), *[(n, "DL-1", "是") for n in numbers], ("NO-SUCH", "DL-1", "是"), (numbers[0], "", "否"))
    dry = desk("institution", "claim", "submit", file, "--dry-run", expect=ROWS_REFUSED)
    said = dry.stdout
    assert "未找到您可以申领的此编号证书" in said and "代领协议编号" in said and "未向本人收取" in said
    assert "可申领3" in dry.stderr.replace(" ", "")
    desk("institution", "claim", "submit", file, expect=ROWS_REFUSED)
    desk("institution", "claim", "submit", file, expect=ROWS_REFUSED)  # the same again: nothing twice
    mine = rows(desk("institution", "--json", "claim", "list", "--class", number))
    assert len(mine) == 3 and {c["state"] for c in mine} == {"submitted"} and {c["amount_fen"] for c in mine} == {170000}

    def decide(profile, step, *more, expect=OK):
        batch = tmp_path / "办理.csv"
        assert "已写出3行" in desk("reviewer", "claim", "list", "--class", number, "--output", batch).stdout.replace(" ", "")
        return desk(profile, "claim", "decide", step, batch, *more, expect=expect)

    first = mine[0]["claim_id"]
    decide("reviewer", "accept")
    assert "初审人审核" in desk("institution", "claim", "show", first).stdout
    decide("reviewer", "review")
    decide("reviewer", "publicise")
    assert "公示期未满" in decide("approver", "approve", expect=ROWS_REFUSED).stdout
    assert "1700.00" in desk("enterprise", "claim", "public", "--division", "370100").stdout
    for claim in mine:
        publicity_over(stack, bytes.fromhex(claim["claim_id"]))
    decide("approver", "approve")
    decide("payer", "pay", "--reason", "ZF-2026-7")
    story = desk("auditor", "claim", "show", first)
    for words in ("已拨付", "职业培训补贴", "1500.00", "示例", "ZF-2026-7", "郑*", "已办结"):
        assert words in story.stdout, words
    assert people[0]["name"] not in story.stdout and people[0]["document_number"] not in story.stdout
    parts = [r["part"] for r in rows(desk("auditor", "--json", "claim", "show", first))]
    assert parts.count("claim") == 1 and parts.count("amount") == 2 and parts.count("step") == 6
    desk("approver2", "claim", "claw-back", first, "--version", "6", "--reason", "多计", "--line", "assessment")
    assert "20000" in desk("auditor", "--json", "claim", "show", first).stdout
    assert "差错" in desk("auditor", "claim", "show", first).stdout


def test_a_person_has_certificates_and_claims(stack, desk, claimed):
    claim, _, row = claimed()
    shown = desk("institution", "trainee", "show", lines=[row["document_number"]]).stdout
    for words in ("证书", "培训合格证书", "补贴申领", claim.hex(), "1700.00", "已提交"):
        assert words in shown, words
    parts = [r["part"] for r in rows(desk("institution", "--json", "trainee", "show", lines=[row["document_number"]]))]
    assert parts.count("certificate") == 1 and parts.count("claim") == 1


def test_one_claim_step_by_step(stack, desk, claimed):
    claim, _, _ = claimed()
    claim = claim.hex()
    assert "已有人更改" in desk("reviewer", "claim", "accept", claim, "--version", "9", expect=REFUSED).stderr
    desk("reviewer", "claim", "return", claim, "--version", "1", "--reason", "缺材料")
    assert "缺材料" in desk("institution", "claim", "show", claim).stdout
    desk("institution", "claim", "withdraw", claim, "--version", "2", "--reason", "放弃")
    assert "已撤回" in desk("institution", "claim", "list", "--state", "withdrawn").stdout
    desk("reviewer", "claim", "accept", claim, expect=USAGE)
    desk("reviewer", "claim", "decide", "swallow", "/dev/null", expect=USAGE)


def test_lists_that_are_decided_from_say_whose_a_claim_is(desk, claimed):
    claim, _, row = claimed()
    for profile, words in (("reviewer", ["queue"]), ("institution", ["list"])):
        [mine] = [c for c in rows(desk(profile, "--json", "claim", *words)) if c["claim_id"] == claim.hex()]
        assert mine["name"][0] == row["name"][0] and "*" in mine["name"] and mine["name"] != row["name"]


def test_the_queue(desk, claimed):
    claim, _, _ = claimed()
    assert claim.hex() in [c["claim_id"] for c in rows(desk("reviewer", "--json", "claim", "queue"))]
    assert claim.hex() not in [c["claim_id"] for c in rows(desk("reviewer", "--json", "claim", "queue", "--least", "99999"))]
    assert "应办日期" in desk("reviewer", "claim", "queue").stdout
    desk("reviewer", "claim", "queue", "--state", "nowhere", expect=USAGE)
    desk("reviewer", "claim", "queue", "--least", "much", expect=USAGE)


def test_questions_answered_from_a_file(stack, desk, claimed, tmp_path):
    stack.sql("INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'fact_pension', 1, '2026-01-01', '示例')")
    try:
        claim, _, row = claimed()
    finally:
        stack.sql("DELETE FROM registry.policy WHERE division = '370100' AND name = 'fact_pension'")
    [asked] = [q for q in rows(desk("agency", "--json", "fact", "list", "--purpose", "verification", "--case", "A-1")) if q["claim_id"] == claim.hex()]
    assert asked["document_number"] == row["document_number"]
    file = sheet(tmp_path / "核验.csv", ("申领编号", "核验事项", "核验结果"), (claim.hex(), "按月领取养老金", "不符"), (claim.hex(), "按月领取养老金", "也许"))
    assert "核验结果" in desk("agency", "fact", "answer", file, "--source", "示例社保库", "--as-of", day(-1), expect=ROWS_REFUSED).stdout
    assert "示例社保库" in desk("institution", "claim", "show", claim.hex()).stdout


def test_an_employer_asks_for_its_people(stack, desk, graduates, standards, tmp_path):
    number, people = graduates(2)
    file = sheet(tmp_path / "证书.csv", ("班内序号", "证书编号", "证书类别", "发证日期"), *((str(i + 1), fresh_number(), "培训合格证书", day(-20)) for i in range(2)))
    desk("institution", "certificate", "import", file, "--class", number)
    numbers = [line.split(",")[1] for line in file.read_text().splitlines()[1:]]
    claims = sheet(tmp_path / "申领.csv", ("证书编号",), *((n,) for n in numbers))
    submit = ("enterprise", "--json", "claim", "submit", claims, "--route", "employer", "--dry-run")
    assert [r["verdict"] for r in rows(desk(*submit, expect=ROWS_REFUSED))] == ["reject", "reject"]
    asked = sheet(tmp_path / "员工.csv", ("姓名", "证件号码", "证件类型"), *((p["name"], p["document_number"], "居民身份证") for p in people), ("示例", "1", "居民身份证"))
    assert "证件号码" in desk("enterprise", "fact", "ask", asked, expect=ROWS_REFUSED).stdout
    questions = {q["document_number"]: q["claim_id"] for q in rows(desk("agency", "--json", "fact", "list", "--purpose", "verification", "--case", "A-1"))}
    answers = sheet(tmp_path / "核验.csv", ("申领编号", "核验事项", "核验结果"),
                    *((questions[p["document_number"]], "由申领单位参保", said) for p, said in zip(people, ("相符", "不符"))))
    desk("agency", "fact", "answer", answers, "--source", "示例社保库", "--as-of", day())
    assert [r["verdict"] for r in rows(desk(*submit, expect=ROWS_REFUSED))] == ["accept", "reject"]


def test_english(desk, claimed):
    claim, _, _ = claimed()
    story = desk("institution", "claim", "show", claim.hex(), chinese=False).stdout
    for words in ("whose move", "a reviewer of the bureau accepts or returns it", "training subsidy", "what happened"):
        assert words in story
    assert not samples.finder(samples.used)(story)


def test_why_a_step_is_refused_is_said_of_that_step(desk, claimed, open_class):
    """C: one reason, the words of each method: a return lacks what is to be mended, not the reason of a correction."""
    claim = claimed()[0].hex()
    for step, chinese, english in (("return", "需要补正的内容", "what is to be mended"), ("suspend", "调查的原因", "looked into")):
        told = desk("reviewer", "claim", step, claim, "--version", "1", expect=REFUSED)
        refused = told.stderr
        assert told.stdout == ""
        assert chinese in refused and "reason-needed" in refused and "已结班" not in refused and "付款" not in refused
        assert english in desk("reviewer", "claim", step, claim, "--version", "1", expect=REFUSED, chinese=False).stderr
    number = open_class(starts_on=day(5), ends_on=day(30))
    for words, chinese in ((("start",), "开班日期未到"), (("complete",), "尚未开课")):
        refused = desk("institution", "class", *words, number, "--version", "1", expect=REFUSED).stderr
        assert chinese in refused and "改报其他班级" not in refused
    desk("institution", "class", "cancel", number, "--version", "1", "--reason", "示例")
    for words in (("start", number, "--version", "2"), ("cancel", number, "--version", "2", "--reason", "再次"), ("amend", number, "--version", "2", "--capacity", "9")):
        refused = desk("institution", "class", *words, expect=REFUSED).stderr
        assert "班级已" in refused and "改报其他班级" not in refused
    assert "6位数字代码" in desk("payer", "claim", "public", "--division", "37", expect=REFUSED).stderr
    assert "已受理" in desk("reviewer", "claim", "accept", claim, "--version", "1").stdout
    assert rows(desk("reviewer", "--json", "claim", "review", claim, "--version", "2")) == [{"done": True}]
