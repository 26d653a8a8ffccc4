# SPDX-License-Identifier: Apache-2.0
"""What becomes of money, in plain integers: claims, batches, the bank's lines and ledgers. Nothing here asks the registry. What a model
is told that it does not say itself is an AssertionError."""

import collections
import dataclasses

from batch_pb2 import LINE_PAID, LINE_REFUSED, LINE_RETURNED, LINE_SENT, LINE_UNKNOWN
from claim_pb2 import (CLAIM_APPROVED, CLAIM_CLAWED_BACK, CLAIM_IN_BATCH, CLAIM_PAID, CLAIM_PUBLICISED, CLAIM_REJECTED, CLAIM_SENT,
                       CLAIM_SUSPENDED)
from fund_pb2 import (CHARGE_COMMITTED, CHARGE_LOST, CHARGE_PAID, CHARGE_RELEASED, CHARGE_RETURNED, MONEY_ALLOTTED, MONEY_COMMITTED,
                      MONEY_INTEREST, MONEY_PAID, MONEY_PAID_AGAIN, MONEY_PASSED_DOWN, MONEY_PASSED_IN, MONEY_RECEIVED, MONEY_RECOVERED,
                      MONEY_RELEASED, MONEY_RETURNED, MONEY_RIGHT_LOST, MONEY_SWEPT, MONEY_TO_EXPENDITURE, MONEY_WITHDRAWN)
from reconcile_pb2 import DIFFERENCE_BANK_AMOUNT, DIFFERENCE_DISPUTE

EXPENSE = 5000  # either account of expenses
# Debit and credit of each layer.
POSTED_AS = {
    MONEY_ALLOTTED: ((101, 100),), MONEY_RECEIVED: ((1001, 4002),), MONEY_WITHDRAWN: ((1001, 4001),),
    MONEY_TO_EXPENDITURE: ((1002, 1001),), MONEY_SWEPT: ((1001, 1002),), MONEY_INTEREST: ((1002, 4101),),
    MONEY_PASSED_DOWN: ((100, 101), (5101, 1001)), MONEY_PASSED_IN: ((101, 100), (1001, 4201)),
    MONEY_COMMITTED: ((102, 101),), MONEY_RELEASED: ((101, 102),),
    MONEY_PAID: ((103, 102), (EXPENSE, 1002)), MONEY_RETURNED: ((102, 103), (1002, 2001)),
    MONEY_PAID_AGAIN: ((103, 102), (2001, 1002)), MONEY_RIGHT_LOST: ((101, 102), (2001, EXPENSE)),
    MONEY_RECOVERED: ((101, 103), (1001, EXPENSE)),
}
AVAILABLE, EXPENDITURE = 101, 1002

# Of which states a step may be, and where it leads.
STEPS = {
    "approve": ({CLAIM_PUBLICISED}, CLAIM_APPROVED),
    "reject": ({CLAIM_PUBLICISED, CLAIM_APPROVED, CLAIM_SUSPENDED}, CLAIM_REJECTED),
    "suspend": ({CLAIM_PUBLICISED, CLAIM_APPROVED, CLAIM_IN_BATCH}, CLAIM_SUSPENDED),
    "resume": ({CLAIM_SUSPENDED}, None),
    "claw-back": ({CLAIM_PAID}, CLAIM_CLAWED_BACK),
    "pay": ({CLAIM_APPROVED}, None),  # C5: never
}


@dataclasses.dataclass
class Claim:
    claim_id: bytes
    lines: dict                # SubsidyLine: fen
    version: int = 4
    state: int = CLAIM_PUBLICISED
    before: int = None         # its suspension
    batch: bytes = None        # in which it waits, or was sent
    approver: str = None
    charge: int = None         # enum ChargeState, of all its lines
    clawed: set = dataclasses.field(default_factory=set)
    recovered: collections.Counter = dataclasses.field(default_factory=collections.Counter)  # by line
    posted: list = dataclasses.field(default_factory=list)  # (event, line, fen)

    @property
    def fen(self):
        return sum(self.lines.values())

    def move(self, state):
        self.state, self.version = state, self.version + 1

    def post(self, event, becomes):
        self.posted += [(event, line, fen) for line, fen in self.lines.items()]
        self.charge = becomes

    # ---- steps that people take ----

    def refuses(self, action, version, by, lines):
        """Why a step is refused; '' where only money may be in its way."""
        if version != self.version:
            return "version-differs"
        if self.state not in STEPS[action][0]:
            return "claim-state"
        if action == "pay":
            return "paid-by-bank"
        if action == "claw-back" and by == self.approver:
            return "four-eyes"
        return "unchanged" if action == "claw-back" and lines <= self.clawed else ""

    def step(self, action, by, lines):
        if action == "claw-back":
            self.clawed |= lines
            return self.move(CLAIM_CLAWED_BACK if self.clawed == set(self.lines) else CLAIM_PAID)
        was, self.before = self.before, None
        if action == "approve":
            self.approver = by
            self.post(MONEY_COMMITTED, CHARGE_COMMITTED)
        elif action == "reject" and self.charge == CHARGE_COMMITTED:
            self.post(MONEY_RELEASED, CHARGE_RELEASED)
        elif action == "reject" and self.charge == CHARGE_RETURNED:
            self.post(MONEY_RIGHT_LOST, CHARGE_LOST)
        elif action == "suspend":
            self.before, self.batch = CLAIM_APPROVED if self.state == CLAIM_IN_BATCH else self.state, None
        return self.move(was if action == "resume" else STEPS[action][1])

    def recover(self, line, fen):
        """Whether so much may have come back."""
        may = (self.charge == CHARGE_PAID and line in self.clawed and self.recovered[line] + fen <= self.lines[line])
        if may:
            self.recovered[line] += fen
            self.posted.append((MONEY_RECOVERED, line, fen))
        return may

    # ---- what the bank says ----

    def paid(self):
        self.post(*((MONEY_PAID_AGAIN, CHARGE_PAID) if self.charge == CHARGE_RETURNED else (MONEY_PAID, CHARGE_PAID)))
        self.move(CLAIM_PAID)

    def refused(self):
        self.batch = None
        self.move(CLAIM_APPROVED)

    def returned(self):
        self.post(MONEY_RETURNED, CHARGE_RETURNED)
        self.batch = None
        if self.state == CLAIM_CLAWED_BACK:  # nothing is owed any more
            self.post(MONEY_RIGHT_LOST, CHARGE_LOST)
        else:
            self.move(CLAIM_APPROVED)


