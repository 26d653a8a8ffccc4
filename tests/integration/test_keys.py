# SPDX-License-Identifier: Apache-2.0
"""The key ring through a rotation: nothing unreadable at any moment, the old key gone from every row afterwards."""

import signal
import stat
import subprocess
import threading

import people
import pytest
import samples
import snapshot_pb2
from claims import day
from conftest import CLASS
from places import plan
from postgres import Failed, Session
from test_access import der
from test_training import lesson
from waiting import until
from wire import Wire, read_profile

ACCOUNT = samples.remember("370100098765432")
FILLED = {"person", "enrolment", "operator", "lesson", "teacher", "change", "human", "payee", "snapshot_row"}  # by the stack of these tests


def keys_of(stack):
    """The ids of the keys that seal rows, by table: of every sealed column that has any."""
    columns = stack.sql("SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) "
                        "WHERE table_schema = 'registry' AND table_type = 'BASE TABLE' AND data_type = 'bytea' AND column_name ~ 'sealed$'")
    found = {}
    for table, column in (line.split("|") for line in columns.splitlines()):
        keys = stack.sql(f"SELECT DISTINCT encode(substring({column} FROM 2 FOR 4), 'hex')::text FROM registry.{table} WHERE {column} <> ''")
        if keys:
            found.setdefault(table, set()).update(keys.split())
    assert found.keys() >= FILLED, found
    return found


def reload(stack):
    seen = stack.log_end()
    stack.signal(signal.SIGHUP)
    stack.wait_log("proc=worker .*msg=reloaded", seen)


@pytest.fixture
def stack(own_stack):
    made = own_stack()
    with Wire(read_profile(made.profiles / "institution")) as clerk:
        number = clerk.call("class.open", **CLASS).number
        clerk.call("roster.import", class_number=number, row=samples.trainees(700)[:500])
        plan(clerk, number, [lesson()])
        clerk.call("payee.set", account={"account_number": ACCOUNT, "account_name": "示例单位", "bank": "中国农业银行"})
    with Wire(read_profile(made.profiles / "agency")) as agency:
        snapshot = agency.call("snapshot.open", source=snapshot_pb2.REGISTER_SCHOOL, division="370100", as_of=day(), complete=False, rows=1200, file_digest=bytes(32), issuer="示例签发")
        for first in range(1, 1200, 400):
            rows = [{"row": n, "name": "示例人", "document_number": people.resident(n)} for n in range(first, first + 400)]
            assert agency.call("snapshot.load", snapshot_id=snapshot.snapshot_id, row=rows).done == 400
    with Wire(read_profile(made.profiles / "secadmin")) as administrator:
        administrator.call("operator.add", organisation_code=made.sql(
            "SELECT code FROM registry.organisation WHERE kind = 1 LIMIT 1"), name="孙新人", role=[1],
            document={"document_number": people.resident(904)}, certificate=der(made.authority.issue("newcomer")[0]))
    made.number = number
    return made


def test_rotation_without_a_gap(stack):
    """A client reads and writes all the time; every step of the rotation happens under it."""
    ring, stop, wrong = stack.folder / "keys", threading.Event(), []
    listed = []

    def stream():
        with Wire(read_profile(stack.profiles / "institution")) as clerk:
            while not stop.is_set():
                listed.append(len(clerk.pages("roster.list", "trainee", class_number=stack.number, page_rows=200)))
                answer = clerk.call("roster.import", class_number=stack.number, row=samples.trainees(1))
                if answer.enrolled != 1:
                    wrong.append(answer)

    thread = threading.Thread(target=stream)
    thread.start()
    try:
        assert keys_of(stack)["person"] == {"00000001"}
        stack.command("keys", "add", ring)
        reload(stack)
        assert keys_of(stack)["person"] == {"00000001"}  # known, but it does not seal yet
        stack.command("keys", "use", ring)
        reload(stack)
        with Wire(read_profile(stack.profiles / "institution")) as clerk:
            clerk.call("roster.import", class_number=stack.number, row=samples.trainees(1))
        assert "00000002" in keys_of(stack)["person"]
        assert "sealed anew with key 2" in stack.command("reseal")
    finally:
        stop.set()
        thread.join()
    assert not wrong and listed == sorted(listed) and listed[0] >= 500
    assert all(keys == {"00000002"} for keys in keys_of(stack).values()), keys_of(stack)
    assert stack.command("reseal").startswith("0 records")
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        assert clerk.hello.caller.name == "周办事"
        assert len(clerk.pages("roster.list", "trainee", class_number=stack.number, page_rows=200)) > 500
        assert clerk.call("lesson.list", class_number=stack.number).lesson[0].teacher_name == "沈**"
        assert clerk.call("payee.list").payee[0].account.account_number.endswith("*" + ACCOUNT[-4:])


