# SPDX-License-Identifier: Apache-2.0
"""The same work asked of PostgreSQL by pgbench, as the role that the daemon logs in as: no TLS, no checks, no sealing,
everything ready-made."""

import math
import re
import subprocess
import time

import ticks
from ground import CLASS_SEATS
from postgres import BIN, Failed, run

PATIENCE_S = 300  # beyond the slice
# A client that has used up what was prepared for it ends, and pgbench says so.
NEXT = """
\\set i :i + 1
\\if :i >= :stretch
\\set used_up 1 / 0
\\endif
"""
USED_UP = "division by zero"

# The head of an entry says whose request it is, which the function compares; of a line, which one.
HEAD = "(:{who}::bytea || uuid_send({request}) || '\\x3a20'::bytea || :commitment::bytea)"
FRESH = "(SELECT gen_random_uuid() AS id OFFSET 0) q"


def who(method, operator, organisation):
    """The bytes of a head before the request's id."""
    name = method.encode()
    return "\\x080111" + bytes(8).hex() + f"1a10{operator}2210{organisation}".replace("-", "") + f"2a{len(name):02x}{name.hex()}3210"


# The keys that must be new are made of random numbers and a counter, by the cheapest functions there are; person ids
# ascend, as the daemon's do. What is sealed is constant, of the length of real records.
ONE = NEXT + """\\set a random(1, 9000000000000000000)
\\set class :first + :client_id * :classes + :i / {seats}
\\set place :base + :i * 65536
SELECT x.* FROM {fresh}, LATERAL api.roster_import(
    ARRAY[q.id], ARRAY[:commitment::bytea], ARRAY[:operator::uuid], ARRAY[{head}], ARRAY[:class::int8],
    ARRAY[false], ARRAY[0], ARRAY[1], ARRAY[1], ARRAY[{head} || '\\x4001'::bytea], ARRAY[sha256(int8send(:a))], ARRAY[1::int2],
    ARRAY[:commitment::bytea], ARRAY['1990-01-01'::date], ARRAY[7::int2],
    ARRAY[encode(int8send(:place) || int8send(:a), 'hex')::uuid], ARRAY[:person::bytea], ARRAY[:commitment::bytea],
    ARRAY[:a::int8], ARRAY[gen_random_uuid()], ARRAY[:enrolment::bytea], ARRAY[:commitment::bytea], ARRAY[NULL::text]) x;
"""

# Ready-made sets: what differs from row to row was made before the clock starts.
READY = """
DROP TABLE IF EXISTS bench.ready;
CREATE UNLOGGED TABLE bench.ready (n int8 PRIMARY KEY, request_id uuid, lines int4[], heads bytea[], documents bytea[], persons uuid[],
                                   enrolments uuid[], keys int8[]);
ALTER TABLE bench.ready ALTER heads SET STORAGE EXTERNAL, ALTER documents SET STORAGE EXTERNAL, ALTER persons SET STORAGE EXTERNAL,
                        ALTER enrolments SET STORAGE EXTERNAL, ALTER keys SET STORAGE EXTERNAL;
INSERT INTO bench.ready
SELECT 100000 * c + i, q.id, array_agg(r::int4 ORDER BY r),
       array_agg('{who}'::bytea || uuid_send(q.id) || '\\x3a20'::bytea || '{commitment}'::bytea || helper.entry_row(r) ORDER BY r),
       array_agg(sha256(uuid_send(gen_random_uuid())) ORDER BY r),
       array_agg(encode(int8send({base} + (i * {rows} + r) * 65536::int8)
                        || substr(uuid_send(gen_random_uuid()), 9), 'hex')::uuid ORDER BY r),
       array_agg(gen_random_uuid() ORDER BY r), array_agg(hashint8extended(r, c * 1000003::int8 + i + {base}) ORDER BY r)
  FROM generate_series(0, {clients} - 1) c CROSS JOIN generate_series(0, {sets} - 1) i
 CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id WHERE c + i >= 0 OFFSET 0) q CROSS JOIN generate_series(1, {rows}) r
 GROUP BY c, i, q.id;
GRANT USAGE ON SCHEMA bench TO mingced;
GRANT SELECT ON bench.ready TO mingced;
ANALYZE bench.ready;
"""
ROSTER = NEXT + """\\set n :client_id * 100000 + :i
\\set class :first + :client_id * :classes + :i * {rows} / {seats}
SELECT x.* FROM bench.ready r, LATERAL api.roster_import(
    ARRAY[r.request_id], ARRAY[:commitment::bytea], ARRAY[:operator::uuid], ARRAY[{head}], ARRAY[:class::int8],
    ARRAY[false], ARRAY[0], array_fill(1, ARRAY[{rows}]), r.lines, r.heads, r.documents,
    array_fill(1::int2, ARRAY[{rows}]), array_fill(:commitment::bytea, ARRAY[{rows}]),
    array_fill('1990-01-01'::date, ARRAY[{rows}]), array_fill(7::int2, ARRAY[{rows}]), r.persons,
    array_fill(:person::bytea, ARRAY[{rows}]), array_fill(:commitment::bytea, ARRAY[{rows}]), r.keys, r.enrolments,
    array_fill(:enrolment::bytea, ARRAY[{rows}]), array_fill(:commitment::bytea, ARRAY[{rows}]),
    array_fill(NULL::text, ARRAY[{rows}])) x WHERE r.n = :n;
"""

