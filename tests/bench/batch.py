# SPDX-License-Identifier: Apache-2.0
"""A batch of payments on its way to the bank and back, by the command line: sent, exported as the bank's file, its answer read in;
beside it the same calls of the functions by pgbench."""

import json
import math
import statistics
import time

from baseline import FRESH, HEAD, NEXT, pgbench, who
from postgres import Failed

ROWS = ("batch-send", "batch-export", "batch-reply")

# A year's ledger of the city with money in both accounts.
MONEY = """
UPDATE registry.policy SET value = 1 WHERE division = '370100' AND name = 'special_account';
WITH made AS (INSERT INTO registry.ledger (division, source, year) SELECT '370100', 3, extract(year FROM helper.today())
               WHERE NOT EXISTS (SELECT FROM registry.ledger WHERE division = '370100' AND source = 3) RETURNING ledger_id),
     shares AS (INSERT INTO registry.ledger_share (ledger_id, share) SELECT ledger_id, n FROM made, generate_series(0, 15) n)
INSERT INTO registry.ledger_cash (ledger_id) SELECT ledger_id FROM made;
INSERT INTO registry.journal (posting_id, ledger_id, event, layer, debit, credit, amount_fen, operator_id, request_id)
SELECT gen_random_uuid(), ledger_id, e.event, e.layer, e.debit, e.credit, {fen}, gen_random_uuid(), gen_random_uuid()
  FROM registry.ledger, (VALUES (1, 1, 101, 100), (3, 2, 1001, 4001)) e(event, layer, debit, credit) WHERE division = '370100' AND source = 3;
INSERT INTO registry.journal (posting_id, ledger_id, event, layer, debit, credit, amount_fen, operator_id, request_id)
SELECT gen_random_uuid(), ledger_id, 6, 2, 1002, 1001, {fen}, gen_random_uuid(), gen_random_uuid()
  FROM registry.ledger WHERE division = '370100' AND source = 3;
"""
# Claims that are in the batch, of people who are only numbers; the log is not told, which is not what is measured.
LINES = """
SET session_replication_role = replica;
CREATE UNLOGGED TABLE bench.line AS SELECT gen_random_uuid() AS claim_id, gen_random_uuid() AS person_id, gen_random_uuid() AS certificate_id
  FROM generate_series(1, {n});
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed, commitment, request_id)
SELECT certificate_id, sha256(uuid_send(certificate_id)), 4, person_id, g.organisation_id, -1, '4-10-01-06', 2, helper.today() - 9, 's', sha256('c'), person_id
  FROM bench.line, registry.organisation g WHERE g.organisation_id = '{organisation}';
INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type, request_id, sealed, commitment, result)
SELECT -1, person_id, claim_id, row_number() OVER () + (SELECT coalesce(max(seat), 0) FROM registry.enrolment WHERE class_number = -1), 1, 1, person_id, 's', sha256('c'), 1 FROM bench.line;
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level, certificate_kind,
                            trainee_group, year, amount_fen, state, publicity_until, publicity_days, shown, submitted_by, reviewed_by, approved_by)
SELECT claim_id, person_id, certificate_id, -1, '{organisation}', '370100', 3, 'BENCH-1', '4-10-01-06', 2, 4, 1, 2026, 150000, 12, helper.today(), 5, '{{}}',
       claim_id, person_id, certificate_id FROM bench.line;
INSERT INTO registry.claim_line (claim_id, line, standard_id, rate_fen, amount_fen) SELECT claim_id, 1, claim_id, 150000, 150000 FROM bench.line;
INSERT INTO registry.batch_line (batch_id, subject_kind, subject_id, amount_fen, payee_id, account_index, request_id)
SELECT '{batch}', 1, claim_id, 150000, p.payee_id, p.account_index, claim_id
  FROM bench.line, (SELECT * FROM registry.payee WHERE organisation_id = '{organisation}' LIMIT 1) p;
SET session_replication_role = origin;
SELECT count(*) FROM (SELECT array_agg(claim_id) AS ids FROM bench.line) x, LATERAL helper.money_commit(
    array_fill(1::int2, ARRAY[{n}]), x.ids, array_fill(1::int2, ARRAY[{n}]), array_fill('370100'::text, ARRAY[{n}]), array_fill(1::int2, ARRAY[{n}]),
    array_fill(1::int2, ARRAY[{n}]), array_fill(4::int2, ARRAY[{n}]), array_fill(150000::int8, ARRAY[{n}]), x.ids, x.ids) m WHERE m.outcome = 1;
DROP TABLE bench.line;
ANALYZE registry.batch_line; ANALYZE registry.claim; ANALYZE registry.charge;
"""

