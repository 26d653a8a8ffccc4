# SPDX-License-Identifier: Apache-2.0
"""Clerks: clients that write their request ids down before they send, and know afterwards what they were told."""

import collections
import os
import random
import threading
import time

import class_pb2
import samples
from integration import CLASS
from wire import Closed, Refused, Wire

PASSING = {"CODE_UNAVAILABLE", "CODE_DEADLINE", "CODE_EXHAUSTED"}  # repeat with the same request id
OPEN, IMPORT = "class.open", "roster.import"
RETRY_S = 120
TOGETHER = 50  # below in_flight


class Entry:
    """A line of the journal: one write, whatever became of it."""

    def __init__(self, method, fields):
        self.request_id = os.urandom(16)
        self.method = method
        self.fields = fields
        self.answer = None  # the first response, once told

    @property
    def rows(self):
        """What it brings when it happens: a class, or so many enrolments."""
        return len(self.fields["row"]) if self.method == IMPORT else 1


class Clerk(threading.Thread):
    """Sends writes until told to stop; after an answer that says nothing sure it retries half of them, and leaves the
    others as they are. What it finds wrong is in `faults`."""

    def __init__(self, profile, folder, chooser):
        super().__init__(daemon=True)
        self.profile = profile
        self.chooser = chooser
        self.file = open(folder / f"journal-{os.urandom(4).hex()}", "a", encoding="ascii")
        self.entries = []
        self.unsure = collections.deque()  # to be retried
        self.acknowledged = 0
        self.faults = []
        self.refusals = collections.Counter()
        self.stopping = False
        self.wire = None
        self.class_number = None

    # ---- its day ----

    def run(self):
        try:
            while not self.stopping:
                self.burst()
        except Exception as fault:  # pylint: disable=broad-except
            self.faults.append(repr(fault))
        finally:
            self.hang_up()
            self.file.close()

    def burst(self):
        """A few requests at once, then their answers."""
        sent = [self.next_entry() for _ in range(self.chooser.randint(1, 4))]
        try:
            self.connected()
            by_number = {}
            for entry in sent:
                self.wire.send(self.wire.request(entry.method, request_id=entry.request_id, **entry.fields))
                by_number[self.wire.last_id] = entry
            while by_number:
                number, message = self.wire.answer()
                self.take(by_number.pop(number), message)
        except (Closed, OSError) as lost:
            self.hang_up()
            if isinstance(lost, Closed) and lost.reason not in (None, "draining", "store-unavailable"):
                self.faults.append(f"dismissed: {lost.reason}")
        unanswered = [entry for entry in sent if entry.answer is None]
        self.unsure.extend(entry for entry in unanswered if self.chooser.random() < 0.5)
        if unanswered:
            time.sleep(0.05)

    def next_entry(self):
        if self.unsure:
            return self.unsure.popleft()
        if self.class_number is None or self.chooser.random() < 0.3:
            entry = Entry(OPEN, CLASS | {"capacity": 2000})
        else:
            rows = samples.trainees(self.chooser.randint(1, 5))
            entry = Entry(IMPORT, {"class_number": self.class_number, "row": rows})
        self.note("sent", entry)
        self.entries.append(entry)
        return entry

    def note(self, what, entry):
        """On the disk before anything is sent."""
        self.file.write(f"{what} {entry.method} {entry.request_id.hex()} {entry.rows}\n")
        self.file.flush()
        os.fsync(self.file.fileno())

    def take(self, entry, message):
        if isinstance(message, Refused):
            self.refusals[message.reason] += 1
            if message.code not in PASSING:
                self.faults.append(f"{entry.method}: {message.code} {message.reason}")
            return
        self.note("acknowledged", entry)
        if entry.answer is not None and entry.answer != message:
            self.faults.append(f"{entry.method} {entry.request_id.hex()}: another answer the second time")
        entry.answer = message
        self.acknowledged += 1
        if entry.method == OPEN:
            self.class_number = class_pb2.ClassOpenResponse.FromString(message).number

    # ---- its line ----

    def connected(self):
        if self.wire is None:
            self.wire = Wire(self.profile)

    def hang_up(self):
        if self.wire is not None:
            self.wire.close()
            self.wire = None

    # ---- afterwards ----

    def settle(self):
        """Every write again with its request id, until it is answered: the retry tells the truth. Returns how many had
        not been acknowledged before."""
        left = sum(entry.answer is None for entry in self.entries)
        waiting, until = collections.deque(self.entries), time.monotonic() + RETRY_S
        while waiting:
            assert time.monotonic() < until, f"{len(waiting)} writes without an answer within {RETRY_S} s"
            self.settle_some([waiting.popleft() for _ in range(min(len(waiting), TOGETHER))], waiting)
        self.hang_up()
        return left

    def settle_some(self, entries, waiting):
        """Whoever gets no sure answer waits again."""
        left = dict(enumerate(entries, 1))
        try:
            self.connected()
            self.wire.send(b"".join(self.wire.request(entry.method, entry.request_id, frame_number=number, **entry.fields)
                                    for number, entry in left.items()))
            for _ in entries:
                number, message = self.wire.answer()
                if isinstance(message, Refused):
                    assert message.code in PASSING, f"{left[number].method}: {message.code} {message.reason}"
                    continue
                entry = left.pop(number)
                assert entry.answer in (None, message), f"{entry.request_id.hex()}: another answer when repeated"
                entry.answer = message
        except (Closed, OSError):
            self.hang_up()
        waiting.extend(left.values())


