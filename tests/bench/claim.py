# SPDX-License-Identifier: Apache-2.0
"""Certificates and claims: submitted singly and in sets, verified, waiting in a queue, decided."""

import math
import statistics
import sys
import time

from baseline import FRESH, HEAD, NEXT, pgbench
from ground import CLASS_SEATS, ROOT
from postgres import Failed

ROWS = ("claim", "claim-4", "claims", "verify", "verify-4", "decide", "queue-1", "queue-1000")
DAY = "2026-06-15"  # of issue: a fortnight after the classes' last day

# One claim and a set of claims a call, ready-made: what certificates they are about was put into a table before.
ONE = NEXT + """\\set n :first + :client_id * :stretch + :i
SELECT c.* FROM bench.certificate x, {fresh}, LATERAL api.claim_submit(
    ARRAY[q.id], ARRAY[:commitment::bytea], ARRAY[:operator::uuid], ARRAY[{head}], ARRAY[3::int2], ARRAY[false],
    ARRAY[1], ARRAY[1], ARRAY[{head} || '\\x4001'::bytea], ARRAY[x.number_index], ARRAY['BENCH-1'], ARRAY[true], ARRAY[0], ARRAY[gen_random_uuid()]) c
 WHERE x.n = :n;
"""
MANY = NEXT + """\\set n :first / {rows} + :client_id * :stretch + :i
SELECT c.* FROM bench.certificates x, LATERAL api.claim_submit(
    ARRAY[x.request_id], ARRAY[:commitment::bytea], ARRAY[:operator::uuid], ARRAY[{head}], ARRAY[3::int2], ARRAY[false],
    array_fill(1, ARRAY[{rows}]), x.lines, x.heads, x.numbers, array_fill('BENCH-1'::text, ARRAY[{rows}]),
    array_fill(true, ARRAY[{rows}]), array_fill(0, ARRAY[{rows}]), x.claims) c
 WHERE x.n = :n;
"""
VERIFY = """
\\set n random(0, :persons - 1)
SELECT c.state, p.name_index FROM bench.certificate x JOIN registry.certificate c USING (number_index)
  JOIN registry.person p ON p.person_id = c.person_id WHERE x.n = :n;
"""
TABLES = """
CREATE UNLOGGED TABLE bench.certificate (n int8 PRIMARY KEY, number_index bytea);
CREATE UNLOGGED TABLE bench.certificates (n int8 PRIMARY KEY, request_id uuid, lines int4[], heads bytea[], numbers bytea[], claims uuid[]);
ALTER TABLE bench.certificates ALTER heads SET STORAGE EXTERNAL, ALTER numbers SET STORAGE EXTERNAL, ALTER claims SET STORAGE EXTERNAL;
GRANT USAGE ON SCHEMA bench TO mingced;
GRANT SELECT ON bench.certificate, bench.certificates TO mingced;
"""
READY = """
INSERT INTO bench.certificate SELECT {first} + row_number() OVER (ORDER BY certificate_id) - 1, number_index FROM registry.certificate
 WHERE class_number >= {first_class};
INSERT INTO bench.certificates
SELECT s.n, s.id, array_agg((1 + c.n % {rows})::int4 ORDER BY c.n),
       array_agg('{who}'::bytea || uuid_send(s.id) || '\\x3a20'::bytea || '{commitment}'::bytea || helper.entry_row((1 + c.n % {rows})::int4) ORDER BY c.n),
       array_agg(c.number_index ORDER BY c.n), array_agg(gen_random_uuid())
  FROM (SELECT DISTINCT n / {rows} AS n FROM bench.certificate WHERE n >= {first}) k
 CROSS JOIN LATERAL (SELECT k.n, gen_random_uuid() AS id OFFSET 0) s
  JOIN bench.certificate c ON c.n BETWEEN k.n * {rows} AND k.n * {rows} + {rows} - 1 GROUP BY 1, 2;
ANALYZE;
"""
# As if their classes were over and everybody had passed; the log is not told, which is not what is measured.
GRADUATE = """
SET session_replication_role = replica;
UPDATE registry.class SET state = 3 WHERE class_number >= {first};
UPDATE registry.enrolment SET result = 1 WHERE class_number >= {first};
INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, citation, proposed_by, decision, decided_by, decided_at, request_id)
SELECT gen_random_uuid(), '370100', line, 100000, '2026-01-01', 'bench', gen_random_uuid(), 1, gen_random_uuid(), now(), gen_random_uuid()
  FROM generate_series(1, 2) line WHERE NOT EXISTS (SELECT FROM registry.standard);
"""
QUEUE = """
SET session_replication_role = replica;
INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, proxy_reference, occupation_code,
                            level, certificate_kind, trainee_group, year, amount_fen, due_on, submitted_by)
SELECT gen_random_uuid(), x.person_id, x.certificate_id, {a_class}, '{organisation}', '370100', 3, 'BENCH-1', '4-10-01-06', 2, 4, 7, 2026,
       100000 + n % 1000, date '2026-01-01' + (n % 400)::int, gen_random_uuid()
  FROM generate_series({first}, {last}) n
  JOIN (SELECT person_id, certificate_id, row_number() OVER () - 1 AS i, count(*) OVER () AS of FROM registry.certificate) x ON x.i = n % x.of;
"""


