# SPDX-License-Identifier: Apache-2.0
"""What the database's owner does behind the registry's back, triggers on or off, is named by `audit rows`."""

import json

import pytest
import samples
from claims import certify, graduate, set_standards, submit
from conftest import CLASS, allow_looks, make_stack, taken_down
from test_log import covered
from test_persons import enrol
from test_rows import compare, log_end
from wire import Wire, read_profile

PERSONS = 10
# What a command of the owner's writes.
def command(method):
    """The entry of an installation command, for the transaction that it stands in."""
    nobody = "'00000000-0000-0000-0000-000000000000'"
    return (f"CALL audit.enter_command('\\x080111'::bytea || int8send(1) || '\\x1a10'::bytea || uuid_send({nobody}) || '\\x2210'::bytea || uuid_send({nobody}) "
            f"|| '\\x2a{len(method):02x}'::bytea || '{method}'::bytea || '\\x3210'::bytea || uuid_send({nobody}) || '\\x3a20'::bytea || decode(repeat('00', 32), 'hex'), NULL)")


def past(table, statement):
    return f"ALTER TABLE registry.{table} DISABLE TRIGGER ALL; {statement}; ALTER TABLE registry.{table} ENABLE TRIGGER ALL"


def nth(table, n):
    """The n-th row's id: each tampering has a claim, a certificate of its own."""
    return f"(SELECT {table}_id FROM registry.{table} ORDER BY {table}_id OFFSET {n} LIMIT 1)"


def claim(n):
    return nth("claim", n)


def entry_again(method):
    """Another entry of the same bytes as the last one of changes of operators, but for its method."""
    return ("INSERT INTO audit.entry (operator_id, body) SELECT operator_id, overlay(body PLACING convert_to('" + method + "', 'UTF8') FROM 50) FROM audit.entry "
            "WHERE substring(body FROM 48 FOR 6) = '\\x2a04726f7773' AND position('\\x080412'::bytea IN body) > 0 ORDER BY id LIMIT 1")


