# SPDX-License-Identifier: Apache-2.0
"""A project's settlement pack (E15): what it says is in the signed log and comes to its sums, and whatever is altered in it is found
without any network."""

from hashlib import sha256

import pytest
from claims import day
from test_claims import graduates, standards  # noqa: F401 (fixtures)
from test_cli_standards import desk, judged  # noqa: F401
from test_dossier import BROKEN, HEADER, altered, entries_without, fields, flip, flip_row, nth_row, offline, parsed, row_of, twice  # noqa: F401
from test_log import covered
from test_projects import CALL, decided, taken  # noqa: F401
from test_requests import refusal
from waiting import until

KLASS, LESSON, ATTENDANCE, MARK, ENROLMENT, PLACE, ONCE = 7, 9, 10, 11, 12, 33, 34
PROJECT, STEP, TIER, HEAD, EVIDENCE, TRANCHE, RUN_HEAD, MATERIAL = 100, 101, 102, 104, 105, 107, 113, 118

LESSONS = """
    INSERT INTO registry.lesson (class_number, lesson, held_on, held, hours, place, lesson_id, teacher_index, teacher_sealed, teacher_commitment, request_id)
    SELECT {number}, n, d, tsrange(d + time '08:00', d + time '11:00'), 4, '一教室', gen_random_uuid(), sha256('{number}'), '', sha256('{number}'), gen_random_uuid()
      FROM generate_series(1, 3) n CROSS JOIN LATERAL (SELECT date '2026-01-01' + n AS d) d;
    INSERT INTO registry.attendance (class_number, person_id, lesson, state)
    SELECT {number}, e.person_id, n, 1 FROM registry.enrolment e CROSS JOIN generate_series(1, 3) n WHERE e.class_number = {number};
    INSERT INTO registry.mark (class_number, person_id, theory, practice)
    SELECT {number}, e.person_id, 700, 800 FROM registry.enrolment e WHERE e.class_number = {number}"""


@pytest.fixture
def settled(stack, desk, taken, decided, graduates):  # noqa: F811
    """A project of two heads that was paid, with one verification."""
    number, _ = graduates(2)
    stack.sql(LESSONS.format(number=number))
    project = desk("reviewer", "project", "call", *CALL)[0]["project_id"]
    taken("approver", "publish", project)
    taken("approver", "award", project, "--organisation", "52370100300000010X", "--contract", "示例合同2号")
    taken("institution", "accept", project)
    taken("institution", "attach", project, "--class", number)
    taken("reviewer", "inspect", project, "--on", day(), "--passed", "--reason", "现场人数与名册一致")
    taken("reviewer", "carry-out", project)
    taken("institution", "apply", project)
    for profile, step, state, *reference in (("reviewer", "review", "submitted"), ("approver", "approve", "reviewed"),
                                             ("payer", "pay", "approved", "--reason", "FK-9")):
        assert decided(profile, step, project, state, *reference) == [("accept", [])]
    evidence = desk.file("座号,凭证种类,就业日期,来源,数据日期", *(f"{n},执照,{day(-3)},市场监管,{day()}" for n in (1, 2)))
    assert judged(desk("reviewer2", "evidence", "import", project, evidence, "--class", number)) == [("accept", [])] * 2
    assert taken("reviewer", "verify", project)["fen"] == 120000
    paper = desk.file("示例签到表")
    [material] = desk("institution", "material", "add", project, paper, "--kind", "sign-sheet", "--title", "示例签到表")
    assert material["keep_until"][4:] == day()[4:] and desk("institution", "material", "add", project, paper, "--kind", "签到表", "--title", "示例签到表") == [material]
    covered(stack)
    return project


@pytest.fixture
def pack(stack, settled, tmp_path):
    file, said = tmp_path / "project.dossier", []

    def written():
        done = stack.cli("auditor", "project", "pack", settled, "--output", file, "--key", stack.folder / "log.vkey")
        said[:] = [done.stdout + done.stderr]
        assert done.returncode in (0, 4), said
        return done.returncode == 0
    until(written)
    return file


