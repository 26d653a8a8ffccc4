# SPDX-License-Identifier: Apache-2.0
"""Two requests about the same at the same instant, of the real functions: the second asks while the first has done its work and holds
what it holds, or both are in the midst of theirs. Whichever way it goes there is exactly one: what was seen is what was written, the
records and the ledgers agree to the fen, and nobody waits in a circle (F4, F12, F15, E7, C5)."""

import concurrent.futures
import contextlib
import itertools
import pathlib
import re
import time

import pytest
from conftest import BINARIES, ROOT
from postgres import Failed, Session
from stack import Stack
from waiting import until

SQL = ROOT / "tests/sql"
CLAIM, TRANCHE = 1, 2
AGAIN = re.compile("duplicate key value|two requests of a set|others have taken the looks")  # what the daemon asks again for


class World:
    """A database, and what comes into it: each with a number of its own."""

    def __init__(self, stack):
        self.stack, self.postgres = stack, stack.postgres
        self.classes, self.numbers, self.persons = itertools.count(2, 2), itertools.count(100_000, 10), itertools.count(1)
        self.years = itertools.count(80, 10)  # to put between now and ledgers that are of no use any more
        self.session = Session(self.postgres)

    def sql(self, text):
        return self.session.sql(text)

    def asked(self, text, expected="1"):
        assert (got := self.sql(f"SELECT {text}")) == expected, f"{text}: {got}"

    def number(self):
        return next(self.numbers)

    def people(self, n):
        return list(itertools.islice(self.persons, n))

    def trained(self, people):
        """The number of a class that they completed."""
        found = self.sql(f"SELECT model.trained({next(self.classes)}, ARRAY{people})")
        assert self.sql(f"SELECT count(*) FROM registry.enrolment WHERE class_number = {found} AND result = 1") == str(len(people))
        return int(found)

    def running(self, people):
        """A project that may be carried out."""
        project = self.number()
        self.asked(f"model.call({project})")
        self.asked(f"model.running({self.number()}, {project}, {self.trained(people)})", "1 2; 1 3; 1 4; 1 5; 1 5")
        return project

    def granted(self):
        """A project whose advance is approved."""
        project = self.running(self.people(1))
        self.asked(f"model.take({self.number()}, {project}, 8, 34)", "1 6")
        self.asked(f"model.take({self.number()}, {project}, 17, 10)", "1 6 1 90000")
        self.asked(f"model.decide({self.number()}, {project}, 18, 34, 1)")
        self.asked(f"model.decide({self.number()}, {project}, 19, 11, 4)")
        return project

    def claimed(self, fen=150_000):
        """A claim that may be approved."""
        [person], claim = self.people(1), self.number()
        number = self.trained([person])
        self.sql(f"SELECT model.certified({claim}, {person}, {number}), model.claimed({claim}, {person}, {number}, {fen})")
        return claim

    def subject(self, kind):
        """What may be paid: a claim or a tranche, of which nothing is in a batch."""
        return f"model.tranche({self.granted()})" if kind == TRANCHE else f"model.u({self.approved()})"

    def approved(self):
        """An approved claim."""
        self.asked(f"model.decide_claim({self.number()}, {(claim := self.claimed())}, 8, 44)")
        return claim

    def sent(self, claim):
        """A batch that is sent, with this claim."""
        batch = self.batch(CLAIM, f"model.u({claim})")
        self.asked(f"model.send({self.number()}, {batch})")
        return batch

    def suspending(self, project):
        """The request that suspends a project."""
        return f"model.take({self.number()}, {project}, 13, 34)"

    def batch(self, kind, *subjects):
        """A batch with these lines."""
        batch = self.number()
        self.asked(f"model.batch({batch})")
        if subjects:
            self.asked(f"model.add({self.number()}, {batch}, {kind}, ARRAY[{', '.join(subjects)}])", " ".join("1" for _ in subjects))
        return batch

    def settled(self):
        """All agrees, and nobody waited in a circle."""
        assert self.sql("SELECT string_agg(d::text, ' ') FROM helper.reconcile('370000') d") == ""
        assert self.sql("SELECT count(*) FROM registry.ledger_share WHERE least(available, committed, spent) < 0") == "0"
        log = self.postgres.log.read_text(errors="replace")
        assert "deadlock detected" not in log and "violates check" not in log


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp("races"), BINARIES)
    try:
        stack.postgres.start()
        stack.postgres.create_database()
        stack.configure()
        stack.command("migrate")
        files = [*(SQL / f"{name}.psql" for name in ("fixture", "project", "money")), pathlib.Path(__file__).with_name("races.sql")]
        stack.sql("CREATE SCHEMA model;" + "".join(file.read_text().replace("pg_temp.", "model.") for file in files))
        made = World(stack)
        for words in ("move({}, 1, 1000000000)", "receive({}, 1, 1000000000)", "receive({}, 2, 1000000000)"):
            made.asked(f"model.{words.format(made.number())}", "1 1" if "move" in words else "1")
        with made.session:
            yield made
    finally:
        stack.postgres.remove()
        stack.remove()


