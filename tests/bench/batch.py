# SPDX-License-Identifier: Apache-2.0
"""A batch of payments on its way to the bank and back, by the command line: sent, exported as the bank's file, its answer read in."""

import json
import statistics
import time

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


class Batches:
    def __init__(self, bench):
        self.bench, self.ground, self.lines = bench, bench.main, bench.sizes.batch
        self.organisation = self.ground.sql("SELECT organisation_id FROM registry.organisation WHERE kind = 1 AND division = '370100' LIMIT 1")

    def say(self, profile, *words, **options):
        done = self.ground.cli(profile, "--json", *words, timeout=600, **options)
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, words[:2]))}: {done.stderr.strip() or done.stdout[:200]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def ready(self):
        self.ground.sql("CREATE SCHEMA IF NOT EXISTS bench;" + MONEY.format(fen=10**12))
        for profile, number in (("institution", "370100098765432"), ("window", "370100012345678")):
            payee = self.say(profile, "payee", "set", input=f"{number}\n示例单位\n示例银行\n")[0]["payee_id"]
            self.say("reviewer", "payee", "confirm", payee, input=number + "\n")

    def timed(self, profile, *words):
        began = time.monotonic()
        said = self.say(profile, *words)
        return time.monotonic() - began, said

    def round(self, n):
        """The seconds of each step of one batch."""
        made = self.say("payer", "batch", "make", "--purpose", "压测")[0]
        self.ground.sql(LINES.format(n=self.lines, organisation=self.organisation, batch=made["batch_id"]))
        file, answer = self.bench.folder / f"bank-{n}.csv", self.bench.folder / f"answer-{n}.csv"
        sent, _ = self.timed("payer2", "batch", "send", made["batch_id"], "--lines", self.lines, "--amount", f"{1500 * self.lines}.00")
        exported, _ = self.timed("payer", "batch", "export", made["batch_id"], file)
        rows = [f"{made['reference']},{line},paid,B-{n}-{line},2026-11-30,," for line in range(1, self.lines + 1)]
        answer.write_text("\n".join(["批次号,序号,结果,银行流水号,交易日期,原因码,原因", *rows, ""]), encoding="utf-8")
        answered, _ = self.timed("payer", "batch", "reply", answer)
        paid = int(self.ground.sql(f"SELECT count(*) FROM registry.batch_line WHERE batch_id = '{made['batch_id']}' AND state = 3"))
        if paid != self.lines:
            raise Failed(f"batch reply: {paid} of {self.lines} lines are paid")
        return sent, exported, answered


def measure(bench):
    made = Batches(bench)
    made.ready()
    rounds = [made.round(n) for n in range(bench.options.rounds)]
    for row, seconds in zip(ROWS, zip(*rounds)):
        bench.say(f"{row}: " + " ".join(f"{s:.3f}" for s in seconds) + f" s for {made.lines} lines")
        bench.report.add(row, statistics.median(seconds), note=f"mingce {row.replace('-', ' ')} of {made.lines} lines")
