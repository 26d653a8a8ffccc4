# SPDX-License-Identifier: Apache-2.0
"""Every look leaves a trace (D2, D5): clear ones before the answer, masked ones within a second; and has a limit."""

import hashlib
import time

import audit_pb2
import person_pb2
import pytest
import samples
from conftest import CLASS, allow_looks
from test_access import key_hash
from wire import Closed, Refused, Wire, read_profile
from waiting import until

REASON = {"purpose": person_pb2.PURPOSE_SUPERVISION, "case_reference": "JN-2026-18"}
EXCEEDED = 62


def key(row):
    return {"document": {"document_number": row["document_number"]}}


@pytest.fixture
def enrolled(wire, open_class):
    def make(n=1):
        rows, number = samples.trainees(n), open_class()
        wire().call("roster.import", class_number=number, row=rows)
        return number, rows
    return make


def entries(stack, after=0):
    """The audit entries behind an id, oldest first: (id, AuditEntry)."""
    found = stack.sql(f"SELECT id || ' ' || encode(body, 'hex') FROM audit.entry WHERE id > {after} ORDER BY id")
    return [(int(n), audit_pb2.AuditEntry.FromString(bytes.fromhex(body))) for n, body in (line.split() for line in found.splitlines())]


def last(stack):
    return int(stack.sql("SELECT coalesce(max(id), 0) FROM audit.entry"))


def looks(stack, after):
    return [entry for _, entry in entries(stack, after) if entry.method == "look"]


def test_D2_masked_looks_are_gathered_by_operator_with_persons_by_commitment(stack, wire, enrolled):
    number, rows = enrolled(3)
    after, connection = last(stack), wire()
    ids = {connection.call("person.find", document=key(row)["document"]).person.person_id for row in rows}
    connection.call("person.find", document=key(rows[0])["document"])  # twice in a second is one look
    wire("payer").call("person.find", document=key(rows[0])["document"])
    me, other = connection.hello.caller.operator_id, wire("payer").hello.caller.operator_id

    def of(operator):
        return [entry for entry in looks(stack, after) if entry.operator_id == operator and entry.outcome == 1]
    until(lambda: sum(entry.count for entry in of(me)) >= 3 and sum(entry.count for entry in of(other)) >= 1)
    mine = of(me)
    assert not any(person in entry.SerializeToString() for person in ids for entry in mine)
    committed = {c for entry in mine for c in entry.commitment}
    for person in ids:
        salts = stack.sql(f"SELECT encode(salt, 'hex') FROM registry.look WHERE person_id = '{person.hex()}' AND salt IS NOT NULL")
        opened = {hashlib.sha256(b"mingce.v1.Look" + bytes.fromhex(salt) + (16).to_bytes(4, "big") + person).digest()
                  for salt in salts.split()}
        assert opened & committed
    assert all(entry.request_digest == bytes(32) for entry in mine)


def test_logins_and_what_a_role_forbids_are_in_the_log(stack, wire):
    after = last(stack)
    one, other = wire("assessor"), wire("assessor")
    me = one.hello.caller
    for _ in range(3):
        with pytest.raises(Refused, match="method-forbidden"):
            one.call("claim.approve")
    found = until(lambda: {m for _, e in entries(stack, after) for m in [e.method] if e.operator_id == me.operator_id} == {"login", "claim.approve"}
                     and entries(stack, after))
    mine = [e for _, e in found if e.operator_id == me.operator_id]
    assert sum(e.count for e in mine if e.method == "login" and e.outcome == 1) == 2
    assert sum(e.count for e in mine if e.method == "claim.approve" and e.outcome == 12) == 3
    assert all(e.organisation_id == mine[0].organisation_id != bytes(16) and e.request_digest == bytes(32) for e in mine)
    assert other.hello.caller.operator_id == me.operator_id
    assert stack.sql(f"SELECT coalesce(sum(masked + refused), 0) FROM registry.look_hour WHERE operator_id = '{me.operator_id.hex()}' AND refused >= 3") == "0"


def test_a_login_that_nobody_is_known_by_is_in_the_log(stack, profile):
    after = last(stack)
    certificate, key_file = stack.authority.issue("stranger to the log")
    with pytest.raises(Closed):
        Wire(profile("payer") | {"certificate": certificate, "key": key_file})
    [entry] = until(lambda: [e for _, e in entries(stack, after) if e.method == "login" and e.subject == key_hash(certificate)[:16]])
    assert (entry.operator_id, entry.organisation_id, entry.count, entry.outcome) == (bytes(16), bytes(16), 1, 26)


