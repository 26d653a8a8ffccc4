# SPDX-License-Identifier: Apache-2.0
"""Stands between mingced and PostgreSQL, on a unix socket of its own: forwards, swallows the answers, or nothing at all."""

import pathlib
import select
import socket
import tempfile
import threading

PASS, SWALLOW, FREEZE = "forwards", "throws answers away", "forwards nothing"


class Proxy:
    """`mode` holds for the connections that stand and those to come. `swallowed` counts bytes of answers."""

    def __init__(self, postgres):
        self.target = str(postgres.home / ".s.PGSQL.5432")
        self.home = tempfile.TemporaryDirectory(prefix="mingce-")  # pylint: disable=consider-using-with
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(pathlib.Path(self.home.name) / ".s.PGSQL.5432"))
        self.socket.listen()
        self.mode = PASS
        self.swallowed = 0
        self.pairs = []
        threading.Thread(target=self._accept, daemon=True).start()

    def conninfo(self):
        return f"host={self.home.name} user=mingced dbname=mingce"

    def _accept(self):
        while True:
            try:
                client = self.socket.accept()[0]
            except OSError:  # closed
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            self.pairs.append((client, server))
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()

    def _forward(self, client, server):
        try:
            while True:
                ready, _, _ = select.select([client, server], [], [], 0.05)
                if self.mode == FREEZE:
                    continue
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    if one is client:
                        server.sendall(data)
                    elif self.mode == SWALLOW:
                        self.swallowed += len(data)
                    else:
                        client.sendall(data)
        except (OSError, ValueError):  # cut
            pass
        finally:
            client.close()
            server.close()

    def cut(self):
        """Ends the connections that stand."""
        for client, server in self.pairs:
            for one in (client, server):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.pairs.clear()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.cut()
        self.home.cleanup()
