# SPDX-License-Identifier: Apache-2.0
"""How the programs reach PostgreSQL: what the environment, a role, a database or the server's configuration sets changes
neither what records mean nor that they are durable; what fails is told by its class; a dead host keeps nobody from the next."""

import contextlib
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import warnings

import people
import pytest
from conftest import CLASS, allow_looks, assert_sane, make_stack
from postgres import BIN
from test_metrics import value
from waiting import until
from wire import Closed, Wire, read_profile

ROLES = ("mingced", "mingced_notary", "mingce_owner")
# What libpq takes from the environment for a session.
ENVIRONMENT = {"PGCLIENTENCODING": "GBK", "PGOPTIONS": "-c bytea_output=escape -c synchronous_commit=off", "PGTZ": "Asia/Shanghai",
               "PGDATESTYLE": "German", "PGGEQO": "nonsense", "PGSERVICE": "nowhere", "PGTARGETSESSIONATTRS": "standby"}
# What a role or a database may set, and no session of ours may take over.
MEANING = {"client_encoding": "LATIN1", "datestyle": "German, DMY", "intervalstyle": "sql_standard", "timezone": "Asia/Shanghai",
           "search_path": "nowhere", "standard_conforming_strings": "off", "bytea_output": "escape", "extra_float_digits": "-5",
           "transform_null_equals": "on", "array_nulls": "off", "row_security": "off", "exit_on_error": "on",
           "default_transaction_isolation": "serializable", "default_transaction_deferrable": "on", "statement_timeout": "1",
           "lock_timeout": "1", "idle_session_timeout": "1", "idle_in_transaction_session_timeout": "1",
           "client_min_messages": "error", "quote_all_identifiers": "on", "check_function_bodies": "off"}
