# SPDX-License-Identifier: Apache-2.0
"""What the database and the logs hold, and what the daemon's role may do."""

import re

import people
import pytest
import samples
from places import plan
from postgres import BIN, run
from stack import Failed
from test_training import lesson


@pytest.fixture
def sealed(stack, wire, open_class):
    """A roster is in, with a warning, a refusal and a name that differs."""
    number = open_class()
    rows = samples.trainees(30)
    rows[3]["sex"] = "女"
    rows[4]["phone"] = "12000000000"
    wire().call("roster.import", class_number=number, row=rows)
    wire().call("roster.import", class_number=open_class(), row=[rows[0] | {"name": samples.name()}])
    plan(wire(), number, [lesson(teacher_name=samples.name())])
    return rows


def personal_values():
    return samples.used | {person for _, person, _ in people.OPERATORS.values()}


def test_a_dump_reveals_nobody(stack, sealed):
    dump = run([BIN / "pg_dump", "-d", stack.postgres.conninfo("postgres", "mingce")])
    assert "registry.person" in dump and len(dump) > 100000
    assert samples.finder(personal_values())(with_bytea(dump)) == set()


def with_bytea(dump):
    """A dump, and what its bytea columns hold."""
    return dump + "\n".join(bytes.fromhex(h[:len(h) // 2 * 2]).decode("utf-8", "ignore")
                             for h in re.findall(r"\\\\x([0-9a-f]{2,})", dump))


def test_D1_a_dump_with_ten_thousand_people_has_none_of_them(stack, wire, open_class):
    connection, rows = wire(), []
    for _ in range(5):
        number = open_class(capacity=2000)
        for _ in range(4):
            some = samples.trainees(500)
            assert connection.call("roster.import", class_number=number, row=some).refused == 0
            rows += some
    numbers = {row[key] for row in rows for key in ("document_number", "phone")}
    names = {row["name"] for row in rows}
    assert len(rows) == 10000 and len(numbers) > 19000
    dump = run([BIN / "pg_dump", "-d", stack.postgres.conninfo("postgres", "mingce")])
    assert dump.count("\n") > 20000
    assert samples.finder(numbers | names)(with_bytea(dump)) == set()
    planted = rows[77]["document_number"], rows[78]["phone"], rows[79]["name"]
    text = f"{dump}\n{planted[0]}\t\\\\x{planted[1].encode().hex()}\t\\\\x{planted[2].encode().hex()}\n"
    assert samples.finder(numbers | names)(with_bytea(text)) == set(planted)


def test_the_files_on_disk_reveal_nobody(stack, sealed):
    stack.sql("CHECKPOINT")
    found_in = samples.finder({value for value in personal_values() if len(value.encode()) >= 9})
    database = stack.sql("SELECT oid FROM pg_database WHERE datname = current_database()")
    files = [path for path in (stack.postgres.data / "base" / database).iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) > 10**6
    assert found_in(*files, *(stack.postgres.data / "pg_wal").glob("0*")) == set()


def test_D3_logs_hold_no_personal_data(stack, sealed):
    for log in (stack.log, stack.postgres.log):
        text = log.read_text(errors="replace")
        assert text or log == stack.postgres.log
        assert samples.finder(personal_values())(text) == set()


def test_log_lines_are_structured(stack):
    for line in stack.log_text().splitlines():
        assert line.startswith("ts=") and " level=" in line and " proc=" in line and " msg=" in line, line


TABLES = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('registry', 'audit')"


def test_the_daemons_role_owns_and_writes_nothing(stack):
    tables = stack.sql(TABLES).split()
    assert len(tables) >= 15
    for table in tables:
        for statement in (f"INSERT INTO {table} DEFAULT VALUES", f"DELETE FROM {table}", f"TRUNCATE {table}",
                          f"SELECT * FROM {table}", f"DROP TABLE {table}", f"ALTER TABLE {table} ADD x int"):
            with pytest.raises(Failed) as failed:
                stack.sql(statement, user="mingced")
            assert "permission denied" in str(failed.value) or "must be owner" in str(failed.value), statement
    assert stack.sql("SELECT count(*) FROM pg_class WHERE relowner = 'mingced'::regrole") == "0"
    assert stack.sql("SELECT count(*) FROM pg_proc WHERE proowner = 'mingced'::regrole") == "0"
    assert stack.sql("SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication "
                     "FROM pg_roles WHERE rolname = 'mingced'") == "f"


@pytest.mark.parametrize("statement", [
    "CREATE TABLE x (y int)", "CREATE SCHEMA x", "CREATE TEMP TABLE x (y int)",
    "UPDATE registry.class SET capacity = 1", "UPDATE audit.entry SET body = ''",
    "CREATE FUNCTION api.x() RETURNS int LANGUAGE sql AS 'SELECT 1'", "SET ROLE mingce_owner",
    "SELECT admin.organisation_register(NULL, NULL, NULL, NULL, NULL, NULL, NULL)", "COPY registry.person TO STDOUT",
])
def test_the_daemons_role_may_not(stack, statement):
    with pytest.raises(Failed):
        stack.sql(statement, user="mingced")


@pytest.mark.parametrize("user", ["mingce_owner", "postgres"])
@pytest.mark.parametrize("statement", [
    "UPDATE audit.entry SET body = ''", "DELETE FROM audit.entry", "TRUNCATE audit.entry",
    "UPDATE registry.request SET outcome = 1", "DELETE FROM registry.request", "TRUNCATE registry.request",
])
def test_nobody_rewrites_the_log(stack, sealed, user, statement):
    with pytest.raises(Failed):
        stack.sql(statement, user=user)


def test_key_ring_is_private(stack):
    assert (stack.folder / "keys").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Failed):
        stack.command("keys", "create", stack.folder / "keys")


def test_administrators_and_business_do_not_mix(stack):
    certificate, _ = stack.authority.issue("mixed")
    for roles in ("clerk,sysadmin", "sysadmin,secadmin", "auditor,auditadmin", "king"):
        with pytest.raises(Failed):
            stack.command("operator", "--organisation", people.ORGANISATIONS["institution"][0], "--name", "两角色", "--role",
                          roles, "--certificate", certificate)


def test_installation_commands_can_be_repeated(stack):
    count = "SELECT (SELECT count(*) FROM registry.organisation), (SELECT count(*) FROM registry.operator), " \
            "(SELECT count(*) FROM registry.organisation_scope)"
    before = stack.sql(count)
    stack.register()
    assert stack.sql(count) == before
