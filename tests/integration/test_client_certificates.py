# SPDX-License-Identifier: Apache-2.0
"""Only a person's own certificate, for client use and of an authority that the server trusts, is registered: at every door."""

import subprocess

import people
import pytest
from authority import CLIENT, SERVER, Authority
from postgres import run
from test_access import der
from test_requests import refusal
from wire import Wire, read_profile

SCHOOL = people.ORGANISATIONS["institution"][0]
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def self_signed(folder, name, *more):
    path = folder / f"{name}.pem"
    run(["openssl", "req", "-x509", *CURVE, "-keyout", folder / f"{name}.key", "-out", path, "-days", "30", "-subj", f"/CN={name}", *more])
    return path


def below(authority, folder):
    """An authority that another one's is behind."""
    folder.mkdir()
    key, request, extensions = folder / "ca.key", folder / "ca.csr", folder / "ca.ext"
    extensions.write_text("basicConstraints = critical, CA:TRUE\nkeyUsage = keyCertSign\n")
    run(["openssl", "req", "-new", *CURVE, "-keyout", key, "-out", request, "-subj", "/CN=below"])
    run(["openssl", "x509", "-req", "-in", request, "-CA", authority.certificate, "-CAkey", authority.key, "-CAcreateserial", "-days", "30",
         "-extfile", extensions, "-out", folder / "ca.pem"])
    return Authority(folder)


@pytest.fixture(scope="module")
def files(stack, tmp_path_factory):
    """PEM files by what is in them."""
    folder, authority = tmp_path_factory.mktemp("c"), stack.authority
    lower, stranger = below(authority, folder / "below"), Authority(folder / "stranger", "another CA")
    own = {name: authority.issue(f"filed-{name}")[0] for name in ("own", "chain", "turned", "first", "second", "with-key")}
    through = lower.issue("through")[0]

    def joined(name, *paths):
        path = folder / f"{name}.pem"
        path.write_text("".join(open(p).read() for p in paths))
        return path

    return {
        "own": own["own"],
        "own and its authority": joined("chain", own["chain"], authority.certificate),
        "own and its key": joined("key", authority.folder / "filed-with-key.key", own["with-key"]),
        "through another": joined("through", through, lower.certificate),
        "authority": authority.certificate,
        "authority first": joined("turned", authority.certificate, own["turned"]),
        "authority between": lower.certificate,
        "server": authority.folder / "server.pem",
        "self-signed": self_signed(folder, "self", "-addext", "basicConstraints = critical, CA:FALSE", "-addext", "extendedKeyUsage = clientAuth"),
        "self-signed authority": self_signed(folder, "selfca"),
        "two persons": joined("two", own["first"], own["second"]),
        "another authority's": stranger.issue("foreign")[0],
        "what lies between is missing": through,
        "expired": authority.issue("expired", days=-1)[0],
        "for a server": authority.issue("machine", SERVER)[0],
        "for nothing": authority.issue("nothing", "keyUsage = digitalSignature\n")[0],
        "for both": authority.issue("both", CLIENT.replace("clientAuth", "serverAuth, clientAuth"))[0],
    }


GOOD = ["own", "own and its authority", "own and its key", "through another", "for both"]
BAD = [("authority", "authority"), ("authority first", "authority"), ("authority between", "authority"), ("server", "server"),
       ("self-signed", "self-signed"), ("self-signed authority", "self-signed"), ("two persons", "several"),
       ("another authority's", "untrusted"), ("what lies between is missing", "untrusted"), ("expired", "expired"),
       ("for a server", "purpose"), ("for nothing", "purpose")]
DOCUMENT = {"document_number": people.resident(950)}


