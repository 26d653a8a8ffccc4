# SPDX-License-Identifier: Apache-2.0
"""Files that protect somebody: written whole or not at all, and read as mail and editors give them back."""

import json
import resource
import stat
import subprocess

import people
import pytest
import samples
from authority import Authority
from claims import certify, graduate
from test_log import covered, work
from waiting import until


@pytest.fixture(scope="module")
def log(stack):
    """The shared stack, with some entries that are signed."""
    work(stack, 20)
    until(lambda: int(stack.sql("SELECT coalesce(max(size), 0) FROM audit.checkpoint")) >= 20)
    return stack


def full_disk(most=0):
    """In a process that is about to start: no file may grow beyond so many bytes, as a disk that is full would have it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def run(stack, *words, most=None, **options):
    if most is not None:
        options["preexec_fn"] = lambda: full_disk(most)
    return stack.cli("auditor", *words, **options)


# ---- whole, or not at all ----


WRITES = [("verify", "--since"), ("prove", 0, "--output")]


@pytest.mark.parametrize("words", WRITES, ids=[word for word, *_ in WRITES])
@pytest.mark.parametrize("most", [0, 40])
def test_a_full_disk_leaves_the_older_file(log, tmp_path, words, most):
    path, key = tmp_path / "file", ["--key", log.folder / "log.vkey"]
    assert run(log, "audit", *words, path, *key).returncode == 0
    before = path.read_bytes()
    done = run(log, "audit", *words, path, *key, most=most)
    assert done.returncode == 5 and str(path) in done.stderr, (done.returncode, done.stderr)
    assert path.read_bytes() == before and [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("words", WRITES, ids=[word for word, *_ in WRITES])
def test_a_full_disk_leaves_no_half_file(log, tmp_path, words):
    done = run(log, "audit", *words, tmp_path / "file", "--key", log.folder / "log.vkey", most=40)
    assert done.returncode == 5 and not list(tmp_path.iterdir())


def test_a_copy_that_is_served_is_never_half_a_checkpoint(log, tmp_path):
    """Whatever the export could not write, the checkpoint is the one whose tiles are there."""
    copy = tmp_path / "copy"
    key = ["--key", log.folder / "log.vkey"]
    assert run(log, "audit", "export", copy, *key).returncode == 0
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    work(log, 20)
    for most in (0, 100, 2000):
        done = run(log, "audit", "export", copy, *key, most=most)
        assert done.returncode == 5, done.stderr
        after = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
        assert after[copy / "checkpoint"] == before[copy / "checkpoint"] and after[copy / "log.vkey"] == before[copy / "log.vkey"]
        assert not [path for path in after if path.suffix == ".new"]
        assert all(after[path] == text for path, text in before.items() if ".p" in str(path))


def test_what_is_no_file_is_written_to(log, tmp_path):
    """The place of a device is never taken; a symbolic link stays one."""
    key = ["--key", log.folder / "log.vkey"]
    done = run(log, "audit", "prove", 0, "--output", "/dev/stdout", *key)
    assert done.returncode == 0 and done.stdout.startswith("c2sp.org/tlog-proof@v1\n")
    (tmp_path / "file").write_text("older")
    (tmp_path / "link").symlink_to("file")
    assert run(log, "audit", "prove", 0, "--output", tmp_path / "link", *key).returncode == 0
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_text().startswith("c2sp.org")


def test_a_key_is_made_whole_or_not(log, tmp_path):
    """mingced's own files likewise, and the ring that is changed stays what it was."""
    (tmp_path / "log.key").write_bytes((log.folder / "log.key").read_bytes())
    (tmp_path / "log.key").chmod(0o600)
    log.command("keys", "create", tmp_path / "ring")
    log.command("log", "begin", tmp_path / "log.key", tmp_path / "state")
    (tmp_path / "copy").write_bytes((tmp_path / "state").read_bytes())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for words in (["log", "create-key", "mingce.example/log", "new.key"], ["keys", "create", "new.ring"], ["log", "begin", "log.key", "new.state"],
                  ["keys", "add", "ring"], ["log", "adopt", "log.key", "state", "copy"]):
        done = subprocess.run([log.mingced, "-c", log.configuration, *words], cwd=tmp_path, env=log.environment(), text=True, check=False,
                              stderr=subprocess.PIPE, preexec_fn=full_disk)
        assert done.returncode == 1 and "mingced: " in done.stderr, (words, done.stderr)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before, words
    done = subprocess.run([log.binaries / "mingce-witness", "create-key", "witness.example/1", tmp_path / "w.key"], env=log.environment(), text=True, check=False,
                          stderr=subprocess.PIPE, preexec_fn=full_disk)
    assert done.returncode == 5 and not (tmp_path / "w.key").exists()