class Office:
    """Several clerks of one institution, and what the database must hold after them."""

    def __init__(self, stack, profile, chooser, clerks):
        self.stack = stack
        self.profile = profile
        self.chooser = chooser
        self.n = clerks
        self.clerks = []

    def open(self):
        self.clerks = [Clerk(self.profile, self.stack.folder, random.Random(self.chooser.random())) for _ in range(self.n)]
        for clerk in self.clerks:
            clerk.start()

    def acknowledged(self):
        return sum(clerk.acknowledged for clerk in self.clerks)

    @property
    def refusals(self):
        """How often which reason was given."""
        return sum((clerk.refusals for clerk in self.clerks), collections.Counter())

    def faults(self):
        return [fault for clerk in self.clerks for fault in clerk.faults]

    def progress(self, seconds):
        """Waits for one more acknowledgement."""
        before, until = self.acknowledged(), time.monotonic() + seconds
        while self.acknowledged() == before:
            assert not self.faults(), self.faults()[:5]
            assert any(clerk.is_alive() for clerk in self.clerks), "every clerk has gone home"
            if time.monotonic() > until:
                raise TimeoutError(f"nothing was acknowledged for {seconds} s")
            time.sleep(0.005)

    def close(self):
        for clerk in self.clerks:
            clerk.stopping = True
        for clerk in self.clerks:
            clerk.join(60)
            assert not clerk.is_alive()
        assert not self.faults(), self.faults()[:5]

    # ---- the books ----

    def stored(self):
        """Rows in the registry by request id."""
        lines = self.stack.sql(
            "SELECT replace(request_id::text, '-', ''), count(*) FROM registry.enrolment GROUP BY 1 UNION ALL "
            "SELECT replace(request_id::text, '-', ''), count(*) FROM registry.class_version WHERE version = 1 GROUP BY 1")
        return {bytes.fromhex(key): int(n) for key, n in (line.split("|") for line in lines.splitlines())}

    def audit(self):
        """What was acknowledged is stored once, what was not at most once, before and after every write is repeated.
        Returns how many there were of each."""
        entries = [entry for clerk in self.clerks for entry in clerk.entries]
        stored = self.stored()
        happened = 0
        for entry in entries:
            has = stored.get(entry.request_id, 0)
            may = (0, entry.rows) if entry.answer is None else (entry.rows,)
            assert has in may, f"{entry.method} {entry.request_id.hex()}: {has} stored, should be {may}"
            happened += entry.answer is None and has > 0
        unsure = sum(clerk.settle() for clerk in self.clerks)
        stored = self.stored()
        wrong = [entry for entry in entries if stored.get(entry.request_id, 0) != entry.rows]
        assert not wrong, [(entry.method, entry.rows, stored.get(entry.request_id)) for entry in wrong[:5]]
        self.audit_trail()
        return {"acknowledged": len(entries) - unsure, "unsure": unsure, "of these stored": happened}

    def audit_trail(self):
        """One entry for each enrolment, one mark for each request, as many classes as numbers given out."""
        sql = self.stack.sql
        assert sql("SELECT count(*) FROM (SELECT person_id FROM audit.entry WHERE person_id IS NOT NULL EXCEPT ALL "
                   "SELECT person_id FROM registry.enrolment) x") == "0", "an entry without its enrolment"
        assert sql("SELECT count(*) FROM (SELECT person_id FROM registry.enrolment EXCEPT ALL "
                   "SELECT person_id FROM audit.entry WHERE person_id IS NOT NULL) x") == "0", "an enrolment without its entry"
        assert sql("SELECT count(*) FROM registry.class WHERE enrolled <> (SELECT count(*) FROM registry.enrolment e "
                   "WHERE e.class_number = class.class_number)") == "0", "a class that counts wrong"
