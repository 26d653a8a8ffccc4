# SPDX-License-Identifier: Apache-2.0
"""Catalogues: the four of the plan and their kinds, drafted, consulted about, approved, published from a day, superseded; what a county
adds; what was in force on a day; two of them compared. Each test has a city, or a kind of catalogue in one, of its own."""

import itertools
import os
import threading

import catalogue_pb2
import pytest
from catalogues import (
    DEMAND, GENERAL, INSTITUTION, KEY, MANUFACTURING, OCCUPATIONS, SHORT, SPECIAL, STARTUP, URGENT, Bureau, demand, digest, institution,
    load, training)
from claims import day
from people import credit_code
from test_requests import code_and_reason, refusal
from test_training import DONE, REFUSED, UNCHANGED, verdicts

DRAFT, CONSULTED, APPROVED, PUBLISHED, SUPERSEDED, WITHDRAWN = range(1, 7)
CITY, COUNTY, OTHER_COUNTY = "370700", "370702", "370703"
CITIES = (f"37{n:02}00" for n in itertools.chain(range(3, 7), range(8, 16)))


@pytest.fixture(scope="module")
def bureaus(stack):
    """The bureau of a division."""
    made = {}

    def bureau(division):
        if division not in made:
            made[division] = Bureau(stack, division)
        return made[division]

    yield bureau
    for one in made.values():
        one.close()


@pytest.fixture
def city(bureaus):
    """A city of the test's own."""
    return bureaus(next(CITIES))


def step(connection, verb, catalogue, **fields):
    return connection.call("catalogue." + verb, catalogue_id=catalogue, **fields)


def refused_step(connection, verb, catalogue, **fields):
    return refusal(connection, "catalogue." + verb, catalogue_id=catalogue, **fields).reason


def shown(connection, **which):
    """The catalogue, and all its rows."""
    head = connection.call("catalogue.show", page_rows=1, **which).catalogue
    return head, connection.pages("catalogue.show", "row", **which)


def in_force(connection, division, kind, on):
    """Which version; None where there is none."""
    found = connection.pages("catalogue.list", "catalogue", division=division, kind=kind, day=on)
    assert len(found) <= 1
    if not found:
        assert refusal(connection, "catalogue.show", division=division, kind=kind, day=on).reason == "catalogue-unknown"
        return None
    head, _ = shown(connection, division=division, kind=kind, day=on)
    assert head == found[0]
    return head.version


def at_once(*calls):
    answers = [None] * len(calls)

    def run(n):
        answers[n] = calls[n]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# ---- the way of a catalogue ----


def test_g1_g8_from_draft_to_superseded(stack, city, wire):
    reviewer, approver = city.wire(), city.wire("approver")
    rows = [training(1, level=2, demand_grade=1, hours_least=80, practice_percent=60, mode=1, training_fen=150000, assessment_fen=0, mark="*",
                     note="首批"), training(2, level=3)]
    made = city.draft(KEY, rows)
    head, listed = shown(reviewer, catalogue_id=made)
    assert (head.state, head.rows, head.HasField("document_digest"), head.HasField("version")) == (DRAFT, 2, False, False)
    fixed = step(reviewer, "consult", made, consulted="市财政局、市工信局")
    assert (fixed.state, fixed.document_digest) == (CONSULTED, digest(head, listed))
    assert step(approver, "approve", made).state == APPROVED
    answer = step(approver, "publish", made, valid_from=day())
    assert (answer.state, answer.version, answer.document_digest) == (PUBLISHED, 1, fixed.document_digest)
    assert fixed.document_digest.hex() in stack.sql(  # in the log, with each step
        f"SELECT encode(body, 'hex') FROM audit.entry WHERE position('\\x{made.hex()}'::bytea IN body) > 0 ORDER BY id DESC LIMIT 1")
    clerk = wire("institution")
    assert in_force(clerk, city.division, KEY, day()) == 1
    assert in_force(clerk, city.division, KEY, day(-1)) is None

    newer = city.published(KEY, [training(1, level=4)], first=day(10))
    assert [in_force(clerk, city.division, KEY, day(n)) for n in (0, 9, 10, 400)] == [1, 1, 2, 2]
    head, listed = shown(clerk, catalogue_id=made)
    assert (head.state, head.valid_from, head.valid_to) == (SUPERSEDED, day(), day(9))
    assert head.document_digest == digest(head, listed) == fixed.document_digest
    head, _ = shown(clerk, catalogue_id=newer)
    assert (head.state, head.version, head.valid_to, head.kind_name, head.consulted) == (PUBLISHED, 2, "", "重点产业指导目录", "财政局、工信局")


