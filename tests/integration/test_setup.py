# SPDX-License-Identifier: Apache-2.0
"""The installation commands of mingced, each against a database of its own; no daemon but where one is asked for."""

import hashlib
import os
import re
import subprocess

import people
import pytest
from authority import CLIENT
from conftest import ROOT, assert_sane, make_stack
from postgres import BIN, Failed, run
from setup_site import CODE, DOCUMENT, PERSON, SCHOOL, Holder, Site

MIGRATIONS = sorted(path.name for path in (ROOT / "migrations").glob("*.sql"))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    stack = make_stack(tmp_path_factory.mktemp("u"))
    site = Site(stack)
    try:
        stack.postgres.start()
        stack.configure()
        site.create()
        site.good("migrate")
        site.settings = [line.split("=", 1) for line in site.sql(
            "SELECT unnest(setconfig) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = 'mingce' AND setrole = 0").splitlines()]
        stack.postgres.sql("ALTER DATABASE mingce RENAME TO migrated")
        yield site
    finally:
        stack.postgres.remove()


@pytest.fixture
def empty(server):
    """Just created."""
    server.create()
    yield from watched(server)


@pytest.fixture
def migrated(server):
    """For tests that change the schema."""
    server.copy()
    yield from watched(server)


@pytest.fixture
def site(server):
    """Migrated, and nothing registered."""
    server.forget()
    yield from watched(server)


def watched(site):
    site.said = []
    yield site
    said = "".join(site.said)
    for word in ("Sanitizer", "runtime error:", PERSON, DOCUMENT):
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


def test_migrations_are_marked_with_their_sha256(migrated):
    for line in migrations(migrated).splitlines():
        name, sha256 = line.split()[:2]
        assert hashlib.sha256((ROOT / "migrations" / name).read_bytes()).hexdigest() == sha256


def test_second_migration_waits_and_says_so(empty):
    holder = Holder(empty)
    second = empty.popen("migrate")
    try:
        assert "another migration is running; waiting" in second.stderr.readline()
        assert second.poll() is None
        assert empty.sql("SELECT count(*) FROM pg_namespace WHERE nspname IN ('registry', 'api', 'helper')") == "0"
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


def test_changed_migration_is_named_and_nothing_is_done(migrated):
    migrated.sql("UPDATE registry.schema_migration SET sha256 = '\\xab' WHERE name LIKE '0002%';"
                 "UPDATE registry.schema_api SET digest = 'old'")
    before = migrations(migrated)
    said = migrated.bad("migrate")
    assert "0002_load_codes.sql was applied to this database with other contents" in said
    assert migrations(migrated) == before and migrated.sql("SELECT digest FROM registry.schema_api") == "old"


def test_database_of_a_newer_program_is_refused(migrated):
    migrated.sql("INSERT INTO registry.schema_migration VALUES ('9999_from_later.sql', '\\x00');"
             "UPDATE registry.schema_api SET digest = 'newer'")
    assert "9999_from_later.sql was applied by a newer mingced" in migrated.bad("migrate")
    assert migrated.sql("SELECT digest FROM registry.schema_api") == "newer"


def test_database_of_another_line_of_migrations_is_refused(migrated):
    """As many as this program knows, or fewer, but not the same ones."""
    newest = MIGRATIONS[-1]
    migrated.sql(f"UPDATE registry.schema_migration SET name = '0001_of_another_line.sql' WHERE name = '{newest}'")
    before = migrations(migrated)
    assert "0001_of_another_line.sql" in migrated.bad("migrate")
    assert migrations(migrated) == before


def test_failing_migration_leaves_nothing_of_itself(empty):
    """A table stands where 0005 wants to make one, after it has made others."""
    empty.sql("CREATE SCHEMA registry; CREATE TABLE registry.lesson (x int)", "mingce_owner")
    done = empty.run("migrate")
    assert done.returncode == 1
    assert "0005_run_classes.sql: " in done.stderr and "(SQLSTATE 42P07)" in done.stderr
    assert "use an empty one" in done.stderr and "空的数据库" in done.stderr and "relation" not in done.stderr
    assert done.stdout == "".join(f"applied {name}\n" for name in MIGRATIONS[:4])
    assert empty.number("SELECT count(*) FROM registry.schema_migration") == 4
    assert empty.sql("SELECT to_regclass('registry.class_version') IS NULL, to_regnamespace('api') IS NULL") == "t|t"
    assert empty.number("SELECT count(*) FROM registry.policy WHERE name = 'late_days'") == 0
    empty.sql("DROP TABLE registry.lesson", "mingce_owner")
    assert empty.good("migrate").startswith("applied 0005_run_classes.sql\n")


def test_migration_and_its_mark_are_one(empty):
    """Nothing of 0003 stays when it cannot be marked as applied."""
    empty.sql("CREATE SCHEMA registry; CREATE TABLE registry.schema_migration (name text CHECK (name < '0003'), "
              "sha256 bytea, applied_at timestamptz DEFAULT now())", "mingce_owner")
    done = empty.run("migrate")
    assert done.returncode == 1 and "0003_name_subjects.sql: " in done.stderr and "SQLSTATE 23514)" in done.stderr
    assert empty.number("SELECT count(*) FROM registry.schema_migration") == 2
    assert empty.number("SELECT count(*) FROM pg_attribute WHERE attrelid = 'registry.request'::regclass "
                        "AND attname = 'subject'") == 0


