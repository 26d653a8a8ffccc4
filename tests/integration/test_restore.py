# SPDX-License-Identifier: Apache-2.0
"""A dump that is loaded into another cluster, whose transactions are counted anew."""

import shutil
import subprocess

import samples
from claims import certify, graduate, set_standards, submit
from conftest import CLASS
from postgres import BIN, run
from test_log import alarm, covered
from test_persons import enrol
from waiting import until
from wire import Wire, read_profile


def enter(stack, rows):
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        number = wire.call("class.open", **CLASS).number
        assert wire.call("roster.import", class_number=number, row=samples.trainees(rows)).enrolled == rows


def claimed(stack):
    """A claim; its id."""
    set_standards(stack)
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        number, row = wire.call("class.open", **CLASS).number, samples.trainee(1)
        assert enrol(wire, number, row) == ["enrolled"]
        graduate(stack, number)
        numbers, _ = certify(wire, number, [row])
        return submit(wire, *numbers).result[0].record_id


def outside(stack):
    return int(stack.sql("SELECT count(*) FROM audit.entry e WHERE NOT EXISTS (SELECT FROM audit.leaf l WHERE l.entry_id = e.id)"))


def load_elsewhere(stack):
    """The database dumped, and loaded into a new cluster in the old one's place."""
    postgres = stack.postgres
    dump = subprocess.run([BIN / "pg_dump", "-d", postgres.conninfo("postgres", "mingce")], capture_output=True, text=True, check=True).stdout
    postgres.stop()
    shutil.rmtree(postgres.data)
    postgres.start()
    postgres.create_database()
    postgres.sql("ALTER DATABASE mingce SET idle_in_transaction_session_timeout = '60s'")
    run([BIN / "psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", postgres.conninfo("postgres", "mingce")], input=dump, cwd="/")


def burn(stack, transactions):
    stack.sql(f"DO $$ BEGIN FOR n IN 1 .. {transactions} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")


def test_with_lower_transaction_ids_it_refuses_until_it_is_anchored(own_stack):
    stack = own_stack()
    burn(stack, 5000)
    enter(stack, 20)
    claim = claimed(stack)
    covered(stack)
    stack.daemon_stop()
    # a session of the notary's may still be numbering when its process has gone
    until(lambda: stack.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'mingced_notary'").strip() == "0")
    stack.sql("CREATE TABLE audit.kept AS SELECT count(*) AS n FROM audit.leaf; SELECT admin.occupation_put('{9-99-99-99}', '{示例职业}', body) FROM "
              "(SELECT substring(body FROM 1 FOR 67 + get_byte(body, 48) + 34) AS body FROM audit.entry WHERE helper.entry_method(body) = 'setup.organisation' LIMIT 1) e; "
              "DROP TABLE audit.kept")
    assert outside(stack) > 0  # written, and not in the log when the dump is made
    load_elsewhere(stack)
    seen = stack.log_end()
    stack.daemon_start()
    alarm(stack, "database-loaded-elsewhere", seen)
    assert "mingced log anchor" in stack.log_text()[seen:]
    enter(stack, 10)
    burn(stack, 6000)  # past the old ids: what was written meanwhile does not become reachable by itself
    enter(stack, 5)
    stack.daemon_stop()  # what it had gathered of looks is written now
    left = outside(stack)
    assert left > 0
    assert f"left: {left}" in stack.command("log", "anchor")
    stack.daemon_start()
    covered(stack)
    assert outside(stack) == 0
    enter(stack, 5)
    covered(stack)
    done = stack.cli("auditor", "audit", "verify", "--key", stack.folder / "log.vkey")
    assert done.returncode == 0, done.stdout + done.stderr
    found = stack.cli("auditor", "--json", "audit", "rows", "--key", stack.folder / "log.vkey").stdout
    file = stack.folder / "claim.dossier"
    done = stack.cli("auditor", "claim", "dossier", claim.hex(), "--key", stack.folder / "log.vkey", "--output", file)
    assert done.returncode == 0, done.stdout + done.stderr  # though all rows are of other transactions now
    assert not any(word in found for word in ("differs", "contradicts", "no-entry", "no-row", "unreadable")), found


def test_with_higher_ones_it_goes_on(own_stack):
    stack = own_stack()
    enter(stack, 5)
    covered(stack)
    stack.daemon_stop()
    dumped = stack.sql("SELECT max(xid) FROM audit.entry")
    load_elsewhere(stack)
    burn(stack, int(dumped))
    stack.daemon_start()
    enter(stack, 5)
    covered(stack)
    assert outside(stack) == 0
