# SPDX-License-Identifier: Apache-2.0
"""What the workloads run on: one private PostgreSQL, a template database with the schema and the invented operators,
and copies of it filled to a size, each with a daemon of its own."""

import functools
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/stack"))
import people
from stack import KEYS as SIGNING_KEYS, Stack

CLASS_SEATS = 2000  # the most that a class may have; load.h knows it too
FILL_CLASS = 200000001  # classes of those persons who were there before; those of the slices come after
SLICE_CLASS = 300000001

# Stored person n, as an import would have left it. Its keys are made from n, so that a point read can ask for it;
# `sealed` and the entry's body have the length of real ones.
KEYS = """
CREATE SCHEMA bench;
CREATE FUNCTION bench.person_id(n int8) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(int8send(1600000000000::int8 * 65536 + n) || substr(sha256(int8send(n)), 1, 8), 'hex')::uuid $$;
CREATE FUNCTION bench.request_id(n int8) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(substr(sha256(int8send(-n)), 1, 16), 'hex')::uuid $$;
"""
# A part at a time, so that sorting stays in memory and a checkpoint is not forced by one statement.
FILL = """
INSERT INTO registry.document (document_index, document_type, person_id)
SELECT sha256(int8send(n)), 1, bench.person_id(n) FROM generate_series({first}, {last}) n ORDER BY 1;
INSERT INTO registry.person (person_id, sealed, commitment, name_index, search_key)
SELECT bench.person_id(n), decode(repeat('5a', {person_bytes}), 'hex'), sha256(int8send(n)), sha256(int8send(n % 100000)),
       hashint8extended(n, 1)
  FROM generate_series({first}, {last}) n;
INSERT INTO registry.enrolment (class_number, person_id, enrolment_id, seat, trainee_group, document_type, request_id,
                                sealed, commitment)
SELECT {fill_class} + n / {seats}, bench.person_id(n), bench.request_id(n), 1 + n % {seats}, 7, 1,
       bench.request_id(n / 10), decode(repeat('a5', {enrolment_bytes}), 'hex'), sha256(int8send(n))
  FROM generate_series({first}, {last}) n;
INSERT INTO audit.entry (operator_id, person_id, body)
SELECT '{operator}', bench.person_id(n), decode(repeat('3c', {entry_bytes}), 'hex')
  FROM generate_series({first}, {last}) n;
INSERT INTO registry.request (request_id, operator_id, digest, record, outcome, lines, outcomes)
SELECT bench.request_id(n), '{operator}', sha256(int8send(n)), 1, 1, array_fill(1, ARRAY[10]),
       array_fill(1::int2, ARRAY[10])
  FROM generate_series({first} / 10, {last} / 10) n ORDER BY 1;
"""
FILL_PART = 250000
# Small tables, too: without their statistics plans begin at what is large.
ANALYZE = """
SELECT 'VACUUM (ANALYZE) ' || string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables WHERE schemaname IN ('registry', 'audit') \\gexec
"""


class Ground(Stack):
    """A database with its daemon. The template is a Ground, too, whose daemon runs only until it has imported somebody."""

    checkpoints = True  # before a slice, so that none comes within it

    def __init__(self, folder, binaries, database, template=None, settings=None, prepared=None):
        super().__init__(folder, binaries, prepared=prepared)
        self.database = database
        self.next_class = SLICE_CLASS
        self.template = template
        if template is not None:
            self.postgres, self.authority = template.postgres, template.authority
        self.settings = (settings or {}) | {
            "database": self.postgres.conninfo("mingced", database),
            "log_key": "",  # the notary runs where it is measured
            "owner_database": self.postgres.conninfo("mingce_owner", database),
        }

    def sql(self, text, user="postgres"):
        return self.postgres.sql(text, user, self.database)

    def configure(self):
        if self.template is not None:
            for name in ("keys", *(f"{key}.{end}" for key in SIGNING_KEYS for end in ("key", "vkey"))):
                shutil.copy(self.template.folder / name, self.folder / name)
        super().configure()

    def make_template(self):
        self.copy()
        self.postgres.sql(f"ALTER DATABASE mingce RENAME TO {self.database}")
        self.sql(KEYS)
        self.sql("UPDATE registry.policy SET value = 2000000000 WHERE name LIKE '%looks_hour'")  # not what is measured

    def clone(self, template):
        self.postgres.sql(f"DROP DATABASE IF EXISTS {self.database};")
        self.postgres.sql(f"CREATE DATABASE {self.database} OWNER mingce_owner TEMPLATE {template.database}")
        self.postgres.sql(f"REVOKE ALL ON DATABASE {self.database} FROM PUBLIC; "
                          f"GRANT CONNECT ON DATABASE {self.database} TO mingced;")
        self.next_class = template.next_class
        self.configure()

    def checkpoint(self):
        if self.checkpoints:
            self.postgres.sql("CHECKPOINT")

    @functools.lru_cache
    def organisation_id(self, name):
        return self.sql(f"SELECT organisation_id FROM registry.organisation WHERE code = '{people.ORGANISATIONS[name][0]}'")

    def operator_id(self, role, organisation):
        """The first that was registered."""
        return self.sql("SELECT operator_id FROM registry.operator JOIN registry.organisation USING (organisation_id) "
                        f"WHERE code = '{people.ORGANISATIONS[organisation][0]}' AND '{role}' = ANY (roles) ORDER BY operator_id LIMIT 1")

    def open_classes(self, n, first=None, enrolled=0):
        """n classes of the institution's, empty unless `enrolled`; the number of the first."""
        if first is None:
            first, self.next_class = self.next_class, self.next_class + n
        self.sql(f"""
            INSERT INTO registry.class (class_number, organisation_id, title, occupation_code, level, training_kind,
                                        starts_on, ends_on, capacity, enrolled, seats)
            SELECT n, '{self.organisation_id("institution")}', '压测班', '4-10-01-06', 2, 3, '2026-03-01', '2026-05-31',
                   {CLASS_SEATS}, {enrolled}, {enrolled}
              FROM generate_series({first}, {first + n - 1}) n""")
        return first

    def fill(self, persons, sizes, already=0):
        """Stored persons up to this many, straight into the tables."""
        first_class, last_class = -(-already // CLASS_SEATS), -(-persons // CLASS_SEATS)
        self.open_classes(last_class - first_class + 1, FILL_CLASS + first_class, CLASS_SEATS)
        operator = self.operator_id("clerk", "institution")
        for first in range(already, persons, FILL_PART):
            self.sql(FILL.format(first=first, last=min(first + FILL_PART, persons) - 1, operator=operator,
                                 fill_class=FILL_CLASS, seats=CLASS_SEATS, **sizes))
        self.sql(ANALYZE)
        self.checkpoint()

    def enrolled(self, first_class, classes):
        return int(self.sql("SELECT coalesce(sum(enrolled), 0) FROM registry.class "
                            f"WHERE class_number BETWEEN {first_class} AND {first_class + classes - 1}"))

    # ---- processes ----

    def worker_memory(self):
        """(now, most so far) of the largest worker, in KiB."""
        def value(text, name):
            return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(name))
        texts = [pathlib.Path(f"/proc/{pid}/status").read_text() for pid in self.workers()]
        return max(value(t, "VmRSS") for t in texts), max(value(t, "VmHWM") for t in texts)