def test_classes_that_were_open_count_as_approved(empty):
    """G0: what was open or under way when approval was brought in is approved as of its opening, and the log has it; the rest is as it was."""
    before = "0040_file_classes.sql"
    empty.sql(f"CREATE SCHEMA registry; CREATE TABLE registry.schema_migration (name text CHECK (name < '{before}'), "
              "sha256 bytea, applied_at timestamptz DEFAULT now())", "mingce_owner")
    assert f"{before}: " in empty.run("migrate").stderr
    empty.sql("INSERT INTO registry.organisation (organisation_id, code, name, kind, division) VALUES ('00000000-0000-0000-0000-000000000001', '52370100300000010X', '示例学校', 1, '370100');"
              "INSERT INTO registry.class (class_number, organisation_id, title, occupation_code, level, training_kind, starts_on, ends_on, capacity, state, opened_at) "
              "SELECT 202600000 + n, '00000000-0000-0000-0000-000000000001', '示例班', '4-10-01-06', 2, 3, '2026-03-01', '2026-05-31', 9, n, '2026-02-28 17:00+00' FROM generate_series(1, 4) n", "mingce_owner")
    empty.sql("ALTER TABLE registry.schema_migration DROP CONSTRAINT schema_migration_name_check", "mingce_owner")
    done = empty.run("migrate", "--accept")  # the test's own constraint has gone
    assert done.returncode == 0 and f"applied {before}\n" in done.stdout
    assert empty.sql("SELECT string_agg(concat_ws(' ', state, filing, approved_on, version, mode), ', ' ORDER BY state) FROM registry.class") == (
        "1 2 2026-03-01 2 1, 2 2 2026-03-01 2 1, 3 1 1, 4 1 1")
    assert empty.sql("SELECT string_agg(concat_ws(' ', version, state, filing), ', ' ORDER BY state) FROM registry.class_version") == "2 1 2, 2 2 2"
    covered = empty.sql("SELECT columns FROM audit.covered WHERE table_name = 'class'")
    assert "approved_on" in covered
    assert empty.number(f"SELECT count(*) FROM registry.class c WHERE NOT EXISTS (SELECT FROM audit.entry e WHERE position(sha256(record_send(ROW({covered}))) IN e.body) > 0)") == 0


def test_standards_and_claims_that_were_there_are_kept(empty):
    """B9, B10: a standard pays as it did, also one that nobody may edit; a claim keeps what it was given; the log has both with what is new."""
    before = "0041_extend_standards.sql"
    empty.sql(f"CREATE SCHEMA registry; CREATE TABLE registry.schema_migration (name text CHECK (name < '{before}'), "
              "sha256 bytea, applied_at timestamptz DEFAULT now())", "mingce_owner")
    assert f"{before}: " in empty.run("migrate").stderr
    empty.sql("INSERT INTO registry.standard (standard_id, division, line, amount_fen, valid_from, valid_to, citation, proposed_by, decision, decided_by, decided_at, superseded_by, request_id) "
              "SELECT lpad(n::text, 32, '0')::uuid, '370100', l, 100 * l, f, t, '示例文', gen_random_uuid(), d, gen_random_uuid(), now(), s, gen_random_uuid() FROM (VALUES "
              "(1, 1, date '2026-01-01', date '2026-05-31', 1, lpad('2', 32, '0')::uuid), (2, 1, '2026-06-01', NULL, 1, NULL), (3, 2, '2026-01-01', NULL, 1, NULL), "
              "(4, 3, '2026-01-01', NULL, 1, NULL), (5, 3, '2026-01-01', NULL, 2, NULL)) v(n, l, f, t, d, s);"
              "INSERT INTO registry.claim (claim_id, person_id, certificate_id, class_number, organisation_id, division, route, occupation_code, level, certificate_kind, trainee_group, year, amount_fen, submitted_by) "
              "VALUES (lpad('9', 32, '0')::uuid, gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), '370100', 1, '4-10-01-06', 2, 4, 7, 2026, 1000, gen_random_uuid());"
              "INSERT INTO registry.claim_line (claim_id, line, standard_id, rate_fen, days, amount_fen) VALUES (lpad('9', 32, '0')::uuid, 1, lpad('1', 32, '0')::uuid, 100, NULL, 100), "
              "(lpad('9', 32, '0')::uuid, 3, lpad('4', 32, '0')::uuid, 300, 3, 900)", "mingce_owner")
    empty.sql("ALTER TABLE registry.schema_migration DROP CONSTRAINT schema_migration_name_check", "mingce_owner")
    done = empty.run("migrate", "--accept")  # the test's own constraint has gone
    assert done.returncode == 0 and f"applied {before}\n" in done.stdout, done.stderr
    assert empty.sql("SELECT string_agg(concat_ws(' ', line, basis, percent, amount_fen, mode, demand_grade, renewal, cap_fen), ', ' ORDER BY standard_id) FROM registry.standard") == (
        "1 1 100 100, 1 1 100 100, 2 1 100 200, 3 3 100 300, 3 3 100 300")
    assert empty.sql("SELECT string_agg(concat_ws(' ', line, rate_fen, days, percent, amount_fen), ', ' ORDER BY line) FROM registry.claim_line") == "1 100 100 100, 3 300 3 100 900"
    assert empty.sql("SELECT num_nonnulls(mode, demand_grade, renewal, rated_on, rated_as_approved, year_cap, life_cap, no_lower, ordinal) FROM registry.claim") == "0"
    for table in ("standard", "claim", "claim_line"):
        covered = empty.sql(f"SELECT columns FROM audit.covered WHERE table_name = '{table}'")
        assert empty.number(f"SELECT count(*) FROM (SELECT sha256(record_send(ROW({covered}))) AS digest FROM registry.{table}) c "
                            "WHERE NOT EXISTS (SELECT FROM audit.entry e WHERE position(c.digest IN e.body) > 0)") == 0


