# SPDX-License-Identifier: Apache-2.0
"""The audit log by who, of whom, on whom, what and when; one entry whole."""

import datetime
import hashlib
import json
import os

import people
import pytest
import samples
from conftest import CLASS
from wire import REQUESTS, Refused, Wire, read_profile
from waiting import until

DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def told(stack):
    """A class and a roster of the institution's; the bureau's; what was there before."""
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        number = clerk.call("class.open", **CLASS).number
        assert clerk.call("roster.import", class_number=number, row=samples.trainees(30)).enrolled == 30
        return number, bytes(clerk.hello.caller.operator_id)


def ask(connection, **fields):
    return connection.call("audit.list", body=REQUESTS["audit.list"][0](**fields).SerializeToString())


def listed(wire, enough=None, **filters):
    """All that the filters let through, or as many as are enough. A page ends after 20,000 entries that were looked at,
    whatever it has found, and other tests may have written as many."""
    found, more, connection = [], {}, wire("auditor")
    while True:
        page = ask(connection, page_rows=50, **filters, **more)
        found += page.record
        if not page.HasField("next") or (enough and len(found) >= enough):
            return found
        more = {"cursor": page.next}


def test_by_class_and_method(wire, told):
    number, _ = told
    found = listed(wire, class_number=number)
    assert len(found) == 31 and {r.entry.method for r in found} == {"class.open", "roster.import"}
    assert [r.id for r in found] == sorted((r.id for r in found), reverse=True)
    assert len(listed(wire, class_number=number, method="class.open")) == 1
    assert listed(wire, class_number=number, method="class") == []


def test_by_actor_and_organisation(wire, told):
    number, operator = told
    code = people.ORGANISATIONS[people.OPERATORS["institution"][0]][0]
    assert len(listed(wire, class_number=number, operator_id=operator)) == 31
    assert len(listed(wire, class_number=number, organisation_code=code)) == 31
    assert listed(wire, class_number=number, operator_id=os.urandom(16)) == []
    assert listed(wire, class_number=number, organisation_code="11370000000000043A") == []
    assert listed(wire, class_number=number, organisation_code="nobody") == []


def test_by_subject(wire, told):
    person = next(r.entry.person_id for r in listed(wire, class_number=told[0]) if r.entry.person_id)
    found = listed(wire, subject=person)
    assert found and all(r.entry.person_id == person for r in found)
    assert listed(wire, subject=os.urandom(16)) == []


def test_by_time(wire, told):
    found = listed(wire, class_number=told[0])
    first, last = min(r.entry.at_ms for r in found), max(r.entry.at_ms for r in found)
    assert len(listed(wire, class_number=told[0], from_ms=first, until_ms=last + 1)) == 31
    assert listed(wire, class_number=told[0], until_ms=first) == []
    assert listed(wire, class_number=told[0], from_ms=last + 1) == []
    assert listed(wire, class_number=told[0], until_ms=first - 400 * DAY_MS) == []
    some = listed(wire, class_number=told[0], from_ms=last)
    assert some and all(r.entry.at_ms == last for r in some)


def test_rows_only_when_asked_for(wire, told):
    assert "rows" not in {r.entry.method for r in wire("auditor").call("audit.list", page_rows=200).record}
    found = listed(wire, enough=20, method="rows")
    assert len(found) >= 20 and all(r.entry.method == "rows" and len(r.entry.row) > 0 for r in found)


@pytest.mark.parametrize("field, value", [("operator_id", b"x"), ("subject", b"x" * 17), ("class_number", 2**63), ("from_ms", -1),
                                          ("until_ms", 10**14)])
def test_what_cannot_be(wire, field, value):
    with pytest.raises(Refused) as refused:
        wire("auditor").call("audit.list", **{field: value})
    assert refused.value.fields == [field]


