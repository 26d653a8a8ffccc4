# SPDX-License-Identifier: Apache-2.0
"""Every operation that moves money, in random sequences by many connections, with kills and restarts between, beside a model of integers
(money.py). What got no answer is repeated with its request id, so that the model knows what happened. Afterwards the model, the records
and both layers of the ledgers agree to the fen (F2, F4, F6, F8, F14)."""

import collections
import copy
import os
import pathlib
import random
import re
import threading
import time

import bank_simulator
import fund_pb2 as f
import money
import pytest
import samples
from batch_pb2 import LINE_PAID, LINE_REFUSED, LINE_RETURNED, LINE_UNKNOWN
from catalogues import PAYING, ROLES, Bureau
from claims import TODAY, certify, claim_rows, day, graduate, reasons
from clerk import PASSING
from conftest import ROUNDS, SOAK, answers, stack_in
from integration import CLASS, allow_looks, assert_rows
from money import Batch, Claim, Line, Model, Move
from test_kills import KINDS, kill_one
from waiting import PATIENCE_S, until
from wire import Closed, Refused, Wire, read_profile

CITY, COUNTY, YEAR = "370200", "370202", TODAY.year
SOURCES = (f.SOURCE_UNEMPLOYMENT, f.SOURCE_EMPLOYMENT)  # in the order in which the default earmarks take them (F3)
LEVELS = {2: {1: 150_003, 2: 20_001}, 3: {1: 210_007, 2: 30_002}}  # what Qingdao pays for each level: fen of each subsidy
PERSONS = 60 if SOAK else 20
OFFICIALS = 8
CALM, STORM = 100, 30      # operations before the first kill, and after each
KILLS = 25 if SOAK else 6  # of a round
RESULTS = {bank_simulator.PAID: LINE_PAID, bank_simulator.REFUSED: LINE_REFUSED, bank_simulator.UNKNOWN: LINE_UNKNOWN,
           bank_simulator.RETURNED: LINE_RETURNED}


def kill_notary(stack, chooser):
    def living():
        children = pathlib.Path(f"/proc/{stack.daemon.pid}/task/{stack.daemon.pid}/children").read_text().split()
        return [int(pid) for pid in children if f"proc=notary pid={pid} " in stack.log_text()]
    kill_one(chooser, living)


BAD = KINDS | {kill_notary: 2}


class Operation:
    """One request: who asks what, of which of the model's things, and what the model makes of the answer."""

    def __init__(self, who, method, fields, things, take):
        self.who, self.method, self.fields, self.things, self.take = who, method, fields, things, take
        self.request_id = os.urandom(16)


class Official(threading.Thread):
    """Takes what the desk gives until told to stop, on connections of its own."""

    def __init__(self, desk):
        super().__init__(daemon=True)
        self.desk, self.stopping, self.fault, self.wires = desk, False, None, {}

    def run(self):
        try:
            while not self.stopping:
                self.desk.turn(self)
        except Exception as fault:  # noqa: BLE001
            self.fault = repr(fault)
        finally:
            self.hang_up()

    def hang_up(self):
        while self.wires:
            self.wires.popitem()[1].close()

    def once(self, who, method, request_id, fields):
        """The answer or the refusal; None: nobody knows."""
        try:
            if who not in self.wires:
                self.wires[who] = Wire(read_profile(self.desk.stack.profiles / f"{who}"))
            return self.wires[who].call(method, request_id=request_id, **fields)
        except Refused as refused:
            if refused.code not in PASSING:
                return refused
            self.desk.passing[refused.reason] += 1
        except (Closed, OSError):
            self.hang_up()
        self.desk.unsure += 1
        return None

    def ask(self, who, method, request_id=None, **fields):
        """Repeated with the same request id until it is answered."""
        return until(lambda: self.once(who, method, request_id, fields), 2 * PATIENCE_S)

    def do(self, operation):
        return self.ask(operation.who, operation.method, operation.request_id, **operation.fields)


def said(answer):
    """What was said of each row."""
    assert not whole(answer), whole(answer)
    return [" ".join(x.reason for x in row.finding) for row in answer.result]


def whole(answer):
    return answer.reason if isinstance(answer, Refused) else ""


def expect(got, foreseen, *also):
    """Whether something was done: where the model sees nothing in its way there may still be too little money."""
    assert got == foreseen or foreseen == "" and got in also, f"{got!r}, the model says {foreseen!r}"
    return got == ""


def kept(thing):
    """What it is now; other things of the model stay themselves."""
    return {name: value if isinstance(value, Move) else copy.deepcopy(value) for name, value in thing.__dict__.items()}


