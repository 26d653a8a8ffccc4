#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Throughput, latency, memory and growth of mingced beside PostgreSQL alone, alternating in one run on one PostgreSQL.
Prints a table and writes build/bench.json, which grows with every row. Exit status 1: something could not be measured, and
its row says why. A target that is missed is told, by how much, and is no error."""

import argparse
import json
import math
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import time
from types import SimpleNamespace

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests/stack")]
import batch
import catalogue
import claim
import fund
import notary
import project
import snapshot
import ticks
from baseline import Copy, Pgbench, who
from ground import CLASS_SEATS, Ground
from postgres import Failed, run
from prepared import prepared
from report import Report
from stack import background_pid
from stock import Stocks

PATIENCE_S = 300  # beyond a slice


class Sizes:
    seconds = 3
    connections, loaders = 64, 8  # of single requests, of sets
    set = 500  # rows; it divides a class
    warm = 4000  # records of a warm-up
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
    clients = (1, 2, 4, 8, 16, 32)  # of pgbench: the best one counts
    queued = 200000  # claims that wait; with --full: 5,000,000
    queued_full = 5000000
    page = 1000  # of 50, the later of two
    decided = 2000
    catalogue = 5000  # rows
    batch = 100000  # lines
    register = 100000  # rows
    heads, insured = 5000, 1000000  # of a project; rows of the register that they are looked up in


class TinySizes(Sizes):
    seconds = 0.05
    connections, loaders, set, warm = 4, 2, 20, 40
    known, small, large, growth, found, copied, idle, clients = 100, 200, 400, 5, 200, 4, 20, (1,)
    backlog, probes = 500, 2
    queued, page, decided, catalogue, batch, register, heads, insured = 400, 5, 20, 40, 50, 200, 20, 200


# name, method, has rows, depth, what pgbench does: kind
WORKLOADS = (
    ("one", "roster.import", "one", 1, "import"),
    ("one-4", "roster.import", "one", 4, "import"),
    ("roster", "roster.import", "set", 1, "import"),
    ("find", "person.find", None, 1, "find"),
    ("find-4", "person.find", None, 4, "find"),
    ("clear", "person.reveal", None, 1, "reveal"),
)
# What --only names, in the order in which it is done: the rows that it gives.
STEPS = {name: (name,) for name, *_ in WORKLOADS} | {
    "copy": ("roster-copy",),
    "claims": claim.ROWS,
    "approve": fund.ROWS,
    "catalogues": catalogue.ROWS,
    "batch": batch.ROWS,
    "snapshots": snapshot.ROWS,
    "project": project.ROWS,
    "log": notary.ROWS,
    "latency": ("latency-p50", "latency-p99", "latency-lone"),
    "idle": ("idle", "idle-cost"),
    "growth": ("growth",),
    "memory": ("memory-peak",),  # and one for each workload that was asked for
}


class Stopped(BaseException):
    """By a signal."""


class Bench:
    def __init__(self, options):
        self.options = options
        self.sizes = TinySizes if options.tiny else Sizes
        self.seconds = options.seconds or self.sizes.seconds
        self.folder = pathlib.Path(options.folder).absolute()
        self.load_tool = pathlib.Path(options.load)
        self.began = time.monotonic()
        self.report = Report(options.json, self.say)
        self.stocks = Stocks(self.sizes.warm)
        Ground.checkpoints = not options.tiny
        self.next_person = 0
        self.best = {}  # work of pgbench -> clients
        self.best_rate = 0  # requests a second of one trainee
        self.memory = {}  # workload -> [KiB]
        self.template = self.main = self.sample = None

    def settings(self):
        return dict(word.split("=", 1) for word in self.options.set)

    def remove_leftovers(self):
        """Of a run that was killed."""
        for state in self.folder.glob("*/state.json"):
            pid = background_pid(SimpleNamespace(state=state))
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
        if self.folder.exists():
            Ground(self.folder / "t", self.options.binaries, "template").postgres.remove()
            shutil.rmtree(self.folder)

    # ---- the daemon's side ----

    def words(self, ground, profile, connections, seconds, **more):
        """What the load tool is told."""
        certificate, key = ground.authority.issue(profile)
        return {"server": f"127.0.0.1:{ground.port}", "ca": ground.authority.certificate, "certificate": certificate, "key": key,
                "connections": connections, "milliseconds": int(seconds * 1000), "seed": self.options.seed} | more

    def drive(self, ground, method, words):
        """What the load tool counted, with the processor shares of everybody."""
        meter = ticks.Meter({"mingced": ground.daemon.pid, "PostgreSQL": ground.postgres.postmaster()})
        result = json.loads(run([self.load_tool, method, *(f"{k}={v}" for k, v in words.items())],
                                timeout=words["milliseconds"] / 1000 + PATIENCE_S))
        spent = {"load": result["cpu"]} | meter.spent()
        if result["errors"]:
            raise Failed(f"{method}: {result['errors']} of {result['requests']} requests were refused: {result['reason']}")
        if result["records"] == 0:
            raise Failed(f"{method}: nothing was done in {result['seconds']} s")
        result["per_second"] = result["records"] / result["seconds"]
        result["share"] = {who: seconds / result["seconds"] / os.cpu_count() for who, seconds in spent.items()}
        result["cost"] = {who: seconds * 1e6 / result["records"] for who, seconds in spent.items()}
        return result

    def enrol(self, ground, connections, requests, seconds, depth=1, rows=1, rate=0, checkpoint=True):
        """Rosters of persons nobody knows yet, `requests` of them prepared for each connection; what was acknowledged is stored."""
        classes = math.ceil(requests * rows / CLASS_SEATS)
        first_class = ground.open_classes(classes * connections)
        words = self.words(ground, "institution", connections, seconds, depth=depth, rows=rows, rate=rate, requests=requests,
                           first=self.next_person, classes=classes, **{"class": first_class})
        self.next_person += requests * rows * connections
        if checkpoint:
            ground.checkpoint()
        result = self.drive(ground, "roster.import", words)
        stored = ground.enrolled(first_class, classes * connections)
        if stored != result["records"] or stored != result["requests"] * rows:
            raise Failed(f"roster.import: {result['records']} records acknowledged, {stored} stored")
        return result

    def enrol_all(self, ground, connections, requests, rows=1, **more):
        """However long it takes."""
        result = self.enrol(ground, connections, requests, 600, rows=rows, **more)
        if result["requests"] != requests * connections:
            raise Failed(f"roster.import: {result['requests']} of {requests * connections} requests in 600 s")
        return result

    def rosters(self, ground, connections, depth=1, rows=1):
        """A slice of roster.import."""
        return self.stocks.slice(("roster.import", rows, connections, depth), self.seconds, connections,
                                 lambda n, seconds: self.enrol(ground, connections, n, seconds, depth, rows), depth, rows)

    def at_rate(self, connections, depth, rate):
        """A slice of single trainees, so many a second."""
        result = self.enrol(self.main, connections, math.ceil(rate * self.seconds * 2 / connections) + 64, self.seconds, depth, rate=rate)
        if result["ran_out"]:
            raise Failed(f"{rate} requests/s could not be spread over {connections} connections")
        return result

    def asks(self, profile, method, connections, depth=1, **more):
        """A slice of requests that change nothing."""
        def go(n, seconds):
            self.main.checkpoint()
            return self.drive(self.main, method, self.words(self.main, profile, connections, seconds, depth=depth, requests=n, **more))
        return self.stocks.slice((method, connections, depth, more.get("cursor")), self.seconds, connections, go, depth)

    # ---- what it stands on ----

    def prepare(self):
        """The persons that the daemon can open, then constants of their length for everything that is made by SQL."""
        self.remove_leftovers()
        self.template = ground = Ground(self.folder / "t", self.options.binaries, "template", prepared=prepared(self.options.binaries))
        ground.make_template()
        ground.daemon_start()
        self.import_known(ground, self.sizes.known)
        ground.daemon_stop()
        person, enrolment, body, commitment = ground.sql("""
            SELECT p.sealed, e.sealed, a.body, p.commitment FROM registry.person p JOIN registry.enrolment e USING (person_id)
              JOIN audit.entry a USING (person_id) LIMIT 1""").split("|")
        clerk, reviewer = ground.operator_id("clerk", "institution"), ground.operator_id("reviewer", "bureau")
        institution = ground.organisation_id("institution")
        self.sample = {"person": person, "enrolment": enrolment, "commitment": commitment, "operator": clerk, "reviewer": reviewer,
                       "who_import": who("roster.import", clerk, institution), "who_claim": who("claim.submit", clerk, institution),
                       "who_reveal": who("person.reveal", reviewer, ground.organisation_id("bureau"))}
        self.lengths = {"person_bytes": len(person) // 2 - 1, "enrolment_bytes": len(enrolment) // 2 - 1,
                      "entry_bytes": len(body) // 2 - 1}
        self.main = Ground(self.folder / "m", self.options.binaries, "mingce", self.template, self.settings())
        self.main.clone(self.template)
        self.main.fill(self.sizes.found, self.lengths)
        self.main.daemon_start()
        self.import_known(self.main, self.sizes.found - self.next_person)
        self.say(f"prepared: {2 * self.sizes.found} persons stored")

    def import_known(self, ground, persons):
        """The next ones, by rosters."""
        rosters = persons // self.sizes.set
        connections = min(10, rosters)
        self.enrol_all(ground, connections, rosters // connections, self.sizes.set)

    def stand_up(self):
        """What ended with the workload before works again."""
        if not self.main.postgres.alive():
            self.say("PostgreSQL is not running: it is started again")
            self.main.postgres.start()
        if self.main.daemon is None or self.main.daemon.poll() is not None:
            self.say("mingced is not running: it is started again")
            self.main.daemon_start()

    # ---- saying it ----

    def say(self, text):
        print(f"{time.monotonic() - self.began:6.1f} s  {text}", flush=True)

    def slices(self, ours, theirs):
        """Alternating; ([ours], [theirs]), each a result of its function."""
        pairs = []
        for turn in range(self.options.rounds):
            first, second = (theirs, ours) if turn % 2 else (ours, theirs)
            one, two = first(), second()
            pairs.append((two, one) if turn % 2 else (one, two))
        return [p[0] for p in pairs], [p[1] for p in pairs]

    def compare(self, name, ours, theirs, note):
        """A row of rates; each slice beside its neighbour, so that a slow minute of the machine spoils a pair and not the ratio."""
        mine, baseline = self.slices(ours, theirs)
        p50, p99 = (statistics.median(r[p] for r in mine) for p in ("p50_ms", "p99_ms"))
        note += (f"; the load tool took {medians(mine, 'share')['load']:.0%} of the processors; processor us each: {costs(mine)}; "
                 f"pgbench: {costs(baseline)}; p50 {p50:.1f} ms, p99 {p99:.1f} ms")
        self.say(f"{name}: " + " ".join(f"{m['per_second']:.0f}/{t['per_second']:.0f}" for m, t in zip(mine, baseline)) + f"; {note}")
        value = statistics.median(m["per_second"] for m in mine)
        self.report.add(name, value, statistics.median(t["per_second"] for t in baseline),
                        statistics.median(m["per_second"] / t["per_second"] for m, t in zip(mine, baseline)), note)
        return value

    def best_clients(self, work, counts, go):
        """pgbench at its best client count, sought once for each kind of work."""
        if work not in self.best:
            tried = {c: go(c)["per_second"] for c in counts}
            self.best[work] = max(tried, key=tried.get)
            self.say(f"pgbench {work}: " + ", ".join(f"{c}: {v:.0f}/s" for c, v in tried.items()))
        return self.best[work]

    # ---- workloads ----

    def workload(self, name, method, form, depth, kind):
        rows = {"one": 1, "set": self.sizes.set, None: 0}[form]
        connections = self.sizes.loaders if form == "set" else self.sizes.connections
        pgbench = Pgbench(self.main, self.sample, self.stocks, kind, rows, self.sizes.found)
        clients = self.best_clients(f"{kind} {rows or ''}".strip(), self.sizes.clients[:6 if rows <= 1 else 4],
                                    lambda c: pgbench.run(c, self.seconds))

        def ours():
            result = (self.rosters(self.main, connections, depth, rows) if rows else
                      self.asks("reviewer", method, connections, depth, first=0, persons=self.sizes.found))
            self.memory.setdefault(name, []).append(self.main.worker_memory()[0])
            return result
        value = self.compare(name, ours, lambda: pgbench.run(clients, self.seconds), f"pgbench -c {clients}")
        if rows == 1:
            self.best_rate = max(self.best_rate, value)

    def copy(self):
        """Of the rows of a roster slice, into the same tables elsewhere."""
        first_class = self.main.next_class
        rosters = self.sizes.copied
        ground = Ground(self.folder / "c", self.options.binaries, "copy", self.template)
        ground.clone(self.template)
        load = lambda: self.rosters(self.main, self.sizes.loaders, rows=self.sizes.set)
        left = rosters * self.sizes.set * 1.2
        while left > 0:
            left -= load()["records"]
        copy = Copy(self.main, ground, first_class, rosters, self.sizes.set)
        ours, theirs = self.slices(lambda: load()["per_second"], copy.run)
        ratio = statistics.median(o / t for o, t in zip(ours, theirs))
        self.say("roster-copy: " + " ".join(f"{o:.0f}/{t:.0f}" for o, t in zip(ours, theirs)))
        self.report.add("roster-copy", statistics.median(ours), statistics.median(theirs), ratio,
                        f"baseline: one COPY stream of the same rows into the same tables, {self.sizes.set} a transaction")

    def growth(self):
        """The same number of records into a small and into a large registry, a fresh small one in each round. Both are
        warm, and no checkpoint comes just before a slice: the first change of a page after one writes the whole page to
        the log, of which there are many more in a large registry; over the minutes between checkpoints it is little."""
        grown = self.options.grown or (self.sizes.full if self.options.full else self.sizes.large)
        large, *smalls = [Ground(self.folder / name, self.options.binaries, name, self.template, self.settings())
                          for name in ["large"] + [f"small{i}" for i in range(self.options.rounds)]]
        try:
            self.grow(grown, large, smalls)
        finally:
            for ground in (large, *smalls):
                self.daemon_end(ground)
                ground.postgres.sql(f"DROP DATABASE IF EXISTS {ground.database}")

    def grow(self, grown, large, smalls):
        for ground, persons in [(ground, self.sizes.small) for ground in smalls] + [(large, grown)]:
            began = time.monotonic()
            ground.clone(self.template)
            ground.fill(persons - self.sizes.known, self.lengths)
        self.say(f"growth: {persons} persons stored in {time.monotonic() - began:.0f} s")
        requests, connections = self.sizes.growth, self.sizes.connections

        def slice_of(ground, times=1):
            ground.daemon_start()
            try:
                return self.enrol_all(ground, connections, requests * times, checkpoint=False)
            finally:
                self.daemon_end(ground)
        slice_of(large, 4)
        for small in smalls:
            slice_of(small)
        fresh = iter(smalls)
        ours, theirs = self.slices(lambda: slice_of(large), lambda: slice_of(next(fresh)))
        cost = statistics.median(t["per_second"] / o["per_second"] for o, t in zip(ours, theirs))
        spent = [sum(medians(results, "cost").values()) for results in (ours, theirs)]
        note = (f"us a record with {grown} persons stored, baseline with {self.sizes.small}; {requests * connections} records a "
                f"slice; processor time: {costs(ours)} against {costs(theirs)}, {spent[0] / max(spent[1], 1e-9):.2f} times")
        self.say("growth: " + " ".join(f"{o['per_second']:.0f}/{t['per_second']:.0f}" for o, t in zip(ours, theirs)) +
                 "; " + note)
        self.report.add("growth", statistics.median(1e6 / o["per_second"] for o in ours),
                        statistics.median(1e6 / t["per_second"] for t in theirs), cost, note)
        self.say("growth: the large database has " + large.sql("SELECT pg_size_pretty(pg_database_size(current_database()))"))

    def daemon_end(self, ground):
        """And its socket."""
        try:
            ground.daemon_stop()
        finally:
            if ground.socket is not None:
                ground.socket.close()
                ground.socket = None

    def idle(self):
        """A second daemon on the same database holds the idle connections, so that the two can take turns."""
        crowded = Ground(self.folder / "i", self.options.binaries, "mingce", self.template,
                         self.settings() | {"operator_connections": 0, "organisation_connections": 0, "address_connections": 0})
        crowded.configure()
        crowded.daemon_start()
        crowded.next_class = self.main.next_class
        holder = None

        def slice_of(ground, depth=1):
            ground.next_class = max(self.main.next_class, crowded.next_class)
            try:
                return self.rosters(ground, self.sizes.connections, depth)["per_second"]
            finally:
                self.main.next_class = crowded.next_class = ground.next_class
        try:
            slice_of(crowded, 4)  # what a first load takes is not the idle ones'
            before = crowded.worker_memory()[0]
            holder = self.hold(crowded, self.sizes.idle)
            each = (crowded.worker_memory()[0] - before) / self.sizes.idle
            self.report.add("idle", each, note=f"{self.sizes.idle} connections, memory of mingced")
            with_idle, without = self.slices(lambda: slice_of(crowded), lambda: slice_of(self.main))
            holder.stdin.close()
            if holder.wait(60) != 0:
                raise Failed("idle: a connection was lost")
        finally:
            if holder is not None and holder.poll() is None:
                holder.kill()
                holder.wait()
            self.daemon_end(crowded)
        ratio = statistics.median(w / o for w, o in zip(with_idle, without))
        self.say(f"idle: {each:.1f} KiB each; with/without " +
                 " ".join(f"{w:.0f}/{o:.0f}" for w, o in zip(with_idle, without)))
        self.report.add("idle-cost", statistics.median(with_idle), statistics.median(without), ratio,
                        f"one with {self.sizes.idle} idle connections beside it, baseline without")

    def hold(self, ground, connections):
        """The process that holds so many."""
        certificate, key = ground.authority.issue("institution")
        holder = subprocess.Popen(
            [str(self.load_tool), "hold", f"server=127.0.0.1:{ground.port}", f"ca={ground.authority.certificate}",
             f"certificate={certificate}", f"key={key}", f"connections={connections}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if holder.stdout.readline() != "ready\n":
            holder.kill()
            holder.wait()
            raise Failed(f"idle: {connections} connections could not be opened")
        return holder

    def latency(self):
        rate = int((self.best_rate or self.rosters(self.main, self.sizes.connections, 4)["per_second"]) / 2)
        results = [self.at_rate(self.sizes.connections, 4, rate) for _ in range(self.options.rounds)]
        for percentile in ("p50", "p99"):
            self.report.add(f"latency-{percentile}", statistics.median(r[f"{percentile}_ms"] for r in results),
                            note=f"roster.import of one, {rate} requests/s over {self.sizes.connections} connections, from the moment due")
        self.say(f"latency at {rate}/s: " + " ".join(f"{r['p50_ms']:.2f}/{r['p99_ms']:.2f}" for r in results) + " ms p50/p99")
        pgbench = Pgbench(self.main, self.sample, self.stocks, "import", 1)
        lone, theirs = self.slices(lambda: self.at_rate(1, 1, 100)["p50_ms"], lambda: pgbench.run(1, self.seconds, 100)["latency"])
        value, baseline = statistics.median(lone), statistics.median(theirs)
        self.say("lone request: " + " ".join(f"{o:.3f}/{t:.3f}" for o, t in zip(lone, theirs)) + " ms")
        self.report.add("latency-lone", value, baseline, target=baseline + 1,
                        note="p50 of 100 requests/s on one connection; baseline: pgbench's mean; a timer would take 1 ms and more")

    def tell_memory(self):
        for name in (name for name, *_ in WORKLOADS if self.report.has(name)):
            kib = self.memory.get(name)
            if kib is None:
                self.report.unmeasured(f"memory-{name}", f"no slice of {name} came to its end")
            else:
                self.report.add(f"memory-{name}", max(kib) / 1024, note=f"the worker after each slice: "
                                f"{', '.join(f'{k / 1024:.1f}' for k in kib)}; last / first {kib[-1] / kib[0]:.2f}")
        self.report.add("memory-peak", self.main.worker_memory()[1] / 1024, note="the most that the worker ever had")

    def step(self, name):
        for workload in WORKLOADS:
            if workload[0] == name:
                return self.workload(*workload)
        return {"copy": self.copy, "claims": lambda: claim.measure(self), "approve": lambda: fund.measure(self),
                "catalogues": lambda: catalogue.measure(self), "batch": lambda: batch.measure(self),
                "snapshots": lambda: snapshot.measure(self), "project": lambda: project.measure(self),
                "log": lambda: notary.measure(self), "latency": self.latency,
                "idle": self.idle, "growth": self.growth, "memory": self.tell_memory}[name]()

    def run(self):
        """Every step that is wanted leaves its rows, whatever became of the others."""
        wanted = [name for name in STEPS if name in (self.options.only or STEPS)]
        rows = [row for name in wanted for row in STEPS[name]]
        try:
            with self.report.measuring(*rows):
                self.prepare()
                for name in wanted:
                    with self.report.measuring(*STEPS[name]):
                        self.stand_up()
                        self.step(name)
        except Stopped:
            self.report.rest(rows, "the run was stopped")

    def down(self):
        for ground in (self.main, self.template):
            if ground is not None:
                self.daemon_end(ground)
        if self.template is not None:
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


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=STEPS, help="just this; may be repeated")
    parser.add_argument("--rounds", type=int, default=3, help="slices of each side (3)")
    parser.add_argument("--seconds", type=int, help=f"length of a slice, in whole seconds ({Sizes.seconds})")
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
    if options.rounds < 1 or options.seconds is not None and options.seconds < 1:
        parser.error("--rounds, --seconds: at least 1")
    return options


def stop(*_):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # taking down is not interrupted
    raise Stopped


def main():
    options = parse()
    print(machine(options))
    bench = Bench(options)
    print(f"seed {options.seed}; {options.rounds} rounds of {bench.seconds} s; settings: {' '.join(options.set) or 'defaults'}; "
          "fsync on, synchronous_commit on", flush=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        bench.run()
        print(bench.report.table())
        print(options.json)
    finally:
        bench.down()
    sys.exit(bench.report.status)


if __name__ == "__main__":
    main()
