# SPDX-License-Identifier: Apache-2.0
"""The live rows are what the log says: what the database's owner edits, adds or removes past the triggers is named."""

import json
import re
import signal
import threading
from collections import Counter

import pytest
import samples
from conftest import CLASS, assert_sane, make_stack
from test_log import TAMPER, covered
from wire import Wire, read_profile


@pytest.fixture
def site(own_stack):
    """A stack with a class of trainees, and `mingce audit rows` on it."""
    stack = own_stack()
    stack.began = log_end(stack)
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        stack.number = wire.call("class.open", **CLASS).number
        assert wire.call("roster.import", class_number=stack.number, row=samples.trainees(300)).enrolled == 300
    return stack


@pytest.fixture
def untouched(tmp_path):
    """A stack in which no row was changed but by requests and by what its installation does."""
    stack = make_stack(tmp_path / "untouched")
    stack.up()
    yield stack
    stack.down()
    stack.postgres.remove()
    assert_sane(stack)


def test_what_was_compared_is_said_in_words(untouched):
    """How many rows, of how many entries, when all are what the log says; no such word when one is not, and none for programs."""
    def say(zh, *options):
        done = untouched.cli("auditor", *options, "audit", "rows", "--key", untouched.folder / "log.vkey",
                             env=untouched.environment() | {"LC_ALL": "zh_CN.UTF-8" if zh else "C.UTF-8"})
        return done.returncode, done.stdout

    covered(untouched)
    status, said = say(True)
    assert status == 0 and re.fullmatch(r"核验通过：[1-9]\d* 行都与日志相符（[1-9]\d* 条记录）\n", said), said
    status, said = say(False)
    assert status == 0 and re.fullmatch(r"verified: [1-9]\d* rows are what the log says \([1-9]\d* entries\)\n", said), said
    assert set(json.loads(say(True, "--json")[1])) == {"rows", "entries"}
    untouched.sql(TAMPER.format(table="registry.organisation_scope", statement="UPDATE registry.organisation_scope SET valid_from = '2000-01-01'"))
    for zh in (True, False):
        status, said = say(zh)
        assert status == 1 and said and "核验通过" not in said and "verified" not in said


def log_end(stack):
    covered(stack)
    return int(stack.sql("SELECT max(leaf_index) FROM audit.leaf"))


def compare(stack, expect=0):
    """The findings: (table, row, finding). What the stack's own making changed by SQL, no request explains, and is left out."""
    done = stack.cli("auditor", "--json", "audit", "rows", "--key", stack.folder / "log.vkey")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines and done.returncode in (0, 1), done.stdout + done.stderr
    found = [(line["table"], line["row"], line["finding"]) for line in lines if "finding" in line]
    assert done.returncode == (1 if found else 0)
    found = [f for f in found if f[2] != "unexplained" or int(f[1].split("@")[1]) > stack.began]
    assert (1 if found else 0) == expect, found[:20]
    return found


EDITS = [
    ("enrolment", "UPDATE registry.enrolment SET trainee_group = trainee_group % 9 + 1 WHERE seat = 7", "differs"),
    ("enrolment", "DELETE FROM registry.enrolment WHERE seat = 8", "no-row"),
    ("enrolment", "INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type, request_id, sealed, "
     "commitment) SELECT class_number, gen_random_uuid(), gen_random_uuid(), 301, 1, 1, request_id, sealed, commitment FROM registry.enrolment "
     "WHERE seat = 1", "no-entry"),
    ("person", "UPDATE registry.person SET commitment = sha256('x') WHERE person_id = (SELECT min(person_id::text)::uuid FROM registry.person)", "differs"),
    # another's record, which the key ring's holder could seal for this row; an index that finds somebody else
    ("person", "UPDATE registry.person SET sealed = (SELECT sealed FROM registry.person ORDER BY person_id LIMIT 1) "
     "WHERE person_id = (SELECT person_id FROM registry.person ORDER BY person_id OFFSET 1 LIMIT 1)", "differs"),
    ("person", "UPDATE registry.person SET name_index = sha256('x') WHERE person_id = (SELECT person_id FROM registry.person ORDER BY person_id OFFSET 2 LIMIT 1)",
     "differs"),
    ("person", "UPDATE registry.person SET search_key = search_key # 1 WHERE person_id = (SELECT person_id FROM registry.person ORDER BY person_id OFFSET 3 LIMIT 1)",
     "differs"),
    ("document", "UPDATE registry.document SET person_id = gen_random_uuid() WHERE document_index = (SELECT document_index FROM registry.document LIMIT 1)",
     "differs"),
    ("enrolment", "UPDATE registry.enrolment SET sealed = '' WHERE seat = 2", "differs"),
    ("class", "UPDATE registry.class SET capacity = capacity + 1", "differs"),
    ("policy", "UPDATE registry.policy SET value = value + 1 WHERE name = 'pass_mark'", "differs"),
    ("operator", "UPDATE registry.operator SET roles = ARRAY['clerk', 'payer'] WHERE roles = ARRAY['clerk']", "differs"),
    ("organisation", "UPDATE registry.organisation SET status = 2 WHERE code = (SELECT min(code) FROM registry.organisation)", "differs"),
]