FIND = """
\\set n random(0, {persons} - 1)
SELECT p.person_id, p.record_id, p.sealed, p.version
  FROM registry.document d JOIN registry.person p USING (person_id) WHERE d.document_index = sha256(int8send(:n));
"""
REVEAL = """
\\set n random(0, {persons} - 1)
SELECT x.* FROM {fresh}, LATERAL api.person_reveal(ARRAY[:reviewer::uuid], ARRAY[{head}], ARRAY[NULL::uuid],
    ARRAY[sha256(int8send(:n))], ARRAY[2::int2], ARRAY['BENCH-1']) x;
"""

_bases = iter(range(10**6))


def pgbench(ground, script, clients, seconds, variables, rows=1, rate=0, user="mingced"):
    """A slice: {"requests", "records", "seconds", "per_second", "ran_out", "latency": mean ms of a transaction, "cost":
    {who: microseconds of processor a record}}. pgbench counts in whole seconds: a shorter slice is as many transactions of
    each client as `stretch` among the variables says."""
    length = ["-T", int(seconds)] if seconds >= 1 else ["-t", variables["stretch"]]
    command = [BIN / "pgbench", "-n", "-M", "prepared", "-c", clients, "-j", min(clients, 2), *length, "-f", script]
    if rate:
        command += ["--rate", rate]
    for name, value in ({"i": -1} | variables).items():
        command += ["-D", f"{name}={value}"]
    command.append(ground.postgres.conninfo(user, ground.database))
    meter = ticks.Meter({"PostgreSQL": ground.postgres.postmaster(), "pgbench": None})
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/",
                          timeout=seconds + PATIENCE_S)
    spent = meter.spent()
    ran_out = done.returncode != 0 and USED_UP in done.stderr
    if done.returncode != 0 and not ran_out:
        raise Failed(f"pgbench: exit {done.returncode}\n{done.stderr}")
    transactions = int(re.search(r"actually processed: (\d+)", done.stdout).group(1))
    if transactions == 0:
        raise Failed(f"pgbench did nothing in {seconds} s")
    tps = float(re.search(r"^tps = ([\d.]+)", done.stdout, re.M).group(1))
    latency = float(re.search(r"latency average = ([\d.]+)", done.stdout).group(1))
    late = re.search(r"rate limit schedule lag: avg ([\d.]+)", done.stdout)
    records = transactions * max(rows, 1)
    return {"requests": transactions, "records": records, "seconds": transactions / tps, "per_second": tps * max(rows, 1),
            "ran_out": ran_out, "latency": latency - (float(late.group(1)) if late else 0),
            "cost": {who: seconds * 1e6 / records for who, seconds in spent.items()}}