def test_role_of_the_daemon_must_exist_before(empty):
    empty.stack.postgres.sql("ALTER ROLE mingced RENAME TO elsewhere")
    try:
        said = empty.bad("migrate")
    finally:
        empty.stack.postgres.sql("ALTER ROLE elsewhere RENAME TO mingced")
    assert 'role "mingced" does not exist' in said and "CREATE ROLE mingced LOGIN" in said


def test_a_database_without_the_schema_is_told_as_such(empty, tmp_path):
    """No command tells it in the database's words, which name tables and roles."""
    file = tmp_path / "occupations.csv"
    file.write_text("9-99-99-98,示例职业\n")
    said = empty.bad("occupations", file)
    assert "mingced migrate" in said and "数据库" in said and "relation" not in said and "schema \"" not in said, said


def test_functions_are_replaced_whole(migrated):
    migrated.sql("CREATE FUNCTION api.relic() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION api.relic TO mingced;"
                 "CREATE FUNCTION helper.relic() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    done = migrated.run("migrate")
    assert (done.returncode, done.stdout) == (0, "replaced the functions\nthe schema is up to date\n")
    assert "changed by hand since the last migration, and made anew: function api.relic, function helper.relic" in done.stderr
    assert migrated.sql("SELECT to_regproc('api.relic') IS NULL, to_regproc('helper.relic') IS NULL") == "t|t"
    digest = migrated.sql("SELECT digest FROM registry.schema_api")
    migrated.sql("UPDATE registry.schema_api SET digest = repeat('0', 64)")
    assert migrated.good("migrate") == "replaced the functions\nthe schema is up to date\n"
    assert migrated.sql("SELECT digest FROM registry.schema_api") == digest
    assert migrated.sql("SELECT to_regproc('api.relic') IS NULL, to_regproc('api.caller') IS NULL") == "t|f"


def test_functions_that_cannot_be_replaced_stay(migrated):
    migrated.sql("CREATE FUNCTION api.relic() RETURNS int LANGUAGE sql AS 'SELECT 1';"
             "UPDATE registry.schema_api SET digest = 'old'")
    migrated.stack.postgres.sql("ALTER ROLE mingced RENAME TO elsewhere")  # the grants fail, at the very end
    try:
        assert "put back what was changed" in migrated.bad("migrate")
        assert "zz_grants.sql" in migrated.bad("migrate", "--accept")
    finally:
        migrated.stack.postgres.sql("ALTER ROLE elsewhere RENAME TO mingced")
    assert migrated.sql("SELECT digest, api.relic() FROM registry.schema_api") == "old|1"


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


def test_daemon_waits_for_the_schema_it_knows(empty):
    """It starts, says what is missing, serves once `mingced migrate` has run, and goes on when it runs again."""
    stack = empty.stack
    seen = stack.daemon_start(wait=False)
    try:
        stack.wait_log("msg=schema-refused", seen)
        empty.good("migrate")
        stack.wait_log("msg=ready", seen)
        assert stack.daemon_stop() == 0
        empty.sql("UPDATE registry.schema_api SET digest = repeat('0', 64)")
        seen = stack.daemon_start(wait=False)
        assert "migrate" in stack.wait_log("msg=schema-unknown", seen)
        assert "msg=ready" not in stack.log_text(seen)
        assert empty.good("migrate").startswith("replaced the functions\n")
        stack.wait_log("msg=ready", seen)
        assert empty.register().returncode == 0
        assert empty.operator(certificate=empty.certificate("institution")).returncode == 0
        for _ in range(2):
            done = stack.cli("institution", "whoami")
            assert done.returncode == 0, done.stderr
            empty.sql("UPDATE registry.schema_api SET digest = repeat('0', 64)")
            empty.good("migrate")
    finally:
        assert stack.daemon_stop() == 0
    assert_sane(stack)


def replaced(site, function, before, after):
    """A function that its owner has made anew by hand, otherwise than it was declared."""
    site.sql(f"""
        DO $do$ DECLARE
            made text := replace(pg_get_functiondef('api.{function}'::regproc), '{before}', '{after}');
        BEGIN
            IF made = pg_get_functiondef('api.{function}'::regproc) THEN RAISE 'nothing to replace'; END IF;
            PERFORM set_config('check_function_bodies', 'off', true);
            DROP FUNCTION api.{function};
            EXECUTE made;
            GRANT EXECUTE ON FUNCTION api.{function} TO mingced;
        END $do$""")


def test_functions_that_differ_from_their_statements_are_not_served(empty):
    """Names, types and order of parameters and columns, whatever the digest says; the log names the first that differs."""
    stack = empty.stack
    empty.good("migrate")
    seen = None
    for function, before, after, said in [  # each is compared earlier than the one before
        ("policy_list", "valid_to date, citation text", "valid_to date, quoted text", 'column=9 must_be="citation text" is="quoted text"'),
        ("policy_list", "valid_from date, valid_to date", "valid_to date, valid_from date", 'column=7 must_be="valid_from date" is="valid_to date"'),
        ("key_check", "id uuid,", "id text,", 'column=2 must_be="id uuid" is="id text"'),
        ("log_tile", "in_level smallint[]", "in_height smallint[]", 'parameter=2 must_be="in_level int2[]" is="in_height int2[]"'),
        ("claim_queue", "in_least bigint[], in_most bigint[]", "in_most bigint[], in_least bigint[]", 'parameter=8 must_be="in_least int8[]" is="in_most int8[]"'),
    ]:
        replaced(empty, function, before, after)
        seen = seen or stack.daemon_start(wait=False)
        assert "msg=statement-differs" in stack.wait_log(re.escape(f"statement={function} {said}"), seen)
    try:
        assert "msg=ready" not in stack.log_text(seen)
        assert "api.policy_list" in empty.run("migrate").stderr
        stack.wait_log("msg=ready", seen)
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
    stack = site.stack
    assert site.register().returncode == 0
    stack.settings = {"key_ring": ring}
    stack.configure()
    try:
        done = site.operator()
        seen = stack.daemon_start(wait=False)
        assert stack.daemon.wait(timeout=120) == 1
    finally:
        stack.settings, stack.daemon = {}, None
        stack.configure()
    log = stack.log_text(seen)
    assert done.returncode == 1 and f"key_ring {ring}: " in done.stderr and why in done.stderr
    assert site.number("SELECT count(*) FROM registry.operator") == 0
    assert re.search(f'level=error .*msg=key-ring-refused why="[^"]*{why}', log) and "msg=ready" not in log
    for line in ring.read_text().splitlines():
        assert line.split()[-1] not in log + done.stderr


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


# ---- organisations ----


def organisations(site):
    return site.sql("SELECT code, name, kind, division, coalesce(code_override, '-') FROM registry.organisation "
                    "ORDER BY registered_at").splitlines()


def test_a5_good_code_is_registered_once(site):
    assert site.register().returncode == 0
    assert site.good("organisation", "--code", CODE, *SCHOOL) == ""
    assert organisations(site) == [f"{CODE}|示例学校|1|370100|-"]
    assert [(e.method, e.operator_id, e.outcome) for e in site.entries()] == [("setup.organisation", bytes(16), 1)]


def test_a5_code_in_lower_case_is_the_same(site):
    code = "91350100M000100Y43"  # the standard's own example
    site.good("organisation", "--code", code.lower(), *SCHOOL)
    site.good("organisation", "--code", code, *SCHOOL)
    assert [line[:18] for line in organisations(site)] == [code]


@pytest.mark.parametrize("code, why", [
    (CODE[:17], "18"),
    (CODE + "0", "18"),
    ("", "18"),
    (CODE[:8] + "I" + CODE[9:], "I, O, Z, S"),
    (CODE[:8] + "-" + CODE[9:], "not allowed"),
])
def test_a5_wrong_length_or_character_is_never_registered(site, code, why):
    for more in ([], ["--override-reason", "营业执照如此"]):
        said = site.bad("organisation", "--code", code, *SCHOOL, *more)
        assert said.startswith("mingced: --code: ") and why in said
    assert organisations(site) == [] and site.entries() == []


WRONG = CODE[:17] + ("0" if CODE[17] != "0" else "1")


@pytest.mark.parametrize("more", [[], ["--override-reason", ""]])
def test_a5_wrong_checksum_needs_a_reason(site, more):
    said = site.bad("organisation", "--code", WRONG, *SCHOOL, *more)
    assert "校验位" in said and "check character" in said
    assert organisations(site) == [] and site.entries() == []


def test_a5_wrong_checksum_with_a_reason_is_registered_and_the_reason_kept(site):
    site.good("organisation", "--code", WRONG, *SCHOOL, "--override-reason", "营业执照如此")
    assert organisations(site) == [f"{WRONG}|示例学校|1|370100|营业执照如此"]
    entry, = site.entries()
    said = f"{WRONG}\n示例学校\n1\n370100\n营业执照如此"
    assert entry.request_digest == hashlib.sha256(f"setup.organisation\0{said}".encode()).digest()


def test_a5_reason_for_a_good_code_is_not_kept(site):
    site.good("organisation", "--code", CODE, *SCHOOL, "--override-reason", "多余")
    assert organisations(site) == [f"{CODE}|示例学校|1|370100|-"]


def test_every_kind_has_its_number(site):
    kinds = ["institution", "enterprise", "assessment-body", "city-bureau", "county-bureau", "provincial-bureau",
             "department", "auditor", "verifying-agency"]
    for number, kind in enumerate(kinds, 1):
        division = {"city-bureau": "370100", "county-bureau": "370102"}.get(kind, "370000")
        site.good("organisation", "--code", people.credit_code("11", "370000", f"0000009{number}"), "--name", kind,
                  "--kind", kind, "--division", division)
    assert site.sql("SELECT string_agg(name, ' ' ORDER BY kind) FROM registry.organisation") == " ".join(kinds)


@pytest.mark.parametrize("kind, division", [("city-bureau", "370102"), ("city-bureau", "370000"), ("county-bureau", "370100"),
                                            ("provincial-bureau", "370100"), ("provincial-bureau", "370102")])
def test_kind_acts_in_divisions_of_its_level(site, kind, division):
    words = ["organisation", "--code", CODE, "--name", "示例局", "--kind", kind, "--division", division]
    assert "organisation_level_of_kind" in site.bad(*words)
    assert organisations(site) == []


@pytest.mark.parametrize("option, value", [
    ("--kind", "school"), ("--kind", ""), ("--kind", "1"), ("--kind", "Institution"),
    ("--division", "3701"), ("--division", "3701000"), ("--division", "37010a"), ("--division", "370100a"),
    ("--division", ""),
])
def test_kind_and_division_are_checked(site, option, value):
    words = ["organisation", "--code", CODE, *SCHOOL]
    words[words.index(option) + 1] = value
    assert site.bad(*words).startswith(f"mingced: {option}: ")
    assert organisations(site) == []


# ---- scopes ----


SCOPE = ["--organisation", CODE, "--occupation", "4-10-01-06", "--level", "junior"]


def test_scope_with_and_without_an_end(site):
    site.register()
    for _ in range(2):
        site.good("scope", *SCOPE, "--from", "2024-02-29")
        site.good("scope", *SCOPE, "--from", "2020-01-01", "--to", "2020-01-01")
        site.good("scope", *SCOPE[:-1], "chief-technician", "--from", "2020-01-01")
    assert site.sql("SELECT level, valid_from, valid_to FROM registry.organisation_scope ORDER BY 1, 2") == \
        "2|2020-01-01|2020-01-01\n2|2024-02-29|\n8|2020-01-01|"
    assert [e.method for e in site.entries()] == ["setup.organisation"] + 3 * ["setup.scope"]


@pytest.mark.parametrize("days", [
    ["2023-02-29"], ["2026-13-01"], ["2026-1-1"], ["20260101"], [""], ["today"], ["1799-12-31"], ["2026-01-01 "],
    ["2026-01-02", "2026-01-01"], ["2026-01-01", "2026-02-30"], ["2026-01-01", ""],
])
def test_scope_of_bad_days(site, days):
    site.register()
    words = ["--from", days[0]] + (["--to", days[1]] if len(days) > 1 else [])
    assert "--from, --to: " in site.bad("scope", *SCOPE, *words)
    assert site.number("SELECT count(*) FROM registry.organisation_scope") == 0


@pytest.mark.parametrize("at, value, why", [
    (1, people.credit_code("52", "370100", "39999999"), "no such organisation"),
    (3, "9-99-99-99", "SQLSTATE 23503"),
    (5, "expert", "--level: unknown"),
])
def test_scope_of_something_unknown(site, at, value, why):
    site.register()
    words = list(SCOPE)
    words[at] = value
    assert why in site.bad("scope", *words, "--from", "2026-01-01")
    assert len(site.entries()) == 1


@pytest.mark.parametrize("words, said", [
    (["scope", *SCOPE[:3], "9-99-99-99", *SCOPE[4:], "--from", "2026-01-01"], ("--occupation：", "there is no occupation of this code")),
    (["scope", SCOPE[0], people.credit_code("52", "370100", "39999999"), *SCOPE[2:], "--from", "2026-01-01"], ("--organisation：没有", "no such organisation")),
])
def test_what_refuses_is_told_as_the_rule_in_both_languages(site, words, said):
    """G3: never as the database's sentence about its tables; and what is right is registered."""
    site.register()
    text = site.bad(*words)
    assert all(part in text for part in said) and "violates" not in text and "table" not in text, text
    site.good("scope", *SCOPE, "--from", "2026-01-01")


# ---- operators ----


def test_operator_is_registered_and_the_name_sealed(site):
    site.good("organisation", "--code", CODE, "--name", "示例局", "--kind", "city-bureau", "--division", "370100")
    done = site.operator(role="clerk,reviewer")
    assert done.returncode == 0 and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n", done.stdout)
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=subprocess.run(
        ["openssl", "x509", "-in", site.certificate(), "-pubkey", "-noout"], check=True, stdout=subprocess.PIPE).stdout,
        check=True, stdout=subprocess.PIPE).stdout
    key_hash = hashlib.sha256(der).hexdigest()
    assert site.sql("SELECT o.operator_id, o.roles, encode(c.key_hash, 'hex') FROM registry.operator o "
                    "JOIN registry.operator_certificate c USING (operator_id)") == \
        f"{done.stdout.strip()}|{{clerk,reviewer}}|{key_hash}"
    entry = site.entries()[-1]
    said = f"{CODE}\n{{clerk,reviewer}}\n{key_hash}"
    assert entry.method == "setup.operator" and entry.operator_id == bytes(16)
    assert entry.request_digest == hashlib.sha256(f"setup.operator\0{said}".encode()).digest()
    dump = run([BIN / "pg_dump", "-d", site.stack.postgres.conninfo("postgres", "mingce")])
    assert key_hash in dump
    for said in (PERSON, DOCUMENT):
        assert said not in dump and said.encode().hex() not in dump


