# SPDX-License-Identifier: Apache-2.0
"""Approvals, each of which commits money: all against one account, or against a hundred; singly and in sets."""

import math
import statistics

from baseline import FRESH, HEAD, NEXT, pgbench, who
from claim import GRADUATE
from postgres import Failed

ROWS = ("approve", "approvals")
ACCOUNTS = 100

# The claims are made by SQL: publicised, each of a subsidy of 1,000 yuan, for another person's certificate, as long as there are persons.
# Their ids are made from numbers (requests.c knows how), and whose account pays one from its number, too.
MADE = """
SET session_replication_role = replica;
CREATE FUNCTION bench.claim_id(n int8) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT encode('\\xbe00000000000000'::bytea || int8send(n), 'hex')::uuid $$;
CREATE FUNCTION bench.row_head(head bytea, r int4) RETURNS bytea LANGUAGE sql IMMUTABLE SECURITY DEFINER AS $$ SELECT head || helper.entry_row(r) $$;
GRANT USAGE ON SCHEMA bench TO mingced;
UPDATE registry.policy SET value = 1 WHERE name = 'special_account';
UPDATE registry.operator SET roles = '{{approver}}' WHERE operator_id = '{operator}';
INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type, request_id, sealed, commitment, result)
SELECT {a_class}, bench.person_id(n), bench.claim_id(n), n + 1, 7, 1, bench.claim_id(0), 's', sha256(int8send(n)), 1 FROM generate_series(0, {persons} - 1) n;
INSERT INTO registry.certificate (certificate_id, number_index, kind, person_id, organisation_id, class_number, occupation_code, level, issued_on, sealed,
                                  commitment, request_id)
SELECT bench.claim_id(n), sha256(int8send(-1 - n)), 4, bench.person_id(n), c.organisation_id, c.class_number, c.occupation_code, c.level, '2026-06-15', 's',
       sha256(int8send(n)), bench.claim_id(0)
  FROM registry.class c CROSS JOIN generate_series(0, {persons} - 1) n WHERE class_number = {a_class};
CREATE UNLOGGED TABLE bench.account AS SELECT (row_number() OVER (ORDER BY code) - 1)::int4 AS n, code
  FROM (SELECT code FROM registry.division WHERE code LIKE '37%' AND level = 'county' AND end_year IS NULL ORDER BY code LIMIT {accounts}) d;
RESET session_replication_role;
SELECT helper.ledger_post(gen_random_uuid(), l.ledger_id, 1::int2, 100000000000000, '{operator}', '{operator}'), helper.ledgers_spread(ARRAY[l.ledger_id])
  FROM (SELECT (helper.ledger_open(code, 3::int2, date_part('year', helper.today())::int4)).ledger_id
          FROM (SELECT code FROM bench.account UNION ALL SELECT '370100') d) l;
"""
CLAIMS = """
SET session_replication_role = replica;
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code, level,
                            certificate_kind, trainee_group, year, amount_fen, state, publicity_until, publicity_days, shown, submitted_by, reviewed_by)
SELECT bench.claim_id(n), x.person_id, x.certificate_id, x.class_number, x.organisation_id, CASE WHEN {many} THEN (SELECT code FROM bench.account a WHERE a.n = s.n % {accounts})
       ELSE '370100' END, 3, 'BENCH-2', x.occupation_code, x.level, x.kind, 7, 2026, 100000, 5, '2026-01-01', 5, '{{[2025-01-01,)}}', gen_random_uuid(), gen_random_uuid()
  FROM generate_series({first}, {last}) s(n) JOIN registry.certificate x ON x.certificate_id = bench.claim_id(n % {persons});
INSERT INTO registry.claim_line (claim_id, line, standard_id, rate_fen, amount_fen)
SELECT bench.claim_id(n), 1, gen_random_uuid(), 100000, 100000 FROM generate_series({first}, {last}) n;
RESET session_replication_role;
ANALYZE registry.claim, registry.claim_line;
"""
ONE = NEXT + """\\set n :first + :client_id * :stretch + :i
SELECT c.* FROM {fresh}, LATERAL api.claim_decide(ARRAY[q.id], ARRAY[:commitment::bytea], ARRAY[:approver::uuid], ARRAY[{head}], '{{8}}'::int2[],
    ARRAY[NULL::text], ARRAY[false], ARRAY[0], ARRAY[1], ARRAY[1], ARRAY[{head} || '\\x4001'::bytea], ARRAY[bench.claim_id(:n)], ARRAY[1]) c;
"""
MANY = NEXT + """\\set n :first + (:client_id * :stretch + :i) * {rows}
SELECT c.* FROM {fresh}, LATERAL (SELECT array_agg(1) AS ones, array_agg(r) AS lines, array_agg(bench.row_head({head}, r)) AS heads,
                                         array_agg(bench.claim_id(:n + r - 1)) AS claims FROM generate_series(1, {rows}) r) s,
    LATERAL api.claim_decide(ARRAY[q.id], ARRAY[:commitment::bytea], ARRAY[:approver::uuid], ARRAY[{head}], '{{8}}'::int2[],
    ARRAY[NULL::text], ARRAY[false], ARRAY[0], s.ones, s.lines, s.heads, s.claims, s.ones) c;
"""