def test_g8_who_drafted_or_loaded_does_not_approve(city):
    one, other = city.wire("approver"), city.wire("approver2")
    made = one.call("catalogue.draft", kind=GENERAL, title="一般性", citation="示例").catalogue_id
    assert load(city.wire(), made, training()).done == 1
    step(city.wire(), "consult", made, consulted="财政局")
    refused = refusal(one, "catalogue.approve", catalogue_id=made)
    assert code_and_reason(refused) == ("CODE_FORBIDDEN", "catalogue-own")
    assert "审定" in refused.error.zh and "another approver" in refused.error.en
    assert step(other, "approve", made).state == APPROVED

    made = city.draft(GENERAL, [training()])
    assert load(other, made, training(2, level=3)).done == 1
    step(city.wire(), "consult", made, consulted="财政局")
    assert refused_step(other, "approve", made) == "catalogue-own"
    assert step(one, "approve", made).state == APPROVED


def test_g8_steps_come_in_their_order_and_what_is_fixed_is_not_edited(city):
    reviewer, approver = city.wire(), city.wire("approver")
    made = city.draft(SHORT, [])
    assert refused_step(approver, "approve", made) == "catalogue-state"
    assert refused_step(approver, "publish", made, valid_from=day()) == "catalogue-state"
    assert refused_step(reviewer, "consult", made, consulted="财政局") == "catalogue-empty"
    assert load(reviewer, made, training()).done == 1
    assert step(reviewer, "consult", made, consulted="财政局").state == CONSULTED
    refused = refusal(reviewer, "catalogue.load", catalogue_id=made, row=[{"row": 1, "line": training(2, level=3)}])
    assert code_and_reason(refused) == ("CODE_CONFLICT", "catalogue-state")
    assert refused_step(reviewer, "consult", made, consulted="财政局") == "catalogue-state"
    assert refused_step(approver, "publish", made, valid_from=day()) == "catalogue-state"
    step(approver, "approve", made)
    step(approver, "publish", made, valid_from=day())
    assert refused_step(approver, "publish", made, valid_from=day(5)) == "catalogue-state"
    assert refused_step(approver, "approve", made) == "catalogue-state"
    assert load(reviewer, city.draft(SHORT, []), training()).done == 1  # another draft is nobody's business


@pytest.mark.parametrize("role, verb, fields", [("reviewer", "approve", {}), ("reviewer", "publish", {"valid_from": day()})])
def test_g8_a_reviewer_decides_nothing(bureaus, role, verb, fields):
    assert refused_step(bureaus(CITY).wire(role), verb, os.urandom(16), **fields) == "method-forbidden"


@pytest.mark.parametrize("verb, fields, reason, field", [
    ("consult", {}, "reason-length", "consulted"), ("consult", {"consulted": "x" * 201}, "reason-length", "consulted"),
    ("consult", {"consulted": "问了370102199003070016"}, "reason-number", "consulted"),
    ("publish", {}, "date-format", "valid_from"), ("publish", {"valid_from": "2026-02-30"}, "date-format", "valid_from"),
    ("publish", {"valid_from": "2026-02-03", "valid_to": "2026-02-02"}, "period-order", "valid_to"),
    ("withdraw", {}, "reason-length", "reason"), ("withdraw", {"reason": "a\tb"}, "reason-length", "reason")])
def test_g8_a_step_says_what_it_needs(bureaus, verb, fields, reason, field):
    approver = bureaus(CITY).wire("approver")
    refused = refusal(approver, "catalogue." + verb, catalogue_id=os.urandom(16), **fields)
    assert (refused.reason, refused.fields) == (reason, [field])
    assert refused_step(approver, verb, b"short", **fields) == "identifier-length"


