# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL 15: own folder, unix socket only, durable settings. It refuses to run as root, so root
steps down to the user postgres (or nobody)."""

import atexit
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
SOCKET_PATH_MOST = 100  # bytes; the kernel's limit is 108
DATABASES = "MINGCE_DATABASES"  # environment: the folder in which the data of all servers of a run of tests live

# Answers must survive a power cut. A statement that fails is not written to the log, nor the detail of an
# error: both quote values, and the values are personal data.
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{home}'
unix_socket_permissions = 0700
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = 128MB
max_wal_size = 2GB
max_connections = 60
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
timezone = 'UTC'
"""


class Failed(Exception):
    """Something the stack needs did not work; the text says what."""


def run(command, user=None, **options):
    """A command's standard output; Failed with its standard error when it fails."""
    if user is not None:
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          **options)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def unprivileged():
    """Who runs PostgreSQL; None: whoever we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failed("root needs a user postgres or nobody to run PostgreSQL as")


class Postgres:
    fresh = None  # data that no server has used yet

    def __init__(self, folder):
        """`folder` is ours; where its path is too long for a socket, or closed to the user PostgreSQL runs as
        (a checkout under /root), the data live in /var/tmp and `folder` says where."""
        self.user = unprivileged()
        self.pointer = pathlib.Path(folder)
        self.home = self._home()
        self.log = self.home / "log"

    def _home(self):
        if self.pointer.is_file():
            return pathlib.Path(self.pointer.read_text().strip())
        wanted = self.pointer.absolute()
        if DATABASES not in os.environ and len(os.fsencode(wanted / ".s.PGSQL.5432")) <= SOCKET_PATH_MOST and self._may_use(wanted):
            return wanted
        home = pathlib.Path(tempfile.mkdtemp(prefix="mingce-", dir=os.environ.get(DATABASES, "/var/tmp")))
        self._hand_over(home)
        self.pointer.parent.mkdir(parents=True, exist_ok=True)
        if wanted.is_dir():
            wanted.rmdir()
        self.pointer.write_text(f"{home}\n")
        return home

    def _hand_over(self, folder):
        folder.chmod(0o700)
        if self.user is not None:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def _may_use(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self._hand_over(folder)
        if self.user is None:
            return True
        try:
            run(["test", "-w", folder], self.user)
            return True
        except Failed:
            return False

    @property
    def data(self):
        return self.home / "data"

    def conninfo(self, user, database):
        return f"host={self.home} user={user} dbname={database}"

    def _fresh(self):
        """A new server's data, which initdb makes once for all the servers of this process."""
        if Postgres.fresh is None:
            Postgres.fresh = pathlib.Path(tempfile.mkdtemp(prefix="mingce-", dir=os.environ.get(DATABASES, "/var/tmp")))
            atexit.register(shutil.rmtree, Postgres.fresh, ignore_errors=True)
            self._hand_over(Postgres.fresh)
            run([BIN / "initdb", "-D", Postgres.fresh / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "--wal-segsize=4", "--no-instructions", "--no-sync"], self.user, cwd="/")
        return Postgres.fresh / "data"

    def exists(self):
        return (self.data / "PG_VERSION").exists()

    def copy(self, data):
        """Begins with the data of a server that is stopped."""
        run(["cp", "-a", data, self.data], self.user, cwd="/")
        with open(self.data / "postgresql.conf", "a") as file:  # of a setting that stands twice the last one counts
            file.write(CONFIGURATION.format(home=self.home))

    def start(self):
        if not self.exists():
            self.copy(self._fresh())
        if self.running():
            return
        try:
            # Without a standard input or a log of its own pg_ctl would leave ours open in the server.
            run([BIN / "pg_ctl", "start", "-w", "-s", "-D", self.data, "-l", self.log], self.user, cwd="/",
                stdin=subprocess.DEVNULL)
        except Failed as failed:
            text = self.log.read_text() if self.log.exists() else ""
            raise Failed(f"{failed}\n{text[-2000:]}") from None

    def running(self):
        try:
            run([BIN / "pg_ctl", "status", "-D", self.data], self.user, cwd="/")
            return True
        except Failed:
            return False

    def postmaster(self):
        """Process id of the server that runs."""
        return int((self.data / "postmaster.pid").read_text().split("\n")[0])

    def alive(self):
        """As running(), without a process for it."""
        try:
            return pathlib.Path(f"/proc/{self.postmaster()}").exists()
        except OSError:
            return False

    def stop(self, mode="fast"):
        if self.exists() and self.running():
            run([BIN / "pg_ctl", "stop", "-w", "-s", "-D", self.data, "-m", mode], self.user, cwd="/")

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.home, ignore_errors=True)
        if self.pointer.is_file():
            self.pointer.unlink()

    def sql(self, text, user="postgres", database="postgres"):
        """Rows of the (last) statement as lines, columns joined by `|`."""
        return run(self.psql(user, database), input=text, cwd="/").rstrip("\n")

    def psql(self, user, database):
        return [BIN / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(user, database)]

    def create_database(self, name="mingce"):
        """The three roles and the database as a site would make them."""
        self.sql("""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mingce_owner') THEN
                    CREATE ROLE mingce_owner LOGIN;
                    CREATE ROLE mingced LOGIN;
                    CREATE ROLE mingced_notary LOGIN;
                END IF;
            END $$;""")
        if self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "":
            self.sql(f"CREATE DATABASE {name} OWNER mingce_owner")
            self.sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO mingced, mingced_notary;")


class Session:
    """A connection that stays, for whoever asks often: functions are compiled and statements planned once."""

    END = "-- end of the answer --"

    def __init__(self, postgres, user="postgres", database="mingce"):
        self.process = subprocess.Popen([str(word) for word in postgres.psql(user, database)], cwd="/", text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def sql(self, text):
        """As Postgres.sql(); after a failure the session is over."""
        try:
            self.process.stdin.write(f"{text};\n\\echo '{self.END}'\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Failed("the session is over") from None
        lines = []
        for line in self.process.stdout:
            if line.rstrip("\n") == self.END:
                return "\n".join(lines)
            lines.append(line.rstrip("\n"))
        raise Failed("\n".join(lines))