def test_same_certificate_is_the_same_operator(site):
    site.register()
    first, again = site.operator(), site.operator(role="payer")
    assert first.returncode == again.returncode == 0 and first.stdout == again.stdout
    other = site.operator(certificate=site.certificate("other"))
    assert other.stdout not in ("", first.stdout)
    assert site.sql("SELECT roles FROM registry.operator") == "{clerk}\n{clerk}"
    assert [e.method for e in site.entries()] == ["setup.organisation", "setup.operator", "setup.operator"]


def test_certificate_renewed_on_the_same_key_is_the_same_operator(site, tmp_path):
    site.register()
    certificate, key = site.stack.authority.issue("renewed")
    again = tmp_path / "again.pem"
    request, extensions = tmp_path / "again.csr", tmp_path / "again.ext"
    extensions.write_text(CLIENT)
    run(["openssl", "req", "-new", "-key", key, "-subj", "/CN=renewed", "-out", request])
    run(["openssl", "x509", "-req", "-in", request, "-CA", site.stack.authority.certificate, "-CAkey", site.stack.authority.key,
         "-days", "1", "-extfile", extensions, "-out", again])
    assert again.read_text() != certificate.read_text()
    assert site.operator(certificate=certificate).stdout == site.operator(certificate=again).stdout


@pytest.mark.parametrize("role, why", [
    ("king", "operator_roles_known"), ("clerk,king", "operator_roles_known"), (",", ""), ("", ""), ("clerk,", ""),
    ("Clerk", "--role: unknown"), ("clerk reviewer", "--role: unknown"), ('clerk,"', "--role: unknown"),
    ("{clerk}", "--role: unknown"), ("clerk," * 40 + "clerk", "--role: unknown"),
    ("clerk,sysadmin", "operator_administrator_exclusive"), ("sysadmin,secadmin", "operator_administrator_exclusive"),
    ("auditadmin,auditor", "operator_administrator_exclusive"),
    ("secadmin,secadmin", "operator_administrator_exclusive"),
])
def test_roles_that_cannot_be(site, role, why):
    site.register()
    done = site.operator(role=role)
    assert done.returncode == 1 and done.stdout == "" and why in done.stderr
    assert site.number("SELECT count(*) FROM registry.operator") == 0 and len(site.entries()) == 1


