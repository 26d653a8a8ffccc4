# SPDX-License-Identifier: Apache-2.0
"""The installation commands of mingced, each against a database of its own; no daemon but where one is asked for."""

import hashlib
import os
import re
import subprocess

import audit_pb2
import people
import pytest
from conftest import ROOT, assert_sane, make_stack
from postgres import BIN, run

LOCK = 0x6D696E67
PERSON = "褚秘密"  # the operator whose name nobody is to see
CODE = people.credit_code("52", "370100", "30000091")
SCHOOL = ["--name", "示例学校", "--kind", "institution", "--division", "370100"]
MIGRATIONS = sorted(path.name for path in (ROOT / "migrations").glob("*.sql"))


class Site:
    """A server with one database, the commands, and all that they have said."""

    def __init__(self, stack):
        self.stack = stack
        self.said = []

    def popen(self, *words, **env):
        return subprocess.Popen([self.stack.mingced, "-c", self.stack.configuration, *map(str, words)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=self.stack.environment(**env))

    def finish(self, process):
        out, err = process.communicate(timeout=120)
        self.said.append(out + err)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def run(self, *words, **env):
        return self.finish(self.popen(*words, **env))

    def good(self, *words, **env):
        done = self.run(*words, **env)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    def bad(self, *words, **env):
        """Failed, and said why on stderr, in a sentence of our own."""
        done = self.run(*words, **env)
        assert done.returncode == 1, done
        assert done.stdout == "" and done.stderr.startswith("mingced: ")
        return done.stderr

    def sql(self, text, user="postgres"):
        return self.stack.sql(text, user)

    def number(self, text):
        return int(self.sql(text))

    def create(self, **options):
        """The database anew, empty or from a template."""
        self.drop()
        for name in options.values():
            self.stack.postgres.sql(f"CREATE DATABASE mingce OWNER mingce_owner TEMPLATE {name}")
        self.stack.postgres.create_database()

    def drop(self):
        self.stack.postgres.sql("DROP DATABASE IF EXISTS mingce WITH (FORCE)")

    def register(self, *more, code=CODE):
        return self.run("organisation", "--code", code, *SCHOOL, *more)

    def certificate(self, name="somebody"):
        return self.stack.authority.issue(name)[0]

    def operator(self, *more, name=PERSON, role="clerk", certificate=None, **env):
        return self.run("operator", "--organisation", CODE, "--name", name, "--role", role, "--certificate",
                        certificate or self.certificate(), *more, **env)

    def entries(self):
        """The audit log, read by protobuf's own reader."""
        lines = self.sql("SELECT encode(body, 'hex') FROM audit.entry ORDER BY id").split()
        return [audit_pb2.AuditEntry.FromString(bytes.fromhex(line)) for line in lines]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    stack = make_stack(tmp_path_factory.mktemp("u"))
    site = Site(stack)
    try:
        stack.postgres.start()
        stack.configure()
        site.create()
        site.good("migrate")
        stack.postgres.sql("ALTER DATABASE mingce RENAME TO migrated")
        yield site
    finally:
        stack.postgres.remove()


@pytest.fixture
def empty(server):
    """Just created, as a site's database administrator hands it over."""
    server.create()
    yield from watched(server)


@pytest.fixture
def site(server):
    """Migrated, and nothing registered."""
    server.create(template="migrated")
    yield from watched(server)


def watched(site):
    site.said = []
    yield site
    said = "".join(site.said)
    for word in ("Sanitizer", "runtime error:", PERSON):
        assert word not in said, said


# ---- migrate ----


def migrations(site):
    return site.sql("SELECT name || ' ' || encode(sha256, 'hex') || ' ' || applied_at FROM registry.schema_migration "
                    "ORDER BY name")


def test_migrate_from_nothing_and_again(empty):
    said = empty.good("migrate").splitlines()
    assert said == [f"applied {name}" for name in MIGRATIONS] + ["replaced the functions", "the schema is up to date"]
    before = migrations(empty), empty.sql("SELECT oid FROM pg_proc WHERE pronamespace = 'api'::regnamespace ORDER BY 1")
    assert [line.split()[0] for line in before[0].splitlines()] == MIGRATIONS
    assert empty.good("migrate") == "the schema is up to date\n"
    assert (migrations(empty), empty.sql("SELECT oid FROM pg_proc WHERE pronamespace = 'api'::regnamespace "
                                         "ORDER BY 1")) == before


def test_migrations_are_marked_with_their_sha256(site):
    for line in migrations(site).splitlines():
        name, sha256 = line.split()[:2]
        assert hashlib.sha256((ROOT / "migrations" / name).read_bytes()).hexdigest() == sha256


class Holder:
    """Somebody else who migrates."""

    def __init__(self, site):
        self.psql = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-d",
                                      site.stack.postgres.conninfo("mingce_owner", "mingce")],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.psql.stdin.write(f"SELECT 'held' FROM pg_advisory_lock({LOCK});\n")
        self.psql.stdin.flush()
        assert self.psql.stdout.readline() == "held\n"

    def release(self):
        self.psql.communicate(timeout=20)


