# SPDX-License-Identifier: Apache-2.0
"""What becomes of certificates: amended before a claim rests on them."""

import os
import threading

import certificate_pb2 as c
import samples
from claims import OCCUPATION, certify, day, fresh_number, reasons, step, submit
from test_claims import claimed, graduates, standards  # noqa: F401 (fixtures)
from test_persons import refusal
from wire import Refused, Wire, read_profile

KIND = {"kind": c.KIND_TRAINING, "issued_on": day(-20), "occupation_code": OCCUPATION, "level": 2, "reason": "录入有误"}


def amend(connection, number, version=1, **changes):
    return connection.call("certificate.amend", certificate_number=number, version=version, **(KIND | changes))


def refused(connection, number, version=1, **changes):
    answer = refusal(connection, "certificate.amend", certificate_number=number, version=version, **(KIND | changes))
    return answer.reason, answer.fields


def listed(connection, number):
    [found] = [x for x in connection.pages("certificate.list", "certificate") if x.certificate_number == number]
    return found


def audited(stack, subject):
    """The outcomes of the entries about it, by method."""
    with Wire(read_profile(stack.profiles / "auditor")) as auditor:
        return [(r.entry.method, r.entry.outcome) for r in auditor.pages("audit.list", "record", subject=subject)][::-1]


def test_B1_a_certificate_is_amended_by_its_issuer(wire, stack, graduates):
    number, rows = graduates(1)
    clerk = wire()
    [certificate], _ = certify(clerk, number, rows)
    assert amend(clerk, certificate, issued_on=day(-10)).version == 2
    now = listed(clerk, certificate)
    assert (now.issued_on, now.version, now.kind) == (day(-10), 2, c.KIND_TRAINING)
    answer = amend(clerk, certificate, 2, kind=c.KIND_SPECIAL_ABILITY, issued_on=day(-10))
    assert (answer.version, answer.warning) == (3, ["certificate-form"])
    assert listed(clerk, certificate).warning == ["certificate-form"]
    assert amend(clerk, certificate, 3, kind=c.KIND_SPECIAL_ABILITY, issued_on=day(-10)).version == 3  # it says so already
    assert audited(stack, now.certificate_id) == [("certificate.import", 1)] + [("certificate.amend", n) for n in (1, 1, 47)]
    kept = stack.sql(f"SELECT version, kind, issued_on, reason FROM registry.certificate_amendment WHERE certificate_id = '{now.certificate_id.hex()}' ORDER BY version")
    assert kept.splitlines() == [f"2|4|{day(-20)}|录入有误", f"3|4|{day(-10)}|录入有误"]


def test_B1_the_same_rules_as_at_import(wire, graduates):
    number, rows = graduates(1)
    clerk, year = wire(), day(-20)[2:4]
    form = f"S000137000001{year}5{int(fresh_number()[:4], 16):06d}"
    [certificate], said = certify(clerk, number, rows, kind=c.KIND_SKILL_LEVEL, numbers=[form])
    assert said == [""]
    skill = {"kind": c.KIND_SKILL_LEVEL}
    assert refused(clerk, form, level=3, **skill) == ("certificate-contradicts", ["certificate_number"])
    assert refused(clerk, form, issued_on=day(-60), **skill) == ("issued-early", ["issued_on"])
    assert refused(clerk, form, issued_on=day(1), **skill) == ("issued-later", ["issued_on"])
    assert refused(clerk, form, issued_on="2026-2-1", **skill) == ("date-format", ["issued_on"])
    assert refused(clerk, form, level=3) == ("not-completed", ["occupation_code"])
    assert refused(clerk, form, level=6) == ("out-of-scope", ["occupation_code"])
    assert refused(clerk, form, reason="") == ("reason-length", ["reason"])
    assert refused(clerk, form, 2) == ("version-differs", ["version"])
    assert refused(clerk, "一") == ("certificate-number", ["certificate_number"])
    assert refused(clerk, fresh_number()) == ("certificate-unknown", ["certificate_number"])
    assert refused(wire("institution2"), form)[0] == "certificate-unknown"
    assert refused(wire("window"), form)[0] == "not-allowed"  # a bureau's clerk sees it
    assert refused(wire("reviewer"), form)[0] == "method-forbidden"
    assert listed(clerk, form).version == 1


def test_B1_a_number_with_a_residents_is_its_holders_and_stays_masked(wire, graduates):
    number, rows = graduates(2)
    clerk = wire()
    own, stranger = ("T" + row["document_number"] for row in (rows[0], samples.trainee(9)))
    [_, other], said = certify(clerk, number, rows, numbers=[own, stranger])
    assert said == ["", ""]  # as training certificates, of which no form is known
    assert refused(clerk, other, kind=c.KIND_SPECIAL_OPERATION) == ("certificate-contradicts", ["certificate_number"])
    assert amend(clerk, own, kind=c.KIND_SPECIAL_OPERATION).version == 2
    assert refused(clerk, own, 2) == ("certificate-contradicts", ["certificate_number"])
    assert own not in {x.certificate_number for x in clerk.pages("certificate.list", "certificate")}


def test_B1_not_when_revoked_nor_when_a_claim_rests_on_it(wire, claimed):
    claim, certificate, _ = claimed()
    clerk = wire()
    assert refused(clerk, certificate, issued_on=day(-10)) == ("certificate-claimed", ["certificate_number"])
    assert step(clerk, "withdraw", claim, 1) == ""
    assert amend(clerk, certificate, issued_on=day(-10)).version == 2
    assert reasons(submit(clerk, certificate)) == [""]
    assert refused(clerk, certificate, 2)[0] == "certificate-claimed"
    clerk.call("certificate.revoke", certificate_number=certificate, reason="成绩作废", effective_on=day())
    assert refused(clerk, certificate, 3)[0] == "certificate-revoked"


def test_the_same_amendment_again_is_the_same_answer(wire, stack, graduates):
    number, rows = graduates(1)
    clerk, request_id = wire(), os.urandom(16)
    [certificate], _ = certify(clerk, number, rows)
    first = amend(clerk, certificate, issued_on=day(-10), request_id=request_id)
    assert amend(clerk, certificate, issued_on=day(-10), request_id=request_id) == first and first.version == 2
    assert refused(clerk, certificate, issued_on=day(-9), request_id=request_id)[0] == "request-id-reused"
    assert refused(clerk, certificate, issued_on=day(-10))[0] == "version-differs"


def attempt(connection, certificate):
    try:
        amend(connection, certificate, kind=c.KIND_SPECIAL_ABILITY)
    except Refused as refused:
        return refused.reason
    return ""


def test_an_amendment_and_a_claim_at_once_never_miss_each_other(wire, stack, standards, graduates):
    """Either the amendment comes first, and the claim has what it says; or the claim does, and nothing is amended."""
    number, rows = graduates(6)
    numbers, _ = certify(wire(), number, rows)
    for certificate in numbers:
        said, connections = {}, [wire(), wire()]
        threads = [threading.Thread(target=lambda: said.update(claim=reasons(submit(connections[0], certificate)))),
                   threading.Thread(target=lambda: said.update(amend=attempt(connections[1], certificate)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said["claim"] == [""] and said["amend"] in ("", "certificate-claimed")
    assert stack.sql(f"""SELECT count(*) FROM registry.certificate_amendment a JOIN registry.claim k USING (certificate_id)
                          WHERE k.class_number = {number} AND k.certificate_kind <> {c.KIND_SPECIAL_ABILITY}""") == "0"