@pytest.mark.parametrize("kind, division, role", [
    ("institution", "370100", "clerk"), ("city-bureau", "370100", "clerk,reviewer,approver,payer"), ("county-bureau", "370102", "secadmin"),
    ("provincial-bureau", "370000", "auditadmin"), ("provincial-bureau", "370000", "sysadmin"), ("auditor", "370000", "auditor"),
])
def test_roles_that_can_be(site, kind, division, role):
    site.good("organisation", "--code", CODE, "--name", "示例", "--kind", kind, "--division", division)
    assert site.operator(role=role).returncode == 0
    assert site.sql("SELECT array_to_string(roles, ',') FROM registry.operator") == role


@pytest.mark.parametrize("role", ["auditor", "reviewer", "sysadmin", "clerk,payer"])
def test_roles_that_the_kind_of_organisation_has_not(site, role):
    """Every pair: tests/sql/delegation.sql."""
    site.register()
    done = site.operator(role=role)
    assert done.returncode == 1 and "operator_roles_of_kind: an organisation of this kind has the roles clerk" in done.stderr
    assert site.number("SELECT count(*) FROM registry.operator") + site.number("SELECT count(*) FROM registry.human") == 0


@pytest.mark.parametrize("document, more, why", [
    ("", [], "the document number is missing"), (DOCUMENT[:17], [], "wrong length"), (DOCUMENT[:17] + ("1" if DOCUMENT[17] == "X" else "X"), [], "check character"),
    ("E12345678", ["--type", "护照"], "not by a passport"), (DOCUMENT, ["--type", "工作证"], "document type is not known"),
])
def test_C1_operator_without_a_document_is_nobody(site, document, more, why):
    site.register()
    done = site.operator(*more, document=document)
    assert done.returncode == 1 and done.stdout == "" and why in done.stderr
    assert site.number("SELECT count(*) FROM registry.operator") == 0