PART = 2000  # lines of a page of an export, and of a reading
CONNECTIONS = 2  # as many as mingced has to the database
# What pgbench does of the same calls, with what the daemon makes ready-made.
SEND = """SELECT s.* FROM {fresh}, LATERAL api.batch_send(
    ARRAY[q.id], ARRAY[:commitment::bytea], ARRAY[:operator::uuid], ARRAY[{head}], ARRAY[:batch::uuid], ARRAY[:lines::int4], ARRAY[:fen::int8]) s;
"""
EXPORT = NEXT + """SELECT e.* FROM {fresh}, LATERAL api.batch_export(
    ARRAY[:operator::uuid], ARRAY[{head}], ARRAY[:batch::uuid], ARRAY[:i::int4 * {part}], ARRAY[{part}]) e;
"""
ANSWERS = """
DROP TABLE IF EXISTS bench.answers;
CREATE UNLOGGED TABLE bench.answers AS
SELECT q.n, q.id AS request_id, array_agg(1) AS ones, array_agg(r::int4 ORDER BY r) AS rows,
       array_agg('{who}'::bytea || uuid_send(q.id) || '\\x3a20'::bytea || '{commitment}'::bytea || helper.entry_row(r::int4) ORDER BY r) AS heads,
       array_agg((q.n * {part} + r)::int4 ORDER BY r) AS lines, array_agg(3::int2) AS results, array_agg('{reference}'::text) AS batches,
       array_agg('B-' || q.n * {part} + r ORDER BY r) AS said, array_agg(helper.today()) AS days, array_agg(NULL::text) AS nothing, array_agg(NULL::int8) AS fen
  FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(0, ({lines} - 1) / {part}) n OFFSET 0) q
 CROSS JOIN LATERAL generate_series(1, least({part}, {lines} - q.n * {part})) r GROUP BY q.n, q.id;
GRANT USAGE ON SCHEMA bench TO mingced;
GRANT SELECT ON bench.answers TO mingced;
ANALYZE bench.answers;
"""
REPLY = NEXT + """SELECT x.* FROM bench.answers r, LATERAL api.batch_reply(
    ARRAY[r.request_id], ARRAY[:commitment::bytea], ARRAY[:operator::uuid], ARRAY[:who::bytea || uuid_send(r.request_id) || '\\x3a20'::bytea || :commitment::bytea],
    r.ones, r.rows, r.heads, r.batches, r.lines, r.results, r.said, r.days, r.nothing, r.nothing, r.fen) x WHERE r.n = :client_id + :i * {clients};
"""