def test_second_migration_waits_and_says_so(empty):
    holder = Holder(empty)
    second = empty.popen("migrate")
    try:
        assert "another migration is running; waiting" in second.stderr.readline()
        assert second.poll() is None
        assert empty.sql("SELECT count(*) FROM pg_namespace WHERE nspname IN ('registry', 'api')") == "0"
    finally:
        holder.release()
    done = empty.finish(second)
    assert done.returncode == 0 and done.stdout.endswith("the schema is up to date\n")


def test_two_migrations_at_once_apply_each_once(empty):
    done = [empty.finish(process) for process in [empty.popen("migrate"), empty.popen("migrate")]]
    assert [one.returncode for one in done] == [0, 0]
    said = "".join(one.stdout for one in done)
    assert [said.count(f"applied {name}\n") for name in MIGRATIONS] == [1] * len(MIGRATIONS)
    assert said.count("replaced the functions\n") == 1


def test_changed_migration_is_named_and_nothing_is_done(site):
    site.sql("UPDATE registry.schema_migration SET sha256 = decode(repeat('ab', 32), 'hex') WHERE name LIKE '0002%';"
             "UPDATE registry.schema_api SET digest = 'old'")
    before = migrations(site)
    said = site.bad("migrate")
    assert "0002_load_codes.sql was applied to this database with other contents" in said
    assert migrations(site) == before and site.sql("SELECT digest FROM registry.schema_api") == "old"


def test_database_of_a_newer_program_is_refused(site):
    site.sql("INSERT INTO registry.schema_migration VALUES ('9999_from_later.sql', '\\x00');"
             "UPDATE registry.schema_api SET digest = 'newer'")
    assert "9999_from_later.sql was applied by a newer mingced" in site.bad("migrate")
    assert site.sql("SELECT digest FROM registry.schema_api") == "newer"


def test_database_of_another_line_of_migrations_is_refused(site):
    """As many as this program knows, or fewer, but not the same ones."""
    newest = MIGRATIONS[-1]
    site.sql(f"UPDATE registry.schema_migration SET name = '0001_of_another_line.sql' WHERE name = '{newest}'")
    before = migrations(site)
    assert "0001_of_another_line.sql" in site.bad("migrate")
    assert migrations(site) == before


def test_failing_migration_leaves_nothing_of_itself(empty):
    """A table stands where 0005 wants to make one, after it has made others."""
    empty.sql("CREATE SCHEMA registry; CREATE TABLE registry.lesson (x int)", "mingce_owner")
    done = empty.run("migrate")
    assert done.returncode == 1
    assert "0005_run_classes.sql: " in done.stderr and "(SQLSTATE 42P07)" in done.stderr
    assert done.stdout == "".join(f"applied {name}\n" for name in MIGRATIONS[:4])
    assert empty.number("SELECT count(*) FROM registry.schema_migration") == 4
    assert empty.sql("SELECT to_regclass('registry.class_version') IS NULL, to_regnamespace('api') IS NULL") == "t|t"
    assert empty.number("SELECT count(*) FROM registry.policy WHERE name = 'late_days'") == 0
    empty.sql("DROP TABLE registry.lesson", "mingce_owner")
    assert empty.good("migrate").startswith("applied 0005_run_classes.sql\n")


def test_role_of_the_daemon_must_exist_before(empty):
    empty.stack.postgres.sql("ALTER ROLE mingced RENAME TO elsewhere")
    try:
        said = empty.bad("migrate")
    finally:
        empty.stack.postgres.sql("ALTER ROLE elsewhere RENAME TO mingced")
    assert 'role "mingced" does not exist' in said and "CREATE ROLE mingced LOGIN" in said


def test_functions_are_replaced_whole(site):
    site.sql("CREATE FUNCTION api.relic() RETURNS int LANGUAGE sql AS 'SELECT 1';"
             "GRANT EXECUTE ON FUNCTION api.relic TO mingced")
    assert site.good("migrate") == "the schema is up to date\n"  # the digest is what tells
    digest = site.sql("SELECT digest FROM registry.schema_api")
    site.sql("UPDATE registry.schema_api SET digest = repeat('0', 64)")
    assert site.good("migrate") == "replaced the functions\nthe schema is up to date\n"
    assert site.sql("SELECT digest FROM registry.schema_api") == digest
    assert site.sql("SELECT to_regproc('api.relic') IS NULL, to_regproc('api.caller') IS NULL") == "t|f"