class Pgbench:
    """One kind of work on one ground. `sample`: constants taken from a real import."""

    def __init__(self, ground, sample, stocks, kind, rows=0, persons=0):
        self.ground, self.sample, self.stocks, self.kind, self.rows, self.persons = ground, sample, stocks, kind, rows, persons
        self.script = ground.folder / f"{kind}-{rows}.sql"
        text = {"import": ROSTER if rows > 1 else ONE, "find": FIND, "reveal": REVEAL}[kind]
        head = HEAD.format(who=f"who_{kind}", request="r.request_id" if rows > 1 else "q.id")
        self.script.write_text(text.format(seats=CLASS_SEATS, rows=rows, persons=persons, head=head, fresh=FRESH))

    def run(self, clients, seconds, rate=0):
        if self.kind != "import":  # asks for the same persons again and again
            self.ground.checkpoint()
            user = "postgres" if self.kind == "find" else "mingced"
            return pgbench(self.ground, self.script, clients, seconds, self.sample | {"stretch": self.stocks.warm}, user=user)
        if rate:
            return self.imported(clients, math.ceil(rate * seconds * 2 / clients), seconds, rate)
        return self.stocks.slice(("pgbench", self.kind, self.rows, clients), seconds, clients,
                                 lambda n, s: self.imported(clients, n, s), rows=self.rows)

    def imported(self, clients, n, seconds, rate=0):
        """A slice with n transactions prepared for each client."""
        base = 1500000000000 * 65536 + next(_bases) * 2**40
        classes = math.ceil(n * self.rows / CLASS_SEATS)
        variables = self.sample | {"base": base, "stretch": n, "classes": classes,
                                   "first": self.ground.open_classes(classes * clients)}
        if self.rows > 1:
            self.ground.sql(READY.format(base=base, rows=self.rows, clients=clients, sets=n, who=self.sample["who_import"],
                                         commitment=self.sample["commitment"]))
        self.ground.checkpoint()
        result = pgbench(self.ground, self.script, clients, seconds, variables, self.rows, rate)
        stored = self.ground.enrolled(variables["first"], classes * clients)
        if stored != result["records"]:
            raise Failed(f"pgbench: {result['requests']} transactions of {self.rows}, but {stored} records stored")
        return result


# ---- COPY of the same rows into the same tables ----

TABLES = {
    "registry.document": "document_index, document_type, person_id, name_index",
    "registry.person": "person_id, sealed, commitment, name_index, record_id, version, search_key",
    "registry.enrolment": "class_number, person_id, enrolment_id, seat, trainee_group, document_type, enrolled_at, "
                          "request_id, sealed, commitment, warnings",
    "audit.entry": "operator_id, person_id, body",
    "registry.request": "request_id, operator_id, digest, answered_at, record, outcome, lines, outcomes",
}
COPIED = {
    "registry.document": "JOIN registry.document t USING (person_id)",
    "registry.person": "JOIN registry.person t USING (person_id)",
    "registry.enrolment": "JOIN registry.enrolment t USING (class_number, person_id)",
    "audit.entry": "JOIN audit.entry t USING (person_id)",
}


class Copy:
    """Rows that an import has left, in chunks of a roster each, for another database with the same tables."""

    def __init__(self, ground, target, first_class, rosters, rows):
        self.target, self.records = target, rosters * rows
        self.script = ground.folder / "copy.sql"
        chosen = (f"(SELECT e.class_number, e.person_id, e.request_id FROM registry.enrolment e JOIN (SELECT request_id "
                  f"FROM registry.request WHERE record >= {first_class} AND cardinality(lines) = {rows} "
                  f"ORDER BY request_id LIMIT {rosters}) r USING (request_id)) c")
        lines = {}
        for table, columns in TABLES.items():
            listed = ", ".join(f"t.{column.strip()}" for column in columns.split(","))
            source = (f"(SELECT DISTINCT request_id FROM {chosen}) c JOIN registry.request t USING (request_id)"
                      if table == "registry.request" else f"{chosen} {COPIED[table]}")
            order = "t.request_id" if table == "registry.request" else "c.request_id, c.person_id"
            lines[table] = ground.sql(f"COPY (SELECT {listed} FROM {source} ORDER BY {order}) TO STDOUT").split("\n")
        with open(self.script, "w") as file:
            for chunk in range(rosters):
                file.write("BEGIN;\n")
                for table, columns in TABLES.items():
                    n = 1 if table == "registry.request" else rows
                    part = lines[table][chunk * n:(chunk + 1) * n]
                    if len(part) != n:
                        raise Failed(f"{table}: fewer rows than were imported")
                    file.write(f"COPY {table} ({columns}) FROM STDIN;\n" + "\n".join(part) + "\n\\.\n")
                file.write("COMMIT;\n")

    def run(self):
        """Records a second, one stream."""
        self.target.sql("SET session_replication_role = replica; TRUNCATE " + ", ".join(TABLES))
        self.target.checkpoint()
        began = time.monotonic()
        run([BIN / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", self.script, "-d",
             self.target.postgres.conninfo("mingce_owner", self.target.database)], cwd="/")
        return self.records / (time.monotonic() - began)