def test_g8_no_two_are_in_force_on_a_day(city):
    approver = city.wire("approver")
    city.published(KEY, [training()], first=day(5))
    for first in (day(5), day(4), day(1)):
        made = city.approved(KEY, [training(level=3)])
        refused = refusal(approver, "catalogue.publish", catalogue_id=made, valid_from=first)
        assert (code_and_reason(refused), refused.fields) == (("CODE_CONFLICT", "catalogue-later"), ["valid_from"])
        assert refused.error.finding[0].rule == "G8"
    assert step(approver, "publish", made, valid_from=day(6), valid_to=day(20)).version == 2
    third = city.published(KEY, [training(level=4)], first=day(40))  # behind the end of the one before: it keeps its own last day
    found = {c.version: (c.state, c.valid_from, c.valid_to) for c in approver.pages("catalogue.list", "catalogue", pending=False, division=city.division)}
    assert found == {1: (SUPERSEDED, day(5), day(5)), 2: (SUPERSEDED, day(6), day(20)), 3: (PUBLISHED, day(40), "")}
    assert [in_force(approver, city.division, KEY, day(n)) for n in (4, 5, 6, 20, 21, 39, 40)] == [None, 1, 2, 2, None, None, 3]
    assert shown(approver, catalogue_id=third)[0].version == 3


def test_g1_what_was_in_force_on_a_day_that_is_over_stays(city):
    approver = city.wire("approver")
    city.published(KEY, [training()], first=day(-400))  # the first may be older than the registry
    made = city.approved(KEY, [training(level=3)])
    refused = refusal(approver, "catalogue.publish", catalogue_id=made, valid_from=day(-1))
    assert (code_and_reason(refused), refused.fields) == (("CODE_CONFLICT", "catalogue-past"), ["valid_from"])
    assert step(approver, "publish", made, valid_from=day()).version == 2
    assert [in_force(approver, city.division, KEY, day(n)) for n in (-401, -400, -1, 0)] == [None, 1, 1, 2]


def test_g8_of_many_published_at_once_one_wins(city):
    made = [city.approved(GENERAL, [training(level=level)]) for level in range(2, 8)]
    desks = [city.wire(role) for role in ("approver", "approver2") * 3]
    for first in (day(), day(10)):

        def publish(desk, catalogue):
            desk.send(desk.request("catalogue.publish", catalogue_id=catalogue, valid_from=first))
            return getattr(desk.answer("catalogue.publish")[1], "reason", None)

        answers = at_once(*(lambda desk=desk, catalogue=catalogue: publish(desk, catalogue) for desk, catalogue in zip(desks, made)))
        assert answers.count(None) == 1 and set(answers) == {None, "catalogue-later"}, answers
        del made[answers.index(None)]
    assert [in_force(desks[0], city.division, GENERAL, day(n)) for n in (0, 9, 10)] == [1, 1, 2]


def test_g8_a_step_is_taken_once_however_often_it_is_asked_for(city):
    approver, again = city.wire("approver"), os.urandom(16)
    made = city.approved(GENERAL, [training()])
    first = step(approver, "publish", made, valid_from=day(), request_id=again)
    assert step(city.wire("approver"), "publish", made, valid_from=day(), request_id=again) == first
    assert refused_step(approver, "publish", made, valid_from=day(1), request_id=again) == "request-id-reused"
    assert len(approver.pages("catalogue.list", "catalogue", division=city.division)) == 1


