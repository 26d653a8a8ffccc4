# SPDX-License-Identifier: Apache-2.0
"""The audit log: entries become leaves in a stable order, the tree is signed, and what was tampered with is not."""

import base64
import os
import pathlib
import signal
import subprocess
import threading
import time

import people
import pytest
import samples
from conftest import CLASS
from merkle import bodies, leaf_hash, tree_root
from wire import Wire, read_profile
from waiting import until


def checkpoint(stack):
    """(origin, size, root) of the last one, from this host's file; None before there is one."""
    path = pathlib.Path(stack.folder) / "log.checkpoint"
    if not path.exists():
        return None
    origin, size, root = path.read_text().split("\n")[:3]
    return origin, int(size), base64.b64decode(root)


def covered(stack):
    """Waits until the last checkpoint covers every entry there is now; its size."""
    entries = int(stack.sql("SELECT count(*) FROM audit.entry"))
    return until(lambda: (checkpoint(stack) or ("", 0, b""))[1] >= entries and checkpoint(stack)[1])


def work(stack, rows=50):
    """Until the login is recorded too, which the worker does when it gets to it: nothing comes afterwards."""
    logins = "SELECT count(*) FROM audit.entry WHERE helper.entry_method(body) = 'login'"
    before = int(stack.sql(logins))
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        number = wire.call("class.open", **CLASS).number
        wire.call("roster.import", class_number=number, row=samples.trainees(rows))
    until(lambda: int(stack.sql(logins)) > before)
    return number


def restart(stack):
    stack.daemon_stop()
    stack.daemon_start()


def test_every_entry_is_a_leaf_and_the_root_is_theirs(own_stack):
    stack = own_stack()
    work(stack, 300)
    assert covered(stack)
    origin, size, root = checkpoint(stack)
    found = bodies(stack)
    assert origin == "mingce.example/log" and size == len(found) == int(stack.sql("SELECT count(*) FROM audit.entry"))
    assert root == tree_root([leaf_hash(body) for body in found])
    assert stack.sql("SELECT note FROM audit.checkpoint ORDER BY size DESC LIMIT 1") == (stack.folder / "log.checkpoint").read_text().rstrip("\n")


def test_order_is_by_transaction_and_an_open_one_is_waited_for(own_stack):
    stack = own_stack()
    work(stack, 5)
    before = covered(stack)
    session = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-d", stack.postgres.conninfo("postgres", "mingce")],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    session.stdin.write("BEGIN; INSERT INTO audit.entry (operator_id, body) VALUES ('00000000-0000-0000-0000-000000000000', 'late') RETURNING 'held';\n")
    session.stdin.flush()
    assert session.stdout.readline() == "held\n"
    work(stack, 5)
    time.sleep(1)
    assert checkpoint(stack)[1] == before
    session.communicate("COMMIT;\n", timeout=120)
    assert covered(stack) > before
    order = stack.sql("SELECT string_agg(e.xid || ':' || e.id, ' ' ORDER BY l.leaf_index) FROM audit.leaf l JOIN audit.entry e ON e.id = l.entry_id")
    pairs = [tuple(map(int, pair.split(":"))) for pair in order.split()]
    assert pairs == sorted(pairs) and len(set(pairs)) == len(pairs)
    assert bodies(stack)[before] == b"late"