@pytest.mark.parametrize("name", GOOD)
def test_certificate_that_can_log_in_is_bound(stack, wire, files, name):
    proposed = wire("secadmin").call("operator.add", organisation_code=SCHOOL, name="孙证书", role=[1], document=DOCUMENT,
                                     certificate=der(files[name]))
    wire("secadmin2").call("change.confirm", change_id=proposed.change_id)
    shown = wire("secadmin").call("operator.show", operator_id=proposed.operator_id)
    pipeline = f"openssl x509 -in '{files[name]}' -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r"
    hashed = subprocess.run(pipeline, shell=True, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[0]
    assert [c.key_hash.hex() for c in shown.certificate] == [hashed]
    assert shown.operator.document_number == DOCUMENT["document_number"][:4] + "*" * 10 + DOCUMENT["document_number"][-4:]


@pytest.mark.parametrize("name, why", BAD)
def test_certificate_that_cannot_log_in_or_is_no_persons_is_refused(stack, wire, files, name, why):
    before = stack.sql("SELECT count(*) FROM registry.change")
    someone = wire("secadmin").call("operator.list", organisation_code=SCHOOL).operator[0].operator_id
    for method, fields in (("operator.add", {"organisation_code": SCHOOL, "name": "孙证书", "role": [1]}), ("operator.bind", {"operator_id": someone})):
        refused = refusal(wire("secadmin"), method, document=DOCUMENT, certificate=der(files[name]), **fields)
        assert (refused.reason, refused.fields) == (f"client-certificate-{why}", ["certificate"])
    assert stack.sql("SELECT count(*) FROM registry.change") == before


@pytest.mark.parametrize("name, why", BAD)
def test_installation_command_refuses_it_too(stack, files, name, why):
    done = subprocess.run([stack.mingced, "-c", stack.configuration, "operator", "--organisation", SCHOOL, "--name", "孙证书", "--role", "clerk",
                           "--certificate", files[name]], input=people.resident(951), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=stack.environment(), check=False)
    sentence = {"authority": "an authority's certificate", "server": "the server's own", "self-signed": "signed by itself", "several": "several persons'",
                "untrusted": "does not chain", "expired": "has expired", "purpose": "not for client use"}[why]
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"mingced: {files[name]}: ") and sentence in done.stderr


def test_clerks_command_sends_certificates_and_asks_for_the_document(stack, wire, files):
    taken = stack.authority.issue("taken")[0]
    proposed = wire("secadmin").call("operator.add", organisation_code=SCHOOL, name="孙证书", role=[1], document=DOCUMENT, certificate=der(taken))
    wire("secadmin2").call("change.confirm", change_id=proposed.change_id)
    words = ["operator", "add", "--organisation", SCHOOL, "--name", "孙命令", "--role", "clerk", "--certificate", taken]
    done = stack.cli("secadmin", *words, input=people.resident(952) + "\n")
    assert done.returncode == 3 and "certificate-taken" in done.stderr  # what was sent is what is in the file
    done = stack.cli("secadmin", *words[:-1], files["authority"], input=people.resident(952) + "\n")
    assert done.returncode == 3 and "client-certificate-authority" in done.stderr
    done = stack.cli("secadmin", *words[:-1], stack.authority.key, input=people.resident(952) + "\n")
    assert done.returncode == 5
    done = stack.cli("secadmin", *words[:-1], stack.authority.issue("commanded")[0], input="")
    assert done.returncode == 2  # nobody without a document


def test_C1_key_is_bound_for_the_same_human_only(stack, wire):
    certificate, key = stack.authority.issue("bound")
    clerk, = [o for o in wire("secadmin").pages("operator.list", "operator", organisation_code=SCHOOL) if o.name == "周**"]
    mine, others = people.DOCUMENTS["institution"], people.DOCUMENTS["institution2"]
    refused = refusal(wire("secadmin"), "operator.bind", operator_id=clerk.operator_id, document={"document_number": others}, certificate=der(certificate))
    assert (refused.reason, refused.fields) == ("human-differs", ["document_number"])
    proposed = wire("secadmin").call("operator.bind", operator_id=clerk.operator_id, document={"document_number": mine.lower()}, certificate=der(certificate))
    pending, = [c for c in wire("secadmin2").pages("change.list", "change") if c.change_id == proposed.change_id]
    assert pending.document_number == mine[:4] + "*" * 10 + mine[-4:]
    wire("secadmin2").call("change.confirm", change_id=proposed.change_id)
    stack.write_profile("bound", certificate, key)
    with Wire(read_profile(stack.profiles / "bound")) as connection:
        assert connection.hello.caller.operator_id == clerk.operator_id