@dataclasses.dataclass
class Line:
    claim_id: bytes
    fen: int
    sent_on: str
    state: int = LINE_SENT
    traded_on: str = ""
    said: list = dataclasses.field(default_factory=list)
    disputes: dict = dataclasses.field(default_factory=dict)  # what contradicts: why, in the order in which it was read

    def refuses(self, claim, answer):
        """What is said of an answer; '': it is taken (F14)."""
        result, day = answer["result"], answer.get("traded_on", "")
        if answer["amount_fen"] != self.fen:
            return "amount-differs"
        if (result, answer.get("bank_reference"), day) in self.said:
            return "unchanged"
        if day and day != self.sent_on:  # nothing is answered before it was sent
            return "traded-on"
        if self.state == LINE_PAID and result == LINE_RETURNED:
            return "line-recovered" if claim.recovered.total() else ""
        if self.state in (LINE_SENT, LINE_UNKNOWN):
            return ""
        if result == LINE_UNKNOWN or self.state == LINE_RETURNED and result == LINE_PAID and day <= self.traded_on:
            return "unchanged"
        return "answer-differs"

    def dispute(self, why, answer):
        """An answer that contradicts is kept, once."""
        self.disputes.setdefault((answer["result"], answer.get("bank_reference"), answer.get("traded_on"), answer["amount_fen"]), why)

    def disputed(self):
        """What `fund reconcile` says of it: none, or the last."""
        for (result, _, _, fen), why in list(self.disputes.items())[-1:]:
            yield (DIFFERENCE_BANK_AMOUNT, self.fen, fen) if why == "amount-differs" else (DIFFERENCE_DISPUTE, self.state, result)

    def take(self, claim, answer):
        result = answer["result"]
        if result == LINE_PAID or result == LINE_RETURNED and self.state != LINE_PAID:
            claim.paid()
        if result == LINE_RETURNED:
            claim.returned()
        elif result == LINE_REFUSED:
            claim.refused()
        self.state, self.traded_on = result, answer.get("traded_on", "")
        self.said.append((result, answer.get("bank_reference"), self.traded_on))


@dataclasses.dataclass
class Batch:
    batch_id: bytes
    reference: str
    maker: str
    sent: bool = False
    waiting: set = dataclasses.field(default_factory=set)   # claims' ids
    lines: dict = dataclasses.field(default_factory=dict)   # number in the file: Line
    replied: list = dataclasses.field(default_factory=list)  # what the bank has said of them lately


@dataclasses.dataclass
class Move:
    """Money of ledgers that is about no claim: (event, ledger, fen) of each; or what takes another one back."""
    posting_id: bytes
    parts: list
    corrects: object = None  # Move
    decided: bool = False
    mirrored: bool = False


class Model:
    def __init__(self):
        self.claims, self.batches, self.moves = {}, {}, []

    def new(self, kind, key, **more):
        """One that the model knows from now on."""
        made = kind(key, **more)
        (self.claims if kind is Claim else self.batches)[key] = made
        return made

    def accounts(self, pays):
        """Debits less credits of each account of each ledger; `pays`: the ledger of each part of a claim that has money."""
        books = collections.defaultdict(collections.Counter)
        events = [part for move in self.moves if move.decided and not move.mirrored for part in move.parts]
        events += [(e, pays[claim.claim_id, line], fen) for claim in self.claims.values() for e, line, fen in claim.posted]
        for event, ledger, fen in events:
            for debit, credit in POSTED_AS[event]:
                books[ledger][debit] += fen
                books[ledger][credit] -= fen
        return books

    def sent(self, pays):
        """What the bank has yet to answer, of each ledger."""
        books = collections.Counter()
        for claim in self.claims.values():
            for line, fen in claim.lines.items() if claim.state == CLAIM_SENT else ():
                books[pays[claim.claim_id, line]] += fen
        return books
