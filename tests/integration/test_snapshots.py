# SPDX-License-Identifier: Apache-2.0
"""Registers of others as files (H18 to H21): from the file to the answer about a claim."""

import hashlib

import claim_pb2 as m
import pytest
import snapshot_pb2
from claims import day, publicity_over, step
from test_claims import claimed, graduates, publicised, standards  # noqa: F401
from test_cli_standards import desk, judged  # noqa: F401
from test_persons import refusal


@pytest.fixture
def register(tmp_path):
    """Writes a register's file, head line first; `changed`: as if on its way."""
    def write(source, what, header, *rows, area="370100", encoding="utf-8", changed=b"", count=None, as_of=None):
        rest = "\r\n".join([header, *rows, ""]).encode(encoding)
        head = f"{source},{area},{as_of or day()},{what},{len(rows) if count is None else count},{hashlib.sha256(rest).hexdigest()},示例签发\r\n"
        path = tmp_path / f"register{len(list(tmp_path.iterdir()))}.csv"
        path.write_bytes(head.encode(encoding) + rest + changed)
        return path
    return write


def test_H20_H18_a_register_from_the_file_to_the_answer(stack, wire, desk, register, claimed, tmp_path):
    stack.sql("INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'fact_pension', 1, '2026-01-01', '示例')")
    try:
        claim, _, row = claimed()
    finally:
        stack.sql("DELETE FROM registry.policy WHERE division = '370100' AND name = 'fact_pension'")
    fact, = wire().call("claim.show", claim_id=claim).fact
    assert not fact.HasField("answer")
    publicised(stack, wire, claim)
    publicity_over(stack, claim)

    header = "姓名,身份证号,起发月,停发月,待遇种类"
    path = register("养老待遇", "增量", header, f"{row['name']},{row['document_number']},2020-01,,养老", "示例人,370102,2020-01,,养老", encoding="gb18030")
    rejects = tmp_path / "rejects.csv"
    answers = judged(desk("agency", "snapshot", "load", path, "--rejects", rejects, expect=1))
    assert answers == [("accept", []), ("reject", [("id-length", "document_number")])]
    assert judged(desk("agency", "snapshot", "load", rejects, expect=1)) == [("reject", [("id-length", "document_number")])], "its head line is whole"
    head, rest = rejects.read_bytes().decode("gb18030").split("\r\n", 1)
    assert head.split(",")[:5] == ["养老待遇", "370100", day(), "增量", "1"], head
    rest = rest.replace("370102", "370102199003070016", 1).encode("gb18030")
    rejects.write_bytes(",".join([*head.split(",")[:5], hashlib.sha256(rest).hexdigest(), "示例签发"]).encode("gb18030") + b"\r\n" + rest)
    assert judged(desk("agency", "snapshot", "load", rejects)) == [("accept", [])]
    fact, = wire().call("claim.show", claim_id=claim).fact
    assert (fact.answer, fact.source, fact.as_of, len(fact.snapshot_id)) == (m.ANSWER_MATCH, "养老待遇", day(), 16)
    assert fact.asked_of != ""
    assert step(wire("approver"), "approve", claim, 4) == "draws-pension"
    listed = next(s for s in desk("agency", "snapshot", "list", "--source", "养老待遇") if s["snapshot_id"] == fact.snapshot_id.hex())
    assert (listed["rows"], listed["malformed"], listed["complete"], listed["issuer"]) == (2, 1, False, "示例签发")

    # once whole it stays; what replaces a row comes beside it, and clears
    done = stack.cli("agency", "snapshot", "load", path, env=stack.environment() | {"LC_ALL": "zh_CN.UTF-8"})
    assert (done.returncode, "此前已导入" in done.stdout) == (0, True), done.stderr
    path = register("养老待遇", "增量", header, f"{row['name']},{row['document_number']},2020年1月,202112,养老")
    assert judged(desk("agency", "snapshot", "load", path)) == [("accept", [])]
    fact, = wire().call("claim.show", claim_id=claim).fact
    assert fact.answer == m.ANSWER_MISMATCH
    assert step(wire("approver"), "approve", claim, 4) == ""


