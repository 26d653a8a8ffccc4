# SPDX-License-Identifier: Apache-2.0
"""A streaming standby beside a stack's PostgreSQL."""

from conftest import answers
from postgres import BIN, Postgres, run
from waiting import until

NAME = "standby"  # as the primary knows it


class Standby(Postgres):
    def __init__(self, folder, primary):
        super().__init__(folder)
        run([BIN / "pg_basebackup", "-D", self.data, "-R", "-c", "fast", "-X", "stream",
             "-d", primary.conninfo("postgres", "postgres") + f" application_name={NAME}"], self.user, cwd="/")
        with open(self.data / "postgresql.conf", "a", encoding="ascii") as file:
            file.write(f"unix_socket_directories = '{self.home}'\nlisten_addresses = ''\n")
        self.primary = primary
        self.start()
        self.wait_streaming()

    def wait_streaming(self):
        until(lambda: self.primary.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1")

    def make_synchronous(self):
        """From here on the primary answers no write that this standby has not got on its disk."""
        self.primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
        self.primary.sql("SELECT pg_reload_conf()")
        until(lambda: self.primary.sql("SELECT sync_state FROM pg_stat_replication") == "sync")

    def promote(self):
        run([BIN / "pg_ctl", "promote", "-w", "-s", "-D", self.data], self.user, cwd="/")
        until(lambda: answers(self))