# The tests' own psql is to be spared them.
PLAIN = {"PGCLIENTENCODING": "UTF8", "PGOPTIONS": "-c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0 "
         "-c idle_in_transaction_session_timeout=0 -c exit_on_error=off -c transform_null_equals=off"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Its daemon is started by the tests."""
    stack = make_stack(tmp_path_factory.mktemp("t"), metrics_listen=tmp_path_factory.mktemp("m") / "s", database_connections=1)
    try:
        stack.up()
        allow_looks(stack)
        stack.daemon_stop()
        yield stack
    finally:
        stack.down()
        stack.postgres.remove()
    assert_sane(stack)


@contextlib.contextmanager
def set_to(stack, whom, **settings):
    """ALTER ROLE, DATABASE or SYSTEM, and back again."""
    def all_of_them(what):
        lines = [f"ALTER {whom} {what(name, text)};\n" for name, text in settings.items()]
        stack.postgres.sql("".join(lines) + "SELECT pg_reload_conf()")

    all_of_them(lambda name, text: f"SET {name} = {text!r}")
    try:
        yield
    finally:
        all_of_them(lambda name, _: f"RESET {name}")


@contextlib.contextmanager
def serving(stack, wait=True):
    seen = stack.daemon_start(wait=wait)
    try:
        yield seen
    finally:
        stack.daemon_stop()


def works(stack):
    """A record with a Chinese title and today's time; signed; shown as it was written."""
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        number = wire.call("class.open", **CLASS | {"title": "家政服务员·示例"}).number
        assert getattr(wire.call("class.show", number=number), "class").title == "家政服务员·示例"
    with Wire(read_profile(stack.profiles / "auditor")) as wire:
        assert wire.call("audit.list").record
    assert stack.sql(f"SELECT title FROM registry.class WHERE class_number = {number}") == "家政服务员·示例"
    last = int(stack.sql("SELECT max(id) FROM audit.entry"))
    until(lambda: stack.sql(f"SELECT coalesce(max(c.size), 0) > (SELECT leaf_index FROM audit.leaf WHERE entry_id = {last})"
                            " FROM audit.checkpoint c") == "t")


# ---- what changes the meaning ----


def migrate(site, *words, **env):
    """(status, what it said on stderr), of `migrate` or another command."""
    done = subprocess.run([site.mingced, "-c", site.configuration, *(words or ["migrate"])], env=site.environment(**env),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    return done.returncode, done.stderr


@pytest.fixture
def given(site, monkeypatch):
    """To mingced's environment, not to our own."""
    plain_environment = site.environment

    def add(**env):
        monkeypatch.setattr(site, "environment", lambda **more: plain_environment(**more) | env)
    return add


def test_environment_changes_no_meaning(site, given):
    given(**ENVIRONMENT)
    with serving(site):
        works(site)


@pytest.mark.parametrize("whom", ["role", "database"])
def test_a_roles_and_a_databases_settings_change_no_meaning(site, whom, monkeypatch):
    for name, text in PLAIN.items():
        monkeypatch.setenv(name, text)
    with contextlib.ExitStack() as stack:
        for role in ROLES if whom == "role" else [None]:
            stack.enter_context(set_to(site, f"ROLE {role}" if role else "DATABASE mingce", **MEANING))
        stack.enter_context(serving(site))
        works(site)


def test_no_statement_waits_for_processes_to_start(site):
    """With the growth of a table its plans would have parallel workers, which take longer to start than a set to run."""
    planning = {"max_parallel_workers_per_gather": "4", "force_parallel_mode": "on", "jit": "on"}
    with set_to(site, "SYSTEM", log_min_messages="debug1"), set_to(site, "ROLE mingced", **planning), serving(site):
        seen = len(site.postgres.log.read_bytes())
        works(site)
        said = site.postgres.log.read_bytes()[seen:]
    assert b"DEBUG" in said and b"parallel worker" not in said


@pytest.mark.parametrize("encoding", ["GBK", "LATIN1", "SQL_ASCII"])
def test_commands_write_utf8_whatever_the_environment_says(site, given, encoding):
    given(PGCLIENTENCODING=encoding)
    code = people.credit_code("52", "370100", f"4000{len(encoding):04}")
    site.command("organisation", "--code", code, "--name", "示例·学校", "--kind", "institution", "--division", "370100")
    assert site.sql(f"SELECT name FROM registry.organisation WHERE code = '{code}'") == "示例·学校"


@pytest.mark.parametrize("encoding", ["GBK", "LATIN1"])
def test_migrate_writes_code_tables_in_utf8(site, encoding):
    site.postgres.create_database("another")
    try:
        with set_to(site, "ROLE mingce_owner", client_encoding=encoding):
            owner = site.postgres.conninfo("mingce_owner", "another")
            assert migrate(site, PGCLIENTENCODING=encoding, MINGCED_OWNER_DATABASE=owner) == (0, "")
        names = "SELECT md5(string_agg(name, ',' ORDER BY code, name)) FROM registry.division"
        assert site.postgres.sql(names, database="another") == site.sql(names)
        assert site.postgres.sql("SELECT name FROM registry.division WHERE code = '370000'", database="another").startswith("山东")
    finally:
        site.postgres.sql("DROP DATABASE another WITH (FORCE)")


# ---- what is refused ----

NOT_DURABLE = [("ROLE mingced", "synchronous_commit", "off"), ("ROLE mingced", "synchronous_commit", "local"),
               ("DATABASE mingce", "synchronous_commit", "remote_write"), ("SYSTEM", "synchronous_commit", "off"),
               ("SYSTEM", "fsync", "off"), ("SYSTEM", "full_page_writes", "off"),
               ("ROLE mingced", "session_replication_role", "replica")]


@pytest.mark.parametrize("whom, name, text", NOT_DURABLE)
def test_without_durability_nothing_is_served(site, whom, name, text):
    with set_to(site, whom, **{name: text}), serving(site, wait=False) as seen:
        line = site.wait_log("msg=database-lost", seen)
        assert f'why=settings setting={name} is="{text}"' in line
        assert "msg=ready" not in site.log_text(seen)
        assert value(site.settings["metrics_listen"], "mingce_database_connect_failures_total", cause="settings") > 0
        with pytest.raises(Closed) as closed:
            Wire(read_profile(site.profiles / "institution"))
        assert closed.value.reason == "store-unavailable"
        site.postgres.sql(f"ALTER {whom} RESET {name}; SELECT pg_reload_conf()")
        site.wait_log("msg=ready", seen)


@pytest.mark.parametrize("text", ["on", "remote_apply"])
def test_with_durability_it_serves(site, text):
    with set_to(site, "ROLE mingced", synchronous_commit=text), serving(site):
        works(site)


def test_the_notary_signs_nothing_that_is_not_durable(site):
    with set_to(site, "ROLE mingced_notary", synchronous_commit="off"), serving(site) as seen:
        line = site.wait_log("msg=notary-database-lost", seen)
        assert 'why=settings setting=synchronous_commit is="off" must_be="on or remote_apply"' in line


def test_commands_refuse_what_is_not_durable(site):
    with set_to(site, "ROLE mingce_owner", synchronous_commit="off"):
        for words in ["migrate"], ["reseal"], ["scope", "--organisation", "x", "--occupation", "4-10-01-06", "--level", "junior", "--from", "2026-01-01"]:
            status, said = migrate(site, *words)
            assert status == 1
            assert "synchronous_commit is off and must be on or remote_apply" in said


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "EUC_CN"])
def test_migrate_refuses_a_database_that_is_not_utf8(site, encoding):
    site.sql(f"CREATE DATABASE narrow OWNER mingce_owner TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    try:
        status, said = migrate(site, MINGCED_OWNER_DATABASE=site.postgres.conninfo("mingce_owner", "narrow"))
        assert (status, "server_encoding" in said) == (1, True), said
        assert site.postgres.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'registry'", database="narrow") == "0"
    finally:
        site.sql("DROP DATABASE narrow WITH (FORCE)")


# ---- classes of failure ----


@contextlib.contextmanager
def silent():
    """The port of one that takes connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield listener.getsockname()[1]


@contextlib.contextmanager
def shutting_down(site):
    """A session holds up a smart shutdown; who comes is told."""
    with Held(site) as held:
        subprocess.run([BIN / "pg_ctl", "stop", "-D", site.postgres.data, "-m", "smart", "-W", "-s"], cwd="/", check=True,
                       user=site.postgres.user.pw_uid if site.postgres.user else None)
        yield held
    until(lambda: not site.postgres.running())
    site.postgres.start()


class Held:
    def __init__(self, site):
        self.session = subprocess.Popen(["psql", "-X", "-q", "-d", site.postgres.conninfo("postgres", "mingce")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        self.session.stdin.write("\\echo here\n")
        self.session.stdin.flush()
        assert self.session.stdout.readline() == "here\n"
        return self

    def __exit__(self, *_):
        self.session.communicate("", timeout=20)


@contextlib.contextmanager
def no_database(site):
    yield site.postgres.conninfo("mingce_owner", "nothing")


@contextlib.contextmanager
def locked_out(site, sql, back):
    site.sql(sql)
    try:
        yield site.postgres.conninfo("mingce_owner", "mingce")
    finally:
        site.sql(back)


@contextlib.contextmanager
def causes(site, cause):
    """A connection string of the owner's that fails for that cause."""
    here = site.postgres.conninfo("mingce_owner", "mingce")
    home = site.postgres.home
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        made = {
            "refused": lambda: f"host={home}/nowhere user=mingce_owner dbname=mingce",
            "timed-out": lambda: f"host=127.0.0.1 port={enter(silent())} user=x dbname=x connect_timeout=2 sslmode=disable",
            "name": lambda: "host=no-such-host.invalid user=x dbname=x connect_timeout=2",
            "authentication": lambda: here.replace("mingce_owner", "nobody_at_all"),
            "tls": lambda: f"host=127.0.0.1 port={enter(plain())} user=x dbname=x sslmode=require",
            "database": lambda: enter(no_database(site)),
            "permission": lambda: enter(locked_out(site, "CREATE DATABASE closed; REVOKE ALL ON DATABASE closed FROM PUBLIC",
                                                   "DROP DATABASE closed")).replace("dbname=mingce", "dbname=closed"),
            "too-many-connections": lambda: enter(locked_out(site, "ALTER ROLE mingce_owner CONNECTION LIMIT 0",
                                                             "ALTER ROLE mingce_owner CONNECTION LIMIT -1")),
            "starting-or-stopping": lambda: (enter(shutting_down(site)), here)[1],
            "not-writable": lambda: enter(locked_out(site, "ALTER ROLE mingce_owner SET default_transaction_read_only = on",
                                                     "ALTER ROLE mingce_owner RESET default_transaction_read_only")),
            "settings": lambda: enter(locked_out(site, "ALTER ROLE mingce_owner SET synchronous_commit = off",
                                                 "ALTER ROLE mingce_owner RESET synchronous_commit")),
            "connection-string": lambda: "host=a,b port=1,2,3 secret-word",
        }
        yield made[cause]()


@contextlib.contextmanager
def plain():
    """One that does not speak TLS."""

    def answer(listener):
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                line.recv(8)
                line.sendall(b"N")
                line.close()

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        threading.Thread(target=answer, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


CAUSES = ["refused", "timed-out", "name", "authentication", "tls", "database", "permission", "too-many-connections",
          "starting-or-stopping", "not-writable", "settings", "connection-string"]
LIBPQS = re.compile(r"FATAL|could not|connection to server|failed:|nobody_at_all|secret-word")


@pytest.mark.parametrize("cause", CAUSES)
def test_a_failure_is_told_by_its_class(site, cause):
    with causes(site, cause) as conninfo:
        status, said = migrate(site, MINGCED_OWNER_DATABASE=conninfo)
    assert status == 1
    assert f"({cause})" in said, said
    assert not LIBPQS.search(said)


@pytest.mark.parametrize("cause", ["refused", "name", "authentication", "too-many-connections", "starting-or-stopping",
                                   "not-writable"])
def test_the_daemon_tells_the_class_in_log_and_metric(site, cause, given):
    with causes(site, cause) as conninfo:
        given(MINGCED_DATABASE=conninfo)
        with serving(site, wait=False) as seen:
            assert f"why={cause} " in site.wait_log("proc=worker .*msg=database-lost", seen)
            path = site.settings["metrics_listen"]
            assert until(lambda: value(path, "mingce_database_connect_failures_total", cause=cause))
            assert not LIBPQS.search(site.log_text(seen))


FATAL = ["authentication", "database", "permission", "too-many-connections", "starting-or-stopping"]  # what the server itself says


@pytest.fixture
def chinese(site, tmp_path_factory, monkeypatch):
    """The server's messages in Chinese; the locale is made here, since few machines have it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mingce-locale-", dir="/var/tmp"))  # whoever runs PostgreSQL can read it
    folder.chmod(0o755)
    made = shutil.which("localedef") and subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8", folder / "zh_CN.UTF-8"], check=False,
                                                        stderr=subprocess.DEVNULL).returncode == 0
    if not made:
        shutil.rmtree(folder)
        warnings.warn("NOT RUN: causes in another language: no locale zh_CN.UTF-8 can be made here (localedef, package locales)", stacklevel=1)
        pytest.skip("no locale zh_CN.UTF-8")
    for path in folder.rglob("*"):
        path.chmod(0o755)
    configuration = site.postgres.data / "postgresql.conf"
    before = configuration.read_text()
    try:
        with monkeypatch.context() as patch:
            patch.setenv("LOCPATH", str(folder))
            site.postgres.stop()
            configuration.write_text(before + "lc_messages = 'zh_CN.UTF-8'\n")
            site.postgres.start()
            said = subprocess.run(["psql", "-X", "-d", site.postgres.conninfo("nobody_at_all", "mingce"), "-c", ""], capture_output=True, text=True, check=False)
            if "致命错误" not in said.stderr:
                warnings.warn("NOT RUN: causes in another language: this PostgreSQL has no Chinese messages", stacklevel=1)
                pytest.skip("no Chinese messages")
            yield site
    finally:
        site.postgres.stop()
        configuration.write_text(before)
        site.postgres.start()
        shutil.rmtree(folder)


def test_a_failure_is_told_by_its_class_in_whatever_language_the_server_speaks(chinese, given):
    """By its SQLSTATE: the words are never looked at, and never passed on."""
    for cause in FATAL:
        with causes(chinese, cause) as conninfo:
            status, said = migrate(chinese, MINGCED_OWNER_DATABASE=conninfo, LOCPATH="")
            assert status == 1 and f"({cause})" in said and "致命错误" not in said, (cause, said)
    with causes(chinese, "too-many-connections") as conninfo:
        given(MINGCED_DATABASE=conninfo, LOCPATH="")
        with serving(chinese, wait=False) as seen:
            assert "why=too-many-connections " in chinese.wait_log("proc=worker .*msg=database-lost", seen)
            assert until(lambda: value(chinese.settings["metrics_listen"], "mingce_database_connect_failures_total", cause="too-many-connections"))
            assert "致命错误" not in chinese.log_text(seen)


# ---- several hosts ----


def test_a_silent_first_host_keeps_nobody_from_the_second(site, given):
    with silent() as port:
        several = f"host=127.0.0.1,127.0.0.1,{site.postgres.home} port={port},{port},5432"
        given(MINGCED_DATABASE=f"{several} user=mingced dbname=mingce",
              MINGCED_NOTARY_DATABASE=f"{several} user=mingced_notary dbname=mingce")
        with serving(site) as seen:
            works(site)
            assert "msg=database-host-failed host=127.0.0.1" in site.log_text(seen)
            seen = site.log_end()
            site.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('mingced', 'mingced_notary')")
            site.wait_log("msg=database-ready", seen)
            assert "msg=database-host-failed" not in site.log_text(seen)  # the last good one comes first
            works(site)
        status, said = migrate(site, "reseal", MINGCED_OWNER_DATABASE=f"{several} user=mingce_owner dbname=mingce")
        assert (status, said) == (0, "")