# Each with what is found of it: the table, the finding, a part of the row's name.
TAMPERINGS = {
    "two certificates' indexes swapped": (past("certificate", f"""
        CREATE TEMP TABLE swap AS SELECT c.certificate_id, c.number_index FROM registry.certificate c WHERE c.certificate_id IN ({nth("certificate", 8)}, {nth("certificate", 9)});
        UPDATE registry.certificate c SET number_index = sha256(c.number_index) FROM swap WHERE swap.certificate_id = c.certificate_id;
        UPDATE registry.certificate c SET number_index = o.number_index FROM swap s, swap o
         WHERE s.certificate_id = c.certificate_id AND o.certificate_id <> s.certificate_id"""), [("certificate", "differs", "")]),
    "an amount raised past the triggers": (past("claim", f"UPDATE registry.claim SET amount_fen = amount_fen + 1 WHERE claim_id = {claim(0)}"),
                                           [("claim", "differs", "")]),
    "an amount raised with the triggers on": (f"UPDATE registry.claim SET amount_fen = amount_fen + 1 WHERE claim_id = {claim(1)}",
                                              [("claim", "unexplained", "@")]),
    "a rate raised with the triggers on": (f"UPDATE registry.claim_line SET rate_fen = rate_fen + 1, amount_fen = amount_fen + 1 WHERE claim_id = {claim(2)}",
                                           [("claim_line", "unexplained", "/1"), ("claim", "amount", "")]),
    "a rate raised in a transaction with an entry": (
        f"BEGIN; UPDATE registry.claim_line SET rate_fen = rate_fen + 1, amount_fen = amount_fen + 1 WHERE claim_id = {claim(3)} AND line = 1; "
        f"UPDATE registry.claim SET amount_fen = amount_fen + 1 WHERE claim_id = {claim(3)}; {command('migrate')}; COMMIT", [("claim_line", "rate", "/1")]),
    "an amount raised beside an entry of another method": (
        f"BEGIN; UPDATE registry.claim SET amount_fen = amount_fen + 1 WHERE claim_id = {claim(5)}; {command('reseal')}; COMMIT", [("claim", "unexplained", "@")]),
    "a person's record beside an entry that may change it": (
        f"BEGIN; UPDATE registry.person SET version = version + 1 WHERE person_id = {nth('person', 9)}; {command('reseal')}; COMMIT", []),
    "a standard raised with the triggers on": ("ALTER TABLE registry.standard DISABLE TRIGGER standard_keep; UPDATE registry.standard SET amount_fen = amount_fen + 1 WHERE line = 2; "
                                               "ALTER TABLE registry.standard ENABLE TRIGGER standard_keep", [("standard", "unexplained", ""), ("claim_line", "rate", "/2")]),
    "a day of the state's calendar moved": (past("state_day", "UPDATE registry.state_day SET working = NOT working WHERE day = (SELECT max(day) FROM registry.state_day)"),
                                            [("state_day", "differs", "")]),
    "an occupation renamed": (past("occupation_name", "UPDATE registry.occupation_name SET name = name || '师' WHERE occupation_code = '4-10-01-06' AND valid_to IS NULL"),
                              [("occupation_name", "differs", "4-10-01-06")]),
    "a trainee group given the name of one that has a living allowance": (
        past("trainee_group", "UPDATE registry.trainee_group SET name = name || '员' WHERE code = 19; UPDATE registry.trainee_group SET name = '就业困难人员' WHERE code = 7"),
        [("trainee_group", "differs", "19"), ("trainee_group", "differs", "7")]),
    "a row made with the triggers on": ("INSERT INTO registry.policy (division, name, value, valid_from, citation) VALUES ('370100', 'four_eyes', 2, '2026-01-01', 'x')",
                                        [("policy", "unexplained", "370100/four_eyes")]),
    "a row taken away with the triggers on": (f"DELETE FROM registry.claim_once WHERE claim_id = {claim(4)}", [("claim_once", "unexplained", "")]),
    "an entry of row changes twice": (entry_again("rows"), [("operator", "contradicts", "")]),
    "row changes in a request's entry": (entry_again("bows"), [("entry", "rows-elsewhere", "")]),
    "garbage among the entries": ("INSERT INTO audit.entry (operator_id, body) VALUES ('00000000-0000-0000-0000-000000000000', '\\x00ff')", [("entry", "unreadable", "")]),
    "an expression among the columns": ("UPDATE audit.covered SET columns = replace(columns, 'capacity', 'CASE WHEN true THEN 1000 ELSE capacity END') "
                                        "WHERE table_name = 'class'", [("class", "columns", "")]),
    "another key": ("UPDATE audit.covered SET key = 'version' WHERE table_name = 'organisation_version'", [("organisation_version", "columns", "")]),
    "a table covered no more": ("DELETE FROM audit.covered WHERE table_name = 'organisation_scope'", [("organisation_scope", "no-row", "")]),
    "a function replaced": ("CREATE OR REPLACE FUNCTION helper.claim_obstacles(in_claim registry.claim) RETURNS int2[] LANGUAGE plpgsql STABLE AS $f$ "
                            "BEGIN RETURN '{}'; END $f$", [("schema", "differs", "function helper.claim_obstacles")]),
    "the function that reads the rows replaced": ("ALTER FUNCTION api.log_rows SET search_path = pg_catalog, registry, pg_temp",
                                                  [("schema", "differs", "function api.log_rows")]),
    "a trigger's function replaced": ("CREATE OR REPLACE FUNCTION audit.cover_mark() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NULL; END $f$",
                                      [("schema", "differs", "function audit.cover_mark")]),
    "a trigger off": ("ALTER TABLE registry.claim DISABLE TRIGGER cover_update", [("schema", "differs", "trigger registry.claim.cover_update")]),
    "a trigger gone": ("DROP TRIGGER claim_step_written_once ON registry.claim_step", [("schema", "no-row", "trigger registry.claim_step.claim_step_written_once")]),
    "a trigger more": ("CREATE TRIGGER quiet BEFORE INSERT ON registry.mark FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()",
                       [("schema", "no-entry", "trigger registry.mark.quiet")]),
    "a constraint gone": ("ALTER TABLE registry.claim_line DROP CONSTRAINT claim_line_amount", [("schema", "no-row", "constraint registry.claim_line.claim_line_amount")]),
    "an amount that is not its rate, in a transaction with an entry": (
        f"BEGIN; UPDATE registry.claim_line SET amount_fen = amount_fen + 1 WHERE claim_id = {claim(5)} AND line = 1; "
        f"UPDATE registry.claim SET amount_fen = amount_fen + 1 WHERE claim_id = {claim(5)}; {command('claim.submit')}; COMMIT", [("claim_line", "amount", "/1")]),
    "a unique index gone": ("ALTER TABLE registry.claim_place DROP CONSTRAINT claim_place_pkey", [("schema", "no-row", "index registry.claim_place_pkey")]),
    "a grant more": ("GRANT UPDATE ON registry.operator TO mingced", [("schema", "differs", "relation registry.operator")]),
    "another owner": ("ALTER FUNCTION api.caller OWNER TO postgres", [("schema", "differs", "function api.caller")]),
    "a membership": ("GRANT mingce_owner TO mingced_notary", [("schema", "differs", "role mingced_notary")]),
    "a role's setting": ("ALTER ROLE mingced_notary SET session_replication_role = replica", [("schema", "no-entry", "settings mingced_notary")]),
    "a rule": ("CREATE RULE quiet AS ON INSERT TO registry.look DO INSTEAD NOTHING", [("schema", "no-entry", "rule registry.look.quiet")]),
    "row policies": ("ALTER TABLE registry.attendance ENABLE ROW LEVEL SECURITY", [("schema", "differs", "relation registry.attendance")]),
    "another schema": ("CREATE SCHEMA mine CREATE VIEW mine.claim AS SELECT 1 AS one", [("schema", "no-entry", "relation mine.claim")]),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with taken_down(make_stack(tmp_path_factory.mktemp("t"))) as stack:
        stack.up()
        allow_looks(stack)
        with Wire(read_profile(stack.profiles / "institution")) as wire:
            set_standards(stack)
            number, rows = wire.call("class.open", **CLASS).number, samples.trainees(PERSONS)
            assert enrol(wire, number, *rows) == ["enrolled"] * PERSONS
            graduate(stack, number)
            numbers, _ = certify(wire, number, rows)
            assert all(r.record_id for r in submit(wire, *numbers).result)
        stack.began = log_end(stack)
        yield stack


@pytest.fixture(scope="module")
def found(site):
    """All at once: each is of other rows."""
    assert compare(site) == []
    for statement, _ in TAMPERINGS.values():
        site.sql(statement)
    covered(site)
    return compare(site, expect=1)


@pytest.mark.parametrize("what", TAMPERINGS)
def test_each_is_named(found, what):
    for table, finding, name in TAMPERINGS[what][1]:
        assert any((t, f) == (table, finding) and name in row for t, row, f in found), (table, finding, found)


def test_nothing_else_is(found):
    meant = {(table, finding) for _, expected in TAMPERINGS.values() for table, finding, _ in expected}
    also = {("schema", "no-entry"), ("organisation_version", "no-row"), ("organisation_version", "no-entry"), ("schema", "no-row"), ("schema", "differs")}
    assert {(t, f) for t, _, f in found} - meant - also == set(), found


def test_readers_go_on_behind_what_they_cannot_understand(site, found):
    """The other commands: a page of the log, one entry, the whole tree."""
    [(_, place, _)] = [f for f in found if f[2] == "unreadable"]
    listed = [json.loads(line) for line in site.cli("auditor", "--json", "audit", "log", "--limit", "0").stdout.splitlines()]
    assert [line["method"] for line in listed].count("unreadable") == 1 and len(listed) > PERSONS
    shown = site.cli("auditor", "audit", "show", place)
    assert shown.returncode == 1 and "cannot be understood" in shown.stderr and place in shown.stderr
    assert site.cli("auditor", "audit", "verify", "--key", site.folder / "log.vkey").returncode == 0
    assert site.cli("auditor", "audit", "log", "--from", "2020-01-01", "--method", "claim.submit").returncode == 0