def test_g8_withdrawn(city):
    reviewer, approver = city.wire(), city.wire("approver")
    made = city.draft(KEY, [training()])
    answer = step(reviewer, "withdraw", made, reason="另行拟订")
    assert (answer.state, answer.HasField("document_digest")) == (WITHDRAWN, False)
    assert refused_step(reviewer, "withdraw", made, reason="再撤") == "catalogue-state"
    assert refused_step(reviewer, "consult", made, consulted="财政局") == "catalogue-state"

    now, later = city.published(KEY, [training()], first=day(-3)), city.published(KEY, [training(level=3)], first=day(10))
    assert refused_step(reviewer, "withdraw", later, reason="有误") == "not-allowed"
    assert step(approver, "withdraw", later, reason="有误").state == WITHDRAWN
    head, _ = shown(approver, catalogue_id=later)
    assert (head.state, head.version, head.valid_from, head.reason) == (WITHDRAWN, 2, "", "有误")
    assert [in_force(approver, city.division, KEY, day(n)) for n in (9, 10)] == [1, None]

    assert step(approver, "withdraw", now, reason="依据已废止").state == WITHDRAWN  # it was in force, today too
    assert [in_force(approver, city.division, KEY, day(n)) for n in (-3, 0, 1)] == [1, 1, None]
    assert refused_step(approver, "withdraw", now, reason="再撤") == "catalogue-state"
    made = city.approved(KEY, [training(level=4)])
    assert refused_step(approver, "publish", made, valid_from=day()) == "catalogue-later"
    assert step(approver, "publish", made, valid_from=day(1)).version == 3


# ---- rows ----


BAD = {
    KEY: [
        (training(0), "catalogue-number", "number"), (training(100000), "catalogue-number", "number"),
        (training(occupation="9-99-99-99"), "occupation-unknown", "occupation_code"),
        (training(category=""), "catalogue-text", "category"), (training(category="类" * 101), "catalogue-text", "category"),
        (training(category="a\tb"), "catalogue-text", "category"),
        (training(demand_grade=0), "demand-grade-unknown", "demand_grade"), (training(demand_grade=4), "demand-grade-unknown", "demand_grade"),
        (training(hours_least=0), "hours-least", "hours_least"), (training(hours_least=10001), "hours-least", "hours_least"),
        (training(practice_percent=101), "practice-percent", "practice_percent"),
        (training(training_fen=-1), "catalogue-amount", "training_fen"), (training(assessment_fen=-1), "catalogue-amount", "assessment_fen"),
        (training(mark="记" * 21), "catalogue-text", "mark"), (training(note="注" * 201), "catalogue-text", "note"),
        (training(note="联系人370102199003070016"), "reason-number", "note"), (training(category="370102199003070016"), "reason-number", "category"),
        (demand(division=COUNTY), "catalogue-plan", "line"), (training() | demand(), "catalogue-plan", "line"),
        ({"number": 1, "occupation_code": OCCUPATIONS[0], "level": 2}, "catalogue-plan", "line")],
    DEMAND: [
        (training(), "catalogue-plan", "line"), (institution(), "catalogue-plan", "line"),
        (demand(division="37010"), "division-format", "division"), (demand(division="370202"), "catalogue-elsewhere", "division"),
        (demand(division=COUNTY, trainee_group="闲人"), "group-unknown", "trainee_group"),
        (demand(division=COUNTY, heads=0), "demand-heads", "heads"), (demand(division=COUNTY, heads=5, listed=6), "demand-heads", "listed"),
        (demand(division=COUNTY, wanted_on="2026-13"), "date-format", "wanted_on"),
        (demand(division=COUNTY, until="2026-02-30"), "date-format", "until"), (demand(division=COUNTY, place=""), "catalogue-text", "place"),
        (demand(division=COUNTY, place="370102199003070016家"), "reason-number", "place")],
    INSTITUTION: [
        (institution(code="91370100"), "credit-code-length", "code"), (institution(code="91370100000000001I"), "credit-code-character", "code"),
        (institution(code="913701000000000000"), "credit-code-checksum", "code"), (institution(name=""), "catalogue-text", "name"),
        (institution(phone="1" * 31), "catalogue-text", "phone"), (institution(valid_from="2026"), "date-format", "valid_from"),
        (institution(valid_to="2025-12-31"), "period-order", "valid_to")],
}