def receipts_of(log):
    """Those that the command line has kept, one at least."""
    done = log.cli("institution", "class", "open", "--title", "示例班", "--occupation", "4-10-01-06", "--level", "junior", "--kind", "就业技能培训",
                   "--starts", "2026-03-01", "--ends", "2026-05-31", "--capacity", "10")
    assert done.returncode == 0, done.stderr
    return sorted((log.folder / "receipts").glob("*.receipt"))


def test_receipts_are_whole_and_their_owners(log):
    files = receipts_of(log)
    assert files and all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)


def test_the_notarys_checkpoint_outlives_a_full_disk(own_stack):
    """Nothing is published that is not kept first; with room again it goes on by itself."""
    import pathlib
    import re
    stack = own_stack()
    work(stack, 5)
    size = covered(stack)
    pid = int(re.findall(r"proc=notary pid=(\d+) ", stack.log_text())[-1])
    before, seen = (stack.folder / "log.checkpoint").read_bytes(), stack.log_end()
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        work(stack, 5)
        # its own log is a file, too, and says nothing now
        entries = int(stack.sql("SELECT count(*) FROM audit.entry"))
        until(lambda: int(stack.sql("SELECT size FROM audit.log_head")) >= entries)
        assert (stack.folder / "log.checkpoint").read_bytes() == before and int(stack.sql("SELECT max(size) FROM audit.checkpoint")) == size
        assert not list(pathlib.Path(stack.folder).glob("log.checkpoint.*"))
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert covered(stack) > size and "AddressSanitizer" not in stack.log_text(seen)


# ---- as mail and Notepad give them back ----

MANGLED = {
    "CR LF": lambda text: text.replace(b"\n", b"\r\n"),
    "a mark": lambda text: b"\xef\xbb\xbf" + text,
    "an empty line at the end": lambda text: text + b"\n",
    "blanks behind lines": lambda text: text.replace(b"\n", b" \t\n"),
    "no LF at the end": lambda text: text.rstrip(b"\n"),
    "all of it": lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"  \r\n") + b" \r\n\r\n",
}


WIDE = {
    "UTF-16": lambda text: text.decode().encode("utf-16"),
    "UTF-16, big end first": lambda text: b"\xfe\xff" + text.decode().replace("\n", "\r\n").encode("utf-16-be"),
}


def mangled(path, how):
    path.with_suffix(".mangled").write_bytes((MANGLED | WIDE)[how](path.read_bytes()))
    path.with_suffix(".mangled").chmod(0o600)
    return path.with_suffix(".mangled")


def altered(path):
    """The same with one character of its first line another one."""
    text = bytearray(path.read_bytes())
    place = text.index(b"\n") - 1
    text[place] = ord("x") if text[place] != ord("x") else ord("y")
    path.with_suffix(".altered").write_bytes(bytes(text))
    return path.with_suffix(".altered")


@pytest.fixture(scope="module")
def texts(log, tmp_path_factory):
    """A file of each kind that is signed or a key, and the command that reads it."""
    folder = tmp_path_factory.mktemp("f")
    key, receipts = folder / "log.vkey", folder / "receipt.vkey"
    key.write_bytes((log.folder / "log.vkey").read_bytes())
    receipts.write_bytes((log.folder / "receipt.vkey").read_bytes())
    for words in ["verify", "--since", folder / "seen"], ["prove", 0, "--output", folder / "proof"]:
        done = run(log, "audit", *words, "--key", key)
        assert done.returncode == 0, done.stderr
    receipt = receipts_of(log)[0]
    (folder / "receipt").write_bytes(receipt.read_bytes())
    return {
        "a log's key": (key, lambda path: ["audit", "checkpoint", "--key", path]),
        "a checkpoint": (folder / "seen", lambda path: ["audit", "verify", "--key", key, "--since", path]),
        "a proof": (folder / "proof", lambda path: ["audit", "check", path, "--key", key]),
        "a receipt": (folder / "receipt", lambda path: ["audit", "receipt", path, "--receipt-key", receipts]),
        "a receipt's key": (receipts, lambda path: ["audit", "receipt", folder / "receipt", "--receipt-key", path]),
    }


KINDS = ["a log's key", "a checkpoint", "a proof", "a receipt", "a receipt's key"]


@pytest.mark.parametrize("how", MANGLED)
@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_text_verifies_after_mail(log, texts, kind, how):
    path, words = texts[kind]
    done = run(log, *words(mangled(path, how)))
    assert done.returncode == 0, (done.stdout, done.stderr)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_signed_does_not(log, texts, kind):
    path, words = texts[kind]
    done = run(log, *words(altered(path)))
    assert done.returncode in (1, 2, 5) and done.stderr, (done.returncode, done.stdout)


