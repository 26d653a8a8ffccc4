# SPDX-License-Identifier: Apache-2.0
"""What has no level (B1, B3, G1, G3): 专项职业能力 from the scope to the claim, over the wire and on the command line."""

import certificate_pb2 as c
import people
import pytest
from claims import certify, day, fresh_number, reasons, submit
from conftest import CLASS
from test_certificates import amend, refused
from test_claims import graduates, standards  # noqa: F401 (fixtures)
from test_cli_claims import desk  # noqa: F401 (a fixture)
from test_cli_claims import rows as objects
from test_cli_claims import sheet
from test_requests import refusal
from test_standards import standard
from test_training import REFUSED, verdicts

OCCUPATION = "4-10-01-05"  # of no other file of tests
NONE, JUNIOR = 9, 2


@pytest.fixture(scope="module")
def scope(stack):
    for level in ("none", "junior"):
        stack.command("scope", "--organisation", people.ORGANISATIONS["institution"][0], "--occupation", OCCUPATION, "--level", level,
                      "--from", people.SCOPE_FROM)


@pytest.fixture
def skilled(wire, scope, graduates):
    """A completed class of a level, and the roster's rows."""
    return lambda level=NONE, n=1: graduates(n, level=level, occupation=OCCUPATION)


def certified(clerk, number, rows, kind, level):
    numbers, said = certify(clerk, number, rows, kind=kind, level=level, occupation=OCCUPATION)
    return numbers[0] if said == [""] else said[0]


def test_G3_a_class_without_a_level_needs_the_scope(wire, scope):
    assert refusal(wire("institution2"), "class.open", **(CLASS | {"level": NONE, "occupation_code": OCCUPATION})).reason == "out-of-scope"
    number = wire().call("class.open", **(CLASS | {"level": NONE, "occupation_code": OCCUPATION})).number
    assert getattr(wire().call("class.show", number=number), "class").level == NONE


@pytest.mark.parametrize("kind, level, said", [
    (c.KIND_SPECIAL_ABILITY, JUNIOR, "level-of-kind"), (c.KIND_QUALIFICATION, NONE, "level-of-kind"), (c.KIND_SKILL_LEVEL, NONE, "level-of-kind"),
    (c.KIND_SPECIAL_ABILITY, NONE, None), (c.KIND_TRAINING, NONE, None), (c.KIND_QUALIFICATION, JUNIOR, None)])
def test_B1_kinds_and_levels(wire, skilled, kind, level, said):
    number, rows = skilled(level)
    clerk = wire()
    made = certified(clerk, number, rows, kind, level)
    assert (made == said) if said else made.startswith("S")
    if said is None:
        assert {x.level for x in clerk.call("certificate.list", class_number=number).certificate} == {level}


def test_B1_an_amendment_keeps_kind_and_level_together(wire, skilled):
    number, rows = skilled()
    clerk = wire()
    made = certified(clerk, number, rows, c.KIND_SPECIAL_ABILITY, NONE)
    as_it_is = {"occupation_code": OCCUPATION, "level": NONE}
    assert refused(clerk, made, kind=c.KIND_QUALIFICATION, **as_it_is) == ("level-of-kind", ["level"])
    assert amend(clerk, made, kind=c.KIND_TRAINING, **as_it_is).version == 2


def test_B3_an_occupation_without_a_level_is_one_place(wire, stack, skilled, standards):
    number, rows = skilled()
    clerk = wire()
    first, second = (certified(clerk, number, rows, kind, NONE) for kind in (c.KIND_SPECIAL_ABILITY, c.KIND_TRAINING))
    assert reasons(submit(clerk, first)) == [""]
    assert reasons(submit(clerk, second)) == ["once-taken"]
    assert stack.sql(f"SELECT o.level FROM registry.claim_once o JOIN registry.document d USING (person_id) JOIN registry.certificate x USING (person_id)"
                     f" WHERE x.class_number = {number} GROUP BY 1") == str(NONE)


def test_B5_standards_say_no_level_that_the_kind_cannot_have(wire):
    def proposed(**key):
        return verdicts(wire("approver").call("standard.propose", row=[standard({"occupation_code": OCCUPATION}, **key)]))

    for kind, level in ((c.KIND_SPECIAL_ABILITY, JUNIOR), (c.KIND_QUALIFICATION, NONE), (c.KIND_SKILL_LEVEL, NONE)):
        assert proposed(certificate_kind=kind, level=level) == [(REFUSED, "level-of-kind", "level")]
    assert proposed(certificate_kind=c.KIND_SPECIAL_ABILITY, level=NONE, amount=60000)[0][0] != REFUSED


def test_E_a_project_neither(wire):
    called = {"department": "示例部门", "name": "专项示例项目", "occupation_code": OCCUPATION, "level": JUNIOR, "certificate_kind": c.KIND_SPECIAL_ABILITY,
              "mode": 1, "pay_mode": 1, "planned_heads": 50, "hours": 40, "unit_fen": 150000, "call_number": "示例征〔2026〕1号", "starts_on": day(),
              "ends_on": day(60), "closes_on": day(300)}
    answer = refusal(wire("reviewer"), "project.call", **called)
    assert (answer.reason, answer.fields) == ("level-of-kind", ["level"])
    assert wire("reviewer").call("project.call", **(called | {"level": NONE})).project_id


@pytest.mark.parametrize("word", ["无等级", "专项", "专项职业能力", "none"])
def test_words(desk, skilled, tmp_path, word):
    """A clerk writes what the city's table says; in Chinese the list says 无等级."""
    number, rows = skilled()
    path = sheet(tmp_path / "证书.csv", ("证书编号", "证书类别", "发证日期", "证件号码", "职业代码", "等级"),
                 (fresh_number(), "专项职业能力证书", day(-20), rows[0]["document_number"], OCCUPATION, word))
    desk("institution", "certificate", "import", path, "--class", number)
    assert [x["level"] for x in objects(desk("institution", "--json", "certificate", "list", "--class", number))] == ["none"]
    assert "无等级" in desk("institution", "certificate", "list", "--class", number).stdout