@pytest.mark.parametrize("kind", BAD)
def test_g1_a_row_that_is_refused_spoils_no_other(bureaus, kind):
    bureau = bureaus(CITY)
    good = {KEY: training, DEMAND: demand, INSTITUTION: institution}[kind](7, level=5, **({"division": COUNTY} if kind == DEMAND else {}))
    made = bureau.draft(kind, [])
    answer = load(bureau.wire(), made, *(line for line, _, _ in BAD[kind]), good)
    assert verdicts(answer) == [(REFUSED, reason, field) for _, reason, field in BAD[kind]] + [(DONE, None, None)]
    assert all(f.zh and f.en and f.zh != f.en for r in answer.result for f in r.finding)
    assert [r.number for r in shown(bureau.wire(), catalogue_id=made)[1]] == [7]


@pytest.mark.parametrize("kind, line", [
    (STARTUP, training(7, category="创业" * 50, demand_grade=3, hours_least=10000, practice_percent=100, mode=3, training_fen=0,
                       assessment_fen=2**40, mark="记" * 20, note="注" * 200)),
    (DEMAND, demand(7, division=COUNTY, trainee_group="失业人员", heads=1000000, listed=0, source=3, wanted_on="2027-01-01", place="一号楼",
                    until="2027-06-30")),
    (INSTITUTION, institution(99999, licence="证" * 50, nature="民办", address="示例路1号", phone="0531-00000000", site="北校区",
                              credit_grade="A", batch="第一批", valid_to="2026-12-31"))])
def test_g1_a_row_comes_back_as_it_was_loaded(bureaus, kind, line):
    bureau = bureaus(CITY)
    made = bureau.draft(kind, [line])
    head, rows = shown(bureau.wire(), catalogue_id=made)
    part = next(name for name in ("training", "demand", "institution") if name in line)
    assert {name: getattr(getattr(rows[0], part), name) for name in line[part]} == line[part]
    assert (rows[0].number, rows[0].occupation_name) == (line["number"], "家政服务员")
    assert step(bureau.wire(), "consult", made, consulted="各方").document_digest == digest(head, rows)


def test_g1_the_same_rows_again_change_nothing_and_a_mended_one_replaces(bureaus):
    bureau = bureaus(CITY)
    reviewer, made = bureau.wire(), bureaus(CITY).draft(SPECIAL, [training(1), training(2, level=3)])
    assert verdicts(load(reviewer, made, training(1), training(2, level=3))) == [(UNCHANGED, "unchanged", "number")] * 2
    assert verdicts(load(reviewer, made, training(2, level=3, hours_least=40))) == [(DONE, None, None)]
    assert [r.training.hours_least for r in shown(reviewer, catalogue_id=made)[1]] == [0, 40]
    assert verdicts(load(reviewer, made, training(3, level=4), training(3, level=4), training(3, level=5))) == [
        (DONE, None, None), (UNCHANGED, "unchanged", "number"), (REFUSED, "contradicts-earlier-row", "number")]
    assert verdicts(load(reviewer, made, training(4, level=3), training(5, level=6), training(6, level=6))) == [
        (REFUSED, "catalogue-repeated", "occupation_code"), (DONE, None, None), (REFUSED, "catalogue-repeated", "occupation_code")]
    [told] = load(reviewer, made, training(4, level=3)).result[0].finding
    assert "请改用该行的序号，或撤回草案" in told.zh and "withdraw the draft and begin another" in told.en
    assert verdicts(load(reviewer, made, training(2, level=6, hours_least=40))) == [(REFUSED, "catalogue-repeated", "occupation_code")]
    assert verdicts(load(reviewer, made, training(7, level=3, mode=2), training(8, level=3, category="制造业"))) == [(DONE, None, None)] * 2
    assert shown(reviewer, catalogue_id=made)[0].rows == 6


def test_g1_two_who_load_at_once_lose_no_row(bureaus):
    bureau = bureaus(CITY)
    made = bureau.draft(MANUFACTURING, [])
    lines = [training(n + 1, occupation=OCCUPATIONS[n % 3], category=f"类{n}") for n in range(300)]
    at_once(*(lambda part=part, role=role: load(bureau.wire(role), made, *part) for role, part in
              (("reviewer", lines[:150]), ("approver", lines[150:]), ("approver2", lines[100:200]))))
    head, rows = shown(bureau.wire(), catalogue_id=made)
    assert head.rows == 300 and [r.number for r in rows] == list(range(1, 301))


