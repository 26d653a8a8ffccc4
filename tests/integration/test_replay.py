# SPDX-License-Identifier: Apache-2.0
"""What a draft would have made of a year's claims: policy.replay over the wire and from the command line (B5, B6, B7)."""

import json

import pytest
import samples
import standard_pb2
from claims import OCCUPATION, OTHER, certify, graduate, submit
from conftest import CLASS, written
from test_persons import enrol
from test_requests import refusal
from wire import Wire, read_profile

YEAR = 2025  # of no other test, nor are standards of its days
TRAINING, ASSESSMENT = standard_pb2.SUBSIDY_TRAINING, standard_pb2.SUBSIDY_ASSESSMENT


def standard(row=1, line=TRAINING, amount=120000, start=f"{YEAR}-01-01", **more):
    return {"row": row, "line": line, "amount_fen": amount, "valid_from": start, "citation": "草案"} | more


def policy(row=1, name="claim_months", value=1, start=f"{YEAR}-01-01", **more):
    return {"row": row, "name": name, "value": value, "valid_from": start} | more


@pytest.fixture(scope="module")
def claims(stack):
    """Five persons' claims of 1500 yuan for training, as if of the last day of June of a year without others, of a class that
    began on that day, by which they are rated (B9); no other line had a standard then."""
    with Wire(read_profile(stack.profiles / "institution")) as clerk, Wire(read_profile(stack.profiles / "approver")) as one, \
            Wire(read_profile(stack.profiles / "approver2")) as other:
        one.call("standard.propose", row=[{"row": 1, "line": TRAINING, "occupation_code": OCCUPATION, "level": 3, "amount_fen": 150000,
                                           "valid_from": f"{YEAR}-01-01", "citation": "济人社示例〔2026〕31号"}])
        pending = [s for s in one.pages("standard.list", "standard", pending=True) if s.citation.endswith("31号")]
        other.call("standard.decide", decision=1, row=[{"row": 1, "proposal_id": pending[0].standard_id}])
        number = clerk.call("class.open", **(CLASS | {"level": 3})).number
        people = [samples.trainee(n + 1) for n in range(5)]
        assert set(enrol(clerk, number, *people)) == {"enrolled"}
        graduate(stack, number)
        stack.sql(f"UPDATE registry.class SET starts_on = '{YEAR}-06-30', ends_on = '{YEAR}-06-30' WHERE class_number = {number}")
        numbers, _ = certify(clerk, number, people, level=3)
        made = [r.record_id for r in submit(clerk, *numbers, line=[TRAINING]).result]
    ids = ", ".join(f"'{c.hex()}'" for c in made)
    stack.sql(f"""UPDATE registry.claim SET submitted_at = '{YEAR}-06-30 23:30+08', year = {YEAR} WHERE claim_id IN ({ids});
                  UPDATE registry.claim_place SET year = {YEAR} WHERE claim_id IN ({ids});
                  UPDATE registry.certificate SET issued_on = '{YEAR}-05-20' WHERE certificate_id IN (SELECT certificate_id FROM registry.claim WHERE claim_id IN ({ids}))""")
    return made


def replay(connection, page_rows=None, **draft):
    """The sums of all pages: claims, changed, persons, refused, cheaper, dearer, before, after; and the pages."""
    pages, cursor = [], None
    while cursor is not None or not pages:
        pages.append(connection.call("policy.replay", year=YEAR, **draft, **({"page_rows": page_rows} if page_rows else {}),
                                     **({"cursor": cursor} if cursor else {})))
        cursor = pages[-1].next if pages[-1].HasField("next") else None
    return [sum(getattr(p.whole, f) for p in pages)
            for f in ("claims", "changed", "persons", "refused", "cheaper", "dearer", "before_fen", "after_fen")], pages


def test_b5_a_draft_of_standards(wire, claims):
    reviewer = wire("reviewer")
    sums, pages = replay(reviewer, standard=[standard(occupation_code=OCCUPATION, level=3)])
    assert sums == [5, 5, 5, 0, 5, 0, 750000, 600000]
    assert [(p.subsidy, p.claims, p.after_fen) for p in pages[0].line] == [(TRAINING, 5, 600000)]
    assert [(p.occupation_code, p.claims, p.cheaper) for p in pages[0].occupation] == [(OCCUPATION, 5, 5)]
    assert pages[0].occupation[0].occupation_name and pages[0].claims == 5 and not pages[0].reason and not pages[0].refused
    assert replay(reviewer, standard=[standard()])[0] == [5, 0, 0, 0, 0, 0, 750000, 750000]
    assert replay(reviewer, standard=[standard(occupation_code=OCCUPATION, level=3, valid_to=f"{YEAR}-06-29")])[0][1] == 0
    assert replay(reviewer, standard=[standard(occupation_code=OCCUPATION, level=3, start=f"{YEAR}-06-30")])[0][1] == 5