class Stretches:
    """Certificates nobody has claimed yet, handed out by number: ours by their persons', pgbench's by bench.certificate.n.
    `make(n)`: that many more, at least; the number of the first and how many they are."""

    def __init__(self, make, times, least):
        self.make, self.times, self.least = make, times, least
        self.begin = self.next = self.end = 0  # of those that were made last

    def take(self, n):
        """A stretch of n. When too few are left, as many are made as the slices to come will take, too."""
        if self.next + n > self.end:
            self.begin, made = self.make(max(n * self.times, self.least))
            self.next, self.end = self.begin, self.begin + made
        first, self.next = self.next, self.next + n
        return first


class Claims:
    def __init__(self, bench):
        self.bench, self.ground, self.sizes = bench, bench.main, bench.sizes
        self.ground.sql(TABLES)
        least = 10 * bench.sizes.warm  # a few at a time take their time, too
        self.mine = Stretches(lambda n: self.enrol(n)[:2], bench.options.rounds, least)
        self.theirs = Stretches(self.enrol_theirs, bench.options.rounds, least)
        self.ready = 0  # rows of bench.certificate

    # ---- certificates ----

    def enrol(self, n):
        """n persons with a certificate each, or some more: (the first one's number, how many, the first class)."""
        rows, began = self.sizes.set, time.monotonic()
        connections = 10 if n >= 10 * CLASS_SEATS else 1
        requests = math.ceil(n / rows / connections)
        first, first_class, made = self.bench.next_person, self.ground.next_class, requests * rows * connections
        self.bench.enrol_all(self.ground, connections, requests, rows)
        self.ground.sql(GRADUATE.format(first=first_class))
        words = self.bench.words(self.ground, "institution", connections, 600, rows=rows, requests=requests, first=first, day=DAY,
                                 classes=math.ceil(requests * rows / CLASS_SEATS), **{"class": first_class})
        told = self.bench.drive(self.ground, "certificate.import", words)
        stored = int(self.ground.sql(f"SELECT count(*) FROM registry.certificate WHERE class_number >= {first_class}"))
        if stored != made:
            raise Failed(f"certificates: {made} expected, {stored} stored")
        self.bench.say(f"certificates: {made} in {time.monotonic() - began:.0f} s, {told['per_second']:.0f}/s recorded in sets of {rows}; "
                       "processor us each: " + ", ".join(f"{who} {us:.1f}" for who, us in told["cost"].items()))
        return first, made, first_class

    def enrol_theirs(self, n):
        _, made, first_class = self.enrol(n)
        first, self.ready = self.ready, self.ready + made
        self.ground.sql(READY.format(first=first, first_class=first_class, rows=self.sizes.set, who=self.bench.sample["who_claim"],
                                     commitment=self.bench.sample["commitment"]))
        return first, made

    # ---- pgbench ----

    def script(self, name, text):
        path = self.ground.folder / f"{name}.sql"
        path.write_text(text)
        return path

    def count(self):
        return int(self.ground.sql("SELECT count(*) FROM registry.claim"))

    def counted(self, work):
        """Its result; what it says was done was stored."""
        before = self.count()
        self.ground.checkpoint()
        result = work()
        stored = self.count() - before
        if stored != result["records"]:
            raise Failed(f"claims: {result['records']} acknowledged, {stored} stored")
        return result

    def baseline(self, rows, clients):
        """One slice of pgbench; each client has a stretch of certificates."""
        head = HEAD.format(who="who_claim", request="q.id" if rows == 1 else "x.request_id")
        script = self.script(f"claim-{rows}", (ONE if rows == 1 else MANY).format(rows=rows, head=head, fresh=FRESH))

        def go(n, seconds):
            # Sets begin where a set begins.
            first = self.theirs.take(math.ceil(n * clients * rows / self.sizes.set) * self.sizes.set)
            variables = self.bench.sample | {"first": first, "stretch": n}
            return self.counted(lambda: pgbench(self.ground, script, clients, seconds, variables, rows))
        return self.bench.stocks.slice(("pgbench", "claim", rows, clients), self.bench.seconds, clients, go, rows=rows)

    # ---- workloads ----

    def submit(self, name, rows, connections, depth):
        def ours(n, seconds):
            first = self.mine.take(n * connections * rows)
            words = self.bench.words(self.ground, "institution", connections, seconds, depth=depth, rows=rows, requests=n, first=first)
            return self.counted(lambda: self.bench.drive(self.ground, "claim.submit", words))
        counts = [c for c in ((4, 16) if rows == 1 else (2, 4)) if c <= max(self.sizes.clients)] or [1]
        clients = self.bench.best_clients(f"claim {rows}", counts, lambda c: self.baseline(rows, c))
        self.bench.compare(name, lambda: self.bench.stocks.slice(("claim.submit", rows, connections, depth), self.bench.seconds, connections,
                                                                 ours, depth, rows),
                           lambda: self.baseline(rows, clients), f"pgbench -c {clients}")

    def verify(self, name, depth):
        """Of those certificates that were made last, claimed or not."""
        if self.ready == 0:
            self.theirs.take(self.sizes.set)
        if self.mine.end == 0:
            self.mine.take(self.sizes.set)
        persons = min(self.mine.end - self.mine.begin, self.ready)
        variables = self.bench.sample | {"persons": persons, "stretch": self.sizes.warm}

        def theirs():
            self.ground.checkpoint()
            return pgbench(self.ground, self.script("verify", VERIFY), min(16, max(self.sizes.clients)), self.bench.seconds, variables,
                           user="postgres")
        self.bench.compare(name, lambda: self.bench.asks("payer", "certificate.verify", self.sizes.connections, depth, first=self.mine.begin,
                                                         persons=persons),
                           theirs, "baseline: a prepared point read of certificate and person")

    def fill_queue(self):
        waiting = self.sizes.queued_full if self.bench.options.full else self.sizes.queued
        a_class, organisation = self.ground.open_classes(1), self.ground.organisation_id("institution")
        for first in range(0, waiting, 250000):
            self.ground.sql(QUEUE.format(first=first, last=min(first + 250000, waiting) - 1, a_class=a_class, organisation=organisation))
        self.ground.postgres.sql("VACUUM (ANALYZE) registry.claim", database=self.ground.database)

    def queue(self):
        """Pages of 50 of a bureau's queue: the first, and a much later one."""
        self.fill_queue()
        connections, later = min(16, self.sizes.connections), self.sizes.page
        cursor = self.ground.sql("SELECT encode(int4send(due_on - date '1970-01-01') || uuid_send(claim_id), 'hex') FROM registry.claim "
                                 f"WHERE city = '3701' AND state = 1 ORDER BY due_on, claim_id OFFSET {50 * (later - 1) - 1} LIMIT 1")
        pages = self.bench.slices(lambda: self.bench.asks("reviewer", "claim.queue", connections),
                                  lambda: self.bench.asks("reviewer", "claim.queue", connections, cursor=cursor))
        for name, page, results in ("queue-1", 1, pages[0]), ("queue-1000", later, pages[1]):
            p50, p99, rate = (statistics.median(r[key] for r in results) for key in ("p50_ms", "p99_ms", "per_second"))
            note = f"p99 of page {page} of 50, {connections} connections, {self.count()} claims; {rate:.0f} pages/s, p50 {p50:.1f} ms"
            self.bench.report.add(name, p99, note=note)
            self.bench.say(f"{name}: {note}, p99 {p99:.1f} ms")

    def decide(self):
        """Claims accepted in one call, from the request's first byte to the answer."""
        sys.path[:0] = [str(ROOT / "tests/integration"), str(self.bench.options.build / "gen/python")]
        from wire import Wire
        rows = min(self.sizes.set, self.sizes.decided)
        requests = math.ceil(self.sizes.decided / rows)
        words = self.bench.words(self.ground, "institution", 1, 60, rows=rows, requests=requests, first=self.mine.take(requests * rows))
        self.bench.drive(self.ground, "claim.submit", words)
        certificate, key = self.ground.authority.issue("reviewer")
        told = []
        profile = {"server": f"127.0.0.1:{self.ground.port}", "server_name": "localhost", "ca": str(self.ground.authority.certificate),
                   "certificate": str(certificate), "key": str(key)}
        with Wire(profile) as wire:
            for version, step in enumerate(("accept", "review", "publicise"), 1):
                ids = self.ground.sql(f"SELECT claim_id FROM registry.claim WHERE submitted_at >= now() - interval '10 minutes' AND state = {(1, 2, 4)[version - 1]} "
                                      f"AND version = {version} AND proxy_reference = 'BENCH-1' AND submitted_by = '{self.bench.sample['operator']}' "
                                      f"ORDER BY submitted_at DESC, claim_id LIMIT {self.sizes.decided}").split()
                rows = [{"row": i + 1, "claim_id": bytes.fromhex(c.replace("-", "")), "version": version} for i, c in enumerate(ids)]
                began = time.monotonic()
                answer = wire.call("claim." + step, row=rows, reason="bench")
                told.append(time.monotonic() - began)
                if len(rows) != self.sizes.decided or answer.done != len(rows):
                    raise Failed(f"decide: {answer.done} of {self.sizes.decided} claims")
        self.bench.say("decide: " + " ".join(f"{t:.3f}" for t in told) + f" s for {self.sizes.decided} claims accepted, reviewed, publicised")
        self.bench.report.add("decide", max(told), note=f"the slowest of three decisions on {self.sizes.decided} claims in one call")


def measure(bench):
    claims, sizes = Claims(bench), bench.sizes
    steps = (("claim", lambda: claims.submit("claim", 1, sizes.connections, 1)),
             ("claim-4", lambda: claims.submit("claim-4", 1, sizes.connections, 4)),
             ("claims", lambda: claims.submit("claims", sizes.set, sizes.loaders, 1)),
             ("verify", lambda: claims.verify("verify", 1)), ("verify-4", lambda: claims.verify("verify-4", 4)), ("decide", claims.decide))
    for row, step in steps:
        with bench.report.measuring(row):
            bench.stand_up()
            step()
    with bench.report.measuring("queue-1", "queue-1000"):
        bench.stand_up()
        claims.queue()