def test_a5_a_real_code_whose_check_character_fails_is_listed_once_it_is_registered(stack, bureaus):
    bureau = bureaus(CITY)
    good = credit_code("52", CITY, "30000009")
    code = good[:17] + ("0" if good[17] != "0" else "1")
    made = bureau.draft(INSTITUTION, [])
    assert verdicts(load(bureau.wire(), made, institution(code=code))) == [(REFUSED, "credit-code-checksum", "code")]
    stack.command("organisation", "--code", code, "--name", "示例旧校", "--kind", "institution", "--division", CITY, "--override-reason", "执照如此")
    assert verdicts(load(bureau.wire(), made, institution(code=code))) == [(DONE, None, None)]


# ---- whose they are ----


def test_g1_drafts_are_the_area_s_and_what_is_published_is_everybody_s(bureaus, wire):
    bureau, other = bureaus(CITY), bureaus(next(CITIES))
    made = bureau.draft(URGENT, [training()])
    for stranger in (wire("institution"), other.wire(), bureaus(COUNTY).wire(), wire("enterprise")):
        refused = refusal(stranger, "catalogue.show", catalogue_id=made)
        assert (code_and_reason(refused), refused.fields) == (("CODE_NOT_FOUND", "catalogue-unknown"), ["catalogue_id"])
        assert refusal(stranger, "catalogue.diff", catalogue_id=made).reason == "catalogue-unknown"
        assert made not in [c.catalogue_id for more in ({"pending": True}, {}) for c in stranger.pages("catalogue.list", "catalogue", **more)]
    for own in (bureau.wire(), wire("auditor")):
        assert made in [c.catalogue_id for c in own.pages("catalogue.list", "catalogue", pending=True)]
        listed = {c.catalogue_id: c.state for c in own.pages("catalogue.list", "catalogue")}
        assert listed[made] == catalogue_pb2.CATALOGUE_DRAFT
        assert made not in [c.catalogue_id for c in own.pages("catalogue.list", "catalogue", pending=False)]
    for stranger in (other.wire(), bureaus(COUNTY).wire()):
        assert refusal(stranger, "catalogue.load", catalogue_id=made, row=[{"row": 1, "line": training()}]).reason == "catalogue-unknown"
        assert refused_step(stranger, "consult", made, consulted="各方") == "catalogue-unknown"
        assert refused_step(stranger, "withdraw", made, reason="无") == "catalogue-unknown"
    step(bureau.wire(), "consult", made, consulted="各方")
    step(bureau.wire("approver"), "approve", made)
    assert refused_step(other.wire("approver"), "publish", made, valid_from=day()) == "catalogue-unknown"
    step(bureau.wire("approver"), "publish", made, valid_from=day())
    for anybody in (wire("institution"), other.wire(), wire("enterprise"), wire("payer")):
        assert shown(anybody, catalogue_id=made)[0].version == 1
    assert refused_step(other.wire("approver"), "withdraw", made, reason="无") == "catalogue-unknown"


@pytest.mark.parametrize("role", ["institution", "window", "payer", "auditor"])
def test_g1_nobody_else_drafts(wire, role):
    assert refusal(wire(role), "catalogue.draft", kind=KEY, title="示例", citation="示例").reason == "method-forbidden"


@pytest.mark.parametrize("changes, reason, field", [
    ({"kind": 0}, "catalogue-kind-unknown", "kind"), ({"kind": 10}, "catalogue-kind-unknown", "kind"), ({"kind": 257}, "catalogue-kind-unknown", "kind"),
    ({"title": ""}, "title-length", "title"), ({"title": "目" * 101}, "title-length", "title"), ({"citation": ""}, "citation-length", "citation"),
    ({"title": "370102199003070016的目录"}, "reason-number", "title"), ({"citation": "370102199003070016"}, "reason-number", "citation")])