def test_D2_a_clear_look_is_in_the_log_before_its_answer(stack, wire, enrolled):
    _, [row] = enrolled(1)
    connection, after = wire("reviewer"), last(stack)
    person = connection.call("person.reveal", key=key(row), reason=REASON).account.person.person_id
    [(_, entry)] = [e for e in entries(stack, after) if e[1].method == "person.reveal"]
    assert (entry.person_id, entry.purpose, entry.case_reference) == (person, REASON["purpose"], REASON["case_reference"])
    assert entry.operator_id == connection.hello.caller.operator_id and len(entry.request_id) == 16


def test_D2_a_search_and_what_it_found_are_in_the_log(stack, wire, enrolled):
    _, [row] = enrolled(1)
    n = row["document_number"]
    connection, after = wire("reviewer"), last(stack)
    connection.call("person.search", name=row["name"], birth_date=f"{n[6:10]}-{n[10:12]}-{n[12:14]}", reason=REASON)
    [(_, entry)] = [e for e in entries(stack, after) if e[1].method == "person.search"]
    assert (entry.purpose, entry.case_reference, entry.count) == (REASON["purpose"], REASON["case_reference"], 1)
    assert entry.request_digest != bytes(32)


def test_D2_an_export_is_clear_and_each_page_in_the_log(stack, wire, enrolled):
    number, rows = enrolled(5)
    connection, after = wire("reviewer"), last(stack)
    exported = connection.pages("roster.export", "trainee", class_number=number, page_rows=2, reason=REASON)
    assert [(t.person.name, t.person.document_number, t.stated.phone) for t in exported] == [
        (r["name"], r["document_number"], r["phone"]) for r in rows]
    pages = [e for _, e in entries(stack, after) if e.method == "roster.export"]
    assert [(p.count, p.record, p.case_reference) for p in pages] == [(n, number.to_bytes(8, "big"), "JN-2026-18") for n in (2, 2, 1)]


def test_an_export_of_another_institution_is_refused_and_in_the_log(stack, wire, enrolled):
    number, _ = enrolled(1)
    after = last(stack)
    with pytest.raises(Refused) as refused:
        wire("institution2").call("roster.export", class_number=number, reason=REASON)
    assert refused.value.reason == "class-unknown"
    assert [e.outcome for _, e in entries(stack, after) if e.method == "roster.export"] == [3]


def test_D5_a_person_is_told_who_looked(stack, wire, enrolled):
    number, [row, other] = enrolled(2)
    reviewer = wire("reviewer")
    wire("payer").call("person.find", document=key(row)["document"])
    wire().call("roster.list", class_number=number)
    wire().call("training.list", class_number=number)
    reviewer.call("person.reveal", key=key(row), reason=REASON)
    reviewer.call("roster.export", class_number=number, page_rows=1, reason=REASON)

    def told():
        log = wire("auditor").pages("access.log", "access", key=key(row), page_rows=3)
        return len([a for a in log if a.operator_name != "陈*"]) >= 5 and log

    log = until(told)
    theirs = sorted((a.method, a.operator_name, a.case_reference, a.class_number) for a in log if a.operator_name != "陈**")
    assert theirs == sorted([
        ("look", "冯**", "", 0), ("look", "周**", "", number), ("look", "周**", "", number),
        ("person.reveal", "郑**", "JN-2026-18", 0), ("roster.export", "郑**", "JN-2026-18", number)])
    assert [a.entry_id for a in log] == sorted((a.entry_id for a in log), reverse=True)
    assert "roster.export" not in [a.method for a in wire("auditor").pages("access.log", "access", key=key(other), page_rows=9)]


def test_a_look_survives_a_daemon_that_stops(own_stack):
    stack = own_stack()
    with Wire(read_profile(stack.profiles / "institution")) as connection:
        number = connection.call("class.open", **CLASS).number
        [row] = samples.trainees(1)
        connection.call("roster.import", class_number=number, row=[row])
        connection.call("person.find", document=key(row)["document"])
    stack.daemon_stop()
    assert stack.sql("SELECT count(*) FROM registry.look") == "1"


