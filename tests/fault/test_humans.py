# SPDX-License-Identifier: Apache-2.0
"""A model that knows humans, not records: people with several documents and records, merged, erased, coming again; certificates
revoked, completions taken away; claims taken through every step, at random. It is asked of the real functions in sets (humans.sql);
whatever becomes of the records, no human whom the registry has known as one has a fourth place in a year or an occupation and level
twice (B2, B3), nothing is paid while more stand than there are, and nothing is refused that a human still has."""

import collections
import itertools
import json
import pathlib
import random
import threading

from conftest import SEED, SOAK, stack_in
from postgres import Session

OPERATIONS = 10**6 if SOAK else 10**5
POPULATIONS = 2           # at a time, on a connection each
HUMANS, OCCUPATIONS = 250, range(1, 6)
GENERATION = 12_000       # operations, after which other people come
ACCEPT, RETURN, AGAIN, REVIEW, PUBLICISE, APPROVE, REJECT, PAY, WITHDRAW, SUSPEND, RESUME, CLAW = 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14
PAID, OVER, ON_ITS_WAY = 7, {8, 9, 11}, {1, 2, 3, 4, 5, 6, 10}
STEPS = {1: (ACCEPT,) * 8 + (RETURN, WITHDRAW, REJECT), 2: (REVIEW,) * 8 + (WITHDRAW, SUSPEND), 3: (AGAIN, AGAIN, REJECT),
         4: (PUBLICISE,) * 8 + (REJECT,), 5: (APPROVE,) * 9 + (WITHDRAW, SUSPEND), 6: (PAY,) * 9 + (SUSPEND, REJECT),
         10: (RESUME,) * 4 + (REJECT,), 7: (CLAW,)}
SQL = pathlib.Path(__file__).with_name("humans.sql")


class Known:
    """Who the registry has been told is one human: documents, joined for good."""

    def __init__(self):
        self.over, self.taken = {}, collections.defaultdict(set)  # document: another; first document: claims that hold places

    def of(self, document):
        while (over := self.over.get(document, document)) != document:
            document = over
        return document

    def join(self, one, other):
        one, other = self.of(one), self.of(other)
        if one != other:
            self.over[other] = one
            self.taken[one] |= self.taken.pop(other, set())


class Record:
    def __init__(self, documents):
        self.documents, self.claims, self.erased = set(documents), set(), False


class Claim:
    def __init__(self, name, certificate):
        self.name, self.certificate, self.state, self.fraud = name, certificate, 1, False


class Certificate:
    def __init__(self, name, document, record, occupation):
        self.name, self.document, self.record, self.occupation = name, document, record, occupation
        self.valid, self.claim = True, None