# ---- how two meet ----


class Asking:
    """A request on a connection of its own, whose answer may wait for others."""

    def __init__(self, world, text):
        self.world, self.text = world, text
        self.pid = None
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.answer = self.pool.submit(self.ask)

    def ask(self):
        while True:
            with Session(self.world.postgres) as session:
                self.pid = session.sql("SELECT pg_backend_pid()")
                try:
                    return session.sql(f"SELECT {self.text}")
                except Failed as failed:
                    if not AGAIN.search(str(failed)):
                        raise

    def stands(self):
        """It is answered, or waits for somebody."""
        return self.answer.done() or self.pid and self.world.sql(
            f"SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = {self.pid}") == "t"

    def begun(self):
        until(self.stands)
        return self


def one_holds(world, first, second):
    """The second asks before the first, which is done, is written."""
    with Session(world.postgres) as session:
        session.sql("BEGIN")
        told = session.sql(f"SELECT {first}")
        asking = Asking(world, second).begun()
        session.sql("COMMIT")
        return told, asking.answer.result()


def other_holds(world, first, second):
    return one_holds(world, second, first)[::-1]


def both_hold(table):
    """Both come as far as they can without writing to a table."""
    def way(world, first, second):
        with contextlib.ExitStack() as held:
            session = held.enter_context(Session(world.postgres))
            session.sql(f"BEGIN; LOCK TABLE {table} IN SHARE MODE")
            asked = [Asking(world, text).begun() for text in (first, second)]
            session.sql("ROLLBACK")
            return tuple(asking.answer.result() for asking in asked)
    way.__name__ = f"both_hold_{table}"
    return way


ALWAYS = (one_holds, other_holds, both_hold("audit.entry"))


def ways(*tables):
    return pytest.mark.parametrize("way", [*ALWAYS, *map(both_hold, tables)], ids=lambda way: way.__name__)


# ---- places (E7, B3) ----


@ways("registry.project_head", "registry.claim_place", "registry.claim_once")
def test_E7_one_person_is_a_head_of_two_projects_frozen_at_once(world, way):
    people = world.people(4)
    projects = [world.running(people), world.running(people[::-1])]
    assert way(world, *(f"model.take({world.number()}, {project}, 8, 34)" for project in projects)) == ("1 6", "1 6")
    counted = world.sql(f"SELECT count(*) || ' ' || count(DISTINCT person_id) FROM registry.project_head WHERE counted AND project_id IN (model.u({projects[0]}), model.u({projects[1]}))")
    assert counted == "4 4", "each counts once"
    assert world.sql(f"SELECT sum(counted) || ' ' || sum(total_fen) FROM registry.project WHERE project_id IN (model.u({projects[0]}), model.u({projects[1]}))") == "4 600000"
    world.settled()


@ways("registry.claim_place", "registry.claim_once")
def test_E7_B3_a_claim_and_a_freeze_for_one_person_and_occupation(world, way):
    [person], claim = world.people(1), world.number()
    project = world.running([person])
    world.sql(f"SELECT model.certified({claim}, {person}, (SELECT class_number FROM registry.project_class WHERE project_id = model.u({project})))")
    told = way(world, f"model.submit({world.number()}, {claim}, {claim})", f"model.take({world.number()}, {project}, 8, 34)")
    there = world.sql(f"SELECT count(claim_id) || ' ' || (SELECT counted FROM registry.project WHERE project_id = model.u({project})) FROM registry.claim_once WHERE person_id = model.person({person})")
    assert (told, there) in ((("1", "1 6"), "1 0"), (("116", "1 6"), "0 1")), (told, there)
    world.settled()


# ---- looks (D2) ----