def test_C1_same_document_is_the_same_human(site):
    """Whatever keys and organisations; as a clerk types it, too."""
    other = people.credit_code("52", "370200", "30000092")
    site.register()
    site.register(code=other)
    mangled = " " + DOCUMENT[:6] + " " + DOCUMENT[6:].replace("1", "１").lower()
    for name, code, document in (("one", CODE, DOCUMENT), ("two", CODE, mangled), ("three", other, DOCUMENT)):
        done = site.operator(certificate=site.certificate(name), code=code, document=document)
        assert done.returncode == 0, done.stderr
    assert site.sql("SELECT count(*), count(DISTINCT human_id), count(DISTINCT organisation_id) FROM registry.operator") == "3|1|2"
    assert site.operator(certificate=site.certificate("four"), document=people.resident(901)).returncode == 0
    assert site.number("SELECT count(DISTINCT human_id) FROM registry.operator") == 2


def test_C1_same_document_at_once_is_one_human(site):
    site.register()
    files = [site.certificate(f"at-once-{n}") for n in range(4)]
    said = [site.popen("operator", "--organisation", CODE, "--name", PERSON, "--role", "clerk", "--certificate", file) for file in files]
    assert [site.finish(process, DOCUMENT + "\n").returncode for process in said] == [0] * 4
    assert site.sql("SELECT count(*), count(DISTINCT human_id) FROM registry.operator") == "4|1"


def test_C1_document_of_an_operator_without_one_is_stated_once(site):
    site.register()
    first = site.operator()
    site.sql("SET session_replication_role = replica; UPDATE registry.operator SET human_id = NULL; DELETE FROM registry.human")
    assert site.operator().stdout == first.stdout
    assert site.number("SELECT count(*) FROM registry.operator WHERE human_id IS NOT NULL") == 1
    done = site.operator(document=people.resident(902))
    assert done.returncode == 1 and "another human being's" in done.stderr
    assert [e.method for e in site.entries()] == ["setup.organisation", "setup.operator", "setup.operator"]