def test_functions_that_cannot_be_replaced_stay(site):
    site.sql("CREATE FUNCTION api.relic() RETURNS int LANGUAGE sql AS 'SELECT 1';"
             "UPDATE registry.schema_api SET digest = 'old'")
    site.stack.postgres.sql("ALTER ROLE mingced RENAME TO elsewhere")  # the grants fail, at the very end
    try:
        assert "zz_grants.sql" in site.bad("migrate")
    finally:
        site.stack.postgres.sql("ALTER ROLE elsewhere RENAME TO mingced")
    assert site.sql("SELECT digest, api.relic() FROM registry.schema_api") == "old|1"


@pytest.mark.parametrize("conninfo, why", [
    ("", "owner_database is empty"),
    ("host=/nonexistent user=mingce_owner dbname=mingce", "owner_database: "),
    ("password=hunter2 nonsense", "not a libpq connection string"),
    ("postgresql://mingce_owner:hunter2@/mingce?nonsense=1", "not a libpq connection string"),
])
def test_database_that_cannot_be_reached(site, conninfo, why):
    said = site.bad("migrate", MINGCED_OWNER_DATABASE=conninfo)
    assert why in said and "hunter2" not in said


# ---- the daemon and the schema ----


def test_daemon_waits_for_the_schema_it_knows(site):
    """It starts, says what is missing, serves once `mingced migrate` has run, and goes on when it runs again."""
    stack = site.stack
    site.create()
    seen = stack.daemon_start(wait=False)
    try:
        stack.wait_log("msg=schema-refused", seen)
        site.good("migrate")
        stack.wait_log("msg=ready", seen)
        assert stack.daemon_stop() == 0
        site.sql("UPDATE registry.schema_api SET digest = repeat('0', 64)")
        seen = stack.daemon_start(wait=False)
        assert "migrate" in stack.wait_log("msg=schema-unknown", seen)
        assert "msg=ready" not in stack.log_text(seen)
        assert site.good("migrate").startswith("replaced the functions\n")
        stack.wait_log("msg=ready", seen)
        assert site.register().returncode == 0
        assert site.operator(certificate=site.certificate("institution")).returncode == 0
        for _ in range(2):
            done = stack.cli("institution", "whoami")
            assert done.returncode == 0, done.stderr
            site.sql("UPDATE registry.schema_api SET digest = repeat('0', 64)")
            site.good("migrate")
    finally:
        assert stack.daemon_stop() == 0
    assert_sane(stack)


@pytest.mark.parametrize("text, mode, why", [
    ("seal 1 aes-256-gcm c2VjcmV0\nindex 1 hmac-sha-256 c2VjcmV0\n", 0o600, "a key is 32 bytes"),
    ("", 0o600, "no sealing key"),
    (None, 0o644, "chmod 600"),
])
def test_wrong_key_ring(site, tmp_path, text, mode, why):
    """The daemon does not start, no operator is registered, and no key is shown."""
    ring = tmp_path / "keys"
    ring.write_text((site.stack.folder / "keys").read_text() if text is None else text)
    ring.chmod(mode)
    assert site.register().returncode == 0
    done = site.operator(MINGCED_KEY_RING=str(ring))
    assert done.returncode == 1 and f"key_ring {ring}: " in done.stderr and why in done.stderr
    assert site.number("SELECT count(*) FROM registry.operator") == 0
    started = site.run(MINGCED_KEY_RING=str(ring), MINGCED_LISTEN="127.0.0.1:0")
    assert started.returncode == 1
    assert re.search(f'level=error .*msg=key-ring-refused why="[^"]*{why}', started.stderr)
    assert "msg=ready" not in started.stderr
    for line in ring.read_text().splitlines():
        assert line.split()[-1] not in started.stderr + done.stderr


# ---- keys ----


def test_keys_are_made_once_and_private(site, tmp_path):
    ring, another = tmp_path / "keys", tmp_path / "another"
    before = os.umask(0)
    try:
        assert site.good("keys", "create", ring) == ""
        site.good("keys", "create", another)
    finally:
        os.umask(before)
    assert ring.stat().st_mode & 0o7777 == 0o600
    keys = [line.split() for line in ring.read_text().splitlines() if not line.startswith("#")]
    assert [key[:3] for key in keys] == [["seal", "1", "aes-256-gcm"], ["index", "1", "hmac-sha-256"]]
    assert len({key[3] for key in keys} | {line.split()[-1] for line in another.read_text().splitlines()[1:]}) == 4
    held = ring.read_bytes()
    assert "exists" in site.bad("keys", "create", ring)
    assert ring.read_bytes() == held


def test_keys_are_not_made_where_they_cannot_be(site, tmp_path):
    assert str(tmp_path / "no/where") in site.bad("keys", "create", tmp_path / "no/where")
