# SPDX-License-Identifier: Apache-2.0
"""What becomes of certificates: amended before a claim rests on them, and given out as signed files. Those are read here by
nothing but hashlib and openssl."""

import base64
import hashlib
import os
import subprocess
import threading

import audit_pb2
import certificate_pb2 as c
import people
import samples
from claims import OCCUPATION, certify, day, fresh_number, graduate, reasons, step, submit
from conftest import CLASS, allow_looks
from test_claims import claimed, graduates, standards  # noqa: F401 (fixtures)
from test_log import covered, leaf_hash
from test_persons import document, enrol, refusal
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
    answer = amend(clerk, certificate, 2, kind=c.KIND_QUALIFICATION, issued_on=day(-10))
    assert (answer.version, answer.warning) == (3, ["certificate-form"])
    assert listed(clerk, certificate).warning == ["certificate-form"]
    assert amend(clerk, certificate, 3, kind=c.KIND_QUALIFICATION, issued_on=day(-10)).version == 3  # it says so already
    assert audited(stack, now.certificate_id) == [("certificate.import", 1)] + [("certificate.amend", n) for n in (1, 1, 47)]
    kept = stack.sql(f"SELECT version, kind, issued_on, reason FROM registry.certificate_amendment WHERE certificate_id = '{now.certificate_id.hex()}' ORDER BY version")
    assert kept.splitlines() == [f"2|4|{day(-20)}|录入有误", f"3|4|{day(-10)}|录入有误"]


def test_B1_the_same_rules_as_at_import(wire, graduates):
    number, rows = graduates(1)
    clerk, year = wire(), day(-20)[2:4]
    form = f"S000137000001{year}5{int(fresh_number()[1:5], 16):06d}"
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
    shown = {x.certificate_number for x in clerk.pages("certificate.list", "certificate")}
    assert not shown & {own, other}  # whatever kind they are of (D2)


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
        amend(connection, certificate, kind=c.KIND_QUALIFICATION)
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
                          WHERE k.class_number = {number} AND k.certificate_kind <> {c.KIND_QUALIFICATION}""") == "0"


# ---- the signed file ----

def export(connection, number, row):
    return connection.call("certificate.export", certificate_number=number, document=document(row)).file.decode()


def fields(note):
    """The file's lines, by field; in their order."""
    text, _, _ = note.rpartition("\n\n")
    header, *lines = text.split("\n")
    assert header == "mingce.certificate@v1"
    return dict(line.split(": ", 1) for line in lines)


def verify(stack, note, tmp_path):
    """By nothing but openssl."""
    name, _, key = (stack.folder / "certificate.vkey").read_text().strip().split("+", 2)
    text, _, line = note.rpartition("\n\n")
    dash, signer, signature = line.rstrip("\n").split(" ")
    assert (dash, signer) == ("\u2014", name) and name == "mingce.example/log/certificate"
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + base64.b64decode(key)[1:])
    (tmp_path / "signature").write_bytes(base64.b64decode(signature)[4:])
    (tmp_path / "text").write_text(text + "\n")
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "key.der", "-keyform", "DER", "-rawin",
                    "-in", tmp_path / "text", "-sigfile", tmp_path / "signature"], check=True, capture_output=True)


def test_the_file_says_what_the_registry_does(wire, stack, graduates, tmp_path):
    number, rows = graduates(1)
    clerk = wire()
    [certificate], _ = certify(clerk, number, rows)
    covered(stack)
    note = export(clerk, certificate, rows[0])
    verify(stack, note, tmp_path)
    said = fields(note)
    code, name, _, _ = people.ORGANISATIONS["institution"]
    salt, entry, leaf = base64.b64decode(said["salt"]), *said["log-entry"].split(" ")
    holder = hashlib.sha256(salt + b"\1" + rows[0]["document_number"].encode()).digest()
    assert said == {"number": certificate, "kind": "4 培训合格证书", "occupation": f"{OCCUPATION} 家政服务员", "level": "2 初级工",
                    "issuer": f"{code} {name}", "issued-on": day(-20), "as-of": day(), "status": "valid", "salt": said["salt"],
                    "holder": base64.b64encode(holder).decode(), "log-entry": f"{entry} {leaf}", "log-index": said["log-index"]}
    index, body = stack.sql(f"SELECT l.leaf_index, encode(e.body, 'hex') FROM audit.entry e JOIN audit.leaf l ON l.entry_id = e.id WHERE e.id = {entry}").split("|")
    assert (said["log-index"], base64.b64decode(leaf)) == (index, leaf_hash(bytes.fromhex(body)))
    told = audit_pb2.AuditEntry.FromString(bytes.fromhex(body))
    assert (told.method, told.subject) == ("certificate.import", listed(clerk, certificate).certificate_id)
    assert fields(export(clerk, certificate, rows[0]))["salt"] != said["salt"]
    assert rows[0]["name"] not in note and rows[0]["document_number"] not in note