def test_e15_it_tells_and_proves_the_settlement(pack, offline, settled):  # noqa: F811
    shown = offline(pack)
    [project] = fields(shown, "project")
    assert (project["project_id"], project["state"], project["counted"], project["total_fen"]) == (settled, "verifying", 2, 300000)
    actions = [s["action"] for s in fields(shown, "project_step")]
    assert actions == ["call", "publish", "award", "accept", "attach", "inspect", "carry-out", "apply", "review", "approve", "pay", "verify"]
    assert [(h["seat"], h["counted"], h["share_fen"]) for h in sorted(fields(shown, "project_head"), key=lambda h: h["seat"])] == [
        (1, True, 150000), (2, True, 150000)]
    assert [(t["kind"], t["amount_fen"], t["state"]) for t in fields(shown, "tranche")] == [("advance", 180000, "paid")]
    assert [(r["run"], r["employed"], r["base"]) for r in fields(shown, "project_run")] == [(1, 2, 2)]
    for table, n in (("project_evidence", 2), ("project_material", 1), ("project_run_head", 2), ("claim_place", 2), ("claim_once", 2), ("class", 1), ("enrolment", 2),
                     ("project_tier", 2), ("project_class", 1)):
        assert len(fields(shown, table)) == n, table
    assert [(k["lesson"], k["hours"]) for k in fields(shown, "lesson")] == [(1, 4), (2, 4), (3, 4)]
    assert [a["state"] for a in fields(shown, "attendance")] == ["present"] * 6
    assert [(m["theory"], m["practice"]) for m in fields(shown, "mark")] == [(700, 800)] * 2
    assert {"project.call", "project.carry-out", "project.verify", "evidence.import", "rows"} <= {e["method"] for e in shown if e.get("part") == "entry"}
    [material] = fields(shown, "project_material")
    assert (material["kind"], material["title"], material["file_digest"]) == ("sign-sheet", "示例签到表", sha256("示例签到表\r\n".encode("gb18030")).hexdigest())
    assert "示例一".encode() not in pack.read_bytes()  # nobody's name


def drop(table, n=0):
    return lambda d: d.row.remove(nth_row(d, table, n))


def another_file(dossier):
    """A paper that was shown later is passed off as the one that was recorded."""
    row = row_of(dossier, MATERIAL)
    was = sha256("示例签到表\r\n".encode("gb18030")).digest()
    assert was in row.record
    row.record = row.record.replace(was, sha256(b"another").digest())


