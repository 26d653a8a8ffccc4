# SPDX-License-Identifier: Apache-2.0
"""The audit log's own figures: how fast a backlog is taken up, how soon a commit is covered, what it costs the others."""

import re
import resource
import statistics
import subprocess
import time

from postgres import BIN, Failed

ROWS = ("integrate", "audit-verify", "audit-price", "covered-p50", "covered-p99")
PATIENCE_S = 600

# One entry at a time, each committed; milliseconds until a signed checkpoint covers it.
PROBE = """
CREATE PROCEDURE bench.probe(n int, INOUT waits float8[]) LANGUAGE plpgsql AS $$
DECLARE
    entry int8;
    began timestamptz;
BEGIN
    FOR i IN 1 .. n LOOP
        INSERT INTO audit.entry (operator_id, body) VALUES ('00000000-0000-0000-0000-000000000000', '\\x00') RETURNING id INTO entry;
        COMMIT;
        began := clock_timestamp();
        WHILE NOT EXISTS (SELECT FROM audit.leaf l JOIN audit.checkpoint c ON c.size > l.leaf_index WHERE l.entry_id = entry) LOOP
            COMMIT;
            PERFORM pg_sleep(0.002);
        END LOOP;
        waits := waits || extract(epoch FROM clock_timestamp() - began) * 1000;
        COMMIT;
        PERFORM pg_sleep(0.05);
    END LOOP;
END $$;
"""
BACKLOG = """
INSERT INTO audit.entry (operator_id, body)
SELECT '00000000-0000-0000-0000-000000000000', decode(repeat('3c', {bytes}), 'hex') || int8send(n) FROM generate_series(1, {entries}) n;
"""


class Notary:
    """`mingced notary` on a ground's database."""

    def __init__(self, ground):
        self.ground = ground
        ground.sql(f"GRANT CONNECT ON DATABASE {ground.database} TO mingced_notary")
        self.process = None
        self.log = ground.folder / "notary.log"  # since it was started last

    def start(self):
        self.ground.begin(self.ground.folder / "bench.checkpoint")
        env = self.ground.environment(
            MINGCED_LOG_KEY=str(self.ground.folder / "log.key"), MINGCED_LOG_STATE=str(self.ground.folder / "log.checkpoint"),
            MINGCED_NOTARY_DATABASE=self.ground.postgres.conninfo("mingced_notary", self.ground.database))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([self.ground.mingced, "-c", self.ground.configuration, "notary"], env=env, stdout=log, stderr=log)

    def stand_up(self):
        """It runs, whatever became of it before."""
        if self.process is None or self.process.poll() is not None:
            self.start()

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def must_run(self):
        if self.process.poll() is not None:
            raise Failed(f"the notary ended with {self.process.returncode}")
        alarm = re.search(r"msg=log-alarm.*", self.log.read_text())
        if alarm:
            raise Failed(f"the notary does not go on: {alarm.group(0)}")

    def wait_covered(self):
        """Until every entry there is now is below a checkpoint; seconds."""
        began = time.monotonic()
        entries = int(self.ground.sql("SELECT count(*) FROM audit.entry"))
        while int(self.ground.sql("SELECT coalesce(max(size), 0) FROM audit.checkpoint")) < entries:
            self.must_run()
            if time.monotonic() - began > PATIENCE_S:
                raise Failed(f"the notary has not come to the end of the log within {PATIENCE_S} s")
            time.sleep(0.02)
        return time.monotonic() - began


def integrate(bench, notary):
    ground = bench.main
    notary.start()
    notary.wait_covered()
    notary.stop()
    ground.sql(BACKLOG.format(bytes=bench.lengths["entry_bytes"], entries=bench.sizes.backlog))
    notary.start()
    seconds = notary.wait_covered()
    bench.say(f"integrate: {bench.sizes.backlog} entries in {seconds:.1f} s")
    bench.report.add("integrate", bench.sizes.backlog / seconds,
                     note=f"a backlog of {bench.sizes.backlog}: numbered, hashed, signed, published; with the notary's start")


def verify(bench, notary):
    ground = bench.main
    notary.wait_covered()
    entries = int(ground.sql("SELECT max(size) FROM audit.checkpoint"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    verified = ground.cli("auditor", "audit", "verify", "--key", ground.folder / "log.vkey", timeout=PATIENCE_S)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if verified.returncode != 0:
        raise Failed(f"mingce audit verify: exit {verified.returncode}\n{verified.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    bench.say(f"audit-verify: {entries} entries, {cpu:.1f} s of mingce's processor time")
    bench.report.add("audit-verify", entries / cpu,
                     note=f"{entries} entries fetched, hashed, all tiles compared, by a second of mingce's processor time")


def price(bench, notary, roster):
    def without():
        notary.stop()
        result = roster()
        notary.start()
        notary.wait_covered()
        return result
    with_it, alone = bench.slices(roster, without)
    bench.say("audit-price: " + " ".join(f"{w:.0f}/{a:.0f}" for w, a in zip(with_it, alone)))
    bench.report.add("audit-price", statistics.median(with_it), statistics.median(alone),
                     statistics.median(a / w for w, a in zip(with_it, alone)),
                     "roster with the notary at work; baseline and ratio: without it to with it")


def covered(bench, notary, roster):
    ground = bench.main
    ground.sql(PROBE)
    probes = subprocess.Popen([BIN / "psql", "-X", "-q", "-A", "-t", "-d", ground.postgres.conninfo("postgres", ground.database), "-c",
                               f"CALL bench.probe({bench.sizes.probes}, '{{}}')"], stdout=subprocess.PIPE, text=True, cwd="/")
    began = time.monotonic()
    try:
        while probes.poll() is None:
            notary.must_run()
            if time.monotonic() - began > PATIENCE_S:
                raise Failed(f"{bench.sizes.probes} commits were not covered within {PATIENCE_S} s")
            roster()
        waits = sorted(map(float, probes.stdout.read().strip().strip("{}").split(",")))
    finally:
        probes.kill()
        probes.wait()
    for name, part in ("p50", 0.5), ("p99", 0.99):
        bench.report.add(f"covered-{name}", waits[min(len(waits) - 1, int(len(waits) * part))],
                         note=f"from a commit to a signed checkpoint that covers it, under the roster load; {len(waits)} probes")
    bench.say(f"covered: {waits[len(waits) // 2]:.0f} ms, at most {waits[-1]:.0f} ms")


def measure(bench):
    notary = Notary(bench.main)
    roster = lambda: bench.rosters(bench.main, bench.sizes.loaders, rows=bench.sizes.set)["per_second"]
    steps = ((ROWS[:1], integrate, ()), (ROWS[1:2], verify, ()), (ROWS[2:3], price, (roster,)), (ROWS[3:], covered, (roster,)))
    try:
        for rows, step, more in steps:
            with bench.report.measuring(*rows):
                if step is not integrate:
                    notary.stand_up()
                step(bench, notary, *more)
    finally:
        notary.stop()
