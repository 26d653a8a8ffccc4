# SPDX-License-Identifier: Apache-2.0
"""Certificates and claims: submitted singly and in sets, verified, waiting in a queue, decided."""

import statistics
import sys
import time

import ticks
from ground import CLASS_SEATS, ROOT
from postgres import BIN, Failed, run

SET = 500
CONNECTIONS = 64
DAY = "2026-06-15"  # of issue: a fortnight after the classes' last day

# One and five hundred claims a call, ready-made: what certificates they are about was put into a table before.
ONE = """
\\set i :i + 1
\\set n :first + :client_id * :stretch + :i
SELECT c.* FROM bench.certificate x, LATERAL api.claim_submit(
    ARRAY[gen_random_uuid()], ARRAY[:commitment::bytea], ARRAY[:operator::uuid], ARRAY[:head::bytea], ARRAY[3::int2], ARRAY[false],
    ARRAY[1], ARRAY[1], ARRAY[:head::bytea], ARRAY[x.number_index], ARRAY['BENCH-1'], ARRAY[true], ARRAY[0], ARRAY[gen_random_uuid()]) c
 WHERE x.n = :n;
"""
MANY = """
\\set i :i + 1
\\set n (:first + :client_id * :stretch) / 500 + :i
SELECT c.* FROM bench.certificates x, LATERAL api.claim_submit(
    ARRAY[x.request_id], ARRAY[:commitment::bytea], ARRAY[:operator::uuid], ARRAY[:head::bytea], ARRAY[3::int2], ARRAY[false],
    array_fill(1, ARRAY[500]), x.lines, array_fill(:head::bytea, ARRAY[500]), x.numbers, array_fill('BENCH-1'::text, ARRAY[500]),
    array_fill(true, ARRAY[500]), array_fill(0, ARRAY[500]), x.claims) c
 WHERE x.n = :n;
"""
VERIFY = """
\\set n random(0, :persons - 1)
SELECT c.state, p.name_index FROM bench.certificate x JOIN registry.certificate c USING (number_index)
  JOIN registry.person p ON p.person_id = c.person_id WHERE x.n = :n;
"""
READY = """
DROP TABLE IF EXISTS bench.certificate, bench.certificates;
CREATE UNLOGGED TABLE bench.certificate (n int8 PRIMARY KEY, number_index bytea);
INSERT INTO bench.certificate SELECT row_number() OVER (ORDER BY certificate_id) - 1, number_index FROM registry.certificate
 WHERE class_number >= {theirs};
CREATE UNLOGGED TABLE bench.certificates (n int8 PRIMARY KEY, request_id uuid, lines int4[], numbers bytea[], claims uuid[]);
ALTER TABLE bench.certificates ALTER numbers SET STORAGE EXTERNAL, ALTER claims SET STORAGE EXTERNAL;
INSERT INTO bench.certificates
SELECT n / 500, gen_random_uuid(), array_agg((1 + n % 500)::int4 ORDER BY n), array_agg(number_index ORDER BY n), array_agg(gen_random_uuid())
  FROM bench.certificate GROUP BY 1;
GRANT USAGE ON SCHEMA bench TO mingced;
GRANT SELECT ON bench.certificate, bench.certificates TO mingced;
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
SELECT gen_random_uuid(), bench.person_id(n % {persons}), gen_random_uuid(), {a_class}, '{organisation}', '370100', 3, 'BENCH-1', '4-10-01-06', 2, 4, 7, 2026,
       100000 + n % 1000, date '2026-01-01' + (n % 400)::int, gen_random_uuid()
  FROM generate_series({first}, {last}) n;
"""


class Stretches:
    """Certificates nobody has claimed yet, handed out: ours by the persons' numbers, pgbench's by bench.certificate.n."""

    def __init__(self, first, n):
        self.next, self.end = first, first + n

    def take(self, n):
        first, self.next = self.next, self.next + n
        if self.next > self.end:
            raise Failed("claims: too few certificates were prepared")
        return first