def test_certificate_that_is_none(site, tmp_path):
    site.register()
    der, key = tmp_path / "somebody.der", site.stack.authority.issue("somebody")[1]
    run(["openssl", "x509", "-in", site.certificate(), "-outform", "DER", "-out", der])
    for path in (der, key, "/dev/null"):
        done = site.operator(certificate=path)
        assert done.returncode == 1 and done.stderr == f"mingced: {path}: not a certificate in PEM form\n"
    done = site.operator(certificate=tmp_path / "nowhere.pem")
    assert done.returncode == 1 and "nowhere.pem: No such file" in done.stderr
    assert site.number("SELECT count(*) FROM registry.operator") == 0


def test_operator_of_nobody(site):
    done = site.operator()
    assert done.returncode == 1 and "no such organisation" in done.stderr
    assert site.number("SELECT count(*) FROM registry.operator") == 0 and site.entries() == []


@pytest.mark.parametrize("name", ["", PERSON + "1", PERSON * 40, PERSON + "\x01" + PERSON, PERSON + "@"])
def test_name_that_is_none_is_not_repeated(site, name):
    site.register()
    done = site.operator(name=name)
    assert done.returncode == 1 and done.stderr.startswith("mingced: --name: ")
    assert site.number("SELECT count(*) FROM registry.operator") == 0


# ---- occupations ----


@pytest.fixture
def occupations(site, tmp_path):
    """Writes a file of these bytes or this text and runs the command on it."""
    def put(content):
        path = tmp_path / "occupations.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return site.run("occupations", path)
    return put


def named(site, *codes):
    return [site.sql(f"SELECT name FROM registry.occupation WHERE code = '{code}'") for code in codes]