@ways("registry.look_hour")
def test_D2_one_look_is_left_for_two_guesses(world, way):
    """Of those who are judged at the same instant, one takes it."""
    if time.time() % 3600 > 3540:  # the hour must not turn meanwhile
        time.sleep(3601 - time.time() % 3600)
    world.sql("DELETE FROM registry.look_hour; INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'masked_looks_hour', 1, '1950-01-01', 'one')")
    try:
        told = way(world, *(f"model.revoked({world.number()}, {world.number()})" for _ in range(2)))
        assert sorted(told) == ["62", "82"], told
        assert world.sql("SELECT string_agg(masked || ' ' || refused, '; ') FROM registry.look_hour") == "1 1"
    finally:
        world.sql("DELETE FROM registry.policy WHERE citation = 'one'; DELETE FROM registry.look_hour")


# ---- money (F2, F4, F12) ----


MUCH = 2_000_000_000  # fen: more than this year's ledger of source 3 has


@contextlib.contextmanager
def last_year(world):
    """Asks on the last day of last year, of which source 1 has a ledger; this year's is not there yet."""
    years = next(world.years)
    for table in ("ledger", "fund_move"):
        world.sql(f"UPDATE registry.{table} SET year = year + {years} WHERE source = 1 AND year < 2100")
    world.sql("SELECT set_config('model.ago', extract(doy FROM helper.today())::text, false)")
    try:
        world.asked(f"model.move({world.number()}, 1, {MUCH + 150_000}, 1)", "1 1")
        yield
    finally:
        world.sql("RESET model.ago")


def carrying(world):
    """The request that puts in force what one has proposed: to carry the ledger of last year to this, in which a fen is already."""
    proposal = world.number()
    world.asked(f"model.move({world.number()}, 1, 1, 1)", "1 1")
    world.asked(f"model.propose({proposal}, 4, NULL, 1, model.year() - 1)")
    return f"model.enforce({world.number()}, {proposal})"


def balance(world, source=1):
    """Of the city's ledgers of a source: years ago, what is available, what is committed."""
    return world.sql("SELECT string_agg(concat_ws(' ', model.year() - l.year, s.available, s.committed), '; ' ORDER BY l.year) FROM registry.ledger l "
                     "CROSS JOIN LATERAL (SELECT sum(available) AS available, sum(committed) AS committed FROM registry.ledger_share s WHERE s.ledger_id = l.ledger_id) s "
                     f"WHERE l.source = {source} AND l.division = '370100' AND l.year < 2100")


@ways()
def test_F2_F4_an_approval_while_the_year_is_carried(world, way):
    with last_year(world):
        pass
    claim, carry = world.claimed(MUCH), carrying(world)
    told = way(world, f"model.decide_claim({world.number()}, {claim}, 8, 44)", carry)
    if told == ("1", "1"):
        assert (balance(world), world.sql(f"SELECT model.claim({claim})")) == (f"1 0 0; 0 150001 {MUCH}", "6 1")
    else:
        assert told == ("241", "1"), "before the carry there is too little"
        assert (balance(world), world.sql(f"SELECT model.claim({claim})")) == (f"1 0 0; 0 {MUCH + 150_001} 0", "5")
    world.settled()


@ways()
def test_F2_F4_a_rejection_while_the_year_is_carried(world, way):
    claim = world.claimed()
    with last_year(world):
        world.asked(f"model.decide_claim({world.number()}, {claim}, 8, 44)")
        assert balance(world) == f"0 {MUCH} 150000"
    told = way(world, f"model.decide_claim({world.number()}, {claim}, 9, 45)", carrying(world))
    assert (told, balance(world)) == (("1", "1"), f"1 0 0; 0 {MUCH + 150_001} 0"), "what is released is available once, whichever ledger it was in"
    assert world.sql(f"SELECT model.claim({claim})") == "8 4"
    world.settled()


def moving(world, kind, fen, source):
    proposal = world.number()
    world.asked(f"model.propose({proposal}, {kind}, {fen}, {source})")
    return f"model.enforce({world.number()}, {proposal})"