def test_b6_a_line_that_had_no_standard(wire, claims):
    draft = [standard(line=ASSESSMENT, amount=1)]
    sums, pages = replay(wire("approver"), page_rows=2, standard=draft)
    assert sums == [5, 5, 5, 0, 0, 5, 750000, 750005]
    assert len(pages) == 3 and [p.HasField("claims") for p in pages] == [True, False, False]


def test_b7_fewer_months(wire, claims):
    sums, pages = replay(wire("approver"), policy=[policy()])
    assert sums == [5, 5, 5, 5, 0, 0, 750000, 0]
    assert [(r.finding.reason, r.finding.rule, r.claims, r.persons, r.before_fen) for r in pages[0].reason] == [("claim-too-late", "B7", 5, 5, 750000)]
    assert not pages[0].reason[0].HasField("subsidy")
    assert replay(wire("approver"), policy=[policy(value=120)])[0][1] == 0


def test_b11_limits_by_the_order_of_claims(wire, stack, claims):
    """Two of the five claims become one person's, as after a merge."""
    first, second = (f"(SELECT person_id FROM registry.claim WHERE claim_id = '{claim.hex()}')" for claim in claims[:2])
    stack.sql(f"""INSERT INTO registry.person_merge (gone, kept, case_reference, operator_id, request_id)
                  SELECT {second}, {first}, 'A-1', gen_random_uuid(), gen_random_uuid()""")
    try:
        for name, value, reason in (("life_cap", 1, "life-cap"), ("year_cap_others", 1, "year-cap"), ("life_cap", 2, None), ("no_lower_after_higher", 1, None)):
            sums, pages = replay(wire("approver"), policy=[policy(name=name, value=value)])
            assert sums == ([5, 1, 1, 1, 0, 0, 750000, 600000] if reason else [5, 0, 0, 0, 0, 0, 750000, 750000]), name
            assert [(r.finding.reason, r.finding.rule, r.claims) for r in pages[0].reason] == ([(reason, "B11", 1)] if reason else [])
    finally:
        stack.sql(f"DELETE FROM registry.person_merge WHERE gone = {second}")


def test_whose_claims_are_replayed(wire, claims):
    draft = {"policy": [policy()]}
    for profile, options, n in (("auditor", {}, 5), ("auditor", {"division": "370100"}, 5), ("auditor", {"division": "370200"}, 0),
                                ("reviewer", {"division": "370102"}, 0)):
        assert replay(wire(profile), **options, **draft)[0][0] == n, (profile, options)
    for profile in ("institution", "payer", "sysadmin"):
        assert refusal(wire(profile), "policy.replay", year=YEAR, **draft).reason == "method-forbidden"
    assert refusal(wire("reviewer"), "policy.replay", year=YEAR, division="370200", **draft).reason == "not-allowed"


def test_nothing_is_written(wire, stack, claims):
    counted = "SELECT (SELECT count(*) FROM registry.standard), (SELECT count(*) FROM registry.policy_proposal)"
    reviewer = wire("reviewer")
    before = written(stack), stack.sql(counted)
    replay(reviewer, policy=[policy()])
    assert (written(stack), stack.sql(counted)) == before


@pytest.mark.parametrize("changes, reason, field", [
    ({"amount_fen": 0}, "amount-format", "amount_fen"), ({"occupation_code": "9-99-99-99"}, "occupation-unknown", "occupation_code"),
    ({"certificate_kind": 6}, "certificate-kind-unknown", "certificate_kind"), ({"trainee_group": "贵宾"}, "group-unknown", "trainee_group"),
    ({"valid_from": f"{YEAR}-02-30"}, "date-format", "valid_from"), ({"valid_to": f"{YEAR - 1}-12-31"}, "period-order", "valid_to"),
    ({"citation": ""}, "citation-length", "citation"), ({"row": 2}, "draft-repeated", "valid_from"),
])
def test_b5_rows_of_standards_that_cannot_be(wire, claims, changes, reason, field):
    rows = [standard(1)] if "row" in changes else []
    answer = wire("approver").call("policy.replay", year=YEAR, standard=rows + [standard(2) | changes])
    assert [(r.row, r.verdict, r.finding[0].reason, r.finding[0].field) for r in answer.refused] == [(2, 3, reason, field)]
    assert not answer.HasField("whole") and not answer.line and not answer.HasField("claims")