def test_the_file_follows_what_becomes_of_the_certificate(wire, stack, graduates):
    number, rows = graduates(1)
    clerk = wire()
    [certificate], _ = certify(clerk, number, rows)
    amend(clerk, certificate, issued_on=day(-10))
    amended = fields(export(clerk, certificate, rows[0]))
    clerk.call("certificate.revoke", certificate_number=certificate, reason="成绩作废", effective_on=day(-1))
    revoked = fields(export(clerk, certificate, rows[0]))
    wire("reviewer").call("certificate.reinstate", certificate_number=certificate, reason="复核", effective_on=day())
    valid = fields(export(wire("payer"), certificate, rows[0]))
    assert [(f["issued-on"], f["status"]) for f in (amended, revoked, valid)] == [
        (day(-10), "valid"), (day(-10), f"revoked since {day(-1)}"), (day(-10), "valid")]
    entries = ",".join(f["log-entry"].split(" ")[0] for f in (amended, revoked, valid))
    bodies = stack.sql(f"SELECT encode(body, 'hex') FROM audit.entry WHERE id IN ({entries}) ORDER BY id").splitlines()
    assert [audit_pb2.AuditEntry.FromString(bytes.fromhex(b)).method for b in bodies] == ["certificate." + m for m in ("amend", "revoke", "reinstate")]


def test_an_export_is_on_record_and_tells_no_stranger(wire, stack, graduates):
    number, rows = graduates(2)
    [certificate, _], _ = certify(wire(), number, rows)

    def said(connection, number, row):
        return refusal(connection, "certificate.export", certificate_number=number, document=document(row)).reason

    assert said(wire(), certificate, rows[1]) == said(wire(), fresh_number(), rows[0]) == "certificate-holder"
    assert said(wire("institution2"), certificate, rows[0]) == "certificate-holder"
    assert said(wire("sysadmin"), certificate, rows[0]) == "method-forbidden"
    assert said(wire(), certificate, {"document_number": "11010519491231002"}) == "id-length"
    export(wire(), certificate, rows[0])
    subject = listed(wire(), certificate).certificate_id
    assert audited(stack, subject)[-1] == ("certificate.export", 1)
    log = wire("reviewer").call("access.log", key={"document": document(rows[0])}).access
    assert [a.method for a in log if a.method == "certificate.export"] == ["certificate.export"]


def test_exports_are_limited_like_masked_looks(own_stack):
    stack = own_stack()
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        number = clerk.call("class.open", **CLASS).number
        row = samples.trainee(1)
        assert enrol(clerk, number, row) == ["enrolled"]
        graduate(stack, number)
        [certificate], _ = certify(clerk, number, [row])
        allow_looks(stack, masked=2)
        export(clerk, certificate, row)
        export(clerk, certificate, row)
        assert refusal(clerk, "certificate.export", certificate_number=certificate, document=document(row)).reason == "looks-exceeded"


def test_without_a_key_there_are_none_and_one_of_another_use_is_refused(own_stack):
    stack = own_stack(certificate_key="")
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        answer = refusal(clerk, "certificate.export", certificate_number="A-1", document=document(samples.trainee(1)))
        assert (answer.reason, answer.code) == ("certificate-key-missing", "CODE_CONFLICT")
    for key in "log", "receipt":
        stack.daemon_stop()
        stack.settings["certificate_key"] = stack.folder / f"{key}.key"
        stack.configure()
        seen = stack.log_end()
        stack.daemon_start(wait=False)
        assert "does not end with /certificate" in stack.wait_log("msg=certificate-key-refused", seen)