def test_g7_a_draft_is_of_a_kind_that_there_is(bureaus, changes, reason, field):
    refused = refusal(bureaus(CITY).wire(), "catalogue.draft", **({"kind": KEY, "title": "示例", "citation": "示例"} | changes))
    assert (refused.reason, refused.fields) == (reason, [field])


def test_g1_show_says_which(bureaus):
    reviewer = bureaus(CITY).wire()
    for which in ({}, {"division": CITY}, {"kind": KEY}):
        assert refusal(reviewer, "catalogue.show", **which).reason == "catalogue-which"
    assert refusal(reviewer, "catalogue.show", division="3707", kind=KEY).reason == "division-format"
    assert refusal(reviewer, "catalogue.show", division=CITY, kind=KEY, day="2026-02-30").reason == "date-format"
    assert refusal(reviewer, "catalogue.show", division=CITY, kind=99).reason == "catalogue-kind-unknown"


def test_g1_show_one_occupation(city):
    made = city.draft(KEY, [training(1), training(2, occupation=OCCUPATIONS[1]), training(3, level=3)])
    assert [r.number for r in shown(city.wire(), catalogue_id=made, occupation_code=OCCUPATIONS[0])[1]] == [1, 3]
    assert [r.number for r in city.wire().pages("catalogue.show", "row", catalogue_id=made, page_rows=1)] == [1, 2, 3]


# ---- what a county adds ----


def allowed(stack, division, occupation=OCCUPATIONS[0], level=2, on=None):
    """How many rows allow it in the division."""
    return int(stack.sql(f"SELECT count(*) FROM helper.catalogue_rows_for('{division}', '{occupation}', {level}::int2, '{on or day()}')"))


def test_g9_a_county_adds_within_its_city_s_percent(stack, bureaus):
    city, county = bureaus("371600"), bureaus("371602")
    added = [training(n + 1, level=n + 2, occupation=OCCUPATIONS[2]) for n in range(4)]
    made = county.draft(KEY, added[:3])
    refused = refusal(county.wire(), "catalogue.consult", catalogue_id=made, consulted="市局")  # the city has published nothing
    assert code_and_reason(refused) == ("CODE_CONFLICT", "catalogue-extra")
    city.published(GENERAL, [training(n + 1, category=f"类{n}", occupation=OCCUPATIONS[n % 2]) for n in range(10)])
    step(county.wire(), "consult", made, consulted="市局")  # 3 of 10 are 30 percent
    step(county.wire("approver"), "approve", made)
    step(county.wire("approver"), "publish", made, valid_from=day())
    assert (allowed(stack, "371602", OCCUPATIONS[2]), allowed(stack, "371600", OCCUPATIONS[2]), allowed(stack, "371603", OCCUPATIONS[2])) == (1, 0, 0)
    assert allowed(stack, "371602", OCCUPATIONS[0]) == 5
    more = county.draft(SPECIAL, added[3:])  # of whatever kind: one more is 40 percent
    assert refused_step(county.wire(), "consult", more, consulted="市局") == "catalogue-extra"
    newer = county.approved(KEY, added[:1])
    assert step(county.wire("approver"), "publish", newer, valid_from=day(1)).version == 2
    # the city takes it in: from then on its row counts, and the county's does not
    city.published(MANUFACTURING, [training(1, level=2, occupation=OCCUPATIONS[2], hours_least=120)])
    assert stack.sql(f"SELECT string_agg(hours_least::text, ' ') FROM helper.catalogue_rows_for('371602', '{OCCUPATIONS[2]}', 2::int2, '{day()}')") == "120"
    again = county.draft(SHORT, [])
    assert verdicts(load(county.wire(), again, training(1, level=2, occupation=OCCUPATIONS[2]))) == [(REFUSED, "catalogue-of-city", "occupation_code")]


def test_g9_what_was_enough_when_consulted_is_judged_again_when_published(bureaus):
    city, county = bureaus("371700"), bureaus("371702")
    made = city.published(GENERAL, [training(n + 1, category=f"类{n}") for n in range(10)])
    added = county.approved(KEY, [training(n + 1, level=n + 2, occupation=OCCUPATIONS[1]) for n in range(3)])
    step(city.wire("approver"), "withdraw", made, reason="重拟")
    city.published(GENERAL, [training(n + 1, category=f"类{n}") for n in range(9)], first=day(1))
    assert refused_step(county.wire("approver"), "publish", added, valid_from=day(1)) == "catalogue-extra"
    assert step(county.wire("approver"), "publish", added, valid_from=day()).version == 1  # today the ten are in force


