# SPDX-License-Identifier: Apache-2.0
"""A network namespace for mingced, so that its line to PostgreSQL can be cut without either being told."""

import os
import subprocess

from postgres import run

NOBODY = "02:00:00:00:00:01"


def possible():
    """Whether we may make network namespaces and lines between them."""
    name = f"mingce-try-{os.getpid()}"
    try:
        for words in (["netns", "add", name], ["netns", "del", name]):
            if subprocess.run(["ip", *words], stderr=subprocess.DEVNULL, check=False).returncode != 0:
                return False
    except FileNotFoundError:
        return False
    return True


class Namespace:
    def __init__(self):
        self.name = f"mingce-{os.getpid()}"
        self.line = f"mgc{os.getpid() % 10**8}"  # our end; an interface's name has at most 15 bytes
        low, high = os.getpid() // 64 % 256, os.getpid() % 64 * 4
        self.here, self.there = f"10.213.{low}.{high + 1}", f"10.213.{low}.{high + 2}"

    def __enter__(self):
        ip = self._ip
        ip("netns", "add", self.name)
        ip("link", "add", self.line, "type", "veth", "peer", "name", "line", "netns", self.name)
        ip("address", "add", f"{self.here}/30", "dev", self.line)
        ip("link", "set", self.line, "up")
        ip("-n", self.name, "address", "add", f"{self.there}/30", "dev", "line")
        ip("-n", self.name, "link", "set", "line", "up")
        return self

    def __exit__(self, *_):
        self._ip("link", "del", self.line)
        self._ip("netns", "del", self.name)

    @staticmethod
    def _ip(*words):
        run(["ip", *words])

    def offer(self, postgres, addresses=None):
        """The server listens at our end of the line."""
        postgres.sql(f"ALTER SYSTEM SET listen_addresses = '{addresses or self.here}'")
        with open(postgres.data / "pg_hba.conf", "a", encoding="ascii") as file:
            file.write(f"host all all {self.there}/32 trust\n")
        postgres.stop()
        postgres.start()

    def conninfo(self):
        return f"host={self.here} user=mingced dbname=mingce"

    def move(self, stack):
        """From its next start the daemon runs in the namespace; the socket it is handed stays where it is."""
        wrapper = stack.folder / "mingced-in-namespace"
        wrapper.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {stack.mingced} "$@"\n')
        wrapper.chmod(0o755)
        stack.mingced = wrapper

    def cut(self):
        """Packets of both directions go to a card that nobody has, and nobody is told."""
        self._ip("neigh", "replace", self.there, "dev", self.line, "lladdr", NOBODY, "nud", "permanent")
        self._ip("-n", self.name, "neigh", "replace", self.here, "dev", "line", "lladdr", NOBODY, "nud", "permanent")

    def mend(self):
        self._ip("neigh", "del", self.there, "dev", self.line)
        self._ip("-n", self.name, "neigh", "del", self.here, "dev", "line")
