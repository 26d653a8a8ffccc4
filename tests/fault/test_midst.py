# SPDX-License-Identifier: Apache-2.0
"""A worker is killed in the midst of a request, when some of it is written and none of it is certain. What the database has begun it ends by
itself, or not at all; the same request, which comes again meanwhile, is answered as if it had come once, and money and rows of registers are
where they would be then (F14, H20)."""

import concurrent.futures
import os
import random
import signal

import bank_simulator
import pytest
import snapshot_pb2
from claims import day
from conftest import stack_in
from people import resident
from postgres import Session
from test_money import Books, Desk, Official, Operation, found, give, nothing_in_the_logs, prepare, whole
from waiting import until
from wire import Wire, read_profile

ROWS = 300


class Steady(random.Random):
    """Chooses nothing stale and nobody wrong."""

    def random(self):
        return 0.99


class Midst:
    """A desk, an official who repeats what got no answer, and who kills the worker."""

    def __init__(self, stack):
        self.stack, self.desk = stack, Desk(stack, Steady())
        self.official, self.pool = Official(self.desk), concurrent.futures.ThreadPoolExecutor(1)
        wires = []

        def wire(who):
            wires.append(Wire(read_profile(stack.profiles / who)))
            return wires[-1]

        prepare(self.desk, wire)
        for one in wires:
            one.close()
        self.claims = iter([c for c in self.desk.model.claims.values() if id(c) not in self.desk.busy])
        give(self.desk, self.do, sum(c.fen for c in self.desk.model.claims.values()))

    def do(self, operation):
        operation.take(self.official.do(operation))

    def at_work(self, function):
        """The backends that execute a function and wait for a lock."""
        return set(self.stack.sql(f"SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{function}%' AND pid <> pg_backend_pid()").split())

    def killed(self, operation, table, ends):
        """The operation, whose worker is killed when its statement is to write to a table; `ends`: it is left to end by itself."""
        function = "api." + operation.method.replace(".", "_")
        with Session(self.stack.postgres) as holds:
            holds.sql(f"BEGIN; LOCK TABLE {table} IN SHARE MODE")
            asking = self.pool.submit(self.official.do, operation)
            first = until(lambda: self.at_work(function))
            for pid in self.stack.workers():
                os.kill(pid, signal.SIGKILL)
            if not ends:
                self.stack.sql(f"SELECT pg_terminate_backend({min(first)})")
            until(lambda: self.at_work(function) - first)
            holds.sql("ROLLBACK")
        operation.take(asking.result())

    def batch(self, n=3):
        """A batch that is not sent, with approved claims."""
        claims = [next(self.claims) for _ in range(n)]
        self.do(self.desk.step("approve", claims, self.desk.who("approver")))
        self.do(self.desk.made_by(self.desk.who("payer")))
        batch = list(self.desk.model.batches.values())[-1]
        self.do(self.desk.into(batch, claims))
        assert len(batch.waiting) == n
        return batch

    def agree(self):
        Books(self.desk, self.official).agree()
        nothing_in_the_logs(self.stack)


@pytest.fixture(scope="module")
def midst(tmp_path_factory):
    with stack_in(tmp_path_factory.mktemp("midst"), workers=1, database_connections=3) as stack:
        found(stack)
        made = Midst(stack)
        yield made
        made.official.hang_up()


ways = pytest.mark.parametrize("ends", [True, False], ids=["the-statement-ends", "the-statement-is-gone"])


@ways
def test_F14_a_batch_is_sent_once(midst, ends):
    batch = midst.batch()
    midst.killed(midst.desk.going(batch), "registry.payment_batch", ends)
    assert batch.sent and midst.stack.sql(f"SELECT lines FROM registry.payment_batch WHERE batch_id = '{batch.batch_id.hex()}'") == "3"
    midst.do(midst.desk.leaving(batch))
    midst.agree()


@ways
def test_F14_what_the_bank_answers_is_taken_once(midst, ends):
    batch = midst.batch()
    midst.do(midst.desk.going(batch))
    midst.do(midst.desk.leaving(batch))
    results = (bank_simulator.PAID, bank_simulator.REFUSED, bank_simulator.RETURNED)
    rows = [midst.desk.bank.answer(batch.reference, line, result) for line, result in zip(batch.lines, results)]
    midst.killed(midst.desk.answer(batch, rows, "payer3"), "registry.journal", ends)
    midst.agree()


class Register:
    """A register whose rows come by a request."""

    def __init__(self, midst):
        self.midst = midst
        self.answer = None
        head = {"source": snapshot_pb2.REGISTER_SCHOOL, "division": "370200", "as_of": day(), "complete": False, "rows": ROWS, "file_digest": os.urandom(32), "issuer": "示例签发"}
        midst.do(self.asking("snapshot.open", head))
        self.snapshot_id = self.answer.snapshot_id

    def asking(self, method, fields):
        def take(answer):
            assert not whole(answer), whole(answer)
            self.answer = answer
        return Operation("agency", method, fields, [], take)

    def loading(self):
        rows = [{"row": n + 1, "name": "示例人", "document_number": resident(n)} for n in range(ROWS)]
        return self.asking("snapshot.load", {"snapshot_id": self.snapshot_id, "row": rows})

    def closing(self):
        return self.asking("snapshot.close", {"snapshot_id": self.snapshot_id, "malformed": 0})

    def rows(self):
        return self.midst.stack.sql(f"SELECT count(r.row) || ' ' || (s.closed_at IS NOT NULL) FROM registry.snapshot s LEFT JOIN registry.snapshot_row r USING (snapshot_id) "
                                    f"WHERE s.snapshot_id = '{self.snapshot_id.hex()}' GROUP BY s.closed_at")


@ways
def test_H20_rows_of_a_register_come_once(midst, ends):
    register = Register(midst)
    midst.killed(register.loading(), "registry.snapshot_row", ends)
    assert (register.answer.done, register.answer.unchanged, register.rows()) == (ROWS, 0, f"{ROWS} false")
    midst.do(register.closing())
    assert register.rows() == f"{ROWS} true"


@ways
def test_H20_a_register_is_whole_once(midst, ends):
    register = Register(midst)
    midst.do(register.loading())
    midst.killed(register.closing(), "registry.snapshot", ends)
    assert (register.answer.rows, register.answer.malformed, register.rows()) == (ROWS, 0, f"{ROWS} true")
    nothing_in_the_logs(midst.stack)
