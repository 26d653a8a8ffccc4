# SPDX-License-Identifier: Apache-2.0
"""Every answer that depends on a person is limited and recorded (D2), the wrong guesses as well: there is no other way to learn who is there."""

import person_pb2
import people
import pytest
import samples
from claims import certify, fresh_number
from test_looks import EXHAUSTED, REASON, entries, key, last, limited, outcome
from test_persons import refusal
from waiting import until
from wire import Refused, Wire, read_profile

_ = limited  # the fixture


def nobody(n):
    return {"document_number": people.resident(3000 + n)}


def opened(stack, name):
    return Wire(read_profile(stack.profiles / name))


def masked(stack, connection):
    return stack.sql(f"SELECT coalesce(sum(masked), 0) FROM registry.look_hour WHERE operator_id = '{connection.hello.caller.operator_id.hex()}'")


def guessed(stack, after, connection):
    """How many guesses at nobody the log has of who calls."""
    return sum(e.count for _, e in entries(stack, after)
               if (e.method, e.outcome, e.operator_id) == ("look", 60, connection.hello.caller.operator_id))


def test_D2_wrong_guesses_are_counted_and_recorded(limited):
    stack, _, rows = limited
    after = last(stack)
    with opened(stack, "payer") as payer:
        answers = [outcome(payer, "person.find", document=nobody(1)), outcome(payer, "person.find", document=nobody(1)),
                   outcome(payer, "person.show", key={"document": nobody(2)}), outcome(payer, "certificate.verify", certificate_number="NONE-1", name="示例"),
                   outcome(payer, "certificate.verify", certificate_number="NONE-1", name="示例")]
        assert [a if a == "shown" else a[1] for a in answers] == ["person-unknown"] * 3 + ["shown"] * 2
        assert outcome(payer, "person.find", document=key(rows[0])["document"]) == EXHAUSTED
        assert outcome(payer, "certificate.verify", certificate_number="NONE-1", name="示例") == EXHAUSTED
        until(lambda: guessed(stack, after, payer) == 5)
        until(lambda: masked(stack, payer) == "5")
        assert outcome(payer, "person.find", document=nobody(3)) == EXHAUSTED  # now that the database has them, too


def test_D2_names_are_not_tried_against_a_certificate(limited):
    """A number that is somebody's, with other names: each is a guess, whatever it is told apart by."""
    stack, number, rows = limited
    stack.sql(f"UPDATE registry.class SET state = 3, starts_on = '2026-01-01', ends_on = '2026-01-31' WHERE class_number = {number};"
              f"UPDATE registry.enrolment SET result = 1 WHERE class_number = {number}")
    with opened(stack, "institution") as clerk, opened(stack, "payer") as payer:
        [certificate], said = certify(clerk, number, rows[:1])
        assert said == [""]
        after = last(stack)
        answers = [payer.call("certificate.verify", certificate_number=certificate, name=name) for name in ("错甲", "错乙", "错丙", rows[0]["name"])]
        assert [a.HasField("state") for a in answers] == [False] * 3 + [True]
        assert outcome(payer, "certificate.verify", certificate_number=certificate, name="错丁") == "shown"
        assert outcome(payer, "certificate.verify", certificate_number=certificate, name="错戊") == EXHAUSTED
        until(lambda: guessed(stack, after, payer) == 4)


def test_D2_clear_guesses_count_too(limited):
    stack, _, _ = limited
    with opened(stack, "reviewer") as reviewer:
        answers = [outcome(reviewer, "person.reveal", key={"document": nobody(n)}, reason=REASON)[1] for n in range(4)]
    assert answers == ["person-unknown"] * 3 + ["looks-exceeded"]