@pytest.mark.parametrize("before", ["", "编码,名称\n", "\ufeff", "\ufeff编码,名称\r\n", "\n\n"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_occupations_with_and_without_header_and_mark(site, occupations, before, end):
    done = occupations(f"{before}9-01-01-01,示例师\n9-01-01-02,示例员{end}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 rows, 2 new or renamed\n", "")
    assert named(site, "9-01-01-01", "9-01-01-02") == ["示例师", "示例员"]
    assert [e.method for e in site.entries()] == ["setup.occupations"]


def test_occupations_are_renamed_and_the_same_again_changes_nothing(site, occupations):
    assert occupations("9-01-01-01,旧名\n9-01-01-02,不变\n").stdout == "2 rows, 2 new or renamed\n"
    assert occupations("9-01-01-01,新名\n9-01-01-02,不变\n").stdout == "2 rows, 1 new or renamed\n"
    assert occupations("9-01-01-01,新名\n9-01-01-02,不变\n").stdout == "2 rows, 0 new or renamed\n"
    assert named(site, "9-01-01-01", "9-01-01-02") == ["新名", "不变"]
    assert len(site.entries()) == 2


def test_an_occupation_twice_in_a_file_has_one_name(site, occupations):
    assert occupations("9-01-01-01,甲\n9-01-01-01,甲\n").stdout == "2 rows, 1 new or renamed\n"
    done = occupations("9-01-01-01,乙\n9-01-01-02,丙\n9-01-01-01,丁\n")
    assert done.returncode == 1 and "occupation 9-01-01-01 has two names in the file" in done.stderr
    assert named(site, "9-01-01-01", "9-01-01-02") == ["甲", ""]


def test_occupation_names_are_taken_as_they_are(site, occupations):
    names = ['甲,乙', '"甲"', "甲\\乙", "{甲}", "NULL", "甲'乙"]
    quoted = ["\"" + name.replace('"', '""') + "\"" for name in names]
    codes = [f"9-02-01-0{i}" for i in range(len(names))]
    done = occupations("".join(f"{code},{name},又一列\n" for code, name in zip(codes, quoted)))
    assert done.stdout == "6 rows, 6 new or renamed\n"
    assert named(site, *codes) == names


@pytest.mark.parametrize("text, row", [
    ("code,name\n9-01-01-01,甲\n9-01-01-O2,乙\n", 3),
    ("9-01-01-01,甲\n9-01-01-02\n", 2),
    ("9-01-01-01,甲\n9-01-01-02,\n", 2),
    ("9-01-01-01,甲\n,乙\n9-01-01-03,丙\n", 2),
    ("code,name\ncode,name\n9-01-01-01,甲\n", 2),
    ("9-01-01-O1,甲\n9-01-01-02,乙\n", 1),
    ("9-01-01-01,\n9-01-01-02,乙\n", 1),
])
def test_bad_row_is_named_and_nothing_is_taken(site, occupations, text, row):
    done = occupations(text)
    assert done.returncode == 1 and done.stdout == ""
    assert f"mingced: row {row}: a code as 4-10-01-06 and a name are expected\n" in done.stderr
    assert named(site, "9-01-01-01", "9-01-01-02") == ["", ""] and site.entries() == []


@pytest.mark.parametrize("content", ["", "code,name\n", "9-01-01-01,示例\n".encode("gb18030"), b"9-01-01-01,\0\n",
                                     "-,甲\n"])
def test_file_of_no_occupations(site, occupations, content):
    before = site.sql("SELECT count(*) FROM registry.occupation")
    done = occupations(content)
    assert done.returncode == 1 and done.stderr.startswith("mingced: ")
    assert site.sql("SELECT count(*) FROM registry.occupation") == before and site.entries() == []


def test_file_that_is_not_there(site, tmp_path):
    assert "nowhere.csv: No such file" in site.bad("occupations", tmp_path / "nowhere.csv")


# ---- usage ----


@pytest.mark.parametrize("words", [
    ["keys"], ["keys", "create"], ["keys", "make", "x"], ["keys", "create", "x", "y"],
    ["migrate", "now"],
    ["organisation"], ["organisation", "--code", CODE], ["organisation", "--code", CODE, *SCHOOL, "more"],
    ["organisation", "--code", CODE, *SCHOOL, "--colour", "red"], ["organisation", "--code"],
    ["scope", *SCOPE], ["scope", *SCOPE, "--from", "2026-01-01", "--until", "2026-02-01"],
    ["operator", "--organisation", CODE, "--name", PERSON, "--role", "clerk"],
    ["operator", "--organisation", CODE, f"--surname={PERSON}", "--role", "clerk", "--certificate", "x"],
    ["operator", "--organisation", CODE, "--name", PERSON[:1], PERSON, "--role", "clerk", "--certificate", "x"],
    ["occupations"], ["occupations", "a", "b"],
])
def test_usage_errors_exit_2(site, words):
    done = site.run(*words)
    assert done.returncode == 2 and done.stdout == ""
    assert f"用法 / usage: mingced [-c FILE] {words[0]}" in done.stderr
    assert site.entries() == []


def test_missing_option_is_named(site):
    assert "mingced: --division is missing\n" in site.run("organisation", "--code", CODE, *SCHOOL[:-2]).stderr


def test_unknown_command(site):
    done = site.run("organization")
    assert done.returncode == 2 and "no command of this name" in done.stderr


@pytest.mark.parametrize("command", ["keys", "migrate", "organisation", "scope", "operator", "occupations"])
def test_help(site, command):
    assert site.good(command, "--help").startswith(f"用法 / usage: mingced [-c FILE] {command} ".rstrip())


# ---- what everybody may do ----

RIGHTS = """SELECT string_agg(what, ' ' ORDER BY what) FROM (
    SELECT p || ' database' FROM unnest(ARRAY['CONNECT', 'TEMPORARY', 'CREATE']) p WHERE has_database_privilege('public', current_database(), p)
    UNION ALL SELECT p || ' ' || nspname FROM pg_namespace, unnest(ARRAY['USAGE', 'CREATE']) p
     WHERE nspname IN ('registry', 'audit', 'api', 'helper', 'admin', 'notary') AND has_schema_privilege('public', oid, p)
    UNION ALL SELECT 'CREATE public' WHERE has_schema_privilege('public', 'public', 'CREATE')
    UNION ALL SELECT 'EXECUTE ' || p.oid::regproc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname IN ('registry', 'audit', 'api', 'helper', 'admin', 'notary') AND has_function_privilege('public', p.oid, 'EXECUTE')
       AND p.proowner = 'mingce_owner'::regrole) r (what)"""


@pytest.fixture
def documented(server):
    """A database as the manual says, `CREATE DATABASE`, and nothing else."""
    server.drop()
    server.stack.postgres.sql("CREATE DATABASE mingce OWNER mingce_owner")
    server.clean = False
    yield from watched(server)
    server.drop()


def test_migrate_leaves_everybody_nothing(documented):
    documented.sql("GRANT CREATE ON SCHEMA public TO PUBLIC")
    assert {"CONNECT", "TEMPORARY"} <= set(documented.sql(RIGHTS).split())
    documented.good("migrate")
    assert documented.sql(RIGHTS) == ""
    for role in "mingced", "mingced_notary", "mingce_owner":
        assert documented.sql("SELECT 1", role) == "1"
    with pytest.raises(Failed):
        documented.sql("CREATE TEMP TABLE mine ()", "mingced")
    documented.sql("CREATE FUNCTION registry.later() RETURNS int LANGUAGE sql AS 'SELECT 1'", "mingce_owner")
    assert documented.sql(RIGHTS) == ""


def test_migrate_takes_back_what_was_given_since(documented):
    documented.good("migrate")
    documented.sql("GRANT TEMP ON DATABASE mingce TO PUBLIC; GRANT SELECT ON registry.person TO PUBLIC; GRANT USAGE ON SCHEMA registry TO PUBLIC;"
                   "GRANT USAGE ON SCHEMA helper TO PUBLIC; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api, helper TO PUBLIC")
    assert documented.good("migrate") == "the schema is up to date\n"
    assert documented.sql(RIGHTS) == ""
    assert documented.sql("SELECT has_table_privilege('public', 'registry.person', 'SELECT')") == "f"


@pytest.mark.parametrize("right, remedy", [
    ("GRANT TEMP ON DATABASE mingce TO PUBLIC", "REVOKE ALL ON DATABASE mingce FROM PUBLIC"),
    ("GRANT CREATE ON SCHEMA public TO PUBLIC", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")])
def test_migrate_refuses_a_database_where_everybody_has_rights_it_cannot_take(documented, right, remedy):
    """Of another owner's database, or of a schema from an older PostgreSQL's dump."""
    documented.sql("ALTER SCHEMA public OWNER TO postgres; ALTER DATABASE mingce OWNER TO postgres; GRANT CREATE ON DATABASE mingce TO mingce_owner;"
                   "REVOKE ALL ON DATABASE mingce FROM PUBLIC; GRANT CONNECT ON DATABASE mingce TO mingced, mingced_notary, mingce_owner;" + right)
    assert remedy in documented.bad("migrate")
    assert documented.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'registry'") == 0
    documented.sql(remedy)
    documented.good("migrate")