class Claims:
    def __init__(self, bench):
        self.bench, self.ground = bench, bench.main
        self.seconds, self.rounds = bench.options.seconds, bench.options.rounds
        self.clients = {1: [c for c in (4, 16) if c <= max(bench.sizes.clients)] or [1], SET: [c for c in (2, 4) if c <= max(bench.sizes.clients)] or [1]}

    def words(self, profile, connections, **more):
        certificate, key = self.ground.authority.issue(profile)
        return {"server": f"127.0.0.1:{self.ground.port}", "ca": self.ground.authority.certificate, "certificate": certificate,
                "key": key, "connections": connections, "milliseconds": self.seconds * 1000, "seed": self.bench.options.seed} | more

    def enrol(self, n):
        """n persons with a certificate each: (the first one's number, the first class)."""
        connections = 10 if n >= 10 * CLASS_SEATS else 1
        classes = -(-n // CLASS_SEATS // connections)
        requests = classes * CLASS_SEATS // SET
        first = self.bench.next_person
        first_class = self.ground.next_class
        self.bench.load(self.ground, "roster.import", 600, connections, rows=SET, requests=requests)
        self.ground.sql(GRADUATE.format(first=first_class))
        words = self.words("institution", connections, rows=SET, requests=requests, first=first, day=DAY)
        made = self.bench.drive(self.ground, "certificate.import", words | {"class": first_class, "classes": classes, "milliseconds": 600000}, False)
        self.bench.say(f"certificates: {made['per_second']:.0f}/s recorded in sets of {SET}; processor us each: "
                       + ", ".join(f"{who} {us:.1f}" for who, us in made["cost"].items()))
        made = classes * connections * CLASS_SEATS
        stored = int(self.ground.sql(f"SELECT count(*) FROM registry.certificate WHERE class_number >= {first_class}"))
        if stored != made:
            raise Failed(f"claims: {made} certificates expected, {stored} stored")
        return first, first_class, made

    def prepare(self):
        sizes, slices = self.bench.sizes, self.seconds * self.rounds
        began = time.monotonic()
        mine = (2 * sizes.claims + sizes.claim_sets) * slices + sizes.decided
        theirs = sizes.claims * (2 * slices + self.seconds * len(self.clients[1])) + sizes.claim_sets * (slices + self.seconds * len(self.clients[SET]))
        self.mine = Stretches(*self.enrol(mine)[::2])
        _, first_class, made = self.enrol(theirs)
        self.theirs = Stretches(0, made)
        self.ground.sql(READY.format(theirs=first_class))
        self.bench.say(f"claims: {self.mine.end - self.mine.next + made} certificates in {time.monotonic() - began:.0f} s")

    # ---- pgbench ----

    def script(self, name, text):
        path = self.ground.folder / f"{name}.sql"
        path.write_text(text)
        return path

    def pgbench(self, script, clients, variables, records=1, user="mingced"):
        command = [BIN / "pgbench", "-n", "-M", "prepared", "-c", clients, "-j", min(clients, 2), "-T", self.seconds, "-f", script]
        for name, value in ({"i": -1} | self.bench.sample | variables).items():
            command += ["-D", f"{name}={value}"]
        self.ground.postgres.sql("CHECKPOINT")
        meter = ticks.Meter({"PostgreSQL": self.ground.postgres.postmaster(), "pgbench": None})
        output = run([*command, self.ground.postgres.conninfo(user, self.ground.database)], cwd="/")
        spent = meter.spent()
        done = int(next(line for line in output.splitlines() if "actually processed" in line).split(":")[1].split("/")[0])
        tps = float(next(line for line in output.splitlines() if line.startswith("tps")).split()[2])
        return {"per_second": tps * records, "records": done * records,
                "cost": {who: seconds * 1e6 / max(1, done * records) for who, seconds in spent.items()}}

    def count(self):
        return int(self.ground.sql("SELECT count(*) FROM registry.claim"))

    def counted(self, work):
        """Its result; what it says was done was stored."""
        before = self.count()
        result = work()
        stored = self.count() - before
        if stored != result["records"]:
            raise Failed(f"claims: {result['records']} acknowledged, {stored} stored")
        return result

    def baseline(self, rows, clients):
        """One slice of pgbench; each client has a stretch of certificates."""
        stretch = (self.bench.sizes.claims if rows == 1 else self.bench.sizes.claim_sets) * self.seconds // clients // rows * rows
        first = self.theirs.take(-(-stretch * clients // SET) * SET)  # sets begin at whole five hundreds
        script = self.script(f"claim-{rows}", ONE if rows == 1 else MANY)
        return self.counted(lambda: self.pgbench(script, clients, {"first": first, "stretch": stretch}, rows))

    # ---- workloads ----

    def submit(self, name, rows, connections, depth, target):
        sizes = self.bench.sizes
        tried = {c: self.baseline(rows, c)["per_second"] for c in self.clients[rows]} if rows not in self.best else {}
        self.best.setdefault(rows, max(tried, key=tried.get) if tried else None)
        each = (sizes.claims if rows == 1 else sizes.claim_sets) * self.seconds // connections // rows

        def ours():
            first = self.mine.take(each * connections * rows)
            self.ground.postgres.sql("CHECKPOINT")
            words = self.words("institution", connections, depth=depth, rows=rows, requests=each, first=first)
            return self.counted(lambda: self.bench.drive(self.ground, "claim.submit", words, not self.bench.options.tiny))
        self.compare(name, "claims/s", ours, lambda: self.baseline(rows, self.best[rows]), target, f"pgbench -c {self.best[rows]}")

    def compare(self, name, unit, ours, theirs, target, note):
        mine, baseline = self.bench.slices(name, ours, theirs)
        ratio = statistics.median(m["per_second"] / t["per_second"] for m, t in zip(mine, baseline))
        cost = {who: statistics.median(r["cost"][who] for r in mine) for who in mine[0]["cost"]}
        their_cost = {who: statistics.median(r["cost"][who] for r in baseline) for who in baseline[0]["cost"]}
        note += "; processor us each: " + ", ".join(f"{who} {us:.1f}" for who, us in cost.items()) + "; pgbench: " + \
            ", ".join(f"{who} {us:.1f}" for who, us in their_cost.items())
        self.bench.say(f"{name}: " + " ".join(f"{m['per_second']:.0f}/{t['per_second']:.0f}" for m, t in zip(mine, baseline)) + "; " + note)
        self.bench.add(name, unit, statistics.median(m["per_second"] for m in mine), statistics.median(t["per_second"] for t in baseline),
                       ratio, target, ratio >= target, note)

    def verify(self, name, depth, target):
        persons = self.mine.next - self.first
        script = self.script("verify", VERIFY)
        requests = self.seconds * 60000 // CONNECTIONS + 64
        words = self.words("payer", CONNECTIONS, depth=depth, requests=requests, first=self.first, persons=persons)
        self.compare(name, "certificates/s", lambda: self.bench.drive(self.ground, "certificate.verify", words),
                     lambda: self.pgbench(script, 16, {"persons": persons}, user="postgres"), target,
                     "baseline: a prepared point read of certificate and person")

    def queue(self):
        """Pages of 50 of a bureau's queue: the first, and the thousandth."""
        waiting = self.bench.sizes.queued_full if self.bench.options.full else self.bench.sizes.queued
        a_class, organisation = self.ground.next_class - 1, self.ground.organisation_id("institution")
        for first in range(0, waiting, 250000):
            self.ground.sql(QUEUE.format(first=first, last=min(first + 250000, waiting) - 1, a_class=a_class, organisation=organisation,
                                         persons=self.bench.sizes.found))
        self.ground.postgres.sql("VACUUM (ANALYZE) registry.claim", database=self.ground.database)
        cursor = self.ground.sql("SELECT encode(int4send(due_on - date '1970-01-01') || uuid_send(claim_id), 'hex') FROM registry.claim "
                                 "WHERE city = '3701' AND state = 1 ORDER BY due_on, claim_id OFFSET 49949 LIMIT 1")
        first, later = self.bench.slices(
            "queue", lambda: self.bench.drive(self.ground, "claim.queue", self.words("reviewer", 16, requests=self.seconds * 2000)),
            lambda: self.bench.drive(self.ground, "claim.queue", self.words("reviewer", 16, requests=self.seconds * 2000, cursor=cursor)))
        for page, results in ((1, first), (1000, later)):
            p99 = statistics.median(r["p99_ms"] for r in results)
            rate = statistics.median(r["per_second"] for r in results)
            note = f"p99 of page {page} of 50, 16 connections, {self.count()} claims; {rate:.0f} pages/s, p50 {statistics.median(r['p50_ms'] for r in results):.1f} ms"
            self.bench.add(f"queue-{page}", "ms", p99, None, None, 10, p99 <= 10, note)
            self.bench.say(f"queue: {note}, p99 {p99:.1f} ms")

    def decide(self):
        """Claims accepted in one call, from the request's first byte to the answer."""
        sys.path[:0] = [str(ROOT / "tests/integration"), str(self.bench.options.build / "gen/python")]
        from wire import Wire
        first = self.mine.take(self.bench.sizes.decided)
        words = self.words("institution", 1, rows=min(SET, self.bench.sizes.decided), first=first, milliseconds=60000,
                           requests=-(-self.bench.sizes.decided // SET))
        self.bench.drive(self.ground, "claim.submit", words, False)
        certificate, key = self.ground.authority.issue("reviewer")
        told = []
        profile = {"server": f"127.0.0.1:{self.ground.port}", "server_name": "localhost", "ca": str(self.ground.authority.certificate),
                   "certificate": str(certificate), "key": str(key)}
        with Wire(profile) as wire:
            for version, step in enumerate(("accept", "review", "publicise"), 1):
                ids = self.ground.sql(f"SELECT claim_id FROM registry.claim WHERE submitted_at >= now() - interval '10 minutes' AND state = {(1, 2, 4)[version - 1]} "
                                      f"AND version = {version} AND proxy_reference = 'BENCH-1' AND submitted_by = '{self.bench.sample['operator']}' "
                                      f"ORDER BY submitted_at DESC, claim_id LIMIT {self.bench.sizes.decided}").split()
                rows = [{"row": i + 1, "claim_id": bytes.fromhex(c.replace("-", "")), "version": version} for i, c in enumerate(ids)]
                began = time.monotonic()
                answer = wire.call("claim." + step, row=rows, reason="bench")
                told.append(time.monotonic() - began)
                if answer.done != len(rows):
                    raise Failed(f"decide: {answer.done} of {len(rows)}")
        self.bench.say("decide: " + " ".join(f"{t:.3f}" for t in told) + f" s for {self.bench.sizes.decided} claims accepted, reviewed, publicised")
        self.bench.add("decide", "s", max(told), None, None, 1, max(told) <= 1, f"the slowest of three decisions on {self.bench.sizes.decided} claims in one call")

    def run(self):
        self.best = {}
        self.prepare()
        self.first = self.mine.next
        self.submit("claim", 1, CONNECTIONS, 1, 2.0)
        self.submit("claim-4", 1, CONNECTIONS, 4, 3.5)
        self.submit("claims", SET, 8, 1, 0.85)
        self.verify("verify", 1, 1.0)
        self.verify("verify-4", 4, 2.0)
        self.decide()
        self.queue()


def measure(bench):
    Claims(bench).run()
