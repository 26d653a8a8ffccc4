# SPDX-License-Identifier: Apache-2.0
"""`mingced migrate` tells the log what the database is, and names what was changed by hand since."""

import subprocess

import pytest
from conftest import make_stack


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A database of the schema's making, and no daemon."""
    stack = make_stack(tmp_path_factory.mktemp("m"))
    stack.postgres.start()
    try:
        stack.postgres.create_database()
        stack.configure()
        stack.command("migrate")
        yield stack
    finally:
        stack.postgres.remove()


def migrate(stack, *words):
    done = subprocess.run([str(stack.mingced), "-c", str(stack.configuration), "migrate", *words], capture_output=True, text=True, env=stack.environment())
    return done.returncode, done.stderr


def told(stack, method):
    return int(stack.sql(f"SELECT count(*) FROM audit.entry WHERE helper.entry_method(body) = '{method}'"))


def test_nothing_changed_is_told_once(site):
    before = told(site, "migrate"), told(site, "rows")
    assert migrate(site) == (0, "")
    assert (told(site, "migrate"), told(site, "rows")) == before
    assert int(site.sql("SELECT count(*) FROM audit.schema_object")) > 500


def test_a_function_is_named_and_made_anew(site):
    source = "SELECT md5(prosrc) FROM pg_proc WHERE proname = 'claim_obstacles'"
    before = site.sql(source)
    site.sql("CREATE OR REPLACE FUNCTION helper.claim_obstacles(in_claim registry.claim) RETURNS int2[] LANGUAGE plpgsql STABLE AS $f$ BEGIN RETURN '{}'; END $f$")
    status, said = migrate(site)
    assert status == 0 and "made anew: function helper.claim_obstacles" in said
    assert site.sql(source) == before and migrate(site) == (0, "")


CHANGES = [
    ("ALTER TABLE registry.claim_line DROP CONSTRAINT claim_line_amount",
     "ALTER TABLE registry.claim_line ADD CONSTRAINT claim_line_amount CHECK (amount_fen > 0 AND amount_fen = least(div(rate_fen::numeric * coalesce(days, hours, 1) * percent, 100), cap_fen))", "constraint registry.claim_line.claim_line_amount"),
    ("ALTER TABLE registry.claim DISABLE TRIGGER cover_update", "ALTER TABLE registry.claim ENABLE TRIGGER cover_update", "trigger registry.claim.cover_update"),
    ("GRANT UPDATE ON registry.claim TO mingced", "REVOKE UPDATE ON registry.claim FROM mingced", "relation registry.claim"),
    ("ALTER ROLE mingced SET DateStyle = 'German'", "ALTER ROLE mingced RESET DateStyle", "settings mingced"),
    ("CREATE OR REPLACE FUNCTION audit.transaction() RETURNS bytea LANGUAGE sql STABLE AS 'SELECT NULL::bytea'",
     "CREATE OR REPLACE FUNCTION audit.transaction() RETURNS bytea LANGUAGE sql STABLE AS $f$ SELECT '\\x920108'::bytea || xid8send(pg_current_xact_id()) $f$",
     "function audit.transaction"),
]


@pytest.mark.parametrize("change, back, what", CHANGES, ids=[what for _, _, what in CHANGES])
def test_anything_else_stops_it_until_it_is_put_back(site, change, back, what):
    site.sql(change)
    status, said = migrate(site)
    assert status != 0 and what in said and "--accept" in said
    site.sql(back)
    assert migrate(site) == (0, "")


def test_or_is_accepted_which_the_log_says(site):
    site.sql("GRANT SELECT ON registry.occupation TO mingced_notary")
    before = told(site, "schema.accept")
    status, said = migrate(site, "--accept")
    assert status == 0 and "relation registry.occupation" in said
    assert told(site, "schema.accept") == before + 1
    assert migrate(site) == (0, "")
