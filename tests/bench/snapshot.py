# SPDX-License-Identifier: Apache-2.0
"""A register of others as a clerk loads it: by the command line, from the file to the last answer."""

import hashlib
import statistics
import time

from postgres import Failed

ROWS = ("snapshot-load",)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(n):
    """The n-th invented resident's number."""
    day, serial = divmod(n, 999)
    digits = f"370102{1950 + day // 336:04}{day // 28 % 12 + 1:02}{day % 28 + 1:02}{serial + 1:03}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, WEIGHTS)) % 11]


class Registers:
    def __init__(self, bench):
        self.bench, self.ground, self.rows = bench, bench.main, bench.sizes.register

    def file(self, nth):
        path = self.bench.folder / f"register-{nth}.csv"
        rest = "".join(["姓名,证件号码,起发月,停发月,待遇种类\n",
                        *(f"压测人,{number(nth * self.rows + n)},2020-01,,养老\n" for n in range(self.rows))]).encode()
        today = self.ground.sql("SELECT helper.today()")
        path.write_bytes(f"养老待遇,370100,{today},增量,{self.rows},{hashlib.sha256(rest).hexdigest()},压测\n".encode() + rest)
        return path

    def load(self, path):
        """The seconds it took."""
        began = time.monotonic()
        done = self.ground.cli("agency", "snapshot", "load", path)
        seconds = time.monotonic() - began
        if done.returncode != 0:
            raise Failed(f"snapshot load: {done.stderr.strip() or done.stdout[:200]}")
        stored = int(self.ground.sql("SELECT count(*) FROM registry.snapshot_row r WHERE r.snapshot_id = "
                                     "(SELECT s.snapshot_id FROM registry.snapshot s ORDER BY s.closed_at DESC LIMIT 1)"))
        if stored != self.rows:
            raise Failed(f"snapshot load: {stored} of {self.rows} rows are stored")
        return seconds


def measure(bench):
    made = Registers(bench)
    seconds = [made.load(made.file(nth)) for nth in range(bench.options.rounds)]
    bench.say("snapshot-load: " + " ".join(f"{s:.3f}" for s in seconds) + f" s for {made.rows} rows")
    bench.report.add("snapshot-load", statistics.median(seconds), note=f"mingce snapshot load of {made.rows} rows, from the file to the last verdict")