def test_a_row_that_somebody_holds_is_waited_for(stack):
    """D1: nothing stays sealed with the old key because somebody happened to change it."""
    for step in ("add", "use"):
        stack.command("keys", step, stack.folder / "keys")
        reload(stack)
    waiting = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%'"
    with Session(stack.postgres) as holder:
        holder.sql("BEGIN; UPDATE registry.person SET version = version WHERE ctid = (SELECT min(ctid) FROM registry.person)")
        done = []
        thread = threading.Thread(target=lambda: done.append(stack.command("reseal")))
        thread.start()
        until(lambda: stack.sql(waiting) == "t" or done)
        held = not done
        holder.sql("COMMIT")
        thread.join()
    assert held and len(keys_of(stack)["person"]) == 1, keys_of(stack)["person"]
    assert stack.command("reseal").startswith("0 records")


def test_old_rows_stay_readable_and_commitments_stay(stack):
    commitments = stack.sql("SELECT md5(string_agg(commitment::text, '' ORDER BY person_id)) FROM registry.person")
    ring = stack.folder / "keys"
    for step in ("add", "use"):
        stack.command("keys", step, ring)
        reload(stack)
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        assert len(clerk.pages("roster.list", "trainee", class_number=stack.number, page_rows=200)) == 500
    stack.command("reseal")
    assert stack.sql("SELECT md5(string_agg(commitment::text, '' ORDER BY person_id)) FROM registry.person") == commitments


def test_person_is_found_again_after_a_rotation(stack):
    rows = samples.trainees(1)
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        assert clerk.call("roster.import", class_number=stack.number, row=rows).enrolled == 1
        for step in ("add", "use"):
            stack.command("keys", step, stack.folder / "keys")
            reload(stack)
        assert clerk.call("roster.import", class_number=stack.number, row=rows).duplicate == 1


def test_steps_in_order_and_the_file_stays_closed(stack):
    ring = stack.folder / "keys"
    with pytest.raises(Failed, match="no next key"):
        stack.command("keys", "use", ring)
    stack.command("keys", "add", ring)
    with pytest.raises(Failed, match="next key already"):
        stack.command("keys", "add", ring)
    stack.command("keys", "use", ring)
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600 and not ring.with_name("keys.new").exists()
    assert [line.split()[:2] for line in ring.read_text().splitlines() if not line.startswith("#")] == [
        ["seal", "1"], ["index", "1"], ["seal", "2"]]


def test_two_changes_at_once_are_one(stack):
    ring = stack.folder / "keys"
    command = [stack.mingced, "-c", stack.configuration, "keys", "add", ring]
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(6)]
    assert sorted(p.wait() for p in running) == [0] + [1] * 5
    assert ring.read_text().count("next ") == 1


def test_ring_that_cannot_be_read_is_not_taken_up(stack):
    ring = stack.folder / "keys"
    good = ring.read_text()
    ring.write_text(good + "nonsense\n")
    seen = stack.log_end()
    stack.signal(signal.SIGHUP)
    line = stack.wait_log("proc=worker .*msg=reload-refused", seen)
    assert "expected: seal" in line and "nonsense" not in line
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        assert len(clerk.pages("roster.list", "trainee", class_number=stack.number, page_rows=200)) == 500
    with pytest.raises(Failed, match="key_ring"):
        stack.command("reseal")
    ring.write_text(good)


def test_ring_of_another_registry_is_not_taken_up(stack):
    ring = stack.folder / "keys"
    good = ring.read_text()
    stack.command("keys", "create", stack.folder / "other")
    other = (stack.folder / "other").read_text()
    for wrong in (other, good.replace(index_line(good), index_line(other))):
        ring.write_text(wrong)
        seen = stack.log_end()
        stack.signal(signal.SIGHUP)
        assert "lacks a key" in stack.wait_log("proc=worker .*msg=reload-refused", seen)
    with Wire(read_profile(stack.profiles / "institution")) as clerk:
        assert clerk.call("roster.import", class_number=stack.number, row=samples.trainees(1)).enrolled == 1
    ring.write_text(good)


def test_reseal_with_a_ring_that_lacks_the_key_changes_nothing(stack):
    before = stack.sql("SELECT md5(string_agg(sealed::text, '' ORDER BY person_id)) FROM registry.person")
    ring = stack.folder / "keys"
    good = ring.read_text()
    ring.unlink()
    stack.command("keys", "create", ring)
    for step in ("add", "use"):
        stack.command("keys", step, ring)
    with pytest.raises(Failed, match="cannot be opened"):
        stack.command("reseal")
    ring.write_text(good)
    assert stack.sql("SELECT md5(string_agg(sealed::text, '' ORDER BY person_id)) FROM registry.person") == before


@pytest.mark.parametrize("change, why", [
    (lambda good, other: other, "it opens not every record"),
    (lambda good, other: good.replace(index_line(good), index_line(other)), "its index key is another one"),
])
def test_wrong_ring_is_an_error_at_start(stack, change, why):
    ring = stack.folder / "keys"
    good = ring.read_text()
    stack.command("keys", "create", stack.folder / "other")
    stack.daemon_stop()
    ring.write_text(change(good, (stack.folder / "other").read_text()))
    with pytest.raises(Failed, match=f'key-ring-wrong why="{why}'):
        stack.daemon_start()
    assert stack.daemon.wait(20) == 1
    ring.write_text(good)
    stack.daemon_start()


def index_line(ring):
    return next(line for line in ring.splitlines() if line.startswith("index"))