def test_tiles_are_those_of_the_tree(own_stack):
    stack = own_stack()
    work(stack, 400)
    size = covered(stack)
    hashes = [leaf_hash(body) for body in bodies(stack)]
    rows = stack.sql("SELECT level, tile_index, encode(hashes, 'hex') FROM audit.tile ORDER BY 1, 2").splitlines()
    tiles = {(int(level), int(index)): bytes.fromhex(data) for level, index, data in (row.split("|") for row in rows)}
    assert b"".join(tiles[0, n] for n in range((size + 255) // 256)) == b"".join(hashes)
    level1 = b"".join(tree_root(hashes[n * 256:(n + 1) * 256]) for n in range(size // 256))
    assert tiles[1, 0] == level1 and set(tiles) == {(0, n) for n in range((size + 255) // 256)} | {(1, 0)}


@pytest.mark.parametrize("rounds", range(3))
def test_killed_at_any_moment_every_checkpoint_is_consistent(own_stack, rounds):
    stack = own_stack()
    seen, stop = {}, threading.Event()  # size: the roots that were signed for it

    def watch():
        while not stop.is_set():
            try:
                origin, size, root = checkpoint(stack)
                seen.setdefault(size, set()).add(root)
            except TypeError:
                pass
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    until(lambda: seen)
    for _ in range(6):
        work(stack, 100)
        pid = stack.notary()
        if pid:
            os.kill(pid, signal.SIGKILL)
    size = covered(stack)
    until(lambda: max(seen) >= size)
    stop.set()
    watcher.join()
    hashes = [leaf_hash(body) for body in bodies(stack)]
    assert len(seen) >= 2
    for size, roots in seen.items():
        assert roots == {tree_root(hashes[:size])}


def alarm(stack, why, seen=0):
    return stack.wait_log(f"msg=log-alarm why={why}", seen)


TAMPER = "ALTER TABLE {table} DISABLE TRIGGER ALL; {statement}; ALTER TABLE {table} ENABLE TRIGGER ALL"


@pytest.mark.parametrize("table, statement, why", [
    ("audit.tile", "UPDATE audit.tile SET hashes = set_byte(hashes, 7, get_byte(hashes, 7) # 1) WHERE level = 0 AND tile_index = (SELECT max(tile_index) FROM audit.tile WHERE level = 0)",
     "tree-is-not-what-was-signed"),
    ("audit.log_head", "UPDATE audit.log_head SET size = size - 1", "database-behind-checkpoint"),
    ("audit.tile", "DELETE FROM audit.tile WHERE level = 0", "tile-missing"),
])
def test_what_was_tampered_with_is_not_signed(own_stack, table, statement, why):
    stack = own_stack()
    work(stack, 20)
    covered(stack)
    stack.daemon_stop()
    before = checkpoint(stack)
    stack.sql(TAMPER.format(table=table, statement=statement), user="postgres")
    seen = stack.log_end()
    stack.daemon_start()
    alarm(stack, why, seen)
    work(stack, 5)
    time.sleep(0.5)
    assert checkpoint(stack) == before


def test_an_entry_changed_before_it_was_signed_is_found(own_stack):
    """Entries that were hashed but not signed yet are hashed again from their stored bytes."""
    stack = own_stack()
    work(stack, 20)
    size = covered(stack)
    stack.daemon_stop()
    # as if the notary had died between growing and signing: its file knows an earlier checkpoint
    earlier = stack.sql("SELECT note FROM audit.checkpoint ORDER BY size LIMIT 1")
    assert int(earlier.split("\n")[1]) < size
    (stack.folder / "log.checkpoint").write_text(earlier + "\n")
    stack.sql(TAMPER.format(table="audit.checkpoint", statement=f"DELETE FROM audit.checkpoint WHERE size > {earlier.split(chr(10))[1]}"))
    stack.sql(TAMPER.format(table="audit.entry", statement="UPDATE audit.entry SET body = body || 'x' WHERE id = (SELECT max(entry_id) FROM audit.leaf)"))
    seen = stack.log_end()
    stack.daemon_start()
    alarm(stack, "entries-are-not-what-was-hashed", seen)


def test_an_entry_changed_while_it_is_taken_up_is_found(own_stack):
    """What is signed is what is stored afterwards, not what the notary was shown."""
    stack = own_stack()
    work(stack, 5)
    before = covered(stack)
    stack.sql("""CREATE FUNCTION public.alter_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
                     UPDATE audit.entry SET body = body || 'x' WHERE id = new.entry_id;
                     RETURN NULL;
                 END $$;
                 ALTER TABLE audit.entry DISABLE TRIGGER ALL;
                 CREATE TRIGGER alter_entry AFTER INSERT ON audit.leaf FOR EACH ROW EXECUTE FUNCTION public.alter_entry()""", user="postgres")
    seen = stack.log_end()
    stack.sql("INSERT INTO audit.entry (operator_id, body) VALUES ('00000000-0000-0000-0000-000000000000', '\\x0801')", user="postgres")
    alarm(stack, "entries-are-not-what-was-hashed", seen)
    assert checkpoint(stack)[1] == before


def test_a_restored_backup_is_not_signed_over(own_stack):
    stack = own_stack()
    work(stack, 5)
    covered(stack)
    backup = stack.sql("SELECT size || ' ' || encode(root, 'hex') || ' ' || last_xid || ' ' || last_id FROM audit.log_head").split()
    work(stack, 20)
    covered(stack)
    stack.daemon_stop()
    stack.sql("ALTER TABLE audit.leaf DISABLE TRIGGER ALL; ALTER TABLE audit.checkpoint DISABLE TRIGGER ALL;"
              f"DELETE FROM audit.leaf WHERE leaf_index >= {backup[0]}; DELETE FROM audit.checkpoint WHERE size > {backup[0]};"
              f"UPDATE audit.log_head SET size = {backup[0]}, root = '\\x{backup[1]}', last_xid = '{backup[2]}', last_id = {backup[3]}")
    seen = stack.log_end()
    stack.daemon_start()
    alarm(stack, "database-behind-checkpoint", seen)


def test_two_notaries_at_once_are_one_log(own_stack, tmp_path):
    stack = own_stack()
    covered(stack)
    (stack.folder / "second.checkpoint").write_text((stack.folder / "log.checkpoint").read_text())
    second = tmp_path / "second.conf"
    second.write_text(stack.configuration.read_text().replace("log.checkpoint", "second.checkpoint") + f"\nlisten = {tmp_path}/second.sock\n")
    with open(tmp_path / "second.log", "wb") as log:
        other = subprocess.Popen([stack.mingced, "-c", second], stdout=log, stderr=log, env=stack.environment())
    try:
        for _ in range(3):
            work(stack, 50)
        assert covered(stack)
        os.kill(stack.notary(), signal.SIGSTOP)
        os.kill(stack.notary(), signal.SIGKILL)
        work(stack, 20)
        assert other.poll() is None, (tmp_path / "second.log").read_text()
        entries = int(stack.sql("SELECT count(*) FROM audit.entry"))
        until(lambda: int(stack.sql("SELECT coalesce(max(size), 0) FROM audit.checkpoint")) >= entries)
        notes = stack.sql("SELECT size || ' ' || split_part(note, E'\\n', 3) FROM audit.checkpoint").splitlines()
        hashes = [leaf_hash(body) for body in bodies(stack)]  # read last: a login that is recorded meanwhile is in no note of these
        for note in notes:
            size, root = note.split()
            assert tree_root(hashes[:int(size)]) == base64.b64decode(root)
    finally:
        other.terminate()
        other.wait(30)


def test_the_daemons_role_does_not_touch_the_log(stack):
    from stack import Failed
    for statement in ("SELECT * FROM notary.head()", "SELECT notary.publish(1, 'x')", "SELECT * FROM audit.leaf"):
        with pytest.raises(Failed):
            stack.postgres.sql(statement, user="mingced", database="mingce")


def test_the_notarys_role_reads_no_person(stack):
    from stack import Failed
    for statement in ("SELECT * FROM registry.person", "SELECT * FROM audit.entry", "SELECT * FROM api.class_list('{}', '{}', '{}')"):
        with pytest.raises(Failed):
            stack.postgres.sql(statement, user="mingced_notary", database="mingce")


# ---- what holds the order up, and who may ----


class Session:
    """psql with a transaction of its own."""

    def __init__(self, stack, *statements, user="mingce_owner", database="mingce", application="psql"):
        self.process = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-d", stack.postgres.conninfo(user, database)],
                                        env=os.environ | {"PGAPPNAME": application}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.say(*statements)

    def say(self, *statements):
        self.process.stdin.write("".join(f"{statement};\n" for statement in statements) + "SELECT 'said';\n")
        self.process.stdin.flush()
        lines = []
        while (line := self.process.stdout.readline().strip()) != "said":
            assert self.process.poll() is None, lines
            lines.append(line)
        return lines

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate("ROLLBACK;\n", timeout=60)


def entries_of(stack):
    return int(stack.sql("SELECT count(*) FROM audit.entry"))


def test_a_session_that_leaves_a_write_open_is_named(own_stack):
    """By process, role and application, never by what it does; when it ends the log goes on."""
    stack = own_stack()
    work(stack, 5)
    before = covered(stack)
    with Session(stack, "BEGIN", "SELECT pg_current_xact_id(), 'a secret'", user="mingced", application="x' y\"") as session:
        pid = session.say("SELECT pg_backend_pid()")[0]
        work(stack, 5)
        line = stack.wait_log("msg=log-stalled")
        assert f"pid={pid} user=\"mingced\" application=\"x' y\\\"\" held_s=" in line and "secret" not in stack.log_text()
        assert checkpoint(stack)[1] < entries_of(stack)
    assert covered(stack) > before


def test_where_transactions_can_be_prepared_nothing_is_served(own_stack):
    """A forgotten one would never end, and keep what comes after it out of the log."""
    stack = own_stack()
    work(stack, 5)

    def restart(most):
        stack.daemon_stop()
        stack.postgres.stop()
        with open(stack.postgres.data / "postgresql.conf", "a") as file:
            file.write(f"max_prepared_transactions = {most}\n")
        stack.postgres.start()
    restart(2)
    stack.daemon_start(wait=False)
    assert 'why=settings setting=max_prepared_transactions is="2" must_be="0"' in stack.wait_log("msg=database-lost why=settings")
    stack.wait_log("msg=notary-database-lost why=settings setting=max_prepared_transactions")
    before = entries_of(stack)
    (stack.folder / "occupations.csv").write_text("9-01-01-01,示例师\n")
    code = people.ORGANISATIONS["institution"][0]
    certificate, _ = stack.authority.issue("prepared")
    for words in (["migrate"], ["reseal"], ["log", "anchor"], ["occupations", stack.folder / "occupations.csv"],
                  ["organisation", "--code", code, "--name", "示例学校", "--kind", "institution", "--division", "370100"],
                  ["scope", "--organisation", code, "--occupation", "4-10-01-06", "--level", "junior", "--from", "2026-01-01"],
                  ["operator", "--organisation", code, "--name", "孙示例", "--role", "clerk", "--certificate", certificate]):
        done = subprocess.run([stack.mingced, "-c", stack.configuration, *words], env=stack.environment(), input=f"{people.resident(970)}\n", text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
        assert done.returncode == 1 and "max_prepared_transactions" in done.stderr and "(settings)" in done.stderr, (words, done.stdout, done.stderr)
    assert entries_of(stack) == before
    restart(0)
    stack.daemon_start()
    work(stack, 5)
    assert covered(stack)


def test_what_another_database_leaves_open_holds_nothing_up(own_stack):
    stack = own_stack()
    work(stack, 5)
    with Session(stack, "BEGIN", "SELECT pg_current_xact_id()", user="postgres", database="postgres"):
        work(stack, 5)
        assert covered(stack)
        with Session(stack, "BEGIN", "SELECT pg_current_xact_id()"):  # but here it does
            work(stack, 5)
            stack.wait_log("msg=log-stalled")


def test_a_transaction_left_open_ends_by_itself(own_stack):
    """The database's default for every role; who sets it off for itself is named."""
    stack = own_stack()
    for role in "mingced", "mingced_notary", "mingce_owner", "postgres":
        assert stack.sql("SHOW idle_in_transaction_session_timeout", user=role) == "1min"


def test_the_daemons_role_cannot_take_the_notarys_turn(own_stack):
    """The advisory locks that notary and collector had once are taken by it, and a restarted notary works all the same."""
    stack = own_stack()
    covered(stack)
    with Session(stack, *(f"SELECT pg_advisory_lock({6867700000 + n})" for n in (2, 3)), user="mingced"):
        os.kill(stack.notary(), signal.SIGKILL)
        work(stack, 5)
        assert covered(stack)
    from stack import Failed
    for statement in ("SELECT notary.turn(2::int2, true)", "SELECT notary.turn_take(2::int2, NULL, NULL, now())", "UPDATE audit.turn SET pid = 1",
                      "SELECT FROM audit.turn FOR UPDATE", "LOCK TABLE audit.turn"):
        with pytest.raises(Failed):
            stack.postgres.sql(statement, user="mingced", database="mingce")