def test_a_search_that_finds_little_goes_on(own_stack):
    """20,000 entries are looked at in one request; the next begins where it ended."""
    stack = own_stack()
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        clerk.call("class.open", **CLASS)
    head = stack.sql("SELECT encode(substring(body FOR 49 + get_byte(body, 48) + 53), 'hex') FROM audit.entry WHERE substring(body FROM 50 FOR 10) = 'class.open'")
    stack.sql(f"INSERT INTO audit.entry (operator_id, body) SELECT gen_random_uuid(), decode('{head}', 'hex') || '\\x4801' FROM generate_series(1, 45000)")
    with Wire(read_profile(stack.profiles / "auditor")) as auditor:
        page, cursor, pages = [], None, 0
        while True:
            answer = auditor.call("audit.list", page_rows=50, subject=bytes(auditor.hello.caller.operator_id), **({"cursor": cursor} if cursor else {}))
            pages += 1
            page += answer.record
            if not answer.HasField("next"):
                break
            cursor = answer.next
        assert page == [] and pages == 3
        own = auditor.pages("audit.list", "record", page_rows=50, class_number=int(stack.sql("SELECT class_number FROM registry.class")))
        assert len(own) == 1


def test_from_the_command_line(stack, told):
    number = str(told[0])
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    run = lambda *words: [json.loads(line) for line in stack.cli("auditor", "--json", "audit", "log", "--limit", "0", *words).stdout.splitlines()]
    assert len(run("--class", number)) == 31
    assert len(run("--class", number, "--from", str(today), "--to", str(today), "--actor", told[1].hex(), "--method", "roster.import")) == 30
    assert run("--class", number, "--to", str(today - datetime.timedelta(days=1))) == []
    for wrong in (["--actor", "12"], ["--from", "1.3.2026"], ["--class", "x"]):
        assert stack.cli("auditor", "audit", "log", *wrong).returncode == 2


def test_one_entry(stack, told):
    """By the number that the list calls it by, and that a proof is of."""
    listed = lambda *more: stack.cli("auditor", *more, "audit", "log", "--class", str(told[0]), "--method", "class.open").stdout
    show = lambda *words: stack.cli("auditor", "--json", "audit", "show", *map(str, words))
    assert until(lambda: json.loads(listed("--json"))["leaf_index"] is not None)
    entry = json.loads(listed("--json"))
    assert listed().split("\n")[1].split()[0] == str(entry["leaf_index"])
    shown = json.loads(show(entry["leaf_index"]).stdout)
    assert (shown["leaf_index"], shown["id"], shown["method"], shown["record"]) == (entry["leaf_index"], entry["id"], "class.open", told[0])
    body = bytes.fromhex(stack.sql(f"SELECT encode(body, 'hex') FROM audit.entry WHERE id = {entry['id']}"))
    assert shown["leaf_hash"] == hashlib.sha256(b"\0" + body).hexdigest()
    assert show(10**12).returncode == 3 and show(1, "--id").returncode == 2
    assert stack.cli("institution", "audit", "show", "0").returncode == 3


def test_an_entry_that_is_not_in_the_log_yet_says_so(own_stack):
    stack = own_stack(log_key="", log_state="")  # and so without a notary
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        clerk.call("class.open", **CLASS)
    log = lambda *more: stack.cli("auditor", *more, "audit", "log", "--method", "class.open").stdout
    assert json.loads(log("--json"))["leaf_index"] is None and "not there yet" in log()


def test_D5_everything_about_a_person_in_one_answer(stack, told):
    """What is held, who looked, what was done; masked, or in clear with a purpose, which is then among the looks."""
    with Wire(read_profile(stack.profiles / "auditor")) as auditor:
        person = next(bytes(r.entry.person_id) for r in auditor.pages("audit.list", "record", page_rows=50, class_number=told[0]) if r.entry.person_id)

    def account(*words, expect=0):
        done = stack.cli("auditor", "--json", "audit", "person", "--id", person.hex(), *words)
        assert done.returncode == expect, done.stderr
        return done.stdout

    masked = account()
    clear = account("--purpose", "supervision", "--case", "JN-2026-7")
    assert "*" in masked.splitlines()[0] and "*" not in clear.splitlines()[0]
    lines = [json.loads(line) for line in account().splitlines()]
    assert any(line.get("case_reference", line.get("case")) == "JN-2026-7" for line in lines)  # who looked
    assert any(line.get("method") == "roster.import" for line in lines) and any(line.get("method") == "person.reveal" for line in lines)
    text = stack.cli("auditor", "audit", "person", "--id", person.hex()).stdout
    assert "who looked" in text and "audit entries" in text
    account("--purpose", "supervision", expect=2)
    assert stack.cli("institution", "audit", "person", "--id", person.hex()).returncode == 3
