# SPDX-License-Identifier: Apache-2.0
"""`make demo`: every heading is followed by what it says, and the reader is told what to try next."""

import os
import re
import subprocess
import sys

import pytest
from conftest import BUILD, ROOT
from test_packages import made

# Under a heading (a part of its English), what is to be seen there.
PROMISED = {
    "who am I": r"roles +clerk\n.*code +52370100300000010X",
    "open a class": r"\n  2026\d{5}$",
    "check a messy roster offline": r"120 rows: good 108 .*rejected 12,",
    "import 500 trainees": r"500 rows: registered 500 .*rejected 0,",
    "import the messy one": r"registered 108 .*rejected 12,.*rejects\.csv: mend them.*\(A4\)",
    "once more: nothing is added": r"registered 0 .*already 500\n.*nothing was added",
    "catalogues: one drafts": r"loaded 1 .*published\n.*loaded 1 .*published\n",
    "venues, rooms, teachers": r"registered 2 .*registered 1 .*\d{4}\*{10}\d{4}",
    "a class that is not approved": r"not approved and cannot start.*there is no plan",
    "plan, filing, approval": r"recorded 2 .*filed, for the bureau.*due.*approved\n.*filing +approved.*standards that will pay.*1500\.00",
    "moves it and its lessons forty days back": r"",
    "start, attendance, marks": r"started\n.*completed\n.*seat +name",
    "certificates: imported": r"registered 10 .*state +valid",
    "it is not found": r"state +not found",
    "subsidy standards": r"who proposes does not put in force.*in force",
    "the calendar": r"proposed 2 .*calendar decide",
    "claims: one row is wrong": r"could be claimed 10 .*submitted 10 .*rejected 1,.*submitted 0 .*known already 10",
    "accepted, reviewed, publicised": r"accepted 10 .*reviewed 10 .*publicised 10 .*publicity is not over \(C2\).*approved 0 ",
    "moves its beginning sixty days back": r"",
    "nothing is approved without money": r"less money than that.*\(F4\).*approved 0 .*in force.*approved 10 ",
    "the special account": r"X2 committed +17000\.00.*committed.*budget layer, yuan +0\.00",
    "accounts: the institution states its own": r"confirmed.*confirmed",
    "a batch: one payer makes it": r"put into the batch 10 .*\(four-eyes, batch\).*sent: export the bank's file",
    "the bank answers: paid, refused, unknown": r"answer taken in 3 .* 3  claim .* unknown ",
    "read once more it changes nothing": r"done before 3\n.*nothing changed.*taken in 9 .* 10 +17000\.00 .*13600\.00",
    "a project: called for": r"listed.*awarded.*accepted.*running.*\(project-uninspected\).*carried out",
    "the advance, 60 percent": r"yuan +5292\.00.*reviewed 1 .*approved 1 ",
    "below 85 percent": r"recorded 389 .*\(project-nothing-due\).*recorded 180 .*yuan +3528\.00",
    "so that both are the subsidy": r"state +settled\n.*subsidy \(yuan\) +8820\.00\n.*paid \(yuan\) +8820\.00.*has had it +10\n",
    "the whole story of a claim": r"certificate number +PXHG-.*state +approved.*what happened.*submitted.*publicised",
    "had the standard been another": r"yuan before +17000\.00\n *yuan after +20000\.00",
    "what the bureau sees": r"\d{4}\*{10}\d{3}[\dX]",
    "look at a person": r"too few hours.*person\.reveal +verification +JN-2026-17",
    "does not see it": r"no such class.*your roles may not call this",
    "the audit log": r"place in the log",
    "verify the whole log": r"verified, every entry is what was signed.*verified, the entry is in the log that was signed",
    "a certificate's file": r"verified: signed, and the document is the holder's",
    "a claim's dossier": r"verified, every row is proven.*the dossier or the database was altered",
    "a project's settlement pack": r"verified, every row is proven",
    "what it did": r"608 trainees registered, \d+ audit entries; document numbers in the log: 0\n"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """What it printed, and its folder, which is its own."""
    folder = tmp_path_factory.mktemp("demo") / "stack"
    return folder, subprocess.run([sys.executable, ROOT / "tests/demo/demo.py", folder], capture_output=True, text=True, check=False,
                                  env=os.environ | {"LC_ALL": "C.UTF-8", "MINGCE_BUILD": str(BUILD)})


def test_the_demo_shows_what_it_says(demo):
    _, done = demo
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-2000:] + done.stderr
    parts = [part.split("\n", 1) for part in done.stdout.split("\n== ")[1:]]
    assert all(re.search("[\u4e00-\u9fff]", heading) and " / " in heading for heading, _ in parts)
    for english, shown in PROMISED.items():
        [body] = [body for heading, body in parts if english in heading.split(" / ", 1)[1]]
        assert re.search(shown, "\n" + body.rstrip("\n"), re.S), (english, body)
    assert [heading for heading, body in parts if "not found" in body] == [heading for heading, _ in parts if "it is not found" in heading]
    assert len(parts) == len(PROMISED) + 2  # and what it starts and stops


def test_the_demo_ends_with_what_to_try_next(demo):
    """Commands that there are, after everything is stopped and gone."""
    folder, done = demo
    stopped, nothing, last = done.stdout.rstrip("\n").split("\n")[-3:]
    assert re.search(r"stopped; [\d.]+ s in all$", stopped) and nothing == ""
    words = last.removeprefix("下一步 / next: ").split("; ")
    assert words == ["make up", ". build/env", "mingce --profile institution whoami", "mingce --help"]
    assert re.search(r"^up: ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert not folder.exists()


def test_make_demo_builds_and_runs_it():
    shown = made("demo", "PYTHON=echo").splitlines()
    assert " ".join(shown[0].split()) == "tests/stack/packages build run"
    assert shown[-1] == "tests/demo/demo.py"