@pytest.mark.parametrize("changes, reason, field", [
    ({"name": "maximum_age"}, "policy-unknown", "name"), ({"name": "publicity_days"}, "policy-not-replayed", "name"),
    ({"value": 0}, "policy-value", "value"), ({"valid_from": "x"}, "date-format", "valid_from"),
    ({"valid_to": f"{YEAR - 1}-12-31"}, "period-order", "valid_to"), ({}, "draft-repeated", "valid_from"),
])
def test_b7_rows_of_policies_that_cannot_be(wire, claims, changes, reason, field):
    answer = wire("approver").call("policy.replay", year=YEAR, policy=[policy(1)] + [policy(2) | changes])
    assert [(r.row, r.finding[0].reason, r.finding[0].field) for r in answer.refused] == [(2, reason, field)]
    assert not answer.HasField("whole")


@pytest.mark.parametrize("request_, reason, field", [
    ({"policy": []}, "draft-kind", "standard"), ({"policy": [policy()], "standard": [standard()]}, "draft-kind", "policy"),
    ({"policy": [policy(n + 1) for n in range(501)]}, "draft-too-long", "policy"), ({"year": 99}, "year-range", "year"),
    ({"year": 2**32 - 1}, "year-range", "year"), ({"page_rows": 0}, "page-rows-range", "page_rows"),
    ({"page_rows": 2001}, "page-rows-range", "page_rows"), ({"cursor": b"x"}, "cursor-invalid", "cursor"),
    ({"division": "济南"}, "division-format", "division"), ({"policy": [policy(2), policy(1)]}, "row-number-repeated", "row"),
])
def test_request_that_cannot_be(wire, request_, reason, field):
    refused = refusal(wire("approver"), "policy.replay", **({"year": YEAR, "policy": [policy()]} | request_))
    assert (refused.reason, refused.fields) == (reason, [field])


def test_only_looked_at(wire, claims):
    answer = wire("approver").call("policy.replay", year=YEAR, policy=[policy()], check_only=True)
    assert not answer.HasField("whole") and not answer.refused


# ---- from the command line ----