class Population(threading.Thread):
    """Some people, generation after generation. What it finds wrong is in `fault`."""

    def __init__(self, stack, number, operations):
        super().__init__(daemon=True)
        self.stack, self.number, self.left, self.fault = stack, number, operations, None
        self.choose = random.Random(f"{SEED} humans {number}")
        self.names, self.done, self.seen = itertools.count(), 0, collections.Counter()

    def name(self):
        return f"p{self.number}n{next(self.names)}"

    def run(self):
        try:
            with Session(self.stack.postgres) as self.session:
                while self.left > 0:
                    self.generation(min(self.left, GENERATION))
                    self.left -= GENERATION
        except BaseException as fault:  # noqa: BLE001
            self.fault = fault

    # ---- a generation ----

    def generation(self, operations):
        self.title, self.known, self.certificates, self.claims = self.name(), Known(), [], []
        self.people = [[self.name() for _ in range(self.choose.choice((1, 1, 2, 2, 3)))] for _ in range(HUMANS)]
        self.human = {d: i for i, documents in enumerate(self.people) for d in documents}
        self.holder = {}  # document: the record that has it now
        self.session.sql(f"SELECT model.open('{self.title}')")
        self.come([documents[0] for documents in self.people] + [d for ds in self.people for d in ds[1:] if self.choose.random() < 0.6])
        end = self.done + operations
        while self.done < end:
            self.batch()
        self.compare()

    def come(self, documents):
        """People who are not there, with their certificates."""
        if not documents:
            return
        title = self.name()
        self.session.sql(f"SELECT model.enrol('{self.title}', '{title}', ARRAY{documents!r})")
        for document in documents:
            self.holder[document] = record = Record({document})
            self.certificates += [Certificate(f"{title}{document}.{o}", document, record, o) for o in OCCUPATIONS]
        self.done += len(documents) * len(OCCUPATIONS)

    def batch(self):
        if self.choose.random() < 0.3:
            away = [d for d in self.human if d not in self.holder]
            self.come(self.choose.sample(away, min(len(away), 5)))
        records, marks, revoked = self.records(), self.marks(), self.revocations()
        claims, steps = self.submissions(), self.steps()
        title = self.name()
        said = self.session.sql("".join(f"SELECT * FROM model.{call};" for call in (
            f"records('{title}', {quoted(records)})", f"marks('{self.title}', '{title}', {quoted(marks)})",
            f"revoke('{title}', {quoted([{'c': c.name, 'state': 1 if c.valid else 2} for c in revoked])})",
            f"submit('{title}', {quoted([{'c': c.name, 'claim': name, 'dry': dry} for c, name, dry in claims])})",
            f"decide('{title}', {quoted([{'claim': c.name, 'action': action, 'fraud': fraud} for c, action, fraud in steps])})")))
        answers = collections.defaultdict(dict)
        for line in said.splitlines():
            what, n, outcomes = line.split("|")
            answers[what][int(n) - 1] = set(map(int, outcomes.split()))
        for n, item in enumerate(records):
            self.recorded(item, answers["records"][n])
        for n, certificate in enumerate(revoked):
            assert answers["revoke"][n] == {1}, (certificate.name, answers["revoke"][n])
        self.submitted(claims, answers["submit"])
        self.decided(steps, answers["decide"])
        self.done += len(records) + len(marks) + len(revoked) + len(claims) + len(steps)
        self.refresh()

    def refresh(self):
        """States as they are: merges and corrections suspend claims."""
        there = {c.name: c for c in self.claims if c.state not in OVER}
        for line in self.session.sql(f"SELECT n || '|' || c.state FROM unnest(ARRAY{list(there)!r}::text[]) n JOIN registry.claim c ON c.claim_id = model.u(n)").splitlines():
            name, state = line.split("|")
            there[name].state = int(state)

    # ---- what is asked ----

    def records(self):
        """Merges and documents only of what is one human's; each document once in a batch."""
        asked, used = [], set()
        for documents in self.choose.sample(self.people, 14):
            there = [d for d in documents if d in self.holder]
            kind = self.choose.choice(("merge", "merge", "add", "erase"))
            if not there or used & set(documents):
                continue
            a = self.choose.choice(there)
            others = [d for d in documents if d != a and (d in self.holder) == (kind == "merge") and self.holder.get(d) is not self.holder[a]]
            if kind == "erase":
                asked.append({"what": kind, "a": a})
            elif others:
                asked.append({"what": kind, "a": a, "b": self.choose.choice(others)})
            used |= set(documents)
        return asked

    def marks(self):
        occupation = self.choose.choice(OCCUPATIONS)  # one class, whose results are all decided anew
        return [{"a": d, "o": occupation, "pass": self.choose.random() < 0.8} for d in self.choose.sample(sorted(self.holder), 8)]

    def revocations(self):
        chosen = self.choose.sample(self.certificates, 6) + [c for c in self.certificates if not c.valid][:4]
        chosen = list(dict.fromkeys(chosen))
        for certificate in chosen:
            certificate.valid = not certificate.valid
        return chosen

    def submissions(self):
        chosen = self.choose.sample(self.certificates, min(180, len(self.certificates)))
        chosen += self.choose.sample(chosen, 20)  # the same again, as it may be with dry runs
        return [(c, self.name(), self.choose.random() < 0.15) for c in chosen]

    def steps(self):
        there = [c for c in self.claims if c.state in STEPS and (c.state != PAID or self.choose.random() < 0.1)]
        return [(c, self.choose.choice(STEPS[c.state]), self.choose.random() < 0.3) for c in self.choose.sample(there, min(300, len(there)))]

    # ---- what was said ----

    def recorded(self, item, outcomes):
        record = self.holder[item["a"]]
        if item["what"] == "erase":
            waits = any(c.state in ON_ITS_WAY for c in record.claims)
            assert outcomes == ({72} if waits else {1}), (item, outcomes)
            if not waits:
                record.erased = True
                for document in record.documents:
                    del self.holder[document]
        else:
            assert outcomes == {1}, (item, outcomes)
            self.known.join(item["a"], item["b"])
            other = self.holder.get(item["b"], Record({item["b"]}))
            record.documents |= other.documents
            record.claims |= other.claims
            for document in other.documents:
                self.holder[document] = record
            for certificate in self.certificates:
                if certificate.record is other:
                    certificate.record = record
        self.seen[item["what"]] += 1 in outcomes

    def submitted(self, claims, answers):
        stood = {}  # before this set: what dry runs see
        for certificate, _, _ in claims:
            stood[certificate] = self.standing(certificate)
        for n, (certificate, name, dry) in enumerate(claims):
            outcomes, taken = answers[n], stood[certificate] if dry else self.standing(certificate)
            mine = certificate.claim
            if outcomes == {47}:
                assert mine is not None and mine.state not in OVER, name
                continue
            self.seen.update(outcomes)
            once = any(c.certificate.occupation == certificate.occupation for c in taken)
            assert (71 in outcomes) == certificate.record.erased, (name, outcomes)
            if certificate.record.erased:
                continue
            assert (115 in outcomes) == (len(taken) >= 3), (name, outcomes, len(taken))
            assert (116 in outcomes) == once, (name, outcomes)
            assert (111 in outcomes) == (not certificate.valid), (name, outcomes)
            if outcomes == {1} and not dry:
                certificate.claim = claim = Claim(name, certificate)
                self.claims.append(claim)
                certificate.record.claims.add(claim)
                self.known.taken[self.known.of(certificate.document)].add(claim)

    def standing(self, certificate):
        return set(self.known.taken[self.known.of(certificate.document)])

    def decided(self, steps, answers):
        stood = {claim: self.standing(claim.certificate) for claim, _, _ in steps}
        for n, (claim, action, fraud) in enumerate(steps):
            outcomes, taken = answers[n], stood[claim]
            if outcomes == {1} and action in (APPROVE, PAY):
                twice = [c for c in taken if c.certificate.occupation == claim.certificate.occupation]
                assert len(taken) <= 3 and twice == [claim], (claim.name, action, len(taken), len(twice))
                assert claim.certificate.valid and not claim.certificate.record.erased, claim.name
            elif outcomes == {115}:
                assert len(taken) > 3, claim.name
            elif outcomes == {116}:
                assert any(c is not claim and c.certificate.occupation == claim.certificate.occupation for c in taken), claim.name
            else:
                # by a merge or a correction of this batch it may have been suspended before
                assert outcomes <= {1, 14, 111, 112, 125}, (claim.name, action, outcomes)
            self.seen[action] += 1 in outcomes
            claim.fraud |= outcomes == {1} and action == CLAW and fraud
            if outcomes == {1} and (action in (REJECT, WITHDRAW) or action == CLAW and not claim.fraud):
                self.known.taken[self.known.of(claim.certificate.document)].discard(claim)

    def compare(self):
        """Every place is a claim's that holds one, and the other way round."""
        held = {c.name for taken in self.known.taken.values() for c in taken}
        for table in ("claim_place", "claim_once"):
            there = set(self.session.sql(f"SELECT n FROM unnest(ARRAY{[c.name for c in self.claims]!r}::text[]) n "
                                       f"WHERE EXISTS (SELECT FROM registry.{table} p WHERE p.claim_id = model.u(n))").splitlines())
            assert there == held, (table, there ^ held)


def quoted(items):
    return "'" + json.dumps(items) + "'::jsonb"


def test_B2_B3_no_human_is_paid_beyond_what_there_is(tmp_path, tell):
    with stack_in(tmp_path) as stack:
        assert stack.daemon_stop() == 0  # the database is all that is asked
        stack.sql(SQL.read_text())
        populations = [Population(stack, n, OPERATIONS // POPULATIONS) for n in range(POPULATIONS)]
        for population in populations:
            population.start()
        for population in populations:
            population.join()
        for fault in filter(None, (p.fault for p in populations)):
            raise fault
        seen = sum((p.seen for p in populations), collections.Counter())
        tell(operations=sum(p.done for p in populations), seen=dict(sorted(seen.items(), key=str)))
        assert all(seen[what] > 0 for what in ("merge", "add", "erase", 1, 71, 111, 115, 116, APPROVE, PAY, CLAW)), seen