class Desk:
    """What can be done next, and by whom; what one of the officials has in hand no other takes."""

    def __init__(self, stack, chooser):
        self.stack, self.chooser, self.model = stack, chooser, Model()
        self.bank = bank_simulator.Bank(lambda late: day(-late))
        self.lock, self.busy = threading.Lock(), set()
        self.done, self.unsure, self.passing = collections.Counter(), 0, collections.Counter()

    def who(self, role, division=CITY):
        return f"{role}-{division}"

    # ---- one turn ----

    def turn(self, official):
        with self.lock:
            kind = self.chooser.choices(list(OPERATIONS), OPERATIONS.values())[0]
            made = kind(self)
            things = {id(thing) for one in made for thing in one.things}
            if not made or things & self.busy:
                made, things = [], set()
            self.busy |= things
        if not made:
            return time.sleep(0.001)  # somebody else has it in hand
        told = at_once(official, made)
        with self.lock:
            try:
                self.explain(made, told)
            except AssertionError as fault:
                raise AssertionError(f"{kind.__name__}: {[(one.method, one.who) for one in made]}: {fault}") from fault
            self.busy -= things
            self.done[kind.__name__] += 1
        return None

    def explain(self, made, told):
        """What was told of requests sent at once is what is told when they come in one order or in the other."""
        things = [thing for one in made for thing in one.things]
        before, faults = [kept(thing) for thing in things], []
        for order in ((0,),) if len(made) == 1 else ((0, 1), (1, 0)):
            try:
                for n in order:
                    made[n].take(told[n])
                return
            except AssertionError as fault:
                faults.append(str(fault))
                for thing, was in zip(things, before):
                    thing.__dict__.update(copy.deepcopy(was, {id(m): m for m in was.values() if isinstance(m, Move)}))
        raise AssertionError(" / ".join(faults))

    def some(self, things, n=1):
        """Up to so many of these that nobody has in hand."""
        free = [thing for thing in things if id(thing) not in self.busy]
        return self.chooser.sample(free, min(n, len(free)))

    def with_batches(self, claims):
        """A claim and the batch that it is in belong together."""
        return claims + list({c.batch: self.model.batches[c.batch] for c in claims if c.batch}.values())

    # ---- steps of claims ----

    def step(self, action, claims, by, lines=()):
        lines = set(lines)
        stale = self.chooser.random() < 0.05
        versions = [c.version - stale for c in claims]

        def take(answer):
            for claim, version, got in zip(claims, versions, said(answer)):
                foreseen = claim.refuses(action, version, by, lines or set(claim.lines))
                if expect(got, foreseen, *(["funds-short"] if action == "approve" else [])):
                    if claim.batch and action == "suspend":
                        self.model.batches[claim.batch].waiting.discard(claim.claim_id)
                    claim.step(action, by, lines or set(claim.lines))

        rows = [{"row": i + 1, "claim_id": c.claim_id, "version": v} for i, (c, v) in enumerate(zip(claims, versions))]
        return Operation(by, f"claim.{action}", {"row": rows, "reason": "示例"} | ({"line": sorted(lines)} if lines else {}),
                         self.with_batches(claims), take)

    def any_claims(self, action, n):
        """Mostly such as may take the step."""
        claims = self.model.claims.values()
        if self.chooser.random() < 0.9:
            claims = [c for c in claims if c.state in money.STEPS[action][0]]
        if action == "suspend":  # one that is resumed would be shown once more
            claims = [c for c in claims if c.state != money.CLAIM_PUBLICISED]
        return self.some(claims, n)

    def decide(self):
        action = self.chooser.choices(list(money.STEPS), (40, 3, 6, 14, 12, 1))[0]
        claims = self.any_claims(action, 1 if action == "reject" else self.chooser.randint(1, 4))
        who = self.who("payer" if action == "pay" else self.chooser.choice(("approver", "approver2")))
        lines = self.chooser.choice(((), (1,), (2,))) if action == "claw-back" else ()
        return [self.step(action, claims, who, lines)] if claims else []

    def recover(self):
        claims = self.some([c for c in self.model.claims.values() if c.clawed or self.chooser.random() < 0.02])
        return [self.back(claim) for claim in claims]

    def back(self, claim):
        line = self.chooser.choice(sorted(claim.clawed) or [1])
        rest = claim.lines[line] - claim.recovered[line]
        fen = self.chooser.choice((1, max(1, rest // 2), max(1, rest), rest + 1))

        def take(answer):
            reason = whole(answer)
            before = claim.recovered[line]
            assert claim.recover(line, fen) == (reason == "") and reason in ("", "recovered-more"), f"{reason!r}: {fen} after {before} fen"

        return Operation(self.who("payer"), "fund.recover", {"claim_id": claim.claim_id, "line": line, "amount_fen": fen}, [claim], take)

    # ---- batches ----

    def make(self):
        if sum(not b.sent for b in self.model.batches.values()) >= 4:
            return []
        return [self.made_by(self.who(self.chooser.choice(("payer", "payer2"))))]

    def made_by(self, who):
        def take(answer):
            assert not whole(answer), whole(answer)
            assert answer.batch_id not in self.model.batches
            self.model.new(Batch, answer.batch_id, reference=answer.reference, maker=who)

        return Operation(who, "batch.make", {"purpose": "示例"}, [], take)

    def batch(self, sent):
        return self.some([b for b in self.model.batches.values() if b.sent == sent])

    def entries(self, method, batch, claims, take_row):
        versions = [c.version for c in claims]

        def take(answer):
            if not expect(whole(answer), "batch-sent" if batch.sent else ""):
                return
            for claim, version, got in zip(claims, versions, said(answer)):
                take_row(claim, version, got)

        rows = [{"row": i + 1, "subject_id": c.claim_id, "version": v} for i, (c, v) in enumerate(zip(claims, versions))]
        return Operation(batch.maker, method, {"batch_id": batch.batch_id, "row": rows}, [batch, *self.with_batches(claims)], take)

    def into(self, batch, claims):
        def row(claim, version, got):
            foreseen = ("unchanged" if claim.claim_id in batch.waiting else "version-differs" if version != claim.version
                        else "claim-state" if claim.state != money.CLAIM_APPROVED or claim.clawed else "")
            if expect(got, foreseen):
                batch.waiting.add(claim.claim_id)
                claim.batch = batch.batch_id
                claim.move(money.CLAIM_IN_BATCH)
        return self.entries("batch.add", batch, claims, row)

    def out_of(self, batch, claims):
        def row(claim, version, got):
            foreseen = ("claim-unknown" if claim.claim_id not in batch.waiting else
                        "version-differs" if version != claim.version else "")
            if expect(got, foreseen):
                batch.waiting.remove(claim.claim_id)
                claim.batch = None
                claim.move(money.CLAIM_APPROVED)
        return self.entries("batch.remove", batch, claims, row)

    def approved(self, n):
        return self.some([c for c in self.model.claims.values() if c.state == money.CLAIM_APPROVED], n)

    def waiting(self, batch, n=10**6):
        return self.some([self.model.claims[c] for c in sorted(batch.waiting)], n)

    def add(self):
        claims = self.approved(5)
        return [self.into(batch, claims) for batch in self.batch(sent=self.chooser.random() < 0.03) if claims and len(batch.waiting) < 80]

    def remove(self):
        return [self.out_of(batch, claims) for batch in self.batch(sent=False) if (claims := self.waiting(batch, 2))]

    def send(self):
        return [self.going(batch) for batch in self.batch(sent=False) if len(batch.waiting) > self.chooser.randint(0, 6)]

    def going(self, batch):
        claims = [self.model.claims[c] for c in sorted(batch.waiting)]
        lines, fen = len(claims), sum(c.fen for c in claims)
        other = self.who("payer2" if batch.maker == self.who("payer") else "payer")
        who = batch.maker if self.chooser.random() < 0.05 else other

        def take(answer):
            now = [self.model.claims[c] for c in sorted(batch.waiting)]
            foreseen = ("batch-sent" if batch.sent else "batch-empty" if not now else
                        "batch-totals" if (len(now), sum(c.fen for c in now)) != (lines, fen) else
                        "four-eyes" if who == batch.maker else "")
            if expect(whole(answer), foreseen, "cash-short"):
                batch.sent = True
                for claim in now:
                    claim.move(money.CLAIM_SENT)

        return Operation(who, "batch.send", {"batch_id": batch.batch_id, "lines": lines, "amount_fen": fen}, [batch, *claims], take)

    def export(self):
        """The bank gets the file: the numbers of its lines."""
        return [self.leaving(batch) for batch in self.some([b for b in self.model.batches.values() if b.sent and not b.lines])]

    def leaving(self, batch):
        def take(answer):
            assert not whole(answer), whole(answer)
            found = {p.subject_id: p.amount_fen for p in answer.payment}
            assert found == {c: self.model.claims[c].fen for c in batch.waiting}, "the file has other lines than were sent"
            for payment in answer.payment:
                batch.lines[payment.line] = Line(payment.subject_id, payment.amount_fen, day())
                self.bank.lines[batch.reference, payment.line] = {"金额分": str(payment.amount_fen)}
        made = Operation(self.who("payer"), "batch.export", {"batch_id": batch.batch_id, "page_rows": 100}, [batch], take)
        made.request_id = None
        return made

    # ---- the bank ----

    def trouble(self, batch):
        """A file of answers: of some lines, late, twice, out of order, contradicting, with a wrong amount, of a line never sent."""
        rows = []
        for number, line in batch.lines.items():
            if self.chooser.random() < 0.5:
                continue
            result = self.chooser.choices((bank_simulator.PAID, bank_simulator.REFUSED, bank_simulator.UNKNOWN, bank_simulator.RETURNED),
                                          (4, 1, 1, 4) if line.state == LINE_PAID else (10, 3, 3, 2))[0]
            late, wrong = self.chooser.choice((0, 0, 0, 0, 0, 1)), int(self.chooser.random() < 0.05)
            rows.append(self.bank.answer(batch.reference, number, result, late=late, wrong=wrong))
            if self.chooser.random() < 0.1:  # another answer for it, in the same file
                rows.append(self.bank.answer(batch.reference, number, self.chooser.choice(list(RESULTS))))
        rows += [row for row in self.chooser.choices(batch.replied, k=2) if self.chooser.random() < 0.3] if batch.replied else []
        if self.chooser.random() < 0.1:
            rows.append(self.bank.answer(batch.reference, 10**6, bank_simulator.PAID))
        self.chooser.shuffle(rows)
        return rows

    @staticmethod
    def as_answer(number, row):
        yuan, fen = row["金额元"].split(".")
        names = {"bank_reference": "银行流水号", "traded_on": "交易日期", "reason_code": "原因码", "reason": "原因"}
        return {"row": number + 1, "reference": row["批次号"], "line": int(row["序号"]), "result": RESULTS[row["结果"]],
                "amount_fen": int(yuan) * 100 + int(fen)} | {name: row[title] for name, title in names.items() if row[title]}

    def answer(self, batch, rows, who):  # by one who neither adds nor sends: who reads a refusal does not pay it again (C1)
        file = [self.as_answer(n, row) for n, row in enumerate(rows)]
        claims = [self.model.claims[line.claim_id] for line in batch.lines.values()]

        def take(answer):
            for row, got in zip(file, said(answer)):
                line = batch.lines.get(row["line"])
                claim = line and self.model.claims[line.claim_id]
                why = line.refuses(claim, row) if line else "never-sent"
                if expect(got, why):
                    line.take(claim, row)
                elif why in ("answer-differs", "amount-differs", "line-recovered"):
                    line.dispute(why, row)

        return Operation(self.who(who), "batch.reply", {"row": file}, [batch, *claims], take)

    def reply(self):
        for batch in self.some([b for b in self.model.batches.values() if b.lines]):
            if rows := self.trouble(batch):
                batch.replied = (batch.replied + rows)[-50:]
                return [self.answer(batch, rows, "payer3")]
        return []

    # ---- the account ----

    def fen(self, most=1_500_000):
        return self.chooser.choice((1, self.chooser.randint(1, most), self.chooser.randint(1, most)))

    def receive(self):
        receipt, event = self.chooser.choice(((f.RECEIPT_MONEY, f.MONEY_RECEIVED), (f.RECEIPT_TO_EXPENDITURE, f.MONEY_TO_EXPENDITURE),
                                              (f.RECEIPT_TO_EXPENDITURE, f.MONEY_TO_EXPENDITURE), (f.RECEIPT_INTEREST, f.MONEY_INTEREST),
                                              (f.RECEIPT_SWEPT, f.MONEY_SWEPT)))
        fen = self.fen(30_000 if event in (f.MONEY_SWEPT, f.MONEY_INTEREST) else 900_000)
        return [self.receipt(receipt, event, self.chooser.choice(SOURCES), fen)]

    def receipt(self, receipt, event, source, fen):
        def take(answer):
            if expect(whole(answer), "", *(["funds-short"] if event in (f.MONEY_TO_EXPENDITURE, f.MONEY_SWEPT) else [])):
                self.model.moves.append(Move(answer.posting_id, [(event, (CITY, source), fen)], decided=True))

        return Operation(self.who("payer"), "fund.receive", {"receipt": receipt, "source": source, "year": YEAR, "amount_fen": fen}, [], take)

    def propose(self):
        """Of what is decided later."""
        kind = self.chooser.choice((f.MOVE_ALLOT, f.MOVE_ALLOT, f.MOVE_WITHDRAW, f.MOVE_TRANSFER, f.MOVE_CORRECT))
        source = f.SOURCE_UNEMPLOYMENT if kind == f.MOVE_WITHDRAW else self.chooser.choice(SOURCES)
        if kind != f.MOVE_CORRECT:
            return [self.proposed(kind, source, self.fen(60_000 if kind == f.MOVE_TRANSFER else 900_000))]
        past = [m for m in self.model.moves if m.decided and m.parts]
        return [self.correction(self.chooser.choice(past))] if past else []

    def proposed(self, kind, source, fen):
        own, county = (CITY, source), (COUNTY, source)
        parts = {f.MOVE_ALLOT: [(f.MONEY_ALLOTTED, own, fen)], f.MOVE_WITHDRAW: [(f.MONEY_WITHDRAWN, own, fen)],
                 f.MOVE_TRANSFER: [(f.MONEY_PASSED_DOWN, own, fen), (f.MONEY_PASSED_IN, county, fen)]}[kind]
        fields = {"source": source, "year": YEAR, "amount_fen": fen} | ({"to_division": COUNTY} if kind == f.MOVE_TRANSFER else {})
        return self.proposal(kind, fields, parts)

    def correction(self, past):
        return self.proposal(f.MOVE_CORRECT, {"posting_id": past.posting_id}, [], past)

    def proposal(self, kind, fields, parts, corrects=None):
        def take(answer):
            assert not whole(answer), whole(answer)
            self.model.moves.append(Move(answer.proposal_id, parts, corrects))

        return Operation(self.who("approver"), "fund.propose", fields | {"kind": kind, "reason": "示例"}, [], take)

    def put_in_force(self):
        return [self.deciding(move, "approver" if self.chooser.random() < 0.05 else "approver2")
                for move in self.some([m for m in self.model.moves if not m.decided])]

    def deciding(self, move, who):
        allotted = [e for e, _, _ in move.parts] in ([f.MONEY_ALLOTTED], [f.MONEY_WITHDRAWN])

        def take(answer):
            foreseen = ("proposal-decided" if move.decided else "proposal-own" if who == "approver" else
                        "posting-mirrored" if move.corrects and move.corrects.mirrored else "")
            if expect(said(answer)[0], foreseen, *([] if allotted else ["funds-short"])):
                move.decided = True
                if move.corrects:
                    move.corrects.mirrored = True

        return Operation(self.who(who), "fund.decide", {"decision": 1, "row": [{"row": 1, "proposal_id": move.posting_id}]},
                         [move, *filter(None, [move.corrects])], take)

    # ---- two at the same instant ----

    def race(self):
        made = self.chooser.choice((self.race_batches, self.race_steps, self.race_answers, self.race_sending, self.race_proposal,
                                    self.race_recovery))()
        return made if len(made) == 2 else []

    def race_batches(self):
        claims = self.approved(3)
        return [self.into(batch, claims) for batch in self.some([b for b in self.model.batches.values() if not b.sent], 2)] if claims else []

    def race_steps(self):
        claims = self.some([c for c in self.model.claims.values() if c.state in (money.CLAIM_PUBLICISED, money.CLAIM_APPROVED)])
        if not claims or any(c.state == money.CLAIM_PUBLICISED for c in claims):
            return [self.step(a, claims, self.who(by)) for a, by in (("approve", "approver"), ("reject", "approver2"))] if claims else []
        return [self.step(a, claims, self.who(by)) for a, by in (("suspend", "approver"), ("reject", "approver2"))]

    def race_answers(self):
        for batch in self.some([b for b in self.model.batches.values() if b.lines]):
            if rows := self.trouble(batch):
                return [self.answer(batch, rows, "payer3") for _ in "ab"]
        return []

    def race_sending(self):
        for batch in self.some([b for b in self.model.batches.values() if not b.sent and b.waiting]):
            claims = self.waiting(batch)
            if len(claims) == len(batch.waiting):
                other = self.chooser.choice((lambda: self.going(batch), lambda: self.out_of(batch, claims[:2]),
                                             lambda: self.step("suspend", claims[:1], self.who("approver"))))
                return [self.going(batch), other()]
        return []

    def race_proposal(self):
        return [self.deciding(m, "approver2") for m in self.some([m for m in self.model.moves if not m.decided]) for _ in "ab"]

    def race_recovery(self):
        return [self.back(c) for c in self.some([c for c in self.model.claims.values() if c.clawed]) for _ in "ab"]


OPERATIONS = {Desk.decide: 40, Desk.recover: 8, Desk.make: 6, Desk.add: 25, Desk.remove: 3, Desk.send: 20, Desk.export: 30, Desk.reply: 30,
              Desk.receive: 8, Desk.propose: 6, Desk.put_in_force: 8, Desk.race: 15}


def at_once(official, made):
    """The answers: of one request, or of two that are sent together on connections of their own."""
    if len(made) == 1:
        return [official.do(made[0])]
    told, faults = [None, None], []

    def go(n):
        other = Official(official.desk)
        try:
            told[n] = other.do(made[n])
        except Exception as fault:  # noqa: BLE001
            faults.append(repr(fault))
        finally:
            other.hang_up()

    threads = [threading.Thread(target=go, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    return told


# ---- before ----


def prepare(desk, wire):
    """Claims that can be approved: two of each person, of two levels. Five that nobody is to take in hand."""
    clerk, reviewer = wire("institution2"), wire(desk.who("reviewer"))
    rows = samples.trainees(PERSONS)
    for level, lines in LEVELS.items():
        number = clerk.call("class.open", **(CLASS | {"level": level})).number
        clerk.call("roster.import", class_number=number, row=rows)
        graduate(desk.stack, number)
        numbers, problems = certify(clerk, number, rows, level=level)
        assert set(problems) == {""}
        claims = []
        for result in clerk.call("claim.submit", route=3, row=claim_rows(numbers)).result:
            assert result.amount_fen == sum(lines.values()), result
            claims.append(desk.model.new(Claim, result.record_id, lines=lines))
        for version, action in enumerate(("accept", "review", "publicise"), 1):
            rows_of = [{"row": i + 1, "claim_id": c.claim_id, "version": version} for i, c in enumerate(claims)]
            assert set(reasons(reviewer.call(f"claim.{action}", row=rows_of, reason="示例"))) == {""}
    desk.stack.sql(f"""
        UPDATE registry.claim SET shown = (SELECT range_agg(daterange(lower(r) - 60, upper(r) - 60)) FROM unnest(shown) r)
         WHERE division = '{CITY}' AND state = {money.CLAIM_PUBLICISED};
        UPDATE registry.claim SET publicity_until = helper.publicity_end(division, publicity_days, shown)
         WHERE division = '{CITY}' AND state = {money.CLAIM_PUBLICISED}""")
    desk.busy |= {id(claim) for claim in claims[-5:]}
    return claims[-5:]


def found(stack):
    """The bureau of Qingdao, its standards, and the accounts that are paid from and to."""
    allow_looks(stack)
    stack.sql(f"""INSERT INTO registry.policy (division, name, value, valid_from, citation)
                  VALUES ('{CITY}', 'class_approval', 0, '1949-10-01', 'tests')""")
    bureau = Bureau(stack, CITY, ROLES + PAYING)
    one, other, reviewer = bureau.wire("approver"), bureau.wire("approver2"), bureau.wire()
    rows = [{"line": line, "level": level, "amount_fen": fen, "valid_from": "2026-01-01", "citation": "示例"}
            for level, lines in LEVELS.items() for line, fen in lines.items()]
    assert one.call("standard.propose", row=[{"row": n + 1} | row for n, row in enumerate(rows)]).refused == 0
    pending = one.pages("standard.list", "standard", pending=True)
    assert other.call("standard.decide", decision=1, row=[{"row": n + 1, "proposal_id": s.standard_id} for n, s in enumerate(pending)]).refused == 0
    with Wire(read_profile(stack.profiles / "institution2")) as institution:
        for clerk, account in ((institution, "370200098765432"), (bureau.wire("clerk"), "370200012345678")):
            said_of = {"account_number": samples.remember(account), "account_name": "示例单位", "bank": "中国农业银行"}
            reviewer.call("payee.confirm", payee_id=clerk.call("payee.set", account=said_of).payee_id, account_number=account)
    bureau.close()


# ---- afterwards ----


def readable(value):
    return tuple(map(readable, value)) if isinstance(value, tuple) else value.hex() if isinstance(value, bytes) else value


def differing(what, records, model):
    """What only the records say, and what only the model says."""
    if records != model:
        one, other = ([(readable(k), readable(v)) for k, v in a.items() if b.get(k) != v] for a, b in ((records, model), (model, records)))
        raise AssertionError(f"{what}: the records say {one[:6]}, the model {other[:6]}")


class Books:
    """What the records say when nobody works, beside the model."""

    def __init__(self, desk, official):
        self.stack, self.model, self.desk, self.official = desk.stack, desk.model, desk, official

    def rows(self, sql):
        """Whole numbers, and ids as bytes."""
        return [tuple(bytes.fromhex(x.replace("-", "")) if len(x) == 36 else int(x) if x else None for x in line.split("|"))
                for line in self.stack.sql(sql).splitlines()]

    def agree(self):
        self.agree_claims()
        self.agree_postings()
        self.agree_ledgers()
        self.agree_with_themselves()

    def agree_claims(self):
        claims = self.model.claims.values()
        differing("claims", {r[0]: r[1:] for r in self.rows("SELECT claim_id, state, version, state_before FROM registry.claim")},
                  {c.claim_id: (c.state, c.version, c.before) for c in claims})
        differing("claw-backs", {(r[0], r[1]): r[2] for r in self.rows("SELECT claim_id, line, clawed_fen FROM registry.claim_line WHERE clawed_fen > 0")},
                  {(c.claim_id, line): c.lines[line] for c in claims for line in c.clawed})
        differing("lines of batches", {(r[0], r[1]): r[2:] for r in self.rows(
            "SELECT batch_id, line, subject_id, state, amount_fen FROM registry.batch_line WHERE line IS NOT NULL") if self.model.batches[r[0]].lines},
            {(b.batch_id, n): (line.claim_id, line.state, line.fen) for b in self.model.batches.values() for n, line in b.lines.items()})
        differing("what waits", {r[1]: r[0] for r in self.rows("SELECT batch_id, subject_id FROM registry.batch_line WHERE state = 1")},
                  {c: b.batch_id for b in self.model.batches.values() if not b.sent for c in b.waiting})

    def agree_postings(self):
        """Each event of each part of a claim, in each layer, as often as it was."""
        expected = collections.Counter((event, c.claim_id, line, 1 if debit < 1000 else 2, fen) for c in self.model.claims.values()
                                       for event, line, fen in c.posted for debit, _ in money.POSTED_AS[event])
        differing("postings", {(f.MoneyEvent.Name(r[0]), *r[1:5]): r[5] for r in self.rows(
            "SELECT event, subject_id, part, layer, amount_fen, count(*) FROM registry.journal WHERE subject_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5")},
            {(f.MoneyEvent.Name(key[0]), *key[1:]): n for key, n in expected.items()})
        differing("charges", {(r[0], r[1]): r[2:] for r in self.rows("SELECT subject_id, part, state, amount_fen, recovered_fen FROM registry.charge")},
                  {(c.claim_id, line): (c.charge, fen, c.recovered[line]) for c in self.model.claims.values() if c.charge
                   for line, fen in c.lines.items()})

    def pays(self):
        """Which ledger pays which part is the registry's choice, among those that are earmarked."""
        pays = {(r[0], r[1]): (str(r[2]), r[3]) for r in self.rows(
            "SELECT subject_id, part, l.division, l.source FROM registry.charge JOIN registry.ledger l USING (ledger_id)")}
        assert set(pays.values()) <= {(CITY, source) for source in SOURCES}
        return pays

    def shown(self, division, source):
        accounts = collections.Counter()
        for a in self.official.ask("auditor", "fund.show", division=division, source=source, year=YEAR).account:
            accounts[money.EXPENSE if a.account in (5001, 5002) else a.account] += a.debit_fen - a.credit_fen
        return {account: fen for account, fen in accounts.items() if fen}

    def agree_ledgers(self):
        pays = self.pays()
        accounts, sent = self.model.accounts(pays), self.model.sent(pays)
        listed = self.official.ask("auditor", "fund.list", year=YEAR, page_rows=50).ledger
        for ledger in listed:
            key = (ledger.division, ledger.source)
            books = {account: fen for account, fen in accounts[key].items() if fen}
            differing(f"accounts of {key}", self.shown(*key), books)
            stored = {101: ledger.available_fen, 102: ledger.committed_fen, 103: ledger.spent_fen, 1001: ledger.treasury_fen,
                      1002: ledger.expenditure_fen, 2001: -ledger.held_fen}
            differing(f"balances of {key}", {a: fen for a, fen in stored.items() if fen}, {a: fen for a, fen in books.items() if a in stored})
            assert ledger.sent_fen == sent[key], f"{key}: {ledger.sent_fen} fen are sent, the model says {sent[key]}"
            assert min(ledger.available_fen, ledger.committed_fen, ledger.spent_fen, ledger.treasury_fen, ledger.expenditure_fen, ledger.held_fen) >= 0
            assert ledger.expenditure_fen >= ledger.sent_fen >= 0
        assert set(accounts) <= {(ledger.division, ledger.source) for ledger in listed}

    def agree_with_themselves(self):
        trial = self.official.ask("auditor", "fund.trial")
        assert (trial.budget_fen, trial.cash_fen) == (0, 0)
        differing("what does not agree", collections.Counter((d.kind, d.subject_id, d.expected, d.found) for d in
                                                             self.official.ask("auditor", "fund.reconcile", division=CITY).difference),
                  collections.Counter((kind, line.claim_id, *what) for batch in self.model.batches.values() for line in batch.lines.values()
                                      for kind, *what in line.disputed()))

    def enough(self, claim, pays):
        """Whether a claim, approved now and alone, finds its money: each part from the first source that has it (F3)."""
        accounts = self.model.accounts(pays)
        has = {source: accounts[CITY, source][money.AVAILABLE] for source in SOURCES}
        for _, fen in sorted(claim.lines.items()):
            source = next((s for s in SOURCES if has[s] >= fen), None)
            if source is None:
                return False
            has[source] -= fen
        return True

    def money_decides(self, kept):
        """Nobody else works: too little money is said when there is too little, and only then."""
        for claim in [c for c in self.model.claims.values() if c.state == money.CLAIM_PUBLICISED and c not in kept][:4]:
            foreseen = self.enough(claim, self.pays())
            step = self.desk.step("approve", [claim], self.desk.who("approver"))
            told = self.official.do(step)
            assert said(told)[0] in ("version-differs", "" if foreseen else "funds-short"), (said(told), foreseen)
            step.take(told)
        for batch in [b for b in self.model.batches.values() if b.waiting and not b.sent]:
            pays = self.pays()
            accounts, needs = self.model.accounts(pays), self.model.sent(pays)
            for claim in batch.waiting:
                for line, fen in self.model.claims[claim].lines.items():
                    needs[pays[claim, line]] += fen
            foreseen = all(accounts[ledger][money.EXPENDITURE] >= fen for ledger, fen in needs.items())
            going = self.desk.going(batch)
            told = self.official.do(going)
            assert whole(told) in ("four-eyes", "" if foreseen else "cash-short"), (whole(told), foreseen)
            going.take(told)


def nothing_in_the_logs(stack):
    """Nobody waited in a circle, and no constraint was what kept the money right."""
    amiss = re.findall(".*(?:deadlock detected|could not serialize|violates (?:check|foreign)).*", stack.postgres.log.read_text(errors="replace"))
    amiss += re.findall(".*msg=set-failed.*", stack.log_text())
    assert not amiss, amiss[:5]


@pytest.fixture
def stack(tmp_path):
    with stack_in(tmp_path, workers=3, database_connections=3) as made:
        found(made)
        yield made


def give(desk, do, share):
    """So much of each source, three quarters of which are in the expenditure account."""
    for source in SOURCES:
        for kind in (f.MOVE_ALLOT, f.MOVE_WITHDRAW) if source == f.SOURCE_UNEMPLOYMENT else (f.MOVE_ALLOT,):
            do(desk.proposed(kind, source, share))
            do(desk.deciding(desk.model.moves[-1], "approver2"))
        if source != f.SOURCE_UNEMPLOYMENT:
            do(desk.receipt(f.RECEIPT_MONEY, f.MONEY_RECEIVED, source, share))
        do(desk.receipt(f.RECEIPT_TO_EXPENDITURE, f.MONEY_TO_EXPENDITURE, source, share * 3 // 4))


def every_event(desk, official, claims):
    """Nobody else works: whatever the others have come to, each event was posted once it is over, with five claims that were kept back."""
    def do(operation):
        operation.take(official.do(operation))

    def surely(condition, make):  # what is made may be stale, or by the wrong hand
        while not condition():
            do(make())

    def through_the_bank(claims, *results):
        do(desk.made_by(desk.who("payer")))
        batch = list(desk.model.batches.values())[-1]
        do(desk.into(batch, claims))
        surely(lambda: batch.sent, lambda: desk.going(batch))
        do(desk.leaving(batch))
        for result in results:
            do(desk.answer(batch, [desk.bank.answer(batch.reference, line, result) for line in batch.lines], "payer3"))

    give(desk, do, sum(c.fen for c in claims) * 2)
    kept, lost, again, back, struck = claims
    surely(lambda: all(c.version == 5 for c in claims), lambda: desk.step("approve", claims, desk.who("approver")))
    surely(lambda: struck.version == 6, lambda: desk.step("reject", [struck], desk.who("approver2")))
    through_the_bank([kept, back], bank_simulator.UNKNOWN, bank_simulator.PAID)
    through_the_bank([lost, again], bank_simulator.PAID, bank_simulator.RETURNED)
    surely(lambda: lost.charge == f.CHARGE_LOST, lambda: desk.step("reject", [lost], desk.who("approver")))
    through_the_bank([again], bank_simulator.PAID)
    surely(lambda: back.clawed, lambda: desk.step("claw-back", [back], desk.who("approver2")))
    surely(lambda: back.recovered, lambda: desk.back(back))
    assert {event for c in claims for event, _, _ in c.posted} == {
        f.MONEY_COMMITTED, f.MONEY_RELEASED, f.MONEY_PAID, f.MONEY_RETURNED, f.MONEY_PAID_AGAIN, f.MONEY_RIGHT_LOST, f.MONEY_RECOVERED}


def work(desk, chooser, kills):
    """Officials at work, some of it in peace, then with a kill after every so many operations."""
    desk.passing.clear()
    officials = [Official(desk) for _ in range(OFFICIALS)]
    for official in officials:
        official.start()

    def more(n):
        goal = desk.done.total() + n
        until(lambda: desk.done.total() >= goal or any(o.fault for o in officials))
        assert not [o.fault for o in officials if o.fault]

    try:
        more(CALM)
        assert "store-unavailable" not in desk.passing, "a client saw a deadlock, or a race that was lost"
        for kill in kills:
            kill(desk.stack, chooser)
            more(STORM)
    finally:
        for official in officials:
            official.stopping = True
        for official in officials:
            official.join()
    assert not [o.fault for o in officials if o.fault]


def test_F4_F14_money_is_what_a_model_of_integers_says_whatever_is_killed(stack, chooser, tell):
    desk = Desk(stack, random.Random(chooser.random()))
    official = Official(desk)
    for _ in range(max(1, ROUNDS // 100)):
        opened = []

        def wire(who):
            opened.append(Wire(read_profile(stack.profiles / who)))
            return opened[-1]

        kept = prepare(desk, wire)
        for one in opened:
            one.close()
        give(desk, lambda operation: operation.take(official.do(operation)),
             sum(c.fen for c in desk.model.claims.values() if c.state == money.CLAIM_PUBLICISED) // 4)
        work(desk, chooser, chooser.choices(list(BAD), BAD.values(), k=KILLS))
        until(lambda: answers(stack.postgres))
        books = Books(desk, official)
        books.agree()
        books.money_decides(kept)
        every_event(desk, official, kept)
        desk.busy.clear()
        books.agree()
    official.hang_up()
    nothing_in_the_logs(stack)
    until(lambda: stack.sql("SELECT max(size) = (SELECT count(*) FROM audit.entry) FROM audit.checkpoint") == "t")
    assert_rows(stack)
    states = collections.Counter(c.state for c in desk.model.claims.values())
    events = collections.Counter(f.MoneyEvent.Name(e) for c in desk.model.claims.values() for e, _, _ in c.posted)
    tell(operations=dict(desk.done), unsure=desk.unsure, claims=dict(states), events=dict(events))