def test_e15_what_is_altered_is_found(pack, offline):  # noqa: F811
    whole = pack.read_bytes()
    for name, change, said in (
            ("a head altered", lambda d: flip_row(d, HEAD), "its entries do not have (heads 1)"),
            ("a tranche altered", lambda d: flip_row(d, TRANCHE), "its entries do not have (tranches 1)"),
            ("an entry altered", lambda d: setattr(d.entry[0], "body", flip(d.entry[0].body)), "not in the tree"),
            ("a head gone", drop(HEAD), "is not this project's"),  # what was taken for it is nobody's
            ("a tranche gone", drop(TRANCHE), "the tranches do not come to"),
            ("a step gone", drop(STEP, 3), "not every step of one project"),
            ("the last step gone", drop(STEP, -1), "not every step of one project"),
            ("the project gone", drop(PROJECT), "not every step of one project"),
            ("an attendance gone", drop(ATTENDANCE), "one too many (attendance)"),
            ("a lesson gone", drop(LESSON), "one too many (lessons)"),
            ("a mark gone", drop(MARK), "one too many (marks)"),
            ("the class gone", drop(KLASS), "one too many (class)"),
            ("an enrolment gone", drop(ENROLMENT), "one too many (enrolment)"),
            ("a tier gone", drop(TIER), "one too many (tiers)"),
            ("a place gone", drop(PLACE), "a head that counts has no place"),
            ("a place of the occupation gone", drop(ONCE), "a head that counts has no place"),
            ("evidence gone", drop(EVIDENCE), "a verification is not what it found"),
            ("a material gone", drop(MATERIAL), "one too many (materials of the settlement)"),
            ("a material altered", another_file, "its entries do not have (materials of the settlement 1)"),
            ("a finding gone", drop(RUN_HEAD), "one too many (what the verifications found)"),
            ("a head twice", lambda d: twice(d, HEAD), "there twice (heads 3)"),
            ("a decision's entry gone", lambda d: entries_without(d, "project.carry-out"), "without the entry of its decision (steps of the project 7)"),
            ("another project", lambda d: setattr(d, "project_id", bytes(16)), "is not this project's (project 1)"),
            ("as a claim", lambda d: (d.ClearField("project_id"), setattr(d, "claim_id", bytes(16))), "not every step of one claim"),
            ("both", lambda d: setattr(d, "claim_id", bytes(16)), "not a dossier"),
            ("neither", lambda d: d.ClearField("project_id"), "not a dossier"),
            ("other names", lambda d: setattr(row_of(d, HEAD), "columns", "head_id"), "should check it (heads 1)")):
        pack.write_bytes(whole)
        altered(pack, change)
        assert said in offline(pack, BROKEN), name
    for n in (len(HEADER), len(HEADER) + 1, len(whole) // 2, len(whole) - 1):
        pack.write_bytes(whole[:n])
        assert "not a dossier" in offline(pack, BROKEN)


def test_e15_rows_of_another_project_are_named(stack, pack, offline, desk, settled, tmp_path):  # noqa: F811
    """Genuine rows, with their proofs, that do not belong here."""
    other = desk("reviewer", "project", "call", *CALL)[0]["project_id"]
    covered(stack)
    files = pack, tmp_path / "other"

    def of_one_checkpoint():
        with stack.checkpoint_held():
            return all(stack.cli("auditor", "project", "pack", project, "--output", file, "--key", stack.folder / "log.vkey").returncode == 0
                       for file, project in zip(files, (settled, other)))
    until(of_one_checkpoint)  # not every entry may be covered yet
    assert parsed(files[0]).note == parsed(files[1]).note
    theirs = parsed(files[1])
    altered(pack, lambda d: (d.row.append(row_of(theirs, TIER)), d.entry.extend(theirs.entry)))
    assert "is not this project's (tiers 3)" in offline(pack, BROKEN)


def test_e15_who_may_have_one_and_of_what(desk, stack, settled, tmp_path):  # noqa: F811
    def said(profile, project):
        done = stack.cli(profile, "project", "pack", project, "--output", tmp_path / "x", "--key", stack.folder / "log.vkey")
        assert done.returncode == 3, done.stderr
        return done.stderr
    assert "method-forbidden" in said("reviewer", settled)
    assert "project-unknown" in said("auditor", bytes(16).hex())
    assert not (tmp_path / "x").exists()


def test_e15_what_is_no_paper_of_a_project_is_refused_by_its_field(stack, desk, wire, settled, tmp_path):  # noqa: F811
    paper = {"project_id": bytes.fromhex(settled), "kind": 1, "file_digest": bytes(32), "file_bytes": 1, "title": "示例"}

    def refused(profile="institution", **said):
        answer = refusal(wire(profile), "material.add", **paper | said)
        return answer.reason, list(answer.fields)

    assert refused(project_id=b"x") == ("identifier-length", ["project_id"])
    assert refused(project_id=bytes(16)) == ("project-unknown", ["project_id"])
    assert refused(file_digest=bytes(31)) == ("identifier-length", ["file_digest"])
    assert refused(file_bytes=0) == refused(file_bytes=2**40 + 1) == ("material-bytes", ["file_bytes"])
    assert refused(title="") == refused(title="x" * 61) == ("material-title", ["material_title"])
    assert refused(title="370102199003070016 的签到表") == ("material-title", ["material_title"])  # D3
    assert refused("approver")[0] == "method-forbidden"  # C4
    assert refusal(wire("reviewer"), "material.withdraw", material_id=bytes(16), reason="误登").reason == "material-unknown"
    assert refusal(wire("auditor"), "material.list", project_id=bytes(16)).reason == "project-unknown"
    empty = tmp_path / "empty.pdf"
    empty.touch()
    said = ["material", "add", settled, empty, "--kind", "other", "--title", "示例"]
    for path, why in ((empty, "empty"), (tmp_path, "cannot be read"), (tmp_path / "none", "cannot be read")):
        done = stack.cli("institution", *[path if word == empty else word for word in said])
        assert done.returncode == 5 and why in done.stderr, done.stderr
    assert "video-index" in stack.cli("institution", *["x" if word == "other" else word for word in said]).stderr
    [listed] = desk("auditor", "material", "list", settled)
    assert stack.cli("reviewer", "material", "withdraw", listed["material_id"], "--reason", "误登").returncode == 0
    [withdrawn] = desk("auditor", "material", "list", settled)
    assert withdrawn["withdrawn_reason"] == "误登" and "*" in withdrawn["withdrawn_by"] and withdrawn["withdrawn_at"] >= withdrawn["recorded_at"]
    assert listed["organisation_name"] and "*" in listed["recorded_by"] and listed["withdrawn_by"] is None, "E15: who keeps it"