def test_D2_dry_run_of_a_roster_is_looks(limited):
    stack, number, rows = limited
    after = last(stack)
    with opened(stack, "institution2") as clerk:
        mine = clerk.call("class.open", title="示例班", occupation_code="4-10-01-06", level=2, training_kind=3, starts_on="2026-03-01",
                          ends_on="2026-05-31", capacity=10).number
        tried = [rows[0] | {"row": 1, "name": "错名"}, samples.trainee(2), samples.trainee(3)]
        answer = clerk.call("roster.import", class_number=mine, row=tried, dry_run=True)
        assert [r.finding[-1].reason if r.finding else "" for r in answer.result] == ["name-differs", "", ""]
        again = [samples.trainee(1), samples.trainee(2)]
        assert outcome(clerk, "roster.import", class_number=mine, row=again, dry_run=True) == "shown"
        assert outcome(clerk, "roster.import", class_number=mine, row=again, dry_run=True) == EXHAUSTED
        assert outcome(clerk, "roster.import", class_number=mine, row=again) == EXHAUSTED
        until(lambda: guessed(stack, after, clerk) == 4 and masked(stack, clerk) == "5")
    with opened(stack, "auditor") as auditor:
        log = auditor.pages("access.log", "access", key=key(rows[0]))
        assert [(a.method, a.operator_name) for a in log if a.operator_name != "陈**"] == [("look", "吴**")]


def test_A6_name_that_an_import_is_told_is_a_look(limited):
    stack, number, rows = limited
    with opened(stack, "institution2") as clerk:
        mine = clerk.call("class.open", title="示例班", occupation_code="4-10-01-06", level=2, training_kind=3, starts_on="2026-03-01",
                          ends_on="2026-05-31", capacity=10).number
        clerk.call("roster.import", class_number=mine, row=[row | {"row": n + 1, "name": "错名"} for n, row in enumerate(rows)] + [samples.trainee(4)])
        until(lambda: masked(stack, clerk) == "3")


def test_D2_rows_that_are_taken_take_no_looks(limited):
    """Each row may be refused for what a record says, so a request needs as many looks as it has rows; but it takes those alone that were."""
    stack, number, _ = limited
    with opened(stack, "institution") as clerk:
        assert [clerk.call("roster.import", class_number=number, row=samples.trainees(3)).enrolled for _ in range(4)] == [3] * 4
        assert outcome(clerk, "roster.import", class_number=number, row=samples.trainees(6)) == EXHAUSTED  # by itself


def test_D2_dry_runs_at_once_share_what_is_left(limited):
    """Names that are tried by many requests on many connections."""
    stack, number, rows = limited
    clerks = [opened(stack, "institution") for _ in range(6)]
    guesses = [row | {"row": n + 1, "name": "错名"} for n, row in enumerate(rows)]
    for clerk in clerks:
        clerk.send(b"".join(clerk.request("roster.import", frame_number=n + 1, class_number=number, row=guesses, dry_run=True) for n in range(3)))
    answers = [clerk.answer()[1] for clerk in clerks for _ in range(3)]
    for clerk in clerks:
        clerk.close()
    assert [a.reason if isinstance(a, Refused) else "" for a in answers].count("looks-exceeded") == 17, answers


def test_D2_conflicts_are_listed_within_the_limit(limited):
    stack, number, rows = limited
    with opened(stack, "institution") as clerk, opened(stack, "reviewer") as reviewer:
        clerk.call("roster.import", class_number=number, row=[row | {"row": n + 1, "name": "错名"} for n, row in enumerate(rows)])
        assert [outcome(reviewer, "conflict.list", page_rows=n) for n in (3, 3, 2, 1)] == ["shown", EXHAUSTED, "shown", EXHAUSTED]


def test_D2_refused_certificates_count(limited):
    stack, number, _ = limited
    with opened(stack, "institution") as clerk:
        row = {"kind": 4, "issued_on": "2026-06-01", "occupation_code": "4-10-01-06", "level": 2}
        for n in range(5):
            clerk.call("certificate.import", row=[row | {"row": 1, "certificate_number": fresh_number()} | nobody(n)])
        assert outcome(clerk, "certificate.import", row=[row | {"row": 1, "certificate_number": fresh_number()} | nobody(6)]) == EXHAUSTED


def test_D2_removed_trainee_is_not_seen_any_more(stack, wire, open_class):
    row, number = samples.trainee(1), open_class()
    wire().call("roster.import", class_number=number, row=[row])
    assert wire().call("person.find", document=key(row)["document"]).person.person_id
    wire().call("roster.remove", class_number=number, seat=1, reason="报错")
    for profile in ("institution", "reviewer"):
        assert refusal(wire(profile), "person.find", document=key(row)["document"]).reason == "person-unknown"
        assert refusal(wire(profile), "person.reveal", key=key(row), reason=REASON).reason == "person-unknown"
    wire().call("roster.restore", class_number=number, seat=1)
    assert wire().call("person.find", document=key(row)["document"]).person.person_id


