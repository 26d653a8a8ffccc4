#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Throughput, latency, memory and growth of mingced beside PostgreSQL alone, alternating in one run on one PostgreSQL.
Prints a table and writes build/bench.json; says by how much a target was missed, but that is not an error."""

import argparse
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import claim
import notary
import ticks
from baseline import Copy, Pgbench
from ground import CLASS_SEATS, ROOT, Ground
from postgres import Failed, run

CONNECTIONS = 64
ROSTER = 500
CLIENTS = (1, 2, 4, 8, 16, 32)  # of pgbench: the best one counts
SOON = 60000  # records or look-ups a second, more than a slice will ever reach: how many are prepared


class Sizes:
    known = 5000  # persons imported by the daemon before anything else; whoever else is stored was put there by SQL
    small = 10000  # persons in the small registry,
    large = 500000  # and in the large one
    full = 5000000  # with --full
    growth = 200  # records of each connection in a slice of growth
    found = 50000  # that look-ups ask for: as many imported by the daemon, which opens them, and by SQL, for pgbench
    copied = 160  # rosters
    idle = 5000
    backlog = 1000000  # entries that the notary finds when it starts
    probes = 100
    clients = CLIENTS
    claims, claim_sets = 5000, 10000  # a second, more than a slice will ever reach: how many are prepared
    queued = 200000  # claims that wait; with --full: 5,000,000
    queued_full = 5000000
    decided = 2000


class TinySizes:
    known, small, large, growth, found, copied, idle, clients = 500, 1000, 2000, 5, 1000, 4, 100, (1,)
    backlog, probes = 5000, 3
    claims, claim_sets, queued, decided = 1000, 4000, 60000, 50

# name, method, rows, connections, depth, unit, target (least ratio), what pgbench does: kind
WORKLOADS = (
    ("one", "roster.import", 1, CONNECTIONS, 1, 2.7, "import"),
    ("one-4", "roster.import", 1, CONNECTIONS, 4, 4.5, "import"),
    ("roster", "roster.import", ROSTER, 8, 1, 0.85, "import"),
    ("find", "person.find", 0, CONNECTIONS, 1, 1.0, "find"),
    ("find-4", "person.find", 0, CONNECTIONS, 4, 2.0, "find"),
    ("clear", "person.reveal", 0, CONNECTIONS, 1, None, "reveal"),
)
MORE = ("claims", "growth", "idle", "latency", "log", "memory")


class Bench:
    def __init__(self, options):
        self.options = options
        self.sizes = TinySizes if options.tiny else Sizes
        self.folder = pathlib.Path(options.folder).absolute()
        self.load_tool = pathlib.Path(options.load)
        self.next_person = 0
        self.rows = []
        self.best = {}  # (kind, rows) -> clients of pgbench
        self.remove_leftovers()
        self.template = Ground(self.folder / "t", options.binaries, "template")
        self.main = Ground(self.folder / "m", options.binaries, "mingce", self.template, self.settings())
        self.sample = None
        self.memory = {}  # workload -> [KiB]

    def settings(self):
        return dict(word.split("=", 1) for word in self.options.set)

    def remove_leftovers(self):
        """Of a run that was killed."""
        if self.folder.exists():
            Ground(self.folder / "t", self.options.binaries, "template").postgres.remove()
            shutil.rmtree(self.folder)

    # ---- the daemon's side ----

    def load(self, ground, method, seconds, connections, depth=1, rows=0, rate=0, requests=None,
             checkpoint=True):
        """One slice; what the load tool counted, with the processor shares of everybody."""
        enough = requests is None
        requests = requests or int(seconds * (rate * 2 or SOON / max(1, rows)) / connections) + 64
        words = {"server": f"127.0.0.1:{ground.port}", "ca": ground.authority.certificate,
                 "connections": connections, "depth": depth, "milliseconds": int(seconds * 1000), "rate": rate,
                 "seed": self.options.seed, "rows": rows, "requests": requests}
        profile = "institution" if rows else "reviewer"
        words["certificate"], words["key"] = ground.authority.issue(profile)
        classes = 0
        if rows:
            classes = -(-requests * rows // CLASS_SEATS)
            words |= {"first": self.next_person, "classes": classes, "class": ground.open_classes(classes * connections)}
            self.next_person += requests * rows * connections
        else:
            words |= {"first": 0, "persons": self.sizes.found}
        if checkpoint:
            ground.postgres.sql("CHECKPOINT")
        result = self.drive(ground, method, words, enough)
        if rows:
            stored = ground.enrolled(int(words["class"]), classes * connections)
            if stored != result["records"] or stored != result["requests"] * rows:
                raise Failed(f"{method}: {result['records']} records acknowledged, {stored} stored")
        return result

    def drive(self, ground, method, words, enough=True):
        """What the load tool counted, with the processor shares of everybody; `enough`: it must not run out of requests."""
        meter = ticks.Meter({"mingced": ground.daemon.pid, "PostgreSQL": ground.postgres.postmaster()})
        result = json.loads(run([self.load_tool, method, *(f"{k}={v}" for k, v in words.items())]))
        spent = {"load": result["cpu"]} | meter.spent()
        if result["errors"] or (result["ran_out"] and enough):
            raise Failed(f"{method}: {result}")
        result["per_second"] = result["records"] / result["seconds"]
        result["share"] = {who: seconds / result["seconds"] / os.cpu_count() for who, seconds in spent.items()}
        result["cost"] = {who: seconds * 1e6 / max(1, result["records"]) for who, seconds in spent.items()}
        return result

    def prepare(self):
        """The persons that the daemon can open, then constants of their length for everything that is made by SQL."""
        ground = self.template
        ground.make_template()
        ground.daemon_start()
        self.import_known(ground, self.sizes.known)
        ground.daemon_stop()
        person, enrolment, body, commitment = ground.sql("""
            SELECT p.sealed, e.sealed, a.body, p.commitment FROM registry.person p JOIN registry.enrolment e USING (person_id)
              JOIN audit.entry a USING (person_id) LIMIT 1""").split("|")
        after_head = 98  # bytes of api.entry_body() behind the head, for an enrolled line
        self.sample = {"person": person, "enrolment": enrolment, "commitment": commitment,
                       "head": body[:len(body) - after_head * 2], "operator": ground.operator_id("clerk", "institution"),
                       "reviewer": ground.operator_id("reviewer", "bureau")}
        self.lengths = {"person_bytes": len(person) // 2 - 1, "enrolment_bytes": len(enrolment) // 2 - 1,
                      "entry_bytes": len(body) // 2 - 1}
        self.main.clone(self.template)
        self.main.fill(self.sizes.found, self.lengths)
        self.main.daemon_start()
        self.import_known(self.main, self.sizes.found - self.next_person)

    def import_known(self, ground, persons):
        """The next ones, by rosters."""
        rosters = persons // ROSTER
        connections = min(10, rosters)
        self.load(ground, "roster.import", 60, connections, rows=ROSTER, requests=rosters // connections)

    # ---- saying it ----

    def add(self, workload, unit, value, baseline=None, ratio=None, target=None, met=None, note=""):
        self.rows.append({"workload": workload, "unit": unit, "value": value, "baseline": baseline, "ratio": ratio,
                          "target": target, "met": met, "note": note})

    def say(self, text):
        print(f"{time.monotonic() - self.began:6.1f} s  {text}", flush=True)

    def slices(self, name, ours, theirs):
        """Alternating; ([ours], [theirs]), each a result of its function."""
        pairs = []
        for turn in range(self.options.rounds):
            first, second = (theirs, ours) if turn % 2 else (ours, theirs)
            one, two = first(), second()
            pairs.append((two, one) if turn % 2 else (one, two))
        return [p[0] for p in pairs], [p[1] for p in pairs]

    # ---- workloads ----

    def find_best(self, pgbench, kind, rows):
        """pgbench at its best client count, sought once for each kind of work."""
        if (kind, rows) not in self.best:
            tried = {c: pgbench.run(c, self.options.seconds)["per_second"]
                     for c in self.sizes.clients[:6 if rows <= 1 else 4]}
            self.best[kind, rows] = max(tried, key=tried.get)
            self.say(f"pgbench {kind} {rows or ''}: " + ", ".join(f"{c}: {v:.0f}/s" for c, v in tried.items()))
        return self.best[kind, rows]

    def workload(self, name, method, rows, connections, depth, target, kind):
        pgbench = Pgbench(self.main, self.sample, kind, rows, self.sizes.found)
        clients = self.find_best(pgbench, kind, rows)
        seconds = self.options.seconds

        def ours():
            result = self.load(self.main, method, seconds, connections, depth, rows)
            self.memory.setdefault(name, []).append(self.main.worker_memory()[0])
            return result
        mine, theirs = self.slices(name, ours, lambda: pgbench.run(clients, seconds))
        value = statistics.median(r["per_second"] for r in mine)
        baseline = statistics.median(r["per_second"] for r in theirs)
        # Each slice beside its neighbour, so that a slow minute of the machine spoils a pair and not the ratio.
        ratio = statistics.median(m["per_second"] / t["per_second"] for m, t in zip(mine, theirs))
        p50, p99 = (statistics.median(r[p] for r in mine) for p in ("p50_ms", "p99_ms"))
        note = (f"pgbench -c {clients}; the load tool took {medians(mine, 'share')['load']:.0%} of the processors; "
                f"processor us a {'record' if rows else 'look-up'}: {costs(mine)}; pgbench: {costs(theirs)}; "
                f"p50 {p50:.1f} ms, p99 {p99:.1f} ms")
        self.say(f"{name}: " + " ".join(f"{m['per_second']:.0f}/{t['per_second']:.0f}" for m, t in zip(mine, theirs)) +
                 f"; {note}")
        self.add(name, "records/s" if rows else "look-ups/s", value, baseline, ratio, target,
                 None if target is None else ratio >= target, note)
        return value

    def copy(self):
        """Of the rows of a roster slice, into the same tables elsewhere."""
        first_class = self.main.next_class
        rosters = self.sizes.copied
        ground = Ground(self.folder / "c", self.options.binaries, "copy", self.template)
        ground.clone(self.template)
        ours = []

        def load():
            result = self.load(self.main, "roster.import", self.options.seconds, 8, 1, ROSTER)
            return result["per_second"]
        while len(ours) == 0 or sum(o * self.options.seconds for o in ours) < rosters * ROSTER * 1.2:
            ours.append(load())
        copy = Copy(self.main, ground, first_class, rosters, ROSTER)
        ours, theirs = self.slices("copy", load, copy.run)
        ratio = statistics.median(o / t for o, t in zip(ours, theirs))
        self.say("roster-copy: " + " ".join(f"{o:.0f}/{t:.0f}" for o, t in zip(ours, theirs)))
        self.add("roster-copy", "records/s", statistics.median(ours), statistics.median(theirs), ratio,
                 note="baseline: one COPY stream of the same rows into the same tables, 500 a transaction")

    def growth(self):
        """The same number of records into a small and into a large registry, a fresh small one in each round. Both are
        warm, and no checkpoint comes just before a slice: the first change of a page after one writes the whole page to
        the log, of which there are many more in a large registry; over the minutes between checkpoints it is little."""
        grown = self.options.grown or (self.sizes.full if self.options.full else self.sizes.large)
        large, *smalls = [Ground(self.folder / name, self.options.binaries, name, self.template, self.settings())
                          for name in ["large"] + [f"small{i}" for i in range(self.options.rounds)]]
        for ground, persons in [(ground, self.sizes.small) for ground in smalls] + [(large, grown)]:
            began = time.monotonic()
            ground.clone(self.template)
            ground.fill(persons - self.sizes.known, self.lengths)
        self.say(f"growth: {persons} persons stored in {time.monotonic() - began:.0f} s")
        requests = self.sizes.growth

        def slice_of(ground, times=1):
            ground.daemon_start()
            try:
                return self.load(ground, "roster.import", 600, CONNECTIONS, 1, 1, requests=requests * times,
                                 checkpoint=False)
            finally:
                ground.daemon_stop()
                ground.socket.close()
                ground.socket = None
        slice_of(large, 4)
        for small in smalls:
            slice_of(small)
        fresh = iter(smalls)
        ours, theirs = self.slices("growth", lambda: slice_of(large), lambda: slice_of(next(fresh)))
        cost = statistics.median(t["per_second"] / o["per_second"] for o, t in zip(ours, theirs))
        spent = [sum(medians(results, "cost").values()) for results in (ours, theirs)]
        note = (f"us a record with {grown} persons stored, baseline with {self.sizes.small}; {requests * CONNECTIONS} records a "
                f"slice; processor time: {costs(ours)} against {costs(theirs)}, {spent[0] / spent[1]:.2f} times")
        self.say("growth: " + " ".join(f"{o['per_second']:.0f}/{t['per_second']:.0f}" for o, t in zip(ours, theirs)) +
                 "; " + note)
        self.add("growth", "us a record", statistics.median(1e6 / o["per_second"] for o in ours),
                 statistics.median(1e6 / t["per_second"] for t in theirs), cost, 1.25, cost <= 1.25, note)
        self.say("growth: the large database has " + large.sql("SELECT pg_size_pretty(pg_database_size(current_database()))"))
        for ground in (large, *smalls):
            ground.postgres.sql(f"DROP DATABASE {ground.database}")

    def idle(self):
        """A second daemon on the same database holds the idle connections, so that the two can take turns."""
        count = self.sizes.idle
        crowded = Ground(self.folder / "i", self.options.binaries, "mingce", self.template, self.settings())
        crowded.configure()
        crowded.daemon_start()
        crowded.next_class = self.main.next_class
        holder = None
        try:
            self.load(crowded, "roster.import", 1, CONNECTIONS, 4, 1)  # what a first load takes is not the idle ones'
            self.main.next_class = crowded.next_class
            before = crowded.worker_memory()[0]
            certificate, key = crowded.authority.issue("institution")
            holder = subprocess.Popen(
                [str(self.load_tool), "hold", f"server=127.0.0.1:{crowded.port}", f"ca={crowded.authority.certificate}",
                 f"certificate={certificate}", f"key={key}", f"connections={count}"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if holder.stdout.readline() != "ready\n":
                raise Failed(f"idle: {count} connections could not be opened")
            each = (crowded.worker_memory()[0] - before) / count

            def slice_of(ground):
                ground.next_class = max(self.main.next_class, crowded.next_class)
                result = self.load(ground, "roster.import", self.options.seconds, CONNECTIONS, 1, 1)["per_second"]
                self.main.next_class = crowded.next_class = ground.next_class
                return result
            with_idle, without = self.slices("idle", lambda: slice_of(crowded), lambda: slice_of(self.main))
            holder.stdin.close()
            if holder.wait(60) != 0:
                raise Failed("idle: a connection was lost")
            holder = None
        finally:
            if holder is not None:
                holder.kill()
                holder.wait()
            crowded.daemon_stop()
            crowded.socket.close()
        ratio = statistics.median(w / o for w, o in zip(with_idle, without))
        self.say(f"idle: {each:.1f} KiB each; with/without " +
                 " ".join(f"{w:.0f}/{o:.0f}" for w, o in zip(with_idle, without)))
        self.add("idle", "KiB each", each, None, None, 40, each <= 40, f"{count} connections, memory of mingced")
        self.add("idle-cost", "records/s", statistics.median(with_idle), statistics.median(without), ratio, 0.95,
                 ratio >= 0.95, f"one with {count} idle connections beside it, baseline without")

    def latency(self):
        best = self.best_rate or self.load(self.main, "roster.import", self.options.seconds, CONNECTIONS, 4, 1)["per_second"]
        rate = int(best / 2)
        results = [self.load(self.main, "roster.import", self.options.seconds, CONNECTIONS, 4, 1, rate)
                   for _ in range(self.options.rounds)]
        for percentile in ("p50", "p99"):
            self.add(f"latency-{percentile}", "ms", statistics.median(r[f"{percentile}_ms"] for r in results),
                     note=f"roster.import of one, {rate} requests/s over {CONNECTIONS} connections, from the moment due")
        self.say(f"latency at {rate}/s: " + " ".join(f"{r['p50_ms']:.2f}/{r['p99_ms']:.2f}" for r in results) + " ms p50/p99")
        pgbench = Pgbench(self.main, self.sample, "import", 1)
        lone, theirs = self.slices(
            "lone", lambda: self.load(self.main, "roster.import", self.options.seconds, 1, 1, 1, 100)["p50_ms"],
            lambda: pgbench.run(1, self.options.seconds, 100)["latency"])
        value, baseline = statistics.median(lone), statistics.median(theirs)
        self.say("lone request: " + " ".join(f"{o:.3f}/{t:.3f}" for o, t in zip(lone, theirs)) + " ms")
        self.add("latency-lone", "ms", value, baseline, None, baseline + 1, value < baseline + 1,
                 "p50 of 100 requests/s on one connection; baseline: pgbench's mean; a timer would take 1 ms and more")

    def report_memory(self):
        for name, kib in self.memory.items():
            grown = kib[-1] / kib[0]
            self.add(f"memory-{name}", "MiB", max(kib) / 1024, None, None, 64, max(kib) < 64 * 1024,
                     f"the worker after each slice: {', '.join(f'{k / 1024:.1f}' for k in kib)}; last / first {grown:.2f}")
        if self.memory:
            self.add("memory-peak", "MiB", self.main.worker_memory()[1] / 1024, None, None, 64,
                     self.main.worker_memory()[1] < 64 * 1024, "the most that the worker ever had")

    def run(self):
        self.began = time.monotonic()
        self.best_rate = None
        wanted = self.options.only or [w[0] for w in WORKLOADS] + ["copy", *MORE]
        self.prepare()
        self.say(f"prepared: {2 * self.sizes.found} persons stored")
        for workload in WORKLOADS:
            if workload[0] in wanted:
                value = self.workload(*workload)
                if workload[0] in ("one", "one-4"):
                    self.best_rate = max(self.best_rate or 0, value)
        if "copy" in wanted:
            self.copy()
        if "claims" in wanted:
            claim.measure(self)
        if "log" in wanted:
            notary.measure(self)
        for name in ("latency", "idle", "growth"):
            if name in wanted:
                getattr(self, name)()
        if "memory" in wanted:
            self.report_memory()

    def down(self):
        for ground in (self.main, self.template):
            if ground.daemon is not None:
                ground.daemon_stop()
            if ground.socket is not None:
                ground.socket.close()
        self.template.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)


# ---- telling ----

def medians(results, key):
    return {name: statistics.median(r[key][name] for r in results) for name in results[0][key]}


def costs(results):
    return ", ".join(f"{who} {us:.1f}" for who, us in medians(results, "cost").items())



def machine(options):
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = [run(command).split("\n")[0] for command in
                ([options.binaries / "mingced", "--version"], ["/usr/lib/postgresql/15/bin/postgres", "--version"],
                 ["openssl", "version"], ["gcc", "--version"])]
    return f"{os.cpu_count()} processors {cpu}, {memory:.0f} GiB, Linux {platform.release()}\n" + "; ".join(versions)


def number(value):
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 1000 else f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def table(rows):
    lines = [("workload", "value", "unit", "baseline", "ratio", "target", "")]
    for row in rows:
        met = {None: "", True: "met"}.get(row["met"], "MISSED")
        if row["met"] is False:  # a target is of the ratio where there is one
            met += f" by {abs(1 - (row['ratio'] or row['value']) / row['target']):.0%}"
        lines.append((row["workload"], number(row["value"]), row["unit"], number(row["baseline"]), number(row["ratio"]),
                      number(row["target"]), met))
    widths = [max(len(line[i]) for line in lines) for i in range(7)]
    return "\n".join("  ".join(cell.ljust(w) if i in (0, 2, 6) else cell.rjust(w)
                               for i, (cell, w) in enumerate(zip(line, widths))).rstrip() for line in lines)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [w[0] for w in WORKLOADS] + ["copy", *MORE]
    parser.add_argument("--only", action="append", choices=names, help="just this; may be repeated")
    parser.add_argument("--rounds", type=int, default=3, help="slices of each side (3)")
    parser.add_argument("--seconds", type=float, default=3, help="length of a slice, in whole seconds (3)")
    parser.add_argument("--full", action="store_true", help=f"growth to {Sizes.full} persons, not {Sizes.large}")
    parser.add_argument("--grown", type=int, help="growth to this many persons")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of mingced")
    parser.add_argument("--tiny", action="store_true", help="everything small: does the tool work? The figures mean nothing")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build", help=argparse.SUPPRESS)
    parser.add_argument("--binaries", type=pathlib.Path, help="folder of mingced")
    parser.add_argument("--load", help="the load tool")
    parser.add_argument("--folder", help="of the databases, removed afterwards")
    parser.add_argument("--json", type=pathlib.Path, help="build/bench.json")
    options = parser.parse_args()
    options.binaries = options.binaries or options.build / "bin"
    options.load = options.load or options.build / "bench/load"
    options.folder = options.folder or options.build / "bench/stack"
    options.json = options.json or options.build / "bench.json"
    if options.seconds != int(options.seconds) or options.seconds < 1:
        parser.error("--seconds: pgbench counts in whole seconds, at least 1")
    options.seconds = int(options.seconds)
    return options


def main():
    options = parse()
    print(machine(options))
    print(f"seed {options.seed}; {options.rounds} rounds of {options.seconds} s; settings: {' '.join(options.set) or 'defaults'}; "
          "fsync on, synchronous_commit on", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: asked to stop"))
    bench = Bench(options)
    try:
        bench.run()
    except Failed as failed:
        sys.exit(f"bench: {failed}")
    finally:
        bench.down()
    options.json.write_text(json.dumps(bench.rows, ensure_ascii=False, indent=1) + "\n")
    print(table(bench.rows))
    print(f"{options.json}")


if __name__ == "__main__":
    main()
