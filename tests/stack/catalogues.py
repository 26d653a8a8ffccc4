# SPDX-License-Identifier: Apache-2.0
"""Catalogues over the wire: bureaus of any division, rows, the document byte for byte, and the way to one in force."""

import functools
import hashlib
import itertools
import pathlib

import people
from claims import day
from wire import Wire, read_profile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEY, GENERAL, DEMAND, INSTITUTION, URGENT, MANUFACTURING, SHORT, SPECIAL, STARTUP = range(1, 10)
CITATION = "示例人社字〔2026〕8号"
OCCUPATIONS = ("4-10-01-06", "4-03-02-01", "4-03-02-03")
BODIES = itertools.count(70000001)
HUMANS = itertools.count(5000)


ROLES = (("reviewer", "郑初审"), ("approver", "王复核"), ("approver2", "沈复核"))
PAYING = (("clerk", "杨窗口"), ("payer", "冯拨付"), ("payer2", "许拨付"), ("payer3", "冯对账"))  # whom a bureau that pays has besides


class Bureau:
    """The bureau of a division, by default with a reviewer and two approvers; registered when it is first asked for."""

    def __init__(self, stack, division, roles=ROLES):
        self.stack, self.division, self.open = stack, division, []
        swift = ROOT / "build/bin/mingced"
        command = functools.partial(stack.command, mingced=swift if swift.exists() else None)
        code = people.credit_code("11", division, str(next(BODIES)))
        command("organisation", "--code", code, "--name", f"示例局{division}", "--division", division, "--kind",
                "city-bureau" if division.endswith("00") else "county-bureau")
        for role, name in roles:
            profile = self.profile(role)
            certificate, key = stack.authority.issue(profile)
            command("operator", "--organisation", code, "--name", name, "--role", role.rstrip("23"), "--certificate", certificate,
                    document=people.resident(next(HUMANS)))
            stack.write_profile(profile, certificate, key)

    def profile(self, role):
        return f"{role}-{self.division}"

    def wire(self, role="reviewer"):
        self.open.append(Wire(read_profile(self.stack.profiles / self.profile(role))))
        return self.open[-1]

    def close(self):
        while self.open:
            self.open.pop().close()

    # ---- the way of a catalogue ----

    def draft(self, kind, rows, title="示例目录"):
        """A draft by the reviewer, with these rows; its id."""
        one = self.wire()
        made = one.call("catalogue.draft", kind=kind, title=title, citation=CITATION).catalogue_id
        if rows:
            answer = load(one, made, *rows)
            assert answer.refused == 0, answer
        return made

    def approved(self, kind, rows, **options):
        made = self.draft(kind, rows, **options)
        self.wire().call("catalogue.consult", catalogue_id=made, consulted="财政局、工信局")
        self.wire("approver").call("catalogue.approve", catalogue_id=made)
        return made

    def published(self, kind, rows, first=None, last=None, **options):
        """In force from a day, by default from today; its id."""
        made = self.approved(kind, rows, **options)
        self.wire("approver").call("catalogue.publish", catalogue_id=made, valid_from=first or day(), **({"valid_to": last} if last else {}))
        return made


def load(connection, catalogue, *lines, **options):
    return connection.call("catalogue.load", catalogue_id=catalogue, row=[{"row": n + 1, "line": line} for n, line in enumerate(lines)], **options)


# ---- rows, as the messages have them ----


def training(number=1, occupation=OCCUPATIONS[0], level=2, note=None, **changes):
    line = {"number": number, "occupation_code": occupation, "level": level, "training": {"category": "现代服务业"} | changes}
    return line | ({"note": note} if note else {})


def demand(number=1, occupation=OCCUPATIONS[0], level=2, division="370102", **changes):
    return {"number": number, "occupation_code": occupation, "level": level,
            "demand": {"division": division, "heads": 30, "source": 2} | changes}


def institution(number=1, occupation=OCCUPATIONS[0], level=2, code=None, **changes):
    return {"number": number, "occupation_code": occupation, "level": level,
            "institution": {"code": code or people.ORGANISATIONS["institution"][0], "name": "示例职业培训学校", "valid_from": "2026-01-01"} | changes}


# ---- the document, byte for byte as proto/LOG.md has it ----

PARTS = {
    "training": ("number category occupation_code level demand_grade hours_least practice_percent mode training_fen assessment_fen mark note"),
    "demand": ("number division occupation_code level trainee_group heads listed source wanted_on place until note"),
    "institution": ("number code name licence nature address phone occupation_code level site credit_grade batch valid_from valid_to note"),
}
GROUPS = {"失业人员": 7}


def document(head, rows):
    lines = [["mingce-catalogue", 1, head.division, head.kind, head.title, head.citation]]
    for row in rows:
        part = next(name for name in PARTS if row.HasField(name))
        of = getattr(row, part)
        fields = [next((m for m in (of, row) if name in m.DESCRIPTOR.fields_by_name), None) for name in PARTS[part].split()]
        lines.append([getattr(m, name) if m.HasField(name) else "" for m, name in zip(fields, PARTS[part].split())])
    return "".join("\t".join(str(GROUPS.get(cell, cell)) for cell in line) + "\n" for line in lines).encode()


def digest(head, rows):
    return hashlib.sha256(document(head, rows)).digest()