def test_a_look_waits_for_a_database_that_was_away(own_stack):
    stack = own_stack()
    with Wire(read_profile(stack.profiles / "institution")) as connection:
        number = connection.call("class.open", **CLASS).number
        [row] = samples.trainees(1)
        connection.call("roster.import", class_number=number, row=[row])
        connection.call("person.find", document=key(row)["document"])
        stack.postgres.stop("immediate")
        stack.postgres.start()
    until(lambda: stack.sql("SELECT count(*) FROM registry.look") == "1")


def test_D2_a_list_of_conflicts_is_a_look_at_whom_it_names(stack, wire, enrolled):
    number, rows = enrolled(1)
    wire().call("roster.import", class_number=number, row=[rows[0] | {"name": "示例改名"}])
    after = last(stack)
    with Wire(read_profile(stack.profiles / "reviewer")) as reviewer:
        assert reviewer.call("conflict.list").conflict[0].stated_name == "示***"
    until(lambda: looks(stack, after))[0].count >= 1


# ---- limits ----

@pytest.fixture
def limited(own_stack):
    """A stack whose operators may look at 5 persons masked and at 3 in clear, with three who are enrolled."""
    stack = own_stack(workers=1)  # what another worker showed in the last second is not counted yet
    allow_looks(stack, 5, 3)
    # the hour must not turn while we count, on a busy machine either
    if time.time() % 3600 > 3420:
        time.sleep(3601 - time.time() % 3600)
    rows = samples.trainees(3)
    with Wire(read_profile(stack.profiles / "institution")) as connection:
        number = connection.call("class.open", **CLASS).number
        connection.call("roster.import", class_number=number, row=rows)
    return stack, number, rows


def outcome(connection, method, **fields):
    try:
        connection.call(method, **fields)
        return "shown"
    except Refused as refused:
        return refused.code, refused.reason


EXHAUSTED = ("CODE_EXHAUSTED", "looks-exceeded")


def test_D2_over_the_limit_is_refused_recorded_and_shown_to_the_bureau(limited):
    stack, number, rows = limited
    after = last(stack)
    with Wire(read_profile(stack.profiles / "payer")) as payer, Wire(read_profile(stack.profiles / "reviewer")) as reviewer:
        assert [outcome(payer, "person.find", document=key(rows[0])["document"]) for _ in range(7)] == ["shown"] * 5 + [EXHAUSTED] * 2
        assert outcome(payer, "person.show", key=key(rows[0])) == EXHAUSTED
        assert outcome(payer, "roster.list", class_number=number) == EXHAUSTED
        assert [outcome(payer, "person.reveal", key=key(rows[0]), reason=REASON) for _ in range(4)] == ["shown"] * 3 + [EXHAUSTED]
        assert outcome(payer, "roster.export", class_number=number, reason=REASON) == EXHAUSTED
        assert outcome(payer, "person.search", name="示例", birth_date="1990-01-01", reason=REASON) == EXHAUSTED
        assert outcome(reviewer, "person.find", document=key(rows[0])["document"]) == "shown"
        hours = until(lambda: [h for h in reviewer.call("access.list", refused=True).hour if h.refused == 7])
        [hour] = hours
        assert (hour.clear, hour.operator_name) == (3, "冯**") and hour.operator_id == payer.hello.caller.operator_id
        refused = [e for _, e in entries(stack, after) if e.outcome == EXCEEDED]
        assert sum(e.count or 1 for e in refused) == 7
    with Wire(read_profile(stack.profiles / "institution2")) as other:
        assert outcome(other, "access.list")[1] == "method-forbidden"


def test_D2_a_list_counts_everybody_it_shows(limited):
    stack, number, rows = limited
    with Wire(read_profile(stack.profiles / "payer")) as payer:
        assert outcome(payer, "roster.list", class_number=number) == "shown"
        assert outcome(payer, "training.list", class_number=number) == EXHAUSTED  # two are left, and it would show three
        assert outcome(payer, "training.list", class_number=number, page_rows=2) == "shown"
        assert outcome(payer, "person.find", document=key(rows[0])["document"]) == EXHAUSTED