@ways()
def test_F7_two_transfers_of_what_is_enough_for_one(world, way):
    had = int(world.sql("SELECT coalesce(sum(c.treasury), 0) FROM registry.ledger l JOIN registry.ledger_cash c USING (ledger_id) WHERE l.source = 6 AND l.division = '370100'"))
    world.asked(f"model.move({world.number()}, 1, {1_000_000 - had}, 6)", "1 1")
    world.asked(f"model.receive({world.number()}, 1, {1_000_000 - had}, 6)")
    told = way(world, moving(world, 2, 700_000, 6), moving(world, 2, 700_000, 6))
    assert sorted(told) == ["1", "241"] and balance(world, 6) == "0 300000 0"
    world.settled()


@ways()
def test_F12_two_withdrawals_from_a_reserve_that_is_enough_for_one(world, way):
    world.asked(f"model.reserve({world.number()}, 100000000)")
    told = way(world, moving(world, 3, 70_000_000, 3), moving(world, 3, 70_000_000, 3))
    assert sorted(told) == ["1", "301"]
    assert world.sql("SELECT judged || ' ' || allowed_fen FROM api.fund_months(ARRAY[model.u(43)], '{NULL}', '{NULL}', '{30000000}', '{0}')") == "1 30000000", "what is left"
    world.settled()


def test_F2_what_is_owed_comes_back_while_the_year_of_its_payment_is_carried(world):
    project = world.running(world.people(1))
    world.asked(f"model.take({world.number()}, {project}, 8, 34)", "1 6")
    world.asked(f"model.take({world.number()}, {project}, 17, 10)", "1 6 1 90000")
    world.asked(f"model.decide({world.number()}, {project}, 18, 34, 1)")
    with last_year(world):
        world.asked(f"model.decide({world.number()}, {project}, 19, 11, 4)")
        for receipt in (1, 2):
            world.asked(f"model.receive({world.number()}, {receipt}, 90000, 1)")
    batch, proposal = world.batch(TRANCHE, f"model.tranche({project})"), world.number()
    world.asked(f"model.send({world.number()}, {batch})")
    world.asked(f"model.answer({world.number()}, {batch}, 3)")
    world.sql(f"UPDATE registry.charge SET paid_on = paid_on - 366 WHERE subject_id = model.tranche({project})")
    world.asked(f"model.adjust({world.number()}, {project}, 9, 34, (SELECT class_number FROM registry.project_class WHERE project_id = model.u({project})), ARRAY[1])", "1: 1")
    world.asked(f"model.propose({proposal}, 4, NULL, 1, model.year() - 1)")
    with Session(world.postgres) as session:  # of the ledger they both need the last share
        session.sql("BEGIN; SELECT FROM registry.ledger_share s JOIN registry.ledger l USING (ledger_id) WHERE l.source = 1 AND l.year = model.year() - 1 AND s.share = 15 FOR UPDATE OF s")
        back = Asking(world, f"model.take({world.number()}, {project}, 16, 21, tranche => model.tranche({project}), fen => 90000)").begun()
        carry = Asking(world, f"model.enforce({world.number()}, {proposal})").begun()
        session.sql("ROLLBACK")
        assert (back.answer.result(), carry.answer.result()) == ("1 12 90000", "1")
    world.settled()


# ---- batches (C5, F8, F14, F15) ----


def lines(world, *batches):
    return world.sql(f"SELECT string_agg(state::text, ' ') FROM registry.batch_line WHERE batch_id IN ({', '.join(f'model.u({b})' for b in batches)})")


@ways("registry.batch_line")
@pytest.mark.parametrize("kind", [CLAIM, TRANCHE], ids=["claim", "tranche"])
def test_C5_two_batches_for_one_subject(world, way, kind):
    subject, batches = world.subject(kind), [world.batch(kind), world.batch(kind)]
    told = way(world, *(f"model.add({world.number()}, {batch}, {kind}, ARRAY[{subject}])" for batch in batches))
    assert sorted(told) == ["1", "14"], "who saw it before it was in the other does not get it"
    assert lines(world, *batches) == "1" and lines(world, batches[told.index("1")]) == "1"
    world.settled()


@ways()
def test_F8_two_batches_from_an_account_that_holds_enough_for_one(world, way):
    spare = int(world.sql("SELECT c.expenditure - c.sent - 200000 FROM registry.ledger l JOIN registry.ledger_cash c USING (ledger_id) WHERE l.source = 3 AND l.division = '370100' AND l.year = model.year()"))
    world.asked(f"model.receive({world.number()}, 4, {spare})")
    batches = [world.batch(CLAIM, world.subject(CLAIM)) for _ in range(2)]
    told = way(world, *(f"model.send({world.number()}, {batch})" for batch in batches))
    assert sorted(told) == ["1", "260"] and lines(world, batches[told.index("1")]) == "2"
    world.settled()
    world.asked(f"model.receive({world.number()}, 2, {spare})")


