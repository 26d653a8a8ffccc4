# SPDX-License-Identifier: Apache-2.0
"""Claims under kills at random moments: submissions and withdrawals by many, of persons whose certificates are more than a
year may hold. Afterwards nobody has a fourth place or the same one twice (B2, B3), and every answer is what it was."""

import os
import threading

import pytest
import samples
from claims import OCCUPATION, OTHER, certify, claim_rows, graduate, set_standards
from clerk import PASSING
from conftest import ROUNDS, answers, stack_in
from integration import CLASS, allow_looks
from test_kills import KINDS
from wire import Closed, Refused, Wire, read_profile
from waiting import until

CLERKS, PERSONS = 6, 8
MODEL = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM registry.claim WHERE state NOT IN (8, 9) GROUP BY person_id, year
                                  HAVING count(*) > 3) x),
           (SELECT count(*) FROM (SELECT 1 FROM registry.claim WHERE state NOT IN (8, 9)
                                  GROUP BY person_id, occupation_code, level HAVING count(*) > 1) x),
           (SELECT count(*) FROM registry.claim c FULL JOIN registry.claim_place p ON p.claim_id = c.claim_id
             WHERE (c.state NOT IN (8, 9)) IS DISTINCT FROM (p.claim_id IS NOT NULL)),
           (SELECT count(*) FROM registry.claim c FULL JOIN registry.claim_once o ON o.claim_id = c.claim_id
             WHERE (c.state NOT IN (8, 9)) IS DISTINCT FROM (o.claim_id IS NOT NULL)),
           (SELECT count(*) FROM registry.claim c
             WHERE (SELECT count(*) FROM registry.claim_step s WHERE s.claim_id = c.claim_id) <> c.version)"""


class Claimant(threading.Thread):
    """Submits some certificates, withdraws some of the claims; repeats half of what was left unanswered."""

    def __init__(self, profile, numbers, chooser):
        super().__init__(daemon=True)
        self.profile, self.numbers, self.chooser = profile, numbers, chooser
        self.wire, self.stopping, self.fault = None, False, None
        self.told, self.mine = [], []  # (request id, method, fields, answer); claims

    def run(self):
        try:
            while not self.stopping:
                self.once()
        except Exception as fault:  # noqa: BLE001
            self.fault = repr(fault)

    def once(self):
        if self.mine and self.chooser.random() < 0.4:
            claim = self.mine.pop()
            asked = ("claim.withdraw", {"row": [{"row": 1, "claim_id": claim, "version": 1}], "reason": "A-1"})
        else:
            asked = ("claim.submit", {"route": 3, "row": claim_rows(self.chooser.sample(self.numbers, 5))})
        request_id = os.urandom(16)
        answer = self.call(request_id, *asked)
        while answer is None and not self.stopping and self.chooser.random() < 0.8:
            answer = self.call(request_id, *asked)
        if answer is not None:
            self.told.append((request_id, *asked, answer))
            self.mine += [r.record_id for r in answer.result if r.verdict == 1 and r.HasField("record_id")]

    def call(self, request_id, method, fields):
        """The answer; None: nobody knows."""
        try:
            if self.wire is None:
                self.wire = Wire(self.profile)
            return self.wire.call(method, request_id=request_id, **fields)
        except Refused as refused:
            assert refused.code in PASSING, refused.reason
        except (Closed, OSError):
            if self.wire is not None:
                self.wire.close()
            self.wire = None
        return None


@pytest.fixture
def stack(tmp_path):
    with stack_in(tmp_path, workers=3, database_connections=2) as made:
        allow_looks(made)  # refused rows are looks
        yield made


def prepare(stack, profile):
    """Everybody's four certificates: their numbers."""
    set_standards(stack)
    numbers, rows = [], samples.trainees(PERSONS)
    with Wire(profile) as wire:
        for occupation, level in ((OCCUPATION, 2), (OCCUPATION, 3), (OTHER, 2), (OTHER, 3)):
            number = wire.call("class.open", **(CLASS | {"level": level, "occupation_code": occupation})).number
            wire.call("roster.import", class_number=number, row=rows)
            graduate(stack, number)
            made, said = certify(wire, number, rows, level=level, occupation=occupation)
            assert set(said) == {""}
            numbers += made
    return numbers


def test_claims_survive_kills(stack, chooser, tell):
    profile = read_profile(stack.profiles / "institution")
    numbers, told = prepare(stack, profile), 0
    for _ in range(max(1, ROUNDS // 10)):
        claimants = [Claimant(profile, numbers, chooser) for _ in range(CLERKS)]
        for claimant in claimants:
            claimant.start()
        for kill in chooser.choices(list(KINDS), KINDS.values(), k=2):
            before = sum(len(c.told) for c in claimants)
            until(lambda before=before: sum(len(c.told) for c in claimants) > before + 20 or any(c.fault for c in claimants))
            kill(stack, chooser)
        before = sum(len(c.told) for c in claimants)
        until(lambda before=before: sum(len(c.told) for c in claimants) > before + 20 or any(c.fault for c in claimants))
        for claimant in claimants:
            claimant.stopping = True
        for claimant in claimants:
            claimant.join()
        assert not [c.fault for c in claimants if c.fault]
        until(lambda: answers(stack.postgres))
        assert stack.sql(MODEL) == "0|0|0|0|0"
        asker = Claimant(profile, numbers, chooser)
        for request_id, method, fields, answer in [entry for c in claimants for entry in c.told]:
            assert until(lambda again=(request_id, method, fields): asker.call(*again)) == answer
            told += 1
    tell(answers=told, claims=int(stack.sql("SELECT count(*) FROM registry.claim")))
    assert told > 100