@pytest.fixture
def desk(stack, tmp_path):
    def run(profile, *lines, expect=0, as_json=False, chinese=True, year=YEAR, words=(), encoding="gb18030"):
        path = tmp_path / "草案.csv"
        path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
        done = stack.cli(profile, *(["--json"] if as_json else []), "policy", "replay", "--draft", path, "--year", year, *words,
                         env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8" if chinese else "C.UTF-8"})
        assert done.returncode == expect, done.stdout + done.stderr
        return done
    return run


STANDARDS = "补贴项目,职业代码,技能等级,证书类别,人员类别,补贴标准（元）,起始日期,截止日期,文件依据"
POLICIES = "政策名,值,起始日期,截止日期,文件依据"


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_b5_a_file_of_standards(desk, claims):
    done = desk("reviewer", "济南市补贴标准草案,,,,,,,,", STANDARDS, f"职业培训补贴,{OCCUPATION},中级工,,,1200.50,{YEAR}/1/1,,草案", as_json=True)
    assert rows(done) == [
        {"part": "whole"} | {"claims": 5, "changed": 5, "persons": 5, "refused": 0, "cheaper": 5, "dearer": 0, "before_fen": 750000,
                             "after_fen": 600250, "difference_fen": -149750},
        {"part": "line", "line": "training", "claims": 5, "changed": 5, "persons": 5, "refused": 0, "cheaper": 5, "dearer": 0,
         "before_fen": 750000, "after_fen": 600250, "difference_fen": -149750},
        {"part": "occupation", "occupation_code": OCCUPATION, "occupation_name": "家政服务员", "claims": 5, "changed": 5, "persons": 5,
         "refused": 0, "cheaper": 5, "dearer": 0, "before_fen": 750000, "after_fen": 600250, "difference_fen": -149750}]
    shown = desk("reviewer", STANDARDS, f"职业培训补贴,{OCCUPATION},中级工,,,1200.50,{YEAR}/1/1,,草案").stdout
    assert "-1497.50" in shown and "按职业" in shown and "职业培训补贴" in shown and "不再受理的原因" not in shown
    assert "by occupation" in desk("auditor", STANDARDS, f"职业培训补贴,{OCCUPATION},中级工,,,1200.50,{YEAR}/1/1,,草案", chinese=False).stdout


def test_b7_a_file_of_policies_says_why(desk, claims):
    file = (POLICIES, f"claim_months,１,{YEAR}-01-01,,草案", f"living_days,20,{YEAR}-01-01,{YEAR}-12-31,")
    assert [(r["part"], r["claims"], r.get("reason"), r.get("rule"), r.get("refused")) for r in rows(desk("auditor", *file, as_json=True))] == [
        ("whole", 5, None, None, 5), ("line", 5, None, None, 5), ("occupation", 5, None, None, 5), ("reason", 5, "claim-too-late", "B7", None)]
    assert "已超过自发证之日起的申领期限" in desk("auditor", *file).stdout
    assert rows(desk("auditor", *file, as_json=True, words=("--division", "370200")))[0]["claims"] == 0


def test_a_draft_of_another_year_is_said_to_change_nothing(desk, claims):
    done = desk("reviewer", POLICIES, f"claim_months,1,{YEAR + 1}-01-01,,", f"living_days,1,2020-01-01,{YEAR - 1}-12-31,", chinese=False)
    assert f"of the draft's 2 rows 2 are in force on no day of {YEAR}" in done.stderr
    assert "in force on no day" not in desk("reviewer", POLICIES, f"claim_months,1,{YEAR}-12-31,,", chinese=False).stderr


def test_b5_b6_wrong_rows_are_named_all_at_once(desk, claims):
    lines = (STANDARDS, f"职业培训补贴,{OCCUPATION},中级工,,,1200,{YEAR}/1/1,,草案", f"餐费,,,,,1,{YEAR}-01-01,,草案", f"职业培训补贴,,,,,一千七,{YEAR}-01-01,,草案",
             f"职业培训补贴,9-99-99-99,,,,1,{YEAR}-01-01,,草案", f"职业培训补贴,,,,贵宾,1,{YEAR}-01-01,,草案")
    judged = [(r["verdict"], [(w["code"], w["field"]) for w in r["reasons"]]) for r in rows(desk("approver", *lines, as_json=True, expect=1))]
    assert judged == [("accept", []), ("reject", [("line-unknown", "line")]), ("reject", [("amount-format", "amount_fen")]),
                      ("reject", [("occupation-unknown", "occupation_code")]), ("reject", [("group-unknown", "trainee_group")])]
    for chinese, words in ((True, ("补贴标准（元）：金额以元计", "草案有误，没有试算")), (False, ("amount (yuan): an amount is", "nothing was replayed"))):
        done = desk("approver", *lines, expect=1, chinese=chinese)
        assert all(w in done.stdout + done.stderr for w in words)
        assert "一千七" not in done.stdout + done.stderr and "贵宾" not in done.stdout + done.stderr


def test_b7_wrong_rows_of_policies_are_named(desk, claims):
    lines = (POLICIES, f"claim_months,六,{YEAR}-01-01,,", f",1,{YEAR}-01-01,,", "claim_months,6,明年,,", f"claim_months,6,{YEAR}-01-01,明年,", f"review_days,6,{YEAR}-01-01,,",
             f"claim_months,6,{YEAR}-01-01,,", f"claim_months,7,{YEAR}-01-01,,")
    judged = [(r["verdict"], [(w["code"], w["field"]) for w in r["reasons"]]) for r in rows(desk("approver", *lines, as_json=True, expect=1))]
    assert judged == [("reject", [("policy-value", "value")]), ("reject", [("policy-unknown", "name")]), ("reject", [("date-format", "valid_from")]),
                      ("reject", [("date-format", "valid_to")]), ("reject", [("policy-not-replayed", "name")]), ("accept", []),
                      ("reject", [("draft-repeated", "valid_from")])]


def test_a_draft_with_a_row_that_cannot_be_read_is_not_replayed(desk, claims):
    done = desk("approver", POLICIES, f"claim_months,6,{YEAR}-01-01,,", f"living_days,六,{YEAR}-01-01,,", expect=1)
    assert "没有试算" in done.stderr and "退回1" in done.stderr.replace(" ", "") and "试算金额" not in done.stdout
    assert "退回1" in desk("approver", POLICIES, f"living_days,六,{YEAR}-01-01,,", expect=1).stderr.replace(" ", "")  # no row at all is left


def test_exit_statuses(desk, stack, claims):
    good = (POLICIES, f"claim_months,6,{YEAR}-01-01,,")
    assert "或 政策名、起始日期、值" in desk("reviewer", "甲,乙", "1,2", expect=5).stderr
    for year in ("99", "x", "12026"):
        desk("reviewer", *good, year=year, expect=2)
    assert "method-forbidden" in desk("institution", *good, expect=3).stderr
    assert "not-allowed" in desk("reviewer", *good, words=("--division", "370200"), expect=3).stderr
    assert "draft-too-long" in desk("reviewer", POLICIES, *[f"claim_months,6,{YEAR}-01-01,,"] * 501, expect=3).stderr
    assert stack.cli("reviewer", "policy", "replay", "--year", YEAR).returncode == 2
    assert stack.cli("reviewer", "policy", "replay", "--draft", "/nowhere.csv", "--year", YEAR).returncode == 5


@pytest.fixture
def many(stack):
    """2,100 claims of 700 persons in another city, as if submitted; one person's three are on either side of a page's end."""
    stack.sql(f"""
        CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS person_id FROM generate_series(1, 700);
        CREATE TEMP TABLE each AS SELECT person_id, gen_random_uuid() AS claim_id, place, CASE place WHEN 1 THEN '{OCCUPATION}' ELSE '{OTHER}' END AS occupation
          FROM made, generate_series(1, 3) place;
        INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, occupation_code, level, issued_on, sealed, commitment, request_id)
        SELECT claim_id, sha256(uuid_send(claim_id)), 2, person_id, person_id, occupation, place, '{YEAR}-01-01', 'x', sha256('x'), person_id FROM each;
        INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, occupation_code, level, certificate_kind,
                                    trainee_group, year, amount_fen, submitted_at, submitted_by)
        SELECT claim_id, person_id, claim_id, 1, person_id, '370200', 2, occupation, place, 2, 7, {YEAR}, 1000, '{YEAR}-06-01', person_id FROM each;
        INSERT INTO registry.claim_line (claim_id, line, standard_id, rate_fen, amount_fen) SELECT claim_id, 1, claim_id, 1000, 1000 FROM each;
        INSERT INTO registry.claim_place (person_id, year, place, claim_id) SELECT person_id, {YEAR}, place, claim_id FROM each""")
    yield
    stack.sql("""DELETE FROM registry.claim_place WHERE claim_id IN (SELECT claim_id FROM registry.claim WHERE class_number = 1);
                 DELETE FROM registry.claim_line WHERE claim_id IN (SELECT claim_id FROM registry.claim WHERE class_number = 1);
                 DELETE FROM registry.certificate WHERE certificate_id IN (SELECT claim_id FROM registry.claim WHERE class_number = 1);
                 DELETE FROM registry.claim WHERE class_number = 1""")


def test_b5_b7_pages_add_up(desk, wire, many):
    standards = (STANDARDS, f"职业培训补贴,{OTHER},,,,15,{YEAR}-01-01,,草案", f"职业技能鉴定补贴,,,,,1,{YEAR}-01-01,,草案")
    said = rows(desk("auditor", *standards, as_json=True, words=("--division", "370200")))
    keys = ("line", "occupation_code", "claims", "changed", "persons", "dearer", "before_fen", "after_fen")
    assert [(r["part"], *(r.get(k) for k in keys)) for r in said] == [
        ("whole", None, None, 2100, 2100, 700, 2100, 2100000, 700 * 1000 + 1400 * 1500 + 2100 * 100),
        ("line", "training", None, 2100, 1400, 700, 1400, 2100000, 700 * 1000 + 1400 * 1500),
        ("line", "assessment", None, 2100, 2100, 700, 2100, 0, 2100 * 100),
        ("occupation", None, OTHER, 1400, 1400, 700, 1400, 1400000, 1400 * 1600),
        ("occupation", None, OCCUPATION, 700, 700, 700, 700, 700000, 700 * 1100)]
    refused = rows(desk("auditor", POLICIES, f"claim_months,1,{YEAR}-01-01,,", as_json=True, words=("--division", "370200")))
    assert [(r["part"], r["claims"], r["persons"], r["before_fen"]) for r in refused if r["part"] in ("whole", "reason")] == [
        ("whole", 2100, 700, 2100000), ("reason", 2100, 700, 2100000)]
    sums, pages = replay(wire("auditor"), division="370200", policy=[policy()])
    assert len(pages) == 2 and sums[:3] == [2100, 2100, 700]