def test_g9_the_order_of_publishing_gets_past_no_percent(bureaus):
    """Rows that begin later count for the day on which they do."""
    city, county = bureaus("371500"), bureaus("371502")
    city.published(GENERAL, [training(n + 1, category=f"类{n}") for n in range(10)])
    later = county.approved(KEY, [training(n + 1, level=n + 2, occupation=OCCUPATIONS[1]) for n in range(3)])
    sooner = county.approved(SPECIAL, [training(n + 1, level=n + 2, occupation=OCCUPATIONS[2]) for n in range(3)])
    step(county.wire("approver"), "publish", later, valid_from=day(10))
    assert refused_step(county.wire("approver"), "publish", sooner, valid_from=day()) == "catalogue-extra"
    assert step(county.wire("approver"), "publish", sooner, valid_from=day(), valid_to=day(9)).version == 1


@pytest.mark.parametrize("kind", [DEMAND, INSTITUTION])
def test_g9_a_county_publishes_no_other_kind(bureaus, kind):
    refused = refusal(bureaus(COUNTY).wire(), "catalogue.draft", kind=kind, title="示例", citation="示例")
    assert (code_and_reason(refused), refused.fields) == (("CODE_FORBIDDEN", "catalogue-county"), ["kind"])
    assert refused.error.finding[0].rule == "G9"


# ---- two compared ----


def changes(page):
    return [(c.was.number if c.HasField("was") else None, c.now.number if c.HasField("now") else None) for c in page]


def test_g8_diff_with_what_is_in_force(city):
    reviewer = city.wire()
    before = [training(1), training(2, level=3, hours_least=40), training(3, level=4), training(4, level=5)]
    first = city.draft(KEY, before)
    answer = reviewer.call("catalogue.diff", catalogue_id=first)
    assert (answer.added, answer.removed, answer.changed, answer.HasField("with_id"), answer.plan) == (4, 0, 0, False, catalogue_pb2.PLAN_KEY)
    now = city.published(KEY, before)
    newer = city.draft(KEY, [training(10), training(11, level=3, hours_least=60), training(3, level=4), training(5, level=6)])
    answer = reviewer.call("catalogue.diff", catalogue_id=newer)
    assert (answer.added, answer.removed, answer.changed, answer.with_id) == (1, 1, 1, now)
    assert changes(answer.change) == [(4, None), (None, 5), (2, 11)]  # by number; a row that only moved is the same
    assert (answer.change[2].was.training.hours_least, answer.change[2].now.training.hours_least) == (40, 60)
    assert changes(reviewer.pages("catalogue.diff", "change", catalogue_id=newer, page_rows=1)) == [(4, None), (None, 5), (2, 11)]
    back = reviewer.call("catalogue.diff", catalogue_id=now, with_id=newer)
    assert (back.added, back.removed, back.changed, back.with_id) == (1, 1, 1, newer)
    same = reviewer.call("catalogue.diff", catalogue_id=first, with_id=now)
    assert (same.added, same.removed, same.changed, len(same.change)) == (0, 0, 0, 0)


def test_g7_only_what_has_the_same_columns_is_compared(city):
    made, other = city.draft(KEY, [training()]), city.draft(INSTITUTION, [institution()])
    refused = refusal(city.wire(), "catalogue.diff", catalogue_id=made, with_id=other)
    assert (refused.reason, refused.fields) == ("catalogue-differs", ["with_id"])
    assert refusal(city.wire(), "catalogue.diff", catalogue_id=made, with_id=os.urandom(16)).reason == "catalogue-unknown"
    general = city.draft(GENERAL, [training(2)])
    assert city.wire().call("catalogue.diff", catalogue_id=made, with_id=general).changed == 0