@pytest.mark.parametrize("how", MANGLED)
def test_profiles_and_settings_are_read(log, tmp_path, how):
    profile = tmp_path / "profile"
    profile.write_bytes((log.profiles / "auditor").read_bytes())
    done = log.cli(str(mangled(profile, how)), "--json", "whoami")
    assert done.returncode == 0 and json.loads(done.stdout)["organisation"], done.stderr
    for name in "mingced.conf", "log.key", "keys":
        (tmp_path / name).write_bytes((log.folder / name).read_bytes())
    done = subprocess.run([log.mingced, "-c", mangled(tmp_path / "mingced.conf", how), "--check-config"], env=log.environment(), text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0 and "listen" in done.stdout, done.stderr
    log.command("log", "begin", mangled(tmp_path / "log.key", how), tmp_path / f"state{how}")
    log.command("keys", "add", mangled(tmp_path / "keys", how))


@pytest.mark.parametrize("how", MANGLED)
def test_a_checkpoint_that_is_adopted_may_have_come_by_mail(log, tmp_path, how):
    (tmp_path / "state").write_text(log.sql("SELECT note FROM audit.checkpoint ORDER BY size DESC LIMIT 1").rstrip("\n") + "\n")
    log.command("log", "adopt", log.folder / "log.key", tmp_path / "kept", mangled(tmp_path / "state", how))
    log.command("log", "adopt", log.folder / "log.key", tmp_path / "kept", tmp_path / "state")


SAVE = "save it as UTF-8"

# ---- what is typed, or comes from a file ----


TYPED = {"a mark and CR LF": "\ufeff{}\r\n", "blanks around it": " {}\t \u3000\n", "no LF at the end": "{}"}


@pytest.mark.parametrize("how", TYPED)
def test_what_standard_input_says_is_read_without_what_an_editor_adds(log, open_class, wire, how):
    """A document's number, of a command and of an installation command; a certificate's number, which is a text of its own."""
    row = samples.trainee(1)
    number = open_class()
    wire().call("roster.import", class_number=number, row=[row])
    graduate(log, number)
    [certificate], said = certify(wire(), number, [row])
    assert said == [""]
    text = TYPED[how].format(row["document_number"])
    done = log.cli("institution", "--json", "trainee", "find", input=text)
    assert done.returncode == 0 and json.loads(done.stdout)["name"], done.stderr
    for first in set(TYPED) - {"no LF at the end"}:
        done = log.cli("institution", "--json", "certificate", "verify", input=TYPED[first].format(certificate) + TYPED[how].format(row["name"]))
        assert done.returncode == 0 and json.loads(done.stdout)["state"] == "valid", (first, done.stdout, done.stderr)
    certificate, _ = log.authority.issue("typed-" + str(list(TYPED).index(how)))
    log.command("operator", "--organisation", people.ORGANISATIONS["institution"][0], "--name", "孙证书", "--role", "clerk", "--certificate", certificate,
                document=TYPED[how].format(people.resident(1990 + list(TYPED).index(how))))


def test_standard_input_that_is_no_line_of_text_is_called_so(log):
    for text, said in ((b"\xff\xfe3\x007\x00\n\x00", SAVE), (b"3" * 5000 + b"\n", "too long")):
        done = subprocess.run([log.mingce, "--profile", "institution", "trainee", "find"], env=log.environment(), input=text, capture_output=True, check=False)
        assert done.returncode in (2, 5) and said in done.stderr.decode(), (done.returncode, done.stderr)


# ---- as Notepad's "Unicode" ----

@pytest.mark.parametrize("how", WIDE)
@pytest.mark.parametrize("kind", KINDS)
def test_a_text_in_utf16_is_called_so(log, texts, kind, how):
    path, words = texts[kind]
    done = run(log, *words(mangled(path, how)))
    assert done.returncode in (2, 5) and SAVE in done.stderr and done.stderr.count("\n") == 1, (done.returncode, done.stderr)
    done = run(log, *words(mangled(path, how)), env=log.environment(LC_ALL="zh_CN.UTF-8"))
    assert done.returncode in (2, 5) and "请另存为 UTF-8" in done.stderr, (done.returncode, done.stderr)


@pytest.mark.parametrize("how", WIDE)
def test_profiles_and_settings_in_utf16_are_called_so(log, tmp_path, how):
    for name in "mingced.conf", "log.key", "keys":
        (tmp_path / name).write_bytes((log.folder / name).read_bytes())
    (tmp_path / "profile").write_bytes((log.profiles / "auditor").read_bytes())
    (tmp_path / "witness").write_text("http://127.0.0.1:1/ witness.example/1+00000000+AAAA\n")
    (tmp_path / "occupations").write_text("9-01-01-01,示例师\n")
    done = log.cli(str(mangled(tmp_path / "profile", how)), "whoami")
    assert done.returncode == 5 and SAVE in done.stderr, done.stderr

    def mingced(*words, configuration=log.configuration):
        done = subprocess.run([log.mingced, "-c", configuration, *words], env=log.environment(), text=True, check=False, stderr=subprocess.PIPE, timeout=120)
        assert done.returncode != 0 and SAVE in done.stderr, (words, done.stderr)
        return done.stderr

    mingced("--check-config", configuration=mangled(tmp_path / "mingced.conf", how))
    mingced("keys", "add", mangled(tmp_path / "keys", how))
    mingced("log", "begin", mangled(tmp_path / "log.key", how), tmp_path / "state")
    mingced("log", "adopt", log.folder / "log.key", tmp_path / "state", mangled(log.folder / "log.vkey", how))
    mingced("occupations", mangled(tmp_path / "occupations", how))
    settings = "".join(line for line in log.configuration.read_text().splitlines(True) if not line.startswith(("witnesses =", "listen =", "metrics =")))
    (tmp_path / "started.conf").write_text(f"{settings}listen = 127.0.0.1:0\nwitnesses = {mangled(tmp_path / 'witness', how)}\n")
    assert "witnesses" in mingced(configuration=tmp_path / "started.conf")


# ---- certificates and their keys ----

PEM = [*MANGLED, *WIDE]


@pytest.mark.parametrize("how", PEM)
def test_a_clerks_certificates_and_key_are_read(log, tmp_path, how):
    values = dict(line.split(" = ") for line in (log.profiles / "auditor").read_text().splitlines())
    for name in "ca", "certificate", "key":
        (tmp_path / name).write_bytes(open(values[name], "rb").read())
        values[name] = mangled(tmp_path / name, how)
    (tmp_path / "profile").write_text("".join(f"{name} = {value}\n" for name, value in values.items()))
    done = log.cli(str(tmp_path / "profile"), "--json", "whoami")
    assert done.returncode == 0 and json.loads(done.stdout)["organisation"], done.stderr


@pytest.mark.parametrize("name", ["ca", "certificate", "key"])
def test_what_is_no_certificate_is_none_in_any_spelling(log, tmp_path, name):
    values = dict(line.split(" = ") for line in (log.profiles / "auditor").read_text().splitlines())
    text = open(values[name], encoding="ascii").read()
    body = text.split("\n")[1]
    (tmp_path / name).write_text(text.replace(body, body[:-1]))
    values[name] = mangled(tmp_path / name, "all of it")
    (tmp_path / "profile").write_text("".join(f"{name} = {value}\n" for name, value in values.items()))
    done = log.cli(str(tmp_path / "profile"), "--json", "whoami")
    assert done.returncode == 5 and str(values[name]) in done.stderr, (done.returncode, done.stderr)


@pytest.mark.parametrize("how", PEM)
def test_an_operators_certificate_is_read_at_both_doors(log, tmp_path, how):
    """By the administrator's command, and by the installation's."""
    school = people.ORGANISATIONS["institution"][0]
    number = 960 + PEM.index(how)
    for door in "clerks", "installation":
        path = tmp_path / door
        path.write_bytes(open(log.authority.issue(f"mangled-{door}-{number}")[0], "rb").read())
        if door == "installation":
            log.command("operator", "--organisation", school, "--name", "孙证书", "--role", "clerk", "--certificate", mangled(path, how),
                        document=people.resident(number))
            continue
        done = log.cli("secadmin", "operator", "add", "--organisation", school, "--name", "孙证书", "--role", "clerk", "--certificate",
                       mangled(path, how), input=f"{people.resident(number + 20)}\n")
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("how", ["a mark", "all of it", "UTF-16"])
def test_mingced_trusts_every_authority_of_its_file(own_stack, tmp_path, how):
    """Marks, also of a file that was put behind another, hide none; the server's own certificate and key were saved in the same way."""
    stack, other = own_stack(), Authority(tmp_path / "other", "another CA")
    stack.daemon_stop()
    mark = "" if how == "UTF-16" else "\ufeff"
    (tmp_path / "both").write_text(open(stack.authority.certificate).read() + mark + open(other.certificate).read())
    settings = dict(line.split(" = ", 1) for line in stack.configuration.read_text().splitlines())
    for name, path in ("tls_certificate", "certificate"), ("tls_key", "key"):
        (tmp_path / path).write_bytes(open(settings[name], "rb").read())
        settings[name] = mangled(tmp_path / path, how)
    settings["tls_client_ca"] = mangled(tmp_path / "both", how)
    stack.configuration.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    certificate, key = other.issue("stranger")
    stack.command("operator", "--organisation", people.ORGANISATIONS["institution"][0], "--name", "孙证书", "--role", "clerk", "--certificate", certificate,
                  document=people.resident(999))
    stack.daemon_start()
    stack.write_profile("stranger", certificate, key)
    for who in "institution", "stranger":
        done = stack.cli(who, "--json", "whoami")
        assert done.returncode == 0, done.stderr
