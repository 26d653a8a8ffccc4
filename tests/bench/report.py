# SPDX-License-Identifier: Apache-2.0
"""What a bench found: the rows of its table, in a file that grows with every one. A row that could not be measured is a
row, too, and says why."""

import contextlib
import json
import os
import pathlib
import traceback
from typing import NamedTuple, Optional

from postgres import Failed

WHY_MOST = 300  # characters of a reason


class Row(NamedTuple):
    """A row and its target, which is for the ratio or for the value, the least or the most that meets it."""
    unit: str
    target: Optional[float] = None
    of: str = "ratio"
    most: bool = False


def at_most(unit, target, of="value"):
    return Row(unit, target, of, True)


IMPORTING_AND_LOOKING = ("one", "one-4", "roster", "find", "find-4", "clear")
ROWS = {
    "one": Row("records/s", 2.7),
    "one-4": Row("records/s", 4.5),
    "roster": Row("records/s", 0.85),
    "find": Row("look-ups/s", 1.0),
    "find-4": Row("look-ups/s", 2.0),
    "clear": Row("look-ups/s"),
    "roster-copy": Row("records/s"),
    "claim": Row("claims/s", 2.0),
    "claim-4": Row("claims/s", 3.5),
    "claims": Row("claims/s", 0.85),
    "verify": Row("certificates/s", 1.0),
    "verify-4": Row("certificates/s", 2.0),
    "approve": Row("claims/s", 0.7),
    "approvals": Row("claims/s", 0.7),
    "decide": at_most("s", 1),
    "queue-1": at_most("ms", 10),
    "queue-1000": at_most("ms", 10),
    "catalogue-load": at_most("s", 2),
    "catalogue-diff": at_most("s", 1),
    "batch-send": at_most("s", 20),
    "batch-export": at_most("s", 5),
    "batch-reply": at_most("s", 10),
    "snapshot-load": at_most("s", 10),
    "project-verify": at_most("s", 5),
    "integrate": Row("entries/s", 10000, "value"),
    "audit-verify": Row("entries/s", 500000, "value"),
    "audit-price": at_most("records/s", 1.10, "ratio"),
    "covered-p50": at_most("ms", 1000),
    "covered-p99": at_most("ms", 1000),
    "latency-p50": Row("ms"),
    "latency-p99": Row("ms"),
    "latency-lone": at_most("ms", None),  # known when the baseline is
    "idle": at_most("KiB each", 40),
    "idle-cost": Row("records/s", 0.95),
    "growth": at_most("us a record", 1.25, "ratio"),
    **{f"memory-{name}": at_most("MiB", 64) for name in (*IMPORTING_AND_LOOKING, "peak")},
}


def reason(error):
    """An error in one line: of a command that failed, what it said rather than how it was called."""
    text = str(error) if isinstance(error, Failed) else f"{type(error).__name__}: {error}"
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [type(error).__name__]
    if len(lines) > 1 and ": exit " in lines[0]:
        lines = lines[1:]
    told = "; ".join(lines)
    return told if len(told) <= WHY_MOST else f"{told[:WHY_MOST // 3]} … {told[-2 * WHY_MOST // 3:]}"


class Report:
    def __init__(self, path, say=print):
        """Whatever an earlier run left at `path` is gone: the file tells of this one."""
        self.path, self.say = pathlib.Path(path), say
        self.rows = []
        self._write()

    def _write(self):
        """The file is whole at every moment."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            fresh.write_text(json.dumps(self.rows, ensure_ascii=False, indent=1) + "\n")
            os.replace(fresh, self.path)
        finally:
            fresh.unlink(missing_ok=True)

    def _put(self, workload, value, baseline, ratio, target, met, note):
        if self.has(workload):
            raise ValueError(f"{workload} has its row already")
        self.rows.append({"workload": workload, "unit": ROWS[workload].unit, "value": value, "baseline": baseline, "ratio": ratio,
                          "target": target, "met": met, "note": note})
        self._write()

    def has(self, workload):
        return any(row["workload"] == workload for row in self.rows)

    def add(self, workload, value, baseline=None, ratio=None, note="", target=None):
        """`target`: of a row whose target depends on what was measured."""
        row = ROWS[workload]
        target = row.target if target is None else target
        met = None
        if target is not None:
            told = ratio if row.of == "ratio" else value
            met = told <= target if row.most else told >= target
        self._put(workload, value, baseline, ratio, target, met, note)

    def unmeasured(self, workload, why):
        """No value, and neither met nor missed; the note says why."""
        self._put(workload, None, None, None, ROWS[workload].target, None, why)
        self.say(f"{workload}: NOT MEASURED: {why}")

    def rest(self, workloads, why):
        """Those of them that have no row yet could not be measured."""
        for workload in workloads:
            if not self.has(workload):
                self.unmeasured(workload, why)

    @contextlib.contextmanager
    def measuring(self, *workloads):
        """Whatever goes wrong inside concerns these rows; what comes after goes on."""
        try:
            yield
        except Exception as error:
            if not isinstance(error, Failed):  # not foreseen: where it was
                self.say(traceback.format_exc().rstrip())
            self.rest(workloads, reason(error))

    @property
    def status(self):
        """Of the program: 1 when something could not be measured. A target that is missed is no error."""
        return 1 if any(row["value"] is None for row in self.rows) else 0

    def table(self):
        lines = [("workload", "value", "unit", "baseline", "ratio", "target", "")]
        lines += [(row["workload"], number(row["value"]), row["unit"], number(row["baseline"]), number(row["ratio"]),
                   number(row["target"]), verdict(row)) for row in self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(6)]
        return "\n".join("  ".join([cell.ljust(w) if i in (0, 2) else cell.rjust(w)
                                    for i, (cell, w) in enumerate(zip(line, widths))] + [line[6]]).rstrip() for line in lines)


def number(value):
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 1000 else f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def verdict(row):
    if row["value"] is None:
        return f"NOT MEASURED: {row['note']}"
    if row["met"] is not False:
        return "met" if row["met"] else ""
    told = row["ratio"] if ROWS[row["workload"]].of == "ratio" else row["value"]
    return f"MISSED by {abs(1 - told / row['target']):.0%}"