def test_D2_numbers_are_not_tried_by_revoking(limited):
    """Nor by reinstating or amending: who may has as many wrong numbers in an hour as looks, and each is on record."""
    stack, _, _ = limited
    change = {"reason": "示例", "effective_on": "2026-06-01"}
    with opened(stack, "reviewer") as reviewer, opened(stack, "institution") as clerk:
        answers = [outcome(reviewer, f"certificate.{what}", certificate_number=fresh_number(), **change)[1]
                   for what in ("revoke", "reinstate", "revoke", "revoke", "reinstate", "revoke", "reinstate")]
        assert answers == ["certificate-unknown"] * 5 + ["looks-exceeded"] * 2
        amend = {"version": 1, "kind": 4, "issued_on": "2026-06-01", "occupation_code": "4-10-01-06", "level": 2, "reason": "示例"}
        answers = [outcome(clerk, "certificate.amend", certificate_number=fresh_number(), **amend)[1] for _ in range(6)]
        assert answers == ["certificate-unknown"] * 5 + ["looks-exceeded"]
        assert stack.sql(f"SELECT concat_ws(' ', masked, refused) FROM registry.look_hour WHERE operator_id = '{reviewer.hello.caller.operator_id.hex()}'") == "5 2"


def test_D2_names_are_not_tried_against_a_trainee(limited):
    """Who a row of marks or a step of a claim says it is about: as many wrong names in an hour as looks, then the right one is not told either."""
    stack, number, rows = limited
    stack.sql(f"UPDATE registry.class SET state = 2 WHERE class_number = {number}")
    with opened(stack, "institution") as clerk:
        tried = [{"row": n + 1, "seat": 1, "name": name, "theory": 600, "practice": 600}
                 for n, name in enumerate(["错甲", "错乙", "错丙", "错丁", "错戊", rows[0]["name"]])]
        told = [r.finding[-1].reason for r in clerk.call("marks.import", class_number=number, row=tried).result]
        assert told == ["holder-name"] * 5 + ["looks-exceeded"]
        said = clerk.call("marks.import", class_number=number, row=[{"row": 1, "seat": 1, "theory": 600, "practice": 600}])
        assert said.done == 1  # that says of nobody who it is
        assert stack.sql(f"SELECT concat_ws(' ', masked, refused) FROM registry.look_hour WHERE operator_id = '{clerk.hello.caller.operator_id.hex()}'") == "5 1"


def test_D2_a_list_of_teachers_tells_no_person_from_another(limited):
    """Whom an institution registers as a teacher it looks at in the list, whether the registry knew somebody of that number or not."""
    stack, _, _ = limited
    after = last(stack)
    taught = {"occupation_code": "4-10-01-06", "level": 8, "qualification": "示例讲师", "valid_from": "2020-01-01"}
    with opened(stack, "institution") as clerk:
        answer = clerk.call("teacher.import", row=[taught | {"row": n, "name": "示例某人"} | nobody(n) for n in (1, 2)])
        assert [list(r.finding) for r in answer.result] == [[], []]
        assert [outcome(clerk, "teacher.list", page_rows=n) for n in (2, 2, 2, 1, 1)] == ["shown", "shown", EXHAUSTED, "shown", EXHAUSTED]
        until(lambda: guessed(stack, after, clerk) == 5 and masked(stack, clerk) == "5")


def test_D2_a_register_of_one_person_is_a_look(limited):
    """It says whether the registry knows somebody of that number."""
    stack, _, rows = limited
    with opened(stack, "agency") as agency:
        def closed(n, row):
            whole = {"source": 15, "division": "370100", "as_of": "2026-01-01", "complete": False, "rows": 1, "file_digest": bytes([n]) * 32, "issuer": "示例"}
            snapshot = agency.call("snapshot.open", **whole).snapshot_id
            agency.call("snapshot.load", snapshot_id=snapshot, row=[{"row": 1, "name": "示例某人"} | row])
            return outcome(agency, "snapshot.close", snapshot_id=snapshot, malformed=0)
        known = {"document_number": rows[0]["document_number"]}
        assert [closed(n, nobody(n) if n % 2 else known) for n in range(7)] == ["shown"] * 5 + [EXHAUSTED] * 2
        assert masked(stack, agency) == "5"