@ways()
@pytest.mark.parametrize("answer, becomes", [(3, "7 2 3"), (4, "6 1 4"), (6, "6 3 6")], ids=["paid", "refused", "returned"])
def test_F14_F15_the_bank_answers_while_a_claim_is_suspended(world, way, answer, becomes):
    batch = world.sent(claim := world.approved())
    told = way(world, f"model.answer({world.number()}, {batch}, {answer})", f"model.decide_claim({world.number()}, {claim}, 12, 43)")
    assert told in (("1", "125"), ("1", "14")), "what is at the bank is not suspended; nor is what came back since, unseen"
    assert world.sql(f"SELECT model.claim({claim})") == becomes
    world.settled()


@ways()
def test_F14_the_bank_returns_while_a_claim_is_clawed_back(world, way):
    batch = world.sent(claim := world.approved())
    world.asked(f"model.answer({world.number()}, {batch}, 3)")
    told = way(world, f"model.answer({world.number()}, {batch}, 6)", f"model.decide_claim({world.number()}, {claim}, 14, 45)")
    there = world.sql(f"SELECT model.claim({claim})")
    assert (told, there) in ((("1", "1"), "11 5 6"), (("1", "14"), "6 3 6")), (told, there)
    world.settled()


@ways("registry.journal", "registry.batch_answer")
def test_F14_the_bank_returns_what_is_owed_while_it_answers_for_another_line(world, way):
    project, claim, batch = world.granted(), world.approved(), world.batch(CLAIM)
    for kind, subject in (CLAIM, f"model.u({claim})"), (TRANCHE, f"model.tranche({project})"):
        world.asked(f"model.add({world.number()}, {batch}, {kind}, ARRAY[{subject}])")
    world.asked(f"model.send({world.number()}, {batch})")
    world.asked(f"model.answer({world.number()}, {batch}, 3, 2)")
    world.asked(f"model.adjust({world.number()}, {project}, 9, 34, (SELECT class_number FROM registry.project_class WHERE project_id = model.u({project})), ARRAY[1])", "1: 1")
    told = way(world, f"model.answer({world.number()}, {batch}, 6, 2)", f"model.answer({world.number()}, {batch}, 3, 1)")
    assert told == ("1", "1")
    assert world.sql(f"SELECT model.project({project}) || ', ' || model.claim({claim})") == "12 8 5 6, 7 2 3", "the right to it is lost; the other is paid"
    world.settled()


@ways()
def test_B1_a_certificate_is_revoked_while_its_claim_is_sent(world, way):
    claim = world.approved()
    batch = world.batch(CLAIM, f"model.u({claim})")
    told = way(world, f"model.send({world.number()}, {batch})", f"model.revoke({world.number()}, {claim})")
    there = world.sql(f"SELECT model.claim({claim})")
    expected = (("259", "1"), "10 1") if way is other_holds else (("1", "1"), "13 1 2")
    assert (told, there) == expected, "whoever comes second knows of the first"
    world.settled()


@ways()
def test_F15_a_project_is_suspended_while_its_tranche_enters_a_batch(world, way):
    project, batch = world.granted(), world.batch(TRANCHE)
    told = way(world, f"model.add({world.number()}, {batch}, 2, ARRAY[model.tranche({project})])", world.suspending(project))
    there = world.sql(f"SELECT model.project({project})")
    assert (told, there) in ((("1", "14"), "6 12 1 1"), (("125", "1 11"), "11 6 1")), (told, there)
    if told[0] == "1":
        world.asked(world.suspending(project), "1 11")
        assert world.sql(f"SELECT model.project({project})") == "11 6 1", "what entered before has left"
    world.settled()


@ways()
def test_F15_a_project_is_suspended_while_its_tranche_is_sent(world, way):
    project = world.granted()
    batch = world.batch(TRANCHE, f"model.tranche({project})")
    told = way(world, f"model.send({world.number()}, {batch})", world.suspending(project))
    there = world.sql(f"SELECT model.project({project})")
    assert (told, there) in ((("1", "14"), "6 13 1 2"), (("259", "1 11"), "11 6 1")), (told, there)
    world.settled()
