# SPDX-License-Identifier: Apache-2.0
"""A city's catalogue as a clerk loads and compares it: by the command line, from the file to the last answer."""

import json
import statistics
import time

from postgres import Failed

ROWS = ("catalogue-load", "catalogue-diff")
CHANGED = 10  # every so many-th row of the later one says something else


class Catalogues:
    def __init__(self, bench):
        self.bench, self.ground, self.rows = bench, bench.main, bench.sizes.catalogue
        codes = self.ground.sql("SELECT code FROM registry.occupation ORDER BY code").split()
        self.keys = [(code, level, category) for category in ("现代服务业", "先进制造业") for code in codes for level in ("五级", "四级", "三级")]

    def file(self, name, hours):
        """A file of so many rows; `hours` says what each asks for at least."""
        path = self.bench.folder / name
        lines = ["序号,产业,编码,等级,需求程度,课时下限,实操占比,培训方式,培训补贴,鉴定补贴,备注"]
        for n, (code, level, category) in enumerate(self.keys[:self.rows], 1):
            lines.append(f"{n},{category},{code},{level},A,{hours(n)},60%,线下,1500.00,200.00,示例文〔2026〕8号第{n}行")
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return path

    def say(self, profile, *words):
        done = self.ground.cli(profile, "--json", "catalogue", *words)
        if done.returncode != 0:
            raise Failed(f"catalogue {words[0]}: {done.stderr.strip() or done.stdout[:200]}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def load(self, path):
        """A draft with the rows of a file, and the seconds that took."""
        draft = self.say("reviewer", "draft", "--kind", "2", "--title", "压测", "--citation", "压测")[0]["catalogue_id"]
        began = time.monotonic()
        self.say("reviewer", "load", draft, path)
        seconds = time.monotonic() - began
        stored = int(self.ground.sql(f"SELECT rows FROM registry.catalogue WHERE catalogue_id = '{draft}'"))
        if stored != self.rows:
            raise Failed(f"catalogue load: {stored} of {self.rows} rows are stored")
        return draft, seconds

    def diff(self, one, other):
        began = time.monotonic()
        counts, *told = self.say("reviewer", "diff", other, "--with", one, "--limit", "0")
        seconds = time.monotonic() - began
        if len(told) != 2 * counts["changed"] or counts["changed"] != self.rows // CHANGED:
            raise Failed(f"catalogue diff: {len(told)} rows of {self.rows // CHANGED} changes")
        return seconds


def measure(bench):
    made = Catalogues(bench)
    before, after = made.file("before.csv", lambda n: 80), made.file("after.csv", lambda n: 120 if n % CHANGED == 0 else 80)
    loads, diffs = [], []
    for _ in range(bench.options.rounds):
        (one, first), (other, second) = made.load(before), made.load(after)
        loads += [first, second]
        diffs.append(made.diff(one, other))
    for row, seconds, what in (("catalogue-load", loads, "from the file to the last verdict"), ("catalogue-diff", diffs, "every tenth row differs")):
        bench.say(f"{row}: " + " ".join(f"{s:.3f}" for s in seconds) + f" s for {made.rows} rows")
        bench.report.add(row, statistics.median(seconds), note=f"mingce {row.replace('-', ' ')} of {made.rows} rows, {what}")