def test_D2_a_page_in_clear_of_more_than_are_left_is_refused(limited):
    stack, number, rows = limited
    with Wire(read_profile(stack.profiles / "payer")) as payer:
        assert outcome(payer, "person.reveal", key=key(rows[0]), reason=REASON) == "shown"
        assert outcome(payer, "roster.export", class_number=number, reason=REASON) == EXHAUSTED
        assert outcome(payer, "roster.export", class_number=number, page_rows=2, reason=REASON) == "shown"
        assert outcome(payer, "person.reveal", key=key(rows[0]), reason=REASON) == EXHAUSTED


def test_D2_connections_of_one_operator_share_its_limit(limited):
    stack, _, rows = limited
    answers = []
    for _ in range(7):
        with Wire(read_profile(stack.profiles / "payer")) as payer:
            answers.append(outcome(payer, "person.find", document=key(rows[0])["document"]))
    assert answers == ["shown"] * 5 + [EXHAUSTED] * 2


def shown_at_once(connection, *requests):
    """How many of these requests, sent before any is answered, were not refused."""
    connection.send(b"".join(connection.request(method, frame_number=n + 1, **fields) for n, (method, fields) in enumerate(requests)))
    return sum(not isinstance(connection.answer()[1], Refused) for _ in requests)


@pytest.mark.parametrize("method", ["person.find", "roster.list", "certificate.verify"])
def test_D2_requests_at_once_share_what_is_left(limited, method):
    """Also while none of them is recorded: each that is on its way counts as what it may show."""
    stack, number, rows = limited
    asked = {"person.find": [("person.find", {"document": key(rows[n % 3])["document"]}) for n in range(40)],
             "roster.list": [("roster.list", {"class_number": number, "page_rows": 1}) for _ in range(40)],
             "certificate.verify": [("certificate.verify", {"certificate_number": f"NONE-{n}", "name": "示例"}) for n in range(40)]}[method]
    with Wire(read_profile(stack.profiles / "payer")) as payer:
        assert shown_at_once(payer, *asked) == 5
        assert outcome(payer, "person.find", document=key(rows[0])["document"]) == EXHAUSTED


@pytest.mark.parametrize("method", ["person.reveal", "roster.export", "person.search"])
def test_D2_looks_in_clear_at_once_share_what_is_left(limited, method):
    """On several connections, so that several transactions count them."""
    stack, number, rows = limited
    n = rows[0]["document_number"]
    fields = {"person.reveal": {"key": key(rows[0])}, "roster.export": {"class_number": number, "page_rows": 1},
              "person.search": {"name": rows[0]["name"], "birth_date": f"{n[6:10]}-{n[10:12]}-{n[12:14]}"}}[method]
    payers = [Wire(read_profile(stack.profiles / "payer")) for _ in range(12)]
    for payer in payers:
        payer.send(payer.request(method, reason=REASON, **fields))
    answers = [payer.answer()[1] for payer in payers]
    for payer in payers:
        payer.close()
    assert sum(not isinstance(a, Refused) for a in answers) == 3
    assert {a.reason for a in answers if isinstance(a, Refused)} == {"looks-exceeded"}


def test_D2_looks_that_cannot_be_recorded_count_all_the_same(limited):
    """As when PostgreSQL's disk is full: it is read, and nothing is written."""
    stack, number, rows = limited
    stack.sql("REVOKE EXECUTE ON FUNCTION api.look_record FROM mingced")
    with Wire(read_profile(stack.profiles / "payer")) as payer, Wire(read_profile(stack.profiles / "reviewer")) as reviewer:
        seen = stack.log_end()
        assert [outcome(payer, "person.find", document=key(row)["document"]) for row in rows] == ["shown"] * 3
        assert outcome(reviewer, "roster.list", class_number=number) == "shown"
        stack.wait_log("msg=looks-unrecorded held=[1-9]", seen)
        assert [outcome(payer, "person.find", document=key(row)["document"]) for row in rows] == ["shown"] * 2 + [EXHAUSTED]
        assert [outcome(reviewer, "roster.list", class_number=number, page_rows=n) for n in (3, 2, 1)] == [EXHAUSTED, "shown", EXHAUSTED]
        stack.sql("GRANT EXECUTE ON FUNCTION api.look_record TO mingced")
        until(lambda: stack.sql("SELECT string_agg(masked::text, ' ' ORDER BY masked) FROM registry.look_hour") == "5 5")