def test_H20_a_file_that_is_not_its_head_line(stack, wire, desk, register, tmp_path):
    header, row = "姓名,身份证号,起,止,单位代码", "示例人,370102199003070016,2025-01,,91370100300000060X"
    for path, why in ((register("社保参保", "增量", header, row, changed=b"\r\n"), "SHA256"),
                      (register("社保", "增量", header, row), "source"), (register("社保参保", "全部", header, row), "complete or partial"),
                      (register("社保参保", "增量", header, row, area="无此地"), "area"),
                      (register("社保参保", "增量", header, row, as_of="2026-13-01"), "as-of day"),
                      (register("社保参保", "增量", header, row, count=2), "number of rows"), (register("社保参保", "全量", header, row, row, count=1), "number of rows")):
        done = stack.cli("agency", "snapshot", "load", path)
        assert done.returncode != 0 and why in done.stderr, done.stderr
    for path, why in ((register("社保", "增量", header, row), "公安身份、社保参保"), (register("社保", "增量", header, row), "code list registers"),
                      (register("社保参保", "全部", header, row), "须为全量或增量")):
        done = stack.cli("agency", "snapshot", "load", path, env=stack.environment(LC_ALL="zh_CN.UTF-8"))
        assert done.returncode == 5 and why in done.stderr, done.stderr
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    done = stack.cli("agency", "snapshot", "load", empty)
    assert done.returncode == 5 and "the file is empty" in done.stderr, done.stderr
    template = tmp_path / "snapshot.csv"
    assert stack.cli("agency", "template", "snapshot", "--output", template).returncode == 0
    assert template.read_text(encoding="utf-8-sig").startswith("{{养老待遇}},{{370100}},")
    done = stack.cli("agency", "snapshot", "load", template)
    assert done.returncode == 5 and "source" in done.stderr, done.stderr
    done = stack.cli("agency", "snapshot", "load", register("社保参保", "增量", header, row, as_of=day(1)))
    assert done.returncode == 3 and "date-future" in done.stderr and "as of" in done.stderr, done.stderr
    done = stack.cli("reviewer", "snapshot", "load", register("社保参保", "增量", header, row))
    assert done.returncode == 3, done.stderr  # a reviewer loads none


def test_H20_fewer_rows_than_the_head_line_says(wire):
    agency = wire("agency")
    head = {"source": snapshot_pb2.REGISTER_SCHOOL, "division": "370100", "as_of": day(), "complete": False, "rows": 2, "file_digest": bytes(31) + b"\1", "issuer": "示例签发"}
    opened = agency.call("snapshot.open", **head)
    again = agency.call("snapshot.open", **head)
    assert (again.snapshot_id, again.whole) == (opened.snapshot_id, False)
    row = {"row": 1, "name": "示例人", "document_number": "370102199003070016", "unit_code": "9137 x"}
    answer = agency.call("snapshot.load", snapshot_id=opened.snapshot_id, row=[row])
    assert [f.reason for f in answer.result[0].finding] == ["unit-code"]
    row["unit_code"] = "9137"
    assert agency.call("snapshot.load", snapshot_id=opened.snapshot_id, row=[row]).done == 1
    assert agency.call("snapshot.load", snapshot_id=opened.snapshot_id, row=[row]).unchanged == 1
    answer = agency.call("snapshot.load", snapshot_id=opened.snapshot_id, row=[row | {"unit_code": "9138"}, row | {"row": 3}])
    assert [r.finding[0].reason for r in answer.result] == ["snapshot-row-differs", "snapshot-row-beyond"]
    assert refusal(agency, "snapshot.close", snapshot_id=opened.snapshot_id, malformed=0).reason == "snapshot-rows"
    closed = agency.call("snapshot.close", snapshot_id=opened.snapshot_id, malformed=1)
    assert (closed.rows, closed.malformed) == (2, 1)
    assert refusal(agency, "snapshot.load", snapshot_id=opened.snapshot_id, row=[row]).reason == "snapshot-whole"


def test_H21_a_whole_snapshot_whose_answers_broke_off(stack, wire, desk, register, claimed):
    stack.sql("INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'fact_pension', 1, '2026-01-01', '示例')")
    try:
        claim, _, row = claimed()
    finally:
        stack.sql("DELETE FROM registry.policy WHERE division = '370100' AND name = 'fact_pension'")
    header = "姓名,身份证号,起发月,停发月"
    path = register("养老待遇", "增量", header, f"{row['name']},{row['document_number']},2020-01,")
    agency = wire("agency")
    head = {"source": snapshot_pb2.REGISTER_PENSION, "division": "370100", "as_of": day(), "complete": False, "rows": 1,
            "file_digest": hashlib.sha256(path.read_bytes().split(b"\r\n", 1)[1]).digest(), "issuer": "示例签发"}
    opened = agency.call("snapshot.open", **head)
    person = {"row": 1, "name": row["name"], "document_number": row["document_number"], "from": "2020-01-01"}
    assert agency.call("snapshot.load", snapshot_id=opened.snapshot_id, row=[person]).done == 1

    def listed():
        return next(s for s in desk("agency", "snapshot", "list", "--source", "养老待遇") if s["snapshot_id"] == opened.snapshot_id.hex())
    assert listed()["answering"] is None
    assert agency.call("snapshot.close", snapshot_id=opened.snapshot_id, malformed=0).more  # and its client is seen no more
    fact, = wire().call("claim.show", claim_id=claim).fact
    assert not fact.HasField("answer")
    assert listed()["answering"] is True
    shown = stack.cli("agency", "snapshot", "list", "--source", "养老待遇", env=stack.environment(LC_ALL="zh_CN.UTF-8"))
    assert "待答复" in shown.stdout, shown.stdout
    assert "same file" in stack.cli("agency", "snapshot", "list", "--help").stdout

    again = stack.cli("agency", "snapshot", "load", path)
    assert again.returncode == 0, again.stderr
    fact, = wire().call("claim.show", claim_id=claim).fact
    assert (fact.answer, fact.snapshot_id) == (m.ANSWER_MATCH, opened.snapshot_id)
    assert listed()["answering"] is False