class Batches:
    def __init__(self, bench):
        self.bench, self.ground, self.lines, self.n = bench, bench.main, bench.sizes.batch, 0
        self.clients = min(CONNECTIONS, math.ceil(self.lines / PART))
        self.organisation = self.ground.sql("SELECT organisation_id FROM registry.organisation WHERE kind = 1 AND division = '370100' LIMIT 1")

    def say(self, profile, *words, **options):
        done = self.ground.cli(profile, "--json", *words, timeout=600, **options)
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, words[:2]))}: {done.stderr.strip() or done.stdout[:200]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def ready(self):
        self.ground.sql("CREATE SCHEMA IF NOT EXISTS bench;" + MONEY.format(fen=10**12))
        # as mingced has it
        self.ground.sql(f"ALTER ROLE mingced IN DATABASE {self.ground.database} SET jit = off")
        for profile, number in (("institution", "370100098765432"), ("window", "370100012345678")):
            payee = self.say(profile, "payee", "set", input=f"{number}\n示例单位\n示例银行\n")[0]["payee_id"]
            self.say("reviewer", "payee", "confirm", payee, input=number + "\n")

    def timed(self, profile, *words):
        began = time.monotonic()
        said = self.say(profile, *words)
        return time.monotonic() - began, said

    def made(self):
        """A batch that waits to be sent."""
        made = self.say("payer", "batch", "make", "--purpose", "压测")[0]
        self.ground.sql(LINES.format(n=self.lines, organisation=self.organisation, batch=made["batch_id"]))
        self.n += 1
        self.ground.checkpoint()
        return made

    def all_in(self, made, state):
        """Every line of the batch is in a state."""
        there = int(self.ground.sql(f"SELECT count(*) FROM registry.batch_line WHERE batch_id = '{made['batch_id']}' AND state = {state}"))
        if there != self.lines:
            raise Failed(f"batch: {there} of {self.lines} lines are in state {state}")

    def ours(self):
        """The seconds of each step of one batch."""
        made = self.made()
        file, answer = self.bench.folder / f"bank-{self.n}.csv", self.bench.folder / f"answer-{self.n}.csv"
        sent, _ = self.timed("payer2", "batch", "send", made["batch_id"], "--lines", self.lines, "--amount", f"{1500 * self.lines}.00")
        exported, _ = self.timed("payer", "batch", "export", made["batch_id"], file)
        today = self.ground.sql("SELECT helper.today()")
        rows = [f"{made['reference']},{line},paid,B-{self.n}-{line},{today},," for line in range(1, self.lines + 1)]
        answer.write_text("\n".join(["批次号,序号,结果,银行流水号,交易日期,原因码,原因", *rows, ""]), encoding="utf-8")
        answered, _ = self.timed("payer", "batch", "reply", answer)
        self.all_in(made, 3)
        operators = self.ground.sql(f"SELECT made_by, sent_by FROM registry.payment_batch WHERE batch_id = '{made['batch_id']}'")
        self.payer, self.sender = operators.split("|")
        return sent, exported, answered

    def asked(self, name, text, method, operator, calls, clients=1, **variables):
        """The seconds of so many calls of each client."""
        organisation = self.ground.sql(f"SELECT organisation_id FROM registry.operator WHERE operator_id = '{operator}'")
        script = self.ground.folder / f"{name}.sql"
        script.write_text(text.format(fresh=FRESH, head=HEAD.format(who="who", request="q.id"), part=PART, clients=clients))
        return pgbench(self.ground, script, clients, 0, self.bench.sample | variables | {
            "operator": operator, "who": who(method, operator, organisation), "stretch": calls})["seconds"]

    def theirs(self):
        """The same of another batch by pgbench; after ours, which says who sends and who reads in."""
        made, parts = self.made(), math.ceil(self.lines / PART)
        batch = made["batch_id"]
        sent = self.asked("send", SEND, "batch.send", self.sender, 1, batch=batch, lines=self.lines, fen=150000 * self.lines)
        self.all_in(made, 2)
        exported = self.asked("export", EXPORT, "batch.export", self.payer, parts, batch=batch)
        organisation = self.ground.sql(f"SELECT organisation_id FROM registry.operator WHERE operator_id = '{self.payer}'")
        self.ground.sql(ANSWERS.format(who=who("batch.reply", self.payer, organisation), commitment=self.bench.sample["commitment"], part=PART, lines=self.lines,
                                       reference=made["reference"]))
        answered = self.asked("reply", REPLY, "batch.reply", self.payer, math.ceil(parts / self.clients), self.clients)
        self.all_in(made, 3)
        return sent, exported, answered


def measure(bench):
    made = Batches(bench)
    made.ready()
    rounds = [(made.ours(), made.theirs()) for _ in range(bench.options.rounds)]
    for step, row in enumerate(ROWS):
        ours, theirs = ([side[step] for side in sides] for sides in zip(*rounds))
        bench.say(f"{row}: " + " ".join(f"{o:.3f}/{t:.3f}" for o, t in zip(ours, theirs)) + f" s for {made.lines} lines, and by pgbench")
        bench.report.add(row, statistics.median(ours), statistics.median(theirs), statistics.median(o / t for o, t in zip(ours, theirs)),
                         f"mingce {row.replace('-', ' ')} of {made.lines} lines; baseline: pgbench, the same calls, -c {made.clients if row == 'batch-reply' else 1}")
