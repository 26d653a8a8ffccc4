# SPDX-License-Identifier: Apache-2.0
"""A server with one database, made anew or cleaned as a test asks, and mingced's installation commands."""

import subprocess

import audit_pb2
import people

LOCK = 0x6D696E67  # the advisory lock of `mingced migrate`
PERSON = "褚秘密"  # the operator whose name nobody is to see
DOCUMENT = people.resident(900)  # and whose number nobody is to see
CODE = people.credit_code("52", "370100", "30000091")
SCHOOL = ["--name", "示例学校", "--kind", "institution", "--division", "370100"]
WRITTEN = ["audit.entry", "registry.operator_certificate", "registry.operator", "registry.human", "registry.organisation_scope",
           "registry.organisation_version", "registry.organisation"]


class Site:
    def __init__(self, stack):
        self.stack = stack
        self.said = []
        self.settings = []  # of the database that has been migrated
        self.clean = False  # nothing but what the commands register is in the database

    def popen(self, *words, **env):
        return subprocess.Popen([self.stack.mingced, "-c", self.stack.configuration, *map(str, words)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=self.stack.environment(**env))

    def finish(self, process, said=None):
        """`said`: on its standard input."""
        out, err = process.communicate(said, timeout=120)
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

    def create(self):
        """The database anew, as a site's database administrator hands it over."""
        self.drop()
        self.stack.postgres.create_database()
        self.clean = False

    def copy(self):
        """The database anew, from the one that has been migrated."""
        self.drop()
        self.stack.postgres.sql("CREATE DATABASE mingce OWNER mingce_owner TEMPLATE migrated")
        self.stack.postgres.sql("GRANT CONNECT ON DATABASE mingce TO mingced")
        for name, value in self.settings:  # which a copy has not
            self.stack.postgres.sql(f"ALTER DATABASE mingce SET {name} = '{value}'")
        self.clean = False

    def forget(self):
        """Migrated and nothing registered; cheaper than the database anew."""
        if not self.clean:
            self.copy()
            self.clean = True
        deleted = "".join(f"DELETE FROM {table};" for table in WRITTEN)
        self.sql(f"SET session_replication_role = replica; {deleted}"
                 "DELETE FROM registry.occupation WHERE code LIKE '9-%'")

    def drop(self):
        self.stack.postgres.sql("DROP DATABASE IF EXISTS mingce WITH (FORCE)")

    def register(self, *more, code=CODE):
        return self.run("organisation", "--code", code, *SCHOOL, *more)

    def certificate(self, name="somebody"):
        return self.stack.authority.issue(name)[0]

    def operator(self, *more, name=PERSON, role="clerk", certificate=None, document=DOCUMENT, code=CODE, **env):
        process = self.popen("operator", "--organisation", code, "--name", name, "--role", role, "--certificate",
                             certificate or self.certificate(), *more, **env)
        return self.finish(process, document + "\n")

    def entries(self):
        """The audit log, read by protobuf's own reader; what it says of commands, not of rows."""
        lines = self.sql("SELECT encode(body, 'hex') FROM audit.entry ORDER BY id").split()
        found = [audit_pb2.AuditEntry.FromString(bytes.fromhex(line)) for line in lines]
        return [entry for entry in found if entry.method != "rows"]


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
        self.psql.communicate(timeout=120)