def test_each_edit_past_the_triggers_is_named(site):
    covered(site)
    for table, statement, _ in EDITS:
        site.sql(TAMPER.format(table=f"registry.{table}", statement=statement))
    found = compare(site, expect=1)
    alike = {"policy", "operator", "class", "organisation"}  # of which an edit may be of several rows
    assert {(table, finding) for table, _, finding in found} == {(table, finding) for table, _, finding in EDITS}
    assert (Counter((table, finding) for table, _, finding in found if table not in alike)
            == Counter((table, finding) for table, _, finding in EDITS if table not in alike))
    assert all(str(site.number) in row for table, row, finding in found if finding == "no-row" or table == "class")


def test_with_the_triggers_on_an_edit_is_named_for_good(site):
    """The owner may; but then the log says so, and that no request was about it. Edited past them and put back: only what is
    there counts."""
    assert compare(site) == []
    flip = "UPDATE registry.class SET capacity = capacity {} 1"
    site.sql(TAMPER.format(table="registry.class", statement=flip.format("+")))
    assert len(compare(site, expect=1)) == 1
    site.sql(TAMPER.format(table="registry.class", statement=flip.format("-")))
    assert compare(site) == []
    of_rows = "FROM audit.entry e WHERE helper.entry_method(body) = 'rows'"
    before = int(site.sql(f"SELECT max(id) {of_rows}"))
    site.sql(flip.format("+"))
    assert site.sql(f"SELECT count(*) {of_rows} AND id > {before}") == "1"
    covered(site)  # what others have left may come in after it
    place = site.sql(f"SELECT (SELECT leaf_index FROM audit.leaf WHERE entry_id = id) {of_rows} AND id > {before}")
    assert compare(site, expect=1) == [("class", f"{site.number} @{place}", "unexplained")]
    site.sql(flip.format("-"))
    assert len(compare(site, expect=1)) == 1
    with pytest.raises(Exception, match="written once"):
        site.sql("TRUNCATE registry.mark")


def test_while_others_write(site):
    """What changes while it is read is right as it was or as it became."""
    profile = read_profile(site.profiles / "institution")

    def write():
        with Wire(profile) as wire:
            for _ in range(20):
                wire.call("roster.import", class_number=site.number, row=samples.trainees(3))
                number = wire.call("class.open", **CLASS).number
                wire.call("roster.import", class_number=number, row=samples.trainees(20))

    threads = [threading.Thread(target=write) for n in range(3)]
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            assert compare(site) == []
    finally:
        for thread in threads:
            thread.join()
    assert compare(site) == []


def test_sealing_anew_is_entered(site):
    ring = site.folder / "keys"
    for step in ("add", "use"):
        site.command("keys", step, ring)
        seen = site.log_end()
        site.signal(signal.SIGHUP)
        site.wait_log("proc=worker .*msg=reloaded", seen)
    entries = int(site.sql("SELECT count(*) FROM audit.entry"))
    site.command("reseal")
    assert int(site.sql("SELECT count(*) FROM audit.entry")) - entries >= 600  # 300 persons, each with an enrolment
    assert compare(site) == []


def test_many_rows_in_one_statement(site):
    """Entries stay below 65,535 bytes."""
    site.sql("UPDATE registry.enrolment SET warnings = 'name-space'")
    site.sql("INSERT INTO registry.occupation (code, name) SELECT '9-' || n, 'invented' FROM generate_series(1, 5000) n")
    covered(site)
    found = Counter((table, finding) for table, _, finding in compare(site, expect=1))
    assert found["enrolment", "unexplained"] == 300 and found["occupation", "unexplained"] > 600 and len(found) == 2  # a thousand are listed


def test_cursor_that_is_none(stack):
    with Wire(read_profile(stack.profiles / "auditor")) as wire:
        page = wire.call("log.rows", table="ROWS_OPERATOR", page_rows=3)
        assert len(page.row) == 3 and wire.call("log.rows", table="ROWS_OPERATOR", page_rows=3, cursor=page.next).row[0] != page.row[0]
        for wrong in (b"{", b"x", b"{a}", b"{" + b"9" * 40 + b"}", b"\x00", b"x" * 2000):
            with pytest.raises(Exception, match="cursor-invalid"):
                wire.call("log.rows", table="ROWS_CLASS", cursor=wrong)


def test_only_auditors(stack):
    done = stack.cli("institution", "audit", "rows", "--key", stack.folder / "log.vkey")
    assert done.returncode == 3 and "method-forbidden" in done.stderr