class Approvals:
    def __init__(self, bench):
        self.bench, self.ground, self.sizes = bench, bench.main, bench.sizes
        self.a_class, self.next = self.ground.open_classes(1), 0
        self.ground.sql(GRADUATE.format(first=self.a_class))
        # as mingced has it: a function without sequential scans has costs that would have every plan compiled
        self.ground.sql(f"ALTER ROLE mingced IN DATABASE {self.ground.database} SET jit = off")
        self.approver = self.ground.operator_id("auditadmin", "province")
        self.who = who("claim.approve", self.approver, self.ground.organisation_id("province"))
        self.ground.sql(MADE.format(operator=self.approver, a_class=self.a_class, accounts=ACCOUNTS, persons=self.sizes.found))
        self.ground.postgres.sql("VACUUM (ANALYZE) registry.certificate, registry.enrolment", database=self.ground.database)

    def make(self, n, many):
        """n claims that wait for approval: the number of the first."""
        first, self.next = self.next, self.next + n
        self.ground.sql(CLAIMS.format(first=first, last=self.next - 1, many=many, accounts=ACCOUNTS, persons=self.sizes.found))
        self.ground.checkpoint()
        return first

    def counted(self, work):
        """Its result; what it says was done was committed."""
        committed = "SELECT count(*) FROM registry.charge"
        before = int(self.ground.sql(committed))
        result = work()
        stored = int(self.ground.sql(committed)) - before
        if stored != result["records"]:
            raise Failed(f"approve: {result['records']} acknowledged, {stored} committed")
        return result

    def ours(self, rows, connections, many):
        def go(n, seconds):
            words = self.bench.words(self.ground, "auditadmin", connections, seconds, rows=rows, requests=n, first=self.make(n * connections * rows, many))
            return self.counted(lambda: self.bench.drive(self.ground, "claim.approve", words))
        return self.bench.stocks.slice(("claim.approve", rows, connections), self.bench.seconds, connections, go, rows=rows)

    def theirs(self, rows, clients, many):
        head = HEAD.format(who="who_approve", request="q.id")
        script = self.ground.folder / f"approve-{rows}.sql"
        script.write_text((ONE if rows == 1 else MANY).format(rows=rows, head=head, fresh=FRESH))

        def go(n, seconds):
            variables = self.bench.sample | {"first": self.make(n * clients * rows, many), "stretch": n, "approver": self.approver, "who_approve": self.who}
            return self.counted(lambda: pgbench(self.ground, script, clients, seconds, variables, rows))
        return self.bench.stocks.slice(("pgbench", "approve", rows, clients), self.bench.seconds, clients, go, rows=rows)

    def measure(self, name, rows, connections, clients):
        one, many = self.bench.slices(lambda: self.ours(rows, connections, False), lambda: self.ours(rows, connections, True))
        their_one, their_many = (self.theirs(rows, clients, which)["per_second"] for which in (False, True))
        rates = [statistics.median(r["per_second"] for r in side) for side in (one, many)]
        ratio = statistics.median(o["per_second"] / m["per_second"] for o, m in zip(one, many))
        note = (f"one account beside {ACCOUNTS}, {connections} connections, {rows} a request; pgbench -c {clients}: {their_one:.0f}/s on one, "
                f"{their_many:.0f}/s on {ACCOUNTS}; p50 {statistics.median(r['p50_ms'] for r in one):.1f} and {statistics.median(r['p50_ms'] for r in many):.1f} ms")
        self.bench.say(f"{name}: " + " ".join(f"{o['per_second']:.0f}/{m['per_second']:.0f}" for o, m in zip(one, many)) + f"; {note}")
        self.bench.report.add(name, rates[0], rates[1], ratio, note)


def measure(bench):
    approvals, sizes = Approvals(bench), bench.sizes
    with bench.report.measuring("approve"):
        approvals.measure("approve", 1, sizes.connections, max(c for c in sizes.clients if c <= 16))
    with bench.report.measuring("approvals"):
        approvals.measure("approvals", math.ceil(sizes.set / 5), sizes.loaders, max(c for c in sizes.clients if c <= 4))
